//! What switches a status by itself: the hours, a lost panel, long silence, messages without an answer, and the ends of timed statuses
//! (HR-4, ST-1, ST-5 to ST-7).
//!
//! A switch is dated with the instant at which it was due, however late somebody asks, and never before what was written down already.

#[cfg(test)]
mod tests;

use std::fmt::Debug;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Cause, Limit, MOST_STEPS, Named, Worn};
use crate::domain::schedule::Hours;

/// Whoever follows statuses does so at least this often; after a longer gap nobody was there to hear heartbeats.
pub const LAPSE: TimeDelta = TimeDelta::seconds(90);

/// How a status behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// Whether who wears it receives.
    pub receives: bool,
    /// How it ends by itself.
    pub limit: Option<Limit>,
}

/// Where the rule of each status is found.
pub trait Rules: Debug {
    /// That of one status; of an unknown one, a rule that does nothing.
    fn rule(&self, status_id: i64) -> Rule;
}

/// How far the passing of time was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    /// Up to here; the epoch before the first time.
    pub followed_at: DateTime<Utc>,
    /// Heartbeats and activity that were due before could not be heard.
    pub resumed_at: DateTime<Utc>,
}

impl Watch {
    /// As it counts at an instant. After a gap longer than [`LAPSE`], or where the clock went back, listening begins anew (ST-5); before
    /// the first time there was nothing to write down.
    pub fn at(self, now: DateTime<Utc>) -> Watch {
        let is_new = self.followed_at == DateTime::UNIX_EPOCH;
        let is_gap = !is_new && (self.followed_at > now || now - self.followed_at > LAPSE);
        Watch {
            followed_at: if is_new { now } else { self.followed_at.min(now) },
            resumed_at: if is_gap { now } else { self.resumed_at.min(now) },
        }
    }
}

/// The rule of ST-5 for one operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presence {
    /// The last heartbeat of any client.
    pub heard_at: Option<DateTime<Utc>>,
    /// So long after it nobody is there any more.
    pub window: TimeDelta,
}

impl Presence {
    /// Whether heartbeats come: a panel sends one every half minute. Until they stay away, presence ends nothing.
    pub fn is_heard(&self, now: DateTime<Utc>) -> bool {
        self.heard_at.is_some_and(|heard| now - heard < LAPSE.min(self.window))
    }
}

/// The rule of ST-7 for one operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Idle {
    /// The last activity.
    pub active_at: Option<DateTime<Utc>>,
    /// So long after it the operator is away.
    pub after: TimeDelta,
}

/// The rule of ST-6 for one operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Since when a requester waits for a word.
    pub since: DateTime<Utc>,
    /// So long after it the operator is taken to be away.
    pub after: TimeDelta,
}

/// Everything that the status of one operator goes by.
#[derive(Clone, Copy, Debug)]
pub struct Course<'a> {
    /// The statuses that the settings name.
    pub named: Named,
    /// How each status behaves.
    pub rules: &'a dyn Rules,
    /// The operator's hours; without a schedule they switch nothing.
    pub hours: Hours<'a>,
    /// Whether the account is active: nobody else begins a shift.
    pub is_active: bool,
    /// How far time was written down.
    pub watch: Watch,
    /// Whether a live panel is needed, and how it stands.
    pub presence: Option<Presence>,
    /// Whether silence switches, and how it stands.
    pub idle: Option<Idle>,
    /// Whether a message without an answer switches, and how that stands.
    pub answer: Option<Answer>,
}

