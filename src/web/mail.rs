//! The Mail page: every mail with its state and what the mail server said; sending again and calling back (MA-2).

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::flash::Flash;
use super::form::Form;
use super::listing::{Address, Chip, PER_PAGE, Pages};
use super::see_other_with;
use super::shell::{self, Shell};
use super::templates::kind_name;
use super::visit::Reader;
use crate::actions::rights::{ManageMail, ViewMail};
use crate::actions::{Ctx, mail_deliveries as deeds};
use crate::domain::delivery::{Reason, State};
use crate::domain::mail_text::MailKind;
use crate::domain::permission::Permission;
use crate::domain::role::is_above;
use crate::error::{AppError, Result};
use crate::i18n::Texts;
use crate::store::accounts;
use crate::store::deliveries::{self, Filter, Listed, Mail};

/// The addresses of this noun.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/mail").get(list))
        .service(web::resource("/mail/{id}").get(show))
        .service(web::resource("/mail/{id}/retry").post(retry))
        .service(web::resource("/mail/{id}/cancellation").post(cancel));
}

/// The filter as the address says it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    state: String,
    kind: String,
    operator: String,
    page: Option<String>,
}

struct Line<'a> {
    mail: &'a Listed,
    state: &'static str,
    kind: String,
    created_at: DateTime<Utc>,
    /// The next try of a mail that waits.
    next_at: Option<DateTime<Utc>>,
    error: String,
}

#[derive(Template)]
#[template(path = "mail_messages/list.html")]
struct ListPage<'a> {
    shell: Shell<'a>,
    lines: Vec<Line<'a>>,
    address: Address,
    pages: Pages,
    chips: Vec<Chip>,
    states: Vec<(String, String)>,
    kinds: Vec<(String, String)>,
    /// Until when sending rests, while the mail server does not answer.
    paused_until: Option<DateTime<Utc>>,
    may_see_queries: bool,
}

/// What becomes of the body on the page.
#[derive(Debug, PartialEq, Eq)]
enum Body {
    Shown,
    /// It holds a live link that this reader may not use.
    Hidden,
    /// It held a link and is gone.
    Wiped,
}

#[derive(Template)]
#[template(path = "mail_messages/show.html")]
struct ShowPage<'a> {
    shell: Shell<'a>,
    mail: Mail,
    from: String,
    state: &'static str,
    kind: String,
    next_at: Option<DateTime<Utc>>,
    error: String,
    body: Body,
    may_retry: bool,
    may_cancel: bool,
    paused_until: Option<DateTime<Utc>>,
}

impl ShowPage<'_> {
    /// Lines of the body; an address on its own is a link.
    fn lines(&self) -> Vec<(&str, bool)> {
        self.mail.text_body.lines().map(|line| (line, line.starts_with("https://") || line.starts_with("http://"))).collect()
    }
}

#[derive(Debug, Default, Deserialize)]
struct Nothing {}

async fn list(ctx: Data<Ctx>, reader: Reader, asked: Query<Asked>) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewMail>()?;
    let (t, db) = (reader.t, ctx.store.read());
    let filter = Filter {
        state: State::parse(&asked.state),
        kind: Some(asked.kind.clone()).filter(|kind| !kind.is_empty()),
        operator_id: asked.operator.parse().ok(),
    };
    let params = [("state", filter.state.map_or("", State::as_str)), ("kind", &asked.kind), ("operator", &asked.operator)];
    let address = Address::new("/mail", params.map(|(name, value)| (name, value.to_owned())));
    let pages = Pages::new(address.clone(), Pages::asked(asked.page.as_deref()), deliveries::count(db, &filter).await?, PER_PAGE);
    let mails = deliveries::page(db, &filter, pages.offset(), PER_PAGE).await?;
    let page = ListPage {
        shell: Shell::new(&reader, t.get("mail-title")),
        lines: mails.iter().map(|mail| line(t, mail)).collect(),
        chips: chips(&ctx, t, &address, &filter).await?,
        pages,
        address,
        states: State::ALL.map(|state| (state.as_str().to_owned(), state_name(t, state.as_str()).to_owned())).to_vec(),
        kinds: kinds().map(|kind| (kind.to_owned(), kind_name(t, kind))).collect(),
        paused_until: paused_until(&ctx).await?,
        may_see_queries: reader.may(Permission::QueriesView),
    };
    shell::ok(&ctx, &reader, &page)
}

fn kinds() -> impl Iterator<Item = &'static str> {
    MailKind::ALL.into_iter().map(MailKind::as_str).chain(["test"])
}

