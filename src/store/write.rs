//! The one entry for write transactions, and whose turn it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::poll;
use sea_orm::{ConnectionTrait, TransactionTrait};
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, oneshot};

use super::batch::COMMIT;
use super::{Batch, Engine, Retryable, Store, StoreError, Tx};

/// How often a transaction that met another one is tried before its error stands (1.8).
const TRIES: u32 = 4;
/// Takes the lock for writing of SQLite and changes nothing.
const LOCK: &str = "UPDATE versions SET n = n WHERE name = ''";

/// Whether all that a statement does is to begin or end a transaction.
pub(super) fn is_boundary(sql: &str) -> bool {
    sql == LOCK || sql.starts_with(COMMIT)
}

/// The turn to write on SQLite, and how many wait for it.
#[derive(Clone, Default)]
pub(super) struct Turn {
    writer: Arc<Mutex<Option<Writer>>>,
    waiting: Arc<AtomicUsize>,
}

/// Whoever has the turn. There is a writer where one was at work before.
type Turned = OwnedMutexGuard<Option<Writer>>;

/// The writing connection of SQLite within a transaction: begun for whoever writes next, which locks nothing, or with deeds in it
/// that are not committed yet. Whoever drops it undoes them all, and lets each know.
pub(super) struct Writer {
    tx: Tx,
    /// Whose deeds are in it; they are told when it is committed.
    members: Vec<oneshot::Sender<()>>,
}

/// Somebody in line for the turn.
struct InLine<'a>(&'a AtomicUsize);

impl<'a> InLine<'a> {
    fn at(turn: &'a Turn) -> InLine<'a> {
        turn.waiting.fetch_add(1, Ordering::Relaxed);
        InLine(&turn.waiting)
    }
}

impl Drop for InLine<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
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
    /// On SQLite it has the lock for writing before it reads, since a transaction that read first could not write later when
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
    ///
    /// What the deed leaves to be written is carried out in the step that commits. What `tell` makes of its value is made while the
    /// database writes, and counts only where that succeeds.
    pub async fn write_queries_together<T, U, E>(
        &self,
        deed: impl AsyncFn(&Tx) -> Result<(T, Batch), E>,
        tell: impl Fn(&T) -> U,
    ) -> Result<(T, U), E>
    where
        E: From<StoreError> + Retryable,
    {
        if self.engine == Engine::Sqlite
            && let Some(done) = self.write_in_group(&deed, &tell).await
        {
            return Ok(done);
        }
        let alone = async |tx: &Tx| {
            let (value, batch) = deed(tx).await?;
            let (written, told) = tokio::join!(batch.run_at_once(tx), async { tell(&value) });
            written?;
            Ok((value, told))
        };
        self.write_queries(alone).await
    }

    /// None where nothing was written.
    async fn write_in_group<T, U, E>(&self, deed: &impl AsyncFn(&Tx) -> Result<(T, Batch), E>, tell: impl Fn(&T) -> U) -> Option<(T, U)> {
        let mut turn = self.in_line().await;
        let mut writer = self.take(&mut turn).await.ok()?;
        let Ok((value, batch)) = deed(&writer.tx).await else {
            self.undo(writer.tx).await;
            return None;
        };
        let (told, heard) = oneshot::channel();
        writer.members.push(told);
        // Whoever is followed by nobody commits with what they write.
        let ends = self.turn.waiting.load(Ordering::Relaxed) == 0;
        let is_first = writer.members.len() == 1;
        // Once it has begun it is nobody's request: one that is given up must not leave the others with half of it.
        let mut step = Box::pin(self.clone().carry_out(turn, writer, batch, ends));
        if poll!(&mut step).is_pending() {
            tokio::spawn(step);
        }
        if is_first && !ends {
            // Whoever ends the group stands in line behind those who wait now, so that they come in before.
            let store = self.clone();
            tokio::spawn(async move { drop(store.turn().await) });
        }
        let telling = tell(&value);
        heard.await.ok().map(|()| (value, telling))
    }

