//! kill -9 between a query and its offer, between accept and answer, between closing and its note: what was acknowledged stands, and no
//! query is half anybody's (D-4, QU-2).
//!
//! `ONDUTY_KILL_ROUNDS` is how often the server is killed (3).

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use onduty::security::random::{Random, SystemRandom};
use reqwest::StatusCode;
use sea_orm::{ConnectionTrait, Database as SeaOrm, DatabaseConnection, Statement};
use serde_json::{Value, json};

use crate::support::process::{Serving, listening, onduty};
use crate::support::{Api, Database};

/// Programs that post at once.
const POSTING: u64 = 4;

/// A query as it was acknowledged last.
struct Acknowledged {
    id: i64,
    state: &'static str,
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_befell_a_query_and_was_acknowledged_survives_a_kill() {
    let rounds: u64 = std::env::var("ONDUTY_KILL_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3);
    let database = Database::fresh().await;
    let mut all: Vec<Acknowledged> = Vec::new();
    let mut key = String::new();
    for round in 0..rounds {
        let mut server = start(&database);
        if round == 0 {
            key = key_of(&database);
            prepare(&Api::new(&server.url, &key)).await;
        }
        let closed = Arc::new(AtomicUsize::new(0));
        let posting = (0..POSTING).map(|_| {
            let (url, key, closed) = (server.url.clone(), key.clone(), closed.clone());
            tokio::spawn(async move { post_until_the_end(&url, &key, &closed).await })
        });
        let posting: Vec<_> = posting.collect();
        // However slow the machine is, something has come to its end by then.
        while closed.load(Ordering::Relaxed) == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(Duration::from_millis(SystemRandom.u64().unwrap() % 500)).await;
        server.child.kill().unwrap();
        server.child.wait().unwrap();
        for one in posting {
            all.extend(one.await.unwrap());
        }
        check(&database, &all).await;
    }
    assert!(all.iter().any(|one| one.state == "closed"), "too few were acknowledged: {}", all.len());
    eprintln!("{rounds} kills, {} queries acknowledged", all.len());
    database.remove().await;
}

fn start(database: &Database) -> Serving {
    let mut command = onduty(database.folder.path(), &["serve"]);
    command.env("ONDUTY_DATABASE_URL", &database.url).env("ONDUTY_API_RATE", "0");
    command.env("ONDUTY_OWNER_EMAIL", "ada@example.org").env("ONDUTY_OWNER_PASSWORD", "plain lamp under seven boats");
    listening(command.env("ONDUTY_LOG", "error").stderr(Stdio::null()))
}

fn key_of(database: &Database) -> String {
    let scopes = ["--scope", "operators:write", "--scope", "departments:write", "--scope", "queries:write", "--scope", "statuses:read"];
    let mut command = onduty(database.folder.path(), &["token", "create", "--name", "Kills"]);
    let made = command.args(scopes).env("ONDUTY_DATABASE_URL", &database.url).output().unwrap();
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}

/// The owner answers calls of a department, without a panel.
async fn prepare(api: &Api) {
    api.post("/departments", &json!({"name": "Support"})).await.expect(201);
    let one = json!({"name": "Kim Kill", "email": "kim@example.org", "role": "agent", "initial_password": "plain lamp under seven boats"});
    let made = api.post("/operators", &one).await.expect(201);
    let there = format!("/operators/{}", made["id"]);
    api.patch(&there, &json!({"presence_required": false})).await.expect(200);
    let all = api.get("/statuses").await.expect(200);
    let online = all["items"].as_array().unwrap().iter().find(|one| one["name"] == "Online").unwrap()["id"].clone();
    api.put(&format!("{there}/status"), &json!({"status_id": online})).await.expect(200);
    api.put(&format!("/departments/support/members/{}", made["id"]), &json!({})).await.expect(200);
}

async fn post_until_the_end(url: &str, key: &str, done: &AtomicUsize) -> Vec<Acknowledged> {
    let client = reqwest::Client::new();
    let send = async |path: String, body: Value| -> Option<(StatusCode, Value)> {
        let answer = client.post(format!("{url}/api/v1{path}")).bearer_auth(key).json(&body).send().await.ok()?;
        Some((answer.status(), answer.json().await.ok()?))
    };
    let mut all = Vec::new();
    while let Some((status, query)) = send("/queries".into(), json!({"channel": "call", "department": "support"})).await {
        assert_eq!(status, 201, "{query}");
        let id = query["id"].as_i64().unwrap();
        all.push(Acknowledged { id, state: "offered" });
        let operator = query["offered_to"][0].clone();
        let Some((status, taken)) = send(format!("/queries/{id}/acceptance"), json!({"operator_id": operator})).await else { break };
        assert_eq!(status, 200, "{taken}");
        all.last_mut().unwrap().state = "assigned";
        if id % 2 == 0 {
            let Some((status, closed)) = send(format!("/queries/{id}/closure"), json!({})).await else { break };
            assert_eq!(status, 200, "{closed}");
            all.last_mut().unwrap().state = "closed";
            done.fetch_add(1, Ordering::Relaxed);
        }
    }
    all
}

/// Looks into the database itself, while no server runs.
async fn check(database: &Database, all: &[Acknowledged]) {
    let db = SeaOrm::connect(&database.url).await.unwrap();
    let order = ["waiting", "offered", "assigned", "closed"];
    let place = |state: &str| order.iter().position(|one| *one == state).unwrap();
    for one in all {
        let state = text(&db, &format!("SELECT state FROM queries WHERE id = {}", one.id)).await;
        assert!(place(&state) >= place(one.state), "query {} was acknowledged as {}, and is {state}", one.id, one.state);
    }
    for (what, rows) in [
        (
            "queries without the note of their coming",
            "SELECT count(*) FROM queries q WHERE (SELECT count(*) FROM query_events e WHERE e.query_id = q.id AND e.kind = 'received') <> 1",
        ),
        (
            "assigned queries without one open dialog",
            "SELECT count(*) FROM queries q WHERE q.state = 'assigned' AND (SELECT count(*) FROM dialogs d WHERE d.query_id = q.id AND d.ended_at IS NULL AND d.operator_id = q.operator_id) <> 1",
        ),
        (
            "open dialogs of queries that nobody has",
            "SELECT count(*) FROM dialogs d JOIN queries q ON q.id = d.query_id WHERE d.ended_at IS NULL AND q.state <> 'assigned'",
        ),
        (
            "open offers of queries that do not ring",
            "SELECT count(*) FROM query_offers o JOIN queries q ON q.id = o.query_id WHERE o.ended_at IS NULL AND q.state <> 'offered'",
        ),
        (
            "offered queries without an offer",
            "SELECT count(*) FROM queries q WHERE q.state = 'offered' AND NOT EXISTS (SELECT 1 FROM query_offers o WHERE o.query_id = q.id AND o.ended_at IS NULL)",
        ),
        (
            "closed queries without the note of it",
            "SELECT count(*) FROM queries q WHERE q.state = 'closed' AND NOT EXISTS (SELECT 1 FROM query_events e WHERE e.query_id = q.id AND e.kind = 'closed')",
        ),
    ] {
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), rows)).await.unwrap().unwrap();
        assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), 0, "{what}");
    }
    db.close().await.unwrap();
}

async fn text(db: &DatabaseConnection, query: &str) -> String {
    db.query_one_raw(Statement::from_string(db.get_database_backend(), query)).await.unwrap().expect("the row").try_get_by_index(0).unwrap()
}
