//! Automatic replies: what one is judged by, the ledger, and addresses that mails came back from (AB-5, AB-6, N1 to N20).

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Value};

use super::{Millis, StoreError, Tx, named, sql};
use crate::domain::auto_reply::{LATELY, MOST_HOURLY, SUPPRESSED_FOR};

/// The absence of an operator that covers an instant, and what a reply says of the operator.
#[derive(Clone, Debug)]
pub struct Absence {
    /// The absence.
    pub id: i64,
    /// Whether it answers.
    pub auto_reply: bool,
    /// Name of its frequency.
    pub frequency: String,
    /// Who was named to stand in.
    pub deputy_id: Option<i64>,
    /// First instant after it.
    pub ends_at: DateTime<Utc>,
    /// The name customers see.
    pub operator: String,
    /// Sign-in address.
    pub email: String,
    /// Personal address.
    pub notification_email: Option<String>,
    /// IANA zone, where one was chosen.
    pub time_zone: Option<String>,
    /// The schedule in use; none is always.
    pub schedule_id: Option<i64>,
    /// The first assistance language.
    pub language: Option<String>,
}

/// The absence that covers an instant, if one does.
pub async fn absence_at(db: &impl ConnectionTrait, operator: i64, at: DateTime<Utc>) -> Result<Option<Absence>, StoreError> {
    const TEXT: &str = "SELECT a.id, a.auto_reply, a.reply_frequency, a.deputy_id, a.ends_at, COALESCE(o.alias, o.name), o.email, \
        o.notification_email, o.time_zone, o.schedule_id, \
        (SELECT l.tag FROM operator_languages l WHERE l.operator_id = o.id ORDER BY l.position, l.tag LIMIT 1) \
        FROM absences a JOIN operators o ON o.id = a.operator_id \
        WHERE a.operator_id = $1 AND a.starts_at <= $2 AND a.ends_at > $3 AND o.deleted_at IS NULL ORDER BY a.starts_at DESC LIMIT 1";
    let at = at.timestamp_millis();
    let row = db.query_one_raw(sql(db, TEXT, [operator.into(), at.into(), at.into()])).await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Absence {
        id: row.try_get_by_index(0)?,
        auto_reply: row.try_get_by_index(1)?,
        frequency: row.try_get_by_index(2)?,
        deputy_id: row.try_get_by_index(3)?,
        ends_at: row.try_get_by_index::<Millis>(4)?.0,
        operator: row.try_get_by_index(5)?,
        email: row.try_get_by_index(6)?,
        notification_email: row.try_get_by_index(7)?,
        time_zone: row.try_get_by_index(8)?,
        schedule_id: row.try_get_by_index(9)?,
        language: row.try_get_by_index(10)?,
    }))
}

/// Has other transactions that judge a reply wait until this one ends, so that no bound is overrun by two at once.
pub async fn take_turn(tx: &Tx) -> Result<(), StoreError> {
    tx.execute_raw(sql(tx, "UPDATE versions SET n = n WHERE name = 'auto_replies'", [])).await?;
    Ok(())
}

/// A text of an automatic reply.
#[derive(Clone, Debug)]
pub struct Text {
    /// `absence`, `operator` or `organisation`.
    pub of: String,
    /// Tag of its language.
    pub tag: String,
    /// Subject with variables.
    pub subject: String,
    /// Body with variables.
    pub body: String,
}

/// All texts that a reply may be made of: those of the absence, of the operator, and the organisation's own (AB-4).
pub async fn texts(db: &impl ConnectionTrait, absence: i64, operator: i64) -> Result<Vec<Text>, StoreError> {
    const TEXT: &str = "SELECT 'absence', tag, subject, body FROM absence_texts WHERE absence_id = $1 \
        UNION ALL SELECT 'operator', tag, subject, body FROM operator_reply_texts WHERE operator_id = $2 \
        UNION ALL SELECT 'organisation', language, subject, body FROM mail_templates WHERE kind = 'absence_reply'";
    let rows = db.query_all_raw(sql(db, TEXT, [absence.into(), operator.into()])).await?;
    let text = |row: &QueryResult| {
        Ok(Text {
            of: row.try_get_by_index(0)?,
            tag: row.try_get_by_index(1)?,
            subject: row.try_get_by_index(2)?,
            body: row.try_get_by_index(3)?,
        })
    };
    rows.iter().map(text).collect()
}

