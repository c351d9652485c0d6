//! Statuses operators can wear (ST-1).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statuses")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// In the organisation's language.
    pub name: String,
    /// Folded name, unique.
    pub name_key: String,
    /// `#rrggbb`, in small letters.
    pub color: String,
    pub can_receive: bool,
    pub count_after_close: bool,
    pub position: i64,
    /// After so many minutes it ends by itself.
    pub max_minutes: Option<i64>,
    /// The status that follows then; none is the default offline one.
    pub return_status_id: Option<i64>,
    /// Who wears it may help out where they agreed to (QU-5); excludes receiving.
    pub invisible: bool,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
