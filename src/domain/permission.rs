//! Permissions by area, and what the built-in roles hold (RO-2, CONTRACT.md "Built-in roles").

use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! permissions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// One thing a person may be allowed to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Permission { $($(#[$doc])* $variant,)* }

        impl Permission {
            /// All permissions, by area.
            pub const ALL: &'static [Permission] = &[$(Permission::$variant,)*];

            /// The stable name: `operators.view`, `self.alias`.
            pub fn as_str(self) -> &'static str {
                match self { $(Permission::$variant => $name,)* }
            }
        }
    };
}

permissions! {
    /// See who is on duty now.
    NowView = "now.view",
    /// Work from the panel.
    PanelUse = "panel.use",
    /// See operators.
    OperatorsView = "operators.view",
    /// Create and change operators.
    OperatorsManage = "operators.manage",
    /// Create owners and change them.
    OwnersManage = "owners.manage",
    /// Switch another operator's status.
    OperatorStatusManage = "operator_status.manage",
    /// See roles.
    RolesView = "roles.view",
    /// Create and change roles.
    RolesManage = "roles.manage",
    /// See statuses.
    StatusesView = "statuses.view",
    /// Create and change statuses.
    StatusesManage = "statuses.manage",
    /// See schedules.
    SchedulesView = "schedules.view",
    /// Create and change schedules.
    SchedulesManage = "schedules.manage",
    /// See absences.
    AbsencesView = "absences.view",
    /// Plan and change other people's absences.
    AbsencesManage = "absences.manage",
    /// See departments.
    DepartmentsView = "departments.view",
    /// Create and change departments.
    DepartmentsManage = "departments.manage",
    /// Change who is in a department.
    DepartmentMembersManage = "department_members.manage",
    /// See the languages of the organisation.
    LanguagesView = "languages.view",
    /// Change the languages of the organisation.
    LanguagesManage = "languages.manage",
    /// See sites.
    SitesView = "sites.view",
    /// Create and change sites.
    SitesManage = "sites.manage",
    /// See all queries.
    QueriesView = "queries.view",
    /// Take, transfer and close all queries.
    QueriesManage = "queries.manage",
    /// See the queries of one's own departments.
    OwnQueriesView = "own_queries.view",
    /// See reports.
    ReportsView = "reports.view",
    /// Change what reports rest on.
    ReportsManage = "reports.manage",
    /// See coverage.
    CoverageView = "coverage.view",
    /// See the organisation settings.
    SettingsView = "settings.view",
    /// Change the organisation settings.
    SettingsManage = "settings.manage",
    /// See mail templates.
    TemplatesView = "templates.view",
    /// Change mail templates.
    TemplatesManage = "templates.manage",
    /// See the mails that were sent.
    MailView = "mail.view",
    /// Send mails again and cancel them.
    MailManage = "mail.manage",
    /// See API keys.
    ApiKeysView = "api_keys.view",
    /// Create and revoke API keys.
    ApiKeysManage = "api_keys.manage",
    /// See webhooks.
    WebhooksView = "webhooks.view",
    /// Create and change webhooks.
    WebhooksManage = "webhooks.manage",
    /// Read the audit log.
    AuditView = "audit.view",
    /// Export the audit log.
    AuditManage = "audit.manage",
    /// Change one's own name.
    SelfName = "self.name",
    /// Change one's own alias.
    SelfAlias = "self.alias",
    /// Change one's own photo.
    SelfPhoto = "self.photo",
    /// Change one's own telephone.
    SelfPhone = "self.phone",
    /// Change one's own job position.
    SelfJobPosition = "self.job_position",
    /// Change one's own assistance languages.
    SelfLanguages = "self.languages",
    /// Change one's own time zone.
    SelfTimeZone = "self.time_zone",
    /// Change one's own interface language.
    SelfLocale = "self.locale",
    /// Change one's own notification address.
    SelfNotificationEmail = "self.notification_email",
    /// Change one's own panel theme.
    SelfTheme = "self.theme",
    /// Change one's own office hours.
    SelfHours = "self.hours",
    /// Plan one's own absences.
    SelfAbsences = "self.absences",
    /// Change one's own notifications.
    SelfNotifications = "self.notifications",
    /// Change one's own signatures.
    SelfSignature = "self.signature",
    /// Change one's own sounds.
    SelfSounds = "self.sounds",
    /// Change one's own waiting times and wishes: no answer, idle, help while invisible, classify.
    SelfAdvanced = "self.advanced",
    /// Change one's own sign-in e-mail.
    SelfEmail = "self.email",
    /// Change one's own role.
    SelfRole = "self.role",
    /// Change how many chats one takes.
    SelfCapacity = "self.capacity",
    /// Change one's own priority.
    SelfPriority = "self.priority",
    /// Change one's own departments.
    SelfDepartments = "self.departments",
}

impl Permission {
    /// Reads a stable name.
    pub fn parse(name: &str) -> Option<Permission> {
        Permission::ALL.iter().copied().find(|permission| permission.as_str() == name)
    }

    /// The area, the part of the name before the dot.
    pub fn area(self) -> &'static str {
        self.as_str().split('.').next().unwrap_or_default()
    }

    /// Who may manage an area may also view it.
    pub fn implied(self) -> Option<Permission> {
        let area = self.as_str().strip_suffix(".manage")?;
        Permission::ALL.iter().copied().find(|other| other.as_str().strip_suffix(".view") == Some(area))
    }
}

/// A set of permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PermissionSet(u128);

impl PermissionSet {
    /// Every permission there is.
    pub fn all() -> PermissionSet {
        Permission::ALL.iter().copied().collect()
    }

