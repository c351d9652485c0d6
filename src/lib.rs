#![forbid(unsafe_code)]
pub mod config;
pub mod domain;
pub mod error;
pub mod i18n;
pub mod store;
