//! The hosts of a site and the host of a page, and whose page it is (LA-3).

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

use crate::domain::field::Fault;

/// Longest name of a host (RFC 1035) and of one of its labels.
const NAME: usize = 253;
const LABEL: usize = 63;
/// Longest address that is read; browsers and servers stop at about this length.
const ADDRESS: usize = 8192;

/// A host of a site: `shop.example.com`, or `*.example.com` for all hosts below `example.com` but not itself.
/// In small letters and A-labels; with a port only where it counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostPattern {
    name: String,
    port: Option<u16>,
    is_wildcard: bool,
}

/// How closely a site fits a host; the greatest claim of all sites wins. Each names the length of the pattern behind it,
/// and whether its port had to fit too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// A wildcard holds the host.
    Wildcard(usize, bool),
    /// A subdomain rule of the site stands before one of its exact hosts.
    Subdomain(usize, bool),
    /// The host itself is named.
    Exact(usize, bool),
}

/// The address of a page that a visitor is on.
#[derive(Clone, Debug)]
pub struct PageAddress {
    host: String,
    port: Option<u16>,
    path: Vec<String>,
    query: Vec<(String, String)>,
}

impl HostPattern {
    /// Reads what somebody typed, in any case and script. Faults, each with the `value`: `host_scheme`, `host_path`, `host_port`,
    /// `host_wildcard`, `host`; and `required`.
    pub fn parse(raw: &str) -> Result<HostPattern, Fault> {
        let raw = raw.trim();
        let fault = |code: &'static str| Fault::with(code, "value", raw.chars().take(100).collect::<String>());
        if raw.is_empty() {
            return Err(Fault::new("required"));
        }
        if raw.contains("://") {
            return Err(fault("host_scheme"));
        }
        if raw.contains(['/', '?', '#']) {
            return Err(fault("host_path"));
        }
        let (name, port) = split_port(raw).ok_or_else(|| fault("host_port"))?;
        let (name, is_wildcard) = name.strip_prefix("*.").map_or((name, false), |rest| (rest, true));
        // Everything below `com` is nobody's site.
        let is_all = is_wildcard && !name.contains('.') && !name.eq_ignore_ascii_case(LOCAL);
        if name.contains('*') || is_all {
            return Err(fault("host_wildcard"));
        }
        let name = match Host::parse(name).map_err(|_| fault("host"))? {
            Host::Domain(domain) => whole_name(&domain).ok_or_else(|| fault("host"))?,
            _ if is_wildcard => return Err(fault("host_wildcard")),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => format!("[{address}]"),
        };
        Ok(HostPattern { name, port, is_wildcard })
    }

    /// How closely the pattern fits the page, where it does.
    pub fn claim(&self, page: &PageAddress) -> Option<Claim> {
        let (length, has_port) = (self.name.len(), self.port.is_some());
        if self.port.is_some() && self.port != page.port {
            return None;
        }
        match page.prefix(&self.name) {
            Some("") if !self.is_wildcard => Some(Claim::Exact(length, has_port)),
            Some(prefix) if self.is_wildcard && !prefix.is_empty() => Some(Claim::Wildcard(length, has_port)),
            _ => None,
        }
    }

    /// The claim where these labels stand before the exact host.
    pub(super) fn claim_below(&self, page: &PageAddress, labels: &str) -> Option<Claim> {
        let fits = !self.is_wildcard && self.port.is_none_or(|port| Some(port) == page.port);
        let claim = Claim::Subdomain(self.name.len(), self.port.is_some());
        (fits && page.prefix(&self.name) == Some(labels)).then_some(claim)
    }

    /// The labels of the page's host before this one; where the host itself is named, its own first ones count, so that
    /// `es` is the subdomain of the named host `es.example.com` too.
    pub(super) fn subdomain<'a>(&self, page: &'a PageAddress) -> Option<&'a str> {
        match page.prefix(&self.name)? {
            "" if self.is_wildcard => None,
            "" => page.host.rsplit_once('.').map(|(labels, _)| labels),
            prefix => Some(prefix),
        }
    }

    /// The name without wildcard and port: `example.com` of `*.example.com`.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_wildcard { "*." } else { "" })?;
        f.write_str(&self.name)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl FromStr for HostPattern {
    type Err = Fault;

    fn from_str(raw: &str) -> Result<HostPattern, Fault> {
        HostPattern::parse(raw)
    }
}

