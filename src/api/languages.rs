//! The languages of the organisation (LA-1).

use actix_web::http::Method;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::endpoint::{Endpoint, one_of, text};
use super::request::{Caller, Json, Query, given};
use super::{ROOT, answer};
use crate::actions::languages::{self, LanguageChange, NewLanguage, Removal};
use crate::actions::{Ctx, rights};
use crate::domain::api_key::Scope;
use crate::error::{AppError, Result};
use crate::store::catalogue::{Catalogue, Language as Row};

/// A language that operators may assist in.
#[derive(Serialize, ToSchema)]
struct Language {
    /// BCP 47 tag in canonical case.
    #[schema(example = "es-MX")]
    tag: String,
    /// Its name in the organisation's language.
    name: String,
    /// What its speakers call it.
    native_name: String,
    /// Whether operators and customers may choose it.
    enabled: bool,
    /// Its place, the first one being 1.
    position: i64,
}

/// A language to be added, switched on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LanguageNew {
    /// BCP 47 tag of language, script, region and variants, in any case.
    #[schema(min_length = 2, max_length = 35, pattern = "^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?$")]
    tag: String,
    /// Its name in the organisation's language; the known one where it is absent.
    #[serde(default)]
    #[schema(max_length = 60, required = false)]
    name: String,
    /// What its speakers call it; the known one where it is absent.
    #[serde(default)]
    #[schema(max_length = 60, required = false)]
    native_name: String,
}

/// What is to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LanguagePatch {
    /// Its name in the organisation's language.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 60)]
    name: Option<String>,
    /// What its speakers call it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 60)]
    native_name: Option<String>,
    /// Whether operators and customers may choose it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    enabled: Option<bool>,
    /// Its place, the first one being 1; one beyond the last is the last.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 1)]
    position: Option<i64>,
}

/// The calls on languages.
pub fn endpoints() -> Vec<Endpoint> {
    let (read, write) = (Scope::LanguagesRead, Scope::LanguagesWrite);
    vec![
        Endpoint::new(Method::GET, "/languages", read, |route| route.to(list))
            .says("List languages", "By tag; their order for people is `position`.")
            .lists::<Language>(),
        Endpoint::new(Method::POST, "/languages", write, |route| route.to(create))
            .says("Add a language", "It stands last and is switched on.")
            .takes::<LanguageNew>()
            .creates::<Language>(),
        Endpoint::new(Method::GET, "/languages/{tag}", read, |route| route.to(show)).says("Get a language", "").gives::<Language>(),
        Endpoint::new(Method::PATCH, "/languages/{tag}", write, |route| route.to(change))
            .says("Change a language", "The default language cannot be switched off.")
            .takes::<LanguagePatch>()
            .gives::<Language>(),
        Endpoint::new(Method::DELETE, "/languages/{tag}", write, |route| route.to(delete))
            .says("Delete a language", "Refused for the default language, and while operators assist in it or sites name it, unless it is said what becomes of them.")
            .asks(
                "from_operators",
                "`true` takes it from the operators who assist in it and from the sites that name it.",
                one_of(["true", "false"]),
            )
            .asks("replacement", "Tag of the language that operators and sites get in its place; one that is switched on.", text(35)),
    ]
}

fn view(row: &Row) -> Language {
    Language {
        tag: row.tag.clone(),
        name: row.name.clone(),
        native_name: row.native_name.clone(),
        enabled: row.enabled,
        position: row.position,
    }
}

fn find<'a>(catalogue: &'a Catalogue, tag: &str) -> Result<&'a Row> {
    catalogue.languages.iter().find(|language| language.tag == tag).ok_or(AppError::NotFound)
}

async fn list(caller: Caller, query: Query) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewLanguages>()?;
    answer::held_page(&query, &caller.catalogue.languages, |row| row.tag.clone(), view)
}

async fn create(ctx: Data<Ctx>, caller: Caller, Json(new): Json<LanguageNew>) -> Result<HttpResponse> {
    let right = caller.actor.may::<rights::ManageLanguages>()?;
    let new = NewLanguage { tag: new.tag, name: new.name, native_name: new.native_name };
    let tag = languages::create(&ctx, right, new).await?;
    let catalogue = ctx.present_catalogue().await?;
    answer::created(format!("{ROOT}/languages/{tag}"), &view(find(&catalogue, &tag)?))
}

async fn show(request: HttpRequest, caller: Caller, tag: Path<String>) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewLanguages>()?;
    answer::one(&request, &view(find(&caller.catalogue, &tag)?))
}

async fn change(
    request: HttpRequest,
    ctx: Data<Ctx>,
    caller: Caller,
    tag: Path<String>,
    Json(patch): Json<LanguagePatch>,
) -> Result<HttpResponse, actix_web::Error> {
    let right = caller.actor.may::<rights::ManageLanguages>()?;
    let before = find(&caller.catalogue, &tag)?;
    let version = answer::if_match(&request, &view(before))?.then_some(before.version);
    let change = LanguageChange { name: patch.name, native_name: patch.native_name, enabled: patch.enabled, position: patch.position };
    languages::change(&ctx, right, &tag, version, change).await?;
    let catalogue = ctx.present_catalogue().await?;
    Ok(answer::one(&request, &view(find(&catalogue, &tag)?))?)
}

async fn delete(
    request: HttpRequest,
    ctx: Data<Ctx>,
    caller: Caller,
    tag: Path<String>,
    query: Query,
) -> Result<HttpResponse, actix_web::Error> {
    let right = caller.actor.may::<rights::ManageLanguages>()?;
    let before = find(&caller.catalogue, &tag)?;
    let version = answer::if_match(&request, &view(before))?.then_some(before.version);
    let confirmed = match query.get("from_operators") {
        Some("true") => true,
        None | Some("false") => false,
        Some(_) => return Err(AppError::field("from_operators", "unknown_choice").into()),
    };
    languages::delete(&ctx, right, &tag, Removal { replacement: query.get("replacement"), confirmed, version }).await?;
    Ok(answer::nothing())
}
