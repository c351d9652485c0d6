//! The program as a process: started on a filled database, watched from outside.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::fill::{Filled, SECRET};

/// A running server.
pub struct Server {
    child: Child,
    /// `127.0.0.1:port`.
    pub address: String,
    /// From its start to its first answer.
    pub started_in: Duration,
}

impl Server {
    /// Starts it and waits for the first answer.
    pub fn start(filled: &Filled) -> Server {
        let began = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_onduty"))
            .arg("serve")
            .env_clear()
            .env("PATH", std::env::var("PATH").unwrap_or_default())
            .env("ONDUTY_LISTEN", "127.0.0.1:0")
            .env("ONDUTY_DATA_DIR", filled.folder.path())
            .env("ONDUTY_DATABASE_URL", &filled.url)
            .env("ONDUTY_SECRET_KEY", SECRET)
            .env("ONDUTY_LOG", "warn")
            .env("ONDUTY_API_RATE", "0")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let address = loop {
            let line = lines.next().expect("a line before the end").expect("text");
            if let Some(url) = line.strip_prefix("Listening on http://") {
                break url.trim().to_owned();
            }
        };
        let mut stream = TcpStream::connect(&address).expect("a connection");
        stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let started_in = began.elapsed();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        std::thread::spawn(move || lines.for_each(|line| println!("{}", line.unwrap_or_default())));
        Server { child, address, started_in }
    }

    /// Processor time so far, user and system.
    pub fn cpu(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("the process");
        let after_name = stat.rsplit_once(')').expect("a name in brackets").1;
        // The terminal's group is -1 where there is no terminal: it counts as a field, too.
        let fields: Vec<i64> = after_name.split_whitespace().filter_map(|field| field.parse().ok()).collect();
        // After the state, which is no number: user time is the 11th field, system time the 12th, in hundredths of a second.
        Duration::from_millis((fields[10] + fields[11]).unsigned_abs() * 10)
    }

    /// Waits until it has nothing to do: a large file is checked from end to end after the start.
    pub async fn settle(&self) {
        loop {
            let before = self.cpu();
            tokio::time::sleep(Duration::from_millis(500)).await;
            if self.cpu() - before < Duration::from_millis(50) {
                return;
            }
        }
    }

    /// Memory held now, in MiB, with the pages of the program's file that are in memory.
    pub fn memory(&self) -> f64 {
        self.status("VmRSS:")
    }

    /// The part of it that is the process's own.
    pub fn own_memory(&self) -> f64 {
        self.status("RssAnon:")
    }

    fn status(&self, what: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("the process");
        let line = status.lines().find_map(|line| line.strip_prefix(what)).expect("its memory");
        line.trim().trim_end_matches(" kB").trim().parse::<f64>().expect("a number") / 1024.0
    }

    /// Stops it as a service manager does.
    pub fn stop(mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}
