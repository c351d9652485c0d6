use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::domain::channel::Channels;
use crate::domain::department::{LanguagePolicy, Routing};
use crate::domain::membership::Switches;
use crate::domain::operator::AccountFacts;
use crate::domain::schedule::{Exception, RawException, RawSchedule, Schedule};
use crate::domain::status::{Cause, Named, Watch, Worn};

pub(in crate::domain) const ONLINE: i64 = 1;
pub(in crate::domain) const BREAK: i64 = 2;
pub(in crate::domain) const INVISIBLE: i64 = 3;
pub(in crate::domain) const OFFLINE: i64 = 4;
pub(in crate::domain) const SALES: i64 = 7;
pub(in crate::domain) const SUPPORT: i64 = 8;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A Monday, ten in the morning in Madrid.
pub(in crate::domain) fn monday() -> DateTime<Utc> {
    at("2026-03-02T09:00:00Z")
}

fn schedule(zone: &str, days: &[(&str, &str, &str)]) -> Schedule {
    let mut weekly = BTreeMap::new();
    for (day, from, to) in days {
        weekly.entry((*day).to_owned()).or_insert_with(Vec::new).push(((*from).to_owned(), (*to).to_owned()));
    }
    let raw = RawSchedule { name: Some("Hours".into()), weekly: Some(weekly), ..RawSchedule::default() };
    Schedule::new(zone.parse().unwrap()).with(&raw).unwrap()
}

fn weekdays(zone: &str, from: &str, to: &str) -> Schedule {
    schedule(zone, &["mon", "tue", "wed", "thu", "fri"].map(|day| (day, from, to)))
}

pub(in crate::domain) fn closed(day: &str) -> Vec<Exception> {
    Exception::parse_all(&[RawException { name: "Holiday".into(), from: day.into(), ..RawException::default() }]).unwrap()
}

fn place(channels: Channels, schedule_id: Option<i64>, language_policy: LanguagePolicy) -> Place {
    let routing = [Routing::MaxUtilization, Routing::LongestIdle, Routing::RingAll];
    let offered_for = [TimeDelta::zero(), TimeDelta::zero(), TimeDelta::seconds(20)];
    Place { channels, schedule_id, language_policy, prefer: TimeDelta::seconds(30), routing, offered_for, fallback: None }
}

pub(in crate::domain) fn world() -> World {
    let status = |can_receive, invisible| StatusFacts { can_receive, invisible, limit: None };
    World {
        channels: Channels::all(),
        departments: HashMap::from([
            (SALES, place(Channels::all().with(Channel::Ticket, false), None, LanguagePolicy::Strict)),
            (SUPPORT, place(Channels::all(), Some(2), LanguagePolicy::Prefer)),
        ]),
        schedules: HashMap::from([(1, weekdays("Europe/Madrid", "09:00", "17:00")), (2, weekdays("Europe/Madrid", "08:00", "20:00"))]),
        holidays: closed("2026-03-19"),
        statuses: HashMap::from([
            (ONLINE, status(true, false)),
            (BREAK, StatusFacts { limit: Some((30, ONLINE)), ..status(false, false) }),
            (INVISIBLE, status(false, true)),
            (OFFLINE, status(false, false)),
        ]),
        named: Named { online: ONLINE, offline: OFFLINE, auto_offline: None },
        window: TimeDelta::minutes(10),
        watch: Watch { followed_at: DateTime::UNIX_EPOCH, resumed_at: DateTime::UNIX_EPOCH },
        help_after: TimeDelta::seconds(60),
        takes_messages: true,
        chat_inactivity: TimeDelta::minutes(15),
    }
}

pub(in crate::domain) fn worn(status_id: i64, since: DateTime<Utc>) -> Worn {
    Worn { status_id, since, until: None, return_id: None, cause: Cause::Own, set_by: String::new() }
}

