//! Sites from outside: the list, the form with its rows, the tester, deletion, and the same through the API (LA-1, LA-3).

use onduty::store::entities::operator_language;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::support::{Browser, TestApp};

/// Adds departments by slug and name.
async fn departments(app: &TestApp, all: &[(&str, &str)]) {
    let api = app.api_key(&["departments:write"]).await;
    for (slug, name) in all {
        api.post("/departments", &json!({"slug": slug, "name": name})).await.expect(201);
    }
}

/// Adds a site by its form and returns its address.
async fn add(owner: &Browser, name: &str, hosts: &str) -> String {
    let page = owner.open("/sites/new").await.fill("Name", name).fill("Hosts", hosts).submit("Add site").await.expect(200);
    assert_eq!(page.h1(), name);
    page.path().to_owned()
}

#[actix_web::test]
async fn the_list_begins_empty_and_offers_the_first_step() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let page = owner.open("/sites").await;
    assert!(page.main().contains("No site yet"), "{}", page.main());
    assert_eq!(page.follow("Add site").await.path(), "/sites/new");
    add(&owner, "Shop", "shop.example.com\n*.shop.example.com").await;
    let page = owner.open("/sites").await;
    assert_eq!(page.select("tbody tr code"), ["shop.example.com", "*.shop.example.com"]);
}

#[actix_web::test]
async fn a_site_is_added_with_everything_and_tested() {
    let app = TestApp::spawn().await;
    departments(&app, &[("sales", "Sales"), ("help", "Help")]).await;
    let owner = app.owner().await;
    let page = owner.open("/sites/new").await.fill("Name", "Online shop").fill("Hosts", "Shop.Example.com, bücher.example").check("Sales");
    let page = page.pick("Kind of rule 1", "Path").fill("Value of rule 1", "es/").pick("Language of rule 1", "Spanish");
    let page = page.fill("Country 1", "Mexique").pick("Language of country 1", "Spanish").pick("Fixed language", "French");
    let page = page.uncheck("Browser").submit("Add site").await.expect(200);
    assert!(page.flash().contains("Online shop"));
    assert_eq!(page.value("Short name"), "online-shop");
    assert_eq!(page.value("Hosts"), "shop.example.com\nxn--bcher-kva.example");
    assert_eq!((page.value("Sales").as_str(), page.value("Help").as_str()), ("true", "false"));
    assert_eq!((page.value("Value of rule 1").as_str(), page.value("Country 1").as_str()), ("/es", "MX"));
    assert_eq!((page.value("Browser").as_str(), page.value("Fixed language").as_str()), ("false", "fr"));

    let test = |url: &'static str, header: &'static str, country: &'static str| {
        let there = page.path().to_owned();
        let owner = owner.clone();
        async move {
            let page = owner.open(&there).await.within("#test");
            let page = page.fill("Address of the page", url).fill("Languages of the browser", header).fill("Country", country);
            let found = page.submit("Test").await.expect(200);
            (found.select(".od-found-language .od-badge").concat(), found.select(".od-found").concat())
        }
    };
    let (tag, story) = test("https://shop.example.com/es/shoes", "fr", "").await;
    assert!(tag == "es" && story.contains("The path begins with /es") && !story.contains("belongs"), "{story}");
    let (tag, story) = test("https://shop.example.com/", "es", "MX").await;
    assert!(tag == "es" && story.contains("MX stands for es") && story.contains("does not begin with /es"), "{story}");
    let (tag, story) = test("https://other.example.com/", "es", "").await;
    assert!(tag == "fr" && story.contains("other.example.com belongs to no site"), "{story}");
    let (_, story) = test("::", "", "XX").await;
    assert!(story.contains("is no address") && story.contains("“XX” is no country"), "{story}");
}

#[actix_web::test]
async fn the_tester_speaks_the_readers_language_and_answers_while_one_types() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let there = add(&owner, "Shop", "shop.example.com").await;
    add(&owner, "Blog", "*.example.com").await;
    let part = owner.open(&format!("{there}/language?url=https://x.example.com/&accept_language=de,fr;q=0.5")).await.expect(200);
    assert!(part.text().contains("belongs to another site: Blog") && part.text().contains("that is fr"), "{}", part.text());
    let header = "zz,".repeat(3500);
    let long = owner.open(&format!("{there}/language?accept_language={header}")).await.expect(200);
    assert!(long.text().contains("none of it is offered"));
    for (locale, words) in [("fr", "Le navigateur demande"), ("es", "El navegador pide")] {
        owner.post("/profile", &[("locale", locale), ("version", &version(&app, owner.me()).await)]).await;
        let page = owner.open(&format!("{there}?accept_language=fr")).await.expect(200);
        assert!(page.main().contains(words), "{}", page.main());
    }
}

