//! Search over operators, departments, sites and pages: a page of its own, and the answers of the palette (UX: Shell, Ctrl K).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Query, ServiceConfig};
use askama::Template;
use serde::Deserialize;

use super::shell::{self, Avatar, Shell};
use super::visit::Reader;
use crate::actions::Ctx;
use crate::domain::permission::Permission;
use crate::domain::{limits, text};
use crate::error::Result;
use crate::i18n::Texts;
use crate::store::operators::{self, Filter, Row};

/// Operators shown by the page and by the palette.
const ON_PAGE: u64 = 20;
const IN_PALETTE: u64 = 6;
/// Departments and sites shown by either.
const MOST: usize = 6;

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

/// Things of one kind that were found.
struct Group {
    title: &'static str,
    links: Vec<Found>,
}

struct Found {
    text: String,
    href: String,
    icon: &'static str,
    /// What tells it from its like.
    small: Option<String>,
}

#[derive(Template)]
#[template(path = "search/page.html")]
struct SearchPage<'a> {
    shell: Shell<'a>,
    q: &'a str,
    people: Vec<Person<'a>>,
    groups: Vec<Group>,
}

#[derive(Template)]
#[template(path = "search/suggestions.html")]
struct Suggestions<'a> {
    t: Texts,
    people: Vec<Person<'a>>,
    groups: Vec<Group>,
}

/// `GET /search?q=`.
async fn show(ctx: Data<Ctx>, reader: Reader, asked: Query<Asked>) -> Result<HttpResponse> {
    let q = words(&asked.q);
    let rows = if q.is_empty() { Vec::new() } else { people(&ctx, &reader, &q, ON_PAGE).await? };
    let shell = Shell::new(&reader, reader.t.get("search-title"));
    let groups = if q.is_empty() { Vec::new() } else { groups(&shell, &q) };
    let page = SearchPage { groups, people: persons(&rows), q: &q, shell };
    shell::ok(&ctx, &reader, &page)
}

/// `GET /search/suggestions?q=`: without words the pages alone, as a way to go anywhere.
async fn suggest(ctx: Data<Ctx>, reader: Reader, asked: Query<Asked>) -> Result<HttpResponse> {
    let q = words(&asked.q);
    let rows = if q.is_empty() { Vec::new() } else { people(&ctx, &reader, &q, IN_PALETTE).await? };
    let shell = Shell::new(&reader, "");
    let part = Suggestions { t: reader.t, people: persons(&rows), groups: groups(&shell, &q) };
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

/// What is held in memory anyway and holds the words, as far as the reader may see it; without words the pages alone.
fn groups(shell: &Shell<'_>, q: &str) -> Vec<Group> {
    let wanted = text::fold(q);
    let mut groups = Vec::new();
    if !wanted.is_empty() {
        groups.push(Group { title: shell.t.get("nav-departments"), links: departments(shell, &wanted) });
        groups.push(Group { title: shell.t.get("nav-schedules"), links: schedules(shell, &wanted) });
        groups.push(Group { title: shell.t.get("search-sites"), links: sites(shell, &wanted) });
    }
    groups.push(Group { title: shell.t.get("search-pages"), links: pages(shell, &wanted) });
    groups.retain(|group| !group.links.is_empty());
    groups
}

/// Departments by any of their names.
fn departments(shell: &Shell<'_>, wanted: &str) -> Vec<Found> {
    if !shell.visit.may(Permission::DepartmentsView) {
        return Vec::new();
    }
    let all = shell.visit.catalogue.departments.iter();
    let found = all.filter(|department| department.names().any(|name| text::fold(name).contains(wanted))).take(MOST);
    let link = |department: &crate::store::departments::Department| Found {
        text: department.name_in(shell.t.locale().tag()).to_owned(),
        href: format!("/departments/{}", department.id),
        icon: "building-community",
        small: None,
    };
    found.map(link).collect()
}

/// Shared schedules by name.
fn schedules(shell: &Shell<'_>, wanted: &str) -> Vec<Found> {
    if !shell.visit.may(Permission::SchedulesView) {
        return Vec::new();
    }
    let found = shell.visit.catalogue.schedules.iter().filter(|row| text::fold(&row.schedule.name).contains(wanted));
    let link = |row: &crate::store::schedules::ScheduleRow| Found {
        text: row.schedule.name.clone(),
        href: format!("/schedules/{}", row.id),
        icon: "clock",
        small: Some(row.schedule.time_zone.name().to_owned()),
    };
    found.take(MOST).map(link).collect()
}

/// Sites by name or host.
fn sites(shell: &Shell<'_>, wanted: &str) -> Vec<Found> {
    if !shell.visit.may(Permission::SitesView) {
        return Vec::new();
    }
    let found = shell
        .visit
        .catalogue
        .sites
        .iter()
        .filter(|row| text::fold(&row.site.name).contains(wanted) || row.site.hosts.iter().any(|host| host.name().contains(wanted)));
    let link = |row: &crate::store::sites::SiteRow| Found {
        text: row.site.name.clone(),
        href: format!("/sites/{}", row.id),
        icon: "world",
        small: row.site.hosts.first().map(ToString::to_string),
    };
    found.take(MOST).map(link).collect()
}

/// The pages the reader may open whose title holds the words.
fn pages(shell: &Shell<'_>, wanted: &str) -> Vec<Found> {
    let t = shell.t;
    let link = |key: &str, href: &str, icon| Found { text: t.get(key).to_owned(), href: href.to_owned(), icon, small: None };
    let own = [
        link("search-start", "/", "home"),
        link("shell-profile", "/profile", "user"),
        link("shell-password", "/profile/password", "lock"),
        link("shell-sessions", "/profile/applications", "device-desktop"),
    ];
    let more = [
        (Permission::OperatorsManage, link("operators-add", "/operators/new", "user-plus")),
        (Permission::StatusesManage, link("statuses-add", "/statuses/new", "plus")),
        (Permission::SchedulesManage, link("schedules-add", "/schedules/new", "plus")),
        (Permission::DepartmentsManage, link("departments-add", "/departments/new", "plus")),
        (Permission::DepartmentsView, link("departments-matrix", "/departments/matrix", "layout-grid")),
        (Permission::SitesManage, link("sites-add", "/sites/new", "plus")),
    ];
    let more = more.into_iter().filter(|(permission, _)| shell.visit.may(*permission)).map(|(_, link)| link);
    let navigation = shell.navigation().into_iter().flat_map(|(_, links)| links);
    let navigation = navigation.map(|link| Found { text: link.text.to_owned(), href: link.href.to_owned(), icon: link.icon, small: None });
    navigation.chain(more).chain(own).filter(|link| text::fold(&link.text).contains(wanted)).collect()
}
