//! Signing in and out, set-up, invitations and passwords: the pages outside the shell.

use actix_session::Session;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header;
use actix_web::web::{Data, Path, Query, ServiceConfig, get, post, resource};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::faults::Faults;
use super::flash::Flash;
use super::form::Form;
use super::shell::{self, Shell};
use super::visit::{Reader, Visit, Visitor};
use super::{see_other, see_other_with, session};
use crate::actions::{Actor, Ctx, invitations, passwords, setup, sign_in};
use crate::domain::field::FieldErrors;
use crate::error::{AppError, Result};
use crate::i18n::Texts;

/// The cookie of a browser that has signed in before: no new-device notice, and past the throttles (A4).
const DEVICE: &str = "onduty_device";

/// The addresses of this file.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/setup").route(get().to(setup_page)).route(post().to(set_up)))
        .service(resource("/login").route(get().to(login_page)).route(post().to(login)))
        .service(resource("/logout").route(post().to(logout)))
        .service(resource("/confirm").route(get().to(confirm_page)).route(post().to(confirm)))
        .service(resource("/invitation/{token}").route(get().to(invitation_page)).route(post().to(accept)))
        .service(resource("/invitation/{token}/renewal").route(post().to(renew)))
        .service(resource("/password/forgot").route(get().to(forgot_page)).route(post().to(forgot)))
        .service(resource("/password/reset/{token}").route(get().to(reset_page)).route(post().to(reset)))
        .service(resource("/profile/password").route(get().to(password_page)).route(post().to(change_password)));
}

/// The frame of a page outside the shell.
pub struct Bare<'a> {
    visit: &'a Visit,
    faults: Faults,
}

impl<'a> Bare<'a> {
    fn new(visit: &'a Visit) -> Bare<'a> {
        Bare { visit, faults: Faults::none(visit.t) }
    }

    fn with(visit: &'a Visit, errors: FieldErrors) -> Bare<'a> {
        Bare { visit, faults: Faults::of(visit.t, errors) }
    }

    fn answer(&self, ctx: &Ctx, page: &impl Template) -> Result<HttpResponse> {
        if self.faults.is_empty() { shell::ok(ctx, self.visit, page) } else { shell::invalid(ctx, self.visit, page) }
    }
}

/// A visitor as an actor, for the audit log and the mails.
fn visitor(visit: &Visit) -> Actor {
    Actor { origin: visit.origin.clone(), ..Actor::system("visitor") }
}

#[derive(Template)]
#[template(path = "sign_in/login.html")]
struct LoginPage<'a> {
    t: Texts,
    theme: &'static str,
    bare: &'a Bare<'a>,
    email: &'a str,
    next: &'a str,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Next {
    next: String,
}

/// A path of this installation to go on to; anything else leads to the start page.
fn safe(next: &str) -> &str {
    let is_path = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n', '\t']);
    if is_path && !next.starts_with("/login") { next } else { "/" }
}

async fn login_page(ctx: Data<Ctx>, visitor: Visitor, next: Query<Next>) -> Result<HttpResponse> {
    if visitor.viewer.is_some() {
        return Ok(see_other(safe(&next.next)));
    }
    render_login(&ctx, &Bare::new(&visitor), "", &next.next)
}

fn render_login(ctx: &Ctx, bare: &Bare<'_>, email: &str, next: &str) -> Result<HttpResponse> {
    let theme = shell::theme(&bare.visit.theme);
    bare.answer(ctx, &LoginPage { t: bare.visit.t, theme, bare, email, next })
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LoginForm {
    email: String,
    password: String,
    next: String,
}

async fn login(ctx: Data<Ctx>, request: HttpRequest, reader: Visitor, session: Session, form: Form<LoginForm>) -> Result<HttpResponse> {
    let LoginForm { email, password, next } = form.fields;
    let device = request.cookie(DEVICE);
    let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let attempt = sign_in::Attempt { email: &email, password: &password, device: device.as_ref().map(Cookie::value), agent };
    match sign_in::sign_in(&ctx, &visitor(&reader), attempt).await {
        Ok(signed_in) => {
            session.renew();
            session.insert(session::KEY, &signed_in.key).map_err(AppError::unexpected)?;
            let mut answer = see_other(safe(&next));
            if let Some(device) = signed_in.new_device {
                answer.add_cookie(&device_cookie(&ctx, device)).map_err(AppError::unexpected)?;
            }
            Ok(answer)
        }
        Err(AppError::Invalid(errors)) => render_login(&ctx, &Bare::with(&reader, errors), &email, &next),
        Err(error) => Err(error),
    }
}

fn device_cookie(ctx: &Ctx, device: String) -> Cookie<'static> {
    Cookie::build(DEVICE, device)
        .path("/")
        .http_only(true)
        .secure(ctx.is_https())
        .same_site(SameSite::Lax)
        .max_age(Duration::days(365))
        .finish()
}

#[derive(Deserialize)]
struct Empty {}

async fn logout(session: Session, _form: Form<Empty>) -> Result<HttpResponse> {
    session.purge();
    Ok(see_other("/login"))
}

#[derive(Template)]
#[template(path = "sign_in/setup.html")]
struct SetupPage<'a> {
    t: Texts,
    theme: &'static str,
    bare: &'a Bare<'a>,
    token: &'a str,
    name: &'a str,
    email: &'a str,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SetupQuery {
    token: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SetupForm {
    token: String,
    name: String,
    email: String,
    password: String,
    password_confirmation: String,
}

async fn setup_page(ctx: Data<Ctx>, visitor: Visitor, query: Query<SetupQuery>) -> Result<HttpResponse> {
    setup::look(&ctx, &query.token).await?;
    let form = SetupForm { token: query.into_inner().token, ..SetupForm::default() };
    render_setup(&ctx, &Bare::new(&visitor), &form)
}

fn render_setup(ctx: &Ctx, bare: &Bare<'_>, form: &SetupForm) -> Result<HttpResponse> {
    let theme = shell::theme(&bare.visit.theme);
    bare.answer(ctx, &SetupPage { t: bare.visit.t, theme, bare, token: &form.token, name: &form.name, email: &form.email })
}

async fn set_up(ctx: Data<Ctx>, reader: Visitor, query: Query<SetupQuery>, form: Form<SetupForm>) -> Result<HttpResponse> {
    let mut form = form.fields;
    if form.token.is_empty() {
        form.token.clone_from(&query.token);
    }
    let owner = setup::FirstOwner {
        name: &form.name,
        email: &form.email,
        password: &form.password,
        confirmation: Some(&form.password_confirmation),
    };
    match setup::set_up(&ctx, &visitor(&reader), &form.token, owner).await {
        Ok(()) => Ok(see_other_with(&ctx, "/login", &Flash::success("sign-in-set-up-done"))),
        Err(AppError::Invalid(errors)) => render_setup(&ctx, &Bare::with(&reader, errors), &form),
        Err(error) => Err(error),
    }
}

/// A page that asks for a new password twice: invitation, reset.
#[derive(Template)]
#[template(path = "sign_in/choose.html")]
struct ChoosePage<'a> {
    t: Texts,
    theme: &'static str,
    bare: &'a Bare<'a>,
    title: &'a str,
    text: String,
    email: &'a str,
    password_min: i64,
}

