//! Where an operator is signed in, and how to end it; and the programs that say the operator is there (AP-1, A7).

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};

use super::Nothing;
use super::subject::Subject;
use crate::actions::{ActorKind, Ctx, sign_in};
use crate::domain::permission::Permission;
use crate::domain::user_agent;
use crate::error::Result;
use crate::i18n::Texts;
use crate::store::{presence, sessions};
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::see_other_with;
use crate::web::shell::{self, Shell};
use crate::web::visit::{Reader, Visit};

const HERE: &str = "operators-applications";

/// A session as it is shown.
struct Device {
    id: String,
    name: String,
    address: String,
    opened_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    /// Whether the reader looks at the page with it.
    is_this: bool,
}

/// A program that says the operator is there, such as that of a desk phone (ST-5).
struct Program {
    name: String,
    began_at: DateTime<Utc>,
    beat_at: DateTime<Utc>,
    /// Whether it counts as presence now.
    is_heard: bool,
}

/// Programs that were silent for longer are not shown.
const HEARD: TimeDelta = TimeDelta::days(7);

#[derive(Template)]
#[template(path = "operators/applications.html")]
struct ApplicationsPage<'a> {
    shell: Shell<'a>,
    subject: &'a Subject,
    here: &'static str,
    devices: Vec<Device>,
    programs: Vec<Program>,
}

impl ApplicationsPage<'_> {
    /// Whether the reader may end sessions: one's own, and those of people who do not stand above (Z5).
    fn may_end(&self) -> bool {
        self.subject.is_own || self.subject.may_manage
    }

    /// Whether there is anything to end but the session of the reader.
    fn has_others(&self) -> bool {
        self.devices.iter().any(|device| !device.is_this)
    }
}

/// The browser and its system, as far as the browser tells.
fn device_name(t: Texts, agent: &str) -> String {
    match user_agent::describe(agent) {
        ("", "") => t.get("operators-device-unknown").to_owned(),
        (browser, "") => browser.to_owned(),
        ("", system) => system.to_owned(),
        (browser, system) => t.with("operators-device", &[("browser", browser), ("system", system)]),
    }
}

fn this_session(visit: &Visit) -> Option<&str> {
    match &visit.viewer.as_ref()?.actor.kind {
        ActorKind::Operator { session_id, .. } => Some(session_id),
        _ => None,
    }
}

/// `GET …/applications`.
pub async fn show(ctx: Data<Ctx>, reader: Reader, subject: Subject) -> Result<HttpResponse> {
    if !subject.may_see_devices {
        return Err(reader.actor()?.refused(Permission::OperatorsManage));
    }
    let now = ctx.now();
    let open = sessions::of_operator(ctx.store.read(), subject.operator.id, now).await?;
    let idle = TimeDelta::minutes(reader.catalogue.organisation.session_idle_minutes);
    let devices = open.into_iter().filter(|session| session.last_seen_at.0 + idle > now).map(|session| Device {
        name: device_name(reader.t, &session.agent),
        is_this: this_session(&reader) == Some(session.id.as_str()),
        id: session.id,
        address: session.address,
        opened_at: session.created_at.0,
        last_seen_at: session.last_seen_at.0,
    });
    let mut programs: Vec<Program> = Vec::new();
    for stretch in presence::of_operator(ctx.store.read(), subject.operator.id, now - HEARD).await? {
        // The latest stretch of each tells.
        if stretch.kind == "api" && !programs.iter().any(|program| program.name == stretch.client) {
            let is_heard = stretch.beat_at.0 + reader.catalogue.presence_window() > now;
            programs.push(Program { name: stretch.client, began_at: stretch.began_at.0, beat_at: stretch.beat_at.0, is_heard });
        }
    }
    let page =
        ApplicationsPage { programs, shell: subject.shell(&reader, HERE), here: HERE, devices: devices.collect(), subject: &subject };
    shell::ok(&ctx, &reader, &page)
}

/// `POST …/sessions/{session}/deletion`.
pub async fn end_one(ctx: Data<Ctx>, reader: Reader, subject: Subject, request: HttpRequest, _form: Form<Nothing>) -> Result<HttpResponse> {
    let session = request.match_info().get("session").unwrap_or_default();
    sign_in::end_session(&ctx, reader.actor()?, subject.operator.id, session).await?;
    Ok(back(&ctx, &subject, "operators-session-ended"))
}

/// `POST …/sessions/deletion`: everywhere, but not here.
pub async fn end_all(ctx: Data<Ctx>, reader: Reader, subject: Subject, _form: Form<Nothing>) -> Result<HttpResponse> {
    sign_in::end_all_sessions(&ctx, reader.actor()?, subject.operator.id).await?;
    Ok(back(&ctx, &subject, "operators-sessions-ended"))
}

fn back(ctx: &Data<Ctx>, subject: &Subject, said: &str) -> HttpResponse {
    see_other_with(ctx, &format!("{}/applications", subject.base), &Flash::success(said).with("name", &subject.operator.name))
}
