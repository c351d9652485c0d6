//! Queries for lists: a page of them for supervisors, and what an operator has, is offered and has still to classify.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Value};

use super::super::{Millis, StoreError, count as counted, named, rows, sql};
use crate::domain::channel::Channel;
use crate::domain::named::named;
use crate::domain::query::State;
use crate::domain::text::all_begin;

/// Whose queries the reader may see (RO-3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Sight {
    /// All.
    #[default]
    All,
    /// Those of these departments, and those that this operator has, had or was sent, or that ring for them.
    Departments(Vec<i64>, i64),
}

/// What a list is narrowed to, and its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Whose queries may be seen.
    pub sight: Sight,
    /// Only these.
    pub ids: Option<Vec<i64>>,
    /// The sender as queries keep it.
    pub sender: Option<String>,
    /// What is searched for in texts, see [`search`].
    pub search: Option<Search>,
    /// Where they stand: one state, or all three that are not closed; none is every state.
    pub states: Vec<State>,
    /// On which channel.
    pub channel: Option<Channel>,
    /// Of which department.
    pub department: Option<i64>,
    /// Who has it.
    pub operator: Option<i64>,
    /// Who has it or had it.
    pub hands: Option<i64>,
    /// A tag; more special ones of the same language count, too.
    pub language: Option<String>,
    /// By which site it came.
    pub site: Option<i64>,
    /// What it was about.
    pub category: Option<i64>,
    /// Only those that wait for a classification.
    pub unclassified: bool,
    /// Only those received from this instant on.
    pub from: Option<DateTime<Utc>>,
    /// Only those received before this instant.
    pub until: Option<DateTime<Utc>>,
    /// Only those that came before this one.
    pub before: Option<i64>,
    /// Where no index leads to what is asked for, so many of the newest are looked through beside all open ones; none looks through all.
    /// Who may see a part of the queries has a list of no more of each department.
    pub looked: Option<u64>,
    /// The order.
    pub sort: Sort,
}

/// What is searched for in subject, name and address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// Folded words, each of which begins a word of these texts.
    pub words: Vec<String>,
    /// Or the query of this id, however old it is.
    pub id: Option<i64>,
}

named! {
    /// In which order; named as in addresses.
    #[derive(Default)]
    Sort {
        /// The newest first.
        #[default]
        Newest = "-created",
        /// The oldest first.
        Oldest = "created",
        /// Of open ones, that whose requester waits longest first.
        Waiting = "waiting",
        /// The same the other way round; those who wait for nothing are last in either.
        WaitingDown = "-waiting",
        /// Of closed ones, the one closed first.
        Closed = "closed",
        /// The one closed last.
        ClosedDown = "-closed",
    }
}

impl Sort {
    /// Whether there is such an order of queries in these states.
    pub fn suits(self, states: &[State]) -> bool {
        match self {
            Sort::Newest | Sort::Oldest => true,
            Sort::Waiting | Sort::WaitingDown => is_open(states),
            Sort::Closed | Sort::ClosedDown => states == [State::Closed],
        }
    }
}

/// Whether these are states of open queries alone.
fn is_open(states: &[State]) -> bool {
    !states.is_empty() && !states.contains(&State::Closed)
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The query.
    pub id: i64,
    /// On which channel.
    pub channel: Channel,
    /// Of which department.
    pub department_id: Option<i64>,
    /// Who has it.
    pub operator_id: Option<i64>,
    /// The name of who has it.
    pub operator_name: Option<String>,
    /// Its language.
    pub language: Option<String>,
    /// Name, address or number of the requester, the first that is known.
    pub requester: Option<String>,
    /// One line.
    pub subject: String,
    /// Where it stands.
    pub state: State,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The last activity.
    pub active_at: DateTime<Utc>,
    /// Since when the requester waits for a word.
    pub unanswered_since: Option<DateTime<Utc>>,
    /// Since when it stands where it stands.
    pub since: DateTime<Utc>,
    /// Names of those for whom it rings.
    pub rings_for: Vec<String>,
    /// Until when it rings, where it does.
    pub expires_at: Option<DateTime<Utc>>,
    /// The requester's number. It, and what follows, is read for a panel alone.
    pub phone: Option<String>,
    /// How the message begins.
    pub body: String,
    /// Who sent it on last, and their words for whoever gets it.
    pub note: Option<(String, String)>,
}

