//! Statements that only write, carried out together: each step to the database costs more than most of what it carries.

use std::mem::take;

use sea_orm::{ConnectionTrait, DatabaseBackend, QueryTrait, Statement, Value};

use super::{AT_ONCE, StoreError, Tx, named, sql};

/// Values of one step, within the bound of SQLite (32,766).
const MOST_VALUES: usize = 30_000;

/// Counts a change of work. PostgreSQL keeps the row locked until the transaction ends.
pub(super) const COUNT_WORK: &str = "UPDATE versions SET n = n + 1 WHERE name = 'work'";

/// Commits on SQLite, and begins the next transaction.
pub(super) const COMMIT: &str = "COMMIT; BEGIN";

/// Writes to be carried out in their order.
#[derive(Clone, Debug, Default)]
pub struct Batch(Vec<Step>);

/// A statement with its values.
#[derive(Clone, Debug)]
struct Step {
    text: String,
    values: Vec<Value>,
    counts_work: bool,
}

impl Batch {
    /// One statement more; its values are `$1`, `$2`, ... as everywhere.
    pub(super) fn add(&mut self, text: impl Into<String>, values: impl IntoIterator<Item = Value>) {
        self.0.push(Step { text: text.into(), values: values.into_iter().collect(), counts_work: false });
    }

    /// Puts in these rows, many by one statement. The text ends with `VALUES`.
    pub(super) fn add_rows<const N: usize>(&mut self, text: &str, rows: impl Iterator<Item = [Value; N]>) {
        self.add_tuples(text, "", "", rows, false);
    }

    /// The same after a change of work was counted, whose number is the last value of each row; `rest` follows the rows. Where there
    /// are none it is counted all the same.
    pub(super) fn add_rows_of_work<const N: usize>(&mut self, text: &str, rest: &str, rows: impl Iterator<Item = [Value; N]>) {
        let before = self.0.len();
        self.add_tuples(text, ", (SELECT n FROM counted)", rest, rows, true);
        if self.0.len() == before {
            self.add(COUNT_WORK, []);
        }
    }

    fn add_tuples<const N: usize>(
        &mut self,
        text: &str,
        last: &str,
        rest: &str,
        rows: impl Iterator<Item = [Value; N]>,
        counts_work: bool,
    ) {
        let mut rows = rows.peekable();
        while rows.peek().is_some() {
            let mut values = Vec::new();
            let some: Vec<String> = rows.by_ref().take(AT_ONCE).map(|row| format!("({}{last})", named(&mut values, row))).collect();
            self.0.push(Step { text: format!("{text} {} {rest}", some.join(", ")), values, counts_work });
        }
    }

    /// A statement as the entities build them.
    pub(super) fn add_built(&mut self, built: &impl QueryTrait) {
        // SQLite takes what is written for PostgreSQL: values by number, names in quotes.
        let Statement { sql, values, .. } = built.build(DatabaseBackend::Postgres);
        self.add(sql, values.map(|values| values.0).unwrap_or_default());
    }

    /// Commits the transaction of SQLite at the end of these writes, and begins the next one.
    pub(super) fn commit(&mut self) {
        self.add(COMMIT, []);
    }

    /// Carries all of them out: in one step on SQLite, one after the other on PostgreSQL, which prepares no more than one at a time.
    pub async fn run(self, tx: &Tx) -> Result<(), StoreError> {
        if tx.get_database_backend() != DatabaseBackend::Sqlite {
            for Step { text, values, counts_work } in self.0 {
                let text = if counts_work { format!("WITH {} {text}", counting()) } else { text };
                tx.execute_raw(sql(tx, text, values)).await?;
            }
            return Ok(());
        }
        let (mut texts, mut all) = (String::new(), Vec::new());
        for Step { text, values, counts_work } in self.0 {
            if all.len() + values.len() > MOST_VALUES {
                tx.execute_raw(sql(tx, take(&mut texts), take(&mut all))).await?;
            }
            if counts_work {
                texts.push_str(COUNT_WORK);
                texts.push_str("; WITH counted AS (SELECT n FROM versions WHERE name = 'work') ");
            }
            renumber(&mut texts, &text, all.len());
            texts.push(';');
            all.extend(values);
        }
        if !texts.is_empty() {
            tx.execute_raw(sql(tx, texts, all)).await?;
        }
        Ok(())
    }

