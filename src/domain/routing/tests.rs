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
        candidate(2, 5, 2, Some(3), None, 30),
        candidate(3, 1, 0, Some(2), Some(20), 10),
        candidate(4, 9, 1, None, Some(10), 20),
    ]
}

fn order(rule: Routing, candidates: Vec<Candidate>) -> Vec<i64> {
    ranked(rule, candidates).into_iter().map(|(place, _)| place as i64).collect()
}

/// Five rules, five orders: none of them can stand in for another.
#[test]
fn each_rule_calls_in_its_order() {
    let mut orders = Vec::new();
    for (rule, expected) in [
        (Routing::RingAll, [1, 2, 3, 4]),
        (Routing::MaxUtilization, [3, 2, 1, 4]),
        (Routing::AverageUtilization, [3, 4, 1, 2]),
        (Routing::RoundRobin, [2, 4, 3, 1]),
        (Routing::LongestIdle, [3, 4, 2, 1]),
    ] {
        assert_eq!(order(rule, four()), expected, "{rule:?}");
        assert!(!orders.contains(&expected), "{rule:?} is told from the others");
        orders.push(expected);
    }
    assert_eq!(orders.len(), Routing::ALL.len());
}

/// Two at a time, who differ in everything that is not to decide, and there the other way round.
#[test]
fn what_is_equal_is_told_by_what_comes_next_and_in_the_end_by_id() {
    for (place, (rule, two, first)) in [
        (Routing::RingAll, [candidate(1, 9, 0, Some(9), Some(9), 9), candidate(2, 1, 1, None, None, 0)], 1),
        // The priority, then the most chats, whatever share of what they may have that is.
        (Routing::MaxUtilization, [candidate(1, 2, 3, Some(4), None, 0), candidate(2, 1, 0, Some(9), Some(9), 9)], 2),
        (Routing::MaxUtilization, [candidate(1, 1, 1, Some(2), None, 0), candidate(2, 1, 2, Some(8), Some(9), 9)], 2),
        (Routing::MaxUtilization, [candidate(1, 1, 1, Some(9), Some(9), 9), candidate(2, 1, 1, Some(2), None, 0)], 1),
        // The smallest share, then the priority.
        (Routing::AverageUtilization, [candidate(1, 1, 1, Some(2), None, 0), candidate(2, 9, 2, Some(5), Some(9), 9)], 2),
        (Routing::AverageUtilization, [candidate(1, 2, 1, Some(2), None, 0), candidate(2, 1, 2, Some(4), Some(9), 9)], 2),
        (Routing::AverageUtilization, [candidate(1, 1, 2, Some(4), Some(9), 9), candidate(2, 1, 1, Some(2), None, 0)], 1),
        // Whoever may have any number is empty, but fewer chats go first among them.
        (Routing::AverageUtilization, [candidate(1, 1, 1, Some(1000), None, 0), candidate(2, 9, 90, None, Some(9), 9)], 2),
        (Routing::AverageUtilization, [candidate(1, 1, 2, None, None, 0), candidate(2, 9, 1, None, Some(9), 9)], 2),
        (Routing::AverageUtilization, [candidate(1, 2, 1, None, None, 0), candidate(2, 1, 1, None, Some(9), 9)], 2),
        (Routing::AverageUtilization, [candidate(1, 1, 1, None, Some(9), 9), candidate(2, 1, 1, None, None, 0)], 1),
        // Whoever never had one, then whose last one is longest ago; a priority does not matter (DE-5).
        (Routing::RoundRobin, [candidate(1, 1, 0, None, Some(0), 0), candidate(2, 9, 2, Some(3), None, 9)], 2),
        (Routing::RoundRobin, [candidate(1, 1, 0, None, Some(2), 0), candidate(2, 9, 2, Some(3), Some(1), 9)], 2),
        (Routing::RoundRobin, [candidate(1, 9, 2, Some(3), Some(1), 9), candidate(2, 1, 0, None, Some(1), 0)], 1),
        (Routing::RoundRobin, [candidate(1, 9, 2, Some(3), None, 9), candidate(2, 1, 0, None, None, 0)], 1),
        // Whoever waits longest; nor does it here.
        (Routing::LongestIdle, [candidate(1, 1, 0, None, None, 2), candidate(2, 9, 2, Some(3), Some(9), 1)], 2),
        (Routing::LongestIdle, [candidate(1, 9, 2, Some(3), Some(9), 1), candidate(2, 1, 0, None, None, 1)], 1),
    ]
    .into_iter()
    .enumerate()
    {
        let expected = [first, 3 - first];
        assert_eq!(order(rule, two.to_vec()), expected, "case {place}: {rule:?}");
        assert_eq!(order(rule, two.into_iter().rev().collect()), expected, "case {place}, the other way round: {rule:?}");
    }
}

