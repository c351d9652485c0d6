//! The stretch of time a report is about: between two instants, or days of a zone (RE-1).

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::field::{Fault, FieldErrors};
use super::named::named;
use super::schedule::{date, local_day, start_of};

/// Days that a report is about at most.
pub const MOST_DAYS: i64 = 366;

/// From one instant until another, half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First instant.
    pub from: DateTime<Utc>,
    /// First instant after it.
    pub to: DateTime<Utc>,
}

named! {
    /// A choice of days.
    #[derive(Default)]
    Choice {
        /// The present day.
        #[default]
        Today = "today",
        /// The present week, from Monday on.
        Week = "week",
        /// The present day and the six before it.
        SevenDays = "7days",
        /// The present month.
        Month = "month",
        /// Days that were typed.
        Own = "own",
    }
}

impl Choice {
    /// The first and the last day, where `typed` are those of [`Choice::Own`].
    pub fn days(self, today: NaiveDate, typed: RangeInclusive<NaiveDate>) -> RangeInclusive<NaiveDate> {
        let back = |days: u32| today.checked_sub_days(Days::new(days.into())).unwrap_or(today);
        let monday = back(today.weekday().num_days_from_monday());
        let first_of_month = today.with_day(1).unwrap_or(today);
        match self {
            Choice::Today => today..=today,
            Choice::Week => monday..=forth(monday, 6),
            Choice::SevenDays => back(6)..=today,
            Choice::Month => first_of_month..=forth(first_of_month, i64::from(today.num_days_in_month()) - 1),
            Choice::Own => typed,
        }
    }
}

fn forth(day: NaiveDate, days: i64) -> NaiveDate {
    day.checked_add_signed(TimeDelta::days(days)).unwrap_or(day)
}

impl Period {
    /// The days of a zone, both included. None at the ends of the calendar.
    pub fn of_days(days: &RangeInclusive<NaiveDate>, zone: Tz) -> Option<Period> {
        Some(Period { from: start_of(zone, *days.start())?, to: start_of(zone, days.end().succ_opt()?)? })
    }

    /// Whether no instant lies in it.
    pub fn is_empty(self) -> bool {
        self.to <= self.from
    }

    /// What lies in both.
    #[must_use]
    pub fn within(self, other: Period) -> Period {
        Period { from: self.from.max(other.from), to: self.to.min(other.to) }
    }

    /// The days of a zone any part of which lies in it, in order, each cut to it. A day of a zone may have 23, 24.5 or 25 hours; one that
    /// the zone left out is not there.
    pub fn days(self, zone: Tz) -> Vec<(NaiveDate, Period)> {
        if self.is_empty() {
            return Vec::new();
        }
        let all = local_day(zone, self.from).iter_days().map_while(|day| Some((day, Period::of_days(&(day..=day), zone)?)));
        let touched = all.take_while(|(_, whole)| whole.from < self.to).map(|(day, whole)| (day, whole.within(self)));
        touched.filter(|(_, part)| !part.is_empty()).collect()
    }
}

/// Reads the days that somebody typed, both included. Faults at `from` and `to`: `required`, `date`, `date_order`, `period_too_long`.
pub fn read_days(from: &str, to: &str) -> Result<RangeInclusive<NaiveDate>, FieldErrors> {
    let mut errors = FieldErrors::default();
    let read = |raw: &str| if raw.trim().is_empty() { Err(Fault::new("required")) } else { date(raw) };
    let (from, to) = (errors.take("from", read(from)), errors.take("to", read(to)));
    let days = from.unwrap_or_default()..=to.unwrap_or_default();
    if errors.is_empty() {
        errors.take("to", fits(days.end().signed_duration_since(*days.start()) + TimeDelta::days(1), days.is_empty()));
    }
    errors.into_result(days)
}

/// Reads the instants of a call, RFC 3339 each; a date alone means the whole day in the zone, at either end. Without `to` until now, and
/// without `from` from the beginning of the day on which the last instant lies. Faults at `from` and `to`: `instant`, `date_order`,
/// `period_too_long`.
pub fn read_instants(from: Option<&str>, to: Option<&str>, zone: Tz, now: DateTime<Utc>) -> Result<Period, FieldErrors> {
    let mut errors = FieldErrors::default();
    let read = |raw: &str, is_end: bool| -> Result<DateTime<Utc>, Fault> {
        if let Ok(at) = DateTime::parse_from_rfc3339(raw.trim()) {
            return Ok(at.to_utc());
        }
        let day = date(raw).ok().and_then(|day| Period::of_days(&(day..=day), zone));
        day.map(|day| if is_end { day.to } else { day.from }).ok_or_else(|| Fault::new("instant"))
    };
    let to = to.map_or(Some(now), |raw| errors.take("to", read(raw, true))).unwrap_or(now);
    let first = || start_of(zone, local_day(zone, to - TimeDelta::milliseconds(1))).unwrap_or(to);
    let from = from.map_or_else(|| Some(first()), |raw| errors.take("from", read(raw, false))).unwrap_or(to);
    if errors.is_empty() {
        // Clocks may be put back once more than forth between the two.
        errors.take("to", fits(to - from - TimeDelta::hours(1), to <= from));
    }
    errors.into_result(Period { from, to })
}

