//! Choices with stable names, by which the database, the API and addresses know them.

/// An enumeration whose variants have stable names: all of them in order, the name of each, and the way back.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$about])* $variant,)* }

        impl $name {
            /// All of them, in the order in which they are shown.
            pub const ALL: [$name; [$($text),*].len()] = [$($name::$variant),*];

            /// The stable name.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }

            /// Reads a stable name.
            pub fn parse(name: &str) -> Option<$name> {
                $name::ALL.into_iter().find(|one| one.as_str() == name)
            }
        }
    };
}

pub(crate) use named;

use super::field::Fault;

/// A choice by its stable name, as typed. Fault: `unknown_choice`.
pub fn known<T>(name: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, Fault> {
    parse(name).ok_or_else(|| Fault::new("unknown_choice"))
}

#[cfg(test)]
mod tests {
    use super::*;

    named! {
        /// Two choices.
        Side {
            /// One.
            Left = "left",
            /// The other.
            Right = "right",
        }
    }

    #[test]
    fn names_are_read_back_as_they_were_written_and_others_refused() {
        for side in Side::ALL {
            assert_eq!(Side::parse(side.as_str()), Some(side));
        }
        assert_eq!(known("left", Side::parse), Ok(Side::Left));
        assert_eq!(known("Left", Side::parse), Err(Fault::new("unknown_choice")));
    }
}