async fn version(app: &TestApp, id: i64) -> String {
    let row = onduty::store::operators::find(app.ctx.store.read(), id).await.unwrap().unwrap();
    row.version.to_string()
}

#[actix_web::test]
async fn faults_stand_at_their_field_and_row_and_what_was_typed_stays() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    add(&owner, "Shop", "shop.example.com").await;
    let page = owner.open("/sites/new").await.fill("Name", "SHOP").fill("Hosts", "https://a.example\nshop.example.com\nb.example");
    let page = page
        .fill("Value of rule 1", "lang")
        .pick("Kind of rule 1", "Parameter")
        .fill("Country 1", "UK")
        .submit("Add site")
        .await
        .expect(422);
    assert!(
        page.fault_at("Hosts").contains("“https://a.example”") && page.fault_at("Hosts").contains("the site “Shop”"),
        "{}",
        page.fault_at("Hosts")
    );
    assert!(page.fault_at("Value of rule 1").contains("lang=es"));
    assert!(page.fault_at("Language of rule 1").contains("Choose a language"));
    assert!(page.fault_at("Country 1").contains("two letters"));
    assert_eq!((page.value("Value of rule 1").as_str(), page.value("Country 1").as_str()), ("lang", "UK"));
    assert_eq!(page.value("Hosts"), "https://a.example\nshop.example.com\nb.example");
    let page = page.fill("Hosts", "b.example").fill("Value of rule 1", "lang=es").pick("Language of rule 1", "Spanish");
    let page = page.fill("Country 1", "GB").pick("Language of country 1", "English").submit("Add site").await.expect(422);
    assert_eq!(page.faults().len(), 1, "{:?}", page.faults());
    assert!(page.fault_at("Name").contains("name already"));
    page.fill("Name", "Second shop").submit("Add site").await.expect(200);
    let page = owner
        .post("/sites", &[("name", "Third"), ("slug", "Not a slug"), ("language_order", "url"), ("language_order", "url")])
        .await
        .expect(422);
    assert_eq!(page.faults().len(), 2, "{:?}", page.faults());
}

#[actix_web::test]
async fn small_buttons_move_rows_and_save_nothing() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let there = add(&owner, "Shop", "shop.example.com").await;
    let page = owner.open(&there).await.fill("Name", "Store").submit("Move Browser up").await.expect(200);
    assert_eq!(page.attributes("input[type=checkbox][name=language_order]", "value"), ["browser", "url", "country", "fixed"]);
    assert_eq!(page.value("Name"), "Store");
    let page = page.fill("Value of rule 1", "/es").pick("Language of rule 1", "Spanish").submit("Add a rule").await.expect(200);
    let page = page.fill("Value of rule 2", "/fr").pick("Language of rule 2", "French").submit("Add a rule").await.expect(200);
    let page = page.submit("Move rule 2 up").await.expect(200);
    assert_eq!((page.value("Value of rule 1").as_str(), page.value("Value of rule 2").as_str()), ("/fr", "/es"));
    assert_eq!(app.ctx.present_catalogue().await.unwrap().sites[0].site.name, "Shop", "not saved yet");
    let page = page.submit("Remove rule 2").await.expect(200).submit("Save changes").await.expect(200);
    assert_eq!(page.h1(), "Store");
    let site = app.ctx.present_catalogue().await.unwrap().sites[0].site.clone();
    assert_eq!((site.url_rules.len(), site.url_rules[0].value.as_str(), site.language_order[0].as_str()), (1, "/fr", "browser"));
    let log = owner.open("/audit?object=site").await;
    assert!(log.main().contains("Site changed") && log.main().contains("path /fr → fr"), "{}", log.main());
}

