//! The same decision about many operators at once: what concerns an operator alone is worked out when it changes, not when somebody asks.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Case, Check, Load, Passed, Person, Place, Question, Verdict, World, sooner};
use crate::domain::channel::Channel;
use crate::domain::language::{self, LanguageTag};
use crate::domain::routing::{self, Candidate};
use crate::domain::status::Watch;

/// Everybody, by id.
#[derive(Clone, Debug)]
pub struct Roster {
    /// What all share.
    pub world: Arc<World>,
    people: Vec<Arc<Person>>,
    /// Places in `people` of the members of each department.
    members: HashMap<i64, Vec<usize>>,
}

impl Roster {
    /// Puts everybody together; the order in which they come does not matter.
    pub fn new(world: Arc<World>, people: impl IntoIterator<Item = Person>) -> Roster {
        let mut people: Vec<Arc<Person>> = people.into_iter().map(Arc::new).collect();
        people.sort_unstable_by_key(|person| person.id);
        let members = members(&people);
        Roster { world, people, members }
    }

    /// Everybody, by id.
    pub fn people(&self) -> &[Arc<Person>] {
        &self.people
    }

    /// Their place.
    pub fn place_of(&self, id: i64) -> Option<usize> {
        self.people.binary_search_by_key(&id, |person| person.id).ok()
    }

    /// One operator.
    pub fn person(&self, id: i64) -> Option<&Arc<Person>> {
        self.people.get(self.place_of(id)?)
    }

    /// Places of the members of a department, or of everybody.
    pub fn places_in(&self, department: Option<i64>) -> Places<'_> {
        match department {
            None => Places::Everybody(0..self.people.len()),
            Some(id) => Places::Members(self.members.get(&id).map_or(&[][..], Vec::as_slice).iter()),
        }
    }

    /// The same people in another world.
    #[must_use]
    pub fn in_world(&self, world: Arc<World>) -> Roster {
        Roster { world, people: self.people.clone(), members: self.members.clone() }
    }

    /// The same with these operators as they are now and those gone who are named in `asked` without being there.
    fn with(&self, asked: &[i64], changed: Vec<Person>) -> Roster {
        let mut people = self.people.clone();
        let mut is_moved = false;
        for id in asked {
            if let Ok(place) = people.binary_search_by_key(id, |person| person.id)
                && !changed.iter().any(|person| person.id == *id)
            {
                people.remove(place);
                is_moved = true;
            }
        }
        for person in changed {
            match people.binary_search_by_key(&person.id, |other| other.id) {
                Ok(place) => {
                    if let Some(slot) = people.get_mut(place) {
                        is_moved |= slot.memberships != person.memberships;
                        *slot = Arc::new(person);
                    }
                }
                Err(place) => {
                    people.insert(place, Arc::new(person));
                    is_moved = true;
                }
            }
        }
        let members = if is_moved { members(&people) } else { self.members.clone() };
        Roster { world: self.world.clone(), people, members }
    }
}

fn members(people: &[Arc<Person>]) -> HashMap<i64, Vec<usize>> {
    let mut members: HashMap<i64, Vec<usize>> = HashMap::new();
    for (place, person) in people.iter().enumerate() {
        for membership in &person.memberships {
            members.entry(membership.department).or_default().push(place);
        }
    }
    members
}

/// Places in a roster.
#[derive(Clone, Debug)]
pub enum Places<'a> {
    /// Every one.
    Everybody(std::ops::Range<usize>),
    /// Those of a department.
    Members(std::slice::Iter<'a, usize>),
}

impl Iterator for Places<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        match self {
            Places::Everybody(range) => range.next(),
            Places::Members(places) => places.next().copied(),
        }
    }
}

/// What concerns an operator alone, worked out for an instant: all checks that no question changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Standing {
    /// With the checks that depend on the question unset.
    passed: Passed,
    /// Whether the status passes once somebody has waited long enough (QU-5).
    helps: bool,
    /// When any of it may turn out differently.
    until: Option<DateTime<Utc>>,
    /// When a chat stops taking a slot.
    frees_at: Option<DateTime<Utc>>,
    /// Since when they wear what they wear.
    since: DateTime<Utc>,
}

