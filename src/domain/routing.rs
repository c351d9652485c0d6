//! In which order those who receive are called (DE-5, DE-6, S4-28 to S4-30).

use std::cmp::Reverse;

use chrono::{DateTime, Utc};

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

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn candidate(id: i64, priority: i64, open: u32, max: Option<u32>, assigned: Option<i64>, idle: i64) -> Candidate {
        Candidate { place: id as usize, id, priority, open, max, assigned_at: assigned.map(at), idle_since: at(idle) }
    }

    fn four() -> Vec<Candidate> {
        vec![
            candidate(1, 5, 1, Some(4), Some(30), 40),
            candidate(2, 5, 2, Some(3), None, 10),
            candidate(3, 1, 0, Some(2), Some(20), 30),
            candidate(4, 9, 1, None, Some(10), 20),
        ]
    }

    #[test]
    fn each_rule_calls_in_its_order() {
        for (rule, order) in [
            (Routing::RingAll, [1, 2, 3, 4]),
            (Routing::MaxUtilization, [3, 2, 1, 4]),
            (Routing::AverageUtilization, [3, 4, 1, 2]),
            (Routing::RoundRobin, [2, 4, 3, 1]),
            (Routing::LongestIdle, [2, 4, 3, 1]),
        ] {
            let found: Vec<usize> = ranked(rule, four()).into_iter().map(|(place, _)| place).collect();
            assert_eq!(found, order, "{rule:?}");
        }
    }

    #[test]
    fn all_are_called_first_where_all_are_called_at_once() {
        assert!(ranked(Routing::RingAll, four()).iter().all(|(_, rank)| *rank == 1));
        assert_eq!(ranked(Routing::RoundRobin, four()).iter().map(|(_, rank)| *rank).collect::<Vec<_>>(), [1, 2, 3, 4]);
    }

    proptest! {
        #[test]
        fn the_order_of_input_does_not_matter(seed in proptest::collection::vec((0i64..3, 0u32..3, proptest::option::of(1u32..4)), 1..9)) {
            let all: Vec<Candidate> = seed.iter().enumerate()
                .map(|(id, (priority, open, max))| candidate(id as i64, *priority, *open, *max, None, 0)).collect();
            let back: Vec<Candidate> = all.iter().rev().copied().collect();
            for rule in Routing::ALL {
                prop_assert_eq!(ranked(rule, all.clone()), ranked(rule, back.clone()));
            }
        }
    }
}
