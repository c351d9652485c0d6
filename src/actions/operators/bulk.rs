//! One deed to many operators (OP-8): chosen, looked at, confirmed, then done in portions, each row by the rules of the single deed.
//!
//! Each row stands for itself: what a rule forbids is left out and told, all else is done. Unlike a file, a selection has no wrong
//! rows that somebody could correct first, and one person who cannot be suspended must not keep the others in.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::not_above;
use super::standing::{not_last_owner, not_oneself};
use crate::actions::audit::{self, Changes, Object};
use crate::actions::mail::Recipient;
use crate::actions::members::{self, Edit, Wish};
use crate::actions::rights::{ManageDepartmentMembers, ManageOperators};
use crate::actions::runs::{self, Detail};
use crate::actions::{Actor, Ctx, invitations, queries};
use crate::domain::field::{Fault, FieldErrors};
use crate::domain::number::number;
use crate::domain::one_time_token::{Purpose, may_send_again};
use crate::domain::operator::PRIORITY;
use crate::domain::run::{AT_ONCE, Deed, Outcome, RunKind, RunState};
use crate::error::{AppError, Result};
use crate::store::catalogue::Catalogue;
use crate::store::operators::{self, Filter, Operator, Standing};
use crate::store::runs::{Claim, Ended, Run, RunRow};
use crate::store::versions;
use crate::store::{self, Tx, sessions, tokens};

/// Rows of one transaction; short enough to let others write in between.
const PORTION: u64 = 250;

/// Who is meant.
#[derive(Clone, Debug)]
pub enum Chosen {
    /// These.
    Operators(Vec<i64>),
    /// Everybody whom the filter of the list lets through.
    Matching(Filter),
}

/// What a run is to do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Name of the deed.
    pub deed: String,
    /// The priority to give.
    pub priority: Option<i64>,
    /// The department to add them to.
    pub department_id: Option<i64>,
    /// Id of the schedule to give, as typed: empty is none, which is always within hours.
    pub schedule: Option<String>,
}

impl Options {
    /// The schedule to give; none is always within hours.
    fn schedule_id(&self) -> Option<i64> {
        self.schedule.as_deref().and_then(|id| id.parse().ok())
    }

    /// What a run is to do; none where it is something else.
    pub fn of(run: &Run) -> Option<(Deed, Options)> {
        let options: Options = serde_json::from_str(&run.options).ok()?;
        Some((Deed::parse(&options.deed)?, options))
    }
}

/// Values that a deed needs, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// The priority to give.
    pub priority: String,
    /// Slug of the department to add them to.
    pub department: String,
    /// Id of the schedule to give; empty is none.
    pub schedule_id: String,
}

/// Makes a run of those who are chosen, with whom the rules leave out, and returns its id. Nothing is done before [`confirm`].
///
/// # Errors
/// `Conflict("nobody-chosen")`; [`AppError::Forbidden`] for a department where the actor may not change members.
pub async fn choose(ctx: &Ctx, right: ManageOperators<'_>, deed: Deed, chosen: &Chosen) -> Result<String> {
    if deed == Deed::Department {
        right.may::<ManageDepartmentMembers>()?;
    }
    let options = Options { deed: deed.as_str().to_owned(), ..Options::default() };
    let new = runs::new(ctx, &right, RunKind::Bulk, RunState::Asked, &options)?;
    ctx.store
        .write(async |tx| {
            store::runs::add(tx, &new, ctx.now()).await?;
            match chosen {
                Chosen::Operators(ids) => store::runs::add_chosen(tx, &new.id, ids).await?,
                Chosen::Matching(filter) => store::runs::add_filtered(tx, &new.id, filter, ctx.now()).await?,
            }
            if store::runs::page(tx, &new.id, None, 0, 1).await?.is_empty() {
                return Err(AppError::Conflict("nobody-chosen"));
            }
            foresee(ctx, tx, &right, deed, &new.id).await
        })
        .await?;
    Ok(new.id)
}

/// Writes down whom the rules leave out, before anything is done.
async fn foresee(ctx: &Ctx, tx: &Tx, actor: &Actor, deed: Deed, run_id: &str) -> Result<()> {
    let mut judge = Judge::new(ctx, tx, actor, deed, &Options::default()).await?;
    let mut last = 0;
    loop {
        let rows = store::runs::rows_after(tx, run_id, None, last, PORTION).await?;
        let Some(end) = rows.last().map(|row| row.line) else { return Ok(()) };
        let found = operators::by_ids(tx, &ids(&rows)).await?;
        let verdicts = judge.all(tx, &rows, &found).await?;
        settle(tx, run_id, &verdicts, |verdict| *verdict != Verdict::Do).await?;
        last = end;
    }
}

