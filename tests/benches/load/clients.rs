//! Those who ask: wrk for pages that are read, clients of our own for forms.

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::{Client, redirect};
use scraper::{Html, Selector};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::fill::{Filled, PASSWORD};
use crate::server::Server;

/// What a run of wrk found.
pub struct Run {
    /// Answers.
    pub requests: u64,
    per_second: f64,
    cpu: f64,
    p50: f64,
    p99: f64,
    bad: String,
}

impl Run {
    /// A line of the table.
    pub fn print(&self, what: &str, wanted: Option<&str>) {
        let Run { per_second, cpu, p50, p99, bad, .. } = self;
        println!("{what:<44} {per_second:>12.0} {cpu:>14.3} {p50:>9.1} {p99:>9.1}  {}{bad}", wanted.unwrap_or_default());
    }
}

/// Asks for a page over and over, with one header.
pub fn wrk(server: &Server, path: &str, header: &str, connections: u32, time: Duration) -> Run {
    let before = server.cpu();
    let output = Command::new("wrk")
        .args(["-t1", &format!("-c{connections}"), &format!("-d{}s", time.as_secs()), "--latency"])
        .args(["-H", if header.is_empty() { "X-Nobody: 1" } else { header }, &format!("http://{}{path}", server.address)])
        .output()
        .expect("wrk (Debian package wrk)");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let spent = server.cpu() - before;
    let word_after =
        |label: &str| text.lines().find_map(|line| line.trim().strip_prefix(label)).map(str::trim).unwrap_or_default().to_owned();
    let requests = text.lines().find_map(|line| line.split_once(" requests in")).map_or(0, |(count, _)| count.trim().parse().unwrap_or(0));
    let bad = text.lines().find(|line| line.contains("Non-2xx")).map(|line| format!(" ({})", line.trim())).unwrap_or_default();
    Run {
        requests,
        per_second: word_after("Requests/sec:").parse().unwrap_or(0.0),
        cpu: spent.as_secs_f64() * 1e3 / requests.max(1) as f64,
        p50: milliseconds(&word_after("50%")),
        p99: milliseconds(&word_after("99%")),
        bad,
    }
}

fn milliseconds(text: &str) -> f64 {
    let number = |unit: &str| text.strip_suffix(unit).and_then(|number| number.parse::<f64>().ok());
    number("us").map(|us| us / 1e3).or(number("ms")).or(number("s").map(|s| s * 1e3)).unwrap_or(0.0)
}

/// What saving found.
#[derive(Default)]
pub struct Saves {
    /// Milliseconds of each save, sorted.
    pub times: Vec<f64>,
    /// Answers that were no 303.
    pub refused: usize,
    /// The first of them.
    pub why: String,
}

impl Saves {
    /// The time that this part of the saves did not exceed, in milliseconds.
    pub fn at(&self, part: f64) -> f64 {
        self.times.get((self.times.len() as f64 * part) as usize).copied().unwrap_or(0.0)
    }
}

/// Saves profiles for a while.
pub async fn save_for(server: &Server, filled: &Filled, connections: usize, time: Duration) -> Saves {
    let workers = (0..connections).map(|n| saver(server, filled, filled.first + n as i64, time));
    let mut all = Saves::default();
    for one in join_all(workers).await {
        all.times.extend(one.times);
        all.refused += one.refused;
        if all.why.is_empty() {
            all.why = one.why;
        }
    }
    all.times.sort_by(f64::total_cmp);
    all
}

async fn saver(server: &Server, filled: &Filled, id: i64, time: Duration) -> Saves {
    let client = client(false);
    let address = format!("http://{}/operators/{id}", server.address);
    let page = client.get(&address).header("cookie", &filled.cookie).send().await.expect("a page").text().await.expect("text");
    let (token, mut version) = (field(&page, "csrf_token"), field(&page, "version").parse::<i64>().unwrap_or(1));
    let mut saves = Saves::default();
    let began = Instant::now();
    while began.elapsed() < time {
        let phone = format!("+34 6{:08}", saves.times.len());
        let fields = [("csrf_token", token.as_str()), ("version", &version.to_string()), ("phone", &phone)];
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = client.post(&address).header("cookie", &filled.cookie).header("content-type", "application/x-www-form-urlencoded");
        let sent = Instant::now();
        let answer = request.body(body).send().await.expect("an answer");
        let took = sent.elapsed().as_secs_f64() * 1e3;
        if answer.status().as_u16() == 303 {
            saves.times.push(took);
            version += 1;
        } else {
            saves.refused += 1;
            saves.why = format!("{} {}", answer.status(), main_text(&answer.text().await.unwrap_or_default()));
            break;
        }
    }
    saves
}

/// A client that costs next to nothing, so that it is the server that is measured: one connection, kept open.
pub struct Caller<'a> {
    stream: TcpStream,
    server: &'a Server,
    bearer: &'a str,
    read: Vec<u8>,
}

impl<'a> Caller<'a> {
    /// Connects.
    pub async fn new(server: &'a Server, filled: &'a Filled) -> Caller<'a> {
        let stream = TcpStream::connect(&server.address).await.expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        Caller { stream, server, bearer: &filled.bearer, read: Vec::new() }
    }

    /// Posts a document to the API: the status and the body of the answer.
    pub async fn post(&mut self, path: &str, body: &str) -> (u16, &str) {
        let Caller { stream, server, bearer, read } = self;
        let request = format!(
            "POST /api/v1{path} HTTP/1.1\r\nHost: {}\r\n{bearer}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            server.address,
            body.len()
        );
        stream.write_all(request.as_bytes()).await.expect("sent");
        read.clear();
        let (head, length) = loop {
            assert!(stream.read_buf(read).await.expect("an answer") > 0, "the server hung up");
            let Some(head) = read.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let text = str::from_utf8(&read[..head]).expect("text");
            let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
            break (head, length.parse::<usize>().expect("a number"));
        };
        while read.len() < head + 4 + length {
            assert!(stream.read_buf(read).await.expect("the rest") > 0, "the server hung up");
        }
        let status = str::from_utf8(&read[9..12]).expect("text").parse().expect("a status");
        (status, str::from_utf8(&read[head + 4..]).expect("text"))
    }
}

