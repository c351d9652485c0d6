//! Deeds on the categories of closed queries (QU-6). They all hold the settings, whose language names them.

use super::audit::{self, Changes, Object};
use super::order::reordered;
use super::rights::ManageQueries;
use super::{Ctx, languages};
use crate::domain::category::{Category as Facts, RawCategory};
use crate::domain::field::FieldErrors;
use crate::error::{AppError, Result};
use crate::store::categories::{self, Category};
use crate::store::{Tx, settings};

/// Creates a category, which stands last; returns its id.
///
/// # Errors
/// `taken` for a name that another one has, `unknown_choice` at `name_texts.<tag>` for a language that is not there, and the faults of
/// [`Facts::with`].
pub async fn create(ctx: &Ctx, right: ManageQueries<'_>, raw: &RawCategory) -> Result<i64> {
    let raw = RawCategory { name: Some(raw.name.clone().unwrap_or_default()), ..raw.clone() };
    let now = ctx.now();
    ctx.store
        .write(async |tx| {
            let organisation = settings::find_for_change(tx).await?;
            let all = categories::all(tx).await?;
            let facts = Facts::default().with(&raw, &organisation.default_language)?;
            known_languages(tx, &facts).await?;
            let position = all.last().map_or(1, |last| last.position + 1);
            let id = categories::insert(tx, &Category { id: 0, facts: facts.clone(), position, version: 0 }, now).await?;
            let mut changes = Changes::default();
            changes.set("name", &facts.name);
            if !facts.name_texts.is_empty() {
                changes.set("name_texts", &facts.name_texts);
            }
            audit::record(ctx, tx, &right, "category.created", Object::new("category", id, facts.name), changes).await?;
            Ok(id)
        })
        .await
}

/// Changes a category, and its place where `position` is given, the first one being 1. Where nothing differs, nothing happens.
///
/// # Errors
/// As [`create`]; [`AppError::Stale`] where it is no longer at `version`.
pub async fn change(
    ctx: &Ctx,
    right: ManageQueries<'_>,
    id: i64,
    version: Option<i64>,
    raw: &RawCategory,
    position: Option<i64>,
) -> Result<()> {
    let now = ctx.now();
    ctx.store
        .write(async |tx| {
            let organisation = settings::find_for_change(tx).await?;
            let all = categories::all(tx).await?;
            let before = found(&all, id, version)?;
            let facts = before.facts.with(raw, &organisation.default_language)?;
            known_languages(tx, &facts).await?;
            let mut changes = Changes::default();
            changes.note("name", &before.facts.name, &facts.name);
            changes.note("name_texts", &before.facts.name_texts, &facts.name_texts);
            if !changes.is_empty() {
                categories::save(tx, &Category { facts: facts.clone(), ..before.clone() }, now).await?;
            }
            if let Some(order) = reordered(&mut changes, all.iter().map(|category| category.id).collect(), id, position) {
                categories::place(tx, &order).await?;
            }
            if changes.is_empty() {
                return Ok(());
            }
            audit::record(ctx, tx, &right, "category.changed", Object::new("category", id, facts.name), changes).await
        })
        .await
}

/// Deletes a category. Queries that were classified under it count as classified still, without one.
///
/// # Errors
/// [`AppError::Stale`] where it is no longer at `version`.
pub async fn delete(ctx: &Ctx, right: ManageQueries<'_>, id: i64, version: Option<i64>) -> Result<()> {
    ctx.store
        .write(async |tx| {
            settings::find_for_change(tx).await?;
            let all = categories::all(tx).await?;
            let doomed = found(&all, id, version)?;
            categories::delete(tx, id).await?;
            let mut changes = Changes::default();
            changes.was("name", &doomed.facts.name);
            audit::record(ctx, tx, &right, "category.deleted", Object::new("category", id, &doomed.facts.name), changes).await
        })
        .await
}

fn found(all: &[Category], id: i64, version: Option<i64>) -> Result<&Category> {
    let category = all.iter().find(|category| category.id == id).ok_or(AppError::NotFound)?;
    if version.is_some_and(|version| version != category.version) { Err(AppError::Stale) } else { Ok(category) }
}

async fn known_languages(tx: &Tx, facts: &Facts) -> Result<()> {
    let mut errors = FieldErrors::default();
    languages::check_texts(tx, &facts.name_texts, &mut errors).await?;
    Ok(errors.into_result(())?)
}
