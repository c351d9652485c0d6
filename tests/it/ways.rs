//! Where queries go and where they stay: rounds in which nobody takes them, departments that are deleted or leave a channel, transfers,
//! who sees what rings for them, and what a second conversation is asked (QU-2, QU-4, QU-6, QU-7, RO-3, AB-3, N18, DE-1).

use chrono::{SecondsFormat, TimeDelta};
use onduty::store::StoreError;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::support::duty::{on_duty, put_on};
use crate::support::{Api, Browser, TestApp};

const SCOPES: &[&str] = &["operators:write", "departments:write", "statuses:read", "queries:write", "absences:write", "settings:write"];

/// Departments of these names; operators are added by the tests.
async fn departments(app: &TestApp, names: &[&str]) -> Api {
    let api = app.api_key(SCOPES).await;
    for name in names {
        api.post("/departments", &json!({"name": name})).await.expect(201);
    }
    api
}

/// An agent with a browser who is online.
async fn online(app: &TestApp) -> Browser {
    let agent = app.operator("agent").await;
    agent.open("/panel").await.within("main").submit("Online").await.expect(200);
    agent
}

async fn join(api: &Api, department: &str, operator: i64) {
    api.put(&format!("/departments/{department}/members/{operator}"), &json!({})).await.expect(200);
}

async fn post(api: &Api, body: Value) -> String {
    format!("/queries/{}", api.post("/queries", &body).await.expect(201)["id"])
}

async fn read(api: &Api, path: &str) -> Value {
    api.get(path).await.expect(200)
}

/// Somebody is away from an hour ago for two days.
async fn away(app: &TestApp, api: &Api, operator: i64, deputy: Option<i64>) {
    let instant = |hours| (app.now() + TimeDelta::hours(hours)).to_rfc3339_opts(SecondsFormat::Secs, true);
    let body = json!({"operator_id": operator, "starts_at": instant(-1), "ends_at": instant(48), "deputy_id": deputy});
    api.post("/absences", &body).await.expect(201);
}

async fn sql(app: &TestApp, text: &str) {
    let done = app.ctx.store.write(async |tx| {
        tx.execute_raw(Statement::from_string(tx.get_database_backend(), text)).await?;
        Ok::<_, StoreError>(())
    });
    done.await.unwrap();
}

async fn number(app: &TestApp, text: &str) -> i64 {
    let db = app.ctx.store.read();
    db.query_one_raw(Statement::from_string(db.get_database_backend(), text)).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

#[actix_web::test]
async fn however_often_it_was_offered_it_can_be_accepted() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Support"]).await;
    let ana = on_duty(&app, &api, "Ana", "support").await;
    put_on(&api, ana, "On break").await;
    let path = post(&api, json!({"channel": "call", "department": "support"})).await;
    let at = app.now().timestamp_millis();
    let id = path.trim_start_matches("/queries/");
    let row = format!("({id}, {ana}, {at}, {at}, {at}, 'timed_out')");
    let rows = vec![row.as_str(); 1500].join(", ");
    sql(&app, &format!("INSERT INTO query_offers (query_id, operator_id, offered_at, expires_at, ended_at, outcome) VALUES {rows}")).await;
    put_on(&api, ana, "Online").await;
    app.tick(app.now() + TimeDelta::seconds(61)).await;
    assert_eq!(read(&api, &path).await["offered_to"], json!([ana]));
    let taken = api.post(&format!("{path}/acceptance"), &json!({"operator_id": ana})).await.expect(200);
    assert_eq!((&taken["state"], &taken["operator_id"]), (&json!("assigned"), &json!(ana)));
}

