//! Builds everything, runs it until a signal, and stops it in order.
//! No rule and no page lives here.
//! It may call every room; only the command line calls it.

pub mod http;
mod log;

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use url::Url;

use crate::actions::{Ctx, Parts};
use crate::cli::say;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::mail::message::Party;
use crate::security::keys::SecretKey;
use crate::security::random::{Random, SystemRandom};
use crate::store::migrate::{Schema, migrate as migrate_store, schema};
use crate::store::{Engine, Store, StoreError};
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
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl From<crate::error::AppError> for Failure {
    fn from(error: crate::error::AppError) -> Self {
        Failure::Other(error.to_string())
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

/// Migrates where that is this program's to do, serves until a signal, stops in order.
pub async fn serve(config: Config) -> Result<(), Failure> {
    log::start(&config);
    let app = Application::build(&config).await?;
    let url = app.url.clone();
    let server = app.start()?;
    say(&format!("Listening on {url}"));
    server.await.map_err(|error| Failure::Io("serving".into(), error))
}

/// Applies all pending migrations.
pub async fn migrate(config: &Config) -> Result<usize, Failure> {
    let folder = data_dir(config)?;
    let store = Store::open(&config.database_url).await?;
    let steps = migrate_store(&store, &config.database_url, &folder.join("migrate.lock")).await?;
    store.close().await;
    Ok(steps)
}

/// Tries what the settings point at.
pub async fn check(config: &Config) -> Result<(), Failure> {
    data_dir(config)?;
    static_dir()?;
    sender(config)?;
    Store::open(&config.database_url).await?.ping().await?;
    Ok(())
}

/// Everything that runs, before it runs.
pub struct Application {
    /// What deeds are done with.
    pub ctx: Arc<Ctx>,
    /// Where the pages are reached on this machine.
    pub url: String,
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
        let folder = data_dir(config)?;
        let store = open(config, &folder).await?;
        let listener = bind(config.listen)?;
        let address = listener.local_addr().map_err(|error| Failure::Io("listening".into(), error))?;
        let url = format!("http://{address}");
        let base_url = match &config.base_url {
            Some(url) => url.clone(),
            None => Url::parse(&url).map_err(|error| Failure::Other(error.to_string()))?,
        };
        let static_dir = static_dir()?;
        web::assets::read(&static_dir).map_err(|error| Failure::Io("the static folder".into(), error))?;
        let ctx = Ctx::new(Parts {
            store,
            clock,
            keys: secret(config, &folder, &*random)?,
            random,
            base_url,
            mail_from: sender(config)?,
            api_rate: config.api_rate,
        });
        Ok(Application { ctx: Arc::new(ctx), url, listener, static_dir, config: config.clone() })
    }

    /// Starts to answer; the server stops by itself on SIGTERM and SIGINT.
    pub fn start(self) -> Result<Server, Failure> {
        let door = web::Door { ctx: self.ctx.clone(), static_dir: self.static_dir };
        let proxies = Arc::new(self.config.trusted_proxies);
        let calls = Data::new(api::Calls::default());
        let ctx = Data::from(self.ctx);
        let server = HttpServer::new(move || {
            App::new()
                .app_data(ctx.clone())
                .app_data(Data::from(proxies.clone()))
                .wrap(from_fn(http::receive))
                .configure(|config| api::routes(config, &calls))
                .configure(|config| web::routes(config, &door))
        });
        let server = server.shutdown_timeout(GRACE.as_secs()).max_connections(CONNECTIONS).workers(workers());
        let server = server.listen(self.listener).map_err(|error| Failure::Io("listening".into(), error))?;
        Ok(server.run())
    }
}

fn workers() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get).min(8)
}

async fn open(config: &Config, folder: &Path) -> Result<Store, Failure> {
    let store = Store::open(&config.database_url).await?;
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

fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).map_err(|error| Failure::Io(format!("listening on {address}"), error))
}

fn data_dir(config: &Config) -> Result<PathBuf, Failure> {
    let folder = config.data_dir.clone();
    std::fs::create_dir_all(&folder).map_err(|error| Failure::Io(format!("data folder {}", folder.display()), error))?;
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
