//! Queries to somebody who is away: the deputy, the deputy's deputy, the department; the automatic reply; and handing over (AB-2, AB-3).

use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};

use crate::support::{Api, TestApp, duty};

const SCOPES: &[&str] = &["operators:write", "departments:write", "statuses:read", "queries:write", "absences:write"];

/// An operator of the department who is on duty and speaks Spanish.
async fn on_duty(app: &TestApp, api: &Api, name: &str) -> i64 {
    let id = duty::on_duty(app, api, name, "support").await;
    api.patch(&format!("/operators/{id}"), &json!({"languages": ["es", "en"]})).await.expect(200);
    id
}

async fn support(app: &TestApp) -> Api {
    let api = app.api_key(SCOPES).await;
    api.post("/departments", &json!({"name": "Support"})).await.expect(201);
    api
}

/// Somebody is away from an hour ago for two days.
async fn away(app: &TestApp, api: &Api, operator: i64, deputy: Option<i64>) -> i64 {
    away_from(app, api, operator, deputy, TimeDelta::hours(-1)).await
}

/// Somebody is away from so long from now until in two days.
async fn away_from(app: &TestApp, api: &Api, operator: i64, deputy: Option<i64>, from: TimeDelta) -> i64 {
    let instant = |time: TimeDelta| (app.now() + time).to_rfc3339_opts(SecondsFormat::Secs, true);
    let ends = instant(TimeDelta::hours(48));
    let body = json!({"operator_id": operator, "starts_at": instant(from), "ends_at": ends, "deputy_id": deputy});
    api.post("/absences", &body).await.expect(201)["id"].as_i64().unwrap()
}

/// What the ledger of automatic replies says.
async fn ledger(api: &Api) -> Vec<Value> {
    api.get("/auto-replies").await.expect(200)["items"].as_array().unwrap().clone()
}

fn to(operator: i64) -> Value {
    json!({"channel": "ticket", "operator_id": operator, "language": "es", "subject": "Pedido",
        "requester": {"name": "Kim", "email": "kim@customer.example"}})
}

#[actix_web::test]
async fn the_first_deputy_who_can_takes_it_and_the_customer_has_one_reply() {
    let app = TestApp::spawn().await;
    let api = support(&app).await;
    let (ana, ben, cleo) = (on_duty(&app, &api, "Ana").await, on_duty(&app, &api, "Ben").await, on_duty(&app, &api, "Cleo").await);
    let (first, second) = (away(&app, &api, ana, Some(ben)).await, away(&app, &api, ben, Some(cleo)).await);
    app.deliver().await;
    app.mailbox.empty();
    let query = api.post("/queries", &to(ana)).await.expect(201);
    assert_eq!((&query["operator_id"], &query["state"]), (&json!(cleo), &json!("assigned")));
    let past = json!([{"operator_id": ana, "absence_id": first}, {"operator_id": ben, "absence_id": second}]);
    assert_eq!(query["transferred_from"], past);
    assert_eq!(query["auto_reply"], json!({"sent": true}));
    let steps: Vec<(&Value, &Value)> = query["trace"].as_array().unwrap().iter().map(|look| (&look["operator_id"], &look["via"])).collect();
    assert_eq!(steps, [(&json!(ana), &json!("addressed")), (&json!(ben), &json!("deputy")), (&json!(cleo), &json!("deputy"))]);
    app.deliver().await;
    let mail = app.mailbox.only("kim@customer.example");
    assert_eq!((mail.header("auto-submitted"), mail.header("precedence")), (Some("auto-replied"), Some("bulk")));
    assert!(mail.text.contains("Ana") && mail.text.contains(query["reference"].as_str().unwrap()), "{}", mail.text);
    assert!(["Hola", "Gracias", "mensaje", "consulta", "ausente"].iter().any(|word| mail.text.contains(word)), "in Spanish: {}", mail.text);
}

#[actix_web::test]
async fn two_who_stand_in_for_each_other_lead_to_the_department_and_answer_once() {
    let app = TestApp::spawn().await;
    let api = support(&app).await;
    let (ana, ben, dora) = (on_duty(&app, &api, "Ana").await, on_duty(&app, &api, "Ben").await, on_duty(&app, &api, "Dora").await);
    away(&app, &api, ana, Some(ben)).await;
    away(&app, &api, ben, Some(ana)).await;
    let query = api.post("/queries", &to(ana)).await.expect(201);
    assert_eq!((&query["operator_id"], query["transferred_from"].as_array().unwrap().len()), (&json!(dora), 2));
    app.tick(app.now() + TimeDelta::minutes(5)).await;
    assert!(app.mailbox.only("kim@customer.example").text.contains("Ana"), "in the name of whom it was sent to");
    let rows = ledger(&api).await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!((&rows[0]["operator_id"], &rows[0]["query_id"], &rows[0]["sent"]), (&json!(ana), &query["id"], &json!(true)));
}

#[actix_web::test]
async fn with_nobody_but_two_who_stand_in_for_each_other_it_waits_until_one_is_back() {
    let app = TestApp::spawn().await;
    let api = support(&app).await;
    let (ana, ben) = (on_duty(&app, &api, "Ana").await, on_duty(&app, &api, "Ben").await);
    away(&app, &api, ana, Some(ben)).await;
    let second = away(&app, &api, ben, Some(ana)).await;
    let query = api.post("/queries", &to(ana)).await.expect(201);
    let path = format!("/queries/{}", query["id"]);
    assert_eq!((&query["state"], &query["mode"], &query["operator_id"]), (&json!("waiting"), &json!("message"), &Value::Null));
    app.tick(app.now() + TimeDelta::hours(5)).await;
    assert_eq!(api.get(&path).await.expect(200)["state"], "waiting", "not lost, and nobody's");
    api.delete(&format!("/absences/{second}")).await.expect(204);
    app.tick(app.now() + TimeDelta::seconds(2)).await;
    let read = api.get(&path).await.expect(200);
    assert_eq!((&read["state"], &read["operator_id"]), (&json!("assigned"), &json!(ben)));
    app.mailbox.only("kim@customer.example");
    assert_eq!(ledger(&api).await.len(), 1);
}

