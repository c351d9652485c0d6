//! Live pages: one stream of server-sent events tells which operators changed, whatever node changed them; pages then fetch anew
//! what they show. Without scripts, or where the stream fails, pages are loaded again by hand or on a timetable.

use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header;
use actix_web::web::{self, Bytes, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::StreamExt;
use futures_util::stream::{self, Stream};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{self, Receiver, Sender};
use tokio::time::{interval, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::visit::Reader;
use crate::actions::Ctx;
use crate::error::Result;
use crate::store::roster::{self, SOME};
use crate::store::versions::{self, Versions};
use crate::store::work;

/// Sent with what pages fetch anew by themselves, which is nobody's activity.
pub const HEADER: &str = "x-onduty-live";
/// The stream of events.
pub const PATH: &str = "/events";

/// How often a node looks for changes of others.
const LOOKED_FOR: Duration = Duration::from_millis(500);
/// Changes that come together are told together.
const GATHERED: Duration = Duration::from_millis(40);
/// How often a stream says that it is still there.
const ALIVE: Duration = Duration::from_secs(20);
/// A stream ends after so long; whoever comes again must still be signed in.
const LONGEST: Duration = Duration::from_secs(600);
/// Events that a slow reader may lag behind; then it is told that anything may have changed.
const KEPT: usize = 64;

/// Tells all streams of a node what changed.
#[derive(Clone, Debug)]
pub struct Live(Sender<Bytes>);

impl Default for Live {
    fn default() -> Live {
        Live(broadcast::channel(KEPT).0)
    }
}

/// The address of the stream.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(web::resource(PATH).get(events));
}

/// Whether a request was made by a page itself and not by the person before it.
pub fn is_by_itself(request: &HttpRequest) -> bool {
    request.path() == PATH || request.headers().contains_key(HEADER)
}

/// Looks for changes for as long as the node runs, and tells whoever listens.
pub async fn watch(ctx: Arc<Ctx>, live: Live) {
    let mut held: Option<Versions> = None;
    while !ctx.stopping.is_cancelled() {
        if live.0.receiver_count() == 0 {
            // Whoever comes is told of anything first: nothing is missed meanwhile.
            held = None;
            sleep(LOOKED_FOR).await;
            continue;
        }
        if held.is_some() {
            // A change of this node rings; one of another is looked for.
            let _ = timeout(LOOKED_FOR, ctx.store.written().notified()).await;
        }
        sleep(GATHERED).await;
        match changed(&ctx, held).await {
            Ok((versions, event)) => {
                held = Some(versions);
                // Nobody listens any more: then nobody misses it.
                let _ = event.map(|event| live.0.send(event));
            }
            Err(error) => tracing::debug!(%error, "changes could not be looked for"),
        }
    }
}

/// The versions as they are, and what to tell where they are others than those held.
async fn changed(ctx: &Ctx, held: Option<Versions>) -> Result<(Versions, Option<Bytes>)> {
    let db = ctx.store.read();
    let versions = versions::all(db).await?;
    let Some(held) = held.filter(|held| *held != versions) else { return Ok((versions, held.is_none().then(anything))) };
    if held.everyone != versions.everyone || held.catalogue != versions.catalogue {
        return Ok((versions, Some(anything())));
    }
    let mut ids = Vec::new();
    if held.operators != versions.operators {
        ids = roster::touched(db, held.operators, SOME).await?;
        if ids.is_empty() {
            return Ok((versions, Some(anything())));
        }
    }
    if held.work != versions.work {
        ids.extend(work::touched(db, held.work, SOME).await?);
    }
    // A query that concerns nobody yet is news for lists alone, which show no operator.
    Ok((versions, Some(if ids.len() >= SOME { anything() } else { event(&ids) })))
}

/// Some operators changed.
fn event(ids: &[i64]) -> Bytes {
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    Bytes::from(format!("event: changed\ndata: [{}]\n\n", ids.join(",")))
}

/// Anything may have changed.
fn anything() -> Bytes {
    Bytes::from_static(b"event: changed\ndata: null\n\n")
}

/// `GET /events`.
async fn events(ctx: Data<Ctx>, reader: Reader, live: Data<Live>) -> Result<HttpResponse> {
    reader.viewer()?;
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Said here, so that the stream is not compressed, which would hold events back; and not gathered by a proxy either.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(told(live.0.subscribe(), ctx.stopping.clone())))
}

fn told(receiver: Receiver<Bytes>, stopping: CancellationToken) -> impl Stream<Item = Result<Bytes>> {
    let changes = stream::unfold(receiver, |mut receiver| async move {
        match receiver.recv().await {
            Ok(event) => Some((event, receiver)),
            Err(RecvError::Lagged(_)) => Some((anything(), receiver)),
            Err(RecvError::Closed) => None,
        }
    });
    let pulse = stream::unfold(interval(ALIVE), |mut pulse| async move {
        pulse.tick().await;
        Some((Bytes::from_static(b": here\n\n"), pulse))
    });
    let hello = stream::once(ready(Bytes::from_static(b"retry: 3000\n\n")));
    let all = hello.chain(stream::select(changes, pulse));
    all.take_until(Box::pin(async move { timeout(LONGEST, stopping.cancelled()).await })).map(Ok)
}