/// What is looked up about a query to somebody absent.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The query.
    pub query_id: i64,
    /// Its conversation.
    pub conversation: Option<&'a str>,
    /// The absent operator.
    pub operator_id: i64,
    /// The absence.
    pub absence_id: i64,
    /// Who takes care of it, whose name the reply tells.
    pub stands_in: Option<i64>,
    /// Whose own queries are not answered, as they stand in (N18).
    pub deputies: [Option<i64>; 2],
    /// Key of the address that would be answered.
    pub sender_key: Option<&'a str>,
    /// Message-ID as it is kept.
    pub message_id: Option<&'a str>,
    /// Keys of those who claim to have written it.
    pub authors: &'a [String],
    /// The present instant.
    pub now: DateTime<Utc>,
}

/// What the ledger and the operators say about it.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Whether the query or the message was judged for this operator before.
    pub was_judged: bool,
    /// The last reply to this sender during this absence.
    pub last: Option<DateTime<Utc>>,
    /// Whether another query of the conversation has had a reply of this absence.
    pub in_conversation: bool,
    /// Replies to this sender in [`LATELY`].
    pub lately: u32,
    /// Replies to this sender in 24 hours.
    pub daily: u32,
    /// Replies in an hour, counted up to [`MOST_HOURLY`].
    pub hourly: u32,
    /// Whether mails to the sender came back for good in [`SUPPRESSED_FOR`].
    pub is_suppressed: bool,
    /// Whether an operator claims to have written it.
    pub is_operator: bool,
    /// Whether a deputy does.
    pub is_deputy: bool,
    /// The name customers know whoever takes care of it by.
    pub stands_in: Option<String>,
}

/// Looks it all up in one statement.
pub async fn known(db: &impl ConnectionTrait, asked: &Asked<'_>) -> Result<Known, StoreError> {
    let before = |time: TimeDelta| Value::from((asked.now - time).timestamp_millis());
    let key = || Value::from(asked.sender_key);
    let mut values: Vec<Value> = vec![
        asked.query_id.into(),
        asked.operator_id.into(),
        asked.message_id.into(),
        asked.operator_id.into(),
        asked.absence_id.into(),
        key(),
        asked.conversation.into(),
        asked.query_id.into(),
        asked.absence_id.into(),
        key(),
        before(LATELY),
        key(),
        before(TimeDelta::hours(24)),
        before(TimeDelta::hours(1)),
        i64::from(MOST_HOURLY).into(),
        key(),
        before(SUPPRESSED_FOR),
        asked.stands_in.into(),
    ];
    let authors = named(&mut values, asked.authors.iter().cloned().chain([String::new()]));
    let again = named(&mut values, asked.authors.iter().cloned().chain([String::new()]));
    let deputies = named(&mut values, asked.deputies);
    let deputys = named(&mut values, asked.authors.iter().cloned().chain([String::new()]));
    let deputys_own = named(&mut values, asked.authors.iter().cloned().chain([String::new()]));
    let text = format!(
        "SELECT (SELECT COUNT(*) FROM auto_replies WHERE query_id = $1 AND operator_id = $2), \
         (SELECT COUNT(*) FROM auto_replies WHERE trigger_message_id = $3 AND operator_id = $4), \
         (SELECT MAX(at) FROM auto_replies WHERE sent AND absence_id = $5 AND sender_key = $6), \
         (SELECT COUNT(*) FROM queries q JOIN auto_replies r ON r.query_id = q.id \
          WHERE q.conversation = $7 AND q.id <> $8 AND r.sent AND r.absence_id = $9), \
         (SELECT COUNT(*) FROM auto_replies WHERE sent AND sender_key = $10 AND at > $11), \
         (SELECT COUNT(*) FROM auto_replies WHERE sent AND sender_key = $12 AND at > $13), \
         (SELECT COUNT(*) FROM (SELECT 1 AS one FROM auto_replies WHERE sent AND at > $14 LIMIT $15) lately), \
         (SELECT COUNT(*) FROM suppressed_addresses WHERE address_key = $16 AND at > $17), \
         (SELECT COALESCE(alias, name) FROM operators WHERE id = $18 AND deleted_at IS NULL), \
         (SELECT COUNT(*) FROM operators WHERE deleted_at IS NULL AND (email_key IN ({authors}) OR LOWER(notification_email) IN ({again}))), \
         (SELECT COUNT(*) FROM operators WHERE id IN ({deputies}) AND (email_key IN ({deputys}) OR LOWER(notification_email) IN ({deputys_own})))"
    );
    let Some(row) = db.query_one_raw(sql(db, text, values)).await? else { return Ok(Known::default()) };
    let count = |index| Ok::<_, StoreError>(u32::try_from(row.try_get_by_index::<i64>(index)?).unwrap_or(u32::MAX));
    Ok(Known {
        was_judged: count(0)? > 0 || count(1)? > 0,
        last: row.try_get_by_index::<Option<Millis>>(2)?.map(|at| at.0),
        in_conversation: count(3)? > 0,
        lately: count(4)?,
        daily: count(5)?,
        hourly: count(6)?,
        is_suppressed: count(7)? > 0,
        stands_in: row.try_get_by_index(8)?,
        is_operator: count(9)? > 0,
        is_deputy: count(10)? > 0,
    })
}

