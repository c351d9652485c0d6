//! Everything the decision about availability goes by, read in a fixed number of statements whatever the number of operators.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Value};

use super::catalogue::Catalogue;
use super::operators::Columns;
use super::{AT_ONCE, Millis, StoreError, named, schedules, sql, work};
use crate::domain::availability::{Absence, Load, Membership, Person, Place, StatusFacts, World};
use crate::domain::channel::{Channel, Channels};
use crate::domain::department::Routing;
use crate::domain::language::LanguageTag;
use crate::domain::membership::Switches;
use crate::domain::operator::AccountFacts;
use crate::domain::status::{Cause, Watch, Worn};

/// Heartbeats that are older are not looked for: whoever was last heard of before is told as never heard of.
const HEARD: TimeDelta = TimeDelta::days(1);

/// Operators at most that are read by their ids; beyond, all are read.
pub const SOME: usize = AT_ONCE;

/// What all operators share, as the small tables tell it.
pub fn world(catalogue: &Catalogue, watch: Watch) -> World {
    let organisation = &catalogue.organisation;
    let place = |department: &super::departments::Department| {
        let facts = &department.facts;
        let (mut routing, mut offered_for) = ([Routing::default(); 3], [TimeDelta::zero(); 3]);
        for line in facts.lines {
            if let (Some(rule), Some(time)) = (routing.get_mut(line.channel as usize), offered_for.get_mut(line.channel as usize)) {
                (*rule, *time) = (line.routing, TimeDelta::seconds(line.offer_seconds));
            }
        }
        let place = Place {
            channels: catalogue.channels_of(department),
            schedule_id: department.schedule_id,
            language_policy: facts.language_policy,
            prefer: TimeDelta::seconds(facts.prefer_seconds),
            routing,
            offered_for,
            fallback: department.fallback_id,
        };
        (department.id, place)
    };
    let status = |status: &super::statuses::Status| {
        let facts = &status.facts;
        let limit = catalogue.limit_of_status(status.id);
        (status.id, StatusFacts { can_receive: facts.can_receive, invisible: facts.invisible, limit })
    };
    World {
        channels: catalogue.channels(),
        departments: catalogue.departments.iter().map(place).collect(),
        schedules: catalogue.schedules.iter().map(|row| (row.id, row.schedule.clone())).collect(),
        holidays: catalogue.holidays.clone(),
        statuses: catalogue.statuses.iter().map(status).collect(),
        named: organisation.named_statuses(),
        window: TimeDelta::minutes(organisation.presence_window_minutes),
        watch,
        help_after: TimeDelta::seconds(organisation.invisible_help_seconds),
        takes_messages: organisation.message_mode_enabled,
        chat_inactivity: TimeDelta::minutes(organisation.chat_inactivity_minutes),
    }
}

/// Operators as the decision needs them: these, or everybody. Deleted ones are absent. Those who wear no status yet wear the default
/// offline one of the world.
pub async fn people(db: &impl ConnectionTrait, world: &World, ids: Option<&[i64]>, now: DateTime<Utc>) -> Result<Vec<Person>, StoreError> {
    let (condition, values) = these("o.id", ids);
    let text = format!("{SELECT} WHERE o.deleted_at IS NULL AND {condition}");
    let rows = db.query_all_raw(sql(db, text, values)).await?;
    let mut memberships = memberships(db, ids).await?;
    let mut own = schedules::own(db, ids).await?;
    let beats = beats(db, ids, now).await?;
    let mut absences = absences(db, ids, now).await?;
    let loads = work::loads(db, ids, world.chat_inactivity, now).await?;
    let person = |row: &QueryResult| -> Result<Person, StoreError> {
        let mut person = read(row, world)?;
        person.memberships = memberships.remove(&person.id).unwrap_or_default();
        let own = own.remove(&person.id).unwrap_or_default();
        person.exceptions = own.exceptions;
        person.own_schedule = own.own.filter(|row| person.schedule_id == Some(row.id)).map(|row| Box::new(row.schedule));
        person.last_beat = beats.get(&person.id).copied();
        person.absences = absences.remove(&person.id).unwrap_or_default();
        person.load = loads.get(&person.id).copied().unwrap_or_default();
        Ok(person)
    };
    rows.iter().map(person).collect()
}

