//! What a department is: its channels, lines and rules, and what stands in when nobody can (DE-1, DE-5, DE-6, LA-2).

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::channel::{Channel, Channels};
use super::email::EmailAddress;
use super::field::{Fault, FieldErrors};
use super::language::LanguageTag;
use super::named::{known, named};
use super::number::{number, optional_number};
use super::{limits, slug, text};

/// Operators of a department at most, where the organisation's limit is not its own (DE-2).
pub const MAX_OPERATORS: RangeInclusive<i64> = 1..=1000;
/// How many should be able to receive at any time within the hours (DE-1).
pub const MINIMUM_COVER: RangeInclusive<i64> = 0..=1000;
/// Seconds for which operators with the language are preferred (LA-2).
pub const PREFER_SECONDS: RangeInclusive<i64> = 1..=86_400;
/// Seconds for which a query is offered to one operator; 0 assigns it at once (DE-6).
pub const OFFER_SECONDS: RangeInclusive<i64> = 0..=3_600;

named! {
    /// What the visitor's language means for who may take a query (LA-2).
    #[derive(Default)]
    LanguagePolicy {
        /// Never somebody without the language.
        #[default]
        Strict = "strict",
        /// Those with the language first, after some seconds the others too.
        Prefer = "prefer",
        /// The language does not matter.
        Ignore = "ignore",
    }
}

named! {
    /// To whom a query is offered (DE-6, DE-5).
    #[derive(Default)]
    Routing {
        /// To all at once, until one answers.
        RingAll = "ring_all",
        /// Fill one operator before the next.
        #[default]
        MaxUtilization = "max_utilization",
        /// The one with the lowest load.
        AverageUtilization = "average_utilization",
        /// In turn.
        RoundRobin = "round_robin",
        /// Who has waited longest.
        LongestIdle = "longest_idle",
    }
}

impl Routing {
    /// Whether the operators' priority matters under this rule (DE-5).
    pub fn heeds_priority(self) -> bool {
        matches!(self, Routing::MaxUtilization | Routing::AverageUtilization)
    }
}

/// How a department works one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which channel.
    pub channel: Channel,
    /// Whether the department uses it.
    pub in_use: bool,
    /// To whom a query is offered.
    pub routing: Routing,
    /// Seconds for which it is offered to one operator; 0 assigns it at once.
    pub offer_seconds: i64,
}

impl Line {
    /// How a channel begins: calls ring everywhere for 20 seconds, the others go to the fullest who has room (DE-6).
    pub fn default_of(channel: Channel) -> Line {
        let (routing, offer_seconds) = match channel {
            Channel::Call => (Routing::RingAll, 20),
            Channel::Ticket | Channel::Chat => (Routing::MaxUtilization, 0),
        };
        Line { channel, in_use: true, routing, offer_seconds }
    }
}

/// A department as it is to stand; the fallback is found among the others by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    /// Its name in addresses and in the API; unique.
    pub slug: String,
    /// Its name in the organisation's language; unique.
    pub name: String,
    /// Its name in other languages, by tag.
    pub name_texts: BTreeMap<String, String>,
    /// What it is for, for colleagues.
    pub description: Option<String>,
    /// The address its customers write to.
    pub email: Option<String>,
    /// The number its customers call.
    pub phone: Option<String>,
    /// How it works each channel, in the order of [`Channel::ALL`].
    pub lines: [Line; 3],
    /// Operators at most; none follows the organisation (DE-2).
    pub max_operators: Option<i64>,
    /// How many should be able to receive at any time within the hours.
    pub minimum_cover: i64,
    /// What the visitor's language means (LA-2).
    pub language_policy: LanguagePolicy,
    /// Seconds for which operators with the language are preferred, under [`LanguagePolicy::Prefer`].
    pub prefer_seconds: i64,
}

/// A department as typed; fields named as in CONTRACT.md. `None` keeps what is there, or the default of a new one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawDepartment {
    /// Small letters, digits and hyphens; empty on a new one is made from the name.
    pub slug: Option<String>,
    /// One line.
    pub name: Option<String>,
    /// By tag; the whole set. Empty texts are left out.
    pub name_texts: Option<BTreeMap<String, String>>,
    /// Several lines.
    pub description: Option<String>,
    /// An address.
    pub email: Option<String>,
    /// A number.
    pub phone: Option<String>,
    /// The channels in use; the whole set.
    pub channels: Option<Vec<String>>,
    /// A number; empty follows the organisation.
    pub max_operators: Option<String>,
    /// A number.
    pub minimum_cover: Option<String>,
    /// `strict`, `prefer` or `ignore`.
    pub language_policy: Option<String>,
    /// Seconds.
    pub prefer_seconds: Option<String>,
    /// Rule by channel; absent channels keep theirs.
    pub routing: BTreeMap<String, String>,
    /// Seconds by channel; absent channels keep theirs.
    pub offer_seconds: BTreeMap<String, String>,
}

