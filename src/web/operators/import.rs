//! Operators from a file: chosen, shown row by row, carried out, reported (OP-8).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};
use askama::Template;
use futures_util::stream;
use serde::Deserialize;

use super::export;
use super::report::{self, Rows, Words, failure, is_going_on, looked_at_again};
use crate::actions::operators::import::{self, Options};
use crate::actions::rights::ManageOperators;
use crate::actions::{Ctx, runs};
use crate::domain::operator_import::{COLUMNS, JOB_POSITION, MOST_ROWS, STATE};
use crate::domain::run::{Outcome, RunKind};
use crate::error::{AppError, Result};
use crate::store::runs::{Run, tally};
use crate::web::csv;
use crate::web::faults::Faults;
use crate::web::form::Form;
use crate::web::see_other;
use crate::web::shell::{self, Shell};
use crate::web::visit::{Reader, Visit};

const WORDS: Words = Words { outcome: "import-outcome-", reason: "error-" };

/// The form beside the file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    invite: Option<String>,
}

/// A form of a single button.
#[derive(Debug, Deserialize)]
pub struct Yes {}

#[derive(Template)]
#[template(path = "operators/import.html")]
struct FilePage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    invite: bool,
    /// Names of the columns with their meaning, and whether they are required.
    columns: Vec<(&'static str, &'static str, bool)>,
    most_rows: String,
    example: String,
}

#[derive(Template)]
#[template(path = "operators/import_run.html")]
struct RunPage<'a> {
    shell: Shell<'a>,
    run: &'a Run,
    invite: bool,
    created: u64,
    changed: u64,
    refused: u64,
    failure: &'static str,
    rows: Rows,
}

impl RunPage<'_> {
    fn is_going_on(&self) -> bool {
        is_going_on(self.run)
    }

    /// How many operators the import adds or changes.
    fn steps(&self) -> u64 {
        self.created + self.changed
    }
}

/// `GET /operators/import`.
pub async fn show(ctx: Data<Ctx>, reader: Reader) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageOperators>()?;
    shell::ok(&ctx, &reader, &file_page(&reader, true, Faults::none(reader.t)))
}

/// `POST /operators/import`: the file is looked at, nothing else is done yet.
pub async fn start(ctx: Data<Ctx>, reader: Reader, form: Form<Fields>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageOperators>()?;
    let options = Options { invite: form.fields.invite.is_some() };
    // A form without a file, or with an empty one, says so as such.
    let content = form.file("file").map(|bytes| bytes.to_vec()).unwrap_or_default();
    let started = match content.is_empty() {
        true => Err(AppError::field("file", "csv_empty")),
        false => import::start(&ctx, right, content, &options).await,
    };
    match started {
        Ok(id) => Ok(see_other(&format!("/operators/import/{id}"))),
        Err(AppError::Invalid(errors)) => shell::invalid(&ctx, &reader, &file_page(&reader, options.invite, Faults::of(reader.t, errors))),
        Err(error) => Err(error),
    }
}

/// `GET /operators/import/{run}`: shows row by row what the file would do, how far it is, what it did.
pub async fn run(ctx: Data<Ctx>, reader: Reader, id: Path<String>, asked: Query<report::Asked>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageOperators>()?;
    let run = runs::own(&ctx, &right, RunKind::Import, &id).await?;
    let tally = tally(ctx.store.read(), &run.id).await?;
    let t = reader.t;
    let page = RunPage {
        shell: Shell::new(&reader, t.get(&format!("import-title-{}", run.state)))
            .crumb(t.get("nav-operators"), "/operators")
            .crumb(t.get("import-title"), "/operators/import"),
        invite: Options::of(&run).invite,
        created: tally.of(Outcome::Create),
        changed: tally.of(Outcome::Change),
        refused: tally.of(Outcome::Refused),
        failure: failure(t, &run),
        rows: Rows::of(&ctx, t, WORDS, &run, &tally, &format!("/operators/import/{}", run.id), &asked).await?,
        run: &run,
    };
    Ok(looked_at_again(shell::ok(&ctx, &reader, &page)?, &run))
}

/// `POST /operators/import/{run}`: yes, all of it.
pub async fn confirm(ctx: Data<Ctx>, reader: Reader, id: Path<String>, _form: Form<Yes>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageOperators>()?;
    import::confirm(&ctx, right, &id).await?;
    Ok(see_other(&format!("/operators/import/{id}")))
}

/// `GET /operators/import/{run}/report.csv`.
pub async fn download(ctx: Data<Ctx>, reader: Reader, id: Path<String>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageOperators>()?;
    let run = runs::own(&ctx, &right, RunKind::Import, &id).await?;
    let rows = report::rows(ctx.clone(), reader.t, WORDS, run);
    Ok(csv::download_marked(&ctx, &reader, "import-report", rows))
}

/// `GET /operators/import/example.csv`: two operators as they could stand in a file of this organisation.
pub async fn example(ctx: Data<Ctx>, reader: Reader) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageOperators>()?;
    let columns: Vec<String> = export::columns(&reader.catalogue).into_iter().filter(|column| column != STATE).collect();
    let first = reader.catalogue.organisation.default_language.as_str();
    let samples = [
        [("name", "Ana Ruiz"), ("email", "ana.ruiz@example.com"), ("alias", "Ana"), ("role", "agent"), ("max_chat_load", "4")],
        [("name", "Jo Lind"), ("email", "jo.lind@example.com"), ("phone", "+33 1 99 00 12 34"), ("role", "supervisor"), ("priority", "10")],
    ];
    let cell = |sample: &[(&str, &str)], column: &String| match (column.as_str(), sample.iter().find(|(name, _)| name == column)) {
        (_, Some((_, value))) => (*value).to_owned(),
        ("languages", None) => first.to_owned(),
        _ => String::new(),
    };
    let rows: Vec<Vec<String>> = samples.iter().map(|sample| columns.iter().map(|column| cell(sample, column)).collect()).collect();
    let all = csv::lines([columns.clone()].into_iter().chain(rows));
    Ok(csv::download_marked(&ctx, &reader, "example", stream::once(async { all })))
}

fn file_page(visit: &Visit, invite: bool, faults: Faults) -> FilePage<'_> {
    let t = visit.t;
    let about =
        |column: &'static str| (column, t.get(&format!("import-about-{}", column.replace('_', "-"))), ["name", "email"].contains(&column));
    let default = visit.catalogue.organisation.default_language.as_str();
    let other = visit.catalogue.languages.iter().map(|language| language.tag.as_str()).find(|tag| *tag != default);
    FilePage {
        shell: Shell::new(visit, t.get("import-title")).crumb(t.get("nav-operators"), "/operators"),
        faults,
        invite,
        columns: COLUMNS.into_iter().chain([STATE]).map(about).collect(),
        most_rows: t.number(u64::try_from(MOST_ROWS).unwrap_or(u64::MAX)),
        example: format!("{JOB_POSITION}.{}", other.unwrap_or(default)),
    }
}
