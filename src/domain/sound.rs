//! What the panel of an operator sounds like (PA-1): a sound for each event, which can be changed or muted.

use super::field::Fault;
use super::named::named;

named! {
    /// Something that may make a sound.
    Event {
        /// A query is offered to the operator; sounds until it is taken or gone.
        Offered = "offered",
        /// A query was assigned to the operator.
        Assigned = "assigned",
        /// A customer of the operator said something.
        Replied = "replied",
    }
}

named! {
    /// A sound of this project; the file of that name lies in `static/sounds`.
    Sound {
        /// Two soft tones upwards.
        Chime = "chime",
        /// A small bell.
        Bell = "bell",
        /// A wooden bar.
        Marimba = "marimba",
        /// Two knocks.
        Knock = "knock",
        /// A telephone.
        Ring = "ring",
    }
}

/// The name that stands for no sound.
pub const MUTED: &str = "none";

impl Event {
    /// What it sounds like until the operator chooses.
    pub fn usual(self) -> Sound {
        match self {
            Event::Offered => Sound::Ring,
            Event::Assigned => Sound::Chime,
            Event::Replied => Sound::Marimba,
        }
    }
}

/// The sounds of one operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sounds([Option<Sound>; Event::ALL.len()]);

impl Default for Sounds {
    fn default() -> Sounds {
        Sounds(Event::ALL.map(|event| Some(event.usual())))
    }
}

impl Sounds {
    /// What an event sounds like; none where it is muted.
    pub fn of(&self, event: Event) -> Option<Sound> {
        self.0.get(event as usize).copied().flatten()
    }

    /// The same with another sound for an event, or none.
    #[must_use]
    pub fn with(mut self, event: Event, sound: Option<Sound>) -> Sounds {
        if let Some(slot) = self.0.get_mut(event as usize) {
            *slot = sound;
        }
        self
    }
}

/// A sound by its name as typed, `none` for no sound. Fault: `unknown_choice`.
pub fn read(name: &str) -> Result<Option<Sound>, Fault> {
    match (name, Sound::parse(name)) {
        (MUTED, _) => Ok(None),
        (_, Some(sound)) => Ok(Some(sound)),
        _ => Err(Fault::new("unknown_choice")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_sounds_until_it_is_muted() {
        let usual = Sounds::default();
        for event in Event::ALL {
            assert_eq!(usual.of(event), Some(event.usual()));
            assert_eq!(usual.with(event, None).of(event), None);
            assert_eq!(usual.with(event, Some(Sound::Bell)).of(event), Some(Sound::Bell));
        }
        assert_eq!(usual.with(Event::Offered, None).of(Event::Replied), Some(Sound::Marimba));
    }

    #[test]
    fn sounds_are_read_by_name() {
        assert_eq!(read("bell"), Ok(Some(Sound::Bell)));
        assert_eq!(read("none"), Ok(None));
        assert_eq!(read("siren"), Err(Fault::new("unknown_choice")));
    }

    #[test]
    fn every_sound_has_its_file() {
        for sound in Sound::ALL {
            let file = format!("static/sounds/{}.wav", sound.as_str());
            assert!(std::path::Path::new(&file).is_file(), "{file}");
        }
    }
}
