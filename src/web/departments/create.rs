//! Adding a department: its name is enough, everything else comes after (DE-1).

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::channel_name;
use crate::actions::Ctx;
use crate::actions::departments::{self, Typed};
use crate::actions::rights::ManageDepartments;
use crate::domain::department::RawDepartment;
use crate::error::{AppError, Result};
use crate::web::faults::Faults;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::see_other_with;
use crate::web::shell::{self, Shell};
use crate::web::visit::{Reader, Visit};

/// The form; an empty one among the channels says that it had the boxes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    name: String,
    description: String,
    channels: Vec<String>,
    again: Option<String>,
}

#[derive(Template)]
#[template(path = "departments/new.html")]
struct NewPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    fields: Fields,
    /// Every channel of the organisation: value, name, whether it is ticked.
    channels: Vec<(&'static str, &'static str, bool)>,
}

fn page(visit: &Visit, fields: Fields, faults: Faults) -> NewPage<'_> {
    let ticked = |name: &str| fields.channels.iter().any(|channel| channel == name);
    let channels = visit.catalogue.channels().iter();
    NewPage {
        shell: Shell::new(visit, visit.t.get("departments-add")).crumb(visit.t.get("nav-departments"), "/departments"),
        faults,
        channels: channels.map(|channel| (channel.as_str(), channel_name(visit.t, channel), ticked(channel.as_str()))).collect(),
        fields,
    }
}

/// `GET /departments/new`.
pub async fn show(ctx: Data<Ctx>, reader: Reader) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageDepartments>()?;
    let channels = reader.catalogue.channels().names().into_iter().map(str::to_owned).collect();
    shell::ok(&ctx, &reader, &page(&reader, Fields { channels, ..Fields::default() }, Faults::none(reader.t)))
}

/// `POST /departments`: leads on to its members, the next thing anybody wants.
pub async fn create(ctx: Data<Ctx>, reader: Reader, form: Form<Fields>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageDepartments>()?;
    let fields = form.fields;
    let channels = (!fields.channels.is_empty()).then(|| fields.channels.iter().filter(|name| !name.is_empty()).cloned().collect());
    let raw = RawDepartment {
        name: Some(fields.name.clone()),
        description: Some(fields.description.clone()),
        channels,
        ..RawDepartment::default()
    };
    match departments::create(&ctx, right, &Typed { raw, ..Typed::default() }).await {
        Ok((id, _)) => {
            let there = if fields.again.is_some() { "/departments/new".to_owned() } else { format!("/departments/{id}/members") };
            Ok(see_other_with(&ctx, &there, &Flash::success("departments-created").with("name", fields.name.trim())))
        }
        Err(AppError::Invalid(errors)) => shell::invalid(&ctx, &reader, &page(&reader, fields, Faults::of(reader.t, errors))),
        Err(error) => Err(error),
    }
}
