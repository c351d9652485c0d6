//! Sites, and the language of a visitor of one (LA-3).

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::endpoint::{Endpoint, text};
use super::request::{Caller, Json, Query, given};
use super::{ROOT, answer, problem};
use crate::actions::{Ctx, rights, sites};
use crate::domain::api_key::Scope;
use crate::domain::field::{Fault, FieldErrors};
use crate::domain::site::{Clues, RawRule, RawSite, visitor_language};
use crate::error::{AppError, Result};
use crate::store::catalogue::Catalogue;
use crate::store::sites::SiteRow;

/// Longest parameters of the question for a language, in characters.
const URL: usize = 8192;
const HEADER: usize = 16_384;
const COUNTRY: usize = 20;

/// A visitor-facing site.
#[derive(Serialize, ToSchema)]
struct Site {
    /// Names it everywhere in the API and in public addresses.
    #[schema(example = "shop")]
    slug: String,
    /// Its name for people.
    name: String,
    /// `shop.example.com`, or `*.example.com` for every host below it; a port counts only where it is given. No two sites have the same one.
    hosts: Vec<String>,
    /// Slugs of the departments it offers.
    departments: Vec<String>,
    /// Where a visitor's language is looked for, one after the other: `url`, `browser`, `country`, `fixed`.
    language_order: Vec<&'static str>,
    /// What in the address of a page tells the language; the first that fits decides.
    url_rules: Vec<SiteUrlRule>,
    /// Tags by country (ISO 3166-1, two letters).
    countries: BTreeMap<String, String>,
    /// Tag of the language without further questions.
    fixed: Option<String>,
    /// Whether it takes messages while nobody receives, where the organisation does.
    message_mode: bool,
    /// What visitors read then instead of the usual text, by tag.
    message_texts: BTreeMap<String, String>,
}

/// What in the address of a page tells the language.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SiteUrlRule {
    /// `path`: the path begins with these whole segments. `subdomain`: the first labels before the host. `query`: a parameter with this value.
    #[schema(pattern = "^(path|subdomain|query)$")]
    kind: String,
    /// `/es`, `es` or `lang=es`.
    #[schema(min_length = 1, max_length = 200)]
    value: String,
    /// Tag of a language that is switched on.
    #[schema(min_length = 2, max_length = 35)]
    language: String,
}

/// A site to be created.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SiteNew {
    /// Small letters, digits and hyphens; made of the name where it is absent.
    #[serde(default)]
    #[schema(required = false, max_length = 40, pattern = "^([a-z0-9]+(-[a-z0-9]+)*)?$")]
    slug: String,
    /// Its name, unique among sites.
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// Host patterns.
    #[serde(default)]
    #[schema(required = false, max_items = 100)]
    hosts: Vec<String>,
    /// Slugs of the departments it offers.
    #[serde(default)]
    #[schema(required = false)]
    departments: Vec<String>,
    /// Where a visitor's language is looked for; all four in the usual order where it is absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<String>, required = false, max_items = 4)]
    language_order: Option<Vec<String>>,
    /// What in the address of a page tells the language.
    #[serde(default)]
    #[schema(required = false, max_items = 100)]
    url_rules: Vec<SiteUrlRule>,
    /// Tags by country.
    #[serde(default)]
    #[schema(required = false)]
    countries: BTreeMap<String, String>,
    /// Tag of the language without further questions.
    #[serde(default)]
    #[schema(required = false)]
    fixed: Option<String>,
    /// Whether it takes messages while nobody receives, where the organisation does; `true` where it is absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    message_mode: Option<bool>,
    /// What visitors read then instead of the usual text, by tag; at most 1000 characters each.
    #[serde(default)]
    #[schema(required = false)]
    message_texts: BTreeMap<String, String>,
}

/// What is to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SitePatch {
    /// Small letters, digits and hyphens; public addresses with the former one lead nowhere any more.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, min_length = 2, max_length = 40, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    slug: Option<String>,
    /// Its name, unique among sites.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 60)]
    name: Option<String>,
    /// All host patterns from now on.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<String>, required = false, max_items = 100)]
    hosts: Option<Vec<String>>,
    /// Slugs of all departments it offers from now on.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<String>, required = false)]
    departments: Option<Vec<String>>,
    /// Where a visitor's language is looked for, one after the other.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<String>, required = false, max_items = 4)]
    language_order: Option<Vec<String>>,
    /// All URL rules from now on.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<SiteUrlRule>, required = false, max_items = 100)]
    url_rules: Option<Vec<SiteUrlRule>>,
    /// All countries from now on.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = BTreeMap<String, String>, required = false)]
    countries: Option<BTreeMap<String, String>>,
    /// Tag of the language without further questions; `null` for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, required = false)]
    fixed: Option<Option<String>>,
    /// Whether it takes messages while nobody receives, where the organisation does.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    message_mode: Option<bool>,
    /// All texts from now on that visitors read then, by tag; at most 1000 characters each.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = BTreeMap<String, String>, required = false)]
    message_texts: Option<BTreeMap<String, String>>,
}

