//! Categories of closed queries (QU-6).

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entities::{category, category_name};
use super::{Millis, StoreError, Tx, sql};
use crate::domain::category::Category as Facts;
use crate::domain::text;

/// A category as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Id in the database; 0 before it is written.
    pub id: i64,
    /// What it is.
    pub facts: Facts,
    /// Its place, the first one being 1.
    pub position: i64,
    /// Version for stale edits (F-3).
    pub version: i64,
}

impl Category {
    /// Its name in a language, where one is told in it or in its base language; else the organisation's.
    pub fn name_in(&self, tag: &str) -> &str {
        let texts = &self.facts.name_texts;
        let base = tag.split('-').next().unwrap_or(tag);
        texts.get(tag).or_else(|| texts.get(base)).unwrap_or(&self.facts.name)
    }
}

/// All categories in their order.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Category>, StoreError> {
    let rows = category::Entity::find().order_by_asc(category::Column::Position).order_by_asc(category::Column::Id).all(db).await?;
    let mut names: HashMap<i64, BTreeMap<String, String>> = HashMap::new();
    for name in category_name::Entity::find().all(db).await? {
        names.entry(name.category_id).or_default().insert(name.tag, name.text);
    }
    let whole = |row: category::Model| Category {
        facts: Facts { name: row.name, name_texts: names.remove(&row.id).unwrap_or_default() },
        id: row.id,
        position: row.position,
        version: row.version,
    };
    Ok(rows.into_iter().map(whole).collect())
}

/// Whether there is such a category.
pub async fn exists(db: &impl ConnectionTrait, id: i64) -> Result<bool, StoreError> {
    Ok(category::Entity::find_by_id(id).one(db).await?.is_some())
}

/// A category by its name in the organisation's language, however it is written.
pub async fn by_name(db: &impl ConnectionTrait, name: &str) -> Result<Option<i64>, StoreError> {
    let found = category::Entity::find().filter(category::Column::NameKey.eq(text::fold(name.trim()))).one(db).await?;
    Ok(found.map(|row| row.id))
}

/// How many queries were classified under each category.
pub async fn uses(db: &impl ConnectionTrait) -> Result<HashMap<i64, u64>, StoreError> {
    super::counts(db, "SELECT category_id, COUNT(*) FROM queries WHERE category_id IS NOT NULL GROUP BY category_id").await
}

/// Adds a category and returns its id. Fault: `Taken("name")`.
pub async fn insert(tx: &Tx, new: &Category, now: DateTime<Utc>) -> Result<i64, StoreError> {
    let row = category::ActiveModel { id: NotSet, version: Set(1), created_at: Set(Millis(now)), ..columns(new, now) };
    let id = category::Entity::insert(row).exec(tx).await?.last_insert_id;
    write_names(tx, id, &new.facts).await?;
    Ok(id)
}

/// Writes a category whose version was checked, as its next version. Fault: `Taken("name")`.
pub async fn save(tx: &Tx, after: &Category, now: DateTime<Utc>) -> Result<(), StoreError> {
    columns(after, now).update(tx).await?;
    category_name::Entity::delete_many().filter(category_name::Column::CategoryId.eq(after.id)).exec(tx).await?;
    write_names(tx, after.id, &after.facts).await
}

/// Puts categories in this order, the first one at 1.
pub async fn place(tx: &Tx, ids: &[i64]) -> Result<(), StoreError> {
    for (place, id) in (1_i64..).zip(ids) {
        const TEXT: &str = "UPDATE categories SET position = $1, version = version + 1 WHERE id = $2 AND position <> $3";
        tx.execute_raw(sql(tx, TEXT, [place.into(), (*id).into(), place.into()])).await?;
    }
    Ok(())
}

/// Deletes a category; queries that were classified under it keep their note.
pub async fn delete(tx: &Tx, id: i64) -> Result<(), StoreError> {
    category::Entity::delete_by_id(id).exec(tx).await?;
    Ok(())
}

fn columns(category: &Category, now: DateTime<Utc>) -> category::ActiveModel {
    category::ActiveModel {
        id: Set(category.id),
        name: Set(category.facts.name.clone()),
        name_key: Set(text::fold(&category.facts.name)),
        position: Set(category.position),
        updated_at: Set(Millis(now)),
        version: Set(category.version + 1),
        ..Default::default()
    }
}

async fn write_names(tx: &Tx, id: i64, facts: &Facts) -> Result<(), StoreError> {
    let names = facts.name_texts.iter().map(|(tag, text)| category_name::ActiveModel {
        category_id: Set(id),
        tag: Set(tag.clone()),
        text: Set(text.clone()),
    });
    let names: Vec<_> = names.collect();
    if !names.is_empty() {
        category_name::Entity::insert_many(names).exec_without_returning(tx).await?;
    }
    Ok(())
}
