//! Time per status by day as CSV, written while it is read.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data, Query};
use chrono_tz::Tz;
use futures_util::{Stream, StreamExt, stream};

use super::PeriodPart;
use super::list::Asked;
use crate::actions::Ctx;
use crate::actions::reports::{Histories, counting};
use crate::actions::rights::ViewReports;
use crate::domain::period::Period;
use crate::error::{AppError, Result};
use crate::store::catalogue::Catalogue;
use crate::store::operators::{self, Filter};
use crate::web::csv;
use crate::web::visit::{Reader, Visit};

/// Operators a statement of the export reads.
const BATCH: u64 = 100;

const COLUMNS: [&str; 7] = ["day", "operator_id", "operator", "status_id", "status", "seconds", "counted_seconds"];

/// `GET /reports/status-time.csv` with the parameters of the page; by operator in the order in which they were added, then by day.
pub(super) async fn of_everybody(ctx: Data<Ctx>, reader: Reader, asked: Query<Asked>) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewReports>()?;
    let part = PeriodPart::read(&reader, ctx.now(), "/reports", asked.kept(), [&asked.range, &asked.from, &asked.to])?;
    Ok(download(&ctx, &reader, part.period, asked.filter(&reader), None))
}

/// The same of one operator.
pub fn of_one(ctx: &Data<Ctx>, reader: &Reader, period: Period, id: i64) -> HttpResponse {
    download(ctx, reader, period, Filter::default(), Some(id))
}

fn download(ctx: &Data<Ctx>, visit: &Visit, period: Period, filter: Filter, only: Option<i64>) -> HttpResponse {
    let head = stream::once(async { csv::lines([COLUMNS.map(str::to_owned)]) });
    let rows = rows(ctx.clone(), visit.catalogue.clone(), (period, visit.zone), filter, only);
    csv::download_marked(ctx, visit, "status-time", head.chain(rows))
}

fn rows(
    ctx: Data<Ctx>,
    catalogue: Arc<Catalogue>,
    (period, zone): (Period, Tz),
    filter: Filter,
    only: Option<i64>,
) -> impl Stream<Item = Result<Bytes>> {
    let now = ctx.now();
    // One operator alone is the one after the id before.
    let (first, most) = only.map_or((0, BATCH), |id| (id - 1, 1));
    stream::try_unfold(Some(first), move |last| {
        let (ctx, catalogue, filter) = (ctx.clone(), catalogue.clone(), filter.clone());
        async move {
            let Some(last) = last else { return Ok(None) };
            let found = operators::after(ctx.store.read(), &filter, now, last, most).await?;
            let Some(end) = found.last().map(|operator| operator.id) else { return Ok(None) };
            let ids: Vec<i64> = found.iter().map(|operator| operator.id).collect();
            let histories = Histories::read(&ctx, &ids, period).await?;
            let mut lines = Vec::new();
            for operator in &found {
                let Some(history) = histories.of.get(&operator.id) else { continue };
                for (day, times) in history.by_day(period, zone, |status| counting(&catalogue, status)) {
                    lines.extend(times.into_iter().map(|(status, time)| {
                        let name = histories.status_name(&catalogue, status).to_owned();
                        let (seconds, counted) = (time.seconds.to_string(), time.counted.to_string());
                        [day.to_string(), operator.id.to_string(), operator.name.clone(), status.to_string(), name, seconds, counted]
                    }));
                }
            }
            Ok::<_, AppError>(Some((csv::lines(lines)?, only.is_none().then_some(end))))
        }
    })
}
