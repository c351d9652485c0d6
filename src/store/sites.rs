//! Sites (LA-3). Pages and calls read them from the catalogue; this is for changes.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

use super::entities::{site, site_department, site_host};
use super::versions::{self, Counter};
use super::{Millis, StoreError, Tx, sql};
use crate::domain::field::Fault;
use crate::domain::language::LanguageTag;
use crate::domain::named::known;
use crate::domain::site::{HostPattern, Site, Source};
use crate::domain::text;

/// A site as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteRow {
    /// Id in the database.
    pub id: i64,
    /// What is said about it.
    pub site: Site,
    /// Version for stale edits.
    pub version: i64,
}

/// All sites by name.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<SiteRow>, StoreError> {
    const OFFERED: &str =
        "SELECT o.site_id, d.slug FROM site_departments o JOIN departments d ON d.id = o.department_id ORDER BY o.position";
    let rows = site::Entity::find().order_by_asc(site::Column::NameKey).order_by_asc(site::Column::Id).all(db).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut hosts: HashMap<i64, Vec<HostPattern>> = HashMap::new();
    for host in site_host::Entity::find().order_by_asc(site_host::Column::Position).all(db).await? {
        hosts.entry(host.site_id).or_default().push(read(HostPattern::parse(&host.pattern))?);
    }
    let mut departments: HashMap<i64, Vec<String>> = HashMap::new();
    for row in db.query_all_raw(sql(db, OFFERED, [])).await? {
        departments.entry(row.try_get_by_index(0)?).or_default().push(row.try_get_by_index(1)?);
    }
    let rows = rows.into_iter().map(|row| {
        let (hosts, departments) = (hosts.remove(&row.id).unwrap_or_default(), departments.remove(&row.id).unwrap_or_default());
        whole(row, hosts, departments)
    });
    rows.collect()
}

/// A site by id.
pub async fn find(db: &impl ConnectionTrait, id: i64) -> Result<Option<SiteRow>, StoreError> {
    Ok(all(db).await?.into_iter().find(|row| row.id == id))
}

/// Adds a site; returns its id.
pub async fn create(tx: &Tx, new: &Site, now: DateTime<Utc>) -> Result<i64, StoreError> {
    let row = site::ActiveModel { created_at: Set(Millis(now)), ..columns(new, 1, now)? };
    let id = row.insert(tx).await?.id;
    write_lists(tx, id, new).await?;
    versions::touch(tx, Counter::Catalogue).await?;
    Ok(id)
}

/// Changes a site, whose version was checked.
pub async fn change(tx: &Tx, id: i64, site: &Site, version: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
    let row = site::ActiveModel { id: Set(id), ..columns(site, version + 1, now)? };
    row.update(tx).await?;
    site_host::Entity::delete_many().filter(site_host::Column::SiteId.eq(id)).exec(tx).await?;
    site_department::Entity::delete_many().filter(site_department::Column::SiteId.eq(id)).exec(tx).await?;
    write_lists(tx, id, site).await?;
    versions::touch(tx, Counter::Catalogue).await
}

/// Deletes a site.
pub async fn delete(tx: &Tx, id: i64) -> Result<(), StoreError> {
    site::Entity::delete_by_id(id).exec(tx).await?;
    versions::touch(tx, Counter::Catalogue).await
}

