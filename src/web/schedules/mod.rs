//! Office hours: the list of shared schedules, the form with its week grid, deletion, and the organisation's exceptions (HR-1, HR-3, HR-5).
//! Nothing here decides a rule; every change is one deed.
//! It may call actions, the store (reads), domain, i18n and the parts of web around it.

mod deletion;
pub(super) mod draft;
mod edit;
pub(super) mod editor;
mod holidays;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use askama::Template;
use chrono_tz::Tz;

pub(super) use self::edit::{exceptions_text, week_text};

use self::draft::{Draft, Fields};
use self::editor::Picture;
use super::form::Form;
use super::shell::{self, Shell};
use super::visit::{Reader, Visit};
use crate::actions::Ctx;
use crate::actions::rights::ViewSchedules;
use crate::domain::schedule::Schedule;
use crate::error::Result;
use crate::store::schedules::{self, ScheduleRow};

/// The addresses of this noun.
pub fn routes(config: &mut ServiceConfig) {
    const ONE: &str = "/schedules/{id:\\d{1,18}}";
    config
        .service(web::resource("/schedules").get(list).post(edit::create))
        .service(web::resource("/schedules/new").get(edit::new))
        .service(web::resource("/schedules/week").post(draw))
        .service(web::resource("/schedules/holidays").get(holidays::show).post(holidays::save))
        .service(web::resource(ONE).get(edit::show).post(edit::change))
        .service(web::resource(format!("{ONE}/deletion")).get(deletion::show).post(deletion::delete));
}

/// The schedules that may be chosen, none first.
pub fn choices(visit: &Visit) -> Vec<(String, String)> {
    let none = (String::new(), visit.t.get("schedules-none-chosen").to_owned());
    let shared = visit.catalogue.schedules.iter().map(|row| (row.id.to_string(), row.schedule.name.clone()));
    std::iter::once(none).chain(shared).collect()
}

struct Line<'a> {
    row: &'a ScheduleRow,
    picture: Picture,
    operators: i64,
    departments: i64,
    exceptions: usize,
}

#[derive(Template)]
#[template(path = "schedules/list.html")]
struct ListPage<'a> {
    shell: Shell<'a>,
    lines: Vec<Line<'a>>,
    holidays: usize,
}

async fn list(ctx: Data<Ctx>, reader: Reader) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewSchedules>()?;
    let counts = schedules::counts(ctx.store.read()).await?;
    let lines = reader.catalogue.schedules.iter().map(|row| {
        let (operators, departments) = counts.get(&row.id).copied().unwrap_or_default();
        let picture = Picture::new(reader.t, &Draft::stored(&row.schedule, &[]).week);
        Line { picture, operators, departments, exceptions: row.schedule.exceptions.len(), row }
    });
    let page = ListPage {
        lines: lines.collect(),
        holidays: reader.catalogue.holidays.len(),
        shell: Shell::new(&reader, reader.t.get("nav-schedules")),
    };
    shell::ok(&ctx, &reader, &page)
}

/// The week alone, while somebody types.
async fn draw(ctx: Data<Ctx>, reader: Reader, form: Form<Fields>) -> Result<HttpResponse> {
    let draft = Draft::stored(&Schedule::new(Tz::UTC), &[]).sent(&form.raw);
    shell::html(&ctx, StatusCode::OK, None, &Picture::new(reader.t, &draft.week))
}
