//! Holiday calendars (HR-3): a file is chosen, shown as the days it would close, imported; its entries are switched off one by one.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::faults::Faults;
use super::flash::Flash;
use super::form::{FileLimit, Form, TextLimit};
use super::see_other_with;
use super::shell::{self, Shell};
use super::stale::{self, StalePage};
use super::visit::{Reader, Visit};
use crate::actions::Ctx;
use crate::actions::calendars::{self as deeds, Plan, Upload};
use crate::actions::rights::{ManageSchedules, ViewSchedules};
use crate::domain::calendar::{Entry, MOST_BYTES, MOST_CALENDARS};
use crate::domain::field::{Fault, FieldErrors};
use crate::domain::permission::Permission;
use crate::domain::time_zone;
use crate::error::{AppError, Result};
use crate::i18n::Dates;
use crate::store::calendars::{self, CalendarRow, EntryRow, Listed};

/// A larger upload is not read to its end. It is more than a file may have, so that one that is a little too large is told so in its form.
const UPLOAD_LIMIT: usize = 2 * MOST_BYTES;

/// The addresses of this noun.
pub(super) fn routes(config: &mut ServiceConfig) {
    const ONE: &str = "/calendars/{id:\\d{1,18}}";
    let upload = |address: &str| web::resource(address.to_owned()).app_data(FileLimit(UPLOAD_LIMIT)).app_data(TextLimit(UPLOAD_LIMIT));
    config
        .service(upload("/calendars/new").get(new).post(create))
        .service(web::resource(ONE).get(show).post(change))
        .service(upload(&format!("{ONE}/import")).get(new_again).post(import_again))
        .service(web::resource(format!("{ONE}/deletion")).get(ask_deletion).post(delete));
}

/// The calendars of a schedule or of the organisation, as a part of its page.
pub struct Section {
    /// Each with its next closed day.
    pub lines: Vec<(Listed, Option<String>)>,
    /// Where the next one is imported.
    pub new: String,
    /// Whether the reader may change them.
    pub may_save: bool,
    /// Whether there may be more.
    pub has_room: bool,
}

impl Section {
    /// Reads them.
    pub async fn read(ctx: &Ctx, visit: &Visit, schedule_id: Option<i64>) -> Result<Section> {
        let listed = calendars::of_owner(ctx.store.read(), schedule_id, today(ctx, visit, schedule_id)).await?;
        Ok(Section {
            has_room: listed.len() < MOST_CALENDARS,
            lines: listed
                .into_iter()
                .map(|listed| {
                    let next = listed.next.map(|day| visit.dates.calendar_day(&day));
                    (listed, next)
                })
                .collect(),
            new: schedule_id.map_or_else(|| "/calendars/new".to_owned(), |id| format!("/calendars/new?schedule_id={id}")),
            may_save: visit.may(Permission::SchedulesManage),
        })
    }
}

/// Which owner a new calendar is for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    schedule_id: Option<i64>,
}

/// The import form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ImportFields {
    schedule_id: Option<String>,
    version: Option<i64>,
    name: String,
    /// The file again, after it was shown.
    content: Option<String>,
    /// Pressed after it was shown.
    confirmed: Option<String>,
}

/// The form of a calendar.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChangeFields {
    version: Option<i64>,
    name: String,
    enabled: Vec<i64>,
}

/// A form of a single button.
#[derive(Debug, Deserialize)]
pub struct Yes {}

/// A closed day as it is listed.
struct Line {
    id: i64,
    name: String,
    days: String,
    enabled: bool,
    is_new: bool,
}

/// What a file would do.
struct Preview {
    lines: Vec<Line>,
    gone: Vec<Line>,
    added: usize,
    off: usize,
    name: String,
    content: String,
}

#[derive(Template)]
#[template(path = "calendars/import.html")]
struct ImportPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    action: String,
    /// Where another file is chosen.
    again_from: String,
    back: String,
    again: Option<CalendarRow>,
    schedule_id: Option<i64>,
    version: i64,
    name: String,
    zone: &'static str,
    preview: Option<Preview>,
}