/// The checks that no question changes, but for how long somebody has waited.
const ALONE: [Check; 5] = [Check::Account, Check::Absence, Check::Hours, Check::Presence, Check::Status];
/// The checks that are quick to tell for each question.
const ASKED: [Check; 6] =
    [Check::Membership, Check::ChannelAllowed, Check::ChannelActive, Check::DoNotDisturb, Check::Language, Check::Capacity];

/// A roster, worked out for an instant.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Everybody.
    pub roster: Arc<Roster>,
    /// The instant for which it was worked out; it holds until [`Prepared::until`].
    pub at: DateTime<Utc>,
    /// The first instant at which any of it may turn out differently.
    pub until: Option<DateTime<Utc>>,
    standings: Vec<Standing>,
    columns: OnceLock<Columns>,
    /// Whether each department has hours, and until when.
    departments: HashMap<i64, (bool, Option<DateTime<Utc>>)>,
}

/// What a search through everybody goes by: a few bytes an operator, in the order in which they are called.
#[derive(Clone, Debug, Default)]
struct Columns {
    /// Places, those first who are called first.
    order: Vec<u32>,
    /// In that order a bit for each channel that is received, and one for each that is as soon as helpers join.
    ready: Vec<u8>,
    /// In that order which of `tongues` is theirs.
    tongue: Vec<u32>,
    /// The sets of assistance languages there are.
    tongues: Vec<Vec<LanguageTag>>,
}

impl Prepared {
    /// Works everything out for an instant.
    pub fn new(roster: Arc<Roster>, at: DateTime<Utc>) -> Prepared {
        let standings = roster.people.iter().map(|person| standing(&roster.world, person, at)).collect();
        Prepared { departments: departments(&roster.world, at), at, until: None, standings, columns: OnceLock::new(), roster }.finished()
    }

    /// The same for a later instant: only what may have turned out differently by then is worked out again.
    #[must_use]
    pub fn at(&self, at: DateTime<Utc>) -> Prepared {
        let is_due = |until: Option<DateTime<Utc>>| at < self.at || until.is_some_and(|until| until <= at);
        let again = |(person, held): (&Arc<Person>, &Standing)| {
            if is_due(held.until) { standing(&self.roster.world, person, at) } else { *held }
        };
        let standings = self.roster.people.iter().zip(&self.standings).map(again).collect();
        let is_stale = self.departments.values().any(|(_, until)| is_due(*until));
        let departments = if is_stale { departments(&self.roster.world, at) } else { self.departments.clone() };
        Prepared { roster: self.roster.clone(), at, until: None, standings, columns: OnceLock::new(), departments }.finished()
    }

    /// Operators who were there, but may not be at a later instant: their heartbeats are to be read anew before that is said.
    pub fn silent_at(&self, at: DateTime<Utc>) -> Vec<i64> {
        let was_there = |(_, standing): &(&Arc<Person>, &Standing)| {
            standing.passed.has(Check::Presence) && standing.until.is_some_and(|until| until <= at)
        };
        let is_silent = |person: &&Arc<Person>| {
            let case = Case { world: &self.roster.world, person, question: Question::default(), at, now: at };
            !case.check(Check::Presence).passed
        };
        let there = self.roster.people.iter().zip(&self.standings).filter(was_there).map(|(person, _)| person);
        there.filter(is_silent).map(|person| person.id).collect()
    }

    /// The same with these operators as they are now: nobody else is worked out again. Those of `asked` who are not among the
    /// changed ones are gone. How far time was written down concerns nobody else.
    #[must_use]
    pub fn with(&self, watch: Watch, asked: &[i64], changed: Vec<Person>, at: DateTime<Utc>) -> Prepared {
        let mut roster = self.roster.with(asked, changed);
        if roster.world.watch != watch {
            roster.world = Arc::new(World { watch, ..(*roster.world).clone() });
        }
        let roster = Arc::new(roster);
        // Both are in the order of ids.
        let mut held = self.roster.people.iter().map(|person| person.id).zip(&self.standings).peekable();
        let standings = roster.people.iter().map(|person| {
            while held.next_if(|(id, _)| *id < person.id).is_some() {}
            let kept = held.next_if(|(id, _)| *id == person.id).filter(|_| !asked.contains(&person.id));
            kept.map_or_else(|| standing(&roster.world, person, at), |(_, standing)| *standing)
        });
        let standings = standings.collect();
        let departments = self.departments.clone();
        Prepared { standings, roster, departments, columns: OnceLock::new(), at: self.at, until: None }.finished()
    }

