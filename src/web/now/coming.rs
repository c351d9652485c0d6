//! The changes of the coming hours: shifts that begin and end, statuses that end by themselves.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::availability::{Person, Prepared};

/// How far ahead is looked.
const AHEAD: TimeDelta = TimeDelta::hours(8);
/// Changes that are told.
const TOLD: usize = 8;
/// People named in a change.
const NAMED: usize = 3;

/// What happens to some people at an instant.
#[derive(Debug)]
pub struct Coming {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub change: Change,
    /// Some of them.
    pub names: String,
    /// How many more.
    pub more: usize,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Hours begin.
    Begins,
    /// Hours are over.
    Ends,
    /// A status ends; the name of the one that follows.
    Becomes(String),
}

/// The next changes of these people, those at the same instant together.
pub fn of(prepared: &Prepared, people: &[&Person], name: impl Fn(i64) -> String) -> Vec<Coming> {
    let (world, now) = (&prepared.roster.world, prepared.at);
    let soon = |at: Option<DateTime<Utc>>| at.filter(|at| now < *at && *at <= now + AHEAD);
    // Those who share a schedule and have nothing of their own change together.
    let mut shared: HashMap<i64, (bool, Option<DateTime<Utc>>)> = HashMap::new();
    let mut found: BTreeMap<(DateTime<Utc>, Change), Vec<&str>> = BTreeMap::new();
    for person in people {
        let hours = person.hours(world);
        let work_out = || (hours.is_within(now).now, soon(hours.next_change(now)));
        let is_alone = person.own_schedule.is_some() || !person.exceptions.is_empty() || person.allowed_hours.is_some();
        let (is_within, change) = match person.schedule_id {
            Some(id) if !is_alone => *shared.entry(id).or_insert_with(work_out),
            _ => work_out(),
        };
        if let Some(at) = change {
            found.entry((at, if is_within { Change::Ends } else { Change::Begins })).or_default().push(&person.name);
        }
        let worn = person.worn_at(world, now);
        let next = worn.next(world.named.offline, |id| world.status(id).limit);
        if let Some((next, at)) = next.and_then(|next| Some((next.status_id, soon(Some(next.since))?))) {
            found.entry((at, Change::Becomes(name(next)))).or_default().push(&person.name);
        }
    }
    let coming = |((at, change), mut names): ((DateTime<Utc>, Change), Vec<&str>)| {
        names.sort_unstable();
        let more = names.len().saturating_sub(NAMED);
        names.truncate(NAMED);
        Coming { at, change, names: names.join(", "), more }
    };
    found.into_iter().take(TOLD).map(coming).collect()
}
