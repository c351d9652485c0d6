//! Who can receive and why, asked over the wire and on the page (QU-7), and the roster that a node holds.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::duty::{on_duty, put_on};
use crate::support::{Api, TestApp};

/// What the tests need of the API.
const SCOPES: &[&str] =
    &["availability:read", "operators:write", "operators:read", "departments:write", "schedules:write", "statuses:read", "settings:write"];

async fn department(api: &Api, name: &str) -> String {
    let made = api.post("/departments", &json!({"name": name})).await.expect(201);
    made["slug"].as_str().unwrap().to_owned()
}

fn receiving(answer: &Value) -> Vec<i64> {
    let all = answer["operators"].as_array().unwrap().iter();
    all.filter(|one| one["receives"] == true).map(|one| one["id"].as_i64().unwrap()).collect()
}

/// The first failing check of an operator.
fn reason(answer: &Value, id: i64) -> String {
    let told = answer["operators"].as_array().unwrap().iter().find(|one| one["id"] == id).unwrap();
    let failed = told["checks"].as_array().unwrap().iter().find(|check| check["passed"] == false);
    failed.map_or(String::new(), |check| check["check"].as_str().unwrap().to_owned())
}

#[actix_web::test]
async fn an_answer_lists_every_member_with_every_check_in_its_order() {
    let app = TestApp::spawn().await;
    let api = app.api_key(SCOPES).await;
    let support = department(&api, "Support").await;
    let (ana, ben) = (on_duty(&app, &api, "Ana", &support).await, on_duty(&app, &api, "Ben", &support).await);
    app.new_operator("Stranger", "stranger@example.com", "agent").await;
    put_on(&api, ben, "Busy").await;
    let answer = api.get("/availability?department=support&channel=chat").await.expect(200);
    assert_eq!((&answer["department"], &answer["channel"], &answer["mode"]), (&json!("support"), &json!("chat"), &json!("live")));
    assert_eq!(receiving(&answer), [ana]);
    assert_eq!(answer["operators"].as_array().unwrap().len(), 2, "members alone");
    assert_eq!(reason(&answer, ben), "status");
    let first = &answer["operators"][0];
    assert_eq!(
        (&first["id"], &first["rank"], &first["status"], &first["display_name"]),
        (&json!(ana), &json!(1), &json!("Online"), &json!("Ana"))
    );
    assert_eq!(first["load"], json!({"open": 0, "max": null}));
    let names: Vec<&str> = first["checks"].as_array().unwrap().iter().map(|check| check["check"].as_str().unwrap()).collect();
    let order = [
        "account",
        "membership",
        "channel_allowed",
        "channel_active",
        "absence",
        "department_hours",
        "hours",
        "presence",
        "status",
        "do_not_disturb",
        "language",
        "capacity",
    ];
    assert_eq!(names, order);
    for check in first["checks"].as_array().unwrap() {
        assert!(["fact", "set_by", "change_at"].iter().all(|field| !check[field].as_str().unwrap().is_empty()), "{check}");
        assert!(check["change_at"].as_str().unwrap().starts_with('/'), "{check}");
    }
}

#[actix_web::test]
async fn each_switch_of_an_operator_is_the_reason_at_once() {
    let app = TestApp::spawn().await;
    let api = app.api_key(SCOPES).await;
    let support = department(&api, "Support").await;
    let ana = on_duty(&app, &api, "Ana", &support).await;
    let member = format!("/departments/{support}/members/{ana}");
    let operator = format!("/operators/{ana}");
    let ask = async |query: &str| {
        let answer = api.get(&format!("/availability?{query}")).await.expect(200);
        reason(&answer, ana)
    };
    assert_eq!(ask("department=support&channel=call").await, "");
    api.patch(&operator, &json!({"do_not_disturb": true})).await.expect(200);
    assert_eq!(ask("department=support&channel=call").await, "do_not_disturb");
    assert_eq!(ask("department=support&channel=chat").await, "");
    api.put(&member, &json!({"channels": {"chat": {"active": false}}})).await.expect(200);
    assert_eq!(ask("department=support&channel=chat").await, "channel_active");
    api.put(&member, &json!({"channels": {"chat": {"allowed": false}}})).await.expect(200);
    assert_eq!(ask("department=support&channel=chat").await, "channel_allowed");
    api.patch(&operator, &json!({"max_chat_load": 0, "languages": ["en"]})).await.expect(200);
    api.put(&member, &json!({"channels": {"chat": {"allowed": true}}})).await.expect(200);
    assert_eq!(ask("department=support&channel=chat").await, "capacity");
    assert_eq!(ask("department=support&channel=ticket&language=es").await, "language");
    assert_eq!(ask("department=support&channel=ticket&language=en-GB").await, "");
    api.patch(&format!("/departments/{support}"), &json!({"language_policy": "prefer", "prefer_seconds": 30})).await.expect(200);
    assert_eq!(ask("department=support&channel=ticket&language=es&waiting_seconds=29").await, "language");
    assert_eq!(ask("department=support&channel=ticket&language=es&waiting_seconds=30").await, "");
    api.delete(&member).await.expect(204);
    assert_eq!(ask(&format!("department=support&operator={ana}")).await, "membership");
    assert_eq!(ask(&format!("channel=ticket&operator={ana}")).await, "channel_allowed");
    api.post(&format!("/operators/{ana}/suspension"), &json!({})).await;
    assert_eq!(ask(&format!("operator={ana}")).await, "account");
}

