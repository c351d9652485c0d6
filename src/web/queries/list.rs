//! The list of queries: search, filters, order and pages, narrowed to what the reader may see (RO-3).

use actix_web::HttpResponse;
use actix_web::web::{Data, Query};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{Card, categories, sight, state_text};
use crate::actions::Ctx;
use crate::domain::auto_reply::sender_key;
use crate::domain::channel::Channel;
use crate::domain::limits;
use crate::domain::permission::Permission;
use crate::domain::query::{State, read_reference};
use crate::domain::text::words;
use crate::error::Result;
use crate::i18n::Texts;
use crate::store::operators;
use crate::store::queries::{self as rows, Filter, Item, Search, Sort};
use crate::web::departments::channel_name;
use crate::web::explain::{names_offered, person_named};
use crate::web::listing::{Address, Chip, PER_PAGE, Pages, day_begins, day_ends};
use crate::web::operators::subject::language_name;
use crate::web::shell::{self, Shell};
use crate::web::visit::{Reader, Visit};

/// Queries are counted up to here: beyond, a list is of no use without a filter.
const MOST: u64 = 5_000;
/// So many of the newest are looked through, beside all open ones, for what no index leads to: texts, languages, sites.
const LOOKED: u64 = 10_000;
const _: () = assert!(MOST <= LOOKED, "a list goes no further than it is looked through");

/// What the list is asked for; whatever it does not know is named on the page, never an error.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    state: String,
    channel: String,
    department: String,
    /// An id, or a name.
    operator: String,
    language: String,
    site: String,
    category: String,
    /// `1` for those that wait for a classification.
    unclassified: String,
    /// First and last day, both included, in the reader's zone.
    from: String,
    to: String,
    sort: String,
    page: Option<String>,
}

#[derive(Template)]
#[template(path = "queries/list.html")]
struct ListPage<'a> {
    shell: Shell<'a>,
    address: Address,
    chips: Vec<Chip>,
    /// Values in the address that name nothing, so that nothing is found.
    unknown: Vec<String>,
    choices: Choices,
    /// Names of operators to choose from; none for who may not see them.
    names: Vec<String>,
    /// The name of the operator asked for.
    operator: String,
    cards: Vec<Card>,
    pages: Pages,
    /// Whether there are more than are counted.
    is_endless: bool,
    /// What was looked through, in words, where that is not everything.
    looked: Option<String>,
    /// Where the reader can order by how long queries stand where they stand: the name of the order and of the column.
    by_since: Option<(&'static str, &'static str)>,
}

/// What the filters offer: values with their texts.
struct Choices {
    states: Vec<(String, String)>,
    channels: Vec<(String, String)>,
    departments: Vec<(String, String)>,
    languages: Vec<(String, String)>,
    sites: Vec<(String, String)>,
    categories: Vec<(String, String)>,
    unclassified: Vec<(String, String)>,
}

impl Choices {
    async fn read(ctx: &Ctx, visit: &Visit) -> Result<Choices> {
        let t = visit.t;
        // `open` stands for everything that is not closed.
        let open = ("open".to_owned(), t.get("queries-state-open").to_owned());
        let states = State::ALL.map(|state| (state.as_str().to_owned(), state_text(t, state).to_owned()));
        Ok(Choices {
            states: [open].into_iter().chain(states).collect(),
            channels: Channel::ALL.map(|channel| (channel.as_str().to_owned(), channel_name(t, channel).to_owned())).to_vec(),
            departments: visit.departments().collect(),
            languages: visit.catalogue.languages.iter().map(|one| (one.tag.clone(), language_name(t, &one.tag))).collect(),
            sites: visit.catalogue.sites.iter().map(|row| (row.site.slug.clone(), row.site.name.clone())).collect(),
            categories: categories(ctx.store.read(), visit).await?,
            unclassified: vec![("1".to_owned(), t.get("queries-unclassified").to_owned())],
        })
    }
}

