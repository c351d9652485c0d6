//! Signing in and out (A1 to A7): one argon2 hash, whoever asks, and failures counted on every node.

use chrono::TimeDelta;

use super::audit::{self, Changes, Object};
use super::invitations::recipient;
use super::mail::{self, Message};
use super::rights::ManageOperators;
use super::{Actor, Ctx};
use crate::domain::email::EmailAddress;
use crate::domain::field::FieldErrors;
use crate::domain::mail_text::MailKind;
use crate::domain::throttle::{Verdict as Throttle, network_of, verdict};
use crate::domain::{limits, user_agent};
use crate::error::{AppError, Result};
use crate::security::digest::TokenHash;
use crate::security::passwords::Verdict;
use crate::security::random::{token, uuid_v7};
use crate::store::accounts::{self, Account};
use crate::store::sessions::{self, NewSession};
use crate::store::throttle;

/// What somebody types and brings to the sign-in page.
pub struct Attempt<'a> {
    /// The address, as typed.
    pub email: &'a str,
    /// The password, as typed.
    pub password: &'a str,
    /// The browser's cookie of an earlier sign-in, if any.
    pub device: Option<&'a str>,
    /// The browser, as it names itself.
    pub agent: &'a str,
}

/// A session that was opened.
pub struct SignedIn {
    /// The key for the cookie; only its hash is kept.
    pub key: String,
    /// The cookie that makes this browser a known one, where it was not yet.
    pub new_device: Option<String>,
}

/// Opens a session, or says that address or password are wrong, never which (A3).
pub async fn sign_in(ctx: &Ctx, actor: &Actor, attempt: Attempt<'_>) -> Result<SignedIn> {
    let wrong = || AppError::field("password", "wrong_sign_in");
    let network = actor.origin.address.map(network_of).unwrap_or_default();
    let key = EmailAddress::parse(attempt.email).map(|email| email.key());
    let account = match &key {
        Ok(key) => accounts::by_email(ctx.store.read(), key).await?,
        Err(_) => None,
    };
    let key = key.unwrap_or_else(|_| "-".to_owned());
    let device = attempt.device.map(|device| TokenHash::of(device).as_str().to_owned());
    let is_known = match (&account, &device) {
        (Some(account), Some(hash)) => throttle::is_known(ctx.store.read(), account.id, hash).await?,
        _ => false,
    };
    throttled(ctx, &key, &network, is_known).await?;
    let may_enter = |account: &&Account| account.activated_at.is_some() && account.suspended_at.is_none();
    let stored = account.as_ref().filter(may_enter).and_then(|account| Some((account, account.password_hash.as_deref()?)));
    let verdict = match stored {
        Some((_, hash)) => ctx.passwords.verify(attempt.password, hash).await,
        None => ctx.passwords.verify_unknown(attempt.password).await,
    };
    match (stored, verdict) {
        (Some((account, _)), Ok(Verdict::Match { rehash })) => {
            let stronger = if rehash { ctx.passwords.hash(attempt.password).await.ok() } else { None };
            open(ctx, actor, account, device.filter(|_| is_known), attempt.agent, stronger).await
        }
        (_, Err(crate::security::passwords::PasswordError::TooLong) | Ok(_)) => {
            count_failure(ctx, &key, &network).await?;
            metrics::counter!("onduty_sign_in_failures_total").increment(1);
            Err(wrong())
        }
        (_, Err(error)) => Err(AppError::unexpected(error)),
    }
}

/// Opens the session itself; a browser not seen before is told to the person, unless it is their first.
async fn open(
    ctx: &Ctx,
    actor: &Actor,
    account: &Account,
    device: Option<String>,
    agent: &str,
    stronger: Option<String>,
) -> Result<SignedIn> {
    let catalogue = ctx.present_catalogue().await?;
    let now = ctx.now();
    let key = token(&*ctx.random).map_err(AppError::unexpected)?;
    let new_device = match device {
        Some(_) => None,
        None => Some(token(&*ctx.random).map_err(AppError::unexpected)?),
    };
    let hash = new_device.as_ref().map(|token| TokenHash::from(token).as_str().to_owned()).or(device).unwrap_or_default();
    let agent: String = agent.chars().filter(|c| !c.is_control()).take(limits::USER_AGENT).collect();
    let address = actor.origin.address.map(|ip| ip.to_string()).unwrap_or_default();
    let session = NewSession {
        key_hash: TokenHash::from(&key).as_str().to_owned(),
        id: uuid_v7(now, &*ctx.random).map_err(AppError::unexpected)?.simple().to_string(),
        operator_id: account.id,
        ends_at: now + TimeDelta::hours(catalogue.organisation.session_hours),
        address: address.clone(),
        agent: agent.clone(),
    };
    let is_first = !throttle::has_devices(ctx.store.read(), account.id).await?;
    let own = Actor { name: account.name.clone(), ..actor.clone() };
    ctx.store
        .write(async |tx| {
            sessions::open(tx, session.clone(), now).await?;
            accounts::signed_in(tx, account.id, now).await?;
            if let Some(hash) = &stronger {
                accounts::rehash(tx, account.id, hash).await?;
            }
            throttle::remember(tx, account.id, &hash, now).await?;
            let object = Object::new("operator", account.id, &account.name);
            audit::record(ctx, tx, &own, "session.opened", object, Changes::default()).await?;
            if new_device.is_none() || is_first {
                return Ok(());
            }
            let to = recipient(account);
            let (browser, system) = user_agent::describe(&agent);
            let described = [browser, system].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(", ");
            let message = Message {
                kind: MailKind::NewDevice,
                token_id: None,
                dedup_key: format!("new_device:{}", session.id),
                values: &[
                    ("device", if described.is_empty() { "-" } else { &described }),
                    ("address", if address.is_empty() { "-" } else { &address }),
                    ("time", &to.instant(&catalogue, now, now)),
                    ("link", &ctx.link("/profile/applications")),
                ],
            };
            mail::queue(ctx, tx, &catalogue, &to, message).await
        })
        .await?;
    Ok(SignedIn { key: key.reveal().to_owned(), new_device: new_device.map(|token| token.reveal().to_owned()) })
}

