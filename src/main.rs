//! Thin: parse the command, do it, say how it went.
#![forbid(unsafe_code)]

use std::process::ExitCode;

/// Large blocks go back to the operating system when they are freed: glibc kept 19 MiB a password hash (F21).
/// SQLite's own memory comes from it, too (feature `override`). Without huge pages (feature `no_thp`): with them an idle server held 38 MiB instead of 22, a busy one twice as much.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    onduty::cli::run()
}
