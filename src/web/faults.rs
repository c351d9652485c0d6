//! Faults of fields in words, for the form components.

use crate::domain::field::{FieldError, FieldErrors};
use crate::i18n::Texts;

/// The faults of a form in the reader's language; empty for a form that was not sent yet.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    errors: FieldErrors,
    t: Texts,
    names: Names,
}

/// Fields with the keys of what they are called.
type Names = &'static [(&'static str, &'static str)];

impl Faults {
    /// No faults.
    pub fn none(t: Texts) -> Faults {
        Faults { t, ..Faults::default() }
    }

    /// These faults.
    pub fn of(t: Texts, errors: FieldErrors) -> Faults {
        Faults { errors, t, ..Faults::default() }
    }

    /// With other names for some fields than things have for theirs.
    pub fn called(self, names: Names) -> Faults {
        Faults { names, ..self }
    }

    /// What is wrong with a field.
    pub fn at(&self, field: &str) -> Option<String> {
        self.errors.of(field).map(|error| word(self.t, error))
    }

    /// What a field is called in the summary, which stands far from it; none where nothing of that name is known.
    pub fn name(&self, field: &str) -> Option<&'static str> {
        let own = self.names.iter().find(|(name, _)| *name == field).map(|(_, key)| (*key).to_owned());
        let key = own.unwrap_or_else(|| format!("audit-field-{}", field.replace('_', "-")));
        self.t.has(&key).then(|| self.t.get(&key))
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
