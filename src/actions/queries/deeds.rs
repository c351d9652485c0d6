//! What people and programs do with a query (QU-2, QU-3, QU-6).

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::super::auto_replies::Incoming;
use super::super::rights::ManageQueries;
use super::super::roster::Snapshot;
use super::super::{Actor, Ctx};
use super::post::{answered, own_department, works};
use super::route::{TRIES, anew, give, route_one, take_back};
use super::trace::TransferredFrom;
use super::{acts_for, has};
use crate::domain::channel::Channel;
use crate::domain::field::{Fault, FieldErrors};
use crate::domain::query::{EventKind, Outcome, Side, State};
use crate::domain::routing::{next, rings_for, route};
use crate::domain::{limits, text};
use crate::error::{AppError, Result};
use crate::store::queries::{self, Note, Query, Waiting};
use crate::store::work::{self, Change};
use crate::store::{Batch, Millis, Tx, categories, operators};

/// Where a query is sent on to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// An operator.
    Operator(i64),
    /// A department, by id.
    Department(i64),
}

async fn locked(tx: &Tx, id: i64) -> Result<Query> {
    queries::find_for_change(tx, id).await?.ok_or(AppError::NotFound)
}

/// Refuses what is over.
fn open(query: Query) -> Result<Query> {
    if query.state() == State::Closed { Err(AppError::Conflict("query_closed")) } else { Ok(query) }
}

/// An operator accepts what rings for them. Of many who accept at once exactly one wins (QU-2); whoever has it already is told so.
///
/// # Errors
/// Conflicts: `already_taken`, `not_offered` also where they could not be offered it any more, `no_room` where as many chats as they may
/// have came meanwhile, `query_closed`.
pub async fn accept(ctx: &Ctx, actor: &Actor, id: i64, operator_id: i64) -> Result<Query> {
    acts_for(actor, operator_id)?;
    let mut attempt = 0;
    loop {
        attempt += 1;
        let snapshot = if attempt == 1 { ctx.roster_at_hand().await? } else { ctx.roster().await? };
        let accepted =
            ctx.store.write_queries(async |tx| accept_in(ctx, tx, &snapshot, actor, id, operator_id, attempt < TRIES).await).await?;
        if let Some(query) = accepted {
            return Ok(query);
        }
    }
}

/// The same in a transaction; nothing where the roster has moved on and must not have.
async fn accept_in(
    ctx: &Ctx,
    tx: &Tx,
    snapshot: &Snapshot,
    actor: &Actor,
    id: i64,
    operator_id: i64,
    must_stand: bool,
) -> Result<Option<Query>> {
    let (mut query, mut batch, now) = (open(locked(tx, id).await?)?, Batch::default(), ctx.now());
    match query.operator_id {
        Some(other) if other == operator_id => return Ok(Some(query)),
        Some(_) => return Err(AppError::Conflict("already_taken")),
        None => {}
    }
    let waiting = Waiting::of(&query, &queries::offers(tx, id).await?);
    let ringing = rings_for(&waiting.offers);
    if !ringing.contains(&operator_id) {
        return Err(AppError::Conflict("not_offered"));
    }
    let is_chat = query.channel() == Channel::Chat;
    if is_chat {
        work::lock(tx).await?;
    }
    let prepared = &snapshot.prepared;
    let standing = work::standing(tx, &[operator_id], false, prepared.roster.world.chat_inactivity, now).await?;
    if must_stand && !snapshot.stands(standing.versions) {
        return Ok(None);
    }
    let load = standing.loads.get(&operator_id).copied().unwrap_or_default();
    if is_chat && !load.has_room(prepared.roster.person(operator_id).and_then(|person| person.max_chat_load)) {
        return Err(AppError::Conflict("no_room"));
    }
    // Whoever would lose the offer if it were looked at now has lost it: they went away, or it is past its time.
    let way = route(prepared, &HashMap::from([(operator_id, load)]), &waiting.wanted(), &waiting.offers, now);
    if next(&way, &waiting.offers, now).ended.iter().any(|(ended, _)| *ended == operator_id) {
        return Err(AppError::Conflict("not_offered"));
    }
    queries::end_offers(&mut batch, id, Some(operator_id), Outcome::Accepted, now);
    queries::end_offers(&mut batch, id, None, Outcome::Withdrawn, now);
    give(&mut query, operator_id, now);
    queries::begin_dialog(&mut batch, id, operator_id, now);
    queries::note(&mut batch, id, vec![Note::of(EventKind::Accepted, operator_id)], &actor.name, now);
    work::touch(&mut batch, &[operator_id], Change::Assigned, now);
    others(&mut batch, ringing, Some(operator_id), now);
    written(tx, &query, batch).await.map(Some)
}