/// `GET /queries`: a fixed number of statements, whatever the number of queries.
pub(super) async fn show(ctx: Data<Ctx>, reader: Reader, asked: Query<Asked>) -> Result<HttpResponse> {
    let t = reader.t;
    let sight = sight(&ctx, &reader).await?;
    let choices = Choices::read(&ctx, &reader).await?;
    let operator = operator(&ctx, &reader, &asked.operator).await?;
    let mut unknown = Vec::new();
    let filter =
        filter(&asked, &reader, &choices, Filter { sight, hands: operator.as_ref().map(|(id, _)| *id), ..Filter::default() }, &mut unknown);
    let address = address(&asked, &filter);
    let found = match unknown.is_empty() {
        true => Found::read(&ctx, &filter, &address, Pages::asked(asked.page.as_deref())).await?,
        false => Found { items: Vec::new(), pages: Pages::new(address.clone(), 1, 0, PER_PAGE), looked_back_to: None },
    };
    let may_choose = reader.may(Permission::OperatorsView);
    let operator = operator.map_or_else(|| asked.operator.clone(), |(_, name)| name);
    let looked = |at| t.with("queries-looked", &[("number", &t.number(LOOKED)), ("day", &reader.dates.day(&at))]);
    let page = ListPage {
        shell: Shell::new(&reader, t.get("queries-title")),
        chips: chips(t, &address, &choices, &operator),
        names: if may_choose { names_offered(ctx.roster().await?.prepared.roster.people()) } else { Vec::new() },
        is_endless: filter.search.is_none() && found.pages.count >= MOST,
        looked: found.looked_back_to.map(looked),
        by_since: by_since(t, &filter),
        cards: found.items.into_iter().map(|item| Card::of(item, &reader)).collect(),
        pages: found.pages,
        address,
        unknown,
        choices,
        operator,
    };
    shell::ok(&ctx, &reader, &page)
}

/// The queries of a page.
struct Found {
    items: Vec<Item>,
    pages: Pages,
    /// When the oldest came that was looked through, where older ones were not.
    looked_back_to: Option<DateTime<Utc>>,
}

impl Found {
    async fn read(ctx: &Ctx, filter: &Filter, address: &Address, page: u64) -> Result<Found> {
        let db = ctx.store.read();
        let looked_back_to = rows::looked_back_to(db, filter).await?;
        let pages = |count| Pages::new(address.clone(), page, count, PER_PAGE);
        if filter.search.is_none() {
            let pages = pages(rows::count(db, filter, MOST).await?);
            return Ok(Found { items: rows::page(db, filter, pages.offset(), PER_PAGE).await?, pages, looked_back_to });
        }
        let ids = rows::search(db, filter).await?;
        let pages = pages(ids.len() as u64);
        let offset = usize::try_from(pages.offset()).unwrap_or(usize::MAX);
        let ids = ids.into_iter().skip(offset).take(PER_PAGE as usize).collect();
        let items = rows::page(db, &Filter { ids: Some(ids), ..filter.clone() }, 0, PER_PAGE).await?;
        Ok(Found { items, pages, looked_back_to })
    }
}

/// Who is meant by a name or an id, also of somebody deleted. Who may not see operators asks about oneself alone.
async fn operator(ctx: &Ctx, reader: &Reader, typed: &str) -> Result<Option<(i64, String)>> {
    let own = &reader.viewer()?.seen;
    if !reader.may(Permission::OperatorsView) {
        return Ok((typed == own.operator_id.to_string()).then(|| (own.operator_id, own.name.clone())));
    }
    if let Some(person) = person_named(ctx.roster().await?.prepared.roster.people(), typed) {
        return Ok(Some((person.id, person.name.clone())));
    }
    match typed.parse() {
        Ok(id) => Ok(operators::find_deleted(ctx.store.read(), id).await?.map(|operator| (operator.id, operator.name))),
        Err(_) => Ok(None),
    }
}

/// The address that asks for this: an operator by id, and without what names no order.
fn address(asked: &Asked, filter: &Filter) -> Address {
    let params = [
        ("q", asked.q.trim().to_owned()),
        ("state", asked.state.clone()),
        ("channel", asked.channel.clone()),
        ("department", asked.department.clone()),
        ("operator", filter.hands.map_or_else(|| asked.operator.trim().to_owned(), |id| id.to_string())),
        ("language", asked.language.clone()),
        ("site", asked.site.clone()),
        ("category", asked.category.clone()),
        ("unclassified", asked.unclassified.clone()),
        ("from", asked.from.trim().to_owned()),
        ("to", asked.to.trim().to_owned()),
        ("sort", filter.sort.as_str().to_owned()),
    ];
    Address::new("/queries", params).ordered_by(Sort::Newest.as_str())
}

