//! Set-up, signing in, invitations and passwords, as a browser meets them (OP-5, A1 to A10, I1 to I7, F-1).

use chrono::TimeDelta;
use onduty::actions::{Actor, invitations, setup};
use onduty::store::accounts;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::{Browser, Page};

const NEW_PASSWORD: &str = "three quiet rivers at dawn";

async fn type_sign_in(browser: &Browser, email: &str, password: &str) -> Page {
    let page = browser.open("/login").await.expect(200);
    page.fill("E-mail", email).fill("Password", password).submit("Sign in").await
}

/// Invites somebody with an account that nobody can enter yet; returns the path of the link.
async fn invited(app: &TestApp, name: &'static str, email: &'static str) -> String {
    app.inside(async move |ctx| {
        let catalogue = ctx.present_catalogue().await?;
        let role = catalogue.role_by_slug("agent").map(|role| role.id).unwrap_or_default();
        let address = onduty::domain::email::EmailAddress::parse(email).expect("an address");
        let id = ctx.store.write(async |tx| accounts::insert(tx, name, &address, role, ctx.now()).await).await?;
        let actor = Actor::console();
        let link = invitations::copy_link(&ctx, actor.may()?, id).await?;
        let path = link.strip_prefix(ctx.base_url.as_str().trim_end_matches('/')).expect("our address");
        Ok::<String, onduty::error::AppError>(path.to_owned())
    })
    .await
    .expect("an invitation")
}

/// The set-up link, where there is one.
async fn set_up_link(app: &TestApp) -> Option<String> {
    let link = app.inside(async |ctx| setup::issue_token(&ctx).await).await.expect("an answer");
    link.map(|link| link.strip_prefix(app.ctx.base_url.as_str().trim_end_matches('/')).expect("our address").to_owned())
}

#[actix_web::test]
async fn the_set_up_link_creates_one_owner_and_then_stands_no_longer() {
    let app = TestApp::spawn().await;
    let path = set_up_link(&app).await.expect("an empty database");
    let browser = app.browser();
    let page = browser.open(&path).await.expect(200);
    let page = page.fill("Full name", "Ada Moss").fill("E-mail", "ada@example.org").fill("Password", "short");
    let page = page.fill("Password once more", "short").submit("Create the owner account").await.expect(422);
    assert_eq!(page.value("Full name"), "Ada Moss", "what was typed is kept");
    assert!(!page.text().contains("short"), "a password is never sent back");
    let page = page.fill("Password", NEW_PASSWORD).fill("Password once more", NEW_PASSWORD);
    let page = page.submit("Create the owner account").await.expect(200);
    assert_eq!(page.path(), "/login");
    assert!(page.flash().contains("owner account is ready"));
    type_sign_in(&browser, "ADA@example.org", NEW_PASSWORD).await.expect(200);
    browser.open(&path).await.expect(409);
    assert_eq!(set_up_link(&app).await, None, "the door is shut once somebody is in");
}

#[actix_web::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let app = TestApp::spawn().await;
    app.new_operator("Ada Moss", "ada@example.org", "owner").await;
    let wrong = type_sign_in(&app.browser(), "ada@example.org", "not the password").await.expect(422);
    let unknown = type_sign_in(&app.browser(), "eve@example.org", "not the password").await.expect(422);
    assert_eq!(wrong.faults(), ["The address or the password is wrong."]);
    assert_eq!(wrong.faults(), unknown.faults());
    let nonsense = type_sign_in(&app.browser(), "not an address", "x").await.expect(422);
    assert_eq!(nonsense.faults(), wrong.faults());
}

#[actix_web::test]
async fn guessing_is_slowed_down_and_a_known_browser_stays_free() {
    let app = TestApp::spawn().await;
    app.new_operator("Ada Moss", "ada@example.org", "owner").await;
    let known = app.browser();
    type_sign_in(&known, "ada@example.org", PASSWORD).await.expect(200);
    known.post("/logout", &[]).await;
    for _ in 0..5 {
        type_sign_in(&app.browser(), "ada@example.org", "a wrong guess").await.expect(422);
    }
    let page = type_sign_in(&app.browser(), "ada@example.org", PASSWORD).await.expect(429);
    assert!(page.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0));
    app.pass(TimeDelta::minutes(16));
    type_sign_in(&app.browser(), "ada@example.org", PASSWORD).await.expect(200);
}

