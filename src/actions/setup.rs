//! The first owner: by the link printed on an empty database, by settings, or at the console (A10).

use chrono::TimeDelta;

use super::audit::{self, Changes, Object};
use super::{Actor, Ctx, passwords};
use crate::domain::email::EmailAddress;
use crate::domain::field::FieldErrors;
use crate::domain::one_time_token::{Purpose, Standing, standing};
use crate::domain::permission::BuiltIn;
use crate::domain::{limits, text};
use crate::error::{AppError, Result};
use crate::security::digest::TokenHash;
use crate::security::random::token;
use crate::store::Tx;
use crate::store::accounts;
use crate::store::tokens::{self, NewToken};
use crate::store::versions::{self, Counter};

/// How long a set-up link stands; a fresh one is printed at every start.
const SETUP_HOURS: i64 = 24;

/// Makes the set-up link where there is no operator yet; every start prints a fresh one and voids the last.
pub async fn issue_token(ctx: &Ctx) -> Result<Option<String>> {
    if !accounts::is_empty(ctx.store.read()).await? {
        return Ok(None);
    }
    let token = token(&*ctx.random).map_err(AppError::unexpected)?;
    let expires_at = ctx.now() + TimeDelta::hours(SETUP_HOURS);
    let hash = TokenHash::from(&token);
    ctx.store
        .write(async |tx| {
            let new = NewToken { hash: hash.as_str(), purpose: Purpose::Setup, operator_id: None, email_key: None, expires_at };
            tokens::issue(tx, new, ctx.now()).await
        })
        .await?;
    Ok(Some(ctx.link(&format!("/setup?token={}", token.reveal()))))
}

/// Whether a set-up link still stands; reading it changes nothing (I3).
pub async fn look(ctx: &Ctx, presented: &str) -> Result<i64> {
    let found = tokens::find(ctx.store.read(), TokenHash::of(presented).as_str()).await?;
    let found = found.filter(|token| token.purpose == Purpose::Setup.as_str()).ok_or(AppError::Conflict("link-unknown"))?;
    let at = |instant: Option<crate::store::Millis>| instant.map(|at| at.0);
    match standing(found.expires_at.0, at(found.used_at), at(found.voided_at), ctx.now()) {
        Standing::Usable if accounts::is_empty(ctx.store.read()).await? => Ok(found.id),
        Standing::Expired => Err(AppError::Conflict("link-expired")),
        Standing::Voided => Err(AppError::Conflict("link-voided")),
        Standing::Usable | Standing::Used => Err(AppError::Conflict("link-used")),
    }
}

/// What the set-up page asks for.
pub struct FirstOwner<'a> {
    /// Full name.
    pub name: &'a str,
    /// Sign-in address.
    pub email: &'a str,
    /// Password.
    pub password: &'a str,
    /// The same once more, where a form asks twice.
    pub confirmation: Option<&'a str>,
}

/// Creates the first owner with the set-up link.
pub async fn set_up(ctx: &Ctx, actor: &Actor, presented: &str, owner: FirstOwner<'_>) -> Result<()> {
    let token_id = look(ctx, presented).await?;
    create(ctx, actor, owner, Some(token_id)).await
}

/// Creates an owner from the settings where there is no operator yet; tells whether it did.
pub async fn create_owner(ctx: &Ctx, email: &str, password: &str) -> Result<bool> {
    if !accounts::is_empty(ctx.store.read()).await? {
        return Ok(false);
    }
    let name = email.split('@').next().unwrap_or_default();
    create(ctx, &Actor::console(), FirstOwner { name, email, password, confirmation: None }, None).await?;
    Ok(true)
}

