//! Boxes for what may be worked and what is taken, on the page of a department and on that of an operator (DE-3).
//!
//! A ticked box sends `channels=12.chat.allowed`, where 12 is the row: an operator or a department. Beside it, a hidden `was` says
//! that it was ticked when the page was made: only what the sender changed is written, so two who edit the same page at once
//! keep each other's changes.

use std::collections::{BTreeMap, BTreeSet};

use super::channel_name;
use crate::actions::members::Wish;
use crate::domain::channel::{Channel, Channels};
use crate::domain::membership::Switches;
use crate::i18n::Texts;

/// A box.
pub struct Tick {
    /// Its value.
    pub value: String,
    /// Its name for those who do not see the table around it.
    pub label: String,
    /// Whether it is ticked.
    pub is_on: bool,
    /// Whether it was ticked when the page was made.
    pub was: bool,
}

/// The boxes of one channel.
pub struct Cell {
    /// Name of the channel.
    pub name: &'static str,
    /// Whether it may be worked.
    pub allowed: Tick,
    /// Whether it is taken now.
    pub active: Tick,
}

type Key = (i64, Channel, &'static str);

/// The boxes that were sent.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    was: BTreeSet<Key>,
    now: BTreeSet<Key>,
}

const ALLOWED: &str = "allowed";
const ACTIVE: &str = "active";

impl Sent {
    /// Reads the boxes of a form; what is none is left out.
    pub fn read(raw: &[(String, String)]) -> Sent {
        let named = |name: &str| raw.iter().filter(|(field, _)| field == name).filter_map(|(_, value)| key(value)).collect();
        Sent { was: named("was"), now: named("channels") }
    }

    /// What is wished, by row.
    pub fn wishes(&self) -> BTreeMap<i64, Wish> {
        let mut wishes: BTreeMap<i64, Wish> = BTreeMap::new();
        for (row, channel, kind) in self.was.symmetric_difference(&self.now) {
            let is_on = self.now.contains(&(*row, *channel, *kind));
            let wish = wishes.entry(*row).or_default();
            let list = if *kind == ALLOWED { &mut wish.allowed } else { &mut wish.active };
            list.push((*channel, is_on));
        }
        // Who may work a channel no longer does not take it either, even where that box is still ticked; and what was just
        // allowed is taken from then on.
        for wish in wishes.values_mut() {
            let forbidden: Vec<Channel> = wish.allowed.iter().filter(|(_, is_on)| !is_on).map(|(channel, _)| *channel).collect();
            wish.active.retain(|(channel, is_on)| !*is_on || !forbidden.contains(channel));
        }
        wishes
    }
}

fn key(value: &str) -> Option<Key> {
    let mut parts = value.split('.');
    let (row, channel, kind) = (parts.next()?.parse().ok()?, Channel::parse(parts.next()?)?, parts.next()?);
    let kind = [ALLOWED, ACTIVE].into_iter().find(|known| *known == kind)?;
    parts.next().is_none().then_some((row, channel, kind))
}

/// The boxes of a row called `name`, as stored, or as they were sent and refused.
pub fn cells(t: Texts, row: i64, name: &str, channels: Channels, switches: Switches, sent: Option<&Sent>) -> Vec<Cell> {
    let tick = |channel: Channel, kind: &'static str, label: &str, stored: bool| {
        let key = (row, channel, kind);
        Tick {
            value: format!("{row}.{}.{kind}", channel.as_str()),
            label: t.with(label, &[("name", name), ("channel", channel_name(t, channel))]),
            is_on: sent.map_or(stored, |sent| sent.now.contains(&key)),
            was: sent.map_or(stored, |sent| sent.was.contains(&key)),
        }
    };
    let cell = |channel| Cell {
        name: channel_name(t, channel),
        allowed: tick(channel, ALLOWED, "departments-allowed-for", switches.allowed().contains(channel)),
        active: tick(channel, ACTIVE, "departments-active-for", switches.active().contains(channel)),
    };
    channels.iter().map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(was: &[&str], now: &[&str]) -> Sent {
        let field = |name: &'static str| move |value: &&str| (name.to_owned(), (*value).to_owned());
        Sent::read(&was.iter().map(field("was")).chain(now.iter().map(field("channels"))).collect::<Vec<_>>())
    }

    #[test]
    fn only_what_was_changed_is_wished() {
        let sent = sent(&["7.chat.allowed", "7.chat.active", "9.call.allowed"], &["7.chat.allowed", "9.call.allowed", "9.ticket.allowed"]);
        let wishes = sent.wishes();
        assert_eq!(wishes[&7], Wish { active: vec![(Channel::Chat, false)], ..Wish::default() });
        assert_eq!(wishes[&9], Wish { allowed: vec![(Channel::Ticket, true)], ..Wish::default() });
    }

    #[test]
    fn what_may_not_be_worked_is_not_taken_either() {
        let wishes = sent(&["7.chat.allowed"], &["7.chat.active"]).wishes();
        assert_eq!(wishes[&7], Wish { allowed: vec![(Channel::Chat, false)], ..Wish::default() });
    }

    #[test]
    fn what_is_no_box_is_left_out() {
        assert!(sent(&["x.chat.allowed", "7.fax.allowed", "7.chat", "7.chat.allowed.more"], &["7.chat.owned", ""]).wishes().is_empty());
    }
}