/// Somebody who receives everything of both departments on Monday morning.
pub(in crate::domain) fn person(id: i64) -> Person {
    let switches = Switches::on(Channels::all());
    Person {
        id,
        name: format!("Operator {id}"),
        alias: None,
        account: AccountFacts { activated: true, ..AccountFacts::default() },
        languages: vec![LanguageTag::parse("es").unwrap(), LanguageTag::parse("en-GB").unwrap()],
        memberships: [SALES, SUPPORT].map(|department| Membership { department, switches }).to_vec(),
        schedule_id: Some(1),
        own_schedule: None,
        exceptions: Vec::new(),
        allowed_hours: None,
        absences: Vec::new(),
        worn: worn(ONLINE, monday() - TimeDelta::hours(1)),
        presence_required: true,
        last_beat: Some(monday() - TimeDelta::minutes(1)),
        idle: None,
        answers_within: None,
        active_at: None,
        do_not_disturb: false,
        helps_when_invisible: false,
        priority: 5,
        max_chat_load: Some(3),
        load: Load::default(),
    }
}

fn verdict(world: &World, person: &Person, question: Question<'_>, at: DateTime<Utc>, now: DateTime<Utc>) -> Verdict {
    Case { world, person, question, at, now }.verdict()
}

fn present(change: impl FnOnce(&mut World, &mut Person), question: Question<'_>) -> Option<Check> {
    let (mut world, mut person) = (world(), person(1));
    change(&mut world, &mut person);
    verdict(&world, &person, question, monday(), monday()).passed.reason()
}

const CHAT: Question<'static> =
    Question { department: Some(SUPPORT), channel: Some(Channel::Chat), language: None, waiting: TimeDelta::zero() };
const CALL: Question<'static> = Question { channel: Some(Channel::Call), ..CHAT };

