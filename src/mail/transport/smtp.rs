//! Mails to a server over SMTP, encrypted unless it is on this machine (M7).

use std::{
    borrow::Cow,
    error::Error as _,
    fmt,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use lettre::{
    address::Envelope,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, Extension, MailBodyParameter, MailParameter},
        response::Response,
    },
};
use tokio::time::timeout;
use url::Url;

use super::{SendError, SendErrorKind};
use crate::mail::message::BuiltMail;

/// Connections kept open between mails.
const MOST_IDLE: usize = 4;

/// What is wrong with `ONDUTY_SMTP_URL`. Never repeats the password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SmtpUrlError {
    /// Not an address at all.
    #[error("not an address of the form smtp://user:password@host:port")]
    Malformed,
    /// Neither smtp nor smtps.
    #[error("{0:?} is neither smtp nor smtps")]
    Scheme(String),
    /// Something other than `tls=none` or `tls=required` after the question mark.
    #[error("{0:?} is not known here; there is only tls=none and tls=required")]
    Parameter(String),
    /// Certificates cannot be checked for this host.
    #[error("no TLS for this host: {0}")]
    Tls(String),
}

/// How long the server may take (M7).
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// To the end of the greeting, encryption included.
    pub connect: Duration,
    /// For the whole mail, connecting included.
    pub whole: Duration,
}

impl Default for Deadlines {
    /// 10 seconds and 60 seconds.
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), whole: Duration::from_mins(1) }
    }
}

#[derive(Clone)]
enum Encryption {
    /// On this machine, or switched off by name.
    None,
    /// STARTTLS, and no mail without it.
    Upgrade(TlsParameters),
    /// From the first byte.
    Whole(TlsParameters),
}

/// A mail server and the open connections to it.
pub struct Smtp {
    host: String,
    port: u16,
    encryption: Encryption,
    credentials: Option<Credentials>,
    hello: ClientId,
    deadlines: Deadlines,
    idle: Mutex<Vec<AsyncSmtpConnection>>,
}

