//! The small tables every page needs: settings, roles, languages, departments, sites, statuses, schedules. They are read together
//! and held in memory for as long as their version stands (wall 4).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryOrder};

use super::StoreError;
use super::calendars;
use super::departments::{self, Department};
use super::entities::{language, organisation, role, role_permission};
use super::operators::Operator;
use super::schedules::{self, Owner, ScheduleRow};
use super::sites::{self, SiteRow};
use super::statuses::{self, Status};
use super::versions::{self, Counter};
use crate::domain::channel::{Channel, Channels};
use crate::domain::language::LanguageTag;
use crate::domain::permission::{BuiltIn, Permission, PermissionSet};
use crate::domain::schedule::Exception;
use crate::domain::status::{Limit, Worn};

pub use super::entities::language::Model as Language;
pub use super::entities::organisation::Model as Organisation;

/// A role with what it may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Id in the database.
    pub id: i64,
    /// Its name in the API.
    pub slug: String,
    /// Its name as typed; the built-in ones are named by the texts instead.
    pub name: String,
    /// Whether it is one of the four that always exist.
    pub built_in: bool,
    /// What it may do.
    pub permissions: PermissionSet,
    /// Version for stale edits.
    pub version: i64,
}

/// The small tables as they stood at one version.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// Which version this is.
    pub version: i64,
    /// Organisation settings.
    pub organisation: Organisation,
    /// Roles: the built-in ones first, then by name.
    pub roles: Vec<Role>,
    /// Languages in their order.
    pub languages: Vec<Language>,
    /// Departments by name.
    pub departments: Vec<Department>,
    /// Sites by name.
    pub sites: Vec<SiteRow>,
    /// Statuses in their order.
    pub statuses: Vec<Status>,
    /// Shared schedules by name.
    pub schedules: Vec<ScheduleRow>,
    /// The organisation's exceptions from all schedules, typed ones and the closed days of its calendars, by first day (HR-3).
    pub holidays: Vec<Exception>,
    /// Those of them that somebody typed.
    pub typed_holidays: Vec<Exception>,
}

impl Catalogue {
    /// A role by id.
    pub fn role(&self, id: i64) -> Option<&Role> {
        self.roles.iter().find(|role| role.id == id)
    }

