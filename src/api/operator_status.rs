//! The status an operator wears (ST-4, ST-8).

use actix_web::http::Method;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer;
use super::endpoint::Endpoint;
use super::request::{Caller, Json};
use crate::actions::{Ctx, operators, rights};
use crate::domain::api_key::Scope;
use crate::domain::status::Worn;
use crate::error::{AppError, Result};
use crate::store::catalogue::Catalogue;
use crate::store::operators::{self as rows, Operator as Row};

/// The status an operator wears.
#[derive(Serialize, ToSchema)]
pub struct WornStatus {
    /// Id of the status.
    id: i64,
    /// Its name in the organisation's language.
    #[schema(example = "Online")]
    name: String,
    /// `#rrggbb`.
    color: String,
    /// Whether who wears it receives.
    can_receive: bool,
    /// Since when it is worn.
    #[schema(format = DateTime)]
    since: String,
    /// Until when, where it was put on for a time; then the former one returns.
    #[schema(format = DateTime)]
    until: Option<String>,
    /// `start`, `self`, `supervisor`, `api`, `schedule`, `no_session`, `no_answer`, `idle`, `max_duration`, `return` or `replacement`.
    #[schema(example = "self")]
    cause: &'static str,
}

/// A switch.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StatusSwitch {
    /// Id of the status to wear.
    #[schema(minimum = 1)]
    status_id: i64,
    /// Until when, within a year; after it the former status returns. `null` until the next switch.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false, format = DateTime)]
    until: Option<String>,
}

/// The calls on the status of an operator.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Method::PUT, "/operators/{id}/status", Scope::OperatorsWrite, |route| route.to(switch))
            .says("Switch an operator's status", "A switch to what is worn already changes nothing and is not logged.")
            .takes::<StatusSwitch>()
            .gives::<WornStatus>(),
    ]
}

/// What an operator wears at an instant.
pub fn worn(catalogue: &Catalogue, row: &Row, now: DateTime<Utc>) -> WornStatus {
    put_on(catalogue, &catalogue.worn(row, now))
}

/// A status as it is worn.
pub fn put_on(catalogue: &Catalogue, worn: &Worn) -> WornStatus {
    let facts = catalogue.status(worn.status_id).map(|status| status.facts.clone()).unwrap_or_default();
    WornStatus {
        id: worn.status_id,
        name: facts.name,
        color: facts.color.to_string(),
        can_receive: facts.can_receive,
        since: answer::instant(worn.since),
        until: worn.until.map(answer::instant),
        cause: worn.cause.as_str(),
    }
}

async fn switch(
    request: HttpRequest,
    ctx: Data<Ctx>,
    caller: Caller,
    id: Path<i64>,
    Json(asked): Json<StatusSwitch>,
) -> Result<HttpResponse> {
    let right = caller.actor.may::<rights::ManageOperatorStatus>()?;
    let until = asked.until.as_deref().map(|text| DateTime::parse_from_rfc3339(text).map(|at| at.to_utc()));
    let until = until.transpose().map_err(|_| AppError::field("until", "instant"))?;
    operators::switch_other(&ctx, right, *id, asked.status_id, until).await?;
    let row = rows::find(ctx.store.read(), *id).await?.ok_or(AppError::NotFound)?;
    let catalogue = ctx.present_catalogue().await?;
    answer::one(&request, &worn(&catalogue, &row, ctx.now()))
}
