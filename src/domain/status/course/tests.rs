use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;
use crate::domain::schedule::{Allowed, DAYS, RawSchedule, Schedule};

const ONLINE: i64 = 1;
const OFFLINE: i64 = 2;
const AWAY: i64 = 3;
const LUNCH: i64 = 4;
const VIP: i64 = 5;

#[derive(Debug)]
struct Table;

impl Rules for Table {
    fn rule(&self, status_id: i64) -> Rule {
        Rule { receives: [ONLINE, VIP].contains(&status_id), limit: (status_id == LUNCH).then_some((30, ONLINE)) }
    }
}

/// An instant of Monday, 23 November 2026, or of the days after it beyond 24:00.
fn at(clock: &str) -> DateTime<Utc> {
    let mut parts = clock.split(':').map(|part| part.parse::<i64>().unwrap());
    let mut next = || parts.next().unwrap_or_default();
    let seconds = next() * 3600 + next() * 60 + next();
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc() + TimeDelta::seconds(seconds)
}

fn schedule(intervals: &[(&str, &str)]) -> Schedule {
    let intervals: Vec<_> = intervals.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect();
    let weekly = DAYS.map(|day| (day.to_owned(), intervals.clone())).into();
    Schedule::new(Tz::UTC).with(&RawSchedule { weekly: Some(weekly), ..RawSchedule::default() }).unwrap()
}

fn hours(schedule: Option<&Schedule>) -> Hours<'_> {
    Hours { schedule, operator: &[], organisation: &[], allowed: None }
}

fn course(schedule: Option<&Schedule>) -> Course<'_> {
    Course {
        named: Named { online: ONLINE, offline: OFFLINE, auto_offline: Some(AWAY) },
        rules: &Table,
        hours: hours(schedule),
        is_active: true,
        watch: Watch { followed_at: at("00:00"), resumed_at: at("00:00") },
        presence: None,
        idle: None,
        answer: None,
    }
}

fn heard(clock: &str) -> Option<Presence> {
    Some(Presence { heard_at: Some(at(clock)), window: TimeDelta::minutes(10) })
}

fn worn(status_id: i64, since: &str) -> Worn {
    Worn { cause: Cause::Own, ..switched(status_id, at(since), Cause::Own) }
}

fn told(steps: &[Worn]) -> Vec<(String, i64, &'static str)> {
    steps.iter().map(|step| (step.since.format("%d %H:%M:%S").to_string(), step.status_id, step.cause.as_str())).collect()
}

fn told_once(clock: &str, status_id: i64, cause: &'static str) -> Vec<(String, i64, &'static str)> {
    vec![(at(clock).format("%d %H:%M:%S").to_string(), status_id, cause)]
}

#[test]
fn a_lost_panel_counts_from_the_last_heartbeat_to_the_second() {
    let course = Course { presence: heard("09:00:07"), ..course(None) };
    let here = worn(ONLINE, "08:00");
    assert!(course.steps(&here, at("09:10:06")).is_empty(), "nine minutes and fifty-nine seconds");
    assert_eq!(told(&course.steps(&here, at("09:10:07"))), told_once("09:10:07", AWAY, "no_session"));
    assert_eq!(told(&course.steps(&here, at("12:00"))), told_once("09:10:07", AWAY, "no_session"), "late, at its own instant");
}

#[test]
fn while_heartbeats_come_only_the_rest_ends_a_status() {
    let office = schedule(&[("09:00", "17:00")]);
    let course = Course { presence: heard("10:00"), ..course(Some(&office)) };
    let here = worn(ONLINE, "09:00");
    assert_eq!(course.next(&here).map(|next| next.since), Some(at("10:10")));
    assert_eq!(course.while_heard().next(&here).map(|next| next.since), Some(at("17:00")));
    for (clock, is_heard) in [("10:00", true), ("10:01:29", true), ("10:01:30", false)] {
        assert_eq!(course.presence.unwrap().is_heard(at(clock)), is_heard, "{clock}");
    }
    let short = Presence { window: TimeDelta::minutes(1), ..course.presence.unwrap() };
    assert!(!short.is_heard(at("10:01")), "nobody is there any more");
}

