//! The program itself, as an administrator of a server runs it: exit statuses, the lines it prints, signals, copies (CONTRACT).

use std::path::Path;
use std::process::Output;
use std::time::Duration;

use onduty::clock::{Clock, SystemClock};

use crate::support::process::{onduty, run, serve, serve_with};
use crate::support::{Browser, Database};

async fn get(address: String) -> String {
    reqwest::get(address).await.unwrap().error_for_status().unwrap().text().await.unwrap()
}

#[tokio::test]
async fn the_first_start_prints_the_set_up_link_and_a_signal_ends_it_in_order() {
    let dir = tempfile::tempdir().unwrap();
    for signal in ["-TERM", "-INT"] {
        let mut server = serve(&dir.path().join("data"), &[]);
        let link = server.lines.iter().find_map(|line| line.strip_prefix("Set up: ")).unwrap();
        assert!(link.starts_with(&format!("{}/setup?token=", server.url)), "{link}");
        assert_eq!(get(format!("{}/health/live", server.url)).await, "live\n");
        let clock = SystemClock::new();
        server.signal(signal);
        assert!(server.child.wait().unwrap().success());
        assert!(clock.monotonic() < Duration::from_secs(30));
        assert!(!dir.path().join("data/onduty.sqlite-wal").exists(), "the log was written back");
    }
}

#[test]
fn commands_are_told_apart_by_their_exit_status() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    assert_eq!(run(&data, &["nonsense"]).0, 2);
    assert_eq!(run(&data, &["owner"]).0, 2);
    assert_eq!(run(&data, &["--help"]).0, 0);
    let (status, out, _) = run(&data, &["migrate"]);
    assert_eq!((status, out.contains("step(s) applied")), (0, true));
    let (status, _, err) = run(&data, &["owner", "--email", "nonsense", "--name", "Ada"]);
    assert_eq!((status, err.lines().count()), (1, 1), "{err}");
    let (status, out, _) = run(&data, &["owner", "--email", "ada@example.org", "--name", "Ada"]);
    assert_eq!((status, out.lines().count()), (0, 1));
    assert!(out.starts_with("http://127.0.0.1") && out.contains("/invitation/"), "{out}");
}

#[test]
fn check_config_prints_everything_and_every_fault_but_no_secret() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let (status, out, err) = run(&data, &["check-config", "--smtp-url", "smtp://u:geheim@mail.example.org"]);
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(out.contains("ONDUTY_SMTP_URL=smtp://u:***@mail.example.org") && out.contains("ONDUTY_LOG=info"), "{out}");
    assert!(!data.exists(), "it only looks");
    let faulty = ["check-config", "--listen", "nowhere", "--smtp-url", "geheim:geheim@x", "--secret-key", "geheim"];
    let (status, out, err) = run(&data, &faulty);
    assert_eq!((status, err.lines().count()), (1, 3), "{err}");
    assert!(!out.contains("geheim") && !err.contains("geheim"), "{out} {err}");
}

#[tokio::test]
async fn a_copy_made_while_serving_is_restored_into_an_empty_folder_only() {
    let dir = tempfile::tempdir().unwrap();
    let (data, copy) = (dir.path().join("data"), dir.path().join("copy.sqlite"));
    let copy_name = copy.to_str().unwrap();
    let server = serve(&data, &[("ONDUTY_OWNER_EMAIL", "ada@example.org"), ("ONDUTY_OWNER_PASSWORD", "plain lamp under seven boats")]);
    assert!(!server.lines.iter().any(|line| line.starts_with("Set up: ")), "there is an owner");
    let (status, out, err) = run(&data, &["backup", copy_name]);
    assert_eq!((status, out.contains("1 operator(s), checked")), (0, true), "{out} {err}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 2, "no draft is left behind");
    drop(server);

    let (status, _, err) = run(&data, &["restore", copy_name]);
    assert_eq!((status, err.contains("needs an empty data folder")), (1, true), "{err}");
    let torn = dir.path().join("torn.sqlite");
    let bytes = std::fs::read(&copy).unwrap();
    std::fs::write(&torn, &bytes[..bytes.len() / 2]).unwrap();
    let other = dir.path().join("other");
    for file in [torn.as_path(), Path::new("Cargo.toml"), Path::new("no such file")] {
        let (status, _, err) = run(&other, &["restore", file.to_str().unwrap()]);
        assert_eq!((status, err.lines().count()), (1, 1), "{err}");
    }
    assert_eq!(std::fs::read_dir(&other).unwrap().count(), 0, "a refused copy leaves nothing");
    let (status, _, err) = run(&other, &["restore", copy_name]);
    assert_eq!((status, err.as_str()), (0, ""));
    let again = serve(&other, &[]);
    assert!(!again.lines.iter().any(|line| line.starts_with("Set up: ")), "the owner is back: {:?}", again.lines);
}

#[tokio::test]
async fn figures_are_on_an_address_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = serve(dir.path(), &[("ONDUTY_METRICS_LISTEN", "127.0.0.1:0")]);
    let address = server.lines.iter().find_map(|line| line.split("Figures for Prometheus on ").nth(1)).unwrap().to_owned();
    get(format!("{}/health/live", server.url)).await;
    let figures = get(address).await;
    for name in [
        "onduty_requests_total{status=\"200\"}",
        "onduty_request_seconds_bucket",
        "onduty_database_statements_total",
        "onduty_outbox_waiting 0",
        "onduty_outbox_failed 0",
        "onduty_outbox_oldest_seconds 0",
        "onduty_job_lag_seconds{job=\"deliver_mail\"}",
        "onduty_database_up 1",
        "onduty_sign_in_failures_total 0",
    ] {
        assert!(figures.contains(name), "{name} is not in {figures}");
    }
    let elsewhere = reqwest::get(format!("{}/metrics", server.url)).await.unwrap();
    assert_eq!(elsewhere.status(), 404, "not where the public is");
    server.signal("-TERM");
    assert!(server.child.wait().unwrap().success());
}

