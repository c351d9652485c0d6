//! Statuses (ST-1 to ST-3); which one an operator wears is in `operator_status`.

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::endpoint::{Endpoint, whole};
use super::request::{Caller, Json, Query, given};
use super::{ROOT, answer};
use crate::actions::{Ctx, rights, statuses};
use crate::domain::api_key::Scope;
use crate::domain::number::number;
use crate::domain::status::RawStatus;
use crate::error::{AppError, Result};
use crate::store::catalogue::Catalogue;
use crate::store::statuses::Status as Row;

/// A status that operators wear.
#[derive(Serialize, ToSchema)]
struct Status {
    /// Names it everywhere in the API.
    id: i64,
    /// Its name in the organisation's language.
    #[schema(example = "On break")]
    name: String,
    /// Its name in other languages, by tag.
    #[schema(example = json!({"es": "En pausa"}))]
    name_texts: BTreeMap<String, String>,
    /// `#rrggbb`.
    #[schema(example = "#f59f00")]
    color: String,
    /// Whether who wears it receives.
    can_receive: bool,
    /// Whether time in it counts from the instant the last open dialog is closed; excludes `can_receive`.
    count_after_close: bool,
    /// Whether who wears it may be asked for help once a query has waited; excludes `can_receive`.
    invisible: bool,
    /// Its place, the first one being 1.
    position: i64,
    /// After so many minutes it ends by itself; `null` never.
    max_minutes: Option<i64>,
    /// Id of the status that follows then; `null` is the default offline one.
    return_status_id: Option<i64>,
}

/// A status to be added; it stands last where no `position` is given.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StatusNew {
    /// Its name in the organisation's language; unique.
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// Its name in other languages, by tag.
    #[serde(default)]
    #[schema(required = false)]
    name_texts: BTreeMap<String, String>,
    /// `#rrggbb`; grey where it is absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, pattern = "^#[0-9A-Fa-f]{6}$")]
    color: Option<String>,
    /// Whether who wears it receives.
    #[serde(default)]
    #[schema(required = false)]
    can_receive: bool,
    /// Whether time in it counts from the instant the last open dialog is closed; excludes `can_receive`.
    #[serde(default)]
    #[schema(required = false)]
    count_after_close: bool,
    /// Whether who wears it may be asked for help once a query has waited; excludes `can_receive`.
    #[serde(default)]
    #[schema(required = false)]
    invisible: bool,
    /// Its place, the first one being 1; one beyond the last is the last.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 1)]
    position: Option<i64>,
    /// After so many minutes it ends by itself; `null` never.
    #[serde(default)]
    #[schema(required = false, minimum = 1, maximum = 10080)]
    max_minutes: Option<i64>,
    /// Id of the status that follows then; `null` is the default offline one.
    #[serde(default)]
    #[schema(required = false, minimum = 1)]
    return_status_id: Option<i64>,
}

/// What is to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StatusPatch {
    /// Its name in the organisation's language; unique.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 60)]
    name: Option<String>,
    /// Its name in other languages, by tag; replaces all.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = BTreeMap<String, String>, required = false)]
    name_texts: Option<BTreeMap<String, String>>,
    /// `#rrggbb`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, pattern = "^#[0-9A-Fa-f]{6}$")]
    color: Option<String>,
    /// Whether who wears it receives.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    can_receive: Option<bool>,
    /// Whether time in it counts from the instant the last open dialog is closed; excludes `can_receive`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    count_after_close: Option<bool>,
    /// Whether who wears it may be asked for help once a query has waited; excludes `can_receive`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    invisible: Option<bool>,
    /// Its place, the first one being 1; one beyond the last is the last.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 1)]
    position: Option<i64>,
    /// After so many minutes it ends by itself; `null` never.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 10080)]
    max_minutes: Option<Option<i64>>,
    /// Id of the status that follows then; `null` is the default offline one.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 1)]
    return_status_id: Option<Option<i64>>,
}

