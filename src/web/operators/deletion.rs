//! Deleting an operator: first the consequences, then the way back (OP-6, D-8).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};

use super::Nothing;
use super::subject::Subject;
use crate::actions::operators::RESTORABLE_DAYS;
use crate::actions::rights::ManageOperators;
use crate::actions::{Ctx, operators};
use crate::error::{AppError, Result};
use crate::store;
use crate::store::operators::Operator;
use crate::store::{absences, members, sessions};
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::shell::{self, Shell};
use crate::web::visit::Reader;
use crate::web::{see_other, see_other_with};

/// Absences named at most.
const NAMED: u64 = 20;

/// What a deletion would do.
#[derive(Template)]
#[template(path = "operators/deletion.html")]
struct AskPage<'a> {
    shell: Shell<'a>,
    operator: &'a Operator,
    sessions: u64,
    has_invitation: bool,
    /// Departments that nobody else works in.
    alone_in: Vec<String>,
    /// Absences of others in which they stand in: how many, and whose (AB-3).
    deputising: usize,
    absent: String,
}

/// What a deletion has done, with the way back.
#[derive(Template)]
#[template(path = "operators/deleted.html")]
struct DeletedPage<'a> {
    shell: Shell<'a>,
    operator: &'a Operator,
    deleted_at: DateTime<Utc>,
    until: DateTime<Utc>,
}

/// `GET /operators/{id}/deletion`: asks before, and offers to undo after.
pub async fn show(ctx: Data<Ctx>, reader: Reader, id: Path<i64>) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageOperators>()?;
    let t = reader.t;
    let (db, id) = (ctx.store.read(), id.into_inner());
    if let Some(operator) = store::operators::find(db, id).await? {
        let sessions = sessions::of_operator(db, id, ctx.now()).await?.len();
        let deputising = absences::deputising(db, id, ctx.now(), None, NAMED).await?;
        let page = AskPage {
            shell: Shell::new(&reader, t.with("operators-delete-title", &[("name", &operator.name)]))
                .crumb(t.get("nav-operators"), "/operators")
                .crumb(operator.name.clone(), format!("/operators/{id}")),
            operator: &operator,
            sessions: u64::try_from(sessions).unwrap_or_default(),
            alone_in: members::alone_in(db, id).await?,
            deputising: deputising.len(),
            absent: deputising.iter().map(|row| row.operator.as_str()).collect::<Vec<_>>().join(", "),
            has_invitation: operator.activated_at.is_none() && operator.invitation_expires_at.is_some_and(|end| end > ctx.now()),
        };
        return shell::ok(&ctx, &reader, &page);
    }
    let operator = store::operators::find_deleted(db, id).await?.ok_or(AppError::NotFound)?;
    let deleted_at = operator.deleted_at.ok_or(AppError::NotFound)?;
    let page = DeletedPage {
        shell: Shell::new(&reader, t.with("operators-deleted-title", &[("name", &operator.name)]))
            .crumb(t.get("nav-operators"), "/operators"),
        operator: &operator,
        deleted_at,
        until: deleted_at + TimeDelta::days(RESTORABLE_DAYS),
    };
    shell::ok(&ctx, &reader, &page)
}

/// `POST /operators/{id}/deletion`.
pub async fn delete(ctx: Data<Ctx>, reader: Reader, subject: Subject, _form: Form<Nothing>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageOperators>()?;
    operators::delete(&ctx, right, subject.operator.id, None).await?;
    Ok(see_other(&format!("/operators/{}/deletion", subject.operator.id)))
}

/// `POST /operators/{id}/restoration`.
pub async fn restore(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, _form: Form<Nothing>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageOperators>()?;
    let id = id.into_inner();
    let full = operators::restore(&ctx, right, id).await?;
    let operator = store::operators::find(ctx.store.read(), id).await?.ok_or(AppError::NotFound)?;
    let flash = match full.is_empty() {
        true => Flash::success("operators-restored"),
        false => Flash::warning("operators-restored-without").with("departments", full.join(", ")),
    };
    Ok(see_other_with(&ctx, &format!("/operators/{id}"), &flash.with("name", operator.name)))
}
