//! What a status is, when it may go, and what an operator wears at an instant (ST-1 to ST-4, ST-8).

mod course;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;

use chrono::{DateTime, TimeDelta, Utc};

use super::department::translations;
use super::field::{Fault, FieldErrors};
use super::named::named;
use super::number::optional_number;
use super::{limits, text};

pub use course::{Answer, Course, Idle, LAPSE, Presence, Rule, Rules, Watch};

/// Minutes after which a status ends by itself: up to a week (ST-1).
pub const MAX_MINUTES: RangeInclusive<i64> = 1..=10_080;

/// So many steps are followed at once; a server that slept longer takes the rest with the next run.
const MOST_STEPS: usize = 200;

/// A colour as people choose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color {
    red: u8,
    green: u8,
    blue: u8,
}

impl Color {
    /// Reads `#rrggbb` in any case. Fault: `color`.
    pub fn parse(raw: &str) -> Result<Color, Fault> {
        let digits = raw.trim().strip_prefix('#').filter(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).ok_or_else(|| Fault::new("color"))?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Color { red, green, blue })
    }

    /// Whether black letters on this colour are read better than white ones (WCAG relative luminance).
    pub fn wants_dark_ink(self) -> bool {
        let linear = |channel: u8| {
            let part = f64::from(channel) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let luminance = 0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue);
        let (on_black, on_white) = ((luminance + 0.05) / 0.05, 1.05 / (luminance + 0.05));
        on_black >= on_white
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl Default for Color {
    /// Grey, as long as nobody chose another one.
    fn default() -> Color {
        Color { red: 0x66, green: 0x73, blue: 0x82 }
    }
}

/// A status as it is to stand; whether the one to return to exists is seen by the caller.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Its name in the organisation's language; unique.
    pub name: String,
    /// Its name in other languages, by tag.
    pub name_texts: BTreeMap<String, String>,
    /// Its colour.
    pub color: Color,
    /// Whether who wears it receives.
    pub can_receive: bool,
    /// Whether time in it counts from the instant the last open dialog is closed (ST-9). Excludes receiving.
    pub count_after_close: bool,
    /// After so many minutes it ends by itself.
    pub max_minutes: Option<i64>,
    /// The status that follows then; none is the default offline one.
    pub return_status_id: Option<i64>,
    /// Whether who wears it may be asked for help once a query has waited (QU-5). Excludes receiving.
    pub invisible: bool,
}

/// A status as typed; fields named as in CONTRACT.md. `None` keeps what is there, or the default of a new one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawStatus {
    /// One line.
    pub name: Option<String>,
    /// By tag; the whole set. Empty texts are left out.
    pub name_texts: Option<BTreeMap<String, String>>,
    /// `#rrggbb`.
    pub color: Option<String>,
    /// Whether who wears it receives.
    pub can_receive: Option<bool>,
    /// Whether its time counts after the last dialog.
    pub count_after_close: Option<bool>,
    /// Whether who wears it may be asked for help.
    pub invisible: Option<bool>,
    /// A number; empty for no end.
    pub max_minutes: Option<String>,
    /// An id; empty for the default offline one.
    pub return_status_id: Option<String>,
}

impl Status {
    /// What was typed over what is there, or all that is wrong with it (F-6).
    ///
    /// Faults beside those of texts and numbers: `color`; what excludes receiving, with it at once: `status_flags` at `count_after_close`
    /// (ST-1), `status_invisible` at `invisible` (QU-5).
    pub fn with(&self, raw: &RawStatus, default_language: &str) -> Result<Status, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut next = self.clone();
        if let Some(name) = raw.name.as_deref().and_then(|raw| errors.take("name", text::line(raw, limits::STATUS_NAME))) {
            next.name = name;
        }
        if let Some(texts) = &raw.name_texts {
            next.name_texts = translations(texts, "name_texts", default_language, &mut errors);
        }
        if let Some(color) = raw.color.as_deref().and_then(|raw| errors.take("color", Color::parse(raw))) {
            next.color = color;
        }
        next.can_receive = raw.can_receive.unwrap_or(next.can_receive);
        next.count_after_close = raw.count_after_close.unwrap_or(next.count_after_close);
        if next.can_receive && next.count_after_close {
            errors.add("count_after_close", "status_flags");
        }
        next.invisible = raw.invisible.unwrap_or(next.invisible);
        if next.can_receive && next.invisible {
            errors.add("invisible", "status_invisible");
        }
        if let Some(raw) = &raw.max_minutes {
            let minutes = errors.take("max_minutes", optional_number(raw, *MAX_MINUTES.start(), *MAX_MINUTES.end()));
            next.max_minutes = minutes.flatten();
        }
        if let Some(raw) = &raw.return_status_id {
            next.return_status_id = errors.take("return_status_id", chosen(raw)).flatten();
        }
        errors.into_result(next)
    }
}

