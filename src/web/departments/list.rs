//! The list of departments (DE-1).

use actix_web::HttpResponse;
use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use super::{channel_icon, channel_name};
use crate::actions::Ctx;
use crate::actions::rights::ViewDepartments;
use crate::domain::permission::Permission;
use crate::domain::text;
use crate::error::Result;
use crate::store::departments::Department;
use crate::store::members;
use crate::web::listing::{Address, Chip, PER_PAGE, Pages};
use crate::web::shell::{self, Shell};
use crate::web::visit::{Reader, Visit};

/// The address of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    sort: String,
    page: Option<String>,
}

#[derive(Template)]
#[template(path = "departments/list.html")]
struct ListPage<'a> {
    shell: Shell<'a>,
    rows: Vec<Row<'a>>,
    address: Address,
    chips: Vec<Chip>,
    pages: Pages,
    may_manage: bool,
    may_see_operators: bool,
}

/// A department as the list shows it.
struct Row<'a> {
    department: &'a Department,
    name: &'a str,
    /// Icon and name of each channel.
    channels: Vec<(&'static str, &'static str)>,
    members: u64,
    limit: u64,
    fallback: Option<&'a Department>,
}

/// `GET /departments`: the departments are held by version, so one statement counts their members.
pub async fn show(ctx: Data<Ctx>, reader: Reader, asked: Query<Asked>) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewDepartments>()?;
    let t = reader.t;
    let counts = members::counts(ctx.store.read()).await?;
    let wanted = text::fold(asked.q.trim());
    let mut rows: Vec<Row<'_>> = reader
        .catalogue
        .departments
        .iter()
        .filter(|department| department.names().any(|name| text::fold(name).contains(&wanted)))
        .map(|department| row(&reader, department, counts.get(&department.id).copied().unwrap_or(0)))
        .collect();
    match asked.sort.as_str() {
        "-name" => rows.reverse(),
        "members" => rows.sort_by_key(|row| row.members),
        "-members" => rows.sort_by_key(|row| std::cmp::Reverse(row.members)),
        _ => {}
    }
    let address = Address::new("/departments", [("q", asked.q.trim().to_owned()), ("sort", asked.sort.clone())]).ordered_by("name");
    let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let pages = Pages::new(address.clone(), Pages::asked(asked.page.as_deref()), count, PER_PAGE);
    let offset = usize::try_from(pages.offset()).unwrap_or(usize::MAX);
    let shown = rows.into_iter().skip(offset).take(usize::try_from(PER_PAGE).unwrap_or(usize::MAX));
    let chip = |value: &str| Chip { label: t.get("list-search-words"), value: value.to_owned(), off: address.without("q") };
    let page = ListPage {
        shell: Shell::new(&reader, t.get("nav-departments")),
        rows: shown.collect(),
        chips: Some(address.get("q")).filter(|q| !q.is_empty()).map(chip).into_iter().collect(),
        address,
        pages,
        may_manage: reader.may(Permission::DepartmentsManage),
        may_see_operators: reader.may(Permission::OperatorsView),
    };
    shell::ok(&ctx, &reader, &page)
}

fn row<'a>(visit: &'a Visit, department: &'a Department, members: u64) -> Row<'a> {
    let t = visit.t;
    let channels = visit.catalogue.channels_of(department).iter().map(|channel| (channel_icon(channel), channel_name(t, channel)));
    Row {
        name: department.name_in(t.locale().tag()),
        channels: channels.collect(),
        members,
        limit: visit.catalogue.limit_of(department),
        fallback: department.fallback_id.and_then(|id| visit.catalogue.department(id)),
        department,
    }
}
