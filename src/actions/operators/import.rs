//! Operators from a file (OP-8): read, planned row by row, confirmed, then carried out all in one transaction or not at all.

mod plan;

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use self::plan::{Existing, Planned, Planner, Step};
use super::profile::changes;
use crate::actions::audit::{self, Object};
use crate::actions::mail::Recipient;
use crate::actions::members::{self, Edit, Wish};
use crate::actions::rights::ManageOperators;
use crate::actions::runs;
use crate::actions::{Actor, Ctx, invitations};
use crate::domain::field::{Fault, FieldErrors};
use crate::domain::operator_import::{self, Sheet};
use crate::domain::run::{AT_ONCE, Outcome, RunKind, RunState};
use crate::error::{AppError, Result};
use crate::security::digest::sha256_hex;
use crate::store::catalogue::Catalogue;
use crate::store::operators::{self, Operator};
use crate::store::runs::{Claim, Ended, Run, RunRow};
use crate::store::versions::{self, Counter};
use crate::store::{self, StoreError, Tx, sessions};

/// Rows that are planned together.
const PORTION: usize = 500;

/// What an import is to do beyond its file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Whether those who are added get their invitation by mail at once. Without it their link is copied or sent later.
    pub invite: bool,
}

impl Options {
    /// What a run is to do.
    pub fn of(run: &Run) -> Options {
        serde_json::from_str(&run.options).unwrap_or_default()
    }
}

/// Takes a file and returns the id of a run that will say what it would do; a short one says so at once.
///
/// # Errors
/// [`AppError::Invalid`] with a fault of `file`, where it cannot be read or its columns are not those of operators.
pub async fn start(ctx: &Ctx, right: ManageOperators<'_>, content: Vec<u8>, options: &Options) -> Result<String> {
    let catalogue = ctx.present_catalogue().await?;
    let content = Arc::new(content);
    let rows = match read(&catalogue, content.clone()).await? {
        Ok(sheet) => sheet.rows.len(),
        Err(fault) => {
            let mut errors = FieldErrors::default();
            errors.add_fault("file", fault);
            return Err(errors.into());
        }
    };
    let new = runs::new(ctx, &right, RunKind::Import, RunState::Preparing, options)?;
    ctx.store
        .write(async |tx| {
            store::runs::add(tx, &new, ctx.now()).await?;
            Ok::<_, AppError>(store::runs::add_file(tx, &new.id, &content).await?)
        })
        .await?;
    go_on(ctx, &new.id, rows).await?;
    Ok(new.id)
}

/// Has an import carried out that was shown. One that was confirmed already is left alone.
///
/// # Errors
/// `Conflict("import-refused")` where a row is refused, or there is nothing to do; [`AppError::NotFound`] for a run of somebody else.
pub async fn confirm(ctx: &Ctx, right: ManageOperators<'_>, id: &str) -> Result<()> {
    let run = runs::own(ctx, &right, RunKind::Import, id).await?;
    let tally = store::runs::tally(ctx.store.read(), id).await?;
    if run.state == RunState::Asked.as_str()
        && (tally.of(Outcome::Refused) > 0 || tally.of(Outcome::Create) + tally.of(Outcome::Change) == 0)
    {
        return Err(AppError::Conflict("import-refused"));
    }
    if !ctx.store.write(async |tx| Ok::<_, AppError>(store::runs::confirm(tx, id, &run.options).await?)).await? {
        return Ok(());
    }
    go_on(ctx, id, usize::try_from(tally.all()).unwrap_or(usize::MAX)).await
}

/// Few rows at once, others by the job.
async fn go_on(ctx: &Ctx, id: &str, rows: usize) -> Result<()> {
    if u64::try_from(rows).is_ok_and(|rows| rows <= AT_ONCE) {
        return runs::carry_out(ctx, id, || false).await;
    }
    ctx.run_bell.notify_one();
    Ok(())
}

/// The file in rows, away from the threads that answer.
async fn read(catalogue: &Arc<Catalogue>, content: Arc<Vec<u8>>) -> Result<Result<Sheet, Fault>> {
    let catalogue = catalogue.clone();
    let read = tokio::task::spawn_blocking(move || {
        let tags: Vec<&str> = catalogue.languages.iter().map(|language| language.tag.as_str()).collect();
        operator_import::read(&content, &tags, &catalogue.organisation.default_language)
    });
    read.await.map_err(AppError::unexpected)
}

