use proptest::prelude::*;

use super::*;
use crate::domain::schedule::{RawSchedule, Schedule, local_day};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    at("2026-03-11T12:00:00Z")
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn days(first: &str, last: &str) -> RawAbsence {
    RawAbsence { starts_on: some(first), ends_on: some(last), ..RawAbsence::default() }
}

fn part(first: &str, last: &str) -> RawAbsence {
    RawAbsence { starts_at: some(first), ends_at: some(last), ..RawAbsence::default() }
}

fn read(before: Option<&Absence>, raw: &RawAbsence) -> Result<Absence, FieldErrors> {
    Absence::read(before, raw, 7, Tz::Europe__Madrid, now())
}

fn faults(before: Option<&Absence>, raw: &RawAbsence) -> Vec<(String, &'static str)> {
    read(before, raw).unwrap_err().0.into_iter().map(|error| (error.field, error.code)).collect()
}

fn hours(days: &[&str], from: &str, to: &str) -> Schedule {
    let weekly = days.iter().map(|day| ((*day).to_owned(), vec![(from.to_owned(), to.to_owned())])).collect();
    Schedule::new(Tz::Europe__Madrid).with(&RawSchedule { weekly: Some(weekly), ..RawSchedule::default() }).unwrap()
}

fn by(schedule: &Schedule) -> Hours<'_> {
    Hours { schedule: Some(schedule), operator: &[], organisation: &[], allowed: None }
}

const ALWAYS: Hours<'static> = Hours { schedule: None, operator: &[], organisation: &[], allowed: None };
const WEEK: [&str; 5] = ["mon", "tue", "wed", "thu", "fri"];

