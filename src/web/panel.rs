//! The panel of an operator: the own status, Do Not Disturb and what is taken in each department (PA-1, ST-4, ST-10, DE-3). An open
//! panel is what presence means (ST-5): the page is a heartbeat, and its script sends one every half minute.

use actix_web::web::{self, Data, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::departments::channel_name;
use super::faults::Faults;
use super::flash::Flash;
use super::form::Form;
use super::live::is_by_itself;
use super::operators::sounds::file as sound_file;
use super::operators::subject::{Reach, reach};
use super::queries::{Card, categories};
use super::see_other_with;
use super::shell::{self, Badge, Shell};
use super::visit::{Reader, Visit};
use crate::actions::Ctx;
use crate::actions::availability::{cause_text, standing};
use crate::actions::members::{self as places, Edit, Wish};
use crate::actions::operators::{self, Beat, Profile};
use crate::actions::rights::UsePanel;
use crate::domain::channel::Channel;
use crate::domain::schedule::start_of;
use crate::domain::sound::Event;
use crate::domain::status::{Cause, Worn, chosen};
use crate::error::{AppError, Result};
use crate::i18n::Texts;
use crate::store::catalogue::Catalogue;
use crate::store::queries as asked;
use crate::store::{members, operators as rows, sounds, status_log};

/// So many of the latest changes are told.
const TOLD: u64 = 8;
/// So many closed queries are asked about.
const UNCLASSIFIED: u64 = 20;
/// They are counted up to here.
const MOST_UNCLASSIFIED: u64 = 1_000;

/// The addresses of the panel.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/panel").get(show))
        .service(web::resource("/panel/presence").post(beat))
        .service(web::resource("/panel/status").post(switch))
        .service(web::resource("/panel/do-not-disturb").post(disturb))
        .service(web::resource("/panel/channels").post(take));
}

#[derive(Template)]
#[template(path = "panel/page.html")]
struct PanelPage<'a> {
    shell: Shell<'a>,
    /// The reader.
    me: i64,
    faults: Faults,
    badge: Badge,
    receives: bool,
    worn: Worn,
    /// What switched the status by itself, where it was not somebody.
    automatic: Option<String>,
    /// What follows by itself, and when.
    next: Option<(DateTime<Utc>, String)>,
    /// What the reader can receive now.
    reach: Vec<Reach>,
    /// The shifts of today; none without a schedule.
    today: Option<Vec<(DateTime<Utc>, DateTime<Utc>)>>,
    do_not_disturb: bool,
    departments: Vec<Department>,
    log: Vec<Entry>,
    /// What rings.
    offers: Vec<Card>,
    /// What the reader has.
    mine: Vec<Card>,
    /// What the reader closed and has still to classify (QU-6).
    unclassified: Vec<Card>,
    /// How many those are in all.
    to_classify: usize,
    categories: Vec<(String, String)>,
    /// Chats at hand, in words.
    load: String,
    /// The sound of each event, where it makes one.
    sounds: Vec<(&'static str, &'static str)>,
}

impl PanelPage<'_> {
    /// Ids with commas between, for the script that rings.
    fn ids(cards: &[Card]) -> String {
        cards.iter().map(|card| card.id.to_string()).collect::<Vec<_>>().join(",")
    }

    fn offered_ids(&self) -> String {
        Self::ids(&self.offers)
    }

    fn mine_ids(&self) -> String {
        Self::ids(&self.mine)
    }

    /// Queries of the reader whose requester waits for a word, each with since when.
    fn waiting_ids(&self) -> String {
        let waiting = self.mine.iter().filter_map(|card| Some(format!("{}-{}", card.id, card.unanswered_since?.timestamp_millis())));
        waiting.collect::<Vec<_>>().join(",")
    }
}

/// A department of the reader, with what may be taken there.
struct Department {
    id: i64,
    name: String,
    switches: Vec<Switch>,
}

