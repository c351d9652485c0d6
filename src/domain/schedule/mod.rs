//! Office hours as they are written down (HR-1, HR-3): a week of wall-clock intervals in a zone, and the dates on which others hold.
//! What they mean on the clock of the world is in `hours`.

mod exception;
mod hours;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;

use super::field::{Fault, FieldErrors};
use super::{limits, text, time_zone};

pub use exception::{Exception, RawException};
pub use hours::{Allowed, AllowedHours, HORIZON_DAYS, Hours, Level, SetBy, Shift, Within, at_wall, local_day, start_of};

/// Minutes of a day on the wall.
pub const DAY: u16 = 24 * 60;
/// Intervals of one day at most.
pub const MOST_INTERVALS: usize = 12;
/// Exceptions of one schedule, operator or organisation at most.
pub const MOST_EXCEPTIONS: usize = 400;

/// The days of a week as they are named in forms and JSON, Monday first.
pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A pair of times as typed, such as `("09:00", "17:00")`.
pub type RawInterval = (String, String);

/// Half-open minutes on the wall, counted from the midnight with which its day begins; an end beyond 24:00 lies in the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    start: u16,
    end: u16,
}

impl Interval {
    /// Reads two times. An end that is not after the start is one of the next day, but equal ones are refused.
    ///
    /// Faults: `time_of_day`, `interval_from_24` since 24:00 starts nothing, `interval_empty`.
    pub fn parse(from: &str, to: &str) -> Result<Interval, Fault> {
        let (start, end) = (minute(from)?, minute(to)?);
        if start == DAY {
            return Err(Fault::new("interval_from_24"));
        }
        if start == end {
            return Err(Fault::new("interval_empty"));
        }
        Ok(Interval { start, end: if end < start { end + DAY } else { end } })
    }

    /// First minute of the day.
    pub fn start(self) -> u16 {
        self.start
    }

    /// The minute at which it is over; beyond [`DAY`] in the next day.
    pub fn end(self) -> u16 {
        self.end
    }

    /// Both times as they are typed.
    pub fn texts(self) -> (String, String) {
        (clock(self.start), clock(if self.end > DAY { self.end - DAY } else { self.end }))
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = self.texts();
        write!(f, "{from}-{to}")
    }
}

/// Reads `09:00`, `9:00` or `24:00`. Fault: `time_of_day` with what was typed.
fn minute(raw: &str) -> Result<u16, Fault> {
    let fault = || Fault::with("time_of_day", "text", raw.trim());
    let digits = |part: &str, most: usize| -> Option<u16> {
        let is_number = !part.is_empty() && part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse().ok()).flatten()
    };
    let (hour, minute) = raw.trim().split_once(':').ok_or_else(fault)?;
    let (hour, minute) = (digits(hour, 2).ok_or_else(fault)?, digits(minute, 2).filter(|_| minute.len() == 2).ok_or_else(fault)?);
    let total = hour * 60 + minute;
    if minute < 60 && total <= DAY { Ok(total) } else { Err(fault()) }
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// The intervals of each day of a week, sorted, none over another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Week([Vec<Interval>; 7]);

impl Week {
    /// Reads the intervals of days named as in [`DAYS`]; days that are not named have none.
    ///
    /// Faults stand at `weekly.<day>[<place>]`: those of [`Interval::parse`]; `intervals_overlap` with both of them, also where one
    /// reaches over midnight into the other, Sunday's into Monday's too. `unknown_choice` for what names no day, `too_many`.
    pub fn parse(raw: &BTreeMap<String, Vec<RawInterval>>) -> Result<Week, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut placed = Vec::new();
        for (name, intervals) in raw {
            let Some(day) = DAYS.iter().position(|day| day == name) else {
                errors.add(&format!("weekly.{name}"), "unknown_choice");
                continue;
            };
            if intervals.len() > MOST_INTERVALS {
                errors.add_fault(&format!("weekly.{name}"), Fault::with("too_many", "max", MOST_INTERVALS));
                continue;
            }
            for (place, (from, to)) in intervals.iter().enumerate() {
                let field = format!("weekly.{name}[{place}]");
                if let Some(interval) = errors.take(&field, Interval::parse(from, to)) {
                    placed.push(Placed { at: day * usize::from(DAY) + usize::from(interval.start), day, interval, field });
                }
            }
        }
        placed.sort_by_key(|placed| placed.at);
        note_overlaps(&placed, 7 * usize::from(DAY), &mut errors);
        let mut week = Week::default();
        for placed in placed {
            if let Some(day) = week.0.get_mut(placed.day) {
                day.push(placed.interval);
            }
        }
        errors.into_result(week)
    }

    /// The intervals that start on a day.
    pub fn on(&self, day: Weekday) -> &[Interval] {
        self.0.get(day.num_days_from_monday() as usize).map_or(&[], Vec::as_slice)
    }

    /// Every day by its name, with its intervals.
    pub fn days(&self) -> impl Iterator<Item = (&'static str, &[Interval])> {
        DAYS.into_iter().zip(self.0.iter().map(Vec::as_slice))
    }

    /// The days as they are typed; days without intervals are there, empty.
    pub fn raw(&self) -> BTreeMap<String, Vec<RawInterval>> {
        self.days().map(|(day, intervals)| (day.to_owned(), intervals.iter().map(|interval| interval.texts()).collect())).collect()
    }

    /// Whether no day has hours.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }
}

