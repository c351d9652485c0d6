//! Statuses from outside: the two flags, order, deletion with its reasons, the settings that name them, the same through the API.

use chrono::TimeDelta;
use onduty::store::StoreError;
use onduty::store::status_log;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::support::{Browser, TestApp};

/// Adds a status by its form and returns its id.
async fn add(app: &TestApp, owner: &Browser, name: &str) -> i64 {
    let page = owner.open("/statuses/new").await.fill("Name", name).fill("Colour", "#1098AD").submit("Add status").await.expect(200);
    assert!(page.flash().contains(name), "{}", page.flash());
    id(app, name).await
}

async fn id(app: &TestApp, name: &str) -> i64 {
    let catalogue = app.ctx.present_catalogue().await.unwrap();
    catalogue.statuses.iter().find(|status| status.facts.name == name).unwrap().id
}

async fn order(app: &TestApp) -> Vec<String> {
    app.ctx.present_catalogue().await.unwrap().statuses.iter().map(|status| status.facts.name.clone()).collect()
}

/// Puts a status on an operator as an earlier version would have left it.
async fn put_on(app: &TestApp, operator: i64, status: i64) {
    let done = app.ctx.store.write(async |tx| {
        let text = format!("UPDATE operators SET status_id = {status} WHERE id = {operator}");
        tx.execute_raw(Statement::from_string(tx.get_database_backend(), text)).await.map_err(StoreError::from)
    });
    done.await.unwrap();
}

#[actix_web::test]
async fn five_statuses_are_shipped_and_the_settings_name_the_defaults() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    assert_eq!(order(&app).await, ["Online", "Busy", "On break", "Invisible", "Offline"]);
    let page = owner.open("/settings-page/statuses").await.expect(200);
    assert_eq!(page.path(), "/statuses");
    assert!(page.main().contains("Default online") && page.main().contains("Automatic offline"), "{}", page.main());
    let settings = app.api_key(&["settings:read"]).await.get("/settings").await.expect(200);
    assert_eq!(settings["default_online_status_id"], id(&app, "Online").await);
    assert_eq!(settings["default_offline_status_id"], id(&app, "Offline").await);
    assert_eq!(settings["auto_offline_status_id"], id(&app, "Offline").await);
    assert_eq!(settings["presence_window_minutes"], 10);
}

#[actix_web::test]
async fn receiving_and_counting_after_the_last_dialog_exclude_each_other_everywhere() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let fields = [("name", "Lunch"), ("color", "#1098ad"), ("can_receive", "true"), ("count_after_close", "true")];
    let page = owner.post("/statuses", &fields).await.expect(422);
    assert!(page.faults().concat().contains("cannot count time"), "{:?}", page.faults());
    let online = id(&app, "Online").await;
    let page = owner.open(&format!("/statuses/{online}")).await.check("Count time after all dialogs are closed");
    page.submit("Save changes").await.expect(422);

    let api = app.api_key(&["statuses:write"]).await;
    let both = json!({"name": "Lunch", "color": "#1098ad", "can_receive": true, "count_after_close": true});
    let refused = api.post("/statuses", &both).await.expect(422);
    assert_eq!(
        (refused["errors"][0]["field"].as_str(), refused["errors"][0]["code"].as_str()),
        (Some("count_after_close"), Some("status_flags"))
    );
    api.patch(&format!("/statuses/{online}"), &json!({"count_after_close": true})).await.expect(422);

    let refused = app.ctx.store.write(async |tx| {
        let text = "UPDATE statuses SET can_receive = TRUE, count_after_close = TRUE WHERE name_key = 'busy'";
        tx.execute_raw(Statement::from_string(tx.get_database_backend(), text)).await.map(|_| ()).map_err(StoreError::from)
    });
    assert!(matches!(refused.await, Err(StoreError::Database(_))), "the database refuses both, too");
    assert_eq!(order(&app).await.len(), 5);
}

