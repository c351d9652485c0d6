//! Throws away what nobody needs any more, and cuts the log of the database (QUALITY 1.8).

use super::Work;
use crate::error::Result;
use crate::store::sweep::sweep;

pub(super) async fn run(work: Work<'_>) -> Result<String> {
    let store = &work.ctx.store;
    let swept = sweep(store, work.ctx.now()).await?;
    store.checkpoint().await?;
    Ok(format!("{swept} swept"))
}
