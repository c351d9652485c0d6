//! Piped mails become queries, once, while the server runs (QU-1): the command line as a mail server's alias calls it.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::process::{Serving, listening, onduty};
use crate::support::{Api, Database};

const MAIL: &str = "Return-Path: <jose@example.org>\r\nReceived: from a by b; DATE\r\nFrom: =?utf-8?q?Jos=C3=A9?= <jose@example.org>\r\n\
    To: Support <support@ours.example>\r\nSubject: =?utf-8?q?=C2=BFD=C3=B3nde=3F?=\r\nMessage-ID: <1@example.org>\r\nContent-Language: es\r\n\r\nHola.\r\n";

struct House {
    database: Database,
    server: Serving,
    api: Api,
    owner: i64,
}

fn command(database: &Database, arguments: &[&str]) -> std::process::Command {
    let mut command = onduty(database.folder.path(), arguments);
    command.env("ONDUTY_DATABASE_URL", &database.url).env("ONDUTY_LOG", "error");
    command
}

async fn house() -> House {
    let database = Database::fresh().await;
    let mut serve = command(&database, &["serve"]);
    serve.env("ONDUTY_OWNER_EMAIL", "ada@ours.example").env("ONDUTY_OWNER_PASSWORD", "plain lamp under seven boats");
    let server = listening(serve.stderr(Stdio::null()));
    let scopes = ["queries:write", "departments:write", "operators:read"].iter().flat_map(|scope| ["--scope", scope]);
    let arguments: Vec<&str> = ["token", "create", "--name", "x"].into_iter().chain(scopes).collect();
    let key = String::from_utf8(command(&database, &arguments).output().unwrap().stdout).unwrap().trim().to_owned();
    let api = Api::new(&server.url, &key);
    let owner = api.get("/operators").await.expect(200)["items"][0]["id"].as_i64().unwrap();
    api.post("/departments", &json!({"name": "Support", "email": "support@ours.example"})).await.expect(201);
    House { database, server, api, owner }
}

