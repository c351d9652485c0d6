//! What reports tell, put together from the log and the rules (ST-8, RE-1). Nothing is written here; pages and the API ask alike.

use std::collections::{BTreeMap, HashMap};

use super::Ctx;
use crate::domain::period::Period;
use crate::domain::status_time::{Change, Counting, History, Times};
use crate::error::Result;
use crate::store::catalogue::Catalogue;
use crate::store::{queries, status_log};

/// The histories of some operators during a period.
#[derive(Clone, Debug, Default)]
pub struct Histories {
    /// By operator; those who are deleted are absent.
    pub of: HashMap<i64, History>,
    /// Names of statuses that were worn and deleted since, by their ids.
    pub gone: BTreeMap<i64, String>,
    period: Option<Period>,
}

impl Histories {
    /// Reads them in two statements for every few hundred operators, beside the roster that is held. Switches that are due by now count,
    /// whether a job has written them down or not. What an operator has open takes the time
    /// away that counts only after it (ST-9).
    pub async fn read(ctx: &Ctx, ids: &[i64], period: Period) -> Result<Histories> {
        let (snapshot, now) = (ctx.roster().await?, ctx.now());
        let roster = &snapshot.prepared.roster;
        let log = status_log::during(ctx.store.read(), ids, period).await?;
        let mut dialogs = queries::dialogs(ctx.store.read(), ids, period.from, period.to).await?;
        let mut changes = log.changes;
        let mut of = HashMap::new();
        for person in ids.iter().filter_map(|id| roster.person(*id)) {
            let mut changes = changes.remove(&person.id).unwrap_or_default();
            // What another node wrote down a moment ago may be missing in the roster, but comes after all that the roster knows.
            let last = changes.iter().map(|change| change.at).max();
            let due = Change::unwritten(&person.worn, &person.course(&roster.world).steps(&person.worn, now));
            changes.extend(due.into_iter().filter(|change| last.is_none_or(|last| change.at >= last)));
            let open = dialogs.remove(&person.id).unwrap_or_default().into_iter();
            let open: Vec<Period> = open.map(|(from, to)| Period { from, to: to.unwrap_or(now) }).collect();
            of.insert(person.id, History::new(changes, &open, now));
        }
        Ok(Histories { of, gone: log.gone, period: Some(period) })
    }

    /// The time of an operator in each status during the whole period.
    pub fn times(&self, catalogue: &Catalogue, id: i64) -> Times {
        let found = self.of.get(&id).zip(self.period);
        found.map(|(history, period)| history.times(period, |status| counting(catalogue, status))).unwrap_or_default()
    }

    /// The name of a status in the organisation's language; of one that is deleted the last it had.
    pub fn status_name<'a>(&'a self, catalogue: &'a Catalogue, id: i64) -> &'a str {
        let known = catalogue.status(id).map(|status| status.facts.name.as_str());
        known.or_else(|| self.gone.get(&id).map(String::as_str)).unwrap_or_default()
    }
}

/// How the time in a status counts.
pub fn counting(catalogue: &Catalogue, status: i64) -> Counting {
    Counting::of(catalogue.status(status).map(|status| &status.facts))
}
