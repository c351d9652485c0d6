use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::domain::status::Cause;

const ONLINE: i64 = 1;
const BREAK: i64 = 2;
const OFFLINE: i64 = 3;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn period(from: &str, to: &str) -> Period {
    Period { from: at(from), to: at(to) }
}

fn counting(status: i64) -> Counting {
    match status {
        ONLINE => Counting::All,
        BREAK => Counting::AfterDialogs,
        _ => Counting::Nothing,
    }
}

/// Changes in the order in which they came; the first one has nothing before it.
fn log(all: &[(&str, i64)]) -> Vec<Change> {
    let before = std::iter::once(None).chain(all.iter().map(|(_, to)| Some(*to)));
    let changes = (1..).zip(all).zip(before).map(|((id, (when, to)), from)| Change { at: at(when), id, from, to: *to });
    changes.collect()
}

fn told(times: &Times) -> Vec<(i64, i64, i64)> {
    times.iter().map(|(status, time)| (*status, time.seconds, time.counted)).collect()
}

#[test]
fn the_status_worn_since_before_counts_from_the_start_and_the_last_one_until_now() {
    let log = log(&[("2026-03-10T20:00:00Z", OFFLINE), ("2026-03-11T08:00:00Z", ONLINE), ("2026-03-11T10:30:00Z", BREAK)]);
    let day = period("2026-03-11T00:00:00Z", "2026-03-12T00:00:00Z");
    let history = History::new(log.clone(), &[], at("2026-03-11T11:00:00Z"));
    let expected = [(ONLINE, 9000, 9000), (BREAK, 1800, 1800), (OFFLINE, 8 * 3600, 0)];
    assert_eq!(told(&history.times(day, counting)), expected);
    let history = History::new(log.clone(), &[], at("2026-04-01T00:00:00Z"));
    assert_eq!(history.times(day, counting).get(&BREAK).map(|time| time.seconds), Some(48_600), "until the period is over");
    let future = period("2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z");
    assert!(history.times(future, counting).is_empty());
    let before = period("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z");
    assert!(history.times(before, counting).is_empty(), "the operator was not there");
}

#[test]
fn a_log_without_its_beginning_tells_what_was_worn_before() {
    let cut = vec![Change { at: at("2026-03-11T10:00:00Z"), id: 7, from: Some(BREAK), to: ONLINE }];
    let history = History::new(cut, &[], at("2026-03-11T12:00:00Z"));
    let times = history.times(period("2026-03-11T09:00:00Z", "2026-03-11T12:00:00Z"), counting);
    assert_eq!(told(&times), [(ONLINE, 7200, 7200), (BREAK, 3600, 3600)]);
    assert_eq!(History::new(Vec::new(), &[], at("2026-03-11T12:00:00Z")), History::default());
}

#[test]
fn days_are_cut_at_the_midnight_of_the_zone_and_as_long_as_it_makes_them() {
    for (zone, day, before, worn, hours) in [
        (Tz::Europe__Madrid, "2026-03-29", "2026-03-28T20:00:00Z", "2026-03-29T00:30:00Z", (1.5, 21.5)),
        (Tz::Europe__Madrid, "2026-10-25", "2026-10-24T20:00:00Z", "2026-10-25T00:30:00Z", (2.5, 22.5)),
        (Tz::America__New_York, "2026-03-08", "2026-03-07T20:00:00Z", "2026-03-08T07:00:00Z", (2.0, 21.0)),
        (Tz::America__New_York, "2026-11-01", "2026-10-31T20:00:00Z", "2026-11-01T06:00:00Z", (2.0, 23.0)),
        (Tz::Australia__Lord_Howe, "2026-04-05", "2026-04-04T10:00:00Z", "2026-04-04T15:00:00Z", (2.0, 22.5)),
        (Tz::Australia__Lord_Howe, "2026-10-04", "2026-10-03T10:00:00Z", "2026-10-03T15:30:00Z", (2.0, 21.5)),
    ] {
        let history = History::new(log(&[(before, OFFLINE), (worn, ONLINE)]), &[], at("2027-01-01T00:00:00Z"));
        let day: NaiveDate = day.parse().unwrap();
        let around = Period::of_days(&(day.pred_opt().unwrap()..=day.succ_opt().unwrap()), zone).unwrap();
        let days = history.by_day(around, zone, counting);
        let [_, (found, times), (_, next)] = days.as_slice() else { panic!("{zone}: {days:?}") };
        assert_eq!(*found, day);
        let hours_in = |status| times.get(&status).map_or(0.0, |time| f64::from(i32::try_from(time.seconds).unwrap()) / 3600.0);
        assert_eq!((hours_in(OFFLINE), hours_in(ONLINE)), hours, "{zone} {day}");
        assert_eq!(next.values().map(|time| time.seconds).sum::<i64>(), 86_400);
    }
}

#[test]
fn a_status_that_counts_after_the_last_dialog_does_so_while_none_is_open() {
    let log = log(&[("2026-03-11T08:00:00Z", ONLINE), ("2026-03-11T10:00:00Z", BREAK), ("2026-03-11T11:00:00Z", OFFLINE)]);
    let whole = period("2026-03-11T08:00:00Z", "2026-03-11T12:00:00Z");
    let counted = |dialogs: &[(&str, &str)]| {
        let dialogs: Vec<Period> = dialogs.iter().map(|(from, to)| period(from, to)).collect();
        let times = History::new(log.clone(), &dialogs, at("2026-03-11T12:00:00Z")).times(whole, counting);
        assert_eq!(times.get(&ONLINE), Some(&Time { seconds: 7200, counted: 7200 }), "dialogs take nothing from a status that receives");
        assert_eq!(times.get(&OFFLINE), Some(&Time { seconds: 3600, counted: 0 }));
        times.get(&BREAK).map(|time| (time.seconds, time.counted)).unwrap()
    };
    assert_eq!(counted(&[]), (3600, 3600));
    assert_eq!(counted(&[("2026-03-11T09:00:00Z", "2026-03-11T10:20:00Z")]), (3600, 2400));
    let two = [("2026-03-11T09:50:00Z", "2026-03-11T10:20:00Z"), ("2026-03-11T09:00:00Z", "2026-03-11T10:40:00Z")];
    assert_eq!(counted(&two), (3600, 1200), "from the instant the last one is closed");
    assert_eq!(counted(&[("2026-03-11T09:00:00Z", "2026-03-11T13:00:00Z")]), (3600, 0), "still open");
    assert_eq!(counted(&[("2026-03-11T10:30:00Z", "2026-03-11T10:20:00Z")]), (3600, 3600), "a span of nothing");
}

