//! The month of absences: a row for each operator, bars where they are away, days on which too few are left (AB-8).

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{Data, Query};
use askama::Template;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use serde::Deserialize;

use super::{Badge, span_text};
use crate::actions::Ctx;
use crate::actions::absences::Duties;
use crate::actions::rights::ViewAbsences;
use crate::actions::roster::Snapshot;
use crate::domain::permission::Permission;
use crate::domain::schedule::{local_day, start_of};
use crate::error::Result;
use crate::store::absences::{self, AbsenceRow, Shown};
use crate::store::departments::Department;
use crate::store::operators;
use crate::web::listing::{Address, PER_PAGE, Pages};
use crate::web::shell::{self, Avatar, Shell};
use crate::web::visit::{Reader, Visit};

/// Departments whose cover is looked at.
const MOST_DEPARTMENTS: usize = 40;
/// Stretches of a day and department that are told.
const TOLD: usize = 3;

/// What the address asks for; what it does not know is left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// `2026-04`.
    month: String,
    /// A slug.
    department: String,
    page: Option<String>,
}

/// A day of the month.
struct Day {
    date: NaiveDate,
    weekday: String,
    words: String,
    is_today: bool,
    is_weekend: bool,
    /// Names of the public holidays.
    holidays: Vec<String>,
    is_short: bool,
}

impl Day {
    fn class(&self) -> &'static str {
        match (self.is_short, !self.holidays.is_empty(), self.is_weekend) {
            (true, ..) => "is-short",
            (_, true, _) => "is-holiday",
            (.., true) => "is-weekend",
            _ => "",
        }
    }
}

/// Days of a row that look alike: none is free.
struct Cell {
    days: usize,
    bars: Vec<Bar>,
    /// The look of each day, where they differ.
    looks: Vec<&'static str>,
}

/// An absence in a row.
struct Bar {
    badge: Badge,
    /// The words of its link.
    name: String,
    /// As short as a row of a phone has room for.
    when: String,
    href: Option<String>,
    continues_before: bool,
    continues_after: bool,
    is_part: bool,
}

struct Row<'a> {
    id: i64,
    name: &'a str,
    avatar: Avatar<'a>,
    cells: Vec<Cell>,
    is_free: bool,
}

/// A day on which a department has too few.
struct Short {
    day: String,
    department: String,
    stretches: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "absences/timeline.html")]
struct TimelinePage<'a> {
    shell: Shell<'a>,
    month: String,
    address: Address,
    before: String,
    after: String,
    /// This month, where another one is shown.
    today: Option<String>,
    typed: String,
    departments: Vec<(String, String)>,
    days: Vec<Day>,
    has_holidays: bool,
    rows: Vec<Row<'a>>,
    pages: Pages,
    shorts: Vec<Short>,
    basis: String,
    /// By which zones the days go.
    zones: String,
    /// Whether cover could be looked at: some of the month is to come.
    is_ahead: bool,
    may_plan: bool,
    may_open: bool,
    legend: Vec<Badge>,
}

