//! Bulk deeds from outside: chosen in the list, asked about, each row by the rules of the single deed, reported (OP-8).

use onduty::domain::run::MOST_ATTEMPTS;
use onduty::store::audit;
use onduty::store::entities::{operator, role, role_permission, run, run_row, session};
use onduty::store::{StoreError, operators, runs};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::support::{Browser, Page, TestApp};

/// Some operators, `Person 0`, `Person 1` ...
async fn people(app: &TestApp, count: usize) -> Vec<i64> {
    let mut ids = Vec::new();
    for n in 0..count {
        ids.push(app.new_operator(&format!("Person {n}"), &format!("person{n}@example.org"), "agent").await);
    }
    ids
}

/// Chooses operators in the list and presses a button of the bar.
async fn choose(browser: &Browser, deed: &str, ids: &[i64]) -> Page {
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    let fields = [("deed", deed)].into_iter().chain(ids.iter().map(|id| ("operator", id.as_str())));
    browser.post("/operators/bulk", &fields.collect::<Vec<_>>()).await.expect(200)
}

async fn stored(app: &TestApp, id: i64) -> operator::Model {
    operator::Entity::find_by_id(id).one(app.ctx.store.read()).await.unwrap().unwrap()
}

async fn entries(app: &TestApp, action: &str) -> u64 {
    let filter = audit::Filter { action: Some(action.to_owned()), ..audit::Filter::default() };
    audit::count(app.ctx.store.read(), &filter).await.unwrap()
}

#[actix_web::test]
async fn a_priority_is_given_to_those_who_are_ticked_in_the_list() {
    let app = TestApp::spawn().await;
    let (owner, ids) = (app.owner().await, people(&app, 4).await);
    let page = owner.open("/operators?q=person").await.expect(200);
    let page = page.check("Choose Person 1").check("Choose Person 2").submit("Set priority…").await.expect(200);
    assert_eq!(page.h1(), "Set the priority of 2 operators");
    let page = page.fill("Priority", "1000").submit("Set it for 2 operators").await.expect(422);
    assert!(page.fault_at("Priority").contains("1 to 999"), "{}", page.main());
    assert_eq!(page.value("Priority"), "1000", "what was typed is kept");
    let page = page.fill("Priority", "7").submit("Set it for 2 operators").await.expect(200);
    assert!(page.main().contains("Done for 2 operators"), "{}", page.main());
    let mut given = Vec::new();
    for id in &ids {
        given.push(stored(&app, *id).await.priority);
    }
    assert_eq!(given, [50, 7, 7, 50]);
    assert_eq!(entries(&app, "operator.changed").await, 2);
    assert_eq!(stored(&app, ids[1]).await.version, 2, "forms opened before are stale");
}

#[actix_web::test]
async fn nobody_chosen_is_said_on_the_list_as_it_was_asked_for() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let page = owner.open("/operators?role=owner&sort=-name").await.submit("Reactivate").await.expect(200);
    assert_eq!(page.address(), "/operators?role=owner&sort=-name");
    assert!(page.flash().contains("at least one operator"), "{}", page.flash());
}

