//! The list of operators: one statement for a page, one for the number (F19, Z2).

use std::collections::BTreeSet;
use std::fmt::Write;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Value};
use serde::Deserialize;

use crate::domain::language::{LanguageTag, serves};
use crate::domain::operator::{AccountFacts, OperatorState, state};
use crate::domain::text;
use crate::store::catalogue::Catalogue;
use crate::store::{StoreError, rows, sql};

/// How many words of a search are looked for; more would only narrow what is found already.
const MOST_WORDS: usize = 6;

/// What to show of the operators, and in which order (OP-1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Search words: each must begin a word of name, alias or e-mail.
    pub q: String,
    /// One e-mail address, in small letters.
    pub email: Option<String>,
    /// One role.
    pub role: Option<i64>,
    /// Tags of which an operator must assist in one; see [`serving`].
    pub languages: Option<Vec<String>>,
    /// One status, as it was written down (ST-4).
    pub status: Option<i64>,
    /// One state at the instant of the question.
    pub state: Option<OperatorState>,
    /// Those in one department, or those who are not.
    pub placed: Option<Placed>,
    /// Those who are away at the instant of the question (AB-1).
    pub absent: bool,
    /// The deleted ones instead of the others (D-8).
    pub deleted: bool,
    /// The order.
    pub sort: Sort,
    /// Tag of the language in which job positions are shown where they are told in it.
    pub reader_language: String,
}

/// Where operators of a list work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placed {
    /// In this department.
    In(i64),
    /// Not in this department.
    NotIn(i64),
}

/// The tags among the organisation's languages that serve the wanted one (LA-1), for [`Filter::languages`].
pub fn serving(catalogue: &Catalogue, wanted: &str) -> Vec<String> {
    let Ok(wanted) = LanguageTag::parse(wanted) else { return Vec::new() };
    let tags = catalogue.languages.iter().filter_map(|language| LanguageTag::parse(&language.tag).ok());
    tags.filter(|tag| serves(tag, &wanted)).map(String::from).collect()
}

/// The order of the list; equal ones stand by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// By name.
    #[default]
    Name,
    /// By name, backwards.
    NameDown,
    /// By e-mail.
    Email,
    /// By e-mail, backwards.
    EmailDown,
    /// By role, then by name.
    Role,
    /// By role, then by name, backwards.
    RoleDown,
    /// The oldest first.
    Created,
    /// The newest first.
    CreatedDown,
    /// Who has not signed in for the longest time first.
    LastSignIn,
    /// Who has signed in last first.
    LastSignInDown,
}

impl Sort {
    /// All orders.
    pub const ALL: [Sort; 10] = [
        Sort::Name,
        Sort::NameDown,
        Sort::Email,
        Sort::EmailDown,
        Sort::Role,
        Sort::RoleDown,
        Sort::Created,
        Sort::CreatedDown,
        Sort::LastSignIn,
        Sort::LastSignInDown,
    ];

    /// The name in addresses: `name`, `-name` ...
    pub fn as_str(self) -> &'static str {
        match self {
            Sort::Name => "name",
            Sort::NameDown => "-name",
            Sort::Email => "email",
            Sort::EmailDown => "-email",
            Sort::Role => "role",
            Sort::RoleDown => "-role",
            Sort::Created => "created",
            Sort::CreatedDown => "-created",
            Sort::LastSignIn => "last_sign_in",
            Sort::LastSignInDown => "-last_sign_in",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Sort> {
        Sort::ALL.into_iter().find(|sort| sort.as_str() == name)
    }

    /// Each of them runs along an index, forwards or backwards.
    fn order(self) -> &'static str {
        match self {
            Sort::Name => "o.name_key, o.id",
            Sort::NameDown => "o.name_key DESC, o.id DESC",
            Sort::Email => "o.email_key, o.id",
            Sort::EmailDown => "o.email_key DESC, o.id DESC",
            Sort::Role => "o.role_id, o.name_key, o.id",
            Sort::RoleDown => "o.role_id DESC, o.name_key DESC, o.id DESC",
            Sort::Created => "o.created_at, o.id",
            Sort::CreatedDown => "o.created_at DESC, o.id DESC",
            Sort::LastSignIn => "o.last_sign_in_at, o.id",
            Sort::LastSignInDown => "o.last_sign_in_at DESC, o.id DESC",
        }
    }
}

