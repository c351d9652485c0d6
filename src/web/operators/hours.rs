//! Office hours of an operator: a shared schedule, their own week, or none, with their own exceptions (HR-1, HR-3).

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

use super::Nothing;
use super::subject::Subject;
use crate::actions::schedules::{self as deeds, OWN, TypedHours};
use crate::actions::{Ctx, operators};
use crate::domain::field::FieldErrors;
use crate::domain::permission::Permission;
use crate::domain::schedule::Schedule;
use crate::domain::time_zone;
use crate::error::{AppError, Result};
use crate::store;
use crate::store::operators::Operator;
use crate::store::schedules::{self, OwnHours};
use crate::web::faults::Faults;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::schedules::draft::{Draft, Fields};
use crate::web::schedules::editor::{Editor, Outlook, Picture};
use crate::web::schedules::{choices, exceptions_text, week_text};
use crate::web::see_other_with;
use crate::web::shell::{self, Shell};
use crate::web::stale::{self, StalePage};
use crate::web::visit::{Reader, Visit};

const HERE: &str = "schedules-office-hours";
/// How a browser types an instant.
const TYPED: &str = "%Y-%m-%dT%H:%M";

#[derive(Template)]
#[template(path = "operators/hours.html")]
struct HoursPage<'a> {
    shell: Shell<'a>,
    subject: &'a Subject,
    here: &'static str,
    editor: Editor,
    outlook: Outlook,
    /// What is chosen in the form.
    choice: String,
    choices: Vec<(String, String)>,
    /// The shared schedule in use, where the reader may open it.
    shared: Option<(i64, String)>,
    extra: Extra,
}

/// Hours beside the schedule (HR-4).
struct Extra {
    /// Whether the reader may allow them.
    may_allow: bool,
    /// Who allowed those that run, and until when in words.
    running: Option<(String, String)>,
    /// What stands in the form.
    until: String,
    zone: String,
    faults: Faults,
}

/// How long hours are to be allowed, on the wall of the reader.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Allowance {
    until: String,
}

/// `GET .../hours`.
pub async fn show(ctx: Data<Ctx>, reader: Reader, subject: Subject) -> Result<HttpResponse> {
    let had = schedules::of_operator(ctx.store.read(), subject.operator.id).await?;
    let (choice, draft) = (choice_of(&subject.operator, &had), stored(&reader, &subject.operator, &had));
    shell::ok(&ctx, &reader, &page(&ctx, &reader, &subject, &had, choice, draft, FieldErrors::default()))
}

/// `POST .../hours`.
pub async fn save(ctx: Data<Ctx>, reader: Reader, subject: Subject, form: Form<Fields>) -> Result<HttpResponse> {
    let actor = reader.actor()?;
    let id = subject.operator.id;
    deeds::may_set_hours(actor, id)?;
    let had = schedules::of_operator(ctx.store.read(), id).await?;
    let mut draft = stored(&reader, &subject.operator, &had).sent(&form.raw);
    let choice = form.fields.schedule_id.clone().unwrap_or_else(|| choice_of(&subject.operator, &had));
    if let Some(edit) = &form.fields.edit {
        draft.edit(edit);
        let choice = if edit.starts_with("weekly:") { OWN.to_owned() } else { choice };
        let mut page = page(&ctx, &reader, &subject, &had, choice, draft, FieldErrors::default());
        page.editor = page.editor.unsaved();
        return shell::ok(&ctx, &reader, &page);
    }
    let typed = TypedHours { schedule_id: choice.clone(), raw: draft.raw() };
    match deeds::set_hours(&ctx, actor, id, Some(form.fields.version.unwrap_or(0)), &typed).await {
        Ok(()) => {
            let flash = Flash::success("operators-saved").with("name", &subject.operator.name);
            Ok(see_other_with(&ctx, &format!("{}/hours", subject.base), &flash))
        }
        Err(AppError::Invalid(errors)) => shell::invalid(&ctx, &reader, &page(&ctx, &reader, &subject, &had, choice, draft, errors)),
        Err(AppError::Stale) => {
            let now = store::operators::find(ctx.store.read(), id).await?.ok_or(AppError::NotFound)?;
            let had = schedules::of_operator(ctx.store.read(), id).await?;
            let theirs = stored(&reader, &now, &had);
            let name = |choice: &str| options(&reader).into_iter().find(|(value, _)| value == choice).map(|(_, name)| name);
            let t = reader.t;
            let differences = stale::differences([
                (t.get("schedules-office-hours"), name(&choice_of(&now, &had)).unwrap_or_default(), name(&choice).unwrap_or_default()),
                (t.get("schedules-zone"), theirs.time_zone.clone(), draft.time_zone.clone()),
                (t.get("schedules-week"), week_text(&reader, &theirs), week_text(&reader, &draft)),
                (t.get("schedules-exceptions"), exceptions_text(&theirs), exceptions_text(&draft)),
            ]);
            stale::answer(&ctx, &StalePage::new(&reader, &format!("{}/hours", subject.base), form.raw, now.version, differences))
        }
        Err(error) => Err(error),
    }
}

