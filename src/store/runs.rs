//! Long work that was asked for on a page: its state, its rows, and who carries it out (OP-8).

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Value};

use super::entities::run::{ActiveModel, Column, Entity};
use super::entities::{run_file, run_row};
use super::operators::{self, Filter, Search};
use super::{AT_ONCE, Millis, StoreError, Tx, named, sql};
use crate::domain::run::{Outcome, RunKind, RunState};

pub use super::entities::run::Model as Run;
pub use super::entities::run_row::Model as RunRow;

/// For so long nobody else carries a run out; every sign of progress makes it last as long again.
const LEASE: TimeDelta = TimeDelta::seconds(30);

/// A run to be kept.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// UUIDv7.
    pub id: String,
    /// What it does.
    pub kind: RunKind,
    /// How it begins.
    pub state: RunState,
    /// Who asks for it.
    pub operator_id: i64,
    /// Network address of the request.
    pub address: String,
    /// Its reference.
    pub request_id: String,
    /// What is to be done, as JSON.
    pub options: String,
}

/// The right to carry a run out, until somebody else takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The run.
    pub id: String,
    /// Which claim this is.
    pub fence: i64,
    /// How often the present stage was begun, this time included.
    pub attempts: i64,
}

/// Keeps a new run.
pub async fn add(tx: &Tx, new: &NewRun, now: DateTime<Utc>) -> Result<(), StoreError> {
    let model = ActiveModel {
        id: Set(new.id.clone()),
        kind: Set(new.kind.as_str().to_owned()),
        state: Set(new.state.as_str().to_owned()),
        operator_id: Set(new.operator_id),
        address: Set(new.address.clone()),
        request_id: Set(new.request_id.clone()),
        options: Set(new.options.clone()),
        total: Set(0),
        done: Set(0),
        attempts: Set(0),
        fence: Set(0),
        created_at: Set(Millis(now)),
        ..Default::default()
    };
    Entity::insert(model).exec_without_returning(tx).await?;
    Ok(())
}

/// Keeps the file of a run.
pub async fn add_file(tx: &Tx, id: &str, content: &[u8]) -> Result<(), StoreError> {
    let model = run_file::ActiveModel { run_id: Set(id.to_owned()), content: Set(content.to_vec()) };
    run_file::Entity::insert(model).exec_without_returning(tx).await?;
    Ok(())
}

/// The file of a run, as long as it is kept.
pub async fn file(db: &impl ConnectionTrait, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(run_file::Entity::find_by_id(id).one(db).await?.map(|file| file.content))
}

/// Throws the file of a run away.
pub async fn drop_file(tx: &Tx, id: &str) -> Result<(), StoreError> {
    run_file::Entity::delete_by_id(id).exec(tx).await?;
    Ok(())
}