#[actix_web::test]
async fn a_status_is_added_translated_moved_and_changed() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let lunch = add(&app, &owner, "Lunch").await;
    let page = owner.open(&format!("/statuses/{lunch}")).await;
    assert_eq!(page.value("Colour"), "#1098ad");
    let page = page.fill("French", "Déjeuner").fill("Ends by itself after", "45").pick("What follows then", "Online");
    page.submit("Save changes").await.expect(200);
    owner.open("/statuses").await.submit("Move Lunch up").await.expect(200);
    assert_eq!(order(&app).await, ["Online", "Busy", "On break", "Invisible", "Lunch", "Offline"]);
    let found = app.api_key(&["statuses:read"]).await.get(&format!("/statuses/{lunch}")).await.expect(200);
    let expected = json!({"id": lunch, "name": "Lunch", "name_texts": {"fr": "Déjeuner"}, "color": "#1098ad", "can_receive": false,
        "count_after_close": false, "invisible": false, "position": 5, "max_minutes": 45, "return_status_id": id(&app, "Online").await});
    assert_eq!(found, expected);
    for (fields, fault) in [
        ([("name", "ONLINE"), ("color", "#1098ad")], "name already"),
        ([("name", "Tea"), ("color", "red")], "six digits"),
        ([("name", " "), ("color", "#1098ad")], "Enter something"),
    ] {
        let page = owner.post("/statuses", &fields).await.expect(422);
        assert!(page.faults().concat().contains(fault), "{fields:?}: {:?}", page.faults());
    }
    let page = owner.post(&format!("/statuses/{lunch}"), &[("return_status_id", &lunch.to_string()), ("version", "3")]).await.expect(422);
    assert!(page.faults().concat().contains("cannot follow itself"), "{:?}", page.faults());
    let page = owner.post(&format!("/statuses/{lunch}"), &[("name", "Siesta"), ("version", "1")]).await.expect(409);
    assert!(page.main().contains("Lunch") && page.main().contains("Siesta"), "{}", page.main());
}

#[actix_web::test]
async fn what_the_settings_name_is_not_deleted_and_keeps_what_it_stands_for() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let api = app.api_key(&["statuses:write", "settings:write"]).await;
    let (online, offline, busy) = (id(&app, "Online").await, id(&app, "Offline").await, id(&app, "Busy").await);
    for (status, reasons) in [
        (online, vec!["the default online status", "No other status receives"]),
        (offline, vec!["the default offline status", "lose their panel"]),
    ] {
        let there = format!("/statuses/{status}/deletion");
        let page = owner.open(&there).await.expect(200);
        for reason in reasons {
            assert!(page.main().contains(reason), "{}", page.main());
        }
        assert!(page.select("main .od-note a").concat().contains("Change it in the settings"));
        owner.post(&there, &[("replacement_id", &busy.to_string())]).await.expect(409);
        api.delete(&format!("/statuses/{status}")).await.expect(409);
    }
    let page = owner.open(&format!("/statuses/{online}")).await.uncheck("Can receive").submit("Save changes").await.expect(422);
    assert!(page.faults().concat().contains("must receive"), "{:?}", page.faults());
    api.patch(&format!("/statuses/{offline}"), &json!({"can_receive": true})).await.expect(422);
    let refused = api.patch("/settings", &json!({"default_online_status_id": busy})).await.expect(422);
    assert_eq!(refused["errors"][0]["code"], "status_must_receive");
    api.patch("/settings", &json!({"auto_offline_status_id": 999})).await.expect(422);
    for minutes in [0, 1441] {
        api.patch("/settings", &json!({"presence_window_minutes": minutes})).await.expect(422);
    }
    let page = owner.open("/settings").await.pick("Default offline status", "Busy").pick("Status after a lost panel", "Invisible");
    page.fill("Wait for a lost panel", "15").submit("Save changes").await.expect(200);
    let settings = api.get("/settings").await.expect(200);
    assert_eq!((&settings["default_offline_status_id"], &settings["presence_window_minutes"]), (&json!(busy), &json!(15)));
    api.delete(&format!("/statuses/{}", id(&app, "Invisible").await)).await.expect(409);
}

