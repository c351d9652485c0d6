//! Departments from outside: pages with their labels, the matrix, the limit on every path, and the JSON API (DE-1 to DE-7).

use serde_json::{Value, json};

use crate::support::{Browser, TestApp};

/// Adds a department and returns its id.
async fn department(owner: &Browser, name: &str) -> i64 {
    let page = owner.open("/departments/new").await.fill("Name", name).submit("Add department").await.expect(200);
    assert_eq!(page.h1(), name, "the next thing is who works in it");
    page.path().split('/').nth(2).and_then(|id| id.parse().ok()).expect("an id")
}

/// Puts operators in a department over the page of its members.
async fn place(owner: &Browser, department: i64, names: &[&str]) {
    let mut page = owner.open(&format!("/departments/{department}/members")).await;
    for name in names {
        page = page.check(name);
    }
    page.submit("Add the chosen ones").await.expect(200);
}

#[actix_web::test]
async fn a_department_is_added_described_and_changed() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    assert!(owner.open("/departments").await.main().contains("No departments yet"));
    let id = department(&owner, "Customer care").await;
    department(&owner, "Sales").await;
    let page = owner
        .open(&format!("/departments/{id}"))
        .await
        .fill("E-mail", "care@example.org")
        .fill("Telephone line", "+34 910 555 100")
        .fill("Spanish", "Atención al cliente")
        .pick("Routing of Chats", "Longest idle first")
        .fill("Offer Calls for", "35")
        .uncheck("Tickets")
        .pick("Stands in", "Sales")
        .fill("Operators at most", "7")
        .submit("Save changes")
        .await
        .expect(200);
    assert!(page.flash().contains("Customer care"), "{}", page.flash());
    assert_eq!((page.value("Telephone line"), page.value("Offer Calls for")), ("+34 910 555 100".to_owned(), "35".to_owned()));
    let api = app.api_key(&["departments:read"]).await;
    let stored = api.get("/departments/customer-care").await.expect(200);
    assert_eq!(stored["channels"], json!(["chat", "call"]));
    assert_eq!((&stored["routing"]["chat"], &stored["offer_seconds"]["call"]), (&json!("longest_idle"), &json!(35)));
    assert_eq!((&stored["fallback"], &stored["max_operators"]), (&json!("sales"), &json!(7)));
    assert_eq!(stored["name_texts"], json!({"es": "Atención al cliente"}));
    let list = owner.open("/departments?sort=-name").await;
    assert_eq!(list.select("tbody .od-row-link"), ["Sales", "Customer care"]);
    assert_eq!(owner.open("/departments?q=ATENCION").await.select("tbody .od-row-link"), ["Customer care"], "found by any of its names");
    let log = owner.open("/audit?object=department").await;
    assert!(log.main().contains("Department changed") && log.main().contains("longest_idle"), "{}", log.main());
}

#[actix_web::test]
async fn what_is_wrong_is_said_at_its_field_and_nothing_changes() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let id = department(&owner, "Support").await;
    department(&owner, "Sales").await;
    for (label, value, part) in [
        ("Name", "  ", "Enter something"),
        ("Name", "sales", "has this name already"),
        ("Short name", "Not a slug", "small letters"),
        ("Short name", "sales", "has this name already"),
        ("E-mail", "nobody", "e-mail address"),
        ("Telephone line", "call me", "telephone number"),
        ("Minimum cover", "-1", "from 0 to 1000"),
        ("Operators at most", "0", "from 1 to 1000"),
        ("Offer Chats for", "3601", "from 0 to 3600"),
        ("French", "a\u{7}b", "control characters"),
    ] {
        let page = owner.open(&format!("/departments/{id}")).await.fill(label, value).submit("Save changes").await.expect(422);
        assert!(page.fault_at(label).contains(part), "{label} {value}: {:?}", page.faults());
        assert_eq!(page.value(label), value, "what was typed stays");
    }
    let catalogue = app.ctx.present_catalogue().await.unwrap();
    assert_eq!(catalogue.department(id).unwrap().version, 1);
}

