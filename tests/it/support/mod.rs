//! What the tests stand on: an application, a browser that follows labels, a mailbox and a mail server.
//! Nothing here knows a page; it only knows how people use pages.
#![allow(dead_code, unused_imports, reason = "each test uses a part of it")]

pub mod api;
pub mod app;
pub mod browser;
pub mod database;
pub mod duty;
pub mod form;
pub mod log;
pub mod mailbox;
pub mod process;
pub mod smtp_sink;

pub use api::Api;
pub use app::{NOON, PASSWORD, TestApp};
pub use browser::{Browser, Page};
pub use database::Database;
pub use mailbox::{Mail, Mailbox};
