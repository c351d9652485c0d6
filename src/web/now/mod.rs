//! The start page: who is on duty this minute, what comes next, what needs a hand; below, what a new installation or profile still lacks.
//! Every "can receive" is the decision's word (wall 1); the page asks the roster that the node holds and a fixed number of statements.
//! It may call actions, the store (reads), domain, i18n and the parts of web around it.

mod board;
mod coming;

use std::collections::HashMap;

use actix_web::web::{self, Data, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::TimeDelta;
use serde::Deserialize;

use self::board::{Board, Faces};
use super::absences::{Badge, span_text};
use super::operators::subject::{Reach, Subject, language_name};
use super::shell::{self, Link, Shell};
use super::visit::{Reader, Visit};
use crate::actions::Ctx;
use crate::domain::permission::Permission;
use crate::error::Result;
use crate::i18n::{Dates, Texts};
use crate::security::digest;
use crate::store::absences::{self, AbsenceRow};
use crate::store::operators;
use crate::store::overview::{self, Numbers, Untranslated};

/// So many operators are named under missing translations.
const NAMED: u64 = 5;
/// So many absences are told.
const NAMED_AWAY: u64 = 8;

/// The address of the start page.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(web::resource("/").get(show));
}

/// What the part that keeps itself fresh brings along.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// What it shows already.
    seen: Option<String>,
}

#[derive(Template)]
#[template(path = "now/page.html")]
struct NowPage<'a> {
    shell: Shell<'a>,
    part: Part<'a>,
    today: String,
    /// What the own profile lacks.
    unfinished: Vec<Link>,
    /// What a new installation lacks.
    steps: Vec<Link>,
}

/// The part alone.
#[derive(Template)]
#[template(path = "now/board.html")]
struct PartPage<'a> {
    part: Part<'a>,
}

/// The part of the page that changes by itself.
struct Part<'a> {
    t: Texts,
    dates: Dates,
    board: &'a Board,
    faces: &'a Faces,
    hands: Vec<Hand>,
    /// Who is away now or within a week; none where the reader may not see it.
    away: Option<Vec<Away>>,
    /// What the reader can receive: each channel, whether, why not, and until when that stands.
    reach: Vec<Reach>,
    /// Where the reader may look at operators and departments.
    sees_operators: bool,
    sees_departments: bool,
    may_add_departments: bool,
    /// Tells this state from any other.
    seen: String,
}

/// Something that needs a hand, with the page where it can be seen to.
#[derive(Clone, Debug)]
struct Hand {
    icon: &'static str,
    text: String,
    more: String,
    href: Option<String>,
}

/// Somebody who is away, or will be soon (AB-1).
#[derive(Debug)]
struct Away {
    id: i64,
    name: String,
    badge: Badge,
    /// Until when or from when.
    when: String,
    deputy: Option<String>,
}

/// `GET /`; with what the part shows already, the part alone, or nothing where it shows it still.
async fn show(ctx: Data<Ctx>, reader: Reader, subject: Subject, request: HttpRequest, asked: Query<Asked>) -> Result<HttpResponse> {
    let db = ctx.store.read();
    let snapshot = ctx.roster().await?;
    let me = reader.viewer()?.seen.operator_id;
    let sees_team = reader.may(Permission::OperatorsView);
    let board = Board::new(&snapshot, &reader, me, sees_team);
    let (mut numbers, mut untranslated) = (Numbers::default(), Vec::new());
    if sees_team {
        numbers = overview::numbers(db, ctx.now()).await?;
        untranslated = overview::untranslated(db, NAMED).await?;
    }
    let faces = Faces(operators::faces(db, &board.shown()).await?);
    let hands = hands(&reader, &board, &numbers, &untranslated);
    let away = if reader.may(Permission::AbsencesView) { Some(away(&ctx, &reader).await?) } else { None };
    // Relative times are told by the minute.
    let reach = subject.reach(&reader.t);
    let state = format!("{board:?}{hands:?}{away:?}{reach:?}{}", ctx.now().timestamp() / 60);
    let part = Part {
        t: reader.t,
        dates: reader.dates,
        board: &board,
        faces: &faces,
        hands,
        away,
        reach,
        sees_operators: sees_team,
        sees_departments: reader.may(Permission::DepartmentsView),
        may_add_departments: reader.may(Permission::DepartmentsManage),
        seen: digest::sha256_hex(state.as_bytes()).chars().take(16).collect(),
    };
    if request.headers().contains_key("hx-request")
        && let Some(seen) = &asked.seen
    {
        return if *seen == part.seen { Ok(HttpResponse::NoContent().finish()) } else { shell::ok(&ctx, &reader, &PartPage { part }) };
    }
    let page = NowPage {
        shell: Shell::new(&reader, reader.t.get("now-title")),
        unfinished: unfinished(reader.t, &subject),
        steps: steps(&reader, &board, numbers.active + numbers.invited),
        today: reader.dates.full(&ctx.now()),
        part,
    };
    shell::ok(&ctx, &reader, &page)
}