/// The last heartbeat of each operator who was heard of within a day.
pub async fn beats(db: &impl ConnectionTrait, ids: Option<&[i64]>, now: DateTime<Utc>) -> Result<HashMap<i64, DateTime<Utc>>, StoreError> {
    let (condition, mut values) = these("operator_id", ids);
    values.push((now - HEARD).timestamp_millis().into());
    let text =
        format!("SELECT operator_id, MAX(beat_at) FROM presence WHERE {condition} AND beat_at > ${} GROUP BY operator_id", values.len());
    let rows = db.query_all_raw(sql(db, text, values)).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index::<Millis>(1)?.0))).collect()
}

/// Ids of the operators that changed after a version of the operators; at most so many.
pub async fn touched(db: &impl ConnectionTrait, after: i64, limit: usize) -> Result<Vec<i64>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let text = "SELECT id FROM operators WHERE touched > $1 ORDER BY touched LIMIT $2";
    let rows = db.query_all_raw(sql(db, text, [after.into(), limit.into()])).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// What these operators wore at an instant that is past, and when they were last heard of by then, within a day; from the log.
/// Whoever was not there yet is absent.
pub async fn as_of(
    db: &impl ConnectionTrait,
    ids: &[i64],
    at: DateTime<Utc>,
) -> Result<HashMap<i64, (Worn, Option<DateTime<Utc>>)>, StoreError> {
    let millis = at.timestamp_millis();
    let mut found = HashMap::new();
    for ids in ids.chunks(AT_ONCE) {
        let mut values = vec![millis.into()];
        let condition = format!("o.id IN ({})", named(&mut values, ids.iter().copied()));
        let text = format!(
            "SELECT l.operator_id, l.to_id, l.at, l.cause, l.actor_name FROM operators o JOIN status_log l ON l.id = \
            (SELECT m.id FROM status_log m WHERE m.operator_id = o.id AND m.at <= $1 ORDER BY m.at DESC, m.id DESC LIMIT 1) WHERE {condition}"
        );
        for row in db.query_all_raw(sql(db, text, values)).await? {
            let cause: String = row.try_get_by_index(3)?;
            let worn = Worn {
                status_id: row.try_get_by_index(1)?,
                since: row.try_get_by_index::<Millis>(2)?.0,
                until: None,
                return_id: None,
                cause: Cause::parse(&cause).unwrap_or_default(),
                set_by: row.try_get_by_index(4)?,
            };
            found.insert(row.try_get_by_index(0)?, (worn, None));
        }
        let mut values: Vec<Value> = vec![millis.into(), millis.into(), millis.into(), (at - HEARD).timestamp_millis().into()];
        let condition = format!("operator_id IN ({})", named(&mut values, ids.iter().copied()));
        let text = format!(
            "SELECT operator_id, MAX(CASE WHEN beat_at > $1 THEN CAST($2 AS BIGINT) ELSE beat_at END) FROM presence \
            WHERE began_at <= $3 AND beat_at > $4 AND {condition} GROUP BY operator_id"
        );
        for row in db.query_all_raw(sql(db, text, values)).await? {
            if let Some(entry) = found.get_mut(&row.try_get_by_index::<i64>(0)?) {
                entry.1 = Some(row.try_get_by_index::<Millis>(1)?.0);
            }
        }
    }
    Ok(found)
}

const SELECT: &str = "SELECT o.id, o.name, o.alias, o.activated_at, o.suspended_at, o.invitation_expires_at, o.invitation_error, \
    (SELECT string_agg(l.tag, ',' ORDER BY l.position) FROM operator_languages l WHERE l.operator_id = o.id), \
    o.schedule_id, o.hours_from, o.hours_until, o.hours_allowed_by, o.presence_required, o.do_not_disturb, o.help_when_invisible, \
    o.idle_minutes, o.no_answer_minutes, o.active_at, o.priority, o.max_chat_load, o.created_at, o.status_id, o.status_since, o.status_until, o.status_return_id, o.status_cause, \
    o.status_set_by FROM operators o";

