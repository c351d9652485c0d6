use std::collections::HashMap;

use chrono::Weekday;
use proptest::prelude::*;

use super::*;
use crate::domain::availability::{Absence, Load, Membership, Place};
use crate::domain::channel::Channels;
use crate::domain::department::{LanguagePolicy, Routing};
use crate::domain::membership::Switches;
use crate::domain::operator::AccountFacts;
use crate::domain::schedule::{AllowedHours, Exception, RawException, RawSchedule, Schedule};
use crate::domain::status::{Named, Watch, Worn};

const HELP: i64 = 1;
const NIGHT: i64 = 2;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Wednesday, one in the afternoon in Madrid.
fn wednesday() -> DateTime<Utc> {
    at("2026-03-11T12:00:00Z")
}

fn schedule(zone: &str, days: &[&str], hours: &[(&str, &str)]) -> Schedule {
    let pairs: Vec<RawInterval> = hours.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect();
    let weekly = days.iter().map(|day| ((*day).to_owned(), pairs.clone())).collect();
    let raw = RawSchedule { name: Some("Hours".into()), weekly: Some(weekly), ..RawSchedule::default() };
    Schedule::new(zone.parse().unwrap()).with(&raw).unwrap()
}

fn world(help: Option<Schedule>, night: Option<Schedule>) -> World {
    let place = |schedule_id| Place {
        channels: Channels::all(),
        schedule_id,
        language_policy: LanguagePolicy::default(),
        prefer: TimeDelta::zero(),
        routing: [Routing::default(); 3],
        offered_for: [TimeDelta::zero(); 3],
        fallback: None,
    };
    let ids = (help.as_ref().map(|_| HELP), night.as_ref().map(|_| NIGHT));
    World {
        channels: Channels::all(),
        departments: HashMap::from([(HELP, place(ids.0)), (NIGHT, place(ids.1))]),
        schedules: [(HELP, help), (NIGHT, night)].into_iter().filter_map(|(id, schedule)| Some((id, schedule?))).collect(),
        holidays: Vec::new(),
        statuses: HashMap::new(),
        named: Named { online: 1, offline: 2, auto_offline: None },
        window: TimeDelta::minutes(10),
        watch: Watch { followed_at: DateTime::UNIX_EPOCH, resumed_at: DateTime::UNIX_EPOCH },
        help_after: TimeDelta::zero(),
        takes_messages: true,
        chat_inactivity: TimeDelta::minutes(15),
    }
}

/// An active member of the one department who takes everything.
fn person(id: i64, department: i64, own: Option<Schedule>) -> Person {
    Person {
        id,
        name: format!("Person {id}"),
        alias: None,
        account: AccountFacts { activated: true, ..AccountFacts::default() },
        languages: Vec::new(),
        memberships: vec![Membership { department, switches: Switches::on(Channels::all()) }],
        schedule_id: own.is_some().then_some(90 + id),
        own_schedule: own.map(Box::new),
        exceptions: Vec::new(),
        allowed_hours: None,
        absences: Vec::new(),
        worn: Worn::first(2, at("2026-01-01T00:00:00Z")),
        presence_required: true,
        last_beat: None,
        idle: None,
        answers_within: None,
        active_at: None,
        do_not_disturb: false,
        helps_when_invisible: false,
        priority: 50,
        max_chat_load: None,
        load: Load::default(),
    }
}

fn shown(world: &World, people: &[Person], now: DateTime<Utc>) -> Shown {
    of_department(world, HELP, people, Tz::Europe__Madrid, now).unwrap()
}

fn on(week: &WallWeek, day: Weekday) -> String {
    week.on(day).iter().map(|(from, to)| format!("{}-{}", clock(*from), clock(*to))).collect::<Vec<_>>().join(" ")
}

const WORKDAYS: [&str; 5] = ["mon", "tue", "wed", "thu", "fri"];

