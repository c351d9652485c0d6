//! Rights as types: a deed that needs a permission takes a value that only [`Actor::may`] can make (Z1).

use std::ops::Deref;

use super::Actor;
use crate::domain::permission::Permission;

/// A right that was checked.
pub trait Right<'a>: Sized {
    /// The permission behind it.
    const PERMISSION: Permission;

    #[doc(hidden)]
    fn proven(actor: &'a Actor) -> Self;
}

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident = $permission:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name<'a>(&'a Actor);

        impl<'a> Right<'a> for $name<'a> {
            const PERMISSION: Permission = Permission::$permission;

            fn proven(actor: &'a Actor) -> Self {
                $name(actor)
            }
        }

        impl Deref for $name<'_> {
            type Target = Actor;

            fn deref(&self) -> &Actor {
                self.0
            }
        }
    )*};
}

rights! {
    /// May see operators.
    ViewOperators = OperatorsView;
    /// May create and change operators.
    ManageOperators = OperatorsManage;
    /// May see roles.
    ViewRoles = RolesView;
    /// May create and change roles.
    ManageRoles = RolesManage;
    /// May see departments and who works in them.
    ViewDepartments = DepartmentsView;
    /// May create and change departments.
    ManageDepartments = DepartmentsManage;
    /// May change who works in a department.
    ManageDepartmentMembers = DepartmentMembersManage;
    /// May see statuses.
    ViewStatuses = StatusesView;
    /// May create and change statuses.
    ManageStatuses = StatusesManage;
    /// May switch other people's status.
    ManageOperatorStatus = OperatorStatusManage;
    /// May work from the panel, and so switch one's own status.
    UsePanel = PanelUse;
    /// May see languages.
    ViewLanguages = LanguagesView;
    /// May change languages.
    ManageLanguages = LanguagesManage;
    /// May see schedules.
    ViewSchedules = SchedulesView;
    /// May create and change schedules.
    ManageSchedules = SchedulesManage;
    /// May see absences.
    ViewAbsences = AbsencesView;
    /// May see sites.
    ViewSites = SitesView;
    /// May create and change sites.
    ManageSites = SitesManage;
    /// May see who is on duty now.
    ViewNow = NowView;
    /// May see all queries.
    ViewQueries = QueriesView;
    /// May take, send on and close all queries.
    ManageQueries = QueriesManage;
    /// May see reports.
    ViewReports = ReportsView;
    /// May see the organisation settings.
    ViewSettings = SettingsView;
    /// May change the organisation settings.
    ManageSettings = SettingsManage;
    /// May see mail templates.
    ViewTemplates = TemplatesView;
    /// May change mail templates.
    ManageTemplates = TemplatesManage;
    /// May see mails.
    ViewMail = MailView;
    /// May send mails again and cancel them.
    ManageMail = MailManage;
    /// May see API keys.
    ViewApiKeys = ApiKeysView;
    /// May create and revoke API keys.
    ManageApiKeys = ApiKeysManage;
    /// May read the audit log.
    ViewAudit = AuditView;
    /// May export the audit log.
    ManageAudit = AuditManage;
}
