//! Whose address it is that a query came from, and whether a person reads it (N3, N10, N14).

use url::Host;

use crate::domain::email::EmailAddress;

/// A sender as automatic replies count them: small letters, the domain as an A-label, forwarders' envelopes (SRS) and bounce tags
/// (BATV) taken off, `+tags` kept. None for what is no address that mail could be sent to (N3).
pub fn sender_key(address: &str) -> Option<String> {
    let address = address.trim();
    // Unwrapped at most as often as forwarders forward.
    let mut key = plain(address)?;
    for _ in 0..3 {
        let (local, domain) = key.split_once('@')?;
        match unwrapped(local, domain) {
            Some(inner) => key = plain(&inner)?,
            None => return Some(key),
        }
    }
    Some(key)
}

/// Where an answer to a sender goes: the address as it was written, its domain in ASCII, unless it was wrapped.
pub fn deliverable(address: &str) -> Option<String> {
    let typed = parsed(address.trim())?;
    let key = sender_key(address)?;
    Some(if typed.key() == key { typed.as_str().to_owned() } else { key })
}

fn plain(address: &str) -> Option<String> {
    Some(parsed(address)?.key())
}

fn parsed(address: &str) -> Option<EmailAddress> {
    let (local, domain) = address.rsplit_once('@')?;
    let domain = match Host::parse(domain) {
        Ok(Host::Domain(domain)) => domain,
        _ => return None,
    };
    EmailAddress::parse(&format!("{local}@{domain}")).ok()
}

/// The address inside of one that a forwarder or a bounce tag made: `srs0=hash=time=domain=local`, `srs1=hash=forwarder==hash=time=domain=local`,
/// `prvs=tag=local`.
fn unwrapped(local: &str, domain: &str) -> Option<String> {
    let after = |prefix: &str| {
        let rest = local.strip_prefix(prefix)?;
        rest.strip_prefix(['=', '+', '-'])
    };
    if let Some(rest) = after("srs0") {
        let mut parts = rest.splitn(4, '=');
        let (_hash, _time, domain, local) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        return Some(format!("{local}@{domain}"));
    }
    if let Some(rest) = after("srs1") {
        let (_, inner) = rest.split_once("==").or_else(|| rest.split_once("=+")).or_else(|| rest.split_once("=-"))?;
        let mut parts = inner.splitn(4, '=');
        let (_hash, _time, domain, local) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        return Some(format!("{local}@{domain}"));
    }
    let tagged = ["prvs=", "msprvs1="].into_iter().find_map(|prefix| local.strip_prefix(prefix))?;
    let (_tag, local) = tagged.split_once('=')?;
    Some(format!("{local}@{domain}"))
}

/// Names that stand for programs and for those who look after them.
const MACHINES: [&str; 15] = [
    "mailer-daemon",
    "postmaster",
    "root",
    "abuse",
    "listserv",
    "majordomo",
    "mailman",
    "noreply",
    "no-reply",
    "donotreply",
    "bounce",
    "bounces",
    "daemon",
    "nobody",
    "mailerdaemon",
];
const BEGINNINGS: [&str; 6] = ["owner-", "bounce-", "bounce+", "bounces-", "bounces+", "bounce="];
/// Ways to write that nobody reads answers, without hyphens, dots and underscores.
const NOT_READ: [&str; 2] = ["noreply", "donotreply"];
const LIST_PARTS: [&str; 4] = ["-request", "-owner", "-bounces", "-admin"];

/// Whether no person reads what is sent to this address (N10), wrapped or not.
pub fn is_machine(address: impl AsRef<str>) -> bool {
    let address = address.as_ref().trim().to_ascii_lowercase();
    let inner = sender_key(&address);
    let local = |address: &str| address.rsplit_once('@').map_or(address, |(local, _)| local).to_owned();
    is_machine_name(&local(&address)) || inner.is_some_and(|inner| is_machine_name(&local(&inner)))
}

