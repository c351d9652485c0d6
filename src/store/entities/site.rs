//! Visitor-facing sites (LA-3).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sites")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub name_key: String,
    /// Names of sources with commas between.
    pub language_order: String,
    /// A JSON list of `{kind, value, language}`.
    pub url_rules: String,
    /// A JSON object of tags by country.
    pub countries: String,
    pub fixed: Option<String>,
    /// A JSON object of what visitors read while nobody receives, by tag; absent is the usual text (QU-4).
    pub message_texts: Option<String>,
    /// Whether the site takes messages while nobody receives.
    pub message_mode: bool,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
