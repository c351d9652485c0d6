//! What the headers of a mail say, read without trust: a mail is written by whoever likes to.

use chrono::{DateTime, Utc};

/// The longest Message-ID that goes into a header of ours, in bytes (F3).
const ID: usize = 200;
/// Ids of `References` that are kept; the composer cuts them by their length.
const IDS: usize = 40;
/// Addresses that are read of one header.
const ADDRESSES: usize = 200;

/// The values of a header, in their order.
pub fn values<'a>(headers: &'a [(String, String)], name: &'static str) -> impl Iterator<Item = &'a str> {
    headers.iter().filter(move |(given, _)| given.trim().trim_end_matches(':').eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// Whether a header is there, be it empty.
pub fn has(headers: &[(String, String)], name: &'static str) -> bool {
    values(headers, name).next().is_some()
}

/// The keyword of a header in small letters, comments and parameters taken off: `no` of `(by hand) No; x=y`.
pub fn keyword(value: &str) -> String {
    let plain = without_comments(value);
    plain.split(';').next().unwrap_or_default().trim().trim_matches('"').to_ascii_lowercase()
}

/// Whether a return path names nobody, as that of a bounce does: `<>`, or nothing at all, comments aside (N3).
pub fn is_empty_path(value: &str) -> bool {
    without_comments(value).chars().all(|c| c.is_whitespace() || matches!(c, '<' | '>'))
}

/// The text without what stands in parentheses, which nest; quoted strings keep theirs.
fn without_comments(value: &str) -> String {
    let (mut depth, mut is_quoted, mut is_escaped) = (0_usize, false, false);
    let mut plain = String::with_capacity(value.len());
    for c in value.chars() {
        let was_escaped = std::mem::take(&mut is_escaped);
        match c {
            _ if was_escaped => {}
            '\\' => is_escaped = true,
            '"' if depth == 0 => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted && depth > 0 => {
                depth -= 1;
                continue;
            }
            _ => {}
        }
        if depth == 0 {
            plain.push(c);
        }
    }
    plain
}

/// The bare addresses in a header such as `To`; names, comments and groups around them are left out.
pub fn addresses(value: &str) -> Vec<String> {
    let plain = without_comments(value);
    let mut unquoted = String::with_capacity(plain.len());
    for (place, part) in plain.split('"').enumerate() {
        // Quoted strings are names: an address in one is nobody's.
        if place % 2 == 0 {
            unquoted.push_str(part);
        } else {
            unquoted.push(' ');
        }
    }
    let words = unquoted.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '<' | '>'));
    words.filter(|word| word.contains('@')).take(ADDRESSES).map(str::to_owned).collect()
}

/// When a mail was received: the newest `Received` header, else `Date`, else now; never later than now (R8).
pub fn received_at(headers: &[(String, String)], now: DateTime<Utc>) -> DateTime<Utc> {
    let read = |text: &str| instant(text).filter(|at| *at <= now);
    let received = values(headers, "Received").filter_map(|value| read(without_comments(value).rsplit(';').next()?)).max();
    received.or_else(|| values(headers, "Date").find_map(read)).unwrap_or(now)
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    let text = without_comments(text).split_whitespace().collect::<Vec<_>>().join(" ");
    DateTime::parse_from_rfc2822(&text).or_else(|_| DateTime::parse_from_rfc3339(&text)).ok().map(|at| at.to_utc())
}

/// The well-formed Message-IDs in a text, each as `<left@right>`; anything else in it is left out, so that nothing of it
/// but letters, digits and marks reaches a header of ours (AB-7).
pub fn message_ids(text: &str) -> Vec<String> {
    let is_atom = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_graphic() && !b"<>@".contains(&b));
    let is_id = |inner: &&str| inner.len() + 2 <= ID && inner.split_once('@').is_some_and(|(left, right)| is_atom(left) && is_atom(right));
    let bracketed = text.split('<').skip(1).filter_map(|part| Some(part.split_once('>')?.0));
    let found: Vec<String> = bracketed.filter(is_id).map(|inner| format!("<{inner}>")).collect();
    if found.is_empty() {
        // Programs hand Message-IDs on without their brackets.
        return Some(text.trim()).filter(is_id).map(|inner| format!("<{inner}>")).into_iter().collect();
    }
    found
}

/// How a reply hangs on the mail that caused it (RFC 5322, 3.6.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thread {
    /// The Message-ID of that mail.
    pub in_reply_to: Option<String>,
    /// The conversation so far, its newest last.
    pub references: Vec<String>,
}

