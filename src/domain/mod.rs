//! All rules of the product, pure: facts and an instant go in, answers come out.
//! No clock, no randomness, no database, no request ever gets in here.
//! It calls nothing of ours; every room above may call it.

pub mod absence;
pub mod api_key;
pub mod auto_reply;
pub mod availability;
pub mod backoff;
pub mod calendar;
pub mod channel;
pub mod contact_invitation;
pub mod country;
pub mod csv_table;
pub mod delivery;
pub mod department;
pub mod email;
pub mod field;
pub mod language;
mod language_names;
pub mod limits;
pub mod mail_text;
pub mod membership;
pub mod named;
pub mod number;
pub mod one_time_token;
pub mod operator;
pub mod operator_import;
pub mod password;
pub mod period;
pub mod permission;
pub mod query;
pub mod role;
pub mod routing;
pub mod run;
pub mod schedule;
pub mod settings;
pub mod signature;
pub mod site;
pub mod slug;
pub mod sound;
pub mod status;
pub mod status_time;
pub mod text;
pub mod throttle;
pub mod time_zone;
pub mod timetable;
pub mod user_agent;
pub mod visitor_hours;
