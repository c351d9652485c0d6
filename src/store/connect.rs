//! Connections: where the two engines differ.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr};
use tokio::sync::Notify;

use super::write::{Turn, is_boundary};
use super::{ACQUIRE, StoreError, sql};

/// The two database engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file in the data folder.
    Sqlite,
    /// A server, for several nodes.
    Postgres,
}

impl Engine {
    /// Reads the engine off a database address.
    pub fn of(url: &str) -> Option<Engine> {
        if url.starts_with("sqlite:") {
            Some(Engine::Sqlite)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Some(Engine::Postgres)
        } else {
            None
        }
    }
}

/// The open database: readers from a pool, and writers.
///
/// SQLite has exactly one writing connection and a fair queue before it: a common pool of writers
/// fell to a third of its speed under load and let the last of 32 wait for seconds (F20).
#[derive(Clone)]
pub struct Store {
    pub(super) engine: Engine,
    pub(super) readers: DatabaseConnection,
    pub(super) writers: DatabaseConnection,
    pub(super) turn: Turn,
    statements: Arc<AtomicU64>,
    pub(super) writes: Arc<AtomicU64>,
    pub(super) beyond_queries: Arc<AtomicU64>,
    pub(super) written: Arc<Notify>,
}

/// Connections that read an SQLite file at once; more of them only hold more memory (each has its own copy of the schema, its
/// statements and its pages), since a read takes less than a millisecond. One may be busy for long, with a copy or a check.
const READERS: u32 = 3;

impl Store {
    /// Opens the database at `url` and asserts what durability rests on (D-1, F9).
    pub async fn open(url: &str) -> Result<Store, StoreError> {
        let engine = Engine::of(url)
            .ok_or_else(|| StoreError::Database(DbErr::Custom("the database address must begin with sqlite: or postgres:".into())))?;
        let statements = Arc::new(AtomicU64::new(0));
        let (mut readers, mut writers) = match engine {
            Engine::Sqlite => (connect_sqlite(url, READERS).await?, connect_sqlite(url, 1).await?),
            Engine::Postgres => {
                let pool = connect_postgres(url, 16).await?;
                (pool.clone(), pool)
            }
        };
        for db in [&mut readers, &mut writers] {
            let counter = statements.clone();
            db.set_metric_callback(move |info| {
                counter.fetch_add(u64::from(!is_boundary(&info.statement.sql)), Ordering::Relaxed);
            });
        }
        let (turn, writes, beyond_queries, written) = Default::default();
        let store = Store { engine, readers, writers, turn, statements, writes, beyond_queries, written };
        if engine == Engine::Sqlite {
            store.assert_durable().await?;
        }
        Ok(store)
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The pool to read from.
    pub fn read(&self) -> &DatabaseConnection {
        &self.readers
    }

    /// The writing connection itself, for migrations only.
    pub(super) fn writer(&self) -> &DatabaseConnection {
        &self.writers
    }

    /// Statements run so far but for those that begin and end transactions, for metrics and for the tests that forbid N+1.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Reads the file of an SQLite database from end to end and checks that its pages hang together (1.8); nothing to do on PostgreSQL.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], with the first thing that is wrong.
    pub async fn quick_check(&self) -> Result<(), StoreError> {
        if self.engine == Engine::Postgres {
            return Ok(());
        }
        let row = self.readers.query_one_raw(sql(&self.readers, "PRAGMA quick_check(1)", [])).await?;
        match row.map(|row| row.try_get_by_index::<String>(0)).transpose()?.as_deref() {
            Some("ok") => Ok(()),
            said => Err(StoreError::Damaged(said.unwrap_or("the check says nothing").to_owned())),
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.readers.query_one_raw(sql(&self.readers, "SELECT 1", [])).await?;
        Ok(())
    }

    /// Writes the log back into the file and cuts it, so that it cannot grow for ever (1.8).
    pub async fn checkpoint(&self) -> Result<(), StoreError> {
        if self.engine == Engine::Sqlite {
            let _turn = self.turn().await;
            self.readers.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        Ok(())
    }

    /// A consistent copy of an SQLite database while it is in use; a plain copy of the file loses
    /// acknowledged rows (F10).
    pub async fn copy_to(&self, file: &str) -> Result<(), StoreError> {
        self.readers.execute_raw(sql(&self.readers, "VACUUM INTO $1", [file.into()])).await?;
        Ok(())
    }

    /// Closes all connections.
    pub async fn close(self) {
        self.rest().await;
        let _ = self.readers.close().await;
        let _ = self.writers.close().await;
    }

    async fn assert_durable(&self) -> Result<(), StoreError> {
        for (pragma, wanted) in [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1")] {
            let row = self.writers.query_one_raw(sql(&self.writers, format!("PRAGMA {pragma}"), [])).await?;
            let found = match row {
                Some(row) => row.try_get_by_index::<String>(0).or_else(|_| row.try_get_by_index::<i64>(0).map(|n| n.to_string()))?,
                None => String::new(),
            };
            if found != wanted {
                return Err(StoreError::Database(DbErr::Custom(format!("{pragma} is {found}, not {wanted}"))));
            }
        }
        Ok(())
    }
}

fn options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .record_stmt_in_spans(false)
        .sqlx_logging(false);
    options
}

async fn connect_sqlite(url: &str, connections: u32) -> Result<DatabaseConnection, StoreError> {
    let mut options = options(url, connections);
    options.map_sqlx_sqlite_opts(|options| {
        options
            .create_if_missing(true)
            .busy_timeout(Duration::from_secs(5))
            .foreign_keys(true)
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL")
            // Pages: what is written again and again goes into the file once for all of them.
            .pragma("wal_autocheckpoint", "4000")
            // KiB a connection: the system's file cache holds the same pages once for all of them.
            .pragma("cache_size", "-512")
    });
    Ok(Database::connect(options).await?)
}

async fn connect_postgres(url: &str, connections: u32) -> Result<DatabaseConnection, StoreError> {
    let mut options = options(url, connections);
    // A pooled connection may have died with its server: find out before a request does.
    options.test_before_acquire_if_idle_for(Duration::from_secs(30));
    options.map_sqlx_postgres_opts(|options| {
        options.options([
            ("statement_timeout", "10s"),
            ("lock_timeout", "3s"),
            ("idle_in_transaction_session_timeout", "30s"),
            ("timezone", "UTC"),
        ])
    });
    Ok(Database::connect(options).await?)
}
