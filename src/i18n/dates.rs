//! Dates and times in the reader's language and zone (IN-1).

use chrono::format::{Item, StrftimeItems};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::kept::Kept;
use super::{Locale, Texts};

/// How far away something is, in words: by language, the text that tells of minutes, hours or days, and how many. There are no more than
/// the minutes of an hour, the hours of a day and the days of a week, ahead and ago.
static RELATIVE: Kept<(Locale, &'static str, i64), str> = Kept::new();

/// The patterns of this file in each language, taken apart.
static PATTERNS: Kept<(Locale, &'static str), [Item<'static>]> = Kept::new();

/// Writes instants for one reader. They come by reference, which is how templates pass them.
#[derive(Clone, Copy, Debug)]
pub struct Dates {
    texts: Texts,
    zone: Tz,
    now: DateTime<Utc>,
}

impl Dates {
    /// For a reader of this language in this zone, at this instant.
    pub fn new(locale: Locale, zone: Tz, now: DateTime<Utc>) -> Dates {
        Dates { texts: Texts::of(locale), zone, now }
    }

    /// The reader's zone, an IANA name.
    pub fn zone(&self) -> &'static str {
        self.zone.name()
    }

    /// Day and time, such as "Mon 14 Dec 2026, 09:00".
    pub fn full(&self, at: &DateTime<Utc>) -> String {
        self.format(
            at,
            match self.texts.locale() {
                Locale::En => "%a %-d %b %Y, %H:%M",
                Locale::Fr | Locale::Es => "%a %-d %b %Y, %H:%M",
            },
        )
    }

    /// The day alone, such as "14 December 2026".
    pub fn day(&self, at: &DateTime<Utc>) -> String {
        self.format(
            at,
            match self.texts.locale() {
                Locale::En | Locale::Fr => "%-d %B %Y",
                Locale::Es => "%-d de %B de %Y",
            },
        )
    }

    /// A day of a calendar, such as "Fri 25 December 2026", which is the same in every zone.
    pub fn calendar_day(&self, day: &NaiveDate) -> String {
        let pattern = match self.texts.locale() {
            Locale::En | Locale::Fr => "%a %-d %B %Y",
            Locale::Es => "%a, %-d de %B de %Y",
        };
        self.ordinal(day.format_localized(pattern, self.locale()).to_string())
    }

    /// As short as it can be told from here: the time of today, the weekday within a week, else the date.
    pub fn near(&self, at: &DateTime<Utc>) -> String {
        let day = |at: &DateTime<Utc>| at.with_timezone(&self.zone).date_naive();
        let pattern = match (day(at) - day(&self.now)).num_days() {
            0 => "%H:%M",
            -6..=6 => "%a %H:%M",
            _ => "%-d %b, %H:%M",
        };
        self.format(at, pattern)
    }

    /// Until when, as short as it can be told from here: "until 14:00", "until Mon 09:00".
    pub fn until(&self, at: &DateTime<Utc>) -> String {
        let day = |at: &DateTime<Utc>| at.with_timezone(&self.zone).date_naive();
        let key = if day(at) == day(&self.now) { "time-until-hour" } else { "time-until-day" };
        self.texts.with(key, &[("at", &self.near(at))])
    }

    /// Until and with which day of a calendar.
    pub fn until_calendar_day(&self, day: &NaiveDate) -> String {
        self.texts.with("time-until-day", &[("at", &self.calendar_day(day))])
    }

    /// The time of day to the second, such as "09:00:30".
    pub fn second(&self, at: &DateTime<Utc>) -> String {
        self.format(at, "%H:%M:%S")
    }

    /// Milliseconds until an instant; none where it has come.
    pub fn left(&self, at: &DateTime<Utc>) -> i64 {
        (*at - self.now).num_milliseconds().max(0)
    }

    /// A stretch of time, such as "Mon 14 Dec, 09:00–13:00"; its end names its day where that is another one.
    pub fn stretch(&self, from: &DateTime<Utc>, until: &DateTime<Utc>) -> String {
        let day = |at: &DateTime<Utc>| at.with_timezone(&self.zone).date_naive();
        match day(from) == day(until) {
            true => format!("{}–{}", self.format(from, "%a %-d %b, %H:%M"), self.format(until, "%H:%M")),
            false => format!("{} – {}", self.format(from, "%a %-d %b, %H:%M"), self.format(until, "%a %-d %b, %H:%M")),
        }
    }

    /// A month and its year, such as "December 2026".
    pub fn month(&self, day: &NaiveDate) -> String {
        let pattern = match self.texts.locale() {
            Locale::En | Locale::Fr => "%B %Y",
            Locale::Es => "%B de %Y",
        };
        day.format_localized(pattern, self.locale()).to_string()
    }

    /// The short name of a weekday, such as "Mo".
    pub fn weekday(&self, day: &NaiveDate) -> String {
        day.format_localized("%a", self.locale()).to_string().chars().take(2).collect()
    }

    /// For the `datetime` attribute and the title of a relative time.
    pub fn machine(&self, at: &DateTime<Utc>) -> String {
        at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }

    /// How long ago or ahead, such as "3 hours ago"; days beyond a week are told as a date.
    pub fn relative(&self, at: &DateTime<Utc>) -> String {
        let past = *at <= self.now;
        let distance = if past { self.now - *at } else { *at - self.now };
        let (key, count) = if distance < TimeDelta::seconds(60) {
            return self.texts.get(if past { "time-just-now" } else { "time-soon" }).to_owned();
        } else if distance < TimeDelta::minutes(60) {
            (if past { "time-minutes-ago" } else { "time-in-minutes" }, distance.num_minutes())
        } else if distance < TimeDelta::hours(24) {
            (if past { "time-hours-ago" } else { "time-in-hours" }, distance.num_hours())
        } else if distance < TimeDelta::days(8) {
            (if past { "time-days-ago" } else { "time-in-days" }, distance.num_days())
        } else {
            return self.day(at);
        };
        let place = (self.texts.locale(), key, count);
        let make = || RELATIVE.keep(place, self.texts.count(key, count.unsigned_abs()).into_boxed_str());
        RELATIVE.get(&place).unwrap_or_else(make).to_owned()
    }

    fn format(&self, at: &DateTime<Utc>, pattern: &'static str) -> String {
        let place = (self.texts.locale(), pattern);
        let parts = PATTERNS.get(&place).or_else(|| {
            let parts = StrftimeItems::new_with_locale(pattern, self.locale()).parse_to_owned().ok()?;
            Some(PATTERNS.keep(place, parts.into_boxed_slice()))
        });
        let parts = parts.unwrap_or_default();
        self.ordinal(at.with_timezone(&self.zone).format_localized_with_items(parts.iter(), self.locale()).to_string())
    }

    /// The first of a month is an ordinal in French, "1er"; every other day is a plain number, before which stands a weekday or nothing.
    fn ordinal(&self, written: String) -> String {
        if self.texts.locale() != Locale::Fr {
            return written;
        }
        let mut words: Vec<&str> = written.split(' ').collect();
        match words.iter_mut().take(2).find(|word| **word == "1") {
            Some(first) => *first = "1er",
            None => return written,
        }
        words.join(" ")
    }

    fn locale(&self) -> chrono::Locale {
        match self.texts.locale() {
            Locale::En => chrono::Locale::en_GB,
            Locale::Fr => chrono::Locale::fr_FR,
            Locale::Es => chrono::Locale::es_ES,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn dates(locale: Locale) -> Dates {
        Dates::new(locale, chrono_tz::Europe::Madrid, "2026-12-14T12:00:00Z".parse().unwrap())
    }

    #[test]
    fn a_day_is_written_in_the_readers_language_and_zone() {
        let at = "2026-12-14T08:00:00Z".parse().unwrap();
        assert_eq!(dates(Locale::En).full(&at), "Mon 14 Dec 2026, 09:00");
        assert_eq!(dates(Locale::Es).day(&at), "14 de diciembre de 2026");
        assert!(dates(Locale::Fr).full(&at).contains("14 déc. 2026"));
        let day = "2026-12-25".parse().unwrap();
        assert_eq!(dates(Locale::En).calendar_day(&day), "Fri 25 December 2026");
        assert_eq!(dates(Locale::Es).calendar_day(&day), "vie, 25 de diciembre de 2026");
    }

    #[test]
    fn the_first_of_a_month_is_an_ordinal_in_french_alone() {
        let (first, at) = (at_day("2026-12-01"), "2026-12-01T11:30:00Z".parse().unwrap());
        let fr = dates(Locale::Fr);
        assert_eq!(fr.calendar_day(&first), "mar. 1er décembre 2026");
        assert_eq!(
            (fr.full(&at).as_str(), fr.day(&at).as_str(), fr.near(&at).as_str()),
            ("mar. 1er déc. 2026, 12:30", "1er décembre 2026", "1er déc., 12:30")
        );
        assert_eq!(fr.calendar_day(&at_day("2026-12-11")), "ven. 11 décembre 2026");
        assert_eq!(dates(Locale::En).calendar_day(&first), "Tue 1 December 2026");
    }

    #[test]
    fn until_a_day_and_until_an_hour_differ_where_the_language_has_it_so() {
        let (hour, day) = ("2026-12-14T14:00:00Z".parse().unwrap(), "2026-12-16T08:00:00Z".parse().unwrap());
        for (locale, until_hour, until_day) in [
            (Locale::En, "until 15:00", "until Wed 09:00"),
            (Locale::Fr, "jusqu’à 15:00", "jusqu’au mer. 09:00"),
            (Locale::Es, "hasta las 15:00", "hasta el mié 09:00"),
        ] {
            assert_eq!((dates(locale).until(&hour), dates(locale).until(&day)), (until_hour.to_owned(), until_day.to_owned()));
        }
    }

    #[test]
    fn near_instants_are_relative_and_far_ones_are_dates() {
        let en = dates(Locale::En);
        assert_eq!(en.relative(&"2026-12-14T11:59:30Z".parse().unwrap()), "just now");
        assert_eq!(en.relative(&"2026-12-14T09:00:00Z".parse().unwrap()), "3 hours ago");
        assert_eq!(en.relative(&"2026-12-15T12:00:00Z".parse().unwrap()), "in 1 day");
        assert_eq!(en.relative(&"2026-11-01T12:00:00Z".parse().unwrap()), "1 November 2026");
        assert_eq!(en.near(&"2026-12-14T22:00:00Z".parse().unwrap()), "23:00");
        assert_eq!(en.near(&"2026-12-14T23:00:00Z".parse().unwrap()), "Tue 00:00");
        assert_eq!(en.near(&"2026-11-01T12:00:00Z".parse().unwrap()), "1 Nov, 13:00");
        let at = |text: &str| text.parse().unwrap();
        assert_eq!((en.second(&at("2026-12-14T12:00:18Z")), en.left(&at("2026-12-14T12:00:18Z"))), ("13:00:18".to_owned(), 18_000));
        assert_eq!(en.left(&at("2026-12-14T11:59:00Z")), 0);
        assert_eq!(en.stretch(&at("2026-12-14T08:00:00Z"), &at("2026-12-14T12:30:00Z")), "Mon 14 Dec, 09:00–13:30");
        assert_eq!(en.stretch(&at("2026-12-14T21:00:00Z"), &at("2026-12-15T05:00:00Z")), "Mon 14 Dec, 22:00 – Tue 15 Dec, 06:00");
        assert_eq!((en.month(&at_day("2026-12-14")), en.weekday(&at_day("2026-12-14"))), ("December 2026".into(), "Mo".into()));
        assert_eq!(dates(Locale::Es).month(&at_day("2026-12-14")), "diciembre de 2026");
    }
}
