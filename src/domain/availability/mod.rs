//! Who can receive what at an instant, and why: the one decision that pages, calls, mails and jobs ask (QU-7, wall 1).
//!
//! Facts go in, an ordered list of checks comes out, each with the fact that decided and the instant until which it stands. Nothing
//! here knows a clock or a database. [`Case`] tells one operator's checks with their facts; [`Prepared`] decides about many at once
//! from what it worked out before, and says the same.

mod case;
mod facts;
mod kept;
mod opening;
mod prepared;
#[cfg(test)]
pub(in crate::domain) mod tests;

use chrono::{DateTime, TimeDelta, Utc};

pub use case::{Case, Fact, Finding};
pub use facts::{Absence, Load, Membership, Person, Place, StatusFacts, World};
pub use kept::{Kept, KeptFact, KeptHours, KeptRule, KeptStatus, policy_of, state_of, tag_of};
pub use opening::{Mode, next_opening};
pub use prepared::{Prepared, Roster};

use super::channel::Channel;
use super::language::LanguageTag;
use super::named::named;

named! {
    /// What is looked at, in this order; the first that fails is the reason.
    #[derive(PartialOrd, Ord)]
    Check {
        /// The account is active (OP-5).
        Account = "account",
        /// The operator is a member of the department (DE-3).
        Membership = "membership",
        /// The channel is worked, and the operator may work it there (DE-3, DE-4).
        ChannelAllowed = "channel_allowed",
        /// The operator takes it now (DE-3).
        ChannelActive = "channel_active",
        /// No absence runs (AB-1).
        Absence = "absence",
        /// The department has hours (DE-1).
        DepartmentHours = "department_hours",
        /// The operator has hours (HR-1 to HR-4).
        Hours = "hours",
        /// A panel or a phone was heard of in time (ST-5).
        Presence = "presence",
        /// The status receives (ST-1), or the operator helps out while invisible (QU-5).
        Status = "status",
        /// Do Not Disturb is off, as far as calls go (ST-10).
        DoNotDisturb = "do_not_disturb",
        /// The operator assists in the language, or the department's policy lets it pass (LA-1, LA-2).
        Language = "language",
        /// One more chat finds room (QU-3).
        Capacity = "capacity",
    }
}

/// What is asked of whom.
#[derive(Clone, Copy, Debug, Default)]
pub struct Question<'a> {
    /// For which department; none is for any.
    pub department: Option<i64>,
    /// On which channel; none leaves the switches, Do Not Disturb and the load out.
    pub channel: Option<Channel>,
    /// In which language; none leaves languages out.
    pub language: Option<&'a LanguageTag>,
    /// For how long somebody has been waiting (LA-2, QU-5).
    pub waiting: TimeDelta,
}

/// Which checks passed, one bit each in their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed(u16);

impl Passed {
    const EVERY: u16 = (1 << Check::ALL.len()) - 1;

    /// With this check passed or not.
    #[must_use]
    pub fn with(self, check: Check, passed: bool) -> Passed {
        let bit = 1 << check as u16;
        Passed(if passed { self.0 | bit } else { self.0 & !bit })
    }

    /// Whether this one passed.
    pub fn has(self, check: Check) -> bool {
        self.0 & (1 << check as u16) != 0
    }

    /// Whether every one did.
    pub fn all(self) -> bool {
        self.0 == Passed::EVERY
    }

    /// All of them, the first check in the lowest bit.
    pub fn bits(self) -> u16 {
        self.0
    }

    /// Reads what [`Passed::bits`] wrote.
    pub fn of_bits(bits: u16) -> Passed {
        Passed(bits & Passed::EVERY)
    }

    /// The first that failed: the reason.
    pub fn reason(self) -> Option<Check> {
        Check::ALL.into_iter().find(|check| !self.has(*check))
    }
}

/// Whether an operator receives, and until when that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Which checks passed.
    pub passed: Passed,
    /// The first instant at which any of them may turn out differently; none where nothing is known to come.
    pub next_change: Option<DateTime<Utc>>,
}

impl Verdict {
    /// Whether every check passed.
    pub fn receives(&self) -> bool {
        self.passed.all()
    }
}

/// The earlier of two instants that may not be known.
fn sooner(one: Option<DateTime<Utc>>, other: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