/// Has a run done that was asked about; few rows at once, others by the job. A run that was confirmed already is left alone.
///
/// # Errors
/// [`AppError::Invalid`] with the values that the deed needs, [`AppError::NotFound`] for a run of somebody else.
pub async fn confirm(ctx: &Ctx, right: ManageOperators<'_>, id: &str, terms: &Terms) -> Result<()> {
    let run = runs::own(ctx, &right, RunKind::Bulk, id).await?;
    let Some((deed, mut options)) = Options::of(&run) else { return Err(AppError::NotFound) };
    let mut errors = FieldErrors::default();
    match deed {
        Deed::Priority => {
            let typed = number(&terms.priority, (*PRIORITY.start()).into(), (*PRIORITY.end()).into());
            options.priority = errors.take("priority", typed);
        }
        Deed::Department => {
            let catalogue = ctx.present_catalogue().await?;
            let chosen = catalogue.department_by_slug(&terms.department).ok_or_else(|| Fault::new("unknown_choice"));
            options.department_id = errors.take("department", chosen).map(|department| department.id);
        }
        Deed::Schedule => {
            let catalogue = ctx.present_catalogue().await?;
            let is_known = |id: &str| id.is_empty() || catalogue.schedules.iter().any(|row| row.id.to_string() == id);
            let chosen = Some(terms.schedule_id.trim()).filter(|id| is_known(id)).ok_or_else(|| Fault::new("unknown_choice"));
            options.schedule = errors.take("schedule_id", chosen).map(str::to_owned);
        }
        Deed::Suspend | Deed::Reactivate | Deed::Invite => {}
    }
    errors.into_result(())?;
    let options = serde_json::to_string(&options).map_err(AppError::unexpected)?;
    if !ctx.store.write(async |tx| Ok::<_, AppError>(store::runs::confirm(tx, id, &options).await?)).await? {
        return Ok(());
    }
    if store::runs::tally(ctx.store.read(), id).await?.of(Outcome::Waiting) > AT_ONCE {
        ctx.run_bell.notify_one();
        return Ok(());
    }
    runs::carry_out(ctx, id, || false).await
}

/// Does the deed to the rows that wait, portion by portion.
pub(in crate::actions) async fn carry_out(ctx: &Ctx, actor: &Actor, run: &Run, claim: &Claim, is_over: &impl Fn() -> bool) -> Result<()> {
    let Some((deed, options)) = Options::of(run) else { return Err(AppError::unexpected("a run without a deed")) };
    while !is_over() {
        if ctx.store.write(async |tx| portion(ctx, tx, actor, deed, &options, claim).await).await? {
            return Ok(());
        }
    }
    ctx.store.write(async |tx| Ok::<_, AppError>(store::runs::release(tx, claim).await?)).await
}

/// Does one portion, and ends the run where nothing is left; tells whether it did.
async fn portion(ctx: &Ctx, tx: &Tx, actor: &Actor, deed: Deed, options: &Options, claim: &Claim) -> Result<bool> {
    let run_id = claim.id.as_str();
    let tally = store::runs::tally(tx, run_id).await?;
    let rows = store::runs::rows_after(tx, run_id, Some(Outcome::Waiting), 0, PORTION).await?;
    let left = tally.of(Outcome::Waiting);
    let through = left.saturating_sub(u64::try_from(rows.len()).unwrap_or_default());
    // First of all, so that of two who carry out the same run the second finds out before it writes.
    runs::advance(ctx, tx, claim, tally.all(), tally.all() - through).await?;
    if rows.is_empty() {
        runs::end(tx, claim, &Ended { state: RunState::Done, note: None, digest: None }).await?;
        return Ok(true);
    }
    let mut judge = Judge::new(ctx, tx, actor, deed, options).await?;
    let found = operators::lock_many(tx, &ids(&rows)).await?;
    let mut verdicts = judge.all(tx, &rows, &found).await?;
    let meant: Vec<&Operator> = verdicts.iter().filter(|(_, verdict, _)| *verdict == Verdict::Do).filter_map(|(_, _, one)| *one).collect();
    match deed {
        _ if meant.is_empty() => {}
        Deed::Department => {
            let refused = join(ctx, tx, actor, options, &meant).await?;
            for (_, verdict, operator) in &mut verdicts {
                if let Some(detail) = operator.and_then(|operator| refused.get(&operator.id)) {
                    *verdict = Verdict::Refused(detail.clone());
                }
            }
        }
        _ => act(ctx, tx, actor, &judge.catalogue, deed, options, &meant).await?,
    }
    settle(tx, run_id, &verdicts, |_| true).await?;
    Ok(false)
}

