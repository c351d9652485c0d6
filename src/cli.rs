//! The command line (CONTRACT.md): exit status 0 done, 1 refused or failed with one clear line, 2 wrong usage.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgGroup, Parser, Subcommand};

use crate::app::{self, Failure, Start, backup, console};
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
    /// Load the demonstration organisation into an EMPTY database, print who can sign in, then serve
    Demo,
    /// Bring the database to this version (the only way on PostgreSQL)
    Migrate,
    /// Create an owner, or let one who is locked out in again, and print the one-time link
    Owner {
        /// The owner's e-mail address, with which they sign in
        #[arg(long)]
        email: String,
        /// The owner's full name; an owner who is there keeps theirs
        #[arg(long)]
        name: String,
    },
    /// Keys of the JSON API
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Sessions of signed-in operators
    Session {
        #[command(subcommand)]
        command: SessionCommand,
    },
    /// Take one e-mail message (RFC 5322) from standard input as a query; for a mail server's pipe or alias, works while serving
    ///
    /// Exit status: 0 taken, now or before; 1 refused for good; 75 not now, to be tried again.
    Intake {
        /// The address it was sent to: a department's or an operator's
        #[arg(long)]
        to: String,
        /// The sender of its envelope, empty for bounces [default: its Return-Path]
        #[arg(long)]
        from: Option<String>,
    },
    /// Write a consistent copy of the SQLite database, photos included, while it is in use
    Backup {
        /// Where the copy goes; an older one there is replaced once the new one is whole
        file: PathBuf,
    },
    /// Put a copy made by backup into an empty data folder
    Restore {
        /// The copy
        file: PathBuf,
    },
    /// Print the settings in force, secrets masked, and what is wrong
    CheckConfig,
}

#[derive(Subcommand)]
enum SessionCommand {
    /// Sign an operator out everywhere, or everybody; works while serving
    #[command(group(ArgGroup::new("whose").required(true)))]
    End {
        /// The operator's e-mail address
        #[arg(long, group = "whose")]
        email: Option<String>,
        /// Everybody
        #[arg(long, group = "whose")]
        all: bool,
    },
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Make a key and print it, once: nobody can read it again
    Create {
        /// What the key is for
        #[arg(long)]
        name: String,
        /// What it may do, such as operators:read; may be given several times
        #[arg(long = "scope", required = true)]
        scopes: Vec<String>,
        /// Days until it ends [default: no end]
        #[arg(long)]
        expires_days: Option<u32>,
    },
}

/// Parses the command line and does what it says.
pub fn run() -> ExitCode {
    let line = Line::parse();
    let command = line.command.unwrap_or(Command::Serve);
    let is_check = matches!(command, Command::CheckConfig);
    if is_check {
        line.settings.lines().iter().for_each(|setting| say(setting));
    }
    let mut status = 1;
    let faults = match Config::check(&line.settings, std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned())) {
        Ok(config) if is_check => app::block_on(console::check(&config)),
        Ok(config) => match carry_out(command, config) {
            Ok(()) => Vec::new(),
            Err(failure) => {
                if matches!(failure, Failure::Later(_)) {
                    status = TRY_AGAIN;
                }
                vec![failure.to_string()]
            }
        },
        Err(faults) => faults,
    };
    faults.iter().for_each(|fault| say_error(fault));
    if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(status) }
}

/// The exit status by which mail servers know that they should try again (EX_TEMPFAIL).
const TRY_AGAIN: u8 = 75;

fn carry_out(command: Command, config: Config) -> Result<(), Failure> {
    let said = app::block_on(async {
        match command {
            Command::Serve => app::serve(config, Start::Plain).await.map(|()| None),
            Command::Demo => app::serve(config, Start::Demo).await.map(|()| None),
            Command::Migrate => {
                let steps = console::migrate(&config).await?;
                Ok(Some(format!("{steps} step(s) applied; the database is at this version.")))
            }
            Command::Owner { email, name } => console::owner(&config, &email, &name).await.map(Some),
            Command::Token { command: TokenCommand::Create { name, scopes, expires_days } } => {
                console::token(&config, name, scopes, expires_days).await.map(Some)
            }
            Command::Session { command: SessionCommand::End { email, .. } } => {
                console::end_sessions(&config, email.as_deref()).await.map(Some)
            }
            Command::Intake { to, from } => console::intake(&config, &to, from.as_deref(), std::io::stdin()).await.map(Some),
            Command::Backup { file } => backup::backup(&config, &file).await.map(Some),
            Command::Restore { file } => backup::restore(&config, &file).await.map(Some),
            Command::CheckConfig => Ok(None),
        }
    });
    if let Some(words) = said? {
        say(&words);
    }
    Ok(())
}

/// One line on standard output; a closed pipe is no reason to stop (F18).
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn say_error(line: &str) {
    let _ = writeln!(std::io::stderr(), "onduty: {line}");
}
