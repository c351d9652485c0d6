//! What an operator wore and when: time per status, by day, and every change with who made it and why (OP-9, ST-8, RE-1).

use actix_web::HttpResponse;
use actix_web::web::{Data, Query};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::subject::Subject;
use crate::actions::Ctx;
use crate::actions::availability::cause_text;
use crate::actions::reports::{Histories, counting};
use crate::domain::permission::Permission;
use crate::domain::status::{Cause, Color};
use crate::error::{AppError, Result};
use crate::store::status_log::{self, StatusChange};
use crate::web::audit::actor_name;
use crate::web::listing::{Address, PER_PAGE, Pages};
use crate::web::reports::{Column, PeriodPart, Row, Share, added, columns, length, of_one, shares, total};
use crate::web::shell::{self, Badge, Shell};
use crate::web::visit::{Reader, Visit};

const HERE: &str = "reports-performance";

/// Days that are shown one by one; of more, the last ones.
const DAYS: usize = 31;

/// What the page is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    range: String,
    from: String,
    to: String,
    page: Option<String>,
}

/// A change as it is shown.
struct Entry {
    at: DateTime<Utc>,
    badge: Badge,
    cause: &'static str,
    /// Who made it; empty for the program itself.
    by: String,
}

#[derive(Template)]
#[template(path = "operators/performance.html")]
struct PerformancePage<'a> {
    shell: Shell<'a>,
    subject: &'a Subject,
    here: &'static str,
    period: PeriodPart,
    shares: Vec<Share>,
    all: Row,
    time: String,
    columns: Vec<Column>,
    /// The latest day first.
    days: Vec<(String, Row)>,
    /// Whether there are more days than these.
    is_cut: bool,
    log: Vec<Entry>,
    pages: Pages,
    export: String,
}

/// `GET .../performance`.
pub async fn show(ctx: Data<Ctx>, reader: Reader, subject: Subject, asked: Query<Asked>) -> Result<HttpResponse> {
    let period = read(&ctx, &reader, &subject, &asked)?;
    let (t, id, db) = (reader.t, subject.operator.id, ctx.store.read());
    let histories = Histories::read(&ctx, &[id], period.period).await?;
    let history = histories.of.get(&id).cloned().unwrap_or_default();
    let by_day = history.by_day(period.period, reader.zone, |status| counting(&reader.catalogue, status));
    let worn: Vec<_> = by_day.iter().rev().filter(|(_, times)| !times.is_empty()).collect();
    let sum = added(by_day.iter().map(|(_, times)| times));
    let columns = columns(&reader, &sum, &histories.gone);
    let full = worn.iter().map(|(_, times)| total(times).seconds).max().unwrap_or_default();
    let days = worn.iter().take(DAYS).map(|(day, times)| (reader.dates.calendar_day(day), Row::new(&columns, times, full))).collect();
    let path = format!("{}/performance", subject.base);
    let count = status_log::count_during(db, id, period.period).await?;
    let pages = Pages::new(period.address(&path), Pages::asked(asked.page.as_deref()), count, PER_PAGE);
    let log = status_log::page_during(db, id, period.period, pages.offset(), PER_PAGE).await?;
    let page = PerformancePage {
        shell: subject.shell(&reader, HERE),
        here: HERE,
        all: Row::new(&columns, &sum, total(&sum).seconds),
        time: length(total(&sum).seconds),
        shares: shares(t, self::columns(&reader, &sum, &histories.gone), &sum),
        is_cut: worn.len() > DAYS,
        log: log.into_iter().map(|change| entry(&reader, change)).collect(),
        export: Address::new(&format!("{path}/status-time.csv"), period.params()).without("page"),
        subject: &subject,
        days,
        columns,
        pages,
        period,
    };
    if page.period.faults.is_empty() { shell::ok(&ctx, &reader, &page) } else { shell::invalid(&ctx, &reader, &page) }
}

/// `GET .../performance/status-time.csv`.
pub async fn export(ctx: Data<Ctx>, reader: Reader, subject: Subject, asked: Query<Asked>) -> Result<HttpResponse> {
    let period = read(&ctx, &reader, &subject, &asked)?;
    Ok(of_one(&ctx, &reader, period.period, subject.operator.id))
}

/// The days asked for, where the reader may see the report: one's own, or with the permission.
fn read(ctx: &Ctx, reader: &Reader, subject: &Subject, asked: &Asked) -> Result<PeriodPart> {
    if !subject.may_see_performance {
        return Err::<_, AppError>(reader.actor()?.refused(Permission::ReportsView));
    }
    let path = format!("{}/performance", subject.base);
    PeriodPart::read(reader, ctx.now(), &path, Vec::new(), [&asked.range, &asked.from, &asked.to])
}

fn entry(visit: &Visit, change: StatusChange) -> Entry {
    let there = visit.catalogue.status(change.to_id).map(|status| Badge::of(status, visit.t));
    Entry {
        at: change.at.0,
        badge: there.unwrap_or_else(|| Badge::new(change.to_id, &change.to_name, Color::default())),
        cause: cause_text(visit.t, Cause::parse(&change.cause).unwrap_or_default()),
        by: if change.actor_kind == "system" { String::new() } else { actor_name(visit.t, &change.actor_kind, &change.actor_name) },
    }
}