/// What the list shows of an operator.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Row {
    /// The operator.
    pub id: i64,
    /// Full name.
    pub name: String,
    /// Name shown to customers.
    pub alias: Option<String>,
    /// Sign-in name.
    pub email: String,
    /// The role, to be named from the catalogue.
    pub role_id: i64,
    /// The status worn; absent before the first one.
    pub status_id: Option<i64>,
    /// Uploaded photo.
    pub photo_id: Option<String>,
    /// Preset picture.
    pub preset: Option<String>,
    /// Whether a password was set once.
    #[serde(deserialize_with = "rows::truth")]
    pub activated: bool,
    /// Whether suspended.
    #[serde(deserialize_with = "rows::truth")]
    pub suspended: bool,
    /// End of the invitation in force.
    #[serde(deserialize_with = "rows::instant")]
    pub invitation_expires_at: Option<DateTime<Utc>>,
    /// The mail server's words where the invitation could not be delivered.
    pub invitation_error: Option<String>,
    /// Last sign-in.
    #[serde(deserialize_with = "rows::instant_but_epoch")]
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// When the operator was added.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub created_at: DateTime<Utc>,
    /// Job position in the reader's language, else in the first by tag.
    pub job_position: Option<String>,
    /// Tags of the assistance languages, best first.
    #[serde(deserialize_with = "rows::placed")]
    pub languages: Vec<String>,
    /// Ids of the departments, joined by commas.
    pub departments: String,
}

impl Row {
    /// The state of the account at an instant (OP-5).
    pub fn state(&self, now: DateTime<Utc>) -> OperatorState {
        let facts = AccountFacts {
            activated: self.activated,
            suspended: self.suspended,
            invitation_expires_at: self.invitation_expires_at,
            invitation_error: self.invitation_error.is_some(),
        };
        state(&facts, now)
    }
}

/// A page of the operators that the filter lets through, in one statement whatever their number.
/// `search` is that of the same filter, by [`Search::of`].
pub async fn page(
    db: &impl ConnectionTrait,
    filter: &Filter,
    search: &Search,
    now: DateTime<Utc>,
    offset: u64,
    limit: u64,
) -> Result<Vec<Row>, StoreError> {
    let (rest, values) = page_statement(filter, search, now, offset, limit);
    rows::all(db, COLUMNS, &rest, values).await
}

/// How many operators the filter lets through; `search` is that of the same filter.
pub async fn count(db: &impl ConnectionTrait, filter: &Filter, search: &Search, now: DateTime<Utc>) -> Result<u64, StoreError> {
    // All of them are wanted, so none is met sooner by walking along an order.
    let (conditions, values) = conditions(filter, search, now, u64::MAX);
    let text = format!("SELECT count(*) FROM operators o WHERE {conditions}");
    let row = db.query_one_raw(sql(db, text, values)).await?;
    let number: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
    Ok(u64::try_from(number).unwrap_or(0))
}

/// What follows WHERE for the filter alone, and its values.
pub(in crate::store) fn conditions(filter: &Filter, search: &Search, now: DateTime<Utc>, end: u64) -> (String, Vec<Value>) {
    let mut conditions = Conditions::default();
    conditions.of(filter, search, now, end);
    (conditions.text, conditions.values)
}

/// What follows ORDER BY for the filter.
pub(in crate::store) fn order(filter: &Filter) -> &'static str {
    filter.sort.order()
}

/// The fields of a [`Row`], in their order; the first value of the statement is the language of the reader.
pub(super) const COLUMNS: &str = "o.id, o.name, o.alias, o.email, o.role_id, o.status_id, o.photo_id, o.preset, \
    o.activated_at IS NOT NULL, o.suspended_at IS NOT NULL, o.invitation_expires_at, o.invitation_error, o.last_sign_in_at, o.created_at, \
    COALESCE((SELECT j.text FROM job_positions j WHERE j.operator_id = o.id AND j.tag = $1), \
    (SELECT j.text FROM job_positions j WHERE j.operator_id = o.id ORDER BY j.tag LIMIT 1)), \
    (SELECT string_agg(CAST(l.position AS TEXT) || ' ' || l.tag, ',') FROM operator_languages l WHERE l.operator_id = o.id), \
    COALESCE((SELECT string_agg(CAST(m.department_id AS TEXT), ',') FROM members m WHERE m.operator_id = o.id), '')";

