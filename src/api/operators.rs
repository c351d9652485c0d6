//! Operators: their profiles, and the deeds on their accounts (OP-1 to OP-6, OP-10).

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{Object, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

use super::endpoint::{Endpoint, one_of, text, whole};
use super::operator_status::{WornStatus, worn};
use super::request::{Caller, Json, Query, cursor, given};
use super::{ROOT, answer};
use crate::actions::operators::{self, NewOperator, PRESETS, Profile};
use crate::actions::{Ctx, invitations, rights};
use crate::domain::api_key::Scope;
use crate::domain::field::FieldErrors;
use crate::domain::operator::OperatorState;
use crate::domain::{language, limits};
use crate::error::{AppError, Result};
use crate::store::catalogue::Catalogue;
use crate::store::operators::{self as rows, Filter, Operator as Row};

/// An operator.
#[derive(Serialize, ToSchema)]
struct Operator {
    /// Names the operator everywhere in the API.
    id: i64,
    /// Full name.
    name: String,
    /// Name shown to customers instead.
    alias: Option<String>,
    /// Sign-in name and notification address, unique.
    email: String,
    /// Personal address for notices.
    notification_email: Option<String>,
    /// Slug of the role.
    #[schema(example = "agent")]
    role: String,
    /// Job position by language tag.
    #[schema(example = json!({"en": "Support", "es": "Soporte"}))]
    job_position: BTreeMap<String, String>,
    /// Telephone number as typed.
    phone: Option<String>,
    /// IANA zone; `null` follows the organisation.
    time_zone: Option<String>,
    /// Interface language; `null` follows the organisation.
    locale: Option<String>,
    /// `system`, `bright` or `dark`.
    theme: String,
    /// Tags of the assistance languages, best first.
    languages: Vec<String>,
    /// Chats at once; 0 none, `null` no limit.
    max_chat_load: Option<i64>,
    /// The lowest number is asked first.
    priority: i64,
    /// Id of the schedule, shared or the operator's own; `null` always within hours.
    schedule_id: Option<i64>,
    /// Takes no calls.
    do_not_disturb: bool,
    /// Whether a live panel is needed to receive.
    presence_required: bool,
    /// Helps out while invisible.
    help_when_invisible: bool,
    /// Minutes without an answer until offline; `null` never.
    no_answer_minutes: Option<i64>,
    /// Minutes without activity until away; `null` never.
    idle_minutes: Option<i64>,
    /// Asked to classify after each contact.
    classify_after: bool,
    /// May change their own departments.
    may_change_departments: bool,
    /// Replies only through "To solve".
    to_solve_only: bool,
    /// Signature in plain text, where a department has none of its own.
    signature: Option<String>,
    /// Signature in HTML, made harmless.
    signature_html: Option<String>,
    /// `invited`, `expired`, `delivery_failed`, `active` or `suspended`.
    #[schema(example = "active")]
    state: &'static str,
    /// The status worn now.
    status: WornStatus,
    /// Address of the uploaded photo.
    photo: Option<String>,
    /// Name of the preset picture.
    preset: Option<String>,
    /// When the operator was added.
    #[schema(format = DateTime)]
    created_at: String,
    /// When anything of this was changed last.
    #[schema(format = DateTime)]
    updated_at: String,
    /// When the operator signed in last.
    #[schema(format = DateTime)]
    last_sign_in_at: Option<String>,
}

/// An operator to be added; what is absent takes its default.
#[derive(Deserialize)]
#[serde(transparent)]
struct OperatorNew(Draft);

/// What is to change; what is absent stays.
#[derive(Deserialize)]
#[serde(transparent)]
struct OperatorPatch(Draft);

impl PartialSchema for OperatorNew {
    fn schema() -> RefOr<Schema> {
        draft("An operator to be added; what is absent takes its default.", |object| {
            object.required = ["name", "email", "role"].map(str::to_owned).to_vec();
        })
    }
}

impl PartialSchema for OperatorPatch {
    fn schema() -> RefOr<Schema> {
        draft("What is to change; what is absent stays.", |object| {
            object.properties.remove(INITIAL_PASSWORD);
        })
    }
}

impl ToSchema for OperatorNew {}
impl ToSchema for OperatorPatch {}

fn draft(about: &str, change: impl FnOnce(&mut Object)) -> RefOr<Schema> {
    let mut schema = Draft::schema();
    if let RefOr::T(Schema::Object(object)) = &mut schema {
        object.description = Some(about.to_owned());
        change(object);
    }
    schema
}

/// Only an operator who is being added has one.
const INITIAL_PASSWORD: &str = "initial_password";

/// The fields that may be written.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Draft {
    /// Full name.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    name: Option<String>,
    /// Name shown to customers instead; `null` none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 60)]
    alias: Option<Option<String>>,
    /// Sign-in name and notification address, unique. A change voids an invitation on its way.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, format = Email, max_length = 254)]
    email: Option<String>,
    /// Personal address for notices, other than `email`; `null` none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = Email, max_length = 254)]
    notification_email: Option<Option<String>>,
    /// Slug of the role; a key may give every role but `owner`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, example = "agent")]
    role: Option<String>,
    /// Job position by language tag; replaces all.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = BTreeMap<String, String>, required = false)]
    job_position: Option<BTreeMap<String, String>>,
    /// Telephone number; `null` none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 40)]
    phone: Option<Option<String>>,
    /// IANA zone; `null` follows the organisation.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "Europe/Madrid")]
    time_zone: Option<Option<String>>,
    /// Interface language, `en`, `fr` or `es`; `null` follows the organisation.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, pattern = "^(en|fr|es)$")]
    locale: Option<Option<String>>,
    /// `system`, `bright` or `dark`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, pattern = "^(system|bright|dark)$")]
    theme: Option<String>,
    /// Tags of the assistance languages, best first; each one of the organisation's. Replaces all.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<String>, required = false)]
    languages: Option<Vec<String>>,
    /// Chats at once; 0 none, `null` no limit.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 100)]
    max_chat_load: Option<Option<i64>>,
    /// The lowest number is asked first.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 1, maximum = 999)]
    priority: Option<i64>,
    /// Id of a shared schedule, or of the operator's own; `null` always within hours.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 1)]
    schedule_id: Option<Option<i64>>,
    /// Takes no calls.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    do_not_disturb: Option<bool>,
    /// Whether a live panel is needed to receive.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    presence_required: Option<bool>,
    /// Helps out while invisible.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    help_when_invisible: Option<bool>,
    /// Minutes without an answer until offline; `null` never.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 1440)]
    no_answer_minutes: Option<Option<i64>>,
    /// Minutes without activity until away; `null` never.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 1440)]
    idle_minutes: Option<Option<i64>>,
    /// Asked to classify after each contact.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    classify_after: Option<bool>,
    /// May change their own departments.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    may_change_departments: Option<bool>,
    /// Replies only through "To solve".
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    to_solve_only: Option<bool>,
    /// Signature in plain text, where a department has none of its own; `null` none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 2000)]
    signature: Option<Option<String>>,
    /// Signature in HTML; what could do harm is taken out. `null` none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 2000)]
    signature_html: Option<Option<String>>,
    /// Name of a preset picture; `null` none.
    #[serde(default, deserialize_with = "given")]
    #[schema(schema_with = presets, required = false)]
    preset: Option<Option<String>>,
    /// Makes the account active at once; it must be changed at the first sign-in.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, write_only, min_length = 8, max_length = 1024)]
    initial_password: Option<String>,
}

