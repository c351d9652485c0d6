//! Who works in a department, and what there (DE-2, DE-3); and the numbers an operator may show to whom they call (DE-6).

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer;
use super::departments::{ChannelName, find};
use super::endpoint::Endpoint;
use super::request::{Caller, Json, Query, given};
use crate::actions::members::{self, Edit, Wish};
use crate::actions::{Ctx, rights};
use crate::domain::api_key::Scope;
use crate::domain::channel::Channel;
use crate::domain::membership::Switches;
use crate::error::{AppError, Result};
use crate::store::members::{self as stored, Membership};
use crate::store::operators;

/// What a member may work and takes, for one channel.
#[derive(Serialize, ToSchema)]
struct Switch {
    /// Whether the operator may work it.
    allowed: bool,
    /// Whether the operator takes it now.
    active: bool,
}

/// A member of a department.
#[derive(Serialize, ToSchema)]
struct Member {
    /// The operator.
    operator_id: i64,
    /// Name of the operator.
    name: String,
    /// The switches of every channel.
    #[schema(value_type = BTreeMap<ChannelName, Switch>)]
    channels: BTreeMap<&'static str, Switch>,
    /// Signature in plain text for this department; `null` where the operator's general one stands.
    signature: Option<String>,
}

/// A switch to be set; what is absent stays. Who may work a channel takes it from then on, until told otherwise.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SwitchPatch {
    /// Whether the operator may work it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    allowed: Option<bool>,
    /// Whether the operator takes it now; refused where it may not be worked.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    active: Option<bool>,
}

/// Switches by channel; absent channels stay.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SwitchesPatch {
    #[serde(default)]
    #[schema(required = false)]
    ticket: SwitchPatch,
    #[serde(default)]
    #[schema(required = false)]
    chat: SwitchPatch,
    #[serde(default)]
    #[schema(required = false)]
    call: SwitchPatch,
}

/// How an operator works in a department. A new member without `channels` may work and takes every channel the department uses.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MemberPut {
    /// Switches by channel; absent channels stay.
    #[serde(default)]
    #[schema(required = false)]
    channels: SwitchesPatch,
    /// Signature in plain text for this department; `null` takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 2000)]
    signature: Option<Option<String>>,
}

/// A number an operator may show.
#[derive(Serialize, ToSchema)]
struct CallerId {
    /// The number as typed.
    number: String,
    /// Slug of the department whose line it is; `null` for the operator's own.
    department: Option<String>,
}

/// The numbers an operator may show.
#[derive(Serialize, ToSchema)]
struct CallerIds {
    /// The operator's own first, then those of departments by name.
    items: Vec<CallerId>,
}

/// The calls on members.
pub fn endpoints() -> Vec<Endpoint> {
    const ONE: &str = "/departments/{slug}/members/{operator_id}";
    let (read, write) = (Scope::DepartmentsRead, Scope::DepartmentsWrite);
    vec![
        Endpoint::new(Method::GET, "/departments/{slug}/members", read, |route| route.to(list))
            .says("List the members of a department", "By operator.")
            .lists::<Member>(),
        Endpoint::new(Method::GET, ONE, read, |route| route.to(show)).says("Get a member", "").gives::<Member>(),
        Endpoint::new(Method::PUT, ONE, write, |route| route.to(put))
            .says("Add or change a member", "Refused with `department_full` where a new one finds no place.")
            .takes::<MemberPut>()
            .gives::<Member>(),
        Endpoint::new(Method::DELETE, ONE, write, |route| route.to(delete)).says("Take a member out of a department", ""),
        Endpoint::new(Method::GET, "/operators/{id}/caller-ids", Scope::OperatorsRead, |route| route.to(caller_ids))
            .says("List the numbers an operator may show", "The own one, and those of departments in which they may work calls.")
            .gives::<CallerIds>(),
    ]
}

fn view(operator_id: i64, name: &str, switches: Switches, signature: Option<String>) -> Member {
    let switch = |channel| Switch { allowed: switches.allowed().contains(channel), active: switches.active().contains(channel) };
    let channels = Channel::ALL.into_iter().map(|channel| (channel.as_str(), switch(channel))).collect();
    Member { operator_id, name: name.to_owned(), channels, signature }
}

/// A member as stored, with the operator's name; none where an operator who is there is no member.
async fn find_member(ctx: &Ctx, department_id: i64, operator_id: i64) -> Result<(String, Option<Membership>)> {
    let operator = operators::find(ctx.store.read(), operator_id).await?.ok_or(AppError::NotFound)?;
    Ok((operator.name, stored::find(ctx.store.read(), department_id, operator_id).await?))
}

