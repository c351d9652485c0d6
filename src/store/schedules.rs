//! Office hours (HR-1, HR-3). Pages read shared schedules and the organisation's exceptions from the catalogue; an operator's own are here.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::IntoCondition;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use sea_orm::{QuerySelect, QueryTrait};

use super::entities::schedule::{self, Column, Entity};
use super::entities::schedule_exception as exceptions;
use super::versions::{self, Counter};
use super::{AT_ONCE, Millis, StoreError, Tx, sql};
use crate::domain::schedule::{Allowed, Exception, Hours, RawException, RawSchedule, Schedule};
use crate::domain::{text, time_zone};

/// A schedule as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleRow {
    /// Id in the database.
    pub id: i64,
    /// Whose own one it is; none is shared.
    pub operator_id: Option<i64>,
    /// What it says.
    pub schedule: Schedule,
    /// Version for stale edits (F-3).
    pub version: i64,
}

/// Whose exceptions are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A schedule's.
    Schedule(i64),
    /// An operator's.
    Operator(i64),
    /// The organisation's.
    Organisation,
}

/// Who uses a schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Users {
    /// Operators by name, without those that are deleted.
    pub operators: Vec<(i64, String)>,
    /// Departments by name.
    pub departments: Vec<(i64, String)>,
}

impl Users {
    /// Whether nobody does.
    pub fn is_empty(&self) -> bool {
        self.operators.is_empty() && self.departments.is_empty()
    }
}

/// Everything that says when one operator has hours, read together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnHours {
    /// The operator's own schedule, in use or not.
    pub own: Option<ScheduleRow>,
    /// The operator's own exceptions, by first day.
    pub exceptions: Vec<Exception>,
}

impl OwnHours {
    /// The hours of the operator who uses this schedule.
    pub fn hours<'a>(&'a self, schedule: Option<&'a Schedule>, organisation: &'a [Exception], allowed: Option<Allowed<'a>>) -> Hours<'a> {
        Hours { schedule, operator: &self.exceptions, organisation, allowed }
    }
}

/// All shared schedules by name.
pub async fn shared(db: &impl ConnectionTrait) -> Result<Vec<ScheduleRow>, StoreError> {
    let rows = Entity::find().filter(Column::OperatorId.is_null()).order_by_asc(Column::NameKey).all(db).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut by_schedule: HashMap<i64, Vec<exceptions::Model>> = HashMap::new();
    let all = exceptions::Entity::find().filter(exceptions::Column::ScheduleId.is_not_null());
    for row in all.order_by_asc(exceptions::Column::FirstDay).all(db).await? {
        by_schedule.entry(row.schedule_id.unwrap_or_default()).or_default().push(row);
    }
    let with_exceptions = |row: schedule::Model| {
        let exceptions = by_schedule.remove(&row.id).unwrap_or_default();
        whole(row, exceptions)
    };
    rows.into_iter().map(with_exceptions).collect()
}

/// A schedule by id, shared or an operator's own.
pub async fn find(db: &impl ConnectionTrait, id: i64) -> Result<Option<ScheduleRow>, StoreError> {
    one(db, Entity::find_by_id(id)).await
}

/// A schedule that no other transaction changes, chooses or deletes before this one ends.
pub async fn lock(tx: &Tx, id: i64) -> Result<Option<ScheduleRow>, StoreError> {
    one(tx, Entity::find_by_id(id).lock_exclusive()).await
}

/// The own schedule and exceptions of an operator.
pub async fn of_operator(db: &impl ConnectionTrait, operator_id: i64) -> Result<OwnHours, StoreError> {
    let own = one(db, Entity::find().filter(Column::OperatorId.eq(operator_id))).await?;
    Ok(OwnHours { own, exceptions: exceptions_of(db, Owner::Operator(operator_id)).await? })
}

/// The same of many operators, or of everybody, in two statements; those with nothing of their own are absent.
pub async fn own(db: &impl ConnectionTrait, ids: Option<&[i64]>) -> Result<HashMap<i64, OwnHours>, StoreError> {
    use exceptions::Column as Excepted;
    let owned = match ids {
        Some(ids) => Column::OperatorId.is_in(ids.iter().copied()),
        None => Column::OperatorId.is_not_null(),
    };
    let excepted = match ids {
        Some(ids) => Excepted::OperatorId.is_in(ids.iter().copied()),
        None => Excepted::OperatorId.is_not_null(),
    };
    let schedules = Entity::find().filter(owned);
    let in_schedules = Excepted::ScheduleId.in_subquery(schedules.clone().select_only().column(Column::Id).into_query());
    let rows = exceptions::Entity::find().filter(Condition::any().add(excepted).add(in_schedules));
    let (mut of_schedule, mut of_operator): (HashMap<i64, Vec<_>>, HashMap<i64, Vec<_>>) = (HashMap::new(), HashMap::new());
    for row in rows.order_by_asc(Excepted::FirstDay).all(db).await? {
        match (row.schedule_id, row.operator_id) {
            (Some(id), _) => of_schedule.entry(id).or_default().push(row),
            (None, id) => of_operator.entry(id.unwrap_or_default()).or_default().push(row),
        }
    }
    let mut found: HashMap<i64, OwnHours> = HashMap::new();
    for (id, rows) in of_operator {
        found.entry(id).or_default().exceptions = read_exceptions(rows)?;
    }
    for row in schedules.all(db).await? {
        let rows = of_schedule.remove(&row.id).unwrap_or_default();
        let operator_id = row.operator_id.unwrap_or_default();
        found.entry(operator_id).or_default().own = Some(whole(row, rows)?);
    }
    Ok(found)
}

