//! The form of the page: what it offers now, what comes back, and the page that tells the reference.
//!
//! Without a session there is no token of one: the form carries the instant at which it was made, sealed. It is worth something from
//! two seconds after that, for which a quicker program is held, until a day after. A field that people do not see must stay empty, and
//! networks are counted (actions::contact).

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::{Data, Path, Payload, Query};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::page::{Asked, Visitor, accepted, calls_now, public, render, takes_messages};
use crate::actions::roster::Snapshot;
use crate::actions::{Ctx, Origin, contact, visitors};
use crate::domain::channel::Channel;
use crate::domain::field::{Fault, FieldError, FieldErrors};
use crate::domain::query::{RawQuery, Source};
use crate::domain::site::Site;
use crate::error::{AppError, Result};
use crate::i18n::{Locale, Texts};
use crate::security::digest::sha256_hex;
use crate::store::departments::Department;
use crate::web::faults::Faults;
use crate::web::form::{read_urlencoded, refuse_foreign};
use crate::web::shell;

/// How old a form is at least when it is looked at.
const LEAST_AGE: TimeDelta = TimeDelta::seconds(2);
/// How old it is at most.
const MOST_AGE: TimeDelta = TimeDelta::hours(24);

/// The form as it was filled in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// `ticket` or `call`.
    pub channel: String,
    /// Slug.
    pub department: String,
    /// The operator whom a link named.
    pub operator_id: Option<i64>,
    /// The visitor's name.
    pub name: String,
    /// The visitor's address.
    pub email: String,
    /// The visitor's number.
    pub phone: String,
    /// One line.
    pub subject: String,
    /// Several lines.
    pub body: String,
    /// Tag of the language of the answer.
    pub language: String,
    /// Address of the page the visitor comes from.
    pub url: String,
    /// Interface language that the visitor chose.
    #[serde(rename = "in")]
    pub chosen: String,
    leave_empty: String,
    csrf_token: String,
    /// The name of that operator, looked up.
    #[serde(skip)]
    operator: Option<String>,
}

impl Draft {
    /// A form that nobody has filled in yet.
    pub async fn new(ctx: &Ctx, snapshot: &Snapshot, visitor: &Visitor<'_>, asked: &Asked) -> Result<Draft> {
        let draft = Draft {
            channel: Channel::Ticket.as_str().to_owned(),
            language: visitor.wanted.to_string(),
            url: visitor.url.clone(),
            operator_id: asked.operator.parse().ok(),
            chosen: visitor.chosen.map(|locale| locale.tag().to_owned()).unwrap_or_default(),
            ..Draft::default()
        };
        draft.addressed(ctx, snapshot, visitor).await
    }

    /// With the name of the operator for whom it is, where contact in their name is offered (LA-4); else it is for the department.
    async fn addressed(mut self, ctx: &Ctx, snapshot: &Snapshot, visitor: &Visitor<'_>) -> Result<Draft> {
        self.operator = None;
        if let Some(id) = self.operator_id {
            self.operator = match visitors::invitation_in(ctx, snapshot, visitor.site, id, visitor.wanted.clone()).await {
                Ok(invitation) => invitation.display_name,
                Err(AppError::Invalid(_)) => None,
                Err(error) => return Err(error),
            };
        }
        Ok(self)
    }

    /// The operator for whom it is.
    fn addressed_id(&self) -> Option<i64> {
        self.operator_id.filter(|_| self.operator.is_some())
    }

    /// Where the page is in another language, for the same operator and from the same page.
    pub fn address_in(&self, locale: Locale) -> String {
        let mut query = url::form_urlencoded::Serializer::for_suffix(String::from("?"), 1);
        query.append_pair("in", locale.tag());
        query.extend_pairs(self.operator_id.map(|id| ("operator", id.to_string())));
        query.extend_pairs(Some(("url", &self.url)).filter(|(_, url)| !url.is_empty()));
        query.finish()
    }
}

/// What the form shows.
pub struct Form {
    pub faults: Faults,
    pub draft: Draft,
    pub token: String,
    /// For whom the message is, where it is for one.
    pub operator: Option<String>,
    /// Slugs and names.
    pub departments: Vec<(String, String)>,
    /// Tags and their own names.
    pub languages: Vec<(String, String)>,
    pub may_write: bool,
    pub may_call: bool,
    /// When either is needed, where one may choose how to be answered.
    pub email_help: &'static str,
    pub phone_help: &'static str,
}