/// `GET /absences`.
pub async fn show(ctx: Data<Ctx>, reader: Reader, Query(asked): Query<Asked>) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewAbsences>()?;
    let today = local_day(reader.zone, ctx.now());
    let first = read_month(&asked.month).unwrap_or_else(|| first_of(today));
    let last = first + Months::new(1) - Days::new(1);
    let department = reader.catalogue.department_by_slug(&asked.department);
    // A day more on either side: days are those of each operator's zone.
    let (from, until) = (edge(first, -1), edge(last, 2));
    let shown = department.map_or(Shown::Away, |department| Shown::Members(department.id));
    let address = address(&asked, first, today);
    let page = Pages::asked(asked.page.as_deref());
    let offset = page.saturating_sub(1).saturating_mul(PER_PAGE);
    let (mut people, count) = absences::operators(ctx.store.read(), shown, from, until, offset, PER_PAGE).await?;
    let pages = Pages::new(address.clone(), page, count, PER_PAGE);
    if people.is_empty() && count > 0 {
        people = absences::operators(ctx.store.read(), shown, from, until, pages.offset(), PER_PAGE).await?.0;
    }
    let ids: Vec<i64> = people.iter().map(|(id, _)| *id).collect();
    let mut rows: BTreeMap<i64, Vec<AbsenceRow>> = BTreeMap::new();
    for row in absences::between(ctx.store.read(), &ids, from, until).await? {
        rows.entry(row.operator_id).or_default().push(row);
    }
    let faces = operators::faces(ctx.store.read(), &ids).await?;
    let snapshot = ctx.roster().await?;
    let zones = operators::zones(ctx.store.read(), &ids).await?;
    let shorts = shorts(&ctx, &reader, &snapshot, department, &ids, (first, last)).await?;
    let (may_plan, may_open) = (reader.may(Permission::AbsencesManage), reader.may(Permission::OperatorsView));
    let month = Month { visit: &reader, first, last, may_plan };
    let days = month.days(today, &shorts);
    let row = |(id, name): &'_ (i64, String)| {
        let zone = zones.get(id).and_then(|zone| zone.parse().ok()).unwrap_or_else(|| organisation_zone(&reader));
        let cells = month.cells(rows.get(id).map_or(&[][..], Vec::as_slice), &days, zone);
        (*id, cells, name.clone())
    };
    let built: Vec<_> = people.iter().map(row).collect();
    let rows = built.into_iter().zip(&people).map(|((id, cells, _), (_, name))| {
        let (photo, preset) = faces.get(&id).cloned().unwrap_or_default();
        let avatar = Avatar::new(id, name, photo.as_deref(), preset.as_deref());
        Row { id, name, avatar, is_free: cells.iter().all(|cell| cell.bars.is_empty()), cells }
    });
    let t = reader.t;
    let other =
        |month: NaiveDate| address.with("month", &if month == first_of(today) { String::new() } else { month.format("%Y-%m").to_string() });
    let page = TimelinePage {
        has_holidays: days.iter().any(|day| !day.holidays.is_empty()),
        rows: rows.filter(|row| department.is_some() || !row.is_free).collect(),
        shell: Shell::new(&reader, t.get("absences-title")),
        month: reader.dates.month(&first),
        before: other(first - Months::new(1)),
        after: other(first + Months::new(1)),
        today: (first != first_of(today)).then(|| other(first_of(today))),
        typed: first.format("%Y-%m").to_string(),
        departments: std::iter::once((String::new(), t.get("absences-any-department").to_owned())).chain(reader.departments()).collect(),
        days,
        shorts: month.told(&shorts),
        basis: t.with("absences-short-basis", &[("zone", reader.dates.zone())]),
        zones: t.with("absences-zones", &[("zone", reader.dates.zone())]),
        is_ahead: last >= today,
        legend: crate::domain::absence::Kind::ALL.map(|kind| Badge::of(kind, t)).to_vec(),
        address,
        pages,
        may_plan,
        may_open,
    };
    shell::ok(&ctx, &reader, &page)
}

fn address(asked: &Asked, first: NaiveDate, today: NaiveDate) -> Address {
    let month = if first == first_of(today) { String::new() } else { first.format("%Y-%m").to_string() };
    Address::new("/absences", [("month", month), ("department", asked.department.trim().to_owned())])
}

fn read_month(raw: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(&format!("{}-01", raw.trim()), "%Y-%m-%d").ok()?;
    (1970..=9000).contains(&day.year()).then_some(day)
}

fn first_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// Midnight of a day so many days away, in UTC.
fn edge(day: NaiveDate, days: i64) -> DateTime<Utc> {
    day.checked_add_signed(TimeDelta::days(days)).unwrap_or(day).and_time(chrono::NaiveTime::MIN).and_utc()
}

fn organisation_zone(visit: &Visit) -> Tz {
    visit.catalogue.organisation.time_zone.parse().unwrap_or_default()
}

/// Departments with the stretches in which they have too few, by day of the reader.
type Shorts<'a> = Vec<(&'a Department, crate::domain::absence::Stretch)>;

/// Looks at the cover of the department that is shown, or of those in which somebody on the page works, from now on.
async fn shorts<'a>(
    ctx: &Ctx,
    reader: &'a Reader,
    snapshot: &Snapshot,
    department: Option<&'a Department>,
    ids: &[i64],
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Shorts<'a>> {
    let people = ids.iter().filter_map(|id| snapshot.prepared.roster.person(*id));
    let theirs: Vec<i64> = people.flat_map(|person| person.memberships.iter().map(|membership| membership.department)).collect();
    let all = reader.catalogue.departments.iter().filter(|one| department.map_or(theirs.contains(&one.id), |wanted| wanted.id == one.id));
    let departments: Vec<&Department> = all.take(MOST_DEPARTMENTS).collect();
    let end = last.succ_opt().and_then(|day| start_of(reader.zone, day));
    let Some((from, until)) = start_of(reader.zone, first).zip(end) else { return Ok(Vec::new()) };
    let from = from.max(ctx.now());
    if from >= until || departments.is_empty() {
        return Ok(Vec::new());
    }
    let duties = Duties::read(ctx, snapshot, &departments, from, until).await?;
    let found = departments.into_iter().flat_map(|one| duties.short(one, from, until).into_iter().map(move |stretch| (one, stretch)));
    Ok(found.collect())
}

/// What a month is drawn from.
struct Month<'a> {
    visit: &'a Visit,
    first: NaiveDate,
    last: NaiveDate,
    may_plan: bool,
}