fn fits(length: TimeDelta, is_reversed: bool) -> Result<(), Fault> {
    match length {
        _ if is_reversed => Err(Fault::new("date_order")),
        length if length > TimeDelta::days(MOST_DAYS) => Err(Fault::with("period_too_long", "max", MOST_DAYS)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn choices_are_whole_days_around_today() {
        let today = day("2028-02-10");
        let none = today..=today;
        for (choice, first, last) in [
            (Choice::Today, "2028-02-10", "2028-02-10"),
            (Choice::Week, "2028-02-07", "2028-02-13"),
            (Choice::SevenDays, "2028-02-04", "2028-02-10"),
            (Choice::Month, "2028-02-01", "2028-02-29"),
            (Choice::Own, "2028-02-10", "2028-02-10"),
        ] {
            assert_eq!(choice.days(today, none.clone()), day(first)..=day(last), "{}", choice.as_str());
        }
    }

    #[test]
    fn days_are_as_long_as_their_zone_makes_them() {
        for (zone, date, hours) in [
            (Tz::Europe__Madrid, "2026-03-29", 23.0),
            (Tz::Europe__Madrid, "2026-10-25", 25.0),
            (Tz::America__New_York, "2026-03-08", 23.0),
            (Tz::America__New_York, "2026-11-01", 25.0),
            (Tz::Australia__Lord_Howe, "2026-04-05", 24.5),
            (Tz::Australia__Lord_Howe, "2026-10-04", 23.5),
            (Tz::America__Havana, "2026-03-08", 23.0),
            (Tz::Europe__Madrid, "2026-03-30", 24.0),
        ] {
            let whole = Period::of_days(&(day(date)..=day(date)), zone).unwrap();
            assert_eq!((whole.to - whole.from).as_seconds_f64() / 3600.0, hours, "{zone} {date}");
        }
        let apia = Period::of_days(&(day("2011-12-29")..=day("2011-12-31")), Tz::Pacific__Apia).unwrap();
        let days: Vec<NaiveDate> = apia.days(Tz::Pacific__Apia).into_iter().map(|(day, _)| day).collect();
        assert_eq!(days, [day("2011-12-29"), day("2011-12-31")], "the day that was left out is not there");
    }

    #[test]
    fn the_first_and_the_last_day_are_cut() {
        let period = Period { from: at("2026-03-28T22:30:00Z"), to: at("2026-03-29T22:00:00Z") };
        let days = period.days(Tz::Europe__Madrid);
        let told: Vec<_> = days.iter().map(|(day, part)| (day.to_string(), (part.to - part.from).num_minutes())).collect();
        assert_eq!(told, [("2026-03-28".to_owned(), 30), ("2026-03-29".to_owned(), 23 * 60)]);
        assert!(Period { from: period.to, to: period.from }.days(Tz::UTC).is_empty());
    }

    #[test]
    fn instants_and_dates_are_read_and_have_defaults() {
        let now = at("2026-03-11T12:00:00Z");
        let read = |from, to| read_instants(from, to, Tz::Europe__Madrid, now).unwrap();
        let period = |from, to| Period { from: at(from), to: at(to) };
        assert_eq!(read(None, None), period("2026-03-10T23:00:00Z", "2026-03-11T12:00:00Z"));
        assert_eq!(read(Some("2026-03-01"), Some("2026-03-02")), period("2026-02-28T23:00:00Z", "2026-03-02T23:00:00Z"));
        assert_eq!(read(None, Some("2026-03-02")), period("2026-03-01T23:00:00Z", "2026-03-02T23:00:00Z"));
        assert_eq!(
            read(Some("2026-03-01T10:00:00+02:00"), Some("2026-03-01T09:00:00.5Z")),
            period("2026-03-01T08:00:00Z", "2026-03-01T09:00:00.5Z")
        );
        for (from, to, field, code) in [
            ("x", "2026-03-02", "from", "instant"),
            ("2026-03-01", "2026-02-30", "to", "instant"),
            ("2026-03-01T10:00:00", "2026-03-02", "from", "instant"),
            ("2026-03-03", "2026-03-02", "to", "date_order"),
            ("2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z", "to", "date_order"),
            ("2025-01-01", "2026-01-02", "to", "period_too_long"),
        ] {
            let errors = read_instants(Some(from), Some(to), Tz::Europe__Madrid, now).unwrap_err();
            assert_eq!((errors.0[0].field.as_str(), errors.0[0].code), (field, code), "{from} {to}");
        }
        assert!(read_instants(Some("2028-01-01"), Some("2028-12-31"), Tz::Europe__Madrid, now).is_ok(), "a year of 366 days");
    }

    #[test]
    fn typed_days_are_both_included() {
        assert_eq!(read_days(" 2026-03-01", "2026-03-01").unwrap(), day("2026-03-01")..=day("2026-03-01"));
        assert!(read_days("2028-01-01", "2028-12-31").is_ok());
        for (from, to, field, code) in [
            ("", "2026-03-01", "from", "required"),
            ("2026-03-01", "1.3.2026", "to", "date"),
            ("2026-03-02", "2026-03-01", "to", "date_order"),
            ("2027-01-01", "2028-01-02", "to", "period_too_long"),
        ] {
            let errors = read_days(from, to).unwrap_err();
            assert_eq!((errors.0[0].field.as_str(), errors.0[0].code), (field, code), "{from} {to}");
        }
    }
}