#[test]
fn whole_days_run_from_midnight_to_midnight_in_the_operators_zone() {
    for (first, last, zone, from, until) in [
        ("2026-07-01", "2026-07-01", Tz::Europe__Madrid, "2026-06-30T22:00:00Z", "2026-07-01T22:00:00Z"),
        // 23 and 25 hours.
        ("2026-03-29", "2026-03-29", Tz::Europe__Madrid, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
        ("2026-10-25", "2026-10-25", Tz::Europe__Madrid, "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"),
        // Midnight does not exist, so the day begins at one.
        ("2026-09-06", "2026-09-06", Tz::America__Santiago, "2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z"),
        ("2026-12-24", "2027-01-06", Tz::Asia__Tokyo, "2026-12-23T15:00:00Z", "2027-01-06T15:00:00Z"),
    ] {
        let span = Span::of_days(day(first), day(last), zone).unwrap();
        assert_eq!((span.from, span.until), (at(from), at(until)), "{first} {zone}");
    }
    let left_out = day("2011-12-30");
    assert_eq!(Span::of_days(left_out, left_out, Tz::Pacific__Apia), None, "a day that never was");
    assert!(Span::of_days(left_out, day("2011-12-31"), Tz::Pacific__Apia).is_some());
}

#[test]
fn days_or_instants_are_typed_but_never_both() {
    let whole = read(None, &days("2026-04-01", "2026-04-03")).unwrap();
    assert_eq!(whole.span.days, Some((day("2026-04-01"), day("2026-04-03"))));
    assert_eq!((whole.kind, whole.auto_reply, whole.frequency), (Kind::Holiday, true, Frequency::EveryQuery));
    let morning = read(None, &part("2026-04-01T09:00:00+02:00", "2026-04-01T12:30:00.000400Z")).unwrap();
    assert_eq!((morning.span.days, morning.span.until), (None, at("2026-04-01T12:30:00Z")));
    let both = RawAbsence { starts_at: some("2026-04-01T09:00:00Z"), ..days("2026-04-01", "2026-04-03") };
    for (raw, expected) in [
        (both, vec![("starts_at", "absence_both")]),
        (RawAbsence::default(), vec![("starts_on", "required"), ("ends_on", "required")]),
        (days("2026-04-01", ""), vec![("ends_on", "required")]),
        (days("1.4.2026", "2026-02-30"), vec![("starts_on", "date"), ("ends_on", "date")]),
        (days("2026-04-02", "2026-04-01"), vec![("ends_on", "date_order")]),
        (part("2026-04-01T09:00:00Z", ""), vec![("ends_at", "required")]),
        (part("2026-04-01T09:00", "2026-04-01"), vec![("starts_at", "instant"), ("ends_at", "instant")]),
        (part("2026-04-01T09:00:00Z", "2026-04-01T09:00:00Z"), vec![("ends_at", "date_order")]),
        (days("2026-04-01", "2029-04-02"), vec![("ends_on", "period_too_long")]),
        (days("2046-04-01", "2046-04-02"), vec![("starts_on", "instant_range")]),
        (days("-2026-04-01", "2026-04-02"), vec![("starts_on", "date")]),
        (RawAbsence { deputy_id: some("7"), ..days("2026-04-01", "2026-04-01") }, vec![("deputy_id", "absence_deputy_oneself")]),
        (RawAbsence { deputy_id: some("x"), ..days("2026-04-01", "2026-04-01") }, vec![("deputy_id", "unknown_choice")]),
        (RawAbsence { kind: some("party"), ..days("2026-04-01", "2026-04-01") }, vec![("kind", "unknown_choice")]),
    ] {
        let expected: Vec<(String, &str)> = expected.into_iter().map(|(field, code)| (field.to_owned(), code)).collect();
        assert_eq!(faults(None, &raw), expected, "{raw:?}");
    }
    assert!(read(None, &days("2026-04-01", "2029-03-31")).is_ok(), "three years");
}

#[test]
fn a_change_keeps_what_is_not_typed_and_turns_days_into_instants_and_back() {
    let whole = read(None, &RawAbsence { deputy_id: some("3"), note: some("Lisbon"), ..days("2026-04-01", "2026-04-03") }).unwrap();
    let same = read(Some(&whole), &RawAbsence::default()).unwrap();
    assert_eq!(same, whole);
    let longer = read(Some(&whole), &RawAbsence { ends_on: some("2026-04-09"), ..RawAbsence::default() }).unwrap();
    assert_eq!(longer.span.days, Some((day("2026-04-01"), day("2026-04-09"))));
    let raw = RawAbsence { starts_on: some(""), ends_on: some(""), ..part("2026-04-01T09:00:00Z", "2026-04-01T12:00:00Z") };
    let morning = read(Some(&whole), &raw).unwrap();
    assert_eq!((morning.span.days, morning.deputy_id, morning.note.as_deref()), (None, Some(3), Some("Lisbon")));
    let back = read(Some(&morning), &RawAbsence { starts_at: some(""), ends_at: some(""), ..days("2026-04-01", "2026-04-03") }).unwrap();
    assert_eq!(back, whole);
    assert_eq!(faults(Some(&whole), &part("2026-04-01T09:00:00Z", "")), [("ends_at".to_owned(), "required")], "a day is no instant");
    assert_eq!(faults(Some(&morning), &part("", "2026-04-01T13:00:00Z"))[0], ("starts_at".to_owned(), "required"));
    assert_eq!(faults(Some(&whole), &days("", ""))[0], ("starts_on".to_owned(), "required"));
    let later = read(Some(&morning), &RawAbsence { ends_at: some("2026-04-01T13:00:00Z"), ..RawAbsence::default() }).unwrap();
    assert_eq!((later.span.from, later.span.until), (morning.span.from, at("2026-04-01T13:00:00Z")));
    let cleared = read(Some(&whole), &RawAbsence { deputy_id: some(""), note: some(" "), ..RawAbsence::default() }).unwrap();
    assert_eq!((cleared.deputy_id, cleared.note), (None, None));
}

#[test]
fn texts_hold_known_variables_alone_and_both_their_parts() {
    let text = |subject: &str, body: &str| RawText { subject: subject.to_owned(), body: body.to_owned() };
    let read_one = |tag: &str, typed: RawText| {
        let mut errors = FieldErrors::default();
        let texts = read_texts(&BTreeMap::from([(tag.to_owned(), typed)]), &mut errors);
        (texts, errors.0.into_iter().map(|error| (error.field, error.code)).collect::<Vec<_>>())
    };
    let (texts, none) = read_one("ES-mx", text("{$operator}, {$reference}", "{$firstDayBack} {$deputy} {$department}\n{$organisation}"));
    assert!(none.is_empty() && texts.contains_key("es-MX"), "{texts:?}");
    assert!(read_one("es", text(" ", "")).0.is_empty(), "nothing typed is no text");
    for (tag, typed, field, code) in [
        ("es", text("Fuera", ""), "texts.es.body", "required"),
        ("es", text("", "Fuera"), "texts.es.subject", "required"),
        ("es", text("a\nb", "b"), "texts.es.subject", "control_character"),
        ("es", text("a", "{$kind}"), "texts.es.body", "unknown_variable"),
        ("es", text(&"a".repeat(201), "b"), "texts.es.subject", "too_long"),
        ("es", text("a", &"b".repeat(2_001)), "texts.es.body", "too_long"),
        ("e_s", text("a", "b"), "texts.e_s", "language_tag"),
    ] {
        assert_eq!(read_one(tag, typed).1, [(field.to_owned(), code)]);
    }
}

#[test]
fn the_first_day_back_is_one_on_which_somebody_works() {
    let week = hours(&WEEK, "09:00", "17:00");
    let zone = Tz::Europe__Madrid;
    let span = |first: &str, last: &str| Span::of_days(day(first), day(last), zone).unwrap();
    let day_back = |until, others: &[Span], hours: &Hours<'_>, zone| local_day(zone, first_back(until, others, hours));
    let friday = span("2026-04-01", "2026-04-03");
    assert_eq!(day_back(friday.until, &[], &by(&week), zone), day("2026-04-06"), "after the weekend");
    assert_eq!(day_back(friday.until, &[], &ALWAYS, zone), day("2026-04-04"));
    assert_eq!(day_back(friday.until, &[span("2026-04-06", "2026-04-07")], &by(&week), zone), day("2026-04-08"), "away again");
    let noon = Span { days: None, from: at("2026-04-01T07:00:00Z"), until: at("2026-04-01T10:00:00Z") };
    assert_eq!(day_back(noon.until, &[], &by(&week), zone), day("2026-04-01"), "in the afternoon");
    let never = hours(&[], "09:00", "17:00");
    assert_eq!(day_back(friday.until, &[], &by(&never), zone), day("2026-04-04"));
    assert_eq!(day_back(friday.until, &[], &by(&week), Tz::Pacific__Auckland), day("2026-04-06"), "in the zone of the operator");
}

fn planned(id: i64, deputy: i64, from: &str, until: &str) -> Planned {
    let (from, until) = (at(&format!("2026-04-{from}T00:00:00Z")), at(&format!("2026-04-{until}T00:00:00Z")));
    Planned { id, operator_id: id, from, until, deputy_id: Some(deputy).filter(|id| *id > 0) }
}

#[test]
fn a_circle_is_told_with_everybody_in_it_and_the_dates_all_share() {
    let others = [planned(2, 3, "03", "12"), planned(3, 1, "01", "06"), planned(3, 4, "06", "20"), planned(4, 5, "01", "20")];
    let found = circle(&planned(1, 2, "05", "10"), &others).unwrap();
    assert_eq!(found.links.iter().map(|link| link.operator_id).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!((found.from, found.until), (at("2026-04-05T00:00:00Z"), at("2026-04-06T00:00:00Z")));
    for (alone, why) in [
        (planned(1, 2, "06", "10"), "the third is back by then"),
        (planned(1, 0, "05", "10"), "nobody stands in"),
        (planned(1, 9, "05", "10"), "the deputy is there"),
        (planned(1, 4, "05", "10"), "a chain that ends"),
    ] {
        assert_eq!(circle(&alone, &others), None, "{why}");
    }
    let ring = [planned(2, 3, "01", "20"), planned(3, 2, "01", "20")];
    assert_eq!(circle(&planned(1, 2, "01", "20"), &ring), None, "a circle of others is not this one's");
}

#[test]
fn lost_hours_are_those_in_which_too_few_others_work() {
    let (day_shift, early, desk) = (hours(&WEEK, "09:00", "17:00"), hours(&WEEK, "07:00", "13:00"), hours(&WEEK, "08:00", "18:00"));
    let (from, until) = (at("2026-04-01T00:00:00Z"), at("2026-04-02T00:00:00Z"));
    let stretch = |from: &str, until: &str, left| Stretch {
        from: at(&format!("2026-04-01T{from}:00Z")),
        until: at(&format!("2026-04-01T{until}:00Z")),
        left,
    };
    let lost_with = |others: &[Duty<'_>], minimum| lost(&by(&day_shift), others, &by(&desk), minimum, from, until);
    let early_duty = Duty { hours: by(&early), away: Vec::new() };
    // Madrid is two hours ahead.
    assert_eq!(lost_with(&[], 1), [stretch("07:00", "15:00", 0)]);
    assert_eq!(lost_with(std::slice::from_ref(&early_duty), 1), [stretch("11:00", "15:00", 0)]);
    assert_eq!(lost_with(std::slice::from_ref(&early_duty), 2), [stretch("07:00", "11:00", 1), stretch("11:00", "15:00", 0)]);
    let away = Span { days: None, from: at("2026-04-01T08:00:00Z"), until: at("2026-04-01T09:00:00Z") };
    let absent = Duty { hours: by(&early), away: vec![away] };
    assert_eq!(lost_with(std::slice::from_ref(&absent), 1), [stretch("08:00", "09:00", 0), stretch("11:00", "15:00", 0)]);
    assert_eq!(lost_with(&[absent, Duty { hours: ALWAYS, away: Vec::new() }], 1), []);
    assert_eq!(lost_with(&[], 0), [], "nobody need be there");
}

#[test]
fn a_department_is_short_where_an_absence_leaves_fewer_than_there_should_be() {
    let (one, desk) = (hours(&WEEK, "09:00", "17:00"), hours(&WEEK, "08:00", "18:00"));
    let (from, until) = (at("2026-04-01T00:00:00Z"), at("2026-04-02T00:00:00Z"));
    let morning = Span { days: None, from, until: at("2026-04-01T10:00:00Z") };
    let members = [Duty { hours: by(&one), away: vec![morning] }, Duty { hours: by(&one), away: Vec::new() }];
    let expected = Stretch { from: at("2026-04-01T07:00:00Z"), until: at("2026-04-01T10:00:00Z"), left: 1 };
    assert_eq!(short(&members, &by(&desk), 2, from, until), [expected]);
    assert_eq!(short(&members, &by(&desk), 1, from, until), [], "one is left");
    assert_eq!(short(&members, &by(&desk), 3, from, until), [expected], "there are never three, and now there is but one");
    let present = [Duty { hours: by(&one), away: Vec::new() }];
    assert_eq!(short(&present, &by(&desk), 3, from, until), [], "nobody is away");
}

proptest! {
    #[test]
    fn what_is_lost_agrees_with_looking_at_each_instant(
        away in proptest::collection::vec((0_i64..48, 1_i64..30), 0..4),
        minimum in 0_usize..4,
        own_start in 0_u16..20,
    ) {
        let (from, until) = (at("2026-03-28T00:00:00Z"), at("2026-03-30T12:00:00Z"));
        let own = hours(&["sat", "sun", "mon"], &format!("{own_start:02}:00"), &format!("{:02}:30", own_start + 3));
        let desk = hours(&["sat", "sun", "mon"], "06:00", "23:00");
        let shift = hours(&["sat", "sun"], "01:30", "19:00");
        let span = |(start, length): &(i64, i64)| {
            let from = from + TimeDelta::hours(*start);
            Span { days: None, from, until: from + TimeDelta::hours(*length) }
        };
        let others: Vec<Duty<'_>> = away.iter().map(|one| Duty { hours: by(&shift), away: vec![span(one)] }).collect();
        let found = lost(&by(&own), &others, &by(&desk), minimum, from, until);
        prop_assert!(found.windows(2).all(|pair| pair[0].until <= pair[1].from));
        let mut here = from;
        while here < until {
            let left = others.iter().filter(|duty| duty.hours.is_within(here).now && !duty.away[0].holds(here)).count();
            let matters = by(&own).is_within(here).now && by(&desk).is_within(here).now && left < minimum;
            let told = found.iter().find(|stretch| stretch.from <= here && here < stretch.until);
            prop_assert_eq!(told.map(|stretch| stretch.left), matters.then_some(left), "{}", here);
            here += TimeDelta::minutes(30);
        }
    }

    #[test]
    fn a_span_of_days_holds_exactly_the_instants_of_its_days(first in 0_u64..800, length in 0_u64..40, offset in -3_000_i64..70_000) {
        let first_day = day("2025-06-01").checked_add_days(chrono::Days::new(first)).unwrap();
        let last_day = first_day.checked_add_days(chrono::Days::new(length)).unwrap();
        for zone in [Tz::Europe__Madrid, Tz::America__Santiago, Tz::Australia__Lord_Howe, Tz::Asia__Tokyo] {
            let span = Span::of_days(first_day, last_day, zone).unwrap();
            let instant = span.from + TimeDelta::minutes(offset);
            let local = local_day(zone, instant);
            prop_assert_eq!(span.holds(instant), first_day <= local && local <= last_day, "{} {}", instant, zone);
        }
    }
}
