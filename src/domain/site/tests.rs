use proptest::prelude::*;

use super::*;

fn tag(raw: &str) -> LanguageTag {
    LanguageTag::parse(raw).unwrap()
}

fn tags(raw: &[&str]) -> Vec<LanguageTag> {
    raw.iter().map(|raw| tag(raw)).collect()
}

fn page(url: &str) -> PageAddress {
    PageAddress::parse(url).unwrap()
}

fn texts(raw: &[&str]) -> Vec<String> {
    raw.iter().map(|raw| (*raw).to_owned()).collect()
}

fn rule(kind: &str, value: &str, language: &str) -> RawRule {
    RawRule { kind: kind.into(), value: value.into(), language: language.into() }
}

fn raw() -> RawSite {
    RawSite {
        slug: Some("shop".into()),
        name: Some("Shop".into()),
        hosts: Some(texts(&["shop.example.com", "*.shop.example.com"])),
        departments: Some(texts(&["sales"])),
        language_order: Some(texts(&["url", "browser", "country", "fixed"])),
        url_rules: Some(vec![rule("path", "/es", "es"), rule("subdomain", "fr", "fr"), rule("query", "lang=mx", "es-MX")]),
        countries: Some(vec![("mx".into(), "es-MX".into()), ("FR".into(), "fr".into())]),
        fixed: Some(String::new()),
        ..RawSite::default()
    }
}

fn around<'a>(languages: &'a [LanguageTag], departments: &'a [String], claimed: &'a [(HostPattern, String)]) -> Surroundings<'a> {
    Surroundings { languages, departments, claimed }
}

fn read(raw: &RawSite) -> Result<Site, FieldErrors> {
    Site::default().with(raw, around(&tags(&["en", "es", "es-MX", "fr"]), &texts(&["sales", "support"]), &[]))
}

fn faults(raw: &RawSite) -> Vec<(String, &'static str)> {
    read(raw).unwrap_err().0.into_iter().map(|error| (error.field, error.code)).collect()
}

#[test]
fn a_site_is_read_with_every_field() {
    let site = read(&raw()).unwrap();
    assert_eq!(site.hosts.iter().map(ToString::to_string).collect::<Vec<_>>(), ["shop.example.com", "*.shop.example.com"]);
    assert_eq!(site.url_rules.len(), 3);
    assert_eq!(site.countries, BTreeMap::from([("FR".to_owned(), tag("fr")), ("MX".to_owned(), tag("es-MX"))]));
    assert_eq!((site.fixed.as_ref(), site.departments.as_slice()), (None, texts(&["sales"]).as_slice()));
}

#[test]
fn each_fault_stands_at_its_field_and_row() {
    let mut wrong = raw();
    wrong.slug = Some("The shop".into());
    wrong.name = Some(" ".into());
    wrong.hosts = Some(texts(&["shop.example.com", "https://x.example", "SHOP.example.com"]));
    wrong.departments = Some(texts(&["sales", "nobody"]));
    wrong.language_order = Some(texts(&["url", "moon", "url"]));
    wrong.url_rules = Some(vec![rule("path", "/es", "es"), rule("host", "x", "es"), rule("path", "es/", "de"), rule("query", "x", "")]);
    wrong.countries = Some(vec![("ES".into(), "es".into()), ("es".into(), "xx-!".into()), ("UK".into(), "en".into())]);
    wrong.fixed = Some("de".into());
    let found = faults(&wrong);
    let expected = [
        ("slug", "slug"),
        ("name", "required"),
        ("hosts[1]", "host_scheme"),
        ("departments[1]", "unknown_choice"),
        ("language_order[1]", "unknown_choice"),
        ("language_order[2]", "repeated"),
        ("url_rules[1].kind", "unknown_choice"),
        ("url_rules[2].value", "repeated"),
        ("url_rules[2].language", "language_off"),
        ("url_rules[3].value", "url_query"),
        ("url_rules[3].language", "language_off"),
        ("countries[1].country", "repeated"),
        ("countries[1].language", "language_tag"),
        ("countries[2].country", "country"),
        ("fixed", "language_off"),
    ];
    assert_eq!(found, expected.map(|(field, code)| (field.to_owned(), code)));
}

#[test]
fn what_is_absent_stays_and_is_not_judged_again() {
    let site = read(&raw()).unwrap();
    let renamed = RawSite { name: Some("Store".into()), ..RawSite::default() };
    let after = site.with(&renamed, around(&[], &[], &[])).unwrap();
    assert_eq!(after, Site { name: "Store".into(), ..site });
}

