//! Automatic replies from the query to the mail on the wire: once, politely, never in a loop (AB-4 to AB-7, N1 to N20).

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use onduty::domain::auto_reply::Reason;
use onduty::mail::message::BuiltMail;
use onduty::mail::transport::{Deadlines, SendError, SendErrorKind, Smtp, Transport};
use onduty::store::versions::{self, Counter};
use onduty::store::{StoreError, Tx};
use sea_orm::{ConnectionTrait, Database as SeaOrm, Statement};
use serde_json::{Value, json};

use crate::support::process::{Serving, listening, onduty, run};
use crate::support::smtp_sink::{Behaviour, Received, SmtpSink};
use crate::support::{Api, Database, TestApp};

async fn exec(tx: &Tx, text: &str) -> Result<(), StoreError> {
    tx.execute_raw(Statement::from_string(tx.get_database_backend(), text)).await?;
    versions::touch(tx, Counter::Operators).await?;
    versions::touch(tx, Counter::Catalogue).await
}

async fn sql(app: &TestApp, text: &str) {
    app.ctx.store.write(async |tx| exec(tx, text).await).await.unwrap();
}

/// Support, where Mia works, who is away from now for three days, and Noor, who stands in.
struct House {
    api: Api,
    mia: i64,
    noor: i64,
}

const SCOPES: &[&str] = &["operators:write", "departments:write", "queries:write", "settings:write", "statuses:read", "languages:write"];

async fn house(app: &TestApp) -> House {
    let api = app.api_key(SCOPES).await;
    api.post("/departments", &json!({"name": "Support", "name_texts": {"es": "Ayuda"}, "email": "support@ours.example"})).await.expect(201);
    let mia = app.new_operator("Mia Long", "mia@ours.example", "agent").await;
    let noor = app.new_operator("Noor Vidal", "noor@ours.example", "agent").await;
    let status = api.get("/statuses").await.expect(200)["items"][0]["id"].clone();
    for (id, alias) in [(mia, "Mia"), (noor, "Noor")] {
        let profile = json!({"alias": alias, "presence_required": false, "languages": ["en", "es"], "notification_email": format!("{alias}@home.example")});
        api.patch(&format!("/operators/{id}"), &profile).await.expect(200);
        api.put(&format!("/operators/{id}/status"), &json!({"status_id": status})).await.expect(200);
        api.put(&format!("/departments/support/members/{id}"), &json!({})).await.expect(200);
    }
    let house = House { api, mia, noor };
    house.away(app, app.now(), TimeDelta::days(3)).await;
    house
}

impl House {
    async fn away(&self, app: &TestApp, from: DateTime<Utc>, time: TimeDelta) {
        let (starts, ends, deputy) = (from.timestamp_millis(), (from + time).timestamp_millis(), self.noor);
        sql(
            app,
            &format!(
                "INSERT INTO absences (operator_id, starts_at, ends_at, kind, auto_reply, reply_frequency, deputy_id, created_at, updated_at, \
                 version) VALUES ({}, {starts}, {ends}, 'holiday', TRUE, 'every_query', {deputy}, {starts}, {starts}, 1)",
                self.mia
            ),
        )
        .await;
    }

    /// A query to Mia that did not come by e-mail.
    async fn ask(&self, email: &str, more: Value) -> Value {
        let mut query = json!({"channel": "ticket", "department": "support", "operator_id": self.mia, "language": "es",
            "requester": {"name": "Ada \"the, boss\" <x@y.example>", "email": email}, "subject": "Una pregunta", "body": "¿Dónde?"});
        for (name, value) in more.as_object().cloned().unwrap_or_default() {
            query[name] = value;
        }
        self.api.insist("/queries", &query).await.expect(201)
    }

    /// The same house, spoken to through another node.
    fn through(&self, node: &TestApp) -> House {
        House { api: Api::new(&node.url, &self.api.key), ..*self }
    }

    /// What the ledger says of a query: `sent`, or the rule that held; nothing where it was not judged.
    async fn rule(&self, query: &Value) -> String {
        let rows = self.api.get("/auto-replies?limit=200").await.expect(200)["items"].as_array().unwrap().clone();
        let mut rows = rows.iter().filter(|row| row["query_id"] == query["id"]);
        let rule = rows.next().map(|row| row["rule"].as_str().unwrap_or("sent").to_owned()).unwrap_or_default();
        assert!(rows.next().is_none(), "two rows about {}", query["id"]);
        rule
    }

    /// The same by e-mail, with these headers beside the usual ones.
    async fn mail(&self, email: &str, id: &str, headers: &[(&str, &str)]) -> Value {
        let mut all = vec![["From", email], ["To", "Support <support@ours.example>"], ["Message-ID", id]];
        all.extend(headers.iter().map(|(name, value)| [*name, *value]));
        self.ask(email, json!({"mail": {"message_id": id, "headers": all}})).await
    }
}

type Headers<'a> = &'a [(&'a str, &'a str)];

fn reply(query: &Value) -> &Value {
    &query["auto_reply"]
}

