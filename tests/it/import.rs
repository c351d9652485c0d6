//! Operators from a file and back, from outside: what is refused, what is shown, all or nothing, round trip (OP-8).

use onduty::store::entities::{operator, run_file};
use onduty::store::{audit, operators};
use sea_orm::{EntityTrait, PaginatorTrait};

use crate::support::{Browser, Page, TestApp};

async fn import(browser: &Browser, file: &[u8]) -> Page {
    let page = browser.open("/operators/import").await.expect(200);
    page.attach("CSV file", "people.csv", "text/csv", file).submit("Check the file").await
}

async fn count(app: &TestApp) -> u64 {
    operator::Entity::find().count(app.ctx.store.read()).await.unwrap()
}

async fn by_email(app: &TestApp, email: &str) -> operators::Operator {
    operators::by_emails(app.ctx.store.read(), &[email.to_owned()]).await.unwrap().remove(email).expect("an operator")
}

#[actix_web::test]
async fn a_file_is_shown_row_by_row_and_then_carried_out_as_shown() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    app.new_operator("Ana Ruiz", "ana@example.org", "agent").await;
    let same = app.new_operator("Bo Lind", "bo@example.org", "agent").await;
    let file = "\u{FEFF}name;email;alias;languages;max_chat_load;job_position\r\n\
        Ana Ruiz-Gil;ANA@example.org;Ana;es,en;;Lead\r\nBo Lind;bo@example.org;;;;\r\nZoë Müller;zoe@example.org;'=Zo;fr;4;\r\n";
    let page = import(&owner, file.as_bytes()).await.expect(200);
    assert_eq!(page.h1(), "Check before you import");
    let text = page.main();
    assert!(text.contains("1 operator is added. Invitations are mailed at once.") && text.contains("1 operator is changed"), "{text}");
    assert!(text.contains("Zoë Müller") && text.contains("Import 2 operators"), "{text}");
    let changed = page.follow("Changed 1").await.expect(200);
    assert!(changed.main().contains("Ana Ruiz → Ana Ruiz-Gil") && changed.main().contains("en: Lead"), "{}", changed.main());
    assert_eq!(count(&app).await, 3, "only shown so far");
    let page = page.submit("Import 2 operators").await.expect(200);
    assert!(page.main().contains("2 operators were imported"), "{}", page.main());
    let (ana, zoe) = (by_email(&app, "ana@example.org").await, by_email(&app, "zoe@example.org").await);
    assert_eq!((ana.name.as_str(), ana.languages.as_slice()), ("Ana Ruiz-Gil", &["es".to_owned(), "en".to_owned()][..]));
    assert_eq!(ana.job_position("en"), Some("Lead"));
    assert_eq!((zoe.alias.as_deref(), zoe.max_chat_load, zoe.role_slug.as_str()), (Some("=Zo"), Some(4), "agent"));
    assert_eq!(by_email(&app, "bo@example.org").await.id, same);
    assert_eq!(by_email(&app, "bo@example.org").await.version, 1, "what does not change is not written");
    app.deliver().await;
    let link = app.mailbox.only("zoe@example.org").link();
    app.browser().open(&link).await.expect(200);
    assert!(page.links().contains(&format!("/operators/{}", zoe.id)), "the report leads to who was added");
    assert!(owner.open("/operators?q=ruiz-gil").await.main().contains("Ana Ruiz-Gil"), "found by the new name");
    assert_eq!(run_file::Entity::find().count(app.ctx.store.read()).await.unwrap(), 0, "the file is not kept longer than needed");
    for action in ["operator.created", "operator.changed"] {
        let filter = audit::Filter { action: Some(action.into()), ..audit::Filter::default() };
        assert_eq!(audit::count(app.ctx.store.read(), &filter).await.unwrap(), 1, "{action} (AU-1)");
    }
}

#[actix_web::test]
async fn a_file_that_is_none_is_refused_with_the_line_and_the_column() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let many = "name,email\n".to_owned() + &(0..100_000).map(|n| format!("Person {n},person{n}@example.org\n")).collect::<String>();
    for (file, fault) in [
        (b"name,email\nZo\xEB,zoe@example.org\n".to_vec(), "Line 2 is not UTF-8"),
        (Vec::new(), "this one is empty"),
        (b"name,email\n".to_vec(), "at least one operator"),
        (b"name;alias\nAna;A\n".to_vec(), "column \u{201c}email\u{201d} is missing"),
        (b"name,email,salary\nAna,a@b.co,1\n".to_vec(), "column 3, \u{201c}salary\u{201d}"),
        (b"name,email,email\nAna,a@b.co,a@b.co\n".to_vec(), "stands there twice"),
        (many.into_bytes(), "20000 rows at most"),
    ] {
        let page = import(&owner, &file).await.expect(422);
        assert!(page.fault_at("CSV file").contains(fault), "{fault}: {:?}", page.faults());
    }
    import(&owner, &vec![b'a'; 17 * 1024 * 1024]).await.expect(413);
    assert_eq!(count(&app).await, 1);
}

