//! What is done at the command line while nothing, or another process, serves.

use std::io::Read;
use std::sync::Arc;

use super::{Failure, context, data_dir, sender, static_dir, transport};
use crate::actions::api_keys::{self, MadeApiKey, NewApiKey};
use crate::actions::intake::{self, Taken};
use crate::actions::{Actor, Ctx, setup, sign_in};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::error::AppError;
use crate::security::random::SystemRandom;
use crate::store::migrate::{Schema, migrate as migrate_store, schema};
use crate::store::{Engine, Store, copies};

/// Applies all pending migrations; returns how many there were.
pub async fn migrate(config: &Config) -> Result<usize, Failure> {
    let folder = data_dir(config)?;
    let store = Store::open(&config.database_url).await?;
    let steps = migrate_store(&store, &config.database_url, &folder.join("migrate.lock")).await;
    store.close().await;
    Ok(steps?)
}

/// Creates an owner, or lets one who is locked out in again; returns the one-time link.
pub async fn owner(config: &Config, email: &str, name: &str) -> Result<String, Failure> {
    let ctx = open(config).await?;
    let link = setup::owner_link(&ctx, email, name).await;
    ctx.store.close().await;
    Ok(link?)
}

/// Signs an operator out everywhere, or everybody; returns what was done in words (O8).
pub async fn end_sessions(config: &Config, email: Option<&str>) -> Result<String, Failure> {
    let ctx = open(config).await?;
    let ended = end_all(&ctx, email).await;
    ctx.store.close().await;
    Ok(format!("{} session(s) ended.", ended?))
}

async fn end_all(ctx: &Ctx, email: Option<&str>) -> crate::error::Result<u64> {
    sign_in::end_everywhere(ctx, Actor::console().may()?, email).await
}

/// Makes a key of the JSON API; returns the key itself, which nobody can read again (P2).
pub async fn token(config: &Config, name: String, scopes: Vec<String>, expires_days: Option<u32>) -> Result<String, Failure> {
    let ctx = open(config).await?;
    let new =
        NewApiKey { name, scopes, expires_days: expires_days.map(|days| days.to_string()).unwrap_or_default(), ..NewApiKey::default() };
    let made = make_key(&ctx, new).await;
    ctx.store.close().await;
    made?.key.ok_or_else(|| Failure::Other("no key was made".into()))
}

async fn make_key(ctx: &Ctx, new: NewApiKey) -> crate::error::Result<MadeApiKey> {
    api_keys::create(ctx, Actor::console().may()?, new).await
}

/// Takes one message as a query; returns its reference. What may be done later fails as [`Failure::Later`], so that no message is lost
/// while the database is out of reach.
pub async fn intake(config: &Config, to: &str, sender: Option<&str>, message: impl Read) -> Result<String, Failure> {
    let later = |cause: &dyn std::fmt::Display| Failure::Later(format!("try again later: {cause}"));
    let mut bytes = Vec::new();
    message.take(intake::MOST as u64 + 1).read_to_end(&mut bytes).map_err(|error| later(&error))?;
    let ctx = open(config).await.map_err(|failure| later(&failure))?;
    let taken = intake::take(&ctx, to, sender, &bytes).await;
    ctx.store.close().await;
    match taken {
        Ok(Taken::Posted(posted)) => Ok(posted.reference()),
        Ok(Taken::Before) => Ok("Taken before.".into()),
        Err(error @ (AppError::Busy(_) | AppError::Unavailable(_) | AppError::Unexpected(_))) => Err(later(&error)),
        Err(error) => Err(error.into()),
    }
}

/// What is wrong with what the settings point at; makes and changes nothing.
pub async fn check(config: &Config) -> Vec<String> {
    let mut faults = Vec::new();
    if config.data_dir.exists() && !config.data_dir.is_dir() {
        faults.push(format!("ONDUTY_DATA_DIR: {} is not a folder", config.data_dir.display()));
    }
    faults.extend(
        [static_dir().map(drop), sender(config).map(drop), transport(config, "localhost").map(drop)]
            .into_iter()
            .filter_map(|part| Some(part.err()?.to_string())),
    );
    if let Err(fault) = check_database(config).await {
        faults.push(format!("ONDUTY_DATABASE_URL: {fault}"));
    }
    faults
}

async fn check_database(config: &Config) -> Result<(), Failure> {
    let is_made_at_start = Engine::of(&config.database_url) == Some(Engine::Sqlite)
        && copies::file_of(&config.database_url).is_some_and(|file| !file.exists());
    if is_made_at_start {
        return Ok(());
    }
    let store = Store::open(&config.database_url).await?;
    let found = schema(&store).await;
    let engine = store.engine();
    store.close().await;
    match found? {
        Schema::Newer => Err(Failure::Other("the database was written by a newer version of Onduty".into())),
        Schema::Behind(steps) if engine == Engine::Postgres => {
            Err(Failure::Other(format!("{steps} migration step(s) are pending; run onduty migrate")))
        }
        Schema::Behind(_) | Schema::Current => Ok(()),
    }
}

/// What deeds are done with, without an address to listen on: another process may be serving.
async fn open(config: &Config) -> Result<Ctx, Failure> {
    context(config, Arc::new(SystemClock::new()), Arc::new(SystemRandom), &format!("http://{}", config.listen)).await
}
