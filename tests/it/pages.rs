//! Every page there is: reachable, whole, in each language and theme, and open to exactly those who may see it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;

use actix_web::{App, HttpRequest, test, web};
use onduty::web::{Door, assets, routes};

use crate::support::{Browser, Page, TestApp};

/// Who may open what lies under an address; the longest beginning decides. A page without a line here fails (Z1).
const RULES: &[(&str, Who)] = &[
    ("/setup", Who::Anybody),
    ("/login", Who::Anybody),
    ("/invitation/", Who::Anybody),
    ("/password/", Who::Anybody),
    ("/health/", Who::Anybody),
    ("/contact/", Who::Anybody),
    ("/unsubscribe/", Who::Anybody),
    ("/", Who::Everybody),
    ("/logout", Who::Everybody),
    ("/confirm", Who::Everybody),
    ("/search", Who::Everybody),
    ("/photos/", Who::Everybody),
    ("/profile", Who::Everybody),
    ("/operators", Who::Supervisors),
    ("/operators/new", Who::Admins),
    ("/operators/bulk", Who::Admins),
    ("/operators/import", Who::Admins),
    ("/operators/{}/deletion", Who::Admins),
    ("/operators/{}/suspension", Who::Admins),
    ("/operators/{}/reactivation", Who::Admins),
    ("/operators/{}/restoration", Who::Admins),
    ("/operators/{}/invitation", Who::Admins),
    ("/operators/{}/applications", Who::Admins),
    ("/operators/{}/sessions/", Who::Admins),
    ("/operators/{}/history", Who::Admins),
    ("/departments", Who::Supervisors),
    ("/departments/new", Who::Admins),
    ("/departments/{}/deletion", Who::Admins),
    ("/languages", Who::Supervisors),
    ("/languages/", Who::Admins),
    ("/panel", Who::Everybody),
    ("/queries", Who::Everybody),
    ("/queries/{}/assignment", Who::Supervisors),
    ("/reports", Who::Supervisors),
    ("/explain", Who::Everybody),
    ("/statuses", Who::Supervisors),
    ("/settings-page/", Who::Supervisors),
    ("/schedules", Who::Supervisors),
    ("/absences", Who::Supervisors),
    ("/categories", Who::Supervisors),
    ("/schedules/week", Who::Everybody),
    ("/calendars", Who::Supervisors),
    ("/sites", Who::Admins),
    ("/roles", Who::Admins),
    ("/settings", Who::Admins),
    ("/templates", Who::Admins),
    ("/mail", Who::Admins),
    ("/auto-replies", Who::Supervisors),
    ("/api-keys", Who::Admins),
    ("/audit", Who::Admins),
];

/// Those who may open a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// Signed in or not.
    Anybody,
    /// Everybody who is signed in.
    Everybody,
    /// Supervisors, admins and owners.
    Supervisors,
    /// Admins and owners.
    Admins,
}

impl Who {
    fn includes(self, role: &str) -> bool {
        match self {
            Who::Anybody | Who::Everybody => true,
            Who::Supervisors => role != "agent",
            Who::Admins => ["owner", "admin"].contains(&role),
        }
    }
}

/// Words that are the same in every language.
const NAMES: &[&str] =
    &["Onduty", "E-mail", "Ctrl K", "Alias", "Variables", "Total", "Tickets", "Chats", "English", "Français", "Español", "Invisible"];

#[actix_web::test]
async fn a_signed_out_reader_is_sent_to_sign_in_from_every_page() {
    let app = TestApp::spawn().await;
    app.owner().await;
    let browser = app.browser();
    for pattern in patterns(&app).await {
        let page = browser.open(&address(&pattern, 1)).await;
        let is_open = rule(&pattern) == Who::Anybody;
        assert!(page.status() < 500, "{pattern}: {}", page.status());
        match page.statuses[0] {
            303 => assert!(is_open || page.path() == "/login", "{pattern} leads to {}", page.url),
            405 => {}
            status => assert!(is_open, "{pattern} answers {status} to anybody"),
        }
    }
}

#[actix_web::test]
async fn each_role_opens_exactly_the_pages_it_may() {
    let app = TestApp::spawn().await;
    let somebody = app.owner().await.me();
    let patterns = patterns(&app).await;
    for role in ["owner", "admin", "supervisor", "agent"] {
        let browser = app.operator(role).await;
        for pattern in &patterns {
            let page = browser.open(&address(pattern, somebody)).await;
            if page.status() == 405 {
                continue;
            }
            let (may, is_refused) = (rule(pattern).includes(role), page.status() == 403);
            assert!(page.status() < 500, "{pattern} for {role}: {}", page.status());
            assert_eq!(may, !is_refused, "{pattern} answers {} to {role}", page.status());
        }
    }
}