#[actix_web::test]
async fn a_fallback_never_leads_back() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["departments:write"]).await;
    for (name, fallback) in [("A1", None), ("B1", Some("a1")), ("C1", Some("b1"))] {
        api.post("/departments", &json!({"name": name, "fallback": fallback})).await.expect(201);
    }
    let circle = api.patch("/departments/a1", &json!({"fallback": "c1"})).await;
    assert_eq!(circle.errors(), [("fallback".to_owned(), "fallback_circle".to_owned())]);
    assert!(circle.json["errors"][0]["message"].as_str().unwrap().contains("C1 → B1 → A1"), "{}", circle.json);
    let own = api.patch("/departments/a1", &json!({"fallback": "a1"})).await;
    assert_eq!(own.errors(), [("fallback".to_owned(), "fallback_self".to_owned())]);
    let unknown = api.patch("/departments/a1", &json!({"fallback": "zz"})).await;
    assert_eq!(unknown.errors(), [("fallback".to_owned(), "unknown_choice".to_owned())]);
}

#[actix_web::test]
async fn two_who_edit_a_department_see_both_versions() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let id = department(&owner, "Support").await;
    let there = format!("/departments/{id}");
    let mine = owner.open(&there).await;
    owner.open(&there).await.fill("Description", "theirs").submit("Save changes").await.expect(200);
    let stale = mine.fill("Description", "mine").submit("Save changes").await.expect(409);
    assert!(stale.main().contains("theirs") && stale.main().contains("mine"), "{}", stale.main());
    let kept = stale.submit("Save mine").await.expect(200);
    assert_eq!(kept.value("Description"), "mine");
}

#[actix_web::test]
async fn members_are_added_and_their_switches_set_from_both_sides() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ana = app.new_operator("Ana Silva", "ana@example.org", "agent").await;
    app.new_operator("Ben Ode", "ben@example.org", "agent").await;
    let id = department(&owner, "Support").await;
    place(&owner, id, &["Ana Silva", "Ben Ode"]).await;
    let members = format!("/departments/{id}/members");
    let page =
        owner.open(&members).await.uncheck("Ana Silva may work Calls").uncheck("Ben Ode takes Chats now").submit("Save changes").await;
    assert!(page.flash().contains("saved"), "{}", page.flash());
    let api = app.api_key(&["departments:read"]).await;
    let stored = api.get(&format!("/departments/support/members/{ana}")).await.expect(200);
    let off = json!({"allowed": false, "active": false});
    let on = json!({"allowed": true, "active": true});
    assert_eq!((&stored["channels"]["call"], &stored["channels"]["chat"]), (&off, &on), "not worked is not taken either");
    let profile = owner.open(&format!("/operators/{ana}/departments")).await;
    assert_eq!(profile.attributes("input[value$='.call.allowed'][checked]", "value").len(), 0);
    profile.check("Support may work Calls").submit("Save changes").await.expect(200);
    let stored = api.get(&format!("/departments/support/members/{ana}")).await.expect(200);
    assert_eq!(stored["channels"]["call"], on, "what was just allowed is taken from then on");
    let profile = owner.open(&format!("/operators/{ana}/departments")).await.uncheck("Support").submit("Save changes").await.expect(200);
    assert!(profile.flash().contains("Ana Silva"));
    api.get(&format!("/departments/support/members/{ana}")).await.expect(404);
    let history = owner.open(&format!("/operators/{ana}/history")).await;
    assert!(history.main().contains("changed the departments") && history.main().contains("Support: ticket"), "{}", history.main());
}

#[actix_web::test]
async fn two_who_edit_the_same_members_keep_each_others_changes() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for (name, email) in [("Ana Silva", "ana@example.org"), ("Ben Ode", "ben@example.org")] {
        app.new_operator(name, email, "agent").await;
    }
    let id = department(&owner, "Support").await;
    place(&owner, id, &["Ana Silva", "Ben Ode"]).await;
    let members = format!("/departments/{id}/members");
    let (one, other) = (owner.open(&members).await, owner.open(&members).await);
    one.uncheck("Ana Silva may work Calls").submit("Save changes").await.expect(200);
    other.uncheck("Ben Ode may work Chats").submit("Save changes").await.expect(200);
    let page = owner.open(&members).await;
    assert_eq!(page.attributes("input[value$='.call.allowed'][checked]", "value").len(), 1, "{}", page.main());
    assert_eq!(page.attributes("input[value$='.chat.allowed'][checked]", "value").len(), 1);
}

