//! Many rows as one: the database writes them down as JSON and serde reads them. A row that goes from the database to us by itself
//! wakes a thread here and costs an allocation a column, which was a third of what the list of operators took.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Value};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::{StoreError, sql};

/// All rows of a select as `T`, whose fields stand in the order of `columns`; `rest` is what follows them, and gives the order.
/// Instants are milliseconds; SQLite's truths are numbers, see [`truth`].
pub(crate) async fn all<T: DeserializeOwned>(
    db: &impl ConnectionTrait,
    columns: &str,
    rest: &str,
    values: Vec<Value>,
) -> Result<Vec<T>, StoreError> {
    let array = match db.get_database_backend() {
        DbBackend::Postgres => "json_build_array",
        _ => "json_array",
    };
    let text = format!("SELECT '[' || string_agg(CAST(one AS TEXT), ',') || ']' FROM (SELECT {array}({columns}) AS one {rest}) AS many");
    let row = db.query_one_raw(sql(db, text, values)).await?;
    let text: Option<String> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
    let Some(text) = text else { return Ok(Vec::new()) };
    serde_json::from_str(&text).map_err(|error| StoreError::Database(DbErr::Json(error.to_string())))
}

/// A truth as PostgreSQL or as SQLite writes it.
pub(crate) fn truth<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Truth {
        Word(bool),
        Number(i64),
    }
    Ok(match Truth::deserialize(from)? {
        Truth::Word(is_true) => is_true,
        Truth::Number(number) => number != 0,
    })
}

/// An instant that may be absent.
pub(crate) fn instant<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let milliseconds = Option::<i64>::deserialize(from)?;
    Ok(milliseconds.and_then(DateTime::from_timestamp_millis))
}

/// An instant for which 1970 stands where it is absent.
pub(crate) fn instant_but_epoch<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    Ok(instant(from)?.filter(|at| *at != DateTime::UNIX_EPOCH))
}
