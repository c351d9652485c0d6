//! Operators: one whole, many for the list, and how they are written. Accounts for signing in are in `accounts`.

mod list;
mod many;
#[cfg(test)]
pub(crate) mod tests;
mod write;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect, TryGetable};

use super::entities::operator::{Column, Entity};
use super::entities::role;
use super::{Millis, StoreError, Tx, named, sql};
use crate::domain::operator::{AccountFacts, OperatorState, state};
use crate::domain::permission::BuiltIn;
use crate::domain::schedule::{Allowed, AllowedHours};
use crate::domain::status::{Cause, Worn};

pub use list::{Filter, Placed, Row, Search, Sort, count, page, serving};
pub(in crate::store) use list::{conditions, order};
pub use many::{Standing, by_emails, by_ids, insert_many, lock_many, save_many, set_priority, set_schedule, set_standing};
pub use write::{allow_hours, insert, purge, save};

/// An operator with everything that is known of them but the password (OP-2, OP-10).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operator {
    /// Id in the database; 0 before it is written.
    pub id: i64,
    /// Full name.
    pub name: String,
    /// Name shown to customers.
    pub alias: Option<String>,
    /// Sign-in name and notification address.
    pub email: String,
    /// Personal address for notices.
    pub notification_email: Option<String>,
    /// The role.
    pub role_id: i64,
    /// Its name in the API.
    pub role_slug: String,
    /// Telephone number as typed.
    pub phone: Option<String>,
    /// IANA zone; none follows the organisation.
    pub time_zone: Option<String>,
    /// Interface language; none follows the organisation.
    pub locale: Option<String>,
    /// `system`, `bright` or `dark`.
    pub theme: String,
    /// Uploaded photo.
    pub photo_id: Option<String>,
    /// Preset picture.
    pub preset: Option<String>,
    /// Chats at once; 0 none, absent no limit.
    pub max_chat_load: Option<i64>,
    /// Lowest number first.
    pub priority: i64,
    /// Office hours, shared or own; none is always (HR-1).
    pub schedule_id: Option<i64>,
    /// Whether a live panel is needed to receive (ST-5).
    pub presence_required: bool,
    /// Helps out while invisible (QU-5).
    pub help_when_invisible: bool,
    /// Minutes without an answer until offline (ST-6).
    pub no_answer_minutes: Option<i64>,
    /// Minutes without activity until away (ST-7).
    pub idle_minutes: Option<i64>,
    /// Asked to classify after each contact (QU-6).
    pub classify_after: bool,
    /// Takes no calls (ST-10).
    pub do_not_disturb: bool,
    /// May change their own departments (DE-4).
    pub may_change_departments: bool,
    /// Replies only through "To solve" (DE-4).
    pub to_solve_only: bool,
    /// Signature in plain text, where a department has none of its own (DE-7).
    pub signature: Option<String>,
    /// Signature in sanitised HTML.
    pub signature_html: Option<String>,
    /// Must change the password at the next sign-in (OP-5).
    pub must_change_password: bool,
    /// When the password was set.
    pub password_changed_at: Option<DateTime<Utc>>,
    /// When the account got its first password.
    pub activated_at: Option<DateTime<Utc>>,
    /// Since when suspended.
    pub suspended_at: Option<DateTime<Utc>>,
    /// End of the invitation in force.
    pub invitation_expires_at: Option<DateTime<Utc>>,
    /// The mail server's words where the invitation could not be delivered.
    pub invitation_error: Option<String>,
    /// Last sign-in.
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// When the operator was added.
    pub created_at: DateTime<Utc>,
    /// When anything of this was changed last.
    pub updated_at: DateTime<Utc>,
    /// Since when deleted (D-8).
    pub deleted_at: Option<DateTime<Utc>>,
    /// Version for stale edits (F-3).
    pub version: i64,
    /// The status as it was written down (ST-4); absent before the first one. It is changed by `status_log` alone.
    pub worn: Option<Worn>,
    /// Last activity in a panel (ST-7).
    pub active_at: Option<DateTime<Utc>>,
    /// Hours that somebody allowed beside the schedule (HR-4).
    pub allowed_hours: Option<AllowedHours>,
    /// Assistance languages, best first (LA-1).
    pub languages: Vec<String>,
    /// Job position by language tag, sorted by tag (OP-4).
    pub job_positions: Vec<(String, String)>,
}

impl Operator {
    /// The state of the account at an instant (OP-5).
    pub fn state(&self, now: DateTime<Utc>) -> OperatorState {
        let facts = AccountFacts {
            activated: self.activated_at.is_some(),
            suspended: self.suspended_at.is_some(),
            invitation_expires_at: self.invitation_expires_at,
            invitation_error: self.invitation_error.is_some(),
        };
        state(&facts, now)
    }

