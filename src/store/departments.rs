//! Departments (DE-1). Pages read them from the catalogue; this is for changes.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entities::{department, department_channel, department_name};
use super::versions::{self, Counter};
use super::{Millis, StoreError, Tx, sites, sql};
use crate::domain::channel::Channel;
use crate::domain::department::{Department as Facts, LanguagePolicy, Line, Routing};
use crate::domain::text;

/// A department as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    /// Id in the database; 0 before it is written.
    pub id: i64,
    /// What it is.
    pub facts: Facts,
    /// The department that takes what nobody here can.
    pub fallback_id: Option<i64>,
    /// Its own hours; none is always.
    pub schedule_id: Option<i64>,
    /// Version for stale edits (F-3).
    pub version: i64,
}

impl Department {
    /// All it is called by: its name in every language, and its slug.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        [&self.facts.name, &self.facts.slug].into_iter().chain(self.facts.name_texts.values())
    }

    /// Its name in a language, where one is told in it or in its base language; else the organisation's.
    pub fn name_in(&self, tag: &str) -> &str {
        let texts = &self.facts.name_texts;
        let base = tag.split('-').next().unwrap_or(tag);
        texts.get(tag).or_else(|| texts.get(base)).unwrap_or(&self.facts.name)
    }
}

/// All departments, by name.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Department>, StoreError> {
    let rows = department::Entity::find().order_by_asc(department::Column::NameKey).all(db).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let lines = department_channel::Entity::find().all(db).await?;
    let names = department_name::Entity::find().all(db).await?;
    Ok(rows.into_iter().map(|row| whole(row, &lines, &names)).collect())
}

/// A department that no other transaction changes, fills or deletes before this one ends.
pub async fn lock(tx: &Tx, id: i64) -> Result<Option<Department>, StoreError> {
    let Some(row) = department::Entity::find_by_id(id).lock_exclusive().one(tx).await? else { return Ok(None) };
    let lines = department_channel::Entity::find().filter(department_channel::Column::DepartmentId.eq(id)).all(tx).await?;
    let names = department_name::Entity::find().filter(department_name::Column::DepartmentId.eq(id)).all(tx).await?;
    Ok(Some(whole(row, &lines, &names)))
}

/// Locks all departments there are, in one order, for deeds that concern the ways between them.
pub async fn lock_all(tx: &Tx) -> Result<Vec<Department>, StoreError> {
    let ids = department::Entity::find().select_only().column(department::Column::Id).order_by_asc(department::Column::Id);
    ids.lock_exclusive().into_tuple::<i64>().all(tx).await?;
    all(tx).await
}

/// Adds a department and returns its id. Faults: `Taken("slug")`, `Taken("name")`.
pub async fn insert(tx: &Tx, new: &Department, now: DateTime<Utc>) -> Result<i64, StoreError> {
    let row = department::ActiveModel { id: NotSet, created_at: Set(Millis(now)), ..columns(new, now) };
    let id = department::Entity::insert(row).exec(tx).await?.last_insert_id;
    write_children(tx, id, &new.facts).await?;
    versions::touch(tx, Counter::Catalogue).await?;
    Ok(id)
}

/// Writes a department whose version was checked, as its next version. Faults: `Taken("slug")`, `Taken("name")`.
pub async fn save(tx: &Tx, after: &Department, now: DateTime<Utc>) -> Result<(), StoreError> {
    let row = department::ActiveModel { version: Set(after.version + 1), ..columns(after, now) };
    row.update(tx).await?;
    department_channel::Entity::delete_many().filter(department_channel::Column::DepartmentId.eq(after.id)).exec(tx).await?;
    department_name::Entity::delete_many().filter(department_name::Column::DepartmentId.eq(after.id)).exec(tx).await?;
    write_children(tx, after.id, &after.facts).await?;
    versions::touch(tx, Counter::Catalogue).await
}

/// Deletes a department with its memberships; those that fell back to it fall back to `instead`, unless that is themselves, and
/// sites that offered it offer that one.
pub async fn delete(tx: &Tx, id: i64, instead: Option<i64>) -> Result<(), StoreError> {
    const MOVE_ON: &str = "UPDATE departments SET fallback_id = CASE WHEN id = $1 THEN NULL ELSE $2 END, version = version + 1 \
        WHERE fallback_id = $3";
    tx.execute_raw(sql(tx, MOVE_ON, [instead.unwrap_or_default().into(), instead.into(), id.into()])).await?;
    sites::leave_department(tx, id, instead).await?;
    department::Entity::delete_by_id(id).exec(tx).await?;
    versions::touch(tx, Counter::Operators).await?;
    versions::touch(tx, Counter::Catalogue).await
}

fn columns(department: &Department, now: DateTime<Utc>) -> department::ActiveModel {
    let facts = &department.facts;
    department::ActiveModel {
        id: Set(department.id),
        slug: Set(facts.slug.clone()),
        name: Set(facts.name.clone()),
        name_key: Set(text::fold(&facts.name)),
        description: Set(facts.description.clone()),
        email: Set(facts.email.clone()),
        phone: Set(facts.phone.clone()),
        schedule_id: Set(department.schedule_id),
        max_operators: Set(facts.max_operators),
        minimum_cover: Set(facts.minimum_cover),
        language_policy: Set(facts.language_policy.as_str().to_owned()),
        prefer_seconds: Set(facts.prefer_seconds),
        fallback_id: Set(department.fallback_id),
        created_at: NotSet,
        updated_at: Set(Millis(now)),
        version: Set(1),
    }
}

async fn write_children(tx: &Tx, id: i64, facts: &Facts) -> Result<(), StoreError> {
    let lines = facts.lines.map(|line| department_channel::ActiveModel {
        department_id: Set(id),
        channel: Set(line.channel.as_str().to_owned()),
        in_use: Set(line.in_use),
        routing: Set(line.routing.as_str().to_owned()),
        offer_seconds: Set(line.offer_seconds),
    });
    department_channel::Entity::insert_many(lines).exec_without_returning(tx).await?;
    let names = facts.name_texts.iter().map(|(tag, text)| department_name::ActiveModel {
        department_id: Set(id),
        tag: Set(tag.clone()),
        text: Set(text.clone()),
    });
    department_name::Entity::insert_many(names).exec_without_returning(tx).await?;
    Ok(())
}

fn whole(row: department::Model, lines: &[department_channel::Model], names: &[department_name::Model]) -> Department {
    let line = |channel: Channel| {
        let stored = lines.iter().find(|line| line.department_id == row.id && line.channel == channel.as_str());
        stored.map_or(Line::default_of(channel), |line| Line {
            channel,
            in_use: line.in_use,
            routing: Routing::parse(&line.routing).unwrap_or_default(),
            offer_seconds: line.offer_seconds,
        })
    };
    let names = names.iter().filter(|name| name.department_id == row.id);
    Department {
        id: row.id,
        facts: Facts {
            lines: Channel::ALL.map(line),
            name_texts: names.map(|name| (name.tag.clone(), name.text.clone())).collect(),
            slug: row.slug,
            name: row.name,
            description: row.description,
            email: row.email,
            phone: row.phone,
            max_operators: row.max_operators,
            minimum_cover: row.minimum_cover,
            language_policy: LanguagePolicy::parse(&row.language_policy).unwrap_or_default(),
            prefer_seconds: row.prefer_seconds,
        },
        fallback_id: row.fallback_id,
        schedule_id: row.schedule_id,
        version: row.version,
    }
}
