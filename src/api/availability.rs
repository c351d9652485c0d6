//! Who may take a query now, and why (QU-7).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::http::Method;
use actix_web::web::{Bytes, BytesMut, Data};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{instant, json};
use super::endpoint::{Endpoint, one_of, text, whole};
use super::problem;
use super::request::{Caller, Query};
use crate::actions::Ctx;
use crate::actions::availability::{Answer, Asked, RawAsked, Told, ToldCheck, answer};
use crate::actions::roster::Snapshot;
use crate::domain::api_key::Scope;
use crate::domain::availability::Check;
use crate::domain::channel::Channel;
use crate::domain::language::LanguageTag;
use crate::domain::time_zone;
use crate::error::Result;

/// Who can receive.
#[derive(Serialize, ToSchema)]
struct Availability<'a> {
    /// The instant.
    #[schema(format = DateTime)]
    at: String,
    #[serde(flatten)]
    #[schema(inline)]
    rest: Rest<'a>,
}

/// All but the instant, which alone differs between two answers of one version.
#[derive(Serialize, ToSchema)]
struct Rest<'a> {
    /// Slug of the department that was asked about.
    department: Option<&'a str>,
    /// The channel that was asked about.
    channel: Option<&'static str>,
    /// The language that was asked about.
    language: Option<&'a str>,
    /// `live` where somebody receives, `message` where nobody does, `closed` where no message is taken either.
    #[schema(example = "live")]
    mode: &'static str,
    /// When somebody will receive, where nobody does and that is known.
    #[schema(format = DateTime)]
    next_opening: Option<String>,
    /// Until when all of this stands if nobody changes anything; `null` for the past, and where nothing is known to come.
    #[schema(format = DateTime)]
    valid_until: Option<String>,
    /// Those who receive in the order in which they are called, then the others.
    operators: Vec<Item<'a>>,
}

/// One operator.
#[derive(Serialize, ToSchema)]
struct Item<'a> {
    /// The operator.
    id: i64,
    /// The name customers see.
    display_name: &'a str,
    /// Whether every check passed.
    receives: bool,
    /// Place in the order in which they are called; all are 1 where all are called at once. `null` for who does not receive.
    rank: Option<usize>,
    /// Chats at hand.
    load: Load,
    /// Name of the status.
    status: &'a str,
    /// The first instant at which this may turn out differently.
    #[schema(format = DateTime)]
    next_change: Option<String>,
    /// Every check in its order; the first that failed is the reason.
    checks: Vec<View<'a>>,
}

/// Chats at hand.
#[derive(Serialize, ToSchema)]
struct Load {
    /// Open ones.
    open: u32,
    /// The most there may be; `null` is no limit.
    max: Option<u32>,
}

/// A check.
#[derive(Serialize, ToSchema)]
struct View<'a> {
    /// Which one.
    check: &'static str,
    /// Whether it passed.
    passed: bool,
    /// What decided, in words.
    fact: &'a str,
    /// Who or what set that.
    set_by: &'a str,
    /// Path of the page where it is changed.
    change_at: &'a str,
}

/// The call on availability.
pub fn endpoints() -> Vec<Endpoint> {
    let channels = Channel::ALL.map(Channel::as_str);
    vec![
        Endpoint::new(Method::GET, "/availability", Scope::AvailabilityRead, |route| route.to(show))
            .says(
                "Ask who can receive, and why",
                "Without `operator` every member of the department, or everybody without a department. For an instant to come the \
                present status counts up to the next boundary of the hours, after it the hours do; for one that is past the log counts.",
            )
            .asks("department", "Slug of a department.", text(100))
            .asks("channel", "The channel.", one_of(channels))
            .asks("language", "BCP 47 tag of the customer's language.", text(35))
            .asks("operator", "One operator, member or not.", whole(1, i64::MAX))
            .asks("at", "The instant, RFC 3339, at most ten years away; now where it is absent.", text(40))
            .asks("waiting_seconds", "For how long the customer has waited.", whole(0, 2_592_000))
            .tells::<Availability<'_>>(),
    ]
}

