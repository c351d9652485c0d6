//! Carries out bulk deeds and imports that are too long for a request (OP-8).

use super::Work;
use crate::actions::{Ctx, runs};
use crate::error::Result;

/// Whether no run waits.
pub(super) async fn is_idle(ctx: &Ctx) -> Result<bool> {
    Ok(runs::due(ctx).await?.is_none())
}

pub(super) async fn run(work: Work<'_>) -> Result<String> {
    let (ctx, mut carried_out) = (work.ctx, 0);
    while !work.stop.is_cancelled()
        && let Some(id) = runs::due(ctx).await?
    {
        runs::carry_out(ctx, &id, || work.stop.is_cancelled()).await?;
        carried_out += 1;
    }
    Ok(format!("{carried_out} carried out"))
}
