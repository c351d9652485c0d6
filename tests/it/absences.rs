//! Absences: planned, changed and ended; what they mean for deputies, hours and zones (AB-1 to AB-4, AB-8).

use chrono::TimeDelta;
use onduty::error::AppError;
use onduty::store::absences;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Api, NOON, TestApp};

async fn api(app: &TestApp) -> Api {
    app.api_key(&["absences:write", "operators:write", "settings:write"]).await
}

/// An active operator in Madrid.
async fn in_madrid(app: &TestApp, api: &Api, name: &str) -> i64 {
    let email = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
    let id = app.new_operator(name, &email, "agent").await;
    api.patch(&format!("/operators/{id}"), &json!({"time_zone": "Europe/Madrid"})).await.expect(200);
    id
}

#[tokio::test]
async fn an_absence_is_written_and_read_with_every_field() {
    let app = TestApp::spawn().await;
    let api = api(&app).await;
    let (ana, bo) = (in_madrid(&app, &api, "Ana Ruiz").await, in_madrid(&app, &api, "Bo Lind").await);
    let sent = json!({
        "operator_id": ana, "starts_on": "2026-04-01", "ends_on": "2026-04-03", "kind": "leave", "auto_reply": true,
        "reply_frequency": "daily", "deputy_id": bo, "note": "Moving house,\nby train",
        "texts": {"es": {"subject": "{$operator} está fuera", "body": "Hasta {$firstDayBack}.\n{$deputy}"}},
    });
    let made = api.post("/absences", &sent).await;
    let there = made.header("location").trim_start_matches("/api/v1").to_owned();
    let made = made.expect(201);
    for (field, value) in sent.as_object().unwrap() {
        assert_eq!(&made[field], value, "{field}");
    }
    assert_eq!((&made["starts_at"], &made["ends_at"]), (&Value::Null, &Value::Null));
    assert_eq!(api.get(&there).await.expect(200), made);
    let stored = absences::find(app.ctx.store.read(), made["id"].as_i64().unwrap()).await.unwrap().unwrap();
    let span = stored.absence.span;
    assert_eq!((span.from.to_rfc3339(), span.until.to_rfc3339()), ("2026-03-31T22:00:00+00:00".into(), "2026-04-03T22:00:00+00:00".into()));
    let part = json!({"operator_id": bo, "starts_at": "2026-04-09T08:00:00Z", "ends_at": "2026-04-09T12:00:00+02:00"});
    let plain = api.post("/absences", &part).await.expect(201);
    assert_eq!((&plain["kind"], &plain["auto_reply"], &plain["reply_frequency"]), (&json!("holiday"), &json!(true), &json!("every_query")));
    assert_eq!((&plain["starts_on"], &plain["ends_at"]), (&Value::Null, &json!("2026-04-09T10:00:00.000Z")));
}

#[tokio::test]
async fn days_become_instants_and_days_again() {
    let app = TestApp::spawn().await;
    let api = api(&app).await;
    let ana = in_madrid(&app, &api, "Ana Ruiz").await;
    let made = api.post("/absences", &json!({"operator_id": ana, "starts_on": "2026-04-01", "ends_on": "2026-04-03"})).await.expect(201);
    let there = format!("/absences/{}", made["id"]);
    let part = json!({"starts_on": null, "ends_on": null, "starts_at": "2026-04-01T07:00:00Z", "ends_at": "2026-04-01T11:00:00Z"});
    let changed = api.patch(&there, &part).await.expect(200);
    assert_eq!((&changed["starts_on"], &changed["starts_at"]), (&Value::Null, &json!("2026-04-01T07:00:00.000Z")));
    let back = api.patch(&there, &json!({"starts_on": "2026-04-01", "ends_on": "2026-04-03"})).await.expect(200);
    assert_eq!(back, made);
    let whole = api.patch(&there, &made).await;
    assert_eq!(whole.errors(), [("id".to_owned(), "unknown_field".to_owned())]);
    let both = api.patch(&there, &json!({"starts_on": "2026-04-01", "starts_at": "2026-04-01T07:00:00Z"})).await;
    assert_eq!((both.status.as_u16(), both.errors()), (422, vec![("starts_at".to_owned(), "absence_both".to_owned())]));
}