/// What `In-Reply-To` and `References` of a reply say.
pub fn thread(message_id: Option<&str>, headers: &[(String, String)]) -> Thread {
    let all = |name| values(headers, name).flat_map(message_ids).collect::<Vec<String>>();
    let in_reply_to = message_id.and_then(|id| message_ids(id).pop()).or_else(|| all("Message-ID").pop());
    let mut references = all("References");
    if references.is_empty() {
        // More than one id there says nothing about the order (RFC 5322).
        references = Some(all("In-Reply-To")).filter(|ids| ids.len() == 1).unwrap_or_default();
    }
    if let Some(id) = &in_reply_to {
        references.retain(|other| other != id);
        references.push(id.clone());
    }
    let old = references.len().saturating_sub(IDS);
    references.drain(..old);
    Thread { in_reply_to, references }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn headers(given: &[(&str, &str)]) -> Vec<(String, String)> {
        given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_newest_received_header_tells_the_receipt() {
        let now = at("2031-03-03T12:00:00Z");
        for (given, expected) in [
            (&[][..], "2031-03-03T12:00:00Z"),
            (&[("Date", "Mon, 3 Mar 2031 09:00:00 +0100")][..], "2031-03-03T08:00:00Z"),
            (&[("Date", "yesterday")], "2031-03-03T12:00:00Z"),
            (
                &[
                    ("received", "from a by b with ESMTP id 1; Mon, 3 Mar 2031 10:00:00 +0000 (UTC)"),
                    ("Received", "from c by a; Mon, 3 Mar 2031 09:59:00 +0000"),
                    ("Date", "Mon, 3 Mar 2031 08:00:00 +0000"),
                ],
                "2031-03-03T10:00:00Z",
            ),
            (&[("Received", "from a by b"), ("Date", "Mon, 3 Mar 2031 08:00:00 GMT")], "2031-03-03T08:00:00Z"),
            (&[("Received", "by b; Tue, 4 Mar 2031 10:00:00 +0000")], "2031-03-03T12:00:00Z"),
            (&[("Received", "by b (a; b); Mon,\r\n 3 Mar 2031 10:00:00 +0000")], "2031-03-03T10:00:00Z"),
        ] {
            assert_eq!(received_at(&headers(given), now), at(expected), "{given:?}");
        }
    }

    #[test]
    fn keywords_lose_comments_and_parameters() {
        for (value, word) in
            [("no", "no"), (" No ; x=1", "no"), ("(a (b) c) auto-replied (d)", "auto-replied"), ("", ""), ("\"bulk\"", "bulk")]
        {
            assert_eq!(keyword(value), word);
        }
    }

    #[test]
    fn a_return_path_without_an_address_is_empty_however_it_is_written() {
        for path in ["<>", " < > ", "", " ", "<> (bounce)", "(<ada@example.org>) <>"] {
            assert!(is_empty_path(path), "{path:?}");
        }
        for path in ["<ada@example.org>", "ada@example.org", "<ada@example.org> (home)"] {
            assert!(!is_empty_path(path), "{path:?}");
        }
    }

    #[test]
    fn addresses_are_found_among_names_groups_and_comments() {
        for (value, found) in [
            ("ada@example.org", &["ada@example.org"][..]),
            ("\"Moss, Ada\" <ada@example.org>, kurt@example.org", &["ada@example.org", "kurt@example.org"]),
            ("Team: ada@example.org, Kurt <kurt@example.org>;", &["ada@example.org", "kurt@example.org"]),
            ("\"boss@example.org\" <ada@example.org> (boss@example.org)", &["ada@example.org"]),
            ("undisclosed-recipients:;", &[]),
            ("<ada@example.org>\r\n ,<kurt@example.org>", &["ada@example.org", "kurt@example.org"]),
        ] {
            assert_eq!(addresses(value), found, "{value}");
        }
    }

    #[test]
    fn a_reply_hangs_on_the_mail_and_on_what_came_before() {
        let given =
            headers(&[("References", "<1@a.example> <2@a.example>"), ("Message-ID", "<3@a.example>"), ("In-Reply-To", "<9@a.example>")]);
        let found = thread(None, &given);
        assert_eq!(found.in_reply_to.as_deref(), Some("<3@a.example>"));
        assert_eq!(found.references, ["<1@a.example>", "<2@a.example>", "<3@a.example>"]);
        let given = headers(&[("In-Reply-To", "<9@a.example>")]);
        assert_eq!(thread(Some("3@a.example"), &given).references, ["<9@a.example>", "<3@a.example>"]);
        let given = headers(&[("In-Reply-To", "<8@a.example> <9@a.example>")]);
        assert_eq!(thread(Some("<3@a.example>"), &given).references, ["<3@a.example>"]);
        assert_eq!(thread(None, &[]), Thread::default());
        assert_eq!(thread(Some("<3@a.example>\r\nBcc: x"), &[]).references, ["<3@a.example>"]);
    }

    proptest! {
        #[test]
        fn nothing_but_message_ids_comes_out_of_headers(text in any::<String>(), other in "([<>@a-z\r\n: ]|\u{2028}|é){0,60}") {
            for text in [text, other] {
                let found = thread(Some(&text), &[("References".to_owned(), text.clone()), ("In-Reply-To".to_owned(), text.clone())]);
                for id in found.references.iter().chain(&found.in_reply_to) {
                    prop_assert!(id.len() <= ID && id.bytes().all(|b| b.is_ascii_graphic()), "{id:?}");
                    prop_assert!(id.starts_with('<') && id.ends_with('>') && id.matches('@').count() == 1);
                }
            }
        }

        #[test]
        fn any_headers_are_read_without_harm(name in any::<String>(), value in any::<String>()) {
            let now = at("2031-03-03T12:00:00Z");
            let given = [("Received".to_owned(), value.clone()), (name, value.clone()), ("Date".to_owned(), value.clone())];
            prop_assert!(received_at(&given, now) <= now);
            let _ = (keyword(&value), addresses(&value));
        }
    }
}
