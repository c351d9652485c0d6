//! Queries in a browser: they ring in the panel, are accepted, sent on, closed and classified; supervisors see and hand out all, agents
//! see those of their departments (PA-1, QU-6, RO-3).

use chrono::TimeDelta;
use onduty::actions::Actor;
use onduty::actions::queries::{self, RawQuery, Source};
use onduty::store::entities::category;
use onduty::store::{Millis, StoreError};
use reqwest::Method;
use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;
use serde_json::json;

use crate::support::{Api, Browser, Page, TestApp};

const SCOPES: &[&str] = &["operators:write", "departments:write", "queries:write"];

/// An agent who has a panel open, is online and works in a department.
async fn on_duty(app: &TestApp, api: &Api, department: &str) -> Browser {
    let agent = app.operator("agent").await;
    agent.open("/panel").await.within("main").submit("Online").await.expect(200);
    api.put(&format!("/departments/{department}/members/{}", agent.me()), &json!({})).await.expect(200);
    agent
}

async fn departments(app: &TestApp, names: &[&str]) -> Api {
    let api = app.api_key(SCOPES).await;
    for name in names {
        api.post("/departments", &json!({"name": name})).await.expect(201);
    }
    api
}

async fn category(app: &TestApp, name: &'static str) {
    let now = Millis(app.now());
    let row = category::ActiveModel {
        name: Set(name.to_owned()),
        name_key: Set(name.to_lowercase()),
        position: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        version: Set(1),
        ..Default::default()
    };
    app.inside(async move |ctx| {
        let made = ctx.store.write(async |tx| category::Entity::insert(row.clone()).exec(tx).await.map_err(StoreError::from)).await;
        made.expect("a category");
    })
    .await;
}

#[actix_web::test]
async fn a_call_rings_in_two_panels_and_the_slower_one_is_told() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Support"]).await;
    let (ana, ben) = (on_duty(&app, &api, "support").await, on_duty(&app, &api, "support").await);
    let call = json!({"channel": "call", "department": "support", "subject": "Broken zip", "requester": {"name": "Kim"}});
    let id = api.post("/queries", &call).await.expect(201)["id"].as_i64().unwrap();
    let (hers, his) = (ana.open("/panel").await.expect(200), ben.open("/panel").await.expect(200));
    assert_eq!(hers.attributes("#panel", "data-offered"), [id.to_string()]);
    assert!(hers.main().contains("Broken zip") && hers.main().contains("Kim"), "{}", hers.main());
    assert!(hers.has("#panel[data-sound-offered$='.wav'], #panel[data-sound-offered*='.wav?']"));
    let taken = hers.within(".od-ringing").submit("Accept").await.expect(200);
    assert_eq!(taken.flash(), format!("Q-{id} is yours."));
    assert_eq!(
        (taken.attributes("#panel", "data-offered"), taken.attributes("#panel", "data-assigned")),
        (vec![String::new()], vec![id.to_string()])
    );
    let late = his.within(".od-ringing").submit("Accept").await.expect(200);
    assert_eq!((late.path(), late.flash().as_str()), ("/panel", "Somebody else has this query already."));
    assert!(!late.main().contains("Broken zip"));
}

#[actix_web::test]
async fn a_declined_offer_leaves_the_panel_and_rings_on_elsewhere() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Support"]).await;
    let (ana, ben) = (on_duty(&app, &api, "support").await, on_duty(&app, &api, "support").await);
    api.post("/queries", &json!({"channel": "call", "department": "support", "subject": "Broken zip"})).await.expect(201);
    let declined = ana.open("/panel").await.within(".od-ringing").submit("Decline").await.expect(200);
    assert!(declined.flash().contains("goes on to the next"), "{}", declined.flash());
    assert!(!declined.main().contains("Broken zip"));
    assert!(ben.open("/panel").await.main().contains("Broken zip"));
}

