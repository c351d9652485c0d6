//! Invitations: issue, send again, revoke, copy the link, accept (OP-5, I1 to I7).

use chrono::TimeDelta;

use super::audit::{self, Changes, Object};
use super::mail::{self, Message, Recipient};
use super::rights::ManageOperators;
use super::{Actor, Ctx, passwords};
use crate::domain::mail_text::MailKind;
use crate::domain::one_time_token::{Purpose, may_send_again};
use crate::domain::role::is_above;
use crate::error::{AppError, Result};
use crate::security::digest::TokenHash;
use crate::security::random::token;
use crate::store::accounts::{self, Account};
use crate::store::catalogue::Catalogue;
use crate::store::tokens::{self, NewToken};
use crate::store::versions;
use crate::store::{Tx, sessions};

/// Invitations that are made with the same few statements.
const AT_ONCE: usize = 500;

/// Makes a new invitation for an operator, voids the old one, and mails the link.
pub(crate) async fn issue(ctx: &Ctx, tx: &Tx, catalogue: &Catalogue, actor: &Actor, to: &Recipient) -> Result<()> {
    let (link, token_id) = new_link(ctx, tx, catalogue, to).await?;
    let expires = to.instant(catalogue, ctx.now() + validity(catalogue), ctx.now());
    let signature = signature(tx, actor).await?;
    let message = Message {
        kind: MailKind::Invitation,
        token_id: Some(token_id),
        dedup_key: format!("invitation:{token_id}"),
        values: &[("link", &link), ("expires", &expires), ("inviter", inviter(catalogue, actor)), ("agentSignature", &signature)],
    };
    mail::queue(ctx, tx, catalogue, to, message).await
}

/// Makes new invitations for many operators in few statements, voids the old ones, and mails the links where wished.
pub(crate) async fn issue_many(ctx: &Ctx, tx: &Tx, catalogue: &Catalogue, actor: &Actor, to: &[Recipient], by_mail: bool) -> Result<()> {
    let expires_at = ctx.now() + validity(catalogue);
    for some in to.chunks(AT_ONCE) {
        let tokens = some.iter().map(|_| token(&*ctx.random).map_err(AppError::unexpected)).collect::<Result<Vec<_>>>()?;
        let hashes: Vec<TokenHash> = tokens.iter().map(TokenHash::from).collect();
        let keys: Vec<String> = some.iter().map(|to| to.email.to_lowercase()).collect();
        let new = some.iter().zip(&keys).zip(&hashes).map(|((to, key), hash)| NewToken {
            hash: hash.as_str(),
            purpose: Purpose::Invitation,
            operator_id: Some(to.id),
            email_key: Some(key),
            expires_at,
        });
        let ids = tokens::issue_many(tx, &new.collect::<Vec<_>>(), ctx.now()).await?;
        accounts::set_invitation_of(tx, &some.iter().map(|to| to.id).collect::<Vec<_>>(), expires_at).await?;
        if !by_mail {
            continue;
        }
        let texts = some.iter().zip(&tokens).map(|(to, token)| {
            let expires = to.instant(catalogue, expires_at, ctx.now());
            (ctx.link(&format!("/invitation/{}", token.reveal())), expires)
        });
        let texts: Vec<(String, String)> = texts.collect();
        let (inviter, signature) = (inviter(catalogue, actor), signature(tx, actor).await?);
        let filled = texts
            .iter()
            .map(|(link, expires)| [("link", link.as_str()), ("expires", expires), ("inviter", inviter), ("agentSignature", &signature)]);
        let values: Vec<[(&str, &str); 4]> = filled.collect();
        let mails = some.iter().zip(&hashes).zip(&values).filter_map(|((to, hash), values)| {
            let token_id = *ids.get(hash.as_str())?;
            let dedup_key = format!("invitation:{token_id}");
            Some((to, Message { kind: MailKind::Invitation, token_id: Some(token_id), dedup_key, values }))
        });
        mail::queue_many(ctx, tx, catalogue, mails).await?;
    }
    let ids: Vec<i64> = to.iter().map(|to| to.id).collect();
    Ok(versions::touch_operators(tx, &ids).await?)
}

