//! What the statuses of operators go by, read together for any number of them (HR-4, ST-5 to ST-7).

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, Value};

use super::catalogue::Catalogue;
use super::operators::Operator;
use super::presence;
use super::schedules::{self, OwnHours};
use super::{StoreError, named, sql, work};
use crate::domain::schedule::Hours;
use crate::domain::status::{Answer, Course, Idle, Presence, Rule, Rules, Watch};

/// The facts about some operators that stand in other tables than theirs.
#[derive(Clone, Debug)]
pub struct Facts {
    /// How far time was written down, as it counts now.
    pub watch: Watch,
    own: HashMap<i64, OwnHours>,
    beats: HashMap<i64, DateTime<Utc>>,
    unanswered: HashMap<i64, DateTime<Utc>>,
}

impl Rules for Catalogue {
    fn rule(&self, status_id: i64) -> Rule {
        Rule { receives: self.status(status_id).is_some_and(|status| status.facts.can_receive), limit: self.limit_of_status(status_id) }
    }
}

impl Catalogue {
    /// For how long a heartbeat counts (ST-5).
    pub fn presence_window(&self) -> TimeDelta {
        TimeDelta::minutes(self.organisation.presence_window_minutes)
    }
}

/// Reads the facts about these operators, in a fixed number of statements for every few hundred of them.
pub async fn read(db: &impl ConnectionTrait, operators: &[Operator], now: DateTime<Utc>) -> Result<Facts, StoreError> {
    let watch = presence::watch(db).await?.at(now);
    let with_hours: Vec<i64> = operators.iter().filter(|operator| operator.schedule_id.is_some()).map(|operator| operator.id).collect();
    let watched: Vec<i64> = operators.iter().filter(|operator| operator.presence_required).map(|operator| operator.id).collect();
    let own = schedules::own(db, Some(&with_hours)).await?;
    let answering: Vec<i64> =
        operators.iter().filter(|operator| operator.no_answer_minutes.is_some()).map(|operator| operator.id).collect();
    let unanswered = work::speechless(db, &answering).await?;
    Ok(Facts { watch, own, beats: presence::latest_of(db, &watched).await?, unanswered })
}

impl Facts {
    /// The course of one of the operators.
    pub fn course<'a>(&'a self, catalogue: &'a Catalogue, operator: &'a Operator) -> Course<'a> {
        let own = self.own.get(&operator.id);
        let heard_at = self.beats.get(&operator.id).copied();
        let idle = |minutes| Idle { active_at: operator.active_at, after: TimeDelta::minutes(minutes) };
        Course {
            named: catalogue.organisation.named_statuses(),
            rules: catalogue,
            hours: hours(catalogue, operator, own),
            is_active: operator.activated_at.is_some() && operator.suspended_at.is_none(),
            watch: self.watch,
            presence: operator.presence_required.then(|| Presence { heard_at, window: catalogue.presence_window() }),
            idle: operator.idle_minutes.map(idle),
            answer: operator
                .no_answer_minutes
                .zip(self.unanswered.get(&operator.id))
                .map(|(minutes, since)| Answer { since: *since, after: TimeDelta::minutes(minutes) }),
        }
    }
}

fn hours<'a>(catalogue: &'a Catalogue, operator: &'a Operator, own: Option<&'a OwnHours>) -> Hours<'a> {
    let schedule = operator.schedule_id.and_then(|id| match own.and_then(|own| own.own.as_ref()) {
        Some(row) if row.id == id => Some(&row.schedule),
        _ => catalogue.schedule(id).map(|row| &row.schedule),
    });
    let exceptions = own.map_or(&[][..], |own| &own.exceptions);
    Hours { schedule, operator: exceptions, organisation: &catalogue.holidays, allowed: operator.allowed() }
}

/// Ids of the operators whose status has something coming by an instant; who has nothing may be among them, but nobody is left out.
pub async fn due(db: &impl ConnectionTrait, catalogue: &Catalogue, watch: Watch, now: DateTime<Utc>) -> Result<Vec<i64>, StoreError> {
    let mut found: HashSet<i64> = at_once(db, catalogue, watch, now).await?.into_iter().collect();
    if turns_by(watch, now) {
        found.extend(turning(db, catalogue, watch, now).await?);
    }
    let mut ids: Vec<i64> = found.into_iter().collect();
    ids.sort_unstable();
    Ok(ids)
}

/// Whether nobody's status has anything coming by an instant, told without looking at anybody's hours: they turn with a minute.
pub async fn is_idle(db: &impl ConnectionTrait, catalogue: &Catalogue, watch: Watch, now: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(!turns_by(watch, now) && at_once(db, catalogue, watch, now).await?.is_empty())
}

