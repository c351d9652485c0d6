//! The form of a site, new or there already, with the tester beside it.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};
use askama::Template;

use super::draft::{Draft, SiteForm};
use super::tester::{Asked, Tester};
use super::{named, row};
use crate::actions::Ctx;
use crate::actions::rights::{ManageSites, ViewSites};
use crate::actions::sites as deeds;
use crate::domain::country;
use crate::domain::field::FieldErrors;
use crate::domain::permission::Permission;
use crate::domain::site::{RawRule, RuleKind, Site};
use crate::error::{AppError, Result};
use crate::i18n::Texts;
use crate::store::sites::{self, SiteRow};
use crate::web::faults::Faults;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::operators::subject::language_name;
use crate::web::see_other_with;
use crate::web::shell::{self, Shell};
use crate::web::stale::{self, StalePage};
use crate::web::visit::{Reader, Visit};

/// A department that may be offered.
struct Tick {
    slug: String,
    name: String,
    is_on: bool,
}

/// A source of the language, with its place in the order where it is ticked.
struct Step {
    name: &'static str,
    label: &'static str,
    help: &'static str,
    is_on: bool,
}

#[derive(Template)]
#[template(path = "sites/edit.html")]
struct EditPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    /// Where the form goes.
    action: String,
    row: Option<&'a SiteRow>,
    draft: Draft,
    /// What is wrong with the hosts, each with its own line.
    host_faults: Vec<String>,
    steps: Vec<Step>,
    ticks: Vec<Tick>,
    rules: Vec<RawRule>,
    countries: Vec<(String, String)>,
    kinds: Vec<(&'static str, &'static str)>,
    /// Tag, name of the language and text of what visitors read while nobody receives.
    message_texts: Vec<(String, String, String)>,
    /// Tags and names of the languages to choose from, nothing first.
    languages: Vec<(String, String)>,
    may_save: bool,
    is_unsaved: bool,
    tester: Option<Tester<'a>>,
}

impl EditPage<'_> {
    /// All countries by their codes, named in the reader's language.
    fn known_countries(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        country::all_in(self.shell.t.locale().tag())
    }

    /// The name of a country of a row.
    fn country_name<'c>(&self, code: &'c str) -> &'c str {
        country::name_in(code, self.shell.t.locale().tag())
    }

    /// The control of a part of a row, as faults name it.
    fn id(&self, list: &str, row: &usize, part: &str) -> String {
        format!("{list}[{row}].{part}")
    }

    /// What is wrong with a part of a row.
    fn fault(&self, list: &str, row: &usize, part: &str) -> Option<String> {
        self.faults.at(&self.id(list, row, part))
    }

    /// What a small button sends.
    fn deed(&self, list: &str, row: &usize, way: &str) -> String {
        format!("{list}:{row}:{way}")
    }

    /// Where it sends it, and which part of the page is then looked at.
    fn at(&self, list: &str) -> String {
        format!("{}#{list}", self.action)
    }

    /// A row as people count.
    fn place(&self, row: &usize) -> String {
        (row + 1).to_string()
    }
}

pub async fn new(ctx: Data<Ctx>, reader: Reader) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageSites>()?;
    let page = page(&reader, None, Draft::stored(&Site::default()), FieldErrors::default());
    shell::ok(&ctx, &reader, &page)
}

pub async fn create(ctx: Data<Ctx>, reader: Reader, form: Form<SiteForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageSites>()?;
    let mut draft = Draft::sent(&form, &Site::default());
    if let Some(edit) = &form.fields.edit {
        draft.edit(edit);
        return edited(&ctx, &reader, None, draft);
    }
    match deeds::create(&ctx, right, &draft.raw()).await {
        Ok(id) => Ok(saved(&ctx, id, "sites-created", &draft)),
        Err(AppError::Invalid(errors)) => shell::invalid(&ctx, &reader, &page(&reader, None, draft, errors)),
        Err(error) => Err(error),
    }
}

pub async fn show(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, asked: Query<Asked>) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewSites>()?;
    let row = row(&reader, *id)?;
    let mut page = page(&reader, Some(row), Draft::stored(&row.site), FieldErrors::default());
    page.tester = Some(Tester::new(&reader, row, asked.into_inner()));
    shell::ok(&ctx, &reader, &page)
}