impl Default for Department {
    /// What a new department has before anything is typed.
    fn default() -> Department {
        Department {
            slug: String::new(),
            name: String::new(),
            name_texts: BTreeMap::new(),
            description: None,
            email: None,
            phone: None,
            lines: Channel::ALL.map(Line::default_of),
            max_operators: None,
            minimum_cover: 1,
            language_policy: LanguagePolicy::Strict,
            prefer_seconds: 60,
        }
    }
}

impl Department {
    /// The channels in use.
    pub fn channels(&self) -> Channels {
        self.lines.iter().filter(|line| line.in_use).map(|line| line.channel).collect()
    }

    /// What was typed over what is there, or all that is wrong with it (F-6).
    ///
    /// Faults beside those of the texts and numbers: `slug`, `unknown_choice`, `language_tag`, and `translation_of_default`
    /// for a text in the organisation's own language, which is the name itself.
    pub fn with(&self, raw: &RawDepartment, default_language: &str) -> Result<Department, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut next = self.clone();
        let mut typed = Typed { errors: &mut errors };
        typed.put("name", &raw.name, &mut next.name, |raw| text::line(raw, limits::DEPARTMENT_NAME));
        typed.put("slug", &raw.slug, &mut next.slug, slug::read);
        typed.put("description", &raw.description, &mut next.description, |raw| text::optional_multiline(raw, limits::DESCRIPTION));
        typed.put("email", &raw.email, &mut next.email, |raw| match raw.trim() {
            "" => Ok(None),
            address => EmailAddress::parse(address).map(|email| Some(email.to_string())),
        });
        typed.put("phone", &raw.phone, &mut next.phone, text::phone);
        typed.put("max_operators", &raw.max_operators, &mut next.max_operators, |raw| {
            optional_number(raw, *MAX_OPERATORS.start(), *MAX_OPERATORS.end())
        });
        typed.put("minimum_cover", &raw.minimum_cover, &mut next.minimum_cover, |raw| within(raw, &MINIMUM_COVER));
        typed.put("language_policy", &raw.language_policy, &mut next.language_policy, |raw| known(raw, LanguagePolicy::parse));
        typed.put("prefer_seconds", &raw.prefer_seconds, &mut next.prefer_seconds, |raw| within(raw, &PREFER_SECONDS));
        if next.slug.is_empty() {
            next.slug = slug::of(&next.name, "department");
        }
        if let Some(texts) = &raw.name_texts {
            next.name_texts = translations(texts, "name_texts", default_language, &mut errors);
        }
        if let Some(names) = &raw.channels {
            let wanted = errors.take("channels", Channels::parse(names.iter().map(String::as_str)));
            for line in &mut next.lines {
                line.in_use = wanted.is_some_and(|wanted| wanted.contains(line.channel));
            }
        }
        for (channel, raw) in &raw.routing {
            let field = format!("routing.{channel}");
            if let Some(line) = line_of(&mut next.lines, channel, &field, &mut errors) {
                line.routing = errors.take(&field, known(raw, Routing::parse)).unwrap_or_default();
            }
        }
        for (channel, raw) in &raw.offer_seconds {
            let field = format!("offer_seconds.{channel}");
            if let Some(line) = line_of(&mut next.lines, channel, &field, &mut errors) {
                line.offer_seconds = errors.take(&field, within(raw, &OFFER_SECONDS)).unwrap_or_default();
            }
        }
        errors.into_result(next)
    }
}

/// Reads a translatable text by language tag (ST-1, DE-1): empty ones are left out, the organisation's language is refused.
pub fn translations(
    texts: &BTreeMap<String, String>,
    field: &str,
    default_language: &str,
    errors: &mut FieldErrors,
) -> BTreeMap<String, String> {
    let mut read = BTreeMap::new();
    for (tag, raw) in texts {
        let at = format!("{field}.{tag}");
        let Some(tag) = errors.take(&at, LanguageTag::parse(tag)) else { continue };
        let Some(Some(text)) = errors.take(&at, text::optional_line(raw, limits::DEPARTMENT_NAME)) else { continue };
        if tag.as_str() == default_language {
            errors.add(&at, "translation_of_default");
        } else {
            read.insert(tag.to_string(), text);
        }
    }
    read
}

/// The departments on the way from `start` along the fallbacks that lead back to `id`, where they do: then a query that nobody
/// takes would go round for ever (DE-1). `fallback_of` tells the stored fallback of any other department.
pub fn circle(id: i64, start: i64, fallback_of: impl Fn(i64) -> Option<i64>) -> Option<Vec<i64>> {
    let mut way = vec![start];
    let mut here = start;
    while here != id {
        here = fallback_of(here)?;
        if way.contains(&here) && here != id {
            // A circle that does not pass here is somebody else's to mend.
            return None;
        }
        way.push(here);
    }
    Some(way)
}

