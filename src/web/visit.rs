//! Who looks at a page, in which language, zone and theme: made once a request, before any handler.

use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use actix_session::SessionExt;
use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use chrono::TimeDelta;
use chrono_tz::Tz;

use super::flash::Flash;
use super::{live, session};
use crate::actions::{Actor, ActorKind, Ctx, Origin};
use crate::domain::language::{self, LanguageTag};
use crate::domain::permission::{Permission, PermissionSet};
use crate::error::AppError;
use crate::i18n::{Dates, Locale, Texts};
use crate::store::catalogue::Catalogue;
use crate::store::sessions::{self, Seen};

/// What every page knows of its reader.
pub struct Visit {
    /// Texts in the reader's language.
    pub t: Texts,
    /// Dates in the reader's language and zone.
    pub dates: Dates,
    /// The reader's zone.
    pub zone: Tz,
    /// `system`, `bright` or `dark`.
    pub theme: String,
    /// Token for the forms of this session (F-1).
    pub csrf: String,
    /// Path of the page.
    pub path: String,
    /// The page with its query, where it can be opened again.
    pub here: Option<String>,
    /// Settings, roles and languages.
    pub catalogue: Arc<Catalogue>,
    /// Message left by the page before.
    pub flash: Option<Flash>,
    /// Where the request came from.
    pub origin: Origin,
    /// The operator, where one is signed in.
    pub viewer: Option<Viewer>,
}

/// A signed-in operator.
pub struct Viewer {
    /// As an actor, with their rights.
    pub actor: Actor,
    /// As the session's row knows them.
    pub seen: Seen,
}

impl Visit {
    /// Whether the reader holds a permission.
    pub fn may(&self, permission: Permission) -> bool {
        self.viewer.as_ref().is_some_and(|viewer| viewer.actor.has(permission))
    }

    /// Departments to choose from: slug, and name in the reader's language.
    pub fn departments(&self) -> impl Iterator<Item = (String, String)> {
        let tag = self.t.locale().tag();
        self.catalogue.departments.iter().map(move |one| (one.facts.slug.clone(), one.name_in(tag).to_owned()))
    }
}

/// Any reader, as handlers take them.
#[derive(Clone)]
pub struct Visitor(pub Rc<Visit>);

/// A reader who is signed in; anybody else is sent to sign in.
#[derive(Clone)]
pub struct Reader(Rc<Visit>);

impl Deref for Visitor {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.0
    }
}

impl Deref for Reader {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.0
    }
}

impl Reader {
    /// The operator who is signed in.
    pub fn viewer(&self) -> Result<&Viewer, AppError> {
        self.0.viewer.as_ref().ok_or(AppError::SignedOut)
    }

    /// The reader as an actor.
    pub fn actor(&self) -> Result<&Actor, AppError> {
        self.viewer().map(|viewer| &viewer.actor)
    }
}

impl FromRequest for Visitor {
    type Error = AppError;
    type Future = std::future::Ready<Result<Visitor, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let visit = request.extensions().get::<Rc<Visit>>().cloned();
        std::future::ready(visit.map(Visitor).ok_or_else(|| AppError::unexpected("no visit was prepared")))
    }
}

impl FromRequest for Reader {
    type Error = AppError;
    type Future = std::future::Ready<Result<Reader, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visitor = Visitor::from_request(request, payload).into_inner();
        std::future::ready(match visitor {
            Ok(Visitor(visit)) if visit.viewer.is_some() => Ok(Reader(visit)),
            Ok(_) => Err(AppError::SignedOut),
            Err(error) => Err(error),
        })
    }
}

/// Where an operator must go who has to choose a password first (OP-5).
pub const CHANGE_PASSWORD: &str = "/profile/password";

/// The middleware: prepares the [`Visit`], and keeps people with an initial password on its page.
pub async fn prepare(
    ctx: Data<Ctx>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let visit = match visit(&ctx, request.request()).await {
        Ok(visit) => visit,
        Err(error) => return Ok(request.error_response(error).map_into_right_body()),
    };
    let must_change = visit.viewer.as_ref().is_some_and(|viewer| viewer.seen.must_change_password);
    let is_way_out = [CHANGE_PASSWORD, "/logout"].contains(&request.path());
    request.extensions_mut().insert(Rc::new(visit));
    if must_change && !is_way_out {
        let there = super::see_other(CHANGE_PASSWORD);
        return Ok(request.into_response(there).map_into_right_body());
    }
    Ok(next.call(request).await?.map_into_left_body())
}

