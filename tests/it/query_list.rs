//! The list of queries: searched, narrowed and ordered, and never looked through without an end (QU-2, RO-3, UX).

use chrono::{DateTime, TimeDelta, Utc};
use onduty::domain::query::State;
use onduty::store::queries::{self, Filter, Search, Sight, Sort};
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::duty::on_duty;
use crate::support::{Api, Browser, Page};

async fn api(app: &TestApp) -> Api {
    let scopes =
        ["operators:write", "departments:write", "statuses:read", "queries:write", "sites:write", "settings:write", "absences:write"];
    let api = app.api_key(&scopes).await;
    for name in ["Support", "Sales"] {
        api.post("/departments", &json!({"name": name, "language_policy": "ignore"})).await.expect(201);
    }
    api
}

/// Posts a ticket with these fields beside; returns its id.
async fn ticket(api: &Api, subject: &str, more: Value) -> i64 {
    let mut body = json!({"channel": "ticket", "department": "support", "subject": subject});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    api.post("/queries", &body).await.expect(201)["id"].as_i64().unwrap()
}

fn subjects(page: &Page) -> Vec<String> {
    page.select("tbody .od-row-link")
}

async fn found(browser: &Browser, query: &str) -> Vec<String> {
    subjects(&browser.open(&format!("/queries?{query}")).await.expect(200))
}

#[actix_web::test]
async fn a_query_is_found_by_what_people_remember_of_it() {
    let app = TestApp::spawn().await;
    let api = api(&app).await;
    let lead = app.operator("supervisor").await;
    let elodie = json!({"requester": {"name": "Élodie Brûlé", "email": "elodie@customer.example"}});
    let zip = ticket(&api, "Reißverschluss der Jacke", elodie).await;
    let order = ticket(&api, "Pedido 4711 retrasado", json!({"requester": {"name": "Kim", "email": "kim@shop.example"}})).await;
    for q in
        ["elodie", "BRULE", "reissver", "Jacke+bru", "customer.exam", "elodie@customer.example", &format!("q-{zip}"), &format!("Q{zip}")]
    {
        assert_eq!(found(&lead, &format!("q={q}")).await, ["Reißverschluss der Jacke"], "{q}");
    }
    for q in ["4711", "retras", "kim", "KIM+4711", &order.to_string()] {
        assert_eq!(found(&lead, &format!("q={q}")).await, ["Pedido 4711 retrasado"], "{q}");
    }
    for q in ["kim+jacke", "acke", "%3F%21", "q-4711", "kim@elsewhere.example"] {
        let page = lead.open(&format!("/queries?q={q}")).await.expect(200);
        assert!(subjects(&page).is_empty() && page.main().contains("No query found"), "{q}: {}", page.main());
    }
    assert_eq!(found(&lead, "q=exam").await, ["Pedido 4711 retrasado", "Reißverschluss der Jacke"]);
    assert_eq!(found(&lead, "q=exam&sort=created").await, ["Reißverschluss der Jacke", "Pedido 4711 retrasado"]);
    assert_eq!(found(&lead, "q=exam&department=sales").await, [""; 0]);
}

