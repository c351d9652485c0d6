//! A whole application on a free port with its own database, a clock that stands still and a mailbox in memory.

use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::cookie::{Cookie, CookieJar, Key};
use actix_web::rt::System;
use chrono::{DateTime, TimeDelta, Utc};
use onduty::actions::Ctx;
use onduty::app::Application;
use onduty::clock::SettableClock;
use onduty::config::{Config, LogFormat};
use onduty::domain::text;
use onduty::error::AppError;
use onduty::jobs;
use onduty::mail::transport::Transport;
use onduty::security::digest::TokenHash;
use onduty::security::random::{SystemRandom, token};
use onduty::store::entities::{api_key, mail_message, operator, operator_word};
use onduty::store::versions::{self, Counter};
use onduty::store::{Millis, StoreError, sessions, status_log};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tokio::sync::{OnceCell, oneshot};
use tokio::time::timeout;

use super::{Api, Browser, Database, Mailbox, log};

/// When every test begins: Wednesday, 11 March 2026, 12:00 UTC.
pub const NOON: DateTime<Utc> = DateTime::from_timestamp(1_773_230_400, 0).expect("an instant");

/// The password of everybody whom [`TestApp::operator`] makes.
pub const PASSWORD: &str = "plain lamp under seven boats";

/// How long an application may take to stop.
const PATIENCE: Duration = Duration::from_secs(2);

/// A running application. It stops with its value, and complains of error lines nobody allowed.
pub struct TestApp {
    /// What deeds are done with; its clock is [`TestApp::clock`].
    pub ctx: Arc<Ctx>,
    /// The clock everything goes by.
    pub clock: Arc<SettableClock>,
    /// Where its mails arrive.
    pub mailbox: Mailbox,
    /// `http://127.0.0.1:port`.
    pub url: String,
    allowed: Mutex<Vec<String>>,
    system: System,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl TestApp {
    /// Starts one.
    pub async fn spawn() -> TestApp {
        TestApp::spawn_with(|_| ()).await
    }

    /// Starts one whose settings were changed.
    pub async fn spawn_with(change: impl FnOnce(&mut Config)) -> TestApp {
        let database = Database::fresh().await;
        let mut config = config(&database);
        change(&mut config);
        TestApp::run(config, Some(database)).await
    }

    /// Starts two nodes on one database; a pattern that names both drops the second one first, as it must be.
    pub async fn pair() -> (TestApp, TestApp) {
        let mut settings = None;
        let one = TestApp::spawn_with(|config| settings = Some(config.clone())).await;
        let two = one.spawn_beside(settings.expect("its settings")).await;
        (one, two)
    }

    /// Starts one more node on the database of another; the other must live longer.
    pub async fn spawn_beside(&self, config: Config) -> TestApp {
        TestApp::run(config, None).await
    }

    async fn run(config: Config, database: Option<Database>) -> TestApp {
        log::listen();
        let clock = Arc::new(SettableClock::new(NOON));
        let mailbox = Mailbox::default();
        let (started, ready) = oneshot::channel();
        let (stop, stopped) = oneshot::channel();
        let server_clock = clock.clone();
        let thread = std::thread::Builder::new().name("application".into()).spawn(move || {
            System::new().block_on(async move {
                let built = Application::build_with(&config, server_clock, Arc::new(SystemRandom)).await;
                let app = built.expect("an application");
                let (ctx, url) = (app.ctx.clone(), app.url.clone());
                let server = app.start().expect("a server");
                let handle = server.handle();
                let serving = actix_web::rt::spawn(server);
                let _ = started.send((ctx.clone(), url, System::current()));
                let _ = stopped.await;
                let stopped = timeout(PATIENCE, async { (handle.stop(false).await, serving.await) }).await;
                assert!(stopped.is_ok(), "the server does not stop");
                // A connection that a stopped worker held never comes back to its pool, which would wait for it.
                let _ = timeout(PATIENCE, ctx.store.clone().close()).await;
                if let Some(database) = database {
                    database.remove().await;
                }
            });
        });
        let thread = thread.expect("a thread");
        let Ok((ctx, url, system)) = ready.await else {
            let panic = thread.join().expect_err("it did not start");
            std::panic::resume_unwind(panic);
        };
        TestApp { ctx, clock, mailbox, url, allowed: Mutex::default(), system, stop: Some(stop), thread: Some(thread) }
    }

    /// Accepts error lines of the log that contain this.
    pub fn allow_error(&self, part: &str) {
        self.allowed.lock().expect("no panic elsewhere").push(part.to_owned());
    }

    /// The error lines so far that nobody allowed.
    pub fn errors(&self) -> Vec<String> {
        let allowed = self.allowed.lock().expect("no panic elsewhere");
        log::take(self.system.id()).into_iter().filter(|line| !allowed.iter().any(|part| line.contains(part))).collect()
    }

    /// The present instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.ctx.now()
    }

