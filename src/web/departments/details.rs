//! What a department is, as its own form (DE-1, DE-6, LA-2).

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;
use serde::Deserialize;

use super::{DETAILS, Tab, channel_name, find, policy_name, routing_name, tabs};
use crate::actions::Ctx;
use crate::actions::departments::{self as deeds, Typed};
use crate::actions::rights::{ManageDepartments, ViewDepartments};
use crate::domain::department::{LanguagePolicy, RawDepartment, Routing};
use crate::domain::permission::Permission;
use crate::error::{AppError, Result};
use crate::i18n::Texts;
use crate::store::departments::Department;
use crate::web::faults::Faults;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::operators::subject::language_name;
use crate::web::see_other_with;
use crate::web::shell::{self, Shell};
use crate::web::stale::{self, StalePage, differences};
use crate::web::visit::{Reader, Visit};

/// The fields with names of their own; those of languages and channels are read from the raw form: `name_texts.es`, `routing.call`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    version: Option<i64>,
    slug: Option<String>,
    name: Option<String>,
    description: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    channels: Vec<String>,
    max_operators: Option<String>,
    minimum_cover: Option<String>,
    language_policy: Option<String>,
    prefer_seconds: Option<String>,
    fallback: Option<String>,
    schedule_id: Option<String>,
}

/// The name in another language.
struct Translation {
    name: String,
    label: String,
    text: String,
}

/// How a channel is worked, as the form shows it.
struct LineShown {
    channel: &'static str,
    label: &'static str,
    in_use: bool,
    routing: String,
    offer_seconds: String,
    /// Names of its two fields.
    routing_field: String,
    seconds_field: String,
}

#[derive(Template)]
#[template(path = "departments/details.html")]
struct DetailsPage<'a> {
    shell: Shell<'a>,
    tabs: Vec<Tab>,
    faults: Faults,
    department: &'a Department,
    shown: RawDepartment,
    translations: Vec<Translation>,
    lines: Vec<LineShown>,
    rules: Vec<(String, String)>,
    policies: Vec<(&'static str, &'static str, &'static str)>,
    fallback: String,
    fallbacks: Vec<(String, String)>,
    schedule: String,
    schedules: Vec<(String, String)>,
    limit: i64,
    facts: Vec<(&'static str, String)>,
    may_manage: bool,
}

impl DetailsPage<'_> {
    fn value(&self, field: &Option<String>) -> String {
        field.clone().unwrap_or_default()
    }
}

/// `GET /departments/{id}`.
pub async fn show(ctx: Data<Ctx>, reader: Reader, id: Path<i64>) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewDepartments>()?;
    let department = find(&reader, *id)?;
    let (shown, fallback) = (raw(department), slug_of(&reader, department.fallback_id));
    shell::ok(&ctx, &reader, &page(&reader, department, shown, fallback, id_text(department.schedule_id), Faults::none(reader.t)))
}

/// `POST /departments/{id}`.
pub async fn save(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<Fields>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageDepartments>()?;
    let department = find(&reader, *id)?;
    let sent = sent(&form);
    let typed = Typed {
        raw: sent.clone(),
        fallback: form.fields.fallback.clone(),
        schedule_id: form.fields.schedule_id.as_deref().map(schedule_id),
    };
    match deeds::change(&ctx, right, *id, Some(form.fields.version.unwrap_or(0)), &typed).await {
        Ok(()) => {
            let name = form.fields.name.as_deref().unwrap_or(&department.facts.name);
            Ok(see_other_with(&ctx, &format!("/departments/{id}"), &Flash::success("departments-saved").with("name", name.trim())))
        }
        Err(AppError::Invalid(errors)) => {
            let fallback = typed.fallback.unwrap_or_else(|| slug_of(&reader, department.fallback_id));
            let schedule = form.fields.schedule_id.clone().unwrap_or_else(|| id_text(department.schedule_id));
            let page = page(&reader, department, over(raw(department), sent), fallback, schedule, Faults::of(reader.t, errors));
            shell::invalid(&ctx, &reader, &page)
        }
        Err(AppError::Stale) => stale(&ctx, &reader, *id, &form, sent).await,
        Err(error) => Err(error),
    }
}

/// A department as typed by its own values.
fn raw(department: &Department) -> RawDepartment {
    let facts = &department.facts;
    let by_channel = |value: fn(&crate::domain::department::Line) -> String| {
        facts.lines.iter().map(|line| (line.channel.as_str().to_owned(), value(line))).collect()
    };
    RawDepartment {
        slug: Some(facts.slug.clone()),
        name: Some(facts.name.clone()),
        name_texts: Some(facts.name_texts.clone()),
        description: facts.description.clone(),
        email: facts.email.clone(),
        phone: facts.phone.clone(),
        channels: Some(facts.channels().names().into_iter().map(str::to_owned).collect()),
        max_operators: facts.max_operators.map(|number| number.to_string()),
        minimum_cover: Some(facts.minimum_cover.to_string()),
        language_policy: Some(facts.language_policy.as_str().to_owned()),
        prefer_seconds: Some(facts.prefer_seconds.to_string()),
        routing: by_channel(|line| line.routing.as_str().to_owned()),
        offer_seconds: by_channel(|line| line.offer_seconds.to_string()),
    }
}

