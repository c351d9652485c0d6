//! The door for browsers: the URL map, the shell, sessions, forms, flash messages and one file a noun.
//! It never decides a rule and never writes; reads go to the store, changes to one action each.
//! It may call actions, the store (reads), domain, security, i18n, the clock and the error.

pub mod assets;
pub mod csv;
pub mod errors;
pub mod faults;
pub mod flash;
pub mod form;
pub mod listing;
pub mod live;
pub mod session;
pub mod shell;
pub mod stale;
mod unsubscribe;
pub mod visit;

mod absences;
mod api_keys;
mod audit;
mod auto_replies;
mod calendars;
mod categories;
mod contact;
mod departments;
mod explain;
mod languages;
mod mail;
mod now;
mod operators;
mod panel;
mod photos;
mod profile;
mod queries;
mod reports;
mod roles;
mod schedules;
mod search;
mod settings;
mod sign_in;
mod sites;
mod statuses;
mod templates;

use std::path::PathBuf;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, Data, ServiceConfig};

use crate::actions::Ctx;
use crate::error::AppError;

/// What the pages are served with.
#[derive(Clone)]
pub struct Door {
    /// What deeds are done with.
    pub ctx: Arc<Ctx>,
    /// The static folder.
    pub static_dir: PathBuf,
}

/// Every address a browser may ask for.
pub fn routes(config: &mut ServiceConfig, door: &Door) {
    let sessions = session::Sessions(door.ctx.clone());
    config.service(assets::service(door.static_dir.clone()));
    contact::routes(config);
    unsubscribe::routes(config);
    config.service(
        web::scope("")
            .wrap(from_fn(visit::prepare))
            .wrap(session::middleware(&sessions))
            .wrap(from_fn(errors::door))
            .wrap(Compress::default())
            .configure(pages)
            .default_service(web::to(nothing_here)),
    );
}

fn pages(config: &mut ServiceConfig) {
    absences::routes(config);
    api_keys::routes(config);
    audit::routes(config);
    auto_replies::routes(config);
    calendars::routes(config);
    categories::routes(config);
    departments::routes(config);
    explain::routes(config);
    languages::routes(config);
    live::routes(config);
    mail::routes(config);
    now::routes(config);
    operators::routes(config);
    panel::routes(config);
    queries::routes(config);
    photos::routes(config);
    profile::routes(config);
    reports::routes(config);
    roles::routes(config);
    search::routes(config);
    schedules::routes(config);
    settings::routes(config);
    sign_in::routes(config);
    sites::routes(config);
    statuses::routes(config);
    templates::routes(config);
}

async fn nothing_here() -> Result<HttpResponse, AppError> {
    Err(AppError::NotFound)
}

/// After a change: look at this page (F-2).
pub fn see_other(there: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, there)).finish()
}

/// After a change: look at this page, which says this.
pub fn see_other_with(ctx: &Data<Ctx>, there: &str, flash: &flash::Flash) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, there)).cookie(flash.cookie(ctx)).finish()
}
