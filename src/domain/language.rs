//! Languages of people: what a tag is, who serves whom, and what a browser asks for (LA-1, LA-3).

use std::cmp::Reverse;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::field::Fault;
pub use super::language_names::{known, name_in, native_name};

/// Longest tag, in characters (RFC 5646, 4.4.1).
const TAG: usize = 35;
/// How many ranges of an `Accept-Language` header are read; browsers send fewer than ten.
const RANGES: usize = 20;

/// A BCP 47 tag of language, script, region and variants in canonical case: `es`, `es-MX`, `zh-Hant-TW` (LA-1).
/// Extensions and private subtags say nothing about who understands whom and are refused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LanguageTag(String);

impl LanguageTag {
    /// Reads a tag in any case. Fault: `language_tag`.
    pub fn parse(raw: &str) -> Result<LanguageTag, Fault> {
        canonical(raw.trim()).map(LanguageTag).ok_or_else(|| Fault::new("language_tag"))
    }

    /// The tag in canonical case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language alone: `es` of `es-MX`.
    pub fn base(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }

    /// The script: `Hant` of `zh-Hant-TW`.
    pub fn script(&self) -> Option<&str> {
        self.details().find(|subtag| is_script(subtag))
    }

    /// The region, a country or a part of the world: `MX` of `es-MX`, `419` of `es-419`.
    pub fn region(&self) -> Option<&str> {
        self.details().find(|subtag| is_region(subtag))
    }

    /// The subtags after the language.
    pub(super) fn details(&self) -> impl Iterator<Item = &str> {
        self.0.split('-').skip(1)
    }

    fn variants(&self) -> Option<&str> {
        let variant = self.details().find(|subtag| is_variant(subtag))?;
        self.0.find(variant).and_then(|start| self.0.get(start..))
    }

    /// How far the assistance language is from the wanted one, in parts that only one of them names; none where they contradict each other.
    fn distance(&self, wanted: &LanguageTag) -> Option<u32> {
        if self.base() != wanted.base() {
            return None;
        }
        let parts = [(self.script(), wanted.script()), (self.region(), wanted.region()), (self.variants(), wanted.variants())];
        parts.into_iter().try_fold(0, |distance, part| match part {
            (Some(own), Some(other)) if own != other => None,
            (Some(_), None) | (None, Some(_)) => Some(distance + 1),
            _ => Some(distance),
        })
    }
}

impl Default for LanguageTag {
    /// English, the language of texts that nobody translated.
    fn default() -> LanguageTag {
        LanguageTag("en".to_owned())
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for LanguageTag {
    type Error = &'static str;

    fn try_from(raw: String) -> Result<LanguageTag, &'static str> {
        LanguageTag::parse(&raw).map_err(|fault| fault.code)
    }
}

impl From<LanguageTag> for String {
    fn from(tag: LanguageTag) -> String {
        tag.0
    }
}

/// Whether somebody who assists in the one language serves a customer who wants the other (LA-1): `es` and `es-MX` serve
/// each other; two regions never do, nor two scripts, nor two languages.
pub fn serves(assistance: &LanguageTag, wanted: &LanguageTag) -> bool {
    assistance.distance(wanted).is_some()
}

/// The place of the assistance language that serves best, the exact one before a wider or narrower one (LA-1).
pub fn best(assistance: &[LanguageTag], wanted: &LanguageTag) -> Option<usize> {
    let serving = assistance.iter().enumerate().filter_map(|(place, tag)| Some((tag.distance(wanted)?, place)));
    serving.min().map(|(_, place)| place)
}

/// The offered language that an `Accept-Language` header asks for, by RFC 4647 lookup (LA-3): the ranges by falling weight,
/// each shortened from its end until it is offered. `*` names no language, so the caller's next rule decides.
pub fn lookup<'a>(accept_language: &str, offered: &'a [LanguageTag]) -> Option<&'a LanguageTag> {
    let mut ranges: Vec<(&str, u16)> = accept_language.split(',').take(RANGES).filter_map(weighted).collect();
    ranges.sort_by_key(|(_, weight)| Reverse(*weight));
    let is_refused = |tag: &str| ranges.iter().any(|(range, weight)| *weight == 0 && range.eq_ignore_ascii_case(tag));
    let wanted = ranges.iter().filter(|(_, weight)| *weight > 0);
    wanted
        .flat_map(|(range, _)| shortened(range))
        .find_map(|range| offered.iter().find(|tag| tag.as_str().eq_ignore_ascii_case(range) && !is_refused(tag.as_str())))
}

