//! Statuses: the list with its order, the form with its badge, and deletion with its reasons (ST-1 to ST-3).

use std::collections::{BTreeMap, HashMap};

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, ServiceConfig};
use askama::Template;
use serde::Deserialize;

use super::faults::Faults;
use super::flash::Flash;
use super::form::Form;
use super::operators::subject::language_name;
use super::shell::{self, Badge, Shell};
use super::stale::{self, StalePage};
use super::visit::{Reader, Visit};
use super::{see_other, see_other_with};
use crate::actions::Ctx;
use crate::actions::rights::{ManageStatuses, ViewStatuses};
use crate::actions::statuses::{self as deeds, receiving};
use crate::domain::status::{Color, Guard, RawStatus, Status as Facts, guards};
use crate::error::{AppError, Result};
use crate::i18n::Texts;
use crate::store::status_log;
use crate::store::statuses::{self as stored, Status};

/// The addresses of this noun.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/statuses").get(list).post(create))
        .service(web::resource("/settings-page/statuses").get(moved))
        .service(web::resource("/statuses/new").get(new))
        .service(web::resource("/statuses/preview").post(preview))
        .service(web::resource("/statuses/{id:\\d{1,18}}").get(show).post(change))
        .service(web::resource("/statuses/{id:\\d{1,18}}/position").post(place))
        .service(web::resource("/statuses/{id:\\d{1,18}}/deletion").get(ask_deletion).post(delete));
}

struct Row<'a> {
    status: &'a Status,
    badge: Badge,
    wearers: u64,
    /// What the settings name it as, in words.
    names: Vec<&'static str>,
    /// How long it lasts at most, and what follows.
    limit: Option<(i64, String)>,
    /// Its place from 1 on.
    place: usize,
}

#[derive(Template)]
#[template(path = "statuses/list.html")]
struct ListPage<'a> {
    shell: Shell<'a>,
    rows: Vec<Row<'a>>,
}

#[derive(Template)]
#[template(path = "statuses/edit.html")]
struct EditPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    /// Absent for a new one.
    status: Option<&'a Status>,
    sent: StatusForm,
    badge: Badge,
    /// Tag, name of the language and the text told in it.
    texts: Vec<(String, String, String)>,
    /// Whether one of them is told.
    is_translated: bool,
    /// The statuses to return to, the default offline one first as nothing.
    returns: Vec<(String, String)>,
    guards: Vec<Guarded>,
    may_manage: bool,
}

#[derive(Template)]
#[template(path = "statuses/preview.html")]
struct Preview {
    badge: Badge,
}

#[derive(Template)]
#[template(path = "statuses/deletion.html")]
struct DeletionPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    status: &'a Status,
    badge: Badge,
    wearers: u64,
    /// Statuses that return to it.
    returning: Vec<&'a str>,
    guards: Vec<Guarded>,
    /// The statuses that can take its place, nothing first, and the one chosen.
    replacements: Vec<(String, String)>,
    replacement: String,
}

/// A reason against deletion, with the place to change it.
struct Guarded {
    text: &'static str,
    place: &'static str,
    link: &'static str,
}

/// A status as its form was sent. An unticked box sends only the hidden `false` before it; names in other languages are
/// fields `name_texts.es`, read from the raw form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct StatusForm {
    name: Option<String>,
    color: Option<String>,
    can_receive: Vec<String>,
    count_after_close: Vec<String>,
    invisible: Vec<String>,
    max_minutes: Option<String>,
    return_status_id: Option<String>,
    position: Option<i64>,
    version: Option<i64>,
    replacement_id: String,
    #[serde(skip)]
    texts: BTreeMap<String, String>,
}

impl StatusForm {
    fn of(form: &Form<StatusForm>) -> StatusForm {
        let texts = form.raw.iter().filter_map(|(name, text)| Some((name.strip_prefix("name_texts.")?.to_owned(), text.clone())));
        StatusForm { texts: texts.collect(), ..form.fields.clone() }
    }

    /// As a status stands.
    fn stored(status: &Status) -> StatusForm {
        let facts = &status.facts;
        let number = |number: Option<i64>| Some(number.map(|number| number.to_string()).unwrap_or_default());
        StatusForm {
            name: Some(facts.name.clone()),
            color: Some(facts.color.to_string()),
            can_receive: vec![facts.can_receive.to_string()],
            count_after_close: vec![facts.count_after_close.to_string()],
            invisible: vec![facts.invisible.to_string()],
            max_minutes: number(facts.max_minutes),
            return_status_id: number(facts.return_status_id),
            texts: facts.name_texts.clone(),
            ..StatusForm::default()
        }
    }

