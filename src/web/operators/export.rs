//! The filtered list of operators as CSV, which the import takes back unchanged (OP-8).

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data, Query};
use chrono::{DateTime, Utc};
use futures_util::{Stream, StreamExt, stream};

use super::list::{self, Asked};
use crate::actions::Ctx;
use crate::actions::rights::ViewOperators;
use crate::domain::operator_import::{COLUMNS, JOB_POSITION, STATE};
use crate::error::{AppError, Result};
use crate::store::catalogue::Catalogue;
use crate::store::members;
use crate::store::operators::{self, Filter, Operator};
use crate::web::csv;
use crate::web::visit::Reader;

/// Operators a statement of the export reads.
const BATCH: u64 = 500;

/// `GET /operators/export.csv` with the parameters of the list; in the order in which the operators were added.
pub async fn export(ctx: Data<Ctx>, reader: Reader, asked: Query<Asked>) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewOperators>()?;
    let filter = list::known_filter(&reader, &asked);
    let rows = rows(ctx.clone(), reader.catalogue.clone(), filter);
    Ok(csv::download_marked(&ctx, &reader, "operators", rows))
}

fn rows(ctx: Data<Ctx>, catalogue: Arc<Catalogue>, filter: Option<Filter>) -> impl Stream<Item = Result<Bytes>> {
    let columns = columns(&catalogue);
    let head = columns.clone();
    let head = stream::once(async move { csv::lines([head]) });
    let now = ctx.now();
    let batches = stream::try_unfold(0, move |last| {
        let (ctx, catalogue, filter, columns) = (ctx.clone(), catalogue.clone(), filter.clone(), columns.clone());
        async move {
            let Some(filter) = filter else { return Ok(None) };
            let found = operators::after(ctx.store.read(), &filter, now, last, BATCH).await?;
            let Some(end) = found.last().map(|operator| operator.id) else { return Ok(None) };
            let ids: Vec<i64> = found.iter().map(|operator| operator.id).collect();
            let pairs = members::departments_of(ctx.store.read(), &ids).await?;
            let slugs = |operator: &Operator| {
                let own = pairs.iter().filter(|(id, _)| *id == operator.id).filter_map(|(_, id)| catalogue.department(*id));
                own.map(|department| department.facts.slug.as_str()).collect::<Vec<_>>().join(";")
            };
            let bytes = csv::lines(found.iter().map(|operator| cells(operator, slugs(operator), &columns, now)))?;
            Ok::<_, AppError>(Some((bytes, end)))
        }
    });
    head.chain(batches)
}

/// The columns of the import, a job position for each language of the organisation, and the state for people to read.
pub fn columns(catalogue: &Catalogue) -> Vec<String> {
    let mut columns = Vec::new();
    for column in COLUMNS {
        match column {
            JOB_POSITION => columns.extend(catalogue.languages.iter().map(|language| format!("{JOB_POSITION}.{}", language.tag))),
            column => columns.push(column.to_owned()),
        }
    }
    columns.push(STATE.to_owned());
    columns
}

fn cells(operator: &Operator, departments: String, columns: &[String], now: DateTime<Utc>) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let number = |value: Option<i64>| value.map(|number| number.to_string()).unwrap_or_default();
    let told: BTreeMap<&str, String> = BTreeMap::from([
        ("name", operator.name.clone()),
        ("email", operator.email.clone()),
        ("alias", text(&operator.alias)),
        ("notification_email", text(&operator.notification_email)),
        ("role", operator.role_slug.clone()),
        ("phone", text(&operator.phone)),
        ("time_zone", text(&operator.time_zone)),
        ("locale", text(&operator.locale)),
        ("theme", operator.theme.clone()),
        ("languages", operator.languages.join(";")),
        ("departments", departments),
        ("max_chat_load", number(operator.max_chat_load)),
        ("priority", operator.priority.to_string()),
        ("do_not_disturb", operator.do_not_disturb.to_string()),
        ("presence_required", operator.presence_required.to_string()),
        ("help_when_invisible", operator.help_when_invisible.to_string()),
        ("no_answer_minutes", number(operator.no_answer_minutes)),
        ("idle_minutes", number(operator.idle_minutes)),
        ("classify_after", operator.classify_after.to_string()),
        ("may_change_departments", operator.may_change_departments.to_string()),
        ("to_solve_only", operator.to_solve_only.to_string()),
        (STATE, operator.state(now).as_str().to_owned()),
    ]);
    let cell = |column: &String| match column.split_once('.') {
        Some((_, tag)) => operator.job_position(tag).unwrap_or_default().to_owned(),
        None => told.get(column.as_str()).cloned().unwrap_or_default(),
    };
    columns.iter().map(cell).collect()
}