/// `POST .../hours/override`: hours from now on (HR-4).
pub async fn allow(ctx: Data<Ctx>, reader: Reader, subject: Subject, form: Form<Allowance>) -> Result<HttpResponse> {
    let id = subject.operator.id;
    let done = match instant(&form.fields.until, reader.zone) {
        Some(until) => operators::allow_hours(&ctx, reader.actor()?, id, until).await.map(|()| until),
        None => Err(AppError::field("until", "hours_until")),
    };
    match done {
        Ok(until) => {
            let flash = Flash::success("schedules-allowed-now").with("name", &subject.operator.name);
            Ok(see_other_with(&ctx, &format!("{}/hours", subject.base), &flash.with("at", reader.dates.full(&until))))
        }
        Err(AppError::Invalid(errors)) => {
            let had = schedules::of_operator(ctx.store.read(), id).await?;
            let (choice, draft) = (choice_of(&subject.operator, &had), stored(&reader, &subject.operator, &had));
            let mut page = page(&ctx, &reader, &subject, &had, choice, draft, FieldErrors::default());
            (page.extra.until, page.extra.faults) = (form.fields.until, Faults::of(reader.t, errors));
            shell::invalid(&ctx, &reader, &page)
        }
        Err(error) => Err(error),
    }
}

/// `POST .../hours/override/deletion`.
pub async fn end(ctx: Data<Ctx>, reader: Reader, subject: Subject, _form: Form<Nothing>) -> Result<HttpResponse> {
    operators::end_hours(&ctx, reader.actor()?, subject.operator.id).await?;
    let flash = Flash::success("schedules-allow-ended").with("name", &subject.operator.name);
    Ok(see_other_with(&ctx, &format!("{}/hours", subject.base), &flash))
}

/// An instant as a browser types it on the wall of a zone; of one that comes twice, the second.
fn instant(typed: &str, zone: Tz) -> Option<DateTime<Utc>> {
    let wall = NaiveDateTime::parse_from_str(typed.trim(), TYPED).ok()?;
    zone.from_local_datetime(&wall).latest().map(|at| at.to_utc())
}

/// What stands in the form for the schedule in use.
fn choice_of(operator: &Operator, had: &OwnHours) -> String {
    match operator.schedule_id {
        None => String::new(),
        Some(id) if had.own.as_ref().is_some_and(|own| own.id == id) => OWN.to_owned(),
        Some(id) => id.to_string(),
    }
}

/// The own week, or an empty one in the operator's zone, with the own exceptions.
fn stored(visit: &Visit, operator: &Operator, had: &OwnHours) -> Draft {
    match &had.own {
        Some(own) => Draft::stored(&own.schedule, &had.exceptions),
        None => {
            let zone = operator.time_zone.as_ref().unwrap_or(&visit.catalogue.organisation.time_zone);
            Draft::stored(&Schedule::new(time_zone::parse(zone).unwrap_or_default()), &had.exceptions)
        }
    }
}

/// None, the shared ones, and the own one.
fn options(visit: &Visit) -> Vec<(String, String)> {
    choices(visit).into_iter().chain([(OWN.to_owned(), visit.t.get("schedules-own").to_owned())]).collect()
}

fn page<'a>(
    ctx: &Ctx,
    visit: &'a Visit,
    subject: &'a Subject,
    had: &OwnHours,
    choice: String,
    draft: Draft,
    errors: FieldErrors,
) -> HoursPage<'a> {
    let operator = &subject.operator;
    let own = had.own.as_ref().filter(|own| operator.schedule_id == Some(own.id));
    let row = operator.schedule_id.and_then(|id| visit.catalogue.schedule(id)).or(own);
    let hours = had.hours(row.map(|row| &row.schedule), &visit.catalogue.holidays, operator.allowed());
    let manages = visit.may(Permission::SchedulesManage) || visit.may(Permission::OperatorsManage);
    let may_save = !subject.is_above && manages || subject.is_own && visit.may(Permission::SelfHours);
    let mut editor = Editor::new(visit, format!("{}/hours", subject.base), draft, errors, may_save);
    // What holds is drawn until somebody types hours of their own: without a schedule, round the clock.
    if !may_save || choice != OWN {
        let mut drawn = Draft::stored(&Schedule::new(Tz::UTC), &[]);
        match row {
            Some(row) => drawn = Draft::stored(&row.schedule, &[]),
            None => drawn.edit("weekly:always"),
        }
        editor.picture = Picture::new(visit.t, &drawn.week);
    }
    let running = operator.allowed().filter(|allowed| allowed.holds(ctx.now()));
    let may_allow = visit.viewer.as_ref().is_some_and(|viewer| operators::may_allow_hours(&viewer.actor));
    let extra = Extra {
        may_allow: may_allow && !subject.is_above && row.is_some(),
        running: running.map(|allowed| (allowed.by.to_owned(), visit.dates.full(&allowed.until))),
        until: running.map(|allowed| allowed.until.with_timezone(&visit.zone).format(TYPED).to_string()).unwrap_or_default(),
        zone: visit.zone.name().to_owned(),
        faults: Faults::none(visit.t),
    };
    HoursPage {
        extra,
        shell: subject.shell(visit, HERE),
        here: HERE,
        outlook: Outlook::new(visit, &hours, ctx.now()),
        choices: options(visit),
        shared: row.filter(|row| row.operator_id.is_none()).map(|row| (row.id, row.schedule.name.clone())),
        editor,
        choice,
        subject,
    }
}
