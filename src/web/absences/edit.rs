//! The form of an absence with what it would mean beside it (AB-1, AB-3, AB-4, AB-8).

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

use super::deletion::changeable;
use super::look::{Look, LookPart};
use super::{ends_text, reply, span_text};
use crate::actions::Ctx;
use crate::actions::absences::{self as deeds, zone_of};
use crate::domain::absence::{Absence, Frequency, Kind, RawAbsence, RawText};
use crate::domain::field::FieldErrors;
use crate::domain::mail_text::REPLY_VARIABLES;
use crate::domain::operator::{OperatorState, state};
use crate::domain::permission::Permission;
use crate::domain::schedule::at_wall;
use crate::error::{AppError, Result};
use crate::store::absences::{self, AbsenceRow};
use crate::store::operators::{self, Operator};
use crate::web::explain::{names_offered, person_named};
use crate::web::faults::{Faults, word};
use crate::web::flash::Flash;
use crate::web::form::{Form, is_asked_by_script};
use crate::web::see_other_with;
use crate::web::shell::{self, Shell};
use crate::web::stale::{self, StalePage, differences};
use crate::web::visit::{Reader, Visit};

/// How a browser types an instant.
const TYPED: &str = "%Y-%m-%dT%H:%M";
/// Operators offered as deputies who share no department.
const OTHERS: usize = 100;

/// An absence as its form was sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    operator_id: Option<String>,
    /// The absence that a preview is of.
    id: Option<i64>,
    /// `days` or `part`: which of the two pairs counts.
    span: Option<String>,
    starts_on: Option<String>,
    ends_on: Option<String>,
    starts_at: Option<String>,
    ends_at: Option<String>,
    kind: Option<String>,
    auto_reply: Vec<String>,
    reply_frequency: Option<String>,
    deputy_id: Option<String>,
    note: Option<String>,
    version: Option<i64>,
    /// The dates whose lost cover was shown.
    seen: Option<String>,
    #[serde(skip)]
    texts: BTreeMap<String, RawText>,
}

/// What the address of a new one says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// An id, or a name or a part of one.
    operator: String,
    /// The first day.
    on: String,
}

#[derive(Template)]
#[template(path = "absences/whose.html")]
struct WhosePage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    operator: String,
    on: String,
    names: Vec<String>,
}

#[derive(Template)]
#[template(path = "absences/edit.html")]
struct EditPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    row: Option<&'a AbsenceRow>,
    operator: &'a Operator,
    sent: Fields,
    is_running: bool,
    is_unsaved: bool,
    /// Whether nothing was saved yet, since it costs cover and that was not shown before.
    is_to_confirm: bool,
    zone: &'static str,
    kinds: Vec<(String, String)>,
    frequencies: Vec<(String, String)>,
    /// Deputies who share a department, and others, each under a title: id and words.
    deputies: [(&'static str, Choices); 2],
    languages: Vec<(String, String)>,
    variables: String,
    back: String,
    look: Look,
}

impl EditPage<'_> {
    fn action(&self) -> String {
        self.row.map_or_else(|| "/absences".to_owned(), |row| format!("/absences/{}", row.id))
    }

    fn text(value: &Option<String>) -> &str {
        value.as_deref().unwrap_or_default()
    }

    fn is_part(&self) -> bool {
        self.sent.span.as_deref() == Some("part")
    }

    fn answers(&self) -> bool {
        self.sent.auto_reply.last().is_none_or(|value| value == "true")
    }

    fn subject(&self, tag: &str) -> &str {
        self.sent.texts.get(tag).map_or("", |text| text.subject.as_str())
    }

    fn body(&self, tag: &str) -> &str {
        self.sent.texts.get(tag).map_or("", |text| text.body.as_str())
    }

    fn is_translated(&self) -> bool {
        self.sent.texts.values().any(|text| !text.subject.trim().is_empty() || !text.body.trim().is_empty())
    }
}

impl Fields {
    fn of(form: &Form<Fields>) -> Fields {
        Fields { texts: reply::typed(&form.raw), ..form.fields.clone() }
    }

