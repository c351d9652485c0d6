//! Carrying a call out once, however often it is sent (P3).

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use actix_web::body::{self, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpResponse, HttpResponseBuilder};

use super::answer::Created;
use super::problem;
use crate::actions::Ctx;
use crate::error::{AppError, Result};
use crate::i18n::Texts;
use crate::store::{Batch, StoreError, Tx, idempotency as kept};

/// The header that names a call.
pub const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Its longest value.
pub const KEY_LIMIT: usize = 255;
/// Headers that belong to an answer.
const KEPT_HEADERS: [HeaderName; 5] =
    [header::CONTENT_TYPE, header::CONTENT_LANGUAGE, header::ETAG, header::LOCATION, header::WWW_AUTHENTICATE];

/// A call that shall be carried out once.
pub struct Once {
    running: Running,
    request_hash: String,
}

/// A call that is being carried out once, for whoever writes: where the answer is kept in the transaction that does what it says, not
/// even a process that is killed in between carries it out twice.
#[derive(Clone)]
pub struct Running {
    api_key_id: i64,
    key: Rc<str>,
    is_kept: Rc<Cell<bool>>,
}

impl Running {
    /// Keeps the answer with what is written, and counts on its being written.
    pub fn keep(&self, batch: &mut Batch, answer: &Created) {
        let headers = pack(answer.headers().iter().map(|(name, value)| (name.as_str(), *value)));
        kept::finish(batch, self.id(), StatusCode::CREATED.as_u16(), headers, answer.body().to_owned());
    }

    /// Notes that the answer was written with the rest: nothing is left to keep.
    pub fn kept(&self) {
        self.is_kept.set(true);
    }

    fn id(&self) -> (i64, &str) {
        (self.api_key_id, &self.key)
    }
}

impl Once {
    /// Reads the header of a call that changes something; without it there is nothing to remember.
    pub fn of(ctx: &Ctx, request: &ServiceRequest, api_key_id: i64, body: &[u8]) -> Result<Option<Once>> {
        let Some(value) = request.headers().get(KEY).filter(|_| !is_read(request.method())) else {
            return Ok(None);
        };
        let is_sound = |key: &&str| (1..=KEY_LIMIT).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
        let key = value.to_str().ok().filter(is_sound);
        let key = key.ok_or_else(|| AppError::field("Idempotency-Key", "idempotency_key"))?.to_owned();
        let mut all = format!("{} {}\n", request.method(), request.uri()).into_bytes();
        all.extend_from_slice(body);
        // Sealed, not only hashed: a body may hold a password that could be guessed from its hash.
        let running = Running { api_key_id, key: key.into(), is_kept: Rc::default() };
        Ok(Some(Once { running, request_hash: ctx.keys.mac("idempotency", &all) }))
    }

    /// Carries the call out, or answers what it answered before.
    pub async fn serve(
        self,
        ctx: Data<Ctx>,
        t: Texts,
        request: ServiceRequest,
        next: Next<impl MessageBody + 'static>,
    ) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
        match self.begin(&ctx).await {
            Ok(None) => {}
            Ok(Some(answer)) => return Ok(request.into_response(answer)),
            Err(error) => return Ok(problem::render(request.error_response(error), t)),
        }
        request.extensions_mut().insert(self.running.clone());
        // A caller who hangs up shall not leave a call behind of which nobody knows how it ended.
        let call = actix_web::rt::spawn(async move {
            let answer = next.call(request).await?.map_into_boxed_body();
            self.end(&ctx, problem::render(answer, t)).await
        });
        call.await.map_err(AppError::unexpected)?
    }

    /// Marks the call as running; where it has run already, gives its answer.
    async fn begin(&self, ctx: &Ctx) -> Result<Option<HttpResponse>> {
        let now = ctx.now();
        let id = self.running.id();
        match ctx.store.write_queries(async |tx| kept::begin(tx, id, self.request_hash.clone(), now).await).await {
            Ok(()) => return Ok(None),
            Err(StoreError::Taken(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let running = AppError::Conflict("idempotency_running");
        let Some(before) = kept::find(ctx.store.read(), id).await? else {
            return Err(running);
        };
        if before.request_hash != self.request_hash {
            return Err(AppError::field("Idempotency-Key", "idempotency_reused"));
        }
        let status = before.status.and_then(|status| StatusCode::from_u16(u16::try_from(status).ok()?).ok());
        let mut answer = HttpResponseBuilder::new(status.ok_or(running)?);
        for (name, value) in unpack(before.headers.as_deref().unwrap_or_default()) {
            answer.insert_header((name, value));
        }
        answer.insert_header((REPLAYED, "true"));
        Ok(Some(answer.body(before.body.unwrap_or_default())))
    }

    /// Keeps the answer; a fault of ours is forgotten, so that the call may be tried again.
    async fn end(self, ctx: &Ctx, answer: ServiceResponse<BoxBody>) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
        let (status, id) = (answer.status(), self.running.id());
        if self.running.is_kept.get() {
            return Ok(answer);
        }
        if status.is_server_error() {
            ctx.store.write_queries(async |tx| kept::forget(tx, id).await).await.map_err(AppError::from)?;
            return Ok(answer);
        }
        let (request, answer) = answer.into_parts();
        let (head, bytes) = answer.into_parts();
        let bytes = body::to_bytes(bytes).await.map_err(|error| AppError::unexpected(error.to_string()))?;
        let found = KEPT_HEADERS.iter().filter_map(|name| Some((name.as_str(), head.headers().get(name)?.to_str().ok()?)));
        let (headers, text) = (pack(found), String::from_utf8_lossy(&bytes));
        let keep = async |tx: &Tx| {
            let mut batch = Batch::default();
            kept::finish(&mut batch, id, status.as_u16(), headers.clone(), text.clone().into_owned());
            batch.run(tx).await
        };
        ctx.store.write_queries(keep).await.map_err(AppError::from)?;
        Ok(ServiceResponse::new(request, head.set_body(bytes).map_into_boxed_body()))
    }
}

fn is_read(method: &Method) -> bool {
    method == Method::GET || method == Method::HEAD
}

fn pack<'a>(headers: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    serde_json::to_string(&headers.into_iter().collect::<BTreeMap<_, _>>()).unwrap_or_default()
}

fn unpack(text: &str) -> Vec<(HeaderName, HeaderValue)> {
    let pairs: BTreeMap<String, String> = serde_json::from_str(text).unwrap_or_default();
    pairs.into_iter().filter_map(|(name, value)| Some((name.parse().ok()?, HeaderValue::from_str(&value).ok()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headers_of_an_answer_survive_being_kept() {
        let location = (header::LOCATION, HeaderValue::from_static("/api/v1/operators/7"));
        assert_eq!(unpack(&pack([("location", "/api/v1/operators/7")])), [location]);
    }
}