#[test]
fn the_wait_begins_with_the_latest_of_heartbeat_switch_and_the_servers_return() {
    for (heard_at, since, resumed_at, expected) in
        [("09:00", "08:00", "00:00", Some("09:10")), ("09:00", "09:05", "00:00", Some("09:15")), ("09:00", "08:00", "09:08", Some("09:18"))]
    {
        let watch = Watch { followed_at: at("00:00"), resumed_at: at(resumed_at) };
        let course = Course { presence: heard(heard_at), watch, ..course(None) };
        let next = course.next(&worn(ONLINE, since)).map(|next| next.since);
        assert_eq!(next, expected.map(at), "{heard_at} {since} {resumed_at}");
    }
    let never = Course { presence: Some(Presence { heard_at: None, window: TimeDelta::minutes(10) }), ..course(None) };
    assert_eq!(never.next(&worn(ONLINE, "08:00")).map(|next| next.since), Some(at("08:10")));
    assert_eq!(never.next(&worn(OFFLINE, "08:00")), None, "who does not receive loses nothing");
    assert_eq!(course(None).next(&worn(ONLINE, "08:00")), None, "presence is not required");
}

#[test]
fn without_a_status_of_its_own_a_lost_panel_brings_the_default_offline_one() {
    let named = Named { online: ONLINE, offline: OFFLINE, auto_offline: None };
    let course = Course { presence: heard("09:00"), named, ..course(None) };
    assert_eq!(told(&course.steps(&worn(ONLINE, "08:00"), at("10:00"))), told_once("09:10", OFFLINE, "no_session"));
}

#[test]
fn shifts_switch_on_and_off_and_leave_the_time_between_to_the_operator() {
    let office = schedule(&[("09:00", "12:00"), ("12:00", "17:00")]);
    let course = course(Some(&office));
    let all = told(&course.steps(&worn(OFFLINE, "01:00"), at("33:00")));
    assert_eq!(
        all,
        [
            ("23 09:00:00".into(), ONLINE, "schedule"),
            ("23 17:00:00".into(), OFFLINE, "schedule"),
            ("24 09:00:00".into(), ONLINE, "schedule")
        ]
    );
    assert!(course.steps(&worn(OFFLINE, "12:00"), at("16:59:59")).is_empty(), "where two shifts touch, none begins");
    assert!(course.steps(&worn(VIP, "08:00"), at("16:00")).is_empty(), "who receives already is left alone");
    assert_eq!(told(&course.steps(&worn(VIP, "08:00"), at("17:00"))), told_once("17:00", OFFLINE, "schedule"));
    assert_eq!(told(&course.steps(&worn(AWAY, "16:00"), at("20:00"))), told_once("17:00", OFFLINE, "schedule"));
    assert!(course.steps(&worn(OFFLINE, "16:00"), at("20:00")).is_empty(), "a boundary that changes nothing writes nothing");
    assert_eq!(course.next(&worn(OFFLINE, "09:00")).map(|next| next.since), Some(at("33:00")), "what was chosen at the boundary stands");
}

#[test]
fn only_boundaries_that_nobody_followed_yet_count() {
    let office = schedule(&[("09:00", "17:00")]);
    let watch = Watch { followed_at: at("10:00"), resumed_at: at("00:00") };
    let course = Course { watch, ..course(Some(&office)) };
    assert!(course.steps(&worn(OFFLINE, "01:00"), at("16:00")).is_empty(), "the start was over when somebody gave these hours");
    let lost = Course { presence: heard("09:00"), ..course };
    assert_eq!(told(&lost.steps(&worn(ONLINE, "08:00"), at("10:01"))), told_once("10:00", AWAY, "no_session"), "the past stays as written");
}