/// A run by id.
pub async fn find(db: &impl ConnectionTrait, id: &str) -> Result<Option<Run>, StoreError> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// A run that waits to be carried out, the oldest first.
pub async fn due(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Option<String>, StoreError> {
    let free = Column::LeaseUntil.is_null().or(Column::LeaseUntil.lte(Millis(now)));
    let open = Column::State.is_in([RunState::Preparing.as_str(), RunState::Running.as_str()]);
    let oldest = Entity::find().select_only().column(Column::Id).filter(open).filter(free).order_by_asc(Column::CreatedAt);
    Ok(oldest.into_tuple().one(db).await?)
}

/// Takes a run that waits, where nobody else has it.
pub async fn claim(tx: &Tx, id: &str, now: DateTime<Utc>) -> Result<Option<Claim>, StoreError> {
    const TEXT: &str = "UPDATE runs SET lease_until = $1, attempts = attempts + 1, fence = fence + 1 WHERE id = $2 \
        AND state IN ('preparing', 'running') AND (lease_until IS NULL OR lease_until <= $3) RETURNING fence, attempts";
    let values = [(now + LEASE).timestamp_millis().into(), id.into(), now.timestamp_millis().into()];
    let Some(row) = tx.query_one_raw(sql(tx, TEXT, values)).await? else { return Ok(None) };
    Ok(Some(Claim { id: id.to_owned(), fence: row.try_get_by_index(0)?, attempts: row.try_get_by_index(1)? }))
}

/// How far a run is, told by whoever carries it out; false where somebody else does by now.
pub async fn advance(tx: &Tx, claim: &Claim, total: u64, done: u64, now: DateTime<Utc>) -> Result<bool, StoreError> {
    const TEXT: &str = "UPDATE runs SET lease_until = $1, total = $2, done = $3 WHERE id = $4 AND fence = $5 AND lease_until IS NOT NULL";
    let number = |n: u64| Value::from(i64::try_from(n).unwrap_or(i64::MAX));
    let values = [(now + LEASE).timestamp_millis().into(), number(total), number(done), claim.id.as_str().into(), claim.fence.into()];
    Ok(tx.execute_raw(sql(tx, TEXT, values)).await?.rows_affected() == 1)
}

/// Gives a run back that is to be gone on with.
pub async fn release(tx: &Tx, claim: &Claim) -> Result<(), StoreError> {
    const TEXT: &str = "UPDATE runs SET lease_until = NULL WHERE id = $1 AND fence = $2";
    tx.execute_raw(sql(tx, TEXT, [claim.id.as_str().into(), claim.fence.into()])).await?;
    Ok(())
}

/// How a stage of a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// What comes now.
    pub state: RunState,
    /// Why, or what to look at.
    pub note: Option<&'static str>,
    /// Of the plan that is shown.
    pub digest: Option<String>,
}

/// Ends a stage and gives the run back; false where somebody else has it by now.
pub async fn end(tx: &Tx, claim: &Claim, ended: &Ended) -> Result<bool, StoreError> {
    const TEXT: &str = "UPDATE runs SET state = $1, note = $2, digest = $3, attempts = 0, lease_until = NULL \
        WHERE id = $4 AND fence = $5 AND lease_until IS NOT NULL";
    let values = [
        ended.state.as_str().into(),
        ended.note.map(str::to_owned).into(),
        ended.digest.clone().into(),
        claim.id.as_str().into(),
        claim.fence.into(),
    ];
    Ok(tx.execute_raw(sql(tx, TEXT, values)).await?.rows_affected() == 1)
}

/// Has a run that was asked about carried out, with these options; false where it was answered already.
pub async fn confirm(tx: &Tx, id: &str, options: &str) -> Result<bool, StoreError> {
    const TEXT: &str = "UPDATE runs SET state = 'running', options = $1, note = NULL, done = 0 WHERE id = $2 AND state = 'asked'";
    Ok(tx.execute_raw(sql(tx, TEXT, [options.into(), id.into()])).await?.rows_affected() == 1)
}

/// The chosen operators become the rows of a run, in the order of their names.
pub async fn add_chosen(tx: &Tx, id: &str, operators: &[i64]) -> Result<(), StoreError> {
    let mut values: Vec<Value> = vec![id.into()];
    let names = named(&mut values, operators.iter().copied());
    if names.is_empty() {
        return Ok(());
    }
    add_selected(tx, &format!("o.deleted_at IS NULL AND o.id IN ({names})"), "o.name_key, o.id", "$1", values).await
}

/// Everybody whom the filter lets through becomes a row of a run, in the order of the list.
pub async fn add_filtered(tx: &Tx, id: &str, filter: &Filter, now: DateTime<Utc>) -> Result<(), StoreError> {
    let search = Search::of(tx, filter).await?;
    let (conditions, mut values) = operators::conditions(filter, &search, now, u64::MAX);
    let run = named(&mut values, [id]);
    add_selected(tx, &conditions, operators::order(filter), &run, values).await
}

async fn add_selected(tx: &Tx, conditions: &str, order: &str, run: &str, values: Vec<Value>) -> Result<(), StoreError> {
    let text = format!(
        "INSERT INTO run_rows (run_id, line, operator_id, name, email, outcome, detail) \
         SELECT {run}, row_number() OVER (ORDER BY {order}), o.id, o.name, o.email, 'waiting', '' FROM operators o WHERE {conditions}"
    );
    tx.execute_raw(sql(tx, text, values)).await?;
    Ok(())
}