#[actix_web::test]
async fn a_deputy_who_goes_away_while_it_rings_passes_it_on() {
    let app = TestApp::spawn().await;
    let api = support(&app).await;
    let (ana, ben, cleo) = (on_duty(&app, &api, "Ana").await, on_duty(&app, &api, "Ben").await, on_duty(&app, &api, "Cleo").await);
    away(&app, &api, ana, Some(ben)).await;
    let call = json!({"channel": "call", "operator_id": ana});
    let query = api.post("/queries", &call).await.expect(201);
    assert_eq!((&query["state"], &query["offered_to"]), (&json!("offered"), &json!([ben])), "the deputy alone");
    away(&app, &api, ben, Some(cleo)).await;
    app.tick(app.now() + TimeDelta::seconds(2)).await;
    let path = format!("/queries/{}", query["id"]);
    let read = api.get(&path).await.expect(200);
    assert_eq!((&read["offered_to"], read["transferred_from"].as_array().unwrap().len()), (&json!([cleo]), 2));
    api.post(&format!("{path}/acceptance"), &json!({"operator_id": ben})).await.expect(409);
    api.post(&format!("{path}/acceptance"), &json!({"operator_id": cleo})).await.expect(200);
}

#[actix_web::test]
async fn a_call_that_rings_as_the_absence_of_the_deputy_begins_goes_to_the_next() {
    let app = TestApp::spawn().await;
    let api = support(&app).await;
    api.patch("/departments/support", &json!({"offer_seconds": {"call": 600}})).await.expect(200);
    let (ana, ben, cleo) = (on_duty(&app, &api, "Ana").await, on_duty(&app, &api, "Ben").await, on_duty(&app, &api, "Cleo").await);
    away(&app, &api, ana, Some(ben)).await;
    away_from(&app, &api, ben, Some(cleo), TimeDelta::hours(1)).await;
    let begins = app.now() + TimeDelta::hours(1);
    app.tick(begins - TimeDelta::minutes(2)).await;
    let query = api.post("/queries", &json!({"channel": "call", "operator_id": ana})).await.expect(201);
    assert_eq!(query["offered_to"], json!([ben]));
    let ringing = async || {
        let read = api.get(&format!("/queries/{}", query["id"])).await.expect(200);
        (read["state"].clone(), read["offered_to"].clone(), read["transferred_from"].as_array().unwrap().len())
    };
    app.tick(begins - TimeDelta::minutes(1)).await;
    assert_eq!(ringing().await, (json!("offered"), json!([ben]), 1), "a minute before");
    app.tick(begins).await;
    assert_eq!(ringing().await, (json!("offered"), json!([cleo]), 2), "no deed but the clock's");
    let accept = async |operator: i64| {
        let path = format!("/queries/{}/acceptance", query["id"]);
        api.post(&path, &json!({"operator_id": operator})).await.status.as_u16()
    };
    assert_eq!((accept(ben).await, accept(cleo).await), (409, 200));
}

#[actix_web::test]
async fn an_absence_that_ends_brings_queries_back_to_whoever_they_are_for() {
    let app = TestApp::spawn().await;
    let api = support(&app).await;
    let (ana, ben) = (on_duty(&app, &api, "Ana").await, on_duty(&app, &api, "Ben").await);
    away(&app, &api, ana, Some(ben)).await;
    assert_eq!(api.post("/queries", &to(ana)).await.expect(201)["operator_id"], json!(ben));
    app.tick(app.now() + TimeDelta::hours(48)).await;
    let later = api.post("/queries", &to(ana)).await.expect(201);
    assert_eq!((&later["operator_id"], &later["transferred_from"]), (&json!(ana), &json!([])));
    assert_eq!(later["auto_reply"], json!({"sent": false, "withheld": "not_absent"}));
}

#[actix_web::test]
async fn what_somebody_away_still_has_is_handed_over_on_request() {
    let app = TestApp::spawn().await;
    let api = support(&app).await;
    let ana = app.operator("agent").await;
    ana.open("/panel").await.within("main").submit("Online").await.expect(200);
    api.put(&format!("/departments/support/members/{}", ana.me()), &json!({})).await.expect(200);
    let query = api.post("/queries", &json!({"channel": "ticket", "department": "support"})).await.expect(201);
    assert_eq!(query["operator_id"], json!(ana.me()));
    let ben = on_duty(&app, &api, "Ben").await;
    assert!(!ana.open("/profile/absences").await.main().contains("still open"), "nobody is away yet");
    away(&app, &api, ana.me(), Some(ben)).await;
    let page = ana.open("/profile/absences").await.expect(200);
    assert!(page.main().contains("One query is still open with you"), "{}", page.main());
    let others = app.owner().await.open(&format!("/operators/{}/absences", ana.me())).await.expect(200);
    assert!(others.main().contains("One query is still open with somebody who is away"), "{}", others.main());
    let done = page.submit("Hand over").await.expect(200);
    assert_eq!(done.flash(), "Handed over: 1");
    let read = api.get(&format!("/queries/{}", query["id"])).await.expect(200);
    assert_eq!((&read["operator_id"], &read["state"]), (&json!(ben), &json!("assigned")));
}
