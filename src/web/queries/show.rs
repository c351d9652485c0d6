//! One query: what is asked, where it stands, what befell it, why it went where it did (QU-7), and what may be done with it.

use actix_web::web::{self, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Deserialize;

use super::deeds::Typed;
use super::{categories, departments_of, state_text, subject};
use crate::actions::Ctx;
use crate::actions::availability::{ToldCheck, channel_name, check_name};
use crate::actions::queries::{Teller, Trace, TraceLook, may_see};
use crate::domain::availability::Question;
use crate::domain::language::name_in;
use crate::domain::permission::Permission;
use crate::domain::query::{EventKind, NOT_TAKEN, Outcome, Source, State, reference};
use crate::domain::routing::{Offer, Rest, rings_for};
use crate::error::{AppError, Result};
use crate::i18n::Texts;
use crate::store::queries::{self as rows, Event, Query};
use crate::web::faults::Faults;
use crate::web::live::is_by_itself;
use crate::web::shell::{self, Shell};
use crate::web::visit::Reader;

#[derive(Template)]
#[template(path = "queries/show.html")]
pub(super) struct ShowPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    query: Query,
    reference: String,
    state: State,
    state_text: &'static str,
    channel: &'static str,
    department: Option<String>,
    site: Option<String>,
    /// The id that another program gave it.
    external: Option<String>,
    language: Option<String>,
    /// How the language was found.
    language_from: Option<&'static str>,
    operator: Option<(i64, String)>,
    addressed: Option<(i64, String)>,
    life: Vec<Step>,
    looks: Vec<LookRow>,
    /// What keeps it from whole departments.
    obstacles: Vec<String>,
    looked_at: Option<DateTime<Utc>>,
    /// Whether it rings for the reader.
    rings: bool,
    /// Whether the reader may send it on, close and classify it.
    may_change: bool,
    /// Whether the reader may give it to somebody.
    may_assign: bool,
    /// Whether it is the reader's.
    is_mine: bool,
    /// Operators to give it to: id and name, those first who receive.
    operators: Vec<(String, String)>,
    departments: Vec<(String, String)>,
    categories: Vec<(String, String)>,
    /// What the forms hold: as it was typed, else as it is kept.
    typed: Typed,
    me: String,
    /// Whether the reader may open operators.
    may_open: bool,
}

/// What befell the query.
struct Step {
    at: DateTime<Utc>,
    icon: &'static str,
    text: String,
    note: Option<String>,
}

