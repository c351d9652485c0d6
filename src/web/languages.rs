//! Languages: the list with its order, adding, editing and deletion (LA-1).

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use askama::Template;
use serde::Deserialize;

use super::faults::Faults;
use super::flash::Flash;
use super::form::Form;
use super::see_other_with;
use super::shell::{self, Shell};
use super::stale::{self, StalePage};
use super::visit::{Reader, Visit};
use crate::actions::Ctx;
use crate::actions::languages::{self as deeds, LanguageChange, NewLanguage, Removal};
use crate::actions::rights::{ManageLanguages, ViewLanguages};
use crate::domain::language::{self, LanguageTag};
use crate::error::{AppError, Result};
use crate::store::catalogue::Language;
use crate::store::languages as stored;
use crate::store::sites::SiteRow;

/// Operators named on the deletion page; more are counted.
const NAMED: u64 = 10;

/// The addresses of this noun.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/languages").get(list).post(create))
        .service(web::resource("/languages/new").get(new))
        .service(web::resource("/languages/{tag}").get(show).post(change))
        .service(web::resource("/languages/{tag}/position").post(place))
        .service(web::resource("/languages/{tag}/activation").post(activate))
        .service(web::resource("/languages/{tag}/default").post(set_default))
        .service(web::resource("/languages/{tag}/deletion").get(ask_deletion).post(delete));
}

struct Row<'a> {
    language: &'a Language,
    assistants: u64,
    is_default: bool,
    /// Its place from 1 on.
    place: usize,
}

#[derive(Template)]
#[template(path = "languages/list.html")]
struct ListPage<'a> {
    shell: Shell<'a>,
    rows: Vec<Row<'a>>,
}

#[derive(Template)]
#[template(path = "languages/new.html")]
struct NewPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    sent: NewLanguage,
    /// Known languages that are not there yet: tag and name.
    known: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "languages/show.html")]
struct ShowPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    language: &'a Language,
    name: String,
    native_name: String,
    enabled: bool,
    is_default: bool,
    /// Names of the sites that lead to it.
    sites: Vec<&'a SiteRow>,
}

#[derive(Template)]
#[template(path = "languages/deletion.html")]
struct DeletionPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    language: &'a Language,
    is_default: bool,
    assistants: u64,
    named: Vec<(i64, String)>,
    only: u64,
    job_positions: u64,
    department_names: u64,
    sites: Vec<&'a SiteRow>,
    /// The languages that can take its place, nothing first, and the one chosen.
    replacements: Vec<(String, String)>,
    replacement: String,
}

/// A new language as its form was sent, or as its address suggests.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NewForm {
    tag: String,
    name: String,
    native_name: String,
}

/// A language as its form was sent. An unticked box sends only the hidden `false` before it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LanguageForm {
    name: Option<String>,
    native_name: Option<String>,
    enabled: Vec<String>,
    position: Option<i64>,
    version: Option<i64>,
    replacement: String,
}

impl LanguageForm {
    fn enabled(&self) -> Option<bool> {
        self.enabled.last().map(|value| value == "true")
    }
}

async fn list(ctx: Data<Ctx>, reader: Reader) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewLanguages>()?;
    let assistants = stored::assistants(ctx.store.read()).await?;
    let all = &reader.catalogue.languages;
    let rows = all.iter().enumerate().map(|(place, language)| Row {
        language,
        assistants: assistants.get(&language.tag).copied().unwrap_or(0),
        is_default: is_default(&reader, &language.tag),
        place: place + 1,
    });
    let page = ListPage { shell: Shell::new(&reader, reader.t.get("languages-title")), rows: rows.collect() };
    shell::ok(&ctx, &reader, &page)
}

fn is_default(visit: &Visit, tag: &str) -> bool {
    visit.catalogue.organisation.default_language == tag
}

async fn new(ctx: Data<Ctx>, reader: Reader, asked: Query<NewForm>) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageLanguages>()?;
    let mut sent = NewLanguage { tag: asked.into_inner().tag, ..NewLanguage::default() };
    if let Ok(tag) = LanguageTag::parse(&sent.tag) {
        sent.name = language::name_in(&tag, &reader.catalogue.organisation.default_language);
        sent.native_name = language::native_name(&tag);
    }
    shell::ok(&ctx, &reader, &new_page(&reader, Faults::none(reader.t), sent))
}

