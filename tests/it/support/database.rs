//! A migrated database of its own for each test: a temporary file, or a copy of a template on PostgreSQL.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use onduty::store::Store;
use onduty::store::migrate::migrate;
use sea_orm::ConnectionTrait;
use tempfile::TempDir;
use tokio::sync::OnceCell;
use url::Url;

/// The address of an administrator's database where the tests run on PostgreSQL.
pub const POSTGRES: &str = "ONDUTY_TEST_POSTGRES";

/// A database that nobody else uses; it goes with its value.
pub struct Database {
    /// For `ONDUTY_DATABASE_URL`.
    pub url: String,
    /// A folder of its own, for the data folder.
    pub folder: TempDir,
    on_postgres: Option<(Url, String)>,
}

static COUNT: AtomicU32 = AtomicU32::new(0);
static FILE: OnceCell<Vec<u8>> = OnceCell::const_new();
static TEMPLATE: OnceCell<String> = OnceCell::const_new();

impl Database {
    /// A migrated, empty database on the engine under test.
    pub async fn fresh() -> Database {
        match Self::postgres() {
            Some(admin) => Self::on_postgres(admin).await,
            None => Self::on_sqlite().await,
        }
    }

    /// A database without tables on the engine under test.
    pub async fn blank() -> Database {
        let folder = tempfile::tempdir().expect("a temporary folder");
        match Self::postgres() {
            Some(admin) => {
                let name = next_name();
                execute(&admin, &format!("CREATE DATABASE {name}")).await;
                Database { url: address(&admin, &name), folder, on_postgres: Some((admin, name)) }
            }
            None => Database { url: sqlite(&folder.path().join("onduty.sqlite")), folder, on_postgres: None },
        }
    }

    /// The administrator's address, where the tests run on PostgreSQL.
    pub fn postgres() -> Option<Url> {
        let text = std::env::var(POSTGRES).ok().filter(|text| !text.is_empty())?;
        Some(Url::parse(&text).expect("ONDUTY_TEST_POSTGRES is an address"))
    }

    async fn on_sqlite() -> Database {
        let bytes = FILE.get_or_init(migrated_file).await;
        let database = Self::blank().await;
        std::fs::write(database.folder.path().join("onduty.sqlite"), bytes).expect("a database file");
        database
    }

    async fn on_postgres(admin: Url) -> Database {
        let template = TEMPLATE.get_or_init(|| template(admin.clone())).await;
        let name = next_name();
        execute(&admin, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        let folder = tempfile::tempdir().expect("a temporary folder");
        Database { url: address(&admin, &name), folder, on_postgres: Some((admin, name)) }
    }

    /// Drops a PostgreSQL database with whatever still holds on to it.
    pub async fn remove(self) {
        if let Some((admin, name)) = &self.on_postgres {
            execute(admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}

async fn migrated_file() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = sqlite(&folder.path().join("made.sqlite"));
    let store = Store::open(&url).await.expect("a new database");
    migrate(&store, &url, &folder.path().join("lock")).await.expect("migrations");
    let copy = folder.path().join("copy.sqlite");
    store.copy_to(copy.to_str().expect("a plain path")).await.expect("a copy");
    store.close().await;
    std::fs::read(copy).expect("the copy")
}

async fn template(admin: Url) -> String {
    let name = format!("onduty_template_{}", std::process::id());
    execute(&admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    execute(&admin, &format!("CREATE DATABASE {name}")).await;
    let url = address(&admin, &name);
    let store = Store::open(&url).await.expect("a new database");
    migrate(&store, &url, Path::new("unused")).await.expect("migrations");
    store.close().await;
    name
}

fn next_name() -> String {
    format!("onduty_test_{}_{}", std::process::id(), number())
}

/// A number that no other caller in this process gets.
pub fn number() -> u32 {
    COUNT.fetch_add(1, Ordering::Relaxed)
}

fn sqlite(file: &Path) -> String {
    format!("sqlite:{}", PathBuf::from(file).display())
}

fn address(admin: &Url, name: &str) -> String {
    let mut url = admin.clone();
    url.set_path(name);
    url.to_string()
}

async fn execute(admin: &Url, text: &str) {
    let mut options = sea_orm::ConnectOptions::new(admin.as_str());
    options.max_connections(1).sqlx_logging(false);
    let db = sea_orm::Database::connect(options).await.expect("the administrator's database");
    db.execute_unprepared(text).await.unwrap_or_else(|error| panic!("{text}: {error}"));
    db.close().await.expect("closed");
}
