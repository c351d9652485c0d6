//! What decided about a check, apart from everything it was read from: to be put into words, or kept with a query for later (QU-7).

use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize};

use super::{Case, Check, Fact, Finding};
use crate::domain::department::LanguagePolicy;
use crate::domain::language::LanguageTag;
use crate::domain::operator::OperatorState;
use crate::domain::schedule::{Hours, Interval, Level, SetBy, Within};
use crate::domain::status::{Cause, Worn};

/// A check with what decided.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// Name of the check.
    #[serde(rename = "c")]
    pub check: String,
    /// Whether it passed.
    #[serde(rename = "p")]
    pub passed: bool,
    /// What decided.
    #[serde(rename = "f")]
    pub fact: KeptFact,
    /// Until when it was known to stand.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
}

/// [`Fact`] on its own; stable names are kept as such.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is what Fact says of it")]
pub enum KeptFact {
    Account(String),
    AnyDepartment,
    Member(bool),
    AnyChannel,
    ChannelOff,
    ChannelUnused,
    Switch(bool),
    NotAbsent(Option<DateTime<Utc>>),
    Absent { id: i64, until: DateTime<Utc> },
    Hours(Box<KeptHours>),
    PresenceNotRequired,
    PresenceAssumed,
    Heard { beat: Option<DateTime<Utc>> },
    Status(KeptStatus),
    Helps(KeptStatus),
    HelpsLater(KeptStatus),
    Foretold { status_id: i64, within: bool },
    DoNotDisturb { on: bool, matters: bool },
    AnyLanguage,
    Assists(String),
    LanguageMissing(String),
    LanguagePasses(String),
    NotAChat,
    Chats { open: u32, max: Option<u32> },
}

/// A status as it was worn.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct KeptStatus {
    /// The status.
    pub id: i64,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Name of the cause.
    pub cause: String,
    /// Who put it on; empty for the program itself.
    pub set_by: String,
}

impl KeptStatus {
    fn of(worn: &Worn) -> KeptStatus {
        KeptStatus { id: worn.status_id, since: worn.since, cause: worn.cause.as_str().to_owned(), set_by: worn.set_by.clone() }
    }

    /// Why it was put on.
    pub fn cause(&self) -> Cause {
        Cause::parse(&self.cause).unwrap_or_default()
    }
}

/// Hours, and what said whether they were on.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct KeptHours {
    /// The schedule; none is always.
    pub schedule: Option<KeptSchedule>,
    /// What decided.
    pub rule: KeptRule,
}

/// Which schedule it was.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct KeptSchedule {
    /// The shared schedule; none is the operator's own.
    pub id: Option<i64>,
    /// Its name.
    pub name: String,
    /// Its zone.
    pub zone: String,
    /// The day in question, 0 for Monday.
    pub day: u32,
}

/// What decided about hours.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeptRule {
    /// There was no schedule.
    Always,
    /// The week: its intervals on that day, `09:00-13:00, 14:00-18:00`; empty where it is closed.
    Week(String),
    /// An exception of the operator, the schedule or the organisation.
    Exception {
        /// Whose: `operator`, `schedule`, `organisation`.
        level: String,
        /// Its name.
        name: String,
        /// As in a week.
        intervals: String,
    },
    /// Hours that somebody allowed.
    Allowed {
        /// Until when.
        until: DateTime<Utc>,
        /// Who.
        by: String,
    },
}

