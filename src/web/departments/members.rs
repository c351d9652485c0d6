//! Who works in a department: the people with their switches, and those who may be added (DE-2, DE-3).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::switches::{Cell, Sent, cells};
use super::{MEMBERS, Tab, find, tabs};
use crate::actions::Ctx;
use crate::actions::members::{self as deeds, Edit, Wish};
use crate::actions::rights::{ManageDepartmentMembers, ViewDepartments};
use crate::domain::limits;
use crate::domain::permission::Permission;
use crate::error::{AppError, Result};
use crate::store::departments::Department;
use crate::store::members::{self, Member};
use crate::store::operators::{self, Filter, Placed, Row, Search};
use crate::web::faults::{Faults, word};
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::listing::{Address, PER_PAGE, Pages};
use crate::web::operators::subject::{language_name, state_text};
use crate::web::see_other_with;
use crate::web::shell::{self, Avatar, Shell};
use crate::web::visit::{Reader, Visit};

/// Operators who are offered to be added at a time.
const OFFERED: u64 = 20;

/// The address of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Search words among those who may be added.
    q: String,
    page: Option<String>,
}

/// What a form of this page says beside its boxes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// Ids of operators to be added.
    operators: Vec<i64>,
    /// Id of an operator to be taken out.
    leave: Option<i64>,
}

/// A member as the page shows one.
struct Line<'a> {
    member: &'a Member,
    avatar: Avatar<'a>,
    /// The state, where it is another one than active.
    state: Option<(&'static str, &'static str)>,
    languages: String,
    cells: Vec<Cell>,
}

/// Somebody who may be added.
struct Offer<'a> {
    row: &'a Row,
    avatar: Avatar<'a>,
}

#[derive(Template)]
#[template(path = "departments/members.html")]
struct MembersPage<'a> {
    shell: Shell<'a>,
    tabs: Vec<Tab>,
    faults: Faults,
    department: &'a Department,
    lines: Vec<Line<'a>>,
    pages: Pages,
    offers: Vec<Offer<'a>>,
    q: String,
    count: u64,
    limit: u64,
    has_channels: bool,
    may_change: bool,
    may_see_operators: bool,
}

/// What is read for the page, whatever is shown of it.
struct Found {
    members: Vec<Member>,
    offers: Vec<Row>,
}

async fn read(ctx: &Ctx, reader: &Reader, id: i64, q: &str) -> Result<Found> {
    let members = members::of_department(ctx.store.read(), id).await?;
    let offers = if reader.may(Permission::DepartmentMembersManage) {
        let filter = Filter {
            q: q.chars().take(limits::SEARCH).collect(),
            placed: Some(Placed::NotIn(id)),
            reader_language: reader.t.locale().tag().to_owned(),
            ..Filter::default()
        };
        let search = Search::of(ctx.store.read(), &filter).await?;
        operators::page(ctx.store.read(), &filter, &search, ctx.now(), 0, OFFERED).await?
    } else {
        Vec::new()
    };
    Ok(Found { members, offers })
}

/// `GET /departments/{id}/members`: two statements, whatever their number.
pub async fn show(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, asked: Query<Asked>) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewDepartments>()?;
    let department = find(&reader, *id)?;
    let data = read(&ctx, &reader, *id, &asked.q).await?;
    shell::ok(&ctx, &reader, &page(&reader, department, &data, &asked, ctx.now(), None, Faults::none(reader.t)))
}

/// `POST /departments/{id}/members`: the boxes, or one who leaves.
pub async fn save(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<Fields>, asked: Query<Asked>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageDepartmentMembers>()?;
    let department = find(&reader, *id)?;
    let here = format!("/departments/{id}/members");
    let sent = Sent::read(&form.raw);
    let edit = |operator_id: i64, wish: Wish| Edit { department_id: *id, operator_id, wish, field: format!("member-{operator_id}") };
    if let Some(operator_id) = form.fields.leave {
        let name = operators::find(ctx.store.read(), operator_id).await?.ok_or(AppError::NotFound)?.name;
        deeds::apply(&ctx, &right, &[edit(operator_id, Wish::leave())]).await?;
        return Ok(see_other_with(&ctx, &here, &Flash::success("departments-left").with("name", name)));
    }
    let edits: Vec<Edit> = sent.wishes().into_iter().map(|(operator_id, wish)| edit(operator_id, wish)).collect();
    match deeds::apply(&ctx, &right, &edits).await {
        Ok(()) => {
            let there = asked.page.as_ref().map_or_else(|| here.clone(), |page| format!("{here}?page={}", Pages::asked(Some(page))));
            Ok(see_other_with(&ctx, &there, &Flash::success("departments-members-saved")))
        }
        Err(AppError::Invalid(errors)) => {
            let data = read(&ctx, &reader, *id, "").await?;
            let page = page(&reader, department, &data, &asked, ctx.now(), Some(&sent), Faults::of(reader.t, errors));
            shell::invalid(&ctx, &reader, &page)
        }
        Err(error) => Err(error),
    }
}

