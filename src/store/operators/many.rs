//! Many operators at once, for bulk deeds and imports (OP-8): a handful of statements for every few hundred of them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value};

use super::write::search_words;
use super::{AGAINST_CHANGES, Operator, SELECT, read};
use crate::domain::text;
use crate::store::entities::operator::{ActiveModel, Column, Entity};
use crate::store::entities::{job_position, operator_language, operator_word};
use crate::store::{AT_ONCE, Millis, StoreError, Tx, named, sql, status_log};

/// Rows of the narrow tables in one statement.
const NARROW: usize = 4_000;
/// Operators that are changed by one statement: SQLite looks each named value up among all before it.
const WIDE: usize = 60;

/// Those of the operators that are not deleted, in no certain order.
pub async fn by_ids(db: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<Operator>, StoreError> {
    which(db, "o.id", ids.iter().copied()).await
}

/// Those with one of these addresses, in small letters as [`crate::domain::email::EmailAddress::key`] writes them; by that address.
pub async fn by_emails(db: &impl ConnectionTrait, keys: &[String]) -> Result<HashMap<String, Operator>, StoreError> {
    let found = which(db, "o.email_key", keys.iter().map(String::as_str)).await?;
    Ok(found.into_iter().map(|operator| (operator.email.to_ascii_lowercase(), operator)).collect())
}

async fn which(
    db: &impl ConnectionTrait,
    column: &str,
    these: impl ExactSizeIterator<Item = impl Into<Value>>,
) -> Result<Vec<Operator>, StoreError> {
    if these.len() == 0 {
        return Ok(Vec::new());
    }
    let mut values = Vec::with_capacity(these.len());
    let names = named(&mut values, these);
    let rows = db.query_all_raw(sql(db, format!("{SELECT} WHERE o.deleted_at IS NULL AND {column} IN ({names})"), values)).await?;
    rows.iter().map(read).collect()
}

/// As [`by_ids`], and nobody else changes them before this transaction ends.
pub async fn lock_many(tx: &Tx, ids: &[i64]) -> Result<Vec<Operator>, StoreError> {
    let locked = Entity::find().select_only().column(Column::Id).filter(Column::Id.is_in(ids.iter().copied()));
    locked.order_by_asc(Column::Id).lock(AGAINST_CHANGES).into_tuple::<i64>().all(tx).await?;
    by_ids(tx, ids).await
}

/// Whether operators may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Kept out since this instant; their invitations are void.
    Suspended(DateTime<Utc>),
    /// Let in again.
    Reactivated,
}

/// Suspends or reactivates operators.
pub async fn set_standing(tx: &Tx, ids: &[i64], standing: Standing, now: DateTime<Utc>) -> Result<(), StoreError> {
    let (change, mut values): (_, Vec<Value>) = match standing {
        Standing::Suspended(at) => {
            ("suspended_at = $1, invitation_expires_at = NULL, invitation_error = NULL", vec![at.timestamp_millis().into()])
        }
        Standing::Reactivated => ("suspended_at = $1", vec![Option::<i64>::None.into()]),
    };
    values.push(now.timestamp_millis().into());
    let names = named(&mut values, ids.iter().copied());
    let text = format!("UPDATE operators SET {change}, updated_at = $2, version = version + 1 WHERE id IN ({names})");
    tx.execute_raw(sql(tx, text, values)).await?;
    Ok(())
}

/// Gives operators this priority.
pub async fn set_priority(tx: &Tx, ids: &[i64], priority: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut values: Vec<Value> = vec![priority.into(), now.timestamp_millis().into()];
    let names = named(&mut values, ids.iter().copied());
    let text = format!("UPDATE operators SET priority = $1, updated_at = $2, version = version + 1 WHERE id IN ({names})");
    tx.execute_raw(sql(tx, text, values)).await?;
    Ok(())
}

/// Gives operators a schedule, or none, as their next version.
pub async fn set_schedule(tx: &Tx, ids: &[i64], schedule_id: Option<i64>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut values: Vec<Value> = vec![schedule_id.into(), now.timestamp_millis().into()];
    let names = named(&mut values, ids.iter().copied());
    let text = format!("UPDATE operators SET schedule_id = $1, updated_at = $2, version = version + 1 WHERE id IN ({names})");
    tx.execute_raw(sql(tx, text, values)).await?;
    Ok(())
}

