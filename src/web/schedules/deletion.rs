//! Deleting a shared schedule: who uses it, and what they use instead (HR-1).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;
use serde::Deserialize;

use super::edit::row;
use crate::actions::Ctx;
use crate::actions::rights::ManageSchedules;
use crate::actions::schedules::{self as deeds, Instead};
use crate::domain::field::FieldErrors;
use crate::error::{AppError, Result};
use crate::store::schedules::{self, ScheduleRow, Users};
use crate::web::faults::Faults;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::see_other_with;
use crate::web::shell::{self, Shell};
use crate::web::visit::{Reader, Visit};

/// People and departments named on the page; more are counted.
const NAMED: usize = 10;
/// The choice of no schedule at all.
const NONE: &str = "none";

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    replacement_id: String,
}

#[derive(Template)]
#[template(path = "schedules/deletion.html")]
struct DeletionPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    row: &'a ScheduleRow,
    users: Users,
    operators: String,
    departments: String,
    replacement: String,
    replacements: Vec<(String, String)>,
}

/// `GET /schedules/{id}/deletion`.
pub async fn show(ctx: Data<Ctx>, reader: Reader, id: Path<i64>) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageSchedules>()?;
    let row = row(&reader, *id)?;
    shell::ok(&ctx, &reader, &page(&ctx, &reader, row, String::new(), FieldErrors::default()).await?)
}

/// `POST /schedules/{id}/deletion`.
pub async fn delete(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<Fields>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageSchedules>()?;
    let row = row(&reader, *id)?;
    let instead = match form.fields.replacement_id.as_str() {
        "" => None,
        NONE => Some(Instead::Always),
        id => Some(Instead::Schedule(id.parse().unwrap_or_default())),
    };
    match deeds::delete(&ctx, right, *id, None, instead).await {
        Ok(()) => Ok(see_other_with(&ctx, "/schedules", &Flash::success("schedules-deleted").with("name", &row.schedule.name))),
        Err(AppError::Invalid(errors)) => {
            shell::invalid(&ctx, &reader, &page(&ctx, &reader, row, form.fields.replacement_id, errors).await?)
        }
        Err(error) => Err(error),
    }
}

async fn page<'a>(ctx: &Ctx, visit: &'a Visit, row: &'a ScheduleRow, replacement: String, errors: FieldErrors) -> Result<DeletionPage<'a>> {
    let t = visit.t;
    let users = schedules::users(ctx.store.read(), row.id).await?;
    let named = |all: &[(i64, String)]| {
        let names = all.iter().take(NAMED).map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ");
        if all.len() > NAMED { names + " …" } else { names }
    };
    let others = visit.catalogue.schedules.iter().filter(|other| other.id != row.id);
    let others = others.map(|other| (other.id.to_string(), other.schedule.name.clone()));
    let choose = (String::new(), t.get("schedules-choose").to_owned());
    let none = (NONE.to_owned(), t.get("schedules-none-chosen").to_owned());
    Ok(DeletionPage {
        shell: Shell::new(visit, t.with("schedules-deletion-title", &[("name", &row.schedule.name)]))
            .crumb(t.get("nav-schedules"), "/schedules")
            .crumb(row.schedule.name.as_str(), format!("/schedules/{}", row.id)),
        faults: Faults::of(t, errors),
        operators: named(&users.operators),
        departments: named(&users.departments),
        replacements: std::iter::once(choose).chain(others).chain([none]).collect(),
        replacement,
        users,
        row,
    })
}
