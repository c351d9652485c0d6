//! Adding an operator: the required fields only, everything else comes after (OP-2, OP-5).

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use crate::actions::Ctx;
use crate::actions::operators::{self, NewOperator, Profile};
use crate::actions::rights::ManageOperators;
use crate::domain::permission::{BuiltIn, PermissionSet};
use crate::domain::role::may_grant;
use crate::error::{AppError, Result};
use crate::security::random::uuid_v7;
use crate::web::faults::Faults;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::see_other_with;
use crate::web::shell::{self, Shell, role_name};
use crate::web::visit::{Reader, Visit};

/// The form; passwords never go back into a page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    name: String,
    email: String,
    role: String,
    initial_password: String,
    initial_password_confirmation: String,
    submission_id: String,
    again: Option<String>,
}

#[derive(Template)]
#[template(path = "operators/new.html")]
struct NewPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    fields: &'a Fields,
    roles: Vec<(String, String)>,
    validity: String,
    min_length: u64,
}

impl<'a> NewPage<'a> {
    fn new(visit: &'a Visit, mine: &PermissionSet, fields: &'a Fields, faults: Faults) -> NewPage<'a> {
        let organisation = &visit.catalogue.organisation;
        let whole = |number: i64| u64::try_from(number).unwrap_or_default();
        NewPage {
            shell: Shell::new(visit, visit.t.get("operators-add")).crumb(visit.t.get("nav-operators"), "/operators"),
            faults,
            fields,
            roles: roles(visit, mine),
            validity: validity(visit, whole(organisation.invitation_hours)),
            min_length: whole(organisation.password_min),
        }
    }

    /// Whether the part with the initial password stands open.
    fn wants_password(&self) -> bool {
        self.faults.at("initial_password").is_some() || self.faults.at("initial_password_confirmation").is_some()
    }
}

/// How long an invitation is valid, in whole days where it is.
fn validity(visit: &Visit, hours: u64) -> String {
    if hours.is_multiple_of(24) { visit.t.count("operators-days", hours / 24) } else { visit.t.count("operators-hours", hours) }
}

/// The roles the reader may give: nobody grants a permission they lack (RO-1).
pub fn roles(visit: &Visit, mine: &PermissionSet) -> Vec<(String, String)> {
    let grantable = visit.catalogue.roles.iter().filter(|role| may_grant(mine, &role.permissions));
    grantable.map(|role| (role.slug.clone(), role_name(visit.t, role))).collect()
}

/// `GET /operators/new`.
pub async fn show(ctx: Data<Ctx>, reader: Reader) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageOperators>()?;
    let submission_id = uuid_v7(ctx.now(), &*ctx.random).map_err(AppError::unexpected)?.to_string();
    let fields = Fields { role: BuiltIn::Agent.slug().to_owned(), submission_id, ..Fields::default() };
    let page = NewPage::new(&reader, &right.permissions, &fields, Faults::none(reader.t));
    shell::ok(&ctx, &reader, &page)
}

/// `POST /operators`: the same form twice adds one operator (F-4).
pub async fn create(ctx: Data<Ctx>, reader: Reader, form: Form<Fields>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageOperators>()?;
    let fields = form.fields;
    let text = |text: &str| Some(text.to_owned());
    let has_password = !fields.initial_password.is_empty() || !fields.initial_password_confirmation.is_empty();
    let new = NewOperator {
        profile: Profile { name: text(&fields.name), email: text(&fields.email), role: text(&fields.role), ..Profile::default() },
        initial_password: has_password.then(|| fields.initial_password.clone()),
        initial_password_confirmation: text(&fields.initial_password_confirmation),
        submission_id: Some(fields.submission_id.clone()).filter(|id| !id.is_empty()),
    };
    match operators::create(&ctx, right, new).await {
        Ok(id) => {
            let key = if has_password { "operators-added" } else { "operators-invited" };
            let flash = Flash::success(key).with("name", fields.name.trim()).with("email", fields.email.trim());
            let there = if fields.again.is_some() { "/operators/new".to_owned() } else { format!("/operators/{id}") };
            Ok(see_other_with(&ctx, &there, &flash))
        }
        Err(AppError::Invalid(errors)) => {
            let page = NewPage::new(&reader, &right.permissions, &fields, Faults::of(reader.t, errors));
            shell::invalid(&ctx, &reader, &page)
        }
        Err(error) => Err(error),
    }
}
