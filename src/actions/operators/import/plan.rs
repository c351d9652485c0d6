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
use crate::domain::operator::{MAX_CHAT_LOAD, MINUTES, PRIORITY};
use crate::domain::operator_import::{Sheet, clearable_number, entries, kept_number, switch};
use crate::domain::permission::BuiltIn;
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
    blank: Operator,
}

impl<'a> Planner<'a> {
    pub(super) fn new(sheet: &'a Sheet, catalogue: &'a Catalogue, actor: &'a Actor, owners: Vec<i64>, now: DateTime<Utc>) -> Planner<'a> {
        let agent = catalogue.role_by_slug(BuiltIn::Agent.slug());
        let blank = Operator {
            role_id: agent.map_or(0, |role| role.id),
            role_slug: agent.map(|role| role.slug.clone()).unwrap_or_default(),
            ..blank(now)
        };
        Planner { sheet, catalogue, actor, owners, seen: HashMap::new(), blank }
    }

    /// The addresses of rows that are addresses, as operators are found by.
    pub(super) fn keys(&self, rows: &[Row]) -> Vec<String> {
        let typed = rows.iter().filter_map(|row| self.sheet.cell(row, "email"));
        typed.filter_map(|email| EmailAddress::parse(email).ok()).map(|email| email.key()).collect()
    }

    /// What a row would do; `existing` holds at least the operators with its address, by address.
    pub(super) fn plan(&mut self, row: &Row, existing: &HashMap<String, Operator>) -> Planned {
        let mut errors = FieldErrors::default();
        let typed = |column: &str| self.sheet.cell(row, column).unwrap_or_default();
        let shown = |text: &str| text.chars().take(limits::EMAIL).collect::<String>();
        let (name, email) = (shown(typed("name")), shown(typed("email")));
        if let Err(fault) = self.sheet.fits(row) {
            errors.add_fault("", fault);
            return Planned::refused(row.line, name, email, None, errors);
        }
        let address = errors.take("email", EmailAddress::parse(typed("email")));
        let before = address.as_ref().and_then(|address| existing.get(&address.key()));
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
        if !errors.is_empty() {
            return Planned::refused(row.line, name, email, id, errors);
        }
        let differences = changes(before.unwrap_or(&self.blank_before()), &after);
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
        let step = (outcome != Outcome::Same).then(|| Step { before: before.cloned(), after: after.clone() });
        Planned { line: row.line, operator_id: id, name: after.name, email: after.email, outcome, detail, step }
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
