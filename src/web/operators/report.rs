//! The report of a bulk deed or an import: its rows by outcome, on pages and as a file (OP-8, UX: Long work).

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::{Bytes, Data};
use futures_util::{Stream, StreamExt, stream};
use serde::Deserialize;

use crate::actions::Ctx;
use crate::actions::runs::{Detail, Reason};
use crate::domain::run::{Outcome, RunState};
use crate::error::{AppError, Result};
use crate::i18n::Texts;
use crate::store::runs::{self, Run, RunRow, Tally};
use crate::web::audit::{Change, changes_between, field_name};
use crate::web::csv;
use crate::web::listing::{Address, PER_PAGE, Pages};

/// Rows a statement of the download reads.
const BATCH: u64 = 500;

/// Which rows are asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    outcome: String,
    page: Option<String>,
}

/// Texts of one kind of run.
#[derive(Clone, Copy)]
pub struct Words {
    /// Before the name of an outcome: `bulk-outcome-`.
    pub outcome: &'static str,
    /// Before the code of a reason: `bulk-reason-`.
    pub reason: &'static str,
}

/// A row as it is shown.
pub struct Line {
    /// Line of the file, or place in the selection.
    pub line: i64,
    /// The operator's name, as typed or known.
    pub name: String,
    /// Their address, likewise.
    pub email: String,
    /// Page of the operator.
    pub there: Option<String>,
    /// Colour of the outcome.
    pub tone: &'static str,
    /// The outcome in words.
    pub outcome: String,
    /// Why it was refused: the field, where it is one, and the reason.
    pub reasons: Vec<(String, String)>,
    /// What it changes.
    pub changes: Vec<Change>,
}

/// A choice of rows by outcome.
pub struct Tab {
    /// The outcome in words.
    pub text: String,
    /// Rows with it.
    pub count: u64,
    /// Its address.
    pub href: String,
    /// Whether it is the one shown.
    pub is_here: bool,
}

/// The rows that are shown.
pub struct Rows {
    /// Outcomes that occur.
    pub tabs: Vec<Tab>,
    /// The rows of one of them.
    pub lines: Vec<Line>,
    /// The pages of these.
    pub pages: Pages,
}

impl Rows {
    /// A page of the rows of a run at this address. Without a wish, the refused ones where there are any.
    pub async fn of(ctx: &Ctx, t: Texts, words: Words, run: &Run, tally: &Tally, path: &str, asked: &Asked) -> Result<Rows> {
        const ORDER: [Outcome; 6] = [Outcome::Refused, Outcome::Waiting, Outcome::Done, Outcome::Create, Outcome::Change, Outcome::Same];
        let there: Vec<Outcome> = ORDER.into_iter().filter(|outcome| tally.of(*outcome) > 0).collect();
        let wanted = Outcome::parse(&asked.outcome).filter(|outcome| there.contains(outcome));
        let chosen = wanted.or(there.first().copied()).unwrap_or(Outcome::Refused);
        let to = |outcome: Outcome| Address::new(path, [("outcome", outcome.as_str().to_owned())]);
        let pages = Pages::new(to(chosen), Pages::asked(asked.page.as_deref()), tally.of(chosen), PER_PAGE);
        let rows = runs::page(ctx.store.read(), &run.id, Some(chosen), pages.offset(), PER_PAGE).await?;
        let tabs = there.into_iter().map(|outcome| Tab {
            text: outcome_name(t, words, outcome),
            count: tally.of(outcome),
            href: to(outcome).without("page"),
            is_here: outcome == chosen,
        });
        Ok(Rows { tabs: tabs.collect(), lines: rows.into_iter().map(|row| line(t, words, row)).collect(), pages })
    }
}

fn line(t: Texts, words: Words, row: RunRow) -> Line {
    let detail = Detail::read(&row.detail);
    let outcome = Outcome::parse(&row.outcome).unwrap_or(Outcome::Refused);
    Line {
        line: row.line,
        name: row.name,
        email: row.email,
        there: row.operator_id.map(|id| format!("/operators/{id}")),
        tone: match outcome {
            Outcome::Refused => "od-danger",
            Outcome::Create | Outcome::Done => "od-success",
            Outcome::Change | Outcome::Waiting => "od-info",
            Outcome::Same => "od-line",
        },
        outcome: outcome_name(t, words, outcome),
        reasons: detail.faults.iter().map(|reason| told(t, words, reason)).collect(),
        changes: changes_between(t, &detail.before, &detail.after),
    }
}

fn outcome_name(t: Texts, words: Words, outcome: Outcome) -> String {
    t.get(&format!("{}{}", words.outcome, outcome.as_str())).to_owned()
}

fn told(t: Texts, words: Words, reason: &Reason) -> (String, String) {
    let field = if reason.field.is_empty() { String::new() } else { field_name(t, &reason.field) };
    (field, t.owned(&format!("{}{}", words.reason, reason.code.replace('_', "-")), &reason.args))
}

/// Whether a run goes on by itself, so that its page is to be looked at again.
pub fn is_going_on(run: &Run) -> bool {
    [RunState::Preparing.as_str(), RunState::Running.as_str()].contains(&run.state.as_str())
}

/// Why a run was given up.
pub fn failure(t: Texts, run: &Run) -> &'static str {
    t.get(match run.note.as_deref() {
        Some("right") => "run-failed-right",
        Some("file") => "run-failed-file",
        _ => "run-failed-interrupted",
    })
}

/// Has a browser look again soon where the run goes on by itself; with and without scripts.
pub fn looked_at_again(mut page: HttpResponse, run: &Run) -> HttpResponse {
    if is_going_on(run) {
        page.headers_mut().insert(HeaderName::from_static("refresh"), HeaderValue::from_static("1"));
    }
    page
}

/// All rows as a file, in their order: a line for each, what was refused or changed in the last column.
pub fn rows(ctx: Data<Ctx>, t: Texts, words: Words, run: Run) -> impl Stream<Item = Result<Bytes>> {
    const HEAD: [&str; 5] = ["line", "name", "email", "outcome", "details"];
    let head = stream::once(async { csv::lines([HEAD.map(str::to_owned)]) });
    let batches = stream::try_unfold(-1, move |last| {
        let (ctx, id) = (ctx.clone(), run.id.clone());
        async move {
            let found = runs::rows_after(ctx.store.read(), &id, None, last, BATCH).await?;
            let Some(end) = found.last().map(|row| row.line) else { return Ok(None) };
            let bytes = csv::lines(found.into_iter().map(|row| cells(t, line(t, words, row))))?;
            Ok::<_, AppError>(Some((bytes, end)))
        }
    });
    head.chain(batches)
}

fn cells(t: Texts, line: Line) -> [String; 5] {
    let colon = t.get("list-colon");
    let reasons = line.reasons.iter().map(|(field, reason)| match field.as_str() {
        "" => reason.clone(),
        field => format!("{field}{colon} {reason}"),
    });
    let changes = line.changes.iter().map(|change| {
        let after = change.after.as_deref().unwrap_or_default();
        match &change.before {
            Some(before) => format!("{}{colon} {before} → {after}", change.field),
            None => format!("{}{colon} {after}", change.field),
        }
    });
    let details = reasons.chain(changes).collect::<Vec<_>>().join("; ");
    [line.line.to_string(), line.name, line.email, line.outcome, details]
}
