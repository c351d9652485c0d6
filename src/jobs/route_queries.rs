//! Sends queries on that nobody has yet: offers that are over go to the next, and whoever comes on duty is offered what waits (QU-2, QU-4).

use super::Work;
use crate::actions::Ctx;
use crate::actions::queries::{is_routed, route_all};
use crate::error::Result;

pub(super) async fn run(work: Work<'_>) -> Result<String> {
    Ok(format!("{} sent on", route_all(work.ctx).await?))
}

/// Whether no query waits that could go anywhere.
pub(super) async fn is_idle(ctx: &Ctx) -> Result<bool> {
    is_routed(ctx).await
}
