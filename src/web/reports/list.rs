//! Time per status of everybody: operators as rows, statuses as columns (RE-1).

use std::cmp::Reverse;

use actix_web::HttpResponse;
use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use super::{Column, PeriodPart, Row as Cells, Share, added, columns, shares, total};
use crate::actions::Ctx;
use crate::actions::reports::Histories;
use crate::actions::rights::ViewReports;
use crate::domain::permission::Permission;
use crate::domain::status_time::Times;
use crate::error::Result;
use crate::i18n::Texts;
use crate::store::operators::{self, Filter, Placed, Row, Search, Sort};
use crate::web::listing::{Address, Chip, PER_PAGE, Pages};
use crate::web::shell::{self, Avatar, Shell};
use crate::web::visit::{Reader, Visit};

/// Operators whose times are added up and sorted by; of more, one page at a time is read.
const MOST: u64 = 200;

/// What the page is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub(super) range: String,
    pub(super) from: String,
    pub(super) to: String,
    q: String,
    department: String,
    /// `name`, `counted` or the id of a status; with a hyphen before it the other way round.
    sort: String,
    page: Option<String>,
}

impl Asked {
    /// Whom it is about.
    pub(super) fn filter(&self, visit: &Visit) -> Filter {
        let placed = visit.catalogue.department_by_slug(&self.department).map(|department| Placed::In(department.id));
        // A department that is not there has nobody.
        let placed = placed.or((!self.department.is_empty()).then_some(Placed::In(0)));
        let sort = if self.sort == Sort::NameDown.as_str() { Sort::NameDown } else { Sort::Name };
        Filter { q: self.q.trim().to_owned(), placed, sort, reader_language: visit.t.locale().tag().to_owned(), ..Filter::default() }
    }

    /// What it keeps in its address beside the days.
    pub(super) fn kept(&self) -> Vec<(&'static str, String)> {
        let all = [("q", self.q.trim()), ("department", &self.department), ("sort", &self.sort)];
        all.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.to_owned())).collect()
    }
}

struct Line<'a> {
    row: &'a Row,
    avatar: Avatar<'a>,
    cells: Cells,
}

#[derive(Template)]
#[template(path = "reports/list.html")]
struct ListPage<'a> {
    shell: Shell<'a>,
    period: PeriodPart,
    address: Address,
    chips: Vec<Chip>,
    departments: Vec<(String, String)>,
    columns: Vec<Column>,
    lines: Vec<Line<'a>>,
    /// Of everybody, or of the page where there are too many.
    all: Cells,
    shares: Vec<Share>,
    pages: Pages,
    /// Whether all are added up and may be sorted by their times.
    is_whole: bool,
    /// Whether the reader may open an operator.
    may_open: bool,
    export: String,
}

impl ListPage<'_> {
    /// The report of one operator about the same days.
    fn there(&self, id: &i64) -> String {
        Address::new(&format!("/operators/{id}/performance"), self.period.params()).without("page")
    }
}

/// `GET /reports`: three statements whatever the number of operators, four with a search, beside the roster that is held.
pub(super) async fn show(ctx: Data<Ctx>, reader: Reader, asked: Query<Asked>) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewReports>()?;
    let (t, db, now) = (reader.t, ctx.store.read(), ctx.now());
    let period = PeriodPart::read(&reader, now, "/reports", asked.kept(), [&asked.range, &asked.from, &asked.to])?;
    let filter = asked.filter(&reader);
    let search = Search::of(db, &filter).await?;
    let count = operators::count(db, &filter, &search, now).await?;
    let address = period.address("/reports").ordered_by("name");
    let pages = Pages::new(address.clone(), Pages::asked(asked.page.as_deref()), count, PER_PAGE);
    let is_whole = count <= MOST;
    let (offset, limit) = if is_whole { (0, MOST) } else { (pages.offset(), PER_PAGE) };
    let rows = operators::page(db, &filter, &search, now, offset, limit).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let histories = Histories::read(&ctx, &ids, period.period).await?;
    let mut found: Vec<(&Row, Times)> = rows.iter().map(|row| (row, histories.times(&reader.catalogue, row.id))).collect();
    let sum = added(found.iter().map(|(_, times)| times));
    let columns = columns(&reader, &sum, &histories.gone);
    if is_whole {
        sort(&mut found, &asked.sort);
        let (skip, take) = (usize::try_from(pages.offset()).unwrap_or(usize::MAX), usize::try_from(PER_PAGE).unwrap_or(usize::MAX));
        found = found.into_iter().skip(skip).take(take).collect();
    }
    let full = found.iter().map(|(_, times)| total(times).seconds).max().unwrap_or_default();
    let lines = found.into_iter().map(|(row, times)| Line {
        row,
        avatar: Avatar::new(row.id, &row.name, row.photo_id.as_deref(), row.preset.as_deref()),
        cells: Cells::new(&columns, &times, full),
    });
    let lines = lines.collect();
    let page = ListPage {
        shell: Shell::new(&reader, t.get("nav-reports")),
        chips: chips(t, &reader, &address, &asked),
        departments: reader.departments().collect(),
        all: Cells::new(&columns, &sum, total(&sum).seconds),
        shares: shares(t, self::columns(&reader, &sum, &histories.gone), &sum),
        export: address.elsewhere("/reports/status-time.csv"),
        may_open: reader.may(Permission::OperatorsView),
        columns,
        lines,
        pages,
        is_whole,
        address,
        period,
    };
    if page.period.faults.is_empty() { shell::ok(&ctx, &reader, &page) } else { shell::invalid(&ctx, &reader, &page) }
}

/// Sorts by time; equal ones stay in the order of their names.
fn sort(found: &mut [(&Row, Times)], by: &str) {
    let (name, is_down) = by.strip_prefix('-').map_or((by, false), |name| (name, true));
    let key = |times: &Times| match (name, name.parse::<i64>()) {
        ("counted", _) => Some(total(times).counted),
        (_, Ok(status)) => Some(times.get(&status).map_or(0, |time| time.seconds)),
        _ => None,
    };
    match is_down {
        true => found.sort_by_key(|(_, times)| Reverse(key(times))),
        false => found.sort_by_key(|(_, times)| key(times)),
    }
}

fn chips(t: Texts, visit: &Visit, address: &Address, asked: &Asked) -> Vec<Chip> {
    let name = visit.catalogue.department_by_slug(&asked.department).map(|department| department.name_in(t.locale().tag()).to_owned());
    let all = [
        ("q", "reports-search-chip", asked.q.trim().to_owned()),
        ("department", "departments-department", name.unwrap_or_else(|| asked.department.clone())),
    ];
    let shown = all.into_iter().filter(|(_, _, value)| !value.is_empty());
    shown.map(|(name, label, value)| Chip { label: t.get(label), value, off: address.without(name) }).collect()
}
