//! A database full of operators, some of whom can sign in, and one owner who is signed in.

use std::sync::Arc;

use actix_web::cookie::{Cookie, CookieJar, Key};
use chrono::{DateTime, TimeDelta, Utc};
use onduty::domain::channel::Channels;
use onduty::domain::department::Department;
use onduty::domain::membership::Switches;
use onduty::domain::text;
use onduty::security::digest::TokenHash;
use onduty::security::keys::SecretKey;
use onduty::security::passwords::Passwords;
use onduty::security::random::{Random, SeededRandom, SystemRandom, token};
use onduty::store::entities::{api_key, job_position, operator, operator_language, operator_word};
use onduty::store::migrate::migrate;
use onduty::store::versions::{self, Counter};
use onduty::store::{Millis, Store, StoreError, departments, members, sessions, status_log};
use sea_orm::ActiveValue::Set;
use sea_orm::{ConnectionTrait, EntityTrait};
use tempfile::TempDir;

/// Signs the cookies.
pub const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef";
/// Everybody's password.
pub const PASSWORD: &str = "plain lamp under seven boats";

/// Queries of the past that must cost nothing.
pub const OLD_QUERIES: u32 = 1_000_000;
/// Everybody is online and needs no panel.
const ON_DUTY: &str = "UPDATE operators SET presence_required = FALSE, status_id = (SELECT default_online_status_id FROM organisation)";

const FIRST: &[&str] =
    &["Maria", "Jean", "Lucía", "Marc", "Olga", "Ahmed", "Sofie", "Tomás", "Ines", "Matteo", "Zoë", "Karl", "Aiko", "Emma", "Noah"];
const LAST: &[&str] =
    &["Martin", "García", "Dubois", "Smith", "Novák", "Marchetti", "Larsen", "Haddad", "Okafor", "Weber", "Silva", "Kimura"];

/// A filled database.
pub struct Filled {
    /// The data folder.
    pub folder: TempDir,
    /// For `ONDUTY_DATABASE_URL`.
    pub url: String,
    /// Of the signed-in owner, `name=value`.
    pub cookie: String,
    /// A header with a key of the API.
    pub bearer: String,
    /// The first of the operators; the others follow.
    pub first: i64,
    postgres: Option<String>,
}

impl Filled {
    /// A header with the owner's session.
    pub fn session(&self) -> String {
        format!("Cookie: {}", self.cookie)
    }

    /// Takes a PostgreSQL database away again.
    pub async fn remove(self) {
        if let Some(admin) = self.postgres {
            let db = sea_orm::Database::connect(admin).await.expect("the administrator's database");
            db.execute_unprepared("DROP DATABASE onduty_load WITH (FORCE)").await.expect("dropped");
        }
    }
}

/// Fills one.
pub async fn fill(operators: usize) -> Filled {
    let folder = tempfile::tempdir().expect("a folder");
    let postgres = std::env::var("ONDUTY_TEST_POSTGRES").ok().filter(|text| !text.is_empty());
    let url = match &postgres {
        Some(admin) => {
            let db = sea_orm::Database::connect(admin).await.expect("the administrator's database");
            db.execute_unprepared("DROP DATABASE IF EXISTS onduty_load WITH (FORCE)").await.expect("dropped");
            db.execute_unprepared("CREATE DATABASE onduty_load").await.expect("made");
            let mut url = url::Url::parse(admin).expect("an address");
            url.set_path("onduty_load");
            url.to_string()
        }
        None => format!("sqlite:{}", folder.path().join("onduty.sqlite").display()),
    };
    let store = Store::open(&url).await.expect("a database");
    migrate(&store, &url, &folder.path().join("lock")).await.expect("migrations");
    let hash = Passwords::new(Arc::new(SystemRandom)).hash(PASSWORD).await.expect("a hash");
    let now = Utc::now();
    let owner = store.write(async |tx| add_all(tx, operators, &hash, now).await).await.expect("operators");
    let cookie = signed_in(&store, owner, now).await;
    let bearer = key(&store, now).await;
    if let Some(db) = postgres.is_some().then(|| store.read()) {
        db.execute_unprepared("ANALYZE").await.expect("statistics");
    }
    store.close().await;
    Filled { folder, url, cookie, bearer, first: owner + 1, postgres }
}

