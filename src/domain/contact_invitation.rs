//! Whether a site may offer contact in an operator's name (LA-4).

use super::language::{LanguageTag, serves};
use super::named::named;

named! {
    /// Why it may not; the first that holds is told.
    Reason {
        /// The account is not active.
        Account = "account",
        /// The operator works in no department that the site offers.
        Membership = "membership",
        /// None of the operator's languages serves the visitor's.
        Language = "language",
    }
}

/// Why contact is not offered to a visitor who wants a language; none where it is.
pub fn refused(is_active: bool, works_there: bool, assistance: &[LanguageTag], wanted: &LanguageTag) -> Option<Reason> {
    let speaks = assistance.iter().any(|tag| serves(tag, wanted));
    let all = [(is_active, Reason::Account), (works_there, Reason::Membership), (speaks, Reason::Language)];
    all.into_iter().find(|(holds, _)| !holds).map(|(_, reason)| reason)
}

/// The text in a language, else in its base; a text of a region serves nobody but that region (OP-4).
pub fn text_in<'a>(texts: &'a [(String, String)], wanted: &LanguageTag) -> Option<&'a str> {
    let base = wanted.as_str().split('-').next().unwrap_or_default();
    let told = |tag: &str| texts.iter().find(|(other, _)| other.eq_ignore_ascii_case(tag)).map(|(_, text)| text.as_str());
    told(wanted.as_str()).or_else(|| told(base))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> LanguageTag {
        LanguageTag::parse(text).unwrap()
    }

    #[test]
    fn the_first_obstacle_is_the_reason() {
        for (is_active, works_there, assistance, wanted, expected) in [
            (true, true, "es", "es", None),
            (true, true, "es", "es-MX", None),
            (true, true, "es-MX", "es", None),
            (true, true, "es-MX", "es-AR", Some(Reason::Language)),
            (true, true, "en", "es", Some(Reason::Language)),
            (true, false, "en", "es", Some(Reason::Membership)),
            (false, false, "en", "es", Some(Reason::Account)),
        ] {
            assert_eq!(refused(is_active, works_there, &[tag(assistance)], &tag(wanted)), expected, "{assistance} for {wanted}");
        }
        assert_eq!(refused(true, true, &[], &tag("en")), Some(Reason::Language));
    }

    #[test]
    fn a_text_serves_its_language_and_the_regions_of_it() {
        let texts = [("es".to_owned(), "Pedidos".to_owned()), ("pt-BR".to_owned(), "Encomendas".to_owned())];
        assert_eq!(text_in(&texts, &tag("es-MX")), Some("Pedidos"));
        assert_eq!(text_in(&texts, &tag("pt-BR")), Some("Encomendas"));
        assert_eq!(text_in(&texts, &tag("pt")), None);
        assert_eq!(text_in(&texts, &tag("en")), None);
    }
}