#[derive(Template)]
#[template(path = "calendars/show.html")]
struct ShowPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    row: CalendarRow,
    owner: (String, String),
    name: String,
    coming: Vec<Line>,
    past: Vec<Line>,
    off: usize,
    may_save: bool,
}

#[derive(Template)]
#[template(path = "calendars/deletion.html")]
struct DeletionPage<'a> {
    shell: Shell<'a>,
    row: CalendarRow,
    entries: usize,
}

async fn new(ctx: Data<Ctx>, reader: Reader, asked: Query<Asked>) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageSchedules>()?;
    owner(&reader, asked.schedule_id)?;
    let page = import_page(&reader, None, asked.schedule_id, String::new(), FieldErrors::default())?;
    shell::ok(&ctx, &reader, &page)
}

async fn create(ctx: Data<Ctx>, reader: Reader, form: Form<ImportFields>) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageSchedules>()?;
    let schedule_id = match form.fields.schedule_id.as_deref().unwrap_or_default() {
        "" => None,
        id => Some(id.parse().map_err(|_| AppError::NotFound)?),
    };
    owner(&reader, schedule_id)?;
    import(&ctx, &reader, None, schedule_id, form).await
}

async fn new_again(ctx: Data<Ctx>, reader: Reader, id: Path<i64>) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageSchedules>()?;
    let row = find(&ctx, *id).await?;
    let name = row.name.clone();
    shell::ok(&ctx, &reader, &import_page(&reader, Some(row), None, name, FieldErrors::default())?)
}

async fn import_again(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<ImportFields>) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageSchedules>()?;
    let row = find(&ctx, *id).await?;
    import(&ctx, &reader, Some(row), None, form).await
}

/// Shows what a file would close, or, once that was confirmed, does it.
async fn import(
    ctx: &Data<Ctx>,
    reader: &Reader,
    again: Option<CalendarRow>,
    schedule_id: Option<i64>,
    form: Form<ImportFields>,
) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageSchedules>()?;
    let name = form.fields.name.clone();
    let content = match (form.file("file"), &form.fields.content) {
        (Some(file), _) if file.len() > MOST_BYTES => Err(Fault::with("calendar_size", "max", MOST_BYTES / 1024)),
        (Some(file), _) => Ok(file.to_vec()),
        (None, Some(content)) => Ok(content.clone().into_bytes()),
        (None, None) => Err(Fault::new("calendar_file")),
    };
    let mut errors = FieldErrors::default();
    let Some(content) = errors.take("file", content) else {
        return shell::invalid(ctx, reader, &import_page(reader, again, schedule_id, name, errors)?);
    };
    let upload = Upload {
        schedule_id,
        again: again.as_ref().map(|row| (row.id, form.fields.version.unwrap_or(row.version))),
        name: name.clone(),
        content,
        unnamed: reader.t.get("calendars-unnamed").to_owned(),
    };
    let done = match form.fields.confirmed {
        Some(_) => deeds::import(ctx, right, &upload).await.map(|(id, plan)| {
            let done = Flash::success(if again.is_some() { "calendars-imported-again" } else { "calendars-imported" });
            let done = done.with("name", &plan.name).with("count", plan.entries.len()).with("added", plan.added());
            see_other_with(ctx, &format!("/calendars/{id}"), &done.with("removed", plan.gone.len()).with("off", plan.off()))
        }),
        None => match deeds::look(ctx, right, &upload).await {
            Ok(plan) => {
                let mut page = import_page(reader, again.clone(), schedule_id, plan.name.clone(), errors)?;
                page.version = form.fields.version.unwrap_or(page.version);
                page.preview = Some(preview(&reader.dates, plan, upload.content));
                shell::ok(ctx, reader, &page)
            }
            Err(error) => Err(error),
        },
    };
    match done {
        Err(AppError::Invalid(errors)) => shell::invalid(ctx, reader, &import_page(reader, again, schedule_id, name, errors)?),
        // What was shown is no longer what would be done.
        Err(AppError::Stale) => {
            let now = match again {
                Some(row) => Some(find(ctx, row.id).await?),
                None => None,
            };
            shell::invalid(ctx, reader, &import_page(reader, now, schedule_id, name, fault("file", "calendar_changed"))?)
        }
        other => other,
    }
}