const COLUMNS: &str = "q.id, q.channel, q.department_id, q.operator_id, o.name, q.language, \
    COALESCE(q.requester_name, q.requester_email, q.requester_phone), q.subject, q.state, q.created_at, q.closed_at, q.active_at, \
    q.unanswered_since, \
    CASE q.state WHEN 'closed' THEN q.closed_at WHEN 'assigned' THEN COALESCE(q.assigned_at, q.active_at) ELSE q.waiting_since END, \
    CASE WHEN q.state = 'offered' THEN (SELECT string_agg(n.name, '\n') FROM query_offers w JOIN operators n ON n.id = w.operator_id \
    WHERE w.query_id = q.id AND w.ended_at IS NULL) END";

fn item(row: &QueryResult) -> Result<Item, StoreError> {
    let instant = |index| Ok::<_, StoreError>(row.try_get_by_index::<Option<Millis>>(index)?.map(|at| at.0));
    let (channel, state): (String, String) = (row.try_get_by_index(1)?, row.try_get_by_index(8)?);
    Ok(Item {
        id: row.try_get_by_index(0)?,
        channel: Channel::parse(&channel).unwrap_or(Channel::Ticket),
        department_id: row.try_get_by_index(2)?,
        operator_id: row.try_get_by_index(3)?,
        operator_name: row.try_get_by_index(4)?,
        language: row.try_get_by_index(5)?,
        requester: row.try_get_by_index(6)?,
        subject: row.try_get_by_index(7)?,
        state: State::parse(&state).unwrap_or(State::Waiting),
        created_at: row.try_get_by_index::<Millis>(9)?.0,
        closed_at: instant(10)?,
        active_at: row.try_get_by_index::<Millis>(11)?.0,
        unanswered_since: instant(12)?,
        since: row.try_get_by_index::<Millis>(13)?.0,
        rings_for: row.try_get_by_index::<Option<String>>(14)?.unwrap_or_default().lines().map(str::to_owned).collect(),
        expires_at: None,
        phone: None,
        body: String::new(),
        note: None,
    })
}

/// So many letters of a message are read for a panel.
const BEGINNING: usize = 300;

/// What a panel tells beside [`COLUMNS`], and where that stands.
const MORE: &str = "q.requester_phone AS phone, SUBSTR(q.body, 1, 301) AS beginning, t.actor_name AS sent_by, t.note AS sent_with";
const AROUND: &str = "LEFT JOIN operators o ON o.id = q.operator_id LEFT JOIN query_events t ON t.id = \
    (SELECT MAX(e.id) FROM query_events e WHERE e.query_id = q.id AND e.kind = 'transferred')";

fn on_panel(row: &QueryResult) -> Result<Item, StoreError> {
    let mut body: String = row.try_get("", "beginning")?;
    if let Some((end, _)) = body.char_indices().nth(BEGINNING) {
        body.truncate(end);
        body.push('…');
    }
    let (by, words): (Option<String>, Option<String>) = (row.try_get("", "sent_by")?, row.try_get("", "sent_with")?);
    Ok(Item { phone: row.try_get("", "phone")?, body, note: by.zip(words), ..item(row)? })
}

/// The index that leads to what is asked for; everything else is compared on the way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Ids,
    Sender,
    /// Those that are open or wait for a classification: few, with indexes of their own.
    Few,
    Span,
    Hands,
    Department,
    /// By arrival, or along the indexes of what the reader may see.
    All,
}

impl Filter {
    fn way(&self) -> Way {
        match self {
            Filter { ids: Some(_), .. } => Way::Ids,
            Filter { sender: Some(_), .. } => Way::Sender,
            Filter { unclassified: true, .. } => Way::Few,
            Filter { states, .. } if is_open(states) => Way::Few,
            Filter { from: Some(_), .. } | Filter { until: Some(_), .. } => Way::Span,
            Filter { hands: Some(_), .. } => Way::Hands,
            Filter { department: Some(_), .. } => Way::Department,
            _ => Way::All,
        }
    }

