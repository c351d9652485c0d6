//! The door of the JSON API: keys, limits, problems, pages, conditions, repeats (P1 to P7).

use std::collections::BTreeSet;

use chrono::TimeDelta;
use onduty::store::api_keys;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::api::Answer;
use crate::support::app::config;
use crate::support::{Api, Database, TestApp};

const ALL: &[&str] = &["operators:write", "roles:write", "languages:write", "settings:write"];

fn agent(number: usize) -> Value {
    json!({"name": format!("Agent {number}"), "email": format!("agent{number}@example.org"), "role": "agent", "initial_password": "seven boats under a plain lamp"})
}

fn invited(number: usize) -> Value {
    json!({"name": format!("Agent {number}"), "email": format!("agent{number}@example.org"), "role": "agent"})
}

#[track_caller]
fn is_problem(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status.as_u16(), status, "{:#}", answer.json);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.json["type"], format!("urn:onduty:problem:{code}"));
    assert_eq!(answer.json["status"], status);
    for member in ["title", "detail"] {
        assert!(answer.json[member].as_str().is_some_and(|text| text.len() > 3), "{:#}", answer.json);
    }
    assert!(answer.json["errors"].is_array());
    assert!(!answer.header("x-request-id").is_empty());
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn only_a_key_in_force_opens_the_api() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["operators:read"]).await;
    for key in ["", "onduty_wrong", &api.key.to_uppercase()] {
        let answer = Api::new(&app.url, key).get("/operators").await;
        is_problem(&answer, 401, "unauthenticated");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
    }
    assert_eq!(api.get("/operators").await.status, 200);
    // Neither the query nor a cookie nor another scheme stands for the header (P2, P7).
    let client = reqwest::Client::new();
    let there = format!("{}/api/v1/operators", app.url);
    for request in [
        client.get(format!("{there}?key={}", api.key)),
        client.get(&there).header("cookie", format!("authorization=Bearer {}", api.key)),
        client.get(&there).basic_auth("onduty", Some(&api.key)),
    ] {
        assert_eq!(request.send().await.unwrap().status(), 401);
    }
    let signed_in = app.owner().await;
    assert_eq!(signed_in.open("/api/v1/operators").await.status(), 401);
}

#[tokio::test]
async fn a_key_past_its_end_or_revoked_is_refused_at_once() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let new = owner.open("/api-keys/new").await.expect(200);
    let made = new.fill("Name", "Phone system").check("Read operators:read").fill("Valid for", "2").submit("Add API key").await.expect(200);
    let key = made.select("#api-key").concat();
    assert!(key.starts_with("onduty_") && key.len() == 50, "{key}");
    let api = Api::new(&app.url, &key);
    assert_eq!(api.get("/operators").await.status, 200);
    app.pass(TimeDelta::days(2));
    is_problem(&api.get("/operators").await, 401, "unauthenticated");

    let owner = app.owner().await;
    let made = owner.open("/api-keys/new").await.fill("Name", "CRM").check("Read operators:read").submit("Add API key").await;
    let api = Api::new(&app.url, &made.select("#api-key").concat());
    assert_eq!(api.get("/operators").await.status, 200);
    let again = owner.open(made.path()).await.expect(200);
    assert!(!again.has("#api-key"), "shown once");
    let asked = owner.open(&format!("{}/revocation", made.path())).await.expect(200);
    let listed = asked.submit("Revoke key").await.expect(200);
    assert!(listed.flash().contains("CRM"));
    is_problem(&api.get("/operators").await, 401, "unauthenticated");
}

#[tokio::test]
async fn a_scope_opens_its_area_alone() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["operators:read"]).await;
    for answer in
        [api.get("/roles").await, api.post("/operators", &agent(1)).await, api.get("/settings").await, api.delete("/languages/fr").await]
    {
        is_problem(&answer, 403, "forbidden");
    }
    let writer = app.api_key(&["operators:write"]).await;
    assert_eq!(writer.get("/operators").await.status, 200);
    is_problem(&writer.get("/settings").await, 403, "forbidden");
}

