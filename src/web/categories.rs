//! Categories of closed queries: the list with its order, adding, editing and deletion (QU-6).

use std::collections::{BTreeMap, HashMap};

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};
use askama::Template;
use serde::Deserialize;

use super::faults::Faults;
use super::flash::Flash;
use super::form::Form;
use super::operators::subject::language_name;
use super::see_other_with;
use super::shell::{self, Shell};
use super::stale::{self, StalePage};
use super::visit::Reader;
use crate::actions::Ctx;
use crate::actions::categories as deeds;
use crate::actions::rights::{ManageQueries, ViewQueries};
use crate::domain::category::RawCategory;
use crate::domain::permission::Permission;
use crate::error::{AppError, Result};
use crate::store::categories::{self as stored, Category};

/// The addresses of this noun.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/categories").get(list).post(create))
        .service(web::resource("/categories/new").get(new))
        .service(web::resource("/categories/{id:\\d{1,18}}").get(show).post(change))
        .service(web::resource("/categories/{id:\\d{1,18}}/position").post(place))
        .service(web::resource("/categories/{id:\\d{1,18}}/deletion").get(ask_deletion).post(delete));
}

struct Row<'a> {
    category: &'a Category,
    name: &'a str,
    uses: u64,
    /// Its place from 1 on.
    place: usize,
}

#[derive(Template)]
#[template(path = "categories/list.html")]
struct ListPage<'a> {
    shell: Shell<'a>,
    rows: Vec<Row<'a>>,
    manages: bool,
}

#[derive(Template)]
#[template(path = "categories/edit.html")]
struct EditPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    category: Option<&'a Category>,
    name: String,
    /// Tag, language and text.
    texts: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "categories/deletion.html")]
struct DeletionPage<'a> {
    shell: Shell<'a>,
    category: &'a Category,
    uses: u64,
}

/// A category as its form was sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Fields {
    name: Option<String>,
    position: Option<i64>,
    version: Option<i64>,
    #[serde(skip)]
    texts: BTreeMap<String, String>,
}

impl Fields {
    fn of(form: &Form<Fields>) -> Fields {
        let texts = form.raw.iter().filter_map(|(name, text)| Some((name.strip_prefix("name_texts.")?.to_owned(), text.clone())));
        Fields { texts: texts.collect(), ..form.fields.clone() }
    }

    fn stored(category: &Category) -> Fields {
        Fields { name: Some(category.facts.name.clone()), texts: category.facts.name_texts.clone(), ..Fields::default() }
    }

    fn raw(&self) -> RawCategory {
        RawCategory { name: self.name.clone(), name_texts: (!self.texts.is_empty()).then(|| self.texts.clone()) }
    }
}

async fn list(ctx: Data<Ctx>, reader: Reader) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewQueries>()?;
    let all = stored::all(ctx.store.read()).await?;
    let uses: HashMap<i64, u64> = stored::uses(ctx.store.read()).await?;
    let tag = reader.t.locale().tag();
    let row = |(place, category): (usize, _)| {
        let category: &Category = category;
        Row { name: category.name_in(tag), uses: uses.get(&category.id).copied().unwrap_or(0), place: place + 1, category }
    };
    let page = ListPage {
        shell: Shell::new(&reader, reader.t.get("categories-title")),
        rows: all.iter().enumerate().map(row).collect(),
        manages: reader.may(Permission::QueriesManage),
    };
    shell::ok(&ctx, &reader, &page)
}

async fn new(ctx: Data<Ctx>, reader: Reader) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageQueries>()?;
    shell::ok(&ctx, &reader, &edit_page(&reader, None, Faults::none(reader.t), &Fields::default()))
}

async fn create(ctx: Data<Ctx>, reader: Reader, form: Form<Fields>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageQueries>()?;
    let sent = Fields::of(&form);
    match deeds::create(&ctx, right, &sent.raw()).await {
        Ok(_) => {
            let name = sent.name.unwrap_or_default();
            Ok(see_other_with(&ctx, "/categories", &Flash::success("categories-created").with("name", name.trim())))
        }
        Err(AppError::Invalid(errors)) => shell::invalid(&ctx, &reader, &edit_page(&reader, None, Faults::of(reader.t, errors), &sent)),
        Err(error) => Err(error),
    }
}