#[actix_web::test]
async fn a_suspension_asks_first_names_whom_it_leaves_out_and_ends_sessions() {
    let app = TestApp::spawn().await;
    let (admin, owner, ids) = (app.operator("admin").await, app.owner().await, people(&app, 3).await);
    app.signed_in(ids[0]).await;
    let page = choose(&admin, "suspend", &[ids[0], ids[1], admin.me(), owner.me()]).await;
    assert_eq!(page.h1(), "Suspend 2 operators?");
    let text = page.main();
    assert!(
        text.contains("2 operators are left out") && text.contains("your own account") && text.contains("may do what you may not"),
        "{text}"
    );
    assert!(stored(&app, ids[0]).await.suspended_at.is_none(), "only asked so far");
    let page = page.submit("Suspend 2 operators").await.expect(200);
    assert!(page.main().contains("Done for 2 operators"), "{}", page.main());
    assert!(stored(&app, ids[0]).await.suspended_at.is_some() && stored(&app, ids[2]).await.suspended_at.is_none());
    let sessions = session::Entity::find().filter(session::Column::OperatorId.eq(ids[0]));
    assert_eq!(sessions.count(app.ctx.store.read()).await.unwrap(), 0, "signed out at once (A6)");
    assert_eq!(entries(&app, "operator.suspended").await, 2);
    let report = admin.open(&format!("{}/report.csv", page.path())).await.expect(200);
    assert!(report.body.starts_with("\u{FEFF}line,name,email,outcome,details\r\n"), "{}", report.body);
    assert!(report.body.contains("Left out,This is your own account") && report.body.lines().count() == 5, "{}", report.body);
    let page = choose(&admin, "suspend", &ids[..1]).await;
    assert_eq!(page.h1(), "Nobody can be suspended");
    let page = choose(&admin, "reactivate", &ids[..2]).await;
    assert!(page.main().contains("Done for 2 operators"), "harmless, so at once: {}", page.main());
    assert!(stored(&app, ids[0]).await.suspended_at.is_none());
}

#[actix_web::test]
async fn the_last_active_owner_stays_in_although_everybody_is_chosen() {
    let app = TestApp::spawn().await;
    let owners = [app.owner().await.me(), app.owner().await.me()];
    let boss = all_powerful(&app).await;
    let page = choose(&boss, "suspend", &owners).await;
    assert_eq!(page.h1(), "Suspend 1 operator?");
    assert!(page.main().contains("last active owner"), "{}", page.main());
    page.submit("Suspend 1 operator").await.expect(200);
    let active = app.ctx.store.write(async |tx| operators::active_owners(tx).await).await.unwrap();
    assert_eq!(active.len(), 1, "Z4");
}

#[actix_web::test]
async fn a_deed_reaches_everybody_in_the_list_and_nobody_else() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ids = people(&app, 60).await;
    let other = app.new_operator("Somebody else", "else@example.org", "agent").await;
    let page = owner.open("/operators?q=person&page=2").await.expect(200);
    let page = page.check("All 60 operators of this list").submit("Reactivate").await.expect(200);
    assert_eq!(page.h1(), "Nobody is to be reactivated", "beyond the page it asks, and all are active");
    let page = owner.open("/operators?q=person").await.check("All 60 operators of this list").submit("Suspend…").await.expect(200);
    assert_eq!(page.h1(), "Suspend 60 operators?");
    // Chosen is chosen: who is added now was not meant.
    let late = app.new_operator("Person late", "late@example.org", "agent").await;
    page.submit("Suspend 60 operators").await.expect(200);
    let suspended = operator::Entity::find().filter(operator::Column::SuspendedAt.is_not_null());
    assert_eq!(suspended.count(app.ctx.store.read()).await.unwrap(), 60);
    assert!(stored(&app, other).await.suspended_at.is_none() && stored(&app, late).await.suspended_at.is_none());
    assert!(stored(&app, ids[59]).await.suspended_at.is_some());
}

#[actix_web::test]
async fn long_work_is_carried_out_by_the_job_in_few_statements() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    many(&app, 700).await;
    let page = owner.open("/operators?q=many").await.check("All 700 operators of this list").submit("Set priority…").await.expect(200);
    let page = page.fill("Priority", "3").submit("Set it for 700 operators").await.expect(200);
    assert!(page.has("progress") && page.header("refresh") == "1", "{}", page.body);
    let before = app.ctx.store.statements();
    app.tick(app.now()).await;
    let cost = app.ctx.store.statements() - before;
    assert!(cost < 120, "{cost} statements for 700 rows");
    let page = page.again().await.expect(200);
    assert!(page.main().contains("Done for 700 operators") && page.header("refresh").is_empty(), "{}", page.main());
    assert_eq!(entries(&app, "operator.changed").await, 700);
}

