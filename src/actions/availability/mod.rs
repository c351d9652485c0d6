//! Who can receive what, told with its reasons: one object for the pages and for the API (QU-7). The decision is the domain's.

mod words;

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::Ctx;
use super::roster::Snapshot;
use crate::domain::availability::{Case, Check, Mode, Person, Question, Verdict, next_opening};
use crate::domain::channel::Channel;
use crate::domain::field::{Fault, FieldErrors};
use crate::domain::language::LanguageTag;
use crate::domain::named::known;
use crate::domain::number::number;
use crate::domain::routing::{self, Candidate};
use crate::domain::status::Presence;
use crate::error::{AppError, Result};
use crate::i18n::{Dates, Texts};
use crate::store::catalogue::Catalogue;
use crate::store::{presence, roster};

pub use words::{Words, cause_text, channel_name, check_name};

/// Instants further ahead or behind are refused: no schedule says anything about them.
const YEARS: i64 = 10;
/// Seconds of waiting at most: thirty days.
const MOST_WAITING: i64 = 30 * 24 * 3600;

/// What is asked, as typed; empty is not asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct RawAsked<'a> {
    /// Slug of a department.
    pub department: &'a str,
    /// `ticket`, `chat` or `call`.
    pub channel: &'a str,
    /// BCP 47 tag.
    pub language: &'a str,
    /// Id of an operator.
    pub operator: &'a str,
    /// RFC 3339.
    pub at: &'a str,
    /// A number of seconds.
    pub waiting_seconds: &'a str,
}

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// A department.
    pub department: Option<i64>,
    /// A channel.
    pub channel: Option<Channel>,
    /// A language.
    pub language: Option<LanguageTag>,
    /// One operator, member or not; none is every member, or everybody.
    pub operator: Option<i64>,
    /// An instant; none is now.
    pub at: Option<DateTime<Utc>>,
    /// For how long somebody has waited.
    pub waiting: TimeDelta,
}

impl Asked {
    /// Reads what was typed. Faults at their fields: `unknown_choice`, `language_tag`, `instant`, `instant_range`, those of numbers.
    pub fn read(raw: RawAsked<'_>, catalogue: &Catalogue, now: DateTime<Utc>) -> std::result::Result<Asked, FieldErrors> {
        let mut errors = FieldErrors::default();
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let unknown = || Fault::new("unknown_choice");
        let department = |slug: String| catalogue.department_by_slug(&slug).map(|department| department.id).ok_or_else(unknown);
        let asked = Asked {
            department: given(raw.department).and_then(|slug| errors.take("department", department(slug))),
            channel: given(raw.channel).and_then(|name| errors.take("channel", known(&name, Channel::parse))),
            language: given(raw.language).and_then(|tag| errors.take("language", LanguageTag::parse(&tag))),
            operator: given(raw.operator).and_then(|id| errors.take("operator", id.parse().map_err(|_| unknown()))),
            at: given(raw.at).and_then(|at| errors.take("at", instant(&at, now))),
            waiting: given(raw.waiting_seconds)
                .and_then(|seconds| errors.take("waiting_seconds", number(&seconds, 0, MOST_WAITING)))
                .map_or(TimeDelta::zero(), TimeDelta::seconds),
        };
        errors.into_result(asked)
    }

    fn question(&self) -> Question<'_> {
        Question { department: self.department, channel: self.channel, language: self.language.as_ref(), waiting: self.waiting }
    }
}

fn instant(text: &str, now: DateTime<Utc>) -> std::result::Result<DateTime<Utc>, Fault> {
    let at = DateTime::parse_from_rfc3339(text).map_err(|_| Fault::new("instant"))?.to_utc();
    let range = TimeDelta::days(366 * YEARS);
    if (at - now).abs() > range { Err(Fault::new("instant_range")) } else { Ok(at) }
}

/// Who can receive, and why.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The instant.
    pub at: DateTime<Utc>,
    /// What a customer meets then.
    pub mode: Mode,
    /// When somebody will receive, where nobody does; none where that is not known.
    pub next_opening: Option<DateTime<Utc>>,
    /// Until when all of this stands if nobody changes anything; none for the past, and where nothing is known to come.
    pub valid_until: Option<DateTime<Utc>>,
    /// How many receive.
    pub receiving: usize,
    /// About how many was asked.
    pub asked: usize,
    /// Those who receive in the order in which they are called, then the others by id.
    pub operators: Vec<Told>,
}