/// An operator does not want what rings for them; it goes on to the next (QU-2). An operator who has a query gives it back.
///
/// # Errors
/// Conflicts: `not_offered`, `query_closed`.
pub async fn decline(ctx: &Ctx, actor: &Actor, id: i64, operator_id: i64) -> Result<Query> {
    acts_for(actor, operator_id)?;
    let now = ctx.now();
    let query = ctx
        .store
        .write_queries(async |tx| {
            let (query, mut batch) = (open(locked(tx, id).await?)?, Batch::default());
            if !queries::offered_to(tx, id).await?.contains(&operator_id) {
                return Err(AppError::Conflict("not_offered"));
            }
            queries::end_offers(&mut batch, id, Some(operator_id), Outcome::Declined, now);
            queries::note(&mut batch, id, vec![Note::of(EventKind::Declined, operator_id)], &actor.name, now);
            work::touch(&mut batch, &[operator_id], Change::Other, now);
            written(tx, &Query { route_at: Some(Millis(now)), ..query }, batch).await
        })
        .await?;
    settled(ctx, query).await
}

/// Notes that somebody said something: the chat takes its slot again (QU-3), and a requester waits for a word or has it (ST-6).
///
/// # Errors
/// Conflict: `query_closed`.
pub async fn act(ctx: &Ctx, actor: &Actor, id: i64, by: Side) -> Result<Query> {
    let now = ctx.now();
    ctx.store
        .write_queries(async |tx| {
            let mut query = locked(tx, id).await?;
            has(actor, &query)?;
            query = open(query)?;
            query.active_at = Millis(now);
            query.unanswered_since = match by {
                Side::Requester => query.unanswered_since.or(query.operator_id.map(|_| Millis(now))),
                Side::Operator => None,
            };
            let mut batch = Batch::default();
            if let Some(operator_id) = query.operator_id {
                work::touch(&mut batch, &[operator_id], Change::Other, now);
            }
            written(tx, &query, batch).await
        })
        .await
}

/// Sends a query on, to an operator or to a department: it goes the way it would go had it just come there. One for an operator of other
/// departments comes to a department of theirs.
///
/// # Errors
/// Conflict `query_closed`; `unknown_choice` at `operator_id` or `department`; where the channel is not worked `channel_unused` at
/// `department`, `channel_nowhere` at `operator_id`.
pub async fn transfer(ctx: &Ctx, actor: &Actor, id: i64, to: Destination, note: Option<&str>) -> Result<Query> {
    let snapshot = ctx.roster().await?;
    let words = text::optional_line(note.unwrap_or_default(), limits::NOTE).map_err(|fault| field("note", fault))?;
    let now = ctx.now();
    let query = ctx
        .store
        .write_queries(async |tx| {
            let query = locked(tx, id).await?;
            has(actor, &query)?;
            let (query, mut batch) = (open(query)?, Batch::default());
            let (addressed, department) = match to {
                Destination::Operator(operator) => (Some(operator), department_of(&snapshot, &query, operator, now)?),
                Destination::Department(department) => (None, worked_by(&snapshot, &query, department)?),
            };
            let touched = quiet(tx, &mut batch, &query, now).await?;
            let is_passed_on = addressed.is_some_and(|to| comes_from_absent(&snapshot, &query, to, now));
            let event = Note {
                operator_id: addressed,
                department_id: Some(department).filter(|_| addressed.is_none()),
                note: words.clone(),
                ..Note::new(EventKind::Transferred)
            };
            queries::note(&mut batch, id, vec![event], &actor.name, now);
            others(&mut batch, touched, None, now);
            let query = written(tx, &Query { department_id: Some(department), ..anew(query, addressed, now) }, batch).await?;
            if let Some(operator_id) = addressed {
                let incoming = Incoming { query: &query, operator_id, deputy_id: None, transferred: is_passed_on, now };
                answered(ctx, tx, &snapshot.catalogue, &incoming).await?;
            }
            Ok::<_, AppError>(query)
        })
        .await?;
    settled(ctx, query).await
}

