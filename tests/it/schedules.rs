//! Office hours from outside: the grid with its buttons, exceptions on three levels, people and departments, deletion, and the JSON API
//! (HR-1 to HR-3, HR-5).

use serde_json::{Value, json};

use crate::support::{Browser, TestApp};

/// Adds a schedule by its form and returns its address.
async fn add(owner: &Browser, name: &str) -> String {
    let page = owner.open("/schedules/new").await.fill("Name", name).pick("Time zone", "Europe/Madrid");
    let page = page.fill("Monday, from, 1", "09:00").fill("Monday, to, 1", "17:00").submit("Add schedule").await.expect(200);
    assert_eq!(page.h1(), name);
    page.path().to_owned()
}

fn id(address: &str) -> i64 {
    address.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id")
}

#[actix_web::test]
async fn a_week_is_typed_copied_and_drawn_without_scripts() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let page = owner.open("/schedules").await;
    assert!(page.main().contains("No schedule yet"), "{}", page.main());
    let page = page.follow("Add schedule").await.fill("Name", "Days").fill("Monday, from, 1", "9:00").fill("Monday, to, 1", "13:00");
    let page = page.submit("Add interval on Monday").await.expect(200);
    let page = page.fill("Monday, from, 2", "14:00").fill("Monday, to, 2", "18:00");
    let page = page.submit("Copy Monday to Monday to Friday").await.expect(200);
    assert_eq!((page.value("Friday, from, 2"), page.value("Saturday, from, 1")), ("14:00".to_owned(), String::new()));
    let page = page.submit("Remove interval 1 on Friday").await.fill("Saturday, from, 1", "22:00").fill("Saturday, to, 1", "06:00");
    let page = page.submit("Add schedule").await.expect(200);
    assert!(page.flash().contains("Days"), "{}", page.flash());
    assert_eq!((page.value("Monday, from, 1"), page.value("Friday, from, 1")), ("09:00".to_owned(), "14:00".to_owned()));
    let drawn = page.select("#week dd span");
    assert_eq!(drawn[0], "09:00-13:00, 14:00-18:00");
    assert_eq!((drawn[5].as_str(), drawn[6].as_str()), ("22:00-06:00", "closed"));
    assert_eq!(page.attributes("#week rect.od-week-spill", "width"), ["360"], "Saturday's night is drawn on Sunday");
    let page = page.submit("24/7").await.expect(200);
    assert!(page.select("#week dd span").iter().all(|day| day == "00:00-24:00"));
    let page = page.submit("Clear").await.expect(200);
    assert!(page.select("#week dd span").iter().all(|day| day == "closed"));
    let stored = owner.open(page.path()).await;
    assert_eq!(stored.value("Monday, to, 2"), "18:00", "the small buttons save nothing");
    let list = owner.open("/schedules").await;
    assert_eq!(list.select("tbody .od-row-link"), ["Days"]);
    assert!(list.has("tbody svg.od-week-small rect"));
    let log = owner.open("/audit?object=schedule").await;
    assert!(log.main().contains("Schedule added") && log.main().contains("22:00-06:00"), "{}", log.main());
}

