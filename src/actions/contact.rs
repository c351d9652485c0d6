//! What visitors send by the public page of a site (QU-1): bounded by network, taken once.

use super::{Actor, Ctx, Origin, queries};
use crate::domain::query::{RawQuery, reference};
use crate::domain::throttle::{Verdict, messages_verdict, network_of};
use crate::error::{AppError, Result};
use crate::store::contact_messages;

/// Takes a message, or a wish to be called, and returns its reference. One that was sent before under the same `external_id` has the
/// reference it had then.
///
/// # Errors
/// [`AppError::TooMany`] where too many came from the network lately; faults as for [`queries::post`].
pub async fn send(ctx: &Ctx, origin: &Origin, raw: RawQuery) -> Result<String> {
    let id = raw.external_id.clone().unwrap_or_default();
    if let Some(before) = contact_messages::query_of(ctx.store.read(), &id).await? {
        return Ok(reference(before));
    }
    let network = origin.address.map_or_else(|| "unknown".to_owned(), network_of);
    let now = ctx.now();
    let verdict = ctx
        .store
        .write(async |tx| {
            let (lately, daily) = contact_messages::counts(tx, &network, now).await?;
            let verdict = messages_verdict(lately, daily);
            if verdict == Verdict::Allow {
                contact_messages::note(tx, &network, now).await?;
            }
            Ok::<_, AppError>(verdict)
        })
        .await?;
    if let Verdict::Wait(wait) = verdict {
        return Err(AppError::TooMany(wait));
    }
    let actor = Actor { origin: origin.clone(), ..Actor::system("contact") };
    match queries::post(ctx, &actor, raw).await {
        Ok(posted) => Ok(posted.reference()),
        // The same form twice at once: the other one was quicker.
        Err(AppError::Invalid(errors)) if errors.of("external_id").is_some_and(|error| error.code == "taken") => {
            contact_messages::query_of(ctx.store.read(), &id).await?.map(reference).ok_or_else(|| errors.into())
        }
        Err(error) => Err(error),
    }
}
