//! When a job that comes back is due again (J3, J7).

use chrono::{DateTime, TimeDelta, Utc};

/// The instant after `slot` at which a job is due again: the first one still to come, so that runs that were missed collapse into
/// one. A slot that is not over yet stays, as the job only ran before its time; one further away than `every` was written before
/// the clock was set back, and the job comes back to the present.
pub fn next_slot(slot: DateTime<Utc>, every: TimeDelta, now: DateTime<Utc>) -> DateTime<Utc> {
    if slot > now + every {
        return now + every;
    }
    if slot > now {
        return slot;
    }
    let length = every.num_milliseconds().max(1);
    let runs = (now - slot).num_milliseconds() / length + 1;
    slot + TimeDelta::milliseconds(length.saturating_mul(runs))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(1_000_000 + seconds)
    }

    #[test]
    fn missed_runs_collapse_into_one() {
        let every = TimeDelta::seconds(60);
        for (slot, now, next) in [(0, 0, 60), (0, 59, 60), (0, 60, 120), (0, 7_210, 7_260), (30, 10, 30), (600, 10, 70)] {
            assert_eq!(next_slot(at(slot), every, at(now)), at(next), "slot {slot}, now {now}");
        }
    }
}