/// A range with its weight in thousandths; nothing where it is malformed or no language.
fn weighted(item: &str) -> Option<(&str, u16)> {
    let mut parts = item.split(';').map(str::trim);
    let range = parts.next().filter(|range| (1..=TAG).contains(&range.len()) && *range != "*")?;
    let weight = match parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="))) {
        None => 1.0,
        Some(text) => text.trim().parse::<f32>().ok().filter(|q| (0.0..=1.0).contains(q))?,
    };
    Some((range, (weight * 1000.0).round() as u16))
}

/// The range and what is left of it after each cut from the end; a single letter only introduces what was cut (RFC 4647, 3.4).
fn shortened(range: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(range), |range| {
        let (rest, _) = range.rsplit_once('-')?;
        match rest.rsplit_once('-') {
            Some((shorter, single)) if single.len() == 1 => Some(shorter),
            _ => Some(rest),
        }
    })
}

fn canonical(raw: &str) -> Option<String> {
    if raw.len() > TAG || !raw.is_ascii() {
        return None;
    }
    let lower = raw.to_ascii_lowercase();
    let mut subtags = lower.split('-').peekable();
    let language = subtags.next().filter(|tag| (2..=3).contains(&tag.len()) && is_alphabetic(tag))?;
    let mut tag = language.to_owned();
    if let Some(script) = subtags.next_if(|subtag| is_script(subtag)) {
        let (initial, rest) = script.split_at_checked(1)?;
        tag.extend(["-", &initial.to_ascii_uppercase(), rest]);
    }
    if let Some(region) = subtags.next_if(|subtag| is_region(subtag)) {
        tag.extend(["-", &region.to_ascii_uppercase()]);
    }
    let mut variants: Vec<&str> = Vec::new();
    for variant in subtags {
        if !is_variant(variant) || variants.contains(&variant) {
            return None;
        }
        variants.push(variant);
        tag.extend(["-", variant]);
    }
    Some(tag)
}

fn is_alphabetic(subtag: &str) -> bool {
    subtag.bytes().all(|b| b.is_ascii_alphabetic())
}

fn is_script(subtag: &str) -> bool {
    subtag.len() == 4 && is_alphabetic(subtag)
}

fn is_region(subtag: &str) -> bool {
    match subtag.len() {
        2 => is_alphabetic(subtag),
        3 => subtag.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    }
}

