//! Hours as a form holds them, and what its small buttons do to them before anything is saved.
//!
//! In the form, the n-th `weekly.mon.from` and `weekly.mon.to` are an interval of Monday, and the n-th `exceptions.name`, `.from`,
//! `.to` and `.intervals` are an exception. Rows in which nothing is typed are not there.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::schedule::{DAYS, Exception, RawException, RawInterval, RawSchedule, Schedule};

/// Empty rows that a list may have at most.
const BLANKS: usize = 10;
/// Days that work gives its name to: Monday to Friday.
const WORKDAYS: usize = 5;

/// The fields with names of their own; the rows are read from the raw form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// A small button, such as `weekly:mon:add` or `exceptions:2:remove`: shows the form again with that done, and saves nothing.
    pub edit: Option<String>,
    /// The version that was open.
    pub version: Option<i64>,
    /// What an operator uses.
    pub schedule_id: Option<String>,
}

/// An exception as typed in one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Hours such as `09:00-13:00, 14:00-18:00`; nothing is closed.
    pub hours: String,
}

/// What the form shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// IANA name.
    pub time_zone: String,
    /// The intervals of each day, Monday first, without empty rows.
    pub week: [Vec<RawInterval>; 7],
    /// Empty rows after those of each day.
    pub blanks: [usize; 7],
    /// Exceptions without empty rows.
    pub exceptions: Vec<Row>,
    /// Empty rows after them.
    pub blank_exceptions: usize,
}

impl Draft {
    /// Hours as they are stored.
    pub fn stored(schedule: &Schedule, exceptions: &[Exception]) -> Draft {
        let raw = schedule.week.raw();
        Draft {
            name: schedule.name.clone(),
            time_zone: schedule.time_zone.name().to_owned(),
            week: DAYS.map(|day| raw.get(day).cloned().unwrap_or_default()),
            blanks: [0; 7],
            exceptions: exceptions.iter().map(|one| row(&one.raw())).collect(),
            blank_exceptions: 1,
        }
    }

    /// Hours as they were sent, over those that are stored.
    pub fn sent(mut self, raw: &[(String, String)]) -> Draft {
        let all = |name: &str| -> Vec<String> {
            raw.iter().filter(|(other, _)| other == name).map(|(_, value)| value.trim().to_owned()).collect()
        };
        let at = |values: &[String], place: usize| values.get(place).cloned().unwrap_or_default();
        for (name, old) in [("name", &mut self.name), ("time_zone", &mut self.time_zone)] {
            if let Some(sent) = all(name).pop() {
                *old = sent;
            }
        }
        for ((day, rows), blanks) in DAYS.into_iter().zip(&mut self.week).zip(&mut self.blanks) {
            let (from, to) = (all(&format!("weekly.{day}.from")), all(&format!("weekly.{day}.to")));
            if from.is_empty() && !raw.iter().any(|(name, _)| name == "weekly") {
                continue;
            }
            let (blank, filled): (Vec<_>, Vec<_>) =
                (0..from.len()).map(|place| (at(&from, place), at(&to, place))).partition(|(from, to)| from.is_empty() && to.is_empty());
            (*rows, *blanks) = (filled, blank.len().min(BLANKS));
        }
        let [name, from, to, hours] = ["name", "from", "to", "intervals"].map(|part| all(&format!("exceptions.{part}")));
        if !name.is_empty() || raw.iter().any(|(name, _)| name == "exceptions") {
            let rows = (0..name.len()).map(|place| Row {
                name: at(&name, place),
                from: at(&from, place),
                to: at(&to, place),
                hours: at(&hours, place),
            });
            let (blank, filled): (Vec<_>, Vec<_>) = rows.partition(|row| *row == Row::default());
            (self.exceptions, self.blank_exceptions) = (filled, blank.len().clamp(1, BLANKS));
        }
        self
    }

    /// The same for the deed.
    pub fn raw(&self) -> RawSchedule {
        let days: BTreeMap<String, Vec<RawInterval>> = DAYS.into_iter().map(str::to_owned).zip(self.week.iter().cloned()).collect();
        RawSchedule {
            name: Some(self.name.clone()),
            time_zone: Some(self.time_zone.clone()),
            weekly: Some(days),
            exceptions: Some(self.raw_exceptions()),
        }
    }

    /// The exceptions for the deed.
    pub fn raw_exceptions(&self) -> Vec<RawException> {
        let raw = |row: &Row| RawException {
            name: row.name.clone(),
            from: row.from.clone(),
            to: row.to.clone(),
            intervals: intervals(&row.hours),
        };
        self.exceptions.iter().map(raw).collect()
    }

    /// Does what a small button says; what names no row changes nothing.
    pub fn edit(&mut self, edit: &str) {
        let parts: Vec<&str> = edit.split(':').collect();
        match parts.as_slice() {
            ["weekly", "always"] => {
                self.week = DAYS.map(|_| vec![("00:00".to_owned(), "24:00".to_owned())]);
                self.blanks = [0; 7];
            }
            ["weekly", "clear"] => {
                self.week = Default::default();
                self.blanks = [0; 7];
            }
            ["weekly", day, deed @ ..] => {
                if let Some(day) = DAYS.iter().position(|name| name == day) {
                    self.edit_day(day, deed);
                }
            }
            ["exceptions", "add"] => self.blank_exceptions = (self.blank_exceptions + 1).min(BLANKS),
            ["exceptions", place, "remove"] => {
                if let Some(place) = place.parse().ok().filter(|place| *place < self.exceptions.len()) {
                    self.exceptions.remove(place);
                }
            }
            _ => {}
        }
    }

