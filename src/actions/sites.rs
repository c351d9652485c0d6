//! Deeds on sites (LA-3): created, changed and deleted; their hosts and languages agree with the rest of the organisation.

use super::Ctx;
use super::audit::{self, Changes, Object};
use super::rights::ManageSites;
use crate::domain::field::FieldErrors;
use crate::domain::language::LanguageTag;
use crate::domain::site::{HostPattern, RawSite, Site, Surroundings, UrlRule};
use crate::domain::{slug, text};
use crate::error::{AppError, Result};
use crate::store::sites::{self, SiteRow};
use crate::store::{Tx, departments, languages, settings};

/// Creates a site; returns its id. Without a slug one is made of the name. Fields: those of [`Site::with`].
pub async fn create(ctx: &Ctx, right: ManageSites<'_>, raw: &RawSite) -> Result<i64> {
    let now = ctx.now();
    // A new site has a name, even an empty one, which is then missing.
    let raw = RawSite { name: Some(raw.name.clone().unwrap_or_default()), ..raw.clone() };
    ctx.store
        .write(async |tx| {
            let around = Around::read(tx, None).await?;
            let site = around.checked(&Site::default(), &raw)?;
            let id = sites::create(tx, &site, now).await?;
            let mut changes = Changes::default();
            note(&mut changes, &Site::default(), &site);
            audit::record(ctx, tx, &right, "site.created", Object::new("site", id, &site.name), changes).await?;
            Ok(id)
        })
        .await
}

/// Changes a site. Fields: those of [`Site::with`].
///
/// # Errors
/// [`AppError::Stale`] where it is no longer at `version`.
pub async fn change(ctx: &Ctx, right: ManageSites<'_>, id: i64, version: Option<i64>, raw: &RawSite) -> Result<()> {
    let now = ctx.now();
    ctx.store
        .write(async |tx| {
            let around = Around::read(tx, Some(id)).await?;
            let before = around.own.as_ref().ok_or(AppError::NotFound)?;
            if version.is_some_and(|version| version != before.version) {
                return Err(AppError::Stale);
            }
            let after = around.checked(&before.site, raw)?;
            let mut changes = Changes::default();
            note(&mut changes, &before.site, &after);
            if changes.is_empty() {
                return Ok(());
            }
            sites::change(tx, id, &after, before.version, now).await?;
            audit::record(ctx, tx, &right, "site.changed", Object::new("site", id, after.name), changes).await
        })
        .await
}

/// Deletes a site; its hosts are free again.
///
/// # Errors
/// [`AppError::Stale`] where `version` is given and another one stands by now.
pub async fn delete(ctx: &Ctx, right: ManageSites<'_>, id: i64, version: Option<i64>) -> Result<()> {
    ctx.store
        .write(async |tx| {
            let row = sites::find(tx, id).await?.ok_or(AppError::NotFound)?;
            if version.is_some_and(|version| version != row.version) {
                return Err(AppError::Stale);
            }
            sites::delete(tx, id).await?;
            let mut changes = Changes::default();
            note(&mut changes, &row.site, &Site::default());
            audit::record(ctx, tx, &right, "site.deleted", Object::new("site", id, row.site.name), changes).await
        })
        .await
}

/// Notes what differs, in the words of the API.
pub(super) fn note(changes: &mut Changes, before: &Site, after: &Site) {
    let hosts = |site: &Site| site.hosts.iter().map(ToString::to_string).collect::<Vec<_>>();
    let rules = |site: &Site| site.url_rules.iter().map(told).collect::<Vec<_>>();
    changes.note("slug", &before.slug, &after.slug);
    changes.note("name", &before.name, &after.name);
    changes.note("hosts", &hosts(before), &hosts(after));
    changes.note("departments", &before.departments, &after.departments);
    changes.note("language_order", &before.language_order, &after.language_order);
    changes.note("url_rules", &rules(before), &rules(after));
    changes.note("countries", &before.countries, &after.countries);
    changes.note("fixed", &before.fixed, &after.fixed);
    changes.note("message_mode", &before.message_mode, &after.message_mode);
    changes.note("message_texts", &before.message_texts, &after.message_texts);
}

/// A rule in one line.
pub fn told(rule: &UrlRule) -> String {
    format!("{} {} → {}", rule.kind.as_str(), rule.value, rule.language)
}

/// What a site must agree with, as it stands in this transaction; nothing of it changes until the transaction ends.
struct Around {
    own: Option<SiteRow>,
    others: Vec<SiteRow>,
    languages: Vec<LanguageTag>,
    departments: Vec<String>,
    claimed: Vec<(HostPattern, String)>,
}

impl Around {
    /// Everything but the site of this id, which stands apart.
    async fn read(tx: &Tx, id: Option<i64>) -> Result<Around> {
        settings::find_for_change(tx).await?;
        let (own, others): (Vec<SiteRow>, Vec<SiteRow>) = sites::all(tx).await?.into_iter().partition(|row| Some(row.id) == id);
        let enabled = languages::all(tx).await?.into_iter().filter(|language| language.enabled);
        let claims = others.iter().flat_map(|row| row.site.hosts.iter().map(|host| (host.clone(), row.site.name.clone())));
        Ok(Around {
            own: own.into_iter().next(),
            languages: enabled.filter_map(|language| LanguageTag::parse(&language.tag).ok()).collect(),
            departments: departments::all(tx).await?.into_iter().map(|department| department.facts.slug).collect(),
            claimed: claims.collect(),
            others,
        })
    }

    /// The site with what was typed, where it agrees with all of this.
    fn checked(&self, before: &Site, raw: &RawSite) -> Result<Site> {
        let around = Surroundings { languages: &self.languages, departments: &self.departments, claimed: &self.claimed };
        let mut site = before.with(raw, around)?;
        let mut errors = FieldErrors::default();
        let key = text::fold(&site.name);
        if self.others.iter().any(|row| text::fold(&row.site.name) == key) {
            errors.add("name", "taken");
        }
        if site.slug.is_empty() {
            site.slug = slug::free(slug::of(&site.name, "site"), |slug| self.has_slug(slug));
        } else if self.has_slug(&site.slug) {
            errors.add("slug", "taken");
        }
        Ok(errors.into_result(site)?)
    }

    fn has_slug(&self, slug: &str) -> bool {
        self.others.iter().any(|row| row.site.slug == slug)
    }
}