    /// The same in one step on PostgreSQL, too, as one statement with parts. It is for writes that all stand by themselves: none of
    /// them finds what another one wrote, and no row is written twice.
    pub async fn run_at_once(mut self, tx: &Tx) -> Result<(), StoreError> {
        let counts = self.0.iter().filter(|step| step.counts_work).count();
        if tx.get_database_backend() == DatabaseBackend::Sqlite || counts > 1 {
            return self.run(tx).await;
        }
        let Some(last) = self.0.pop() else { return Ok(()) };
        let (mut text, mut all) = (String::new(), Vec::new());
        if counts > 0 {
            text = format!("WITH {}", counting());
        }
        for (n, step) in self.0.into_iter().enumerate() {
            let begin = if text.is_empty() { "WITH" } else { "," };
            text.push_str(&format!("{begin} part{n} AS ("));
            renumber(&mut text, &step.text, all.len());
            text.push(')');
            all.extend(step.values);
        }
        text.push(' ');
        renumber(&mut text, &last.text, all.len());
        all.extend(last.values);
        tx.execute_raw(sql(tx, text, all)).await?;
        Ok(())
    }
}

/// A change of work that is counted as a part of a statement of PostgreSQL.
fn counting() -> String {
    format!("counted AS ({COUNT_WORK} RETURNING n)")
}

/// Appends a statement whose values come after so many others.
fn renumber(to: &mut String, text: &str, before: usize) {
    let mut parts = text.split('$');
    to.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let (number, rest) = part.split_at(end);
        to.push('$');
        to.push_str(&number.parse::<usize>().map_or_else(|_| number.to_owned(), |n| (n + before).to_string()));
        to.push_str(rest);
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::super::operators::tests::{add, named, store};
    use super::super::work;
    use super::*;

    #[tokio::test]
    async fn steps_are_carried_out_and_work_is_counted_with_them() {
        let (store, _folder) = store().await;
        let id = add(&store, &named("Ana", "ana@example.org")).await;
        for (n, at_once) in [(1, false), (2, true), (3, true)] {
            let done = store.write(async |tx: &Tx| {
                let mut batch = Batch::default();
                let rows = (0..2).map(|row| [format!("{n}-{row}").into(), 7_i64.into(), "test".into()]);
                batch.add_rows("INSERT INTO suppressed_addresses (address_key, at, reason) VALUES", rows);
                batch.add("UPDATE operators SET phone = $1 WHERE id = $2", [n.to_string().into(), id.into()]);
                work::touch(&mut batch, &[id, id], work::Change::Assigned, DateTime::UNIX_EPOCH + TimeDelta::milliseconds(n));
                if at_once { batch.run_at_once(tx).await } else { batch.run(tx).await }
            });
            done.await.unwrap();
            let text = "SELECT (SELECT COUNT(*) FROM suppressed_addresses), CAST(o.phone AS BIGINT), w.assigned_at, w.touched, v.n \
                FROM operators o JOIN work w ON w.operator_id = o.id JOIN versions v ON v.name = 'work'";
            let row = store.read().query_one_raw(sql(store.read(), text, [])).await.unwrap().unwrap();
            let found: Vec<i64> = (0..5).map(|index| row.try_get_by_index(index).unwrap()).collect();
            assert_eq!(found[..3], [2 * n, n, n]);
            assert_eq!(found[3], found[4], "the operator's work was touched by the last change of all");
        }
    }

    #[test]
    fn values_are_counted_on_from_one_statement_to_the_next() {
        let mut text = String::new();
        renumber(&mut text, "UPDATE t SET a = $1 WHERE b = $2", 0);
        renumber(&mut text, "; INSERT INTO t VALUES ($1, $10, $2)", 2);
        assert_eq!(text, "UPDATE t SET a = $1 WHERE b = $2; INSERT INTO t VALUES ($3, $12, $4)");
    }
}
