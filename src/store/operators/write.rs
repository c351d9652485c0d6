//! Writing operators: the columns that differ, their languages, job positions and search words.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveValue, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Value};

use super::Operator;
use crate::domain::schedule::Allowed;
use crate::domain::text;
use crate::store::entities::operator::{ActiveModel, Column, Entity};
use crate::store::entities::{job_position, operator_language, operator_word};
use crate::store::{Millis, StoreError, Tx, sql, status_log, versions};

/// Adds an operator and returns the id; `hash` is the first password's. Fault: `Taken("email")`.
pub async fn insert(tx: &Tx, new: &Operator, hash: Option<&str>) -> Result<i64, StoreError> {
    let blank = Operator::default();
    let model = ActiveModel {
        created_at: Set(Millis(new.created_at)),
        updated_at: Set(Millis(new.created_at)),
        last_sign_in_at: Set(Millis(new.last_sign_in_at.unwrap_or(DateTime::UNIX_EPOCH))),
        must_change_password: Set(new.must_change_password),
        password_hash: Set(hash.map(str::to_owned)),
        password_changed_at: Set(hash.map(|_| Millis(new.created_at))),
        // These stand in the row even where they equal what a blank operator has.
        name: Set(new.name.clone()),
        name_key: Set(text::fold(&new.name)),
        email: Set(new.email.clone()),
        email_key: Set(new.email.to_ascii_lowercase()),
        theme: Set(new.theme.clone()),
        presence_required: Set(new.presence_required),
        version: Set(1),
        ..differing(&blank, new)
    };
    let id = Entity::insert(model).exec(tx).await?.last_insert_id;
    let written = Operator { id, ..new.clone() };
    write_children(tx, &blank, &written).await?;
    status_log::begin(tx).await?;
    Ok(id)
}

/// Writes what differs from `before`, as the next version; tells whether `before` was still the present version (F-3).
/// Faults: `Taken("email")`.
pub async fn save(tx: &Tx, before: &Operator, after: &Operator, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let model = ActiveModel { updated_at: Set(Millis(now)), version: Set(before.version + 1), ..differing(before, after) };
    let same = Entity::update_many().set(model).filter(Column::Id.eq(before.id)).filter(Column::Version.eq(before.version));
    if same.exec(tx).await?.rows_affected == 0 {
        return Ok(false);
    }
    write_children(tx, before, after).await?;
    Ok(true)
}

/// Writes hours that somebody allowed beside the schedule (HR-4); the caller holds the operator.
pub async fn allow_hours(tx: &Tx, id: i64, allowed: Allowed<'_>) -> Result<(), StoreError> {
    const TEXT: &str = "UPDATE operators SET hours_from = $1, hours_until = $2, hours_allowed_by = $3 WHERE id = $4";
    let values = [allowed.from.timestamp_millis().into(), allowed.until.timestamp_millis().into(), allowed.by.into(), id.into()];
    tx.execute_raw(sql(tx, TEXT, values)).await?;
    versions::touch_operators(tx, &[id]).await
}

/// Forgets for good who was deleted before the instant; returns how many (D-8).
pub async fn purge(tx: &Tx, before: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(Entity::delete_many().filter(Column::DeletedAt.lt(Millis(before))).exec(tx).await?.rows_affected)
}

/// The columns in which the two differ.
fn differing(before: &Operator, after: &Operator) -> ActiveModel {
    let instant = |before: Option<DateTime<Utc>>, after: Option<DateTime<Utc>>| changed(&before.map(Millis), &after.map(Millis));
    ActiveModel {
        name: changed(&before.name, &after.name),
        name_key: changed(&text::fold(&before.name), &text::fold(&after.name)),
        alias: changed(&before.alias, &after.alias),
        email: changed(&before.email, &after.email),
        email_key: changed(&before.email.to_ascii_lowercase(), &after.email.to_ascii_lowercase()),
        notification_email: changed(&before.notification_email, &after.notification_email),
        role_id: changed(&before.role_id, &after.role_id),
        phone: changed(&before.phone, &after.phone),
        time_zone: changed(&before.time_zone, &after.time_zone),
        locale: changed(&before.locale, &after.locale),
        theme: changed(&before.theme, &after.theme),
        photo_id: changed(&before.photo_id, &after.photo_id),
        preset: changed(&before.preset, &after.preset),
        max_chat_load: changed(&before.max_chat_load, &after.max_chat_load),
        priority: changed(&before.priority, &after.priority),
        schedule_id: changed(&before.schedule_id, &after.schedule_id),
        presence_required: changed(&before.presence_required, &after.presence_required),
        help_when_invisible: changed(&before.help_when_invisible, &after.help_when_invisible),
        no_answer_minutes: changed(&before.no_answer_minutes, &after.no_answer_minutes),
        idle_minutes: changed(&before.idle_minutes, &after.idle_minutes),
        classify_after: changed(&before.classify_after, &after.classify_after),
        do_not_disturb: changed(&before.do_not_disturb, &after.do_not_disturb),
        may_change_departments: changed(&before.may_change_departments, &after.may_change_departments),
        to_solve_only: changed(&before.to_solve_only, &after.to_solve_only),
        signature: changed(&before.signature, &after.signature),
        signature_html: changed(&before.signature_html, &after.signature_html),
        activated_at: instant(before.activated_at, after.activated_at),
        suspended_at: instant(before.suspended_at, after.suspended_at),
        invitation_expires_at: instant(before.invitation_expires_at, after.invitation_expires_at),
        invitation_error: changed(&before.invitation_error, &after.invitation_error),
        deleted_at: instant(before.deleted_at, after.deleted_at),
        ..Default::default()
    }
}

fn changed<T: Clone + PartialEq + Into<Value>>(before: &T, after: &T) -> ActiveValue<T> {
    if before == after { NotSet } else { Set(after.clone()) }
}

async fn write_children(tx: &Tx, before: &Operator, after: &Operator) -> Result<(), StoreError> {
    let id = after.id;
    if before.languages != after.languages {
        operator_language::Entity::delete_many().filter(operator_language::Column::OperatorId.eq(id)).exec(tx).await?;
        let rows = (1..).zip(&after.languages).map(|(position, tag)| operator_language::ActiveModel {
            operator_id: Set(id),
            tag: Set(tag.clone()),
            position: Set(position),
        });
        operator_language::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    if before.job_positions != after.job_positions {
        job_position::Entity::delete_many().filter(job_position::Column::OperatorId.eq(id)).exec(tx).await?;
        let rows = after.job_positions.iter().map(|(tag, text)| job_position::ActiveModel {
            operator_id: Set(id),
            tag: Set(tag.clone()),
            text: Set(text.clone()),
        });
        job_position::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    let words = search_words(after);
    if search_words(before) != words {
        operator_word::Entity::delete_many().filter(operator_word::Column::OperatorId.eq(id)).exec(tx).await?;
        let rows = words.into_iter().map(|word| operator_word::ActiveModel { word: Set(word), operator_id: Set(id) });
        operator_word::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// The words by which an operator is found: of name, alias and e-mail (OP-1).
pub(super) fn search_words(operator: &Operator) -> Vec<String> {
    text::words(&[&operator.name, operator.alias.as_deref().unwrap_or_default(), &operator.email])
}
