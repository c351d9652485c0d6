//! Long work that was asked for on a page: begun there, carried out in the request where it is short, else by a job on any node (OP-8).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::operators::{bulk, import};
use super::rights::ManageOperators;
use super::{Actor, ActorKind, Ctx, Origin};
use crate::domain::field::FieldErrors;
use crate::domain::permission::Permission;
use crate::domain::run::{MOST_ATTEMPTS, RunKind, RunState};
use crate::error::{AppError, Result};
use crate::security::random::uuid_v7;
use crate::store::runs::{self, Claim, Ended, NewRun, Run};
use crate::store::{Tx, accounts};

/// What stands behind a row of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Detail {
    /// Why it was refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Reason>,
    /// The changed fields before.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub before: Map<String, Value>,
    /// The changed fields after.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub after: Map<String, Value>,
}

/// Why a row was refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The field, where it is one.
    pub field: String,
    /// Stable name of the fault.
    pub code: String,
    /// What its text mentions.
    pub args: Vec<(String, String)>,
}

impl Detail {
    /// Reads what [`Detail::write`] wrote; nothing where nothing was written.
    pub fn read(text: &str) -> Detail {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// As text; empty where there is nothing to tell.
    pub fn write(&self) -> String {
        if *self == Detail::default() { String::new() } else { serde_json::to_string(self).unwrap_or_default() }
    }

    /// A refusal without a field.
    pub(super) fn refusal(code: &str) -> Detail {
        Detail { faults: vec![Reason { code: code.to_owned(), ..Reason::default() }], ..Detail::default() }
    }

    /// The faults of a row's fields.
    pub(super) fn faults(errors: FieldErrors) -> Detail {
        let faults = errors.0.into_iter().map(|error| Reason {
            field: error.field,
            code: error.code.to_owned(),
            args: error.args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        });
        Detail { faults: faults.collect(), ..Detail::default() }
    }
}

/// A run of the actor; nobody else may know of it.
///
/// # Errors
/// [`AppError::NotFound`] for a run of somebody else, or of another kind.
pub async fn own(ctx: &Ctx, right: &ManageOperators<'_>, kind: RunKind, id: &str) -> Result<Run> {
    let run = runs::find(ctx.store.read(), id).await?;
    run.filter(|run| Some(run.operator_id) == right.operator_id() && run.kind == kind.as_str()).ok_or(AppError::NotFound)
}

/// What a new run of the actor begins with.
pub(super) fn new(ctx: &Ctx, actor: &Actor, kind: RunKind, state: RunState, options: &impl Serialize) -> Result<NewRun> {
    let operator_id = actor.operator_id().ok_or(AppError::Forbidden(Permission::OperatorsManage.as_str()))?;
    Ok(NewRun {
        id: uuid_v7(ctx.now(), &*ctx.random).map_err(AppError::unexpected)?.to_string(),
        kind,
        state,
        operator_id,
        address: actor.origin.address.map(|ip| ip.to_string()).unwrap_or_default(),
        request_id: actor.origin.request_id.clone(),
        options: serde_json::to_string(options).map_err(AppError::unexpected)?,
    })
}

/// A run that waits for somebody to carry it out.
pub async fn due(ctx: &Ctx) -> Result<Option<String>> {
    Ok(runs::due(ctx.store.read(), ctx.now()).await?)
}

/// Carries a run out for as long as nothing is to be asked and not `is_over`; safe to do twice, on two nodes at once, and to drop at any point.
pub async fn carry_out(ctx: &Ctx, id: &str, is_over: impl Fn() -> bool) -> Result<()> {
    while !is_over() {
        let Some(claim) = ctx.store.write(async |tx| runs::claim(tx, id, ctx.now()).await).await? else { return Ok(()) };
        let Some(run) = runs::find(ctx.store.read(), id).await? else { return Ok(()) };
        if claim.attempts > MOST_ATTEMPTS {
            tracing::error!(run = id, kind = run.kind, "a run was begun too often and is given up");
            return give_up(ctx, &claim, "interrupted").await;
        }
        let Some(actor) = actor(ctx, &run).await? else { return give_up(ctx, &claim, "right").await };
        let done = match (RunKind::parse(&run.kind), RunState::parse(&run.state)) {
            (Some(RunKind::Bulk), _) => bulk::carry_out(ctx, &actor, &run, &claim, &is_over).await,
            (Some(RunKind::Import), Some(RunState::Preparing)) => import::prepare(ctx, &actor, &run, &claim).await,
            (Some(RunKind::Import), _) => import::carry_out(ctx, &actor, &run, &claim).await,
            (None, _) => give_up(ctx, &claim, "interrupted").await,
        };
        match done {
            // Somebody else carries it out by now.
            Err(AppError::Stale) => return Ok(()),
            done => done?,
        }
    }
    Ok(())
}

/// Notes how far a run is. Fails where somebody else carries it out by now.
pub(super) async fn advance(ctx: &Ctx, tx: &Tx, claim: &Claim, total: u64, done: u64) -> Result<()> {
    if runs::advance(tx, claim, total, done, ctx.now()).await? { Ok(()) } else { Err(AppError::Stale) }
}

/// Ends a stage of a run. Fails where somebody else carries it out by now.
pub(super) async fn end(tx: &Tx, claim: &Claim, ended: &Ended) -> Result<()> {
    if runs::end(tx, claim, ended).await? { Ok(()) } else { Err(AppError::Stale) }
}

async fn give_up(ctx: &Ctx, claim: &Claim, note: &'static str) -> Result<()> {
    let ended = Ended { state: RunState::Failed, note: Some(note), digest: None };
    ctx.store
        .write(async |tx| {
            runs::drop_file(tx, &claim.id).await?;
            end(tx, claim, &ended).await
        })
        .await
}

/// Whoever asked for the run, with the rights they have now; none where they may no longer do it.
async fn actor(ctx: &Ctx, run: &Run) -> Result<Option<Actor>> {
    let account = accounts::find(ctx.store.read(), run.operator_id).await?;
    let Some(account) = account.filter(|account| account.activated_at.is_some() && account.suspended_at.is_none()) else {
        return Ok(None);
    };
    let catalogue = ctx.present_catalogue().await?;
    let Some(role) = catalogue.role(account.role_id) else { return Ok(None) };
    let actor = Actor {
        // No deed of a run asks for the password.
        kind: ActorKind::Operator { id: account.id, session_id: String::new(), confirmed_at: ctx.now() },
        name: account.name,
        permissions: role.permissions,
        origin: Origin { address: run.address.parse().ok(), request_id: run.request_id.clone() },
    };
    Ok(Some(actor).filter(|actor| actor.has(Permission::OperatorsManage)))
}