#[actix_web::test]
async fn no_deed_is_done_for_somebody_who_may_not_see_its_page() {
    let app = TestApp::spawn().await;
    let somebody = app.owner().await.me();
    let patterns = patterns(&app).await;
    for role in ["agent", "supervisor"] {
        let browser = app.operator(role).await;
        browser.open("/profile").await;
        for pattern in patterns.iter().filter(|pattern| !rule(pattern).includes(role)) {
            let page = browser.post(&address(pattern, somebody), &[]).await;
            assert!([403, 405].contains(&page.status()), "{pattern} answers {} to {role}", page.status());
        }
    }
}

#[actix_web::test]
async fn no_form_is_taken_without_the_token_of_its_session() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let foreign = app.owner().await.csrf().await;
    for pattern in patterns(&app).await {
        for fields in [&[][..], &[("csrf_token", foreign.as_str())]] {
            let page = owner.post_bare(&address(&pattern, owner.me()), fields).await;
            // Its own address is sealed: whoever has another one finds nothing there.
            let expected = if pattern.starts_with("/unsubscribe/") { [404, 405] } else { [403, 405] };
            assert!(expected.contains(&page.status()), "{pattern} answers {}", page.status());
        }
    }
}

#[actix_web::test]
async fn every_page_is_whole_in_every_language_and_theme() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    app.new_operator("Maximiliane-Wilhelmine von und zu Lichtenstein-Hohenberg", "m@example.org", "agent").await;
    app.new_operator("Bo", "a-rather-long-address-before-the-at-sign@a-rather-long-domain.example.org", "admin").await;
    let mut said: BTreeMap<String, Vec<BTreeSet<String>>> = BTreeMap::new();
    for (language, theme) in [("en", "bright"), ("fr", "dark"), ("es", "system")] {
        prefer(&app, owner.me(), language, theme).await;
        let pages = crawl(&owner).await;
        assert!(pages.len() > 3, "{language}: {:?}", pages.keys());
        for (shape, page) in pages {
            assert_whole(&page, language, theme);
            said.entry(shape).or_default().push(words(&page));
        }
    }
    let mut untranslated = BTreeSet::new();
    for (shape, languages) in said {
        let Some((first, others)) = languages.split_first() else { continue };
        let same = first.iter().filter(|text| others.len() == 2 && others.iter().all(|other| other.contains(*text)));
        untranslated.extend(same.map(|text| format!("{shape}: {text}")));
    }
    assert!(untranslated.is_empty(), "{untranslated:#?}");
}

/// Patterns of all pages, as the server itself knows them.
async fn patterns(app: &TestApp) -> Vec<String> {
    let static_dir = PathBuf::from("static");
    assets::read(&static_dir).expect("static files");
    let door = Door { ctx: app.ctx.clone(), static_dir };
    let map = web::get().to(|request: HttpRequest| async move { format!("{:#?}", request.resource_map()) });
    let ctx = web::Data::from(app.ctx.clone());
    let service = test::init_service(App::new().app_data(ctx).route("/the-map", map).configure(|config| routes(config, &door))).await;
    let text = test::call_and_read_body(&service, test::TestRequest::get().uri("/the-map").to_request()).await;
    let text = String::from_utf8(text.to_vec()).expect("text");
    let mut lines = text.lines();
    let mut found = BTreeSet::new();
    while let Some(line) = lines.next() {
        if line.trim() == "patterns: Single(" {
            let pattern = lines.next().unwrap_or_default().trim().trim_end_matches(',').trim_matches('"').replace("\\\\", "\\");
            found.insert(pattern);
        }
    }
    // The stream of events never ends; tests/it/live.rs reads it.
    let is_page = |pattern: &String| !["/the-map", "/events"].contains(&pattern.as_str());
    found.retain(|pattern| pattern.starts_with('/') && !pattern.starts_with("/static") && is_page(pattern));
    assert!(found.len() > 5, "{found:?}");
    found.into_iter().collect()
}

fn rule(pattern: &str) -> Who {
    let plain = placeholders(pattern, "{}");
    let fitting = RULES.iter().filter(|(start, _)| *start == plain || *start != "/" && plain.starts_with(start));
    let best = fitting.max_by_key(|(start, _)| start.len());
    best.unwrap_or_else(|| panic!("no rule says who may open {pattern}")).1
}

/// An address of the pattern: an operator where a number stands, something unknown elsewhere.
fn address(pattern: &str, id: i64) -> String {
    let numbers = pattern.replace("{id:\\d{1,18}}", &id.to_string()).replace("{id}", &id.to_string());
    placeholders(&numbers, "unknown")
}