    /// How many of the newest are looked through, where something is asked for to which no index leads.
    fn looked_through(&self) -> Option<u64> {
        let way = self.way();
        let is_long = matches!(way, Way::Span | Way::Hands | Way::Department | Way::All);
        let is_compared = [
            self.search.is_some(),
            self.channel.is_some(),
            self.language.is_some(),
            self.site.is_some(),
            self.category.is_some(),
            self.hands.is_some() && way != Way::Hands,
            self.department.is_some() && way != Way::Department,
            self.sight != Sight::All && way != Way::All,
            matches!(self.sort, Sort::Closed | Sort::ClosedDown),
        ];
        self.looked.filter(|_| is_long && is_compared.contains(&true))
    }

    /// The newest first, along the index of the way.
    fn arrival(&self) -> &'static str {
        if self.way() == Way::Span { "q.created_at DESC, q.id DESC" } else { "q.id DESC" }
    }

    fn order(&self) -> String {
        const WAITING: &str = "CASE WHEN q.state = 'assigned' THEN q.unanswered_since ELSE q.waiting_since END";
        match self.sort {
            Sort::Newest => self.arrival().to_owned(),
            Sort::Oldest => self.arrival().replace(" DESC", ""),
            Sort::Waiting => format!("({WAITING}) IS NULL, {WAITING}, q.id"),
            Sort::WaitingDown => format!("({WAITING}) IS NULL, {WAITING} DESC, q.id DESC"),
            Sort::Closed => "q.closed_at, q.id".to_owned(),
            Sort::ClosedDown => "q.closed_at DESC, q.id DESC".to_owned(),
        }
    }
}

/// Written out as the partial indexes are, each by itself: SQLite walks all queries where they stand in one condition.
pub(super) const OPEN: &str = "q.id IN (SELECT w.id FROM queries w WHERE w.state IN ('waiting', 'offered') \
    UNION ALL SELECT a.id FROM queries a WHERE a.state = 'assigned')";
const UNCLASSIFIED: &str = "q.id IN (SELECT u.id FROM queries u WHERE u.state = 'closed' AND u.classify AND u.classified_at IS NULL)";

/// The text behind WHERE, and the values it names.
#[derive(Default)]
struct Conditions {
    parts: Vec<String>,
    values: Vec<Value>,
}

impl Conditions {
    /// All conditions of a filter.
    fn of(filter: &Filter) -> Conditions {
        let mut all = Conditions::default();
        all.add(filter, true, "");
        if let Some(most) = filter.looked_through() {
            let (lead, arrival) = (all.taken(), filter.arrival());
            all.add(filter, true, "+");
            let compared = all.taken();
            let mut looked = format!(
                "SELECT n.id FROM (SELECT q.id FROM queries q WHERE {lead} ORDER BY {arrival} LIMIT {most}) n \
                UNION SELECT q.id FROM queries q WHERE {OPEN} AND {compared}"
            );
            if let Some(id) = filter.search.as_ref().and_then(|search| search.id) {
                let id = named(&mut all.values, [id]);
                looked.push_str(&format!(" UNION SELECT q.id FROM queries q WHERE q.id = {id} AND {compared}"));
            }
            all.parts.push(format!("q.id IN ({looked})"));
        }
        all.add(filter, false, "+");
        all
    }

    /// The text of what was added, which begins anew.
    fn taken(&mut self) -> String {
        let text = self.text();
        self.parts.clear();
        text
    }

    fn text(&self) -> String {
        if self.parts.is_empty() { "1 = 1".to_owned() } else { self.parts.join(" AND ") }
    }

