//! Office hours (HR-1, HR-3).

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::endpoint::{Endpoint, text};
use super::request::{Caller, Json, Query, given};
use super::{ROOT, answer};
use crate::actions::schedules::{self, Instead};
use crate::actions::{Ctx, rights};
use crate::domain::api_key::Scope;
use crate::domain::schedule::{RawException, RawInterval, RawSchedule};
use crate::error::{AppError, Result};
use crate::store;
use crate::store::schedules::ScheduleRow;

/// Characters of an id, or `none`.
const REPLACEMENT: usize = 20;

/// Hours on a wall, half-open: from and to. An end that is not after the start lies in the next day; `24:00` ends a day and starts none.
type Pairs = Vec<[String; 2]>;

/// A week of hours in a time zone.
#[derive(Serialize, ToSchema)]
struct Schedule {
    /// Its id.
    id: i64,
    /// Its name; empty for an operator's own one.
    name: String,
    /// Whose own one it is; `null` shared.
    operator_id: Option<i64>,
    /// IANA name of the zone in which its times are meant.
    time_zone: String,
    /// The hours that start on each day: `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`.
    #[schema(value_type = BTreeMap<String, Vec<Vec<String>>>, example = json!({"mon": [["09:00", "13:00"], ["22:00", "06:00"]], "sun": []}))]
    weekly: BTreeMap<String, Vec<RawInterval>>,
    /// Dates on which other hours start, by first day.
    exceptions: Vec<ScheduleException>,
}

/// Dates on which other hours start than those of the week.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ScheduleException {
    /// What it is, such as a holiday.
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    /// First day.
    #[schema(example = "2026-12-24", format = Date)]
    from: String,
    /// Last day, included.
    #[schema(example = "2026-12-26", format = Date)]
    to: String,
    /// Its hours on each of the days; none is closed.
    #[serde(default)]
    #[schema(value_type = Vec<Vec<String>>, required = false, max_items = 12)]
    intervals: Pairs,
}

/// A schedule to be created.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ScheduleNew {
    /// Its name, unique among shared schedules.
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    /// IANA name; the organisation's where it is absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, example = "Europe/Madrid")]
    time_zone: Option<String>,
    /// The hours that start on each day; days that are absent have none.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Vec<Vec<String>>>, required = false, example = json!({"mon": [["09:00", "17:00"]]}))]
    weekly: BTreeMap<String, Pairs>,
    /// Dates on which other hours start; no two claim the same day.
    #[serde(default)]
    #[schema(required = false, max_items = 400)]
    exceptions: Vec<ScheduleException>,
}

/// What is to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SchedulePatch {
    /// Its name, unique among shared schedules.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 80)]
    name: Option<String>,
    /// IANA name.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, example = "Europe/Madrid")]
    time_zone: Option<String>,
    /// The hours of the whole week from now on; days that are absent have none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = BTreeMap<String, Vec<Vec<String>>>, required = false, example = json!({"mon": [["09:00", "17:00"]]}))]
    weekly: Option<BTreeMap<String, Pairs>>,
    /// All exceptions from now on.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<ScheduleException>, required = false, max_items = 400)]
    exceptions: Option<Vec<ScheduleException>>,
}

/// The calls on schedules.
pub fn endpoints() -> Vec<Endpoint> {
    let (read, write) = (Scope::SchedulesRead, Scope::SchedulesWrite);
    vec![
        Endpoint::new(Method::GET, "/schedules", read, |route| route.to(list))
            .says("List schedules", "The shared ones; an operator's own one is found by the operator's `schedule_id`.")
            .lists::<Schedule>(),
        Endpoint::new(Method::POST, "/schedules", write, |route| route.to(create))
            .says("Create a schedule", "")
            .takes::<ScheduleNew>()
            .creates::<Schedule>(),
        Endpoint::new(Method::GET, "/schedules/{id}", read, |route| route.to(show))
            .says("Get a schedule", "Shared, or an operator's own.")
            .gives::<Schedule>(),
        Endpoint::new(Method::PATCH, "/schedules/{id}", write, |route| route.to(change))
            .says("Change a schedule", "A shared one. The week and the list of exceptions are replaced as a whole where they are sent.")
            .takes::<SchedulePatch>()
            .gives::<Schedule>(),
        Endpoint::new(Method::DELETE, "/schedules/{id}", write, |route| route.to(delete))
            .says("Delete a schedule", "A shared one. Where operators or departments use it, the replacement must be named.")
            .asks("replacement_id", "Id of the shared schedule they use instead, or `none` for always within hours.", text(REPLACEMENT)),
    ]
}

