//! What the program rests on fails: a full disk, a database that is gone, a damaged file (D-5, QUALITY 1.8).

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use onduty::store::StoreError;
use reqwest::Method;
use sea_orm::{ConnectionTrait, Database as SeaOrm, Statement};
use serde_json::json;

use crate::support::process::{Serving, listening, onduty, run, serve};
use crate::support::{Api, Browser, Database, TestApp};

const EMAIL: &str = "ada@example.org";
const PASSWORD: &str = "plain lamp under seven boats";

#[tokio::test]
async fn a_write_without_room_is_refused_and_the_next_one_with_room_is_done() {
    let app = TestApp::spawn().await;
    if Database::postgres().is_some() {
        return;
    }
    app.allow_error("database or disk is full");
    let browser = app.owner().await;
    let api = app.api_key(&["languages:write"]).await;
    let mut acknowledged = Vec::new();
    for round in 0..3 {
        // No page more than there are; the connection that takes the place of this one knows nothing of it.
        let full = app.ctx.store.write(async |tx| Ok::<_, StoreError>(tx.execute_unprepared("PRAGMA max_page_count = 1").await?)).await;
        full.unwrap();
        let refused = loop {
            let name = format!("{:>50} {round}", acknowledged.len()).replace(' ', "x");
            let page = browser.post("/roles", &[("name", &name), ("permissions", "operators.view")]).await;
            if page.status() == 503 {
                break page;
            }
            assert_eq!(page.statuses[0], 303);
            acknowledged.push(name);
        };
        assert!(refused.text().contains("has no room left"), "{}", refused.text());
        assert_eq!(refused.headers["retry-after"], "5");
        let found = browser.open("/roles").await.expect(200);
        assert!(acknowledged.iter().all(|name| found.body.contains(name.as_str())), "what was acknowledged is there");
        api.patch("/languages/fr", &json!({"name": format!("Français {round}")})).await.expect(200);
    }
}

#[tokio::test]
async fn a_full_disk_is_told_as_such_and_heals_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    if Database::postgres().is_some() {
        return;
    }
    if Command::new("prlimit").arg("--version").output().is_err() {
        eprintln!("left out: prlimit (util-linux) is not here");
        return;
    }
    let key = {
        run(dir.path(), &["migrate"]);
        run(dir.path(), &["token", "create", "--name", "Test", "--scope", "operators:write"]).1
    };
    // A file that may not grow any more is what a full disk is; the signal that comes with it is for programs that ignore errors.
    let mut command = Command::new("sh");
    let plain = onduty(dir.path(), &["serve"]);
    command.args(["-c", "trap '' XFSZ; exec \"$0\" serve"]).arg(plain.get_program()).current_dir(env!("CARGO_MANIFEST_DIR"));
    command.env_clear().envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?)))).env("ONDUTY_LOG", "off");
    command.env("ONDUTY_OWNER_EMAIL", EMAIL).env("ONDUTY_OWNER_PASSWORD", PASSWORD);
    let server = listening(command.stdout(Stdio::piped()).stderr(Stdio::null()));
    let browser = Browser::new(&server.url, "en");
    browser.open("/login").await.fill("E-mail", EMAIL).fill("Password", PASSWORD).submit("Sign in").await.expect(200);
    let api = Api::new(&server.url, key.trim());
    api.get("/operators").await.expect(200);
    let log = dir.path().join("onduty.sqlite-wal");
    let mut acknowledged: Vec<String> = Vec::new();
    for round in 0..2 {
        let size = fs::metadata(&log).unwrap().len();
        limit(&server, &format!("{}", size + 100_000));
        let refused = loop {
            let email = format!("full{}@example.org", acknowledged.len());
            let page = browser.post("/operators", &[("name", "Full Disk"), ("email", &email), ("role", "agent")]).await;
            if page.status() == 503 {
                break page;
            }
            assert_eq!(page.statuses[0], 303, "{email}");
            acknowledged.push(email);
            assert!(acknowledged.len() < 500, "the disk never fills");
        };
        assert!(refused.text().contains("has no room left"), "{}", refused.text());
        let problem = api.post("/operators", &json!({"name": "A", "email": "api@example.org", "role": "agent"})).await;
        assert_eq!(problem.header("content-type"), "application/problem+json");
        assert_eq!(problem.expect(503)["type"], "urn:onduty:problem:unavailable");
        browser.open("/operators").await.expect(200);
        api.get("/operators").await.expect(200);
        assert_eq!(reqwest::get(format!("{}/health/live", server.url)).await.unwrap().status(), 200);
        limit(&server, "unlimited");
        let email = format!("healed{round}@example.org");
        let healed = browser.post("/operators", &[("name", "Room Again"), ("email", &email), ("role", "agent")]).await;
        assert_eq!(healed.statuses[0], 303, "it heals by itself");
        acknowledged.push(email);
    }
    for email in &acknowledged {
        let found = api.get(&format!("/operators?email={email}")).await.expect(200);
        assert_eq!(found["items"].as_array().map(Vec::len), Some(1), "{email} was acknowledged");
    }
    assert_eq!(api.get("/operators?email=api@example.org").await.expect(200)["items"], json!([]));
    drop(server);
    let db = SeaOrm::connect(format!("sqlite:{}", dir.path().join("onduty.sqlite").display())).await.unwrap();
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), "PRAGMA integrity_check")).await.unwrap().unwrap();
    assert_eq!(row.try_get_by_index::<String>(0).unwrap(), "ok");
}

