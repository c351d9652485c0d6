//! What people may type: cleaned once, at the door, alike for forms, API and imports (F-5).

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::field::Fault;
use super::limits;

/// Longest word of the search index, in characters.
const WORD: usize = 40;
/// Fewest digits that make a telephone number; internal extensions are this short.
const PHONE_DIGITS: usize = 3;

/// One required line in NFC, trimmed, of at most `max` characters (F-5).
/// Faults: `required`, `control_character`, `bidi_character`, `too_long`.
pub fn line(raw: &str, max: usize) -> Result<String, Fault> {
    optional_line(raw, max)?.ok_or_else(|| Fault::new("required"))
}

/// As [`line`], but nothing typed is nothing.
pub fn optional_line(raw: &str, max: usize) -> Result<Option<String>, Fault> {
    // The separators U+2028 and U+2029 break lines although Unicode does not count them as controls.
    clean(raw, max, |c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}

/// What others wrote, such as a title in a file, as one line of at most `max` characters: what [`line`] refuses is left out or cut.
pub fn salvaged_line(raw: &str, max: usize) -> Option<String> {
    let visible: String = raw.nfc().filter(|c| !is_bidi(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = words.chars().take(max).collect();
    optional_line(&cut, max).ok().flatten()
}

/// A required text of several lines, each ended by `\n`; tabs stay (F-5). Faults as for [`line`].
pub fn multiline(raw: &str, max: usize) -> Result<String, Fault> {
    optional_multiline(raw, max)?.ok_or_else(|| Fault::new("required"))
}

/// As [`multiline`], but nothing typed is nothing.
pub fn optional_multiline(raw: &str, max: usize) -> Result<Option<String>, Fault> {
    let unified = raw.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    clean(&unified, max, |c| c.is_control() && !matches!(c, '\n' | '\t'))
}

/// The text as it is compared and searched: small letters without diacritics.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.to_lowercase().nfd().filter(|c| !is_diacritic(*c)) {
        // Letters that Unicode does not take apart, as they are typed on a keyboard that lacks them.
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'þ' => folded.push_str("th"),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            other => folded.push(other),
        }
    }
    folded.nfc().collect()
}

/// The different folded words of the texts, for a search by the beginnings of words (OP-1).
/// A word is a run of letters and digits, cut to 40 characters; so an e-mail address yields its parts.
pub fn words(texts: &[&str]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for text in texts {
        for word in fold(text).split(is_between_words).filter(|word| !word.is_empty()) {
            let word: String = word.chars().take(WORD).collect();
            if !words.contains(&word) {
                words.push(word);
            }
        }
    }
    words
}

/// Whether each of the words, which are those of [`words`], begins a word of the texts.
pub fn all_begin(words: &[String], texts: &[&str]) -> bool {
    let texts = fold(&texts.join(" "));
    words.iter().all(|word| texts.split(is_between_words).any(|one| one.starts_with(word)))
}

fn is_between_words(c: char) -> bool {
    !c.is_alphanumeric() && !is_combining_mark(c)
}

/// A telephone number as typed, for people to read and call (OP-2): digits, `+` in front, brackets, hyphens, dots, slashes,
/// spaces, and an extension after `x` or `ext`. Faults: `phone`, and those of [`line`] but `required`.
pub fn phone(raw: &str) -> Result<Option<String>, Fault> {
    let Some(text) = optional_line(raw, limits::PHONE)? else { return Ok(None) };
    // Numbers copied from documents carry non-breaking spaces.
    let text: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    if is_phone(&text) { Ok(Some(text)) } else { Err(Fault::new("phone")) }
}

fn is_phone(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let (number, extension) = match text.split_once("ext") {
        Some((number, rest)) => (number, Some(rest.trim_start_matches('.'))),
        None => text.split_once('x').map_or((text.as_str(), None), |(number, rest)| (number, Some(rest))),
    };
    let extension_is_sound = extension.is_none_or(|rest| {
        let digits = rest.trim();
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
    });
    let unsigned = number.trim_start_matches('(');
    let unsigned = unsigned.strip_prefix('+').unwrap_or(unsigned);
    extension_is_sound
        && unsigned.bytes().all(|b| b.is_ascii_digit() || b"()-./ ".contains(&b))
        && unsigned.bytes().filter(u8::is_ascii_digit).count() >= PHONE_DIGITS
}

fn clean(raw: &str, max: usize, is_refused: impl Fn(char) -> bool) -> Result<Option<String>, Fault> {
    let normal: String = raw.nfc().collect();
    let text = normal.trim_matches(is_blank);
    if text.chars().any(is_refused) {
        return Err(Fault::new("control_character"));
    }
    if text.chars().any(is_bidi) {
        return Err(Fault::new("bidi_character"));
    }
    if text.chars().count() > max {
        return Err(Fault::with("too_long", "max", max));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// Characters that leave nothing on the screen; inside a text some of them matter (emoji, Persian), around it none does.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{AD}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}'
                ..='\u{200D}' | '\u{2060}' | '\u{2800}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
        )
}

/// Characters that turn the direction of writing and so make a text look like another.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{61C}')
}

