//! The stream of events that keeps pages fresh: who changed, told on every node, to those who are signed in.

use std::time::Duration;

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;
use tokio::time::timeout;

use crate::support::TestApp;

/// Longer than any event takes.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a stream said, up to the event that holds these words.
async fn heard(stream: &mut reqwest::Response, words: &str) -> String {
    let mut all = String::new();
    let listening = async {
        while !all.contains(words) {
            let chunk = stream.chunk().await.expect("a stream").expect("more of it");
            all.push_str(std::str::from_utf8(&chunk).expect("text"));
        }
    };
    let in_time = timeout(PATIENCE, listening).await;
    assert!(in_time.is_ok(), "{words} was never said: {all}");
    all
}

#[actix_web::test]
async fn a_change_is_told_to_open_pages_on_both_nodes() {
    let mut settings = None;
    let app = TestApp::spawn_with(|config| settings = Some(config.clone())).await;
    let owner = app.owner().await;
    let api = app.api_key(&["operators:write", "statuses:read"]).await;
    let ana = app.new_operator("Ana", "ana@example.com", "agent").await;
    let there = app.spawn_beside(settings.unwrap()).await;
    let mut here = owner.request(Method::GET, "/events").send().await.expect("an answer");
    assert_eq!((here.status().as_u16(), here.headers()["content-type"].to_str().unwrap()), (200, "text/event-stream"));
    let elsewhere = there.browser();
    elsewhere.set_cookie(&owner.cookies());
    let mut beyond = elsewhere.request(Method::GET, "/events").send().await.expect("an answer");
    heard(&mut here, "data: null").await;
    heard(&mut beyond, "data: null").await;
    api.patch(&format!("/operators/{ana}"), &json!({"do_not_disturb": true})).await.expect(200);
    let told = format!("event: changed\ndata: [{ana}]\n\n");
    assert!(heard(&mut here, &told).await.contains(&told));
    assert!(heard(&mut beyond, &told).await.contains(&told), "the other node tells it, too");
}

#[actix_web::test]
async fn events_are_for_those_who_are_signed_in_and_keep_no_session_alive() {
    let app = TestApp::spawn().await;
    let stranger = app.browser().request(Method::GET, "/events").send().await.expect("an answer");
    assert_ne!(stranger.headers().get("content-type").and_then(|kind| kind.to_str().ok()), Some("text/event-stream"));
    let owner = app.owner().await;
    for _ in 0..3 {
        app.pass(TimeDelta::minutes(50));
        let fetched = owner.request(Method::GET, "/").header("x-onduty-live", "1").send().await.expect("an answer");
        let is_signed_in = fetched.status() == 200;
        assert_eq!(is_signed_in, app.now() - crate::support::NOON < TimeDelta::hours(2), "{}", app.now());
    }
}