#[tokio::test]
async fn a_key_is_printed_alone_and_works_while_serving() {
    let dir = tempfile::tempdir().unwrap();
    let server = serve(dir.path(), &[]);
    let (status, out, err) =
        run(dir.path(), &["token", "create", "--name", "Desk phones", "--scope", "operators:read", "--scope", "roles:read"]);
    assert_eq!((status, out.lines().count(), err.as_str()), (0, 1, ""));
    let client = reqwest::Client::new();
    let ask =
        async |path: &str| client.get(format!("{}{path}", server.url)).bearer_auth(out.trim()).send().await.unwrap().status().as_u16();
    assert_eq!((ask("/api/v1/operators").await, ask("/api/v1/languages").await), (200, 403));
    let (status, out, err) = run(dir.path(), &["token", "create", "--name", "Desk phones", "--scope", "everything"]);
    assert_eq!((status, out.as_str(), err.lines().count()), (1, "", 1), "{err}");
    assert_eq!(run(dir.path(), &["token", "create", "--name", "x"]).0, 2);
}

#[tokio::test]
async fn sessions_are_ended_from_outside_while_serving() {
    let dir = tempfile::tempdir().unwrap();
    let password = "plain lamp under seven boats";
    let server = serve(dir.path(), &[("ONDUTY_OWNER_EMAIL", "ada@example.org"), ("ONDUTY_OWNER_PASSWORD", password)]);
    let end = |arguments: &[&str]| run(dir.path(), &[&["session", "end"], arguments].concat());
    assert_eq!(run(dir.path(), &["session", "end", "--help"]).0, 0);
    assert_eq!(end(&[]).0, 2, "whose sessions must be said");
    assert_eq!(end(&["--all", "--email", "ada@example.org"]).0, 2);
    let (status, _, err) = end(&["--email", "nobody@example.org"]);
    assert_eq!((status, err.as_str()), (1, "onduty: No operator has this e-mail address.\n"));
    let (status, _, err) = end(&["--email", "nonsense"]);
    assert_eq!((status, err.lines().count()), (1, 1), "{err}");
    for whose in [&["--email", "ADA@example.org"][..], &["--all"]] {
        let browser = Browser::new(&server.url, "en");
        let page = browser.open("/login").await.fill("E-mail", "ada@example.org").fill("Password", password).submit("Sign in").await;
        assert_ne!(page.path(), "/login");
        assert_eq!(end(whose), (0, "1 session(s) ended.\n".to_owned(), String::new()));
        assert_eq!(browser.open("/profile").await.path(), "/login", "signed out at once");
        assert_eq!(end(whose).1, "0 session(s) ended.\n");
    }
}

#[tokio::test]
async fn the_demonstration_fills_an_empty_database_only() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = serve_with(dir.path(), &["demo"], &[]);
    assert!(server.lines.iter().any(|line| line.starts_with("Owner: ") && line.contains("password: ")), "{:?}", server.lines);
    assert!(!server.lines.iter().any(|line| line.starts_with("Set up: ")));
    assert_eq!(get(format!("{}/health/live", server.url)).await, "live\n");
    server.signal("-TERM");
    assert!(server.child.wait().unwrap().success());
    let (status, _, err) = run(dir.path(), &["demo"]);
    assert_eq!((status, err.lines().count()), (1, 1), "{err}");
}

#[tokio::test]
async fn postgres_is_migrated_by_hand_only() {
    if Database::postgres().is_none() {
        return;
    }
    let database = Database::blank().await;
    let folder = database.folder.path();
    let with = |command: &str| {
        let Output { status, stderr, .. } = onduty(folder, &[command]).env("ONDUTY_DATABASE_URL", &database.url).output().unwrap();
        (status.code().unwrap(), String::from_utf8(stderr).unwrap())
    };
    let (status, err) = with("serve");
    assert_eq!((status, err.contains("run onduty migrate first")), (1, true), "{err}");
    let (status, err) = with("check-config");
    assert_eq!((status, err.contains("pending")), (1, true), "{err}");
    assert_eq!(with("migrate").0, 0);
    assert_eq!(with("check-config").0, 0);
    assert!(
        onduty(folder, &["backup", "x"]).env("ONDUTY_DATABASE_URL", &database.url).output().unwrap().stderr.ends_with(b"use pg_dump\n")
    );
    database.remove().await;
}
