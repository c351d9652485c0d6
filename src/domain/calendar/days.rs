//! Events as closed days: recurrences counted out within a window, exceptions to them, moved and cancelled starts.

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDate, NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use rrule::{RRule, RRuleSet, Unvalidated};

use super::file::{Event, Moment, instant, local, written};
use super::{Entry, MOST_ENTRIES, Window};
use crate::domain::field::Fault;

/// Steps that all recurrences of a file together may take.
const MOST_STEPS: i64 = 500_000;
/// Steps after which `rrule` gives up a recurrence that never happens.
const GIVEN_UP: i64 = 100_000;
/// Characters of a recurrence at most.
const LONGEST_RULE: usize = 500;
/// Greatest number in the list of a recurrence: a day of a year.
const GREATEST: i32 = 366;
/// What lasts longer is cut; more days than the window has.
const LONGEST: TimeDelta = TimeDelta::days(3_000);

/// The closed days of a window, by first day.
pub fn of(events: &[Event], zone: Tz, window: Window, unnamed: &str) -> Result<Vec<Entry>, Fault> {
    let mut moved: HashMap<&str, Vec<Moment>> = HashMap::new();
    for event in events {
        if let Some(instead) = event.instead {
            moved.entry(&event.uid).or_default().push(instead);
        }
    }
    let mut found: HashMap<(String, NaiveDate), Entry> = HashMap::new();
    let mut steps = MOST_STEPS;
    for event in events.iter().filter(|event| !event.is_cancelled) {
        let start = event.start.ok_or_else(|| Fault::with("calendar_date", "line", event.line))?;
        let length = length(event, start);
        let moved = if event.instead.is_none() { moved.get(event.uid.as_str()).map_or(&[][..], Vec::as_slice) } else { &[] };
        for wall in starts(event, start, length, moved, window, &mut steps, unnamed)? {
            let (from, to) = touched(start, wall, length, zone);
            if to < window.from || window.to < from {
                continue;
            }
            let planned = event.instead.unwrap_or(moment(start, wall)).wall_in(zone).date();
            let name = event.name.clone().unwrap_or_else(|| unnamed.to_owned());
            let uid = if event.uid.is_empty() { name.clone() } else { event.uid.clone() };
            let entry = Entry { uid: uid.clone(), planned, name, from: from.max(window.from), to: to.min(window.to) };
            found.insert((uid, planned), entry);
            if found.len() > MOST_ENTRIES {
                return Err(Fault::with("calendar_entries", "max", MOST_ENTRIES));
            }
        }
    }
    let mut entries: Vec<Entry> = found.into_values().collect();
    entries.sort_by(|one, other| (one.from, one.to, &one.name, &one.uid).cmp(&(other.from, other.to, &other.name, &other.uid)));
    Ok(entries)
}

/// How long each start lasts: in whole days where it is a day.
fn length(event: &Event, start: Moment) -> TimeDelta {
    let length = match (start, event.end, event.duration) {
        (Moment::Day(day), Some(end), _) => end.wall().date() - day,
        (Moment::Time(wall, zone), Some(Moment::Time(end, other)), _) => instant(end, other) - instant(wall, zone),
        (Moment::Time(wall, _), Some(Moment::Day(end)), _) => end.and_time(chrono::NaiveTime::MIN) - wall,
        (_, None, Some(duration)) => duration,
        (_, None, None) => TimeDelta::zero(),
    };
    length.clamp(TimeDelta::zero(), LONGEST)
}

/// The days from the first to the last that a start touches, in a zone; an event without length touches its day.
fn touched(start: Moment, wall: NaiveDateTime, length: TimeDelta, zone: Tz) -> (NaiveDate, NaiveDate) {
    let last = |from: NaiveDateTime| {
        let more = (length - TimeDelta::seconds(1)).max(TimeDelta::zero());
        from.checked_add_signed(more).unwrap_or(from)
    };
    match start {
        Moment::Day(_) => (wall.date(), last(wall).date()),
        Moment::Time(_, own) => {
            let at = instant(wall, own);
            (local(at, zone).date(), local(last(at.naive_utc()).and_utc(), zone).date())
        }
    }
}

/// The walls on which an event starts, as far as they reach into the window; its own first start is always one.
fn starts(
    event: &Event,
    start: Moment,
    length: TimeDelta,
    moved: &[Moment],
    window: Window,
    steps: &mut i64,
    unnamed: &str,
) -> Result<Vec<NaiveDateTime>, Fault> {
    let first = start.wall();
    let mut walls = vec![first];
    let named = |code| Fault::with(code, "name", event.name.as_deref().unwrap_or(unnamed));
    // A day more on either side, since zones differ.
    let earliest = window.from.and_time(chrono::NaiveTime::MIN).checked_sub_signed(length + TimeDelta::days(2));
    let latest = window.to.and_time(chrono::NaiveTime::MIN).checked_add_signed(TimeDelta::days(2));
    let (Some(earliest), Some(latest)) = (earliest, latest) else { return Ok(walls) };
    if event.instead.is_none() {
        for rule in &event.rules {
            repeat(rule, start, (earliest, latest), steps, &mut walls).map_err(named)?;
        }
        walls.extend(event.also.iter().map(|also| also.wall_in(own_zone(start))));
    }
    let (mut days, mut times) = (HashSet::new(), HashSet::new());
    for except in event.except.iter().chain(moved) {
        match (except, start) {
            (Moment::Day(day), _) => _ = days.insert(*day),
            (Moment::Time(..), Moment::Day(_)) => _ = days.insert(except.wall().date()),
            (Moment::Time(..), Moment::Time(_, own)) => _ = times.insert(except.wall_in(own)),
        }
    }
    walls.retain(|wall| !days.contains(&wall.date()) && !times.contains(wall));
    Ok(walls)
}

