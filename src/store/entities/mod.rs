//! One dense entity a table; nothing but columns lives here.
//! No entity names a parent's children, so there is no circle inside the store.
//! Only files of the store use them to write; pages may read their models.
#![allow(missing_docs, reason = "a column is explained where it needs it; the rest is in the migration")]

/// What every entity needs.
mod prelude {
    pub use sea_orm::entity::prelude::*;

    /// An instant in UTC, kept as unix milliseconds.
    pub use sea_orm::prelude::ChronoUnixTimestampMillis as Millis;
}

pub mod absence;
pub mod absence_text;
pub mod api_key;
pub mod audit_entry;
pub mod auto_reply;
pub mod calendar;
pub mod calendar_entry;
pub mod category;
pub mod category_name;
pub mod contact_message;
pub mod department;
pub mod department_channel;
pub mod department_name;
pub mod device;
pub mod dialog;
pub mod idempotency_key;
pub mod job;
pub mod job_position;
pub mod language;
pub mod mail_breaker;
pub mod mail_message;
pub mod mail_template;
pub mod member;
pub mod one_time_token;
pub mod operator;
pub mod operator_language;
pub mod operator_notice;
pub mod operator_reply_text;
pub mod operator_sound;
pub mod operator_word;
pub mod organisation;
pub mod photo;
pub mod presence;
pub mod query;
pub mod query_event;
pub mod query_offer;
pub mod role;
pub mod role_permission;
pub mod run;
pub mod run_file;
pub mod run_row;
pub mod schedule;
pub mod schedule_exception;
pub mod session;
pub mod sign_in_failure;
pub mod site;
pub mod site_department;
pub mod site_host;
pub mod status;
pub mod status_change;
pub mod status_name;
pub mod submission;
pub mod suppressed_address;
pub mod version;
pub mod watch;
pub mod work;
