//! What the panel sounds like, for each event (PA-1).

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::subject::Subject;
use crate::actions::Ctx;
use crate::actions::operators;
use crate::domain::field::FieldErrors;
use crate::domain::sound::{Event, MUTED, Sound, Sounds, read};
use crate::error::Result;
use crate::i18n::Texts;
use crate::store::sounds;
use crate::web::assets;
use crate::web::faults::Faults;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::see_other_with;
use crate::web::shell::{self, Shell};
use crate::web::visit::Reader;

const HERE: &str = "operators-sounds";

/// The form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    offered: String,
    assigned: String,
    replied: String,
}

/// One event with its choices.
struct Choice {
    field: &'static str,
    label: &'static str,
    help: &'static str,
    value: String,
}

#[derive(Template)]
#[template(path = "operators/sounds.html")]
struct SoundsPage<'a> {
    shell: Shell<'a>,
    subject: &'a Subject,
    here: &'static str,
    faults: Faults,
    choices: Vec<Choice>,
    /// Name, words and address of each sound.
    options: Vec<(&'static str, &'static str, &'static str)>,
    may_save: bool,
}

fn event_text(t: Texts, event: Event) -> (&'static str, &'static str) {
    match event {
        Event::Offered => (t.get("sounds-offered"), t.get("sounds-offered-help")),
        Event::Assigned => (t.get("sounds-assigned"), ""),
        Event::Replied => (t.get("sounds-replied"), ""),
    }
}

fn sound_text(t: Texts, sound: Sound) -> &'static str {
    t.get(match sound {
        Sound::Chime => "sounds-chime",
        Sound::Bell => "sounds-bell",
        Sound::Marimba => "sounds-marimba",
        Sound::Knock => "sounds-knock",
        Sound::Ring => "sounds-ring",
    })
}

/// The address of a sound.
pub fn file(sound: Sound) -> &'static str {
    assets::address(&format!("sounds/{}.wav", sound.as_str()))
}

fn page<'a>(reader: &'a Reader, subject: &'a Subject, value: impl Fn(Event) -> String, faults: Faults) -> SoundsPage<'a> {
    let t = reader.t;
    let choice = |event: Event| {
        let (label, help) = event_text(t, event);
        Choice { field: event.as_str(), label, help, value: value(event) }
    };
    let muted = (MUTED, t.get("sounds-none"), "");
    SoundsPage {
        shell: subject.shell(reader, HERE),
        here: HERE,
        may_save: subject.may("sounds"),
        subject,
        faults,
        choices: Event::ALL.map(choice).into(),
        options: Sound::ALL.map(|sound| (sound.as_str(), sound_text(t, sound), file(sound))).into_iter().chain([muted]).collect(),
    }
}

/// `GET …/sounds`.
pub async fn show(ctx: Data<Ctx>, reader: Reader, subject: Subject) -> Result<HttpResponse> {
    let stored = sounds::of_operator(ctx.store.read(), subject.operator.id).await?;
    let value = |event: Event| stored.of(event).map_or(MUTED, Sound::as_str).to_owned();
    shell::ok(&ctx, &reader, &page(&reader, &subject, value, Faults::none(reader.t)))
}

/// `POST …/sounds`.
pub async fn save(ctx: Data<Ctx>, reader: Reader, subject: Subject, form: Form<Fields>) -> Result<HttpResponse> {
    let Fields { offered, assigned, replied } = &form.fields;
    let mut errors = FieldErrors::default();
    let typed = [(Event::Offered, offered), (Event::Assigned, assigned), (Event::Replied, replied)];
    let chosen = typed.iter().fold(Sounds::default(), |sounds, (event, name)| match errors.take(event.as_str(), read(name)) {
        Some(sound) => sounds.with(*event, sound),
        None => sounds,
    });
    if !errors.is_empty() {
        let value = |event: Event| typed.iter().find(|(one, _)| *one == event).map_or(String::new(), |(_, name)| (*name).clone());
        return shell::invalid(&ctx, &reader, &page(&reader, &subject, value, Faults::of(reader.t, errors)));
    }
    operators::set_sounds(&ctx, reader.actor()?, subject.operator.id, chosen).await?;
    let flash = Flash::success("operators-saved").with("name", &subject.operator.name);
    Ok(see_other_with(&ctx, &format!("{}/sounds", subject.base), &flash))
}
