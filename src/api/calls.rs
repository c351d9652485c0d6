//! How often a key may call (P5). The bucket of each key is in the database, so that all nodes together keep to the rate;
//! a node takes a slice of it at a time and spends that from memory, so that not every call writes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::keys::Keys;
use crate::actions::Ctx;
use crate::domain::api_key::{bucket, burst, unspent};
use crate::error::{AppError, Result};
use crate::store::api_keys::{self, Presented};

/// A slice is a sixth of a burst: what comes back in one second.
const SLICES: u32 = 6;
/// What is left of a slice lapses after this time, in which the bucket fills up again anyway.
const LAPSE: TimeDelta = TimeDelta::seconds(6);
/// A bucket that seems to have been filled this far in the future was filled by a clock that has been set back since.
const SKEW: TimeDelta = TimeDelta::seconds(10);
/// How often a slice is asked for when other nodes are taking theirs at the same moment.
const TRIES: u32 = 5;

/// What this node holds of the buckets of all keys.
#[derive(Debug, Default)]
pub struct Calls {
    /// The keys themselves.
    pub(super) keys: Keys,
    slices: Mutex<HashMap<i64, Slice>>,
    turn: tokio::sync::Mutex<()>,
}

#[derive(Clone, Copy, Debug)]
struct Slice {
    left: u32,
    taken_at: DateTime<Utc>,
}

impl Calls {
    /// Takes one call off a key, or tells how long there is none.
    pub async fn take(&self, ctx: &Ctx, key: &Presented) -> Result<()> {
        if ctx.api_rate == 0 || self.spend(key.id, ctx.now()) {
            return Ok(());
        }
        let _turn = self.turn.lock().await;
        // Somebody before us in the queue may have brought a slice.
        if self.spend(key.id, ctx.now()) {
            return Ok(());
        }
        let left = fetch(ctx, key).await?;
        let now = ctx.now();
        let mut slices = self.slices.lock().unwrap_or_else(PoisonError::into_inner);
        slices.retain(|_, slice| now - slice.taken_at < LAPSE);
        slices.insert(key.id, Slice { left: left.saturating_sub(1), taken_at: now });
        Ok(())
    }

    fn spend(&self, id: i64, now: DateTime<Utc>) -> bool {
        let mut slices = self.slices.lock().unwrap_or_else(PoisonError::into_inner);
        match slices.get_mut(&id) {
            Some(slice) if slice.left > 0 && now - slice.taken_at < LAPSE => {
                slice.left -= 1;
                true
            }
            _ => false,
        }
    }
}

/// Takes a slice, at least one call, off the bucket in the database.
async fn fetch(ctx: &Ctx, key: &Presented) -> Result<u32> {
    let mut seen = key.calls;
    for _ in 0..TRIES {
        let now = ctx.now();
        let (available, rest) = available(seen, now, ctx.api_rate);
        if available == 0 {
            return Err(AppError::TooMany(next_call(rest, ctx.api_rate)));
        }
        let slice = (burst(ctx.api_rate) / SLICES).clamp(1, available);
        // What has not made a whole call yet counts the next time.
        let rest = TimeDelta::from_std(rest).unwrap_or_default();
        let after = api_keys::Calls { left: i64::from(available - slice), at: now - rest };
        if ctx.store.write(async |tx| api_keys::take_calls(tx, key.id, seen, after).await).await? {
            return Ok(slice);
        }
        seen = api_keys::calls(ctx.store.read(), key.id).await?.ok_or(AppError::SignedOut)?;
    }
    Err(AppError::TooMany(Duration::from_secs(1)))
}

/// The calls there are now, and the time since the last whole one came back.
fn available(seen: api_keys::Calls, now: DateTime<Utc>, rate: u32) -> (u32, Duration) {
    let since = match now - seen.at {
        since if since < -SKEW => Duration::MAX,
        since => since.to_std().unwrap_or_default(),
    };
    let available = bucket(u32::try_from(seen.left).unwrap_or_default(), since, rate);
    let rest = if available == burst(rate) { Duration::ZERO } else { unspent(since, rate) };
    (available, rest)
}

/// The time until the next call comes back, in whole seconds.
fn next_call(rest: Duration, rate: u32) -> Duration {
    let one = Duration::from_secs(60).checked_div(rate).unwrap_or_default();
    Duration::from_secs(one.saturating_sub(rest).as_secs_f64().ceil().max(1.0) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(left: i64, milliseconds: i64) -> api_keys::Calls {
        api_keys::Calls { left, at: DateTime::UNIX_EPOCH + TimeDelta::milliseconds(milliseconds) }
    }

    #[test]
    fn a_new_key_has_a_whole_burst() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        assert_eq!(available(at(0, 0), now, 600), (60, Duration::ZERO));
    }

    #[test]
    fn another_nodes_clock_a_little_ahead_gives_nothing_and_one_set_back_gives_a_burst() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::hours(1);
        assert_eq!(available(at(0, 3_600_005), now, 600).0, 0);
        assert_eq!(available(at(0, 7_200_000), now, 600).0, 60);
    }

    #[test]
    fn a_refused_call_is_told_when_to_come_back() {
        assert_eq!(next_call(Duration::ZERO, 6), Duration::from_secs(10));
        assert_eq!(next_call(Duration::from_secs(4), 6), Duration::from_secs(6));
        assert_eq!(next_call(Duration::ZERO, 6_000), Duration::from_secs(1));
    }
}
