//! What operators are told of by mail (NO-1).

use std::collections::HashMap;

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::entities::operator_notice::{ActiveModel, Column, Entity, Model};
use super::{StoreError, Tx};
use crate::domain::notice::{Event, Notices, When};

/// What an operator is told of.
pub async fn of_operator(db: &impl ConnectionTrait, operator_id: i64) -> Result<Notices, StoreError> {
    let rows = Entity::find().filter(Column::OperatorId.eq(operator_id)).all(db).await?;
    Ok(rows.iter().fold(Notices::default(), with))
}

/// What everybody is told of; whoever is told of nothing is absent.
pub async fn all(db: &impl ConnectionTrait) -> Result<HashMap<i64, Notices>, StoreError> {
    let mut found: HashMap<i64, Notices> = HashMap::new();
    for row in Entity::find().all(db).await? {
        let notices = found.entry(row.operator_id).or_default();
        *notices = with(*notices, &row);
    }
    Ok(found)
}

fn with(notices: Notices, row: &Model) -> Notices {
    Event::parse(&row.event).map_or(notices, |event| notices.with(event, When::parse(&row.chosen)))
}

/// Writes what an operator is told of.
pub async fn save(tx: &Tx, operator_id: i64, notices: &Notices) -> Result<(), StoreError> {
    let known = Event::ALL.map(Event::as_str);
    Entity::delete_many().filter(Column::OperatorId.eq(operator_id)).filter(Column::Event.is_in(known)).exec(tx).await?;
    let rows: Vec<ActiveModel> = Event::ALL
        .into_iter()
        .filter_map(|event| Some((event, notices.of(event)?)))
        .map(|(event, when)| ActiveModel {
            operator_id: Set(operator_id),
            event: Set(event.as_str().to_owned()),
            chosen: Set(when.as_str().to_owned()),
        })
        .collect();
    if !rows.is_empty() {
        Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}
