//! The roster that a node holds in memory, used only while its version is the present one (wall 4).

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Mutex;

use super::Ctx;
use crate::domain::availability::{Load, Person, Prepared, Roster};
use crate::error::Result;
use crate::store::catalogue::Catalogue;
use crate::store::presence;
use crate::store::roster::{self, SOME};
use crate::store::versions::{self, Versions};
use crate::store::work;

/// For so long a node goes by what it holds without asking whether another one changed it; its own changes it sees at once.
const TRUSTED: Duration = Duration::from_millis(250);

/// Everybody at an instant, with the small tables of the same version.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Which version this is.
    pub versions: Versions,
    /// The small tables.
    pub catalogue: Arc<Catalogue>,
    /// Everybody, worked out.
    pub prepared: Prepared,
}

impl Snapshot {
    /// Whether nothing but work has changed since, by the counters as a transaction finds them.
    pub fn stands(&self, present: Versions) -> bool {
        Versions { work: self.versions.work, ..present } == self.versions
    }

    fn holds_at(&self, now: DateTime<Utc>) -> bool {
        self.prepared.at <= now && self.prepared.until.is_none_or(|until| now < until)
    }
}

/// What a node holds.
#[derive(Debug, Default)]
pub struct Held {
    snapshot: RwLock<Option<(Arc<Snapshot>, Seen)>>,
    turn: Mutex<()>,
}

/// When the versions were last compared.
#[derive(Clone, Copy, Debug)]
struct Seen {
    /// How many transactions this process had committed.
    writes: u64,
    /// Monotonic time of the clock.
    at: Duration,
}

impl Held {
    fn get(&self) -> Option<(Arc<Snapshot>, Seen)> {
        self.snapshot.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, snapshot: Arc<Snapshot>, seen: Seen) {
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = Some((snapshot, seen));
    }
}

impl Ctx {
    /// Everybody as they are now. A change of this node is seen at once, one of another within a quarter of a second; an operator's
    /// change reads that operator alone.
    pub async fn roster(&self) -> Result<Arc<Snapshot>> {
        if let Some(snapshot) = self.held_roster() {
            return Ok(snapshot);
        }
        let _turn = self.roster.turn.lock().await;
        if let Some(snapshot) = self.held_roster() {
            return Ok(snapshot);
        }
        let seen = Seen { writes: self.store.writes(), at: self.clock.monotonic() };
        let (held, now) = (self.roster.get().map(|(snapshot, _)| snapshot), self.now());
        let versions = versions::all(self.store.read()).await?;
        let snapshot = match held {
            Some(held) if held.versions == versions && held.holds_at(now) => held,
            held => Arc::new(self.renewed(held, versions, now).await?),
        };
        self.roster.set(snapshot.clone(), seen);
        Ok(snapshot)
    }

    /// Everybody as they are held, even where that is old: whoever decides by it asks [`Snapshot::stands`] in the transaction that
    /// writes the decision, and reads there what operators have at hand.
    pub async fn roster_at_hand(&self) -> Result<Arc<Snapshot>> {
        match self.roster.get() {
            Some((snapshot, _)) if snapshot.holds_at(self.now()) => Ok(snapshot),
            _ => self.roster().await,
        }
    }

    fn held_roster(&self) -> Option<Arc<Snapshot>> {
        let (snapshot, seen) = self.roster.get()?;
        let is_trusted = seen.writes == self.store.writes() && self.clock.monotonic().saturating_sub(seen.at) < TRUSTED;
        (is_trusted && snapshot.holds_at(self.now())).then_some(snapshot)
    }

    /// A snapshot of these versions, out of what is held as far as it still stands.
    async fn renewed(&self, held: Option<Arc<Snapshot>>, versions: Versions, now: DateTime<Utc>) -> Result<Snapshot> {
        let db = self.store.read();
        let catalogue = self.catalogue(versions.catalogue).await?;
        let watch = presence::watch(db).await?;
        let Some(held) = held.filter(|held| held.versions.everyone == versions.everyone && held.prepared.at <= now) else {
            let world = roster::world(&catalogue, watch);
            let people = roster::people(db, &world, None, now).await?;
            let prepared = Prepared::new(Arc::new(Roster::new(Arc::new(world), people)), now);
            return Ok(Snapshot { versions, catalogue, prepared });
        };
        let mut prepared = held.prepared.clone();
        if held.versions.catalogue != versions.catalogue {
            let world = roster::world(&catalogue, watch);
            prepared = Prepared::new(Arc::new(prepared.roster.in_world(Arc::new(world))), prepared.at);
        }
        let world = prepared.roster.world.clone();
        // What somebody has at hand changes more often than anything else, and changes nothing else.
        let mut busy = prepared.freed_at(now);
        if held.versions.work != versions.work {
            busy.extend(work::touched(db, held.versions.work, SOME).await?);
        }
        let mut is_untold = busy.len() >= SOME;
        if !busy.is_empty() && !is_untold {
            let loads = work::loads(db, Some(&busy), world.chat_inactivity, now).await?;
            let loads: Vec<(i64, Load)> = busy.into_iter().map(|id| (id, loads.get(&id).copied().unwrap_or_default())).collect();
            prepared = prepared.with_loads(&loads, prepared.at);
        }
        let mut anew = prepared.silent_at(now);
        // A version that counts no operator's change is one of a node that knows nothing of that: then all are read.
        if held.versions.operators != versions.operators {
            let touched = roster::touched(db, held.versions.operators, SOME).await?;
            is_untold = touched.is_empty();
            anew.extend(touched);
        }
        anew.sort_unstable();
        anew.dedup();
        if anew.len() >= SOME || is_untold {
            let world = roster::world(&catalogue, watch);
            let people = roster::people(db, &world, None, now).await?;
            prepared = Prepared::new(Arc::new(Roster::new(Arc::new(world), people)), now);
        } else {
            let people: Vec<Person> = if anew.is_empty() { Vec::new() } else { roster::people(db, &world, Some(&anew), now).await? };
            prepared = prepared.with(watch, &anew, people, now).at(now);
        }
        Ok(Snapshot { versions, catalogue, prepared })
    }
}
