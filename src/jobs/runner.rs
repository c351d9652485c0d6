//! Keeps to the timetable on every node: takes a lease, runs, writes down how it went; an error or a panic of a job never stops it.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt;
use futures_util::future::join_all;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::{Job, TIMETABLE, Work};
use crate::actions::Ctx;
use crate::domain::timetable::next_slot;
use crate::error::Result;
use crate::mail::transport::Transport;
use crate::security::random::uuid_v7;
use crate::store::jobs::{self, Lease, Run};

/// How often a lease is renewed (J2).
const RENEW: Duration = Duration::from_secs(5);
/// Without a renewal for so long, by the clock that never jumps, the work is dropped: soon somebody else may begin it (J2).
const GIVE_UP: Duration = Duration::from_secs(10);
/// Between two looks at the table, at the least and at the most.
const LOOK: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));
/// How long a job may go on after it was asked to stop (J6).
const STOP_WITHIN: Duration = Duration::from_secs(25);
/// A job that has nothing to do is run all the same when it is due for so long.
const SIGN_OF_LIFE: TimeDelta = TimeDelta::minutes(1);
/// A job that is so late has nobody to run it (O1).
const LATE: TimeDelta = TimeDelta::minutes(2);

/// Enters the timetable into the database; what is already there stays.
///
/// # Errors
/// As the database says.
pub async fn register(ctx: &Ctx) -> Result<()> {
    let now = ctx.now();
    ctx.store
        .write(async |tx| {
            for job in &TIMETABLE {
                jobs::register(tx, job.name, now).await?;
            }
            Ok(())
        })
        .await
}

/// Runs the timetable until `stop`; then begins nothing more and returns when all jobs have ended, after 25 seconds at the latest.
/// What is dropped then is taken up again when its lease is over.
pub async fn run(ctx: &Ctx, transport: &Transport, stop: &CancellationToken) {
    let holder = match uuid_v7(ctx.now(), &*ctx.random) {
        Ok(id) => id.to_string(),
        Err(error) => return tracing::error!(%error, "no job runs on this node"),
    };
    let work = Work { ctx, transport, stop };
    let all = join_all(TIMETABLE.iter().map(|job| keep(job, work, &holder)));
    let patience = async {
        stop.cancelled().await;
        sleep(STOP_WITHIN).await;
    };
    tokio::select! {
        _ = all => {}
        () = patience => tracing::warn!("a job took too long to stop and was dropped"),
    }
}

/// Runs every job that is due at `now` once, one after the other; returns how many ran. For tests, which move the clock themselves.
///
/// # Errors
/// Of the runner's own book-keeping; how a job went is in the table.
pub async fn run_due(ctx: &Ctx, transport: &Transport, now: DateTime<Utc>) -> Result<usize> {
    let stop = CancellationToken::new();
    let work = Work { ctx, transport, stop: &stop };
    register(ctx).await?;
    let mut ran = 0;
    for job in &TIMETABLE {
        let is_rung = job.rung.is_some_and(|bell| bell(ctx).notified().now_or_never().is_some());
        ran += usize::from(once(job, work, "run_due", is_rung, now).await?);
    }
    Ok(ran)
}

/// Jobs that nobody runs although they are due; the same on every node, since it is read from the database.
///
/// # Errors
/// As the database says.
pub async fn late(ctx: &Ctx) -> Result<Vec<String>> {
    let now = ctx.now();
    let rows = jobs::all(ctx.store.read()).await?;
    let is_late = |row: &jobs::JobRow| row.next_at.0 + LATE < now && row.lease_until.is_none_or(|until| until.0 < now);
    Ok(rows.into_iter().filter(is_late).map(|row| row.name).collect())
}

async fn keep(job: &Job, work: Work<'_>, holder: &str) {
    let mut is_rung = false;
    while !work.stop.is_cancelled() {
        let wait = match turn(job, work, holder, is_rung).await {
            Ok(wait) => wait,
            Err(error) => {
                tracing::error!(job = job.name, %error, "the timetable cannot be read");
                LOOK.0
            }
        };
        let bell = async {
            match job.rung {
                Some(bell) => bell(work.ctx).notified().await,
                None => std::future::pending().await,
            }
        };
        is_rung = tokio::select! {
            () = work.stop.cancelled() => return,
            () = bell => true,
            () = sleep(wait) => false,
        };
    }
}

