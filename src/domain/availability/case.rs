//! The checks of one operator, each with its fact.

use std::cmp::Ordering;

use chrono::{DateTime, TimeDelta, Utc};

use super::facts::{Absence, Person, Place, World};
use super::{Check, Passed, Question, Verdict, sooner};
use crate::domain::channel::Channel;
use crate::domain::department::LanguagePolicy;
use crate::domain::language::{self, LanguageTag};
use crate::domain::operator::{OperatorState, state};
use crate::domain::routing::Candidate;
use crate::domain::schedule::{Hours, Within};
use crate::domain::status::Worn;

/// One operator, one question, one instant.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What all share.
    pub world: &'a World,
    /// The operator. For an instant that is past, as they were then.
    pub person: &'a Person,
    /// What is asked.
    pub question: Question<'a>,
    /// The instant that is asked about.
    pub at: DateTime<Utc>,
    /// The present one; an instant after it is foretold.
    pub now: DateTime<Utc>,
}

/// How a check turned out.
#[derive(Clone, Debug)]
pub struct Finding<'a> {
    /// Which check.
    pub check: Check,
    /// Whether it passed.
    pub passed: bool,
    /// What decided.
    pub fact: Fact<'a>,
    /// Until when it is known to stand.
    pub until: Option<DateTime<Utc>>,
}

/// What decided about a check.
#[derive(Clone, Debug)]
pub enum Fact<'a> {
    /// The account's state.
    Account(OperatorState),
    /// The question names no department.
    AnyDepartment,
    /// Whether they work in the department.
    Member(bool),
    /// The question names no channel.
    AnyChannel,
    /// The organisation does not work the channel.
    ChannelOff,
    /// The department does not work the channel.
    ChannelUnused,
    /// Whether they may work the channel, or take it now.
    Switch(bool),
    /// No absence runs; when the next one begins.
    NotAbsent(Option<DateTime<Utc>>),
    /// This one runs.
    Absent(Absence),
    /// Hours: whether they are on, by what.
    Hours {
        /// Whether the instant lies within, and what says so.
        within: Within<'a>,
        /// All of them.
        hours: Hours<'a>,
    },
    /// No presence is needed.
    PresenceNotRequired,
    /// Whoever is on duty in time to come is taken to be there.
    PresenceAssumed,
    /// The last heartbeat or what counts in its place, if any, and whether it was in time.
    Heard {
        /// The last heartbeat.
        beat: Option<DateTime<Utc>>,
        /// Until when it counts, or counted.
        until: DateTime<Utc>,
    },
    /// What they wear.
    Status(Worn),
    /// They are invisible and help out.
    Helps(Worn),
    /// They are invisible and help out, but not yet.
    HelpsLater(Worn),
    /// What they are to wear within or outside their hours in time to come.
    Foretold {
        /// The status.
        status_id: i64,
        /// Whether within.
        within: bool,
    },
    /// Do Not Disturb, and whether it matters to what is asked.
    DoNotDisturb {
        /// Whether it is on.
        on: bool,
        /// Whether calls are asked about.
        matters: bool,
    },
    /// The question names no language.
    AnyLanguage,
    /// They assist in this language, which serves.
    Assists(&'a LanguageTag),
    /// They do not, and the policy counts.
    LanguageMissing(LanguagePolicy),
    /// They do not, and the policy lets it pass.
    LanguagePasses(LanguagePolicy),
    /// Chats are not asked about.
    NotAChat,
    /// Open chats and the most there may be.
    Chats {
        /// Open ones.
        open: u32,
        /// The most; none is no limit.
        max: Option<u32>,
    },
}

impl<'a> Case<'a> {
    /// Every check in its order.
    pub fn findings(&self) -> [Finding<'a>; Check::ALL.len()] {
        let mut worn = None;
        Check::ALL.map(|check| self.look(check, &mut worn))
    }

    /// The whole of it in short.
    pub fn verdict(&self) -> Verdict {
        self.findings().iter().fold(Verdict { passed: Passed::default(), next_change: None }, |verdict, finding| Verdict {
            passed: verdict.passed.with(finding.check, finding.passed),
            next_change: sooner(verdict.next_change, finding.until),
        })
    }

