//! Stretches between instants, joined and cut, and what a wall shows of them.

use chrono::{DateTime, Offset, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use super::Minutes;
use crate::domain::period::Period;
use crate::domain::schedule::DAY;

/// Stretches in order, none of which touches another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spans(Vec<Period>);

impl Spans {
    /// Of stretches in any order, over each other or not.
    pub fn new(all: impl IntoIterator<Item = Period>) -> Spans {
        let mut all: Vec<Period> = all.into_iter().filter(|one| !one.is_empty()).collect();
        all.sort_by_key(|one| one.from);
        let mut merged: Vec<Period> = Vec::with_capacity(all.len());
        for one in all {
            match merged.last_mut().filter(|last| one.from <= last.to) {
                Some(last) => last.to = last.to.max(one.to),
                None => merged.push(one),
            }
        }
        Spans(merged)
    }

    /// What lies in any of them.
    pub fn union(all: impl IntoIterator<Item = Spans>) -> Spans {
        Spans::new(all.into_iter().flat_map(|spans| spans.0))
    }

    /// What lies in both.
    #[must_use]
    pub fn both(&self, other: &Spans) -> Spans {
        Spans::new(self.0.iter().flat_map(|one| other.0.iter().map(|two| one.within(*two))))
    }

    /// What lies in these and not in the others.
    #[must_use]
    pub fn without(&self, others: &Spans) -> Spans {
        let Some((first, last)) = self.0.first().zip(self.0.last()) else { return Spans::default() };
        let ends = others.0.iter().map(|other| other.to);
        let starts = others.0.iter().map(|other| other.from).chain([last.to]);
        let between = std::iter::once(first.from).chain(ends).zip(starts).map(|(from, to)| Period { from, to });
        self.both(&Spans::new(between))
    }

    /// Whether an instant lies in one of them.
    pub fn holds(&self, at: DateTime<Utc>) -> bool {
        self.0.iter().any(|one| one.from <= at && at < one.to)
    }

    /// The first beginning or end after an instant.
    pub fn change_after(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.0.iter().flat_map(|one| [one.from, one.to]).find(|edge| *edge > at)
    }
}

/// What the wall shows of stretches on one day, which begins and ends with `day`.
pub fn on_the_wall(zone: Tz, day: Period, spans: &Spans) -> Vec<Minutes> {
    let parts = spans.0.iter().map(|one| one.within(day)).filter(|part| !part.is_empty());
    let mut shown: Vec<Minutes> = parts.flat_map(|part| evenly(zone, part)).map(|part| minutes(zone, part, day)).collect();
    shown.sort_unstable();
    let mut merged: Vec<Minutes> = Vec::with_capacity(shown.len());
    for (from, to) in shown.into_iter().filter(|(from, to)| from < to) {
        match merged.last_mut().filter(|last| from <= last.1) {
            Some(last) => last.1 = last.1.max(to),
            None => merged.push((from, to)),
        }
    }
    merged
}

/// A stretch of a day as it is, or in two where the clocks are put back within, so that no wall goes backwards.
fn evenly(zone: Tz, part: Period) -> Vec<Period> {
    let offset = |seconds: i64| {
        let at = part.from + TimeDelta::seconds(seconds);
        zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()
    };
    let (mut same, mut other) = (0, (part.to - part.from).num_seconds());
    if other == 0 || offset(0) <= offset(other - 1) {
        return vec![part];
    }
    while other - same > 1 {
        let middle = i64::midpoint(same, other);
        if offset(middle) == offset(0) { same = middle } else { other = middle }
    }
    let change = part.from + TimeDelta::seconds(other);
    vec![Period { to: change, ..part }, Period { from: change, ..part }]
}

/// The minutes of a stretch, begun ones included.
fn minutes(zone: Tz, part: Period, day: Period) -> Minutes {
    let minute = |at: DateTime<Utc>| {
        let wall = at.with_timezone(&zone);
        u16::try_from(wall.hour() * 60 + wall.minute()).unwrap_or(DAY)
    };
    // A day may end before its wall shows midnight.
    let to = if part.to >= day.to { DAY } else { minute(part.to - TimeDelta::milliseconds(1)) + 1 };
    (minute(part.from), to)
}