pub async fn change(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<SiteForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageSites>()?;
    let row = row(&reader, *id)?;
    let mut draft = Draft::sent(&form, &row.site);
    if let Some(edit) = &form.fields.edit {
        draft.edit(edit);
        return edited(&ctx, &reader, Some(row), draft);
    }
    match deeds::change(&ctx, right, row.id, Some(form.fields.version.unwrap_or(0)), &draft.raw()).await {
        Ok(()) => Ok(saved(&ctx, row.id, "sites-saved", &draft)),
        Err(AppError::Invalid(errors)) => shell::invalid(&ctx, &reader, &page(&reader, Some(row), draft, errors)),
        Err(AppError::Stale) => stale(&ctx, &reader, row.id, &form).await,
        Err(error) => Err(error),
    }
}

fn saved(ctx: &Data<Ctx>, id: i64, text: &str, draft: &Draft) -> HttpResponse {
    see_other_with(ctx, &format!("/sites/{id}"), &Flash::success(text).with("name", draft.name.trim()))
}

/// The form after a small button: nothing is saved yet.
fn edited(ctx: &Ctx, reader: &Reader, row: Option<&SiteRow>, draft: Draft) -> Result<HttpResponse> {
    let mut page = page(reader, row, draft, FieldErrors::default());
    page.is_unsaved = true;
    shell::ok(ctx, reader, &page)
}

fn page<'a>(reader: &'a Reader, row: Option<&'a SiteRow>, draft: Draft, errors: FieldErrors) -> EditPage<'a> {
    let t = reader.t;
    let of_hosts = |field: &str| field.starts_with("hosts");
    let faults = Faults::of(t, errors.clone());
    let blanks = |count: usize| std::iter::repeat_n((), count);
    let title = row.map_or_else(|| t.get("sites-new-title").to_owned(), |row| row.site.name.clone());
    let blank_rule = RawRule { kind: RuleKind::Path.as_str().to_owned(), ..RawRule::default() };
    let ticks = reader.catalogue.departments.iter().map(|department| Tick {
        is_on: draft.departments.contains(&department.facts.slug),
        slug: department.facts.slug.clone(),
        name: department.name_in(t.locale().tag()).to_owned(),
    });
    EditPage {
        shell: Shell::new(reader, title).crumb(t.get("sites-title"), "/sites"),
        action: row.map_or_else(|| "/sites".to_owned(), |row| format!("/sites/{}", row.id)),
        host_faults: faults.all().into_iter().filter(|(field, _)| of_hosts(field)).map(|(_, text)| text).collect(),
        is_unsaved: !faults.is_empty(),
        faults: Faults::of(t, at_controls(errors)),
        steps: draft.sources().map(|(name, is_on)| step(t, name, is_on)).collect(),
        ticks: ticks.collect(),
        rules: draft.rules.iter().cloned().chain(blanks(draft.blank_rules).map(|()| blank_rule.clone())).collect(),
        countries: draft.countries.iter().cloned().chain(blanks(draft.blank_countries).map(|()| Default::default())).collect(),
        kinds: RuleKind::ALL.map(|kind| (kind.as_str(), t.get(&format!("sites-rule-{}", kind.as_str())))).to_vec(),
        message_texts: message_texts(reader, &draft),
        languages: languages(reader, &draft),
        may_save: reader.may(Permission::SitesManage),
        tester: row.map(|row| Tester::new(reader, row, Asked::default())),
        row,
        draft,
    }
}

fn step(t: Texts, name: &'static str, is_on: bool) -> Step {
    let key = format!("sites-source-{name}");
    Step { name, label: t.get(&key), help: t.get(&format!("{key}-help")), is_on }
}

/// Faults at what the form has a control for: of lists that are one control, the list.
fn at_controls(FieldErrors(mut errors): FieldErrors) -> FieldErrors {
    for error in &mut errors {
        for list in ["hosts", "departments", "language_order"] {
            if error.field.starts_with(list) {
                error.field = list.to_owned();
            }
        }
    }
    FieldErrors(errors)
}

