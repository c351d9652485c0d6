//! The way out of the outbox: claim, finish, try again (QUALITY 1.6), and what the Mail page reads (MA-2).
//! How a mail gets in is [`outbox`](super::outbox).

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QueryResult,
    QuerySelect,
};

use super::entities::mail_message::{Column, Entity};
use super::versions;
use super::{Millis, StoreError, Tx, sql};
use crate::domain::backoff::pause_after;
use crate::domain::delivery::{Behind, Link, Reason, State, withdrawn};

pub use super::entities::mail_message::Model as Mail;

/// How long a worker may hold a mail: twice the deadline of a whole mail (M7).
pub const LEASE: TimeDelta = TimeDelta::minutes(2);
/// What the operators list keeps of a mail server's words, in characters.
const MOST_ERROR: usize = 300;

/// A mail that this worker, and no other, may send.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The row.
    pub id: String,
    /// Which text it is.
    pub kind: String,
    /// Whom it is about.
    pub operator_id: Option<i64>,
    /// The one-time link in it.
    pub token_id: Option<i64>,
    /// Bare address.
    pub to_address: String,
    /// Name of the recipient.
    pub to_name: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text_body: String,
    /// The same as HTML.
    pub html_body: String,
    /// Tag of its language.
    pub language: String,
    /// Tries, this one included.
    pub attempts: u32,
    /// The same at each try (F4).
    pub message_id: String,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// When its link is past its time.
    pub link_expires_at: Option<DateTime<Utc>>,
    /// JSON: what an automatic reply carries beside the rest (AB-7).
    pub reply: Option<String>,
    /// Why it must not leave any more.
    pub withdrawn: Option<Reason>,
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it and said this.
    Sent(String),
    /// It went into this file. The Mail page is where it is read, so a link stays in it for as long as it works (MA-2).
    Filed(String),
    /// Not now: again at this instant, for this reason.
    Again(DateTime<Utc>, String),
    /// Never.
    Failed(String),
    /// No longer wanted.
    Cancelled(Reason),
}