fn presets() -> Object {
    let names = PRESETS.into_iter().map(Value::from).chain([Value::Null]);
    ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Null])).enum_values(Some(names)).build()
}

/// The calls on operators.
pub fn endpoints() -> Vec<Endpoint> {
    let (read, write) = (Scope::OperatorsRead, Scope::OperatorsWrite);
    let states = OperatorState::ALL.map(OperatorState::as_str);
    vec![
        Endpoint::new(Method::GET, "/operators", read, |route| route.to(list))
            .says("List operators", "By id.")
            .asks("q", "Words that each must begin a word of name, alias or e-mail.", text(limits::SEARCH))
            .asks("role", "Slug of a role.", text(limits::ROLE_NAME))
            .asks("language", "A wanted language: `es-MX` finds those who assist in `es-MX` or `es`.", text(35))
            .asks("status", "Id of a status.", whole(1, i64::MAX))
            .asks("state", "State of the account.", one_of(states))
            .asks("email", "The exact sign-in address, in any case.", text(limits::EMAIL))
            .lists::<Operator>(),
        Endpoint::new(Method::POST, "/operators", write, |route| route.to(create))
            .says("Add an operator", "Mails the invitation, unless `initial_password` makes the account active at once.")
            .takes::<OperatorNew>()
            .creates::<Operator>(),
        Endpoint::new(Method::GET, "/operators/{id}", read, |route| route.to(show)).says("Get an operator", "").gives::<Operator>(),
        Endpoint::new(Method::PATCH, "/operators/{id}", write, |route| route.to(change))
            .says("Change an operator", "Owners are above every key and cannot be changed by one.")
            .takes::<OperatorPatch>()
            .gives::<Operator>(),
        Endpoint::new(Method::DELETE, "/operators/{id}", write, |route| route.to(delete))
            .says("Delete an operator", "The operator can be restored by an administrator for 30 days."),
        Endpoint::new(Method::POST, "/operators/{id}/suspension", write, |route| route.to(suspend))
            .says("Suspend an operator", "Ends their sessions; they may not sign in."),
        Endpoint::new(Method::POST, "/operators/{id}/reactivation", write, |route| route.to(reactivate)).says("Reactivate an operator", ""),
        Endpoint::new(Method::POST, "/operators/{id}/invitation", write, |route| route.to(invite))
            .says("Send the invitation again", "Makes a new link and voids the one before."),
        Endpoint::new(Method::POST, "/operators/{id}/invitation/revocation", write, |route| route.to(revoke))
            .says("Revoke the invitation", ""),
    ]
}