    /// A role by slug.
    pub fn role_by_slug(&self, slug: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.slug == slug)
    }

    /// A department by id.
    pub fn department(&self, id: i64) -> Option<&Department> {
        self.departments.iter().find(|department| department.id == id)
    }

    /// A department by slug.
    pub fn department_by_slug(&self, slug: &str) -> Option<&Department> {
        self.departments.iter().find(|department| department.facts.slug == slug)
    }

    /// The channels the organisation works; others appear nowhere (DE-4).
    pub fn channels(&self) -> Channels {
        self.organisation.channels.split(',').filter_map(Channel::parse).collect()
    }

    /// The channels a department works, within those of the organisation.
    pub fn channels_of(&self, department: &Department) -> Channels {
        department.facts.channels().and(self.channels())
    }

    /// Operators of a department at most (DE-2).
    pub fn limit_of(&self, department: &Department) -> u64 {
        department.facts.max_operators.unwrap_or(self.organisation.max_operators_per_department).unsigned_abs()
    }

    /// The languages that are switched on, in their order.
    pub fn enabled_languages(&self) -> impl Iterator<Item = &Language> {
        self.languages.iter().filter(|language| language.enabled)
    }

    /// The tags of the languages that are switched on, in their order.
    pub fn offered_languages(&self) -> Vec<LanguageTag> {
        self.enabled_languages().filter_map(|language| LanguageTag::parse(&language.tag).ok()).collect()
    }

    /// The language of those who chose none.
    pub fn default_language(&self) -> LanguageTag {
        LanguageTag::parse(&self.organisation.default_language).unwrap_or_default()
    }

    /// A shared schedule by id.
    pub fn schedule(&self, id: i64) -> Option<&ScheduleRow> {
        self.schedules.iter().find(|row| row.id == id)
    }

    /// A site by id.
    pub fn site(&self, id: i64) -> Option<&SiteRow> {
        self.sites.iter().find(|row| row.id == id)
    }

    /// A site by slug.
    pub fn site_by_slug(&self, slug: &str) -> Option<&SiteRow> {
        self.sites.iter().find(|row| row.site.slug == slug)
    }

    /// A status by id.
    pub fn status(&self, id: i64) -> Option<&Status> {
        self.statuses.iter().find(|status| status.id == id)
    }

    /// How a status ends by itself, where it does (ST-1).
    pub fn limit_of_status(&self, id: i64) -> Option<Limit> {
        let facts = &self.status(id)?.facts;
        Some((facts.max_minutes?, facts.return_status_id.unwrap_or(self.organisation.named_statuses().offline)))
    }

    /// What an operator wears as it was written down; one whom nobody gave a status yet wears the default offline one.
    pub fn written(&self, operator: &Operator) -> Worn {
        operator.worn.clone().unwrap_or_else(|| Worn::first(self.organisation.named_statuses().offline, operator.created_at))
    }

    /// What an operator wears at an instant, whether or not a job has written it down yet.
    pub fn worn(&self, operator: &Operator, now: DateTime<Utc>) -> Worn {
        let written = self.written(operator);
        let offline = self.organisation.named_statuses().offline;
        written.steps(now, offline, |id| self.limit_of_status(id)).pop().unwrap_or(written)
    }

    /// Reads all of it. The version is read first: whatever changes meanwhile makes this copy old, never too new.
    pub async fn read(db: &impl ConnectionTrait) -> Result<Catalogue, StoreError> {
        let version = versions::of(db, Counter::Catalogue).await?;
        let organisation = organisation::Entity::find_by_id(1).one(db).await?;
        let organisation = organisation.ok_or_else(|| DbErr::RecordNotFound("organisation".into()))?;
        let languages =
            language::Entity::find().order_by_asc(language::Column::Position).order_by_asc(language::Column::Tag).all(db).await?;
        let granted = role_permission::Entity::find().all(db).await?;
        let roles = role::Entity::find().order_by_desc(role::Column::BuiltIn).order_by_asc(role::Column::Id).all(db).await?;
        let roles = roles.into_iter().map(|role| with_permissions(role, &granted)).collect();
        let departments = departments::all(db).await?;
        let sites = sites::all(db).await?;
        let statuses = statuses::all(db).await?;
        let mut schedules = schedules::shared(db).await?;
        let typed_holidays = schedules::exceptions_of(db, Owner::Organisation).await?;
        let mut closed: HashMap<Option<i64>, Vec<_>> = HashMap::new();
        for (owner, from, to, name) in calendars::closed(db).await? {
            closed.entry(owner).or_default().push((from, to, name));
        }
        for row in &mut schedules {
            row.schedule.closed = Exception::closed_beside(&row.schedule.exceptions, closed.remove(&Some(row.id)).unwrap_or_default());
        }
        let mut holidays = typed_holidays.clone();
        holidays.extend(Exception::closed_beside(&typed_holidays, closed.remove(&None).unwrap_or_default()));
        holidays.sort_by_key(|exception| exception.from);
        Ok(Catalogue { version, organisation, roles, languages, departments, sites, statuses, schedules, holidays, typed_holidays })
    }
}

pub(super) fn with_permissions(role: role::Model, granted: &[role_permission::Model]) -> Role {
    let permissions = match BuiltIn::by_slug(&role.slug).filter(|_| role.built_in) {
        Some(built_in) => built_in.permissions(),
        None => {
            let own = granted.iter().filter(|row| row.role_id == role.id);
            own.filter_map(|row| Permission::parse(&row.permission)).collect()
        }
    };
    Role { id: role.id, slug: role.slug, name: role.name, built_in: role.built_in, permissions, version: role.version }
}
