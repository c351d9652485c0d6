//! Sites: the visitor-facing domains, and how the language of their visitors is found (LA-3).

mod detection;
mod host;
mod rule;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use detection::{Check, Clues, Found, visitor_language};
pub use host::{Claim, HostPattern, PageAddress};
pub use rule::{RuleKind, UrlRule, VALUE};

use super::availability::Mode;
use super::field::{Fault, FieldErrors};
use super::language::{LanguageTag, best};
use super::named::{known, named};
use super::{country, limits, slug, text};

/// Hosts and URL rules of a site at most.
pub const HOSTS: usize = 100;
/// See [`HOSTS`].
pub const RULES: usize = 100;

named! {
    /// Where a visitor's language can be found.
    #[derive(PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    Source {
        /// In the address of the page, by the URL rules.
        Url = "url",
        /// In what the browser asks for (`Accept-Language`).
        Browser = "browser",
        /// By the country.
        Country = "country",
        /// Always the same one.
        Fixed = "fixed",
    }
}

/// What is said about a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Its name in the API and in public addresses; empty until one is typed or made.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// Hosts whose pages are its own.
    pub hosts: Vec<HostPattern>,
    /// Slugs of the departments it offers.
    pub departments: Vec<String>,
    /// Where a visitor's language is looked for, one after the other.
    pub language_order: Vec<Source>,
    /// What in an address tells the language; the first that fits decides.
    pub url_rules: Vec<UrlRule>,
    /// Languages by country, ISO 3166-1 in capital letters.
    pub countries: BTreeMap<String, LanguageTag>,
    /// The language without further questions.
    pub fixed: Option<LanguageTag>,
    /// Whether it takes messages while nobody receives, where the organisation does (QU-4).
    pub message_mode: bool,
    /// What visitors read then instead of the usual text, by tag (QU-4).
    pub message_texts: BTreeMap<String, String>,
}

impl Default for Site {
    fn default() -> Site {
        Site {
            slug: String::new(),
            name: String::new(),
            hosts: Vec::new(),
            departments: Vec::new(),
            language_order: Source::ALL.to_vec(),
            url_rules: Vec::new(),
            countries: BTreeMap::new(),
            fixed: None,
            message_mode: true,
            message_texts: BTreeMap::new(),
        }
    }
}

/// A URL rule as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawRule {
    /// `path`, `subdomain` or `query`.
    pub kind: String,
    /// What to look for.
    pub value: String,
    /// Tag.
    pub language: String,
}

/// A site as it was typed; what is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawSite {
    /// Its slug; nothing typed leaves it as it is too.
    pub slug: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Host patterns; the same one twice is one.
    pub hosts: Option<Vec<String>>,
    /// Slugs.
    pub departments: Option<Vec<String>>,
    /// Stable names of sources.
    pub language_order: Option<Vec<String>>,
    /// Rules in their order.
    pub url_rules: Option<Vec<RawRule>>,
    /// Country and tag.
    pub countries: Option<Vec<(String, String)>>,
    /// Tag; empty for none.
    pub fixed: Option<String>,
    /// On or off.
    pub message_mode: Option<bool>,
    /// Texts by tag; an empty one is none.
    pub message_texts: Option<BTreeMap<String, String>>,
}

/// What a site must agree with.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The languages that are switched on.
    pub languages: &'a [LanguageTag],
    /// Slugs of all departments.
    pub departments: &'a [String],
    /// Hosts of other sites, with the names of those.
    pub claimed: &'a [(HostPattern, String)],
}

