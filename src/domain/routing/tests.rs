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

mod plan {
    use std::sync::Arc;

    use super::*;
    use crate::domain::availability::tests::{BREAK, INVISIBLE, ONLINE, SALES, SUPPORT, away, monday, person, world, worn};
    use crate::domain::availability::{Absence, Load, Person, Prepared, Roster, World};
    use crate::domain::channel::Channel;
    use crate::domain::language::LanguageTag;
    use crate::domain::query::Outcome;
    use crate::domain::routing::plan::{
        Look, Next, Offer, Past, Place, REPRIEVE, ROUND, Rest, Route, Via, Wanted, concerned, department_for, next, route,
    };

    fn prepared(world: World, people: Vec<Person>) -> Prepared {
        Prepared::new(Arc::new(Roster::new(Arc::new(world), people)), monday())
    }

    /// A chat for sales since now.
    fn chat() -> Wanted<'static> {
        Wanted { channel: Channel::Chat, department: Some(SALES), addressed: None, language: None, since: monday() }
    }

    fn call() -> Wanted<'static> {
        Wanted { channel: Channel::Call, ..chat() }
    }

    fn way(prepared: &Prepared, wanted: &Wanted<'_>, offers: &[Offer], now: DateTime<Utc>) -> (Route, Next) {
        let found = route(prepared, &Default::default(), wanted, offers, now);
        let step = next(&found, offers, now);
        (found, step)
    }

    fn absent(id: i64, deputy: Option<i64>) -> Person {
        Person { absences: vec![Absence { id: id * 10, deputy, ..away(-1, 8) }], ..person(id) }
    }

    fn on_break(id: i64) -> Person {
        Person { worn: worn(BREAK, monday()), ..person(id) }
    }

    fn offered(operator: i64, seconds: i64) -> Offer {
        Offer { operator, expires_at: Some(monday() + TimeDelta::seconds(seconds)), ended: None }
    }

    fn seen(route: &Route) -> Vec<(i64, Via)> {
        route.looks.iter().map(|look| (look.operator, look.via)).collect()
    }

    #[test]
    fn with_nothing_to_wait_for_the_best_gets_it_at_once() {
        let idle = Person { worn: worn(ONLINE, monday() - TimeDelta::hours(2)), ..person(2) };
        let people = vec![person(1), idle, on_break(3)];
        let (found, step) = way(&prepared(world(), people), &chat(), &[], monday());
        assert_eq!(step, Next { ended: vec![], place: Place::Assigned(2) });
        assert_eq!(found.looks.iter().map(|look| (look.operator, look.rank)).collect::<Vec<_>>(), [(2, Some(1)), (1, Some(2)), (3, None)]);
    }

    #[test]
    fn a_call_rings_for_all_at_once_and_for_who_comes_meanwhile() {
        let people = vec![person(1), person(2), on_break(3)];
        let ring = prepared(world(), people);
        let until = Some(monday() + TimeDelta::seconds(20));
        assert_eq!(way(&ring, &call(), &[], monday()).1.place, Place::Offered { to: vec![1, 2], until });
        let open = [offered(1, 20), offered(2, 20)];
        assert_eq!(way(&ring, &call(), &open, monday()).1, Next { ended: vec![], place: Place::Kept });
        let more = prepared(world(), vec![person(1), person(2), person(3)]);
        assert_eq!(way(&more, &call(), &open, monday()).1.place, Place::Offered { to: vec![3], until });
        let fewer = prepared(world(), vec![person(1), on_break(2)]);
        assert_eq!(way(&fewer, &call(), &open, monday()).1, Next { ended: vec![(2, Outcome::Withdrawn)], place: Place::Kept });
    }

    #[test]
    fn other_rules_ask_one_after_the_other() {
        let mut world = world();
        for place in world.departments.values_mut() {
            place.offered_for = [TimeDelta::seconds(30); 3];
        }
        let two = prepared(world, vec![person(1), person(2)]);
        let until = |seconds| Some(monday() + TimeDelta::seconds(seconds));
        assert_eq!(way(&two, &chat(), &[], monday()).1.place, Place::Offered { to: vec![1], until: until(30) });
        assert_eq!(way(&two, &chat(), &[offered(1, 30)], monday()).1.place, Place::Kept);
        let declined = Offer { ended: Some((monday(), Outcome::Declined)), ..offered(1, 30) };
        assert_eq!(way(&two, &chat(), &[declined], monday()).1.place, Place::Offered { to: vec![2], until: until(30) });
        // Whoever let it pass comes again after a while, whoever declined after a longer one.
        let late = monday() + TimeDelta::seconds(30);
        let passed = way(&two, &chat(), &[declined, offered(2, 30)], late);
        assert_eq!(passed.1, Next { ended: vec![(2, Outcome::TimedOut)], place: Place::Waiting });
        assert_eq!(passed.0.again_at, Some(late + ROUND));
        let ended = Offer { ended: Some((late, Outcome::TimedOut)), ..offered(2, 30) };
        let again = way(&two, &chat(), &[declined, ended], late + ROUND).1.place;
        assert_eq!(again, Place::Offered { to: vec![2], until: Some(late + ROUND + TimeDelta::seconds(30)) });
    }

    #[test]
    fn what_all_declined_comes_to_them_again_after_a_pause() {
        let ring = prepared(world(), vec![person(1), person(2)]);
        for outcome in [Outcome::Declined, Outcome::Accepted] {
            let said = |operator| Offer { ended: Some((monday(), outcome)), ..offered(operator, 20) };
            let (found, step) = way(&ring, &call(), &[said(1), said(2)], monday());
            let until = monday() + REPRIEVE;
            assert_eq!((step.place, found.again_at), (Place::Waiting, Some(until)));
            assert!(found.looks.iter().all(|look| look.rank.is_none() && look.rest == Some(Rest { outcome, until })));
            let (found, step) = way(&ring, &call(), &[said(1), said(2)], until);
            assert!(matches!(step.place, Place::Offered { to, .. } if to == [1, 2]));
            assert!(found.looks.iter().all(|look| look.rank == Some(1) && look.rest.is_none()));
            assert!(matches!(way(&ring, &call(), &[said(1)], monday()).1.place, Place::Offered { to, .. } if to == [2]));
        }
    }

    #[test]
    fn an_offer_can_be_made_anew_where_nobody_answered() {
        for (outcome, is_unanswered) in
            [(Outcome::TimedOut, true), (Outcome::Withdrawn, true), (Outcome::Declined, false), (Outcome::Accepted, false)]
        {
            let offer = Offer { ended: Some((monday(), outcome)), ..offered(1, 20) };
            assert_eq!(offer.is_unanswered_by(1), is_unanswered, "{outcome:?}");
            assert!(!offer.is_unanswered_by(2));
        }
        assert!(offered(1, 20).is_unanswered_by(1));
    }

    #[test]
    fn a_department_that_does_not_work_the_channel_is_passed_over_and_told() {
        let mut world = world();
        let ticket = Wanted { channel: Channel::Ticket, ..chat() };
        let (found, step) = way(&prepared(world.clone(), vec![person(1)]), &ticket, &[], monday());
        assert_eq!((step.place, found.unused, found.looks.len()), (Place::Waiting, vec![SALES], 0));
        world.departments.get_mut(&SALES).unwrap().fallback = Some(SUPPORT);
        let (found, step) = way(&prepared(world, vec![person(1)]), &ticket, &[], monday());
        assert_eq!((step.place, found.unused), (Place::Assigned(1), vec![SALES]));
    }

    #[test]
    fn a_query_by_name_belongs_where_somebody_stands_in() {
        let only =
            |id, of| Person { memberships: person(id).memberships.into_iter().filter(|one| one.department == of).collect(), ..person(id) };
        let wanted = Wanted { addressed: Some(1), department: None, ..chat() };
        for (people, expected) in [
            (vec![person(1)], SALES),
            (vec![absent(1, Some(2)), only(2, SUPPORT)], SUPPORT),
            (vec![absent(1, Some(2)), only(2, SALES)], SALES),
            (vec![absent(1, None), person(2)], SALES),
        ] {
            let all = prepared(world(), people);
            assert_eq!(department_for(&all, &wanted, [SUPPORT, SALES].into_iter(), monday()), Some(expected));
        }
    }

    #[test]
    fn deputies_are_followed_to_the_first_who_can() {
        let chain = prepared(world(), vec![absent(1, Some(2)), absent(2, Some(3)), person(3), person(4)]);
        let wanted = Wanted { addressed: Some(1), ..chat() };
        let (found, step) = way(&chain, &wanted, &[], monday());
        assert_eq!(step.place, Place::Assigned(3));
        assert_eq!(found.past, [Past { operator: 1, absence: 10 }, Past { operator: 2, absence: 20 }]);
        assert_eq!(seen(&found), [(1, Via::Addressed), (2, Via::Deputy(10)), (3, Via::Deputy(20))]);
        assert_eq!(concerned(&chain, &wanted, monday()), [1, 2, 3, 4]);
    }

    #[test]
    fn a_circle_a_dead_end_and_a_deputy_who_cannot_lead_to_the_department() {
        for (people, past) in [
            (vec![absent(1, Some(2)), absent(2, Some(1)), person(4)], vec![1, 2]),
            (vec![absent(1, None), person(4)], vec![1]),
            (vec![absent(1, Some(9)), person(4)], vec![1]),
            (vec![absent(1, Some(2)), on_break(2), person(4)], vec![1]),
            (vec![on_break(1), person(4)], vec![]),
        ] {
            let all = prepared(world(), people);
            let (found, step) = way(&all, &Wanted { addressed: Some(1), ..chat() }, &[], monday());
            assert_eq!(step.place, Place::Assigned(4));
            assert_eq!(found.past.iter().map(|past| past.operator).collect::<Vec<_>>(), past);
        }
    }

    #[test]
    fn a_chain_of_deputies_ends_after_five() {
        let people = (1..=9).map(|id| absent(id, Some(id + 1))).chain([person(10)]).collect();
        let (found, _) = way(&prepared(world(), people), &Wanted { addressed: Some(1), ..chat() }, &[], monday());
        assert_eq!(found.past.len(), 6, "the addressed one and five deputies");
    }

    #[test]
    fn a_deputy_without_the_language_is_none() {
        let german = LanguageTag::parse("de").unwrap();
        let fluent = Person { languages: vec![german.clone()], ..person(4) };
        let wanted = Wanted { addressed: Some(1), language: Some(&german), ..chat() };
        let all = prepared(world(), vec![absent(1, Some(2)), person(2), fluent]);
        assert_eq!(way(&all, &wanted, &[], monday()).1.place, Place::Assigned(4));
    }

    #[test]
    fn another_department_stands_in_only_where_waiting_helps_nobody() {
        let mut world = world();
        world.departments.get_mut(&SALES).unwrap().fallback = Some(SUPPORT);
        let in_support =
            |id| Person { memberships: person(id).memberships.into_iter().filter(|one| one.department == SUPPORT).collect(), ..person(id) };
        let wanted = Wanted { channel: Channel::Chat, ..chat() };
        let (found, step) = way(&prepared(world.clone(), vec![on_break(1), in_support(2)]), &wanted, &[], monday());
        assert_eq!((step.place, found.target.unwrap().department), (Place::Assigned(2), Some(SUPPORT)));
        assert!(found.looks.contains(&Look { via: Via::Fallback, ..found.looks[1] }));
        let helper = Person { worn: worn(INVISIBLE, monday()), helps_when_invisible: true, ..person(1) };
        let (found, step) = way(&prepared(world, vec![helper, in_support(2)]), &wanted, &[], monday());
        assert_eq!((step.place, found.again_at), (Place::Waiting, Some(monday() + TimeDelta::seconds(60))));
    }

    #[test]
    fn what_is_known_better_than_by_the_roster_decides_about_room() {
        let all = prepared(world(), vec![person(1), person(2)]);
        let full = Load { open: 3, ..Load::default() };
        let found = route(&all, &[(1, full)].into(), &chat(), &[], monday());
        assert_eq!(next(&found, &[], monday()).place, Place::Assigned(2));
        let found = route(&all, &[(1, full), (2, full)].into(), &chat(), &[], monday());
        assert_eq!(next(&found, &[], monday()).place, Place::Waiting);
    }

    proptest! {
        /// Nobody absent, suspended, off hours or without the language under a strict policy is ever chosen.
        #[test]
        fn only_who_passes_every_check_is_chosen(
            states in proptest::collection::vec((0u8..6, 0u32..5, proptest::option::of(1i64..7)), 1..7),
            addressed in proptest::option::of(1i64..7),
            speaks in 0usize..3,
        ) {
            let people: Vec<Person> = states.iter().enumerate().map(|(place, (state, open, deputy))| {
                let id = place as i64 + 1;
                let one = match state {
                    0 => absent(id, deputy.filter(|other| *other != id)),
                    1 => on_break(id),
                    2 => Person { last_beat: None, worn: worn(ONLINE, monday() - TimeDelta::hours(2)), ..person(id) },
                    3 => { let mut one = person(id); one.account.suspended = true; one }
                    _ => person(id),
                };
                Person { load: Load { open: *open, ..Load::default() }, ..one }
            }).collect();
            let languages = ["es", "en", "de"].map(|tag| LanguageTag::parse(tag).unwrap());
            let wanted = Wanted { addressed, language: languages.get(speaks), ..chat() };
            let all = prepared(world(), people);
            let (found, step) = way(&all, &wanted, &[], monday());
            if let Place::Assigned(id) = step.place {
                let look = found.looks.iter().rev().find(|look| look.operator == id).unwrap();
                prop_assert!(look.verdict.receives());
                let chosen = all.roster.person(id).unwrap();
                prop_assert!(chosen.absence_at(monday()).is_none() && !chosen.account.suspended && chosen.load.open < 3);
                prop_assert!(speaks != 2);
            } else {
                prop_assert_eq!(step.place, Place::Waiting);
                prop_assert!(found.looks.iter().all(|look| !look.verdict.receives()));
            }
        }
    }
}