/// The calls on statuses.
pub fn endpoints() -> Vec<Endpoint> {
    let (read, write) = (Scope::StatusesRead, Scope::StatusesWrite);
    vec![
        Endpoint::new(Method::GET, "/statuses", read, |route| route.to(list))
            .says("List statuses", "By id; their order for people is `position`.")
            .lists::<Status>(),
        Endpoint::new(Method::POST, "/statuses", write, |route| route.to(create))
            .says("Add a status", "")
            .takes::<StatusNew>()
            .creates::<Status>(),
        Endpoint::new(Method::GET, "/statuses/{id}", read, |route| route.to(show)).says("Get a status", "").gives::<Status>(),
        Endpoint::new(Method::PATCH, "/statuses/{id}", write, |route| route.to(change))
            .says("Change a status", "One that the settings name keeps receiving, or not receiving.")
            .takes::<StatusPatch>()
            .gives::<Status>(),
        Endpoint::new(Method::DELETE, "/statuses/{id}", write, |route| route.to(delete))
            .says("Delete a status", "Refused for one that the settings name and for the last one that receives.")
            .asks("replacement_id", "Id of the status that takes its place; needed where operators wear it.", whole(1, i64::MAX)),
    ]
}

fn view(row: &Row) -> Status {
    let facts = row.facts.clone();
    Status {
        id: row.id,
        name: facts.name,
        name_texts: facts.name_texts,
        color: facts.color.to_string(),
        can_receive: facts.can_receive,
        count_after_close: facts.count_after_close,
        invisible: facts.invisible,
        position: row.position,
        max_minutes: facts.max_minutes,
        return_status_id: facts.return_status_id,
    }
}

fn find(catalogue: &Catalogue, id: i64) -> Result<&Row> {
    catalogue.status(id).ok_or(AppError::NotFound)
}

async fn list(caller: Caller, query: Query) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewStatuses>()?;
    answer::held_page(&query, &caller.catalogue.statuses, |row| row.id, view)
}

/// A number or `null` as a form would send it.
fn typed(number: Option<i64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

async fn create(ctx: Data<Ctx>, caller: Caller, Json(new): Json<StatusNew>) -> Result<HttpResponse> {
    let right = caller.actor.may::<rights::ManageStatuses>()?;
    let raw = RawStatus {
        name: Some(new.name),
        name_texts: Some(new.name_texts),
        color: new.color,
        can_receive: Some(new.can_receive),
        count_after_close: Some(new.count_after_close),
        invisible: Some(new.invisible),
        max_minutes: Some(typed(new.max_minutes)),
        return_status_id: Some(typed(new.return_status_id)),
    };
    let position = new.position.map(place).transpose()?;
    let id = statuses::create(&ctx, right, &raw, position).await?;
    let catalogue = ctx.present_catalogue().await?;
    answer::created(format!("{ROOT}/statuses/{id}"), &view(find(&catalogue, id)?))
}

fn place(position: i64) -> Result<i64> {
    number(&position.to_string(), 1, i64::MAX).map_err(|fault| {
        let mut errors = crate::domain::field::FieldErrors::default();
        errors.add_fault("position", fault);
        AppError::Invalid(errors)
    })
}

async fn show(request: HttpRequest, caller: Caller, id: Path<i64>) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewStatuses>()?;
    answer::one(&request, &view(find(&caller.catalogue, *id)?))
}

async fn change(
    request: HttpRequest,
    ctx: Data<Ctx>,
    caller: Caller,
    id: Path<i64>,
    Json(patch): Json<StatusPatch>,
) -> Result<HttpResponse, actix_web::Error> {
    let right = caller.actor.may::<rights::ManageStatuses>()?;
    let before = find(&caller.catalogue, *id)?;
    let version = answer::if_match(&request, &view(before))?.then_some(before.version);
    let raw = RawStatus {
        name: patch.name,
        name_texts: patch.name_texts,
        color: patch.color,
        can_receive: patch.can_receive,
        count_after_close: patch.count_after_close,
        invisible: patch.invisible,
        max_minutes: patch.max_minutes.map(typed),
        return_status_id: patch.return_status_id.map(typed),
    };
    let position = patch.position.map(place).transpose()?;
    statuses::change(&ctx, right, *id, version, &raw, position).await?;
    let catalogue = ctx.present_catalogue().await?;
    Ok(answer::one(&request, &view(find(&catalogue, *id)?))?)
}

async fn delete(
    request: HttpRequest,
    ctx: Data<Ctx>,
    caller: Caller,
    id: Path<i64>,
    query: Query,
) -> Result<HttpResponse, actix_web::Error> {
    let right = caller.actor.may::<rights::ManageStatuses>()?;
    let before = find(&caller.catalogue, *id)?;
    let version = answer::if_match(&request, &view(before))?.then_some(before.version);
    let replacement = query.get("replacement_id").map(|id| id.parse().map_err(|_| AppError::field("replacement_id", "unknown_choice")));
    statuses::delete(&ctx, right, *id, version, replacement.transpose()?).await?;
    Ok(answer::nothing())
}