    /// Moves the clock to `to`, or leaves it where it is, and runs every job that is due until nothing is.
    /// No mail may be left to send, and no error line in the log.
    pub async fn tick(&self, to: DateTime<Utc>) {
        let left = self.tick_leaving(to).await;
        assert!(left.is_empty(), "mails that were not sent: {left:#?}");
        let errors = self.errors();
        assert!(errors.is_empty(), "error lines in the log: {errors:#?}");
    }

    /// The same, for tests of mails that cannot be delivered: returns those left, as `kind to address: last error`.
    pub async fn tick_leaving(&self, to: DateTime<Utc>) -> Vec<String> {
        self.tick_through(to, Transport::Memory(self.mailbox.0.clone())).await
    }

    /// The same with mails going elsewhere than into the mailbox.
    pub async fn tick_through(&self, to: DateTime<Utc>, transport: Transport) -> Vec<String> {
        self.clock.set(to.max(self.now()));
        let ran = self.inside(async move |ctx| {
            for _ in 0..100 {
                if jobs::run_due(&ctx, &transport, ctx.now()).await? == 0 {
                    return Ok::<_, AppError>(());
                }
            }
            Err(AppError::unexpected("jobs are due for ever"))
        });
        ran.await.expect("jobs");
        let waiting = mail_message::Entity::find().filter(mail_message::Column::State.is_in(["queued", "sending"]));
        let waiting = waiting.all(self.ctx.store.read()).await.expect("the outbox");
        waiting.into_iter().map(|mail| format!("{} to {}: {:?}", mail.kind, mail.to_address, mail.last_error)).collect()
    }

    /// Delivers what waits, without moving the clock.
    pub async fn deliver(&self) {
        self.ctx.mail_bell.notify_one();
        self.tick(self.now()).await;
    }

    /// Moves the clock without running anything.
    pub fn pass(&self, time: TimeDelta) {
        self.clock.set(self.now() + time);
    }