/// Five to eight letters and digits, or four that begin with a digit.
fn is_variant(subtag: &str) -> bool {
    let least = if subtag.starts_with(|c: char| c.is_ascii_digit()) { 4 } else { 5 };
    (least..=8).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tag(raw: &str) -> LanguageTag {
        LanguageTag::parse(raw).unwrap()
    }

    fn tags(raw: &[&str]) -> Vec<LanguageTag> {
        raw.iter().map(|raw| tag(raw)).collect()
    }

    #[test]
    fn tags_are_read_in_any_case_and_kept_in_one() {
        for (raw, canonical) in [
            ("ES", "es"),
            (" es-mx ", "es-MX"),
            ("ES-419", "es-419"),
            ("ZH-HANT-tw", "zh-Hant-TW"),
            ("SR-latn", "sr-Latn"),
            ("CA-es-VALENCIA", "ca-ES-valencia"),
            ("de-1996", "de-1996"),
            ("gsw", "gsw"),
        ] {
            assert_eq!(tag(raw).as_str(), canonical);
        }
    }

    #[test]
    fn what_is_no_tag_is_refused() {
        for raw in [
            "",
            "e",
            "english",
            "es_MX",
            "es-",
            "-es",
            "es--MX",
            "es-MX-ES",
            "es-MX-Latn",
            "x-private",
            "en-u-ca-gregory",
            "de-1996-1996",
            "éé",
            "e1",
            "*",
            "de-abcde-fghij-klmno-pqrst-uvwxy-zabcd",
        ] {
            assert_eq!(LanguageTag::parse(raw), Err(Fault::new("language_tag")), "{raw}");
        }
    }

    #[test]
    fn a_tag_tells_its_parts() {
        let chinese = tag("zh-Hant-TW");
        assert_eq!((chinese.base(), chinese.script(), chinese.region()), ("zh", Some("Hant"), Some("TW")));
        let valencian = tag("ca-valencia");
        assert_eq!((valencian.base(), valencian.script(), valencian.region()), ("ca", None, None));
        assert_eq!(valencian.variants(), Some("valencia"));
        assert_eq!(tag("es-419").region(), Some("419"));
    }

    #[test]
    fn documents_hold_tags_as_text() {
        assert_eq!(serde_json::from_str::<LanguageTag>("\"es-mx\"").unwrap(), tag("es-MX"));
        assert_eq!(serde_json::to_string(&tag("es-mx")).unwrap(), "\"es-MX\"");
        assert!(serde_json::from_str::<LanguageTag>("\"nonsense!\"").is_err());
    }

    #[test]
    fn region_and_language_serve_each_other_but_regions_do_not() {
        for (assistance, wanted, expected) in [
            ("es-MX", "es-MX", true),
            ("es", "es-MX", true),
            ("es", "es", true),
            ("es-AR", "es", true),
            ("es-ES", "es-MX", false),
            ("es-419", "es-MX", false),
            ("pt", "es", false),
            ("pt-BR", "pt-PT", false),
            ("zh", "zh-Hant-TW", true),
            ("zh-TW", "zh-Hant-TW", true),
            ("zh-Hans", "zh-Hant", false),
            ("zh-Hans", "zh-Hant-TW", false),
            ("fil", "fi", false),
        ] {
            assert_eq!(serves(&tag(assistance), &tag(wanted)), expected, "{assistance} for {wanted}");
        }
    }

    #[test]
    fn the_exact_language_serves_best() {
        for (assistance, wanted, expected) in [
            (&["en", "es", "es-MX"][..], "es-MX", Some(2)),
            (&["es-AR", "es"], "es-MX", Some(1)),
            (&["es-AR", "es"], "es", Some(1)),
            (&["es-AR", "es-MX"], "es", Some(0)),
            (&["es-AR", "en"], "es-MX", None),
            (&[], "es", None),
        ] {
            assert_eq!(best(&tags(assistance), &tag(wanted)), expected, "{assistance:?} for {wanted}");
        }
    }

    #[test]
    fn a_browser_gets_the_first_language_it_asks_for() {
        let offered = tags(&["en", "es", "es-MX", "fr", "zh-Hant"]);
        for (header, expected) in [
            ("es-MX,es;q=0.9,en;q=0.8", Some("es-MX")),
            ("es-AR,en;q=0.8", Some("es")),
            ("en;q=0.2, FR;q=0.7", Some("fr")),
            ("fr;q=0.5, es;q=0.5", Some("fr")),
            ("de, *;q=0.5", None),
            ("*, fr;q=0.1", Some("fr")),
            ("zh-Hant-CN-x-wadegile", Some("zh-Hant")),
            ("zh-Hant-x-private1", Some("zh-Hant")),
            ("es-MX, es-MX;q=0, en;q=0.1", Some("es")),
            ("fr;q=0", None),
            ("fr;q=0, fr-CA, en;q=0.4", Some("en")),
            ("fr;q=nan, en;q=2, es; q=0.3", Some("es")),
            ("", None),
            (",;=,,q=1", None),
        ] {
            assert_eq!(lookup(header, &offered).map(LanguageTag::as_str), expected, "{header}");
        }
    }

    #[test]
    fn a_range_never_finds_a_narrower_language() {
        assert_eq!(lookup("es", &tags(&["es-MX"])), None);
    }

    #[test]
    fn only_the_first_ranges_of_a_header_are_read() {
        let offered = tags(&["fr"]);
        assert!(lookup(&format!("{}fr", "de,".repeat(19)), &offered).is_some());
        assert!(lookup(&format!("{}fr", "de,".repeat(20)), &offered).is_none());
        assert!(lookup(&"a-".repeat(5000), &offered).is_none());
    }

    fn some_tag() -> impl Strategy<Value = LanguageTag> {
        "(es|en|zh|fil)(-(Hans|Latn))?(-(MX|ES|419))?(-(valencia|1996))?".prop_map(|raw| tag(&raw))
    }

    proptest! {
        #[test]
        fn nobody_serves_across_languages_or_regions(assistance in some_tag(), wanted in some_tag()) {
            if serves(&assistance, &wanted) {
                prop_assert_eq!(assistance.base(), wanted.base());
                prop_assert!(assistance.region().is_none() || wanted.region().is_none() || assistance.region() == wanted.region());
            }
            prop_assert!(serves(&wanted, &wanted));
            prop_assert_eq!(best(std::slice::from_ref(&assistance), &wanted).is_some(), serves(&assistance, &wanted));
        }

        #[test]
        fn any_header_is_read_without_harm(header in any::<String>()) {
            let offered = tags(&["en", "es-MX"]);
            if let Some(found) = lookup(&header, &offered) {
                prop_assert!(offered.contains(found));
            }
        }

        #[test]
        fn header_like_texts_are_read_without_harm(header in "([a-z*-]{0,9}(;q=[0-9.eE+-]{0,5})?,?){0,30}") {
            let _ = lookup(&header, &tags(&["en", "es-MX"]));
        }

        #[test]
        fn a_canonical_tag_stays_as_it_is(raw in "[a-zA-Z0-9-]{0,20}") {
            if let Ok(tag) = LanguageTag::parse(&raw) {
                prop_assert_eq!(LanguageTag::parse(tag.as_str()), Ok(tag));
            }
        }
    }
}