async fn visit(ctx: &Ctx, request: &HttpRequest) -> Result<Visit, AppError> {
    let session = request.get_session();
    if let Some(fault) = session.get(session::FAULT).map_err(AppError::unexpected)? {
        return Err(AppError::Unavailable(fault));
    }
    let seen: Option<Seen> = session.get(session::SEEN).map_err(AppError::unexpected)?;
    let catalogue = match &seen {
        Some(seen) => ctx.catalogue(seen.catalogue_version).await?,
        None => ctx.present_catalogue().await?,
    };
    if let Some(seen) = seen.as_ref().filter(|_| !live::is_by_itself(request)) {
        note_use(ctx, seen).await;
    }
    let origin = request.extensions().get::<Origin>().cloned().unwrap_or_default();
    let viewer = seen.map(|seen| viewer(seen, &catalogue, &origin));
    let locale = viewer.as_ref().and_then(|viewer| Locale::parse(viewer.seen.locale.as_deref()?));
    let locale = locale.unwrap_or_else(|| negotiated(request, &catalogue.organisation.default_language));
    let zone = viewer.as_ref().and_then(|viewer| viewer.seen.time_zone.as_deref());
    let zone: Tz = zone.unwrap_or(&catalogue.organisation.time_zone).parse().unwrap_or(Tz::UTC);
    Ok(Visit {
        t: Texts::of(locale),
        dates: Dates::new(locale, zone, ctx.now()),
        zone,
        theme: viewer.as_ref().map_or_else(|| "system".to_owned(), |viewer| viewer.seen.theme.clone()),
        csrf: token(ctx, &session)?,
        path: request.path().to_owned(),
        here: (request.method() == Method::GET).then(|| request.uri().to_string()),
        catalogue,
        flash: Flash::of(ctx, request),
        origin,
        viewer,
    })
}

/// Notes that a session is in use. Reading goes on where nothing can be written (D-5); at worst the session ends a little early.
async fn note_use(ctx: &Ctx, seen: &Seen) {
    let now = ctx.now();
    if now - seen.last_seen_at > TimeDelta::seconds(60)
        && let Err(error) = ctx.store.write(async |tx| sessions::touch(tx, &seen.session_id, now).await).await
    {
        tracing::warn!(%error, "the use of a session was not noted");
    }
}

fn viewer(seen: Seen, catalogue: &Catalogue, origin: &Origin) -> Viewer {
    let permissions = catalogue.role(seen.role_id).map_or_else(PermissionSet::default, |role| role.permissions);
    let kind = ActorKind::Operator { id: seen.operator_id, session_id: seen.session_id.clone(), confirmed_at: seen.confirmed_at };
    Viewer { actor: Actor { kind, name: seen.name.clone(), permissions, origin: origin.clone() }, seen }
}

/// The language the browser asks for, else the organisation's, else English.
pub(super) fn negotiated(request: &HttpRequest, default: &str) -> Locale {
    let asked = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let offered: Vec<LanguageTag> = Locale::ALL.iter().filter_map(|locale| LanguageTag::parse(locale.tag()).ok()).collect();
    let found = language::lookup(asked, &offered).and_then(|tag| Locale::parse(tag.as_str()));
    found.or_else(|| Locale::parse(default)).unwrap_or_default()
}

/// The token of this session's forms; a visitor without a nonce gets one.
fn token(ctx: &Ctx, session: &actix_session::Session) -> Result<String, AppError> {
    if let Some(token) = session.get(session::CSRF).map_err(AppError::unexpected)? {
        return Ok(token);
    }
    let nonce = crate::security::random::token(&*ctx.random).map_err(AppError::unexpected)?;
    session.insert(session::NONCE, nonce.reveal()).map_err(AppError::unexpected)?;
    Ok(session::csrf(ctx, nonce.reveal()))
}
