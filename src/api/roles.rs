//! Roles and what they may do (RO-1, RO-2).

use actix_web::http::Method;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Array, ArrayBuilder, ObjectBuilder, Type};

use super::endpoint::Endpoint;
use super::request::{Caller, Json, Query, given};
use super::{ROOT, answer};
use crate::actions::roles::{self, NewRole, RoleChange};
use crate::actions::{Ctx, rights};
use crate::domain::api_key::Scope;
use crate::domain::permission::Permission;
use crate::error::{AppError, Result};
use crate::store::catalogue::{Catalogue, Role as Row};

/// A role.
#[derive(Serialize, ToSchema)]
struct Role {
    /// Names it everywhere in the API; it never changes.
    #[schema(example = "supervisor")]
    slug: String,
    /// Its name for people.
    name: String,
    /// What it may do, by stable names.
    permissions: Vec<&'static str>,
    /// Whether it is one of the four that always exist and cannot be changed.
    built_in: bool,
}

/// A role to be created.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RoleNew {
    /// Its name, unique among roles.
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// What it may do; `manage` holds `view`.
    #[schema(schema_with = permissions)]
    permissions: Vec<String>,
}

/// What is to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RolePatch {
    /// Its name, unique among roles.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 60)]
    name: Option<String>,
    /// All it may do from now on; those who wear it sign in anew.
    #[serde(default, deserialize_with = "given")]
    #[schema(schema_with = permissions, required = false)]
    permissions: Option<Vec<String>>,
}

fn permissions() -> Array {
    let names = Permission::ALL.iter().map(|permission| permission.as_str());
    ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names))).build()
}

/// The calls on roles.
pub fn endpoints() -> Vec<Endpoint> {
    let (read, write) = (Scope::RolesRead, Scope::RolesWrite);
    vec![
        Endpoint::new(Method::GET, "/roles", read, |route| route.to(list)).says("List roles", "The built-in ones first.").lists::<Role>(),
        Endpoint::new(Method::POST, "/roles", write, |route| route.to(create))
            .says("Create a role", "A key may give a role every permission but `owners.manage`.")
            .takes::<RoleNew>()
            .creates::<Role>(),
        Endpoint::new(Method::GET, "/roles/{slug}", read, |route| route.to(show)).says("Get a role", "").gives::<Role>(),
        Endpoint::new(Method::PATCH, "/roles/{slug}", write, |route| route.to(change))
            .says("Change a role", "Built-in roles stay as they are.")
            .takes::<RolePatch>()
            .gives::<Role>(),
        Endpoint::new(Method::DELETE, "/roles/{slug}", write, |route| route.to(delete))
            .says("Delete a role", "Refused for built-in roles and for one that operators wear."),
    ]
}

fn view(row: &Row) -> Role {
    let permissions = row.permissions.iter().map(Permission::as_str).collect();
    Role { slug: row.slug.clone(), name: row.name.clone(), permissions, built_in: row.built_in }
}

fn find<'a>(catalogue: &'a Catalogue, slug: &str) -> Result<&'a Row> {
    catalogue.role_by_slug(slug).ok_or(AppError::NotFound)
}

async fn list(caller: Caller, query: Query) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewRoles>()?;
    answer::held_page(&query, &caller.catalogue.roles, |row| row.id, view)
}

async fn create(ctx: Data<Ctx>, caller: Caller, Json(new): Json<RoleNew>) -> Result<HttpResponse> {
    let right = caller.actor.may::<rights::ManageRoles>()?;
    let new = NewRole { name: new.name, copy_from: None, permissions: new.permissions };
    let id = roles::create(&ctx, right, new).await?;
    let catalogue = ctx.present_catalogue().await?;
    let role = catalogue.role(id).ok_or(AppError::NotFound)?;
    answer::created(format!("{ROOT}/roles/{}", role.slug), &view(role))
}

async fn show(request: HttpRequest, caller: Caller, slug: Path<String>) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewRoles>()?;
    answer::one(&request, &view(find(&caller.catalogue, &slug)?))
}

async fn change(
    request: HttpRequest,
    ctx: Data<Ctx>,
    caller: Caller,
    slug: Path<String>,
    Json(patch): Json<RolePatch>,
) -> Result<HttpResponse, actix_web::Error> {
    let right = caller.actor.may::<rights::ManageRoles>()?;
    let before = find(&caller.catalogue, &slug)?;
    let version = answer::if_match(&request, &view(before))?.then_some(before.version);
    let change = RoleChange { name: patch.name, permissions: patch.permissions };
    roles::change(&ctx, right, before.id, version, change).await?;
    let catalogue = ctx.present_catalogue().await?;
    Ok(answer::one(&request, &view(find(&catalogue, &slug)?))?)
}

async fn delete(request: HttpRequest, ctx: Data<Ctx>, caller: Caller, slug: Path<String>) -> Result<HttpResponse, actix_web::Error> {
    let right = caller.actor.may::<rights::ManageRoles>()?;
    let role = find(&caller.catalogue, &slug)?;
    let version = answer::if_match(&request, &view(role))?.then_some(role.version);
    roles::delete(&ctx, right, role.id, version).await?;
    Ok(answer::nothing())
}
