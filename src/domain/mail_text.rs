//! The texts of mails that administrators may write themselves (MA-1): what may stand in them, and what becomes of it.
//! A variable is written `{$name}`; every other brace is a brace.

use super::field::Fault;
use super::named::named;

/// What is shown of something that is no variable, in characters.
const SHOWN: usize = 40;

/// Refuses a text with anything but the allowed variables: `unknown_variable{name}`, with what stands there where it is no name at all.
pub fn check(text: &str, allowed: &[&str]) -> Result<(), Fault> {
    let unknown = pieces(text).find_map(|piece| match piece {
        Piece::Variable(name) if !allowed.contains(&name) => Some(name.to_owned()),
        Piece::Broken(rest) => Some(rest.split(['}', '\n']).next().unwrap_or_default().chars().take(SHOWN).collect()),
        _ => None,
    });
    unknown.map_or(Ok(()), |name| Err(Fault::with("unknown_variable", "name", name)))
}

/// The text with its variables replaced. What has no value stays as it was written, and values are not searched again:
/// a name such as `{$link}` reveals nothing.
pub fn render(text: &str, values: &[(&str, &str)]) -> String {
    let mut rendered = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => rendered.push_str(text),
            Piece::Broken(rest) => rendered.extend(["{$", rest]),
            Piece::Variable(name) => match values.iter().find(|(known, _)| *known == name) {
                Some((_, value)) => rendered.push_str(value),
                None => rendered.extend(["{$", name, "}"]),
            },
        }
    }
    rendered
}

