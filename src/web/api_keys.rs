//! Keys of the JSON API: the list, a new one that is shown once, revoking one (P2, A8).

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::faults::Faults;
use super::flash::Flash;
use super::form::Form;
use super::shell::{self, Shell};
use super::visit::Reader;
use super::{see_other, see_other_with};
use crate::actions::Ctx;
use crate::actions::api_keys::{self as deeds, NewApiKey};
use crate::actions::rights::{ManageApiKeys, ViewApiKeys};
use crate::domain::api_key::{SERVED, Scope, permissions};
use crate::domain::role::may_grant;
use crate::error::{AppError, Result};
use crate::i18n::Texts;
use crate::security::random::uuid_v7;
use crate::store::api_keys::{self as stored, ApiKey};

/// The addresses of this noun.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/api-keys").get(list).post(create))
        .service(web::resource("/api-keys/new").get(new))
        .service(web::resource("/api-keys/{id}").get(show))
        .service(web::resource("/api-keys/{id}/revocation").get(ask_revocation).post(revoke));
}

/// Carries a new key to the one page that shows it.
const COOKIE: &str = "onduty_new_key";
/// Days a new key lives where nobody says otherwise.
const USUAL_DAYS: &str = "365";

/// Whether a key opens anything.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Active,
    Expired,
    Revoked,
}

impl State {
    fn of(key: &ApiKey, now: DateTime<Utc>) -> State {
        if key.revoked_at.is_some() {
            State::Revoked
        } else if key.expires_at.is_some_and(|end| end.0 <= now) {
            State::Expired
        } else {
            State::Active
        }
    }

    fn text(self, t: &Texts) -> &'static str {
        match self {
            State::Active => t.get("api-keys-active"),
            State::Expired => t.get("api-keys-expired"),
            State::Revoked => t.get("api-keys-revoked"),
        }
    }

    fn class(self) -> &'static str {
        match self {
            State::Active => "success",
            State::Expired => "warning",
            State::Revoked => "line",
        }
    }
}

/// A key with what is made of it.
struct Row {
    key: ApiKey,
    state: State,
}

impl Row {
    fn of(key: ApiKey, now: DateTime<Utc>) -> Row {
        Row { state: State::of(&key, now), key }
    }

    fn scopes(&self) -> impl Iterator<Item = &str> {
        self.key.scopes.split(' ')
    }
}

/// A box that grants a scope.
struct Choice {
    name: &'static str,
    text: &'static str,
    help: &'static str,
    is_on: bool,
    is_open: bool,
}

#[derive(Template)]
#[template(path = "api_keys/list.html")]
struct ListPage<'a> {
    shell: Shell<'a>,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "api_keys/new.html")]
struct NewPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    sent: KeyForm,
    groups: Vec<(&'static str, Vec<Choice>)>,
}

#[derive(Template)]
#[template(path = "api_keys/show.html")]
struct ShowPage<'a> {
    shell: Shell<'a>,
    row: Row,
    /// The key in clear, the first time.
    secret: Option<String>,
}

#[derive(Template)]
#[template(path = "api_keys/revocation.html")]
struct RevocationPage<'a> {
    shell: Shell<'a>,
    row: Row,
}

/// A key as its form was sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct KeyForm {
    name: String,
    scopes: Vec<String>,
    expires_days: String,
    submission_id: String,
}

async fn list(ctx: Data<Ctx>, reader: Reader) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewApiKeys>()?;
    let now = ctx.now();
    let mut rows: Vec<Row> = stored::list(ctx.store.read()).await?.into_iter().map(|key| Row::of(key, now)).collect();
    rows.sort_by_key(|row| row.state != State::Active);
    shell::ok(&ctx, &reader, &ListPage { shell: Shell::new(&reader, reader.t.get("api-keys-title")), rows })
}

async fn new(ctx: Data<Ctx>, reader: Reader) -> Result<HttpResponse> {
    let actor = reader.actor()?;
    actor.may::<ManageApiKeys>()?;
    // Asked before anything is typed, so that nothing typed is lost.
    actor.confirmed(ctx.now())?;
    let submission_id = uuid_v7(ctx.now(), &*ctx.random).map_err(AppError::unexpected)?.to_string();
    let sent = KeyForm { expires_days: USUAL_DAYS.to_owned(), submission_id, ..KeyForm::default() };
    shell::ok(&ctx, &reader, &new_page(&reader, Faults::none(reader.t), sent)?)
}