#[test]
fn all_are_called_first_where_all_are_called_at_once() {
    assert!(ranked(Routing::RingAll, four()).iter().all(|(_, rank)| *rank == 1));
    assert_eq!(ranked(Routing::RoundRobin, four()).iter().map(|(_, rank)| *rank).collect::<Vec<_>>(), [1, 2, 3, 4]);
}

proptest! {
    #[test]
    fn the_order_of_input_does_not_matter(
        seed in proptest::collection::vec((0i64..3, 0u32..3, proptest::option::of(1u32..4), proptest::option::of(0i64..3), 0i64..3), 1..9),
    ) {
        let all: Vec<Candidate> = seed.iter().enumerate()
            .map(|(id, (priority, open, max, assigned, idle))| candidate(id as i64, *priority, *open, *max, *assigned, *idle)).collect();
        let back: Vec<Candidate> = all.iter().rev().copied().collect();
        for rule in Routing::ALL {
            prop_assert_eq!(ranked(rule, all.clone()), ranked(rule, back.clone()));
        }
    }
}

mod plan {
    use std::sync::Arc;

    use super::*;
    use crate::domain::availability::tests::{BREAK, INVISIBLE, ONLINE, SALES, SUPPORT, away, closed, monday, person, world, worn};
    use crate::domain::availability::{Absence, Check, Load, Person, Prepared, Roster, World};
    use crate::domain::channel::{Channel, Channels};
    use crate::domain::department::LanguagePolicy;
    use crate::domain::language::LanguageTag;
    use crate::domain::query::Outcome;
    use crate::domain::routing::plan::{
        Look, Next, Offer, Past, Place, REPRIEVE, ROUND, Rest, Route, Via, Wanted, concerned, department_for, next, route,
    };
    use crate::domain::status::Worn;

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

    /// Nobody is asked twice, nobody is asked who is away, and the first of the two who is back has it.
    #[test]
    fn two_who_stand_in_for_each_other_with_nobody_else_there_leave_it_waiting_until_the_first_is_back() {
        let mut world = world();
        world.departments.get_mut(&SALES).unwrap().fallback = Some(SUPPORT);
        world.departments.get_mut(&SUPPORT).unwrap().fallback = Some(SALES);
        let two = |hours: [i64; 2]| {
            let one = |id: i64, deputy| {
                let absence = Absence { id: id * 10, deputy: Some(deputy), ..away(-1, hours[id as usize - 1]) };
                // Nobody waits for a sign of life of theirs, so that the absences alone say when to look again.
                Person { absences: vec![absence], presence_required: false, ..person(id) }
            };
            prepared(world.clone(), vec![one(1, 2), one(2, 1)])
        };
        let (hour, moment) = (TimeDelta::hours(1), TimeDelta::milliseconds(1));
        let named = [(1, Via::Addressed), (2, Via::Deputy(10))];
        let members = [(1, Via::Department), (2, Via::Department), (1, Via::Fallback), (2, Via::Fallback)];
        for (hours, first) in [([2, 3], 1), ([3, 2], 2)] {
            let both = two(hours);
            for (addressed, department, expected) in [
                (Some(1), Some(SALES), [&named[..], &members].concat()),
                (Some(1), None, named.to_vec()),
                (None, Some(SALES), members.to_vec()),
            ] {
                let wanted = Wanted { addressed, department, ..chat() };
                for now in [monday(), monday() + hour * 2 - moment] {
                    let (found, step) = way(&both.at(now), &wanted, &[], now);
                    assert_eq!((step.place, &found.target), (Place::Waiting, &None), "{wanted:?}");
                    assert_eq!(seen(&found), expected);
                    assert_eq!(
                        found.past.iter().map(|past| past.absence).collect::<Vec<_>>(),
                        if addressed.is_some() { vec![10, 20] } else { vec![] }
                    );
                    assert_eq!(found.again_at, Some(monday() + hour * 2), "{wanted:?}");
                }
                let back = monday() + hour * 2;
                assert_eq!(way(&both.at(back), &wanted, &[], back).1.place, Place::Assigned(first), "{wanted:?}");
            }
        }
    }