/// What follows [`COLUMNS`] in the statement of a page, and its values.
pub(super) fn page_statement(filter: &Filter, search: &Search, now: DateTime<Utc>, offset: u64, limit: u64) -> (String, Vec<Value>) {
    let mut conditions = Conditions::default();
    conditions.value(filter.reader_language.as_str());
    let end = offset.saturating_add(limit);
    conditions.of(filter, search, now, end);
    let limit = conditions.value(i64::try_from(limit).unwrap_or(i64::MAX));
    let offset = conditions.value(i64::try_from(offset).unwrap_or(i64::MAX));
    let (order, wanted) = (filter.sort.order(), &conditions.text);
    let page = format!("FROM operators o WHERE {wanted} ORDER BY {order} LIMIT {limit} OFFSET {offset}");
    // Where they are gathered and then sorted, only those of the page are worth reading in full.
    let rest = match search.gathered(end).is_some() {
        true => format!("FROM operators o WHERE o.id IN (SELECT o.id {page}) ORDER BY {order}"),
        false => page,
    };
    (rest, conditions.values)
}

/// The words of a search, and the way to the operators who have them all.
///
/// Two ways lead there: to gather whom the index of words names for one word, which suits rare words, or to walk
/// along the order of the list and look at each operator's words, which suits words that many have, as every
/// beginning of two letters is: the page is full long before the end.
///
/// It stands for as long as the operators do, or is a little off after that; the answer is right in any case.
#[derive(Debug, Default)]
pub struct Search {
    words: Vec<String>,
    /// Entries of each word, counted up to [`MOST_COUNTED`].
    entries: Vec<i64>,
    /// About as many operators as there are.
    all: i64,
}

/// Entries of one word are counted up to here: enough to tell rare from common.
const MOST_COUNTED: i64 = 2000;

impl Search {
    /// Reads a search and looks, in one statement, how common its words are.
    pub async fn of(db: &impl ConnectionTrait, filter: &Filter) -> Result<Search, StoreError> {
        let words: BTreeSet<String> = text::words(&[&filter.q]).into_iter().take(MOST_WORDS).collect();
        let words: Vec<String> = words.into_iter().collect();
        if words.is_empty() {
            return Ok(Search::default());
        }
        let mut asked = Conditions::default();
        // The last id is as good as the number of operators, and costs no counting.
        let mut text = "SELECT COALESCE((SELECT max(id) FROM operators), 0)".to_owned();
        for word in &words {
            let range = asked.range(word);
            // Writing into a string cannot fail.
            let _ = write!(text, ", (SELECT count(*) FROM (SELECT 1 FROM operator_words w WHERE {range} LIMIT {MOST_COUNTED}) few)");
        }
        let Some(row) = db.query_one_raw(sql(db, text, asked.values)).await? else { return Ok(Search::default()) };
        let entries = (1..=words.len()).map(|place| row.try_get_by_index(place)).collect::<Result<_, _>>()?;
        Ok(Search { entries, all: row.try_get_by_index(0)?, words })
    }

    /// The place of the word to gather by, where that is fewer looks than walking until `end` operators are found.
    pub(super) fn gathered(&self, end: u64) -> Option<usize> {
        let (place, least) = self.entries.iter().enumerate().min_by_key(|(_, entries)| **entries)?;
        let share = |entries: &i64| (*entries as f64 / self.all.max(1) as f64).min(1.0);
        let walked = (end as f64 / self.entries.iter().map(share).product::<f64>()).min(self.all as f64);
        let is_walk_shorter = walked < *least as f64;
        (!is_walk_shorter).then_some(place)
    }
}

/// The text behind WHERE, and the values it names.
#[derive(Default)]
struct Conditions {
    text: String,
    values: Vec<Value>,
}

