//! Names in addresses and in the API: small letters, digits and single hyphens.

use super::field::Fault;
use super::{limits, text};

/// A slug as typed; nothing typed is nothing yet. Fault: `slug`.
pub fn read(raw: &str) -> Result<String, Fault> {
    let raw = raw.trim();
    let is_sound = raw.len() <= limits::SLUG
        && raw.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !raw.starts_with('-')
        && !raw.ends_with('-')
        && !raw.contains("--");
    if is_sound { Ok(raw.to_owned()) } else { Err(Fault::new("slug")) }
}

/// The slug that a name makes; `otherwise` where it holds too few letters and digits.
pub fn of(name: &str, otherwise: &str) -> String {
    let mut slug = String::new();
    for c in text::fold(name).chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
        if slug.len() == limits::SLUG {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.len() < 2 { otherwise.to_owned() } else { slug.to_owned() }
}

/// The slug, or the first of `slug-2`, `slug-3`, ... that is not taken.
pub fn free(slug: String, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|number| format!("{slug}-{number}"));
    std::iter::once(slug.clone()).chain(numbered).find(|slug| !is_taken(slug)).unwrap_or(slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_what_they_claim() {
        for (raw, fits) in
            [("sales", true), ("it-2nd", true), ("", true), ("Sales", false), ("a--b", false), ("-a", false), ("é", false), ("a/b", false)]
        {
            assert_eq!(read(raw).is_ok(), fits, "{raw}");
        }
        assert!(read(&"a".repeat(41)).is_err());
    }

    #[test]
    fn slugs_hold_nothing_but_small_letters_digits_and_hyphens() {
        assert_eq!(of("night shift  lead!", "role"), "night-shift-lead");
        assert_eq!(of("Atención Ñandú", "role"), "atencion-nandu");
        assert_eq!(of("?", "role"), "role");
    }

    #[test]
    fn a_slug_that_is_taken_gets_a_number() {
        let taken = ["sales", "sales-2"];
        assert_eq!(free("sales".to_owned(), |slug| taken.contains(&slug)), "sales-3");
        assert_eq!(free("support".to_owned(), |slug| taken.contains(&slug)), "support");
    }
}