/// Adds rows.
pub async fn add_rows(tx: &Tx, rows: impl Iterator<Item = RunRow>) -> Result<(), StoreError> {
    let mut models = rows.map(run_row::ActiveModel::from).peekable();
    while models.peek().is_some() {
        let some = models.by_ref().take(AT_ONCE).map(sea_orm::IntoActiveModel::into_active_model);
        run_row::Entity::insert_many(some).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Takes all rows of a run away.
pub async fn clear_rows(tx: &Tx, id: &str) -> Result<(), StoreError> {
    run_row::Entity::delete_many().filter(run_row::Column::RunId.eq(id)).exec(tx).await?;
    Ok(())
}

/// Writes down what became of some rows.
pub async fn settle(tx: &Tx, id: &str, lines: &[i64], outcome: Outcome, detail: &str) -> Result<(), StoreError> {
    let change = run_row::Entity::update_many()
        .col_expr(run_row::Column::Outcome, Expr::value(outcome.as_str()))
        .col_expr(run_row::Column::Detail, Expr::value(detail));
    let these = change.filter(run_row::Column::RunId.eq(id)).filter(run_row::Column::Line.is_in(lines.iter().copied()));
    these.exec(tx).await?;
    Ok(())
}

/// Names the operators that an import has added in its rows.
pub async fn link_created(tx: &Tx, id: &str) -> Result<(), StoreError> {
    const TEXT: &str = "UPDATE run_rows SET operator_id = (SELECT o.id FROM operators o WHERE o.deleted_at IS NULL \
        AND o.email_key = lower(run_rows.email)) WHERE run_id = $1 AND outcome = 'create'";
    tx.execute_raw(sql(tx, TEXT, [id.into()])).await?;
    Ok(())
}

/// Rows that follow a line, all or those with one outcome.
pub async fn rows_after(
    db: &impl ConnectionTrait,
    id: &str,
    outcome: Option<Outcome>,
    line: i64,
    limit: u64,
) -> Result<Vec<RunRow>, StoreError> {
    let rows = of(id, outcome).filter(run_row::Column::Line.gt(line)).order_by_asc(run_row::Column::Line);
    Ok(rows.limit(limit).all(db).await?)
}

/// A page of the rows.
pub async fn page(
    db: &impl ConnectionTrait,
    id: &str,
    outcome: Option<Outcome>,
    offset: u64,
    limit: u64,
) -> Result<Vec<RunRow>, StoreError> {
    Ok(of(id, outcome).order_by_asc(run_row::Column::Line).offset(offset).limit(limit).all(db).await?)
}

fn of(id: &str, outcome: Option<Outcome>) -> sea_orm::Select<run_row::Entity> {
    let rows = run_row::Entity::find().filter(run_row::Column::RunId.eq(id));
    match outcome {
        Some(outcome) => rows.filter(run_row::Column::Outcome.eq(outcome.as_str())),
        None => rows,
    }
}

/// How many rows a run has of each outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(Vec<(Outcome, u64)>);

impl Tally {
    /// Rows of an outcome.
    pub fn of(&self, outcome: Outcome) -> u64 {
        self.0.iter().find(|(one, _)| *one == outcome).map_or(0, |(_, count)| *count)
    }

    /// All rows.
    pub fn all(&self) -> u64 {
        self.0.iter().map(|(_, count)| count).sum()
    }
}

/// Counts the rows of a run.
pub async fn tally(db: &impl ConnectionTrait, id: &str) -> Result<Tally, StoreError> {
    const TEXT: &str = "SELECT outcome, count(*) FROM run_rows WHERE run_id = $1 GROUP BY outcome";
    let mut found = Vec::new();
    for row in db.query_all_raw(sql(db, TEXT, [id.into()])).await? {
        let count: i64 = row.try_get_by_index(1)?;
        let outcome = Outcome::parse(&row.try_get_by_index::<String>(0)?);
        found.extend(outcome.map(|outcome| (outcome, u64::try_from(count).unwrap_or_default())));
    }
    Ok(Tally(found))
}
