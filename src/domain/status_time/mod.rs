//! How long an operator wore each status, and how much of that counts (ST-8, ST-9, RE-1).
//!
//! What counts, by ST-1 and ST-9: all time in a status that receives; in one that counts after the last dialog the time during which no
//! dialog of the operator is open, so that it counts from the instant the last one is closed; no time in any other. Every instant is taken
//! at the beginning of its second, so that seconds add up to the whole however a period is split.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::AddAssign;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::period::Period;
use super::status::{Status, Worn};

/// An entry of the log: what an operator wears from an instant on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Since when.
    pub at: DateTime<Utc>,
    /// Its place among those of the same instant.
    pub id: i64,
    /// The status before; none for the first one.
    pub from: Option<i64>,
    /// The status from then on.
    pub to: i64,
}

impl Change {
    /// Switches that are due but not written down yet, which follow `written` and come after everything in the log.
    pub fn unwritten(written: &Worn, steps: &[Worn]) -> Vec<Change> {
        let before = std::iter::once(written).chain(steps).map(|worn| worn.status_id);
        let change = |(before, step): (i64, &Worn)| Change { at: step.since, id: i64::MAX, from: Some(before), to: step.status_id };
        before.zip(steps).map(change).collect()
    }
}

/// How the time in a status counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// All of it.
    All,
    /// While no dialog is open.
    AfterDialogs,
    /// None of it.
    Nothing,
}

impl Counting {
    /// As a status says today; one that is gone counts nothing.
    pub fn of(status: Option<&Status>) -> Counting {
        match status {
            Some(status) if status.can_receive => Counting::All,
            Some(status) if status.count_after_close => Counting::AfterDialogs,
            _ => Counting::Nothing,
        }
    }
}

/// Seconds in a status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Time {
    /// All of them.
    pub seconds: i64,
    /// Those that count.
    pub counted: i64,
}

impl AddAssign for Time {
    fn add_assign(&mut self, other: Time) {
        self.seconds += other.seconds;
        self.counted += other.counted;
    }
}

/// Time by the id of the status; statuses that were not worn are absent.
pub type Times = BTreeMap<i64, Time>;

/// What one operator wore and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Statuses one after the other without gaps.
    worn: Vec<(i64, Span)>,
    /// When any dialog was open; sorted, none touches another.
    dialogs: Vec<Span>,
}

/// Whole seconds since the epoch, half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    from: i64,
    to: i64,
}

impl Span {
    fn of(period: Period) -> Span {
        Span { from: period.from.timestamp(), to: period.to.timestamp() }
    }

    fn within(self, other: Span) -> Span {
        Span { from: self.from.max(other.from), to: self.to.min(other.to) }
    }

    fn seconds(self) -> i64 {
        self.to.saturating_sub(self.from).max(0)
    }
}

impl History {
    /// From the entries of one operator's log in any order: those inside the period asked for later, and the last one before it. The last
    /// status is worn until `until`. Where the first entry tells the status before it, that was worn all the time before.
    /// `dialogs` are the operator's, each open from the first instant until the second.
    pub fn new(mut changes: Vec<Change>, dialogs: &[Period], until: DateTime<Utc>) -> History {
        changes.sort_by_key(|change| (change.at, change.id));
        let first = changes.first().and_then(|first| Some((first.from?, i64::MIN)));
        let starts = first.into_iter().chain(changes.iter().map(|change| (change.to, change.at.timestamp())));
        let ends = changes.iter().map(|change| change.at.timestamp()).skip(usize::from(first.is_none()));
        let until = until.timestamp();
        let worn = starts.zip(ends.chain([i64::MAX])).map(|((status, from), to)| (status, Span { from, to: to.min(until) }));
        History { worn: worn.filter(|(_, span)| span.seconds() > 0).collect(), dialogs: merged(dialogs) }
    }

    /// The time in each status during a period.
    pub fn times(&self, period: Period, counting: impl Fn(i64) -> Counting) -> Times {
        let asked = Span::of(period);
        let mut times = Times::new();
        for (status, span) in touching(&self.worn, asked, |(_, span)| *span) {
            let part = span.within(asked);
            let counted = match counting(*status) {
                Counting::All => part.seconds(),
                Counting::AfterDialogs => part.seconds() - self.open(part),
                Counting::Nothing => 0,
            };
            *times.entry(*status).or_default() += Time { seconds: part.seconds(), counted };
        }
        times
    }

    /// The same for each day of a zone, in order.
    pub fn by_day(&self, period: Period, zone: Tz, counting: impl Fn(i64) -> Counting) -> Vec<(NaiveDate, Times)> {
        period.days(zone).into_iter().map(|(day, part)| (day, self.times(part, &counting))).collect()
    }

    /// Seconds during which a dialog was open.
    fn open(&self, part: Span) -> i64 {
        touching(&self.dialogs, part, |span| *span).map(|span| span.within(part).seconds()).sum()
    }
}

/// Those of sorted spans, none of them over another, any part of which lies in a span.
fn touching<T>(sorted: &[T], asked: Span, span: impl Fn(&T) -> Span) -> impl Iterator<Item = &T> {
    let first = sorted.partition_point(|one| span(one).to <= asked.from);
    let rest = sorted.get(first..).unwrap_or_default().iter();
    rest.take_while(move |one| span(one).from < asked.to)
}

fn merged(dialogs: &[Period]) -> Vec<Span> {
    let mut spans: Vec<Span> = dialogs.iter().map(|dialog| Span::of(*dialog)).filter(|span| span.seconds() > 0).collect();
    spans.sort_by_key(|span| span.from);
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut().filter(|last| span.from <= last.to) {
            Some(last) => last.to = last.to.max(span.to),
            None => merged.push(span),
        }
    }
    merged
}
