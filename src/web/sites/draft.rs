//! A site as its form holds it, and what the small buttons of the form do to it before anything is saved.
//!
//! Lists in the form: `hosts` is one text with a host a line; `departments` and `language_order` are repeated, the latter in
//! order; a row of the tables is the n-th of `url_rules.kind`, `url_rules.value` and `url_rules.language`, or of
//! `countries.country` and `countries.language`. Rows without a value and a language are not there. A list none of whose
//! fields is sent stays as it is; empty values among ticks are there to send the list when nothing is ticked.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::country;
use crate::domain::site::{RawRule, RawSite, Site, Source};
use crate::web::form::Form;

/// Empty rows that a table may have at most.
const BLANKS: usize = 10;

/// A site as its form was sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SiteForm {
    name: String,
    slug: String,
    hosts: Vec<String>,
    departments: Vec<String>,
    language_order: Vec<String>,
    #[serde(rename = "url_rules.kind")]
    rule_kinds: Vec<String>,
    #[serde(rename = "url_rules.value")]
    rule_values: Vec<String>,
    #[serde(rename = "url_rules.language")]
    rule_languages: Vec<String>,
    #[serde(rename = "countries.country")]
    countries: Vec<String>,
    #[serde(rename = "countries.language")]
    country_languages: Vec<String>,
    fixed: String,
    /// An unticked box sends only the hidden `false` before it.
    message_mode: Vec<String>,
    /// A small button, such as `url_rules:2:up` or `countries:add`: shows the form again with that done, and saves nothing.
    pub edit: Option<String>,
    /// The version that was open.
    pub version: Option<i64>,
}

/// What the form shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// Its slug.
    pub slug: String,
    /// One a line.
    pub hosts: String,
    /// Slugs that are ticked.
    pub departments: Vec<String>,
    /// Sources that are ticked, in order.
    pub order: Vec<String>,
    /// Rows of the table of rules.
    pub rules: Vec<RawRule>,
    /// Rows of the table of countries: country and tag.
    pub countries: Vec<(String, String)>,
    /// Tag, or nothing.
    pub fixed: String,
    /// Whether messages are taken.
    pub message_mode: bool,
    /// Texts by tag; in the form `message_texts.es`, read from the raw form.
    pub message_texts: BTreeMap<String, String>,
    /// Empty rows after those of the tables.
    pub blank_rules: usize,
    /// See [`Draft::blank_rules`].
    pub blank_countries: usize,
}

impl Draft {
    /// A site as it is stored.
    pub fn stored(site: &Site) -> Draft {
        let rule = |rule: &crate::domain::site::UrlRule| RawRule {
            kind: rule.kind.as_str().to_owned(),
            value: rule.value.clone(),
            language: rule.language.to_string(),
        };
        Draft {
            name: site.name.clone(),
            slug: site.slug.clone(),
            hosts: site.hosts.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
            departments: site.departments.clone(),
            order: site.language_order.iter().map(|source| source.as_str().to_owned()).collect(),
            rules: site.url_rules.iter().map(rule).collect(),
            countries: site.countries.iter().map(|(country, tag)| (country.clone(), tag.to_string())).collect(),
            fixed: site.fixed.as_ref().map(ToString::to_string).unwrap_or_default(),
            message_mode: site.message_mode,
            message_texts: site.message_texts.clone(),
            blank_rules: 1,
            blank_countries: 1,
        }
    }

    /// A site as it was sent; what was not sent is as it is stored.
    pub fn sent(form: &Form<SiteForm>, stored: &Site) -> Draft {
        let sent = &form.fields;
        let has = |name: &str| form.raw.iter().any(|(other, _)| other == name);
        let mut draft = Draft::stored(stored);
        let texts =
            [("name", &mut draft.name, &sent.name), ("slug", &mut draft.slug, &sent.slug), ("fixed", &mut draft.fixed, &sent.fixed)];
        for (_, old, new) in texts.into_iter().filter(|(name, ..)| has(name)) {
            old.clone_from(new);
        }
        if let Some(sent) = sent.message_mode.last() {
            draft.message_mode = sent == "true";
        }
        let texts = form.raw.iter().filter_map(|(name, text)| Some((name.strip_prefix("message_texts.")?.to_owned(), text.clone())));
        draft.message_texts.extend(texts);
        if has("hosts") {
            draft.hosts = sent.hosts.join("\n");
        }
        if has("departments") {
            draft.departments = ticked(&sent.departments);
        }
        if has("language_order") {
            draft.order = ticked(&sent.language_order);
        }
        if has("url_rules.value") {
            let rows = (0..sent.rule_values.len()).map(|row| RawRule {
                kind: at(&sent.rule_kinds, row),
                value: at(&sent.rule_values, row),
                language: at(&sent.rule_languages, row),
            });
            (draft.rules, draft.blank_rules) = filled(rows, |rule| rule.value.is_empty() && rule.language.is_empty());
        }
        if has("countries.country") {
            let rows = (0..sent.countries.len()).map(|row| (at(&sent.countries, row), at(&sent.country_languages, row)));
            (draft.countries, draft.blank_countries) = filled(rows, |(country, tag)| country.is_empty() && tag.is_empty());
        }
        draft
    }

    /// The same for the deed. A country may be typed by its name; hosts stand on lines or between commas.
    pub fn raw(&self) -> RawSite {
        let hosts = self.hosts.split([',', '\n']).map(str::trim).filter(|host| !host.is_empty());
        let meant = |raw: &str| country::meant(raw).map_or_else(|| raw.to_owned(), str::to_owned);
        RawSite {
            slug: Some(self.slug.clone()),
            name: Some(self.name.clone()),
            hosts: Some(hosts.map(str::to_owned).collect()),
            departments: Some(self.departments.clone()),
            language_order: Some(self.order.clone()),
            url_rules: Some(self.rules.clone()),
            countries: Some(self.countries.iter().map(|(country, tag)| (meant(country), tag.clone())).collect()),
            fixed: Some(self.fixed.clone()),
            message_mode: Some(self.message_mode),
            message_texts: Some(self.message_texts.clone()),
        }
    }

