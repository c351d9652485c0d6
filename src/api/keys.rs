//! Keys that were found good a moment ago, so that not every call reads its key anew: only while this node has written nothing but
//! queries since, and never for longer than it may take to learn of another node's writes (wall 4).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::actions::Ctx;
use crate::error::{AppError, Result};
use crate::store::api_keys::{self, Presented};

/// For so long a key is not asked for again; one that another node revoked is good for no longer.
const TRUSTED: Duration = Duration::from_millis(250);
/// So many keys are held; then all are forgotten.
const MOST: usize = 1_000;

/// What this node holds, by the hashes of what was presented.
#[derive(Debug, Default)]
pub struct Keys(Mutex<HashMap<String, Seen>>);

#[derive(Clone, Debug)]
struct Seen {
    key: Presented,
    /// How many transactions this process had committed that changed more than queries.
    writes: u64,
    /// Monotonic time of the clock.
    at: Duration,
}

impl Keys {
    /// The key of a hash, unless it is revoked or past its end.
    pub async fn presented(&self, ctx: &Ctx, hash: &str) -> Result<Presented> {
        let (writes, at, now) = (ctx.store.writes_beyond_queries(), ctx.clock.monotonic(), ctx.now());
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(hash).cloned();
        let is_good =
            |seen: &Seen| seen.writes == writes && at.saturating_sub(seen.at) < TRUSTED && seen.key.expires_at.is_none_or(|end| end > now);
        if let Some(seen) = held.filter(is_good) {
            return Ok(seen.key);
        }
        let key = api_keys::presented(ctx.store.read(), hash, now).await?.ok_or(AppError::SignedOut)?;
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(hash.to_owned(), Seen { key: key.clone(), writes, at });
        Ok(key)
    }
}