    async fn write_once<T, E>(&self, deed: &impl AsyncFn(&Tx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        if self.engine == Engine::Postgres {
            let tx = self.writers.begin().await.map_err(StoreError::from)?;
            let value = match deed(&tx).await {
                Ok(value) => value,
                Err(error) => {
                    self.undo(tx).await;
                    return Err(error);
                }
            };
            tx.commit().await.map_err(StoreError::from)?;
            self.committed();
            return Ok(value);
        }
        let in_line = InLine::at(&self.turn);
        let mut turn = self.turn().await;
        drop(in_line);
        let writer = self.take(&mut turn).await?;
        let done = match writer.tx.execute_unprepared(LOCK).await {
            Ok(_) => deed(&writer.tx).await,
            Err(error) => Err(StoreError::from(error).into()),
        };
        match done {
            Ok(value) => {
                self.end(turn, writer).await.1?;
                Ok(value)
            }
            Err(error) => {
                self.undo(writer.tx).await;
                Err(error)
            }
        }
    }

    /// The turn of somebody who writes alone, or ends a group: what others have written is committed, and they are told.
    pub(super) async fn turn(&self) -> Turned {
        let mut turn = self.turn.writer.clone().lock_owned().await;
        match turn.take() {
            Some(writer) if !writer.members.is_empty() => self.end(turn, writer).await.0,
            idle => {
                *turn = idle;
                turn
            }
        }
    }

    async fn in_line(&self) -> Turned {
        let _in_line = InLine::at(&self.turn);
        self.turn.writer.clone().lock_owned().await
    }

    /// Takes the writer, or begins one.
    async fn take(&self, turn: &mut Turned) -> Result<Writer, StoreError> {
        let tx = match turn.take() {
            Some(writer) => return Ok(writer),
            None => self.writers.begin().await,
        };
        let tx = match tx {
            Ok(tx) => tx,
            Err(_) => {
                self.renew_writer().await;
                self.writers.begin().await?
            }
        };
        Ok(Writer { tx, members: Vec::new() })
    }

    /// Commits, whoever gives up meanwhile: the others of a group would take it for undone and write again.
    async fn end(&self, turn: Turned, writer: Writer) -> (Turned, Result<(), StoreError>) {
        match tokio::spawn(self.clone().carry_out(turn, writer, Batch::default(), true)).await {
            Ok(done) => done,
            // It has dropped the writer.
            Err(error) => (self.turn.writer.clone().lock_owned().await, Err(StoreError::OutOfReach(error.to_string()))),
        }
    }

    /// Writes what a deed has left, and where this `ends` the transaction commits it and begins the next one, in one step.
    async fn carry_out(self, mut turn: Turned, mut writer: Writer, mut batch: Batch, ends: bool) -> (Turned, Result<(), StoreError>) {
        if ends {
            batch.commit();
        }
        if let Err(error) = batch.run(&writer.tx).await {
            self.undo(writer.tx).await;
            return (turn, Err(error));
        }
        if ends {
            self.committed();
            for member in writer.members.drain(..) {
                // Who has given up meanwhile need not be told.
                let _ = member.send(());
            }
        }
        *turn = Some(writer);
        (turn, Ok(()))
    }

    fn committed(&self) {
        self.writes.fetch_add(1, Ordering::Release);
        self.written.notify_waiters();
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

    /// Lets the writing connection go.
    pub(super) async fn rest(&self) {
        if let Some(writer) = self.turn().await.take() {
            self.undo(writer.tx).await;
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
            let mut batch = Batch::default();
            batch.add(&text, []);
            if fails {
                tx.execute_unprepared("INSERT INTO nowhere (n) VALUES (1)").await?;
            }
            Ok((n, batch))
        };
        store.write_queries_together(deed, |n| n + 1000).await.map(|(n, told)| {
            assert_eq!(told, n + 1000);
            n
        })
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