#[actix_web::test]
async fn the_list_is_narrowed_by_everything_it_offers() {
    let app = TestApp::spawn().await;
    let api = api(&app).await;
    let (ana, ben) = (on_duty(&app, &api, "Ana", "support").await, on_duty(&app, &api, "Ben", "sales").await);
    api.patch(&format!("/operators/{ana}"), &json!({"classify_after": true})).await.expect(200);
    let site = json!({"name": "Shop", "hosts": ["shop.example.com"], "departments": ["support"], "language_order": ["fixed"]});
    api.post("/sites", &site).await.expect(201);
    let owner = app.owner().await;
    let page = owner.open("/categories/new").await.expect(200);
    page.fill("Name", "Returns").submit("Add category").await.expect(200);
    let moved = ticket(&api, "Moved", json!({"language": "en-GB"})).await;
    api.post(&format!("/queries/{moved}/transfer"), &json!({"department": "sales"})).await.expect(200);
    ticket(&api, "From the shop", json!({"site": "shop", "language": "es"})).await;
    let told = ticket(&api, "Told", json!({"language": "fr"})).await;
    api.post(&format!("/queries/{told}/closure"), &json!({})).await.expect(200);
    assert_eq!(found(&owner, "unclassified=1").await, ["Told"]);
    api.put(&format!("/queries/{told}/classification"), &json!({"category": "Returns"})).await.expect(200);
    let category = owner.open("/queries").await.attributes("#filter-category option:last-child", "value").concat();
    for (query, expected) in [
        ("operator=Ana".to_owned(), vec!["Told", "From the shop", "Moved"]),
        (format!("operator={ana}"), vec!["Told", "From the shop", "Moved"]),
        (format!("operator={ben}"), vec!["Moved"]),
        ("operator=ana&state=open".to_owned(), vec!["From the shop", "Moved"]),
        ("operator=ana&department=sales".to_owned(), vec!["Moved"]),
        ("language=en".to_owned(), vec!["Moved"]),
        ("language=es&channel=ticket".to_owned(), vec!["From the shop"]),
        ("site=shop".to_owned(), vec!["From the shop"]),
        (format!("category={category}"), vec!["Told"]),
        ("unclassified=1".to_owned(), vec![]),
        ("state=closed&sort=-closed".to_owned(), vec!["Told"]),
        ("from=2026-03-11&to=2026-03-11&language=fr".to_owned(), vec!["Told"]),
        ("from=2026-03-12".to_owned(), vec![]),
        ("to=2026-03-10".to_owned(), vec![]),
    ] {
        assert_eq!(found(&owner, &query).await, expected, "{query}");
    }
    let page = owner.open("/queries").await;
    let page = page.pick("Language", "Spanish").fill("Operator who has or had it", "Ana").submit("Apply").await.expect(200);
    assert_eq!(page.select(".od-chip b"), ["Ana", "Spanish"], "with words, not ids");
    assert!(page.select("tbody").concat().contains("· Spanish"), "{}", page.main());
    assert_eq!(page.value("Operator who has or had it"), "Ana");
    let agent = app.operator("agent").await;
    assert!(!agent.open("/queries").await.has("#filter-operator"), "who may not see operators chooses none");
    assert!(agent.open(&format!("/queries?operator={ana}")).await.main().contains("Nothing has this name"));
}

#[actix_web::test]
async fn what_the_address_does_not_know_is_named_and_finds_nothing() {
    let app = TestApp::spawn().await;
    let api = api(&app).await;
    ticket(&api, "Here", json!({})).await;
    let lead = app.operator("supervisor").await;
    for query in [
        "state=foo",
        "channel=fax",
        "department=nowhere",
        "operator=nobody",
        "language=xx",
        "site=nowhere",
        "category=99",
        "unclassified=yes",
        "from=yesterday",
        "to=2026-02-30",
    ] {
        let page = lead.open(&format!("/queries?{query}&sort=created")).await.expect(200);
        let value = query.split_once('=').unwrap().1;
        assert!(subjects(&page).is_empty() && page.main().contains(&format!("asks for {value}")), "{query}: {}", page.main());
        assert_eq!(page.select(".od-chip b"), [value], "{query}");
        assert_eq!(page.follow("Clear all").await.address(), "/queries?sort=created");
    }
    assert_eq!(found(&lead, "sort=foo&page=x").await, ["Here"], "an order nobody knows is the usual one");
    assert_eq!(found(&lead, "sort=waiting").await, ["Here"]);
}

#[actix_web::test]
async fn days_are_those_of_the_reader_also_when_clocks_change() {
    let app = TestApp::spawn().await;
    let api = api(&app).await;
    let lead = app.new_operator("Lea", "lea@example.org", "supervisor").await;
    api.patch(&format!("/operators/{lead}"), &json!({"time_zone": "Europe/Madrid"})).await.expect(200);
    for at in ["2026-03-28T22:59:59Z", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z"] {
        app.clock.set(at.parse::<DateTime<Utc>>().unwrap());
        ticket(&api, at, json!({})).await;
    }
    let lead = app.signed_in(lead).await;
    let day = ["2026-03-29T21:59:59Z", "2026-03-28T23:00:00Z"];
    assert_eq!(found(&lead, "from=2026-03-29&to=2026-03-29").await, day);
    assert_eq!(found(&lead, "from=2026-03-29&to=2026-03-29&q=2026").await, day);
    assert_eq!(found(&lead, "from=2026-03-30").await, ["2026-03-29T22:00:00Z"]);
    assert_eq!(found(&lead, "to=2026-03-28").await, ["2026-03-28T22:59:59Z"]);
    assert_eq!(found(&lead, "from=2026-03-30&to=2026-03-28").await, [""; 0]);
    assert!(lead.open("/queries").await.text().contains("Days of Europe/Madrid"));
}

