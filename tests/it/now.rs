//! The page "Now" from outside: who receives where, what needs a hand, what comes next, kept fresh without a reload (UX, screen 1).

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Api, Browser, Page, TestApp};

/// A department with these members, all of whom may work and take chats, from a phone that needs no panel.
async fn department(app: &TestApp, slug: &str, name: &str, members: &[i64]) -> Api {
    let api = app
        .api_key(&["departments:write", "departments:read", "operators:write", "operators:read", "statuses:read", "schedules:write"])
        .await;
    api.post("/departments", &json!({"slug": slug, "name": name, "channels": ["chat"], "minimum_cover": 2})).await.expect(201);
    for member in members {
        let chat = json!({"channels": {"chat": {"allowed": true, "active": true}}});
        api.put(&format!("/departments/{slug}/members/{member}"), &chat).await;
        api.patch(&format!("/operators/{member}"), &json!({"presence_required": false})).await.expect(200);
    }
    api
}

async fn wear(api: &Api, operator: i64, status: &str) {
    let all = api.get("/statuses").await.expect(200);
    let found = all["items"].as_array().expect("a list").iter().find(|one| one["name"] == json!(status)).expect("a status").clone();
    let answer = api.put(&format!("/operators/{operator}/status"), &json!({"status_id": found["id"], "until": Value::Null})).await;
    assert!(answer.status.is_success(), "{}", answer.status);
}

/// The cells of the table, a row a line.
fn table(page: &Page) -> String {
    page.select(".od-duty tbody tr").join("\n")
}

/// What the page asks for when anything changed.
async fn asked_again(browser: &Browser, page: &Page) -> (u16, String) {
    let there = page.attributes("#now", "data-live").concat();
    let answer = browser.request(Method::GET, &there).header("hx-request", "true").send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("a text"))
}

#[actix_web::test]
async fn a_new_installation_is_told_what_to_do_first() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let page = owner.open("/").await.expect(200);
    assert_eq!(page.h1(), "On duty now");
    for words in ["No department yet", "Nothing needs a hand", "First steps", "Add your first department", "Set up office hours"] {
        assert!(page.main().contains(words), "{words}: {}", page.main());
    }
    let ana = app.new_operator("Ana Ruiz", "ana@example.org", "agent").await;
    department(&app, "sales", "Sales", &[ana]).await;
    let page = owner.open("/").await;
    assert!(!page.main().contains("Add your first department") && !page.main().contains("Add your operators"), "{}", page.main());
    let agent = app.operator("agent").await.open("/").await.expect(200);
    assert!(agent.main().contains("You belong to no department yet") && !agent.main().contains("First steps"), "{}", agent.main());
}

#[actix_web::test]
async fn a_change_of_a_status_shows_without_a_reload() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let (ana, bo) =
        (app.new_operator("Ana Ruiz", "ana@example.org", "agent").await, app.new_operator("Bo Lind", "bo@example.org", "agent").await);
    let api = department(&app, "sales", "Sales", &[ana, bo]).await;
    let page = owner.open("/").await;
    assert!(table(&page).contains("nobody receives"), "{}", table(&page));
    assert!(page.main().contains("Chats: nobody receives"), "it needs a hand: {}", page.main());
    assert_eq!(asked_again(&owner, &page).await.0, 204, "nothing changed");

    wear(&api, ana, "Online").await;
    let (status, part) = asked_again(&owner, &page).await;
    assert_eq!(status, 200);
    assert!(part.contains("fewer than 2") && part.contains("Ana Ruiz") && !part.contains("<html"), "{part}");
    wear(&api, bo, "Online").await;
    let page = owner.open("/").await;
    assert!(!table(&page).contains("fewer") && table(&page).contains("Ana Ruiz, Bo Lind"), "{}", table(&page));
    assert!(!page.main().contains("nobody receives"));
    api.patch(&format!("/operators/{bo}"), &json!({"do_not_disturb": true})).await.expect(200);
    assert!(table(&owner.open("/").await).contains("Bo Lind"), "Do Not Disturb stops calls alone");
    wear(&api, bo, "On break").await;
    assert!(page.select("h3").concat().contains("Online"), "{}", page.main());
    let page = owner.open("/").await;
    assert!(page.select("h3").concat().contains("On break") && !table(&page).contains("Bo Lind"), "{}", page.main());
}

#[actix_web::test]
async fn closed_departments_are_no_trouble_and_coming_changes_are_told() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ana = app.new_operator("Ana Ruiz", "ana@example.org", "agent").await;
    let api = department(&app, "sales", "Sales", &[ana]).await;
    let soon = app.now() + TimeDelta::hours(1);
    let (from, to) = (soon.format("%H:00").to_string(), (soon + TimeDelta::hours(4)).format("%H:00").to_string());
    let days: serde_json::Map<String, Value> =
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].into_iter().map(|day| (day.to_owned(), json!([[from, to]]))).collect();
    let made = api.post("/schedules", &json!({"name": "Late", "time_zone": "UTC", "weekly": days})).await.expect(201);
    api.patch("/departments/sales", &json!({"schedule_id": made["id"]})).await.expect(200);
    api.patch(&format!("/operators/{ana}"), &json!({"schedule_id": made["id"]})).await.expect(200);
    let page = owner.open("/").await;
    assert!(table(&page).contains("closed until") && !table(&page).contains("nobody"), "{}", table(&page));
    let coming = page.select(".od-next li").concat();
    assert!(coming.contains("Hours begin") && coming.contains("Ana Ruiz"), "{coming}");
    app.pass(TimeDelta::hours(1));
    let page = owner.open("/").await;
    assert!(table(&page).contains("open until"), "{}", table(&page));
    assert!(page.select(".od-next li").concat().contains("Hours end"), "{}", page.main());
}

#[actix_web::test]
async fn an_agent_sees_the_own_departments_and_standing() {
    let app = TestApp::spawn().await;
    app.owner().await;
    let (ana, bo) =
        (app.new_operator("Ana Ruiz", "ana@example.org", "agent").await, app.new_operator("Bo Lind", "bo@example.org", "agent").await);
    let api = department(&app, "sales", "Sales", &[ana]).await;
    department(&app, "repairs", "Repairs", &[bo]).await;
    let agent = app.signed_in(ana).await;
    let page = agent.open("/").await.expect(200);
    assert!(page.main().contains("Sales") && !page.main().contains("Repairs") && !page.main().contains("Bo Lind"), "{}", page.main());
    let reach = |page: &Page| page.select(".od-reach-one").concat();
    assert!(reach(&page).contains("Status: Offline"), "{}", reach(&page));
    assert!(!page.links().iter().any(|link| link.starts_with("/operators")), "{:?}", page.links());
    wear(&api, ana, "Online").await;
    let reach = reach(&agent.open("/").await);
    assert!(reach.contains("Chats") && !reach.contains("Offline"), "{reach}");
}

#[actix_web::test]
async fn it_costs_the_same_statements_whatever_the_rows() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let mut costs = Vec::new();
    for round in 0..2 {
        let mut members = Vec::new();
        for place in 0..(1 + 5 * round) {
            members.push(app.new_operator(&format!("Person {round} {place}"), &format!("p{round}{place}@example.org"), "agent").await);
        }
        for place in 0..(1 + 3 * round) {
            let slug = format!("d{round}{place}");
            department(&app, &slug, &slug.to_uppercase(), &members).await;
        }
        owner.open("/").await.expect(200);
        let before = app.ctx.store.statements();
        owner.open("/").await.expect(200);
        costs.push(app.ctx.store.statements() - before);
    }
    assert_eq!(costs[0], costs[1], "{costs:?}");
}
