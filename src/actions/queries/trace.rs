//! Why a query went where it did, as it is kept with it (QU-7): who was looked at, how they came to be, and what the decision was.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::availability::{Check, Passed};
use crate::domain::routing::{Look, Past, Route, Via};

/// Everybody who was looked at, in order, at an instant.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Trace {
    /// When, in milliseconds since the epoch.
    pub at: i64,
    /// The looks.
    pub looks: Vec<TraceLook>,
}

/// A look at an operator. Names are short, since there may be many.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct TraceLook {
    /// The operator.
    #[serde(rename = "o")]
    pub operator: i64,
    /// As whose member.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub department: Option<i64>,
    /// How they came to be looked at: `addressed`, `deputy`, `department`, `fallback`.
    #[serde(rename = "v")]
    pub via: String,
    /// The absence for which they stand in.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub absence: Option<i64>,
    /// Which checks passed, a bit each in their order.
    #[serde(rename = "p")]
    pub passed: u16,
    /// Their place in the order, where they could be asked.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<usize>,
    /// The first instant at which this might turn out differently.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub next_change: Option<i64>,
}

impl Trace {
    /// What is kept of a way.
    pub fn of(route: &Route, at: DateTime<Utc>) -> Trace {
        Trace { at: at.timestamp_millis(), looks: route.looks.iter().map(look).collect() }
    }

    /// Reads what was kept; nothing where it cannot be read.
    pub fn read(kept: &str) -> Trace {
        serde_json::from_str(kept).unwrap_or_default()
    }

    /// As it is kept.
    pub fn written(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn look(look: &Look) -> TraceLook {
    let (via, absence) = match look.via {
        Via::Addressed => ("addressed", None),
        Via::Deputy(absence) => ("deputy", Some(absence)),
        Via::Department => ("department", None),
        Via::Fallback => ("fallback", None),
    };
    TraceLook {
        operator: look.operator,
        department: look.department,
        via: via.to_owned(),
        absence,
        passed: look.verdict.passed.bits(),
        rank: look.rank,
        next_change: look.verdict.next_change.map(|at| at.timestamp_millis()),
    }
}

impl TraceLook {
    /// Which checks passed.
    pub fn checks(&self) -> Passed {
        Passed::of_bits(self.passed)
    }

    /// Whether every check passed.
    pub fn receives(&self) -> bool {
        self.checks().all()
    }

    /// The first check that failed.
    pub fn reason(&self) -> Option<Check> {
        self.checks().reason()
    }

    /// The first instant at which this might turn out differently.
    pub fn changes_at(&self) -> Option<DateTime<Utc>> {
        self.next_change.and_then(DateTime::from_timestamp_millis)
    }
}

/// An absence that a query went past, as it is kept and told.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct TransferredFrom {
    /// Who is away.
    pub operator_id: i64,
    /// Their absence.
    pub absence_id: i64,
}

impl TransferredFrom {
    /// What is kept.
    pub fn written(past: &[Past]) -> String {
        let past: Vec<TransferredFrom> =
            past.iter().map(|past| TransferredFrom { operator_id: past.operator, absence_id: past.absence }).collect();
        serde_json::to_string(&past).unwrap_or_default()
    }

    /// Reads what was kept.
    pub fn read(kept: &str) -> Vec<TransferredFrom> {
        serde_json::from_str(kept).unwrap_or_default()
    }
}