#[test]
fn each_fact_is_the_reason_where_nothing_before_it_fails() {
    type Change = fn(&mut World, &mut Person);
    let german = LanguageTag::parse("de").unwrap();
    let cases: &[(Change, Question<'_>, Option<Check>)] = &[
        (|_, _| (), CHAT, None),
        (|_, person| person.account.suspended = true, CHAT, Some(Check::Account)),
        (|_, person| person.account.activated = false, CHAT, Some(Check::Account)),
        (|_, person| person.memberships.retain(|one| one.department == SALES), CHAT, Some(Check::Membership)),
        (|world, _| world.channels = Channels::default(), CHAT, Some(Check::ChannelAllowed)),
        (|_, _| (), Question { department: Some(SALES), channel: Some(Channel::Ticket), ..CHAT }, Some(Check::ChannelAllowed)),
        (
            |_, person| person.memberships[1].switches = person.memberships[1].switches.with_allowed(Channel::Chat, false),
            CHAT,
            Some(Check::ChannelAllowed),
        ),
        (
            |_, person| person.memberships[1].switches = person.memberships[1].switches.with_active(Channel::Chat, false),
            CHAT,
            Some(Check::ChannelActive),
        ),
        (|_, person| person.absences.push(away(-1, 1)), CHAT, Some(Check::Absence)),
        (|_, person| person.absences.push(away(1, 2)), CHAT, None),
        (|_, person| person.absences.push(away(-2, 0)), CHAT, None),
        (|world, _| world.holidays = closed("2026-03-02"), CHAT, Some(Check::DepartmentHours)),
        (|world, _| world.holidays = closed("2026-03-02"), Question { department: None, ..CHAT }, Some(Check::Hours)),
        (|_, person| person.exceptions = closed("2026-03-02"), CHAT, Some(Check::Hours)),
        (|_, person| person.last_beat = None, CHAT, Some(Check::Presence)),
        (|_, person| (person.last_beat, person.presence_required) = (None, false), CHAT, None),
        (|_, person| person.worn.status_id = OFFLINE, CHAT, Some(Check::Status)),
        (|_, person| person.do_not_disturb = true, CALL, Some(Check::DoNotDisturb)),
        (|_, person| person.do_not_disturb = true, CHAT, None),
        (|_, _| (), Question { language: Some(&german), ..CHAT }, Some(Check::Language)),
        (|_, _| (), Question { language: Some(&german), waiting: TimeDelta::seconds(30), ..CHAT }, None),
        (|_, person| person.load.open = 3, CHAT, Some(Check::Capacity)),
        (|_, person| person.load.open = 2, CHAT, None),
        (|_, person| person.max_chat_load = Some(0), CHAT, Some(Check::Capacity)),
        (|_, person| (person.load.open, person.max_chat_load) = (90, None), CHAT, None),
        (|_, person| person.load.open = 3, CALL, None),
    ];
    for (place, (change, question, reason)) in cases.iter().enumerate() {
        assert_eq!(present(change, *question), *reason, "case {place}");
    }
}

/// An absence between so many hours from Monday morning.
pub(in crate::domain) fn away(from: i64, until: i64) -> Absence {
    Absence { id: 1, from: monday() + TimeDelta::hours(from), until: monday() + TimeDelta::hours(until), deputy: None }
}

#[test]
fn without_a_department_a_channel_must_be_taken_in_any_of_them() {
    let anywhere = Question { department: None, ..CHAT };
    assert_eq!(present(|_, _| (), anywhere), None);
    assert_eq!(present(|_, person| person.memberships.clear(), anywhere), Some(Check::ChannelAllowed));
    assert_eq!(present(|_, person| person.memberships.clear(), Question::default()), None);
    let tickets = Question { channel: Some(Channel::Ticket), ..anywhere };
    assert_eq!(present(|_, person| person.memberships.retain(|one| one.department == SALES), tickets), Some(Check::ChannelAllowed));
}

#[test]
fn presence_lasts_for_the_window_and_not_a_moment_longer() {
    let (mut world, mut person) = (world(), person(1));
    let beat = monday() - TimeDelta::minutes(1);
    person.last_beat = Some(beat);
    for (minutes, seconds, passes) in [(9, 59, true), (10, 0, false), (10, 1, false)] {
        let then = beat + TimeDelta::minutes(minutes) + TimeDelta::seconds(seconds);
        let found = verdict(&world, &person, CHAT, then, then);
        assert_eq!(found.passed.has(Check::Presence), passes, "{minutes}:{seconds}");
    }
    let late = beat + TimeDelta::minutes(30);
    person.worn.since = late - TimeDelta::minutes(5);
    assert!(verdict(&world, &person, CHAT, late, late).receives(), "the switch into a receiving status counts too");
    person.worn.since = beat;
    world.watch.resumed_at = late - TimeDelta::minutes(5);
    assert!(verdict(&world, &person, CHAT, late, late).receives(), "a server that was away lets nobody go");
}

#[test]
fn invisible_helpers_join_those_who_waited() {
    let (world, mut person) = (world(), person(1));
    person.worn.status_id = INVISIBLE;
    let waiting = |seconds| Question { waiting: TimeDelta::seconds(seconds), ..CHAT };
    assert_eq!(verdict(&world, &person, waiting(90), monday(), monday()).passed.reason(), Some(Check::Status));
    person.helps_when_invisible = true;
    let early = verdict(&world, &person, waiting(40), monday(), monday());
    assert_eq!((early.passed.reason(), early.next_change), (Some(Check::Status), Some(monday() + TimeDelta::seconds(20))));
    assert!(verdict(&world, &person, waiting(60), monday(), monday()).receives());
    person.worn.status_id = OFFLINE;
    assert!(!verdict(&world, &person, waiting(60), monday(), monday()).receives(), "only who is invisible helps");
}

#[test]
fn the_future_is_told_by_the_hours_beyond_the_next_boundary() {
    let (world, mut person) = (world(), person(1));
    person.worn.status_id = OFFLINE;
    let then = |text: &str| verdict(&world, &person, CHAT, at(text), monday());
    // The present status counts until the shift ends at 17:00 in Madrid.
    assert_eq!(then("2026-03-02T15:59:59Z").passed.reason(), Some(Check::Status));
    assert_eq!(then("2026-03-02T16:00:00Z").passed.reason(), Some(Check::Hours));
    assert!(then("2026-03-03T08:00:00Z").receives(), "tomorrow they are online, and taken to be there");
    assert_eq!(then("2026-03-03T07:59:59Z").passed.reason(), Some(Check::Hours));
    assert_eq!(then("2026-03-19T10:00:00Z").passed.reason(), Some(Check::DepartmentHours));
}

#[test]
fn a_night_shift_is_told_across_the_day_the_clocks_change() {
    let mut world = world();
    let night = schedule("Europe/Madrid", &[("sat", "22:00", "06:00")]);
    world.schedules.insert(3, night);
    world.departments.insert(SUPPORT, place(Channels::all(), None, LanguagePolicy::Ignore));
    let person = Person { schedule_id: Some(3), ..person(1) };
    // In the night to 29 March 2026 Madrid goes from 02:00 to 03:00: the shift is over at 06:00 there, 04:00 in UTC.
    let then = |text: &str| verdict(&world, &person, CHAT, at(text), monday());
    assert!(then("2026-03-29T01:00:00Z").receives());
    assert_eq!(then("2026-03-29T01:00:00Z").next_change, Some(at("2026-03-29T04:00:00Z")));
    assert!(!then("2026-03-29T04:00:00Z").receives());
}

#[test]
fn the_next_opening_is_when_the_first_of_them_is_foretold_to_receive() {
    let world = world();
    let mut early = person(1);
    early.schedule_id = None;
    early.worn.status_id = OFFLINE;
    let late = Person { memberships: Vec::new(), ..person(3) };
    let sunday = at("2026-03-01T12:00:00Z");
    let opening = |people: &[&Person]| next_opening(&world, people.iter().copied(), CHAT, sunday, sunday);
    assert_eq!(opening(&[&person(2)]), Some(at("2026-03-02T08:00:00Z")));
    assert_eq!(opening(&[&early, &late]), None, "without a schedule nobody knows, and who is no member never will");
    assert_eq!(opening(&[&late, &person(2), &early]), Some(at("2026-03-02T08:00:00Z")));
    let away = Person { absences: vec![Absence { id: 1, from: sunday, until: at("2026-03-03T11:00:00Z"), deputy: None }], ..person(2) };
    assert_eq!(opening(&[&away]), Some(at("2026-03-03T11:00:00Z")));
}

#[test]
fn a_customer_meets_somebody_a_form_or_a_closed_door() {
    let mut world = world();
    assert_eq!((Mode::of(&world, true), Mode::of(&world, false)), (Mode::Live, Mode::Message));
    world.takes_messages = false;
    assert_eq!((Mode::of(&world, true), Mode::of(&world, false)), (Mode::Live, Mode::Closed));
}

fn some_person() -> impl Strategy<Value = Person> {
    let account = (any::<bool>(), prop::bool::weighted(0.1));
    let some = || prop_oneof![2 => Just(7u8), 1 => 0u8..8];
    let work = prop::collection::vec((prop::sample::select(vec![SALES, SUPPORT]), some(), some()), 0..3);
    let languages = prop::sample::subsequence(vec!["es", "en-GB", "fr-CA", "fr"], 0..=4);
    let times = (prop::option::of(-30i64..2), -50i64..0, prop::option::of(1i64..40));
    let load = (prop::option::of(0u32..4), 0u32..4, 1i64..4);
    let rest = (any::<bool>(), any::<bool>(), any::<bool>(), prop::option::of(1i64..4), prop::option::of((-3i64..3, 1i64..5)));
    (1i64..12, account, work, languages, 1i64..5, times, load, rest).prop_map(
        |(id, account, work, languages, status, times, load, rest)| {
            let set = |bits: u8| Channel::ALL.into_iter().filter(|channel| bits & 1 << *channel as u8 != 0).collect::<Channels>();
            let mut memberships: Vec<Membership> = Vec::new();
            for (department, allowed, active) in work {
                if memberships.iter().all(|one| one.department != department) {
                    let switches = Switches::new(set(allowed), set(allowed).and(set(active))).unwrap();
                    memberships.push(Membership { department, switches });
                }
            }
            let since = monday() + TimeDelta::minutes(times.1);
            let until = times.2.map(|minutes| monday() + TimeDelta::minutes(minutes));
            Person {
                account: AccountFacts { activated: account.0 || !account.1, suspended: account.1, ..AccountFacts::default() },
                languages: languages.into_iter().map(|tag| LanguageTag::parse(tag).unwrap()).collect(),
                memberships,
                schedule_id: rest.3,
                absences: rest.4.map(|(from, hours)| away(from, from + hours)).into_iter().collect(),
                worn: Worn { until, return_id: until.map(|_| ONLINE), ..worn(status, since) },
                presence_required: rest.0,
                last_beat: times.0.map(|minutes| monday() + TimeDelta::minutes(minutes.min(0))),
                do_not_disturb: rest.1,
                helps_when_invisible: rest.2,
                idle: rest.4.map(|(_, hours)| TimeDelta::minutes(20 * hours)),
                priority: load.2,
                max_chat_load: load.0,
                load: Load { open: load.1, ..Load::default() },
                ..person(id)
            }
        },
    )
}

/// Somebody who is there, online in both departments, with room for any chat: only what is left may keep queries away.
fn somebody_there() -> impl Strategy<Value = Person> {
    some_person().prop_map(|one| {
        let there = person(one.id);
        let worn = worn(ONLINE, one.worn.since);
        Person { presence_required: false, idle: None, memberships: there.memberships, worn, max_chat_load: None, ..one }
    })
}

fn some_people() -> impl Strategy<Value = Vec<Person>> {
    prop::collection::vec(some_person(), 1..8).prop_map(|mut people| {
        people.sort_by_key(|person| person.id);
        people.dedup_by_key(|person| person.id);
        people
    })
}

type Asked = (Option<i64>, Option<Channel>, Option<LanguageTag>, i64);

fn some_question() -> impl Strategy<Value = Asked> {
    let language = prop::option::of(prop::sample::select(vec!["es", "en", "fr-FR", "de"]).prop_map(|tag| LanguageTag::parse(tag).unwrap()));
    (
        prop::option::of(prop::sample::select(vec![SALES, SUPPORT, 99])),
        prop::option::of(prop::sample::select(Channel::ALL.to_vec())),
        language,
        prop::sample::select(vec![0, 29, 30, 60, 90]),
    )
}

fn question((department, channel, language, waiting): &Asked) -> Question<'_> {
    Question { department: *department, channel: *channel, language: language.as_ref(), waiting: TimeDelta::seconds(*waiting) }
}