/// Ids and names of the sites that offer a department.
pub async fn offering(db: &impl ConnectionTrait, department_id: i64) -> Result<Vec<(i64, String)>, StoreError> {
    const TEXT: &str =
        "SELECT s.id, s.name FROM site_departments o JOIN sites s ON s.id = o.site_id WHERE o.department_id = $1 ORDER BY s.name_key";
    let rows = db.query_all_raw(sql(db, TEXT, [department_id.into()])).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Has sites offer another department, or nothing, in the place of one that is about to be deleted; their versions move on.
pub async fn leave_department(tx: &Tx, id: i64, instead: Option<i64>) -> Result<(), StoreError> {
    const MOVE_ON: &str =
        "UPDATE sites SET version = version + 1 WHERE id IN (SELECT site_id FROM site_departments WHERE department_id = $1)";
    tx.execute_raw(sql(tx, MOVE_ON, [id.into()])).await?;
    if let Some(instead) = instead {
        const MOVE: &str = "UPDATE site_departments SET department_id = $1 WHERE department_id = $2 AND NOT EXISTS \
            (SELECT 1 FROM site_departments o WHERE o.site_id = site_departments.site_id AND o.department_id = $3)";
        tx.execute_raw(sql(tx, MOVE, [instead.into(), id.into(), instead.into()])).await?;
    }
    tx.execute_raw(sql(tx, "DELETE FROM site_departments WHERE department_id = $1", [id.into()])).await?;
    Ok(())
}

fn whole(row: site::Model, hosts: Vec<HostPattern>, departments: Vec<String>) -> Result<SiteRow, StoreError> {
    let order = row.language_order.split(',').filter(|name| !name.is_empty()).map(|name| known(name, Source::parse));
    let site = Site {
        slug: row.slug,
        name: row.name,
        hosts,
        departments,
        language_order: read(order.collect())?,
        url_rules: serde_json::from_str(&row.url_rules).map_err(broken)?,
        countries: serde_json::from_str(&row.countries).map_err(broken)?,
        fixed: read(row.fixed.as_deref().map(LanguageTag::parse).transpose())?,
        message_mode: row.message_mode,
        message_texts: row.message_texts.as_deref().map(serde_json::from_str).transpose().map_err(broken)?.unwrap_or_default(),
    };
    Ok(SiteRow { id: row.id, site, version: row.version })
}

fn columns(site: &Site, version: i64, now: DateTime<Utc>) -> Result<site::ActiveModel, StoreError> {
    let order: Vec<&str> = site.language_order.iter().map(|source| source.as_str()).collect();
    let texts = Some(&site.message_texts).filter(|texts| !texts.is_empty()).map(serde_json::to_string).transpose().map_err(broken)?;
    Ok(site::ActiveModel {
        slug: Set(site.slug.clone()),
        name: Set(site.name.clone()),
        name_key: Set(text::fold(&site.name)),
        language_order: Set(order.join(",")),
        url_rules: Set(serde_json::to_string(&site.url_rules).map_err(broken)?),
        countries: Set(serde_json::to_string(&site.countries).map_err(broken)?),
        fixed: Set(site.fixed.as_ref().map(ToString::to_string)),
        message_texts: Set(texts),
        message_mode: Set(site.message_mode),
        updated_at: Set(Millis(now)),
        version: Set(version),
        ..Default::default()
    })
}

async fn write_lists(tx: &Tx, id: i64, site: &Site) -> Result<(), StoreError> {
    let hosts = (1..).zip(&site.hosts);
    let hosts =
        hosts.map(|(position, host)| site_host::ActiveModel { pattern: Set(host.to_string()), site_id: Set(id), position: Set(position) });
    let hosts: Vec<_> = hosts.collect();
    if !hosts.is_empty() {
        site_host::Entity::insert_many(hosts).exec_without_returning(tx).await?;
    }
    const OFFER: &str =
        "INSERT INTO site_departments (site_id, department_id, position) SELECT $1, id, $2 FROM departments WHERE slug = $3";
    for (position, slug) in (1_i64..).zip(&site.departments) {
        tx.execute_raw(sql(tx, OFFER, [id.into(), position.into(), slug.as_str().into()])).await?;
    }
    Ok(())
}

/// What was written by us and cannot be read again is a damaged row.
fn read<T>(stored: Result<T, Fault>) -> Result<T, StoreError> {
    stored.map_err(|fault| broken(fault.code))
}

fn broken(cause: impl ToString) -> StoreError {
    StoreError::Database(DbErr::Type(format!("a site cannot be read: {}", cause.to_string())))
}
