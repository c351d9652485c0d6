//! What the decision goes by, as it is stored.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::Question;

use crate::domain::channel::{Channel, Channels};
use crate::domain::department::{LanguagePolicy, Routing};
use crate::domain::language::LanguageTag;
use crate::domain::membership::Switches;
use crate::domain::operator::AccountFacts;
use crate::domain::routing::Candidate;
use crate::domain::schedule::{AllowedHours, Exception, Hours, Schedule};
use crate::domain::status::{Answer, Course, Idle, Limit, Named, Presence, Rule, Rules, Watch, Worn};

/// What all operators share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    /// The channels the organisation works (DE-4).
    pub channels: Channels,
    /// Departments by id.
    pub departments: HashMap<i64, Place>,
    /// Shared schedules by id.
    pub schedules: HashMap<i64, Schedule>,
    /// The organisation's exceptions (HR-3).
    pub holidays: Vec<Exception>,
    /// Statuses by id.
    pub statuses: HashMap<i64, StatusFacts>,
    /// The statuses that the settings name.
    pub named: Named,
    /// For how long a heartbeat counts (ST-5).
    pub window: TimeDelta,
    /// How far the passing of time was written down (ST-5, HR-4).
    pub watch: Watch,
    /// A query that waited so long may go to invisible helpers (QU-5).
    pub help_after: TimeDelta,
    /// Whether messages are taken while nobody receives (QU-4).
    pub takes_messages: bool,
    /// A chat that was silent for so long takes no slot any more (QU-3).
    pub chat_inactivity: TimeDelta,
}

/// What the decision needs of a department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The channels it works, within those of the organisation.
    pub channels: Channels,
    /// Its hours; none is always.
    pub schedule_id: Option<i64>,
    /// What the language means (LA-2).
    pub language_policy: LanguagePolicy,
    /// For how long operators with the language come first.
    pub prefer: TimeDelta,
    /// To whom queries of each channel go (DE-6), in the order of [`Channel::ALL`].
    pub routing: [Routing; 3],
    /// For how long they are offered to one operator, in the same order; none assigns them at once.
    pub offered_for: [TimeDelta; 3],
    /// The department that stands in while nobody here can (DE-1).
    pub fallback: Option<i64>,
}

impl Place {
    /// To whom queries of a channel go.
    pub fn routing_of(&self, channel: Channel) -> Routing {
        self.routing.get(channel as usize).copied().unwrap_or_default()
    }

    /// For how long queries of a channel are offered to one operator; zero assigns them at once.
    pub fn offered_for(&self, channel: Channel) -> TimeDelta {
        self.offered_for.get(channel as usize).copied().unwrap_or_default()
    }
}

/// What the decision needs of a status (ST-1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatusFacts {
    /// Whether who wears it receives.
    pub can_receive: bool,
    /// Whether who wears it may help out (QU-5).
    pub invisible: bool,
    /// How it ends by itself.
    pub limit: Option<Limit>,
}

impl Rules for World {
    fn rule(&self, status_id: i64) -> Rule {
        let facts = self.status(status_id);
        Rule { receives: facts.can_receive, limit: facts.limit }
    }
}

impl World {
    /// What is known of a status.
    pub fn status(&self, id: i64) -> StatusFacts {
        self.statuses.get(&id).copied().unwrap_or_default()
    }

    /// The hours of a department; always where it has none.
    pub fn hours_of(&self, place: &Place) -> Hours<'_> {
        let schedule = place.schedule_id.and_then(|id| self.schedules.get(&id));
        Hours { schedule, operator: &[], organisation: &self.holidays, allowed: None }
    }

    /// How those who receive are ranked for a question (DE-6); without a department or a channel the fullest come first.
    pub fn rule(&self, question: Question<'_>) -> Routing {
        let place = question.department.and_then(|id| self.departments.get(&id));
        place.zip(question.channel).map(|(place, channel)| place.routing_of(channel)).unwrap_or_default()
    }
}

/// One operator. Deleted ones are nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The operator.
    pub id: i64,
    /// Full name.
    pub name: String,
    /// Name shown to customers, where it is another one.
    pub alias: Option<String>,
    /// The account (OP-5).
    pub account: AccountFacts,
    /// Assistance languages, best first (LA-1).
    pub languages: Vec<LanguageTag>,
    /// Where they work, by department.
    pub memberships: Vec<Membership>,
    /// The schedule in use, shared or own; none is always.
    pub schedule_id: Option<i64>,
    /// The own schedule, where it is in use.
    pub own_schedule: Option<Box<Schedule>>,
    /// Own exceptions (HR-3).
    pub exceptions: Vec<Exception>,
    /// Hours that somebody allowed beside the schedule (HR-4).
    pub allowed_hours: Option<AllowedHours>,
    /// Absences that are not over, by their first instant (AB-1).
    pub absences: Vec<Absence>,
    /// The status as it was written down.
    pub worn: Worn,
    /// Whether a live panel is needed (ST-5).
    pub presence_required: bool,
    /// The last heartbeat of any client.
    pub last_beat: Option<DateTime<Utc>>,
    /// After so long without activity they are away (ST-7).
    pub idle: Option<TimeDelta>,
    /// Whoever waits so long for a word of theirs sends them away (ST-6).
    pub answers_within: Option<TimeDelta>,
    /// The last activity.
    pub active_at: Option<DateTime<Utc>>,
    /// Takes no calls (ST-10).
    pub do_not_disturb: bool,
    /// Helps out while invisible (QU-5).
    pub helps_when_invisible: bool,
    /// Lowest number first (DE-5).
    pub priority: i64,
    /// Chats at once; 0 none, absent no limit.
    pub max_chat_load: Option<u32>,
    /// What they have at hand.
    pub load: Load,
}

