//! Making and revoking keys of the JSON API (P2, A8).

use chrono::TimeDelta;

use super::Ctx;
use super::audit::{self, Changes, Object};
use super::rights::ManageApiKeys;
use crate::domain::api_key::{EXPIRES_DAYS, PREFIX, SHOWN, Scope, permissions};
use crate::domain::field::FieldErrors;
use crate::domain::number::number;
use crate::domain::{limits, role, text};
use crate::error::{AppError, Result};
use crate::security::digest::TokenHash;
use crate::security::random;
use crate::store::{api_keys, submissions};

/// A key as it was asked for.
#[derive(Clone, Debug, Default)]
pub struct NewApiKey {
    /// What it is for.
    pub name: String,
    /// Names of its scopes.
    pub scopes: Vec<String>,
    /// Days until it ends; nothing is no end.
    pub expires_days: String,
    /// Unique id of the form, so that sending it twice makes one key (F-4).
    pub submission_id: String,
}

/// A key that was made: the only time it is known in clear.
#[derive(Clone)]
pub struct MadeApiKey {
    /// Its id.
    pub id: i64,
    /// The key itself; none where this very form had made it before.
    pub key: Option<String>,
}

/// Longest submission id that is kept; the forms' own are shorter.
const SUBMISSION_ID: usize = 64;
/// Where the page of a key is, before its id.
const PAGE: &str = "/api-keys/";

/// Makes a key with the scopes asked for; nobody gives one that does more than they may themselves (RO-1).
pub async fn create(ctx: &Ctx, right: ManageApiKeys<'_>, new: NewApiKey) -> Result<MadeApiKey> {
    let now = ctx.now();
    right.confirmed(now)?;
    let mut errors = FieldErrors::default();
    let name = errors.take("name", text::line(&new.name, limits::KEY_NAME)).unwrap_or_default();
    let scopes = scopes(&new.scopes, &mut errors);
    if !role::may_grant(&right.permissions, &permissions(&scopes)) {
        errors.add("scopes", "scope_beyond_own");
    }
    let days = match new.expires_days.trim() {
        "" => None,
        days => errors.take("expires_days", number(days, (*EXPIRES_DAYS.start()).into(), (*EXPIRES_DAYS.end()).into())),
    };
    errors.into_result(())?;
    let token = random::token(&*ctx.random).map_err(AppError::unexpected)?;
    let key = format!("{PREFIX}{}", token.reveal());
    let expires_at = days.map(|days| now + TimeDelta::days(days));
    let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    let submission = Some(new.submission_id.as_str()).filter(|id| !id.is_empty() && id.len() <= SUBMISSION_ID);
    ctx.store
        .write(async |tx| {
            if let Some(submission) = submission
                && let Some(first) = submissions::find(tx, submission).await?
            {
                let id = first.strip_prefix(PAGE).and_then(|id| id.parse().ok());
                return Ok(MadeApiKey {
                    id: id.ok_or_else(|| AppError::Malformed("the submission belongs to another form".into()))?,
                    key: None,
                });
            }
            let row = api_keys::NewApiKey {
                name: name.clone(),
                prefix: key.chars().take(SHOWN).collect(),
                hash: TokenHash::of(&key).as_str().to_owned(),
                scopes: scopes.join(" "),
                created_by: right.name.clone(),
                expires_at,
            };
            let id = api_keys::add(tx, row, now).await?;
            let mut changes = Changes::default();
            changes.set("name", &name);
            changes.set("scopes", &scopes);
            changes.set("expires_at", expires_at);
            audit::record(ctx, tx, &right, "api_key.created", Object::new("api_key", id, &*name), changes).await?;
            if let Some(submission) = submission {
                submissions::add(tx, submission, &format!("{PAGE}{id}"), now).await?;
            }
            Ok(MadeApiKey { id, key: Some(key.clone()) })
        })
        .await
}

/// The scopes named, in their order and each once.
fn scopes(names: &[String], errors: &mut FieldErrors) -> Vec<Scope> {
    if names.is_empty() {
        errors.add("scopes", "scope_required");
    }
    if names.iter().any(|name| Scope::parse(name).is_none()) {
        errors.add("scopes", "unknown_choice");
    }
    Scope::ALL.iter().copied().filter(|scope| names.iter().any(|name| name == scope.as_str())).collect()
}

/// Revokes a key: from now on every call with it is refused.
pub async fn revoke(ctx: &Ctx, right: ManageApiKeys<'_>, id: i64) -> Result<()> {
    ctx.store
        .write(async |tx| {
            let key = api_keys::find(tx, id).await?.ok_or(AppError::NotFound)?;
            if api_keys::revoke(tx, id, ctx.now()).await? {
                let object = Object::new("api_key", id, &*key.name);
                audit::record(ctx, tx, &right, "api_key.revoked", object, Changes::default()).await?;
            }
            Ok(())
        })
        .await
}
