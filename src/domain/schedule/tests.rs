use chrono::{DateTime, Days, TimeDelta, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;

fn raw(days: &[(&str, &[(&str, &str)])]) -> BTreeMap<String, Vec<RawInterval>> {
    let pairs = |all: &[(&str, &str)]| all.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect();
    days.iter().map(|(day, intervals)| ((*day).to_owned(), pairs(intervals))).collect()
}

fn week(days: &[(&str, &[(&str, &str)])]) -> Week {
    Week::parse(&raw(days)).unwrap()
}

fn every_day(intervals: &[(&str, &str)]) -> Week {
    week(&DAYS.map(|day| (day, intervals)))
}

fn schedule(zone: Tz, week: Week) -> Schedule {
    Schedule { week, ..Schedule::new(zone) }
}

fn hours(schedule: &Schedule) -> Hours<'_> {
    Hours { schedule: Some(schedule), operator: &[], organisation: &[], allowed: None }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn exception(name: &str, from: &str, to: &str, intervals: &[(&str, &str)]) -> Exception {
    let intervals = intervals.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect();
    let raw = RawException { name: name.into(), from: from.into(), to: to.into(), intervals };
    Exception::parse_all(&[raw]).unwrap().remove(0)
}

/// Shifts that start on a day of the wall, as instants.
fn shifts(schedule: &Schedule, day: &str) -> Vec<(String, String)> {
    let day: NaiveDate = day.parse().unwrap();
    let noon = day.and_hms_opt(12, 0, 0).unwrap().and_utc();
    let around = hours(schedule).shifts_between(noon - TimeDelta::days(3), noon + TimeDelta::days(3));
    let of_day = around.into_iter().filter(|shift| shift.day == day);
    of_day.map(|shift| (shift.start.format("%d %H:%M").to_string(), shift.end.format("%d %H:%M").to_string())).collect()
}

#[test]
fn times_are_read_exactly_and_told_as_they_are_typed() {
    for (from, to, told, end) in [
        ("09:00", "17:00", "09:00-17:00", 17 * 60),
        ("9:05", " 17:30 ", "09:05-17:30", 17 * 60 + 30),
        ("00:00", "24:00", "00:00-24:00", DAY),
        ("18:00", "24:00", "18:00-24:00", DAY),
        ("22:00", "06:00", "22:00-06:00", DAY + 360),
        ("22:00", "00:00", "22:00-24:00", DAY),
    ] {
        let interval = Interval::parse(from, to).unwrap();
        assert_eq!((interval.to_string().as_str(), interval.end()), (told, end));
    }
    for (from, to, code) in [
        ("25:00", "26:00", "time_of_day"),
        ("24:01", "06:00", "time_of_day"),
        ("09:60", "10:00", "time_of_day"),
        ("9", "17", "time_of_day"),
        ("09:0", "17:00", "time_of_day"),
        ("", "17:00", "time_of_day"),
        ("+9:00", "17:00", "time_of_day"),
        ("-1:00", "17:00", "time_of_day"),
        ("09:00:00", "17:00", "time_of_day"),
        ("24:00", "06:00", "interval_from_24"),
        ("24:00", "24:00", "interval_from_24"),
        ("09:00", "09:00", "interval_empty"),
        ("00:00", "00:00", "interval_empty"),
    ] {
        assert_eq!(Interval::parse(from, to).unwrap_err().code, code, "{from} {to}");
    }
}

#[test]
fn overlaps_are_refused_with_both_named_also_over_midnight_and_from_sunday_to_monday() {
    let refused = |days: &[(&str, &[(&str, &str)])]| {
        let error = Week::parse(&raw(days)).unwrap_err().0.remove(0);
        assert_eq!(error.code, "intervals_overlap");
        (error.field, error.args.into_iter().map(|(_, value)| value).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(
        refused(&[("mon", &[("12:00", "16:00"), ("09:00", "13:00")])]),
        ("weekly.mon[0]".into(), "mon 09:00-13:00 mon 12:00-16:00".into())
    );
    assert_eq!(
        refused(&[("mon", &[("22:00", "06:00")]), ("tue", &[("05:59", "09:00")])]),
        ("weekly.tue[0]".into(), "mon 22:00-06:00 tue 05:59-09:00".into())
    );
    assert_eq!(
        refused(&[("sun", &[("20:00", "02:00")]), ("mon", &[("01:00", "09:00")])]),
        ("weekly.mon[0]".into(), "sun 20:00-02:00 mon 01:00-09:00".into())
    );
    // What only touches is welcome, as intervals are half-open.
    week(&[("mon", &[("09:00", "13:00"), ("13:00", "17:00")]), ("sun", &[("22:00", "06:00")])]);
    week(&[("sun", &[("22:00", "06:00")]), ("mon", &[("06:00", "08:00")])]);
    every_day(&[("00:00", "24:00")]);
}

#[test]
fn days_have_names_and_a_bounded_number_of_intervals() {
    let many = vec![("09:00".to_owned(), "10:00".to_owned()); MOST_INTERVALS + 1];
    let error = Week::parse(&BTreeMap::from([("mon".to_owned(), many), ("lun".to_owned(), Vec::new())])).unwrap_err();
    assert_eq!(error.of("weekly.mon").unwrap().code, "too_many");
    assert_eq!(error.of("weekly.lun").unwrap().code, "unknown_choice");
    let week = week(&[("wed", &[("14:00", "18:00"), ("09:00", "13:00")])]);
    assert_eq!(Week::parse(&week.raw()).unwrap(), week);
    assert_eq!(week.raw()["wed"][0].0, "09:00");
    assert_eq!(fact("Wed", week.on(Weekday::Wed)[0], Tz::Europe__Madrid), "Wed 09:00-13:00 Europe/Madrid");
}

#[test]
fn exceptions_are_read_with_faults_at_their_rows() {
    let raw = |name: &str, from: &str, to: &str, hours: &[(&str, &str)]| RawException {
        name: name.into(),
        from: from.into(),
        to: to.into(),
        intervals: hours.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect(),
    };
    let fault = |all: &[RawException]| {
        let error = Exception::parse_all(all).unwrap_err().0.remove(0);
        (error.field, error.code)
    };
    let read =
        Exception::parse_all(&[raw("B", "2026-12-31", "", &[("09:00", "13:00")]), raw("A", "2026-12-24", "2026-12-26", &[])]).unwrap();
    assert_eq!(read.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["A", "B"]);
    assert_eq!(read[1].from, read[1].to);
    assert_eq!(Exception::parse_all(&read.iter().map(Exception::raw).collect::<Vec<_>>()).unwrap(), read);
    for (all, field, code) in [
        (vec![raw("", "2026-12-24", "", &[])], "exceptions[0].name", "required"),
        (vec![raw("A", "", "", &[])], "exceptions[0].from", "required"),
        (vec![raw("A", "24.12.2026", "", &[])], "exceptions[0].from", "date"),
        (vec![raw("A", "2026-02-30", "", &[])], "exceptions[0].from", "date"),
        (vec![raw("A", "2026-12-26", "2026-12-24", &[])], "exceptions[0].to", "date_order"),
        (vec![raw("A", "2026-12-24", "", &[("09:00", "09:00")])], "exceptions[0].intervals", "interval_empty"),
        (vec![raw("A", "2026-12-24", "", &[("09:00", "12:00"), ("11:00", "13:00")])], "exceptions[0].intervals", "exception_hours_overlap"),
        (
            vec![raw("A", "2026-12-24", "2026-12-25", &[("04:00", "08:00"), ("22:00", "06:00")])],
            "exceptions[0].intervals",
            "exception_hours_overlap",
        ),
        (vec![raw("A", "2026-12-24", "2026-12-26", &[]), raw("B", "2026-12-26", "", &[])], "exceptions[1].from", "exceptions_overlap"),
    ] {
        assert_eq!(fault(&all), (field.to_owned(), code));
    }
    // On a single day, what reaches over midnight meets nothing of itself.
    assert!(Exception::parse_all(&[raw("A", "2026-12-24", "", &[("04:00", "08:00"), ("22:00", "06:00")])]).is_ok());
}

#[test]
fn without_a_schedule_it_is_always_within_hours() {
    let closed = [exception("Closed", "2026-01-01", "2026-12-31", &[])];
    let hours = Hours { schedule: None, operator: &closed, organisation: &closed, allowed: None };
    let within = hours.is_within(at("2026-06-01T00:00:00Z"));
    assert_eq!((within.now, within.set_by), (true, SetBy::NoSchedule));
    assert_eq!(hours.next_change(at("2026-06-01T00:00:00Z")), None);
    assert!(hours.shifts_between(at("2026-06-01T00:00:00Z"), at("2026-07-01T00:00:00Z")).is_empty());
}

#[test]
fn a_shift_is_half_open_and_one_over_midnight_belongs_to_the_day_it_starts_on() {
    let night = schedule(Tz::Europe__Madrid, week(&[("fri", &[("22:00", "06:00")])]));
    let hours = hours(&night);
    for (instant, is_within) in [
        ("2026-11-20T20:59:59Z", false),
        ("2026-11-20T21:00:00Z", true),
        ("2026-11-21T02:00:00Z", true),
        ("2026-11-21T04:59:59Z", true),
        ("2026-11-21T05:00:00Z", false),
    ] {
        let within = hours.is_within(at(instant));
        assert_eq!(within.now, is_within, "{instant}");
        assert!(within.shift.is_none_or(|shift| shift.day.to_string() == "2026-11-20"));
    }
    assert_eq!(hours.next_change(at("2026-11-20T20:00:00Z")), Some(at("2026-11-20T21:00:00Z")));
    assert_eq!(hours.next_change(at("2026-11-20T21:00:00Z")), Some(at("2026-11-21T05:00:00Z")));
    assert_eq!(hours.next_change(at("2026-11-21T05:00:00Z")), Some(at("2026-11-27T21:00:00Z")));
}

#[test]
fn an_operators_exception_beats_the_schedules_and_that_the_organisations() {
    let mut week = schedule(Tz::UTC, every_day(&[("09:00", "17:00")]));
    week.exceptions = vec![exception("Stocktaking", "2026-12-24", "2026-12-24", &[("06:00", "12:00")])];
    let organisation = [exception("Christmas", "2026-12-24", "2026-12-26", &[])];
    let operator = [exception("Swap", "2026-12-26", "2026-12-26", &[("20:00", "22:00")])];
    let hours = Hours { schedule: Some(&week), operator: &operator, organisation: &organisation, allowed: None };
    for (instant, is_within, by) in [
        ("2026-12-23T10:00:00Z", true, "week"),
        ("2026-12-24T10:00:00Z", true, "Stocktaking"),
        ("2026-12-24T13:00:00Z", false, "Stocktaking"),
        ("2026-12-25T10:00:00Z", false, "Christmas"),
        ("2026-12-26T10:00:00Z", false, "Swap"),
        ("2026-12-26T21:00:00Z", true, "Swap"),
        ("2026-12-27T10:00:00Z", true, "week"),
    ] {
        let within = hours.is_within(at(instant));
        let set_by = match within.set_by {
            SetBy::Exception(_, exception) => exception.name.as_str(),
            SetBy::Week => "week",
            SetBy::NoSchedule => "none",
            SetBy::Allowed(allowed) => allowed.by,
        };
        assert_eq!((within.now, set_by), (is_within, by), "{instant}");
    }
    assert_eq!(hours.next_change(at("2026-12-24T12:00:00Z")), Some(at("2026-12-26T20:00:00Z")));
}

#[test]
fn allowed_hours_join_those_of_the_schedule_and_say_who_allowed_them() {
    let week = schedule(Tz::UTC, every_day(&[("09:00", "17:00")]));
    let told = |from: &str, until: &str, probe: &str| {
        let allowed = Allowed { from: at(from), until: at(until), by: "Bo" };
        let hours = Hours { allowed: Some(allowed), ..hours(&week) };
        let within = hours.is_within(at(probe));
        let by = matches!(within.set_by, SetBy::Allowed(allowed) if allowed.by == "Bo");
        (within.now, within.shift.is_some(), by, hours.next_change(at(probe)).unwrap().format("%d %H:%M").to_string())
    };
    let (four, eight) = ("2026-11-23T16:00:00Z", "2026-11-23T20:00:00Z");
    assert_eq!(told(four, eight, "2026-11-23T16:30:00Z"), (true, true, false, "23 20:00".into()), "the shift and what follows are one");
    assert_eq!(told(four, eight, "2026-11-23T18:00:00Z"), (true, false, true, "23 20:00".into()));
    assert_eq!(told(four, eight, "2026-11-23T20:00:00Z"), (false, false, false, "24 09:00".into()));
    let early = "2026-11-23T06:00:00Z";
    assert_eq!(told("2026-11-23T07:00:00Z", "2026-11-23T08:00:00Z", early), (false, false, false, "23 07:00".into()));
    assert_eq!(told(early, "2026-11-25T06:00:00Z", "2026-11-23T06:00:00Z"), (true, false, true, "25 06:00".into()), "over two shifts");
    assert_eq!(told(early, "2026-11-25T12:00:00Z", "2026-11-23T10:00:00Z"), (true, true, false, "25 17:00".into()));
    let always = Hours { schedule: None, allowed: Some(Allowed { from: at(early), until: at(four), by: "Bo" }), ..hours(&week) };
    assert_eq!((always.is_within(at(eight)).set_by, always.next_change(at(early))), (SetBy::NoSchedule, None));
}

#[test]
fn an_exception_governs_the_shifts_that_start_on_its_dates_alone() {
    let night = schedule(Tz::UTC, every_day(&[("22:00", "06:00")]));
    let closed = [exception("Closed", "2026-12-25", "2026-12-25", &[])];
    let hours = Hours { organisation: &closed, ..hours(&night) };
    assert!(hours.is_within(at("2026-12-25T05:00:00Z")).now, "the night that began on the 24th goes on");
    assert!(!hours.is_within(at("2026-12-25T23:00:00Z")).now);
    assert!(!hours.is_within(at("2026-12-26T03:00:00Z")).now, "the night of the 25th does not happen");
    assert!(hours.is_within(at("2026-12-26T23:00:00Z")).now);
}

#[test]
fn shifts_keep_to_the_wall_on_the_days_on_which_clocks_change() {
    for (zone, day, from, to, start, end) in [
        // Madrid, 29 March 2026: 02:00 to 03:00 is left out; 25 October: 02:00 to 03:00 comes twice.
        (Tz::Europe__Madrid, "2026-03-29", "02:30", "05:00", "29 01:00", "29 03:00"),
        (Tz::Europe__Madrid, "2026-03-29", "00:00", "02:30", "28 23:00", "29 01:00"),
        (Tz::Europe__Madrid, "2026-03-29", "00:00", "24:00", "28 23:00", "29 22:00"),
        (Tz::Europe__Madrid, "2026-03-28", "22:00", "06:00", "28 21:00", "29 04:00"),
        (Tz::Europe__Madrid, "2026-10-25", "02:30", "04:00", "25 00:30", "25 03:00"),
        (Tz::Europe__Madrid, "2026-10-25", "01:00", "02:30", "24 23:00", "25 01:30"),
        (Tz::Europe__Madrid, "2026-10-25", "00:00", "24:00", "24 22:00", "25 23:00"),
        (Tz::Europe__Madrid, "2026-10-24", "22:00", "06:00", "24 20:00", "25 05:00"),
        (Tz::America__New_York, "2026-03-08", "02:15", "03:30", "08 07:00", "08 07:30"),
        (Tz::America__New_York, "2026-11-01", "01:15", "01:45", "01 05:15", "01 06:45"),
        // Lord Howe moves by half an hour: on 4 October 2026 02:00 to 02:30 is left out, on 5 April 01:30 to 02:00 comes twice.
        (Tz::Australia__Lord_Howe, "2026-10-04", "02:10", "04:00", "03 15:30", "03 17:00"),
        (Tz::Australia__Lord_Howe, "2026-04-05", "01:40", "01:50", "04 14:40", "04 15:20"),
        // Casablanca goes back for Ramadan: 15 February 2026 03:00 to 02:00, and forth again on 22 March.
        (Tz::Africa__Casablanca, "2026-02-15", "02:30", "03:30", "15 01:30", "15 03:30"),
        (Tz::Africa__Casablanca, "2026-03-22", "02:30", "05:00", "22 02:00", "22 04:00"),
        // Apia left out the whole 30 December 2011.
        (Tz::Pacific__Apia, "2011-12-29", "22:00", "06:00", "30 08:00", "30 10:00"),
        (Tz::Pacific__Apia, "2011-12-31", "00:00", "06:00", "30 10:00", "30 16:00"),
    ] {
        let schedule = schedule(zone, every_day(&[(from, to)]));
        assert_eq!(shifts(&schedule, day), [(start.to_owned(), end.to_owned())], "{zone} {day} {from}-{to}");
    }
}

#[test]
fn what_lies_in_a_gap_or_on_a_day_left_out_does_not_happen() {
    assert!(shifts(&schedule(Tz::Europe__Madrid, every_day(&[("02:15", "02:45")])), "2026-03-29").is_empty());
    for interval in [("09:00", "17:00"), ("00:00", "24:00"), ("22:00", "06:00")] {
        assert!(shifts(&schedule(Tz::Pacific__Apia, every_day(&[interval])), "2011-12-30").is_empty(), "{interval:?}");
    }
    let always = schedule(Tz::Pacific__Apia, every_day(&[("00:00", "24:00")]));
    assert_eq!(hours(&always).next_change(at("2011-12-25T00:00:00Z")), None, "round the clock has no change");
}

#[test]
fn the_ends_of_the_calendar_are_answered_quietly() {
    let day = schedule(Tz::America__New_York, every_day(&[("09:00", "17:00")]));
    for instant in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC, at("0001-01-01T00:00:00Z"), at("9999-12-31T23:59:59Z")] {
        let hours = hours(&day);
        let within = hours.is_within(instant);
        assert!(within.now || within.shift.is_none());
        hours.next_change(instant);
        hours.shifts_between(instant, instant);
    }
}

#[test]
fn days_of_calendars_are_closed_beside_what_was_typed() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let typed = [exception("Open", "2026-12-25", "2026-12-25", &[("09:00", "12:00")]), exception("Fair", "2026-12-30", "2027-01-02", &[])];
    let days = |all: &[(&str, &str, &str)]| -> Vec<String> {
        let days = all.iter().map(|(from, to, name)| (day(from), day(to), (*name).to_owned())).collect();
        let closed = Exception::closed_beside(&typed, days);
        closed.iter().map(|one| format!("{} {}..{}", one.name, one.from, one.to)).collect()
    };
    for (given, expected) in [
        (&[("2026-12-25", "2026-12-25", "Christmas")][..], &[][..]),
        (&[("2026-12-24", "2026-12-26", "Feast")], &["Feast 2026-12-24..2026-12-24", "Feast 2026-12-26..2026-12-26"]),
        (
            &[("2026-12-20", "2027-01-05", "Long")],
            &["Long 2026-12-20..2026-12-24", "Long 2026-12-26..2026-12-29", "Long 2027-01-03..2027-01-05"],
        ),
        (
            &[("2026-12-11", "2026-12-12", "B"), ("2026-12-10", "2026-12-11", "A")],
            &["A 2026-12-10..2026-12-11", "B 2026-12-12..2026-12-12"],
        ),
        (&[("2026-12-01", "2026-12-09", "A"), ("2026-12-02", "2026-12-03", "B")], &["A 2026-12-01..2026-12-09"]),
    ] {
        assert_eq!(days(given), expected, "{given:?}");
    }
    // The typed exception governs its day, the calendar the one before.
    let mut schedule = schedule(Tz::UTC, every_day(&[("08:00", "18:00")]));
    schedule.exceptions = typed.to_vec();
    schedule.closed = Exception::closed_beside(&typed, vec![(day("2026-12-24"), day("2026-12-26"), "Feast".to_owned())]);
    assert!(!hours(&schedule).is_within(at("2026-12-24T10:00:00Z")).now);
    assert!(hours(&schedule).is_within(at("2026-12-25T10:00:00Z")).now);
    assert!(
        matches!(hours(&schedule).is_within(at("2026-12-26T10:00:00Z")).set_by, SetBy::Exception(Level::Schedule, one) if one.name == "Feast")
    );
}

fn zones() -> impl Strategy<Value = Tz> {
    prop_oneof![
        Just(Tz::UTC),
        Just(Tz::Europe__Madrid),
        Just(Tz::America__New_York),
        Just(Tz::Australia__Lord_Howe),
        Just(Tz::Africa__Casablanca),
        Just(Tz::Pacific__Apia),
        Just(Tz::Asia__Kathmandu),
    ]
}

/// Weeks in which nothing overlaps: what would is left out.
fn weeks() -> impl Strategy<Value = Week> {
    proptest::collection::vec((0_usize..7, 0_u16..96, 1_u16..=96), 1..12).prop_map(|all| {
        let mut days: BTreeMap<String, Vec<RawInterval>> = BTreeMap::new();
        for (day, start, length) in all {
            let end = start + length.min(95);
            let before = days.clone();
            let texts = (clock(start * 15), clock(if end > 96 { end * 15 - DAY } else { end * 15 }));
            days.entry(DAYS[day].to_owned()).or_default().push(texts);
            if Week::parse(&days).is_err() {
                days = before;
            }
        }
        Week::parse(&days).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn nothing_changes_between_two_changes(
        zone in zones(), week in weeks(), minutes in 0_i64..1_000_000, probe in 0_i64..1000, allowed in (-3000_i64..3000, 1_i64..10_080),
    ) {
        let schedule = schedule(zone, week);
        let closed = [exception("Closed", "2026-03-28", "2026-04-02", &[]), exception("Short", "2026-10-24", "2026-10-25", &[("23:00", "03:00")])];
        let from = at("2025-12-01T00:00:00Z") + TimeDelta::minutes(minutes);
        let begins = from + TimeDelta::minutes(allowed.0);
        let allowed = Allowed { from: begins, until: begins + TimeDelta::minutes(allowed.1), by: "Bo" };
        let hours = Hours { organisation: &closed, allowed: Some(allowed).filter(|_| probe % 2 == 0), ..hours(&schedule) };
        let now = hours.is_within(from).now;
        let change = hours.next_change(from);
        let until = change.unwrap_or(from + TimeDelta::days(300));
        prop_assert!(until > from);
        let between = from + (until - from) * i32::try_from(probe).unwrap() / 1000;
        prop_assert_eq!(hours.is_within(between).now, now, "{} {}", from, between);
        if let Some(change) = change {
            prop_assert_eq!(hours.is_within(change).now, !now);
            prop_assert_eq!(hours.is_within(change - TimeDelta::seconds(1)).now, now);
        }
    }

    #[test]
    fn an_instant_is_within_exactly_where_a_shift_holds_it(zone in zones(), week in weeks(), minutes in 0_i64..1_000_000) {
        let schedule = schedule(zone, week);
        let instant = at("2025-12-01T00:00:00Z") + TimeDelta::minutes(minutes);
        let around = hours(&schedule).shifts_between(instant - TimeDelta::days(1), instant + TimeDelta::days(1));
        let holds = around.iter().any(|shift| shift.start <= instant && instant < shift.end);
        prop_assert_eq!(hours(&schedule).is_within(instant).now, holds);
        prop_assert!(around.is_sorted_by_key(|shift| shift.start));
    }

    #[test]
    fn the_order_of_typing_means_nothing(week in weeks()) {
        let mut reversed = week.raw();
        reversed.values_mut().for_each(|day| day.reverse());
        prop_assert_eq!(Week::parse(&reversed).unwrap(), week);
    }

    #[test]
    fn no_text_of_a_time_upsets_the_reader(from in ".{0,8}", to in "[0-9:]{0,6}") {
        if let Ok(interval) = Interval::parse(&from, &to) {
            prop_assert!(interval.start() < DAY && interval.start() < interval.end() && interval.end() - interval.start() <= DAY);
            let (from, to) = interval.texts();
            prop_assert_eq!(Interval::parse(&from, &to).unwrap(), interval);
        }
    }

    #[test]
    fn a_day_governed_by_nothing_has_the_hours_of_its_weekday(week in weeks(), days in 0_u64..400) {
        let schedule = schedule(Tz::UTC, week);
        let day = at("2025-12-01T00:00:00Z").date_naive() + Days::new(days);
        let count = shifts(&schedule, &day.to_string()).len();
        prop_assert_eq!(count, schedule.week.on(chrono::Datelike::weekday(&day)).len());
    }
}
