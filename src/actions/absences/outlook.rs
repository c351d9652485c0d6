//! What an absence would mean, told before it is saved (AB-3, AB-4, AB-8): who is missing, which deputy cannot, when somebody is back.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::actions::Ctx;
use crate::actions::roster::Snapshot;
use crate::domain::absence::{Absence, Circle, Duty, MOST_LINKS, Planned, Span, Stretch, circle, first_back, in_the_way, lost, short};
use crate::domain::availability::Person;
use crate::domain::channel::Channels;
use crate::domain::operator::{OperatorState, state};
use crate::error::Result;
use crate::store::absences::{self, AbsenceRow};
use crate::store::departments::Department;

/// Days of an absence whose cover is looked at.
pub const AHEAD_DAYS: i64 = 60;
/// Absences in which somebody stands in that are told.
const TOLD: u64 = 5;

/// What an absence would mean.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// When the operator works again.
    pub back: DateTime<Utc>,
    /// Another absence of theirs in the way, for which it cannot be saved.
    pub overlap: Option<AbsenceRow>,
    /// Deputies who stand in for one another, by name.
    pub circle: Option<(Circle, Vec<String>)>,
    /// Absences of others in which the operator stands in.
    pub deputising: Vec<AbsenceRow>,
    /// When the deputy is away, too.
    pub deputy_away: Vec<AbsenceRow>,
    /// Whether the deputy works in no department of the operator's.
    pub deputy_is_elsewhere: bool,
    /// Whether the deputy may not sign in.
    pub deputy_is_inactive: bool,
    /// Departments that have too few left.
    pub losses: Vec<Loss>,
    /// Whether the absence goes on after the days that were looked at.
    pub is_cut: bool,
}

impl Outlook {
    /// Whether anything speaks against it.
    pub fn has_warnings(&self) -> bool {
        let deputy = !self.deputy_away.is_empty() || self.deputy_is_elsewhere || self.deputy_is_inactive;
        self.circle.is_some() || !self.deputising.is_empty() || deputy || !self.losses.is_empty()
    }
}

/// A department with the stretches in which too few are left.
#[derive(Clone, Debug)]
pub struct Loss {
    /// The department.
    pub department_id: i64,
    /// How many there should be.
    pub minimum: usize,
    /// When, and how many are left.
    pub stretches: Vec<Stretch>,
}

/// Looks at an absence of an operator as it is typed; `id` is its own where it is stored already.
pub async fn outlook(ctx: &Ctx, operator_id: i64, id: Option<i64>, absence: &Absence) -> Result<Outlook> {
    let (db, span, now) = (ctx.store.read(), absence.span, ctx.now());
    // What is over warns nobody.
    let from = span.from.max(now);
    let is_ahead = from < span.until;
    let snapshot = ctx.roster().await?;
    let roster = &snapshot.prepared.roster;
    let planned = Planned { id: id.unwrap_or_default(), operator_id, from, until: span.until, deputy_id: absence.deputy_id };
    let own: Vec<AbsenceRow> = absences::ahead(db, operator_id, span.from).await?.into_iter().filter(|row| Some(row.id) != id).collect();
    let spans: Vec<Span> = own.iter().map(|row| row.absence.span).collect();
    let person = roster.person(operator_id);
    let back = |person: &Arc<Person>| first_back(span.until, &spans, &person.hours(&roster.world));
    let deputy = absence.deputy_id.and_then(|id| roster.person(id));
    let shares = |deputy: &Arc<Person>, person: &Arc<Person>| {
        deputy.memberships.iter().any(|membership| person.switches_in(membership.department).is_some())
    };
    let deputy_away = match absence.deputy_id.filter(|_| is_ahead) {
        Some(deputy) => absences::between(db, &[deputy], from, span.until).await?,
        None => Vec::new(),
    };
    let end = span.until.min(from + TimeDelta::days(AHEAD_DAYS));
    let in_the_way = in_the_way(span, now);
    Ok(Outlook {
        back: person.map_or(span.until, back),
        overlap: own.into_iter().find(|row| row.absence.span.overlaps(in_the_way.from, in_the_way.until)),
        circle: found_circle(ctx, &snapshot, &planned).await?,
        deputising: if is_ahead { absences::deputising(db, operator_id, from, Some(span.until), TOLD).await? } else { Vec::new() },
        deputy_away,
        deputy_is_elsewhere: deputy.zip(person).is_some_and(|(deputy, person)| !shares(deputy, person)),
        deputy_is_inactive: deputy.is_some_and(|deputy| state(&deputy.account, now) != OperatorState::Active),
        losses: losses(ctx, &snapshot, operator_id, from, end).await?,
        is_cut: end < span.until,
    })
}