/// The operators whose hours are not those of a shared schedule alone, with the schedule they use and what is their own: an own week, or
/// own exceptions on any of these days. Three statements for all.
pub async fn in_use(db: &impl ConnectionTrait, near: (NaiveDate, NaiveDate)) -> Result<Vec<(i64, i64, OwnHours)>, StoreError> {
    const USERS: &str = "SELECT o.id, o.schedule_id FROM operators o WHERE o.deleted_at IS NULL AND o.schedule_id IS NOT NULL AND (\
        EXISTS (SELECT 1 FROM schedules s WHERE s.id = o.schedule_id AND s.operator_id IS NOT NULL) OR \
        EXISTS (SELECT 1 FROM schedule_exceptions e WHERE e.operator_id = o.id AND e.last_day >= $1 AND e.first_day <= $2))";
    let users = db.query_all_raw(sql(db, USERS, [near.0.to_string().into(), near.1.to_string().into()])).await?;
    let users: Vec<(i64, i64)> =
        users.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect::<Result<_, DbErr>>()?;
    let ids: Vec<i64> = users.iter().map(|(id, _)| *id).collect();
    let mut found = match ids.len() {
        0 => return Ok(Vec::new()),
        few if few <= AT_ONCE => own(db, Some(&ids)).await?,
        _ => own(db, None).await?,
    };
    Ok(users.into_iter().map(|(id, schedule_id)| (id, schedule_id, found.remove(&id).unwrap_or_default())).collect())
}

/// The exceptions of one owner, by first day.
pub async fn exceptions_of(db: &impl ConnectionTrait, owner: Owner) -> Result<Vec<Exception>, StoreError> {
    let rows = exceptions::Entity::find().filter(owned_by(owner)).order_by_asc(exceptions::Column::FirstDay).all(db).await?;
    read_exceptions(rows)
}

/// Adds a schedule; returns its id. Faults: `Taken("name")`.
pub async fn insert(tx: &Tx, new: &Schedule, operator_id: Option<i64>, now: DateTime<Utc>) -> Result<i64, StoreError> {
    let row = schedule::ActiveModel { operator_id: Set(operator_id), created_at: Set(Millis(now)), ..columns(new, operator_id, 1, now)? };
    let id = row.insert(tx).await?.id;
    write_exceptions(tx, Owner::Schedule(id), &new.exceptions).await?;
    touch(tx, operator_id).await?;
    Ok(id)
}

/// Writes a schedule whose version was checked, as its next version. Faults: `Taken("name")`.
pub async fn save(tx: &Tx, row: &ScheduleRow, now: DateTime<Utc>) -> Result<(), StoreError> {
    let columns = columns(&row.schedule, row.operator_id, row.version + 1, now)?;
    schedule::ActiveModel { id: Set(row.id), ..columns }.update(tx).await?;
    write_exceptions(tx, Owner::Schedule(row.id), &row.schedule.exceptions).await?;
    touch(tx, row.operator_id).await
}

/// Deletes a schedule; whoever used it uses `instead`, or none, and moves on to a next version.
pub async fn delete(tx: &Tx, id: i64, instead: Option<i64>) -> Result<(), StoreError> {
    for table in ["operators", "departments"] {
        let text = format!("UPDATE {table} SET schedule_id = $1, version = version + 1 WHERE schedule_id = $2");
        tx.execute_raw(sql(tx, text, [instead.into(), id.into()])).await?;
    }
    Entity::delete_by_id(id).exec(tx).await?;
    versions::touch(tx, Counter::Operators).await?;
    versions::touch(tx, Counter::Catalogue).await
}

