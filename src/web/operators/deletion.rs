//! Deleting an operator: first the consequences, then the way back (OP-6, D-8).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::Nothing;
use super::subject::Subject;
use crate::actions::operators::RESTORABLE_DAYS;
use crate::actions::rights::ManageOperators;
use crate::actions::{Ctx, operators};
use crate::domain::availability::Person;
use crate::domain::text;
use crate::error::{AppError, Result};
use crate::store;
use crate::store::operators::Operator;
use crate::store::{absences, members, queries, sessions};
use crate::web::faults::Faults;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::shell::{self, Shell};
use crate::web::visit::Reader;
use crate::web::{see_other, see_other_with};

/// Absences named at most.
const NAMED: u64 = 20;

/// What a deletion would do.
#[derive(Template)]
#[template(path = "operators/deletion.html")]
struct AskPage<'a> {
    shell: Shell<'a>,
    operator: &'a Operator,
    sessions: u64,
    has_invitation: bool,
    /// Departments that nobody else works in.
    alone_in: Vec<String>,
    /// Absences of others in which they stand in: how many, and whose (AB-3).
    deputising: usize,
    absent: String,
    /// How many queries the operator has.
    open: usize,
    /// Who may inherit them: id and name.
    heirs: Vec<(String, String)>,
    faults: Faults,
}

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Heir {
    heir_id: String,
}

impl AskPage<'_> {
    /// Nobody in particular first: then each goes to its department.
    fn choices(&self) -> Vec<(&str, &str)> {
        let nobody = ("", self.shell.t.get("operators-heir-none"));
        [nobody].into_iter().chain(self.heirs.iter().map(|(id, name)| (id.as_str(), name.as_str()))).collect()
    }
}

/// What a deletion has done, with the way back.
#[derive(Template)]
#[template(path = "operators/deleted.html")]
struct DeletedPage<'a> {
    shell: Shell<'a>,
    operator: &'a Operator,
    deleted_at: DateTime<Utc>,
    until: DateTime<Utc>,
}

/// `GET /operators/{id}/deletion`: asks before, and offers to undo after.
pub async fn show(ctx: Data<Ctx>, reader: Reader, id: Path<i64>) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageOperators>()?;
    let t = reader.t;
    let (db, id) = (ctx.store.read(), id.into_inner());
    if let Some(operator) = store::operators::find(db, id).await? {
        let sessions = sessions::of_operator(db, id, ctx.now()).await?.len();
        let deputising = absences::deputising(db, id, ctx.now(), None, NAMED).await?;
        let page = AskPage {
            shell: Shell::new(&reader, t.with("operators-delete-title", &[("name", &operator.name)]))
                .crumb(t.get("nav-operators"), "/operators")
                .crumb(operator.name.clone(), format!("/operators/{id}")),
            operator: &operator,
            sessions: u64::try_from(sessions).unwrap_or_default(),
            alone_in: members::alone_in(db, id).await?,
            deputising: deputising.len(),
            absent: deputising.iter().map(|row| row.operator.as_str()).collect::<Vec<_>>().join(", "),
            open: queries::held_by(db, id).await?.0.len(),
            heirs: heirs(&ctx, id).await?,
            faults: Faults::none(t),
            has_invitation: operator.activated_at.is_none() && operator.invitation_expires_at.is_some_and(|end| end > ctx.now()),
        };
        return shell::ok(&ctx, &reader, &page);
    }
    let operator = store::operators::find_deleted(db, id).await?.ok_or(AppError::NotFound)?;
    let deleted_at = operator.deleted_at.ok_or(AppError::NotFound)?;
    let page = DeletedPage {
        shell: Shell::new(&reader, t.with("operators-deleted-title", &[("name", &operator.name)]))
            .crumb(t.get("nav-operators"), "/operators"),
        operator: &operator,
        deleted_at,
        until: deleted_at + TimeDelta::days(RESTORABLE_DAYS),
    };
    shell::ok(&ctx, &reader, &page)
}

/// Colleagues of an operator who are active, by name.
async fn heirs(ctx: &Ctx, id: i64) -> Result<Vec<(String, String)>> {
    let snapshot = ctx.roster().await?;
    let roster = &snapshot.prepared.roster;
    let departments: Vec<i64> =
        roster.person(id).map(|person| person.memberships.iter().map(|one| one.department).collect()).unwrap_or_default();
    let is_heir = |person: &&std::sync::Arc<Person>| {
        let near = person.memberships.iter().any(|one| departments.contains(&one.department));
        person.id != id && near && person.account.activated && !person.account.suspended
    };
    let mut found: Vec<(String, String)> =
        roster.people().iter().filter(is_heir).map(|person| (person.id.to_string(), person.name.clone())).collect();
    found.sort_by_key(|(_, name)| text::fold(name));
    Ok(found)
}

/// `POST /operators/{id}/deletion`.
pub async fn delete(ctx: Data<Ctx>, reader: Reader, subject: Subject, form: Form<Heir>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageOperators>()?;
    let heir = match form.fields.heir_id.trim() {
        "" => None,
        id => Some(id.parse().map_err(|_| AppError::field("heir_id", "unknown_choice"))?),
    };
    operators::delete(&ctx, right, subject.operator.id, None, heir).await?;
    Ok(see_other(&format!("/operators/{}/deletion", subject.operator.id)))
}

/// `POST /operators/{id}/restoration`.
pub async fn restore(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, _form: Form<Nothing>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageOperators>()?;
    let id = id.into_inner();
    let full = operators::restore(&ctx, right, id).await?;
    let operator = store::operators::find(ctx.store.read(), id).await?.ok_or(AppError::NotFound)?;
    let flash = match full.is_empty() {
        true => Flash::success("operators-restored"),
        false => Flash::warning("operators-restored-without").with("departments", full.join(", ")),
    };
    Ok(see_other_with(&ctx, &format!("/operators/{id}"), &flash.with("name", operator.name)))
}
