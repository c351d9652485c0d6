//! Queries with their offers, their dialogs and what befell them (QU-1, QU-2). Everything here is bounded by what is open or by a page:
//! old queries cost nothing.

mod list;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Value,
};

use super::entities::{query, query_event, query_offer};
use super::{AT_ONCE, Batch, Millis, StoreError, Tx, named, sql};
use crate::domain::channel::Channel;
use crate::domain::language::LanguageTag;
use crate::domain::query::{EventKind, Outcome, State};
use crate::domain::routing::{Offer, Wanted};

pub use super::entities::query::Model as Query;
pub use super::entities::query_event::Model as Event;
pub use super::entities::query_offer::Model as OfferRow;
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

/// What a query with these message ids goes on with: the conversation of the latest of them that is known.
pub async fn conversation_of(db: &impl ConnectionTrait, message_ids: &[String]) -> Result<Option<String>, StoreError> {
    let mut values = Vec::new();
    let ids = named(&mut values, message_ids.iter().take(AT_ONCE).cloned());
    if values.is_empty() {
        return Ok(None);
    }
    let text =
        format!("SELECT conversation FROM queries WHERE message_id IN ({ids}) AND conversation IS NOT NULL ORDER BY id DESC LIMIT 1");
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

/// What befell a query, in order.
pub async fn events(db: &impl ConnectionTrait, query_id: i64) -> Result<Vec<Event>, StoreError> {
    let of_query = query_event::Entity::find().filter(query_event::Column::QueryId.eq(query_id));
    Ok(of_query.order_by_asc(query_event::Column::Id).limit(1000).all(db).await?)
}

/// Offers a query to operators.
pub fn offer(batch: &mut Batch, query_id: i64, to: &[i64], until: Option<DateTime<Utc>>, now: DateTime<Utc>) {
    const TEXT: &str = "INSERT INTO query_offers (query_id, operator_id, offered_at, expires_at) VALUES";
    let until: Value = until.map(|until| until.timestamp_millis()).into();
    let rows = to.iter().map(|operator_id| [query_id.into(), (*operator_id).into(), now.timestamp_millis().into(), until.clone()]);
    batch.add_rows(TEXT, rows);
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

/// All offers of a query, in order.
pub async fn offers(db: &impl ConnectionTrait, query_id: i64) -> Result<Vec<OfferRow>, StoreError> {
    let of_query = query_offer::Entity::find().filter(query_offer::Column::QueryId.eq(query_id));
    Ok(of_query.order_by_asc(query_offer::Column::Id).limit(1000).all(db).await?)
}

/// Offers as routing takes them: those since the query was last sent on its way.
pub fn recent(offers: &[OfferRow], since: Millis) -> Vec<Offer> {
    let offer = |row: &OfferRow| Offer {
        operator: row.operator_id,
        expires_at: row.expires_at.map(|at| at.0),
        ended: row.ended_at.map(|at| at.0).zip(row.outcome.as_deref().and_then(Outcome::parse)),
    };
    offers.iter().filter(|row| row.offered_at.0 >= since.0).map(offer).collect()
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
    /// Offers since then.
    pub offers: Vec<Offer>,
}

impl Waiting {
    /// A query with its offers.
    pub fn of(query: &Query, offers: &[OfferRow]) -> Waiting {
        Waiting {
            id: query.id,
            channel: query.channel(),
            department: query.department_id,
            addressed: query.addressed_id,
            language: query.language(),
            since: query.waiting_since.0,
            route_at: query.route_at.map(|at| at.0),
            offers: recent(offers, query.waiting_since),
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

/// Queries that nobody has yet, the oldest first; at most so many.
pub async fn waiting(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Waiting>, StoreError> {
    const TEXT: &str = "SELECT id, channel, department_id, addressed_id, language, waiting_since, route_at FROM queries \
        WHERE state IN ('waiting', 'offered') ORDER BY id LIMIT $1";
    const OFFERS: &str = "SELECT o.query_id, o.operator_id, o.expires_at, o.ended_at, o.outcome FROM queries q \
        JOIN query_offers o ON o.query_id = q.id WHERE q.state IN ('waiting', 'offered') AND o.offered_at >= q.waiting_since ORDER BY o.id";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = db.query_all_raw(sql(db, TEXT, [limit.into()])).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut offers: HashMap<i64, Vec<Offer>> = HashMap::new();
    for row in db.query_all_raw(sql(db, OFFERS, [])).await? {
        let instant = |index| Ok::<_, StoreError>(row.try_get_by_index::<Option<Millis>>(index)?.map(|at| at.0));
        let outcome: Option<String> = row.try_get_by_index(4)?;
        let ended = instant(3)?.zip(outcome.as_deref().and_then(Outcome::parse));
        let offer = Offer { operator: row.try_get_by_index(1)?, expires_at: instant(2)?, ended };
        offers.entry(row.try_get_by_index(0)?).or_default().push(offer);
    }
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
