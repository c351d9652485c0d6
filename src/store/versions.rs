//! Counters that tell every node when what it holds in memory is old.

use sea_orm::ConnectionTrait;

use super::{StoreError, Tx, sql};

/// What a counter stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    /// Organisation settings, roles, languages, departments and mail texts.
    Catalogue,
    /// Operators, their languages, job positions and departments.
    Operators,
}

impl Counter {
    fn name(self) -> &'static str {
        match self {
            Counter::Catalogue => "catalogue",
            Counter::Operators => "operators",
        }
    }
}

/// Counts one change up, in the transaction that makes it. It also makes transactions that touch the
/// same kind of thing wait for one another on PostgreSQL, as they do on SQLite anyway.
pub async fn touch(tx: &Tx, counter: Counter) -> Result<(), StoreError> {
    tx.execute_raw(sql(tx, "UPDATE versions SET n = n + 1 WHERE name = $1", [counter.name().into()])).await?;
    Ok(())
}

/// The counter as it stands.
pub async fn of(db: &impl ConnectionTrait, counter: Counter) -> Result<i64, StoreError> {
    let row = db.query_one_raw(sql(db, "SELECT n FROM versions WHERE name = $1", [counter.name().into()])).await?;
    Ok(match row {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    })
}
