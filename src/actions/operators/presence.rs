//! Heartbeats: somebody is there (ST-5, ST-7, HR-4).

use chrono::{DateTime, Utc};

use super::status::{follow, held, wear};
use crate::actions::Ctx;
use crate::actions::rights::{ManageOperatorStatus, UsePanel};
use crate::domain::field::FieldErrors;
use crate::domain::status::Worn;
use crate::domain::{limits, text};
use crate::error::{AppError, Result};
use crate::store::catalogue::Catalogue;
use crate::store::operators::{self, Operator};
use crate::store::presence::{self, Kind};
use crate::store::{Tx, courses};

/// A heartbeat.
#[derive(Clone, Copy, Debug)]
pub struct Beat<'a> {
    /// What the client calls itself, one of several that an operator may have.
    pub client: &'a str,
    /// Whether anybody did anything since the one before (ST-7).
    pub is_activity: bool,
}

/// Somebody's own panel is open. Returns what they wear then.
///
/// # Errors
/// [`AppError::Forbidden`] for an actor who is no operator; the faults of a line at `client`.
pub async fn beat_own(ctx: &Ctx, right: UsePanel<'_>, beat: Beat<'_>) -> Result<Worn> {
    let id = right.operator_id().ok_or(AppError::Forbidden("panel.use"))?;
    take(ctx, id, Kind::Panel, beat).await
}

/// A program is there for an operator. Returns what they wear then.
///
/// # Errors
/// The faults of a line at `client`; `Conflict("suspended")` where the operator is kept out.
pub async fn beat_for(ctx: &Ctx, _right: ManageOperatorStatus<'_>, id: i64, beat: Beat<'_>) -> Result<Worn> {
    take(ctx, id, Kind::Api, beat).await
}

/// Somebody's own panel was closed; that changes nothing before the window ends.
///
/// # Errors
/// As [`beat_own`].
pub async fn leave_own(ctx: &Ctx, right: UsePanel<'_>, client: &str) -> Result<()> {
    let id = right.operator_id().ok_or(AppError::Forbidden("panel.use"))?;
    leave(ctx, id, Kind::Panel, Some(client)).await
}

/// One program, or every one, is there no longer for an operator; that changes nothing before the window ends.
///
/// # Errors
/// The faults of a line at `client`.
pub async fn leave_for(ctx: &Ctx, _right: ManageOperatorStatus<'_>, id: i64, client: Option<&str>) -> Result<()> {
    operators::find(ctx.store.read(), id).await?.ok_or(AppError::NotFound)?;
    leave(ctx, id, Kind::Api, client).await
}

async fn take(ctx: &Ctx, id: i64, kind: Kind, beat: Beat<'_>) -> Result<Worn> {
    let client = line(beat.client)?;
    let now = ctx.now();
    let catalogue = ctx.present_catalogue().await?;
    let operator = operators::find(ctx.store.read(), id).await?.ok_or(AppError::NotFound)?;
    if operator.suspended_at.is_some() {
        return Err(AppError::Conflict("suspended"));
    }
    // Most beats change nothing but themselves: these hold nobody up.
    if let Some(here) = unmoved(ctx, &catalogue, &operator, beat).await? {
        ctx.store.write(async |tx| note(tx, &catalogue, id, kind, &client, beat, now).await).await?;
        return Ok(here);
    }
    ctx.store
        .write(async |tx| {
            let (catalogue, operator) = held(tx, id).await?;
            let facts = courses::read(tx, std::slice::from_ref(&operator), now).await?;
            let course = facts.course(&catalogue, &operator);
            let here = follow(tx, &catalogue, &operator, &course, now).await?.0;
            note(tx, &catalogue, id, kind, &client, beat, now).await?;
            let Some(next) = course.welcomed(&here, now, beat.is_activity) else { return Ok(here) };
            wear(tx, &catalogue, id, &here, &next).await?;
            Ok(next)
        })
        .await
}

/// What the operator wears, where the beat changes nothing about it and nothing is left to be written down.
async fn unmoved(ctx: &Ctx, catalogue: &Catalogue, operator: &Operator, beat: Beat<'_>) -> Result<Option<Worn>> {
    let now = ctx.now();
    let Some(here) = &operator.worn else { return Ok(None) };
    let facts = courses::read(ctx.store.read(), std::slice::from_ref(operator), now).await?;
    let course = facts.course(catalogue, operator);
    let is_unmoved = course.steps(here, now).is_empty() && course.welcomed(here, now, beat.is_activity).is_none();
    Ok(is_unmoved.then(|| here.clone()))
}

async fn note(tx: &Tx, catalogue: &Catalogue, id: i64, kind: Kind, client: &str, beat: Beat<'_>, now: DateTime<Utc>) -> Result<()> {
    presence::beat(tx, id, kind, client, catalogue.presence_window(), now).await?;
    if beat.is_activity {
        presence::active(tx, id, now).await?;
    }
    Ok(())
}

async fn leave(ctx: &Ctx, id: i64, kind: Kind, client: Option<&str>) -> Result<()> {
    let client = client.map(line).transpose()?;
    let now = ctx.now();
    Ok(ctx.store.write(async |tx| presence::goodbye(tx, id, kind, client.as_deref(), now).await).await?)
}

fn line(raw: &str) -> Result<String> {
    let mut errors = FieldErrors::default();
    let client = errors.take("client", text::line(raw, limits::CLIENT));
    Ok(errors.into_result(client.unwrap_or_default())?)
}
