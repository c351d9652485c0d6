//! Writes down at its instant what has switched a status by itself: the hours, a lost panel, long silence, the end of a timed switch
//! or the longest time of a status (HR-4, ST-1, ST-4, ST-5, ST-7, ST-8).

use super::Work;
use crate::actions::Ctx;
use crate::actions::operators::{follow_all, is_followed};
use crate::error::Result;

pub(super) async fn run(work: Work<'_>) -> Result<String> {
    Ok(format!("{} switched", follow_all(work.ctx).await?))
}

/// Whether nothing has switched anybody's status.
pub(super) async fn is_idle(ctx: &Ctx) -> Result<bool> {
    is_followed(ctx).await
}
