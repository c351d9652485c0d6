//! The one error of the program; each door decides how it looks.
//! It never renders and holds no text a person reads: fields carry codes, the details go to the log.
//! It may call the store and the domain.

use std::time::Duration;

use crate::domain::field::{FieldError, FieldErrors};
use crate::store::{Retryable, StoreError};

/// Why a request or a job was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// There is no such thing, or the reader may not know of it (Z2).
    #[error("not found")]
    NotFound,
    /// The right named is missing (Z6).
    #[error("forbidden: {0}")]
    Forbidden(&'static str),
    /// Nobody is signed in.
    #[error("signed out")]
    SignedOut,
    /// The password was typed too long ago for this deed (A8).
    #[error("the password must be typed again")]
    Unconfirmed,
    /// The thing has changed since it was read (F-3).
    #[error("stale")]
    Stale,
    /// A rule stands in the way; the code names it (`conflict-<code>` in the texts).
    #[error("conflict: {0}")]
    Conflict(&'static str),
    /// Fields hold something that cannot be taken; nothing was changed.
    #[error("invalid: {0:?}")]
    Invalid(FieldErrors),
    /// Too many tries; come back after this time.
    #[error("too many, wait {0:?}")]
    TooMany(Duration),
    /// The body is larger than allowed.
    #[error("too large")]
    TooLarge,
    /// The form does not come from a page of this session (F-1).
    #[error("the form is not from a page of this session")]
    Forged,
    /// The request itself is malformed.
    #[error("malformed: {0}")]
    Malformed(String),
    /// Another transaction was in the way again and again.
    #[error("busy: {0}")]
    Busy(String),
    /// Something the program rests on does not answer now.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A fault of the program or its surroundings.
    #[error("unexpected: {0}")]
    Unexpected(String),
}

/// What is out of reach or busy may be back by then.
const COME_BACK: Duration = Duration::from_secs(5);

impl AppError {
    /// One field with one fault.
    pub fn field(field: &str, code: &'static str) -> AppError {
        AppError::Invalid(FieldErrors(vec![FieldError { field: field.to_owned(), code, args: Vec::new() }]))
    }

    /// After how long it is worth coming back, where that is known.
    pub fn wait(&self) -> Option<Duration> {
        match self {
            AppError::TooMany(wait) => Some(*wait),
            AppError::Busy(_) | AppError::Unavailable(_) => Some(COME_BACK),
            _ => None,
        }
    }

    /// A fault nobody foresaw, with its cause.
    pub fn unexpected(cause: impl std::fmt::Display) -> AppError {
        AppError::Unexpected(cause.to_string())
    }
}

impl From<FieldErrors> for AppError {
    fn from(errors: FieldErrors) -> Self {
        AppError::Invalid(errors)
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken("email") => AppError::field("email", "email_taken"),
            StoreError::Taken(field) => AppError::field(field, "taken"),
            StoreError::Busy(cause) => AppError::Busy(cause),
            StoreError::OutOfReach(cause) => AppError::Unavailable(cause),
            StoreError::Damaged(_) | StoreError::Database(_) => AppError::Unexpected(error.to_string()),
        }
    }
}

impl Retryable for AppError {
    fn is_retryable(&self) -> bool {
        matches!(self, AppError::Busy(_))
    }
}

/// What fallible things of the upper floors return.
pub type Result<T, E = AppError> = std::result::Result<T, E>;
