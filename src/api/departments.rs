//! Departments (DE-1); who works in them is in `members`.

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::endpoint::{Endpoint, text};
use super::request::{Caller, Json, Query, given};
use super::{ROOT, answer};
use crate::actions::departments::{self, Typed};
use crate::actions::{Ctx, rights};
use crate::domain::api_key::Scope;
use crate::domain::channel::Channel;
use crate::domain::department::RawDepartment;
use crate::domain::limits;
use crate::error::{AppError, Result};
use crate::store::catalogue::Catalogue;
use crate::store::departments::Department as Row;

/// A way in which queries arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChannelName {
    /// In writing, answered later.
    Ticket,
    /// In writing, answered at once.
    Chat,
    /// By voice.
    Call,
}

impl From<ChannelName> for Channel {
    fn from(name: ChannelName) -> Channel {
        match name {
            ChannelName::Ticket => Channel::Ticket,
            ChannelName::Chat => Channel::Chat,
            ChannelName::Call => Channel::Call,
        }
    }
}

/// The documented values; the texts themselves are judged by the domain.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "describes what a text may be")]
enum Policy {
    Strict,
    Prefer,
    Ignore,
}

/// To whom queries of a channel are offered.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "describes what a text may be")]
enum Rule {
    RingAll,
    MaxUtilization,
    AverageUtilization,
    RoundRobin,
    LongestIdle,
}

/// A rule for each channel.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Rules {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Rule, required = false)]
    ticket: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Rule, required = false)]
    chat: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Rule, required = false)]
    call: Option<String>,
}

/// Seconds for each channel.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Seconds {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 0, maximum = 3600)]
    ticket: Option<i64>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 0, maximum = 3600)]
    chat: Option<i64>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 0, maximum = 3600)]
    call: Option<i64>,
}

/// A department.
#[derive(Serialize, ToSchema)]
struct Department {
    /// Names the department for people's browsers.
    id: i64,
    /// Names it everywhere in the API.
    #[schema(example = "support")]
    slug: String,
    /// Its name in the organisation's language.
    name: String,
    /// Its name in other languages, by tag.
    name_texts: BTreeMap<String, String>,
    /// What it is for.
    description: Option<String>,
    /// The address its customers write to.
    email: Option<String>,
    /// The number its customers call.
    phone: Option<String>,
    /// The channels it uses.
    #[schema(value_type = Vec<ChannelName>)]
    channels: Vec<&'static str>,
    /// Its own hours; `null` always.
    schedule_id: Option<i64>,
    /// Operators at most; `null` follows the organisation.
    max_operators: Option<i64>,
    /// What the visitor's language means for who may take a query.
    #[schema(value_type = Policy)]
    language_policy: &'static str,
    /// Seconds for which operators with the language come first, under `prefer`.
    prefer_seconds: i64,
    /// How many should be able to receive at any time within the hours.
    minimum_cover: i64,
    /// Seconds for which a query is offered to one operator, by channel; 0 assigns it at once.
    #[schema(value_type = BTreeMap<String, i64>, example = json!({"ticket": 0, "chat": 0, "call": 20}))]
    offer_seconds: BTreeMap<&'static str, i64>,
    /// To whom queries are offered, by channel.
    #[schema(value_type = BTreeMap<String, Rule>, example = json!({"chat": "max_utilization", "call": "ring_all"}))]
    routing: BTreeMap<&'static str, &'static str>,
    /// Slug of the department that takes what nobody here can.
    fallback: Option<String>,
}