    /// What was sent, over what stands.
    fn over(self, stored: StatusForm) -> StatusForm {
        StatusForm {
            name: self.name.or(stored.name),
            color: self.color.or(stored.color),
            can_receive: if self.can_receive.is_empty() { stored.can_receive } else { self.can_receive },
            count_after_close: if self.count_after_close.is_empty() { stored.count_after_close } else { self.count_after_close },
            invisible: if self.invisible.is_empty() { stored.invisible } else { self.invisible },
            max_minutes: self.max_minutes.or(stored.max_minutes),
            return_status_id: self.return_status_id.or(stored.return_status_id),
            texts: if self.texts.is_empty() { stored.texts } else { self.texts },
            ..self
        }
    }

    fn raw(&self) -> RawStatus {
        let flag = |values: &[String]| values.last().map(|value| value == "true");
        RawStatus {
            name: self.name.clone(),
            name_texts: (!self.texts.is_empty()).then(|| self.texts.clone()),
            color: self.color.clone(),
            can_receive: flag(&self.can_receive),
            count_after_close: flag(&self.count_after_close),
            invisible: flag(&self.invisible),
            max_minutes: self.max_minutes.clone(),
            return_status_id: self.return_status_id.clone(),
        }
    }

    /// The badge as far as it can be read; a colour that is none is grey.
    fn badge(&self) -> Badge {
        let color = self.color.as_deref().and_then(|raw| Color::parse(raw).ok()).unwrap_or_default();
        Badge::new(0, self.name.as_deref().unwrap_or_default().trim(), color)
    }

    fn is_on(values: &[String]) -> bool {
        values.last().is_some_and(|value| value == "true")
    }

    fn receives(&self) -> bool {
        StatusForm::is_on(&self.can_receive)
    }

    fn counts(&self) -> bool {
        StatusForm::is_on(&self.count_after_close)
    }

    fn is_invisible(&self) -> bool {
        StatusForm::is_on(&self.invisible)
    }

    fn text(value: &Option<String>) -> &str {
        value.as_deref().unwrap_or_default()
    }
}

/// An address that people know from elsewhere.
async fn moved(_reader: Reader) -> HttpResponse {
    see_other("/statuses")
}

async fn list(ctx: Data<Ctx>, reader: Reader) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewStatuses>()?;
    let wearers: HashMap<i64, u64> = status_log::wearers(ctx.store.read()).await?;
    let named = reader.catalogue.organisation.named_statuses();
    let rows = reader.catalogue.statuses.iter().enumerate().map(|(place, status)| Row {
        badge: badge(&reader, status),
        wearers: wearers.get(&status.id).copied().unwrap_or(0),
        names: [
            (named.online == status.id, "statuses-default-online"),
            (named.offline == status.id, "statuses-default-offline"),
            (named.auto_offline == Some(status.id), "statuses-auto-offline"),
        ]
        .into_iter()
        .filter(|(is_named, _)| *is_named)
        .map(|(_, key)| reader.t.get(key))
        .collect(),
        limit: reader.catalogue.limit_of_status(status.id).map(|(minutes, to)| (minutes, name_of(&reader, to))),
        place: place + 1,
        status,
    });
    let page = ListPage { rows: rows.collect(), shell: Shell::new(&reader, reader.t.get("statuses-title")) };
    shell::ok(&ctx, &reader, &page)
}

fn badge(visit: &Visit, status: &Status) -> Badge {
    Badge::of(status, visit.t)
}

fn name_of(visit: &Visit, id: i64) -> String {
    visit.catalogue.status(id).map(|status| status.name_in(visit.t.locale().tag()).to_owned()).unwrap_or_default()
}

async fn new(ctx: Data<Ctx>, reader: Reader) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageStatuses>()?;
    shell::ok(&ctx, &reader, &edit_page(&reader, None, Faults::none(reader.t), blank()))
}

/// A new status before anything is typed.
fn blank() -> StatusForm {
    StatusForm { color: Some(Facts::default().color.to_string()), ..StatusForm::default() }
}

async fn create(ctx: Data<Ctx>, reader: Reader, form: Form<StatusForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageStatuses>()?;
    let sent = StatusForm::of(&form);
    match deeds::create(&ctx, right, &sent.raw(), sent.position).await {
        Ok(_) => {
            let name = StatusForm::text(&sent.name).trim().to_owned();
            Ok(see_other_with(&ctx, "/statuses", &Flash::success("statuses-created").with("name", name)))
        }
        Err(AppError::Invalid(errors)) => {
            let page = edit_page(&reader, None, Faults::of(reader.t, errors), sent.over(blank()));
            shell::invalid(&ctx, &reader, &page)
        }
        Err(error) => Err(error),
    }
}