impl Conditions {
    /// Takes a value and returns the name under which the statement finds it.
    fn value(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn and(&mut self, condition: &str) {
        // Writing into a string cannot fail.
        let _ = write!(self.text, " AND {condition}");
    }

    /// What words `w` that begin with this one fulfil.
    fn range(&mut self, word: &str) -> String {
        let (from, until) = (self.value(word), self.value(after_all(word)));
        format!("w.word >= {from} AND w.word < {until}")
    }

    fn of(&mut self, filter: &Filter, search: &Search, now: DateTime<Utc>, end: u64) {
        self.text.push_str(if filter.deleted { "o.deleted_at IS NOT NULL" } else { "o.deleted_at IS NULL" });
        if search.words.is_empty() && !filter.q.trim().is_empty() {
            // Signs without a single letter or digit begin no word.
            self.and("o.id < 0");
        }
        let gathered = search.gathered(end);
        for (place, word) in search.words.iter().enumerate() {
            let range = self.range(word);
            match gathered == Some(place) {
                true => self.and(&format!("o.id IN (SELECT w.operator_id FROM operator_words w WHERE {range})")),
                false => self.and(&format!("EXISTS (SELECT 1 FROM operator_words w WHERE w.operator_id = o.id AND {range})")),
            }
        }
        if let Some(email) = &filter.email {
            let email = self.value(email.as_str());
            self.and(&format!("o.email_key = {email}"));
        }
        if let Some(role) = filter.role {
            let role = self.value(role);
            self.and(&format!("o.role_id = {role}"));
        }
        if let Some(status) = filter.status {
            let status = self.value(status);
            self.and(&format!("o.status_id = {status}"));
        }
        if let Some(tags) = &filter.languages {
            let tags: Vec<String> = tags.iter().map(|tag| self.value(tag.as_str())).collect();
            match tags.is_empty() {
                true => self.and("o.id < 0"),
                false => self.and(&format!(
                    "EXISTS (SELECT 1 FROM operator_languages s WHERE s.operator_id = o.id AND s.tag IN ({}))",
                    tags.join(", ")
                )),
            }
        }
        if let Some(placed) = filter.placed {
            let (word, id) = match placed {
                Placed::In(id) => ("EXISTS", id),
                Placed::NotIn(id) => ("NOT EXISTS", id),
            };
            let id = self.value(id);
            self.and(&format!("{word} (SELECT 1 FROM members p WHERE p.operator_id = o.id AND p.department_id = {id})"));
        }
        if filter.absent {
            let (from, until) = (self.value(now.timestamp_millis()), self.value(now.timestamp_millis()));
            self.and(&format!("o.id IN (SELECT a.operator_id FROM absences a WHERE a.ends_at > {from} AND a.starts_at <= {until})"));
        }
        if let Some(state) = filter.state {
            self.state(state, now);
        }
    }

    /// The same decision as [`state`], told in facts that the database can compare.
    fn state(&mut self, state: OperatorState, now: DateTime<Utc>) {
        let pending = "o.suspended_at IS NULL AND o.activated_at IS NULL";
        match state {
            OperatorState::Suspended => self.and("o.suspended_at IS NOT NULL"),
            OperatorState::Active => self.and("o.suspended_at IS NULL AND o.activated_at IS NOT NULL"),
            OperatorState::DeliveryFailed => self.and(&format!("{pending} AND o.invitation_error IS NOT NULL")),
            OperatorState::Invited => {
                let now = self.value(now.timestamp_millis());
                self.and(&format!("{pending} AND o.invitation_error IS NULL AND o.invitation_expires_at > {now}"));
            }
            OperatorState::Expired => {
                let now = self.value(now.timestamp_millis());
                self.and(&format!(
                    "{pending} AND o.invitation_error IS NULL AND (o.invitation_expires_at IS NULL OR o.invitation_expires_at <= {now})"
                ));
            }
        }
    }
}

/// A text that sorts after everything beginning with the word, by bytes as both engines compare the column.
fn after_all(word: &str) -> String {
    format!("{word}{}", char::MAX)
}
