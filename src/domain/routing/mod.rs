//! To whom a query goes: in which order those who receive are called (DE-5, DE-6, S4-28 to S4-30), and what is to happen to a query
//! next (QU-2, QU-4, AB-3).

mod plan;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use chrono::{DateTime, Utc};

pub use plan::{
    Look, MOST_DEPUTIES, Next, Offer, Past, Place, REPRIEVE, ROUND, Rest, Route, Target, Via, Wanted, concerned, department_for, next,
    rings_for, route,
};

use super::department::Routing;

/// Somebody who receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Their place among all, handed back.
    pub place: usize,
    /// The operator.
    pub id: i64,
    /// Lowest number first.
    pub priority: i64,
    /// Open chats.
    pub open: u32,
    /// The most there may be; none is no limit.
    pub max: Option<u32>,
    /// When the last query was assigned.
    pub assigned_at: Option<DateTime<Utc>>,
    /// Since when nothing has come: the later of the last closed query and the switch into the present status.
    pub idle_since: DateTime<Utc>,
}

impl Candidate {
    /// The order under which operators are filled one after the other: by priority, then the fullest (DE-5).
    pub fn fullest(&self) -> (i64, Reverse<u32>, i64) {
        (self.priority, Reverse(self.open), self.id)
    }

    /// How full: in millionths of what they may have, and in chats where they may have any number, which counts as empty.
    fn utilization(&self) -> (u64, u32) {
        match self.max {
            Some(max) => (u64::from(self.open) * 1_000_000 / u64::from(max.max(1)), 0),
            None => (0, self.open),
        }
    }
}

/// Places in the order in which they are called, each with the rank. Under [`Routing::RingAll`] all are called first. The order in
/// which candidates come does not matter; what is equal goes by id.
pub fn ranked(rule: Routing, mut candidates: Vec<Candidate>) -> Vec<(usize, usize)> {
    match rule {
        Routing::RingAll => candidates.sort_unstable_by_key(|one| one.id),
        Routing::MaxUtilization => candidates.sort_unstable_by_key(Candidate::fullest),
        Routing::AverageUtilization => candidates.sort_unstable_by_key(|one| (one.utilization(), one.priority, one.id)),
        Routing::RoundRobin => candidates.sort_unstable_by_key(|one| (one.assigned_at, one.id)),
        Routing::LongestIdle => candidates.sort_unstable_by_key(|one| (one.idle_since, one.id)),
    }
    let rank = |place: usize| if rule == Routing::RingAll { 1 } else { place + 1 };
    candidates.iter().enumerate().map(|(place, one)| (one.place, rank(place))).collect()
}
