//! One call: what registers it, guards it and describes it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpResponse, Resource, Route, guard, web};
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr, Schema};

use super::ROOT;
use super::request::MOST;
use crate::domain::api_key::Scope;

/// Characters of a cursor at most.
const CURSOR: usize = 200;

/// Schemas by their names among the components.
pub type Schemas = Vec<(String, RefOr<Schema>)>;

/// A named schema with those it refers to. They are some megabytes together, so they are made only for the description.
#[derive(Clone, Copy)]
pub struct Named {
    name: fn() -> Cow<'static, str>,
    /// Itself and all others.
    pub schemas: fn() -> Schemas,
}

impl Named {
    /// The schema of a type.
    pub fn of<T: ToSchema>() -> Named {
        Named { name: T::name, schemas: schemas::<T> }
    }

    /// Its name.
    pub fn name(self) -> Cow<'static, str> {
        (self.name)()
    }

    /// What stands for it elsewhere in the description.
    pub fn reference(self) -> Ref {
        Ref::from_schema_name(self.name())
    }

    /// That of a type that is sent to us.
    fn sent<T: ToSchema>() -> Named {
        Named { name: T::name, schemas: sent::<T> }
    }
}

fn schemas<T: ToSchema>() -> Schemas {
    let mut all = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut all);
    all
}

fn sent<T: ToSchema>() -> Schemas {
    let mut all = schemas::<T>();
    all.iter_mut().for_each(|(_, schema)| name_characters(schema));
    all
}

/// What a call answers where all is well.
pub enum Answer {
    /// One thing, with an `ETag`.
    One(Named),
    /// A new thing, with an `ETag` and its `Location`.
    Created(Named),
    /// Something that changes with time by itself, without an `ETag`.
    Told(Named),
    /// A page of things.
    Page(Named),
    /// Something without a schema of its own.
    Document,
    /// Nothing.
    Nothing,
}

/// A parameter of the query.
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    /// What it may be.
    pub schema: Schema,
}

/// A call of the API.
pub struct Endpoint {
    /// Its method.
    pub method: Method,
    /// Its path below the root, as the router and the description write it.
    pub path: &'static str,
    /// The scope a key needs; none where no key is needed.
    pub scope: Option<Scope>,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// What else there is to know.
    pub about: &'static str,
    /// Parameters of its query; any other is refused.
    pub query: Vec<Param>,
    /// Its body, where it takes one.
    pub body: Option<Named>,
    /// What it answers.
    pub answer: Answer,
    route: fn(Route) -> Route,
}

impl Endpoint {
    /// A call that answers nothing yet.
    pub fn new(method: Method, path: &'static str, scope: impl Into<Option<Scope>>, route: fn(Route) -> Route) -> Endpoint {
        let scope = scope.into();
        Endpoint { method, path, scope, summary: "", about: "", query: Vec::new(), body: None, answer: Answer::Nothing, route }
    }

    /// With what it does, and what else there is to know.
    pub fn says(mut self, summary: &'static str, about: &'static str) -> Endpoint {
        (self.summary, self.about) = (summary, about);
        self
    }

    /// With a parameter of the query.
    pub fn asks(mut self, name: &'static str, about: &'static str, schema: impl Into<Schema>) -> Endpoint {
        self.query.push(Param { name, about, schema: schema.into() });
        self
    }

    /// With a body.
    pub fn takes<T: ToSchema>(mut self) -> Endpoint {
        self.body = Some(Named::sent::<T>());
        self
    }

    /// Answers one thing.
    pub fn gives<T: ToSchema>(mut self) -> Endpoint {
        self.answer = Answer::One(Named::of::<T>());
        self
    }

    /// Answers something that changes with time by itself.
    pub fn tells<T: ToSchema>(mut self) -> Endpoint {
        self.answer = Answer::Told(Named::of::<T>());
        self
    }

    /// Answers a new thing.
    pub fn creates<T: ToSchema>(mut self) -> Endpoint {
        self.answer = Answer::Created(Named::of::<T>());
        self
    }

    /// Answers a page of things.
    pub fn lists<T: ToSchema>(mut self) -> Endpoint {
        self.answer = Answer::Page(Named::of::<T>());
        self.asks("limit", "Things of a page.", whole(1, MOST)).asks(
            "cursor",
            "`next_cursor` of the page before; its form is nobody's business.",
            text(CURSOR),
        )
    }

    /// Answers a document that describes itself.
    pub fn documents(mut self) -> Endpoint {
        self.answer = Answer::Document;
        self
    }

    /// Whether this is the call of a method on a pattern of the router.
    pub fn is(&self, method: &Method, pattern: &str) -> bool {
        let same = self.method == method || self.method == Method::GET && method == Method::HEAD;
        same && pattern.strip_prefix(ROOT) == Some(self.path)
    }

    fn register(&self) -> Route {
        let route = if self.method == Method::GET {
            web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
        } else {
            web::method(self.method.clone())
        };
        (self.route)(route)
    }
}

/// Says of each text of a document which characters it may hold (F-5); blanks around it are cut off.
fn name_characters(schema: &mut RefOr<Schema>) {
    let RefOr::T(Schema::Object(document)) = schema else { return };
    for property in document.properties.values_mut() {
        let RefOr::T(Schema::Object(text)) = property else { continue };
        let is_text = match &text.schema_type {
            SchemaType::Type(kind) => *kind == Type::String,
            SchemaType::Array(kinds) => kinds.contains(&Type::String),
            SchemaType::AnyValue => false,
        };
        let is_free = text.pattern.is_none() && text.format.is_none() && text.enum_values.is_none() && text.write_only.is_none();
        if is_text && is_free {
            let pattern = if text.min_length.is_some() { REQUIRED_LINE } else { LINE };
            text.pattern = Some(pattern.to_owned());
        }
    }
}

/// One line without controls and characters that turn the direction of writing.
const LINE: &str = r"^\s*[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]*\s*$";
/// The same with something visible in it.
const REQUIRED_LINE: &str = r"^\s*[^\s\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069][^\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]*\s*$";

/// A text of at most so many characters.
pub fn text(most: usize) -> Schema {
    ObjectBuilder::new().schema_type(Type::String).max_length(Some(most)).build().into()
}

/// A whole number within bounds.
pub fn whole(least: i64, most: i64) -> Schema {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(least as f64)).maximum(Some(most as f64)).build().into()
}

/// One of these texts.
pub fn one_of(names: impl IntoIterator<Item = &'static str>) -> Schema {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).build().into()
}

/// The calls by address: one resource each, which names its methods to whoever tries another.
pub fn resources(all: &'static [Endpoint]) -> impl Iterator<Item = Resource> {
    let mut by_path: BTreeMap<&str, Vec<&Endpoint>> = BTreeMap::new();
    for endpoint in all {
        by_path.entry(endpoint.path).or_default().push(endpoint);
    }
    by_path.into_iter().map(|(path, endpoints)| {
        let mut allowed: Vec<String> = endpoints.iter().map(|endpoint| endpoint.method.to_string()).collect();
        if allowed.iter().any(|method| method == "GET") {
            allowed.push("HEAD".to_owned());
        }
        let allowed = allowed.join(", ");
        let resource = endpoints.into_iter().fold(web::resource(path), |resource, endpoint| resource.route(endpoint.register()));
        resource.default_service(web::to(move || {
            let refused = HttpResponse::build(StatusCode::METHOD_NOT_ALLOWED).insert_header((header::ALLOW, allowed.clone())).finish();
            std::future::ready(refused)
        }))
    })
}