/// What may be written; what is absent stays, or takes its default in a new department.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DepartmentPatch {
    /// Small letters, digits and single hyphens; made from the name of a new department where it is absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 40, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    slug: Option<String>,
    /// Its name in the organisation's language, unique.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 60)]
    name: Option<String>,
    /// Its name in other languages of the organisation, by tag; replaces all.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = BTreeMap<String, String>, required = false)]
    name_texts: Option<BTreeMap<String, String>>,
    /// What it is for; `null` nothing.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 500)]
    description: Option<Option<String>>,
    /// The address its customers write to; `null` none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = Email, max_length = 254)]
    email: Option<Option<String>>,
    /// The number its customers call; `null` none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 40)]
    phone: Option<Option<String>>,
    /// The channels it uses; replaces all.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<ChannelName>, required = false)]
    channels: Option<Vec<String>>,
    /// Operators at most; `null` follows the organisation. One below the present number only blocks additions.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 1000)]
    max_operators: Option<Option<i64>>,
    /// Id of a shared schedule; `null` always within hours.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 1)]
    schedule_id: Option<Option<i64>>,
    /// What the visitor's language means for who may take a query.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Policy, required = false)]
    language_policy: Option<String>,
    /// Seconds for which operators with the language come first, under `prefer`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 1, maximum = 86400)]
    prefer_seconds: Option<i64>,
    /// How many should be able to receive at any time within the hours.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 0, maximum = 1000)]
    minimum_cover: Option<i64>,
    /// Seconds for which a query is offered to one operator, by channel; absent channels keep theirs.
    #[serde(default)]
    #[schema(required = false)]
    offer_seconds: Seconds,
    /// To whom queries are offered, by channel; absent channels keep theirs.
    #[serde(default)]
    #[schema(required = false)]
    routing: Rules,
    /// Slug of the department that takes what nobody here can; `null` none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 40)]
    fallback: Option<Option<String>>,
}

/// A department to be created; all but its name may be absent.
#[derive(Deserialize)]
#[serde(transparent)]
struct DepartmentNew(DepartmentPatch);

impl utoipa::PartialSchema for DepartmentNew {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        let mut schema = DepartmentPatch::schema();
        if let utoipa::openapi::RefOr::T(utoipa::openapi::Schema::Object(object)) = &mut schema {
            object.description = Some("A department to be created; all but its name may be absent.".to_owned());
            object.required = vec!["name".to_owned()];
        }
        schema
    }
}

impl ToSchema for DepartmentNew {
    fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {
        DepartmentPatch::schemas(schemas);
    }
}

/// The calls on departments.
pub fn endpoints() -> Vec<Endpoint> {
    let (read, write) = (Scope::DepartmentsRead, Scope::DepartmentsWrite);
    vec![
        Endpoint::new(Method::GET, "/departments", read, |route| route.to(list)).says("List departments", "By slug.").lists::<Department>(),
        Endpoint::new(Method::POST, "/departments", write, |route| route.to(create))
            .says("Create a department", "")
            .takes::<DepartmentNew>()
            .creates::<Department>(),
        Endpoint::new(Method::GET, "/departments/{slug}", read, |route| route.to(show)).says("Get a department", "").gives::<Department>(),
        Endpoint::new(Method::PATCH, "/departments/{slug}", write, |route| route.to(change))
            .says("Change a department", "A fallback that leads back to the department is refused.")
            .takes::<DepartmentPatch>()
            .gives::<Department>(),
        Endpoint::new(Method::DELETE, "/departments/{slug}", write, |route| route.to(delete))
            .says(
                "Delete a department",
                "Those that fall back to it fall back to the replacement, or to nothing, and so do sites that offer it.",
            )
            .asks("replacement", "Slug of the department its members and open queries move to; needed where there are open queries, refused where the members find no room.", text(limits::SLUG)),
    ]
}

fn view(catalogue: &Catalogue, row: &Row) -> Department {
    let facts = &row.facts;
    Department {
        id: row.id,
        slug: facts.slug.clone(),
        name: facts.name.clone(),
        name_texts: facts.name_texts.clone(),
        description: facts.description.clone(),
        email: facts.email.clone(),
        phone: facts.phone.clone(),
        channels: facts.channels().names(),
        schedule_id: row.schedule_id,
        max_operators: facts.max_operators,
        language_policy: facts.language_policy.as_str(),
        prefer_seconds: facts.prefer_seconds,
        minimum_cover: facts.minimum_cover,
        offer_seconds: facts.lines.iter().map(|line| (line.channel.as_str(), line.offer_seconds)).collect(),
        routing: facts.lines.iter().map(|line| (line.channel.as_str(), line.routing.as_str())).collect(),
        fallback: row.fallback_id.and_then(|id| catalogue.department(id)).map(|other| other.facts.slug.clone()),
    }
}

