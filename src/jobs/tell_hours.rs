//! Tells operators who chose it when their hours begin and are over (HR-6).

use super::Work;
use crate::actions::Ctx;
use crate::actions::notices::{is_told, tell};
use crate::error::Result;

pub(super) async fn run(work: Work<'_>) -> Result<String> {
    Ok(format!("{} told", tell(work.ctx).await?))
}

/// Whether there is nobody to be told.
pub(super) async fn is_idle(ctx: &Ctx) -> Result<bool> {
    is_told(ctx).await
}
