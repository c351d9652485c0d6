//! What stands under an operator's answers: a general text, one in HTML, and one per department (DE-7).

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::subject::Subject;
use crate::actions::Ctx;
use crate::actions::members::{self as deeds, Edit, Wish};
use crate::actions::operators::{self, Profile};
use crate::domain::permission::Permission;
use crate::error::{AppError, Result};
use crate::store;
use crate::store::members::{self, Membership};
use crate::web::faults::Faults;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::see_other_with;
use crate::web::shell::{self, Shell};
use crate::web::stale::{self, StalePage, differences};
use crate::web::visit::{Reader, Visit};

const HERE: &str = "operators-signatures";

/// The general signatures; those of departments are a form of their own.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    version: Option<i64>,
    signature: Option<String>,
    signature_html: Option<String>,
}

/// The signature for one department.
struct Own {
    field: String,
    label: String,
    text: String,
}

#[derive(Template)]
#[template(path = "operators/signatures.html")]
struct SignaturesPage<'a> {
    shell: Shell<'a>,
    subject: &'a Subject,
    here: &'static str,
    faults: Faults,
    signature: String,
    html: String,
    has_html: bool,
    own: Vec<Own>,
    may_save: bool,
    may_save_own: bool,
}

/// What begins the names of the fields of departments: `signature.12`.
const PREFIX: &str = "signature.";

/// `GET …/signatures`.
pub async fn show(ctx: Data<Ctx>, reader: Reader, subject: Subject) -> Result<HttpResponse> {
    let memberships = members::of_operator(ctx.store.read(), subject.operator.id).await?;
    let page = page(&reader, &subject, &memberships, &Fields::default(), &[], Faults::none(reader.t));
    shell::ok(&ctx, &reader, &page)
}

/// `POST …/signatures`: the general ones.
pub async fn save(ctx: Data<Ctx>, reader: Reader, subject: Subject, form: Form<Fields>) -> Result<HttpResponse> {
    let sent = &form.fields;
    let profile = Profile { signature: sent.signature.clone(), signature_html: sent.signature_html.clone(), ..Profile::default() };
    match operators::change(&ctx, reader.actor()?, subject.operator.id, Some(sent.version.unwrap_or(0)), profile).await {
        Ok(()) => Ok(saved(&ctx, &subject)),
        Err(AppError::Invalid(errors)) => {
            let memberships = members::of_operator(ctx.store.read(), subject.operator.id).await?;
            let page = page(&reader, &subject, &memberships, sent, &[], Faults::of(reader.t, errors));
            shell::invalid(&ctx, &reader, &page)
        }
        Err(AppError::Stale) => {
            let now = store::operators::find(ctx.store.read(), subject.operator.id).await?.ok_or(AppError::NotFound)?;
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            let differing = differences([
                (reader.t.get("operators-signature"), text(&now.signature), text(&sent.signature)),
                (reader.t.get("operators-signature-html"), text(&now.signature_html), text(&sent.signature_html)),
            ]);
            let there = format!("{}/signatures", subject.base);
            stale::answer(&ctx, &StalePage::new(&reader, &there, form.raw.clone(), now.version, differing))
        }
        Err(error) => Err(error),
    }
}

/// `POST …/signatures/departments`.
pub async fn save_own(ctx: Data<Ctx>, reader: Reader, subject: Subject, form: Form<super::Nothing>) -> Result<HttpResponse> {
    let id = subject.operator.id;
    let typed: Vec<(i64, String)> =
        form.raw.iter().filter_map(|(name, text)| Some((name.strip_prefix(PREFIX)?.parse().ok()?, text.clone()))).collect();
    let edits: Vec<Edit> = typed
        .iter()
        .map(|(department_id, text)| Edit {
            department_id: *department_id,
            operator_id: id,
            wish: Wish { signature: Some(text.clone()), ..Wish::default() },
            field: format!("{PREFIX}{department_id}"),
        })
        .collect();
    match deeds::apply(&ctx, reader.actor()?, &edits).await {
        Ok(()) => Ok(saved(&ctx, &subject)),
        Err(AppError::Invalid(errors)) => {
            let memberships = members::of_operator(ctx.store.read(), id).await?;
            let page = page(&reader, &subject, &memberships, &Fields::default(), &typed, Faults::of(reader.t, errors));
            shell::invalid(&ctx, &reader, &page)
        }
        Err(error) => Err(error),
    }
}

/// `GET …/signatures/html`: the HTML signature as a mail would show it, a document of its own that may run and load nothing.
pub async fn html(subject: Subject) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; img-src https:; frame-ancestors 'self'; sandbox"))
        .insert_header((header::X_FRAME_OPTIONS, "SAMEORIGIN"))
        .body(subject.operator.signature_html.unwrap_or_default())
}

fn saved(ctx: &Data<Ctx>, subject: &Subject) -> HttpResponse {
    let flash = Flash::success("operators-signatures-saved").with("name", &subject.operator.name);
    see_other_with(ctx, &format!("{}/signatures", subject.base), &flash)
}

fn page<'a>(
    visit: &'a Visit,
    subject: &'a Subject,
    memberships: &[Membership],
    sent: &Fields,
    typed: &[(i64, String)],
    faults: Faults,
) -> SignaturesPage<'a> {
    let stored = &subject.operator;
    let text = |sent: &Option<String>, stored: &Option<String>| sent.clone().or_else(|| stored.clone()).unwrap_or_default();
    let own = visit.catalogue.departments.iter().filter_map(|department| {
        let membership = memberships.iter().find(|membership| membership.department_id == department.id)?;
        let typed = typed.iter().find(|(id, _)| *id == department.id).map(|(_, text)| text.clone());
        Some(Own {
            field: format!("{PREFIX}{}", department.id),
            label: department.name_in(visit.t.locale().tag()).to_owned(),
            text: typed.or_else(|| membership.signature.clone()).unwrap_or_default(),
        })
    });
    let is_own_right = subject.is_own && visit.may(Permission::SelfSignature);
    SignaturesPage {
        shell: subject.shell(visit, HERE),
        here: HERE,
        faults,
        signature: text(&sent.signature, &stored.signature),
        html: text(&sent.signature_html, &stored.signature_html),
        has_html: stored.signature_html.is_some(),
        own: own.collect(),
        may_save: subject.may("signature"),
        may_save_own: is_own_right || visit.may(Permission::DepartmentMembersManage),
        subject,
    }
}