/// The department in which an operator gets a query: its own where they work its channel there, else one of theirs.
fn department_of(snapshot: &Snapshot, query: &Query, operator: i64, now: DateTime<Utc>) -> Result<i64> {
    let person = snapshot.prepared.roster.person(operator).ok_or_else(|| AppError::field("operator_id", "unknown_choice"))?;
    let stays = query.department_id.filter(|id| works(snapshot, person, query.channel(), *id));
    let own = || own_department(snapshot, person, query.channel(), query.language().as_ref(), now);
    stays.or_else(own).ok_or_else(|| AppError::field("operator_id", "channel_nowhere"))
}

/// A department that works the channel of a query.
fn worked_by(snapshot: &Snapshot, query: &Query, department: i64) -> Result<i64> {
    let found = snapshot.catalogue.department(department).ok_or_else(|| AppError::field("department", "unknown_choice"))?;
    let is_worked = snapshot.catalogue.channels_of(found).contains(query.channel());
    if is_worked { Ok(department) } else { Err(AppError::field("department", "channel_unused")) }
}

/// Whether a query that is sent to an operator came past somebody else who is away, so that it has had its automatic reply (N18).
fn comes_from_absent(snapshot: &Snapshot, query: &Query, to: i64, now: DateTime<Utc>) -> bool {
    let from = query.operator_id.or(query.addressed_id).filter(|from| *from != to);
    let from = from.and_then(|from| snapshot.prepared.roster.person(from));
    from.is_some_and(|person| person.absence_at(now).is_some())
        || TransferredFrom::read(&query.transferred_from).iter().any(|past| past.operator_id != to)
}

/// Hands everything that an operator has over, as at the start of an absence: each query goes to the deputy who can take it, else to its
/// department. Returns how many.
///
/// # Errors
/// A refusal, the conflict `not_absent`, those of the store. What was handed over before stays so.
pub async fn hand_over(ctx: &Ctx, actor: &Actor, operator_id: i64) -> Result<usize> {
    acts_for(actor, operator_id)?;
    let (snapshot, now) = (ctx.roster().await?, ctx.now());
    if snapshot.prepared.roster.person(operator_id).is_none_or(|person| person.absence_at(now).is_none()) {
        return Err(AppError::Conflict("not_absent"));
    }
    let (held, _) = queries::held_by(ctx.store.read(), operator_id).await?;
    let mut count = 0;
    for id in held {
        let now = ctx.now();
        let is_theirs = ctx
            .store
            .write_queries(async |tx| {
                let query = locked(tx, id).await?;
                if query.state() != State::Assigned || query.operator_id != Some(operator_id) {
                    return Ok::<_, AppError>(false);
                }
                let (mut batch, note) = (Batch::default(), Note::of(EventKind::HandedOver, operator_id));
                take_back(tx, &mut batch, query, note, Some(operator_id), &actor.name, now).await?;
                work::touch(&mut batch, &[operator_id], Change::Other, now);
                batch.run(tx).await?;
                Ok(true)
            })
            .await?;
        if is_theirs {
            count += 1;
            route_one(ctx, id).await?;
        }
    }
    Ok(count)
}

/// The query once it was sent on its way.
async fn settled(ctx: &Ctx, query: Query) -> Result<Query> {
    Ok(route_one(ctx, query.id).await?.unwrap_or(query))
}

/// Ends what rings about a query and the dialog about it; returns whose panels have something else to show.
async fn quiet(tx: &Tx, batch: &mut Batch, query: &Query, now: DateTime<Utc>) -> Result<Vec<i64>> {
    let mut touched = queries::offered_to(tx, query.id).await?;
    touched.extend(query.operator_id);
    queries::end_offers(batch, query.id, None, Outcome::Withdrawn, now);
    queries::end_dialog(batch, query.id, now);
    Ok(touched)
}

/// Notes that the work of these operators changed, but for the one of whom more was noted.
fn others(batch: &mut Batch, mut touched: Vec<i64>, noted: Option<i64>, now: DateTime<Utc>) {
    touched.retain(|id| Some(*id) != noted);
    if !touched.is_empty() {
        work::touch(batch, &touched, Change::Other, now);
    }
}

/// Writes a query and what goes with it.
async fn written(tx: &Tx, query: &Query, batch: Batch) -> Result<Query> {
    let query = queries::save(tx, query).await?;
    batch.run(tx).await?;
    Ok(query)
}

