//! Who works in which department (DE-2, DE-3). Deleted operators keep their rows until the sweep forgets them, but count nowhere.

use std::collections::HashMap;
use std::fmt::Write;

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect, Value};

use super::entities::member::{ActiveModel, Column, Entity, Model};
use super::entities::{department, organisation};
use super::versions;
use super::{Millis, StoreError, Tx, sql};
use crate::domain::channel::{Channel, Channels};
use crate::domain::membership::Switches;
use crate::domain::operator::{AccountFacts, OperatorState, state};

/// Rows of one statement at most, so that no engine runs out of parameters.
const CHUNK: usize = 500;

/// What an operator works in a department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The department.
    pub department_id: i64,
    /// The operator.
    pub operator_id: i64,
    /// What may be worked and what is taken.
    pub switches: Switches,
    /// Signature in plain text, instead of the general one (DE-7).
    pub signature: Option<String>,
}

/// A member as the page of a department shows one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The operator.
    pub id: i64,
    /// Full name.
    pub name: String,
    /// Name shown to customers.
    pub alias: Option<String>,
    /// Uploaded photo.
    pub photo_id: Option<String>,
    /// Preset picture.
    pub preset: Option<String>,
    /// Lowest number first (DE-5).
    pub priority: i64,
    /// Chats at once; 0 none, absent no limit.
    pub max_chat_load: Option<i64>,
    /// Version of the operator.
    pub version: i64,
    /// Tags of the assistance languages, best first, joined by commas.
    pub languages: String,
    /// What may be worked and what is taken.
    pub switches: Switches,
    /// Signature in plain text, instead of the general one.
    pub signature: Option<String>,
    account: AccountFacts,
}

impl Member {
    /// The state of the account at an instant (OP-5).
    pub fn state(&self, now: DateTime<Utc>) -> OperatorState {
        state(&self.account, now)
    }
}

/// The members of a department in the order in which they are asked: lowest priority first, then by name (DE-5).
pub async fn of_department(db: &impl ConnectionTrait, department_id: i64) -> Result<Vec<Member>, StoreError> {
    const TEXT: &str = "SELECT o.id, o.name, o.alias, o.photo_id, o.preset, o.priority, o.max_chat_load, o.version, \
        (SELECT string_agg(l.tag, ',' ORDER BY l.position) FROM operator_languages l WHERE l.operator_id = o.id), \
        o.activated_at, o.suspended_at, o.invitation_expires_at, o.invitation_error, m.signature, \
        m.ticket_allowed, m.ticket_active, m.chat_allowed, m.chat_active, m.call_allowed, m.call_active \
        FROM members m JOIN operators o ON o.id = m.operator_id \
        WHERE m.department_id = $1 AND o.deleted_at IS NULL ORDER BY o.priority, o.name_key, o.id";
    let rows = db.query_all_raw(sql(db, TEXT, [department_id.into()])).await?;
    rows.iter().map(member).collect()
}

/// The memberships of one operator.
pub async fn of_operator(db: &impl ConnectionTrait, operator_id: i64) -> Result<Vec<Membership>, StoreError> {
    let rows = Entity::find().filter(Column::OperatorId.eq(operator_id)).order_by_asc(Column::DepartmentId).all(db).await?;
    Ok(rows.into_iter().map(membership).collect())
}

/// The departments of many operators: pairs of operator and department, in order.
pub async fn departments_of(db: &impl ConnectionTrait, operators: &[i64]) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut found = Vec::new();
    for some in operators.chunks(CHUNK) {
        let rows = Entity::find().select_only().column(Column::OperatorId).column(Column::DepartmentId);
        let rows = rows.filter(Column::OperatorId.is_in(some.iter().copied()));
        found.extend(rows.order_by_asc(Column::OperatorId).order_by_asc(Column::DepartmentId).into_tuple::<(i64, i64)>().all(db).await?);
    }
    Ok(found)
}

/// One membership.
pub async fn find(db: &impl ConnectionTrait, department_id: i64, operator_id: i64) -> Result<Option<Membership>, StoreError> {
    let found = Entity::find_by_id((department_id, operator_id)).one(db).await?;
    Ok(found.map(membership))
}

/// The memberships of these operators in these departments, in one statement.
pub async fn between(db: &impl ConnectionTrait, departments: &[i64], operators: &[i64]) -> Result<Vec<Membership>, StoreError> {
    let mut found = Vec::new();
    for operators in operators.chunks(CHUNK) {
        let rows = Entity::find()
            .filter(Column::OperatorId.is_in(operators.iter().copied()))
            .filter(Column::DepartmentId.is_in(departments.iter().copied()));
        found.extend(rows.all(db).await?.into_iter().map(membership));
    }
    Ok(found)
}