#[actix_web::test]
async fn what_is_wrong_stands_at_its_row_and_what_was_typed_stays() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for (from, to, words) in [
        ("25:00", "26:00", "“25:00” is no time"),
        ("09:00", "09:00", "A whole day is 00:00 to 24:00"),
        ("24:00", "06:00", "24:00 ends a day"),
        ("nine", "17:00", "“nine” is no time"),
    ] {
        let page = owner.open("/schedules/new").await.fill("Name", "Odd").fill("Tuesday, from, 1", from).fill("Tuesday, to, 1", to);
        let page = page.submit("Add schedule").await.expect(422);
        assert!(page.fault_at("Tuesday, from, 1").contains(words), "{}", page.main());
        assert_eq!(page.value("Tuesday, from, 1"), from);
    }
    let page = owner.open("/schedules/new").await.fill("Name", "Nights").fill("Sunday, from, 1", "22:00").fill("Sunday, to, 1", "06:00");
    let page = page.fill("Monday, from, 1", "05:00").fill("Monday, to, 1", "09:00").submit("Add schedule").await.expect(422);
    let fault = page.fault_at("Monday, from, 1");
    assert!(fault.contains("Sun 22:00-06:00") && fault.contains("Mon 05:00-09:00"), "{fault}");
    let page = page.fill("Monday, from, 1", "06:00").fill("Name of exception 1", "Fair").submit("Add schedule").await.expect(422);
    assert!(page.fault_at("First day of exception 1").contains("Enter something"), "{}", page.main());
    let page =
        page.fill("First day of exception 1", "2026-12-24").fill("Hours of exception 1", "9").submit("Add schedule").await.expect(422);
    assert!(page.fault_at("Hours of exception 1").contains("“9” is no time"), "{}", page.main());
    page.fill("Hours of exception 1", "09:00-12:00").submit("Add schedule").await.expect(200);
    let taken = owner.open("/schedules/new").await.fill("Name", "NIGHTS").submit("Add schedule").await.expect(422);
    assert!(!taken.fault_at("Name").is_empty());
    owner.post("/schedules", &[("name", "Zone"), ("time_zone", "Europe/Atlantis")]).await.expect(422);
}

#[actix_web::test]
async fn an_operator_uses_shared_hours_their_own_or_none() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let shared = add(&owner, "Office").await;
    let ana = app.new_operator("Ana Ruiz", "ana@example.org", "agent").await;
    let there = format!("/operators/{ana}/hours");
    let page = owner.open(&there).await;
    assert!(page.main().contains("No schedule: always within hours"));
    let page = page.pick("Office hours", "Office").submit("Save changes").await.expect(200);
    assert!(page.select(".od-outlook").concat().contains("hours until"), "{}", page.main());
    assert!(owner.open(&shared).await.main().contains("Ana Ruiz"));

    let page = page.pick("Office hours", "Own hours").fill("Friday, from, 1", "22:00").fill("Friday, to, 1", "06:00");
    let page =
        page.fill("Name of exception 1", "Swap").fill("First day of exception 1", "2027-01-08").submit("Save changes").await.expect(200);
    assert_eq!((page.value("Friday, to, 1"), page.value("Name of exception 1")), ("06:00".to_owned(), "Swap".to_owned()));
    let api = app.api_key(&["operators:read", "operators:write", "schedules:read", "schedules:write"]).await;
    let own = api.get(&format!("/operators/{ana}")).await.expect(200)["schedule_id"].as_i64().expect("an id");
    let schedule = api.get(&format!("/schedules/{own}")).await.expect(200);
    assert_eq!((&schedule["operator_id"], &schedule["weekly"]["fri"]), (&json!(ana), &json!([["22:00", "06:00"]])));
    assert_eq!(api.get("/schedules").await.expect(200)["items"].as_array().map(Vec::len), Some(1), "own ones are in no list");
    assert_eq!(api.patch(&format!("/schedules/{own}"), &json!({"name": "X"})).await.status, 404);

    let other = app.new_operator("Bo Lind", "bo@example.org", "agent").await;
    let answer = api.patch(&format!("/operators/{other}"), &json!({"schedule_id": own})).await;
    assert_eq!(answer.errors(), [("schedule_id".to_owned(), "unknown_choice".to_owned())], "nobody uses another's own hours");
    let answer = api.patch(&format!("/operators/{other}"), &json!({"schedule_id": id(&shared)})).await.expect(200);
    assert_eq!(answer["schedule_id"], json!(id(&shared)));
    let answer = api.patch(&format!("/operators/{other}"), &json!({"schedule_id": null})).await.expect(200);
    assert_eq!(answer["schedule_id"], Value::Null);

    // One's own hours are one's own affair; a stale form shows both versions.
    let browser = app.signed_in(ana).await;
    let stale = browser.open("/profile/hours").await;
    browser.open("/profile/hours").await.pick("Office hours", "No schedule: always within hours").submit("Save changes").await.expect(200);
    let both = stale.fill("Friday, to, 1", "04:00").submit("Save changes").await.expect(409);
    assert!(both.main().contains("22:00-04:00"), "{}", both.main());
    assert_eq!(browser.open(&there).await.status(), 403);
    let log = owner.open("/audit?object=operator").await;
    assert!(log.main().contains("Swap: 2027-01-08"), "{}", log.main());
}

