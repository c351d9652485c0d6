//! What an API key may do and how often (CONTRACT.md "JSON API").

use std::time::Duration;

use super::permission::{BuiltIn, Permission, PermissionSet};

/// What every key begins with, so that scanners of leaked secrets recognise one (P2).
pub const PREFIX: &str = "onduty_";
/// Characters of a key that are kept to recognise it by: [`PREFIX`] and six more.
pub const SHOWN: usize = PREFIX.len() + 6;
/// Days a key may live where an end is set.
pub const EXPIRES_DAYS: std::ops::RangeInclusive<u32> = 1..=3650;

macro_rules! scopes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// One thing an API key may be allowed to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Scope { $($(#[$doc])* $variant,)* }

        impl Scope {
            /// All scopes, by area.
            pub const ALL: &'static [Scope] = &[$(Scope::$variant,)*];

            /// The stable name: `operators:read`.
            pub fn as_str(self) -> &'static str {
                match self { $(Scope::$variant => $name,)* }
            }
        }
    };
}

scopes! {
    /// Ask who may take something now.
    AvailabilityRead = "availability:read",
    /// Read operators, their status and presence.
    OperatorsRead = "operators:read",
    /// Create and change operators, their status and presence.
    OperatorsWrite = "operators:write",
    /// Read roles.
    RolesRead = "roles:read",
    /// Create and change roles.
    RolesWrite = "roles:write",
    /// Read statuses.
    StatusesRead = "statuses:read",
    /// Create and change statuses.
    StatusesWrite = "statuses:write",
    /// Read schedules.
    SchedulesRead = "schedules:read",
    /// Create and change schedules.
    SchedulesWrite = "schedules:write",
    /// Read absences.
    AbsencesRead = "absences:read",
    /// Create and change absences.
    AbsencesWrite = "absences:write",
    /// Read departments and their members.
    DepartmentsRead = "departments:read",
    /// Create and change departments and their members.
    DepartmentsWrite = "departments:write",
    /// Read languages.
    LanguagesRead = "languages:read",
    /// Create and change languages.
    LanguagesWrite = "languages:write",
    /// Read sites.
    SitesRead = "sites:read",
    /// Create and change sites.
    SitesWrite = "sites:write",
    /// Read queries.
    QueriesRead = "queries:read",
    /// Submit and change queries.
    QueriesWrite = "queries:write",
    /// Read reports.
    ReportsRead = "reports:read",
    /// Change what reports rest on.
    ReportsWrite = "reports:write",
    /// Read the organisation settings.
    SettingsRead = "settings:read",
    /// Change the organisation settings.
    SettingsWrite = "settings:write",
}

/// The scopes that calls exist for so far; the page offers these.
pub const SERVED: &[Scope] = &[
    Scope::OperatorsRead,
    Scope::OperatorsWrite,
    Scope::RolesRead,
    Scope::RolesWrite,
    Scope::DepartmentsRead,
    Scope::DepartmentsWrite,
    Scope::StatusesRead,
    Scope::StatusesWrite,
    Scope::LanguagesRead,
    Scope::LanguagesWrite,
    Scope::SchedulesRead,
    Scope::SchedulesWrite,
    Scope::AbsencesRead,
    Scope::AbsencesWrite,
    Scope::SitesRead,
    Scope::SitesWrite,
    Scope::QueriesRead,
    Scope::QueriesWrite,
    Scope::ReportsRead,
    Scope::SettingsRead,
    Scope::SettingsWrite,
    Scope::AvailabilityRead,
];

impl Scope {
    /// Reads a stable name.
    pub fn parse(name: &str) -> Option<Scope> {
        Scope::ALL.iter().copied().find(|scope| scope.as_str() == name)
    }

    /// The area, the part of the name before the colon.
    pub fn area(self) -> &'static str {
        self.as_str().split(':').next().unwrap_or_default()
    }

    fn permissions(self) -> PermissionSet {
        match self {
            Scope::OperatorsWrite | Scope::RolesWrite => BuiltIn::Admin.permissions(),
            Scope::AvailabilityRead => [Permission::NowView].into_iter().collect(),
            Scope::DepartmentsWrite => [Permission::DepartmentsManage, Permission::DepartmentMembersManage].into_iter().collect(),
            _ => Permission::parse(&self.as_str().replace(":read", ".view").replace(":write", ".manage")).into_iter().collect(),
        }
    }

    /// Whether the scope holds the other one: every scope itself, and who may write an area may also read it.
    pub fn implies(self, other: Scope) -> bool {
        self == other || self.as_str().ends_with(":write") && self.area() == other.area()
    }
}

/// What a key with these scopes may do as an actor.
///
/// Nobody gives a right they lack and nobody changes somebody above (Z5), so keys that write operators or roles hold
/// the rights of an admin: they give every role but owner and leave owners alone. The scopes still decide which
/// addresses a key may call at all.
pub fn permissions(scopes: &[Scope]) -> PermissionSet {
    scopes.iter().flat_map(|scope| scope.permissions().iter()).collect()
}

/// Whether a key with these scopes may do what asks for the needed one.
pub fn permits(granted: &[Scope], needed: Scope) -> bool {
    granted.iter().any(|scope| scope.implies(needed))
}

