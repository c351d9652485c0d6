//! Queries over the wire: they come, ring, are accepted by exactly one, sent on, closed and classified (QU-1 to QU-6, AB-2, AB-3).

use chrono::TimeDelta;
use futures_util::future::join_all;
use onduty::domain::query::State;
use onduty::store::queries;
use serde_json::{Value, json};

use crate::support::api::Answer;
use crate::support::duty::{on_duty, put_on};
use crate::support::{Api, TestApp};

const SCOPES: &[&str] = &[
    "availability:read",
    "operators:write",
    "departments:write",
    "statuses:write",
    "reports:read",
    "queries:write",
    "settings:write",
    "sites:write",
    "languages:write",
];

async fn support(app: &TestApp) -> Api {
    let api = app.api_key(SCOPES).await;
    api.post("/departments", &json!({"name": "Support"})).await.expect(201);
    api
}

/// Posts a query; how it stands then.
async fn taken(api: &Api, body: &Value) -> String {
    api.insist("/queries", body).await.expect(201)["state"].as_str().unwrap().to_owned()
}

fn id(query: &Value) -> i64 {
    query["id"].as_i64().unwrap()
}

async fn open_chats(api: &Api, operator: i64) -> i64 {
    let answer = api.get(&format!("/availability?operator={operator}&channel=chat")).await.expect(200);
    answer["operators"][0]["load"]["open"].as_i64().unwrap()
}

#[actix_web::test]
async fn a_query_goes_to_whoever_may_take_it_and_says_why() {
    let app = TestApp::spawn().await;
    let api = support(&app).await;
    let (ana, ben) = (on_duty(&app, &api, "Ana", "support").await, on_duty(&app, &api, "Ben", "support").await);
    put_on(&api, ana, "Busy").await;
    let asked =
        json!({"channel": "chat", "department": "support", "subject": "Help", "requester": {"name": "Kim", "email": "kim@shop.example"}});
    let made = api.post("/queries", &asked).await;
    assert_eq!(made.header("location"), format!("/api/v1/queries/{}", id(&made.json)));
    let query = made.expect(201);
    assert_eq!((&query["state"], &query["mode"], &query["operator_id"]), (&json!("assigned"), &json!("live"), &json!(ben)));
    assert_eq!(query["auto_reply"], json!({"sent": false, "withheld": "not_absent"}));
    assert_eq!(query["reference"], format!("Q-{}", id(&query)));
    let trace = query["trace"].as_array().unwrap();
    assert_eq!(trace.len(), 2);
    assert_eq!((&trace[0]["operator_id"], &trace[0]["rank"], &trace[0]["via"]), (&json!(ben), &json!(1), &json!("department")));
    assert_eq!((&trace[1]["operator_id"], &trace[1]["reason"], &trace[1]["receives"]), (&json!(ana), &json!("status"), &json!(false)));
    let status = trace[1]["checks"].as_array().unwrap().iter().find(|check| check["check"] == "status").unwrap();
    assert!(status["fact"].as_str().unwrap().contains("Busy") && status["change_at"] == format!("/operators/{ana}"), "{status}");
    assert!(trace[0]["checks"].as_array().unwrap().iter().all(|check| check["passed"] == true && check["fact"].is_string()), "{trace:?}");
    assert_eq!(open_chats(&api, ben).await, 1, "counted at once");
    let read = api.get(&format!("/queries/{}", id(&query))).await.expect(200);
    assert_eq!((&read["trace"], &read["subject"], &read["requester"]["name"]), (&query["trace"], &json!("Help"), &json!("Kim")));
}

#[actix_web::test]
async fn what_cannot_be_taken_is_told_at_its_field_and_changes_nothing() {
    let app = TestApp::spawn().await;
    let api = support(&app).await;
    for (body, field, code) in [
        (json!({"channel": "fax", "department": "support"}), "channel", "unknown_choice"),
        (json!({"channel": "chat"}), "department", "required"),
        (json!({"channel": "chat", "department": "nowhere"}), "department", "unknown_choice"),
        (json!({"channel": "chat", "operator_id": 999}), "operator_id", "unknown_choice"),
        (json!({"channel": "chat", "department": "support", "site": "none"}), "site", "unknown_choice"),
        (json!({"channel": "chat", "department": "support", "requester": {"email": "no"}}), "requester.email", "email"),
        (json!({"channel": "chat", "department": "support", "subject": "a\nb"}), "subject", "control_character"),
        (json!({"channel": "chat", "department": "support", "colour": "red"}), "colour", "unknown_field"),
    ] {
        let answer = api.post("/queries", &body).await;
        assert_eq!(answer.errors(), [(field.to_owned(), code.to_owned())], "{body}");
        answer.expect(422);
    }
    api.patch("/departments/support", &json!({"channels": ["ticket"]})).await.expect(200);
    let unused = api.post("/queries", &json!({"channel": "chat", "department": "support"})).await;
    assert_eq!(unused.errors(), [("channel".to_owned(), "channel_unused".to_owned())]);
    assert!(api.get("/queries").await.expect(200)["items"].as_array().unwrap().is_empty());
}

