//! Absences: the form with what it means, the timeline, deletion and coming back early (AB-1 to AB-4, AB-8).
//! The lists of one operator are a section of their page; nothing here decides a rule.
//! It may call actions, the store (reads), domain, i18n and the parts of web around it.

mod deletion;
mod edit;
mod look;
pub(super) mod reply;
mod timeline;

use actix_web::web::{self, ServiceConfig};

use super::visit::Visit;
use crate::domain::absence::{Kind, Span};
use crate::i18n::Texts;

/// The addresses of this noun.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/absences").get(timeline::show).post(edit::create))
        .service(web::resource("/absences/new").get(edit::new))
        .service(web::resource("/absences/preview").post(edit::preview))
        .service(web::resource("/absences/{id:\\d{1,18}}").get(edit::show).post(edit::change))
        .service(web::resource("/absences/{id:\\d{1,18}}/end").post(deletion::end))
        .service(web::resource("/absences/{id:\\d{1,18}}/deletion").get(deletion::show).post(deletion::delete));
}

/// A kind as it is shown: its word, its icon and its colour.
#[derive(Clone, Copy, Debug)]
pub struct Badge {
    /// Its word.
    pub text: &'static str,
    /// Name of its icon.
    pub icon: &'static str,
    /// Class of its colour.
    pub tone: &'static str,
}

impl Badge {
    /// A kind for a reader.
    pub fn of(kind: Kind, t: Texts) -> Badge {
        let (text, icon, tone) = match kind {
            Kind::Holiday => ("absences-kind-holiday", "beach", "info"),
            Kind::Sick => ("absences-kind-sick", "activity", "warning"),
            Kind::Leave => ("absences-kind-leave", "home", "violet"),
            Kind::Other => ("absences-kind-other", "calendar-off", "line"),
        };
        Badge { text: t.get(text), icon, tone }
    }
}

/// When somebody is away: days as they are meant, or a stretch of time in the reader's zone.
pub fn span_text(visit: &Visit, span: &Span) -> String {
    match span.days {
        Some((first, last)) if first == last => visit.dates.calendar_day(&first),
        Some(_) => {
            let (from, to) = ends_text(visit, span);
            visit.t.with("absences-from-to", &[("from", &from), ("to", &to)])
        }
        None => visit.dates.stretch(&span.from, &span.until),
    }
}

/// Both ends of it, each in words.
pub fn ends_text(visit: &Visit, span: &Span) -> (String, String) {
    let dates = &visit.dates;
    match span.days {
        Some((first, last)) => (dates.calendar_day(&first), dates.calendar_day(&last)),
        None => (dates.full(&span.from), dates.full(&span.until)),
    }
}

/// How many whole days.
pub fn days_text(t: Texts, span: &Span) -> Option<String> {
    let (first, last) = span.days?;
    Some(t.count("absences-days", (last - first).num_days() + 1))
}