/// Pipes a message in; exit status, standard output and standard error.
fn pipe(database: &Database, arguments: &[&str], message: &[u8]) -> (i32, String, String) {
    let all: Vec<&str> = ["intake"].into_iter().chain(arguments.iter().copied()).collect();
    let mut child = command(database, &all).stdin(Stdio::piped()).spawn().unwrap();
    // A program that refuses the recipient may not read to the end.
    let _ = child.stdin.take().unwrap().write_all(message);
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim().to_owned();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn fresh(mail: &str) -> String {
    mail.replace(
        "DATE",
        &chrono::DateTime::<chrono::Utc>::from(std::fs::metadata(Path::new("Cargo.toml")).unwrap().accessed().unwrap()).to_rfc2822(),
    )
}

async fn query(house: &House, reference: &str) -> Value {
    let id = reference.trim_start_matches("Q-");
    house.api.get(&format!("/queries/{id}")).await.expect(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_piped_message_is_a_ticket_with_its_headers_and_comes_once() {
    let house = house().await;
    let mail = fresh(MAIL);
    let (status, reference, err) = pipe(&house.database, &["--to", "Support@ours.example"], mail.as_bytes());
    assert_eq!((status, err.as_str()), (0, ""));
    let stored = query(&house, &reference).await;
    assert_eq!((&stored["channel"], &stored["department"], &stored["subject"]), (&json!("ticket"), &json!("support"), &json!("¿Dónde?")));
    assert_eq!(stored["requester"]["name"], json!("José"));
    assert_eq!((&stored["requester"]["email"], &stored["body"]), (&json!("jose@example.org"), &json!("Hola.")));
    assert_eq!(stored["language"]["tag"], "es");

    let (status, said, _) = pipe(&house.database, &["--to", "support@ours.example"], mail.as_bytes());
    assert_eq!((status, said.as_str()), (0, "Taken before."), "the same message to the same recipient");
    let (status, other, _) = pipe(&house.database, &["--to", "ada+x@ours.example"], mail.as_bytes());
    assert_eq!(status, 0);
    assert_eq!(query(&house, &other).await["addressed_operator_id"], json!(house.owner));
    let all = (0..4).map(|_| {
        let (database, mail) = (&house.database, mail.replace("<1@", "<2@"));
        move || pipe(database, &["--to", "support@ours.example"], mail.as_bytes())
    });
    let said: Vec<String> = std::thread::scope(|scope| {
        let running: Vec<_> = all.map(|one| scope.spawn(one)).collect();
        running
            .into_iter()
            .map(|one| one.join().unwrap())
            .map(|(status, said, err)| if status == 0 { said } else { panic!("{status} {err}") })
            .collect()
    });
    assert_eq!(said.iter().filter(|said| said.starts_with("Q-")).count(), 1, "{said:?}");
    drop(house.server);
    house.database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_taken_is_refused_with_one_line_and_what_may_be_later_is_told_apart() {
    let house = house().await;
    let mail = fresh(MAIL);
    for (arguments, message, says) in [
        (&["--to", "nobody@ours.example"][..], mail.as_bytes(), "belongs to no department"),
        (&["--to", "nonsense"], mail.as_bytes(), "belongs to no department"),
        (&["--to", "support@ours.example"], b"", "no e-mail message"),
        (&["--to", "support@ours.example"], b"hello there", "no e-mail message"),
    ] {
        let (status, out, err) = pipe(&house.database, arguments, message);
        assert_eq!((status, out.as_str(), err.lines().count()), (1, "", 1), "{err}");
        assert!(err.contains(says), "{err}");
    }
    assert_eq!(pipe(&house.database, &[], mail.as_bytes()).0, 2);
    let big = format!("{mail}{}", "x".repeat(41 * 1024 * 1024));
    assert_eq!(pipe(&house.database, &["--to", "support@ours.example"], big.as_bytes()).0, 1);

    let mut away = command(&house.database, &["intake", "--to", "support@ours.example"]);
    away.env("ONDUTY_DATABASE_URL", "postgres://nobody:x@127.0.0.1:1/nothing").stdin(Stdio::null());
    let output = away.output().unwrap();
    assert_eq!(output.status.code(), Some(75), "{}", String::from_utf8_lossy(&output.stderr));

    let text = |body: &str, n: u32| mail.replace("Content-Language: es\r\n", "").replace("Hola.", body).replace("<1@", &format!("<{n}@"));
    for (n, body, language) in [
        (
            11,
            "Hola, compré una mochila la semana pasada y todavía no ha llegado. ¿Dónde está mi pedido?",
            json!({"tag": "es", "from": "given"}),
        ),
        (12, "Bonjour, je n'ai toujours pas reçu ma commande de la semaine dernière. Où est-elle ?", json!({"tag": "fr", "from": "given"})),
        (13, "Hello, I bought a backpack last week and it has not arrived yet. Where is it now?", json!({"tag": "en", "from": "given"})),
        (14, "ok", Value::Null),
        (
            15,
            "Hello, where is the backpack that I bought last week? Hola, ¿dónde está la mochila que compré la semana pasada?",
            Value::Null,
        ),
    ] {
        let (_, reference, err) = pipe(&house.database, &["--to", "support@ours.example"], text(body, n).as_bytes());
        assert_eq!(query(&house, &reference).await["language"], language, "{body} {err}");
    }

    let html = mail.replace("\r\n\r\nHola.", "\r\nContent-Type: text/html\r\n\r\n<p>Hola &amp; adi&oacute;s</p>").replace("<1@", "<3@");
    let (_, reference, _) = pipe(&house.database, &["--to", "support@ours.example", "--from", ""], html.as_bytes());
    let stored = query(&house, &reference).await;
    assert!(stored["body"].as_str().unwrap().contains("Hola & adiós"), "{}", stored["body"]);
    drop(house.server);
    house.database.remove().await;
}
