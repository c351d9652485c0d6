//! Links that may be used once: the first owner, invitations, forgotten passwords (A10, I1 to I3, I6).

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::named::named;

/// How long the link for a forgotten password may be used, in minutes (I2).
pub const RESET_MINUTES: i64 = 60;

/// Least time between two mails with a link to the same person (I6).
const APART: TimeDelta = TimeDelta::seconds(60);
/// Most mails with a link to the same person within [`DAY`] (I6).
const A_DAY: usize = 5;
const DAY: TimeDelta = TimeDelta::hours(24);

named! {
    /// What a link is for; a token for one purpose is worth nothing for another (I1).
    Purpose {
        /// Create the first owner; printed on the console (A10).
        Setup = "setup",
        /// Set the first password (OP-5).
        Invitation = "invitation",
        /// Set a new password.
        Reset = "reset",
    }
}

/// What a stored token is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// May be used.
    Usable,
    /// Was used.
    Used,
    /// Is past its time; only here may the invitee ask for a fresh one (OP-5).
    Expired,
    /// Was revoked, or replaced by a newer one.
    Voided,
}

/// What a token is worth at an instant. A voided token stays voided when its time is over, so that nobody revives a revoked invitation.
pub fn standing(
    expires_at: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
    voided_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Standing {
    if used_at.is_some() {
        Standing::Used
    } else if voided_at.is_some() {
        Standing::Voided
    } else if expires_at <= now {
        Standing::Expired
    } else {
        Standing::Usable
    }
}

/// Whether a link may be mailed again, or how long to wait (I6): at least 60 seconds apart, at most 5 in 24 hours.
///
/// `earlier` are the instants of the mails with the same purpose to the same person, in any order.
pub fn may_send_again(earlier: &[DateTime<Utc>], now: DateTime<Utc>) -> Result<(), Duration> {
    // An instant from a node whose clock is ahead counts as now, or the wait would grow with the difference.
    let mut ages: Vec<TimeDelta> = earlier.iter().map(|sent| (now - sent).max(TimeDelta::zero())).filter(|age| *age < DAY).collect();
    ages.sort_unstable();
    let since_last = ages.first().map(|age| APART - *age);
    let since_fifth = ages.get(A_DAY - 1).map(|age| DAY - *age);
    match since_last.max(since_fifth).and_then(|wait| wait.to_std().ok()) {
        Some(wait) if !wait.is_zero() => Err(wait),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2031-03-03T09:00:00Z".parse().unwrap()
    }

    fn ago(seconds: i64) -> DateTime<Utc> {
        now() - TimeDelta::seconds(seconds)
    }

    #[test]
    fn purposes_are_read_back_as_they_were_written() {
        for purpose in Purpose::ALL {
            assert_eq!(Purpose::parse(purpose.as_str()), Some(purpose));
        }
        assert_eq!(Purpose::parse("login"), None);
    }

    #[test]
    fn a_token_is_usable_until_its_last_second_and_once() {
        for (expires_at, used_at, voided_at, expected) in [
            (ago(-1), None, None, Standing::Usable),
            (now(), None, None, Standing::Expired),
            (ago(-1), Some(ago(5)), None, Standing::Used),
            (ago(1), Some(ago(5)), Some(ago(2)), Standing::Used),
            (ago(-1), None, Some(ago(5)), Standing::Voided),
            (ago(1), None, Some(ago(5)), Standing::Voided),
        ] {
            assert_eq!(standing(expires_at, used_at, voided_at, now()), expected, "{expires_at} {used_at:?} {voided_at:?}");
        }
    }

    #[test]
    fn a_minute_lies_between_two_mails() {
        assert_eq!(may_send_again(&[], now()), Ok(()));
        assert_eq!(may_send_again(&[ago(59)], now()), Err(Duration::from_secs(1)));
        assert_eq!(may_send_again(&[ago(60)], now()), Ok(()));
        assert_eq!(may_send_again(&[ago(10), ago(500)], now()), Err(Duration::from_secs(50)));
        assert_eq!(may_send_again(&[ago(-9_000)], now()), Err(Duration::from_secs(60)));
    }

    #[test]
    fn the_sixth_mail_waits_until_the_fifth_last_is_a_day_old() {
        let hours = |list: &[i64]| list.iter().map(|hour| ago(hour * 3600)).collect::<Vec<_>>();
        assert_eq!(may_send_again(&hours(&[1, 2, 3, 4]), now()), Ok(()));
        assert_eq!(may_send_again(&hours(&[5, 23, 1, 3, 2]), now()), Err(Duration::from_secs(3600)));
        assert_eq!(may_send_again(&hours(&[20, 1, 2, 3, 4, 5]), now()), Err(Duration::from_secs(19 * 3600)));
        assert_eq!(may_send_again(&hours(&[24, 1, 2, 3, 4]), now()), Ok(()));
    }
}