    /// As an absence stands.
    fn stored(row: &AbsenceRow, zone: Tz) -> Fields {
        let absence = &row.absence;
        let days = absence.span.days;
        let wall = |at: DateTime<Utc>| days.is_none().then(|| at.with_timezone(&zone).format(TYPED).to_string());
        Fields {
            operator_id: Some(row.operator_id.to_string()),
            span: Some(if days.is_some() { "days" } else { "part" }.to_owned()),
            starts_on: days.map(|days| days.0.to_string()),
            ends_on: days.map(|days| days.1.to_string()),
            starts_at: wall(absence.span.from),
            ends_at: wall(absence.span.until),
            kind: Some(absence.kind.as_str().to_owned()),
            auto_reply: vec![absence.auto_reply.to_string()],
            reply_frequency: Some(absence.frequency.as_str().to_owned()),
            deputy_id: Some(absence.deputy_id.map(|id| id.to_string()).unwrap_or_default()),
            note: Some(absence.note.clone().unwrap_or_default()),
            texts: reply::shown(&absence.texts),
            ..Fields::default()
        }
    }

    /// What was sent, over what stands.
    fn over(self, stored: Fields) -> Fields {
        Fields {
            span: self.span.or(stored.span),
            starts_on: self.starts_on.or(stored.starts_on),
            ends_on: self.ends_on.or(stored.ends_on),
            starts_at: self.starts_at.or(stored.starts_at),
            ends_at: self.ends_at.or(stored.ends_at),
            kind: self.kind.or(stored.kind),
            auto_reply: if self.auto_reply.is_empty() { stored.auto_reply } else { self.auto_reply },
            reply_frequency: self.reply_frequency.or(stored.reply_frequency),
            deputy_id: self.deputy_id.or(stored.deputy_id),
            note: self.note.or(stored.note),
            texts: if self.texts.is_empty() { stored.texts } else { self.texts },
            ..self
        }
    }

    /// As the domain reads it: times of the wall become instants, and the pair that does not count is empty.
    fn raw(&self, zone: Tz) -> RawAbsence {
        let (days, part) = (self.span.as_deref() == Some("days"), self.span.as_deref() == Some("part"));
        let unless = |skipped: bool, field: &Option<String>| if skipped { field.as_ref().map(|_| String::new()) } else { field.clone() };
        let instant = |field: &Option<String>, is_end: bool| unless(days, field).map(|typed| instant(&typed, zone, is_end));
        RawAbsence {
            starts_on: unless(part, &self.starts_on),
            ends_on: unless(part, &self.ends_on),
            starts_at: instant(&self.starts_at, false),
            ends_at: instant(&self.ends_at, true),
            kind: self.kind.clone(),
            auto_reply: self.auto_reply.last().map(|value| value == "true"),
            reply_frequency: self.reply_frequency.clone(),
            deputy_id: self.deputy_id.clone(),
            texts: (!self.texts.is_empty()).then(|| self.texts.clone()),
            note: self.note.clone(),
        }
    }
}

/// A time on the wall of a zone as RFC 3339; anything else stays as it is, to be refused.
fn instant(typed: &str, zone: Tz, is_end: bool) -> String {
    let parse = |format| NaiveDateTime::parse_from_str(typed.trim(), format).ok();
    let wall = parse(TYPED).or_else(|| parse("%Y-%m-%dT%H:%M:%S"));
    wall.and_then(|wall| at_wall(zone, wall, is_end)).map_or_else(|| typed.to_owned(), |at| at.to_rfc3339())
}

/// The section of an operator, for a reader who may open their page or only one's own.
pub fn section(reader: &Reader, operator_id: i64) -> String {
    let is_own = reader.viewer().is_ok_and(|viewer| viewer.seen.operator_id == operator_id);
    if is_own { "/profile/absences".to_owned() } else { format!("/operators/{operator_id}/absences") }
}