#[actix_web::test]
async fn a_long_ring_stays_short_to_read() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Support"]).await;
    on_duty(&app, &api, "Ana", "support").await;
    on_duty(&app, &api, "Ben", "support").await;
    let path = post(&api, json!({"channel": "call", "department": "support"})).await;
    for _ in 0..60 {
        app.tick(app.now() + TimeDelta::seconds(21)).await;
    }
    let id = path.trim_start_matches("/queries/");
    assert_eq!(number(&app, &format!("SELECT COUNT(*) FROM query_offers WHERE query_id = {id}")).await, 2, "one for each, made anew");
    let lead = app.operator("supervisor").await;
    let life = async || lead.open(&path).await.expect(200).select(".od-timeline li");
    let told = life().await;
    let count = |told: &[String], words: &str| told.iter().filter(|step| step.contains(words)).count();
    assert_eq!((count(&told, "Received"), count(&told, "Offered to"), count(&told, "let it pass")), (1, 2, 2), "{told:?}");
    assert_eq!(count(&told, "Nobody took it yet"), 1, "{told:?}");
    on_duty(&app, &api, "Cleo", "support").await;
    app.tick(app.now() + TimeDelta::seconds(61)).await;
    app.tick(app.now() + TimeDelta::seconds(1)).await;
    let told = life().await;
    assert_eq!((count(&told, "Offered to Cleo"), count(&told, "Offered to Ana")), (1, 1), "whoever is new is told: {told:?}");
}

#[actix_web::test]
async fn what_all_declined_is_offered_to_them_again_after_a_pause() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Support"]).await;
    let (ana, ben) = (on_duty(&app, &api, "Ana", "support").await, on_duty(&app, &api, "Ben", "support").await);
    let path = post(&api, json!({"channel": "call", "department": "support"})).await;
    for operator in [ana, ben] {
        api.post(&format!("{path}/decline"), &json!({"operator_id": operator})).await.expect(200);
    }
    let waits = read(&api, &path).await;
    assert_eq!((&waits["state"], &waits["offered_to"]), (&json!("waiting"), &json!([])));
    for look in waits["trace"].as_array().unwrap() {
        assert!(look["receives"] == true && look["rank"].is_null() && look["asked_again_at"].is_string(), "{look}");
    }
    let page = app.operator("supervisor").await.open(&path).await.expect(200);
    assert!(page.main().contains("Nobody took it yet") && page.main().contains("declined it · offered again"), "{}", page.main());
    assert!(!page.main().contains("could take it"), "{}", page.main());
    app.tick(app.now() + TimeDelta::seconds(170)).await;
    assert_eq!(read(&api, &path).await["offered_to"], json!([]), "they have a pause");
    let cleo = on_duty(&app, &api, "Cleo", "support").await;
    app.tick(app.now() + TimeDelta::seconds(2)).await;
    assert_eq!(read(&api, &path).await["offered_to"], json!([cleo]), "others have it as soon as they can");
    app.tick(app.now() + TimeDelta::seconds(10)).await;
    let again = read(&api, &path).await;
    assert_eq!((&again["state"], &again["offered_to"]), (&json!("offered"), &json!([cleo, ana, ben])));
}

#[actix_web::test]
async fn a_deleted_department_leaves_no_open_query_behind() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Old", "New"]).await;
    let ana = on_duty(&app, &api, "Ana", "new").await;
    put_on(&api, ana, "On break").await;
    let (waits, done) = (
        post(&api, json!({"channel": "ticket", "department": "old"})).await,
        post(&api, json!({"channel": "ticket", "department": "old"})).await,
    );
    api.post(&format!("{done}/closure"), &json!({})).await.expect(200);
    let refused = api.delete("/departments/old").await;
    assert_eq!(refused.errors(), [("replacement_id".to_owned(), "open_queries".to_owned())]);
    let owner = app.owner().await;
    let old = read(&api, "/departments/old").await["id"].clone();
    let page = owner.open(&format!("/departments/{old}/deletion")).await.expect(200);
    assert!(page.main().contains("One open query goes to the department you choose below."), "{}", page.main());
    let refused = page.submit("Delete department").await.expect(422);
    assert!(refused.faults().concat().contains("It has open queries"), "{:?}", refused.faults());
    refused.pick("Move members, stand-ins and sites to", "New").submit("Delete department").await.expect(200);
    assert_eq!(read(&api, &waits).await["department"], "new");
    assert!(owner.open(&waits).await.main().contains("Old → New"));
    put_on(&api, ana, "Online").await;
    app.tick(app.now() + TimeDelta::seconds(2)).await;
    assert_eq!(read(&api, &waits).await["operator_id"], json!(ana));
    // Without open queries nothing need take its place.
    api.post("/departments", &json!({"name": "Empty"})).await.expect(201);
    api.delete("/departments/empty").await.expect(204);
}

