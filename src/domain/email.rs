//! E-mail addresses, checked more strictly than the mail library does (F5, M5).

use std::fmt;

use super::field::Fault;
use super::limits;
use super::text;

/// Longest part before the `@`, in bytes (RFC 5321).
const LOCAL: usize = 64;
/// Longest label of a domain, in bytes (RFC 1035).
const LABEL: usize = 63;

/// An address that a mail server of the internet can take (M5).
///
/// ASCII only: letters of other scripts that look like Latin ones would let one person pass for another,
/// so internationalised domains are typed in their `xn--` form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads an address as typed. Faults: `email`, and those of [`text::line`].
    pub fn parse(raw: &str) -> Result<EmailAddress, Fault> {
        let address = text::line(raw, limits::EMAIL)?;
        match address.split_once('@') {
            Some((local, domain)) if is_local(local) && is_domain(domain) => {
                Ok(EmailAddress(format!("{local}@{}", domain.to_ascii_lowercase())))
            }
            _ => Err(Fault::new("email")),
        }
    }

    /// The address to write to: the part before the `@` as typed, the domain in small letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What must be unique (OP-2): no server in use tells two people apart by capital letters.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Atoms joined by single dots (RFC 5322 `dot-atom`); an empty atom is a dot too many.
fn is_local(local: &str) -> bool {
    local.len() <= LOCAL && local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atext))
}

fn is_atext(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b)
}

/// At least two labels; a last one of digits alone would be an IP address.
fn is_domain(domain: &str) -> bool {
    domain.rsplit_once('.').is_some_and(|(_, last)| !last.bytes().all(|b| b.is_ascii_digit()) && domain.split('.').all(is_label))
}

fn is_label(label: &str) -> bool {
    (1..=LABEL).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ordinary_addresses_are_taken() {
        for raw in [
            "a@b.co",
            "zoe.martin+desk@help.example",
            "o'brien@example.org",
            "x@xn--bcher-kva.example",
            "1@2.example",
            "a@b.c-d.example",
            &format!("{}@example.org", "a".repeat(64)),
            &format!("a@{}.org", "b".repeat(63)),
        ] {
            assert_eq!(EmailAddress::parse(raw).unwrap().as_str(), raw);
        }
    }

    #[test]
    fn what_the_mail_library_would_let_pass_is_refused() {
        for raw in [
            "a@b",
            "\"a b\"@example.org",
            "\"a\"@example.org",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@bücher.example",
            "аdmin@example.org",
            "a@example.org.",
            "a@.example.org",
            "a@example..org",
            "a@-example.org",
            "a@example-.org",
            "a@exa_mple.org",
            ".a@example.org",
            "a.@example.org",
            "a..b@example.org",
            "a@b@example.org",
            "a b@example.org",
            "a,b@example.org",
            "Zoe <zoe@example.org>",
            "@example.org",
            "zoe@",
            "zoe",
            &format!("{}@example.org", "a".repeat(65)),
            &format!("a@{}.org", "b".repeat(64)),
        ] {
            assert_eq!(EmailAddress::parse(raw), Err(Fault::new("email")), "{raw}");
        }
    }

    #[test]
    fn other_faults_keep_their_own_names() {
        let long = format!("a@{}example", "b.".repeat(130));
        for (raw, code) in [
            ("  ", "required"),
            ("a@example.org\r\nBcc: b@example.org", "control_character"),
            ("a\u{202E}@example.org", "bidi_character"),
            (long.as_str(), "too_long"),
        ] {
            assert_eq!(EmailAddress::parse(raw).unwrap_err().code, code, "{raw:?}");
        }
    }

    #[test]
    fn the_longest_address_has_254_bytes() {
        let address = |end: usize| format!("{}@{2}.{2}.{1}", "a".repeat(64), "c".repeat(end), "b".repeat(63));
        let longest = address(61);
        assert_eq!(longest.len(), limits::EMAIL);
        assert_eq!(EmailAddress::parse(&longest).unwrap().as_str(), longest);
        assert_eq!(EmailAddress::parse(&address(62)), Err(Fault::with("too_long", "max", limits::EMAIL)));
    }

    #[test]
    fn capitals_do_not_make_another_address() {
        let address = EmailAddress::parse(" Zoe.Martin@Example.ORG ").unwrap();
        assert_eq!(address.as_str(), "Zoe.Martin@example.org");
        assert_eq!(address.key(), "zoe.martin@example.org");
        assert_eq!(address.to_string(), address.as_str());
    }

    proptest! {
        #[test]
        fn whatever_is_taken_is_plain_ascii_with_one_at(raw in "[a-zA-Z0-9.@<>\"é\\[\\]\r\n -]{0,30}") {
            if let Ok(address) = EmailAddress::parse(&raw) {
                prop_assert!(address.as_str().bytes().all(|b| b.is_ascii_graphic()));
                prop_assert_eq!(address.as_str().matches('@').count(), 1);
                prop_assert_eq!(EmailAddress::parse(address.as_str()), Ok(address));
            }
        }
    }
}
