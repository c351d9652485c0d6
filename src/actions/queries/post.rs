//! A query comes (QU-1): what it names is looked up, its language is found, it is written and sent on its way in one transaction, and
//! whoever it was sent to while away answers by itself.

use std::mem::take;

use chrono::{DateTime, Utc};

use super::super::auto_replies::{self, Answered, Incoming};
use super::super::roster::Snapshot;
use super::super::{Actor, Ctx};
use super::route::{Sent, TRIES, anew, send};
use super::trace::Trace;
use crate::domain::auto_reply::headers::values;
use crate::domain::auto_reply::{Reason, message_ids, received_at, sender_key};
use crate::domain::availability::{Mode, Person};
use crate::domain::channel::Channel;
use crate::domain::field::FieldErrors;
use crate::domain::language::LanguageTag;
use crate::domain::query::{EventKind, NewQuery, RawQuery, reference};
use crate::domain::routing::{Route, Via, Wanted, department_for};
use crate::domain::site::{Clues, visitor_language};
use crate::error::{AppError, Result};
use crate::security::random::uuid_v7;
use crate::store::catalogue::Catalogue;
use crate::store::queries::{self, Note, Query, Waiting};
use crate::store::{Batch, Millis, Tx};

/// A query that came, as it stands now.
#[derive(Clone, Debug)]
pub struct Posted {
    /// The row.
    pub query: Query,
    /// To whom it is offered.
    pub offered_to: Vec<i64>,
    /// What was looked at.
    pub trace: Trace,
    /// What became of the automatic reply.
    pub auto_reply: Answered,
}

impl Posted {
    /// What people call it by.
    pub fn reference(&self) -> String {
        reference(self.query.id)
    }
}

/// Takes a query in. Once this returns it is stored for good, whoever may take it.
///
/// # Errors
/// Faults of fields by their JSON names: those of the texts, `unknown_choice` for what there is none of or what is not offered there,
/// `required` at `department` where neither it nor an operator is named, `channel_unused` at `channel`.
pub async fn post(ctx: &Ctx, actor: &Actor, raw: RawQuery) -> Result<Posted> {
    Ok(post_telling(ctx, actor, raw, |_, _| (), None).await?.0)
}

/// Puts what was told of a query into what is written with it.
pub type Keep<'a, T> = &'a dyn Fn(&T, &mut Batch);

/// The same, with what `tell` makes of the query; it is made while the database writes, and counts only where that succeeds. Where it
/// is to be kept, that is part of the transaction.
///
/// # Errors
/// Those of [`post`].
pub async fn post_telling<T>(
    ctx: &Ctx,
    actor: &Actor,
    raw: RawQuery,
    tell: impl Fn(&Snapshot, &Posted) -> T,
    keep: Option<Keep<'_, T>>,
) -> Result<(Posted, T)> {
    let read = raw.read();
    let mut attempt = 0;
    loop {
        attempt += 1;
        let snapshot = if attempt == 1 { ctx.roster_at_hand().await? } else { ctx.roster().await? };
        // Where the roster moves on again and again the query is stored all the same, and sent on its way by the timetable.
        let must_stand = attempt < TRIES;
        let new = match new_row(&read, &raw, &snapshot, ctx.now()) {
            // What is not there yet may be so by now.
            Err(_) if attempt == 1 => continue,
            new => new?,
        };
        let deed = async |tx: &Tx| {
            let (posted, mut left) = store(ctx, tx, &snapshot, actor, new.clone(), must_stand).await?;
            let told = keep.zip(posted.as_ref()).map(|(keep, posted)| {
                let told = tell(&snapshot, posted);
                keep(&told, &mut left);
                told
            });
            Ok::<_, AppError>(((posted, told), left))
        };
        let late =
            |(posted, told): &(Option<Posted>, Option<T>)| posted.as_ref().filter(|_| told.is_none()).map(|posted| tell(&snapshot, posted));
        let ((posted, told), late) = ctx.store.write_queries_together(deed, late).await?;
        if let Some((posted, told)) = posted.zip(told.or(late)) {
            if posted.auto_reply == Answered::Sent {
                ctx.mail_bell.notify_one();
            }
            return Ok((posted, told));
        }
    }
}

