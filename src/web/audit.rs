//! The audit log: what was changed, by whom, from what to what; searched, paged and exported, never edited (AU-1).

use actix_web::HttpResponse;
use actix_web::web::{self, Bytes, Data, Query, ServiceConfig};
use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use futures_util::{Stream, StreamExt, stream};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::csv;
use super::listing::{Address, Chip, PER_PAGE, Pages, day_begins, day_ends};
use super::shell::{self, Shell};
use super::visit::{Reader, Visit};
use crate::actions::Ctx;
use crate::actions::rights::{ManageAudit, ViewAudit};
use crate::domain::permission::Permission;
use crate::error::{AppError, Result};
use crate::i18n::Texts;
use crate::store::audit::{self, AuditEntry, Filter};

/// Entries a statement of the export reads.
const BATCH: u64 = 500;
/// Actors of a kind that the filter offers; others are reached from their entries.
const MOST_ACTORS: u32 = 200;

/// The addresses of this noun.
pub fn routes(config: &mut ServiceConfig) {
    config.service(web::resource("/audit").get(list)).service(web::resource("/audit.csv").get(export));
}

/// The filter as the address says it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// `operator-3`, `api_key-1`, `console`, `system`.
    actor: String,
    action: String,
    object: String,
    object_id: String,
    /// First and last day, both included, in the reader's zone.
    from: String,
    to: String,
    page: Option<String>,
}

/// A field before and after.
pub struct Change {
    /// Its name in words.
    pub field: String,
    /// The value before, if there was one.
    pub before: Option<String>,
    /// The value after, if there is one.
    pub after: Option<String>,
}

struct Line<'a> {
    entry: &'a AuditEntry,
    at: DateTime<Utc>,
    /// The day, where it is another one than above.
    day: Option<String>,
    icon: &'static str,
    action: String,
    actor: String,
    actor_filter: String,
    object: Option<String>,
    changes: Vec<Change>,
    /// Names of the changed fields.
    fields: String,
}

#[derive(Template)]
#[template(path = "audit/list.html")]
struct ListPage<'a> {
    shell: Shell<'a>,
    lines: Vec<Line<'a>>,
    address: Address,
    pages: Pages,
    chips: Vec<Chip>,
    actors: Vec<(String, String)>,
    actions: Vec<(String, String)>,
    objects: Vec<(String, String)>,
    export: Option<String>,
}

async fn list(ctx: Data<Ctx>, reader: Reader, asked: Query<Asked>) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewAudit>()?;
    let (t, db) = (reader.t, ctx.store.read());
    let filter = filter(&asked, reader.zone);
    let address = address("/audit", &asked);
    let pages = Pages::new(address.clone(), Pages::asked(asked.page.as_deref()), audit::count(db, &filter).await?, PER_PAGE);
    let entries = audit::page(db, &filter, pages.offset(), PER_PAGE).await?;
    let actors = actors(&ctx, t).await?;
    let actions = audit::actions(db).await?.into_iter().map(|action| (action.clone(), action_name(t, &action)));
    let mut actions: Vec<(String, String)> = actions.collect();
    actions.sort_by(|a, b| a.1.cmp(&b.1));
    let page = ListPage {
        shell: Shell::new(&reader, t.get("audit-title")),
        lines: lines(&reader, &entries),
        chips: chips(t, &address, &asked, &actors),
        pages,
        actors,
        actions,
        objects: OBJECTS.iter().map(|(kind, _)| ((*kind).to_owned(), object_name(t, kind))).collect(),
        export: reader.may(Permission::AuditManage).then(|| self::address("/audit.csv", &asked).without("page")),
        address,
    };
    shell::ok(&ctx, &reader, &page)
}

fn address(path: &str, asked: &Asked) -> Address {
    let params = [
        ("actor", &asked.actor),
        ("action", &asked.action),
        ("object", &asked.object),
        ("object_id", &asked.object_id),
        ("from", &asked.from),
        ("to", &asked.to),
    ];
    Address::new(path, params.map(|(name, value)| (name, value.trim().to_owned())))
}

fn filter(asked: &Asked, zone: Tz) -> Filter {
    let text = |value: &str| Some(value.trim().to_owned()).filter(|value| !value.is_empty());
    let (actor_kind, actor_id) = match asked.actor.rsplit_once('-') {
        Some((kind, id)) => (text(kind), Some(id.parse().unwrap_or(-1))),
        None => (text(&asked.actor), None),
    };
    Filter {
        object_kind: text(&asked.object),
        object_id: text(&asked.object_id),
        action: text(&asked.action),
        actor_kind,
        actor_id,
        from: day_begins(&asked.from, zone),
        until: day_ends(&asked.to, zone),
    }
}