async fn show(ctx: Data<Ctx>, reader: Reader, id: Path<i64>) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewSchedules>()?;
    let row = find(&ctx, *id).await?;
    let entries = calendars::entries(ctx.store.read(), row.id).await?;
    let name = row.name.clone();
    shell::ok(&ctx, &reader, &show_page(&ctx, &reader, row, entries, name, FieldErrors::default())?)
}

async fn change(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<ChangeFields>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageSchedules>()?;
    let sent = &form.fields;
    match deeds::change(&ctx, right, *id, sent.version.unwrap_or(0), &sent.name, &sent.enabled).await {
        Ok(()) => {
            let there = format!("/calendars/{id}");
            Ok(see_other_with(&ctx, &there, &Flash::success("calendars-saved").with("name", sent.name.trim())))
        }
        Err(AppError::Invalid(errors)) => {
            let row = find(&ctx, *id).await?;
            let mut entries = calendars::entries(ctx.store.read(), *id).await?;
            entries.iter_mut().for_each(|entry| entry.enabled = sent.enabled.contains(&entry.id));
            shell::invalid(&ctx, &reader, &show_page(&ctx, &reader, row, entries, sent.name.clone(), errors)?)
        }
        Err(AppError::Stale) => {
            let t = reader.t;
            let row = find(&ctx, *id).await?;
            let entries = calendars::entries(ctx.store.read(), *id).await?;
            let told = |is_on: &dyn Fn(&EntryRow) -> bool| {
                let on = entries.iter().filter(|entry| is_on(entry));
                on.map(|row| format!("{} {}", row.entry.from, row.entry.name)).collect::<Vec<_>>().join("; ")
            };
            let differences = stale::differences([
                (t.get("calendars-name"), row.name.clone(), sent.name.clone()),
                (t.get("calendars-closed-days"), told(&|row| row.enabled), told(&|row| sent.enabled.contains(&row.id))),
            ]);
            stale::answer(&ctx, &StalePage::new(&reader, &format!("/calendars/{id}"), form.raw, row.version, differences))
        }
        Err(error) => Err(error),
    }
}

async fn ask_deletion(ctx: Data<Ctx>, reader: Reader, id: Path<i64>) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageSchedules>()?;
    let row = find(&ctx, *id).await?;
    let entries = calendars::entries(ctx.store.read(), row.id).await?.iter().filter(|entry| entry.enabled).count();
    let title = reader.t.with("calendars-deletion-title", &[("name", &row.name)]);
    let shell = crumbs(Shell::new(&reader, title), &reader, row.schedule_id).crumb(row.name.as_str(), format!("/calendars/{id}"));
    shell::ok(&ctx, &reader, &DeletionPage { shell, row, entries })
}

async fn delete(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, _form: Form<Yes>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageSchedules>()?;
    let row = deeds::delete(&ctx, right, *id).await?;
    let (_, there) = owner(&reader, row.schedule_id)?;
    Ok(see_other_with(&ctx, &there, &Flash::success("calendars-deleted").with("name", &row.name)))
}

async fn find(ctx: &Ctx, id: i64) -> Result<CalendarRow> {
    calendars::find(ctx.store.read(), id).await?.ok_or(AppError::NotFound)
}

/// Whose calendar it is, and the page of that.
fn owner(visit: &Visit, schedule_id: Option<i64>) -> Result<(String, String)> {
    match schedule_id {
        None => Ok((visit.t.get("schedules-holidays").to_owned(), "/schedules/holidays".to_owned())),
        Some(id) => {
            let row = visit.catalogue.schedule(id).ok_or(AppError::NotFound)?;
            Ok((row.schedule.name.clone(), format!("/schedules/{id}")))
        }
    }
}

fn crumbs<'a>(shell: Shell<'a>, visit: &Visit, schedule_id: Option<i64>) -> Shell<'a> {
    let shell = shell.crumb(visit.t.get("nav-schedules"), "/schedules");
    match owner(visit, schedule_id) {
        Ok((name, there)) => shell.crumb(name, there),
        Err(_) => shell,
    }
}