#[actix_web::test]
async fn deleting_a_worn_status_asks_for_the_replacement_and_logs_it() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let lunch = add(&app, &owner, "Lunch").await;
    let ana = app.new_operator("Ana Ruiz", "ana@example.org", "agent").await;
    put_on(&app, ana, lunch).await;
    let there = format!("/statuses/{lunch}/deletion");
    let page = owner.open(&there).await.expect(200);
    assert!(page.main().contains("1 operator wears it"), "{}", page.main());
    let page = page.submit("Delete status").await.expect(422);
    assert!(page.fault_at("Replacement").contains("Enter something"), "{}", page.fault_at("Replacement"));
    let api = app.api_key(&["statuses:write"]).await;
    api.delete(&format!("/statuses/{lunch}")).await.expect(422);
    api.delete(&format!("/statuses/{lunch}?replacement_id={lunch}")).await.expect(422);
    let page = page.pick("Replacement", "Busy").submit("Delete status").await.expect(200);
    assert!(page.flash().contains("Lunch"), "{}", page.flash());
    let (busy, offline) = (id(&app, "Busy").await, id(&app, "Offline").await);
    let log = status_log::of_operator(app.ctx.store.read(), ana, 10).await.unwrap();
    let told: Vec<_> = log.iter().map(|change| (change.from_id, change.to_id, change.cause.as_str(), change.actor_name.as_str())).collect();
    let name = onduty::store::operators::find(app.ctx.store.read(), owner.me()).await.unwrap().unwrap().name;
    assert_eq!(told.first(), Some(&(Some(lunch), busy, "replacement", name.as_str())));
    assert_eq!(told.last(), Some(&(None, offline, "start", "")));
    let list = owner.open(&format!("/operators?status={busy}")).await.expect(200);
    assert!(list.main().contains("Ana Ruiz") && !list.main().contains(&name), "{}", list.main());
}

#[actix_web::test]
async fn only_who_may_sees_or_changes_statuses() {
    let app = TestApp::spawn().await;
    app.owner().await;
    let agent = app.operator("agent").await;
    for there in ["/statuses", "/statuses/new", "/statuses/1", "/statuses/1/deletion"] {
        agent.open(there).await.expect(403);
    }
    agent.open("/profile").await;
    agent.post("/statuses", &[("name", "Lunch"), ("color", "#1098ad")]).await.expect(403);
    let api = app.api_key(&["statuses:read"]).await;
    let listed: Value = api.get("/statuses").await.expect(200);
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(5));
    api.post("/statuses", &json!({"name": "Lunch"})).await.expect(403);
    app.api_key(&["operators:read"]).await.get("/statuses").await.expect(403);
}

/// What was logged of an operator, the first change first: from, to, cause and who.
async fn log(app: &TestApp, operator: i64) -> Vec<(String, String, String, String)> {
    let catalogue = app.ctx.present_catalogue().await.unwrap();
    let name = |id: Option<i64>| id.and_then(|id| catalogue.status(id)).map(|status| status.facts.name.clone()).unwrap_or_default();
    let mut rows = status_log::of_operator(app.ctx.store.read(), operator, 100).await.unwrap();
    rows.reverse();
    rows.into_iter().map(|row| (name(row.from_id), name(Some(row.to_id)), row.cause, row.actor_name)).collect()
}

fn change(from: &str, to: &str, cause: &str, by: &str) -> (String, String, String, String) {
    (from.to_owned(), to.to_owned(), cause.to_owned(), by.to_owned())
}