/// The language of a visitor.
#[derive(Serialize, ToSchema)]
struct VisitorLanguage {
    /// One that is switched on.
    tag: String,
    /// What told it: `url`, `browser`, `country` or `fixed`; the organisation's own language, the last resort, counts as a fixed one.
    from: &'static str,
    /// What was asked, in order.
    trace: Vec<LanguageCheck>,
}

/// One thing that was asked for the language.
#[derive(Serialize, ToSchema)]
struct LanguageCheck {
    /// `url`, `browser`, `country` or `fixed`.
    source: &'static str,
    /// Names why it answered or not; stable.
    #[schema(example = "url-path")]
    code: &'static str,
    /// The same in words.
    message: String,
    /// The language, where this decided.
    tag: Option<String>,
}

/// The calls on sites.
pub fn endpoints() -> Vec<Endpoint> {
    let (read, write) = (Scope::SitesRead, Scope::SitesWrite);
    vec![
        Endpoint::new(Method::GET, "/sites", read, |route| route.to(list)).says("List sites", "").lists::<Site>(),
        Endpoint::new(Method::POST, "/sites", write, |route| route.to(create))
            .says("Create a site", "")
            .takes::<SiteNew>()
            .creates::<Site>(),
        Endpoint::new(Method::GET, "/sites/{slug}", read, |route| route.to(show)).says("Get a site", "").gives::<Site>(),
        Endpoint::new(Method::PATCH, "/sites/{slug}", write, |route| route.to(change))
            .says("Change a site", "A list that is sent takes the place of the whole former one.")
            .takes::<SitePatch>()
            .gives::<Site>(),
        Endpoint::new(Method::DELETE, "/sites/{slug}", write, |route| route.to(delete)).says("Delete a site", "Its hosts are free again."),
        Endpoint::new(Method::GET, "/sites/{slug}/language", read, |route| route.to(language))
            .says("Find a visitor's language", "By the site's order, with the reason why each source answered or not. Nothing is kept.")
            .asks("url", "Address of the page.", text(URL))
            .asks("accept_language", "The header `Accept-Language` of the visitor's browser.", text(HEADER))
            .asks("country", "ISO 3166-1, two letters; an unknown one is no fault, it is passed over.", text(COUNTRY))
            .gives::<VisitorLanguage>(),
    ]
}

fn view(row: &SiteRow) -> Site {
    let site = &row.site;
    let rules = site.url_rules.iter().map(|rule| SiteUrlRule {
        kind: rule.kind.as_str().to_owned(),
        value: rule.value.clone(),
        language: rule.language.to_string(),
    });
    Site {
        slug: site.slug.clone(),
        name: site.name.clone(),
        hosts: site.hosts.iter().map(ToString::to_string).collect(),
        departments: site.departments.clone(),
        language_order: site.language_order.iter().map(|source| source.as_str()).collect(),
        url_rules: rules.collect(),
        countries: site.countries.iter().map(|(country, tag)| (country.clone(), tag.to_string())).collect(),
        fixed: site.fixed.as_ref().map(ToString::to_string),
        message_mode: site.message_mode,
        message_texts: site.message_texts.clone(),
    }
}

fn find<'a>(catalogue: &'a Catalogue, slug: &str) -> Result<&'a SiteRow> {
    catalogue.site_by_slug(slug).ok_or(AppError::NotFound)
}

async fn list(caller: Caller, query: Query) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewSites>()?;
    answer::held_page(&query, &caller.catalogue.sites, |row| row.id, view)
}