/// `POST /departments/{id}/members/addition`: all who are chosen, or nobody where one finds no place.
pub async fn add(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<Fields>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageDepartmentMembers>()?;
    let department = find(&reader, *id)?;
    let here = format!("/departments/{id}/members");
    let chosen = &form.fields.operators;
    if chosen.is_empty() {
        return Ok(see_other_with(&ctx, &here, &Flash::warning("departments-nobody-chosen")));
    }
    let edits: Vec<Edit> = chosen
        .iter()
        .map(|operator_id| Edit { department_id: *id, operator_id: *operator_id, wish: Wish::join(), field: "operators".to_owned() })
        .collect();
    match deeds::apply(&ctx, &right, &edits).await {
        Ok(()) => {
            let flash = Flash::success("departments-added").with("count", chosen.len()).with("department", &department.facts.name);
            Ok(see_other_with(&ctx, &here, &flash))
        }
        Err(AppError::Invalid(mut errors)) => {
            // One sentence says it for all who found no place.
            errors.0.dedup_by(|a, b| a.code == b.code && a.args == b.args);
            let data = read(&ctx, &reader, *id, "").await?;
            let page = page(&reader, department, &data, &Asked::default(), ctx.now(), None, Faults::of(reader.t, errors));
            shell::invalid(&ctx, &reader, &page)
        }
        Err(error) => Err(error),
    }
}

fn page<'a>(
    visit: &'a Visit,
    department: &'a Department,
    data: &'a Found,
    asked: &Asked,
    now: DateTime<Utc>,
    sent: Option<&Sent>,
    faults: Faults,
) -> MembersPage<'a> {
    let t = visit.t;
    let channels = visit.catalogue.channels_of(department);
    let count = u64::try_from(data.members.len()).unwrap_or(u64::MAX);
    let address = Address::new(&format!("/departments/{}/members", department.id), []);
    let pages = Pages::new(address, Pages::asked(asked.page.as_deref()), count, PER_PAGE);
    let offset = usize::try_from(pages.offset()).unwrap_or(usize::MAX);
    let shown = data.members.iter().skip(offset).take(usize::try_from(PER_PAGE).unwrap_or(usize::MAX));
    let lines = shown.map(|member| {
        let state = member.state(now);
        let tags = member.languages.split(',').filter(|tag| !tag.is_empty());
        Line {
            avatar: Avatar::new(member.id, &member.name, member.photo_id.as_deref(), member.preset.as_deref()),
            state: (state != crate::domain::operator::OperatorState::Active).then(|| (state.as_str(), state_text(t, state))),
            languages: tags.map(|tag| language_name(t, tag)).collect::<Vec<_>>().join(", "),
            cells: cells(t, member.id, &member.name, channels, member.switches, sent),
            member,
        }
    });
    let offers =
        data.offers.iter().map(|row| Offer { avatar: Avatar::new(row.id, &row.name, row.photo_id.as_deref(), row.preset.as_deref()), row });
    MembersPage {
        shell: super::shell(visit, department, MEMBERS),
        tabs: tabs(t, department.id, MEMBERS),
        faults,
        lines: lines.collect(),
        pages,
        offers: offers.collect(),
        q: asked.q.trim().to_owned(),
        count,
        limit: visit.catalogue.limit_of(department),
        has_channels: !channels.is_empty(),
        may_change: visit.may(Permission::DepartmentMembersManage),
        may_see_operators: visit.may(Permission::OperatorsView),
        department,
    }
}

impl MembersPage<'_> {
    /// What is wrong with a member's row.
    fn fault(&self, line: &Line<'_>) -> Option<String> {
        self.faults.at(&format!("member-{}", line.member.id))
    }

    fn is_full(&self) -> bool {
        self.count >= self.limit
    }

    /// Why nobody more can be added.
    fn full(&self) -> String {
        let mut fault = crate::domain::field::Fault::with("department_full", "department", &self.department.facts.name);
        fault.args.push(("max", self.limit.to_string()));
        word(self.shell.t, &crate::domain::field::FieldError { field: String::new(), code: fault.code, args: fault.args })
    }
}
