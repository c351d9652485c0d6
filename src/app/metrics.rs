//! Figures for Prometheus on an address of their own (O3), gathered when they are asked for.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::web::{self, Data};
use actix_web::{App, HttpResponse, HttpServer};
use metrics::{counter, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::{Failure, bind};
use crate::actions::Ctx;
use crate::cli::say;
use crate::error::Result;
use crate::store::{auto_replies, deliveries, jobs};

/// Bounds of the durations counted, in seconds.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];
/// How often what was measured is folded up, so that it takes no memory while nobody asks.
const UPKEEP: Duration = Duration::from_secs(5);

/// One recorder a process, whatever the number of applications in it.
static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();

/// Answers `GET /metrics` on `address`.
pub fn start(address: SocketAddr, ctx: Arc<Ctx>) -> Result<ServerHandle, Failure> {
    let handle = recorder()?;
    let listener = bind(address)?;
    let bound = listener.local_addr().map_err(|error| Failure::Io("listening for metrics".into(), error))?;
    say(&format!("Figures for Prometheus on http://{bound}/metrics"));
    // Counted from zero, not from the first failure on: a figure that is not there cannot raise an alarm.
    counter!("onduty_sign_in_failures_total").absolute(0);
    let upkeep = handle.clone();
    actix_web::rt::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            upkeep.run_upkeep();
        }
    });
    let (handle, ctx) = (Data::new(handle), Data::from(ctx));
    let app = move || App::new().app_data(handle.clone()).app_data(ctx.clone()).route("/metrics", web::get().to(show));
    let server = HttpServer::new(app).workers(1).disable_signals().shutdown_timeout(1).listen(listener);
    let server = server.map_err(|error| Failure::Io("listening for metrics".into(), error))?.run();
    let stop = server.handle();
    actix_web::rt::spawn(server);
    Ok(stop)
}

fn recorder() -> Result<PrometheusHandle, Failure> {
    if let Some(handle) = RECORDER.get() {
        return Ok(handle.clone());
    }
    let failed = |error: &dyn std::fmt::Display| Failure::Other(format!("metrics: {error}"));
    let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &SECONDS);
    let recorder = builder.map_err(|error| failed(&error))?.build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).map_err(|error| failed(&error))?;
    Ok(RECORDER.get_or_init(|| handle).clone())
}

async fn show(ctx: Data<Ctx>, handle: Data<PrometheusHandle>) -> HttpResponse {
    let gathered = gather(&ctx).await;
    gauge!("onduty_database_up").set(if gathered.is_ok() { 1.0 } else { 0.0 });
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(handle.render())
}

/// What stands in the database and is not counted on the way.
async fn gather(ctx: &Ctx) -> Result<()> {
    let now = ctx.now();
    let seconds = |time: chrono::TimeDelta| time.num_milliseconds().max(0) as f64 / 1e3;
    counter!("onduty_database_statements_total").absolute(ctx.store.statements());
    let outbox = deliveries::figures(ctx.store.read()).await?;
    gauge!("onduty_outbox_waiting").set(outbox.waiting as f64);
    gauge!("onduty_outbox_failed").set(outbox.failed as f64);
    gauge!("onduty_outbox_oldest_seconds").set(outbox.oldest.map_or(0.0, |oldest| seconds(now - oldest)));
    let replies = auto_replies::figures(ctx.store.read(), now).await?;
    gauge!("onduty_auto_replies_last_hour").set(replies.hourly as f64);
    gauge!("onduty_auto_replies_capped_last_hour").set(replies.capped as f64);
    gauge!("onduty_auto_replies_paused").set(if replies.is_paused() { 1.0 } else { 0.0 });
    let breaker = deliveries::breaker(ctx.store.read()).await?;
    gauge!("onduty_outbox_paused").set(if breaker.paused_until.is_some_and(|until| until > now) { 1.0 } else { 0.0 });
    for job in jobs::all(ctx.store.read()).await? {
        gauge!("onduty_job_lag_seconds", "job" => job.name.clone()).set(seconds(now - job.next_at.0));
        if let Some(last) = job.last_at {
            gauge!("onduty_job_last_run_timestamp_seconds", "job" => job.name).set(seconds(last.0 - chrono::DateTime::UNIX_EPOCH));
        }
    }
    Ok(())
}