impl Month<'_> {
    fn days(&self, today: NaiveDate, shorts: &Shorts<'_>) -> Vec<Day> {
        let zone = self.visit.zone;
        let is_short = |day: NaiveDate| {
            shorts
                .iter()
                .any(|(_, stretch)| (local_day(zone, stretch.from)..=local_day(zone, stretch.until - TimeDelta::seconds(1))).contains(&day))
        };
        let day = |date: NaiveDate| Day {
            date,
            weekday: self.visit.dates.weekday(&date),
            words: self.visit.dates.calendar_day(&date),
            is_today: date == today,
            is_weekend: matches!(date.weekday(), Weekday::Sat | Weekday::Sun),
            holidays: self.visit.catalogue.holidays.iter().filter(|one| one.governs(date)).map(|one| one.name.clone()).collect(),
            is_short: is_short(date),
        };
        self.first.iter_days().take_while(|date| *date <= self.last).map(day).collect()
    }

    /// The days of a row: neighbours of one absence are one cell, every other day is its own. Whole days are those of the operator's
    /// zone, parts of days lie on the days of the reader's.
    fn cells(&self, rows: &[AbsenceRow], days: &[Day], zone: Tz) -> Vec<Cell> {
        let local = |at| local_day(self.visit.zone, at);
        let of = |row: &AbsenceRow| {
            let span = row.absence.span;
            span.days.unwrap_or_else(|| (local(span.from), local(span.until - TimeDelta::milliseconds(1))))
        };
        let mut cells: Vec<(Vec<usize>, Vec<&'static str>)> = Vec::new();
        for day in days {
            let here = |(_, row): &(usize, &AbsenceRow)| (of(row).0..=of(row).1).contains(&day.date);
            let on: Vec<usize> = rows.iter().enumerate().filter(here).map(|(place, _)| place).collect();
            match cells.last_mut() {
                Some((last, looks)) if !on.is_empty() && *last == on => looks.push(day.class()),
                _ => cells.push((on, vec![day.class()])),
            }
        }
        let bar = |place: usize| rows.get(place).map(|row| self.bar(row, of(row), zone));
        let cell = |(on, mut looks): (Vec<usize>, Vec<&'static str>)| {
            let days = looks.len();
            if looks.windows(2).all(|pair| pair.first() == pair.last()) {
                looks.clear();
            }
            Cell { days, bars: on.into_iter().filter_map(bar).collect(), looks }
        };
        cells.into_iter().map(cell).collect()
    }

    fn bar(&self, row: &AbsenceRow, (from, to): (NaiveDate, NaiveDate), zone: Tz) -> Bar {
        let badge = Badge::of(row.absence.kind, self.visit.t);
        let is_part = row.absence.span.days.is_none();
        let zone = if is_part { self.visit.zone } else { zone };
        let when = format!("{} ({})", span_text(self.visit, &row.absence.span), zone.name());
        let is_own = self.visit.viewer.as_ref().is_some_and(|viewer| viewer.seen.operator_id == row.operator_id);
        let may_open = self.may_plan || is_own && self.visit.may(Permission::SelfAbsences);
        Bar {
            name: self.visit.t.with("absences-bar", &[("kind", badge.text), ("name", &row.operator), ("when", &when)]),
            href: may_open.then(|| format!("/absences/{}", row.id)),
            continues_before: from < self.first,
            continues_after: to > self.last,
            is_part,
            badge,
            when,
        }
    }

    /// Too few by day and department.
    fn told(&self, shorts: &Shorts<'_>) -> Vec<Short> {
        let (visit, tag) = (self.visit, self.visit.t.locale().tag());
        let mut by_day: BTreeMap<(NaiveDate, &str), Vec<(String, String)>> = BTreeMap::new();
        for (department, stretch) in shorts {
            let (left, minimum) = (visit.t.number(stretch.left), visit.t.number(department.facts.minimum_cover));
            let words = visit.t.with("absences-lost-of", &[("left", &left), ("minimum", &minimum)]);
            let at = (local_day(visit.zone, stretch.from), department.name_in(tag));
            by_day.entry(at).or_default().push((visit.dates.stretch(&stretch.from, &stretch.until), words));
        }
        let told = |((day, department), mut stretches): ((NaiveDate, &str), Vec<(String, String)>)| {
            stretches.truncate(TOLD);
            Short { day: visit.dates.calendar_day(&day), department: department.to_owned(), stretches }
        };
        by_day.into_iter().map(told).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_read_as_it_is_typed_and_nothing_else_is_one() {
        assert_eq!(read_month(" 2026-04"), NaiveDate::from_ymd_opt(2026, 4, 1));
        for raw in ["", "2026", "2026-13", "April", "2026-04-01", "99999-01", "0001-01"] {
            assert_eq!(read_month(raw), None, "{raw}");
        }
    }
}
