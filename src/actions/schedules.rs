//! Deeds on office hours (HR-1, HR-3): shared schedules, what one operator uses, and the exceptions of the organisation.

use super::audit::{self, Changes, Object};
use super::operators::not_above;
use super::rights::ManageSchedules;
use super::{Actor, Ctx};
use crate::domain::field::FieldErrors;
use crate::domain::permission::Permission;
use crate::domain::schedule::{Exception, RawException, RawSchedule, Schedule};
use crate::domain::time_zone;
use crate::error::{AppError, Result};
use crate::store::schedules::{self, Owner, ScheduleRow};
use crate::store::versions;
use crate::store::{Tx, operators, settings};

/// Who takes the place of a schedule that is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instead {
    /// Another shared schedule.
    Schedule(i64),
    /// None: those who used it are always within hours.
    Always,
}

/// What hours an operator is to have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedHours {
    /// `own`, the id of a shared schedule, or nothing for always.
    pub schedule_id: String,
    /// The zone and week of the own schedule, which count with `own` alone, and the operator's own exceptions. A name means nothing.
    pub raw: RawSchedule,
}

/// The choice that stands for an operator's own schedule.
pub const OWN: &str = "own";

/// Creates a shared schedule; returns its id. Fields: those of [`Schedule::with`]; `taken` at `name`. Without a zone, the organisation's.
pub async fn create(ctx: &Ctx, right: ManageSchedules<'_>, raw: &RawSchedule) -> Result<i64> {
    let raw = RawSchedule { name: Some(raw.name.clone().unwrap_or_default()), ..raw.clone() };
    let now = ctx.now();
    ctx.store
        .write(async |tx| {
            let blank = blank(tx).await?;
            let schedule = blank.with(&raw)?;
            let id = schedules::insert(tx, &schedule, None, now).await?;
            let mut changes = Changes::default();
            changes.set("name", &schedule.name);
            changes.set("time_zone", schedule.time_zone.name());
            changes.set("weekly", told(&schedule));
            changes.note("exceptions", &Vec::new(), &told_exceptions(&schedule.exceptions));
            audit::record(ctx, tx, &right, "schedule.created", Object::new("schedule", id, &schedule.name), changes).await?;
            Ok(id)
        })
        .await
}

/// Changes a shared schedule. Where nothing differs, nothing happens. Fields: as [`create`].
///
/// # Errors
/// [`AppError::Stale`] where it is no longer at `version`.
pub async fn change(ctx: &Ctx, right: ManageSchedules<'_>, id: i64, version: Option<i64>, raw: &RawSchedule) -> Result<()> {
    let now = ctx.now();
    ctx.store
        .write(async |tx| {
            let before = locked(tx, id, version).await?;
            let after = before.schedule.with(raw)?;
            let mut changes = Changes::default();
            note(&mut changes, &before.schedule, &after);
            if changes.is_empty() {
                return Ok(());
            }
            let name = after.name.clone();
            schedules::save(tx, &ScheduleRow { schedule: after, ..before }, now).await?;
            audit::record(ctx, tx, &right, "schedule.changed", Object::new("schedule", id, name), changes).await
        })
        .await
}

/// Deletes a shared schedule; operators and departments that used it use what is named instead.
///
/// # Errors
/// At `replacement_id`: `required` where somebody uses it and nothing is named, `unknown_choice` for what is no other shared schedule.
pub async fn delete(ctx: &Ctx, right: ManageSchedules<'_>, id: i64, version: Option<i64>, instead: Option<Instead>) -> Result<()> {
    ctx.store
        .write(async |tx| {
            let doomed = locked(tx, id, version).await?;
            let users = schedules::users(tx, id).await?;
            let other = match instead {
                None if users.is_empty() => None,
                None => return Err(AppError::field("replacement_id", "required")),
                Some(Instead::Always) => None,
                Some(Instead::Schedule(other)) => {
                    let found = schedules::lock(tx, other).await?.filter(|row| row.operator_id.is_none() && row.id != id);
                    Some(found.ok_or_else(|| AppError::field("replacement_id", "unknown_choice"))?)
                }
            };
            schedules::delete(tx, id, other.as_ref().map(|row| row.id)).await?;
            let mut changes = Changes::default();
            changes.was("name", &doomed.schedule.name);
            changes.was("time_zone", doomed.schedule.time_zone.name());
            changes.was("weekly", told(&doomed.schedule));
            let names = |users: &[(i64, String)]| users.iter().map(|(_, name)| name.clone()).collect::<Vec<_>>();
            changes.note("operators", &names(&users.operators), &Vec::new());
            changes.note("departments", &names(&users.departments), &Vec::new());
            if let Some(other) = other {
                changes.set("replacement_id", other.schedule.name);
            }
            audit::record(ctx, tx, &right, "schedule.deleted", Object::new("schedule", id, &doomed.schedule.name), changes).await
        })
        .await
}