fn view(row: Row, caller: &Caller, now: DateTime<Utc>) -> Operator {
    Operator {
        status: worn(&caller.catalogue, &row, now),
        state: row.state(now).as_str(),
        photo: row.photo_id.as_ref().map(|id| format!("/photos/{id}/large")),
        id: row.id,
        name: row.name,
        alias: row.alias,
        email: row.email,
        notification_email: row.notification_email,
        role: row.role_slug,
        job_position: row.job_positions.into_iter().collect(),
        phone: row.phone,
        time_zone: row.time_zone,
        locale: row.locale,
        theme: row.theme,
        languages: row.languages,
        max_chat_load: row.max_chat_load,
        priority: row.priority,
        schedule_id: row.schedule_id,
        do_not_disturb: row.do_not_disturb,
        presence_required: row.presence_required,
        help_when_invisible: row.help_when_invisible,
        no_answer_minutes: row.no_answer_minutes,
        idle_minutes: row.idle_minutes,
        classify_after: row.classify_after,
        may_change_departments: row.may_change_departments,
        to_solve_only: row.to_solve_only,
        signature: row.signature.clone(),
        signature_html: row.signature_html.clone(),
        preset: row.preset,
        created_at: answer::instant(row.created_at),
        updated_at: answer::instant(row.updated_at),
        last_sign_in_at: row.last_sign_in_at.map(answer::instant),
    }
}

fn profile(patch: Draft) -> Profile {
    // In a profile an empty text is none.
    let cleared = |text: Option<Option<String>>| text.map(Option::unwrap_or_default);
    Profile {
        name: patch.name,
        alias: cleared(patch.alias),
        email: patch.email,
        notification_email: cleared(patch.notification_email),
        role: patch.role,
        job_position: patch.job_position,
        phone: cleared(patch.phone),
        time_zone: cleared(patch.time_zone),
        locale: cleared(patch.locale),
        theme: patch.theme,
        languages: patch.languages,
        max_chat_load: patch.max_chat_load,
        priority: patch.priority,
        schedule_id: patch.schedule_id,
        do_not_disturb: patch.do_not_disturb,
        presence_required: patch.presence_required,
        help_when_invisible: patch.help_when_invisible,
        no_answer_minutes: patch.no_answer_minutes,
        idle_minutes: patch.idle_minutes,
        classify_after: patch.classify_after,
        may_change_departments: patch.may_change_departments,
        to_solve_only: patch.to_solve_only,
        signature: patch.signature.map(Option::unwrap_or_default),
        signature_html: patch.signature_html.map(Option::unwrap_or_default),
        preset: cleared(patch.preset),
    }
}

async fn list(ctx: Data<Ctx>, caller: Caller, query: Query) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewOperators>()?;
    let (limit, after) = query.page::<i64>()?;
    let filter = filter(&caller.catalogue, &query)?;
    let (now, more) = (ctx.now(), u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1));
    let mut found = rows::after(ctx.store.read(), &filter, now, after.unwrap_or(0), more).await?;
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| has_more).map(|last| cursor(last.id));
    answer::page(found.into_iter().map(|row| view(row, &caller, now)).collect(), next)
}

