//! What operators are told of by mail of their own choice: the start and the end of their hours (HR-6, NO-1), and the end of that (M8).

use chrono::{DateTime, DurationRound, SecondsFormat, TimeDelta, Utc};
use onduty::store::operators;
use serde_json::{Value, json};

use crate::support::{Browser, Mail, TestApp};

/// An agent who works an hour that begins in ten minutes, with the instants of its edges and the agent's address.
async fn agent(app: &TestApp) -> (Browser, DateTime<Utc>, DateTime<Utc>, String) {
    let ana = app.operator("agent").await;
    let from = (app.now() + TimeDelta::minutes(10)).duration_trunc(TimeDelta::minutes(1)).unwrap();
    let until = from + TimeDelta::hours(1);
    let interval = json!([[from.format("%H:%M").to_string(), until.format("%H:%M").to_string()]]);
    let weekly: Value =
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].into_iter().map(|day| (day.to_owned(), interval.clone())).collect();
    let api = app.api_key(&["schedules:write", "operators:write"]).await;
    let made = api.post("/schedules", &json!({"name": "An hour", "time_zone": "UTC", "weekly": weekly})).await.expect(201);
    api.patch(&format!("/operators/{}", ana.me()), &json!({"schedule_id": made["id"]})).await.expect(200);
    let email = operators::find(app.ctx.store.read(), ana.me()).await.unwrap().unwrap().email;
    app.deliver().await;
    app.mailbox.empty();
    (ana, from, until, email)
}

async fn choose(ana: &Browser, start: &str, end: &str) {
    let page = ana.open("/profile/notifications").await.expect(200);
    let page = page.pick("Office hours begin", start).pick("Office hours end", end).submit("Save changes").await.expect(200);
    assert_eq!((page.value("Office hours begin"), page.value("Office hours end")), chosen(start, end));
}

fn chosen(start: &str, end: &str) -> (String, String) {
    let name = |text: &str| match text {
        "Never" => "never",
        "Always" => "always",
        _ => "away",
    };
    (name(start).to_owned(), name(end).to_owned())
}

const AWAY: &str = "Only away from panel and phone";

fn subjects(mails: &[Mail]) -> Vec<&str> {
    mails.iter().map(|mail| mail.subject.as_str()).collect()
}

#[actix_web::test]
async fn the_edges_of_hours_are_told_once_to_who_chose_it() {
    let app = TestApp::spawn().await;
    let (ana, from, until, email) = agent(&app).await;
    let page = ana.open("/profile/notifications").await.expect(200);
    assert!(page.main().contains(&email), "{}", page.main());
    assert_eq!((page.value("Office hours begin"), page.value("Office hours end")), chosen("Never", "Never"));
    choose(&ana, "Always", "Always").await;
    app.tick(from - TimeDelta::seconds(1)).await;
    assert!(app.mailbox.to(&email).is_empty());
    app.tick(from + TimeDelta::seconds(40)).await;
    app.tick(from + TimeDelta::minutes(2)).await;
    let mail = app.mailbox.only(&email);
    assert_eq!(mail.subject, "Your office hours have begun");
    assert!(mail.text.contains("/panel"), "{}", mail.text);
    assert_eq!(mail.header("auto-submitted"), Some("auto-notified"));
    app.tick(until + TimeDelta::minutes(1)).await;
    assert_eq!(subjects(&app.mailbox.to(&email)), ["Your office hours have begun", "Your office hours are over"]);
}