#[test]
fn a_department_with_hours_of_its_own_shows_those_of_the_coming_days() {
    let mut help = schedule("Europe/Paris", &WORKDAYS, &[("09:00", "13:00"), ("14:00", "18:00")]);
    let other = RawException {
        name: "Fair".into(),
        from: "2026-03-14".into(),
        intervals: vec![("10:00".into(), "24:00".into())],
        ..RawException::default()
    };
    help.exceptions = Exception::parse_all(&[other]).unwrap();
    let mut world = world(Some(help), None);
    let holiday = RawException { name: "Holiday".into(), from: "2026-03-17".into(), ..RawException::default() };
    world.holidays = Exception::parse_all(&[holiday]).unwrap();
    let shown = shown(&world, &[], wednesday());
    assert_eq!((shown.zone, shown.open_now), (Tz::Europe__Paris, false), "one in the afternoon is the break");
    assert_eq!(shown.next_change, Some(at("2026-03-11T13:00:00Z")));
    assert_eq!(on(&shown.week, Weekday::Wed), "09:00-13:00 14:00-18:00", "today from its beginning");
    assert_eq!(on(&shown.week, Weekday::Sat), "10:00-24:00", "this Saturday alone");
    assert_eq!(on(&shown.week, Weekday::Tue), "", "the holiday of the coming Tuesday");
    assert!(shown.call_me.is_empty(), "nobody takes calls");
    assert_eq!(shown.week.raw().get("sat"), Some(&vec![("10:00".to_owned(), "24:00".to_owned())]));
    assert_eq!(shown.week.raw().len(), 7);
}

#[test]
fn a_department_without_hours_is_there_while_any_of_its_members_is() {
    let world = world(None, None);
    let early = person(1, HELP, Some(schedule("Europe/Madrid", &WORKDAYS, &[("08:00", "12:00")])));
    let late = person(2, HELP, Some(schedule("America/Mexico_City", &WORKDAYS, &[("05:00", "10:00")])));
    let elsewhere = person(3, NIGHT, None);
    let shown = shown(&world, &[early.clone(), late, elsewhere], wednesday());
    assert_eq!(on(&shown.week, Weekday::Wed), "08:00-17:00", "05:00 to 10:00 in Mexico is 12:00 to 17:00 here: they touch");
    assert_eq!((shown.open_now, shown.next_change), (true, Some(at("2026-03-11T16:00:00Z"))));
    assert_eq!(on(&shown.week, Weekday::Sat), "");

    let always = person(4, HELP, None);
    let shown = of_department(&world, HELP, &[early.clone(), always.clone()], Tz::Europe__Madrid, wednesday()).unwrap();
    assert!(shown.week.days().all(|(_, day)| day == [(0, 1440)]), "somebody without a schedule is there always");
    assert_eq!((shown.open_now, shown.next_change), (true, None));

    let invited = Person { account: AccountFacts::default(), ..always };
    let shown = of_department(&world, HELP, &[invited], Tz::Europe__Madrid, wednesday()).unwrap();
    assert_eq!((shown.open_now, shown.next_change, shown.week.is_empty()), (false, None, true), "an account that is not active is nobody");
    assert_eq!(of_department(&world, 99, &[early], Tz::Europe__Madrid, wednesday()), None);
}

