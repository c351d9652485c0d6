//! Whether the process lives and whether it may be given requests (CONTRACT, Health; O1). Nothing here is secret.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};
use serde::Serialize;

use crate::actions::Ctx;
use crate::jobs;
use crate::store::deliveries;
use crate::store::migrate::{Schema, schema};

/// Whoever asks wants an answer, not a wait.
const PATIENCE: Duration = Duration::from_secs(1);

/// Set when the server was asked to stop: it answers what it has, and wants nothing new.
#[derive(Clone, Debug, Default)]
pub struct Draining(Arc<AtomicBool>);

impl Draining {
    /// From now on.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_on(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The two addresses, outside of sessions, languages and throttling.
pub fn routes(config: &mut ServiceConfig) {
    config.service(web::resource("/health/live").route(web::get().to(live)).route(web::head().to(live)));
    config.service(web::resource("/health/ready").route(web::get().to(ready)).route(web::head().to(ready)));
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("live\n")
}

/// Each part in one word; `ok` is good.
#[derive(Debug, Serialize)]
struct Readiness {
    server: &'static str,
    database: &'static str,
    migrations: &'static str,
    jobs: &'static str,
    /// Told, but no reason to send nobody here any more: mails wait safely (QUALITY 1.6, 7).
    mail: &'static str,
}

impl Readiness {
    fn is_ready(&self) -> bool {
        [self.server, self.database, self.migrations, self.jobs].iter().all(|word| *word == "ok")
    }
}

async fn ready(ctx: Data<Ctx>, draining: Data<Draining>) -> HttpResponse {
    let server = if draining.is_on() { "draining" } else { "ok" };
    let unknown = Readiness { server, database: "unavailable", migrations: "unknown", jobs: "unknown", mail: "unknown" };
    let found = tokio::time::timeout(PATIENCE, look(&ctx, server)).await.unwrap_or(None).unwrap_or(unknown);
    let mut answer = if found.is_ready() { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    answer.insert_header(("cache-control", "no-store")).json(found)
}

/// None where the database does not answer.
async fn look(ctx: &Ctx, server: &'static str) -> Option<Readiness> {
    let migrations = match schema(&ctx.store).await.ok()? {
        // Newer: another node has brought the database on, and old nodes run on until they are replaced.
        Schema::Current | Schema::Newer => "ok",
        Schema::Behind(_) => "pending",
    };
    let word = |is_good: bool, bad| if is_good { "ok" } else { bad };
    let late = jobs::late(ctx).await;
    let breaker = deliveries::breaker(ctx.store.read()).await;
    Some(Readiness {
        server,
        database: "ok",
        migrations,
        jobs: word(late.is_ok_and(|late| late.is_empty()), "late"),
        mail: word(breaker.is_ok_and(|breaker| breaker.paused_until.is_none()), "degraded"),
    })
}
