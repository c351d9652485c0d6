//! The one place that asks the machine what time it is; everybody else is handed a [`Clock`].
//!
//! Rules, pages, jobs and mails take instants as arguments, so a test or the demonstration can stand at any moment.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};

/// Where the present instant comes from.
pub trait Clock: Send + Sync {
    /// The present instant in UTC. May jump when the machine's clock is corrected.
    fn now(&self) -> DateTime<Utc>;

    /// Time since this clock was made. Never goes back: for deadlines, leases and durations (J7).
    fn monotonic(&self) -> Duration;
}

/// The machine's own clock.
#[derive(Debug)]
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// A clock whose monotonic time starts at zero now.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "the clock itself")]
    pub fn new() -> Self {
        Self { started: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "the clock itself")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }
}

/// A clock that moves only when told to: for tests, and for writing the demonstration's history.
#[derive(Debug)]
pub struct SettableClock(Mutex<(DateTime<Utc>, Duration)>);

impl SettableClock {
    /// A clock that stands at `now`, its monotonic time at zero.
    #[must_use]
    pub const fn new(now: DateTime<Utc>) -> Self {
        Self(Mutex::new((now, Duration::ZERO)))
    }

    /// Moves to `now`. A step forward is time that passed; a step back corrects the wall clock alone, as on a real machine.
    pub fn set(&self, now: DateTime<Utc>) {
        let mut at = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = (now - at.0).to_std().unwrap_or_default();
        *at = (now, at.1 + passed);
    }

    /// Lets `time` pass.
    pub fn advance(&self, time: Duration) {
        let mut at = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        at.0 += time;
        at.1 += time;
    }
}

impl Clock for SettableClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    fn monotonic(&self) -> Duration {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_settable_clock_stands_still_until_it_is_moved() {
        let start = DateTime::UNIX_EPOCH;
        let clock = SettableClock::new(start);
        assert_eq!((clock.now(), clock.monotonic()), (start, Duration::ZERO));
        clock.advance(Duration::from_secs(90));
        assert_eq!((clock.now(), clock.monotonic()), (start + TimeDelta::seconds(90), Duration::from_secs(90)));
    }

    #[test]
    fn a_step_back_never_turns_the_monotonic_time_back() {
        let clock = SettableClock::new(DateTime::UNIX_EPOCH + TimeDelta::hours(2));
        clock.set(DateTime::UNIX_EPOCH + TimeDelta::hours(3));
        clock.set(DateTime::UNIX_EPOCH);
        assert_eq!((clock.now(), clock.monotonic()), (DateTime::UNIX_EPOCH, Duration::from_secs(3600)));
    }

    #[test]
    fn the_system_clock_only_goes_forward() {
        let clock = SystemClock::new();
        let earlier = clock.monotonic();
        assert!(clock.monotonic() >= earlier);
        assert!(clock.now() > DateTime::UNIX_EPOCH);
    }
}