#[actix_web::test]
async fn hours_are_told_for_any_instant_and_say_when_somebody_opens() {
    let app = TestApp::spawn().await;
    let api = app.api_key(SCOPES).await;
    let support = department(&api, "Support").await;
    let ana = on_duty(&app, &api, "Ana", &support).await;
    let weekly = json!({"sat": [["22:00", "06:00"]]});
    let night = api.post("/schedules", &json!({"name": "Night", "time_zone": "Europe/Madrid", "weekly": weekly})).await.expect(201);
    api.patch(&format!("/operators/{ana}"), &json!({"schedule_id": night["id"]})).await.expect(200);
    let ask = async |at: &str| api.get(&format!("/availability?department=support&channel=chat&at={at}")).await.expect(200);
    // The clocks of Madrid go forward in the night to 28 March 2027: the shift ends at 06:00 there, 04:00 in UTC.
    let inside = ask("2027-03-28T01:30:00Z").await;
    assert_eq!((receiving(&inside), &inside["valid_until"]), (vec![ana], &json!("2027-03-28T04:00:00.000Z")));
    let fact = inside["operators"][0]["checks"][6].clone();
    assert_eq!(
        (&fact["check"], &fact["fact"], &fact["set_by"]),
        (&json!("hours"), &json!("Sat 22:00-06:00 Europe/Madrid"), &json!("schedule Night"))
    );
    assert_eq!(fact["change_at"], json!(format!("/schedules/{}", night["id"])));
    let outside = ask("2027-03-28T04:00:00Z").await;
    assert_eq!((reason(&outside, ana).as_str(), &outside["mode"]), ("hours", &json!("message")));
    assert_eq!(outside["next_opening"], json!("2027-04-03T20:00:00.000Z"));
    api.patch("/settings", &json!({"message_mode_enabled": false})).await;
    for (at, code) in [("yesterday", "instant"), ("2300-01-01T00:00:00Z", "instant_range"), ("0001-01-01T00:00:00Z", "instant_range")] {
        let refused = api.get(&format!("/availability?at={at}")).await.expect(422);
        assert_eq!((&refused["errors"][0]["field"], &refused["errors"][0]["code"]), (&json!("at"), &json!(code)), "{at}");
    }
}

#[actix_web::test]
async fn the_past_is_told_from_the_log() {
    let app = TestApp::spawn().await;
    let api = app.api_key(SCOPES).await;
    let support = department(&api, "Support").await;
    let ana = on_duty(&app, &api, "Ana", &support).await;
    let then = app.now();
    app.pass(TimeDelta::hours(1));
    put_on(&api, ana, "On break").await;
    let at = |at: chrono::DateTime<chrono::Utc>| format!("/availability?department=support&at={}", at.format("%Y-%m-%dT%H:%M:%SZ"));
    let past = api.get(&at(then + TimeDelta::minutes(30))).await.expect(200);
    assert_eq!((receiving(&past), &past["operators"][0]["status"]), (vec![ana], &json!("Online")));
    assert_eq!((&past["valid_until"], &past["next_opening"]), (&Value::Null, &Value::Null));
    let now = api.get("/availability?department=support").await.expect(200);
    assert_eq!((receiving(&now), &now["operators"][0]["status"]), (vec![], &json!("On break")));
    let before = api.get(&at(then - TimeDelta::days(400))).await.expect(200);
    assert_eq!(before["operators"], json!([]), "nobody was there yet");
}

