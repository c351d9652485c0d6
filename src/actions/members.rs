//! Deeds on who works in which department, and what there (DE-2, DE-3, DE-4). Every way to change it - page, matrix, bulk,
//! import, API - ends in [`apply_in`], so the limit and the rights are checked in one place, inside the transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::audit::{self, Changes, Object};
use super::rights::ManageDepartmentMembers;
use super::{Actor, Ctx};
use crate::domain::channel::{Channel, Channels};
use crate::domain::field::{Fault, FieldErrors};
use crate::domain::membership::{Switches, has_room};
use crate::domain::permission::Permission;
use crate::domain::{limits, text};
use crate::error::{AppError, Result};
use crate::store::Tx;
use crate::store::members::{self, Candidate, Membership, Place};

/// What is wished of one operator in one department.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Whether to be in it; `None` leaves that as it is.
    pub is_member: Option<bool>,
    /// Channels that may be worked or not; the others stay.
    pub allowed: Vec<(Channel, bool)>,
    /// Channels that are taken now or not; the others stay.
    pub active: Vec<(Channel, bool)>,
    /// The signature for this department; empty for the general one. `None` leaves it as it is.
    pub signature: Option<String>,
}

impl Wish {
    /// To be in it, with every channel it works.
    pub fn join() -> Wish {
        Wish { is_member: Some(true), ..Wish::default() }
    }

    /// To be in it no longer.
    pub fn leave() -> Wish {
        Wish { is_member: Some(false), ..Wish::default() }
    }
}

/// A wish with whom and what it concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The department.
    pub department_id: i64,
    /// The operator.
    pub operator_id: i64,
    /// What is wished.
    pub wish: Wish,
    /// The field at which a fault is told.
    pub field: String,
}

/// An edit that could not be made, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The edit.
    pub edit: Edit,
    /// Name of the operator, where there is one.
    pub name: String,
    /// The reason.
    pub fault: Fault,
}

/// Makes all edits or none.
///
/// # Errors
/// [`AppError::Invalid`] with the faults of [`apply_in`], [`AppError::Forbidden`] where the actor may not make one.
pub async fn apply(ctx: &Ctx, actor: &Actor, edits: &[Edit]) -> Result<()> {
    ctx.store.write(async |tx| refuse(apply_in(ctx, tx, actor, edits).await?)).await
}

/// Makes an edit of a membership that must still stand as it was read; `None` where there was none (P6).
///
/// # Errors
/// As [`apply`], and [`AppError::Stale`] where it stands otherwise.
pub async fn apply_to(ctx: &Ctx, actor: &Actor, edit: &Edit, expected: Option<&Membership>) -> Result<()> {
    ctx.store
        .write(async |tx| {
            // The lock of the department comes first, so that nobody changes its members between the look and the deed.
            members::lock_places(tx, &[edit.department_id]).await?;
            if members::find(tx, edit.department_id, edit.operator_id).await?.as_ref() != expected {
                return Err(AppError::Stale);
            }
            refuse(apply_in(ctx, tx, actor, std::slice::from_ref(edit)).await?)
        })
        .await
}

/// Adds operators to a department: all who find a place, in the order given; the others are told with their reason.
pub async fn add(ctx: &Ctx, right: ManageDepartmentMembers<'_>, department_id: i64, operators: &[i64]) -> Result<Vec<Refused>> {
    let edits = operators.iter().map(|id| Edit { department_id, operator_id: *id, wish: Wish::join(), field: "operators".to_owned() });
    let edits: Vec<Edit> = edits.collect();
    ctx.store.write(async |tx| apply_in(ctx, tx, &right, &edits).await).await
}

/// Turns refused edits into faults of their fields.
pub fn refuse(refused: Vec<Refused>) -> Result<()> {
    let mut errors = FieldErrors::default();
    refused.into_iter().for_each(|refused| errors.add_fault(&refused.edit.field, refused.fault));
    Ok(errors.into_result(())?)
}

