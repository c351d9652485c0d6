//! Queries with their offers, their dialogs and what befell them (QU-1, QU-2). Everything here is bounded by what is open or by a page:
//! old queries cost nothing.

mod list;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Value,
};

use super::entities::{query, query_event};
use super::{AT_ONCE, Batch, Millis, StoreError, Tx, named, sql};
use crate::domain::auto_reply::reply_row;
use crate::domain::channel::Channel;
use crate::domain::language::LanguageTag;
use crate::domain::query::{EventKind, Outcome, State};
use crate::domain::routing::{Offer, Wanted};

pub use super::entities::query::Model as Query;
pub use super::entities::query_event::Model as Event;
use list::OPEN;
pub use list::{Filter, Item, Search, Sight, Sort, at_hand, count, looked_back_to, page, ringing, search, unclassified};

impl Query {
    /// Where it stands.
    pub fn state(&self) -> State {
        State::parse(&self.state).unwrap_or(State::Waiting)
    }

    /// On which channel it came.
    pub fn channel(&self) -> Channel {
        Channel::parse(&self.channel).unwrap_or(Channel::Ticket)
    }

    /// The headers of the mail as which it came; empty where there are none.
    pub fn headers(&self) -> Vec<(String, String)> {
        self.mail_headers.as_deref().and_then(|kept| serde_json::from_str(kept).ok()).unwrap_or_default()
    }

    /// What told its language: a source of a site, or whoever sent it; the column holds none where its own text did.
    pub fn told_language(&self) -> &str {
        self.language_from.as_deref().unwrap_or("text")
    }

    /// Its language, where that is known.
    pub fn language(&self) -> Option<LanguageTag> {
        self.language.as_deref().and_then(|tag| LanguageTag::parse(tag).ok())
    }
}

/// The id of a query that this transaction is about to put in.
pub async fn next_id(tx: &Tx) -> Result<i64, StoreError> {
    let row = tx.query_one_raw(sql(tx, format!("SELECT {}", id_of_next(tx)), [])).await?;
    Ok(row.map_or(Ok(1), |row| row.try_get_by_index(0))?)
}

/// The same, as part of a statement.
pub(super) fn id_of_next(tx: &Tx) -> &'static str {
    match tx.get_database_backend() {
        DatabaseBackend::Sqlite => "COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'queries'), 0) + 1",
        _ => "nextval(pg_get_serial_sequence('queries', 'id'))",
    }
}

/// Puts in a query with an id of its own, [`next_id`].
pub fn insert(batch: &mut Batch, new: &Query) {
    batch.add_built(&query::Entity::insert(new.clone().into_active_model().reset_all()));
}

/// A query by id.
pub async fn find(db: &impl ConnectionTrait, id: i64) -> Result<Option<Query>, StoreError> {
    Ok(query::Entity::find_by_id(id).one(db).await?)
}

/// A query which no other transaction changes until this one ends.
pub async fn find_for_change(tx: &Tx, id: i64) -> Result<Option<Query>, StoreError> {
    Ok(query::Entity::find_by_id(id).lock_exclusive().one(tx).await?)
}

/// Writes a query whose row is locked, one version further; returns it as it is now.
pub async fn save(tx: &Tx, query: &Query) -> Result<Query, StoreError> {
    let mut row = query.clone().into_active_model().reset_all();
    row.version = sea_orm::ActiveValue::Set(query.version + 1);
    Ok(row.update(tx).await?)
}

