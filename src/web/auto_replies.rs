//! The ledger of automatic replies: what was sent and what was not, with the reason in words (AB-6, R6).
//! It is for those who may see all queries; whoever may not see queries learns nothing of their senders here.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Query, ServiceConfig};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::listing::{Address, Chip, PER_PAGE, Pages};
use super::shell::{self, Shell};
use super::visit::Reader;
use crate::actions::Ctx;
use crate::actions::rights::ViewQueries;
use crate::domain::auto_reply::{Reason, Rule};
use crate::domain::permission::Permission;
use crate::domain::query::reference;
use crate::domain::text::fold;
use crate::error::Result;
use crate::i18n::Texts;
use crate::store::auto_replies::{self, Filter, Row};

/// Operators that the filter offers; others are reached from their rows.
const MOST_OPERATORS: u32 = 200;

/// The addresses of this noun.
pub fn routes(config: &mut ServiceConfig) {
    config.service(web::resource("/auto-replies").get(list));
}

/// The filter as the address says it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    operator: String,
    /// `sent` or `withheld`.
    outcome: String,
    reason: String,
    page: Option<String>,
}

struct Line<'a> {
    row: &'a Row,
    at: DateTime<Utc>,
    reference: Option<String>,
    operator: &'a str,
    /// Why not, and the rule behind it.
    reason: Option<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "auto_replies/list.html")]
struct ListPage<'a> {
    shell: Shell<'a>,
    lines: Vec<Line<'a>>,
    address: Address,
    pages: Pages,
    chips: Vec<Chip>,
    operators: Vec<(String, String)>,
    outcomes: Vec<(String, String)>,
    reasons: Vec<(String, String)>,
    may_see_mail: bool,
}

async fn list(ctx: Data<Ctx>, reader: Reader, asked: Query<Asked>) -> Result<HttpResponse> {
    reader.actor()?.may::<ViewQueries>()?;
    let (t, db) = (reader.t, ctx.store.read());
    let filter = Filter {
        operator_id: asked.operator.parse().ok(),
        sent: OUTCOMES.iter().find(|(name, _)| *name == asked.outcome).map(|(_, sent)| *sent),
        reason: Reason::parse(&asked.reason).map(|reason| reason.as_str().to_owned()),
    };
    let outcome = OUTCOMES.iter().find(|(_, sent)| Some(*sent) == filter.sent).map_or("", |(name, _)| *name);
    let params = [
        ("operator", filter.operator_id.map(|id| id.to_string()).unwrap_or_default()),
        ("outcome", outcome.to_owned()),
        ("reason", filter.reason.clone().unwrap_or_default()),
    ];
    let address = Address::new("/auto-replies", params);
    let count = auto_replies::count(db, &filter).await?;
    let pages = Pages::new(address.clone(), Pages::asked(asked.page.as_deref()), count, PER_PAGE);
    let rows = auto_replies::page(db, &filter, pages.offset(), PER_PAGE).await?;
    let mut operators = auto_replies::operators(db, MOST_OPERATORS).await?;
    operators.sort_by_cached_key(|(_, name)| fold(name));
    let operators: Vec<(String, String)> = operators.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    let page = ListPage {
        shell: Shell::new(&reader, t.get("auto-replies-title")),
        lines: rows.iter().map(|row| line(t, row)).collect(),
        chips: chips(t, &address, &operators),
        pages,
        address,
        operators,
        outcomes: OUTCOMES.map(|(name, _)| (name.to_owned(), outcome_name(t, name).to_owned())).to_vec(),
        reasons: Reason::ALL.map(|reason| (reason.as_str().to_owned(), reason_name(t, reason).to_owned())).to_vec(),
        may_see_mail: reader.may(Permission::MailView),
    };
    shell::ok(&ctx, &reader, &page)
}

const OUTCOMES: [(&str, bool); 2] = [("sent", true), ("withheld", false)];

fn outcome_name(t: Texts, name: &str) -> &'static str {
    t.get(&format!("auto-replies-{name}"))
}

/// A reason in words, whichever rule gave it.
fn reason_name(t: Texts, reason: Reason) -> &'static str {
    words(t, reason.as_str())
}

fn words(t: Texts, name: &str) -> &'static str {
    t.get(&format!("auto-replies-reason-{}", name.replace('_', "-")))
}

fn line(t: Texts, row: &Row) -> Line<'_> {
    let judged = row.reason.as_deref().and_then(Reason::parse).zip(row.rule.as_deref().and_then(Rule::parse));
    let told = |(reason, rule): (Reason, Rule)| {
        (words(t, reason.words(rule)), t.get(&format!("auto-replies-rule-{}", rule.as_str().to_lowercase())))
    };
    Line {
        at: row.at,
        reference: row.query_id.map(reference),
        operator: row.operator.as_deref().unwrap_or_else(|| t.get("auto-replies-operator-gone")),
        reason: judged.map(told),
        row,
    }
}

fn chips(t: Texts, address: &Address, operators: &[(String, String)]) -> Vec<Chip> {
    let chip = |name: &'static str, label: &str, value: &dyn Fn(&str) -> String| {
        let asked = address.get(name);
        (!asked.is_empty()).then(|| Chip { label: t.get(label), value: value(asked), off: address.without(name) })
    };
    let operator = |id: &str| operators.iter().find(|(known, _)| known == id).map_or_else(|| id.to_owned(), |(_, name)| name.clone());
    let reason = |name: &str| Reason::parse(name).map_or_else(|| name.to_owned(), |reason| reason_name(t, reason).to_owned());
    let all = [
        chip("operator", "auto-replies-operator", &operator),
        chip("outcome", "auto-replies-outcome", &|name| outcome_name(t, name).to_owned()),
        chip("reason", "auto-replies-reason", &reason),
    ];
    all.into_iter().flatten().collect()
}
