//! What a member of a department works there: who may work a channel is the administrator's word, who takes it now is the
//! operator's own (DE-3).

use super::channel::{Channel, Channels};
use super::field::Fault;

/// The switches of one operator in one department. A channel is taken only where it may be worked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Switches {
    allowed: Channels,
    active: Channels,
}

impl Switches {
    /// Every one of these channels may be worked and is taken: how a member begins.
    pub fn on(channels: Channels) -> Switches {
        Switches { allowed: channels, active: channels }
    }

    /// These switches. Fault: `active_not_allowed` where a channel would be taken that may not be worked.
    pub fn new(allowed: Channels, active: Channels) -> Result<Switches, Fault> {
        if active.and(allowed) == active { Ok(Switches { allowed, active }) } else { Err(Fault::new("active_not_allowed")) }
    }

    /// The channels the operator may work.
    pub fn allowed(self) -> Channels {
        self.allowed
    }

    /// The channels the operator takes now.
    pub fn active(self) -> Channels {
        self.active
    }

    /// With a channel allowed and taken, or neither: one click of an administrator.
    #[must_use]
    pub fn with_allowed(self, channel: Channel, is_allowed: bool) -> Switches {
        Switches { allowed: self.allowed.with(channel, is_allowed), active: self.active.with(channel, is_allowed) }
    }

    /// With a channel taken now or not; one that may not be worked stays as it is.
    #[must_use]
    pub fn with_active(self, channel: Channel, is_active: bool) -> Switches {
        Switches { active: self.active.with(channel, is_active).and(self.allowed), ..self }
    }
}

/// Whether one more operator finds a place (DE-2). A limit below the present number blocks additions only.
pub fn has_room(members: u64, limit: u64) -> bool {
    members < limit
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_is_taken_that_may_not_be_worked() {
        let calls = Channels::default().with(Channel::Call, true);
        assert_eq!(Switches::new(Channels::default(), calls), Err(Fault::new("active_not_allowed")));
        let none = Switches::default();
        assert_eq!(none.with_active(Channel::Call, true), none);
        assert_eq!(none.with_allowed(Channel::Call, true), Switches::on(calls));
    }

    #[test]
    fn the_last_place_is_given_once() {
        for (members, limit, fits) in [(24, 25, true), (25, 25, false), (26, 25, false), (0, 1, true)] {
            assert_eq!(has_room(members, limit), fits, "{members} of {limit}");
        }
    }

    proptest! {
        #[test]
        fn active_is_always_within_allowed(deeds in proptest::collection::vec((0usize..3, any::<bool>(), any::<bool>()), 0..20)) {
            let mut switches = Switches::default();
            for (place, is_allowing, on) in deeds {
                let channel = Channel::ALL[place];
                switches = if is_allowing { switches.with_allowed(channel, on) } else { switches.with_active(channel, on) };
                prop_assert!(Switches::new(switches.allowed(), switches.active()).is_ok());
            }
        }
    }
}