/// Marks over and under letters. The vowel signs of Indic scripts are no diacritics: without them words lose their meaning.
fn is_diacritic(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code<T: std::fmt::Debug>(result: Result<T, Fault>) -> &'static str {
        result.unwrap_err().code
    }

    #[test]
    fn a_line_is_trimmed_and_composed() {
        assert_eq!(line("  Zoe\u{308} Martin\u{200B}\n", 100).as_deref(), Ok("Zoë Martin"));
        assert_eq!(line("👩\u{200D}💻", 100).as_deref(), Ok("👩\u{200D}💻"));
    }

    #[test]
    fn what_cannot_be_seen_is_nothing() {
        for raw in ["", "   ", "\u{200B}\u{FEFF}", "\u{3164}", " \u{A0}\u{2060} "] {
            assert_eq!(code(line(raw, 100)), "required", "{raw:?}");
            assert_eq!(optional_line(raw, 100), Ok(None), "{raw:?}");
            assert_eq!(code(multiline(raw, 100)), "required", "{raw:?}");
        }
    }

    #[test]
    fn controls_are_refused_in_a_line() {
        for raw in ["a\nb", "a\r\nBcc: b", "a\tb", "a\0b", "a\u{7F}", "a\u{9B}b", "a\u{2028}b"] {
            assert_eq!(code(line(raw, 100)), "control_character", "{raw:?}");
        }
    }

    #[test]
    fn bidi_controls_are_refused_in_lines_and_texts() {
        for bidi in ['\u{202A}', '\u{202E}', '\u{2066}', '\u{2069}', '\u{200E}', '\u{200F}', '\u{61C}'] {
            assert_eq!(code(line(&format!("a{bidi}b"), 100)), "bidi_character", "{bidi:?}");
            assert_eq!(code(line(&bidi.to_string(), 100)), "bidi_character", "{bidi:?}");
            assert_eq!(code(multiline(&format!("a{bidi}b"), 100)), "bidi_character", "{bidi:?}");
        }
        assert_eq!(line("שלום", 100).as_deref(), Ok("שלום"));
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        assert!(line(&"é".repeat(100), 100).is_ok());
        assert!(line(&"e\u{301}".repeat(100), 100).is_ok());
        assert_eq!(line(&"é".repeat(101), 100), Err(Fault::with("too_long", "max", 100)));
    }

    #[test]
    fn a_text_keeps_its_lines_and_tabs() {
        assert_eq!(multiline("a\r\nb\rc\n\td\n", 100).as_deref(), Ok("a\nb\nc\n\td"));
        assert_eq!(optional_multiline("\r\n", 100), Ok(None));
        assert_eq!(code(multiline("a\u{1B}[31m", 100)), "control_character");
    }

    #[test]
    fn folding_forgets_case_and_diacritics() {
        for (text, folded) in [
            ("Élodie", "elodie"),
            ("Łukasz Müller", "lukasz muller"),
            ("Straße", "strasse"),
            ("İstanbul", "istanbul"),
            ("ΟΔΟΣ", "οδοσ"),
            ("हिन्दी", "हिन्दी"),
            ("한국", "한국"),
        ] {
            assert_eq!(fold(text), folded);
        }
    }

    #[test]
    fn words_are_the_different_parts_of_texts_and_addresses() {
        assert_eq!(words(&["Zoë O’Brien", "zoe.brien@help.example", "", "42"]), ["zoe", "o", "brien", "help", "example", "42"]);
        assert_eq!(words(&[&"é".repeat(50)]), ["e".repeat(40)]);
    }

    #[test]
    fn each_word_must_begin_one_of_the_texts() {
        let begin = |typed: &str| all_begin(&words(&[typed]), &["Reißverschluss der Jacke", "Élodie Brûlé", "elodie@customer.example"]);
        for typed in ["reissver", "REIẞ", "jacke bru", "élo customer", "customer.exam", ""] {
            assert!(begin(typed), "{typed}");
        }
        for typed in ["acke", "jacke kim", "reiss verschluss"] {
            assert!(!begin(typed), "{typed}");
        }
    }

    #[test]
    fn telephone_numbers_are_taken_as_people_write_them() {
        for raw in ["+33 1 23 45 67 89", "(+44) 20-7946.0000", "030/123456 ext. 12", "555 0100 x7", "112", "+49 (0)30 1234 EXT 5"] {
            assert_eq!(phone(raw), Ok(Some(raw.to_owned())), "{raw}");
        }
        assert_eq!(phone("01\u{A0}23\u{202F}45"), Ok(Some("01 23 45".to_owned())));
        assert_eq!(phone("  "), Ok(None));
    }

    #[test]
    fn what_cannot_be_called_is_no_telephone_number() {
        for raw in ["12", "call me", "+", "12+345", "++12345", "12345 x", "12345 x a", "1234#", "x123", "١٢٣٤", "12345 x1x2"] {
            assert_eq!(code(phone(raw)), "phone", "{raw}");
        }
        assert_eq!(code(phone(&"1".repeat(41))), "too_long");
    }

    proptest! {
        #[test]
        fn a_clean_line_holds_no_controls_and_stays_as_it_is(raw in any::<String>()) {
            if let Ok(clean) = line(&raw, 50) {
                prop_assert!(!clean.chars().any(|c| c.is_control() || is_bidi(c)));
                prop_assert!(clean.chars().count() <= 50);
                prop_assert_eq!(line(&clean, 50), Ok(clean));
            }
        }

        #[test]
        fn folding_twice_changes_nothing(raw in "[a-zA-ZÀ-ÿŁłßœŒÆ ]{0,40}") {
            prop_assert_eq!(fold(&fold(&raw)), fold(&raw));
        }
    }
}
