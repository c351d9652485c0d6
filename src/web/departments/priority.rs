//! The order in which the members of a department are asked, and the numbers behind it (DE-5).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;
use serde::Deserialize;

use super::{PRIORITY, Tab, channel_name, find, routing_name, tabs};
use crate::actions::Ctx;
use crate::actions::operators::{self as deeds, NewPriority};
use crate::actions::rights::{ManageOperators, ViewDepartments};
use crate::domain::operator::PRIORITY as RANGE;
use crate::domain::permission::Permission;
use crate::error::{AppError, Result};
use crate::store::departments::Department;
use crate::store::members::{self, Member};
use crate::web::faults::Faults;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::see_other_with;
use crate::web::shell::{self, Avatar, Shell};
use crate::web::visit::{Reader, Visit};

/// The form's own fields; the numbers are read from the raw form: `priority.12`, and `was.12` as it stood when the page was made.
#[derive(Debug, Deserialize)]
pub struct Fields {}

struct Line<'a> {
    /// Place in the order, from 1; equals share one.
    place: usize,
    member: &'a Member,
    avatar: Avatar<'a>,
    /// The number as sent, else as stored.
    priority: String,
    was: String,
}

impl Line<'_> {
    /// Name of the field of the number.
    fn field(&self) -> String {
        format!("priority.{}", self.member.id)
    }
}

#[derive(Template)]
#[template(path = "departments/priority.html")]
struct PriorityPage<'a> {
    shell: Shell<'a>,
    tabs: Vec<Tab>,
    faults: Faults,
    department: &'a Department,
    lines: Vec<Line<'a>>,
    /// Channel and rule, for those of its channels where priority matters.
    heeding: Vec<(&'static str, &'static str)>,
    may_change: bool,
}

/// `GET /departments/{id}/priority`.
pub async fn show(ctx: Data<Ctx>, reader: Reader, id: Path<i64>) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewDepartments>()?;
    let department = find(&reader, *id)?;
    let members = members::of_department(ctx.store.read(), *id).await?;
    shell::ok(&ctx, &reader, &page(&reader, department, &members, &[], Faults::none(reader.t)))
}

/// `POST /departments/{id}/priority`: only the numbers that were changed are written.
pub async fn save(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<Fields>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageOperators>()?;
    let department = find(&reader, *id)?;
    let numbered = |prefix: &str| -> Vec<(i64, &str)> {
        let named = form.raw.iter().filter_map(|(name, value)| Some((name.strip_prefix(prefix)?.parse().ok()?, value.as_str())));
        named.collect()
    };
    let was = numbered("was.");
    let sent = numbered("priority.");
    let changed = sent.iter().filter(|(id, raw)| was.iter().find(|(other, _)| other == id).is_none_or(|(_, was)| was != raw));
    let changed = changed.map(|(operator_id, raw)| NewPriority {
        operator_id: *operator_id,
        raw: (*raw).to_owned(),
        field: format!("priority.{operator_id}"),
    });
    match deeds::set_priorities(&ctx, right, &changed.collect::<Vec<_>>()).await {
        Ok(()) => Ok(see_other_with(&ctx, &format!("/departments/{id}/priority"), &Flash::success("departments-priority-saved"))),
        Err(AppError::Invalid(errors)) => {
            let members = members::of_department(ctx.store.read(), *id).await?;
            shell::invalid(&ctx, &reader, &page(&reader, department, &members, &sent, Faults::of(reader.t, errors)))
        }
        Err(error) => Err(error),
    }
}

fn page<'a>(visit: &'a Visit, department: &'a Department, members: &'a [Member], sent: &[(i64, &str)], faults: Faults) -> PriorityPage<'a> {
    let t = visit.t;
    let channels = visit.catalogue.channels_of(department);
    let heeding = department.facts.lines.iter().filter(|line| channels.contains(line.channel) && line.routing.heeds_priority());
    let line = |member: &'a Member| Line {
        place: 1 + members.iter().filter(|other| other.priority < member.priority).count(),
        avatar: Avatar::new(member.id, &member.name, member.photo_id.as_deref(), member.preset.as_deref()),
        was: member.priority.to_string(),
        priority: sent.iter().find(|(id, _)| *id == member.id).map_or_else(|| member.priority.to_string(), |(_, raw)| (*raw).to_owned()),
        member,
    };
    PriorityPage {
        shell: super::shell(visit, department, PRIORITY),
        tabs: tabs(t, department.id, PRIORITY),
        faults,
        lines: members.iter().map(line).collect(),
        heeding: heeding.map(|line| (channel_name(t, line.channel), routing_name(t, line.routing))).collect(),
        may_change: visit.may(Permission::OperatorsManage),
        department,
    }
}

impl PriorityPage<'_> {
    fn range(&self) -> String {
        let (first, last) = (RANGE.start().to_string(), RANGE.end().to_string());
        self.shell.t.with("departments-priority-range", &[("first", &first), ("last", &last)])
    }
}