    #[test]
    fn somebody_is_idle_since_the_later_of_the_last_close_and_the_switch() {
        let ago = |minutes| monday() - TimeDelta::minutes(minutes);
        let closed = |minutes: Option<i64>| Load { closed_at: minutes.map(ago), ..Load::default() };
        let one = |id, switched, minutes| Person { worn: worn(ONLINE, ago(switched)), load: closed(minutes), ..person(id) };
        for (switched, minutes, since) in [(60, None, 60), (60, Some(20), 20), (20, Some(60), 20), (20, Some(20), 20)] {
            let candidate = prepared(world(), vec![one(1, switched, minutes)]).candidate(0, 0, closed(minutes));
            assert_eq!(candidate.map(|one| one.idle_since), Some(ago(since)), "{switched} {minutes:?}");
            let (first, second) = (one(1, since - 1, None), one(2, switched, minutes));
            assert_eq!(way(&prepared(world(), vec![first, second]), &chat(), &[], monday()).1.place, Place::Assigned(2));
            let (first, second) = (one(1, since + 1, None), one(2, switched, minutes));
            assert_eq!(way(&prepared(world(), vec![first, second]), &chat(), &[], monday()).1.place, Place::Assigned(1));
        }
        let rested = Person { worn: Worn { until: Some(ago(10)), return_id: Some(ONLINE), ..worn(BREAK, ago(40)) }, ..person(1) };
        let all = prepared(world(), vec![rested, one(2, 20, None)]);
        assert_eq!(
            way(&all, &chat(), &[], monday()).1.place,
            Place::Assigned(2),
            "a break that ended counts as a switch before it is written down"
        );
        let all = prepared(world(), vec![one(1, 60, None), one(2, 40, None)]);
        let found = route(&all, &[(1, closed(Some(20)))].into(), &chat(), &[], monday());
        assert_eq!(next(&found, &[], monday()).place, Place::Assigned(2), "a close that the roster does not know yet");
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

    fn tags<const N: usize>(tags: [&str; N]) -> Vec<LanguageTag> {
        tags.map(|tag| LanguageTag::parse(tag).unwrap()).to_vec()
    }

    /// A query and everybody there is.
    #[derive(Clone, Debug)]
    struct Scene {
        world: World,
        people: Vec<Person>,
        channel: Channel,
        department: Option<i64>,
        addressed: Option<i64>,
        language: Option<LanguageTag>,
        waited: i64,
    }

    impl Scene {
        fn prepared(&self) -> Prepared {
            prepared(self.world.clone(), self.people.clone())
        }

        fn wanted(&self) -> Wanted<'_> {
            let since = monday() - TimeDelta::seconds(self.waited);
            Wanted {
                channel: self.channel,
                department: self.department,
                addressed: self.addressed,
                language: self.language.as_ref(),
                since,
            }
        }

        /// LA-2: without a department the language counts as well.
        fn is_strict(&self, department: Option<i64>) -> bool {
            department.is_none_or(|id| self.world.departments[&id].language_policy == LanguagePolicy::Strict)
        }

        /// LA-1, in the languages that are drawn here.
        fn understands(&self, person: &Person) -> bool {
            let Some(wanted) = &self.language else { return true };
            let serving = [("es-MX", "es"), ("en", "en-GB"), ("de-AT", "de")];
            serving.iter().any(|(tag, own)| wanted.as_str() == *tag && person.languages.iter().any(|known| known.as_str() == *own))
        }
    }

