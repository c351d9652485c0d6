//! The form of a schedule, new or there already (HR-5).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;

use super::draft::{Draft, Fields};
use super::editor::{Editor, Outlook, Picture};
use crate::actions::Ctx;
use crate::actions::rights::{ManageSchedules, ViewSchedules};
use crate::actions::schedules as deeds;
use crate::domain::field::FieldErrors;
use crate::domain::permission::Permission;
use crate::domain::schedule::{Hours, Schedule};
use crate::domain::time_zone;
use crate::error::{AppError, Result};
use crate::store::schedules::{self, ScheduleRow, Users};
use crate::web::calendars::Section;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::see_other_with;
use crate::web::shell::{self, Shell};
use crate::web::stale::{self, StalePage};
use crate::web::visit::{Reader, Visit};

#[derive(Template)]
#[template(path = "schedules/edit.html")]
struct EditPage<'a> {
    shell: Shell<'a>,
    row: Option<&'a ScheduleRow>,
    editor: Editor,
    outlook: Option<Outlook>,
    users: Users,
    calendars: Option<Section>,
}

pub async fn new(ctx: Data<Ctx>, reader: Reader) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageSchedules>()?;
    shell::ok(&ctx, &reader, &page(&ctx, &reader, None, blank(&reader), FieldErrors::default()).await?)
}

pub async fn create(ctx: Data<Ctx>, reader: Reader, form: Form<Fields>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageSchedules>()?;
    let mut draft = blank(&reader).sent(&form.raw);
    if let Some(edit) = &form.fields.edit {
        draft.edit(edit);
        return edited(&ctx, &reader, None, draft).await;
    }
    match deeds::create(&ctx, right, &draft.raw()).await {
        Ok(id) => Ok(saved(&ctx, id, "schedules-created", &draft)),
        Err(AppError::Invalid(errors)) => shell::invalid(&ctx, &reader, &page(&ctx, &reader, None, draft, errors).await?),
        Err(error) => Err(error),
    }
}

pub async fn show(ctx: Data<Ctx>, reader: Reader, id: Path<i64>) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewSchedules>()?;
    let row = row(&reader, *id)?;
    shell::ok(&ctx, &reader, &page(&ctx, &reader, Some(row), stored(row), FieldErrors::default()).await?)
}

pub async fn change(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<Fields>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageSchedules>()?;
    let row = row(&reader, *id)?;
    let mut draft = stored(row).sent(&form.raw);
    if let Some(edit) = &form.fields.edit {
        draft.edit(edit);
        return edited(&ctx, &reader, Some(row), draft).await;
    }
    match deeds::change(&ctx, right, row.id, Some(form.fields.version.unwrap_or(0)), &draft.raw()).await {
        Ok(()) => Ok(saved(&ctx, row.id, "schedules-saved", &draft)),
        Err(AppError::Invalid(errors)) => shell::invalid(&ctx, &reader, &page(&ctx, &reader, Some(row), draft, errors).await?),
        Err(AppError::Stale) => stale(&ctx, &reader, row.id, &form).await,
        Err(error) => Err(error),
    }
}

/// The shared schedule of an address.
pub fn row(visit: &Visit, id: i64) -> Result<&ScheduleRow> {
    visit.catalogue.schedule(id).ok_or(AppError::NotFound)
}

/// A new schedule is of the organisation's zone.
fn blank(visit: &Visit) -> Draft {
    let zone = time_zone::parse(&visit.catalogue.organisation.time_zone).unwrap_or_default();
    Draft::stored(&Schedule::new(zone), &[])
}

fn stored(row: &ScheduleRow) -> Draft {
    Draft::stored(&row.schedule, &row.schedule.exceptions)
}

fn saved(ctx: &Data<Ctx>, id: i64, text: &str, draft: &Draft) -> HttpResponse {
    see_other_with(ctx, &format!("/schedules/{id}"), &Flash::success(text).with("name", draft.name.trim()))
}

/// The form after a small button: nothing is saved yet.
async fn edited(ctx: &Ctx, reader: &Reader, row: Option<&ScheduleRow>, draft: Draft) -> Result<HttpResponse> {
    let mut page = page(ctx, reader, row, draft, FieldErrors::default()).await?;
    page.editor = page.editor.unsaved();
    shell::ok(ctx, reader, &page)
}

async fn page<'a>(ctx: &Ctx, visit: &'a Visit, row: Option<&'a ScheduleRow>, draft: Draft, errors: FieldErrors) -> Result<EditPage<'a>> {
    let action = row.map_or_else(|| "/schedules".to_owned(), |row| format!("/schedules/{}", row.id));
    let title = row.map_or_else(|| visit.t.get("schedules-new-title").to_owned(), |row| row.schedule.name.clone());
    let hours = |row: &'a ScheduleRow| Hours {
        schedule: Some(&row.schedule),
        operator: &[],
        organisation: &visit.catalogue.holidays,
        allowed: None,
    };
    Ok(EditPage {
        shell: Shell::new(visit, title).crumb(visit.t.get("nav-schedules"), "/schedules"),
        outlook: row.map(|row| Outlook::new(visit, &hours(row), ctx.now())),
        users: match row {
            Some(row) => schedules::users(ctx.store.read(), row.id).await?,
            None => Users::default(),
        },
        calendars: match row {
            Some(row) => Some(Section::read(ctx, visit, Some(row.id)).await?),
            None => None,
        },
        editor: Editor::new(visit, action, draft, errors, visit.may(Permission::SchedulesManage)),
        row,
    })
}

async fn stale(ctx: &Ctx, reader: &Reader, id: i64, form: &Form<Fields>) -> Result<HttpResponse> {
    let t = reader.t;
    let now = schedules::find(ctx.store.read(), id).await?.ok_or(AppError::NotFound)?;
    let (theirs, yours) = (stored(&now), stored(&now).sent(&form.raw));
    let differences = stale::differences([
        (t.get("schedules-name"), theirs.name.clone(), yours.name.clone()),
        (t.get("schedules-zone"), theirs.time_zone.clone(), yours.time_zone.clone()),
        (t.get("schedules-week"), week_text(reader, &theirs), week_text(reader, &yours)),
        (t.get("schedules-exceptions"), exceptions_text(&theirs), exceptions_text(&yours)),
    ]);
    stale::answer(ctx, &StalePage::new(reader, &format!("/schedules/{id}"), form.raw.clone(), now.version, differences))
}

/// The week of a draft in one line.
pub fn week_text(visit: &Visit, draft: &Draft) -> String {
    let days = Picture::new(visit.t, &draft.week).days.into_iter().map(|day| format!("{} {}", day.day, day.text));
    days.collect::<Vec<_>>().join(" · ")
}

/// The exceptions of a draft in one line.
pub fn exceptions_text(draft: &Draft) -> String {
    let rows = draft.exceptions.iter().map(|row| format!("{} {} – {} {}", row.name, row.from, row.to, row.hours).trim_end().to_owned());
    rows.collect::<Vec<_>>().join(" · ")
}