/// An id chosen from a list; nothing chosen is none. Fault: `unknown_choice`.
pub fn chosen(raw: &str) -> Result<Option<i64>, Fault> {
    match raw.trim() {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| Fault::new("unknown_choice")),
    }
}

/// The statuses the organisation's settings name (ST-2, ST-5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// Worn inside the hours; receives.
    pub online: i64,
    /// Worn outside the hours, and by everybody at first; never receives.
    pub offline: i64,
    /// Worn by who lost their panel; none is the default offline one. Never receives.
    pub auto_offline: Option<i64>,
}

/// Why a status may not be deleted (ST-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// It is the default online status.
    DefaultOnline,
    /// It is the default offline status.
    DefaultOffline,
    /// The automatic-offline settings name it.
    AutoOffline,
    /// No other status receives.
    LastReceiving,
}

impl Guard {
    /// The stable name: `conflict-<code>` and `statuses-guard-<...>` in the texts.
    pub fn code(self) -> &'static str {
        match self {
            Guard::DefaultOnline => "status-default-online",
            Guard::DefaultOffline => "status-default-offline",
            Guard::AutoOffline => "status-auto-offline",
            Guard::LastReceiving => "status-last-receiving",
        }
    }

    /// Where it is changed.
    pub fn place(self) -> &'static str {
        match self {
            Guard::LastReceiving => "/statuses",
            _ => "/settings#statuses",
        }
    }
}

/// Everything that keeps a status from being deleted; `receiving` are all that receive (ST-3).
pub fn guards(id: i64, named: Named, receiving: &[i64]) -> Vec<Guard> {
    let all = [
        (named.online == id, Guard::DefaultOnline),
        (named.offline == id, Guard::DefaultOffline),
        (named.auto_offline == Some(id), Guard::AutoOffline),
        (receiving == [id], Guard::LastReceiving),
    ];
    all.into_iter().filter(|(holds, _)| *holds).map(|(_, guard)| guard).collect()
}

/// Whether a status may receive, or not receive, as the settings name it. Fault: `status_must_receive`, `status_must_not_receive`.
pub fn fits(id: i64, can_receive: bool, named: Named) -> Result<(), Fault> {
    let is_offline = named.offline == id || named.auto_offline == Some(id);
    match can_receive {
        true if is_offline => Err(Fault::new("status_must_not_receive")),
        false if named.online == id => Err(Fault::new("status_must_receive")),
        _ => Ok(()),
    }
}

named! {
    /// Why a status was put on (ST-8).
    #[derive(Default)]
    Cause {
        /// Everybody begins in the default offline status.
        #[default]
        Start = "start",
        /// The operator's own word.
        Own = "self",
        /// Somebody who may switch other people's.
        Supervisor = "supervisor",
        /// A program.
        Api = "api",
        /// A boundary of the hours.
        Schedule = "schedule",
        /// No live panel for too long (ST-5).
        NoSession = "no_session",
        /// A message left unanswered (ST-6).
        NoAnswer = "no_answer",
        /// No activity for too long (ST-7).
        Idle = "idle",
        /// The longest time of the status was over (ST-1).
        MaxDuration = "max_duration",
        /// The end of a timed switch.
        Return = "return",
        /// The status worn was deleted (ST-3).
        Replacement = "replacement",
    }
}

/// The status an operator wears, as it was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worn {
    /// The status.
    pub status_id: i64,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Until when, where it was put on for a time.
    pub until: Option<DateTime<Utc>>,
    /// The status that follows then.
    pub return_id: Option<i64>,
    /// Why.
    pub cause: Cause,
    /// Name of who put it on; empty for the program itself.
    pub set_by: String,
}

/// How a status ends by itself: after so many minutes, with the status that follows.
pub type Limit = (i64, i64);

impl Worn {
    /// What everybody wears at first: the default offline status, since they were added.
    pub fn first(offline: i64, since: DateTime<Utc>) -> Worn {
        Worn { status_id: offline, since, until: None, return_id: None, cause: Cause::Start, set_by: String::new() }
    }

