//! Deleting an absence, after its consequences were told, and coming back early (AB-1).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;
use serde::Deserialize;

use super::{Badge, edit, span_text};
use crate::actions::absences as deeds;
use crate::actions::{Actor, Ctx};
use crate::error::{AppError, Result};
use crate::store::absences::{self, AbsenceRow};
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::see_other_with;
use crate::web::shell::{self, Shell};
use crate::web::visit::Reader;

/// A form of a single button, with the version it was made from.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    version: Option<i64>,
}

#[derive(Template)]
#[template(path = "absences/deletion.html")]
struct DeletionPage<'a> {
    shell: Shell<'a>,
    row: &'a AbsenceRow,
    badge: Badge,
    when: String,
    /// Whether it is not over, so that it still keeps queries away.
    is_ahead: bool,
}

/// An absence that the reader may change. Whoever may not is refused whether or not it is there (Z2).
pub async fn changeable(ctx: &Ctx, actor: &Actor, id: i64) -> Result<AbsenceRow> {
    let found = absences::find(ctx.store.read(), id).await?;
    deeds::may_plan(actor, found.as_ref().map_or(0, |row| row.operator_id))?;
    found.ok_or(AppError::NotFound)
}

/// `GET /absences/{id}/deletion`.
pub async fn show(ctx: Data<Ctx>, reader: Reader, id: Path<i64>) -> Result<HttpResponse> {
    let row = changeable(&ctx, reader.actor()?, *id).await?;
    let t = reader.t;
    let page = DeletionPage {
        shell: edit::crumbs(&reader, Shell::new(&reader, t.with("absences-deletion-title", &[("name", &row.operator)])), &row),
        badge: Badge::of(row.absence.kind, t),
        when: span_text(&reader, &row.absence.span),
        is_ahead: row.absence.span.until > ctx.now(),
        row: &row,
    };
    shell::ok(&ctx, &reader, &page)
}

/// `POST /absences/{id}/deletion`: the page that asks tells what follows, so sending it is the confirmation.
pub async fn delete(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<Asked>) -> Result<HttpResponse> {
    let actor = reader.actor()?;
    let row = changeable(&ctx, actor, *id).await?;
    deeds::delete(&ctx, actor, *id, form.fields.version).await?;
    Ok(see_other_with(&ctx, &edit::section(&reader, row.operator_id), &Flash::success("absences-deleted").with("name", &row.operator)))
}

/// `POST /absences/{id}/end`: back early.
pub async fn end(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, _form: Form<Asked>) -> Result<HttpResponse> {
    let actor = reader.actor()?;
    let row = changeable(&ctx, actor, *id).await?;
    deeds::end_now(&ctx, actor, *id).await?;
    Ok(see_other_with(&ctx, &edit::section(&reader, row.operator_id), &Flash::success("absences-ended").with("name", &row.operator)))
}
