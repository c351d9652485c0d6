//! The ledger of automatic replies (AB-6).

use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer;
use super::endpoint::{Endpoint, one_of, whole};
use super::request::{Caller, Query, cursor};
use crate::actions::{Ctx, rights};
use crate::domain::api_key::Scope;
use crate::domain::auto_reply::Reason;
use crate::domain::query::reference;
use crate::error::{AppError, Result};
use crate::store::auto_replies::{self, Filter, Row};

/// What became of the automatic reply to a query whose operator was absent.
#[derive(Serialize, ToSchema)]
struct AutoReply {
    /// Its id.
    id: i64,
    /// The query; `null` once it is deleted.
    query_id: Option<i64>,
    /// What people call the query by.
    #[schema(example = "Q-1204")]
    reference: Option<String>,
    /// The absent operator; `null` once deleted for good.
    operator_id: Option<i64>,
    /// The absence; `null` once it is deleted.
    absence_id: Option<i64>,
    /// The sender's address in small letters; `null` where there was none.
    sender: Option<String>,
    /// When it was judged, RFC 3339 in UTC.
    at: String,
    /// Whether a reply was sent.
    sent: bool,
    /// Why not.
    withheld: Option<String>,
    /// By which of the rules N1 to N20.
    #[schema(example = "N14")]
    rule: Option<String>,
}

/// The calls on automatic replies.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Method::GET, "/auto-replies", Scope::QueriesRead, |route| route.to(list))
            .says("List automatic replies, sent and withheld", "The newest first.")
            .asks("operator", "Id of an operator; without it everybody.", whole(1, i64::MAX))
            .asks("sent", "Only what was sent, or only what was not.", one_of(["true", "false"]))
            .asks("withheld", "Only what was withheld for this reason.", one_of(Reason::ALL.map(Reason::as_str)))
            .lists::<AutoReply>(),
    ]
}

async fn list(ctx: Data<Ctx>, caller: Caller, query: Query) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewQueries>()?;
    let (limit, last) = query.page::<i64>()?;
    let unknown = |field: &str| AppError::field(field, "unknown_choice");
    let filter = Filter {
        operator_id: query.get("operator").map(|id| id.parse().map_err(|_| unknown("operator"))).transpose()?,
        sent: query.get("sent").map(|sent| sent.parse().map_err(|_| unknown("sent"))).transpose()?,
        reason: query
            .get("withheld")
            .map(|name| Reason::parse(name).ok_or_else(|| unknown("withheld")))
            .transpose()?
            .map(|reason| reason.as_str().to_owned()),
    };
    // One more than asked for tells that there are more.
    let mut rows = auto_replies::below(ctx.store.read(), &filter, last, limit as u64 + 1).await?;
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| has_more).map(|row| cursor(row.id));
    answer::page(rows.into_iter().map(view).collect(), next)
}

fn view(row: Row) -> AutoReply {
    AutoReply {
        id: row.id,
        query_id: row.query_id,
        reference: row.query_id.map(reference),
        operator_id: row.operator_id,
        absence_id: row.absence_id,
        sender: row.sender_key,
        at: answer::instant(row.at),
        sent: row.sent,
        withheld: row.reason,
        rule: row.rule,
    }
}
