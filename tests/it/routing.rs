//! To whom a query goes, from the setting of a department to the operator who has it (DE-6, LA-2, S4-28 to S4-30).

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::duty::{on_duty, put_on};
use crate::support::{Api, TestApp};

const SCOPES: &[&str] = &["operators:write", "departments:write", "statuses:read", "queries:write", "languages:write"];

/// Support with three on duty, by ascending id.
async fn support(app: &TestApp) -> (Api, [i64; 3]) {
    let api = app.api_key(SCOPES).await;
    api.post("/departments", &json!({"name": "Support"})).await.expect(201);
    let mut ids = [0; 3];
    for (id, name) in ids.iter_mut().zip(["Ana", "Ben", "Cleo"]) {
        *id = on_duty(app, &api, name, "support").await;
    }
    (api, ids)
}

/// A chat that somebody has at once, of the department or for one operator.
async fn chat(api: &Api, operator: Option<i64>) -> Value {
    let query = api.post("/queries", &json!({"channel": "chat", "department": "support", "operator_id": operator})).await.expect(201);
    assert_eq!(query["state"], "assigned", "{query:#}");
    query
}

async fn close(api: &Api, query: &Value) {
    api.post(&format!("/queries/{}/closure", query["id"]), &json!({})).await.expect(200);
}

/// The same history under each rule, with another order for each:
///
/// | minute |                                  | open | of | assigned | idle since       |
/// |--------|----------------------------------|------|----|----------|------------------|
/// | 5, 7   | Ana gets three chats, closes one | 2    | 10 | 5        | 7, by closing    |
/// | 1, 2, 6| Ben gets two, closes one, has a break | 1 | 2 | 1       | 6, by the switch |
/// | 3, 4   | Cleo gets one, closes it         | 0    | 5  | 3        | 4, by closing    |
///
/// From minute 8 on a chat comes every minute, and is closed at once where `closes`.
#[actix_web::test]
async fn each_rule_calls_operators_in_its_own_order() {
    const ANA: usize = 0;
    const BEN: usize = 1;
    const CLEO: usize = 2;
    for (rule, order, closes, turns) in [
        ("max_utilization", [ANA, BEN, CLEO], false, [ANA, ANA, ANA, ANA]),
        ("average_utilization", [CLEO, ANA, BEN], false, [CLEO, ANA, CLEO, ANA]),
        ("round_robin", [BEN, CLEO, ANA], true, [BEN, CLEO, ANA, BEN]),
        ("longest_idle", [CLEO, BEN, ANA], true, [CLEO, BEN, ANA, CLEO]),
    ] {
        let app = TestApp::spawn().await;
        let (api, all) = support(&app).await;
        for (operator, most) in all.iter().zip([10, 2, 5]) {
            api.patch(&format!("/operators/{operator}"), &json!({"max_chat_load": most})).await.expect(200);
        }
        api.patch("/departments/support", &json!({"routing": {"chat": rule}})).await.expect(200);
        let minute = || app.pass(TimeDelta::minutes(1));
        minute();
        let first = chat(&api, Some(all[BEN])).await;
        chat(&api, Some(all[BEN])).await;
        minute();
        close(&api, &first).await;
        minute();
        let only = chat(&api, Some(all[CLEO])).await;
        minute();
        close(&api, &only).await;
        minute();
        let first = chat(&api, Some(all[ANA])).await;
        chat(&api, Some(all[ANA])).await;
        chat(&api, Some(all[ANA])).await;
        minute();
        put_on(&api, all[BEN], "On break").await;
        put_on(&api, all[BEN], "Online").await;
        minute();
        close(&api, &first).await;
        for (turn, expected) in turns.into_iter().enumerate() {
            minute();
            let query = chat(&api, None).await;
            assert_eq!(query["operator_id"], json!(all[expected]), "{rule}, chat {turn}");
            if turn == 0 {
                let ranked: Vec<&Value> = query["trace"].as_array().unwrap().iter().map(|look| &look["operator_id"]).collect();
                assert_eq!(ranked, order.map(|place| json!(all[place])).iter().collect::<Vec<_>>(), "{rule}");
            }
            if closes {
                close(&api, &query).await;
            }
        }
    }
}

#[actix_web::test]
async fn whoever_lacks_the_language_is_passed_over_where_that_matters() {
    let app = TestApp::spawn().await;
    let (api, [ana, ben, cleo]) = support(&app).await;
    put_on(&api, cleo, "On break").await;
    api.patch(&format!("/operators/{ana}"), &json!({"languages": ["en"]})).await.expect(200);
    api.patch(&format!("/operators/{ben}"), &json!({"languages": ["es"]})).await.expect(200);
    let ticket = async |language: Value| {
        let query = json!({"channel": "ticket", "department": "support", "language": language});
        api.post("/queries", &query).await.expect(201)
    };
    assert_eq!(ticket(Value::Null).await["operator_id"], json!(ana), "the first where no language is asked for");
    assert_eq!(ticket(json!("en-GB")).await["operator_id"], json!(ana));
    for wanted in ["es", "es-MX"] {
        let query = ticket(json!(wanted)).await;
        assert_eq!(query["operator_id"], json!(ben), "{wanted}");
        let passed = query["trace"].as_array().unwrap().iter().find(|look| look["operator_id"] == json!(ana)).unwrap();
        assert_eq!((&passed["receives"], &passed["reason"]), (&json!(false), &json!("language")), "{wanted}");
    }
    assert_eq!((&ticket(json!("fr")).await["state"], &ticket(json!("fr")).await["mode"]), (&json!("waiting"), &json!("message")));
    api.patch("/departments/support", &json!({"language_policy": "ignore"})).await.expect(200);
    assert_eq!(ticket(json!("es")).await["operator_id"], json!(ana), "the first where the language does not matter");
}