#[test]
fn a_language_switched_off_stays_where_it_is_but_is_not_taken_anew() {
    let site = read(&raw()).unwrap();
    let again = RawSite { url_rules: raw().url_rules, ..RawSite::default() };
    assert_eq!(site.with(&again, around(&tags(&["en"]), &[], &[])), Ok(site));
    assert!(Site::default().with(&again, around(&tags(&["en"]), &[], &[])).is_err());
}

#[test]
fn two_sites_never_claim_the_same_pattern() {
    let claimed = [(HostPattern::parse("shop.example.com").unwrap(), "Old shop".to_owned())];
    let languages = tags(&["en", "es", "es-MX", "fr"]);
    let refused = Site::default().with(&raw(), around(&languages, &texts(&["sales"]), &claimed)).unwrap_err();
    assert_eq!(refused.of("hosts[0]").map(|error| (error.code, error.args[1].1.as_str())), Some(("host_taken", "Old shop")));
    let other = [(HostPattern::parse("shop.example.com:8443").unwrap(), "Old shop".to_owned())];
    assert!(Site::default().with(&raw(), around(&languages, &texts(&["sales"]), &other)).is_ok());
}

fn with_hosts(hosts: &[&str]) -> Site {
    Site { hosts: hosts.iter().map(|host| HostPattern::parse(host).unwrap()).collect(), ..Site::default() }
}

#[test]
fn the_most_specific_site_owns_a_page() {
    let mut fourth = with_hosts(&["blog.example.com"]);
    fourth.url_rules.push(UrlRule { kind: RuleKind::Subdomain, value: "es".into(), language: tag("es") });
    let sites =
        [with_hosts(&["*.example.com", "example.com"]), with_hosts(&["*.shop.example.com"]), with_hosts(&["a.shop.example.com"]), fourth];
    for (url, expected) in [
        ("https://example.com", Some(0)),
        ("https://x.example.com/es", Some(0)),
        ("https://shop.example.com", Some(0)),
        ("https://b.shop.example.com", Some(1)),
        ("https://x.a.shop.example.com", Some(1)),
        ("https://a.shop.example.com", Some(2)),
        ("https://blog.example.com", Some(3)),
        ("https://es.blog.example.com", Some(3)),
        ("https://fr.blog.example.com", Some(0)),
        ("https://example.org", None),
    ] {
        assert_eq!(owner(sites.iter().enumerate(), &page(url)), expected, "{url}");
        assert_eq!(owner(sites.iter().enumerate().rev(), &page(url)), expected, "{url} in any order");
    }
}

/// The tag, where it was found, and the codes of the trace.
fn detect(site: &Site, languages: &[&str], clues: Clues<'_>) -> (String, Source, Vec<&'static str>) {
    let found = visitor_language(site, &tags(languages), &tag("en"), clues);
    (found.tag.to_string(), found.from, found.trace.iter().map(|check| check.code).collect())
}

const ALL: &[&str] = &["en", "es", "es-MX", "fr"];

#[test]
fn the_first_source_that_answers_decides() {
    let mut site = read(&raw()).unwrap();
    site.fixed = Some(tag("fr"));
    let all = Clues { url: "https://shop.example.com/es/x", accept_language: "fr", country: "MX" };
    assert_eq!(detect(&site, ALL, all), ("es".into(), Source::Url, vec!["url-path", "not-needed", "not-needed", "not-needed"]));
    let elsewhere = Clues { url: "https://shop.example.com/especial", ..all };
    let misses = ["url-path-misses", "url-subdomain-misses", "url-query-misses"];
    assert_eq!(
        detect(&site, ALL, elsewhere),
        ("fr".into(), Source::Browser, [&misses[..], &["browser", "not-needed", "not-needed"]].concat())
    );
    let no_header = Clues { accept_language: "de", ..elsewhere };
    assert_eq!(
        detect(&site, ALL, no_header),
        ("es-MX".into(), Source::Country, [&misses[..], &["browser-misses", "country", "not-needed"]].concat())
    );
    let nothing = Clues::default();
    assert_eq!(detect(&site, ALL, nothing), ("fr".into(), Source::Fixed, vec!["url-none", "browser-none", "country-none", "fixed"]));
    site.language_order = vec![Source::Country, Source::Url];
    assert_eq!(detect(&site, ALL, all).1, Source::Country);
}

#[test]
fn the_first_rule_that_fits_decides() {
    let site = read(&raw()).unwrap();
    let url = "https://fr.shop.example.com/es?lang=mx";
    assert_eq!(detect(&site, ALL, Clues { url, ..Clues::default() }).0, "es");
    let url = "https://fr.shop.example.com/?lang=mx";
    assert_eq!(detect(&site, ALL, Clues { url, ..Clues::default() }).0, "fr");
}