#[actix_web::test]
async fn holidays_of_the_organisation_hold_unless_a_nearer_exception_does() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let shared = add(&owner, "Office").await;
    let today = app.now().format("%Y-%m-%d").to_string();
    let page = owner.open("/schedules/holidays").await.fill("Name of exception 1", "Fair").fill("First day of exception 1", &today);
    let page = page.submit("Save changes").await.expect(200);
    assert_eq!(page.value("Last day of exception 1"), today, "one day");
    let words = |page: &crate::support::Page| page.select(".od-outlook").concat();
    let page = owner.open(&shared).await;
    assert!(words(&page).contains("“Fair” of the organisation"), "{}", words(&page));
    let page =
        page.fill("Name of exception 1", "Open house").fill("First day of exception 1", &today).fill("Hours of exception 1", "00:00-24:00");
    let page = page.submit("Save changes").await.expect(200);
    assert!(words(&page).contains("Within hours") && words(&page).contains("“Open house” of the schedule"), "{}", words(&page));
    let page = owner.open("/schedules/holidays").await;
    let stale = owner.open("/schedules/holidays").await;
    let page = page.submit("Remove exception 1").await.submit("Save changes").await.expect(200);
    assert_eq!(page.value("Name of exception 1"), "");
    stale.fill("Name of exception 1", "Fest").submit("Save changes").await.expect(409);
}

#[actix_web::test]
async fn a_schedule_in_use_asks_for_the_one_that_takes_its_place() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let (first, second) = (add(&owner, "First").await, add(&owner, "Second").await);
    let ana = app.new_operator("Ana Ruiz", "ana@example.org", "agent").await;
    let api = app
        .api_key(&["departments:read", "departments:write", "operators:read", "operators:write", "schedules:write", "schedules:read"])
        .await;
    api.patch(&format!("/operators/{ana}"), &json!({"schedule_id": id(&first)})).await.expect(200);
    api.post("/departments", &json!({"slug": "sales", "name": "Sales"})).await.expect(201);
    let departments = owner.open("/departments").await;
    let page = departments.follow("Sales").await.pick("Schedule of the department", "First").submit("Save changes").await.expect(200);
    assert_eq!(page.value("Schedule of the department"), id(&first).to_string());
    assert_eq!(api.get("/departments/sales").await.expect(200)["schedule_id"], json!(id(&first)));
    let refused = api.patch("/departments/sales", &json!({"schedule_id": 4711})).await;
    assert_eq!(refused.errors(), [("schedule_id".to_owned(), "unknown_choice".to_owned())]);

    let page = owner.open(&first).await.follow("Delete schedule").await;
    assert!(page.main().contains("Ana Ruiz") && page.main().contains("Sales"), "{}", page.main());
    let page = page.submit("Delete schedule").await.expect(422);
    assert!(!page.fault_at("Used instead").is_empty());
    let page = page.pick("Used instead", "Second").submit("Delete schedule").await.expect(200);
    assert_eq!((page.path(), page.select("tbody .od-row-link")), ("/schedules", vec!["Second".to_owned()]));
    assert_eq!(api.get(&format!("/operators/{ana}")).await.expect(200)["schedule_id"], json!(id(&second)));

    let there = format!("/schedules/{}", id(&second));
    assert_eq!(api.delete(&there).await.errors(), [("replacement_id".to_owned(), "required".to_owned())]);
    assert_eq!(api.delete(&format!("{there}?replacement_id={}", id(&second))).await.errors()[0].1, "unknown_choice");
    assert_eq!(api.delete(&format!("{there}?replacement_id=none")).await.status, 204);
    assert_eq!(api.get("/departments/sales").await.expect(200)["schedule_id"], Value::Null);
    assert_eq!(api.delete(&there).await.status, 404);
}