#[actix_web::test]
async fn invitations_go_out_again_but_not_twice_in_a_minute() {
    let app = TestApp::spawn().await;
    let (owner, ids) = (app.owner().await, people(&app, 1).await);
    for n in 0..3 {
        owner
            .post("/operators", &[("name", &format!("New {n}")), ("email", &format!("new{n}@example.org")), ("role", "agent")])
            .await
            .expect(200);
    }
    app.deliver().await;
    let first = app.mailbox.only("new0@example.org").link();
    let new = operator::Entity::find().filter(operator::Column::ActivatedAt.is_null()).all(app.ctx.store.read()).await.unwrap();
    let new: Vec<i64> = new.into_iter().map(|one| one.id).collect();
    let page = choose(&owner, "invite", &[new[0], new[1], ids[0]]).await;
    let text = page.main();
    assert!(text.contains("Nothing was changed") && text.contains("less than a minute ago") && text.contains("accepted"), "{text}");
    app.pass(chrono::TimeDelta::minutes(2));
    let page = choose(&owner, "invite", &[new[0], new[1], ids[0]]).await;
    assert!(page.main().contains("Done for 2 operators"), "{}", page.main());
    app.deliver().await;
    assert_eq!(app.mailbox.to("new0@example.org").len(), 2);
    assert_eq!(app.browser().open(&first).await.status(), 409, "the link sent before is void");
    assert_eq!(entries(&app, "operator.invited").await, 2);
}

#[actix_web::test]
async fn a_department_takes_as_many_as_it_has_room_for() {
    let app = TestApp::spawn().await;
    let (owner, ids) = (app.owner().await, people(&app, 30).await);
    let api = app.api_key(&["departments:write"]).await;
    api.post("/departments", &serde_json::json!({"slug": "support", "name": "Support", "channels": ["chat"]})).await.expect(201);
    let page = choose(&owner, "department", &ids).await;
    assert_eq!(page.h1(), "Add 30 operators to a department");
    let page = page.pick("Department", "Support").submit("Add 30 operators").await.expect(200);
    let text = page.main();
    assert!(text.contains("Done for 25 operators") && text.contains("Support is full: 25 operators at most"), "{text}");
    assert_eq!(entries(&app, "operator.departments_changed").await, 25);
    let page = choose(&owner, "department", &ids[..2]).await.pick("Department", "Support").submit("Add 2 operators").await.expect(200);
    assert!(page.main().contains("Nothing was changed") && page.main().contains("Nothing to do"), "{}", page.main());
}

#[actix_web::test]
async fn a_schedule_is_given_to_many_and_taken_away_again() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ids = people(&app, 2).await;
    let api = app.api_key(&["schedules:write"]).await;
    let made =
        api.post("/schedules", &serde_json::json!({"name": "Mornings", "time_zone": "Europe/Madrid", "weekly": {}})).await.expect(201);
    let asked = choose(&owner, "schedule", &ids).await;
    assert!(asked.main().contains("Set the schedule of 2 operators"), "{}", asked.main());
    let page = asked.pick("Schedule", "Mornings").submit("Set the schedule of 2 operators").await.expect(200);
    assert!(page.main().contains("2"), "{}", page.main());
    for id in &ids {
        assert_eq!(stored(&app, *id).await.schedule_id, made["id"].as_i64());
    }
    assert_eq!(entries(&app, "operator.changed").await, 2);
    let page = choose(&owner, "schedule", &ids).await.pick("Schedule", "No schedule: always within hours");
    page.submit("Set the schedule of 2 operators").await.expect(200);
    assert_eq!(stored(&app, ids[0]).await.schedule_id, None);
    let asked = choose(&owner, "schedule", &ids).await;
    let there = asked.path().to_owned();
    let refused = owner.post(&there, &[("schedule_id", "999")]).await.expect(422);
    assert_eq!(refused.faults().len(), 1, "{:?}", refused.faults());
}