fn placeholders(pattern: &str, with: &str) -> String {
    let (mut out, mut depth) = (String::new(), 0);
    for c in pattern.chars() {
        match c {
            '{' => {
                depth += 1;
                if depth == 1 {
                    out.push_str(with);
                }
            }
            '}' => depth -= 1,
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// Opens every page that links lead to; pages that differ in an id or a query alone are one.
async fn crawl(browser: &Browser) -> BTreeMap<String, Page> {
    let mut pages = BTreeMap::new();
    let mut waiting: VecDeque<String> = VecDeque::from(["/".to_owned()]);
    while let Some(there) = waiting.pop_front() {
        if pages.contains_key(&shape(&there)) {
            continue;
        }
        let page = browser.open(&there).await;
        assert_eq!(page.status(), 200, "{there}");
        if !page.header("content-type").starts_with("text/html") {
            continue;
        }
        let links = page.links().into_iter().filter(|link| link.starts_with('/') || link.starts_with('?'));
        let whole = links.map(|link| page.url.join(&link).expect("an address")[url::Position::BeforePath..].to_owned());
        waiting.extend(whole.map(|link| link.split('#').next().unwrap_or_default().to_owned()));
        pages.insert(shape(page.address()), page);
    }
    pages
}

fn shape(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let parts = path.split('/').map(|part| if part.bytes().any(|byte| byte.is_ascii_digit()) { "{}" } else { part });
    let names = query.split('&').filter_map(|pair| pair.split('=').next()).filter(|name| !name.is_empty());
    parts.collect::<Vec<_>>().join("/") + &names.map(|name| format!("?{name}")).collect::<String>()
}

/// What holds for every page.
fn assert_whole(page: &Page, language: &str, theme: &str) {
    let there = page.address();
    assert!(!page.h1().is_empty(), "{there}");
    let title = page.title();
    assert!(title.ends_with(" · Onduty") && title.len() > 9, "{there}: {title}");
    assert_eq!(page.attributes("html", "lang"), [language], "{there}");
    let shown = match theme {
        "bright" => "light",
        other => other,
    };
    assert_eq!(page.attributes("html", "data-theme"), [shown], "{there}");
    assert!(page.header("content-security-policy").contains("default-src 'none'"), "{there}");
    assert_eq!(page.header("cache-control"), "no-store", "{there}");
    assert_eq!(page.header("x-content-type-options"), "nosniff", "{there}");
    assert!(page.body.len() < 200_000, "{there}: {} bytes", page.body.len());
    let ids = page.attributes("[id]", "id");
    let unique: BTreeSet<_> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "an id stands twice on {there}: {ids:?}");
    let nameless = page.nameless();
    assert!(nameless.is_empty(), "without a name on {there}: {nameless:?}");
    for (from, to) in [
        ("label[for]", "for"),
        ("[aria-describedby]", "aria-describedby"),
        ("[aria-labelledby]", "aria-labelledby"),
        ("[aria-controls]", "aria-controls"),
    ] {
        for id in page.attributes(from, to).iter().flat_map(|ids| ids.split_whitespace()) {
            assert!(unique.contains(&id.to_owned()), "{from} names {id}, which is not on {there}");
        }
    }
    for form in page.attributes("form[method=post]", "action") {
        assert!(!form.starts_with("http"), "{there} posts to {form}");
    }
    let posts = page.select("form[method=post]").len();
    assert_eq!(page.select("form[method=post] > input[name=csrf_token]").len(), posts, "a form without a token on {there}");
    assert!(!page.has("[style], [onclick], [onchange], [onsubmit]"), "inline code on {there}");
    // A text that is missing shows its key.
    let is_key = |word: &&str| word.split('-').count() > 2 && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let missing: Vec<_> = page.text().split_whitespace().filter(is_key).map(str::to_owned).collect();
    assert!(missing.is_empty(), "missing texts on {there}: {missing:?}");
}

/// The words of the program on a page: headings, labels, buttons and the like, without what people typed and what programs call things.
fn words(page: &Page) -> BTreeSet<String> {
    let css = "h2, h3, label, button, th, legend, .od-help, dt, summary, nav.od-side a, .od-empty p, .od-tabs a, .od-head-text > p";
    let all = page.select(css).into_iter().map(|text| text.trim_matches(|c: char| !c.is_alphabetic()).to_owned());
    // A name of a variable or a permission is no word.
    let is_word = |text: &str| {
        text.chars().filter(|c| c.is_alphabetic()).count() > 1
            && text.bytes().any(|byte| !byte.is_ascii_alphanumeric() && byte != b'_' || byte.is_ascii_uppercase())
            && (text.contains(' ') || !text.starts_with(|c: char| c.is_ascii_lowercase()))
    };
    let all = all.filter(|text| is_word(text) && !text.contains('@') && !NAMES.contains(&text.as_str()));
    all.collect()
}

/// Chooses a language and a theme for an operator.
async fn prefer(app: &TestApp, id: i64, language: &str, theme: &str) {
    use onduty::store::StoreError;
    use onduty::store::entities::operator::{Column, Entity};
    use sea_orm::sea_query::Expr;
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
    let done = app.ctx.store.write(async |tx| {
        let rows = Entity::update_many().col_expr(Column::Locale, Expr::value(language)).col_expr(Column::Theme, Expr::value(theme));
        rows.filter(Column::Id.eq(id)).exec(tx).await.map_err(StoreError::from)
    });
    assert_eq!(done.await.expect("an update").rows_affected, 1);
}