#[test]
fn an_overnight_shift_ends_in_the_morning() {
    let night = schedule(&[("22:00", "06:00")]);
    let all = told(&course(Some(&night)).steps(&worn(AWAY, "12:00"), at("54:00")));
    let expected = [("23 22:00:00", ONLINE), ("24 06:00:00", OFFLINE), ("24 22:00:00", ONLINE), ("25 06:00:00", OFFLINE)];
    assert_eq!(all, expected.map(|(at, status)| (at.to_owned(), status, "schedule")));
}

#[test]
fn allowed_hours_begin_nothing_and_end_like_hours() {
    let office = schedule(&[("09:00", "17:00")]);
    let by = |from: &str, until: &str| {
        let allowed = Allowed { from: at(from), until: at(until), by: "Bo" };
        Course { hours: Hours { allowed: Some(allowed), ..hours(Some(&office)) }, ..course(Some(&office)) }
    };
    assert_eq!(told(&by("16:00", "20:00").steps(&worn(ONLINE, "09:00"), at("23:00"))), told_once("20:00", OFFLINE, "schedule"));
    assert!(by("18:00", "20:00").steps(&worn(OFFLINE, "17:30"), at("20:30")).is_empty(), "its beginning switches nobody");
    assert_eq!(told(&by("18:00", "20:00").steps(&worn(ONLINE, "18:30"), at("20:30"))), told_once("20:00", OFFLINE, "schedule"));
    assert_eq!(told(&by("05:00", "10:00").steps(&worn(OFFLINE, "05:30"), at("11:00"))), told_once("09:00", ONLINE, "schedule"));
}

#[test]
fn hours_without_a_schedule_and_accounts_that_are_not_active_begin_nothing() {
    assert_eq!(course(None).next(&worn(OFFLINE, "01:00")), None);
    let office = schedule(&[("09:00", "17:00")]);
    let suspended = Course { is_active: false, ..course(Some(&office)) };
    assert_eq!(suspended.next(&worn(OFFLINE, "01:00")), None);
    assert_eq!(told(&suspended.steps(&worn(ONLINE, "10:00"), at("20:00"))), told_once("17:00", OFFLINE, "schedule"));
    assert_eq!(suspended.welcomed(&worn(OFFLINE, "01:00"), at("10:00"), true), None);
}

#[test]
fn an_automatic_start_without_a_panel_is_lost_ten_minutes_later() {
    let office = schedule(&[("09:00", "17:00")]);
    let course = Course { presence: Some(Presence { heard_at: None, window: TimeDelta::minutes(10) }), ..course(Some(&office)) };
    let steps = course.steps(&worn(OFFLINE, "01:00"), at("16:00"));
    assert_eq!(told(&steps), [("23 09:00:00".into(), ONLINE, "schedule"), ("23 09:10:00".into(), AWAY, "no_session")]);
    let back = course.welcomed(steps.last().unwrap(), at("11:00"), true).unwrap();
    assert_eq!((back.status_id, back.since, back.cause), (ONLINE, at("11:00"), Cause::Schedule));
}

#[test]
fn a_panel_brings_back_within_hours_whom_the_program_sent_away() {
    let office = schedule(&[("09:00", "17:00")]);
    let with = course(Some(&office));
    for cause in Cause::ALL {
        let here = Worn { cause, ..worn(AWAY, "09:30") };
        let expected = [Cause::Start, Cause::Schedule, Cause::NoSession].contains(&cause);
        assert_eq!(with.welcomed(&here, at("10:00"), true).is_some(), expected, "{cause:?}");
        assert_eq!(with.welcomed(&here, at("18:00"), true), None, "{cause:?} outside the hours");
        assert_eq!(course(None).welcomed(&here, at("10:00"), true), None, "{cause:?} without a schedule");
    }
    assert_eq!(with.welcomed(&Worn { cause: Cause::Schedule, ..worn(VIP, "09:30") }, at("10:00"), true), None);
}

