//! The matrix of assignment: operators in rows, departments in columns, three channel switches in a cell (DE-3).
//! A switch is a button that posts one deed, so the page works without scripts; with them the table alone is exchanged.

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use super::{channel_icon, channel_name};
use crate::actions::Ctx;
use crate::actions::members::{self as deeds, Edit, Wish};
use crate::actions::rights::{ManageDepartmentMembers, ViewDepartments};
use crate::domain::channel::Channel;
use crate::domain::limits;
use crate::domain::permission::Permission;
use crate::error::{AppError, Result};
use crate::store::departments::Department;
use crate::store::members::{self, Membership};
use crate::store::operators::{self, Filter, Placed, Row, Search};
use crate::web::faults::Faults;
use crate::web::form::Form;
use crate::web::listing::{Address, Chip, Pages};
use crate::web::see_other;
use crate::web::shell::{self, Avatar, Shell};
use crate::web::visit::{Reader, Visit};

/// Operators of a page: with twenty departments that is a table people can still read.
const ROWS: u64 = 25;

/// What part of the matrix is shown.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    /// Slug of a department whose members alone are shown.
    department: String,
    page: Option<String>,
}

/// A click: `join.3.12` (department, operator), `leave.3.12`, `allow.3.12.chat`, `forbid.3.12.chat`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    deed: String,
}

/// A department as a column.
struct Column<'a> {
    department: &'a Department,
    name: &'a str,
    members: u64,
    limit: u64,
}

/// A channel switch.
struct Switch {
    deed: String,
    icon: &'static str,
    label: String,
    is_allowed: bool,
    /// Allowed, but the operator does not take it now.
    is_paused: bool,
}

impl Switch {
    /// The same before and after a click, so that the focus stays.
    fn id(&self) -> &str {
        self.deed.split_once('.').map_or(&self.deed, |(_, place)| place)
    }
}

/// What an operator does in a department.
enum Cell {
    /// Not in it; the deed that changes that, where there is room.
    Outside { deed: String, label: String, is_full: bool },
    /// In it.
    Inside { switches: Vec<Switch>, leave: String, label: String },
}

struct Line<'a> {
    row: &'a Row,
    avatar: Avatar<'a>,
    cells: Vec<Cell>,
}

#[derive(Template)]
#[template(path = "departments/matrix.html")]
struct MatrixPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    columns: Vec<Column<'a>>,
    lines: Vec<Line<'a>>,
    address: Address,
    chips: Vec<Chip>,
    pages: Pages,
    departments: Vec<(String, String)>,
    /// Where the buttons post to: this page with its parameters.
    action: String,
    may_change: bool,
    may_see_operators: bool,
}

struct Found {
    rows: Vec<Row>,
    count: u64,
    memberships: Vec<Membership>,
    counts: HashMap<i64, u64>,
}

/// `GET /departments/matrix`: four statements, whatever the size of the organisation.
pub async fn show(ctx: Data<Ctx>, reader: Reader, asked: Query<Asked>) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewDepartments>()?;
    let found = read(&ctx, &reader, &asked).await?;
    shell::ok(&ctx, &reader, &page(&reader, &found, &asked, Faults::none(reader.t)))
}

/// `POST /departments/matrix`: one click, one deed, and back to the same part of the matrix.
pub async fn change(ctx: Data<Ctx>, reader: Reader, asked: Query<Asked>, form: Form<Fields>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageDepartmentMembers>()?;
    let edit = edit(&form.fields.deed).ok_or_else(|| AppError::Malformed("no deed of this page".into()))?;
    match deeds::apply(&ctx, &right, &[edit]).await {
        Ok(()) => Ok(see_other(&action(&address(&asked), asked.page.as_deref()))),
        Err(AppError::Invalid(errors)) => {
            let found = read(&ctx, &reader, &asked).await?;
            shell::invalid(&ctx, &reader, &page(&reader, &found, &asked, Faults::of(reader.t, errors)))
        }
        Err(error) => Err(error),
    }
}

fn edit(deed: &str) -> Option<Edit> {
    let mut parts = deed.split('.');
    let (verb, department, operator) = (parts.next()?, parts.next()?, parts.next()?);
    let channel = parts.next().map(Channel::parse);
    let wish = match (verb, channel) {
        ("join", None) => Wish::join(),
        ("leave", None) => Wish::leave(),
        ("allow", Some(Some(channel))) => Wish { allowed: vec![(channel, true)], ..Wish::default() },
        ("forbid", Some(Some(channel))) => Wish { allowed: vec![(channel, false)], ..Wish::default() },
        _ => return None,
    };
    Some(Edit { department_id: department.parse().ok()?, operator_id: operator.parse().ok()?, wish, field: "matrix".to_owned() })
}

fn address(asked: &Asked) -> Address {
    Address::new("/departments/matrix", [("q", asked.q.trim().to_owned()), ("department", asked.department.clone())])
}

fn action(address: &Address, page: Option<&str>) -> String {
    match Pages::asked(page) {
        1 => address.with("page", ""),
        page => address.with("page", &page.to_string()),
    }
}

