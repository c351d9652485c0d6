//! Languages of the organisation (LA-1). Pages read them from the catalogue; this is for changes.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder};

use super::entities::language::{ActiveModel, Column, Entity};
use super::versions::{self, Counter};
use super::{StoreError, Tx, sql};

pub use super::entities::language::Model as Language;

/// A language by its tag.
pub async fn find(db: &impl ConnectionTrait, tag: &str) -> Result<Option<Language>, StoreError> {
    Ok(Entity::find_by_id(tag).one(db).await?)
}

/// All languages in their order.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Language>, StoreError> {
    Ok(Entity::find().order_by_asc(Column::Position).order_by_asc(Column::Tag).all(db).await?)
}

/// How many operators assist in each language; languages without any are absent.
pub async fn assistants(db: &impl ConnectionTrait) -> Result<HashMap<String, u64>, StoreError> {
    const TEXT: &str = "SELECT l.tag, COUNT(*) FROM operator_languages l JOIN operators o ON o.id = l.operator_id \
        WHERE o.deleted_at IS NULL GROUP BY l.tag";
    super::counts(db, TEXT).await
}

/// Up to `limit` operators who assist in a language, by name: id and name.
pub async fn assistants_of(db: &impl ConnectionTrait, tag: &str, limit: u64) -> Result<Vec<(i64, String)>, StoreError> {
    const TEXT: &str = "SELECT o.id, o.name FROM operator_languages l JOIN operators o ON o.id = l.operator_id \
        WHERE l.tag = $1 AND o.deleted_at IS NULL ORDER BY o.name_key, o.id LIMIT $2";
    let rows = db.query_all_raw(sql(db, TEXT, [tag.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()])).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// How many operators assist in this language, and for how many of them it is the only one.
pub async fn dependence(db: &impl ConnectionTrait, tag: &str) -> Result<(u64, u64), StoreError> {
    const TEXT: &str = "SELECT COUNT(*), COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM operator_languages m \
        WHERE m.operator_id = l.operator_id AND m.tag <> l.tag) THEN 0 ELSE 1 END), 0) \
        FROM operator_languages l JOIN operators o ON o.id = l.operator_id WHERE l.tag = $1 AND o.deleted_at IS NULL";
    let Some(row) = db.query_one_raw(sql(db, TEXT, [tag.into()])).await? else { return Ok((0, 0)) };
    let (all, only): (i64, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    Ok((all.unsigned_abs(), only.unsigned_abs()))
}

/// How many job positions are written in this language (OP-4).
pub async fn job_positions(db: &impl ConnectionTrait, tag: &str) -> Result<u64, StoreError> {
    super::count(db, "SELECT COUNT(*) FROM job_positions WHERE tag = $1", [tag.into()]).await
}

/// Adds a language.
pub async fn create(tx: &Tx, language: Language) -> Result<(), StoreError> {
    Entity::insert(ActiveModel::from(language)).exec_without_returning(tx).await?;
    versions::touch(tx, Counter::Catalogue).await
}

/// Writes languages whose versions were checked; each gets its next version.
pub async fn change(tx: &Tx, languages: &[Language]) -> Result<(), StoreError> {
    for language in languages {
        let row = ActiveModel {
            tag: Set(language.tag.clone()),
            name: Set(language.name.clone()),
            native_name: Set(language.native_name.clone()),
            enabled: Set(language.enabled),
            position: Set(language.position),
            version: Set(language.version + 1),
        };
        row.update(tx).await?;
    }
    versions::touch(tx, Counter::Catalogue).await
}

/// How many names of departments are written in this language.
pub async fn department_names(db: &impl ConnectionTrait, tag: &str) -> Result<u64, StoreError> {
    super::count(db, "SELECT COUNT(*) FROM department_names WHERE tag = $1", [tag.into()]).await
}

/// Deletes a language that no site names any more, and takes it, the job positions, the texts of automatic replies and the names of
/// departments, statuses and categories written in it from all who have them; their versions move on. Operators get the replacement in its place, unless they have it already.
pub async fn delete(tx: &Tx, tag: &str, replacement: Option<&str>, now: DateTime<Utc>) -> Result<(), StoreError> {
    const MOVE_ON: &str = "UPDATE operators SET version = version + 1, updated_at = $1 WHERE id IN \
        (SELECT operator_id FROM operator_languages WHERE tag = $2 UNION SELECT operator_id FROM job_positions WHERE tag = $3)";
    tx.execute_raw(sql(tx, MOVE_ON, [now.timestamp_millis().into(), tag.into(), tag.into()])).await?;
    if let Some(replacement) = replacement {
        const MOVE: &str = "UPDATE operator_languages SET tag = $1 WHERE tag = $2 AND NOT EXISTS \
            (SELECT 1 FROM operator_languages o WHERE o.operator_id = operator_languages.operator_id AND o.tag = $3)";
        tx.execute_raw(sql(tx, MOVE, [replacement.into(), tag.into(), replacement.into()])).await?;
    }
    tx.execute_raw(sql(tx, "DELETE FROM operator_languages WHERE tag = $1", [tag.into()])).await?;
    tx.execute_raw(sql(tx, "DELETE FROM job_positions WHERE tag = $1", [tag.into()])).await?;
    const RENAMED: &str = "UPDATE departments SET version = version + 1, updated_at = $1 WHERE id IN \
        (SELECT department_id FROM department_names WHERE tag = $2)";
    tx.execute_raw(sql(tx, RENAMED, [now.timestamp_millis().into(), tag.into()])).await?;
    tx.execute_raw(sql(tx, "DELETE FROM department_names WHERE tag = $1", [tag.into()])).await?;
    const STATUSES: &str = "UPDATE statuses SET version = version + 1 WHERE id IN (SELECT status_id FROM status_names WHERE tag = $1)";
    tx.execute_raw(sql(tx, STATUSES, [tag.into()])).await?;
    tx.execute_raw(sql(tx, "DELETE FROM status_names WHERE tag = $1", [tag.into()])).await?;
    for table in ["absence_texts", "operator_reply_texts", "category_names"] {
        tx.execute_raw(sql(tx, format!("DELETE FROM {table} WHERE tag = $1"), [tag.into()])).await?;
    }
    Entity::delete_by_id(tag).exec(tx).await?;
    versions::touch(tx, Counter::Operators).await?;
    versions::touch(tx, Counter::Catalogue).await
}
