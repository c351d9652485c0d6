//! The end of notices, from the mail that brought one: a page with a button for people, and the same address for mail programs that ask
//! by themselves (RFC 8058, M8). Nobody signs in here; the address is sealed.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use askama::Template;

use super::operators::notifications::event_text;
use super::{errors, shell};
use crate::actions::{Ctx, Origin, notices};
use crate::error::{AppError, Result};
use crate::i18n::{Locale, Texts};
use crate::store::operators;

/// The address, apart from those of operators: it knows no session.
pub fn routes(config: &mut ServiceConfig) {
    let resource = web::resource("/unsubscribe/{token}").wrap(from_fn(errors::door)).wrap(Compress::default());
    config.service(resource.get(ask).post(end));
}

#[derive(Template)]
#[template(path = "unsubscribe/page.html")]
struct UnsubscribePage<'a> {
    t: Texts,
    /// What the operator is told of.
    event: &'static str,
    token: &'a str,
    is_over: bool,
}

async fn ask(ctx: Data<Ctx>, token: Path<String>) -> Result<HttpResponse> {
    page(&ctx, &token, false).await
}

async fn end(ctx: Data<Ctx>, request: HttpRequest, token: Path<String>) -> Result<HttpResponse> {
    let origin = request.extensions().get::<Origin>().cloned().unwrap_or_default();
    notices::unsubscribe(&ctx, &origin, &token).await?;
    page(&ctx, &token, true).await
}

/// The page in the language of who is told.
async fn page(ctx: &Ctx, token: &str, is_over: bool) -> Result<HttpResponse> {
    let (operator, event) = notices::subscription(ctx, token).ok_or(AppError::NotFound)?;
    let operator = operators::find(ctx.store.read(), operator).await?;
    let catalogue = ctx.present_catalogue().await?;
    let tag = operator.and_then(|operator| operator.locale).unwrap_or_else(|| catalogue.organisation.default_language.clone());
    let t = Texts::of(Locale::parse(&tag).unwrap_or_default());
    let (event, _) = event_text(t, event);
    let mut answer = shell::html(ctx, StatusCode::OK, None, &UnsubscribePage { t, event, token, is_over })?;
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    Ok(answer)
}