/// A department by its slug.
pub fn find<'a>(catalogue: &'a Catalogue, slug: &str) -> Result<&'a Row> {
    catalogue.department_by_slug(slug).ok_or(AppError::NotFound)
}

fn typed(patch: DepartmentPatch) -> Typed {
    let number = |number: Option<i64>| number.map(|number| number.to_string());
    let by_channel = |[ticket, chat, call]: [Option<String>; 3]| {
        let named = [("ticket", ticket), ("chat", chat), ("call", call)];
        named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    };
    Typed {
        raw: RawDepartment {
            slug: patch.slug,
            name: patch.name,
            name_texts: patch.name_texts,
            description: patch.description.map(Option::unwrap_or_default),
            email: patch.email.map(Option::unwrap_or_default),
            phone: patch.phone.map(Option::unwrap_or_default),
            channels: patch.channels,
            max_operators: patch.max_operators.map(|limit| number(limit).unwrap_or_default()),
            minimum_cover: number(patch.minimum_cover),
            language_policy: patch.language_policy,
            prefer_seconds: number(patch.prefer_seconds),
            routing: by_channel([patch.routing.ticket, patch.routing.chat, patch.routing.call]),
            offer_seconds: by_channel([patch.offer_seconds.ticket, patch.offer_seconds.chat, patch.offer_seconds.call].map(number)),
        },
        fallback: patch.fallback.map(Option::unwrap_or_default),
        schedule_id: patch.schedule_id,
    }
}

async fn list(caller: Caller, query: Query) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewDepartments>()?;
    answer::held_page(&query, &caller.catalogue.departments, |row| row.facts.slug.clone(), |row| view(&caller.catalogue, row))
}

async fn create(ctx: Data<Ctx>, caller: Caller, Json(DepartmentNew(new)): Json<DepartmentNew>) -> Result<HttpResponse> {
    let right = caller.actor.may::<rights::ManageDepartments>()?;
    let (_, slug) = departments::create(&ctx, right, &typed(new)).await?;
    let catalogue = ctx.present_catalogue().await?;
    answer::created(format!("{ROOT}/departments/{slug}"), &view(&catalogue, find(&catalogue, &slug)?))
}

async fn show(request: HttpRequest, caller: Caller, slug: Path<String>) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewDepartments>()?;
    answer::one(&request, &view(&caller.catalogue, find(&caller.catalogue, &slug)?))
}

async fn change(
    request: HttpRequest,
    ctx: Data<Ctx>,
    caller: Caller,
    slug: Path<String>,
    Json(patch): Json<DepartmentPatch>,
) -> Result<HttpResponse, actix_web::Error> {
    let right = caller.actor.may::<rights::ManageDepartments>()?;
    let before = find(&caller.catalogue, &slug)?;
    let version = answer::if_match(&request, &view(&caller.catalogue, before))?.then_some(before.version);
    departments::change(&ctx, right, before.id, version, &typed(patch)).await?;
    let catalogue = ctx.present_catalogue().await?;
    let after = catalogue.department(before.id).ok_or(AppError::NotFound)?;
    Ok(answer::one(&request, &view(&catalogue, after))?)
}

async fn delete(
    request: HttpRequest,
    ctx: Data<Ctx>,
    caller: Caller,
    slug: Path<String>,
    query: Query,
) -> Result<HttpResponse, actix_web::Error> {
    let right = caller.actor.may::<rights::ManageDepartments>()?;
    let before = find(&caller.catalogue, &slug)?;
    let version = answer::if_match(&request, &view(&caller.catalogue, before))?.then_some(before.version);
    let replacement = match query.get("replacement") {
        None => None,
        Some(slug) => Some(find(&caller.catalogue, slug).map_err(|_| AppError::field("replacement", "unknown_choice"))?.id),
    };
    departments::delete(&ctx, right, before.id, version, replacement).await?;
    Ok(answer::nothing())
}