#[actix_web::test]
async fn somebody_who_saves_over_a_change_sees_both_versions() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let there = add(&owner, "Shop", "shop.example.com").await;
    let (mine, theirs) = (owner.open(&there).await, owner.open(&there).await);
    theirs.fill("Hosts", "b.example").submit("Save changes").await.expect(200);
    let page = mine.fill("Name", "Store").uncheck("Country").submit("Save changes").await.expect(409);
    assert!(
        page.main().contains("b.example") && page.main().contains("Store") && page.main().contains("URL, Browser, Fixed"),
        "{}",
        page.main()
    );
    page.submit("Save mine").await.expect(200);
    let site = app.ctx.present_catalogue().await.unwrap().sites[0].site.clone();
    assert_eq!((site.name.as_str(), site.hosts[0].to_string().as_str(), site.language_order.len()), ("Store", "shop.example.com", 3));
}

#[actix_web::test]
async fn deletion_lists_what_it_means_and_frees_the_hosts() {
    let app = TestApp::spawn().await;
    departments(&app, &[("sales", "Sales")]).await;
    let owner = app.owner().await;
    let there = add(&owner, "Shop", "shop.example.com").await;
    owner.open(&there).await.check("Sales").submit("Save changes").await.expect(200);
    let page = owner.open(&format!("{there}/deletion")).await;
    assert!(page.main().contains("shop.example.com") && page.main().contains("Sales") && page.main().contains("“shop”"), "{}", page.main());
    let page = page.submit("Delete site").await.expect(200);
    assert!(page.flash().contains("Shop") && page.main().contains("No site yet"), "{}", page.main());
    owner.open(&there).await.expect(404);
    add(&owner, "Shop", "shop.example.com").await;
}

#[actix_web::test]
async fn who_may_only_look_sees_the_site_and_its_tester() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let there = add(&owner, "Shop", "shop.example.com").await;
    owner.post("/roles", &[("name", "Viewer"), ("copy_from", "agent"), ("permissions", "sites.view")]).await.expect(200);
    let viewer = app.operator("viewer").await;
    let page = viewer.open(&there).await.expect(200);
    assert!(!page.has(".od-save") && !page.has(".od-danger-zone") && page.main().contains("look at this site"), "{}", page.main());
    let found = page.within("#test").fill("Languages of the browser", "fr").submit("Test").await.expect(200);
    assert_eq!(found.select(".od-found-language .od-badge"), ["fr"]);
    viewer.post(&there, &[("name", "X"), ("version", "1")]).await.expect(403);
    viewer.open("/sites/new").await.expect(403);
    assert!(viewer.open("/search?q=shop").await.main().contains("shop.example.com"));
    assert!(!app.operator("agent").await.open("/search?q=shop").await.main().contains("shop.example.com"));
}

#[actix_web::test]
async fn deleting_a_language_moves_operators_and_sites_to_another_one() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let api = app.api_key(&["operators:write", "sites:write"]).await;
    let rules = json!([{"kind": "path", "value": "/es", "language": "es"}, {"kind": "path", "value": "/fr", "language": "fr"}]);
    let site = json!({"name": "Shop", "hosts": ["shop.example.com"], "url_rules": rules, "countries": {"ES": "es"}, "fixed": "es"});
    api.post("/sites", &site).await.expect(201);
    for (name, languages) in [("Ana", json!(["es"])), ("Bo", json!(["es", "fr"]))] {
        let new = json!({"name": name, "email": format!("{name}@example.org"), "role": "agent", "languages": languages});
        api.post("/operators", &new).await.expect(201);
    }
    let page = owner.open("/languages/es/deletion").await.expect(200);
    assert!(page.main().contains("2 operators") && page.main().contains("1 site leads") && page.main().contains("Shop"), "{}", page.main());
    let wrong = owner.post("/languages/es/deletion", &[("replacement", "es")]).await.expect(422);
    assert!(!wrong.fault_at("Move them to").is_empty());
    page.pick("Move them to", "French").submit("Delete language").await.expect(200);
    let held = operator_language::Entity::find().all(app.ctx.store.read()).await.unwrap();
    assert!(held.len() == 2 && held.iter().all(|row| row.tag == "fr"), "{held:?}");
    let site = api.get("/sites/shop").await.expect(200);
    assert_eq!((&site["countries"], &site["fixed"]), (&json!({"ES": "fr"}), &json!("fr")));
    assert_eq!(site["url_rules"][0], json!({"kind": "path", "value": "/es", "language": "fr"}));
    let log = owner.open("/audit?object=language").await;
    assert!(log.main().contains("Replaced by") && log.main().contains("Shop"), "{}", log.main());
}