/// What many sign-ins at once found.
pub struct Crowd {
    /// Memory held at most, in MiB.
    pub memory: f64,
    /// The part of it that is the process's own, at most.
    pub own_memory: f64,
    /// How many were signed in.
    pub done: usize,
    /// Milliseconds until the last of them was.
    pub longest: f64,
    /// The longest that a list took meanwhile, in milliseconds.
    pub other_pages: f64,
}

/// Signs in so many at once, each with an account of their own.
pub async fn sign_in_at_once(server: &Server, filled: &Filled, many: usize) -> Crowd {
    let login = format!("http://{}/login", server.address);
    let mut ready = Vec::new();
    for n in 1..=many {
        let client = client(true);
        let page = client.get(&login).send().await.expect("a page").text().await.expect("text");
        ready.push((client, field(&page, "csrf_token"), format!("operator{n}@example.org")));
    }
    let is_over = AtomicBool::new(false);
    let began = Instant::now();
    let everybody = async {
        let one = |(client, token, email): &(Client, String, String)| {
            let fields = [("csrf_token", token.as_str()), ("email", email.as_str()), ("password", PASSWORD)];
            let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            let request = client.post(&login).header("content-type", "application/x-www-form-urlencoded").body(body);
            async move { request.send().await.is_ok_and(|answer| answer.status().as_u16() == 303) }
        };
        let done = join_all(ready.iter().map(one)).await.into_iter().filter(|done| *done).count();
        is_over.store(true, Ordering::Relaxed);
        (done, began.elapsed().as_secs_f64() * 1e3)
    };
    let watching = async {
        let (mut most, mut own) = (server.memory(), server.own_memory());
        while !is_over.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(10)).await;
            (most, own) = (most.max(server.memory()), own.max(server.own_memory()));
        }
        (most, own)
    };
    let reading = async {
        let (client, mut longest) = (client(false), 0.0_f64);
        while !is_over.load(Ordering::Relaxed) {
            let sent = Instant::now();
            let list = client.get(format!("http://{}/operators", server.address)).header("cookie", &filled.cookie).send().await;
            drop(list.expect("a list").bytes().await);
            longest = longest.max(sent.elapsed().as_secs_f64() * 1e3);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        longest
    };
    let ((done, longest), (memory, own_memory), other_pages) = tokio::join!(everybody, watching, reading);
    Crowd { memory, own_memory, done, longest, other_pages }
}

fn client(keeps_cookies: bool) -> Client {
    Client::builder().cookie_store(keeps_cookies).redirect(redirect::Policy::none()).build().expect("a client")
}

fn field(page: &str, name: &str) -> String {
    let selector = Selector::parse(&format!("input[name={name}]")).expect("a selector");
    let html = Html::parse_document(page);
    let found = html.select(&selector).next_back().and_then(|input| input.attr("value")).unwrap_or_default();
    found.to_owned()
}

fn main_text(page: &str) -> String {
    let html = Html::parse_document(page);
    let selector = Selector::parse("main").expect("a selector");
    let text: String = html.select(&selector).flat_map(|main| main.text().collect::<Vec<_>>()).collect();
    text.split_whitespace().take(30).collect::<Vec<_>>().join(" ")
}

/// What many streams of events heard.
pub struct Told {
    /// Held while all are open, in MiB.
    pub memory: f64,
    /// Milliseconds until the first heard of a change.
    pub first: f64,
    /// And the last.
    pub last: f64,
    /// How many did.
    pub heard: usize,
}

/// Opens many streams of events, changes an operator, and waits until all have heard of it.
pub async fn listen(server: &Server, filled: &Filled, streams: usize) -> Told {
    let client = client(false);
    let address = format!("http://{}", server.address);
    let mut open = Vec::new();
    for _ in 0..streams {
        let stream = client.get(format!("{address}/events")).header("cookie", &filled.cookie).send().await.expect("a stream");
        open.push(stream);
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let memory = server.memory();
    let (key, id) = (filled.bearer.trim_start_matches("Authorization: "), filled.first);
    let words = format!("[{id}]");
    let began = Instant::now();
    let change = async {
        let body = r#"{"do_not_disturb": true}"#;
        let patch = client.patch(format!("{address}/api/v1/operators/{id}")).header("authorization", key);
        patch.header("content-type", "application/json").body(body).send().await.expect("an answer").error_for_status().expect("changed");
    };
    let words = &words;
    let hear = open.into_iter().map(|mut stream| async move {
        let mut heard = String::new();
        while let Ok(Some(chunk)) = stream.chunk().await {
            heard.push_str(&String::from_utf8_lossy(&chunk));
            if heard.contains(words.as_str()) {
                return Some(began.elapsed().as_secs_f64() * 1e3);
            }
        }
        None
    });
    let (times, ()) = futures_util::join!(join_all(hear), change);
    let mut times: Vec<f64> = times.into_iter().flatten().collect();
    times.sort_by(f64::total_cmp);
    Told { memory, first: times.first().copied().unwrap_or(0.0), last: times.last().copied().unwrap_or(0.0), heard: times.len() }
}