/// Adds the walls of one recurrence between two. Errors: `calendar_rule`, `calendar_often`, `calendar_endless`.
fn repeat(
    rule: &str,
    start: Moment,
    (earliest, latest): (NaiveDateTime, NaiveDateTime),
    steps: &mut i64,
    walls: &mut Vec<NaiveDateTime>,
) -> Result<(), &'static str> {
    const BROKEN: &str = "calendar_rule";
    let first = start.wall();
    let rule = Rule::parse(rule, start).ok_or(BROKEN)?;
    // Times of the day would multiply what only days are asked of.
    let days = match rule.frequency.as_str() {
        "YEARLY" => 365,
        "MONTHLY" => 28,
        "WEEKLY" => 7,
        "DAILY" => 1,
        "HOURLY" | "MINUTELY" | "SECONDLY" => return Err("calendar_often"),
        _ => return Err(BROKEN),
    };
    let until = rule.until.map_or(latest, |until| until.min(latest));
    *steps -= (until - first).num_days().max(0) / days + 1;
    if *steps < 0 {
        return Err("calendar_endless");
    }
    let at = rrule::Tz::UTC.from_utc_datetime(&first);
    let read: RRule<Unvalidated> = rule.text.parse().map_err(|_| BROKEN)?;
    let set = RRuleSet::new(at).rrule(read.validate(at).map_err(|_| BROKEN)?).limit();
    let mut counted = 0;
    for found in &set {
        let wall = found.naive_utc();
        if wall > until {
            return Ok(());
        }
        counted += 1;
        if wall >= earliest && wall != first {
            walls.push(wall);
        }
    }
    // It ended by itself: counted out, or given up after many steps.
    if rule.count.is_none_or(|count| counted < count) {
        *steps -= GIVEN_UP;
    }
    Ok(())
}

/// A recurrence whose end is taken out, since it is meant in the zone of the event.
struct Rule {
    text: String,
    frequency: String,
    until: Option<NaiveDateTime>,
    count: Option<u32>,
}

impl Rule {
    /// Looks at every part before it is trusted: numbers are small, nothing but plain letters.
    fn parse(text: &str, start: Moment) -> Option<Rule> {
        let text = text.to_ascii_uppercase();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '=' | ';' | ',' | '+' | '-');
        if text.len() > LONGEST_RULE || !text.chars().all(is_plain) {
            return None;
        }
        let (mut frequency, mut until, mut count, mut kept) = (String::new(), None, None, Vec::new());
        for part in text.split(';').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=')?;
            match name {
                "UNTIL" => until = Some(end(value, start)?),
                "FREQ" => frequency = value.to_owned(),
                "COUNT" => count = Some(value.parse().ok().filter(|count| (1..=1_000_000).contains(count))?),
                "INTERVAL" => _ = value.parse().ok().filter(|number: &u16| (1..=1_000).contains(number))?,
                // The hours within a day change nothing about the day.
                "BYHOUR" | "BYMINUTE" | "BYSECOND" => continue,
                "WKST" => {}
                _ if name.starts_with("BY") => value.split(',').try_for_each(small)?,
                _ => continue,
            }
            if name != "UNTIL" {
                kept.push(part);
            }
        }
        Some(Rule { text: kept.join(";"), frequency, until, count })
    }
}

/// The last wall of a recurrence in the zone of the event; a day is meant to its end.
fn end(value: &str, start: Moment) -> Option<NaiveDateTime> {
    match (written(value, || own_zone(start))?, start) {
        (Moment::Day(day), _) => day.and_hms_opt(23, 59, 59),
        (time, Moment::Day(_)) => time.wall().date().and_hms_opt(23, 59, 59),
        (time, Moment::Time(_, own)) => Some(time.wall_in(own)),
    }
}

/// Whether an element of a list, such as `-1SU`, holds no great number.
fn small(element: &str) -> Option<()> {
    let number = element.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    match number.is_empty() {
        true => Some(()),
        false => number.parse::<i32>().ok().filter(|number| number.abs() <= GREATEST && *number != 0).map(|_| ()),
    }
}

fn own_zone(start: Moment) -> Tz {
    if let Moment::Time(_, zone) = start { zone } else { Tz::UTC }
}

/// A start of an event at another wall.
fn moment(start: Moment, wall: NaiveDateTime) -> Moment {
    match start {
        Moment::Day(_) => Moment::Day(wall.date()),
        Moment::Time(_, zone) => Moment::Time(wall, zone),
    }
}