/// The badge as the form would make it.
async fn preview(ctx: Data<Ctx>, reader: Reader, form: Form<StatusForm>) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageStatuses>()?;
    shell::html(&ctx, StatusCode::OK, None, &Preview { badge: StatusForm::of(&form).badge() })
}

async fn show(ctx: Data<Ctx>, reader: Reader, id: Path<i64>) -> Result<HttpResponse> {
    let actor = reader.actor()?;
    actor.may::<ViewStatuses>()?;
    let status = find(&reader, *id)?;
    let page = edit_page(&reader, Some(status), Faults::none(reader.t), StatusForm::stored(status));
    shell::ok(&ctx, &reader, &page)
}

fn find(visit: &Visit, id: i64) -> Result<&Status> {
    visit.catalogue.status(id).ok_or(AppError::NotFound)
}

fn edit_page<'a>(reader: &'a Reader, status: Option<&'a Status>, faults: Faults, sent: StatusForm) -> EditPage<'a> {
    let t = reader.t;
    let title = status.map_or_else(|| t.get("statuses-add").to_owned(), |status| status.name_in(t.locale().tag()).to_owned());
    let default = &reader.catalogue.organisation.default_language;
    let others = reader.catalogue.enabled_languages().filter(|language| language.tag != *default);
    let texts = others.map(|language| {
        let text = sent.texts.get(&language.tag).cloned().unwrap_or_default();
        (language.tag.clone(), language_name(t, &language.tag), text)
    });
    let texts: Vec<(String, String, String)> = texts.collect();
    let own = status.map(|status| status.id);
    let fallback = (String::new(), t.get("statuses-return-offline").to_owned());
    EditPage {
        shell: Shell::new(reader, title).crumb(t.get("statuses-title"), "/statuses"),
        is_translated: texts.iter().any(|(.., text)| !text.is_empty()),
        texts,
        returns: std::iter::once(fallback).chain(choices(reader, own)).collect(),
        guards: status.map(|status| guarded(reader, status.id)).unwrap_or_default(),
        may_manage: reader.actor().is_ok_and(|actor| actor.may::<ManageStatuses>().is_ok()),
        badge: sent.badge(),
        faults,
        status,
        sent,
    }
}

/// Every status but one, by id and name.
fn choices(visit: &Visit, but: Option<i64>) -> impl Iterator<Item = (String, String)> {
    let tag = visit.t.locale().tag();
    let others = visit.catalogue.statuses.iter().filter(move |status| Some(status.id) != but);
    others.map(move |status| (status.id.to_string(), status.name_in(tag).to_owned()))
}

fn guarded(visit: &Visit, id: i64) -> Vec<Guarded> {
    let catalogue = &visit.catalogue;
    let all = guards(id, catalogue.organisation.named_statuses(), &receiving(&catalogue.statuses));
    all.into_iter().map(|guard| in_words(visit.t, guard)).collect()
}

fn in_words(t: Texts, guard: Guard) -> Guarded {
    let (text, link) = match guard {
        Guard::DefaultOnline => ("conflict-status-default-online", "statuses-to-settings"),
        Guard::DefaultOffline => ("conflict-status-default-offline", "statuses-to-settings"),
        Guard::AutoOffline => ("conflict-status-auto-offline", "statuses-to-settings"),
        Guard::LastReceiving => ("conflict-status-last-receiving", "statuses-to-list"),
    };
    Guarded { text: t.get(text), place: guard.place(), link: t.get(link) }
}

async fn change(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<StatusForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageStatuses>()?;
    let status = find(&reader, *id)?;
    let sent = StatusForm::of(&form);
    match deeds::change(&ctx, right, *id, Some(sent.version.unwrap_or(0)), &sent.raw(), None).await {
        Ok(()) => {
            let name = sent.name.clone().unwrap_or_else(|| status.facts.name.clone());
            Ok(see_other_with(&ctx, "/statuses", &Flash::success("statuses-saved").with("name", name.trim())))
        }
        Err(AppError::Invalid(errors)) => {
            let sent = sent.over(StatusForm::stored(status));
            shell::invalid(&ctx, &reader, &edit_page(&reader, Some(status), Faults::of(reader.t, errors), sent))
        }
        Err(AppError::Stale) => stale(&ctx, &reader, *id, sent, form.raw).await,
        Err(error) => Err(error),
    }
}

