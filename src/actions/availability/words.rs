//! Checks in words.

use chrono::{DateTime, Utc};

use super::ToldCheck;
use crate::domain::availability::{
    Case, Check, Fact, Finding, Kept, KeptFact, KeptHours, KeptRule, KeptStatus, Question, policy_of, state_of, tag_of,
};
use crate::domain::channel::Channel;
use crate::domain::department::LanguagePolicy;
use crate::domain::language::{LanguageTag, name_in};
use crate::domain::operator::OperatorState;
use crate::domain::status::Cause;
use crate::i18n::{Dates, Texts};
use crate::store::catalogue::Catalogue;
use crate::store::departments::Department;

/// What words are made of.
pub struct Words<'a> {
    /// The language.
    pub t: Texts,
    /// Instants in the reader's zone.
    pub dates: Dates,
    /// Names.
    pub catalogue: &'a Catalogue,
    /// What was asked.
    pub question: Question<'a>,
}

impl Words<'_> {
    /// A check in words: what decided, who set it, where it is changed.
    pub fn check(&self, finding: &Finding<'_>, case: &Case<'_>) -> ToldCheck {
        self.kept(&Kept::of(finding, case), case.person.id)
    }

    /// The same of what was kept about an operator.
    pub fn kept(&self, kept: &Kept, person: i64) -> ToldCheck {
        let at_person = |section: &str| format!("/operators/{person}{section}");
        let department = self.department();
        let at_department = |section: &str| department.map_or("/departments".to_owned(), |one| format!("/departments/{}{section}", one.id));
        let t = self.t;
        let get = |key: &str| t.get(key).to_owned();
        let by_department = || match department {
            Some(_) => t.with("availability-by-department", &[("name", &self.department_name())]),
            None => get("availability-by-departments"),
        };
        let by_operator = || get("availability-by-operator");
        let channel = self.question.channel.map(|channel| channel_name(t, channel)).unwrap_or_default();
        let (fact, set_by, change_at) = match &kept.fact {
            KeptFact::Account(state) => (get(account(state_of(state))), get("availability-by-account"), at_person("")),
            KeptFact::AnyDepartment => (get("availability-any-department"), get("availability-by-question"), at_department("")),
            KeptFact::Member(is_member) => {
                let key = if *is_member { "availability-member" } else { "availability-no-member" };
                (t.with(key, &[("department", &self.department_name())]), by_department(), at_department("/members"))
            }
            KeptFact::AnyChannel => (get("availability-any-channel"), get("availability-by-question"), at_person("/departments")),
            KeptFact::ChannelOff => {
                (t.with("availability-channel-off", &[("channel", channel)]), get("availability-by-organisation"), "/settings".to_owned())
            }
            KeptFact::ChannelUnused => {
                let words = t.with("availability-channel-unused", &[("channel", channel), ("department", &self.department_name())]);
                (words, by_department(), at_department(""))
            }
            KeptFact::Switch(is_on) => {
                let taken = kept.check() == Check::ChannelActive;
                let key = match (taken, is_on) {
                    (false, true) => "availability-may",
                    (false, false) => "availability-may-not",
                    (true, true) => "availability-takes",
                    (true, false) => "availability-takes-not",
                };
                let set_by = if taken { by_operator() } else { by_department() };
                (t.with(key, &[("channel", channel)]), set_by, at_person("/departments"))
            }
            KeptFact::NotAbsent(None) => (get("availability-not-absent"), get("availability-by-absences"), at_person("/absences")),
            KeptFact::NotAbsent(Some(from)) => {
                let words = t.with("availability-not-absent-until", &[("at", &self.instant(from))]);
                (words, get("availability-by-absences"), at_person("/absences"))
            }
            KeptFact::Absent { until, .. } => {
                let words = t.with("availability-absent", &[("at", &self.instant(until))]);
                (words, get("availability-by-absences"), at_person("/absences"))
            }
            KeptFact::Hours(hours) => self.hours(kept.check(), hours, person),
            KeptFact::PresenceNotRequired => (get("availability-presence-not-required"), by_operator(), at_person("/advanced")),
            KeptFact::PresenceAssumed => (get("availability-presence-assumed"), get("availability-by-forecast"), at_person("/advanced")),
            KeptFact::Heard { beat } => (self.heard(kept.passed, *beat), get("availability-by-panel"), at_person("/advanced")),
            KeptFact::Status(worn) => (self.worn("availability-status", worn), self.worn_by(worn), at_person("")),
            KeptFact::Helps(worn) => (self.worn("availability-status-helps", worn), self.worn_by(worn), at_person("/advanced")),
            KeptFact::HelpsLater(worn) => (self.worn("availability-status-helps-later", worn), self.worn_by(worn), at_person("/advanced")),
            KeptFact::Foretold { status_id, within } => {
                let key = if *within { "availability-status-within" } else { "availability-status-outside" };
                (t.with(key, &[("status", &self.status(*status_id))]), get("availability-by-forecast"), "/settings".to_owned())
            }
            KeptFact::DoNotDisturb { on, matters } => {
                let key = match (on, matters) {
                    (false, _) => "availability-disturb",
                    (true, true) => "availability-do-not-disturb",
                    (true, false) => "availability-do-not-disturb-calls",
                };
                (get(key), by_operator(), at_person("/advanced"))
            }
            KeptFact::AnyLanguage => (get("availability-any-language"), get("availability-by-question"), at_person("/languages")),
            KeptFact::Assists(tag) => {
                (t.with("availability-assists", &[("language", &self.language(&tag_of(tag)))]), by_operator(), at_person("/languages"))
            }
            KeptFact::LanguageMissing(policy) => {
                let key = match policy_of(policy) {
                    LanguagePolicy::Prefer => "availability-language-later",
                    LanguagePolicy::Strict | LanguagePolicy::Ignore => "availability-language-missing",
                };
                (self.wanted(key), by_operator(), at_person("/languages"))
            }
            KeptFact::LanguagePasses(policy) => {
                let key = match policy_of(policy) {
                    LanguagePolicy::Prefer => "availability-language-waited",
                    LanguagePolicy::Strict | LanguagePolicy::Ignore => "availability-language-ignored",
                };
                (self.wanted(key), by_department(), at_department(""))
            }
            KeptFact::NotAChat => (get("availability-not-a-chat"), get("availability-by-question"), at_person("/advanced")),
            KeptFact::Chats { open, max } => {
                let open = open.to_string();
                let words = match max {
                    Some(max) => t.with("availability-chats", &[("open", &open), ("max", &max.to_string())]),
                    None => t.with("availability-chats-unlimited", &[("open", &open)]),
                };
                (words, by_operator(), at_person("/advanced"))
            }
        };
        ToldCheck { check: kept.check(), passed: kept.passed, fact, set_by, change_at, until: kept.until }
    }

    /// Name of the status of a finding about statuses.
    pub fn status_of(&self, finding: Option<&Finding<'_>>) -> String {
        match finding.map(|finding| &finding.fact) {
            Some(Fact::Status(worn) | Fact::Helps(worn) | Fact::HelpsLater(worn)) => self.status(worn.status_id),
            Some(Fact::Foretold { status_id, .. }) => self.status(*status_id),
            _ => String::new(),
        }
    }

    fn hours(&self, check: Check, hours: &KeptHours, person: i64) -> (String, String, String) {
        let t = self.t;
        let department = self.department().filter(|_| check == Check::DepartmentHours);
        let at_owner = || department.map_or_else(|| format!("/operators/{person}/hours"), |one| format!("/departments/{}", one.id));
        let Some(schedule) = &hours.schedule else {
            let key = if department.is_some() { "availability-by-department" } else { "availability-by-no-schedule" };
            return (t.get("availability-always").to_owned(), t.with(key, &[("name", &self.department_name())]), at_owner());
        };
        let at_schedule = || schedule.id.map_or_else(at_owner, |id| format!("/schedules/{id}"));
        let by_schedule = || match schedule.id {
            None => t.get("availability-by-own-schedule").to_owned(),
            Some(_) => t.with("availability-by-schedule", &[("name", &schedule.name)]),
        };
        let zone = schedule.zone.as_str();
        match &hours.rule {
            KeptRule::Always => (t.get("availability-always").to_owned(), by_schedule(), at_schedule()),
            KeptRule::Week(intervals) => {
                let day_name = t.get(short_day(schedule.day));
                let fact = match intervals.as_str() {
                    "" => t.with("availability-closed", &[("day", day_name), ("zone", zone)]),
                    intervals => format!("{day_name} {intervals} {zone}"),
                };
                (fact, by_schedule(), at_schedule())
            }
            KeptRule::Exception { level, name, intervals } => {
                let (set_by, change_at) = match level.as_str() {
                    "operator" => (t.get("availability-by-exception").to_owned(), at_owner()),
                    "schedule" => (by_schedule(), at_schedule()),
                    _ => (t.get("availability-by-holidays").to_owned(), "/schedules/holidays".to_owned()),
                };
                let fact = match intervals.as_str() {
                    "" => t.with("availability-exception-closed", &[("name", name), ("zone", zone)]),
                    intervals => format!("{name}: {intervals} {zone}"),
                };
                (fact, set_by, change_at)
            }
            KeptRule::Allowed { until, by } => (t.with("availability-allowed", &[("at", &self.instant(until))]), by.clone(), at_owner()),
        }
    }

    fn heard(&self, passed: bool, beat: Option<DateTime<Utc>>) -> String {
        match beat {
            _ if passed => self.t.get("availability-present").to_owned(),
            Some(beat) => self.t.with("availability-silent", &[("at", &self.instant(&beat))]),
            None => self.t.get("availability-never-heard").to_owned(),
        }
    }

    fn worn(&self, key: &str, worn: &KeptStatus) -> String {
        self.t.with(key, &[("status", &self.status(worn.id)), ("at", &self.instant(&worn.since))])
    }

    fn worn_by(&self, worn: &KeptStatus) -> String {
        if worn.set_by.is_empty() { cause_text(self.t, worn.cause()).to_owned() } else { worn.set_by.clone() }
    }

    fn status(&self, id: i64) -> String {
        self.catalogue.status(id).map(|status| status.name_in(self.t.locale().tag()).to_owned()).unwrap_or_default()
    }

    fn wanted(&self, key: &str) -> String {
        let wanted = self.question.language.map(|tag| self.language(tag)).unwrap_or_default();
        self.t.with(key, &[("language", &wanted)])
    }

    fn language(&self, tag: &LanguageTag) -> String {
        name_in(tag, self.t.locale().tag())
    }

    fn department(&self) -> Option<&Department> {
        self.question.department.and_then(|id| self.catalogue.department(id))
    }

    fn department_name(&self) -> String {
        let name = self.department().map(|department| department.name_in(self.t.locale().tag()).to_owned());
        name.unwrap_or_else(|| self.t.get("availability-departments").to_owned())
    }

    /// An instant with its zone, which is always named.
    fn instant(&self, at: &DateTime<Utc>) -> String {
        format!("{} {}", self.dates.full(at), self.dates.zone())
    }
}