async fn create(ctx: Data<Ctx>, reader: Reader, form: Form<KeyForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageApiKeys>()?;
    let sent = form.fields;
    let new = NewApiKey {
        name: sent.name.clone(),
        scopes: sent.scopes.clone(),
        expires_days: sent.expires_days.clone(),
        submission_id: sent.submission_id.clone(),
    };
    match deeds::create(&ctx, right, new).await {
        Ok(made) => {
            let mut answer = see_other(&format!("/api-keys/{}", made.id));
            if let Some(key) = made.key {
                answer.add_cookie(&carrier(&ctx, made.id, &key)).map_err(AppError::unexpected)?;
            }
            Ok(answer)
        }
        Err(AppError::Invalid(errors)) => shell::invalid(&ctx, &reader, &new_page(&reader, Faults::of(reader.t, errors), sent)?),
        Err(error) => Err(error),
    }
}

fn new_page(reader: &Reader, faults: Faults, sent: KeyForm) -> Result<NewPage<'_>> {
    let (t, mine) = (reader.t, reader.actor()?.permissions);
    let mut groups: Vec<(&'static str, Vec<Choice>)> = Vec::new();
    for scope in SERVED {
        let title = t.get(&format!("api-keys-area-{}", scope.area()));
        let is_write = scope.as_str().ends_with(":write");
        let choice = Choice {
            name: scope.as_str(),
            text: t.get(if is_write { "api-keys-write" } else { "api-keys-read" }),
            help: match scope {
                Scope::OperatorsWrite => t.get("api-keys-operators-write-help"),
                Scope::RolesWrite => t.get("api-keys-roles-write-help"),
                _ => "",
            },
            is_on: sent.scopes.iter().any(|name| name == scope.as_str()),
            is_open: may_grant(&mine, &permissions(&[*scope])),
        };
        match groups.iter_mut().find(|(other, _)| *other == title) {
            Some((_, choices)) => choices.push(choice),
            None => groups.push((title, vec![choice])),
        }
    }
    let shell = Shell::new(reader, t.get("api-keys-new-title")).crumb(t.get("api-keys-title"), "/api-keys");
    Ok(NewPage { shell, faults, sent, groups })
}

async fn show(ctx: Data<Ctx>, reader: Reader, request: HttpRequest, id: Path<i64>) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewApiKeys>()?;
    let row = find(&ctx, *id).await?;
    let secret = carried(&ctx, &request, *id);
    let is_new = secret.is_some();
    let shell = Shell::new(&reader, row.key.name.clone()).crumb(reader.t.get("api-keys-title"), "/api-keys");
    let mut answer = shell::ok(&ctx, &reader, &ShowPage { shell, row, secret })?;
    if is_new {
        answer.add_cookie(&cookie(&ctx, String::new(), Duration::ZERO)).map_err(AppError::unexpected)?;
    }
    Ok(answer)
}

async fn ask_revocation(ctx: Data<Ctx>, reader: Reader, id: Path<i64>) -> Result<HttpResponse> {
    reader.actor()?.may::<ManageApiKeys>()?;
    let row = find(&ctx, *id).await?;
    if row.state == State::Revoked {
        return Ok(see_other(&format!("/api-keys/{id}")));
    }
    let title = reader.t.with("api-keys-revocation-title", &[("name", &row.key.name)]);
    let here = format!("/api-keys/{id}");
    let shell = Shell::new(&reader, title).crumb(reader.t.get("api-keys-title"), "/api-keys").crumb(row.key.name.clone(), here);
    shell::ok(&ctx, &reader, &RevocationPage { shell, row })
}

async fn revoke(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, _form: Form<KeyForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageApiKeys>()?;
    let name = find(&ctx, *id).await?.key.name;
    deeds::revoke(&ctx, right, *id).await?;
    Ok(see_other_with(&ctx, "/api-keys", &Flash::success("api-keys-was-revoked").with("name", name)))
}

async fn find(ctx: &Ctx, id: i64) -> Result<Row> {
    let key = stored::find(ctx.store.read(), id).await?.ok_or(AppError::NotFound)?;
    Ok(Row::of(key, ctx.now()))
}

/// The key travels sealed in a cookie of a few minutes, so that the page that shows it is one that can be reloaded
/// without making another key (F-2), and no server keeps it.
fn carrier(ctx: &Ctx, id: i64, key: &str) -> Cookie<'static> {
    let packed = format!("{id}.{key}");
    let seal = ctx.keys.mac("new api key", packed.as_bytes());
    cookie(ctx, format!("{packed}.{seal}"), Duration::minutes(5))
}

fn carried(ctx: &Ctx, request: &HttpRequest, id: i64) -> Option<String> {
    let cookie = request.cookie(COOKIE)?;
    let (packed, seal) = cookie.value().rsplit_once('.')?;
    let key = packed.strip_prefix(&format!("{id}."))?;
    ctx.keys.verify("new api key", packed.as_bytes(), seal).then(|| key.to_owned())
}

fn cookie(ctx: &Ctx, value: String, age: Duration) -> Cookie<'static> {
    let cookie = Cookie::build(COOKIE, value).path("/api-keys").http_only(true).same_site(SameSite::Strict);
    cookie.secure(ctx.is_https()).max_age(age).finish()
}
