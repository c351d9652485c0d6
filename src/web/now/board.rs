//! Departments by channels, operators by status, the reader's own standing: everything as the decision has it at this instant.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::coming::{self, Coming};
use super::{Hand, Pictures};
use crate::actions::roster::Snapshot;
use crate::domain::availability::{Person, Prepared, Question};
use crate::domain::channel::Channel;
use crate::domain::operator::{OperatorState, state};
use crate::i18n::Texts;
use crate::store::departments::Department;
use crate::web::departments::channel_name;
use crate::web::shell::{Avatar, Badge};
use crate::web::visit::Visit;

/// Departments that are shown; those that need a hand come first.
const ROWS: usize = 40;
/// Pictures in a cell.
const FACES: usize = 4;
/// Operators named under a status.
const WEARERS: usize = 6;
/// Departments named among what needs a hand.
const TROUBLES: usize = 8;

/// What is on duty, as far as the reader may see it.
#[derive(Debug)]
pub struct Board {
    /// The channels the organisation works, as columns.
    pub channels: Vec<&'static str>,
    /// Departments.
    pub rows: Vec<Row>,
    /// Departments that found no room.
    pub more: usize,
    /// Whether the organisation has none.
    pub is_without_departments: bool,
    /// Operators by status, those first who receive.
    pub statuses: Vec<Wearers>,
    /// The changes of the coming hours.
    pub coming: Vec<Coming>,
    /// Departments that need a hand.
    pub troubles: Vec<Hand>,
    /// The reader, who works somewhere.
    pub mine: Option<Mine>,
}

/// A department.
#[derive(Debug)]
pub struct Row {
    /// Its id.
    pub id: i64,
    /// Its name in addresses.
    pub slug: String,
    /// Its name in the reader's language.
    pub name: String,
    /// Whether it is within its hours.
    pub is_open: bool,
    /// When that changes.
    pub changes: Option<DateTime<Utc>>,
    /// Its channels, as columns; none where it does not work one.
    pub cells: Vec<Option<Cell>>,
    trouble: u8,
}

/// A channel of a department.
#[derive(Debug)]
pub struct Cell {
    /// The channel in addresses.
    pub key: &'static str,
    /// Name of the channel.
    pub channel: &'static str,
    /// How many receive.
    pub ready: usize,
    /// How many members with an active account may work it.
    pub total: usize,
    /// Some of those who receive.
    pub faces: Vec<Face>,
    /// Those who found no room.
    pub more: usize,
    /// What is wrong, and whether it is bad.
    pub trouble: Option<(String, bool)>,
}