/// Puts operators in a department, which writes its own audit entries; returns why some could not join (DE-2).
async fn join(ctx: &Ctx, tx: &Tx, actor: &Actor, options: &Options, operators: &[&Operator]) -> Result<HashMap<i64, Detail>> {
    let department_id = options.department_id.unwrap_or_default();
    let edits = operators.iter().map(|operator| Edit { department_id, operator_id: operator.id, wish: Wish::join(), field: String::new() });
    let refused = members::apply_in(ctx, tx, actor, &edits.collect::<Vec<_>>()).await?;
    let told = refused.into_iter().map(|refused| {
        let mut errors = FieldErrors::default();
        errors.add_fault("", refused.fault);
        (refused.edit.operator_id, Detail::faults(errors))
    });
    Ok(told.collect())
}

/// The deed itself, with its audit entries.
async fn act(
    ctx: &Ctx,
    tx: &Tx,
    actor: &Actor,
    catalogue: &Catalogue,
    deed: Deed,
    options: &Options,
    operators: &[&Operator],
) -> Result<()> {
    let (now, ids) = (ctx.now(), operators.iter().map(|operator| operator.id).collect::<Vec<_>>());
    let priority = options.priority.unwrap_or_default();
    match deed {
        Deed::Suspend => {
            sessions::end_all_of(tx, &ids).await?;
            tokens::void_all_of(tx, &ids, now).await?;
            for id in &ids {
                queries::release(tx, *id, None, &actor.name, now).await?;
            }
            operators::set_standing(tx, &ids, Standing::Suspended(now), now).await?;
        }
        Deed::Reactivate => operators::set_standing(tx, &ids, Standing::Reactivated, now).await?,
        Deed::Priority => operators::set_priority(tx, &ids, priority, now).await?,
        Deed::Schedule => operators::set_schedule(tx, &ids, options.schedule_id(), now).await?,
        Deed::Invite => {
            let to: Vec<Recipient> = operators.iter().map(|operator| Recipient::from(*operator)).collect();
            invitations::issue_many(ctx, tx, catalogue, actor, &to, true).await?;
        }
        Deed::Department => return Err(AppError::unexpected("members are changed elsewhere")),
    }
    let entries = operators.iter().map(|operator| {
        let mut changes = Changes::default();
        let action = match deed {
            Deed::Suspend => {
                changes.note("suspended", &false, &true);
                "operator.suspended"
            }
            Deed::Reactivate => {
                changes.note("suspended", &true, &false);
                "operator.reactivated"
            }
            Deed::Invite => "operator.invited",
            Deed::Schedule => {
                changes.note("schedule_id", &operator.schedule_id, &options.schedule_id());
                "operator.changed"
            }
            Deed::Priority | Deed::Department => {
                changes.note("priority", &operator.priority, &priority);
                "operator.changed"
            }
        };
        (action, Object::new("operator", operator.id, &operator.name), changes)
    });
    audit::record_many(ctx, tx, actor, entries).await?;
    Ok(versions::touch_operators(tx, &ids).await?)
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Verdict {
    Do,
    Same,
    Refused(Detail),
}

/// Decides about rows by the rules of the single deeds.
struct Judge<'a> {
    actor: &'a Actor,
    catalogue: Arc<Catalogue>,
    deed: Deed,
    options: Options,
    /// Active owners that are left.
    owners: Vec<i64>,
    /// Those who are in the department already.
    members: HashSet<i64>,
    /// Whether the schedule to be given was deleted since it was chosen.
    is_schedule_gone: bool,
    now: DateTime<Utc>,
}

