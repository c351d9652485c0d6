//! Claims mails, hands them over, writes down what became of them (M2 to M4): no transaction is open while a mail server is spoken to.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use futures_util::future::join_all;

use super::Work;
use crate::actions::{Ctx, notices};
use crate::domain::auto_reply::{Carried, sender_key};
use crate::domain::backoff::{MOST_ATTEMPTS, Next, next_try};
use crate::domain::delivery::Reason;
use crate::error::{AppError, Result};
use crate::mail::message::{AutoSubmitted, BuiltMail, Extra, OutgoingMail, Party};
use crate::mail::transport::{SendError, SendErrorKind};
use crate::security::random::uuid_v7;
use crate::store::auto_replies;
use crate::store::deliveries::{self, Claimed, Outcome};

/// Mails that are handed over at once.
const BATCH: u32 = 10;

pub(super) async fn run(work: Work<'_>) -> Result<String> {
    let send = async |mail: &BuiltMail| {
        let answer = work.transport.send(mail).await?;
        Ok(Handed { answer, stays_here: work.transport.stays_here() })
    };
    let words = hand_over(work.ctx, send, || work.stop.is_cancelled()).await;
    work.transport.rest().await;
    words
}

/// Whether no mail is due.
pub(super) async fn is_idle(ctx: &Ctx) -> Result<bool> {
    Ok(!deliveries::is_due(ctx.store.read(), ctx.now()).await?)
}

/// What became of a mail that was handed over.
pub(super) struct Handed {
    /// What the transport said.
    answer: String,
    /// Whether it is still on this machine.
    stays_here: bool,
}

impl From<String> for Handed {
    fn from(answer: String) -> Handed {
        Handed { answer, stays_here: false }
    }
}

/// How many mails ended in which way.
#[derive(Default)]
struct Tally {
    sent: u32,
    again: u32,
    failed: u32,
    cancelled: u32,
}

/// Hands over what is due, batch by batch, until nothing is or `is_over`.
pub(super) async fn hand_over(
    ctx: &Ctx,
    send: impl AsyncFn(&BuiltMail) -> Result<Handed, SendError>,
    is_over: impl Fn() -> bool,
) -> Result<String> {
    let mut tally = Tally::default();
    while !is_over() && deliveries::is_due(ctx.store.read(), ctx.now()).await? {
        let lease = uuid_v7(ctx.now(), &*ctx.random).map_err(AppError::unexpected)?.to_string();
        let batch = ctx.store.write(async |tx| deliveries::claim(tx, ctx.now(), &lease, BATCH).await).await?;
        if batch.is_empty() {
            break;
        }
        for ended in join_all(batch.iter().map(|mail| deliver(ctx, mail, &lease, &send))).await {
            match ended? {
                Outcome::Sent(_) | Outcome::Filed(_) => tally.sent += 1,
                Outcome::Again(..) => tally.again += 1,
                Outcome::Failed(_) => tally.failed += 1,
                Outcome::Cancelled(_) => tally.cancelled += 1,
            }
        }
    }
    let Tally { sent, again, failed, cancelled } = tally;
    Ok(format!("{sent} sent, {again} to try again, {failed} failed, {cancelled} cancelled"))
}

async fn deliver(ctx: &Ctx, mail: &Claimed, lease: &str, send: &impl AsyncFn(&BuiltMail) -> Result<Handed, SendError>) -> Result<Outcome> {
    let answer = match mail.withdrawn {
        None if mail.attempts <= MOST_ATTEMPTS => Some(attempt(ctx, mail, send).await),
        _ => None,
    };
    let outcome = match (&answer, mail.withdrawn) {
        (Some(answer), _) => judge(ctx, mail, answer),
        (None, Some(reason)) => Outcome::Cancelled(reason),
        (None, None) => Outcome::Failed(Reason::Interrupted.kept()),
    };
    if let Outcome::Failed(error) = &outcome {
        tracing::warn!(mail = %mail.id, kind = %mail.kind, %error, "a mail has failed for good");
    }
    let now = ctx.now();
    let is_ours = ctx
        .store
        .write(async |tx| {
            match &answer {
                Some(Ok(_)) => deliveries::reached(tx).await?,
                Some(Err(error)) if is_of_the_road(error.kind) => deliveries::unreached(tx, now).await?,
                Some(Err(error)) if error.code.is_some() => deliveries::reached(tx).await?,
                _ => {}
            }
            if let (Some(Err(error)), Some(key)) = (&answer, refused_reply(mail))
                && error.refuses_recipient
            {
                auto_replies::suppress(tx, &key, &error.text, now).await?;
            }
            deliveries::finish(tx, mail, lease, &outcome, now).await
        })
        .await?;
    if !is_ours {
        tracing::warn!(mail = %mail.id, "took too long; another worker has this mail by now");
    }
    Ok(outcome)
}