async fn actors(ctx: &Ctx, t: Texts) -> Result<Vec<(String, String)>> {
    let db = ctx.store.read();
    let mut actors = Vec::new();
    for kind in ["operator", "api_key"] {
        let found = audit::actors(db, kind, MOST_ACTORS).await?;
        let found = found.into_iter().map(|(id, name)| (format!("{kind}-{id}"), actor_name(t, kind, &name)));
        let mut found: Vec<(String, String)> = found.collect();
        found.sort_by_cached_key(|(_, name)| crate::domain::text::fold(name));
        actors.append(&mut found);
    }
    actors.extend(["console", "system"].map(|kind| (kind.to_owned(), actor_name(t, kind, ""))));
    Ok(actors)
}

/// Who did it, in words.
pub fn actor_name(t: Texts, kind: &str, name: &str) -> String {
    match kind {
        "operator" => name.to_owned(),
        "api_key" => t.with("audit-actor-api-key", &[("name", name)]),
        "console" => t.get("audit-actor-console").to_owned(),
        _ => t.get("audit-actor-system").to_owned(),
    }
}

fn chips(t: Texts, address: &Address, asked: &Asked, actors: &[(String, String)]) -> Vec<Chip> {
    let actor = actors.iter().find(|(value, _)| *value == asked.actor).map(|(_, name)| name.clone());
    let chip = |name: &'static str, label: &str, value: String| {
        (!address.get(name).is_empty()).then(|| Chip { label: t.get(label), value, off: address.without(name) })
    };
    let all = [
        chip("actor", "audit-actor", actor.unwrap_or_else(|| asked.actor.clone())),
        chip("action", "audit-action", action_name(t, &asked.action)),
        chip("object", "audit-object", object_name(t, &asked.object)),
        chip("object_id", "audit-object-id", asked.object_id.clone()),
        chip("from", "audit-from", asked.from.clone()),
        chip("to", "audit-to", asked.to.clone()),
    ];
    all.into_iter().flatten().collect()
}

/// Kinds of things with their icons.
const OBJECTS: &[(&str, &str)] = &[
    ("operator", "user"),
    ("role", "shield-lock"),
    ("department", "building-community"),
    ("language", "language"),
    ("status", "circle-dot"),
    ("site", "world"),
    ("schedule", "clock"),
    ("holidays", "calendar-event"),
    ("absence", "calendar-off"),
    ("category", "tags"),
    ("calendar", "calendar-event"),
    ("settings", "settings"),
    ("template", "template"),
    ("mail", "mail"),
    ("api_key", "key"),
];

fn lines<'a>(visit: &Visit, entries: &'a [AuditEntry]) -> Vec<Line<'a>> {
    let t = visit.t;
    let mut last_day = String::new();
    let lines = entries.iter().map(|entry| {
        let day = visit.dates.day(&entry.at.0);
        let is_new = day != last_day;
        last_day.clone_from(&day);
        let actor_id = entry.actor_id.map(|id| format!("-{id}")).unwrap_or_default();
        let changes = changes(t, entry);
        Line {
            at: entry.at.0,
            day: is_new.then_some(day),
            icon: OBJECTS.iter().find(|(kind, _)| *kind == entry.object_kind).map_or("pencil", |(_, icon)| icon),
            action: action_name(t, &entry.action),
            actor: actor_name(t, &entry.actor_kind, &entry.actor_name),
            actor_filter: format!("{}{actor_id}", entry.actor_kind),
            object: there(entry),
            fields: changes.iter().map(|change| change.field.as_str()).collect::<Vec<_>>().join(", "),
            changes,
            entry,
        }
    });
    lines.collect()
}

/// The page of the thing, where it may still have one.
fn there(entry: &AuditEntry) -> Option<String> {
    let id = &entry.object_id;
    if entry.action.ends_with(".deleted") {
        return None;
    }
    match entry.object_kind.as_str() {
        "operator" => Some(format!("/operators/{id}")),
        "role" => Some(format!("/roles/{id}")),
        "department" => Some(format!("/departments/{id}")),
        "language" => Some(format!("/languages/{id}")),
        "schedule" => Some(format!("/schedules/{id}")),
        "holidays" => Some("/schedules/holidays".to_owned()),
        "site" => Some(format!("/sites/{id}")),
        "template" => Some(format!("/templates/{id}")),
        "mail" => Some(format!("/mail/{id}")),
        "settings" => Some("/settings".to_owned()),
        "api_key" => Some("/api-keys".to_owned()),
        _ => None,
    }
}

/// An action in words; its stable name where there are none.
pub fn action_name(t: Texts, action: &str) -> String {
    named(t, "audit-action-", action)
}

/// A field in words.
pub fn field_name(t: Texts, field: &str) -> String {
    named(t, "audit-field-", field)
}

fn object_name(t: Texts, kind: &str) -> String {
    named(t, "audit-object-", kind)
}

fn named(t: Texts, prefix: &str, name: &str) -> String {
    let key = format!("{prefix}{}", name.replace(['.', '_'], "-"));
    if t.has(&key) { t.get(&key).to_owned() } else { name.to_owned() }
}