#[actix_web::test]
async fn whoever_is_there_or_absent_or_never_asked_is_not_told() {
    let app = TestApp::spawn().await;
    let (ana, from, until, email) = agent(&app).await;
    choose(&ana, AWAY, "Never").await;
    let csrf = ana.csrf().await;
    let beat = async || {
        let body = format!("csrf_token={csrf}&client=tab-1&active=true");
        let request = ana.request(reqwest::Method::POST, "/panel/presence").header("content-type", "application/x-www-form-urlencoded");
        assert_eq!(request.body(body).send().await.unwrap().status(), 200);
    };
    app.tick(from - TimeDelta::seconds(30)).await;
    beat().await;
    app.tick(from + TimeDelta::seconds(40)).await;
    app.tick(until + TimeDelta::minutes(1)).await;
    assert!(app.mailbox.to(&email).is_empty(), "a panel is open, and the end was not asked for");
    let day = TimeDelta::days(1);
    app.tick(from + day + TimeDelta::seconds(40)).await;
    assert_eq!(subjects(&app.mailbox.to(&email)), ["Your office hours have begun"], "no panel on the next day");
    let instant = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let absence =
        json!({"operator_id": ana.me(), "starts_at": instant(from + day * 2 - TimeDelta::hours(1)), "ends_at": instant(until + day * 2)});
    app.api_key(&["absences:write"]).await.post("/absences", &absence).await.expect(201);
    app.mailbox.empty();
    app.tick(from + day * 2 + TimeDelta::minutes(1)).await;
    assert!(app.mailbox.to(&email).is_empty(), "absent");
}

#[actix_web::test]
async fn what_a_server_missed_for_long_is_not_told_any_more_and_what_it_just_missed_is() {
    let app = TestApp::spawn().await;
    let (ana, from, until, email) = agent(&app).await;
    choose(&ana, "Always", "Always").await;
    app.tick(from + TimeDelta::minutes(20)).await;
    assert!(app.mailbox.to(&email).is_empty(), "twenty minutes late");
    app.tick(until + TimeDelta::minutes(14)).await;
    assert_eq!(subjects(&app.mailbox.to(&email)), ["Your office hours are over"], "fourteen minutes late");
}

#[actix_web::test]
async fn the_mail_itself_ends_them() {
    let app = TestApp::spawn().await;
    let (ana, from, _, email) = agent(&app).await;
    choose(&ana, "Always", AWAY).await;
    app.tick(from + TimeDelta::minutes(1)).await;
    let mail = app.mailbox.only(&email);
    assert_eq!(mail.header("list-unsubscribe-post"), Some("List-Unsubscribe=One-Click"));
    let address = mail.header("list-unsubscribe").unwrap().trim_matches(['<', '>']).to_owned();
    let path = url::Url::parse(&address).unwrap().path().to_owned();
    let stranger = app.browser();
    stranger.open(&format!("{path}0")).await.expect(404);
    stranger.open(&path.replace("shift_starts", "shift_ends")).await.expect(404);
    let page = stranger.open(&path).await.expect(200);
    assert_eq!(page.h1(), "Stop these mails");
    assert_eq!(ana.open("/profile/notifications").await.value("Office hours begin"), "always", "looking ends nothing");
    // As a mail program does it: without a cookie, and nothing of ours in the body.
    let done = app.browser().post_bare(&path, &[("List-Unsubscribe", "One-Click")]).await.expect(200);
    assert!(done.main().contains("no more of these mails"), "{}", done.main());
    app.browser().post_bare(&path, &[]).await.expect(200);
    let after = ana.open("/profile/notifications").await;
    assert_eq!((after.value("Office hours begin"), after.value("Office hours end")), chosen("Never", AWAY));
    let history = app.owner().await.open(&format!("/operators/{}/history", ana.me())).await.expect(200);
    assert!(history.main().contains("Told when office hours begin"), "{}", history.main());
}

#[actix_web::test]
async fn choices_are_one_s_own_or_a_manager_s_and_bad_ones_change_nothing() {
    let app = TestApp::spawn().await;
    let (ana, ..) = agent(&app).await;
    let path = format!("/operators/{}/notifications", ana.me());
    let owner = app.owner().await;
    let bad = owner.post(&path, &[("shift_starts", "sometimes"), ("shift_ends", "always")]).await.expect(422);
    assert_eq!(bad.fault_at("Office hours begin"), "Choose one of the entries offered");
    assert_eq!(owner.open(&path).await.value("Office hours end"), "never");
    owner.post(&path, &[("shift_starts", "always"), ("shift_ends", "never")]).await.expect(200);
    assert_eq!(owner.open(&path).await.value("Office hours begin"), "always");
    let supervisor = app.operator("supervisor").await;
    supervisor.post(&path, &[("shift_starts", "never"), ("shift_ends", "never")]).await.expect(403);
    assert!(!supervisor.open(&path).await.expect(200).has("form.od-form"));
}
