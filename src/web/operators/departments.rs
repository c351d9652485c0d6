//! Where an operator works and what they take there, from the operator's side (DE-3, DE-4, DE-6).

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::subject::Subject;
use crate::actions::Ctx;
use crate::actions::members::{self as deeds, Edit, Wish};
use crate::actions::operators::{self, Profile};
use crate::domain::channel::Channel;
use crate::domain::membership::has_room;
use crate::domain::permission::Permission;
use crate::error::{AppError, Result};
use crate::store::departments::Department;
use crate::store::members::{self, Membership};
use crate::web::departments::switches::{Cell, Sent, cells};
use crate::web::faults::Faults;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::see_other_with;
use crate::web::shell::{self, Shell};
use crate::web::visit::{Reader, Visit};

const HERE: &str = "operators-departments";

/// What the form says beside its switches: the departments ticked, and those that were when the page was made.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    departments: Vec<i64>,
    was_departments: Vec<i64>,
}

/// The wishes that stand beside the departments (DE-4).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Options {
    version: Option<i64>,
    may_change_departments: Option<String>,
    to_solve_only: Option<String>,
}

struct Line<'a> {
    department: &'a Department,
    name: &'a str,
    is_member: bool,
    was_member: bool,
    is_full: bool,
    cells: Vec<Cell>,
}

/// A number that may be shown to whom the operator calls (DE-6).
struct CallerId<'a> {
    number: &'a str,
    /// The department whose line it is; none for the operator's own number.
    department: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "operators/departments.html")]
struct DepartmentsPage<'a> {
    shell: Shell<'a>,
    subject: &'a Subject,
    here: &'static str,
    faults: Faults,
    lines: Vec<Line<'a>>,
    numbers: Vec<CallerId<'a>>,
    /// Channels in the head of the table.
    channels: Vec<Channel>,
    /// Whether the reader may put the operator in departments and say what may be worked there.
    may_place: bool,
    /// Whether the reader may say what is taken now.
    may_take: bool,
}

impl DepartmentsPage<'_> {
    /// The boxes of a channel, where the department works it.
    fn cell<'l>(&self, line: &'l Line<'_>, channel: &Channel) -> Option<&'l Cell> {
        let name = crate::web::departments::channel_name(self.shell.t, *channel);
        line.cells.iter().find(|cell| cell.name == name)
    }

    fn channel_name(&self, channel: &Channel) -> &'static str {
        crate::web::departments::channel_name(self.shell.t, *channel)
    }

    fn fault(&self, line: &Line<'_>) -> Option<String> {
        self.faults.at(&field(line.department.id))
    }
}

fn field(department_id: i64) -> String {
    format!("department-{department_id}")
}

/// `GET …/departments`: two statements beside the operator.
pub async fn show(ctx: Data<Ctx>, reader: Reader, subject: Subject) -> Result<HttpResponse> {
    let memberships = members::of_operator(ctx.store.read(), subject.operator.id).await?;
    let counts = members::counts(ctx.store.read()).await?;
    let full = full(&reader, &counts);
    shell::ok(&ctx, &reader, &page(&reader, &subject, &memberships, &full, None, Faults::none(reader.t))?)
}

/// `POST …/departments`: what was changed on the page, all or nothing.
pub async fn save(ctx: Data<Ctx>, reader: Reader, subject: Subject, form: Form<Fields>) -> Result<HttpResponse> {
    let actor = reader.actor()?;
    let sent = Sent::read(&form.raw);
    let mut wishes = sent.wishes();
    let (now, was) = (set(&form.fields.departments), set(&form.fields.was_departments));
    for department in now.symmetric_difference(&was) {
        wishes.entry(*department).or_default().is_member = Some(now.contains(department));
    }
    for wish in wishes.values_mut().filter(|wish| wish.is_member == Some(true)) {
        // Who joins takes what may be worked; a box of the other kind alone says nothing yet.
        wish.active.clear();
    }
    let edit =
        |(department_id, wish): (i64, Wish)| Edit { department_id, operator_id: subject.operator.id, wish, field: field(department_id) };
    let edits: Vec<Edit> = wishes.into_iter().map(edit).collect();
    match deeds::apply(&ctx, actor, &edits).await {
        Ok(()) => {
            let flash = Flash::success("operators-departments-saved").with("name", &subject.operator.name);
            Ok(see_other_with(&ctx, &format!("{}/departments", subject.base), &flash))
        }
        Err(AppError::Invalid(errors)) => {
            let memberships = members::of_operator(ctx.store.read(), subject.operator.id).await?;
            let counts = members::counts(ctx.store.read()).await?;
            let full = full(&reader, &counts);
            let page = page(&reader, &subject, &memberships, &full, Some((&sent, &form.fields)), Faults::of(reader.t, errors))?;
            shell::invalid(&ctx, &reader, &page)
        }
        Err(error) => Err(error),
    }
}

