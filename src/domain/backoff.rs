//! When a mail that could not be sent is tried again, and when sending rests altogether (QUALITY 1.6).

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// Tries after which a mail has failed for good.
pub const MOST_ATTEMPTS: u32 = 12;
/// Age at which a mail has failed for good.
pub const GIVE_UP_AFTER: TimeDelta = TimeDelta::hours(24);

/// Waits after so many tries, in seconds; then [`LAST_WAIT`].
const WAITS: [i64; 6] = [0, 30, 120, 600, 1_800, 3_600];
const LAST_WAIT: i64 = 7_200;

/// Failed connections in a row from which sending rests.
const BREAKER: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

/// What becomes of a mail that could not be sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is tried again at this instant.
    At(DateTime<Utc>),
    /// It has failed for good.
    GiveUp,
}

/// When to try again.
///
/// `attempts` have been made already, `first` is when the mail was created, `jitter` any random number: it spreads the wait
/// by a fifth to either side, so that mails that failed together do not come back together.
pub fn next_try(attempts: u32, first: DateTime<Utc>, now: DateTime<Utc>, jitter: u64) -> Next {
    if attempts >= MOST_ATTEMPTS {
        return Next::GiveUp;
    }
    let wait = usize::try_from(attempts).ok().and_then(|made| WAITS.get(made)).copied().unwrap_or(LAST_WAIT);
    // 800 to 1,200 thousandths of the wait in seconds are so many milliseconds.
    let thousandths = 800 + i64::try_from(jitter % 401).unwrap_or_default();
    match now.checked_add_signed(TimeDelta::milliseconds(wait * thousandths)) {
        Some(at) if at - first <= GIVE_UP_AFTER => Next::At(at),
        _ => Next::GiveUp,
    }
}

/// How long sending rests after so many failed connections in a row, or not at all: a server that is down is not asked for every mail.
pub fn pause_after(connect_failures: u32) -> Option<Duration> {
    let doublings = connect_failures.checked_sub(BREAKER)?;
    let factor = 2_u32.saturating_pow(doublings);
    Some(FIRST_PAUSE.saturating_mul(factor).min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The jitter that leaves a wait as it is.
    const NONE: u64 = 200;

    fn created() -> DateTime<Utc> {
        "2031-03-03T09:00:00Z".parse().unwrap()
    }

    #[test]
    fn waits_grow_to_two_hours_and_end_with_the_twelfth_try() {
        for (attempts, seconds) in [(0, 0), (1, 30), (2, 120), (3, 600), (4, 1_800), (5, 3_600), (6, 7_200), (11, 7_200)] {
            let expected = Next::At(created() + TimeDelta::seconds(seconds));
            assert_eq!(next_try(attempts, created(), created(), NONE), expected, "{attempts}");
        }
        assert_eq!(next_try(12, created(), created(), NONE), Next::GiveUp);
        assert_eq!(next_try(u32::MAX, created(), created(), NONE), Next::GiveUp);
    }

    #[test]
    fn jitter_moves_a_wait_by_a_fifth_at_most() {
        assert_eq!(next_try(1, created(), created(), 0), Next::At(created() + TimeDelta::seconds(24)));
        assert_eq!(next_try(1, created(), created(), 400), Next::At(created() + TimeDelta::seconds(36)));
        assert_eq!(next_try(1, created(), created(), 401), Next::At(created() + TimeDelta::seconds(24)));
    }

    #[test]
    fn a_mail_is_not_sent_a_day_late() {
        let now = created() + TimeDelta::hours(22);
        assert_eq!(next_try(6, created(), now, NONE), Next::At(created() + TimeDelta::hours(24)));
        assert_eq!(next_try(6, created(), now + TimeDelta::seconds(1), NONE), Next::GiveUp);
        assert_eq!(next_try(0, created(), now + TimeDelta::hours(3), NONE), Next::GiveUp);
        assert_eq!(next_try(1, created(), DateTime::<Utc>::MAX_UTC, NONE), Next::GiveUp);
    }

    #[test]
    fn sending_rests_after_five_failed_connections() {
        for (failures, seconds) in [(5, 30), (6, 60), (7, 120), (9, 480), (10, 600), (u32::MAX, 600)] {
            assert_eq!(pause_after(failures), Some(Duration::from_secs(seconds)), "{failures}");
        }
        assert_eq!(pause_after(0), None);
        assert_eq!(pause_after(4), None);
    }

    proptest! {
        #[test]
        fn the_next_try_is_not_past_and_within_a_day(attempts in 0_u32..20, age in 0_i64..200_000, jitter: u64) {
            let now = created() + TimeDelta::seconds(age);
            if let Next::At(at) = next_try(attempts, created(), now, jitter) {
                prop_assert!(at >= now && at <= created() + TimeDelta::hours(24));
            }
        }
    }
}