/// Whether a mail waits for a worker; read before anything is written.
pub async fn is_due(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<bool, StoreError> {
    const TEXT: &str = "SELECT 1 FROM mail_messages WHERE state IN ('queued', 'sending') AND available_at <= $1 \
        AND (state = 'queued' OR lease_until <= $2) LIMIT 1";
    let now = now.timestamp_millis();
    Ok(db.query_one_raw(sql(db, TEXT, [now.into(), now.into()])).await?.is_some())
}

/// Takes up to `limit` mails that are due, or whose worker is gone, under this lease; none while the breaker rests, and one alone
/// to try the road again. Counts the try now, so that a mail that kills its worker comes to an end, too.
///
/// The row of the breaker is written first: on PostgreSQL two workers come one after the other there, as they do on SQLite.
pub async fn claim(tx: &Tx, now: DateTime<Utc>, lease_token: &str, limit: u32) -> Result<Vec<Claimed>, StoreError> {
    const OPEN: &str = "UPDATE mail_breaker SET connect_failures = connect_failures WHERE id = 1 \
        AND (paused_until IS NULL OR paused_until <= $1) RETURNING connect_failures";
    const TAKE: &str = "UPDATE mail_messages SET state = 'sending', attempts = attempts + 1, lease_token = $1, lease_until = $2 \
        WHERE id IN (SELECT id FROM mail_messages WHERE state IN ('queued', 'sending') AND available_at <= $3 \
        AND (state = 'queued' OR lease_until <= $4) ORDER BY available_at, id LIMIT $5)";
    const READ: &str = "SELECT m.id, m.kind, m.operator_id, m.token_id, m.to_address, m.to_name, m.subject, m.text_body, m.html_body, \
        m.language, m.attempts, m.message_id, m.created_at, m.has_token, t.expires_at, t.used_at, t.voided_at, \
        CASE WHEN o.suspended_at IS NOT NULL OR o.deleted_at IS NOT NULL THEN 1 ELSE 0 END, m.reply, \
        CASE WHEN m.reply IS NULL OR (a.auto_reply AND (q.id IS NULL OR (a.starts_at <= q.received_at AND a.ends_at > q.received_at))) \
        THEN 0 ELSE 1 END \
        FROM mail_messages m LEFT JOIN operators o ON o.id = m.operator_id LEFT JOIN one_time_tokens t ON t.id = m.token_id \
        LEFT JOIN auto_replies r ON r.mail_id = m.id LEFT JOIN absences a ON a.id = r.absence_id LEFT JOIN queries q ON q.id = r.query_id \
        WHERE m.lease_token = $1 ORDER BY m.available_at, m.id";
    let at = now.timestamp_millis();
    let Some(open) = tx.query_one_raw(sql(tx, OPEN, [at.into()])).await? else {
        return Ok(Vec::new());
    };
    let failures: i64 = open.try_get_by_index(0)?;
    let limit = if pause_after(u32::try_from(failures).unwrap_or(u32::MAX)).is_some() { 1 } else { i64::from(limit) };
    let until = (now + LEASE).timestamp_millis();
    let values = [lease_token.into(), until.into(), at.into(), at.into(), limit.into()];
    if tx.execute_raw(sql(tx, TAKE, values)).await?.rows_affected() == 0 {
        return Ok(Vec::new());
    }
    let rows = tx.query_all_raw(sql(tx, READ, [lease_token.into()])).await?;
    rows.iter().map(|row| claimed(row, now)).collect()
}

fn claimed(row: &QueryResult, now: DateTime<Utc>) -> Result<Claimed, StoreError> {
    let instant = |index| Ok::<_, StoreError>(row.try_get_by_index::<Option<Millis>>(index)?.map(|at| at.0));
    let link = match instant(14)? {
        Some(expires_at) => Some(Link { expires_at, used_at: instant(15)?, voided_at: instant(16)? }),
        None => None,
    };
    // The two engines number the 1 and 0 of a CASE with different widths.
    let is_one = |index| {
        Ok::<_, StoreError>(row.try_get_by_index::<i64>(index).or_else(|_| row.try_get_by_index::<i32>(index).map(i64::from))? == 1)
    };
    let created_at = row.try_get_by_index::<Millis>(12)?.0;
    let reply: Option<String> = row.try_get_by_index(18)?;
    let behind = Behind {
        operator_gone: is_one(17)?,
        absence_gone: is_one(19)?,
        reply_since: reply.is_some().then_some(created_at),
        has_link: row.try_get_by_index(13)?,
        link,
    };
    Ok(Claimed {
        id: row.try_get_by_index(0)?,
        kind: row.try_get_by_index(1)?,
        operator_id: row.try_get_by_index(2)?,
        token_id: row.try_get_by_index(3)?,
        to_address: row.try_get_by_index(4)?,
        to_name: row.try_get_by_index(5)?,
        subject: row.try_get_by_index(6)?,
        text_body: row.try_get_by_index(7)?,
        html_body: row.try_get_by_index(8)?,
        language: row.try_get_by_index(9)?,
        attempts: u32::try_from(row.try_get_by_index::<i64>(10)?).unwrap_or(u32::MAX),
        message_id: row.try_get_by_index(11)?,
        created_at,
        link_expires_at: link.map(|link| link.expires_at),
        reply,
        withdrawn: withdrawn(&behind, now),
    })
}

/// Writes down how a try ended, if the lease still holds; tells whether it did. Links leave the row as soon as it has ended
/// elsewhere, and the operators list learns of an invitation that did not get through, or did after all (OP-5).
pub async fn finish(tx: &Tx, mail: &Claimed, lease_token: &str, outcome: &Outcome, now: DateTime<Utc>) -> Result<bool, StoreError> {
    const END: &str = "UPDATE mail_messages SET state = $1, answer = $2, last_error = $3, sent_at = $4, lease_token = NULL, lease_until = NULL, \
        text_body = CASE WHEN has_token AND $5 THEN '' ELSE text_body END, html_body = CASE WHEN has_token AND $6 THEN '' ELSE html_body END \
        WHERE id = $7 AND lease_token = $8";
    const AGAIN: &str = "UPDATE mail_messages SET state = 'queued', available_at = $1, last_error = $2, lease_token = NULL, lease_until = NULL \
        WHERE id = $3 AND lease_token = $4";
    let none = None::<String>;
    let (state, answer, error, sent_at) = match outcome {
        Outcome::Again(at, error) => {
            let values = [at.timestamp_millis().into(), error.as_str().into(), mail.id.as_str().into(), lease_token.into()];
            return Ok(tx.execute_raw(sql(tx, AGAIN, values)).await?.rows_affected() > 0);
        }
        Outcome::Sent(answer) | Outcome::Filed(answer) => (State::Sent, Some(answer.clone()), none, Some(now.timestamp_millis())),
        Outcome::Failed(error) => (State::Failed, none, Some(error.clone()), None),
        Outcome::Cancelled(reason) => (State::Cancelled, none, Some(reason.kept()), None),
    };
    let invitation_error = error.as_ref().map(|error| error.chars().take(MOST_ERROR).collect());
    let wipes = !matches!(outcome, Outcome::Filed(_));
    let values = [
        state.as_str().into(),
        answer.into(),
        error.into(),
        sent_at.into(),
        wipes.into(),
        wipes.into(),
        mail.id.as_str().into(),
        lease_token.into(),
    ];
    if tx.execute_raw(sql(tx, END, values)).await?.rows_affected() == 0 {
        return Ok(false);
    }
    if mail.kind == "invitation" && state != State::Cancelled {
        tell_operator(tx, mail, invitation_error).await?;
    }
    Ok(true)
}

/// Only the invitation in force speaks: one that was replaced meanwhile says nothing about the new one.
async fn tell_operator(tx: &Tx, mail: &Claimed, error: Option<String>) -> Result<(), StoreError> {
    const TEXT: &str = "UPDATE operators SET invitation_error = $1 WHERE id = $2 AND (invitation_error IS NOT NULL OR $3) \
        AND EXISTS (SELECT 1 FROM one_time_tokens t WHERE t.id = $4 AND t.used_at IS NULL AND t.voided_at IS NULL)";
    let is_error = error.is_some();
    let told = tx.execute_raw(sql(tx, TEXT, [error.into(), mail.operator_id.into(), is_error.into(), mail.token_id.into()])).await?;
    if told.rows_affected() > 0 {
        versions::touch_operators(tx, mail.operator_id.as_slice()).await?;
    }
    Ok(())
}

/// The mail server was reached: the breaker closes.
pub async fn reached(tx: &Tx) -> Result<(), StoreError> {
    const TEXT: &str = "UPDATE mail_breaker SET connect_failures = 0, paused_until = NULL WHERE id = 1 AND connect_failures > 0";
    tx.execute_raw(sql(tx, TEXT, [])).await?;
    Ok(())
}

/// The mail server was not reached: from the fifth time in a row on, sending rests. Tries that were under way together when the
/// rest began count once.
pub async fn unreached(tx: &Tx, now: DateTime<Utc>) -> Result<(), StoreError> {
    const COUNT: &str = "UPDATE mail_breaker SET connect_failures = connect_failures + 1 WHERE id = 1 \
        AND (paused_until IS NULL OR paused_until <= $1) RETURNING connect_failures";
    const PAUSE: &str = "UPDATE mail_breaker SET paused_until = $1 WHERE id = 1";
    let Some(row) = tx.query_one_raw(sql(tx, COUNT, [now.timestamp_millis().into()])).await? else {
        return Ok(());
    };
    let failures = u32::try_from(row.try_get_by_index::<i64>(0)?).unwrap_or(u32::MAX);
    if let Some(pause) = pause_after(failures) {
        tx.execute_raw(sql(tx, PAUSE, [(now + pause).timestamp_millis().into()])).await?;
    }
    Ok(())
}

/// How the road to the mail server stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    /// Failed connections in a row.
    pub connect_failures: i64,
    /// Nothing is sent before this instant.
    pub paused_until: Option<DateTime<Utc>>,
}

