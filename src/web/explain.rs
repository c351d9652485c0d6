//! Why somebody receives or not, at any instant: the ordered checks as a story, each with its fact and where it is changed (QU-7).

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Query, ServiceConfig};
use askama::Template;
use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

use super::faults::Faults;
use super::shell::{self, Badge, Shell};
use super::visit::{Reader, Visit};
use crate::actions::Ctx;
use crate::actions::availability::{Answer, Asked, RawAsked, ToldCheck, answer, channel_name, check_name};
use crate::actions::roster::Snapshot;
use crate::domain::availability::{Mode, Person};
use crate::domain::channel::Channel;
use crate::domain::field::FieldErrors;
use crate::domain::language::{LanguageTag, name_in};
use crate::domain::permission::Permission;
use crate::domain::text;
use crate::error::{AppError, Result};
use crate::i18n::Texts;

/// Operators told on the page.
const TOLD: usize = 50;
/// Names offered while one is typed.
const OFFERED: usize = 200;
/// No zone has ever left out more minutes at once than a day has.
const LONGEST_GAP: i64 = 24 * 60;

/// The address of the page.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(web::resource("/explain").get(show));
}

/// What the address asks; names as in the API.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Typed {
    department: String,
    channel: String,
    language: String,
    /// An id, or a name or a part of one.
    operator: String,
    /// As a browser writes a local time, in the reader's zone, or RFC 3339.
    at: String,
    waiting_seconds: String,
}

#[derive(Template)]
#[template(path = "explain/page.html")]
struct ExplainPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    typed: Typed,
    departments: Vec<(String, String)>,
    channels: Vec<(String, String)>,
    languages: Vec<(String, String)>,
    names: Vec<String>,
    /// Whether the reader may ask about others.
    may_choose: bool,
    answer: Option<Answer>,
}

impl ExplainPage<'_> {
    fn at_label(&self) -> String {
        self.shell.t.with("explain-at", &[("zone", self.shell.dates.zone())])
    }

    fn check_name(&self, check: &ToldCheck) -> &'static str {
        check_name(self.shell.t, check.check)
    }

    fn reason(&self, check: &ToldCheck) -> String {
        self.shell.t.with("explain-reason", &[("check", self.check_name(check)), ("fact", &check.fact)])
    }

    fn mode(&self, mode: &Mode) -> &'static str {
        self.shell.t.get(match mode {
            Mode::Live => "explain-live",
            Mode::Message => "explain-message",
            Mode::Closed => "explain-closed",
        })
    }

    fn summary(&self, answer: &Answer) -> String {
        self.shell.t.count_with("explain-receiving", answer.receiving, &[("asked", &self.shell.t.number(answer.asked))])
    }

    fn status(&self, name: &str) -> Option<Badge> {
        let t = self.shell.t;
        let statuses = &self.shell.visit.catalogue.statuses;
        statuses.iter().find(|status| status.name_in(t.locale().tag()) == name).map(|status| Badge::of(status, t))
    }
}

/// `GET /explain`. Who may not see operators asks about oneself alone.
async fn show(ctx: Data<Ctx>, reader: Reader, Query(mut typed): Query<Typed>) -> Result<HttpResponse> {
    let own = reader.viewer()?.seen.operator_id;
    let may_choose = reader.may(Permission::OperatorsView);
    let snapshot = ctx.roster().await?;
    if !may_choose {
        typed.operator = own.to_string();
    }
    let (asked, operator) = read(&reader, &snapshot, &typed, ctx.now());
    if let Some(name) = operator {
        typed.operator = name;
    }
    let told = match asked {
        Ok(asked) => answer(&ctx, &asked, reader.t, reader.zone, TOLD).await.map(Some),
        Err(errors) => Err(AppError::Invalid(errors)),
    };
    let (answer, faults) = match told {
        Ok(answer) => (answer, Faults::none(reader.t)),
        Err(AppError::Invalid(errors)) => (None, Faults::of(reader.t, errors)),
        Err(error) => return Err(error),
    };
    let is_invalid = answer.is_none();
    let page = page(&reader, &snapshot, typed, may_choose, answer, faults);
    if is_invalid { shell::invalid(&ctx, &reader, &page) } else { shell::ok(&ctx, &reader, &page) }
}

