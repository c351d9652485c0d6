//! What is to happen to a query that nobody has yet. The decision about each operator is [`availability`](super::super::availability)'s;
//! here is the order in which operators come: who was addressed, their deputies, the department, the departments that stand in.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Candidate, ranked};
use crate::domain::availability::{Load, Prepared, Question, Verdict};
use crate::domain::channel::Channel;
use crate::domain::department::Routing;
use crate::domain::language::LanguageTag;
use crate::domain::query::Outcome;

/// Whoever let an offer pass is asked again after so long, if the query still waits.
pub const ROUND: TimeDelta = TimeDelta::seconds(60);
/// Whoever declined, or gave the query away, is asked again after so long: by then it has gone to all others who can take it.
pub const REPRIEVE: TimeDelta = TimeDelta::seconds(180);
/// Deputies that are followed one after the other (QUALITY R7).
pub const MOST_DEPUTIES: usize = 5;

/// A query, as far as its way goes.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// On which channel.
    pub channel: Channel,
    /// For which department.
    pub department: Option<i64>,
    /// For which operator, if for one.
    pub addressed: Option<i64>,
    /// In which language.
    pub language: Option<&'a LanguageTag>,
    /// Since when it waits.
    pub since: DateTime<Utc>,
}

impl<'a> Wanted<'a> {
    /// What is asked about an operator of a department.
    pub fn question(&self, department: Option<i64>, now: DateTime<Utc>) -> Question<'a> {
        Question { department, channel: Some(self.channel), language: self.language, waiting: now - self.since }
    }
}

/// An offer of the query, made since it was last sent on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// To whom.
    pub operator: i64,
    /// Until when; none is until somebody has it.
    pub expires_at: Option<DateTime<Utc>>,
    /// When and how it ended.
    pub ended: Option<(DateTime<Utc>, Outcome)>,
}

impl Offer {
    /// The same at an instant: what is past its time has ended.
    fn at(mut self, now: DateTime<Utc>) -> Offer {
        if let (None, Some(expires)) = (self.ended, self.expires_at.filter(|expires| *expires <= now)) {
            self.ended = Some((expires, Outcome::TimedOut));
        }
        self
    }

    /// Whether it was made to this operator, who said neither yes nor no.
    pub fn is_unanswered_by(&self, operator: i64) -> bool {
        self.operator == operator && !matches!(self.ended, Some((_, Outcome::Declined | Outcome::Accepted)))
    }

    /// Why the operator is not asked for a while, and until when. One that was accepted was given away again, or nobody would be asked.
    fn rest(&self) -> Option<Rest> {
        let (at, outcome) = self.ended?;
        let until = match outcome {
            Outcome::Declined | Outcome::Accepted => at + REPRIEVE,
            Outcome::TimedOut => at + ROUND,
            Outcome::Withdrawn => return None,
        };
        Some(Rest { outcome, until })
    }
}

/// A while in which an operator is not asked for a query, since it has been theirs to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest {
    /// What became of it: declined, let pass, or accepted and given away.
    pub outcome: Outcome,
    /// When they are asked again.
    pub until: DateTime<Utc>,
}

/// Operators for whom a query with these offers rings.
pub fn rings_for(offers: &[Offer]) -> Vec<i64> {
    offers.iter().filter(|offer| offer.ended.is_none()).map(|offer| offer.operator).collect()
}

/// How an operator came to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// The query was sent to them.
    Addressed,
    /// They stand in for somebody who is away, by this absence (AB-3).
    Deputy(i64),
    /// They work in the department.
    Department,
    /// They work in a department that stands in.
    Fallback,
}

/// A look at an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The operator.
    pub operator: i64,
    /// As whose member.
    pub department: Option<i64>,
    /// How they came to be looked at.
    pub via: Via,
    /// The decision.
    pub verdict: Verdict,
    /// Their place in the order, where they receive and do not rest.
    pub rank: Option<usize>,
    /// Why they are not asked although they might receive.
    pub rest: Option<Rest>,
}

/// An absence that the query went past (AB-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Past {
    /// Who is away.
    pub operator: i64,
    /// Their absence.
    pub absence: i64,
}

/// Who may get the query, all by one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Operators, the best first.
    pub operators: Vec<i64>,
    /// As whose members.
    pub department: Option<i64>,
    /// How it is offered.
    pub rule: Routing,
    /// For how long; zero assigns it at once, but rings without an end where all are called at once.
    pub offered_for: TimeDelta,
}

/// Where a query can go, and everything that was looked at on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// Who may get it; none where nobody can.
    pub target: Option<Target>,
    /// Absences it went past.
    pub past: Vec<Past>,
    /// Who was looked at, in order.
    pub looks: Vec<Look>,
    /// Departments that were passed over because they do not work the channel.
    pub unused: Vec<i64>,
    /// When this may turn out differently if nobody changes anything.
    pub again_at: Option<DateTime<Utc>>,
}

