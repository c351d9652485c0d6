//! kill -9 between a query and its offer, between accept and answer, between closing and its note: what was acknowledged stands, what
//! was not is told when it is asked again, no query is half anybody's, none is answered without its mail, and none that is
//! sent again under its Idempotency-Key is there twice (D-4, P3, QU-2, R2).
//!
//! `ONDUTY_KILL_ROUNDS` is how often the server is killed (3).

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use onduty::clock::{Clock, SystemClock};
use onduty::security::random::{Random, SystemRandom};
use reqwest::{Method, StatusCode};
use sea_orm::{ConnectionTrait, Database as SeaOrm, DatabaseConnection, Statement};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::api::Answer;
use crate::support::process::{Serving, listening, onduty};
use crate::support::{Api, Database};

/// Programs that post at once.
const POSTING: u64 = 4;

/// A query as it was acknowledged last.
#[derive(Default)]
struct Acknowledged {
    id: i64,
    state: &'static str,
    /// Who has it.
    operator: Option<i64>,
    /// Who wanted it and heard nothing.
    unheard: Option<i64>,
    /// Whether the requester was told that somebody is away.
    replied: bool,
}

/// Who works in the department, and who is away from it.
#[derive(Clone, Copy)]
struct People {
    answering: [i64; 2],
    away: i64,
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_befell_a_query_and_was_acknowledged_survives_a_kill() {
    let rounds: u64 = std::env::var("ONDUTY_KILL_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3);
    let database = Database::fresh().await;
    let mut all: Vec<Acknowledged> = Vec::new();
    let mut stored = 0;
    let mut server = start(&database);
    let key = key_of(&database);
    let people = prepare(&Api::new(&server.url, &key)).await;
    for round in 0..rounds {
        let closed = Arc::new(AtomicUsize::new(0));
        let posting = (0..POSTING).map(|place| {
            let (url, key, closed) = (server.url.clone(), key.clone(), closed.clone());
            tokio::spawn(async move { post_until_the_end(&url, &key, people, &format!("{round}.{place}"), &closed).await })
        });
        let posting: Vec<_> = posting.collect();
        // However slow the machine is, something has come to its end by then.
        while closed.load(Ordering::Relaxed) == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(Duration::from_millis(SystemRandom.u64().unwrap() % 500)).await;
        let deaf = accept_without_listening(&server.url, &key, people.answering[0]).await;
        server.child.kill().unwrap();
        server.child.wait().unwrap();
        let before = all.len();
        let mut unposted = Vec::new();
        for one in posting {
            let (acknowledged, last) = one.await.unwrap();
            all.extend(acknowledged);
            unposted.extend(last);
        }
        all.push(deaf);
        check(&database, &all).await;
        server = start(&database);
        for call in unposted {
            posted(&Api::new(&server.url, &key), &call).await.expect(201);
        }
        stored += ask_again(&Api::new(&server.url, &key), people, &all[before..]).await;
    }
    assert!(all.iter().any(|one| one.state == "closed"), "too few were acknowledged: {}", all.len());
    assert!(all.iter().any(|one| one.replied) && stored >= rounds, "{stored} accepted and never told so");
    eprintln!("{rounds} kills, {} queries acknowledged, {stored} accepted unheard", all.len());
    drop(server);
    database.remove().await;
}

fn start(database: &Database) -> Serving {
    let mut command = onduty(database.folder.path(), &["serve"]);
    command.env("ONDUTY_DATABASE_URL", &database.url).env("ONDUTY_API_RATE", "0");
    command.env("ONDUTY_OWNER_EMAIL", "ada@example.org").env("ONDUTY_OWNER_PASSWORD", "plain lamp under seven boats");
    listening(command.env("ONDUTY_LOG", "error").stderr(Stdio::null()))
}

fn key_of(database: &Database) -> String {
    let scopes = ["operators:write", "departments:write", "queries:write", "absences:write", "statuses:read"];
    let mut command = onduty(database.folder.path(), &["token", "create", "--name", "Kills"]);
    let made = command.args(scopes.iter().flat_map(|scope| ["--scope", scope])).env("ONDUTY_DATABASE_URL", &database.url).output().unwrap();
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}

/// Three in a department, without a panel: two answer its calls, one is away.
async fn prepare(api: &Api) -> People {
    api.post("/departments", &json!({"name": "Support"})).await.expect(201);
    let all = api.get("/statuses").await.expect(200);
    let online = all["items"].as_array().unwrap().iter().find(|one| one["name"] == "Online").unwrap()["id"].clone();
    let mut ids = [0; 3];
    for (id, name) in ids.iter_mut().zip(["Kim", "Lou", "Ola"]) {
        let email = format!("{name}@example.org");
        let one = json!({"name": name, "email": email, "role": "agent", "initial_password": "plain lamp under seven boats"});
        *id = api.post("/operators", &one).await.expect(201)["id"].as_i64().unwrap();
        let there = format!("/operators/{id}");
        api.patch(&there, &json!({"presence_required": false})).await.expect(200);
        api.put(&format!("{there}/status"), &json!({"status_id": online})).await.expect(200);
        api.put(&format!("/departments/support/members/{id}"), &json!({})).await.expect(200);
    }
    let [kim, lou, away] = ids;
    let instant = |hours| (SystemClock::default().now() + TimeDelta::hours(hours)).format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let absence = json!({"operator_id": away, "starts_at": instant(-1), "ends_at": instant(48)});
    api.post("/absences", &absence).await.expect(201);
    People { answering: [kim, lou], away }
}

/// Posts a call under a key of its own.
async fn posted(api: &Api, call: &Value) -> Answer {
    api.call(Method::POST, "/queries", Some(call), &[("idempotency-key", call["external_id"].as_str().unwrap())]).await
}

/// Posts calls, every third for who is away, accepts each and closes every second one; hands back one that was not acknowledged, too.
async fn post_until_the_end(url: &str, key: &str, people: People, name: &str, done: &AtomicUsize) -> (Vec<Acknowledged>, Option<Value>) {
    let client = reqwest::Client::new();
    let send = async |path: String, body: &Value| -> Option<(StatusCode, Value)> {
        let mut request = client.post(format!("{url}/api/v1{path}")).bearer_auth(key).json(body);
        if let Some(id) = body["external_id"].as_str() {
            request = request.header("idempotency-key", id);
        }
        let answer = request.send().await.ok()?;
        Some((answer.status(), answer.json().await.ok()?))
    };
    let mut all: Vec<Acknowledged> = Vec::new();
    let call = |n: usize| {
        let mut call = json!({"channel": "call", "department": "support", "external_id": format!("{name}.{n}")});
        if n.is_multiple_of(3) {
            call["operator_id"] = json!(people.away);
            call["requester"] = json!({"email": format!("{name}.{n}@customer.example")});
        }
        call
    };
    loop {
        let next = call(all.len());
        let Some((status, query)) = send("/queries".into(), &next).await else { return (all, Some(next)) };
        assert_eq!(status, 201, "{query}");
        let (id, replied) = (query["id"].as_i64().unwrap(), query["auto_reply"]["sent"] == true);
        all.push(Acknowledged { id, state: "offered", replied, ..Acknowledged::default() });
        let one = all.last_mut().unwrap();
        let operator = people.answering[usize::from(id % 4 > 1)];
        one.unheard = Some(operator);
        let Some((status, taken)) = send(format!("/queries/{id}/acceptance"), &json!({"operator_id": operator})).await else { break };
        assert_eq!((status, &taken["operator_id"]), (StatusCode::OK, &json!(operator)), "{taken}");
        (one.state, one.operator, one.unheard) = ("assigned", Some(operator), None);
        if id % 2 == 0 {
            let Some((status, closed)) = send(format!("/queries/{id}/closure"), &json!({})).await else { break };
            assert_eq!(status, 200, "{closed}");
            one.state = "closed";
            done.fetch_add(1, Ordering::Relaxed);
        }
    }
    (all, None)
}

/// Posts a call and has it accepted by somebody who never reads the answer; returns once that is stored.
async fn accept_without_listening(url: &str, key: &str, operator: i64) -> Acknowledged {
    let api = Api::new(url, key);
    let query = api.post("/queries", &json!({"channel": "call", "department": "support"})).await.expect(201);
    let (id, host) = (query["id"].as_i64().unwrap(), url.trim_start_matches("http://"));
    let body = json!({"operator_id": operator}).to_string();
    let request = format!(
        "POST /api/v1/queries/{id}/acceptance HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    while api.get(&format!("/queries/{id}")).await.expect(200)["state"] != "assigned" {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Acknowledged { id, state: "offered", unheard: Some(operator), ..Acknowledged::default() }
}

/// Whoever accepted and heard nothing asks again; returns for how many of them it had been stored. Those keep what they have, and nobody
/// else gets it.
async fn ask_again(api: &Api, people: People, all: &[Acknowledged]) -> u64 {
    let mut stored = 0;
    for (one, operator) in all.iter().filter_map(|one| Some((one, one.unheard?))) {
        let path = format!("/queries/{}", one.id);
        if api.get(&path).await.expect(200)["state"] != "assigned" {
            continue;
        }
        stored += 1;
        let accept = async |operator: i64| api.post(&format!("{path}/acceptance"), &json!({"operator_id": operator})).await;
        assert_eq!(accept(operator).await.expect(200)["operator_id"], json!(operator), "query {}", one.id);
        let other = people.answering.into_iter().find(|other| *other != operator).unwrap();
        assert_eq!(accept(other).await.expect(409)["type"], "urn:onduty:problem:already_taken", "query {}", one.id);
    }
    stored
}

/// Looks into the database itself, while no server runs.
async fn check(database: &Database, all: &[Acknowledged]) {
    let db = SeaOrm::connect(&database.url).await.unwrap();
    let order = ["waiting", "offered", "assigned", "closed"];
    let place = |state: &str| order.iter().position(|one| *one == state).unwrap();
    for one in all {
        let state = text(&db, &format!("SELECT state FROM queries WHERE id = {}", one.id)).await;
        assert!(place(&state) >= place(one.state), "query {} was acknowledged as {}, and is {state}", one.id, one.state);
        if let Some(operator) = one.operator {
            let query = format!("SELECT CAST(operator_id AS TEXT) FROM queries WHERE id = {}", one.id);
            assert_eq!(text(&db, &query).await, operator.to_string(), "query {} was given away", one.id);
        }
        if one.replied {
            let query = format!(
                "SELECT state FROM mail_messages m JOIN auto_replies r ON r.mail_id = m.id WHERE r.sent AND r.query_id = {}",
                one.id
            );
            text(&db, &query).await;
        }
    }
    for (what, rows) in [
        (
            "queries without the note of their coming",
            "SELECT count(*) FROM queries q WHERE (SELECT count(*) FROM query_events e WHERE e.query_id = q.id AND e.kind = 'received') <> 1",
        ),
        (
            "queries that were posted twice",
            "SELECT count(*) FROM (SELECT external_id FROM queries WHERE external_id IS NOT NULL GROUP BY external_id HAVING count(*) > 1) twice",
        ),
        (
            "queries whose answer is not kept under their key",
            "SELECT count(*) FROM queries q LEFT JOIN idempotency_keys k ON k.key = q.external_id WHERE q.external_id IS NOT NULL AND k.status IS NULL",
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
            "replies without their mails",
            "SELECT count(*) FROM auto_replies r WHERE r.sent AND NOT EXISTS (SELECT 1 FROM mail_messages m WHERE m.id = r.mail_id)",
        ),
        (
            "mails of replies that the ledger does not know",
            "SELECT count(*) FROM mail_messages m WHERE m.kind = 'absence_reply' AND NOT EXISTS (SELECT 1 FROM auto_replies r WHERE r.sent AND r.mail_id = m.id)",
        ),
        (
            "queries that were judged twice",
            "SELECT count(*) FROM (SELECT query_id FROM auto_replies GROUP BY query_id HAVING count(*) > 1) twice",
        ),
        (
            "closed queries without the note of it",
            "SELECT count(*) FROM queries q WHERE q.state = 'closed' AND NOT EXISTS (SELECT 1 FROM query_events e WHERE e.query_id = q.id AND e.kind = 'closed')",
        ),
    ] {
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), rows)).await.unwrap().unwrap();
        assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), 0, "{what}");
    }
    // Calls that never answered are soon known to have ended with their process.
    db.execute_unprepared("UPDATE idempotency_keys SET created_at = created_at - 600000 WHERE status IS NULL").await.unwrap();
    db.close().await.unwrap();
}

async fn text(db: &DatabaseConnection, query: &str) -> String {
    db.query_one_raw(Statement::from_string(db.get_database_backend(), query)).await.unwrap().expect("the row").try_get_by_index(0).unwrap()
}