/// An invitation that has ended: its owner may ask for a fresh one.
#[derive(Template)]
#[template(path = "sign_in/expired.html")]
struct ExpiredPage<'a> {
    t: Texts,
    theme: &'static str,
    bare: &'a Bare<'a>,
    token: &'a str,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ChooseForm {
    password: String,
    password_confirmation: String,
}

async fn invitation_page(ctx: Data<Ctx>, visitor: Visitor, token: Path<String>) -> Result<HttpResponse> {
    match invitations::look(&ctx, &token).await {
        Ok(link) => render_choose(&ctx, &Bare::new(&visitor), "sign-in-invitation", &link),
        Err(AppError::Conflict("link-expired")) => {
            let bare = Bare::new(&visitor);
            let theme = shell::theme(&visitor.theme);
            bare.answer(&ctx, &ExpiredPage { t: visitor.t, theme, bare: &bare, token: &token })
        }
        Err(error) => Err(error),
    }
}

fn render_choose(ctx: &Ctx, bare: &Bare<'_>, key: &str, link: &passwords::Link) -> Result<HttpResponse> {
    let t = bare.visit.t;
    let organisation = &bare.visit.catalogue.organisation;
    let page = ChoosePage {
        t,
        theme: shell::theme(&bare.visit.theme),
        bare,
        title: t.get(&format!("{key}-title")),
        text: t.with(&format!("{key}-text"), &[("name", &link.account.name), ("organisation", &organisation.organisation_name)]),
        email: &link.account.email,
        password_min: organisation.password_min,
    };
    bare.answer(ctx, &page)
}

async fn accept(ctx: Data<Ctx>, reader: Visitor, session: Session, token: Path<String>, form: Form<ChooseForm>) -> Result<HttpResponse> {
    let ChooseForm { password, password_confirmation } = form.fields;
    match invitations::accept(&ctx, &visitor(&reader), &token, &password, &password_confirmation).await {
        Ok(()) => Ok(after_password(&ctx, &reader, &session, "sign-in-invitation-done")),
        Err(AppError::Invalid(errors)) => {
            let link = invitations::look(&ctx, &token).await?;
            render_choose(&ctx, &Bare::with(&reader, errors), "sign-in-invitation", &link)
        }
        Err(error) => Err(error),
    }
}

/// On to the sign-in page; whoever else was signed in with this browser is signed out first.
fn after_password(ctx: &Data<Ctx>, visit: &Visit, session: &Session, key: &str) -> HttpResponse {
    if visit.viewer.is_some() {
        session.purge();
    }
    see_other_with(ctx, "/login", &Flash::success(key))
}

async fn renew(ctx: Data<Ctx>, token: Path<String>, _form: Form<Empty>) -> Result<HttpResponse> {
    invitations::ask_again(&ctx, &token).await?;
    Ok(see_other_with(&ctx, "/login", &Flash::success("sign-in-invitation-asked")))
}

