//! Hours on the clock of the world: wall-clock intervals become shifts with instants, date by date (HR-2, HR-3).

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::{DAY, Exception, Interval, Schedule};

/// How far ahead the next change is looked for, in days.
pub const HORIZON_DAYS: u64 = 400;

/// Everything that says when somebody, or a department, has hours.
#[derive(Clone, Copy, Debug)]
pub struct Hours<'a> {
    /// The week; without one it is always within hours, whatever the exceptions say.
    pub schedule: Option<&'a Schedule>,
    /// The operator's own exceptions; a department has none.
    pub operator: &'a [Exception],
    /// Those of the organisation, with the days that its calendars close.
    pub organisation: &'a [Exception],
    /// A stretch beside the schedule, such as "until 20:00" (HR-4).
    pub allowed: Option<Allowed<'a>>,
}

/// Hours that a supervisor allowed an operator beside the schedule; half-open (HR-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed<'a> {
    /// First instant.
    pub from: DateTime<Utc>,
    /// First instant after it.
    pub until: DateTime<Utc>,
    /// Name of who allowed it.
    pub by: &'a str,
}

impl Allowed<'_> {
    /// Whether an instant lies in it.
    pub fn holds(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.until
    }
}

/// [`Allowed`] as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedHours {
    /// First instant.
    pub from: DateTime<Utc>,
    /// First instant after it.
    pub until: DateTime<Utc>,
    /// Name of who allowed it.
    pub by: String,
}

impl AllowedHours {
    /// The same as hours take it.
    pub fn borrowed(&self) -> Allowed<'_> {
        Allowed { from: self.from, until: self.until, by: &self.by }
    }
}

/// Whose exception it is; the nearer one decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The operator's.
    Operator,
    /// The schedule's.
    Schedule,
    /// The organisation's.
    Organisation,
}

/// What decides about a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetBy<'a> {
    /// There is no schedule: always.
    NoSchedule,
    /// The week of the schedule.
    Week,
    /// An exception.
    Exception(Level, &'a Exception),
    /// What somebody allowed beside the schedule.
    Allowed(Allowed<'a>),
}

/// A stretch of hours. It belongs to the day on which it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift<'a> {
    /// The day in the zone of the schedule.
    pub day: NaiveDate,
    /// As written down.
    pub interval: Interval,
    /// First instant.
    pub start: DateTime<Utc>,
    /// First instant after it.
    pub end: DateTime<Utc>,
    /// What says so.
    pub set_by: SetBy<'a>,
}

/// Whether an instant lies within hours, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within<'a> {
    /// Whether it does.
    pub now: bool,
    /// The shift it lies in, the latest where two meet in an hour that comes twice; none where it is allowed beside the schedule.
    pub shift: Option<Shift<'a>>,
    /// What decides about this instant.
    pub set_by: SetBy<'a>,
}