#[tokio::test]
async fn what_does_not_fit_is_refused_at_its_field() {
    let app = TestApp::spawn().await;
    let api = api(&app).await;
    let (ana, bo) = (in_madrid(&app, &api, "Ana Ruiz").await, in_madrid(&app, &api, "Bo Lind").await);
    api.post(&format!("/operators/{bo}/suspension"), &json!({})).await;
    let days = json!({"operator_id": ana, "starts_on": "2026-04-01", "ends_on": "2026-04-03"});
    api.post("/absences", &days).await.expect(201);
    let with = |more: Value| {
        let mut sent = json!({"operator_id": ana, "starts_on": "2026-05-01", "ends_on": "2026-05-01"});
        sent.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        sent
    };
    for (sent, field, code) in [
        (days, "starts_on", "absence_overlap"),
        (
            json!({"operator_id": ana, "starts_at": "2026-04-03T21:59:00Z", "ends_at": "2026-04-04T09:00:00Z"}),
            "starts_at",
            "absence_overlap",
        ),
        (with(json!({"operator_id": 4711})), "operator_id", "unknown_choice"),
        (with(json!({"deputy_id": ana})), "deputy_id", "absence_deputy_oneself"),
        (with(json!({"deputy_id": 4711})), "deputy_id", "unknown_choice"),
        (with(json!({"deputy_id": bo})), "deputy_id", "absence_deputy_inactive"),
        (with(json!({"kind": "party"})), "kind", "unknown_choice"),
        (with(json!({"texts": {"de": {"subject": "Weg", "body": "Bald"}}})), "texts.de", "unknown_choice"),
        (with(json!({"texts": {"es": {"subject": "Fuera", "body": "{$kind}"}}})), "texts.es.body", "unknown_variable"),
        (with(json!({"ends_on": "2026-04-30"})), "ends_on", "date_order"),
        (json!({"operator_id": ana, "starts_on": "2026-05-01"}), "ends_on", "required"),
        (json!({"starts_on": "2026-05-01", "ends_on": "2026-05-01"}), "operator_id", "required"),
    ] {
        let answer = api.post("/absences", &sent).await;
        assert_eq!((answer.status.as_u16(), answer.errors()), (422, vec![(field.to_owned(), code.to_owned())]), "{sent}");
    }
    let touching = json!({"operator_id": ana, "starts_at": "2026-04-03T22:00:00Z", "ends_at": "2026-04-04T09:00:00Z"});
    api.post("/absences", &touching).await.expect(201);
}

