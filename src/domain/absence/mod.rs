//! Times away (AB-1 to AB-5): what is typed, the instants that days mean, the texts of the automatic reply.
//! Who stands in for whom is in `deputies`, what is lost meanwhile in `cover`.

mod cover;
mod deputies;
#[cfg(test)]
mod tests;
mod texts;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::field::{Fault, FieldErrors};
use super::named::{known, named};
use super::schedule::{self, Hours, start_of};
use super::{limits, text};

pub use cover::{Duty, Stretch, lost, short};
pub use deputies::{Circle, MOST_LINKS, Planned, circle};
pub use texts::{RawText, Text, read_texts};

/// Days of one absence at most: three years.
pub const MOST_DAYS: i64 = 1_096;
/// How far from now an absence may lie.
const FAR: TimeDelta = TimeDelta::days(3_660);

named! {
    /// Why somebody is away. Customers never learn it (AB-1).
    #[derive(Default, Hash, PartialOrd, Ord)]
    Kind {
        /// Days off.
        #[default]
        Holiday = "holiday",
        /// Ill.
        Sick = "sick",
        /// Parental, study or other leave.
        Leave = "leave",
        /// Anything else.
        Other = "other",
    }
}

named! {
    /// How often a sender is answered while somebody is away (AB-5).
    #[derive(Default)]
    Frequency {
        /// Each query.
        #[default]
        EveryQuery = "every_query",
        /// A sender once a day.
        Daily = "daily",
        /// A sender once in the whole absence.
        Once = "once",
    }
}

/// When somebody is away; half-open. Whole days know their dates, which follow the operator's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First and last day, both included; none for part of a day.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// First instant.
    pub from: DateTime<Utc>,
    /// First instant after it.
    pub until: DateTime<Utc>,
}

impl Span {
    /// Whole days in a zone, from the first instant of the first until the first instant after the last (QUALITY 1.11). None where no
    /// instant lies in them: at the ends of the calendar, and for days that the zone has left out.
    pub fn of_days(first: NaiveDate, last: NaiveDate, zone: Tz) -> Option<Span> {
        let (from, until) = (start_of(zone, first)?, start_of(zone, last.succ_opt()?)?);
        (from < until).then_some(Span { days: Some((first, last)), from, until })
    }

    /// The same days in another zone; parts of days stay where they are.
    #[must_use]
    pub fn in_zone(self, zone: Tz) -> Span {
        self.days.and_then(|(first, last)| Span::of_days(first, last, zone)).unwrap_or(self)
    }

    /// Whether any instant lies in both.
    pub fn overlaps(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> bool {
        self.from < until && from < self.until
    }

    /// Whether an instant lies in it.
    pub fn holds(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.until
    }
}

/// An absence as it is to stand; whose it is and whether the deputy exists is seen by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    /// When.
    pub span: Span,
    /// Why.
    pub kind: Kind,
    /// Whether queries are answered automatically.
    pub auto_reply: bool,
    /// How often.
    pub frequency: Frequency,
    /// Who stands in (AB-3).
    pub deputy_id: Option<i64>,
    /// Texts of the reply by language tag; where none serves, the operator's stand (AB-4).
    pub texts: BTreeMap<String, Text>,
    /// For colleagues.
    pub note: Option<String>,
}

/// An absence as typed; fields named as in CONTRACT.md. `None` keeps what is there, or the default of a new one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawAbsence {
    /// First day, `2026-12-24`.
    pub starts_on: Option<String>,
    /// Last day, included.
    pub ends_on: Option<String>,
    /// First instant, RFC 3339, for part of a day.
    pub starts_at: Option<String>,
    /// First instant after it.
    pub ends_at: Option<String>,
    /// Name of a [`Kind`].
    pub kind: Option<String>,
    /// Whether queries are answered automatically; a new absence does.
    pub auto_reply: Option<bool>,
    /// Name of a [`Frequency`].
    pub reply_frequency: Option<String>,
    /// An id; empty for none.
    pub deputy_id: Option<String>,
    /// By tag; the whole set. Empty texts are left out.
    pub texts: Option<BTreeMap<String, RawText>>,
    /// Several lines.
    pub note: Option<String>,
}

impl Absence {
    /// What was typed, over what is there where it is a change. Days are meant in the operator's zone.
    ///
    /// Faults beside those of texts: `required`, `date`, `instant`, `date_order` at the later end, `absence_both` at `starts_at` where days
    /// and instants are typed, `period_too_long`, `instant_range`, `absence_deputy_oneself` at `deputy_id`, `unknown_choice`.
    pub fn read(
        before: Option<&Absence>,
        raw: &RawAbsence,
        operator_id: i64,
        zone: Tz,
        now: DateTime<Utc>,
    ) -> Result<Absence, FieldErrors> {
        let mut errors = FieldErrors::default();
        let span = read_span(before.map(|before| before.span), raw, zone, now, &mut errors);
        let kind = raw.kind.as_deref().and_then(|raw| errors.take("kind", known(raw.trim(), Kind::parse)));
        let frequency = raw.reply_frequency.as_deref();
        let frequency = frequency.and_then(|raw| errors.take("reply_frequency", known(raw.trim(), Frequency::parse)));
        let deputy = raw.deputy_id.as_deref().and_then(|raw| errors.take("deputy_id", deputy(raw, operator_id)));
        let texts = raw.texts.as_ref().map(|raw| read_texts(raw, &mut errors));
        let note = raw.note.as_deref().and_then(|raw| errors.take("note", text::optional_multiline(raw, limits::NOTE)));
        let Some(span) = span.filter(|_| errors.is_empty()) else { return Err(errors) };
        Ok(Absence {
            span,
            kind: kind.or(before.map(|before| before.kind)).unwrap_or_default(),
            auto_reply: raw.auto_reply.or(before.map(|before| before.auto_reply)).unwrap_or(true),
            frequency: frequency.or(before.map(|before| before.frequency)).unwrap_or_default(),
            deputy_id: deputy.unwrap_or_else(|| before.and_then(|before| before.deputy_id)),
            texts: texts.or_else(|| before.map(|before| before.texts.clone())).unwrap_or_default(),
            note: note.unwrap_or_else(|| before.and_then(|before| before.note.clone())),
        })
    }
}