impl Cell {
    /// Who receives, in words.
    pub fn names(&self) -> String {
        self.faces.iter().map(|face| face.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// A person in a picture.
#[derive(Debug)]
pub struct Face {
    /// The operator.
    pub id: i64,
    /// Full name.
    pub name: String,
    /// Colour of the status.
    pub color: String,
    /// Its name.
    pub status: String,
    /// Since when it is worn.
    pub since: DateTime<Utc>,
    /// When it ends by itself, if heartbeats go on coming.
    pub until: Option<DateTime<Utc>>,
}

/// Those who wear a status.
#[derive(Debug)]
pub struct Wearers {
    /// The status.
    pub badge: Badge,
    /// How many do.
    pub count: usize,
    /// The latest of them.
    pub faces: Vec<Face>,
}

/// The reader's own standing.
#[derive(Debug)]
pub struct Mine {
    /// The own status.
    pub badge: Badge,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// Pictures of the operators that are shown.
pub struct Faces(pub Pictures);

impl Faces {
    /// The picture of an operator.
    pub fn avatar<'b>(&self, face: &'b Face) -> Avatar<'b> {
        let (photo, preset) = self.0.get(&face.id).cloned().unwrap_or_default();
        Avatar::new(face.id, &face.name, photo.as_deref(), preset.as_deref())
    }
}

impl Board {
    /// The board for a reader: all of it for those who see operators, else their own departments and colleagues.
    pub fn new(snapshot: &Snapshot, visit: &Visit, me: i64, sees_all: bool) -> Board {
        let (prepared, catalogue, t) = (&snapshot.prepared, &snapshot.catalogue, visit.t);
        let roster = &prepared.roster;
        let looks = Looks { badges: catalogue.statuses.iter().map(|status| (status.id, Badge::of(status, t))).collect() };
        let myself = roster.person(me);
        let is_mine = |id: i64| myself.is_some_and(|me| me.switches_in(id).is_some());
        let shown: Vec<&Department> = catalogue.departments.iter().filter(|one| sees_all || is_mine(one.id)).collect();
        let channels: Vec<Channel> = catalogue.channels().iter().collect();
        let mut rows: Vec<Row> = shown.iter().map(|department| row(prepared, &looks, t, &channels, department)).collect();
        // Those in trouble first, else by name, as they come.
        rows.sort_by_key(|row| std::cmp::Reverse(row.trouble));
        let troubles = troubles(t, &rows, visit);
        let more = rows.len().saturating_sub(ROWS);
        rows.truncate(ROWS);
        let mut people: Vec<&Person> = if sees_all {
            roster.people().iter().map(AsRef::as_ref).collect()
        } else {
            let places = shown.iter().flat_map(|department| roster.places_in(Some(department.id)));
            let mut people: Vec<&Person> = places.filter_map(|place| roster.people().get(place).map(AsRef::as_ref)).collect();
            people.sort_by_key(|person| person.id);
            people.dedup_by_key(|person| person.id);
            people
        };
        people.retain(|person| state(&person.account, prepared.at) == OperatorState::Active);
        Board {
            channels: channels.iter().map(|channel| channel_name(t, *channel)).collect(),
            is_without_departments: catalogue.departments.is_empty(),
            statuses: statuses(prepared, &looks, catalogue.statuses.iter().map(|status| (status.id, status.facts.can_receive)), &people),
            coming: coming::of(prepared, &people, |id| looks.name(id)),
            mine: myself.filter(|me| !me.memberships.is_empty()).map(|me| {
                let worn = me.worn_at(&roster.world, prepared.at);
                Mine { badge: looks.badge(worn.status_id), since: worn.since }
            }),
            troubles,
            rows,
            more,
        }
    }

    /// The operators whose pictures are shown.
    pub fn shown(&self) -> Vec<i64> {
        let cells = self.rows.iter().flat_map(|row| row.cells.iter().flatten()).flat_map(|cell| &cell.faces);
        let mut ids: Vec<i64> = cells.chain(self.statuses.iter().flat_map(|status| &status.faces)).map(|face| face.id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// Statuses as they look.
struct Looks {
    badges: HashMap<i64, Badge>,
}

impl Looks {
    fn name(&self, id: i64) -> String {
        self.badges.get(&id).map(|badge| badge.name.clone()).unwrap_or_default()
    }

    fn badge(&self, id: i64) -> Badge {
        let unknown = || Badge { id, name: String::new(), color: "#888888".to_owned(), has_dark_ink: false };
        self.badges.get(&id).cloned().unwrap_or_else(unknown)
    }

    fn face(&self, prepared: &Prepared, person: &Person) -> Face {
        let world = &prepared.roster.world;
        let worn = person.worn_at(world, prepared.at);
        let badge = self.badge(worn.status_id);
        Face {
            id: person.id,
            name: person.name.clone(),
            color: badge.color,
            status: badge.name,
            since: worn.since,
            until: person.worn_while_heard(&worn, world),
        }
    }
}

fn row(prepared: &Prepared, looks: &Looks, t: Texts, channels: &[Channel], department: &Department) -> Row {
    let (roster, id) = (&prepared.roster, department.id);
    let hours = roster.world.departments.get(&id).map(|place| roster.world.hours_of(place));
    let is_open = hours.as_ref().is_none_or(|hours| hours.is_within(prepared.at).now);
    let mut trouble = 0;
    let cell = |channel: &Channel| {
        let is_worked = roster.world.departments.get(&id).is_some_and(|place| place.channels.contains(*channel));
        is_worked.then(|| cell(prepared, looks, t, (department, is_open), *channel))
    };
    let cells: Vec<Option<Cell>> = channels.iter().map(cell).collect();
    for (_, is_bad) in cells.iter().flatten().filter_map(|cell| cell.trouble.as_ref()) {
        trouble = trouble.max(if *is_bad { 2 } else { 1 });
    }
    Row {
        id,
        slug: department.facts.slug.clone(),
        name: department.name_in(t.locale().tag()).to_owned(),
        changes: hours.and_then(|hours| hours.next_change(prepared.at)),
        is_open,
        cells,
        trouble,
    }
}

/// Who of a department receives on a channel. Trouble is told within its hours alone.
fn cell(prepared: &Prepared, looks: &Looks, t: Texts, (department, is_open): (&Department, bool), channel: Channel) -> Cell {
    let (roster, id) = (&prepared.roster, department.id);
    let may = |place: &usize| {
        let person = roster.people().get(*place).filter(|person| state(&person.account, prepared.at) == OperatorState::Active);
        person.and_then(|person| person.switches_in(id)).is_some_and(|switches| switches.allowed().contains(channel))
    };
    let total = roster.places_in(Some(id)).filter(may).count();
    let question = Question { department: Some(id), channel: Some(channel), ..Question::default() };
    let ready = prepared.ranked(question);
    let people = ready.iter().filter_map(|(place, _)| roster.people().get(*place));
    let faces: Vec<Face> = people.take(FACES).map(|person| looks.face(prepared, person)).collect();
    let minimum = usize::try_from(department.facts.minimum_cover).unwrap_or_default();
    let trouble = match (is_open, total, ready.len()) {
        (false, ..) => None,
        (_, 0, _) => Some((t.get("now-nobody-may").to_owned(), true)),
        (_, _, 0) => Some((t.get("now-nobody").to_owned(), true)),
        (_, _, there) if there < minimum => Some((t.count("now-below", minimum), false)),
        _ => None,
    };
    let (key, channel) = (channel.as_str(), channel_name(t, channel));
    Cell { key, channel, ready: ready.len(), total, more: ready.len() - faces.len(), faces, trouble }
}

/// Departments that nobody can reach, or too few are there for, within their hours.
fn troubles(t: Texts, rows: &[Row], visit: &Visit) -> Vec<Hand> {
    let troubled = rows.iter().filter(|row| row.trouble > 0);
    let hand = |row: &Row| {
        let mut faults: Vec<(&str, Vec<&str>)> = Vec::new();
        for (channel, words) in row.cells.iter().flatten().filter_map(|cell| Some((cell.channel, &cell.trouble.as_ref()?.0))) {
            match faults.iter_mut().find(|(other, _)| other == words) {
                Some((_, channels)) => channels.push(channel),
                None => faults.push((words, vec![channel])),
            }
        }
        let told = faults.iter().map(|(words, channels)| format!("{}{} {words}", channels.join(", "), t.get("list-colon")));
        Hand {
            icon: if row.trouble > 1 { "alert-circle" } else { "alert-triangle" },
            text: row.name.clone(),
            more: told.collect::<Vec<_>>().join("; "),
            href: visit.may(crate::domain::permission::Permission::DepartmentsView).then(|| format!("/departments/{}/members", row.id)),
        }
    };
    let mut all: Vec<Hand> = troubled.clone().take(TROUBLES).map(hand).collect();
    let more = troubled.count().saturating_sub(TROUBLES);
    if more > 0 {
        let text = t.count("now-more-departments", more);
        all.push(Hand { icon: "alert-triangle", text, more: String::new(), href: None });
    }
    all
}

fn statuses(prepared: &Prepared, looks: &Looks, order: impl Iterator<Item = (i64, bool)>, people: &[&Person]) -> Vec<Wearers> {
    let world = &prepared.roster.world;
    let mut by_status: HashMap<i64, Vec<(DateTime<Utc>, &Person)>> = HashMap::new();
    for person in people {
        let worn = person.worn_at(world, prepared.at);
        by_status.entry(worn.status_id).or_default().push((worn.since, person));
    }
    let mut order: Vec<(i64, bool)> = order.collect();
    order.sort_by_key(|(_, can_receive)| !can_receive);
    let wearers = |(id, _): (i64, bool)| {
        let mut wearers = by_status.remove(&id)?;
        wearers.sort_by(|one, other| (other.0, &one.1.name).cmp(&(one.0, &other.1.name)));
        let faces = wearers.iter().take(WEARERS).map(|(_, person)| looks.face(prepared, person)).collect();
        Some(Wearers { badge: looks.badge(id), count: wearers.len(), faces })
    };
    order.into_iter().filter_map(wearers).collect()
}