fn filter(catalogue: &Catalogue, query: &Query) -> Result<Filter> {
    let mut errors = FieldErrors::default();
    let mut filter = Filter::default();
    for (name, most) in [("q", limits::SEARCH), ("email", limits::EMAIL)] {
        if let Some(value) = query.get(name) {
            errors.take(name, crate::domain::text::optional_line(value, most));
        }
    }
    filter.q = query.get("q").unwrap_or_default().to_owned();
    filter.email = query.get("email").map(|address| address.trim().to_ascii_lowercase());
    if let Some(slug) = query.get("role") {
        match catalogue.role_by_slug(slug) {
            Some(role) => filter.role = Some(role.id),
            None => errors.add("role", "unknown_choice"),
        }
    }
    if let Some(tag) = query.get("language") {
        errors.take("language", language::LanguageTag::parse(tag));
        filter.languages = Some(rows::serving(catalogue, tag));
    }
    if let Some(id) = query.get("status") {
        match id.parse().ok().and_then(|id| catalogue.status(id)) {
            Some(status) => filter.status = Some(status.id),
            None => errors.add("status", "unknown_choice"),
        }
    }
    if let Some(name) = query.get("state") {
        filter.state = OperatorState::parse(name);
        if filter.state.is_none() {
            errors.add("state", "unknown_choice");
        }
    }
    errors.into_result(filter).map_err(AppError::from)
}

async fn find(ctx: &Ctx, id: i64) -> Result<Row> {
    rows::find(ctx.store.read(), id).await?.ok_or(AppError::NotFound)
}

async fn create(ctx: Data<Ctx>, caller: Caller, Json(OperatorNew(mut draft)): Json<OperatorNew>) -> Result<HttpResponse> {
    let right = caller.actor.may::<rights::ManageOperators>()?;
    let initial_password = draft.initial_password.take();
    let new = NewOperator { profile: profile(draft), initial_password, ..NewOperator::default() };
    let id = operators::create(&ctx, right, new).await?;
    answer::created(format!("{ROOT}/operators/{id}"), &view(find(&ctx, id).await?, &caller, ctx.now()))
}

async fn show(request: HttpRequest, ctx: Data<Ctx>, caller: Caller, id: Path<i64>) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewOperators>()?;
    answer::one(&request, &view(find(&ctx, *id).await?, &caller, ctx.now()))
}

async fn change(
    request: HttpRequest,
    ctx: Data<Ctx>,
    caller: Caller,
    id: Path<i64>,
    Json(OperatorPatch(draft)): Json<OperatorPatch>,
) -> Result<HttpResponse, actix_web::Error> {
    caller.actor.may::<rights::ManageOperators>()?;
    if draft.initial_password.is_some() {
        return Err(AppError::field(INITIAL_PASSWORD, "unknown_field").into());
    }
    let before = find(&ctx, *id).await?;
    let version = before.version;
    let version = answer::if_match(&request, &view(before, &caller, ctx.now()))?.then_some(version);
    operators::change(&ctx, &caller.actor, *id, version, profile(draft)).await?;
    Ok(answer::one(&request, &view(find(&ctx, *id).await?, &caller, ctx.now()))?)
}

async fn delete(request: HttpRequest, ctx: Data<Ctx>, caller: Caller, id: Path<i64>) -> Result<HttpResponse, actix_web::Error> {
    let right = caller.actor.may::<rights::ManageOperators>()?;
    let before = find(&ctx, *id).await?;
    let version = before.version;
    let version = answer::if_match(&request, &view(before, &caller, ctx.now()))?.then_some(version);
    operators::delete(&ctx, right, *id, version, None).await?;
    Ok(answer::nothing())
}

async fn suspend(ctx: Data<Ctx>, caller: Caller, id: Path<i64>) -> Result<HttpResponse> {
    operators::suspend(&ctx, caller.actor.may::<rights::ManageOperators>()?, *id).await?;
    Ok(answer::nothing())
}

async fn reactivate(ctx: Data<Ctx>, caller: Caller, id: Path<i64>) -> Result<HttpResponse> {
    operators::reactivate(&ctx, caller.actor.may::<rights::ManageOperators>()?, *id).await?;
    Ok(answer::nothing())
}

async fn invite(ctx: Data<Ctx>, caller: Caller, id: Path<i64>) -> Result<HttpResponse> {
    invitations::invite_again(&ctx, caller.actor.may::<rights::ManageOperators>()?, *id).await?;
    Ok(answer::nothing())
}

async fn revoke(ctx: Data<Ctx>, caller: Caller, id: Path<i64>) -> Result<HttpResponse> {
    invitations::revoke(&ctx, caller.actor.may::<rights::ManageOperators>()?, *id).await?;
    Ok(answer::nothing())
}