impl Site {
    /// The site with what was typed. A language that is switched off is taken only where the site names it already.
    ///
    /// Fields are those of the API; `hosts[0]`, `departments[0]`, `language_order[0]`, `url_rules[0].value`, `countries[0].country` and
    /// `countries[0].language` name a place in what was typed.
    pub fn with(&self, raw: &RawSite, around: Surroundings<'_>) -> Result<Site, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut site = self.clone();
        if let Some(typed) = raw.slug.as_deref().filter(|slug| !slug.trim().is_empty()) {
            errors.take("slug", slug::read(typed).map(|slug| site.slug = slug));
        }
        if let Some(name) = &raw.name {
            errors.take("name", text::line(name, limits::SITE_NAME).map(|name| site.name = name));
        }
        if let Some(hosts) = &raw.hosts {
            site.hosts = read_hosts(hosts, around.claimed, &mut errors);
        }
        if let Some(departments) = &raw.departments {
            site.departments = read_departments(departments, around.departments, &mut errors);
        }
        if let Some(order) = &raw.language_order {
            site.language_order = read_order(order, &mut errors);
        }
        let offered = |tag: &str| self.language(tag, around.languages);
        if let Some(rules) = &raw.url_rules {
            site.url_rules = read_rules(rules, offered, &mut errors);
        }
        if let Some(countries) = &raw.countries {
            site.countries = read_countries(countries, offered, &mut errors);
        }
        if let Some(fixed) = &raw.fixed {
            let wanted = if fixed.trim().is_empty() { Ok(None) } else { offered(fixed).map(Some) };
            errors.take("fixed", wanted.map(|fixed| site.fixed = fixed));
        }
        site.message_mode = raw.message_mode.unwrap_or(site.message_mode);
        if let Some(texts) = &raw.message_texts {
            site.message_texts = self.read_message_texts(texts, around.languages, &mut errors);
        }
        errors.into_result(site)
    }

    /// Texts of languages that are switched on, or that the site has a text in already.
    fn read_message_texts(
        &self,
        raw: &BTreeMap<String, String>,
        languages: &[LanguageTag],
        errors: &mut FieldErrors,
    ) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        for (tag, text) in raw {
            let field = format!("message_texts.{tag}");
            let Some(Some(text)) = errors.take(&field, text::optional_multiline(text, limits::MESSAGE_TEXT)) else { continue };
            match LanguageTag::parse(tag) {
                Ok(tag) if languages.contains(&tag) || self.message_texts.contains_key(tag.as_str()) => {
                    drop(texts.insert(tag.to_string(), text))
                }
                _ => errors.add(&field, "unknown_choice"),
            }
        }
        texts
    }

    /// What visitors meet where the organisation would have this: the site may take no messages (QU-4).
    pub fn met(&self, mode: Mode) -> Mode {
        if mode == Mode::Message && !self.message_mode { Mode::Closed } else { mode }
    }

    /// What visitors of this language read while nobody receives; none is the usual text (QU-4).
    pub fn message_text(&self, wanted: &LanguageTag) -> Option<&str> {
        let tags: Vec<LanguageTag> = self.message_texts.keys().filter_map(|tag| LanguageTag::parse(tag).ok()).collect();
        let tag = best(&tags, wanted).and_then(|place| tags.get(place))?;
        self.message_texts.get(tag.as_str()).map(String::as_str)
    }

    fn language(&self, raw: &str, languages: &[LanguageTag]) -> Result<LanguageTag, Fault> {
        // What was not chosen is asked for in the same words.
        let tag = if raw.trim().is_empty() { return Err(Fault::new("language_off")) } else { LanguageTag::parse(raw)? };
        if languages.contains(&tag) || self.names(&tag) { Ok(tag) } else { Err(Fault::new("language_off")) }
    }

    /// Whether a rule, a country or the fixed language is this one.
    pub fn names(&self, tag: &LanguageTag) -> bool {
        self.url_rules.iter().any(|rule| rule.language == *tag)
            || self.countries.values().any(|language| language == tag)
            || self.fixed.as_ref() == Some(tag)
    }

    /// Puts another language in the place of one; without another, what names it is dropped (LA-1).
    pub fn replace(&mut self, tag: &LanguageTag, with: Option<&LanguageTag>) {
        match with {
            Some(with) => {
                let named =
                    self.url_rules.iter_mut().map(|rule| &mut rule.language).chain(self.countries.values_mut()).chain(&mut self.fixed);
                named.filter(|language| *language == tag).for_each(|language| language.clone_from(with));
            }
            None => {
                self.url_rules.retain(|rule| rule.language != *tag);
                self.countries.retain(|_, language| language != tag);
                self.fixed.take_if(|language| language == tag);
            }
        }
    }

    /// How closely the site fits a page, where the page is its own: by one of its hosts, or by a host with a subdomain
    /// that one of its rules names before it.
    pub fn claim(&self, page: &PageAddress) -> Option<Claim> {
        let labels = || self.url_rules.iter().filter(|rule| rule.kind == RuleKind::Subdomain).map(|rule| rule.value.as_str());
        let claims = self
            .hosts
            .iter()
            .flat_map(|host| host.claim(page).into_iter().chain(labels().filter_map(|label| host.claim_below(page, label))));
        claims.max()
    }
}

