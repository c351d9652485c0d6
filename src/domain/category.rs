//! What closed queries were about: a managed list of names (QU-6).

use std::collections::BTreeMap;

use super::department::translations;
use super::field::FieldErrors;
use super::{limits, text};

/// A category as it is to stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Category {
    /// Its name in the organisation's language; unique.
    pub name: String,
    /// Its name in other languages, by tag.
    pub name_texts: BTreeMap<String, String>,
}

/// A category as typed. `None` keeps what is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawCategory {
    /// One line.
    pub name: Option<String>,
    /// By tag; the whole set. Empty texts are left out.
    pub name_texts: Option<BTreeMap<String, String>>,
}

impl Category {
    /// What was typed over what is there. Faults at `name` and `name_texts.<tag>`: those of texts, `language_tag`, `translation_of_default`.
    pub fn with(&self, raw: &RawCategory, default_language: &str) -> Result<Category, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut next = self.clone();
        if let Some(name) = raw.name.as_deref().and_then(|raw| errors.take("name", text::line(raw, limits::CATEGORY_NAME))) {
            next.name = name;
        }
        if let Some(texts) = &raw.name_texts {
            next.name_texts = translations(texts, "name_texts", default_language, &mut errors);
        }
        errors.into_result(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_has_a_name_and_others_in_other_languages() {
        let texts = |tag: &str, text: &str| Some(BTreeMap::from([(tag.to_owned(), text.to_owned())]));
        let named = RawCategory { name: Some(" Delivery ".into()), name_texts: texts("FR", "Livraison") };
        let category = Category::default().with(&named, "en").unwrap();
        assert_eq!((category.name.as_str(), category.name_texts.get("fr").map(String::as_str)), ("Delivery", Some("Livraison")));
        let renamed = category.with(&RawCategory { name: Some("Parcels".into()), ..RawCategory::default() }, "en").unwrap();
        assert_eq!(renamed.name_texts, category.name_texts, "what is not typed stays");
        for (raw, field) in [
            (RawCategory { name: Some(" ".into()), ..RawCategory::default() }, "name"),
            (RawCategory { name_texts: texts("en", "Delivery"), ..RawCategory::default() }, "name_texts.en"),
            (RawCategory { name_texts: texts("??", "x"), ..RawCategory::default() }, "name_texts.??"),
        ] {
            assert_eq!(category.with(&raw, "en").unwrap_err().0[0].field, field);
        }
    }
}
