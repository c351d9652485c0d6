//! Holiday calendars and the days they close (HR-3). What is switched on reaches everybody through the catalogue.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::entities::{calendar, calendar_entry};
use super::versions::{self, Counter};
use super::{AT_ONCE, Millis, StoreError, Tx, named, sql};
use crate::domain::calendar::Entry;

pub use super::entities::calendar::Model as CalendarRow;

/// An entry as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Id in the database, until the file is read again.
    pub id: i64,
    /// What it closes.
    pub entry: Entry,
    /// Whether it does.
    pub enabled: bool,
}

/// A calendar with what stands in lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The calendar.
    pub calendar: CalendarRow,
    /// Its entries.
    pub entries: u64,
    /// Those that are switched off.
    pub off: u64,
    /// The first day of the next entry that is switched on and not over on the day that was asked for.
    pub next: Option<NaiveDate>,
}

/// Days that are closed: whose calendar it is, first day, last day, name.
pub type Closed = (Option<i64>, NaiveDate, NaiveDate, String);

/// The calendars of a schedule, or of the organisation, by name.
pub async fn of_owner(db: &impl ConnectionTrait, schedule_id: Option<i64>, today: NaiveDate) -> Result<Vec<Listed>, StoreError> {
    const COUNTS: &str = "SELECT e.calendar_id, count(*), count(CASE WHEN NOT e.enabled THEN 1 END), \
        min(CASE WHEN e.enabled AND e.last_day >= $1 THEN e.first_day END) \
        FROM calendar_entries e JOIN calendars c ON c.id = e.calendar_id WHERE coalesce(c.schedule_id, 0) = $2 GROUP BY e.calendar_id";
    let rows =
        calendar::Entity::find().filter(owned_by(schedule_id)).order_by_asc(calendar::Column::Name).order_by_asc(calendar::Column::Id);
    let mut listed: Vec<Listed> =
        rows.all(db).await?.into_iter().map(|calendar| Listed { calendar, entries: 0, off: 0, next: None }).collect();
    let values = [today.to_string().into(), schedule_id.unwrap_or_default().into()];
    for row in db.query_all_raw(sql(db, COUNTS, values)).await? {
        let id: i64 = row.try_get_by_index(0)?;
        if let Some(found) = listed.iter_mut().find(|listed| listed.calendar.id == id) {
            found.entries = row.try_get_by_index::<i64>(1)?.unsigned_abs();
            found.off = row.try_get_by_index::<i64>(2)?.unsigned_abs();
            found.next = row.try_get_by_index::<Option<String>>(3)?.map(|text| day(&text)).transpose()?;
        }
    }
    Ok(listed)
}

/// A calendar by id.
pub async fn find(db: &impl ConnectionTrait, id: i64) -> Result<Option<CalendarRow>, StoreError> {
    Ok(calendar::Entity::find_by_id(id).one(db).await?)
}

/// A calendar that no other transaction changes before this one ends.
pub async fn lock(tx: &Tx, id: i64) -> Result<Option<CalendarRow>, StoreError> {
    Ok(calendar::Entity::find_by_id(id).lock_exclusive().one(tx).await?)
}

/// How many calendars an owner has.
pub async fn count(tx: &Tx, schedule_id: Option<i64>) -> Result<u64, StoreError> {
    super::count(tx, "SELECT count(*) FROM calendars WHERE coalesce(schedule_id, 0) = $1", [schedule_id.unwrap_or_default().into()]).await
}