fn withheld(reason: &str) -> Value {
    json!({"sent": false, "withheld": reason})
}

fn head(mail: &BuiltMail) -> String {
    let text = String::from_utf8_lossy(&mail.bytes).into_owned();
    text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ")
}

#[actix_web::test]
async fn who_is_away_answers_once_in_the_customers_language_with_the_headers_of_an_automatic_reply() {
    let app = TestApp::spawn().await;
    let house = house(&app).await;
    let query = house
        .mail("Ada@Example.org", "<q1@example.org>", &[("References", "<q0@example.org>"), ("Subject", "x\r\nBcc: evil@example.org")])
        .await;
    assert_eq!(reply(&query), &json!({"sent": true}));
    assert_eq!((&query["operator_id"], &query["transferred_from"][0]["operator_id"]), (&json!(house.noor), &json!(house.mia)));
    app.deliver().await;
    let mail = app.mailbox.only("Ada@example.org");
    assert_eq!(mail.subject, "Auto: Mia no está disponible y volverá el 14 de marzo de 2026");
    assert!(mail.text.contains(&format!("referencia {}", query["reference"].as_str().unwrap())), "{}", mail.text);
    assert!(!mail.text.contains("¿Dónde?") && !mail.text.contains("{$"), "nothing of the customer's, and every variable filled in");
    let built = app.mailbox.0.mails().pop().unwrap();
    assert_eq!(built.envelope_from, None, "bounces come to nobody");
    let head = head(&built);
    for line in [
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "X-Auto-Response-Suppress: All",
        "X-Loop: 127.0.0.1",
        "In-Reply-To: <q1@example.org>",
        "References: <q0@example.org> <q1@example.org>",
        "Reply-To: support@ours.example",
        "Content-Language: es",
        "From: Mia <",
    ] {
        assert!(head.contains(line), "{line} is not in\n{head}");
    }
    assert!(mail.header("message-id").unwrap().starts_with("<autoreply."), "{head}");
    assert_eq!(head.matches("\r\nTo: ").count(), 1);
    assert!(!head.contains("Bcc") && !head.contains("evil") && !head.contains("x@y.example"), "{head}");
    assert!(mail.header("to").unwrap().contains("Ada the boss"), "{head}");

    let again = house.mail("Ada@Example.org", "<q1@example.org>", &[]).await;
    assert_eq!(reply(&again), &withheld("duplicate"), "the same message");
    app.deliver().await;
    assert_eq!(app.mailbox.all().len(), 1);
}

#[actix_web::test]
async fn texts_are_those_of_the_absence_else_of_the_operator_else_of_the_organisation_in_the_first_language_that_has_one() {
    let app = TestApp::spawn().await;
    let house = house(&app).await;
    let subject = async |n: u32, language: Value| {
        let email = format!("c{n}@example.org");
        assert_eq!(reply(&house.ask(&email, json!({"language": language})).await), &json!({"sent": true}));
        app.deliver().await;
        app.mailbox.only(&email).subject
    };
    assert!(subject(1, json!("fr-CA")).await.starts_with("Auto\u{a0}: absence de Mia, retour le 14 mars 2026"));
    assert!(subject(2, json!("de")).await.starts_with("Auto: Mia is away until 14 March 2026"), "the operator's first language");
    let own = "VALUES ('absence_reply', 'en', 'Organisation {$organisation} {$department}', 'x', 7)";
    sql(&app, &format!("INSERT INTO mail_templates (kind, language, subject, body, version) {own}")).await;
    assert_eq!(subject(3, json!("en")).await, "Organisation Onduty Support");
    sql(
        &app,
        &format!(
            "INSERT INTO operator_reply_texts (operator_id, tag, subject, body) VALUES ({}, 'en', 'Operator {{$deputy}}', 'x')",
            house.mia
        ),
    )
    .await;
    assert_eq!(subject(4, json!("en-GB")).await, "Operator Noor");
    sql(&app, "INSERT INTO absence_texts (absence_id, tag, subject, body) SELECT id, 'de', 'Weg bis {$firstDayBack}', 'x' FROM absences")
        .await;
    assert_eq!(subject(5, json!("de-AT")).await, "Weg bis 2026-03-14");
    assert_eq!(subject(6, json!("en")).await, "Operator Noor", "the absence has no English text");
    sql(&app, "UPDATE absences SET auto_reply = FALSE").await;
    assert_eq!(reply(&house.ask("c7@example.org", json!({})).await), &withheld("off"));
}

