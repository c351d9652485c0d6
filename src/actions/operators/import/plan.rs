//! What a row of a file of operators would do: pure, by the rules of the form and of the rights (OP-8, RO-1, Z4, Z5).

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

use crate::actions::Actor;
use crate::actions::operators::create::blank;
use crate::actions::operators::profile::{Profile, changes};
use crate::actions::operators::{rights_of, standing};
use crate::actions::runs::Detail;
use crate::domain::csv_table::Row;
use crate::domain::email::EmailAddress;
use crate::domain::field::{Fault, FieldErrors};
use crate::domain::membership::has_room;
use crate::domain::operator::{MAX_CHAT_LOAD, MINUTES, PRIORITY};
use crate::domain::operator_import::{Sheet, clearable_number, entries, kept_number, switch};
use crate::domain::permission::{BuiltIn, Permission};
use crate::domain::role::{is_above, may_grant};
use crate::domain::run::Outcome;
use crate::domain::{limits, text};
use crate::store::catalogue::Catalogue;
use crate::store::operators::Operator;

/// What a row would do.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub line: u64,
    /// The operator with its e-mail, where there is one.
    pub operator_id: Option<i64>,
    pub name: String,
    pub email: String,
    pub outcome: Outcome,
    pub detail: Detail,
    /// What is to be written; none where nothing is.
    pub step: Option<Step>,
}

impl Planned {
    fn refused(line: u64, name: String, email: String, operator_id: Option<i64>, errors: FieldErrors) -> Planned {
        Planned { line, operator_id, name, email, outcome: Outcome::Refused, detail: Detail::faults(errors), step: None }
    }
}

/// An operator to be added or changed.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub before: Option<Operator>,
    pub after: Operator,
    /// Departments to be left and to be joined.
    pub leaves: Vec<i64>,
    pub joins: Vec<i64>,
}

/// A department with its free places as the rows so far leave them.
#[derive(Clone, Debug)]
struct Room {
    id: i64,
    slug: String,
    name: String,
    members: u64,
    limit: u64,
}

/// The operators that rows may concern, as they stand.
#[derive(Clone, Debug, Default)]
pub(super) struct Existing {
    /// By address.
    pub operators: HashMap<String, Operator>,
    /// Ids of the departments of an operator.
    pub departments: HashMap<i64, Vec<i64>>,
}

impl Existing {
    /// Operators by address, and pairs of operator and department.
    pub(super) fn new(operators: HashMap<String, Operator>, pairs: Vec<(i64, i64)>) -> Existing {
        let mut departments: HashMap<i64, Vec<i64>> = HashMap::new();
        for (operator, department) in pairs {
            departments.entry(operator).or_default().push(department);
        }
        Existing { operators, departments }
    }
}

/// Plans the rows of a file one after the other.
pub(super) struct Planner<'a> {
    sheet: &'a Sheet,
    catalogue: &'a Catalogue,
    actor: &'a Actor,
    /// Active owners that the rows so far leave.
    owners: Vec<i64>,
    /// The line on which an e-mail stands first.
    seen: HashMap<String, u64>,
    rooms: Vec<Room>,
    blank: Operator,
}