#[actix_web::test]
async fn whoever_it_rings_for_may_look_at_it() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Sales", "Support"]).await;
    api.patch("/departments/support", &json!({"fallback": "sales"})).await.expect(200);
    let (ben, nobody) = (online(&app).await, online(&app).await);
    join(&api, "sales", ben.me()).await;
    let path = post(&api, json!({"channel": "call", "department": "support", "subject": "Broken zip"})).await;
    let page = ben.open(&path).await.expect(200);
    assert!(page.main().contains("Broken zip"));
    assert!(ben.open("/queries").await.main().contains("Broken zip"));
    nobody.open(&path).await.expect(404);
    assert!(nobody.open("/queries").await.main().contains("No queries yet"), "an agent without a department sees none");
    page.submit("Decline").await.expect(200);
    ben.open(&path).await.expect(404);
    assert!(!ben.open("/queries").await.main().contains("Broken zip"), "it is not offered any more");
}

#[actix_web::test]
async fn a_transfer_reaches_whom_it_names_or_is_refused() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Support", "Sales", "Mail"]).await;
    api.patch("/departments/mail", &json!({"channels": ["ticket"]})).await.expect(200);
    let ana = on_duty(&app, &api, "Ana", "support").await;
    let (ben, dora) = (on_duty(&app, &api, "Ben", "sales").await, on_duty(&app, &api, "Dora", "mail").await);
    let path = post(&api, json!({"channel": "chat", "department": "support"})).await;
    let to = async |body: Value| api.post(&format!("{path}/transfer"), &body).await;
    for (body, field, code) in [
        (json!({"operator_id": 999}), "operator_id", "unknown_choice"),
        (json!({"operator_id": dora}), "operator_id", "channel_nowhere"),
        (json!({"department": "mail"}), "department", "channel_unused"),
        (json!({"department": "nowhere"}), "department", "unknown_choice"),
    ] {
        assert_eq!(to(body.clone()).await.errors(), [(field.to_owned(), code.to_owned())], "{body}");
    }
    assert_eq!(read(&api, &path).await["operator_id"], json!(ana), "nothing was done");
    let sent = to(json!({"operator_id": ben})).await.expect(200);
    assert_eq!((&sent["operator_id"], &sent["department"]), (&json!(ben), &json!("sales")), "by a department of theirs");
    join(&api, "sales", ana).await;
    let sent = to(json!({"operator_id": ana})).await.expect(200);
    assert_eq!((&sent["operator_id"], &sent["department"]), (&json!(ana), &json!("sales")), "it stays where they work it");
}

#[actix_web::test]
async fn what_is_given_to_the_own_department_comes_back_last() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Support"]).await;
    let (ana, ben) = (on_duty(&app, &api, "Ana", "support").await, on_duty(&app, &api, "Ben", "support").await);
    let path = post(&api, json!({"channel": "ticket", "department": "support"})).await;
    assert_eq!(read(&api, &path).await["operator_id"], json!(ana));
    let give = async || api.post(&format!("{path}/transfer"), &json!({"department": "support"})).await.expect(200);
    assert_eq!(give().await["operator_id"], json!(ben));
    put_on(&api, ana, "On break").await;
    app.pass(TimeDelta::seconds(1));
    assert_eq!(give().await["state"], "waiting", "nobody else can");
    app.tick(app.now() + TimeDelta::seconds(181)).await;
    assert_eq!(read(&api, &path).await["operator_id"], json!(ben), "after a pause it does");
}