/// What the address asks for; values that name nothing are gathered, since nothing can match them.
fn filter(asked: &Asked, visit: &Visit, choices: &Choices, base: Filter, unknown: &mut Vec<String>) -> Filter {
    let mut known = |value: &str, is_known: bool| {
        if !value.trim().is_empty() && !is_known {
            unknown.push(value.trim().to_owned());
        }
    };
    let states = match asked.state.as_str() {
        "open" => vec![State::Waiting, State::Offered, State::Assigned],
        name => State::parse(name).into_iter().collect(),
    };
    let channel = Channel::parse(&asked.channel);
    let department = visit.catalogue.department_by_slug(&asked.department).map(|department| department.id);
    let site = visit.catalogue.site_by_slug(&asked.site).map(|row| row.id);
    let offered = |all: &[(String, String)], value: &str| all.iter().find(|(one, _)| one == value).map(|(one, _)| one.clone());
    let language = offered(&choices.languages, &asked.language);
    let category = offered(&choices.categories, &asked.category).and_then(|id| id.parse().ok());
    let (from, until) = (day_begins(&asked.from, visit.zone), day_ends(&asked.to, visit.zone));
    known(&asked.state, !states.is_empty());
    known(&asked.channel, channel.is_some());
    known(&asked.department, department.is_some());
    known(&asked.operator, base.hands.is_some());
    known(&asked.language, language.is_some());
    known(&asked.site, site.is_some());
    known(&asked.category, category.is_some());
    known(&asked.unclassified, asked.unclassified == "1");
    known(&asked.from, from.is_some());
    known(&asked.to, until.is_some());
    let q: String = asked.q.trim().chars().take(limits::SEARCH).collect();
    let id = read_reference(&q);
    let reference = id.filter(|_| q.starts_with(['Q', 'q']));
    let sender = sender_key(&q);
    Filter {
        search: (!q.is_empty() && reference.is_none() && sender.is_none()).then(|| Search { words: words(&[&q]), id }),
        ids: reference.map(|id| vec![id]),
        sender,
        sort: Sort::parse(&asked.sort).filter(|sort| sort.suits(&states)).unwrap_or_default(),
        states,
        channel,
        department,
        language,
        site,
        category,
        unclassified: asked.unclassified == "1",
        from,
        until,
        looked: Some(LOOKED),
        ..base
    }
}

fn by_since(t: Texts, filter: &Filter) -> Option<(&'static str, &'static str)> {
    let offered = [(Sort::Waiting, "queries-waiting-since"), (Sort::Closed, "queries-state-closed")];
    offered.into_iter().find(|(sort, _)| sort.suits(&filter.states)).map(|(sort, label)| (sort.as_str(), t.get(label)))
}

fn chips(t: Texts, address: &Address, choices: &Choices, operator: &str) -> Vec<Chip> {
    let typed = |name: &str| address.get(name).to_owned();
    let chosen = |all: &[(String, String)], name: &str| {
        all.iter().find(|(value, _)| value == address.get(name)).map_or_else(|| typed(name), |(_, text)| text.clone())
    };
    let all = [
        ("q", "queries-search-chip", typed("q")),
        ("state", "queries-state", chosen(&choices.states, "state")),
        ("channel", "queries-channel", chosen(&choices.channels, "channel")),
        ("department", "departments-department", chosen(&choices.departments, "department")),
        ("operator", "queries-operator", operator.trim().to_owned()),
        ("language", "queries-language", chosen(&choices.languages, "language")),
        ("site", "queries-site", chosen(&choices.sites, "site")),
        ("category", "queries-category", chosen(&choices.categories, "category")),
        ("unclassified", "queries-classification", chosen(&choices.unclassified, "unclassified")),
        ("from", "queries-from", typed("from")),
        ("to", "queries-to", typed("to")),
    ];
    let shown = all.into_iter().filter(|(.., value)| !value.is_empty());
    shown.map(|(name, label, value)| Chip { label: t.get(label), value, off: address.without(name) }).collect()
}
