//! Deeds on holiday calendars (HR-3): a file is looked at, then imported, again later; entries are switched off and on; a calendar is deleted.

use std::collections::HashMap;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::Ctx;
use super::audit::{self, Changes, Object};
use super::rights::ManageSchedules;
use crate::domain::calendar::{self, Calendar, Entry, MOST_CALENDARS, Window};
use crate::domain::field::{Fault, FieldErrors};
use crate::domain::{limits, text, time_zone};
use crate::error::{AppError, Result};
use crate::store::calendars::{self, CalendarRow, EntryRow};
use crate::store::{Millis, Tx, schedules, settings};

/// A calendar to be imported.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    /// The schedule it belongs to; the organisation where none is named.
    pub schedule_id: Option<i64>,
    /// The calendar whose entries it takes the place of, at the version that was open.
    pub again: Option<(i64, i64)>,
    /// What it is called; the file's own name for itself where nothing is typed.
    pub name: String,
    /// The file.
    pub content: Vec<u8>,
    /// What events without a name are called.
    pub unnamed: String,
}

/// An entry as an import leaves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// What the file says.
    pub entry: Entry,
    /// Whether it closes anything.
    pub enabled: bool,
    /// Its id, where it was there before.
    pub id: Option<i64>,
}

/// What an import does or did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What the calendar is called.
    pub name: String,
    /// Its entries by first day.
    pub entries: Vec<Planned>,
    /// Entries that the file no longer has.
    pub gone: Vec<Entry>,
}

impl Plan {
    fn new(name: String, read: Vec<Entry>, before: Vec<EntryRow>) -> Plan {
        let mut known: HashMap<(String, NaiveDate), EntryRow> =
            before.into_iter().map(|row| ((row.entry.uid.clone(), row.entry.planned), row)).collect();
        let entries = read.into_iter().map(|entry| match known.remove(&(entry.uid.clone(), entry.planned)) {
            Some(row) => Planned { entry, enabled: row.enabled, id: Some(row.id) },
            None => Planned { entry, enabled: true, id: None },
        });
        let entries = entries.collect();
        let mut gone: Vec<Entry> = known.into_values().map(|row| row.entry).collect();
        gone.sort_by_key(|entry| entry.from);
        Plan { name, entries, gone }
    }

    /// Entries that were not there before.
    pub fn added(&self) -> usize {
        self.entries.iter().filter(|planned| planned.id.is_none()).count()
    }

    /// Entries that stay switched off.
    pub fn off(&self) -> usize {
        self.entries.iter().filter(|planned| !planned.enabled).count()
    }
}

/// Says what an import would do; nothing is done.
///
/// # Errors
/// As [`import`].
pub async fn look(ctx: &Ctx, _right: ManageSchedules<'_>, upload: &Upload) -> Result<Plan> {
    let db = ctx.store.read();
    let (zone, before) = match upload.again {
        Some((id, _)) => {
            let row = calendars::find(db, id).await?.ok_or(AppError::NotFound)?;
            (zone(ctx, row.schedule_id).await?, calendars::entries(db, id).await?)
        }
        None => (zone(ctx, upload.schedule_id).await?, Vec::new()),
    };
    let (name, read) = read(ctx, upload, zone).await?;
    Ok(Plan::new(name, read.entries, before))
}

/// Imports a file as a new calendar, or again into one there is: entries that were switched off stay off, those that the file no longer
/// has go. Returns the calendar's id and what was done.
///
/// # Errors
/// At `file`: those of [`calendar::read`]; at `name`: `too_long` and the like, `required` where the file has no name either;
/// `calendar_many` at `name` beyond [`MOST_CALENDARS`]; [`AppError::Stale`] where the calendar is no longer at the version that was open.
pub async fn import(ctx: &Ctx, right: ManageSchedules<'_>, upload: &Upload) -> Result<(i64, Plan)> {
    let owner = match upload.again {
        Some((id, _)) => calendars::find(ctx.store.read(), id).await?.ok_or(AppError::NotFound)?.schedule_id,
        None => upload.schedule_id,
    };
    let (name, found) = read(ctx, upload, zone(ctx, owner).await?).await?;
    let now = ctx.now();
    ctx.store
        .write(async |tx| {
            let mut changes = Changes::default();
            let (id, before) = match upload.again {
                Some((id, version)) => {
                    let row = locked(tx, id, Some(version)).await?;
                    let before = calendars::entries(tx, id).await?;
                    changes.note("name", &row.name, &name);
                    calendars::save(
                        tx,
                        &CalendarRow { name: name.clone(), imported_at: Millis(now), imported_by: right.name.clone(), ..row },
                    )
                    .await?;
                    (id, before)
                }
                None => {
                    if let Some(schedule) = owner {
                        schedules::lock(tx, schedule).await?.filter(|row| row.operator_id.is_none()).ok_or(AppError::NotFound)?;
                    } else {
                        settings::find_for_change(tx).await?;
                    }
                    if calendars::count(tx, owner).await? >= u64::try_from(MOST_CALENDARS).unwrap_or(u64::MAX) {
                        return Err(fault("name", Fault::with("calendar_many", "max", MOST_CALENDARS)));
                    }
                    changes.set("name", &name);
                    (calendars::insert(tx, owner, &name, &right.name, now).await?, Vec::new())
                }
            };
            let told_before = told(before.iter().filter(|row| row.enabled).map(|row| &row.entry));
            let plan = Plan::new(name.clone(), found.entries.clone(), before);
            calendars::write_entries(tx, id, plan.entries.iter().map(|planned| (planned.id, &planned.entry, planned.enabled))).await?;
            let told_after = told(plan.entries.iter().filter(|planned| planned.enabled).map(|planned| &planned.entry));
            changes.note("closed_days", &told_before, &told_after);
            audit::record(ctx, tx, &right, "calendar.imported", Object::new("calendar", id, &name), changes).await?;
            Ok((id, plan))
        })
        .await
}