fn sent(form: &Form<Fields>) -> RawDepartment {
    let fields = &form.fields;
    let below = |prefix: &str| -> BTreeMap<String, String> {
        let named = form.raw.iter().filter_map(|(name, value)| Some((name.strip_prefix(prefix)?.to_owned(), value.clone())));
        named.collect()
    };
    let channels = fields.channels.iter().filter(|name| !name.is_empty()).cloned().collect();
    let texts = below("name_texts.");
    RawDepartment {
        slug: fields.slug.clone(),
        name: fields.name.clone(),
        name_texts: (!texts.is_empty()).then_some(texts),
        description: fields.description.clone(),
        email: fields.email.clone(),
        phone: fields.phone.clone(),
        channels: (!fields.channels.is_empty()).then_some(channels),
        max_operators: fields.max_operators.clone(),
        minimum_cover: fields.minimum_cover.clone(),
        language_policy: fields.language_policy.clone(),
        prefer_seconds: fields.prefer_seconds.clone(),
        routing: below("routing."),
        offer_seconds: below("offer_seconds."),
    }
}

/// What was sent over what is stored, to show it again.
fn over(stored: RawDepartment, sent: RawDepartment) -> RawDepartment {
    let joined = |mut stored: BTreeMap<String, String>, sent: BTreeMap<String, String>| {
        stored.extend(sent);
        stored
    };
    RawDepartment {
        slug: sent.slug.or(stored.slug),
        name: sent.name.or(stored.name),
        name_texts: sent.name_texts.or(stored.name_texts),
        description: sent.description.or(stored.description),
        email: sent.email.or(stored.email),
        phone: sent.phone.or(stored.phone),
        channels: sent.channels.or(stored.channels),
        max_operators: sent.max_operators.or(stored.max_operators),
        minimum_cover: sent.minimum_cover.or(stored.minimum_cover),
        language_policy: sent.language_policy.or(stored.language_policy),
        prefer_seconds: sent.prefer_seconds.or(stored.prefer_seconds),
        routing: joined(stored.routing, sent.routing),
        offer_seconds: joined(stored.offer_seconds, sent.offer_seconds),
    }
}

fn slug_of(visit: &Visit, id: Option<i64>) -> String {
    id.and_then(|id| visit.catalogue.department(id)).map(|other| other.facts.slug.clone()).unwrap_or_default()
}

/// A schedule as the form sends it: nothing for none, and for what is no id one that is nobody's.
fn schedule_id(sent: &str) -> Option<i64> {
    let sent = sent.trim();
    (!sent.is_empty()).then(|| sent.parse().unwrap_or_default())
}

fn id_text(id: Option<i64>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

fn schedule_name(visit: &Visit, id: Option<i64>) -> String {
    match id.and_then(|id| visit.catalogue.schedule(id)) {
        Some(row) => row.schedule.name.clone(),
        None => visit.t.get("schedules-none-chosen").to_owned(),
    }
}

fn page<'a>(
    visit: &'a Visit,
    department: &'a Department,
    shown: RawDepartment,
    fallback: String,
    schedule: String,
    faults: Faults,
) -> DetailsPage<'a> {
    let (t, catalogue) = (visit.t, &visit.catalogue);
    let texts = shown.name_texts.clone().unwrap_or_default();
    let default = catalogue.organisation.default_language.as_str();
    let others = catalogue.languages.iter().filter(|language| language.tag != default);
    let others = others.filter(|language| language.enabled || texts.contains_key(&language.tag));
    let in_use = |name: &str| shown.channels.iter().flatten().any(|channel| channel == name);
    let line = |channel: crate::domain::channel::Channel| LineShown {
        channel: channel.as_str(),
        label: channel_name(t, channel),
        in_use: in_use(channel.as_str()),
        routing: shown.routing.get(channel.as_str()).cloned().unwrap_or_default(),
        offer_seconds: shown.offer_seconds.get(channel.as_str()).cloned().unwrap_or_default(),
        routing_field: format!("routing.{}", channel.as_str()),
        seconds_field: format!("offer_seconds.{}", channel.as_str()),
    };
    let fallbacks = catalogue.departments.iter().filter(|other| other.id != department.id);
    let fallbacks = fallbacks.map(|other| (other.facts.slug.clone(), other.name_in(t.locale().tag()).to_owned()));
    DetailsPage {
        shell: super::shell(visit, department, DETAILS),
        tabs: tabs(t, department.id, DETAILS),
        faults,
        translations: others
            .map(|language| Translation {
                name: format!("name_texts.{}", language.tag),
                label: language_name(t, &language.tag),
                text: texts.get(&language.tag).cloned().unwrap_or_default(),
            })
            .collect(),
        lines: catalogue.channels().iter().map(line).collect(),
        rules: Routing::ALL.into_iter().map(|rule| (rule.as_str().to_owned(), routing_name(t, rule).to_owned())).collect(),
        policies: LanguagePolicy::ALL.into_iter().map(|policy| (policy.as_str(), policy_name(t, policy), policy_help(t, policy))).collect(),
        schedules: crate::web::schedules::choices(visit),
        schedule,
        fallbacks: std::iter::once((String::new(), t.get("departments-no-fallback").to_owned())).chain(fallbacks).collect(),
        limit: catalogue.organisation.max_operators_per_department,
        facts: facts(visit, department),
        may_manage: visit.may(Permission::DepartmentsManage),
        department,
        shown,
        fallback,
    }
}