#[actix_web::test]
async fn a_query_by_name_is_in_the_department_where_somebody_stands_in() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Alpha", "Beta"]).await;
    let (ana, ben) = (on_duty(&app, &api, "Ana", "alpha").await, on_duty(&app, &api, "Ben", "beta").await);
    join(&api, "beta", ana).await;
    let ask = async || api.post("/queries", &json!({"channel": "ticket", "operator_id": ana})).await.expect(201);
    assert_eq!(ask().await["department"], "alpha", "the first where they can take it themselves");
    away(&app, &api, ana, Some(ben)).await;
    let query = ask().await;
    assert_eq!((&query["department"], &query["operator_id"]), (&json!("beta"), &json!(ben)));
}

#[actix_web::test]
async fn only_what_another_absent_one_passed_on_has_had_its_reply() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Support"]).await;
    let (ana, ben) = (on_duty(&app, &api, "Ana", "support").await, on_duty(&app, &api, "Ben", "support").await);
    away(&app, &api, ben, None).await;
    let asked = |email: &str| json!({"channel": "ticket", "operator_id": ana, "requester": {"email": email}});
    let ledger = async |path: &str| {
        let id = path.trim_start_matches("/queries/").parse::<i64>().unwrap();
        let rows = read(&api, "/auto-replies").await["items"].as_array().unwrap().clone();
        let of_query = rows.into_iter().filter(|row| row["query_id"] == id);
        of_query.map(|row| (row["operator_id"].clone(), row["sent"].clone(), row["withheld"].clone())).collect::<Vec<_>>()
    };
    let present = post(&api, asked("kim@customer.example")).await;
    api.post(&format!("{present}/transfer"), &json!({"operator_id": ben})).await.expect(200);
    assert_eq!(ledger(&present).await, [(json!(ben), json!(true), Value::Null)], "a colleague who is there passed it on");
    let held = post(&api, asked("lou@customer.example")).await;
    away(&app, &api, ana, None).await;
    api.post(&format!("{held}/transfer"), &json!({"operator_id": ben})).await.expect(200);
    assert_eq!(ledger(&held).await, [(json!(ben), json!(false), json!("transferred"))]);
    app.deliver().await;
}

#[actix_web::test]
async fn those_that_nobody_can_take_keep_no_other_one_waiting() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Nobody", "Support"]).await;
    let ana = on_duty(&app, &api, "Ana", "support").await;
    put_on(&api, ana, "On break").await;
    post(&api, json!({"channel": "ticket", "department": "nobody"})).await;
    let columns = "source, channel, department_id, subject, body, automatic, is_mail, state, mode, received_at, created_at, active_at, \
        waiting_since, classify, transferred_from, trace, version";
    for _ in 0..13 {
        sql(&app, &format!("INSERT INTO queries ({columns}) SELECT {columns} FROM queries WHERE id <= 5100 ORDER BY id LIMIT 5100")).await;
    }
    assert!(number(&app, "SELECT COUNT(*) FROM queries").await > 5000);
    let path = post(&api, json!({"channel": "ticket", "department": "support"})).await;
    for _ in 0..3 {
        app.tick(app.now() + TimeDelta::seconds(2)).await;
    }
    put_on(&api, ana, "Online").await;
    for _ in 0..4 {
        app.tick(app.now() + TimeDelta::seconds(2)).await;
    }
    assert_eq!(read(&api, &path).await["operator_id"], json!(ana));
}

#[actix_web::test]
async fn a_waiting_query_says_why_it_waits_now() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Support"]).await;
    let ana = on_duty(&app, &api, "Ana", "support").await;
    put_on(&api, ana, "On break").await;
    let path = post(&api, json!({"channel": "chat", "department": "support"})).await;
    let reason = async || read(&api, &path).await["trace"][0]["reason"].clone();
    assert_eq!(reason().await, "status");
    api.patch(&format!("/operators/{ana}"), &json!({"max_chat_load": 0})).await.expect(200);
    put_on(&api, ana, "Online").await;
    app.tick(app.now() + TimeDelta::minutes(1)).await;
    assert_eq!((read(&api, &path).await["state"].clone(), reason().await), (json!("waiting"), json!("capacity")));
    let page = app.operator("supervisor").await.open(&path).await.expect(200);
    assert!(page.select("details.od-look summary").concat().contains("could not:"), "{}", page.main());
    // What went somewhere keeps why it went there.
    api.patch(&format!("/operators/{ana}"), &json!({"max_chat_load": 1})).await.expect(200);
    app.tick(app.now() + TimeDelta::seconds(2)).await;
    put_on(&api, ana, "On break").await;
    assert_eq!((read(&api, &path).await["state"].clone(), reason().await), (json!("assigned"), Value::Null));
}

