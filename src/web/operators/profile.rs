//! The profile of an operator, as its own form (OP-2, OP-3, OP-4, OP-7).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::create::roles;
use super::subject::{PROFILE, Subject, language_name};
use crate::actions::operators::{self, Profile};
use crate::actions::{Actor, Ctx, passwords};
use crate::domain::email::EmailAddress;
use crate::domain::permission::Permission;
use crate::domain::time_zone;
use crate::error::{AppError, Result};
use crate::i18n::{Locale, Texts};
use crate::security::photo::PhotoError;
use crate::store;
use crate::store::operators::Operator;
use crate::web::faults::Faults;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::shell::{self, Shell, role_name};
use crate::web::stale::{self, StalePage, differences};
use crate::web::visit::{Reader, Visit};
use crate::web::{assets, see_other_with};

/// The form; what is not in it stays as it is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    version: Option<String>,
    name: Option<String>,
    alias: Option<String>,
    email: Option<String>,
    notification_email: Option<String>,
    role: Option<String>,
    phone: Option<String>,
    time_zone: Option<String>,
    locale: Option<String>,
    preset: Option<String>,
    remove_photo: Option<String>,
    confirm: Option<String>,
    current_password: Option<String>,
}

/// The values a form shows: what is stored, or what was sent and refused.
struct Shown {
    name: String,
    alias: String,
    email: String,
    notification_email: String,
    role: String,
    phone: String,
    time_zone: String,
    locale: String,
    preset: Option<String>,
    positions: BTreeMap<String, String>,
}

/// The job position in one language.
struct Position {
    name: String,
    label: String,
    text: String,
    is_missing: bool,
}

/// A preset picture.
struct Preset<'a> {
    slug: &'a str,
    picture: &'static str,
    label: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "operators/profile.html")]
struct ProfilePage<'a> {
    shell: Shell<'a>,
    subject: &'a Subject,
    here: &'static str,
    faults: Faults,
    shown: Shown,
    facts: Vec<(&'static str, String)>,
    roles: Vec<(String, String)>,
    zones: &'static [&'static str],
    locales: Vec<(String, String)>,
    /// The organisation's language first, then the others behind the "T".
    position: Position,
    translations: Vec<Position>,
    missing: Vec<String>,
    presets: Vec<Preset<'a>>,
    may_save: bool,
    /// Whether the password stands beside the e-mail, as it was typed too long ago for another one (A8).
    asks_password: bool,
    /// Sites with the address of their page on which one writes to the operator (LA-4).
    contact_links: Vec<(String, String)>,
}

/// A change of one's own role that takes rights away is asked about once more (RO-1).
#[derive(Template)]
#[template(path = "operators/lower.html")]
struct LowerPage<'a> {
    shell: Shell<'a>,
    subject: &'a Subject,
    role: String,
    sent: Vec<(String, String)>,
}

const EDITABLE: [&str; 10] =
    ["name", "alias", "email", "notification_email", "role", "job_position", "phone", "time_zone", "locale", "photo"];

/// The field in which the password is typed once more.
const CURRENT_PASSWORD: &str = "current_password";

/// What begins the names of the fields of job positions: `job_position.es`.
const POSITION: &str = "job_position.";

impl From<&Operator> for Shown {
    fn from(operator: &Operator) -> Shown {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Shown {
            name: operator.name.clone(),
            alias: text(&operator.alias),
            email: operator.email.clone(),
            notification_email: text(&operator.notification_email),
            role: operator.role_slug.clone(),
            phone: text(&operator.phone),
            time_zone: text(&operator.time_zone),
            locale: text(&operator.locale),
            // An uploaded photo stands before a preset picture, so then none is chosen.
            preset: operator.photo_id.is_none().then(|| text(&operator.preset)),
            positions: operator.job_positions.iter().cloned().collect(),
        }
    }
}

impl Shown {
    /// The values as they were sent, over those that stand.
    fn with(mut self, fields: &Fields, positions: Option<&BTreeMap<String, String>>) -> Shown {
        let take = |shown: &mut String, sent: &Option<String>| {
            if let Some(sent) = sent {
                shown.clone_from(sent);
            }
        };
        take(&mut self.name, &fields.name);
        take(&mut self.alias, &fields.alias);
        take(&mut self.email, &fields.email);
        take(&mut self.notification_email, &fields.notification_email);
        take(&mut self.role, &fields.role);
        take(&mut self.phone, &fields.phone);
        take(&mut self.time_zone, &fields.time_zone);
        take(&mut self.locale, &fields.locale);
        self.preset = fields.preset.clone().or(self.preset);
        self.positions.extend(positions.into_iter().flatten().map(|(tag, text)| (tag.clone(), text.clone())));
        self
    }
}

