//! Languages from outside: adding, order, default, switching off, deletion with its consequences.

use onduty::store::StoreError;
use onduty::store::entities::operator_language;
use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;

use crate::support::TestApp;

async fn tags(app: &TestApp) -> Vec<String> {
    app.ctx.present_catalogue().await.unwrap().languages.iter().map(|language| language.tag.clone()).collect()
}

/// Has an operator assist in a language.
async fn assists(app: &TestApp, operator_id: i64, tag: &str, position: i64) {
    let row = operator_language::ActiveModel { operator_id: Set(operator_id), tag: Set(tag.to_owned()), position: Set(position) };
    let done = app
        .ctx
        .store
        .write(async |tx| operator_language::Entity::insert(row.clone()).exec_without_returning(tx).await.map_err(StoreError::from));
    done.await.unwrap();
}

#[actix_web::test]
async fn a_known_language_fills_the_form_in() {
    let app = TestApp::spawn().await;
    let page = app.owner().await.open("/languages/new?tag=de").await;
    assert_eq!((page.value("Name").as_str(), page.value("Own name").as_str()), ("German", "Deutsch"));
    let page = page.submit("Add language").await.expect(200);
    assert_eq!(page.path(), "/languages");
    assert_eq!(tags(&app).await, ["en", "fr", "es", "de"]);
}

#[actix_web::test]
async fn a_typed_tag_is_read_in_any_case_and_named_where_nothing_was_typed() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let page = owner.post("/languages", &[("tag", "ES-mx")]).await.expect(200);
    assert!(page.main().contains("Spanish (Mexico)"), "{}", page.main());
    for (tag, fault) in [("es-MX", "name already"), ("", "Enter something"), ("english", "language tag"), ("a_b", "language tag")] {
        let page = owner.post("/languages", &[("tag", tag)]).await.expect(422);
        assert!(page.faults().concat().contains(fault), "{tag}: {:?}", page.faults());
    }
}

#[actix_web::test]
async fn languages_move_up_and_down() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    owner.open("/languages").await.submit("Move Spanish up").await.expect(200);
    assert_eq!(tags(&app).await, ["en", "es", "fr"]);
    owner.open("/languages").await.submit("Move English down").await.expect(200);
    assert_eq!(tags(&app).await, ["es", "en", "fr"]);
    owner.post("/languages/fr/position", &[("position", "99")]).await.expect(200);
    assert_eq!(tags(&app).await, ["es", "en", "fr"]);
}

#[actix_web::test]
async fn the_default_language_stays_on_and_there() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    owner.post("/languages/en/activation", &[("enabled", "false")]).await.expect(409);
    owner.post("/languages/en/deletion", &[]).await.expect(409);
    owner.post("/languages/fr/activation", &[("enabled", "false")]).await.expect(200);
    owner.post("/languages/fr/default", &[]).await.expect(409);
    owner.post("/languages/es/default", &[]).await.expect(200);
    assert_eq!(app.ctx.present_catalogue().await.unwrap().organisation.default_language, "es");
    owner.post("/languages/en/deletion", &[]).await.expect(200);
    assert_eq!(tags(&app).await, ["fr", "es"]);
}

#[actix_web::test]
async fn deletion_names_the_operators_it_concerns_and_takes_the_language_from_them() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let (ana, bo) =
        (app.new_operator("Ana Ruiz", "ana@example.org", "agent").await, app.new_operator("Bo Lind", "bo@example.org", "agent").await);
    assists(&app, ana, "es", 1).await;
    assists(&app, bo, "es", 1).await;
    assists(&app, bo, "en", 2).await;
    let page = owner.open("/languages/es/deletion").await;
    assert!(
        page.main().contains("2 operators") && page.main().contains("Ana Ruiz") && page.main().contains("For 1 of them"),
        "{}",
        page.main()
    );
    page.submit("Delete language").await.expect(200);
    let left = operator_language::Entity::find().all(app.ctx.store.read()).await.unwrap();
    assert_eq!(left.iter().map(|row| (row.operator_id, row.tag.as_str())).collect::<Vec<_>>(), [(bo, "en")]);
}

#[actix_web::test]
async fn a_form_switches_off_what_is_unticked_and_leaves_what_it_does_not_name() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    owner.open("/languages/fr").await.uncheck("Switched on").fill("Own name", "Le français").submit("Save changes").await.expect(200);
    let french = app.ctx.present_catalogue().await.unwrap().languages[1].clone();
    assert_eq!((french.enabled, french.native_name.as_str(), french.name.as_str()), (false, "Le français", "French"));
    owner.post("/languages/fr", &[("name", "Francais"), ("version", &french.version.to_string())]).await.expect(200);
    assert!(!app.ctx.present_catalogue().await.unwrap().languages[1].enabled);
    let page = owner.post("/languages/fr", &[("name", "Old"), ("version", "1")]).await.expect(409);
    assert!(page.main().contains("Francais") && page.main().contains("Old"), "{}", page.main());
}