proptest! {
    #[test]
    fn what_is_worked_out_before_says_what_the_checks_say(people in some_people(), asked in some_question(), minutes in 0i64..2000) {
        let (world, question) = (Arc::new(world()), question(&asked));
        let now = monday() + TimeDelta::minutes(minutes);
        let roster = Arc::new(Roster::new(world.clone(), people.clone()));
        let prepared = Prepared::new(roster, monday()).at(now);
        let mut receiving = Vec::new();
        for (place, person) in people.iter().enumerate() {
            let expected = verdict(&world, person, question, now, now);
            let found = prepared.verdict(place, question).unwrap();
            prop_assert_eq!(found.passed, expected.passed, "{:?}", person);
            prop_assert_eq!(found.next_change, expected.next_change);
            if found.receives() && (question.department.is_none() || person.switches_in(question.department.unwrap()).is_some()) {
                receiving.push(place);
            }
        }
        let mut ranked: Vec<usize> = prepared.ranked(question).into_iter().map(|(place, _)| place).collect();
        ranked.sort_unstable();
        prop_assert_eq!(ranked, receiving);
    }

    #[test]
    fn nobody_receives_who_is_away_suspended_outside_their_hours_or_without_the_language(
        person in somebody_there(),
        asked in some_question(),
        minutes in 0i64..480,
    ) {
        let (world, question) = (world(), question(&asked));
        let now = monday() + TimeDelta::minutes(minutes);
        let receives = |person: &Person| verdict(&world, person, question, now, now).receives();
        // Each case is somebody who receives.
        prop_assume!(receives(&person));
        prop_assert!(!person.account.suspended);
        prop_assert!(person.absences.iter().all(|absence| now < absence.from || absence.until <= now));
        prop_assert!(person.hours(&world).is_within(now).now);
        let is_lax = question.department == Some(SUPPORT) && question.waiting >= TimeDelta::seconds(30);
        let serving = [("es", "es"), ("en", "en-GB"), ("fr-FR", "fr")];
        let serves = |wanted: &LanguageTag, own: &LanguageTag| serving.contains(&(wanted.as_str(), own.as_str()));
        prop_assert!(is_lax || question.language.is_none_or(|wanted| person.languages.iter().any(|own| serves(wanted, own))));
        let gone = Absence { id: 2, from: now - TimeDelta::minutes(minutes % 60), until: now + TimeDelta::milliseconds(1), deputy: None };
        let absent = Person { absences: [person.absences.clone(), vec![gone]].concat(), ..person.clone() };
        let suspended = Person { account: AccountFacts { suspended: true, ..person.account }, ..person.clone() };
        let off = Person { schedule_id: Some(1), exceptions: closed("2026-03-02"), ..person.clone() };
        prop_assert!(!receives(&absent) && !receives(&suspended) && !receives(&off));
        let mute = Person { languages: vec![LanguageTag::parse("fr-CA").unwrap()], ..person };
        prop_assert!(is_lax || question.language.is_none() || !receives(&mute));
    }

    #[test]
    fn an_answer_stands_until_its_next_change(person in some_person(), asked in some_question(), minutes in 0i64..9000, part in 0.0..1.0) {
        let world = world();
        let now = monday() + TimeDelta::minutes(minutes);
        let first = verdict(&world, &person, question(&asked), now, now);
        let span = first.next_change.map_or(TimeDelta::days(9), |next| next - now);
        let passed = TimeDelta::milliseconds((span.num_milliseconds() as f64 * part) as i64).min(span - TimeDelta::milliseconds(1));
        let later = Question { waiting: question(&asked).waiting + passed, ..question(&asked) };
        prop_assert_eq!(verdict(&world, &person, later, now + passed, now + passed).passed, first.passed);
    }

    #[test]
    fn a_forecast_stands_until_its_next_change(person in some_person(), asked in some_question(), hours in 1i64..300, part in 0.0..1.0) {
        let world = world();
        let at = monday() + TimeDelta::hours(hours);
        let first = verdict(&world, &person, question(&asked), at, monday());
        let span = first.next_change.map_or(TimeDelta::days(9), |next| next - at);
        let passed = TimeDelta::milliseconds((span.num_milliseconds() as f64 * part) as i64).min(span - TimeDelta::milliseconds(1));
        let later = Question { waiting: question(&asked).waiting + passed, ..question(&asked) };
        prop_assert_eq!(verdict(&world, &person, later, at + passed, monday()).passed, first.passed);
    }

    #[test]
    fn the_order_in_which_people_come_does_not_matter(people in some_people(), asked in some_question()) {
        let (world, question) = (Arc::new(world()), question(&asked));
        let back = Roster::new(world.clone(), people.iter().rev().cloned());
        let there = Prepared::new(Arc::new(Roster::new(world, people)), monday());
        prop_assert_eq!(Prepared::new(Arc::new(back), monday()).ranked(question), there.ranked(question));
    }

    #[test]
    fn changing_some_is_the_same_as_putting_all_together_anew(people in some_people(), changed in some_people(), gone in some_people()) {
        let world = Arc::new(world());
        let held = Prepared::new(Arc::new(Roster::new(world.clone(), people.clone())), monday());
        let asked: Vec<i64> = changed.iter().chain(&gone).map(|person| person.id).collect();
        let found = held.with(world.watch, &asked, changed.clone(), monday());
        let left = people.into_iter().filter(|person| !asked.contains(&person.id));
        let expected = Prepared::new(Arc::new(Roster::new(world, left.chain(changed))), monday());
        prop_assert_eq!(found.roster.people(), expected.roster.people());
        for channel in Channel::ALL {
            for department in [None, Some(SALES), Some(SUPPORT)] {
                let question = Question { department, channel: Some(channel), ..Question::default() };
                prop_assert_eq!(found.ranked(question), expected.ranked(question));
            }
        }
    }

    #[test]
    fn somebody_receives_at_the_next_opening(people in some_people(), asked in some_question(), hours in 0i64..100) {
        let (world, question) = (world(), question(&asked));
        let now = monday() + TimeDelta::hours(hours);
        if let Some(opening) = next_opening(&world, &people, question, now, now) {
            let then = Question { waiting: question.waiting + (opening - now), ..question };
            prop_assert!(people.iter().any(|person| verdict(&world, person, then, opening, now).receives()));
        }
    }
}
