//! Search over operators, sites and pages: a page of its own, and the answers of the palette (UX: Shell, Ctrl K).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Query, ServiceConfig};
use askama::Template;
use serde::Deserialize;

use super::shell::{self, Avatar, Link, Shell};
use super::visit::Reader;
use crate::actions::Ctx;
use crate::domain::permission::Permission;
use crate::domain::{limits, text};
use crate::error::Result;
use crate::i18n::Texts;
use crate::store::operators::{self, Filter, Row};
use crate::store::sites::SiteRow;

/// Operators shown by the page and by the palette.
const ON_PAGE: u64 = 20;
const IN_PALETTE: u64 = 6;

/// The addresses of the search.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(web::resource("/search").get(show)).service(web::resource("/search/suggestions").get(suggest));
}

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
}

/// An operator who was found.
struct Person<'a> {
    row: &'a Row,
    avatar: Avatar<'a>,
}

#[derive(Template)]
#[template(path = "search/page.html")]
struct SearchPage<'a> {
    shell: Shell<'a>,
    q: &'a str,
    people: Vec<Person<'a>>,
    sites: Vec<&'a SiteRow>,
    pages: Vec<Link>,
}

#[derive(Template)]
#[template(path = "search/suggestions.html")]
struct Suggestions<'a> {
    t: Texts,
    people: Vec<Person<'a>>,
    sites: Vec<&'a SiteRow>,
    pages: Vec<Link>,
}

/// `GET /search?q=`.
async fn show(ctx: Data<Ctx>, reader: Reader, asked: Query<Asked>) -> Result<HttpResponse> {
    let q = words(&asked.q);
    let rows = if q.is_empty() { Vec::new() } else { people(&ctx, &reader, &q, ON_PAGE).await? };
    let shell = Shell::new(&reader, reader.t.get("search-title"));
    let pages = if q.is_empty() { Vec::new() } else { pages(&shell, &q) };
    let page = SearchPage { pages, people: persons(&rows), sites: sites(&reader, &q), q: &q, shell };
    shell::ok(&ctx, &reader, &page)
}

/// `GET /search/suggestions?q=`: without words the pages alone, as a way to go anywhere.
async fn suggest(ctx: Data<Ctx>, reader: Reader, asked: Query<Asked>) -> Result<HttpResponse> {
    let q = words(&asked.q);
    let rows = if q.is_empty() { Vec::new() } else { people(&ctx, &reader, &q, IN_PALETTE).await? };
    let shell = Shell::new(&reader, "");
    let part = Suggestions { t: reader.t, people: persons(&rows), sites: sites(&reader, &q), pages: pages(&shell, &q) };
    shell::html(&ctx, StatusCode::OK, None, &part)
}

fn words(asked: &str) -> String {
    asked.trim().chars().take(limits::SEARCH).collect()
}

/// The operators the reader may see (Z2).
async fn people(ctx: &Ctx, reader: &Reader, q: &str, limit: u64) -> Result<Vec<Row>> {
    if !reader.may(Permission::OperatorsView) {
        return Ok(Vec::new());
    }
    let filter = Filter { q: q.to_owned(), reader_language: reader.t.locale().tag().to_owned(), ..Filter::default() };
    let db = ctx.store.read();
    let search = operators::Search::of(db, &filter).await?;
    Ok(operators::page(db, &filter, &search, ctx.now(), 0, limit).await?)
}

fn persons(rows: &[Row]) -> Vec<Person<'_>> {
    let avatar = |row| -> Avatar<'_> {
        let row: &Row = row;
        Avatar::new(row.id, &row.name, row.photo_id.as_deref(), row.preset.as_deref())
    };
    rows.iter().map(|row| Person { row, avatar: avatar(row) }).collect()
}

/// The sites the reader may see whose name or host holds the words; without words, none.
fn sites<'a>(reader: &'a Reader, q: &str) -> Vec<&'a SiteRow> {
    let wanted = text::fold(q);
    let fits =
        |row: &&SiteRow| text::fold(&row.site.name).contains(&wanted) || row.site.hosts.iter().any(|host| host.name().contains(&wanted));
    let all = if q.is_empty() || !reader.may(Permission::SitesView) { &[] } else { reader.catalogue.sites.as_slice() };
    all.iter().filter(fits).take(ON_PAGE as usize).collect()
}

/// The pages the reader may open whose title holds the words.
fn pages(shell: &Shell<'_>, q: &str) -> Vec<Link> {
    let t = shell.t;
    let wanted = text::fold(q);
    let link = |key: &str, href, icon| Link { text: t.get(key), href, icon, is_here: false };
    let own = [
        link("search-start", "/", "home"),
        link("shell-profile", "/profile", "user"),
        link("shell-password", "/profile/password", "lock"),
        link("shell-sessions", "/profile/applications", "device-desktop"),
    ];
    let add = reader_adds(shell).then(|| link("operators-add", "/operators/new", "user-plus"));
    let add_site = shell.visit.may(Permission::SitesManage).then(|| link("sites-add", "/sites/new", "plus"));
    let navigation = shell.navigation().into_iter().flat_map(|(_, links)| links);
    navigation.chain(add).chain(add_site).chain(own).filter(|link| text::fold(link.text).contains(&wanted)).collect()
}

fn reader_adds(shell: &Shell<'_>) -> bool {
    shell.visit.may(Permission::OperatorsManage)
}