/// The calls a key may make at once after a rest: a tenth of its rate, at least one.
pub fn burst(rate_per_minute: u32) -> u32 {
    (rate_per_minute / 10).max(1)
}

/// The calls a key has now, before this one is taken off: what was left, and what came back since, up to its [`burst`].
///
/// Only whole calls come back. So that the rest of the time is not lost, store `now - unspent(since_last, rate_per_minute)` as the
/// instant from which `since_last` is counted next.
pub fn bucket(calls_left: u32, since_last: Duration, rate_per_minute: u32) -> u32 {
    let back = since_last.as_nanos().saturating_mul(rate_per_minute.into()) / MINUTE;
    calls_left.saturating_add(u32::try_from(back).unwrap_or(u32::MAX)).min(burst(rate_per_minute))
}

/// The part of the time that has not made a whole call in [`bucket`] yet.
pub fn unspent(since_last: Duration, rate_per_minute: u32) -> Duration {
    let part = since_last.as_nanos().saturating_mul(rate_per_minute.into()) % MINUTE;
    let nanos = part.checked_div(rate_per_minute.into()).unwrap_or_default();
    Duration::from_nanos(u64::try_from(nanos).unwrap_or_default())
}

/// A minute in nanoseconds.
const MINUTE: u128 = 60_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn scopes_are_those_of_the_contract() {
        let mut expected = vec!["availability:read".to_owned()];
        for area in [
            "operators",
            "roles",
            "statuses",
            "schedules",
            "absences",
            "departments",
            "languages",
            "sites",
            "queries",
            "reports",
            "settings",
        ] {
            expected.extend([format!("{area}:read"), format!("{area}:write")]);
        }
        let mut names: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
        expected.sort();
        names.sort_unstable();
        assert_eq!(names, expected);
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.as_str()), Some(*scope));
        }
        for wrong in ["operators", "roles:manage", "availability:write", "Operators:read", ""] {
            assert_eq!(Scope::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn writing_an_area_holds_reading_it_and_nothing_else() {
        assert!(permits(&[Scope::SitesRead, Scope::QueriesWrite], Scope::QueriesRead));
        assert!(permits(&[Scope::QueriesWrite], Scope::QueriesWrite));
        assert!(!permits(&[Scope::QueriesRead], Scope::QueriesWrite));
        assert!(!permits(&[Scope::QueriesWrite], Scope::SitesRead));
        assert!(!permits(&[], Scope::AvailabilityRead));
    }

    #[test]
    fn every_scope_stands_for_a_right_and_none_for_owners() {
        for scope in Scope::ALL {
            let held = permissions(&[*scope]);
            assert!(held.iter().next().is_some(), "{scope:?}");
            assert!(!held.contains(Permission::OwnersManage), "{scope:?}");
        }
        let held = permissions(&[Scope::LanguagesWrite, Scope::OperatorsRead]);
        let names: Vec<_> = held.iter().map(Permission::as_str).collect();
        assert_eq!(names, ["operators.view", "languages.view", "languages.manage"]);
    }

    #[test]
    fn calls_come_back_with_time_up_to_a_tenth_of_the_rate() {
        for (left, milliseconds, rate, expected) in [
            (0, 0, 600, 0),
            (0, 99, 600, 0),
            (0, 100, 600, 1),
            (3, 250, 600, 5),
            (3, 3_600_000, 600, 60),
            (60, 1_000, 600, 60),
            (500, 0, 600, 60),
            (0, 12_000, 5, 1),
            (0, 11_999, 5, 0),
            (0, 60_000, 0, 0),
        ] {
            let now = bucket(left, Duration::from_millis(milliseconds), rate);
            assert_eq!(now, expected, "{left} left, {milliseconds} ms, {rate} a minute");
        }
        assert_eq!(bucket(u32::MAX, Duration::MAX, u32::MAX), u32::MAX / 10);
        assert_eq!(unspent(Duration::MAX, 0), Duration::ZERO);
    }

    #[test]
    fn time_that_made_no_whole_call_counts_the_next_time() {
        assert_eq!(unspent(Duration::from_millis(250), 600), Duration::from_millis(50));
        assert_eq!(unspent(Duration::from_millis(99), 600), Duration::from_millis(99));
        assert_eq!(unspent(Duration::from_millis(100), 600), Duration::ZERO);
    }

    proptest! {
        #[test]
        fn a_key_that_always_asks_gets_its_rate(gaps in proptest::collection::vec(1_u64..300, 1..200), rate in 1_u32..1_200) {
            let (mut left, mut rest, mut granted, mut passed) = (0, Duration::ZERO, 0_u64, 0);
            for gap in gaps {
                passed += gap;
                let since = rest + Duration::from_millis(gap);
                left = bucket(left, since, rate);
                rest = unspent(since, rate);
                granted += u64::from(left);
                left = 0;
            }
            let earned = passed * u64::from(rate) / 60_000;
            prop_assert!(granted <= earned);
            prop_assert!(granted + 1 >= earned, "{granted} of {earned}");
        }
    }
}
