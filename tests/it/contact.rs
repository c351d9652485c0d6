//! What visitors are shown: hours by the API and on the public page, contact in an operator's name, photos (HR-7, LA-4).

use chrono::TimeDelta;
use onduty::store::photos::{self, NewPhoto};
use onduty::store::versions::{self, Counter};
use onduty::store::{StoreError, Tx};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::api::Api;

async fn exec(tx: &Tx, text: &str) -> Result<(), StoreError> {
    tx.execute_raw(Statement::from_string(tx.get_database_backend(), text)).await?;
    versions::touch(tx, Counter::Operators).await?;
    versions::touch(tx, Counter::Catalogue).await
}

/// A shop that offers help, on weekdays from nine to five in Madrid, by Ana, who works until two; and a back office. It is one o'clock.
async fn shop(app: &TestApp) -> (Api, i64) {
    let scopes = ["departments:write", "sites:write", "schedules:write", "operators:write", "statuses:read", "availability:read"];
    let api = app.api_key(&scopes).await;
    let week = |to: &str| ["mon", "tue", "wed", "thu", "fri"].map(|day| (day.to_owned(), json!([["09:00", to]])));
    let schedule = async |name: &str, to: &str| {
        let weekly: serde_json::Map<String, Value> = week(to).into_iter().collect();
        let new = json!({"name": name, "time_zone": "Europe/Madrid", "weekly": weekly});
        api.post("/schedules", &new).await.expect(201)["id"].as_i64().unwrap()
    };
    let (whole, half) = (schedule("Whole days", "17:00").await, schedule("Half days", "14:00").await);
    let help = json!({"slug": "help", "name": "Help", "name_texts": {"es": "Ayuda"}, "phone": "+34 910 555 000", "schedule_id": whole});
    api.post("/departments", &help).await.expect(201);
    api.post("/departments", &json!({"slug": "office", "name": "Back office"})).await.expect(201);
    let ana = app.new_operator("Ana Ruiz", "ana@example.org", "agent").await;
    let profile = json!({"alias": "Anita", "languages": ["es", "en"], "job_position": {"en": "Orders", "es": "Pedidos"}, "preset": "fox",
        "schedule_id": half, "presence_required": false});
    api.patch(&format!("/operators/{ana}"), &profile).await.expect(200);
    let all = ["ticket", "chat", "call"].map(|channel| (channel.to_owned(), json!({"allowed": true, "active": true})));
    let all: serde_json::Map<String, Value> = all.into_iter().collect();
    api.put(&format!("/departments/help/members/{ana}"), &json!({"channels": all})).await;
    let site = json!({"slug": "shop", "name": "Online shop", "hosts": ["shop.example.com"], "departments": ["help"],
        "url_rules": [{"kind": "query", "value": "lang=es", "language": "es"}, {"kind": "path", "value": "/fr", "language": "fr"}],
        "countries": {"MX": "es"}, "fixed": "en"});
    api.post("/sites", &site).await.expect(201);
    (api, ana)
}

fn workdays(from: &str, to: &str) -> Value {
    let mut week = serde_json::Map::new();
    for day in ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] {
        week.insert(day.into(), if day.starts_with('s') { json!([]) } else { json!([[from, to]]) });
    }
    Value::Object(week)
}

