//! Statements that only write, carried out together: each step to the database costs more than most of what it carries.

use std::mem::take;

use sea_orm::{ConnectionTrait, DatabaseBackend, QueryTrait, Statement, Value};

use super::{AT_ONCE, StoreError, Tx, named, sql};

/// Values of one step, within the bound of SQLite (32,766).
const MOST_VALUES: usize = 30_000;

/// Writes to be carried out in their order.
#[derive(Clone, Debug, Default)]
pub struct Batch(Vec<(String, Vec<Value>)>);

impl Batch {
    /// One statement more; its values are `$1`, `$2`, ... as everywhere.
    pub(super) fn add(&mut self, text: impl Into<String>, values: impl IntoIterator<Item = Value>) {
        self.0.push((text.into(), values.into_iter().collect()));
    }

    /// Puts in these rows, many by one statement. The text ends with `VALUES`.
    pub(super) fn add_rows<const N: usize>(&mut self, text: &str, rows: impl Iterator<Item = [Value; N]>) {
        let mut rows = rows.peekable();
        while rows.peek().is_some() {
            let mut values = Vec::new();
            let some: Vec<String> = rows.by_ref().take(AT_ONCE).map(|row| format!("({})", named(&mut values, row))).collect();
            self.add(format!("{text} {}", some.join(", ")), values);
        }
    }

    /// A statement as the entities build them.
    pub(super) fn add_built(&mut self, built: &impl QueryTrait) {
        // SQLite takes what is written for PostgreSQL: values by number, names in quotes.
        let Statement { sql, values, .. } = built.build(DatabaseBackend::Postgres);
        self.add(sql, values.map(|values| values.0).unwrap_or_default());
    }

    /// Carries all of them out: in one step on SQLite, one after the other on PostgreSQL, which prepares no more than one at a time.
    pub async fn run(self, tx: &Tx) -> Result<(), StoreError> {
        if tx.get_database_backend() != DatabaseBackend::Sqlite {
            for (text, values) in self.0 {
                tx.execute_raw(sql(tx, text, values)).await?;
            }
            return Ok(());
        }
        let (mut texts, mut all) = (String::new(), Vec::new());
        for (text, values) in self.0 {
            if all.len() + values.len() > MOST_VALUES {
                tx.execute_raw(sql(tx, take(&mut texts), take(&mut all))).await?;
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
    use super::*;

    #[test]
    fn values_are_counted_on_from_one_statement_to_the_next() {
        let mut text = String::new();
        renumber(&mut text, "UPDATE t SET a = $1 WHERE b = $2", 0);
        renumber(&mut text, "; INSERT INTO t VALUES ($1, $10, $2)", 2);
        assert_eq!(text, "UPDATE t SET a = $1 WHERE b = $2; INSERT INTO t VALUES ($3, $12, $4)");
    }
}
