//! Every text a person reads, in every interface language, and how dates and numbers are written in it.
//! It never decides which language somebody gets, and knows no page, mail or rule.
//! It may call nothing of ours.

mod dates;
mod kept;

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::Loader;
use fluent_templates::fluent_bundle::FluentValue;
use unic_langid::{LanguageIdentifier, langid};

pub use dates::Dates;
use kept::Kept;

fluent_templates::static_loader! {
    static LOADER = {
        locales: "./src/i18n/locales",
        fallback_language: "en",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// The interface languages (IN-1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
    /// Spanish.
    Es,
}

impl Locale {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Locale; 3] = [Locale::En, Locale::Fr, Locale::Es];

    /// The language tag: `en`, `fr`, `es`.
    pub fn tag(self) -> &'static str {
        match self {
            Locale::En => "en",
            Locale::Fr => "fr",
            Locale::Es => "es",
        }
    }

    /// What its speakers call it.
    pub fn native_name(self) -> &'static str {
        match self {
            Locale::En => "English",
            Locale::Fr => "Français",
            Locale::Es => "Español",
        }
    }

    /// Reads a tag; a region is ignored (`es-MX` is read as Spanish).
    pub fn parse(tag: &str) -> Option<Locale> {
        let base = tag.split(['-', '_']).next().unwrap_or_default();
        Locale::ALL.into_iter().find(|locale| locale.tag().eq_ignore_ascii_case(base))
    }

    fn id(self) -> &'static LanguageIdentifier {
        static IDS: [LanguageIdentifier; 3] = [langid!("en"), langid!("fr"), langid!("es")];
        let [en, fr, es] = &IDS;
        match self {
            Locale::En => en,
            Locale::Fr => fr,
            Locale::Es => es,
        }
    }
}

/// A number that chooses a plural; templates hand numbers by reference.
pub trait Count {
    /// The number; what lies below zero counts as zero.
    fn count(&self) -> u64;
}

macro_rules! counts {
    ($($number:ty),*) => {$(
        impl Count for $number {
            fn count(&self) -> u64 {
                u64::try_from(*self).unwrap_or_default()
            }
        }
    )*};
}

counts!(u32, u64, usize, i64);

impl<T: Count + ?Sized> Count for &T {
    fn count(&self) -> u64 {
        (**self).count()
    }
}

/// Texts of one language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    locale: Locale,
}

/// Texts without arguments, kept after their first use: a list page asks for hundreds of them. There are as many as keys in the files.
static PLAIN: [Kept<String, str>; 3] = [const { Kept::new() }; 3];

impl Texts {
    /// The texts of `locale`.
    pub fn of(locale: Locale) -> Texts {
        Texts { locale }
    }

    /// Which language these texts are in.
    pub fn locale(self) -> Locale {
        self.locale
    }

    /// Whether there is a text under this key, in this very language.
    pub fn has(self, key: &str) -> bool {
        LOADER.lookup_single_language::<&str>(self.locale.id(), key, None).is_ok()
    }