/// Writes down what each row would do.
pub(in crate::actions) async fn prepare(ctx: &Ctx, actor: &Actor, run: &Run, claim: &Claim) -> Result<()> {
    let catalogue = ctx.present_catalogue().await?;
    let Some(sheet) = sheet(ctx, &catalogue, claim).await? else { return Ok(()) };
    let total = count(sheet.rows.len());
    let owners = ctx
        .store
        .write(async |tx| {
            runs::advance(ctx, tx, claim, total, 0).await?;
            store::runs::clear_rows(tx, &claim.id).await?;
            Ok::<_, AppError>(operators::active_owners(tx).await?)
        })
        .await?;
    let members = store::members::counts(ctx.store.read()).await?;
    let mut planner = Planner::new(&sheet, &catalogue, actor, owners, &members, ctx.now());
    let (mut digest, mut done) = (String::new(), 0);
    for portion in sheet.rows.chunks(PORTION) {
        let operators = operators::by_emails(ctx.store.read(), &planner.keys(portion)).await?;
        let pairs = store::members::departments_of(ctx.store.read(), &ids(&operators)).await?;
        let existing = Existing::new(operators, pairs);
        let rows: Vec<RunRow> = portion.iter().map(|row| row_of(&claim.id, &planner.plan(row, &existing))).collect();
        digest = digest_of(&digest, &rows);
        done += count(rows.len());
        ctx.store
            .write(async |tx| {
                runs::advance(ctx, tx, claim, total, done).await?;
                Ok::<_, AppError>(store::runs::add_rows(tx, rows.iter().cloned()).await?)
            })
            .await?;
    }
    let note = run.note.as_deref().filter(|note| *note == CHANGED).map(|_| CHANGED);
    let ended = Ended { state: RunState::Asked, note, digest: Some(digest) };
    ctx.store.write(async |tx| runs::end(tx, claim, &ended).await).await
}

/// The note of an import that was planned anew, since its operators had changed after it was shown.
const CHANGED: &str = "changed";

/// Carries an import out as it was shown. Where it would do anything else by now, nothing is done, and it is planned anew.
pub(in crate::actions) async fn carry_out(ctx: &Ctx, actor: &Actor, run: &Run, claim: &Claim) -> Result<()> {
    let catalogue = ctx.present_catalogue().await?;
    let Some(sheet) = sheet(ctx, &catalogue, claim).await? else { return Ok(()) };
    let invite = Options::of(run).invite;
    let done = ctx.store.write(async |tx| {
        // First of all: whoever adds or changes operators waits here for the others on both engines.
        versions::touch(tx, Counter::Operators).await?;
        runs::advance(ctx, tx, claim, count(sheet.rows.len()), 0).await?;
        let steps = planned_as_shown(ctx, tx, actor, &catalogue, &sheet, run).await?.ok_or(AppError::Stale)?;
        write(ctx, tx, actor, &catalogue, &steps, invite).await?;
        store::runs::link_created(tx, &claim.id).await?;
        store::runs::drop_file(tx, &claim.id).await?;
        store::runs::advance(tx, claim, count(sheet.rows.len()), count(sheet.rows.len()), ctx.now()).await?;
        runs::end(tx, claim, &Ended { state: RunState::Done, note: None, digest: None }).await
    });
    match done.await {
        // Somebody took an address in the very same moment.
        Err(AppError::Stale | AppError::Invalid(_)) => {
            let again = Ended { state: RunState::Preparing, note: Some(CHANGED), digest: None };
            ctx.store.write(async |tx| runs::end(tx, claim, &again).await).await
        }
        done => done,
    }
}

/// The rows of the run's file; where it cannot be read any more, the run is given up.
async fn sheet(ctx: &Ctx, catalogue: &Arc<Catalogue>, claim: &Claim) -> Result<Option<Sheet>> {
    let content = store::runs::file(ctx.store.read(), &claim.id).await?;
    let sheet = match content {
        Some(content) => read(catalogue, Arc::new(content)).await?.ok(),
        None => None,
    };
    if sheet.is_none() {
        // A language that a column is named after was deleted meanwhile.
        let ended = Ended { state: RunState::Failed, note: Some("file"), digest: None };
        ctx.store.write(async |tx| runs::end(tx, claim, &ended).await).await?;
    }
    Ok(sheet)
}

/// The steps that were shown, in the transaction that does them; none where they would be others by now.
async fn planned_as_shown(ctx: &Ctx, tx: &Tx, actor: &Actor, catalogue: &Catalogue, sheet: &Sheet, run: &Run) -> Result<Option<Vec<Step>>> {
    let owners = operators::active_owners(tx).await?;
    let departments: Vec<i64> = catalogue.departments.iter().map(|department| department.id).collect();
    let places = store::members::lock_places(tx, &departments).await?;
    let members: HashMap<i64, u64> = places.into_iter().map(|place| (place.id, place.members)).collect();
    let mut planner = Planner::new(sheet, catalogue, actor, owners, &members, ctx.now());
    let (mut digest, mut steps) = (String::new(), Vec::new());
    for portion in sheet.rows.chunks(PORTION) {
        let found = operators::by_emails(tx, &planner.keys(portion)).await?;
        // On PostgreSQL others could still change them between this reading and the writing.
        let locked = if found.is_empty() { Vec::new() } else { operators::lock_many(tx, &ids(&found)).await? };
        let operators = locked.into_iter().map(|operator| (operator.email.to_ascii_lowercase(), operator)).collect();
        let pairs = store::members::departments_of(tx, &ids(&operators)).await?;
        let existing = Existing::new(operators, pairs);
        let planned: Vec<Planned> = portion.iter().map(|row| planner.plan(row, &existing)).collect();
        digest = digest_of(&digest, &planned.iter().map(|planned| row_of(&run.id, planned)).collect::<Vec<_>>());
        steps.extend(planned.into_iter().filter_map(|planned| planned.step));
    }
    Ok((run.digest.as_deref() == Some(&digest)).then_some(steps))
}

