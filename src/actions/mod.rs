//! Deeds: one verb, one transaction, with its audit entry and its mails inside.
//! Nothing here renders, reads a request or sends a mail; nothing decides what the domain can decide.
//! It may call the store, the domain, mail (to compose), security, i18n, the clock and the error.

pub mod absences;
pub mod api_keys;
pub mod audit;
pub mod auto_replies;
pub mod availability;
pub mod calendars;
pub mod categories;
pub mod contact;
pub mod demo;
pub mod departments;
pub mod intake;
pub mod invitations;
pub mod languages;
pub mod mail;
pub mod mail_deliveries;
pub mod members;
pub mod notices;
pub mod operators;
mod order;
pub mod passwords;
pub mod queries;
pub mod reports;
pub mod rights;
pub mod roles;
pub mod roster;
pub mod runs;
pub mod schedules;
pub mod settings;
pub mod setup;
pub mod sign_in;
pub mod sites;
pub mod statuses;
pub mod templates;
pub mod visitors;

use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::clock::Clock;
use crate::domain::permission::{Permission, PermissionSet};
use crate::error::{AppError, Result};
use crate::mail::message::Party;
use crate::security::keys::SecretKey;
use crate::security::passwords::Passwords;
use crate::security::photo::Photos;
use crate::security::random::Random;
use crate::store::Store;
use crate::store::catalogue::Catalogue;
use crate::store::versions;

/// What deeds are done with.
pub struct Ctx {
    /// The database.
    pub store: Store,
    /// Where the present instant comes from.
    pub clock: Arc<dyn Clock>,
    /// Where tokens and ids come from.
    pub random: Arc<dyn Random>,
    /// Seals cookies and forms.
    pub keys: SecretKey,
    /// Hashes passwords, two at a time.
    pub passwords: Passwords,
    /// Re-encodes photos, two at a time.
    pub photos: Photos,
    /// Public address, in every link of a mail (I4).
    pub base_url: Url,
    /// Sender of every mail.
    pub mail_from: Party,
    /// API calls a minute and key; 0 is no limit.
    pub api_rate: u32,
    /// Rung when a mail was queued, so that it need not wait for the timetable.
    pub mail_bell: Notify,
    /// Rung when a run waits to be carried out.
    pub run_bell: Notify,
    /// Cancelled when the node stops: whatever goes on by itself ends then.
    pub stopping: CancellationToken,
    catalogue: RwLock<Option<Arc<Catalogue>>>,
    roster: roster::Held,
    routed: queries::Routed,
    noticed: notices::Noticed,
}

/// The parts of a [`Ctx`] that `app` chooses.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// The secret key.
    pub keys: SecretKey,
    /// Public address.
    pub base_url: Url,
    /// Sender of every mail.
    pub mail_from: Party,
    /// API calls a minute and key.
    pub api_rate: u32,
}

impl Ctx {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Ctx {
        Ctx {
            passwords: Passwords::new(parts.random.clone()),
            photos: Photos::new(),
            store: parts.store,
            clock: parts.clock,
            random: parts.random,
            keys: parts.keys,
            base_url: parts.base_url,
            mail_from: parts.mail_from,
            api_rate: parts.api_rate,
            mail_bell: Notify::new(),
            run_bell: Notify::new(),
            stopping: CancellationToken::new(),
            catalogue: RwLock::default(),
            roster: roster::Held::default(),
            routed: queries::Routed::default(),
            noticed: notices::Noticed::default(),
        }
    }

    /// The present instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Whether the public address is https, which turns on Secure `__Host-` cookies and HSTS (A5).
    pub fn is_https(&self) -> bool {
        self.base_url.scheme() == "https"
    }

    /// An absolute link to a path of this installation.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.base_url.as_str().trim_end_matches('/'))
    }

    /// Settings, roles and languages as of this version, read anew only where the held copy is another one.
    pub async fn catalogue(&self, version: i64) -> Result<Arc<Catalogue>> {
        let held = self.catalogue.read().unwrap_or_else(PoisonError::into_inner).clone();
        match held {
            Some(held) if held.version == version => Ok(held),
            _ => self.read_catalogue().await,
        }
    }

    /// Settings, roles and languages as they stand now; one statement where the held copy is still good.
    pub async fn present_catalogue(&self) -> Result<Arc<Catalogue>> {
        let version = versions::of(self.store.read(), versions::Counter::Catalogue).await?;
        self.catalogue(version).await
    }

    /// Settings, roles and languages, read anew.
    async fn read_catalogue(&self) -> Result<Arc<Catalogue>> {
        let fresh = Arc::new(Catalogue::read(self.store.read()).await?);
        *self.catalogue.write().unwrap_or_else(PoisonError::into_inner) = Some(fresh.clone());
        Ok(fresh)
    }
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// A signed-in operator.
    Operator {
        /// The operator.
        id: i64,
        /// Public name of the session.
        session_id: String,
        /// When the password was last typed in it (A8).
        confirmed_at: DateTime<Utc>,
    },
    /// A key of the JSON API.
    ApiKey(i64),
    /// Somebody at the server's command line.
    Console,
    /// A job, or a visitor with a one-time link.
    System,
}

/// Who acts, with their rights and where they come from.
#[derive(Clone, Debug)]
pub struct Actor {
    /// What kind of actor.
    pub kind: ActorKind,
    /// Name for the audit log.
    pub name: String,
    /// What they may do.
    pub permissions: PermissionSet,
    /// Where the request came from.
    pub origin: Origin,
}

/// Where a request came from; empty for the console and jobs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Network address of the client, behind trusted proxies the one they name.
    pub address: Option<IpAddr>,
    /// Reference of the request, the same in the log, in the answer's headers and on error pages.
    pub request_id: String,
}

/// How long a typed password counts for deeds that need one (A8).
pub const CONFIRMED_FOR: TimeDelta = TimeDelta::minutes(5);

impl Actor {
    /// The program itself: jobs, and visitors with a one-time link.
    pub fn system(name: &str) -> Actor {
        Actor { kind: ActorKind::System, name: name.to_owned(), permissions: PermissionSet::default(), origin: Origin::default() }
    }

    /// Somebody at the command line, who may do everything.
    pub fn console() -> Actor {
        Actor { kind: ActorKind::Console, permissions: PermissionSet::all(), ..Actor::system("console") }
    }

    /// The operator who acts, if it is one.
    pub fn operator_id(&self) -> Option<i64> {
        match self.kind {
            ActorKind::Operator { id, .. } => Some(id),
            _ => None,
        }
    }

    /// Whether the permission is held.
    pub fn has(&self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }

    /// The proof that a right is held, or a refusal which is logged (Z1, Z6).
    pub fn may<'a, R: rights::Right<'a>>(&'a self) -> Result<R> {
        if self.has(R::PERMISSION) {
            return Ok(R::proven(self));
        }
        Err(self.refused(R::PERMISSION))
    }

    /// Logs a refusal and makes its error.
    pub fn refused(&self, permission: Permission) -> AppError {
        let right = permission.as_str();
        tracing::warn!(actor = %self.name, kind = ?self.kind, right, request_id = %self.origin.request_id, "refused");
        AppError::Forbidden(right)
    }

    /// Refuses where an operator typed the password too long ago (A8). Keys and the console have none.
    pub fn confirmed(&self, now: DateTime<Utc>) -> Result<()> {
        match self.kind {
            ActorKind::Operator { confirmed_at, .. } if now - confirmed_at > CONFIRMED_FOR => Err(AppError::Unconfirmed),
            _ => Ok(()),
        }
    }
}
