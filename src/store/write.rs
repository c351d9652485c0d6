//! The one entry for write transactions, and whose turn it is.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use sea_orm::{SqliteTransactionMode, TransactionOptions, TransactionTrait};
use tokio::sync::{Mutex, MutexGuard, Notify, oneshot};

use super::{Engine, Retryable, Store, StoreError, Tx};

/// How often a transaction that met another one is tried before its error stands (1.8).
const TRIES: u32 = 4;

/// The turn to write on SQLite; in it is what has been written but not committed yet.
pub(super) type Turn = Arc<Mutex<Option<Group>>>;

/// A transaction of several deeds. Whoever drops it undoes them all, and lets each know.
pub(super) struct Group {
    tx: Tx,
    /// Told when it is committed.
    members: Vec<oneshot::Sender<()>>,
}

impl Store {
    /// Transactions that this process has committed: whoever read before the number moved may hold what is old.
    pub fn writes(&self) -> u64 {
        self.writes.load(Ordering::Acquire)
    }

    /// Those of them that changed more than queries.
    pub fn writes_beyond_queries(&self) -> u64 {
        self.beyond_queries.load(Ordering::Acquire)
    }

    /// Rung with each transaction that this process commits.
    pub fn written(&self) -> &Notify {
        &self.written
    }