#[actix_web::test]
async fn an_operator_switches_in_the_panel_and_from_the_top_of_any_page() {
    let app = TestApp::spawn().await;
    let ana = app.new_operator("Ana Ruiz", "ana@example.org", "agent").await;
    let agent = app.signed_in(ana).await;
    let page = agent.open("/panel").await.expect(200);
    assert!(page.main().contains("You do not receive"), "{}", page.main());
    let page = page.within("main").submit("Online").await.expect(200);
    assert!(page.main().contains("You receive") && page.flash().contains("Online"), "{}", page.main());
    let page = agent.open("/profile?x=1").await.within("header").submit("Busy").await.expect(200);
    assert_eq!(page.address(), "/profile?x=1");
    agent.post("/panel/status", &[("status_id", &id(&app, "Busy").await.to_string()), ("back", "//evil.example")]).await.expect(200);
    for bad in ["", "x", "999"] {
        agent.post("/panel/status", &[("status_id", bad)]).await.expect(422);
    }
    let expected =
        [change("", "Offline", "start", ""), change("Offline", "Online", "self", "Ana Ruiz"), change("Online", "Busy", "self", "Ana Ruiz")];
    assert_eq!(log(&app, ana).await, expected, "a switch to what is worn is none");
}

#[actix_web::test]
async fn do_not_disturb_and_the_channels_of_departments_are_switched_in_the_panel() {
    let app = TestApp::spawn().await;
    let ana = app.new_operator("Ana Ruiz", "ana@example.org", "agent").await;
    let api = app.api_key(&["departments:write", "operators:read"]).await;
    api.post("/departments", &json!({"slug": "help", "name": "Help"})).await.expect(201);
    let all = json!({"channels": {"chat": {"allowed": true, "active": true}, "call": {"allowed": false, "active": false}}});
    api.put(&format!("/departments/help/members/{ana}"), &all).await;
    let agent = app.signed_in(ana).await;
    let page = agent.open("/panel").await.expect(200).submit("Stop calls").await.expect(200);
    assert!(page.main().contains("Calls do not ring"), "{}", page.main());
    assert_eq!(api.get(&format!("/operators/{ana}")).await.expect(200)["do_not_disturb"], true);
    let page = page.submit("Chats of Help").await.expect(200);
    assert!(page.flash().contains("no longer take"), "{}", page.flash());
    assert!(!page.has("button[value='call:on']"), "what may not be worked is not offered");
    let page = page.submit("Chats of Help").await.expect(200);
    assert!(page.flash().contains("again"), "{}", page.flash());
    agent.post("/panel/channels", &[("department_id", "999"), ("switch", "chat:on")]).await.expect(422);
    agent.post("/panel/channels", &[("department_id", "1"), ("switch", "fax:on")]).await.expect(404);
}

#[actix_web::test]
async fn a_supervisor_switches_somebody_for_a_time_after_which_the_former_status_returns() {
    let app = TestApp::spawn().await;
    let ana = app.new_operator("Ana Ruiz", "ana@example.org", "agent").await;
    let api = app.api_key(&["operators:write"]).await;
    let (online, busy) = (id(&app, "Online").await, id(&app, "Busy").await);
    let there = format!("/operators/{ana}/status");
    let worn = api.put(&there, &json!({"status_id": online})).await.expect(200);
    assert_eq!((&worn["name"], &worn["cause"], &worn["until"]), (&json!("Online"), &json!("api"), &Value::Null));
    api.put(&there, &json!({"status_id": online, "until": null})).await.expect(200);

    let supervisor = app.operator("supervisor").await;
    let page =
        supervisor.open(&format!("/operators/{ana}")).await.pick("For", "30 minutes").within("main").submit("Busy").await.expect(200);
    assert!(page.flash().contains("Ana Ruiz is now Busy"), "{}", page.flash());
    let begun = app.now();
    let status = api.get(&format!("/operators/{ana}")).await.expect(200)["status"].clone();
    assert_eq!((&status["id"], &status["can_receive"], &status["cause"]), (&json!(busy), &json!(false), &json!("supervisor")));

    app.tick(begun + TimeDelta::minutes(29)).await;
    assert_eq!(log(&app, ana).await.len(), 3);
    app.pass(TimeDelta::minutes(2));
    let status = api.get(&format!("/operators/{ana}")).await.expect(200)["status"].clone();
    assert_eq!((&status["name"], &status["cause"]), (&json!("Online"), &json!("return")), "what is told waits for no job");
    app.tick(begun + TimeDelta::hours(3)).await;
    let supervisor_name = onduty::store::operators::find(app.ctx.store.read(), supervisor.me()).await.unwrap().unwrap().name;
    let expected = [
        change("", "Offline", "start", ""),
        change("Offline", "Online", "api", "Test"),
        change("Online", "Busy", "supervisor", &supervisor_name),
        change("Busy", "Online", "return", ""),
    ];
    assert_eq!(log(&app, ana).await, expected);
    let last = status_log::of_operator(app.ctx.store.read(), ana, 1).await.unwrap().remove(0);
    assert_eq!(last.at.0, begun + TimeDelta::minutes(30), "at its own instant, however late the job");
    app.tick(begun + TimeDelta::hours(4)).await;
    assert_eq!(log(&app, ana).await.len(), 4, "a second run writes nothing more");
}

