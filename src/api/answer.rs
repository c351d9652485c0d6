//! What a call answers: things with a strong `ETag`, pages with a cursor, conditions of the request (P5, P6).

use std::fmt::Display;
use std::str::FromStr;

use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderName};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::request::{Query, cursor};
use crate::error::{AppError, Result};
use crate::security::digest::sha256_hex;

/// A page of things.
#[derive(Serialize)]
struct Page<T> {
    items: Vec<T>,
    next_cursor: Option<String>,
}

/// Answers one thing; to a reader who holds this very thing already, only that it has not changed.
pub fn one(request: &HttpRequest, thing: &impl Serialize) -> Result<HttpResponse> {
    let body = json(thing)?;
    let tag = etag(&body);
    let is_read = request.method() == Method::GET || request.method() == Method::HEAD;
    if is_read && tags(request, header::IF_NONE_MATCH).is_some_and(|held| held.contains(&tag, true)) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish());
    }
    Ok(HttpResponse::Ok().insert_header((header::ETAG, tag)).content_type(mime::APPLICATION_JSON).body(body))
}

/// Answers a thing that was just made.
pub fn created(location: String, thing: &impl Serialize) -> Result<HttpResponse> {
    Ok(Created::new(location, thing)?.answer())
}

/// The answer about a thing that was just made.
pub struct Created {
    /// Where it is.
    location: String,
    tag: String,
    body: String,
}

impl Created {
    /// Of a thing with its address.
    pub fn new(location: String, thing: &impl Serialize) -> Result<Created> {
        let body = json(thing)?;
        Ok(Created { location, tag: etag(&body), body })
    }

    /// As it is sent.
    pub fn answer(self) -> HttpResponse {
        let mut answer = HttpResponse::Created();
        answer.insert_header((header::ETAG, self.tag)).insert_header((header::LOCATION, self.location));
        answer.content_type(mime::APPLICATION_JSON).body(self.body)
    }

    /// Its headers.
    pub fn headers(&self) -> [(HeaderName, &str); 3] {
        [(header::CONTENT_TYPE, mime::APPLICATION_JSON.essence_str()), (header::ETAG, &self.tag), (header::LOCATION, &self.location)]
    }

    /// Its document.
    pub fn body(&self) -> &str {
        &self.body
    }
}

/// Answers a page.
pub fn page<T: Serialize>(items: Vec<T>, next_cursor: Option<String>) -> Result<HttpResponse> {
    Ok(HttpResponse::Ok().content_type(mime::APPLICATION_JSON).body(json(&Page { items, next_cursor })?))
}

/// Answers a page of things that are held in memory, in the order of their keys.
pub fn held_page<'a, R, K, T>(
    query: &Query,
    rows: impl IntoIterator<Item = &'a R>,
    key: fn(&R) -> K,
    view: impl Fn(&R) -> T,
) -> Result<HttpResponse>
where
    R: 'a,
    K: Ord + Display + FromStr,
    T: Serialize,
{
    let (limit, after) = query.page::<K>()?;
    let mut rows: Vec<&R> = rows.into_iter().filter(|row| after.as_ref().is_none_or(|after| key(row) > *after)).collect();
    rows.sort_by_key(|row| key(row));
    let next = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| next).map(|last| cursor(key(last)));
    page(rows.into_iter().map(view).collect(), next)
}

/// Answers that there is nothing to say.
pub fn nothing() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// Refuses where the caller wants to change another state of the thing than the present one (P6); tells whether there
/// is such a condition, which then must still hold when the change is written.
pub fn if_match(request: &HttpRequest, thing: &impl Serialize) -> Result<bool, actix_web::Error> {
    match tags(request, header::IF_MATCH) {
        Some(held) if !held.contains(&etag(&json(thing)?), false) => {
            Err(InternalError::new("stale", StatusCode::PRECONDITION_FAILED).into())
        }
        condition => Ok(condition.is_some()),
    }
}

/// An instant as the API writes it: RFC 3339, UTC.
pub fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A document as it is sent.
pub fn json(thing: &impl Serialize) -> Result<String> {
    serde_json::to_string(thing).map_err(AppError::unexpected)
}

/// Strong: it changes with every byte of the thing, states that come with time included.
fn etag(body: &str) -> String {
    format!("\"{}\"", sha256_hex(body.as_bytes()).get(..32).unwrap_or_default())
}

/// The tags of a condition.
struct Tags(Vec<String>);

impl Tags {
    fn contains(&self, tag: &str, may_be_weak: bool) -> bool {
        self.0.iter().any(|held| {
            let held = if may_be_weak { held.strip_prefix("W/").unwrap_or(held) } else { held };
            held == "*" || held == tag
        })
    }
}

fn tags(request: &HttpRequest, name: HeaderName) -> Option<Tags> {
    let mut values = request.headers().get_all(name).peekable();
    values.peek()?;
    let texts = values.filter_map(|value| value.to_str().ok());
    Some(Tags(texts.flat_map(|text| text.split(',')).map(|tag| tag.trim().to_owned()).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_reader_who_holds_the_thing_is_not_sent_it_again() {
        let tag = etag("{\"a\":1}");
        for (held, expected) in [(tag.clone(), 304), (format!("\"x\", W/{tag}"), 304), ("\"x\"".into(), 200), ("*".into(), 304)] {
            let request = TestRequest::get().insert_header((header::IF_NONE_MATCH, held)).to_http_request();
            assert_eq!(one(&request, &serde_json::json!({"a": 1})).unwrap().status(), expected);
        }
    }

    #[test]
    fn a_change_of_another_state_is_refused() {
        let thing = serde_json::json!({"a": 1});
        let tag = etag("{\"a\":1}");
        for (held, is_good) in [(tag.clone(), true), ("*".into(), true), (format!("W/{tag}"), false), ("\"old\"".into(), false)] {
            let request = TestRequest::patch().insert_header((header::IF_MATCH, held.clone())).to_http_request();
            assert_eq!(if_match(&request, &thing).is_ok(), is_good, "{held}");
        }
        assert!(!if_match(&TestRequest::patch().to_http_request(), &thing).unwrap());
    }
}