async fn create(ctx: Data<Ctx>, caller: Caller, Json(new): Json<SiteNew>) -> Result<HttpResponse> {
    let right = caller.actor.may::<rights::ManageSites>()?;
    let (raw, keys) = raw(SitePatch {
        slug: Some(new.slug),
        name: Some(new.name),
        hosts: Some(new.hosts),
        departments: Some(new.departments),
        language_order: new.language_order,
        url_rules: Some(new.url_rules),
        countries: Some(new.countries),
        fixed: Some(new.fixed),
        message_mode: new.message_mode,
        message_texts: Some(new.message_texts),
    });
    let id = sites::create(&ctx, right, &raw).await.map_err(|error| at_keys(error, &keys))?;
    let catalogue = ctx.present_catalogue().await?;
    let row = catalogue.site(id).ok_or(AppError::NotFound)?;
    answer::created(format!("{ROOT}/sites/{}", row.site.slug), &view(row))
}

async fn show(request: HttpRequest, caller: Caller, slug: Path<String>) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewSites>()?;
    answer::one(&request, &view(find(&caller.catalogue, &slug)?))
}

async fn change(
    request: HttpRequest,
    ctx: Data<Ctx>,
    caller: Caller,
    slug: Path<String>,
    Json(patch): Json<SitePatch>,
) -> Result<HttpResponse, actix_web::Error> {
    let right = caller.actor.may::<rights::ManageSites>()?;
    let before = find(&caller.catalogue, &slug)?;
    let version = answer::if_match(&request, &view(before))?.then_some(before.version);
    let (raw, keys) = raw(patch);
    sites::change(&ctx, right, before.id, version, &raw).await.map_err(|error| at_keys(error, &keys))?;
    let catalogue = ctx.present_catalogue().await?;
    Ok(answer::one(&request, &view(catalogue.site(before.id).ok_or(AppError::NotFound)?))?)
}

/// The site as it was sent, and its countries in the order in which faults count them.
fn raw(sent: SitePatch) -> (RawSite, Vec<String>) {
    let rule = |rule: SiteUrlRule| RawRule { kind: rule.kind, value: rule.value, language: rule.language };
    let keys = sent.countries.iter().flat_map(BTreeMap::keys).cloned().collect();
    let raw = RawSite {
        slug: sent.slug,
        name: sent.name,
        hosts: sent.hosts,
        departments: sent.departments,
        language_order: sent.language_order,
        url_rules: sent.url_rules.map(|rules| rules.into_iter().map(rule).collect()),
        countries: sent.countries.map(|countries| countries.into_iter().collect()),
        fixed: sent.fixed.map(Option::unwrap_or_default),
        message_mode: sent.message_mode,
        message_texts: sent.message_texts,
    };
    (raw, keys)
}

/// Faults of countries at their keys, as a document has them.
fn at_keys(error: AppError, keys: &[String]) -> AppError {
    let AppError::Invalid(FieldErrors(mut errors)) = error else { return error };
    for error in &mut errors {
        let place = error.field.strip_prefix("countries[").and_then(|rest| rest.split(']').next()?.parse::<usize>().ok());
        if let Some(key) = place.and_then(|place| keys.get(place)) {
            error.field = format!("countries.{key}");
        }
    }
    AppError::Invalid(FieldErrors(errors))
}

async fn delete(request: HttpRequest, ctx: Data<Ctx>, caller: Caller, slug: Path<String>) -> Result<HttpResponse, actix_web::Error> {
    let right = caller.actor.may::<rights::ManageSites>()?;
    let row = find(&caller.catalogue, &slug)?;
    let version = answer::if_match(&request, &view(row))?.then_some(row.version);
    sites::delete(&ctx, right, row.id, version).await?;
    Ok(answer::nothing())
}

async fn language(request: HttpRequest, caller: Caller, slug: Path<String>, query: Query) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewSites>()?;
    let row = find(&caller.catalogue, &slug)?;
    let mut errors = FieldErrors::default();
    let mut asked = |name: &str, most: usize| {
        let given = query.get(name).unwrap_or_default();
        let given = if given.chars().count() > most { Err(Fault::with("too_long", "max", most)) } else { Ok(given) };
        errors.take(name, given).unwrap_or_default()
    };
    let clues = Clues { url: asked("url", URL), accept_language: asked("accept_language", HEADER), country: asked("country", COUNTRY) };
    errors.into_result(())?;
    let catalogue = &caller.catalogue;
    let found = visitor_language(&row.site, &catalogue.offered_languages(), &catalogue.default_language(), clues);
    let t = problem::texts(request.headers());
    let trace = found.trace.into_iter().map(|check| LanguageCheck {
        source: check.source.as_str(),
        code: check.code,
        message: t.owned(&format!("sites-trace-{}", check.code), &check.args),
        tag: check.tag.map(String::from),
    });
    answer::one(&request, &VisitorLanguage { tag: found.tag.into(), from: found.from.as_str(), trace: trace.collect() })
}