/// Sets the hours of an operator: which schedule, their own week, their own exceptions (HR-1, HR-3, OP-7).
///
/// # Errors
/// [`AppError::Forbidden`] for others' hours without the right to manage schedules or operators, and for one's own without that or `self.hours`;
/// [`AppError::Stale`] where the operator is no longer at `version`; `unknown_choice` at `schedule_id`.
pub async fn set_hours(ctx: &Ctx, actor: &Actor, operator_id: i64, version: Option<i64>, typed: &TypedHours) -> Result<()> {
    may_set_hours(actor, operator_id)?;
    let catalogue = ctx.present_catalogue().await?;
    let now = ctx.now();
    ctx.store
        .write(async |tx| {
            let before =
                operators::lock(tx, operator_id).await?.filter(|operator| operator.deleted_at.is_none()).ok_or(AppError::NotFound)?;
            not_above(&catalogue, actor, &before)?;
            if version.is_some_and(|version| version != before.version) {
                return Err(AppError::Stale);
            }
            let had = schedules::of_operator(tx, operator_id).await?;
            let is_own = typed.schedule_id == OWN;
            let stored = match &had.own {
                Some(row) => row.schedule.clone(),
                None => before.time_zone.as_deref().and_then(|zone| time_zone::parse(zone).ok()).map_or(blank(tx).await?, Schedule::new),
            };
            let weekly = RawSchedule { name: None, exceptions: None, ..typed.raw.clone() };
            let (own, mut errors) = match stored.with(&weekly) {
                Err(faults) if is_own => (stored.clone(), faults),
                Ok(own) if is_own => (own, FieldErrors::default()),
                _ => (stored.clone(), FieldErrors::default()),
            };
            let exceptions = typed.raw.exceptions.as_deref().map(Exception::parse_all).unwrap_or(Ok(had.exceptions.clone()));
            let exceptions = exceptions.unwrap_or_else(|faults| {
                errors.0.extend(faults.0);
                Vec::new()
            });
            let chosen = match typed.schedule_id.trim() {
                "" | OWN => None,
                id => Some(usable(tx, id.parse().unwrap_or_default(), operator_id).await).transpose().unwrap_or_else(|_| {
                    errors.add("schedule_id", "unknown_choice");
                    None
                }),
            };
            errors.into_result(())?;
            let mut changes = Changes::default();
            let mut after = before.clone();
            after.schedule_id = match (&had.own, is_own) {
                (_, false) => chosen,
                (Some(row), true) => Some(row.id),
                (None, true) => Some(schedules::insert(tx, &own, Some(operator_id), now).await?),
            };
            changes.note("schedule_id", &before.schedule_id, &after.schedule_id);
            if is_own && had.own.is_none() {
                changes.set("time_zone", own.time_zone.name());
                changes.set("weekly", told(&own));
            } else if is_own {
                note(&mut changes, &stored, &own);
            }
            changes.note("exceptions", &told_exceptions(&had.exceptions), &told_exceptions(&exceptions));
            if changes.is_empty() {
                return Ok(());
            }
            if let Some(row) = had.own.filter(|row| is_own && row.schedule != own) {
                schedules::save(tx, &ScheduleRow { schedule: own, ..row }, now).await?;
            }
            schedules::write_exceptions(tx, Owner::Operator(operator_id), &exceptions).await?;
            if !operators::save(tx, &before, &after, now).await? {
                return Err(AppError::Stale);
            }
            audit::record(ctx, tx, actor, "operator.changed", Object::new("operator", operator_id, &after.name), changes).await?;
            Ok(versions::touch_operators(tx, &[operator_id]).await?)
        })
        .await
}

