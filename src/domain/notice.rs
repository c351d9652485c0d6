//! What operators are told of by mail, each by their own choice (NO-1): the start and the end of their hours (HR-6).

use std::iter::successors;

use chrono::{DateTime, Utc};

use super::field::Fault;
use super::named::named;
use super::schedule::Hours;

named! {
    /// Something that an operator may be told of.
    Event {
        /// Their hours begin.
        ShiftStarts = "shift_starts",
        /// Their hours are over.
        ShiftEnds = "shift_ends",
    }
}

named! {
    /// When they are told of it.
    When {
        /// Where none of their clients has been heard of for as long as presence counts.
        Away = "away",
        /// Each time.
        Always = "always",
    }
}

/// The name that stands for not being told.
pub const NEVER: &str = "never";

/// What one operator is told of; nothing until they choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notices([Option<When>; Event::ALL.len()]);

impl Notices {
    /// When an event is told; none for never.
    pub fn of(&self, event: Event) -> Option<When> {
        self.0.get(event as usize).copied().flatten()
    }

    /// The same with another choice for an event.
    #[must_use]
    pub fn with(mut self, event: Event, when: Option<When>) -> Notices {
        if let Some(slot) = self.0.get_mut(event as usize) {
            *slot = when;
        }
        self
    }
}

/// A choice by its name as typed, `never` for none. Fault: `unknown_choice`.
pub fn read(name: &str) -> Result<Option<When>, Fault> {
    match (name, When::parse(name)) {
        (NEVER, _) => Ok(None),
        (_, Some(when)) => Ok(Some(when)),
        _ => Err(Fault::new("unknown_choice")),
    }
}

/// When hours begin and are over between two instants, the first left out and the last not, in order (HR-6). They begin by the schedule
/// alone, as statuses go (HR-4); hours that somebody allowed beside it put the end off.
pub fn edges(hours: &Hours<'_>, after: DateTime<Utc>, until: DateTime<Utc>) -> Vec<(Event, DateTime<Utc>)> {
    let starts = successors(hours.next_start(after), |at| hours.next_start(*at)).take_while(|at| *at <= until);
    let ends = successors(hours.next_end(after), |at| hours.next_end(*at)).take_while(|at| *at <= until);
    let mut edges: Vec<_> = starts.map(|at| (Event::ShiftStarts, at)).chain(ends.map(|at| (Event::ShiftEnds, at))).collect();
    edges.sort_by_key(|(_, at)| *at);
    edges
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::schedule::{Allowed, Schedule, Week};

    fn schedule(zone: &str, week: &[(&str, &[(&str, &str)])]) -> Schedule {
        let intervals = |all: &[(&str, &str)]| all.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect();
        let weekly: BTreeMap<String, Vec<(String, String)>> = week.iter().map(|(day, all)| ((*day).to_owned(), intervals(all))).collect();
        Schedule { week: Week::parse(&weekly).unwrap(), ..Schedule::new(zone.parse().unwrap()) }
    }

    fn at(text: &str) -> DateTime<Utc> {
        format!("{text}:00Z").parse().unwrap()
    }

    fn told(hours: &Hours<'_>, after: &str, until: &str) -> Vec<(&'static str, String)> {
        let edges = edges(hours, at(after), at(until)).into_iter();
        edges.map(|(event, at)| (event.as_str(), at.format("%m-%dT%H:%M").to_string())).collect()
    }

    #[test]
    fn hours_are_told_at_their_edges() {
        let split = schedule("UTC", &[("mon", &[("09:00", "13:00"), ("14:00", "18:00")])]);
        let plain = Hours { schedule: Some(&split), operator: &[], organisation: &[], allowed: None };
        for (after, until, expected) in [
            ("2031-03-03T08:59", "2031-03-03T09:00", vec![("shift_starts", "03-03T09:00")]),
            ("2031-03-03T09:00", "2031-03-03T12:59", vec![]),
            (
                "2031-03-03T12:59",
                "2031-03-03T18:00",
                vec![("shift_ends", "03-03T13:00"), ("shift_starts", "03-03T14:00"), ("shift_ends", "03-03T18:00")],
            ),
            ("2031-03-03T18:00", "2031-03-10T08:59", vec![]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(|(event, at)| (event, at.to_owned())).collect();
            assert_eq!(told(&plain, after, until), expected, "{after} to {until}");
        }
    }

    #[test]
    fn what_touches_is_one_and_who_has_no_hours_is_told_nothing() {
        let night = schedule("UTC", &[("mon", &[("22:00", "24:00")]), ("tue", &[("00:00", "06:00")])]);
        let hours = Hours { schedule: Some(&night), operator: &[], organisation: &[], allowed: None };
        let expected = [("shift_starts", "03-03T22:00".to_owned()), ("shift_ends", "03-04T06:00".to_owned())];
        assert_eq!(told(&hours, "2031-03-03T00:00", "2031-03-05T00:00"), expected);
        let none = Hours { schedule: None, ..hours };
        assert_eq!(told(&none, "2031-03-03T00:00", "2031-03-05T00:00"), []);
    }

    #[test]
    fn the_end_waits_for_hours_that_somebody_allowed_and_the_start_goes_by_the_schedule() {
        let days = schedule("UTC", &[("mon", &[("09:00", "17:00")])]);
        let allowed = Allowed { from: at("2031-03-03T16:00"), until: at("2031-03-03T20:00"), by: "" };
        let hours = Hours { schedule: Some(&days), operator: &[], organisation: &[], allowed: Some(allowed) };
        let expected = [("shift_starts", "03-03T09:00".to_owned()), ("shift_ends", "03-03T20:00".to_owned())];
        assert_eq!(told(&hours, "2031-03-03T00:00", "2031-03-04T00:00"), expected);
    }

    #[test]
    fn the_hour_that_is_left_out_moves_the_start() {
        // In Madrid clocks went from 02:00 to 03:00 on 30 March 2031.
        let early = schedule("Europe/Madrid", &[("sun", &[("02:30", "05:00")])]);
        let hours = Hours { schedule: Some(&early), operator: &[], organisation: &[], allowed: None };
        let expected = [("shift_starts", "03-30T01:00".to_owned()), ("shift_ends", "03-30T03:00".to_owned())];
        assert_eq!(told(&hours, "2031-03-30T00:00", "2031-03-30T12:00"), expected);
    }

    #[test]
    fn choices_are_read_by_name_and_nothing_is_told_until_one_is_made() {
        assert_eq!(read("never"), Ok(None));
        assert_eq!(read("away"), Ok(Some(When::Away)));
        assert_eq!(read("always"), Ok(Some(When::Always)));
        assert_eq!(read("sometimes"), Err(Fault::new("unknown_choice")));
        for event in Event::ALL {
            assert_eq!(Notices::default().of(event), None);
            assert_eq!(Notices::default().with(event, Some(When::Away)).of(event), Some(When::Away));
        }
    }
}
