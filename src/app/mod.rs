//! Builds everything, runs it until a signal, and stops it in order.
//! No rule and no page lives here.
//! It may call every room; only the command line calls it.

pub mod backup;
pub mod console;
pub mod health;
pub mod http;
mod log;
mod metrics;

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use tokio::signal::unix::{SignalKind, signal};
use url::Url;

use crate::actions::{Ctx, Parts, demo, operators, setup};
use crate::cli::say;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::error::AppError;
use crate::i18n::{Locale, Texts};
use crate::jobs;
use crate::mail::message::Party;
use crate::mail::transport::{Deadlines, Folder, Smtp, Transport};
use crate::security::keys::SecretKey;
use crate::security::random::{Random, SystemRandom};
use crate::store::migrate::{Schema, migrate as migrate_store, schema};
use crate::store::{Engine, Store, StoreError, copies};
use crate::{api, web};

/// Why a command failed, in one line.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The database.
    #[error("database: {0}")]
    Store(#[from] StoreError),
    /// Files and sockets.
    #[error("{0}: {1}")]
    Io(String, std::io::Error),
    /// Not now; the same may well be done later.
    #[error("{0}")]
    Later(String),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl From<AppError> for Failure {
    /// The console speaks English.
    fn from(error: AppError) -> Self {
        let t = Texts::of(Locale::En);
        Failure::Other(match &error {
            AppError::Invalid(faults) => {
                let words = faults.0.iter().map(|fault| format!("{}: {}", fault.field, web::faults::word(t, fault)));
                words.collect::<Vec<_>>().join(" ")
            }
            AppError::Conflict(code) => t.get(&format!("conflict-{code}")).to_owned(),
            _ => error.to_string(),
        })
    }
}

/// Runs a future to its end on the runtime of the web server.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(future)
}

/// How long requests that are being answered may still take after a signal (J6).
const GRACE: Duration = Duration::from_secs(25);
/// Connections at once and worker thread; more wait (O5).
const CONNECTIONS: usize = 4096;

/// What a server begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// What is in the database.
    Plain,
    /// The demonstration organisation, in a database that is empty.
    Demo,
}

/// Migrates where that is this program's to do, serves until a signal, stops in order.
pub async fn serve(config: Config, start: Start) -> Result<(), Failure> {
    log::start(&config);
    let app = Application::build(&config).await?;
    match start {
        Start::Plain => first_owner(&app.ctx, &config).await?,
        Start::Demo => {
            for (role, email, password) in demo::load(&app.ctx).await? {
                say(&format!("{role}: {email}, password: {password}"));
            }
        }
    }
    let transport = transport(&config, app.ctx.base_url.host_str().unwrap_or("localhost"))?;
    let metrics = config.metrics_listen.map(|address| metrics::start(address, app.ctx.clone())).transpose()?;
    let (ctx, url, draining) = (app.ctx.clone(), app.url.clone(), app.draining.clone());
    let mut signals = Signals::listen()?;
    let server = app.start()?;
    let handle = server.handle();
    let mut serving = actix_web::rt::spawn(server);
    let stop = ctx.stopping.clone();
    let jobs = {
        let (ctx, stop) = (ctx.clone(), stop.clone());
        actix_web::rt::spawn(async move { jobs::run(&ctx, &transport, &stop).await })
    };
    say(&format!("Listening on {url}"));
    let mut damage = None;
    let ended = tokio::select! {
        () = signals.next() => None,
        ended = &mut serving => Some(ended),
        found = later_check(&config, &ctx) => {
            damage = Some(found);
            None
        }
    };
    draining.begin();
    tracing::info!("stopping");
    stop.cancel();
    let in_order = async {
        handle.stop(true).await;
        // It was only ever dropped or has ended by itself; either way nothing is left of it.
        let _ = jobs.await;
        if let Some(metrics) = metrics {
            metrics.stop(false).await;
        }
        ctx.store.clone().close().await;
    };
    tokio::select! {
        () = in_order => {}
        () = signals.next() => tracing::warn!("asked again to stop: leaving at once"),
    }
    if let Some(damage) = damage {
        return Err(damage);
    }
    match ended {
        Some(Ok(Err(error))) => Err(Failure::Io("serving".into(), error)),
        Some(Err(error)) => Err(Failure::Other(format!("serving: {error}"))),
        Some(Ok(Ok(()))) | None => Ok(()),
    }
}