#[tokio::test]
async fn lists_are_filtered_and_changes_are_conditional() {
    let app = TestApp::spawn().await;
    let api = api(&app).await;
    let (ana, bo) = (in_madrid(&app, &api, "Ana Ruiz").await, in_madrid(&app, &api, "Bo Lind").await);
    let mut ids = Vec::new();
    for (operator, from, to) in [(ana, "2026-04-01", "2026-04-03"), (ana, "2026-06-01", "2026-06-03"), (bo, "2026-04-03", "2026-04-03")] {
        let made = api.post("/absences", &json!({"operator_id": operator, "starts_on": from, "ends_on": to})).await.expect(201);
        ids.push(made["id"].clone());
    }
    let found = async |query: &str| -> Vec<Value> {
        let page = api.get(&format!("/absences{query}")).await.expect(200);
        page["items"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect()
    };
    assert_eq!(found("").await, ids);
    assert_eq!(found(&format!("?operator={ana}")).await, ids[..2]);
    assert_eq!(found("?from=2026-05-01").await, ids[1..2]);
    assert_eq!(found("?to=2026-04-01").await, ids[..1], "the day is included");
    assert_eq!(found("?from=2026-04-02T12:00:00Z&to=2026-04-30").await, [ids[0].clone(), ids[2].clone()]);
    assert_eq!(api.get("/absences?from=yesterday").await.errors(), [("from".to_owned(), "instant".to_owned())]);
    let first = api.get("/absences?limit=2").await.expect(200);
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    assert_eq!(found(&format!("?cursor={}", first["next_cursor"].as_str().unwrap())).await, ids[2..]);

    let there = format!("/absences/{}", ids[0]);
    let etag = api.get(&there).await.header("etag").to_owned();
    api.call(Method::PATCH, &there, Some(&json!({"note": "Lisbon"})), &[("if-match", &etag)]).await.expect(200);
    let stale = api.call(Method::PATCH, &there, Some(&json!({"note": "Porto"})), &[("if-match", &etag)]).await;
    assert_eq!(stale.status, 412);
    assert_eq!(api.call(Method::DELETE, &there, None, &[("if-match", &etag)]).await.status, 412);
    assert_eq!(api.delete(&there).await.status, 204);
    assert_eq!(api.get(&there).await.status, 404);
    let reader = app.api_key(&["absences:read"]).await;
    assert_eq!(reader.get("/absences").await.status, 200);
    assert_eq!(reader.delete(&format!("/absences/{}", ids[1])).await.status, 403);
    assert_eq!(app.api_key(&["operators:read"]).await.get("/absences").await.status, 403);
}

#[tokio::test]
async fn whole_days_follow_the_zone_of_the_operator_or_of_the_organisation() {
    let app = TestApp::spawn().await;
    let api = api(&app).await;
    let ana = in_madrid(&app, &api, "Ana Ruiz").await;
    let bo = app.new_operator("Bo Lind", "bo@example.org", "agent").await;
    let days = |operator: i64, day: &str| json!({"operator_id": operator, "starts_on": day, "ends_on": day});
    for sent in [days(ana, "2026-04-01"), days(bo, "2026-04-01"), days(ana, "2026-03-02")] {
        api.post("/absences", &sent).await.expect(201);
    }
    let part = json!({"operator_id": ana, "starts_at": "2026-05-01T08:00:00Z", "ends_at": "2026-05-01T09:00:00Z"});
    api.post("/absences", &part).await.expect(201);
    let starts = async || -> Vec<String> {
        let all = absences::after(app.ctx.store.read(), absences::Filter::default(), 0, 10).await.unwrap();
        all.iter().map(|row| row.absence.span.from.format("%m-%d %H:%M").to_string()).collect()
    };
    assert_eq!(starts().await, ["03-31 22:00", "04-01 00:00", "03-01 23:00", "05-01 08:00"]);
    api.patch(&format!("/operators/{ana}"), &json!({"time_zone": "Asia/Tokyo"})).await.expect(200);
    assert_eq!(starts().await, ["03-31 15:00", "04-01 00:00", "03-01 23:00", "05-01 08:00"], "what is over stays, and so do instants");
    api.patch("/settings", &json!({"time_zone": "America/New_York"})).await.expect(200);
    assert_eq!(starts().await, ["03-31 15:00", "04-01 04:00", "03-01 23:00", "05-01 08:00"]);
    api.patch(&format!("/operators/{ana}"), &json!({"time_zone": null})).await.expect(200);
    assert_eq!(starts().await[0], "04-01 04:00");
}

#[tokio::test]
async fn a_deputy_is_mailed_when_named_changed_and_released() {
    let app = TestApp::spawn().await;
    let api = api(&app).await;
    let (ana, bo) = (in_madrid(&app, &api, "Ana Ruiz").await, in_madrid(&app, &api, "Bo Lind").await);
    let cleo = in_madrid(&app, &api, "Cleo Ode").await;
    api.patch(&format!("/operators/{cleo}"), &json!({"locale": "es", "notification_email": "cleo@home.example"})).await.expect(200);
    app.deliver().await;
    app.mailbox.empty();
    let days = json!({"operator_id": ana, "starts_on": "2026-04-01", "ends_on": "2026-04-03", "deputy_id": bo});
    let there = format!("/absences/{}", api.post("/absences", &days).await.expect(201)["id"]);
    let told = async || -> Vec<(String, String)> {
        app.deliver().await;
        let mails = app.mailbox.all();
        app.mailbox.empty();
        mails.into_iter().map(|mail| (mail.to, mail.subject)).collect()
    };
    assert_eq!(told().await, [("bo.lind@example.org".into(), "You stand in for Ana Ruiz".into())]);
    api.patch(&there, &json!({"note": "Lisbon"})).await.expect(200);
    assert_eq!(told().await, [], "a note is nothing to the deputy");
    api.patch(&there, &json!({"ends_on": "2026-04-04"})).await.expect(200);
    assert_eq!(told().await, [("bo.lind@example.org".into(), "Other dates: you stand in for Ana Ruiz".into())]);
    api.patch(&there, &json!({"deputy_id": cleo})).await.expect(200);
    let both = told().await;
    assert!(both.contains(&("bo.lind@example.org".into(), "You no longer stand in for Ana Ruiz".into())), "{both:?}");
    assert!(both.contains(&("cleo@home.example".into(), "Usted sustituye a Ana Ruiz".into())), "{both:?}");
    assert_eq!(api.delete(&there).await.status, 204);
    assert_eq!(told().await, [("cleo@home.example".into(), "Usted ya no sustituye a Ana Ruiz".into())]);
    let past = json!({"operator_id": ana, "starts_on": "2026-02-01", "ends_on": "2026-02-03", "deputy_id": bo});
    api.post("/absences", &past).await.expect(201);
    assert_eq!(told().await, [], "what is over is nobody's business any more");
}

#[tokio::test]
async fn of_many_that_plan_the_same_days_at_once_one_does() {
    let app = TestApp::spawn().await;
    let api = std::sync::Arc::new(api(&app).await);
    let ana = in_madrid(&app, &api, "Ana Ruiz").await;
    let tries = (0..8).map(|_| {
        let api = api.clone();
        tokio::spawn(async move {
            let sent = json!({"operator_id": ana, "starts_on": "2026-04-01", "ends_on": "2026-04-03"});
            api.post("/absences", &sent).await.status.as_u16()
        })
    });
    let mut statuses = Vec::new();
    for one in tries.collect::<Vec<_>>() {
        statuses.push(one.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 422, 422, 422, 422, 422, 422, 422]);
}

#[tokio::test]
async fn somebody_back_early_ends_a_running_absence_now() {
    let app = TestApp::spawn().await;
    let api = api(&app).await;
    let ana = in_madrid(&app, &api, "Ana Ruiz").await;
    let sent = json!({"operator_id": ana, "starts_on": "2026-03-10", "ends_on": "2026-03-13"});
    let id = api.post("/absences", &sent).await.expect(201)["id"].as_i64().unwrap();
    let end = async || {
        app.inside(async move |ctx| {
            let actor = onduty::actions::Actor::console();
            onduty::actions::absences::end_now(&ctx, &actor, id).await
        })
        .await
    };
    end().await.unwrap();
    let ended = api.get(&format!("/absences/{id}")).await.expect(200);
    assert_eq!((&ended["starts_at"], &ended["ends_at"]), (&json!("2026-03-09T23:00:00.000Z"), &json!("2026-03-11T12:00:00.000Z")));
    assert!(matches!(end().await, Err(AppError::Conflict("absence-not-running"))));
    app.pass(TimeDelta::days(1));
    assert!(app.now() > NOON);
}

#[actix_web::test]
async fn an_absence_is_planned_changed_and_deleted_by_its_form() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ana = app.new_operator("Ana Ruiz", "ana@example.org", "agent").await;
    app.new_operator("Bo Lind", "bo@example.org", "agent").await;
    let page = owner.open(&format!("/operators/{ana}/absences")).await;
    assert!(page.main().contains("No absences"), "{}", page.main());
    let page = owner.open("/absences/new?operator=ana").await;
    let page = page.choose("Time", "Whole days").fill("First day", "2026-04-01").fill("Last day", "2026-04-03").pick("Kind", "Sick");
    let page = page.pick("Deputy", "Bo Lind").fill("Note", "Fever").submit("Save absence").await.expect(200);
    assert!(page.main().contains("Bo Lind works in no department of Ana Ruiz"), "{}", page.main());
    assert_eq!(page.value("First day"), "2026-04-01");
    let there = page.path().to_owned();
    let page = owner.open(&format!("/operators/{ana}/absences")).await;
    for words in ["Wed 1 April 2026 to Fri 3 April 2026", "3 days", "Sick", "Bo Lind", "Fever"] {
        assert!(page.main().contains(words), "{words}: {}", page.main());
    }
    let page = owner.open(&there).await.fill("Last day", "2026-03-01").submit("Save absence").await.expect(422);
    assert!(page.faults().concat().contains("before the first"), "{:?}", page.faults());
    assert_eq!(page.value("Last day"), "2026-03-01");
    let page = owner.open(&there).await;
    let page = page.choose("Time", "Part of a day").fill("From", "2026-04-01T09:00").fill("Until", "2026-04-01T12:30");
    page.pick("Deputy", "Nobody: the department takes over").submit("Save absence").await.expect(200);
    let page = owner.open(&there).await;
    assert_eq!((page.value("From").as_str(), page.value("Until").as_str()), ("2026-04-01T09:00", "2026-04-01T12:30"));
    let stale = owner.post(&there, &[("version", "1"), ("note", "Other")]).await.expect(409);
    assert!(stale.main().contains("Other") && stale.main().contains("Fever"), "{}", stale.main());
    let page = owner.open(&format!("{there}/deletion")).await;
    assert!(page.main().contains("Queries come to Ana Ruiz again"), "{}", page.main());
    page.submit("Delete absence").await.expect(200);
    owner.open(&there).await.expect(404);
}