/// One operator of an answer.
#[derive(Clone, Debug)]
pub struct Told {
    /// The operator.
    pub id: i64,
    /// Full name, for colleagues.
    pub name: String,
    /// The name customers see.
    pub display_name: String,
    /// Whether they receive.
    pub receives: bool,
    /// Their place in the order; none for who does not receive.
    pub rank: Option<usize>,
    /// Open chats.
    pub open: u32,
    /// The most there may be.
    pub max: Option<u32>,
    /// Name of the status they wear then.
    pub status: String,
    /// The first instant at which this may turn out differently.
    pub next_change: Option<DateTime<Utc>>,
    /// Every check in its order; the first that failed is the reason.
    pub checks: Vec<ToldCheck>,
}

impl Told {
    /// The first check that failed.
    pub fn reason(&self) -> Option<&ToldCheck> {
        self.checks.iter().find(|check| !check.passed)
    }

    /// Until when that is known to stand: the reason, or for who receives all of it.
    pub fn stands_until(&self) -> Option<DateTime<Utc>> {
        self.reason().map_or(self.next_change, |reason| reason.until)
    }
}

/// A check of an operator, in words.
#[derive(Clone, Debug)]
pub struct ToldCheck {
    /// Which one.
    pub check: Check,
    /// Whether it passed.
    pub passed: bool,
    /// What decided.
    pub fact: String,
    /// Who or what set that.
    pub set_by: String,
    /// Path of the page where it is changed.
    pub change_at: String,
    /// Until when it is known to stand.
    pub until: Option<DateTime<Utc>>,
}

/// Answers in a language, with instants in a zone; at most so many operators are told. Asked about the past it goes by the log of
/// statuses and heartbeats, and by everything else as it is now.
///
/// # Errors
/// `unknown_choice` at `operator` where there is none of that id.
pub async fn answer(ctx: &Ctx, asked: &Asked, t: Texts, zone: chrono_tz::Tz, limit: usize) -> Result<Answer> {
    let (snapshot, now) = (ctx.roster().await?, ctx.now());
    let at = asked.at.unwrap_or(now);
    let (roster, question) = (&snapshot.prepared.roster, asked.question());
    let places: Vec<usize> = match asked.operator {
        Some(id) => vec![roster.place_of(id).ok_or_else(|| AppError::field("operator", "unknown_choice"))?],
        None => roster.places_in(question.department).collect(),
    };
    let people = places.iter().filter_map(|place| Some((*place, &**roster.people().get(*place)?)));
    let then: Vec<Person>;
    let people: Vec<(Option<usize>, &Person)> = if at < now {
        then = as_of(ctx, people.map(|(_, person)| person.clone()).collect(), at).await?;
        then.iter().map(|person| (None, person)).collect()
    } else {
        people.map(|(place, person)| (Some(place).filter(|_| at == now), person)).collect()
    };
    let words = Words { t, dates: Dates::new(t.locale(), zone, now), catalogue: &snapshot.catalogue, question };
    Ok(told(&snapshot, &people, &words, (at, now), limit))
}

/// What one operator can receive now on each channel of the organisation, without a department or language: the verdict, and the
/// first failing check in words.
pub struct Standing {
    /// The channel.
    pub channel: Channel,
    /// Whether they receive.
    pub verdict: Verdict,
    /// Why not.
    pub reason: Option<ToldCheck>,
}

/// See [`Standing`]; empty for somebody who is not there. While heartbeats come it stands whenever the last of them would cease to count.
///
/// # Errors
/// Those of the store.
pub async fn standing(ctx: &Ctx, operator_id: i64, t: Texts, zone: chrono_tz::Tz) -> Result<Vec<Standing>> {
    let (snapshot, now) = (ctx.roster().await?, ctx.now());
    let roster = &snapshot.prepared.roster;
    let Some(person) = roster.person(operator_id) else { return Ok(Vec::new()) };
    // A roster that is held knows old heartbeats.
    let heard_at = presence::latest_of(ctx.store.read(), &[operator_id]).await?.remove(&operator_id).max(person.last_beat);
    let is_heard = Presence { heard_at, window: roster.world.window }.is_heard(now);
    let person = &Person { last_beat: heard_at, presence_required: person.presence_required && !is_heard, ..(**person).clone() };
    let dates = Dates::new(t.locale(), zone, now);
    let of = |channel: Channel| {
        let question = Question { channel: Some(channel), ..Question::default() };
        let case = Case { world: &roster.world, person, question, at: now, now };
        let words = Words { t, dates, catalogue: &snapshot.catalogue, question };
        // A slot that becomes free ends nothing.
        let lasting = case.findings().into_iter().filter(|finding| finding.check != Check::Capacity);
        let verdict = Verdict { next_change: lasting.filter_map(|finding| finding.until).min(), ..case.verdict() };
        Standing { channel, verdict, reason: verdict.passed.reason().map(|check| words.check(&case.check(check), &case)) }
    };
    Ok(roster.world.channels.iter().map(of).collect())
}

