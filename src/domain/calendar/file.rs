//! A file as events: lines, blocks, dates and times (RFC 5545).

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use icalendar::parser::Property;

use super::{MOST_EVENTS, UID};
use crate::domain::field::Fault;
use crate::domain::{limits, text};

/// Blocks within blocks at most; calendars need three.
const DEEPEST: usize = 8;

/// Properties of an event that say something about days; whatever others hold is no reason to refuse a file.
const LOOKED_AT: [&str; 10] = ["UID", "SUMMARY", "STATUS", "RRULE", "DTSTART", "DTEND", "RECURRENCE-ID", "DURATION", "EXDATE", "RDATE"];

/// A file taken apart.
#[derive(Debug, Default)]
pub struct File {
    /// What it calls itself.
    pub name: Option<String>,
    /// Its events in their order.
    pub events: Vec<Event>,
}

/// An event as it is written.
#[derive(Debug, Default)]
pub struct Event {
    /// The line on which it begins.
    pub line: usize,
    /// The name by which the file knows it.
    pub uid: String,
    /// What people call it.
    pub name: Option<String>,
    /// When it starts.
    pub start: Option<Moment>,
    /// When it is over; not included.
    pub end: Option<Moment>,
    /// How long it lasts, where that is written instead.
    pub duration: Option<TimeDelta>,
    /// How it repeats.
    pub rules: Vec<String>,
    /// Further starts.
    pub also: Vec<Moment>,
    /// Starts that are none.
    pub except: Vec<Moment>,
    /// Which start of the event of the same name it takes the place of.
    pub instead: Option<Moment>,
    /// Whether it was called off.
    pub is_cancelled: bool,
}

/// A day, or a time of the wall in a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The whole day.
    Day(NaiveDate),
    /// A time.
    Time(NaiveDateTime, Tz),
}

impl Moment {
    /// The wall where it is meant; a day begins at midnight.
    pub fn wall(self) -> NaiveDateTime {
        match self {
            Moment::Day(day) => day.and_time(NaiveTime::MIN),
            Moment::Time(wall, _) => wall,
        }
    }

    /// The same time on the wall of another zone; a day stays one.
    pub fn wall_in(self, zone: Tz) -> NaiveDateTime {
        match self {
            Moment::Day(_) => self.wall(),
            Moment::Time(wall, own) if own == zone => wall,
            Moment::Time(wall, own) => local(instant(wall, own), zone),
        }
    }
}

/// The instant of a time of the wall: the first one where it comes twice, hours later where it does not exist.
pub fn instant(wall: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    let hours = (0..=25).map(TimeDelta::hours).filter_map(|more| wall.checked_add_signed(more));
    let found = hours.filter_map(|wall| zone.from_local_datetime(&wall).earliest()).next();
    found.map_or_else(|| wall.and_utc(), |at| at.to_utc())
}

/// The wall of a zone at an instant.
pub fn local(at: DateTime<Utc>, zone: Tz) -> NaiveDateTime {
    let offset = chrono::Offset::fix(&zone.offset_from_utc_datetime(&at.naive_utc()));
    at.naive_utc().checked_add_offset(offset).unwrap_or(at.naive_utc())
}

/// Takes a file apart. Faults as for [`super::read`].
pub fn read(bytes: &[u8], zone: Tz) -> Result<File, Fault> {
    let mut file = File::default();
    // The names of the blocks around the line.
    let mut around: Vec<String> = Vec::new();
    let mut calendars = 0;
    for (line, text) in lines(bytes)? {
        let broken = || Fault::with("calendar_line", "line", line);
        let Some((before, value)) = text.split_once(':') else {
            return Err(if calendars == 0 { Fault::new("calendar_unknown") } else { broken() });
        };
        let value = value.trim();
        let is = |words: &[&str]| words.len() == around.len() && words.iter().zip(&around).all(|(word, name)| word == name);
        if before.eq_ignore_ascii_case("BEGIN") {
            around.push(value.to_ascii_uppercase());
            if around.len() == 1 {
                if around.first().is_none_or(|name| name != "VCALENDAR") {
                    return Err(Fault::new("calendar_unknown"));
                }
                calendars += 1;
            } else if around.len() > DEEPEST {
                return Err(broken());
            } else if around.iter().map(String::as_str).eq(["VCALENDAR", "VEVENT"]) {
                if file.events.len() == MOST_EVENTS {
                    return Err(Fault::with("calendar_events", "max", MOST_EVENTS));
                }
                file.events.push(Event { line, ..Event::default() });
            }
        } else if around.is_empty() {
            return Err(if calendars == 0 { Fault::new("calendar_unknown") } else { broken() });
        } else if before.eq_ignore_ascii_case("END") {
            if around.pop().is_none_or(|name| !name.eq_ignore_ascii_case(value)) {
                return Err(broken());
            }
        } else if is(&["VCALENDAR"]) {
            if before.eq_ignore_ascii_case("X-WR-CALNAME") {
                file.name = text::salvaged_line(property(&text).ok_or_else(broken)?.val.unescape_text().as_ref(), limits::SCHEDULE_NAME);
            }
        } else if is(&["VCALENDAR", "VEVENT"])
            && LOOKED_AT.iter().any(|name| before.split(';').next().is_some_and(|before| before.eq_ignore_ascii_case(name)))
            && let Some(event) = file.events.last_mut()
        {
            let property = property(&text).ok_or_else(broken)?;
            take(event, &property, zone).ok_or_else(|| Fault::with("calendar_date", "line", line))?;
        }
    }
    match (calendars, around.is_empty()) {
        (0, _) => Err(Fault::new("calendar_unknown")),
        (_, false) => Err(Fault::new("calendar_unfinished")),
        _ => Ok(file),
    }
}

