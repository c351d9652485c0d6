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