async fn create(ctx: Data<Ctx>, reader: Reader, form: Form<NewForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageLanguages>()?;
    let NewForm { tag, name, native_name } = form.fields;
    let sent = NewLanguage { tag, name, native_name };
    match deeds::create(&ctx, right, sent.clone()).await {
        Ok(tag) => Ok(see_other_with(&ctx, "/languages", &Flash::success("languages-created").with("tag", tag))),
        Err(AppError::Invalid(errors)) => shell::invalid(&ctx, &reader, &new_page(&reader, Faults::of(reader.t, errors), sent)),
        Err(error) => Err(error),
    }
}

fn new_page(reader: &Reader, faults: Faults, sent: NewLanguage) -> NewPage<'_> {
    let t = reader.t;
    let is_there = |tag: &str| reader.catalogue.languages.iter().any(|language| language.tag == tag);
    let free = language::known().filter(|tag| !is_there(tag)).filter_map(|tag| LanguageTag::parse(tag).ok());
    let mut known: Vec<(String, String)> = free
        .map(|tag| (tag.to_string(), format!("{} · {}", language::name_in(&tag, t.locale().tag()), language::native_name(&tag))))
        .collect();
    known.sort_by_cached_key(|(_, name)| crate::domain::text::fold(name));
    known.insert(0, (String::new(), t.get("languages-choose").to_owned()));
    NewPage { shell: Shell::new(reader, t.get("languages-new-title")).crumb(t.get("languages-title"), "/languages"), faults, sent, known }
}

async fn show(ctx: Data<Ctx>, reader: Reader, tag: Path<String>) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageLanguages>()?;
    let language = language(&reader, &tag)?;
    let page = show_page(&reader, language, Faults::none(reader.t), &LanguageForm::default());
    shell::ok(&ctx, &reader, &page)
}

fn language<'a>(visit: &'a Visit, tag: &str) -> Result<&'a Language> {
    visit.catalogue.languages.iter().find(|language| language.tag == tag).ok_or(AppError::NotFound)
}

fn show_page<'a>(reader: &'a Reader, language: &'a Language, faults: Faults, sent: &LanguageForm) -> ShowPage<'a> {
    ShowPage {
        shell: Shell::new(reader, language.name.as_str()).crumb(reader.t.get("languages-title"), "/languages"),
        faults,
        language,
        name: sent.name.clone().unwrap_or_else(|| language.name.clone()),
        native_name: sent.native_name.clone().unwrap_or_else(|| language.native_name.clone()),
        enabled: sent.enabled().unwrap_or(language.enabled),
        is_default: is_default(reader, &language.tag),
        sites: naming(reader, &language.tag),
    }
}

/// The sites that lead to a language.
fn naming<'a>(visit: &'a Visit, tag: &str) -> Vec<&'a SiteRow> {
    let Ok(tag) = LanguageTag::parse(tag) else { return Vec::new() };
    visit.catalogue.sites.iter().filter(|row| row.site.names(&tag)).collect()
}

async fn change(ctx: Data<Ctx>, reader: Reader, tag: Path<String>, form: Form<LanguageForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageLanguages>()?;
    let sent = &form.fields;
    let wanted =
        LanguageChange { name: sent.name.clone(), native_name: sent.native_name.clone(), enabled: sent.enabled(), position: sent.position };
    match deeds::change(&ctx, right, &tag, Some(sent.version.unwrap_or(0)), wanted).await {
        Ok(()) => Ok(saved(&ctx, &reader, &tag, sent.enabled())),
        Err(AppError::Invalid(errors)) => {
            let page = show_page(&reader, language(&reader, &tag)?, Faults::of(reader.t, errors), sent);
            shell::invalid(&ctx, &reader, &page)
        }
        Err(AppError::Stale) => stale(&ctx, &reader, &tag, &form).await,
        Err(error) => Err(error),
    }
}

/// Says that it is saved; where a language that sites lead to is switched off, that they pass it over.
fn saved(ctx: &Data<Ctx>, reader: &Reader, tag: &str, enabled: Option<bool>) -> HttpResponse {
    let names: Vec<&str> = naming(reader, tag).into_iter().map(|row| row.site.name.as_str()).collect();
    let done = match enabled {
        Some(false) if !names.is_empty() => Flash::warning("languages-saved-off").with("sites", names.join(", ")),
        _ => Flash::success("languages-saved"),
    };
    see_other_with(ctx, "/languages", &done.with("tag", tag))
}