/// The lines with their numbers, put together where they were folded, which may be within a letter. Empty ones are left out.
fn lines(bytes: &[u8]) -> Result<Vec<(usize, String)>, Fault> {
    let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
    let mut found: Vec<(usize, Vec<u8>)> = Vec::new();
    for (place, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match (line, found.last_mut()) {
            ([b' ' | b'\t', rest @ ..], Some((_, last))) => last.extend_from_slice(rest),
            _ if line.trim_ascii().is_empty() => {}
            _ => found.push((place + 1, line.to_vec())),
        }
    }
    let read = |(line, bytes)| Ok((line, String::from_utf8(bytes).map_err(|_| Fault::new("calendar_encoding"))?));
    found.into_iter().map(read).collect()
}

fn property(line: &str) -> Option<Property<'_>> {
    Property::try_from(line).ok()
}

/// Notes a property of an event; none where its date or time cannot be read.
fn take(event: &mut Event, property: &Property<'_>, zone: Tz) -> Option<()> {
    let value = property.val.as_str().trim();
    match property.name.as_str().to_ascii_uppercase().as_str() {
        "UID" => event.uid = value.chars().take(UID).filter(|c| !c.is_control()).collect(),
        "SUMMARY" => event.name = text::salvaged_line(value, limits::SCHEDULE_NAME),
        "STATUS" => event.is_cancelled = value.eq_ignore_ascii_case("CANCELLED"),
        "RRULE" => event.rules.push(value.to_owned()),
        "DTSTART" => event.start = Some(moment(property, value, zone)?),
        "DTEND" => event.end = Some(moment(property, value, zone)?),
        "RECURRENCE-ID" => event.instead = Some(moment(property, value, zone)?),
        "DURATION" => event.duration = Some(duration(value)?),
        "EXDATE" => event.except.append(&mut moments(property, value, zone)?),
        "RDATE" => event.also.append(&mut moments(property, value, zone)?),
        _ => {}
    }
    Some(())
}

fn moments(property: &Property<'_>, values: &str, zone: Tz) -> Option<Vec<Moment>> {
    let values = values.split(',').map(str::trim).filter(|value| !value.is_empty());
    // A period names its start first.
    values.map(|value| moment(property, value.split('/').next().unwrap_or(value), zone)).collect()
}

/// `20261225`, `20261225T090000` in the zone of the property, or `20261225T080000Z`.
fn moment(property: &Property<'_>, value: &str, zone: Tz) -> Option<Moment> {
    let named = || {
        let parameter = property.params.iter().find(|parameter| parameter.key.as_str().eq_ignore_ascii_case("TZID"));
        parameter.and_then(|parameter| named_zone(parameter.val.as_ref()?.as_str())).unwrap_or(zone)
    };
    written(value, named)
}

/// A date or time as it is written, of a zone that is asked for where the text names none.
pub fn written(value: &str, zone: impl FnOnce() -> Tz) -> Option<Moment> {
    let day = |digits: &str| {
        let is_plain = digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_plain.then(|| NaiveDate::parse_from_str(digits, "%Y%m%d").ok()).flatten()
    };
    let Some((date, time)) = value.split_once(['T', 't']) else { return day(value).map(Moment::Day) };
    let (time, is_utc) = time.strip_suffix(['Z', 'z']).map_or((time, false), |time| (time, true));
    let is_plain = time.len() == 6 && time.bytes().all(|byte| byte.is_ascii_digit());
    // A leap second is the minute's last one.
    let time = if time.ends_with("60") { time.get(..4).map(|begin| format!("{begin}59"))? } else { time.to_owned() };
    let time = is_plain.then(|| NaiveTime::parse_from_str(&time, "%H%M%S").ok()).flatten()?;
    Some(Moment::Time(day(date)?.and_time(time), if is_utc { Tz::UTC } else { zone() }))
}

/// An IANA name, also behind a path of the program that wrote it.
fn named_zone(name: &str) -> Option<Tz> {
    let name = name.trim_matches('"');
    let ends = name.match_indices('/').filter_map(|(at, _)| name.get(at + 1..));
    std::iter::once(name).chain(ends).find_map(|name| name.parse().ok())
}

/// `P1D`, `P2W`, `PT8H30M`, `P1DT12H`; one that runs backwards is none.
fn duration(value: &str) -> Option<TimeDelta> {
    let mut rest = value.strip_prefix('+').unwrap_or(value).strip_prefix('P')?;
    let (mut total, mut is_time) = (TimeDelta::zero(), false);
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('T').filter(|_| !is_time) {
            (rest, is_time) = (after, true);
            continue;
        }
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let (digits, unit) = rest.split_at_checked(end)?;
        let number: i64 = digits.parse().ok().filter(|number| *number <= 100_000_000)?;
        total += match (unit.chars().next()?, is_time) {
            ('W', false) => TimeDelta::try_weeks(number)?,
            ('D', false) => TimeDelta::try_days(number)?,
            ('H', true) => TimeDelta::try_hours(number)?,
            ('M', true) => TimeDelta::try_minutes(number)?,
            ('S', true) => TimeDelta::try_seconds(number)?,
            _ => return None,
        };
        rest = unit.get(1..)?;
    }
    Some(total)
}