impl From<RawException> for ScheduleException {
    fn from(raw: RawException) -> ScheduleException {
        let intervals = raw.intervals.into_iter().map(|(from, to)| [from, to]).collect();
        ScheduleException { name: raw.name, from: raw.from, to: raw.to, intervals }
    }
}

impl From<ScheduleException> for RawException {
    fn from(one: ScheduleException) -> RawException {
        RawException { name: one.name, from: one.from, to: one.to, intervals: pairs(one.intervals) }
    }
}

fn pairs(all: Pairs) -> Vec<RawInterval> {
    all.into_iter().map(|[from, to]| (from, to)).collect()
}

fn view(row: &ScheduleRow) -> Schedule {
    let schedule = &row.schedule;
    Schedule {
        id: row.id,
        name: schedule.name.clone(),
        operator_id: row.operator_id,
        time_zone: schedule.time_zone.name().to_owned(),
        weekly: schedule.week.raw(),
        exceptions: schedule.exceptions.iter().map(|one| one.raw().into()).collect(),
    }
}

fn raw(patch: SchedulePatch) -> RawSchedule {
    RawSchedule {
        name: patch.name,
        time_zone: patch.time_zone,
        weekly: patch.weekly.map(|days| days.into_iter().map(|(day, all)| (day, pairs(all))).collect()),
        exceptions: patch.exceptions.map(|all| all.into_iter().map(RawException::from).collect()),
    }
}

async fn list(caller: Caller, query: Query) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewSchedules>()?;
    answer::held_page(&query, &caller.catalogue.schedules, |row| row.id, view)
}

async fn find(ctx: &Ctx, id: i64) -> Result<ScheduleRow> {
    store::schedules::find(ctx.store.read(), id).await?.ok_or(AppError::NotFound)
}

async fn create(ctx: Data<Ctx>, caller: Caller, Json(new): Json<ScheduleNew>) -> Result<HttpResponse> {
    let right = caller.actor.may::<rights::ManageSchedules>()?;
    let patch =
        SchedulePatch { name: Some(new.name), time_zone: new.time_zone, weekly: Some(new.weekly), exceptions: Some(new.exceptions) };
    let id = schedules::create(&ctx, right, &raw(patch)).await?;
    answer::created(format!("{ROOT}/schedules/{id}"), &view(&find(&ctx, id).await?))
}

async fn show(request: HttpRequest, ctx: Data<Ctx>, caller: Caller, id: Path<i64>) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewSchedules>()?;
    answer::one(&request, &view(&find(&ctx, *id).await?))
}

async fn change(
    request: HttpRequest,
    ctx: Data<Ctx>,
    caller: Caller,
    id: Path<i64>,
    Json(patch): Json<SchedulePatch>,
) -> Result<HttpResponse, actix_web::Error> {
    let right = caller.actor.may::<rights::ManageSchedules>()?;
    let before = find(&ctx, *id).await?;
    let version = answer::if_match(&request, &view(&before))?.then_some(before.version);
    schedules::change(&ctx, right, *id, version, &raw(patch)).await?;
    Ok(answer::one(&request, &view(&find(&ctx, *id).await?))?)
}

async fn delete(
    request: HttpRequest,
    ctx: Data<Ctx>,
    caller: Caller,
    id: Path<i64>,
    query: Query,
) -> Result<HttpResponse, actix_web::Error> {
    let right = caller.actor.may::<rights::ManageSchedules>()?;
    let before = find(&ctx, *id).await?;
    let version = answer::if_match(&request, &view(&before))?.then_some(before.version);
    let instead = match query.get("replacement_id") {
        None => None,
        Some("none") => Some(Instead::Always),
        Some(id) => Some(Instead::Schedule(id.parse().map_err(|_| AppError::field("replacement_id", "unknown_choice"))?)),
    };
    schedules::delete(&ctx, right, *id, version, instead).await?;
    Ok(answer::nothing())
}