/// Gives a query to an operator whatever the checks say, as a supervisor who takes it or hands it out does.
///
/// # Errors
/// Conflict `query_closed`; `unknown_choice` at `operator_id`.
pub async fn assign(ctx: &Ctx, right: ManageQueries<'_>, id: i64, operator_id: i64) -> Result<Query> {
    let now = ctx.now();
    ctx.store
        .write_queries(async |tx| {
            let (mut query, mut batch) = (open(locked(tx, id).await?)?, Batch::default());
            if query.operator_id == Some(operator_id) {
                return Ok(query);
            }
            let operator = operators::find(tx, operator_id).await?.filter(|operator| operator.suspended_at.is_none());
            operator.ok_or_else(|| AppError::field("operator_id", "unknown_choice"))?;
            let touched = quiet(tx, &mut batch, &query, now).await?;
            give(&mut query, operator_id, now);
            queries::begin_dialog(&mut batch, id, operator_id, now);
            queries::note(&mut batch, id, vec![Note::of(EventKind::Assigned, operator_id)], &right.name, now);
            work::touch(&mut batch, &[operator_id], Change::Assigned, now);
            others(&mut batch, touched, Some(operator_id), now);
            written(tx, &query, batch).await
        })
        .await
}

/// Closes a query. Its operator is asked what it was about, where they are asked that (QU-6). One that is closed stays as it is.
///
/// # Errors
/// Those of the store, and a refusal.
pub async fn close(ctx: &Ctx, actor: &Actor, id: i64) -> Result<Query> {
    let now = ctx.now();
    ctx.store
        .write_queries(async |tx| {
            let query = locked(tx, id).await?;
            has(actor, &query)?;
            if query.state() == State::Closed {
                return Ok(query);
            }
            let mut batch = Batch::default();
            let touched = quiet(tx, &mut batch, &query, now).await?;
            let operator = match query.operator_id {
                Some(operator_id) => operators::find(tx, operator_id).await?,
                None => None,
            };
            let closed = Query {
                state: State::Closed.as_str().to_owned(),
                closed_at: Some(Millis(now)),
                unanswered_since: None,
                route_at: None,
                classify: operator.as_ref().is_some_and(|operator| operator.classify_after),
                ..query
            };
            let event = Note { operator_id: closed.operator_id, ..Note::new(EventKind::Closed) };
            queries::note(&mut batch, id, vec![event], &actor.name, now);
            if let Some(operator) = operator {
                work::touch(&mut batch, &[operator.id], Change::Closed, now);
            }
            others(&mut batch, touched, closed.operator_id, now);
            written(tx, &closed, batch).await
        })
        .await
}

/// Opens a closed query again: it goes back to whoever closed it, if they can take it, else to the department.
///
/// # Errors
/// Those of the store, and a refusal.
pub async fn reopen(ctx: &Ctx, actor: &Actor, id: i64) -> Result<Query> {
    let now = ctx.now();
    let query = ctx
        .store
        .write_queries(async |tx| {
            let query = locked(tx, id).await?;
            has(actor, &query)?;
            if query.state() != State::Closed {
                return Ok(query);
            }
            let (mut batch, last) = (Batch::default(), query.operator_id);
            queries::note(&mut batch, id, vec![Note::new(EventKind::Reopened)], &actor.name, now);
            // What it is about from now on is to be told again; what was told before is what one begins with.
            written(tx, &Query { classify: false, classified_at: None, ..anew(query, last, now) }, batch).await
        })
        .await?;
    settled(ctx, query).await
}

/// Notes what a closed query was about (QU-6).
///
/// # Errors
/// `unknown_choice` at `category`, faults of the text at `note`; conflict `query_open`.
pub async fn classify(ctx: &Ctx, actor: &Actor, id: i64, category_id: i64, note: &str) -> Result<Query> {
    let words = text::optional_multiline(note, limits::NOTE).map_err(|fault| field("note", fault))?;
    let now: DateTime<Utc> = ctx.now();
    ctx.store
        .write_queries(async |tx| {
            let query = locked(tx, id).await?;
            has(actor, &query)?;
            if query.state() != State::Closed {
                return Err(AppError::Conflict("query_open"));
            }
            if !categories::exists(tx, category_id).await? {
                return Err(AppError::field("category", "unknown_choice"));
            }
            let next =
                Query { category_id: Some(category_id), classification_note: words.clone(), classified_at: Some(Millis(now)), ..query };
            let mut batch = Batch::default();
            let event = Note { operator_id: next.operator_id, ..Note::new(EventKind::Classified) };
            queries::note(&mut batch, id, vec![event], &actor.name, now);
            if let Some(operator_id) = next.operator_id {
                work::touch(&mut batch, &[operator_id], Change::Other, now);
            }
            written(tx, &next, batch).await
        })
        .await
}

fn field(name: &str, fault: Fault) -> AppError {
    let mut errors = FieldErrors::default();
    errors.add_fault(name, fault);
    errors.into()
}
