//! Mail texts: the overview, the editor with its preview, tests and the way back to the shipped text (MA-1).

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::faults::Faults;
use super::flash::Flash;
use super::form::{Form, is_asked_by_script};
use super::see_other_with;
use super::shell::{self, Shell};
use super::stale::{self, StalePage};
use super::visit::Reader;
use crate::actions::Ctx;
use crate::actions::mail::{Recipient, send_test};
use crate::actions::rights::{ManageTemplates, ViewTemplates};
use crate::actions::templates::{self as deeds, Block, Draft, blocks};
use crate::domain::field::FieldErrors;
use crate::domain::mail_text::{MailKind, render};
use crate::error::{AppError, Result};
use crate::i18n::{Locale, Texts};
use crate::store::{accounts, templates};

/// The addresses of this noun.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/templates").get(list))
        .service(web::resource("/templates/{kind}/{language}").get(show).post(save))
        .service(web::resource("/templates/{kind}/{language}/preview").post(preview))
        .service(web::resource("/templates/{kind}/{language}/test").post(test))
        .service(web::resource("/templates/{kind}/{language}/reset").get(ask_reset).post(reset));
}

/// A mail kind in words.
pub fn kind_name(t: Texts, kind: &str) -> String {
    t.get(&format!("mail-kind-{}", kind.replace('_', "-"))).to_owned()
}

struct Row {
    name: String,
    help: &'static str,
    /// Tag, own name of the language, whether the text was changed.
    languages: Vec<(&'static str, &'static str, &'static str, bool)>,
}

#[derive(Template)]
#[template(path = "templates/list.html")]
struct ListPage<'a> {
    shell: Shell<'a>,
    rows: Vec<Row>,
}

struct Variable {
    name: &'static str,
    meaning: &'static str,
    is_required: bool,
}

#[derive(Template)]
#[template(path = "templates/show.html")]
struct ShowPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    address: String,
    draft: Draft,
    version: i64,
    variables: Vec<Variable>,
    others: Vec<(String, &'static str, bool)>,
    is_changed: bool,
    is_unsaved: bool,
    may_manage: bool,
    /// What has just happened, where the page is shown again without a redirect.
    notice: String,
    preview: Preview,
}

#[derive(Template)]
#[template(path = "templates/preview.html")]
struct PreviewPart {
    preview: Preview,
}

/// A mail as it would arrive, with invented values.
struct Preview {
    t: Texts,
    faults: Faults,
    language: &'static str,
    organisation: String,
    subject: String,
    body: String,
}

impl Preview {
    fn blocks(&self) -> Vec<Block<'_>> {
        blocks(&self.body)
    }
}

#[derive(Template)]
#[template(path = "templates/reset.html")]
struct ResetPage<'a> {
    shell: Shell<'a>,
    address: String,
    own: Draft,
    shipped: Draft,
}

/// A text as its form was sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct DraftForm {
    subject: String,
    body: String,
    version: Option<i64>,
}

impl DraftForm {
    fn draft(&self) -> Draft {
        Draft { subject: self.subject.clone(), body: self.body.clone() }
    }
}

/// Kind and language of an address.
#[derive(Clone, Copy)]
struct Which {
    kind: MailKind,
    locale: Locale,
}

impl Which {
    fn of(path: &Path<(String, String)>) -> Result<Which> {
        let locale = Locale::ALL.into_iter().find(|locale| locale.tag() == path.1);
        let found = MailKind::parse(&path.0).zip(locale);
        found.map(|(kind, locale)| Which { kind, locale }).ok_or(AppError::NotFound)
    }

    fn address(self) -> String {
        format!("/templates/{}/{}", self.kind.as_str(), self.locale.tag())
    }

    fn title(self, t: Texts) -> String {
        t.with("templates-title-of", &[("kind", &kind_name(t, self.kind.as_str())), ("language", self.locale.native_name())])
    }
}

async fn list(ctx: Data<Ctx>, reader: Reader) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewTemplates>()?;
    let t = reader.t;
    let own = templates::all(ctx.store.read()).await?;
    let rows = MailKind::ALL.into_iter().map(|kind| {
        let is_changed = |locale: Locale| own.iter().any(|text| text.kind == kind.as_str() && text.language == locale.tag());
        Row {
            name: kind_name(t, kind.as_str()),
            help: t.get(&format!("mail-kind-{}-help", kind.as_str().replace('_', "-"))),
            languages: Locale::ALL.map(|locale| (kind.as_str(), locale.tag(), locale.native_name(), is_changed(locale))).to_vec(),
        }
    });
    let page = ListPage { shell: Shell::new(&reader, t.get("templates-title")), rows: rows.collect() };
    shell::ok(&ctx, &reader, &page)
}

async fn show(ctx: Data<Ctx>, reader: Reader, path: Path<(String, String)>) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewTemplates>()?;
    let which = Which::of(&path)?;
    let in_force = deeds::in_force(&ctx, which.kind, which.locale).await?;
    let page = show_page(&ctx, &reader, which, Faults::none(reader.t), in_force.draft, in_force.version).await?;
    shell::ok(&ctx, &reader, &page)
}

async fn show_page<'a>(ctx: &Ctx, reader: &'a Reader, which: Which, faults: Faults, draft: Draft, version: i64) -> Result<ShowPage<'a>> {
    let t = reader.t;
    let required = which.kind.required_variables();
    let variable = |name: &&'static str| Variable {
        name,
        meaning: t.get(&format!("variable-{}", name.replace('_', "-"))),
        is_required: required.contains(name),
    };
    let stored = deeds::in_force(ctx, which.kind, which.locale).await?;
    let other = |locale: Locale| (Which { locale, ..which }.address(), locale.native_name(), locale == which.locale);
    Ok(ShowPage {
        shell: Shell::new(reader, which.title(t)).crumb(t.get("templates-title"), "/templates"),
        address: which.address(),
        variables: which.kind.variables().iter().map(variable).collect(),
        others: Locale::ALL.map(other).to_vec(),
        is_changed: stored.version > 0,
        is_unsaved: stored.draft != draft,
        may_manage: reader.actor()?.may::<ManageTemplates>().is_ok(),
        notice: String::new(),
        preview: preview_of(reader, which, Faults::none(t), &draft),
        faults,
        draft,
        version,
    })
}