#[actix_web::test]
async fn the_page_tells_before_saving_what_an_absence_means() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["absences:write", "departments:write", "schedules:write", "operators:write"]).await;
    let owner = app.owner().await;
    let (ana, bo) =
        (app.new_operator("Ana Ruiz", "ana@example.org", "agent").await, app.new_operator("Bo Lind", "bo@example.org", "agent").await);
    let cleo = app.new_operator("Cleo Ode", "cleo@example.org", "agent").await;
    let days = ["mon", "tue", "wed", "thu", "fri"];
    let weekly: serde_json::Map<String, Value> = days.iter().map(|day| ((*day).to_owned(), json!([["09:00", "17:00"]]))).collect();
    let week = api.post("/schedules", &json!({"name": "Day", "time_zone": "UTC", "weekly": weekly})).await.expect(201)["id"].clone();
    let desk = json!({"name": "Support", "channels": ["chat"], "minimum_cover": 2, "schedule_id": week});
    api.post("/departments", &desk).await.expect(201);
    for id in [ana, bo] {
        api.patch(&format!("/operators/{id}"), &json!({"schedule_id": week})).await.expect(200);
        let both = json!({"channels": {"chat": {"allowed": true, "active": true}}});
        api.put(&format!("/departments/support/members/{id}"), &both).await;
    }
    let chain = [(bo, "2026-04-02", "2026-04-08", ana), (cleo, "2026-04-02", "2026-04-02", ana)];
    for (who, from, to, deputy) in chain {
        let sent = json!({"operator_id": who, "starts_on": from, "ends_on": to, "deputy_id": deputy});
        api.post("/absences", &sent).await.expect(201);
    }
    let page = owner.open(&format!("/absences/new?operator={ana}")).await;
    let page = page.fill("First day", "2026-04-01").fill("Last day", "2026-04-03").pick("Deputy", "Bo Lind · Support");
    let page = page.submit("Check before saving").await.expect(200);
    assert_eq!(page.path(), "/absences/preview");
    for words in [
        "Mon 6 April 2026",
        "Ana Ruiz → Bo Lind → Ana Ruiz",
        "Bo Lind is away, too: Thu 2 April 2026 to Wed 8 April 2026",
        "Ana Ruiz stands in for Cleo Ode: Thu 2 April 2026",
        "Wed 1 Apr, 09:00–17:00 1 left of 2",
        "Thu 2 Apr, 09:00–17:00 0 left of 2",
        "Ana Ruiz is away until 6 April 2026",
    ] {
        assert!(page.main().contains(words), "{words}: {}", page.main());
    }
    assert_eq!(absences::after(app.ctx.store.read(), absences::Filter::default(), 0, 10).await.unwrap().len(), 2, "nothing was saved");
    let page = page.submit("Save absence").await.expect(200);
    assert!(page.main().contains("Look at the warnings"), "a warning never forbids: {}", page.main());
    let (id, rows) =
        (page.path().to_owned(), async || absences::after(app.ctx.store.read(), absences::Filter::default(), 0, 10).await.unwrap().len());
    let page = owner.open(&id).await.fill("Last day", "2026-04-07").submit("Save absence").await.expect(200);
    assert!(page.main().contains("Nothing is saved yet") && page.main().contains("Tue 7 Apr, 09:00–17:00"), "{}", page.main());
    assert_eq!(page.value("Last day"), "2026-04-07");
    let stored = async || api.get(&id).await.expect(200)["ends_on"].clone();
    assert_eq!((rows().await, stored().await), (3, json!("2026-04-03")), "the hours are shown first");
    let page = page.submit("Save absence").await.expect(200);
    assert!(page.main().contains("Look at the warnings") && stored().await == json!("2026-04-07"), "{}", page.main());
    api.patch(&id, &json!({"ends_on": "2026-04-03"})).await.expect(200);
    let page = owner.open(&format!("/absences/new?operator={cleo}")).await.fill("First day", "2026-04-20").fill("Last day", "2026-04-20");
    assert!(page.submit("Save absence").await.expect(200).main().contains("is planned"), "nothing is lost, so nothing is asked");
    api.delete(&format!("/absences/{}", absences::after(app.ctx.store.read(), absences::Filter::default(), 0, 10).await.unwrap()[3].id))
        .await;

    let month = owner.open("/absences?month=2026-04").await;
    for words in ["Ana Ruiz", "Bo Lind", "Cleo Ode", "Thu 2 April 2026 Support", "09:00–17:00 0 left of 2"] {
        assert!(month.main().contains(words), "{words}: {}", month.main());
    }
    let only = owner.open("/absences?month=2026-04&department=support").await;
    assert!(only.main().contains("Bo Lind") && !only.main().contains("Cleo Ode"), "{}", only.main());
    let next = only.follow("Next month").await;
    assert_eq!(next.address(), "/absences?department=support&month=2026-05");
    let empty = owner.open("/absences?month=2026-05").await;
    assert!(empty.main().contains("Nobody is away"), "{}", empty.main());
}

