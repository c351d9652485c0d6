//! Sites: the list, the form, the language tester and deletion (LA-3).

mod draft;
mod edit;
mod tester;

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};
use askama::Template;

use self::draft::SiteForm;
use super::flash::Flash;
use super::form::Form;
use super::see_other_with;
use super::shell::{self, Shell};
use super::visit::{Reader, Visit};
use crate::actions::Ctx;
use crate::actions::rights::{ManageSites, ViewSites};
use crate::actions::sites as deeds;
use crate::error::{AppError, Result};
use crate::store::sites::SiteRow;

/// The addresses of this noun.
pub fn routes(config: &mut ServiceConfig) {
    const ONE: &str = "/sites/{id:\\d{1,18}}";
    let at = |path: &str| web::resource(format!("{ONE}{path}"));
    config
        .service(web::resource("/sites").get(list).post(edit::create))
        .service(web::resource("/sites/new").get(edit::new))
        .service(at("").get(edit::show).post(edit::change))
        .service(at("/language").get(tester::found))
        .service(at("/deletion").get(ask_deletion).post(delete));
}

struct Row<'a> {
    row: &'a SiteRow,
    hosts: Vec<String>,
    departments: Vec<String>,
    /// Where the visitor's language is looked for, in words.
    order: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "sites/list.html")]
struct ListPage<'a> {
    shell: Shell<'a>,
    rows: Vec<Row<'a>>,
}

#[derive(Template)]
#[template(path = "sites/deletion.html")]
struct DeletionPage<'a> {
    shell: Shell<'a>,
    row: &'a SiteRow,
    hosts: Vec<String>,
    departments: Vec<String>,
}

async fn list(ctx: Data<Ctx>, reader: Reader) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewSites>()?;
    let rows = reader.catalogue.sites.iter().map(|row| Row {
        hosts: row.site.hosts.iter().map(ToString::to_string).collect(),
        departments: named(&reader, &row.site.departments),
        order: row.site.language_order.iter().map(|source| reader.t.get(&format!("sites-source-{}", source.as_str()))).collect(),
        row,
    });
    let page = ListPage { rows: rows.collect(), shell: Shell::new(&reader, reader.t.get("sites-title")) };
    shell::ok(&ctx, &reader, &page)
}

/// The names of departments in the reader's language.
fn named(visit: &Visit, slugs: &[String]) -> Vec<String> {
    let found = slugs.iter().filter_map(|slug| visit.catalogue.department_by_slug(slug));
    found.map(|department| department.name_in(visit.t.locale().tag()).to_owned()).collect()
}

fn row(visit: &Visit, id: i64) -> Result<&SiteRow> {
    visit.catalogue.site(id).ok_or(AppError::NotFound)
}

async fn ask_deletion(ctx: Data<Ctx>, reader: Reader, id: Path<i64>) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageSites>()?;
    let row = row(&reader, *id)?;
    let t = reader.t;
    let page = DeletionPage {
        shell: Shell::new(&reader, t.with("sites-deletion-title", &[("name", &row.site.name)]))
            .crumb(t.get("sites-title"), "/sites")
            .crumb(row.site.name.as_str(), format!("/sites/{id}")),
        hosts: row.site.hosts.iter().map(ToString::to_string).collect(),
        departments: named(&reader, &row.site.departments),
        row,
    };
    shell::ok(&ctx, &reader, &page)
}

async fn delete(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, _form: Form<SiteForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageSites>()?;
    let name = row(&reader, *id)?.site.name.clone();
    deeds::delete(&ctx, right, *id, None).await?;
    Ok(see_other_with(&ctx, "/sites", &Flash::success("sites-deleted").with("name", name)))
}
