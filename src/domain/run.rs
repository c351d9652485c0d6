//! Long work that is asked for on a page: its states, and what becomes of each of its rows (OP-8).

use super::named::named;

/// Up to so many rows are done at once, in the request that asks for them.
pub const AT_ONCE: u64 = 200;

/// How often a run is begun before it counts as failed (J4).
pub const MOST_ATTEMPTS: i64 = 4;

named! {
    /// What a run does.
    RunKind {
        /// One deed to many operators.
        Bulk = "bulk",
        /// Operators from a file.
        Import = "import",
    }
}

named! {
    /// How far a run is.
    RunState {
        /// Its rows are being looked at.
        Preparing = "preparing",
        /// It waits for a word of whoever asked for it.
        Asked = "asked",
        /// It is being carried out.
        Running = "running",
        /// It is carried out.
        Done = "done",
        /// It was given up; the note says why.
        Failed = "failed",
    }
}

named! {
    /// What becomes of a row.
    Outcome {
        /// The deed will be done to it.
        Waiting = "waiting",
        /// The deed was done to it.
        Done = "done",
        /// An operator is added.
        Create = "create",
        /// An operator is changed.
        Change = "change",
        /// There is nothing to do.
        Same = "same",
        /// A rule stands in the way, or a field holds something that cannot be taken.
        Refused = "refused",
    }
}

named! {
    /// A deed that is done to many operators at once (OP-8).
    Deed {
        /// Keeps them out.
        Suspend = "suspend",
        /// Lets them in again.
        Reactivate = "reactivate",
        /// Mails a fresh invitation.
        Invite = "invite",
        /// Gives them a priority.
        Priority = "priority",
        /// Puts them in a department.
        Department = "department",
        /// Gives them a shared schedule, or none.
        Schedule = "schedule",
    }
}

impl Deed {
    /// Whether the deed is asked about before it is done, however few are chosen: it is dangerous, or needs a value.
    pub fn is_asked_about(self) -> bool {
        matches!(self, Deed::Suspend | Deed::Priority | Deed::Department | Deed::Schedule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_as_they_were_written() {
        for state in RunState::ALL {
            assert_eq!(RunState::parse(state.as_str()), Some(state));
        }
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::parse(outcome.as_str()), Some(outcome));
        }
        for deed in Deed::ALL {
            assert_eq!(Deed::parse(deed.as_str()), Some(deed));
        }
        assert_eq!(RunKind::parse("Bulk"), None);
    }
}