#[actix_web::test]
async fn one_bad_row_keeps_all_others_out_and_is_named_with_its_line() {
    let app = TestApp::spawn().await;
    let admin = app.operator("admin").await;
    app.new_operator("Boss", "boss@example.org", "owner").await;
    let file = "name,email,role,phone,priority,do_not_disturb,languages\n\
        Ana,ana@example.org,agent,,,,\n\
        ,second@example.org,agent,,,,\n\
        Cy,third,agent,,,,\n\
        Di,di@example.org,owner,x,0,maybe,xx\n\
        Ana again,Ana@Example.org,,,,,\n\
        Boss,boss@example.org,,,,,\n\
        Ed,ed@example.org,agent,,,,,,too,many\n";
    let page = import(&admin, file.as_bytes()).await.expect(200);
    let text = page.main();
    assert!(text.contains("6 rows cannot be imported"), "{text}");
    assert!(!text.contains("Import 1 operator"), "{text}");
    for reason in [
        "3 second@example.org",
        "Name: Enter something here",
        "E-mail: Enter an e-mail address",
        "Role: This role may do what you may not",
        "Telephone: Enter a telephone number",
        "Priority: Enter a number from 1 to 999",
        "Do Not Disturb: Write true or false",
        "already",
        "stands in line 2",
        "you cannot change them",
        "This line has 10 cells, the first line 7",
    ] {
        assert!(text.contains(reason), "{reason}: {text}");
    }
    admin.post(page.path(), &[]).await.expect(409);
    assert_eq!(count(&app).await, 2, "nothing at all");
    let report = admin.open(&format!("{}/report.csv", page.path())).await.expect(200);
    assert!(report.body.contains("\r\n6,Ana again,Ana@Example.org,Refused,"), "{}", report.body);
    app.tick(app.now()).await;
    assert!(app.mailbox.to("ana@example.org").is_empty());
}

#[actix_web::test]
async fn what_has_changed_since_it_was_shown_is_shown_anew_and_nothing_is_done() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let page = import(&owner, b"name,email,alias\nAna,ana@example.org,A\nBo,bo@example.org,B\n").await.expect(200);
    app.new_operator("Bo was quicker", "bo@example.org", "agent").await;
    let page = page.submit("Import 2 operators").await.expect(200);
    let text = page.main();
    assert!(text.contains("Nothing was imported: operators have changed"), "{text}");
    assert!(text.contains("1 operator is added") && text.contains("1 operator is changed"), "{text}");
    assert_eq!(count(&app).await, 2);
    page.submit("Import 2 operators").await.expect(200);
    assert_eq!((count(&app).await, by_email(&app, "bo@example.org").await.name.as_str()), (3, "Bo"));
}

#[actix_web::test]
async fn invitations_wait_where_they_are_not_wished() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let page = owner.open("/operators/import").await.uncheck("Send invitations now");
    let page =
        page.attach("CSV file", "a.csv", "text/csv", b"name,email\nAna,ana@example.org\n").submit("Check the file").await.expect(200);
    assert!(page.main().contains("No invitations are mailed"), "{}", page.main());
    page.submit("Import 1 operator").await.expect(200);
    app.deliver().await;
    assert!(app.mailbox.to("ana@example.org").is_empty());
    let ana = by_email(&app, "ana@example.org").await;
    assert_eq!(ana.state(app.now()).as_str(), "invited", "the link is copied or sent later");
    owner.post(&format!("/operators/{}/invitation/link", ana.id), &[]).await.expect(200);
}

#[actix_web::test]
async fn roles_are_given_and_taken_by_the_rules_of_the_form() {
    let app = TestApp::spawn().await;
    let (owner, ana) = (app.owner().await, app.new_operator("Ana", "ana@example.org", "supervisor").await);
    let session = app.signed_in(ana).await;
    let me = operator::Entity::find_by_id(owner.me()).one(app.ctx.store.read()).await.unwrap().unwrap();
    let file = format!("name,email,role\n{},{},agent\n", me.name, me.email);
    let page = import(&owner, file.as_bytes()).await.expect(200);
    assert!(page.main().contains("You cannot change your own role with a file"), "{}", page.main());
    let page = import(&owner, b"name,email,role\nAna,ana@example.org,agent\n").await.expect(200);
    page.submit("Import 1 operator").await.expect(200);
    assert_eq!(by_email(&app, "ana@example.org").await.role_slug, "agent");
    assert_eq!(session.open("/").await.path(), "/login", "signed out, since the rights have changed (A6)");
}