#[actix_web::test]
async fn what_must_not_be_answered_is_in_the_ledger_with_its_reason() {
    let app = TestApp::spawn().await;
    let house = house(&app).await;
    let late = (app.now() - TimeDelta::hours(25)).to_rfc2822();
    let cases: [(&str, Headers<'_>, &str); 12] = [
        ("b1@example.org", &[("Return-Path", "")], "bounce"),
        ("b2@example.org", &[("Return-Path", "<> (no sender)")], "bounce"),
        ("b3@example.org", &[("X-Spam-Flag", "YES")], "list"),
        ("a1@example.org", &[("Auto-Submitted", "auto-replied")], "automatic"),
        ("a2@example.org", &[("List-Id", "<ducks.example.org>")], "list"),
        ("a3@example.org", &[("Precedence", "bulk")], "list"),
        ("a4@example.org", &[("Return-Path", "<>")], "bounce"),
        ("no-reply@example.org", &[], "no_reply_address"),
        ("mia@home.example", &[], "own_address"),
        ("support@ours.example", &[], "own_address"),
        ("a5@example.org", &[("X-Auto-Response-Suppress", "OOF")], "automatic"),
        ("a6@example.org", &[("Date", &late)], "not_absent"),
    ];
    let mut spam = Value::Null;
    for (place, (email, headers, reason)) in cases.iter().enumerate() {
        let query = house.mail(email, &format!("<c{place}@example.org>"), headers).await;
        assert_eq!(reply(&query), &withheld(reason), "{email} {headers:?}");
        if headers.iter().any(|(name, _)| *name == "X-Spam-Flag") {
            spam = query["id"].clone();
        }
    }
    assert_eq!(reply(&house.ask("a7@example.org", json!({"mail": {"message_id": "<n@example.org>"}})).await), &withheld("missing_headers"));
    assert_eq!(reply(&house.ask("a8@example.org", json!({"automatic": true})).await), &withheld("automatic"));
    let shown = house.ask("a9@example.org", json!({"requester": {"name": "Ada"}})).await;
    assert_eq!((&reply(&shown)["sent"], &reply(&shown)["withheld"]), (&json!(false), &json!("no_address")));
    let text = &reply(&shown)["text"];
    assert_eq!(
        (&text["language"], &text["subject"]),
        (&json!("es"), &json!("Auto: Mia no está disponible y volverá el 14 de marzo de 2026"))
    );
    let body = text["body"].as_str().unwrap();
    assert!(body.contains(shown["reference"].as_str().unwrap()) && !body.contains("{$"), "{text}");
    let elsewhere = json!({"mail": {"message_id": "<e@example.org>", "headers": [["From", "b@example.org"], ["To", "else@example.org"]]}});
    assert_eq!(reply(&house.ask("b@example.org", elsewhere).await), &withheld("not_addressed"));
    app.deliver().await;
    assert!(app.mailbox.all().is_empty());

    let sent = house.mail("good@example.org", "<good@example.org>", &[("Auto-Submitted", "no")]).await;
    assert_eq!(reply(&sent), &json!({"sent": true}), "the control");
    app.deliver().await;
    let api = app.api_key(&["queries:read"]).await;
    let listed = api.get("/auto-replies?limit=5").await.expect(200);
    assert_eq!((&listed["items"][0]["sent"], &listed["items"][0]["reference"]), (&json!(true), &sent["reference"]));
    let next = api.get(&format!("/auto-replies?limit=200&cursor={}", listed["next_cursor"].as_str().unwrap())).await.expect(200);
    assert_eq!(next["items"].as_array().unwrap().len(), 11, "sixteen judged; who was not absent then is not in the ledger");
    let lists = api.get("/auto-replies?withheld=list").await.expect(200);
    assert_eq!((lists["items"].as_array().unwrap().len(), &lists["items"][0]["rule"]), (3, &json!("N6")));
    api.get("/auto-replies?withheld=nothing").await.expect(422);

    let supervisor = app.operator("supervisor").await;
    let page = supervisor.open("/").await.follow("Automatic replies").await.expect(200);
    assert_eq!(page.select("tbody tr").len(), 16);
    let row = |rule: &str| page.select("tbody tr").into_iter().find(|row| row.contains(&format!("{rule} ·"))).unwrap();
    for (rule, words) in [
        ("N6", "It came from a list or in bulk"),
        ("N7", "The sender asks for no automatic replies"),
        ("N13", "It is marked as spam"),
        ("N4", "A machine wrote it"),
    ] {
        assert!(row(rule).contains(words), "{}", row(rule));
    }
    assert!(supervisor.open(&format!("/queries/{spam}")).await.main().contains("It is marked as spam"), "its own page says so, too");
    assert!(page.main().contains(sent["reference"].as_str().unwrap()) && page.main().contains("good@example.org"));
    assert_eq!(supervisor.open("/auto-replies?outcome=sent").await.select("tbody tr").len(), 1);
    assert_eq!(supervisor.open(&format!("/auto-replies?reason=list&operator={}", house.mia)).await.select("tbody tr").len(), 3);
    assert!(supervisor.open("/auto-replies?reason=cap").await.expect(200).main().contains("Nothing fits"));
    app.operator("agent").await.open("/auto-replies").await.expect(403);
    let admin = app.operator("admin").await;
    let mail = admin.open("/auto-replies?outcome=sent").await.within("tbody").follow("Sent").await.expect(200);
    assert!(mail.main().contains("Auto: Mia"), "{}", mail.main());
    assert!(admin.open("/mail").await.links().contains(&"/auto-replies".to_owned()));
}

/// A day and a half into the absence; beside each case what differs from it in one thing and is answered.
#[actix_web::test]
async fn each_rule_holds_by_itself_and_not_for_what_is_next_to_it() {
    let app = TestApp::spawn().await;
    let house = house(&app).await;
    house.api.post("/departments", &json!({"name": "Sales", "email": "sales@ours.example"})).await.expect(201);
    app.new_operator("Kai Stern", "kai@ours.example", "agent").await;
    app.pass(TimeDelta::hours(36));
    let ago = |hours| (app.now() - TimeDelta::hours(hours)).to_rfc2822();
    let fresh = ago(0);
    for (rule, reason, (held, when), (free, then)) in [
        ("N11", "own_address", ("kai@ours.example", &fresh), ("kai@example.org", &fresh)),
        ("N11", "own_address", ("Sales@Ours.example", &fresh), ("sales@example.net", &fresh)),
        ("N11", "own_address", ("onduty@example.org", &fresh), ("onduty@example.net", &fresh)),
        ("N13", "late", ("late@example.org", &ago(25)), ("soon@example.org", &ago(23))),
    ] {
        let query = house.mail(held, &format!("<{rule}.{held}>"), &[("Date", when)]).await;
        assert_eq!((house.rule(&query).await.as_str(), reply(&query)), (rule, &withheld(reason)), "{held}");
        let query = house.mail(free, &format!("<{rule}.{free}>"), &[("Date", then)]).await;
        assert_eq!((house.rule(&query).await.as_str(), reply(&query)), ("sent", &json!({"sent": true})), "beside {held}");
    }

    let ask = async |more: Value| {
        let query = house.ask("follow@example.org", more).await;
        (house.rule(&query).await, reply(&query)["withheld"].as_str().unwrap_or_default().to_owned())
    };
    let (sent, is) = (("sent".to_owned(), String::new()), |rule: &str, reason: &str| (rule.to_owned(), reason.to_owned()));
    assert_eq!(ask(json!({"external_id": "ticket-1"})).await, sent);
    assert_eq!(ask(json!({"external_id": "ticket-1"})).await, is("N17", "follow_up"), "the same outside id");
    assert_eq!(ask(json!({"external_id": "ticket-2"})).await, sent);
    for channel in ["chat", "call"] {
        let by = |email: Value| json!({"channel": channel, "requester": {"name": "Ada", "email": email}});
        assert_eq!(ask(by(Value::Null)).await, is("N20", "no_address"), "{channel}");
        assert_eq!(ask(by(json!(format!("{channel}@example.org")))).await, sent, "{channel}");
    }

    let mut query =
        json!({"channel": "ticket", "department": "support", "operator_id": house.noor, "requester": {"email": "moved@example.org"}});
    let moved = house.api.post("/queries", &query).await.expect(201);
    assert_eq!((reply(&moved), house.rule(&moved).await.as_str()), (&withheld("not_absent"), ""), "nobody is away who has it");
    house.api.post(&format!("/queries/{}/transfer", moved["id"]), &json!({"operator_id": house.mia})).await.expect(200);
    assert_eq!(house.rule(&moved).await, "sent", "a colleague who is there passes it on to who is away");
    query["operator_id"] = json!(house.mia);
    query["requester"]["email"] = json!("posted@example.org");
    let posted = house.api.post("/queries", &query).await.expect(201);
    assert_eq!(house.rule(&posted).await, "sent", "the same, posted to who is away");
    app.deliver().await;
    assert_eq!(app.mailbox.all().len(), 10, "as many as were answered");
    app.mailbox.only("moved@example.org");
}

#[actix_web::test]
async fn what_was_received_during_the_absence_is_answered_though_it_comes_in_after_it() {
    let app = TestApp::spawn().await;
    let house = house(&app).await;
    let end = app.now() + TimeDelta::days(3);
    app.pass(TimeDelta::days(3) + TimeDelta::hours(2));
    let received = async |email: &str, at: DateTime<Utc>| house.mail(email, &format!("<r.{email}>"), &[("Date", &at.to_rfc2822())]).await;
    let during = received("during@example.org", end - TimeDelta::seconds(1)).await;
    assert_eq!((reply(&during), &during["operator_id"]), (&json!({"sent": true}), &json!(house.mia)), "Mia herself has it by now");
    let after = received("after@example.org", end).await;
    assert_eq!((reply(&after), house.rule(&after).await.as_str()), (&withheld("not_absent"), ""));
    app.deliver().await;
    app.mailbox.only("during@example.org");
    assert_eq!(app.mailbox.all().len(), 1);
}

#[actix_web::test]
async fn of_twenty_from_one_sender_at_once_on_two_nodes_three_are_answered() {
    let (one, two) = TestApp::pair().await;
    let house = house(&one).await;
    let other = house.through(&two);
    let nodes = [&house, &other];
    let all = join_all((0..20).map(|n| nodes[n % 2].ask("eager@example.org", json!({})))).await;
    let sent = all.iter().filter(|query| reply(query)["sent"] == true).count();
    assert_eq!((sent, all.iter().filter(|query| reply(query) == &withheld("cap")).count()), (3, 17));
    let rows = house.api.get("/auto-replies?limit=200").await.expect(200)["items"].as_array().unwrap().clone();
    assert_eq!((rows.len(), rows.iter().filter(|row| row["rule"] == "N15").count()), (20, 17), "each is in the ledger");
    one.deliver().await;
    assert_eq!(one.mailbox.to("eager@example.org").len(), 3);
    let other = house.ask("calm@example.org", json!({})).await;
    assert_eq!(reply(&other), &json!({"sent": true}), "another sender");
    one.deliver().await;
}

#[actix_web::test]
async fn a_sender_is_answered_as_often_as_chosen_and_never_beyond_the_bounds() {
    let app = TestApp::spawn().await;
    let house = house(&app).await;
    house.away(&app, app.now() + TimeDelta::days(3), TimeDelta::days(60)).await;
    let mut n = 0;
    let mut mail = async |email: &str| {
        n += 1;
        let id = format!("<f{n}@example.org>");
        reply(&house.mail(email, &id, &[("Date", &app.now().to_rfc2822())]).await)["withheld"].as_str().unwrap_or("sent").to_owned()
    };
    assert_eq!((mail("a@example.org").await.as_str(), mail("A@Example.org").await.as_str()), ("sent", "frequency"));
    assert_eq!(mail("a+tag@example.org").await, "sent", "another address");
    app.pass(TimeDelta::hours(24));
    assert_eq!(mail("a@example.org").await, "sent", "once a day");
    house.api.patch("/settings", &json!({"email_reply_interval_days": 0})).await.expect(200);
    let now: Vec<String> = vec![mail("a@example.org").await, mail("a@example.org").await, mail("a@example.org").await];
    assert_eq!(now, ["sent", "sent", "cap"], "three in ten minutes, whatever the setting says");
    for _ in 0..9 {
        app.pass(TimeDelta::minutes(11));
        mail("a@example.org").await;
    }
    assert_eq!(mail("a@example.org").await, "cap", "ten in a day");
    sql(&app, "UPDATE absences SET reply_frequency = 'once'").await;
    app.pass(TimeDelta::days(1));
    assert_eq!(mail("a@example.org").await, "frequency", "once in the absence");
    app.pass(TimeDelta::days(2));
    assert_eq!(mail("a@example.org").await, "sent", "another absence by now");
    sql(&app, "UPDATE absences SET reply_frequency = 'daily'").await;
    let form = async || reply(&house.ask("b@example.org", json!({})).await)["withheld"].as_str().unwrap_or("sent").to_owned();
    assert_eq!((form().await.as_str(), form().await.as_str()), ("sent", "frequency"));
    app.pass(TimeDelta::hours(24));
    assert_eq!(form().await, "sent");
}

#[actix_web::test]
async fn a_robot_that_answers_every_reply_comes_to_an_end() {
    let app = TestApp::spawn().await;
    let house = house(&app).await;
    house.api.patch("/settings", &json!({"email_reply_interval_days": 0})).await.expect(200);
    // Whether it names the reply it answers and marks its mails, how many replies it gets, and what ends it.
    for (robot, names, marks, most, rule) in [
        ("marked@example.org", true, true, 1, "N4"),
        ("unmarked@example.org", true, false, 1, "N17"),
        ("forgetful@example.org", false, false, 3, "N15"),
    ] {
        let mut answered: Option<String> = None;
        for turn in 0..=most {
            let mut headers = vec![("Date", app.now().to_rfc2822())];
            if let Some(reply) = answered.filter(|_| names) {
                headers.extend([("In-Reply-To", reply.clone()), ("References", reply)]);
            }
            if marks && turn > 0 {
                headers.push(("Auto-Submitted", "auto-replied".to_owned()));
            }
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let query = house.mail(robot, &format!("<{turn}.{robot}>"), &headers).await;
            assert_eq!(house.rule(&query).await, if turn < most { "sent" } else { rule }, "{robot}, mail {turn}");
            app.tick(app.now() + TimeDelta::seconds(20)).await;
            answered = app.mailbox.to(robot).last().and_then(|reply| reply.header("message-id").map(str::to_owned));
        }
        assert_eq!(app.mailbox.to(robot).len(), most, "{robot}");
    }
}

#[actix_web::test]
async fn an_answer_to_our_reply_goes_on_with_the_conversation() {
    let app = TestApp::spawn().await;
    let house = house(&app).await;
    house.api.patch("/settings", &json!({"email_reply_interval_days": 0})).await.expect(200);
    let our_reply = async |email: &str| {
        app.deliver().await;
        app.mailbox.to(email).last().unwrap().header("message-id").unwrap().to_owned()
    };
    // By e-mail with and without a Message-ID, and by a form.
    house.mail("a@example.org", "<a1@example.org>", &[]).await;
    let bare = json!({"mail": {"headers": [["From", "b@example.org"], ["To", "support@ours.example"]]}});
    house.ask("b@example.org", bare).await;
    house.ask("c@example.org", json!({})).await;
    for email in ["a@example.org", "b@example.org", "c@example.org"] {
        let ours = our_reply(email).await;
        let answer = house.mail(email, &format!("<2{email}>"), &[("In-Reply-To", &ours)]).await;
        assert_eq!(reply(&answer), &withheld("follow_up"), "{email}");
        let more = house.mail(email, &format!("<3{email}>"), &[("References", &format!("<2{email}>"))]).await;
        assert_eq!(reply(&more), &withheld("follow_up"), "{email}: the answer to that answer");
        app.pass(TimeDelta::minutes(11));
        let fresh = house.mail(email, &format!("<4{email}>"), &[("Date", &app.now().to_rfc2822())]).await;
        assert_eq!(reply(&fresh), &json!({"sent": true}), "{email}: a new conversation");
        let forged = ours.replace("@", "0@");
        let other = house.mail(email, &format!("<5{email}>"), &[("In-Reply-To", &forged)]).await;
        assert_eq!(reply(&other), &json!({"sent": true}), "{email}: an id that we did not give");
        app.pass(TimeDelta::minutes(11));
    }
    app.deliver().await;
    let api = app.api_key(&["queries:read"]).await;
    let ledger = api.get("/auto-replies?withheld=follow_up").await.expect(200);
    assert!(ledger["items"].as_array().unwrap().iter().all(|row| row["rule"] == "N17") && ledger["items"].as_array().unwrap().len() == 6);
}

#[actix_web::test]
async fn the_deputy_is_named_only_where_the_query_is_theirs() {
    let app = TestApp::spawn().await;
    let house = house(&app).await;
    let routing = json!({"channels": ["ticket"], "offer_seconds": {"ticket": 0}, "routing": {"ticket": "ring_all"}});
    house.api.patch("/departments/support", &routing).await.expect(200);
    let own = "VALUES ('absence_reply', 'es', 'Para {$deputy}', 'x', 7)";
    sql(&app, &format!("INSERT INTO mail_templates (kind, language, subject, body, version) {own}")).await;
    let subject = async |n: u32| {
        let email = format!("d{n}@example.org");
        assert_eq!(reply(&house.ask(&email, json!({})).await), &json!({"sent": true}));
        app.deliver().await;
        app.mailbox.only(&email).subject
    };
    assert_eq!(subject(1).await, "Para Noor", "it rings for the deputy alone");
    sql(&app, "UPDATE absences SET deputy_id = NULL").await;
    assert_eq!(subject(2).await, "Para Ayuda", "it rings for whoever is there");
    house.api.patch(&format!("/operators/{}", house.noor), &json!({"languages": ["en"]})).await.expect(200);
    sql(&app, &format!("UPDATE absences SET deputy_id = {}", house.noor)).await;
    assert_eq!(subject(3).await, "Para Ayuda", "the deputy cannot take it");
    house.api.patch(&format!("/operators/{}", house.noor), &json!({"languages": ["es"]})).await.expect(200);
    sql(&app, "UPDATE absences SET deputy_id = NULL").await;
    house.api.patch("/departments/support", &json!({"routing": {"ticket": "max_utilization"}})).await.expect(200);
    assert_eq!(subject(4).await, "Para Noor", "Noor has it");
}

#[actix_web::test]
async fn on_the_day_itself_the_reply_names_the_hour() {
    let app = TestApp::spawn().await;
    let house = house(&app).await;
    sql(&app, &format!("UPDATE absences SET ends_at = {}", (app.now() + TimeDelta::hours(3)).timestamp_millis())).await;
    house.ask("a@example.org", json!({})).await;
    app.deliver().await;
    let subject = app.mailbox.only("a@example.org").subject;
    assert_eq!(subject, "Auto: Mia no está disponible y volverá el 11 de marzo de 2026, 15:00 (UTC)");
}

#[actix_web::test]
async fn a_reply_is_not_sent_once_its_absence_was_cancelled_or_a_day_has_passed() {
    let app = TestApp::spawn().await;
    let house = house(&app).await;
    let owner = app.owner().await;
    house.ask("a@example.org", json!({})).await;
    sql(&app, "DELETE FROM absences").await;
    app.deliver().await;
    let page = owner.open("/mail?kind=absence_reply").await;
    assert!(page.main().contains("Cancelled") && page.main().contains("The absence was cancelled"), "{}", page.main());

    house.away(&app, app.now(), TimeDelta::days(3)).await;
    house.ask("b@example.org", json!({})).await;
    app.tick(app.now() + TimeDelta::hours(25)).await;
    // The first session is over by then.
    let owner = app.signed_in(owner.me()).await;
    assert!(owner.open("/mail?kind=absence_reply").await.main().contains("More than a day has passed"));
    house.ask("c@example.org", json!({})).await;
    sql(&app, &format!("UPDATE operators SET deleted_at = {} WHERE id = {}", app.now().timestamp_millis(), house.mia)).await;
    app.deliver().await;
    assert!(app.mailbox.all().is_empty(), "{:?}", app.mailbox.all());
}

#[actix_web::test]
async fn an_address_that_the_server_refuses_for_good_rests_for_sixty_days() {
    let app = TestApp::spawn().await;
    let house = house(&app).await;
    house.away(&app, app.now() + TimeDelta::days(3), TimeDelta::days(100)).await;
    let ask = async || reply(&house.ask("gone@example.org", json!({})).await)["withheld"].as_str().unwrap_or("sent").to_owned();
    for (email, words) in [("spam@example.org", "5.7.1 this looks like spam"), ("sender@example.org", "5.1.8 no empty sender")] {
        let ask = async || reply(&house.ask(email, json!({})).await)["withheld"].as_str().unwrap_or("sent").to_owned();
        app.deliver().await;
        app.mailbox.0.fail_next(SendError::new(SendErrorKind::Permanent, Some(550), words));
        assert_eq!(ask().await, "sent");
        app.deliver().await;
        assert_eq!(ask().await, "sent", "the address itself was not refused: {words}");
    }
    app.deliver().await;
    assert_eq!(ask().await, "sent");
    app.mailbox.0.fail_next(SendError::new(SendErrorKind::Permanent, Some(550), "5.1.1 no such user"));
    app.deliver().await;
    app.pass(TimeDelta::days(59));
    assert_eq!(ask().await, "suppressed");
    assert_eq!(reply(&house.ask("other@example.org", json!({})).await), &json!({"sent": true}));
    app.deliver().await;
    app.pass(TimeDelta::days(2));
    assert_eq!(ask().await, "sent");
    app.deliver().await;
    assert_eq!(app.mailbox.to("gone@example.org").len(), 1);
}

#[actix_web::test]
async fn three_hundred_in_an_hour_pause_them_and_raise_an_alarm() {
    let app = TestApp::spawn().await;
    let house = house(&app).await;
    let admin = app.operator("admin").await;
    let (hour, at) = (TimeDelta::hours(1), app.now().timestamp_millis());
    let rows: Vec<String> = (0..300).map(|n| format!("({at}, TRUE, 'k{n}@example.org')")).collect();
    sql(&app, &format!("INSERT INTO auto_replies (at, sent, sender_key) VALUES {}", rows.join(", "))).await;
    assert_eq!(reply(&house.ask("a@example.org", json!({})).await), &withheld("cap"));
    for page in ["/mail", "/auto-replies", "/"] {
        assert!(admin.open(page).await.main().contains("Automatic replies rest"), "{page}");
    }
    app.pass(hour);
    assert_eq!(reply(&house.ask("a@example.org", json!({})).await), &json!({"sent": true}));
    assert!(!admin.open("/mail").await.main().contains("Automatic replies rest"));
    app.deliver().await;
}

#[actix_web::test]
async fn two_nodes_that_take_the_same_message_at_once_answer_it_once() {
    let (one, two) = TestApp::pair().await;
    let house = house(&one).await;
    let other = house.through(&two);
    for round in 0..5 {
        let (email, id) = (format!("r{round}@example.org"), format!("<r{round}@example.org>"));
        let (a, b) = tokio::join!(house.mail(&email, &id, &[]), other.mail(&email, &id, &[]));
        let mut both = [reply(&a).to_string(), reply(&b).to_string()];
        both.sort();
        assert_eq!(both, [withheld("duplicate").to_string(), json!({"sent": true}).to_string()]);
    }
    one.deliver().await;
    two.deliver().await;
    assert_eq!(one.mailbox.all().len() + two.mailbox.all().len(), 5);
}

#[tokio::test]
async fn a_mail_server_that_is_down_for_ten_minutes_loses_no_reply() {
    let app = TestApp::spawn().await;
    let house = house(&app).await;
    let sink = SmtpSink::start().await;
    let through = || Transport::Smtp(Smtp::from_url(&sink.url(), "onduty.example", Deadlines::default()).unwrap());
    sink.stop().await;
    for n in 0..3 {
        house.ask(&format!("s{n}@example.org"), json!({})).await;
    }
    for minute in 0..10 {
        let to = app.now() + TimeDelta::minutes(i64::from(minute > 0));
        assert_eq!(app.tick_through(to, through()).await.len(), 3, "minute {minute}");
    }
    sink.restart().await;
    for _ in 0..60 {
        app.tick_through(app.now() + TimeDelta::minutes(1), through()).await;
    }
    let mails = sink.mails();
    let mut to: Vec<&str> = mails.iter().flat_map(|mail| mail.to.iter().map(String::as_str)).collect();
    to.sort_unstable();
    assert_eq!(to, ["s0@example.org", "s1@example.org", "s2@example.org"]);
    assert!(mails.iter().all(|mail| mail.from.is_empty() && mail.text().contains("Auto-Submitted: auto-replied")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_between_the_ledger_and_the_mail_server_loses_nothing_and_repeats_under_the_same_id() {
    let database = Database::fresh().await;
    let sink = SmtpSink::start().await;
    let start = || -> Serving {
        let mut command = onduty(database.folder.path(), &["serve"]);
        command.env("ONDUTY_DATABASE_URL", &database.url).env("ONDUTY_OWNER_EMAIL", "ada@ours.example");
        command.env("ONDUTY_OWNER_PASSWORD", "plain lamp under seven boats").env("ONDUTY_SMTP_URL", sink.url());
        listening(command.env("ONDUTY_LOG", "error").stderr(std::process::Stdio::null()))
    };
    let mut server = start();
    let mut token =
        onduty(database.folder.path(), &["token", "create", "--name", "x", "--scope", "queries:write", "--scope", "operators:read"]);
    let token = token.env("ONDUTY_DATABASE_URL", &database.url).output().unwrap();
    let key = String::from_utf8(token.stdout).unwrap().trim().to_owned();
    let owner = Api::new(&server.url, &key).get("/operators").await.expect(200)["items"][0]["id"].as_i64().unwrap();
    let db = SeaOrm::connect(&database.url).await.unwrap();
    let run = async |text: &str| db.execute_raw(Statement::from_string(db.get_database_backend(), text)).await.unwrap();
    let states = async |email: &str| -> Vec<(String, i64)> {
        let text = format!("SELECT state, attempts FROM mail_messages WHERE to_address = '{email}'");
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), text)).await.unwrap();
        rows.iter().map(|row| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap())).collect()
    };
    run(&format!(
        "INSERT INTO absences (operator_id, starts_at, ends_at, kind, auto_reply, reply_frequency, created_at, updated_at, version) \
         VALUES ({owner}, 0, 9000000000000, 'sick', TRUE, 'every_query', 0, 0, 1)"
    ))
    .await;
    let copies = |email: &str| sink.mails().iter().filter(|mail| mail.to == [email]).map(message_id).collect::<Vec<String>>();
    // The server is killed in the middle of the conversation, and with the whole mail handed over but the word that it is taken.
    for (round, behaviour, before) in [(0, Behaviour::Slow(Duration::from_secs(20)), 0), (1, Behaviour::HoldAfterData, 1)] {
        let (first, second) = (format!("first{round}@example.org"), format!("second{round}@example.org"));
        let ask = async |email: &str| {
            let asked = json!({"channel": "ticket", "operator_id": owner, "requester": {"email": email}});
            assert_eq!(reply(&Api::new(&server.url, &key).post("/queries", &asked).await.expect(201)), &json!({"sent": true}));
        };
        sink.behave(behaviour);
        let connections = sink.connections();
        ask(&first).await;
        until("the mail server is spoken to", async || match before {
            0 => sink.connections() > connections,
            _ => copies(&first).len() == before,
        })
        .await;
        // While the one mail hangs, the next one waits in the outbox.
        ask(&second).await;
        assert_eq!(states(&second).await, [("queued".to_owned(), 0)]);
        server.child.kill().unwrap();
        server.child.wait().unwrap();
        assert_eq!(states(&first).await, [("sending".to_owned(), 1)]);
        assert_eq!((copies(&first).len(), copies(&second).len()), (before, 0), "round {round}");
        sink.behave(Behaviour::Accept);
        // The leases of the worker that died are over.
        run("UPDATE mail_messages SET lease_until = 0, available_at = 0 WHERE state = 'sending'").await;
        run("UPDATE jobs SET lease_until = 0 WHERE lease_until IS NOT NULL").await;
        server = start();
        until("both are sent", async || {
            states(&first).await == [("sent".to_owned(), 2)] && states(&second).await == [("sent".to_owned(), 1)]
        })
        .await;
        let (mut all, queued) = (copies(&first), copies(&second));
        assert_eq!((all.len(), queued.len()), (before + 1, 1), "round {round}: one more of what was handed over, no more");
        all.dedup();
        assert_eq!(all.len(), 1, "round {round}: under the same id");
        assert_ne!(all, queued);
    }
    db.close().await.unwrap();
    drop(server);
    database.remove().await;
}

fn message_id(mail: &Received) -> String {
    mail.text().lines().find(|line| line.starts_with("Message-ID:")).unwrap().trim().to_owned()
}

/// Waits for half a minute at most.
async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    for _ in 0..300 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("not in half a minute: {what}");
}

#[test]
fn every_reason_has_words() {
    for reason in Reason::ALL {
        let key = format!("auto-replies-reason-{}", reason.as_str().replace('_', "-"));
        let files =
            ["en", "fr", "es"].map(|locale| std::fs::read_to_string(format!("src/i18n/locales/{locale}/auto-replies.ftl")).unwrap());
        assert!(files.iter().all(|text| text.contains(&format!("{key} ="))), "{key}");
    }
    assert_eq!(run(std::path::Path::new("/nonexistent"), &["intake"]).0, 2, "a recipient is needed");
}
