//! Counters that tell every node when what it holds in memory is old.

use sea_orm::ConnectionTrait;

use super::{AT_ONCE, StoreError, Tx, named, sql};

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
///
/// A change of operators counts for every one of them; [`touch_operators`] counts for some.
pub async fn touch(tx: &Tx, counter: Counter) -> Result<(), StoreError> {
    tx.execute_raw(sql(tx, "UPDATE versions SET n = n + 1 WHERE name = $1", [counter.name().into()])).await?;
    if counter == Counter::Operators {
        const EVERYONE: &str = "UPDATE versions SET n = (SELECT o.n FROM versions o WHERE o.name = 'operators') WHERE name = 'everyone'";
        tx.execute_raw(sql(tx, EVERYONE, [])).await?;
    }
    Ok(())
}

/// Counts up a change of these operators alone, so that nodes read no others anew. Without any it only makes others wait, as [`touch`] does.
pub async fn touch_operators(tx: &Tx, ids: &[i64]) -> Result<(), StoreError> {
    tx.execute_raw(sql(tx, "UPDATE versions SET n = n + 1 WHERE name = 'operators'", [])).await?;
    for ids in ids.chunks(AT_ONCE) {
        let mut values = Vec::new();
        let ids = named(&mut values, ids.iter().copied());
        let text = format!("UPDATE operators SET touched = (SELECT n FROM versions WHERE name = 'operators') WHERE id IN ({ids})");
        tx.execute_raw(sql(tx, text, values)).await?;
    }
    Ok(())
}

/// The counters that a node compares with what it holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// Of the small tables.
    pub catalogue: i64,
    /// Of the operators.
    pub operators: i64,
    /// The one of the operators with which something changed that is not one operator's.
    pub everyone: i64,
    /// Of what operators have at hand.
    pub work: i64,
}

/// All counters, in the order of [`Versions`].
pub(super) const COUNTERS: &str = "SELECT (SELECT n FROM versions WHERE name = 'catalogue') AS catalogue, \
    (SELECT n FROM versions WHERE name = 'operators') AS operators, (SELECT n FROM versions WHERE name = 'everyone') AS everyone, \
    (SELECT n FROM versions WHERE name = 'work') AS work";

/// All counters, in one statement.
pub async fn all(db: &impl ConnectionTrait) -> Result<Versions, StoreError> {
    let Some(row) = db.query_one_raw(sql(db, COUNTERS, [])).await? else { return Ok(Versions::default()) };
    let n = |index| row.try_get_by_index::<i64>(index);
    Ok(Versions { catalogue: n(0)?, operators: n(1)?, everyone: n(2)?, work: n(3)? })
}

/// The counter as it stands.
pub async fn of(db: &impl ConnectionTrait, counter: Counter) -> Result<i64, StoreError> {
    let row = db.query_one_raw(sql(db, "SELECT n FROM versions WHERE name = $1", [counter.name().into()])).await?;
    Ok(match row {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    })
}