struct Typed<'a> {
    errors: &'a mut FieldErrors,
}

impl Typed<'_> {
    fn put<T>(&mut self, field: &str, raw: &Option<String>, target: &mut T, read: impl FnOnce(&str) -> Result<T, Fault>) {
        if let Some(value) = raw.as_deref().and_then(|raw| self.errors.take(field, read(raw))) {
            *target = value;
        }
    }
}

fn line_of<'a>(lines: &'a mut [Line], channel: &str, field: &str, errors: &mut FieldErrors) -> Option<&'a mut Line> {
    let found = lines.iter_mut().find(|line| line.channel.as_str() == channel);
    if found.is_none() {
        errors.add(field, "unknown_choice");
    }
    found
}

fn within(raw: &str, range: &RangeInclusive<i64>) -> Result<i64, Fault> {
    number(raw, *range.start(), *range.end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw() -> RawDepartment {
        RawDepartment { name: Some("Technical support".into()), ..RawDepartment::default() }
    }

    fn codes(raw: &RawDepartment) -> Vec<(String, &'static str)> {
        let errors = Department::default().with(raw, "en").unwrap_err();
        errors.0.into_iter().map(|error| (error.field, error.code)).collect()
    }

    #[test]
    fn a_name_is_enough() {
        let department = Department::default().with(&raw(), "en").unwrap();
        assert_eq!((department.slug.as_str(), department.name.as_str()), ("technical-support", "Technical support"));
        assert_eq!(department.channels(), Channels::all());
        let call = department.lines[2];
        assert_eq!((call.routing, call.offer_seconds), (Routing::RingAll, 20));
        assert_eq!((department.language_policy, department.max_operators), (LanguagePolicy::Strict, None));
    }

    #[test]
    fn what_is_not_typed_stays() {
        let before = Department { phone: Some("+34 600".into()), slug: "help".into(), name: "Help".into(), ..Department::default() };
        let typed = RawDepartment { email: Some("help@example.com".into()), phone: None, ..RawDepartment::default() };
        let after = before.with(&typed, "en").unwrap();
        assert_eq!(
            (after.phone.as_deref(), after.email.as_deref(), after.slug.as_str()),
            (Some("+34 600"), Some("help@example.com"), "help")
        );
        let cleared = RawDepartment { phone: Some(" ".into()), ..RawDepartment::default() };
        assert_eq!(after.with(&cleared, "en").unwrap().phone, None);
    }

    #[test]
    fn everything_wrong_is_told_at_its_field() {
        let pairs = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<BTreeMap<_, _>>();
        let typed = RawDepartment {
            slug: Some("Not a slug".into()),
            name: Some("  ".into()),
            name_texts: Some(pairs(&[("en", "Support"), ("??", "x")])),
            description: None,
            email: Some("nobody".into()),
            phone: Some("call me".into()),
            channels: Some(vec!["fax".into()]),
            max_operators: Some("0".into()),
            minimum_cover: Some("-1".into()),
            language_policy: Some("loose".into()),
            prefer_seconds: Some("soon".into()),
            routing: pairs(&[("chat", "best"), ("fax", "ring_all")]),
            offer_seconds: pairs(&[("call", "4000")]),
        };
        let mut found = codes(&typed);
        found.sort();
        let expected = [
            ("channels", "unknown_choice"),
            ("email", "email"),
            ("language_policy", "unknown_choice"),
            ("max_operators", "out_of_range"),
            ("minimum_cover", "out_of_range"),
            ("name", "required"),
            ("name_texts.??", "language_tag"),
            ("name_texts.en", "translation_of_default"),
            ("offer_seconds.call", "out_of_range"),
            ("phone", "phone"),
            ("prefer_seconds", "not_a_number"),
            ("routing.chat", "unknown_choice"),
            ("routing.fax", "unknown_choice"),
            ("slug", "slug"),
        ];
        assert_eq!(found, expected.map(|(field, code)| (field.to_owned(), code)));
    }

    #[test]
    fn a_circle_of_fallbacks_is_found_whole() {
        let stored = BTreeMap::from([(2, 3), (3, 1), (5, 6), (6, 5)]);
        let fallback = |id| stored.get(&id).copied();
        assert_eq!(circle(1, 2, fallback), Some(vec![2, 3, 1]));
        assert_eq!(circle(1, 1, fallback), Some(vec![1]));
        assert_eq!(circle(4, 2, fallback), None);
        assert_eq!(circle(1, 5, fallback), None);
    }

    #[test]
    fn priority_matters_under_the_two_rules_of_utilisation_only() {
        let heeding: Vec<&str> = Routing::ALL.iter().filter(|rule| rule.heeds_priority()).map(|rule| rule.as_str()).collect();
        assert_eq!(heeding, ["max_utilization", "average_utilization"]);
    }
}
