//! How an error looks to a program: `application/problem+json` (RFC 9457) with stable codes and no internals (P4).

use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpMessage, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use crate::actions::Origin;
use crate::domain::field::FieldError;
use crate::domain::language::{self, LanguageTag};
use crate::error::AppError;
use crate::i18n::{Locale, Texts};

/// The media type of problems.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Why a call was not carried out. Nothing was changed.
#[derive(Serialize, ToSchema)]
pub struct Problem {
    /// Names the kind of problem; stable.
    #[schema(example = "urn:onduty:problem:invalid")]
    r#type: String,
    /// The kind of problem in words.
    title: String,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What happened in this case.
    detail: String,
    /// What is wrong with which fields; empty where no field is to blame.
    errors: Vec<Fault>,
}

/// What is wrong with a field.
#[derive(Serialize, ToSchema)]
pub struct Fault {
    /// Name of the field, parameter or header; empty for the whole document.
    field: String,
    /// Names the fault; stable.
    #[schema(example = "too_long")]
    code: String,
    /// The fault in words.
    message: String,
}

/// The texts in the language a program asks for; English where it asks for none.
pub fn texts(headers: &HeaderMap) -> Texts {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let offered: Vec<LanguageTag> = Locale::ALL.iter().filter_map(|locale| LanguageTag::parse(locale.tag()).ok()).collect();
    let found = language::lookup(asked, &offered).and_then(|tag| Locale::parse(tag.as_str()));
    Texts::of(found.unwrap_or_default())
}

/// Turns an answer that is an error into its problem; any other stays as it is.
pub fn render(answer: ServiceResponse<BoxBody>, t: Texts) -> ServiceResponse<BoxBody> {
    if !answer.status().is_client_error() && !answer.status().is_server_error() {
        return answer;
    }
    let error = answer.response().error().and_then(|error| error.as_error::<AppError>());
    let status = if matches!(error, Some(AppError::Stale)) { StatusCode::PRECONDITION_FAILED } else { answer.status() };
    log(error, status, &answer);
    let problem = problem(error, status, t);
    let mut rendered = HttpResponse::build(status);
    rendered.content_type(MEDIA_TYPE).insert_header((header::CONTENT_LANGUAGE, t.locale().tag()));
    if status == StatusCode::UNAUTHORIZED {
        rendered.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"onduty\""));
    }
    for name in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = answer.headers().get(&name) {
            rendered.insert_header((name, value.clone()));
        }
    }
    let body = serde_json::to_string(&problem).unwrap_or_default();
    ServiceResponse::new(answer.request().clone(), rendered.body(body))
}

fn problem(error: Option<&AppError>, status: StatusCode, t: Texts) -> Problem {
    let code = code(error, status);
    let detail = match error {
        Some(AppError::Conflict(code)) => t.get(&format!("conflict-{}", code.replace('_', "-"))).to_owned(),
        Some(AppError::Forbidden(right)) => t.with("api-problem-forbidden-detail", &[("right", right)]),
        Some(AppError::Malformed(cause)) => t.with("api-problem-malformed-detail", &[("cause", cause)]),
        _ => t.get(&format!("api-problem-{}-detail", kind(status).replace('_', "-"))).to_owned(),
    };
    let errors = match error {
        Some(AppError::Invalid(errors)) => errors.0.iter().map(|error| fault(error, t)).collect(),
        _ => Vec::new(),
    };
    let title = t.get(&format!("api-problem-{}", kind(status).replace('_', "-"))).to_owned();
    Problem { r#type: format!("urn:onduty:problem:{code}"), title, status: status.as_u16(), detail, errors }
}

fn code(error: Option<&AppError>, status: StatusCode) -> String {
    match error {
        Some(AppError::Conflict(code)) => code.replace('-', "_"),
        _ => kind(status).to_owned(),
    }
}

/// The kinds of problem, one a status.
fn kind(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "unauthenticated",
        403 => "forbidden",
        404 => "not_found",
        405 => "method_not_allowed",
        409 => "conflict",
        412 => "stale",
        413 => "too_large",
        415 => "media_type",
        422 => "invalid",
        429 => "too_many",
        503 => "unavailable",
        400..500 => "malformed",
        _ => "unexpected",
    }
}

fn fault(error: &FieldError, t: Texts) -> Fault {
    let message = t.owned(&format!("error-{}", error.code.replace('_', "-")), &error.args);
    Fault { field: error.field.clone(), code: error.code.to_owned(), message }
}

fn log(error: Option<&AppError>, status: StatusCode, answer: &ServiceResponse<BoxBody>) {
    let request = answer.request();
    let reference = request.extensions().get::<Origin>().map(|origin| origin.request_id.clone()).unwrap_or_default();
    let cause = error.map_or_else(|| status.to_string(), AppError::to_string);
    if status.is_server_error() {
        tracing::error!(reference, path = request.path(), cause, "a call failed");
    } else {
        tracing::debug!(reference, path = request.path(), cause, "a call was refused");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::field::{Fault as DomainFault, FieldErrors};

    #[test]
    fn a_fault_carries_field_code_and_words() {
        let mut errors = FieldErrors::default();
        errors.add_fault("name", DomainFault::with("too_long", "max", 100));
        let problem = problem(Some(&AppError::Invalid(errors)), StatusCode::UNPROCESSABLE_ENTITY, Texts::of(Locale::En));
        assert_eq!((problem.r#type.as_str(), problem.status), ("urn:onduty:problem:invalid", 422));
        assert_eq!((problem.errors[0].field.as_str(), problem.errors[0].code.as_str()), ("name", "too_long"));
        assert!(problem.errors[0].message.contains("100"));
    }

    #[test]
    fn the_cause_of_a_fault_of_ours_is_not_told() {
        let error = AppError::Unexpected("connection to 10.0.0.7 refused".into());
        let problem = problem(Some(&error), StatusCode::INTERNAL_SERVER_ERROR, Texts::of(Locale::En));
        assert!(!serde_json::to_string(&problem).unwrap().contains("10.0.0.7"));
    }

    #[test]
    fn every_kind_has_its_texts_in_every_language() {
        for status in 400..=599 {
            let Ok(status) = StatusCode::from_u16(status) else { continue };
            for locale in Locale::ALL {
                let key = format!("api-problem-{}", kind(status).replace('_', "-"));
                assert!(Texts::of(locale).has(&key), "{key} in {locale:?}");
            }
        }
    }
}