    fn some_world() -> impl Strategy<Value = World> {
        let policies = [LanguagePolicy::Strict, LanguagePolicy::Strict, LanguagePolicy::Prefer, LanguagePolicy::Ignore];
        let rules = prop::array::uniform3(prop::sample::select(Routing::ALL.to_vec()));
        let times = prop::array::uniform3(prop::sample::select(vec![0, 20, 30]));
        let place = (prop::sample::select(policies.to_vec()), rules, times, any::<bool>());
        (place.clone(), place).prop_map(|(sales, support)| {
            let mut world = world();
            for (id, other, (policy, routing, times, has_fallback)) in [(SALES, SUPPORT, sales), (SUPPORT, SALES, support)] {
                let place = world.departments.get_mut(&id).unwrap();
                (place.channels, place.language_policy, place.routing) = (Channels::all(), policy, routing);
                (place.offered_for, place.fallback) = (times.map(TimeDelta::seconds), has_fallback.then_some(other));
            }
            world
        })
    }

    /// Most of them could take it.
    fn some_people() -> impl Strategy<Value = Vec<Person>> {
        let places = prop::sample::subsequence(vec![SALES, SUPPORT], 1..=2);
        let spoken = prop::sample::subsequence(vec!["es", "en-GB", "de"], 1..=3);
        let one = (0u8..16, places, spoken, 0u32..4, prop::option::of(1i64..7), 1i64..4);
        prop::collection::vec(one, 1..7).prop_map(|all| {
            let people = (1..).zip(all).map(|(id, (state, places, spoken, open, deputy, priority))| {
                let mut one = match state {
                    0 | 1 => absent(id, deputy.filter(|other| *other != id)),
                    2 => on_break(id),
                    3 => Person { last_beat: None, worn: worn(ONLINE, monday() - TimeDelta::hours(2)), ..person(id) },
                    4 => Person { exceptions: closed("2026-03-02"), ..person(id) },
                    5 => Person { worn: worn(INVISIBLE, monday()), helps_when_invisible: true, ..person(id) },
                    6 => Person { do_not_disturb: true, ..person(id) },
                    _ => person(id),
                };
                one.account.suspended = state == 7;
                one.memberships.retain(|membership| places.contains(&membership.department));
                one.languages = spoken.into_iter().flat_map(|tag| tags([tag])).collect();
                Person { load: Load { open, ..Load::default() }, priority, ..one }
            });
            people.collect()
        })
    }

    fn some_scene() -> impl Strategy<Value = Scene> {
        let department = prop::option::weighted(0.8, prop::sample::select(vec![SALES, SUPPORT]));
        let language = prop::option::weighted(0.8, prop::sample::select(tags(["es-MX", "en", "de-AT"])));
        let waited = prop::sample::select(vec![0, 40, 90]);
        let query = (prop::sample::select(Channel::ALL.to_vec()), department, prop::option::of(1i64..7), language, waited);
        (some_world(), some_people(), query).prop_map(|(world, people, (channel, department, addressed, language, waited))| Scene {
            world,
            people,
            channel,
            // A query goes to somebody or somewhere.
            department: department.or(addressed.is_none().then_some(SALES)),
            addressed,
            language,
            waited,
        })
    }

    /// Who gets the query or is asked.
    fn chosen(step: &Next) -> Vec<i64> {
        match &step.place {
            Place::Assigned(id) => vec![*id],
            Place::Offered { to, .. } => to.clone(),
            Place::Kept | Place::Waiting => Vec::new(),
        }
    }

    /// What becomes of a query with somebody as they are, with them as `other`, and with them as they were again: of the offers too
    /// that were made to all who were chosen. The second is returned.
    fn meanwhile(scene: &Scene, other: Person) -> Result<(Route, Next), TestCaseError> {
        let (wanted, here, id) = (scene.wanted(), scene.prepared(), other.id);
        let before = way(&here, &wanted, &[], monday());
        let asked = chosen(&before.1);
        prop_assert!(asked.contains(&id));
        let offers: Vec<Offer> = asked.iter().map(|id| offered(*id, 20)).collect();
        prop_assert_eq!(way(&here, &wanted, &offers, monday()).1, Next { ended: vec![], place: Place::Kept });
        let without = here.with(scene.world.watch, &[id], vec![other], monday());
        let ended = way(&without, &wanted, &offers, monday()).1;
        let found = way(&without, &wanted, &[], monday());
        let is_wanted = found.0.target.as_ref().is_some_and(|target| target.operators.contains(&id));
        prop_assert_eq!(ended.ended.contains(&(id, Outcome::Withdrawn)), !is_wanted, "an offer ends with what it was made for");
        prop_assert!(!chosen(&ended).contains(&id));
        let person = (**here.roster.person(id).unwrap()).clone();
        let again = without.with(scene.world.watch, &[id], vec![person], monday());
        prop_assert_eq!(way(&again, &wanted, &[], monday()), before);
        Ok(found)
    }

