//! What an absence would mean, in words, beside its form (AB-3, AB-4, AB-8).

use std::collections::BTreeMap;

use askama::Template;

use super::reply::{self, Reply, Values};
use super::{days_text, span_text};
use crate::actions::Ctx;
use crate::actions::absences::{AHEAD_DAYS, Outlook, outlook, zone_of};
use crate::domain::absence::{Absence, RawText, Span};
use crate::domain::schedule::local_day;
use crate::error::Result;
use crate::i18n::Texts;
use crate::store::absences::AbsenceRow;
use crate::store::operators::{self, Operator};
use crate::web::visit::Visit;

/// Stretches of a department that are told.
const TOLD: usize = 8;

/// It alone, as scripts ask for it.
#[derive(Template)]
#[template(path = "absences/look.html")]
pub struct LookPart {
    /// What stands beside the form.
    pub look: Look,
}

/// What stands beside the form.
pub struct Look {
    pub(super) t: Texts,
    /// Nothing where the dates cannot be read yet.
    pub(super) told: Option<Told>,
    /// What is wrong with the form, in words.
    pub(super) faults: Vec<String>,
    /// Another absence in the way.
    pub(super) overlap: Option<Span>,
}

/// An absence in words.
pub(super) struct Told {
    pub(super) when: String,
    pub(super) days: Option<String>,
    pub(super) back: String,
    pub(super) overlap: Option<String>,
    pub(super) warnings: Vec<String>,
    pub(super) losses: Vec<LossTold>,
    /// Whether the operator works anywhere.
    pub(super) works: bool,
    pub(super) name: String,
    pub(super) basis: String,
    pub(super) cut: Option<String>,
    pub(super) answers: bool,
    pub(super) replies: Vec<Reply>,
    /// The dates whose lost cover is told: the form carries them, so that saving knows that it was seen (AB-8).
    pub(super) seen: String,
}

/// A department that loses cover.
pub(super) struct LossTold {
    pub(super) department: String,
    pub(super) stretches: Vec<(String, String)>,
    pub(super) more: usize,
}

impl Look {
    /// Nothing yet.
    pub fn empty(t: Texts, faults: Vec<String>) -> Look {
        Look { t, told: None, faults, overlap: None }
    }

    /// The dates under which cover is lost, where any is.
    pub fn lost(&self) -> Option<&str> {
        self.told.as_ref().filter(|told| !told.losses.is_empty()).map(|told| told.seen.as_str())
    }

    /// What an absence means; `texts` are those of the form.
    pub async fn of(
        ctx: &Ctx,
        visit: &Visit,
        operator: &Operator,
        id: Option<i64>,
        absence: &Absence,
        texts: &BTreeMap<String, RawText>,
    ) -> Result<Look> {
        let (t, catalogue) = (visit.t, &visit.catalogue);
        let (span, zone) = (absence.span, zone_of(catalogue, operator));
        let outlook = outlook(ctx, operator.id, id, absence).await?;
        let memberships = ctx.roster().await?.prepared.roster.person(operator.id).map(|person| person.memberships.clone());
        let memberships = memberships.unwrap_or_default();
        let deputy = match absence.deputy_id {
            Some(id) => operators::find(ctx.store.read(), id).await?,
            None => None,
        };
        let mut replies = Vec::new();
        if absence.auto_reply {
            let values = Values {
                operator: operator.alias.clone().unwrap_or_else(|| operator.name.clone()),
                back: outlook.back,
                at: span.from.max(ctx.now()),
                zone,
                deputy: deputy.as_ref().map(|deputy| deputy.alias.clone().unwrap_or_else(|| deputy.name.clone())),
                department: memberships.first().map(|membership| membership.department),
            };
            let languages = reply::languages(t, catalogue, operator, texts.keys());
            let texts = reply::texts(ctx, operator.id, "absence", texts).await?;
            replies = reply::replies(t, catalogue, &languages, &texts, &values);
        }
        let told = Told {
            when: span_text(visit, &span),
            days: days_text(t, &span),
            back: visit.dates.calendar_day(&local_day(zone, outlook.back)),
            overlap: outlook.overlap.as_ref().map(|row| t.with("absences-overlaps", &[("when", &span_text(visit, &row.absence.span))])),
            warnings: warnings(visit, operator, deputy.as_ref(), &outlook),
            losses: losses(visit, &outlook),
            works: !memberships.is_empty(),
            name: operator.name.clone(),
            basis: t.with("absences-lost-basis", &[("zone", visit.dates.zone())]),
            cut: outlook.is_cut.then(|| t.with("absences-lost-cut", &[("days", &AHEAD_DAYS.to_string())])),
            answers: absence.auto_reply,
            replies,
            seen: format!("{}/{}", span.from.timestamp(), span.until.timestamp()),
        };
        Ok(Look { t, told: Some(told), faults: Vec::new(), overlap: outlook.overlap.map(|row| row.absence.span) })
    }
}

/// What speaks against it, one sentence each; it never forbids anything.
fn warnings(visit: &Visit, operator: &Operator, deputy: Option<&Operator>, outlook: &Outlook) -> Vec<String> {
    let t = visit.t;
    let when = |row: &AbsenceRow| span_text(visit, &row.absence.span);
    let mut all = Vec::new();
    if let Some((circle, names)) = &outlook.circle {
        let first = names.first().cloned().unwrap_or_default();
        let names = names.iter().cloned().chain([first]).collect::<Vec<_>>().join(" → ");
        let (from, until) = (visit.dates.full(&circle.from), visit.dates.full(&circle.until));
        all.push(t.with("absences-circle", &[("names", &names), ("from", &from), ("until", &until)]));
    }
    if let Some(deputy) = deputy {
        let name = deputy.name.as_str();
        all.extend(outlook.deputy_away.iter().map(|row| t.with("absences-deputy-away", &[("name", name), ("when", &when(row))])));
        if outlook.deputy_is_elsewhere {
            all.push(t.with("absences-deputy-elsewhere", &[("name", name), ("operator", &operator.name)]));
        }
        if outlook.deputy_is_inactive {
            all.push(t.with("absences-deputy-inactive", &[("name", name)]));
        }
    }
    let deputising =
        |row: &AbsenceRow| t.with("absences-deputising", &[("operator", &operator.name), ("name", &row.operator), ("when", &when(row))]);
    all.extend(outlook.deputising.iter().map(deputising));
    all
}

fn losses(visit: &Visit, outlook: &Outlook) -> Vec<LossTold> {
    let (t, tag) = (visit.t, visit.t.locale().tag());
    let told = |loss: &crate::actions::absences::Loss| {
        let department = visit.catalogue.department(loss.department_id)?;
        let stretch = |stretch: &crate::domain::absence::Stretch| {
            let (left, minimum) = (t.number(stretch.left), t.number(loss.minimum));
            let words = t.with("absences-lost-of", &[("left", &left), ("minimum", &minimum)]);
            (visit.dates.stretch(&stretch.from, &stretch.until), words)
        };
        Some(LossTold {
            department: department.name_in(tag).to_owned(),
            stretches: loss.stretches.iter().take(TOLD).map(stretch).collect(),
            more: loss.stretches.len().saturating_sub(TOLD),
        })
    };
    outlook.losses.iter().filter_map(told).collect()
}