/// A channel, and whether it is taken.
struct Switch {
    channel: &'static str,
    name: &'static str,
    is_on: bool,
}

/// A change of the own status.
struct Entry {
    at: DateTime<Utc>,
    badge: Option<Badge>,
    name: String,
    cause: &'static str,
    /// Who made it, where it was somebody else.
    by: Option<String>,
}

/// What the forms of the panel send.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PanelForm {
    status_id: String,
    do_not_disturb: String,
    department_id: i64,
    /// `chat:on`, `chat:off`.
    switch: String,
    /// The page to go on with.
    back: String,
}

/// How the panel was opened.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Opened {
    /// Without scripts it opens itself anew once a minute: that is no activity.
    still: bool,
}

/// What the script of an open panel sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Signal {
    /// The tab.
    client: String,
    /// Whether there was any activity since the signal before.
    active: bool,
    /// Whether the tab is being left.
    goodbye: bool,
}

/// What it is answered: whether what it shows still stands.
#[derive(Serialize)]
struct Heard {
    status_id: String,
    since: String,
}

async fn show(ctx: Data<Ctx>, reader: Reader, request: HttpRequest, opened: Query<Opened>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<UsePanel>()?;
    // The page counts as a heartbeat, so that presence needs no script. It is read also where nothing can be written.
    let client = format!("page {}", reader.viewer()?.seen.session_id);
    if let Err(error) =
        operators::beat_own(&ctx, right, Beat { client: &client, is_activity: !opened.still && !is_by_itself(&request) }).await
    {
        tracing::warn!(%error, "a panel was opened, but not noted");
    }
    let page = page(&ctx, &reader, Faults::none(reader.t)).await?;
    shell::ok(&ctx, &reader, &page)
}

async fn page<'a>(ctx: &Ctx, reader: &'a Reader, faults: Faults) -> Result<PanelPage<'a>> {
    let (id, t, db) = (reader.viewer()?.seen.operator_id, reader.t, ctx.store.read());
    let operator = rows::find(db, id).await?.ok_or(AppError::NotFound)?;
    let catalogue = &reader.catalogue;
    let (worn, next) = operators::worn(ctx, catalogue, &operator).await?;
    let receives = |id: i64| catalogue.status(id).is_some_and(|status| status.facts.can_receive);
    let memberships = members::of_operator(db, id).await?;
    let departments = catalogue.departments.iter().filter_map(|department| {
        let mine = memberships.iter().find(|membership| membership.department_id == department.id)?;
        let worked = catalogue.channels_of(department).and(mine.switches.allowed());
        let switch = |channel: Channel| Switch {
            channel: channel.as_str(),
            name: channel_name(t, channel),
            is_on: mine.switches.active().contains(channel),
        };
        let name = department.name_in(t.locale().tag()).to_owned();
        Some(Department { id: department.id, name, switches: worked.iter().map(switch).collect() })
    });
    let now = ctx.now();
    let cards = |items: Vec<asked::Item>| items.into_iter().map(|item| Card::of(item, reader)).collect::<Vec<Card>>();
    let offers = cards(asked::ringing(db, id, now).await?);
    let mine = asked::at_hand(db, id).await?;
    let open = mine.iter().filter(|item| item.channel == Channel::Chat && item.active_at > now - inactivity(catalogue)).count();
    let load = match operator.max_chat_load {
        Some(max) => t.with("queries-load", &[("open", &open.to_string()), ("max", &max.to_string())]),
        None => t.count("queries-load-unlimited", open),
    };
    let unclassified = cards(asked::unclassified(db, id, UNCLASSIFIED).await?);
    let theirs = asked::Filter { operator: Some(id), unclassified: true, ..asked::Filter::default() };
    let to_classify = asked::count(db, &theirs, MOST_UNCLASSIFIED).await?;
    let categories = if unclassified.is_empty() { Vec::new() } else { categories(db, reader).await? };
    let chosen = sounds::of_operator(db, id).await?;
    let log = status_log::of_operator(db, id, TOLD).await?;
    let log = log.into_iter().map(|change| Entry {
        at: change.at.0,
        badge: badge(reader, change.to_id),
        name: change.to_name,
        cause: change_text(t, Cause::parse(&change.cause).unwrap_or_default(), receives(change.to_id)),
        by: (change.actor_kind != "system" && change.actor_id != Some(id)).then_some(change.actor_name),
    });
    Ok(PanelPage {
        me: id,
        shell: Shell { worn: Some(worn.status_id), ..Shell::new(reader, t.get("panel-title")) },
        faults,
        badge: badge(reader, worn.status_id).ok_or_else(|| AppError::unexpected("an unknown status is worn"))?,
        receives: receives(worn.status_id),
        automatic: is_automatic(worn.cause)
            .then(|| t.with("panel-automatic", &[("cause", change_text(t, worn.cause, receives(worn.status_id)))])),
        next: next.and_then(|next| Some((next.since, badge(reader, next.status_id)?.name))),
        worn,
        reach: reach(t, &standing(ctx, id, t, reader.zone).await?),
        today: today(ctx, reader, id).await?,
        do_not_disturb: operator.do_not_disturb,
        departments: departments.collect(),
        log: log.collect(),
        offers,
        mine: cards(mine),
        unclassified,
        to_classify: usize::try_from(to_classify).unwrap_or(usize::MAX),
        categories,
        load,
        sounds: Event::ALL.into_iter().filter_map(|event| Some((event.as_str(), sound_file(chosen.of(event)?)))).collect(),
    })
}

