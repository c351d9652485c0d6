//! Texts of the automatic reply, of an absence or of an operator, by language (AB-4).

use std::collections::BTreeMap;

use crate::domain::field::{Fault, FieldErrors};
use crate::domain::language::LanguageTag;
use crate::domain::mail_text::{self, REPLY_VARIABLES};
use crate::domain::{limits, text};

/// A reply in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// One line.
    pub subject: String,
    /// Several lines.
    pub body: String,
}

/// A reply as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawText {
    /// One line.
    pub subject: String,
    /// Several lines.
    pub body: String,
}

/// Reads texts by tag; one with neither subject nor body is left out. Tags come out in canonical case.
///
/// Faults at `texts.<tag>`: `language_tag`, and at `texts.<tag>.subject` and `.body` those of texts, `unknown_variable`.
pub fn read_texts(raw: &BTreeMap<String, RawText>, errors: &mut FieldErrors) -> BTreeMap<String, Text> {
    let mut read = BTreeMap::new();
    for (tag, typed) in raw {
        let at = format!("texts.{tag}");
        let Some(tag) = errors.take(&at, LanguageTag::parse(tag)) else { continue };
        if typed.subject.trim().is_empty() && typed.body.trim().is_empty() {
            continue;
        }
        let subject = errors.take(&format!("{at}.subject"), text::line(&typed.subject, limits::SUBJECT).and_then(checked));
        let body = errors.take(&format!("{at}.body"), text::multiline(&typed.body, limits::REPLY_BODY).and_then(checked));
        if let (Some(subject), Some(body)) = (subject, body) {
            read.insert(tag.to_string(), Text { subject, body });
        }
    }
    read
}

fn checked(text: String) -> Result<String, Fault> {
    mail_text::check(&text, REPLY_VARIABLES).map(|()| text)
}
