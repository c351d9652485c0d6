//! The way in: key, calls left, scope, parameters, body; then the call; then the headers every answer has.

use std::rc::Rc;

use actix_web::HttpMessage;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, BytesMut, Data};
use chrono::TimeDelta;
use futures_util::StreamExt;

use super::calls::Calls;
use super::endpoint::Endpoint;
use super::idempotency::Once;
use super::request::{Body, Caller, Known, Query};
use super::{ENDPOINTS, problem};
use crate::actions::{Actor, ActorKind, Ctx, Origin};
use crate::domain::api_key::{Scope, permissions, permits};
use crate::error::{AppError, Result};
use crate::security::digest::TokenHash;
use crate::store::api_keys::{self, Presented};

/// A body at most (P5).
const BODY_LIMIT: usize = 1024 * 1024;
/// How much more is read of a body that is too large, so that a caller who is still sending it gets to read the answer.
const OVERFLOW_LIMIT: usize = 8 * BODY_LIMIT;

/// The middleware around every call.
pub async fn door(
    ctx: Data<Ctx>,
    calls: Data<Calls>,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let t = problem::texts(request.headers());
    let answer = match admit(&ctx, &calls, &mut request).await {
        Err(error) => request.error_response(error),
        Ok(None) => next.call(request).await?.map_into_boxed_body(),
        Ok(Some(once)) => once.serve(ctx.clone(), t, request, next).await?,
    };
    let is_problem = answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == problem::MEDIA_TYPE);
    let mut answer = if is_problem { answer } else { problem::render(answer, t) };
    strict(&ctx, answer.headers_mut());
    Ok(answer)
}

/// Lets a call in, or says why not. What it brings is then found among the extensions of the request.
async fn admit(ctx: &Ctx, calls: &Calls, request: &mut ServiceRequest) -> Result<Option<Once>, actix_web::Error> {
    let pattern = request.match_pattern().unwrap_or_default();
    let endpoint = ENDPOINTS.iter().find(|endpoint| endpoint.is(request.method(), &pattern));
    if endpoint.is_some_and(|endpoint| endpoint.scope.is_none()) {
        return Ok(None);
    }
    let key = authenticate(ctx, calls, request).await?;
    calls.take(ctx, &key).await?;
    note_use(ctx, &key).await;
    let Some(endpoint) = endpoint else {
        return Ok(None);
    };
    let scopes: Vec<Scope> = key.scopes.split(' ').filter_map(Scope::parse).collect();
    let actor = actor(request, &key, &scopes);
    if let Some(scope) = endpoint.scope.filter(|scope| !permits(&scopes, *scope)) {
        tracing::warn!(actor = %actor.name, scope = scope.as_str(), request_id = %actor.origin.request_id, "refused");
        return Err(AppError::Forbidden(scope.as_str()).into());
    }
    let query = Query::read(request.query_string(), |name| endpoint.query.iter().any(|param| param.name == name))?;
    let body = read_body(request, endpoint).await?;
    let once = Once::of(ctx, request, key.id, &body)?;
    let catalogue = ctx.catalogue(key.catalogue_version).await?;
    let mut extensions = request.extensions_mut();
    extensions.insert(Caller(Rc::new(Known { actor, catalogue })));
    extensions.insert(query);
    extensions.insert(Body(body));
    Ok(once)
}

/// The key in the header; nowhere else is one looked for (P2).
async fn authenticate(ctx: &Ctx, calls: &Calls, request: &ServiceRequest) -> Result<Presented> {
    let header = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, key) = header.split_once(' ').unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(AppError::SignedOut);
    }
    calls.keys.presented(ctx, TokenHash::of(key.trim()).as_str()).await
}

/// Notes the use of a key. Where nothing can be written, reading goes on (D-5).
async fn note_use(ctx: &Ctx, key: &Presented) {
    let now = ctx.now();
    if key.last_used_at.is_none_or(|at| now - at > TimeDelta::seconds(60))
        && let Err(error) = ctx.store.write(async |tx| api_keys::touch(tx, key.id, now).await).await
    {
        tracing::warn!(%error, "the use of a key was not noted");
    }
}

fn actor(request: &ServiceRequest, key: &Presented, scopes: &[Scope]) -> Actor {
    Actor {
        kind: ActorKind::ApiKey(key.id),
        name: key.name.clone(),
        permissions: permissions(scopes),
        origin: request.extensions().get::<Origin>().cloned().unwrap_or_default(),
    }
}

/// Reads the body of a call, never more than the limit; what is read must be JSON where the call takes a document.
async fn read_body(request: &mut ServiceRequest, endpoint: &Endpoint) -> Result<Bytes, actix_web::Error> {
    if endpoint.method == Method::GET {
        return Ok(Bytes::new());
    }
    let mut payload = request.take_payload();
    let (mut body, mut length) = (BytesMut::new(), 0);
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| AppError::Malformed(error.to_string()))?;
        length += chunk.len();
        if length <= BODY_LIMIT {
            body.extend_from_slice(&chunk);
        } else if length > OVERFLOW_LIMIT {
            break;
        }
    }
    if length > BODY_LIMIT {
        return Err(AppError::TooLarge.into());
    }
    if endpoint.body.is_some() && !is_json(request) {
        return Err(InternalError::new("media type", StatusCode::UNSUPPORTED_MEDIA_TYPE).into());
    }
    Ok(body.freeze())
}

fn is_json(request: &ServiceRequest) -> bool {
    let Ok(Some(kind)) = request.mime_type() else { return false };
    let is_utf8 = kind.get_param(mime::CHARSET).is_none_or(|charset| charset == mime::UTF_8);
    kind.essence_str() == mime::APPLICATION_JSON.essence_str() && is_utf8
}

fn strict(ctx: &Ctx, headers: &mut header::HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    if ctx.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
}