impl PageAddress {
    /// Reads the address of a page; without `https://` before it, that is what is meant. Nothing where it is none of the web.
    pub fn parse(raw: &str) -> Option<PageAddress> {
        let raw = raw.trim();
        if raw.is_empty() || raw.len() > ADDRESS {
            return None;
        }
        let url = if raw.contains("://") { Url::parse(raw) } else { Url::parse(&format!("https://{raw}")) }.ok()?;
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        let decoded = |part: &str| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned();
        Some(PageAddress {
            host: url.host_str()?.trim_end_matches('.').to_owned(),
            port: url.port_or_known_default(),
            path: url.path_segments().into_iter().flatten().map(decoded).collect(),
            query: url.query_pairs().into_owned().collect(),
        })
    }

    /// The host in small letters and A-labels.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether the path begins with these segments, each as a whole.
    pub(super) fn is_below(&self, segments: &[String]) -> bool {
        self.path.starts_with(segments)
    }

    /// Whether the query has this parameter with this very value.
    pub(super) fn asks(&self, name: &str, value: &str) -> bool {
        self.query.iter().any(|(own, given)| own == name && given == value)
    }

    /// What stands before this name in the host, without the dot between; empty where they are equal.
    fn prefix(&self, name: &str) -> Option<&str> {
        let rest = self.host.strip_suffix(name)?;
        if rest.is_empty() { Some(rest) } else { rest.strip_suffix('.') }
    }
}

/// The only name without a dot that is a whole one.
const LOCAL: &str = "localhost";

/// The name and the port of `example.com:8080`; nothing where the port is none.
fn split_port(raw: &str) -> Option<(&str, Option<u16>)> {
    match raw.rsplit_once(':') {
        Some((name, _)) if name.starts_with('[') && !name.ends_with(']') => Some((raw, None)),
        Some((name, port)) => {
            let is_number = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
            let port = is_number.then(|| port.parse().ok()).flatten().filter(|port| *port > 0)?;
            Some((name, Some(port)))
        }
        None => Some((raw, None)),
    }
}

/// The name of a host without a dot at its end; nothing where a label is none, or where it is only a part of a name.
fn whole_name(domain: &str) -> Option<String> {
    let name = domain.strip_suffix('.').unwrap_or(domain);
    let is_whole = name.contains('.') || name == LOCAL;
    (is_whole && name.len() <= NAME && name.split('.').all(is_label)).then(|| name.to_owned())
}