    /// The same operator in another status; nothing where that changes nothing.
    ///
    /// A timed switch over another timed one returns to where that one would have returned.
    pub fn switched(&self, to: i64, until: Option<DateTime<Utc>>, now: DateTime<Utc>, cause: Cause, set_by: &str) -> Option<Worn> {
        if self.status_id == to && self.until == until {
            return None;
        }
        let base = if self.until.is_some() { self.return_id } else { Some(self.status_id) };
        Some(Worn { status_id: to, since: now, until, return_id: until.and(base), cause, set_by: set_by.to_owned() })
    }

    /// What has come after it by an instant through ends of timed statuses alone; [`Course::steps`] knows all that switches.
    pub fn steps(&self, now: DateTime<Utc>, offline: i64, limit: impl Fn(i64) -> Option<Limit>) -> Vec<Worn> {
        let mut steps: Vec<Worn> = Vec::new();
        while steps.len() < MOST_STEPS {
            let here = steps.last().unwrap_or(self);
            match here.next(offline, &limit).filter(|next| next.since <= now) {
                Some(next) => steps.push(next),
                None => break,
            }
        }
        steps
    }

    /// What comes after it through the end of a timed status, if anything. `limit` tells how a status ends by itself.
    pub fn next(&self, offline: i64, limit: impl Fn(i64) -> Option<Limit>) -> Option<Worn> {
        let timed = self.until.map(|until| (until, self.return_id.unwrap_or(offline), Cause::Return));
        let limit = limit(self.status_id);
        let limited = limit.map(|(minutes, to)| (self.since + TimeDelta::minutes(minutes), to, Cause::MaxDuration));
        let (since, status_id, cause) = [timed, limited].into_iter().flatten().min_by_key(|(at, ..)| *at)?;
        Some(Worn { status_id, since, until: None, return_id: None, cause, set_by: String::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn worn(status_id: i64, until: Option<i64>, return_id: Option<i64>) -> Worn {
        Worn { status_id, since: at(0), until: until.map(at), return_id, cause: Cause::Own, set_by: "Ana".into() }
    }

    #[test]
    fn colours_are_read_in_any_case_and_nothing_else_is() {
        assert_eq!(Color::parse(" #2FB344 ").unwrap().to_string(), "#2fb344");
        for bad in ["", "2fb344", "#2fb34", "#2fb3444", "#gggggg", "red", "#+fb344", "#2fb34\u{e9}"] {
            assert_eq!(Color::parse(bad), Err(Fault::new("color")), "{bad}");
        }
    }

    #[test]
    fn letters_are_dark_on_light_colours_and_light_on_dark_ones() {
        for (color, dark) in [("#ffffff", true), ("#f59f00", true), ("#ffff00", true), ("#000000", false), ("#0b3d91", false)] {
            assert_eq!(Color::parse(color).unwrap().wants_dark_ink(), dark, "{color}");
        }
    }

    #[test]
    fn the_two_flags_exclude_each_other() {
        for (receives, counts, fits) in [(false, false, true), (true, false, true), (false, true, true), (true, true, false)] {
            let raw = RawStatus {
                name: Some("Lunch".into()),
                can_receive: Some(receives),
                count_after_close: Some(counts),
                ..RawStatus::default()
            };
            let found = Status::default().with(&raw, "en");
            assert_eq!(found.is_ok(), fits);
            assert!(fits || found.unwrap_err().of("count_after_close").is_some_and(|error| error.code == "status_flags"));
        }
        let receiving = Status { name: "Online".into(), can_receive: true, ..Status::default() };
        assert!(receiving.with(&RawStatus { count_after_close: Some(true), ..RawStatus::default() }, "en").is_err());
        let refused = receiving.with(&RawStatus { invisible: Some(true), ..RawStatus::default() }, "en").unwrap_err();
        assert!(refused.of("invisible").is_some_and(|error| error.code == "status_invisible"));
        let both = RawStatus { can_receive: Some(false), count_after_close: Some(true), invisible: Some(true), ..RawStatus::default() };
        assert!(receiving.with(&both, "en").is_ok_and(|status| status.invisible && status.count_after_close));
    }

    #[test]
    fn everything_wrong_is_told_at_its_field() {
        let raw = RawStatus {
            name: Some(" ".into()),
            name_texts: Some(BTreeMap::from([("en".into(), "x".into())])),
            color: Some("red".into()),
            max_minutes: Some("0".into()),
            return_status_id: Some("x".into()),
            ..RawStatus::default()
        };
        let errors = Status::default().with(&raw, "en").unwrap_err();
        let found: Vec<(&str, &str)> = errors.0.iter().map(|error| (error.field.as_str(), error.code)).collect();
        assert_eq!(
            found,
            [
                ("name", "required"),
                ("name_texts.en", "translation_of_default"),
                ("color", "color"),
                ("max_minutes", "out_of_range"),
                ("return_status_id", "unknown_choice")
            ]
        );
    }

    #[test]
    fn what_the_settings_name_and_the_last_receiving_one_stay() {
        let named = Named { online: 1, offline: 2, auto_offline: Some(3) };
        for (id, receiving, expected) in [
            (1, vec![1, 4], vec![Guard::DefaultOnline]),
            (1, vec![1], vec![Guard::DefaultOnline, Guard::LastReceiving]),
            (2, vec![1], vec![Guard::DefaultOffline]),
            (3, vec![1], vec![Guard::AutoOffline]),
            (4, vec![4], vec![Guard::LastReceiving]),
            (4, vec![1, 4], vec![]),
            (5, vec![], vec![]),
        ] {
            assert_eq!(guards(id, named, &receiving), expected, "{id} {receiving:?}");
        }
    }

    #[test]
    fn default_statuses_keep_what_they_stand_for() {
        let named = Named { online: 1, offline: 2, auto_offline: Some(3) };
        for (id, receives, code) in [
            (1, false, Some("status_must_receive")),
            (1, true, None),
            (2, true, Some("status_must_not_receive")),
            (3, true, Some("status_must_not_receive")),
            (3, false, None),
            (4, true, None),
        ] {
            assert_eq!(fits(id, receives, named).err().map(|fault| fault.code), code, "{id} {receives}");
        }
    }

    #[test]
    fn a_switch_to_what_is_worn_changes_nothing() {
        let online = worn(1, None, None);
        assert_eq!(online.switched(1, None, at(5), Cause::Own, "Ana"), None);
        let timed = online.switched(2, Some(at(60)), at(5), Cause::Supervisor, "Bo").unwrap();
        assert_eq!((timed.status_id, timed.return_id, timed.since), (2, Some(1), at(5)));
        assert_eq!(timed.switched(2, Some(at(60)), at(6), Cause::Own, "Ana"), None);
        let again = timed.switched(3, Some(at(30)), at(6), Cause::Own, "Ana").unwrap();
        assert_eq!(again.return_id, Some(1), "the former status is the one before all that was timed");
        assert_eq!(timed.switched(3, None, at(6), Cause::Own, "Ana").unwrap().return_id, None);
    }

    #[test]
    fn the_end_of_a_timed_switch_and_the_longest_time_come_at_their_instant() {
        let none = |_| None;
        let limited = |id| (id == 3).then_some((20, 1));
        let ping = |id| Some((1, if id == 1 { 2 } else { 1 }));
        assert!(worn(2, Some(60), Some(1)).steps(at(59), 9, none).is_empty());
        let steps = worn(2, Some(60), Some(1)).steps(at(60), 9, none);
        assert_eq!(steps.iter().map(|step| (step.since, step.status_id, step.cause)).collect::<Vec<_>>(), [(at(60), 1, Cause::Return)]);
        assert_eq!(worn(2, Some(60), None).steps(at(99), 9, none)[0].status_id, 9);
        let steps = worn(2, Some(60), Some(3)).steps(at(240), 9, limited);
        let told: Vec<_> = steps.iter().map(|step| (step.since, step.status_id, step.cause)).collect();
        assert_eq!(told, [(at(60), 3, Cause::Return), (at(80), 1, Cause::MaxDuration)], "three hours late, at their own instants");
        assert_eq!(worn(3, Some(10), Some(2)).steps(at(240), 9, limited)[0].status_id, 2, "the earlier of the two");
        assert_eq!(worn(1, None, None).steps(at(10_000), 9, ping).len(), MOST_STEPS);
    }

    #[test]
    fn causes_have_names_of_their_own() {
        for cause in Cause::ALL {
            assert_eq!(Cause::parse(cause.as_str()), Some(cause));
        }
        assert_eq!(Cause::parse("whim"), None);
    }
}
