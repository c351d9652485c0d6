//! kill -9 in the middle of posting forms (D-4): what was acknowledged is there afterwards, and nothing is half done.
//!
//! `ONDUTY_KILL_ROUNDS` is how often the server is killed (3).

use std::process::Stdio;
use std::time::Duration;

use onduty::security::random::{Random, SystemRandom};
use reqwest::Method;
use sea_orm::{ConnectionTrait, Database as SeaOrm, DatabaseConnection, Statement};

use crate::support::process::{Serving, listening, onduty};
use crate::support::{Browser, Database};

const EMAIL: &str = "ada@example.org";
const PASSWORD: &str = "plain lamp under seven boats";
/// Connections that add operators; one more saves a profile.
const ADDING: u64 = 4;

/// A form that was sent, and whether it was acknowledged.
struct Sent {
    email: String,
    submission_id: String,
    is_acknowledged: bool,
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_was_acknowledged_survives_a_kill_and_nothing_is_half_done() {
    let rounds: u64 = std::env::var("ONDUTY_KILL_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3);
    let database = Database::fresh().await;
    let (mut all, mut saved) = (Vec::new(), String::new());
    for round in 0..rounds {
        let mut server = start(&database);
        let browser = signed_in(&server).await;
        let token = browser.csrf().await;
        // What was sent and not acknowledged is sent again, as a person would: it is done once in any case (F-4).
        for again in all.iter_mut().filter(|sent: &&mut Sent| !sent.is_acknowledged) {
            again.is_acknowledged = add(&browser, &token, &again.email, &again.submission_id).await;
            assert!(again.is_acknowledged, "{} cannot be added again", again.email);
        }
        let adding = (0..ADDING).map(|connection| {
            let (browser, token) = (browser.clone(), token.clone());
            tokio::spawn(async move { add_until_the_end(&browser, &token, &format!("kill-{round}-{connection}")).await })
        });
        let adding: Vec<_> = adding.collect();
        let saving = tokio::spawn({
            let (browser, token) = (browser.clone(), token.clone());
            async move { save_until_the_end(&browser, &token, round).await }
        });
        tokio::time::sleep(Duration::from_millis(20 + SystemRandom.u64().unwrap() % 400)).await;
        server.child.kill().unwrap();
        server.child.wait().unwrap();
        for one in adding {
            all.extend(one.await.unwrap());
        }
        let (first, last) = saving.await.unwrap();
        saved = check(&database, &all, &saved, first.as_deref(), &last).await;
    }
    let acknowledged = all.iter().filter(|sent| sent.is_acknowledged).count();
    assert!(acknowledged > 0, "nothing was acknowledged");
    eprintln!("{rounds} kills, {} operators sent, {acknowledged} acknowledged", all.len());
    database.remove().await;
}

fn start(database: &Database) -> Serving {
    let mut command = onduty(database.folder.path(), &["serve"]);
    command.env("ONDUTY_DATABASE_URL", &database.url).env("ONDUTY_OWNER_EMAIL", EMAIL).env("ONDUTY_OWNER_PASSWORD", PASSWORD);
    listening(command.env("ONDUTY_LOG", "error").stderr(Stdio::null()))
}

async fn signed_in(server: &Serving) -> Browser {
    let browser = Browser::new(&server.url, "en");
    let page = browser.open("/login").await.expect(200).fill("E-mail", EMAIL).fill("Password", PASSWORD).submit("Sign in").await;
    assert_ne!(page.path(), "/login", "signed in");
    browser
}

/// Posts a form; `None` where the server was gone before it answered.
async fn post(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Option<u16> {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = browser.request(Method::POST, path).header("content-type", "application/x-www-form-urlencoded").body(body);
    Some(request.send().await.ok()?.status().as_u16())
}

async fn add(browser: &Browser, token: &str, email: &str, submission_id: &str) -> bool {
    let fields = [("csrf_token", token), ("name", "Kim Kill"), ("email", email), ("role", "agent"), ("submission_id", submission_id)];
    let status = post(browser, "/operators", &fields).await;
    assert!(matches!(status, None | Some(303)), "{email}: {status:?}");
    status.is_some()
}

async fn add_until_the_end(browser: &Browser, token: &str, prefix: &str) -> Vec<Sent> {
    let mut sent: Vec<Sent> = Vec::new();
    while sent.last().is_none_or(|last| last.is_acknowledged) {
        let email = format!("{prefix}-{}@example.org", sent.len());
        let submission_id = format!("{prefix}-{}", sent.len());
        let is_acknowledged = add(browser, token, &email, &submission_id).await;
        sent.push(Sent { email, submission_id, is_acknowledged });
    }
    sent
}

/// Saves one's own telephone number over and over; returns the number that was on its way at the end, and the last acknowledged one.
async fn save_until_the_end(browser: &Browser, token: &str, round: u64) -> (Option<String>, String) {
    let mut last = String::new();
    for number in 0.. {
        let phone = format!("+34 {round:04} {number:05}");
        match post(browser, "/profile", &[("csrf_token", token), ("phone", &phone)]).await {
            Some(303) => last = phone,
            None => return (Some(phone), last),
            Some(other) => panic!("{phone}: {other}"),
        }
    }
    (None, last)
}

/// Looks into the database itself, while no server runs; returns the telephone number that it holds.
async fn check(database: &Database, all: &[Sent], before: &str, unanswered: Option<&str>, saved: &str) -> String {
    let db = SeaOrm::connect(&database.url).await.unwrap();
    for sent in all.iter().filter(|sent| sent.is_acknowledged) {
        let found = number(&db, &format!("SELECT count(*) FROM operators WHERE email_key = '{}'", sent.email)).await;
        assert_eq!(found, 1, "{} was acknowledged", sent.email);
    }
    let twice = "SELECT count(*) FROM (SELECT email_key FROM operators GROUP BY email_key HAVING count(*) > 1) twice";
    assert_eq!(number(&db, twice).await, 0, "an operator was added twice");
    for (what, rows) in [
        ("mail", "SELECT count(*) FROM mail_messages x WHERE x.operator_id = o.id AND x.kind = 'invitation'"),
        ("link", "SELECT count(*) FROM one_time_tokens x WHERE x.operator_id = o.id AND x.purpose = 'invitation'"),
        (
            "audit entry",
            "SELECT count(*) FROM audit_entries x WHERE x.object_kind = 'operator' AND x.object_id = CAST(o.id AS TEXT) AND x.action = 'operator.created'",
        ),
        ("submission", "SELECT count(*) FROM submissions x WHERE x.id || '@example.org' = o.email_key"),
        ("first word", "SELECT count(*) FROM operator_words x WHERE x.operator_id = o.id AND x.word = 'kim'"),
    ] {
        let half = number(&db, &format!("SELECT count(*) FROM operators o WHERE o.email_key LIKE 'kill-%' AND ({rows}) <> 1")).await;
        assert_eq!(half, 0, "operators without their {what}, or with two");
    }
    let orphans = "SELECT count(*) FROM audit_entries x WHERE x.action = 'operator.created' AND x.object_name = 'Kim Kill' \
        AND NOT EXISTS (SELECT 1 FROM operators o WHERE CAST(o.id AS TEXT) = x.object_id)";
    assert_eq!(number(&db, orphans).await, 0, "audit entries without their operator");
    let phone = text(&db, &format!("SELECT COALESCE(phone, '') FROM operators WHERE email_key = '{EMAIL}'")).await;
    let last = if saved.is_empty() { before } else { saved };
    assert!(phone == last || Some(phone.as_str()) == unanswered, "{phone} instead of {last} or {unanswered:?}");
    if database.url.starts_with("sqlite:") {
        assert_eq!(text(&db, "PRAGMA integrity_check").await, "ok");
        assert!(db.query_one_raw(statement(&db, "PRAGMA foreign_key_check")).await.unwrap().is_none());
    }
    db.close().await.unwrap();
    phone
}

fn statement(db: &DatabaseConnection, query: &str) -> Statement {
    Statement::from_string(db.get_database_backend(), query)
}

async fn number(db: &DatabaseConnection, query: &str) -> i64 {
    db.query_one_raw(statement(db, query)).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

async fn text(db: &DatabaseConnection, query: &str) -> String {
    db.query_one_raw(statement(db, query)).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}
