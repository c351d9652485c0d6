//! The tester: which language a visitor with this address, header and country gets, and why (LA-3).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use askama::Template;
use serde::Deserialize;

use super::row;
use crate::actions::Ctx;
use crate::actions::rights::ViewSites;
use crate::domain::site::{Check, Clues, PageAddress, owner, visitor_language};
use crate::error::Result;
use crate::i18n::Texts;
use crate::store::sites::SiteRow;
use crate::web::operators::subject::language_name;
use crate::web::shell;
use crate::web::visit::{Reader, Visit};

/// What is tried; a question that was not asked at all has no answer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    url: Option<String>,
    accept_language: Option<String>,
    country: Option<String>,
}

/// The tester with its fields and its answer.
pub struct Tester<'a> {
    /// Address of a page.
    pub url: String,
    /// As a browser sends it.
    pub accept_language: String,
    /// Two letters.
    pub country: String,
    /// The answer, where something was asked.
    pub answer: Option<Answer<'a>>,
}

/// What was found.
pub struct Answer<'a> {
    /// Texts in the reader's language.
    pub t: Texts,
    /// The language by its name.
    pub language: String,
    /// Its tag.
    pub tag: String,
    /// What told it, in words.
    pub from: &'static str,
    /// Another site, or none, whose page this is.
    pub stranger: Option<Stranger<'a>>,
    /// What was asked, in order.
    pub steps: Vec<Step>,
}

/// A page that is not one of the site.
pub struct Stranger<'a> {
    /// Its host.
    pub host: String,
    /// The site it belongs to, where there is one.
    pub site: Option<&'a SiteRow>,
}

/// One thing that was asked.
pub struct Step {
    /// Where it was looked for, in words.
    pub source: &'static str,
    /// Why it answered or not.
    pub text: String,
    /// Name of the icon.
    pub icon: &'static str,
    /// Whether this decided.
    pub has_decided: bool,
}

#[derive(Template)]
#[template(path = "sites/found.html")]
struct FoundPart<'a> {
    answer: Answer<'a>,
}

impl<'a> Tester<'a> {
    /// The tester of a site.
    pub fn new(visit: &'a Visit, row: &SiteRow, asked: Asked) -> Tester<'a> {
        let was_asked = asked.url.is_some() || asked.accept_language.is_some() || asked.country.is_some();
        let answer = was_asked.then(|| answer(visit, row, &asked));
        Tester {
            url: asked.url.unwrap_or_default(),
            accept_language: asked.accept_language.unwrap_or_default(),
            country: asked.country.unwrap_or_default(),
            answer,
        }
    }
}

/// The answer alone, while somebody types.
pub async fn found(ctx: Data<Ctx>, reader: Reader, id: Path<i64>, asked: Query<Asked>) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewSites>()?;
    let answer = answer(&reader, row(&reader, *id)?, &asked);
    shell::html(&ctx, StatusCode::OK, None, &FoundPart { answer })
}

fn answer<'a>(visit: &'a Visit, row: &SiteRow, asked: &Asked) -> Answer<'a> {
    let (t, catalogue) = (visit.t, &visit.catalogue);
    let clues = Clues {
        url: asked.url.as_deref().unwrap_or_default(),
        accept_language: asked.accept_language.as_deref().unwrap_or_default(),
        country: asked.country.as_deref().unwrap_or_default(),
    };
    let found = visitor_language(&row.site, &catalogue.offered_languages(), &catalogue.default_language(), clues);
    Answer {
        t,
        language: language_name(t, found.tag.as_str()),
        from: t.get(&format!("sites-source-{}", found.from.as_str())),
        tag: found.tag.into(),
        stranger: stranger(visit, row, clues.url),
        steps: found.trace.iter().map(|check| step(t, check)).collect(),
    }
}

fn stranger<'a>(visit: &'a Visit, row: &SiteRow, url: &str) -> Option<Stranger<'a>> {
    let page = PageAddress::parse(url)?;
    let site = owner(visit.catalogue.sites.iter().map(|row| (row, &row.site)), &page);
    let is_own = site.is_some_and(|owner| owner.id == row.id);
    (!is_own).then(|| Stranger { host: page.host().to_owned(), site })
}

fn step(t: Texts, check: &Check) -> Step {
    Step {
        source: t.get(&format!("sites-source-{}", check.source.as_str())),
        text: t.owned(&format!("sites-trace-{}", check.code), &check.args),
        icon: if check.tag.is_some() { "check" } else { "minus" },
        has_decided: check.tag.is_some(),
    }
}
