//! What reports tell (ST-8, RE-1).

use std::fmt;
use std::str::FromStr;

use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::web::Data;
use chrono::SubsecRound;
use chrono_tz::Tz;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer;
use super::endpoint::{Endpoint, text, whole};
use super::request::{Caller, Query, cursor};
use crate::actions::reports::Histories;
use crate::actions::{Ctx, rights};
use crate::domain::api_key::Scope;
use crate::domain::period::read_instants;
use crate::error::{AppError, Result};
use crate::store::{operators, status_log};

/// Characters of an instant at most.
const INSTANT: usize = 40;

/// The time of an operator in a status.
#[derive(Serialize, ToSchema)]
struct StatusTime {
    /// The operator.
    operator_id: i64,
    /// The status.
    status_id: i64,
    /// Its name in the organisation's language; of one that is deleted the last it had.
    #[schema(example = "Online")]
    status: String,
    /// Seconds for which it was worn.
    #[schema(minimum = 0)]
    seconds: i64,
    /// Those that count: all in a status that receives, those without an open dialog in one that counts after the last dialog, else none.
    #[schema(minimum = 0)]
    counted_seconds: i64,
}

/// The calls on reports.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Method::GET, "/reports/status-time", Scope::ReportsRead, |route| route.to(status_time))
            .says(
                "Time per status",
                "By operator and status; statuses that were not worn are left out. The last status counts until now. The two flags of a status \
                 are taken as they are today. Whoever reads several pages gives both `from` and `to`.",
            )
            .asks("operator", "Id of an operator; without it everybody.", whole(1, i64::MAX))
            .asks(
                "from",
                "First instant, RFC 3339; a date alone is its beginning in the organisation's zone. Without it the beginning of the day on \
                 which the last instant lies.",
                text(INSTANT),
            )
            .asks(
                "to",
                "First instant after the period, RFC 3339, at most 366 days after `from`; a date alone includes that day. Without it now.",
                text(INSTANT),
            )
            .lists::<StatusTime>(),
    ]
}

/// The key of an item: operator and status.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key(i64, i64);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

impl FromStr for Key {
    type Err = AppError;

    fn from_str(text: &str) -> Result<Key> {
        let (operator, status) = text.split_once('.').ok_or(AppError::NotFound)?;
        let number = |text: &str| text.parse::<i64>().map_err(|_| AppError::NotFound);
        Ok(Key(number(operator)?, number(status)?))
    }
}

async fn status_time(ctx: Data<Ctx>, caller: Caller, query: Query) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewReports>()?;
    let (catalogue, db) = (&caller.catalogue, ctx.store.read());
    let (limit, after) = query.page::<Key>()?;
    let zone: Tz = catalogue.organisation.time_zone.parse().unwrap_or_default();
    let period = read_instants(query.get("from"), query.get("to"), zone, ctx.now())?;
    // Who wore something for a second has an item at least, and one more item than asked for tells that there are more.
    let until = period.to.min(ctx.now()).trunc_subsecs(0);
    let ids = match query.get("operator") {
        Some(id) => {
            let id = id.parse().map_err(|_| AppError::field("operator", "unknown_choice"))?;
            operators::find(db, id).await?.ok_or_else(|| AppError::field("operator", "unknown_choice"))?;
            vec![id]
        }
        None => status_log::wearers_from(db, after.map_or(0, |key| key.0), until, limit + 2).await?,
    };
    let histories = Histories::read(&ctx, &ids, period).await?;
    let mut items = Vec::new();
    for operator_id in ids {
        let times = histories.times(catalogue, operator_id).into_iter();
        let rest = times.filter(|(status_id, _)| after.is_none_or(|after| Key(operator_id, *status_id) > after));
        items.extend(rest.map(|(status_id, time)| StatusTime {
            operator_id,
            status_id,
            status: histories.status_name(catalogue, status_id).to_owned(),
            seconds: time.seconds,
            counted_seconds: time.counted,
        }));
    }
    let has_more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| has_more).map(|last| cursor(Key(last.operator_id, last.status_id)));
    answer::page(items, next)
}
