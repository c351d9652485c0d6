//! Queries that come one after the other and many at once, each assigned in the transaction that stores it, beside the plain cost of
//! one durable row; accepting against competitors; and the same with a million old queries in the table.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use onduty::store::{Store, StoreError};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use serde_json::json;

use crate::clients::{Caller, Saves};
use crate::fill::{Filled, OLD_QUERIES};
use crate::print_saves;
use crate::server::Server;

/// All of it. `departments` are full.
pub async fn queries(filled: &Filled, departments: usize, time: Duration) {
    for connections in [1, 32] {
        let (rows, took) = plain_rows(filled, connections, time).await;
        println!("{:<44} {:>12.0}", format!("one durable row, {connections} at once (the floor)"), rows as f64 / took.as_secs_f64());
    }
    let server = Server::start(filled);
    measure(&server, filled, departments, time, "").await;
    let accepted = accept_against(&server, filled, 32).await;
    println!("{:<44} {:>12} {:>14} {:>9.1} {:>9.1}  p99 50 ms", "accepting against 32", "", "", accepted.at(0.5), accepted.at(0.99));
    server.stop();
    let began = Instant::now();
    add_old(filled).await;
    println!("{:<44} {:>9.0} s", format!("{OLD_QUERIES} old queries added in"), began.elapsed().as_secs_f64());
    let server = Server::start(filled);
    server.settle().await;
    measure(&server, filled, departments, time, ", a million old").await;
    server.stop();
}

async fn measure(server: &Server, filled: &Filled, departments: usize, time: Duration, more: &str) {
    for connections in [1, 32] {
        let before = server.cpu();
        let saves = post_for(server, filled, departments, connections, time).await;
        let cpu = server.cpu() - before;
        print_saves(&format!("POST /queries, {connections} at once{more}"), &saves, cpu, time, "a third of the floor");
    }
}

/// Rows that are written durably through the program's own pool, one a transaction.
async fn plain_rows(filled: &Filled, connections: usize, time: Duration) -> (usize, Duration) {
    let store = Store::open(&filled.url).await.expect("the database");
    let began = Instant::now();
    let writer = async |worker: usize| {
        let mut written = 0_usize;
        while began.elapsed() < time {
            let text = format!(
                "INSERT INTO suppressed_addresses (address_key, at, reason) VALUES ('{connections}-{worker}-{written}', 0, 'load')"
            );
            let row = store.write(async |tx| tx.execute_unprepared(&text).await.map_err(StoreError::from));
            row.await.expect("a row");
            written += 1;
        }
        written
    };
    let written = join_all((0..connections).map(writer)).await.into_iter().sum();
    let took = began.elapsed();
    store.close().await;
    (written, took)
}

async fn post_for(server: &Server, filled: &Filled, departments: usize, connections: usize, time: Duration) -> Saves {
    let callers = join_all((0..connections).map(|_| Caller::new(server, filled))).await;
    let began = Instant::now();
    let worker = async |(worker, mut caller): (usize, Caller<'_>)| {
        let mut saves = Saves::default();
        while began.elapsed() < time {
            let department = format!("department-{}", (worker * 7 + saves.times.len()) % departments);
            let body = json!({"channel": "ticket", "department": department, "language": "en", "subject": "A question",
                "requester": {"email": "somebody@customer.example"}});
            let body = body.to_string();
            let sent = Instant::now();
            let (status, answer) = caller.post("/queries", &body).await;
            let took = sent.elapsed().as_secs_f64() * 1e3;
            if status == 201 && answer.contains(r#""state":"assigned""#) {
                saves.times.push(took);
            } else {
                saves.refused += 1;
                saves.why = format!("{status} {answer}");
            }
        }
        saves
    };
    let mut all = Saves::default();
    for one in join_all(callers.into_iter().enumerate().map(worker)).await {
        all.times.extend(one.times);
        all.refused += one.refused;
        all.why = one.why;
    }
    all.times.sort_by(f64::total_cmp);
    all
}

/// What is looked at of a call that rings.
#[derive(Deserialize)]
struct Ringing {
    id: i64,
    offered_to: Vec<i64>,
}

/// So many accept the same call at once, again and again; the times of all of them, winners and losers.
async fn accept_against(server: &Server, filled: &Filled, many: usize) -> Saves {
    let mut first = Caller::new(server, filled).await;
    let mut callers = join_all((0..many).map(|_| Caller::new(server, filled))).await;
    let mut all = Saves::default();
    for round in 0..20 {
        let body = json!({"channel": "call", "department": format!("department-{round}")}).to_string();
        let (_, answer) = first.post("/queries", &body).await;
        let Ringing { id, offered_to: offered } = serde_json::from_str(answer).expect("a call that rings");
        let path = format!("/queries/{id}/acceptance");
        let tries = callers.iter_mut().enumerate().map(async |(place, caller)| {
            let body = json!({"operator_id": offered[place % offered.len()]}).to_string();
            let sent = Instant::now();
            let (status, _) = caller.post(&path, &body).await;
            (status, sent.elapsed().as_secs_f64() * 1e3)
        });
        for (status, took) in join_all(tries).await {
            assert!(status == 200 || status == 409, "{status}");
            all.times.push(took);
        }
    }
    all.times.sort_by(f64::total_cmp);
    all
}

/// Closed queries of the past years.
async fn add_old(filled: &Filled) {
    let store = Store::open(&filled.url).await.expect("the database");
    let text = format!(
        "INSERT INTO queries (source, channel, department_id, operator_id, subject, body, automatic, is_mail, state, mode, received_at, \
         created_at, active_at, assigned_at, closed_at, waiting_since, classify, transferred_from, trace, version) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {OLD_QUERIES}) \
         SELECT 'api', 'ticket', 1 + i % 20, {} + i % 500, 'An old question', 'Long ago', FALSE, FALSE, 'closed', 'live', i, i, i, i, i, i, \
         FALSE, '[]', '{{}}', 1 FROM n",
        filled.first
    );
    let is_postgres = store.engine() == onduty::store::Engine::Postgres;
    let added = store.write(async |tx| {
        if is_postgres {
            tx.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
        }
        tx.execute_unprepared(&text).await.map_err(StoreError::from)
    });
    added.await.expect("old queries");
    store.checkpoint().await.expect("a short log");
    if is_postgres {
        store.read().execute_unprepared("ANALYZE queries").await.expect("statistics");
    }
    store.close().await;
}