#[actix_web::test]
async fn a_language_that_sites_lead_to_is_not_lost_by_accident() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let api = app.api_key(&["languages:write", "sites:write"]).await;
    api.post("/sites", &json!({"name": "Shop", "hosts": ["*.example.com"], "countries": {"FR": "fr"}, "fixed": "fr"})).await.expect(201);
    assert!(owner.open("/languages/fr").await.main().contains("A site leads to this language"));
    let page = owner.post("/languages/fr/activation", &[("enabled", "false")]).await.expect(200);
    assert!(page.flash().contains("Shop"), "{}", page.flash());
    let found = api.get("/sites/shop/language?country=FR").await.expect(200);
    assert_eq!((&found["tag"], &found["from"]), (&json!("en"), &json!("fixed")));
    assert_eq!(api.delete("/languages/fr").await.expect(409)["type"], "urn:onduty:problem:language_in_use");
    assert_eq!(api.delete("/languages/fr?replacement=xx").await.errors(), [("replacement".to_owned(), "unknown_choice".to_owned())]);
    assert_eq!(api.delete("/languages/fr?from_operators=true").await.status, 204);
    let site = api.get("/sites/shop").await.expect(200);
    assert_eq!((&site["countries"], &site["fixed"]), (&json!({}), &Value::Null));
    assert_eq!(api.delete("/languages/es?replacement=en").await.status, 204, "nobody uses it");
}

#[tokio::test]
async fn a_site_is_written_and_read_with_every_field() {
    let app = TestApp::spawn().await;
    departments(&app, &[("sales", "Sales"), ("help", "Help")]).await;
    let api = app.api_key(&["sites:write"]).await;
    let sent = json!({
        "slug": "shop", "name": "Shop", "hosts": ["shop.example.com", "*.shop.example.com:8443"], "departments": ["help", "sales"],
        "language_order": ["country", "url"], "url_rules": [{"kind": "subdomain", "value": "es", "language": "es"}, {"kind": "query", "value": "lang=fr", "language": "fr"}],
        "countries": {"ES": "es", "FR": "fr"}, "fixed": null, "message_mode": false, "message_texts": {"es": "Mañana.\nGracias."},
    });
    let made = api.post("/sites", &sent).await;
    assert_eq!((made.status.as_u16(), made.header("location")), (201, "/api/v1/sites/shop"));
    assert_eq!(made.json, sent);
    let got = api.get("/sites/shop").await;
    let tag = got.header("etag").to_owned();
    assert_eq!(got.expect(200), sent);
    let changed = api.patch("/sites/shop", &json!({"fixed": "en", "countries": {"mx": "es"}})).await.expect(200);
    assert_eq!((&changed["fixed"], &changed["countries"], &changed["hosts"]), (&json!("en"), &json!({"MX": "es"}), &sent["hosts"]));
    let stale = api.call(reqwest::Method::PATCH, "/sites/shop", Some(&json!({"name": "X"})), &[("if-match", &tag)]).await;
    assert_eq!(stale.status.as_u16(), 412);
    let usual = api.post("/sites", &json!({"name": "Shop 2"})).await.expect(201);
    assert_eq!((&usual["slug"], &usual["language_order"]), (&json!("shop-2"), &json!(["url", "browser", "country", "fixed"])));
    let page = api.get("/sites?limit=1").await.expect(200);
    let rest = api.get(&format!("/sites?cursor={}", page["next_cursor"].as_str().unwrap())).await.expect(200);
    assert_eq!(
        (&page["items"][0]["slug"], &rest["items"][0]["slug"], &rest["next_cursor"]),
        (&json!("shop"), &json!("shop-2"), &Value::Null)
    );
    assert_eq!(api.delete("/sites/shop-2").await.status, 204);
    assert_eq!(api.get("/sites/shop-2").await.status, 404);
    assert_eq!(app.api_key(&["sites:read"]).await.delete("/sites/shop").await.status, 403);
}