impl<'a> ProfilePage<'a> {
    async fn new(ctx: &Ctx, visit: &'a Visit, subject: &'a Subject, shown: Shown, faults: Faults) -> Result<ProfilePage<'a>> {
        let now = ctx.now();
        let t = visit.t;
        let is_fresh = visit.viewer.as_ref().is_some_and(|viewer| viewer.actor.confirmed(now).is_ok());
        let catalogue = &visit.catalogue;
        let default = catalogue.organisation.default_language.as_str();
        let mut tags: Vec<&str> = catalogue.enabled_languages().map(|language| language.tag.as_str()).collect();
        let own = subject.operator.languages.iter().chain(subject.operator.job_positions.iter().map(|(tag, _)| tag));
        for tag in own {
            if !tags.contains(&tag.as_str()) {
                tags.push(tag);
            }
        }
        let missing = subject.untranslated(&t);
        let position = |tag: &str| {
            let language = language_name(t, tag);
            Position {
                name: format!("{POSITION}{tag}"),
                text: shown.positions.get(tag).cloned().unwrap_or_default(),
                is_missing: missing.contains(&language),
                label: language,
            }
        };
        let rights = visit.viewer.as_ref().map(|viewer| viewer.actor.permissions).unwrap_or_default();
        let chosen = shown.preset.clone();
        Ok(ProfilePage {
            contact_links: contact_links(ctx, subject.operator.id).await?,
            shell: subject.shell(visit, PROFILE),
            here: PROFILE,
            facts: facts(visit, subject),
            roles: roles(visit, &rights),
            zones: zones(),
            locales: Locale::ALL.iter().map(|locale| (locale.tag().to_owned(), locale.native_name().to_owned())).collect(),
            position: position(default),
            translations: tags.into_iter().filter(|tag| *tag != default).map(position).collect(),
            presets: presets(t, chosen.as_deref()),
            may_save: subject.may_any(&EDITABLE),
            asks_password: subject.is_own && (!is_fresh || faults.at(CURRENT_PASSWORD).is_some()),
            subject,
            faults,
            shown,
            missing,
        })
    }
}

/// The sites that offer a department of the operator, each with the address of its page for them.
async fn contact_links(ctx: &Ctx, operator: i64) -> Result<Vec<(String, String)>> {
    let snapshot = ctx.roster().await?;
    let (roster, catalogue) = (&snapshot.prepared.roster, &snapshot.catalogue);
    let works = |slug: &String| {
        let department = catalogue.department_by_slug(slug);
        department.zip(roster.person(operator)).is_some_and(|(department, person)| person.switches_in(department.id).is_some())
    };
    let sites = catalogue.sites.iter().map(|row| &row.site).filter(|site| site.departments.iter().any(works));
    Ok(sites.map(|site| (site.name.clone(), ctx.link(&format!("/contact/{}?operator={operator}", site.slug)))).collect())
}

/// Reading the zone database takes a while, and it never changes.
fn zones() -> &'static [&'static str] {
    static ZONES: LazyLock<Vec<&'static str>> = LazyLock::new(time_zone::choices);
    &ZONES
}

fn presets<'a>(t: Texts, chosen: Option<&str>) -> Vec<Preset<'a>> {
    assets::presets()
        .iter()
        .map(|slug| Preset {
            slug,
            picture: assets::address(&format!("presets/{slug}.svg")),
            label: t.get(&format!("operators-preset-{slug}")).to_owned(),
            is_chosen: chosen == Some(slug),
        })
        .collect()
}

/// What the reader may see and not change, in words.
fn facts(visit: &Visit, subject: &Subject) -> Vec<(&'static str, String)> {
    let (t, operator) = (visit.t, &subject.operator);
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let locale = operator.locale.as_deref().and_then(Locale::parse).map(|locale| locale.native_name().to_owned());
    let positions = operator.job_positions.iter().map(|(tag, text)| format!("{text} ({})", language_name(t, tag)));
    let zone = operator.time_zone.clone().unwrap_or_else(|| visit.catalogue.organisation.time_zone.clone());
    // A personal address concerns nobody else.
    let personal = if subject.is_own { text(&operator.notification_email) } else { String::new() };
    let all = [
        ("name", "operators-name", operator.name.clone()),
        ("alias", "operators-alias", text(&operator.alias)),
        ("job_position", "operators-job-position", positions.collect::<Vec<_>>().join(", ")),
        ("email", "operators-email", operator.email.clone()),
        ("notification_email", "operators-notification-email", personal),
        ("role", "operators-role", subject.role(&t)),
        ("phone", "operators-phone", text(&operator.phone)),
        ("time_zone", "operators-time-zone", zone),
        ("locale", "operators-locale", locale.unwrap_or_default()),
    ];
    let fixed = all.into_iter().filter(|(field, _, value)| !subject.may(field) && !value.is_empty());
    fixed.map(|(_, label, value)| (t.get(label), value)).collect()
}