async fn find(ctx: &Ctx, id: i64) -> Result<Category> {
    stored::all(ctx.store.read()).await?.into_iter().find(|category| category.id == id).ok_or(AppError::NotFound)
}

async fn show(ctx: Data<Ctx>, reader: Reader, id: Path<i64>) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageQueries>()?;
    let category = find(&ctx, *id).await?;
    shell::ok(&ctx, &reader, &edit_page(&reader, Some(&category), Faults::none(reader.t), &Fields::stored(&category)))
}

fn edit_page<'a>(reader: &'a Reader, category: Option<&'a Category>, faults: Faults, sent: &Fields) -> EditPage<'a> {
    let t = reader.t;
    let title = category.map_or(t.get("categories-add"), |category| category.name_in(t.locale().tag())).to_owned();
    let others = reader.catalogue.enabled_languages().filter(|language| language.tag != reader.catalogue.organisation.default_language);
    let text = |tag: &String| sent.texts.get(tag).cloned().unwrap_or_default();
    EditPage {
        shell: Shell::new(reader, title).crumb(t.get("categories-title"), "/categories"),
        faults,
        category,
        name: sent.name.clone().unwrap_or_default(),
        texts: others.map(|language| (language.tag.clone(), language_name(t, &language.tag), text(&language.tag))).collect(),
    }
}

async fn change(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<Fields>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageQueries>()?;
    let category = find(&ctx, *id).await?;
    let sent = Fields::of(&form);
    match deeds::change(&ctx, right, *id, Some(sent.version.unwrap_or(0)), &sent.raw(), None).await {
        Ok(()) => {
            let name = sent.name.unwrap_or(category.facts.name);
            Ok(see_other_with(&ctx, "/categories", &Flash::success("categories-saved").with("name", name.trim())))
        }
        Err(AppError::Invalid(errors)) => {
            shell::invalid(&ctx, &reader, &edit_page(&reader, Some(&category), Faults::of(reader.t, errors), &sent))
        }
        Err(AppError::Stale) => {
            let theirs = find(&ctx, *id).await?;
            let told = |texts: &BTreeMap<String, String>| {
                let told = texts.iter().filter(|(_, text)| !text.trim().is_empty());
                told.map(|(tag, text)| format!("{tag}: {text}")).collect::<Vec<_>>().join("\n")
            };
            let differences = stale::differences([
                (reader.t.get("categories-name"), theirs.facts.name.clone(), sent.name.clone().unwrap_or_default()),
                (reader.t.get("statuses-texts"), told(&theirs.facts.name_texts), told(&sent.texts)),
            ]);
            stale::answer(&ctx, &StalePage::new(&reader, &format!("/categories/{id}"), form.raw, theirs.version, differences))
        }
        Err(error) => Err(error),
    }
}

async fn place(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<Fields>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageQueries>()?;
    let category = find(&ctx, *id).await?;
    deeds::change(&ctx, right, *id, None, &RawCategory::default(), form.fields.position).await?;
    Ok(see_other_with(&ctx, "/categories", &Flash::success("categories-placed").with("name", category.facts.name)))
}

async fn ask_deletion(ctx: Data<Ctx>, reader: Reader, id: Path<i64>) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageQueries>()?;
    let category = find(&ctx, *id).await?;
    let t = reader.t;
    let name = category.name_in(t.locale().tag());
    let page = DeletionPage {
        shell: Shell::new(&reader, t.with("categories-deletion-title", &[("name", name)]))
            .crumb(t.get("categories-title"), "/categories")
            .crumb(name, format!("/categories/{id}")),
        uses: stored::uses(ctx.store.read()).await?.get(&category.id).copied().unwrap_or(0),
        category: &category,
    };
    shell::ok(&ctx, &reader, &page)
}

/// The form that asks tells what follows, so sending it is the confirmation.
async fn delete(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, form: Form<Fields>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageQueries>()?;
    let category = find(&ctx, *id).await?;
    deeds::delete(&ctx, right, *id, form.fields.version).await?;
    Ok(see_other_with(&ctx, "/categories", &Flash::success("categories-deleted").with("name", category.facts.name)))
}
