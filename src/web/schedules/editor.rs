//! The week grid, the drawn week and the table of exceptions: the same for a schedule, an operator's own hours and the organisation (HR-5).

use askama::Template;
use chrono::{DateTime, Utc};

use super::draft::{Draft, Row};
use crate::domain::field::FieldErrors;
use crate::domain::schedule::{DAY, DAYS, Hours, Interval, Level, RawInterval, SetBy, fact};
use crate::domain::time_zone;
use crate::i18n::{Dates, Texts};
use crate::web::faults::{Faults, word};
use crate::web::visit::Visit;

/// A stretch of a day in the picture, in minutes.
pub struct Bar {
    /// First minute.
    pub x: u16,
    /// Minutes.
    pub width: u16,
    /// Whether it began on the day before.
    pub is_spill: bool,
}

/// A day of the picture.
pub struct DayDrawn {
    /// Short name.
    pub day: &'static str,
    /// Its hours in words.
    pub text: String,
    /// Its hours as bars.
    pub bars: Vec<Bar>,
    /// Where its line lies in the small picture.
    pub y: usize,
}

/// A week as it is drawn while hours are typed; what cannot be read yet is left out.
#[derive(Template)]
#[template(path = "schedules/week.html")]
pub struct Picture {
    /// Monday first.
    pub days: Vec<DayDrawn>,
}

impl Picture {
    /// Draws the hours that start on each day.
    pub fn new(t: Texts, week: &[Vec<RawInterval>; 7]) -> Picture {
        let read: Vec<Vec<Interval>> = week
            .iter()
            .map(|rows| {
                let mut day: Vec<Interval> = rows.iter().filter_map(|(from, to)| Interval::parse(from, to).ok()).collect();
                day.sort_unstable();
                day
            })
            .collect();
        let before = read.iter().cycle().skip(DAYS.len() - 1);
        let days = DAYS.into_iter().enumerate().zip(read.iter().zip(before));
        let drawn = days.map(|((place, day), (own, before))| {
            let spill = before.iter().filter(|one| one.end() > DAY).map(|one| Bar { x: 0, width: one.end() - DAY, is_spill: true });
            let own_bars = own.iter().map(|one| Bar { x: one.start(), width: one.end().min(DAY) - one.start(), is_spill: false });
            DayDrawn {
                day: t.get(&format!("schedules-short-{day}")),
                text: if own.is_empty() {
                    t.get("schedules-closed").to_owned()
                } else {
                    own.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
                },
                bars: spill.chain(own_bars).collect(),
                y: place * 20,
            }
        });
        Picture { days: drawn.collect() }
    }
}

/// An interval of the grid.
pub struct RowShown {
    /// Names the row among faults.
    pub id: String,
    /// Start as typed.
    pub from: String,
    /// End as typed.
    pub to: String,
    /// What is wrong.
    pub fault: Option<String>,
    /// What the button that takes it out sends; an empty row has none.
    pub removal: Option<String>,
    /// As people count.
    pub place: String,
}

/// A day of the grid.
pub struct DayShown {
    /// As in field names.
    pub key: &'static str,
    /// In full.
    pub label: &'static str,
    /// Its rows.
    pub rows: Vec<RowShown>,
    /// What is wrong with the day.
    pub fault: Option<String>,
}

/// A row of the table of exceptions.
pub struct ExceptionShown {
    /// Its place among faults.
    pub place: usize,
    /// As people count.
    pub number: String,
    /// As typed.
    pub row: Row,
    /// What is wrong with it.
    pub faults: Vec<(String, String)>,
    /// Whether nothing is typed in it.
    pub is_blank: bool,
}

impl ExceptionShown {
    /// The control of a part, as faults name it.
    pub fn id(&self, part: &str) -> String {
        format!("exceptions[{}].{part}", self.place)
    }

    /// Whether a part is wrong.
    pub fn is_wrong(&self, part: &str) -> bool {
        let id = self.id(part);
        self.faults.iter().any(|(field, _)| *field == id)
    }
}

/// What the parts of a form of hours are made of.
pub struct Editor {
    /// Where the small buttons send the form.
    pub action: String,
    /// What is wrong, in words.
    pub faults: Faults,
    /// The drawn week.
    pub picture: Picture,
    /// The grid.
    pub days: Vec<DayShown>,
    /// The table.
    pub exceptions: Vec<ExceptionShown>,
    /// Zones to choose from.
    pub zones: Vec<&'static str>,
    /// What is typed beside.
    pub draft: Draft,
    /// Whether it may be changed.
    pub may_save: bool,
    /// Whether something was typed that is not saved.
    pub is_unsaved: bool,
}

