//! What somebody sees who saves a form of a thing that was changed meanwhile: both versions, to choose from (F-3).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::shell::{self, Shell};
use super::visit::Visit;
use crate::actions::Ctx;
use crate::error::Result;

/// A field whose value differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its label.
    pub label: String,
    /// What is stored now.
    pub theirs: String,
    /// What the form holds.
    pub yours: String,
}

/// The fields that differ; equal ones need no choice.
pub fn differences<'a>(fields: impl IntoIterator<Item = (&'a str, String, String)>) -> Vec<Difference> {
    let differing = fields.into_iter().filter(|(_, theirs, yours)| theirs != yours);
    differing.map(|(label, theirs, yours)| Difference { label: label.to_owned(), theirs, yours }).collect()
}

/// Both versions of a thing.
#[derive(Template)]
#[template(path = "components/stale.html")]
pub struct StalePage<'a> {
    /// The frame.
    pub shell: Shell<'a>,
    /// What differs.
    pub differences: Vec<Difference>,
    /// Where the form is sent again to.
    pub action: String,
    /// The page that shows what is stored now.
    pub there: String,
    /// The fields of the form as they were sent.
    pub sent: Vec<(String, String)>,
    /// The version that stands now.
    pub version: i64,
}

impl<'a> StalePage<'a> {
    /// For a form that was sent to `action` and is edited at the same address.
    pub fn new(visit: &'a Visit, action: &str, sent: Vec<(String, String)>, version: i64, differences: Vec<Difference>) -> StalePage<'a> {
        StalePage {
            shell: Shell::new(visit, visit.t.get("stale-title")),
            differences,
            action: action.to_owned(),
            there: action.to_owned(),
            sent: sent.into_iter().filter(|(name, _)| name != "version" && name != "csrf_token").collect(),
            version,
        }
    }
}

/// The page, with status 409.
pub fn answer(ctx: &Ctx, page: &StalePage<'_>) -> Result<HttpResponse> {
    shell::html(ctx, StatusCode::CONFLICT, Some(page.shell.visit), page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_asks_for_a_choice() {
        let fields = [("Name", "Ana".to_owned(), "Ana".to_owned()), ("Alias", "A".to_owned(), String::new())];
        let found = differences(fields);
        assert_eq!(found, [Difference { label: "Alias".into(), theirs: "A".into(), yours: String::new() }]);
    }
}