    /// Hours that somebody allowed beside the schedule, running, to come or over (HR-4).
    pub fn allowed(&self) -> Option<Allowed<'_>> {
        self.allowed_hours.as_ref().map(AllowedHours::borrowed)
    }

    /// The job position in one language, if it is told.
    pub fn job_position(&self, tag: &str) -> Option<&str> {
        self.job_positions.iter().find(|(other, _)| other == tag).map(|(_, text)| text.as_str())
    }
}

/// An operator; none where there is none or they are deleted.
pub async fn find(db: &impl ConnectionTrait, id: i64) -> Result<Option<Operator>, StoreError> {
    Ok(one(db, id).await?.filter(|operator| operator.deleted_at.is_none()))
}

/// A deleted operator, until the sweep forgets them (D-8).
pub async fn find_deleted(db: &impl ConnectionTrait, id: i64) -> Result<Option<Operator>, StoreError> {
    Ok(one(db, id).await?.filter(|operator| operator.deleted_at.is_some()))
}

/// Photo and preset of some operators, by id (OP-3).
pub async fn faces(db: &impl ConnectionTrait, ids: &[i64]) -> Result<HashMap<i64, (Option<String>, Option<String>)>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values = Vec::new();
    let ids = named(&mut values, ids.iter().copied());
    let rows = db.query_all_raw(sql(db, format!("SELECT id, photo_id, preset FROM operators WHERE id IN ({ids})"), values)).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, (row.try_get_by_index(1)?, row.try_get_by_index(2)?)))).collect()
}

/// The zones that some operators chose, by id; those who follow the organisation are absent.
pub async fn zones(db: &impl ConnectionTrait, ids: &[i64]) -> Result<HashMap<i64, String>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values = Vec::new();
    let ids = named(&mut values, ids.iter().copied());
    let text = format!("SELECT id, time_zone FROM operators WHERE time_zone IS NOT NULL AND id IN ({ids})");
    let rows = db.query_all_raw(sql(db, text, values)).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Operators with a greater id that the filter lets through, by id, for the pages of the API.
pub async fn after(
    db: &impl ConnectionTrait,
    filter: &Filter,
    now: DateTime<Utc>,
    id: i64,
    limit: u64,
) -> Result<Vec<Operator>, StoreError> {
    let search = Search::of(db, filter).await?;
    let (conditions, mut values) = conditions(filter, &search, now, limit);
    let (place, limit) = (values.len(), i64::try_from(limit).unwrap_or(i64::MAX));
    values.extend([id.into(), limit.into()]);
    let text = format!("{SELECT} WHERE {conditions} AND o.id > ${} ORDER BY o.id LIMIT ${}", place + 1, place + 2);
    let rows = db.query_all_raw(sql(db, text, values)).await?;
    rows.iter().map(read).collect()
}

/// How operators are locked: against others who change them, and not against rows that refer to them, such as those of a query that
/// comes meanwhile (it would wait for this lock with the count of work in its hands, which this transaction may need next).
const AGAINST_CHANGES: LockType = LockType::NoKeyUpdate;

/// An operator about to be changed, deleted or not: nobody else changes them before this transaction ends.
pub async fn lock(tx: &Tx, id: i64) -> Result<Option<Operator>, StoreError> {
    Entity::find_by_id(id).select_only().column(Column::Id).lock(AGAINST_CHANGES).into_tuple::<i64>().one(tx).await?;
    one(tx, id).await
}

/// Ids of the owners who may sign in, locked so that no two transactions both count the same last one (Z4).
pub async fn active_owners(tx: &Tx) -> Result<Vec<i64>, StoreError> {
    let role = role::Entity::find().filter(role::Column::Slug.eq(BuiltIn::Owner.slug()));
    let Some(role) = role.select_only().column(role::Column::Id).into_tuple::<i64>().one(tx).await? else {
        return Ok(Vec::new());
    };
    let active = Entity::find()
        .filter(Column::RoleId.eq(role))
        .filter(Column::ActivatedAt.is_not_null())
        .filter(Column::SuspendedAt.is_null())
        .filter(Column::DeletedAt.is_null());
    let ids = active.select_only().column(Column::Id).order_by_asc(Column::Id).lock(AGAINST_CHANGES);
    Ok(ids.into_tuple().all(tx).await?)
}

// One line of text holds neither tabs nor line breaks (F-5), so they separate tags from texts, and texts from each other.
const SELECT: &str = "SELECT o.id, o.name, o.alias, o.email, o.notification_email, o.role_id, r.slug, o.phone, o.time_zone, \
    o.locale, o.theme, o.photo_id, o.preset, o.max_chat_load, o.priority, o.schedule_id, o.presence_required, o.help_when_invisible, \
    o.no_answer_minutes, o.idle_minutes, o.classify_after, o.do_not_disturb, o.may_change_departments, o.to_solve_only, \
    o.signature, o.signature_html, o.must_change_password, o.password_changed_at, o.activated_at, o.suspended_at, o.invitation_expires_at, \
    o.invitation_error, o.last_sign_in_at, o.created_at, o.updated_at, o.deleted_at, o.version, \
    o.status_id, o.status_since, o.status_until, o.status_return_id, o.status_cause, o.status_set_by, \
    o.active_at, o.hours_from, o.hours_until, o.hours_allowed_by, \
    (SELECT string_agg(l.tag, ',' ORDER BY l.position) FROM operator_languages l WHERE l.operator_id = o.id), \
    (SELECT string_agg(j.tag || '\t' || j.text, '\n' ORDER BY j.tag) FROM job_positions j WHERE j.operator_id = o.id) \
    FROM operators o JOIN roles r ON r.id = o.role_id";