impl Course<'_> {
    /// What has come after a status by an instant: each switch that was due, in order.
    pub fn steps(&self, from: &Worn, now: DateTime<Utc>) -> Vec<Worn> {
        // A status of the time to come is left over from a clock that was wrong.
        let since = if from.since > now { self.watch.followed_at.min(now) } else { from.since };
        let from = Worn { since, ..from.clone() };
        let mut steps: Vec<Worn> = Vec::new();
        while steps.len() < MOST_STEPS {
            match self.next(steps.last().unwrap_or(&from)).filter(|next| next.since <= now) {
                Some(next) => steps.push(next),
                None => break,
            }
        }
        steps
    }

    /// What is worn at an instant, whether or not it has been written down yet.
    pub fn worn(&self, from: &Worn, now: DateTime<Utc>) -> Worn {
        self.steps(from, now).pop().unwrap_or_else(|| from.clone())
    }

    /// The same for as long as heartbeats come.
    #[must_use]
    pub fn while_heard(self) -> Self {
        Course { presence: None, ..self }
    }

    /// What comes after a status by itself, if anything. Of what comes at one instant, the hours come first, then the lost panel, then
    /// silence, then a message without an answer, then the ends of timed statuses.
    pub fn next(&self, here: &Worn) -> Option<Worn> {
        let ended = here.next(self.named.offline, |id| self.rules.rule(id).limit);
        [self.turned(here), self.lost(here), self.silent(here), self.speechless(here), ended]
            .into_iter()
            .flatten()
            .min_by_key(|next| next.since)
    }

    /// The start of a shift brings the default online status to who does not receive, the end of the hours the default offline one (HR-4).
    fn turned(&self, here: &Worn) -> Option<Worn> {
        let floor = self.watch.followed_at.max(here.since);
        let begins = self.is_active && !self.receives(here);
        let start = if begins { self.hours.next_start(floor) } else { None };
        // What would bring somebody back later is over with the hours, too.
        let ends = here.status_id != self.named.offline || here.until.is_some();
        let end = if ends { self.hours.next_end(floor) } else { None };
        let turns = [start.map(|at| (at, self.named.online)), end.map(|at| (at, self.named.offline))];
        let (at, to) = turns.into_iter().flatten().min()?;
        Some(switched(to, at, Cause::Schedule))
    }

    /// Who receives and was not heard for the window is there no longer (ST-5).
    fn lost(&self, here: &Worn) -> Option<Worn> {
        let presence = self.presence.filter(|_| self.receives(here))?;
        let at = self.heard(here, presence.heard_at) + presence.window;
        Some(switched(self.away(), at.max(self.watch.followed_at), Cause::NoSession))
    }

    /// Who receives and did nothing for their time is away, until the next activity (ST-7). The end of a timed status is forgotten with it.
    fn silent(&self, here: &Worn) -> Option<Worn> {
        let idle = self.idle.filter(|_| self.receives(here))?;
        let at = self.heard(here, idle.active_at) + idle.after;
        let away = switched(self.away(), at.max(self.watch.followed_at), Cause::Idle);
        Some(Worn { return_id: Some(here.status_id), ..away })
    }

    /// Who receives and leaves a new message without an answer for their time is away (ST-6). Whoever came back since is given the
    /// same time again.
    fn speechless(&self, here: &Worn) -> Option<Worn> {
        let answer = self.answer.filter(|_| self.receives(here))?;
        let at = answer.since.max(here.since) + answer.after;
        Some(switched(self.away(), at.max(self.watch.followed_at), Cause::NoAnswer))
    }

    /// What a heartbeat makes of a status, once everything that was due has come: activity ends being away (ST-7), and a panel that is
    /// opened within the hours brings whom the program sent away, or who never came, online (HR-4).
    pub fn welcomed(&self, here: &Worn, now: DateTime<Utc>, is_activity: bool) -> Option<Worn> {
        if self.receives(here) || !self.is_active || !self.hours.is_within(now).now {
            return None;
        }
        match here.cause {
            Cause::Idle => here.return_id.filter(|_| is_activity).map(|to| switched(to, now, Cause::Idle)),
            Cause::Start | Cause::Schedule | Cause::NoSession => {
                self.hours.schedule.map(|_| switched(self.named.online, now, Cause::Schedule))
            }
            _ => None,
        }
    }

    /// From when silence counts: nothing that was due before the server listened could be heard.
    fn heard(&self, here: &Worn, last: Option<DateTime<Utc>>) -> DateTime<Utc> {
        here.since.max(self.watch.resumed_at).max(last.unwrap_or(here.since))
    }

    fn away(&self) -> i64 {
        self.named.auto_offline.unwrap_or(self.named.offline)
    }

    fn receives(&self, here: &Worn) -> bool {
        self.rules.rule(here.status_id).receives
    }
}

fn switched(status_id: i64, since: DateTime<Utc>, cause: Cause) -> Worn {
    Worn { status_id, since, until: None, return_id: None, cause, set_by: String::new() }
}