/// Refuses where too many wrong tries came before (A4). The wait is told; live sessions are not touched.
pub(crate) async fn throttled(ctx: &Ctx, account: &str, network: &str, is_known: bool) -> Result<()> {
    let counts = throttle::counts(ctx.store.read(), TokenHash::of(account).as_str(), network, ctx.now()).await?;
    match verdict(&counts, is_known, ctx.now()) {
        Throttle::Allow => Ok(()),
        Throttle::Wait(wait) => Err(AppError::TooMany(wait)),
    }
}

/// Counts a wrong try; the account is kept as a hash, since people type passwords into the wrong field.
pub(crate) async fn count_failure(ctx: &Ctx, account: &str, network: &str) -> Result<()> {
    let account = TokenHash::of(account);
    Ok(ctx.store.write(async |tx| throttle::failed(tx, account.as_str(), network, ctx.now()).await).await?)
}

/// Ends one session of an operator (A7). One's own needs no right; others' are checked by the caller's rights type.
pub async fn end_session(ctx: &Ctx, actor: &Actor, operator_id: i64, session_id: &str) -> Result<()> {
    ended(ctx, actor, operator_id, async |tx| {
        let found = sessions::end_of_operator(tx, operator_id, session_id).await?;
        if found { Ok(()) } else { Err(AppError::NotFound) }
    })
    .await
}

/// Ends every session of an operator, but the one the actor is using (A7).
pub async fn end_all_sessions(ctx: &Ctx, actor: &Actor, operator_id: i64) -> Result<()> {
    let own = match &actor.kind {
        super::ActorKind::Operator { id, session_id, .. } if *id == operator_id => Some(session_id.as_str()),
        _ => None,
    };
    ended(ctx, actor, operator_id, async |tx| {
        sessions::end_all(tx, operator_id, own).await?;
        Ok(())
    })
    .await
}

/// Signs an operator out everywhere, or everybody where no address is given; returns how many sessions ended (A7, O8).
///
/// # Errors
/// `Conflict("no-such-operator")`.
pub async fn end_everywhere(ctx: &Ctx, right: ManageOperators<'_>, email: Option<&str>) -> Result<u64> {
    let mut errors = FieldErrors::default();
    let key = email.and_then(|email| errors.take("email", EmailAddress::parse(email))).map(|email| email.key());
    errors.into_result(())?;
    ctx.store
        .write(async |tx| {
            let holders = match &key {
                Some(key) => {
                    let account = accounts::by_email(tx, key).await?.ok_or(AppError::Conflict("no-such-operator"))?;
                    vec![(account.id, account.name)]
                }
                None => sessions::holders(tx).await?,
            };
            let mut all = 0;
            for (id, name) in holders {
                let ended = sessions::end_all(tx, id, None).await?;
                if ended > 0 {
                    all += ended;
                    audit::record(ctx, tx, &right, "session.ended", Object::new("operator", id, name), Changes::default()).await?;
                }
            }
            Ok(all)
        })
        .await
}

async fn ended(ctx: &Ctx, actor: &Actor, operator_id: i64, deed: impl AsyncFn(&crate::store::Tx) -> Result<()>) -> Result<()> {
    if actor.operator_id() != Some(operator_id) {
        let account = accounts::find(ctx.store.read(), operator_id).await?.ok_or(AppError::NotFound)?;
        let catalogue = ctx.present_catalogue().await?;
        let role = catalogue.role(account.role_id).ok_or(AppError::NotFound)?;
        let manage = crate::domain::permission::Permission::OperatorsManage;
        if !actor.has(manage) || crate::domain::role::is_above(&role.permissions, &actor.permissions) {
            return Err(actor.refused(manage));
        }
    }
    ctx.store
        .write(async |tx| {
            let account = accounts::find(tx, operator_id).await?.ok_or(AppError::NotFound)?;
            deed(tx).await?;
            let object = Object::new("operator", operator_id, &account.name);
            audit::record(ctx, tx, actor, "session.ended", object, Changes::default()).await
        })
        .await
}