/// The site whose page this is: the one that fits it most closely, an exact host before a wildcard and a longer wildcard
/// before a shorter one (LA-3).
pub fn owner<'a, T>(sites: impl IntoIterator<Item = (T, &'a Site)>, page: &PageAddress) -> Option<T> {
    let mut best: Option<(Claim, T)> = None;
    for (name, site) in sites {
        let Some(claim) = site.claim(page) else { continue };
        if best.as_ref().is_none_or(|(held, _)| claim > *held) {
            best = Some((claim, name));
        }
    }
    best.map(|(_, name)| name)
}

fn read_hosts(raw: &[String], claimed: &[(HostPattern, String)], errors: &mut FieldErrors) -> Vec<HostPattern> {
    if raw.len() > HOSTS {
        errors.add_fault("hosts", Fault::with("too_many", "max", HOSTS));
    }
    let mut hosts: Vec<HostPattern> = Vec::new();
    for (place, raw) in raw.iter().take(HOSTS).enumerate() {
        let free = HostPattern::parse(raw).and_then(|host| match claimed.iter().find(|(other, _)| *other == host) {
            Some((_, site)) => Err(Fault { code: "host_taken", args: vec![("value", host.to_string()), ("site", site.clone())] }),
            None => Ok(host),
        });
        let host = errors.take(&format!("hosts[{place}]"), free);
        hosts.extend(host.filter(|host| !hosts.contains(host)));
    }
    hosts
}

fn read_departments(raw: &[String], known: &[String], errors: &mut FieldErrors) -> Vec<String> {
    let mut slugs: Vec<String> = Vec::new();
    for (place, slug) in raw.iter().enumerate() {
        if !known.contains(slug) {
            errors.add(&format!("departments[{place}]"), "unknown_choice");
        } else if !slugs.contains(slug) {
            slugs.push(slug.clone());
        }
    }
    slugs
}

fn read_order(raw: &[String], errors: &mut FieldErrors) -> Vec<Source> {
    let mut order: Vec<Source> = Vec::new();
    for (place, name) in raw.iter().enumerate() {
        let source =
            known(name, Source::parse).and_then(|source| if order.contains(&source) { Err(Fault::new("repeated")) } else { Ok(source) });
        order.extend(errors.take(&format!("language_order[{place}]"), source));
    }
    order
}

fn read_rules(raw: &[RawRule], offered: impl Fn(&str) -> Result<LanguageTag, Fault>, errors: &mut FieldErrors) -> Vec<UrlRule> {
    if raw.len() > RULES {
        errors.add_fault("url_rules", Fault::with("too_many", "max", RULES));
    }
    let mut rules: Vec<UrlRule> = Vec::new();
    for (place, raw) in raw.iter().take(RULES).enumerate() {
        let field = |name: &str| format!("url_rules[{place}].{name}");
        let kind = errors.take(&field("kind"), known(&raw.kind, RuleKind::parse));
        let value = kind.and_then(|kind| {
            // The second of two equal rules would never fire.
            let is_there = |value: &str| rules.iter().any(|rule| rule.kind == kind && rule.value == value);
            let value = kind.value(&raw.value).and_then(|value| if is_there(&value) { Err(Fault::new("repeated")) } else { Ok(value) });
            errors.take(&field("value"), value)
        });
        let language = errors.take(&field("language"), offered(&raw.language));
        if let (Some(kind), Some(value), Some(language)) = (kind, value, language) {
            rules.push(UrlRule { kind, value, language });
        }
    }
    rules
}

fn read_countries(
    raw: &[(String, String)],
    offered: impl Fn(&str) -> Result<LanguageTag, Fault>,
    errors: &mut FieldErrors,
) -> BTreeMap<String, LanguageTag> {
    let mut countries = BTreeMap::new();
    for (place, (country, language)) in raw.iter().enumerate() {
        let code = match country::code(country) {
            None if country.trim().is_empty() => Err(Fault::new("required")),
            None => Err(Fault::new("country")),
            Some(code) if countries.contains_key(code) => Err(Fault::new("repeated")),
            Some(code) => Ok(code),
        };
        let code = errors.take(&format!("countries[{place}].country"), code);
        let language = errors.take(&format!("countries[{place}].language"), offered(language));
        if let (Some(code), Some(language)) = (code, language) {
            countries.insert(code.to_owned(), language);
        }
    }
    countries
}

#[cfg(test)]
mod tests;