#[actix_web::test]
async fn the_hours_of_a_department_are_told_as_a_visitor_may_see_them() {
    let app = TestApp::spawn().await;
    let (api, ana) = shop(&app).await;
    let told = api.get("/departments/help/hours?site=shop").await.expect(200);
    let expected = json!({"open_now": true, "next_change": "2026-03-11T16:00:00.000Z", "week": workdays("09:00", "17:00"),
        "call_me": workdays("09:00", "14:00"), "time_zone": "Europe/Madrid"});
    assert_eq!(told, expected);
    let alone = api.get("/departments/office/hours").await.expect(200);
    assert_eq!(
        (&alone["open_now"], &alone["next_change"], &alone["time_zone"]),
        (&json!(false), &Value::Null, &json!("UTC")),
        "nobody works there"
    );
    api.put(&format!("/departments/office/members/{ana}"), &json!({"channels": {}})).await;
    let hers = api.get("/departments/office/hours").await.expect(200);
    assert_eq!(hers["week"]["mon"], json!([["08:00", "13:00"]]), "those of its members, in the organisation's zone");

    let stop = json!({"channels": {"call": {"allowed": true, "active": false}}});
    api.put(&format!("/departments/help/members/{ana}"), &stop).await;
    let told = api.get("/departments/help/hours").await.expect(200);
    assert_eq!(told["call_me"]["wed"], json!([]), "she takes no calls now");
    app.pass(TimeDelta::hours(10));
    let told = api.get("/departments/help/hours").await.expect(200);
    assert_eq!((&told["open_now"], &told["next_change"]), (&json!(false), &json!("2026-03-12T08:00:00.000Z")));

    api.get("/departments/nowhere/hours").await.expect(404);
    for (query, code) in [("site=nowhere", "unknown_choice"), ("site=shop", "not_offered"), ("sit=shop", "unknown_field")] {
        let answer = api.get(&format!("/departments/office/hours?{query}")).await;
        assert_eq!(answer.errors().first().map(|(_, code)| code.as_str()), Some(code), "{query}");
        answer.expect(422);
    }
    app.api_key(&["departments:read"]).await.get("/departments/help/hours").await.expect(403);
}

#[actix_web::test]
async fn contact_is_offered_in_an_operators_languages_alone() {
    let app = TestApp::spawn().await;
    let (api, ana) = shop(&app).await;
    let ask = async |more: &str| api.get(&format!("/contact-invitation?operator={ana}&site=shop{more}")).await.expect(200);
    let told = ask("&accept_language=es-AR,en;q=0.5").await;
    let photo = told["photo"].as_str().unwrap().to_owned();
    let expected = json!({"offered": true, "reason": null, "language": "es", "display_name": "Anita", "job_position": "Pedidos",
        "photo": photo, "call_me": workdays("09:00", "14:00"), "time_zone": "Europe/Madrid"});
    assert_eq!(told, expected);
    assert_eq!(photo, format!("{}/static/presets/fox.svg", app.url));
    assert_eq!(reqwest::get(&photo).await.unwrap().status(), 200);
    for (clues, language, job_position) in [
        ("", "en", "Orders"),
        ("&country=mx", "es", "Pedidos"),
        ("&url=https%3A%2F%2Fshop.example.com%2F%3Flang%3Des&accept_language=en", "es", "Pedidos"),
    ] {
        let told = ask(clues).await;
        assert_eq!((&told["language"], &told["job_position"]), (&json!(language), &json!(job_position)), "{clues}");
    }
    let told = ask("&url=https%3A%2F%2Fshop.example.com%2Ffr%2Fcart").await;
    assert_eq!((&told["offered"], &told["reason"], &told["language"]), (&json!(false), &json!("language"), &json!("fr")));
    assert_eq!((&told["display_name"], &told["photo"]), (&Value::Null, &Value::Null), "nothing is told in a name that is not offered");
    let by_page = format!("/contact-invitation?operator={ana}&url=https%3A%2F%2Fshop.example.com%2F");
    assert_eq!(api.get(&by_page).await.expect(200)["offered"], true, "the page tells the site");

    let bo = app.new_operator("Bo Lind", "bo@example.org", "agent").await;
    api.patch(&format!("/operators/{bo}"), &json!({"languages": ["en"]})).await.expect(200);
    let told = api.get(&format!("/contact-invitation?operator={bo}&site=shop")).await.expect(200);
    assert_eq!(told["reason"], "membership");
    api.post(&format!("/operators/{ana}/suspension"), &json!({})).await;
    assert_eq!(ask("").await["reason"], "account");
    for (query, field, code) in [
        ("site=shop", "operator", "required"),
        ("operator=999&site=shop", "operator", "unknown_choice"),
        ("operator=x&site=shop", "operator", "unknown_choice"),
        (&format!("operator={ana}"), "site", "required"),
        (&format!("operator={ana}&site=nowhere"), "site", "unknown_choice"),
    ] {
        let answer = api.get(&format!("/contact-invitation?{query}")).await;
        assert_eq!(answer.errors(), [(field.to_owned(), code.to_owned())], "{query}");
        answer.expect(422);
    }
}