/// Letters, digits and hyphens inside (RFC 1123).
pub(super) fn is_label(label: &str) -> bool {
    let is_inside = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    (1..=LABEL).contains(&label.len()) && label.bytes().all(is_inside) && !label.starts_with('-') && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pattern(raw: &str) -> HostPattern {
        HostPattern::parse(raw).unwrap()
    }

    fn page(raw: &str) -> PageAddress {
        PageAddress::parse(raw).unwrap()
    }

    #[test]
    fn hosts_are_kept_in_one_form() {
        for (raw, canonical) in [
            ("Shop.Example.COM", "shop.example.com"),
            ("  shop.example.com. ", "shop.example.com"),
            ("*.Example.com", "*.example.com"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("*.BÜCHER.example", "*.xn--bcher-kva.example"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("shop.example.com:8443", "shop.example.com:8443"),
            ("localhost", "localhost"),
            ("*.localhost:8080", "*.localhost:8080"),
            ("192.168.0.7", "192.168.0.7"),
            ("[::1]", "[::1]"),
            ("[::1]:8080", "[::1]:8080"),
        ] {
            let parsed = pattern(raw);
            assert_eq!(parsed.to_string(), canonical, "{raw}");
            assert_eq!(pattern(&parsed.to_string()), parsed);
        }
    }

    #[test]
    fn what_claims_to_be_a_host_but_is_none_is_told_why() {
        for (raw, code) in [
            ("", "required"),
            ("https://shop.example.com", "host_scheme"),
            ("shop.example.com/es", "host_path"),
            ("shop.example.com?lang=es", "host_path"),
            ("shop.example.com:", "host_port"),
            ("shop.example.com:0", "host_port"),
            ("shop.example.com:70000", "host_port"),
            ("shop.example.com:+80", "host_port"),
            ("*", "host_wildcard"),
            ("*.com", "host_wildcard"),
            ("shop.*.com", "host_wildcard"),
            ("*.*.example.com", "host_wildcard"),
            ("*shop.example.com", "host_wildcard"),
            ("*.10.0.0.1", "host_wildcard"),
            ("shop", "host"),
            ("shop example.com", "host"),
            ("shop..example.com", "host"),
            ("-shop.example.com", "host"),
            ("shop_.example.com", "host"),
            ("me@example.com", "host"),
            ("999.1.1.1", "host"),
            (".example.com", "host"),
        ] {
            assert_eq!(HostPattern::parse(raw).map_err(|fault| fault.code), Err(code), "{raw}");
        }
        assert!(HostPattern::parse(&format!("{}.example", "a".repeat(64))).is_err());
        assert!(HostPattern::parse(&format!("{}example", "abcdefg.".repeat(32))).is_err());
    }

    #[test]
    fn a_wildcard_holds_what_is_below_but_not_itself() {
        for (host, expected) in [
            ("shop.example.com", true),
            ("a.b.example.com", true),
            ("SHOP.EXAMPLE.COM", true),
            ("example.com", false),
            ("badexample.com", false),
            ("example.com.evil.test", false),
        ] {
            assert_eq!(pattern("*.example.com").claim(&page(host)).is_some(), expected, "{host}");
        }
    }

    #[test]
    fn a_port_counts_only_where_it_is_given() {
        assert!(pattern("example.com").claim(&page("https://example.com:8443/")).is_some());
        assert!(pattern("example.com:8443").claim(&page("https://example.com:8443/")).is_some());
        assert!(pattern("example.com:443").claim(&page("https://example.com/")).is_some());
        assert!(pattern("example.com:8443").claim(&page("https://example.com/")).is_none());
    }

    #[test]
    fn the_closest_pattern_makes_the_greatest_claim() {
        let there = page("https://a.shop.example.com/");
        let claims = ["*.example.com", "*.shop.example.com", "*.shop.example.com:443", "a.shop.example.com", "a.shop.example.com:443"];
        let claims: Vec<Claim> = claims.iter().filter_map(|raw| pattern(raw).claim(&there)).collect();
        assert_eq!(claims.len(), 5);
        assert!(claims.is_sorted());
    }

    #[test]
    fn addresses_are_read_as_they_are_pasted() {
        assert_eq!(page("HTTPS://Shop.Example.com./es?x=1#y").host(), "shop.example.com");
        assert_eq!(page("shop.example.com:8080/es").host(), "shop.example.com");
        assert_eq!(page("http://bücher.example").host(), "xn--bcher-kva.example");
        for raw in ["", "ftp://example.com", "https://", "mailto:a@b", "not a host", "javascript://x", "https://exa mple.com"] {
            assert!(PageAddress::parse(raw).is_none_or(|page| page.host() == "b"), "{raw}");
        }
        assert!(PageAddress::parse(&format!("https://example.com/{}", "a".repeat(9000))).is_none());
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_harm(raw in any::<String>()) {
            if let Ok(found) = HostPattern::parse(&raw) {
                prop_assert_eq!(HostPattern::parse(&found.to_string()), Ok(found));
            }
            let _ = PageAddress::parse(&raw);
        }

        #[test]
        fn an_exact_host_is_claimed_by_itself_alone(name in "[a-z]{1,5}(\\.[a-z]{1,5}){1,3}", other in "[a-z]{1,5}(\\.[a-z]{1,5}){1,3}") {
            if let (Ok(pattern), Some(page)) = (HostPattern::parse(&name), PageAddress::parse(&other)) {
                prop_assert_eq!(pattern.claim(&page).is_some(), name == other);
            }
        }
    }
}
