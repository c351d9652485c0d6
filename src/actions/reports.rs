//! What reports tell, put together from the log and the rules (ST-8, RE-1). Nothing is written here; pages and the API ask alike.

use std::collections::{BTreeMap, HashMap};

use super::Ctx;
use crate::domain::period::Period;
use crate::domain::status_time::{Change, Counting, History, Times};
use crate::error::Result;
use crate::store::catalogue::Catalogue;
use crate::store::operators;
use crate::store::status_log;

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
    /// Reads them in two statements for every few hundred operators. Switches that are due by now count, whether a job has written them
    /// down or not. No dialogs are known yet, so that all time counts which waits for the last of them (ST-9).
    pub async fn read(ctx: &Ctx, catalogue: &Catalogue, ids: &[i64], period: Period) -> Result<Histories> {
        let (db, now) = (ctx.store.read(), ctx.now());
        let log = status_log::during(db, ids, period).await?;
        let mut changes = log.changes;
        let offline = catalogue.organisation.named_statuses().offline;
        let mut of = HashMap::new();
        for (id, written) in operators::worn_by(db, ids).await? {
            let mut changes = changes.remove(&id).unwrap_or_default();
            if let Some(written) = written {
                changes.extend(Change::unwritten(&written, &written.steps(now, offline, |id| catalogue.limit_of_status(id))));
            }
            of.insert(id, History::new(changes, &[], now));
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