fn import_page(
    visit: &Visit,
    again: Option<CalendarRow>,
    schedule_id: Option<i64>,
    name: String,
    errors: FieldErrors,
) -> Result<ImportPage<'_>> {
    let t = visit.t;
    let schedule_id = again.as_ref().map_or(schedule_id, |row| row.schedule_id);
    let organisation = &visit.catalogue.organisation.time_zone;
    let zone = schedule_id.and_then(|id| visit.catalogue.schedule(id)).map(|row| row.schedule.time_zone);
    let (title, action, back) = match &again {
        Some(row) => {
            let there = format!("/calendars/{}", row.id);
            (t.with("calendars-again-title", &[("name", &row.name)]), format!("{there}/import"), there)
        }
        None => (t.get("calendars-new-title").to_owned(), "/calendars/new".to_owned(), owner(visit, schedule_id)?.1),
    };
    let mut shell = crumbs(Shell::new(visit, title), visit, schedule_id);
    if let Some(row) = &again {
        shell = shell.crumb(row.name.as_str(), back.as_str());
    }
    Ok(ImportPage {
        shell,
        faults: Faults::of(t, errors),
        again_from: schedule_id.filter(|_| again.is_none()).map_or_else(|| action.clone(), |id| format!("{action}?schedule_id={id}")),
        action,
        back,
        version: again.as_ref().map_or(0, |row| row.version),
        again,
        schedule_id,
        name,
        zone: zone.unwrap_or_else(|| time_zone::parse(organisation).unwrap_or_default()).name(),
        preview: None,
    })
}

fn preview(dates: &Dates, plan: Plan, content: Vec<u8>) -> Preview {
    let (added, off) = (plan.added(), plan.off());
    Preview {
        lines: plan.entries.iter().map(|one| line(dates, &one.entry, 0, one.enabled, one.id.is_none())).collect(),
        gone: plan.gone.iter().map(|entry| line(dates, entry, 0, false, false)).collect(),
        added,
        off,
        name: plan.name,
        // It was read, so it is text.
        content: String::from_utf8_lossy(&content).into_owned(),
    }
}

fn show_page<'a>(
    ctx: &Ctx,
    visit: &'a Visit,
    row: CalendarRow,
    entries: Vec<EntryRow>,
    name: String,
    errors: FieldErrors,
) -> Result<ShowPage<'a>> {
    let today = today(ctx, visit, row.schedule_id);
    let off = entries.iter().filter(|entry| !entry.enabled).count();
    let (past, coming): (Vec<EntryRow>, Vec<EntryRow>) = entries.into_iter().partition(|row| row.entry.to < today);
    let lines =
        |rows: Vec<EntryRow>| rows.into_iter().map(|row| line(&visit.dates, &row.entry, row.id, row.enabled, false)).collect::<Vec<_>>();
    Ok(ShowPage {
        shell: crumbs(Shell::new(visit, row.name.as_str()), visit, row.schedule_id),
        faults: Faults::of(visit.t, errors),
        owner: owner(visit, row.schedule_id)?,
        name,
        coming: lines(coming),
        past: lines(past),
        off,
        may_save: visit.may(Permission::SchedulesManage),
        row,
    })
}

fn line(dates: &Dates, entry: &Entry, id: i64, enabled: bool, is_new: bool) -> Line {
    let days = match entry.from == entry.to {
        true => dates.calendar_day(&entry.from),
        false => format!("{} – {}", dates.calendar_day(&entry.from), dates.calendar_day(&entry.to)),
    };
    Line { id, name: entry.name.clone(), days, enabled, is_new }
}

/// The day it is where the calendar counts.
fn today(ctx: &Ctx, visit: &Visit, schedule_id: Option<i64>) -> NaiveDate {
    let schedule = schedule_id.and_then(|id| visit.catalogue.schedule(id));
    let zone = schedule.map(|row| row.schedule.time_zone);
    let zone = zone.unwrap_or_else(|| time_zone::parse(&visit.catalogue.organisation.time_zone).unwrap_or_default());
    ctx.now().with_timezone(&zone).date_naive()
}

fn fault(field: &str, code: &'static str) -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.add(field, code);
    errors
}
