//! Deeds on the languages of the organisation (LA-1).

use std::collections::BTreeMap;

use super::Ctx;
use super::audit::{self, Changes, Object};
use super::rights::ManageLanguages;
use crate::domain::field::{Fault, FieldErrors};
use crate::domain::language::{LanguageTag, name_in, native_name};
use crate::domain::{limits, text};
use crate::error::{AppError, Result};
use crate::store::languages::{self, Language};
use crate::store::sites::{self, SiteRow};
use crate::store::{Tx, settings};

/// A language to be added.
#[derive(Clone, Debug, Default)]
pub struct NewLanguage {
    /// BCP 47 tag, in any case.
    pub tag: String,
    /// Its name in the organisation's language; empty takes the known one.
    pub name: String,
    /// What its speakers call it; empty takes the known one.
    pub native_name: String,
}

/// What is to change; nothing leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct LanguageChange {
    /// Its name in the organisation's language.
    pub name: Option<String>,
    /// What its speakers call it.
    pub native_name: Option<String>,
    /// Whether operators and customers may choose it.
    pub enabled: Option<bool>,
    /// Its place, the first one being 1; a larger one than there are is the last.
    pub position: Option<i64>,
}

/// Adds a language at the end, switched on; returns its canonical tag. Fields: `tag`, `name`, `native_name`.
pub async fn create(ctx: &Ctx, right: ManageLanguages<'_>, new: NewLanguage) -> Result<String> {
    let mut errors = FieldErrors::default();
    let required = if new.tag.trim().is_empty() { Err(Fault::new("required")) } else { Ok(()) };
    let tag = errors.take("tag", required.and_then(|()| LanguageTag::parse(&new.tag)));
    let name = errors.take("name", text::optional_line(&new.name, limits::LANGUAGE_NAME));
    let own = errors.take("native_name", text::optional_line(&new.native_name, limits::LANGUAGE_NAME));
    let (Some(tag), Some(name), Some(own)) = (tag, name, own) else { return Err(errors.into()) };
    ctx.store
        .write(async |tx| {
            let organisation = settings::find_for_change(tx).await?;
            let all = languages::all(tx).await?;
            if all.iter().any(|language| language.tag == tag.as_str()) {
                return Err(AppError::field("tag", "taken"));
            }
            let known = || name_in(&tag, &organisation.default_language);
            let language = Language {
                tag: tag.to_string(),
                name: name.clone().unwrap_or_else(known),
                native_name: own.clone().unwrap_or_else(|| native_name(&tag)),
                enabled: true,
                position: all.last().map_or(1, |last| last.position + 1),
                version: 1,
            };
            let mut changes = Changes::default();
            changes.set("name", &language.name);
            changes.set("native_name", &language.native_name);
            let object = Object::new("language", &tag, &language.name);
            languages::create(tx, language).await?;
            audit::record(ctx, tx, &right, "language.created", object, changes).await?;
            Ok(tag.to_string())
        })
        .await
}

/// Changes a language. Fields: `name`, `native_name`, `position`.
///
/// # Errors
/// `Conflict("language-default")` where the default one would be switched off, [`AppError::Stale`].
pub async fn change(ctx: &Ctx, right: ManageLanguages<'_>, tag: &str, version: Option<i64>, change: LanguageChange) -> Result<()> {
    let mut errors = FieldErrors::default();
    let name = change.name.as_deref().map(|raw| errors.take("name", text::line(raw, limits::LANGUAGE_NAME)));
    let own = change.native_name.as_deref().map(|raw| errors.take("native_name", text::line(raw, limits::LANGUAGE_NAME)));
    if change.position.is_some_and(|position| position < 1) {
        errors.add_fault("position", Fault::range(1, i64::from(i32::MAX)));
    }
    errors.into_result(())?;
    let (name, own) = (name.flatten(), own.flatten());
    ctx.store
        .write(async |tx| {
            let organisation = settings::find_for_change(tx).await?;
            let mut all = languages::all(tx).await?;
            let place = all.iter().position(|language| language.tag == tag).ok_or(AppError::NotFound)?;
            let before = all.remove(place);
            if version.is_some_and(|version| version != before.version) {
                return Err(AppError::Stale);
            }
            let after = Language {
                name: name.clone().unwrap_or_else(|| before.name.clone()),
                native_name: own.clone().unwrap_or_else(|| before.native_name.clone()),
                enabled: change.enabled.unwrap_or(before.enabled),
                ..before.clone()
            };
            if !after.enabled && organisation.default_language == tag {
                return Err(AppError::Conflict("language-default"));
            }
            let wanted = change.position.and_then(|position| usize::try_from(position - 1).ok());
            let there = wanted.unwrap_or(place).min(all.len());
            all.insert(there, after.clone());
            let mut changes = Changes::default();
            changes.note("name", &before.name, &after.name);
            changes.note("native_name", &before.native_name, &after.native_name);
            changes.note("enabled", &before.enabled, &after.enabled);
            changes.note("position", &(place + 1), &(there + 1));
            if changes.is_empty() {
                return Ok(());
            }
            languages::change(tx, &renumbered(all, tag)).await?;
            audit::record(ctx, tx, &right, "language.changed", Object::new("language", tag, after.name), changes).await
        })
        .await
}