/// The row of a query, or all that is wrong with it.
fn new_row(
    read: &std::result::Result<NewQuery, FieldErrors>,
    raw: &RawQuery,
    snapshot: &Snapshot,
    now: DateTime<Utc>,
) -> std::result::Result<Query, FieldErrors> {
    match (read, lookups(raw, snapshot, now)) {
        (Ok(new), Ok(found)) => row(new, raw, found, snapshot, now).ok_or_else(|| {
            let mut errors = FieldErrors::default();
            errors.add("channel", "channel_unused");
            errors
        }),
        (Err(errors), Ok(_)) => Err(errors.clone()),
        (read, Err(more)) => {
            let known = read.as_ref().err().map(|errors| errors.0.clone()).unwrap_or_default();
            Err(FieldErrors(known.into_iter().chain(more.0).collect()))
        }
    }
}

/// What a query names.
struct Found {
    department: Option<i64>,
    addressed: Option<i64>,
    site: Option<i64>,
    language: Option<(String, &'static str)>,
}

fn lookups(raw: &RawQuery, snapshot: &Snapshot, now: DateTime<Utc>) -> std::result::Result<Found, FieldErrors> {
    let (mut errors, catalogue) = (FieldErrors::default(), &snapshot.catalogue);
    let given = |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let site = given(&raw.site).and_then(|slug| {
        let found = catalogue.site_by_slug(&slug);
        if found.is_none() {
            errors.add("site", "unknown_choice");
        }
        found
    });
    let person = raw.operator_id.and_then(|id| {
        let found = snapshot.prepared.roster.person(id);
        if found.is_none() {
            errors.add("operator_id", "unknown_choice");
        }
        found
    });
    let offered = site.map(|row| row.site.departments.as_slice());
    let named = given(&raw.department).or_else(|| match offered {
        // A site with one department needs none named.
        Some([only]) if raw.operator_id.is_none() => Some(only.clone()),
        _ => None,
    });
    let department = named.as_ref().and_then(|slug| catalogue.department_by_slug(slug));
    let is_offered = |slug: &String| offered.is_none_or(|offered| offered.contains(slug));
    match &named {
        Some(slug) if department.is_none() || !is_offered(slug) => errors.add("department", "unknown_choice"),
        None if raw.operator_id.is_none() => errors.add("department", "required"),
        _ => {}
    }
    let channel = Channel::parse(&raw.channel);
    if let Some((department, channel)) = department.zip(channel)
        && !catalogue.channels_of(department).contains(channel)
    {
        errors.add("channel", "channel_unused");
    }
    let clues = Clues {
        url: raw.url.as_deref().unwrap_or_default(),
        accept_language: raw.accept_language.as_deref().unwrap_or_default(),
        country: raw.country.as_deref().unwrap_or_default(),
    };
    let language = site.map(|row| {
        let found = visitor_language(&row.site, &catalogue.offered_languages(), &catalogue.default_language(), clues);
        (found.tag.to_string(), found.from.as_str())
    });
    let own = || {
        let spoken = raw.language.as_deref().map(str::trim).filter(|tag| !tag.is_empty());
        let spoken = spoken.or(language.as_ref().map(|(tag, _)| tag.as_str())).and_then(|tag| LanguageTag::parse(tag).ok());
        let (person, channel) = person.zip(channel)?;
        own_department(snapshot, person, channel, spoken.as_ref(), now)
    };
    let department = department.map(|department| department.id).or_else(own);
    let found = Found { department, addressed: person.map(|person| person.id), site: site.map(|row| row.id), language };
    errors.into_result(found)
}

/// The department in which an operator works a channel: it takes what neither they nor whoever stands in for them can, where a query
/// names none.
pub(super) fn own_department(
    snapshot: &Snapshot,
    person: &Person,
    channel: Channel,
    language: Option<&LanguageTag>,
    now: DateTime<Utc>,
) -> Option<i64> {
    let wanted = Wanted { channel, department: None, addressed: Some(person.id), language, since: now };
    let own = person.memberships.iter().map(|membership| membership.department);
    department_for(&snapshot.prepared, &wanted, own.filter(|id| works(snapshot, person, channel, *id)), now)
}

/// Whether an operator may work a channel in a department that works it.
pub(super) fn works(snapshot: &Snapshot, person: &Person, channel: Channel, department: i64) -> bool {
    let is_worked = snapshot.prepared.roster.world.departments.get(&department).is_some_and(|place| place.channels.contains(channel));
    is_worked && person.switches_in(department).is_some_and(|switches| switches.allowed().contains(channel))
}

/// The row of a new query; none where the organisation does not work its channel.
fn row(new: &NewQuery, raw: &RawQuery, found: Found, snapshot: &Snapshot, now: DateTime<Utc>) -> Option<Query> {
    if !snapshot.catalogue.channels().contains(new.channel) {
        return None;
    }
    let given = new.language.as_ref().map(|tag| (tag.to_string(), "given"));
    let (language, language_from) = match given.or(found.language) {
        Some((tag, from)) => (Some(tag), Some(from.to_owned())),
        None => (raw.text_language.as_ref().map(ToString::to_string), None),
    };
    let headers = raw.mail.as_ref().and_then(|mail| mail.headers.as_ref());
    let empty = Query {
        id: 0,
        source: raw.source.as_str().to_owned(),
        channel: new.channel.as_str().to_owned(),
        department_id: found.department,
        addressed_id: found.addressed,
        operator_id: None,
        site_id: found.site,
        language,
        language_from,
        requester_name: new.name.clone(),
        requester_email: new.email.clone(),
        requester_phone: new.phone.clone(),
        sender_key: new.email.as_deref().and_then(sender_key),
        subject: new.subject.clone(),
        body: new.body.clone(),
        automatic: raw.automatic,
        is_mail: raw.mail.is_some(),
        message_id: new.message_id.clone(),
        mail_headers: headers.and_then(|headers| serde_json::to_string(headers).ok()),
        external_id: new.external_id.clone(),
        conversation: None,
        state: String::new(),
        mode: Mode::Message.as_str().to_owned(),
        received_at: Millis(headers.map_or(now, |headers| received_at(headers, now))),
        created_at: Millis(now),
        active_at: Millis(now),
        unanswered_since: None,
        assigned_at: None,
        closed_at: None,
        waiting_since: Millis(now),
        route_at: None,
        classify: false,
        category_id: None,
        classification_note: None,
        classified_at: None,
        transferred_from: "[]".to_owned(),
        trace: "{}".to_owned(),
        version: 1,
    };
    let addressed = found.addressed;
    Some(anew(empty, addressed, now))
}

/// Finds out where a new query goes, and leaves it to be written; nothing where the roster has moved on and must not have.
async fn store(
    ctx: &Ctx,
    tx: &Tx,
    snapshot: &Snapshot,
    actor: &Actor,
    mut new: Query,
    must_stand: bool,
) -> Result<(Option<Posted>, Batch)> {
    let now = ctx.now();
    new.conversation = conversation(ctx, tx, &new).await?;
    let waiting = Waiting::of(&new, &[]);
    let Some(sent) = send(tx, snapshot, new.clone(), &waiting, Some(&actor.name), now).await? else {
        if must_stand {
            return Ok((None, Batch::default()));
        }
        new.id = queries::next_id(tx).await?;
        let mut left = Batch::default();
        queries::insert(&mut left, &new);
        let received = Note { department_id: new.department_id, operator_id: new.addressed_id, ..Note::new(EventKind::Received) };
        queries::note(&mut left, new.id, vec![received], &actor.name, now);
        let auto_reply = answer(ctx, tx, snapshot, &new, &mut left, None).await?;
        return Ok((Some(Posted { query: new, offered_to: Vec::new(), trace: Trace::default(), auto_reply }), left));
    };
    let Sent { query, offered_to, trace, route, mut left } = sent;
    let auto_reply = answer(ctx, tx, snapshot, &query, &mut left, stands_in(&query, &offered_to, &route)).await?;
    Ok((Some(Posted { query, offered_to, trace, auto_reply }), left))
}

/// Who takes care of a query instead: whoever has it, or the deputy for whom alone it rings. What rings for a department is nobody's yet.
fn stands_in(query: &Query, offered_to: &[i64], route: &Route) -> Option<i64> {
    let is_deputy = |id: i64| route.looks.iter().any(|look| look.operator == id && matches!(look.via, Via::Deputy(_)));
    let ringing = match offered_to {
        [only] if is_deputy(*only) => Some(*only),
        _ => None,
    };
    query.operator_id.or(ringing).filter(|id| query.addressed_id != Some(*id))
}

/// Lets whoever the query was sent to answer by itself, if they were away (AB-2), once what is left of the query is written.
async fn answer(ctx: &Ctx, tx: &Tx, snapshot: &Snapshot, query: &Query, left: &mut Batch, deputy_id: Option<i64>) -> Result<Answered> {
    let Some(operator_id) = query.addressed_id else { return Ok(Answered::NOT_ABSENT) };
    take(left).run_at_once(tx).await?;
    let incoming = Incoming { query, operator_id, deputy_id, transferred: false, now: query.created_at.0 };
    answered(ctx, tx, &snapshot.catalogue, &incoming).await
}

/// Judges the automatic reply of an operator, and notes on the query what became of it.
pub(super) async fn answered(ctx: &Ctx, tx: &Tx, catalogue: &Catalogue, incoming: &Incoming<'_>) -> Result<Answered> {
    let answered = auto_replies::answer(ctx, tx, catalogue, incoming).await?;
    let (kind, note) = match &answered {
        Answered::Sent => (EventKind::Replied, None),
        Answered::Withheld(_, Reason::NotAbsent) => return Ok(answered),
        Answered::Withheld(rule, reason) => (EventKind::NotReplied, Some(reason.words(*rule).to_owned())),
        Answered::ToShow(_) => (EventKind::NotReplied, Some(Reason::NoAddress.as_str().to_owned())),
    };
    let mut batch = Batch::default();
    queries::note(&mut batch, incoming.query.id, vec![Note { note, ..Note::of(kind, incoming.operator_id) }], "", incoming.now);
    batch.run(tx).await?;
    Ok(answered)
}

/// What the query goes on with: mails with those they answer, others with those of the same outside id. What somebody who may be away is
/// asked begins a conversation, so that the customer's answer to their automatic reply goes on with it (N17).
async fn conversation(ctx: &Ctx, tx: &Tx, new: &Query) -> Result<Option<String>> {
    let known = match new.is_mail {
        true => queries::conversation_of(tx, &answers(&new.headers())).await?.or_else(|| new.message_id.clone()),
        false => new.external_id.as_ref().map(|id| format!("external:{id}")),
    };
    if known.is_some() || new.addressed_id.is_none() || new.requester_email.is_none() {
        return Ok(known);
    }
    Ok(Some(format!("query:{}", uuid_v7(new.created_at.0, &*ctx.random).map_err(AppError::unexpected)?)))
}

/// The mails that a mail answers (RFC 5322 `In-Reply-To` and `References`), as many as a thread may well have.
fn answers(headers: &[(String, String)]) -> Vec<String> {
    let fields = values(headers, "in-reply-to").chain(values(headers, "references"));
    fields.flat_map(message_ids).take(100).collect()
}