async fn stale(ctx: &Ctx, reader: &Reader, id: i64, sent: StatusForm, raw: Vec<(String, String)>) -> Result<HttpResponse> {
    let t = reader.t;
    let all = stored::all(ctx.store.read()).await?;
    let status = all.iter().find(|status| status.id == id).ok_or(AppError::NotFound)?;
    let theirs = StatusForm::stored(status);
    let yours = sent.over(theirs.clone());
    let on = |on: bool| t.get(if on { "statuses-yes" } else { "statuses-no" }).to_owned();
    let named = |id: &Option<String>| StatusForm::text(id).parse().map_or_else(|_| String::new(), |id| name_of(reader, id));
    let text = |value: &Option<String>| StatusForm::text(value).to_owned();
    let told = |form: &StatusForm| {
        let texts = form.texts.iter().filter(|(_, text)| !text.is_empty()).map(|(tag, text)| format!("{tag}: {text}"));
        texts.collect::<Vec<_>>().join("\n")
    };
    let differences = stale::differences([
        (t.get("statuses-name"), text(&theirs.name), text(&yours.name)),
        (t.get("statuses-texts"), told(&theirs), told(&yours)),
        (t.get("statuses-color"), text(&theirs.color), text(&yours.color)),
        (t.get("statuses-can-receive"), on(theirs.receives()), on(yours.receives())),
        (t.get("statuses-count-after-close"), on(theirs.counts()), on(yours.counts())),
        (t.get("statuses-invisible"), on(theirs.is_invisible()), on(yours.is_invisible())),
        (t.get("statuses-max-minutes"), text(&theirs.max_minutes), text(&yours.max_minutes)),
        (t.get("statuses-return"), named(&theirs.return_status_id), named(&yours.return_status_id)),
    ]);
    stale::answer(ctx, &StalePage::new(reader, &format!("/statuses/{id}"), raw, status.version, differences))
}

async fn place(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<StatusForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageStatuses>()?;
    deeds::change(&ctx, right, *id, None, &RawStatus::default(), form.fields.position).await?;
    Ok(see_other_with(&ctx, "/statuses", &Flash::success("statuses-placed").with("name", name_of(&reader, *id))))
}

async fn ask_deletion(ctx: Data<Ctx>, reader: Reader, id: Path<i64>) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageStatuses>()?;
    let page = deletion_page(&ctx, &reader, *id, Faults::none(reader.t), String::new()).await?;
    shell::ok(&ctx, &reader, &page)
}

async fn deletion_page<'a>(ctx: &Ctx, reader: &'a Reader, id: i64, faults: Faults, replacement: String) -> Result<DeletionPage<'a>> {
    let status = find(reader, id)?;
    let (t, tag) = (reader.t, reader.t.locale().tag());
    let returning = reader.catalogue.statuses.iter().filter(|other| other.facts.return_status_id == Some(id));
    let none = (String::new(), t.get("statuses-replacement-choose").to_owned());
    Ok(DeletionPage {
        shell: Shell::new(reader, t.with("statuses-deletion-title", &[("name", status.name_in(tag))]))
            .crumb(t.get("statuses-title"), "/statuses")
            .crumb(status.name_in(tag), format!("/statuses/{id}")),
        faults,
        badge: badge(reader, status),
        wearers: status_log::wearers(ctx.store.read()).await?.get(&id).copied().unwrap_or(0),
        returning: returning.map(|other| other.name_in(tag)).collect(),
        guards: guarded(reader, id),
        replacements: std::iter::once(none).chain(choices(reader, Some(id))).collect(),
        replacement,
        status,
    })
}

/// The form that asks lists whom it concerns, so sending it is the confirmation. A reason against it is told with its place.
async fn delete(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<StatusForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageStatuses>()?;
    let replacement = form.fields.replacement_id;
    let name = name_of(&reader, *id);
    let chosen = crate::domain::status::chosen(&replacement).map_err(|_| AppError::field("replacement_id", "unknown_choice"));
    let done = match chosen {
        Ok(chosen) => deeds::delete(&ctx, right, *id, None, chosen).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(see_other_with(&ctx, "/statuses", &Flash::success("statuses-deleted").with("name", name))),
        Err(AppError::Invalid(errors)) => {
            let page = deletion_page(&ctx, &reader, *id, Faults::of(reader.t, errors), replacement).await?;
            shell::invalid(&ctx, &reader, &page)
        }
        Err(AppError::Conflict(_)) => {
            let page = deletion_page(&ctx, &reader, *id, Faults::none(reader.t), replacement).await?;
            shell::html(&ctx, StatusCode::CONFLICT, Some(&reader), &page)
        }
        Err(error) => Err(error),
    }
}
