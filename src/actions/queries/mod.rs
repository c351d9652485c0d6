//! What befalls queries: they come, go to whoever may take them, are accepted, sent on, closed and classified (QU-1 to QU-6).
//!
//! Each deed is one transaction that holds the row of its query, so that of many who accept exactly one wins; what an operator has at
//! hand is counted under a lock in the same transaction, so that no slot is given twice (QU-2, QU-3).

mod deeds;
mod post;
mod route;
mod trace;

use crate::domain::permission::Permission;
use crate::error::{AppError, Result};
use crate::store::queries::Query;

use super::Actor;
use super::rights::{ManageQueries, UsePanel};

pub use super::auto_replies::{Answered, Shown};
pub use crate::domain::query::{RawMail, RawQuery, Side, Source};
pub use deeds::{Destination, accept, act, assign, classify, close, decline, hand_over, reopen, transfer};
pub use post::{Keep, Posted, post, post_telling};
pub use route::{Routed, is_routed, release, route_all, route_one};
pub use trace::{Teller, Trace, TraceLook, TransferredFrom};

/// Refuses whoever may not act for an operator: one acts for oneself in the panel, others need the right to manage queries.
fn acts_for(actor: &Actor, operator_id: i64) -> Result<()> {
    if actor.operator_id() == Some(operator_id) && actor.may::<UsePanel>().is_ok() {
        return Ok(());
    }
    actor.may::<ManageQueries>().map(drop)
}

/// Refuses whoever may not change a query: who has it may, others need the right to manage queries.
fn has(actor: &Actor, query: &Query) -> Result<()> {
    match query.operator_id.filter(|id| actor.operator_id() == Some(*id)) {
        Some(own) => acts_for(actor, own),
        None => actor.may::<ManageQueries>().map(drop),
    }
}

/// Whether a query that is offered to these operators may be seen by somebody who works in these departments (RO-3).
pub fn may_see(actor: &Actor, query: &Query, offered_to: &[i64], departments: &[i64]) -> Result<()> {
    let own = actor.operator_id();
    let is_theirs = own.is_some_and(|id| [query.operator_id, query.addressed_id].contains(&own) || offered_to.contains(&id));
    let is_near = query.department_id.is_some_and(|id| departments.contains(&id));
    if actor.has(Permission::QueriesView) || actor.has(Permission::OwnQueriesView) && (is_theirs || is_near) {
        return Ok(());
    }
    Err(AppError::NotFound)
}
