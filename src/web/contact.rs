//! The public page of a site: which departments there are, whether they are there, their hours and telephones (HR-7, QU-4).
//! Nobody signs in here, no cookie is set, and what stands on it is for everybody.

use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{DateTime, Datelike, Utc};
use serde::Deserialize;

use super::errors;
use super::schedules::editor::Bar;
use super::shell;
use crate::actions::{Ctx, availability, visitors};
use crate::domain::availability::{Mode, Question};
use crate::domain::channel::Channel;
use crate::domain::period::Period;
use crate::domain::schedule::{DAY, DAYS, local_day};
use crate::domain::site::{Clues, visitor_language};
use crate::domain::visitor_hours::{Shown, WallWeek, clock};
use crate::error::{AppError, Result};
use crate::i18n::{Dates, Locale, Texts};
use crate::store::departments::Department;

/// How long anybody may keep the page.
const CACHING: &str = "public, max-age=60";

/// The address of the page, apart from those of operators: it knows no session.
pub fn routes(config: &mut ServiceConfig) {
    let page = web::resource("/contact/{site}").wrap(from_fn(errors::door)).wrap(Compress::default());
    config.service(page.get(show));
}

/// What the page is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// Address of the page the visitor comes from.
    url: String,
    /// Interface language that the visitor chose here.
    r#in: String,
}

#[derive(Template)]
#[template(path = "contact/page.html")]
struct ContactPage<'a> {
    t: Texts,
    organisation: &'a str,
    site: &'a str,
    departments: Vec<DepartmentShown<'a>>,
    /// Languages of the page with their own names.
    languages: [Locale; 3],
}

struct DepartmentShown<'a> {
    slug: &'a str,
    name: &'a str,
    /// `success`, `warning` or `line`.
    tone: &'static str,
    /// Whether somebody is there.
    state: &'static str,
    /// When that changes.
    until: Option<String>,
    /// What becomes of messages while nobody is there.
    messages: Option<&'static str>,
    /// Today first.
    week: Vec<DayShown>,
    zone: &'static str,
    /// Where calls are worked.
    calls: Option<Calls<'a>>,
}

struct DayShown {
    day: &'static str,
    is_today: bool,
    text: String,
    bars: Vec<Bar>,
}

struct Calls<'a> {
    /// The number as it is shown, and as it is dialled.
    phone: Option<(&'a str, String)>,
    /// None where they are answered whenever the department is there.
    week: Option<Vec<DayShown>>,
    /// Whether anybody takes calls in the coming days.
    is_answered: bool,
}

async fn show(ctx: Data<Ctx>, request: HttpRequest, slug: Path<String>, asked: Query<Asked>) -> Result<HttpResponse> {
    let (snapshot, now) = (ctx.roster().await?, ctx.now());
    let catalogue = &snapshot.catalogue;
    let site = &catalogue.site_by_slug(&slug).ok_or(AppError::NotFound)?.site;
    let here = ctx.link(&request.uri().to_string());
    let clues = Clues {
        url: if asked.url.is_empty() { &here } else { &asked.url },
        accept_language: request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default(),
        country: "",
    };
    let language = visitor_language(site, &catalogue.offered_languages(), &catalogue.default_language(), clues).tag;
    let chosen = Locale::ALL.into_iter().find(|locale| locale.tag() == asked.r#in);
    let near = || Locale::parse(language.as_str()).or_else(|| Locale::parse(&catalogue.organisation.default_language));
    let t = Texts::of(chosen.or_else(near).unwrap_or_default());
    let tag = chosen.map_or(language.as_str(), |locale| locale.tag());
    let offered = site.departments.iter().filter_map(|slug| catalogue.department_by_slug(slug));
    let departments = offered.filter_map(|department| {
        let hours = visitors::hours(&snapshot, department.id, now)?;
        let question = Question { department: Some(department.id), language: Some(&language), ..Question::default() };
        let opening = availability::opening(&snapshot, question, now);
        let has_calls = catalogue.channels_of(department).contains(Channel::Call);
        Some(shown(t, department, tag, &hours, opening, has_calls, now))
    });
    let page = ContactPage {
        t,
        organisation: &catalogue.organisation.organisation_name,
        site: &site.name,
        departments: departments.collect(),
        languages: Locale::ALL,
    };
    let mut answer = shell::html(&ctx, actix_web::http::StatusCode::OK, None, &page)?;
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHING));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
    headers.insert(header::HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    Ok(answer)
}

fn shown<'a>(
    t: Texts,
    department: &'a Department,
    tag: &str,
    hours: &Shown,
    (mode, next_opening): (Mode, Option<DateTime<Utc>>),
    has_calls: bool,
    now: DateTime<Utc>,
) -> DepartmentShown<'a> {
    let dates = Dates::new(t.locale(), hours.zone, now);
    let said = |key: &str, at: DateTime<Utc>| t.with(key, &[("at", &dates.full(&at)), ("zone", hours.zone.name())]);
    let (tone, state) = match (mode, hours.open_now) {
        (Mode::Live, _) => ("success", t.get("contact-live")),
        (_, true) => ("warning", t.get("contact-busy")),
        (_, false) => ("line", t.get("contact-closed")),
    };
    let until = match (mode, hours.open_now) {
        (Mode::Live, true) => hours.next_change.map(|at| said("contact-open-until", at)),
        (Mode::Live, false) => None,
        (_, _) => next_opening.map(|at| said("contact-next-opening", at)).or_else(|| {
            let opens = hours.next_change.filter(|_| !hours.open_now);
            opens.map(|at| said("contact-opens", at))
        }),
    };
    let messages = match mode {
        Mode::Live => None,
        Mode::Message => Some(t.get("contact-messages")),
        Mode::Closed => Some(t.get("contact-no-messages")),
    };
    let facts = &department.facts;
    let calls = has_calls.then(|| Calls {
        phone: facts.phone.as_deref().map(|phone| (phone, dialled(phone))),
        week: (!hours.call_me.is_empty() && hours.call_me != hours.week).then(|| week(t, hours, &hours.call_me, now)),
        is_answered: !hours.call_me.is_empty(),
    });
    DepartmentShown {
        slug: &facts.slug,
        name: department.name_in(tag),
        tone,
        state,
        until,
        messages,
        week: week(t, hours, &hours.week, now),
        zone: hours.zone.name(),
        calls,
    }
}

/// The coming seven days, today first.
fn week(t: Texts, hours: &Shown, week: &WallWeek, now: DateTime<Utc>) -> Vec<DayShown> {
    let today = local_day(hours.zone, now);
    let days = today.iter_days().take(7).filter(|day| Period::of_days(&(*day..=*day), hours.zone).is_some_and(|whole| !whole.is_empty()));
    let day = |day: chrono::NaiveDate| {
        let stretches = week.on(day.weekday());
        let name = DAYS.get(day.weekday().num_days_from_monday() as usize).copied().unwrap_or_default();
        let text = match stretches {
            [] => t.get("contact-no-hours").to_owned(),
            [(0, DAY)] => t.get("contact-all-day").to_owned(),
            all => all.iter().map(|(from, to)| format!("{}–{}", clock(*from), clock(*to))).collect::<Vec<_>>().join(", "),
        };
        DayShown {
            day: t.get(&format!("schedules-{name}")),
            is_today: day == today,
            text,
            bars: stretches.iter().map(|(from, to)| Bar { x: *from, width: to - from, is_spill: false }).collect(),
        }
    };
    days.map(day).collect()
}

/// A number without what makes it readable.
fn dialled(phone: &str) -> String {
    phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}