#[actix_web::test]
async fn each_conversation_is_asked_about_and_any_closed_query_can_be_classified() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Support"]).await;
    let ana = online(&app).await;
    join(&api, "support", ana.me()).await;
    let path = post(&api, json!({"channel": "ticket", "department": "support", "subject": "Too small"})).await;
    let close = async || api.post(&format!("{path}/closure"), &json!({})).await.expect(200);
    close().await;
    assert!(!ana.open(&path).await.expect(200).has("#classification"), "there is nothing to choose");
    api.post("/categories", &json!({"name": "Returns"})).await.expect(201);
    let by_hand = ana.open(&path).await.expect(200).within("#classification").pick("Category", "Returns").submit("Classify").await;
    assert!(by_hand.expect(200).flash().contains("is classified"));
    api.patch(&format!("/operators/{}", ana.me()), &json!({"classify_after": true})).await.expect(200);
    let lead = app.operator("supervisor").await;
    lead.open(&path).await.submit("Open again").await.expect(200);
    assert_eq!(read(&api, &path).await["classification"], Value::Null);
    close().await;
    assert!(ana.open("/panel").await.main().contains("To classify"), "the second conversation is another one");
    assert_eq!(ana.open(&path).await.within("#classification").value("Category"), "1", "what was told before is chosen");
}

#[actix_web::test]
async fn whoever_could_not_be_asked_any_more_cannot_accept() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Nothing", "Absence", "Status", "Suspension"]).await;
    for (n, (what, status)) in [("nothing", 200), ("absence", 409), ("status", 409), ("suspension", 409)].into_iter().enumerate() {
        let (ana, ben) = (on_duty(&app, &api, &format!("Ana{n}"), what).await, on_duty(&app, &api, &format!("Ben{n}"), what).await);
        let path = post(&api, json!({"channel": "call", "department": what})).await;
        match what {
            "absence" => away(&app, &api, ana, None).await,
            "status" => put_on(&api, ana, "On break").await,
            "suspension" => {
                api.post(&format!("/operators/{ana}/suspension"), &json!({})).await;
            }
            _ => {}
        }
        let answer = api.post(&format!("{path}/acceptance"), &json!({"operator_id": ana})).await;
        assert_eq!(answer.status, status, "{what}: {}", answer.json);
        if status == 409 {
            assert_eq!(answer.json["type"], "urn:onduty:problem:not_offered", "{what}");
            api.post(&format!("{path}/acceptance"), &json!({"operator_id": ben})).await.expect(200);
        }
    }
}

#[actix_web::test]
async fn a_channel_that_is_switched_off_sends_its_queries_on_or_says_so() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Support", "Sales"]).await;
    let ana = on_duty(&app, &api, "Ana", "support").await;
    put_on(&api, ana, "On break").await;
    let path = post(&api, json!({"channel": "call", "department": "support"})).await;
    api.patch("/departments/support", &json!({"channels": ["ticket", "chat"]})).await.expect(200);
    put_on(&api, ana, "Online").await;
    app.tick(app.now() + TimeDelta::seconds(2)).await;
    let owner = app.owner().await;
    let page = owner.open(&path).await.expect(200);
    assert!(page.main().contains("Support does not work this channel any more: Calls"), "{}", page.main());
    assert!(owner.open("/").await.main().contains("One query waits"), "{}", owner.open("/").await.main());
    api.patch("/departments/support", &json!({"fallback": "sales"})).await.expect(200);
    let ben = on_duty(&app, &api, "Ben", "sales").await;
    app.tick(app.now() + TimeDelta::seconds(2)).await;
    assert_eq!(read(&api, &path).await["offered_to"], json!([ben]));
}