#[actix_web::test]
async fn who_waits_longest_stands_first_and_it_is_told_for_whom_it_rings() {
    let app = TestApp::spawn().await;
    let api = api(&app).await;
    let lead = app.operator("supervisor").await;
    let waits = ticket(&api, "Waits", json!({})).await;
    app.pass(TimeDelta::minutes(5));
    let (_, _) = (on_duty(&app, &api, "Ana", "sales").await, on_duty(&app, &api, "Ben", "sales").await);
    let answered = ticket(&api, "Answered", json!({"department": "sales"})).await;
    let asked = ticket(&api, "Asked again", json!({"department": "sales"})).await;
    for id in [answered, asked] {
        api.post(&format!("/queries/{id}/activity"), &json!({"by": "operator"})).await.expect(200);
    }
    app.pass(TimeDelta::minutes(5));
    api.post(&format!("/queries/{asked}/activity"), &json!({"by": "requester"})).await.expect(200);
    api.post("/queries", &json!({"channel": "call", "department": "sales", "subject": "Rings"})).await.expect(201);
    app.pass(TimeDelta::minutes(5));
    let page = lead.open("/queries").await.expect(200).follow("Waiting longest").await.expect(200);
    assert_eq!(page.address(), "/queries?state=open&sort=waiting");
    assert_eq!(subjects(&page), ["Waits", "Asked again", "Rings", "Answered"]);
    let other = page.follow("Waiting since").await.expect(200);
    assert_eq!(subjects(&other), ["Rings", "Asked again", "Waits", "Answered"]);
    assert!(page.main().contains("Rings for Ana, Ben") || page.main().contains("Rings for Ben, Ana"), "{}", page.main());
    assert!(page.select("tbody tr").concat().contains("15 minutes ago"), "{}", page.main());
    assert!(page.attributes("tbody time", "title").iter().all(|title| title.ends_with("UTC")), "exact, with the zone");
    api.post(&format!("/queries/{waits}/closure"), &json!({})).await.expect(200);
    app.pass(TimeDelta::minutes(1));
    api.post(&format!("/queries/{answered}/closure"), &json!({})).await.expect(200);
    assert_eq!(found(&lead, "state=closed&sort=-closed").await, ["Answered", "Waits"]);
    assert_eq!(found(&lead, "state=closed&sort=closed").await, ["Waits", "Answered"]);
}

#[actix_web::test]
async fn a_page_costs_the_same_statements_whatever_is_found() {
    let app = TestApp::spawn().await;
    let api = api(&app).await;
    let lead = app.operator("supervisor").await;
    let addresses =
        ["/queries", "/queries?q=zip", "/queries?state=open&sort=waiting", "/queries?language=en&from=2026-03-01", "/queries?operator=Lea"];
    app.new_operator("Lea", "lea@example.org", "agent").await;
    let mut costs = Vec::new();
    for rows in [1, 60] {
        for _ in 0..rows {
            ticket(&api, "Zip", json!({"language": "en"})).await;
        }
        for address in addresses {
            // The roster is held in memory, and read before it is counted.
            lead.open(address).await.expect(200);
            let before = app.ctx.store.statements();
            let page = lead.open(address).await.expect(200);
            costs.push(app.ctx.store.statements() - before);
            assert_eq!(subjects(&page).is_empty(), address.ends_with("Lea"), "{address}");
        }
    }
    let (few, many) = costs.split_at(addresses.len());
    assert_eq!(few, many, "no statement for each row");
    assert!(many.iter().all(|cost| *cost <= 8), "{many:?}");
}