impl<'a> Planner<'a> {
    /// `owners` are those who may sign in, `members` how many operators each department has.
    pub(super) fn new(
        sheet: &'a Sheet,
        catalogue: &'a Catalogue,
        actor: &'a Actor,
        owners: Vec<i64>,
        members: &HashMap<i64, u64>,
        now: DateTime<Utc>,
    ) -> Planner<'a> {
        let agent = catalogue.role_by_slug(BuiltIn::Agent.slug());
        let blank = Operator {
            role_id: agent.map_or(0, |role| role.id),
            role_slug: agent.map(|role| role.slug.clone()).unwrap_or_default(),
            ..blank(now)
        };
        let rooms = catalogue.departments.iter().map(|department| Room {
            id: department.id,
            slug: department.facts.slug.clone(),
            name: department.facts.name.clone(),
            members: members.get(&department.id).copied().unwrap_or_default(),
            limit: catalogue.limit_of(department),
        });
        Planner { sheet, catalogue, actor, owners, seen: HashMap::new(), rooms: rooms.collect(), blank }
    }

    /// The addresses of rows that are addresses, as operators are found by.
    pub(super) fn keys(&self, rows: &[Row]) -> Vec<String> {
        let typed = rows.iter().filter_map(|row| self.sheet.cell(row, "email"));
        typed.filter_map(|email| EmailAddress::parse(email).ok()).map(|email| email.key()).collect()
    }

    /// What a row would do; `existing` holds at least the operators with its address, by address.
    pub(super) fn plan(&mut self, row: &Row, existing: &Existing) -> Planned {
        let mut errors = FieldErrors::default();
        let typed = |column: &str| self.sheet.cell(row, column).unwrap_or_default();
        let shown = |text: &str| text.chars().take(limits::EMAIL).collect::<String>();
        let (name, email) = (shown(typed("name")), shown(typed("email")));
        if let Err(fault) = self.sheet.fits(row) {
            errors.add_fault("", fault);
            return Planned::refused(row.line, name, email, None, errors);
        }
        let address = errors.take("email", EmailAddress::parse(typed("email")));
        let before = address.as_ref().and_then(|address| existing.operators.get(&address.key()));
        let profile = self.profile(row, before, address.as_ref(), &mut errors);
        let mut after = before.unwrap_or(&self.blank).clone();
        let mut faults = FieldErrors::default();
        profile.put_on(&mut after, self.catalogue, &mut faults);
        // What could not be read was not put on either, and is told once.
        errors.0.extend(faults.0.into_iter().filter(|fault| errors.of(&fault.field).is_none()).collect::<Vec<_>>());
        self.rights(before, &after, &mut errors);
        if let Some(address) = &address {
            let first = *self.seen.entry(address.key()).or_insert(row.line);
            if first != row.line {
                errors.add_fault("email", Fault::with("email_twice", "line", first));
            }
        }
        let id = before.map(|before| before.id);
        let had = id.and_then(|id| existing.departments.get(&id)).map_or(&[][..], Vec::as_slice);
        let wanted = self.departments(row, had, &mut errors);
        if !errors.is_empty() {
            return Planned::refused(row.line, name, email, id, errors);
        }
        let mut differences = changes(before.unwrap_or(&self.blank_before()), &after);
        let (leaves, joins) = self.move_in(had, &wanted);
        if !leaves.is_empty() || !joins.is_empty() {
            differences.note("departments", &self.slugs(had), &self.slugs(&wanted));
        }
        let outcome = match before {
            None => Outcome::Create,
            Some(_) if differences.is_empty() => Outcome::Same,
            Some(_) => Outcome::Change,
        };
        if before.is_some_and(|before| before.role_id != after.role_id) {
            self.owners.retain(|owner| Some(*owner) != id);
        }
        let (was, is) = differences.maps();
        let detail =
            Detail { before: if before.is_some() { was.clone() } else { serde_json::Map::new() }, after: is.clone(), faults: Vec::new() };
        let step = (outcome != Outcome::Same).then(|| Step { before: before.cloned(), after: after.clone(), leaves, joins });
        Planned { line: row.line, operator_id: id, name: after.name, email: after.email, outcome, detail, step }
    }

    /// The departments that a row names; those the operator has where it has no such column. A full one is refused (DE-2).
    fn departments(&self, row: &Row, had: &[i64], errors: &mut FieldErrors) -> Vec<i64> {
        let Some(cell) = self.sheet.cell(row, "departments") else { return had.to_vec() };
        let mut wanted = Vec::new();
        for slug in entries(cell) {
            let Some(room) = self.rooms.iter().find(|room| room.slug == slug) else {
                errors.add("departments", "unknown_choice");
                return had.to_vec();
            };
            if !had.contains(&room.id) && !has_room(room.members, room.limit) {
                let mut fault = Fault::with("department_full", "department", &room.name);
                fault.args.push(("max", room.limit.to_string()));
                errors.add_fault("departments", fault);
            }
            if !wanted.contains(&room.id) {
                wanted.push(room.id);
            }
        }
        let is_moved = wanted.len() != had.len() || wanted.iter().any(|id| !had.contains(id));
        if is_moved && !self.actor.has(Permission::DepartmentMembersManage) {
            errors.add("departments", "departments_right");
        }
        wanted
    }

    /// Takes and gives back the places, and returns the departments that are left and joined.
    fn move_in(&mut self, had: &[i64], wanted: &[i64]) -> (Vec<i64>, Vec<i64>) {
        let not_in = |all: &[i64], others: &[i64]| all.iter().copied().filter(|id| !others.contains(id)).collect::<Vec<_>>();
        let (leaves, joins) = (not_in(had, wanted), not_in(wanted, had));
        for room in &mut self.rooms {
            room.members = room.members.saturating_sub(u64::from(leaves.contains(&room.id))) + u64::from(joins.contains(&room.id));
        }
        (leaves, joins)
    }

    fn slugs(&self, ids: &[i64]) -> Vec<&str> {
        self.rooms.iter().filter(|room| ids.contains(&room.id)).map(|room| room.slug.as_str()).collect()
    }

    /// A new operator without a role, so that the role is told among what is set.
    fn blank_before(&self) -> Operator {
        Operator { role_id: 0, role_slug: String::new(), ..self.blank.clone() }
    }

    /// Refuses what the actor may not do (RO-1, Z4, Z5). One's own role is not changed here, since that is asked about twice.
    fn rights(&self, before: Option<&Operator>, after: &Operator, errors: &mut FieldErrors) {
        let mine = &self.actor.permissions;
        let is_moved = before.is_none_or(|before| before.role_id != after.role_id);
        if before.is_some_and(|before| is_above(&rights_of(self.catalogue, before.role_id), mine)) {
            errors.add("email", "above_me");
        } else if is_moved && !may_grant(mine, &rights_of(self.catalogue, after.role_id)) {
            errors.add("role", "role_above_me");
        }
        if let Some(before) = before.filter(|_| is_moved) {
            if self.actor.operator_id() == Some(before.id) {
                errors.add("role", "own_role");
            } else if standing::not_last_owner(&self.owners, before.id).is_err() {
                errors.add("role", "last_owner");
            }
        }
    }

    /// The cells of a row as a form would send them: a column that is absent is not sent.
    fn profile(&self, row: &Row, before: Option<&Operator>, address: Option<&EmailAddress>, errors: &mut FieldErrors) -> Profile {
        let mut cells = Cells { sheet: self.sheet, row, errors };
        Profile {
            name: cells.text("name"),
            alias: cells.text("alias"),
            // The e-mail finds the operator, so it is never changed by a file.
            email: if before.is_none() { address.map(EmailAddress::to_string) } else { None },
            notification_email: cells.text("notification_email"),
            role: cells.kept("role"),
            job_position: self.job_positions(row, before),
            phone: cells.text("phone"),
            time_zone: cells.text("time_zone"),
            locale: cells.text("locale"),
            theme: cells.kept("theme"),
            languages: cells.text("languages").map(|cell| entries(&cell)),
            max_chat_load: cells.read("max_chat_load", |cell| clearable_number(cell, &MAX_CHAT_LOAD)),
            priority: cells.read("priority", |cell| kept_number(cell, &PRIORITY)),
            do_not_disturb: cells.read("do_not_disturb", switch),
            presence_required: cells.read("presence_required", switch),
            help_when_invisible: cells.read("help_when_invisible", switch),
            no_answer_minutes: cells.read("no_answer_minutes", |cell| clearable_number(cell, &MINUTES)),
            idle_minutes: cells.read("idle_minutes", |cell| clearable_number(cell, &MINUTES)),
            classify_after: cells.read("classify_after", switch),
            may_change_departments: cells.read("may_change_departments", switch),
            to_solve_only: cells.read("to_solve_only", switch),
            schedule_id: None,
            signature: None,
            signature_html: None,
            preset: None,
        }
    }

    /// All job positions with those of the row put in; none where the row changes nothing.
    fn job_positions(&self, row: &Row, before: Option<&Operator>) -> Option<BTreeMap<String, String>> {
        let had: BTreeMap<String, String> = before.map(|before| before.job_positions.iter().cloned().collect()).unwrap_or_default();
        let typed = |cell: &str| text::optional_line(cell, usize::MAX).ok().flatten().unwrap_or_else(|| cell.to_owned());
        let told = self.sheet.job_positions(row).map(|(tag, cell)| (tag.to_owned(), typed(cell)));
        let told: Vec<(String, String)> = told.collect();
        if told.iter().all(|(tag, cell)| had.get(tag).map_or("", String::as_str) == cell) {
            return None;
        }
        let is_known = |tag: &String| self.catalogue.languages.iter().any(|language| language.tag == *tag);
        let mut all: BTreeMap<String, String> = had.into_iter().filter(|(tag, _)| is_known(tag)).collect();
        all.extend(told);
        Some(all)
    }
}

