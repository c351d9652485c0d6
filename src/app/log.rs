//! Log lines: text or JSON, in UTC, with a writer that never takes the server down (O2, F18).

use std::io::{self, IsTerminal, Write};

use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};

/// Starts logging to standard output.
pub fn start(config: &Config) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    // What they tell of each step and thread is told in a line of our own, or not worth one.
    let filter = ["sea_orm_migration=warn", "sqlx=warn", "actix_server=warn"]
        .iter()
        .filter_map(|part| part.parse().ok())
        .fold(filter, EnvFilter::add_directive);
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(io::stdout().is_terminal()).with_writer(|| Lossy);
    let started = match config.log_format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    // Only a second application in one process (tests) finds a logger already there.
    drop(started);
}

/// Standard output; what cannot be written is dropped.
struct Lossy;

impl Write for Lossy {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _ = io::stdout().write_all(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ = io::stdout().flush();
        Ok(())
    }
}
