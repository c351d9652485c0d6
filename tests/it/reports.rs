//! Time per status from outside: to the second, by the API, on the page of everybody and on that of one operator (ST-8, RE-1).

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::api::Api;
use crate::support::app::{NOON, TestApp};
use crate::support::browser::Browser;

async fn id(app: &TestApp, name: &str) -> i64 {
    let catalogue = app.ctx.present_catalogue().await.unwrap();
    catalogue.statuses.iter().find(|status| status.facts.name == name).unwrap().id
}

async fn switch(app: &TestApp, api: &Api, operator: i64, status: &str) {
    let id = id(app, status).await;
    api.put(&format!("/operators/{operator}/status"), &json!({"status_id": id})).await.expect(200);
}

fn when(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// Name of the status, seconds and counted seconds of one operator.
fn told(answer: &Value, operator: i64) -> BTreeMap<String, (i64, i64)> {
    let items = answer["items"].as_array().unwrap().iter().filter(|item| item["operator_id"] == operator);
    let one = |item: &Value| {
        let seconds = (item["seconds"].as_i64().unwrap(), item["counted_seconds"].as_i64().unwrap());
        (item["status"].as_str().unwrap().to_owned(), seconds)
    };
    items.map(one).collect()
}

fn expected(all: &[(&str, i64, i64)]) -> BTreeMap<String, (i64, i64)> {
    all.iter().map(|(status, seconds, counted)| ((*status).to_owned(), (*seconds, *counted))).collect()
}

/// Ana: online for 1:30:05, on break for half an hour, busy for ten minutes, then offline; it is 15:00 then.
async fn a_day(app: &TestApp) -> i64 {
    let api = app.api_key(&["operators:write"]).await;
    let ana = app.new_operator("Ana Ruiz", "ana@example.org", "agent").await;
    api.patch(&format!("/operators/{ana}"), &json!({"presence_required": false})).await.expect(200);
    for (status, seconds) in [("Online", 5405), ("On break", 1800), ("Busy", 600), ("Offline", 2995)] {
        switch(app, &api, ana, status).await;
        app.pass(TimeDelta::seconds(seconds));
    }
    ana
}

#[actix_web::test]
async fn the_time_in_each_status_is_told_to_the_second() {
    let app = TestApp::spawn().await;
    let ana = a_day(&app).await;
    let api = app.api_key(&["reports:read"]).await;
    let all = expected(&[("Online", 5405, 5405), ("On break", 1800, 1800), ("Busy", 600, 600), ("Offline", 2995, 0)]);
    let answer = api.get("/reports/status-time").await.expect(200);
    assert_eq!(told(&answer, ana), all);
    assert_eq!(answer["next_cursor"], Value::Null);
    let first = &answer["items"][0];
    assert_eq!(first.as_object().unwrap().keys().collect::<Vec<_>>(), ["counted_seconds", "operator_id", "seconds", "status", "status_id"]);

    let part = format!("from={}&to={}", when(NOON + TimeDelta::seconds(5400)), when(NOON + TimeDelta::seconds(5410)));
    let part = api.get(&format!("/reports/status-time?operator={ana}&{part}")).await.expect(200);
    assert_eq!(told(&part, ana), expected(&[("Online", 5, 5), ("On break", 5, 5)]), "what is worn since before counts from the start");
    let days = api.get("/reports/status-time?from=2026-03-11&to=2026-03-12").await.expect(200);
    assert_eq!(told(&days, ana), all, "until now, not until midnight");
    assert!(told(&api.get("/reports/status-time?from=2026-03-09&to=2026-03-10").await.expect(200), ana).is_empty());
    assert!(told(&api.get("/reports/status-time?from=2027-03-09&to=2027-03-10").await.expect(200), ana).is_empty());
}

#[actix_web::test]
async fn what_ended_by_itself_and_what_was_deleted_is_told_too() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["operators:write", "statuses:write", "reports:read"]).await;
    let ana = app.new_operator("Ana Ruiz", "ana@example.org", "agent").await;
    api.patch(&format!("/operators/{ana}"), &json!({"presence_required": false})).await.expect(200);
    let online = id(&app, "Online").await;
    let lunch = json!({"name": "Lunch", "color": "#1098ad", "count_after_close": true, "max_minutes": 45, "return_status_id": online});
    let lunch = api.post("/statuses", &lunch).await.expect(201)["id"].as_i64().unwrap();
    switch(&app, &api, ana, "Lunch").await;
    app.pass(TimeDelta::minutes(60));
    let path = format!("/reports/status-time?operator={ana}");
    let both = expected(&[("Lunch", 2700, 2700), ("Online", 900, 900)]);
    assert_eq!(told(&api.get(&path).await.expect(200), ana), both, "no job has written it down yet");
    app.tick(app.now()).await;
    assert_eq!(told(&api.get(&path).await.expect(200), ana), both);
    api.delete(&format!("/statuses/{lunch}")).await.expect(204);
    assert_eq!(told(&api.get(&path).await.expect(200), ana), expected(&[("Lunch", 2700, 0), ("Online", 900, 900)]));
    let page = app.owner().await.open(&format!("/operators/{ana}/performance")).await.expect(200);
    assert!(page.main().contains("Lunch"), "{}", page.main());
}