#[tokio::test]
async fn no_key_makes_or_changes_an_owner() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await.me();
    let api = app.api_key(ALL).await;
    let new = json!({"name": "O", "email": "o@example.org", "role": "owner"});
    is_problem(&api.post("/operators", &new).await, 403, "forbidden");
    is_problem(&api.patch(&format!("/operators/{owner}"), &json!({"name": "Changed"})).await, 403, "forbidden");
    is_problem(&api.delete(&format!("/operators/{owner}")).await, 403, "forbidden");
    assert_eq!(api.post("/operators", &json!({"name": "A", "email": "a@example.org", "role": "admin"})).await.status, 201);
}

#[tokio::test]
async fn every_error_is_a_problem() {
    let app = TestApp::spawn().await;
    let api = app.api_key(ALL).await;
    is_problem(&api.get("/nothing").await, 404, "not_found");
    is_problem(&api.get("/operators/12345").await, 404, "not_found");
    is_problem(&api.get("/operators/abc").await, 404, "not_found");
    is_problem(&api.get("/operators/99999999999999999999").await, 404, "not_found");
    let wrong = api.put("/operators", &json!({})).await;
    is_problem(&wrong, 405, "method_not_allowed");
    assert_eq!(wrong.header("allow"), "GET, POST, HEAD");
    for broken in ["", "{", "{\"name\": \"\u{1}\"}", "nonsense"] {
        is_problem(&api.raw(Method::POST, "/operators", "application/json", broken).await, 400, "malformed");
    }
    is_problem(&api.raw(Method::POST, "/operators", "application/json", b"{\"name\": \"\xff\"}".to_vec()).await, 400, "malformed");
    is_problem(&api.raw(Method::POST, "/operators", "text/plain", "{}").await, 415, "media_type");
    is_problem(&api.raw(Method::POST, "/operators", "application/json; charset=latin1", "{}").await, 415, "media_type");
    is_problem(&api.get("/operators?q=%ff").await, 400, "malformed");
    let french = api.call(Method::GET, "/nothing", None, &[("accept-language", "fr")]).await;
    assert_eq!(french.json["title"], "Introuvable");
}

#[tokio::test]
async fn a_body_may_have_a_mebibyte_and_not_a_byte_more() {
    let app = TestApp::spawn().await;
    let api = app.api_key(ALL).await;
    let sized = |size: usize| format!("{{\"name\": \"{}\"}}", "x".repeat(size - 12));
    let fits = api.raw(Method::POST, "/operators", "application/json", sized(1 << 20)).await;
    is_problem(&fits, 422, "invalid");
    for size in [(1 << 20) + 1, 3 << 20, 20 << 20] {
        is_problem(&api.raw(Method::POST, "/operators", "application/json", sized(size)).await, 413, "too_large");
    }
}