impl Editor {
    /// The parts for a draft with its faults.
    pub fn new(visit: &Visit, action: String, draft: Draft, errors: FieldErrors, may_save: bool) -> Editor {
        let t = visit.t;
        let errors = FieldErrors(errors.0.into_iter().map(|error| named(t, error)).collect());
        let words: Vec<(String, String)> = errors.0.iter().map(|error| (error.field.clone(), word(t, error))).collect();
        let fault = |field: &str| words.iter().find(|(other, _)| other == field).map(|(_, text)| text.clone());
        let day = |(place, key): (usize, &'static str)| {
            let rows = draft.week.get(place).map(Vec::as_slice).unwrap_or_default();
            let blanks = draft.blanks.get(place).copied().unwrap_or_default().max(usize::from(rows.is_empty()));
            let blank = (String::new(), String::new());
            let all = rows.iter().chain(std::iter::repeat_n(&blank, if may_save { blanks } else { 0 })).enumerate();
            let row = |(n, (from, to)): (usize, &RawInterval)| RowShown {
                id: format!("weekly.{key}[{n}]"),
                fault: fault(&format!("weekly.{key}[{n}]")),
                removal: (n < rows.len()).then(|| format!("weekly:{key}:remove:{n}")),
                place: (n + 1).to_string(),
                from: from.clone(),
                to: to.clone(),
            };
            DayShown {
                key,
                label: t.get(&format!("schedules-{key}")),
                rows: all.map(row).collect(),
                fault: fault(&format!("weekly.{key}")),
            }
        };
        let blanks = std::iter::repeat_n(Row::default(), if may_save { draft.blank_exceptions } else { 0 });
        let rows = draft.exceptions.iter().cloned().chain(blanks).enumerate().map(|(place, row)| ExceptionShown {
            place,
            number: (place + 1).to_string(),
            is_blank: row == Row::default(),
            faults: words.iter().filter(|(field, _)| field.starts_with(&format!("exceptions[{place}]."))).cloned().collect(),
            row,
        });
        let mut zones = time_zone::choices();
        if let Ok(zone) = time_zone::parse(&draft.time_zone)
            && !zones.contains(&zone.name())
        {
            zones.push(zone.name());
        }
        Editor {
            picture: Picture::new(t, &draft.week),
            days: DAYS.into_iter().enumerate().map(day).collect(),
            exceptions: rows.collect(),
            is_unsaved: !errors.is_empty(),
            faults: Faults::of(t, errors),
            action,
            zones,
            may_save,
            draft,
        }
    }

    /// The form after a small button.
    #[must_use]
    pub fn unsaved(mut self) -> Editor {
        self.is_unsaved = true;
        self
    }
}

/// A fault whose days are named for the reader.
fn named(t: Texts, mut error: crate::domain::field::FieldError) -> crate::domain::field::FieldError {
    for (name, value) in &mut error.args {
        if name.ends_with("Day") && DAYS.contains(&value.as_str()) {
            *value = t.get(&format!("schedules-short-{value}")).to_owned();
        }
    }
    error
}

/// What the hours say about now and the coming week, in words.
pub struct Outlook {
    /// Whether it is within hours.
    pub now: bool,
    /// How long this holds.
    pub until: String,
    /// What says so.
    pub set_by: String,
    /// The shifts of the next seven days: when, and the exception that made it.
    pub coming: Vec<(String, String)>,
}

impl Outlook {
    /// For hours at an instant.
    pub fn new(visit: &Visit, hours: &Hours<'_>, now: DateTime<Utc>) -> Outlook {
        let t = visit.t;
        let within = hours.is_within(now);
        let Some(schedule) = hours.schedule else {
            return Outlook { now: true, until: t.get("schedules-always").to_owned(), set_by: String::new(), coming: Vec::new() };
        };
        let dates = Dates::new(t.locale(), schedule.time_zone, now);
        let key = if within.now { "schedules-within" } else { "schedules-outside" };
        let until = match hours.next_change(now) {
            Some(at) => t.with(&format!("{key}-until"), &[("at", &dates.full(&at)), ("zone", schedule.time_zone.name())]),
            None => t.get(key).to_owned(),
        };
        let set_by = match (within.set_by, within.shift) {
            (SetBy::Exception(level, exception), _) => {
                let key = match level {
                    Level::Operator => "schedules-by-operator",
                    Level::Schedule => "schedules-by-schedule",
                    Level::Organisation => "schedules-by-organisation",
                };
                t.with(key, &[("name", &exception.name)])
            }
            (SetBy::Allowed(allowed), _) => t.with("schedules-by-allowed", &[("name", allowed.by)]),
            (_, Some(shift)) => {
                let day = DAYS.get(chrono::Datelike::weekday(&shift.day).num_days_from_monday() as usize).copied().unwrap_or_default();
                let fact = fact(t.get(&format!("schedules-short-{day}")), shift.interval, schedule.time_zone);
                t.with("schedules-by-week", &[("fact", &fact)])
            }
            _ => String::new(),
        };
        let shifts = hours.shifts_between(now, now + chrono::TimeDelta::days(7));
        let coming = shifts.into_iter().map(|shift| {
            let name = if let SetBy::Exception(_, exception) = shift.set_by { exception.name.clone() } else { String::new() };
            (format!("{} – {}", dates.full(&shift.start), dates.full(&shift.end)), name)
        });
        Outlook { now: within.now, until, set_by, coming: coming.collect() }
    }
}
