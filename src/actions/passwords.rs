//! Passwords: the rules, the forgotten one, one's own change, typing it again (A1 to A3, A8, I2, I5).

use chrono::TimeDelta;

use super::audit::{self, Changes, Object};
use super::invitations::recipient;
use super::mail::{self, Message};
use super::{Actor, ActorKind, Ctx};
use crate::domain::email::EmailAddress;
use crate::domain::field::{Fault, FieldErrors};
use crate::domain::mail_text::MailKind;
use crate::domain::one_time_token::{Purpose, RESET_MINUTES, Standing, may_send_again, standing};
use crate::domain::password;
use crate::error::{AppError, Result};
use crate::security::digest::TokenHash;
use crate::security::passwords::Verdict;
use crate::security::random::token;
use crate::store::accounts::{self, Account};
use crate::store::tokens::{self, NewToken};
use crate::store::{Tx, sessions};

/// A one-time link that stands, and whose it is.
pub struct Link {
    /// Id of the token.
    pub token_id: i64,
    /// The account it is for.
    pub account: Account,
}

/// Checks a password against the rules and hashes it; faults stand at `field` and its confirmation.
///
/// `confirmation` is what was typed the second time, where a form asks twice.
pub(crate) async fn checked_hash(ctx: &Ctx, account: &Account, password: &str, confirmation: Option<&str>, field: &str) -> Result<String> {
    let context = [Some(account.name.as_str()), account.alias.as_deref(), Some(account.email.as_str())];
    let context: Vec<&str> = context.into_iter().flatten().collect();
    checked_hash_of(ctx, &context, password, confirmation, field).await
}

/// The same for somebody who has no account yet; `context` are texts a password must not rest on.
pub(crate) async fn checked_hash_of(
    ctx: &Ctx,
    context: &[&str],
    password: &str,
    confirmation: Option<&str>,
    field: &str,
) -> Result<String> {
    let organisation = &ctx.present_catalogue().await?.organisation;
    let mut errors = FieldErrors::default();
    let min = u32::try_from(organisation.password_min).unwrap_or(12);
    let context: Vec<&str> = context.iter().copied().chain([organisation.organisation_name.as_str()]).collect();
    if password.is_empty() {
        errors.add(field, "required");
    } else {
        errors.take(field, password::check(password, min, &context));
    }
    if errors.is_empty() && confirmation.is_some_and(|again| again != password) {
        errors.add_fault(&format!("{field}_confirmation"), Fault::new("password_mismatch"));
    }
    errors.into_result(())?;
    ctx.passwords.hash(password).await.map_err(AppError::unexpected)
}

/// Reads a one-time link without using it (I3); says what became of it where it no longer stands.
pub(crate) async fn look(ctx: &Ctx, presented: &str, purpose: Purpose) -> Result<Link> {
    let found = tokens::find(ctx.store.read(), TokenHash::of(presented).as_str()).await?;
    let found = found.filter(|token| token.purpose == purpose.as_str()).ok_or(AppError::Conflict("link-unknown"))?;
    let at = |instant: Option<crate::store::Millis>| instant.map(|at| at.0);
    match standing(found.expires_at.0, at(found.used_at), at(found.voided_at), ctx.now()) {
        Standing::Usable => {}
        Standing::Used => return Err(AppError::Conflict("link-used")),
        Standing::Expired => return Err(AppError::Conflict("link-expired")),
        Standing::Voided => return Err(AppError::Conflict("link-voided")),
    }
    let account = match found.operator_id {
        Some(id) => accounts::find(ctx.store.read(), id).await?,
        None => None,
    };
    let account = account.filter(|account| found.email_key.as_deref() == Some(&account.email.to_lowercase()));
    let account = account.filter(|account| account.suspended_at.is_none()).ok_or(AppError::Conflict("link-voided"))?;
    Ok(Link { token_id: found.id, account })
}

/// Mails a reset link where there is such an active account; the answer is the same in any case (A3).
pub async fn forgot(ctx: &Ctx, actor: &Actor, email: &str) -> Result<()> {
    let email = EmailAddress::parse(email).map_err(|fault| {
        let mut errors = FieldErrors::default();
        errors.add_fault("email", fault);
        errors
    })?;
    let catalogue = ctx.present_catalogue().await?;
    ctx.store
        .write(async |tx| {
            let Some(account) = accounts::by_email(tx, &email.key()).await? else { return Ok(()) };
            if account.activated_at.is_none() || account.suspended_at.is_some() {
                return Ok(());
            }
            let earlier = tokens::times(tx, account.id, Purpose::Reset, ctx.now() - TimeDelta::days(1)).await?;
            if may_send_again(&earlier, ctx.now()).is_err() {
                return Ok(());
            }
            let token = token(&*ctx.random).map_err(AppError::unexpected)?;
            let expires_at = ctx.now() + TimeDelta::minutes(RESET_MINUTES);
            let (hash, email_key) = (TokenHash::from(&token), email.key());
            let new = NewToken {
                hash: hash.as_str(),
                purpose: Purpose::Reset,
                operator_id: Some(account.id),
                email_key: Some(&email_key),
                expires_at,
            };
            let token_id = tokens::issue(tx, new, ctx.now()).await?;
            let to = recipient(&account);
            let link = ctx.link(&format!("/password/reset/{}", token.reveal()));
            let message = Message {
                kind: MailKind::PasswordReset,
                token_id: Some(token_id),
                dedup_key: format!("password_reset:{token_id}"),
                values: &[("link", &link), ("expires", &to.instant(&catalogue, expires_at, ctx.now())), ("address", &address(actor))],
            };
            mail::queue(ctx, tx, &catalogue, &to, message).await
        })
        .await
}