/// The texts in the languages that are switched on, and in those that have one already.
fn message_texts(visit: &Visit, draft: &Draft) -> Vec<(String, String, String)> {
    let on = visit.catalogue.enabled_languages().map(|language| language.tag.as_str());
    let off = draft.message_texts.keys().map(String::as_str).filter(|tag| !visit.catalogue.enabled_languages().any(|on| on.tag == **tag));
    let text = |tag: &str| draft.message_texts.get(tag).cloned().unwrap_or_default();
    on.chain(off).map(|tag| (tag.to_owned(), language_name(visit.t, tag), text(tag))).collect()
}

/// The languages to choose from: those that are switched on, and those that the form names already.
fn languages(visit: &Visit, draft: &Draft) -> Vec<(String, String)> {
    let t = visit.t;
    let mut tags: Vec<&str> = visit.catalogue.enabled_languages().map(|language| language.tag.as_str()).collect();
    let named = draft.rules.iter().map(|rule| &rule.language).chain(draft.countries.iter().map(|(_, tag)| tag)).chain([&draft.fixed]);
    let is_known = |tag: &str| visit.catalogue.languages.iter().any(|language| language.tag == tag);
    for tag in named.filter(|tag| is_known(tag)) {
        if !tags.contains(&tag.as_str()) {
            tags.push(tag);
        }
    }
    let is_on = |tag: &str| visit.catalogue.enabled_languages().any(|language| language.tag == tag);
    let label = |tag: &str| match language_name(t, tag) {
        name if is_on(tag) => name,
        name => t.with("sites-language-off", &[("language", &name)]),
    };
    tags.into_iter().map(|tag| (tag.to_owned(), label(tag))).collect()
}

async fn stale(ctx: &Ctx, reader: &Reader, id: i64, form: &Form<SiteForm>) -> Result<HttpResponse> {
    let t = reader.t;
    let now = sites::find(ctx.store.read(), id).await?.ok_or(AppError::NotFound)?;
    let (theirs, yours) = (Draft::stored(&now.site), Draft::sent(form, &now.site));
    let list = |lines: &str| lines.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ");
    let order = |draft: &Draft| {
        let steps = draft.order.iter().map(|name| t.get(&format!("sites-source-{name}")));
        steps.collect::<Vec<_>>().join(", ")
    };
    let rules = |draft: &Draft| {
        let rules = draft.rules.iter().map(|rule| format!("{} {} → {}", rule.kind, rule.value, rule.language));
        rules.collect::<Vec<_>>().join(", ")
    };
    let countries = |draft: &Draft| {
        let rows = draft.countries.iter().map(|(country, tag)| format!("{country} → {tag}"));
        rows.collect::<Vec<_>>().join(", ")
    };
    let on = |on: bool| t.get(if on { "statuses-yes" } else { "statuses-no" }).to_owned();
    let texts = |draft: &Draft| {
        let texts = draft.message_texts.iter().filter(|(_, text)| !text.trim().is_empty()).map(|(tag, text)| format!("{tag}: {text}"));
        texts.collect::<Vec<_>>().join(", ")
    };
    let offered = |draft: &Draft| named(reader, &draft.departments).join(", ");
    let differences = stale::differences([
        (t.get("sites-name"), theirs.name.clone(), yours.name.clone()),
        (t.get("sites-slug"), theirs.slug.clone(), yours.slug.clone()),
        (t.get("sites-hosts"), list(&theirs.hosts), list(&yours.hosts)),
        (t.get("sites-departments"), offered(&theirs), offered(&yours)),
        (t.get("sites-order"), order(&theirs), order(&yours)),
        (t.get("sites-rules"), rules(&theirs), rules(&yours)),
        (t.get("sites-countries"), countries(&theirs), countries(&yours)),
        (t.get("sites-fixed"), theirs.fixed.clone(), yours.fixed.clone()),
        (t.get("sites-message-mode"), on(theirs.message_mode), on(yours.message_mode)),
        (t.get("sites-message-texts"), texts(&theirs), texts(&yours)),
    ]);
    stale::answer(ctx, &StalePage::new(reader, &format!("/sites/{id}"), form.raw.clone(), now.version, differences))
}
