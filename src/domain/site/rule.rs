//! URL rules: what in the address of a page tells the visitor's language (LA-3).

use serde::{Deserialize, Serialize};
use url::{Host, form_urlencoded};

use super::host::{HostPattern, PageAddress, is_label};
use crate::domain::field::Fault;
use crate::domain::language::LanguageTag;
use crate::domain::named::named;

/// Longest value of a rule, in characters.
pub const VALUE: usize = 200;

named! {
    /// Which part of the address a rule looks at.
    #[derive(PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    RuleKind {
        /// The path begins with these whole segments: `/es` is that of `/es` and `/es/x`, not of `/especial`.
        Path = "path",
        /// The first labels before the site's host: `es` of `es.example.com`.
        Subdomain = "subdomain",
        /// A parameter of the query with this very value: `lang=es`.
        Query = "query",
    }
}

impl RuleKind {
    /// The one form of a value that is kept. Faults: `required`, `too_long`, `url_path`, `url_subdomain`, `url_query`.
    pub fn value(self, raw: &str) -> Result<String, Fault> {
        let raw = raw.trim();
        if raw.is_empty() {
            return Err(Fault::new("required"));
        }
        if raw.chars().count() > VALUE {
            return Err(Fault::with("too_long", "max", VALUE));
        }
        match self {
            RuleKind::Path => path(raw).ok_or(Fault::new("url_path")),
            RuleKind::Subdomain => subdomain(raw).ok_or(Fault::new("url_subdomain")),
            RuleKind::Query => query(raw).map(|pair| pair.0).ok_or(Fault::new("url_query")),
        }
    }
}

/// What in an address stands for which language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UrlRule {
    /// Where it looks.
    pub kind: RuleKind,
    /// What must stand there, in the form that [`RuleKind::value`] gives it.
    pub value: String,
    /// The language it stands for.
    pub language: LanguageTag,
}

impl UrlRule {
    /// Whether the address of a page of a site with these hosts holds what the rule looks for.
    pub(super) fn fits(&self, hosts: &[HostPattern], page: &PageAddress) -> bool {
        match self.kind {
            RuleKind::Path => page.is_below(&segments(&self.value)),
            RuleKind::Query => query(&self.value).is_some_and(|(_, name, value)| page.asks(&name, &value)),
            RuleKind::Subdomain => {
                let is_first = |labels: &str| {
                    let rest = labels.strip_prefix(self.value.as_str());
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                };
                hosts.iter().filter_map(|host| host.subdomain(page)).any(is_first)
            }
        }
    }
}

fn segments(path: &str) -> Vec<String> {
    let parts = path.split('/').filter(|segment| !segment.is_empty());
    parts.map(|segment| percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned()).collect()
}

/// `/es` of `es/`; nothing where it is no path, or the one that every page has.
fn path(raw: &str) -> Option<String> {
    let is_sound = |segment: &str| !segment.is_empty() && !matches!(segment, "." | "..");
    let inner = raw.trim_matches('/');
    let is_path = inner.split('/').all(is_sound) && !raw.contains([':', '?', '#', '\\']) && !raw.contains(char::is_whitespace);
    (is_path && !raw.chars().any(char::is_control)).then(|| format!("/{inner}"))
}

/// `es` of `ES.`, in A-labels.
fn subdomain(raw: &str) -> Option<String> {
    let labels = raw.trim_matches('.');
    // Read before a name, since labels alone may look like an address of digits.
    let Ok(Host::Domain(name)) = Host::parse(&format!("{labels}.{BELOW}")) else { return None };
    let labels = name.strip_suffix(BELOW)?.strip_suffix('.')?;
    labels.split('.').all(is_label).then(|| labels.to_owned())
}

/// Any name serves that labels can stand before.
const BELOW: &str = "example.org";