#[actix_web::test]
async fn a_photo_that_a_site_may_show_is_there_for_everybody() {
    let app = TestApp::spawn().await;
    let (api, ana) = shop(&app).await;
    let bo = app.new_operator("Bo Lind", "bo@example.org", "agent").await;
    let now = app.now();
    for (id, operator) in [("anas-photo", ana), ("bos-photo", bo)] {
        let kept = app.ctx.store.write(async |tx| {
            let new = NewPhoto { id: id.into(), operator_id: operator, mime: "image/png", large: vec![1], small: vec![2] };
            photos::replace(tx, new, now).await?;
            exec(tx, &format!("UPDATE operators SET photo_id = '{id}' WHERE id = {operator}")).await
        });
        kept.await.unwrap();
    }
    let told = api.get(&format!("/contact-invitation?operator={ana}&site=shop")).await.expect(200);
    let address = told["photo"].as_str().unwrap();
    assert_eq!(address, format!("{}/photos/anas-photo/large", app.url));
    let answer = reqwest::get(address).await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["cross-origin-resource-policy"]), (200, &"cross-origin".parse().unwrap()));
    assert_eq!(app.browser().open("/photos/bos-photo/large").await.path(), "/login", "no site shows Bo");
    let inside = app.owner().await.open("/photos/bos-photo/small").await.expect(200);
    assert_eq!(inside.header("cross-origin-resource-policy"), "same-origin");
    api.post(&format!("/operators/{ana}/suspension"), &json!({})).await;
    assert_eq!(app.browser().open("/photos/anas-photo/large").await.path(), "/login");
}

#[actix_web::test]
async fn the_public_page_tells_hours_whether_somebody_is_there_and_when() {
    let app = TestApp::spawn().await;
    let (api, ana) = shop(&app).await;
    let visitor = app.browser();
    let page = visitor.open("/contact/shop").await.expect(200);
    assert!(page.h1().contains("Contact") && page.main().contains("Online shop"), "{}", page.main());
    assert!(page.main().contains("Nobody is free right now") && page.main().contains("Messages are taken"), "{}", page.main());
    assert!(page.main().contains("09:00–17:00") && page.main().contains("09:00–14:00"), "{}", page.main());
    assert!(page.main().contains("All times are those of Europe/Madrid"), "{}", page.main());
    assert_eq!(page.select("section dl.od-week")[0].matches("closed").count(), 2, "Saturday and Sunday");
    assert!(page.links().contains(&"tel:+34910555000".to_owned()), "{:?}", page.links());
    assert!(!page.has("[style]") && page.attributes("meta[name=robots]", "content") == ["noindex"]);
    assert_eq!(page.header("cache-control"), "public, max-age=60");
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    assert_eq!((page.header("set-cookie"), visitor.cookies().as_str()), ("", ""), "no session begins here");

    let status = api.get("/statuses").await.expect(200)["items"][0]["id"].clone();
    api.put(&format!("/operators/{ana}/status"), &json!({"status_id": status})).await.expect(200);
    let page = visitor.open("/contact/shop").await.expect(200);
    assert!(page.main().contains("Somebody is there") && page.main().contains("Open until Wed 11 Mar 2026, 17:00"), "{}", page.main());

    app.pass(TimeDelta::hours(9));
    let page = visitor.open("/contact/shop").await.expect(200);
    assert!(page.main().contains("Closed now") && page.main().contains("Thu 12 Mar 2026, 09:00"), "{}", page.main());
    let off = app.ctx.store.write(async |tx| exec(tx, "UPDATE organisation SET message_mode_enabled = FALSE").await);
    off.await.unwrap();
    let page = visitor.open("/contact/shop").await.expect(200);
    assert!(page.main().contains("No messages are taken"), "{}", page.main());
    assert!(!page.main().contains("Back office"), "what the site does not offer is not named");
}