    /// Runs `deed` in one write transaction: committed where it returns `Ok`, undone otherwise.
    ///
    /// On SQLite it starts IMMEDIATE, since a transaction that read first could not write later when
    /// another had written in between (F8). A transaction that met another one is tried again.
    pub async fn write<T, E>(&self, deed: impl AsyncFn(&Tx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError> + Retryable,
    {
        let answer = self.write_queries(deed).await;
        if answer.is_ok() {
            self.beyond_queries.fetch_add(1, Ordering::Release);
        }
        answer
    }

    /// A write transaction, as by [`Store::write`], which changes queries, what operators have at hand, and mails: nothing of what
    /// is held in memory beside work.
    pub async fn write_queries<T, E>(&self, deed: impl AsyncFn(&Tx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError> + Retryable,
    {
        let mut tries = 1;
        loop {
            match self.write_once(&deed).await {
                Err(error) if error.is_retryable() && tries < TRIES => {
                    tokio::time::sleep(Duration::from_millis(10 << tries)).await;
                    tries += 1;
                }
                answer => return answer,
            }
        }
    }

    /// The same together with others who wait for the writer of SQLite: each sees what the ones before wrote, all of it is committed
    /// at once, and nobody is told before, so that many wait for the disk once. Where one fails all are undone, and each tries again
    /// by itself: this is for deeds that hardly ever fail. On PostgreSQL, which commits together by itself, it is no different.
    pub async fn write_queries_together<T, E>(&self, deed: impl AsyncFn(&Tx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError> + Retryable,
    {
        if self.engine == Engine::Sqlite
            && let Some(value) = self.write_in_group(&deed).await
        {
            return Ok(value);
        }
        self.write_queries(deed).await
    }

    /// None where nothing was written.
    async fn write_in_group<T, E>(&self, deed: &impl AsyncFn(&Tx) -> Result<T, E>) -> Option<T> {
        let mut turn = self.turn.lock().await;
        let (mut group, is_new) = match turn.take() {
            Some(group) => (group, false),
            None => (Group { tx: self.begin().await.ok()?, members: Vec::new() }, true),
        };
        let Ok(value) = deed(&group.tx).await else {
            self.undo(group.tx).await;
            return None;
        };
        let (told, heard) = oneshot::channel();
        group.members.push(told);
        *turn = Some(group);
        drop(turn);
        if is_new {
            // Whoever ends the group stands in line behind those who wait now, so that they come in before. It is nobody's request:
            // one that is given up must not leave the others waiting.
            let store = self.clone();
            tokio::spawn(async move { drop(store.turn().await) });
        }
        heard.await.ok().map(|()| value)
    }

    async fn write_once<T, E>(&self, deed: &impl AsyncFn(&Tx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        let turn = match self.engine {
            Engine::Sqlite => Some(self.turn().await),
            Engine::Postgres => None,
        };
        let tx = self.begin().await?;
        let answer = match deed(&tx).await {
            Ok(value) => self.commit(tx).await.map(|()| value).map_err(E::from),
            Err(error) => {
                self.undo(tx).await;
                Err(error)
            }
        };
        if turn.is_some() {
            // Whoever waits for the writer on this thread gets it before this request goes on, so that it is never idle.
            drop(turn);
            tokio::task::yield_now().await;
        }
        answer
    }

    /// The turn of somebody who writes alone, or ends a group: what others have written is committed, and they are told.
    pub(super) async fn turn(&self) -> MutexGuard<'_, Option<Group>> {
        let mut turn = self.turn.lock().await;
        if let Some(group) = turn.take() {
            let store = self.clone();
            // Nobody who gives up may stop it half-way: the others would take it for undone and write again. Whoever gets the turn
            // then waits for the one connection. A task that fails has dropped the group.
            let _ = tokio::spawn(async move { store.end(group).await }).await;
        }
        turn
    }

    async fn end(&self, Group { tx, members }: Group) {
        if self.commit(tx).await.is_ok() {
            for member in members {
                // Who has given up meanwhile need not be told.
                let _ = member.send(());
            }
        }
    }

    async fn begin(&self) -> Result<Tx, StoreError> {
        let options =
            TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..TransactionOptions::default() };
        Ok(self.writers.begin_with_options(options).await?)
    }

    async fn commit(&self, tx: Tx) -> Result<(), StoreError> {
        if let Err(error) = tx.commit().await {
            self.renew_writer().await;
            return Err(error.into());
        }
        self.writes.fetch_add(1, Ordering::Release);
        self.written.notify_waiters();
        Ok(())
    }

    async fn undo(&self, tx: Tx) {
        if tx.rollback().await.is_err() {
            self.renew_writer().await;
        }
    }

    /// Gives the writing connection of SQLite up for a new one. Where the disk is full, SQLite undoes a transaction by itself; the
    /// driver goes on to believe that it is open, and every later one on that connection would fail (D-5).
    async fn renew_writer(&self) {
        if self.engine != Engine::Sqlite {
            return;
        }
        match self.writers.get_sqlite_connection_pool().acquire().await.map(|connection| connection.close()) {
            Ok(closed) => {
                // Closed or broken: it is out of the pool either way.
                let _ = closed.await;
            }
            Err(error) => tracing::warn!(%error, "the writing connection could not be renewed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;
    use sea_orm::ConnectionTrait;

    use super::super::operators::tests::store;
    use super::*;

    async fn put(store: &Store, n: i64, fails: bool) -> Result<i64, StoreError> {
        let text = format!("INSERT INTO suppressed_addresses (address_key, at, reason) VALUES ('{n}', {n}, 'test')");
        let deed = async |tx: &Tx| {
            tx.execute_unprepared(&text).await?;
            if fails {
                tx.execute_unprepared("INSERT INTO nowhere (n) VALUES (1)").await?;
            }
            Ok(n)
        };
        store.write_queries_together(deed).await
    }

    async fn all(store: &Store) -> Vec<i64> {
        let rows = store.read().query_all_raw(super::super::sql(store.read(), "SELECT at FROM suppressed_addresses ORDER BY at", []));
        rows.await.unwrap().iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    #[tokio::test]
    async fn those_who_wait_are_committed_together() {
        let (store, _folder) = store().await;
        let before = store.writes();
        let told = join_all((0..20).map(|n| put(&store, n, false))).await;
        assert_eq!(told.into_iter().map(Result::unwrap).collect::<Vec<_>>(), (0..20).collect::<Vec<_>>());
        assert_eq!(all(&store).await, (0..20).collect::<Vec<_>>());
        let expected = if store.engine() == Engine::Sqlite { 1 } else { 20 };
        assert_eq!(store.writes() - before, expected);
        put(&store, 20, false).await.unwrap();
        assert_eq!((all(&store).await.len(), store.writes() - before), (21, expected + 1), "alone, it waits for nobody");
    }

    #[tokio::test]
    async fn one_that_fails_fails_alone() {
        let (store, _folder) = store().await;
        let told = join_all((0..20).map(|n| put(&store, n, n % 7 == 3))).await;
        for (n, told) in (0..).zip(told) {
            assert_eq!(told.is_err(), n % 7 == 3, "{n}: {told:?}");
        }
        assert_eq!(all(&store).await, (0..20).filter(|n| n % 7 != 3).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn one_who_writes_alone_finds_what_the_others_wrote_committed() {
        let (store, _folder) = store().await;
        let alone = store.write(async |tx: &Tx| {
            let rows = tx.query_all_raw(super::super::sql(tx, "SELECT 1 FROM suppressed_addresses", [])).await?;
            Ok::<_, StoreError>((rows.len(), store.writes()))
        });
        let before = store.writes();
        let (one, two, alone) = tokio::join!(put(&store, 1, false), put(&store, 2, false), alone);
        assert_eq!((one.unwrap(), two.unwrap()), (1, 2));
        if store.engine() == Engine::Sqlite {
            assert_eq!(alone.unwrap(), (2, before + 1));
        }
    }

    #[tokio::test]
    async fn whoever_gives_up_keeps_nobody_waiting() {
        let (store, _folder) = store().await;
        for steps in 0..40 {
            let (a, b) = (steps * 10, steps * 10 + 1);
            let mut given_up = Box::pin(put(&store, a, false));
            // Polled so often, then dropped: in line, within the deed, after it, or done.
            for _ in 0..steps {
                tokio::select! { biased; _ = &mut given_up => break, () = tokio::task::yield_now() => {} }
            }
            let other = put(&store, b, false);
            drop(given_up);
            assert_eq!(other.await.unwrap(), b);
            store.write(async |_: &Tx| Ok::<_, StoreError>(())).await.unwrap();
            assert!(all(&store).await.contains(&b));
        }
    }

    #[tokio::test]
    async fn whoever_gives_up_before_their_own_turn_leaves_what_others_wrote() {
        let (store, _folder) = store().await;
        for steps in 0..40 {
            let alone = async {
                let mut alone = Box::pin(store.write(async |_: &Tx| Ok::<_, StoreError>(())));
                for _ in 0..steps {
                    tokio::select! { biased; _ = &mut alone => break, () = tokio::task::yield_now() => {} }
                }
            };
            let (a, b, ()) = tokio::join!(put(&store, steps * 10, false), put(&store, steps * 10 + 1, false), alone);
            assert_eq!((a.unwrap(), b.unwrap()), (steps * 10, steps * 10 + 1), "written once: the keys are unique");
        }
        assert_eq!(all(&store).await.len(), 80);
    }
}
