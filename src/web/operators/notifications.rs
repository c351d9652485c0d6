//! What an operator is told of by mail, for each event (NO-1, HR-6).

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::subject::Subject;
use crate::actions::{Ctx, operators};
use crate::domain::field::FieldErrors;
use crate::domain::notice::{Event, NEVER, Notices, When, read};
use crate::error::Result;
use crate::i18n::Texts;
use crate::store::notices;
use crate::web::faults::Faults;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::see_other_with;
use crate::web::shell::{self, Shell};
use crate::web::visit::Reader;

const HERE: &str = "operators-notifications";

/// The form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    shift_starts: String,
    shift_ends: String,
}

/// One event with its choice.
struct Choice {
    field: &'static str,
    label: &'static str,
    help: &'static str,
    value: String,
}

#[derive(Template)]
#[template(path = "operators/notifications.html")]
struct NotificationsPage<'a> {
    shell: Shell<'a>,
    subject: &'a Subject,
    here: &'static str,
    faults: Faults,
    /// Where the mails go.
    address: &'a str,
    has_hours: bool,
    choices: Vec<Choice>,
    /// Name and words.
    options: Vec<(String, String)>,
    may_save: bool,
}

impl NotificationsPage<'_> {
    fn chosen(&self, choice: &Choice) -> &str {
        self.options.iter().find(|(value, _)| *value == choice.value).map_or("", |(_, text)| text)
    }
}

/// An event in words, and when exactly it is told.
pub fn event_text(t: Texts, event: Event) -> (&'static str, &'static str) {
    match event {
        Event::ShiftStarts => (t.get("notices-shift-starts"), t.get("notices-shift-starts-help")),
        Event::ShiftEnds => (t.get("notices-shift-ends"), t.get("notices-shift-ends-help")),
    }
}

fn page<'a>(reader: &'a Reader, subject: &'a Subject, value: impl Fn(Event) -> String, faults: Faults) -> NotificationsPage<'a> {
    let t = reader.t;
    let choice = |event: Event| {
        let (label, help) = event_text(t, event);
        Choice { field: event.as_str(), label, help, value: value(event) }
    };
    let operator = &subject.operator;
    let options = [(NEVER, "notices-never"), (When::Away.as_str(), "notices-away"), (When::Always.as_str(), "notices-always")];
    NotificationsPage {
        shell: subject.shell(reader, HERE),
        here: HERE,
        may_save: subject.may("notifications"),
        address: operator.notification_email.as_deref().unwrap_or(&operator.email),
        has_hours: operator.schedule_id.is_some(),
        subject,
        faults,
        choices: Event::ALL.map(choice).into(),
        options: options.map(|(value, key)| (value.to_owned(), t.get(key).to_owned())).into(),
    }
}

/// `GET …/notifications`.
pub async fn show(ctx: Data<Ctx>, reader: Reader, subject: Subject) -> Result<HttpResponse> {
    let stored = notices::of_operator(ctx.store.read(), subject.operator.id).await?;
    let value = |event: Event| stored.of(event).map_or(NEVER, When::as_str).to_owned();
    shell::ok(&ctx, &reader, &page(&reader, &subject, value, Faults::none(reader.t)))
}

/// `POST …/notifications`.
pub async fn save(ctx: Data<Ctx>, reader: Reader, subject: Subject, form: Form<Fields>) -> Result<HttpResponse> {
    let Fields { shift_starts, shift_ends } = &form.fields;
    let mut errors = FieldErrors::default();
    let typed = [(Event::ShiftStarts, shift_starts), (Event::ShiftEnds, shift_ends)];
    let chosen = typed.iter().fold(Notices::default(), |notices, (event, name)| match errors.take(event.as_str(), read(name)) {
        Some(when) => notices.with(*event, when),
        None => notices,
    });
    if !errors.is_empty() {
        let value = |event: Event| typed.iter().find(|(one, _)| *one == event).map_or(String::new(), |(_, name)| (*name).clone());
        return shell::invalid(&ctx, &reader, &page(&reader, &subject, value, Faults::of(reader.t, errors)));
    }
    operators::set_notices(&ctx, reader.actor()?, subject.operator.id, chosen).await?;
    let flash = Flash::success("operators-saved").with("name", &subject.operator.name);
    Ok(see_other_with(&ctx, &format!("{}/notifications", subject.base), &flash))
}
