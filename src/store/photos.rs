//! Uploaded photos, re-encoded in two sizes (OP-3, U5).

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::entities::photo::{ActiveModel, Column, Entity};
use super::{Millis, StoreError, Tx, sql};

/// A photo to be kept.
#[derive(Clone, Debug)]
pub struct NewPhoto {
    /// Random name; never the uploaded file's.
    pub id: String,
    /// Whose it is.
    pub operator_id: i64,
    /// `image/jpeg` or `image/png`.
    pub mime: &'static str,
    /// 512 pixels square.
    pub large: Vec<u8>,
    /// 128 pixels square.
    pub small: Vec<u8>,
}

/// The two sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// 512 pixels square.
    Large,
    /// 128 pixels square.
    Small,
}

/// Kind and bytes of a photo whose operator is not deleted.
pub async fn find(db: &impl ConnectionTrait, id: &str, size: Size) -> Result<Option<(String, Vec<u8>)>, StoreError> {
    let column = match size {
        Size::Large => "large",
        Size::Small => "small",
    };
    let text = format!(
        "SELECT p.mime, p.{column} FROM photos p JOIN operators o ON o.id = p.operator_id WHERE p.id = $1 AND o.deleted_at IS NULL"
    );
    let Some(row) = db.query_one_raw(sql(db, text, [id.into()])).await? else {
        return Ok(None);
    };
    Ok(Some((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
}

/// Whether anybody may see a photo: that of an active operator in a department which a site offers (LA-4).
pub async fn is_public(db: &impl ConnectionTrait, id: &str) -> Result<bool, StoreError> {
    const TEXT: &str = "SELECT COUNT(*) FROM photos p JOIN operators o ON o.id = p.operator_id JOIN members m ON m.operator_id = o.id \
        JOIN site_departments s ON s.department_id = m.department_id \
        WHERE p.id = $1 AND o.deleted_at IS NULL AND o.activated_at IS NOT NULL AND o.suspended_at IS NULL";
    Ok(super::count(db, TEXT, [id.into()]).await? > 0)
}

/// Keeps a photo in place of the operator's former one.
pub async fn replace(tx: &Tx, new: NewPhoto, now: DateTime<Utc>) -> Result<(), StoreError> {
    remove(tx, new.operator_id).await?;
    let model = ActiveModel {
        id: Set(new.id),
        operator_id: Set(new.operator_id),
        mime: Set(new.mime.to_owned()),
        large: Set(new.large),
        small: Set(new.small),
        created_at: Set(Millis(now)),
    };
    Entity::insert(model).exec_without_returning(tx).await?;
    Ok(())
}

/// Removes the operator's photo.
pub async fn remove(tx: &Tx, operator_id: i64) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::OperatorId.eq(operator_id)).exec(tx).await?;
    Ok(())
}
