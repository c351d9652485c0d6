//! Roles: the list, the permission page, creation and deletion (RO-1, RO-2).

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, ServiceConfig};
use askama::Template;
use serde::Deserialize;

use super::faults::Faults;
use super::flash::Flash;
use super::form::Form;
use super::shell::{self, Shell, role_name};
use super::stale::{self, StalePage};
use super::visit::{Reader, Visit};
use super::{see_other, see_other_with};
use crate::actions::Ctx;
use crate::actions::rights::{ManageRoles, ViewRoles};
use crate::actions::roles::{self as deeds, NewRole, RoleChange};
use crate::domain::permission::{Permission, PermissionSet};
use crate::domain::role::{is_above, may_grant};
use crate::error::{AppError, Result};
use crate::i18n::Texts;
use crate::store::catalogue::Role;
use crate::store::roles as stored;

/// The addresses of this noun.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/roles").get(list).post(create))
        .service(web::resource("/roles/new").get(new))
        .service(web::resource("/roles/{id}").get(show).post(change))
        .service(web::resource("/roles/{id}/deletion").get(ask_deletion).post(delete));
}

/// Sections of the permission page: key of the title, and areas.
const SECTIONS: &[(&str, &[&str])] = &[
    ("roles-section-people", &["operators", "owners", "operator_status", "roles", "departments", "department_members"]),
    ("roles-section-work", &["now", "panel", "own_queries", "queries"]),
    ("roles-section-availability", &["statuses", "schedules", "absences"]),
    ("roles-section-insight", &["reports", "coverage", "audit"]),
    ("roles-section-settings", &["settings", "languages", "sites", "templates", "mail", "api_keys", "webhooks"]),
];

/// A box that grants one permission.
struct Grant {
    name: &'static str,
    label: String,
    is_on: bool,
    is_open: bool,
}

struct Area {
    label: &'static str,
    help: &'static str,
    view: Option<Grant>,
    manage: Option<Grant>,
}

struct Section {
    title: &'static str,
    areas: Vec<Area>,
}

struct Row {
    id: i64,
    name: String,
    slug: String,
    built_in: bool,
    wearers: u64,
    permissions: u64,
}

#[derive(Template)]
#[template(path = "roles/list.html")]
struct ListPage<'a> {
    shell: Shell<'a>,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "roles/new.html")]
struct NewPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    name: String,
    copy_from: String,
    copies: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "roles/show.html")]
struct ShowPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    role: &'a Role,
    name: String,
    wearers: u64,
    sections: Vec<Section>,
    own: Vec<Grant>,
    /// Why nothing can be changed here; empty where it can.
    locked: &'static str,
}

#[derive(Template)]
#[template(path = "roles/lowering.html")]
struct LoweringPage<'a> {
    shell: Shell<'a>,
    role: &'a Role,
    lost: Vec<String>,
    sent: &'a [(String, String)],
}

#[derive(Template)]
#[template(path = "roles/deletion.html")]
struct DeletionPage<'a> {
    shell: Shell<'a>,
    role: &'a Role,
    wearers: u64,
}

/// A role as its form was sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RoleForm {
    name: String,
    copy_from: Option<String>,
    permissions: Vec<String>,
    version: Option<i64>,
    confirmed: Option<String>,
}

async fn list(ctx: Data<Ctx>, reader: Reader) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewRoles>()?;
    let wearers = stored::wearers(ctx.store.read()).await?;
    let rows = reader.catalogue.roles.iter().map(|role| row(reader.t, role, &wearers)).collect();
    let shell = Shell::new(&reader, reader.t.get("roles-title"));
    shell::ok(&ctx, &reader, &ListPage { shell, rows })
}

fn row(t: Texts, role: &Role, wearers: &HashMap<i64, u64>) -> Row {
    Row {
        id: role.id,
        name: role_name(t, role),
        slug: role.slug.clone(),
        built_in: role.built_in,
        wearers: wearers.get(&role.id).copied().unwrap_or(0),
        permissions: role.permissions.iter().count() as u64,
    }
}

async fn new(ctx: Data<Ctx>, reader: Reader) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageRoles>()?;
    shell::ok(&ctx, &reader, &new_page(&reader, Faults::none(reader.t), &RoleForm::default())?)
}

async fn create(ctx: Data<Ctx>, reader: Reader, form: Form<RoleForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageRoles>()?;
    let sent = form.fields;
    let new = NewRole { name: sent.name.clone(), copy_from: sent.copy_from.clone(), permissions: sent.permissions.clone() };
    match deeds::create(&ctx, right, new).await {
        Ok(id) => Ok(see_other_with(&ctx, &format!("/roles/{id}"), &Flash::success("roles-created").with("name", sent.name.trim()))),
        Err(AppError::Invalid(errors)) => shell::invalid(&ctx, &reader, &new_page(&reader, Faults::of(reader.t, errors), &sent)?),
        Err(error) => Err(error),
    }
}

