//! What the page shows: which departments there are, whether they are there, their hours and telephones, and the form (HR-7, QU-4).

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{DateTime, Datelike, Timelike, Utc};
use serde::Deserialize;

use super::form::{self, Draft, Form};
use crate::actions::roster::Snapshot;
use crate::actions::{Ctx, availability, visitors};
use crate::domain::availability::{Mode, Question};
use crate::domain::channel::Channel;
use crate::domain::field::FieldErrors;
use crate::domain::language::{LanguageTag, best};
use crate::domain::period::Period;
use crate::domain::schedule::{DAY, DAYS, local_day};
use crate::domain::site::{Clues, Found, Site, Source, visitor_language};
use crate::domain::visitor_hours::{Shown, WallWeek, clock};
use crate::error::{AppError, Result};
use crate::i18n::{Dates, Locale, Texts};
use crate::store::catalogue::Catalogue;
use crate::store::departments::Department;
use crate::web::schedules::editor::Bar;
use crate::web::shell;

/// How long anybody may keep the page.
const CACHING: &str = "public, max-age=60";

/// What the page is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Address of the page the visitor comes from.
    pub url: String,
    /// Interface language that the visitor chose here.
    pub r#in: String,
    /// Id of the operator for whom the message is, where a link says so (LA-4).
    pub operator: String,
}

/// A visitor on the page of a site.
pub struct Visitor<'a> {
    /// Texts in the language of the page.
    pub t: Texts,
    /// The site.
    pub site: &'a Site,
    /// Departments, settings and so on.
    pub catalogue: &'a Catalogue,
    /// The visitor's language, and what told it.
    pub found: Found,
    /// The language they want to be answered in: the page's where they chose that, else the one that was found.
    pub wanted: LanguageTag,
    /// The tag by which names are chosen.
    pub tag: String,
    /// The interface language that was chosen here.
    pub chosen: Option<Locale>,
    /// Address of the page the visitor comes from, where that is known or has told the language.
    pub url: String,
}

impl<'a> Visitor<'a> {
    /// Who asks for the page of this site (LA-3).
    pub fn new(ctx: &Ctx, snapshot: &'a Snapshot, request: &HttpRequest, slug: &str, asked: &Asked) -> Result<Visitor<'a>> {
        let catalogue = &snapshot.catalogue;
        let site = &catalogue.site_by_slug(slug).ok_or(AppError::NotFound)?.site;
        let here = ctx.link(&request.uri().to_string());
        let clues = Clues { url: if asked.url.is_empty() { &here } else { &asked.url }, accept_language: accepted(request), country: "" };
        let found = visitor_language(site, &catalogue.offered_languages(), &catalogue.default_language(), clues);
        let url = if asked.url.is_empty() && found.from == Source::Url { here.clone() } else { asked.url.clone() };
        let chosen = Locale::ALL.into_iter().find(|locale| locale.tag() == asked.r#in);
        let wanted = chosen.and_then(|locale| in_locale(locale, &found.tag, catalogue)).unwrap_or_else(|| found.tag.clone());
        let near = || Locale::parse(found.tag.as_str()).or_else(|| Locale::parse(&catalogue.organisation.default_language));
        let t = Texts::of(chosen.or_else(near).unwrap_or_default());
        let tag = chosen.map_or_else(|| found.tag.to_string(), |locale| locale.tag().to_owned());
        Ok(Visitor { t, site, catalogue, found, wanted, tag, chosen, url })
    }

    /// The departments that the site offers, in its order.
    pub fn departments(&self) -> impl Iterator<Item = &'a Department> {
        let catalogue = self.catalogue;
        self.site.departments.iter().filter_map(|slug| catalogue.department_by_slug(slug))
    }

    /// The language of texts that are chosen by language alone.
    fn language(&self) -> LanguageTag {
        LanguageTag::parse(&self.tag).unwrap_or_else(|_| self.found.tag.clone())
    }
}

/// The organisation's language that an interface language stands for: the one that was found, where it is a form of it.
fn in_locale(locale: Locale, found: &LanguageTag, catalogue: &Catalogue) -> Option<LanguageTag> {
    let plain = LanguageTag::parse(locale.tag()).ok()?;
    let offered = catalogue.offered_languages();
    if found.base() == plain.base() { Some(found.clone()) } else { best(&offered, &plain).and_then(|place| offered.get(place).cloned()) }
}

/// What a browser asks for.
pub fn accepted(request: &HttpRequest) -> &str {
    request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[derive(Template)]
#[template(path = "contact/page.html")]
struct ContactPage<'a> {
    t: Texts,
    organisation: &'a str,
    site: &'a Site,
    departments: Vec<DepartmentShown<'a>>,
    /// None where nothing can be sent now.
    form: Option<Form>,
    /// Languages of the page, and where each is.
    languages: [(Locale, String); 3],
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
    messages: Option<&'a str>,
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

pub async fn show(ctx: Data<Ctx>, request: HttpRequest, slug: Path<String>, asked: Query<Asked>) -> Result<HttpResponse> {
    let snapshot = ctx.roster().await?;
    let visitor = Visitor::new(&ctx, &snapshot, &request, &slug, &asked)?;
    let draft = Draft::new(&ctx, &snapshot, &visitor, &asked).await?;
    let mut answer = render(&ctx, &snapshot, &visitor, draft, FieldErrors::default(), StatusCode::OK)?;
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHING));
    Ok(answer)
}