    /// The text under `key`; the key itself where there is none, which a test forbids.
    pub fn get(self, key: &str) -> &'static str {
        let [en, fr, es] = &PLAIN;
        let plain = match self.locale {
            Locale::En => en,
            Locale::Fr => fr,
            Locale::Es => es,
        };
        if let Some(text) = plain.get(key) {
            return text;
        }
        let Some(text) = LOADER.try_lookup(self.locale.id(), key) else {
            tracing::error!(key, "a text is missing");
            return "?";
        };
        plain.keep(key.to_owned(), text.into_boxed_str())
    }

    /// The text under `key` with its arguments filled in.
    pub fn with(self, key: &str, arguments: &[(&'static str, &str)]) -> String {
        self.fill(key, arguments.iter().map(|(name, value)| (*name, FluentValue::from((*value).to_owned()))))
    }

    /// What stands before and behind the one argument of the text under `key`: read once for a page, however many rows fill it in.
    pub fn around(self, key: &str, argument: &'static str) -> (String, String) {
        const HERE: &str = "\u{fffc}";
        let text = self.with(key, &[(argument, HERE)]);
        let (before, behind) = text.split_once(HERE).unwrap_or((&text, ""));
        (before.to_owned(), behind.to_owned())
    }

    /// The text under `key` with arguments whose names are known at run time only.
    pub fn owned(self, key: &str, arguments: &[(impl AsRef<str>, String)]) -> String {
        let arguments = arguments.iter().map(|(name, value)| {
            // Kept as text on its way here, a number chooses the plural all the same.
            let number = (name.as_ref() == "count").then(|| value.parse::<u64>().ok()).flatten();
            let value = number.map_or_else(|| FluentValue::from(value.clone()), FluentValue::from);
            (name.as_ref().to_owned().into(), value)
        });
        self.lookup(key, arguments.collect())
    }

    /// The text under `key` with a number, which chooses the plural: `{ $count }`.
    pub fn count(self, key: &str, count: impl Count) -> String {
        self.fill(key, [("count", FluentValue::from(count.count()))])
    }

    /// Like [`Texts::count`], with further arguments.
    pub fn count_with(self, key: &str, count: impl Count, arguments: &[(&'static str, &str)]) -> String {
        let others = arguments.iter().map(|(name, value)| (*name, FluentValue::from((*value).to_owned())));
        self.fill(key, others.chain([("count", FluentValue::from(count.count()))]))
    }

    fn fill(self, key: &str, arguments: impl IntoIterator<Item = (&'static str, FluentValue<'static>)>) -> String {
        self.lookup(key, arguments.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }

    fn lookup(self, key: &str, arguments: HashMap<Cow<'static, str>, FluentValue<'static>>) -> String {
        LOADER.try_lookup_with_args(self.locale.id(), key, &arguments).unwrap_or_else(|| {
            tracing::error!(key, "a text is missing");
            "?".to_owned()
        })
    }

    /// A whole number with the separators of the language.
    pub fn number(self, number: impl Count) -> String {
        let separator = match self.locale {
            Locale::En => ",",
            Locale::Fr => "\u{202f}",
            Locale::Es => ".",
        };
        let digits = number.count().to_string();
        let mut written = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                written.push_str(separator);
            }
            written.push(digit);
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    use super::*;

    /// Every message of a language with the variables it uses.
    fn messages(locale: Locale) -> BTreeMap<String, BTreeSet<String>> {
        let folder = Path::new("src/i18n/locales").join(locale.tag());
        let mut all = BTreeMap::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let mut key = None;
            for line in source.lines() {
                if let Some((name, _)) = line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase())) {
                    assert!(all.insert(name.to_owned(), BTreeSet::new()).is_none(), "{name} stands twice in {locale:?}");
                    key = Some(name.to_owned());
                }
                let Some(variables) = key.as_ref().and_then(|key| all.get_mut(key)) else { continue };
                for part in line.split('$').skip(1) {
                    variables.insert(part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect());
                }
            }
        }
        all
    }

    #[test]
    fn every_language_has_every_text_with_the_same_variables() {
        let english = messages(Locale::En);
        assert!(english.len() > 10);
        for locale in [Locale::Fr, Locale::Es] {
            let other = messages(locale);
            for (key, variables) in &english {
                assert_eq!(other.get(key), Some(variables), "{key} in {locale:?}");
            }
            assert_eq!(english.len(), other.len(), "{locale:?} has texts English lacks");
        }
    }

    #[test]
    fn every_message_can_be_read_by_fluent() {
        for locale in Locale::ALL {
            for (key, variables) in messages(locale) {
                assert!(Texts::of(locale).has(&key) || !variables.is_empty(), "{key} in {locale:?}");
            }
        }
    }

    /// Keys written in templates and code: `t.get("...")`, `t.with("...`, `t.count("...`.
    fn used(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                used(&path, found);
                continue;
            }
            let Ok(source) = std::fs::read_to_string(&path) else { continue };
            for call in ["t.get(\"", "t.with(\"", "t.count(\"", "t.count_with(\"", "texts.get(\"", "texts.with(\""] {
                for part in source.split(call).skip(1) {
                    let key: String = part.chars().take_while(|c| *c != '"').collect();
                    if part.chars().nth(key.chars().count() + 1).is_some_and(|c| c == ')' || c == ',') {
                        found.insert(key);
                    }
                }
            }
        }
    }

    #[test]
    fn every_key_used_has_a_text() {
        let mut found = BTreeSet::new();
        used(Path::new("src/web"), &mut found);
        used(Path::new("templates"), &mut found);
        let english = messages(Locale::En);
        let missing: Vec<_> = found.iter().filter(|key| !english.contains_key(*key)).collect();
        assert!(missing.is_empty(), "texts missing: {missing:?}");
    }

    #[test]
    fn what_stands_around_an_argument_is_the_text_without_it() {
        for locale in Locale::ALL {
            let t = Texts::of(locale);
            for key in ["bulk-choose", "operators-edit"] {
                let (before, behind) = t.around(key, "name");
                assert_eq!(format!("{before}Ana{behind}"), t.with(key, &[("name", "Ana")]), "{key} in {locale:?}");
                assert!(before.len() + behind.len() > 3, "{key} in {locale:?}");
            }
        }
    }

    #[test]
    fn numbers_follow_the_language() {
        assert_eq!(Texts::of(Locale::En).number(1_234_567_u64), "1,234,567");
        assert_eq!(Texts::of(Locale::Es).number(999_u64), "999");
        assert_eq!(Texts::of(Locale::Es).number(1_000_u64), "1.000");
    }
}
