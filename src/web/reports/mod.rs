//! Reports: time per status of everybody, and the parts of which that of one operator is made too (ST-8, RE-1).
//! Nothing here decides what counts; sums come from the rules, through the deeds' reading side.
//! It may call actions, the store (reads), domain, i18n and the parts of web around it.

mod export;
mod list;

use std::collections::BTreeMap;

use actix_web::web::{self, ServiceConfig};
use chrono::{DateTime, TimeDelta, Utc};

pub(super) use self::export::of_one;

use super::faults::Faults;
use super::listing::Address;
use super::shell::Badge;
use super::visit::Visit;
use crate::domain::field::FieldErrors;
use crate::domain::period::{Choice, Period, read_days};
use crate::domain::schedule::local_day;
use crate::domain::status::Color;
use crate::domain::status_time::{Time, Times};
use crate::error::{AppError, Result};
use crate::i18n::Texts;

/// The addresses of this noun.
pub fn routes(config: &mut ServiceConfig) {
    config.service(web::resource("/reports").get(list::show)).service(web::resource("/reports/status-time.csv").get(export::of_everybody));
}

/// The days a page of reports is about, and how others are chosen.
pub struct PeriodPart {
    /// Everything between the first and the last day, in the reader's zone; today where what was typed is wrong.
    pub period: Period,
    /// First and last day as they stand in the form.
    pub from: String,
    /// See [`PeriodPart::from`].
    pub to: String,
    /// What is wrong with what was typed.
    pub faults: Faults,
    /// Text, address and whether it is chosen.
    pub links: Vec<(&'static str, String, bool)>,
    /// Whether days were typed.
    pub is_own: bool,
    /// The days in words.
    pub words: String,
    /// Where the form of days leads.
    pub path: String,
    /// What the page is asked for beside its days.
    pub kept: Vec<(&'static str, String)>,
    choice: Choice,
}

impl PeriodPart {
    /// For the page at `path` with what it keeps in its address beside its days.
    pub fn read(visit: &Visit, now: DateTime<Utc>, path: &str, kept: Vec<(&'static str, String)>, asked: [&str; 3]) -> Result<PeriodPart> {
        let [range, from, to] = asked;
        let (t, zone) = (visit.t, visit.zone);
        let choice = Choice::parse(range).unwrap_or_default();
        let today = local_day(zone, now);
        let none = today..=today;
        let (days, errors) = match choice {
            Choice::Own => read_days(from, to).map_or_else(|errors| (none, errors), |days| (days, FieldErrors::default())),
            choice => (choice.days(today, none), FieldErrors::default()),
        };
        let period = Period::of_days(&days, zone).ok_or_else(|| AppError::unexpected("days at the end of the calendar"))?;
        let is_wrong = !errors.is_empty();
        let typed = |typed: &str, day: chrono::NaiveDate| if is_wrong { typed.to_owned() } else { day.to_string() };
        let (first, last) = (visit.dates.day(&period.from), visit.dates.day(&(period.to - TimeDelta::seconds(1))));
        let words = match days.start() == days.end() {
            true => t.with("reports-day", &[("day", &first), ("zone", zone.name())]),
            false => t.with("reports-days", &[("from", &first), ("to", &last), ("zone", zone.name())]),
        };
        let address = Address::new(path, kept.clone());
        let link = |(one, key): (Choice, &str)| {
            let href = if one == Choice::default() { address.without("range") } else { address.with("range", one.as_str()) };
            (t.get(key), href, one == choice)
        };
        let offered = [
            (Choice::Today, "reports-today"),
            (Choice::Week, "reports-week"),
            (Choice::SevenDays, "reports-seven-days"),
            (Choice::Month, "reports-month"),
        ];
        Ok(PeriodPart {
            from: typed(from, *days.start()),
            to: typed(to, *days.end()),
            faults: Faults::of(t, errors),
            links: offered.map(link).into(),
            is_own: choice == Choice::Own,
            path: path.to_owned(),
            period,
            words,
            kept,
            choice,
        })
    }

    /// What an address says of the days.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self.choice {
            Choice::Today => Vec::new(),
            Choice::Own => vec![("range", self.choice.as_str().to_owned()), ("from", self.from.clone()), ("to", self.to.clone())],
            choice => vec![("range", choice.as_str().to_owned())],
        }
    }

    /// The address of a page about these days.
    pub fn address(&self, path: &str) -> Address {
        Address::new(path, self.params().into_iter().chain(self.kept.clone()))
    }
}

/// A status among the columns.
pub struct Column {
    /// Its id.
    pub id: i64,
    /// Its name and colour; grey where it was deleted.
    pub badge: Badge,
}

/// The statuses that were worn, in their order, those deleted since at the end.
pub fn columns(visit: &Visit, worn: &Times, gone: &BTreeMap<i64, String>) -> Vec<Column> {
    let there = visit.catalogue.statuses.iter().filter(|status| worn.contains_key(&status.id));
    let there = there.map(|status| Column { id: status.id, badge: Badge::of(status, visit.t) });
    let gone = gone.iter().filter(|(id, _)| worn.contains_key(id));
    there.chain(gone.map(|(id, name)| Column { id: *id, badge: Badge::new(*id, name, Color::default()) })).collect()
}

/// A stretch of a picture that is 1000 wide.
pub struct Bar {
    /// Where it begins.
    pub x: String,
    /// How wide it is.
    pub width: String,
    /// `#rrggbb`.
    pub color: String,
}

/// Times as they are shown in a row.
pub struct Row {
    /// The picture.
    pub bars: Vec<Bar>,
    /// For each column its name and the time; empty for none.
    pub cells: Vec<(String, String)>,
    /// What counts of it.
    pub counted: String,
}

impl Row {
    /// Times by column; the picture is full with so many seconds.
    pub fn new(columns: &[Column], times: &Times, full: i64) -> Row {
        let mut x = 0.0;
        let mut bars = Vec::new();
        let mut cells = Vec::with_capacity(columns.len());
        for column in columns {
            let seconds = times.get(&column.id).map_or(0, |time| time.seconds);
            let width = seconds as f64 * 1000.0 / full.max(1) as f64;
            if seconds > 0 {
                bars.push(Bar { x: format!("{x:.1}"), width: format!("{width:.1}"), color: column.badge.color.clone() });
            }
            x += width;
            cells.push((column.badge.name.clone(), if seconds > 0 { length(seconds) } else { String::new() }));
        }
        Row { bars, cells, counted: length(total(times).counted) }
    }
}

/// What each status has of a whole: its badge, its time, its share and what counts of it.
pub struct Share {
    /// The status.
    pub badge: Badge,
    /// Hours, minutes and seconds.
    pub time: String,
    /// Hundredths of the whole.
    pub percent: String,
    /// What counts.
    pub counted: String,
}

/// The shares by column.
pub fn shares(t: Texts, columns: Vec<Column>, times: &Times) -> Vec<Share> {
    let whole = total(times).seconds.max(1);
    let share = |column: Column| {
        let time = times.get(&column.id).copied().unwrap_or_default();
        let percent = (time.seconds as f64 * 100.0 / whole as f64).round();
        let percent = t.with("reports-percent", &[("share", &format!("{percent:.0}"))]);
        Share { badge: column.badge, time: length(time.seconds), percent, counted: length(time.counted) }
    };
    columns.into_iter().map(share).collect()
}

/// All statuses together.
pub fn total(times: &Times) -> Time {
    let mut all = Time::default();
    times.values().for_each(|time| all += *time);
    all
}

/// Adds up times.
pub fn added<'a>(all: impl IntoIterator<Item = &'a Times>) -> Times {
    let mut sum = Times::new();
    for (status, time) in all.into_iter().flatten() {
        *sum.entry(*status).or_default() += *time;
    }
    sum
}

/// Hours, minutes and seconds, in every language alike.
pub fn length(seconds: i64) -> String {
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_told_to_the_second_however_long() {
        assert_eq!(
            ["0:00:00", "0:01:05", "23:59:59", "8784:00:00"],
            [0, 65, 86_399, 8784 * 3600].map(length).each_ref().map(String::as_str)
        );
    }
}