/// The way to a page about an absence.
pub fn crumbs<'a>(reader: &'a Reader, shell: Shell<'a>, row: &AbsenceRow) -> Shell<'a> {
    let there = format!("/absences/{}", row.id);
    way(reader, shell, row.operator_id, &row.operator).crumb(span_text(reader, &row.absence.span), there)
}

fn way<'a>(reader: &'a Reader, shell: Shell<'a>, operator_id: i64, name: &str) -> Shell<'a> {
    let t = reader.t;
    if !reader.may(Permission::AbsencesView) {
        return shell.crumb(t.get("absences-title"), "/profile/absences");
    }
    shell.crumb(t.get("absences-title"), "/absences").crumb(name.to_owned(), section(reader, operator_id))
}

/// `GET /absences/new`: for an operator of the address, else it asks for one.
pub async fn new(ctx: Data<Ctx>, reader: Reader, Query(asked): Query<Asked>) -> Result<HttpResponse> {
    let actor = reader.actor()?;
    let is_own = asked.operator.parse() == Ok(reader.viewer()?.seen.operator_id);
    if !is_own {
        // Whoever plans only one's own is told nothing about others.
        deeds::may_plan(actor, 0)?;
    }
    let snapshot = ctx.roster().await?;
    let people = snapshot.prepared.roster.people();
    let Some(person) = person_named(people, &asked.operator) else {
        let mut errors = FieldErrors::default();
        let is_asked = !asked.operator.trim().is_empty();
        if is_asked {
            errors.add("operator", "no_one_of_that_name");
        }
        let page = WhosePage {
            shell: Shell::new(&reader, reader.t.get("absences-new-title")).crumb(reader.t.get("absences-title"), "/absences"),
            faults: Faults::of(reader.t, errors),
            names: names_offered(people),
            operator: asked.operator,
            on: asked.on,
        };
        return if is_asked { shell::invalid(&ctx, &reader, &page) } else { shell::ok(&ctx, &reader, &page) };
    };
    deeds::may_plan(actor, person.id)?;
    let operator = operators::find(ctx.store.read(), person.id).await?.ok_or(AppError::NotFound)?;
    let sent = Fields {
        span: Some("days".to_owned()),
        starts_on: Some(asked.on.clone()),
        ends_on: Some(asked.on),
        operator_id: Some(operator.id.to_string()),
        ..Fields::default()
    };
    let look = Look::empty(reader.t, Vec::new());
    shell::ok(&ctx, &reader, &page(&ctx, &reader, &operator, None, sent, FieldErrors::default(), look).await?)
}

/// The operator of a new absence. Who plans only one's own is refused for anybody else.
async fn whose(ctx: &Ctx, reader: &Reader, fields: &Fields) -> Result<Operator> {
    let id = fields.operator_id.as_deref().and_then(|id| id.trim().parse().ok()).unwrap_or(0);
    deeds::may_plan(reader.actor()?, id)?;
    operators::find(ctx.store.read(), id).await?.ok_or_else(|| AppError::field("operator_id", "unknown_choice"))
}

/// `POST /absences`.
pub async fn create(ctx: Data<Ctx>, reader: Reader, form: Form<Fields>) -> Result<HttpResponse> {
    let sent = Fields::of(&form);
    let operator = whose(&ctx, &reader, &sent).await?;
    if let Some(answer) = shown_first(&ctx, &reader, &operator, None, &sent).await? {
        return Ok(answer);
    }
    let raw = sent.raw(zone_of(&reader.catalogue, &operator));
    match deeds::create(&ctx, reader.actor()?, operator.id, &raw).await {
        Ok(id) => saved(&ctx, &reader, id, "absences-created").await,
        Err(AppError::Invalid(errors)) => again(&ctx, &reader, &operator, None, sent, errors).await,
        Err(error) => Err(error),
    }
}