#[test]
fn what_a_status_says_tells_how_it_counts() {
    let status = |can_receive, count_after_close| Status { can_receive, count_after_close, ..Status::default() };
    assert_eq!(Counting::of(Some(&status(true, false))), Counting::All);
    assert_eq!(Counting::of(Some(&status(false, true))), Counting::AfterDialogs);
    assert_eq!(Counting::of(Some(&status(false, false))), Counting::Nothing);
    assert_eq!(Counting::of(None), Counting::Nothing);
}

#[test]
fn switches_that_nobody_wrote_down_yet_happened_all_the_same() {
    let since = at("2026-03-11T08:00:00Z");
    let worn = |status_id, minutes| Worn {
        status_id,
        since: since + TimeDelta::minutes(minutes),
        until: None,
        return_id: None,
        cause: Cause::Own,
        set_by: String::new(),
    };
    let mut changes = log(&[("2026-03-11T08:00:00Z", BREAK)]);
    changes.extend(Change::unwritten(&worn(BREAK, 0), &[worn(ONLINE, 30), worn(OFFLINE, 90)]));
    let times =
        History::new(changes, &[], at("2026-03-11T10:00:00Z")).times(period("2026-03-11T08:00:00Z", "2026-03-12T00:00:00Z"), counting);
    assert_eq!(told(&times), [(ONLINE, 3600, 3600), (BREAK, 1800, 1800), (OFFLINE, 1800, 0)]);
}

/// Changes within some ten days, down to the millisecond, several at one instant among them.
fn logs() -> impl Strategy<Value = Vec<Change>> {
    prop::collection::vec((0_i64..800_000_000, 1_i64..5), 1..40).prop_map(|raw| {
        let mut raw = raw;
        raw.sort_unstable_by_key(|(at, _)| *at / 1000);
        let mut before = None;
        let change = |(id, (millis, to)): (i64, (i64, i64))| {
            let change = Change { at: start() + TimeDelta::milliseconds(millis - millis % 250), id, from: before, to };
            before = Some(to);
            change
        };
        let mut changes: Vec<Change> = (1..).zip(raw).map(change).collect();
        // What came later in the log never stands before what came earlier.
        for place in 1..changes.len() {
            changes[place].at = changes[place].at.max(changes[place - 1].at);
        }
        changes
    })
}

fn start() -> DateTime<Utc> {
    at("2026-10-20T00:00:00Z")
}

fn instant(millis: i64) -> DateTime<Utc> {
    start() + TimeDelta::milliseconds(millis)
}

proptest! {
    #[test]
    fn the_times_add_up_to_the_period_since_the_operator_was_there(changes in logs(), a in 0_i64..900_000_000, b in 0_i64..900_000_000) {
        let asked = Period { from: instant(a.min(b)), to: instant(a.max(b)) };
        let first = changes[0].at;
        let times = History::new(changes, &[], instant(900_000_000)).times(asked, counting);
        let there = asked.to.timestamp() - asked.from.max(first).timestamp();
        prop_assert_eq!(times.values().map(|time| time.seconds).sum::<i64>(), there.max(0));
        prop_assert!(times.values().all(|time| time.seconds > 0 && (0..=time.seconds).contains(&time.counted)));
    }

    #[test]
    fn splitting_a_period_changes_no_sum(
        changes in logs(),
        dialogs in prop::collection::vec((0_i64..900_000_000, 0_i64..20_000_000), 0..8),
        cut in 0_i64..900_000_000,
    ) {
        let dialogs: Vec<Period> = dialogs.iter().map(|(from, long)| Period { from: instant(*from), to: instant(from + long) }).collect();
        let history = History::new(changes, &dialogs, instant(850_000_000));
        let whole = Period { from: instant(0), to: instant(900_000_000) };
        let mut added = history.times(Period { to: instant(cut), ..whole }, counting);
        for (status, time) in history.times(Period { from: instant(cut), ..whole }, counting) {
            *added.entry(status).or_default() += time;
        }
        prop_assert_eq!(&added, &history.times(whole, counting));
        for zone in [Tz::Europe__Madrid, Tz::Australia__Lord_Howe, Tz::America__New_York] {
            let mut added = Times::new();
            for (_, times) in history.by_day(whole, zone, counting) {
                times.into_iter().for_each(|(status, time)| *added.entry(status).or_default() += time);
            }
            prop_assert_eq!(&added, &history.times(whole, counting));
        }
    }

    #[test]
    fn the_order_in_which_entries_come_does_not_matter(changes in logs(), seed in any::<u64>()) {
        let mut other = changes.clone();
        for place in (1..other.len()).rev() {
            other.swap(place, usize::try_from(seed.wrapping_mul(place as u64 + 7) % (place as u64 + 1)).unwrap());
        }
        prop_assert_eq!(History::new(other, &[], instant(900_000_000)), History::new(changes, &[], instant(900_000_000)));
    }
}