/// Makes the edits that can be made in a transaction, in a fixed number of statements, writing only what differs; returns the others.
///
/// Faults: `unknown_choice` for a department or operator that is not there, `department_full` (DE-2), `not_a_member` for a switch
/// of somebody who is not in the department, `active_not_allowed`, and those of a text for the signature.
///
/// # Errors
/// [`AppError::Forbidden`]: members are changed with the right to, one's own switches and signature by oneself, and one's own
/// departments where the operator may change them (DE-4).
pub async fn apply_in(ctx: &Ctx, tx: &Tx, actor: &Actor, edits: &[Edit]) -> Result<Vec<Refused>> {
    let department_ids: BTreeSet<i64> = edits.iter().map(|edit| edit.department_id).collect();
    let operator_ids: BTreeSet<i64> = edits.iter().map(|edit| edit.operator_id).collect();
    let (department_ids, operator_ids) = (Vec::from_iter(department_ids), Vec::from_iter(operator_ids));
    let places = members::lock_places(tx, &department_ids).await?;
    let mut places: HashMap<i64, Place> = places.into_iter().map(|place| (place.id, place)).collect();
    let candidates = members::candidates(tx, &operator_ids).await?;
    let stored = members::between(tx, &department_ids, &operator_ids).await?;
    let before: BTreeMap<(i64, i64), Membership> =
        stored.into_iter().map(|membership| ((membership.operator_id, membership.department_id), membership)).collect();
    let mut after = before.clone();
    let mut refused = Vec::new();
    for edit in edits {
        let (candidate, place) = (candidates.get(&edit.operator_id), places.get_mut(&edit.department_id));
        let (Some(candidate), Some(place)) = (candidate, place) else {
            let name = candidate.map(|candidate| candidate.name.clone()).unwrap_or_default();
            refused.push(Refused { edit: edit.clone(), name, fault: Fault::new("unknown_choice") });
            continue;
        };
        let key = (edit.operator_id, edit.department_id);
        let present = after.get(&key);
        match outcome(present, edit, place) {
            Ok(next) if next.as_ref() == present => {}
            Ok(next) => {
                may(actor, candidate, present, next.as_ref())?;
                match next {
                    Some(next) => {
                        place.members += u64::from(present.is_none());
                        after.insert(key, next);
                    }
                    None => {
                        place.members = place.members.saturating_sub(1);
                        after.remove(&key);
                    }
                }
            }
            Err(fault) => refused.push(Refused { edit: edit.clone(), name: candidate.name.clone(), fault }),
        }
    }
    let changed = after.iter().filter(|(key, next)| before.get(key) != Some(next)).map(|(_, next)| next.clone());
    let changed: Vec<Membership> = changed.collect();
    let gone = before.keys().filter(|key| !after.contains_key(key)).map(|(operator, department)| (*department, *operator));
    let gone: Vec<(i64, i64)> = gone.collect();
    if changed.is_empty() && gone.is_empty() {
        return Ok(refused);
    }
    let entries = operator_ids.iter().filter_map(|id| candidates.get(id)).filter_map(|candidate| {
        let changes = noted(candidate.id, &places, &before, &after);
        let object = Object::new("operator", candidate.id, &candidate.name);
        (!changes.is_empty()).then_some(("operator.departments_changed", object, changes))
    });
    audit::record_many(ctx, tx, actor, entries).await?;
    if !changed.is_empty() {
        members::put(tx, &changed).await?;
    }
    if !gone.is_empty() {
        members::remove(tx, &gone).await?;
    }
    Ok(refused)
}

/// Takes an operator who comes back out of the departments that were filled meanwhile; returns the names of those (DE-2, D-8).
pub async fn readmit(tx: &Tx, operator_id: i64) -> Result<Vec<String>> {
    let memberships = members::of_operator(tx, operator_id).await?;
    let departments: Vec<i64> = memberships.iter().map(|membership| membership.department_id).collect();
    // The operator is back already and counts.
    let full = members::lock_places(tx, &departments).await?.into_iter().filter(|place| !has_room(place.members - 1, place.limit));
    let full: Vec<Place> = full.collect();
    if !full.is_empty() {
        members::remove(tx, &full.iter().map(|place| (place.id, operator_id)).collect::<Vec<_>>()).await?;
    }
    Ok(full.into_iter().map(|place| place.name).collect())
}

/// What becomes of a membership; nothing where there is none afterwards.
fn outcome(present: Option<&Membership>, edit: &Edit, place: &Place) -> Result<Option<Membership>, Fault> {
    let wish = &edit.wish;
    let base = match (present, wish.is_member) {
        (_, Some(false)) => return Ok(None),
        (Some(present), _) => present.clone(),
        (None, Some(true)) if !has_room(place.members, place.limit) => {
            let mut fault = Fault::with("department_full", "department", &place.name);
            fault.args.push(("max", place.limit.to_string()));
            return Err(fault);
        }
        (None, Some(true)) => Membership {
            department_id: edit.department_id,
            operator_id: edit.operator_id,
            switches: if wish.allowed.is_empty() { Switches::on(place.channels) } else { Switches::default() },
            signature: None,
        },
        (None, None) => return Err(Fault::with("not_a_member", "department", &place.name)),
    };
    let mut switches = wish.allowed.iter().fold(base.switches, |switches, (channel, is_on)| {
        if switches.allowed().contains(*channel) == *is_on { switches } else { switches.with_allowed(*channel, *is_on) }
    });
    for (channel, is_on) in &wish.active {
        if *is_on && !switches.allowed().contains(*channel) {
            return Err(Fault::with("active_not_allowed", "department", &place.name));
        }
        switches = switches.with_active(*channel, *is_on);
    }
    let signature = match &wish.signature {
        None => base.signature.clone(),
        Some(raw) => text::optional_multiline(raw, limits::SIGNATURE)?,
    };
    Ok(Some(Membership { switches, signature, ..base }))
}