async fn one(ctx: &Ctx, department_id: i64, operator_id: i64) -> Result<Member> {
    let (name, member) = find_member(ctx, department_id, operator_id).await?;
    let member = member.ok_or(AppError::NotFound)?;
    Ok(view(operator_id, &name, member.switches, member.signature))
}

async fn list(ctx: Data<Ctx>, caller: Caller, slug: Path<String>, query: Query) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewDepartments>()?;
    let department = find(&caller.catalogue, &slug)?;
    // A department has a thousand members at most; they are read at once.
    let members = stored::of_department(ctx.store.read(), department.id).await?;
    answer::held_page(
        &query,
        &members,
        |member| member.id,
        |member| view(member.id, &member.name, member.switches, member.signature.clone()),
    )
}

async fn show(request: HttpRequest, ctx: Data<Ctx>, caller: Caller, path: Path<(String, i64)>) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewDepartments>()?;
    let (slug, operator_id) = path.into_inner();
    answer::one(&request, &one(&ctx, find(&caller.catalogue, &slug)?.id, operator_id).await?)
}

async fn put(
    request: HttpRequest,
    ctx: Data<Ctx>,
    caller: Caller,
    path: Path<(String, i64)>,
    Json(put): Json<MemberPut>,
) -> Result<HttpResponse, actix_web::Error> {
    caller.actor.may::<rights::ManageDepartmentMembers>()?;
    let (slug, operator_id) = path.into_inner();
    let department_id = find(&caller.catalogue, &slug)?.id;
    let switches = put.channels;
    let patches = [(Channel::Ticket, switches.ticket), (Channel::Chat, switches.chat), (Channel::Call, switches.call)];
    let set = |read: fn(&SwitchPatch) -> Option<bool>| -> Vec<(Channel, bool)> {
        patches.iter().filter_map(|(channel, patch)| Some((*channel, read(patch)?))).collect()
    };
    let wish = Wish {
        is_member: Some(true),
        allowed: set(|patch| patch.allowed),
        active: set(|patch| patch.active),
        signature: put.signature.map(Option::unwrap_or_default),
    };
    let edit = Edit { department_id, operator_id, wish, field: "operator_id".to_owned() };
    change(&request, &ctx, &caller, &edit).await?;
    Ok(answer::one(&request, &one(&ctx, department_id, operator_id).await?)?)
}

async fn delete(request: HttpRequest, ctx: Data<Ctx>, caller: Caller, path: Path<(String, i64)>) -> Result<HttpResponse, actix_web::Error> {
    caller.actor.may::<rights::ManageDepartmentMembers>()?;
    let (slug, operator_id) = path.into_inner();
    let department_id = find(&caller.catalogue, &slug)?.id;
    // Somebody who is in no such department cannot be taken out of it.
    one(&ctx, department_id, operator_id).await?;
    let edit = Edit { department_id, operator_id, wish: Wish::leave(), field: "operator_id".to_owned() };
    change(&request, &ctx, &caller, &edit).await?;
    Ok(answer::nothing())
}

/// Makes an edit; where the request names a condition, only to the very member it was made for (P6). Somebody new matches none.
async fn change(request: &HttpRequest, ctx: &Ctx, caller: &Caller, edit: &Edit) -> Result<(), actix_web::Error> {
    let (name, present) = find_member(ctx, edit.department_id, edit.operator_id).await?;
    let seen = present.clone().map(|member| view(edit.operator_id, &name, member.switches, member.signature));
    if answer::if_match(request, &seen)? {
        members::apply_to(ctx, &caller.actor, edit, present.as_ref()).await?;
    } else {
        members::apply(ctx, &caller.actor, std::slice::from_ref(edit)).await?;
    }
    Ok(())
}

async fn caller_ids(request: HttpRequest, ctx: Data<Ctx>, caller: Caller, id: Path<i64>) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewOperators>()?;
    let operator = operators::find(ctx.store.read(), *id).await?.ok_or(AppError::NotFound)?;
    let memberships = stored::of_operator(ctx.store.read(), *id).await?;
    let calls: Vec<i64> = memberships
        .iter()
        .filter(|membership| membership.switches.allowed().contains(Channel::Call))
        .map(|membership| membership.department_id)
        .collect();
    let lines = caller
        .catalogue
        .departments
        .iter()
        .filter(|department| calls.contains(&department.id) && caller.catalogue.channels_of(department).contains(Channel::Call));
    let lines = lines.filter_map(|department| {
        Some(CallerId { number: department.facts.phone.clone()?, department: Some(department.facts.slug.clone()) })
    });
    let own = operator.phone.map(|number| CallerId { number, department: None });
    answer::one(&request, &CallerIds { items: own.into_iter().chain(lines).collect() })
}