/// Adds an owner and the operators after them; returns the owner.
async fn add_all(tx: &onduty::store::Tx, operators: usize, hash: &str, now: DateTime<Utc>) -> Result<i64, StoreError> {
    let random = SeededRandom::new(42);
    let pick = |list: &[&'static str]| list[(random.u64().expect("randomness") % list.len() as u64) as usize];
    let mut owner = 0;
    for n in 0..=operators {
        let name = if n == 0 { "Olga Owner".to_owned() } else { format!("{} {} {n}", pick(FIRST), pick(LAST)) };
        let role = if n == 0 { 1 } else { 2 + (n % 20).min(2) as i64 };
        let id = add(tx, &name, &format!("operator{n}@example.org"), role, hash, now - TimeDelta::minutes(n as i64)).await?;
        if n == 0 {
            owner = id;
        }
        let tags = ["en", "fr", "es"].into_iter().take(1 + n % 3);
        let languages = tags.clone().zip(1..).map(|(tag, at)| operator_language::ActiveModel {
            operator_id: Set(id),
            tag: Set(tag.into()),
            position: Set(at),
        });
        operator_language::Entity::insert_many(languages).exec_without_returning(tx).await?;
        let positions =
            tags.map(|tag| job_position::ActiveModel { operator_id: Set(id), tag: Set(tag.into()), text: Set(format!("Advice {tag}")) });
        job_position::Entity::insert_many(positions).exec_without_returning(tx).await?;
    }
    add_departments(tx, owner, operators as i64).await?;
    status_log::begin(tx).await?;
    tx.execute_unprepared(ON_DUTY).await?;
    versions::touch(tx, Counter::Operators).await?;
    Ok(owner)
}

/// Adds full departments, one for every fifty operators who follow the owner.
async fn add_departments(tx: &onduty::store::Tx, owner: i64, operators: i64) -> Result<(), StoreError> {
    for n in 0..operators / 50 {
        let facts = Department { slug: format!("department-{n}"), name: format!("Department {n}"), ..Department::default() };
        let department = departments::Department { id: 0, facts, fallback_id: None, schedule_id: None, version: 1 };
        let department_id = departments::insert(tx, &department, Utc::now()).await?;
        let member = |place: i64| members::Membership {
            department_id,
            operator_id: owner + 1 + (n * 7 + place * 3) % operators,
            switches: Switches::on(Channels::all()),
            signature: None,
        };
        members::put(tx, &(0..25).map(member).collect::<Vec<_>>()).await?;
    }
    Ok(())
}

async fn add(tx: &onduty::store::Tx, name: &str, email: &str, role_id: i64, hash: &str, at: DateTime<Utc>) -> Result<i64, StoreError> {
    let row = operator::ActiveModel {
        name: Set(name.to_owned()),
        name_key: Set(text::fold(name)),
        email: Set(email.to_owned()),
        email_key: Set(email.to_owned()),
        role_id: Set(role_id),
        password_hash: Set(Some(hash.to_owned())),
        password_changed_at: Set(Some(Millis(at))),
        activated_at: Set(Some(Millis(at))),
        created_at: Set(Millis(at)),
        updated_at: Set(Millis(at)),
        version: Set(1),
        ..Default::default()
    };
    let id = operator::Entity::insert(row).exec(tx).await?.last_insert_id;
    let words = text::words(&[name, email]).into_iter();
    let words = words.map(|word| operator_word::ActiveModel { word: Set(word), operator_id: Set(id) });
    operator_word::Entity::insert_many(words).exec_without_returning(tx).await?;
    Ok(id)
}

async fn signed_in(store: &Store, id: i64, now: DateTime<Utc>) -> String {
    let key = token(&SystemRandom).expect("randomness");
    let session = sessions::NewSession {
        key_hash: TokenHash::from(&key).as_str().to_owned(),
        id: "load".into(),
        operator_id: id,
        ends_at: now + TimeDelta::hours(12),
        address: "127.0.0.1".into(),
        agent: "load".into(),
    };
    store.write(async |tx| sessions::open(tx, session.clone(), now).await).await.expect("a session");
    let keys = SecretKey::from_text(SECRET).expect("a key");
    let mut jar = CookieJar::new();
    jar.signed_mut(&Key::from(&keys.derive::<64>("session cookie"))).add(Cookie::new("onduty_session", key.reveal().to_owned()));
    jar.get("onduty_session").expect("the cookie just added").encoded().stripped().to_string()
}

/// A key that may ask who can receive and change operators.
async fn key(store: &Store, now: DateTime<Utc>) -> String {
    let key = token(&SystemRandom).expect("randomness");
    let row = api_key::ActiveModel {
        name: Set("Load".into()),
        prefix: Set(key.reveal().chars().take(8).collect()),
        hash: Set(TokenHash::from(&key).as_str().to_owned()),
        scopes: Set("availability:read operators:write queries:write".into()),
        created_by: Set("Load".into()),
        created_at: Set(Millis(now)),
        calls_left: Set(600),
        calls_at: Set(Millis(now)),
        ..Default::default()
    };
    let made = store.write(async |tx| api_key::Entity::insert(row.clone()).exec_without_returning(tx).await.map_err(StoreError::from));
    made.await.expect("a key");
    format!("Authorization: Bearer {}", key.reveal())
}
