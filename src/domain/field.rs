//! What is wrong with a field: a code with arguments, worded by the doors in the reader's language.

/// Why a value could not be taken. The text is the message `error-<code>` with these arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Stable name of the fault, the same in pages and in the API.
    pub code: &'static str,
    /// What the text mentions, such as the greatest length.
    pub args: Vec<(&'static str, String)>,
}

impl Fault {
    /// A fault without arguments.
    pub fn new(code: &'static str) -> Fault {
        Fault { code, args: Vec::new() }
    }

    /// A fault that mentions one thing.
    pub fn with(code: &'static str, name: &'static str, value: impl ToString) -> Fault {
        Fault { code, args: vec![(name, value.to_string())] }
    }

    /// A number outside of its range.
    pub fn range(min: impl ToString, max: impl ToString) -> Fault {
        Fault { code: "out_of_range", args: vec![("min", min.to_string()), ("max", max.to_string())] }
    }
}

/// A fault at a field. Fields are named as in forms and JSON (CONTRACT.md).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field.
    pub field: String,
    /// Stable name of the fault.
    pub code: &'static str,
    /// What the text mentions.
    pub args: Vec<(&'static str, String)>,
}

/// All faults of one form or document, in the order in which they were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(pub Vec<FieldError>);

impl FieldErrors {
    /// Notes a fault without arguments.
    pub fn add(&mut self, field: &str, code: &'static str) {
        self.add_fault(field, Fault::new(code));
    }

    /// Notes a fault at a field.
    pub fn add_fault(&mut self, field: &str, fault: Fault) {
        self.0.push(FieldError { field: field.to_owned(), code: fault.code, args: fault.args });
    }

    /// Takes the value, or notes its fault at the field.
    pub fn take<T>(&mut self, field: &str, parsed: Result<T, Fault>) -> Option<T> {
        parsed.map_err(|fault| self.add_fault(field, fault)).ok()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first fault of a field.
    pub fn of(&self, field: &str) -> Option<&FieldError> {
        self.0.iter().find(|error| error.field == field)
    }

    /// The value, where nothing is wrong with any field.
    pub fn into_result<T>(self, value: T) -> Result<T, FieldErrors> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_are_gathered_before_anything_is_refused() {
        let mut errors = FieldErrors::default();
        assert_eq!(errors.take("name", Ok::<_, Fault>(1)), Some(1));
        assert_eq!(errors.take("name", Err::<i32, _>(Fault::with("too_long", "max", 100))), None);
        errors.add("email", "required");
        assert_eq!(errors.of("name").map(|e| e.code), Some("too_long"));
        assert_eq!(errors.into_result(()).unwrap_err().0.len(), 2);
    }
}