    fn is(&mut self, left: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.values.push(value.into());
            self.parts.push(format!("{left} ${}", self.values.len()));
        }
    }

    /// What the index of the way answers, or everything else: a plus before a number keeps the engines from its index.
    fn add(&mut self, filter: &Filter, is_lead: bool, plus: &str) {
        let way = filter.way();
        let on = |one: Way| (one == way) == is_lead;
        if on(Way::Ids)
            && let Some(ids) = &filter.ids
        {
            let list = named(&mut self.values, ids.iter().copied());
            self.parts.push(if ids.is_empty() { "1 = 0".to_owned() } else { format!("q.id IN ({list})") });
        }
        if on(Way::Sender) {
            self.is("q.sender_key =", filter.sender.as_deref());
        }
        if on(Way::Few) {
            self.states(filter);
        }
        if on(Way::Span) {
            self.is(&format!("{plus}q.created_at >="), filter.from.map(|at| at.timestamp_millis()));
            self.is(&format!("{plus}q.created_at <"), filter.until.map(|at| at.timestamp_millis()));
        }
        if on(Way::Hands)
            && let Some(id) = filter.hands
        {
            let id = named(&mut self.values, [id]);
            self.parts.push(format!(
                "{plus}q.id IN (SELECT h.id FROM queries h WHERE h.operator_id = {id} \
                UNION SELECT d.query_id FROM dialogs d WHERE d.operator_id = {id})"
            ));
        }
        if on(Way::Department) {
            self.is(&format!("{plus}q.department_id ="), filter.department);
        }
        if on(Way::All) {
            self.sight(filter, plus);
        }
        if !is_lead {
            self.is("q.channel =", filter.channel.map(Channel::as_str));
            self.is("q.operator_id =", filter.operator);
            self.is("q.site_id =", filter.site);
            self.is("q.category_id =", filter.category);
            self.is("q.id <", filter.before);
            if let Some(tag) = &filter.language {
                let list = named(&mut self.values, [tag.clone(), format!("{tag}-%")]);
                let (tag, special) = list.split_once(", ").unwrap_or_default();
                self.parts.push(format!("(q.language = {tag} OR q.language LIKE {special})"));
            }
        }
    }

    fn states(&mut self, filter: &Filter) {
        if filter.unclassified {
            self.parts.push(UNCLASSIFIED.to_owned());
        }
        match filter.states.as_slice() {
            [] => {}
            [state] => {
                let is_unassigned = matches!(state, State::Waiting | State::Offered);
                self.parts.extend(is_unassigned.then(|| "q.state IN ('waiting', 'offered')".to_owned()));
                self.parts.push(format!("q.state = '{}'", state.as_str()));
            }
            _ => self.parts.push(OPEN.to_owned()),
        }
    }

    fn sight(&mut self, filter: &Filter, plus: &str) {
        let Sight::Departments(departments, own) = &filter.sight else { return };
        let own = named(&mut self.values, [*own]);
        let departments = departments.iter().map(|id| ("q.department_id", named(&mut self.values, [*id])));
        let seen: Vec<_> = [("q.operator_id", own.clone()), ("q.addressed_id", own.clone())].into_iter().chain(departments).collect();
        let ringing = format!("SELECT r.query_id FROM query_offers r WHERE r.operator_id = {own} AND r.ended_at IS NULL");
        let condition = match filter.looked.filter(|_| plus.is_empty()) {
            // Along the index of each: an engine that takes them all together reads and sorts everything the reader may see. One more
            // than is looked through tells that there are more.
            Some(most) => {
                let is_oldest_first = filter.sort == Sort::Oldest && filter.looked_through().is_none();
                let order = if is_oldest_first { "q.id" } else { "q.id DESC" };
                let one = |(column, id): &(&str, String)| {
                    let enough = most.saturating_add(1);
                    format!("SELECT s.id FROM (SELECT q.id FROM queries q WHERE {column} = {id} ORDER BY {order} LIMIT {enough}) s")
                };
                format!("q.id IN ({} UNION {ringing})", seen.iter().map(one).collect::<Vec<_>>().join(" UNION "))
            }
            None => {
                let one = |(column, id): &(&str, String)| format!("{plus}{column} = {id}");
                format!("({} OR q.id IN ({ringing}))", seen.iter().map(one).collect::<Vec<_>>().join(" OR "))
            }
        };
        self.parts.push(condition);
    }
}

/// A page of queries; texts are not searched here, see [`search`].
pub async fn page(db: &impl ConnectionTrait, filter: &Filter, offset: u64, limit: u64) -> Result<Vec<Item>, StoreError> {
    let mut all = Conditions::of(filter);
    let bounds = named(&mut all.values, [limit, offset].map(|n| i64::try_from(n).unwrap_or(i64::MAX)));
    let (limit, offset) = bounds.split_once(", ").unwrap_or_default();
    let text = format!(
        "SELECT {COLUMNS} FROM queries q LEFT JOIN operators o ON o.id = q.operator_id WHERE {} ORDER BY {} LIMIT {limit} OFFSET {offset}",
        all.text(),
        filter.order()
    );
    db.query_all_raw(sql(db, text, all.values)).await?.iter().map(item).collect()
}

/// How many there are, counted up to a bound: whoever has more needs a filter, not a number.
pub async fn count(db: &impl ConnectionTrait, filter: &Filter, most: u64) -> Result<u64, StoreError> {
    let (all, most) = (Conditions::of(filter), i64::try_from(most).unwrap_or(i64::MAX));
    let text = format!("SELECT COUNT(*) FROM (SELECT 1 FROM queries q WHERE {} LIMIT {most}) counted", all.text());
    counted(db, &text, all.values).await
}

