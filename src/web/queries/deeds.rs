//! What people do with a query, from its page or from the panel. A deed that came too late says so on the page it came from, which then
//! shows how things stand.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Deserialize;

use super::show::{found, page};
use crate::actions::Ctx;
use crate::actions::queries::{self as deeds, Destination, Side};
use crate::actions::rights::ManageQueries;
use crate::domain::query::reference;
use crate::error::{AppError, Result};
use crate::web::faults::Faults;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::see_other_with;
use crate::web::shell;
use crate::web::visit::Reader;

/// What the forms send.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    /// Where the form stands: `panel` or the page of the query.
    pub back: String,
    pub operator_id: String,
    pub department: String,
    pub category: String,
    pub note: String,
}

impl Typed {
    fn there(&self, id: i64) -> String {
        if self.back == "panel" { "/panel".to_owned() } else { format!("/queries/{id}") }
    }
}

/// The page after a deed: that it was done, what stood in its way, or what is wrong with a field.
async fn done<T>(ctx: &Data<Ctx>, reader: &Reader, id: i64, typed: &Typed, deed: Result<T>, said: &str) -> Result<HttpResponse> {
    let there = typed.there(id);
    match deed {
        Ok(_) => Ok(see_other_with(ctx, &there, &Flash::success(said).with("reference", reference(id)))),
        Err(AppError::Conflict(code)) => Ok(see_other_with(ctx, &there, &Flash::warning(&format!("conflict-{}", code.replace('_', "-"))))),
        Err(AppError::Invalid(errors)) => {
            let page = page(ctx, reader, found(ctx, reader, id).await?, Faults::of(reader.t, errors), Some(typed)).await?;
            shell::invalid(ctx, reader, &page)
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn accept(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<Typed>) -> Result<HttpResponse> {
    let deed = deeds::accept(&ctx, reader.actor()?, *id, reader.viewer()?.seen.operator_id).await;
    done(&ctx, &reader, *id, &form.fields, deed, "queries-accepted").await
}

pub(super) async fn decline(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<Typed>) -> Result<HttpResponse> {
    let deed = deeds::decline(&ctx, reader.actor()?, *id, reader.viewer()?.seen.operator_id).await;
    // It may be out of the reader's sight now.
    let typed = Typed { back: "panel".to_owned(), ..form.fields };
    done(&ctx, &reader, *id, &typed, deed, "queries-declined").await
}

pub(super) async fn assign(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<Typed>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageQueries>()?;
    let Typed { operator_id, back, .. } = form.fields;
    // The page has another field of the same name, which sends on.
    let fault = |code| AppError::field("assign_to", code);
    let deed = match operator_id.parse() {
        Ok(operator) => deeds::assign(&ctx, right, *id, operator).await.map_err(|error| match error {
            AppError::Invalid(_) => fault("unknown_choice"),
            other => other,
        }),
        Err(_) => Err(fault("required")),
    };
    done(&ctx, &reader, *id, &Typed { back, ..Typed::default() }, deed, "queries-assigned").await
}

pub(super) async fn transfer(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<Typed>) -> Result<HttpResponse> {
    let actor = reader.actor()?;
    let to = destination(&reader, &form.fields);
    let deed = match to {
        Ok(to) => deeds::transfer(&ctx, actor, *id, to, Some(&form.fields.note)).await,
        Err(error) => Err(error),
    };
    // It may be out of the reader's sight now.
    let is_out = deed.is_ok() && super::sight(&ctx, &reader).await? != crate::store::queries::Sight::All;
    let typed = if is_out { Typed { back: "panel".to_owned(), ..form.fields } } else { form.fields };
    done(&ctx, &reader, *id, &typed, deed, "queries-transferred").await
}

fn destination(reader: &Reader, typed: &Typed) -> Result<Destination> {
    match (typed.operator_id.trim(), typed.department.trim()) {
        ("", "") => Err(AppError::field("operator_id", "required")),
        ("", slug) => {
            let department = reader.catalogue.department_by_slug(slug).ok_or_else(|| AppError::field("department", "unknown_choice"))?;
            Ok(Destination::Department(department.id))
        }
        (id, "") => id.parse().map(Destination::Operator).map_err(|_| AppError::field("operator_id", "unknown_choice")),
        _ => Err(AppError::field("department", "one_destination")),
    }
}

pub(super) async fn act(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<Typed>) -> Result<HttpResponse> {
    let deed = deeds::act(&ctx, reader.actor()?, *id, Side::Operator).await;
    done(&ctx, &reader, *id, &form.fields, deed, "queries-answered").await
}

pub(super) async fn close(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<Typed>) -> Result<HttpResponse> {
    let deed = deeds::close(&ctx, reader.actor()?, *id).await;
    done(&ctx, &reader, *id, &form.fields, deed, "queries-closed").await
}

pub(super) async fn reopen(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<Typed>) -> Result<HttpResponse> {
    let deed = deeds::reopen(&ctx, reader.actor()?, *id).await;
    done(&ctx, &reader, *id, &form.fields, deed, "queries-reopened").await
}

pub(super) async fn classify(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<Typed>) -> Result<HttpResponse> {
    let deed = match form.fields.category.parse() {
        Ok(category) => deeds::classify(&ctx, reader.actor()?, *id, category, &form.fields.note).await,
        Err(_) => Err(AppError::field("category", "required")),
    };
    done(&ctx, &reader, *id, &form.fields, deed, "queries-classified").await
}
