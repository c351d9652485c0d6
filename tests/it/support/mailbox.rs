//! The mails an application has sent, as their readers see them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use onduty::mail::transport;

/// Where the application of a test sends its mails.
#[derive(Clone, Debug, Default)]
pub struct Mailbox(pub transport::Mailbox);

/// A mail as it arrived.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Who gets it, by the envelope.
    pub to: String,
    /// All headers, unfolded, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The readable subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML, empty where there is none.
    pub html: String,
}

impl Mailbox {
    /// Every mail to an address so far.
    pub fn to(&self, address: &str) -> Vec<Mail> {
        self.all().into_iter().filter(|mail| mail.to.eq_ignore_ascii_case(address)).collect()
    }

    /// The one mail to an address.
    pub fn only(&self, address: &str) -> Mail {
        let mut mails = self.to(address);
        assert_eq!(mails.len(), 1, "mails to {address}: {:?}", mails.iter().map(|mail| &mail.subject).collect::<Vec<_>>());
        mails.remove(0)
    }

    /// The latest mail to an address.
    pub fn last(&self, address: &str) -> Mail {
        self.to(address).pop().unwrap_or_else(|| panic!("no mail to {address}; there are {:?}", self.all()))
    }

    /// Every mail so far.
    pub fn all(&self) -> Vec<Mail> {
        self.0.mails().iter().map(|mail| parse(&mail.envelope_to, &mail.bytes)).collect()
    }

    /// Forgets what has come so far.
    pub fn empty(&self) {
        drop(self.0.take());
    }
}

impl Mail {
    /// The path and query of the first link in the plain text, for [`super::Browser::open`].
    pub fn link(&self) -> String {
        let start = self.text.find("http").unwrap_or_else(|| panic!("no link in {}", self.text));
        let address = self.text[start..].split(char::is_whitespace).next().unwrap_or_default();
        let url = url::Url::parse(address).expect("a whole address");
        url[url::Position::BeforePath..].to_owned()
    }

    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Reads a mail from its bytes on the wire.
pub fn parse(to: &str, bytes: &[u8]) -> Mail {
    let raw = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    let (headers, body) = split(&raw);
    let mut mail = Mail { to: to.to_owned(), subject: String::new(), text: String::new(), html: String::new(), headers };
    mail.subject = words(mail.header("subject").unwrap_or_default());
    let head = mail.headers.clone();
    read_part(&mut mail, &head, body);
    mail
}

fn split(raw: &str) -> (Vec<(String, String)>, &str) {
    let (head, body) = raw.split_once("\n\n").unwrap_or((raw, ""));
    let unfolded = head.replace("\n ", " ").replace("\n\t", " ");
    let lines = unfolded.lines().filter_map(|line| line.split_once(':'));
    (lines.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect(), body)
}

fn of<'a>(headers: &'a [(String, String)], name: &str) -> &'a str {
    headers.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value.as_str())
}

fn read_part(mail: &mut Mail, headers: &[(String, String)], body: &str) {
    let kind = of(headers, "content-type");
    if let Some((_, rest)) = kind.split_once("boundary=") {
        let boundary = rest.split(';').next().unwrap_or_default().trim_matches('"');
        for part in body.split(&format!("--{boundary}")).skip(1).filter(|part| !part.starts_with("--")) {
            let (headers, body) = split(part.trim_start_matches('\n'));
            read_part(mail, &headers, body);
        }
        return;
    }
    let text = match of(headers, "content-transfer-encoding").to_ascii_lowercase().as_str() {
        "base64" => {
            let packed: String = body.split_whitespace().collect();
            String::from_utf8(STANDARD.decode(packed).expect("base64")).expect("UTF-8")
        }
        "quoted-printable" => quoted_printable(body, false),
        _ => body.to_owned(),
    };
    if kind.starts_with("text/html") {
        mail.html = text;
    } else if kind.is_empty() || kind.starts_with("text/plain") {
        mail.text = text;
    }
}

fn quoted_printable(body: &str, is_header: bool) -> String {
    let bytes = body.replace("=\n", "").into_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(byte) = bytes.get(at) {
        let hex = bytes.get(at + 1..at + 3).and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        match (byte, hex) {
            (b'=', Some(decoded)) => {
                out.push(decoded);
                at += 2;
            }
            (b'_', _) if is_header => out.push(b' '),
            _ => out.push(*byte),
        }
        at += 1;
    }
    String::from_utf8(out).expect("UTF-8")
}

/// Encoded words of a header in clear (RFC 2047).
fn words(value: &str) -> String {
    let (mut out, mut rest) = (String::new(), value);
    while let Some(start) = rest.find("=?") {
        let between = &rest[..start];
        if out.is_empty() || !between.trim().is_empty() {
            out.push_str(between);
        }
        let parts: Vec<&str> = rest[start + 2..].splitn(4, '?').collect();
        let [_, kind, packed, after] = parts[..] else { panic!("an encoded word in {value}") };
        out.push_str(&match kind {
            "b" | "B" => String::from_utf8(STANDARD.decode(packed).expect("base64")).expect("UTF-8"),
            _ => quoted_printable(packed, true),
        });
        rest = after.strip_prefix('=').expect("the end of an encoded word");
    }
    out + rest
}
