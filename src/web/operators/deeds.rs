//! Deeds on an operator that need one click: suspend, reactivate, invite again, revoke, copy the link (OP-5, OP-6).

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use chrono::TimeDelta;
use serde::Deserialize;

use super::Nothing;
use super::subject::{PROFILE, Subject};
use crate::actions::rights::{ManageOperatorStatus, ManageOperators};
use crate::actions::{Ctx, invitations, operators};
use crate::domain::number::optional_number;
use crate::error::{AppError, Result};
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::see_other_with;
use crate::web::shell::{self, Shell};
use crate::web::visit::Reader;

/// A timed switch from the page lasts a day at most.
const MOST_MINUTES: i64 = 1_440;

/// A switch of somebody's status, for so many minutes where any are given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct StatusForm {
    status_id: i64,
    minutes: String,
}

#[derive(Template)]
#[template(path = "operators/link.html")]
struct LinkPage<'a> {
    shell: Shell<'a>,
    subject: &'a Subject,
    here: &'static str,
    link: &'a str,
}

/// `POST /operators/{id}/status`: a supervisor switches somebody else (ST-4).
pub async fn switch_status(ctx: Data<Ctx>, reader: Reader, subject: Subject, form: Form<StatusForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageOperatorStatus>()?;
    let StatusForm { status_id, minutes } = form.fields;
    let minutes = optional_number(&minutes, 1, MOST_MINUTES).map_err(|_| AppError::Malformed("minutes".to_owned()))?;
    let until = minutes.map(|minutes| ctx.now() + TimeDelta::minutes(minutes));
    operators::switch_other(&ctx, right, subject.operator.id, status_id, until).await?;
    let status = reader.catalogue.status(status_id).map(|status| status.name_in(reader.t.locale().tag()).to_owned());
    let flash = Flash::success("operators-status-switched").with("name", &subject.operator.name);
    Ok(see_other_with(&ctx, &subject.base, &flash.with("status", status.unwrap_or_default())))
}

/// `POST /operators/{id}/suspension`.
pub async fn suspend(ctx: Data<Ctx>, reader: Reader, subject: Subject, _form: Form<Nothing>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageOperators>()?;
    operators::suspend(&ctx, right, subject.operator.id).await?;
    Ok(back(&ctx, &subject, "operators-now-suspended"))
}

/// `POST /operators/{id}/reactivation`.
pub async fn reactivate(ctx: Data<Ctx>, reader: Reader, subject: Subject, _form: Form<Nothing>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageOperators>()?;
    operators::reactivate(&ctx, right, subject.operator.id).await?;
    Ok(back(&ctx, &subject, "operators-now-reactivated"))
}

/// `POST /operators/{id}/invitation`: a new link is mailed, the old one is void.
pub async fn invite_again(ctx: Data<Ctx>, reader: Reader, subject: Subject, _form: Form<Nothing>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageOperators>()?;
    invitations::invite_again(&ctx, right, subject.operator.id).await?;
    Ok(back(&ctx, &subject, "operators-invited-again"))
}

/// `POST /operators/{id}/invitation/revocation`.
pub async fn revoke(ctx: Data<Ctx>, reader: Reader, subject: Subject, _form: Form<Nothing>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageOperators>()?;
    invitations::revoke(&ctx, right, subject.operator.id).await?;
    Ok(back(&ctx, &subject, "operators-revoked"))
}

/// `POST /operators/{id}/invitation/link`: the new link is shown this once, since only its hash is kept (I1).
pub async fn copy_link(ctx: Data<Ctx>, reader: Reader, subject: Subject, _form: Form<Nothing>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageOperators>()?;
    let link = invitations::copy_link(&ctx, right, subject.operator.id).await?;
    let page = LinkPage { shell: subject.shell(&reader, "operators-link-title"), subject: &subject, here: PROFILE, link: &link };
    shell::ok(&ctx, &reader, &page)
}

fn back(ctx: &Data<Ctx>, subject: &Subject, said: &str) -> HttpResponse {
    let flash = Flash::success(said).with("name", &subject.operator.name).with("email", &subject.operator.email);
    see_other_with(ctx, &subject.base, &flash)
}