/// `GET /absences/{id}`.
pub async fn show(ctx: Data<Ctx>, reader: Reader, id: Path<i64>) -> Result<HttpResponse> {
    let row = changeable(&ctx, reader.actor()?, *id).await?;
    let operator = operators::find(ctx.store.read(), row.operator_id).await?.ok_or(AppError::NotFound)?;
    let sent = Fields::stored(&row, zone_of(&reader.catalogue, &operator));
    let look = Look::of(&ctx, &reader, &operator, Some(row.id), &row.absence, &sent.texts).await?;
    shell::ok(&ctx, &reader, &page(&ctx, &reader, &operator, Some(&row), sent, FieldErrors::default(), look).await?)
}

/// `POST /absences/{id}`.
pub async fn change(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<Fields>) -> Result<HttpResponse> {
    let row = changeable(&ctx, reader.actor()?, *id).await?;
    let operator = operators::find(ctx.store.read(), row.operator_id).await?.ok_or(AppError::NotFound)?;
    let (sent, zone) = (Fields::of(&form), zone_of(&reader.catalogue, &operator));
    if let Some(answer) = shown_first(&ctx, &reader, &operator, Some(&row), &sent).await? {
        return Ok(answer);
    }
    match deeds::change(&ctx, reader.actor()?, *id, Some(sent.version.unwrap_or(0)), &sent.raw(zone)).await {
        Ok(()) => saved(&ctx, &reader, *id, "absences-saved").await,
        Err(AppError::Invalid(errors)) => {
            let sent = sent.over(Fields::stored(&row, zone));
            again(&ctx, &reader, &operator, Some(&row), sent, errors).await
        }
        Err(AppError::Stale) => {
            let theirs = absences::find(ctx.store.read(), *id).await?.ok_or(AppError::NotFound)?;
            stale(&ctx, &reader, &theirs, sent.over(Fields::stored(&theirs, zone)), zone, form.raw)
        }
        Err(error) => Err(error),
    }
}

/// The page again, with the hours that lose cover, where any do and that was not shown yet for these dates (AB-8). Whoever sent a stale form
/// learns that first.
async fn shown_first(
    ctx: &Ctx,
    reader: &Reader,
    operator: &Operator,
    row: Option<&AbsenceRow>,
    sent: &Fields,
) -> Result<Option<HttpResponse>> {
    if row.is_some_and(|row| sent.version != Some(row.version)) {
        return Ok(None);
    }
    let (look, errors) = looked(ctx, reader, operator, row, sent).await?;
    let is_news = look.lost().is_some_and(|lost| sent.seen.as_deref() != Some(lost));
    if !is_news || look.overlap.is_some() || !errors.is_empty() {
        return Ok(None);
    }
    let shown = match row {
        Some(row) => sent.clone().over(Fields::stored(row, zone_of(&reader.catalogue, operator))),
        None => sent.clone(),
    };
    let mut page = page(ctx, reader, operator, row, shown, errors, look).await?;
    (page.is_unsaved, page.is_to_confirm) = (true, true);
    shell::html(ctx, StatusCode::OK, Some(reader), &page).map(Some)
}

/// Says that it is saved; where something speaks against it, leads back to where that is told.
async fn saved(ctx: &Data<Ctx>, reader: &Reader, id: i64, key: &str) -> Result<HttpResponse> {
    let row = absences::find(ctx.store.read(), id).await?.ok_or(AppError::NotFound)?;
    let operator = operators::find(ctx.store.read(), row.operator_id).await?.ok_or(AppError::NotFound)?;
    let is_ahead = row.absence.span.until > ctx.now();
    let warns = is_ahead && deeds::outlook(ctx, operator.id, Some(id), &row.absence).await?.has_warnings();
    if warns {
        let flash = Flash::warning(&format!("{key}-warning")).with("name", &row.operator);
        return Ok(see_other_with(ctx, &format!("/absences/{id}"), &flash));
    }
    Ok(see_other_with(ctx, &section(reader, row.operator_id), &Flash::success(key).with("name", &row.operator)))
}