#[actix_web::test]
async fn bars_of_the_month_lie_on_the_days_that_their_words_name() {
    let app = TestApp::spawn().await;
    let api = api(&app).await;
    let lead = app.new_operator("Lea", "lea@example.org", "supervisor").await;
    api.patch(&format!("/operators/{lead}"), &json!({"time_zone": "Europe/Madrid"})).await.expect(200);
    let aki = app.new_operator("Aki Mori", "aki@example.org", "agent").await;
    api.patch(&format!("/operators/{aki}"), &json!({"time_zone": "Asia/Tokyo"})).await.expect(200);
    let bo = app.new_operator("Bo Lind", "bo@example.org", "agent").await;
    for (operator, from, until) in [
        // One day in Madrid, two in the organisation's zone; the second is the day on which clocks go forward.
        (bo, "2026-03-23T23:16:00Z", "2026-03-24T02:16:00Z"),
        (bo, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
        // Two days in Madrid, one in Tokyo.
        (aki, "2026-03-24T20:00:00Z", "2026-03-25T01:00:00Z"),
    ] {
        api.post("/absences", &json!({"operator_id": operator, "starts_at": from, "ends_at": until})).await.expect(201);
    }
    api.post("/absences", &json!({"operator_id": aki, "starts_on": "2026-03-14", "ends_on": "2026-03-17"})).await.expect(201);
    let month = app.signed_in(lead).await.open("/absences?month=2026-03").await.expect(200);
    let titles = month.attributes(".od-bar", "title");
    assert_eq!(
        titles,
        [
            "Sat 14 March 2026 to Tue 17 March 2026 (Asia/Tokyo)",
            "Tue 24 Mar, 21:00 – Wed 25 Mar, 02:00 (Europe/Madrid)",
            "Tue 24 Mar, 00:16–03:16 (Europe/Madrid)",
            "Sun 29 Mar, 00:00 – Mon 30 Mar, 00:00 (Europe/Madrid)",
        ]
    );
    assert_eq!(month.attributes("tbody td[colspan]", "colspan"), ["4", "2"], "a bar is as long as its words");
    assert_eq!(month.attributes(".od-month-days i", "class"), ["is-weekend", "is-weekend"], "weekdays under a bar are no weekend");
    assert!(month.main().contains("days are those of Europe/Madrid"), "{}", month.main());
}

#[actix_web::test]
async fn an_agent_plans_and_ends_only_their_own_absences() {
    let app = TestApp::spawn().await;
    let agent = app.operator("agent").await;
    let ana = app.new_operator("Ana Ruiz", "ana@example.org", "agent").await;
    let me = agent.me();
    let page = agent.open("/profile/absences").await.follow("Add absence").await.expect(200);
    let page = page.fill("First day", "2026-03-11").fill("Last day", "2026-03-12").submit("Save absence").await.expect(200);
    assert_eq!(page.path(), "/profile/absences");
    assert!(page.main().contains("away now"), "{}", page.main());
    for path in ["/absences", &format!("/absences/new?operator={ana}"), "/absences/new", &format!("/operators/{ana}/absences")] {
        agent.open(path).await.expect(403);
    }
    agent.post("/absences", &[("operator_id", &ana.to_string()), ("starts_on", "2026-04-01"), ("ends_on", "2026-04-01")]).await.expect(403);
    let theirs = app.owner().await;
    let id =
        absences::after(app.ctx.store.read(), absences::Filter { operator: Some(me), ..absences::Filter::default() }, 0, 1).await.unwrap();
    let id = id[0].id;
    let list = theirs.open("/operators?absent=1").await;
    assert!(list.main().contains("Absent now") && list.select("tbody tr").len() == 1, "{}", list.main());
    let now = theirs.open("/").await;
    assert!(now.main().contains("until Thu 12 March 2026"), "{}", now.main());
    let page = agent.open("/profile/absences").await.submit("Back early").await.expect(200);
    assert!(page.main().contains("Past") && !page.main().contains("away now"), "{}", page.main());
    agent.post(&format!("/absences/{id}/end"), &[]).await.expect(409);
    assert!(theirs.open("/operators?absent=1").await.select("tbody tr").is_empty());
}

#[actix_web::test]
async fn own_reply_texts_answer_where_an_absence_has_none() {
    let app = TestApp::spawn().await;
    let agent = app.operator("agent").await;
    let english = "[id='texts.en']";
    let page = agent.open("/profile/absences/texts").await.within(english);
    let page = page.fill("Subject", "{$operator} is fishing").fill("Text", "Back {$firstDayBack}, {$nothing}").anywhere();
    let page = page.submit("Update preview").await.expect(200);
    assert!(page.select("#look")[0].contains("is fishing") && page.select("#look .od-danger")[0].contains("nothing"), "{}", page.main());
    let page = page.submit("Save changes").await.expect(422);
    assert!(page.faults().concat().contains("nothing"), "{:?}", page.faults());
    let page = page.within(english).fill("Text", "Back on {$firstDayBack}.\nThanks").anywhere().submit("Save changes").await.expect(200);
    assert_eq!(page.path(), "/profile/absences");
    let page = agent.open(&format!("/absences/new?operator={}", agent.me())).await;
    let page = page.fill("First day", "2026-04-01").fill("Last day", "2026-04-03").submit("Check before saving").await.expect(200);
    assert!(page.main().contains("is fishing") && page.main().contains("Back on 4 April 2026"), "{}", page.main());
    let page = page.within(english).fill("Subject", "Gone").fill("Text", "For good").anywhere();
    let page = page.submit("Check before saving").await.expect(200);
    assert!(page.main().contains("For good") && !page.main().contains("is fishing"), "{}", page.main());

    // Any language of the organisation is asked in; one is served by what serves it when a reply is sent.
    app.api_key(&["languages:write"]).await.post("/languages", &json!({"tag": "es-MX"})).await.expect(201);
    let page = agent.open("/profile/absences/texts").await.within("[id='texts.es']");
    let page = page.fill("Subject", "De pesca").fill("Text", "Hasta pronto").anywhere().submit("Update preview").await.expect(200);
    assert_eq!(page.select("#look [lang='es-MX'] b"), ["De pesca"]);
    assert!(page.select("#look [lang='fr'] b")[0].starts_with("Auto"), "French has the organisation's text");
}

#[actix_web::test]
async fn what_is_over_neither_warns_nor_is_in_the_way() {
    let app = TestApp::spawn().await;
    let api = api(&app).await;
    let owner = app.owner().await;
    let (ana, bo) = (in_madrid(&app, &api, "Ana Ruiz").await, in_madrid(&app, &api, "Bo Lind").await);
    let away = async |who: i64, from: &str, to: &str, deputy: i64| {
        let sent = json!({"operator_id": who, "starts_on": from, "ends_on": to, "deputy_id": deputy});
        api.post("/absences", &sent).await
    };
    let there = format!("/absences/{}", away(ana, "2026-03-09", "2026-03-13", bo).await.expect(201)["id"]);
    away(bo, "2026-03-10", "2026-03-10", ana).await.expect(201);
    let main = owner.open(&there).await.expect(200).main();
    assert!(!main.contains("stand in for one another") && !main.contains("is away, too"), "{main}");
    away(bo, "2026-03-12", "2026-03-12", ana).await.expect(201);
    let main = owner.open(&there).await.expect(200).main();
    assert!(main.contains("stand in for one another") && main.contains("is away, too: Thu 12 March 2026"), "{main}");

    // Somebody is back early, and away again on the same day.
    owner.open("/operators?absent=1").await.expect(200);
    owner.post(&format!("{there}/end"), &[]).await.expect(200);
    away(ana, "2026-03-11", "2026-03-12", bo).await.expect(201);
    let again = away(ana, "2026-03-12", "2026-03-14", bo).await;
    assert_eq!(again.errors(), [("starts_on".to_owned(), "absence_overlap".to_owned())]);
    assert_eq!(away(ana, "2026-03-09", "2026-03-09", bo).await.errors()[0].1, "absence_overlap", "the past has its own order");
    let page = owner.open(&format!("/absences/new?operator={ana}")).await.fill("First day", "2026-03-12").fill("Last day", "2026-03-14");
    let page = page.submit("Save absence").await.expect(422);
    assert!(page.faults().concat().contains("from Wed 11 March 2026 to Thu 12 March 2026"), "{:?}", page.faults());
}

#[actix_web::test]
async fn the_reply_names_the_first_day_on_which_somebody_works_again() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["absences:write", "schedules:write", "operators:write", "queries:write"]).await;
    let ana = in_madrid(&app, &api, "Ana Ruiz").await;
    let days = ["mon", "tue", "wed", "thu", "fri"];
    let weekly: serde_json::Map<String, Value> = days.iter().map(|day| ((*day).to_owned(), json!([["09:00", "17:00"]]))).collect();
    let week =
        api.post("/schedules", &json!({"name": "Day", "time_zone": "Europe/Madrid", "weekly": weekly})).await.expect(201)["id"].clone();
    api.patch(&format!("/operators/{ana}"), &json!({"schedule_id": week})).await.expect(200);
    for (from, to) in [("2026-03-10", "2026-03-13"), ("2026-03-16", "2026-03-16")] {
        api.post("/absences", &json!({"operator_id": ana, "starts_on": from, "ends_on": to})).await.expect(201);
    }
    let asked = json!({"channel": "ticket", "operator_id": ana, "subject": "Parcel", "body": "Where is it?", "language": "en",
        "requester": {"name": "Kim", "email": "kim@customer.example"}});
    let answer = api.post("/queries", &asked).await.expect(201);
    assert_eq!(answer["auto_reply"], json!({"sent": true}), "{answer:#}");
    app.deliver().await;
    let reply = app.mailbox.only("kim@customer.example");
    assert!(reply.text.contains("back on 17 March 2026"), "{}", reply.text);
}