/// A look at an operator when the query was last sent on its way.
struct LookRow {
    id: i64,
    name: String,
    /// How they came to be looked at.
    via: String,
    receives: bool,
    rank: Option<usize>,
    /// Why they are not asked although they might take it, and when they are asked again.
    rest: Option<(&'static str, DateTime<Utc>)>,
    /// Why not, in a few words.
    reason: Option<&'static str>,
    /// Every check with whether it passed, and what decided where that was kept.
    checks: Vec<(&'static str, bool, Option<ToldCheck>)>,
    /// The page that tells every check with its fact.
    explain: String,
}

/// What an open page brings along when it asks by itself whether it still stands.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// The version that it shows.
    seen: Option<i64>,
}

/// `GET /queries/{id}`; nothing for a page that asks by itself and shows it as it is.
pub(super) async fn show(
    ctx: Data<Ctx>,
    reader: Reader,
    id: Path<i64>,
    request: HttpRequest,
    asked: web::Query<Asked>,
) -> Result<HttpResponse> {
    let (query, offers) = found(&ctx, &reader, *id).await?;
    // Why nobody has a query may change while the query does not.
    let is_settled = matches!(query.state(), State::Assigned | State::Closed);
    if is_by_itself(&request) && is_settled && asked.seen == Some(query.version) {
        return Ok(HttpResponse::NoContent().finish());
    }
    let page = page(&ctx, &reader, (query, offers), Faults::none(reader.t), None).await?;
    shell::ok(&ctx, &reader, &page)
}

/// A query that the reader may see, with its offers.
pub(super) async fn found(ctx: &Ctx, reader: &Reader, id: i64) -> Result<(Query, Vec<Offer>)> {
    let db = ctx.store.read();
    let query = rows::find(db, id).await?.ok_or(AppError::NotFound)?;
    let offers = rows::offers(db, id).await?;
    may_see(reader.actor()?, &query, &rings_for(&offers), &departments_of(ctx, reader).await?)?;
    Ok((query, offers))
}

/// The page of a query, its forms as they were typed where one was refused.
pub(super) async fn page<'a>(
    ctx: &Ctx,
    reader: &'a Reader,
    (query, offers): (Query, Vec<Offer>),
    faults: Faults,
    typed: Option<&Typed>,
) -> Result<ShowPage<'a>> {
    let (t, db, me) = (reader.t, ctx.store.read(), reader.viewer()?.seen.operator_id);
    let (events, offered) = (rows::events(db, query.id, query.created_at).await?, rings_for(&offers));
    let snapshot = ctx.roster().await?;
    let names = |id: i64| snapshot.prepared.roster.person(id).map(|person| person.name.clone());
    let name = |id: i64| names(id).unwrap_or_else(|| t.get("queries-somebody-gone").to_owned());
    let tag = t.locale().tag();
    let department_name = |id: i64| reader.catalogue.department(id).map(|one| one.name_in(tag).to_owned());
    let trace = Trace::present(&query, &offers, &snapshot, ctx.now());
    let looked_at = DateTime::from_timestamp_millis(trace.at).filter(|_| !trace.looks.is_empty());
    let channel = channel_name(t, query.channel());
    let unused = trace.unused.iter().filter_map(|id| department_name(*id));
    let mut obstacles: Vec<String> =
        unused.map(|name| t.with("queries-why-unused", &[("department", &name), ("channel", channel)])).collect();
    if query.department_id.is_none() && matches!(query.state(), State::Waiting | State::Offered) {
        obstacles.push(t.get("queries-why-nowhere").to_owned());
    }
    let may_manage = reader.may(Permission::QueriesManage);
    let is_mine = query.operator_id == Some(me);
    let language = query.language();
    let teller = Teller::new(&query, t, reader.dates, &snapshot.catalogue);
    let looks = trace.looks.iter().map(|look| {
        let absence = || look.absence.map_or_else(String::new, |_| t.get("queries-via-deputy").to_owned());
        let via = match look.via.as_str() {
            "addressed" => t.get("queries-via-addressed").to_owned(),
            "deputy" => absence(),
            "fallback" => t.with("queries-via-fallback", &[("department", &look.department.and_then(department_name).unwrap_or_default())]),
            _ => t.with("queries-via-department", &[("department", &look.department.and_then(department_name).unwrap_or_default())]),
        };
        LookRow {
            id: look.operator,
            name: name(look.operator),
            via,
            receives: look.receives(),
            rank: look.rank,
            rest: look.rest().map(|Rest { outcome, until }| (rest_text(t, outcome), until)),
            reason: look.reason().map(|check| check_name(t, check)),
            checks: teller.checks(look).map(|(check, passed, fact)| (check_name(t, check), passed, fact)).collect(),
            explain: explain(&query, look, reader),
        }
    });
    let looks = looks.collect();
    let categories = categories(db, reader).await?;
    // What it was about is kept with the query, as it was told last.
    let category = query.category_id.and_then(|id| categories.iter().find(|(category, _)| *category == id.to_string()));
    let told = category.map(|(_, name)| (name.as_str(), query.classification_note.as_deref()));
    let last = events.iter().rposition(|event| event.kind == EventKind::Classified.as_str());
    let life = events.into_iter().enumerate();
    let life = life.map(|(place, event)| step(t, event, &name, &department_name, told.filter(|_| last == Some(place)))).collect();
    Ok(ShowPage {
        shell: Shell::new(reader, subject(t, &query.subject)).crumb(t.get("queries-title"), "/queries"),
        faults,
        reference: reference(query.id),
        state: query.state(),
        state_text: state_text(t, query.state()),
        channel,
        department: query.department_id.and_then(department_name),
        site: query.site_id.and_then(|id| reader.catalogue.site(id)).map(|row| row.site.name.clone()),
        // Ids of the contact page serve it alone.
        external: query.external_id.clone().filter(|_| query.source != Source::Contact.as_str()),
        language: language.as_ref().map(|language| name_in(language, tag)),
        language_from: query.language.as_ref().map(|_| language_from(t, query.told_language())),
        operator: query.operator_id.map(|id| (id, name(id))),
        addressed: query.addressed_id.filter(|id| query.operator_id != Some(*id)).map(|id| (id, name(id))),
        life,
        looks,
        obstacles,
        looked_at,
        rings: offered.contains(&me),
        may_change: may_manage || is_mine,
        may_assign: may_manage,
        is_mine,
        operators: operators(&snapshot, &query),
        departments: departments(reader, &query),
        categories,
        typed: typed.cloned().unwrap_or_else(|| Typed {
            category: query.category_id.map(|id| id.to_string()).unwrap_or_default(),
            note: query.classification_note.clone().unwrap_or_default(),
            ..Typed::default()
        }),
        me: me.to_string(),
        may_open: reader.may(Permission::OperatorsView),
        query,
    })
}

/// Members of the query's department, those first who receive.
fn operators(snapshot: &crate::actions::roster::Snapshot, query: &Query) -> Vec<(String, String)> {
    let roster = &snapshot.prepared.roster;
    let language = query.language();
    let question =
        Question { department: query.department_id, channel: Some(query.channel()), language: language.as_ref(), ..Question::default() };
    let Some(_) = query.department_id else { return Vec::new() };
    let ranked: Vec<usize> = snapshot.prepared.ranked(question).into_iter().map(|(place, _)| place).collect();
    let others = roster.places_in(query.department_id).filter(|place| !ranked.contains(place));
    let all = ranked.iter().copied().map(|place| (place, true)).chain(others.map(|place| (place, false)));
    let named = all.filter_map(|(place, receives)| {
        let person = roster.people().get(place)?;
        let is_active = person.account.activated && !person.account.suspended;
        let mark = if receives { "● " } else { "○ " };
        (is_active && Some(person.id) != query.operator_id).then(|| (person.id.to_string(), format!("{mark}{}", person.name)))
    });
    named.collect()
}

