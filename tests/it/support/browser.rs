//! Somebody at a browser without JavaScript: a cookie jar, pages, links, and forms by their visible labels.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use reqwest::cookie::{CookieStore, Jar};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::form::{self, Edits};

/// A browser; clones share its cookies.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    jar: Arc<Jar>,
    base: Url,
    operator: Arc<AtomicI64>,
    csrf: Arc<Mutex<String>>,
}

/// A page as it arrived, with what was typed into it since.
pub struct Page {
    browser: Browser,
    /// Where it was found in the end.
    pub url: Url,
    /// Status of every answer on the way here, the page's own last.
    pub statuses: Vec<u16>,
    /// Headers of the last answer.
    pub headers: HeaderMap,
    /// As it came.
    pub body: String,
    html: Html,
    scope: Option<String>,
    edits: Edits,
}

impl Browser {
    /// A browser that asks for a language.
    pub fn new(url: &str, language: &str) -> Browser {
        let jar = Arc::new(Jar::default());
        let headers = HeaderMap::from_iter([
            (reqwest::header::ACCEPT_LANGUAGE, language.parse().expect("a language")),
            (
                reqwest::header::USER_AGENT,
                "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0".parse().expect("a name"),
            ),
            (reqwest::header::ACCEPT, "text/html".parse().expect("a kind")),
        ]);
        let client = Client::builder().cookie_provider(jar.clone()).redirect(reqwest::redirect::Policy::none()).default_headers(headers);
        Browser {
            client: client.build().expect("a client"),
            jar,
            base: Url::parse(url).expect("an address"),
            operator: Arc::default(),
            csrf: Arc::default(),
        }
    }

    /// The operator who was signed in by the test's hand.
    pub fn me(&self) -> i64 {
        self.operator.load(Ordering::Relaxed)
    }

    pub(super) fn sign_in_as(&self, id: i64) {
        self.operator.store(id, Ordering::Relaxed);
    }

    /// Sets a cookie as a `Set-Cookie` header would.
    pub fn set_cookie(&self, cookie: &str) {
        self.jar.add_cookie_str(cookie, &self.base);
    }

    /// The cookies that would be sent, `name=value; ...`.
    pub fn cookies(&self) -> String {
        self.jar.cookies(&self.base).and_then(|value| value.to_str().map(str::to_owned).ok()).unwrap_or_default()
    }

    /// Opens a page and follows where it leads.
    pub async fn open(&self, path: &str) -> Page {
        let url = self.base.join(path).expect("a path");
        self.go(self.client.get(url.clone()), url).await
    }

    /// Sends exactly these fields, without any token.
    pub async fn post_bare(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let url = self.base.join(path).expect("a path");
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.client.post(url.clone()).header("content-type", "application/x-www-form-urlencoded").body(body);
        self.go(request, url).await
    }

    /// Sends these fields as a form of this session would, past whatever the page offers.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.csrf().await;
        let fields: Vec<(&str, &str)> = [("csrf_token", token.as_str())].into_iter().chain(fields.iter().copied()).collect();
        self.post_bare(path, &fields).await
    }

    /// The token of this session's forms.
    pub async fn csrf(&self) -> String {
        // Signed in or not, one of the two has a form.
        for path in ["/login", "/profile/password"] {
            if self.csrf.lock().expect("no panic elsewhere").is_empty() {
                self.open(path).await;
            }
        }
        let token = self.csrf.lock().expect("no panic elsewhere").clone();
        assert!(!token.is_empty(), "no form with a token was seen");
        token
    }

    /// A request with this browser's cookies, not sent yet.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.base.join(path).expect("a path"))
    }

    /// Sends and follows redirects by hand, as a browser does.
    pub(super) async fn go(&self, request: RequestBuilder, mut url: Url) -> Page {
        let mut statuses = Vec::new();
        let mut request = request;
        loop {
            let answer = request.send().await.unwrap_or_else(|error| panic!("{url}: {error:?}"));
            let (status, headers) = (answer.status(), answer.headers().clone());
            statuses.push(status.as_u16());
            let there = headers.get("location").filter(|_| status.is_redirection());
            if let Some(there) = there {
                url = url.join(there.to_str().expect("an address")).expect("an address");
                assert_eq!(url.origin(), self.base.origin(), "led elsewhere");
                assert!(statuses.len() < 10, "led in a circle: {statuses:?} {url}");
                request = self.client.get(url.clone());
                continue;
            }
            let body = String::from_utf8(answer.bytes().await.expect("a body").to_vec()).unwrap_or_default();
            let page = Page {
                browser: self.clone(),
                url,
                statuses,
                headers,
                html: Html::parse_document(&body),
                body,
                scope: None,
                edits: Edits::default(),
            };
            if let Some(token) = page.attributes("input[name=csrf_token]", "value").into_iter().next() {
                *self.csrf.lock().expect("no panic elsewhere") = token;
            }
            return page;
        }
    }
}