#[actix_web::test]
async fn a_lost_panel_ends_the_time_online_before_a_job_writes_it_down() {
    let app = TestApp::spawn().await;
    let ana = app.new_operator("Ana Ruiz", "ana@example.org", "agent").await;
    app.tick(NOON).await;
    let api = app.api_key(&["operators:write", "reports:read"]).await;
    switch(&app, &api, ana, "Online").await;
    for minute in 1..=15 {
        app.tick(NOON + TimeDelta::minutes(minute)).await;
    }
    let told = told(&api.get(&format!("/reports/status-time?operator={ana}")).await.expect(200), ana);
    assert_eq!(told, expected(&[("Online", 600, 600), ("Offline", 300, 0)]));
}

#[actix_web::test]
async fn everybody_is_read_page_by_page() {
    let app = TestApp::spawn().await;
    a_day(&app).await;
    for n in 0..7 {
        let id = app.new_operator(&format!("Person {n}"), &format!("person{n}@example.org"), "agent").await;
        let api = app.api_key(&["operators:write"]).await;
        app.pass(TimeDelta::seconds(n));
        switch(&app, &api, id, "Online").await;
    }
    app.new_operator("New", "new@example.org", "agent").await;
    let api = app.api_key(&["reports:read"]).await;
    let period = format!("from={}&to={}", when(NOON), when(app.now() + TimeDelta::hours(1)));
    let whole = api.get(&format!("/reports/status-time?{period}&limit=200")).await.expect(200)["items"].as_array().unwrap().clone();
    assert!(whole.len() > 8, "{whole:?}");
    for limit in [1, 3, 4] {
        let (mut read, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = api.get(&format!("/reports/status-time?{period}&limit={limit}{cursor}")).await.expect(200);
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= limit && !items.is_empty());
            read.extend(items.clone());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(read, whole, "by {limit}");
    }
}

#[actix_web::test]
async fn what_a_call_cannot_mean_is_refused_at_its_field() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["reports:read"]).await;
    for (query, field, code) in [
        ("operator=999", "operator", "unknown_choice"),
        ("operator=ana", "operator", "unknown_choice"),
        ("from=yesterday", "from", "instant"),
        ("from=2026-03-01T10:00:00", "from", "instant"),
        ("to=2026-02-30", "to", "instant"),
        ("from=2026-03-02&to=2026-03-01", "to", "date_order"),
        ("from=2026-03-12T00:00:00Z", "to", "date_order"),
        ("from=2024-03-01&to=2026-03-01", "to", "period_too_long"),
        ("from=-99999-01-01&to=2026-03-01", "from", "instant"),
        ("limit=0", "limit", "out_of_range"),
        ("cursor=x", "cursor", "cursor"),
        ("form=2026-03-01", "form", "unknown_field"),
    ] {
        let answer = api.get(&format!("/reports/status-time?{query}")).await;
        assert_eq!(answer.errors(), [(field.to_owned(), code.to_owned())], "{query}");
        answer.expect(422);
    }
    app.api_key(&["operators:read"]).await.get("/reports/status-time").await.expect(403);
}