fn limit(server: &Serving, bytes: &str) {
    let size = format!("--fsize={bytes}:unlimited");
    assert!(Command::new("prlimit").args(["--pid", &server.child.id().to_string(), &size]).status().unwrap().success());
}

#[tokio::test]
async fn without_a_database_every_door_says_so_and_the_process_lives() {
    let app = TestApp::spawn().await;
    app.allow_error("a request failed");
    app.allow_error("a call failed");
    let (browser, api) = (app.owner().await, app.api_key(&["operators:write"]).await);
    app.ctx.store.clone().close().await;
    for (browser, language, words) in [(&browser, "en", "does not answer"), (&app.browser_in("fr"), "fr", "ne répond pas")] {
        for path in ["/operators", "/login", "/profile"] {
            let page = browser.open(path).await.expect(503);
            assert!(page.text().contains(words), "{path} in {language}: {}", page.text());
            assert_eq!(page.headers["retry-after"], "5");
            assert!(page.headers.contains_key("content-security-policy"));
        }
    }
    let answer = api.get("/operators").await;
    assert_eq!(answer.header("retry-after"), "5");
    assert_eq!(answer.expect(503)["type"], "urn:onduty:problem:unavailable");
    let request = browser.request(Method::GET, "/health/live").send().await.unwrap();
    assert_eq!(request.status(), 200);
}

/// A database with an owner in it, closed in order.
fn filled(folder: &Path) -> std::path::PathBuf {
    let (status, _, err) = run(folder, &["migrate"]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(run(folder, &["owner", "--email", EMAIL, "--name", "Ada"]).0, 0);
    folder.join("onduty.sqlite")
}

fn refused(folder: &Path, arguments: &[&str]) {
    let (status, out, err) = run(folder, arguments);
    assert_eq!((status, err.lines().count()), (1, 1), "{arguments:?}: {out} {err}");
    assert!(err.contains("onduty.sqlite is damaged") && err.contains("onduty restore"), "{arguments:?}: {err}");
    assert!(!out.contains("Listening"), "{out}");
}

#[test]
fn a_damaged_file_is_refused_before_anything_is_served() {
    if Database::postgres().is_some() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let file = filled(dir.path());
    let whole = fs::read(&file).unwrap();
    let middle = whole.len() / 2 / 4096 * 4096;
    let mut overwritten = whole.clone();
    overwritten[middle..middle + 4096].fill(0xff);
    let mut no_head = whole.clone();
    no_head[..100].fill(0x20);
    for damaged in [overwritten, whole[..middle].to_vec(), no_head] {
        fs::write(&file, &damaged).unwrap();
        refused(dir.path(), &["serve"]);
        refused(dir.path(), &["owner", "--email", EMAIL, "--name", "Ada"]);
    }
    fs::write(&file, &whole).unwrap();
    drop(serve(dir.path(), &[]));
}

#[tokio::test]
async fn a_large_file_is_checked_while_serving_and_ends_the_server_where_it_is_damaged() {
    if Database::postgres().is_some() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let file = filled(dir.path());
    let small = fs::metadata(&file).unwrap().len() as usize;
    let db = SeaOrm::connect(format!("sqlite:{}", file.display())).await.unwrap();
    db.execute_unprepared("CREATE TABLE large (x BLOB); INSERT INTO large SELECT zeroblob(70000000)").await.unwrap();
    db.close().await.unwrap();
    let mut sound = serve(dir.path(), &[]);
    sound.signal("-TERM");
    assert!(sound.child.wait().unwrap().success());
    let mut bytes = fs::read(&file).unwrap();
    let middle = small / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0xff);
    fs::write(&file, bytes).unwrap();
    let output = onduty(dir.path(), &["serve"]).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(err.lines().last().unwrap().contains("is damaged"), "{err}");
    assert!(out.contains("Listening"), "{out}");
}