enum Piece<'a> {
    Text(&'a str),
    Variable(&'a str),
    /// What follows a `{$` that opens no variable.
    Broken(&'a str),
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut parts = text.split("{$");
    let before = parts.next().map(Piece::Text);
    let after = parts.flat_map(|part| match part.split_once('}') {
        Some((name, rest)) if is_name(name) => [Some(Piece::Variable(name)), Some(Piece::Text(rest))],
        _ => [Some(Piece::Broken(part)), None],
    });
    before.into_iter().chain(after.flatten())
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

named! {
    /// The mails with a text of their own.
    MailKind {
        /// The link to set the first password (OP-5).
        Invitation = "invitation",
        /// The link to set a new password.
        PasswordReset = "password_reset",
        /// The password was changed (I5).
        PasswordChanged = "password_changed",
        /// Somebody signed in from a device that was not seen before.
        NewDevice = "new_device",
        /// The sign-in address was changed; goes to the old one.
        EmailChanged = "email_changed",
        /// Somebody stands in for an absent operator (AB-3).
        DeputyNamed = "deputy_named",
        /// The dates of that were changed.
        DeputyChanged = "deputy_changed",
        /// They stand in no longer.
        DeputyReleased = "deputy_released",
        /// Their hours have begun (HR-6).
        ShiftStarts = "shift_starts",
        /// Their hours are over.
        ShiftEnds = "shift_ends",
        /// What customers read whose query came to somebody absent, where neither the absence nor the operator has a text (AB-4).
        AbsenceReply = "absence_reply",
    }
}

/// What may stand in the texts of automatic replies, of an organisation, an operator or an absence (AB-4).
pub const REPLY_VARIABLES: &[&str] = &["operator", "firstDayBack", "deputy", "department", "reference", "organisation"];

impl MailKind {
    /// What may stand in the body, as the editor lists it. `address` is the network address a request came from.
    pub fn variables(self) -> &'static [&'static str] {
        match self {
            MailKind::Invitation => &["name", "organisation", "link", "expires", "email", "inviter", "agentSignature"],
            MailKind::PasswordReset => &["name", "organisation", "link", "expires", "email", "address"],
            MailKind::PasswordChanged => &["name", "organisation", "email", "time", "address", "link"],
            MailKind::NewDevice => &["name", "organisation", "email", "time", "device", "address", "link"],
            MailKind::EmailChanged => &["name", "organisation", "email", "new_email", "time"],
            MailKind::DeputyNamed | MailKind::DeputyChanged | MailKind::DeputyReleased => {
                &["name", "organisation", "email", "absent", "from", "until"]
            }
            MailKind::ShiftStarts | MailKind::ShiftEnds => &["name", "organisation", "email", "time", "link"],
            MailKind::AbsenceReply => REPLY_VARIABLES,
        }
    }

    /// What must stand in the body, or the mail would be useless.
    pub fn required_variables(self) -> &'static [&'static str] {
        if self.holds_token() { &["link"] } else { &[] }
    }

    /// Whether the link is a secret: the body is wiped once the mail is sent or has failed (QUALITY 1.6).
    pub fn holds_token(self) -> bool {
        matches!(self, MailKind::Invitation | MailKind::PasswordReset)
    }

    /// Takes or refuses a body: `unknown_variable{name}`, `missing_variable{name}`.
    pub fn check_body(self, body: &str) -> Result<(), Fault> {
        check(body, self.variables())?;
        let stands = |name: &str| pieces(body).any(|piece| matches!(piece, Piece::Variable(other) if other == name));
        match self.required_variables().iter().find(|name| !stands(name)) {
            Some(name) => Err(Fault::with("missing_variable", "name", name)),
            None => Ok(()),
        }
    }

    /// Takes or refuses a subject: `unknown_variable{name}`. Subjects are kept and listed, so a secret link has no place there.
    pub fn check_subject(self, subject: &str) -> Result<(), Fault> {
        let allowed: Vec<&str> = self.variables().iter().copied().filter(|name| !(self.holds_token() && *name == "link")).collect();
        check(subject, &allowed)
    }

    /// Invented values of all variables, for previews and tests.
    pub fn sample(self) -> Vec<(&'static str, &'static str)> {
        self.variables().iter().map(|name| (*name, sample(name))).collect()
    }
}

fn sample(name: &str) -> &'static str {
    match name {
        "name" => "Ada Moss",
        "organisation" => "Blue Fern",
        "link" => "https://onduty.example/link",
        "expires" => "2031-03-10 09:00",
        "time" => "2031-03-03 09:00",
        "email" => "ada@example.org",
        "new_email" => "moss@example.org",
        "inviter" => "Noor Vidal",
        "agentSignature" => "Noor Vidal\nCustomer care, Blue Fern",
        "device" => "Firefox, Linux",
        "address" => "192.0.2.7",
        "absent" => "Noor Vidal",
        "from" => "Mon 3 March 2031",
        "until" => "Fri 7 March 2031",
        "operator" => "Mia",
        "firstDayBack" => "2031-03-17",
        "deputy" => "Noor",
        "department" => "Support",
        "reference" => "Q-1204",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unknown(name: &str) -> Result<(), Fault> {
        Err(Fault::with("unknown_variable", "name", name))
    }

    #[test]
    fn only_listed_variables_are_taken() {
        for (text, expected) in [
            ("", Ok(())),
            ("Hello {$name}, {$link}", Ok(())),
            ("{ name } {} $ {name} }", Ok(())),
            ("Hello {$nmae}", unknown("nmae")),
            ("{$name} {$Name}", unknown("Name")),
            ("{$ name }", unknown(" name ")),
            ("{$}", unknown("")),
            ("{$name", unknown("name")),
            ("{$name\n}", unknown("name")),
            ("{$na{$name}", unknown("na")),
            ("{$1}", unknown("1")),
        ] {
            assert_eq!(check(text, &["name", "link"]), expected, "{text}");
        }
    }

    #[test]
    fn a_broken_variable_is_shown_short() {
        assert_eq!(check(&format!("{{${}", "é".repeat(500)), &[]), unknown(&"é".repeat(40)));
    }

    #[test]
    fn known_variables_are_replaced_and_nothing_else_is_touched() {
        let values = [("name", "Ada {$link}"), ("link", "https://x")];
        for (text, expected) in [
            ("Hello {$name}: {$link}{$link}.", "Hello Ada {$link}: https://xhttps://x."),
            ("{$other} {$na{$link} {x} {$", "{$other} {$nahttps://x {x} {$"),
            ("{{$link}}", "{https://x}"),
            ("", ""),
        ] {
            assert_eq!(render(text, &values), expected, "{text}");
        }
    }

    #[test]
    fn kinds_are_read_back_as_they_were_written() {
        for kind in MailKind::ALL {
            assert_eq!(MailKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(MailKind::parse("notice"), None);
    }

    #[test]
    fn a_mail_for_a_link_is_not_saved_without_it() {
        let missing = Err(Fault::with("missing_variable", "name", "link"));
        assert_eq!(MailKind::Invitation.check_body("Hello {$name}"), missing);
        assert_eq!(MailKind::PasswordReset.check_body("link"), missing);
        assert_eq!(MailKind::PasswordReset.check_body("{$link}"), Ok(()));
        assert_eq!(MailKind::PasswordReset.check_body("{$link} {$inviter}"), unknown("inviter"));
        assert_eq!(MailKind::EmailChanged.check_body("Hello"), Ok(()));
    }

    #[test]
    fn a_secret_link_never_stands_in_a_subject() {
        for kind in MailKind::ALL {
            let taken = kind.check_subject("{$link}").is_ok();
            assert_eq!(taken, kind.variables().contains(&"link") && !kind.holds_token(), "{kind:?}");
            assert_eq!(kind.check_subject("Word of {$organisation}"), Ok(()));
        }
    }

    #[test]
    fn previews_have_a_value_for_every_variable() {
        for kind in MailKind::ALL {
            assert!(kind.sample().iter().all(|(_, value)| !value.is_empty()), "{kind:?}");
            assert!(kind.required_variables().iter().all(|name| kind.variables().contains(name)));
        }
    }

    proptest! {
        #[test]
        fn no_known_variable_is_left(parts in proptest::collection::vec("[{}$ab]{0,4}|\\{\\$name\\}|\\{\\$link\\}|\\PC{0,5}", 0..12)) {
            let text = parts.concat();
            let rendered = render(&text, &[("name", "Ada"), ("link", "https://x")]);
            prop_assert!(!rendered.contains("{$name}") && !rendered.contains("{$link}"), "{text} became {rendered}");
        }

        #[test]
        fn a_checked_text_is_rendered_whole(text in "([{}$ab ]|\\{\\$name\\}){0,12}") {
            if check(&text, &["name"]).is_ok() {
                prop_assert_eq!(render(&text, &[("name", "Ada")]), text.replace("{$name}", "Ada"));
            }
        }
    }
}
