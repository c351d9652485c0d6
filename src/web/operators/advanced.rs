//! Standing wishes of an operator: capacity, order, waiting times, theme (OP-10).

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::subject::Subject;
use crate::actions::Ctx;
use crate::actions::operators::{self, Profile};
use crate::domain::field::FieldErrors;
use crate::domain::number::{number, optional_number};
use crate::domain::operator::{MAX_CHAT_LOAD, MINUTES, PRIORITY, Theme};
use crate::error::{AppError, Result};
use crate::i18n::Texts;
use crate::store;
use crate::store::operators::Operator;
use crate::web::faults::Faults;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::see_other_with;
use crate::web::shell::{self, Shell};
use crate::web::stale::{self, StalePage, differences};
use crate::web::visit::{Reader, Visit};

const HERE: &str = "operators-advanced";

/// The form; a switch that is off sends nothing, so `switches` says that the form had them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    version: Option<String>,
    switches: Option<String>,
    max_chat_load: Option<String>,
    priority: Option<String>,
    theme: Option<String>,
    no_answer_minutes: Option<String>,
    idle_minutes: Option<String>,
    help_when_invisible: Option<String>,
    presence_required: Option<String>,
    classify_after: Option<String>,
}

/// The values a form shows.
struct Shown {
    max_chat_load: String,
    priority: String,
    theme: String,
    no_answer_minutes: String,
    idle_minutes: String,
    help_when_invisible: bool,
    presence_required: bool,
    classify_after: bool,
}

#[derive(Template)]
#[template(path = "operators/advanced.html")]
struct AdvancedPage<'a> {
    shell: Shell<'a>,
    subject: &'a Subject,
    here: &'static str,
    faults: Faults,
    shown: Shown,
    facts: Vec<(&'static str, String)>,
    may_save: bool,
}

const EDITABLE: [&str; 8] = [
    "max_chat_load",
    "priority",
    "theme",
    "no_answer_minutes",
    "idle_minutes",
    "help_when_invisible",
    "presence_required",
    "classify_after",
];

impl From<&Operator> for Shown {
    fn from(operator: &Operator) -> Shown {
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        Shown {
            max_chat_load: number(operator.max_chat_load),
            priority: operator.priority.to_string(),
            theme: operator.theme.clone(),
            no_answer_minutes: number(operator.no_answer_minutes),
            idle_minutes: number(operator.idle_minutes),
            help_when_invisible: operator.help_when_invisible,
            presence_required: operator.presence_required,
            classify_after: operator.classify_after,
        }
    }
}

impl Shown {
    /// The values as they were sent, over those that stand.
    fn with(self, subject: &Subject, fields: &Fields) -> Shown {
        let text = |sent: &Option<String>, stored: String| sent.clone().unwrap_or(stored);
        let on = |field: &str, sent: &Option<String>, stored| switch(subject, fields, field, sent).unwrap_or(stored);
        Shown {
            max_chat_load: text(&fields.max_chat_load, self.max_chat_load),
            priority: text(&fields.priority, self.priority),
            theme: text(&fields.theme, self.theme),
            no_answer_minutes: text(&fields.no_answer_minutes, self.no_answer_minutes),
            idle_minutes: text(&fields.idle_minutes, self.idle_minutes),
            help_when_invisible: on("help_when_invisible", &fields.help_when_invisible, self.help_when_invisible),
            presence_required: on("presence_required", &fields.presence_required, self.presence_required),
            classify_after: on("classify_after", &fields.classify_after, self.classify_after),
        }
    }

    /// Every field with its label and its value in words.
    fn told(&self, t: Texts) -> [(&'static str, &'static str, String); 8] {
        let yes = |on: bool| t.get(if on { "operators-yes" } else { "operators-no" }).to_owned();
        let minutes = |text: &str| if text.is_empty() { String::new() } else { format!("{text} {}", t.get("operators-minutes-unit")) };
        let chats = if self.max_chat_load.is_empty() { t.get("operators-no-limit").to_owned() } else { self.max_chat_load.clone() };
        [
            ("max_chat_load", t.get("operators-max-chat-load"), chats),
            ("priority", t.get("operators-priority"), self.priority.clone()),
            ("theme", t.get("operators-theme"), Theme::parse(&self.theme).map(|theme| theme_text(t, theme).to_owned()).unwrap_or_default()),
            ("no_answer_minutes", t.get("operators-no-answer-minutes"), minutes(&self.no_answer_minutes)),
            ("idle_minutes", t.get("operators-idle-minutes"), minutes(&self.idle_minutes)),
            ("help_when_invisible", t.get("operators-help-when-invisible"), yes(self.help_when_invisible)),
            ("presence_required", t.get("operators-presence-required"), yes(self.presence_required)),
            ("classify_after", t.get("operators-classify-after"), yes(self.classify_after)),
        ]
    }
}