#[actix_web::test]
async fn the_matrix_switches_one_channel_at_a_click() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ana = app.new_operator("Ana Silva", "ana@example.org", "agent").await;
    let (support, sales) = (department(&owner, "Support").await, department(&owner, "Sales").await);
    let page = owner.open("/departments/matrix?q=ana").await;
    assert_eq!(page.select("tbody th a"), ["Ana Silva"]);
    let page = page.submit("Add Ana Silva to Support").await.expect(200);
    assert_eq!(page.address(), "/departments/matrix?q=ana", "the same part of the matrix");
    assert_eq!(page.attributes("button.od-lamp[aria-pressed='true']", "value").len(), 3);
    let page = page.submit("Calls of Ana Silva in Support").await.expect(200);
    assert_eq!(page.attributes("button.od-lamp[aria-pressed='true']", "value").len(), 2);
    let refused = owner.post("/departments/matrix", &[("deed", &format!("allow.{sales}.{ana}.chat"))]).await.expect(422);
    assert!(refused.faults().concat().contains("not in Sales"), "{:?}", refused.faults());
    owner.post("/departments/matrix", &[("deed", "drop.1.1")]).await.expect(400);
    let page = owner.open("/departments/matrix?department=support").await;
    assert_eq!(page.select("tbody th a"), ["Ana Silva"]);
    let page = page.submit("Take Ana Silva out of Support").await.expect(200);
    assert!(page.main().contains("Nobody found"), "{}", page.main());
    let catalogue = app.ctx.present_catalogue().await.unwrap();
    assert!(catalogue.department(support).is_some());
}

#[actix_web::test]
async fn the_last_place_is_refused_to_one_more_on_every_path() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let mut ids = Vec::new();
    for number in 0..27 {
        ids.push(app.new_operator(&format!("Operator {number:02}"), &format!("o{number}@example.org"), "agent").await);
    }
    let id = department(&owner, "Support").await;
    let api = app.api_key(&["departments:write"]).await;
    for operator in ids.iter().take(25) {
        api.put(&format!("/departments/support/members/{operator}"), &json!({})).await.expect(200);
    }
    let full = [("operator_id".to_owned(), "department_full".to_owned())];
    assert_eq!(api.put(&format!("/departments/support/members/{}", ids[25]), &json!({})).await.errors(), full);
    let page = owner.post(&format!("/departments/{id}/members/addition"), &[("operators", &ids[25].to_string())]).await.expect(422);
    assert!(page.faults().concat().contains("room for 25"), "{:?}", page.faults());
    let page = owner.post("/departments/matrix", &[("deed", &format!("join.{id}.{}", ids[25]))]).await.expect(422);
    assert!(page.faults().concat().contains("Support is full"), "{:?}", page.faults());
    let page = owner.open(&format!("/operators/{}/departments", ids[25])).await.check("Support").submit("Save changes").await.expect(422);
    assert!(page.faults().concat().contains("Support is full"), "{:?}", page.faults());
    let page = owner.open(&format!("/departments/{id}/members")).await;
    assert!(page.main().contains("25 of 25 places") && !page.has("input[name=operators]"), "{}", page.main());
    // A limit below the present number blocks additions only: everybody stays and may be changed.
    api.patch("/departments/support", &json!({"max_operators": 3})).await.expect(200);
    api.put(&format!("/departments/support/members/{}", ids[0]), &json!({"channels": {"chat": {"active": false}}})).await.expect(200);
    api.delete(&format!("/departments/support/members/{}", ids[1])).await;
    assert_eq!(api.put(&format!("/departments/support/members/{}", ids[1]), &json!({})).await.errors(), full);
    // An organisation's limit holds where the department has none of its own.
    api.patch("/departments/support", &json!({"max_operators": null})).await.expect(200);
    api.put(&format!("/departments/support/members/{}", ids[1]), &json!({})).await.expect(200);
}

#[actix_web::test]
async fn of_twenty_who_want_the_last_place_at_once_one_gets_it() {
    let app = TestApp::spawn().await;
    app.owner().await;
    let api = app.api_key(&["departments:write"]).await;
    api.post("/departments", &json!({"name": "Support", "max_operators": 1})).await.expect(201);
    let mut ids = Vec::new();
    for number in 0..20 {
        ids.push(app.new_operator(&format!("Operator {number}"), &format!("o{number}@example.org"), "agent").await);
    }
    let calls = ids.iter().map(|id| {
        let (api, path) = (&api, format!("/departments/support/members/{id}"));
        async move { api.put(&path, &json!({})).await.status.as_u16() }
    });
    let answers = futures_util::future::join_all(calls).await;
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 422).count(), 19, "{answers:?}");
    let members = api.get("/departments/support/members").await.expect(200);
    assert_eq!(members["items"].as_array().map(Vec::len), Some(1));
}

