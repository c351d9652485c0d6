//! The operators' pages over HTTP (OP-1, OP-2).

use crate::support::app::TestApp;
use crate::support::browser::Browser;

/// How many statements a page costs.
async fn cost(app: &TestApp, browser: &Browser, path: &str) -> u64 {
    let before = app.ctx.store.statements();
    browser.open(path).await.expect(200);
    app.ctx.store.statements() - before
}

#[actix_web::test]
async fn the_list_and_a_profile_cost_the_same_statements_whatever_the_rows() {
    let app = TestApp::spawn().await;
    let browser = app.owner().await;
    let profile = format!("/operators/{}", browser.me());
    let few = (cost(&app, &browser, "/operators").await, cost(&app, &browser, &profile).await);
    for n in 0..60 {
        app.new_operator(&format!("Person {n}"), &format!("person{n}@example.org"), "agent").await;
    }
    let many = (cost(&app, &browser, "/operators").await, cost(&app, &browser, &profile).await);
    assert_eq!(few, many, "no statement for each row");
    assert!(many.0 <= 4 && many.1 <= 4, "session, rows and count at the most: {many:?}");
}

#[actix_web::test]
async fn an_operator_is_added_found_and_invited_in_a_browser() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let page = owner.open("/operators/new").await.expect(200);
    let page = page.fill("Full name", "Zoë García").fill("E-mail", "not an address").submit("Add operator").await.expect(422);
    assert_eq!(page.value("Full name"), "Zoë García", "what was typed is kept");
    let page = page.fill("E-mail", "zoe@example.org").submit("Add operator").await.expect(200);
    assert_eq!(page.h1(), "Zoë García");
    let found = owner.open("/operators?q=garcia").await.expect(200);
    assert!(found.main().contains("Zoë García") && found.main().contains("Invited"), "found without the accent");
    app.deliver().await;
    app.browser().open(&app.mailbox.only("zoe@example.org").link()).await.expect(200);
    app.operator("agent").await.open("/operators/new").await.expect(403);
}
