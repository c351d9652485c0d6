//! Writing the audit log (AU-1): every administrative deed calls [`record`] in its own transaction.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Actor, ActorKind, Ctx};
use crate::error::Result;
use crate::store::{self, Tx};

/// The thing a deed was done to.
#[derive(Clone, Debug)]
pub struct Object {
    kind: &'static str,
    id: String,
    name: String,
}

impl Object {
    /// A thing by kind, id (or slug, or tag) and name.
    pub fn new(kind: &'static str, id: impl ToString, name: impl Into<String>) -> Object {
        Object { kind, id: id.to_string(), name: name.into() }
    }
}

/// The fields a deed changed, with their values before and after. Secrets are never noted.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    before: Map<String, Value>,
    after: Map<String, Value>,
}

impl Changes {
    /// Notes a field where its value has changed.
    pub fn note<T: Serialize + PartialEq>(&mut self, field: &str, before: &T, after: &T) {
        if before != after {
            self.before.insert(field.to_owned(), json(before));
            self.after.insert(field.to_owned(), json(after));
        }
    }

    /// Notes a value that a new thing has.
    pub fn set(&mut self, field: &str, after: impl Serialize) {
        self.after.insert(field.to_owned(), json(&after));
    }

    /// Notes a value that a deleted thing had.
    pub fn was(&mut self, field: &str, before: impl Serialize) {
        self.before.insert(field.to_owned(), json(&before));
    }

    /// The fields before and after.
    pub fn maps(&self) -> (&Map<String, Value>, &Map<String, Value>) {
        (&self.before, &self.after)
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    /// Whether this field changed.
    pub fn has(&self, field: &str) -> bool {
        self.after.contains_key(field) || self.before.contains_key(field)
    }
}

fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

/// Writes the entry of a deed into the transaction that does it.
pub async fn record(ctx: &Ctx, tx: &Tx, actor: &Actor, action: &'static str, object: Object, changes: Changes) -> Result<()> {
    store::audit::add(tx, entry(ctx, actor, action, object, changes)).await?;
    Ok(())
}

/// Writes the entries of a deed that was done to many things, in few statements.
pub async fn record_many(ctx: &Ctx, tx: &Tx, actor: &Actor, deeds: impl Iterator<Item = (&'static str, Object, Changes)>) -> Result<()> {
    let entries = deeds.map(|(action, object, changes)| entry(ctx, actor, action, object, changes)).collect();
    store::audit::add_many(tx, entries).await?;
    Ok(())
}

fn entry(ctx: &Ctx, actor: &Actor, action: &'static str, object: Object, changes: Changes) -> store::audit::NewEntry {
    let (actor_kind, actor_id) = match actor.kind {
        ActorKind::Operator { id, .. } => ("operator", Some(id)),
        ActorKind::ApiKey(id) => ("api_key", Some(id)),
        ActorKind::Console => ("console", None),
        ActorKind::System => ("system", None),
    };
    let text = |map: Map<String, Value>| (!map.is_empty()).then(|| Value::Object(map).to_string());
    store::audit::NewEntry {
        at: ctx.now(),
        actor_kind,
        actor_id,
        actor_name: actor.name.clone(),
        action,
        object_kind: object.kind,
        object_id: object.id,
        object_name: object.name,
        before: text(changes.before),
        after: text(changes.after),
        address: actor.origin.address.map(|ip| ip.to_string()).unwrap_or_default(),
        request_id: actor.origin.request_id.clone(),
    }
}