/// The entries of a calendar, by first day.
pub async fn entries(db: &impl ConnectionTrait, calendar_id: i64) -> Result<Vec<EntryRow>, StoreError> {
    use calendar_entry::Column;
    let rows = calendar_entry::Entity::find().filter(Column::CalendarId.eq(calendar_id));
    let rows = rows.order_by_asc(Column::FirstDay).order_by_asc(Column::LastDay).order_by_asc(Column::Id).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// The calendars of a schedule, or of the organisation, by name, with their entries by first day.
pub async fn with_entries(db: &impl ConnectionTrait, schedule_id: Option<i64>) -> Result<Vec<(CalendarRow, Vec<EntryRow>)>, StoreError> {
    use calendar_entry::Column;
    let rows =
        calendar::Entity::find().filter(owned_by(schedule_id)).order_by_asc(calendar::Column::Name).order_by_asc(calendar::Column::Id);
    let mut found: Vec<(CalendarRow, Vec<EntryRow>)> = rows.all(db).await?.into_iter().map(|row| (row, Vec::new())).collect();
    let ids: Vec<i64> = found.iter().map(|(row, _)| row.id).collect();
    let entries = calendar_entry::Entity::find().filter(Column::CalendarId.is_in(ids));
    for row in entries.order_by_asc(Column::FirstDay).order_by_asc(Column::LastDay).order_by_asc(Column::Id).all(db).await? {
        if let Some((_, entries)) = found.iter_mut().find(|(calendar, _)| calendar.id == row.calendar_id) {
            entries.push(read(row)?);
        }
    }
    Ok(found)
}

/// All days that the calendars of schedules and of the organisation close, by first day.
pub async fn closed(db: &impl ConnectionTrait) -> Result<Vec<Closed>, StoreError> {
    const TEXT: &str = "SELECT c.schedule_id, e.first_day, e.last_day, e.name FROM calendar_entries e \
        JOIN calendars c ON c.id = e.calendar_id WHERE e.enabled ORDER BY e.first_day, e.id";
    let rows = db.query_all_raw(sql(db, TEXT, [])).await?;
    let read = |row: &sea_orm::QueryResult| -> Result<Closed, StoreError> {
        let (from, to): (String, String) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        Ok((row.try_get_by_index(0)?, day(&from)?, day(&to)?, row.try_get_by_index(3)?))
    };
    rows.iter().map(read).collect()
}

/// Adds a calendar without entries; returns its id.
pub async fn insert(tx: &Tx, schedule_id: Option<i64>, name: &str, by: &str, now: DateTime<Utc>) -> Result<i64, StoreError> {
    let row = calendar::ActiveModel {
        schedule_id: Set(schedule_id),
        name: Set(name.to_owned()),
        imported_at: Set(Millis(now)),
        imported_by: Set(by.to_owned()),
        version: Set(1),
        ..Default::default()
    };
    Ok(row.insert(tx).await?.id)
}

/// Writes a calendar whose version was checked, as its next version.
pub async fn save(tx: &Tx, row: &CalendarRow) -> Result<(), StoreError> {
    let row = calendar::ActiveModel {
        id: Set(row.id),
        name: Set(row.name.clone()),
        imported_at: Set(row.imported_at),
        imported_by: Set(row.imported_by.clone()),
        version: Set(row.version + 1),
        ..Default::default()
    };
    row.update(tx).await?;
    versions::touch(tx, Counter::Catalogue).await
}

/// Writes all entries of a calendar in the place of those there were; one that was there keeps its id.
pub async fn write_entries<'a>(tx: &Tx, id: i64, all: impl Iterator<Item = (Option<i64>, &'a Entry, bool)>) -> Result<(), StoreError> {
    calendar_entry::Entity::delete_many().filter(calendar_entry::Column::CalendarId.eq(id)).exec(tx).await?;
    let (kept, new): (Vec<_>, Vec<_>) =
        all.map(|(kept, entry, enabled)| columns(id, kept, entry, enabled)).partition(|row| row.id.is_set());
    for rows in kept.chunks(AT_ONCE).chain(new.chunks(AT_ONCE)) {
        calendar_entry::Entity::insert_many(rows.to_vec()).exec_without_returning(tx).await?;
    }
    versions::touch(tx, Counter::Catalogue).await
}

/// Switches entries of a calendar.
pub async fn switch(tx: &Tx, id: i64, entries: &[i64], enabled: bool) -> Result<(), StoreError> {
    for entries in entries.chunks(AT_ONCE) {
        let mut values = vec![enabled.into(), id.into()];
        let entries = named(&mut values, entries.iter().copied());
        let text = format!("UPDATE calendar_entries SET enabled = $1 WHERE calendar_id = $2 AND id IN ({entries})");
        tx.execute_raw(sql(tx, text, values)).await?;
    }
    versions::touch(tx, Counter::Catalogue).await
}

/// Deletes a calendar with its entries.
pub async fn delete(tx: &Tx, id: i64) -> Result<(), StoreError> {
    calendar::Entity::delete_by_id(id).exec(tx).await?;
    versions::touch(tx, Counter::Catalogue).await
}

fn owned_by(schedule_id: Option<i64>) -> sea_orm::sea_query::SimpleExpr {
    match schedule_id {
        Some(id) => calendar::Column::ScheduleId.eq(id),
        None => calendar::Column::ScheduleId.is_null(),
    }
}

fn columns(calendar_id: i64, id: Option<i64>, entry: &Entry, enabled: bool) -> calendar_entry::ActiveModel {
    calendar_entry::ActiveModel {
        id: id.map_or(NotSet, Set),
        calendar_id: Set(calendar_id),
        uid: Set(entry.uid.clone()),
        planned_day: Set(entry.planned.to_string()),
        name: Set(entry.name.clone()),
        first_day: Set(entry.from.to_string()),
        last_day: Set(entry.to.to_string()),
        enabled: Set(enabled),
    }
}

fn read(row: calendar_entry::Model) -> Result<EntryRow, StoreError> {
    let (planned, from, to) = (day(&row.planned_day)?, day(&row.first_day)?, day(&row.last_day)?);
    Ok(EntryRow { id: row.id, entry: Entry { uid: row.uid, planned, name: row.name, from, to }, enabled: row.enabled })
}

fn day(text: &str) -> Result<NaiveDate, StoreError> {
    text.parse().map_err(|_| StoreError::Database(DbErr::Type("the day of a calendar cannot be read".into())))
}
