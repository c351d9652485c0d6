//! Copies of an SQLite database: where its file is, and whether a copy is whole (F10, D-6).

use std::path::{Path, PathBuf};
use std::str::FromStr;

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, sqlx::sqlite::SqliteConnectOptions};

use super::migrate::{Schema, schema_of};
use super::{Engine, StoreError, sql};

/// The file behind an SQLite address.
pub fn file_of(url: &str) -> Option<PathBuf> {
    let options = SqliteConnectOptions::from_str(url).ok()?;
    Some(options.get_filename().to_owned())
}

/// What a copy holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copy {
    /// How it stands to this program.
    pub schema: Schema,
    /// Operators in it, the deleted ones included; 0 where it is no database of ours.
    pub operators: i64,
}

/// Reads a copy from its first page to its last and says what is in it. Nobody may write to the file meanwhile.
///
/// # Errors
/// Where it is no database, or damaged.
pub async fn examine(file: &Path) -> Result<Copy, StoreError> {
    let file = file.to_owned();
    let mut options = ConnectOptions::new("sqlite:copy");
    options.max_connections(1).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(move |options| options.filename(&file).create_if_missing(false).read_only(true).immutable(true));
    let db = Database::connect(options).await?;
    let found = look(&db).await;
    db.close().await?;
    found
}

async fn look(db: &DatabaseConnection) -> Result<Copy, StoreError> {
    let row = db.query_one_raw(sql(db, "PRAGMA integrity_check", [])).await?;
    let said = row.map(|row| row.try_get_by_index::<String>(0)).transpose()?.unwrap_or_default();
    if said != "ok" {
        return Err(StoreError::Database(sea_orm::DbErr::Custom(format!("damaged: {said}"))));
    }
    let schema = schema_of(db, Engine::Sqlite).await?;
    let table = db.query_one_raw(sql(db, "SELECT 1 FROM sqlite_master WHERE name = 'operators'", [])).await?;
    let operators = match table {
        Some(_) => db.query_one_raw(sql(db, "SELECT COUNT(*) FROM operators", [])).await?,
        None => None,
    };
    Ok(Copy { schema, operators: operators.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default() })
}
