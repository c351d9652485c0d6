//! The list of queries: search, filters, order and pages, narrowed to what the reader may see (RO-3).

use actix_web::HttpResponse;
use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use super::{Card, sight, state_text};
use crate::actions::Ctx;
use crate::domain::auto_reply::sender_key;
use crate::domain::channel::Channel;
use crate::domain::query::{State, read_reference};
use crate::error::Result;
use crate::i18n::Texts;
use crate::store::operators;
use crate::store::queries::{self as rows, Filter, Sort};
use crate::web::departments::channel_name;
use crate::web::listing::{Address, Chip, PER_PAGE, Pages};
use crate::web::shell::{self, Shell};
use crate::web::visit::{Reader, Visit};

/// Queries are counted up to here: beyond, a list is of no use without a filter.
const MOST: u64 = 5_000;

/// What the list is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    state: String,
    channel: String,
    department: String,
    operator: String,
    /// `1` for those that wait for a classification.
    unclassified: String,
    sort: String,
    page: Option<String>,
}

#[derive(Template)]
#[template(path = "queries/list.html")]
struct ListPage<'a> {
    shell: Shell<'a>,
    address: Address,
    chips: Vec<Chip>,
    states: Vec<(String, String)>,
    channels: Vec<(String, String)>,
    departments: Vec<(String, String)>,
    cards: Vec<Card>,
    pages: Pages,
    /// Whether there are more than are counted.
    is_endless: bool,
}

/// `GET /queries`: two statements, one more for an agent or a named operator.
pub(super) async fn show(ctx: Data<Ctx>, reader: Reader, asked: Query<Asked>) -> Result<HttpResponse> {
    let (t, db) = (reader.t, ctx.store.read());
    let filter = filter(&asked, &reader, Filter { sight: sight(&ctx, &reader).await?, ..Filter::default() });
    let sort = if asked.sort == "created" { Sort::Oldest } else { Sort::Newest };
    let params = [
        ("q", asked.q.trim().to_owned()),
        ("state", asked.state.clone()),
        ("channel", asked.channel.clone()),
        ("department", asked.department.clone()),
        ("operator", asked.operator.clone()),
        ("unclassified", asked.unclassified.clone()),
        ("sort", asked.sort.clone()),
    ];
    let address = Address::new("/queries", params).ordered_by("-created");
    let count = rows::count(db, &filter, MOST).await?;
    let pages = Pages::new(address.clone(), Pages::asked(asked.page.as_deref()), count, PER_PAGE);
    let found = rows::page(db, &filter, sort, pages.offset(), PER_PAGE).await?;
    let page = ListPage {
        shell: Shell::new(&reader, t.get("queries-title")),
        chips: chips(&ctx, &reader, &address, &asked).await?,
        states: choices(t),
        channels: Channel::ALL.map(|channel| (channel.as_str().to_owned(), channel_name(t, channel).to_owned())).to_vec(),
        departments: reader.departments().collect(),
        cards: found.into_iter().map(|item| Card::of(item, &reader)).collect(),
        is_endless: count == MOST,
        pages,
        address,
    };
    shell::ok(&ctx, &reader, &page)
}

/// `open` stands for everything that is not closed.
fn choices(t: Texts) -> Vec<(String, String)> {
    let open = ("open".to_owned(), t.get("queries-state-open").to_owned());
    [open].into_iter().chain(State::ALL.map(|state| (state.as_str().to_owned(), state_text(t, state).to_owned()))).collect()
}

fn filter(asked: &Asked, visit: &Visit, base: Filter) -> Filter {
    let q = asked.q.trim();
    let states = match asked.state.as_str() {
        "open" => vec![State::Waiting, State::Offered, State::Assigned],
        name => State::parse(name).into_iter().collect(),
    };
    // What is neither a number nor an address finds nothing: texts of queries are not searched.
    let id = if q.is_empty() || q.contains('@') { None } else { Some(read_reference(q).unwrap_or(0)) };
    Filter {
        id,
        sender: q.contains('@').then(|| sender_key(q).unwrap_or_default()),
        states,
        channel: Channel::parse(&asked.channel),
        department: (!asked.department.is_empty())
            .then(|| visit.catalogue.department_by_slug(&asked.department).map_or(0, |department| department.id)),
        operator: (!asked.operator.is_empty()).then(|| asked.operator.parse().unwrap_or(0)),
        unclassified: asked.unclassified == "1",
        ..base
    }
}

async fn chips(ctx: &Ctx, visit: &Visit, address: &Address, asked: &Asked) -> Result<Vec<Chip>> {
    let t = visit.t;
    let operator = match asked.operator.parse() {
        Ok(id) => operators::find(ctx.store.read(), id).await?.map(|operator| operator.name),
        Err(_) => None,
    };
    let named = |all: Vec<(String, String)>, value: &str| all.into_iter().find(|(name, _)| name == value).map(|(_, text)| text);
    let shown = |value: &str, text: Option<String>| (!value.is_empty()).then(|| text.unwrap_or_else(|| value.to_owned()));
    let channels = Channel::ALL.map(|channel| (channel.as_str().to_owned(), channel_name(t, channel).to_owned())).to_vec();
    let all = [
        ("q", "queries-search-chip", shown(asked.q.trim(), None)),
        ("state", "queries-state", shown(&asked.state, named(choices(t), &asked.state))),
        ("channel", "queries-channel", shown(&asked.channel, named(channels, &asked.channel))),
        ("department", "departments-department", shown(&asked.department, named(visit.departments().collect(), &asked.department))),
        ("operator", "queries-operator", shown(&asked.operator, operator)),
        ("unclassified", "queries-classification", shown(&asked.unclassified, Some(t.get("queries-unclassified").to_owned()))),
    ];
    let chip = |(name, label, value): (&'static str, &str, Option<String>)| {
        Some(Chip { label: t.get(label), value: value?, off: address.without(name) })
    };
    Ok(all.into_iter().filter_map(chip).collect())
}