/// An interval of a day of a ring of days, with the field that it was typed into.
struct Placed {
    at: usize,
    day: usize,
    interval: Interval,
    field: String,
}

/// Notes each that reaches over the one after it, the last over the first of the next round; `placed` is sorted.
///
/// Neighbours are enough: whatever reaches over a later one reaches over all between.
fn note_overlaps(placed: &[Placed], ring: usize, errors: &mut FieldErrors) {
    let next = placed.iter().skip(1).map(|placed| (placed, 0)).chain(placed.first().map(|first| (first, ring)));
    for (one, (other, round)) in placed.iter().zip(next) {
        let end = one.at + usize::from(one.interval.end - one.interval.start);
        if end > other.at + round {
            let name = |placed: &Placed| DAYS.get(placed.day).copied().unwrap_or_default().to_owned();
            let args = vec![
                ("firstDay", name(one)),
                ("first", one.interval.to_string()),
                ("secondDay", name(other)),
                ("second", other.interval.to_string()),
            ];
            errors.add_fault(&other.field, Fault { code: "intervals_overlap", args });
        }
    }
}

/// A schedule: a week in a zone with its own exceptions (HR-1, HR-3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Its name; an operator's own one has none.
    pub name: String,
    /// In which the times of the wall are meant.
    pub time_zone: Tz,
    /// What repeats.
    pub week: Week,
    /// What does not, by first day.
    pub exceptions: Vec<Exception>,
    /// Days that its calendars close, by first day; none that an exception governs.
    pub closed: Vec<Exception>,
}

/// A schedule as typed. `None` keeps what is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawSchedule {
    /// Its name, required for a shared one.
    pub name: Option<String>,
    /// IANA name.
    pub time_zone: Option<String>,
    /// Intervals by day; days that are not named have none.
    pub weekly: Option<BTreeMap<String, Vec<RawInterval>>>,
    /// All exceptions from now on.
    pub exceptions: Option<Vec<RawException>>,
}

impl Schedule {
    /// A new one without hours in a zone.
    pub fn new(time_zone: Tz) -> Schedule {
        Schedule { name: String::new(), time_zone, week: Week::default(), exceptions: Vec::new(), closed: Vec::new() }
    }

    /// With what was typed. Fields: `name`, `time_zone`, those of [`Week::parse`] and of [`Exception::parse_all`].
    pub fn with(&self, raw: &RawSchedule) -> Result<Schedule, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut after = self.clone();
        if let Some(name) = &raw.name {
            after.name = errors.take("name", text::line(name, limits::SCHEDULE_NAME)).unwrap_or_default();
        }
        if let Some(zone) = raw.time_zone.as_ref().and_then(|zone| errors.take("time_zone", time_zone::parse(zone))) {
            after.time_zone = zone;
        }
        match raw.weekly.as_ref().map(Week::parse) {
            Some(Ok(week)) => after.week = week,
            Some(Err(faults)) => errors.0.extend(faults.0),
            None => {}
        }
        match raw.exceptions.as_deref().map(Exception::parse_all) {
            Some(Ok(exceptions)) => after.exceptions = exceptions,
            Some(Err(faults)) => errors.0.extend(faults.0),
            None => {}
        }
        errors.into_result(after)
    }
}

/// A fact in words, such as `Mon 09:00-17:00 Europe/Madrid`, with the day named for the reader.
pub fn fact(day: &str, interval: Interval, zone: Tz) -> String {
    format!("{day} {interval} {}", zone.name())
}

/// A date as it is kept and sent: `2026-12-24`. Fault: `date`.
pub fn date(raw: &str) -> Result<NaiveDate, Fault> {
    let is_plain = raw.trim().len() == 10;
    NaiveDate::parse_from_str(raw.trim(), "%Y-%m-%d").ok().filter(|_| is_plain).ok_or_else(|| Fault::with("date", "text", raw.trim()))
}
