//! When an operator is, was and will be away, and the texts of their automatic replies (AB-1, AB-4, OP-9).

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::TimeDelta;
use serde::Deserialize;

use super::Nothing;
use super::subject::Subject;
use crate::actions::Ctx;
use crate::actions::absences::{self as deeds, may_plan, may_see};
use crate::domain::absence::{RawText, read_texts};
use crate::domain::field::FieldErrors;
use crate::domain::mail_text::REPLY_VARIABLES;
use crate::error::{AppError, Result};
use crate::i18n::Texts;
use crate::store;
use crate::store::absences::{self, AbsenceRow};
use crate::store::queries;
use crate::web::absences::reply::{self, Reply, Values};
use crate::web::absences::{Badge, days_text, span_text};
use crate::web::faults::{Faults, word};
use crate::web::flash::Flash;
use crate::web::form::{Form, is_asked_by_script};
use crate::web::listing::{Address, Pages};
use crate::web::see_other_with;
use crate::web::shell::{self, Shell};
use crate::web::stale::{self, StalePage, differences};
use crate::web::visit::{Reader, Visit};

const HERE: &str = "absences-title";
/// Past absences of a page.
const PAST: u64 = 20;

/// An absence in words.
struct Line {
    id: i64,
    badge: Badge,
    when: String,
    days: Option<String>,
    is_running: bool,
    deputy: Option<String>,
    auto_reply: bool,
    note: Option<String>,
}

/// Absences under a title.
struct Group {
    id: &'static str,
    title: &'static str,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "operators/absences.html")]
struct AbsencesPage<'a> {
    shell: Shell<'a>,
    subject: &'a Subject,
    here: &'static str,
    groups: Vec<Group>,
    is_empty: bool,
    pages: Pages,
    may_plan: bool,
    /// Names of the languages in which the operator has texts.
    texts: String,
    /// How many queries the operator still has while an absence runs.
    open: usize,
}

/// It alone, as scripts ask for it.
#[derive(Template)]
#[template(path = "operators/reply_look.html")]
struct LookPart {
    look: RepliesLook,
}

/// The replies as the texts make them, and what is wrong with those.
struct RepliesLook {
    t: Texts,
    faults: Vec<String>,
    replies: Vec<Reply>,
}

#[derive(Template)]
#[template(path = "operators/reply_texts.html")]
struct TextsPage<'a> {
    shell: Shell<'a>,
    subject: &'a Subject,
    here: &'static str,
    faults: Faults,
    languages: Vec<(String, String)>,
    sent: BTreeMap<String, RawText>,
    variables: String,
    look: RepliesLook,
}

impl TextsPage<'_> {
    fn subject_in(&self, tag: &str) -> &str {
        self.sent.get(tag).map_or("", |text| text.subject.as_str())
    }

    fn body_in(&self, tag: &str) -> &str {
        self.sent.get(tag).map_or("", |text| text.body.as_str())
    }
}

/// Which page of the past is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    page: Option<String>,
}

/// The texts as their form was sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    version: Option<i64>,
}

/// `POST …/absences/hand-over`: what an absent operator still has goes to the deputy, or to its department.
pub async fn hand_over(ctx: Data<Ctx>, reader: Reader, subject: Subject, _form: Form<Nothing>) -> Result<HttpResponse> {
    let there = format!("{}/absences", subject.base);
    match crate::actions::queries::hand_over(&ctx, reader.actor()?, subject.operator.id).await {
        Ok(count) => Ok(see_other_with(&ctx, &there, &Flash::success("queries-handed-over").with("count", count))),
        Err(AppError::Conflict(_)) => Ok(see_other_with(&ctx, &there, &Flash::warning("conflict-not-absent"))),
        Err(error) => Err(error),
    }
}

/// `GET …/absences`.
pub async fn show(ctx: Data<Ctx>, reader: Reader, subject: Subject, asked: Query<Asked>) -> Result<HttpResponse> {
    let actor = reader.actor()?;
    let id = subject.operator.id;
    may_see(actor, id)?;
    let (db, now) = (ctx.store.read(), ctx.now());
    let ahead = absences::ahead(db, id, now).await?;
    let count = absences::count_over(db, id, now).await?;
    let address = Address::new(&format!("{}/absences", subject.base), []);
    let pages = Pages::new(address, Pages::asked(asked.page.as_deref()), count, PAST);
    let over = if count > 0 { absences::over(db, id, now, pages.offset(), PAST).await? } else { Vec::new() };
    let line = |row: &AbsenceRow| Line {
        id: row.id,
        badge: Badge::of(row.absence.kind, reader.t),
        when: span_text(&reader, &row.absence.span),
        days: days_text(reader.t, &row.absence.span),
        is_running: row.absence.span.holds(now),
        deputy: row.deputy.clone(),
        auto_reply: row.absence.auto_reply,
        note: row.absence.note.clone(),
    };
    let is_away = ahead.iter().any(|row| row.absence.span.holds(now));
    let open = if is_away { queries::held_by(db, id).await?.0.len() } else { 0 };
    let texts = absences::reply_texts(db, id).await?;
    let names: Vec<String> = texts.keys().map(|tag| super::subject::language_name(reader.t, tag)).collect();
    let page = AbsencesPage {
        shell: subject.shell(&reader, HERE),
        here: HERE,
        is_empty: ahead.is_empty() && count == 0,
        groups: vec![
            Group { id: "ahead", title: reader.t.get("absences-ahead"), lines: ahead.iter().map(line).collect() },
            Group { id: "over", title: reader.t.get("absences-over"), lines: over.iter().map(line).collect() },
        ],
        pages,
        may_plan: may_plan_quietly(&subject, &reader),
        texts: names.join(", "),
        open,
        subject: &subject,
    };
    shell::ok(&ctx, &reader, &page)
}