fn read(row: &QueryResult, world: &World) -> Result<Person, StoreError> {
    let mut columns = Columns::of(row);
    let (id, name, alias) = (columns.next()?, columns.next()?, columns.next()?);
    let account = AccountFacts {
        activated: columns.instant()?.is_some(),
        suspended: columns.instant()?.is_some(),
        invitation_expires_at: columns.instant()?,
        invitation_error: columns.next::<Option<String>>()?.is_some(),
    };
    let tags: Option<String> = columns.next()?;
    let languages = tags.iter().flat_map(|tags| tags.split(',')).filter_map(|tag| LanguageTag::parse(tag).ok()).collect();
    let schedule_id = columns.next()?;
    let allowed_hours = columns.allowed_hours()?;
    let (presence_required, do_not_disturb, helps_when_invisible) = (columns.next()?, columns.next()?, columns.next()?);
    let (idle, answers_within): (Option<i64>, Option<i64>) = (columns.next()?, columns.next()?);
    let active_at = columns.instant()?;
    let priority = columns.next()?;
    let max_chat_load: Option<i64> = columns.next()?;
    let created_at = columns.next::<Millis>()?.0;
    let worn = columns.worn()?.unwrap_or_else(|| Worn::first(world.named.offline, created_at));
    Ok(Person {
        id,
        name,
        alias,
        account,
        languages,
        memberships: Vec::new(),
        schedule_id,
        own_schedule: None,
        exceptions: Vec::new(),
        allowed_hours,
        absences: Vec::new(),
        worn,
        presence_required,
        last_beat: None,
        idle: idle.map(TimeDelta::minutes),
        answers_within: answers_within.map(TimeDelta::minutes),
        active_at,
        do_not_disturb,
        helps_when_invisible,
        priority,
        max_chat_load: max_chat_load.map(|max| u32::try_from(max).unwrap_or(u32::MAX)),
        load: Load::default(),
    })
}

async fn memberships(db: &impl ConnectionTrait, ids: Option<&[i64]>) -> Result<HashMap<i64, Vec<Membership>>, StoreError> {
    let (condition, values) = these("operator_id", ids);
    let text = format!(
        "SELECT operator_id, department_id, ticket_allowed, ticket_active, chat_allowed, chat_active, call_allowed, call_active \
        FROM members WHERE {condition} ORDER BY department_id"
    );
    let mut found: HashMap<i64, Vec<Membership>> = HashMap::new();
    for row in db.query_all_raw(sql(db, text, values)).await? {
        let (mut allowed, mut active) = (Channels::default(), Channels::default());
        for (channel, column) in Channel::ALL.into_iter().zip([2, 4, 6]) {
            allowed = allowed.with(channel, row.try_get_by_index(column)?);
            active = active.with(channel, row.try_get_by_index(column + 1)?);
        }
        let switches = Switches::new(allowed, active.and(allowed)).unwrap_or_default();
        let membership = Membership { department: row.try_get_by_index(1)?, switches };
        found.entry(row.try_get_by_index(0)?).or_default().push(membership);
    }
    Ok(found)
}

/// Absences that are not over, by their first instant (AB-1).
async fn absences(db: &impl ConnectionTrait, ids: Option<&[i64]>, now: DateTime<Utc>) -> Result<HashMap<i64, Vec<Absence>>, StoreError> {
    let (condition, mut values) = these("operator_id", ids);
    values.push(now.timestamp_millis().into());
    let text = format!(
        "SELECT operator_id, id, starts_at, ends_at, deputy_id FROM absences WHERE {condition} AND ends_at > ${} ORDER BY starts_at",
        values.len()
    );
    let mut found: HashMap<i64, Vec<Absence>> = HashMap::new();
    for row in db.query_all_raw(sql(db, text, values)).await? {
        let instant = |index| Ok::<_, StoreError>(row.try_get_by_index::<Millis>(index)?.0);
        let absence = Absence { id: row.try_get_by_index(1)?, from: instant(2)?, until: instant(3)?, deputy: row.try_get_by_index(4)? };
        found.entry(row.try_get_by_index(0)?).or_default().push(absence);
    }
    Ok(found)
}

/// A condition on a column that holds ids of operators, with its values.
pub(super) fn these(column: &str, ids: Option<&[i64]>) -> (String, Vec<Value>) {
    let mut values = Vec::new();
    let condition = match ids {
        Some([]) => "1 = 0".to_owned(),
        Some(ids) => format!("{column} IN ({})", named(&mut values, ids.iter().copied())),
        None => "1 = 1".to_owned(),
    };
    (condition, values)
}