/// `GET /profile`, `GET /operators/{id}`.
pub async fn show(ctx: Data<Ctx>, reader: Reader, subject: Subject) -> Result<HttpResponse> {
    let page = ProfilePage::new(&ctx, &reader, &subject, Shown::from(&subject.operator), Faults::none(reader.t)).await?;
    shell::ok(&ctx, &reader, &page)
}

/// `POST /profile`, `POST /operators/{id}`.
pub async fn save(ctx: Data<Ctx>, reader: Reader, subject: Subject, mut form: Form<Fields>) -> Result<HttpResponse> {
    // A password never goes back into a page.
    form.raw.retain(|(name, _)| name != CURRENT_PASSWORD);
    let positions = sent_positions(&form.raw);
    match save_all(&ctx, &reader, &subject, &form, positions.clone()).await {
        Ok(Some(answer)) => Ok(answer),
        Ok(None) => {
            let flash =
                Flash::success("operators-saved").with("name", form.fields.name.as_deref().unwrap_or(&subject.operator.name).trim());
            Ok(see_other_with(&ctx, &subject.base, &flash))
        }
        Err(AppError::Invalid(mut errors)) => {
            if form.file("photo").is_some() && errors.of("photo").is_none() {
                // The one thing a browser does not let us put back.
                errors.add("photo", "photo_again");
            }
            let shown = Shown::from(&subject.operator).with(&form.fields, positions.as_ref());
            let page = ProfilePage::new(&ctx, &reader, &subject, shown, Faults::of(reader.t, errors)).await?;
            shell::invalid(&ctx, &reader, &page)
        }
        Err(AppError::Stale) => {
            let now = store::operators::find(ctx.store.read(), subject.operator.id).await?.ok_or(AppError::NotFound)?;
            stale_page(&ctx, &reader, &subject, &now, form, positions.as_ref())
        }
        Err(error) => Err(error),
    }
}

/// Checks the photo before anything is changed, then changes the profile, then the photo; `Some` is a question first.
async fn save_all(
    ctx: &Ctx,
    reader: &Reader,
    subject: &Subject,
    form: &Form<Fields>,
    positions: Option<BTreeMap<String, String>>,
) -> Result<Option<HttpResponse>> {
    let (fields, id) = (&form.fields, subject.operator.id);
    let actor = &confirmed(ctx, reader.actor()?, subject, fields).await?;
    let upload = form.file("photo");
    // The circle with the initial stands among the presets; to choose it is to do without a photo.
    let wants_initial = subject.operator.photo_id.is_some() && fields.preset.as_deref() == Some("");
    let removes = fields.remove_photo.is_some() || wants_initial;
    if (upload.is_some() || removes) && !subject.may("photo") {
        return Err(actor.refused(if subject.is_own { Permission::SelfPhoto } else { Permission::OperatorsManage }));
    }
    let photo = match upload {
        Some(bytes) => Some(ctx.photos.process(bytes.to_vec()).await.map_err(photo_fault)?),
        None => None,
    };
    if let Some(role) = fields.role.as_deref().filter(|_| subject.is_own && fields.confirm.is_none())
        && operators::lowers_oneself(ctx, actor, id, role).await?
    {
        return lower_page(ctx, reader, subject, role, &form.raw).map(Some);
    }
    let version = fields.version.as_deref().and_then(|version| version.parse().ok());
    operators::change(ctx, actor, id, version, profile(fields, positions)).await?;
    if photo.is_some() || removes {
        operators::set_photo(ctx, actor, id, photo).await?;
    }
    Ok(None)
}