/// What a customer of a department meets on a channel now, and when somebody will receive where nobody does (QU-4).
pub fn opening(snapshot: &Snapshot, question: Question<'_>, now: DateTime<Utc>) -> (Mode, Option<DateTime<Utc>>) {
    let roster = &snapshot.prepared.roster;
    let mode = Mode::of(&roster.world, !snapshot.prepared.ranked(question).is_empty());
    let people = roster.places_in(question.department).filter_map(|place| roster.people().get(place)).map(|person| &**person);
    (mode, (mode != Mode::Live).then(|| next_opening(&roster.world, people, question, now, now)).flatten())
}

/// The same people as they were: what they wore, and when they were last heard of. Whoever was not there yet is left out.
async fn as_of(ctx: &Ctx, people: Vec<Person>, at: DateTime<Utc>) -> Result<Vec<Person>> {
    let ids: Vec<i64> = people.iter().map(|person| person.id).collect();
    let mut known: HashMap<_, _> = roster::as_of(ctx.store.read(), &ids, at).await?;
    let then = people.into_iter().filter_map(|person| {
        let (worn, last_beat) = known.remove(&person.id)?;
        Some(Person { worn, last_beat, ..person })
    });
    Ok(then.collect())
}

/// Decides about all, puts them in order and tells the first ones. Who stands at a place of the roster is worked out already.
fn told<'a>(
    snapshot: &'a Snapshot,
    people: &[(Option<usize>, &'a Person)],
    words: &Words<'a>,
    (at, now): (DateTime<Utc>, DateTime<Utc>),
    limit: usize,
) -> Answer {
    let (world, question) = (&*snapshot.prepared.roster.world, words.question);
    let case = |person: &'a Person| Case { world, person, question, at, now };
    let verdict = |(place, person): &(Option<usize>, &'a Person)| {
        place.and_then(|place| snapshot.prepared.verdict(place, question)).unwrap_or_else(|| case(person).verdict())
    };
    let verdicts: Vec<Verdict> = people.iter().map(verdict).collect();
    let receiving = people.iter().zip(&verdicts).enumerate().filter(|(_, (_, verdict))| verdict.receives());
    let candidates: Vec<Candidate> = receiving.map(|(place, ((_, person), _))| case(person).candidate(place)).collect();
    let ranks: HashMap<usize, usize> = routing::ranked(world.rule(question), candidates).into_iter().collect();
    let mut order: Vec<(Option<usize>, &'a Person)> =
        people.iter().enumerate().map(|(place, (_, one))| (ranks.get(&place).copied(), *one)).collect();
    order.sort_by_key(|(rank, person)| (rank.is_none(), *rank, person.id));
    let operators = order.iter().take(limit).map(|(rank, person)| {
        let case = case(person);
        let findings = case.findings();
        Told {
            id: person.id,
            name: person.name.clone(),
            display_name: person.display_name().to_owned(),
            receives: rank.is_some(),
            rank: *rank,
            open: person.load.open,
            max: person.max_chat_load,
            status: words.status_of(findings.get(Check::Status as usize)),
            next_change: findings.iter().filter_map(|finding| finding.until).min().filter(|_| at >= now),
            checks: findings.iter().map(|finding| words.check(finding, &case)).collect(),
        }
    });
    let operators = operators.collect();
    let mode = Mode::of(world, !ranks.is_empty());
    let opens = || next_opening(world, people.iter().map(|(_, person)| *person), question, at, now);
    Answer {
        at,
        mode,
        next_opening: (mode != Mode::Live && at >= now).then(opens).flatten(),
        valid_until: verdicts.iter().filter_map(|verdict| verdict.next_change).min().filter(|_| at >= now),
        receiving: ranks.len(),
        asked: people.len(),
        operators,
    }
}