/// `POST /absences/preview`: what was typed would mean; a part of the page for scripts, else the page. Nothing is saved.
pub async fn preview(ctx: Data<Ctx>, reader: Reader, request: HttpRequest, form: Form<Fields>) -> Result<HttpResponse> {
    let sent = Fields::of(&form);
    let operator = whose(&ctx, &reader, &sent).await?;
    let row = match sent.id {
        Some(id) => Some(changeable(&ctx, reader.actor()?, id).await?).filter(|row| row.operator_id == operator.id),
        None => None,
    };
    let (look, errors) = looked(&ctx, &reader, &operator, row.as_ref(), &sent).await?;
    if !is_asked_by_script(&request) {
        let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let mut page = page(&ctx, &reader, &operator, row.as_ref(), sent, errors, look).await?;
        page.is_unsaved = true;
        return shell::html(&ctx, status, Some(&reader), &page);
    }
    shell::html(&ctx, StatusCode::OK, None, &LookPart { look })
}

/// What the form means, and what is wrong with it.
async fn looked(ctx: &Ctx, reader: &Reader, operator: &Operator, row: Option<&AbsenceRow>, sent: &Fields) -> Result<(Look, FieldErrors)> {
    let zone = zone_of(&reader.catalogue, operator);
    let read = Absence::read(row.map(|row| &row.absence), &sent.raw(zone), operator.id, zone, ctx.now());
    match read {
        Ok(absence) => {
            let look = Look::of(ctx, reader, operator, row.map(|row| row.id), &absence, &sent.texts).await?;
            Ok((look, FieldErrors::default()))
        }
        Err(errors) => {
            // Fields that nobody came to yet are no mistakes.
            let told = errors.0.iter().filter(|error| error.code != "required").map(|error| word(reader.t, error));
            Ok((Look::empty(reader.t, told.collect()), errors))
        }
    }
}

async fn again(
    ctx: &Ctx,
    reader: &Reader,
    operator: &Operator,
    row: Option<&AbsenceRow>,
    sent: Fields,
    mut errors: FieldErrors,
) -> Result<HttpResponse> {
    let (look, _) = looked(ctx, reader, operator, row, &sent).await?;
    for error in errors.0.iter_mut().filter(|error| error.code == "absence_overlap") {
        if let Some(span) = look.overlap {
            let (from, until) = ends_text(reader, &span);
            error.args = vec![("from", from), ("until", until)];
        }
    }
    shell::invalid(ctx, reader, &page(ctx, reader, operator, row, sent, errors, look).await?)
}

fn stale(ctx: &Ctx, reader: &Reader, theirs: &AbsenceRow, yours: Fields, zone: Tz, raw: Vec<(String, String)>) -> Result<HttpResponse> {
    let (t, stored) = (reader.t, Fields::stored(theirs, zone));
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    let on = |fields: &Fields| {
        let is_on = fields.auto_reply.last().is_some_and(|value| value == "true");
        t.get(if is_on { "audit-yes" } else { "audit-no" }).to_owned()
    };
    let texts = |fields: &Fields| {
        let told = fields.texts.iter().filter(|(_, text)| !text.subject.is_empty());
        told.map(|(tag, text)| format!("{tag}: {}\n{}", text.subject, text.body.replace("\r\n", "\n"))).collect::<Vec<_>>().join("\n")
    };
    let kind = |fields: &Fields| Kind::parse(&text(&fields.kind)).map(|kind| super::Badge::of(kind, t).text.to_owned());
    let differing = differences([
        (t.get("absences-starts-on"), text(&stored.starts_on), text(&yours.starts_on)),
        (t.get("absences-ends-on"), text(&stored.ends_on), text(&yours.ends_on)),
        (t.get("absences-starts-at"), text(&stored.starts_at), text(&yours.starts_at)),
        (t.get("absences-ends-at"), text(&stored.ends_at), text(&yours.ends_at)),
        (t.get("absences-kind"), kind(&stored).unwrap_or_default(), kind(&yours).unwrap_or_default()),
        (t.get("absences-reply"), on(&stored), on(&yours)),
        (t.get("absences-deputy"), text(&stored.deputy_id), text(&yours.deputy_id)),
        (t.get("absences-texts"), texts(&stored), texts(&yours)),
        (t.get("absences-note"), text(&stored.note), text(&yours.note)),
    ]);
    stale::answer(ctx, &StalePage::new(reader, &format!("/absences/{}", theirs.id), raw, theirs.version, differing))
}

