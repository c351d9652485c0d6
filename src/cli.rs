//! The command line (CONTRACT.md): exit status 0 done, 1 refused or failed with one clear line, 2 wrong usage.

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::app::{self, Failure};
use crate::config::{Config, Raw};

/// Who answers, for which department, at which hours, and why.
#[derive(Parser)]
#[command(name = "onduty", version, about, max_term_width = 100)]
struct Line {
    #[command(flatten)]
    settings: Raw,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Migrate (SQLite), serve until SIGTERM or SIGINT, stop in order
    Serve,
    /// Bring the database to this version (the only way on PostgreSQL)
    Migrate,
    /// Print the settings in force, secrets masked, and what is wrong
    CheckConfig,
}

/// Parses the command line and does what it says.
pub fn run() -> ExitCode {
    let line = Line::parse();
    let config = match Config::check(&line.settings, std::env::vars().map(|(name, _)| name)) {
        Ok(config) => config,
        Err(faults) => {
            for fault in faults {
                say_error(&fault);
            }
            return ExitCode::from(1);
        }
    };
    match carry_out(line.command.unwrap_or(Command::Serve), config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say_error(&failure.to_string());
            ExitCode::from(1)
        }
    }
}

fn carry_out(command: Command, config: Config) -> Result<(), Failure> {
    match command {
        Command::Serve => app::block_on(app::serve(config)),
        Command::Migrate => {
            let steps = app::block_on(app::migrate(&config))?;
            say(&format!("{steps} step(s) applied; the database is at this version."));
            Ok(())
        }
        Command::CheckConfig => {
            for setting in config.lines() {
                say(&setting);
            }
            app::block_on(app::check(&config))
        }
    }
}

/// One line on standard output; a closed pipe is no reason to stop (F18).
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn say_error(line: &str) {
    let _ = writeln!(std::io::stderr(), "onduty: {line}");
}