#[actix_web::test]
async fn what_no_index_leads_to_is_looked_for_among_the_newest_and_all_that_are_open() {
    let app = TestApp::spawn().await;
    let api = api(&app).await;
    let mut ids = Vec::new();
    for place in 0..6 {
        ids.push(ticket(&api, "Zip", json!({"language": "en", "requester": {"email": "kim@shop.example"}})).await);
        if place > 0 {
            api.post(&format!("/queries/{}/closure", ids[place]), &json!({})).await.expect(200);
        }
        app.pass(TimeDelta::days(1));
    }
    let zip = Search { words: vec!["zi".to_owned()], id: None };
    let base = Filter { search: Some(zip.clone()), looked: Some(2), ..Filter::default() };
    let day = |day: i64| Some(app.now() + TimeDelta::days(day - 6));
    let department = app.inside(async move |ctx| ctx.present_catalogue().await.unwrap().department_by_slug("support").unwrap().id).await;
    let open = vec![State::Waiting, State::Offered, State::Assigned];
    let cases = [
        ("the newest two and the open one", base.clone(), vec![5, 4, 0], day(4)),
        ("oldest first", Filter { sort: Sort::Oldest, ..base.clone() }, vec![0, 4, 5], day(4)),
        (
            "an old one by its number",
            Filter { search: Some(Search { id: Some(ids[2]), ..zip.clone() }), ..base.clone() },
            vec![5, 4, 2, 0],
            day(4),
        ),
        ("of a span", Filter { until: day(4), ..base.clone() }, vec![3, 2, 0], day(2)),
        ("of a span that is looked through whole", Filter { from: day(2), until: day(4), ..base.clone() }, vec![3, 2], None),
        ("of a department", Filter { department: Some(department), ..base.clone() }, vec![5, 4, 0], day(4)),
        ("for who sees a department", Filter { sight: Sight::Departments(vec![department], 0), ..base.clone() }, vec![5, 4, 0], day(4)),
        ("for who sees none", Filter { sight: Sight::Departments(vec![], 0), ..base.clone() }, vec![], None),
        ("of a language", Filter { search: None, language: Some("en".to_owned()), ..base.clone() }, vec![5, 4, 0], day(4)),
        ("open ones", Filter { states: open, ..base.clone() }, vec![0], None),
        ("closed ones", Filter { states: vec![State::Closed], ..base.clone() }, vec![5, 4], day(4)),
        ("all of few", Filter { looked: Some(6), ..base.clone() }, vec![5, 4, 3, 2, 1, 0], None),
        ("all", Filter { looked: None, ..base }, vec![5, 4, 3, 2, 1, 0], None),
    ];
    for (name, filter, places, back_to) in cases {
        let (found, looked) = app
            .inside(async move |ctx| {
                let db = ctx.store.read();
                let found = match filter.search {
                    Some(_) => queries::search(db, &filter).await.unwrap(),
                    None => queries::page(db, &filter, 0, 50).await.unwrap().into_iter().map(|item| item.id).collect(),
                };
                (found, queries::looked_back_to(db, &filter).await.unwrap())
            })
            .await;
        assert_eq!(found, places.into_iter().map(|place| ids[place]).collect::<Vec<i64>>(), "{name}");
        assert_eq!(looked, back_to, "{name}");
    }
}

#[actix_web::test]
async fn the_trace_names_its_zone_and_tells_no_end_that_is_none() {
    let app = TestApp::spawn().await;
    let api = api(&app).await;
    let ana = on_duty(&app, &api, "Ana", "support").await;
    api.post("/absences", &json!({"operator_id": ana, "starts_on": "2026-03-10", "ends_on": "2026-03-20"})).await.expect(201);
    let id = ticket(&api, "Zip", json!({"operator_id": ana})).await;
    let page = app.owner().await.open(&format!("/queries/{id}")).await.expect(200);
    let look = page.select(".od-look summary").concat();
    assert!(look.contains("could not: Absence") && !look.contains("until"), "{look}");
    assert!(page.select(".od-look .od-trace").concat().contains("20 Mar") || page.main().contains("21 Mar"), "the fact has its own end");
    assert!(page.select(".od-card-head").concat().contains("UTC"), "{}", page.main());
}
