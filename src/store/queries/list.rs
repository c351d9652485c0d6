//! Queries for lists: a page of them for supervisors, and what an operator has, is offered and has still to classify.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Value};

use super::super::{Millis, StoreError, count as counted, named, sql};
use crate::domain::channel::Channel;
use crate::domain::query::State;

/// Whose queries the reader may see (RO-3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Sight {
    /// All.
    #[default]
    All,
    /// Those of these departments, and those that this operator has, had or was sent.
    Departments(Vec<i64>, i64),
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Whose queries may be seen.
    pub sight: Sight,
    /// An id, or a part of the requester's address.
    pub id: Option<i64>,
    /// The sender as queries keep it.
    pub sender: Option<String>,
    /// Where they stand: one state, or all three that are not closed; none is every state.
    pub states: Vec<State>,
    /// On which channel.
    pub channel: Option<Channel>,
    /// Of which department.
    pub department: Option<i64>,
    /// Who has it, or was sent it.
    pub operator: Option<i64>,
    /// Only those that wait for a classification.
    pub unclassified: bool,
    /// Only those that came before this one.
    pub before: Option<i64>,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The query.
    pub id: i64,
    /// On which channel.
    pub channel: Channel,
    /// Of which department.
    pub department_id: Option<i64>,
    /// Who has it.
    pub operator_id: Option<i64>,
    /// The name of who has it.
    pub operator_name: Option<String>,
    /// Its language.
    pub language: Option<String>,
    /// Name, address or number of the requester, the first that is known.
    pub requester: Option<String>,
    /// One line.
    pub subject: String,
    /// Where it stands.
    pub state: State,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The last activity.
    pub active_at: DateTime<Utc>,
    /// Since when the requester waits for a word.
    pub unanswered_since: Option<DateTime<Utc>>,
    /// Until when it rings, where it does.
    pub expires_at: Option<DateTime<Utc>>,
    /// The requester's number. It, and what follows, is read for a panel alone.
    pub phone: Option<String>,
    /// How the message begins.
    pub body: String,
    /// Who sent it on last, and their words for whoever gets it.
    pub note: Option<(String, String)>,
}

const COLUMNS: &str = "q.id, q.channel, q.department_id, q.operator_id, o.name, q.language, \
    COALESCE(q.requester_name, q.requester_email, q.requester_phone), q.subject, q.state, q.created_at, q.closed_at, q.active_at, \
    q.unanswered_since";

fn item(row: &QueryResult) -> Result<Item, StoreError> {
    let instant = |index| Ok::<_, StoreError>(row.try_get_by_index::<Option<Millis>>(index)?.map(|at| at.0));
    let (channel, state): (String, String) = (row.try_get_by_index(1)?, row.try_get_by_index(8)?);
    Ok(Item {
        id: row.try_get_by_index(0)?,
        channel: Channel::parse(&channel).unwrap_or(Channel::Ticket),
        department_id: row.try_get_by_index(2)?,
        operator_id: row.try_get_by_index(3)?,
        operator_name: row.try_get_by_index(4)?,
        language: row.try_get_by_index(5)?,
        requester: row.try_get_by_index(6)?,
        subject: row.try_get_by_index(7)?,
        state: State::parse(&state).unwrap_or(State::Waiting),
        created_at: row.try_get_by_index::<Millis>(9)?.0,
        closed_at: instant(10)?,
        active_at: row.try_get_by_index::<Millis>(11)?.0,
        unanswered_since: instant(12)?,
        expires_at: None,
        phone: None,
        body: String::new(),
        note: None,
    })
}

/// So many letters of a message are read for a panel.
const BEGINNING: usize = 300;

/// What a panel tells beside [`COLUMNS`], and where that stands.
const MORE: &str = "q.requester_phone AS phone, SUBSTR(q.body, 1, 301) AS beginning, t.actor_name AS sent_by, t.note AS sent_with";
const AROUND: &str = "LEFT JOIN operators o ON o.id = q.operator_id LEFT JOIN query_events t ON t.id = \
    (SELECT MAX(e.id) FROM query_events e WHERE e.query_id = q.id AND e.kind = 'transferred')";

fn on_panel(row: &QueryResult) -> Result<Item, StoreError> {
    let mut body: String = row.try_get("", "beginning")?;
    if let Some((end, _)) = body.char_indices().nth(BEGINNING) {
        body.truncate(end);
        body.push('…');
    }
    let (by, words): (Option<String>, Option<String>) = (row.try_get("", "sent_by")?, row.try_get("", "sent_with")?);
    Ok(Item { phone: row.try_get("", "phone")?, body, note: by.zip(words), ..item(row)? })
}