#[actix_web::test]
async fn a_status_with_a_longest_time_ends_by_itself() {
    let app = TestApp::spawn().await;
    let ana = app.new_operator("Ana Ruiz", "ana@example.org", "agent").await;
    let api = app.api_key(&["operators:write", "statuses:write"]).await;
    let online = id(&app, "Online").await;
    let lunch = json!({"name": "Lunch", "color": "#1098AD", "max_minutes": 45, "return_status_id": online, "position": 2});
    let lunch = api.post("/statuses", &lunch).await.expect(201)["id"].clone();
    assert_eq!(order(&app).await[1], "Lunch");
    api.put(&format!("/operators/{ana}/status"), &json!({"status_id": lunch})).await.expect(200);
    app.tick(app.now() + TimeDelta::minutes(46)).await;
    assert_eq!(log(&app, ana).await.last(), Some(&change("Lunch", "Online", "max_duration", "")));
}

#[actix_web::test]
async fn a_switch_needs_the_right_a_known_status_and_an_instant_to_come() {
    let app = TestApp::spawn().await;
    let ana = app.new_operator("Ana Ruiz", "ana@example.org", "agent").await;
    let api = app.api_key(&["operators:write"]).await;
    let there = format!("/operators/{ana}/status");
    let busy = id(&app, "Busy").await;
    let (past, far) = (app.now() - TimeDelta::minutes(1), app.now() + TimeDelta::days(400));
    for (body, field) in [
        (json!({"status_id": 999}), "status_id"),
        (json!({"status_id": "2"}), "status_id"),
        (json!({}), "status_id"),
        (json!({"status_id": busy, "until": "soon"}), "until"),
        (json!({"status_id": busy, "until": past.to_rfc3339()}), "until"),
        (json!({"status_id": busy, "until": far.to_rfc3339()}), "until"),
        (json!({"status_id": busy, "for": 5}), "for"),
    ] {
        assert_eq!(api.put(&there, &body).await.expect(422)["errors"][0]["field"], field, "{body}");
    }
    api.put("/operators/99999/status", &json!({"status_id": busy})).await.expect(404);
    app.api_key(&["operators:read", "statuses:write"]).await.put(&there, &json!({"status_id": busy})).await.expect(403);
    let agent = app.operator("agent").await;
    agent.open("/panel").await;
    agent.post(&there, &[("status_id", &busy.to_string())]).await.expect(403);
    assert_eq!(log(&app, ana).await.len(), 1);
    let found = api.get(&format!("/operators?status={}", id(&app, "Offline").await)).await.expect(200);
    assert_eq!(found["items"].as_array().map(Vec::len), Some(2));
    api.get("/operators?status=999").await.expect(422);
}