/// Whether the actor may turn the one membership into the other (DE-3, DE-4).
fn may(actor: &Actor, candidate: &Candidate, present: Option<&Membership>, next: Option<&Membership>) -> Result<()> {
    if actor.has(Permission::DepartmentMembersManage) {
        return Ok(());
    }
    if actor.operator_id() != Some(candidate.id) {
        return Err(actor.refused(Permission::DepartmentMembersManage));
    }
    let allowed = |membership: Option<&Membership>| membership.map(|membership| membership.switches.allowed());
    let signature = |membership: Option<&Membership>| membership.and_then(|membership| membership.signature.clone());
    let needed = if allowed(present) != allowed(next) {
        Some(Permission::SelfDepartments).filter(|_| !candidate.may_change_departments)
    } else if signature(present) != signature(next) {
        Some(Permission::SelfSignature)
    } else {
        Some(Permission::PanelUse)
    };
    match needed {
        Some(needed) if !actor.has(needed) => Err(actor.refused(needed)),
        _ => Ok(()),
    }
}

/// What changed for one operator, by the names of the departments: what may be worked, what is taken, and the signatures.
fn noted(
    operator_id: i64,
    places: &HashMap<i64, Place>,
    before: &BTreeMap<(i64, i64), Membership>,
    after: &BTreeMap<(i64, i64), Membership>,
) -> Changes {
    let mine = |all: &BTreeMap<(i64, i64), Membership>, read: &dyn Fn(&Membership) -> serde_json::Value| {
        let mine = all.range((operator_id, i64::MIN)..=(operator_id, i64::MAX));
        let named = mine.filter_map(|((_, department), membership)| Some((places.get(department)?.name.clone(), read(membership))));
        named.filter(|(_, value)| !value.is_null()).collect::<BTreeMap<String, serde_json::Value>>()
    };
    let names = |channels: Channels| -> serde_json::Value { channels.names().into() };
    let mut changes = Changes::default();
    let mut note = |field: &str, read: &dyn Fn(&Membership) -> serde_json::Value| {
        let (mut old, mut new) = (mine(before, read), mine(after, read));
        let same: Vec<String> = old.iter().filter(|(name, value)| new.get(*name) == Some(value)).map(|(name, _)| name.clone()).collect();
        for name in same {
            old.remove(&name);
            new.remove(&name);
        }
        changes.note(field, &old, &new);
    };
    note("departments", &|membership| names(membership.switches.allowed()));
    note("taken_channels", &|membership| {
        // Told only where it says more than what may be worked.
        let switches = membership.switches;
        if switches.active() == switches.allowed() { serde_json::Value::Null } else { names(switches.active()) }
    });
    note("signatures", &|membership| membership.signature.clone().into());
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(members: u64) -> Place {
        Place {
            id: 1,
            name: "Support".into(),
            slug: "support".into(),
            limit: 25,
            members,
            channels: Channels::all().with(Channel::Call, false),
        }
    }

    fn edit(wish: Wish) -> Edit {
        Edit { department_id: 1, operator_id: 2, wish, field: "operators".into() }
    }

    fn present() -> Membership {
        Membership { department_id: 1, operator_id: 2, switches: Switches::on(Channels::all()), signature: Some("Ana".into()) }
    }

    #[test]
    fn who_joins_begins_with_the_channels_in_use() {
        let joined = outcome(None, &edit(Wish::join()), &place(24)).unwrap().unwrap();
        assert_eq!(joined.switches, Switches::on(Channels::parse(["ticket", "chat"]).unwrap()));
        let only = Wish { allowed: vec![(Channel::Call, true)], ..Wish::join() };
        let joined = outcome(None, &edit(only), &place(0)).unwrap().unwrap();
        assert_eq!(joined.switches.allowed().names(), ["call"]);
    }

    #[test]
    fn nobody_joins_a_full_department_but_members_stay_and_change() {
        let fault = outcome(None, &edit(Wish::join()), &place(25)).unwrap_err();
        assert_eq!((fault.code, fault.args.len()), ("department_full", 2));
        assert_eq!(outcome(Some(&present()), &edit(Wish::join()), &place(30)), Ok(Some(present())));
        assert_eq!(outcome(Some(&present()), &edit(Wish::leave()), &place(30)), Ok(None));
    }

    #[test]
    fn a_switch_needs_a_member_and_a_channel_that_may_be_worked() {
        let taking = Wish { active: vec![(Channel::Chat, true)], ..Wish::default() };
        assert_eq!(outcome(None, &edit(taking.clone()), &place(0)).unwrap_err().code, "not_a_member");
        let idle = Membership { switches: Switches::default(), ..present() };
        assert_eq!(outcome(Some(&idle), &edit(taking), &place(1)).unwrap_err().code, "active_not_allowed");
        let paused = Wish { active: vec![(Channel::Chat, false)], ..Wish::default() };
        let next = outcome(Some(&present()), &edit(paused), &place(1)).unwrap().unwrap();
        assert_eq!((next.switches.allowed(), next.switches.active().names()), (Channels::all(), vec!["ticket", "call"]));
    }

    #[test]
    fn allowing_what_is_allowed_wakes_nothing() {
        let paused = Membership { switches: present().switches.with_active(Channel::Chat, false), ..present() };
        let again = Wish { allowed: vec![(Channel::Chat, true)], ..Wish::default() };
        assert_eq!(outcome(Some(&paused), &edit(again), &place(1)), Ok(Some(paused)));
    }
}