#[test]
fn silence_sends_away_and_the_next_activity_brings_the_former_status_back() {
    let idle = Some(Idle { active_at: Some(at("09:05")), after: TimeDelta::minutes(15) });
    let course = Course { idle, presence: heard("09:19"), ..course(None) };
    let here = worn(VIP, "09:00");
    assert!(course.steps(&here, at("09:19:59")).is_empty());
    let steps = course.steps(&here, at("09:40"));
    assert_eq!(told(&steps), told_once("09:20", AWAY, "idle"));
    let away = steps.last().unwrap();
    assert_eq!(away.return_id, Some(VIP));
    assert_eq!(course.welcomed(away, at("09:45"), false), None, "a heartbeat alone is no activity");
    let back = course.welcomed(away, at("09:45"), true).unwrap();
    assert_eq!((back.status_id, back.cause, back.return_id), (VIP, Cause::Idle, None));
    let late = Course { watch: Watch { followed_at: at("00:00"), resumed_at: at("09:12") }, ..course };
    assert_eq!(late.next(&here).map(|next| next.since), Some(at("09:27")), "activity, too, is not heard by a server that is down");
}

#[test]
fn of_what_comes_at_one_instant_the_hours_come_first() {
    let office = schedule(&[("09:00", "17:00")]);
    let idle = |clock: &str| Some(Idle { active_at: Some(at(clock)), after: TimeDelta::minutes(15) });
    let all = Course { presence: heard("16:50"), idle: idle("16:45"), ..course(Some(&office)) };
    let timed = Worn { until: Some(at("17:00")), return_id: Some(VIP), ..worn(ONLINE, "09:00") };
    assert_eq!(told(&all.steps(&timed, at("17:00"))), told_once("17:00", OFFLINE, "schedule"));
    let without_hours = Course { hours: hours(None), ..all };
    assert_eq!(without_hours.next(&timed).map(|next| next.cause), Some(Cause::NoSession));
    let silent = Course { presence: None, ..without_hours };
    assert_eq!(silent.next(&timed).map(|next| next.cause), Some(Cause::Idle));
    let quiet = Course { idle: None, ..silent };
    assert_eq!(quiet.next(&timed).map(|next| next.cause), Some(Cause::Return));
}

#[test]
fn a_timed_absence_from_work_does_not_bring_anybody_back_after_the_hours() {
    let office = schedule(&[("09:00", "17:00")]);
    let timed = Worn { until: Some(at("18:00")), return_id: Some(ONLINE), ..worn(OFFLINE, "16:00") };
    let steps = course(Some(&office)).steps(&timed, at("20:00"));
    assert_eq!(told(&steps), told_once("17:00", OFFLINE, "schedule"));
    assert_eq!(steps[0].until, None);
}

#[test]
fn a_gap_in_following_or_a_clock_set_back_begins_to_listen_anew() {
    let watch = Watch { followed_at: at("09:00"), resumed_at: at("08:00") };
    assert_eq!(watch.at(at("09:01:30")), watch);
    assert_eq!(watch.at(at("09:01:31")), Watch { followed_at: at("09:00"), resumed_at: at("09:01:31") });
    assert_eq!(watch.at(at("08:30")), Watch { followed_at: at("08:30"), resumed_at: at("08:30") });
    let new = Watch { followed_at: DateTime::UNIX_EPOCH, resumed_at: at("08:59") };
    assert_eq!(new.at(at("09:00")), Watch { followed_at: at("09:00"), resumed_at: at("08:59") }, "nothing before the first time counts");
}

#[test]
fn a_status_from_the_time_to_come_does_not_stop_the_course() {
    let office = schedule(&[("09:00", "17:00")]);
    let course = Course { watch: Watch { followed_at: at("08:59"), resumed_at: at("08:59") }, ..course(Some(&office)) };
    assert_eq!(told(&course.steps(&worn(OFFLINE, "40:00"), at("09:00"))), told_once("09:00", ONLINE, "schedule"));
}

/// What somebody does at a minute of two days.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Beat(bool),
    Switch(i64),
}

fn deeds() -> impl Strategy<Value = Vec<(i64, Deed)>> {
    let deed = prop_oneof![any::<bool>().prop_map(Deed::Beat), (1_i64..=5).prop_map(Deed::Switch)];
    proptest::collection::vec((0_i64..2880, deed), 0..40).prop_map(|mut all| {
        all.sort_by_key(|(minute, _)| *minute);
        all
    })
}

