//! Roles from outside: the permission page, who may grant what, and what a change does to those who wear the role.

use onduty::domain::permission::Permission;

use crate::support::{Browser, TestApp};

/// Adds a role that begins as a copy of another one, and returns its page.
async fn add(browser: &Browser, name: &str, copy: &str) -> String {
    let page = browser.open("/roles/new").await.fill("Name", name).pick("Begin as a copy of", copy).submit("Add role").await.expect(200);
    assert_eq!(page.h1(), name);
    page.path().to_owned()
}

#[actix_web::test]
async fn a_custom_role_begins_as_a_copy_and_takes_permissions() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let there = add(&owner, "Night shift lead", "Supervisor").await;
    let page = owner
        .open(&there)
        .await
        .check("View: Audit log")
        .uncheck("Manage: Statuses")
        .uncheck("View: Statuses")
        .submit("Save changes")
        .await;
    assert!(page.flash().contains("Night shift lead"), "{}", page.flash());
    let catalogue = app.ctx.present_catalogue().await.unwrap();
    let role = catalogue.role_by_slug("night-shift-lead").unwrap();
    assert!(role.permissions.contains(Permission::AuditView) && role.permissions.contains(Permission::OperatorsView));
    assert!(!role.permissions.contains(Permission::StatusesView));
    let log = owner.open("/audit?object=role").await;
    assert!(log.main().contains("Role changed") && log.main().contains("audit.view"), "{}", log.main());
}

#[actix_web::test]
async fn a_name_in_use_is_refused_at_its_field() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    add(&owner, "Night shift", "Agent").await;
    for (name, refused) in [("  night SHIFT ", true), ("Administrateur", true), ("owner", true), ("", true), ("Night shift 2", false)] {
        let page = owner.open("/roles/new").await.fill("Name", name).submit("Add role").await;
        assert_eq!(page.status(), if refused { 422 } else { 200 }, "{name}: {}", page.main());
        assert_eq!(!page.faults().is_empty(), refused, "{name}");
    }
    let page = owner.open("/roles/new").await.fill("Name", "Night-shift").submit("Add role").await.expect(200);
    let catalogue = app.ctx.present_catalogue().await.unwrap();
    assert!(catalogue.role_by_slug("night-shift-3").is_some(), "two names may make one slug: {:?} {}", catalogue.roles, page.path());
}

#[actix_web::test]
async fn nobody_grants_a_permission_they_lack() {
    let app = TestApp::spawn().await;
    let admin = app.operator("admin").await;
    let there = add(&admin, "Helpers", "Agent").await;
    let page = admin.open(&there).await;
    assert_eq!(page.attributes("input[value='owners.manage']", "disabled").len(), 1);
    let sent = [("name", "Helpers"), ("version", "1"), ("permissions", "owners.manage")];
    let page = admin.post(&there, &sent).await.expect(422);
    assert!(page.faults().concat().contains("owners.manage"), "{:?}", page.faults());
    let page = admin.post("/roles", &[("name", "Bosses"), ("copy_from", "owner")]).await.expect(422);
    assert!(!page.faults().is_empty());
    let catalogue = app.ctx.present_catalogue().await.unwrap();
    assert!(!catalogue.role_by_slug("helpers").unwrap().permissions.contains(Permission::OwnersManage));
    assert!(catalogue.role_by_slug("bosses").is_none());
}

#[actix_web::test]
async fn a_role_above_the_reader_stays_as_it_is() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let there = add(&owner, "Deputy owner", "Owner").await;
    let admin = app.operator("admin").await;
    let page = admin.open(&there).await.expect(200);
    assert!(!page.has("button.btn-primary"), "nothing to save: {}", page.main());
    admin.post(&there, &[("name", "Mine"), ("version", "1")]).await.expect(409);
    admin.post(&format!("{there}/deletion"), &[]).await.expect(409);
}

#[actix_web::test]
async fn built_in_roles_show_their_permissions_and_cannot_be_changed() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let id = app.ctx.present_catalogue().await.unwrap().role_by_slug("admin").unwrap().id;
    let page = owner.open(&format!("/roles/{id}")).await;
    assert_eq!(page.attributes("input[value='operators.manage']", "checked").len(), 1);
    assert!(page.attributes("input[type=checkbox]:not([disabled])", "name").is_empty());
    owner.post(&format!("/roles/{id}"), &[("name", "X"), ("version", "1")]).await.expect(409);
    owner.post(&format!("/roles/{id}/deletion"), &[]).await.expect(409);
}

#[actix_web::test]
async fn other_permissions_end_the_sessions_of_those_who_wear_the_role() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let there = add(&owner, "Watch", "Supervisor").await;
    let watch = app.operator("watch").await;
    watch.open("/operators").await.expect(200);
    owner.open(&there).await.fill("Name", "Watchers").submit("Save changes").await.expect(200);
    assert_eq!(watch.open("/operators").await.path(), "/operators", "a new name ends no session");
    owner.open(&there).await.uncheck("View: Operators").submit("Save changes").await.expect(200);
    assert_eq!(watch.open("/operators").await.path(), "/login");
}

#[actix_web::test]
async fn lowering_oneself_asks_twice() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let there = add(&owner, "Managers", "Admin").await;
    let manager = app.operator("managers").await;
    let page = manager.open(&there).await.uncheck("Manage: Roles").submit("Save changes").await.expect(200);
    assert!(page.h1().contains("take rights from yourself"), "{}", page.h1());
    let slug = |app: &TestApp| app.ctx.clone();
    assert!(slug(&app).present_catalogue().await.unwrap().role_by_slug("managers").unwrap().permissions.contains(Permission::RolesManage));
    let page = page.submit("Take these rights from me").await;
    assert_eq!(page.path(), "/login");
    assert!(!slug(&app).present_catalogue().await.unwrap().role_by_slug("managers").unwrap().permissions.contains(Permission::RolesManage));
}

#[actix_web::test]
async fn a_role_in_use_is_not_deleted_and_an_unused_one_is() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let there = add(&owner, "Guests", "Agent").await;
    app.new_operator("Ana", "ana@example.org", "guests").await;
    let page = owner.open(&format!("{there}/deletion")).await;
    assert!(page.links().contains(&"/operators?role=guests".to_owned()), "{:?}", page.links());
    assert!(!page.has("button.btn-danger"));
    owner.post(&format!("{there}/deletion"), &[]).await.expect(409);
    let unused = add(&owner, "Nobody", "Agent").await;
    let page = owner.open(&format!("{unused}/deletion")).await.submit("Delete role").await;
    assert_eq!(page.path(), "/roles");
    owner.open(&unused).await.expect(404);
}

#[actix_web::test]
async fn a_stale_form_shows_both_versions() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let there = add(&owner, "Team", "Agent").await;
    let old = owner.open(&there).await.fill("Name", "Mine");
    owner.open(&there).await.fill("Name", "Theirs").submit("Save changes").await.expect(200);
    let page = old.submit("Save changes").await.expect(409);
    assert!(page.main().contains("Mine") && page.main().contains("Theirs"), "{}", page.main());
}