/// How many operators each department has; empty ones are absent.
pub async fn counts(db: &impl ConnectionTrait) -> Result<HashMap<i64, u64>, StoreError> {
    const TEXT: &str = "SELECT m.department_id, COUNT(*) FROM members m JOIN operators o ON o.id = m.operator_id \
        WHERE o.deleted_at IS NULL GROUP BY m.department_id";
    super::counts(db, TEXT).await
}

/// Names of the departments that have no other member than this operator (OP-6).
pub async fn alone_in(db: &impl ConnectionTrait, operator_id: i64) -> Result<Vec<String>, StoreError> {
    const TEXT: &str = "SELECT d.name FROM members m JOIN departments d ON d.id = m.department_id WHERE m.operator_id = $1 \
        AND NOT EXISTS (SELECT 1 FROM members n JOIN operators o ON o.id = n.operator_id \
        WHERE n.department_id = m.department_id AND n.operator_id <> m.operator_id AND o.deleted_at IS NULL) ORDER BY d.name_key";
    let rows = db.query_all_raw(sql(db, TEXT, [operator_id.into()])).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// How many members of a department are in no other one.
pub async fn with_nothing_else(db: &impl ConnectionTrait, department_id: i64) -> Result<u64, StoreError> {
    const TEXT: &str = "SELECT COUNT(*) FROM members m JOIN operators o ON o.id = m.operator_id \
        WHERE m.department_id = $1 AND o.deleted_at IS NULL AND NOT EXISTS \
        (SELECT 1 FROM members n WHERE n.operator_id = m.operator_id AND n.department_id <> m.department_id)";
    super::count(db, TEXT, [department_id.into()]).await
}

/// A department that deeds on members need: its name, its limit, its number of members and the channels it works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its slug.
    pub slug: String,
    /// Operators at most.
    pub limit: u64,
    /// Operators at present.
    pub members: u64,
    /// The channels that it and the organisation work.
    pub channels: Channels,
}

/// Locks departments, in one order, so that nobody else fills them before this transaction ends (DE-2).
pub async fn lock_places(tx: &Tx, departments: &[i64]) -> Result<Vec<Place>, StoreError> {
    let ids = department::Entity::find().filter(department::Column::Id.is_in(departments.iter().copied()));
    let locked = ids.order_by_asc(department::Column::Id).lock_exclusive().all(tx).await?;
    let Some(organisation) = organisation::Entity::find_by_id(1).one(tx).await? else { return Ok(Vec::new()) };
    let worked = Channels::parse(organisation.channels.split(',').filter(|name| !name.is_empty())).unwrap_or_default();
    let counts = counts(tx).await?;
    const USED: &str = "SELECT department_id, channel FROM department_channels WHERE in_use";
    let mut used: HashMap<i64, Channels> = HashMap::new();
    for row in tx.query_all_raw(sql(tx, USED, [])).await? {
        let channel: String = row.try_get_by_index(1)?;
        let set = used.entry(row.try_get_by_index(0)?).or_default();
        *set = Channel::parse(&channel).map_or(*set, |channel| set.with(channel, true));
    }
    let place = |row: department::Model| Place {
        limit: row.max_operators.unwrap_or(organisation.max_operators_per_department).unsigned_abs(),
        members: counts.get(&row.id).copied().unwrap_or(0),
        channels: used.get(&row.id).copied().unwrap_or_default().and(worked),
        id: row.id,
        name: row.name,
        slug: row.slug,
    };
    Ok(locked.into_iter().map(place).collect())
}

/// What deeds on members need to know of an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The operator.
    pub id: i64,
    /// Full name.
    pub name: String,
    /// Whether they may change their own departments (DE-4).
    pub may_change_departments: bool,
}

/// The operators of these ids that are there and not deleted.
pub async fn candidates(db: &impl ConnectionTrait, ids: &[i64]) -> Result<HashMap<i64, Candidate>, StoreError> {
    let mut found = HashMap::new();
    for ids in ids.chunks(CHUNK) {
        let mut text = "SELECT id, name, may_change_departments FROM operators WHERE deleted_at IS NULL AND id IN (".to_owned();
        for place in 1..=ids.len() {
            // Writing into a string cannot fail.
            let _ = write!(text, "{}${place}", if place > 1 { ", " } else { "" });
        }
        text.push(')');
        for row in db.query_all_raw(sql(db, text, ids.iter().map(|id| Value::from(*id)))).await? {
            let (id, name, may_change_departments) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            found.insert(id, Candidate { id, name, may_change_departments });
        }
    }
    Ok(found)
}