#[test]
fn a_language_switched_off_falls_back_to_its_base_or_is_skipped() {
    let site = read(&raw()).unwrap();
    let url = "https://shop.example.com/?lang=mx";
    let clues = Clues { url, ..Clues::default() };
    assert_eq!(
        detect(&site, &["en", "es"], clues),
        (
            "es".into(),
            Source::Url,
            vec!["url-path-misses", "url-subdomain-misses", "url-query", "base", "not-needed", "not-needed", "not-needed"]
        )
    );
    let skipped = detect(&site, &["en", "es-AR", "fr"], clues);
    assert_eq!((skipped.0.as_str(), skipped.1), ("en", Source::Fixed), "never from region to region");
    assert_eq!(skipped.2[2..], ["url-query", "off", "browser-none", "country-none", "fixed-none", "default"]);
    let path = Clues { url: "https://shop.example.com/es", ..Clues::default() };
    assert_eq!(detect(&site, &["en", "es-MX"], path).0, "en", "a base is no region");
}

#[test]
fn odd_clues_are_read_without_harm() {
    let site = read(&raw()).unwrap();
    let header = "es;q=0.,,;;q=zz;\u{0},*-".repeat(700);
    assert!(header.len() > 10_000);
    let odd = Clues { url: "::::", accept_language: &header, country: "T1" };
    let (tag, from, trace) = detect(&site, ALL, odd);
    assert_eq!((tag.as_str(), from), ("en", Source::Fixed));
    assert_eq!(trace, ["url-unreadable", "browser-misses", "country-unknown", "fixed-none", "default"]);
    let found = visitor_language(&site, &tags(ALL), &LanguageTag::default(), odd);
    assert!(found.trace.iter().flat_map(|check| &check.args).all(|(_, value)| value.chars().count() < 200));
}

#[test]
fn a_site_that_asks_for_nothing_speaks_the_organisations_language() {
    let site = Site { language_order: Vec::new(), ..Site::default() };
    assert_eq!(detect(&site, ALL, Clues { accept_language: "fr", ..Clues::default() }), ("en".into(), Source::Fixed, vec!["default"]));
}

#[test]
fn a_language_that_goes_is_replaced_or_dropped() {
    let mut site = read(&raw()).unwrap();
    site.fixed = Some(tag("fr"));
    let mut moved = site.clone();
    moved.replace(&tag("fr"), Some(&tag("es")));
    assert!(!moved.names(&tag("fr")));
    assert_eq!((moved.url_rules.len(), moved.countries.len(), moved.fixed), (3, 2, Some(tag("es"))));
    site.replace(&tag("fr"), None);
    assert_eq!((site.url_rules.len(), site.countries.len(), site.fixed), (2, 1, None));
}

fn some_tag() -> impl Strategy<Value = LanguageTag> {
    prop::sample::select(vec!["en", "es", "es-MX", "es-AR", "fr", "fr-CA", "zh-Hant", "zh-Hant-TW"]).prop_map(tag)
}

proptest! {
    #[test]
    fn the_language_found_is_one_that_is_switched_on(
        languages in prop::collection::vec(some_tag(), 0..4),
        rules in prop::collection::vec(some_tag(), 0..4),
        fixed in prop::option::of(some_tag()),
        country in some_tag(),
        header in "[a-z;=,*. -]{0,40}",
        path in "/[a-d]{0,2}",
    ) {
        let default = tag("en");
        let languages: Vec<LanguageTag> = languages.into_iter().chain([default.clone()]).collect();
        let url_rules = ["a", "b", "c", "d"].iter().zip(rules).map(|(value, language)| UrlRule { kind: RuleKind::Path, value: format!("/{value}"), language });
        let site = Site { url_rules: url_rules.collect(), fixed, countries: BTreeMap::from([("ES".to_owned(), country)]), ..Site::default() };
        let url = format!("https://example.com{path}");
        let found = visitor_language(&site, &languages, &default, Clues { url: &url, accept_language: &header, country: "es" });
        prop_assert!(languages.contains(&found.tag));
        let decided: Vec<&Check> = found.trace.iter().filter(|check| check.tag.is_some()).collect();
        prop_assert_eq!(decided.len(), 1);
        prop_assert_eq!(decided[0].tag.as_ref(), Some(&found.tag));
        prop_assert_eq!(decided[0].source, found.from);
    }

    #[test]
    fn any_clue_is_read_without_harm(url in any::<String>(), header in any::<String>(), country in any::<String>()) {
        let site = read(&raw()).unwrap();
        let found = visitor_language(&site, &tags(ALL), &tag("en"), Clues { url: &url, accept_language: &header, country: &country });
        prop_assert!(tags(ALL).contains(&found.tag));
    }
}