/// The parameter as it is kept, its name and its value.
fn query(raw: &str) -> Option<(String, String, String)> {
    let raw = raw.trim_start_matches(|c: char| matches!(c, '?' | '&') || c.is_whitespace());
    let mut pairs = form_urlencoded::parse(raw.as_bytes()).into_owned();
    let (name, value) = pairs.next().filter(|(name, value)| !name.is_empty() && !value.is_empty())?;
    let is_text = !name.chars().chain(value.chars()).any(char::is_control) && !raw.contains('#');
    (is_text && pairs.next().is_none()).then(|| (raw.to_owned(), name, value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fits(kind: RuleKind, value: &str, hosts: &[&str], url: &str) -> bool {
        let language = LanguageTag::parse("es").unwrap();
        let rule = UrlRule { kind, value: kind.value(value).unwrap(), language };
        let hosts: Vec<HostPattern> = hosts.iter().map(|host| HostPattern::parse(host).unwrap()).collect();
        rule.fits(&hosts, &PageAddress::parse(url).unwrap())
    }

    #[test]
    fn a_path_is_whole_segments_from_the_start() {
        for (value, url, expected) in [
            ("/es", "https://example.com/es", true),
            ("/es", "https://example.com/es/", true),
            ("/es", "https://example.com/es/x?y", true),
            ("es/", "https://example.com/es/x", true),
            ("/es", "https://example.com/especial", false),
            ("/es", "https://example.com/shop/es", false),
            ("/es", "https://example.com/", false),
            ("/es", "https://example.com/x/../es", true),
            ("/shop/es", "https://example.com/shop/es/1", true),
            ("/shop/es", "https://example.com/shop", false),
            ("/español", "https://example.com/espa%C3%B1ol/x", true),
            ("/es", "https://example.com/ES", false),
        ] {
            assert_eq!(fits(RuleKind::Path, value, &[], url), expected, "{value} in {url}");
        }
    }

    #[test]
    fn a_subdomain_is_the_first_labels_before_the_host() {
        for (value, hosts, url, expected) in [
            ("es", &["*.example.com"][..], "https://es.example.com", true),
            ("ES", &["*.example.com"], "https://es.shop.example.com", true),
            ("es", &["*.example.com"], "https://shop.es.example.com", false),
            ("es", &["*.example.com"], "https://esp.example.com", false),
            ("es.shop", &["*.example.com"], "https://es.shop.example.com", true),
            ("es", &["shop.example.com"], "https://es.shop.example.com", true),
            ("es", &["es.example.com"], "https://es.example.com", true),
            ("es", &["example.com"], "https://example.com", false),
            ("es", &["es.com"], "https://es.com", true),
            ("com", &["es.com"], "https://es.com", false),
            ("es", &["example.com"], "https://es.example.org", false),
            ("es", &[], "https://es.example.org", false),
            ("ñ", &["*.example.com"], "https://ñ.example.com", true),
        ] {
            assert_eq!(fits(RuleKind::Subdomain, value, hosts, url), expected, "{value} of {hosts:?} in {url}");
        }
    }

    #[test]
    fn a_parameter_has_the_very_value() {
        for (value, url, expected) in [
            ("lang=es", "https://example.com/?lang=es", true),
            ("?lang=es", "https://example.com/?x=1&lang=es#y", true),
            ("lang=es", "https://example.com/?lang=es-MX", false),
            ("lang=es", "https://example.com/?Lang=es", false),
            ("lang=es", "https://example.com/?lang=en&lang=es", true),
            ("sprache=espa%C3%B1ol", "https://example.com/?sprache=espa%c3%b1ol", true),
            ("sprache=español", "https://example.com/?sprache=espa%C3%B1ol", true),
            ("l=a+b", "https://example.com/?l=a%20b", true),
        ] {
            assert_eq!(fits(RuleKind::Query, value, &[], url), expected, "{value} in {url}");
        }
    }

    #[test]
    fn what_no_address_can_hold_is_refused() {
        for (kind, raw, code) in [
            (RuleKind::Path, "", "required"),
            (RuleKind::Path, "/", "url_path"),
            (RuleKind::Path, "/es?x", "url_path"),
            (RuleKind::Path, "https://example.com/es", "url_path"),
            (RuleKind::Path, "/es/../x", "url_path"),
            (RuleKind::Path, "/e s", "url_path"),
            (RuleKind::Subdomain, "es/", "url_subdomain"),
            (RuleKind::Subdomain, "*", "url_subdomain"),
            (RuleKind::Subdomain, "e s", "url_subdomain"),
            (RuleKind::Subdomain, "-es", "url_subdomain"),
            (RuleKind::Query, "lang", "url_query"),
            (RuleKind::Query, "lang=", "url_query"),
            (RuleKind::Query, "=es", "url_query"),
            (RuleKind::Query, "lang=es&x=1", "url_query"),
        ] {
            assert_eq!(kind.value(raw).map_err(|fault| fault.code), Err(code), "{kind:?} {raw}");
        }
        assert_eq!(RuleKind::Path.value(&"a".repeat(201)).map_err(|fault| fault.code), Err("too_long"));
        assert!(RuleKind::parse("host").is_none());
    }

    #[test]
    fn what_stands_before_a_pair_is_no_part_of_it() {
        assert_eq!(RuleKind::Query.value("? &lang=es").as_deref(), Ok("lang=es"));
        assert_eq!(RuleKind::Query.value("& =a"), Err(Fault::new("url_query")));
    }

    proptest! {
        #[test]
        fn a_kept_value_stays_as_it_is(raw in "[ -~ñé]{0,20}") {
            for kind in RuleKind::ALL {
                if let Ok(value) = kind.value(&raw) {
                    prop_assert_eq!(kind.value(&value), Ok(value));
                }
            }
        }

        #[test]
        fn a_path_rule_fits_what_is_below_it_and_nothing_longer(segment in "[a-z]{1,6}", more in "[a-z]{1,6}") {
            let value = format!("/{segment}");
            let below = format!("https://example.com/{segment}/{more}");
            let longer = format!("https://example.com/{segment}{more}");
            prop_assert!(fits(RuleKind::Path, &value, &[], &below));
            prop_assert!(!fits(RuleKind::Path, &value, &[], &longer));
        }
    }
}