#[actix_web::test]
async fn departments_are_joined_and_left_within_their_limit() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let api = app.api_key(&["departments:write"]).await;
    for (slug, limit) in [("support", 1), ("sales", 25)] {
        let body = serde_json::json!({"slug": slug, "name": slug, "channels": ["chat"], "max_operators": limit});
        api.post("/departments", &body).await.expect(201);
    }
    let file = "name,email,departments\nAna,ana@example.org,support;sales\nBo,bo@example.org,support\nCy,cy@example.org,nowhere\n";
    let page = import(&owner, file.as_bytes()).await.expect(200);
    assert!(page.main().contains("Departments: support is full") && page.main().contains("Departments: Choose one"), "{}", page.main());
    let page = import(&owner, b"name,email,departments\nAna,ana@example.org,support;sales\n").await.submit("Import 1 operator").await;
    page.expect(200);
    // One takes the place that the other leaves.
    let page = import(&owner, b"name,email,departments\nAna,ana@example.org,sales\nBo,bo@example.org,support\n").await.expect(200);
    page.submit("Import 2 operators").await.expect(200);
    let export = owner.open("/operators/export.csv").await.expect(200).body;
    let line = |name: &str| export.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
    assert!(line("Ana").contains(",sales,") && line("Bo").contains(",support,"), "{export}");
}

#[actix_web::test]
async fn what_is_exported_imports_without_changes() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ana = app.new_operator("=Ana, \"the\" first", "ana@example.org", "agent").await;
    let fields = [
        ("alias", "'=A;b"),
        ("phone", "+33 1 99 00 12 34"),
        ("languages", "fr"),
        ("languages", "es"),
        ("max_chat_load", "0"),
        ("job_position.es", "-Jefa"),
        ("time_zone", "Europe/Paris"),
    ];
    owner.post(&format!("/operators/{ana}"), &fields).await.expect(200);
    app.new_operator("Bo", "bo@example.org", "supervisor").await;
    let file = owner.open("/operators/export.csv?sort=-name").await.expect(200);
    assert!(file.header("content-disposition").contains("operators-2026-03-11.csv"), "{:?}", file.headers);
    assert!(file.body.contains("\"'=Ana, \"\"the\"\" first\"") && file.body.contains("'+33 1 99 00 12 34"), "{}", file.body);
    let page = import(&owner, file.body.as_bytes()).await.expect(200);
    assert!(page.main().contains("There is nothing to import") && !page.has("ul.od-details li"), "{}", page.main());
    owner.post(page.path(), &[]).await.expect(409);
    let filtered = owner.open("/operators/export.csv?role=supervisor").await.expect(200).body;
    assert_eq!(filtered.lines().count(), 2, "{filtered}");
    let nobody = app.operator("supervisor").await.open("/operators/export.csv?role=nothing").await.expect(200).body;
    assert_eq!(nobody.lines().count(), 1, "{nobody}");
    let example = owner.open("/operators/import/example.csv").await.expect(200);
    let page = import(&owner, example.body.as_bytes()).await.expect(200);
    assert!(page.main().contains("Import 2 operators"), "{}", page.main());
}

#[actix_web::test]
async fn a_long_file_is_checked_and_imported_by_the_job_in_few_statements() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let row = |n: usize| format!("Person {n},person{n}@example.org,en;fr,Lead\n");
    let file = "name,email,languages,job_position\n".to_owned() + &(0..1_200).map(row).collect::<String>();
    let page = import(&owner, file.as_bytes()).await.expect(200);
    assert!(page.h1().contains("being checked") && page.header("refresh") == "1", "{}", page.body);
    app.tick(app.now()).await;
    let page = page.again().await.expect(200);
    let page = page.submit("Import 1200 operators").await.expect(200);
    assert!(page.h1().contains("being imported") && page.has("progress"), "{}", page.body);
    let before = app.ctx.store.statements();
    app.inside(async |ctx| {
        let id = onduty::actions::runs::due(&ctx).await.unwrap().unwrap();
        onduty::actions::runs::carry_out(&ctx, &id, || false).await.unwrap();
    })
    .await;
    let cost = app.ctx.store.statements() - before;
    assert!(cost < 100, "{cost} statements for 1,200 operators");
    assert_eq!(count(&app).await, 1_201);
    assert!(page.again().await.expect(200).main().contains("1200 operators were imported"));
}
