//! Many rows as one: the database writes them down as JSON and serde reads them. A row that goes from the database to us by itself
//! wakes a thread here and costs an allocation a column, which was a third of what the list of operators took.

use std::borrow::Cow;
use std::fmt::{self, Formatter};

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Value};
use serde::de::{DeserializeOwned, Visitor};
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
    struct Truth;
    impl Visitor<'_> for Truth {
        type Value = bool;

        fn expecting(&self, to: &mut Formatter) -> fmt::Result {
            to.write_str("a truth or a number")
        }

        fn visit_bool<E>(self, is_true: bool) -> Result<bool, E> {
            Ok(is_true)
        }

        fn visit_u64<E>(self, number: u64) -> Result<bool, E> {
            Ok(number != 0)
        }
    }
    from.deserialize_any(Truth)
}

/// Texts, each behind its place and a blank, joined by commas: in the order of their places. SQLite sorts a handful of them slowly.
pub(crate) fn placed<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let joined = Option::<Cow<'_, str>>::deserialize(from)?.unwrap_or_default();
    let mut placed: Vec<(i64, &str)> = joined.split(',').filter_map(|one| one.split_once(' ')).filter_map(place).collect();
    placed.sort_unstable();
    Ok(placed.into_iter().map(|(_, text)| text.to_owned()).collect())
}

fn place<'a>((place, text): (&str, &'a str)) -> Option<(i64, &'a str)> {
    Some((place.parse().ok()?, text))
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
