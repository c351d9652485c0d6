//! The organisation's settings from outside.

use crate::support::TestApp;

#[actix_web::test]
async fn settings_are_changed_noted_and_counted_at_once() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let page = owner.open("/settings").await.fill("Name of the organisation", "Blue Fern").pick("Time zone", "Europe/Madrid");
    let page = page.fill("Invitations are valid for", "24").submit("Save changes").await.expect(200);
    assert_eq!(page.value("Name of the organisation"), "Blue Fern");
    let settings = app.ctx.present_catalogue().await.unwrap().organisation.clone();
    assert_eq!((settings.time_zone.as_str(), settings.invitation_hours, settings.version), ("Europe/Madrid", 24, 2));
    let log = owner.open("/audit?object=settings").await.main();
    assert!(log.contains("Onduty") && log.contains("Blue Fern") && log.contains("168"), "{log}");
    assert!(!log.contains("Shortest password"), "what stays is not noted: {log}");
}

#[actix_web::test]
async fn what_cannot_be_taken_is_named_at_its_field() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let fields = [
        ("organisation_name", ""),
        ("default_language", "de"),
        ("time_zone", "Mars/Base"),
        ("invitation_hours", "0"),
        ("session_idle_minutes", "soon"),
        ("session_hours", "73"),
        ("password_min", "7"),
        ("version", "1"),
    ];
    let page = owner.post("/settings", &fields).await.expect(422);
    assert_eq!(page.faults().len(), 6, "{:?}", page.faults());
    let page = owner.post("/settings", &[("default_language", "de"), ("version", "1")]).await.expect(422);
    assert_eq!(page.faults().len(), 1, "{:?}", page.faults());
    assert_eq!(app.ctx.present_catalogue().await.unwrap().organisation.version, 1);
}

#[actix_web::test]
async fn a_stale_form_shows_both_versions() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let old = owner.open("/settings").await.fill("Shortest password", "20");
    owner.open("/settings").await.fill("Shortest password", "16").submit("Save changes").await.expect(200);
    let page = old.submit("Save changes").await.expect(409);
    assert!(page.main().contains("16") && page.main().contains("20"), "{}", page.main());
}
