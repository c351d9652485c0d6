//! Uploaded photos of operators: for people who are signed in, and for visitors where a site may show the operator (OP-3, LA-4, U6).

use actix_web::http::header::{self, ETag, EntityTag, Header, IfNoneMatch};
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use super::visit::Visitor;
use crate::actions::Ctx;
use crate::error::{AppError, Result};
use crate::store::photos::{self, Size};

/// The addresses of photos.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(web::resource("/photos/{id}/{size}").get(show));
}

/// `GET /photos/{id}/{small|large}`. A changed photo gets another id, so what a browser holds stays right.
async fn show(ctx: Data<Ctx>, visitor: Visitor, request: HttpRequest, address: Path<(String, String)>) -> Result<HttpResponse> {
    let (id, size) = address.into_inner();
    // A site of another origin shows it to everybody, or only people of ours see it.
    let is_public = photos::is_public(ctx.store.read(), &id).await?;
    if visitor.viewer.is_none() && !is_public {
        return Err(AppError::SignedOut);
    }
    let size = match size.as_str() {
        "small" => Size::Small,
        "large" => Size::Large,
        _ => return Err(AppError::NotFound),
    };
    let tag = EntityTag::new_strong(format!("{id}-{size:?}"));
    let held = IfNoneMatch::parse(&request).is_ok_and(|held| match held {
        IfNoneMatch::Any => true,
        IfNoneMatch::Items(items) => items.iter().any(|item| item.weak_eq(&tag)),
    });
    let (kind, bytes) = photos::find(ctx.store.read(), &id, size).await?.ok_or(AppError::NotFound)?;
    let mut answer = if held { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header(ETag(tag))
        .insert_header((header::CACHE_CONTROL, if is_public { "public, max-age=86400" } else { "private, max-age=86400" }))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .insert_header((header::CONTENT_DISPOSITION, "inline; filename=\"photo\""))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header(("cross-origin-resource-policy", if is_public { "cross-origin" } else { "same-origin" }));
    if held {
        return Ok(answer.finish());
    }
    Ok(answer.content_type(kind).body(bytes))
}
