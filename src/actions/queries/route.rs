//! Sending queries on their way: the plan is the domain's, made from the held roster; the transaction that writes it makes sure that
//! the roster still stands, and counts what operators have at hand.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use super::super::Ctx;
use super::super::roster::Snapshot;
use super::trace::{Trace, TransferredFrom};
use crate::domain::availability::{Load, Mode};
use crate::domain::channel::Channel;
use crate::domain::query::{EventKind, NOT_TAKEN, Outcome, State};
use crate::domain::routing::{Place, Route, concerned, next, route};
use crate::error::{AppError, Result};
use crate::store::queries::{self, Note, Query, Waiting};
use crate::store::versions::Versions;
use crate::store::{Batch, Millis, Tx, work};

/// So often a plan is made anew where the roster moved on meanwhile; then the query waits for the timetable.
pub(super) const TRIES: usize = 4;
/// Queries that nobody has are looked at by the timetable: of those that are due and of all in turn this many at a time.
const MOST: u64 = 5_000;

/// A way that was found, and written but for what is left.
pub(super) struct Sent {
    /// The query as it stands.
    pub query: Query,
    /// To whom it is offered now, if it is.
    pub offered_to: Vec<i64>,
    /// What was looked at.
    pub trace: Trace,
    /// Who has it by an absence, if somebody stands in.
    pub route: Route,
    /// What is left to be written. Of a new query that is all, and each part stands by itself.
    pub left: Batch,
}

