//! What stands under an answer (DE-7): `{$agentSignature}` in a template.

/// The signature of an operator in a department: the department's own one, else the general one, else nothing.
pub fn chosen<'a>(general: Option<&'a str>, of_department: Option<&'a str>) -> &'a str {
    of_department.or(general).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_department_goes_before_the_general_one() {
        for (general, own, expected) in [
            (Some("Ana"), Some("Ana, Sales"), "Ana, Sales"),
            (Some("Ana"), None, "Ana"),
            (None, Some("Ana, Sales"), "Ana, Sales"),
            (None, None, ""),
        ] {
            assert_eq!(chosen(general, own), expected);
        }
    }
}