async fn page<'a>(
    ctx: &Ctx,
    reader: &'a Reader,
    operator: &'a Operator,
    row: Option<&'a AbsenceRow>,
    sent: Fields,
    errors: FieldErrors,
    look: Look,
) -> Result<EditPage<'a>> {
    let t = reader.t;
    let title = row.map_or_else(|| t.get("absences-new-title").to_owned(), |row| span_text(reader, &row.absence.span));
    let (suitable, others) = deputies(ctx, reader, operator, sent.deputy_id.as_deref()).await?;
    Ok(EditPage {
        shell: way(reader, Shell::new(reader, title), operator.id, &operator.name),
        is_running: row.is_some_and(|row| row.absence.span.holds(ctx.now())),
        is_unsaved: !errors.is_empty(),
        is_to_confirm: false,
        faults: Faults::of(t, errors),
        zone: zone_of(&reader.catalogue, operator).name(),
        kinds: Kind::ALL.into_iter().map(|kind| (kind.as_str().to_owned(), super::Badge::of(kind, t).text.to_owned())).collect(),
        frequencies: Frequency::ALL.into_iter().map(|one| (one.as_str().to_owned(), frequency_text(reader, one).to_owned())).collect(),
        languages: reply::languages(t, &reader.catalogue, operator, sent.texts.keys()),
        variables: REPLY_VARIABLES.iter().map(|name| format!("{{${name}}}")).collect::<Vec<_>>().join(", "),
        back: section(reader, operator.id),
        deputies: [(t.get("absences-deputy-same"), suitable), (t.get("absences-deputy-others"), others)],
        row,
        operator,
        sent,
        look,
    })
}

fn frequency_text(visit: &Visit, frequency: Frequency) -> &'static str {
    visit.t.get(match frequency {
        Frequency::EveryQuery => "absences-frequency-every-query",
        Frequency::Daily => "absences-frequency-daily",
        Frequency::Once => "absences-frequency-once",
    })
}

/// Choices by id.
type Choices = Vec<(String, String)>;

/// Who may stand in: active members of the same departments with these, and some others; whoever is chosen already is among them.
async fn deputies(ctx: &Ctx, visit: &Visit, operator: &Operator, chosen: Option<&str>) -> Result<(Choices, Choices)> {
    let snapshot = ctx.roster().await?;
    let roster = &snapshot.prepared.roster;
    let own: Vec<i64> =
        roster.person(operator.id).map(|person| person.memberships.iter().map(|one| one.department).collect()).unwrap_or_default();
    let chosen = chosen.and_then(|id| id.trim().parse::<i64>().ok());
    let (mut suitable, mut others) = (Vec::new(), Vec::new());
    for person in roster.people().iter().filter(|person| person.id != operator.id) {
        let is_active = state(&person.account, ctx.now()) == OperatorState::Active;
        let shared: Vec<&str> = own
            .iter()
            .filter(|department| person.switches_in(**department).is_some())
            .filter_map(|department| visit.catalogue.department(*department))
            .map(|department| department.name_in(visit.t.locale().tag()))
            .collect();
        let is_chosen = chosen == Some(person.id);
        if !shared.is_empty() && (is_active || is_chosen) {
            suitable.push((person.id.to_string(), format!("{} · {}", person.name, shared.join(", "))));
        } else if is_chosen || is_active && others.len() < OTHERS {
            others.push((person.id.to_string(), person.name.clone()));
        }
    }
    suitable.sort_by_cached_key(|(_, name)| crate::domain::text::fold(name));
    others.sort_by_cached_key(|(_, name)| crate::domain::text::fold(name));
    Ok((suitable, others))
}