fn new_page<'a>(reader: &'a Reader, faults: Faults, sent: &RoleForm) -> Result<NewPage<'a>> {
    let (t, mine) = (reader.t, reader.actor()?.permissions);
    let grantable = reader.catalogue.roles.iter().filter(|role| may_grant(&mine, &role.permissions));
    let nothing = (String::new(), t.get("roles-copy-nothing").to_owned());
    Ok(NewPage {
        shell: Shell::new(reader, t.get("roles-new-title")).crumb(t.get("roles-title"), "/roles"),
        faults,
        name: sent.name.clone(),
        copy_from: sent.copy_from.clone().unwrap_or_default(),
        copies: std::iter::once(nothing).chain(grantable.map(|role| (role.slug.clone(), role_name(t, role)))).collect(),
    })
}

async fn show(ctx: Data<Ctx>, reader: Reader, id: Path<i64>) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewRoles>()?;
    let role = role(&reader, *id)?;
    let page = show_page(&ctx, &reader, role, Faults::none(reader.t), &role.name, role.permissions).await?;
    shell::ok(&ctx, &reader, &page)
}

fn role(visit: &Visit, id: i64) -> Result<&Role> {
    visit.catalogue.role(id).ok_or(AppError::NotFound)
}

async fn show_page<'a>(
    ctx: &Ctx,
    reader: &'a Reader,
    role: &'a Role,
    faults: Faults,
    name: &str,
    granted: PermissionSet,
) -> Result<ShowPage<'a>> {
    let (t, mine) = (reader.t, reader.actor()?.permissions);
    let locked = if role.built_in {
        "roles-locked-built-in"
    } else if !mine.contains(Permission::RolesManage) {
        "roles-locked-view"
    } else if is_above(&role.permissions, &mine) {
        "roles-locked-above"
    } else {
        ""
    };
    let grant = |permission: Permission, label: String| Grant {
        name: permission.as_str(),
        label,
        is_on: granted.contains(permission),
        is_open: locked.is_empty() && mine.contains(permission),
    };
    Ok(ShowPage {
        shell: Shell::new(reader, role_name(t, role)).crumb(t.get("roles-title"), "/roles"),
        faults,
        role,
        name: name.to_owned(),
        wearers: stored::wearers_of(ctx.store.read(), role.id).await?,
        sections: SECTIONS.iter().map(|(title, areas)| section(t, title, areas, grant)).collect(),
        own: own().map(|permission| grant(permission, permission_name(t, permission))).collect(),
        locked: if locked.is_empty() { "" } else { t.get(locked) },
    })
}

fn section(t: Texts, title: &str, areas: &[&str], grant: impl Fn(Permission, String) -> Grant) -> Section {
    let areas = areas.iter().map(|area| {
        let key = format!("area-{}", area.replace('_', "-"));
        let (label, help) = (t.get(&key), format!("{key}-help"));
        let of = |is_manage: bool| {
            let mut found = Permission::ALL.iter().copied();
            let found = found.find(|permission| permission.area() == *area && permission.as_str().ends_with(".manage") == is_manage)?;
            Some(grant(found, permission_name(t, found)))
        };
        Area { label, help: if t.has(&help) { t.get(&help) } else { "" }, view: of(false), manage: of(true) }
    });
    Section { title: t.get(title), areas: areas.collect() }
}

fn own() -> impl Iterator<Item = Permission> {
    Permission::ALL.iter().copied().filter(|permission| permission.area() == "self")
}

/// A permission in words: of an own field, its name; else what is done and where.
fn permission_name(t: Texts, permission: Permission) -> String {
    match permission.as_str().split_once('.') {
        Some(("self", field)) => t.get(&format!("permission-self-{}", field.replace('_', "-"))).to_owned(),
        Some((area, deed)) => {
            let area = t.get(&format!("area-{}", area.replace('_', "-")));
            t.with(if deed == "manage" { "permission-manage" } else { "permission-view" }, &[("area", area)])
        }
        None => permission.as_str().to_owned(),
    }
}

