//! What people and programs do with a query (QU-2, QU-3, QU-6).

use chrono::{DateTime, TimeDelta, Utc};

use super::super::auto_replies::Incoming;
use super::super::rights::ManageQueries;
use super::super::{Actor, Ctx};
use super::post::answered;
use super::route::{anew, give, route_one, take_back};
use super::{acts_for, has};
use crate::domain::channel::Channel;
use crate::domain::field::{Fault, FieldErrors};
use crate::domain::query::{EventKind, Outcome, Side, State};
use crate::domain::{limits, text};
use crate::error::{AppError, Result};
use crate::store::queries::{self, Note, Query};
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
/// Conflicts: `already_taken`, `not_offered`, `no_room` where as many chats as they may have came meanwhile, `query_closed`.
pub async fn accept(ctx: &Ctx, actor: &Actor, id: i64, operator_id: i64) -> Result<Query> {
    acts_for(actor, operator_id)?;
    let catalogue = ctx.present_catalogue().await?;
    let inactivity = TimeDelta::minutes(catalogue.organisation.chat_inactivity_minutes);
    let now = ctx.now();
    ctx.store
        .write_queries(async |tx| {
            let (mut query, mut batch) = (open(locked(tx, id).await?)?, Batch::default());
            match query.operator_id {
                Some(other) if other == operator_id => return Ok(query),
                Some(_) => return Err(AppError::Conflict("already_taken")),
                None => {}
            }
            let offers = queries::offers(tx, id).await?;
            let ringing: Vec<_> = offers.iter().filter(|offer| offer.ended_at.is_none()).collect();
            let is_theirs = |offer: &&queries::OfferRow| offer.operator_id == operator_id && offer.expires_at.is_none_or(|at| at.0 > now);
            if !ringing.iter().any(is_theirs) {
                return Err(AppError::Conflict("not_offered"));
            }
            if query.channel() == Channel::Chat {
                let max = operators::find(tx, operator_id).await?.ok_or(AppError::NotFound)?.max_chat_load;
                let max = max.map(|max| u32::try_from(max).unwrap_or(u32::MAX));
                work::lock(tx).await?;
                let load = work::loads(tx, Some(&[operator_id]), inactivity, now).await?.remove(&operator_id).unwrap_or_default();
                if !load.has_room(max) {
                    return Err(AppError::Conflict("no_room"));
                }
            }
            queries::end_offers(&mut batch, id, Some(operator_id), Outcome::Accepted, now);
            queries::end_offers(&mut batch, id, None, Outcome::Withdrawn, now);
            give(&mut query, operator_id, now);
            queries::begin_dialog(&mut batch, id, operator_id, now);
            queries::note(&mut batch, id, vec![Note::of(EventKind::Accepted, operator_id)], &actor.name, now);
            work::touch(&mut batch, &[operator_id], Change::Assigned, now);
            others(&mut batch, ringing.iter().map(|offer| offer.operator_id).collect(), Some(operator_id), now);
            written(tx, &query, batch).await
        })
        .await
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

/// Sends a query on, to an operator or to a department: it goes the way it would go had it just come there.
///
/// # Errors
/// Conflict `query_closed`; `unknown_choice` at `operator_id` or `department`.
pub async fn transfer(ctx: &Ctx, actor: &Actor, id: i64, to: Destination, note: Option<&str>) -> Result<Query> {
    let snapshot = ctx.roster().await?;
    let words = text::optional_line(note.unwrap_or_default(), limits::NOTE).map_err(|fault| field("note", fault))?;
    match to {
        Destination::Operator(operator) if snapshot.prepared.roster.person(operator).is_none() => {
            return Err(AppError::field("operator_id", "unknown_choice"));
        }
        Destination::Department(department) if snapshot.catalogue.department(department).is_none() => {
            return Err(AppError::field("department", "unknown_choice"));
        }
        _ => {}
    }
    let now = ctx.now();
    let query = ctx
        .store
        .write_queries(async |tx| {
            let query = locked(tx, id).await?;
            has(actor, &query)?;
            let (query, mut batch) = (open(query)?, Batch::default());
            let touched = quiet(tx, &mut batch, &query, now).await?;
            let (addressed, department) = match to {
                Destination::Operator(operator) => (Some(operator), query.department_id),
                Destination::Department(department) => (None, Some(department)),
            };
            let event = Note {
                operator_id: addressed,
                department_id: department.filter(|_| addressed.is_none()),
                note: words.clone(),
                ..Note::new(EventKind::Transferred)
            };
            queries::note(&mut batch, id, vec![event], &actor.name, now);
            others(&mut batch, touched, None, now);
            let query = written(tx, &Query { department_id: department, ..anew(query, addressed, now) }, batch).await?;
            if let Some(operator_id) = addressed {
                let incoming = Incoming { query: &query, operator_id, deputy_id: None, transferred: true, now };
                answered(ctx, tx, &snapshot.catalogue, &incoming).await?;
            }
            Ok::<_, AppError>(query)
        })
        .await?;
    settled(ctx, query).await
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
            written(tx, &Query { classify: false, ..anew(query, last, now) }, batch).await
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