#[actix_web::test]
async fn who_comes_back_finds_a_place_or_none() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let (ana, ben) =
        (app.new_operator("Ana Silva", "ana@example.org", "agent").await, app.new_operator("Ben Ode", "ben@example.org", "agent").await);
    let api = app.api_key(&["departments:write"]).await;
    api.post("/departments", &json!({"name": "Small", "max_operators": 1})).await.expect(201);
    api.post("/departments", &json!({"name": "Large"})).await.expect(201);
    for slug in ["small", "large"] {
        api.put(&format!("/departments/{slug}/members/{ana}"), &json!({})).await.expect(200);
    }
    let consequences = owner.open(&format!("/operators/{ana}/deletion")).await;
    assert!(consequences.main().contains("Small"), "the last one there: {}", consequences.main());
    consequences.submit("Delete operator").await.expect(200);
    api.put(&format!("/departments/small/members/{ben}"), &json!({})).await.expect(200);
    owner.open(&format!("/operators/{ana}/deletion")).await.submit("Undo the deletion").await.expect(200);
    api.get(&format!("/departments/large/members/{ana}")).await.expect(200);
    api.get(&format!("/departments/small/members/{ana}")).await.expect(404);
    assert_eq!(api.get("/departments/small/members").await.expect(200)["items"].as_array().map(Vec::len), Some(1));
}

#[actix_web::test]
async fn a_deleted_department_sends_its_members_on() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ana = app.new_operator("Ana Silva", "ana@example.org", "agent").await;
    let (old, new) = (department(&owner, "Old").await, department(&owner, "New").await);
    let api = app.api_key(&["departments:write"]).await;
    api.post("/departments", &json!({"name": "Third", "fallback": "old"})).await.expect(201);
    place(&owner, old, &["Ana Silva"]).await;
    let page = owner.open(&format!("/departments/{old}/deletion")).await;
    assert!(page.main().contains("Ana Silva") && page.main().contains("no other department") && page.main().contains("Third"));
    api.patch("/departments/new", &json!({"max_operators": 1})).await.expect(200);
    let ben = app.new_operator("Ben Ode", "ben@example.org", "agent").await;
    api.put(&format!("/departments/new/members/{ben}"), &json!({})).await.expect(200);
    let refused = page.pick("Move members, stand-ins and sites to", "New").submit("Delete department").await.expect(422);
    assert!(refused.faults().concat().contains("New is full"), "{:?}", refused.faults());
    api.patch("/departments/new", &json!({"max_operators": 2})).await.expect(200);
    let page = owner.open(&format!("/departments/{old}/deletion")).await;
    let page = page.pick("Move members, stand-ins and sites to", "New").submit("Delete department").await.expect(200);
    assert_eq!(page.path(), "/departments");
    api.get("/departments/old").await.expect(404);
    api.get(&format!("/departments/new/members/{ana}")).await.expect(200);
    assert_eq!(api.get("/departments/third").await.expect(200)["fallback"], "new");
    owner.open(&format!("/departments/{old}")).await.expect(404);
    owner.open(&format!("/departments/{new}")).await.expect(200);
}

#[actix_web::test]
async fn priorities_show_their_order_and_say_when_they_matter() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for (name, email) in [("Ana Silva", "ana@example.org"), ("Ben Ode", "ben@example.org")] {
        app.new_operator(name, email, "agent").await;
    }
    let id = department(&owner, "Support").await;
    place(&owner, id, &["Ana Silva", "Ben Ode"]).await;
    let there = format!("/departments/{id}/priority");
    let page = owner.open(&there).await;
    assert!(page.main().contains("Chats: Max utilisation"), "{}", page.main());
    let page = page.fill("Priority of Ben Ode", "3").submit("Save changes").await.expect(200);
    assert_eq!(page.select("tbody .od-person"), ["BBen Ode", "AAna Silva"], "the order now");
    let page = page.fill("Priority of Ana Silva", "1000").fill("Priority of Ben Ode", "x").submit("Save changes").await.expect(422);
    assert_eq!(page.faults().len(), 2, "{:?}", page.faults());
    let api = app.api_key(&["departments:write"]).await;
    api.patch("/departments/support", &json!({"routing": {"ticket": "round_robin", "chat": "longest_idle"}})).await.expect(200);
    assert!(owner.open(&there).await.main().contains("priority changes nothing"));
}