/// What a visitor with a reset link is shown; reading it changes nothing (I3).
pub async fn look_reset(ctx: &Ctx, presented: &str) -> Result<Link> {
    look(ctx, presented, Purpose::Reset).await
}

/// Sets a new password by a reset link: everybody is signed out, nobody is signed in (I5).
pub async fn reset(ctx: &Ctx, actor: &Actor, presented: &str, password: &str, confirmation: &str) -> Result<()> {
    let link = look_reset(ctx, presented).await?;
    let hash = checked_hash(ctx, &link.account, password, Some(confirmation), "password").await?;
    let own = Actor { name: link.account.name.clone(), ..actor.clone() };
    ctx.store
        .write(async |tx| {
            if !tokens::use_up(tx, link.token_id, ctx.now()).await? {
                return Err(AppError::Conflict("link-used"));
            }
            replace(ctx, tx, &own, &link.account, &hash, None).await
        })
        .await
}

/// Changes one's own password; every other session ends (A6).
pub async fn change(ctx: &Ctx, actor: &Actor, current: &str, password: &str, confirmation: &str) -> Result<()> {
    let account = own_account(ctx, actor).await?;
    verify(ctx, &account, current, "current_password").await?;
    let hash = checked_hash(ctx, &account, password, Some(confirmation), "password").await?;
    if current == password {
        return Err(AppError::field("password", "password_same"));
    }
    let session = match &actor.kind {
        ActorKind::Operator { session_id, .. } => Some(session_id.as_str()),
        _ => None,
    };
    ctx.store.write(async |tx| replace(ctx, tx, actor, &account, &hash, session).await).await
}

/// Types the password once more before a deed that needs it (A8); returns the actor who has done so. A fault stands at `field`.
pub async fn confirm(ctx: &Ctx, actor: &Actor, password: &str, field: &str) -> Result<Actor> {
    let account = own_account(ctx, actor).await?;
    verify(ctx, &account, password, field).await?;
    let mut confirmed = actor.clone();
    if let ActorKind::Operator { session_id, confirmed_at, .. } = &mut confirmed.kind {
        *confirmed_at = ctx.now();
        ctx.store.write(async |tx| sessions::confirm(tx, session_id, *confirmed_at).await).await?;
    }
    Ok(confirmed)
}

async fn own_account(ctx: &Ctx, actor: &Actor) -> Result<Account> {
    let id = actor.operator_id().ok_or(AppError::SignedOut)?;
    accounts::find(ctx.store.read(), id).await?.ok_or(AppError::SignedOut)
}

/// Checks a typed password; wrong ones are throttled like those at the sign-in (A4).
async fn verify(ctx: &Ctx, account: &Account, password: &str, field: &str) -> Result<()> {
    let key = account.email.to_lowercase();
    let network = "session";
    super::sign_in::throttled(ctx, &key, network, true).await?;
    let stored = account.password_hash.as_deref().ok_or(AppError::SignedOut)?;
    match ctx.passwords.verify(password, stored).await.map_err(AppError::unexpected)? {
        Verdict::Match { .. } => Ok(()),
        Verdict::Mismatch => {
            super::sign_in::count_failure(ctx, &key, network).await?;
            Err(AppError::field(field, "wrong_password"))
        }
    }
}

/// Writes the new hash, ends sessions, voids links and tells the person.
async fn replace(ctx: &Ctx, tx: &Tx, actor: &Actor, account: &Account, hash: &str, but: Option<&str>) -> Result<()> {
    let catalogue = ctx.present_catalogue().await?;
    accounts::set_password(tx, account.id, hash, ctx.now()).await?;
    tokens::void_all(tx, account.id, ctx.now()).await?;
    sessions::end_all(tx, account.id, but).await?;
    let object = Object::new("operator", account.id, &account.name);
    audit::record(ctx, tx, actor, "operator.password_changed", object, Changes::default()).await?;
    let to = recipient(account);
    let message = Message {
        kind: MailKind::PasswordChanged,
        token_id: None,
        dedup_key: format!("password_changed:{}:{}", account.id, ctx.now().timestamp_millis()),
        values: &[
            ("time", &to.instant(&catalogue, ctx.now(), ctx.now())),
            ("address", &address(actor)),
            ("link", &ctx.link("/password/forgot")),
        ],
    };
    mail::queue(ctx, tx, &catalogue, &to, message).await
}

fn address(actor: &Actor) -> String {
    actor.origin.address.map(|ip| ip.to_string()).unwrap_or_else(|| "-".to_owned())
}