#[actix_web::test]
async fn signing_in_leads_on_to_the_page_that_was_asked_for_and_nowhere_else() {
    let app = TestApp::spawn().await;
    app.new_operator("Ada Moss", "ada@example.org", "owner").await;
    let browser = app.browser();
    let page = browser.open("/profile/password").await.expect(200);
    assert_eq!(page.path(), "/login");
    let page = page.fill("E-mail", "ada@example.org").fill("Password", PASSWORD).submit("Sign in").await.expect(200);
    assert_eq!(page.path(), "/profile/password");
    for foreign in ["//evil.example", "https://evil.example", "/\\evil.example"] {
        let stranger = app.browser();
        let asked = format!("/login?next={foreign}");
        let page = stranger.open(&asked).await.expect(200);
        let page = page.fill("E-mail", "ada@example.org").fill("Password", PASSWORD).submit("Sign in").await;
        assert_eq!(page.path(), "/", "{foreign}");
    }
}

#[actix_web::test]
async fn an_invitation_is_accepted_once_and_reading_it_changes_nothing() {
    let app = TestApp::spawn().await;
    let path = invited(&app, "Ben Ode", "ben@example.org").await;
    let browser = app.browser();
    for _ in 0..3 {
        browser.open(&path).await.expect(200);
    }
    let page = browser.open(&path).await.expect(200);
    let page = page.fill("New password", NEW_PASSWORD).fill("Password once more", "another one entirely");
    let page = page.submit("Set password").await.expect(422);
    let page = page.fill("New password", NEW_PASSWORD).fill("Password once more", NEW_PASSWORD);
    assert!(page.submit("Set password").await.expect(200).flash().contains("Your password is set"));
    type_sign_in(&browser, "ben@example.org", NEW_PASSWORD).await.expect(200);
    app.browser().open(&path).await.expect(409);
    app.browser().open("/invitation/not-a-token").await.expect(409);
    app.browser().open(&path.replace("/invitation/", "/password/reset/")).await.expect(409);
}

#[actix_web::test]
async fn of_two_who_accept_at_once_one_wins() {
    let app = TestApp::spawn().await;
    let path = invited(&app, "Ben Ode", "ben@example.org").await;
    let (one, two) = (app.browser(), app.browser());
    let (a, b) = (one.open(&path).await.expect(200), two.open(&path).await.expect(200));
    let a = a.fill("New password", NEW_PASSWORD).fill("Password once more", NEW_PASSWORD).submit("Set password");
    let b = b.fill("New password", NEW_PASSWORD).fill("Password once more", NEW_PASSWORD).submit("Set password");
    let (a, b) = tokio::join!(a, b);
    let mut answers = [a.status(), b.status()];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409]);
}

#[actix_web::test]
async fn an_expired_invitation_can_be_renewed_to_its_own_address_only() {
    let app = TestApp::spawn().await;
    let path = invited(&app, "Ben Ode", "ben@example.org").await;
    app.pass(TimeDelta::days(8));
    let page = app.browser().open(&path).await.expect(200);
    assert_eq!(page.h1(), "This invitation has expired");
    page.submit("Send me a fresh invitation").await.expect(200);
    app.deliver().await;
    let fresh = app.mailbox.only("ben@example.org").link();
    assert_ne!(fresh, path);
    app.browser().open(&fresh).await.expect(200);
    app.browser().open(&path).await.expect(409);
}

#[actix_web::test]
async fn a_forgotten_password_is_replaced_by_mail_and_everybody_is_signed_out() {
    let app = TestApp::spawn().await;
    let id = app.new_operator("Ada Moss", "ada@example.org", "owner").await;
    let elsewhere = app.signed_in(id).await;
    for address in ["ada@example.org", "nobody@example.org"] {
        let page = app.browser().open("/password/forgot").await.expect(200).fill("E-mail", address);
        assert!(page.submit("Send the link").await.expect(200).flash().starts_with("If there is an account"));
    }
    app.deliver().await;
    assert_eq!(app.mailbox.all().len(), 1, "only the account that exists gets a mail");
    let link = app.mailbox.only("ada@example.org").link();
    let browser = app.browser();
    let page = browser.open(&link).await.expect(200);
    let page = page.fill("New password", NEW_PASSWORD).fill("Password once more", NEW_PASSWORD);
    assert_eq!(page.submit("Set password").await.expect(200).path(), "/login");
    assert_eq!(elsewhere.open("/profile/password").await.path(), "/login", "sessions end with the old password");
    type_sign_in(&browser, "ada@example.org", PASSWORD).await.expect(422);
    type_sign_in(&browser, "ada@example.org", NEW_PASSWORD).await.expect(200);
    app.browser().open(&link).await.expect(409);
    app.deliver().await;
    assert!(app.mailbox.last("ada@example.org").subject.contains("password"), "the change is told");
}