/// Whom an invitation names as its sender.
fn inviter<'a>(catalogue: &'a Catalogue, actor: &'a Actor) -> &'a str {
    match actor.operator_id() {
        Some(_) => &actor.name,
        None => &catalogue.organisation.organisation_name,
    }
}

/// The general signature of who invites (DE-7).
async fn signature(tx: &Tx, actor: &Actor) -> Result<String> {
    match actor.operator_id() {
        Some(id) => Ok(accounts::signature(tx, id).await?.unwrap_or_default()),
        None => Ok(String::new()),
    }
}

/// Mails a fresh invitation, at most once a minute and five times a day (I6).
pub async fn invite_again(ctx: &Ctx, right: ManageOperators<'_>, id: i64) -> Result<()> {
    let catalogue = ctx.present_catalogue().await?;
    ctx.store
        .write(async |tx| {
            let account = invitee(&catalogue, tx, &right, id).await?;
            spaced(ctx, tx, id).await?;
            issue(ctx, tx, &catalogue, &right, &recipient(&account)).await?;
            record(ctx, tx, &right, "operator.invited", &account).await
        })
        .await
}

/// Makes a fresh link without mailing it, for sites without mail; the old one is void.
pub async fn copy_link(ctx: &Ctx, right: ManageOperators<'_>, id: i64) -> Result<String> {
    let catalogue = ctx.present_catalogue().await?;
    ctx.store
        .write(async |tx| {
            let account = invitee(&catalogue, tx, &right, id).await?;
            let (link, _) = new_link(ctx, tx, &catalogue, &recipient(&account)).await?;
            record(ctx, tx, &right, "operator.invitation_link", &account).await?;
            Ok(link)
        })
        .await
}

/// Voids the invitation in force.
pub async fn revoke(ctx: &Ctx, right: ManageOperators<'_>, id: i64) -> Result<()> {
    let catalogue = ctx.present_catalogue().await?;
    ctx.store
        .write(async |tx| {
            let account = invitee(&catalogue, tx, &right, id).await?;
            tokens::void_all(tx, id, ctx.now()).await?;
            accounts::set_invitation(tx, id, None).await?;
            record(ctx, tx, &right, "operator.invitation_revoked", &account).await?;
            Ok(versions::touch_operators(tx, &[id]).await?)
        })
        .await
}

/// What a visitor with an invitation link is shown; reading it changes nothing (I3).
pub async fn look(ctx: &Ctx, presented: &str) -> Result<passwords::Link> {
    passwords::look(ctx, presented, Purpose::Invitation).await
}

/// Sets the password of an invited operator; the link is used up, once.
pub async fn accept(ctx: &Ctx, actor: &Actor, presented: &str, password: &str, confirmation: &str) -> Result<()> {
    let link = look(ctx, presented).await?;
    let hash = passwords::checked_hash(ctx, &link.account, password, Some(confirmation), "password").await?;
    ctx.store
        .write(async |tx| {
            if !tokens::use_up(tx, link.token_id, ctx.now()).await? {
                return Err(AppError::Conflict("link-used"));
            }
            accounts::activate(tx, link.account.id, &hash, ctx.now()).await?;
            sessions::end_all(tx, link.account.id, None).await?;
            let own = Actor { name: link.account.name.clone(), ..actor.clone() };
            record(ctx, tx, &own, "operator.invitation_accepted", &link.account).await?;
            Ok(versions::touch_operators(tx, &[link.account.id]).await?)
        })
        .await
}

