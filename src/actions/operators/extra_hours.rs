//! Hours that a supervisor allows an operator beside the schedule, such as "until 20:00" (HR-4).

use chrono::{DateTime, TimeDelta, Utc};

use super::not_above;
use super::status::{follow, held};
use crate::actions::audit::{self, Changes, Object};
use crate::actions::{Actor, Ctx};
use crate::domain::permission::Permission;
use crate::domain::schedule::Allowed;
use crate::domain::status::{Course, Watch};
use crate::error::{AppError, Result};
use crate::store::{Tx, courses, operators};

/// Hours are allowed for so many days at most: what lasts longer is an exception.
pub const MOST_HOURS_DAYS: i64 = 7;

/// Allows an operator hours from now until an instant; what is running already is made longer or shorter.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to manage schedules or other people's status, or for somebody above the actor;
/// `hours_until` at `until` for an instant that is past or more than a week ahead; `Conflict("always-within-hours")` for an operator
/// without a schedule.
pub async fn allow_hours(ctx: &Ctx, actor: &Actor, id: i64, until: DateTime<Utc>) -> Result<()> {
    let now = ctx.now();
    if until <= now || until > now + TimeDelta::days(MOST_HOURS_DAYS) {
        return Err(AppError::field("until", "hours_until"));
    }
    set(ctx, actor, id, now, Some(until)).await
}

/// Ends allowed hours early; where none are running, nothing happens.
///
/// # Errors
/// [`AppError::Forbidden`] as [`allow_hours`].
pub async fn end_hours(ctx: &Ctx, actor: &Actor, id: i64) -> Result<()> {
    set(ctx, actor, id, ctx.now(), None).await
}

/// Whether somebody may allow hours at all.
pub fn may_allow_hours(actor: &Actor) -> bool {
    actor.has(Permission::SchedulesManage) || actor.has(Permission::OperatorStatusManage)
}

async fn set(ctx: &Ctx, actor: &Actor, id: i64, now: DateTime<Utc>, until: Option<DateTime<Utc>>) -> Result<()> {
    if !may_allow_hours(actor) {
        return Err(actor.refused(Permission::SchedulesManage));
    }
    ctx.store
        .write(async |tx| {
            let (catalogue, before) = held(tx, id).await?;
            not_above(&catalogue, actor, &before)?;
            if until.is_some() && before.schedule_id.is_none() {
                return Err(AppError::Conflict("always-within-hours"));
            }
            let running = before.allowed().filter(|allowed| allowed.holds(now));
            if running.map(|allowed| allowed.until) == until {
                return Ok(());
            }
            // What was due under the hours before comes first.
            let facts = courses::read(tx, std::slice::from_ref(&before), now).await?;
            follow(tx, &catalogue, &before, &facts.course(&catalogue, &before), now).await?;
            let from = running.map_or(now, |allowed| allowed.from);
            let by = running.filter(|_| until.is_none()).map_or(actor.name.as_str(), |allowed| allowed.by);
            operators::allow_hours(tx, id, Allowed { from, until: until.unwrap_or(now), by }).await?;
            end(tx, id, now).await?;
            let mut changes = Changes::default();
            let told = |at: DateTime<Utc>| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
            changes.note("hours_until", &running.map(|allowed| told(allowed.until)), &until.map(told));
            let said = if until.is_some() { "operator.hours_allowed" } else { "operator.hours_ended" };
            audit::record(ctx, tx, actor, said, Object::new("operator", id, &before.name), changes).await
        })
        .await
}

/// Writes down that the hours are over, where they are by now: also where this very instant was followed already.
async fn end(tx: &Tx, id: i64, now: DateTime<Utc>) -> Result<()> {
    let (catalogue, operator) = held(tx, id).await?;
    let facts = courses::read(tx, std::slice::from_ref(&operator), now).await?;
    let course = facts.course(&catalogue, &operator);
    let watch = Watch { followed_at: course.watch.followed_at.min(now - TimeDelta::milliseconds(1)), ..course.watch };
    follow(tx, &catalogue, &operator, &Course { watch, ..course }, now).await?;
    Ok(())
}
