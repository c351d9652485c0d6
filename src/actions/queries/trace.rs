//! Why a query went where it did, as it is kept with it (QU-7): who was looked at, how they came to be, and what the decision was.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::actions::availability::{ToldCheck, Words};
use crate::actions::roster::Snapshot;
use crate::domain::availability::{Case, Check, Kept, Load, Passed, Person, Prepared, Question};
use crate::domain::channel::Channel;
use crate::domain::language::LanguageTag;
use crate::domain::query::{Outcome, State};
use crate::domain::routing::{Look, Offer, Past, Rest, Route, Via, Wanted, route};
use crate::i18n::{Dates, Texts};
use crate::store::catalogue::Catalogue;
use crate::store::queries::{Query, Waiting};

/// Everybody who was looked at, in order, at an instant.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Trace {
    /// When, in milliseconds since the epoch.
    pub at: i64,
    /// The looks.
    pub looks: Vec<TraceLook>,
    /// Departments that were passed over because they do not work the channel.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unused: Vec<i64>,
}

/// A look at an operator. Names are short, since there may be many.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct TraceLook {
    /// The operator.
    #[serde(rename = "o")]
    pub operator: i64,
    /// As whose member.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub department: Option<i64>,
    /// How they came to be looked at: `addressed`, `deputy`, `department`, `fallback`.
    #[serde(rename = "v")]
    pub via: String,
    /// The absence for which they stand in.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub absence: Option<i64>,
    /// Which checks passed, a bit each in their order.
    #[serde(rename = "p")]
    pub passed: u16,
    /// Their place in the order, where they could be asked.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<usize>,
    /// The first instant at which this might turn out differently.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub next_change: Option<i64>,
    /// Why they were not asked although they might have been able to: how their offer ended, and when they are asked again.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<(String, i64)>,
    /// What decided: all checks of who was first, and the first that failed of who could not.
    #[serde(rename = "f", default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Kept>,
}

impl Trace {
    /// What is kept of a way.
    pub fn of(route: &Route, prepared: &Prepared, wanted: &Wanted<'_>, loads: &HashMap<i64, Load>, at: DateTime<Utc>) -> Trace {
        let kept =
            |(place, look): (usize, &Look)| TraceLook { facts: facts(look, place < TOLD, prepared, wanted, (loads, at)), ..kept(look) };
        Trace { at: at.timestamp_millis(), looks: route.looks.iter().enumerate().map(kept).collect(), unused: route.unused.clone() }
    }

    /// Why a query is where it is: what was kept when it went there; where nobody has it, how that stands now, after these offers.
    pub fn present(query: &Query, offers: &[Offer], snapshot: &Snapshot, now: DateTime<Utc>) -> Trace {
        if !matches!(query.state(), State::Waiting | State::Offered) {
            return Trace::read(&query.trace);
        }
        let (prepared, loads, waiting) = (&snapshot.prepared, HashMap::new(), Waiting::of(query, offers));
        let wanted = waiting.wanted();
        Trace::of(&route(prepared, &loads, &wanted, offers, now), prepared, &wanted, &loads, now)
    }

    /// Reads what was kept; nothing where it cannot be read.
    pub fn read(kept: &str) -> Trace {
        serde_json::from_str(kept).unwrap_or_default()
    }

