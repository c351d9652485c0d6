//! Adding an operator: invited by mail, or with an initial password (OP-2, OP-5).

use chrono::{DateTime, Utc};

use super::profile::{Profile, changes};
use super::{lacking, rights_of};
use crate::actions::audit::{self, Object};
use crate::actions::mail::Recipient;
use crate::actions::rights::ManageOperators;
use crate::actions::{Ctx, invitations, passwords, schedules};
use crate::domain::field::FieldErrors;
use crate::domain::operator::{DEFAULT_PRIORITY, Theme};
use crate::domain::role::may_grant;
use crate::error::{AppError, Result};
use crate::store::operators::{self, Operator};
use crate::store::submissions;
use crate::store::versions;

/// Longest submission id that is kept; the forms' own are shorter.
const SUBMISSION_ID: usize = 64;

/// An operator to be added.
#[derive(Clone, Debug, Default)]
pub struct NewOperator {
    /// Name, e-mail and role are required, all else may follow later.
    pub profile: Profile,
    /// The password to begin with; without one an invitation is mailed.
    pub initial_password: Option<String>,
    /// The same typed once more; the API asks once.
    pub initial_password_confirmation: Option<String>,
    /// The form's own name, so that sending it twice adds one operator (F-4).
    pub submission_id: Option<String>,
}

/// Adds an operator and returns the id. Mails the invitation, unless there is an initial password, which must be changed at the first sign-in.
///
/// # Errors
/// [`AppError::Invalid`] with the fields of CONTRACT.md and `initial_password`, `initial_password_confirmation`;
/// [`AppError::Forbidden`] for a role that may do what the actor may not (Z5).
pub async fn create(ctx: &Ctx, right: ManageOperators<'_>, new: NewOperator) -> Result<i64> {
    let submission = new.submission_id.as_deref().filter(|id| !id.is_empty() && id.len() <= SUBMISSION_ID);
    if let Some(id) = submission
        && let Some(first) = submissions::find(ctx.store.read(), id).await?
    {
        return led_to(&first);
    }
    let catalogue = ctx.present_catalogue().await?;
    let now = ctx.now();
    let mut errors = FieldErrors::default();
    let profile = Profile {
        name: Some(new.profile.name.unwrap_or_default()),
        email: Some(new.profile.email.unwrap_or_default()),
        role: Some(new.profile.role.unwrap_or_default()),
        ..new.profile
    };
    let blank = blank(now);
    let mut operator = blank.clone();
    profile.put_on(&mut operator, &catalogue, &mut errors);
    if catalogue.role(operator.role_id).is_some_and(|role| !may_grant(&right.permissions, &role.permissions)) {
        return Err(lacking(&right, rights_of(&catalogue, operator.role_id)));
    }
    let hash = match (new.initial_password.as_deref(), new.initial_password_confirmation.as_deref()) {
        (None | Some(""), None | Some("")) => None,
        (password, confirmation) => {
            let context = [operator.name.as_str(), operator.alias.as_deref().unwrap_or_default(), operator.email.as_str()];
            let checked = passwords::checked_hash_of(ctx, &context, password.unwrap_or_default(), confirmation, "initial_password");
            match checked.await {
                Err(AppError::Invalid(more)) => {
                    errors.0.extend(more.0);
                    None
                }
                hash => Some(hash?),
            }
        }
    };
    errors.into_result(())?;
    operator.activated_at = hash.as_ref().map(|_| now);
    operator.must_change_password = hash.is_some();
    ctx.store
        .write(async |tx| {
            // First of all: of two forms sent at once, the second waits here for the first on both engines.
            versions::touch_operators(tx, &[]).await?;
            if let Some(id) = submission
                && let Some(first) = submissions::find(tx, id).await?
            {
                return led_to(&first);
            }
            if let Some(schedule) = operator.schedule_id {
                schedules::usable(tx, schedule, 0).await?;
            }
            let id = operators::insert(tx, &operator, hash.as_deref()).await?;
            versions::touch_operators(tx, &[id]).await?;
            if let Some(submission) = submission {
                submissions::add(tx, submission, &location(id), now).await?;
            }
            let object = Object::new("operator", id, &operator.name);
            audit::record(ctx, tx, &right, "operator.created", object, changes(&blank, &operator)).await?;
            if hash.is_none() {
                let to = Recipient { id, ..Recipient::from(&operator) };
                invitations::issue(ctx, tx, &catalogue, &right, &to).await?;
            }
            Ok(id)
        })
        .await
}

/// A new operator before anything was typed.
pub(super) fn blank(now: DateTime<Utc>) -> Operator {
    Operator {
        theme: Theme::default().as_str().to_owned(),
        priority: i64::from(DEFAULT_PRIORITY),
        presence_required: true,
        created_at: now,
        ..Operator::default()
    }
}

fn location(id: i64) -> String {
    format!("/operators/{id}")
}

/// The operator that the first sending of a form added.
fn led_to(location: &str) -> Result<i64> {
    let id = location.strip_prefix("/operators/").and_then(|id| id.parse().ok());
    id.ok_or_else(|| AppError::Malformed("the submission belongs to another form".to_owned()))
}