/// The circle that an absence would close, with the names of those in it. Each round reads the absences of the next deputies.
async fn found_circle(ctx: &Ctx, snapshot: &Snapshot, planned: &Planned) -> Result<Option<(Circle, Vec<String>)>> {
    let mut others: Vec<Planned> = Vec::new();
    let mut next: Vec<i64> = planned.deputy_id.into_iter().collect();
    for _ in 0..MOST_LINKS {
        if next.is_empty() {
            break;
        }
        let found = absences::planned(ctx.store.read(), &next, planned.from, planned.until).await?;
        others.extend(found);
        let is_known = |id: &i64| *id == planned.operator_id || others.iter().any(|other| other.operator_id == *id);
        next = others.iter().filter_map(|other| other.deputy_id).filter(|id| !is_known(id)).collect();
        next.sort_unstable();
        next.dedup();
    }
    others.retain(|other| other.id != planned.id);
    Ok(circle(planned, &others).map(|circle| {
        let name = |id: i64| snapshot.prepared.roster.person(id).map_or_else(|| id.to_string(), |person| person.name.clone());
        let names = circle.links.iter().map(|link| name(link.operator_id)).collect();
        (circle, names)
    }))
}

/// The departments of an operator that have too few left between two instants.
async fn losses(ctx: &Ctx, snapshot: &Snapshot, operator_id: i64, from: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<Loss>> {
    let roster = &snapshot.prepared.roster;
    let Some(person) = roster.person(operator_id).filter(|_| from < until) else { return Ok(Vec::new()) };
    let theirs: Vec<&Department> = snapshot
        .catalogue
        .departments
        .iter()
        .filter(|department| works_in(person, department.id, snapshot.catalogue.channels_of(department)))
        .collect();
    let duties = Duties::read(ctx, snapshot, &theirs, from, until).await?;
    let own = person.hours(&roster.world);
    let loss = |department: &&Department| {
        let others: Vec<Duty<'_>> = duties.of(department, Some(operator_id));
        let hours = roster.world.departments.get(&department.id).map(|place| roster.world.hours_of(place))?;
        let minimum = usize::try_from(department.facts.minimum_cover).unwrap_or_default();
        let stretches = lost(&own, &others, &hours, minimum, from, until);
        (!stretches.is_empty()).then_some(Loss { department_id: department.id, minimum, stretches })
    };
    Ok(theirs.iter().filter_map(loss).collect())
}

/// Whether somebody who may sign in takes any channel of a department.
fn works_in(person: &Person, department: i64, channels: Channels) -> bool {
    let is_active = person.account.activated && !person.account.suspended;
    is_active && person.switches_in(department).is_some_and(|switches| !switches.active().and(channels).is_empty())
}

/// When the members of some departments are on duty.
pub struct Duties<'a> {
    snapshot: &'a Snapshot,
    away: HashMap<i64, Vec<Span>>,
}

impl<'a> Duties<'a> {
    /// Reads the absences of all members within a stretch of time, in few statements.
    pub async fn read(
        ctx: &Ctx,
        snapshot: &'a Snapshot,
        departments: &[&Department],
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Duties<'a>> {
        let roster = &snapshot.prepared.roster;
        let places = departments.iter().flat_map(|department| roster.places_in(Some(department.id)));
        let mut ids: Vec<i64> = places.filter_map(|place| roster.people().get(place)).map(|person| person.id).collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(Duties { snapshot, away: absences::spans(ctx.store.read(), &ids, from, until).await? })
    }

    /// Everybody who works in a department, but one.
    fn of(&self, department: &Department, but: Option<i64>) -> Vec<Duty<'a>> {
        let (roster, channels) = (&self.snapshot.prepared.roster, self.snapshot.catalogue.channels_of(department));
        let members = roster.places_in(Some(department.id)).filter_map(|place| roster.people().get(place));
        let working = members.filter(|person| Some(person.id) != but && works_in(person, department.id, channels));
        let duty = |person: &'a Arc<Person>| Duty {
            hours: person.hours(&roster.world),
            away: self.away.get(&person.id).cloned().unwrap_or_default(),
        };
        working.map(duty).collect()
    }

    /// The stretches in which a department falls below its minimum because somebody is away.
    pub fn short(&self, department: &Department, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Stretch> {
        let world = &self.snapshot.prepared.roster.world;
        let Some(place) = world.departments.get(&department.id).filter(|_| from < until) else { return Vec::new() };
        let minimum = usize::try_from(department.facts.minimum_cover).unwrap_or_default();
        short(&self.of(department, None), &world.hours_of(place), minimum, from, until)
    }
}
