use std::sync::atomic::{AtomicU32, Ordering};

use chrono::TimeDelta;
use tempfile::TempDir;

use super::list::{COLUMNS, page_statement};
use super::*;
use crate::domain::text;
use crate::store::catalogue::Catalogue;
use crate::store::migrate::migrate;
use crate::store::{Engine, Store, Tx};

fn now() -> DateTime<Utc> {
    "2031-03-03T09:00:00Z".parse().unwrap()
}

/// A migrated database of its own: a file, or a database on the PostgreSQL server that the tests were told of.
pub(crate) async fn store() -> (Store, TempDir) {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let folder = tempfile::tempdir().unwrap();
    let mut url = format!("sqlite://{}/onduty.db?mode=rwc", folder.path().display());
    if let Ok(admin) = std::env::var("ONDUTY_TEST_POSTGRES") {
        let name = format!("onduty_unit_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let db = sea_orm::Database::connect(&admin).await.unwrap();
        db.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        let mut address = url::Url::parse(&admin).unwrap();
        address.set_path(&name);
        url = address.to_string();
    }
    let store = Store::open(&url).await.unwrap();
    migrate(&store, &url, &folder.path().join("lock")).await.unwrap();
    (store, folder)
}

pub(crate) fn named(name: &str, email: &str) -> Operator {
    Operator {
        name: name.to_owned(),
        email: email.to_owned(),
        role_id: 4,
        role_slug: "agent".to_owned(),
        theme: "system".to_owned(),
        priority: 50,
        presence_required: true,
        created_at: now(),
        updated_at: now(),
        version: 1,
        ..Operator::default()
    }
}

pub(crate) async fn add(store: &Store, new: &Operator) -> i64 {
    store.write(async |tx: &Tx| insert(tx, new, None).await).await.unwrap()
}

async fn ids(store: &Store, filter: &Filter) -> Vec<i64> {
    let rows = list_page(store, filter, 0, 50).await.unwrap();
    let search = Search::of(store.read(), filter).await.unwrap();
    assert_eq!(count(store.read(), filter, &search, now()).await.unwrap(), rows.len() as u64, "{filter:?}");
    rows.iter().map(|row| row.id).collect()
}

async fn list_page(store: &Store, filter: &Filter, offset: u64, limit: u64) -> Result<Vec<Row>, StoreError> {
    page(store.read(), filter, &Search::of(store.read(), filter).await?, now(), offset, limit).await
}

fn search(q: &str) -> Filter {
    Filter { q: q.to_owned(), ..Filter::default() }
}

#[tokio::test]
async fn an_operator_is_read_as_it_was_written() {
    let (store, _folder) = store().await;
    let new = Operator {
        alias: Some("Zoë".to_owned()),
        phone: Some("112".to_owned()),
        max_chat_load: Some(0),
        presence_required: false,
        activated_at: Some(now()),
        must_change_password: true,
        languages: vec!["fr".to_owned(), "en".to_owned()],
        job_positions: vec![("en".to_owned(), "Team lead, nights".to_owned()), ("fr".to_owned(), "Chef d’équipe".to_owned())],
        ..named("Zoë Martin", "Zoe@example.org")
    };
    let id = store.write(async |tx: &Tx| insert(tx, &new, Some("hash")).await).await.unwrap();
    let begins = Worn { status_id: 5, since: now(), until: None, return_id: None, cause: Cause::Start, set_by: String::new() };
    let expected = Operator { id, password_changed_at: Some(now()), worn: Some(begins), ..new };
    assert_eq!(find(store.read(), id).await.unwrap(), Some(expected.clone()));
    assert_eq!(after(store.read(), &Filter::default(), now(), 0, 10).await.unwrap(), [expected]);
    assert!(after(store.read(), &Filter::default(), now(), id, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn saving_writes_the_next_version_and_only_on_top_of_the_present_one() {
    let (store, _folder) = store().await;
    let id = add(&store, &Operator { languages: vec!["en".to_owned()], ..named("Ada Moss", "ada@example.org") }).await;
    let before = find(store.read(), id).await.unwrap().unwrap();
    let changed = Operator { alias: Some("Ada".to_owned()), languages: Vec::new(), ..before.clone() };
    let later = now() + TimeDelta::hours(1);
    assert!(store.write(async |tx: &Tx| save(tx, &before, &changed, later).await).await.unwrap());
    let read = find(store.read(), id).await.unwrap().unwrap();
    assert_eq!((read.version, read.updated_at, read.alias.as_deref()), (2, later, Some("Ada")));
    assert!(read.languages.is_empty());
    assert!(!store.write(async |tx: &Tx| save(tx, &before, &changed, later).await).await.unwrap(), "the old version is gone");
}

#[tokio::test]
async fn an_address_in_other_case_is_taken_until_its_owner_is_deleted() {
    let (store, _folder) = store().await;
    let id = add(&store, &named("Ada Moss", "ada@example.org")).await;
    let other = named("Ada Other", "ADA@example.org");
    let again = store.write(async |tx: &Tx| insert(tx, &other, None).await).await;
    assert!(matches!(again, Err(StoreError::Taken("email"))), "{again:?}");
    let before = find(store.read(), id).await.unwrap().unwrap();
    let gone = Operator { deleted_at: Some(now()), ..before.clone() };
    assert!(store.write(async |tx: &Tx| save(tx, &before, &gone, now()).await).await.unwrap());
    assert!(store.write(async |tx: &Tx| insert(tx, &other, None).await).await.is_ok());
    assert_eq!(find(store.read(), id).await.unwrap(), None);
}

#[tokio::test]
async fn every_word_of_a_search_begins_a_word_of_name_alias_or_address() {
    let (store, _folder) = store().await;
    let zoe = add(&store, &Operator { alias: Some("Night desk".to_owned()), ..named("Zoë Martin", "zm@help.example") }).await;
    let max = add(&store, &named("Max Zoellner", "max@help.example")).await;
    assert_eq!(ids(&store, &search("")).await, [max, zoe]);
    assert_eq!(ids(&store, &search("zoe")).await, [max, zoe]);
    assert_eq!(ids(&store, &search("ZOË mart")).await, [zoe]);
    assert_eq!(ids(&store, &search("nig HELP")).await, [zoe]);
    assert_eq!(ids(&store, &search("artin")).await, Vec::<i64>::new());
    assert_eq!(ids(&store, &search("?!")).await, Vec::<i64>::new());
    assert_eq!(ids(&store, &search("%")).await, Vec::<i64>::new());
}

#[tokio::test]
async fn a_state_filter_finds_whom_the_rows_show_in_that_state() {
    let (store, _folder) = store().await;
    let later = Some(now() + TimeDelta::days(1));
    let kinds = [
        (None, None, None, None),
        (None, None, later, None),
        (None, None, Some(now()), None),
        (None, None, later, Some("550 unknown")),
        (Some(now()), None, None, None),
        (Some(now()), Some(now()), None, None),
        (None, Some(now()), later, Some("550 unknown")),
    ];
    for (n, (activated_at, suspended_at, invitation_expires_at, error)) in kinds.into_iter().enumerate() {
        let new = named(&format!("Operator {n}"), &format!("o{n}@example.org"));
        let invitation_error = error.map(str::to_owned);
        add(&store, &Operator { activated_at, suspended_at, invitation_expires_at, invitation_error, ..new }).await;
    }
    let mut found = 0;
    for state in OperatorState::ALL {
        let rows = list_page(&store, &Filter { state: Some(state), ..Filter::default() }, 0, 50).await.unwrap();
        assert!(rows.iter().all(|row| row.state(now()) == state), "{state:?}");
        assert!(!rows.is_empty(), "{state:?}");
        found += rows.len();
    }
    assert_eq!(found, kinds.len());
}

#[tokio::test]
async fn filters_by_role_and_language_narrow_each_other() {
    let (store, _folder) = store().await;
    let tags = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
    let both = add(&store, &Operator { languages: tags(&["fr", "en"]), ..named("A", "a@example.org") }).await;
    let french = add(&store, &Operator { languages: tags(&["fr"]), role_id: 3, ..named("B", "b@example.org") }).await;
    add(&store, &Operator { languages: tags(&["es"]), ..named("C", "c@example.org") }).await;
    let catalogue = Catalogue::read(store.read()).await.unwrap();
    let speaks = |tag: &str| Filter { languages: Some(serving(&catalogue, tag)), ..Filter::default() };
    assert_eq!(ids(&store, &speaks("fr")).await, [both, french]);
    assert_eq!(ids(&store, &speaks("fr-CA")).await, [both, french], "the language serves its regions");
    assert_eq!(ids(&store, &Filter { role: Some(3), ..speaks("fr") }).await, [french]);
    assert_eq!(ids(&store, &speaks("de")).await, Vec::<i64>::new());
    assert_eq!(ids(&store, &speaks("nonsense!")).await, Vec::<i64>::new());
    let rows = list_page(&store, &Filter::default(), 0, 1).await.unwrap();
    assert_eq!(rows[0].languages, ["fr", "en"], "best first");
}

#[tokio::test]
async fn the_job_position_is_shown_in_the_readers_language_else_in_the_first() {
    let (store, _folder) = store().await;
    let told = |tags: &[&str]| tags.iter().map(|tag| ((*tag).to_owned(), format!("in {tag}"))).collect::<Vec<_>>();
    add(&store, &Operator { job_positions: told(&["de", "fr"]), ..named("A", "a@example.org") }).await;
    add(&store, &Operator { job_positions: told(&["de", "es"]), ..named("B", "b@example.org") }).await;
    add(&store, &named("C", "c@example.org")).await;
    let filter = Filter { reader_language: "fr".to_owned(), ..Filter::default() };
    let rows = list_page(&store, &filter, 0, 50).await.unwrap();
    let shown: Vec<_> = rows.iter().map(|row| row.job_position.as_deref()).collect();
    assert_eq!(shown, [Some("in fr"), Some("in de"), None]);
}

#[tokio::test]
async fn every_order_is_the_other_one_backwards_and_pages_follow_each_other() {
    let (store, _folder) = store().await;
    for n in 0..7_i64 {
        let new = named(["Bo", "Al", "Éd", "Al", "Cy", "ed", "Al"][n as usize], &format!("{}@example.org", (7 - n) * 3 % 7));
        add(&store, &Operator { role_id: 3 + n % 2, created_at: now() + TimeDelta::days(n % 3), ..new }).await;
    }
    for pair in Sort::ALL.chunks(2) {
        let mut forwards = ids(&store, &Filter { sort: pair[0], ..Filter::default() }).await;
        let backwards = ids(&store, &Filter { sort: pair[1], ..Filter::default() }).await;
        let mut pages = Vec::new();
        for offset in [0, 3, 6] {
            let rows = list_page(&store, &Filter { sort: pair[0], ..Filter::default() }, offset, 3).await.unwrap();
            pages.extend(rows.iter().map(|row| row.id));
        }
        assert_eq!(pages, forwards);
        forwards.reverse();
        assert_eq!(forwards, backwards, "{pair:?}");
    }
    assert_eq!(ids(&store, &Filter::default()).await, [2, 4, 7, 1, 5, 3, 6], "Al, Al, Al, Bo, Cy, Éd, ed");
    for sort in Sort::ALL {
        assert_eq!(Sort::parse(sort.as_str()), Some(sort));
    }
    assert_eq!(Sort::parse("password_hash"), None);
}

#[tokio::test]
async fn no_order_of_the_whole_list_sorts_anything() {
    let (store, _folder) = store().await;
    if store.engine() == Engine::Postgres {
        return; // It plans by what is in the tables, and here is nothing.
    }
    for sort in Sort::ALL {
        let (rest, values) = page_statement(&Filter { sort, ..Filter::default() }, &Search::default(), now(), 0, 50);
        let plan =
            store.read().query_all_raw(sql(store.read(), format!("EXPLAIN QUERY PLAN SELECT {COLUMNS} {rest}"), values)).await.unwrap();
        let plan: Vec<String> = plan.iter().map(|row| row.try_get_by_index(3).unwrap()).collect();
        assert!(!plan.iter().any(|step| step.contains("B-TREE FOR ORDER BY")), "{sort:?}: {plan:#?}");
        assert!(plan[0].starts_with("SCAN o USING INDEX"), "{sort:?}: {plan:#?}");
    }
}

#[tokio::test]
async fn rare_words_are_gathered_and_common_ones_walked() {
    let (store, _folder) = store().await;
    // `o` begins every word, `oa` those of one in two, `oab` those of one in fifty.
    store
        .write(async |tx: &Tx| {
            for n in 0..400 {
                let name = if n % 50 == 0 {
                    "oab"
                } else if n % 2 == 0 {
                    "oac"
                } else {
                    "ob"
                };
                insert(tx, &named(&format!("{name} {n:03}"), &format!("{n}@x.example")), None).await?;
            }
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    for (q, end, expected) in [
        ("oab", 50, Some("oab")),
        ("o", 50, None),
        ("oa", 50, None),
        // The last of many pages lies at the end of the walk, and so does the number of all.
        ("oa", 350, Some("oa")),
        ("oa", u64::MAX, Some("oa")),
        ("o oab", 50, Some("oab")),
        ("o oa", 50, None),
        // Each is common, all of them together are not.
        ("oa 0 1", 50, Some("0")),
        ("nobody", 50, Some("nobody")),
    ] {
        let search = Search::of(store.read(), &search(q)).await.unwrap();
        let words: Vec<String> = text::words(&[q]).into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect();
        assert_eq!(search.gathered(end).map(|place| words[place].as_str()), expected, "{q} until {end}: {search:?}");
    }
}

#[tokio::test]
async fn a_beginning_that_many_have_is_found_along_the_order_and_sorts_nothing() {
    let (store, _folder) = store().await;
    let many: Vec<Operator> = (0..300).map(|n| named(&format!("Maria {n:03}"), &format!("m{n}@x.example"))).collect();
    store
        .write(async |tx: &Tx| {
            for one in &many {
                insert(tx, one, None).await?;
            }
            insert(tx, &named("Zoe Abel", "zoe@x.example"), None).await
        })
        .await
        .unwrap();
    for (q, gathers) in [("ma", false), ("zoe", true), ("ma zoe", true), ("maria 01", true)] {
        let filter = search(q);
        let way = Search::of(store.read(), &filter).await.unwrap();
        assert_eq!(way.gathered(50).is_some(), gathers, "{q}");
        let found = list_page(&store, &filter, 0, 50).await.unwrap();
        let names: Vec<String> = found.into_iter().map(|row| row.name).collect();
        let mut expected: Vec<String> = (0..300).map(|n| format!("Maria {n:03}")).chain(["Zoe Abel".to_owned()]).collect();
        expected.retain(|name| q.split(' ').all(|word| text::words(&[name]).iter().any(|has| has.starts_with(word))));
        assert_eq!(count(store.read(), &filter, &way, now()).await.unwrap(), expected.len() as u64, "{q}");
        expected.truncate(50);
        assert_eq!(names, expected, "{q}");
        if store.engine() == Engine::Sqlite && !gathers {
            let (rest, values) = page_statement(&filter, &way, now(), 0, 50);
            let plan =
                store.read().query_all_raw(sql(store.read(), format!("EXPLAIN QUERY PLAN SELECT {COLUMNS} {rest}"), values)).await.unwrap();
            let plan: Vec<String> = plan.iter().map(|row| row.try_get_by_index(3).unwrap()).collect();
            assert!(!plan.iter().any(|step| step.contains("B-TREE FOR ORDER BY")), "{plan:#?}");
            assert!(plan.iter().any(|step| step.contains("operator_words_of (operator_id=? AND word>? AND word<?)")), "{plan:#?}");
        }
    }
}

#[tokio::test]
async fn lists_and_profiles_take_one_statement_whatever_the_rows() {
    let (store, _folder) = store().await;
    let languages = vec!["en".to_owned(), "fr".to_owned()];
    for n in 0..60 {
        add(&store, &Operator { languages: languages.clone(), ..named(&format!("Operator {n}"), &format!("o{n}@example.org")) }).await;
    }
    let filter = Filter { q: "operator".to_owned(), languages: Some(languages), ..Filter::default() };
    let before = store.statements();
    let search = Search::of(store.read(), &filter).await.unwrap();
    assert_eq!(page(store.read(), &filter, &search, now(), 0, 50).await.unwrap().len(), 50);
    assert_eq!(count(store.read(), &filter, &search, now()).await.unwrap(), 60);
    assert!(find(store.read(), 7).await.unwrap().is_some());
    assert_eq!(after(store.read(), &Filter::default(), now(), 0, 50).await.unwrap().len(), 50);
    assert_eq!(store.statements() - before, 5, "a search looks once how common its words are");
}

#[tokio::test]
async fn only_owners_who_may_sign_in_count_as_active_ones() {
    let (store, _folder) = store().await;
    let owner = |n: i64| Operator { role_id: 1, activated_at: Some(now()), ..named("Owner", &format!("o{n}@example.org")) };
    let active = add(&store, &owner(1)).await;
    add(&store, &Operator { suspended_at: Some(now()), ..owner(2) }).await;
    add(&store, &Operator { activated_at: None, ..owner(3) }).await;
    add(&store, &Operator { deleted_at: Some(now()), ..owner(4) }).await;
    add(&store, &Operator { role_id: 2, ..owner(5) }).await;
    assert_eq!(store.write(async |tx: &Tx| active_owners(tx).await).await.unwrap(), [active]);
}

#[tokio::test]
async fn who_was_deleted_long_ago_is_forgotten_with_all_that_was_theirs() {
    let (store, _folder) = store().await;
    let long_ago = now() - TimeDelta::days(31);
    let words = vec!["en".to_owned()];
    let old = add(&store, &Operator { deleted_at: Some(long_ago), languages: words, ..named("Old", "old@example.org") }).await;
    let recent = add(&store, &Operator { deleted_at: Some(now()), ..named("Recent", "recent@example.org") }).await;
    let purged = store.write(async |tx: &Tx| purge(tx, now() - TimeDelta::days(30)).await).await.unwrap();
    assert_eq!(purged, 1);
    let left = store.write(async |tx: &Tx| Ok::<_, StoreError>((lock(tx, old).await?, lock(tx, recent).await?))).await.unwrap();
    assert!(left.0.is_none() && left.1.is_some());
    let deleted = Filter { deleted: true, ..Filter::default() };
    assert_eq!(ids(&store, &deleted).await, [recent]);
}
