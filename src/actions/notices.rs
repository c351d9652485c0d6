//! Tells operators by mail when their hours begin and are over (HR-6), each who chose to be told; and lets them end it from the mail itself
//! (M8).

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::mail::{self, Message, Recipient};
use super::operators::put_notices;
use super::{Actor, Ctx, Origin};
use crate::domain::mail_text::MailKind;
use crate::domain::notice::{Event, When, edges};
use crate::error::{AppError, Result};
use crate::store::operators::{self, Operator};
use crate::store::{notices, outbox};

/// So late a notice is of use: what was missed for longer, as by a server that stood still, is not told any more (J3).
const LATE: TimeDelta = TimeDelta::minutes(15);
/// Operators who are told in one transaction.
const TOGETHER: usize = 500;
/// What a link to end notices is sealed for.
const SEAL: &str = "unsubscribe";

/// Up to when this process has told everybody; one that has just begun looks back as far as is of use.
#[derive(Debug, Default)]
pub struct Noticed(Mutex<Option<DateTime<Utc>>>);

impl Noticed {
    fn since(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let told = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.map_or(now - LATE, |told| told.clamp(now - LATE, now))
    }

    fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }
}

/// One of them, to one operator.
struct Notice {
    operator: i64,
    event: Event,
    at: DateTime<Utc>,
}

impl Notice {
    /// By this a second one of the same is known, whichever node would send it.
    fn key(&self) -> String {
        format!("{}:{}:{}", self.event.as_str(), self.operator, self.at.timestamp_millis())
    }
}

/// What is to be told by now. Nobody is told while absent, or where their account is not in use.
async fn due(ctx: &Ctx, now: DateTime<Utc>) -> Result<Vec<Notice>> {
    let chosen = notices::all(ctx.store.read()).await?;
    if chosen.is_empty() {
        return Ok(Vec::new());
    }
    let (snapshot, since) = (ctx.roster().await?, ctx.noticed.since(now));
    let roster = &snapshot.prepared.roster;
    let people = chosen.iter().filter_map(|(id, chosen)| Some((roster.person(*id)?, chosen)));
    let mut due = Vec::new();
    for (person, chosen) in people.filter(|(person, _)| person.account.activated && !person.account.suspended) {
        let is_here = person.last_beat.is_some_and(|beat| now - beat < roster.world.window);
        let told = edges(&person.hours(&roster.world), since, now).into_iter().filter(|(event, at)| {
            let is_wanted = chosen.of(*event).is_some_and(|when| when == When::Always || !is_here);
            is_wanted && person.absence_at(*at).is_none()
        });
        due.extend(told.map(|(event, at)| Notice { operator: person.id, event, at }));
    }
    due.sort_by_key(|notice| (notice.at, notice.operator));
    Ok(due)
}

/// Tells whoever is to be told by now; returns how many mails that were.
///
/// # Errors
/// Those of the store; whoever was not told then is told the next time.
pub async fn tell(ctx: &Ctx) -> Result<usize> {
    let now = ctx.now();
    let mut told = 0;
    for notices in due(ctx, now).await?.chunks(TOGETHER) {
        told += tell_some(ctx, notices).await?;
    }
    ctx.noticed.set(now);
    Ok(told)
}

/// Whether there is nobody to be told.
///
/// # Errors
/// Those of the store.
pub async fn is_told(ctx: &Ctx) -> Result<bool> {
    Ok(due(ctx, ctx.now()).await?.is_empty())
}

async fn tell_some(ctx: &Ctx, notices: &[Notice]) -> Result<usize> {
    let catalogue = ctx.present_catalogue().await?;
    let link = ctx.base_url.join("panel").map_err(AppError::unexpected)?.to_string();
    ctx.store
        .write(async |tx| {
            let keys: Vec<String> = notices.iter().map(Notice::key).collect();
            let known: HashSet<String> = outbox::known(tx, &keys).await?;
            let fresh: Vec<&Notice> = notices.iter().filter(|notice| !known.contains(&notice.key())).collect();
            let ids: Vec<i64> = fresh.iter().map(|notice| notice.operator).collect();
            let people: HashMap<i64, Operator> = operators::by_ids(tx, &ids).await?.into_iter().map(|person| (person.id, person)).collect();
            let mails: Vec<(Recipient, &Notice, String)> = fresh
                .into_iter()
                .filter_map(|notice| {
                    let to = Recipient::of_notices(people.get(&notice.operator)?);
                    let time = to.instant(&catalogue, notice.at, ctx.now());
                    Some((to, notice, time))
                })
                .collect();
            let values: Vec<[(&str, &str); 2]> =
                mails.iter().map(|(_, _, time)| [("time", time.as_str()), ("link", link.as_str())]).collect();
            let messages = mails.iter().zip(&values).map(|((to, notice, _), values)| {
                let message = Message { kind: kind(notice.event), token_id: None, dedup_key: notice.key(), values };
                (to, message)
            });
            mail::queue_many(ctx, tx, &catalogue, messages).await?;
            Ok::<_, AppError>(mails.len())
        })
        .await
}

fn kind(event: Event) -> MailKind {
    match event {
        Event::ShiftStarts => MailKind::ShiftStarts,
        Event::ShiftEnds => MailKind::ShiftEnds,
    }
}

/// The event of which a mail of this kind tells, where it is one that its reader may end.
pub fn event_of(kind: &str) -> Option<Event> {
    Event::ALL.into_iter().find(|event| self::kind(*event).as_str() == kind)
}

/// The address by which an operator ends being told of an event, from the mail itself (RFC 8058).
pub fn unsubscribe_address(ctx: &Ctx, operator: i64, event: Event) -> String {
    let whose = format!("{operator}.{}", event.as_str());
    let path = format!("unsubscribe/{whose}.{}", ctx.keys.mac(SEAL, whose.as_bytes()));
    ctx.base_url.join(&path).map_or(path, String::from)
}

/// Whose notices of what a link is about; none where it is not one of ours.
pub fn subscription(ctx: &Ctx, token: &str) -> Option<(i64, Event)> {
    let (whose, seal) = token.rsplit_once('.')?;
    let (operator, event) = whose.split_once('.')?;
    let found = (operator.parse().ok()?, Event::parse(event)?);
    ctx.keys.verify(SEAL, whose.as_bytes(), seal).then_some(found)
}

/// Ends them. Whoever ended them before, or is gone, ends nothing more.
///
/// # Errors
/// [`AppError::NotFound`] where the link is not one of ours.
pub async fn unsubscribe(ctx: &Ctx, origin: &Origin, token: &str) -> Result<()> {
    let (operator, event) = subscription(ctx, token).ok_or(AppError::NotFound)?;
    let actor = Actor { origin: origin.clone(), ..Actor::system("unsubscribe") };
    ctx.store
        .write(async |tx| match operators::lock(tx, operator).await?.filter(|operator| operator.deleted_at.is_none()) {
            Some(person) => put_notices(ctx, tx, &actor, (operator, &person.name), |notices| notices.with(event, None)).await,
            None => Ok(()),
        })
        .await
}