/// `POST …/departments/options`.
pub async fn save_options(ctx: Data<Ctx>, reader: Reader, subject: Subject, form: Form<Options>) -> Result<HttpResponse> {
    let sent = form.fields;
    let profile = Profile {
        may_change_departments: Some(sent.may_change_departments.is_some()),
        to_solve_only: Some(sent.to_solve_only.is_some()),
        ..Profile::default()
    };
    // Two switches have no versions to choose from: the later one stands, and the history tells of both.
    operators::change(&ctx, reader.actor()?, subject.operator.id, None, profile).await?;
    let flash = Flash::success("operators-departments-saved").with("name", &subject.operator.name);
    Ok(see_other_with(&ctx, &format!("{}/departments", subject.base), &flash))
}

fn set(ids: &[i64]) -> BTreeSet<i64> {
    ids.iter().copied().collect()
}

/// The departments without a place left.
fn full(visit: &Visit, counts: &std::collections::HashMap<i64, u64>) -> BTreeSet<i64> {
    let is_full = |department: &&Department| {
        let members = counts.get(&department.id).copied().unwrap_or(0);
        !has_room(members, visit.catalogue.limit_of(department))
    };
    visit.catalogue.departments.iter().filter(is_full).map(|department| department.id).collect()
}

fn page<'a>(
    visit: &'a Visit,
    subject: &'a Subject,
    memberships: &[Membership],
    full: &BTreeSet<i64>,
    sent: Option<(&Sent, &Fields)>,
    faults: Faults,
) -> Result<DepartmentsPage<'a>> {
    let (t, catalogue) = (visit.t, &visit.catalogue);
    let has = |permission| visit.may(permission);
    let is_allowed_oneself = subject.operator.may_change_departments || has(Permission::SelfDepartments);
    let may_place = has(Permission::DepartmentMembersManage) || subject.is_own && is_allowed_oneself;
    let membership = |department: &Department| memberships.iter().find(|membership| membership.department_id == department.id);
    let shown = catalogue.departments.iter().filter(|department| may_place || membership(department).is_some());
    let lines = shown.map(|department| {
        let present = membership(department);
        let name = department.name_in(t.locale().tag());
        let switches = present.map(|membership| membership.switches).unwrap_or_default();
        Line {
            name,
            is_member: sent.map_or(present.is_some(), |(_, fields)| fields.departments.contains(&department.id)),
            was_member: sent.map_or(present.is_some(), |(_, fields)| fields.was_departments.contains(&department.id)),
            is_full: full.contains(&department.id),
            cells: cells(t, department.id, name, catalogue.channels_of(department), switches, sent.map(|(boxes, _)| boxes)),
            department,
        }
    });
    let calls = catalogue.departments.iter().filter(|department| {
        let may_call = membership(department).is_some_and(|membership| membership.switches.allowed().contains(Channel::Call));
        may_call && catalogue.channels_of(department).contains(Channel::Call)
    });
    let lines_of = calls.filter_map(|department| {
        Some(CallerId { number: department.facts.phone.as_deref()?, department: Some(department.name_in(t.locale().tag())) })
    });
    let own = subject.operator.phone.as_deref().map(|number| CallerId { number, department: None });
    Ok(DepartmentsPage {
        shell: subject.shell(visit, HERE),
        here: HERE,
        faults,
        lines: lines.collect(),
        numbers: own.into_iter().chain(lines_of).collect(),
        channels: catalogue.channels().iter().collect(),
        may_place,
        may_take: may_place || subject.is_own && has(Permission::PanelUse),
        subject,
    })
}