/// Checks a large file while requests are answered; returns only where it is damaged.
async fn later_check(config: &Config, ctx: &Ctx) -> Failure {
    if is_large(config)
        && let Err(error @ StoreError::Damaged(_)) = ctx.store.quick_check().await
    {
        return named(config, error);
    }
    std::future::pending().await
}

/// On an empty database: the owner of the settings, or else the link with which one is set up (A10).
async fn first_owner(ctx: &Ctx, config: &Config) -> Result<(), Failure> {
    if let Some((email, password)) = &config.owner {
        setup::create_owner(ctx, email, password).await?;
    }
    if let Some(link) = setup::issue_token(ctx).await? {
        say(&format!("Set up: {link}"));
    }
    Ok(())
}

/// The two signals that ask a server to stop.
struct Signals {
    term: tokio::signal::unix::Signal,
    int: tokio::signal::unix::Signal,
}

impl Signals {
    fn listen() -> Result<Signals, Failure> {
        let on = |kind| signal(kind).map_err(|error| Failure::Io("signals".into(), error));
        Ok(Signals { term: on(SignalKind::terminate())?, int: on(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.term.recv() => {}
            _ = self.int.recv() => {}
        }
    }
}

/// Everything that runs, before it runs.
pub struct Application {
    /// What deeds are done with.
    pub ctx: Arc<Ctx>,
    /// Where the pages are reached on this machine.
    pub url: String,
    draining: health::Draining,
    listener: TcpListener,
    static_dir: PathBuf,
    config: Config,
}

impl Application {
    /// Opens the database, binds the address and puts the parts together, with the machine's clock.
    pub async fn build(config: &Config) -> Result<Application, Failure> {
        Application::build_with(config, Arc::new(SystemClock::new()), Arc::new(SystemRandom)).await
    }

    /// The same with a given clock and randomness.
    pub async fn build_with(config: &Config, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Result<Application, Failure> {
        let listener = bind(config.listen)?;
        let address = listener.local_addr().map_err(|error| Failure::Io("listening".into(), error))?;
        let url = format!("http://{address}");
        let static_dir = static_dir()?;
        web::assets::read(&static_dir).map_err(|error| Failure::Io("the static folder".into(), error))?;
        let ctx = context(config, clock, random, &url).await?;
        jobs::register(&ctx).await?;
        operators::listen(&ctx).await?;
        let draining = health::Draining::default();
        Ok(Application { ctx: Arc::new(ctx), url, draining, listener, static_dir, config: config.clone() })
    }

    /// Starts to answer, without the jobs; whoever started it also stops it.
    pub fn start(self) -> Result<Server, Failure> {
        let door = web::Door { ctx: self.ctx.clone(), static_dir: self.static_dir };
        let proxies = Arc::new(self.config.trusted_proxies);
        let (calls, answers) = (Data::new(api::Calls::default()), Data::new(api::Answers::default()));
        let live = web::live::Live::default();
        actix_web::rt::spawn(web::live::watch(self.ctx.clone(), live.clone()));
        let (ctx, live) = (Data::from(self.ctx), Data::new(live));
        let draining = Data::new(self.draining);
        let server = HttpServer::new(move || {
            App::new()
                .app_data(ctx.clone())
                .app_data(Data::from(proxies.clone()))
                .app_data(draining.clone())
                .app_data(live.clone())
                .wrap(from_fn(http::receive))
                .configure(health::routes)
                .configure(|config| api::routes(config, &calls, &answers))
                .configure(|config| web::routes(config, &door))
        });
        let server = server.disable_signals().shutdown_timeout(GRACE.as_secs()).max_connections(CONNECTIONS).workers(workers());
        let server = server.listen(self.listener).map_err(|error| Failure::Io("listening".into(), error))?;
        Ok(server.run())
    }
}

/// What deeds are done with; `address` stands in every link where no base URL was given.
async fn context(config: &Config, clock: Arc<dyn Clock>, random: Arc<dyn Random>, address: &str) -> Result<Ctx, Failure> {
    let folder = data_dir(config)?;
    let store = open(config, &folder).await?;
    let base_url = match &config.base_url {
        Some(url) => url.clone(),
        None => Url::parse(address).map_err(|error| Failure::Other(error.to_string()))?,
    };
    let keys = secret(config, &folder, &*random)?;
    Ok(Ctx::new(Parts { store, clock, random, keys, base_url, mail_from: sender(config)?, api_rate: config.api_rate }))
}

/// Where mails go; `hello` is the name we introduce ourselves with.
fn transport(config: &Config, hello: &str) -> Result<Transport, Failure> {
    match &config.smtp_url {
        None => Ok(Transport::Folder(Folder::new(config.data_dir.join("mail")))),
        Some(url) => {
            let smtp = Smtp::from_url(url, hello, Deadlines::default());
            Ok(Transport::Smtp(smtp.map_err(|error| Failure::Other(format!("ONDUTY_SMTP_URL: {error}")))?))
        }
    }
}

fn workers() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get).min(8)
}

/// Up to this size, in bytes, an SQLite file is checked before the first answer (1.8): reading it takes some tenths of a second at
/// most. A larger one is checked while the first requests are answered already.
const CHECKED_FIRST: u64 = 64 << 20;

/// Whether the file is so large that checking it must not keep anybody waiting.
fn is_large(config: &Config) -> bool {
    let size = copies::file_of(&config.database_url).and_then(|file| std::fs::metadata(file).ok()).map(|file| file.len());
    Engine::of(&config.database_url) == Some(Engine::Sqlite) && size.is_some_and(|size| size > CHECKED_FIRST)
}

/// A damaged file is told of by its name, with the way out.
fn named(config: &Config, error: StoreError) -> Failure {
    match (error, copies::file_of(&config.database_url)) {
        (StoreError::Damaged(said), Some(file)) => Failure::Other(format!(
            "the database {} is damaged ({}); move it away and put a copy in its place with onduty restore",
            file.display(),
            said.split_whitespace().collect::<Vec<_>>().join(" ")
        )),
        (error, _) => error.into(),
    }
}

async fn open(config: &Config, folder: &Path) -> Result<Store, Failure> {
    let store = sound(config).await.map_err(|error| named(config, error))?;
    match (store.engine(), schema(&store).await?) {
        (_, Schema::Current) => {}
        (Engine::Sqlite, _) => {
            migrate_store(&store, &config.database_url, &folder.join("migrate.lock")).await?;
        }
        (Engine::Postgres, Schema::Behind(steps)) => {
            return Err(Failure::Other(format!("{steps} migration step(s) are pending; run onduty migrate first")));
        }
        (Engine::Postgres, Schema::Newer) => {
            return Err(Failure::Other("the database was written by a newer version of Onduty".into()));
        }
    }
    Ok(store)
}

/// Opens the database; one that is not large is checked from end to end.
async fn sound(config: &Config) -> Result<Store, StoreError> {
    let store = Store::open(&config.database_url).await?;
    if !is_large(config) {
        store.quick_check().await?;
    }
    Ok(store)
}

fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).map_err(|error| Failure::Io(format!("listening on {address}"), error))
}

