//! How an error looks in a browser: a full page in the reader's language with a reference and a way on.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError};
use askama::Template;
use std::rc::Rc;

use super::shell::{self, Rendered};
use super::visit::{Visit, negotiated};
use crate::actions::{Ctx, Origin};
use crate::error::AppError;
use crate::i18n::Texts;

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        match self {
            AppError::NotFound => StatusCode::NOT_FOUND,
            AppError::Forbidden(_) | AppError::Forged => StatusCode::FORBIDDEN,
            AppError::SignedOut | AppError::Unconfirmed => StatusCode::UNAUTHORIZED,
            AppError::Stale | AppError::Conflict(_) => StatusCode::CONFLICT,
            AppError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            AppError::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            AppError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            AppError::Malformed(_) => StatusCode::BAD_REQUEST,
            AppError::Busy(_) | AppError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            AppError::Unexpected(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Without a body: the door the request came through decides how the error looks.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut answer = HttpResponseBuilder::new(self.status_code());
        if let Some(wait) = self.wait() {
            answer.insert_header((header::RETRY_AFTER, wait.as_secs().max(1)));
        }
        answer.finish()
    }
}

#[derive(Template)]
#[template(path = "errors/page.html")]
struct ErrorPage<'a> {
    t: Texts,
    theme: &'a str,
    status: u16,
    title: &'a str,
    text: String,
    reference: &'a str,
}

/// The middleware around every page: turns errors into pages and adds the headers of a strict site.
pub async fn door(
    ctx: Data<Ctx>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let mut answer = next.call(request).await?.map_into_boxed_body();
    let status = answer.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if is_error && answer.response().extensions().get::<Rendered>().is_none() {
        let mut page = render(&ctx, &answer);
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            page.headers_mut().append(header::SET_COOKIE, cookie.clone());
        }
        answer = ServiceResponse::new(answer.request().clone(), page);
    }
    strict(&ctx, answer.headers_mut());
    Ok(answer)
}

fn render(ctx: &Ctx, answer: &ServiceResponse) -> HttpResponse {
    let request = answer.request();
    let status = answer.status();
    let error = answer.response().error().and_then(|error| error.as_error::<AppError>());
    let visit = request.extensions().get::<Rc<Visit>>().cloned();
    let reference = request.extensions().get::<Origin>().map(|origin| origin.request_id.clone()).unwrap_or_default();
    log(error, status, &reference, request);
    match error {
        Some(AppError::SignedOut) => return super::see_other(&with_next("/login", request)),
        Some(AppError::Unconfirmed) => return super::see_other(&with_next("/confirm", request)),
        _ => {}
    }
    let t = visit.as_ref().map_or_else(|| Texts::of(negotiated(request, "en")), |visit| visit.t);
    let (title, text) = words(t, status, error);
    let page = ErrorPage {
        t,
        theme: visit.as_ref().map_or("system", |visit| shell::theme(&visit.theme)),
        status: status.as_u16(),
        title,
        text,
        reference: &reference,
    };
    let mut rendered = shell::html(ctx, status, visit.as_deref(), &page).unwrap_or_else(|_| HttpResponse::new(status));
    if let Some(wait) = answer.headers().get(header::RETRY_AFTER) {
        rendered.headers_mut().insert(header::RETRY_AFTER, wait.clone());
    }
    rendered
}

fn words(t: Texts, status: StatusCode, error: Option<&AppError>) -> (&'static str, String) {
    let (title, text) = match (error, status.as_u16()) {
        (Some(AppError::Forged), _) => ("error-page-forged-title", t.get("error-page-forged").to_owned()),
        (Some(AppError::Conflict(code)), _) => ("error-page-conflict-title", t.get(&format!("conflict-{code}")).to_owned()),
        (Some(AppError::Forbidden(right)), _) => ("error-page-403-title", t.with("error-page-403", &[("right", right)])),
        (Some(AppError::TooMany(wait)), _) => {
            let minutes = wait.as_secs().div_ceil(60);
            ("error-page-429-title", t.count("error-page-429", minutes))
        }
        (_, 403) => ("error-page-403-title", t.with("error-page-403", &[("right", "-")])),
        (_, 404 | 405) => ("error-page-404-title", t.get("error-page-404").to_owned()),
        (_, 409) => ("error-page-conflict-title", t.get("error-page-409").to_owned()),
        (_, 413) => ("error-page-413-title", t.get("error-page-413").to_owned()),
        (_, 429) => ("error-page-429-title", t.count("error-page-429", 1_u64)),
        (_, 503) => ("error-page-503-title", t.get("error-page-503").to_owned()),
        (_, 500..) => ("error-page-500-title", t.get("error-page-500").to_owned()),
        _ => ("error-page-400-title", t.get("error-page-400").to_owned()),
    };
    (t.get(title), text)
}

fn log(error: Option<&AppError>, status: StatusCode, reference: &str, request: &HttpRequest) {
    let cause = error.map_or_else(|| status.to_string(), AppError::to_string);
    if status.is_server_error() {
        tracing::error!(reference, path = request.path(), cause, "a request failed");
    } else {
        tracing::debug!(reference, path = request.path(), cause, "a request was refused");
    }
}

/// Where to go on after signing in; only pages that were being read come back.
fn with_next(page: &str, request: &HttpRequest) -> String {
    let there = match (request.method() == Method::GET, request.uri().path_and_query()) {
        (true, Some(there)) if there.as_str() != "/" => there.as_str(),
        (false, _) => request.headers().get(header::REFERER).and_then(|from| own_path(from)).unwrap_or_default(),
        _ => "",
    };
    if there.is_empty() {
        return page.to_owned();
    }
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", there).finish();
    format!("{page}?{query}")
}

/// The path of a full address, for the page a form was sent from.
fn own_path(address: &HeaderValue) -> Option<&str> {
    let address = address.to_str().ok()?;
    let after_scheme = address.split_once("://")?.1;
    after_scheme.find('/').and_then(|start| after_scheme.get(start..))
}

/// No inline script or style, no foreign content, no framing (F13 asks for `same-origin` as the referrer policy).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; media-src 'self'; frame-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";

fn strict(ctx: &Ctx, headers: &mut header::HeaderMap) {
    let mut set = |name: header::HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::REFERRER_POLICY, "same-origin");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::CACHE_CONTROL, "no-store");
    set(header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(header::HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
    if ctx.is_https() {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
}
