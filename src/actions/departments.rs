//! Deeds on departments (DE-1): created, changed, deleted; who works in them is in `members`.

use std::collections::BTreeMap;

use super::audit::{self, Changes, Object};
use super::members::{self, Edit, Wish};
use super::rights::ManageDepartments;
use super::schedules;
use super::{Ctx, languages};
use crate::domain::department::{Department as Facts, Line, RawDepartment, circle};
use crate::domain::field::{Fault, FieldErrors};
use crate::domain::slug;
use crate::error::{AppError, Result};
use crate::store::departments::{self, Department};
use crate::store::{Tx, members as stored, queries, settings, sites};

/// A department as typed.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// All but the fallback.
    pub raw: RawDepartment,
    /// Slug of the department that takes what nobody here can; empty for none. `None` keeps what is there.
    pub fallback: Option<String>,
    /// A shared schedule; nothing inside is always within hours. `None` keeps what is there.
    pub schedule_id: Option<Option<i64>>,
}

/// Creates a department; returns its id and slug. Fields are those of CONTRACT.md.
///
/// # Errors
/// `taken` for a slug or name that another department has, and the faults of [`Facts::with`].
pub async fn create(ctx: &Ctx, right: ManageDepartments<'_>, typed: &Typed) -> Result<(i64, String)> {
    let name = typed.raw.name.clone().unwrap_or_default();
    let raw = RawDepartment { name: Some(name), ..typed.raw.clone() };
    let now = ctx.now();
    ctx.store
        .write(async |tx| {
            let default = settings::find(tx).await?.default_language;
            let all = departments::lock_all(tx).await?;
            let mut errors = FieldErrors::default();
            let facts = match Facts::default().with(&raw, &default) {
                Ok(facts) => facts,
                Err(faults) => {
                    errors = faults;
                    Facts::default()
                }
            };
            let fallback_id = errors.take("fallback", fallback(&all, typed.fallback.as_deref(), None)).flatten();
            languages::check_texts(tx, &facts.name_texts, &mut errors).await?;
            errors.into_result(())?;
            // A slug that nobody typed gives way to those that are there already; one that was typed must be free.
            let is_typed = raw.slug.as_deref().is_some_and(|typed| !typed.trim().is_empty());
            let is_taken = |slug: &str| !is_typed && all.iter().any(|department| department.facts.slug == slug);
            let facts = Facts { slug: slug::free(facts.slug.clone(), is_taken), ..facts };
            let schedule_id = schedule(tx, typed.schedule_id.flatten()).await?;
            let new = Department { id: 0, facts, fallback_id, schedule_id, version: 1 };
            let id = departments::insert(tx, &new, now).await?;
            let mut changes = Changes::default();
            note(&mut changes, &all, None, Some(&new));
            audit::record(ctx, tx, &right, "department.created", Object::new("department", id, &new.facts.name), changes).await?;
            Ok((id, new.facts.slug))
        })
        .await
}

/// Changes a department. Only what differs is noted; where nothing does, nothing happens.
///
/// # Errors
/// As [`create`]; `fallback_self` and `fallback_circle` at `fallback`; [`AppError::Stale`] where it is no longer at `version`.
pub async fn change(ctx: &Ctx, right: ManageDepartments<'_>, id: i64, version: Option<i64>, typed: &Typed) -> Result<()> {
    let now = ctx.now();
    ctx.store
        .write(async |tx| {
            let default = settings::find(tx).await?.default_language;
            let all = departments::lock_all(tx).await?;
            let before = all.iter().find(|department| department.id == id).ok_or(AppError::NotFound)?;
            if version.is_some_and(|version| version != before.version) {
                return Err(AppError::Stale);
            }
            let (facts, mut errors) = match before.facts.with(&typed.raw, &default) {
                Ok(facts) => (facts, FieldErrors::default()),
                Err(errors) => (before.facts.clone(), errors),
            };
            let fallback_id = match &typed.fallback {
                None => before.fallback_id,
                Some(slug) => errors.take("fallback", fallback(&all, Some(slug), Some(id))).flatten(),
            };
            languages::check_texts(tx, &facts.name_texts, &mut errors).await?;
            errors.into_result(())?;
            let schedule_id = match typed.schedule_id {
                Some(id) if id != before.schedule_id => schedule(tx, id).await?,
                _ => before.schedule_id,
            };
            let after = Department { facts, fallback_id, schedule_id, ..before.clone() };
            let mut changes = Changes::default();
            note(&mut changes, &all, Some(before), Some(&after));
            if changes.is_empty() {
                return Ok(());
            }
            departments::save(tx, &after, now).await?;
            audit::record(ctx, tx, &right, "department.changed", Object::new("department", id, &after.facts.name), changes).await
        })
        .await
}