/// Whether the page offers to plan; asking is no refusal that would be logged.
fn may_plan_quietly(subject: &Subject, visit: &Visit) -> bool {
    use crate::domain::permission::Permission::{AbsencesManage, SelfAbsences};
    visit.may(AbsencesManage) || subject.is_own && visit.may(SelfAbsences)
}

/// `GET …/absences/texts`.
pub async fn show_texts(ctx: Data<Ctx>, reader: Reader, subject: Subject) -> Result<HttpResponse> {
    may_plan(reader.actor()?, subject.operator.id)?;
    let stored = absences::reply_texts(ctx.store.read(), subject.operator.id).await?;
    let page = texts_page(&ctx, &reader, &subject, reply::shown(&stored), Faults::none(reader.t)).await?;
    shell::ok(&ctx, &reader, &page)
}

/// `POST …/absences/texts`.
pub async fn save_texts(ctx: Data<Ctx>, reader: Reader, subject: Subject, form: Form<Fields>) -> Result<HttpResponse> {
    let (actor, id) = (reader.actor()?, subject.operator.id);
    may_plan(actor, id)?;
    let sent = reply::typed(&form.raw);
    match deeds::set_reply_texts(&ctx, actor, id, Some(form.fields.version.unwrap_or(0)), &sent).await {
        Ok(()) => {
            let flash = Flash::success("absences-texts-saved").with("name", &subject.operator.name);
            Ok(see_other_with(&ctx, &format!("{}/absences", subject.base), &flash))
        }
        Err(AppError::Invalid(errors)) => {
            let page = texts_page(&ctx, &reader, &subject, sent, Faults::of(reader.t, errors)).await?;
            shell::invalid(&ctx, &reader, &page)
        }
        Err(AppError::Stale) => {
            let now = store::operators::find(ctx.store.read(), id).await?.ok_or(AppError::NotFound)?;
            let stored = reply::shown(&absences::reply_texts(ctx.store.read(), id).await?);
            let told = |texts: &BTreeMap<String, RawText>| {
                let told = texts.iter().filter(|(_, text)| !text.subject.is_empty());
                told.map(|(tag, text)| format!("{tag}: {}\n{}", text.subject, text.body.replace("\r\n", "\n")))
                    .collect::<Vec<_>>()
                    .join("\n")
            };
            let differing = differences([(reader.t.get("absences-own-texts"), told(&stored), told(&sent))]);
            let there = format!("{}/absences/texts", subject.base);
            stale::answer(&ctx, &StalePage::new(&reader, &there, form.raw.clone(), now.version, differing))
        }
        Err(error) => Err(error),
    }
}

/// `POST …/absences/texts/preview`: the replies as they were typed; a part of the page for scripts, else the page. Nothing is saved.
pub async fn preview_texts(
    ctx: Data<Ctx>,
    reader: Reader,
    subject: Subject,
    request: HttpRequest,
    form: Form<Fields>,
) -> Result<HttpResponse> {
    may_plan(reader.actor()?, subject.operator.id)?;
    let page = texts_page(&ctx, &reader, &subject, reply::typed(&form.raw), Faults::none(reader.t)).await?;
    match is_asked_by_script(&request) {
        true => shell::html(&ctx, StatusCode::OK, None, &LookPart { look: page.look }),
        false => shell::ok(&ctx, &reader, &page),
    }
}

async fn texts_page<'a>(
    ctx: &Ctx,
    reader: &'a Reader,
    subject: &'a Subject,
    sent: BTreeMap<String, RawText>,
    faults: Faults,
) -> Result<TextsPage<'a>> {
    let (t, operator) = (reader.t, &subject.operator);
    let languages = reply::languages(t, &reader.catalogue, operator, sent.keys());
    let memberships = ctx.roster().await?.prepared.roster.person(operator.id).map(|person| person.memberships.clone()).unwrap_or_default();
    let values = Values {
        operator: operator.alias.clone().unwrap_or_else(|| operator.name.clone()),
        back: ctx.now() + TimeDelta::days(7),
        at: ctx.now(),
        zone: deeds::zone_of(&reader.catalogue, operator),
        deputy: None,
        department: memberships.first().map(|membership| membership.department),
    };
    let texts = reply::texts(ctx, operator.id, "operator", &sent).await?;
    let replies = reply::replies(t, &reader.catalogue, &languages, &texts, &values);
    let mut wrong = FieldErrors::default();
    read_texts(&sent, &mut wrong);
    // Fields that nobody came to yet are no mistakes.
    let told = wrong.0.iter().filter(|error| error.code != "required").map(|error| word(t, error)).collect();
    Ok(TextsPage {
        shell: subject.shell(reader, "absences-own-texts"),
        here: HERE,
        faults,
        languages,
        sent,
        variables: REPLY_VARIABLES.iter().map(|name| format!("{{${name}}}")).collect::<Vec<_>>().join(", "),
        look: RepliesLook { t, faults: told, replies },
        subject,
    })
}
