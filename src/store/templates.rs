//! Mail texts that an organisation wrote itself; where there is none, the shipped text stands (MA-1).

use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};

use super::entities::mail_template::{ActiveModel, Column, Entity, Model};
use super::versions::{self, Counter};
use super::{StoreError, Tx};

/// A text of the organisation's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Subject with variables.
    pub subject: String,
    /// Body with variables.
    pub body: String,
    /// Version for stale edits; it never comes back, even after the text was reset.
    pub version: i64,
}

/// The organisation's own text of a kind of mail in a language, where there is one.
pub async fn find(db: &impl ConnectionTrait, kind: &str, language: &str) -> Result<Option<Text>, StoreError> {
    let found = Entity::find_by_id((kind.to_owned(), language.to_owned())).one(db).await?;
    Ok(found.map(|row| Text { subject: row.subject, body: row.body, version: row.version }))
}

/// The own text, which no other transaction changes until this one ends, even where there is none yet.
pub async fn find_for_change(tx: &Tx, kind: &str, language: &str) -> Result<Option<Text>, StoreError> {
    versions::touch(tx, Counter::Catalogue).await?;
    find(tx, kind, language).await
}

/// All own texts.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Model>, StoreError> {
    Ok(Entity::find().all(db).await?)
}

/// Keeps an own text and counts the catalogue up, whose counter becomes its version.
pub async fn save(tx: &Tx, kind: &str, language: &str, subject: &str, body: &str) -> Result<(), StoreError> {
    versions::touch(tx, Counter::Catalogue).await?;
    let row = ActiveModel {
        kind: Set(kind.to_owned()),
        language: Set(language.to_owned()),
        subject: Set(subject.to_owned()),
        body: Set(body.to_owned()),
        version: Set(versions::of(tx, Counter::Catalogue).await?),
    };
    let or_change =
        OnConflict::columns([Column::Kind, Column::Language]).update_columns([Column::Subject, Column::Body, Column::Version]).to_owned();
    Entity::insert(row).on_conflict(or_change).exec_without_returning(tx).await?;
    Ok(())
}

/// Forgets an own text, so that the shipped one stands again.
pub async fn reset(tx: &Tx, kind: &str, language: &str) -> Result<(), StoreError> {
    Entity::delete_by_id((kind.to_owned(), language.to_owned())).exec(tx).await?;
    versions::touch(tx, Counter::Catalogue).await
}