/// A visitor with an expired link asks for a fresh one; it goes to the stored address only (OP-5).
pub async fn ask_again(ctx: &Ctx, presented: &str) -> Result<()> {
    let Some(old) = tokens::find(ctx.store.read(), TokenHash::of(presented).as_str()).await? else {
        return Ok(());
    };
    let Some(id) = old.operator_id.filter(|_| old.purpose == Purpose::Invitation.as_str() && old.voided_at.is_none()) else {
        return Ok(());
    };
    let catalogue = ctx.present_catalogue().await?;
    ctx.store
        .write(async |tx| {
            let Some(account) = accounts::find(tx, id).await? else { return Ok(()) };
            let may_be_invited = account.activated_at.is_none() && account.suspended_at.is_none();
            // Whoever asks too often is told the same as everybody: nothing is given away here (A3).
            if !may_be_invited || spaced(ctx, tx, id).await.is_err() {
                return Ok(());
            }
            let to = recipient(&account);
            issue(ctx, tx, &catalogue, &Actor::system(&catalogue.organisation.organisation_name), &to).await?;
            record(ctx, tx, &Actor::system("invitation page"), "operator.invited", &account).await
        })
        .await
}

/// The address and name of an account as a mail needs them.
pub(crate) fn recipient(account: &Account) -> Recipient {
    Recipient {
        id: account.id,
        name: account.name.clone(),
        email: account.email.clone(),
        locale: account.locale.clone(),
        time_zone: account.time_zone.clone(),
    }
}

fn validity(catalogue: &Catalogue) -> TimeDelta {
    TimeDelta::hours(catalogue.organisation.invitation_hours)
}

async fn new_link(ctx: &Ctx, tx: &Tx, catalogue: &Catalogue, to: &Recipient) -> Result<(String, i64)> {
    let token = token(&*ctx.random).map_err(AppError::unexpected)?;
    let expires_at = ctx.now() + validity(catalogue);
    let (hash, email_key) = (TokenHash::from(&token), to.email.to_lowercase());
    let new =
        NewToken { hash: hash.as_str(), purpose: Purpose::Invitation, operator_id: Some(to.id), email_key: Some(&email_key), expires_at };
    let id = tokens::issue(tx, new, ctx.now()).await?;
    accounts::set_invitation(tx, to.id, Some(expires_at)).await?;
    versions::touch_operators(tx, &[to.id]).await?;
    Ok((ctx.link(&format!("/invitation/{}", token.reveal())), id))
}

/// An operator who has not accepted yet, and whom the actor may manage.
async fn invitee(catalogue: &Catalogue, tx: &Tx, actor: &Actor, id: i64) -> Result<Account> {
    let account = accounts::find(tx, id).await?.ok_or(AppError::NotFound)?;
    may_be_invited(catalogue, actor, account.role_id, account.activated_at.is_some(), account.suspended_at.is_some())?;
    Ok(account)
}

/// Refuses to invite somebody above the actor, who has accepted already, or is suspended.
pub(crate) fn may_be_invited(catalogue: &Catalogue, actor: &Actor, role_id: i64, activated: bool, suspended: bool) -> Result<()> {
    let role = catalogue.role(role_id).ok_or(AppError::NotFound)?;
    if is_above(&role.permissions, &actor.permissions) {
        return Err(actor.refused(crate::domain::permission::Permission::OwnersManage));
    }
    if activated {
        return Err(AppError::Conflict("already-active"));
    }
    if suspended { Err(AppError::Conflict("suspended")) } else { Ok(()) }
}

/// Refuses a link that follows the one before too closely (I6).
async fn spaced(ctx: &Ctx, tx: &Tx, id: i64) -> Result<()> {
    let earlier = tokens::times(tx, id, Purpose::Invitation, ctx.now() - TimeDelta::days(1)).await?;
    may_send_again(&earlier, ctx.now()).map_err(AppError::TooMany)
}

async fn record(ctx: &Ctx, tx: &Tx, actor: &Actor, action: &'static str, account: &Account) -> Result<()> {
    audit::record(ctx, tx, actor, action, Object::new("operator", account.id, &account.name), Changes::default()).await
}