/// The page with its form as it was filled in, and what is wrong with it.
pub fn render(
    ctx: &Ctx,
    snapshot: &Snapshot,
    visitor: &Visitor<'_>,
    draft: Draft,
    errors: FieldErrors,
    status: StatusCode,
) -> Result<HttpResponse> {
    let now = ctx.now();
    let departments = visitor.departments().filter_map(|department| shown(snapshot, visitor, department, now));
    let page = ContactPage {
        t: visitor.t,
        organisation: &visitor.catalogue.organisation.organisation_name,
        site: visitor.site,
        departments: departments.collect(),
        languages: Locale::ALL.map(|locale| (locale, draft.address_in(locale))),
        form: form::form(ctx, snapshot, visitor, draft, errors),
    };
    let mut answer = shell::html(ctx, status, None, &page)?;
    public(&mut answer);
    Ok(answer)
}

/// What every answer here carries: it differs by language, and search engines leave it out.
pub fn public(answer: &mut HttpResponse) {
    let headers = answer.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
    headers.insert(header::HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
}

/// Whether a department takes messages now, by the page or by a person.
pub fn takes_messages(snapshot: &Snapshot, visitor: &Visitor<'_>, department: &Department, now: DateTime<Utc>) -> bool {
    visitor.catalogue.channels_of(department).contains(Channel::Ticket) && met(snapshot, visitor, department, now).0 != Mode::Closed
}

/// Whether a department calls visitors back now: within the hours that are shown for it (HR-7).
pub fn calls_now(snapshot: &Snapshot, visitor: &Visitor<'_>, department: &Department, now: DateTime<Utc>) -> bool {
    let has_calls = visitor.catalogue.channels_of(department).contains(Channel::Call);
    has_calls && visitors::hours(snapshot, department.id, now).is_some_and(|hours| is_within(&hours, now))
}

fn is_within(hours: &Shown, now: DateTime<Utc>) -> bool {
    let here = now.with_timezone(&hours.zone);
    let minute = here.hour() * 60 + here.minute();
    hours.call_me.on(here.weekday()).iter().any(|(from, to)| (u32::from(*from)..u32::from(*to)).contains(&minute))
}

/// What visitors meet, and when somebody is there again.
fn met(snapshot: &Snapshot, visitor: &Visitor<'_>, department: &Department, now: DateTime<Utc>) -> (Mode, Option<DateTime<Utc>>) {
    let question = Question { department: Some(department.id), language: Some(&visitor.wanted), ..Question::default() };
    let (mode, next_opening) = availability::opening(snapshot, question, now);
    (visitor.site.met(mode), next_opening)
}

fn shown<'a>(snapshot: &Snapshot, visitor: &Visitor<'a>, department: &'a Department, now: DateTime<Utc>) -> Option<DepartmentShown<'a>> {
    let (t, site) = (visitor.t, visitor.site);
    let hours = &visitors::hours(snapshot, department.id, now)?;
    let (mode, next_opening) = met(snapshot, visitor, department, now);
    let has_calls = visitor.catalogue.channels_of(department).contains(Channel::Call);
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
        Mode::Message => Some(site.message_text(&visitor.language()).unwrap_or_else(|| t.get("contact-messages"))),
        Mode::Closed => Some(t.get("contact-no-messages")),
    };
    let facts = &department.facts;
    let calls = has_calls.then(|| Calls {
        phone: facts.phone.as_deref().map(|phone| (phone, dialled(phone))),
        week: (!hours.call_me.is_empty() && hours.call_me != hours.week).then(|| week(t, hours, &hours.call_me, now)),
        is_answered: !hours.call_me.is_empty(),
    });
    Some(DepartmentShown {
        slug: &facts.slug,
        name: department.name_in(&visitor.tag),
        tone,
        state,
        until,
        messages,
        week: week(t, hours, &hours.week, now),
        zone: hours.zone.name(),
        calls,
    })
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