#[actix_web::test]
async fn what_cannot_be_asked_is_refused_at_its_field() {
    let app = TestApp::spawn().await;
    let api = app.api_key(SCOPES).await;
    for (query, field) in [
        ("department=nowhere", "department"),
        ("channel=fax", "channel"),
        ("language=klingon-and-more", "language"),
        ("operator=999", "operator"),
        ("operator=me", "operator"),
        ("waiting_seconds=-1", "waiting_seconds"),
        ("colour=blue", "colour"),
    ] {
        let refused = api.get(&format!("/availability?{query}")).await.expect(422);
        assert_eq!(refused["errors"][0]["field"], json!(field), "{refused}");
    }
    app.api_key(&["operators:read"]).await.get("/availability").await.expect(403);
}

#[actix_web::test]
async fn a_held_roster_reads_only_who_changed_and_answers_without_reading() {
    let app = TestApp::spawn().await;
    let api = app.api_key(SCOPES).await;
    let support = department(&api, "Support").await;
    let ana = on_duty(&app, &api, "Ana", &support).await;
    for number in 0..20 {
        on_duty(&app, &api, &format!("Op{number}"), &support).await;
    }
    let cost = async || {
        let before = app.ctx.store.statements();
        app.ctx.roster().await.unwrap();
        app.ctx.store.statements() - before
    };
    cost().await;
    assert_eq!(cost().await, 0, "nothing changed, nothing is read");
    put_on(&api, ana, "Busy").await;
    let one = cost().await;
    assert!((1..=11).contains(&one), "one operator's change: {one} statements");
    let held = app.ctx.roster().await.unwrap();
    put_on(&api, ana, "Online").await;
    let next = app.ctx.roster().await.unwrap();
    let same = |id: i64| {
        let of = |snapshot: &onduty::actions::roster::Snapshot| snapshot.prepared.roster.person(id).unwrap().clone();
        std::sync::Arc::ptr_eq(&of(&held), &of(&next))
    };
    assert!(!same(ana) && same(ana + 1), "the others are the very same");
}

#[actix_web::test]
async fn a_change_on_another_node_is_seen() {
    let mut settings = None;
    let app = TestApp::spawn_with(|config| settings = Some(config.clone())).await;
    let api = app.api_key(SCOPES).await;
    let support = department(&api, "Support").await;
    let ana = on_duty(&app, &api, "Ana", &support).await;
    let other = app.spawn_beside(settings.unwrap()).await;
    let elsewhere = Api::new(&other.url, &api.key);
    let there = async || receiving(&elsewhere.get("/availability?department=support").await.expect(200));
    assert_eq!(there().await, [ana]);
    put_on(&api, ana, "Busy").await;
    other.pass(TimeDelta::seconds(1));
    assert!(there().await.is_empty());
}

#[actix_web::test]
async fn the_page_tells_the_story_and_the_operators_head_says_it_in_short() {
    let app = TestApp::spawn().await;
    let api = app.api_key(SCOPES).await;
    let owner = app.owner().await;
    let support = department(&api, "Support").await;
    let ana = on_duty(&app, &api, "Ana", &support).await;
    api.patch(&format!("/operators/{ana}"), &json!({"do_not_disturb": true})).await.expect(200);
    let head = owner.open(&format!("/operators/{ana}")).await.expect(200);
    let reach = head.select(".od-reach-one").concat();
    assert!(reach.contains("Chats yes") && reach.contains("Calls no, Do Not Disturb"), "{reach}");
    let page = owner.open("/explain").await.expect(200);
    let page = page.pick("Department", "Support").pick("Channel", "Calls").submit("Explain").await.expect(200);
    assert!(page.main().contains("Nobody can receive") && page.main().contains("0 of 1 receive"), "{}", page.main());
    assert_eq!(page.select(".od-trace > li").len(), 12);
    assert_eq!(page.select(".od-trace > li.is-failed").len(), 1);
    let page = owner.open("/explain?operator=an&channel=chat").await.expect(200);
    assert_eq!(page.value("Operator"), "Ana", "a part of a name is enough where one bears it");
    let page = owner.open("/explain?operator=nobody&at=never").await.expect(422);
    assert_eq!(page.faults().len(), 2, "{:?}", page.faults());
    assert_eq!(page.value("Operator"), "nobody");
    let agent = app.operator("agent").await;
    let own = agent.open(&format!("/explain?operator={ana}")).await.expect(200);
    assert!(!own.main().contains("Ana"), "agents ask about themselves alone");
}
