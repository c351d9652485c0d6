//! What a call brings: who calls, the parameters of its query, its JSON.

use std::fmt::Display;
use std::future::{Ready, ready};
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, IgnoredAny};

use crate::actions::Actor;
use crate::domain::field::{Fault, FieldErrors};
use crate::domain::number::number;
use crate::error::{AppError, Result};
use crate::store::catalogue::Catalogue;

/// A key that was found good, as an actor.
pub struct Known {
    /// The key, with the rights its scopes stand for.
    pub actor: Actor,
    /// Settings, roles and languages.
    pub catalogue: Arc<Catalogue>,
}

/// Who calls, as handlers take it.
#[derive(Clone)]
pub struct Caller(pub Rc<Known>);

impl Deref for Caller {
    type Target = Known;

    fn deref(&self) -> &Known {
        &self.0
    }
}

impl FromRequest for Caller {
    type Error = AppError;
    type Future = Ready<Result<Caller>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(request.extensions().get::<Caller>().cloned().ok_or(AppError::SignedOut))
    }
}

/// The parameters of the query, each at most once and none that the call does not know.
#[derive(Clone, Debug, Default)]
pub struct Query(Rc<Vec<(String, String)>>);

impl Query {
    /// Reads a query; unknown and repeated parameters are refused.
    pub fn read(text: &str, known: impl Fn(&str) -> bool) -> Result<Query> {
        let mut errors = FieldErrors::default();
        let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
        decoded.map_err(|_| AppError::Malformed("the query is not UTF-8".into()))?;
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        for (place, (name, _)) in pairs.iter().enumerate() {
            if !known(name) {
                errors.add(name, "unknown_field");
            } else if pairs.iter().take(place).any(|(other, _)| other == name) {
                errors.add(name, "repeated");
            }
        }
        errors.into_result(Query(Rc::new(pairs))).map_err(AppError::from)
    }

    /// A parameter, where it was given.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// How many things a page shall have, and the key of the last thing of the page before.
    pub fn page<K: std::str::FromStr>(&self) -> Result<(usize, Option<K>)> {
        let mut errors = FieldErrors::default();
        let limit = self.get("limit").and_then(|limit| errors.take("limit", number(limit, 1, MOST)));
        let limit = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(USUAL);
        let after = self.get("cursor").and_then(|text| errors.take("cursor", read_cursor(text)));
        errors.into_result((limit, after)).map_err(AppError::from)
    }
}

impl FromRequest for Query {
    type Error = AppError;
    type Future = Ready<Result<Query>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(request.extensions().get::<Query>().cloned().unwrap_or_default()))
    }
}

/// Things of a page where nothing else is asked for.
pub const USUAL: usize = 50;
/// Things of a page at most (P5).
pub const MOST: i64 = 200;

/// The cursor that stands for the key of a thing; its form is nobody's business.
pub fn cursor(key: impl Display) -> String {
    URL_SAFE_NO_PAD.encode(key.to_string())
}

fn read_cursor<K: std::str::FromStr>(text: &str) -> Result<K, Fault> {
    let key = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    key.and_then(|key| key.parse().ok()).ok_or_else(|| Fault::new("cursor"))
}

/// The body as the door read it.
#[derive(Clone, Debug, Default)]
pub struct Body(pub Bytes);

/// The body as a document; whatever it does not know is refused, with the field that is to blame (Z3).
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Json<T> {
    type Error = AppError;
    type Future = Ready<Result<Json<T>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let body = request.extensions().get::<Body>().cloned().unwrap_or_default();
        ready(read(&body.0).map(Json))
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    if !bytes.trim_ascii_start().starts_with(b"{") {
        // serde would fill the fields from a list, one after the other.
        let is_json = serde_json::from_slice::<IgnoredAny>(bytes);
        return Err(is_json.map_or_else(|error| AppError::Malformed(error.to_string()), |_| AppError::field("", "wrong_type")));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        blame(&path, error.inner())
    })?;
    json.end().map_err(|error| AppError::Malformed(error.to_string()))?;
    Ok(value)
}