#[test]
fn calls_are_answered_by_those_who_could_take_them_within_the_hours_of_the_department() {
    let mut world = world(Some(schedule("Europe/Madrid", &WORKDAYS, &[("10:00", "16:00")])), None);
    let member = |id| person(id, HELP, Some(schedule("Europe/Madrid", &WORKDAYS, &[("08:00", "12:00")])));
    let off = |allowed: bool| {
        let without = Channels::all().with(Channel::Call, false);
        Switches::new(if allowed { Channels::all() } else { without }, without).unwrap()
    };
    let switched = |id, allowed| Person {
        memberships: vec![Membership { department: HELP, switches: off(allowed) }],
        own_schedule: None,
        schedule_id: None,
        ..member(id)
    };
    let people = [member(1), switched(2, true), switched(3, false), Person { account: AccountFacts::default(), ..person(4, HELP, None) }];
    let shown_now = shown(&world, &people, wednesday());
    assert_eq!(on(&shown_now.call_me, Weekday::Thu), "10:00-12:00");
    assert_eq!(on(&shown_now.week, Weekday::Thu), "10:00-16:00");

    let away = Absence { id: 1, from: at("2026-03-12T10:00:00Z"), until: at("2026-03-13T00:00:00Z"), deputy: None };
    let allowed = AllowedHours { from: at("2026-03-13T12:00:00Z"), until: at("2026-03-13T20:00:00Z"), by: "Bo".into() };
    let people = [Person { absences: vec![away], allowed_hours: Some(allowed), ..member(1) }];
    let later = shown(&world, &people, wednesday());
    assert_eq!(on(&later.call_me, Weekday::Thu), "10:00-11:00", "away from eleven");
    assert_eq!(on(&later.call_me, Weekday::Fri), "10:00-12:00 13:00-16:00", "allowed beside the schedule");
    assert_eq!(of_operator(&world, &people[0], &[HELP, NIGHT], Tz::UTC, wednesday()).1, later.call_me);
    assert!(of_operator(&world, &people[0], &[NIGHT], Tz::UTC, wednesday()).1.is_empty(), "no member there");

    world.channels = Channels::all().with(Channel::Call, false);
    assert!(shown(&world, &people, wednesday()).call_me.is_empty(), "a channel that is switched off disappears");
}

#[test]
fn a_night_shift_lies_on_both_days_and_ends_at_midnight_on_the_first() {
    let world = world(Some(schedule("Europe/Madrid", &["fri", "sat"], &[("22:00", "06:00")])), None);
    let shown = shown(&world, &[], wednesday());
    let told = DAYS.into_iter().zip(&shown.week.0).filter(|(_, day)| !day.is_empty()).map(|(day, all)| (day, all.as_slice()));
    let told: Vec<_> = told.collect();
    assert_eq!(told, [("fri", &[(1320, 1440)][..]), ("sat", &[(0, 360), (1320, 1440)]), ("sun", &[(0, 360)])]);
}

#[test]
fn the_wall_goes_neither_backwards_nor_shows_a_gap_on_days_of_another_length() {
    let whole: [(&str, &[(&str, &str)]); 2] = [("always", &[("00:00", "24:00")]), ("night", &[("01:00", "04:00")])];
    for (zone, sunday) in [
        ("Europe/Madrid", "2026-03-29"),
        ("Europe/Madrid", "2026-10-25"),
        ("America/New_York", "2026-03-08"),
        ("America/New_York", "2026-11-01"),
        ("Australia/Lord_Howe", "2026-04-05"),
        ("Australia/Lord_Howe", "2026-10-04"),
        ("America/Havana", "2026-11-01"),
    ] {
        let noon = at(&format!("{sunday}T00:00:00Z")) - TimeDelta::days(2);
        for (name, hours) in whole {
            let world = world(Some(schedule(zone, &DAYS, hours)), None);
            let shown = shown(&world, &[], noon);
            let expected = hours.iter().map(|(from, to)| format!("{from}-{to}")).collect::<Vec<_>>().join(" ");
            assert!(DAYS.len() == 7 && shown.week.days().all(|(_, day)| day.len() == 1), "{zone} {sunday} {name}: {:?}", shown.week);
            assert_eq!(on(&shown.week, Weekday::Sun), expected, "{zone} {sunday} {name}");
        }
    }
    // In another zone than the one in which the hours are written down.
    let world = world(None, None);
    let member = person(1, HELP, Some(schedule("UTC", &DAYS, &[("00:30", "01:30")])));
    let shown = of_department(&world, HELP, &[member], Tz::Europe__Madrid, at("2026-10-24T12:00:00Z")).unwrap();
    assert_eq!(on(&shown.week, Weekday::Sun), "02:00-03:00", "half an hour before and half an hour after the clocks are put back");
}

