//! Queuing mails: the row is written in the transaction of the deed it tells of (M1).

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::entities::mail_message::{ActiveModel, Column, Entity};
use super::{AT_ONCE, Millis, StoreError};
use crate::domain::auto_reply::Carried;

/// A mail to be sent.
#[derive(Clone, Debug)]
pub struct NewMail {
    /// UUIDv7 of the row.
    pub id: String,
    /// Which kind of mail.
    pub kind: &'static str,
    /// What makes a second row of the same mail impossible.
    pub dedup_key: String,
    /// Whom it is about.
    pub operator_id: Option<i64>,
    /// The link in it, re-checked before sending.
    pub token_id: Option<i64>,
    /// Address it goes to.
    pub to_address: String,
    /// Name it goes to.
    pub to_name: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text_body: String,
    /// The same as HTML.
    pub html_body: String,
    /// Language tag.
    pub language: String,
    /// Whether the body holds a live token, which hides and later wipes it (M2).
    pub has_token: bool,
    /// Stable over all tries, so that receivers can tell a repeat.
    pub message_id: String,
    /// What an automatic reply carries beside the rest (AB-7).
    pub reply: Option<Carried>,
}

/// Queues a mail for sending now.
pub async fn enqueue(db: &impl ConnectionTrait, new: NewMail, now: DateTime<Utc>) -> Result<(), StoreError> {
    Entity::insert(model(new, now)).exec_without_returning(db).await?;
    Ok(())
}

/// Those of these keys of which a mail was queued before.
pub async fn known(db: &impl ConnectionTrait, keys: &[String]) -> Result<HashSet<String>, StoreError> {
    let rows = Entity::find().select_only().column(Column::DedupKey).filter(Column::DedupKey.is_in(keys.iter().cloned()));
    Ok(rows.into_tuple::<String>().all(db).await?.into_iter().collect())
}

/// Queues many mails for sending now, in few statements.
pub async fn enqueue_many(db: &impl ConnectionTrait, new: Vec<NewMail>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut models = new.into_iter().map(|new| model(new, now)).peekable();
    while models.peek().is_some() {
        Entity::insert_many(models.by_ref().take(AT_ONCE)).exec_without_returning(db).await?;
    }
    Ok(())
}

fn model(new: NewMail, now: DateTime<Utc>) -> ActiveModel {
    ActiveModel {
        id: Set(new.id),
        kind: Set(new.kind.to_owned()),
        dedup_key: Set(new.dedup_key),
        operator_id: Set(new.operator_id),
        token_id: Set(new.token_id),
        to_address: Set(new.to_address),
        to_name: Set(new.to_name),
        subject: Set(new.subject),
        text_body: Set(new.text_body),
        html_body: Set(new.html_body),
        language: Set(new.language),
        has_token: Set(new.has_token),
        state: Set("queued".to_owned()),
        attempts: Set(0),
        available_at: Set(Millis(now)),
        message_id: Set(new.message_id),
        created_at: Set(Millis(now)),
        reply: Set(new.reply.as_ref().and_then(|carried| serde_json::to_string(carried).ok())),
        ..Default::default()
    }
}
