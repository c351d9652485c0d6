//! Switching the status an operator wears, and writing down what has switched it by itself (ST-1, ST-4, ST-5, ST-7, ST-8, HR-4).

use chrono::{DateTime, TimeDelta, Utc};

use crate::actions::rights::{ManageOperatorStatus, UsePanel};
use crate::actions::statuses::hand;
use crate::actions::{Actor, ActorKind, Ctx};
use crate::domain::status::{Cause, Course, Worn};
use crate::error::{AppError, Result};
use crate::store::catalogue::Catalogue;
use crate::store::operators::{self, Operator};
use crate::store::{Tx, courses, presence, settings, status_log};

/// A timed switch ends within a year.
const MOST_DAYS: i64 = 366;
/// Operators who are followed in one transaction.
const TOGETHER: usize = 100;

/// Switches one's own status; tells whether that changed anything.
///
/// # Errors
/// `unknown_choice` at `status_id`; [`AppError::Forbidden`] for an actor who is no operator.
pub async fn switch_own(ctx: &Ctx, right: UsePanel<'_>, to: i64) -> Result<bool> {
    let id = right.operator_id().ok_or(AppError::Forbidden("panel.use"))?;
    switch(ctx, &right, id, to, None).await
}

/// Switches somebody's status, for a time where `until` is given: then the former one returns. Tells whether that changed anything.
///
/// # Errors
/// `unknown_choice` at `status_id`, `status_until` at `until` for an instant that is past or more than a year ahead.
pub async fn switch_other(ctx: &Ctx, right: ManageOperatorStatus<'_>, id: i64, to: i64, until: Option<DateTime<Utc>>) -> Result<bool> {
    switch(ctx, &right, id, to, until).await
}

async fn switch(ctx: &Ctx, actor: &Actor, id: i64, to: i64, until: Option<DateTime<Utc>>) -> Result<bool> {
    let now = ctx.now();
    if until.is_some_and(|until| until <= now || until > now + TimeDelta::days(MOST_DAYS)) {
        return Err(AppError::field("until", "status_until"));
    }
    let cause = match actor.kind {
        ActorKind::ApiKey(_) => Cause::Api,
        _ if actor.operator_id() == Some(id) => Cause::Own,
        _ => Cause::Supervisor,
    };
    ctx.store
        .write(async |tx| {
            let (catalogue, operator) = held(tx, id).await?;
            let status = catalogue.status(to).ok_or_else(|| AppError::field("status_id", "unknown_choice"))?;
            let facts = courses::read(tx, std::slice::from_ref(&operator), now).await?;
            let here = follow(tx, &catalogue, &operator, &facts.course(&catalogue, &operator), now).await?.0;
            let Some(next) = here.switched(to, until, now, cause, &actor.name) else { return Ok(false) };
            status_log::wear(tx, id, here.status_id, &next, &status.facts.name, &hand(actor)).await?;
            Ok(true)
        })
        .await
}

/// Writes down everything that has switched a status by itself, each switch at the instant at which it was due; returns how many
/// operators that were. Whoever came first has written it: a second run, here or on another node, finds nothing more.
pub async fn follow_all(ctx: &Ctx) -> Result<u64> {
    let now = ctx.now();
    let before = presence::watch(ctx.store.read()).await?;
    let watch = before.at(now);
    if watch != before {
        ctx.store
            .write(async |tx| {
                presence::resume(tx, watch.resumed_at).await?;
                presence::pull_back(tx, now).await
            })
            .await?;
    }
    let catalogue = ctx.present_catalogue().await?;
    let mut changed = 0;
    for ids in courses::due(ctx.store.read(), &catalogue, watch, now).await?.chunks(TOGETHER) {
        changed += ctx.store.write(async |tx| follow_some(tx, ids, now).await).await?;
    }
    ctx.store.write(async |tx| presence::followed(tx, now).await).await?;
    Ok(changed)
}

/// Whether nothing has switched anybody's status by itself.
pub async fn is_followed(ctx: &Ctx) -> Result<bool> {
    let (db, now) = (ctx.store.read(), ctx.now());
    let before = presence::watch(db).await?;
    let catalogue = ctx.present_catalogue().await?;
    Ok(before == before.at(now) && courses::is_idle(db, &catalogue, before, now).await?)
}

/// Notes that heartbeats can be heard from now on, as every server does before it opens (ST-5).
pub async fn listen(ctx: &Ctx) -> Result<()> {
    Ok(ctx.store.write(async |tx| presence::resume(tx, ctx.now()).await).await?)
}

/// What an operator wears at an instant, and what comes after it by itself, whether or not it has been written down yet; while heartbeats
/// come, nothing comes of their absence.
pub async fn worn(ctx: &Ctx, catalogue: &Catalogue, operator: &Operator) -> Result<(Worn, Option<Worn>)> {
    let now = ctx.now();
    let facts = courses::read(ctx.store.read(), std::slice::from_ref(operator), now).await?;
    let course = facts.course(catalogue, operator);
    let here = course.worn(&catalogue.written(operator), now);
    let is_heard = course.presence.is_some_and(|presence| presence.is_heard(now));
    let next = if is_heard { course.while_heard() } else { course }.next(&here);
    Ok((here, next))
}

/// Follows these operators, those of them that are not deleted; returns for how many anything was written.
async fn follow_some(tx: &Tx, ids: &[i64], now: DateTime<Utc>) -> Result<u64> {
    settings::find_for_change(tx).await?;
    let catalogue = Catalogue::read(tx).await?;
    status_log::begin(tx).await?;
    let operators = operators::lock_many(tx, ids).await?;
    let facts = courses::read(tx, &operators, now).await?;
    let mut changed = 0;
    for operator in &operators {
        changed += u64::from(follow(tx, &catalogue, operator, &facts.course(&catalogue, operator), now).await?.1);
    }
    Ok(changed)
}

/// The statuses and an operator, neither of which anybody changes before this transaction ends: statuses are changed and deleted by
/// who holds the settings.
pub(super) async fn held(tx: &Tx, id: i64) -> Result<(Catalogue, Operator)> {
    settings::find_for_change(tx).await?;
    let catalogue = Catalogue::read(tx).await?;
    let lock = async || -> Result<Operator> {
        operators::lock(tx, id).await?.filter(|operator| operator.deleted_at.is_none()).ok_or(AppError::NotFound)
    };
    let operator = lock().await?;
    if operator.worn.is_some() {
        return Ok((catalogue, operator));
    }
    status_log::begin(tx).await?;
    Ok((catalogue, lock().await?))
}

/// Writes down what has come by itself; returns what is worn then, and whether anything was written.
pub(super) async fn follow(
    tx: &Tx,
    catalogue: &Catalogue,
    operator: &Operator,
    course: &Course<'_>,
    now: DateTime<Utc>,
) -> Result<(Worn, bool)> {
    let mut here = catalogue.written(operator);
    let mut is_changed = false;
    loop {
        let steps = course.steps(&here, now);
        if steps.is_empty() {
            return Ok((here, is_changed));
        }
        is_changed = true;
        for step in steps {
            wear(tx, catalogue, operator.id, &here, &step).await?;
            here = step;
        }
    }
}

/// Writes down a switch that the program made.
pub(super) async fn wear(tx: &Tx, catalogue: &Catalogue, operator_id: i64, here: &Worn, next: &Worn) -> Result<()> {
    let name = catalogue.status(next.status_id).map(|status| status.facts.name.clone()).unwrap_or_default();
    Ok(status_log::wear(tx, operator_id, here.status_id, next, &name, &hand(&Actor::system(""))).await?)
}