    fn finished(mut self) -> Prepared {
        let people = self.standings.iter().map(|standing| sooner(standing.until, standing.frees_at));
        self.until = people.chain(self.departments.values().map(|(_, until)| *until)).fold(None, sooner);
        self
    }

    /// Operators of whose chats one takes no slot any more at a later instant: what they have at hand is to be read anew then.
    pub fn freed_at(&self, at: DateTime<Utc>) -> Vec<i64> {
        let is_freed = |standing: &Standing| standing.frees_at.is_some_and(|frees| frees <= at);
        self.roster.people.iter().zip(&self.standings).filter(|(_, standing)| is_freed(standing)).map(|(person, _)| person.id).collect()
    }

    /// The same with other things at hand: nobody else is worked out again.
    #[must_use]
    pub fn with_loads(&self, loads: &[(i64, Load)], at: DateTime<Utc>) -> Prepared {
        let busy = |(id, load): &(i64, Load)| Some(Person { load: *load, ..(**self.roster.person(*id)?).clone() });
        let changed: Vec<Person> = loads.iter().filter_map(busy).collect();
        let asked: Vec<i64> = changed.iter().map(|person| person.id).collect();
        self.with(self.roster.world.watch, &asked, changed, at)
    }

    /// The decision about the operator at a place of the roster.
    pub fn verdict(&self, place: usize, question: Question<'_>) -> Option<Verdict> {
        let (person, standing) = (self.roster.people.get(place)?, self.standings.get(place)?);
        let world = &*self.roster.world;
        let case = Case { world, person, question, at: self.at, now: self.at };
        let (mut passed, mut next_change) = (standing.passed, standing.until);
        for check in ASKED {
            let finding = case.check(check);
            passed = passed.with(check, finding.passed);
            next_change = sooner(next_change, finding.until);
        }
        if standing.helps {
            let finding = case.check(Check::Status);
            passed = passed.with(Check::Status, finding.passed);
            next_change = sooner(next_change, finding.until);
        }
        let (is_open, until) = question.department.and_then(|id| self.departments.get(&id)).copied().unwrap_or((true, None));
        passed = passed.with(Check::DepartmentHours, is_open);
        Some(Verdict { passed, next_change: sooner(next_change, until) })
    }

    /// The same decision about an operator who has something else at hand than the roster knows.
    pub fn verdict_under(&self, place: usize, question: Question<'_>, load: Load) -> Option<Verdict> {
        let verdict = self.verdict(place, question)?;
        let max = self.roster.people.get(place)?.max_chat_load;
        let has_room = question.channel != Some(Channel::Chat) || load.has_room(max);
        Some(Verdict { passed: verdict.passed.with(Check::Capacity, has_room), next_change: sooner(verdict.next_change, load.frees_at) })
    }

    /// Places of those who receive, the best first, each with the rank: all are first where all are called at once (DE-6).
    pub fn ranked(&self, question: Question<'_>) -> Vec<(usize, usize)> {
        if let Question { department: None, channel: Some(channel), .. } = question {
            let columns = self.columns.get_or_init(|| Columns::of(&self.roster, &self.standings));
            let places = columns.receiving(&self.roster.world, channel, question);
            return places.enumerate().map(|(before, place)| (place, before + 1)).collect();
        }
        let receives = |place: &usize| self.verdict(*place, question).is_some_and(|verdict| verdict.receives());
        let candidates = self
            .roster
            .places_in(question.department)
            .filter(receives)
            .filter_map(|place| self.candidate(place, place, self.roster.people.get(place)?.load));
        routing::ranked(self.roster.world.rule(question), candidates.collect())
    }

    /// What routing goes by of who stands at a place of the roster, with something at hand; `number` is handed back.
    pub fn candidate(&self, place: usize, number: usize, load: Load) -> Option<Candidate> {
        let (person, standing) = self.roster.people.get(place).zip(self.standings.get(place))?;
        Some(person.candidate(number, load, standing.since))
    }
}

