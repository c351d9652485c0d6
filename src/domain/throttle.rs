//! How fast passwords may be guessed (A4). Failures are counted, never successes, and never the tries this refuses:
//! whoever waits does not make the wait longer, and no account is ever locked for good.
//!
//! The figures:
//! - One account from one network: 4 failures are free, as people mistype; from the 5th on the wait doubles, 1 s, 2 s, 4 s, up to
//!   5 minutes since the last failure. That leaves a guesser about 300 tries a day.
//! - One network: 50 failures in 15 minutes. An office behind one address stays below, a list of stolen passwords does not.
//! - One account from everywhere: 100 failures in 15 minutes are many machines after one person.
//! - Everything: 600 failures a minute are many machines after many people.
//!
//! The last two are in the hands of strangers, so they stop only devices that never signed in to the account: nobody can lock
//! an owner out from elsewhere. Sessions that live are not touched by any of it.

use std::net::IpAddr;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// The time in which failures of an account or a network are counted, in minutes.
pub const WINDOW_MINUTES: i64 = 15;
/// The time in which all failures are counted, in minutes.
pub const EVERYWHERE_MINUTES: i64 = 1;

const FREE_HERE: u32 = 4;
const LONGEST_HERE: Duration = Duration::from_secs(300);
const MOST_NETWORK: u32 = 50;
const MOST_ACCOUNT: u32 = 100;
const MOST_EVERYWHERE: u32 = 600;
/// When to ask again where a count has to fall first.
const ASK_AGAIN: Duration = Duration::from_secs(60);

/// Failed tries to sign in, from the database, so that all nodes count together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Of this account from this network in [`WINDOW_MINUTES`].
    pub account_here: u32,
    /// Of this account from everywhere in [`WINDOW_MINUTES`].
    pub account: u32,
    /// Of all accounts from this network in [`WINDOW_MINUTES`].
    pub network: u32,
    /// Of all accounts from everywhere in [`EVERYWHERE_MINUTES`].
    pub everywhere: u32,
    /// The last one of this account from this network.
    pub last_failure_here: Option<DateTime<Utc>>,
}

/// Whether the password may be looked at now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may.
    Allow,
    /// Not before so much time has passed; answered with `Retry-After`, the same whether the account exists or not (A3).
    Wait(Duration),
}

/// Whether the password may be looked at now (A4). A known device carries the cookie of an earlier sign-in to this very account.
pub fn verdict(counts: &Counts, known_device: bool, now: DateTime<Utc>) -> Verdict {
    let crowded =
        counts.network >= MOST_NETWORK || !known_device && (counts.account >= MOST_ACCOUNT || counts.everywhere >= MOST_EVERYWHERE);
    let wait = wait_here(counts, now).max(if crowded { ASK_AGAIN } else { Duration::ZERO });
    if wait.is_zero() { Verdict::Allow } else { Verdict::Wait(wait) }
}

/// Messages of a network by contact pages in [`MESSAGES_MINUTES`] at most; more than a person writes, fewer than a program does.
pub const MOST_MESSAGES: u64 = 10;
/// The shorter time in which they are counted, in minutes.
pub const MESSAGES_MINUTES: i64 = 10;
/// Messages of a network by contact pages in a day at most; an office behind one address stays below.
pub const MOST_MESSAGES_DAILY: u64 = 100;

/// Whether a network may send one more message, having sent so many in [`MESSAGES_MINUTES`] and in a day.
pub fn messages_verdict(lately: u64, daily: u64) -> Verdict {
    let is_full = lately >= MOST_MESSAGES || daily >= MOST_MESSAGES_DAILY;
    if is_full { Verdict::Wait(Duration::from_secs(60 * MESSAGES_MINUTES.unsigned_abs())) } else { Verdict::Allow }
}

/// What is left of the wait after the last failure of this account from this network.
fn wait_here(counts: &Counts, now: DateTime<Utc>) -> Duration {
    let Some(doublings) = counts.account_here.checked_sub(FREE_HERE + 1) else { return Duration::ZERO };
    let whole = 2_u64.checked_pow(doublings).map_or(LONGEST_HERE, Duration::from_secs).min(LONGEST_HERE);
    // A failure noted by a node whose clock is ahead counts as now.
    let passed = counts.last_failure_here.map_or(TimeDelta::zero(), |last| now - last);
    whole.saturating_sub(passed.to_std().unwrap_or_default())
}