fn policy_help(t: Texts, policy: LanguagePolicy) -> &'static str {
    t.get(match policy {
        LanguagePolicy::Strict => "departments-strict-help",
        LanguagePolicy::Prefer => "departments-prefer-help",
        LanguagePolicy::Ignore => "departments-ignore-help",
    })
}

/// The department in words, for readers who may not change it and for both versions of a stale form.
fn facts(visit: &Visit, department: &Department) -> Vec<(&'static str, String)> {
    told(visit, &raw(department), &slug_of(visit, department.fallback_id), department.schedule_id)
}

fn told(visit: &Visit, raw: &RawDepartment, fallback: &str, schedule: Option<i64>) -> Vec<(&'static str, String)> {
    let t = visit.t;
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    let channels = visit.catalogue.channels();
    let in_use = channels.iter().filter(|channel| raw.channels.iter().flatten().any(|name| name == channel.as_str()));
    let lines = in_use.map(|channel| {
        let rule = raw.routing.get(channel.as_str()).and_then(|rule| Routing::parse(rule)).map(|rule| routing_name(t, rule));
        let seconds = raw.offer_seconds.get(channel.as_str()).map(String::as_str).unwrap_or_default();
        format!("{}: {}, {seconds} s", channel_name(t, channel), rule.unwrap_or_default())
    });
    let policy = raw.language_policy.as_deref().and_then(LanguagePolicy::parse);
    let policy = match policy {
        Some(LanguagePolicy::Prefer) => format!("{}, {} s", policy_name(t, LanguagePolicy::Prefer), text(&raw.prefer_seconds)),
        policy => policy.map(|policy| policy_name(t, policy).to_owned()).unwrap_or_default(),
    };
    let names = raw.name_texts.iter().flatten().filter(|(_, text)| !text.trim().is_empty()).map(|(tag, text)| format!("{tag}: {text}"));
    let fallback = visit.catalogue.department_by_slug(fallback).map(|other| other.name_in(t.locale().tag()).to_owned());
    vec![
        (t.get("departments-name"), text(&raw.name)),
        (t.get("departments-translations"), names.collect::<Vec<_>>().join(", ")),
        (t.get("departments-slug"), text(&raw.slug)),
        (t.get("departments-description"), text(&raw.description)),
        (t.get("departments-email"), text(&raw.email)),
        (t.get("departments-phone"), text(&raw.phone)),
        (t.get("departments-channels"), lines.collect::<Vec<_>>().join("; ")),
        (t.get("departments-language-policy"), policy),
        (t.get("departments-fallback"), fallback.unwrap_or_default()),
        (t.get("schedules-office-hours"), schedule_name(visit, schedule)),
        (t.get("departments-minimum-cover"), text(&raw.minimum_cover)),
        (t.get("departments-max-operators"), text(&raw.max_operators)),
    ]
}

async fn stale(ctx: &Ctx, reader: &Reader, id: i64, form: &Form<Fields>, sent: RawDepartment) -> Result<HttpResponse> {
    let catalogue = ctx.present_catalogue().await?;
    let now = catalogue.department(id).ok_or(AppError::NotFound)?;
    let stored = raw(now);
    let fallback = slug_of(reader, now.fallback_id);
    let wanted = form.fields.fallback.clone().unwrap_or_else(|| fallback.clone());
    let hours = form.fields.schedule_id.as_deref().map_or(now.schedule_id, schedule_id);
    let (theirs, yours) = (told(reader, &stored, &fallback, now.schedule_id), told(reader, &over(stored.clone(), sent), &wanted, hours));
    let fields = theirs.into_iter().zip(yours).map(|((label, theirs), (_, yours))| (label, theirs, yours));
    stale::answer(ctx, &StalePage::new(reader, &format!("/departments/{id}"), form.raw.clone(), now.version, differences(fields)))
}