/// What an entry says of each field, in the order of their names.
pub fn changes(t: Texts, entry: &AuditEntry) -> Vec<Change> {
    let read =
        |json: &Option<String>| json.as_deref().and_then(|json| serde_json::from_str::<Map<String, Value>>(json).ok()).unwrap_or_default();
    changes_between(t, &read(&entry.before), &read(&entry.after))
}

/// The fields of two sets of values, in the order of their names.
pub fn changes_between(t: Texts, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<Change> {
    let mut fields: Vec<&String> = before.keys().chain(after.keys()).collect();
    fields.sort();
    fields.dedup();
    let changes = fields.into_iter().map(|field| Change {
        field: field_name(t, field),
        before: before.get(field).map(|value| words(t, value)),
        after: after.get(field).map(|value| words(t, value)),
    });
    changes.collect()
}

fn words(t: Texts, value: &Value) -> String {
    match value {
        Value::Null => t.get("audit-nothing").to_owned(),
        Value::Bool(yes) => t.get(if *yes { "audit-yes" } else { "audit-no" }).to_owned(),
        Value::String(text) if text.is_empty() => t.get("audit-nothing").to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(all) if all.is_empty() => t.get("audit-nothing").to_owned(),
        Value::Array(all) => all.iter().map(|value| words(t, value)).collect::<Vec<_>>().join(", "),
        Value::Object(all) => all.iter().map(|(name, value)| format!("{name}: {}", words(t, value))).collect::<Vec<_>>().join("\n"),
        Value::Number(number) => number.to_string(),
    }
}

/// The filtered log as CSV (RFC 4180), written while it is read.
async fn export(ctx: Data<Ctx>, reader: Reader, asked: Query<Asked>) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageAudit>()?;
    Ok(csv::download(&ctx, &reader, "audit", rows(ctx.clone(), filter(&asked, reader.zone))))
}

fn rows(ctx: Data<Ctx>, filter: Filter) -> impl Stream<Item = Result<Bytes>> {
    const HEAD: [&str; 12] =
        ["at", "actor_kind", "actor_id", "actor", "action", "object_kind", "object_id", "object", "before", "after", "address", "request"];
    let head = stream::once(async { csv::lines([HEAD.map(str::to_owned)]) });
    let batches = stream::try_unfold(None, move |last| {
        let (ctx, filter) = (ctx.clone(), filter.clone());
        async move {
            let entries = audit::after(ctx.store.read(), &filter, last, BATCH).await?;
            let Some(end) = entries.last().map(|entry| (entry.at.0, entry.id)) else { return Ok(None) };
            let bytes = csv::lines(entries.into_iter().map(cells))?;
            Ok::<_, AppError>(Some((bytes, Some(end))))
        }
    });
    head.chain(batches)
}

fn cells(entry: AuditEntry) -> [String; 12] {
    [
        entry.at.0.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        entry.actor_kind,
        entry.actor_id.map(|id| id.to_string()).unwrap_or_default(),
        entry.actor_name,
        entry.action,
        entry.object_kind,
        entry.object_id,
        entry.object_name,
        entry.before.unwrap_or_default(),
        entry.after.unwrap_or_default(),
        entry.address,
        entry.request_id,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Locale;

    #[test]
    fn days_are_those_of_the_reader() {
        let asked = Asked { from: "2026-03-11".into(), to: "2026-03-11".into(), ..Asked::default() };
        let filter = filter(&asked, chrono_tz::America::Mexico_City);
        assert_eq!(filter.from.map(|at| at.to_rfc3339()).as_deref(), Some("2026-03-11T06:00:00+00:00"));
        assert_eq!(filter.until.map(|at| at.to_rfc3339()).as_deref(), Some("2026-03-12T06:00:00+00:00"));
    }

    #[test]
    fn actors_are_named_by_kind_and_id() {
        let of = |actor: &str| {
            let filter = filter(&Asked { actor: actor.into(), ..Asked::default() }, Tz::UTC);
            (filter.actor_kind, filter.actor_id)
        };
        assert_eq!(of("api_key-4"), (Some("api_key".into()), Some(4)));
        assert_eq!(of("console"), (Some("console".into()), None));
        assert_eq!(of(""), (None, None));
        assert_eq!(of("operator-x"), (Some("operator".into()), Some(-1)));
    }

    #[test]
    fn values_are_told_in_words() {
        let t = Texts::of(Locale::En);
        assert_eq!(words(t, &serde_json::json!(["en", "fr"])), "en, fr");
        assert_eq!(words(t, &serde_json::json!({"en": "Lead", "fr": null})), format!("en: Lead\nfr: {}", t.get("audit-nothing")));
        assert_eq!(words(t, &serde_json::json!(true)), t.get("audit-yes"));
    }
}