/// Whether a minute has begun since time was written down.
fn turns_by(watch: Watch, now: DateTime<Utc>) -> bool {
    now.timestamp().div_euclid(60) > watch.followed_at.timestamp().div_euclid(60)
}

/// Those for whom something but a boundary of the schedule has come.
async fn at_once(db: &impl ConnectionTrait, catalogue: &Catalogue, watch: Watch, now: DateTime<Utc>) -> Result<Vec<i64>, StoreError> {
    let window = catalogue.presence_window().num_milliseconds();
    let (resumed, at) = (watch.resumed_at.timestamp_millis(), now.timestamp_millis());
    let mut values: Vec<Value> = Vec::new();
    let mut value = |value: i64| {
        values.push(value.into());
        format!("${}", values.len())
    };
    let mut text = format!(
        "SELECT id FROM operators WHERE deleted_at IS NULL AND status_until <= {} \
         UNION SELECT id FROM operators WHERE deleted_at IS NULL AND status_id IS NULL \
         UNION SELECT id FROM operators WHERE deleted_at IS NULL AND hours_until > {} AND hours_until <= {} \
         UNION SELECT o.id FROM statuses s JOIN operators o ON o.status_id = s.id WHERE o.deleted_at IS NULL \
         AND o.status_since + s.max_minutes * 60000 <= {}",
        value(at),
        value(watch.followed_at.timestamp_millis()),
        value(at),
        value(at)
    );
    // Nobody is missed before the server has listened for the window.
    if resumed + window <= at {
        let missed = format!(
            " UNION SELECT o.id FROM statuses s JOIN operators o ON o.status_id = s.id WHERE o.deleted_at IS NULL AND s.can_receive \
             AND o.presence_required AND o.status_since <= {} \
             AND NOT EXISTS (SELECT 1 FROM presence p WHERE p.operator_id = o.id AND p.beat_at > {})",
            value(at - window),
            value(at - window)
        );
        text.push_str(&missed);
    }
    let silent = format!(
        " UNION SELECT o.id FROM statuses s JOIN operators o ON o.status_id = s.id WHERE o.deleted_at IS NULL AND s.can_receive \
         AND o.idle_minutes IS NOT NULL AND {resumed_at} + o.idle_minutes * 60000 <= {at} \
         AND o.status_since + o.idle_minutes * 60000 <= {at} AND COALESCE(o.active_at, 0) + o.idle_minutes * 60000 <= {at}",
        resumed_at = value(resumed),
        at = at
    );
    text.push_str(&silent);
    let speechless = format!(
        " UNION SELECT o.id FROM queries q JOIN operators o ON o.id = q.operator_id JOIN statuses s ON s.id = o.status_id \
         WHERE q.state = 'assigned' AND q.channel = 'chat' AND q.unanswered_since IS NOT NULL AND o.deleted_at IS NULL AND s.can_receive \
         AND o.no_answer_minutes IS NOT NULL AND q.unanswered_since + o.no_answer_minutes * 60000 <= {at} \
         AND o.status_since + o.no_answer_minutes * 60000 <= {at}"
    );
    text.push_str(&speechless);
    ids(db, &text, values).await
}

/// Those whose schedule has a boundary that nobody followed yet.
async fn turning(db: &impl ConnectionTrait, catalogue: &Catalogue, watch: Watch, now: DateTime<Utc>) -> Result<Vec<i64>, StoreError> {
    let turns = |hours: Hours<'_>| hours.next_change(watch.followed_at).is_some_and(|at| at <= now);
    let shared = catalogue
        .schedules
        .iter()
        .filter(|row| turns(Hours { schedule: Some(&row.schedule), operator: &[], organisation: &catalogue.holidays, allowed: None }));
    let mut values = Vec::new();
    let names = named(&mut values, shared.map(|row| row.id));
    let mut found = match values.is_empty() {
        true => Vec::new(),
        false => ids(db, &format!("SELECT id FROM operators WHERE deleted_at IS NULL AND schedule_id IN ({names})"), values).await?,
    };
    // A zone is at most a day from another, and a shift reaches into the next day.
    let near = (watch.followed_at.date_naive() - TimeDelta::days(3), now.date_naive() + TimeDelta::days(3));
    let own = schedules::in_use(db, near).await?;
    let turning = own.iter().filter(|(_, schedule_id, own)| {
        let own_schedule = own.own.as_ref().filter(|row| row.id == *schedule_id);
        let schedule = own_schedule.or_else(|| catalogue.schedule(*schedule_id)).map(|row| &row.schedule);
        turns(own.hours(schedule, &catalogue.holidays, None))
    });
    found.extend(turning.map(|(id, ..)| *id));
    Ok(found)
}

async fn ids(db: &impl ConnectionTrait, text: &str, values: Vec<Value>) -> Result<Vec<i64>, StoreError> {
    let rows = db.query_all_raw(sql(db, text, values)).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}