#[actix_web::test]
async fn a_closed_query_asks_what_it_was_about_until_that_is_told() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Support"]).await;
    category(&app, "Returns").await;
    let ana = on_duty(&app, &api, "support").await;
    api.patch(&format!("/operators/{}", ana.me()), &json!({"classify_after": true})).await.expect(200);
    let chat = json!({"channel": "chat", "department": "support", "subject": "Too small"});
    let id = api.post("/queries", &chat).await.expect(201)["id"].as_i64().unwrap();
    let panel = ana.open("/panel").await.expect(200);
    assert!(panel.main().contains("waits for an answer"), "{}", panel.main());
    let answered = panel.within("main").submit("I have answered").await.expect(200);
    assert!(!answered.main().contains("waits for an answer"));
    let closed = answered.within("main").submit("Close").await.expect(200);
    assert!(closed.main().contains("To classify") && closed.main().contains("Too small"), "{}", closed.main());
    let page = ana.open(&format!("/queries/{id}")).await.expect(200);
    let refused = page.within("#classification").submit("Classify").await.expect(422);
    assert_eq!(refused.fault_at("Category"), "Enter something here");
    let done = refused
        .within("#classification")
        .pick("Category", "Returns")
        .fill("Note", "Sent a larger one")
        .submit("Classify")
        .await
        .expect(200);
    assert_eq!(done.flash(), format!("Q-{id} is classified."));
    assert!(!ana.open("/panel").await.main().contains("To classify"));
    let read = api.get(&format!("/queries/{id}")).await.expect(200);
    assert_eq!(read["classification"]["note"], "Sent a larger one");
}

#[actix_web::test]
async fn agents_see_the_queries_of_their_departments_and_supervisors_all() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Support", "Sales"]).await;
    let ana = on_duty(&app, &api, "support").await;
    let lead = app.operator("supervisor").await;
    let post = async |department: &str, subject: &str| {
        let body = json!({"channel": "ticket", "department": department, "subject": subject});
        api.post("/queries", &body).await.expect(201)["id"].as_i64().unwrap()
    };
    let (near, far) = (post("support", "A near one").await, post("sales", "A far one").await);
    let list = ana.open("/queries").await.expect(200);
    assert!(list.main().contains("A near one") && !list.main().contains("A far one"), "{}", list.main());
    ana.open(&format!("/queries/{near}")).await.expect(200);
    ana.open(&format!("/queries/{far}")).await.expect(404);
    let nobody = app.operator("agent").await.open("/queries").await.expect(200);
    assert!(nobody.main().contains("No queries yet"), "an agent without a department sees none");
    let all = lead.open("/queries").await.expect(200);
    assert!(all.main().contains("A near one") && all.main().contains("A far one"));
    for (address, shown) in [
        ("/queries?state=waiting", "A far one"),
        ("/queries?state=assigned", "A near one"),
        ("/queries?department=sales", "A far one"),
        (&*format!("/queries?operator={}", ana.me()), "A near one"),
        (&*format!("/queries?q=Q-{far}"), "A far one"),
    ] {
        let page = lead.open(address).await.expect(200);
        assert_eq!(page.select("tbody .od-row-link"), [shown], "{address}");
    }
    assert!(lead.open("/queries?q=nothing").await.expect(200).main().contains("No query found"));
}

#[actix_web::test]
async fn a_supervisor_hands_out_sends_on_and_opens_again() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Support", "Sales"]).await;
    let (ana, ben) = (on_duty(&app, &api, "support").await, on_duty(&app, &api, "sales").await);
    let lead = app.operator("supervisor").await;
    let chat = json!({"channel": "chat", "department": "support", "subject": "Handed out"});
    let id = api.post("/queries", &chat).await.expect(201)["id"].as_i64().unwrap();
    let page = lead.open(&format!("/queries/{id}")).await.expect(200);
    assert!(page.main().contains("Why it went there") && page.main().contains("could take it"), "{}", page.main());
    let taken = page.submit("Take it myself").await.expect(200);
    assert_eq!(taken.flash(), format!("Q-{id} is assigned."));
    assert!(!ana.open("/panel").await.main().contains("Handed out"));
    let refused = taken.within("form[action$='/transfer']").submit("Transfer").await.expect(422);
    assert_eq!(refused.fault_at("To an operator"), "Enter something here");
    let sent = refused.within("form[action$='/transfer']").pick("Or to a department", "Sales").submit("Transfer").await.expect(200);
    assert_eq!(sent.flash(), format!("Q-{id} is on its way."));
    assert!(sent.main().contains("Transferred to Sales"), "{}", sent.main());
    assert!(ben.open("/panel").await.main().contains("Handed out"));
    let closed = sent.submit("Close").await.expect(200);
    assert!(closed.main().contains("Closed"));
    let open = closed.submit("Open again").await.expect(200);
    assert!(open.main().contains("Opened again"));
    let read = api.get(&format!("/queries/{id}")).await.expect(200);
    assert_eq!((&read["state"], &read["operator_id"]), (&json!("assigned"), &json!(ben.me())), "back to who closed it");
}

