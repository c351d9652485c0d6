//! Everything seen from outside, in one binary: real requests against a whole application on its own database.
//!
//! SQLite by default. With `ONDUTY_TEST_POSTGRES` set to the address of an administrator's database, each test gets a
//! fresh PostgreSQL database instead; `tests/run` does both.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may stop at the first surprise"
)]

mod support;

mod absences;
mod api;
mod api_nouns;
mod audit;
mod auto_replies;
mod availability;
mod bulk;
mod calendars;
mod categories;
mod console;
mod contact;
mod departments;
mod deputies;
mod faults;
mod ground;
mod house;
mod import;
mod intake;
mod jobs;
mod kills;
mod languages;
mod live;
mod mail;
mod mail_folder;
mod notices;
mod now;
mod operators;
mod pages;
mod plans;
mod presence;
mod queries;
mod query_kills;
mod query_list;
mod query_pages;
mod reports;
mod roles;
mod routing;
mod schedules;
mod schema;
mod settings;
mod sign_in;
mod sites;
mod statuses;
mod templates;
mod ways;