/// The network an address belongs to: the address itself in IPv4, the first 64 bits in IPv6, where one household holds that many.
pub fn network_of(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(v4) => format!("{v4}/32"),
        IpAddr::V6(v6) => format!("{}/64", std::net::Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn now() -> DateTime<Utc> {
        "2031-03-03T09:00:00Z".parse().unwrap()
    }

    fn wait(seconds: u64) -> Verdict {
        Verdict::Wait(Duration::from_secs(seconds))
    }

    #[test]
    fn the_wait_doubles_from_the_fifth_failure_up_to_five_minutes() {
        for (account_here, expected) in [
            (0, Verdict::Allow),
            (4, Verdict::Allow),
            (5, wait(1)),
            (6, wait(2)),
            (9, wait(16)),
            (13, wait(256)),
            (14, wait(300)),
            (u32::MAX, wait(300)),
        ] {
            let counts = Counts { account_here, last_failure_here: Some(now()), ..Counts::default() };
            assert_eq!(verdict(&counts, false, now()), expected, "{account_here}");
            assert_eq!(verdict(&counts, true, now()), expected, "{account_here}, known device");
        }
    }

    #[test]
    fn the_wait_counts_from_the_last_failure() {
        let after = |seconds| {
            let last_failure_here = Some(now() - TimeDelta::seconds(seconds));
            verdict(&Counts { account_here: 10, last_failure_here, ..Counts::default() }, false, now())
        };
        assert_eq!(after(0), wait(32));
        assert_eq!(after(31), wait(1));
        assert_eq!(after(32), Verdict::Allow);
        assert_eq!(after(-500), wait(32));
    }

    #[test]
    fn a_busy_network_waits_with_every_device() {
        let counts = Counts { network: 49, ..Counts::default() };
        assert_eq!(verdict(&counts, false, now()), Verdict::Allow);
        let counts = Counts { network: 50, ..Counts::default() };
        assert_eq!(verdict(&counts, true, now()), wait(60));
    }

    #[test]
    fn strangers_cannot_lock_a_known_device_out() {
        for counts in [Counts { account: 100, ..Counts::default() }, Counts { everywhere: 600, ..Counts::default() }] {
            assert_eq!(verdict(&counts, false, now()), wait(60), "{counts:?}");
            assert_eq!(verdict(&counts, true, now()), Verdict::Allow, "{counts:?}");
        }
        let below = Counts { account: 99, everywhere: 599, ..Counts::default() };
        assert_eq!(verdict(&below, false, now()), Verdict::Allow);
    }

    #[test]
    fn a_network_sends_a_few_messages_at_once_and_more_in_a_day() {
        for (lately, daily, expected) in [(9, 99, Verdict::Allow), (10, 10, wait(600)), (0, 100, wait(600))] {
            assert_eq!(messages_verdict(lately, daily), expected, "{lately} {daily}");
        }
    }

    #[test]
    fn networks_are_one_address_in_ipv4_and_64_bits_in_ipv6() {
        for (ip, expected) in [
            ("192.0.2.7", "192.0.2.7/32"),
            ("::ffff:192.0.2.7", "192.0.2.7/32"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("::1", "::/64"),
        ] {
            assert_eq!(network_of(ip.parse().unwrap()), expected);
        }
    }

    proptest! {
        #[test]
        fn nobody_waits_longer_than_the_window(
            numbers: (u32, u32, u32, u32), last in proptest::option::of(-100_000_i64..100_000), known: bool,
        ) {
            let (account_here, account, network, everywhere) = numbers;
            let last_failure_here = last.map(|seconds| now() + TimeDelta::seconds(seconds));
            let counts = Counts { account_here, account, network, everywhere, last_failure_here };
            if let Verdict::Wait(wait) = verdict(&counts, known, now()) {
                prop_assert!(!wait.is_zero() && wait <= Duration::from_secs(15 * 60));
            }
        }
    }
}