/// How the road to the mail server stands.
pub async fn breaker(db: &impl ConnectionTrait) -> Result<Breaker, StoreError> {
    const TEXT: &str = "SELECT connect_failures, paused_until FROM mail_breaker WHERE id = 1";
    let Some(row) = db.query_one_raw(sql(db, TEXT, [])).await? else {
        return Ok(Breaker { connect_failures: 0, paused_until: None });
    };
    Ok(Breaker { connect_failures: row.try_get_by_index(0)?, paused_until: row.try_get_by_index::<Option<Millis>>(1)?.map(|at| at.0) })
}

/// What to look for among the mails.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only in this state.
    pub state: Option<State>,
    /// Only of this kind.
    pub kind: Option<String>,
    /// Only about this operator.
    pub operator_id: Option<i64>,
}

/// A row of the Mail page; no body, so that no link is read along.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Listed {
    /// The row.
    pub id: String,
    /// Which text it is.
    pub kind: String,
    /// Whom it is about.
    pub operator_id: Option<i64>,
    /// Bare address.
    pub to_address: String,
    /// Name of the recipient.
    pub to_name: String,
    /// Subject.
    pub subject: String,
    /// Whether it carries, or carried, a one-time link.
    pub has_token: bool,
    /// Name of its [`State`].
    pub state: String,
    /// Tries so far.
    pub attempts: i64,
    /// When it is due.
    pub available_at: Millis,
    /// The server's words at the last try, or a [`Reason`] as it is kept.
    pub last_error: Option<String>,
    /// When it was queued.
    pub created_at: Millis,
    /// When the server took it.
    pub sent_at: Option<Millis>,
}

