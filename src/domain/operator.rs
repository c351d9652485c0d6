//! What an operator's account is, and how the operator is shown (OP-1, OP-3, OP-4, OP-5, OP-10).

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use unicode_normalization::UnicodeNormalization;

use super::named::named;

/// Chats at the same time: 0 is none; no number at all is no limit (OP-10).
pub const MAX_CHAT_LOAD: RangeInclusive<i32> = 0..=100;
/// Priority; the lowest number is asked first (OP-10).
pub const PRIORITY: RangeInclusive<i32> = 1..=999;
/// Priority of a new operator.
pub const DEFAULT_PRIORITY: i32 = 50;
/// Minutes without an answer or without activity until the status changes by itself (OP-10, ST-6, ST-7).
pub const MINUTES: RangeInclusive<i32> = 1..=1440;
/// Number of colours of the circle with the initial (OP-3).
pub const HUES: u8 = 16;

named! {
    /// The state of an account, as the list shows it (OP-5).
    OperatorState {
        /// An invitation is on its way or waits to be used.
        Invited = "invited",
        /// The invitation is past its time, or there is none.
        Expired = "expired",
        /// The invitation could not be delivered.
        DeliveryFailed = "delivery_failed",
        /// Has a password and may sign in.
        Active = "active",
        /// May not sign in.
        Suspended = "suspended",
    }
}

/// What is stored of an account and its newest invitation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountFacts {
    /// A password was set once.
    pub activated: bool,
    /// An administrator suspended the account.
    pub suspended: bool,
    /// Until when the invitation that stands may be used; none where it was revoked or never made.
    pub invitation_expires_at: Option<DateTime<Utc>>,
    /// The mail of that invitation failed for good.
    pub invitation_error: bool,
}

/// The state of an account at an instant (OP-5).
pub fn state(facts: &AccountFacts, now: DateTime<Utc>) -> OperatorState {
    if facts.suspended {
        OperatorState::Suspended
    } else if facts.activated {
        OperatorState::Active
    } else if facts.invitation_error {
        OperatorState::DeliveryFailed
    } else if facts.invitation_expires_at.is_none_or(|end| end <= now) {
        OperatorState::Expired
    } else {
        OperatorState::Invited
    }
}

named! {
    /// How pages look to an operator (OP-10).
    #[derive(Default)]
    Theme {
        /// As the operator's system does.
        #[default]
        System = "system",
        /// Dark on bright.
        Bright = "bright",
        /// Bright on dark.
        Dark = "dark",
    }
}

/// What stands in the circle of an operator without a photo: the first letter or digit of the name, large (OP-3).
pub fn initial(name: &str) -> String {
    // Composed first, or an accent written as a character of its own would be lost.
    match name.nfc().find(|c| c.is_alphanumeric()) {
        Some(first) => first.to_uppercase().collect(),
        None => "?".to_owned(),
    }
}

/// The colour of that circle, 0 to [`HUES`] - 1: always the same for an operator, and neighbours in a list differ (OP-3).
pub fn hue(id: i64) -> u8 {
    // Multiplying by 2^64 divided by the golden ratio spreads consecutive ids; the highest four bits are spread best.
    let top = id.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 60;
    u8::try_from(top).unwrap_or_default() % HUES
}

/// The name that customers see: the alias where there is one (OP-2).
pub fn display_name<'a>(name: &'a str, alias: Option<&'a str>) -> &'a str {
    alias.map(str::trim).filter(|alias| !alias.is_empty()).unwrap_or(name)
}

/// The assistance languages in which the job position is not told (OP-4).
///
/// A text in `pt` serves `pt-BR` too, a text in `pt-BR` does not serve `pt`. Nothing is missing where there is no text at all.
pub fn missing_job_positions<'a>(assistance: &[&'a str], translated: &[&str]) -> Vec<&'a str> {
    let has = |tag: &str| translated.iter().any(|other| other.eq_ignore_ascii_case(tag));
    let base = |tag: &'a str| tag.split_once('-').map_or(tag, |(base, _)| base);
    if translated.is_empty() {
        return Vec::new();
    }
    assistance.iter().copied().filter(|tag| !has(tag) && !has(base(tag))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use std::collections::HashSet;

    fn now() -> DateTime<Utc> {
        "2031-03-03T09:00:00Z".parse().unwrap()
    }

    #[test]
    fn the_strongest_fact_names_the_state() {
        let later = Some(now() + TimeDelta::days(7));
        for (activated, suspended, invitation_expires_at, invitation_error, expected) in [
            (false, false, later, false, OperatorState::Invited),
            (false, false, Some(now()), false, OperatorState::Expired),
            (false, false, None, false, OperatorState::Expired),
            (false, false, later, true, OperatorState::DeliveryFailed),
            (false, false, Some(now()), true, OperatorState::DeliveryFailed),
            (true, false, later, true, OperatorState::Active),
            (true, true, None, false, OperatorState::Suspended),
            (false, true, later, true, OperatorState::Suspended),
        ] {
            let facts = AccountFacts { activated, suspended, invitation_expires_at, invitation_error };
            assert_eq!(state(&facts, now()), expected, "{facts:?}");
        }
    }

    #[test]
    fn names_are_read_back_as_they_were_written() {
        for state in OperatorState::ALL {
            assert_eq!(OperatorState::parse(state.as_str()), Some(state));
        }
        for theme in Theme::ALL {
            assert_eq!(Theme::parse(theme.as_str()), Some(theme));
        }
        assert_eq!(OperatorState::parse("Active"), None);
        assert_eq!(Theme::parse(""), None);
    }

    #[test]
    fn the_initial_is_the_first_letter_of_the_name() {
        for (name, expected) in [
            ("ada Moss", "A"),
            ("  (zoë)", "Z"),
            ("e\u{301}lodie", "É"),
            ("éric", "É"),
            ("李明", "李"),
            ("3rd desk", "3"),
            ("…", "?"),
            ("", "?"),
        ] {
            assert_eq!(initial(name), expected, "{name}");
        }
    }

    #[test]
    fn colours_are_spread_over_the_first_operators() {
        let hues: Vec<u8> = (1..=160).map(hue).collect();
        assert!(hues.iter().all(|hue| *hue < HUES));
        assert!(hues.windows(2).all(|pair| pair[0] != pair[1]));
        for colour in 0..HUES {
            let worn = hues.iter().filter(|hue| **hue == colour).count();
            assert!((8..=12).contains(&worn), "colour {colour} is worn {worn} times");
        }
        assert!((1..=8).map(hue).collect::<HashSet<_>>().len() >= 7);
        assert!(hue(i64::MIN) < HUES && hue(-1) < HUES);
    }

    #[test]
    fn customers_see_the_alias_where_there_is_one() {
        assert_eq!(display_name("Ada Moss", Some("Ada")), "Ada");
        assert_eq!(display_name("Ada Moss", Some("  ")), "Ada Moss");
        assert_eq!(display_name("Ada Moss", None), "Ada Moss");
    }

    #[test]
    fn a_base_language_serves_its_regions_and_not_the_other_way_round() {
        assert_eq!(missing_job_positions(&["en", "pt-BR", "fr-CA", "es"], &["EN", "pt-BR", "fr"]), ["es"]);
        assert_eq!(missing_job_positions(&["pt"], &["pt-BR"]), ["pt"]);
        assert!(missing_job_positions(&["en", "es"], &[]).is_empty());
        assert!(missing_job_positions(&[], &["en"]).is_empty());
    }
}