#[derive(Template)]
#[template(path = "sign_in/forgot.html")]
struct ForgotPage<'a> {
    t: Texts,
    theme: &'static str,
    bare: &'a Bare<'a>,
    email: &'a str,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ForgotForm {
    email: String,
}

async fn forgot_page(ctx: Data<Ctx>, visitor: Visitor) -> Result<HttpResponse> {
    render_forgot(&ctx, &Bare::new(&visitor), "")
}

fn render_forgot(ctx: &Ctx, bare: &Bare<'_>, email: &str) -> Result<HttpResponse> {
    bare.answer(ctx, &ForgotPage { t: bare.visit.t, theme: shell::theme(&bare.visit.theme), bare, email })
}

async fn forgot(ctx: Data<Ctx>, reader: Visitor, form: Form<ForgotForm>) -> Result<HttpResponse> {
    match passwords::forgot(&ctx, &visitor(&reader), &form.fields.email).await {
        Ok(()) => Ok(see_other_with(&ctx, "/login", &Flash::success("sign-in-forgot-done"))),
        Err(AppError::Invalid(errors)) => render_forgot(&ctx, &Bare::with(&reader, errors), &form.fields.email),
        Err(error) => Err(error),
    }
}

async fn reset_page(ctx: Data<Ctx>, visitor: Visitor, token: Path<String>) -> Result<HttpResponse> {
    let link = passwords::look_reset(&ctx, &token).await?;
    render_choose(&ctx, &Bare::new(&visitor), "sign-in-reset", &link)
}

async fn reset(ctx: Data<Ctx>, reader: Visitor, session: Session, token: Path<String>, form: Form<ChooseForm>) -> Result<HttpResponse> {
    let ChooseForm { password, password_confirmation } = form.fields;
    match passwords::reset(&ctx, &visitor(&reader), &token, &password, &password_confirmation).await {
        Ok(()) => Ok(after_password(&ctx, &reader, &session, "sign-in-reset-done")),
        Err(AppError::Invalid(errors)) => {
            let link = passwords::look_reset(&ctx, &token).await?;
            render_choose(&ctx, &Bare::with(&reader, errors), "sign-in-reset", &link)
        }
        Err(error) => Err(error),
    }
}

#[derive(Template)]
#[template(path = "sign_in/confirm.html")]
struct ConfirmPage<'a> {
    t: Texts,
    theme: &'static str,
    bare: &'a Bare<'a>,
    next: &'a str,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ConfirmForm {
    password: String,
    next: String,
}

async fn confirm_page(ctx: Data<Ctx>, reader: Reader, next: Query<Next>) -> Result<HttpResponse> {
    render_confirm(&ctx, &Bare::new(&reader), &next.next)
}

fn render_confirm(ctx: &Ctx, bare: &Bare<'_>, next: &str) -> Result<HttpResponse> {
    bare.answer(ctx, &ConfirmPage { t: bare.visit.t, theme: shell::theme(&bare.visit.theme), bare, next })
}

async fn confirm(ctx: Data<Ctx>, reader: Reader, form: Form<ConfirmForm>) -> Result<HttpResponse> {
    match passwords::confirm(&ctx, reader.actor()?, &form.fields.password, "password").await {
        Ok(_) => Ok(see_other(safe(&form.fields.next))),
        Err(AppError::Invalid(errors)) => render_confirm(&ctx, &Bare::with(&reader, errors), &form.fields.next),
        Err(error) => Err(error),
    }
}

#[derive(Template)]
#[template(path = "sign_in/password.html")]
struct PasswordPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    password_min: i64,
    must_change: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PasswordForm {
    current_password: String,
    password: String,
    password_confirmation: String,
}

async fn password_page(ctx: Data<Ctx>, reader: Reader) -> Result<HttpResponse> {
    shell::ok(&ctx, &reader, &own_password(&reader, Faults::none(reader.t))?)
}

fn own_password(reader: &Reader, faults: Faults) -> Result<PasswordPage<'_>> {
    let t = reader.t;
    let shell = Shell::new(reader, t.get("sign-in-password-title")).crumb(t.get("shell-profile"), "/profile");
    let password_min = reader.catalogue.organisation.password_min;
    Ok(PasswordPage { shell, faults, password_min, must_change: reader.viewer()?.seen.must_change_password })
}

async fn change_password(ctx: Data<Ctx>, reader: Reader, form: Form<PasswordForm>) -> Result<HttpResponse> {
    let PasswordForm { current_password, password, password_confirmation } = form.fields;
    match passwords::change(&ctx, reader.actor()?, &current_password, &password, &password_confirmation).await {
        Ok(()) => Ok(see_other_with(&ctx, "/profile", &Flash::success("sign-in-password-done"))),
        Err(AppError::Invalid(errors)) => shell::invalid(&ctx, &reader, &own_password(&reader, Faults::of(reader.t, errors))?),
        Err(error) => Err(error),
    }
}