#[actix_web::test]
async fn the_public_page_speaks_the_visitors_language_as_the_site_finds_it() {
    let app = TestApp::spawn().await;
    shop(&app).await;
    for (browser, there, language, department) in [
        ("en", "/contact/shop", "en", "Help"),
        ("es-MX", "/contact/shop", "es", "Ayuda"),
        ("en", "/contact/shop?lang=es", "es", "Ayuda"),
        ("en", "/contact/shop?url=https%3A%2F%2Fshop.example.com%2Ffr%2Fcart", "fr", "Help"),
        ("ja", "/contact/shop", "en", "Help"),
        ("en", "/contact/shop?in=fr", "fr", "Help"),
    ] {
        let page = app.browser_in(browser).open(there).await.expect(200);
        assert_eq!(page.attributes("html", "lang"), [language], "{browser} {there}");
        assert!(page.select("h2").contains(&department.to_owned()), "{browser} {there}");
    }
}

#[actix_web::test]
async fn a_site_that_is_not_there_or_offers_nothing_says_so() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["sites:write"]).await;
    let page = app.browser().open("/contact/nowhere").await.expect(404);
    assert!(page.main().contains("404"), "{}", page.main());
    api.post("/sites", &json!({"slug": "blog", "name": "Blog"})).await.expect(201);
    let page = app.browser().open("/contact/blog").await.expect(200);
    assert!(page.main().contains("No department yet"), "{}", page.main());
    let owner = app.owner().await;
    let page = owner.open("/sites").await.follow("Blog").await.expect(200).follow("Public page").await.expect(200);
    assert_eq!(page.path(), "/contact/blog");
}

/// Fills in the message of the page in Spanish.
fn written(page: crate::support::Page, email: &str) -> crate::support::Page {
    let page = page.fill("Su nombre", "José").fill("Su correo", email);
    page.fill("Asunto", "Mi pedido").fill("Mensaje", "¿Dónde está?\r\nGracias")
}

#[actix_web::test]
async fn a_visitor_writes_in_their_language_and_reads_a_reference() {
    let app = TestApp::spawn().await;
    shop(&app).await;
    let visitor = app.browser_in("es-MX");
    let page = written(visitor.open("/contact/shop?url=https%3A%2F%2Fshop.example.com%2Fcart").await.expect(200), "jose@example.org");
    app.pass(TimeDelta::seconds(3));
    let received = page.submit("Enviar").await.expect(200);
    assert_eq!((received.statuses[0], received.path()), (303, "/contact/shop/received"));
    assert_eq!(received.h1(), "Su mensaje ha llegado");
    let reference = received.select("#reference").remove(0);
    assert!(reference.starts_with("Q-"), "{reference}");
    assert_eq!(visitor.cookies(), "", "no session begins here");
    let api = app.api_key(&["queries:read"]).await;
    let query = api.get(&format!("/queries/{}", &reference[2..])).await.expect(200);
    assert_eq!((&query["channel"], &query["department"], &query["site"]), (&json!("ticket"), &json!("help"), &json!("shop")));
    assert_eq!((&query["subject"], &query["body"]), (&json!("Mi pedido"), &json!("¿Dónde está?\nGracias")));
    assert_eq!(query["requester"], json!({"name": "José", "email": "jose@example.org", "phone": null}));
    assert_eq!(query["language"], json!({"tag": "es", "from": "browser"}));
    let forged = received.address().replace(&reference, "Q-1000");
    visitor.open(&forged).await.expect(404);

    let page = visitor.open("/contact/shop").await;
    let token = page.attributes("input[name=csrf_token]", "value").remove(0);
    app.pass(TimeDelta::seconds(3));
    let fields = [("csrf_token", token.as_str()), ("in", "es"), ("department", "help"), ("language", "en"), ("email", "jose@example.org")];
    let fields: Vec<(&str, &str)> = fields.into_iter().chain([("subject", "Again"), ("body", "Hello")]).collect();
    let other = visitor.post_bare("/contact/shop", &fields).await.expect(200).select("#reference").remove(0);
    assert_ne!(other, reference);
    let twice = visitor.post_bare("/contact/shop", &fields).await.expect(200).select("#reference").remove(0);
    assert_eq!(twice, other, "a form that is sent twice is one message");
    let query = api.get(&format!("/queries/{}", &other[2..])).await.expect(200);
    assert_eq!(query["language"], json!({"tag": "en", "from": "given"}));
}