/// What a mail that answers these goes on with: the conversation of the latest query among them, or of the latest that was answered by
/// one of our automatic replies among them.
pub async fn conversation_of(db: &impl ConnectionTrait, message_ids: &[String]) -> Result<Option<String>, StoreError> {
    if message_ids.is_empty() {
        return Ok(None);
    }
    let mut values = Vec::new();
    let ids = named(&mut values, message_ids.iter().take(AT_ONCE).cloned());
    let mut text = format!("SELECT id, conversation FROM queries WHERE message_id IN ({ids})");
    let rows: Vec<i64> = message_ids.iter().filter_map(|id| reply_row(id)).take(AT_ONCE).collect();
    if !rows.is_empty() {
        let rows = named(&mut values, rows);
        let bare = message_ids.iter().take(AT_ONCE).map(|id| id.trim_start_matches('<').trim_end_matches('>').to_owned());
        let ids = named(&mut values, bare);
        text.push_str(&format!(
            " UNION ALL SELECT q.id, q.conversation FROM auto_replies r JOIN mail_messages m ON m.id = r.mail_id \
            JOIN queries q ON q.id = r.query_id WHERE r.id IN ({rows}) AND m.message_id IN ({ids})"
        ));
    }
    let text = format!("SELECT conversation FROM ({text}) known WHERE conversation IS NOT NULL ORDER BY id DESC LIMIT 1");
    let row = db.query_one_raw(sql(db, text, values)).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

/// A note about what befell a query.
#[derive(Clone, Debug)]
pub struct Note {
    /// What.
    pub kind: EventKind,
    /// The operator it concerns.
    pub operator_id: Option<i64>,
    /// The department it concerns.
    pub department_id: Option<i64>,
    /// Words of whoever acted, or a stable name.
    pub note: Option<String>,
    /// Who brought it about, where it is somebody else than of the other notes.
    pub by: Option<String>,
}

impl Note {
    /// A note that concerns nobody in particular.
    pub fn new(kind: EventKind) -> Note {
        Note { kind, operator_id: None, department_id: None, note: None, by: None }
    }

    /// One that concerns an operator.
    pub fn of(kind: EventKind, operator_id: i64) -> Note {
        Note { operator_id: Some(operator_id), ..Note::new(kind) }
    }
}

/// Notes what befell a query, in order.
pub fn note(batch: &mut Batch, query_id: i64, notes: Vec<Note>, actor_name: &str, at: DateTime<Utc>) {
    const TEXT: &str = "INSERT INTO query_events (query_id, at, kind, operator_id, department_id, actor_name, note) VALUES";
    let rows = notes.into_iter().map(|note| -> [Value; 7] {
        let by = note.by.unwrap_or_else(|| actor_name.to_owned());
        let (at, kind) = (at.timestamp_millis().into(), note.kind.as_str().into());
        [query_id.into(), at, kind, note.operator_id.into(), note.department_id.into(), by.into(), note.note.into()]
    });
    batch.add_rows(TEXT, rows);
}

/// What befell a query since an instant, in order; the newest where there is very much.
pub async fn events(db: &impl ConnectionTrait, query_id: i64, since: Millis) -> Result<Vec<Event>, StoreError> {
    let of_query = query_event::Entity::find().filter(query_event::Column::QueryId.eq(query_id)).filter(query_event::Column::At.gte(since));
    let mut found = of_query.order_by_desc(query_event::Column::Id).limit(1000).all(db).await?;
    found.reverse();
    Ok(found)
}

/// Offers a query to operators, after these offers. One that was not answered is made anew instead of one beside it: however long it
/// rings, there is no more to read.
pub fn offer(batch: &mut Batch, query: &Query, before: &[Offer], to: &[i64], until: Option<DateTime<Utc>>, now: DateTime<Utc>) {
    const TEXT: &str = "INSERT INTO query_offers (query_id, operator_id, offered_at, expires_at) VALUES";
    let (at, until): (Value, Value) = (now.timestamp_millis().into(), until.map(|until| until.timestamp_millis()).into());
    let (again, new): (Vec<i64>, Vec<i64>) = to.iter().copied().partition(|id| before.iter().any(|offer| offer.is_unanswered_by(*id)));
    for operators in again.chunks(AT_ONCE) {
        let mut values = vec![at.clone(), until.clone(), query.id.into(), query.waiting_since.0.timestamp_millis().into()];
        let operators = named(&mut values, operators.iter().copied());
        let text = format!(
            "UPDATE query_offers SET offered_at = $1, expires_at = $2, ended_at = NULL, outcome = NULL WHERE id IN \
            (SELECT MAX(id) FROM query_offers WHERE query_id = $3 AND offered_at >= $4 AND operator_id IN ({operators}) GROUP BY operator_id)"
        );
        batch.add(text, values);
    }
    batch.add_rows(TEXT, new.into_iter().map(|operator_id| [query.id.into(), operator_id.into(), at.clone(), until.clone()]));
}

/// Ends open offers of a query: that to one operator, or all.
pub fn end_offers(batch: &mut Batch, query_id: i64, operator_id: Option<i64>, outcome: Outcome, now: DateTime<Utc>) {
    const TEXT: &str = "UPDATE query_offers SET ended_at = $1, outcome = $2 WHERE query_id = $3 AND ended_at IS NULL";
    let mut values = vec![now.timestamp_millis().into(), outcome.as_str().into(), query_id.into()];
    match operator_id {
        Some(id) => {
            values.push(id.into());
            batch.add(format!("{TEXT} AND operator_id = $4"), values);
        }
        None => batch.add(TEXT, values),
    }
}

/// The offers of a query as routing takes them: the latest to each operator since it was last sent on its way.
pub async fn offers(db: &impl ConnectionTrait, query_id: i64) -> Result<Vec<Offer>, StoreError> {
    Ok(latest_offers(db, "FROM queries WHERE id = $1", vec![query_id.into()]).await?.remove(&query_id).unwrap_or_default())
}

/// The same for some queries, told by the end of a statement that selects them. Whoever had one and gave it away is among them as if
/// they had accepted it.
async fn latest_offers(db: &impl ConnectionTrait, some: &str, values: Vec<Value>) -> Result<HashMap<i64, Vec<Offer>>, StoreError> {
    let text = format!(
        "SELECT o.query_id, o.operator_id, o.expires_at, o.ended_at, o.outcome, o.id AS place FROM query_offers o WHERE o.id IN \
        (SELECT MAX(l.id) FROM queries q JOIN query_offers l ON l.query_id = q.id AND l.offered_at >= q.waiting_since \
        WHERE q.id IN (SELECT id {some}) GROUP BY l.query_id, l.operator_id) \
        UNION ALL SELECT q.id, d.operator_id, CAST(NULL AS BIGINT), d.ended_at, 'accepted', 0 FROM queries q \
        JOIN dialogs d ON d.id = (SELECT MAX(l.id) FROM dialogs l WHERE l.query_id = q.id) \
        WHERE q.id IN (SELECT id {some}) AND d.ended_at = q.waiting_since AND d.operator_id <> COALESCE(q.addressed_id, 0) ORDER BY place"
    );
    let mut found: HashMap<i64, Vec<Offer>> = HashMap::new();
    for row in db.query_all_raw(sql(db, text, values)).await? {
        let instant = |index| Ok::<_, StoreError>(row.try_get_by_index::<Option<Millis>>(index)?.map(|at| at.0));
        let outcome: Option<String> = row.try_get_by_index(4)?;
        let ended = instant(3)?.zip(outcome.as_deref().and_then(Outcome::parse));
        let offer = Offer { operator: row.try_get_by_index(1)?, expires_at: instant(2)?, ended };
        found.entry(row.try_get_by_index(0)?).or_default().push(offer);
    }
    Ok(found)
}

/// For whom a query rings.
pub async fn offered_to(db: &impl ConnectionTrait, query_id: i64) -> Result<Vec<i64>, StoreError> {
    const TEXT: &str = "SELECT operator_id FROM query_offers WHERE query_id = $1 AND ended_at IS NULL ORDER BY id";
    let rows = db.query_all_raw(sql(db, TEXT, [query_id.into()])).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Begins the dialog of an operator about a query.
pub fn begin_dialog(batch: &mut Batch, query_id: i64, operator_id: i64, now: DateTime<Utc>) {
    const TEXT: &str = "INSERT INTO dialogs (query_id, operator_id, began_at) VALUES ($1, $2, $3)";
    batch.add(TEXT, [query_id.into(), operator_id.into(), now.timestamp_millis().into()]);
}

/// Ends the dialog about a query.
pub fn end_dialog(batch: &mut Batch, query_id: i64, now: DateTime<Utc>) {
    const TEXT: &str = "UPDATE dialogs SET ended_at = $1 WHERE query_id = $2 AND ended_at IS NULL";
    batch.add(TEXT, [now.timestamp_millis().into(), query_id.into()]);
}

/// When operators had dialogs within a time, each from its begin; half-open, none is open still (ST-9).
pub async fn dialogs(
    db: &impl ConnectionTrait,
    operators: &[i64],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<HashMap<i64, Vec<(DateTime<Utc>, Option<DateTime<Utc>>)>>, StoreError> {
    let mut found: HashMap<i64, Vec<_>> = HashMap::new();
    for ids in operators.chunks(AT_ONCE) {
        let mut values = vec![to.timestamp_millis().into(), from.timestamp_millis().into()];
        let ids = named(&mut values, ids.iter().copied());
        let text = format!(
            "SELECT operator_id, began_at, ended_at FROM dialogs WHERE operator_id IN ({ids}) AND began_at < $1 \
            AND (ended_at IS NULL OR ended_at > $2) ORDER BY began_at"
        );
        for row in db.query_all_raw(sql(db, text, values)).await? {
            let ended = row.try_get_by_index::<Option<Millis>>(2)?.map(|at| at.0);
            found.entry(row.try_get_by_index(0)?).or_default().push((row.try_get_by_index::<Millis>(1)?.0, ended));
        }
    }
    Ok(found)
}

/// A query that nobody has yet, as far as its way goes.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The query.
    pub id: i64,
    /// On which channel.
    pub channel: Channel,
    /// For which department.
    pub department: Option<i64>,
    /// For which operator.
    pub addressed: Option<i64>,
    /// In which language.
    pub language: Option<LanguageTag>,
    /// Since when it waits.
    pub since: DateTime<Utc>,
    /// When it is to be looked at again.
    pub route_at: Option<DateTime<Utc>>,
    /// The latest offer to each operator since then.
    pub offers: Vec<Offer>,
}

impl Waiting {
    /// A query with its offers.
    pub fn of(query: &Query, offers: &[Offer]) -> Waiting {
        Waiting {
            id: query.id,
            channel: query.channel(),
            department: query.department_id,
            addressed: query.addressed_id,
            language: query.language(),
            since: query.waiting_since.0,
            route_at: query.route_at.map(|at| at.0),
            offers: offers.to_vec(),
        }
    }

    /// As routing takes it.
    pub fn wanted(&self) -> Wanted<'_> {
        Wanted {
            channel: self.channel,
            department: self.department,
            addressed: self.addressed,
            language: self.language.as_ref(),
            since: self.since,
        }
    }
}

/// Queries that nobody has yet and that are to be looked at by an instant, the longest due first; at most so many.
pub async fn due(db: &impl ConnectionTrait, now: DateTime<Utc>, limit: u64) -> Result<Vec<Waiting>, StoreError> {
    some_waiting(
        db,
        "route_at IS NOT NULL AND route_at <= $1 AND state IN ('waiting', 'offered') ORDER BY route_at",
        now.timestamp_millis(),
        limit,
    )
    .await
}

/// Queries that nobody has yet and that came after this one, the oldest first; at most so many.
pub async fn waiting(db: &impl ConnectionTrait, after: i64, limit: u64) -> Result<Vec<Waiting>, StoreError> {
    some_waiting(db, "state IN ('waiting', 'offered') AND id > $1 ORDER BY id", after, limit).await
}

async fn some_waiting(db: &impl ConnectionTrait, which: &str, value: i64, limit: u64) -> Result<Vec<Waiting>, StoreError> {
    let some = format!("FROM queries WHERE {which} LIMIT $2");
    let values: Vec<Value> = vec![value.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    let text = format!("SELECT id, channel, department_id, addressed_id, language, waiting_since, route_at {some}");
    let rows = db.query_all_raw(sql(db, text, values.clone())).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut offers = latest_offers(db, &some, values).await?;
    let rows = rows.iter().map(|row| {
        let id = row.try_get_by_index(0)?;
        let (channel, language): (String, Option<String>) = (row.try_get_by_index(1)?, row.try_get_by_index(4)?);
        Ok(Waiting {
            id,
            channel: Channel::parse(&channel).unwrap_or(Channel::Ticket),
            department: row.try_get_by_index(2)?,
            addressed: row.try_get_by_index(3)?,
            language: language.as_deref().and_then(|tag| LanguageTag::parse(tag).ok()),
            since: row.try_get_by_index::<Millis>(5)?.0,
            route_at: row.try_get_by_index::<Option<Millis>>(6)?.map(|at| at.0),
            offers: offers.remove(&id).unwrap_or_default(),
        })
    });
    rows.collect()
}

/// Whether a query that nobody has is to be looked at by an instant, and whether there is any.
pub async fn is_due(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<(bool, bool), StoreError> {
    const TEXT: &str = "SELECT EXISTS (SELECT 1 FROM queries WHERE route_at IS NOT NULL AND route_at <= $1), \
        EXISTS (SELECT 1 FROM queries WHERE state IN ('waiting', 'offered'))";
    let Some(row) = db.query_one_raw(sql(db, TEXT, [now.timestamp_millis().into()])).await? else { return Ok((false, false)) };
    // The engines answer with a truth or with a number.
    let truth = |index| row.try_get_by_index::<bool>(index).or_else(|_| row.try_get_by_index::<i64>(index).map(|n| n != 0));
    Ok((truth(0)?, truth(1)?))
}

/// Writes down when a query is to be looked at again, and nothing else of it.
pub fn look_again(batch: &mut Batch, id: i64, at: Option<DateTime<Utc>>) {
    const TEXT: &str = "UPDATE queries SET route_at = $1 WHERE id = $2 AND state IN ('waiting', 'offered')";
    batch.add(TEXT, [at.map(|at| at.timestamp_millis()).into(), id.into()]);
}

/// How many queries of a department are open.
pub async fn count_open(db: &impl ConnectionTrait, department_id: i64) -> Result<u64, StoreError> {
    let open = vec![State::Waiting, State::Offered, State::Assigned];
    count(db, &Filter { states: open, department: Some(department_id), ..Filter::default() }, u64::MAX).await
}

/// Sends every open query of a department on to another one, with a note on each; those that nobody has are looked at anew.
pub async fn move_open(tx: &Tx, from: i64, to: i64, note: &str, actor_name: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let at: Value = now.timestamp_millis().into();
    let text = format!(
        "INSERT INTO query_events (query_id, at, kind, department_id, actor_name, note) \
        SELECT q.id, $1, 'transferred', $2, $3, $4 FROM queries q WHERE q.department_id = $5 AND {OPEN}"
    );
    tx.execute_raw(sql(tx, text, [at.clone(), to.into(), actor_name.into(), note.into(), from.into()])).await?;
    let text = format!(
        "UPDATE queries AS q SET department_id = $1, version = version + 1, \
        route_at = CASE WHEN state = 'assigned' THEN route_at ELSE $2 END WHERE q.department_id = $3 AND {OPEN}"
    );
    tx.execute_raw(sql(tx, text, [to.into(), at, from.into()])).await?;
    Ok(())
}

/// Ids of the queries that an operator has, or that ring for them.
pub async fn held_by(db: &impl ConnectionTrait, operator_id: i64) -> Result<(Vec<i64>, Vec<i64>), StoreError> {
    const HELD: &str = "SELECT id FROM queries WHERE operator_id = $1 AND state = 'assigned' ORDER BY id";
    const RINGING: &str = "SELECT query_id FROM query_offers WHERE operator_id = $1 AND ended_at IS NULL ORDER BY query_id";
    let mut found = (Vec::new(), Vec::new());
    for (text, ids) in [(HELD, &mut found.0), (RINGING, &mut found.1)] {
        for row in db.query_all_raw(sql(db, text, [operator_id.into()])).await? {
            ids.push(row.try_get_by_index(0)?);
        }
    }
    Ok(found)
}