/// The actor, with the password typed once more where one's own e-mail changes (A8): in the same form, so that nothing else is lost.
async fn confirmed(ctx: &Ctx, actor: &Actor, subject: &Subject, fields: &Fields) -> Result<Actor> {
    // What is no address is told of as such, and needs no password.
    let email = fields.email.as_deref().and_then(|email| EmailAddress::parse(email).ok());
    let is_other = email.is_some_and(|email| email.as_str() != subject.operator.email);
    if !subject.is_own || !is_other || actor.confirmed(ctx.now()).is_ok() {
        return Ok(actor.clone());
    }
    match fields.current_password.as_deref() {
        None | Some("") => Err(AppError::field(CURRENT_PASSWORD, "password_needed")),
        Some(password) => passwords::confirm(ctx, actor, password, CURRENT_PASSWORD).await,
    }
}

fn profile(fields: &Fields, job_position: Option<BTreeMap<String, String>>) -> Profile {
    let fields = fields.clone();
    Profile {
        name: fields.name,
        alias: fields.alias,
        email: fields.email,
        notification_email: fields.notification_email,
        role: fields.role,
        job_position,
        phone: fields.phone,
        time_zone: fields.time_zone,
        locale: fields.locale,
        preset: fields.preset,
        ..Profile::default()
    }
}

/// The job positions of a form by tag; none where it holds no such field.
fn sent_positions(raw: &[(String, String)]) -> Option<BTreeMap<String, String>> {
    let sent = raw.iter().filter_map(|(name, text)| Some((name.strip_prefix(POSITION)?.to_owned(), text.clone())));
    let sent: BTreeMap<String, String> = sent.collect();
    (!sent.is_empty()).then_some(sent)
}

fn photo_fault(error: PhotoError) -> AppError {
    AppError::field(
        "photo",
        match error {
            PhotoError::TooLarge => "photo_too_large",
            PhotoError::NotAnImage => "photo_not_an_image",
            PhotoError::UnsupportedKind => "photo_unsupported_kind",
            PhotoError::TooManyPixels => "photo_too_many_pixels",
            PhotoError::Broken => "photo_broken",
            PhotoError::TooSlow => "photo_too_slow",
        },
    )
}

fn lower_page(ctx: &Ctx, reader: &Reader, subject: &Subject, role: &str, raw: &[(String, String)]) -> Result<HttpResponse> {
    let t = reader.t;
    let named = reader.catalogue.role_by_slug(role).map(|role| role_name(t, role)).unwrap_or_default();
    let page = LowerPage {
        shell: Shell::new(reader, t.get("operators-lower-title")).crumb(subject.operator.name.clone(), subject.base.clone()),
        subject,
        role: named,
        sent: raw.iter().filter(|(name, _)| name != "csrf_token").cloned().collect(),
    };
    shell::ok(ctx, reader, &page)
}

fn stale_page(
    ctx: &Ctx,
    reader: &Reader,
    subject: &Subject,
    now: &Operator,
    form: Form<Fields>,
    positions: Option<&BTreeMap<String, String>>,
) -> Result<HttpResponse> {
    let t = reader.t;
    let (theirs, yours) = (Shown::from(now), Shown::from(now).with(&form.fields, positions));
    let label = |tag: &str| format!("{} ({})", t.get("operators-job-position"), language_name(t, tag));
    let labels: Vec<(String, &String)> = yours.positions.keys().map(|tag| (label(tag), tag)).collect();
    let told = |shown: &Shown, tag: &str| shown.positions.get(tag).cloned().unwrap_or_default();
    let own = labels.iter().map(|(label, tag)| (label.as_str(), told(&theirs, tag), told(&yours, tag)));
    let fields = [
        (t.get("operators-name"), theirs.name.clone(), yours.name.clone()),
        (t.get("operators-alias"), theirs.alias.clone(), yours.alias.clone()),
        (t.get("operators-email"), theirs.email.clone(), yours.email.clone()),
        (t.get("operators-notification-email"), theirs.notification_email.clone(), yours.notification_email.clone()),
        (t.get("operators-role"), theirs.role.clone(), yours.role.clone()),
        (t.get("operators-phone"), theirs.phone.clone(), yours.phone.clone()),
        (t.get("operators-time-zone"), theirs.time_zone.clone(), yours.time_zone.clone()),
        (t.get("operators-locale"), theirs.locale.clone(), yours.locale.clone()),
        (t.get("operators-preset"), theirs.preset.clone().unwrap_or_default(), yours.preset.clone().unwrap_or_default()),
    ];
    let differing = differences(fields.into_iter().chain(own));
    stale::answer(ctx, &StalePage::new(reader, &subject.base, form.raw, now.version, differing))
}