/// Makes a language the one of those who chose none. It must be switched on.
///
/// # Errors
/// `Conflict("language-disabled")`.
pub async fn set_default(ctx: &Ctx, right: ManageLanguages<'_>, tag: &str) -> Result<()> {
    ctx.store
        .write(async |tx| {
            let before = settings::find_for_change(tx).await?;
            let language = languages::find(tx, tag).await?.ok_or(AppError::NotFound)?;
            if !language.enabled {
                return Err(AppError::Conflict("language-disabled"));
            }
            let mut changes = Changes::default();
            changes.note("default_language", &before.default_language, &language.tag);
            if changes.is_empty() {
                return Ok(());
            }
            settings::set_default_language(tx, tag, before.version).await?;
            audit::record(ctx, tx, &right, "settings.changed", Object::new("settings", 1, before.organisation_name), changes).await
        })
        .await
}

/// What becomes of those who use a language that is deleted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Removal<'a> {
    /// The language that operators and sites get in its place; without one they lose it.
    pub replacement: Option<&'a str>,
    /// Whether it is known and wanted that operators and sites lose it.
    pub confirmed: bool,
    /// The version that is to be deleted, where that matters.
    pub version: Option<i64>,
}

/// Deletes a language (LA-1). Operators who assist in it and sites that name it get the replacement, or lose it; job positions
/// and names of departments written in it are gone. Field: `replacement`.
///
/// # Errors
/// `Conflict("language-default")`, `Conflict("language-in-use")` where operators or sites use it and nobody said what becomes of them,
/// [`AppError::Stale`] where a version is given and another one stands by now.
pub async fn delete(ctx: &Ctx, right: ManageLanguages<'_>, tag: &str, removal: Removal<'_>) -> Result<()> {
    let now = ctx.now();
    ctx.store
        .write(async |tx| {
            let organisation = settings::find_for_change(tx).await?;
            let language = languages::find(tx, tag).await?.ok_or(AppError::NotFound)?;
            if removal.version.is_some_and(|version| version != language.version) {
                return Err(AppError::Stale);
            }
            if organisation.default_language == tag {
                return Err(AppError::Conflict("language-default"));
            }
            let gone = LanguageTag::parse(tag).map_err(|fault| AppError::unexpected(fault.code))?;
            let replacement = replacement(tx, &gone, removal.replacement).await?;
            let (assistants, _) = languages::dependence(tx, tag).await?;
            let naming: Vec<SiteRow> = sites::all(tx).await?.into_iter().filter(|row| row.site.names(&gone)).collect();
            if (assistants > 0 || !naming.is_empty()) && replacement.is_none() && !removal.confirmed {
                return Err(AppError::Conflict("language-in-use"));
            }
            for row in &naming {
                let mut site = row.site.clone();
                site.replace(&gone, replacement.as_ref());
                sites::change(tx, row.id, &site, row.version, now).await?;
            }
            languages::delete(tx, tag, replacement.as_ref().map(LanguageTag::as_str), now).await?;
            let mut changes = Changes::default();
            changes.was("name", &language.name);
            changes.was("native_name", &language.native_name);
            changes.was("operators", assistants);
            changes.was("sites", naming.iter().map(|row| row.site.name.as_str()).collect::<Vec<_>>());
            if let Some(replacement) = &replacement {
                changes.set("replacement", replacement);
            }
            audit::record(ctx, tx, &right, "language.deleted", Object::new("language", tag, language.name), changes).await
        })
        .await
}

/// The language that takes the place of one: another one that is switched on.
async fn replacement(tx: &Tx, gone: &LanguageTag, wanted: Option<&str>) -> Result<Option<LanguageTag>> {
    let Some(wanted) = wanted.filter(|tag| !tag.trim().is_empty()) else { return Ok(None) };
    let tag = LanguageTag::parse(wanted).map_err(|fault| AppError::field("replacement", fault.code))?;
    let is_on = languages::find(tx, tag.as_str()).await?.is_some_and(|language| language.enabled);
    if is_on && tag != *gone { Ok(Some(tag)) } else { Err(AppError::field("replacement", "unknown_choice")) }
}

/// Places from 1 on; only those that moved, and the one named.
fn renumbered(all: Vec<Language>, changed: &str) -> Vec<Language> {
    let placed = (1..).zip(all).map(|(position, language)| {
        let is_changed = language.position != position || language.tag == changed;
        (is_changed, Language { position, ..language })
    });
    placed.filter(|(is_changed, _)| *is_changed).map(|(_, language)| language).collect()
}

/// Refuses translations of a name into languages that the organisation has not (LA-1). Fault: `unknown_choice` at `name_texts.<tag>`.
pub(super) async fn check_texts(tx: &Tx, texts: &BTreeMap<String, String>, errors: &mut FieldErrors) -> Result<()> {
    if texts.is_empty() {
        return Ok(());
    }
    let known = languages::all(tx).await?;
    for tag in texts.keys().filter(|tag| !known.iter().any(|language| language.tag == **tag)) {
        errors.add(&format!("name_texts.{tag}"), "unknown_choice");
    }
    Ok(())
}
