//! The categories of closed queries (QU-6).

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::endpoint::Endpoint;
use super::request::{Caller, Json, Query, given};
use super::{ROOT, answer};
use crate::actions::{Ctx, categories, rights};
use crate::domain::api_key::Scope;
use crate::domain::category::RawCategory;
use crate::error::{AppError, Result};
use crate::store::categories::{self as rows, Category as Row};

/// What a closed query may have been about.
#[derive(Serialize, ToSchema)]
struct Category {
    /// Its id.
    id: i64,
    /// Its name in the organisation's language.
    name: String,
    /// Its name in other languages, by tag.
    name_texts: BTreeMap<String, String>,
    /// Its place, the first one being 1.
    position: i64,
}

/// A category to be added, last.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CategoryNew {
    /// Its name in the organisation's language, unique.
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// Its name in other languages, by tag.
    #[serde(default)]
    #[schema(required = false)]
    name_texts: BTreeMap<String, String>,
}

/// What is to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CategoryPatch {
    /// Its name in the organisation's language, unique.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 60)]
    name: Option<String>,
    /// All names in other languages from now on, by tag.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = BTreeMap<String, String>, required = false)]
    name_texts: Option<BTreeMap<String, String>>,
    /// Its place, the first one being 1; one beyond the last is the last.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 1)]
    position: Option<i64>,
}

/// The calls on categories.
pub fn endpoints() -> Vec<Endpoint> {
    let (read, write) = (Scope::QueriesRead, Scope::QueriesWrite);
    vec![
        Endpoint::new(Method::GET, "/categories", read, |route| route.to(list))
            .says("List categories", "By id; their order for people is `position`.")
            .lists::<Category>(),
        Endpoint::new(Method::POST, "/categories", write, |route| route.to(create))
            .says("Add a category", "It stands last.")
            .takes::<CategoryNew>()
            .creates::<Category>(),
        Endpoint::new(Method::GET, "/categories/{id}", read, |route| route.to(show)).says("Get a category", "").gives::<Category>(),
        Endpoint::new(Method::PATCH, "/categories/{id}", write, |route| route.to(change))
            .says("Change a category", "")
            .takes::<CategoryPatch>()
            .gives::<Category>(),
        Endpoint::new(Method::DELETE, "/categories/{id}", write, |route| route.to(delete))
            .says("Delete a category", "Queries that were classified under it keep their note."),
    ]
}

fn view(row: &Row) -> Category {
    Category { id: row.id, name: row.facts.name.clone(), name_texts: row.facts.name_texts.clone(), position: row.position }
}

async fn find(ctx: &Ctx, id: i64) -> Result<Row> {
    rows::all(ctx.store.read()).await?.into_iter().find(|row| row.id == id).ok_or(AppError::NotFound)
}

async fn list(ctx: Data<Ctx>, caller: Caller, query: Query) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewQueries>()?;
    let all = rows::all(ctx.store.read()).await?;
    answer::held_page(&query, &all, |row| row.id, view)
}

async fn create(ctx: Data<Ctx>, caller: Caller, Json(new): Json<CategoryNew>) -> Result<HttpResponse> {
    let right = caller.actor.may::<rights::ManageQueries>()?;
    let raw = RawCategory { name: Some(new.name), name_texts: Some(new.name_texts) };
    let id = categories::create(&ctx, right, &raw).await?;
    answer::created(format!("{ROOT}/categories/{id}"), &view(&find(&ctx, id).await?))
}

async fn show(request: HttpRequest, ctx: Data<Ctx>, caller: Caller, id: Path<i64>) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewQueries>()?;
    answer::one(&request, &view(&find(&ctx, *id).await?))
}

async fn change(
    request: HttpRequest,
    ctx: Data<Ctx>,
    caller: Caller,
    id: Path<i64>,
    Json(patch): Json<CategoryPatch>,
) -> Result<HttpResponse, actix_web::Error> {
    let right = caller.actor.may::<rights::ManageQueries>()?;
    let before = find(&ctx, *id).await?;
    let version = answer::if_match(&request, &view(&before))?.then_some(before.version);
    let raw = RawCategory { name: patch.name, name_texts: patch.name_texts };
    categories::change(&ctx, right, *id, version, &raw, patch.position).await?;
    Ok(answer::one(&request, &view(&find(&ctx, *id).await?))?)
}

async fn delete(request: HttpRequest, ctx: Data<Ctx>, caller: Caller, id: Path<i64>) -> Result<HttpResponse, actix_web::Error> {
    let right = caller.actor.may::<rights::ManageQueries>()?;
    let before = find(&ctx, *id).await?;
    let version = answer::if_match(&request, &view(&before))?.then_some(before.version);
    categories::delete(&ctx, right, *id, version).await?;
    Ok(answer::nothing())
}