#[actix_web::test]
async fn a_run_belongs_to_whoever_asked_for_it_and_needs_the_right_until_its_end() {
    let app = TestApp::spawn().await;
    let (admin, owner, ids) = (app.operator("admin").await, app.owner().await, people(&app, 2).await);
    let page = choose(&admin, "suspend", &ids).await;
    owner.open(page.path()).await.expect(404);
    owner.post(page.path(), &[]).await.expect(404);
    app.operator("supervisor").await.open(page.path()).await.expect(403);
    many(&app, 300).await;
    let page = admin.open("/operators?q=many").await.check("All 300 operators of this list").submit("Suspend…").await.expect(200);
    let page = page.submit("Suspend 300 operators").await.expect(200);
    owner.post(&format!("/operators/{}", admin.me()), &[("role", "agent"), ("version", "1")]).await.expect(200);
    app.tick(app.now()).await;
    let id = page.path().rsplit('/').next().unwrap();
    let run = runs::find(app.ctx.store.read(), id).await.unwrap().unwrap();
    assert_eq!((run.state.as_str(), run.note.as_deref()), ("failed", Some("right")));
    let suspended = operator::Entity::find().filter(operator::Column::SuspendedAt.is_not_null());
    assert_eq!(suspended.count(app.ctx.store.read()).await.unwrap(), 0);
}

#[actix_web::test]
async fn a_run_that_was_begun_too_often_is_given_up_and_old_ones_are_swept() {
    let app = TestApp::spawn().await;
    app.allow_error("begun too often");
    let owner = app.owner().await;
    many(&app, 300).await;
    let page = owner.open("/operators?q=many").await.check("All 300 operators of this list").submit("Suspend…").await.expect(200);
    let page = page.submit("Suspend 300 operators").await.expect(200);
    let worn = async |tx: &onduty::store::Tx| {
        let change = run::Entity::update_many().col_expr(run::Column::Attempts, Expr::value(MOST_ATTEMPTS));
        change.exec(tx).await.map_err(StoreError::from)
    };
    app.ctx.store.write(worn).await.unwrap();
    app.tick(app.now()).await;
    assert!(page.again().await.main().contains("interrupted several times"));
    app.tick(app.now() + chrono::TimeDelta::hours(26)).await;
    assert_eq!(run_row::Entity::find().count(app.ctx.store.read()).await.unwrap(), 0);
}

/// Somebody who may do everything, but is no owner.
async fn all_powerful(app: &TestApp) -> Browser {
    let made = app.ctx.store.write(async |tx| {
        let row = role::ActiveModel {
            slug: Set("chief".into()),
            name: Set("Chief".into()),
            name_key: Set("chief".into()),
            built_in: Set(false),
            version: Set(1),
            ..Default::default()
        };
        let id = role::Entity::insert(row).exec(tx).await?.last_insert_id;
        let all = onduty::domain::permission::PermissionSet::all();
        let rows =
            all.iter().map(|permission| role_permission::ActiveModel { role_id: Set(id), permission: Set(permission.as_str().to_owned()) });
        role_permission::Entity::insert_many(rows).exec_without_returning(tx).await?;
        onduty::store::versions::touch(tx, onduty::store::versions::Counter::Catalogue).await
    });
    made.await.unwrap();
    app.operator("chief").await
}

/// Many active operators in few statements: `Many 0`, `Many 1` ...
pub async fn many(app: &TestApp, count: usize) {
    let role_id = app.ctx.present_catalogue().await.unwrap().role_by_slug("agent").unwrap().id;
    let new = (0..count).map(|n| operators::Operator {
        name: format!("Many {n}"),
        email: format!("many{n}@example.org"),
        role_id,
        theme: "system".into(),
        priority: 50,
        presence_required: true,
        created_at: app.now(),
        ..operators::Operator::default()
    });
    let new: Vec<operators::Operator> = new.collect();
    let made = app.ctx.store.write(async |tx| {
        operators::insert_many(tx, &new).await?;
        onduty::store::versions::touch(tx, onduty::store::versions::Counter::Operators).await
    });
    made.await.unwrap();
}