#[actix_web::test]
async fn the_api_takes_a_week_as_a_whole_and_tells_what_is_wrong_with_it() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["schedules:read", "schedules:write"]).await;
    let new = json!({"name": "Nights", "time_zone": "America/New_York", "weekly": {"fri": [["22:00", "06:00"]], "sun": [["00:00", "24:00"]]},
        "exceptions": [{"name": "Fair", "from": "2026-12-24", "to": "2026-12-26", "intervals": []}]});
    let made = api.post("/schedules", &new).await.expect(201);
    let there = format!("/schedules/{}", made["id"]);
    assert_eq!(
        (&made["weekly"]["fri"], &made["weekly"]["mon"], &made["operator_id"]),
        (&json!([["22:00", "06:00"]]), &json!([]), &Value::Null)
    );
    assert_eq!(made["exceptions"], new["exceptions"]);
    let changed = api.patch(&there, &json!({"weekly": {"mon": [["14:00", "18:00"], ["09:00", "13:00"]]}})).await.expect(200);
    assert_eq!(changed["weekly"]["mon"], json!([["09:00", "13:00"], ["14:00", "18:00"]]));
    assert_eq!((&changed["weekly"]["fri"], &changed["name"]), (&json!([]), &json!("Nights")));
    for (body, field, code) in [
        (json!({"weekly": {"mon": [["09:00", "13:00"], ["12:00", "18:00"]]}}), "weekly.mon[1]", "intervals_overlap"),
        (json!({"weekly": {"mon": [["25:00", "26:00"]]}}), "weekly.mon[0]", "time_of_day"),
        (json!({"weekly": {"mon": [["09:00", "09:00"]]}}), "weekly.mon[0]", "interval_empty"),
        (json!({"weekly": {"lun": []}}), "weekly.lun", "unknown_choice"),
        (json!({"time_zone": "Mars/Olympus"}), "time_zone", "time_zone"),
        (json!({"name": " "}), "name", "required"),
        (json!({"exceptions": [{"name": "A", "from": "2026-12-26", "to": "2026-12-24"}]}), "exceptions[0].to", "date_order"),
    ] {
        let refused = api.patch(&there, &body).await;
        assert_eq!((refused.status.as_u16(), refused.errors()[0].clone()), (422, (field.to_owned(), code.to_owned())), "{body}");
    }
    assert_eq!(api.post("/schedules", &json!({"name": "nights"})).await.errors(), [("name".to_owned(), "taken".to_owned())]);
    assert_eq!(api.get(&there).await.expect(200)["weekly"], changed["weekly"], "what is refused changes nothing");
}

#[actix_web::test]
async fn the_week_is_drawn_while_one_types_and_a_schedule_is_found_by_its_name() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    add(&owner, "Night watch").await;
    let agent = app.operator("agent").await;
    agent.open("/profile/hours").await.expect(200);
    let part = agent
        .post(
            "/schedules/week",
            &[("weekly.tue.from", "08:00"), ("weekly.tue.to", "12:00"), ("weekly.wed.from", "x"), ("weekly.wed.to", "")],
        )
        .await;
    let drawn = part.expect(200).select("dd span");
    assert_eq!((drawn[1].as_str(), drawn[2].as_str()), ("08:00-12:00", "closed"));
    assert!(owner.open("/search?q=watch").await.main().contains("Night watch"));
    assert!(!agent.open("/search?q=watch").await.main().contains("Europe/Madrid"));
    let supervisor = app.operator("supervisor").await;
    let ana = app.new_operator("Ana Ruiz", "ana@example.org", "agent").await;
    let there = format!("/operators/{ana}/hours");
    supervisor.open(&there).await.pick("Office hours", "Night watch").submit("Save changes").await.expect(200);
    let above = supervisor.post(&format!("/operators/{}/hours", owner.me()), &[("schedule_id", ""), ("version", "1")]).await;
    assert_eq!(above.status(), 403, "nobody changes the hours of somebody above");
}