/// The form with what may be sent now; none where nothing may.
pub fn form(ctx: &Ctx, snapshot: &Snapshot, visitor: &Visitor<'_>, draft: Draft, errors: FieldErrors) -> Option<Form> {
    let now = ctx.now();
    let works = |department: &Department| {
        draft
            .addressed_id()
            .and_then(|id| snapshot.prepared.roster.person(id))
            .is_none_or(|person| person.switches_in(department.id).is_some())
    };
    let (mut may_write, mut may_call, mut departments) = (false, false, Vec::new());
    for department in visitor.departments().filter(|department| works(department)) {
        let (writes, calls) = (takes_messages(snapshot, visitor, department, now), calls_now(snapshot, visitor, department, now));
        if writes || calls {
            departments.push((department.facts.slug.clone(), department.name_in(&visitor.tag).to_owned()));
        }
        (may_write, may_call) = (may_write || writes, may_call || calls);
    }
    let languages = visitor.catalogue.enabled_languages().map(|language| (language.tag.clone(), language.native_name.clone()));
    let kept = issued(ctx, &visitor.site.slug, &draft.csrf_token).filter(|at| now - *at <= MOST_AGE);
    (!departments.is_empty()).then(|| Form {
        faults: Faults::of(visitor.t, errors).called(&NAMES),
        token: kept.map_or_else(|| token(ctx, &visitor.site.slug, now), |_| draft.csrf_token.clone()),
        operator: draft.operator.clone(),
        departments,
        languages: languages.collect(),
        may_write,
        may_call,
        email_help: if may_write && may_call { visitor.t.get("contact-email-help") } else { "" },
        phone_help: if may_write && may_call { visitor.t.get("contact-phone-help") } else { "" },
        draft,
    })
}

fn token(ctx: &Ctx, slug: &str, at: DateTime<Utc>) -> String {
    let at = at.timestamp_millis();
    format!("{at}.{}", ctx.keys.mac("contact form", format!("{slug} {at}").as_bytes()))
}

/// What its fields are called.
const NAMES: [(&str, &str); 7] = [
    ("department", "contact-department"),
    ("name", "contact-name"),
    ("language", "contact-language"),
    ("email", "contact-email"),
    ("phone", "contact-phone"),
    ("subject", "contact-subject"),
    ("body", "contact-body"),
];

/// When a form was made; none where we did not make it.
fn issued(ctx: &Ctx, slug: &str, token: &str) -> Option<DateTime<Utc>> {
    let (at, seal) = token.split_once('.')?;
    let at: i64 = at.parse().ok()?;
    ctx.keys.verify("contact form", format!("{slug} {at}").as_bytes(), seal).then(|| DateTime::from_timestamp_millis(at))?
}