/// Lives through deeds, following at least before each of them and, beside that, every so many seconds; returns what was written.
fn lived(schedule: Option<&Schedule>, deeds: &[(i64, Deed)], every: i64) -> Vec<Worn> {
    let start = at("00:00");
    let (mut heard_at, mut active_at, mut followed_at) = (None, None, start);
    let mut log = vec![Worn { cause: Cause::Start, ..worn(OFFLINE, "00:00") }];
    let mut deeds = deeds.iter().peekable();
    let mut runs: Vec<DateTime<Utc>> = (1..=2880 * 60 / every).map(|n| start + TimeDelta::seconds(n * every)).collect();
    runs.push(at("48:00"));
    let follow = |now, log: &mut Vec<Worn>, heard_at, active_at, followed_at| {
        let watch = Watch { followed_at, resumed_at: start };
        let presence = Some(Presence { heard_at, window: TimeDelta::minutes(10) });
        let course = Course { watch, presence, idle: Some(Idle { active_at, after: TimeDelta::minutes(25) }), ..course(schedule) };
        let steps = course.steps(log.last().unwrap(), now);
        assert!(steps.len() < MOST_STEPS);
        log.extend(steps);
        course.welcomed(log.last().unwrap(), now, active_at == Some(now))
    };
    for run in runs {
        while let Some((minute, deed)) = deeds.next_if(|(minute, _)| start + TimeDelta::minutes(*minute) <= run) {
            let now = start + TimeDelta::minutes(*minute);
            follow(now, &mut log, heard_at, active_at, followed_at);
            match deed {
                Deed::Switch(to) => log.extend(log.last().unwrap().switched(*to, None, now, Cause::Own, "Ana")),
                Deed::Beat(is_active) => {
                    heard_at = Some(now);
                    active_at = if *is_active { heard_at } else { active_at };
                    if let Some(welcome) = follow(now, &mut log, heard_at, active_at, followed_at) {
                        log.push(welcome);
                    }
                }
            }
        }
        follow(run, &mut log, heard_at, active_at, followed_at);
        followed_at = run;
    }
    log
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_late_job_writes_the_same_as_a_punctual_one(deeds in deeds(), night in any::<bool>(), has_hours in any::<bool>(), late in 31_i64..20_000) {
        let intervals: &[(&str, &str)] = if night { &[("22:00", "06:00")] } else { &[("09:00", "12:30"), ("13:30", "18:00")] };
        let schedule = schedule(intervals);
        let schedule = Some(&schedule).filter(|_| has_hours);
        let punctual = lived(schedule, &deeds, 60);
        prop_assert_eq!(&lived(schedule, &deeds, late), &punctual);
        prop_assert!(punctual.is_sorted_by(|one, next| one.since <= next.since));
        for pair in punctual.windows(2) {
            prop_assert!(pair[0].status_id != pair[1].status_id || pair[0].until != pair[1].until, "nothing is written that changes nothing");
        }
    }

    #[test]
    fn nobody_receives_for_longer_than_the_window_without_being_heard(deeds in deeds()) {
        let log = lived(None, &deeds, 60);
        let end = at("48:00");
        let beats: Vec<DateTime<Utc>> = deeds.iter().filter(|(_, deed)| matches!(deed, Deed::Beat(_)))
            .map(|(minute, _)| at("00:00") + TimeDelta::minutes(*minute)).collect();
        for (place, here) in log.iter().enumerate().filter(|(_, here)| Table.rule(here.status_id).receives) {
            let until = log.get(place + 1).map_or(end, |next| next.since);
            let mut heard = here.since;
            for beat in beats.iter().filter(|beat| here.since <= **beat && **beat < until) {
                prop_assert!(*beat - heard <= TimeDelta::minutes(10));
                heard = *beat;
            }
            prop_assert!(until - heard <= TimeDelta::minutes(10));
        }
    }
}