/// Writes memberships, new or present.
pub async fn put(tx: &Tx, memberships: &[Membership]) -> Result<(), StoreError> {
    let conflict = OnConflict::columns([Column::DepartmentId, Column::OperatorId])
        .update_columns([
            Column::TicketAllowed,
            Column::TicketActive,
            Column::ChatAllowed,
            Column::ChatActive,
            Column::CallAllowed,
            Column::CallActive,
            Column::Signature,
        ])
        .to_owned();
    for chunk in memberships.chunks(CHUNK) {
        Entity::insert_many(chunk.iter().map(row)).on_conflict(conflict.clone()).exec_without_returning(tx).await?;
    }
    touch(tx, memberships.iter().map(|membership| membership.operator_id)).await
}

/// Ends memberships: pairs of department and operator.
pub async fn remove(tx: &Tx, pairs: &[(i64, i64)]) -> Result<(), StoreError> {
    for chunk in pairs.chunks(CHUNK) {
        let any = chunk.iter().fold(Condition::any(), |any, (department, operator)| {
            any.add(Condition::all().add(Column::DepartmentId.eq(*department)).add(Column::OperatorId.eq(*operator)))
        });
        Entity::delete_many().filter(any).exec(tx).await?;
    }
    touch(tx, pairs.iter().map(|(_, operator_id)| *operator_id)).await
}

async fn touch(tx: &Tx, operators: impl Iterator<Item = i64>) -> Result<(), StoreError> {
    let mut operators: Vec<i64> = operators.collect();
    operators.sort_unstable();
    operators.dedup();
    versions::touch_operators(tx, &operators).await
}

fn row(membership: &Membership) -> ActiveModel {
    let (allowed, active) = (membership.switches.allowed(), membership.switches.active());
    ActiveModel {
        department_id: Set(membership.department_id),
        operator_id: Set(membership.operator_id),
        ticket_allowed: Set(allowed.contains(Channel::Ticket)),
        ticket_active: Set(active.contains(Channel::Ticket)),
        chat_allowed: Set(allowed.contains(Channel::Chat)),
        chat_active: Set(active.contains(Channel::Chat)),
        call_allowed: Set(allowed.contains(Channel::Call)),
        call_active: Set(active.contains(Channel::Call)),
        signature: Set(membership.signature.clone()),
    }
}

fn membership(row: Model) -> Membership {
    let columns = [row.ticket_allowed, row.ticket_active, row.chat_allowed, row.chat_active, row.call_allowed, row.call_active];
    Membership { department_id: row.department_id, operator_id: row.operator_id, switches: switches(columns), signature: row.signature }
}

/// Six columns, allowed and active by channel; the database keeps the rule between them.
fn switches([ticket_allowed, ticket_active, chat_allowed, chat_active, call_allowed, call_active]: [bool; 6]) -> Switches {
    let set = |ticket, chat, call| Channels::default().with(Channel::Ticket, ticket).with(Channel::Chat, chat).with(Channel::Call, call);
    Switches::new(set(ticket_allowed, chat_allowed, call_allowed), set(ticket_active, chat_active, call_active)).unwrap_or_default()
}

fn member(row: &QueryResult) -> Result<Member, StoreError> {
    let instant = |place| row.try_get_by_index::<Option<Millis>>(place).map(|at| at.map(|at| at.0));
    let mut columns = [false; 6];
    for (place, column) in (14..).zip(&mut columns) {
        *column = row.try_get_by_index(place)?;
    }
    Ok(Member {
        id: row.try_get_by_index(0)?,
        name: row.try_get_by_index(1)?,
        alias: row.try_get_by_index(2)?,
        photo_id: row.try_get_by_index(3)?,
        preset: row.try_get_by_index(4)?,
        priority: row.try_get_by_index(5)?,
        max_chat_load: row.try_get_by_index(6)?,
        version: row.try_get_by_index(7)?,
        languages: row.try_get_by_index::<Option<String>>(8)?.unwrap_or_default(),
        account: AccountFacts {
            activated: instant(9)?.is_some(),
            suspended: instant(10)?.is_some(),
            invitation_expires_at: instant(11)?,
            invitation_error: row.try_get_by_index::<Option<String>>(12)?.is_some(),
        },
        signature: row.try_get_by_index(13)?,
        switches: switches(columns),
    })
}