/// For how long a silent chat takes a slot (QU-3).
fn inactivity(catalogue: &Catalogue) -> TimeDelta {
    TimeDelta::minutes(catalogue.organisation.chat_inactivity_minutes)
}

/// The shifts of an operator that touch the reader's day, with their ends.
async fn today(ctx: &Ctx, visit: &Visit, id: i64) -> Result<Option<Vec<(DateTime<Utc>, DateTime<Utc>)>>> {
    let snapshot = ctx.roster().await?;
    let roster = &snapshot.prepared.roster;
    let Some(hours) = roster.person(id).map(|person| person.hours(&roster.world)).filter(|hours| hours.schedule.is_some()) else {
        return Ok(None);
    };
    let day = ctx.now().with_timezone(&visit.zone).date_naive();
    let midnight = |day: NaiveDate| start_of(visit.zone, day);
    let Some((from, to)) = midnight(day).zip(day.succ_opt().and_then(midnight)) else { return Ok(None) };
    Ok(Some(hours.shifts_between(from, to).into_iter().map(|shift| (shift.start, shift.end)).collect()))
}

fn badge(visit: &Visit, id: i64) -> Option<Badge> {
    visit.catalogue.status(id).map(|status| Badge::of(status, visit.t))
}

/// Whether a status was put on by the program itself.
fn is_automatic(cause: Cause) -> bool {
    match cause {
        Cause::Schedule | Cause::NoSession | Cause::NoAnswer | Cause::Idle | Cause::MaxDuration | Cause::Return => true,
        Cause::Start | Cause::Own | Cause::Supervisor | Cause::Api | Cause::Replacement => false,
    }
}

/// Why a status was put on, in words: away without activity, but back with it.
fn change_text(t: Texts, cause: Cause, receives: bool) -> &'static str {
    match cause {
        Cause::Idle if receives => t.get("panel-cause-active"),
        _ => cause_text(t, cause),
    }
}

/// `POST /panel/presence`: a heartbeat or a goodbye of one tab.
async fn beat(ctx: Data<Ctx>, reader: Reader, form: Form<Signal>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<UsePanel>()?;
    let Signal { client, active, goodbye } = form.fields;
    if goodbye {
        operators::leave_own(&ctx, right, &client).await?;
        return Ok(HttpResponse::NoContent().finish());
    }
    let here = operators::beat_own(&ctx, right, Beat { client: &client, is_activity: active }).await?;
    Ok(HttpResponse::Ok().json(Heard { status_id: here.status_id.to_string(), since: millis(&here) }))
}