fn preview_of(reader: &Reader, which: Which, faults: Faults, draft: &Draft) -> Preview {
    let values = which.kind.sample();
    Preview {
        t: reader.t,
        faults,
        language: which.locale.tag(),
        organisation: reader.catalogue.organisation.organisation_name.clone(),
        subject: render(&draft.subject, &values),
        body: render(&draft.body.replace("\r\n", "\n"), &values),
    }
}

async fn save(ctx: Data<Ctx>, reader: Reader, path: Path<(String, String)>, form: Form<DraftForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageTemplates>()?;
    let which = Which::of(&path)?;
    let (draft, version) = (form.fields.draft(), form.fields.version.unwrap_or(-1));
    match deeds::save(&ctx, right, which.kind, which.locale, version, &draft).await {
        Ok(()) => Ok(see_other_with(&ctx, &which.address(), &Flash::success("templates-saved"))),
        Err(AppError::Invalid(errors)) => again(&ctx, &reader, which, errors, draft, version).await,
        Err(AppError::Stale) => {
            let (t, theirs) = (reader.t, deeds::in_force(&ctx, which.kind, which.locale).await?);
            let differences = stale::differences([
                (t.get("templates-subject"), theirs.draft.subject, draft.subject),
                (t.get("templates-body"), theirs.draft.body, draft.body.replace("\r\n", "\n")),
            ]);
            stale::answer(&ctx, &StalePage::new(&reader, &which.address(), form.raw.clone(), theirs.version, differences))
        }
        Err(error) => Err(error),
    }
}

async fn again(ctx: &Ctx, reader: &Reader, which: Which, errors: FieldErrors, draft: Draft, version: i64) -> Result<HttpResponse> {
    let page = show_page(ctx, reader, which, Faults::of(reader.t, errors), draft, version).await?;
    shell::invalid(ctx, reader, &page)
}

/// The part of the page that shows the mail; without scripts, the page with the preview of what was typed.
async fn preview(
    ctx: Data<Ctx>,
    reader: Reader,
    path: Path<(String, String)>,
    request: HttpRequest,
    form: Form<DraftForm>,
) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewTemplates>()?;
    let which = Which::of(&path)?;
    let draft = form.fields.draft();
    let errors = match deeds::read(which.kind, &draft) {
        Err(AppError::Invalid(errors)) => errors,
        Err(error) => return Err(error),
        Ok(_) => FieldErrors::default(),
    };
    let is_page = !is_asked_by_script(&request);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let faults = Faults::of(reader.t, errors);
    if is_page {
        let page = show_page(&ctx, &reader, which, faults, draft, form.fields.version.unwrap_or(-1)).await?;
        return shell::html(&ctx, status, Some(&reader), &page);
    }
    shell::html(&ctx, status, None, &PreviewPart { preview: preview_of(&reader, which, faults, &draft) })
}

/// Sends what was typed to the reader, and shows it again as it was: nothing is saved.
async fn test(ctx: Data<Ctx>, reader: Reader, path: Path<(String, String)>, form: Form<DraftForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageTemplates>()?;
    let which = Which::of(&path)?;
    let version = form.fields.version.unwrap_or(-1);
    let draft = match deeds::read(which.kind, &form.fields.draft()) {
        Ok(draft) => draft,
        Err(AppError::Invalid(errors)) => return again(&ctx, &reader, which, errors, form.fields.draft(), version).await,
        Err(error) => return Err(error),
    };
    let seen = &reader.viewer()?.seen;
    let me = accounts::find(ctx.store.read(), seen.operator_id).await?.ok_or(AppError::SignedOut)?;
    let to = Recipient {
        id: seen.operator_id,
        name: me.name,
        email: me.email.clone(),
        locale: seen.locale.clone(),
        time_zone: seen.time_zone.clone(),
    };
    send_test(&ctx, &right, &to, which.kind, which.locale, &draft.subject, &draft.body).await?;
    let mut page = show_page(&ctx, &reader, which, Faults::none(reader.t), draft, version).await?;
    page.notice = reader.t.with("templates-test-sent", &[("email", &me.email)]);
    shell::ok(&ctx, &reader, &page)
}

async fn ask_reset(ctx: Data<Ctx>, reader: Reader, path: Path<(String, String)>) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageTemplates>()?;
    let which = Which::of(&path)?;
    let t = reader.t;
    let page = ResetPage {
        shell: Shell::new(&reader, t.get("templates-reset-title"))
            .crumb(t.get("templates-title"), "/templates")
            .crumb(which.title(t), which.address()),
        address: which.address(),
        own: deeds::in_force(&ctx, which.kind, which.locale).await?.draft,
        shipped: deeds::shipped(which.kind, which.locale),
    };
    shell::ok(&ctx, &reader, &page)
}

async fn reset(ctx: Data<Ctx>, reader: Reader, path: Path<(String, String)>, _form: Form<DraftForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageTemplates>()?;
    let which = Which::of(&path)?;
    deeds::reset(&ctx, right, which.kind, which.locale).await?;
    Ok(see_other_with(&ctx, &which.address(), &Flash::success("templates-were-reset")))
}