fn is_machine_name(local: &str) -> bool {
    let untagged = local.split('+').next().unwrap_or(local);
    let joined: String = local.chars().filter(|c| !matches!(c, '-' | '.' | '_')).collect();
    // The part of a list's name ends there: home-owners is no list.
    let is_part = |part: &str| {
        let mut after = local.match_indices(part).filter_map(|(at, _)| local.get(at + part.len()..));
        after.any(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    };
    MACHINES.contains(&untagged)
        || BEGINNINGS.iter().any(|beginning| local.starts_with(beginning))
        || NOT_READ.iter().any(|beginning| joined.starts_with(beginning))
        || LIST_PARTS.iter().any(|part| is_part(part))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_sender_is_one_key_however_it_is_written() {
        for (address, key) in [
            ("Ada@Example.ORG", "ada@example.org"),
            (" ada+shop@example.org ", "ada+shop@example.org"),
            ("kurt@Bücher.example", "kurt@xn--bcher-kva.example"),
            ("SRS0=HHH=TT=example.org=ada@forward.example", "ada@example.org"),
            ("SRS0+HHH=TT=example.org=ada@forward.example", "ada@example.org"),
            ("SRS1=XXX=first.example==HHH=TT=example.org=ada@second.example", "ada@example.org"),
            ("prvs=0123abcdef=ada@example.org", "ada@example.org"),
            ("prvs=0123abcdef=Ada+Tag@example.org", "ada+tag@example.org"),
            ("srs0=hhh=tt=example.org=prvs=0123abcdef=ada@forward.example", "ada@example.org"),
            ("o'neil@example.org", "o'neil@example.org"),
        ] {
            assert_eq!(sender_key(address).as_deref(), Some(key), "{address}");
        }
    }

    #[test]
    fn what_no_mail_can_be_sent_to_has_no_key() {
        let long = format!("a@{}example", "b.".repeat(130));
        for address in
            ["", "ada", "@example.org", "ada@", "ada@localhost", "ada@[127.0.0.1]", "a b@example.org", "ada@example.org\r\nBcc: x", &long]
        {
            assert_eq!(sender_key(address), None, "{address:?}");
        }
    }

    #[test]
    fn machines_are_told_from_people() {
        for local in [
            "mailer-daemon",
            "MAILER-DAEMON",
            "postmaster",
            "root",
            "abuse",
            "listserv",
            "majordomo",
            "mailman",
            "noreply",
            "no-reply",
            "no_reply",
            "NoReply-Shop",
            "donotreply",
            "do-not-reply",
            "bounce",
            "bounces",
            "bounces+123",
            "bounce-ada=example.org",
            "daemon",
            "nobody",
            "owner-ducks",
            "ducks-request",
            "ducks-owner",
            "ducks-bounces",
            "ducks-bounces+ada=example.org",
            "ducks-admin",
            "root+cron",
            "prvs=0123=noreply",
            "srs0=hhh=tt=example.org=mailer-daemon",
        ] {
            assert!(is_machine(format!("{local}@lists.example")), "{local}");
        }
        for local in ["ada", "rooted", "abused", "bouncer", "nora.reply", "admin", "request", "home-owners", "my-requests", "postmasters"] {
            assert!(!is_machine(format!("{local}@lists.example")), "{local}");
        }
    }

    #[test]
    fn an_answer_goes_where_the_query_came_from() {
        for (address, to) in [
            ("Ada.Moss@Bücher.example", Some("Ada.Moss@xn--bcher-kva.example")),
            ("SRS0=HHH=TT=example.org=Ada@forward.example", Some("ada@example.org")),
            ("ada", None),
        ] {
            assert_eq!(deliverable(address).as_deref(), to);
        }
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key_and_fit_for_a_header(raw in "(srs0=|prvs=|SRS1=)?[a-zA-Z0-9=+.@é\r\n<> -]{0,40}@[a-zA-Zü.-]{1,12}\\.[a-z]{2,5}") {
            if let Some(key) = sender_key(&raw) {
                prop_assert!(key.bytes().all(|b| b.is_ascii_graphic()) && !key.bytes().any(|b| b.is_ascii_uppercase()), "{key}");
                prop_assert!(key.len() <= 254);
            }
        }
    }
}