#[actix_web::test]
async fn of_a_hundred_who_accept_at_once_one_wins() {
    let app = TestApp::spawn().await;
    one_of_a_hundred_wins(&app, &support(&app).await, None).await;
}

#[actix_web::test]
async fn of_a_hundred_who_accept_at_once_on_two_nodes_one_wins() {
    let (app, other) = TestApp::pair().await;
    let api = support(&app).await;
    one_of_a_hundred_wins(&app, &api, Some(&Api::new(&other.url, &api.key))).await;
}

/// Every second one accepts elsewhere, where there is such a place.
async fn one_of_a_hundred_wins(app: &TestApp, api: &Api, elsewhere: Option<&Api>) {
    api.patch("/departments/support", &json!({"max_operators": 200})).await.expect(200);
    let mut ids = Vec::new();
    for number in 0..100 {
        ids.push(on_duty(app, api, &format!("Op{number}"), "support").await);
    }
    let query = api.post("/queries", &json!({"channel": "call", "department": "support"})).await.expect(201);
    assert_eq!((&query["state"], query["offered_to"].as_array().unwrap().len()), (&json!("offered"), 100));
    let path = format!("/queries/{}/acceptance", id(&query));
    let accept = async |place: usize, operator: i64| {
        let at = [api, elsewhere.unwrap_or(api)][place % 2];
        at.insist(&path, &json!({"operator_id": operator})).await
    };
    let answers = join_all(ids.iter().enumerate().map(|(place, id)| accept(place, *id))).await;
    let (won, lost): (Vec<Answer>, Vec<Answer>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(won.len(), 1);
    assert!(lost.iter().all(|answer| refusal(answer) == "already_taken"), "{lost:?}");
    let read = api.get(&format!("/queries/{}", id(&query))).await.expect(200);
    assert_eq!((&read["state"], &read["operator_id"], &read["offered_to"]), (&json!("assigned"), &won[0].json["operator_id"], &json!([])));
    assert_eq!(dialogs(app, &ids).await, [(won[0].json["operator_id"].as_i64().unwrap(), true)], "one dialog, and it is open");
}

/// The dialogs of operators: whose, and whether it is open.
async fn dialogs(app: &TestApp, operators: &[i64]) -> Vec<(i64, bool)> {
    let (ids, from, to) = (operators.to_vec(), app.now() - TimeDelta::hours(1), app.now() + TimeDelta::hours(1));
    let found = app.inside(async move |ctx| queries::dialogs(ctx.store.read(), &ids, from, to).await.unwrap()).await;
    found.into_iter().flat_map(|(operator, all)| all.into_iter().map(move |(_, ended)| (operator, ended.is_none()))).collect()
}

/// The name of a conflict.
fn refusal(answer: &Answer) -> &str {
    assert_eq!(answer.status, 409, "{}", answer.json);
    answer.json["type"].as_str().unwrap().trim_start_matches("urn:onduty:problem:")
}

#[actix_web::test]
async fn of_twenty_that_ring_for_one_as_many_are_accepted_as_there_is_room_for() {
    let (app, other) = TestApp::pair().await;
    let api = support(&app).await;
    let elsewhere = Api::new(&other.url, &api.key);
    api.patch("/departments/support", &json!({"offer_seconds": {"chat": 30}})).await.expect(200);
    let ana = on_duty(&app, &api, "Ana", "support").await;
    api.patch(&format!("/operators/{ana}"), &json!({"max_chat_load": 3})).await.expect(200);
    let mut rings = Vec::new();
    for _ in 0..20 {
        let query = api.post("/queries", &json!({"channel": "chat", "department": "support"})).await.expect(201);
        assert_eq!(query["offered_to"], json!([ana]), "what rings takes no room");
        rings.push(format!("/queries/{}", id(&query)));
    }
    let accept = async |place: usize, path: &str| {
        let at = [&api, &elsewhere][place % 2];
        at.insist(&format!("{path}/acceptance"), &json!({"operator_id": ana})).await
    };
    let answers = join_all(rings.iter().enumerate().map(|(place, path)| accept(place, path))).await;
    // After a second each node knows of what the other one did.
    let open = async || {
        app.pass(TimeDelta::seconds(1));
        open_chats(&api, ana).await
    };
    let (taken, left): (Vec<_>, Vec<_>) = rings.iter().zip(&answers).partition(|(_, answer)| answer.status == 200);
    assert_eq!((taken.len(), open().await), (3, 3));
    assert!(left.iter().all(|(_, answer)| refusal(answer) == "no_room"));
    api.post(&format!("{}/closure", taken[0].0), &json!({})).await.expect(200);
    assert_eq!(accept(1, left[0].0).await.expect(200)["operator_id"], json!(ana), "the room of the one that was closed");
    assert_eq!((refusal(&accept(0, left[1].0).await), open().await), ("no_room", 3));
}

#[actix_web::test]
async fn no_slot_is_given_twice_however_many_come_at_once() {
    let app = TestApp::spawn().await;
    let api = support(&app).await;
    let mut ids = Vec::new();
    for number in 0..8 {
        let operator = on_duty(&app, &api, &format!("Op{number}"), "support").await;
        api.patch(&format!("/operators/{operator}"), &json!({"max_chat_load": 3})).await.expect(200);
        ids.push(operator);
    }
    let body = json!({"channel": "chat", "department": "support"});
    let states = join_all((0..200).map(|_| taken(&api, &body))).await;
    assert_eq!(states.iter().filter(|state| *state == "assigned").count(), 24, "eight operators with three slots each");
    for operator in ids {
        assert_eq!(open_chats(&api, operator).await, 3);
    }
    let found = app.inside(async move |ctx| queries::waiting(ctx.store.read(), 0, 500).await.unwrap().len()).await;
    assert_eq!(found, 176, "nothing is lost");
}

#[actix_web::test]
async fn two_nodes_together_fill_every_slot_and_none_twice() {
    let (app, other) = TestApp::pair().await;
    let api = support(&app).await;
    let elsewhere = Api::new(&other.url, &api.key);
    let mut slots = Vec::new();
    for (name, most) in [("Ana", 10), ("Ben", 20), ("Cleo", 30), ("Dora", 40), ("Eve", 50)] {
        let operator = on_duty(&app, &api, name, "support").await;
        api.patch(&format!("/operators/{operator}"), &json!({"max_chat_load": most})).await.expect(200);
        slots.push((operator, most));
    }
    let body = json!({"channel": "chat", "department": "support"});
    let states = join_all((0..200).map(|number| taken([&api, &elsewhere][number % 2], &body))).await;
    let is_assigned = |state: &&String| *state == "assigned";
    let (here, there) =
        (states.iter().step_by(2).filter(is_assigned).count(), states.iter().skip(1).step_by(2).filter(is_assigned).count());
    assert!(here + there <= 150, "{here} and {there} chats in 150 slots");
    assert!(here > 0 && there > 0, "each node gets a hundred for 150 slots: {here} and {there}");
    let waiting = async || app.inside(async move |ctx| queries::waiting(ctx.store.read(), 0, 500).await.unwrap().len()).await;
    assert_eq!(here + there + waiting().await, 200, "nothing is lost");
    app.tick(app.now() + TimeDelta::seconds(2)).await;
    assert_eq!(waiting().await, 50, "every slot is filled in the end");
    for (operator, most) in slots {
        assert_eq!(open_chats(&api, operator).await, most, "{operator}");
    }
}

#[actix_web::test]
async fn an_offer_goes_on_when_it_is_declined_or_let_pass() {
    let app = TestApp::spawn().await;
    let api = support(&app).await;
    api.patch("/departments/support", &json!({"routing": {"chat": "max_utilization"}, "offer_seconds": {"chat": 30}})).await.expect(200);
    let (ana, ben) = (on_duty(&app, &api, "Ana", "support").await, on_duty(&app, &api, "Ben", "support").await);
    let query = api.post("/queries", &json!({"channel": "chat", "department": "support"})).await.expect(201);
    assert_eq!((&query["state"], &query["offered_to"]), (&json!("offered"), &json!([ana])));
    let path = format!("/queries/{}", id(&query));
    api.post(&format!("{path}/acceptance"), &json!({"operator_id": ben})).await.expect(409);
    let declined = api.post(&format!("{path}/decline"), &json!({"operator_id": ana})).await.expect(200);
    assert_eq!(declined["offered_to"], json!([ben]), "to the next at once");
    app.tick(app.now() + TimeDelta::seconds(31)).await;
    let passed = api.get(&path).await.expect(200);
    assert_eq!((&passed["state"], &passed["offered_to"]), (&json!("waiting"), &json!([])));
    app.tick(app.now() + TimeDelta::seconds(61)).await;
    let again = api.get(&path).await.expect(200);
    assert_eq!(again["offered_to"], json!([ben]), "asked again after a while; who declined is not");
    let taken = api.post(&format!("{path}/acceptance"), &json!({"operator_id": ben})).await.expect(200);
    assert_eq!((&taken["state"], &taken["operator_id"]), (&json!("assigned"), &json!(ben)));
    let twice = api.post(&format!("{path}/acceptance"), &json!({"operator_id": ben})).await.expect(200);
    assert_eq!(twice["operator_id"], json!(ben), "who has it already is told so");
}

#[actix_web::test]
async fn what_waits_is_offered_as_soon_as_somebody_can() {
    let app = TestApp::spawn().await;
    let api = support(&app).await;
    let ana = on_duty(&app, &api, "Ana", "support").await;
    put_on(&api, ana, "On break").await;
    let query = api.post("/queries", &json!({"channel": "chat", "department": "support"})).await.expect(201);
    assert_eq!((&query["state"], &query["mode"]), (&json!("waiting"), &json!("message")));
    app.tick(app.now() + TimeDelta::seconds(2)).await;
    assert_eq!(api.get(&format!("/queries/{}", id(&query))).await.expect(200)["state"], "waiting");
    put_on(&api, ana, "Online").await;
    app.tick(app.now() + TimeDelta::seconds(2)).await;
    let read = api.get(&format!("/queries/{}", id(&query))).await.expect(200);
    assert_eq!((&read["state"], &read["operator_id"]), (&json!("assigned"), &json!(ana)));
}

#[actix_web::test]
async fn a_silent_chat_frees_its_slot_keeps_its_operator_and_takes_it_again() {
    let app = TestApp::spawn().await;
    let api = support(&app).await;
    let ana = on_duty(&app, &api, "Ana", "support").await;
    api.patch(&format!("/operators/{ana}"), &json!({"max_chat_load": 1})).await.expect(200);
    let chat = json!({"channel": "chat", "department": "support"});
    let (first, second) = (api.post("/queries", &chat).await.expect(201), api.post("/queries", &chat).await.expect(201));
    assert_eq!((&first["state"], &second["state"]), (&json!("assigned"), &json!("waiting")));
    app.tick(app.now() + TimeDelta::minutes(14)).await;
    assert_eq!(open_chats(&api, ana).await, 1);
    app.tick(app.now() + TimeDelta::minutes(1)).await;
    let second = api.get(&format!("/queries/{}", id(&second))).await.expect(200);
    assert_eq!((&second["state"], &second["operator_id"]), (&json!("assigned"), &json!(ana)));
    assert_eq!(api.get(&format!("/queries/{}", id(&first))).await.expect(200)["operator_id"], json!(ana));
    assert_eq!(open_chats(&api, ana).await, 1);
    api.post(&format!("/queries/{}/activity", id(&first)), &json!({"by": "requester"})).await.expect(200);
    assert_eq!(open_chats(&api, ana).await, 2);
}

#[actix_web::test]
async fn a_message_without_an_answer_sends_its_operator_away() {
    let app = TestApp::spawn().await;
    let api = support(&app).await;
    let ana = on_duty(&app, &api, "Ana", "support").await;
    api.patch(&format!("/operators/{ana}"), &json!({"no_answer_minutes": 3})).await.expect(200);
    let query = api.post("/queries", &json!({"channel": "chat", "department": "support"})).await.expect(201);
    let path = format!("/queries/{}/activity", id(&query));
    let status = async || api.get(&format!("/operators/{ana}")).await.expect(200)["status"].clone();
    app.tick(app.now() + TimeDelta::minutes(2)).await;
    api.post(&path, &json!({"by": "operator"})).await.expect(200);
    app.tick(app.now() + TimeDelta::minutes(10)).await;
    assert_eq!(status().await["name"], "Online", "an answer was given");
    api.post(&path, &json!({"by": "requester"})).await.expect(200);
    let asked = app.now();
    app.tick(asked + TimeDelta::seconds(179)).await;
    assert_eq!(status().await["name"], "Online");
    app.tick(asked + TimeDelta::seconds(181)).await;
    assert_eq!((&status().await["name"], &status().await["cause"]), (&json!("Offline"), &json!("no_answer")));
}

#[actix_web::test]
async fn a_query_is_sent_on_closed_and_classified() {
    let app = TestApp::spawn().await;
    let api = support(&app).await;
    api.post("/departments", &json!({"name": "Sales"})).await.expect(201);
    let (ana, ben) = (on_duty(&app, &api, "Ana", "support").await, on_duty(&app, &api, "Ben", "sales").await);
    api.patch(&format!("/operators/{ben}"), &json!({"classify_after": true})).await.expect(200);
    let query = api.post("/queries", &json!({"channel": "ticket", "department": "support"})).await.expect(201);
    assert_eq!(query["operator_id"], json!(ana));
    let path = format!("/queries/{}", id(&query));
    let both = api.post(&format!("{path}/transfer"), &json!({"operator_id": ben, "department": "sales"})).await;
    assert_eq!(both.errors(), [("department".to_owned(), "one_destination".to_owned())]);
    let sent = api.post(&format!("{path}/transfer"), &json!({"department": "sales", "note": "A sale"})).await.expect(200);
    assert_eq!((&sent["operator_id"], &sent["department"], &sent["state"]), (&json!(ben), &json!("sales"), &json!("assigned")));
    assert_eq!(api.put(&format!("{path}/classification"), &json!({"category": 1})).await.status, 409, "it is open");
    let closed = api.post(&format!("{path}/closure"), &json!({})).await.expect(200);
    assert_eq!((&closed["state"], &closed["operator_id"]), (&json!("closed"), &json!(ben)));
    api.post(&format!("{path}/closure"), &json!({})).await.expect(200);
    assert_eq!(
        api.post(&format!("{path}/transfer"), &json!({"department": "support"})).await.expect(409)["type"],
        "urn:onduty:problem:query_closed"
    );
    let unknown = api.put(&format!("{path}/classification"), &json!({"category": "Billing"})).await;
    assert_eq!(unknown.errors(), [("category".to_owned(), "unknown_choice".to_owned())]);
    assert_eq!(dialogs(&app, &[ben]).await, [(ben, false)], "it is over");
    let list = api.get("/queries?state=closed&department=sales").await.expect(200);
    assert_eq!(list["items"][0]["id"], query["id"]);
    assert!(api.get("/queries?state=waiting").await.expect(200)["items"].as_array().unwrap().is_empty());
}

#[actix_web::test]
async fn time_that_counts_after_dialogs_counts_from_the_last_closed_one() {
    let app = TestApp::spawn().await;
    let api = support(&app).await;
    let ana = on_duty(&app, &api, "Ana", "support").await;
    let all = api.get("/statuses").await.expect(200);
    let pause = all["items"].as_array().unwrap().iter().find(|one| one["name"] == "On break").unwrap()["id"].clone();
    api.patch(&format!("/statuses/{pause}"), &json!({"can_receive": false, "count_after_close": true, "max_minutes": null}))
        .await
        .expect(200);
    let query = api.post("/queries", &json!({"channel": "ticket", "department": "support"})).await.expect(201);
    let from = app.now();
    put_on(&api, ana, "On break").await;
    app.tick(from + TimeDelta::minutes(10)).await;
    api.post(&format!("/queries/{}/closure", id(&query)), &json!({})).await.expect(200);
    app.tick(from + TimeDelta::minutes(25)).await;
    let instant = |at: chrono::DateTime<chrono::Utc>| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let path = format!("/reports/status-time?operator={ana}&from={}&to={}", instant(from), instant(from + TimeDelta::minutes(25)));
    let told = api.get(&path).await.expect(200);
    let row = told["items"].as_array().unwrap().iter().find(|row| row["status_id"] == pause).unwrap();
    assert_eq!((&row["seconds"], &row["counted_seconds"]), (&json!(1500), &json!(900)));
}

#[actix_web::test]
async fn what_was_made_a_moment_ago_can_be_named_at_once() {
    let app = TestApp::spawn().await;
    let api = support(&app).await;
    api.post("/queries", &json!({"channel": "ticket", "department": "support"})).await.expect(201);
    api.post("/departments", &json!({"name": "Brand new"})).await.expect(201);
    let query = api.post("/queries", &json!({"channel": "ticket", "department": "brand-new"})).await.expect(201);
    assert_eq!(query["department"], "brand-new");
}

#[actix_web::test]
async fn a_repeated_submission_is_one_query() {
    let app = TestApp::spawn().await;
    let api = support(&app).await;
    on_duty(&app, &api, "Ana", "support").await;
    let body = json!({"channel": "ticket", "department": "support", "subject": "Once"});
    let post = async || api.call(reqwest::Method::POST, "/queries", Some(&body), &[("idempotency-key", "one")]).await.expect(201);
    let (first, again) = (post().await, post().await);
    assert_eq!(first, again);
    assert_eq!(api.get("/queries").await.expect(200)["items"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn of_many_submissions_at_once_under_one_key_on_two_nodes_one_is_a_query() {
    let (app, other) = TestApp::pair().await;
    let api = support(&app).await;
    on_duty(&app, &api, "Ana", "support").await;
    let elsewhere = Api::new(&other.url, &api.key);
    let body = json!({"channel": "ticket", "department": "support", "subject": "Once"});
    let post = async |number: usize, body: Value| {
        let api = if number.is_multiple_of(2) { &api } else { &elsewhere };
        api.call(reqwest::Method::POST, "/queries", Some(&body), &[("idempotency-key", "one")]).await
    };
    let mut ids = Vec::new();
    for answer in join_all((0..16).map(|number| post(number, body.clone()))).await {
        match answer.status.as_u16() {
            201 => ids.push(answer.expect(201)["id"].clone()),
            _ => assert_eq!(answer.expect(409)["type"], "urn:onduty:problem:idempotency_running"),
        }
    }
    assert!(!ids.is_empty() && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    for number in 0..2 {
        assert_eq!(post(number, body.clone()).await.expect(201)["id"], ids[0], "told again by either node");
        post(number, json!({"channel": "ticket", "department": "support"})).await.expect(422);
    }
    assert_eq!(api.get("/queries").await.expect(200)["items"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn the_language_of_a_query_is_that_of_its_site() {
    let app = TestApp::spawn().await;
    let api = support(&app).await;
    let site = json!({"name": "Shop", "hosts": ["shop.example.com"], "departments": ["support"], "language_order": ["url", "browser", "fixed"],
        "url_rules": [{"kind": "path", "value": "/es", "language": "es"}]});
    api.post("/sites", &site).await.expect(201);
    for (more, tag, from) in [
        (json!({"url": "https://shop.example.com/es/help"}), "es", "url"),
        (json!({"accept_language": "fr-FR, en;q=0.5"}), "fr", "browser"),
        (json!({"url": "https://shop.example.com/es", "language": "en-GB"}), "en-GB", "given"),
        (json!({}), "en", "fixed"),
    ] {
        let mut body = json!({"channel": "ticket", "site": "shop"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let query = api.post("/queries", &body).await.expect(201);
        assert_eq!(query["language"], json!({"tag": tag, "from": from}), "{more}");
        assert_eq!(query["department"], "support", "the only one of the site");
    }
}

#[actix_web::test]
async fn whoever_goes_away_while_it_rings_loses_the_offer() {
    let app = TestApp::spawn().await;
    let api = support(&app).await;
    let (ana, ben) = (on_duty(&app, &api, "Ana", "support").await, on_duty(&app, &api, "Ben", "support").await);
    let query = api.post("/queries", &json!({"channel": "call", "department": "support"})).await.expect(201);
    assert_eq!(query["offered_to"], json!([ana, ben]));
    api.post(&format!("/operators/{ana}/suspension"), &json!({})).await;
    app.tick(app.now() + TimeDelta::seconds(2)).await;
    let read = api.get(&format!("/queries/{}", id(&query))).await.expect(200);
    assert_eq!((&read["offered_to"], &read["state"]), (&json!([ben]), &json!(State::Offered.as_str())));
}