/// Runs the job if it is due, and tells how long to wait before the next look.
pub(super) async fn turn(job: &Job, work: Work<'_>, holder: &str, is_rung: bool) -> Result<Duration> {
    let ctx = work.ctx;
    // Looking costs a read; only what is due costs a write.
    let due = async || Ok::<_, crate::error::AppError>(jobs::next_at(ctx.store.read(), job.name).await?);
    let Some(next_at) = due().await? else {
        register(ctx).await?;
        return Ok(Duration::ZERO);
    };
    let now = ctx.now();
    if !is_rung && rests(job, ctx, next_at, now).await? {
        return Ok(job.every.to_std().unwrap_or(LOOK.1));
    }
    if is_rung || next_at <= now || next_at > now + job.every {
        once(job, work, holder, is_rung, now).await?;
    }
    let next_at = due().await?.unwrap_or(next_at);
    Ok((next_at - ctx.now()).to_std().unwrap_or_default().clamp(LOOK.0, LOOK.1))
}

/// Whether a job that is due has nothing to do, and has shown a sign of life lately.
async fn rests(job: &Job, ctx: &Ctx, next_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<bool> {
    let is_due_lately = next_at <= now && now - next_at < SIGN_OF_LIFE;
    match job.rests {
        Some(rests) if is_due_lately => rests(ctx).await,
        _ => Ok(false),
    }
}

/// Runs the job under a lease, if it is due and free; tells whether it ran.
pub(super) async fn once(job: &Job, work: Work<'_>, holder: &str, is_rung: bool, now: DateTime<Utc>) -> Result<bool> {
    let ctx = work.ctx;
    let latest = now + job.every;
    let by = if is_rung { latest } else { now };
    let Some(lease) = ctx.store.write(async |tx| jobs::take(tx, job.name, holder, by, latest, now).await).await? else {
        return Ok(false);
    };
    let started = ctx.clock.monotonic();
    let done = pin!(AssertUnwindSafe((job.what)(work)).catch_unwind());
    let result = tokio::select! {
        done = done => match done {
            Ok(Ok(words)) => format!("ok: {words}"),
            Ok(Err(error)) => format!("error: {error}"),
            Err(_) => "error: the job stumbled".to_owned(),
        },
        () = lost(ctx, &lease) => {
            tracing::warn!(job = job.name, "the lease was lost; somebody else goes on");
            return Ok(true);
        }
    };
    let took = ctx.clock.monotonic().saturating_sub(started);
    metrics::histogram!("onduty_job_seconds", "job" => job.name).record(took.as_secs_f64());
    if result.starts_with("error") {
        metrics::counter!("onduty_job_errors_total", "job" => job.name).increment(1);
        tracing::error!(job = job.name, result, "a job failed");
    }
    let run = Run {
        at: now,
        ms: i64::try_from(took.as_millis()).unwrap_or(i64::MAX),
        result: result.chars().take(300).collect(),
        next_at: next_slot(lease.slot, job.every, ctx.now()),
    };
    if !ctx.store.write(async |tx| jobs::finish(tx, &lease, &run).await).await? {
        tracing::warn!(job = job.name, "somebody else has taken the job meanwhile");
    }
    Ok(true)
}

/// Renews the lease for as long as it can be; returns when it is lost.
async fn lost(ctx: &Ctx, lease: &Lease) {
    let mut renewed = ctx.clock.monotonic();
    loop {
        let left = GIVE_UP.saturating_sub(ctx.clock.monotonic().saturating_sub(renewed));
        if left.is_zero() {
            return;
        }
        sleep(RENEW.min(left)).await;
        let asked = ctx.clock.monotonic();
        let left = GIVE_UP.saturating_sub(asked.saturating_sub(renewed));
        match timeout(left, ctx.store.write(async |tx| jobs::renew(tx, lease, ctx.now()).await)).await {
            Ok(Ok(true)) => renewed = asked,
            Ok(Ok(false)) => return,
            Ok(Err(error)) => tracing::warn!(job = lease.job, %error, "the lease could not be renewed"),
            Err(_) => tracing::warn!(job = lease.job, "the lease could not be renewed in time"),
        }
    }
}