    /// Whether the permission is in the set.
    pub fn contains(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u8) != 0
    }

    /// Adds a permission and what it implies.
    pub fn insert(&mut self, permission: Permission) {
        self.0 |= 1 << permission as u8;
        if let Some(implied) = permission.implied() {
            self.0 |= 1 << implied as u8;
        }
    }

    /// The set without this permission.
    #[must_use]
    pub fn without(self, permission: Permission) -> PermissionSet {
        PermissionSet(self.0 & !(1 << permission as u8))
    }

    /// Whether every permission of this set is in the other.
    pub fn is_subset(&self, other: &PermissionSet) -> bool {
        self.0 & !other.0 == 0
    }

    /// What is in this set and not in the other.
    #[must_use]
    pub fn difference(self, other: PermissionSet) -> PermissionSet {
        PermissionSet(self.0 & !other.0)
    }

    /// The permissions of the set, by area.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.contains(*permission))
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        let mut set = PermissionSet::default();
        for permission in permissions {
            set.insert(permission);
        }
        set
    }
}

impl Serialize for PermissionSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Permission::as_str))
    }
}

impl<'de> Deserialize<'de> for PermissionSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        Ok(names.iter().filter_map(|name| Permission::parse(name)).collect())
    }
}

/// The roles every organisation has; they cannot be changed or deleted (RO-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuiltIn {
    /// Everything.
    Owner,
    /// Everything but owners.
    Admin,
    /// The daily work of a team.
    Supervisor,
    /// The panel and the own profile.
    Agent,
}

impl BuiltIn {
    /// All of them, the highest first.
    pub const ALL: [BuiltIn; 4] = [BuiltIn::Owner, BuiltIn::Admin, BuiltIn::Supervisor, BuiltIn::Agent];

    /// The slug by which API and database name the role.
    pub fn slug(self) -> &'static str {
        match self {
            BuiltIn::Owner => "owner",
            BuiltIn::Admin => "admin",
            BuiltIn::Supervisor => "supervisor",
            BuiltIn::Agent => "agent",
        }
    }

    /// Reads a slug.
    pub fn by_slug(slug: &str) -> Option<BuiltIn> {
        BuiltIn::ALL.into_iter().find(|role| role.slug() == slug)
    }

    /// What the role may do.
    pub fn permissions(self) -> PermissionSet {
        match self {
            BuiltIn::Owner => PermissionSet::all(),
            BuiltIn::Admin => PermissionSet::all().without(Permission::OwnersManage),
            BuiltIn::Supervisor => SUPERVISOR.iter().chain(AGENT).copied().collect(),
            BuiltIn::Agent => AGENT.iter().copied().collect(),
        }
    }
}

const SUPERVISOR: &[Permission] = &[
    Permission::OperatorsView,
    Permission::DepartmentsView,
    Permission::StatusesManage,
    Permission::SchedulesManage,
    Permission::AbsencesManage,
    Permission::DepartmentMembersManage,
    Permission::OperatorStatusManage,
    Permission::QueriesManage,
    Permission::ReportsView,
    Permission::CoverageView,
    Permission::LanguagesView,
];

/// Every own field but role, e-mail, capacity, priority and departments.
const AGENT: &[Permission] = &[
    Permission::NowView,
    Permission::PanelUse,
    Permission::OwnQueriesView,
    Permission::SelfName,
    Permission::SelfAlias,
    Permission::SelfPhoto,
    Permission::SelfPhone,
    Permission::SelfJobPosition,
    Permission::SelfLanguages,
    Permission::SelfTimeZone,
    Permission::SelfLocale,
    Permission::SelfNotificationEmail,
    Permission::SelfTheme,
    Permission::SelfHours,
    Permission::SelfAbsences,
    Permission::SelfNotifications,
    Permission::SelfSignature,
    Permission::SelfSounds,
    Permission::SelfAdvanced,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_read_back() {
        for permission in Permission::ALL {
            assert_eq!(Permission::parse(permission.as_str()), Some(*permission));
        }
        assert!(Permission::ALL.len() <= 128);
    }

    #[test]
    fn managing_implies_viewing() {
        let set = PermissionSet::from_iter([Permission::RolesManage]);
        assert!(set.contains(Permission::RolesView));
        assert!(!set.contains(Permission::OperatorsView));
    }

    #[test]
    fn each_built_in_role_holds_all_of_the_one_below() {
        for pair in BuiltIn::ALL.windows(2) {
            let (higher, lower) = (pair[0].permissions(), pair[1].permissions());
            assert!(lower.is_subset(&higher) && lower != higher, "{pair:?}");
        }
    }

    /// The refusals that CONTRACT.md names.
    #[test]
    fn agents_and_supervisors_are_kept_out_of_administration() {
        let agent = BuiltIn::Agent.permissions();
        let supervisor = BuiltIn::Supervisor.permissions();
        for refused in [
            Permission::RolesView,
            Permission::SettingsView,
            Permission::ApiKeysView,
            Permission::WebhooksView,
            Permission::OperatorsManage,
            Permission::SelfRole,
            Permission::SelfEmail,
        ] {
            assert!(!agent.contains(refused) && !supervisor.contains(refused), "{refused:?}");
        }
        for refused in [Permission::AuditView, Permission::MailView, Permission::TemplatesView, Permission::OperatorsView] {
            assert!(!agent.contains(refused), "{refused:?}");
        }
    }

    #[test]
    fn a_set_survives_json() {
        let set = BuiltIn::Supervisor.permissions();
        let json = serde_json::to_string(&set).unwrap();
        assert_eq!(serde_json::from_str::<PermissionSet>(&json).unwrap(), set);
    }
}