#[actix_web::test]
async fn the_page_shows_everybody_sorts_searches_and_is_downloaded() {
    let app = TestApp::spawn().await;
    let ana = a_day(&app).await;
    let bo = app.new_operator("Bo Lind", "bo@example.org", "agent").await;
    let api = app.api_key(&["operators:write", "departments:write"]).await;
    switch(&app, &api, bo, "Online").await;
    app.pass(TimeDelta::seconds(61));
    api.post("/departments", &json!({"slug": "help", "name": "Help"})).await.expect(201);
    api.put(&format!("/departments/help/members/{bo}"), &json!({"channels": {}})).await;
    let supervisor = app.operator("supervisor").await;

    let page = supervisor.open("/").await.follow("Reports").await.expect(200);
    assert!(page.main().contains("11 March 2026") && page.main().contains("UTC"), "{}", page.main());
    let head = page.select("thead th");
    assert_eq!(head, ["Name", "Picture", "Online", "Busy", "On break", "Offline", "Counted"], "statuses in their order, those worn");
    let names = |page: &crate::support::Page| page.select("tbody .od-row-link");
    assert_eq!(names(&page)[..2], ["Ana Ruiz", "Bo Lind"]);
    let cells = page.select("tbody tr:first-child .od-share-cell ~ td");
    assert_eq!(cells, ["1:30:05", "0:10:00", "0:30:00", "0:50:56", "2:10:05"], "to the second");
    assert!(page.main().contains("1:31:06"), "both together: {}", page.main());
    assert!(page.has("svg.od-share rect") && !page.has("[style]"));

    let online = id(&app, "Online").await;
    let page = supervisor.open(&format!("/reports?sort={online}")).await.expect(200);
    assert_eq!(names(&page).last().unwrap(), "Ana Ruiz", "the longest last");
    let page = supervisor.open(&format!("/reports?sort=-{online}")).await.expect(200);
    assert_eq!(names(&page)[..2], ["Ana Ruiz", "Bo Lind"]);
    let page = supervisor.open("/reports?sort=-name").await.expect(200);
    assert_eq!(names(&page).last().unwrap(), "Ana Ruiz");
    let page = supervisor.open("/reports?department=help").await.expect(200);
    assert_eq!(names(&page), ["Bo Lind"]);
    let page = supervisor.open("/reports?q=ruiz&range=week").await.expect(200);
    assert_eq!(names(&page), ["Ana Ruiz"]);
    assert!(page.main().contains("9 March 2026") && page.main().contains("15 March 2026"), "{}", page.main());
    let page = page.follow("Ana Ruiz").await.expect(200);
    assert_eq!(page.address(), format!("/operators/{ana}/performance?range=week"));
    for nothing in ["q=nobody", "department=gone"] {
        assert!(supervisor.open(&format!("/reports?{nothing}")).await.expect(200).main().contains("Nobody found"));
    }
    let page = supervisor.open("/reports?range=own&from=2026-01-01&to=2026-01-02").await.expect(200);
    assert!(page.main().contains("Nobody wore a status"), "{}", page.main());
    let page = supervisor.open("/reports?range=own&from=2026-03-02&to=2026-03-01").await.expect(422);
    assert!(page.fault_at("Last day").contains("before the first"), "{:?}", page.faults());
    assert_eq!(page.value("First day"), "2026-03-02");

    let file = supervisor.request(reqwest::Method::GET, "/reports/status-time.csv?q=ruiz").send().await.unwrap();
    assert_eq!(file.headers()["content-disposition"], "attachment; filename=\"status-time-2026-03-11.csv\"");
    let text = file.text().await.unwrap();
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines[0], "day,operator_id,operator,status_id,status,seconds,counted_seconds");
    assert_eq!(lines[1], format!("2026-03-11,{ana},Ana Ruiz,{online},Online,5405,5405"));
    assert_eq!(lines.len(), 5);
    app.operator("agent").await.open("/reports").await.expect(403);
}

