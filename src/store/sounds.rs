//! The sounds of operators' panels (PA-1).

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::entities::operator_sound::{ActiveModel, Column, Entity};
use super::{StoreError, Tx};
use crate::domain::sound::{Event, MUTED, Sounds, read};

/// What the panel of an operator sounds like.
pub async fn of_operator(db: &impl ConnectionTrait, operator_id: i64) -> Result<Sounds, StoreError> {
    let rows = Entity::find().filter(Column::OperatorId.eq(operator_id)).all(db).await?;
    let chosen = rows.iter().filter_map(|row| Some((Event::parse(&row.event)?, read(&row.sound).ok()?)));
    Ok(chosen.fold(Sounds::default(), |sounds, (event, sound)| sounds.with(event, sound)))
}

/// Writes what the panel of an operator sounds like; usual sounds are kept as nothing.
pub async fn save(tx: &Tx, operator_id: i64, sounds: &Sounds) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::OperatorId.eq(operator_id)).exec(tx).await?;
    let own = Event::ALL.into_iter().filter(|event| sounds.of(*event) != Some(event.usual()));
    let rows: Vec<ActiveModel> = own
        .map(|event| ActiveModel {
            operator_id: Set(operator_id),
            event: Set(event.as_str().to_owned()),
            sound: Set(sounds.of(event).map_or(MUTED, |sound| sound.as_str()).to_owned()),
        })
        .collect();
    if !rows.is_empty() {
        Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}
