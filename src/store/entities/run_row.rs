//! What becomes of each row of a run: the report.

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "run_rows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub run_id: String,
    /// Line of the file, or place in the selection.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line: i64,
    pub operator_id: Option<i64>,
    /// As it was when the row was made; it stays when the operator is deleted.
    pub name: String,
    pub email: String,
    pub outcome: String,
    /// Faults and changes as JSON; empty where there are none.
    pub detail: String,
}

impl ActiveModelBehavior for ActiveModel {}