    /// Somebody who is not signed in.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.url, "en")
    }

    /// The same with another language.
    pub fn browser_in(&self, language: &str) -> Browser {
        Browser::new(&self.url, language)
    }

    /// An owner, signed in.
    pub async fn owner(&self) -> Browser {
        self.operator("owner").await
    }

    /// A new active operator with this role, signed in. The password is [`PASSWORD`].
    pub async fn operator(&self, role: &str) -> Browser {
        let name = format!("{} {}", title(role), super::database::number());
        let email = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
        let id = self.new_operator(&name, &email, role).await;
        self.signed_in(id).await
    }

    /// Makes an active operator and returns their id.
    pub async fn new_operator(&self, name: &str, email: &str, role: &str) -> i64 {
        let catalogue = self.ctx.present_catalogue().await.expect("the small tables");
        let role_id = catalogue.role_by_slug(role).unwrap_or_else(|| panic!("a role {role}")).id;
        let (hash, now) = (password_hash(&self.ctx).await, Millis(self.now()));
        let made = self.ctx.store.write(async |tx| {
            let row = operator::ActiveModel {
                name: Set(name.to_owned()),
                name_key: Set(text::fold(name)),
                email: Set(email.to_owned()),
                email_key: Set(email.to_lowercase()),
                role_id: Set(role_id),
                password_hash: Set(Some(hash.clone())),
                password_changed_at: Set(Some(now)),
                activated_at: Set(Some(now)),
                created_at: Set(now),
                updated_at: Set(now),
                version: Set(1),
                ..Default::default()
            };
            let id = operator::Entity::insert(row).exec(tx).await?.last_insert_id;
            let words = text::words(&[name, email]).into_iter();
            let words = words.map(|word| operator_word::ActiveModel { word: Set(word), operator_id: Set(id) });
            operator_word::Entity::insert_many(words).exec_without_returning(tx).await?;
            status_log::begin(tx).await?;
            versions::touch(tx, Counter::Operators).await?;
            Ok::<i64, StoreError>(id)
        });
        made.await.expect("an operator")
    }

    /// A browser in which this operator has just signed in.
    pub async fn signed_in(&self, id: i64) -> Browser {
        let key = token(&SystemRandom).expect("randomness");
        let public = token(&SystemRandom).expect("randomness");
        let now = self.now();
        let session = sessions::NewSession {
            key_hash: TokenHash::from(&key).as_str().to_owned(),
            id: public.reveal().to_owned(),
            operator_id: id,
            ends_at: now + TimeDelta::hours(12),
            address: "127.0.0.1".into(),
            agent: "Test".into(),
        };
        let opened = self.ctx.store.write(async |tx| sessions::open(tx, session.clone(), now).await);
        opened.await.expect("a session");
        let mut jar = CookieJar::new();
        let seal = Key::from(&self.ctx.keys.derive::<64>("session cookie"));
        jar.signed_mut(&seal).add(Cookie::new("onduty_session", key.reveal().to_owned()));
        let cookie = jar.get("onduty_session").expect("the cookie just added").encoded().to_string();
        let browser = self.browser();
        browser.set_cookie(&cookie);
        browser.sign_in_as(id);
        browser
    }

    /// A client of the JSON API with a new key that has these scopes.
    pub async fn api_key(&self, scopes: &[&str]) -> Api {
        let key = token(&SystemRandom).expect("randomness");
        let row = api_key::ActiveModel {
            name: Set("Test".into()),
            prefix: Set(key.reveal().chars().take(8).collect()),
            hash: Set(TokenHash::from(&key).as_str().to_owned()),
            scopes: Set(scopes.join(" ")),
            created_by: Set("Test".into()),
            created_at: Set(Millis(self.now())),
            calls_left: Set(600),
            calls_at: Set(Millis(self.now())),
            ..Default::default()
        };
        let made = self
            .ctx
            .store
            .write(async |tx| api_key::Entity::insert(row.clone()).exec_without_returning(tx).await.map_err(StoreError::from));
        made.await.expect("a key");
        Api::new(&self.url, key.reveal())
    }

    /// Runs a deed on the application's own thread, where its error lines are counted.
    pub async fn inside<T: Send + 'static, F: Future<Output = T>>(&self, deed: impl FnOnce(Arc<Ctx>) -> F + Send + 'static) -> T {
        let (done, answer) = oneshot::channel();
        let ctx = self.ctx.clone();
        self.system.arbiter().spawn_fn(move || {
            actix_web::rt::spawn(async move {
                let _ = done.send(deed(ctx).await);
            });
        });
        answer.await.expect("the deed to end")
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        drop(self.stop.take());
        let ended = self.thread.take().map(JoinHandle::join);
        if std::thread::panicking() {
            return;
        }
        assert!(ended.is_none_or(|end| end.is_ok()), "the application stopped badly");
        let errors = self.errors();
        assert!(errors.is_empty(), "error lines in the log: {errors:#?}");
    }
}

/// Settings for an application on a database of its own.
pub fn config(database: &Database) -> Config {
    Config {
        listen: "127.0.0.1:0".parse().expect("an address"),
        base_url: None,
        data_dir: database.folder.path().to_owned(),
        database_url: database.url.clone(),
        smtp_url: None,
        mail_from: "Onduty <onduty@example.org>".into(),
        secret_key: Some("0123456789abcdef0123456789abcdef0123456789abcdef".into()),
        owner: None,
        trusted_proxies: Vec::new(),
        api_rate: 0,
        metrics_listen: None,
        log: "info".into(),
        log_format: LogFormat::Text,
    }
}

async fn password_hash(ctx: &Ctx) -> String {
    static HASH: OnceCell<String> = OnceCell::const_new();
    HASH.get_or_init(async || ctx.passwords.hash(PASSWORD).await.expect("a hash")).await.clone()
}

fn title(role: &str) -> String {
    role[..1].to_uppercase() + &role[1..]
}