#[actix_web::test]
async fn what_is_wrong_with_a_message_is_said_at_its_field_and_nothing_is_lost() {
    let app = TestApp::spawn().await;
    shop(&app).await;
    let visitor = app.browser();
    let page = visitor.open("/contact/shop").await;
    app.pass(TimeDelta::seconds(3));
    let page = page.fill("Your e-mail", "nobody").fill("Subject", "Hello").submit("Send").await.expect(422);
    assert!(page.fault_at("Your e-mail").contains("e-mail") && !page.fault_at("Message").is_empty(), "{:?}", page.faults());
    assert_eq!((page.value("Subject").as_str(), page.value("Your e-mail").as_str()), ("Hello", "nobody"));
    assert!(page.faults().contains(&"Message: Enter something here".to_owned()), "the summary names the field: {:?}", page.faults());
    assert_eq!(page.attributes("#subject", "maxlength"), ["200"]);
    let sent = page.fill("Your e-mail", "kim@example.org").fill("Message", "Where?").submit("Send").await.expect(200);
    assert_eq!(sent.path(), "/contact/shop/received");

    let fields = |token: &str, trap: &str| {
        let all = [("department", "help"), ("channel", "ticket"), ("email", "kim@example.org"), ("subject", "x"), ("body", "y")];
        let all = all.into_iter().chain([("csrf_token", token), ("leave_empty", trap)]);
        all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>()
    };
    let post = async |fields: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        visitor.post_bare("/contact/shop", &fields).await
    };
    let token = visitor.open("/contact/shop").await.attributes("input[name=csrf_token]", "value").remove(0);
    app.pass(TimeDelta::seconds(3));
    post(fields(&token, "")).await.expect(200);
    assert!(post(fields(&token, "a robot")).await.expect(422).main().contains("must stay empty"));
    post(fields(&format!("1{token}"), "")).await.expect(403);
    post(fields("", "")).await.expect(403);
    let blog = app.api_key(&["sites:write"]).await;
    blog.post("/sites", &json!({"slug": "blog", "name": "Blog", "departments": ["help"]})).await.expect(201);
    let fields_of_shop: Vec<(String, String)> = fields(&token, "");
    let pairs: Vec<(&str, &str)> = fields_of_shop.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    visitor.post_bare("/contact/blog", &pairs).await.expect(403);
    let mut office = fields(&token, "");
    office[0].1 = "office".into();
    assert_eq!(post(office).await.expect(422).faults().len(), 1, "a department that the site does not offer");
    let huge = fields(&token, "").into_iter().map(|(name, value)| (name.clone(), if name == "body" { "x".repeat(200_000) } else { value }));
    let refused = post(huge.collect()).await.expect(413);
    assert!(refused.main().contains("Shorten the text") && !refused.main().contains("hoto"), "{}", refused.main());
    app.pass(TimeDelta::hours(25));
    assert!(post(fields(&token, "")).await.expect(422).main().contains("open for too long"));
}

#[actix_web::test]
async fn a_network_sends_ten_messages_in_ten_minutes_whichever_node_takes_them() {
    let (app, two) = TestApp::pair().await;
    shop(&app).await;
    let send = async |on: &TestApp, n: u32| {
        let page = on.browser().open("/contact/shop").await.fill("Your e-mail", &format!("v{n}@example.org"));
        app.pass(TimeDelta::seconds(3));
        two.clock.set(app.now());
        page.fill("Subject", "x").fill("Message", "y").submit("Send").await
    };
    for n in 0..10 {
        send(if n % 2 == 0 { &app } else { &two }, n).await.expect(200);
    }
    let page = send(&two, 11).await.expect(429);
    assert!(page.main().contains("Too many messages") && page.value("Your e-mail") == "v11@example.org", "{}", page.main());
    assert_eq!(page.header("retry-after"), "600");
    app.pass(TimeDelta::minutes(11));
    two.clock.set(app.now());
    send(&two, 12).await.expect(200);
}

