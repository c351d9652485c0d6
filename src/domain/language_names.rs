//! What languages are called in the interface languages and by those who speak them (LA-1, IN-1).

use super::language::LanguageTag;

/// The name in an interface language, `espagnol (Mexique)`; a part without a known name stays as it is in the tag.
pub fn name_in(tag: &LanguageTag, locale: &str) -> String {
    let Some(language) = language(tag.base()) else { return tag.to_string() };
    let details = tag.details().map(|code| detail(code).map_or(code, |names| in_locale(names, locale)));
    with_details(in_locale([language.1, language.2, language.3], locale), details)
}

/// What its speakers call it, `Português (Brasil)`; a part without a known name stays as it is in the tag.
pub fn native_name(tag: &LanguageTag) -> String {
    let Some(language) = language(tag.base()) else { return tag.to_string() };
    let details = tag.details().map(|code| match (tag.base(), detail(code)) {
        (locale @ ("en" | "fr" | "es"), Some(names)) => in_locale(names, locale),
        (base, _) => NATIVE_DETAILS.iter().find(|(language, own, _)| *language == base && *own == code).map_or(code, |row| row.2),
    });
    with_details(language.4, details)
}

/// The languages that a form offers, without regions, by their codes.
pub fn known() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().map(|language| language.0)
}

fn language(base: &str) -> Option<&'static Language> {
    LANGUAGES.iter().find(|language| language.0 == base)
}

fn detail(code: &str) -> Option<[&'static str; 3]> {
    DETAILS.iter().find(|detail| detail.0 == code).map(|detail| [detail.1, detail.2, detail.3])
}

