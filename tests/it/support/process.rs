//! The program as a process, with nothing but what a test gives it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// The program on a data folder, without any setting of the surroundings.
pub fn onduty(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onduty"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ONDUTY_")) {
        command.env_remove(name);
    }
    command.env("ONDUTY_DATA_DIR", folder).env("ONDUTY_LISTEN", "127.0.0.1:0").args(arguments);
    command.current_dir(env!("CARGO_MANIFEST_DIR")).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a command to its end: exit status, standard output, standard error.
pub fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = onduty(folder, arguments).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// A running server; it is killed with its value.
pub struct Serving {
    /// The process.
    pub child: Child,
    /// What it printed until it listened.
    pub lines: Vec<String>,
    /// Where it listens.
    pub url: String,
}

/// Starts the server and waits for the line that says where.
pub fn serve(folder: &Path, settings: &[(&str, &str)]) -> Serving {
    serve_with(folder, &[], settings)
}

/// The same with a command and settings.
pub fn serve_with(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Serving {
    listening(onduty(folder, arguments).envs(settings.iter().copied()))
}

/// Starts what serves and waits for the line that says where.
pub fn listening(command: &mut Command) -> Serving {
    let mut child = command.spawn().unwrap();
    let mut lines = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        lines.push(line.clone());
        if let Some(url) = line.strip_prefix("Listening on ") {
            return Serving { child, lines, url: url.to_owned() };
        }
    }
    panic!("it ended: {lines:?} {:?}", child.wait());
}

impl Serving {
    /// Sends it a signal, such as `-TERM`.
    pub fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap().success());
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
