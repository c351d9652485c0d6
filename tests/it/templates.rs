//! The mail editor from outside: changing, checking, previewing, testing and resetting texts.

use crate::support::TestApp;

const THERE: &str = "/templates/password_reset/fr";

#[actix_web::test]
async fn an_own_text_is_kept_and_marked_until_it_is_reset() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let page = owner.open(THERE).await.fill("Subject", "Votre lien, {$name}").fill("Text", "Bonjour {$name},\n\nVoici :\n{$link}");
    let page = page.submit("Save changes").await.expect(200);
    assert_eq!(page.value("Subject"), "Votre lien, {$name}");
    assert!(page.select(".od-preview").concat().contains("Votre lien, Ada Moss"));
    assert_eq!(owner.open("/templates").await.select(".od-badge"), ["Changed"]);
    let page = owner.open(&format!("{THERE}/reset")).await;
    assert!(page.select("del").concat().contains("Votre lien"));
    page.submit("Reset to the shipped text").await.expect(200);
    assert!(owner.open("/templates").await.select(".od-badge").is_empty());
    let log = owner.open("/audit?object=template").await.main();
    assert!(log.contains("Mail template reset") && log.contains("Mail template changed"), "{log}");
}

#[actix_web::test]
async fn unknown_variables_and_a_missing_link_are_refused_at_their_field() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for (subject, body, at) in [
        ("Hi {$nobody}", "x {$link}", "Subject"),
        ("Hi {$link}", "x {$link}", "Subject"),
        ("Hi", "x {$link} {$pasword}", "Text"),
        ("Hi", "no link", "Text"),
        ("Hi", "", "Text"),
        ("", "x {$link}", "Subject"),
    ] {
        let page = owner.open(THERE).await.fill("Subject", subject).fill("Text", body).submit("Save changes").await.expect(422);
        assert_eq!(page.faults().len(), 1, "{subject} / {body}: {:?}", page.faults());
        assert!(!page.fault_at(at).is_empty(), "{subject} / {body}");
        assert_eq!(page.value("Subject"), subject, "what was typed stays");
    }
    assert!(owner.open("/templates").await.select(".od-badge").is_empty());
}

#[actix_web::test]
async fn a_preview_is_a_part_for_scripts_and_a_page_without_them() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let there = format!("{THERE}/preview");
    let token = owner.csrf().await;
    let fields = [("csrf_token", token.as_str()), ("subject", "<b>{$name}</b>"), ("body", "Aller :\n{$link}\n\n<script>")];
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = owner.request(reqwest::Method::POST, &there).header("sec-fetch-mode", "cors");
    let part = request.header("content-type", "application/x-www-form-urlencoded").body(body).send().await.unwrap();
    assert_eq!(part.status(), 200);
    let part = part.text().await.unwrap();
    assert!(
        !part.contains("<html") && !part.contains("<script>") && part.contains("Ada Moss") && part.contains("onduty.example/link"),
        "{part}"
    );
    let page = owner.open(THERE).await.fill("Subject", "Typed").fill("Text", "without").submit("Update preview").await.expect(422);
    assert_eq!(page.value("Subject"), "Typed");
}

#[actix_web::test]
async fn a_test_goes_to_the_reader_and_saves_nothing() {
    let app = TestApp::spawn().await;
    let id = app.new_operator("Ana Ruiz", "ana@example.org", "admin").await;
    let ana = app.signed_in(id).await;
    let page = ana.open(THERE).await.fill("Subject", "Essai {$name}").submit("Send a test to me").await.expect(200);
    assert!(page.main().contains("ana@example.org"), "{}", page.main());
    assert_eq!(page.value("Subject"), "Essai {$name}");
    app.deliver().await;
    assert_eq!(app.mailbox.only("ana@example.org").subject, "Essai Ada Moss");
    assert!(ana.open("/templates").await.select(".od-badge").is_empty());
    assert!(ana.open("/mail?kind=test").await.main().contains("Essai Ada Moss"));
}

#[actix_web::test]
async fn a_stale_text_shows_both_versions_even_after_a_reset() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    owner.open(THERE).await.fill("Subject", "First").submit("Save changes").await.expect(200);
    let old = owner.open(THERE).await.fill("Subject", "Mine");
    owner.open(&format!("{THERE}/reset")).await.submit("Reset to the shipped text").await.expect(200);
    owner.open(THERE).await.fill("Subject", "Theirs").submit("Save changes").await.expect(200);
    let page = old.submit("Save changes").await.expect(409);
    assert!(page.main().contains("Mine") && page.main().contains("Theirs"), "{}", page.main());
}

#[actix_web::test]
async fn an_unknown_kind_or_language_is_not_there() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    for there in ["/templates/nothing/en", "/templates/invitation/de"] {
        owner.open(there).await.expect(404);
    }
}