#[actix_web::test]
async fn call_me_is_there_within_the_hours_shown_for_it() {
    let app = TestApp::spawn().await;
    shop(&app).await;
    let visitor = app.browser();
    let page = visitor.open("/contact/shop").await.choose("How shall we answer?", "Call me");
    app.pass(TimeDelta::seconds(3));
    let page = page.submit("Send").await.expect(422);
    assert!(!page.fault_at("Your telephone number").is_empty() && page.faults().len() == 1, "{:?}", page.faults());
    let page = page.fill("Your telephone number", "+34 600 000 000").submit("Send").await.expect(200);
    assert!(page.main().contains("We call you"), "{}", page.main());
    let api = app.api_key(&["queries:read"]).await;
    let query = api.get(&format!("/queries/{}", &page.select("#reference")[0][2..])).await.expect(200);
    assert_eq!((&query["channel"], &query["requester"]["phone"]), (&json!("call"), &json!("+34 600 000 000")));

    let early = visitor.open("/contact/shop").await;
    app.pass(TimeDelta::hours(2));
    let late = early.choose("How shall we answer?", "Call me");
    let late = late.fill("Your telephone number", "+34 600 000 000").submit("Send").await.expect(422);
    assert!(late.main().contains("makes no calls now"), "{}", late.main());
    assert!(!visitor.open("/contact/shop").await.has("input[value=call]"), "it is three o'clock; Ana takes calls until two");
}

#[actix_web::test]
async fn a_site_has_its_own_words_for_messages_or_takes_none() {
    let app = TestApp::spawn().await;
    let (api, _) = shop(&app).await;
    let texts = json!({"message_texts": {"es": "Le escribimos mañana.", "en": ""}});
    let site = api.patch("/sites/shop", &texts).await.expect(200);
    assert_eq!((&site["message_mode"], &site["message_texts"]), (&json!(true), &json!({"es": "Le escribimos mañana."})));
    api.patch("/sites/shop", &json!({"message_texts": {"xx": "x"}})).await.expect(422);
    assert!(app.browser_in("es").open("/contact/shop").await.main().contains("Le escribimos mañana."));
    assert!(app.browser().open("/contact/shop").await.main().contains("Messages are taken"));
    let owner = app.owner().await;
    let form = owner.open("/sites").await.follow("Online shop").await.expect(200);
    assert_eq!(form.value("Text instead of the usual one: Spanish"), "Le escribimos mañana.");
    let saved = form.fill("Text instead of the usual one: English", "We write tomorrow.").submit("Save changes").await.expect(200);
    assert_eq!(saved.value("Text instead of the usual one: English"), "We write tomorrow.");
    assert!(app.browser().open("/contact/shop").await.main().contains("We write tomorrow."));
    api.patch("/sites/shop", &json!({"message_mode": false})).await.expect(200);
    app.pass(TimeDelta::hours(10));
    let page = app.browser().open("/contact/shop").await.expect(200);
    assert!(page.main().contains("No messages are taken") && !page.has("form"), "{}", page.main());
    let programs = app.api_key(&["queries:write"]).await;
    for (site, mode) in [(json!("shop"), "closed"), (Value::Null, "message")] {
        let query = programs.post("/queries", &json!({"channel": "ticket", "department": "help", "site": site})).await.expect(201);
        assert_eq!(query["mode"], mode, "{site}");
    }
}

