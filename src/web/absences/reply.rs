//! Automatic replies as they will be read, with real values in place of their variables (AB-4).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::actions::Ctx;
use crate::actions::auto_replies::{back_in, text_in};
use crate::domain::absence::{RawText, Text};
use crate::domain::language::LanguageTag;
use crate::domain::mail_text::render;
use crate::domain::query;
use crate::error::Result;
use crate::i18n::Texts;
use crate::store::auto_replies;
use crate::store::catalogue::Catalogue;
use crate::store::operators::Operator;
use crate::web::operators::subject::language_name;

/// What the variables of a preview stand for.
pub struct Values {
    /// The name customers see.
    pub operator: String,
    /// When the operator works again.
    pub back: DateTime<Utc>,
    /// When the customer writes.
    pub at: DateTime<Utc>,
    /// The operator's zone.
    pub zone: Tz,
    /// The name of who stands in; the department where nobody does.
    pub deputy: Option<String>,
    /// The operator's first department.
    pub department: Option<i64>,
}

/// A reply in one language.
pub struct Reply {
    /// The language, named for the reader.
    pub language: String,
    /// Its tag.
    pub tag: String,
    /// Whose text it is.
    pub whose: &'static str,
    /// As the customer reads it.
    pub subject: String,
    /// Its lines.
    pub lines: Vec<String>,
}

/// An invented reference, as customers get it.
const REFERENCE: i64 = 1042;

/// The languages in which an operator's replies may be written: their assistance languages first, then all others of the organisation,
/// since queries come in any, and those that have a text; tag and name.
pub fn languages<'a>(
    t: Texts,
    catalogue: &'a Catalogue,
    operator: &'a Operator,
    told: impl IntoIterator<Item = &'a String>,
) -> Vec<(String, String)> {
    let others = catalogue.enabled_languages().map(|language| &language.tag);
    let mut tags: Vec<&String> = Vec::new();
    for tag in operator.languages.iter().chain([&catalogue.organisation.default_language]).chain(others).chain(told) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags.into_iter().map(|tag| (tag.clone(), language_name(t, tag))).collect()
}

/// What was typed into `texts.<tag>.subject` and `.body`.
pub fn typed(raw: &[(String, String)]) -> BTreeMap<String, RawText> {
    let mut texts: BTreeMap<String, RawText> = BTreeMap::new();
    for (name, value) in raw {
        let Some((tag, part)) = name.strip_prefix("texts.").and_then(|rest| rest.rsplit_once('.')) else { continue };
        let text = texts.entry(tag.to_owned()).or_default();
        match part {
            "subject" => text.subject.clone_from(value),
            "body" => text.body.clone_from(value),
            _ => {}
        }
    }
    texts
}

/// Texts as they stand in a form.
pub fn shown(texts: &BTreeMap<String, Text>) -> BTreeMap<String, RawText> {
    texts.iter().map(|(tag, text)| (tag.clone(), RawText { subject: text.subject.clone(), body: text.body.clone() })).collect()
}

/// The texts that answer an operator's queries, with what was typed in place of those `of` the absence or the operator.
pub async fn texts(ctx: &Ctx, operator: i64, of: &str, typed: &BTreeMap<String, RawText>) -> Result<Vec<auto_replies::Text>> {
    let mut texts = auto_replies::texts(ctx.store.read(), 0, operator).await?;
    texts.retain(|text| text.of != of && !text.body.trim().is_empty());
    let typed = typed.iter().filter(|(_, text)| !text.subject.trim().is_empty() || !text.body.trim().is_empty());
    texts.extend(typed.map(|(tag, text)| auto_replies::Text {
        of: of.to_owned(),
        tag: tag.clone(),
        subject: text.subject.clone(),
        body: text.body.clone(),
    }));
    Ok(texts)
}

/// What queries in these languages are answered with.
pub fn replies(
    t: Texts,
    catalogue: &Catalogue,
    languages: &[(String, String)],
    texts: &[auto_replies::Text],
    values: &Values,
) -> Vec<Reply> {
    let reply = |(tag, language): &(String, String)| {
        let text = text_in(texts, &LanguageTag::parse(tag).ok()?)?;
        let whose = match text.of.as_str() {
            "absence" => "absences-reply-own",
            "operator" => "absences-reply-operator",
            _ => "absences-reply-organisation",
        };
        let (subject, body) = filled(catalogue, &text.tag, &text.subject, &text.body, values);
        let lines = body.lines().map(str::to_owned).collect();
        Some(Reply { language: language.clone(), tag: tag.clone(), whose: t.get(whose), subject, lines })
    };
    languages.iter().filter_map(reply).collect()
}

fn filled(catalogue: &Catalogue, tag: &str, subject: &str, body: &str, values: &Values) -> (String, String) {
    let day = back_in(tag, values.back, values.zone, values.at);
    let organisation = catalogue.organisation.organisation_name.as_str();
    let department = values.department.and_then(|id| catalogue.department(id)).map_or(organisation, |department| department.name_in(tag));
    let reference = query::reference(REFERENCE);
    let filled = [
        ("operator", values.operator.as_str()),
        ("firstDayBack", &day),
        ("deputy", values.deputy.as_deref().unwrap_or(department)),
        ("department", department),
        ("reference", &reference),
        ("organisation", organisation),
    ];
    (render(subject, &filled), render(&body.replace("\r\n", "\n"), &filled))
}
