//! One deed to many operators: chosen in the list, asked about, carried out, reported (OP-8).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};
use askama::Template;
use serde::Deserialize;

use super::list;
use super::report::{self, Rows, Words, failure, is_going_on, looked_at_again};
use crate::actions::operators::bulk::{self, Chosen, Options, Terms};
use crate::actions::rights::ManageOperators;
use crate::actions::{Ctx, runs};
use crate::domain::run::{Deed, Outcome, RunKind};
use crate::error::{AppError, Result};
use crate::store::runs::{Run, Tally, tally};
use crate::web::faults::Faults;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::listing::PER_PAGE;
use crate::web::shell::{self, Shell};
use crate::web::visit::{Reader, Visit};
use crate::web::{csv, see_other, see_other_with};

const WORDS: Words = Words { outcome: "bulk-outcome-", reason: "bulk-reason-" };

/// The form around the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Choice {
    deed: String,
    /// Everybody in the list, on its other pages too.
    all: Option<String>,
    operator: Vec<i64>,
    /// What the list is asked for, as in its address.
    filter: String,
}

/// The values that a deed needs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Answer {
    priority: String,
    department: String,
    schedule_id: String,
}

#[derive(Template)]
#[template(path = "operators/bulk.html")]
struct BulkPage<'a> {
    shell: Shell<'a>,
    run: &'a Run,
    deed: &'static str,
    is_dangerous: bool,
    /// What the deed means, and the words on its button.
    means: &'static str,
    go: String,
    failure: &'static str,
    todo: u64,
    done: u64,
    same: u64,
    refused: u64,
    rows: Rows,
    faults: Faults,
    terms: &'a Terms,
    departments: Vec<(String, String)>,
    /// No schedule first, then the shared ones.
    schedules: Vec<(String, String)>,
}

impl BulkPage<'_> {
    fn is_going_on(&self) -> bool {
        is_going_on(self.run)
    }
}

/// `POST /operators/bulk`: what is harmless and on one page is done at once, all else is asked about first.
pub async fn choose(ctx: Data<Ctx>, reader: Reader, form: Form<Choice>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageOperators>()?;
    let choice = form.fields;
    let deed = Deed::parse(&choice.deed).ok_or(AppError::NotFound)?;
    let asked: list::Asked = serde_html_form::from_str(&choice.filter).unwrap_or_default();
    let is_small = choice.all.is_none() && u64::try_from(choice.operator.len()).is_ok_and(|count| count <= PER_PAGE);
    let chosen = match choice.all {
        Some(_) => list::known_filter(&reader, &asked).map(Chosen::Matching),
        None => Some(Chosen::Operators(choice.operator)),
    };
    let id = match chosen {
        Some(chosen) => bulk::choose(&ctx, right, deed, &chosen).await,
        None => Err(AppError::Conflict("nobody-chosen")),
    };
    match id {
        Ok(id) => {
            if is_small && !deed.is_asked_about() {
                bulk::confirm(&ctx, right, &id, &Terms::default()).await?;
            }
            Ok(see_other(&format!("/operators/bulk/{id}")))
        }
        Err(AppError::Conflict("nobody-chosen")) => {
            Ok(see_other_with(&ctx, &list::address(&asked).without("page"), &Flash::warning("bulk-nobody")))
        }
        Err(error) => Err(error),
    }
}

/// `GET /operators/bulk/{run}`: asks, shows how far it is, reports.
pub async fn show(ctx: Data<Ctx>, reader: Reader, id: Path<String>, asked: Query<report::Asked>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageOperators>()?;
    let run = runs::own(&ctx, &right, RunKind::Bulk, &id).await?;
    let terms = Terms::default();
    let page = page(&ctx, &reader, &run, &asked, Faults::none(reader.t), &terms).await?;
    Ok(looked_at_again(shell::ok(&ctx, &reader, &page)?, &run))
}

/// `POST /operators/bulk/{run}`: yes, do it.
pub async fn confirm(ctx: Data<Ctx>, reader: Reader, id: Path<String>, form: Form<Answer>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageOperators>()?;
    let terms = Terms { priority: form.fields.priority, department: form.fields.department, schedule_id: form.fields.schedule_id };
    match bulk::confirm(&ctx, right, &id, &terms).await {
        Ok(()) => Ok(see_other(&format!("/operators/bulk/{id}"))),
        Err(AppError::Invalid(errors)) => {
            let run = runs::own(&ctx, &right, RunKind::Bulk, &id).await?;
            let faults = Faults::of(reader.t, errors);
            let page = page(&ctx, &reader, &run, &report::Asked::default(), faults, &terms).await?;
            shell::invalid(&ctx, &reader, &page)
        }
        Err(error) => Err(error),
    }
}

/// `GET /operators/bulk/{run}/report.csv`.
pub async fn download(ctx: Data<Ctx>, reader: Reader, id: Path<String>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageOperators>()?;
    let run = runs::own(&ctx, &right, RunKind::Bulk, &id).await?;
    let rows = report::rows(ctx.clone(), reader.t, WORDS, run);
    Ok(csv::download_marked(&ctx, &reader, "bulk-report", rows))
}

async fn page<'a>(
    ctx: &Ctx,
    visit: &'a Visit,
    run: &'a Run,
    asked: &report::Asked,
    faults: Faults,
    terms: &'a Terms,
) -> Result<BulkPage<'a>> {
    let t = visit.t;
    let (deed, _) = Options::of(run).ok_or(AppError::NotFound)?;
    let tally: Tally = tally(ctx.store.read(), &run.id).await?;
    let todo = tally.of(Outcome::Waiting);
    let title = match run.state.as_str() {
        "asked" => t.count(&format!("bulk-ask-{}", deed.as_str()), todo),
        _ => t.get(&format!("bulk-deed-{}", deed.as_str())).to_owned(),
    };
    Ok(BulkPage {
        shell: Shell::new(visit, &title).crumb(t.get("nav-operators"), "/operators"),
        rows: Rows::of(ctx, t, WORDS, run, &tally, &format!("/operators/bulk/{}", run.id), asked).await?,
        run,
        deed: deed.as_str(),
        is_dangerous: deed == Deed::Suspend,
        means: t.get(&format!("bulk-means-{}", deed.as_str())),
        go: t.count(&format!("bulk-do-{}", deed.as_str()), todo),
        failure: failure(t, run),
        todo,
        done: tally.of(Outcome::Done),
        same: tally.of(Outcome::Same),
        refused: tally.of(Outcome::Refused),
        faults,
        terms,
        schedules: std::iter::once((String::new(), t.get("bulk-no-schedule").to_owned()))
            .chain(visit.catalogue.schedules.iter().map(|row| (row.id.to_string(), row.schedule.name.clone())))
            .collect(),
        departments: visit.catalogue.departments.iter().map(|one| (one.facts.slug.clone(), one.facts.name.clone())).collect(),
    })
}