impl<'a> Hours<'a> {
    /// Whether an instant lies within hours.
    pub fn is_within(&self, at: DateTime<Utc>) -> Within<'a> {
        let Some(schedule) = self.schedule else { return Within { now: true, shift: None, set_by: SetBy::NoSchedule } };
        let today = local_day(schedule.time_zone, at);
        let near = days(today, 2, 2).flat_map(|day| self.shifts_of(schedule, day));
        let shift = near.filter(|shift| shift.start <= at && at < shift.end).last();
        let allowed = self.allowed.filter(|allowed| allowed.holds(at));
        let set_by = match (shift, allowed) {
            (Some(shift), _) => shift.set_by,
            (None, Some(allowed)) => SetBy::Allowed(allowed),
            (None, None) => self.governing(schedule, today).0,
        };
        Within { now: shift.is_some() || allowed.is_some(), shift, set_by }
    }

    /// The first instant after `at` at which hours begin or are over; what touches is one. None within [`HORIZON_DAYS`].
    pub fn next_change(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let scheduled = Hours { allowed: None, ..*self };
        let Some(allowed) = self.allowed else { return scheduled.next_shift_change(at) };
        let is_within = self.is_within(at).now;
        let mut from = at;
        // Each turn leaves an end of a shift or of the allowed stretch behind; what is allowed reaches over few of them.
        loop {
            let edges = [Some(allowed.from), Some(allowed.until), scheduled.next_shift_change(from)];
            from = edges.into_iter().flatten().filter(|edge| *edge > from).min()?;
            if self.is_within(from).now != is_within {
                return Some(from);
            }
        }
    }

    /// The first instant after `at` at which a shift of the schedule begins, whatever is allowed beside it; shifts that touch are one.
    pub fn next_start(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let scheduled = Hours { allowed: None, ..*self };
        let change = scheduled.next_shift_change(at)?;
        if scheduled.is_within(change).now { Some(change) } else { scheduled.next_shift_change(change) }
    }

    /// The first instant after `at` at which hours are over, what is allowed beside the schedule included.
    pub fn next_end(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let change = self.next_change(at)?;
        if self.is_within(change).now { self.next_change(change) } else { Some(change) }
    }

    /// As [`Hours::next_change`], by the schedule alone.
    fn next_shift_change(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let schedule = self.schedule?;
        let is_within = self.is_within(at).now;
        let mut until = at;
        // Two days more than the horizon, since a zone may have left one out.
        for shift in days(local_day(schedule.time_zone, at), 2, HORIZON_DAYS + 2).flat_map(|day| self.shifts_of(schedule, day)) {
            if !is_within && shift.start > at {
                return Some(shift.start);
            }
            if is_within && shift.start > until {
                return Some(until);
            }
            if is_within {
                until = until.max(shift.end);
            }
        }
        let horizon = at.checked_add_days(Days::new(HORIZON_DAYS))?;
        (is_within && until < horizon).then_some(until)
    }

    /// The shifts any part of which lies between two instants, in order; none without a schedule, and what is allowed beside it is no
    /// shift. At most [`HORIZON_DAYS`] are looked at.
    pub fn shifts_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Shift<'a>> {
        let Some(schedule) = self.schedule else { return Vec::new() };
        let last = local_day(schedule.time_zone, to);
        let all = days(local_day(schedule.time_zone, from), 2, HORIZON_DAYS).take_while(|day| *day <= last);
        all.flat_map(|day| self.shifts_of(schedule, day)).filter(|shift| shift.start < to && from < shift.end).collect()
    }

    /// The shifts that start on a day; none on a day that the zone has left out.
    fn shifts_of(&self, schedule: &'a Schedule, day: NaiveDate) -> Vec<Shift<'a>> {
        let (set_by, intervals) = self.governing(schedule, day);
        if intervals.is_empty() || !exists(schedule.time_zone, day) {
            return Vec::new();
        }
        let shift = |interval: &Interval| {
            let start = instant(schedule.time_zone, day, interval.start(), Twice::First)?;
            let end = instant(schedule.time_zone, day, interval.end(), Twice::Second)?;
            // What lies in a gap from end to end is over before it begins.
            (start < end).then_some(Shift { day, interval: *interval, start, end, set_by })
        };
        intervals.iter().filter_map(shift).collect()
    }

    /// What governs the shifts that start on a day: operator before schedule before organisation before the week.
    fn governing(&self, schedule: &'a Schedule, day: NaiveDate) -> (SetBy<'a>, &'a [Interval]) {
        let levels = [
            (Level::Operator, self.operator),
            (Level::Schedule, &schedule.exceptions),
            (Level::Schedule, &schedule.closed),
            (Level::Organisation, self.organisation),
        ];
        let found = levels.into_iter().find_map(|(level, all)| Some((level, all.iter().find(|exception| exception.governs(day))?)));
        match found {
            Some((level, exception)) => (SetBy::Exception(level, exception), &exception.intervals),
            None => (SetBy::Week, schedule.week.on(day.weekday())),
        }
    }
}

/// Which of two instants is meant where the wall shows a time twice.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Twice {
    First,
    Second,
}

/// The instant at which a wall shows a minute counted from the midnight of a day. In a gap it is the first minute that exists after it.
fn instant(zone: Tz, day: NaiveDate, minute: u16, twice: Twice) -> Option<DateTime<Utc>> {
    on_wall(zone, day.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::minutes(minute.into()))?, twice)
}

fn on_wall(zone: Tz, mut wall: NaiveDateTime, twice: Twice) -> Option<DateTime<Utc>> {
    // No zone has ever left out more than a day.
    for _ in 0..=2 * DAY {
        let found = zone.from_local_datetime(&wall);
        if let Some(found) = if twice == Twice::First { found.earliest() } else { found.latest() } {
            return Some(found.to_utc());
        }
        wall = wall.checked_add_signed(TimeDelta::minutes(1))?;
    }
    None
}

/// Whether any minute of a day exists in a zone: Apia went from the 29th to the 31st of December 2011.
fn exists(zone: Tz, day: NaiveDate) -> bool {
    day.succ_opt().is_some_and(|next| start_of(zone, day) < start_of(zone, next))
}

/// The first instant of a day in a zone; where the wall skips midnight, the first one after it. None at the ends of the calendar.
pub fn start_of(zone: Tz, day: NaiveDate) -> Option<DateTime<Utc>> {
    instant(zone, day, 0, Twice::First)
}

/// The instant at which the wall of a zone shows a time, by the rules of shifts: in a gap the first minute that exists after it; of two,
/// the first begins and the second ends.
pub fn at_wall(zone: Tz, wall: NaiveDateTime, is_end: bool) -> Option<DateTime<Utc>> {
    on_wall(zone, wall, if is_end { Twice::Second } else { Twice::First })
}

/// The day that the wall shows at an instant.
pub fn local_day(zone: Tz, at: DateTime<Utc>) -> NaiveDate {
    // At the ends of the calendar there is no local time; the day in UTC is near enough for shifts that do not exist either.
    at.naive_utc().checked_add_offset(chrono::Offset::fix(&zone.offset_from_utc_datetime(&at.naive_utc()))).unwrap_or(at.naive_utc()).date()
}

/// The days around one, as far as the calendar goes.
fn days(middle: NaiveDate, before: u64, after: u64) -> impl Iterator<Item = NaiveDate> {
    let first = middle.checked_sub_days(Days::new(before)).unwrap_or(NaiveDate::MIN);
    let last = middle.checked_add_days(Days::new(after)).unwrap_or(NaiveDate::MAX);
    first.iter_days().take_while(move |day| *day <= last)
}