impl Person {
    /// The name customers see.
    pub fn display_name(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }

    /// The absence that runs at an instant.
    pub fn absence_at(&self, at: DateTime<Utc>) -> Option<&Absence> {
        self.absences.iter().find(|absence| absence.from <= at && at < absence.until)
    }

    /// What routing goes by: with a place that it hands back, what they have at hand, and since when they wear their status.
    pub fn candidate(&self, place: usize, load: Load, since: DateTime<Utc>) -> Candidate {
        Candidate {
            place,
            id: self.id,
            priority: self.priority,
            open: load.open,
            max: self.max_chat_load,
            assigned_at: load.assigned_at,
            idle_since: load.closed_at.map_or(since, |closed| closed.max(since)),
        }
    }

    /// What they work in a department.
    pub fn switches_in(&self, department: i64) -> Option<Switches> {
        self.memberships.iter().find(|membership| membership.department == department).map(|membership| membership.switches)
    }

    /// Their hours.
    pub fn hours<'a>(&'a self, world: &'a World) -> Hours<'a> {
        let shared = || self.schedule_id.and_then(|id| world.schedules.get(&id));
        let schedule = self.own_schedule.as_deref().or_else(shared);
        let allowed = self.allowed_hours.as_ref().map(AllowedHours::borrowed);
        Hours { schedule, operator: &self.exceptions, organisation: &world.holidays, allowed }
    }

    /// What their status goes by.
    pub fn course<'a>(&'a self, world: &'a World) -> Course<'a> {
        Course {
            named: world.named,
            rules: world,
            hours: self.hours(world),
            is_active: self.account.activated && !self.account.suspended,
            watch: world.watch,
            presence: self.presence_required.then_some(Presence { heard_at: self.last_beat, window: world.window }),
            idle: self.idle.map(|after| Idle { active_at: self.active_at, after }),
            answer: self.answers_within.zip(self.load.unanswered_since).map(|(after, since)| Answer { since, after }),
        }
    }

    /// What they wear at an instant, whether or not it has been written down yet.
    pub fn worn_at(&self, world: &World, at: DateTime<Utc>) -> Worn {
        self.course(world).worn(&self.worn, at)
    }

    /// Until when what they wear stands by itself.
    pub fn worn_until(&self, worn: &Worn, world: &World) -> Option<DateTime<Utc>> {
        self.course(world).next(worn).map(|next| next.since)
    }

    /// The same for as long as heartbeats come. A roster that is held knows old ones: they tell of nobody's end.
    pub fn worn_while_heard(&self, worn: &Worn, world: &World) -> Option<DateTime<Utc>> {
        self.course(world).while_heard().next(worn).map(|next| next.since)
    }

    /// What they are to wear at an instant to come, as far as statuses end by themselves: nobody knows who will be heard of then.
    pub fn foretold(&self, world: &World, now: DateTime<Utc>, at: DateTime<Utc>) -> Worn {
        let here = self.worn_at(world, now);
        here.steps(at, world.named.offline, |id| world.status(id).limit).pop().unwrap_or(here)
    }
}

/// What an operator works in a department.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The department.
    pub department: i64,
    /// What may be worked there, and what is taken.
    pub switches: Switches,
}

/// A time away (AB-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Absence {
    /// The absence.
    pub id: i64,
    /// First instant.
    pub from: DateTime<Utc>,
    /// First instant after it.
    pub until: DateTime<Utc>,
    /// Who stands in (AB-3).
    pub deputy: Option<i64>,
}

/// What an operator has at hand, and had last (QU-3, DE-6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Chats that take a slot.
    pub open: u32,
    /// When the first of them will have been silent for so long that it takes none any more, if nothing is said in it before.
    pub frees_at: Option<DateTime<Utc>>,
    /// Since when the requester of a chat waits for a word of theirs (ST-6).
    pub unanswered_since: Option<DateTime<Utc>>,
    /// When the last query was assigned.
    pub assigned_at: Option<DateTime<Utc>>,
    /// When the last one was closed.
    pub closed_at: Option<DateTime<Utc>>,
}

impl Load {
    /// Whether one more chat finds room among so many; any number where there is no limit.
    pub fn has_room(&self, max: Option<u32>) -> bool {
        max.is_none_or(|max| self.open < max)
    }
}
