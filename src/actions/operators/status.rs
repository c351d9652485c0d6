//! Switching the status an operator wears, and writing down what has ended by itself (ST-1, ST-4, ST-8).

use chrono::{DateTime, TimeDelta, Utc};

use crate::actions::rights::{ManageOperatorStatus, UsePanel};
use crate::actions::statuses::hand;
use crate::actions::{Actor, ActorKind, Ctx};
use crate::domain::status::{Cause, Worn};
use crate::error::{AppError, Result};
use crate::store::catalogue::Catalogue;
use crate::store::operators::{self, Operator};
use crate::store::{Tx, settings, status_log};

/// A timed switch ends within a year.
const MOST_DAYS: i64 = 366;
/// Operators whose statuses are followed with one run of the job.
const AT_ONCE: i64 = 500;

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
            let here = follow(tx, &catalogue, &operator, now).await?.0;
            let Some(next) = here.switched(to, until, now, cause, &actor.name) else { return Ok(false) };
            status_log::wear(tx, id, here.status_id, &next, &status.facts.name, &hand(actor)).await?;
            Ok(true)
        })
        .await
}

/// Writes down every status that has ended by itself, each at the instant at which it ended; returns how many operators that were.
/// Whoever came first has written it: a second run, here or on another node, finds nothing more.
pub async fn follow_all(ctx: &Ctx) -> Result<u64> {
    let now = ctx.now();
    let mut changed = 0;
    for id in status_log::due(ctx.store.read(), now, AT_ONCE).await? {
        let followed = ctx.store.write(async |tx| {
            let (catalogue, operator) = held(tx, id).await?;
            Ok::<bool, AppError>(follow(tx, &catalogue, &operator, now).await?.1)
        });
        match followed.await {
            Ok(is_changed) => changed += u64::from(is_changed),
            Err(AppError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(changed)
}

/// The statuses and an operator, neither of which anybody changes before this transaction ends: statuses are changed and deleted by
/// who holds the settings.
async fn held(tx: &Tx, id: i64) -> Result<(Catalogue, Operator)> {
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

/// Writes down what has ended; returns what is worn then, and whether anything was written.
async fn follow(tx: &Tx, catalogue: &Catalogue, operator: &Operator, now: DateTime<Utc>) -> Result<(Worn, bool)> {
    let mut here = catalogue.written(operator);
    let offline = catalogue.organisation.named_statuses().offline;
    let steps = here.steps(now, offline, |id| catalogue.limit_of_status(id));
    let is_changed = !steps.is_empty();
    let system = hand(&Actor::system(""));
    for step in steps {
        let name = catalogue.status(step.status_id).map(|status| status.facts.name.clone()).unwrap_or_default();
        status_log::wear(tx, operator.id, here.status_id, &step, &name, &system).await?;
        here = step;
    }
    Ok((here, is_changed))
}