async fn change(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<RoleForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageRoles>()?;
    let role = role(&reader, *id)?;
    let sent = &form.fields;
    if sent.confirmed.is_none() && deeds::lowers_oneself(&ctx, &right, role.id, &sent.permissions).await? {
        return shell::ok(&ctx, &reader, &lowering_page(&reader, role, &form));
    }
    let wanted = RoleChange { name: Some(sent.name.clone()), permissions: Some(sent.permissions.clone()) };
    match deeds::change(&ctx, right, role.id, Some(sent.version.unwrap_or(0)), wanted).await {
        Ok(()) => {
            let done = Flash::success("roles-saved").with("name", sent.name.trim());
            Ok(see_other_with(&ctx, &format!("/roles/{id}"), &done))
        }
        Err(AppError::Invalid(errors)) => {
            let page = show_page(&ctx, &reader, role, Faults::of(reader.t, errors), &sent.name, named(&sent.permissions)).await?;
            shell::invalid(&ctx, &reader, &page)
        }
        Err(AppError::Stale) => stale(&ctx, &reader, *id, &form).await,
        Err(error) => Err(error),
    }
}

fn named(permissions: &[String]) -> PermissionSet {
    permissions.iter().filter_map(|name| Permission::parse(name)).collect()
}

fn lowering_page<'a>(reader: &'a Reader, role: &'a Role, form: &'a Form<RoleForm>) -> LoweringPage<'a> {
    let t = reader.t;
    let lost = role.permissions.difference(named(&form.fields.permissions));
    LoweringPage {
        shell: Shell::new(reader, t.get("roles-lowering-title")).crumb(t.get("roles-title"), "/roles"),
        role,
        lost: lost.iter().map(|permission| permission_name(t, permission)).collect(),
        sent: &form.raw,
    }
}

async fn stale(ctx: &Ctx, reader: &Reader, id: i64, form: &Form<RoleForm>) -> Result<HttpResponse> {
    let t = reader.t;
    let theirs = stored::find(ctx.store.read(), id).await?.ok_or(AppError::NotFound)?;
    let words = |set: PermissionSet| set.iter().map(|permission| permission_name(t, permission)).collect::<Vec<_>>().join(", ");
    let differences = stale::differences([
        (t.get("roles-name"), theirs.name.clone(), form.fields.name.clone()),
        (t.get("roles-permissions"), words(theirs.permissions), words(named(&form.fields.permissions))),
    ]);
    let page = StalePage::new(reader, &format!("/roles/{id}"), form.raw.clone(), theirs.version, differences);
    stale::answer(ctx, &page)
}

async fn ask_deletion(ctx: Data<Ctx>, reader: Reader, id: Path<i64>) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageRoles>()?;
    let role = role(&reader, *id)?;
    if role.built_in {
        return Ok(see_other(&format!("/roles/{id}")));
    }
    shell::ok(&ctx, &reader, &deletion_page(&ctx, &reader, role).await?)
}

async fn delete(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, _form: Form<RoleForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageRoles>()?;
    let role = role(&reader, *id)?;
    match deeds::delete(&ctx, right, role.id, None).await {
        Ok(()) => Ok(see_other_with(&ctx, "/roles", &Flash::success("roles-deleted").with("name", &role.name))),
        Err(AppError::Conflict("role-in-use")) => {
            shell::html(&ctx, StatusCode::CONFLICT, Some(&reader), &deletion_page(&ctx, &reader, role).await?)
        }
        Err(error) => Err(error),
    }
}

async fn deletion_page<'a>(ctx: &Ctx, reader: &'a Reader, role: &'a Role) -> Result<DeletionPage<'a>> {
    let t = reader.t;
    let shell = Shell::new(reader, t.with("roles-deletion-title", &[("name", &role.name)]));
    Ok(DeletionPage {
        shell: shell.crumb(t.get("roles-title"), "/roles").crumb(role_name(t, role), format!("/roles/{}", role.id)),
        role,
        wearers: stored::wearers_of(ctx.store.read(), role.id).await?,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::i18n::Locale;

    #[test]
    fn every_permission_stands_on_the_page_once_and_has_a_name_in_every_language() {
        for locale in Locale::ALL {
            let t = Texts::of(locale);
            let grant = |permission: Permission, label| Grant { name: permission.as_str(), label, is_on: false, is_open: true };
            let sections = SECTIONS.iter().map(|(title, areas)| section(t, title, areas, grant));
            let boxes = sections.flat_map(|section| section.areas).flat_map(|area| [area.view, area.manage]).flatten();
            let boxes: Vec<Grant> = boxes.chain(own().map(|permission| grant(permission, permission_name(t, permission)))).collect();
            assert!(boxes.iter().all(|grant| !grant.label.is_empty() && !grant.label.contains('?')));
            let names: BTreeSet<&str> = boxes.iter().map(|grant| grant.name).collect();
            assert_eq!(names.len(), boxes.len());
            assert_eq!(names, Permission::ALL.iter().map(|permission| permission.as_str()).collect());
        }
    }
}
