//! What a site may show its visitors (HR-7, LA-4).

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer;
use super::endpoint::{Endpoint, text, whole};
use super::request::{Caller, Query};
use crate::actions::visitors::{self, Asked};
use crate::actions::{Ctx, rights};
use crate::domain::api_key::Scope;
use crate::domain::field::{Fault, FieldErrors};
use crate::domain::schedule::RawInterval;
use crate::domain::site::Clues;
use crate::error::{AppError, Result};

/// Longest parameters, in characters.
const SLUG: usize = 40;
const URL: usize = 8192;
const HEADER: usize = 16_384;
const COUNTRY: usize = 20;

/// When a department is there, on a wall: the coming seven days, today first, each under its weekday.
#[derive(Serialize, ToSchema)]
struct DepartmentHours {
    /// Whether it is there now, by its hours.
    open_now: bool,
    /// When that changes; `null` where nothing is known to come.
    #[schema(format = DateTime)]
    next_change: Option<String>,
    /// The department's own hours, else those during which any of its members has hours. An end is `24:00` at most.
    #[schema(value_type = BTreeMap<String, Vec<Vec<String>>>, example = json!({"mon": [["09:00", "18:00"]], "sun": []}))]
    week: BTreeMap<String, Vec<RawInterval>>,
    /// When somebody could take a call.
    #[schema(value_type = BTreeMap<String, Vec<Vec<String>>>, example = json!({"mon": [["09:00", "18:00"]], "sun": []}))]
    call_me: BTreeMap<String, Vec<RawInterval>>,
    /// IANA name of the zone of the wall.
    time_zone: &'static str,
}

/// What a site may show in an operator's name.
#[derive(Serialize, ToSchema)]
struct ContactInvitation {
    /// Whether contact may be offered; otherwise only `language` and `reason` say something.
    offered: bool,
    /// Why not: `account` is not active, no `membership` in a department of the site, no `language` that serves.
    #[schema(example = "language")]
    reason: Option<&'static str>,
    /// The visitor's language, found as the site says.
    language: String,
    /// The name customers see.
    display_name: Option<String>,
    /// The job position in that language or its base, where it is told.
    job_position: Option<String>,
    /// Absolute address of the picture, where there is one.
    photo: Option<String>,
    /// When the operator could take a call in a department of the site: the coming seven days, each under its weekday.
    #[schema(value_type = BTreeMap<String, Vec<Vec<String>>>, example = json!({"mon": [["09:00", "18:00"]], "sun": []}))]
    call_me: BTreeMap<String, Vec<RawInterval>>,
    /// IANA name of the zone of these hours.
    time_zone: &'static str,
}

/// The calls for sites.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Method::GET, "/departments/{slug}/hours", Scope::AvailabilityRead, |route| route.to(hours))
            .says("What a visitor may be shown of a department's hours", "Absences, exceptions and switches count as they are known now.")
            .asks("site", "Slug of the site; refused where it does not offer the department.", text(SLUG))
            .gives::<DepartmentHours>(),
        Endpoint::new(Method::GET, "/contact-invitation", Scope::AvailabilityRead, |route| route.to(invitation))
            .says(
                "What a site may show in an operator's name",
                "Offered only to visitors whose language one of the operator's assistance languages serves.",
            )
            .asks("operator", "Id of the operator; required.", whole(1, i64::MAX))
            .asks("site", "Slug of the site; without it the one whose page `url` is.", text(SLUG))
            .asks("url", "Address of the page the visitor looks at.", text(URL))
            .asks("accept_language", "The visitor's header `Accept-Language`.", text(HEADER))
            .asks("country", "The visitor's country, ISO 3166-1, two letters.", text(COUNTRY))
            .gives::<ContactInvitation>(),
    ]
}

async fn hours(request: HttpRequest, ctx: Data<Ctx>, caller: Caller, slug: Path<String>, query: Query) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewNow>()?;
    let snapshot = ctx.roster().await?;
    let department = snapshot.catalogue.department_by_slug(&slug).ok_or(AppError::NotFound)?;
    if let Some(site) = query.get("site") {
        let site = snapshot.catalogue.site_by_slug(site).ok_or_else(|| AppError::field("site", "unknown_choice"))?;
        if !site.site.departments.contains(&department.facts.slug) {
            return Err(AppError::field("site", "not_offered"));
        }
    }
    let shown = visitors::hours(&snapshot, department.id, ctx.now()).ok_or(AppError::NotFound)?;
    let answered = DepartmentHours {
        open_now: shown.open_now,
        next_change: shown.next_change.map(answer::instant),
        week: shown.week.raw(),
        call_me: shown.call_me.raw(),
        time_zone: shown.zone.name(),
    };
    answer::one(&request, &answered)
}

async fn invitation(request: HttpRequest, ctx: Data<Ctx>, caller: Caller, query: Query) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewNow>()?;
    let mut errors = FieldErrors::default();
    let mut asked = |name: &str, most: usize| {
        let given = query.get(name).unwrap_or_default();
        let given = if given.chars().count() > most { Err(Fault::with("too_long", "max", most)) } else { Ok(given) };
        errors.take(name, given).unwrap_or_default()
    };
    let clues = Clues { url: asked("url", URL), accept_language: asked("accept_language", HEADER), country: asked("country", COUNTRY) };
    let asked = Asked { operator: asked("operator", COUNTRY), site: asked("site", SLUG), clues };
    errors.into_result(())?;
    let found = visitors::invitation(&ctx, asked).await?;
    let answered = ContactInvitation {
        offered: found.reason.is_none(),
        reason: found.reason.map(|reason| reason.as_str()),
        language: found.language.into(),
        display_name: found.display_name,
        job_position: found.job_position,
        photo: found.photo,
        call_me: found.call_me.raw(),
        time_zone: found.zone.name(),
    };
    answer::one(&request, &answered)
}
