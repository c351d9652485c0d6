//! The visitor's language: what is asked one after the other, and why it answered or not (LA-3).

use super::host::PageAddress;
use super::rule::RuleKind;
use super::{Site, Source};
use crate::domain::country;
use crate::domain::language::{LanguageTag, lookup};

/// Characters of what a visitor sent that an answer repeats.
const SHOWN: usize = 120;

/// What is known of a visitor; empty is nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clues<'a> {
    /// Address of the page.
    pub url: &'a str,
    /// The header `Accept-Language`.
    pub accept_language: &'a str,
    /// ISO 3166-1, two letters.
    pub country: &'a str,
}

/// The language that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// One that is switched on.
    pub tag: LanguageTag,
    /// What told it. The organisation's own language, the last resort, counts as a fixed one.
    pub from: Source,
    /// Everything that was asked, in order.
    pub trace: Vec<Check>,
}

/// One thing that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Where it was looked for.
    pub source: Source,
    /// Why it answered or not; the text is `sites-trace-<code>` with these arguments.
    pub code: &'static str,
    /// What the text mentions.
    pub args: Vec<(&'static str, String)>,
    /// The language found, where this is what decided.
    pub tag: Option<LanguageTag>,
}

/// Finds the language of a visitor of the site among the languages that are switched on. A region that is not among them
/// falls back to its base, never to another region. Where nothing tells it, it is the organisation's own.
pub fn visitor_language(site: &Site, languages: &[LanguageTag], default: &LanguageTag, clues: Clues<'_>) -> Found {
    let mut search = Search { languages, trace: Vec::new() };
    let mut decided = None;
    for source in &site.language_order {
        if decided.is_some() {
            search.note(*source, "not-needed", []);
            continue;
        }
        let tag = match source {
            Source::Url => search.by_url(site, clues.url),
            Source::Browser => search.by_browser(clues.accept_language),
            Source::Country => search.by_country(site, clues.country),
            Source::Fixed => search.fixed(site),
        };
        decided = tag.map(|tag| (tag, *source));
    }
    let (tag, from) = decided.unwrap_or_else(|| {
        let language = ("language", default.to_string());
        search.trace.push(Check { source: Source::Fixed, code: "default", args: vec![language], tag: Some(default.clone()) });
        (default.clone(), Source::Fixed)
    });
    Found { tag, from, trace: search.trace }
}

struct Search<'a> {
    languages: &'a [LanguageTag],
    trace: Vec<Check>,
}

impl Search<'_> {
    fn by_url(&mut self, site: &Site, url: &str) -> Option<LanguageTag> {
        if site.url_rules.is_empty() {
            return self.note(Source::Url, "url-no-rules", []);
        }
        if url.trim().is_empty() {
            return self.note(Source::Url, "url-none", []);
        }
        let Some(page) = PageAddress::parse(url) else {
            return self.note(Source::Url, "url-unreadable", [("value", shown(url))]);
        };
        site.url_rules.iter().find_map(|rule| {
            let (fits, misses) = match rule.kind {
                RuleKind::Path => ("url-path", "url-path-misses"),
                RuleKind::Subdomain => ("url-subdomain", "url-subdomain-misses"),
                RuleKind::Query => ("url-query", "url-query-misses"),
            };
            let value = ("value", rule.value.clone());
            match rule.fits(&site.hosts, &page) {
                true => self.fires(Source::Url, fits, [value, ("language", rule.language.to_string())], &rule.language),
                false => self.note(Source::Url, misses, [value]),
            }
        })
    }

    fn by_browser(&mut self, header: &str) -> Option<LanguageTag> {
        if header.trim().is_empty() {
            return self.note(Source::Browser, "browser-none", []);
        }
        let value = ("value", shown(header));
        match lookup(header, self.languages) {
            Some(tag) => self.fires(Source::Browser, "browser", [value, ("language", tag.to_string())], tag),
            None => self.note(Source::Browser, "browser-misses", [value]),
        }
    }

    fn by_country(&mut self, site: &Site, raw: &str) -> Option<LanguageTag> {
        if raw.trim().is_empty() {
            return self.note(Source::Country, "country-none", []);
        }
        let Some(code) = country::code(raw) else {
            return self.note(Source::Country, "country-unknown", [("value", shown(raw))]);
        };
        let value = ("value", code.to_owned());
        match site.countries.get(code) {
            Some(wanted) => self.fires(Source::Country, "country", [value, ("language", wanted.to_string())], wanted),
            None => self.note(Source::Country, "country-misses", [value]),
        }
    }

    fn fixed(&mut self, site: &Site) -> Option<LanguageTag> {
        match &site.fixed {
            Some(wanted) => self.fires(Source::Fixed, "fixed", [("language", wanted.to_string())], wanted),
            None => self.note(Source::Fixed, "fixed-none", []),
        }
    }

    /// Notes that something names the wanted language, and what that is served by: itself, or its base where it is switched off.
    fn fires<const N: usize>(
        &mut self,
        source: Source,
        code: &'static str,
        args: [(&'static str, String); N],
        wanted: &LanguageTag,
    ) -> Option<LanguageTag> {
        let found = lookup(wanted.as_str(), self.languages).cloned();
        let is_itself = found.as_ref() == Some(wanted);
        self.trace.push(Check { source, code, args: args.into(), tag: found.clone().filter(|_| is_itself) });
        if !is_itself {
            let wanted = ("wanted", wanted.to_string());
            let (code, args) = match &found {
                Some(base) => ("base", vec![wanted, ("language", base.to_string())]),
                None => ("off", vec![wanted]),
            };
            self.trace.push(Check { source, code, args, tag: found.clone() });
        }
        found
    }

    /// Notes why nothing was found.
    fn note<const N: usize>(&mut self, source: Source, code: &'static str, args: [(&'static str, String); N]) -> Option<LanguageTag> {
        self.trace.push(Check { source, code, args: args.into(), tag: None });
        None
    }
}

/// What a visitor sent, cut to a length that can be shown.
fn shown(raw: &str) -> String {
    let raw = raw.trim();
    let short: String = raw.chars().take(SHOWN).collect();
    if short.len() < raw.len() { short + "…" } else { short }
}
