//! Forms as they arrive: read with limits and a deadline, proven to come from our page, then typed (F-1, F-2).

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use actix_multipart::Multipart;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;

use super::visit::Visit;
use crate::actions::Ctx;
use crate::error::{AppError, Result};
use crate::security::digest::constant_time_eq;

/// A plain form at most; longest are the mail texts.
const FORM_LIMIT: usize = 128 * 1024;
/// An uploaded file at most (U1), where its address sets no [`FileLimit`].
const FILE_LIMIT: usize = 2 * 1024 * 1024;

/// Data of an address that takes larger files: bytes of one at most.
#[derive(Clone, Copy, Debug)]
pub struct FileLimit(pub usize);

/// Data of an address whose form holds a file again as text: bytes of one part at most.
#[derive(Clone, Copy, Debug)]
pub struct TextLimit(pub usize);

/// A form that was sent from a page of this session, with its fields as `T`.
///
/// Repeated fields become a list; files of a multipart form stand beside.
pub struct Form<T> {
    /// The typed fields.
    pub fields: T,
    /// Uploaded files by field; empty file fields are left out.
    pub files: Vec<(String, Bytes)>,
    /// The raw fields, to show them again.
    pub raw: Vec<(String, String)>,
}

impl<T> Form<T> {
    /// The uploaded file of a field.
    pub fn file(&self, field: &str) -> Option<Bytes> {
        self.files.iter().find(|(name, _)| name == field).map(|(_, bytes)| bytes.clone())
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Form<T>>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            let (raw, files) = if request.content_type().eq_ignore_ascii_case("multipart/form-data") {
                let limit = request.app_data::<FileLimit>().map_or(FILE_LIMIT, |limit| limit.0);
                let text_limit = request.app_data::<TextLimit>().map_or(FORM_LIMIT, |limit| limit.0);
                read_multipart(Multipart::new(request.headers(), payload), limit, text_limit).await?
            } else {
                (read_urlencoded(payload).await?, Vec::new())
            };
            prove_origin(&request, &raw)?;
            let packed = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&raw).finish();
            let fields = serde_html_form::from_str(&packed).map_err(|error| AppError::Malformed(error.to_string()))?;
            Ok(Form { fields, files, raw })
        })
    }
}

/// Refuses a form that does not carry the token of this session, or that another site sent (F-1).
///
/// `Origin: null` alone proves nothing (F13), so the token decides and the headers can only refuse.
fn prove_origin(request: &HttpRequest, raw: &[(String, String)]) -> Result<()> {
    let visit = request.extensions().get::<Rc<Visit>>().cloned().ok_or_else(|| AppError::unexpected("no visit"))?;
    let sent = raw.iter().find(|(name, _)| name == "csrf_token").map(|(_, token)| token.as_str()).unwrap_or_default();
    if !constant_time_eq(sent.as_bytes(), visit.csrf.as_bytes()) {
        return Err(AppError::Forged);
    }
    refuse_foreign(request)
}

/// Whether a script asks for a part of a page, and not a browser for the page.
pub(super) fn is_asked_by_script(request: &HttpRequest) -> bool {
    request.headers().get("sec-fetch-mode").is_some_and(|mode| mode != "navigate")
}

/// Refuses a form that the page of another site sent, as far as the browser tells (F-1).
pub(super) fn refuse_foreign(request: &HttpRequest) -> Result<()> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    if header("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none") {
        return Err(AppError::Forged);
    }
    let ctx = request.app_data::<Data<Ctx>>().ok_or_else(|| AppError::unexpected("no context"))?;
    let foreign = header(header::ORIGIN.as_str()).is_some_and(|origin| origin != "null" && !is_own(ctx, request, origin));
    if foreign { Err(AppError::Forged) } else { Ok(()) }
}

/// Whether an `Origin` is this installation: its public address, or the very host the request names.
fn is_own(ctx: &Ctx, request: &HttpRequest, origin: &str) -> bool {
    let public = ctx.base_url.origin().ascii_serialization();
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    origin == public || origin.split_once("://").map(|(_, authority)| authority) == host
}

/// The fields of a plain form.
pub(super) async fn read_urlencoded(mut payload: Payload) -> Result<Vec<(String, String)>> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| AppError::Malformed(error.to_string()))?;
        if body.len() + chunk.len() > FORM_LIMIT {
            return Err(AppError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    if !is_utf8_once_decoded(&body) {
        return Err(AppError::Malformed("the form is not UTF-8".into()));
    }
    Ok(url::form_urlencoded::parse(&body).into_owned().collect())
}

/// Percent signs may hide bytes that are no text; the parser would replace them silently.
fn is_utf8_once_decoded(body: &[u8]) -> bool {
    percent_encoding::percent_decode(body).decode_utf8().is_ok()
}

type Fields = (Vec<(String, String)>, Vec<(String, Bytes)>);

async fn read_multipart(mut parts: Multipart, file_limit: usize, text_limit: usize) -> Result<Fields> {
    let (mut fields, mut files, mut total) = (Vec::new(), Vec::new(), 0);
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|error| AppError::Malformed(error.to_string()))?;
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = part.content_disposition().is_some_and(|disposition| disposition.get_filename().is_some());
        let mut body = BytesMut::new();
        while let Some(chunk) = part.next().await {
            let chunk = chunk.map_err(|error| AppError::Malformed(error.to_string()))?;
            total += chunk.len();
            let limit = if is_file { file_limit } else { text_limit };
            if body.len() + chunk.len() > limit || total > file_limit + text_limit {
                return Err(AppError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        if !is_file {
            let text = String::from_utf8(body.to_vec()).map_err(|_| AppError::Malformed("the form is not UTF-8".into()))?;
            fields.push((name, text));
        } else if !body.is_empty() {
            files.push((name, body.freeze()));
        }
    }
    Ok((fields, files))
}
