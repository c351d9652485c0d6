//! The exceptions of the organisation, which hold for every schedule unless a nearer one says otherwise (HR-3).

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use chrono_tz::Tz;

use super::draft::{Draft, Fields};
use super::edit::exceptions_text;
use super::editor::Editor;
use crate::actions::Ctx;
use crate::actions::rights::{ManageSchedules, ViewSchedules};
use crate::actions::schedules as deeds;
use crate::domain::field::FieldErrors;
use crate::domain::permission::Permission;
use crate::domain::schedule::{Exception, Schedule};
use crate::error::{AppError, Result};
use crate::web::calendars::Section;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::see_other_with;
use crate::web::shell::{self, Shell};
use crate::web::stale::{self, StalePage};
use crate::web::visit::{Reader, Visit};

const HERE: &str = "/schedules/holidays";

#[derive(Template)]
#[template(path = "schedules/holidays.html")]
struct HolidaysPage<'a> {
    shell: Shell<'a>,
    version: i64,
    editor: Editor,
    calendars: Section,
}

/// `GET /schedules/holidays`.
pub async fn show(ctx: Data<Ctx>, reader: Reader) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewSchedules>()?;
    shell::ok(&ctx, &reader, &page(&ctx, &reader, stored(&reader.catalogue.typed_holidays), FieldErrors::default()).await?)
}

/// `POST /schedules/holidays`.
pub async fn save(ctx: Data<Ctx>, reader: Reader, form: Form<Fields>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageSchedules>()?;
    let mut draft = stored(&reader.catalogue.typed_holidays).sent(&form.raw);
    if let Some(edit) = &form.fields.edit {
        draft.edit(edit);
        let mut page = page(&ctx, &reader, draft, FieldErrors::default()).await?;
        page.editor = page.editor.unsaved();
        return shell::ok(&ctx, &reader, &page);
    }
    match deeds::set_holidays(&ctx, right, Some(form.fields.version.unwrap_or(0)), &draft.raw_exceptions()).await {
        Ok(()) => Ok(see_other_with(&ctx, HERE, &Flash::success("schedules-holidays-saved"))),
        Err(AppError::Invalid(errors)) => shell::invalid(&ctx, &reader, &page(&ctx, &reader, draft, errors).await?),
        Err(AppError::Stale) => {
            let catalogue = ctx.present_catalogue().await?;
            let (theirs, yours) = (exceptions_text(&stored(&catalogue.typed_holidays)), exceptions_text(&draft));
            let differences = stale::differences([(reader.t.get("schedules-exceptions"), theirs, yours)]);
            stale::answer(&ctx, &StalePage::new(&reader, HERE, form.raw, catalogue.organisation.version, differences))
        }
        Err(error) => Err(error),
    }
}

fn stored(holidays: &[Exception]) -> Draft {
    Draft::stored(&Schedule::new(Tz::UTC), holidays)
}

async fn page<'a>(ctx: &Ctx, visit: &'a Visit, draft: Draft, errors: FieldErrors) -> Result<HolidaysPage<'a>> {
    Ok(HolidaysPage {
        shell: Shell::new(visit, visit.t.get("schedules-holidays")).crumb(visit.t.get("nav-schedules"), "/schedules"),
        version: visit.catalogue.organisation.version,
        editor: Editor::new(visit, HERE.to_owned(), draft, errors, visit.may(Permission::SchedulesManage)),
        calendars: Section::read(ctx, visit, None).await?,
    })
}
