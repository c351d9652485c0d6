//! Who may give, take and edit what (RO-1, OP-6, Z4, Z5).

use super::permission::PermissionSet;

/// Nobody grants a permission they lack (RO-1).
pub fn may_grant(actor: &PermissionSet, granted: &PermissionSet) -> bool {
    granted.is_subset(actor)
}

/// Whether the subject stands above the actor, who may then neither edit, suspend nor delete them (OP-6, Z5).
pub fn is_above(subject: &PermissionSet, actor: &PermissionSet) -> bool {
    !subject.is_subset(actor)
}

/// Whether an owner may stop being an active owner: never the last one (Z4).
pub fn may_lose_owner(active_owners: u64, subject_is_active_owner: bool) -> bool {
    !subject_is_active_owner || active_owners > 1
}

/// Whether somebody who takes the new role would lose rights; asked twice where they do it to themselves (RO-1).
pub fn is_lowering(old: &PermissionSet, new: &PermissionSet) -> bool {
    !old.is_subset(new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::permission::{BuiltIn, Permission};

    #[test]
    fn an_admin_gives_every_role_but_owner() {
        let admin = BuiltIn::Admin.permissions();
        for (role, allowed) in [(BuiltIn::Owner, false), (BuiltIn::Admin, true), (BuiltIn::Supervisor, true), (BuiltIn::Agent, true)] {
            assert_eq!(may_grant(&admin, &role.permissions()), allowed, "{role:?}");
            assert_eq!(is_above(&role.permissions(), &admin), !allowed, "{role:?}");
        }
    }

    #[test]
    fn the_last_active_owner_stays_one() {
        assert!(!may_lose_owner(1, true));
        assert!(may_lose_owner(2, true));
        assert!(may_lose_owner(1, false));
    }

    #[test]
    fn losing_one_right_is_lowering() {
        let old = PermissionSet::from_iter([Permission::OperatorsView, Permission::RolesView]);
        let new = PermissionSet::from_iter([Permission::OperatorsView, Permission::AuditView]);
        assert!(is_lowering(&old, &new));
        assert!(!is_lowering(&old, &old));
    }
}
