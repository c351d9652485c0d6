//! The operators' pages over HTTP (OP-1, OP-2).

use chrono::TimeDelta;

use crate::support::PASSWORD;
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
    browser.open(&profile).await.expect(200);
    let few = (cost(&app, &browser, "/operators").await, cost(&app, &browser, &profile).await);
    for n in 0..60 {
        app.new_operator(&format!("Person {n}"), &format!("person{n}@example.org"), "agent").await;
    }
    // The roster of the head is held in memory, and read before it is counted.
    browser.open(&profile).await.expect(200);
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

#[actix_web::test]
async fn another_own_address_asks_for_the_password_in_the_form_and_loses_nothing() {
    let app = TestApp::spawn().await;
    let me = app.owner().await;
    let page = me.open("/profile").await.expect(200);
    assert!(!page.text().contains("Your password"), "it was typed just now");
    app.pass(TimeDelta::minutes(6));
    // Opened in time, sent too late: everything typed stands there again, with the field that was missing.
    let page = page.fill("Full name", "Ada Anew").fill("Telephone", "+33 1 99 00 12 34").fill("E-mail", "anew@example.org");
    let page = page.submit("Save changes").await.expect(422);
    assert_eq!((page.value("Full name"), page.value("E-mail")), ("Ada Anew".into(), "anew@example.org".into()));
    assert!(page.text().contains("Type your password here to change your e-mail"));
    let page = page.fill("Your password", "not the one").submit("Save changes").await.expect(422);
    assert_eq!((page.value("Telephone"), page.value("Your password")), ("+33 1 99 00 12 34".into(), String::new()));
    assert!(page.text().contains("This is not your password"));
    assert!(!me.open("/profile").await.value("E-mail").contains("anew"), "nothing was changed yet");
    let page = page.fill("Your password", PASSWORD).submit("Save changes").await.expect(200);
    assert_eq!((page.value("Full name"), page.value("E-mail")), ("Ada Anew".into(), "anew@example.org".into()));
    assert!(!page.text().contains("Your password"), "it counts for five minutes");
    // Everything else needs no password, and who opens the form late sees the field at once.
    app.pass(TimeDelta::minutes(6));
    let page = me.open("/profile").await.expect(200);
    assert!(page.text().contains("Your password"));
    let page = page.fill("Full name", "Ada Again").submit("Save changes").await.expect(200);
    assert_eq!(page.value("Full name"), "Ada Again");
    let page = page.fill("E-mail", "no address").submit("Save changes").await.expect(422);
    assert!(!page.text().contains("Type your password here"), "that is not what is wrong");
}

#[actix_web::test]
async fn a_photo_that_came_with_a_faulty_form_is_asked_for_again() {
    let app = TestApp::spawn().await;
    let me = app.owner().await;
    let photo = reqwest::multipart::Part::bytes(std::fs::read("static/screenshots/operators.png").expect("a picture")).file_name("me.png");
    let form = reqwest::multipart::Form::new().text("csrf_token", me.csrf().await).text("name", "").part("photo", photo);
    let answer = me.request(reqwest::Method::POST, "/profile").multipart(form).send().await.expect("an answer");
    assert_eq!(answer.status(), 422);
    assert!(answer.text().await.expect("a page").contains("Choose the photo once more"));
}
