//! The audit log from outside: filters, the export, and that reading is all there is.

use chrono::TimeDelta;

use crate::support::TestApp;

#[actix_web::test]
async fn entries_are_found_by_actor_action_thing_and_day() {
    let app = TestApp::spawn().await;
    let (owner, admin) = (app.owner().await, app.operator("admin").await);
    owner.post("/languages", &[("tag", "de")]).await.expect(200);
    app.pass(TimeDelta::days(1));
    let admin = app.signed_in(admin.me()).await;
    admin.post("/languages", &[("tag", "it")]).await.expect(200);
    let found = async |filter: &str| {
        admin.open(&format!("/audit?action=language.created&{filter}")).await.select(".od-timeline li:not(.od-day)").len()
    };
    assert_eq!(found("").await, 2);
    assert_eq!(found(&format!("actor=operator-{}", admin.me())).await, 1);
    assert_eq!(found("actor=console").await, 0);
    assert_eq!(found("object=language&object_id=de").await, 1);
    assert_eq!(found("from=2026-03-12").await, 1);
    assert_eq!(found("to=2026-03-11").await, 1);
    assert_eq!(found("from=2026-03-11&to=2026-03-12").await, 2);
    let page = admin.open("/audit?object=language&object_id=it").await;
    assert!(page.main().contains("Italian") && page.main().contains("from 127.0.0.1"), "{}", page.main());
}

#[actix_web::test]
async fn the_export_holds_the_filtered_entries_and_no_formula() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    owner.post("/roles", &[("name", "=HYPERLINK(\"x\")")]).await.expect(200);
    owner.post("/languages", &[("tag", "de")]).await.expect(200);
    let page = owner.open("/audit?object=role").await.follow("Export as CSV").await.expect(200);
    assert_eq!(page.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(page.header("content-disposition"), "attachment; filename=\"audit-2026-03-11.csv\"");
    let lines: Vec<&str> = page.body.split("\r\n").collect();
    assert!(lines[0].starts_with("at,actor_kind,actor_id,actor,action,"), "{}", lines[0]);
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[1].contains("role.created") && lines[1].contains("'=HYPERLINK"), "{}", lines[1]);
}

#[actix_web::test]
async fn the_export_needs_a_right_of_its_own() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    owner
        .open("/roles/new")
        .await
        .fill("Name", "Auditors")
        .submit("Add role")
        .await
        .check("View: Audit log")
        .submit("Save changes")
        .await
        .expect(200);
    let auditor = app.operator("auditors").await;
    let page = auditor.open("/audit").await.expect(200);
    assert!(!page.body.contains("/audit.csv"));
    auditor.open("/audit.csv").await.expect(403);
}