async fn create(ctx: &Ctx, actor: &Actor, owner: FirstOwner<'_>, token_id: Option<i64>) -> Result<()> {
    let mut errors = FieldErrors::default();
    let name = errors.take("name", text::line(owner.name, limits::NAME));
    let email = errors.take("email", EmailAddress::parse(owner.email));
    let context = [owner.name, owner.email];
    let hash = match passwords::checked_hash_of(ctx, &context, owner.password, owner.confirmation, "password").await {
        Ok(hash) => Some(hash),
        Err(AppError::Invalid(more)) => {
            errors.0.extend(more.0);
            None
        }
        Err(error) => return Err(error),
    };
    let (Some(name), Some(email), Some(hash)) = (name, email, hash) else { return Err(errors.into()) };
    let own = Actor { name: name.clone(), ..actor.clone() };
    ctx.store
        .write(async |tx| {
            // Locks out a second set-up at the same time, on both engines.
            versions::touch(tx, Counter::Operators).await?;
            if !accounts::is_empty(tx).await? {
                return Err(AppError::Conflict("link-used"));
            }
            if let Some(id) = token_id
                && !tokens::use_up(tx, id, ctx.now()).await?
            {
                return Err(AppError::Conflict("link-used"));
            }
            let id = insert(ctx, tx, &name, &email).await?;
            accounts::activate(tx, id, &hash, ctx.now()).await?;
            created(ctx, tx, &own, id, &name, &email).await
        })
        .await
}

/// Creates an owner, or invites one again who is locked out; returns the one-time link (O8).
pub async fn owner_link(ctx: &Ctx, email: &str, name: &str) -> Result<String> {
    let mut errors = FieldErrors::default();
    let name = errors.take("name", text::line(name, limits::NAME));
    let email = errors.take("email", EmailAddress::parse(email));
    let (Some(name), Some(email)) = (name, email) else { return Err(errors.into()) };
    let catalogue = ctx.present_catalogue().await?;
    let owner_role = catalogue.role_by_slug(BuiltIn::Owner.slug()).ok_or(AppError::NotFound)?.id;
    let token = token(&*ctx.random).map_err(AppError::unexpected)?;
    let hash = TokenHash::from(&token);
    let expires_at = ctx.now() + TimeDelta::hours(catalogue.organisation.invitation_hours);
    let purpose = ctx
        .store
        .write(async |tx| {
            let (id, purpose) = match accounts::by_email(tx, &email.key()).await? {
                Some(account) if account.role_id != owner_role => return Err(AppError::Conflict("not-an-owner")),
                Some(account) if account.suspended_at.is_some() => return Err(AppError::Conflict("suspended")),
                Some(account) if account.activated_at.is_some() => (account.id, Purpose::Reset),
                Some(account) => (account.id, Purpose::Invitation),
                None => {
                    let id = insert(ctx, tx, &name, &email).await?;
                    created(ctx, tx, &Actor::console(), id, &name, &email).await?;
                    (id, Purpose::Invitation)
                }
            };
            let email_key = email.key();
            let new = NewToken { hash: hash.as_str(), purpose, operator_id: Some(id), email_key: Some(&email_key), expires_at };
            tokens::issue(tx, new, ctx.now()).await?;
            if purpose == Purpose::Invitation {
                accounts::set_invitation(tx, id, Some(expires_at)).await?;
            }
            versions::touch(tx, Counter::Operators).await?;
            Ok(purpose)
        })
        .await?;
    let page = if purpose == Purpose::Reset { "/password/reset" } else { "/invitation" };
    Ok(ctx.link(&format!("{page}/{}", token.reveal())))
}

/// Adds an account with the role of an owner.
async fn insert(ctx: &Ctx, tx: &Tx, name: &str, email: &EmailAddress) -> Result<i64> {
    let catalogue = ctx.present_catalogue().await?;
    let role = catalogue.role_by_slug(BuiltIn::Owner.slug()).ok_or(AppError::NotFound)?;
    Ok(accounts::insert(tx, name, email, role.id, ctx.now()).await?)
}

async fn created(ctx: &Ctx, tx: &Tx, actor: &Actor, id: i64, name: &str, email: &EmailAddress) -> Result<()> {
    let mut changes = Changes::default();
    changes.set("name", name);
    changes.set("email", email.as_str());
    changes.set("role", BuiltIn::Owner.slug());
    audit::record(ctx, tx, actor, "operator.created", Object::new("operator", id, name), changes).await
}
