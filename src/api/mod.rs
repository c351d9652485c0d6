//! The door for programs: the JSON API of version 1, its keys, its limits, its problems and its description.
//! It never decides a rule, never writes past an action and knows no page, cookie or session (P7).
//! It may call actions, the store (reads, and what the door itself keeps of keys and answers), domain, security, i18n, the clock and the error.

mod answer;
mod availability;
mod calls;
mod door;
mod endpoint;
mod idempotency;
mod keys;
mod openapi;
mod problem;
mod request;

mod absences;
mod auto_replies;
mod categories;
mod departments;
mod holidays;
mod languages;
mod members;
mod operator_presence;
mod operator_status;
mod operators;
mod queries;
mod reports;
mod roles;
mod schedules;
mod settings;
mod sites;
mod statuses;
mod visitors;

use std::sync::LazyLock;

use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, ServiceConfig};

pub use availability::Cache as Answers;
pub use calls::Calls;
use endpoint::Endpoint;

use crate::error::AppError;

/// Where all of it stands.
const ROOT: &str = "/api/v1";

/// Every call there is. Each is registered, guarded by its scope and described by the same line, so that the
/// description cannot differ from what is served (P1).
static ENDPOINTS: LazyLock<Vec<Endpoint>> = LazyLock::new(|| {
    let mut all = vec![openapi::endpoint()];
    all.extend(operators::endpoints());
    all.extend(operator_status::endpoints());
    all.extend(operator_presence::endpoints());
    all.extend(availability::endpoints());
    all.extend(roles::endpoints());
    all.extend(auto_replies::endpoints());
    all.extend(departments::endpoints());
    all.extend(members::endpoints());
    all.extend(absences::endpoints());
    all.extend(categories::endpoints());
    all.extend(languages::endpoints());
    all.extend(schedules::endpoints());
    all.extend(queries::endpoints());
    all.extend(reports::endpoints());
    all.extend(holidays::endpoints());
    all.extend(settings::endpoints());
    all.extend(sites::endpoints());
    all.extend(statuses::endpoints());
    all.extend(visitors::endpoints());
    all
});

/// Everything under `/api/v1`; `calls` and `answers` are shared by all workers of a node.
pub fn routes(config: &mut ServiceConfig, calls: &Data<Calls>, answers: &Data<Answers>) {
    let mut scope = web::scope(ROOT).app_data(calls.clone()).app_data(answers.clone()).wrap(from_fn(door::door));
    for resource in endpoint::resources(&ENDPOINTS) {
        scope = scope.service(resource);
    }
    config.service(scope.default_service(web::to(nothing_here)));
}

async fn nothing_here() -> Result<&'static str, AppError> {
    Err(AppError::NotFound)
}