#[actix_web::test]
async fn rights_decide_who_may_do_what() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let id = department(&owner, "Support").await;
    let agent = app.operator("agent").await;
    let supervisor = app.operator("supervisor").await;
    let me = agent.me();
    agent.open("/departments").await.expect(403);
    agent.open(&format!("/departments/{id}/members")).await.expect(403);
    assert!(agent.open("/profile/departments").await.main().contains("In no department yet"));
    agent.post("/profile/departments", &[("departments", &id.to_string())]).await.expect(403);
    supervisor.open("/departments/new").await.expect(403);
    supervisor.post(&format!("/departments/{id}"), &[("name", "Mine")]).await.expect(403);
    supervisor.post(&format!("/departments/{id}/members/addition"), &[("operators", &me.to_string())]).await.expect(200);
    // A member says what they take now, not what they may work.
    let page = agent.open("/profile/departments").await;
    assert!(!page.has("input[name=departments]") && page.has("input[value$='.allowed'][disabled]"), "{}", page.main());
    page.uncheck("Support takes Chats now").submit("Save changes").await.expect(200);
    let own = format!("{id}.chat.allowed");
    agent.post("/profile/departments", &[("was", &own)]).await.expect(403);
    let api = app.api_key(&["departments:read", "operators:write"]).await;
    let stored = api.get(&format!("/departments/support/members/{me}")).await.expect(200);
    assert_eq!(stored["channels"]["chat"], json!({"allowed": true, "active": false}));
    // Who may change their own departments joins and leaves (DE-4).
    api.patch(&format!("/operators/{me}"), &json!({"may_change_departments": true})).await.expect(200);
    agent.open("/profile/departments").await.uncheck("Support").submit("Save changes").await.expect(200);
    api.get(&format!("/departments/support/members/{me}")).await.expect(404);
    let other = app.new_operator("Ana Silva", "ana@example.org", "agent").await;
    agent.post(&format!("/operators/{other}/departments"), &[("departments", &id.to_string())]).await.expect(403);
}

#[actix_web::test]
async fn a_channel_switched_off_in_the_organisation_is_nowhere() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ana = app.new_operator("Ana Silva", "ana@example.org", "agent").await;
    let id = department(&owner, "Support").await;
    place(&owner, id, &["Ana Silva"]).await;
    let api = app.api_key(&["departments:write", "operators:write", "settings:write"]).await;
    api.patch(&format!("/operators/{ana}"), &json!({"phone": "+34 600 000 001"})).await.expect(200);
    api.patch("/departments/support", &json!({"phone": "+34 910 555 100"})).await.expect(200);
    let ids = api.get(&format!("/operators/{ana}/caller-ids")).await.expect(200);
    assert_eq!(
        ids["items"],
        json!([{"number": "+34 600 000 001", "department": null}, {"number": "+34 910 555 100", "department": "support"}])
    );
    owner.open("/settings").await.uncheck("Calls").submit("Save changes").await.expect(200);
    for there in [
        "/departments".to_owned(),
        format!("/departments/{id}"),
        format!("/departments/{id}/members"),
        format!("/operators/{ana}/departments"),
    ] {
        let page = owner.open(&there).await.expect(200);
        assert!(!page.main().contains("Calls"), "{there}: {}", page.main());
    }
    let ids = api.get(&format!("/operators/{ana}/caller-ids")).await.expect(200);
    assert_eq!(ids["items"].as_array().map(Vec::len), Some(1), "nobody calls from a line that is off");
    owner.open("/settings").await.check("Calls").submit("Save changes").await.expect(200);
    let stored = api.get(&format!("/departments/support/members/{ana}")).await.expect(200);
    assert_eq!(stored["channels"]["call"]["allowed"], true, "what was set for it is kept");
    let none = api.patch("/settings", &json!({"channels": []})).await;
    assert_eq!(none.errors(), [("channels".to_owned(), "required".to_owned())]);
}