/// Whether somebody may set the hours of an operator at all.
pub fn may_set_hours(actor: &Actor, operator_id: i64) -> Result<()> {
    let is_own = actor.operator_id() == Some(operator_id);
    let manages = actor.has(Permission::SchedulesManage) || actor.has(Permission::OperatorsManage);
    if manages || is_own && actor.has(Permission::SelfHours) {
        return Ok(());
    }
    Err(actor.refused(if is_own { Permission::SelfHours } else { Permission::SchedulesManage }))
}

/// Sets the exceptions that hold for every schedule (HR-3). Fields: those of [`Exception::parse_all`].
///
/// # Errors
/// [`AppError::Stale`] where the organisation's settings are no longer at `version`.
pub async fn set_holidays(ctx: &Ctx, right: ManageSchedules<'_>, version: Option<i64>, raw: &[RawException]) -> Result<()> {
    let after = Exception::parse_all(raw)?;
    ctx.store
        .write(async |tx| {
            let organisation = settings::find_for_change(tx).await?;
            if version.is_some_and(|version| version != organisation.version) {
                return Err(AppError::Stale);
            }
            let before = schedules::exceptions_of(tx, Owner::Organisation).await?;
            let mut changes = Changes::default();
            changes.note("exceptions", &told_exceptions(&before), &told_exceptions(&after));
            if changes.is_empty() {
                return Ok(());
            }
            schedules::write_exceptions(tx, Owner::Organisation, &after).await?;
            settings::move_on(tx, organisation.version).await?;
            audit::record(ctx, tx, &right, "holidays.changed", Object::new("holidays", 1, &organisation.organisation_name), changes).await
        })
        .await
}

/// A schedule that an operator or, with 0, a department may be given: a shared one, or the operator's own; locked.
///
/// # Errors
/// `unknown_choice` at `schedule_id`.
pub(super) async fn usable(tx: &Tx, id: i64, operator_id: i64) -> Result<i64> {
    let row = schedules::lock(tx, id).await?.filter(|row| row.operator_id.is_none_or(|own| own == operator_id));
    row.map(|row| row.id).ok_or_else(|| AppError::field("schedule_id", "unknown_choice"))
}

/// A shared schedule about to be changed, at its version.
async fn locked(tx: &Tx, id: i64, version: Option<i64>) -> Result<ScheduleRow> {
    let row = schedules::lock(tx, id).await?.filter(|row| row.operator_id.is_none()).ok_or(AppError::NotFound)?;
    if version.is_some_and(|version| version != row.version) { Err(AppError::Stale) } else { Ok(row) }
}

/// A schedule without hours in the organisation's zone.
async fn blank(tx: &Tx) -> Result<Schedule> {
    let zone = settings::find(tx).await?.time_zone;
    Ok(Schedule::new(time_zone::parse(&zone).unwrap_or_default()))
}

fn note(changes: &mut Changes, before: &Schedule, after: &Schedule) {
    changes.note("name", &before.name, &after.name);
    changes.note("time_zone", &before.time_zone.name(), &after.time_zone.name());
    changes.note("weekly", &told(before), &told(after));
    changes.note("exceptions", &told_exceptions(&before.exceptions), &told_exceptions(&after.exceptions));
}

/// The days that have hours, one a line, such as `mon 09:00-13:00 14:00-18:00`.
pub fn told(schedule: &Schedule) -> Vec<String> {
    let days = schedule.week.days().filter(|(_, intervals)| !intervals.is_empty());
    days.map(|(day, intervals)| intervals.iter().fold(day.to_owned(), |line, interval| format!("{line} {interval}"))).collect()
}

/// Exceptions, one a line; one without hours is closed.
pub fn told_exceptions(all: &[Exception]) -> Vec<String> {
    let line = |one: &Exception| {
        let begin = format!("{}: {} → {}", one.name, one.from, one.to);
        one.intervals.iter().fold(begin, |line, interval| format!("{line} {interval}"))
    };
    all.iter().map(line).collect()
}