    /// Does what a small button says; what names no row changes nothing.
    pub fn edit(&mut self, edit: &str) {
        let mut parts = edit.split(':');
        let (list, place, way) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let row: Option<usize> = place.parse().ok();
        match (list, row) {
            ("url_rules", None) => self.blank_rules = (self.blank_rules + 1).min(BLANKS),
            ("countries", None) => self.blank_countries = (self.blank_countries + 1).min(BLANKS),
            ("url_rules", Some(row)) => shift(&mut self.rules, row, way),
            ("countries", Some(row)) => shift(&mut self.countries, row, way),
            ("language_order", Some(row)) => shift(&mut self.order, row, way),
            _ => {}
        }
    }

    /// The sources as the form lists them: those ticked in order, then the others.
    pub fn sources(&self) -> impl Iterator<Item = (&'static str, bool)> {
        let is_on = |source: &Source| self.order.iter().any(|name| name == source.as_str());
        let on = self.order.iter().filter_map(|name| Source::parse(name)).map(|source| (source.as_str(), true));
        on.chain(Source::ALL.into_iter().filter(move |source| !is_on(source)).map(|source| (source.as_str(), false)))
    }
}

/// Takes a row out, or moves it one place up or down.
fn shift<T>(rows: &mut Vec<T>, row: usize, way: &str) {
    let last = rows.len().saturating_sub(1);
    match way {
        "remove" if row < rows.len() => drop(rows.remove(row)),
        "up" if row > 0 && row <= last => rows.swap(row - 1, row),
        "down" if row < last => rows.swap(row, row + 1),
        _ => {}
    }
}

fn ticked(sent: &[String]) -> Vec<String> {
    sent.iter().filter(|value| !value.is_empty()).cloned().collect()
}

fn at(column: &[String], row: usize) -> String {
    column.get(row).map(|value| value.trim().to_owned()).unwrap_or_default()
}

/// The rows that hold something, and how many of the others there were, at least one.
fn filled<T>(rows: impl Iterator<Item = T>, is_blank: impl Fn(&T) -> bool) -> (Vec<T>, usize) {
    let (blank, filled): (Vec<T>, Vec<T>) = rows.partition(|row| is_blank(row));
    (filled, blank.len().clamp(1, BLANKS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(pairs: &[(&str, &str)]) -> Form<SiteForm> {
        let raw: Vec<(String, String)> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let packed = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&raw).finish();
        Form { fields: serde_html_form::from_str(&packed).unwrap(), files: Vec::new(), raw }
    }

    #[test]
    fn rows_are_put_together_by_their_place_and_empty_ones_are_left_out() {
        let form = sent(&[
            ("url_rules.kind", "path"),
            ("url_rules.value", ""),
            ("url_rules.language", ""),
            ("url_rules.kind", "query"),
            ("url_rules.value", "lang=es"),
            ("url_rules.language", "es"),
            ("url_rules.kind", "path"),
            ("url_rules.value", ""),
            ("url_rules.language", "fr"),
            ("countries.country", "Espagne"),
            ("countries.language", "es"),
            ("hosts", "a.example\r\n\r\n b.example, c.example"),
        ]);
        let draft = Draft::sent(&form, &Site::default());
        assert_eq!(draft.rules.len(), 2);
        assert_eq!((draft.rules[0].kind.as_str(), draft.rules[0].value.as_str()), ("query", "lang=es"));
        assert_eq!((draft.rules[1].value.as_str(), draft.rules[1].language.as_str()), ("", "fr"));
        let raw = draft.raw();
        assert_eq!(raw.countries, Some(vec![("ES".into(), "es".into())]));
        assert_eq!(raw.hosts, Some(vec!["a.example".into(), "b.example".into(), "c.example".into()]));
    }

    #[test]
    fn what_is_not_sent_stays_and_what_is_unticked_goes() {
        let stored = Site { name: "Shop".into(), departments: vec!["sales".into()], ..Site::default() };
        let draft = Draft::sent(&sent(&[("name", "Store"), ("language_order", "")]), &stored);
        assert_eq!((draft.name.as_str(), draft.departments.len(), draft.order.len()), ("Store", 1, 0));
        assert_eq!(Draft::sent(&sent(&[("departments", "")]), &stored).departments.len(), 0);
    }

    #[test]
    fn the_small_buttons_move_remove_and_add_rows() {
        let mut draft = Draft::stored(&Site::default());
        for (edit, order) in [
            ("language_order:1:up", ["browser", "url", "country", "fixed"]),
            ("language_order:3:down", ["browser", "url", "country", "fixed"]),
            ("language_order:0:up", ["browser", "url", "country", "fixed"]),
            ("language_order:2:down", ["browser", "url", "fixed", "country"]),
            ("nonsense", ["browser", "url", "fixed", "country"]),
            ("language_order:9:remove", ["browser", "url", "fixed", "country"]),
        ] {
            draft.edit(edit);
            assert_eq!(draft.order, order, "{edit}");
        }
        draft.edit("url_rules:add");
        assert_eq!(draft.blank_rules, 2);
        draft.countries = vec![("ES".into(), "es".into())];
        draft.edit("countries:0:remove");
        assert!(draft.countries.is_empty());
        draft.order = vec!["fixed".into()];
        assert_eq!(draft.sources().collect::<Vec<_>>(), [("fixed", true), ("url", false), ("browser", false), ("country", false)]);
    }
}