#[tokio::test]
async fn what_cannot_be_taken_is_named_with_its_field() {
    let app = TestApp::spawn().await;
    let api = app.api_key(ALL).await;
    for (body, field, code) in [
        (json!({"name": "A", "email": "a@example.org", "role": "agent", "nmae": "B"}), "nmae", "unknown_field"),
        (json!({"name": "A", "email": "a@example.org", "role": "agent", "schedule_id": 4711}), "schedule_id", "unknown_choice"),
        (json!({"name": 5, "email": "a@example.org", "role": "agent"}), "name", "wrong_type"),
        (json!({"name": null, "email": "a@example.org", "role": "agent"}), "name", "wrong_type"),
        (json!({"name": "A\nB", "email": "a@example.org", "role": "agent"}), "name", "control_character"),
        (json!({"name": "A\u{202e}B", "email": "a@example.org", "role": "agent"}), "name", "bidi_character"),
        (json!({"name": "A", "email": "a@example.org\r\nBcc: b@example.org", "role": "agent"}), "email", "control_character"),
        (json!({"name": "x".repeat(101), "email": "a@example.org", "role": "agent"}), "name", "too_long"),
        (json!({"name": "A", "email": "a@b", "role": "agent"}), "email", "email"),
        (json!({"name": "A", "email": "a@example.org", "role": "boss"}), "role", "unknown_choice"),
        (json!({"name": "A", "email": "a@example.org", "role": "agent", "languages": ["en", 3]}), "languages[1]", "wrong_type"),
        (json!({"name": "A", "email": "a@example.org", "role": "agent", "priority": 0}), "priority", "out_of_range"),
        (json!({"name": "A", "email": "a@example.org", "role": "agent", "initial_password": "short"}), "initial_password", "too_short"),
        (json!([1]), "", "wrong_type"),
    ] {
        let answer = api.post("/operators", &body).await;
        is_problem(&answer, 422, "invalid");
        assert!(answer.errors().contains(&(field.to_owned(), code.to_owned())), "{body}: {:?}", answer.errors());
        let message = answer.json["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(message.len() > 3, "{:#}", answer.json);
    }
    let all = api.post("/operators", &json!({})).await;
    let fields: BTreeSet<String> = all.errors().into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["email", "name", "role"].map(str::to_owned).into());
    let items = api.get("/operators").await.expect(200);
    assert_eq!(items["items"], json!([]), "nothing half-done was left");
    for query in ["limit=0", "limit=201", "limit=x", "cursor=!!", "limt=5", "state=asleep", "role=boss", "language=!", "limit=1&limit=2"] {
        is_problem(&api.get(&format!("/operators?{query}")).await, 422, "invalid");
    }
    let named = api.post("/operators", &invited(1)).await.expect(201);
    let change = api.patch(&format!("/operators/{}", named["id"]), &json!({"initial_password": "seven boats under a lamp"})).await;
    assert_eq!(change.errors(), [("initial_password".to_owned(), "unknown_field".to_owned())]);
}

#[tokio::test]
async fn hostile_texts_are_taken_as_text_or_refused() {
    let app = TestApp::spawn().await;
    let api = app.api_key(ALL).await;
    for (number, name) in ["'; DROP TABLE operators; --", "<script>alert(1)</script>", "{{7*7}}", "%s%n", "Zoë 👩‍💻"].into_iter().enumerate()
    {
        let body = json!({"name": name, "email": format!("h{number}@example.org"), "role": "agent"});
        let made = api.post("/operators", &body).await.expect(201);
        assert_eq!(api.get(&format!("/operators/{}", made["id"])).await.expect(200)["name"], name);
    }
    for path in ["/roles/..%2fowner", "/languages/%00", "/roles/%27%20OR%201=1", "/operators/-1"] {
        is_problem(&api.get(path).await, 404, "not_found");
    }
    assert_eq!(api.get("/operators?q=%27%20UNION%20SELECT%201--").await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repeat() {
    let app = TestApp::spawn().await;
    for number in 0..450 {
        app.new_operator(&format!("Agent {number}"), &format!("agent{number}@example.org"), "agent").await;
    }
    let api = app.api_key(&["operators:read"]).await;
    for (limit, pages) in [("", 9), ("limit=200", 3), ("limit=150", 3), ("limit=7", 65)] {
        let (mut seen, mut path, mut count) = (Vec::new(), format!("/operators?{limit}"), 0);
        loop {
            let before = app.ctx.store.statements();
            let page = api.get(&path).await.expect(200);
            assert!(app.ctx.store.statements() - before <= 3, "statements of a page");
            seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()));
            count += 1;
            let Some(next) = page["next_cursor"].as_str() else { break };
            path = format!("/operators?{limit}&cursor={next}");
        }
        assert_eq!((seen.len(), count), (450, pages), "{limit}");
        assert!(seen.is_sorted_by(|a, b| a < b));
    }
    let found = api.get("/operators?q=agent%20449&role=agent&state=active&email=AGENT449@example.org").await.expect(200);
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(api.get("/operators?state=suspended").await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn nobody_overwrites_what_they_have_not_seen() {
    let app = TestApp::spawn().await;
    let api = app.api_key(ALL).await;
    let made = api.post("/operators", &agent(1)).await;
    let (there, first) = (format!("/operators/{}", made.json["id"]), made.header("etag").to_owned());
    assert_eq!(made.header("location"), format!("/api/v1{there}"));
    assert!(first.starts_with('"'), "strong: {first}");
    let with = |name: &'static str, tag: &str| [(name, tag.to_owned())];
    async fn call(api: &Api, method: Method, there: &str, body: Option<Value>, headers: [(&'static str, String); 1]) -> Answer {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        api.call(method, there, body.as_ref(), &headers).await
    }
    let unchanged = call(&api, Method::GET, &there, None, with("if-none-match", &first)).await;
    assert_eq!((unchanged.status.as_u16(), unchanged.json.is_null()), (304, true));
    let changed = call(&api, Method::PATCH, &there, Some(json!({"alias": "Ada"})), with("if-match", &first)).await;
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), first);
    let stale = call(&api, Method::PATCH, &there, Some(json!({"alias": "Eve"})), with("if-match", &first)).await;
    is_problem(&stale, 412, "stale");
    is_problem(&call(&api, Method::DELETE, &there, None, with("if-match", &first)).await, 412, "stale");
    assert_eq!(api.get(&there).await.expect(200)["alias"], "Ada");
    assert_eq!(api.patch(&there, &json!({"alias": null})).await.expect(200)["alias"], Value::Null);
    assert_eq!(call(&api, Method::DELETE, &there, None, with("if-match", "*")).await.status, 204);
    is_problem(&api.get(&there).await, 404, "not_found");

    let languages = api.get("/languages/fr").await;
    let tag = languages.header("etag").to_owned();
    assert_eq!(call(&api, Method::PATCH, "/languages/fr", Some(json!({"name": "Français"})), with("if-match", &tag)).await.status, 200);
    is_problem(&call(&api, Method::PATCH, "/languages/fr", Some(json!({"name": "X"})), with("if-match", &tag)).await, 412, "stale");
    let settings = api.get("/settings").await.header("etag").to_owned();
    assert_eq!(
        call(&api, Method::PATCH, "/settings", Some(json!({"organisation_name": "Acme"})), with("if-match", &settings)).await.status,
        200
    );
    is_problem(&call(&api, Method::PATCH, "/settings", Some(json!({"time_zone": "UTC"})), with("if-match", &settings)).await, 412, "stale");
}

#[tokio::test]
async fn a_call_with_an_idempotency_key_is_carried_out_once() {
    let app = TestApp::spawn().await;
    let api = app.api_key(ALL).await;
    let key = [("idempotency-key", "order-1")];
    let first = api.call(Method::POST, "/operators", Some(&invited(1)), &key).await;
    assert_eq!((first.status.as_u16(), first.header("idempotency-replayed")), (201, ""));
    let again = api.call(Method::POST, "/operators", Some(&invited(1)), &key).await;
    assert_eq!((again.status.as_u16(), again.header("idempotency-replayed")), (201, "true"));
    assert_eq!(again.json, first.json);
    for header in ["etag", "location", "content-type"] {
        assert_eq!(again.header(header), first.header(header));
    }
    for (path, body) in [("/operators", invited(2)), ("/roles", invited(1))] {
        let other = api.call(Method::POST, path, Some(&body), &key).await;
        is_problem(&other, 422, "invalid");
        assert_eq!(other.errors(), [("Idempotency-Key".to_owned(), "idempotency_reused".to_owned())]);
    }
    // A refusal is an answer too; another key of the API is another world.
    let wrong = [("idempotency-key", "order-2")];
    for replayed in ["", "true"] {
        let refused = api.call(Method::POST, "/operators", Some(&invited(1)), &wrong).await;
        is_problem(&refused, 422, "invalid");
        assert_eq!(refused.header("idempotency-replayed"), replayed);
    }
    let stranger = app.api_key(ALL).await;
    assert_eq!(stranger.call(Method::POST, "/operators", Some(&invited(3)), &key).await.status, 201);
    for bad in ["", " ", &"x".repeat(256)] {
        let answer = api.call(Method::POST, "/operators", Some(&invited(9)), &[("idempotency-key", bad)]).await;
        assert_eq!(answer.errors(), [("Idempotency-Key".to_owned(), "idempotency_key".to_owned())]);
    }
    app.pass(TimeDelta::hours(25));
    let later = api.call(Method::POST, "/operators", Some(&invited(2)), &key).await;
    assert_eq!(later.status, 201, "kept for a day");
}

#[tokio::test]
async fn of_many_calls_with_one_idempotency_key_one_is_carried_out() {
    let app = TestApp::spawn().await;
    let api = app.api_key(ALL).await;
    let body = agent(1);
    let calls = (0..16).map(|_| api.call(Method::POST, "/operators", Some(&body), &[("idempotency-key", "at-once")]));
    let answers = futures_util::future::join_all(calls).await;
    let done = answers.iter().filter(|answer| answer.status == 201).count();
    assert!(done >= 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        is_problem(answer, 409, "idempotency_running");
    }
    assert_eq!(api.get("/operators").await.expect(200)["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_key_calls_a_tenth_of_its_rate_at_once_and_then_at_its_rate() {
    let app = TestApp::spawn_with(|config| config.api_rate = 600).await;
    let api = app.api_key(&["roles:read"]).await;
    for call in 0..60 {
        assert_eq!(api.get("/roles").await.status, 200, "call {call}");
    }
    let refused = api.get("/roles").await;
    is_problem(&refused, 429, "too_many");
    assert_eq!(refused.header("retry-after"), "1");
    app.pass(TimeDelta::seconds(1));
    for call in 0..10 {
        assert_eq!(api.get("/roles").await.status, 200, "call {call} a second later");
    }
    is_problem(&api.get("/roles").await, 429, "too_many");
    // Another key has calls of its own, and a wrong key costs nobody any.
    assert_eq!(app.api_key(&["roles:read"]).await.get("/roles").await.status, 200);
    app.pass(TimeDelta::minutes(10));
    for _ in 0..60 {
        assert_eq!(api.get("/roles").await.status, 200);
    }
    is_problem(&api.get("/roles").await, 429, "too_many");
}

#[tokio::test]
async fn two_nodes_keep_to_one_rate_and_hardly_write() {
    let database = Database::fresh().await;
    let mut settings = config(&database);
    settings.api_rate = 6000;
    let one = TestApp::spawn_with(|config| *config = settings.clone()).await;
    let two = one.spawn_beside(settings).await;
    let api = one.api_key(&["roles:read"]).await;
    let other = Api::new(&two.url, &api.key);
    let mut allowed = 0;
    for _ in 0..400 {
        for api in [&api, &other] {
            allowed += usize::from(api.get("/roles").await.status == 200);
        }
    }
    assert_eq!(allowed, 600, "a burst of both together");
    let calls = one.inside(|ctx| async move { api_keys::calls(ctx.store.read(), 1).await }).await.unwrap().unwrap();
    assert_eq!(calls.left, 0);
}

#[tokio::test]
async fn using_a_key_is_noted_once_a_minute() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["roles:read"]).await;
    let used = async || {
        let key = app.inside(|ctx| async move { api_keys::find(ctx.store.read(), 1).await }).await;
        key.unwrap().unwrap().last_used_at.map(|at| at.0)
    };
    assert_eq!(used().await, None);
    let first = app.now();
    api.get("/roles").await.expect(200);
    app.pass(TimeDelta::seconds(30));
    api.get("/roles").await.expect(200);
    assert_eq!(used().await, Some(first));
    app.pass(TimeDelta::seconds(31));
    api.get("/roles").await.expect(200);
    assert_eq!(used().await, Some(app.now()));
}

#[tokio::test]
async fn every_call_that_is_described_answers() {
    let app = TestApp::spawn().await;
    let open = Api::new(&app.url, "");
    let document = open.get("/openapi.json").await.expect(200);
    assert_eq!(document["openapi"], "3.1.0");
    let api = app.api_key(ALL).await;
    for (path, item) in document["paths"].as_object().unwrap() {
        let there = path.replace("{id}", "1").replace("{slug}", "agent").replace("{tag}", "xx");
        for method in item.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            if path != "/openapi.json" {
                is_problem(&open.call(method.clone(), &there, None, &[]).await, 401, "unauthenticated");
            }
            let answer = api.call(method.clone(), &there, Some(&json!({})), &[]).await;
            let described = &item[method.as_str().to_lowercase()]["responses"];
            assert!(described[answer.status.as_str()].is_object(), "{method} {path} answers {}", answer.status);
            assert!(![405, 500].contains(&answer.status.as_u16()), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn the_api_knows_neither_cookies_nor_other_sites() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["roles:read"]).await;
    let answer = api.call(Method::GET, "/roles", None, &[("origin", "https://elsewhere.example")]).await;
    assert!(answer.headers.get("set-cookie").is_none());
    assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control-")));
    is_problem(&api.call(Method::OPTIONS, "/roles", None, &[]).await, 405, "method_not_allowed");
}
