//! The audit log: rows are added and read, never changed (AU-1).

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::entities::audit_entry::{ActiveModel, Column, Entity};
use super::{AT_ONCE, Millis, StoreError, sql};

pub use super::entities::audit_entry::Model as AuditEntry;

/// An entry to be written.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// When, in UTC.
    pub at: DateTime<Utc>,
    /// `operator`, `api_key`, `console` or `system`.
    pub actor_kind: &'static str,
    /// Id of the operator or key.
    pub actor_id: Option<i64>,
    /// Their name at that time; it stays when they are deleted (OP-6).
    pub actor_name: String,
    /// What was done, such as `operator.suspended`.
    pub action: &'static str,
    /// Kind of the thing it was done to.
    pub object_kind: &'static str,
    /// Its id, slug or tag.
    pub object_id: String,
    /// Its name at that time.
    pub object_name: String,
    /// The changed fields before, as JSON.
    pub before: Option<String>,
    /// The changed fields after, as JSON; never a secret.
    pub after: Option<String>,
    /// Address the request came from.
    pub address: String,
    /// Reference of the request, as in the log.
    pub request_id: String,
}

/// What to look for in the log.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Kind of thing.
    pub object_kind: Option<String>,
    /// One thing of that kind.
    pub object_id: Option<String>,
    /// One action.
    pub action: Option<String>,
    /// Kind of the actor: `operator`, `api_key`, `console`, `system`; an operator where only an id is given.
    pub actor_kind: Option<String>,
    /// One actor of that kind.
    pub actor_id: Option<i64>,
    /// From this instant on.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub until: Option<DateTime<Utc>>,
}

/// Writes an entry.
pub async fn add(db: &impl ConnectionTrait, entry: NewEntry) -> Result<(), StoreError> {
    Entity::insert(model(entry)).exec_without_returning(db).await?;
    Ok(())
}

/// Writes the entries of one deed to many things, in few statements.
pub async fn add_many(db: &impl ConnectionTrait, entries: Vec<NewEntry>) -> Result<(), StoreError> {
    let mut models = entries.into_iter().map(model).peekable();
    while models.peek().is_some() {
        Entity::insert_many(models.by_ref().take(AT_ONCE)).exec_without_returning(db).await?;
    }
    Ok(())
}

fn model(entry: NewEntry) -> ActiveModel {
    ActiveModel {
        at: Set(Millis(entry.at)),
        actor_kind: Set(entry.actor_kind.to_owned()),
        actor_id: Set(entry.actor_id),
        actor_name: Set(entry.actor_name),
        action: Set(entry.action.to_owned()),
        object_kind: Set(entry.object_kind.to_owned()),
        object_id: Set(entry.object_id),
        object_name: Set(entry.object_name),
        before: Set(entry.before),
        after: Set(entry.after),
        address: Set(entry.address),
        request_id: Set(entry.request_id),
        ..Default::default()
    }
}

fn condition(filter: &Filter) -> Condition {
    Condition::all()
        .add_option(filter.object_kind.as_ref().map(|kind| Column::ObjectKind.eq(kind)))
        .add_option(filter.object_id.as_ref().map(|id| Column::ObjectId.eq(id)))
        .add_option(filter.action.as_ref().map(|action| Column::Action.eq(action)))
        .add_option(filter.actor_kind.as_deref().or(filter.actor_id.and(Some("operator"))).map(|kind| Column::ActorKind.eq(kind)))
        .add_option(filter.actor_id.map(|id| Column::ActorId.eq(id)))
        .add_option(filter.from.map(|at| Column::At.gte(Millis(at))))
        .add_option(filter.until.map(|at| Column::At.lt(Millis(at))))
}

/// Entries, the newest first.
pub async fn page(db: &impl ConnectionTrait, filter: &Filter, offset: u64, limit: u64) -> Result<Vec<AuditEntry>, StoreError> {
    let found = Entity::find().filter(condition(filter)).order_by_desc(Column::At).order_by_desc(Column::Id);
    Ok(found.offset(offset).limit(limit).all(db).await?)
}

/// How many entries there are.
pub async fn count(db: &impl ConnectionTrait, filter: &Filter) -> Result<u64, StoreError> {
    Ok(Entity::find().filter(condition(filter)).count(db).await?)
}

/// The entries that follow this one (instant and id) in the order of [`page`]; from the newest on where there is none.
pub async fn after(
    db: &impl ConnectionTrait,
    filter: &Filter,
    last: Option<(DateTime<Utc>, i64)>,
    limit: u64,
) -> Result<Vec<AuditEntry>, StoreError> {
    let older = last.map(|(at, id)| Column::At.lt(Millis(at)).or(Column::At.eq(Millis(at)).and(Column::Id.lt(id))));
    let found = Entity::find().filter(condition(filter).add_option(older));
    Ok(found.order_by_desc(Column::At).order_by_desc(Column::Id).limit(limit).all(db).await?)
}

/// The actions that occur, sorted. Jumps from one to the next in the index, however many entries there are.
pub async fn actions(db: &impl ConnectionTrait) -> Result<Vec<String>, StoreError> {
    const TEXT: &str = "WITH RECURSIVE a(x) AS (SELECT MIN(action) FROM audit_entries UNION ALL \
        SELECT (SELECT MIN(action) FROM audit_entries WHERE action > a.x) FROM a WHERE a.x IS NOT NULL) SELECT x FROM a WHERE x IS NOT NULL";
    let rows = db.query_all_raw(sql(db, TEXT, [])).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Up to `limit` actors of a kind that occur, with the name of their latest entry. Jumps as [`actions`] does.
pub async fn actors(db: &impl ConnectionTrait, kind: &str, limit: u32) -> Result<Vec<(i64, String)>, StoreError> {
    const TEXT: &str = "WITH RECURSIVE a(x) AS (SELECT MIN(actor_id) FROM audit_entries WHERE actor_kind = $1 UNION ALL \
        SELECT (SELECT MIN(actor_id) FROM audit_entries WHERE actor_kind = $2 AND actor_id > a.x) FROM a WHERE a.x IS NOT NULL) \
        SELECT x, (SELECT e.actor_name FROM audit_entries e WHERE e.actor_kind = $3 AND e.actor_id = a.x ORDER BY e.id DESC LIMIT 1) \
        FROM a WHERE x IS NOT NULL LIMIT $4";
    let rows = db.query_all_raw(sql(db, TEXT, [kind.into(), kind.into(), kind.into(), i64::from(limit).into()])).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}
