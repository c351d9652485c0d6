//! THE timetable, and the runner that keeps to it: what the program does by itself.
//! No rule lives here, no page and no query; a job asks the store or an action, and every effect of it is conditional.
//! It may call actions, the store, mail (to hand over), the domain, the clock and the error.

mod deliver_mail;
mod follow_statuses;
mod route_queries;
mod runner;
mod runs;
mod sweep;
mod tell_hours;

use chrono::TimeDelta;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::actions::Ctx;
use crate::error::Result;
use crate::mail::transport::Transport;

pub use runner::{late, register, run, run_due};

/// Everything that happens by itself.
pub const TIMETABLE: [Job; 6] = [
    // name, how often, what; rung: sooner where somebody rings; rests: not while there is nothing to do
    Job {
        name: "deliver_mail",
        every: TimeDelta::seconds(5),
        what: |work| deliver_mail::run(work).boxed_local(),
        rung: Some(|ctx| &ctx.mail_bell),
        rests: Some(|ctx| deliver_mail::is_idle(ctx).boxed_local()),
    },
    Job {
        name: "runs",
        every: TimeDelta::seconds(10),
        what: |work| runs::run(work).boxed_local(),
        rung: Some(|ctx| &ctx.run_bell),
        rests: Some(|ctx| runs::is_idle(ctx).boxed_local()),
    },
    Job {
        name: "follow_statuses",
        every: TimeDelta::seconds(5),
        what: |work| follow_statuses::run(work).boxed_local(),
        rung: None,
        rests: Some(|ctx| follow_statuses::is_idle(ctx).boxed_local()),
    },
    Job {
        name: "route_queries",
        every: TimeDelta::seconds(1),
        what: |work| route_queries::run(work).boxed_local(),
        rung: None,
        rests: Some(|ctx| route_queries::is_idle(ctx).boxed_local()),
    },
    Job {
        name: "tell_hours",
        every: TimeDelta::seconds(30),
        what: |work| tell_hours::run(work).boxed_local(),
        rung: None,
        rests: Some(|ctx| tell_hours::is_idle(ctx).boxed_local()),
    },
    Job { name: "sweep", every: TimeDelta::hours(1), what: |work| sweep::run(work).boxed_local(), rung: None, rests: None },
];

/// A line of the timetable.
pub struct Job {
    /// Its name, as in the table of leases, the log and the metrics.
    pub name: &'static str,
    /// Time between two runs. Runs that were missed collapse into one (J3).
    pub every: TimeDelta,
    /// Does it once and says in a few words what was done. Safe to run twice, on two nodes at once, and to be dropped at any point.
    pub what: for<'a> fn(Work<'a>) -> LocalBoxFuture<'a, Result<String>>,
    /// The bell that asks for a run before its time.
    pub rung: Option<fn(&Ctx) -> &Notify>,
    /// Whether there is nothing to do, told by reading alone: then a run that is due is left out, so that an idle server writes
    /// nothing. Once a minute it runs all the same, as the sign of life that health and metrics go by (O1).
    pub rests: Option<Rests>,
}

/// Whether a job has nothing to do.
pub type Rests = for<'a> fn(&'a Ctx) -> LocalBoxFuture<'a, Result<bool>>;

/// What a job works with.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    /// What deeds are done with.
    pub ctx: &'a Ctx,
    /// Where mails go.
    pub transport: &'a Transport,
    /// Asks the job to begin nothing more (J6).
    pub stop: &'a CancellationToken,
}

#[cfg(test)]
mod tests;