/// Adds operators without a password and returns their ids, in the same order. Fault: `Taken("email")`.
pub async fn insert_many(tx: &Tx, new: &[Operator]) -> Result<Vec<i64>, StoreError> {
    let mut written = Vec::with_capacity(new.len());
    for some in new.chunks(AT_ONCE) {
        Entity::insert_many(some.iter().map(model)).exec_without_returning(tx).await?;
        let keys = some.iter().map(|operator| operator.email.to_ascii_lowercase());
        let found = Entity::find().select_only().column(Column::EmailKey).column(Column::Id);
        let found = found.filter(Column::DeletedAt.is_null()).filter(Column::EmailKey.is_in(keys.clone()));
        let ids: HashMap<String, i64> = found.into_tuple::<(String, i64)>().all(tx).await?.into_iter().collect();
        written.extend(keys.zip(some).filter_map(|(key, operator)| Some(Operator { id: *ids.get(&key)?, ..operator.clone() })));
    }
    add_children(tx, &written.iter().collect::<Vec<_>>(), |_| true).await?;
    status_log::begin(tx).await?;
    Ok(written.into_iter().map(|operator| operator.id).collect())
}

/// Writes the profiles of operators, each before and after, as their next version. The e-mail, the photo, the account and its dates stay
/// as they are. The caller has locked them.
pub async fn save_many(tx: &Tx, changed: &[(&Operator, &Operator)], now: DateTime<Utc>) -> Result<(), StoreError> {
    const COLUMNS: [&str; 21] = [
        "name",
        "name_key",
        "alias",
        "notification_email",
        "role_id",
        "phone",
        "time_zone",
        "locale",
        "theme",
        "max_chat_load",
        "priority",
        "presence_required",
        "help_when_invisible",
        "no_answer_minutes",
        "idle_minutes",
        "classify_after",
        "do_not_disturb",
        "may_change_departments",
        "to_solve_only",
        "updated_at",
        "id",
    ];
    let sets: Vec<String> = (1..).zip(COLUMNS).filter(|(_, name)| *name != "id").map(|(n, name)| format!("{name} = v.column{n}")).collect();
    for some in changed.chunks(WIDE) {
        let mut values = Vec::with_capacity(some.len() * COLUMNS.len());
        let rows: Vec<String> = some.iter().map(|(_, after)| format!("({})", named(&mut values, columns(after, now)))).collect();
        let text = format!(
            "UPDATE operators SET {}, version = version + 1 FROM (VALUES {}) AS v WHERE operators.id = v.column{}",
            sets.join(", "),
            rows.join(", "),
            COLUMNS.len()
        );
        tx.execute_raw(sql(tx, text, values)).await?;
    }
    for (table, differs) in CHILDREN {
        let stale: Vec<&Operator> = changed.iter().filter(|(before, after)| differs(before, after)).map(|(_, after)| *after).collect();
        for some in stale.chunks(AT_ONCE) {
            let mut values = Vec::new();
            let names = named(&mut values, some.iter().map(|operator| operator.id));
            tx.execute_raw(sql(tx, format!("DELETE FROM {table} WHERE operator_id IN ({names})"), values)).await?;
        }
        add_children(tx, &stale, |other| other == table).await?;
    }
    Ok(())
}

/// In the order of the columns of [`save_many`].
fn columns(after: &Operator, now: DateTime<Utc>) -> [Value; 21] {
    [
        after.name.clone().into(),
        text::fold(&after.name).into(),
        after.alias.clone().into(),
        after.notification_email.clone().into(),
        after.role_id.into(),
        after.phone.clone().into(),
        after.time_zone.clone().into(),
        after.locale.clone().into(),
        after.theme.clone().into(),
        after.max_chat_load.into(),
        after.priority.into(),
        after.presence_required.into(),
        after.help_when_invisible.into(),
        after.no_answer_minutes.into(),
        after.idle_minutes.into(),
        after.classify_after.into(),
        after.do_not_disturb.into(),
        after.may_change_departments.into(),
        after.to_solve_only.into(),
        now.timestamp_millis().into(),
        after.id.into(),
    ]
}

/// What tells whether the rows of a table differ between two operators.
type Differs = fn(&Operator, &Operator) -> bool;

