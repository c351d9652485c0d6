//! Raw statements for tests of the rooms above, which know no SQL library.

use sea_orm::ConnectionTrait;

use super::{Store, StoreError, Tx};

/// Runs a statement.
pub(crate) async fn exec(store: &Store, statement: &str) {
    let run = async |tx: &Tx| tx.execute_unprepared(statement).await.map_err(StoreError::from);
    store.write(run).await.unwrap();
}

/// Reads one text.
pub(crate) async fn text(store: &Store, query: &str) -> String {
    let row = store.read().query_one_raw(super::sql(store.read(), query, [])).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}