#[actix_web::test]
async fn changing_the_password_needs_the_present_one_and_ends_other_sessions() {
    let app = TestApp::spawn().await;
    let id = app.new_operator("Ada Moss", "ada@example.org", "owner").await;
    let (here, elsewhere) = (app.signed_in(id).await, app.signed_in(id).await);
    let fill = |page: Page, current: &str| {
        page.fill("Current password", current).fill("New password", NEW_PASSWORD).fill("Password once more", NEW_PASSWORD)
    };
    let page = fill(here.open("/profile/password").await.expect(200), "something else here");
    let page = page.submit("Change password").await.expect(422);
    assert_eq!(page.fault_at("Current password"), "This is not your password.");
    fill(page, PASSWORD).submit("Change password").await;
    assert_eq!(here.open("/profile/password").await.path(), "/profile/password", "this session goes on");
    assert_eq!(elsewhere.open("/profile/password").await.path(), "/login");
}

#[actix_web::test]
async fn sessions_end_when_they_are_idle_or_old() {
    let app = TestApp::spawn().await;
    let browser = app.owner().await;
    app.pass(TimeDelta::minutes(119));
    assert_eq!(browser.open("/profile/password").await.path(), "/profile/password");
    app.pass(TimeDelta::minutes(119));
    assert_eq!(browser.open("/profile/password").await.path(), "/profile/password", "use keeps it alive");
    app.pass(TimeDelta::minutes(121));
    assert_eq!(browser.open("/profile/password").await.path(), "/login", "two hours without use end it");
    let busy = app.owner().await;
    for _ in 0..12 {
        app.pass(TimeDelta::minutes(59));
        busy.open("/profile/password").await;
    }
    app.pass(TimeDelta::minutes(13));
    assert_eq!(busy.open("/profile/password").await.path(), "/login", "twelve hours end it whatever happens");
}

#[actix_web::test]
async fn a_form_without_the_token_of_this_session_is_refused() {
    let app = TestApp::spawn().await;
    app.new_operator("Ada Moss", "ada@example.org", "owner").await;
    let fields = [("email", "ada@example.org"), ("password", PASSWORD)];
    app.browser().post_bare("/login", &fields).await.expect(403);
    let foreign = app.browser().csrf().await;
    let stolen = [("email", "ada@example.org"), ("password", PASSWORD), ("csrf_token", foreign.as_str())];
    let victim = app.browser();
    victim.open("/login").await.expect(200);
    victim.post_bare("/login", &stolen).await.expect(403);
    let page = victim.post("/login", &fields).await;
    assert_ne!(page.status(), 403, "the session's own token is taken");
}

#[actix_web::test]
async fn a_new_browser_is_told_of_and_the_first_one_is_not() {
    let app = TestApp::spawn().await;
    app.new_operator("Ada Moss", "ada@example.org", "owner").await;
    let first = app.browser();
    type_sign_in(&first, "ada@example.org", PASSWORD).await;
    app.deliver().await;
    assert!(app.mailbox.all().is_empty());
    first.post("/logout", &[]).await;
    type_sign_in(&first, "ada@example.org", PASSWORD).await;
    app.deliver().await;
    assert!(app.mailbox.all().is_empty(), "a known browser is no news");
    type_sign_in(&app.browser(), "ada@example.org", PASSWORD).await;
    app.deliver().await;
    assert!(app.mailbox.only("ada@example.org").subject.starts_with("New sign-in"));
}

#[actix_web::test]
async fn signing_out_ends_the_session_for_good() {
    let app = TestApp::spawn().await;
    let browser = app.owner().await;
    let cookies = browser.cookies();
    assert_eq!(browser.post("/logout", &[]).await.path(), "/login");
    let thief = app.browser();
    for cookie in cookies.split("; ") {
        thief.set_cookie(cookie);
    }
    assert_eq!(thief.open("/profile/password").await.path(), "/login", "the old cookie opens nothing");
}
