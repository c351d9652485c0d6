//! Presence and what switches statuses by itself: lost panels, hours, silence, hours that somebody allowed (ST-5, ST-7, HR-4).

use chrono::{DateTime, TimeDelta, Utc};
use onduty::actions::operators as deeds;
use onduty::store::{operators, presence, status_log};
use serde_json::{Value, json};

use crate::support::{Browser, TestApp};

/// Lives on for so many seconds in steps of half a minute, as a server does.
async fn live(app: &TestApp, seconds: i64) {
    let end = app.now() + TimeDelta::seconds(seconds);
    while app.now() < end {
        app.tick(end.min(app.now() + TimeDelta::seconds(30))).await;
    }
}

async fn id(app: &TestApp, name: &str) -> i64 {
    let catalogue = app.ctx.present_catalogue().await.unwrap();
    catalogue.statuses.iter().find(|status| status.facts.name == name).unwrap().id
}

/// The log of an operator without the first entry, oldest first: status, cause, minutes after an instant.
async fn log(app: &TestApp, operator: i64, from: DateTime<Utc>) -> Vec<(String, String, f64)> {
    let mut rows = status_log::of_operator(app.ctx.store.read(), operator, 50).await.unwrap();
    rows.reverse();
    rows.retain(|row| row.cause != "start");
    rows.into_iter().map(|row| (row.to_name, row.cause, (row.at.0 - from).as_seconds_f64() / 60.0)).collect()
}

fn entry(name: &str, cause: &str, minutes: f64) -> (String, String, f64) {
    (name.to_owned(), cause.to_owned(), minutes)
}

/// An agent who has a panel open and is online.
async fn online(app: &TestApp) -> Browser {
    let ana = app.operator("agent").await;
    let page = ana.open("/panel").await.within("main").submit("Online").await.expect(200);
    assert!(page.main().contains("You receive"), "{}", page.main());
    ana
}