impl<'a> Judge<'a> {
    async fn new(ctx: &Ctx, tx: &Tx, actor: &'a Actor, deed: Deed, options: &Options) -> Result<Judge<'a>> {
        let catalogue = ctx.present_catalogue().await?;
        // Always before the operators: two deeds that lock the same owners must do it in the same order.
        let owners = if deed == Deed::Suspend { operators::active_owners(tx).await? } else { Vec::new() };
        let is_schedule_gone = match options.schedule_id() {
            Some(id) => store::schedules::lock(tx, id).await?.is_none(),
            None => false,
        };
        let members = HashSet::new();
        Ok(Judge { actor, catalogue, deed, options: options.clone(), owners, members, is_schedule_gone, now: ctx.now() })
    }

    /// The verdict on each row, in their order, with its operator.
    async fn all<'o>(&mut self, tx: &Tx, rows: &[RunRow], found: &'o [Operator]) -> Result<Vec<(i64, Verdict, Option<&'o Operator>)>> {
        let mut earlier: HashMap<i64, Vec<DateTime<Utc>>> = HashMap::new();
        if self.deed == Deed::Invite {
            for (id, at) in tokens::times_of(tx, &ids(rows), Purpose::Invitation, self.now - TimeDelta::days(1)).await? {
                earlier.entry(id).or_default().push(at);
            }
        }
        if let Some(department) = self.options.department_id {
            let memberships = store::members::between(tx, &[department], &ids(rows)).await?;
            self.members = memberships.into_iter().map(|membership| membership.operator_id).collect();
        }
        let by_id: HashMap<i64, &Operator> = found.iter().map(|operator| (operator.id, operator)).collect();
        let verdicts = rows.iter().map(|row| {
            let operator = row.operator_id.and_then(|id| by_id.get(&id)).copied();
            let Some(operator) = operator else { return Ok((row.line, Verdict::Refused(Detail::refusal("gone")), None)) };
            let links = earlier.get(&operator.id).map_or(&[][..], Vec::as_slice);
            let verdict = match self.one(operator, links) {
                Ok(true) => Verdict::Do,
                Ok(false) => Verdict::Same,
                Err(error) => Verdict::Refused(Detail::refusal(reason(error)?)),
            };
            Ok((row.line, verdict, Some(operator)))
        });
        verdicts.collect()
    }

    /// Whether there is anything to do to an operator, or the refusal of the single deed.
    fn one(&mut self, operator: &Operator, links: &[DateTime<Utc>]) -> Result<bool> {
        let is_suspended = operator.suspended_at.is_some();
        match self.deed {
            Deed::Suspend => not_oneself(self.actor, operator.id)?,
            // Departments have rights of their own, which reach everybody.
            Deed::Department => return Ok(!self.members.contains(&operator.id)),
            _ => {}
        }
        not_above(&self.catalogue, self.actor, operator)?;
        match self.deed {
            Deed::Suspend if is_suspended => Ok(false),
            Deed::Suspend => {
                not_last_owner(&self.owners, operator.id)?;
                self.owners.retain(|id| *id != operator.id);
                Ok(true)
            }
            Deed::Reactivate => Ok(is_suspended),
            Deed::Invite => {
                let is_active = operator.activated_at.is_some();
                invitations::may_be_invited(&self.catalogue, self.actor, operator.role_id, is_active, is_suspended)?;
                may_send_again(links, self.now).map_err(AppError::TooMany).map(|()| true)
            }
            Deed::Schedule if self.is_schedule_gone => Err(AppError::Conflict("unknown-choice")),
            Deed::Schedule => Ok(self.options.schedule.is_none() || self.options.schedule_id() != operator.schedule_id),
            Deed::Priority | Deed::Department => Ok(self.options.priority != Some(operator.priority)),
        }
    }
}

/// The refusal of a single deed as the reason of a row; anything else is a fault of the program.
fn reason(error: AppError) -> Result<&'static str> {
    match error {
        AppError::Conflict(code) => Ok(code),
        AppError::Forbidden(_) => Ok("above"),
        AppError::TooMany(_) => Ok("too-soon"),
        AppError::NotFound => Ok("gone"),
        other => Err(other),
    }
}

/// Writes the verdicts that are wanted down, one statement for each kind.
async fn settle(tx: &Tx, run_id: &str, verdicts: &[(i64, Verdict, Option<&Operator>)], is_wanted: impl Fn(&Verdict) -> bool) -> Result<()> {
    let mut groups: BTreeMap<(&'static str, String), (Outcome, Vec<i64>)> = BTreeMap::new();
    for (line, verdict, _) in verdicts.iter().filter(|(_, verdict, _)| is_wanted(verdict)) {
        let (outcome, detail) = match verdict {
            Verdict::Do => (Outcome::Done, String::new()),
            Verdict::Same => (Outcome::Same, String::new()),
            Verdict::Refused(detail) => (Outcome::Refused, detail.write()),
        };
        groups.entry((outcome.as_str(), detail)).or_insert((outcome, Vec::new())).1.push(*line);
    }
    for ((_, detail), (outcome, lines)) in groups {
        store::runs::settle(tx, run_id, &lines, outcome, &detail).await?;
    }
    Ok(())
}

fn ids(rows: &[RunRow]) -> Vec<i64> {
    rows.iter().filter_map(|row| row.operator_id).collect()
}