async fn read(ctx: &Ctx, reader: &Reader, asked: &Asked) -> Result<Found> {
    let db = ctx.store.read();
    let department = reader.catalogue.department_by_slug(&asked.department);
    let filter = Filter {
        q: asked.q.chars().take(limits::SEARCH).collect(),
        placed: department.map(|department| Placed::In(department.id)),
        reader_language: reader.t.locale().tag().to_owned(),
        ..Filter::default()
    };
    let search = Search::of(db, &filter).await?;
    let count = operators::count(db, &filter, &search, ctx.now()).await?;
    let pages = Pages::new(address(asked), Pages::asked(asked.page.as_deref()), count, ROWS);
    let rows = operators::page(db, &filter, &search, ctx.now(), pages.offset(), ROWS).await?;
    let departments: Vec<i64> = reader.catalogue.departments.iter().map(|department| department.id).collect();
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let memberships = members::between(db, &departments, &ids).await?;
    Ok(Found { rows, count, memberships, counts: members::counts(db).await? })
}

fn page<'a>(visit: &'a Visit, found: &'a Found, asked: &Asked, faults: Faults) -> MatrixPage<'a> {
    let (t, catalogue, tag) = (visit.t, &visit.catalogue, visit.t.locale().tag());
    let address = address(asked);
    let pages = Pages::new(address.clone(), Pages::asked(asked.page.as_deref()), found.count, ROWS);
    let columns: Vec<Column<'a>> = catalogue
        .departments
        .iter()
        .map(|department| Column {
            name: department.name_in(tag),
            members: found.counts.get(&department.id).copied().unwrap_or(0),
            limit: catalogue.limit_of(department),
            department,
        })
        .collect();
    let by_pair: HashMap<(i64, i64), &Membership> =
        found.memberships.iter().map(|membership| ((membership.operator_id, membership.department_id), membership)).collect();
    let lines = found.rows.iter().map(|row| Line {
        avatar: Avatar::new(row.id, &row.name, row.photo_id.as_deref(), row.preset.as_deref()),
        cells: columns.iter().map(|column| cell(visit, row, column, by_pair.get(&(row.id, column.department.id)).copied())).collect(),
        row,
    });
    let chip = |name: &'static str, label: &str, value: Option<&str>| {
        let value = value.filter(|value| !value.is_empty())?.to_owned();
        Some(Chip { label: t.get(label), value, off: address.without(name) })
    };
    let department = catalogue.department_by_slug(&asked.department).map(|department| department.name_in(tag));
    let chips = [chip("q", "list-search-words", Some(address.get("q"))), chip("department", "departments-department", department)];
    MatrixPage {
        shell: Shell::new(visit, t.get("departments-matrix")).crumb(t.get("nav-departments"), "/departments"),
        faults,
        lines: lines.collect(),
        action: action(&address, asked.page.as_deref()),
        chips: chips.into_iter().flatten().collect(),
        departments: columns.iter().map(|column| (column.department.facts.slug.clone(), column.name.to_owned())).collect(),
        columns,
        address,
        pages,
        may_change: visit.may(Permission::DepartmentMembersManage),
        may_see_operators: visit.may(Permission::OperatorsView),
    }
}

fn cell(visit: &Visit, row: &Row, column: &Column<'_>, membership: Option<&Membership>) -> Cell {
    let t = visit.t;
    let (department, operator) = (column.department.id, row.id);
    let args: [(&str, &str); 2] = [("name", &row.name), ("department", column.name)];
    let Some(membership) = membership else {
        let deed = format!("join.{department}.{operator}");
        return Cell::Outside { deed, label: t.with("departments-join", &args), is_full: column.members >= column.limit };
    };
    let switch = |channel: Channel| {
        let is_allowed = membership.switches.allowed().contains(channel);
        let verb = if is_allowed { "forbid" } else { "allow" };
        let is_paused = is_allowed && !membership.switches.active().contains(channel);
        let key = if is_paused { "departments-paused-cell" } else { "departments-cell" };
        let label = t.with(key, &[("name", &row.name), ("department", column.name), ("channel", channel_name(t, channel))]);
        Switch {
            deed: format!("{verb}.{department}.{operator}.{}", channel.as_str()),
            icon: channel_icon(channel),
            label,
            is_allowed,
            is_paused,
        }
    };
    Cell::Inside {
        switches: visit.catalogue.channels_of(column.department).iter().map(switch).collect(),
        leave: format!("leave.{department}.{operator}"),
        label: t.with("departments-leave", &args),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_is_read_or_refused() {
        let allow = edit("allow.3.12.chat").unwrap();
        assert_eq!((allow.department_id, allow.operator_id), (3, 12));
        assert_eq!(allow.wish.allowed, [(Channel::Chat, true)]);
        assert_eq!(edit("leave.3.12").unwrap().wish, Wish::leave());
        for wrong in ["", "allow.3.12", "join.3.12.chat", "allow.3.12.fax", "drop.3.12", "join.x.12"] {
            assert!(edit(wrong).is_none(), "{wrong}");
        }
    }
}