fn condition(filter: &Filter) -> Condition {
    Condition::all()
        .add_option(filter.state.map(|state| Column::State.eq(state.as_str())))
        .add_option(filter.kind.as_ref().map(|kind| Column::Kind.eq(kind)))
        .add_option(filter.operator_id.map(|id| Column::OperatorId.eq(id)))
}

/// Mails, the newest first: their ids sort by their instant.
pub async fn page(db: &impl ConnectionTrait, filter: &Filter, offset: u64, limit: u64) -> Result<Vec<Listed>, StoreError> {
    const COLUMNS: [Column; 13] = [
        Column::Id,
        Column::Kind,
        Column::OperatorId,
        Column::ToAddress,
        Column::ToName,
        Column::Subject,
        Column::HasToken,
        Column::State,
        Column::Attempts,
        Column::AvailableAt,
        Column::LastError,
        Column::CreatedAt,
        Column::SentAt,
    ];
    let found = Entity::find().select_only().columns(COLUMNS).filter(condition(filter)).order_by_desc(Column::Id);
    Ok(found.offset(offset).limit(limit).into_model::<Listed>().all(db).await?)
}

/// How many mails there are.
pub async fn count(db: &impl ConnectionTrait, filter: &Filter) -> Result<u64, StoreError> {
    Ok(Entity::find().filter(condition(filter)).count(db).await?)
}

/// One mail with its body.
pub async fn find(db: &impl ConnectionTrait, id: &str) -> Result<Option<Mail>, StoreError> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// Whether the body is gone because it held a one-time link: there is nothing left to send.
pub fn is_wiped(mail: &Mail) -> bool {
    mail.has_token && mail.text_body.is_empty()
}

/// Queues a mail anew, its tries forgotten, and lets the road to the server be tried at once; tells whether it was still in `state`.
pub async fn retry(tx: &Tx, id: &str, state: State, now: DateTime<Utc>) -> Result<bool, StoreError> {
    const TEXT: &str = "UPDATE mail_messages SET state = 'queued', attempts = 0, available_at = $1, lease_token = NULL, lease_until = NULL \
        WHERE id = $2 AND state = $3";
    const OPEN: &str = "UPDATE mail_breaker SET paused_until = NULL WHERE id = 1";
    let values = [now.timestamp_millis().into(), id.into(), state.as_str().into()];
    let done = tx.execute_raw(sql(tx, TEXT, values)).await?.rows_affected() > 0;
    if done {
        tx.execute_raw(sql(tx, OPEN, [])).await?;
    }
    Ok(done)
}

/// Calls a mail back and wipes the link in it; tells whether it was still in `state`.
pub async fn cancel(tx: &Tx, id: &str, state: State) -> Result<bool, StoreError> {
    const TEXT: &str = "UPDATE mail_messages SET state = 'cancelled', last_error = $1, \
        text_body = CASE WHEN has_token THEN '' ELSE text_body END, html_body = CASE WHEN has_token THEN '' ELSE html_body END \
        WHERE id = $2 AND state = $3";
    let values = [Reason::ByHand.kept().into(), id.into(), state.as_str().into()];
    Ok(tx.execute_raw(sql(tx, TEXT, values)).await?.rows_affected() > 0)
}

/// The outbox in figures (O3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Mails that wait or are being sent.
    pub waiting: i64,
    /// Mails that failed for good and were not deleted yet.
    pub failed: i64,
    /// When the oldest waiting one was queued.
    pub oldest: Option<DateTime<Utc>>,
}

/// The outbox in figures.
pub async fn figures(db: &impl ConnectionTrait) -> Result<Figures, StoreError> {
    const TEXT: &str = "SELECT COUNT(*), (SELECT COUNT(*) FROM mail_messages WHERE state = 'failed'), MIN(created_at) \
        FROM mail_messages WHERE state IN ('queued', 'sending')";
    let Some(row) = db.query_one_raw(sql(db, TEXT, [])).await? else {
        return Ok(Figures { waiting: 0, failed: 0, oldest: None });
    };
    Ok(Figures {
        waiting: row.try_get_by_index(0)?,
        failed: row.try_get_by_index(1)?,
        oldest: row.try_get_by_index::<Option<Millis>>(2)?.map(|at| at.0),
    })
}
