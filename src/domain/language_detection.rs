//! The language of a text that names none, as almost no mail does (LA-3). It is told where it is beyond doubt, else not at all.

use whatlang::{Detector, Lang, detect_lang};

use super::language::{LanguageTag, best};

/// Letters that a text has at least: below that too many languages look alike.
const LEAST: usize = 20;

/// Languages that can be told apart: what tags call them, then what the library does.
const KNOWN: &str = "af afr, ak aka, am amh, ar ara, az aze, be bel, bg bul, bn ben, ca cat, cs ces, cy cym, da dan, de deu, el ell, \
    en eng, eo epo, es spa, et est, fa pes, fi fin, fil tgl, fr fra, gu guj, he heb, hi hin, hr hrv, hu hun, hy hye, id ind, it ita, \
    ja jpn, jv jav, ka kat, km khm, kn kan, ko kor, la lat, lt lit, lv lav, mk mkd, ml mal, mr mar, my mya, nb nob, ne nep, nl nld, \
    no nob, or ori, pa pan, pl pol, pt por, ro ron, ru rus, si sin, sk slk, sl slv, sn sna, sr srp, sv swe, ta tam, te tel, th tha, \
    tk tuk, tl tgl, tr tur, uk ukr, ur urd, uz uzb, vi vie, yi yid, zh cmn, zu zul";

/// Which of the offered languages a text is written in: the one that looks likest among all there are, beyond doubt among those that are
/// offered, and the same in both halves. What it quotes of other mails is left out.
pub fn language_of(text: &str, offered: &[LanguageTag]) -> Option<LanguageTag> {
    let text = own_words(text);
    if text.chars().filter(|c| c.is_alphabetic()).count() < LEAST {
        return None;
    }
    let found = detect_lang(&text)?;
    let among = Detector::with_allowlist(offered.iter().filter_map(known).collect());
    among.detect(&text).filter(|info| info.lang() == found && info.is_reliable())?;
    let (one, other) = text.split_at(text.floor_char_boundary(text.len() / 2));
    if [one, other].iter().any(|half| among.detect_lang(half) != Some(found)) {
        return None;
    }
    let tags = KNOWN.split(", ").filter_map(|pair| pair.split_once(' ')).filter(|(_, code)| *code == found.code());
    tags.filter_map(|(tag, _)| LanguageTag::parse(tag).ok()).find_map(|tag| offered.get(best(offered, &tag)?).cloned())
}

fn known(tag: &LanguageTag) -> Option<Lang> {
    let pair = KNOWN.split(", ").filter_map(|pair| pair.split_once(' ')).find(|(base, _)| *base == tag.base())?;
    Lang::from_code(pair.1)
}

/// A text without quoted lines, and without what stands below the line `-- ` that begins a signature.
fn own_words(text: &str) -> String {
    let lines = text.lines().take_while(|line| line.trim_end_matches('\r') != "-- ");
    lines.filter(|line| !line.trim_start().starts_with('>')).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, offered: &[&str]) -> Option<String> {
        let offered: Vec<LanguageTag> = offered.iter().map(|tag| LanguageTag::parse(tag).unwrap()).collect();
        language_of(text, &offered).map(|tag| tag.to_string())
    }

    const SPANISH: &str = "Hola, compré una mochila la semana pasada y todavía no ha llegado. ¿Pueden decirme dónde está mi pedido?";
    const FRENCH: &str = "Bonjour, je n’ai toujours pas reçu ma commande passée il y a deux semaines. Où se trouve-t-elle ?";
    const ENGLISH: &str = "Hello, I bought a backpack last week and it has not arrived yet. Could you tell me where my parcel is?";

    #[test]
    fn a_text_in_one_of_the_offered_languages_is_told() {
        for (text, tag) in [
            (SPANISH, "es"),
            (FRENCH, "fr"),
            (ENGLISH, "en"),
            ("¿Dónde está mi pedido? Gracias", "es"),
            ("Hola, mi pedido 8812 no ha llegado todavía, gracias", "es"),
        ] {
            assert_eq!(told(text, &["en", "fr", "es"]).as_deref(), Some(tag), "{text}");
        }
        assert_eq!(told(SPANISH, &["en", "es-MX"]).as_deref(), Some("es-MX"));
        assert_eq!(told(SPANISH, &["es-MX", "es"]).as_deref(), Some("es"));
        let answer = format!("{SPANISH}\n\n> Hello, thank you for your message.\n> We are away until Monday.\n-- \nJosé, Sales department");
        assert_eq!(told(&answer, &["en", "es"]).as_deref(), Some("es"), "what is quoted says nothing");
    }

    #[test]
    fn where_there_is_doubt_nothing_is_told() {
        let mixed = format!("{ENGLISH} {SPANISH}");
        for text in ["", "ok", "Thanks!", "12345 67890 ABC-99", "https://shop.example/x?y=1", mixed.as_str()] {
            assert_eq!(told(text, &["en", "fr", "es"]), None, "{text}");
        }
        for text in [
            "Guten Tag, ich habe letzte Woche einen Rucksack bestellt und er ist noch nicht angekommen. Wo bleibt mein Paket?",
            "Olá, comprei uma mochila na semana passada e ainda não chegou. Podem me dizer onde está o meu pedido?",
            "こんにちは、先週注文した商品がまだ届いていません。どこにあるか教えてください。",
        ] {
            assert_eq!(told(text, &["en", "fr", "es"]), None, "not offered: {text}");
        }
        assert_eq!(told(SPANISH, &["en"]), None);
        assert_eq!(told(SPANISH, &[]), None);
    }

    #[test]
    fn every_name_of_the_table_is_a_language() {
        for (tag, code) in KNOWN.split(", ").map(|pair| pair.split_once(' ').unwrap()) {
            assert!(LanguageTag::parse(tag).is_ok() && Lang::from_code(code).is_some(), "{tag} {code}");
        }
    }
}