/// The name in the locale, of which a region is ignored; English elsewhere.
fn in_locale([english, french, spanish]: [&'static str; 3], locale: &str) -> &'static str {
    match locale.split('-').next() {
        Some("fr") => french,
        Some("es") => spanish,
        _ => english,
    }
}

fn with_details<'a>(name: &str, details: impl Iterator<Item = &'a str>) -> String {
    let details: Vec<&str> = details.collect();
    if details.is_empty() { name.to_owned() } else { format!("{name} ({})", details.join(", ")) }
}

/// Code, then the names in English, French, Spanish and in the language itself.
type Language = (&'static str, &'static str, &'static str, &'static str, &'static str);

const LANGUAGES: &[Language] = &[
    ("af", "Afrikaans", "afrikaans", "afrikáans", "Afrikaans"),
    ("am", "Amharic", "amharique", "amárico", "አማርኛ"),
    ("ar", "Arabic", "arabe", "árabe", "العربية"),
    ("az", "Azerbaijani", "azerbaïdjanais", "azerbaiyano", "Azərbaycanca"),
    ("be", "Belarusian", "biélorusse", "bielorruso", "Беларуская"),
    ("bg", "Bulgarian", "bulgare", "búlgaro", "Български"),
    ("bn", "Bangla", "bengali", "bengalí", "বাংলা"),
    ("bs", "Bosnian", "bosniaque", "bosnio", "Bosanski"),
    ("ca", "Catalan", "catalan", "catalán", "Català"),
    ("cs", "Czech", "tchèque", "checo", "Čeština"),
    ("cy", "Welsh", "gallois", "galés", "Cymraeg"),
    ("da", "Danish", "danois", "danés", "Dansk"),
    ("de", "German", "allemand", "alemán", "Deutsch"),
    ("el", "Greek", "grec", "griego", "Ελληνικά"),
    ("en", "English", "anglais", "inglés", "English"),
    ("es", "Spanish", "espagnol", "español", "Español"),
    ("et", "Estonian", "estonien", "estonio", "Eesti"),
    ("eu", "Basque", "basque", "euskera", "Euskara"),
    ("fa", "Persian", "persan", "persa", "فارسی"),
    ("fi", "Finnish", "finnois", "finés", "Suomi"),
    ("fil", "Filipino", "filipino", "filipino", "Filipino"),
    ("fr", "French", "français", "francés", "Français"),
    ("ga", "Irish", "irlandais", "irlandés", "Gaeilge"),
    ("gl", "Galician", "galicien", "gallego", "Galego"),
    ("gu", "Gujarati", "gujarati", "guyaratí", "ગુજરાતી"),
    ("he", "Hebrew", "hébreu", "hebreo", "עברית"),
    ("hi", "Hindi", "hindi", "hindi", "हिन्दी"),
    ("hr", "Croatian", "croate", "croata", "Hrvatski"),
    ("hu", "Hungarian", "hongrois", "húngaro", "Magyar"),
    ("hy", "Armenian", "arménien", "armenio", "Հայերեն"),
    ("id", "Indonesian", "indonésien", "indonesio", "Bahasa Indonesia"),
    ("is", "Icelandic", "islandais", "islandés", "Íslenska"),
    ("it", "Italian", "italien", "italiano", "Italiano"),
    ("ja", "Japanese", "japonais", "japonés", "日本語"),
    ("ka", "Georgian", "géorgien", "georgiano", "ქართული"),
    ("kk", "Kazakh", "kazakh", "kazajo", "Қазақша"),
    ("ko", "Korean", "coréen", "coreano", "한국어"),
    ("lb", "Luxembourgish", "luxembourgeois", "luxemburgués", "Lëtzebuergesch"),
    ("lt", "Lithuanian", "lituanien", "lituano", "Lietuvių"),
    ("lv", "Latvian", "letton", "letón", "Latviešu"),
    ("mk", "Macedonian", "macédonien", "macedonio", "Македонски"),
    ("mr", "Marathi", "marathi", "maratí", "मराठी"),
    ("ms", "Malay", "malais", "malayo", "Bahasa Melayu"),
    ("mt", "Maltese", "maltais", "maltés", "Malti"),
    ("nb", "Norwegian Bokmål", "norvégien bokmål", "noruego bokmål", "Norsk bokmål"),
    ("nl", "Dutch", "néerlandais", "neerlandés", "Nederlands"),
    ("nn", "Norwegian Nynorsk", "norvégien nynorsk", "noruego nynorsk", "Norsk nynorsk"),
    ("no", "Norwegian", "norvégien", "noruego", "Norsk"),
    ("pa", "Punjabi", "pendjabi", "panyabí", "ਪੰਜਾਬੀ"),
    ("pl", "Polish", "polonais", "polaco", "Polski"),
    ("pt", "Portuguese", "portugais", "portugués", "Português"),
    ("ro", "Romanian", "roumain", "rumano", "Română"),
    ("ru", "Russian", "russe", "ruso", "Русский"),
    ("sk", "Slovak", "slovaque", "eslovaco", "Slovenčina"),
    ("sl", "Slovenian", "slovène", "esloveno", "Slovenščina"),
    ("sq", "Albanian", "albanais", "albanés", "Shqip"),
    ("sr", "Serbian", "serbe", "serbio", "Српски"),
    ("sv", "Swedish", "suédois", "sueco", "Svenska"),
    ("sw", "Swahili", "swahili", "suajili", "Kiswahili"),
    ("ta", "Tamil", "tamoul", "tamil", "தமிழ்"),
    ("te", "Telugu", "télougou", "telugu", "తెలుగు"),
    ("th", "Thai", "thaï", "tailandés", "ไทย"),
    ("tr", "Turkish", "turc", "turco", "Türkçe"),
    ("uk", "Ukrainian", "ukrainien", "ucraniano", "Українська"),
    ("ur", "Urdu", "ourdou", "urdu", "اردو"),
    ("uz", "Uzbek", "ouzbek", "uzbeko", "Oʻzbekcha"),
    ("vi", "Vietnamese", "vietnamien", "vietnamita", "Tiếng Việt"),
    ("zh", "Chinese", "chinois", "chino", "中文"),
];

/// Regions and scripts: code, then the names in English, French and Spanish.
const DETAILS: &[(&str, &str, &str, &str)] = &[
    ("419", "Latin America", "Amérique latine", "Latinoamérica"),
    ("AE", "United Arab Emirates", "Émirats arabes unis", "Emiratos Árabes Unidos"),
    ("AR", "Argentina", "Argentine", "Argentina"),
    ("AT", "Austria", "Autriche", "Austria"),
    ("AU", "Australia", "Australie", "Australia"),
    ("BE", "Belgium", "Belgique", "Bélgica"),
    ("BO", "Bolivia", "Bolivie", "Bolivia"),
    ("BR", "Brazil", "Brésil", "Brasil"),
    ("CA", "Canada", "Canada", "Canadá"),
    ("CH", "Switzerland", "Suisse", "Suiza"),
    ("CI", "Côte d’Ivoire", "Côte d’Ivoire", "Costa de Marfil"),
    ("CL", "Chile", "Chili", "Chile"),
    ("CN", "China", "Chine", "China"),
    ("CO", "Colombia", "Colombie", "Colombia"),
    ("CR", "Costa Rica", "Costa Rica", "Costa Rica"),
    ("CU", "Cuba", "Cuba", "Cuba"),
    ("DE", "Germany", "Allemagne", "Alemania"),
    ("DO", "Dominican Republic", "République dominicaine", "República Dominicana"),
    ("DZ", "Algeria", "Algérie", "Argelia"),
    ("EC", "Ecuador", "Équateur", "Ecuador"),
    ("EG", "Egypt", "Égypte", "Egipto"),
    ("ES", "Spain", "Espagne", "España"),
    ("FR", "France", "France", "Francia"),
    ("GB", "United Kingdom", "Royaume-Uni", "Reino Unido"),
    ("GT", "Guatemala", "Guatemala", "Guatemala"),
    ("HK", "Hong Kong", "Hong Kong", "Hong Kong"),
    ("IE", "Ireland", "Irlande", "Irlanda"),
    ("IN", "India", "Inde", "India"),
    ("IT", "Italy", "Italie", "Italia"),
    ("JP", "Japan", "Japon", "Japón"),
    ("LU", "Luxembourg", "Luxembourg", "Luxemburgo"),
    ("MA", "Morocco", "Maroc", "Marruecos"),
    ("MX", "Mexico", "Mexique", "México"),
    ("NL", "Netherlands", "Pays-Bas", "Países Bajos"),
    ("NZ", "New Zealand", "Nouvelle-Zélande", "Nueva Zelanda"),
    ("PE", "Peru", "Pérou", "Perú"),
    ("PR", "Puerto Rico", "Porto Rico", "Puerto Rico"),
    ("PT", "Portugal", "Portugal", "Portugal"),
    ("SA", "Saudi Arabia", "Arabie saoudite", "Arabia Saudí"),
    ("SG", "Singapore", "Singapour", "Singapur"),
    ("SN", "Senegal", "Sénégal", "Senegal"),
    ("TN", "Tunisia", "Tunisie", "Túnez"),
    ("TW", "Taiwan", "Taïwan", "Taiwán"),
    ("US", "United States", "États-Unis", "Estados Unidos"),
    ("UY", "Uruguay", "Uruguay", "Uruguay"),
    ("VE", "Venezuela", "Venezuela", "Venezuela"),
    ("ZA", "South Africa", "Afrique du Sud", "Sudáfrica"),
    ("Arab", "Arabic script", "écriture arabe", "escritura árabe"),
    ("Cyrl", "Cyrillic", "cyrillique", "cirílico"),
    ("Hans", "simplified", "simplifié", "simplificado"),
    ("Hant", "traditional", "traditionnel", "tradicional"),
    ("Latn", "Latin script", "écriture latine", "escritura latina"),
];

/// Language, region or script, and its name in that language.
const NATIVE_DETAILS: &[(&str, &str, &str)] = &[
    ("ar", "AE", "الإمارات"),
    ("ar", "EG", "مصر"),
    ("ar", "MA", "المغرب"),
    ("ar", "SA", "السعودية"),
    ("de", "AT", "Österreich"),
    ("de", "CH", "Schweiz"),
    ("de", "DE", "Deutschland"),
    ("de", "LU", "Luxemburg"),
    ("it", "CH", "Svizzera"),
    ("it", "IT", "Italia"),
    ("ja", "JP", "日本"),
    ("nl", "BE", "België"),
    ("nl", "NL", "Nederland"),
    ("pt", "BR", "Brasil"),
    ("pt", "PT", "Portugal"),
    ("sr", "Cyrl", "ћирилица"),
    ("sr", "Latn", "latinica"),
    ("zh", "CN", "中国"),
    ("zh", "HK", "香港"),
    ("zh", "Hans", "简体"),
    ("zh", "Hant", "繁體"),
    ("zh", "SG", "新加坡"),
    ("zh", "TW", "台灣"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(raw: &str) -> LanguageTag {
        LanguageTag::parse(raw).unwrap()
    }

    #[test]
    fn languages_are_named_in_the_language_of_the_reader() {
        for (raw, locale, name) in [
            ("es", "en", "Spanish"),
            ("es-MX", "fr", "espagnol (Mexique)"),
            ("es-419", "es", "español (Latinoamérica)"),
            ("zh-Hant-TW", "en", "Chinese (traditional, Taiwan)"),
            ("pt-BR", "fr-CA", "portugais (Brésil)"),
            ("de-AT", "xx", "German (Austria)"),
            ("de-LI", "en", "German (LI)"),
            ("tlh", "fr", "tlh"),
            ("tlh-US", "fr", "tlh-US"),
        ] {
            assert_eq!(name_in(&tag(raw), locale), name);
        }
    }

    #[test]
    fn languages_are_named_as_their_speakers_do() {
        for (raw, name) in [
            ("fr", "Français"),
            ("fr-CA", "Français (Canada)"),
            ("es-MX", "Español (México)"),
            ("pt-BR", "Português (Brasil)"),
            ("zh-Hans", "中文 (简体)"),
            ("sv-FI", "Svenska (FI)"),
            ("tlh", "tlh"),
        ] {
            assert_eq!(native_name(&tag(raw)), name);
        }
    }

    #[test]
    fn every_known_code_is_canonical_and_named_once() {
        assert!(known().count() >= 60);
        assert!(known().is_sorted_by(|a, b| a < b));
        assert!(known().all(|base| tag(base).as_str() == base));
        for (code, ..) in DETAILS {
            assert_eq!(tag(&format!("en-{code}")).as_str(), format!("en-{code}"));
            assert_eq!(DETAILS.iter().filter(|detail| detail.0 == *code).count(), 1, "{code}");
        }
        for (base, code, _) in NATIVE_DETAILS {
            assert!(language(base).is_some() && detail(code).is_some(), "{base}-{code}");
        }
    }
}
