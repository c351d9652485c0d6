//! What happens to every request before a door opens: a reference, the client's address, a deadline for the body.

use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use futures_util::Stream;
use ipnet::IpNet;
use tokio::time::Sleep;

use crate::actions::{Ctx, Origin};
use crate::security::random::uuid_v7;

/// How long a client may take to send a whole body (F6, O5).
const BODY_DEADLINE: Duration = Duration::from_secs(30);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost middleware.
pub async fn receive(
    ctx: Data<Ctx>,
    proxies: Data<Vec<IpNet>>,
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let started = ctx.clock.monotonic();
    let request_id = uuid_v7(ctx.now(), &*ctx.random).map(|id| id.simple().to_string()).unwrap_or_default();
    let address = client(&request, &proxies);
    request.extensions_mut().insert(Origin { address, request_id: request_id.clone() });
    let payload = request.take_payload();
    if !matches!(payload, Payload::None) {
        request.set_payload(Payload::Stream { payload: Box::pin(Deadline::new(payload)) });
    }
    let method = request.method().clone();
    let mut answer = next.call(request).await?;
    let took = ctx.clock.monotonic().saturating_sub(started);
    let status = answer.status().as_u16();
    metrics::counter!("onduty_requests_total", "status" => status.to_string()).increment(1);
    metrics::histogram!("onduty_request_seconds").record(took.as_secs_f64());
    // Paths may hold one-time tokens (I7): only the pattern of the route is logged.
    let route = answer.request().match_pattern().unwrap_or_default();
    tracing::debug!(request_id, %method, route, status, ms = took.as_secs_f64() * 1e3, "request");
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        answer.headers_mut().insert(REQUEST_ID, value);
    }
    Ok(answer)
}

/// The client's address: the peer, or the last one not of ours that trusted proxies name (O6).
fn client(request: &ServiceRequest, proxies: &[IpNet]) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    let is_trusted = |ip: &IpAddr| proxies.iter().any(|network| network.contains(ip));
    if !is_trusted(&peer) {
        return Some(peer);
    }
    let named = request.headers().get_all(HeaderName::from_static("x-forwarded-for"));
    let named: Vec<IpAddr> = named
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map_while(|part| part.trim().parse().ok())
        .collect();
    Some(named.into_iter().rev().find(|ip| !is_trusted(ip)).unwrap_or(peer))
}

/// A body that fails when it is not complete in time.
struct Deadline {
    payload: Payload,
    timer: Pin<Box<Sleep>>,
}

impl Deadline {
    fn new(payload: Payload) -> Deadline {
        Deadline { payload, timer: Box::pin(tokio::time::sleep(BODY_DEADLINE)) }
    }
}

impl Stream for Deadline {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.timer.as_mut().poll(context).is_ready() {
            let late = std::io::Error::new(std::io::ErrorKind::TimedOut, "the body took too long");
            return Poll::Ready(Some(Err(PayloadError::Io(late))));
        }
        Pin::new(&mut self.payload).poll_next(context)
    }
}
