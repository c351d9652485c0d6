use super::*;
use crate::mail::{
    message::tests::mail,
    transport::{
        Transport,
        smtp_sink::{Behaviour, SmtpSink},
    },
};

fn to(sink: &SmtpSink) -> Transport {
    within(sink, Deadlines::default())
}

fn within(sink: &SmtpSink, deadlines: Deadlines) -> Transport {
    Transport::Smtp(Smtp::from_url(&sink.url(), "onduty.example", deadlines).unwrap())
}

fn kind_and_code(sent: Result<String, SendError>) -> (SendErrorKind, Option<u16>) {
    let error = sent.unwrap_err();
    (error.kind, error.code)
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_built() {
    let sink = SmtpSink::start().await;
    let built = mail().build().unwrap();
    let answer = to(&sink).send(&built).await.unwrap();
    assert!(answer.starts_with("250 "), "{answer}");
    let received = sink.mails();
    assert_eq!(received.len(), 1);
    assert_eq!((received[0].from.as_str(), received[0].to.as_slice()), ("onduty@onduty.example", &["ines@example.org".to_owned()][..]));
    assert_eq!(received[0].hello, "onduty.example");
    // The line break before the final dot belongs to the conversation, not to the mail.
    assert_eq!(received[0].data.trim_ascii_end(), built.bytes.trim_ascii_end());
}

#[tokio::test]
async fn an_automatic_reply_goes_out_without_a_sender() {
    let sink = SmtpSink::start().await;
    let mut automatic = mail();
    automatic.envelope_from = None;
    to(&sink).send(&automatic.build().unwrap()).await.unwrap();
    assert_eq!(sink.mails()[0].from, "");
}

#[tokio::test]
async fn one_connection_serves_many_mails_until_there_is_a_rest() {
    let sink = SmtpSink::start().await;
    let transport = to(&sink);
    let built = mail().build().unwrap();
    for _ in 0..5 {
        transport.send(&built).await.unwrap();
    }
    assert_eq!((sink.mails().len(), sink.connections()), (5, 1));
    transport.rest().await;
    transport.send(&built).await.unwrap();
    assert_eq!((sink.mails().len(), sink.connections()), (6, 2));
}

#[tokio::test]
async fn refusals_tell_for_now_from_for_good() {
    let sink = SmtpSink::start().await;
    let transport = to(&sink);
    let built = mail().build().unwrap();
    sink.behave(Behaviour::RefuseForNow);
    let later = transport.send(&built).await.unwrap_err();
    assert_eq!((later.kind, later.code), (SendErrorKind::Transient, Some(451)));
    assert!(later.kind.is_worth_retrying() && later.text.contains("try again later"), "{later}");
    sink.behave(Behaviour::RefuseForGood);
    let never = transport.send(&built).await.unwrap_err();
    assert_eq!((never.kind, never.code), (SendErrorKind::Permanent, Some(550)));
    assert!(!never.kind.is_worth_retrying() && never.text.contains("no such mailbox"), "{never}");
    sink.behave(Behaviour::Accept);
    assert!(transport.send(&built).await.is_ok());
    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn a_refusal_of_the_recipient_is_told_from_one_of_anything_else() {
    let sink = SmtpSink::start().await;
    let transport = to(&sink);
    let built = mail().build().unwrap();
    for (verb, words, is_theirs) in [
        ("RCPT", "550 no such user here", true),
        ("RCPT", "550 5.1.1 user unknown", true),
        ("DATA", "550 5.1.1 user unknown", true),
        ("RCPT", "550 5.7.1 relaying denied", false),
        ("RCPT", "553 5.1.8 sender rejected", false),
        ("RCPT", "451 4.7.1 come back later", false),
        ("MAIL", "550 an empty sender is not taken", false),
        ("DATA", "554 5.7.1 this looks like spam", false),
        ("DATA", "554 no", false),
    ] {
        sink.behave(Behaviour::Answer(verb, words));
        let error = transport.send(&built).await.unwrap_err();
        assert_eq!(error.refuses_recipient, is_theirs, "{verb} {words}: {error:?}");
    }
    sink.behave(Behaviour::Accept);
    transport.send(&built).await.unwrap();
}

#[tokio::test]
async fn a_slow_server_meets_the_deadlines() {
    let sink = SmtpSink::start().await;
    let transport = within(&sink, Deadlines { connect: Duration::from_millis(1000), whole: Duration::from_millis(1500) });
    let built = mail().build().unwrap();
    sink.behave(Behaviour::Slow(Duration::from_secs(60)));
    assert_eq!(kind_and_code(transport.send(&built).await), (SendErrorKind::Timeout, None));
    // Two answers to connect fit, four to the first recipient do not.
    sink.behave(Behaviour::Slow(Duration::from_millis(400)));
    let error = transport.send(&built).await.unwrap_err();
    assert!(error.kind == SendErrorKind::Timeout && error.text.contains("1.5"), "{error}");
    // What was cut off half-way is not used again.
    sink.behave(Behaviour::Accept);
    transport.send(&built).await.unwrap();
    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn a_server_that_vanishes_or_is_down_is_worth_another_try() {
    let sink = SmtpSink::start().await;
    let transport = to(&sink);
    let built = mail().build().unwrap();
    sink.behave(Behaviour::Vanish);
    assert_eq!(kind_and_code(transport.send(&built).await), (SendErrorKind::Connect, None));
    sink.behave(Behaviour::Accept);
    transport.send(&built).await.unwrap();
    sink.stop().await;
    assert_eq!(kind_and_code(transport.send(&built).await), (SendErrorKind::Connect, None));
    sink.restart().await;
    transport.send(&built).await.unwrap();
}

#[tokio::test]
async fn no_mail_goes_out_unencrypted_where_encryption_is_required() {
    let sink = SmtpSink::start().await;
    let url = format!("{}?tls=required", sink.url());
    let transport = Transport::Smtp(Smtp::from_url(&url, "onduty.example", Deadlines::default()).unwrap());
    let error = transport.send(&mail().build().unwrap()).await.unwrap_err();
    assert_eq!(error.kind, SendErrorKind::Tls);
    assert!(error.text.contains("STARTTLS"), "{error}");
    assert!(sink.mails().is_empty());
}

#[tokio::test]
async fn a_server_without_tls_fails_an_encrypted_connection() {
    let sink = SmtpSink::start().await;
    let url = sink.url().replace("smtp://", "smtps://");
    let transport = Transport::Smtp(Smtp::from_url(&url, "onduty.example", Deadlines::default()).unwrap());
    let error = transport.send(&mail().build().unwrap()).await.unwrap_err();
    assert!(matches!(error.kind, SendErrorKind::Tls | SendErrorKind::Connect), "{error:?}");
    assert!(sink.mails().is_empty());
}

#[test]
fn only_this_machine_or_an_explicit_word_goes_without_encryption() {
    let shown = |url: &str| format!("{:?}", Smtp::from_url(url, "localhost", Deadlines::default()).unwrap());
    assert_eq!(shown("smtp://mail.example.org"), "Smtp(mail.example.org:587, STARTTLS, signs in: false)");
    assert_eq!(shown("smtp://mail.example.org:25"), "Smtp(mail.example.org:25, STARTTLS, signs in: false)");
    assert_eq!(shown("smtps://ann:secret@mail.example.org"), "Smtp(mail.example.org:465, TLS, signs in: true)");
    assert_eq!(shown("smtp://mail.example.org?tls=none"), "Smtp(mail.example.org:25, none, signs in: false)");
    assert_eq!(shown("smtp://10.0.0.7:2525"), "Smtp(10.0.0.7:2525, STARTTLS, signs in: false)");
    for local in ["smtp://localhost", "smtp://127.0.0.1", "smtp://127.8.8.8", "smtp://[::1]"] {
        assert!(shown(local).contains(":25, none"), "{local}");
    }
    assert!(shown("smtp://localhost?tls=required").contains("STARTTLS"));
}

#[test]
fn what_is_wrong_with_the_address_is_said_without_the_password() {
    let wrong = |url: &str| Smtp::from_url(url, "localhost", Deadlines::default()).unwrap_err();
    assert_eq!(wrong("mail.example.org"), SmtpUrlError::Malformed);
    assert_eq!(wrong("smtp:///x"), SmtpUrlError::Malformed);
    assert_eq!(wrong("http://mail.example.org"), SmtpUrlError::Scheme("http".to_owned()));
    assert_eq!(wrong("smtp://h.example?tls=maybe"), SmtpUrlError::Parameter("tls=maybe".to_owned()));
    assert_eq!(wrong("smtps://h.example?tls=none"), SmtpUrlError::Parameter("tls=none".to_owned()));
    assert!(!wrong("ftp://ann:hunter2@h.example").to_string().contains("hunter2"));
}

#[test]
fn passwords_may_hold_any_sign() {
    let url = Url::parse("smtp://ann%40example.org:a+b&c%3Dd%2F%25%C3%A9@h.example").unwrap();
    assert_eq!(decoded(url.username()), "ann@example.org");
    assert_eq!(decoded(url.password().unwrap()), "a+b&c=d/%é");
}