#[actix_web::test]
async fn signatures_are_kept_by_department_and_html_is_made_harmless() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let ana = app.new_operator("Ana Silva", "ana@example.org", "agent").await;
    let id = department(&owner, "Support").await;
    place(&owner, id, &["Ana Silva"]).await;
    let there = format!("/operators/{ana}/signatures");
    let page = owner
        .open(&there)
        .await
        .fill("Signature", "Ana Silva\nBlue Fern")
        .fill("HTML signature", "<b onclick=\"x()\">Ana</b><script>steal()</script>")
        .submit("Save changes")
        .await
        .expect(200);
    assert_eq!(page.value("HTML signature"), "<b>Ana</b>");
    let shown = owner.open(&format!("{there}/html")).await.expect(200);
    assert_eq!(shown.body, "<b>Ana</b>");
    assert!(shown.header("content-security-policy").contains("sandbox"), "{}", shown.header("content-security-policy"));
    owner.open(&there).await.fill("Support", "Ana, Support").submit("Save signatures").await.expect(200);
    let api = app.api_key(&["departments:read", "operators:read"]).await;
    assert_eq!(api.get(&format!("/departments/support/members/{ana}")).await.expect(200)["signature"], "Ana, Support");
    assert_eq!(api.get(&format!("/operators/{ana}")).await.expect(200)["signature"], "Ana Silva\nBlue Fern");
    let page = owner.open(&there).await.fill("Support", &"x".repeat(2001)).submit("Save signatures").await.expect(422);
    assert!(page.fault_at("Support").contains("2000") || page.fault_at("Support").contains("2,000"), "{:?}", page.faults());
}

#[actix_web::test]
async fn the_api_refuses_what_does_not_belong() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["departments:write"]).await;
    let made = api.post("/departments", &json!({"name": "Technical support"})).await;
    assert_eq!(made.header("location"), "/api/v1/departments/technical-support");
    let tag = made.header("etag").to_owned();
    made.expect(201);
    let twice = api.post("/departments", &json!({"name": "technical SUPPORT"})).await;
    assert_eq!(twice.errors(), [("name".to_owned(), "taken".to_owned())]);
    let id = app.new_operator("Ana Silva", "ana@example.org", "agent").await;
    let member = format!("/departments/technical-support/members/{id}");
    let wrong = api.put(&member, &json!({"channels": {"chat": {"allowed": false, "active": true}}})).await;
    assert_eq!(wrong.errors(), [("operator_id".to_owned(), "active_not_allowed".to_owned())]);
    api.get(&member).await.expect(404);
    let unknown = api.put(&member, &json!({"channels": {"fax": {"allowed": true}}})).await;
    assert_eq!(unknown.status, 422, "{}", unknown.json);
    api.put("/departments/technical-support/members/999999", &json!({})).await.expect(404);
    api.put("/departments/nowhere/members/1", &json!({})).await.expect(404);
    api.patch("/departments/technical-support", &json!({"description": "x"})).await.expect(200);
    let stale =
        api.call(reqwest::Method::PATCH, "/departments/technical-support", Some(&json!({"name": "Y"})), &[("If-Match", &tag)]).await;
    assert_eq!(stale.status, 412);
    api.put(&member, &json!({})).await.expect(200);
    let held = api.get(&member).await.header("etag").to_owned();
    api.put(&member, &json!({"signature": "Ana"})).await.expect(200);
    let stale = api.call(reqwest::Method::DELETE, &member, None, &[("If-Match", &held)]).await;
    assert_eq!(stale.status, 412, "{}", stale.json);
    let held = api.get(&member).await.header("etag").to_owned();
    assert_eq!(api.call(reqwest::Method::DELETE, &member, None, &[("If-Match", &held)]).await.status, 204);
    let read_only = app.api_key(&["departments:read"]).await;
    read_only.put(&member, &json!({})).await.expect(403);
    let page: Value = api.get("/departments?limit=1").await.expect(200);
    assert!(page["next_cursor"].is_string() || page["items"].as_array().map(Vec::len) == Some(1), "{page}");
}

#[actix_web::test]
async fn pages_ask_a_fixed_number_of_statements() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let id = department(&owner, "Support").await;
    let mut counts = Vec::new();
    for round in 0..2 {
        for number in 0..6 {
            let name = format!("Operator {round}{number}");
            let operator = app.new_operator(&name, &format!("o{round}{number}@example.org"), "agent").await;
            owner.post("/departments/matrix", &[("deed", &format!("join.{id}.{operator}"))]).await.expect(200);
        }
        department(&owner, &format!("Other {round}")).await;
        let mut asked = Vec::new();
        for there in ["/departments", "/departments/matrix", &format!("/departments/{id}/members"), &format!("/departments/{id}/priority")]
        {
            owner.open(there).await.expect(200);
            let before = app.ctx.store.statements();
            owner.open(there).await.expect(200);
            asked.push(app.ctx.store.statements() - before);
        }
        counts.push(asked);
    }
    assert_eq!(counts[0], counts[1]);
    assert!(counts[0].iter().all(|count| *count <= 6), "{counts:?}");
}
