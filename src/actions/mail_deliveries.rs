//! What a person does about mails on their way: try again now, call back (M3, MA-2).

use super::audit::{Changes, Object, record};
use super::rights::ManageMail;
use super::{Actor, Ctx};
use crate::domain::delivery::State;
use crate::error::{AppError, Result};
use crate::store::Tx;
use crate::store::deliveries::{self, Mail};

/// Has a mail tried now, its earlier tries forgotten.
///
/// # Errors
/// `Conflict("mail-wiped")` where its link was wiped with the body: a new invitation takes its place;
/// `Conflict("mail-under-way")` while it is being sent or when it was sent.
pub async fn retry(ctx: &Ctx, right: ManageMail<'_>, id: &str) -> Result<()> {
    ctx.store
        .write(async |tx| {
            let (mail, state) = find(tx, id).await?;
            if !state.may_be_retried() {
                return Err(AppError::Conflict("mail-under-way"));
            }
            if deliveries::is_wiped(&mail) {
                return Err(AppError::Conflict("mail-wiped"));
            }
            let done = deliveries::retry(tx, id, state, ctx.now()).await?;
            note(ctx, tx, &right, done, "mail.retried", mail, State::Queued).await
        })
        .await?;
    ctx.mail_bell.notify_one();
    Ok(())
}

/// Calls back a mail that was not handed over yet.
///
/// # Errors
/// `Conflict("mail-under-way")` while it is being sent, or when it has ended.
pub async fn cancel(ctx: &Ctx, right: ManageMail<'_>, id: &str) -> Result<()> {
    ctx.store
        .write(async |tx| {
            let (mail, state) = find(tx, id).await?;
            if !state.may_be_cancelled() {
                return Err(AppError::Conflict("mail-under-way"));
            }
            let done = deliveries::cancel(tx, id, state).await?;
            note(ctx, tx, &right, done, "mail.cancelled", mail, State::Cancelled).await
        })
        .await
}

async fn find(tx: &Tx, id: &str) -> Result<(Mail, State)> {
    let mail = deliveries::find(tx, id).await?.ok_or(AppError::NotFound)?;
    let state = State::parse(&mail.state).ok_or_else(|| AppError::unexpected(format!("mail state {}", mail.state)))?;
    Ok((mail, state))
}

/// The audit entry, unless a worker was faster.
async fn note(ctx: &Ctx, tx: &Tx, actor: &Actor, done: bool, action: &'static str, mail: Mail, after: State) -> Result<()> {
    if !done {
        return Err(AppError::Conflict("mail-under-way"));
    }
    let mut changes = Changes::default();
    changes.note("state", &mail.state.as_str(), &after.as_str());
    record(ctx, tx, actor, action, Object::new("mail", &mail.id, format!("{} {}", mail.kind, mail.to_address)), changes).await
}