    /// As it is kept.
    pub fn written(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// So many are told with all facts where they could take it; those who could come first.
const TOLD: usize = 3;

fn facts(
    look: &Look,
    is_first: bool,
    prepared: &Prepared,
    wanted: &Wanted<'_>,
    (loads, at): (&HashMap<i64, Load>, DateTime<Utc>),
) -> Vec<Kept> {
    let Some(person) = prepared.roster.person(look.operator) else { return Vec::new() };
    let busy;
    let person = match loads.get(&person.id).filter(|load| **load != person.load) {
        Some(load) => {
            busy = Person { load: *load, ..(**person).clone() };
            &busy
        }
        None => &**person,
    };
    let question = wanted.question(look.department, at);
    let case = Case { world: &prepared.roster.world, person, question, at, now: at };
    match look.verdict.passed.reason() {
        Some(reason) => vec![Kept::of(&case.check(reason), &case)],
        None if is_first => case.findings().iter().map(|finding| Kept::of(finding, &case)).collect(),
        None => Vec::new(),
    }
}

fn kept(look: &Look) -> TraceLook {
    let (via, absence) = match look.via {
        Via::Addressed => ("addressed", None),
        Via::Deputy(absence) => ("deputy", Some(absence)),
        Via::Department => ("department", None),
        Via::Fallback => ("fallback", None),
    };
    TraceLook {
        operator: look.operator,
        department: look.department,
        via: via.to_owned(),
        absence,
        passed: look.verdict.passed.bits(),
        rank: look.rank,
        next_change: look.verdict.next_change.map(|at| at.timestamp_millis()),
        rest: look.rest.map(|Rest { outcome, until }| (outcome.as_str().to_owned(), until.timestamp_millis())),
        facts: Vec::new(),
    }
}

impl TraceLook {
    /// Which checks passed.
    pub fn checks(&self) -> Passed {
        Passed::of_bits(self.passed)
    }

    /// Whether every check passed.
    pub fn receives(&self) -> bool {
        self.checks().all()
    }

    /// The first check that failed.
    pub fn reason(&self) -> Option<Check> {
        self.checks().reason()
    }

    /// How their offer ended where they are not asked for a while, and when they are asked again.
    pub fn rest(&self) -> Option<Rest> {
        let (outcome, until) = self.rest.as_ref()?;
        Some(Rest { outcome: Outcome::parse(outcome)?, until: DateTime::from_timestamp_millis(*until)? })
    }

    /// The first instant at which this might turn out differently.
    pub fn changes_at(&self) -> Option<DateTime<Utc>> {
        self.next_change.and_then(DateTime::from_timestamp_millis)
    }
}

/// An absence that a query went past, as it is kept and told.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct TransferredFrom {
    /// Who is away.
    pub operator_id: i64,
    /// Their absence.
    pub absence_id: i64,
}

impl TransferredFrom {
    /// What is kept.
    pub fn written(past: &[Past]) -> String {
        let past: Vec<TransferredFrom> =
            past.iter().map(|past| TransferredFrom { operator_id: past.operator, absence_id: past.absence }).collect();
        serde_json::to_string(&past).unwrap_or_default()
    }

    /// Reads what was kept.
    pub fn read(kept: &str) -> Vec<TransferredFrom> {
        serde_json::from_str(kept).unwrap_or_default()
    }
}

/// Tells what was looked at in words.
pub struct Teller<'a> {
    t: Texts,
    dates: Dates,
    catalogue: &'a Catalogue,
    channel: Channel,
    language: Option<LanguageTag>,
}

impl<'a> Teller<'a> {
    /// Of a query, in a language, with instants in a zone.
    pub fn new(query: &Query, t: Texts, dates: Dates, catalogue: &'a Catalogue) -> Teller<'a> {
        Teller { t, dates, catalogue, channel: query.channel(), language: query.language() }
    }

    /// The checks of a look in their order; those whose fact was not kept have no words.
    pub fn checks(&self, look: &TraceLook) -> impl Iterator<Item = (Check, bool, Option<ToldCheck>)> {
        let question =
            Question { department: look.department, channel: Some(self.channel), language: self.language.as_ref(), ..Question::default() };
        let words = Words { t: self.t, dates: self.dates, catalogue: self.catalogue, question };
        let passed = look.checks();
        Check::ALL.into_iter().map(move |check| {
            let kept = look.facts.iter().find(|kept| kept.check() == check);
            (check, passed.has(check), kept.map(|kept| words.kept(kept, look.operator)))
        })
    }
}