/// Writes all exceptions of an owner in the place of those there were.
pub async fn write_exceptions(tx: &Tx, owner: Owner, all: &[Exception]) -> Result<(), StoreError> {
    exceptions::Entity::delete_many().filter(owned_by(owner)).exec(tx).await?;
    let (schedule_id, operator_id) = match owner {
        Owner::Schedule(id) => (Some(id), None),
        Owner::Operator(id) => (None, Some(id)),
        Owner::Organisation => (None, None),
    };
    let row = |exception: &Exception| -> Result<exceptions::ActiveModel, StoreError> {
        let raw = exception.raw();
        Ok(exceptions::ActiveModel {
            schedule_id: Set(schedule_id),
            operator_id: Set(operator_id),
            first_day: Set(raw.from),
            last_day: Set(raw.to),
            name: Set(raw.name),
            intervals: Set(serde_json::to_string(&raw.intervals).map_err(broken)?),
            ..Default::default()
        })
    };
    let rows = all.iter().map(row).collect::<Result<Vec<_>, _>>()?;
    if !rows.is_empty() {
        exceptions::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    touch(tx, operator_id).await
}

/// Counts a change up: of one operator's own hours, or of those in the catalogue.
async fn touch(tx: &Tx, operator_id: Option<i64>) -> Result<(), StoreError> {
    match operator_id {
        Some(id) => versions::touch_operators(tx, &[id]).await,
        None => versions::touch(tx, Counter::Catalogue).await,
    }
}

/// How many operators and departments use each schedule.
pub async fn counts(db: &impl ConnectionTrait) -> Result<HashMap<i64, (i64, i64)>, StoreError> {
    const TEXT: &str = "SELECT s.id, \
        (SELECT count(*) FROM operators o WHERE o.schedule_id = s.id AND o.deleted_at IS NULL), \
        (SELECT count(*) FROM departments d WHERE d.schedule_id = s.id) FROM schedules s WHERE s.operator_id IS NULL";
    let rows = db.query_all_raw(sql(db, TEXT, [])).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, (row.try_get_by_index(1)?, row.try_get_by_index(2)?)))).collect()
}

/// Who uses a schedule.
pub async fn users(db: &impl ConnectionTrait, id: i64) -> Result<Users, StoreError> {
    const OPERATORS: &str = "SELECT id, name FROM operators WHERE schedule_id = $1 AND deleted_at IS NULL ORDER BY name_key";
    const DEPARTMENTS: &str = "SELECT id, name FROM departments WHERE schedule_id = $1 ORDER BY name_key";
    let mut found = Users::default();
    for (text, at) in [(OPERATORS, &mut found.operators), (DEPARTMENTS, &mut found.departments)] {
        for row in db.query_all_raw(sql(db, text, [id.into()])).await? {
            at.push((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
        }
    }
    Ok(found)
}

async fn one(db: &impl ConnectionTrait, query: sea_orm::Select<Entity>) -> Result<Option<ScheduleRow>, StoreError> {
    let Some(row) = query.one(db).await? else { return Ok(None) };
    let owner = Owner::Schedule(row.id);
    let rows = exceptions::Entity::find().filter(owned_by(owner)).order_by_asc(exceptions::Column::FirstDay).all(db).await?;
    whole(row, rows).map(Some)
}

fn owned_by(owner: Owner) -> Condition {
    use exceptions::Column;
    match owner {
        Owner::Schedule(id) => Column::ScheduleId.eq(id).into_condition(),
        Owner::Operator(id) => Column::OperatorId.eq(id).into_condition(),
        Owner::Organisation => Condition::all().add(Column::ScheduleId.is_null()).add(Column::OperatorId.is_null()),
    }
}

fn columns(schedule: &Schedule, operator_id: Option<i64>, version: i64, now: DateTime<Utc>) -> Result<schedule::ActiveModel, StoreError> {
    Ok(schedule::ActiveModel {
        name: Set(schedule.name.clone()),
        name_key: Set(operator_id.is_none().then(|| text::fold(&schedule.name))),
        time_zone: Set(schedule.time_zone.name().to_owned()),
        weekly: Set(serde_json::to_string(&schedule.week.raw()).map_err(broken)?),
        updated_at: Set(Millis(now)),
        version: Set(version),
        ..Default::default()
    })
}

fn whole(row: schedule::Model, rows: Vec<exceptions::Model>) -> Result<ScheduleRow, StoreError> {
    let zone = time_zone::parse(&row.time_zone).map_err(|fault| broken(fault.code))?;
    let weekly = serde_json::from_str(&row.weekly).map_err(broken)?;
    let raw = RawSchedule { weekly: Some(weekly), ..RawSchedule::default() };
    let schedule = Schedule::new(zone).with(&raw).map_err(|_| broken("its week"))?;
    let schedule = Schedule { name: row.name, exceptions: read_exceptions(rows)?, ..schedule };
    Ok(ScheduleRow { id: row.id, operator_id: row.operator_id, schedule, version: row.version })
}

fn read_exceptions(rows: Vec<exceptions::Model>) -> Result<Vec<Exception>, StoreError> {
    let raw = |row: exceptions::Model| -> Result<RawException, StoreError> {
        let intervals = serde_json::from_str(&row.intervals).map_err(broken)?;
        Ok(RawException { name: row.name, from: row.first_day, to: row.last_day, intervals })
    };
    let raw = rows.into_iter().map(raw).collect::<Result<Vec<_>, _>>()?;
    Exception::parse_all(&raw).map_err(|_| broken("its exceptions"))
}

/// What was written by us and cannot be read again is a damaged row.
fn broken(cause: impl ToString) -> StoreError {
    StoreError::Database(DbErr::Type(format!("a schedule cannot be read: {}", cause.to_string())))
}
