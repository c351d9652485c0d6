//! Writes down at its instant that a status has ended: a timed switch, or the longest time of a status (ST-1, ST-4, ST-8).

use super::Work;
use crate::actions::Ctx;
use crate::actions::operators::follow_all;
use crate::error::Result;
use crate::store::status_log;

pub(super) async fn run(work: Work<'_>) -> Result<String> {
    Ok(format!("{} ended", follow_all(work.ctx).await?))
}

/// Whether nobody's status has ended.
pub(super) async fn is_idle(ctx: &Ctx) -> Result<bool> {
    Ok(status_log::due(ctx.store.read(), ctx.now(), 1).await?.is_empty())
}