/// The cells of one row, by column.
struct Cells<'a> {
    sheet: &'a Sheet,
    row: &'a Row,
    errors: &'a mut FieldErrors,
}

impl Cells<'_> {
    fn text(&self, column: &str) -> Option<String> {
        self.sheet.cell(self.row, column).map(str::to_owned)
    }

    /// The text of a field that must hold something: an empty cell leaves it as it is.
    fn kept(&self, column: &str) -> Option<String> {
        self.text(column).filter(|cell| !cell.is_empty())
    }

    fn read<T>(&mut self, column: &str, parse: impl FnOnce(&str) -> Result<Option<T>, Fault>) -> Option<T> {
        let cell = self.sheet.cell(self.row, column)?;
        self.errors.take(column, parse(cell)).flatten()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::actions::operators::tests::House;
    use crate::actions::{ActorKind, Origin};
    use crate::domain::operator_import;

    fn now() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    fn admin(id: i64) -> Actor {
        let kind = ActorKind::Operator { id, session_id: String::new(), confirmed_at: now() };
        Actor { kind, name: "Admin".to_owned(), permissions: BuiltIn::Admin.permissions(), origin: Origin::default() }
    }

    fn known(catalogue: &Catalogue, id: i64, email: &str, role: BuiltIn) -> Operator {
        let role = catalogue.role_by_slug(role.slug()).unwrap();
        let (name, alias) = ("Ana Ruiz".to_owned(), Some("Ana".to_owned()));
        Operator { id, name, alias, email: email.to_owned(), role_id: role.id, role_slug: role.slug.clone(), ..blank(now()) }
    }

    /// Outcome and faults of each row, with ana (an agent, 1), boss (an owner, 2) and me (an admin, 3) there already.
    fn plan(catalogue: &Arc<Catalogue>, text: &str) -> Vec<(Outcome, Vec<String>)> {
        let sheet = operator_import::read(text.as_bytes(), &["en", "fr", "es"], "en").unwrap();
        let there = [("ana", 1, BuiltIn::Agent), ("boss", 2, BuiltIn::Owner), ("me", 3, BuiltIn::Admin)].map(|(name, id, role)| {
            let email = format!("{name}@example.org");
            (email.clone(), known(catalogue, id, &email, role))
        });
        let existing = Existing::new(HashMap::from(there), Vec::new());
        let actor = admin(3);
        let mut planner = Planner::new(&sheet, catalogue, &actor, vec![2], &HashMap::new(), now());
        let planned = sheet.rows.iter().map(|row| {
            let planned = planner.plan(row, &existing);
            (planned.outcome, planned.detail.faults.iter().map(|fault| format!("{}:{}", fault.field, fault.code)).collect())
        });
        planned.collect()
    }

    #[tokio::test]
    async fn every_row_is_planned_by_the_rules_of_the_form_and_of_the_rights() {
        let catalogue = House::new().await.ctx.present_catalogue().await.unwrap();
        let cases: [(&str, Outcome, &[&str]); 16] = [
            ("name,email\nNew,new@example.org", Outcome::Create, &[]),
            ("name,email\nAna Ruiz,ANA@example.org", Outcome::Same, &[]),
            ("name,email,alias\nAna Ruiz,ana@example.org,", Outcome::Change, &[]),
            ("name,email,priority,theme,role\nAna Ruiz,ana@example.org,,,", Outcome::Same, &[]),
            ("name,email,languages\nAna Ruiz,ana@example.org,fr es", Outcome::Change, &[]),
            ("name,email\n,new@example.org", Outcome::Refused, &["name:required"]),
            ("name,email\nNew,nowhere", Outcome::Refused, &["email:email"]),
            ("name,email,role\nNew,new@example.org,chief", Outcome::Refused, &["role:unknown_choice"]),
            ("name,email,role\nNew,new@example.org,owner", Outcome::Refused, &["role:role_above_me"]),
            ("name,email\nThe boss,boss@example.org", Outcome::Refused, &["email:above_me"]),
            ("name,email,role\nAna Ruiz,me@example.org,agent", Outcome::Refused, &["role:own_role"]),
            ("name,email,priority\nNew,new@example.org,1000", Outcome::Refused, &["priority:out_of_range"]),
            ("name,email,do_not_disturb\nNew,new@example.org,perhaps", Outcome::Refused, &["do_not_disturb:yes_or_no"]),
            ("name,email,departments\nNew,new@example.org,nowhere", Outcome::Refused, &["departments:unknown_choice"]),
            ("name,email,notification_email\nNew,new@example.org,New@example.org", Outcome::Refused, &["notification_email:same_email"]),
            ("name,email\nNew,new@example.org,more", Outcome::Refused, &[":csv_cells"]),
        ];
        for (text, outcome, faults) in cases {
            let faults: Vec<String> = faults.iter().map(|fault| (*fault).to_owned()).collect();
            assert_eq!(plan(&catalogue, text), [(outcome, faults)], "{text}");
        }
    }

    #[tokio::test]
    async fn an_address_stands_in_a_file_once() {
        let catalogue = House::new().await.ctx.present_catalogue().await.unwrap();
        let planned = plan(&catalogue, "name,email\nNew,new@example.org\nAna Ruiz,ana@example.org\nNew again,NEW@example.org\n");
        let outcomes: Vec<Outcome> = planned.iter().map(|(outcome, _)| *outcome).collect();
        assert_eq!(outcomes, [Outcome::Create, Outcome::Same, Outcome::Refused]);
        assert_eq!(planned[2].1, ["email:email_twice"]);
    }
}
