//! Statuses (ST-1). Pages read them from the catalogue; this is for changes.

use std::collections::{BTreeMap, HashMap};

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

use super::entities::{status, status_name};
use super::versions::{self, Counter};
use super::{StoreError, Tx, sql};
use crate::domain::status::{Color, Status as Facts};
use crate::domain::text;

/// A status as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Id in the database; 0 before it is written.
    pub id: i64,
    /// What it is.
    pub facts: Facts,
    /// Its place, the first one being 1.
    pub position: i64,
    /// Version for stale edits (F-3).
    pub version: i64,
}

impl Status {
    /// Its name in a language, where one is told in it or in its base language; else the organisation's.
    pub fn name_in(&self, tag: &str) -> &str {
        let texts = &self.facts.name_texts;
        let base = tag.split('-').next().unwrap_or(tag);
        texts.get(tag).or_else(|| texts.get(base)).unwrap_or(&self.facts.name)
    }
}

/// All statuses in their order.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Status>, StoreError> {
    let rows = status::Entity::find().order_by_asc(status::Column::Position).order_by_asc(status::Column::Id).all(db).await?;
    let mut names: HashMap<i64, BTreeMap<String, String>> = HashMap::new();
    for name in status_name::Entity::find().all(db).await? {
        names.entry(name.status_id).or_default().insert(name.tag, name.text);
    }
    rows.into_iter().map(|row| whole(names.remove(&row.id).unwrap_or_default(), row)).collect()
}

/// Adds a status and returns its id. Fault: `Taken("name")`.
pub async fn insert(tx: &Tx, new: &Status) -> Result<i64, StoreError> {
    let row = status::ActiveModel { id: NotSet, version: Set(1), ..columns(new) };
    let id = status::Entity::insert(row).exec(tx).await?.last_insert_id;
    write_names(tx, id, &new.facts).await?;
    versions::touch(tx, Counter::Catalogue).await?;
    Ok(id)
}

/// Writes a status whose version was checked, as its next version. Fault: `Taken("name")`.
pub async fn save(tx: &Tx, after: &Status) -> Result<(), StoreError> {
    columns(after).update(tx).await?;
    status_name::Entity::delete_many().filter(status_name::Column::StatusId.eq(after.id)).exec(tx).await?;
    write_names(tx, after.id, &after.facts).await?;
    versions::touch(tx, Counter::Catalogue).await
}

/// Puts statuses in this order, the first one at 1.
pub async fn place(tx: &Tx, ids: &[i64]) -> Result<(), StoreError> {
    for (place, id) in (1_i64..).zip(ids) {
        const TEXT: &str = "UPDATE statuses SET position = $1, version = version + 1 WHERE id = $2 AND position <> $3";
        tx.execute_raw(sql(tx, TEXT, [place.into(), (*id).into(), place.into()])).await?;
    }
    versions::touch(tx, Counter::Catalogue).await
}

/// Deletes a status that nobody wears any more; those that returned to it return to `instead`, or to the default offline one.
pub async fn delete(tx: &Tx, id: i64, instead: Option<i64>) -> Result<(), StoreError> {
    const MOVE_ON: &str = "UPDATE statuses SET return_status_id = CASE WHEN id = $1 THEN NULL ELSE $2 END, version = version + 1 \
        WHERE return_status_id = $3";
    tx.execute_raw(sql(tx, MOVE_ON, [instead.unwrap_or_default().into(), instead.into(), id.into()])).await?;
    const FORGET: &str = "UPDATE operators SET status_return_id = $1 WHERE status_return_id = $2";
    tx.execute_raw(sql(tx, FORGET, [instead.into(), id.into()])).await?;
    status::Entity::delete_by_id(id).exec(tx).await?;
    versions::touch(tx, Counter::Catalogue).await
}

fn whole(name_texts: BTreeMap<String, String>, row: status::Model) -> Result<Status, StoreError> {
    let color = Color::parse(&row.color).map_err(|fault| DbErr::Type(format!("a status cannot be read: {}", fault.code)))?;
    let facts = Facts {
        name: row.name,
        name_texts,
        color,
        can_receive: row.can_receive,
        count_after_close: row.count_after_close,
        max_minutes: row.max_minutes,
        return_status_id: row.return_status_id,
        invisible: row.invisible,
    };
    Ok(Status { id: row.id, facts, position: row.position, version: row.version })
}

fn columns(status: &Status) -> status::ActiveModel {
    let facts = &status.facts;
    status::ActiveModel {
        id: Set(status.id),
        name: Set(facts.name.clone()),
        name_key: Set(text::fold(&facts.name)),
        color: Set(facts.color.to_string()),
        can_receive: Set(facts.can_receive),
        count_after_close: Set(facts.count_after_close),
        position: Set(status.position),
        max_minutes: Set(facts.max_minutes),
        return_status_id: Set(facts.return_status_id),
        invisible: Set(facts.invisible),
        version: Set(status.version + 1),
    }
}

async fn write_names(tx: &Tx, id: i64, facts: &Facts) -> Result<(), StoreError> {
    let names = facts.name_texts.iter().map(|(tag, text)| status_name::ActiveModel {
        status_id: Set(id),
        tag: Set(tag.clone()),
        text: Set(text.clone()),
    });
    let names: Vec<_> = names.collect();
    if !names.is_empty() {
        status_name::Entity::insert_many(names).exec_without_returning(tx).await?;
    }
    Ok(())
}
