//! The things of the JSON API: operators, roles, languages, settings.

use chrono::TimeDelta;
use onduty::actions::{Actor, languages, operators, roles};
use onduty::error::AppError;
use onduty::store::audit;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;

#[tokio::test]
async fn an_operator_is_written_and_read_with_every_field() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["operators:write"]).await;
    let sent = json!({
        "name": "Inès Caron", "alias": "Inès", "email": "Ines.Caron@example.org", "notification_email": "ines@example.net", "role": "supervisor",
        "job_position": {"en": "Support lead", "fr": "Responsable"}, "phone": "+33 1 99 00 12 34", "time_zone": "Europe/Paris", "locale": "fr", "theme": "dark",
        "languages": ["fr", "en"], "max_chat_load": 3, "priority": 10, "do_not_disturb": true, "presence_required": false, "help_when_invisible": true,
        "no_answer_minutes": 5, "idle_minutes": 15, "classify_after": true, "may_change_departments": true, "to_solve_only": true,
    });
    let made = api.post("/operators", &sent).await.expect(201);
    for (field, value) in sent.as_object().unwrap() {
        assert_eq!(&made[field], value, "{field}");
    }
    assert_eq!((&made["state"], &made["photo"]), (&json!("invited"), &Value::Null));
    let there = format!("/operators/{}", made["id"]);
    assert_eq!(api.get(&there).await.expect(200), made);
    let cleared = api
        .patch(
            &there,
            &json!({"alias": null, "max_chat_load": null, "time_zone": null, "phone": null, "job_position": {}, "languages": []}),
        )
        .await;
    let cleared = cleared.expect(200);
    for field in ["alias", "max_chat_load", "time_zone", "phone"] {
        assert_eq!(cleared[field], Value::Null, "{field}");
    }
    assert_eq!((&cleared["job_position"], &cleared["languages"]), (&json!({}), &json!([])));
    assert_eq!(cleared["name"], sent["name"], "what is absent stays");
    app.pass(TimeDelta::days(8));
    assert_eq!(api.get(&there).await.expect(200)["state"], "expired");
    assert_eq!(api.get("/operators?state=expired").await.expect(200)["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn an_email_address_belongs_to_one_operator_in_any_case() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["operators:write"]).await;
    api.post("/operators", &json!({"name": "A", "email": "a@example.org", "role": "agent"})).await.expect(201);
    let other = api.post("/operators", &json!({"name": "B", "email": "A@Example.ORG", "role": "agent"})).await;
    assert_eq!((other.status.as_u16(), other.errors()), (422, vec![("email".to_owned(), "email_taken".to_owned())]));
}

#[tokio::test]
async fn an_initial_password_makes_the_account_active_at_once() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["operators:write"]).await;
    let new = json!({"name": "A", "email": "a@example.org", "role": "agent", "initial_password": "seven boats under a plain lamp"});
    let made = api.post("/operators", &new).await.expect(201);
    assert_eq!(made["state"], "active");
    assert!(made.get("initial_password").is_none());
    let there = format!("/operators/{}", made["id"]);
    for (deed, state) in [("suspension", "suspended"), ("reactivation", "active")] {
        assert_eq!(api.post(&format!("{there}/{deed}"), &json!({})).await.status, 204);
        assert_eq!(api.get(&there).await.expect(200)["state"], state);
    }
}

#[tokio::test]
async fn custom_roles_are_made_changed_and_deleted_and_built_in_ones_are_not() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["roles:write", "operators:write"]).await;
    let made = api.post("/roles", &json!({"name": "Night shift", "permissions": ["operators.view"]})).await;
    assert_eq!(made.header("location"), "/api/v1/roles/night-shift");
    let made = made.expect(201);
    assert_eq!(made, json!({"slug": "night-shift", "name": "Night shift", "permissions": ["operators.view"], "built_in": false}));
    let changed = api.patch("/roles/night-shift", &json!({"permissions": ["roles.manage"]})).await.expect(200);
    assert_eq!(changed["permissions"], json!(["roles.view", "roles.manage"]));
    let beyond = api.patch("/roles/night-shift", &json!({"permissions": ["owners.manage"]})).await;
    assert_eq!(beyond.errors(), [("permissions".to_owned(), "permission_lacking".to_owned())]);
    let built_in = api.patch("/roles/agent", &json!({"name": "X"})).await;
    assert_eq!((built_in.status.as_u16(), built_in.json["type"].as_str()), (409, Some("urn:onduty:problem:role_built_in")));
    api.post("/operators", &json!({"name": "A", "email": "a@example.org", "role": "night-shift"})).await.expect(201);
    let in_use = api.delete("/roles/night-shift").await;
    assert_eq!((in_use.status.as_u16(), in_use.json["type"].as_str()), (409, Some("urn:onduty:problem:role_in_use")));
    api.post("/roles", &json!({"name": "Spare", "permissions": []})).await.expect(201);
    assert_eq!(api.delete("/roles/spare").await.status, 204);
    let slugs = api.get("/roles").await.expect(200);
    let slugs: Vec<&str> = slugs["items"].as_array().unwrap().iter().filter_map(|role| role["slug"].as_str()).collect();
    assert_eq!(slugs, ["owner", "admin", "supervisor", "agent", "night-shift"]);
}

