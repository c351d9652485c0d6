//! The description of the API (OpenAPI 3.1), made from the same lines that register and guard its calls (P1).

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::{Method, header};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ArrayBuilder, ComponentsBuilder, Object, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, Info, OpenApi, OpenApiBuilder, PathsBuilder, Required, Response, ResponseBuilder, Server};

use super::endpoint::{Answer, Endpoint, Named, text, whole};
use super::idempotency::KEY_LIMIT;
use super::problem::{self, Problem};
use super::request::USUAL;
use super::{ENDPOINTS, ROOT};

const JSON: &str = "application/json";
const SECURITY: &str = "key";

const ABOUT: &str = "Bodies are UTF-8 JSON; unknown fields and parameters are refused. Instants are RFC 3339 in UTC. \
    Errors are `application/problem+json`; their words come in English, French or Spanish by `Accept-Language`. \
    Lists are paged by `limit` and `cursor`. A write with an `Idempotency-Key` is carried out once in 24 hours, however often it is sent. \
    Single things carry a strong `ETag`; with `If-Match` nobody overwrites what they have not seen.";

/// The call that answers the description; it needs no key.
pub fn endpoint() -> Endpoint {
    Endpoint::new(Method::GET, "/openapi.json", None, |route| route.to(show)).says("Get this description", "").documents()
}

async fn show() -> HttpResponse {
    static TEXT: LazyLock<String> = LazyLock::new(|| document().to_json().unwrap_or_default());
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, JSON)).body(TEXT.as_str())
}

/// The whole description.
pub fn document() -> OpenApi {
    let mut paths = PathsBuilder::new();
    let mut components = ComponentsBuilder::new();
    let calls = ENDPOINTS.iter().flat_map(|endpoint| endpoint.body.iter().chain(answered(&endpoint.answer)));
    for (name, schema) in std::iter::once(&Named::of::<Problem>()).chain(calls).flat_map(|named| (named.schemas)()) {
        components = components.schema(name, schema);
    }
    for endpoint in ENDPOINTS.iter() {
        paths = paths.path(endpoint.path, PathItem::new(method(&endpoint.method), operation(endpoint)));
    }
    let key = Http::builder()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A key of the page /api-keys or of `onduty token create`."))
        .build();
    OpenApiBuilder::new()
        .info(Info::builder().title("Onduty").version(env!("CARGO_PKG_VERSION")).description(Some(ABOUT)))
        .servers(Some([Server::new(ROOT)]))
        .paths(paths)
        .components(Some(components.security_scheme(SECURITY, SecurityScheme::Http(key)).build()))
        .build()
}

fn answered(answer: &Answer) -> Option<&Named> {
    match answer {
        Answer::One(named) | Answer::Told(named) | Answer::Created(named) | Answer::Page(named) => Some(named),
        Answer::Document | Answer::Nothing => None,
    }
}

fn method(method: &Method) -> HttpMethod {
    match method.as_str() {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

fn operation(endpoint: &Endpoint) -> OperationBuilder {
    let noun = endpoint.path.split('/').nth(1).unwrap_or_default().trim_end_matches(".json");
    let id = format!("{} {}", endpoint.method, endpoint.path).replace(['/', '{', '}', '.', ' '], "_");
    let mut operation =
        OperationBuilder::new().tag(noun).operation_id(Some(id.to_lowercase().replace("__", "_"))).summary(Some(endpoint.summary));
    let about = match endpoint.scope {
        Some(scope) => format!("{} Needs the scope `{}`.", endpoint.about, scope.as_str()).trim().to_owned(),
        None => "Needs no key.".to_owned(),
    };
    operation = operation.description(Some(about)).parameters(Some(parameters(endpoint)));
    if let Some(body) = &endpoint.body {
        let content = Content::new(Some(body.reference()));
        operation = operation.request_body(Some(RequestBodyBuilder::new().content(JSON, content).required(Some(Required::True)).build()));
    }
    if endpoint.scope.is_some() {
        operation = operation.security(SecurityRequirement::new(SECURITY, Vec::<String>::new()));
    }
    let (status, answer) = success(&endpoint.answer);
    operation = operation.response(status, answer);
    for (status, what) in failures(endpoint) {
        operation = operation.response(status, failure(status, what));
    }
    operation
}

fn parameters(endpoint: &Endpoint) -> Vec<Parameter> {
    let mut all = Vec::new();
    for part in endpoint.path.split('/') {
        let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else { continue };
        let schema = if name == "id" { whole(1, i64::MAX) } else { text(100) };
        all.push(parameter(name, ParameterIn::Path, "", schema));
    }
    for param in &endpoint.query {
        all.push(parameter(param.name, ParameterIn::Query, param.about, param.schema.clone()));
    }
    let has_one = endpoint.path.contains('{') || endpoint.path == "/settings";
    if endpoint.method == Method::GET && matches!(endpoint.answer, Answer::One(_)) {
        all.push(parameter("If-None-Match", ParameterIn::Header, "Answers 304 where the thing still has this `ETag`.", tag()));
    }
    if has_one && [Method::PATCH, Method::DELETE].contains(&endpoint.method) {
        all.push(parameter("If-Match", ParameterIn::Header, "Answers 412 where the thing no longer has this `ETag`.", tag()));
    }
    if endpoint.method != Method::GET {
        let about = "Names this call: sent again with the same body it is not carried out again but answered the same, for 24 hours.";
        let schema =
            ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(KEY_LIMIT)).pattern(Some("^[!-~]+$"));
        all.push(parameter("Idempotency-Key", ParameterIn::Header, about, schema.build().into()));
    }
    all
}

fn tag() -> Schema {
    ObjectBuilder::new().schema_type(Type::String).examples(["\"686897696a7c876b7e686897696a7c87\""]).build().into()
}

fn parameter(name: &str, place: ParameterIn, about: &str, schema: Schema) -> Parameter {
    let required = if place == ParameterIn::Path { Required::True } else { Required::False };
    let about = match name {
        "limit" => format!("{about} {USUAL} where it is absent."),
        _ => about.to_owned(),
    };
    let about = Some(about).filter(|about| !about.is_empty());
    ParameterBuilder::new().name(name).parameter_in(place).required(required).description(about).schema(Some(schema)).build()
}

fn success(answer: &Answer) -> (&'static str, Response) {
    let etag = || HeaderBuilder::new().schema(Some(tag())).description(Some("Strong tag of this state of the thing.")).build();
    match answer {
        Answer::One(named) => {
            let content = Content::new(Some(named.reference()));
            ("200", ResponseBuilder::new().description("The thing.").content(JSON, content).header("ETag", etag()).build())
        }
        Answer::Told(named) => {
            let content = Content::new(Some(named.reference()));
            ("200", ResponseBuilder::new().description("The answer.").content(JSON, content).build())
        }
        Answer::Created(named) => {
            let content = Content::new(Some(named.reference()));
            let location = HeaderBuilder::new().schema(Some(text(500))).description(Some("Where the thing is.")).build();
            let answer = ResponseBuilder::new().description("The new thing.").content(JSON, content);
            ("201", answer.header("ETag", etag()).header("Location", location).build())
        }
        Answer::Page(named) => {
            let items = ArrayBuilder::new().items(named.reference());
            let next = ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Null]));
            let next = next.description(Some("`cursor` of the next page; `null` on the last."));
            let page =
                ObjectBuilder::new().property("items", items).property("next_cursor", next).required("items").required("next_cursor");
            ("200", ResponseBuilder::new().description("A page.").content(JSON, Content::new(Some(page.build()))).build())
        }
        Answer::Document => {
            let content = Content::new(Some(Object::with_type(Type::Object)));
            ("200", ResponseBuilder::new().description("An OpenAPI document.").content(JSON, content).build())
        }
        Answer::Nothing => ("204", Response::new("Done.")),
    }
}