#[actix_web::test]
async fn what_a_deleted_operator_had_open_goes_to_the_heir() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Support"]).await;
    let (ana, ben) = (on_duty(&app, &api, "support").await, on_duty(&app, &api, "support").await);
    let id = api.post("/queries", &json!({"channel": "ticket", "department": "support"})).await.expect(201);
    let (id, had) = (id["id"].as_i64().unwrap(), id["operator_id"].as_i64().unwrap());
    let heir = if had == ana.me() { &ben } else { &ana };
    let owner = app.owner().await;
    let ask = owner.open(&format!("/operators/{had}/deletion")).await.expect(200);
    assert!(ask.main().contains("One open query goes to whom you choose below."), "{}", ask.main());
    let name = api.get(&format!("/operators/{}", heir.me())).await.expect(200)["name"].as_str().unwrap().to_owned();
    ask.within("main").pick("Who inherits the open queries", &name).submit("Delete operator").await.expect(200);
    app.tick(app.now() + TimeDelta::seconds(2)).await;
    let read = api.get(&format!("/queries/{id}")).await.expect(200);
    assert_eq!((&read["operator_id"], &read["state"]), (&json!(heir.me()), &json!("assigned")));
}

#[actix_web::test]
async fn one_chooses_the_sounds_of_ones_panel() {
    let app = TestApp::spawn().await;
    let ana = app.operator("agent").await;
    let page = ana.open("/profile/sounds").await.expect(200);
    let saved = page
        .within("main")
        .pick("A query is offered", "Bell")
        .pick("A customer writes again", "No sound")
        .submit("Save changes")
        .await
        .expect(200);
    assert_eq!((saved.value("A query is offered"), saved.value("A customer writes again")), ("bell".to_owned(), "none".to_owned()));
    let panel = ana.open("/panel").await.expect(200);
    assert!(panel.has("#panel[data-sound-offered*='bell.wav'][data-sound-assigned]") && !panel.has("#panel[data-sound-replied]"));
    let refused = ana.post("/profile/sounds", &[("offered", "siren"), ("assigned", "bell"), ("replied", "bell")]).await.expect(422);
    assert_eq!(refused.faults(), ["Choose one of the entries offered"]);
}

