//! Onduty: who answers, for which department, at which hours, and why.
//!
//! The rooms, from the ground up: `domain`, `mail`, `security`, `i18n`, `clock` and `config` know nothing of the
//! ones above; `store` alone knows the database; `actions` are deeds, one verb one transaction; `web`, `api` and
//! `jobs` are three doors that never import each other; `app` builds everything. The README says more.
#![forbid(unsafe_code)]

pub mod actions;
pub mod api;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod error;
pub mod i18n;
pub mod jobs;
pub mod mail;
pub mod security;
pub mod store;
pub mod web;
