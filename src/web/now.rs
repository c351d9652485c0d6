//! The start page: what stands, what needs a hand, and what the reader can do next.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};
use askama::Template;
use chrono::{DateTime, Utc};

use super::operators::subject::{Subject, language_name, state_text};
use super::shell::{self, Avatar, Link, Shell};
use super::visit::{Reader, Visit};
use crate::actions::Ctx;
use crate::domain::operator::OperatorState;
use crate::domain::permission::Permission;
use crate::error::Result;
use crate::i18n::Texts;
use crate::store::operators::{self, Filter, Row, Search, Sort};
use crate::store::overview::{self, Numbers, Untranslated};

/// So many operators are named under missing translations, and under recent sign-ins.
const NAMED: u64 = 5;

/// The address of the start page.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(web::resource("/").get(show));
}

#[derive(Template)]
#[template(path = "now/page.html")]
struct NowPage<'a> {
    shell: Shell<'a>,
    subject: &'a Subject,
    team: Option<Team<'a>>,
    /// What the own profile lacks.
    unfinished: Vec<Link>,
    deeds: Vec<Link>,
}

/// What those who see operators are told.
struct Team<'a> {
    states: Vec<(OperatorState, &'static str, u64)>,
    worries: Vec<Worry>,
    untranslated: Vec<(&'a Untranslated, String)>,
    sign_ins: Vec<(Avatar<'a>, i64, DateTime<Utc>)>,
}

/// Something that needs a hand, with the page where it can be seen to.
struct Worry {
    icon: &'static str,
    text: String,
    href: &'static str,
}

/// `GET /`.
async fn show(ctx: Data<Ctx>, reader: Reader, subject: Subject) -> Result<HttpResponse> {
    let db = ctx.store.read();
    let (mut numbers, mut untranslated, mut rows) = (Numbers::default(), Vec::new(), Vec::new());
    let sees_team = reader.may(Permission::OperatorsView);
    if sees_team {
        numbers = overview::numbers(db, ctx.now()).await?;
        untranslated = overview::untranslated(db, NAMED).await?;
        let filter = Filter { sort: Sort::LastSignInDown, reader_language: reader.t.locale().tag().to_owned(), ..Filter::default() };
        rows = operators::page(db, &filter, &Search::default(), ctx.now(), 0, NAMED).await?;
    }
    let t = reader.t;
    let shell = Shell::new(&reader, t.with("now-title", &[("name", &subject.operator.name)]));
    let page = NowPage {
        team: sees_team.then(|| team(&reader, &numbers, &untranslated, &rows)),
        unfinished: unfinished(t, &subject),
        deeds: deeds(&reader),
        subject: &subject,
        shell,
    };
    shell::ok(&ctx, &reader, &page)
}

fn team<'a>(visit: &Visit, numbers: &Numbers, untranslated: &'a [Untranslated], rows: &'a [Row]) -> Team<'a> {
    let t = visit.t;
    let states = [
        (OperatorState::Active, numbers.active),
        (OperatorState::Invited, numbers.invited),
        (OperatorState::Expired, numbers.expired),
        (OperatorState::DeliveryFailed, numbers.delivery_failed),
        (OperatorState::Suspended, numbers.suspended),
    ];
    let languages = |tags: &[String]| tags.iter().map(|tag| language_name(t, tag)).collect::<Vec<_>>().join(", ");
    let signed_in = rows.iter().filter_map(|row| {
        let avatar = Avatar::new(row.id, &row.name, row.photo_id.as_deref(), row.preset.as_deref());
        Some((avatar, row.id, row.last_sign_in_at?))
    });
    Team {
        states: states.into_iter().map(|(state, number)| (state, state_text(t, state), number)).collect(),
        worries: worries(visit, numbers),
        untranslated: untranslated.iter().map(|operator| (operator, languages(&operator.tags))).collect(),
        sign_ins: signed_in.collect(),
    }
}

fn worries(visit: &Visit, numbers: &Numbers) -> Vec<Worry> {
    let t = visit.t;
    let worry = |number: u64, key: &str, icon, href| (number > 0).then(|| Worry { icon, text: t.count(key, number), href });
    let mails = if visit.may(Permission::MailView) { numbers.failed_mails } else { 0 };
    let all = [
        worry(numbers.delivery_failed, "now-delivery-failed", "mail-off", "/operators?state=delivery_failed"),
        worry(numbers.expired, "now-expired", "hourglass", "/operators?state=expired"),
        worry(mails, "now-mail-failed", "mail-off", "/mail?state=failed"),
    ];
    all.into_iter().flatten().collect()
}

/// What the own profile lacks and the reader may fill in (OP-7).
fn unfinished(t: Texts, subject: &Subject) -> Vec<Link> {
    let operator = &subject.operator;
    let all = [
        ("photo", operator.photo_id.is_none() && operator.preset.is_none(), "now-lacks-photo", "/profile#photo", "camera"),
        ("job_position", operator.job_positions.is_empty(), "now-lacks-job-position", "/profile#job_position", "tag"),
        ("job_position", !subject.untranslated(&t).is_empty(), "now-lacks-translation", "/profile#job_position", "typography"),
        ("languages", operator.languages.is_empty(), "now-lacks-languages", "/profile/languages", "language"),
        ("phone", operator.phone.is_none(), "now-lacks-phone", "/profile#phone", "phone"),
        ("time_zone", operator.time_zone.is_none(), "now-lacks-time-zone", "/profile#time_zone", "world"),
    ];
    let lacking = all.into_iter().filter(|(field, is_lacking, ..)| *is_lacking && subject.may(field));
    lacking.map(|(_, _, key, href, icon)| Link { text: t.get(key), href, icon, is_here: false }).collect()
}

/// What the reader may do from here.
fn deeds(visit: &Visit) -> Vec<Link> {
    let all = [
        ("operators-add", "/operators/new", "user-plus", Some(Permission::OperatorsManage)),
        ("now-to-operators", "/operators", "users", Some(Permission::OperatorsView)),
        ("now-to-roles", "/roles", "shield-lock", Some(Permission::RolesManage)),
        ("now-to-languages", "/languages", "language", Some(Permission::LanguagesManage)),
        ("now-to-templates", "/templates", "template", Some(Permission::TemplatesManage)),
        ("now-to-profile", "/profile", "user", None),
        ("shell-password", "/profile/password", "lock", None),
        ("shell-sessions", "/profile/applications", "device-desktop", None),
    ];
    let mine = all.into_iter().filter(|(.., needed)| needed.is_none_or(|permission| visit.may(permission)));
    mine.map(|(key, href, icon, _)| Link { text: visit.t.get(key), href, icon, is_here: false }).collect()
}
