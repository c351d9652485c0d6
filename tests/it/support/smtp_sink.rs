//! A small real mail server on this machine: takes mails, remembers them, and behaves as badly as a test asks for.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

/// How the server treats mails from now on, on open connections too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// Takes every mail.
    Accept,
    /// Answers 451 to each recipient.
    RefuseForNow,
    /// Answers 550 to each recipient.
    RefuseForGood,
    /// Answers each command of the first name with the other words.
    Answer(&'static str, &'static str),
    /// Takes mails, but waits this long before each answer.
    Slow(Duration),
    /// Hangs up without a word when the mail is complete.
    Vanish,
    /// Takes mails, and never says so.
    HoldAfterData,
}

/// A mail the server took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// What the client introduced itself with.
    pub hello: String,
    /// The sender of the envelope; empty for `<>`.
    pub from: String,
    /// The recipients of the envelope.
    pub to: Vec<String>,
    /// The message, dots unstuffed, without the final dot.
    pub data: Vec<u8>,
}

impl Received {
    /// The message as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.data).into_owned()
    }
}

/// The server. Stops when dropped.
pub struct SmtpSink {
    address: SocketAddr,
    state: Arc<State>,
    running: Mutex<Option<JoinHandle<()>>>,
}

struct State {
    behaviour: Mutex<Behaviour>,
    mails: Mutex<Vec<Received>>,
    connections: AtomicUsize,
}

impl SmtpSink {
    /// Starts on a free port of 127.0.0.1 and accepts.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("the bound address");
        let state = Arc::new(State { behaviour: Mutex::new(Behaviour::Accept), mails: Mutex::default(), connections: AtomicUsize::new(0) });
        let running = Mutex::new(Some(tokio::spawn(serve(listener, Arc::clone(&state)))));
        Self { address, state, running }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same as a setting: `smtp://127.0.0.1:port`.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Behaves so from now on.
    pub fn behave(&self, behaviour: Behaviour) {
        *lock(&self.state.behaviour) = behaviour;
    }

    /// Every mail taken, in order.
    pub fn mails(&self) -> Vec<Received> {
        lock(&self.state.mails).clone()
    }

    /// Takes the mails out.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut *lock(&self.state.mails))
    }

    /// Connections opened so far.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// Closes the port and every connection.
    pub async fn stop(&self) {
        let running = lock(&self.running).take();
        if let Some(running) = running {
            running.abort();
            // Ends as cancelled, which is what was asked for.
            let _ = running.await;
        }
    }

    /// Listens again, on the same port.
    pub async fn restart(&self) {
        self.stop().await;
        let listener = TcpListener::bind(self.address).await.expect("the same port again");
        *lock(&self.running) = Some(tokio::spawn(serve(listener, Arc::clone(&self.state))));
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        if let Some(running) = lock(&self.running).take() {
            running.abort();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(listener: TcpListener, state: Arc<State>) {
    // Dropped with this task, and every conversation with it.
    let mut conversations = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        state.connections.fetch_add(1, Ordering::SeqCst);
        conversations.spawn(converse(stream, Arc::clone(&state)));
        while conversations.try_join_next().is_some() {}
    }
}

/// Ends with an error where the client hung up; nobody needs to know.
async fn converse(stream: TcpStream, state: Arc<State>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut hello = String::new();
    let mut from = None;
    let mut to = Vec::new();
    answer(&mut stream, &state, "220 sink.example ready").await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let line = line.trim_end();
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let behaviour = *lock(&state.behaviour);
        let reply = match verb.to_ascii_uppercase().as_str() {
            verb if matches!(behaviour, Behaviour::Answer(asked, _) if asked == verb) => match behaviour {
                Behaviour::Answer(_, words) => words,
                _ => continue,
            },
            "EHLO" => {
                hello = rest.to_owned();
                "250-sink.example\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 10485760"
            }
            "HELO" => {
                hello = rest.to_owned();
                "250 sink.example"
            }
            "MAIL" if from.is_some() => "503 5.5.1 one mail at a time",
            "MAIL" => {
                from = path(rest);
                if from.is_some() { "250 2.1.0 sender ok" } else { "501 5.5.4 MAIL FROM:<address>" }
            }
            "RCPT" if from.is_none() => "503 5.5.1 MAIL first",
            "RCPT" => match (behaviour, path(rest)) {
                (Behaviour::RefuseForNow, _) => "451 4.7.1 try again later",
                (Behaviour::RefuseForGood, _) => "550 5.1.1 no such mailbox",
                (_, Some(address)) => {
                    to.push(address);
                    "250 2.1.5 recipient ok"
                }
                (_, None) => "501 5.5.4 RCPT TO:<address>",
            },
            "DATA" if to.is_empty() => "503 5.5.1 RCPT first",
            "DATA" => {
                answer(&mut stream, &state, "354 end with a line of one dot").await?;
                let data = message(&mut stream).await?;
                if *lock(&state.behaviour) == Behaviour::Vanish {
                    return Ok(());
                }
                let mail = Received { hello: hello.clone(), from: from.take().unwrap_or_default(), to: std::mem::take(&mut to), data };
                lock(&state.mails).push(mail);
                if *lock(&state.behaviour) == Behaviour::HoldAfterData {
                    return hold(&mut stream).await;
                }
                "250 2.0.0 taken"
            }
            "RSET" => {
                from = None;
                to.clear();
                "250 2.0.0 forgotten"
            }
            "NOOP" => "250 2.0.0 still here",
            "QUIT" => return answer(&mut stream, &state, "221 2.0.0 goodbye").await,
            _ => "502 5.5.1 unknown command",
        };
        answer(&mut stream, &state, reply).await?;
    }
}

async fn answer(stream: &mut BufReader<TcpStream>, state: &State, line: &str) -> std::io::Result<()> {
    let behaviour = *lock(&state.behaviour);
    if let Behaviour::Slow(wait) = behaviour {
        tokio::time::sleep(wait).await;
    }
    stream.write_all(format!("{line}\r\n").as_bytes()).await
}

/// Says nothing more until the client hangs up.
async fn hold(stream: &mut BufReader<TcpStream>) -> std::io::Result<()> {
    while stream.read_line(&mut String::new()).await? > 0 {}
    Ok(())
}

/// The address between the angle brackets of `FROM:<a@b> SIZE=1`.
fn path(rest: &str) -> Option<String> {
    let (_, rest) = rest.split_once(":<")?;
    Some(rest.split_once('>')?.0.to_owned())
}

async fn message(stream: &mut BufReader<TcpStream>) -> std::io::Result<Vec<u8>> {
    let mut data = Vec::new();
    loop {
        let mut line = Vec::new();
        if stream.read_until(b'\n', &mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        match line.as_slice() {
            b".\r\n" => return Ok(data),
            [b'.', rest @ ..] => data.extend_from_slice(rest),
            line => data.extend_from_slice(line),
        }
    }
}
