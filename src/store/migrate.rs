//! Bringing a database to this version, under a lock so that two starts never do it at once (D-7).

use std::fs::File;
use std::path::Path;

use migrations::Migrator;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr};
use sea_orm_migration::{MigratorTrait, MigratorTraitSelf};

use super::{Engine, Store, StoreError};

/// The key of the advisory lock on PostgreSQL: "onduty" in ASCII.
const LOCK: i64 = 0x6f6e_6475_7479;

/// How a database stands to this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// All steps of this version are applied.
    Current,
    /// So many steps are pending.
    Behind(usize),
    /// A newer version of the program has been here.
    Newer,
}

/// Compares the applied steps with those of this program.
pub async fn schema(store: &Store) -> Result<Schema, StoreError> {
    schema_of(store.read(), store.engine()).await
}

/// The same of any connection.
pub(super) async fn schema_of(db: &DatabaseConnection, engine: Engine) -> Result<Schema, StoreError> {
    let known: Vec<String> = <Migrator as MigratorTrait>::migrations().iter().map(|m| m.name().to_owned()).collect();
    let table = match engine {
        Engine::Sqlite => "SELECT 1 FROM sqlite_master WHERE name = 'seaql_migrations'",
        Engine::Postgres => "SELECT 1 WHERE to_regclass('seaql_migrations') IS NOT NULL",
    };
    if db.query_one_raw(super::sql(db, table, [])).await?.is_none() {
        return Ok(Schema::Behind(known.len()));
    }
    let rows = db.query_all_raw(super::sql(db, "SELECT version FROM seaql_migrations", [])).await?;
    let applied = rows.iter().map(|row| row.try_get_by_index::<String>(0)).collect::<Result<Vec<_>, _>>()?;
    if applied.iter().any(|name| !known.contains(name)) {
        return Ok(Schema::Newer);
    }
    Ok(match known.len() - applied.len() {
        0 => Schema::Current,
        pending => Schema::Behind(pending),
    })
}

/// Applies all pending steps; returns how many there were.
///
/// PostgreSQL: a session-level advisory lock on one connection. SQLite: a lock on a file beside the database.
pub async fn migrate(store: &Store, url: &str, lock_file: &Path) -> Result<usize, StoreError> {
    match store.engine() {
        Engine::Sqlite => {
            let _lock = lock(lock_file).await?;
            up(store).await
        }
        Engine::Postgres => {
            let mut options = ConnectOptions::new(url);
            options.max_connections(1).sqlx_logging(false);
            let one = Database::connect(options).await?;
            one.execute_unprepared(&format!("SELECT pg_advisory_lock({LOCK})")).await?;
            let done = up(store).await;
            one.close().await?;
            done
        }
    }
}

async fn up(store: &Store) -> Result<usize, StoreError> {
    match schema(store).await? {
        Schema::Current => Ok(0),
        Schema::Newer => Err(StoreError::Database(DbErr::Custom("this database was written by a newer version of Onduty".into()))),
        Schema::Behind(pending) => {
            MigratorTraitSelf::up(&Migrator, store.writer(), None).await?;
            Ok(pending)
        }
    }
}

async fn lock(file: &Path) -> Result<File, StoreError> {
    let file = file.to_owned();
    let locked = tokio::task::spawn_blocking(move || {
        let file = File::create(file)?;
        file.lock()?;
        Ok::<_, std::io::Error>(file)
    });
    match locked.await {
        Ok(Ok(file)) => Ok(file),
        Ok(Err(error)) => Err(StoreError::Database(DbErr::Custom(format!("migration lock: {error}")))),
        Err(error) => Err(StoreError::Database(DbErr::Custom(format!("migration lock: {error}")))),
    }
}