/// A switch as it was sent; none where the form did not offer it to this reader.
fn switch(subject: &Subject, fields: &Fields, field: &str, sent: &Option<String>) -> Option<bool> {
    match sent {
        Some(value) => Some(value != "false"),
        None => (fields.switches.is_some() && subject.may(field)).then_some(false),
    }
}

fn theme_text(t: Texts, theme: Theme) -> &'static str {
    t.get(match theme {
        Theme::System => "operators-theme-system",
        Theme::Bright => "operators-theme-bright",
        Theme::Dark => "operators-theme-dark",
    })
}

impl<'a> AdvancedPage<'a> {
    fn new(visit: &'a Visit, subject: &'a Subject, shown: Shown, faults: Faults) -> AdvancedPage<'a> {
        let fixed = shown.told(visit.t).into_iter().filter(|(field, _, value)| !subject.may(field) && !value.is_empty());
        AdvancedPage {
            shell: subject.shell(visit, HERE),
            here: HERE,
            facts: fixed.map(|(_, label, value)| (label, value)).collect(),
            may_save: subject.may_any(&EDITABLE),
            subject,
            faults,
            shown,
        }
    }

    fn themes(&self) -> Vec<(&'static str, &'static str)> {
        Theme::ALL.into_iter().map(|theme| (theme.as_str(), theme_text(self.shell.t, theme))).collect()
    }
}

/// `GET …/advanced`.
pub async fn show(ctx: Data<Ctx>, reader: Reader, subject: Subject) -> Result<HttpResponse> {
    let page = AdvancedPage::new(&reader, &subject, Shown::from(&subject.operator), Faults::none(reader.t));
    shell::ok(&ctx, &reader, &page)
}

/// `POST …/advanced`.
pub async fn save(ctx: Data<Ctx>, reader: Reader, subject: Subject, form: Form<Fields>) -> Result<HttpResponse> {
    let actor = reader.actor()?;
    let fields = &form.fields;
    let version = fields.version.as_deref().and_then(|version| version.parse().ok());
    let changed = match profile(&subject, fields) {
        Ok(profile) => operators::change(&ctx, actor, subject.operator.id, version, profile).await,
        Err(errors) => Err(errors.into()),
    };
    match changed {
        Ok(()) => {
            let flash = Flash::success("operators-saved").with("name", &subject.operator.name);
            Ok(see_other_with(&ctx, &format!("{}/advanced", subject.base), &flash))
        }
        Err(AppError::Invalid(errors)) => {
            let shown = Shown::from(&subject.operator).with(&subject, fields);
            let page = AdvancedPage::new(&reader, &subject, shown, Faults::of(reader.t, errors));
            shell::invalid(&ctx, &reader, &page)
        }
        Err(AppError::Stale) => {
            let now = store::operators::find(ctx.store.read(), subject.operator.id).await?.ok_or(AppError::NotFound)?;
            let (theirs, yours) = (Shown::from(&now), Shown::from(&now).with(&subject, fields));
            let both = theirs.told(reader.t).into_iter().zip(yours.told(reader.t));
            let differing = differences(both.map(|((_, label, theirs), (.., yours))| (label, theirs, yours)));
            stale::answer(&ctx, &StalePage::new(&reader, &format!("{}/advanced", subject.base), form.raw, now.version, differing))
        }
        Err(error) => Err(error),
    }
}

/// Numbers are read here, since the deed takes numbers; what they may be is a rule of the domain.
fn profile(subject: &Subject, fields: &Fields) -> Result<Profile, FieldErrors> {
    let mut errors = FieldErrors::default();
    let mut read = |field: &str, sent: &Option<String>, range: &std::ops::RangeInclusive<i32>| {
        let sent = sent.as_deref()?;
        errors.take(field, optional_number(sent, (*range.start()).into(), (*range.end()).into()))
    };
    let max_chat_load = read("max_chat_load", &fields.max_chat_load, &MAX_CHAT_LOAD);
    let no_answer_minutes = read("no_answer_minutes", &fields.no_answer_minutes, &MINUTES);
    let idle_minutes = read("idle_minutes", &fields.idle_minutes, &MINUTES);
    let (first, last) = (i64::from(*PRIORITY.start()), i64::from(*PRIORITY.end()));
    let priority = fields.priority.as_deref().and_then(|sent| errors.take("priority", number(sent, first, last)));
    errors.into_result(Profile {
        max_chat_load,
        priority,
        no_answer_minutes,
        idle_minutes,
        theme: fields.theme.clone(),
        help_when_invisible: switch(subject, fields, "help_when_invisible", &fields.help_when_invisible),
        presence_required: switch(subject, fields, "presence_required", &fields.presence_required),
        classify_after: switch(subject, fields, "classify_after", &fields.classify_after),
        ..Profile::default()
    })
}