/// Finds the way of a query and writes it: of one whose row is locked, or of a new one, with the name of who brings it, which is stored
/// with where it goes. Where the roster has moved on it changes nothing.
pub(super) async fn send(
    tx: &Tx,
    snapshot: &Snapshot,
    mut query: Query,
    waiting: &Waiting,
    brought_by: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Option<Sent>> {
    let is_new = brought_by.is_some();
    let prepared = &snapshot.prepared;
    let (world, wanted) = (&prepared.roster.world, waiting.wanted());
    let ids = concerned(prepared, &wanted, now);
    let standing = work::standing(tx, &ids, is_new, world.chat_inactivity, now).await?;
    let known = standing.loads;
    if !snapshot.stands(standing.versions) {
        return Ok(None);
    }
    let mut loads: HashMap<i64, Load> = ids.iter().map(|id| (*id, known.get(id).copied().unwrap_or_default())).collect();
    let (route, step) = loop {
        let route = route(prepared, &loads, &wanted, &waiting.offers, now);
        let step = next(&route, &waiting.offers, now);
        // Whoever is to get a chat at once is counted again under a lock: another node may have given them one meanwhile.
        let Place::Assigned(id) = step.place else { break (route, step) };
        if waiting.channel != Channel::Chat || !work::lock(tx).await? {
            break (route, step);
        }
        let load = work::loads(tx, Some(&[id]), world.chat_inactivity, now).await?.remove(&id).unwrap_or_default();
        let max = prepared.roster.person(id).and_then(|person| person.max_chat_load);
        let has_room = load.has_room(max);
        // Whoever has no room after all is passed over when the way is looked for again; that ends, since there are only so many.
        if loads.insert(id, load) == Some(load) || has_room {
            break (route, step);
        }
    };
    let mut notes: Vec<Note> = Vec::new();
    if let Some(name) = brought_by {
        let by = Some(name.to_owned());
        notes.push(Note { department_id: query.department_id, operator_id: query.addressed_id, by, ..Note::new(EventKind::Received) });
    }
    let passed = step.ended.iter().filter(|(_, outcome)| *outcome == Outcome::TimedOut);
    notes.extend(passed.map(|(operator, _)| Note::of(EventKind::TimedOut, *operator)));
    let open = waiting.offers.iter().filter(|offer| offer.ended.is_none() && !step.ended.iter().any(|(id, _)| *id == offer.operator));
    let mut offered_to: Vec<i64> = open.map(|offer| offer.operator).collect();
    let department = route.target.as_ref().and_then(|target| target.department).or(query.department_id);
    let before = query.state();
    let trace = Trace::of(&route, prepared, &wanted, &loads, now);
    query.trace = trace.written();
    if !route.past.is_empty() {
        query.transferred_from = TransferredFrom::written(&route.past);
    }
    let site = query.site_id.and_then(|id| snapshot.catalogue.site(id));
    let nobody = site.map_or(Mode::of(world, false), |row| row.site.met(Mode::of(world, false)));
    query.mode = if route.target.is_some() { Mode::Live } else { nobody }.as_str().to_owned();
    query.route_at = route.again_at.map(Millis);
    match &step.place {
        Place::Assigned(id) => {
            notes.push(Note { department_id: department, ..Note::of(EventKind::Assigned, *id) });
            give(&mut query, *id, now);
        }
        Place::Offered { to, until } => {
            notes.extend(to.iter().map(|id| Note { department_id: department, ..Note::of(EventKind::Offered, *id) }));
            offered_to.extend(to);
            query.route_at = [route.again_at, *until].into_iter().flatten().min().map(Millis);
        }
        Place::Kept | Place::Waiting => {}
    }
    if query.state() != State::Assigned {
        let state = if offered_to.is_empty() { State::Waiting } else { State::Offered };
        if state == State::Waiting && (before != State::Waiting || is_new) {
            let is_taken_by_none = route.looks.iter().any(|look| look.rest.is_some() && look.verdict.receives());
            let note = is_taken_by_none.then(|| NOT_TAKEN.to_owned());
            notes.push(Note { department_id: department, note, ..Note::new(EventKind::Waiting) });
        }
        query.state = state.as_str().to_owned();
    } else {
        offered_to.clear();
    }
    let mut batch = Batch::default();
    if is_new {
        query.id = standing.next_id;
        queries::insert(&mut batch, &query);
    } else {
        query = queries::save(tx, &query).await?;
        if !notes.is_empty() {
            let mut rounds = Rounds::default();
            for event in queries::events(tx, query.id, query.waiting_since).await? {
                EventKind::parse(&event.kind).map(|kind| rounds.is_news(kind, event.operator_id, event.note.as_deref()));
            }
            notes.retain(|note| rounds.is_news(note.kind, note.operator_id, note.note.as_deref()));
        }
    }
    queries::note(&mut batch, query.id, notes, "", now);
    for (operator, outcome) in &step.ended {
        queries::end_offers(&mut batch, query.id, Some(*operator), *outcome, now);
    }
    // Whose panel has something else to show; a new query that nobody has is news for lists alone.
    let mut touched: Vec<i64> = step.ended.iter().map(|(id, _)| *id).collect();
    match &step.place {
        Place::Assigned(id) => {
            queries::begin_dialog(&mut batch, query.id, *id, now);
            work::touch(&mut batch, &[*id], work::Change::Assigned, now);
        }
        Place::Offered { to, until } => {
            queries::offer(&mut batch, &query, &waiting.offers, to, *until, now);
            touched.extend(to);
        }
        Place::Kept | Place::Waiting => {}
    }
    if !touched.is_empty() || is_new && query.state() == State::Waiting {
        work::touch(&mut batch, &touched, work::Change::Other, now);
    }
    Ok(Some(Sent { query, offered_to, trace, route, left: batch }))
}

/// What was told about a query since it waits. Whom it was offered to, who let it pass, and that nobody took it are told once: rounds
/// in which that comes about again and again tell nothing new (QU-2).
#[derive(Debug, Default)]
struct Rounds(Vec<(EventKind, Option<i64>, bool)>);

impl Rounds {
    /// Whether this tells anything new; it is told from now on.
    fn is_news(&mut self, kind: EventKind, operator: Option<i64>, note: Option<&str>) -> bool {
        let one = (kind, operator, note == Some(NOT_TAKEN));
        if matches!(kind, EventKind::Offered | EventKind::TimedOut | EventKind::Waiting) && self.0.contains(&one) {
            return false;
        }
        let waits = |kind: EventKind| kind == EventKind::Waiting;
        match one {
            (EventKind::Waiting, _, true) => {}
            (EventKind::Offered | EventKind::TimedOut, ..) => self.0.retain(|(kind, ..)| !waits(*kind)),
            (EventKind::Declined, ..) => self.0.retain(|(kind, other, _)| !waits(*kind) && *other != operator),
            // It begins anew, or nobody can take it: whoever is asked from now on is news.
            _ => self.0.clear(),
        }
        self.0.push(one);
        true
    }
}

/// Makes a query an operator's; their dialog is begun by the caller.
pub(super) fn give(query: &mut Query, operator_id: i64, now: DateTime<Utc>) {
    query.state = State::Assigned.as_str().to_owned();
    query.operator_id = Some(operator_id);
    query.assigned_at = Some(Millis(now));
    query.active_at = Millis(now);
    query.unanswered_since = Some(Millis(now));
    query.route_at = None;
}

/// Sends one query on its way that nobody has; tells how it stands, none where somebody has it or there is no such.
///
/// # Errors
/// Those of the store.
pub async fn route_one(ctx: &Ctx, id: i64) -> Result<Option<Query>> {
    for attempt in 0..TRIES {
        let snapshot = if attempt == 0 { ctx.roster_at_hand().await? } else { ctx.roster().await? };
        let now = ctx.now();
        let sent = ctx
            .store
            .write_queries(async |tx| {
                let Some(query) = queries::find_for_change(tx, id).await? else { return Ok::<_, AppError>(Some(None)) };
                if !matches!(query.state(), State::Waiting | State::Offered) {
                    return Ok(Some(None));
                }
                let waiting = Waiting::of(&query, &queries::offers(tx, id).await?);
                let Some(sent) = send(tx, &snapshot, query, &waiting, None, now).await? else { return Ok(None) };
                sent.left.run(tx).await?;
                Ok(Some(Some(sent.query)))
            })
            .await?;
        if let Some(sent) = sent {
            return Ok(sent);
        }
    }
    Ok(queries::find(ctx.store.read(), id).await?.filter(|query| matches!(query.state(), State::Waiting | State::Offered)))
}

/// Looks at the queries that nobody has, those first that are due, and sends those on whose way has opened or whose offer is over;
/// returns how many. Of very many it looks at some, and at those that come next when it is called again.
///
/// # Errors
/// Those of the store.
pub async fn route_all(ctx: &Ctx) -> Result<usize> {
    let (snapshot, now) = (ctx.roster().await?, ctx.now());
    let due = queries::due(ctx.store.read(), now, MOST).await?;
    let mut in_turn = queries::waiting(ctx.store.read(), ctx.routed.turn(snapshot.versions), MOST).await?;
    let last = in_turn.last().filter(|_| in_turn.len() as u64 == MOST).map(|query| query.id);
    let looked_at: HashSet<i64> = due.iter().map(|query| query.id).collect();
    in_turn.retain(|query| !looked_at.contains(&query.id));
    let mut moved = 0;
    for query in due.into_iter().chain(in_turn) {
        if ctx.stopping.is_cancelled() {
            return Ok(moved);
        }
        let way = route(&snapshot.prepared, &HashMap::new(), &query.wanted(), &query.offers, now);
        let step = next(&way, &query.offers, now);
        let stays = step.ended.is_empty() && matches!(step.place, Place::Kept | Place::Waiting);
        if !stays {
            // One that cannot be sent on keeps no other one waiting.
            match route_one(ctx, query.id).await {
                Ok(_) => moved += 1,
                Err(error) => tracing::warn!(%error, query = query.id, "a query could not be sent on its way"),
            }
        } else if way.again_at != query.route_at {
            ctx.store
                .write_queries(async |tx| {
                    let mut batch = Batch::default();
                    queries::look_again(&mut batch, query.id, way.again_at);
                    batch.run(tx).await
                })
                .await?;
        }
    }
    ctx.routed.reached(last);
    Ok(moved)
}

/// Whether no query waits that could go anywhere: none is due, and nothing has changed since all were looked at.
///
/// # Errors
/// Those of the store.
pub async fn is_routed(ctx: &Ctx) -> Result<bool> {
    let (is_due, is_any) = queries::is_due(ctx.store.read(), ctx.now()).await?;
    if is_due || !is_any {
        return Ok(!is_due);
    }
    Ok(ctx.routed.versions() == Some(ctx.roster().await?.versions))
}

/// How far this process has looked at all queries that nobody has.
#[derive(Debug, Default)]
pub struct Routed(Mutex<Turn>);

#[derive(Debug, Default)]
struct Turn {
    /// With which versions all were last looked at: whoever finds others looks again.
    done: Option<Versions>,
    /// With which versions the present turn began.
    began: Option<Versions>,
    /// The last query that was looked at in it; zero for none.
    after: i64,
}

impl Routed {
    fn lock(&self) -> MutexGuard<'_, Turn> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn versions(&self) -> Option<Versions> {
        self.lock().done
    }

    /// After which query it goes on.
    fn turn(&self, versions: Versions) -> i64 {
        let mut turn = self.lock();
        if turn.after == 0 {
            turn.began = Some(versions);
        }
        turn.after
    }

    /// It came to this query, or to the end.
    fn reached(&self, last: Option<i64>) {
        let mut turn = self.lock();
        if last.is_none() {
            turn.done = turn.began;
        }
        turn.after = last.unwrap_or_default();
    }
}