impl Columns {
    /// The columns of a roster.
    fn of(roster: &Roster, standings: &[Standing]) -> Columns {
        let mut order: Vec<u32> = (0..roster.people.len()).filter_map(|place| u32::try_from(place).ok()).collect();
        order.sort_by_key(|place| {
            roster.people.get(*place as usize).map(|person| person.candidate(0, person.load, person.worn.since).fullest())
        });
        let mut known: HashMap<&[LanguageTag], u32> = HashMap::new();
        let (mut ready, mut tongue, mut tongues) = (Vec::new(), Vec::new(), Vec::new());
        for place in &order {
            let place = *place as usize;
            let Some((person, standing)) = roster.people.get(place).zip(standings.get(place)) else { continue };
            ready.push(received(&roster.world, person, *standing));
            tongue.push(*known.entry(&person.languages).or_insert_with(|| {
                tongues.push(person.languages.clone());
                u32::try_from(tongues.len() - 1).unwrap_or(u32::MAX)
            }));
        }
        Columns { order, ready, tongue, tongues }
    }

    /// Places of all who receive on a channel, whatever their department.
    fn receiving(&self, world: &World, channel: Channel, question: Question<'_>) -> impl Iterator<Item = usize> {
        let serves = |own: &Vec<LanguageTag>| question.language.is_none_or(|wanted| language::best(own, wanted).is_some());
        let serves: Vec<bool> = self.tongues.iter().map(serves).collect();
        let help = if question.waiting >= world.help_after { 1 << (channel as u8 + HELPS) } else { 0 };
        let bits = 1 << channel as u8 | help;
        let rows = self.order.iter().zip(&self.ready).zip(&self.tongue);
        let fitting = rows.filter(move |((_, ready), tongue)| **ready & bits != 0 && serves.get(**tongue as usize) == Some(&true));
        fitting.map(|((place, _), _)| *place as usize)
    }
}

/// How far the bits of helpers are from those of others.
const HELPS: u8 = 3;

/// The channels an operator receives on in any department, if nobody asks for a language; shifted where only as a helper.
fn received(world: &World, person: &Person, standing: Standing) -> u8 {
    let passes = |check: &Check| standing.passed.has(*check) || *check == Check::Status && standing.helps;
    if !ALONE.iter().all(passes) {
        return 0;
    }
    let shift = if standing.helps { HELPS } else { 0 };
    let receives = |channel: &Channel| {
        let question = Question { channel: Some(*channel), ..Question::default() };
        let case = Case { world, person, question, at: DateTime::UNIX_EPOCH, now: DateTime::UNIX_EPOCH };
        ASKED.iter().all(|check| case.check(*check).passed)
    };
    Channel::ALL.iter().filter(|channel| receives(channel)).fold(0, |bits, channel| bits | 1 << (*channel as u8 + shift))
}

fn standing(world: &World, person: &Person, at: DateTime<Utc>) -> Standing {
    // Whoever helps out passes for those who waited long enough; how long is seen when somebody asks.
    let patient = Question { waiting: TimeDelta::MAX, ..Question::default() };
    let case = Case { world, person, question: patient, at, now: at };
    let frees_at = person.load.frees_at;
    let since = person.worn.since;
    let (mut standing, mut worn) = (Standing { passed: Passed::default(), helps: false, until: None, frees_at, since }, None);
    for check in ALONE {
        let finding = case.look(check, &mut worn);
        standing.passed = standing.passed.with(check, finding.passed);
        standing.until = sooner(standing.until, finding.until);
    }
    let receives = Case { question: Question::default(), ..case }.look(Check::Status, &mut worn).passed;
    standing.helps = standing.passed.has(Check::Status) && !receives;
    standing.passed = standing.passed.with(Check::Status, receives);
    standing.since = worn.map_or(since, |worn| worn.since);
    standing
}

fn departments(world: &World, at: DateTime<Utc>) -> HashMap<i64, (bool, Option<DateTime<Utc>>)> {
    let open = |(id, place): (&i64, &Place)| {
        let hours = world.hours_of(place);
        (*id, (hours.is_within(at).now, hours.next_change(at)))
    };
    world.departments.iter().map(open).collect()
}