/// Ids of the queries whose texts hold what is searched for, in the order of the filter. Neither engine knows letters as people do, so
/// the texts are compared here; which ones is bounded by [`Filter::looked`].
pub async fn search(db: &impl ConnectionTrait, filter: &Filter) -> Result<Vec<i64>, StoreError> {
    let Some(Search { words, id: wanted }) = &filter.search else { return Ok(Vec::new()) };
    let all = Conditions::of(filter);
    let rest = format!("FROM queries q WHERE {} ORDER BY {}", all.text(), filter.order());
    let texts: Vec<(i64, String, Option<String>, Option<String>)> =
        rows::all(db, "q.id, q.subject, q.requester_name, q.requester_email", &rest, all.values).await?;
    let found = texts.into_iter().filter(|(id, subject, name, address)| {
        let texts = [Some(subject), name.as_ref(), address.as_ref()].map(|text| text.map_or("", String::as_str));
        Some(*id) == *wanted || !words.is_empty() && all_begin(words, &texts)
    });
    Ok(found.map(|(id, ..)| id).collect())
}

/// When the oldest of those came that are looked through, where older ones are left out.
pub async fn looked_back_to(db: &impl ConnectionTrait, filter: &Filter) -> Result<Option<DateTime<Utc>>, StoreError> {
    let Some(most) = filter.looked_through() else { return Ok(None) };
    let mut lead = Conditions::default();
    lead.add(filter, true, "");
    // The last one that is looked at, where one more follows.
    let text = format!(
        "SELECT q.created_at FROM queries q WHERE {} ORDER BY {} LIMIT 2 OFFSET {}",
        lead.text(),
        filter.arrival(),
        most.saturating_sub(1)
    );
    let rows = db.query_all_raw(sql(db, text, lead.values)).await?;
    let [last, _] = rows.as_slice() else { return Ok(None) };
    Ok(Some(last.try_get_by_index::<Millis>(0)?.0))
}

/// What an operator has, the longest without an answer first.
pub async fn at_hand(db: &impl ConnectionTrait, operator_id: i64) -> Result<Vec<Item>, StoreError> {
    let text = format!(
        "SELECT {COLUMNS}, {MORE} FROM queries q {AROUND} WHERE q.operator_id = $1 AND q.state = 'assigned' \
        ORDER BY COALESCE(q.unanswered_since, q.active_at), q.id LIMIT 200"
    );
    db.query_all_raw(sql(db, text, [operator_id.into()])).await?.iter().map(on_panel).collect()
}

/// What rings for an operator, the oldest first.
pub async fn ringing(db: &impl ConnectionTrait, operator_id: i64, now: DateTime<Utc>) -> Result<Vec<Item>, StoreError> {
    let text = format!(
        "SELECT {COLUMNS}, {MORE}, r.expires_at AS rings_until FROM query_offers r JOIN queries q ON q.id = r.query_id {AROUND} \
        WHERE r.operator_id = $1 AND r.ended_at IS NULL AND q.state = 'offered' AND (r.expires_at IS NULL OR r.expires_at > $2) \
        ORDER BY q.id LIMIT 50"
    );
    let rows = db.query_all_raw(sql(db, text, [operator_id.into(), now.timestamp_millis().into()])).await?;
    let ringing = |row: &QueryResult| {
        let expires_at = row.try_get::<Option<Millis>>("", "rings_until")?.map(|at| at.0);
        Ok(Item { expires_at, ..on_panel(row)? })
    };
    rows.iter().map(ringing).collect()
}

/// What an operator closed and has still to classify, the newest first (QU-6).
pub async fn unclassified(db: &impl ConnectionTrait, operator_id: i64, limit: u64) -> Result<Vec<Item>, StoreError> {
    let text = format!(
        "SELECT {COLUMNS} FROM queries q LEFT JOIN operators o ON o.id = q.operator_id WHERE q.operator_id = $1 AND q.state = 'closed' \
        AND q.classify AND q.classified_at IS NULL ORDER BY q.id DESC LIMIT $2"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    db.query_all_raw(sql(db, text, [operator_id.into(), limit.into()])).await?.iter().map(item).collect()
}