/// What was typed as a question, and the name of the operator who was found by it.
fn read(
    visit: &Visit,
    snapshot: &Snapshot,
    typed: &Typed,
    now: DateTime<Utc>,
) -> (std::result::Result<Asked, FieldErrors>, Option<String>) {
    let mut errors = FieldErrors::default();
    let found = person_named(snapshot.prepared.roster.people(), &typed.operator);
    if !typed.operator.trim().is_empty() && found.is_none() {
        errors.add("operator", "no_one_of_that_name");
    }
    let at = local(typed.at.trim(), visit.zone).unwrap_or_else(|| typed.at.clone());
    let raw = RawAsked {
        department: &typed.department,
        channel: &typed.channel,
        language: &typed.language,
        operator: &found.map(|person| person.id.to_string()).unwrap_or_default(),
        at: &at,
        waiting_seconds: &typed.waiting_seconds,
    };
    let asked = match Asked::read(raw, &snapshot.catalogue, now) {
        Err(more) => Err(FieldErrors(errors.0.into_iter().chain(more.0).collect())),
        Ok(asked) => errors.into_result(asked),
    };
    (asked, found.map(|person| person.name.clone()))
}

/// The one whom somebody means by an id, a whole name, or a part of one that nobody else has.
pub(super) fn person_named<'a>(people: &'a [Arc<Person>], typed: &str) -> Option<&'a Arc<Person>> {
    let wanted = text::fold(typed.trim());
    if wanted.is_empty() {
        return None;
    }
    let by_id = wanted.parse().ok().and_then(|id: i64| people.iter().find(|person| person.id == id));
    let exact = || people.iter().find(|person| text::fold(&person.name) == wanted);
    let part = || {
        let mut matching = people.iter().filter(|person| text::fold(&person.name).contains(&wanted));
        matching.next().filter(|_| matching.next().is_none())
    };
    by_id.or_else(exact).or_else(part)
}

/// Names offered where one is typed.
pub(super) fn names_offered(people: &[Arc<Person>]) -> Vec<String> {
    people.iter().take(OFFERED).map(|person| person.name.clone()).collect()
}

/// A local time as a browser writes it, as RFC 3339. Where clocks skip it, the first minute after counts; where they repeat it, the
/// first time.
fn local(typed: &str, zone: Tz) -> Option<String> {
    let parse = |format| NaiveDateTime::parse_from_str(typed, format).ok();
    let wall = parse("%Y-%m-%dT%H:%M").or_else(|| parse("%Y-%m-%dT%H:%M:%S"))?;
    let at = (0..=LONGEST_GAP).find_map(|minutes| {
        let wall = wall.checked_add_signed(TimeDelta::minutes(minutes))?;
        zone.from_local_datetime(&wall).earliest()
    });
    Some(at?.to_utc().to_rfc3339())
}

fn page<'a>(
    visit: &'a Visit,
    snapshot: &Snapshot,
    typed: Typed,
    may_choose: bool,
    answer: Option<Answer>,
    faults: Faults,
) -> ExplainPage<'a> {
    let (t, catalogue) = (visit.t, &visit.catalogue);
    let any = |key: &str| vec![(String::new(), t.get(key).to_owned())];
    let departments = visit.departments();
    let channels = catalogue.channels().iter().map(|channel: Channel| (channel.as_str().to_owned(), channel_name(t, channel).to_owned()));
    let languages = catalogue.enabled_languages().map(|one| (one.tag.clone(), language(t, &one.tag)));
    ExplainPage {
        shell: Shell::new(visit, t.get("explain-title")),
        faults,
        departments: any("explain-any-department").into_iter().chain(departments).collect(),
        channels: any("explain-any-channel").into_iter().chain(channels).collect(),
        languages: any("explain-any-language").into_iter().chain(languages).collect(),
        names: if may_choose { names_offered(snapshot.prepared.roster.people()) } else { Vec::new() },
        typed,
        may_choose,
        answer,
    }
}

fn language(t: Texts, tag: &str) -> String {
    LanguageTag::parse(tag).map_or_else(|_| tag.to_owned(), |tag| name_in(&tag, t.locale().tag()))
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn a_local_time_is_one_of_the_readers_zone() {
        for (typed, expected) in [
            ("2026-03-02T10:00", Some("2026-03-02T09:00:00+00:00")),
            ("2026-03-29T02:30", Some("2026-03-29T01:00:00+00:00")),
            ("2026-10-25T02:30", Some("2026-10-25T00:30:00+00:00")),
            ("2026-03-02T09:00:00Z", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(local(typed, chrono_tz::Europe::Madrid).as_deref(), expected, "{typed}");
        }
    }
}
