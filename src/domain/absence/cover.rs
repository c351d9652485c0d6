//! What a department loses while somebody is away: for how long how few are left on duty (AB-8). Duty goes by hours and absences alone,
//! since nobody knows the statuses of days to come.

use chrono::{DateTime, Utc};

use super::Span;
use crate::domain::schedule::Hours;

/// When one member of a department is on duty.
#[derive(Clone, Debug)]
pub struct Duty<'a> {
    /// Their hours.
    pub hours: Hours<'a>,
    /// When they are away, in any order.
    pub away: Vec<Span>,
}

/// A stretch of time in which too few are left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// First instant.
    pub from: DateTime<Utc>,
    /// First instant after it.
    pub until: DateTime<Utc>,
    /// How many are on duty.
    pub left: usize,
}

/// Half-open stretches in order, none touching another.
type Stretches = Vec<(DateTime<Utc>, DateTime<Utc>)>;

/// The stretches of an absence in which fewer of the others are on duty than there should be, while who is away would work.
/// `department` are its own hours, beyond which nothing is promised.
pub fn lost(
    own: &Hours<'_>,
    others: &[Duty<'_>],
    department: &Hours<'_>,
    minimum: usize,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Vec<Stretch> {
    let open = both(&within(own, from, until), &within(department, from, until));
    let mut edges = Vec::new();
    note(&mut edges, &open, OPEN);
    for other in others {
        note(&mut edges, &other.on(from, until), LEFT);
    }
    sweep(edges, |[open, left, _]| (open > 0 && left < minimum).then_some(left))
}

/// The stretches in which a department is below its minimum and somebody is away who would be on duty, be it enough with them or not.
pub fn short(members: &[Duty<'_>], department: &Hours<'_>, minimum: usize, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Stretch> {
    let mut edges = Vec::new();
    note(&mut edges, &within(department, from, until), OPEN);
    for member in members {
        note(&mut edges, &within(&member.hours, from, until), PLANNED);
        note(&mut edges, &member.on(from, until), LEFT);
    }
    sweep(edges, |[open, left, planned]| (open > 0 && left < minimum && left < planned).then_some(left))
}

impl Duty<'_> {
    /// On duty between two instants.
    fn on(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> Stretches {
        let mut on = within(&self.hours, from, until);
        for away in self.away.iter().filter(|away| away.overlaps(from, until)) {
            on = on
                .into_iter()
                .flat_map(|(start, end)| [(start, end.min(away.from)), (start.max(away.until), end)])
                .filter(|(start, end)| start < end)
                .collect();
        }
        on
    }
}

/// The hours between two instants, what is allowed beside a schedule included.
fn within(hours: &Hours<'_>, from: DateTime<Utc>, until: DateTime<Utc>) -> Stretches {
    if hours.schedule.is_none() {
        return vec![(from, until)];
    }
    let shifts = hours.shifts_between(from, until).into_iter().map(|shift| (shift.start, shift.end));
    let allowed = hours.allowed.map(|allowed| (allowed.from, allowed.until));
    let mut all: Stretches = shifts.chain(allowed).map(|(start, end)| (start.max(from), end.min(until))).filter(|(a, b)| a < b).collect();
    all.sort_unstable();
    let mut merged = Stretches::new();
    for (start, end) in all {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

fn both(one: &Stretches, other: &Stretches) -> Stretches {
    let cut = |(start, end): (DateTime<Utc>, DateTime<Utc>)| {
        other.iter().map(move |(a, b)| (start.max(*a), end.min(*b))).filter(|(start, end)| start < end)
    };
    one.iter().copied().flat_map(cut).collect()
}

/// What is counted: whether it matters, who is there, who would be.
const OPEN: usize = 0;
const LEFT: usize = 1;
const PLANNED: usize = 2;

/// Where a count goes up or down.
type Edge = (DateTime<Utc>, usize, bool);

fn note(edges: &mut Vec<Edge>, stretches: &Stretches, what: usize) {
    edges.extend(stretches.iter().flat_map(|(from, until)| [(*from, what, true), (*until, what, false)]));
}

/// Goes from edge to edge and keeps the stretches that matter; neighbours that say the same are one.
fn sweep(mut edges: Vec<Edge>, told: impl Fn([usize; 3]) -> Option<usize>) -> Vec<Stretch> {
    edges.sort_unstable();
    let (mut counts, mut found) = ([0_usize; 3], Vec::<Stretch>::new());
    let mut edges = edges.into_iter().peekable();
    while let Some((at, what, is_up)) = edges.next() {
        if let Some(count) = counts.get_mut(what) {
            *count = if is_up { *count + 1 } else { count.saturating_sub(1) };
        }
        let Some((until, ..)) = edges.peek().copied().filter(|(next, ..)| *next > at) else { continue };
        let Some(left) = told(counts) else { continue };
        match found.last_mut() {
            Some(last) if last.until == at && last.left == left => last.until = until,
            _ => found.push(Stretch { from: at, until, left }),
        }
    }
    found
}
