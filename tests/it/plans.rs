//! How the database goes about the lists: along an index and without sorting, so that 10,000 rows are as quick as 10.
//!
//! The plans are SQLite's, which explains itself; PostgreSQL has the same indexes.

use std::sync::{Arc, Mutex};

use onduty::domain::delivery::State;
use onduty::domain::query;
use onduty::store::operators::{self, Filter, Search, Sort};
use onduty::store::{audit, deliveries, queries};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, QueryResult, Statement};

use crate::support::{self, NOON};

#[tokio::test]
async fn every_order_of_the_operators_runs_along_an_index() {
    let Some(recorder) = Recorder::start().await else { return };
    for sort in Sort::ALL {
        for role in [None, Some(2)] {
            let filter = Filter { sort, role, reader_language: "en".into(), ..Filter::default() };
            operators::page(&recorder.db, &filter, &Search::default(), NOON, 50, 50).await.expect("a page");
            recorder.expect(&format!("{sort:?}, role {role:?}"), role.is_none() || sort == Sort::Name).await;
        }
    }
}

#[tokio::test]
async fn no_filter_of_the_operators_reads_what_it_need_not() {
    let Some(recorder) = Recorder::start().await else { return };
    let base = Filter { reader_language: "fr".into(), ..Filter::default() };
    let filters = [
        ("search", Filter { q: "maria gar".into(), ..base.clone() }),
        ("language", Filter { languages: Some(vec!["fr".into(), "es".into()]), ..base.clone() }),
        ("search, role and language", Filter { q: "ma".into(), role: Some(3), languages: Some(vec!["fr".into()]), ..base.clone() }),
        ("deleted", Filter { deleted: true, ..base.clone() }),
    ];
    for (what, filter) in filters {
        let search = Search::of(&recorder.db, &filter).await.expect("a search");
        operators::page(&recorder.db, &filter, &search, NOON, 0, 50).await.expect("a page");
        operators::count(&recorder.db, &filter, &search, NOON).await.expect("a number");
        recorder.expect(what, false).await;
    }
}

#[tokio::test]
async fn the_audit_log_and_the_mails_run_along_an_index() {
    let Some(recorder) = Recorder::start().await else { return };
    let one = audit::Filter { object_kind: Some("operator".into()), object_id: Some("7".into()), ..audit::Filter::default() };
    for filter in [audit::Filter::default(), one, audit::Filter { action: Some("operator.changed".into()), ..audit::Filter::default() }] {
        audit::page(&recorder.db, &filter, 100, 50).await.expect("a page");
        recorder.expect(&format!("{filter:?}"), true).await;
    }
    let failed = deliveries::Filter { state: Some(State::Failed), ..deliveries::Filter::default() };
    for filter in [deliveries::Filter::default(), failed] {
        deliveries::page(&recorder.db, &filter, 100, 50).await.expect("a page");
        recorder.expect(&format!("{filter:?}"), true).await;
    }
}

#[tokio::test]
async fn no_list_of_queries_reads_all_of_them() {
    let Some(recorder) = Recorder::start().await else { return };
    let base = queries::Filter { looked: Some(10), ..queries::Filter::default() };
    let open = vec![query::State::Waiting, query::State::Offered, query::State::Assigned];
    let filters = [
        ("open ones of a department", queries::Filter { states: open, department: Some(1), ..base.clone() }),
        ("unclassified ones", queries::Filter { unclassified: true, ..base.clone() }),
        ("a span", queries::Filter { from: Some(NOON), ..base.clone() }),
        ("one language of a span", queries::Filter { from: Some(NOON), language: Some("en".into()), ..base.clone() }),
        ("what somebody had", queries::Filter { hands: Some(1), ..base.clone() }),
        ("a department", queries::Filter { department: Some(1), ..base.clone() }),
        ("one site of a department", queries::Filter { department: Some(1), site: Some(1), ..base.clone() }),
        ("what may be seen", queries::Filter { sight: queries::Sight::Departments(vec![1, 2], 3), ..base }),
    ];
    for (what, filter) in filters {
        queries::page(&recorder.db, &filter, 0, 50).await.expect("a page");
        queries::count(&recorder.db, &filter, 50).await.expect("a number");
        queries::looked_back_to(&recorder.db, &filter).await.expect("an instant");
        recorder.expect(what, false).await;
    }
}

/// A connection that remembers what was asked.
struct Recorder {
    db: DatabaseConnection,
    asked: Arc<Mutex<Vec<Statement>>>,
    _database: support::Database,
}

impl Recorder {
    async fn start() -> Option<Recorder> {
        let database = support::Database::fresh().await;
        if !database.url.starts_with("sqlite:") {
            database.remove().await;
            return None;
        }
        let mut options = ConnectOptions::new(&database.url);
        options.max_connections(1).sqlx_logging(false);
        let mut db = Database::connect(options).await.expect("the database");
        let asked: Arc<Mutex<Vec<Statement>>> = Arc::default();
        let into = asked.clone();
        db.set_metric_callback(move |info| into.lock().expect("no panic elsewhere").push(info.statement.clone()));
        Some(Recorder { db, asked, _database: database })
    }

    /// Asserts that what was asked since the last time reads no whole table, and sorts nothing where it need not.
    async fn expect(&self, what: &str, is_ordered: bool) {
        let asked = std::mem::take(&mut *self.asked.lock().expect("no panic elsewhere"));
        assert!(!asked.is_empty(), "{what}: nothing was asked");
        for statement in asked {
            let explained = Statement { sql: format!("EXPLAIN QUERY PLAN {}", statement.sql), ..statement };
            let rows = self.db.query_all_raw(explained).await.expect("a plan");
            let number = |row: &QueryResult, index| row.try_get_by_index::<i64>(index).expect("a number");
            let plan: Vec<(i64, i64, String)> =
                rows.iter().map(|row| (number(row, 0), number(row, 1), row.try_get_by_index(3).expect("a step"))).collect();
            // Of a search's words a few entries are counted, never all; of many rows that are told as one each is there already.
            // Of queries, what is scanned under a name of one of these letters ends at its bound.
            let known = ["SCAN few", "SCAN many", "SCAN CONSTANT ROW", "SCAN counted", "SCAN n", "SCAN s"];
            let whole = |step: &str| step.starts_with("SCAN ") && !step.contains("USING") && !known.contains(&step);
            assert!(!plan.iter().any(|(.., step)| whole(step)), "{what} reads a whole table: {plan:#?}");
            let many = plan.iter().find(|(.., step)| step == "CO-ROUTINE many").map_or(0, |(id, ..)| *id);
            let is_outermost = |parent: i64| parent == 0 || parent == many;
            let sorts = plan.iter().any(|(_, parent, step)| is_outermost(*parent) && step.starts_with("USE TEMP B-TREE FOR ORDER BY"));
            assert!(!is_ordered || !sorts, "{what} sorts: {plan:#?}");
        }
        self.asked.lock().expect("no panic elsewhere").clear();
    }
}