/// One try. A panic is an answer, too: this mail has failed, and the others go on (F1).
async fn attempt(ctx: &Ctx, mail: &Claimed, send: &impl AsyncFn(&BuiltMail) -> Result<Handed, SendError>) -> Result<Handed, SendError> {
    let permanent = |text: &str| SendError::new(SendErrorKind::Permanent, None, text);
    let try_it = AssertUnwindSafe(async {
        let built = outgoing(ctx, mail)?.build().map_err(|error| permanent(&error.to_string()))?;
        send(&built).await
    });
    try_it.catch_unwind().await.unwrap_or_else(|_| Err(permanent(&Reason::Stumbled.kept())))
}

/// The address of an automatic reply, which rests where the server refuses that very address for good (N16).
fn refused_reply(mail: &Claimed) -> Option<String> {
    mail.reply.as_ref().and_then(|_| sender_key(&mail.to_address))
}

fn outgoing(ctx: &Ctx, mail: &Claimed) -> Result<OutgoingMail, SendError> {
    // Of what somebody chose to be told: the mail itself says how to end it (M8).
    let notice = notices::event_of(&mail.kind).zip(mail.operator_id);
    let unsubscribe = notice.map(|(event, operator)| Extra::Unsubscribe(notices::unsubscribe_address(ctx, operator, event)));
    let plain = OutgoingMail {
        // The column holds it bare.
        message_id: format!("<{}>", mail.message_id.trim_matches(['<', '>'])),
        date: mail.created_at,
        from: ctx.mail_from.clone(),
        to: Party { name: mail.to_name.clone(), address: mail.to_address.clone() },
        envelope_from: Some(ctx.mail_from.address.clone()),
        subject: mail.subject.clone(),
        text: mail.text_body.clone(),
        html: mail.html_body.clone(),
        language: mail.language.clone(),
        auto_submitted: if unsubscribe.is_some() { AutoSubmitted::Notified } else { AutoSubmitted::Generated },
        extra: unsubscribe.into_iter().collect(),
    };
    match &mail.reply {
        None => Ok(plain),
        Some(carried) => {
            let carried = serde_json::from_str(carried);
            let carried = carried.map_err(|error| SendError::new(SendErrorKind::Permanent, None, &error.to_string()))?;
            Ok(as_reply(ctx, plain, carried))
        }
    }
}

/// An automatic reply, which must never be answered by a machine: nobody stands in its envelope, and its headers say what it is (AB-7).
fn as_reply(ctx: &Ctx, plain: OutgoingMail, carried: Carried) -> OutgoingMail {
    let host = ctx.base_url.host_str().unwrap_or("localhost").to_owned();
    let mut extra = vec![Extra::Bulk, Extra::SuppressAutoResponses, Extra::Loop(host)];
    extra.extend(carried.reply_to.map(|address| Extra::ReplyTo(Party { name: String::new(), address })));
    extra.extend(carried.in_reply_to.map(Extra::InReplyTo));
    extra.extend(Some(carried.references).filter(|ids| !ids.is_empty()).map(Extra::References));
    OutgoingMail {
        from: Party { name: carried.from_name, address: ctx.mail_from.address.clone() },
        envelope_from: None,
        auto_submitted: AutoSubmitted::Replied,
        extra,
        ..plain
    }
}

/// What an answer means for the mail: done, again later, or never (M3). A link that will be past its time by then is not waited for.
fn judge(ctx: &Ctx, mail: &Claimed, answer: &Result<Handed, SendError>) -> Outcome {
    let error = match answer {
        Ok(handed) if handed.stays_here => return Outcome::Filed(handed.answer.clone()),
        Ok(handed) => return Outcome::Sent(handed.answer.clone()),
        Err(error) if !error.kind.is_worth_retrying() => return Outcome::Failed(error.text.clone()),
        Err(error) => error.text.clone(),
    };
    // Without randomness all wait alike; nothing secret rests on it.
    let jitter = ctx.random.u64().unwrap_or_default();
    match next_try(mail.attempts, mail.created_at, ctx.now(), jitter) {
        Next::At(at) if mail.link_expires_at.is_none_or(|end| at < end) => Outcome::Again(at, error),
        _ => Outcome::Failed(error),
    }
}

/// Whether it says something about the road to the server and nothing about the mail.
fn is_of_the_road(kind: SendErrorKind) -> bool {
    matches!(kind, SendErrorKind::Connect | SendErrorKind::Tls | SendErrorKind::Timeout)
}