const LANGUAGES: &str = "operator_languages";
const POSITIONS: &str = "job_positions";
const WORDS: &str = "operator_words";

const CHILDREN: [(&str, Differs); 3] = [
    (LANGUAGES, |before, after| before.languages != after.languages),
    (POSITIONS, |before, after| before.job_positions != after.job_positions),
    (WORDS, |before, after| search_words(before) != search_words(after)),
];

async fn add_children(tx: &Tx, operators: &[&Operator], is_wanted: impl Fn(&str) -> bool) -> Result<(), StoreError> {
    if is_wanted(LANGUAGES) {
        let rows = operators.iter().flat_map(|operator| {
            let placed = (1..).zip(&operator.languages);
            placed.map(|(position, tag)| operator_language::ActiveModel {
                operator_id: Set(operator.id),
                tag: Set(tag.clone()),
                position: Set(position),
            })
        });
        insert::<operator_language::Entity, _>(tx, rows).await?;
    }
    if is_wanted(POSITIONS) {
        let rows = operators.iter().flat_map(|operator| {
            operator.job_positions.iter().map(|(tag, text)| job_position::ActiveModel {
                operator_id: Set(operator.id),
                tag: Set(tag.clone()),
                text: Set(text.clone()),
            })
        });
        insert::<job_position::Entity, _>(tx, rows).await?;
    }
    if is_wanted(WORDS) {
        let rows = operators.iter().flat_map(|operator| {
            let words = search_words(operator).into_iter();
            words.map(|word| operator_word::ActiveModel { word: Set(word), operator_id: Set(operator.id) })
        });
        insert::<operator_word::Entity, _>(tx, rows).await?;
    }
    Ok(())
}

async fn insert<E, A>(tx: &Tx, rows: impl Iterator<Item = A>) -> Result<(), StoreError>
where
    E: EntityTrait,
    A: sea_orm::ActiveModelTrait<Entity = E>,
{
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        E::insert_many(rows.by_ref().take(NARROW)).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Every column but the id, since rows of one statement must name the same ones.
fn model(new: &Operator) -> ActiveModel {
    let instant = |at: Option<DateTime<Utc>>| Set(at.map(Millis));
    ActiveModel {
        id: sea_orm::ActiveValue::NotSet,
        name: Set(new.name.clone()),
        name_key: Set(text::fold(&new.name)),
        alias: Set(new.alias.clone()),
        email: Set(new.email.clone()),
        email_key: Set(new.email.to_ascii_lowercase()),
        notification_email: Set(new.notification_email.clone()),
        role_id: Set(new.role_id),
        phone: Set(new.phone.clone()),
        time_zone: Set(new.time_zone.clone()),
        locale: Set(new.locale.clone()),
        theme: Set(new.theme.clone()),
        photo_id: Set(new.photo_id.clone()),
        preset: Set(new.preset.clone()),
        max_chat_load: Set(new.max_chat_load),
        priority: Set(new.priority),
        schedule_id: Set(new.schedule_id),
        presence_required: Set(new.presence_required),
        help_when_invisible: Set(new.help_when_invisible),
        no_answer_minutes: Set(new.no_answer_minutes),
        idle_minutes: Set(new.idle_minutes),
        classify_after: Set(new.classify_after),
        do_not_disturb: Set(new.do_not_disturb),
        may_change_departments: Set(new.may_change_departments),
        to_solve_only: Set(new.to_solve_only),
        signature: Set(None),
        signature_html: Set(None),
        password_hash: Set(None),
        password_changed_at: Set(None),
        must_change_password: Set(false),
        activated_at: Set(None),
        suspended_at: Set(None),
        invitation_expires_at: instant(new.invitation_expires_at),
        invitation_error: Set(None),
        last_sign_in_at: Set(Millis(DateTime::UNIX_EPOCH)),
        created_at: Set(Millis(new.created_at)),
        updated_at: Set(Millis(new.created_at)),
        status_id: Set(None),
        status_since: Set(None),
        status_until: Set(None),
        status_return_id: Set(None),
        status_cause: Set(None),
        status_set_by: Set(None),
        touched: Set(0),
        active_at: Set(None),
        hours_from: Set(None),
        hours_until: Set(None),
        hours_allowed_by: Set(None),
        deleted_at: Set(None),
        version: Set(1),
    }
}