async fn one(db: &impl ConnectionTrait, id: i64) -> Result<Option<Operator>, StoreError> {
    let text = format!("{SELECT} WHERE o.id = $1");
    db.query_one_raw(sql(db, text, [id.into()])).await?.as_ref().map(read).transpose()
}

fn read(row: &QueryResult) -> Result<Operator, StoreError> {
    let mut columns = Columns::of(row);
    Ok(Operator {
        id: columns.next()?,
        name: columns.next()?,
        alias: columns.next()?,
        email: columns.next()?,
        notification_email: columns.next()?,
        role_id: columns.next()?,
        role_slug: columns.next()?,
        phone: columns.next()?,
        time_zone: columns.next()?,
        locale: columns.next()?,
        theme: columns.next()?,
        photo_id: columns.next()?,
        preset: columns.next()?,
        max_chat_load: columns.next()?,
        priority: columns.next()?,
        schedule_id: columns.next()?,
        presence_required: columns.next()?,
        help_when_invisible: columns.next()?,
        no_answer_minutes: columns.next()?,
        idle_minutes: columns.next()?,
        classify_after: columns.next()?,
        do_not_disturb: columns.next()?,
        may_change_departments: columns.next()?,
        to_solve_only: columns.next()?,
        signature: columns.next()?,
        signature_html: columns.next()?,
        must_change_password: columns.next()?,
        password_changed_at: columns.instant()?,
        activated_at: columns.instant()?,
        suspended_at: columns.instant()?,
        invitation_expires_at: columns.instant()?,
        invitation_error: columns.next()?,
        last_sign_in_at: columns.instant_but_epoch()?,
        created_at: columns.next::<Millis>()?.0,
        updated_at: columns.next::<Millis>()?.0,
        deleted_at: columns.instant()?,
        version: columns.next()?,
        worn: columns.worn()?,
        active_at: columns.instant()?,
        allowed_hours: columns.allowed_hours()?,
        languages: list_of(columns.next()?),
        job_positions: texts_of(columns.next()?),
    })
}

fn list_of(joined: Option<String>) -> Vec<String> {
    joined.unwrap_or_default().split(',').filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

fn texts_of(joined: Option<String>) -> Vec<(String, String)> {
    let joined = joined.unwrap_or_default();
    let texts = joined.split('\n').filter_map(|line| line.split_once('\t'));
    texts.map(|(tag, text)| (tag.to_owned(), text.to_owned())).collect()
}

/// Reads the columns of a row one after the other: names are looked up slowly (F19).
pub(super) struct Columns<'a> {
    row: &'a QueryResult,
    next: usize,
}

impl<'a> Columns<'a> {
    pub(super) fn of(row: &'a QueryResult) -> Columns<'a> {
        Columns { row, next: 0 }
    }

    pub(super) fn next<T: TryGetable>(&mut self) -> Result<T, StoreError> {
        let value = self.row.try_get_by_index(self.next)?;
        self.next += 1;
        Ok(value)
    }

    pub(super) fn instant(&mut self) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(self.next::<Option<Millis>>()?.map(|at| at.0))
    }

    pub(super) fn worn(&mut self) -> Result<Option<Worn>, StoreError> {
        let (status_id, since, until): (Option<i64>, _, _) = (self.next()?, self.instant()?, self.instant()?);
        let (return_id, cause, set_by): (_, Option<String>, Option<String>) = (self.next()?, self.next()?, self.next()?);
        Ok(status_id.zip(since).map(|(status_id, since)| Worn {
            status_id,
            since,
            until,
            return_id,
            cause: cause.as_deref().and_then(Cause::parse).unwrap_or_default(),
            set_by: set_by.unwrap_or_default(),
        }))
    }

    pub(super) fn allowed_hours(&mut self) -> Result<Option<AllowedHours>, StoreError> {
        let (from, until, by): (_, _, Option<String>) = (self.instant()?, self.instant()?, self.next()?);
        Ok(from.zip(until).map(|(from, until)| AllowedHours { from, until, by: by.unwrap_or_default() }))
    }

    fn instant_but_epoch(&mut self) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(Some(self.next::<Millis>()?.0).filter(|at| *at != DateTime::UNIX_EPOCH))
    }
}
