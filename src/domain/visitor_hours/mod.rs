//! The hours a visitor is shown: when a department is there, and when "Call me" can be answered (HR-7, LA-4).
//!
//! Hours of people and departments become instants, are joined and cut there, and go back to a wall only at the end, so that members in
//! several zones and days of 23 or 25 hours need no care.

mod spans;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use self::spans::{Spans, on_the_wall};
use super::availability::{Case, Check, Person, Question, World};
use super::channel::Channel;
use super::period::Period;
use super::schedule::{DAYS, Hours, RawInterval, local_day};

/// How far ahead a change is looked for where a department is there with its members, in days.
const HORIZON: i64 = 60;

/// Minutes on a wall, half-open; the end is 24:00 at most.
pub type Minutes = (u16, u16);

/// The coming seven days on a wall, each under its weekday.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WallWeek([Vec<Minutes>; 7]);

impl WallWeek {
    /// Every day by its name, Monday first, with its stretches in order; none touches another.
    pub fn days(&self) -> impl Iterator<Item = (&'static str, &[Minutes])> {
        DAYS.into_iter().zip(self.0.iter().map(Vec::as_slice))
    }

    /// The stretches of a day of the week.
    pub fn on(&self, day: chrono::Weekday) -> &[Minutes] {
        self.0.get(day.num_days_from_monday() as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether no day has any.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    /// As it is sent: pairs of times by day.
    pub fn raw(&self) -> BTreeMap<String, Vec<RawInterval>> {
        let texts = |(from, to): &Minutes| (clock(*from), clock(*to));
        self.days().map(|(day, all)| (day.to_owned(), all.iter().map(texts).collect())).collect()
    }

    fn of(zone: Tz, days: &RangeInclusive<NaiveDate>, spans: &Spans) -> WallWeek {
        let mut week = WallWeek::default();
        for (day, whole) in Period::of_days(days, zone).map(|period| period.days(zone)).unwrap_or_default() {
            if let Some(own) = week.0.get_mut(day.weekday().num_days_from_monday() as usize) {
                *own = on_the_wall(zone, whole, spans);
            }
        }
        week
    }
}

/// A minute of the day as a clock shows it, up to `24:00`.
pub fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// What a visitor is shown of a department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The zone of the wall: that of the department's hours, else the organisation's.
    pub zone: Tz,
    /// Whether it is there now, by its hours.
    pub open_now: bool,
    /// When that changes; none where nothing is known to come.
    pub next_change: Option<DateTime<Utc>>,
    /// When it is there.
    pub week: WallWeek,
    /// When somebody could take a call.
    pub call_me: WallWeek,
}

/// What a visitor is shown of a department, of which `people` are the members; none where there is no such department.
///
/// A department with hours of its own is there then; one without while any of its members is, somebody without a schedule being there
/// always. A call can be taken by members whose account is active, who may take calls and do, during their hours and the department's.
/// Absences count as far as they are planned.
pub fn of_department<'a>(
    world: &World,
    department: i64,
    people: impl IntoIterator<Item = &'a Person>,
    organisation: Tz,
    now: DateTime<Utc>,
) -> Option<Shown> {
    let hours = world.hours_of(world.departments.get(&department)?);
    let zone = hours.schedule.map_or(organisation, |schedule| schedule.time_zone);
    let days = coming(zone, now);
    let ahead = Period { from: Period::of_days(&days, zone)?.from, to: now + TimeDelta::days(HORIZON) };
    let members: Vec<&Person> =
        people.into_iter().filter(|person| passes(world, person, department, now, &[Check::Account, Check::Membership])).collect();
    let own = of_hours(&hours, ahead);
    let open = match hours.schedule {
        Some(_) => own.clone(),
        None => Spans::union(members.iter().map(|person| of_person(world, person, ahead))),
    };
    let callers = members.iter().filter(|person| passes(world, person, department, now, &[Check::ChannelAllowed, Check::ChannelActive]));
    let calls = Spans::union(callers.map(|person| of_person(world, person, ahead))).both(&own);
    let next_change = match hours.schedule {
        Some(_) => hours.next_change(now),
        None => open.change_after(now).filter(|at| *at < ahead.to),
    };
    Some(Shown {
        open_now: open.holds(now),
        next_change,
        week: WallWeek::of(zone, &days, &open),
        call_me: WallWeek::of(zone, &days, &calls),
        zone,
    })
}

/// When an operator could take a call in any of these departments, on the wall of their own hours, else on the organisation's.
pub fn of_operator(world: &World, person: &Person, departments: &[i64], organisation: Tz, now: DateTime<Utc>) -> (Tz, WallWeek) {
    let zone = person.hours(world).schedule.map_or(organisation, |schedule| schedule.time_zone);
    let days = coming(zone, now);
    let Some(week) = Period::of_days(&days, zone) else { return (zone, WallWeek::default()) };
    let checks = [Check::Account, Check::Membership, Check::ChannelAllowed, Check::ChannelActive];
    let taken = departments.iter().filter(|department| passes(world, person, **department, now, &checks));
    let places = taken.filter_map(|department| world.departments.get(department));
    let open = Spans::union(places.map(|place| of_hours(&world.hours_of(place), week)));
    (zone, WallWeek::of(zone, &days, &of_person(world, person, week).both(&open)))
}

/// Today and the six days after it.
fn coming(zone: Tz, now: DateTime<Utc>) -> RangeInclusive<NaiveDate> {
    let today = local_day(zone, now);
    today..=today.checked_add_days(Days::new(6)).unwrap_or(today)
}

/// Whether checks pass for a call in a department, as the decision about availability sees them.
fn passes(world: &World, person: &Person, department: i64, now: DateTime<Utc>, checks: &[Check]) -> bool {
    let question = Question { department: Some(department), channel: Some(Channel::Call), ..Question::default() };
    let case = Case { world, person, question, at: now, now };
    checks.iter().all(|check| case.check(*check).passed)
}

/// When somebody is there: within their hours and not away.
fn of_person(world: &World, person: &Person, period: Period) -> Spans {
    let absences = person.absences.iter().map(|absence| Period { from: absence.from, to: absence.until });
    of_hours(&person.hours(world), period).without(&Spans::new(absences))
}

fn of_hours(hours: &Hours<'_>, period: Period) -> Spans {
    if hours.schedule.is_none() {
        return Spans::new([period]);
    }
    let shifts = hours.shifts_between(period.from, period.to).into_iter().map(|shift| Period { from: shift.start, to: shift.end });
    let allowed = hours.allowed.map(|allowed| Period { from: allowed.from, to: allowed.until });
    Spans::new(shifts.chain(allowed)).both(&Spans::new([period]))
}
