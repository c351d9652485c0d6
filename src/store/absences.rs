//! Absences with their deputies and texts, and the texts of operators (AB-1 to AB-4).

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryResult, Value};

use super::entities::{absence, absence_text, operator_reply_text};
use super::operators::Columns;
use super::{AT_ONCE, Millis, StoreError, Tx, named, sql, versions};
use crate::domain::absence::{Absence, Frequency, Kind, Planned, Span, Text};
use crate::domain::schedule;

/// An absence as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbsenceRow {
    /// Id in the database.
    pub id: i64,
    /// Who is away.
    pub operator_id: i64,
    /// Their name.
    pub operator: String,
    /// Name of the deputy, where there is one.
    pub deputy: Option<String>,
    /// What it says.
    pub absence: Absence,
    /// Version for stale edits (F-3).
    pub version: i64,
}

/// Which absences are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of one operator.
    pub operator: Option<i64>,
    /// Those that are not over at this instant.
    pub from: Option<DateTime<Utc>>,
    /// Those that begin before this instant.
    pub to: Option<DateTime<Utc>>,
}

const SELECT: &str = "SELECT a.id, a.operator_id, o.name, d.name, a.starts_on, a.ends_on, a.starts_at, a.ends_at, a.kind, a.auto_reply, \
    a.reply_frequency, a.deputy_id, a.note, a.version \
    FROM absences a JOIN operators o ON o.id = a.operator_id LEFT JOIN operators d ON d.id = a.deputy_id";

/// An absence; none where there is none or its operator is deleted.
pub async fn find(db: &impl ConnectionTrait, id: i64) -> Result<Option<AbsenceRow>, StoreError> {
    Ok(read(db, "WHERE a.id = $1 AND o.deleted_at IS NULL", vec![id.into()]).await?.pop())
}

/// Absences with a greater id that the filter lets through, by id, for the pages of the API.
pub async fn after(db: &impl ConnectionTrait, filter: Filter, id: i64, limit: u64) -> Result<Vec<AbsenceRow>, StoreError> {
    let mut values: Vec<Value> = vec![id.into()];
    let mut conditions = "a.id > $1 AND o.deleted_at IS NULL".to_owned();
    let wanted = [
        ("a.operator_id =", filter.operator),
        ("a.ends_at >", filter.from.map(|at| at.timestamp_millis())),
        ("a.starts_at <", filter.to.map(|at| at.timestamp_millis())),
    ];
    for (condition, value) in wanted.into_iter().filter_map(|(condition, value)| Some((condition, value?))) {
        values.push(value.into());
        conditions.push_str(&format!(" AND {condition} ${}", values.len()));
    }
    values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
    read(db, &format!("WHERE {conditions} ORDER BY a.id LIMIT ${}", values.len()), values).await
}

/// An operator's absences that are not over, by their first instant.
pub async fn ahead(db: &impl ConnectionTrait, operator_id: i64, now: DateTime<Utc>) -> Result<Vec<AbsenceRow>, StoreError> {
    let rest = "WHERE a.operator_id = $1 AND a.ends_at > $2 ORDER BY a.starts_at, a.id";
    read(db, rest, vec![operator_id.into(), now.timestamp_millis().into()]).await
}

/// An operator's absences that are over, the latest first.
pub async fn over(
    db: &impl ConnectionTrait,
    operator_id: i64,
    now: DateTime<Utc>,
    offset: u64,
    limit: u64,
) -> Result<Vec<AbsenceRow>, StoreError> {
    let number = |number: u64| Value::from(i64::try_from(number).unwrap_or(i64::MAX));
    let rest = "WHERE a.operator_id = $1 AND a.ends_at <= $2 ORDER BY a.starts_at DESC, a.id DESC LIMIT $3 OFFSET $4";
    read(db, rest, vec![operator_id.into(), now.timestamp_millis().into(), number(limit), number(offset)]).await
}

/// How many of an operator's absences are over.
pub async fn count_over(db: &impl ConnectionTrait, operator_id: i64, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let text = "SELECT COUNT(*) FROM absences WHERE operator_id = $1 AND ends_at <= $2";
    super::count(db, text, [operator_id.into(), now.timestamp_millis().into()]).await
}

