//! Load on the real program in release mode, each figure beside its floor in the same run. Nothing here passes or fails.
//!
//!     cargo bench --bench load                   SQLite
//!     tests/with-postgres cargo bench --bench load     PostgreSQL
//!
//! Needs wrk (Debian). `ONDUTY_LOAD_SECONDS` is how long each run of wrk lasts (5); `ONDUTY_LOAD_ONLY=queries` measures
//! queries alone, `ONDUTY_LOAD_ONLY=serve` serves what was filled, for a profiler, until a line is typed.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_literal,
    reason = "a benchmark measures real time, prints, and may stop at the first surprise"
)]

mod clients;
mod fill;
mod queries;
mod server;

use std::time::Duration;

use clients::{Saves, listen, save_for, sign_in_at_once, wrk};
use fill::{Filled, fill};
use server::Server;

fn main() {
    // `cargo test --benches` calls this too; there is nothing to test.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(run());
}

async fn run() {
    let seconds: u64 = std::env::var("ONDUTY_LOAD_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(5);
    let time = Duration::from_secs(seconds);
    println!("{:<44} {:>12} {:>14} {:>9} {:>9}  {}", "", "requests/s", "ms of cpu each", "p50 ms", "p99 ms", "wanted");
    let only = std::env::var("ONDUTY_LOAD_ONLY").unwrap_or_default();
    for operators in [1_000, 10_000] {
        println!("\n{operators} operators");
        let filled = fill(operators).await;
        if only == "queries" {
            queries::queries(&filled, operators / 50, time).await;
            filled.remove().await;
            continue;
        }
        let server = Server::start(&filled);
        if only == "serve" {
            println!("http://{}  {}  {}", server.address, filled.session(), filled.bearer);
            let _ = std::io::stdin().read_line(&mut String::new());
            server.stop();
            filled.remove().await;
            continue;
        }
        pages(&server, &filled, time);
        availability(&server, &filled, time);
        panels(&server, &filled).await;
        saves(&server, &filled, time).await;
        server.stop();
        memory(&filled);
        starts(&filled);
        sign_ins(&filled).await;
        queries::queries(&filled, operators / 50, time).await;
        filled.remove().await;
    }
}

/// Pages that are read, with eight connections kept open.
fn pages(server: &Server, filled: &Filled, time: Duration) {
    let profile = format!("/operators/{}", filled.first);
    let floor = wrk(server, "/health/live", "", 8, time);
    floor.print("GET /health/live (the floor)", None);
    for (what, path, wanted) in [
        ("GET /operators, 50 rows", "/operators", "0.5 ms; 10,000: 1.5 times that"),
        ("GET /operators?q=ma", "/operators?q=ma", "twice the list"),
        ("GET /operators, search and two filters", "/operators?q=ma&role=agent&state=active&sort=-name", "twice the list"),
        ("GET /operators, the last page", "/operators?page=20", ""),
        ("GET the matrix, 20 departments, 25 operators", "/departments/matrix", "150 ms"),
        ("GET the matrix, a later page", "/departments/matrix?page=3", "150 ms"),
        ("GET a profile", profile.as_str(), "0.4 ms"),
    ] {
        let _ = wrk(server, path, &filled.session(), 8, Duration::from_secs(1));
        wrk(server, path, &filled.session(), 8, time).print(what, Some(wanted));
    }
}

/// Who can receive in a department of 25, asked by a program.
fn availability(server: &Server, filled: &Filled, time: Duration) {
    const PATH: &str = "/api/v1/availability?department=department-3&channel=chat&language=en";
    let _ = wrk(server, PATH, &filled.bearer, 8, Duration::from_secs(1));
    wrk(server, "/health/live", "", 32, time).print("GET /health/live, 32 connections", None);
    wrk(server, PATH, &filled.bearer, 32, time).print("GET /availability, 25 members, 32 connections", Some("a third of it; p99 10 ms"));
}

/// A thousand streams of events, and how long a change takes to reach them all.
async fn panels(server: &Server, filled: &Filled) {
    let idle = server.memory();
    let told = listen(server, filled, 1_000).await;
    println!("{:<44} {:>9.1} MiB, {idle:.1} before {:>30}", "held with 1,000 open streams", told.memory, "150 MiB");
    println!(
        "{:<44} {:>9.0} ms for the first, {:.0} ms for the last of {} {:>12}",
        "a change told", told.first, told.last, told.heard, "1 s"
    );
}

/// What a process holds that has done nothing but ten thousand lists.
fn memory(filled: &Filled) {
    let server = Server::start(filled);
    let mut served = 0;
    while served < 10_000 {
        served += wrk(&server, "/operators", &filled.session(), 8, Duration::from_secs(2)).requests;
    }
    let (all, own) = (server.memory(), server.own_memory());
    println!("{:<44} {all:>9.1} MiB, {own:.1} without the program's file {:>17}", "held after 10,000 lists", "30 MiB");
    server.stop();
}

/// Forms that are saved, each connection on an operator of its own.
async fn saves(server: &Server, filled: &Filled, time: Duration) {
    for connections in [1, 8, 32] {
        let before = server.cpu();
        let saves = save_for(server, filled, connections, time).await;
        let cpu = server.cpu() - before;
        let wanted = match connections {
            1 => "the floor of the two below",
            8 => "p99 under 50 ms",
            _ => "p99 under 150 ms, no fewer than at 1",
        };
        print_saves(&format!("POST a profile, {connections} connection(s)"), &saves, cpu, time, wanted);
    }
}

fn print_saves(what: &str, saves: &Saves, cpu: Duration, time: Duration, wanted: &str) {
    let count = saves.times.len().max(1) as f64;
    let each = cpu.as_secs_f64() * 1e3 / count;
    let (p50, p99) = (saves.at(0.50), saves.at(0.99));
    println!("{what:<44} {:>12.0} {each:>14.3} {p50:>9.1} {p99:>9.1}  {wanted}", count / time.as_secs_f64());
    if saves.refused > 0 {
        println!("{:<44} {} were not saved: {}", "", saves.refused, saves.why);
    }
}

/// From the start of the process to its first answer, on this database.
fn starts(filled: &Filled) {
    let mut times: Vec<f64> = Vec::new();
    for _ in 0..5 {
        let server = Server::start(filled);
        times.push(server.started_in.as_secs_f64() * 1e3);
        server.stop();
    }
    times.sort_by(f64::total_cmp);
    println!("{:<44} {:>9.0} ms  {:>46}", "start to first answer (median of 5)", times[2], "150 ms");
}

/// Many who sign in at once: what it holds, what it gives back, how long others wait.
async fn sign_ins(filled: &Filled) {
    let server = Server::start(filled);
    let (idle, idle_own) = (server.memory(), server.own_memory());
    let one = server.cpu();
    let alone = sign_in_at_once(&server, filled, 1).await;
    let cpu = (server.cpu() - one).as_secs_f64() * 1e3;
    println!("{:<44} {cpu:>9.0} ms  took {:.0} ms, {} signed in", "processor time of one sign-in", alone.longest, alone.done);
    let many = sign_in_at_once(&server, filled, 32).await;
    println!("{:<44} {:>9.1} MiB {:>46}", "held at most during 32 sign-ins at once", many.memory, "64 MiB");
    println!("{:<44} {:>9.1} MiB, {idle:.1} when idle; {} of 32 signed in", "right after them", server.memory(), many.done);
    let (own, held) = (many.own_memory, server.own_memory());
    println!("{:<44} {own:>9.1} MiB at most, {held:.1} right after, {idle_own:.1} when idle", "the same without the program's file");
    tokio::time::sleep(Duration::from_secs(15)).await;
    println!("{:<44} {:>9.1} MiB", "and 15 s later", server.memory());
    let crowd = sign_in_at_once(&server, filled, 200).await;
    println!("{:<44} {:>9.0} ms  {:>46}", "longest list during 200 sign-ins at once", crowd.other_pages, "500 ms");
    println!("{:<44} {:>9.0} ms; {} of 200 signed in", "the last of them after", crowd.longest, crowd.done);
    server.stop();
}