pub async fn send(ctx: Data<Ctx>, request: HttpRequest, slug: Path<String>, payload: Payload) -> Result<HttpResponse> {
    let raw = read_urlencoded(payload.into_inner()).await?;
    refuse_foreign(&request)?;
    let packed = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&raw).finish();
    let draft: Draft = serde_html_form::from_str(&packed).map_err(|error| AppError::Malformed(error.to_string()))?;
    let at = issued(&ctx, &slug, &draft.csrf_token).ok_or(AppError::Forged)?;
    let snapshot = ctx.roster().await?;
    let asked = Asked { url: draft.url.clone(), r#in: draft.chosen.clone(), ..Asked::default() };
    let visitor = Visitor::new(&ctx, &snapshot, &request, &slug, &asked)?;
    let draft = draft.addressed(&ctx, &snapshot, &visitor).await?;
    let errors = faults(&ctx, &snapshot, &visitor, &draft, at);
    if !errors.is_empty() {
        return render(&ctx, &snapshot, &visitor, draft, errors, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let rest = LEAST_AGE - (ctx.now() - at).max(TimeDelta::zero());
    tokio::time::sleep(rest.to_std().unwrap_or(Duration::ZERO)).await;
    let origin = request.extensions().get::<Origin>().cloned().unwrap_or_default();
    let external_id = format!("contact:{}", sha256_hex(packed.as_bytes()));
    match contact::send(&ctx, &origin, query(&visitor, &draft, accepted(&request), external_id)).await {
        Ok(reference) => Ok(to_reference(&ctx, &visitor, &draft, &reference)),
        Err(AppError::Invalid(errors)) => render(&ctx, &snapshot, &visitor, draft, at_controls(errors), StatusCode::UNPROCESSABLE_ENTITY),
        Err(AppError::TooMany(wait)) => {
            let minutes = wait.as_secs().div_ceil(60);
            let mut errors = FieldErrors::default();
            errors.add_fault("form", Fault::with("too_many_messages", "minutes", minutes));
            let mut answer = render(&ctx, &snapshot, &visitor, draft, errors, StatusCode::TOO_MANY_REQUESTS)?;
            answer.headers_mut().insert(header::RETRY_AFTER, wait.as_secs().into());
            Ok(answer)
        }
        Err(error) => Err(error),
    }
}

/// What must be said before it is worth storing; the rest is checked where the query is read.
fn faults(ctx: &Ctx, snapshot: &Snapshot, visitor: &Visitor<'_>, draft: &Draft, at: DateTime<Utc>) -> FieldErrors {
    let (mut errors, now) = (FieldErrors::default(), ctx.now());
    if now - at > MOST_AGE {
        errors.add("form", "form_expired");
    }
    if !draft.leave_empty.is_empty() {
        errors.add("form", "left_empty");
    }
    let is_call = draft.channel == Channel::Call.as_str();
    match visitor.departments().find(|department| department.facts.slug == draft.department) {
        None => errors.add("department", "unknown_choice"),
        Some(department) if is_call && !calls_now(snapshot, visitor, department, now) => errors.add("department", "no_calls_now"),
        Some(department) if !is_call && !takes_messages(snapshot, visitor, department, now) => errors.add("department", "no_messages_now"),
        Some(_) => {}
    }
    let required: &[(&str, &String)] =
        if is_call { &[("phone", &draft.phone)] } else { &[("email", &draft.email), ("subject", &draft.subject), ("body", &draft.body)] };
    for (field, _) in required.iter().filter(|(_, text)| text.trim().is_empty()) {
        errors.add(field, "required");
    }
    let read = query(visitor, draft, "", String::new()).read().err();
    errors.0.extend(read.map(at_controls).unwrap_or_default().0);
    // In the order in which they stand on the page.
    errors.0.sort_by_key(|error| CONTROLS.iter().position(|control| *control == error.field));
    errors
}

const CONTROLS: [&str; 8] = ["form", "department", "name", "language", "email", "phone", "subject", "body"];

fn query(visitor: &Visitor<'_>, draft: &Draft, accept_language: &str, external_id: String) -> RawQuery {
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let is_call = draft.channel == Channel::Call.as_str();
    // A language that was found and left as it was is told by what it was found by.
    let language = given(&draft.language).filter(|tag| *tag != visitor.found.tag.as_str());
    RawQuery {
        source: Source::Contact,
        channel: if is_call { Channel::Call } else { Channel::Ticket }.as_str().to_owned(),
        department: Some(draft.department.clone()),
        operator_id: draft.addressed_id(),
        site: Some(visitor.site.slug.clone()),
        url: given(&draft.url),
        language,
        accept_language: given(accept_language),
        name: given(&draft.name),
        email: given(&draft.email),
        phone: given(&draft.phone),
        subject: draft.subject.trim().to_owned(),
        body: draft.body.clone(),
        external_id: given(&external_id),
        ..RawQuery::default()
    }
}

/// Faults of a query at the controls of the form.
fn at_controls(FieldErrors(errors): FieldErrors) -> FieldErrors {
    let field = |field: String| match field.as_str() {
        "channel" => "department".to_owned(),
        "site" | "external_id" | "operator_id" => "form".to_owned(),
        _ => field.trim_start_matches("requester.").to_owned(),
    };
    FieldErrors(errors.into_iter().map(|error| FieldError { field: field(error.field), ..error }).collect())
}

fn seal(ctx: &Ctx, site: &Site, reference: &str) -> String {
    ctx.keys.mac("contact reference", format!("{} {reference}", site.slug).as_bytes())
}

fn to_reference(ctx: &Ctx, visitor: &Visitor<'_>, draft: &Draft, reference: &str) -> HttpResponse {
    let query = [
        ("reference", reference),
        ("channel", &draft.channel),
        ("in", visitor.t.locale().tag()),
        ("seal", &seal(ctx, visitor.site, reference)),
    ];
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    HttpResponse::SeeOther().insert_header((header::LOCATION, format!("/contact/{}/received?{query}", visitor.site.slug))).finish()
}

/// What the page with the reference is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Told {
    reference: String,
    channel: String,
    r#in: String,
    seal: String,
}

#[derive(Template)]
#[template(path = "contact/received.html")]
struct ReceivedPage<'a> {
    t: Texts,
    site: &'a Site,
    reference: &'a str,
    is_call: bool,
}

/// The page with the reference; what we did not seal we do not show in our name.
pub async fn received(ctx: Data<Ctx>, request: HttpRequest, slug: Path<String>, told: Query<Told>) -> Result<HttpResponse> {
    let snapshot = ctx.roster().await?;
    let visitor = Visitor::new(&ctx, &snapshot, &request, &slug, &Asked { r#in: told.r#in.clone(), ..Asked::default() })?;
    if !crate::security::digest::constant_time_eq(seal(&ctx, visitor.site, &told.reference).as_bytes(), told.seal.as_bytes()) {
        return Err(AppError::NotFound);
    }
    let is_call = told.channel == Channel::Call.as_str();
    let mut answer =
        shell::html(&ctx, StatusCode::OK, None, &ReceivedPage { t: visitor.t, site: visitor.site, reference: &told.reference, is_call })?;
    public(&mut answer);
    Ok(answer)
}