/// `GET /availability`. Answers about now are kept as they were written for as long as the roster they were made of stands.
async fn show(ctx: Data<Ctx>, cache: Data<Cache>, caller: Caller, query: Query, request: HttpRequest) -> Result<HttpResponse> {
    let snapshot = ctx.roster().await?;
    let t = problem::texts(request.headers());
    let key = format!("{} {}", t.locale().tag(), request.query_string());
    if let Some(rest) = cache.get(&key, &snapshot) {
        return Ok(written(ctx.now(), &rest));
    }
    let get = |name| query.get(name).unwrap_or_default();
    let raw = RawAsked {
        department: get("department"),
        channel: get("channel"),
        language: get("language"),
        operator: get("operator"),
        at: get("at"),
        waiting_seconds: get("waiting_seconds"),
    };
    let catalogue = &caller.0.catalogue;
    let asked = Asked::read(raw, catalogue, ctx.now())?;
    let zone = time_zone::parse(&catalogue.organisation.time_zone).unwrap_or_default();
    let answer = answer(&ctx, &asked, t, zone, usize::MAX).await?;
    let department = asked.department.and_then(|id| catalogue.department(id)).map(|department| department.facts.slug.as_str());
    let rest = Bytes::from(json(&rest(&answer, &asked, department))?);
    // How long somebody has waited moves on with the clock.
    if asked.at.is_none() && asked.waiting.is_zero() {
        cache.set(key, &snapshot, rest.clone());
    }
    Ok(written(answer.at, &rest))
}

/// The document, put together of its instant and the rest.
fn written(at: DateTime<Utc>, rest: &Bytes) -> HttpResponse {
    let at = instant(at);
    let mut body = BytesMut::with_capacity(rest.len() + at.len() + 8);
    body.extend_from_slice(br#"{"at":""#);
    body.extend_from_slice(at.as_bytes());
    body.extend_from_slice(br#"","#);
    body.extend_from_slice(rest.get(1..).unwrap_or_default());
    HttpResponse::Ok().content_type(mime::APPLICATION_JSON).body(body.freeze())
}

fn rest<'a>(answer: &'a Answer, asked: &'a Asked, department: Option<&'a str>) -> Rest<'a> {
    Rest {
        department,
        channel: asked.channel.map(Channel::as_str),
        language: asked.language.as_ref().map(LanguageTag::as_str),
        mode: answer.mode.as_str(),
        next_opening: answer.next_opening.map(instant),
        valid_until: answer.valid_until.map(instant),
        operators: answer.operators.iter().map(item).collect(),
    }
}

fn item(told: &Told) -> Item<'_> {
    Item {
        id: told.id,
        display_name: &told.display_name,
        receives: told.receives,
        rank: told.rank,
        load: Load { open: told.open, max: told.max },
        status: &told.status,
        next_change: told.next_change.map(instant),
        checks: told.checks.iter().map(view).collect(),
    }
}

fn view(told: &ToldCheck) -> View<'_> {
    View { check: Check::as_str(told.check), passed: told.passed, fact: &told.fact, set_by: &told.set_by, change_at: &told.change_at }
}

/// Answers as they were written, each good for one roster.
#[derive(Default)]
pub struct Cache(Mutex<Written>);

#[derive(Default)]
struct Written {
    snapshot: Option<Arc<Snapshot>>,
    rests: HashMap<String, Bytes>,
}

/// So many answers are kept; then all are forgotten.
const MOST: usize = 256;

impl Cache {
    fn get(&self, key: &str, snapshot: &Arc<Snapshot>) -> Option<Bytes> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = held.snapshot.as_ref().is_some_and(|held| Arc::ptr_eq(held, snapshot));
        is_same.then(|| held.rests.get(key).cloned()).flatten()
    }

    fn set(&self, key: String, snapshot: &Arc<Snapshot>, rest: Bytes) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !held.snapshot.as_ref().is_some_and(|held| Arc::ptr_eq(held, snapshot)) || held.rests.len() >= MOST {
            *held = Written { snapshot: Some(snapshot.clone()), rests: HashMap::new() };
        }
        held.rests.insert(key, rest);
    }
}