/// What is to happen now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is this operator's.
    Assigned(i64),
    /// It is offered to these beside whoever it is offered to already.
    Offered {
        /// To whom.
        to: Vec<i64>,
        /// Until when.
        until: Option<DateTime<Utc>>,
    },
    /// The offers stand.
    Kept,
    /// Nobody can take it.
    Waiting,
}

/// The next step of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// Offers that end, by operator.
    pub ended: Vec<(i64, Outcome)>,
    /// What happens to the query.
    pub place: Place,
}

/// Everybody whose load may matter to where a query goes: who was addressed, their deputies, and members of its departments.
pub fn concerned(prepared: &Prepared, wanted: &Wanted<'_>, now: DateTime<Utc>) -> Vec<i64> {
    let roster = &prepared.roster;
    let mut found = Vec::new();
    let mut next = wanted.addressed;
    while let Some(person) = next.filter(|id| !found.contains(id)).and_then(|id| roster.person(id)) {
        found.push(person.id);
        next = person.absence_at(now).and_then(|absence| absence.deputy);
    }
    for department in line_of(prepared, wanted) {
        let members = roster.places_in(Some(department)).filter_map(|place| roster.people().get(place));
        found.extend(members.map(|person| person.id));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The department of a query and those that stand in, in order, each once.
fn line_of(prepared: &Prepared, wanted: &Wanted<'_>) -> Vec<i64> {
    let (mut line, mut next) = (Vec::new(), wanted.department);
    while let Some(id) = next.filter(|id| !line.contains(id)) {
        line.push(id);
        next = prepared.roster.world.departments.get(&id).and_then(|place| place.fallback);
    }
    line
}

/// Finds who may get a query at an instant for which the roster was prepared. `loads` tells what operators have at hand, where that is
/// known better than by the roster; `offers` are those since it was last sent on its way.
pub fn route(prepared: &Prepared, loads: &HashMap<i64, Load>, wanted: &Wanted<'_>, offers: &[Offer], now: DateTime<Utc>) -> Route {
    let offers: Vec<Offer> = offers.iter().map(|offer| offer.at(now)).collect();
    let mut search = Search { prepared, loads, wanted, offers: &offers, now, found: Route::default() };
    search.by_name();
    search.by_department();
    let Search { mut found, .. } = search;
    let changes = found.looks.iter().filter_map(|look| look.verdict.next_change);
    let rests = offers.iter().filter_map(Offer::rest).map(|rest| rest.until);
    let expiries = offers.iter().filter(|offer| offer.ended.is_none()).filter_map(|offer| offer.expires_at);
    found.again_at = changes.chain(rests).chain(expiries).filter(|at| *at > now).min();
    found
}

/// The department out of these in which a query for an operator is: the first in which they, or somebody who stands in for them, could
/// take it; else the first of all (AB-3).
pub fn department_for(prepared: &Prepared, wanted: &Wanted<'_>, works: impl Iterator<Item = i64>, now: DateTime<Utc>) -> Option<i64> {
    let is_reached = |department: i64| {
        let (loads, wanted) = (HashMap::new(), Wanted { department: Some(department), ..*wanted });
        let mut search = Search { prepared, loads: &loads, wanted: &wanted, offers: &[], now, found: Route::default() };
        search.by_name();
        search.found.target.is_some()
    };
    works.min_by_key(|id| (!is_reached(*id), *id))
}

struct Search<'a> {
    prepared: &'a Prepared,
    loads: &'a HashMap<i64, Load>,
    wanted: &'a Wanted<'a>,
    offers: &'a [Offer],
    now: DateTime<Utc>,
    found: Route,
}

impl Search<'_> {
    /// Who was addressed; while they are away, their deputy, and so on (AB-2, AB-3). The first who is not away decides.
    fn by_name(&mut self) {
        let roster = &self.prepared.roster;
        let (mut next, mut via, mut visited) = (self.wanted.addressed, Via::Addressed, Vec::new());
        while let Some(id) = next.filter(|id| !visited.contains(id) && visited.len() <= MOST_DEPUTIES) {
            visited.push(id);
            let Some(place) = roster.place_of(id) else { return };
            let Some((verdict, _)) = self.look(place, self.wanted.department, false) else { return };
            let rest = self.rest(id);
            let is_free = verdict.receives() && rest.is_none();
            let rank = is_free.then_some(1);
            self.found.looks.push(Look { operator: id, department: self.wanted.department, via, verdict, rank, rest });
            if is_free {
                self.aim(vec![id], self.wanted.department);
                return;
            }
            let Some(absence) = roster.person(id).and_then(|person| person.absence_at(self.now)) else { return };
            self.found.past.push(Past { operator: id, absence: absence.id });
            (next, via) = (absence.deputy, Via::Deputy(absence.id));
        }
    }

    /// The members of the department; while nobody there can or will be able to by waiting, those of the one that stands in (DE-1).
    fn by_department(&mut self) {
        for department in line_of(self.prepared, self.wanted) {
            if self.found.target.is_some() {
                return;
            }
            let Some(place) = self.prepared.roster.world.departments.get(&department) else { continue };
            if !place.channels.contains(self.wanted.channel) {
                self.found.unused.push(department);
                continue;
            }
            let (looks, order) = self.members(department, place.routing_of(self.wanted.channel));
            self.found.looks.extend(looks);
            if !order.is_empty() {
                self.aim(order, Some(department));
            } else if self.helps_to_wait(department) {
                return;
            }
        }
    }

    /// A look at every member, those first who receive, in their order; and who of them is to be asked.
    fn members(&self, department: i64, rule: Routing) -> (Vec<Look>, Vec<i64>) {
        let via = if self.wanted.department == Some(department) { Via::Department } else { Via::Fallback };
        let roster = &self.prepared.roster;
        let mut looks = Vec::new();
        let mut candidates: Vec<Candidate> = Vec::new();
        for place in roster.places_in(Some(department)) {
            let (Some(person), Some((verdict, load))) = (roster.people().get(place), self.look(place, Some(department), false)) else {
                continue;
            };
            let rest = self.rest(person.id);
            if verdict.receives() && rest.is_none() {
                candidates.extend(self.prepared.candidate(place, looks.len(), load));
            }
            looks.push(Look { operator: person.id, department: Some(department), via, verdict, rank: None, rest });
        }
        let mut order = Vec::new();
        for (place, rank) in ranked(rule, candidates) {
            if let Some(look) = looks.get_mut(place) {
                look.rank = Some(rank);
                order.push(look.operator);
            }
        }
        let of = |id: i64| order.iter().position(|one| *one == id).unwrap_or(usize::MAX);
        looks.sort_by_key(|look| (of(look.operator), look.operator));
        (looks, order)
    }

    /// Whether somebody in a department would receive once the requester has waited long enough (LA-2, QU-5).
    fn helps_to_wait(&self, department: i64) -> bool {
        let roster = &self.prepared.roster;
        roster.places_in(Some(department)).any(|place| {
            let is_free = roster.people().get(place).is_some_and(|person| self.rest(person.id).is_none());
            is_free && self.look(place, Some(department), true).is_some_and(|(verdict, _)| verdict.receives())
        })
    }

    fn look(&self, place: usize, department: Option<i64>, is_patient: bool) -> Option<(Verdict, Load)> {
        let person = self.prepared.roster.people().get(place)?;
        let load = self.loads.get(&person.id).copied().unwrap_or(person.load);
        let mut question = self.wanted.question(department, self.now);
        if is_patient {
            question.waiting = TimeDelta::MAX;
        }
        Some((self.prepared.verdict_under(place, question, load)?, load))
    }

    /// Why an operator is not asked now.
    fn rest(&self, operator: i64) -> Option<Rest> {
        let rests = self.offers.iter().filter(|offer| offer.operator == operator).filter_map(Offer::rest);
        rests.filter(|rest| self.now < rest.until).max_by_key(|rest| rest.until)
    }

    fn aim(&mut self, operators: Vec<i64>, department: Option<i64>) {
        let place = department.and_then(|id| self.prepared.roster.world.departments.get(&id));
        let channel = self.wanted.channel;
        let rule = place.map_or_else(Routing::default, |place| place.routing_of(channel));
        let offered_for = place.map_or_else(TimeDelta::zero, |place| place.offered_for(channel));
        self.found.target = Some(Target { operators, department, rule, offered_for });
    }
}