fn short_day(day: u32) -> &'static str {
    match day {
        0 => "schedules-short-mon",
        1 => "schedules-short-tue",
        2 => "schedules-short-wed",
        3 => "schedules-short-thu",
        4 => "schedules-short-fri",
        5 => "schedules-short-sat",
        _ => "schedules-short-sun",
    }
}

fn account(state: OperatorState) -> &'static str {
    match state {
        OperatorState::Active => "availability-account-active",
        OperatorState::Suspended => "availability-account-suspended",
        OperatorState::Invited => "availability-account-invited",
        OperatorState::Expired => "availability-account-expired",
        OperatorState::DeliveryFailed => "availability-account-delivery-failed",
    }
}

/// What a check is called.
pub fn check_name(t: Texts, check: Check) -> &'static str {
    t.get(match check {
        Check::Account => "availability-check-account",
        Check::Membership => "availability-check-membership",
        Check::ChannelAllowed => "availability-check-channel-allowed",
        Check::ChannelActive => "availability-check-channel-active",
        Check::Absence => "availability-check-absence",
        Check::DepartmentHours => "availability-check-department-hours",
        Check::Hours => "availability-check-hours",
        Check::Presence => "availability-check-presence",
        Check::Status => "availability-check-status",
        Check::DoNotDisturb => "availability-check-do-not-disturb",
        Check::Language => "availability-check-language",
        Check::Capacity => "availability-check-capacity",
    })
}

/// What a channel is called.
pub fn channel_name(t: Texts, channel: Channel) -> &'static str {
    t.get(match channel {
        Channel::Ticket => "channel-ticket",
        Channel::Chat => "channel-chat",
        Channel::Call => "channel-call",
    })
}

/// Why a status was put on, in words.
pub fn cause_text(t: Texts, cause: Cause) -> &'static str {
    t.get(match cause {
        Cause::Start => "panel-cause-start",
        Cause::Own => "panel-cause-self",
        Cause::Supervisor => "panel-cause-supervisor",
        Cause::Api => "panel-cause-api",
        Cause::Schedule => "panel-cause-schedule",
        Cause::NoSession => "panel-cause-no-session",
        Cause::NoAnswer => "panel-cause-no-answer",
        Cause::Idle => "panel-cause-idle",
        Cause::MaxDuration => "panel-cause-max-duration",
        Cause::Return => "panel-cause-return",
        Cause::Replacement => "panel-cause-replacement",
    })
}
