//! Who stands in for whom: circles in which nobody is left (AB-3).

use chrono::{DateTime, Utc};

/// Deputies that are followed one after the other at most (QUALITY 1.5).
pub const MOST_LINKS: usize = 5;

/// An absence as far as deputies go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The absence; 0 before it is written.
    pub id: i64,
    /// Who is away.
    pub operator_id: i64,
    /// First instant.
    pub from: DateTime<Utc>,
    /// First instant after it.
    pub until: DateTime<Utc>,
    /// Who stands in.
    pub deputy_id: Option<i64>,
}

/// Deputies who are all away at once and stand in for one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circle {
    /// Each absence, beginning with the planned one; the deputy of the last is the first who is away.
    pub links: Vec<Planned>,
    /// First instant at which all of them are away.
    pub from: DateTime<Utc>,
    /// First instant after it.
    pub until: DateTime<Utc>,
}

/// The first circle that an absence would close with others that overlap it, if any.
pub fn circle(planned: &Planned, others: &[Planned]) -> Option<Circle> {
    follow(vec![*planned], planned.from, planned.until, others)
}

fn follow(links: Vec<Planned>, from: DateTime<Utc>, until: DateTime<Utc>, others: &[Planned]) -> Option<Circle> {
    let deputy = links.last()?.deputy_id?;
    if links.first()?.operator_id == deputy {
        return Some(Circle { links, from, until });
    }
    if links.len() > MOST_LINKS || links.iter().any(|link| link.operator_id == deputy) {
        return None;
    }
    let away = others.iter().filter(|other| other.operator_id == deputy && other.from < until && from < other.until);
    away.into_iter().find_map(|other| {
        let links = links.iter().copied().chain([*other]).collect();
        follow(links, from.max(other.from), until.min(other.until), others)
    })
}