/// Since when a status is worn, for comparing.
fn millis(worn: &Worn) -> String {
    worn.since.timestamp_millis().to_string()
}

/// `POST /panel/status`, from the panel or from the top of any page.
async fn switch(ctx: Data<Ctx>, reader: Reader, form: Form<PanelForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<UsePanel>()?;
    let to = chosen(&form.fields.status_id).ok().flatten();
    let done = match to {
        Some(to) => operators::switch_own(&ctx, right, to).await,
        None => Err(AppError::field("status_id", "unknown_choice")),
    };
    match done {
        Ok(_) => {
            let name = to.and_then(|to| badge(&reader, to)).map(|badge| badge.name).unwrap_or_default();
            Ok(see_other_with(&ctx, back(&form.fields.back), &Flash::success("panel-switched").with("name", name)))
        }
        Err(AppError::Invalid(errors)) => {
            let page = page(&ctx, &reader, Faults::of(reader.t, errors)).await?;
            shell::invalid(&ctx, &reader, &page)
        }
        Err(error) => Err(error),
    }
}

/// A path of ours to go on with, never another host's; the panel where there is none.
fn back(path: &str) -> &str {
    let is_ours = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']);
    if is_ours { path } else { "/panel" }
}

/// `POST /panel/do-not-disturb`: stops calls only (ST-10).
async fn disturb(ctx: Data<Ctx>, reader: Reader, form: Form<PanelForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<UsePanel>()?;
    let id = reader.viewer()?.seen.operator_id;
    let is_on = form.fields.do_not_disturb == "true";
    operators::change(&ctx, &right, id, None, Profile { do_not_disturb: Some(is_on), ..Profile::default() }).await?;
    let said = if is_on { "panel-undisturbed" } else { "panel-disturbed" };
    Ok(see_other_with(&ctx, "/panel", &Flash::success(said)))
}

/// `POST /panel/channels`: takes a channel of a department, or takes it no longer (DE-3).
async fn take(ctx: Data<Ctx>, reader: Reader, form: Form<PanelForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<UsePanel>()?;
    let PanelForm { department_id, switch, .. } = form.fields;
    let read = || Some((Channel::parse(switch.split_once(':')?.0)?, switch.ends_with(":on")));
    let Some((channel, is_on)) = read() else { return Err(AppError::NotFound) };
    let wish = Wish { active: vec![(channel, is_on)], ..Wish::default() };
    let operator_id = reader.viewer()?.seen.operator_id;
    let edit = Edit { department_id, operator_id, wish, field: "switch".to_owned() };
    match places::apply(&ctx, &right, &[edit]).await {
        Ok(()) => {
            let said = if is_on { "panel-taken" } else { "panel-left" };
            let name = reader.catalogue.department(department_id).map(|department| department.name_in(reader.t.locale().tag()));
            let flash = Flash::success(said).with("channel", channel_name(reader.t, channel)).with("department", name.unwrap_or_default());
            Ok(see_other_with(&ctx, "/panel", &flash))
        }
        Err(AppError::Invalid(errors)) => {
            let page = page(&ctx, &reader, Faults::of(reader.t, errors)).await?;
            shell::invalid(&ctx, &reader, &page)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::back;

    #[test]
    fn one_goes_on_with_pages_of_ours_only() {
        assert_eq!(back("/operators?q=ana"), "/operators?q=ana");
        for elsewhere in ["", "https://evil.example", "//evil.example", "/\\evil.example", "/a\r\nb"] {
            assert_eq!(back(elsewhere), "/panel", "{elsewhere}");
        }
    }
}