    fn edit_day(&mut self, day: usize, deed: &[&str]) {
        let Some(own) = self.week.get(day).cloned() else { return };
        match deed {
            ["add"] => {
                if let Some(blanks) = self.blanks.get_mut(day) {
                    *blanks = (*blanks + 1).min(BLANKS);
                }
            }
            ["remove", place] => {
                if let (Ok(place), Some(rows)) = (place.parse::<usize>(), self.week.get_mut(day))
                    && place < rows.len()
                {
                    rows.remove(place);
                }
            }
            ["copy"] => self.week = DAYS.map(|_| own.clone()),
            ["workdays"] => self.week.iter_mut().take(WORKDAYS).for_each(|rows| rows.clone_from(&own)),
            _ => {}
        }
    }
}

fn row(raw: &RawException) -> Row {
    let hours: Vec<String> = raw.intervals.iter().map(|(from, to)| format!("{from}-{to}")).collect();
    Row { name: raw.name.clone(), from: raw.from.clone(), to: raw.to.clone(), hours: hours.join(", ") }
}

/// Hours typed in one line, between commas; a dash of any kind stands between two times.
fn intervals(line: &str) -> Vec<RawInterval> {
    let parts = line.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
    let pair = |part: &str| match part.split_once(['-', '–', '—']) {
        Some((from, to)) => (from.trim().to_owned(), to.trim().to_owned()),
        None => (part.to_owned(), String::new()),
    };
    parts.map(pair).collect()
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::*;

    fn sent(pairs: &[(&str, &str)]) -> Draft {
        let raw: Vec<(String, String)> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Draft::stored(&Schedule::new(Tz::UTC), &[]).sent(&raw)
    }

    #[test]
    fn rows_are_put_together_by_their_place_and_empty_ones_are_left_out() {
        let draft = sent(&[
            ("weekly.mon.from", ""),
            ("weekly.mon.to", ""),
            ("weekly.mon.from", "09:00"),
            ("weekly.mon.to", " 13:00"),
            ("weekly.tue.from", "10:00"),
            ("weekly.tue.to", ""),
            ("exceptions.name", "Christmas"),
            ("exceptions.from", "2026-12-24"),
            ("exceptions.to", ""),
            ("exceptions.intervals", "09:00–12:00; 14:00 - 16:00"),
            ("exceptions.name", ""),
            ("exceptions.from", ""),
            ("exceptions.to", ""),
            ("exceptions.intervals", ""),
        ]);
        assert_eq!(draft.week[0], [("09:00".to_owned(), "13:00".to_owned())]);
        assert_eq!((draft.blanks[0], draft.week[1].len()), (1, 1));
        let raw = draft.raw();
        assert_eq!(raw.weekly.unwrap()["mon"].len(), 1);
        let exceptions = raw.exceptions.unwrap();
        assert_eq!(exceptions.len(), 1);
        assert_eq!(exceptions[0].intervals[1], ("14:00".to_owned(), "16:00".to_owned()));
    }

    #[test]
    fn the_small_buttons_add_remove_copy_and_clear() {
        let mut draft =
            sent(&[("weekly.mon.from", "09:00"), ("weekly.mon.to", "17:00"), ("weekly.sat.from", "10:00"), ("weekly.sat.to", "12:00")]);
        let days = |draft: &Draft| draft.week.iter().map(Vec::len).collect::<Vec<_>>();
        for (edit, expected) in [
            ("nonsense", [1, 0, 0, 0, 0, 1, 0]),
            ("weekly:mon:workdays", [1, 1, 1, 1, 1, 1, 0]),
            ("weekly:tue:remove:7", [1, 1, 1, 1, 1, 1, 0]),
            ("weekly:tue:remove:0", [1, 0, 1, 1, 1, 1, 0]),
            ("weekly:xyz:copy", [1, 0, 1, 1, 1, 1, 0]),
            ("weekly:sat:copy", [1; 7]),
            ("weekly:clear", [0; 7]),
            ("weekly:always", [1; 7]),
        ] {
            draft.edit(edit);
            assert_eq!(days(&draft), expected, "{edit}");
        }
        assert_eq!(draft.week[6][0], ("00:00".to_owned(), "24:00".to_owned()));
        draft.edit("weekly:mon:add");
        draft.edit("exceptions:add");
        assert_eq!((draft.blanks[0], draft.blank_exceptions), (1, 2));
        draft.exceptions = vec![Row::default()];
        draft.edit("exceptions:1:remove");
        assert_eq!(draft.exceptions.len(), 1);
        draft.edit("exceptions:0:remove");
        assert!(draft.exceptions.is_empty());
    }
}