    /// One check.
    pub fn check(&self, check: Check) -> Finding<'a> {
        self.look(check, &mut None)
    }

    /// One check; what is worn is worked out once for all of them.
    pub(super) fn look(&self, check: Check, worn: &mut Option<Worn>) -> Finding<'a> {
        let (passed, fact, until) = match check {
            Check::Account => self.account(),
            Check::Membership => self.membership(),
            Check::ChannelAllowed => self.switch(false),
            Check::ChannelActive => self.switch(true),
            Check::Absence => self.absence(),
            Check::DepartmentHours => self.department_hours(),
            Check::Hours => self.within(self.person.hours(self.world)),
            Check::Presence => self.presence(worn.get_or_insert_with(|| self.worn())),
            Check::Status => self.status(worn),
            Check::DoNotDisturb => self.do_not_disturb(),
            Check::Language => self.language(),
            Check::Capacity => self.capacity(),
        };
        // What stands until an instant that has come stands no longer.
        Finding { check, passed, fact, until: until.filter(|until| *until > self.at) }
    }

    fn account(&self) -> Outcome<'a> {
        let state = state(&self.person.account, self.at);
        (state == OperatorState::Active, Fact::Account(state), None)
    }

    fn membership(&self) -> Outcome<'a> {
        let Some(department) = self.question.department else { return (true, Fact::AnyDepartment, None) };
        let is_member = self.person.switches_in(department).is_some();
        (is_member, Fact::Member(is_member), None)
    }

    /// Whether the channel may be worked, or is taken: in the department asked about, or in any where none is.
    fn switch(&self, taken: bool) -> Outcome<'a> {
        let Some(channel) = self.question.channel else { return (true, Fact::AnyChannel, None) };
        if !self.world.channels.contains(channel) {
            return (false, Fact::ChannelOff, None);
        }
        if self.place().is_some_and(|place| !place.channels.contains(channel)) {
            return (false, Fact::ChannelUnused, None);
        }
        let asked = |department| self.question.department.is_none_or(|asked| asked == department);
        let worked = |department| self.world.departments.get(&department).is_some_and(|place| place.channels.contains(channel));
        let is_on = self.person.memberships.iter().any(|membership| {
            let set = if taken { membership.switches.active() } else { membership.switches.allowed() };
            set.contains(channel) && asked(membership.department) && worked(membership.department)
        });
        (is_on, Fact::Switch(is_on), None)
    }

    fn absence(&self) -> Outcome<'a> {
        let absences = &self.person.absences;
        match self.person.absence_at(self.at) {
            Some(absence) => (false, Fact::Absent(*absence), Some(absence.until)),
            None => {
                let next = absences.iter().map(|absence| absence.from).filter(|from| *from > self.at).min();
                (true, Fact::NotAbsent(next), next)
            }
        }
    }

    fn department_hours(&self) -> Outcome<'a> {
        match self.place() {
            Some(place) => self.within(self.world.hours_of(place)),
            None => (true, Fact::AnyDepartment, None),
        }
    }

    fn within(&self, hours: Hours<'a>) -> Outcome<'a> {
        let within = hours.is_within(self.at);
        (within.now, Fact::Hours { within, hours }, hours.next_change(self.at))
    }

    /// ST-5: the wait counts from the later of the last heartbeat and the switch into the receiving status, and a server that was
    /// not there to hear lets nobody go.
    fn presence(&self, worn: &Worn) -> Outcome<'a> {
        let person = self.person;
        if !person.presence_required {
            return (true, Fact::PresenceNotRequired, None);
        }
        if self.at > self.now {
            return (true, Fact::PresenceAssumed, None);
        }
        let switched = self.world.status(worn.status_id).can_receive.then_some(worn.since);
        let resumed = Some(self.world.watch.resumed_at).filter(|at| *at <= self.at);
        let heard = [person.last_beat, switched, resumed].into_iter().flatten().max().unwrap_or(DateTime::UNIX_EPOCH);
        let until = heard + self.world.window;
        (self.at < until, Fact::Heard { beat: person.last_beat, until }, Some(until))
    }

    /// ST-1, QU-5. Beyond the next boundary of a schedule everybody is foretold to be online within the hours and offline outside.
    fn status(&self, held: &mut Option<Worn>) -> Outcome<'a> {
        let (person, world) = (self.person, self.world);
        let hours = person.hours(world);
        if self.at > self.now && hours.next_change(self.now).is_some_and(|boundary| boundary <= self.at) {
            let within = hours.is_within(self.at).now;
            let status_id = if within { world.named.online } else { world.named.offline };
            return (world.status(status_id).can_receive, Fact::Foretold { status_id, within }, hours.next_change(self.at));
        }
        let worn = held.get_or_insert_with(|| self.worn()).clone();
        let facts = world.status(worn.status_id);
        let until = match self.at.cmp(&self.now) {
            Ordering::Less => None,
            Ordering::Equal => person.worn_until(&worn, world),
            Ordering::Greater => worn.next(world.named.offline, |id| world.status(id).limit).map(|next| next.since),
        };
        if facts.can_receive || !facts.invisible || !person.helps_when_invisible {
            return (facts.can_receive, Fact::Status(worn), until);
        }
        match self.later(world.help_after) {
            None => (true, Fact::Helps(worn), until),
            joins => (false, Fact::HelpsLater(worn), sooner(joins, until)),
        }
    }

    fn do_not_disturb(&self) -> Outcome<'a> {
        let (on, matters) = (self.person.do_not_disturb, self.question.channel.is_none_or(|channel| channel == Channel::Call));
        let is_call = self.question.channel == Some(Channel::Call);
        (!(on && is_call), Fact::DoNotDisturb { on, matters }, None)
    }

    fn language(&self) -> Outcome<'a> {
        let Some(wanted) = self.question.language else { return (true, Fact::AnyLanguage, None) };
        let own = &self.person.languages;
        if let Some(tag) = language::best(own, wanted).and_then(|place| own.get(place)) {
            return (true, Fact::Assists(tag), None);
        }
        let (policy, prefer) = self.place().map_or_else(Default::default, |place| (place.language_policy, place.prefer));
        let opens = self.later(prefer);
        match policy {
            LanguagePolicy::Strict => (false, Fact::LanguageMissing(policy), None),
            LanguagePolicy::Prefer if opens.is_some() => (false, Fact::LanguageMissing(policy), opens),
            LanguagePolicy::Prefer | LanguagePolicy::Ignore => (true, Fact::LanguagePasses(policy), None),
        }
    }

    fn capacity(&self) -> Outcome<'a> {
        if self.question.channel != Some(Channel::Chat) {
            return (true, Fact::NotAChat, None);
        }
        let (load, max) = (&self.person.load, self.person.max_chat_load);
        (load.has_room(max), Fact::Chats { open: load.open, max }, load.frees_at)
    }

    /// What routing goes by, with a place that it hands back.
    pub fn candidate(&self, place: usize) -> Candidate {
        self.person.candidate(place, self.person.load, self.worn().since)
    }

    /// What they wear. For an instant that is past it was written down.
    fn worn(&self) -> Worn {
        match self.at.cmp(&self.now) {
            Ordering::Less => self.person.worn.clone(),
            Ordering::Equal => self.person.worn_at(self.world, self.at),
            Ordering::Greater => self.person.foretold(self.world, self.now, self.at),
        }
    }

    fn place(&self) -> Option<&'a Place> {
        self.world.departments.get(&self.question.department?)
    }

    /// When somebody will have waited for so long; none where they have.
    fn later(&self, time: TimeDelta) -> Option<DateTime<Utc>> {
        (self.question.waiting < time).then(|| self.at + (time - self.question.waiting))
    }
}

/// Whether a check passed, by what, and until when that stands.
type Outcome<'a> = (bool, Fact<'a>, Option<DateTime<Utc>>);