fn data_dir(config: &Config) -> Result<PathBuf, Failure> {
    let folder = config.data_dir.clone();
    let mut maker = std::fs::DirBuilder::new();
    maker.recursive(true);
    // It holds password hashes, the secret key and links that open accounts.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
    maker.create(&folder).map_err(|error| Failure::Io(format!("data folder {}", folder.display()), error))?;
    Ok(folder)
}

/// The static folder beside the binary, else in the working folder.
fn static_dir() -> Result<PathBuf, Failure> {
    let beside = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("static")));
    let here = PathBuf::from("static");
    let found = beside.into_iter().chain([here]).find(|folder| folder.join("css/app.css").is_file());
    found.ok_or_else(|| Failure::Other("the folder static is neither beside the program nor in the working folder".into()))
}

fn secret(config: &Config, folder: &Path, random: &dyn Random) -> Result<SecretKey, Failure> {
    let key = match &config.secret_key {
        Some(text) => SecretKey::from_text(text),
        None => SecretKey::from_file_or_new(&folder.join("secret.key"), random),
    };
    key.map_err(|error| Failure::Other(format!("secret key: {error}")))
}

fn sender(config: &Config) -> Result<Party, Failure> {
    let parsed = config.mail_from.parse();
    parsed.map_err(|error| Failure::Other(format!("ONDUTY_MAIL_FROM must be Name <address>: {error}")))
}
