//! What a customer meets while nobody receives, and when somebody will (QU-4).

use chrono::{DateTime, TimeDelta, Utc};

use super::{Case, Check, Person, Question, World};
use crate::domain::named::named;

named! {
    /// What a customer meets (QU-4).
    Mode {
        /// Somebody receives.
        Live = "live",
        /// Nobody does; a message is taken.
        Message = "message",
        /// Nobody does, and no message is taken.
        Closed = "closed",
    }
}

impl Mode {
    /// What holds where somebody receives or nobody does.
    pub fn of(world: &World, anybody_receives: bool) -> Mode {
        match (anybody_receives, world.takes_messages) {
            (true, _) => Mode::Live,
            (false, true) => Mode::Message,
            (false, false) => Mode::Closed,
        }
    }
}

/// How far ahead an opening is looked for.
const HORIZON: TimeDelta = TimeDelta::days(14);
/// Changes of one operator that are followed at most.
const MOST_CHANGES: usize = 100;
/// What no time heals.
const LASTING: [Check; 6] =
    [Check::Account, Check::Membership, Check::ChannelAllowed, Check::ChannelActive, Check::DoNotDisturb, Check::Capacity];

/// The first instant after `at`, within two weeks, at which one of them is foretold to receive; `now` is the present one.
pub fn next_opening<'a>(
    world: &'a World,
    people: impl IntoIterator<Item = &'a Person>,
    question: Question<'a>,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let mut found = None;
    for person in people {
        let case = Case { world, person, question, at, now: now.min(at) };
        if LASTING.into_iter().all(|check| case.check(check).passed) {
            let end = found.unwrap_or(at + HORIZON);
            found = opening_of(case, end).or(found);
        }
    }
    found
}

/// The first instant at which this one is foretold to receive, before an end.
fn opening_of(case: Case<'_>, end: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let (mut here, mut waiting) = (case.at, case.question.waiting);
    for _ in 0..MOST_CHANGES {
        let question = Question { waiting, ..case.question };
        let next = Case { at: here, question, ..case }.verdict().next_change.filter(|next| *next < end)?;
        waiting += next - here;
        here = next;
        let question = Question { waiting, ..case.question };
        if (Case { at: here, question, ..case }).verdict().receives() {
            return Some(here);
        }
    }
    None
}