impl Page {
    /// Status of the page itself.
    pub fn status(&self) -> u16 {
        *self.statuses.last().expect("an answer")
    }

    /// Asserts the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Page {
        assert_eq!(self.status(), status, "{} says: {}", self.url, self.main());
        self
    }

    /// Its path.
    pub fn path(&self) -> &str {
        self.url.path()
    }

    /// Its path and query.
    pub fn address(&self) -> &str {
        &self.url[url::Position::BeforePath..]
    }

    /// The only h1.
    #[track_caller]
    pub fn h1(&self) -> String {
        let found = self.select("h1");
        assert_eq!(found.len(), 1, "h1 of {}: {found:?}", self.url);
        found.into_iter().next().unwrap_or_default()
    }

    /// The title.
    pub fn title(&self) -> String {
        self.select("title").into_iter().next().unwrap_or_default()
    }

    /// All text of the body, white space as one.
    pub fn text(&self) -> String {
        self.select("body").concat()
    }

    /// The text of the main part.
    pub fn main(&self) -> String {
        self.select("main").concat()
    }

    /// The message left by the page before.
    pub fn flash(&self) -> String {
        self.select(".od-flash").concat()
    }

    /// The faults that the summary names.
    pub fn faults(&self) -> Vec<String> {
        self.select(".od-errors li")
    }

    /// The fault beside a field.
    #[track_caller]
    pub fn fault_at(&self, label: &str) -> String {
        let control = form::control(self, label);
        let ids = control.attr("aria-describedby").unwrap_or_default();
        let wrong = ids.split_whitespace().filter(|id| id.ends_with("-error"));
        wrong.map(|id| self.select(&format!("[id='{id}']")).concat()).collect()
    }

    /// The value a field holds.
    #[track_caller]
    pub fn value(&self, label: &str) -> String {
        form::value(form::control(self, label))
    }

    /// Texts of the elements a selector finds.
    pub fn select(&self, css: &str) -> Vec<String> {
        self.elements(css).into_iter().map(form::text).collect()
    }

    /// An attribute of the elements a selector finds.
    pub fn attributes(&self, css: &str, name: &str) -> Vec<String> {
        self.elements(css).into_iter().filter_map(|element| element.attr(name).map(str::to_owned)).collect()
    }

    /// Whether a selector finds anything.
    pub fn has(&self, css: &str) -> bool {
        !self.elements(css).is_empty()
    }

    /// Fields, links and buttons that nobody can name.
    pub fn nameless(&self) -> Vec<String> {
        let all = self.elements("input:not([type=hidden]), select, textarea, button, a[href], summary").into_iter();
        let without = all.filter(|element| form::name(self, *element).is_empty() && !form::has_picture_text(*element));
        without.map(|element| element.html()).collect()
    }

    /// Addresses of all links.
    pub fn links(&self) -> Vec<String> {
        self.attributes("a[href]", "href")
    }

    /// A header as text; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Looks for fields, buttons and links only inside what the selector finds.
    #[track_caller]
    pub fn within(mut self, css: &str) -> Page {
        assert_eq!(self.elements(css).len(), 1, "{css} in {}", self.url);
        self.scope = Some(css.to_owned());
        self
    }

    /// Looks on the whole page again.
    pub fn anywhere(mut self) -> Page {
        self.scope = None;
        self
    }

    /// Types into a field.
    #[track_caller]
    pub fn fill(mut self, label: &str, value: &str) -> Page {
        let id = form::typed(&self, label).id();
        self.edits.values.insert(id, vec![value.to_owned()]);
        self
    }

    /// Chooses an option of a select by its text.
    #[track_caller]
    pub fn pick(mut self, label: &str, option: &str) -> Page {
        let (id, value) = form::option(&self, label, option);
        self.edits.values.insert(id, vec![value]);
        self
    }

    /// Chooses a radio button of a group by the group's legend and its own label.
    #[track_caller]
    pub fn choose(mut self, group: &str, option: &str) -> Page {
        let (chosen, others) = form::radio(&self, group, option);
        for other in others {
            self.edits.checked.insert(other, false);
        }
        self.edits.checked.insert(chosen, true);
        self
    }

    /// Ticks a box or a switch.
    #[track_caller]
    pub fn check(mut self, label: &str) -> Page {
        let id = form::checkbox(&self, label).id();
        self.edits.checked.insert(id, true);
        self
    }

    /// Unticks a box or a switch.
    #[track_caller]
    pub fn uncheck(mut self, label: &str) -> Page {
        let id = form::checkbox(&self, label).id();
        self.edits.checked.insert(id, false);
        self
    }

    /// Chooses a file.
    #[track_caller]
    pub fn attach(mut self, label: &str, name: &str, kind: &str, bytes: &[u8]) -> Page {
        let id = form::control(&self, label).id();
        self.edits.files.insert(id, (name.to_owned(), kind.to_owned(), bytes.to_vec()));
        self
    }

    /// Presses a button: sends its form with everything in it.
    pub async fn submit(self, button: &str) -> Page {
        let sent = form::sent(&self, button, &self.edits);
        let url = self.url.join(&sent.action).expect("an address");
        let client = &self.browser.client;
        if sent.method == Method::GET {
            let mut url = url;
            url.query_pairs_mut().clear().extend_pairs(sent.pairs());
            return self.browser.go(client.get(url.clone()), url).await;
        }
        let request = client.post(url.clone()).header("origin", self.url.origin().ascii_serialization());
        let request = request.header("referer", self.url.as_str()).header("sec-fetch-site", "same-origin");
        let request = if sent.is_multipart {
            request.multipart(sent.multipart())
        } else {
            let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(sent.pairs()).finish();
            request.header("content-type", "application/x-www-form-urlencoded").body(body)
        };
        self.browser.go(request, url).await
    }

    /// Follows the link of this text.
    pub async fn follow(&self, text: &str) -> Page {
        let links = self.elements("a[href]");
        let found = links.iter().find(|link| form::name(self, **link) == text);
        let Some(link) = found else {
            panic!("no link {text} on {}; there are {:?}", self.url, links.iter().map(|link| form::name(self, *link)).collect::<Vec<_>>())
        };
        let url = self.url.join(link.attr("href").unwrap_or_default()).expect("an address");
        self.browser.go(self.browser.client.get(url.clone()), url).await
    }

    /// The same page again.
    pub async fn again(&self) -> Page {
        self.browser.open(self.address()).await
    }

    /// Elements in the scope.
    pub(super) fn elements(&self, css: &str) -> Vec<ElementRef<'_>> {
        let selector = Selector::parse(css).unwrap_or_else(|error| panic!("{css}: {error}"));
        match &self.scope {
            Some(scope) => {
                let scope = Selector::parse(scope).expect("a selector");
                let root = self.html.select(&scope).next().expect("the scope");
                root.select(&selector).collect()
            }
            None => self.html.select(&selector).collect(),
        }
    }

    /// The whole document, whatever the scope.
    pub(super) fn document(&self) -> &Html {
        &self.html
    }
}
