//! The tables, the entities over them and the indexes under the lists agree, on either engine.

use std::collections::{BTreeMap, BTreeSet};

use onduty::store::entities;
use onduty::store::migrate::{Schema, migrate, schema};
use onduty::store::{Engine, Store};
use sea_orm::{ColumnTrait, ColumnType, ConnectionTrait, EntityTrait, Iterable, QuerySelect, Statement};

use crate::support::Database;

/// Tables without an entity, since no code of ours reads their rows through one.
const WITHOUT_ENTITY: &[&str] = &["seaql_migrations"];

/// Name, type and whether it may be null, by column.
type Columns = BTreeMap<String, (String, bool)>;

macro_rules! entities {
    ($($name:ident),* $(,)?) => {
        /// Every entity: its file, its table and its columns.
        fn all_entities() -> Vec<(&'static str, String, Columns)> {
            vec![$((stringify!($name), table::<entities::$name::Entity>(), columns::<entities::$name::Column>())),*]
        }

        /// Selects all columns of every entity.
        async fn read_all(store: &Store) {
            $(entities::$name::Entity::find().limit(5).all(store.read()).await.expect(stringify!($name));)*
        }
    };
}

entities![
    absence,
    absence_text,
    api_key,
    audit_entry,
    auto_reply,
    calendar,
    calendar_entry,
    category,
    category_name,
    contact_message,
    department,
    department_channel,
    department_name,
    device,
    dialog,
    idempotency_key,
    job,
    job_position,
    language,
    mail_breaker,
    mail_message,
    mail_template,
    member,
    one_time_token,
    operator,
    operator_language,
    operator_reply_text,
    operator_notice,
    operator_sound,
    operator_word,
    organisation,
    photo,
    presence,
    query,
    query_event,
    query_offer,
    role,
    role_permission,
    run,
    run_file,
    run_row,
    schedule,
    schedule_exception,
    session,
    sign_in_failure,
    site,
    site_department,
    site_host,
    status,
    status_change,
    status_name,
    submission,
    suppressed_address,
    version,
    watch,
    work,
];

#[tokio::test]
async fn entities_have_the_columns_of_their_tables() {
    let (database, store) = migrated().await;
    read_all(&store).await;
    let tables = tables(&store).await;
    for (file, table, columns) in all_entities() {
        let found = tables.get(&table).unwrap_or_else(|| panic!("no table {table}"));
        assert_eq!(found, &columns, "{file} and the table {table}");
    }
    close(database, store).await;
}

#[tokio::test]
async fn every_table_has_an_entity_and_every_entity_is_checked() {
    let (database, store) = migrated().await;
    let checked = all_entities();
    let named: BTreeSet<String> = checked.iter().map(|(_, table, _)| table.clone()).collect();
    let tables: BTreeSet<String> = tables(&store).await.into_keys().filter(|table| !WITHOUT_ENTITY.contains(&table.as_str())).collect();
    assert_eq!(named, tables);
    let list = std::fs::read_to_string("src/store/entities/mod.rs").expect("the list of entities");
    let files = list.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    assert_eq!(files.collect::<BTreeSet<_>>(), checked.iter().map(|(file, ..)| *file).collect());
    close(database, store).await;
}

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    let (database, store) = migrated().await;
    assert_eq!(schema(&store).await.expect("a state"), Schema::Current);
    let steps = migrate(&store, &database.url, &database.folder.path().join("lock")).await;
    assert_eq!(steps.expect("nothing to do"), 0);
    close(database, store).await;
}

#[tokio::test]
async fn two_starts_migrate_an_empty_database_once() {
    let database = Database::blank().await;
    let (one, other) = (Store::open(&database.url).await.expect("open"), Store::open(&database.url).await.expect("open"));
    let lock = database.folder.path().join("lock");
    let (first, second) = tokio::join!(migrate(&one, &database.url, &lock), migrate(&other, &database.url, &lock));
    let (first, second) = (first.expect("steps"), second.expect("steps"));
    assert!(first.min(second) == 0 && first.max(second) > 0, "{first} and {second}");
    assert_eq!(schema(&other).await.expect("a state"), Schema::Current);
    one.close().await;
    close(database, other).await;
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused() {
    let (database, store) = migrated().await;
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29991231_000001_later', 0)";
    let added = store.write(async |tx| Ok::<_, onduty::store::StoreError>(tx.execute_unprepared(newer).await?));
    added.await.expect("a row");
    assert_eq!(schema(&store).await.expect("a state"), Schema::Newer);
    let refused = migrate(&store, &database.url, &database.folder.path().join("lock")).await;
    assert!(refused.expect_err("refused").to_string().contains("newer version"));
    close(database, store).await;
}

async fn migrated() -> (Database, Store) {
    let database = Database::fresh().await;
    let store = Store::open(&database.url).await.expect("the database");
    (database, store)
}

async fn close(database: Database, store: Store) {
    store.close().await;
    database.remove().await;
}

fn table<E: EntityTrait>() -> String {
    E::default().table_name().to_owned()
}

fn columns<C: ColumnTrait + Iterable>() -> Columns {
    let kind = |column: &C| match column.def().get_column_type() {
        ColumnType::BigInteger => "integer",
        ColumnType::String(_) | ColumnType::Text => "text",
        ColumnType::Boolean => "boolean",
        ColumnType::VarBinary(_) | ColumnType::Blob => "blob",
        other => panic!("{}: {other:?}", column.as_str()),
    };
    C::iter().map(|column| (column.as_str().to_owned(), (kind(&column).to_owned(), column.def().is_null()))).collect()
}

async fn tables(store: &Store) -> BTreeMap<String, Columns> {
    let text = match store.engine() {
        Engine::Sqlite => {
            "SELECT m.name, c.name, lower(c.type), CASE WHEN c.\"notnull\" = 0 AND c.pk = 0 THEN 1 ELSE 0 END \
             FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'"
        }
        Engine::Postgres => {
            "SELECT table_name::text, column_name::text, data_type::text, CASE WHEN is_nullable = 'YES' THEN 1 ELSE 0 END::bigint \
             FROM information_schema.columns WHERE table_schema = 'public'"
        }
    };
    let db = store.read();
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), text)).await.expect("the tables");
    let mut tables: BTreeMap<String, Columns> = BTreeMap::new();
    for row in rows {
        let part = |at| row.try_get_by_index::<String>(at).expect("text");
        let kind = match part(2).split(' ').next().unwrap_or_default() {
            "bigint" | "integer" => "integer",
            "text" | "character" | "varchar" => "text",
            "boolean" => "boolean",
            "blob" | "bytea" => "blob",
            other => panic!("{}.{}: {other}", part(0), part(1)),
        };
        let is_null = row.try_get_by_index::<i64>(3).expect("a number") == 1;
        tables.entry(part(0)).or_default().insert(part(1), (kind.to_owned(), is_null));
    }
    tables
}