#[tokio::test]
async fn languages_are_added_ordered_and_deleted() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["languages:write", "operators:write"]).await;
    let made = api.post("/languages", &json!({"tag": "ES-mx"})).await;
    assert_eq!(made.header("location"), "/api/v1/languages/es-MX");
    let made = made.expect(201);
    assert_eq!((&made["enabled"], &made["position"]), (&json!(true), &json!(4)));
    let first = api.patch("/languages/es-MX", &json!({"position": 1, "enabled": false})).await.expect(200);
    assert_eq!((&first["enabled"], &first["position"]), (&json!(false), &json!(1)));
    let page = api.get("/languages?limit=3").await.expect(200);
    let rest = api.get(&format!("/languages?limit=3&cursor={}", page["next_cursor"].as_str().unwrap())).await.expect(200);
    assert_eq!((page["items"].as_array().map(Vec::len), rest["items"].as_array().map(Vec::len)), (Some(3), Some(1)));
    assert_eq!(api.delete("/languages/en").await.expect(409)["type"], "urn:onduty:problem:language_default");
    api.post("/operators", &json!({"name": "A", "email": "a@example.org", "role": "agent", "languages": ["fr"]})).await.expect(201);
    assert_eq!(api.delete("/languages/fr").await.expect(409)["type"], "urn:onduty:problem:language_in_use");
    assert_eq!(api.delete("/languages/fr?from_operators=true").await.status, 204);
    assert_eq!(api.get("/operators").await.expect(200)["items"][0]["languages"], json!([]));
}

#[tokio::test]
async fn settings_are_changed_field_by_field_and_the_key_is_in_the_audit_log() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["settings:write"]).await;
    let before = api.get("/settings").await.expect(200);
    let after = api.patch("/settings", &json!({"organisation_name": "Acme", "session_hours": 9})).await.expect(200);
    assert_eq!((&after["organisation_name"], &after["session_hours"]), (&json!("Acme"), &json!(9)));
    assert_eq!(after["time_zone"], before["time_zone"]);
    let wrong = api.patch("/settings", &json!({"time_zone": "Mars/Phobos", "session_hours": 0})).await;
    assert_eq!(wrong.errors(), [("time_zone".to_owned(), "time_zone".to_owned()), ("session_hours".to_owned(), "out_of_range".to_owned())]);
    let entries = app.inside(|ctx| async move { audit::page(ctx.store.read(), &Default::default(), 0, 10).await });
    let entry = &entries.await.unwrap()[0];
    assert_eq!((entry.action.as_str(), entry.actor_kind.as_str(), entry.actor_id), ("settings.changed", "api_key", Some(1)));
    assert_eq!(entry.address, "127.0.0.1");
    assert!(!entry.request_id.is_empty());
}

#[tokio::test]
async fn a_deletion_of_another_state_is_refused() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["operators:write", "roles:write", "languages:write"]).await;
    for (nouns, new, there, change) in [
        ("/roles", json!({"name": "Spare", "permissions": []}), "/roles/spare", json!({"name": "Spares"})),
        ("/languages", json!({"tag": "de"}), "/languages/de", json!({"name": "Deutsch"})),
        ("/operators", json!({"name": "A", "email": "a@example.org", "role": "agent"}), "/operators/1", json!({"name": "B"})),
    ] {
        let old = api.post(nouns, &new).await;
        assert_eq!(old.status, 201, "{there}");
        let new = api.patch(there, &change).await;
        let delete = async |tag: &str| api.call(Method::DELETE, there, None, &[("if-match", tag)]).await.status.as_u16();
        assert_eq!((delete(old.header("etag")).await, delete(new.header("etag")).await), (412, 204), "{there}");
    }
}

#[tokio::test]
async fn a_deletion_is_refused_where_another_state_comes_between_reading_and_writing() {
    let app = TestApp::spawn().await;
    let id = app.new_operator("A", "a@example.org", "agent").await;
    let actor = Actor::console();
    let stale = operators::delete(&app.ctx, actor.may().unwrap(), id, Some(2), None).await;
    assert!(matches!(stale, Err(AppError::Stale)), "{stale:?}");
    let stale = languages::delete(
        &app.ctx,
        actor.may().unwrap(),
        "fr",
        languages::Removal { version: Some(9), confirmed: true, ..Default::default() },
    )
    .await;
    assert!(matches!(stale, Err(AppError::Stale)), "{stale:?}");
    let role = roles::create(&app.ctx, actor.may().unwrap(), roles::NewRole { name: "Spare".into(), ..Default::default() }).await.unwrap();
    let stale = roles::delete(&app.ctx, actor.may().unwrap(), role, Some(9)).await;
    assert!(matches!(stale, Err(AppError::Stale)), "{stale:?}");
    operators::delete(&app.ctx, actor.may().unwrap(), id, Some(1), None).await.unwrap();
}