fn deputy(raw: &str, operator_id: i64) -> Result<Option<i64>, Fault> {
    match raw.trim() {
        "" => Ok(None),
        raw if raw.parse() == Ok(operator_id) => Err(Fault::new("absence_deputy_oneself")),
        raw => raw.parse().map(Some).map_err(|_| Fault::new("unknown_choice")),
    }
}

/// The span that was typed: days or instants, never both. What is not typed stays as far as it is of the same sort.
fn read_span(before: Option<Span>, raw: &RawAbsence, zone: Tz, now: DateTime<Utc>, errors: &mut FieldErrors) -> Option<Span> {
    let typed = |field: &Option<String>| field.as_deref().map(|text| text.trim().to_owned());
    let is_given = |field: &Option<String>| field.as_deref().is_some_and(|text| !text.trim().is_empty());
    let (by_days, by_instants) = (is_given(&raw.starts_on) || is_given(&raw.ends_on), is_given(&raw.starts_at) || is_given(&raw.ends_at));
    if by_days && by_instants {
        errors.add("starts_at", "absence_both");
        return None;
    }
    let had_days = before.and_then(|span| span.days);
    let is_untouched = [&raw.starts_on, &raw.ends_on, &raw.starts_at, &raw.ends_at].into_iter().all(|field| field.is_none());
    if is_untouched && before.is_some() {
        return before;
    }
    // Nothing but empty fields: of a part of a day where those of days alone were not meant.
    let means_instants = by_instants || !by_days && before.is_some_and(|span| span.days.is_none()) && raw.starts_on.is_none();
    let span = if means_instants {
        let had = before.filter(|span| span.days.is_none());
        let start = end_of(errors, "starts_at", typed(&raw.starts_at), had.map(|span| span.from), instant);
        let end = end_of(errors, "ends_at", typed(&raw.ends_at), had.map(|span| span.until), instant);
        let (from, until) = (start?, end?);
        if until <= from {
            errors.add("ends_at", "date_order");
            return None;
        }
        Span { days: None, from, until }
    } else {
        let start = end_of(errors, "starts_on", typed(&raw.starts_on), had_days.map(|days| days.0), schedule::date);
        let end = end_of(errors, "ends_on", typed(&raw.ends_on), had_days.map(|days| days.1), schedule::date);
        let (first, last) = (start?, end?);
        if last < first {
            errors.add("ends_on", "date_order");
            return None;
        }
        let span = Span::of_days(first, last, zone);
        errors.take("starts_on", span.ok_or_else(|| Fault::with("date", "text", first)))?
    };
    let (start, end) = if means_instants { ("starts_at", "ends_at") } else { ("starts_on", "ends_on") };
    if span.until - span.from > TimeDelta::days(MOST_DAYS) + TimeDelta::hours(2) {
        errors.add_fault(end, Fault::with("period_too_long", "max", MOST_DAYS));
    }
    if (span.from - now).abs() > FAR {
        errors.add(start, "instant_range");
    }
    Some(span)
}

fn end_of<T>(
    errors: &mut FieldErrors,
    field: &str,
    typed: Option<String>,
    had: Option<T>,
    parse: impl FnOnce(&str) -> Result<T, Fault>,
) -> Option<T> {
    match (typed, had) {
        (None, Some(had)) => Some(had),
        (Some(text), _) if !text.is_empty() => errors.take(field, parse(&text)),
        _ => errors.take(field, Err(Fault::new("required"))),
    }
}

/// RFC 3339, kept to the millisecond.
fn instant(raw: &str) -> Result<DateTime<Utc>, Fault> {
    let at = DateTime::parse_from_rfc3339(raw).ok().and_then(|at| DateTime::from_timestamp_millis(at.timestamp_millis()));
    at.ok_or_else(|| Fault::new("instant"))
}

/// The part of an absence in which no other one may lie (AB-1): from now on, so that whoever came back early may be away again on the same
/// day; the whole of one that is over.
pub fn in_the_way(span: Span, now: DateTime<Utc>) -> Span {
    Span { from: if span.until > now { span.from.max(now) } else { span.from }, ..span }
}

/// Turns of [`first_back`] at most.
const MOST_TURNS: usize = 50;

/// The first instant at which somebody works again who is away until then, what `{$firstDayBack}` stands for (AB-4): within their hours,
/// and with no other of these absences in the way. Where their hours tell nothing, the end itself.
pub fn first_back(until: DateTime<Utc>, others: &[Span], hours: &Hours<'_>) -> DateTime<Utc> {
    let mut at = until;
    for _ in 0..MOST_TURNS {
        if let Some(next) = others.iter().find(|span| span.holds(at)) {
            at = next.until;
        } else if hours.is_within(at).now {
            return at;
        } else if let Some(start) = hours.next_start(at) {
            at = start;
        } else {
            break;
        }
    }
    others.iter().filter(|span| span.from <= until).map(|span| span.until).fold(until, DateTime::max)
}
