//! The ways in which a query reaches people, and sets of them (DE-1, DE-3, DE-4).

use super::field::Fault;
use super::named::{known, named};

named! {
    /// How a query arrives and is answered.
    #[derive(PartialOrd, Ord, Hash)]
    Channel {
        /// In writing, answered later.
        Ticket = "ticket",
        /// In writing, answered at once.
        Chat = "chat",
        /// By voice.
        Call = "call",
    }
}

impl Channel {
    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of channels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Channels(u8);

impl Channels {
    /// All channels.
    pub fn all() -> Channels {
        Channel::ALL.into_iter().collect()
    }

    /// Whether the channel is in the set.
    pub fn contains(self, channel: Channel) -> bool {
        self.0 & channel.bit() != 0
    }

    /// The set with this channel, or without it.
    #[must_use]
    pub fn with(self, channel: Channel, is_in: bool) -> Channels {
        Channels(if is_in { self.0 | channel.bit() } else { self.0 & !channel.bit() })
    }

    /// The channels of both sets.
    #[must_use]
    pub fn and(self, other: Channels) -> Channels {
        Channels(self.0 & other.0)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The channels of the set, in their order.
    pub fn iter(self) -> impl Iterator<Item = Channel> {
        Channel::ALL.into_iter().filter(move |channel| self.contains(*channel))
    }

    /// The stable names, as the database and the audit log keep them.
    pub fn names(self) -> Vec<&'static str> {
        self.iter().map(Channel::as_str).collect()
    }

    /// Reads stable names. Fault: `unknown_choice`.
    pub fn parse<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Channels, Fault> {
        names.into_iter().map(|name| known(name.trim(), Channel::parse)).collect()
    }
}

impl FromIterator<Channel> for Channels {
    fn from_iter<I: IntoIterator<Item = Channel>>(channels: I) -> Channels {
        channels.into_iter().fold(Channels::default(), |set, channel| set.with(channel, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_keeps_each_channel_once_and_in_order() {
        let set = Channels::parse(["call", " ticket", "call"]).unwrap();
        assert_eq!(set.names(), ["ticket", "call"]);
        assert_eq!(set.with(Channel::Call, false).names(), ["ticket"]);
        assert!(set.and(Channels::default()).is_empty());
        assert_eq!(Channels::all().and(set), set);
    }

    #[test]
    fn an_unknown_channel_is_refused() {
        assert_eq!(Channels::parse(["chat", "fax"]), Err(Fault::new("unknown_choice")));
    }
}