#[actix_web::test]
async fn a_refused_form_keeps_what_was_typed_into_it() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Support", "Sales"]).await;
    category(&app, "Returns").await;
    let ana = on_duty(&app, &api, "support").await;
    on_duty(&app, &api, "support").await;
    let lead = app.operator("supervisor").await;
    let id = api.post("/queries", &json!({"channel": "chat", "department": "support"})).await.expect(201)["id"].as_i64().unwrap();
    let page = lead.open(&format!("/queries/{id}")).await.expect(200);
    let sent_on = page.attributes("#operator_id option", "value").into_iter().find(|value| !value.is_empty()).unwrap();
    let back = format!("/queries/{id}/transfer");
    let refused = lead.post(&back, &[("operator_id", &sent_on), ("department", "sales"), ("note", "Ask for the size")]).await.expect(422);
    assert_eq!(refused.faults().len(), 1);
    let kept = ["To an operator", "Or to a department", "Words for whoever gets it"].map(|label| refused.value(label));
    assert_eq!(kept, [sent_on.as_str(), "sales", "Ask for the size"]);
    let refused = page.within("#assignment").submit("Assign").await.expect(422);
    assert_eq!((refused.fault_at("Operator"), refused.value("Operator")), ("Enter something here".to_owned(), String::new()));
    assert_eq!((refused.fault_at("To an operator"), refused.value("To an operator")), (String::new(), String::new()));

    api.patch(&format!("/operators/{}", ana.me()), &json!({"classify_after": true})).await.expect(200);
    lead.post(&format!("/queries/{id}/assignment"), &[("operator_id", &ana.me().to_string())]).await.expect(200);
    let panel = ana.open("/panel").await.within("#mine").submit("Close").await.expect(200);
    assert_eq!(panel.attributes("#classify select option", "value").first(), Some(&String::new()), "no category is chosen for anybody");
    assert_eq!(panel.attributes("#classify select[required] option[selected]", "value"), Vec::<String>::new());
    let there = format!("/queries/{id}/classification");
    let refused = ana.post(&there, &[("back", "panel"), ("category", ""), ("note", "Two sizes too small")]).await.expect(422);
    assert_eq!((refused.fault_at("Category").as_str(), refused.value("Note").as_str()), ("Enter something here", "Two sizes too small"));
    let done = refused.within("#classify").pick("Category", "Returns").submit("Classify").await.expect(200);
    assert_eq!(done.path(), "/panel", "back to where it began");
    let done = ana.open(&format!("/queries/{id}")).await.expect(200);
    assert!(done.select(".od-timeline li").concat().contains("Classified as Returns"), "{:?}", done.select(".od-timeline li"));
    assert!(done.select(".od-timeline li").concat().contains("Two sizes too small"));
}

/// What an open page gets when it asks by itself whether it still stands.
async fn asked_again(browser: &Browser, page: &Page, header: Option<&str>) -> u16 {
    let request = browser.request(Method::GET, &page.attributes("#query", "data-live").concat());
    let request = header.into_iter().fold(request, |request, name| request.header(name, "1"));
    request.send().await.expect("an answer").status().as_u16()
}

#[actix_web::test]
async fn an_open_page_is_told_of_its_own_query_alone() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Support"]).await;
    let ana = on_duty(&app, &api, "support").await;
    let post =
        async || api.post("/queries", &json!({"channel": "chat", "department": "support"})).await.expect(201)["id"].as_i64().unwrap();
    let (id, other) = (post().await, post().await);
    let page = ana.open(&format!("/queries/{id}")).await.expect(200);
    api.post(&format!("/queries/{other}/closure"), &json!({})).await.expect(200);
    on_duty(&app, &api, "support").await;
    assert_eq!(asked_again(&ana, &page, Some("x-onduty-live")).await, 204, "another query and another operator changed");
    assert_eq!(asked_again(&ana, &page, None).await, 200, "whoever opens the address reads the page");
    api.post(&format!("/queries/{id}/activity"), &json!({"by": "operator"})).await.expect(200);
    assert_eq!(asked_again(&ana, &page, Some("x-onduty-live")).await, 200);
    assert_eq!(asked_again(&app.operator("agent").await, &page, Some("x-onduty-live")).await, 404, "only to those who may see it");
}