/// Who is away now or within a week, the running absences first.
async fn away(ctx: &Ctx, visit: &Visit) -> Result<Vec<Away>> {
    let (t, now) = (visit.t, ctx.now());
    let rows = absences::coming(ctx.store.read(), now, now + TimeDelta::days(7), NAMED_AWAY).await?;
    let told = |row: AbsenceRow| {
        let span = row.absence.span;
        let when = match (span.holds(now), span.days) {
            (true, Some((_, last))) => visit.dates.until_calendar_day(&last),
            (true, None) => visit.dates.until(&span.until),
            (false, _) => span_text(visit, &span),
        };
        Away { id: row.operator_id, badge: Badge::of(row.absence.kind, t), when, deputy: row.deputy, name: row.operator }
    };
    Ok(rows.into_iter().map(told).collect())
}

/// What needs a hand: first what keeps visitors waiting.
fn hands(visit: &Visit, board: &Board, numbers: &Numbers, untranslated: &[Untranslated]) -> Vec<Hand> {
    let t = visit.t;
    let plain = |icon, text: String, href: &str| Hand { icon, text, more: String::new(), href: Some(href.to_owned()) };
    let mut all: Vec<Hand> = board.troubles.clone();
    let mut worry = |number: u64, key: &str, icon, href: &str| {
        if number > 0 {
            all.push(plain(icon, t.count(key, number), href));
        }
    };
    worry(
        if visit.may(Permission::QueriesView) { numbers.waiting_queries } else { 0 },
        "now-queries-waiting",
        "inbox",
        "/queries?state=open",
    );
    worry(numbers.delivery_failed, "now-delivery-failed", "mail-off", "/operators?state=delivery_failed");
    worry(numbers.expired, "now-expired", "hourglass", "/operators?state=expired");
    worry(if visit.may(Permission::MailView) { numbers.failed_mails } else { 0 }, "now-mail-failed", "mail-off", "/mail?state=failed");
    all.extend(untranslated.iter().map(|operator| Hand {
        more: operator.tags.iter().map(|tag| language_name(t, tag)).collect::<Vec<_>>().join(", "),
        ..plain("typography", t.with("now-untranslated", &[("name", &operator.name)]), &format!("/operators/{}", operator.id))
    }));
    all
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

/// The first deeds of a new installation; each goes when it is done.
fn steps(visit: &Visit, board: &Board, operators: u64) -> Vec<Link> {
    let catalogue = &visit.catalogue;
    let all = [
        (operators <= 1, "now-step-operators", "/operators/new", "user-plus", Permission::OperatorsManage),
        (board.is_without_departments, "now-step-departments", "/departments/new", "building-community", Permission::DepartmentsManage),
        (catalogue.schedules.is_empty(), "now-step-schedules", "/schedules/new", "clock", Permission::SchedulesManage),
        (catalogue.holidays.is_empty(), "now-step-holidays", "/schedules/holidays", "calendar-event", Permission::SchedulesManage),
    ];
    let open = all.into_iter().filter(|(is_open, .., needed)| *is_open && visit.may(*needed));
    open.map(|(_, key, href, icon, _)| Link { text: visit.t.get(key), href, icon, is_here: false }).collect()
}

/// Photo and preset by operator.
type Pictures = HashMap<i64, (Option<String>, Option<String>)>;