fn line(t: Texts, mail: &Listed) -> Line<'_> {
    Line {
        state: state_name(t, &mail.state),
        kind: kind_name(t, &mail.kind),
        created_at: mail.created_at.0,
        next_at: (mail.state == State::Queued.as_str()).then_some(mail.available_at.0),
        error: error_text(t, mail.last_error.as_deref()),
        mail,
    }
}

fn state_name(t: Texts, state: &str) -> &'static str {
    t.get(&format!("mail-state-{state}"))
}

/// Why the last try went wrong: our own reasons in words, those of the mail server as it said them.
fn error_text(t: Texts, kept: Option<&str>) -> String {
    let Some(kept) = kept else { return String::new() };
    match Reason::parse(kept) {
        Some(reason) => t.get(&format!("mail-reason-{}", reason.as_str())).to_owned(),
        None => kept.to_owned(),
    }
}

async fn chips(ctx: &Ctx, t: Texts, address: &Address, filter: &Filter) -> Result<Vec<Chip>> {
    let operator = match filter.operator_id {
        Some(id) => accounts::find(ctx.store.read(), id).await?.map(|operator| operator.name).or(Some(id.to_string())),
        None => None,
    };
    let chip = |name: &'static str, label: &str, value: Option<String>| {
        value.map(|value| Chip { label: t.get(label), value, off: address.without(name) })
    };
    let all = [
        chip("state", "mail-state", filter.state.map(|state| state_name(t, state.as_str()).to_owned())),
        chip(
            "kind",
            "mail-kind",
            filter.kind.as_ref().map(|kind| if kinds().any(|known| known == kind) { kind_name(t, kind) } else { kind.clone() }),
        ),
        chip("operator", "mail-operator", operator),
    ];
    Ok(all.into_iter().flatten().collect())
}

async fn paused_until(ctx: &Ctx) -> Result<Option<DateTime<Utc>>> {
    let breaker = deliveries::breaker(ctx.store.read()).await?;
    Ok(breaker.paused_until.filter(|until| *until > ctx.now()))
}

async fn show(ctx: Data<Ctx>, reader: Reader, id: Path<String>) -> Result<HttpResponse> {
    let actor = reader.actor()?;
    actor.may::<ViewMail>()?;
    let t = reader.t;
    let mail = deliveries::find(ctx.store.read(), &id).await?.ok_or(AppError::NotFound)?;
    let state = State::parse(&mail.state);
    let manages = actor.may::<ManageMail>().is_ok();
    let body = body(&ctx, &reader, &mail).await?;
    let page = ShowPage {
        shell: Shell::new(&reader, mail.subject.clone()).crumb(t.get("mail-title"), "/mail"),
        from: format!("{} <{}>", ctx.mail_from.name, ctx.mail_from.address),
        state: state_name(t, &mail.state),
        kind: kind_name(t, &mail.kind),
        next_at: (state == Some(State::Queued)).then_some(mail.available_at.0),
        error: error_text(t, mail.last_error.as_deref()),
        may_retry: manages && body != Body::Wiped && state.is_some_and(State::may_be_retried),
        may_cancel: manages && body != Body::Wiped && state.is_some_and(State::may_be_cancelled),
        paused_until: paused_until(&ctx).await?,
        body,
        mail,
    };
    shell::ok(&ctx, &reader, &page)
}

/// A body with a live link is for those who may invite; and never a link to the account of somebody above the reader (MA-2, Z5).
async fn body(ctx: &Ctx, reader: &Reader, mail: &Mail) -> Result<Body> {
    if deliveries::is_wiped(mail) {
        return Ok(Body::Wiped);
    }
    if !mail.has_token {
        return Ok(Body::Shown);
    }
    let Some(id) = mail.operator_id.filter(|_| reader.may(Permission::OperatorsManage)) else { return Ok(Body::Hidden) };
    let operator = accounts::find(ctx.store.read(), id).await?;
    let role = operator.and_then(|operator| reader.catalogue.role(operator.role_id));
    let mine = reader.actor()?.permissions;
    Ok(if role.is_some_and(|role| !is_above(&role.permissions, &mine)) { Body::Shown } else { Body::Hidden })
}

async fn retry(ctx: Data<Ctx>, reader: Reader, id: Path<String>, _form: Form<Nothing>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageMail>()?;
    deeds::retry(&ctx, right, &id).await?;
    Ok(see_other_with(&ctx, &format!("/mail/{id}"), &Flash::success("mail-retried")))
}

async fn cancel(ctx: Data<Ctx>, reader: Reader, id: Path<String>, _form: Form<Nothing>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageMail>()?;
    deeds::cancel(&ctx, right, &id).await?;
    Ok(see_other_with(&ctx, &format!("/mail/{id}"), &Flash::success("mail-cancelled")))
}
