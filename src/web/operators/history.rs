//! What was done to an operator, with before and after (AU-1, OP-9).

use actix_web::HttpResponse;
use actix_web::web::{Data, Query};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::subject::{Subject, language_name};
use crate::actions::Ctx;
use crate::domain::permission::Permission;
use crate::error::Result;
use crate::i18n::Texts;
use crate::store::audit::{self, AuditEntry, Filter};
use crate::web::listing::{Address, PER_PAGE, Pages};
use crate::web::shell::{self, Shell};
use crate::web::visit::Reader;

const HERE: &str = "operators-history";

/// The page asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    page: Option<String>,
}

/// A deed as it is shown.
struct Entry {
    at: DateTime<Utc>,
    icon: &'static str,
    actor: String,
    deed: String,
    address: String,
    fields: Vec<Field>,
}

/// A field that changed.
struct Field {
    label: String,
    before: Option<String>,
    after: Option<String>,
}

/// The entries of one day in the reader's zone.
struct Day {
    title: String,
    entries: Vec<Entry>,
}

#[derive(Template)]
#[template(path = "operators/history.html")]
struct HistoryPage<'a> {
    shell: Shell<'a>,
    subject: &'a Subject,
    here: &'static str,
    days: Vec<Day>,
    pages: Pages,
}

/// `GET …/history`.
pub async fn show(ctx: Data<Ctx>, reader: Reader, subject: Subject, asked: Query<Asked>) -> Result<HttpResponse> {
    if !subject.may_see_history {
        return Err(reader.actor()?.refused(Permission::AuditView));
    }
    let filter = Filter { object_kind: Some("operator".to_owned()), object_id: Some(subject.operator.id.to_string()), ..Filter::default() };
    let db = ctx.store.read();
    let count = audit::count(db, &filter).await?;
    let address = Address::new(&format!("{}/history", subject.base), []);
    let pages = Pages::new(address, Pages::asked(asked.page.as_deref()), count, PER_PAGE);
    let mut days: Vec<Day> = Vec::new();
    for row in audit::page(db, &filter, pages.offset(), PER_PAGE).await? {
        let title = reader.dates.day(&row.at.0);
        let entry = entry(reader.t, row);
        match days.last_mut().filter(|day| day.title == title) {
            Some(day) => day.entries.push(entry),
            None => days.push(Day { title, entries: vec![entry] }),
        }
    }
    let page = HistoryPage { shell: subject.shell(&reader, HERE), subject: &subject, here: HERE, days, pages };
    shell::ok(&ctx, &reader, &page)
}

fn entry(t: Texts, row: AuditEntry) -> Entry {
    let (icon, key) = deed(&row.action);
    Entry {
        at: row.at.0,
        icon,
        deed: key.map_or_else(|| row.action.clone(), |key| t.get(key).to_owned()),
        fields: fields(t, row.before.as_deref(), row.after.as_deref()),
        actor: row.actor_name,
        address: row.address,
    }
}

/// The icon and the words of a deed; one without words is shown by its name.
fn deed(action: &str) -> (&'static str, Option<&'static str>) {
    match action {
        "operator.created" => ("user-plus", Some("operators-did-created")),
        "operator.changed" => ("pencil", Some("operators-did-changed")),
        "operator.departments_changed" => ("building-community", Some("operators-did-departments-changed")),
        "operator.photo_changed" => ("camera", Some("operators-did-photo-changed")),
        "operator.suspended" => ("user-off", Some("operators-did-suspended")),
        "operator.reactivated" => ("user-check", Some("operators-did-reactivated")),
        "operator.deleted" => ("trash", Some("operators-did-deleted")),
        "operator.restored" => ("arrow-back-up", Some("operators-did-restored")),
        "operator.invited" => ("mail-forward", Some("operators-did-invited")),
        "operator.invitation_link" => ("link", Some("operators-did-invitation-link")),
        "operator.invitation_revoked" => ("ban", Some("operators-did-invitation-revoked")),
        "operator.invitation_accepted" => ("circle-check", Some("operators-did-invitation-accepted")),
        "operator.password_changed" => ("lock", Some("operators-did-password-changed")),
        "session.opened" => ("login", Some("operators-did-session-opened")),
        "session.ended" => ("logout", Some("operators-did-session-ended")),
        _ => ("activity", None),
    }
}

/// The fields of an entry, each with its value before and after.
fn fields(t: Texts, before: Option<&str>, after: Option<&str>) -> Vec<Field> {
    let read = |text: Option<&str>| text.and_then(|text| serde_json::from_str::<Map<String, Value>>(text).ok()).unwrap_or_default();
    let (before, after) = (read(before), read(after));
    let mut names: Vec<&String> = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name))).collect();
    // The id of a photo says nothing to anybody; that it changed is told by the deed.
    names.retain(|name| *name != "photo");
    names
        .into_iter()
        .map(|name| Field {
            label: label(t, name),
            before: before.get(name).and_then(|value| named(t, name, value)),
            after: after.get(name).and_then(|value| named(t, name, value)),
        })
        .collect()
}

/// The label of a field as its form has it, else as the audit log calls it; what neither knows is shown by its name.
fn label(t: Texts, field: &str) -> String {
    let field = field.replace('_', "-");
    let known = [format!("operators-{field}"), format!("audit-field-{field}")].into_iter().find(|key| t.has(key));
    known.map_or_else(|| field.replace('-', " "), |key| t.get(&key).to_owned())
}

/// A value in words, where it is a name that the texts know.
fn named(t: Texts, field: &str, value: &Value) -> Option<String> {
    let told = told(t, value)?;
    let key = match field {
        "role" => format!("role-{told}"),
        "theme" => format!("operators-theme-{told}"),
        "notice_shift_starts" | "notice_shift_ends" => format!("notices-{told}"),
        "languages" => return Some(told.split(", ").map(|tag| language_name(t, tag)).collect::<Vec<_>>().join(", ")),
        _ => return Some(told),
    };
    Some(if t.has(&key) { t.get(&key).to_owned() } else { told })
}

/// A value in words; nothing for what was not set.
fn told(t: Texts, value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(on) => Some(t.get(if *on { "operators-yes" } else { "operators-no" }).to_owned()),
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Array(items) => Some(items.iter().filter_map(|item| told(t, item)).collect::<Vec<_>>().join(", ")),
        Value::Object(texts) => {
            let lines = texts.iter().map(|(tag, text)| format!("{tag}: {}", told(t, text).unwrap_or_default()));
            Some(lines.collect::<Vec<_>>().join("\n"))
        }
        Value::Number(number) => Some(number.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Locale;

    #[test]
    fn a_change_is_told_by_label_with_both_values() {
        let t = Texts::of(Locale::En);
        let fields =
            fields(t, Some(r#"{"alias":null,"classify_after":false}"#), Some(r#"{"alias":"Amy","classify_after":true,"photo":"x"}"#));
        let told: Vec<_> = fields.iter().map(|field| (field.before.as_deref(), field.after.as_deref())).collect();
        assert_eq!(told, [(None, Some("Amy")), (Some("no"), Some("yes"))]);
        assert_eq!(fields.first().map(|field| field.label.as_str()), Some(t.get("operators-alias")));
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        assert!(fields(Texts::of(Locale::Es), Some("[]"), Some("no json")).is_empty());
        assert_eq!(deed("something.new"), ("activity", None));
    }
}