async fn beat(browser: &Browser, client: &str, active: bool) -> Value {
    let csrf = browser.csrf().await;
    let body = format!("csrf_token={csrf}&client={}&active={active}", client.replace(' ', "+"));
    let request = browser.request(reqwest::Method::POST, "/panel/presence").header("content-type", "application/x-www-form-urlencoded");
    let answer = request.body(body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

/// A shared schedule of every day between two times of UTC.
async fn schedule(app: &TestApp, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
    let interval = json!([[from.format("%H:%M").to_string(), to.format("%H:%M").to_string()]]);
    let weekly: Value =
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].into_iter().map(|day| (day.to_owned(), interval.clone())).collect();
    let sent = json!({"name": format!("From {from}"), "time_zone": "UTC", "weekly": weekly});
    let made = app.api_key(&["schedules:write"]).await.post("/schedules", &sent).await.expect(201);
    made["id"].as_i64().unwrap()
}

async fn give(app: &TestApp, operator: i64, fields: Value) {
    app.api_key(&["operators:write"]).await.patch(&format!("/operators/{operator}"), &fields).await.expect(200);
}

#[actix_web::test]
async fn a_closed_panel_is_told_ten_minutes_later_with_the_reason_in_its_log() {
    let app = TestApp::spawn().await;
    let ana = online(&app).await;
    let from = app.now();
    live(&app, 599).await;
    assert_eq!(log(&app, ana.me(), from).await.last(), Some(&entry("Online", "self", 0.0)), "9:59");
    live(&app, 31).await;
    assert_eq!(log(&app, ana.me(), from).await.last(), Some(&entry("Offline", "no_session", 10.0)));
    live(&app, 1200).await;
    assert_eq!(log(&app, ana.me(), from).await.len(), 2, "never switched twice");
    let page = ana.open("/panel").await.expect(200);
    assert!(page.main().contains("Switched automatically: No open panel"), "{}", page.main());
    assert!(page.main().contains("You do not receive"), "without hours, one comes back by oneself: {}", page.main());
    assert!(page.has("#panel[data-panel][data-status][data-since]"));
}

#[actix_web::test]
async fn while_heartbeats_come_nothing_is_said_of_their_end() {
    let app = TestApp::spawn().await;
    let ana = online(&app).await;
    let api = app.api_key(&["departments:write"]).await;
    api.post("/departments", &json!({"name": "Support"})).await.expect(201);
    api.put(&format!("/departments/support/members/{}", ana.me()), &json!({})).await.expect(200);
    let told = async |path: &str, part: &str| ana.open(path).await.expect(200).select(part).concat();
    app.pass(TimeDelta::minutes(1));
    beat(&ana, "tab 1", true).await;
    assert_eq!(told("/panel", ".od-reach").await, "Tickets yesChats yesCalls yes");
    for (path, part) in [("/panel", ".od-head"), ("/panel", ".od-reach"), ("/", ".od-reach"), ("/", "#now")] {
        let words = told(path, part).await;
        assert!(!words.contains("then Offline") && !words.contains("until"), "{path}: {words}");
    }
    app.pass(TimeDelta::minutes(3));
    let end = (app.now() + TimeDelta::minutes(7)).format("until %H:%M").to_string();
    assert!(told("/", ".od-reach").await.contains(&end), "the panel was closed: {}", told("/", ".od-reach").await);
    let hours = schedule(&app, app.now() - TimeDelta::hours(1), app.now() + TimeDelta::hours(1)).await;
    give(&app, ana.me(), json!({"schedule_id": hours})).await;
    let end = (app.now() + TimeDelta::hours(1)).format("until %H:%M").to_string();
    assert!(told("/panel", ".od-head").await.contains("then Offline"), "{}", told("/panel", ".od-head").await);
    assert!(told("/panel", ".od-reach").await.contains(&end), "{}", told("/panel", ".od-reach").await);
}

#[actix_web::test]
async fn a_heartbeat_inside_the_window_and_any_of_several_clients_keep_somebody_there() {
    let app = TestApp::spawn().await;
    let ana = online(&app).await;
    let from = app.now();
    let api = app.api_key(&["operators:write"]).await;
    let there = format!("/operators/{}/presence", ana.me());
    live(&app, 590).await;
    let answer = beat(&ana, "tab 1", false).await;
    assert_eq!(answer["status_id"], id(&app, "Online").await.to_string());
    live(&app, 300).await;
    let said = api.put(&there, &json!({"client": "desk-phone-7"})).await.expect(200);
    assert_eq!((&said["name"], &said["cause"]), (&json!("Online"), &json!("self")));
    api.delete(&there).await.expect(204);
    live(&app, 595).await;
    assert_eq!(log(&app, ana.me(), from).await.len(), 1, "a goodbye changes nothing before the window ends");
    live(&app, 30).await;
    let ended = log(&app, ana.me(), from).await;
    assert_eq!(
        ended.last().map(|(name, cause, at)| (name.as_str(), cause.as_str(), (at * 60.0).round())),
        Some(("Offline", "no_session", 1490.0))
    );
    let stretches = presence::of_operator(app.ctx.store.read(), ana.me(), from - TimeDelta::days(1)).await.unwrap();
    assert_eq!(stretches.iter().filter(|stretch| stretch.kind == "api" && stretch.ended_at.is_some()).count(), 1);
    api.put(&there, &json!({"client": "desk-phone-7"})).await.expect(200);
    let stretches = presence::of_operator(app.ctx.store.read(), ana.me(), from - TimeDelta::days(1)).await.unwrap();
    assert_eq!(stretches.iter().filter(|stretch| stretch.kind == "api").count(), 2, "after a lapse a new stretch begins");
}

#[actix_web::test]
async fn only_a_stretch_that_begins_counts_as_a_change_of_the_operator() {
    let app = TestApp::spawn().await;
    let ana = online(&app).await;
    beat(&ana, "tab 1", true).await;
    let before = onduty::store::versions::all(app.ctx.store.read()).await.unwrap();
    app.pass(TimeDelta::seconds(30));
    beat(&ana, "tab 1", true).await;
    assert_eq!(onduty::store::versions::all(app.ctx.store.read()).await.unwrap(), before);
    beat(&ana, "tab 2", true).await;
    let after = onduty::store::versions::all(app.ctx.store.read()).await.unwrap();
    assert_eq!((after.operators, after.everyone), (before.operators + 1, before.everyone));
}

#[actix_web::test]
async fn a_restart_expires_nobody_by_itself() {
    let app = TestApp::spawn().await;
    let ana = online(&app).await;
    let from = app.now();
    live(&app, 480).await;
    app.inside(async |ctx| deeds::listen(&ctx).await.unwrap()).await;
    live(&app, 540).await;
    assert_eq!(log(&app, ana.me(), from).await.len(), 1, "seventeen minutes without a heartbeat, nine after the restart");
    live(&app, 90).await;
    assert_eq!(log(&app, ana.me(), from).await.last(), Some(&entry("Offline", "no_session", 18.0)));
    // A job that slept, or a machine that did, is like a restart.
    ana.open("/panel").await.within("main").submit("Online").await.expect(200);
    app.tick(app.now() + TimeDelta::hours(3)).await;
    assert_eq!(log(&app, ana.me(), from).await.last().map(|(name, ..)| name.clone()), Some("Online".to_owned()));
    live(&app, 600).await;
    assert_eq!(log(&app, ana.me(), from).await.last().map(|(name, ..)| name.clone()), Some("Offline".to_owned()));
}

#[actix_web::test]
async fn hours_bring_online_and_offline_at_their_instants_however_late_the_job_runs() {
    let app = TestApp::spawn().await;
    let desk = app.operator("agent").await;
    let ana = app.operator("agent").await;
    app.tick(app.now()).await;
    let from = app.now();
    let hours = schedule(&app, from + TimeDelta::hours(1), from + TimeDelta::hours(2)).await;
    give(&app, desk.me(), json!({"schedule_id": hours, "presence_required": false})).await;
    give(&app, ana.me(), json!({"schedule_id": hours})).await;
    app.tick(from + TimeDelta::hours(3)).await;
    assert_eq!(log(&app, desk.me(), from).await, [entry("Online", "schedule", 60.0), entry("Offline", "schedule", 120.0)]);
    assert_eq!(log(&app, ana.me(), from).await.len(), 2, "nobody could be heard meanwhile");

    app.tick(from + TimeDelta::hours(25) - TimeDelta::minutes(5)).await;
    live(&app, 1800).await;
    let day = 24.0 * 60.0;
    assert_eq!(log(&app, desk.me(), from).await.last(), Some(&entry("Online", "schedule", day + 60.0)));
    assert_eq!(log(&app, ana.me(), from).await.last(), Some(&entry("Offline", "no_session", day + 70.0)), "the start found no panel");
    let ana = app.signed_in(ana.me()).await;
    let page = ana.open("/panel").await.expect(200);
    assert!(page.main().contains("You receive") && page.main().contains("Switched automatically: Office hours"), "{}", page.main());
    assert_eq!(page.select("#my-status summary").concat().trim(), "Online", "the head of the page says the same");
    assert_eq!(
        log(&app, ana.me(), from).await.last(),
        Some(&entry("Online", "schedule", day + 85.0)),
        "opening the panel within the hours"
    );
}

#[actix_web::test]
async fn silence_sends_away_and_activity_brings_back() {
    let app = TestApp::spawn().await;
    let ana = online(&app).await;
    let from = app.now();
    give(&app, ana.me(), json!({"idle_minutes": 5})).await;
    let busy = id(&app, "Busy").await;
    app.api_key(&["settings:write"]).await.patch("/settings", &json!({"auto_offline_status_id": busy})).await.expect(200);
    for _ in 0..12 {
        beat(&ana, "tab 1", false).await;
        live(&app, 30).await;
    }
    assert_eq!(log(&app, ana.me(), from).await.last(), Some(&entry("Busy", "idle", 5.0)));
    let page = ana.open("/panel?still=true").await.expect(200);
    assert!(page.main().contains("Switched automatically: No activity"), "a page that opens itself anew is no activity: {}", page.main());
    let answer = beat(&ana, "tab 1", true).await;
    assert_eq!(answer["status_id"], id(&app, "Online").await.to_string());
    assert_eq!(log(&app, ana.me(), from).await.last(), Some(&entry("Online", "idle", 6.0)));
    let page = ana.open("/panel?still=true").await.expect(200);
    assert!(page.main().contains("Activity again"), "{}", page.main());
}

#[actix_web::test]
async fn a_supervisor_allows_hours_beside_the_schedule_and_ends_them_early() {
    let app = TestApp::spawn().await;
    let bo = app.operator("supervisor").await;
    let ana = app.operator("agent").await;
    app.tick(app.now()).await;
    let from = app.now();
    let hours = schedule(&app, from - TimeDelta::hours(2), from - TimeDelta::hours(1)).await;
    give(&app, ana.me(), json!({"schedule_id": hours, "presence_required": false})).await;
    let there = format!("/operators/{}/hours", ana.me());
    assert!(bo.open(&there).await.main().contains("Outside hours until"), "before anything is allowed");
    for (typed, is_right) in [("", false), ("soon", false), ("2020-01-01T10:00", false), ("2099-01-01T10:00", false)] {
        let page = bo.open(&there).await.fill("Until", typed).submit("Allow").await;
        assert_eq!(page.status() == 200, is_right, "{typed}");
        assert!(page.fault_at("Until").contains("within 7 days"), "{typed}: {}", page.fault_at("Until"));
    }
    let until = from + TimeDelta::hours(2);
    let page = bo.open(&there).await.fill("Until", &until.format("%Y-%m-%dT%H:%M").to_string()).submit("Allow").await.expect(200);
    assert!(
        page.main().contains("Within hours until") && page.main().contains("Because") && page.has("form[action$='/override/deletion']"),
        "{}",
        page.main()
    );
    ana.open("/panel").await.within("main").submit("Online").await.expect(200);
    live(&app, 120).await;
    let page = bo.open(&there).await.submit("End it now").await.expect(200);
    assert!(page.main().contains("Outside hours until"), "{}", page.main());
    assert_eq!(
        log(&app, ana.me(), from).await.last(),
        Some(&entry("Offline", "schedule", 2.0)),
        "the end of the hours is followed at once"
    );

    let api = app.api_key(&["operators:write"]).await;
    let call = format!("/operators/{}/hours-override", ana.me());
    let said = api.put(&call, &json!({"until": until.to_rfc3339()})).await.expect(200);
    assert!(said["allowed_by"].as_str().is_some_and(|name| !name.is_empty()), "{said}");
    ana.open("/panel").await.expect(200);
    assert_eq!(log(&app, ana.me(), from).await.last(), Some(&entry("Online", "schedule", 2.0)), "the panel is open within the hours");
    app.tick(until + TimeDelta::minutes(5)).await;
    assert_eq!(log(&app, ana.me(), from).await.last(), Some(&entry("Offline", "schedule", 120.0)));
    api.delete(&call).await.expect(204);
    api.put(&call, &json!({"until": (app.now() + TimeDelta::days(8)).to_rfc3339()})).await.expect(422);
    api.put(&call, &json!({"until": "tomorrow"})).await.expect(422);
    give(&app, ana.me(), json!({"schedule_id": null})).await;
    api.put(&call, &json!({"until": (app.now() + TimeDelta::hours(1)).to_rfc3339()})).await.expect(409);
    let ana = app.signed_in(ana.me()).await;
    let forbidden = ana.post("/profile/hours/override", &[("until", "2027-01-01T10:00")]).await;
    assert!([403, 422].contains(&forbidden.status()), "an agent allows nothing: {}", forbidden.status());
    assert!(!ana.open("/profile/hours").await.main().contains("Hours beside the schedule"));
    let audit = app.owner().await.open("/audit").await.main();
    assert!(audit.contains("Hours beside the schedule allowed") && audit.contains("Hours beside the schedule ended"), "{audit}");
}

#[actix_web::test]
async fn heartbeats_for_others_need_the_right_and_somebody_to_be_there() {
    let app = TestApp::spawn().await;
    let ana = app.operator("agent").await;
    let api = app.api_key(&["operators:write"]).await;
    let there = format!("/operators/{}/presence", ana.me());
    app.api_key(&["operators:read"]).await.put(&there, &json!({"client": "x"})).await.expect(403);
    for body in
        [json!({}), json!({"client": ""}), json!({"client": "a\nb"}), json!({"client": "x".repeat(101)}), json!({"client": "x", "more": 1})]
    {
        let refused = api.put(&there, &body).await;
        assert_eq!(refused.status.as_u16(), 422, "{body}");
    }
    api.put(&there, &json!({"client": "x".repeat(100), "active": false})).await.expect(200);
    api.put("/operators/999999/presence", &json!({"client": "x"})).await.expect(404);
    api.delete("/operators/999999/presence").await.expect(404);
    api.delete(&format!("{there}?client=nobody")).await.expect(204);
    let owner = app.owner().await;
    owner.post(&format!("/operators/{}/suspension", ana.me()), &[]).await;
    let refused = api.put(&there, &json!({"client": "x"})).await.expect(409);
    assert!(refused["detail"].as_str().is_some_and(|words| words.contains("suspended")), "{refused}");
    owner.post(&format!("/operators/{}/deletion", ana.me()), &[]).await;
    api.put(&there, &json!({"client": "x"})).await.expect(404);
}

#[actix_web::test]
async fn two_nodes_write_every_switch_once() {
    let mut settings = None;
    let app = TestApp::spawn_with(|config| settings = Some(config.clone())).await;
    let ana = online(&app).await;
    let desk = app.operator("agent").await;
    app.tick(app.now()).await;
    let from = app.now();
    let hours = schedule(&app, from + TimeDelta::minutes(3), from + TimeDelta::minutes(6)).await;
    give(&app, desk.me(), json!({"schedule_id": hours, "presence_required": false})).await;
    let other = app.spawn_beside(settings.unwrap()).await;
    while app.now() < from + TimeDelta::minutes(12) {
        app.pass(TimeDelta::seconds(30));
        other.pass(app.now() - other.now());
        let (mine, theirs) =
            tokio::join!(app.inside(async |ctx| deeds::follow_all(&ctx).await), other.inside(async |ctx| deeds::follow_all(&ctx).await));
        mine.unwrap();
        theirs.unwrap();
    }
    assert_eq!(log(&app, desk.me(), from).await, [entry("Online", "schedule", 3.0), entry("Offline", "schedule", 6.0)]);
    assert_eq!(log(&app, ana.me(), from).await.last(), Some(&entry("Offline", "no_session", 10.0)));
    assert_eq!(log(&app, ana.me(), from).await.len(), 2);
    let operator = operators::find(app.ctx.store.read(), desk.me()).await.unwrap().unwrap();
    assert_eq!(operator.worn.map(|worn| worn.status_id), Some(id(&app, "Offline").await));
}

#[actix_web::test]
async fn a_clock_that_was_ahead_and_is_set_back_expires_nobody_and_follows_on() {
    let app = TestApp::spawn().await;
    let ana = online(&app).await;
    app.tick(app.now()).await;
    let from = app.now();
    app.clock.set(from + TimeDelta::days(2));
    let api = app.api_key(&["operators:write"]).await;
    api.put(&format!("/operators/{}/presence", ana.me()), &json!({"client": "x"})).await.expect(200);
    app.tick(app.now()).await;
    app.clock.set(from + TimeDelta::minutes(1));
    app.inside(async |ctx| deeds::follow_all(&ctx).await.unwrap()).await;
    let watch = presence::watch(app.ctx.store.read()).await.unwrap();
    assert_eq!((watch.followed_at, watch.resumed_at), (app.now(), app.now()));
    let stretches = presence::of_operator(app.ctx.store.read(), ana.me(), from - TimeDelta::days(1)).await.unwrap();
    assert!(stretches.iter().all(|stretch| stretch.beat_at.0 <= app.now()), "no heartbeat lies in the time to come");
    assert_eq!(log(&app, ana.me(), from).await.len(), 1);
    live(&app, 660).await;
    assert_eq!(log(&app, ana.me(), from).await.last().map(|(_, cause, _)| cause.clone()), Some("no_session".to_owned()));
}

#[actix_web::test]
async fn a_phone_that_says_somebody_is_there_is_among_their_applications() {
    let app = TestApp::spawn().await;
    let ana = app.operator("agent").await;
    let api = app.api_key(&["operators:write"]).await;
    assert!(!ana.open("/profile/applications").await.main().contains("Phones and programs"));
    api.put(&format!("/operators/{}/presence", ana.me()), &json!({"client": "desk-phone-7"})).await.expect(200);
    let page = ana.open("/profile/applications").await.expect(200);
    assert!(page.main().contains("desk-phone-7") && page.main().contains("Counts now"), "{}", page.main());
    app.pass(TimeDelta::minutes(11));
    let later = ana.open("/profile/applications").await.expect(200);
    assert!(later.main().contains("desk-phone-7") && !later.main().contains("Counts now"), "{}", later.main());
}