/// Takes everything from an operator who is gone: what they had waits anew, what rang for them stops. Part of the transaction that
/// suspends or deletes them; the timetable sends it on.
pub async fn release(tx: &Tx, operator_id: i64, heir: Option<i64>, actor_name: &str, now: DateTime<Utc>) -> Result<usize> {
    let (held, ringing) = queries::held_by(tx, operator_id).await?;
    let mut batch = Batch::default();
    for id in &ringing {
        queries::end_offers(&mut batch, *id, Some(operator_id), Outcome::Withdrawn, now);
        queries::look_again(&mut batch, *id, Some(now));
    }
    for id in &held {
        let Some(query) = queries::find_for_change(tx, *id).await? else { continue };
        take_back(tx, &mut batch, query, Note::of(EventKind::Returned, operator_id), heir, actor_name, now).await?;
    }
    if !held.is_empty() || !ringing.is_empty() {
        work::touch(&mut batch, &[operator_id], work::Change::Other, now);
    }
    batch.run(tx).await?;
    Ok(held.len())
}

/// Takes a query from its operator, with a note; it waits anew, for this operator first, if for one.
pub(super) async fn take_back(
    tx: &Tx,
    batch: &mut Batch,
    query: Query,
    note: Note,
    to: Option<i64>,
    actor_name: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    queries::end_dialog(batch, query.id, now);
    queries::note(batch, query.id, vec![note], actor_name, now);
    queries::save(tx, &anew(query, to, now)).await?;
    Ok(())
}

