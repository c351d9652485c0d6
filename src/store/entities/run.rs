//! Long work that somebody asked for: bulk deeds and imports (OP-8).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "runs")]
pub struct Model {
    /// UUIDv7, part of the address of its page.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub kind: String,
    pub state: String,
    /// Who asked for it, and alone may see it.
    pub operator_id: i64,
    /// Network address the request came from, for the audit log.
    pub address: String,
    pub request_id: String,
    /// What is to be done, as JSON.
    pub options: String,
    /// Rows of the present stage.
    pub total: i64,
    /// Rows of it that are through.
    pub done: i64,
    /// Why it stopped, or what to look at.
    pub note: Option<String>,
    /// Of the plan that was shown, so that nothing else is carried out.
    pub digest: Option<String>,
    /// How often somebody began the present stage.
    pub attempts: i64,
    /// Counts every claim, so that whoever lost one notices.
    pub fence: i64,
    pub lease_until: Option<Millis>,
    pub created_at: Millis,
}

impl ActiveModelBehavior for ActiveModel {}