/// A row of the ledger to be written.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The query.
    pub query_id: i64,
    /// The absence.
    pub absence_id: i64,
    /// The absent operator.
    pub operator_id: i64,
    /// Whom it would have gone to.
    pub sender_key: Option<&'a str>,
    /// When it was judged.
    pub at: DateTime<Utc>,
    /// Rule and reason; none where a reply is sent.
    pub withheld: Option<(&'a str, &'a str)>,
    /// Message-ID of the query.
    pub message_id: Option<&'a str>,
    /// The mail that answers it.
    pub mail_id: Option<&'a str>,
}

/// Writes a row of the ledger; gives its id, or none where the same reply is there already (R2).
pub async fn enter(tx: &Tx, entry: &Entry<'_>) -> Result<Option<i64>, StoreError> {
    const TEXT: &str = "INSERT INTO auto_replies (query_id, absence_id, operator_id, sender_key, at, sent, reason, rule, trigger_message_id, mail_id) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING id";
    let values: [Value; 10] = [
        entry.query_id.into(),
        entry.absence_id.into(),
        entry.operator_id.into(),
        entry.sender_key.into(),
        entry.at.timestamp_millis().into(),
        entry.withheld.is_none().into(),
        entry.withheld.map(|(_, reason)| reason).into(),
        entry.withheld.map(|(rule, _)| rule).into(),
        entry.message_id.into(),
        entry.mail_id.into(),
    ];
    let row = tx.query_one_raw(sql(tx, TEXT, values)).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

/// Remembers that mails to this address come back for good (N16).
pub async fn suppress(tx: &Tx, address_key: &str, reason: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    const TEXT: &str = "INSERT INTO suppressed_addresses (address_key, at, reason) VALUES ($1, $2, $3) \
        ON CONFLICT (address_key) DO UPDATE SET at = excluded.at, reason = excluded.reason";
    tx.execute_raw(sql(tx, TEXT, [address_key.into(), now.timestamp_millis().into(), reason.into()])).await?;
    Ok(())
}

/// Automatic replies in figures (O3, R3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Replies in the last hour.
    pub hourly: u64,
    /// Replies withheld in the last hour by a bound that nothing lifts.
    pub capped: u64,
}

impl Figures {
    /// Whether replies rest until fewer went out within the hour (N15).
    pub fn is_paused(&self) -> bool {
        self.hourly >= u64::from(MOST_HOURLY)
    }
}

/// Automatic replies in figures.
pub async fn figures(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Figures, StoreError> {
    const TEXT: &str = "SELECT (SELECT COUNT(*) FROM auto_replies WHERE sent AND at > $1), \
        (SELECT COUNT(*) FROM auto_replies WHERE at > $2 AND reason = 'cap')";
    let hour = (now - TimeDelta::hours(1)).timestamp_millis();
    let Some(row) = db.query_one_raw(sql(db, TEXT, [hour.into(), hour.into()])).await? else { return Ok(Figures::default()) };
    let count = |index| Ok::<_, StoreError>(row.try_get_by_index::<i64>(index)?.unsigned_abs());
    Ok(Figures { hourly: count(0)?, capped: count(1)? })
}

/// What to look for in the ledger.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only about this operator.
    pub operator_id: Option<i64>,
    /// Only what was sent, or only what was not.
    pub sent: Option<bool>,
    /// Only what was withheld for this reason.
    pub reason: Option<String>,
}