/// Names a calendar and says which of its entries close anything; all others are switched off. Where nothing differs, nothing happens.
///
/// # Errors
/// At `name`: those of a line of text; [`AppError::Stale`] where it is no longer at `version`.
pub async fn change(ctx: &Ctx, right: ManageSchedules<'_>, id: i64, version: i64, name: &str, enabled: &[i64]) -> Result<()> {
    let mut errors = FieldErrors::default();
    let name = errors.take("name", text::line(name, limits::SCHEDULE_NAME)).unwrap_or_default();
    errors.into_result(())?;
    ctx.store
        .write(async |tx| {
            let row = locked(tx, id, Some(version)).await?;
            let entries = calendars::entries(tx, id).await?;
            let (on, off): (Vec<&EntryRow>, Vec<&EntryRow>) = entries.iter().partition(|entry| enabled.contains(&entry.id));
            let switched =
                |all: &[&EntryRow], to: bool| all.iter().filter(|entry| entry.enabled != to).map(|entry| entry.id).collect::<Vec<_>>();
            let (switched_on, switched_off) = (switched(&on, true), switched(&off, false));
            let mut changes = Changes::default();
            changes.note("name", &row.name, &name);
            changes.note(
                "closed_days",
                &told(entries.iter().filter(|entry| entry.enabled).map(|entry| &entry.entry)),
                &told(on.iter().map(|entry| &entry.entry)),
            );
            if changes.is_empty() {
                return Ok(());
            }
            calendars::switch(tx, id, &switched_on, true).await?;
            calendars::switch(tx, id, &switched_off, false).await?;
            calendars::save(tx, &CalendarRow { name: name.clone(), ..row }).await?;
            audit::record(ctx, tx, &right, "calendar.changed", Object::new("calendar", id, &name), changes).await
        })
        .await
}

/// Deletes a calendar; its days are closed no longer.
pub async fn delete(ctx: &Ctx, right: ManageSchedules<'_>, id: i64) -> Result<CalendarRow> {
    ctx.store
        .write(async |tx| {
            let row = locked(tx, id, None).await?;
            let entries = calendars::entries(tx, id).await?;
            let mut changes = Changes::default();
            changes.was("name", &row.name);
            changes.was("closed_days", told(entries.iter().filter(|entry| entry.enabled).map(|entry| &entry.entry)));
            calendars::delete(tx, id).await?;
            audit::record(ctx, tx, &right, "calendar.deleted", Object::new("calendar", id, &row.name), changes).await?;
            Ok(row)
        })
        .await
}

async fn locked(tx: &Tx, id: i64, version: Option<i64>) -> Result<CalendarRow> {
    let row = calendars::lock(tx, id).await?.ok_or(AppError::NotFound)?;
    if version.is_some_and(|version| version != row.version) { Err(AppError::Stale) } else { Ok(row) }
}

/// The zone in which days are meant: the schedule's, or the organisation's.
async fn zone(ctx: &Ctx, schedule_id: Option<i64>) -> Result<Tz> {
    let catalogue = ctx.present_catalogue().await?;
    match schedule_id {
        Some(id) => Ok(catalogue.schedule(id).ok_or(AppError::NotFound)?.schedule.time_zone),
        None => Ok(time_zone::parse(&catalogue.organisation.time_zone).unwrap_or_default()),
    }
}

/// The file, away from the threads that answer, and what the calendar is called.
async fn read(ctx: &Ctx, upload: &Upload, zone: Tz) -> Result<(String, Calendar)> {
    let window = Window::around(ctx.now().with_timezone(&zone).date_naive());
    let (content, unnamed) = (upload.content.clone(), upload.unnamed.clone());
    let found =
        tokio::task::spawn_blocking(move || calendar::read(&content, zone, window, &unnamed)).await.map_err(AppError::unexpected)?;
    let mut errors = FieldErrors::default();
    let found = errors.take("file", found);
    let of_file = || found.as_ref().and_then(|found| found.name.clone());
    let name = match errors.take("name", text::optional_line(&upload.name, limits::SCHEDULE_NAME)) {
        Some(Some(typed)) => Some(typed),
        Some(None) if found.is_some() => errors.take("name", of_file().ok_or_else(|| Fault::new("required"))),
        _ => None,
    };
    errors.into_result((name.unwrap_or_default(), found.unwrap_or_default())).map_err(AppError::from)
}

fn fault(field: &str, fault: Fault) -> AppError {
    let mut errors = FieldErrors::default();
    errors.add_fault(field, fault);
    errors.into()
}

/// Closed days, one a line.
fn told<'a>(all: impl Iterator<Item = &'a Entry>) -> Vec<String> {
    all.map(|entry| format!("{}: {} → {}", entry.name, entry.from, entry.to)).collect()
}
