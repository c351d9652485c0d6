//! Automatic replies as they will be read, with real values in place of their variables (AB-4).

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::actions::Ctx;
use crate::actions::auto_replies::day_in;
use crate::actions::mail::text_in_force;
use crate::domain::absence::{RawText, Text};
use crate::domain::mail_text::{MailKind, render};
use crate::domain::query;
use crate::error::Result;
use crate::i18n::{Locale, Texts};
use crate::store::catalogue::Catalogue;
use crate::store::operators::Operator;
use crate::web::operators::subject::language_name;

/// What the variables of a preview stand for.
pub struct Values {
    /// The name customers see.
    pub operator: String,
    /// When the operator works again.
    pub first_day_back: NaiveDate,
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

/// The languages in which an operator's replies may be written: their assistance languages, those that have a text, else the
/// organisation's; tag and name.
pub fn languages<'a>(
    t: Texts,
    catalogue: &Catalogue,
    operator: &Operator,
    told: impl IntoIterator<Item = &'a String>,
) -> Vec<(String, String)> {
    let mut tags: Vec<String> = operator.languages.clone();
    tags.extend(told.into_iter().cloned());
    if tags.is_empty() {
        tags.push(catalogue.organisation.default_language.clone());
    }
    let mut seen = Vec::new();
    tags.retain(|tag| {
        !seen.contains(tag) && {
            seen.push(tag.clone());
            true
        }
    });
    tags.into_iter().map(|tag| (tag.clone(), language_name(t, &tag))).collect()
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

/// The replies in these languages: typed ones first, then the operator's, then the organisation's.
pub async fn replies(
    ctx: &Ctx,
    t: Texts,
    catalogue: &Catalogue,
    languages: &[(String, String)],
    typed: &BTreeMap<String, RawText>,
    operators: &BTreeMap<String, Text>,
    values: &Values,
) -> Result<Vec<Reply>> {
    let mut replies = Vec::new();
    for (tag, language) in languages {
        let own = typed.get(tag).filter(|text| !text.subject.trim().is_empty() || !text.body.trim().is_empty());
        let (whose, subject, body) = match (own, operators.get(tag)) {
            (Some(text), _) => ("absences-reply-own", text.subject.clone(), text.body.clone()),
            (None, Some(text)) => ("absences-reply-operator", text.subject.clone(), text.body.clone()),
            (None, None) => {
                let Some(locale) = Locale::parse(tag) else { continue };
                let (subject, body) = text_in_force(ctx.store.read(), MailKind::AbsenceReply, locale).await?;
                ("absences-reply-organisation", subject, body)
            }
        };
        let (subject, body) = filled(catalogue, tag, &subject, &body, values);
        replies.push(Reply {
            language: language.clone(),
            tag: tag.clone(),
            whose: t.get(whose),
            subject,
            lines: body.lines().map(str::to_owned).collect(),
        });
    }
    Ok(replies)
}

fn filled(catalogue: &Catalogue, tag: &str, subject: &str, body: &str, values: &Values) -> (String, String) {
    let day = day_in(tag, values.first_day_back);
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
