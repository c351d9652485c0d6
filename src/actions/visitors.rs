//! What visitors of a site are shown: hours, whether somebody is there, and contact in an operator's name (HR-7, LA-4, QU-4).
//! Nothing is written here; the public page and the API ask alike.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::Ctx;
use super::roster::Snapshot;
use crate::domain::availability::Person;
use crate::domain::contact_invitation::{Reason, refused, text_in};
use crate::domain::language::LanguageTag;
use crate::domain::operator::OperatorState;
use crate::domain::site::{Clues, PageAddress, Site, owner, visitor_language};
use crate::domain::visitor_hours::{Shown, WallWeek, of_department, of_operator};
use crate::error::{AppError, Result};
use crate::store::catalogue::Catalogue;
use crate::store::operators;
use crate::store::sites::SiteRow;

/// The hours of a department; none where there is no such department.
pub fn hours(snapshot: &Snapshot, department: i64, now: DateTime<Utc>) -> Option<Shown> {
    of_department(&snapshot.prepared.roster.world, department, members(snapshot, department), zone(&snapshot.catalogue), now)
}

fn members(snapshot: &Snapshot, department: i64) -> impl Iterator<Item = &Person> {
    let roster = &snapshot.prepared.roster;
    roster.places_in(Some(department)).filter_map(|place| roster.people().get(place)).map(|person| &**person)
}

fn zone(catalogue: &Catalogue) -> Tz {
    catalogue.organisation.time_zone.parse().unwrap_or_default()
}

/// What is asked about contact in an operator's name.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// Id of the operator.
    pub operator: &'a str,
    /// Slug of the site; empty is the one whose page it is.
    pub site: &'a str,
    /// What is known of the visitor.
    pub clues: Clues<'a>,
}

/// What a site may show in an operator's name; nothing but the language and the reason where it may not.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Why contact is not offered; none where it is.
    pub reason: Option<Reason>,
    /// The visitor's language.
    pub language: LanguageTag,
    /// The name customers see.
    pub display_name: Option<String>,
    /// In the visitor's language, where it is told.
    pub job_position: Option<String>,
    /// Absolute address of the picture, where there is one.
    pub photo: Option<String>,
    /// When the operator could take a call in a department of the site.
    pub call_me: WallWeek,
    /// The zone of that wall.
    pub zone: Tz,
}

/// Whether a site may offer contact in an operator's name, and what it may show then (LA-4).
///
/// # Errors
/// `required` and `unknown_choice` at `operator` and `site`.
pub async fn invitation(ctx: &Ctx, asked: Asked<'_>) -> Result<Invitation> {
    let snapshot = ctx.roster().await?;
    let catalogue = &snapshot.catalogue;
    if asked.operator.trim().is_empty() {
        return Err(AppError::field("operator", "required"));
    }
    let unknown = |field: &str| AppError::field(field, "unknown_choice");
    let id: i64 = asked.operator.trim().parse().map_err(|_| unknown("operator"))?;
    let site = &site(catalogue, asked)?.site;
    let language = visitor_language(site, &catalogue.offered_languages(), &catalogue.default_language(), asked.clues).tag;
    invitation_in(ctx, &snapshot, site, id, language).await
}

/// The same for a visitor whose language is known.
///
/// # Errors
/// `unknown_choice` at `operator`.
pub async fn invitation_in(ctx: &Ctx, snapshot: &Snapshot, site: &Site, operator: i64, language: LanguageTag) -> Result<Invitation> {
    let (catalogue, now) = (&snapshot.catalogue, ctx.now());
    let unknown = || AppError::field("operator", "unknown_choice");
    let person = snapshot.prepared.roster.person(operator).ok_or_else(unknown)?;
    let operator = operators::find(ctx.store.read(), operator).await?.ok_or_else(unknown)?;
    let offered = site.departments.iter().filter_map(|slug| catalogue.department_by_slug(slug)).map(|department| department.id);
    let works = offered.filter(|department| person.switches_in(*department).is_some()).collect::<Vec<i64>>();
    let is_active = operator.state(now) == OperatorState::Active;
    let (zone, call_me) = of_operator(&snapshot.prepared.roster.world, person, &works, zone(catalogue), now);
    let photo = match (&operator.photo_id, &operator.preset) {
        (Some(photo), _) => Some(ctx.link(&format!("/photos/{photo}/large"))),
        (None, Some(preset)) => Some(ctx.link(&format!("/static/presets/{preset}.svg"))),
        (None, None) => None,
    };
    let reason = refused(is_active, !works.is_empty(), &person.languages, &language);
    Ok(match reason {
        Some(_) => Invitation { reason, language, display_name: None, job_position: None, photo: None, call_me: WallWeek::default(), zone },
        None => Invitation {
            reason,
            display_name: Some(person.display_name().to_owned()),
            job_position: text_in(&operator.job_positions, &language).map(str::to_owned),
            photo,
            call_me,
            zone,
            language,
        },
    })
}

/// The site that was named, else the one whose page it is.
fn site<'a>(catalogue: &'a Catalogue, asked: Asked<'_>) -> Result<&'a SiteRow> {
    if !asked.site.trim().is_empty() {
        return catalogue.site_by_slug(asked.site.trim()).ok_or_else(|| AppError::field("site", "unknown_choice"));
    }
    let page = PageAddress::parse(asked.clues.url);
    let found = page.and_then(|page| owner(catalogue.sites.iter().map(|row| (row, &row.site)), &page));
    found.ok_or_else(|| AppError::field("site", "required"))
}
