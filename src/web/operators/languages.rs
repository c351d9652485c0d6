//! The assistance languages of an operator and their order (LA-1, OP-9).

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::subject::{Subject, language_name};
use crate::actions::Ctx;
use crate::actions::operators::{self, Profile};
use crate::domain::language::{LanguageTag, native_name};
use crate::error::{AppError, Result};
use crate::store;
use crate::web::faults::Faults;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::see_other_with;
use crate::web::shell::{self, Shell};
use crate::web::stale::{self, StalePage, differences};
use crate::web::visit::{Reader, Visit};

const HERE: &str = "operators-languages";

/// The form: the languages in their order, and perhaps one that moves: `es:up`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    version: Option<String>,
    languages: Vec<String>,
    r#move: Option<String>,
}

/// A language that is offered or chosen.
struct Choice {
    tag: String,
    name: String,
    native: String,
    /// Its place among the chosen ones, from 1.
    place: Option<usize>,
    is_last: bool,
    /// The organisation has switched it off since it was chosen.
    is_off: bool,
    job_position: Option<String>,
    is_untranslated: bool,
}

#[derive(Template)]
#[template(path = "operators/languages.html")]
struct LanguagesPage<'a> {
    shell: Shell<'a>,
    subject: &'a Subject,
    here: &'static str,
    faults: Faults,
    choices: Vec<Choice>,
    missing: Vec<String>,
    may_save: bool,
}

impl<'a> LanguagesPage<'a> {
    fn new(visit: &'a Visit, subject: &'a Subject, chosen: &[String], faults: Faults) -> LanguagesPage<'a> {
        let t = visit.t;
        let missing = subject.untranslated(&t);
        let enabled: Vec<&str> = visit.catalogue.enabled_languages().map(|language| language.tag.as_str()).collect();
        let others = enabled.iter().copied().filter(|tag| !chosen.iter().any(|own| own == tag));
        let choices = chosen.iter().map(String::as_str).chain(others).enumerate().map(|(index, tag)| {
            let name = language_name(t, tag);
            Choice {
                native: LanguageTag::parse(tag).map_or_else(|_| tag.to_owned(), |tag| native_name(&tag)),
                place: (index < chosen.len()).then_some(index + 1),
                is_last: index + 1 == chosen.len(),
                is_off: !enabled.contains(&tag),
                job_position: subject.operator.job_position(tag).map(str::to_owned),
                is_untranslated: missing.contains(&name),
                tag: tag.to_owned(),
                name,
            }
        });
        LanguagesPage {
            shell: subject.shell(visit, HERE),
            here: HERE,
            choices: choices.collect(),
            may_save: subject.may("languages"),
            subject,
            faults,
            missing,
        }
    }
}

/// `GET …/languages`.
pub async fn show(ctx: Data<Ctx>, reader: Reader, subject: Subject) -> Result<HttpResponse> {
    let page = LanguagesPage::new(&reader, &subject, &subject.operator.languages, Faults::none(reader.t));
    shell::ok(&ctx, &reader, &page)
}

/// `POST …/languages`.
pub async fn save(ctx: Data<Ctx>, reader: Reader, subject: Subject, form: Form<Fields>) -> Result<HttpResponse> {
    let actor = reader.actor()?;
    let version = form.fields.version.as_deref().and_then(|version| version.parse().ok());
    let mut chosen = form.fields.languages.clone();
    if let Some(step) = &form.fields.r#move {
        shift(&mut chosen, step);
    }
    let profile = Profile { languages: Some(chosen.clone()), ..Profile::default() };
    match operators::change(&ctx, actor, subject.operator.id, version, profile).await {
        Ok(()) => {
            let flash = Flash::success("operators-languages-saved").with("name", &subject.operator.name);
            Ok(see_other_with(&ctx, &format!("{}/languages", subject.base), &flash))
        }
        Err(AppError::Invalid(errors)) => {
            let page = LanguagesPage::new(&reader, &subject, &subject.operator.languages, Faults::of(reader.t, errors));
            shell::invalid(&ctx, &reader, &page)
        }
        Err(AppError::Stale) => {
            let now = store::operators::find(ctx.store.read(), subject.operator.id).await?.ok_or(AppError::NotFound)?;
            let named = |tags: &[String]| tags.iter().map(|tag| language_name(reader.t, tag)).collect::<Vec<_>>().join(", ");
            let differing = differences([(reader.t.get(HERE), named(&now.languages), named(&chosen))]);
            let sent = chosen.into_iter().map(|tag| ("languages".to_owned(), tag)).collect();
            stale::answer(&ctx, &StalePage::new(&reader, &format!("{}/languages", subject.base), sent, now.version, differing))
        }
        Err(error) => Err(error),
    }
}

/// Moves a language one place up or down; a step that names none changes nothing.
fn shift(chosen: &mut [String], step: &str) {
    let Some((tag, way)) = step.rsplit_once(':') else { return };
    let Some(place) = chosen.iter().position(|own| own == tag) else { return };
    let there = if way == "up" { place.checked_sub(1) } else { Some(place + 1).filter(|place| *place < chosen.len()) };
    if let Some(there) = there {
        chosen.swap(place, there);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_moves_one_place_and_never_over_the_ends() {
        let mut chosen: Vec<String> = ["en", "fr", "es"].map(str::to_owned).into();
        for (step, expected) in [
            ("es:up", ["en", "es", "fr"]),
            ("en:up", ["en", "es", "fr"]),
            ("fr:down", ["en", "es", "fr"]),
            ("en:down", ["es", "en", "fr"]),
            ("de:up", ["es", "en", "fr"]),
            ("nonsense", ["es", "en", "fr"]),
        ] {
            shift(&mut chosen, step);
            assert_eq!(chosen, expected, "{step}");
        }
    }
}