async fn stale(ctx: &Ctx, reader: &Reader, tag: &str, form: &Form<LanguageForm>) -> Result<HttpResponse> {
    let t = reader.t;
    let theirs = stored::find(ctx.store.read(), tag).await?.ok_or(AppError::NotFound)?;
    let sent = &form.fields;
    let on = |enabled: bool| t.get(if enabled { "languages-on" } else { "languages-off" }).to_owned();
    let differences = stale::differences([
        (t.get("languages-name"), theirs.name.clone(), sent.name.clone().unwrap_or_default()),
        (t.get("languages-native-name"), theirs.native_name.clone(), sent.native_name.clone().unwrap_or_default()),
        (t.get("languages-enabled"), on(theirs.enabled), on(sent.enabled().unwrap_or(theirs.enabled))),
    ]);
    stale::answer(ctx, &StalePage::new(reader, &format!("/languages/{tag}"), form.raw.clone(), theirs.version, differences))
}

async fn place(ctx: Data<Ctx>, reader: Reader, tag: Path<String>, form: Form<LanguageForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageLanguages>()?;
    let wanted = LanguageChange { position: form.fields.position, ..LanguageChange::default() };
    deeds::change(&ctx, right, &tag, None, wanted).await?;
    Ok(see_other_with(&ctx, "/languages", &Flash::success("languages-placed").with("tag", &*tag)))
}

async fn activate(ctx: Data<Ctx>, reader: Reader, tag: Path<String>, form: Form<LanguageForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageLanguages>()?;
    let wanted = LanguageChange { enabled: form.fields.enabled(), ..LanguageChange::default() };
    deeds::change(&ctx, right, &tag, None, wanted).await?;
    Ok(saved(&ctx, &reader, &tag, form.fields.enabled()))
}

async fn set_default(ctx: Data<Ctx>, reader: Reader, tag: Path<String>, _form: Form<LanguageForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageLanguages>()?;
    deeds::set_default(&ctx, right, &tag).await?;
    Ok(see_other_with(&ctx, "/languages", &Flash::success("languages-default-set").with("tag", &*tag)))
}

async fn ask_deletion(ctx: Data<Ctx>, reader: Reader, tag: Path<String>) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageLanguages>()?;
    let page = deletion_page(&ctx, &reader, &tag, Faults::none(reader.t), String::new()).await?;
    shell::ok(&ctx, &reader, &page)
}

async fn deletion_page<'a>(ctx: &Ctx, reader: &'a Reader, tag: &str, faults: Faults, replacement: String) -> Result<DeletionPage<'a>> {
    let language = language(reader, tag)?;
    let t = reader.t;
    let db = ctx.store.read();
    let (assistants, only) = stored::dependence(db, tag).await?;
    let others = reader.catalogue.enabled_languages().filter(|other| other.tag != tag);
    let none = (String::new(), t.get("languages-replacement-none").to_owned());
    Ok(DeletionPage {
        shell: Shell::new(reader, t.with("languages-deletion-title", &[("name", &language.name)]))
            .crumb(t.get("languages-title"), "/languages")
            .crumb(language.name.as_str(), format!("/languages/{tag}")),
        faults,
        language,
        is_default: is_default(reader, tag),
        assistants,
        named: stored::assistants_of(db, tag, NAMED).await?,
        only,
        job_positions: stored::job_positions(db, tag).await?,
        department_names: stored::department_names(db, tag).await?,
        sites: naming(reader, tag),
        replacements: std::iter::once(none).chain(others.map(|other| (other.tag.clone(), other.name.clone()))).collect(),
        replacement,
    })
}

/// The form that asks lists whom it concerns, so sending it is the confirmation.
async fn delete(ctx: Data<Ctx>, reader: Reader, tag: Path<String>, form: Form<LanguageForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageLanguages>()?;
    let replacement = form.fields.replacement;
    match deeds::delete(&ctx, right, &tag, Removal { replacement: Some(&replacement), confirmed: true, version: None }).await {
        Ok(()) => Ok(see_other_with(&ctx, "/languages", &Flash::success("languages-deleted").with("tag", &*tag))),
        Err(AppError::Invalid(errors)) => {
            let page = deletion_page(&ctx, &reader, &tag, Faults::of(reader.t, errors), replacement).await?;
            shell::invalid(&ctx, &reader, &page)
        }
        Err(error) => Err(error),
    }
}