#[actix_web::test]
async fn whoever_is_offered_on_the_page_is_offered_when_it_is_sent() {
    let app = TestApp::spawn().await;
    let (_, ana) = shop(&app).await;
    let programs = app.api_key(&["queries:read", "sites:write", "operators:write"]).await;
    programs.patch(&format!("/operators/{ana}"), &json!({"languages": ["es"]})).await.expect(200);
    let sent_to = async |page: crate::support::Page, send: &str| {
        app.pass(TimeDelta::seconds(3));
        let received = page.submit(send).await.expect(200);
        let query = programs.get(&format!("/queries/{}", &received.select("#reference")[0][2..])).await.expect(200);
        (query["addressed_operator_id"].clone(), query["language"].clone())
    };
    let there = format!("/contact/shop?operator={ana}");
    let page = written(app.browser_in("es").open(&there).await.expect(200), "a@example.org");
    assert_eq!(sent_to(page, "Enviar").await, (json!(ana), json!({"tag": "es", "from": "browser"})));
    // The address of the page tells it, which the form has no part in.
    let page = written(app.browser().open(&format!("{there}&lang=es")).await.expect(200), "b@example.org");
    assert_eq!(sent_to(page, "Enviar").await, (json!(ana), json!({"tag": "es", "from": "url"})));

    // The switch at the foot keeps the operator and the page, and the answer comes in the language of the page.
    let english = app.browser().open(&format!("{there}&url=https%3A%2F%2Fshop.example.com%2Fcart")).await.expect(200);
    assert!(!english.main().contains("Your message is for"), "Ana speaks Spanish");
    let page = english.follow("Español").await.expect(200);
    assert!(page.main().contains("Su mensaje es para Anita.") && page.address().contains("cart"), "{}", page.main());
    assert_eq!(page.value("Idioma de nuestra respuesta"), "es");
    assert_eq!(sent_to(written(page, "c@example.org"), "Enviar").await, (json!(ana), json!({"tag": "es", "from": "given"})));

    programs.patch("/sites/shop", &json!({"language_order": ["fixed"], "fixed": "en"})).await.expect(200);
    let page = app.browser_in("es").open(&there).await.expect(200);
    assert!(!page.main().contains("Anita"), "the site is English: {}", page.main());
    programs.patch("/sites/shop", &json!({"fixed": "es"})).await.expect(200);
    let page = written(app.browser().open(&there).await.expect(200), "d@example.org");
    assert_eq!(sent_to(page, "Enviar").await, (json!(ana), json!({"tag": "es", "from": "fixed"})));

    let owner = app.owner().await;
    let profile = owner.open(&format!("/operators/{ana}")).await.expect(200);
    assert!(profile.value("Online shop").ends_with(&there), "{}", profile.value("Online shop"));
    let other = app.new_operator("Bo Lind", "bo@example.org", "agent").await;
    assert!(!owner.open(&format!("/operators/{other}")).await.main().contains("Contact page"), "Bo works in no department of the site");
}

#[actix_web::test]
async fn a_link_to_one_operator_who_is_away_is_answered_in_spanish() {
    let app = TestApp::spawn().await;
    let (_, ana) = shop(&app).await;
    let (from, to) = (app.now().timestamp_millis(), (app.now() + TimeDelta::days(2)).timestamp_millis());
    let away = format!(
        "INSERT INTO absences (operator_id, starts_at, ends_at, kind, auto_reply, reply_frequency, created_at, updated_at, version) \
         VALUES ({ana}, {from}, {to}, 'holiday', TRUE, 'every_query', 0, 0, 1)"
    );
    app.ctx.store.write(async |tx| exec(tx, &away).await).await.unwrap();
    let page = app.browser_in("es").open(&format!("/contact/shop?operator={ana}")).await.expect(200);
    assert!(page.main().contains("Su mensaje es para Anita."), "{}", page.main());
    let page = written(page, "jose@example.org");
    app.pass(TimeDelta::seconds(3));
    page.submit("Enviar").await.expect(200);
    app.deliver().await;
    let mail = app.mailbox.only("jose@example.org");
    assert!(mail.subject.starts_with("Auto: Anita no está disponible"), "{}", mail.subject);
    assert_eq!(mail.header("auto-submitted"), Some("auto-replied"));
    let nobody = app.browser_in("es").open("/contact/shop?operator=999").await.expect(200);
    assert!(!nobody.main().contains("Su mensaje es para"));
}