#[tokio::test]
async fn what_cannot_be_taken_is_named_with_its_place() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["sites:write"]).await;
    api.post("/sites", &json!({"name": "Shop", "hosts": ["shop.example.com"]})).await.expect(201);
    let wrong = json!({
        "slug": "shop", "name": "Other", "hosts": ["ok.example", "not a host", "SHOP.example.com"], "departments": ["nobody"], "language_order": ["url", "url"],
        "url_rules": [{"kind": "path", "value": "/", "language": "de"}], "countries": {"ES": "es", "UK": "en"}, "fixed": "english",
    });
    let answer = api.post("/sites", &wrong).await;
    let expected = [
        ("hosts[1]", "host"),
        ("hosts[2]", "host_taken"),
        ("departments[0]", "unknown_choice"),
        ("language_order[1]", "repeated"),
        ("url_rules[0].value", "url_path"),
        ("url_rules[0].language", "language_off"),
        ("countries.UK", "country"),
        ("fixed", "language_tag"),
    ];
    assert_eq!(answer.status.as_u16(), 422);
    assert_eq!(answer.errors(), expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
    assert_eq!(api.post("/sites", &json!({"name": "Other", "slug": "shop"})).await.errors(), [("slug".to_owned(), "taken".to_owned())]);
    assert_eq!(api.post("/sites", &json!({"hosts": []})).await.errors(), [("name".to_owned(), "required".to_owned())]);
    assert_eq!(api.get("/sites/shop/language?country=").await.status, 200);
    let long = api.get(&format!("/sites/shop/language?country={}", "x".repeat(30))).await;
    assert_eq!(long.errors(), [("country".to_owned(), "too_long".to_owned())]);
}

#[tokio::test]
async fn the_api_finds_a_language_as_the_tester_does() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["sites:write"]).await;
    let rules = json!([{"kind": "path", "value": "/es", "language": "es"}]);
    api.post("/sites", &json!({"name": "Shop", "hosts": ["shop.example.com"], "url_rules": rules, "countries": {"FR": "fr"}}))
        .await
        .expect(201);
    for (query, tag, from) in [
        ("url=https://shop.example.com/es/x&accept_language=fr", "es", "url"),
        ("url=https://shop.example.com/especial&accept_language=fr-CA,en;q=0.5", "fr", "browser"),
        ("accept_language=de&country=FR", "fr", "country"),
        ("country=ZZ", "en", "fixed"),
        ("", "en", "fixed"),
    ] {
        let found = api.get(&format!("/sites/shop/language?{query}")).await.expect(200);
        assert_eq!((&found["tag"], &found["from"]), (&json!(tag), &json!(from)), "{query}: {found:#}");
        let decided = found["trace"].as_array().unwrap().iter().filter(|check| check["tag"] == *tag).count();
        assert_eq!(decided, 1, "{found:#}");
    }
    let french = api.call(reqwest::Method::GET, "/sites/shop/language?country=FR", None, &[("accept-language", "fr")]).await.expect(200);
    assert!(french["trace"].to_string().contains("FR correspond à fr"), "{french:#}");
}

#[tokio::test]
async fn sites_offer_the_department_that_takes_the_place_of_a_deleted_one() {
    let app = TestApp::spawn().await;
    departments(&app, &[("sales", "Sales"), ("help", "Help"), ("night", "Night")]).await;
    let api = app.api_key(&["sites:write", "departments:write"]).await;
    for (name, offered) in [("Shop", json!(["sales", "help"])), ("Blog", json!(["sales"])), ("Wiki", json!(["night"]))] {
        api.post("/sites", &json!({"name": name, "departments": offered})).await.expect(201);
    }
    assert_eq!(api.delete("/departments/sales?replacement=help").await.status, 204);
    assert_eq!(api.delete("/departments/night").await.status, 204);
    let offered =
        api.get("/sites").await.expect(200)["items"].as_array().unwrap().iter().map(|site| site["departments"].clone()).collect::<Vec<_>>();
    assert_eq!(offered, [json!(["help"]), json!(["help"]), json!([])]);
}

#[tokio::test]
async fn of_many_sites_that_claim_one_host_at_once_one_gets_it() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["sites:write"]).await;
    let bodies: Vec<Value> = (0..12).map(|number| json!({"name": format!("Shop {number}"), "hosts": ["shop.example.com"]})).collect();
    let answers = futures_util::future::join_all(bodies.iter().map(|body| api.post("/sites", body))).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(answer.errors(), [("hosts[0]".to_owned(), "host_taken".to_owned())], "{:#}", answer.json);
    }
}