/// The field and the fault behind what serde says.
fn blame(path: &str, error: &serde_json::Error) -> AppError {
    let said = error.to_string();
    if !error.is_data() {
        return AppError::Malformed(said);
    }
    let named = |what: &str| {
        let rest = said.strip_prefix(what)?.strip_prefix(" field `")?;
        let end = ["`, expected ", "`, there are no ", "` at line "].iter().find_map(|tail| rest.rfind(tail))?;
        rest.get(..end).map(|name| name.chars().take(100).collect::<String>())
    };
    for (what, code) in [("unknown", "unknown_field"), ("missing", "required"), ("duplicate", "repeated")] {
        if let Some(name) = named(what) {
            return AppError::field(&name, code);
        }
    }
    AppError::field(if path == "." { "" } else { path }, "wrong_type")
}

/// For a field that may be absent, but is no `null` where it is present; and, with an `Option`, for one that may be absent, `null` or a value.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Thing {
        #[serde(default, deserialize_with = "given")]
        name: Option<String>,
        #[serde(default, deserialize_with = "given")]
        alias: Option<Option<String>>,
        #[serde(default, deserialize_with = "given")]
        languages: Option<Vec<String>>,
    }

    fn fault(json: &str) -> (String, &'static str) {
        match read::<Thing>(json.as_bytes()) {
            Err(AppError::Invalid(errors)) => (errors.0[0].field.clone(), errors.0[0].code),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_field_to_blame_is_named() {
        assert_eq!(fault(r#"{"nmae": "x"}"#), ("nmae".into(), "unknown_field"));
        assert_eq!(fault(r#"{"a`b`, c": 1}"#), ("a`b`, c".into(), "unknown_field"));
        assert_eq!(fault(r#"{"name": 1}"#), ("name".into(), "wrong_type"));
        assert_eq!(fault(r#"{"name": null}"#), ("name".into(), "wrong_type"));
        assert_eq!(fault(r#"{"languages": ["en", 2]}"#), ("languages[1]".into(), "wrong_type"));
        assert_eq!(fault(r#"{"name": "a", "name": "b"}"#), ("name".into(), "repeated"));
        for other in ["[\"A\"]", "1", "null", " \"x\""] {
            assert_eq!(fault(other), (String::new(), "wrong_type"), "{other}");
        }
    }

    #[test]
    fn absent_null_and_a_value_are_three_things() {
        let alias = |json: &str| read::<Thing>(json.as_bytes()).unwrap().alias;
        assert_eq!(alias("{}"), None);
        assert_eq!(alias(r#"{"alias": null}"#), Some(None));
        assert_eq!(alias(r#"{"alias": "A"}"#), Some(Some("A".into())));
    }

    #[test]
    fn broken_json_is_malformed() {
        for broken in ["", "{", "{\"name\": \"\\ud800\"}", "{} x", "{\"name\": \"\u{1}\"}"] {
            assert!(matches!(read::<Thing>(broken.as_bytes()), Err(AppError::Malformed(_))), "{broken}");
        }
        assert!(matches!(read::<Thing>(b"{\"name\": \"\xff\"}"), Err(AppError::Malformed(_))));
    }

    #[test]
    fn a_query_holds_only_what_is_known_and_once() {
        let known = |name: &str| ["limit", "cursor"].contains(&name);
        assert!(matches!(Query::read("limt=5", known), Err(AppError::Invalid(_))));
        assert!(matches!(Query::read("limit=5&limit=6", known), Err(AppError::Invalid(_))));
        assert!(matches!(Query::read("limit=%ff", known), Err(AppError::Malformed(_))));
        let query = Query::read(&format!("limit=5&cursor={}", cursor(77)), known).unwrap();
        assert_eq!(query.page::<i64>().unwrap(), (5, Some(77)));
        for bad in ["limit=0", "limit=201", "limit=x", "cursor=!", "cursor=eA"] {
            assert!(Query::read(bad, known).unwrap().page::<i64>().is_err(), "{bad}");
        }
    }
}
