//! Holiday calendars from `.ics` files (HR-3): which days a file closes, and how often its events repeat, always within bounds.
//! Lines of properties are taken apart by `icalendar`, recurrences are counted out by `rrule`; what they mean in days is decided here.

mod days;
mod file;
#[cfg(test)]
mod tests;

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;

use super::field::Fault;

/// Bytes of a file at most.
pub const MOST_BYTES: usize = 512 * 1024;
/// Events of a file at most.
pub const MOST_EVENTS: usize = 5_000;
/// Entries of one calendar at most.
pub const MOST_ENTRIES: usize = 1_000;
/// Calendars of one owner at most.
pub const MOST_CALENDARS: usize = 20;
/// Characters that are kept of the name by which a file knows an event.
const UID: usize = 200;

/// Days that an event closes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The event, as the file names it.
    pub uid: String,
    /// The day on which the file plans it; with the event it names the entry, also when it was moved.
    pub planned: NaiveDate,
    /// What it is, such as a holiday.
    pub name: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Its own name for itself.
    pub name: Option<String>,
    /// The closed days, by first day; no two have the same event and planned day.
    pub entries: Vec<Entry>,
}

/// The days that are looked at: a year back and three ahead, so that what repeats for ever has an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl Window {
    /// Around a day.
    pub fn around(today: NaiveDate) -> Window {
        Window {
            from: today.checked_sub_days(Days::new(366)).unwrap_or(NaiveDate::MIN),
            to: today.checked_add_days(Days::new(3 * 366)).unwrap_or(NaiveDate::MAX),
        }
    }
}

/// Reads a file. Times without a zone, and those of zones that nobody knows, are meant in `zone`; times become the days they touch there.
/// Events without a name are called `unnamed`.
///
/// Faults: `calendar_encoding`, `calendar_unknown` for what is no calendar, `calendar_line` and `calendar_unfinished` for a broken one,
/// `calendar_date`, `calendar_rule` and `calendar_often` naming the event, `calendar_events` and `calendar_entries` for too many,
/// `calendar_endless` where counting out all recurrences would take too long, `calendar_nothing` where no day of the window is closed.
pub fn read(bytes: &[u8], zone: Tz, window: Window, unnamed: &str) -> Result<Calendar, Fault> {
    let file = file::read(bytes, zone)?;
    let entries = days::of(&file.events, zone, window, unnamed)?;
    if entries.is_empty() {
        return Err(Fault { code: "calendar_nothing", args: vec![("from", window.from.to_string()), ("to", window.to.to_string())] });
    }
    Ok(Calendar { name: file.name, entries })
}
