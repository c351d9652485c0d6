//! Error lines of the log by application, so that a test fails on what nobody looked at.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Mutex, Once, PoisonError};

use actix_web::rt::System;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

static LINES: Mutex<Option<HashMap<usize, Vec<String>>>> = Mutex::new(None);
static START: Once = Once::new();

/// Starts to listen; once a process.
pub fn listen() {
    START.call_once(|| {
        let listening = tracing_subscriber::registry().with(Errors);
        tracing::subscriber::set_global_default(listening).expect("no other listener");
    });
}

/// Takes out the error lines of the application that runs on this system.
pub fn take(system: usize) -> Vec<String> {
    let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    lines.as_mut().and_then(|lines| lines.remove(&system)).unwrap_or_default()
}

struct Errors;

impl<S: Subscriber> Layer<S> for Errors {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if *event.metadata().level() != Level::ERROR {
            return;
        }
        // Every thread of an application, its workers included, knows the system it belongs to.
        let Some(system) = System::try_current() else { return };
        let mut line = Line(String::new());
        event.record(&mut line);
        let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
        lines.get_or_insert_default().entry(system.id()).or_default().push(line.0);
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, "{}={value:?} ", field.name());
    }
}