fn hours() -> impl Strategy<Value = Option<Schedule>> {
    let zones = prop::sample::select(vec!["Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia"]);
    let days = prop::collection::vec((0_u16..1440, 1_u16..1440), 7);
    let schedule = (zones, days).prop_map(|(zone, days)| {
        let clock = |minute: u16| super::clock(minute % 1440);
        let own = |(from, long): (u16, u16)| vec![(clock(from), clock(from + long.min(1439)))];
        let weekly = DAYS.into_iter().zip(days).step_by(2).map(|(day, hours)| (day.to_owned(), own(hours))).collect();
        let raw = RawSchedule { name: Some("Hours".into()), weekly: Some(weekly), ..RawSchedule::default() };
        Schedule::new(zone.parse().unwrap()).with(&raw).unwrap_or_else(|_| Schedule::new(zone.parse().unwrap()))
    });
    prop::option::weighted(0.9, schedule)
}

proptest! {
    #[test]
    fn what_is_shown_holds_at_every_instant(help in hours(), one in hours(), two in hours(), minutes in 0_i64..1_000_000, probe in 0_i64..10_080) {
        let now = at("2026-01-01T00:00:00Z") + TimeDelta::minutes(minutes);
        let world = world(help, None);
        let people = [person(1, HELP, one), person(2, HELP, two)];
        let shown = shown(&world, &people, now);
        for (_, day) in shown.week.days().chain(shown.call_me.days()) {
            prop_assert!(day.iter().all(|(from, to)| from < to && *to <= 1440));
            prop_assert!(day.windows(2).all(|pair| pair[0].1 < pair[1].0), "in order, none touches another");
        }
        // Any instant of the seven days stands on the wall if and only if somebody is there, but for an hour that comes twice.
        let first = Period::of_days(&coming(shown.zone, now), shown.zone).unwrap();
        let instant = first.from + TimeDelta::minutes(probe);
        prop_assume!(instant < first.to);
        let place = world.hours_of(&world.departments[&HELP]);
        let is_member_there = people.iter().any(|person| person.hours(&world).is_within(instant).now);
        let is_open = if place.schedule.is_some() { place.is_within(instant).now } else { is_member_there };
        let wall = instant.with_timezone(&shown.zone);
        let minute = u16::try_from(chrono::Timelike::hour(&wall) * 60 + chrono::Timelike::minute(&wall)).unwrap();
        let holds = |week: &WallWeek| week.on(wall.weekday()).iter().any(|(from, to)| (*from..*to).contains(&minute));
        let is_twice = chrono::TimeZone::from_local_datetime(&shown.zone, &wall.naive_local()).single().is_none();
        prop_assert!(is_twice || holds(&shown.week) == is_open);
        prop_assert!(is_twice || holds(&shown.call_me) == (is_member_there && place.is_within(instant).now));
        prop_assert!(shown.next_change.is_none_or(|at| at > now));
    }

    #[test]
    fn nothing_changes_before_the_next_change(one in hours(), two in hours(), minutes in 0_i64..1_000_000, share in 0_i32..1000) {
        let now = at("2026-01-01T00:00:00Z") + TimeDelta::minutes(minutes);
        let (world, people) = (world(None, None), [person(1, HELP, one), person(2, HELP, two)]);
        let before = shown(&world, &people, now);
        if let Some(next) = before.next_change {
            let between = now + (next - now) * share / 1000;
            prop_assert_eq!(shown(&world, &people, between).open_now, before.open_now);
            prop_assert_eq!(shown(&world, &people, next).open_now, !before.open_now);
        }
    }
}