/// Adds and changes the operators, in a handful of statements for every few hundred.
async fn write(ctx: &Ctx, tx: &Tx, actor: &Actor, catalogue: &Catalogue, steps: &[Step], by_mail: bool) -> Result<()> {
    let blank = super::create::blank(ctx.now());
    let (old, new): (Vec<&Step>, Vec<&Step>) = steps.iter().partition(|step| step.before.is_some());
    let added: Vec<Operator> = new.iter().map(|step| step.after.clone()).collect();
    let ids = operators::insert_many(tx, &added).await.map_err(taken)?;
    let added: Vec<Operator> = added.into_iter().zip(ids).map(|(operator, id)| Operator { id, ..operator }).collect();
    let changed: Vec<(&Operator, &Operator)> = old.iter().filter_map(|step| Some((step.before.as_ref()?, &step.after))).collect();
    operators::save_many(tx, &changed, ctx.now()).await.map_err(taken)?;
    let moved: Vec<i64> = changed.iter().filter(|(before, after)| before.role_id != after.role_id).map(|(before, _)| before.id).collect();
    for some in moved.chunks(PORTION) {
        sessions::end_all_of(tx, some).await?;
    }
    let object = |operator: &Operator| Object::new("operator", operator.id, &operator.name);
    let created = added.iter().map(|operator| ("operator.created", object(operator), changes(&blank, operator)));
    let others = changed.iter().map(|(before, after)| ("operator.changed", object(after), changes(before, after)));
    audit::record_many(ctx, tx, actor, created.chain(others)).await?;
    place(ctx, tx, actor, steps, &added).await?;
    let to: Vec<Recipient> = added.iter().map(Recipient::from).collect();
    invitations::issue_many(ctx, tx, catalogue, actor, &to, by_mail).await
}

/// Has operators leave and join departments, in the order of the file, since one may take the place that another leaves.
async fn place(ctx: &Ctx, tx: &Tx, actor: &Actor, steps: &[Step], added: &[Operator]) -> Result<()> {
    let ids: HashMap<&str, i64> = added.iter().map(|operator| (operator.email.as_str(), operator.id)).collect();
    let edits = steps.iter().flat_map(|step| {
        let operator_id = step.before.as_ref().map(|before| before.id).or_else(|| ids.get(step.after.email.as_str()).copied());
        let leaves = step.leaves.iter().map(|id| (*id, Wish::leave()));
        let joins = step.joins.iter().map(|id| (*id, Wish::join()));
        leaves.chain(joins).filter_map(move |(department_id, wish)| {
            Some(Edit { department_id, operator_id: operator_id?, wish, field: "departments".to_owned() })
        })
    });
    let edits: Vec<Edit> = edits.collect();
    if edits.is_empty() || members::apply_in(ctx, tx, actor, &edits).await?.is_empty() {
        return Ok(());
    }
    // The plan was made under the same locks, so a department must have gone in between.
    Err(AppError::Stale)
}

fn ids(operators: &HashMap<String, Operator>) -> Vec<i64> {
    operators.values().map(|operator| operator.id).collect()
}

fn taken(error: StoreError) -> AppError {
    match error {
        StoreError::Taken(_) => AppError::Stale,
        other => other.into(),
    }
}

fn row_of(run_id: &str, planned: &Planned) -> RunRow {
    RunRow {
        run_id: run_id.to_owned(),
        line: i64::try_from(planned.line).unwrap_or(i64::MAX),
        operator_id: planned.operator_id,
        name: planned.name.clone(),
        email: planned.email.clone(),
        outcome: planned.outcome.as_str().to_owned(),
        detail: planned.detail.write(),
    }
}

/// Goes on with the digest of all rows before these.
fn digest_of(before: &str, rows: &[RunRow]) -> String {
    let mut text = before.to_owned();
    for row in rows {
        text.extend([row.outcome.as_str(), "\t", &row.email, "\t", &row.name, "\t", &row.detail, "\n"]);
    }
    sha256_hex(text.as_bytes())
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
