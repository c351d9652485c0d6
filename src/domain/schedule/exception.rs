//! Dates on which other hours hold than those of the week (HR-3).

use chrono::NaiveDate;

use super::{Interval, MOST_EXCEPTIONS, MOST_INTERVALS, Placed, RawInterval, date, note_overlaps};
use crate::domain::field::{Fault, FieldErrors};
use crate::domain::{limits, text};

/// A range of dates, both included, on which these intervals start instead of those of the week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// What it is, such as a holiday.
    pub name: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Its hours on each of the days; none is closed.
    pub intervals: Vec<Interval>,
}

/// An exception as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawException {
    /// Its name.
    pub name: String,
    /// First day, `2026-12-24`.
    pub from: String,
    /// Last day; empty where it is the first.
    pub to: String,
    /// Its hours; none is closed.
    pub intervals: Vec<RawInterval>,
}

impl Exception {
    /// Reads the exceptions of one owner, sorted by first day.
    ///
    /// Faults stand at `exceptions[<place>].name`, `.from`, `.to` and `.intervals`: `required`, `date`, `date_order`, those of
    /// [`Interval::parse`], `exception_hours_overlap`, `exceptions_overlap` with both names where two claim a day, `too_many`.
    pub fn parse_all(raw: &[RawException]) -> Result<Vec<Exception>, FieldErrors> {
        let mut errors = FieldErrors::default();
        if raw.len() > MOST_EXCEPTIONS {
            errors.add_fault("exceptions", Fault::with("too_many", "max", MOST_EXCEPTIONS));
            return Err(errors);
        }
        let mut read = Vec::new();
        for (place, one) in raw.iter().enumerate() {
            let at = |part: &str| format!("exceptions[{place}].{part}");
            let name = errors.take(&at("name"), text::line(&one.name, limits::SCHEDULE_NAME));
            let from = errors.take(&at("from"), if one.from.trim().is_empty() { Err(Fault::new("required")) } else { date(&one.from) });
            let to = if one.to.trim().is_empty() { from } else { errors.take(&at("to"), date(&one.to)) };
            if from.zip(to).is_some_and(|(from, to)| to < from) {
                errors.add(&at("to"), "date_order");
            }
            let intervals = errors.take(&at("intervals"), hours(&one.intervals));
            if let (Some(name), Some(from), Some(to), Some(intervals)) = (name, from, to, intervals) {
                let intervals = if to > from { errors.take(&at("intervals"), ring(intervals)).unwrap_or_default() } else { intervals };
                read.push((place, Exception { name, from, to, intervals }));
            }
        }
        read.sort_by_key(|(_, exception)| exception.from);
        for (first, second) in read.iter().zip(read.iter().skip(1)) {
            let ((_, first), (place, second)) = (first, second);
            if second.from <= first.to {
                let args = vec![("first", first.name.clone()), ("second", second.name.clone())];
                errors.add_fault(&format!("exceptions[{place}].from"), Fault { code: "exceptions_overlap", args });
            }
        }
        errors.into_result(read.into_iter().map(|(_, exception)| exception).collect())
    }

    /// Closed days of calendars as exceptions beside typed ones, which come first where both claim a day (HR-3).
    /// `days` are first day, last day and name; where they overlap the earlier one has the day. The result is by first day, none over another.
    pub fn closed_beside(typed: &[Exception], mut days: Vec<(NaiveDate, NaiveDate, String)>) -> Vec<Exception> {
        days.sort_unstable();
        let mut closed = Vec::new();
        let mut free = NaiveDate::MIN;
        for (from, to, name) in days {
            let mut from = from.max(free);
            free = free.max(to.succ_opt().unwrap_or(to));
            let add = |from: NaiveDate, to: NaiveDate| Exception { name: name.clone(), from, to, intervals: Vec::new() };
            for other in typed {
                if other.to < from || to < other.from {
                    continue;
                }
                if let Some(before) = other.from.pred_opt().filter(|before| from <= *before) {
                    closed.push(add(from, before));
                }
                from = from.max(other.to.succ_opt().unwrap_or(other.to));
            }
            if from <= to {
                closed.push(add(from, to));
            }
        }
        closed
    }

    /// Whether it governs the shifts that start on a day.
    pub fn governs(&self, day: NaiveDate) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// The same as typed.
    pub fn raw(&self) -> RawException {
        RawException {
            name: self.name.clone(),
            from: self.from.to_string(),
            to: self.to.to_string(),
            intervals: self.intervals.iter().map(|interval| interval.texts()).collect(),
        }
    }
}

/// The hours of one day, none over another.
fn hours(raw: &[RawInterval]) -> Result<Vec<Interval>, Fault> {
    if raw.len() > MOST_INTERVALS {
        return Err(Fault::with("too_many", "max", MOST_INTERVALS));
    }
    let mut intervals = raw.iter().map(|(from, to)| Interval::parse(from, to)).collect::<Result<Vec<_>, _>>()?;
    intervals.sort_unstable();
    no_overlap(&intervals, usize::MAX)?;
    Ok(intervals)
}

/// The same for several days in a row, where hours over midnight meet those of the next day.
fn ring(intervals: Vec<Interval>) -> Result<Vec<Interval>, Fault> {
    no_overlap(&intervals, usize::from(super::DAY)).map(|()| intervals)
}

fn no_overlap(intervals: &[Interval], ring: usize) -> Result<(), Fault> {
    let placed = intervals.iter().map(|interval| Placed { at: interval.start().into(), day: 0, interval: *interval, field: String::new() });
    let mut errors = FieldErrors::default();
    // A day that is not repeated has no next round to meet.
    note_overlaps(&placed.collect::<Vec<_>>(), ring.min(usize::MAX / 2), &mut errors);
    let Some(first) = errors.0.into_iter().next() else { return Ok(()) };
    let args = first.args.into_iter().filter(|(name, _)| !name.ends_with("Day")).collect();
    Err(Fault { code: "exception_hours_overlap", args })
}