/// What is to happen to a query that goes this way: offers end whose time is over or whose operator cannot take it any more, then
/// all are called at once or the best one is asked (CONTRACT: with nothing to wait for it is assigned).
pub fn next(route: &Route, offers: &[Offer], now: DateTime<Utc>) -> Next {
    let mut ended = Vec::new();
    let mut open = Vec::new();
    for offer in offers.iter().filter(|offer| offer.ended.is_none()) {
        let is_wanted = route.target.as_ref().is_some_and(|target| target.operators.contains(&offer.operator));
        match offer.at(now).ended {
            Some((_, outcome)) => ended.push((offer.operator, outcome)),
            None if !is_wanted => ended.push((offer.operator, Outcome::Withdrawn)),
            None => open.push(offer.operator),
        }
    }
    let place = match &route.target {
        None => Place::Waiting,
        Some(target) => {
            let until = (target.offered_for > TimeDelta::zero()).then(|| now + target.offered_for);
            let more: Vec<i64> = target.operators.iter().copied().filter(|id| !open.contains(id)).collect();
            match (target.rule, more.as_slice()) {
                (Routing::RingAll, [_, ..]) => Place::Offered { to: more, until },
                (Routing::RingAll, []) => Place::Kept,
                (_, [best, ..]) if open.is_empty() => match until {
                    None => Place::Assigned(*best),
                    until => Place::Offered { to: vec![*best], until },
                },
                _ => Place::Kept,
            }
        }
    };
    Next { ended, place }
}
