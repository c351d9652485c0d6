//! What stands under every page: health, static files, error pages, headers.

use crate::support::TestApp;

#[tokio::test]
async fn an_unknown_address_is_a_full_page_with_a_way_on() {
    let app = TestApp::spawn().await;
    let page = app.browser().open("/no/such/page").await.expect(404);
    assert!(!page.h1().is_empty());
    assert!(page.links().iter().any(|link| link == "/"), "{:?}", page.links());
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    assert!(page.text().contains(page.header("x-request-id")), "the reference of the answer stands on the page");
}

#[tokio::test]
async fn an_error_page_speaks_the_language_of_the_browser() {
    let app = TestApp::spawn().await;
    let mut titles = Vec::new();
    for language in ["en", "fr", "es"] {
        let page = app.browser_in(language).open("/nowhere").await.expect(404);
        assert_eq!(page.attributes("html", "lang"), [language]);
        titles.push(page.h1());
    }
    titles.dedup();
    assert_eq!(titles.len(), 3, "{titles:?}");
}

#[tokio::test]
async fn static_files_are_kept_for_a_year_under_their_hashed_address() {
    let app = TestApp::spawn().await;
    let browser = app.browser();
    let page = browser.open("/nowhere").await;
    let mut found = page.attributes("link[rel=stylesheet]", "href");
    found.extend(page.attributes("script", "src"));
    assert!(found.len() >= 4, "{found:?}");
    for address in found {
        let file = browser.open(&address).await.expect(200);
        assert!(file.header("cache-control").contains("immutable"), "{address}: {}", file.header("cache-control"));
        assert_eq!(file.header("x-content-type-options"), "nosniff", "{address}");
    }
}