/// A row of the ledger, with what a page says about it.
#[derive(Clone, Debug)]
pub struct Row {
    /// Id in the database.
    pub id: i64,
    /// The query, while it is there.
    pub query_id: Option<i64>,
    /// The absence, while it is there.
    pub absence_id: Option<i64>,
    /// The absent operator.
    pub operator_id: Option<i64>,
    /// Full name.
    pub operator: Option<String>,
    /// Key of the address it went to, or would have.
    pub sender_key: Option<String>,
    /// When it was judged.
    pub at: DateTime<Utc>,
    /// Whether a reply was sent.
    pub sent: bool,
    /// Why not.
    pub reason: Option<String>,
    /// By which of N1 to N20.
    pub rule: Option<String>,
    /// The mail.
    pub mail_id: Option<String>,
}

/// The conditions of a filter, and its values after those that are there.
fn conditions(filter: &Filter, values: &mut Vec<Value>) -> String {
    let mut text = String::from("1 = 1");
    let mut and = |column: &str, value: Option<Value>| {
        if let Some(value) = value {
            values.push(value);
            text.push_str(&format!(" AND {column} = ${}", values.len()));
        }
    };
    and("r.operator_id", filter.operator_id.map(Value::from));
    and("r.sent", filter.sent.map(Value::from));
    and("r.reason", filter.reason.clone().map(Value::from));
    text
}

const COLUMNS: &str = "SELECT r.id, r.query_id, r.absence_id, r.operator_id, o.name, r.sender_key, r.at, r.sent, r.reason, r.rule, r.mail_id \
    FROM auto_replies r LEFT JOIN operators o ON o.id = r.operator_id";

fn row(row: &QueryResult) -> Result<Row, StoreError> {
    Ok(Row {
        id: row.try_get_by_index(0)?,
        query_id: row.try_get_by_index(1)?,
        absence_id: row.try_get_by_index(2)?,
        operator_id: row.try_get_by_index(3)?,
        operator: row.try_get_by_index(4)?,
        sender_key: row.try_get_by_index(5)?,
        at: row.try_get_by_index::<Millis>(6)?.0,
        sent: row.try_get_by_index(7)?,
        reason: row.try_get_by_index(8)?,
        rule: row.try_get_by_index(9)?,
        mail_id: row.try_get_by_index(10)?,
    })
}

/// Rows of the ledger, the newest first.
pub async fn page(db: &impl ConnectionTrait, filter: &Filter, offset: u64, limit: u64) -> Result<Vec<Row>, StoreError> {
    let mut values = Vec::new();
    let conditions = conditions(filter, &mut values);
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let (limit, offset) = (named(&mut values, [number(limit)]), named(&mut values, [number(offset)]));
    let text = format!("{COLUMNS} WHERE {conditions} ORDER BY r.at DESC, r.id DESC LIMIT {limit} OFFSET {offset}");
    db.query_all_raw(sql(db, text, values)).await?.iter().map(row).collect()
}

/// Rows of the ledger by falling id, below this one.
pub async fn below(db: &impl ConnectionTrait, filter: &Filter, last: Option<i64>, limit: u64) -> Result<Vec<Row>, StoreError> {
    let mut values = Vec::new();
    let conditions = conditions(filter, &mut values);
    let last = named(&mut values, [last.unwrap_or(i64::MAX)]);
    let limit = named(&mut values, [i64::try_from(limit).unwrap_or(i64::MAX)]);
    let text = format!("{COLUMNS} WHERE {conditions} AND r.id < {last} ORDER BY r.id DESC LIMIT {limit}");
    db.query_all_raw(sql(db, text, values)).await?.iter().map(row).collect()
}

/// How many rows there are.
pub async fn count(db: &impl ConnectionTrait, filter: &Filter) -> Result<u64, StoreError> {
    let mut values = Vec::new();
    let conditions = conditions(filter, &mut values);
    super::count(db, &format!("SELECT COUNT(*) FROM auto_replies r WHERE {conditions}"), values).await
}

/// Up to `limit` operators of whom the ledger tells, by id. Jumps from one to the next in the index, however many rows there are.
pub async fn operators(db: &impl ConnectionTrait, limit: u32) -> Result<Vec<(i64, String)>, StoreError> {
    const TEXT: &str = "WITH RECURSIVE a(x) AS (SELECT MIN(operator_id) FROM auto_replies UNION ALL \
        SELECT (SELECT MIN(operator_id) FROM auto_replies WHERE operator_id > a.x) FROM a WHERE a.x IS NOT NULL) \
        SELECT o.id, o.name FROM a JOIN operators o ON o.id = a.x LIMIT $1";
    let rows = db.query_all_raw(sql(db, TEXT, [i64::from(limit).into()])).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}
