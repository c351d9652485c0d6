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
    let instant = |hours| (app.now() + TimeDelta::hours(hours)).to_rfc3339_opts(SecondsFormat::Secs, true);
    let body = json!({"operator_id": operator, "starts_at": instant(-1), "ends_at": instant(48), "deputy_id": deputy});
    api.post("/absences", &body).await.expect(201)["id"].as_i64().unwrap()
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
async fn two_who_stand_in_for_each_other_lead_to_the_department() {
    let app = TestApp::spawn().await;
    let api = support(&app).await;
    let (ana, ben, dora) = (on_duty(&app, &api, "Ana").await, on_duty(&app, &api, "Ben").await, on_duty(&app, &api, "Dora").await);
    away(&app, &api, ana, Some(ben)).await;
    away(&app, &api, ben, Some(ana)).await;
    let query = api.post("/queries", &to(ana)).await.expect(201);
    assert_eq!((&query["operator_id"], query["transferred_from"].as_array().unwrap().len()), (&json!(dora), 2));
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
