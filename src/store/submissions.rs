//! Forms already carried out: the second sending of a form does nothing (F-4).

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::entities::submission::{ActiveModel, Entity};
use super::{Millis, StoreError};

/// Where the first sending of this form led to, if there was one.
pub async fn find(db: &impl ConnectionTrait, id: &str) -> Result<Option<String>, StoreError> {
    Ok(Entity::find_by_id(id).one(db).await?.map(|submission| submission.location))
}

/// Notes where a form led to. Fault: `Taken("submission_id")` where somebody else was quicker.
pub async fn add(db: &impl ConnectionTrait, id: &str, location: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let model = ActiveModel { id: Set(id.to_owned()), location: Set(location.to_owned()), created_at: Set(Millis(now)) };
    Entity::insert(model).exec_without_returning(db).await?;
    Ok(())
}
