//! Office hours of the demonstration: shared weeks, a night shift, holidays, one person with hours of her own.

use std::collections::BTreeMap;

use chrono::Datelike;

use super::{PEOPLE, Person, Standing, email};
use crate::actions::calendars::{self, Upload};
use crate::actions::departments::{self, Typed};
use crate::actions::operators::{self, Profile};
use crate::actions::schedules::{self, OWN, TypedHours};
use crate::actions::{Actor, Ctx};
use crate::domain::schedule::{DAYS, RawException, RawInterval, RawSchedule};
use crate::error::Result;
use crate::store::operators as stored;

/// A shared week: name, zone, number of days from Monday, and hours.
type Shown = (&'static str, &'static str, usize, &'static [(&'static str, &'static str)]);

const SHOP: &str = "Shop line";
const PARIS: &str = "Continental office";
const LONDON: &str = "London office";
const MEXICO: &str = "Mexico City office";
const TOKYO: &str = "Tokyo office";
const NIGHT: &str = "Night shift";

const WEEKS: &[Shown] = &[
    (SHOP, "Europe/Paris", 7, &[("06:00", "22:00")]),
    (PARIS, "Europe/Paris", 5, &[("09:00", "13:00"), ("14:00", "18:00")]),
    (LONDON, "Europe/London", 5, &[("08:30", "12:30"), ("13:30", "17:00")]),
    (MEXICO, "America/Mexico_City", 6, &[("10:00", "18:30")]),
    (TOKYO, "Asia/Tokyo", 5, &[("09:00", "17:30")]),
    (NIGHT, "Europe/Paris", 7, &[("20:00", "06:00")]),
];

/// Places in [`PEOPLE`] of those who work at night, and of one with hours of her own.
const NIGHT_WORKERS: &[usize] = &[8, 9, 18, 23];
const HER_OWN: usize = 12;

/// Creates the schedules and gives them to departments and people.
pub(super) async fn load(ctx: &Ctx, console: &Actor) -> Result<()> {
    let year = ctx.now().year();
    let closed = |name: &str, from: String, to: String| RawException { name: name.to_owned(), from, to, intervals: Vec::new() };
    let holidays = [
        closed("Christmas", format!("{year}-12-25"), format!("{year}-12-26")),
        closed("New Year", format!("{}-01-01", year + 1), format!("{}-01-01", year + 1)),
        closed("Team day", format!("{}-05-15", year + 1), format!("{}-05-15", year + 1)),
    ];
    schedules::set_holidays(ctx, console.may()?, None, &holidays).await?;
    let mut ids = BTreeMap::new();
    for (name, zone, days, hours) in WEEKS {
        let mut raw = week(zone, *days, hours);
        raw.name = Some((*name).to_owned());
        if *name == SHOP {
            let day = format!("{year}-12-24");
            let intervals = vec![("08:00".to_owned(), "13:00".to_owned())];
            raw.exceptions = Some(vec![RawException { name: "Christmas Eve".to_owned(), from: day.clone(), to: day, intervals }]);
        }
        ids.insert(*name, schedules::create(ctx, console.may()?, &raw).await?);
    }
    let upload = Upload { schedule_id: ids.get(PARIS).copied(), content: public_holidays().into_bytes(), ..Upload::default() };
    calendars::import(ctx, console.may()?, &upload).await?;
    let catalogue = ctx.present_catalogue().await?;
    for department in &catalogue.departments {
        let name = if department.facts.slug == "night-desk" { NIGHT } else { SHOP };
        let typed = Typed { schedule_id: Some(ids.get(name).copied()), ..Typed::default() };
        departments::change(ctx, console.may()?, department.id, None, &typed).await?;
    }
    let all = stored::after(ctx.store.read(), &stored::Filter::default(), ctx.now(), 0, 200).await?;
    for (place, person) in PEOPLE.iter().enumerate().filter(|(_, person)| person.standing == Standing::Active) {
        let Some(operator) = all.iter().find(|operator| operator.email == email(person)) else { continue };
        if place == HER_OWN {
            let typed = TypedHours { schedule_id: OWN.to_owned(), raw: part_time(year) };
            schedules::set_hours(ctx, console, operator.id, None, &typed).await?;
        } else if let Some(name) = name_of(place, person) {
            let profile = Profile { schedule_id: Some(ids.get(name).copied()), ..Profile::default() };
            operators::change(ctx, console, operator.id, None, profile).await?;
        }
    }
    Ok(())
}

/// The week that somebody works; the owners have none, nor have some who help out at any time, so that there is always somebody.
fn name_of(place: usize, person: &Person) -> Option<&'static str> {
    if NIGHT_WORKERS.contains(&place) {
        return Some(NIGHT);
    }
    match person.time_zone {
        _ if person.role == "owner" || place % 3 == 1 => None,
        "Europe/London" => Some(LONDON),
        "America/Mexico_City" => Some(MEXICO),
        "Asia/Tokyo" => Some(TOKYO),
        _ => Some(PARIS),
    }
}

fn week(zone: &str, days: usize, hours: &[(&str, &str)]) -> RawSchedule {
    let hours: Vec<RawInterval> = hours.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect();
    let weekly = DAYS.into_iter().take(days).map(|day| (day.to_owned(), hours.clone())).collect();
    RawSchedule { time_zone: Some(zone.to_owned()), weekly: Some(weekly), ..RawSchedule::default() }
}

/// The public holidays of France that have a date of their own, as a file tells them.
fn public_holidays() -> String {
    let days = [
        ("0501", "Fête du Travail"),
        ("0508", "Victoire 1945"),
        ("0714", "Fête nationale"),
        ("0815", "Assomption"),
        ("1101", "Toussaint"),
        ("1111", "Armistice 1918"),
    ];
    let event = |(day, name): (&str, &str)| {
        let rule = "RRULE:FREQ=YEARLY";
        format!("BEGIN:VEVENT\r\nUID:{day}@holidays.example\r\nDTSTART;VALUE=DATE:2020{day}\r\n{rule}\r\nSUMMARY:{name}\r\nEND:VEVENT\r\n")
    };
    let events: String = days.into_iter().map(event).collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:Jours fériés en France\r\n{events}END:VCALENDAR\r\n")
}

/// Four mornings and one long Thursday, and a swapped Saturday.
fn part_time(year: i32) -> RawSchedule {
    let mut raw = week("Europe/London", 5, &[("09:00", "13:00")]);
    let intervals = vec![("10:00".to_owned(), "16:00".to_owned())];
    if let Some(days) = raw.weekly.as_mut() {
        days.insert("thu".to_owned(), vec![("11:00".to_owned(), "19:30".to_owned())]);
    }
    let day = format!("{year}-12-19");
    raw.exceptions = Some(vec![RawException { name: "Swapped Saturday".to_owned(), from: day.clone(), to: day, intervals }]);
    raw
}