/// The condition of a filter, with its values.
fn condition(filter: &Filter) -> (String, Vec<Value>) {
    let (mut parts, mut values) = (vec!["1 = 1".to_owned()], Vec::new());
    let mut is = |column: &str, value: Value, values: &mut Vec<Value>| {
        values.push(value);
        parts.push(format!("{column} = ${}", values.len()));
    };
    if let Some(id) = filter.id {
        is("q.id", id.into(), &mut values);
    }
    if let Some(sender) = &filter.sender {
        is("q.sender_key", sender.as_str().into(), &mut values);
    }
    if let Some(channel) = filter.channel {
        is("q.channel", channel.as_str().into(), &mut values);
    }
    if let Some(id) = filter.department {
        is("q.department_id", id.into(), &mut values);
    }
    if let Some(id) = filter.operator {
        is("q.operator_id", id.into(), &mut values);
    }
    if let Some(id) = filter.before {
        values.push(id.into());
        parts.push(format!("q.id < ${}", values.len()));
    }
    // Written out as the partial indexes are, so that open queries are found without a look at closed ones.
    let has = |state| filter.states.contains(&state);
    match (has(State::Waiting), has(State::Offered), has(State::Assigned)) {
        (true, true, true) if !has(State::Closed) => parts.push("(q.state IN ('waiting', 'offered') OR q.state = 'assigned')".to_owned()),
        _ => {
            if let [state] = filter.states.as_slice() {
                let is_unassigned = matches!(state, State::Waiting | State::Offered);
                parts.extend(is_unassigned.then(|| "q.state IN ('waiting', 'offered')".to_owned()));
                parts.push(format!("q.state = '{}'", state.as_str()));
            }
        }
    }
    if filter.unclassified {
        parts.push("q.state = 'closed' AND q.classify AND q.classified_at IS NULL".to_owned());
    }
    if let Sight::Departments(departments, own) = &filter.sight {
        let own = named(&mut values, [*own, *own]);
        let (one, other) = own.split_once(", ").unwrap_or_default();
        let mut seen = format!("q.operator_id = {one} OR q.addressed_id = {other}");
        if !departments.is_empty() {
            let list = named(&mut values, departments.iter().copied());
            seen.push_str(&format!(" OR q.department_id IN ({list})"));
        }
        parts.push(format!("({seen})"));
    }
    (parts.join(" AND "), values)
}

/// A page of queries.
pub async fn page(db: &impl ConnectionTrait, filter: &Filter, sort: Sort, offset: u64, limit: u64) -> Result<Vec<Item>, StoreError> {
    let (condition, mut values) = condition(filter);
    let order = match sort {
        Sort::Newest => "q.id DESC",
        Sort::Oldest => "q.id",
    };
    let bounds = [limit, offset].map(|n| i64::try_from(n).unwrap_or(i64::MAX));
    let bounds = named(&mut values, bounds);
    let (limit, offset) = bounds.split_once(", ").unwrap_or_default();
    let text = format!(
        "SELECT {COLUMNS} FROM queries q LEFT JOIN operators o ON o.id = q.operator_id WHERE {condition} ORDER BY {order} \
        LIMIT {limit} OFFSET {offset}"
    );
    db.query_all_raw(sql(db, text, values)).await?.iter().map(item).collect()
}

/// How many there are, counted up to a bound: whoever has more needs a filter, not a number.
pub async fn count(db: &impl ConnectionTrait, filter: &Filter, most: u64) -> Result<u64, StoreError> {
    let (condition, mut values) = condition(filter);
    let most = named(&mut values, [i64::try_from(most).unwrap_or(i64::MAX)]);
    let text = format!("SELECT COUNT(*) FROM (SELECT 1 FROM queries q WHERE {condition} LIMIT {most}) counted");
    counted(db, &text, values).await
}

/// What an operator has, the longest without an answer first.
pub async fn at_hand(db: &impl ConnectionTrait, operator_id: i64) -> Result<Vec<Item>, StoreError> {
    let text = format!(
        "SELECT {COLUMNS}, {MORE} FROM queries q {AROUND} WHERE q.operator_id = $1 AND q.state = 'assigned' \
        ORDER BY COALESCE(q.unanswered_since, q.active_at), q.id LIMIT 200"
    );
    db.query_all_raw(sql(db, text, [operator_id.into()])).await?.iter().map(on_panel).collect()
}

/// What rings for an operator, the oldest first.
pub async fn ringing(db: &impl ConnectionTrait, operator_id: i64, now: DateTime<Utc>) -> Result<Vec<Item>, StoreError> {
    let text = format!(
        "SELECT {COLUMNS}, {MORE}, r.expires_at AS rings_until FROM query_offers r JOIN queries q ON q.id = r.query_id {AROUND} \
        WHERE r.operator_id = $1 AND r.ended_at IS NULL AND q.state = 'offered' AND (r.expires_at IS NULL OR r.expires_at > $2) \
        ORDER BY q.id LIMIT 50"
    );
    let rows = db.query_all_raw(sql(db, text, [operator_id.into(), now.timestamp_millis().into()])).await?;
    let ringing = |row: &QueryResult| {
        let expires_at = row.try_get::<Option<Millis>>("", "rings_until")?.map(|at| at.0);
        Ok(Item { expires_at, ..on_panel(row)? })
    };
    rows.iter().map(ringing).collect()
}

/// What an operator closed and has still to classify, the newest first (QU-6).
pub async fn unclassified(db: &impl ConnectionTrait, operator_id: i64, limit: u64) -> Result<Vec<Item>, StoreError> {
    let text = format!(
        "SELECT {COLUMNS} FROM queries q LEFT JOIN operators o ON o.id = q.operator_id WHERE q.operator_id = $1 AND q.state = 'closed' \
        AND q.classify AND q.classified_at IS NULL ORDER BY q.id DESC LIMIT $2"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    db.query_all_raw(sql(db, text, [operator_id.into(), limit.into()])).await?.iter().map(item).collect()
}
