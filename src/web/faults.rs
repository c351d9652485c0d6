//! Faults of fields in words, for the form components.

use crate::domain::field::{FieldError, FieldErrors};
use crate::i18n::Texts;

/// The faults of a form in the reader's language; empty for a form that was not sent yet.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    errors: FieldErrors,
    t: Texts,
}

impl Faults {
    /// No faults.
    pub fn none(t: Texts) -> Faults {
        Faults { errors: FieldErrors::default(), t }
    }

    /// These faults.
    pub fn of(t: Texts, errors: FieldErrors) -> Faults {
        Faults { errors, t }
    }

    /// What is wrong with a field.
    pub fn at(&self, field: &str) -> Option<String> {
        self.errors.of(field).map(|error| word(self.t, error))
    }

    /// Every fault with its field, for the summary.
    pub fn all(&self) -> Vec<(String, String)> {
        self.errors.0.iter().map(|error| (error.field.clone(), word(self.t, error))).collect()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }
}

/// A fault in words: the text `error-<code>`.
pub fn word(t: Texts, error: &FieldError) -> String {
    t.owned(&format!("error-{}", error.code.replace('_', "-")), &error.args)
}