    proptest! {
        /// Nobody absent, suspended, off hours or without the language under a strict policy is ever chosen.
        #[test]
        fn only_who_passes_every_check_is_chosen(scene in some_scene()) {
            let all = scene.prepared();
            let (found, step) = way(&all, &scene.wanted(), &[], monday());
            for id in chosen(&step) {
                let look = found.looks.iter().rev().find(|look| look.operator == id).unwrap();
                prop_assert!(look.verdict.receives());
                let one = all.roster.person(id).unwrap();
                prop_assert!(one.absences.is_empty() && !one.account.suspended && one.exceptions.is_empty() && one.last_beat.is_some());
                prop_assert!(scene.understands(one) || !scene.is_strict(look.department));
                prop_assert!(scene.channel != Channel::Chat || one.load.open < 3);
                prop_assert!(scene.channel != Channel::Call || !one.do_not_disturb);
            }
            if chosen(&step).is_empty() {
                prop_assert_eq!(step.place, Place::Waiting);
                prop_assert!(found.looks.iter().all(|look| !look.verdict.receives()));
            }
        }

        /// Each case begins with somebody who is chosen; for that alone they are not any more, and are again once it is undone.
        #[test]
        fn whoever_is_chosen_is_not_while_away_suspended_or_off_hours(scene in some_scene(), deputy in prop::option::of(1i64..7)) {
            let all = scene.prepared();
            let asked = chosen(&way(&all, &scene.wanted(), &[], monday()).1);
            prop_assume!(!asked.is_empty());
            for id in asked {
                let one = (**all.roster.person(id).unwrap()).clone();
                let mut suspended = one.clone();
                suspended.account.suspended = true;
                for (check, other) in [
                    (Check::Absence, Person { absences: absent(id, deputy).absences, ..one.clone() }),
                    (Check::Account, suspended),
                    (Check::Hours, Person { exceptions: closed("2026-03-02"), ..one }),
                ] {
                    let (found, step) = meanwhile(&scene, other)?;
                    prop_assert!(!chosen(&step).contains(&id), "{:?}", check);
                    let is_free = |look: &Look| look.verdict.passed.has(check) || look.rank.is_some();
                    prop_assert!(!found.looks.iter().any(|look| look.operator == id && is_free(look)), "{:?}", check);
                    prop_assert!(found.target.is_none_or(|target| !target.operators.contains(&id)), "{:?}", check);
                }
            }
        }

        /// The same for the language, where the department insists on it; another one may still take them without (LA-2).
        #[test]
        fn whoever_is_chosen_is_not_without_the_language_under_a_strict_policy(
            mut scene in some_scene(),
            language in prop::sample::select(tags(["es-MX", "en", "de-AT"])),
        ) {
            scene.language = Some(language);
            if let Some(place) = scene.department.and_then(|id| scene.world.departments.get_mut(&id)) {
                place.language_policy = LanguagePolicy::Strict;
            }
            let all = scene.prepared();
            let (found, step) = way(&all, &scene.wanted(), &[], monday());
            let asked = chosen(&step);
            prop_assume!(found.target.is_some_and(|target| scene.is_strict(target.department)));
            for id in asked {
                let other = Person { languages: tags(["fr", "es-AR", "de-CH"]), ..(**all.roster.person(id).unwrap()).clone() };
                let (found, step) = meanwhile(&scene, other)?;
                let is_strict = found.target.as_ref().is_some_and(|target| scene.is_strict(target.department));
                prop_assert!(!is_strict || !chosen(&step).contains(&id));
                let theirs = |look: &&Look| look.operator == id && scene.is_strict(look.department);
                prop_assert!(found.looks.iter().any(|look| theirs(&look)));
                let is_free = |look: &Look| look.verdict.passed.has(Check::Language) || look.rank.is_some();
                prop_assert!(!found.looks.iter().filter(theirs).any(is_free));
            }
        }
    }
}
