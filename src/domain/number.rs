//! Whole numbers typed into forms (F-5).

use std::num::IntErrorKind;

use super::field::Fault;

/// A required whole number from `min` to `max`. Faults: `required`, `not_a_number`, `out_of_range`.
pub fn number(raw: &str, min: i64, max: i64) -> Result<i64, Fault> {
    optional_number(raw, min, max)?.ok_or_else(|| Fault::new("required"))
}

/// As [`number`], but nothing typed is nothing.
pub fn optional_number(raw: &str, min: i64, max: i64) -> Result<Option<i64>, Fault> {
    let text = raw.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<i64>() {
        Ok(number) if (min..=max).contains(&number) => Ok(Some(number)),
        Ok(_) => Err(Fault::range(min, max)),
        // A number too great for the machine is a number all the same.
        Err(error) if matches!(error.kind(), IntErrorKind::PosOverflow | IntErrorKind::NegOverflow) => Err(Fault::range(min, max)),
        Err(_) => Err(Fault::new("not_a_number")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_range_are_taken() {
        for (raw, expected) in [("1", 1), (" 720 ", 720), ("007", 7)] {
            assert_eq!(number(raw, 1, 720), Ok(expected), "{raw}");
        }
        assert_eq!(number("-5", -10, 0), Ok(-5));
        assert_eq!(optional_number("  ", 1, 9), Ok(None));
        assert_eq!(optional_number("9", 1, 9), Ok(Some(9)));
    }

    #[test]
    fn other_inputs_are_told_apart() {
        for (raw, fault) in [
            ("", Fault::new("required")),
            ("ten", Fault::new("not_a_number")),
            ("1.5", Fault::new("not_a_number")),
            ("1 000", Fault::new("not_a_number")),
            ("0", Fault::range(1, 720)),
            ("721", Fault::range(1, 720)),
            ("99999999999999999999", Fault::range(1, 720)),
            ("-99999999999999999999", Fault::range(1, 720)),
        ] {
            assert_eq!(number(raw, 1, 720), Err(fault), "{raw}");
        }
    }
}
