//! The texts Onduty ships for each kind of mail, in each interface language; an organisation may write its own instead (MA-1).

/// The subject and the body shipped for a kind and one of the languages `en`, `fr`, `es`; none for any other.
#[must_use]
pub fn default_text(kind: &str, language: &str) -> Option<(&'static str, &'static str)> {
    macro_rules! shipped {
        ($($kind:literal)*) => {
            match (kind, language) {
                $(
                    ($kind, "en") => include_str!(concat!("../../templates/mail/", $kind, "/en.txt")),
                    ($kind, "fr") => include_str!(concat!("../../templates/mail/", $kind, "/fr.txt")),
                    ($kind, "es") => include_str!(concat!("../../templates/mail/", $kind, "/es.txt")),
                )*
                _ => return None,
            }
        };
    }
    let file = shipped!(
        "invitation" "password_reset" "password_changed" "new_device" "email_changed" "deputy_named" "deputy_changed" "deputy_released"
        "shift_starts" "shift_ends" "absence_reply"
    );
    let (subject, body) = file.split_once("\n\n")?;
    Some((subject.strip_prefix("Subject: ")?, body.trim_end()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// A kind of mail with the variables that its shipped text uses.
    struct Kind {
        name: &'static str,
        variables: &'static [&'static str],
    }

    const KINDS: [Kind; 11] = [
        Kind { name: "invitation", variables: &["name", "organisation", "inviter", "email", "link", "expires"] },
        Kind { name: "password_reset", variables: &["name", "organisation", "email", "link", "expires"] },
        Kind { name: "password_changed", variables: &["name", "organisation", "email", "link", "time"] },
        Kind { name: "new_device", variables: &["name", "organisation", "email", "link", "device", "address", "time"] },
        Kind { name: "email_changed", variables: &["name", "organisation", "email", "time"] },
        Kind { name: "deputy_named", variables: &["name", "absent", "from", "until"] },
        Kind { name: "deputy_changed", variables: &["name", "absent", "from", "until"] },
        Kind { name: "deputy_released", variables: &["name", "absent", "from", "until"] },
        Kind { name: "shift_starts", variables: &["name", "time", "link"] },
        Kind { name: "shift_ends", variables: &["name", "time", "link"] },
        Kind { name: "absence_reply", variables: &["operator", "firstDayBack", "reference"] },
    ];

    fn used(text: &str) -> BTreeSet<&str> {
        text.split("{$").skip(1).map(|rest| rest.split_once('}').unwrap().0).collect()
    }

    #[test]
    fn every_kind_has_a_text_in_every_language() {
        for kind in KINDS {
            let texts = ["en", "fr", "es"].map(|language| default_text(kind.name, language).unwrap());
            for (subject, body) in texts {
                assert!(!subject.is_empty() && !subject.contains('\n') && body.len() > 80, "{}", kind.name);
            }
            assert_ne!(texts[0], texts[1]);
            assert_ne!(texts[1], texts[2]);
        }
        assert_eq!(default_text("invitation", "de"), None);
        assert_eq!(default_text("nothing", "en"), None);
    }

    #[test]
    fn texts_use_the_variables_of_their_kind_and_the_same_in_every_language() {
        for kind in KINDS {
            let known: BTreeSet<&str> = kind.variables.iter().copied().collect();
            let all = ["en", "fr", "es"]
                .map(|language| default_text(kind.name, language).map(|(subject, body)| (used(subject), used(body))).unwrap());
            assert!(all[0].0.is_subset(&known) && all[0].1 == known, "{}: {:?}", kind.name, all[0]);
            assert!(all.iter().all(|texts| *texts == all[0]), "{}", kind.name);
        }
    }

    #[test]
    fn a_link_stands_on_its_own_line() {
        for kind in KINDS.iter().filter(|kind| kind.variables.contains(&"link")) {
            for language in ["en", "fr", "es"] {
                let (_, body) = default_text(kind.name, language).unwrap();
                assert_eq!(body.lines().filter(|line| *line == "{$link}").count(), 1, "{} {language}", kind.name);
            }
        }
    }

    #[test]
    fn french_is_set_as_french_is() {
        for kind in KINDS {
            let (subject, body) = default_text(kind.name, "fr").unwrap();
            for text in [subject, body] {
                assert!(!text.contains('\''), "{}: straight apostrophe", kind.name);
                for mark in [':', ';', '!', '?'] {
                    assert!(!text.contains(&format!(" {mark}")), "{}: breaking space before {mark}", kind.name);
                }
            }
        }
    }
}