/// A query that lost its operator: somebody is looked for from now on.
pub(super) fn anew(query: Query, addressed: Option<i64>, now: DateTime<Utc>) -> Query {
    Query {
        state: State::Waiting.as_str().to_owned(),
        operator_id: None,
        addressed_id: addressed,
        assigned_at: None,
        unanswered_since: None,
        closed_at: None,
        waiting_since: Millis(now),
        route_at: Some(Millis(now)),
        ..query
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_is_told_until_it_repeats_another() {
        let mut rounds = Rounds::default();
        let first = [(EventKind::Offered, Some(1)), (EventKind::Offered, Some(2)), (EventKind::TimedOut, Some(1))];
        for (kind, operator) in first {
            assert!(rounds.is_news(kind, operator, None));
        }
        assert!(rounds.is_news(EventKind::Waiting, None, Some(NOT_TAKEN)));
        for (kind, operator) in first {
            assert!(!rounds.is_news(kind, operator, None), "{kind:?}");
        }
        assert!(!rounds.is_news(EventKind::Waiting, None, Some(NOT_TAKEN)));
        // Somebody new, and that nobody took it then.
        assert!(rounds.is_news(EventKind::Offered, Some(3), None) && rounds.is_news(EventKind::Waiting, None, Some(NOT_TAKEN)));
        // Whoever declined is asked another time.
        assert!(rounds.is_news(EventKind::Declined, Some(1), None) && rounds.is_news(EventKind::Offered, Some(1), None));
        assert!(!rounds.is_news(EventKind::Offered, Some(2), None));
        // Nobody can: from then on all is new.
        assert!(rounds.is_news(EventKind::Waiting, None, None) && !rounds.is_news(EventKind::Waiting, None, None));
        assert!(rounds.is_news(EventKind::Offered, Some(2), None));
    }

    #[test]
    fn a_turn_goes_on_where_it_stopped_and_is_done_at_its_end() {
        let (routed, old, new) = (Routed::default(), Versions::default(), Versions { work: 1, ..Versions::default() });
        assert_eq!(routed.turn(old), 0);
        routed.reached(Some(5));
        assert_eq!((routed.turn(new), routed.versions()), (5, None));
        routed.reached(None);
        assert_eq!((routed.turn(new), routed.versions()), (0, Some(old)), "what changed since is looked at in the next one");
        routed.reached(None);
        assert_eq!(routed.versions(), Some(new));
    }
}
