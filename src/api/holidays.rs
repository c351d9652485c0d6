//! The organisation's own exceptions, which hold for every schedule, and the calendars beside them (HR-3).

use actix_web::http::Method;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer;
use super::endpoint::Endpoint;
use super::request::{Caller, Json};
use super::schedules::ScheduleException;
use crate::actions::{Ctx, rights, schedules};
use crate::domain::api_key::Scope;
use crate::domain::schedule::RawException;
use crate::error::Result;
use crate::store::calendars::{self, CalendarRow, EntryRow};

/// Days on which the organisation has other hours or none, unless a schedule or an operator has an exception of its own.
#[derive(Serialize, ToSchema)]
struct Holidays {
    /// Those that were typed or sent, by first day.
    exceptions: Vec<ScheduleException>,
    /// Those that were imported from files; where an exception claims the same day, that one decides.
    calendars: Vec<HolidayCalendar>,
}

/// A holiday calendar that was imported from a file.
#[derive(Serialize, ToSchema)]
struct HolidayCalendar {
    /// Its id.
    id: i64,
    /// Its name.
    name: String,
    /// When its file was last read.
    #[schema(format = DateTime)]
    imported_at: String,
    /// The days it knows, by first day.
    entries: Vec<HolidayEntry>,
}

/// Days of a holiday calendar.
#[derive(Serialize, ToSchema)]
struct HolidayEntry {
    /// What it is.
    name: String,
    /// First day.
    #[schema(format = Date)]
    from: String,
    /// Last day, included.
    #[schema(format = Date)]
    to: String,
    /// Whether these days are closed; somebody may have switched them off.
    enabled: bool,
}

/// The exceptions from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HolidaysNew {
    /// All of them; no two claim the same day.
    #[schema(max_items = 400)]
    exceptions: Vec<ScheduleException>,
}

/// The calls on holidays.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Method::GET, "/holidays", Scope::SchedulesRead, |route| route.to(show))
            .says("Get the organisation's holidays", "Exceptions from all schedules, and the calendars that were imported beside them.")
            .gives::<Holidays>(),
        Endpoint::new(Method::PUT, "/holidays", Scope::SchedulesWrite, |route| route.to(change))
            .says("Replace the organisation's exceptions", "All of them at once. Calendars stay as they are.")
            .takes::<HolidaysNew>()
            .gives::<Holidays>(),
    ]
}

async fn read(ctx: &Ctx) -> Result<Holidays> {
    let catalogue = ctx.present_catalogue().await?;
    let calendars = calendars::with_entries(ctx.store.read(), None).await?;
    Ok(Holidays {
        exceptions: catalogue.typed_holidays.iter().map(|one| one.raw().into()).collect(),
        calendars: calendars.into_iter().map(view).collect(),
    })
}

fn view((calendar, entries): (CalendarRow, Vec<EntryRow>)) -> HolidayCalendar {
    let entry = |row: EntryRow| HolidayEntry {
        name: row.entry.name,
        from: row.entry.from.to_string(),
        to: row.entry.to.to_string(),
        enabled: row.enabled,
    };
    HolidayCalendar {
        id: calendar.id,
        name: calendar.name,
        imported_at: answer::instant(calendar.imported_at.0),
        entries: entries.into_iter().map(entry).collect(),
    }
}

async fn show(request: HttpRequest, ctx: Data<Ctx>, caller: Caller) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewSchedules>()?;
    answer::one(&request, &read(&ctx).await?)
}

async fn change(
    request: HttpRequest,
    ctx: Data<Ctx>,
    caller: Caller,
    Json(new): Json<HolidaysNew>,
) -> Result<HttpResponse, actix_web::Error> {
    let right = caller.actor.may::<rights::ManageSchedules>()?;
    let version = ctx.present_catalogue().await?.organisation.version;
    let is_conditional = answer::if_match(&request, &read(&ctx).await?)?;
    let raw: Vec<RawException> = new.exceptions.into_iter().map(RawException::from).collect();
    schedules::set_holidays(&ctx, right, is_conditional.then_some(version), &raw).await?;
    Ok(answer::one(&request, &read(&ctx).await?)?)
}