#[actix_web::test]
async fn the_panel_tells_what_is_needed_to_take_a_query() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Support", "Sales"]).await;
    let ana = on_duty(&app, &api, "support").await;
    let lead = app.operator("supervisor").await;
    assert!(ana.open("/panel").await.select("#mine .od-card-head").concat().contains("0 chats, no limit"));
    let asks = json!({"name": "Maria", "phone": "+34 600 123-456"});
    let call = json!({"channel": "call", "department": "support", "requester": asks, "body": "About my order.\nAfter six."});
    let id = api.post("/queries", &call).await.expect(201)["id"].as_i64().unwrap();
    let told = |page: &Page, place: &str| {
        assert_eq!(page.attributes(&format!("{place} a[href^='tel:']"), "href"), ["tel:+34600123456"]);
        assert!(page.select(place).concat().contains("About my order. After six."), "{:?}", page.select(place));
    };
    let panel = ana.open("/panel").await.expect(200);
    told(&panel, "#ringing");
    assert_eq!(panel.attributes("#ringing [data-left]", "data-left"), ["20000"]);
    assert_eq!(panel.attributes("#ringing [data-left]", "data-words"), ["rings for {seconds} s more"]);
    let ends = (app.now() + TimeDelta::seconds(20)).format("%H:%M:%S").to_string();
    assert!(panel.select("#ringing").concat().contains(&format!("rings until {ends}")), "{:?}", panel.select("#ringing"));
    let panel = panel.within("#ringing").submit("Accept").await.expect(200);
    told(&panel, "#mine");
    assert!(ana.open(&format!("/queries/{id}")).await.has("dd a[href='tel:+34600123456']"));
    assert!(!panel.main().contains("Transferred by"));

    let sent = [("operator_id", ana.me().to_string()), ("note", "She is in a hurry".to_owned())];
    let sent = sent.each_ref().map(|(name, value)| (*name, value.as_str()));
    app.pass(TimeDelta::seconds(30));
    lead.post(&format!("/queries/{id}/transfer"), &sent).await.expect(200);
    let panel = ana.open("/panel").await.expect(200);
    assert!(panel.main().contains("Transferred by") && panel.main().contains("She is in a hurry"), "{}", panel.main());

    api.patch(&format!("/operators/{}", ana.me()), &json!({"max_chat_load": 3})).await.expect(200);
    assert!(ana.open("/panel").await.select("#mine .od-card-head").concat().contains("0 of 3 chats"));
}

#[actix_web::test]
async fn the_panel_counts_all_that_is_left_to_classify() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Support"]).await;
    let ana = on_duty(&app, &api, "support").await;
    api.patch(&format!("/operators/{}", ana.me()), &json!({"classify_after": true})).await.expect(200);
    let close = async |many: usize| {
        for _ in 0..many {
            let id = api.post("/queries", &json!({"channel": "ticket", "department": "support"})).await.expect(201)["id"].clone();
            api.post(&format!("/queries/{id}/closure"), &json!({})).await.expect(200);
        }
    };
    close(20).await;
    let panel = ana.open("/panel").await.expect(200);
    assert_eq!((panel.select("#classify .od-count"), panel.has("#classify .od-card-head a")), (vec!["20".to_owned()], false));
    close(2).await;
    let panel = ana.open("/panel").await.expect(200);
    assert_eq!((panel.select("#classify .od-count"), panel.select("#classify .od-panel-line").len()), (vec!["22".to_owned()], 20));
    let rest = panel.within("#classify").follow("Show all").await.expect(200);
    assert!(rest.main().contains("22 queries"), "{}", rest.main());
}

#[actix_web::test]
async fn the_page_names_where_a_query_came_from_in_the_readers_words() {
    let app = TestApp::spawn().await;
    let api = departments(&app, &["Support"]).await;
    let lead = app.operator("supervisor").await;
    let sent = json!({"channel": "ticket", "department": "support", "external_id": "shop-17"});
    let id = api.post("/queries", &sent).await.expect(201)["id"].as_i64().unwrap();
    let from_api = lead.open(&format!("/queries/{id}")).await.expect(200);
    assert!(from_api.select("dd").contains(&"shop-17".to_owned()), "{:?}", from_api.select("dd"));
    app.inside(async move |ctx| {
        let raw = RawQuery {
            source: Source::Contact,
            channel: "ticket".into(),
            department: Some("support".into()),
            external_id: Some("contact:0d4b".into()),
            ..RawQuery::default()
        };
        queries::post(&ctx, &Actor::system("contact"), raw).await.expect("a query");
    })
    .await;
    let page = lead.open(&format!("/queries/{}", id + 1)).await.expect(200);
    assert!(!page.main().contains("contact:0d4b") && !page.main().contains("Outside id"), "{}", page.main());
    assert!(page.main().contains("Received for Support · contact page"), "{}", page.main());
    assert!(page.main().contains("Nobody has looked for somebody yet"), "{}", page.main());
    let closed = page.within("main").submit("Close").await.expect(200);
    assert!(!closed.main().contains("Why it went there"), "{}", closed.main());
}