impl Smtp {
    /// Reads `smtp://user:password@host:port` or `smtps://...`. With smtp, STARTTLS is required unless the host is this machine
    /// or `?tls=none` says so; `?tls=required` asks for it on this machine too. Without a port it is 465 for smtps,
    /// 25 unencrypted, else 587. `hello` is the host name we introduce ourselves with: the one of the base URL.
    /// Connects to nobody yet.
    ///
    /// # Errors
    /// [`SmtpUrlError`].
    pub fn from_url(text: &str, hello: &str, deadlines: Deadlines) -> Result<Self, SmtpUrlError> {
        let url = Url::parse(text).map_err(|_| SmtpUrlError::Malformed)?;
        let wrapped = match url.scheme() {
            "smtp" => false,
            "smtps" => true,
            other => return Err(SmtpUrlError::Scheme(other.to_owned())),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(SmtpUrlError::Malformed)?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let mut upgrade = !is_this_machine(&host);
        for (name, value) in url.query_pairs() {
            upgrade = match (&*name, &*value) {
                ("tls", "none") if !wrapped => false,
                ("tls", "required") => true,
                _ => return Err(SmtpUrlError::Parameter(format!("{name}={value}"))),
            };
        }
        let encryption = if wrapped || upgrade {
            let tls = TlsParameters::new(host.clone()).map_err(|error| SmtpUrlError::Tls(error.to_string()))?;
            if wrapped { Encryption::Whole(tls) } else { Encryption::Upgrade(tls) }
        } else {
            Encryption::None
        };
        let port = url.port().unwrap_or(match encryption {
            Encryption::Whole(_) => 465,
            Encryption::Upgrade(_) => 587,
            Encryption::None => 25,
        });
        let credentials =
            (!url.username().is_empty()).then(|| Credentials::new(decoded(url.username()), decoded(url.password().unwrap_or_default())));
        let hello = match hello.trim_start_matches('[').trim_end_matches(']').parse() {
            Ok(IpAddr::V4(ip)) => ClientId::Ipv4(ip),
            Ok(IpAddr::V6(ip)) => ClientId::Ipv6(ip),
            Err(_) => ClientId::Domain(hello.to_owned()),
        };
        Ok(Self { host, port, encryption, credentials, hello, deadlines, idle: Mutex::default() })
    }

    pub(super) async fn send(&self, mail: &BuiltMail) -> Result<String, SendError> {
        timeout(self.deadlines.whole, self.converse(mail)).await.unwrap_or_else(|_| Err(too_slow("the mail", self.deadlines.whole)))
    }

    /// Says goodbye on the connections kept open.
    pub(super) async fn rest(&self) {
        let open = std::mem::take(&mut *self.idle());
        for mut connection in open {
            // The server's goodbye is not worth waiting for.
            let _ = timeout(Duration::from_secs(1), connection.quit()).await;
        }
    }

    /// A connection lives in here while it is used: when the deadline ends this, it is dropped, and never kept half-way through a mail.
    async fn converse(&self, mail: &BuiltMail) -> Result<String, SendError> {
        let envelope = envelope(mail)?;
        let mut connection = self.connection().await?;
        let answer = match hand_over(&mut connection, &envelope, &mail.bytes).await {
            Ok(answer) => answer,
            Err(error) => {
                connection.abort().await;
                return Err(error);
            }
        };
        let mut idle = self.idle();
        if idle.len() < MOST_IDLE {
            idle.push(connection);
        }
        Ok(format!("{} {}", answer.code(), answer.message().collect::<Vec<_>>().join(" ")))
    }

    async fn connection(&self) -> Result<AsyncSmtpConnection, SendError> {
        loop {
            let kept = self.idle().pop();
            let Some(mut connection) = kept else { break };
            if connection.test_connected().await {
                return Ok(connection);
            }
        }
        let mut connection =
            timeout(self.deadlines.connect, self.connect()).await.map_err(|_| too_slow("connecting", self.deadlines.connect))??;
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await.map_err(|error| unreached(&error))?;
        }
        Ok(connection)
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, SendError> {
        let wrapper = if let Encryption::Whole(tls) = &self.encryption { Some(tls.clone()) } else { None };
        let server = (self.host.as_str(), self.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(server, Some(self.deadlines.connect), &self.hello, wrapper, None)
            .await
            .map_err(|error| unreached(&error))?;
        if let Encryption::Upgrade(tls) = &self.encryption {
            if !connection.can_starttls() {
                connection.abort().await;
                return Err(SendError::new(SendErrorKind::Tls, None, "the server offers no STARTTLS"));
            }
            connection.starttls(tls.clone(), &self.hello).await.map_err(|error| unreached(&error))?;
        }
        Ok(connection)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<AsyncSmtpConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encryption = match self.encryption {
            Encryption::None => "none",
            Encryption::Upgrade(_) => "STARTTLS",
            Encryption::Whole(_) => "TLS",
        };
        write!(f, "Smtp({}:{}, {encryption}, signs in: {})", self.host, self.port, self.credentials.is_some())
    }
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Undoes the %XX of a user name or password. A form's fields are coded alike but for + and &, which mean themselves here.
fn decoded(text: &str) -> String {
    let text = text.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    url::form_urlencoded::parse(text.as_bytes()).next().map(|(text, _)| text).map(Cow::into_owned).unwrap_or_default()
}

fn envelope(mail: &BuiltMail) -> Result<Envelope, SendError> {
    let address =
        |text: &str| text.parse().map_err(|_| SendError::new(SendErrorKind::Permanent, None, &format!("{text} is not an e-mail address")));
    let from = mail.envelope_from.as_deref().map(address).transpose()?;
    Envelope::new(from, vec![address(&mail.envelope_to)?])
        .map_err(|error| SendError::new(SendErrorKind::Permanent, None, &error.to_string()))
}

/// One mail, step by step, so that a refusal of the recipient is told from others (N16).
async fn hand_over(connection: &mut AsyncSmtpConnection, envelope: &Envelope, mail: &[u8]) -> Result<Response, SendError> {
    let addresses = || envelope.from().into_iter().chain(envelope.to());
    let needed = [
        (addresses().any(|address| !AsRef::<str>::as_ref(address).is_ascii()), Extension::SmtpUtfEight, MailParameter::SmtpUtfEight),
        (!mail.is_ascii(), Extension::EightBitMime, MailParameter::Body(MailBodyParameter::EightBitMime)),
    ];
    let mut parameters = Vec::new();
    for (_, extension, parameter) in needed.into_iter().filter(|(is_needed, ..)| *is_needed) {
        if !connection.server_info().supports_feature(extension) {
            return Err(SendError::new(SendErrorKind::Permanent, None, &format!("the server does not take {extension}")));
        }
        parameters.push(parameter);
    }
    connection.command(Mail::new(envelope.from().cloned(), parameters)).await.map_err(|error| refused(&error))?;
    for address in envelope.to() {
        let taken = connection.command(Rcpt::new(address.clone(), Vec::new())).await;
        taken.map_err(|error| SendError { refuses_recipient: error.is_permanent() && !blames_others(&error), ..refused(&error) })?;
    }
    connection.command(Data).await.map_err(|error| refused(&error))?;
    connection.message(mail).await.map_err(|error| refused(&error))
}

/// Whether a refusal at the recipient is about something else by its enhanced code: policy (5.7), the sender (5.1.7, 5.1.8), the server (5.3 to 5.5).
fn blames_others(error: &Error) -> bool {
    let said = error.source().map(ToString::to_string).unwrap_or_default();
    let mut codes = said.split_whitespace().filter(|word| word.starts_with("5.") && word.split('.').count() == 3);
    codes.any(|code| ["5.3.", "5.4.", "5.5.", "5.7."].iter().any(|class| code.starts_with(class)) || ["5.1.7", "5.1.8"].contains(&code))
}

fn too_slow(what: &str, limit: Duration) -> SendError {
    SendError::new(SendErrorKind::Timeout, None, &format!("{what} took longer than {} seconds", limit.as_secs_f32()))
}

/// An error before the first mail: it says nothing about the mail, so even a 5yz is worth another try.
fn unreached(error: &Error) -> SendError {
    let kind = if error.is_tls() {
        SendErrorKind::Tls
    } else if error.is_timeout() {
        SendErrorKind::Timeout
    } else {
        SendErrorKind::Connect
    };
    said(kind, error)
}

/// An error while the mail was handed over.
fn refused(error: &Error) -> SendError {
    if error.is_permanent() || error.is_client() {
        said(SendErrorKind::Permanent, error)
    } else if error.is_transient() {
        said(SendErrorKind::Transient, error)
    } else {
        unreached(error)
    }
}

/// The server's own words where it spoke, else lettre's.
fn said(kind: SendErrorKind, error: &Error) -> SendError {
    let code = error.status().map(u16::from);
    let text = error.source().filter(|_| code.is_some()).map_or_else(|| error.to_string(), ToString::to_string);
    SendError::new(kind, code, &text)
}

#[cfg(test)]
mod tests;