/// Departments that work the channel.
fn departments(reader: &Reader, query: &Query) -> Vec<(String, String)> {
    let tag = reader.t.locale().tag();
    let works = reader.catalogue.departments.iter().filter(|one| reader.catalogue.channels_of(one).contains(query.channel()));
    works.map(|one| (one.facts.slug.clone(), one.name_in(tag).to_owned())).collect()
}

fn explain(query: &Query, look: &TraceLook, reader: &Reader) -> String {
    let department = look.department.and_then(|id| reader.catalogue.department(id)).map(|one| one.facts.slug.clone());
    let mut address = url::form_urlencoded::Serializer::new(String::new());
    address.append_pair("operator", &look.operator.to_string()).append_pair("channel", &query.channel);
    for (name, value) in [("department", department), ("language", query.language.clone())] {
        if let Some(value) = value {
            address.append_pair(name, &value);
        }
    }
    let at = query.created_at.0.with_timezone(&reader.zone).to_rfc3339_opts(SecondsFormat::Secs, true);
    address.append_pair("at", at.get(..16).unwrap_or_default());
    format!("/explain?{}", address.finish())
}

/// What an operator did who is not asked for a while.
fn rest_text(t: Texts, outcome: Outcome) -> &'static str {
    t.get(match outcome {
        Outcome::Declined => "queries-rest-declined",
        Outcome::Accepted => "queries-rest-given-away",
        Outcome::TimedOut | Outcome::Withdrawn => "queries-rest-timed-out",
    })
}

fn language_from(t: Texts, from: &str) -> &'static str {
    t.get(match from {
        "url" => "queries-language-url",
        "browser" => "queries-language-browser",
        "country" => "queries-language-country",
        "fixed" => "queries-language-fixed",
        "text" => "queries-language-text",
        _ => "queries-language-given",
    })
}

/// An event in words; of a classification with its category and note, where they are still known.
fn step(
    t: Texts,
    event: Event,
    name: &impl Fn(i64) -> String,
    department: &impl Fn(i64) -> Option<String>,
    told: Option<(&str, Option<&str>)>,
) -> Step {
    let kind = EventKind::parse(&event.kind).unwrap_or(EventKind::Received);
    let operator = event.operator_id.map(name).unwrap_or_default();
    let place = event.department_id.and_then(department).unwrap_or_default();
    let by = match event.actor_name.as_str() {
        "console" => t.get("queries-by-console"),
        "contact" => t.get("queries-by-contact"),
        "intake" => t.get("queries-by-intake"),
        name if name == operator => "",
        name => name,
    };
    let args: [(&str, &str); 2] = [("operator", &operator), ("department", &place)];
    let (icon, text) = match kind {
        EventKind::Received if event.operator_id.is_some() => ("inbox", t.with("queries-life-received-for", &args)),
        EventKind::Received => ("inbox", t.with("queries-life-received", &args)),
        EventKind::Waiting if event.note.as_deref() == Some(NOT_TAKEN) => ("hourglass", t.get("queries-life-not-taken").to_owned()),
        EventKind::Waiting => ("hourglass", t.get("queries-life-waiting").to_owned()),
        EventKind::Offered => ("bell-ringing", t.with("queries-life-offered", &args)),
        EventKind::Accepted => ("check", t.with("queries-life-accepted", &args)),
        EventKind::Assigned => ("user-check", t.with("queries-life-assigned", &args)),
        EventKind::Declined => ("x", t.with("queries-life-declined", &args)),
        EventKind::TimedOut => ("clock", t.with("queries-life-timed-out", &args)),
        EventKind::Transferred if event.operator_id.is_some() => ("arrow-right", t.with("queries-life-transferred-operator", &args)),
        EventKind::Transferred => ("arrow-right", t.with("queries-life-transferred-department", &args)),
        EventKind::HandedOver => ("arrow-right", t.with("queries-life-handed-over", &args)),
        EventKind::Returned => ("arrow-left", t.with("queries-life-returned", &args)),
        EventKind::Closed => ("circle-check", t.get("queries-life-closed").to_owned()),
        EventKind::Reopened => ("refresh", t.get("queries-life-reopened").to_owned()),
        EventKind::Classified => match told {
            Some((category, _)) => ("tag", t.with("queries-life-classified-as", &[("category", category)])),
            None => ("tag", t.get("queries-life-classified").to_owned()),
        },
        EventKind::Replied => ("mail-forward", t.with("queries-life-replied", &args)),
        EventKind::NotReplied => ("mail-off", t.with("queries-life-not-replied", &args)),
    };
    let text = if by.is_empty() { text } else { format!("{text} · {by}") };
    let note = match (kind, event.note) {
        (EventKind::NotReplied, Some(reason)) => Some(t.get(&format!("auto-replies-reason-{}", reason.replace('_', "-"))).to_owned()),
        (EventKind::Waiting, _) => None,
        (_, note) => note.or_else(|| told?.1.map(str::to_owned)),
    };
    Step { at: event.at.0, icon, text, note }
}