/// Deletes a department. Its members and open queries move to `replacement` where one is named, and so do those that fell back to it
/// and the sites that offer it.
///
/// # Errors
/// `unknown_choice` at `replacement_id`, `department_full` there where the members find no room, and `open_queries` where there are
/// open queries and none is named.
pub async fn delete(ctx: &Ctx, right: ManageDepartments<'_>, id: i64, version: Option<i64>, replacement: Option<i64>) -> Result<()> {
    let now = ctx.now();
    ctx.store
        .write(async |tx| {
            let all = departments::lock_all(tx).await?;
            let doomed = all.iter().find(|department| department.id == id).ok_or(AppError::NotFound)?;
            if version.is_some_and(|version| version != doomed.version) {
                return Err(AppError::Stale);
            }
            let other = |replacement: i64| all.iter().find(|other| other.id == replacement && other.id != id);
            let heir = match replacement {
                Some(replacement) => Some(other(replacement).ok_or_else(|| AppError::field("replacement_id", "unknown_choice"))?),
                None if queries::count_open(tx, id).await? > 0 => return Err(AppError::field("replacement_id", "open_queries")),
                None => None,
            };
            let members = stored::of_department(tx, id).await?;
            let mut changes = Changes::default();
            note(&mut changes, &all, Some(doomed), None);
            changes.was("members", members.iter().map(|member| member.name.as_str()).collect::<Vec<_>>());
            changes.was("sites", sites::offering(tx, id).await?.into_iter().map(|(_, name)| name).collect::<Vec<_>>());
            if let Some(heir) = heir {
                let note = format!("{} → {}", doomed.facts.name, heir.facts.name);
                queries::move_open(tx, id, heir.id, &note, &right.name, now).await?;
                let joins = members.iter().map(|member| Edit {
                    department_id: heir.id,
                    operator_id: member.id,
                    wish: Wish::join(),
                    field: "replacement_id".to_owned(),
                });
                let refused = members::apply_in(ctx, tx, &right, &joins.collect::<Vec<_>>()).await?;
                members::refuse(refused)?;
            }
            departments::delete(tx, id, replacement).await?;
            audit::record(ctx, tx, &right, "department.deleted", Object::new("department", id, &doomed.facts.name), changes).await
        })
        .await
}

/// The fallback named by its slug. Faults: `unknown_choice`, `fallback_self`, `fallback_circle` with the names on the way round.
fn fallback(all: &[Department], slug: Option<&str>, id: Option<i64>) -> Result<Option<i64>, Fault> {
    let Some(slug) = slug.map(str::trim).filter(|slug| !slug.is_empty()) else { return Ok(None) };
    let found = all.iter().find(|department| department.facts.slug == slug).ok_or_else(|| Fault::new("unknown_choice"))?;
    let Some(id) = id else { return Ok(Some(found.id)) };
    if found.id == id {
        return Err(Fault::new("fallback_self"));
    }
    let of = |id: i64| all.iter().find(|department| department.id == id);
    match circle(id, found.id, |id| of(id).and_then(|department| department.fallback_id)) {
        None => Ok(Some(found.id)),
        Some(way) => {
            let names: Vec<&str> = way.into_iter().filter_map(|id| of(id).map(|department| department.facts.name.as_str())).collect();
            Err(Fault::with("fallback_circle", "names", names.join(" → ")))
        }
    }
}

/// The shared schedule of this id, which stays until this transaction ends. Fault: `unknown_choice` at `schedule_id`.
async fn schedule(tx: &Tx, id: Option<i64>) -> Result<Option<i64>> {
    match id {
        Some(id) => schedules::usable(tx, id, 0).await.map(Some),
        None => Ok(None),
    }
}

/// Notes what differs between two departments, one of which may not be there.
fn note(changes: &mut Changes, all: &[Department], before: Option<&Department>, after: Option<&Department>) {
    let slug = |id: Option<i64>| all.iter().find(|other| Some(other.id) == id).map(|other| other.facts.slug.clone());
    let told = |department: &Department| -> BTreeMap<&'static str, serde_json::Value> {
        let facts = &department.facts;
        let mut told = BTreeMap::from([
            ("slug", facts.slug.clone().into()),
            ("name", facts.name.clone().into()),
            ("description", facts.description.clone().into()),
            ("email", facts.email.clone().into()),
            ("phone", facts.phone.clone().into()),
            ("channels", facts.channels().names().into()),
            ("max_operators", facts.max_operators.into()),
            ("minimum_cover", facts.minimum_cover.into()),
            ("language_policy", facts.language_policy.as_str().into()),
            ("prefer_seconds", facts.prefer_seconds.into()),
            ("fallback", slug(department.fallback_id).into()),
            ("schedule_id", department.schedule_id.into()),
        ]);
        let by_channel = |value: fn(&Line) -> serde_json::Value| -> serde_json::Value {
            facts.lines.iter().map(|line| (line.channel.as_str().to_owned(), value(line))).collect::<serde_json::Map<_, _>>().into()
        };
        told.insert(
            "name_texts",
            facts.name_texts.iter().map(|(tag, text)| (tag.clone(), text.clone().into())).collect::<serde_json::Map<_, _>>().into(),
        );
        told.insert("routing", by_channel(|line| line.routing.as_str().into()));
        told.insert("offer_seconds", by_channel(|line| line.offer_seconds.into()));
        told
    };
    let (before, after) = (before.map(told), after.map(told));
    match (before, after) {
        (Some(before), Some(after)) => {
            for (field, value) in &before {
                changes.note(field, value, after.get(field).unwrap_or(value));
            }
        }
        (before, after) => {
            let is_told = |value: &serde_json::Value| !value.is_null() && value.as_object().is_none_or(|texts| !texts.is_empty());
            before.into_iter().flatten().filter(|(_, value)| is_told(value)).for_each(|(field, value)| changes.was(field, value));
            after.into_iter().flatten().filter(|(_, value)| is_told(value)).for_each(|(field, value)| changes.set(field, value));
        }
    }
}