/// The first absence of an operator that overlaps a span, but one.
pub async fn overlapping(
    db: &impl ConnectionTrait,
    operator_id: i64,
    span: Span,
    but: Option<i64>,
) -> Result<Option<AbsenceRow>, StoreError> {
    let rest = "WHERE a.operator_id = $1 AND a.starts_at < $2 AND a.ends_at > $3 AND a.id <> $4 ORDER BY a.starts_at LIMIT 1";
    let values = vec![operator_id.into(), millis(span.until), millis(span.from), but.unwrap_or_default().into()];
    Ok(read(db, rest, values).await?.pop())
}

/// The absences of these operators that overlap a stretch of time, by operator and first instant.
pub async fn between(
    db: &impl ConnectionTrait,
    operators: &[i64],
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<AbsenceRow>, StoreError> {
    let mut found = Vec::new();
    for ids in operators.chunks(AT_ONCE) {
        let mut values = vec![millis(until), millis(from)];
        let ids = named(&mut values, ids.iter().copied());
        let rest =
            format!("WHERE a.starts_at < $1 AND a.ends_at > $2 AND a.operator_id IN ({ids}) ORDER BY a.operator_id, a.starts_at, a.id");
        found.extend(read(db, &rest, values).await?);
    }
    Ok(found)
}

/// When these operators are away within a stretch of time.
pub async fn spans(
    db: &impl ConnectionTrait,
    operators: &[i64],
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<HashMap<i64, Vec<Span>>, StoreError> {
    let mut found: HashMap<i64, Vec<Span>> = HashMap::new();
    for planned in planned(db, operators, from, until).await? {
        found.entry(planned.operator_id).or_default().push(Span { days: None, from: planned.from, until: planned.until });
    }
    Ok(found)
}

/// The absences of these operators that overlap a stretch of time, as far as deputies go.
pub async fn planned(
    db: &impl ConnectionTrait,
    operators: &[i64],
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<Planned>, StoreError> {
    let mut found = Vec::new();
    for ids in operators.chunks(AT_ONCE) {
        let mut values = vec![millis(until), millis(from)];
        let ids = named(&mut values, ids.iter().copied());
        let text = format!(
            "SELECT id, operator_id, starts_at, ends_at, deputy_id FROM absences WHERE starts_at < $1 AND ends_at > $2 \
            AND operator_id IN ({ids}) ORDER BY operator_id, starts_at"
        );
        for row in db.query_all_raw(sql(db, text, values)).await? {
            found.push(Planned {
                id: row.try_get_by_index(0)?,
                operator_id: row.try_get_by_index(1)?,
                from: row.try_get_by_index::<Millis>(2)?.0,
                until: row.try_get_by_index::<Millis>(3)?.0,
                deputy_id: row.try_get_by_index(4)?,
            });
        }
    }
    Ok(found)
}

/// The absences of others in which somebody stands in and that overlap a stretch of time, by their first instant; at most so many.
pub async fn deputising(
    db: &impl ConnectionTrait,
    deputy_id: i64,
    from: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
    limit: u64,
) -> Result<Vec<AbsenceRow>, StoreError> {
    let rest =
        "WHERE a.deputy_id = $1 AND a.ends_at > $2 AND a.starts_at < $3 AND o.deleted_at IS NULL ORDER BY a.starts_at, a.id LIMIT $4";
    let until = until.map_or(i64::MAX, |until| until.timestamp_millis());
    read(db, rest, vec![deputy_id.into(), millis(from), until.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()]).await
}

/// Whose absences a timeline shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Everybody who is away at any time of it.
    Away,
    /// Every member of a department.
    Members(i64),
}

/// A page of the operators of a timeline, by name: id and name; and how many there are in all.
pub async fn operators(
    db: &impl ConnectionTrait,
    shown: Shown,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    offset: u64,
    limit: u64,
) -> Result<(Vec<(i64, String)>, u64), StoreError> {
    const AWAY: &str = "FROM operators o WHERE o.deleted_at IS NULL AND o.id IN \
        (SELECT a.operator_id FROM absences a WHERE a.ends_at > $1 AND a.starts_at < $2)";
    const MEMBERS: &str =
        "FROM operators o WHERE o.deleted_at IS NULL AND o.id IN (SELECT m.operator_id FROM members m WHERE m.department_id = $1)";
    let (which, mut values) = match shown {
        Shown::Away => (AWAY, vec![millis(from), millis(until)]),
        Shown::Members(department) => (MEMBERS, vec![department.into()]),
    };
    let count = super::count(db, &format!("SELECT COUNT(*) {which}"), values.clone()).await?;
    let place = values.len();
    values.extend([limit, offset].map(|number| Value::from(i64::try_from(number).unwrap_or(i64::MAX))));
    let text = format!("SELECT o.id, o.name {which} ORDER BY o.name_key, o.id LIMIT ${} OFFSET ${}", place + 1, place + 2);
    let rows = db.query_all_raw(sql(db, text, values)).await?;
    let rows: Result<_, DbErr> = rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect();
    Ok((rows?, count))
}

/// Absences of anybody that are not over before an instant and begin before another, by their first instant; at most so many.
pub async fn coming(
    db: &impl ConnectionTrait,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<AbsenceRow>, StoreError> {
    let rest = "WHERE a.ends_at > $1 AND a.starts_at < $2 AND o.deleted_at IS NULL ORDER BY a.starts_at, o.name_key, a.id LIMIT $3";
    read(db, rest, vec![millis(from), millis(until), i64::try_from(limit).unwrap_or(i64::MAX).into()]).await
}

/// Adds an absence; returns its id. The caller holds the operator and has seen that nothing overlaps.
pub async fn insert(tx: &Tx, operator_id: i64, new: &Absence, now: DateTime<Utc>) -> Result<i64, StoreError> {
    let row = absence::ActiveModel { id: NotSet, operator_id: Set(operator_id), created_at: Set(Millis(now)), ..columns(new, 1, now) };
    let id = absence::Entity::insert(row).exec(tx).await?.last_insert_id;
    write_texts(tx, id, &new.texts).await?;
    versions::touch_operators(tx, &[operator_id]).await?;
    Ok(id)
}

/// Writes an absence whose version was checked, as its next version.
pub async fn save(tx: &Tx, row: &AbsenceRow, now: DateTime<Utc>) -> Result<(), StoreError> {
    absence::ActiveModel { id: Set(row.id), ..columns(&row.absence, row.version + 1, now) }.update(tx).await?;
    absence_text::Entity::delete_many().filter(absence_text::Column::AbsenceId.eq(row.id)).exec(tx).await?;
    write_texts(tx, row.id, &row.absence.texts).await?;
    versions::touch_operators(tx, &[row.operator_id]).await
}

/// Deletes an absence.
pub async fn delete(tx: &Tx, row: &AbsenceRow) -> Result<(), StoreError> {
    absence::Entity::delete_by_id(row.id).exec(tx).await?;
    versions::touch_operators(tx, &[row.operator_id]).await
}

/// Moves the instants of whole days that are not over into another zone: those of one operator, or of all who follow the organisation's.
pub async fn follow_zone(tx: &Tx, operator_id: Option<i64>, zone: Tz, now: DateTime<Utc>) -> Result<(), StoreError> {
    let (whose, mut values) = match operator_id {
        Some(id) => ("a.operator_id = $2", vec![millis(now), id.into()]),
        None => ("o.time_zone IS NULL AND 0 = $2", vec![millis(now), 0_i64.into()]),
    };
    let rest = format!("WHERE a.ends_at > $1 AND a.starts_on IS NOT NULL AND {whose} ORDER BY a.id");
    let mut moved = Vec::new();
    for row in read(tx, &rest, std::mem::take(&mut values)).await? {
        let span = row.absence.span.in_zone(zone);
        if span == row.absence.span {
            continue;
        }
        const TEXT: &str = "UPDATE absences SET starts_at = $1, ends_at = $2, version = version + 1, updated_at = $3 WHERE id = $4";
        tx.execute_raw(sql(tx, TEXT, [millis(span.from), millis(span.until), millis(now), row.id.into()])).await?;
        moved.push(row.operator_id);
    }
    moved.sort_unstable();
    moved.dedup();
    if moved.is_empty() { Ok(()) } else { versions::touch_operators(tx, &moved).await }
}

/// The texts of an operator's automatic replies, by tag.
pub async fn reply_texts(db: &impl ConnectionTrait, operator_id: i64) -> Result<BTreeMap<String, Text>, StoreError> {
    let rows = operator_reply_text::Entity::find().filter(operator_reply_text::Column::OperatorId.eq(operator_id)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.tag, Text { subject: row.subject, body: row.body })).collect())
}

/// Writes all texts of an operator in the place of those there were.
pub async fn write_reply_texts(tx: &Tx, operator_id: i64, texts: &BTreeMap<String, Text>) -> Result<(), StoreError> {
    operator_reply_text::Entity::delete_many().filter(operator_reply_text::Column::OperatorId.eq(operator_id)).exec(tx).await?;
    let rows = texts.iter().map(|(tag, text)| operator_reply_text::ActiveModel {
        operator_id: Set(operator_id),
        tag: Set(tag.clone()),
        subject: Set(text.subject.clone()),
        body: Set(text.body.clone()),
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        operator_reply_text::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

fn millis(at: DateTime<Utc>) -> Value {
    at.timestamp_millis().into()
}

/// Absences with their texts, in two statements.
async fn read(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<AbsenceRow>, StoreError> {
    let rows = db.query_all_raw(sql(db, format!("{SELECT} {rest}"), values)).await?;
    let mut found: Vec<AbsenceRow> = rows.iter().map(whole).collect::<Result<_, _>>()?;
    let mut texts: HashMap<i64, BTreeMap<String, Text>> = HashMap::new();
    for rows in found.chunks(AT_ONCE) {
        let ids = rows.iter().map(|row| row.id);
        for text in absence_text::Entity::find().filter(absence_text::Column::AbsenceId.is_in(ids)).all(db).await? {
            let at = texts.entry(text.absence_id).or_default();
            at.insert(text.tag, Text { subject: text.subject, body: text.body });
        }
    }
    for row in &mut found {
        row.absence.texts = texts.remove(&row.id).unwrap_or_default();
    }
    Ok(found)
}

fn whole(row: &QueryResult) -> Result<AbsenceRow, StoreError> {
    let mut columns = Columns::of(row);
    let (id, operator_id, operator, deputy) = (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
    let (first, last): (Option<String>, Option<String>) = (columns.next()?, columns.next()?);
    let day = |day: String| schedule::date(&day).map_err(|fault| broken(fault.code));
    let days = first.zip(last).map(|(first, last)| Ok::<_, StoreError>((day(first)?, day(last)?))).transpose()?;
    let span = Span { days, from: columns.next::<Millis>()?.0, until: columns.next::<Millis>()?.0 };
    let kind: String = columns.next()?;
    let auto_reply = columns.next()?;
    let frequency: String = columns.next()?;
    let absence = Absence {
        span,
        kind: Kind::parse(&kind).ok_or_else(|| broken("kind"))?,
        auto_reply,
        frequency: Frequency::parse(&frequency).ok_or_else(|| broken("frequency"))?,
        deputy_id: columns.next()?,
        texts: BTreeMap::new(),
        note: columns.next()?,
    };
    Ok(AbsenceRow { id, operator_id, operator, deputy, absence, version: columns.next()? })
}

fn broken(what: &str) -> StoreError {
    StoreError::Database(DbErr::Type(format!("an absence cannot be read: {what}")))
}

fn columns(absence: &Absence, version: i64, now: DateTime<Utc>) -> absence::ActiveModel {
    absence::ActiveModel {
        starts_on: Set(absence.span.days.map(|days| days.0.to_string())),
        ends_on: Set(absence.span.days.map(|days| days.1.to_string())),
        starts_at: Set(Millis(absence.span.from)),
        ends_at: Set(Millis(absence.span.until)),
        kind: Set(absence.kind.as_str().to_owned()),
        auto_reply: Set(absence.auto_reply),
        reply_frequency: Set(absence.frequency.as_str().to_owned()),
        deputy_id: Set(absence.deputy_id),
        note: Set(absence.note.clone()),
        updated_at: Set(Millis(now)),
        version: Set(version),
        ..Default::default()
    }
}

async fn write_texts(tx: &Tx, id: i64, texts: &BTreeMap<String, Text>) -> Result<(), StoreError> {
    let rows = texts.iter().map(|(tag, text)| absence_text::ActiveModel {
        absence_id: Set(id),
        tag: Set(tag.clone()),
        subject: Set(text.subject.clone()),
        body: Set(text.body.clone()),
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        absence_text::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}
