//! Deleting a department: first the consequences, and where its members go (DE-1).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;
use serde::Deserialize;

use super::find;
use crate::actions::Ctx;
use crate::actions::departments as deeds;
use crate::actions::rights::ManageDepartments;
use crate::error::{AppError, Result};
use crate::store::departments::Department;
use crate::store::members::{self, Member};
use crate::store::queries;
use crate::web::faults::Faults;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::see_other_with;
use crate::web::shell::{self, Shell};
use crate::web::visit::{Reader, Visit};

/// Members named on the page; more are counted.
const NAMED: usize = 10;

/// The form; no replacement leaves the members without this department, and is refused while there are open queries.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    replacement_id: String,
}

#[derive(Template)]
#[template(path = "departments/deletion.html")]
struct DeletionPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    department: &'a Department,
    members: &'a [Member],
    named: Vec<&'a str>,
    /// How many have no other department.
    only: u64,
    /// Open queries.
    open: u64,
    /// Departments that fall back to this one.
    falling_back: Vec<&'a str>,
    /// Sites that offer it.
    sites: Vec<&'a str>,
    replacement: String,
    replacements: Vec<(String, String)>,
}

/// `GET /departments/{id}/deletion`.
pub async fn show(ctx: Data<Ctx>, reader: Reader, id: Path<i64>) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageDepartments>()?;
    let department = find(&reader, *id)?;
    let concerned = Concerned::of(&ctx, *id).await?;
    shell::ok(&ctx, &reader, &page(&reader, department, &concerned, String::new(), Faults::none(reader.t)))
}

/// `POST /departments/{id}/deletion`.
pub async fn delete(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<Fields>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageDepartments>()?;
    let department = find(&reader, *id)?;
    let raw = form.fields.replacement_id;
    let replacement = match raw.as_str() {
        "" => Ok(None),
        raw => raw.parse().map(Some).map_err(|_| AppError::field("replacement_id", "unknown_choice")),
    };
    let done = match replacement {
        Ok(replacement) => deeds::delete(&ctx, right, *id, None, replacement).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(see_other_with(&ctx, "/departments", &Flash::success("departments-deleted").with("name", &department.facts.name))),
        Err(AppError::Invalid(mut errors)) => {
            errors.0.truncate(1);
            let concerned = Concerned::of(&ctx, *id).await?;
            shell::invalid(&ctx, &reader, &page(&reader, department, &concerned, raw, Faults::of(reader.t, errors)))
        }
        Err(error) => Err(error),
    }
}

/// Who and what loses the department.
struct Concerned {
    members: Vec<Member>,
    /// How many of them have no other department.
    only: u64,
    /// Open queries.
    open: u64,
}

impl Concerned {
    async fn of(ctx: &Ctx, id: i64) -> Result<Concerned> {
        let db = ctx.store.read();
        Ok(Concerned {
            members: members::of_department(db, id).await?,
            only: members::with_nothing_else(db, id).await?,
            open: queries::count_open(db, id).await?,
        })
    }
}

fn page<'a>(
    visit: &'a Visit,
    department: &'a Department,
    concerned: &'a Concerned,
    replacement: String,
    faults: Faults,
) -> DeletionPage<'a> {
    let (t, tag) = (visit.t, visit.t.locale().tag());
    let others = visit.catalogue.departments.iter().filter(|other| other.id != department.id);
    let replacements = others.clone().map(|other| (other.id.to_string(), other.name_in(tag).to_owned()));
    let falling_back = others.filter(|other| other.fallback_id == Some(department.id));
    let offering = visit.catalogue.sites.iter().filter(|row| row.site.departments.contains(&department.facts.slug));
    DeletionPage {
        sites: offering.map(|row| row.site.name.as_str()).collect(),
        shell: Shell::new(visit, t.with("departments-deletion-title", &[("name", department.name_in(tag))]))
            .crumb(t.get("nav-departments"), "/departments")
            .crumb(department.name_in(tag), format!("/departments/{}", department.id)),
        faults,
        named: concerned.members.iter().take(NAMED).map(|member| member.name.as_str()).collect(),
        members: &concerned.members,
        only: concerned.only,
        open: concerned.open,
        falling_back: falling_back.map(|other| other.name_in(tag)).collect(),
        replacement,
        replacements: std::iter::once((String::new(), t.get("departments-no-replacement").to_owned())).chain(replacements).collect(),
        department,
    }
}
