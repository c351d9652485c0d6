//! From the bytes of a mail that somebody sent to what it says. Nothing in it is believed.

use std::panic::catch_unwind;

use mail_parser::{Address, Header, Message, MessageParser, MimeHeaders};

/// Attachments that are named at most.
const ATTACHMENTS: usize = 20;

/// A mail that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// As it stands in its header, with its angle brackets.
    pub message_id: Option<String>,
    /// What the first author calls themselves.
    pub name: Option<String>,
    /// Address of the first author.
    pub address: Option<String>,
    /// One line, decoded.
    pub subject: String,
    /// The plain text, else what is to be read in the HTML.
    pub text: String,
    /// Names and values in their order, each on one line, not decoded.
    pub headers: Vec<(String, String)>,
    /// Names of the attachments.
    pub attachments: Vec<String>,
}

/// Reads a mail (RFC 5322), with or without the line that mailboxes put before one; none where it has no author, subject or recipient.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Read> {
    let bytes = without_envelope(bytes);
    // A mail that a stranger wrote must not be able to end the program (M4).
    let read = catch_unwind(|| MessageParser::default().parse(bytes).map(|message| whole(&message))).ok().flatten()?;
    let is_mail = ["From", "Subject", "To"].iter().any(|name| read.headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name)));
    is_mail.then_some(read)
}

/// Mailboxes and some mail servers put a line `From <sender> <time>` before a mail.
fn without_envelope(bytes: &[u8]) -> &[u8] {
    if !bytes.starts_with(b"From ") {
        return bytes;
    }
    let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| end + 1);
    bytes.get(end..).unwrap_or_default()
}

fn whole(message: &Message<'_>) -> Read {
    let author = message.from().and_then(Address::first);
    let headers = message.headers().iter().filter_map(|header| Some((header.name().to_owned(), value(message, header)?)));
    let headers: Vec<(String, String)> = headers.collect();
    let message_id = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("Message-ID")).map(|(_, value)| value.clone());
    let names = message.attachments().map(|part| part.attachment_name().unwrap_or_default().trim().to_owned());
    Read {
        message_id: message_id.filter(|id| !id.is_empty()),
        name: author.and_then(|author| author.name()).map(str::to_owned),
        address: author.and_then(|author| author.address()).map(str::to_owned),
        subject: message.subject().unwrap_or_default().to_owned(),
        text: message.body_text(0).map(|text| text.trim().to_owned()).unwrap_or_default(),
        attachments: names.filter(|name| !name.is_empty()).take(ATTACHMENTS).collect(),
        headers,
    }
}

/// A value as it stands there, its folded lines put together.
fn value(message: &Message<'_>, header: &Header<'_>) -> Option<String> {
    let bytes = message.raw_message().get(header.offset_start() as usize..header.offset_end() as usize)?;
    let text = String::from_utf8_lossy(bytes);
    Some(text.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLAIN: &str = "Received: from a by b;\r\n Mon, 3 Mar 2031 10:00:00 +0000\r\nFrom: =?utf-8?q?Jos=C3=A9?= <jose@example.org>\r\n\
        To: support@ours.example\r\nSubject: =?utf-8?q?=C2=BFD=C3=B3nde?= est=?utf-8?q?=C3=A1?=\r\nMessage-ID: <1@example.org>\r\n\r\nHola,\r\n\r\n¿dónde?\r\n";

    #[test]
    fn a_plain_mail_is_read_with_its_headers() {
        for mail in [PLAIN.to_owned(), format!("From jose@example.org Mon Mar  3 10:00:00 2031\n{PLAIN}"), PLAIN.replace("\r\n", "\n")] {
            let read = read(mail.as_bytes()).unwrap();
            assert_eq!((read.name.as_deref(), read.address.as_deref()), (Some("José"), Some("jose@example.org")));
            assert_eq!(read.message_id.as_deref(), Some("<1@example.org>"));
            assert!(read.subject.starts_with("¿Dónde"), "{}", read.subject);
            assert!(read.text.starts_with("Hola,") && read.text.ends_with("¿dónde?"), "{}", read.text);
            let received = ("Received".to_owned(), "from a by b; Mon, 3 Mar 2031 10:00:00 +0000".to_owned());
            assert_eq!(read.headers.first(), Some(&received));
        }
    }

    #[test]
    fn the_plain_part_is_preferred_and_html_is_stripped() {
        let both = "From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\n\
            Content-Type: text/plain\r\n\r\nplain\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>rich</p>\r\n--x--\r\n";
        assert_eq!(read(both.as_bytes()).unwrap().text, "plain");
        let html = "From: a@example.org\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n<style>p{}</style><p>One</p><script>x()</script><p>two &amp; three</p>";
        let text = read(html.as_bytes()).unwrap().text;
        assert!(text.contains("One") && text.contains("two & three") && !text.contains('<') && !text.contains("x()"), "{text}");
    }

    #[test]
    fn attachments_are_named() {
        let mail = "From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\
            Content-Type: text/plain\r\n\r\nsee below\r\n--x\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"bill.pdf\"\r\n\
            Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--x--\r\n";
        let read = read(mail.as_bytes()).unwrap();
        assert_eq!((read.text.as_str(), read.attachments), ("see below", vec!["bill.pdf".to_owned()]));
    }

    #[test]
    fn what_is_no_mail_is_none() {
        for bytes in [&b""[..], b"hello", b"\r\n\r\n", b"X-Other: 1\r\n\r\nbody", b"From "] {
            assert_eq!(read(bytes), None, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..400), text in "(From|To|Subject|Content-Type)?: ?[ -~]{0,40}(\r\n|\n){0,2}[<>/a-z&;#0-9=\r\n ]{0,80}") {
            for bytes in [bytes, text.into_bytes()] {
                if let Some(read) = read(&bytes) {
                    prop_assert!(read.headers.iter().all(|(_, value)| !value.contains(['\r', '\n'])));
                }
            }
        }
    }
}