#[actix_web::test]
async fn an_operator_sees_the_own_performance_and_the_log_behind_it() {
    let app = TestApp::spawn().await;
    let ana = a_day(&app).await;
    let agent = app.signed_in(ana).await;
    app.clock.set(NOON + TimeDelta::hours(30));
    let agent_again = app.signed_in(ana).await;
    drop(agent);
    let page = agent_again.open("/profile").await.follow("Performance").await.expect(200);
    assert_eq!(page.address(), "/profile/performance");
    assert!(page.main().contains("18:00:00"), "offline since midnight: {}", page.main());
    assert!(page.main().contains("The status did not change"), "{}", page.main());
    let page = page.follow("Last 7 days").await.expect(200);
    assert!(page.main().contains("Wed 11 March 2026") && page.main().contains("Thu 12 March 2026"), "{}", page.main());
    let log = page.select("section[aria-labelledby=log-title] tbody tr");
    assert_eq!(log.len(), 5, "{log:?}");
    assert!(log[0].contains("Offline") && log[0].contains("Switched by a program") && log[0].contains("Test"), "{}", log[0]);
    assert!(log[4].contains("The first status"), "{}", log[4]);
    let file = agent_again.request(reqwest::Method::GET, "/profile/performance/status-time.csv?range=7days").send().await.unwrap();
    assert_eq!(file.text().await.unwrap().lines().count(), 6, "the second day has a line of its own");

    let another = app.operator("agent").await;
    another.open(&format!("/operators/{ana}/performance")).await.expect(403);
    app.operator("supervisor").await.open(&format!("/operators/{ana}/performance/status-time.csv")).await.expect(200);
    let page = app.owner().await.open(&format!("/operators/{ana}/performance?range=own&from=x&to=2026-03-01")).await.expect(422);
    assert!(page.fault_at("First day").contains("no date"), "{:?}", page.faults());
}

#[actix_web::test]
async fn a_long_log_has_pages() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["operators:write"]).await;
    let ana = app.new_operator("Ana Ruiz", "ana@example.org", "agent").await;
    for n in 0..60 {
        app.pass(TimeDelta::seconds(10));
        switch(&app, &api, ana, if n % 2 == 0 { "Online" } else { "Busy" }).await;
    }
    let owner = app.owner().await;
    let page = owner.open(&format!("/operators/{ana}/performance")).await.expect(200);
    assert_eq!(page.select("section[aria-labelledby=log-title] tbody tr").len(), 50);
    let next = page.attributes("a[rel=next]", "href").remove(0);
    let page = owner.open(&next).await.expect(200);
    assert_eq!(page.select("section[aria-labelledby=log-title] tbody tr").len(), 11);
}

/// How many statements a page costs.
async fn cost(app: &TestApp, browser: &Browser, path: &str) -> u64 {
    let before = app.ctx.store.statements();
    browser.open(path).await.expect(200);
    app.ctx.store.statements() - before
}

#[actix_web::test]
async fn reports_cost_the_same_statements_whatever_the_rows() {
    let app = TestApp::spawn().await;
    let ana = a_day(&app).await;
    let owner = app.owner().await;
    let pages =
        ["/reports".to_owned(), "/reports?range=month&sort=counted".to_owned(), format!("/operators/{ana}/performance?range=7days")];
    owner.open(&pages[2]).await;
    let mut few = Vec::new();
    for page in &pages {
        few.push(cost(&app, &owner, page).await);
    }
    let api = app.api_key(&["operators:write"]).await;
    for n in 0..60 {
        let id = app.new_operator(&format!("Person {n}"), &format!("person{n}@example.org"), "agent").await;
        app.pass(TimeDelta::seconds(1));
        switch(&app, &api, if n % 3 == 0 { ana } else { id }, if n % 2 == 0 { "Online" } else { "Busy" }).await;
    }
    // The roster behind the head of an operator's page is held in memory, and read before it is counted.
    owner.open(&pages[2]).await;
    for (page, few) in pages.iter().zip(few) {
        assert_eq!(cost(&app, &owner, page).await, few, "no statement for each row of {page}");
        assert!(few <= 7, "{page}: {few}");
    }
}
