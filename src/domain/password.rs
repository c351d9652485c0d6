//! Which passwords are taken (A2): long enough, not known to everybody, not made of what everybody knows of the person.
//! There are no composition rules, and the bytes stay exactly as typed.
//!
//! `common_passwords.txt` is made from the list of common passwords that the Django project ships
//! (django/contrib/auth/common-passwords.txt.gz, version 5.2, three-clause BSD licence, kept beside it in
//! `common_passwords.LICENSE`): the ASCII entries of at least 8 characters, in small letters, sorted by bytes, each once.

use std::sync::LazyLock;

use super::field::Fault;

/// Greatest length in bytes, so that nobody has megabytes hashed.
pub const MAX_BYTES: usize = 1024;

/// Shorter words stand in too many good passwords by chance.
const WORD: usize = 4;
/// So many characters must be left beside the words of the context.
const OWN: usize = 6;
/// Shortest entry of the list.
const LISTED: usize = 8;
/// What everybody knows of every account here.
const PRODUCT: &str = "onduty";

static COMMON: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Takes or refuses a new password (A2).
///
/// `min` counts characters. `context` is what others know of the person: name, alias, e-mail, the organisation's name, each
/// whole as it stands; it is cut into words here.
///
/// Faults: `too_short{min}`, `too_long{max}` (bytes), `password_common`, `password_context{word}`.
pub fn check(password: &str, min: u32, context: &[&str]) -> Result<(), Fault> {
    if password.len() > MAX_BYTES {
        return Err(Fault::with("too_long", "max", MAX_BYTES));
    }
    if password.chars().count() < usize::try_from(min).unwrap_or(usize::MAX) {
        return Err(Fault::with("too_short", "min", min));
    }
    let lower = password.to_lowercase();
    if is_one_character(&lower) || is_common(&lower) {
        return Err(Fault::new("password_common"));
    }
    match leaning_on(&lower, context) {
        Some(word) => Err(Fault::with("password_context", "word", word)),
        None => Ok(()),
    }
}

fn is_one_character(lower: &str) -> bool {
    let mut characters = lower.chars();
    characters.next().is_some_and(|first| characters.all(|other| other == first))
}

/// Whether the password is listed, as it stands or without some of the digits and signs at its end: `password` with a year
/// behind it is as well known as without.
fn is_common(lower: &str) -> bool {
    let mut rest = lower;
    while rest.len() >= LISTED {
        if COMMON.binary_search(&rest).is_ok() {
            return true;
        }
        match rest.strip_suffix(|c: char| !c.is_alphabetic()) {
            Some(shorter) => rest = shorter,
            None => return false,
        }
    }
    false
}

/// The longest word of the context in the password, where little else is in it.
fn leaning_on(lower: &str, context: &[&str]) -> Option<String> {
    let mut words: Vec<String> = context.iter().flat_map(|text| words(text)).chain([PRODUCT.to_owned()]).collect();
    // The longest first: a name whole before its parts, or the parts would hide it.
    words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    let mut rest = lower.to_owned();
    let mut found = None;
    for word in words {
        if rest.contains(&word) {
            rest = rest.replace(&word, "");
            found.get_or_insert(word);
        }
    }
    found.filter(|_| rest.chars().count() < OWN)
}

/// What stands between spaces and at signs, and the parts of it: `ada.moss@example.org` holds `ada.moss`, `moss`, `example.org` and `example`.
fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let mut words: Vec<String> = Vec::new();
    for piece in lower.split(|c: char| c.is_whitespace() || c == '@') {
        words.push(piece.to_owned());
        words.extend(piece.split(|c: char| !c.is_alphanumeric()).map(str::to_owned));
    }
    words.retain(|word| word.chars().count() >= WORD);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTEXT: [&str; 3] = ["Ada Lindström", "ada.moss@tea-house.example", "Blue Fern"];

    fn fault(password: &str) -> Option<Fault> {
        check(password, 8, &CONTEXT).err()
    }

    #[test]
    fn the_list_is_long_sorted_and_free_of_entries_that_never_match() {
        assert!(COMMON.len() >= 3_000);
        assert!(COMMON.iter().all(|entry| entry.len() >= LISTED && *entry == entry.to_lowercase()));
        assert!(COMMON.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn length_is_counted_in_characters_from_below_and_in_bytes_from_above() {
        assert_eq!(check("éüñøéüñøé1z", 12, &[]), Err(Fault::with("too_short", "min", 12)));
        assert_eq!(check("éüñøéüñøé1zx", 12, &[]), Ok(()));
        assert_eq!(check(&"ab".repeat(512), 12, &[]), Ok(()));
        assert_eq!(check(&"é".repeat(513), 12, &[]), Err(Fault::with("too_long", "max", 1024)));
        assert_eq!(check("", 0, &[]), Ok(()));
    }

    #[test]
    fn what_everybody_knows_is_refused() {
        for common in ["password", "PassWord", "password2031!", "Iloveyou!!", "aaaaaaaaaaaa", "AAAAaaaaAAAA", "............"] {
            assert_eq!(fault(common), Some(Fault::new("password_common")), "{common}");
        }
    }

    #[test]
    fn no_kind_of_character_is_asked_for() {
        for good in ["kettle orchard nine", "zvtkqpwmxr", "8301956274661", "   spaces   are  fine "] {
            assert_eq!(fault(good), None, "{good}");
        }
    }

    #[test]
    fn what_others_know_of_the_person_does_not_make_a_password() {
        for (password, word) in [
            ("LindströM1!", "lindström"),
            ("ada.moss2031", "ada.moss"),
            ("12mossmoss", "moss"),
            ("tea-house.example", "tea-house.example"),
            ("housexhouse!", "house"),
            ("BlueFern99", "blue"),
            ("OnDuty-2031", "onduty"),
        ] {
            assert_eq!(fault(password), Some(Fault::with("password_context", "word", word)), "{password}");
        }
    }

    #[test]
    fn a_known_word_beside_enough_of_ones_own_is_taken() {
        assert_eq!(fault("moss over granite"), None);
        assert_eq!(fault("ada ada ada"), None);
    }
}
