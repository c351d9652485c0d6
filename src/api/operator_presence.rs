//! Who is there, and hours allowed beside the schedule (ST-5, ST-7, HR-4).

use actix_web::http::Method;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use chrono::DateTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer;
use super::endpoint::{Endpoint, text};
use super::operator_status::{WornStatus, put_on};
use super::request::{Caller, Json, Query};
use crate::actions::operators::{self, Beat};
use crate::actions::{Ctx, rights};
use crate::domain::api_key::Scope;
use crate::domain::limits;
use crate::error::{AppError, Result};
use crate::store::operators as rows;

/// A heartbeat.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Heartbeat {
    /// What the client calls itself; an operator may have several.
    #[schema(min_length = 1, max_length = 100, example = "desk-phone-7")]
    client: String,
    /// Whether the operator did anything since the heartbeat before; ends being away.
    #[serde(default = "yes")]
    #[schema(required = false, default = true)]
    active: bool,
}

fn yes() -> bool {
    true
}

/// How long hours are allowed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HoursOverride {
    /// First instant after them, within 7 days.
    #[schema(format = DateTime)]
    until: String,
}

/// Hours that somebody allowed beside the schedule.
#[derive(Serialize, ToSchema)]
struct AllowedHours {
    /// First instant.
    #[schema(format = DateTime)]
    from: String,
    /// First instant after them.
    #[schema(format = DateTime)]
    until: String,
    /// Name of who allowed them.
    allowed_by: String,
}

/// The calls on presence and allowed hours.
pub fn endpoints() -> Vec<Endpoint> {
    const PRESENCE: &str = "/operators/{id}/presence";
    const OVERRIDE: &str = "/operators/{id}/hours-override";
    let write = Scope::OperatorsWrite;
    vec![
        Endpoint::new(Method::PUT, PRESENCE, write, |route| route.to(beat))
            .says(
                "Send a heartbeat",
                "Without one for the time in the settings, who needs a live panel and receives goes offline by themselves. Every 30 seconds is \
                 often enough. Within the hours the first one brings online whom the program sent away.",
            )
            .takes::<Heartbeat>()
            .gives::<WornStatus>(),
        Endpoint::new(Method::DELETE, PRESENCE, write, |route| route.to(leave))
            .says("End a presence", "Changes nothing before the time in the settings is over.")
            .asks("client", "The client; without it, every program of the operator.", text(limits::CLIENT)),
        Endpoint::new(Method::PUT, OVERRIDE, write, |route| route.to(allow))
            .says("Allow hours beside the schedule", "From now until an instant; a call while they run moves their end.")
            .takes::<HoursOverride>()
            .gives::<AllowedHours>(),
        Endpoint::new(Method::DELETE, OVERRIDE, write, |route| route.to(end)).says("End allowed hours", "Nothing happens where none run."),
    ]
}

async fn beat(request: HttpRequest, ctx: Data<Ctx>, caller: Caller, id: Path<i64>, Json(beat): Json<Heartbeat>) -> Result<HttpResponse> {
    let right = caller.actor.may::<rights::ManageOperatorStatus>()?;
    let here = operators::beat_for(&ctx, right, *id, Beat { client: &beat.client, is_activity: beat.active }).await?;
    let catalogue = ctx.present_catalogue().await?;
    answer::one(&request, &put_on(&catalogue, &here))
}

async fn leave(ctx: Data<Ctx>, caller: Caller, id: Path<i64>, query: Query) -> Result<HttpResponse> {
    let right = caller.actor.may::<rights::ManageOperatorStatus>()?;
    operators::leave_for(&ctx, right, *id, query.get("client")).await?;
    Ok(answer::nothing())
}

async fn allow(
    request: HttpRequest,
    ctx: Data<Ctx>,
    caller: Caller,
    id: Path<i64>,
    Json(asked): Json<HoursOverride>,
) -> Result<HttpResponse> {
    let until = DateTime::parse_from_rfc3339(&asked.until).map_err(|_| AppError::field("until", "instant"))?;
    operators::allow_hours(&ctx, &caller.actor, *id, until.to_utc()).await?;
    let row = rows::find(ctx.store.read(), *id).await?.ok_or(AppError::NotFound)?;
    let allowed = row.allowed().ok_or_else(|| AppError::unexpected("the hours were not written"))?;
    let shown =
        AllowedHours { from: answer::instant(allowed.from), until: answer::instant(allowed.until), allowed_by: allowed.by.to_owned() };
    answer::one(&request, &shown)
}

async fn end(ctx: Data<Ctx>, caller: Caller, id: Path<i64>) -> Result<HttpResponse> {
    operators::end_hours(&ctx, &caller.actor, *id).await?;
    Ok(answer::nothing())
}