/// What may go wrong, by status.
fn failures(endpoint: &Endpoint) -> Vec<(&'static str, &'static str)> {
    if endpoint.scope.is_none() {
        return Vec::new();
    }
    let is_write = endpoint.method != Method::GET;
    let has_path = endpoint.path.contains('{');
    let is_conditional = [Method::PATCH, Method::DELETE].contains(&endpoint.method);
    let all = [
        (endpoint.method == Method::GET && matches!(endpoint.answer, Answer::One(_)), "304", "It still has the tag of `If-None-Match`."),
        (true, "400", "The request is malformed."),
        (true, "401", "The key is missing, wrong, expired or revoked."),
        (true, "403", "The key lacks the scope, or what is asked is above it."),
        (has_path, "404", "There is no such thing."),
        (is_write, "409", "A rule stands in the way, or the first call with this `Idempotency-Key` still runs."),
        (is_conditional, "412", "It no longer has the tag of `If-Match`."),
        (is_write, "413", "The body is larger than 1 MiB."),
        (endpoint.body.is_some(), "415", "The body is no JSON."),
        (true, "422", "Fields or parameters cannot be taken; `errors` names them."),
        (true, "429", "Too many calls with this key."),
        (true, "500", "A fault of the server."),
        (true, "503", "The database does not answer."),
    ];
    all.into_iter().filter(|(is_possible, ..)| *is_possible).map(|(_, status, what)| (status, what)).collect()
}

fn failure(status: &str, what: &str) -> Response {
    if status == "304" {
        return Response::new(what);
    }
    let answer =
        ResponseBuilder::new().description(what).content(problem::MEDIA_TYPE, Content::new(Some(Named::of::<Problem>().reference())));
    match status {
        "429" => {
            let wait = HeaderBuilder::new().schema(Some(whole(1, 3600))).description(Some("Seconds until the next call may succeed."));
            answer.header("Retry-After", wait.build()).build()
        }
        _ => answer.build(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::api_key::{SERVED, Scope};

    #[test]
    fn every_call_is_described_and_nothing_else() {
        let json = serde_json::to_value(document()).unwrap();
        assert_eq!(json["openapi"], "3.1.0");
        let paths = json["paths"].as_object().unwrap();
        let described: usize = paths.values().map(|item| item.as_object().unwrap().len()).sum();
        assert_eq!(described, ENDPOINTS.len());
        for endpoint in ENDPOINTS.iter() {
            let operation = &paths[endpoint.path][endpoint.method.as_str().to_lowercase()];
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{}", endpoint.path);
            assert_eq!(operation["security"].is_null(), endpoint.scope.is_none(), "{}", endpoint.path);
        }
    }

    #[test]
    fn the_page_offers_the_scopes_that_calls_need() {
        let needed: BTreeSet<Scope> = ENDPOINTS.iter().filter_map(|endpoint| endpoint.scope).collect();
        assert_eq!(needed, SERVED.iter().copied().collect());
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let text = document().to_json().unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        for part in text.split("\"#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(json["components"]["schemas"][name].is_object(), "{name}");
        }
    }

    #[test]
    fn bodies_that_refuse_unknown_fields_say_so() {
        let json = serde_json::to_value(document()).unwrap();
        for endpoint in ENDPOINTS.iter() {
            let Some(body) = &endpoint.body else { continue };
            let name = body.name();
            assert_eq!(json["components"]["schemas"][&*name]["additionalProperties"], false, "{name}");
        }
    }
}