impl Kept {
    /// A finding of a case on its own.
    pub fn of(finding: &Finding<'_>, case: &Case<'_>) -> Kept {
        let fact = match &finding.fact {
            Fact::Account(state) => KeptFact::Account(state.as_str().to_owned()),
            Fact::AnyDepartment => KeptFact::AnyDepartment,
            Fact::Member(is) => KeptFact::Member(*is),
            Fact::AnyChannel => KeptFact::AnyChannel,
            Fact::ChannelOff => KeptFact::ChannelOff,
            Fact::ChannelUnused => KeptFact::ChannelUnused,
            Fact::Switch(is) => KeptFact::Switch(*is),
            Fact::NotAbsent(next) => KeptFact::NotAbsent(*next),
            Fact::Absent(absence) => KeptFact::Absent { id: absence.id, until: absence.until },
            Fact::Hours { within, hours } => KeptFact::Hours(Box::new(hours_of(finding.check, within, hours, case))),
            Fact::PresenceNotRequired => KeptFact::PresenceNotRequired,
            Fact::PresenceAssumed => KeptFact::PresenceAssumed,
            Fact::Heard { beat, .. } => KeptFact::Heard { beat: *beat },
            Fact::Status(worn) => KeptFact::Status(KeptStatus::of(worn)),
            Fact::Helps(worn) => KeptFact::Helps(KeptStatus::of(worn)),
            Fact::HelpsLater(worn) => KeptFact::HelpsLater(KeptStatus::of(worn)),
            Fact::Foretold { status_id, within } => KeptFact::Foretold { status_id: *status_id, within: *within },
            Fact::DoNotDisturb { on, matters } => KeptFact::DoNotDisturb { on: *on, matters: *matters },
            Fact::AnyLanguage => KeptFact::AnyLanguage,
            Fact::Assists(tag) => KeptFact::Assists(tag.to_string()),
            Fact::LanguageMissing(policy) => KeptFact::LanguageMissing(policy.as_str().to_owned()),
            Fact::LanguagePasses(policy) => KeptFact::LanguagePasses(policy.as_str().to_owned()),
            Fact::NotAChat => KeptFact::NotAChat,
            Fact::Chats { open, max } => KeptFact::Chats { open: *open, max: *max },
        };
        Kept { check: finding.check.as_str().to_owned(), passed: finding.passed, fact, until: finding.until }
    }

    /// Which check.
    pub fn check(&self) -> Check {
        Check::parse(&self.check).unwrap_or(Check::Account)
    }
}

/// The state of an account by its name.
pub fn state_of(name: &str) -> OperatorState {
    OperatorState::parse(name).unwrap_or(OperatorState::Invited)
}

/// A policy by its name.
pub fn policy_of(name: &str) -> LanguagePolicy {
    LanguagePolicy::parse(name).unwrap_or_default()
}

/// A tag as it was kept.
pub fn tag_of(tag: &str) -> LanguageTag {
    LanguageTag::parse(tag).unwrap_or_default()
}

fn hours_of(check: Check, within: &Within<'_>, hours: &Hours<'_>, case: &Case<'_>) -> KeptHours {
    let Some(schedule) = hours.schedule else { return KeptHours { schedule: None, rule: KeptRule::Always } };
    let department = case.question.department.filter(|_| check == Check::DepartmentHours);
    let id = match department {
        Some(id) => case.world.departments.get(&id).and_then(|place| place.schedule_id),
        None => case.person.schedule_id.filter(|_| case.person.own_schedule.is_none()),
    };
    let day = within.shift.map_or_else(|| case.at.with_timezone(&schedule.time_zone).weekday(), |shift| shift.day.weekday());
    let rule = match within.set_by {
        SetBy::NoSchedule | SetBy::Week => KeptRule::Week(told(schedule.week.on(day))),
        SetBy::Exception(level, exception) => KeptRule::Exception {
            level: match level {
                Level::Operator => "operator",
                Level::Schedule => "schedule",
                Level::Organisation => "organisation",
            }
            .to_owned(),
            name: exception.name.clone(),
            intervals: told(&exception.intervals),
        },
        SetBy::Allowed(allowed) => KeptRule::Allowed { until: allowed.until, by: allowed.by.to_owned() },
    };
    let zone = schedule.time_zone.name().to_owned();
    KeptHours { schedule: Some(KeptSchedule { id, name: schedule.name.clone(), zone, day: day.num_days_from_monday() }), rule }
}

fn told(intervals: &[Interval]) -> String {
    let told = intervals.iter().map(|interval| {
        let (from, to) = interval.texts();
        format!("{from}-{to}")
    });
    told.collect::<Vec<_>>().join(", ")
}
