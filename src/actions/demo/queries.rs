//! Queries of the demonstration: three weeks of closed ones, and some that came this minute and went where the rules send them.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveTime, TimeDelta, Utc, Weekday};

use crate::actions::queries::{RawMail, RawQuery, Side, Source, act, post};
use crate::actions::{Actor, Ctx};
use crate::domain::channel::Channel;
use crate::domain::query::EventKind;
use crate::error::Result;
use crate::store::queries::{self, Note, Query};
use crate::store::work::{self, Change};
use crate::store::{Batch, Millis, Tx, categories, operators};

/// Days that are told of.
const DAYS: i64 = 21;
/// Queries of a working day; at weekends there are a third of them.
const A_DAY: i64 = 12;

/// Language, subject and body of what customers of an outfitter write.
const ASKED: [(&str, &str, &str); 10] = [
    ("en", "Zip of a rain jacket", "The zip of the jacket broke after a week. Can it be mended?"),
    ("fr", "Taille des chaussures", "Bonjour, la pointure 42 correspond-elle à un 8 britannique ?"),
    ("es", "Pedido retrasado", "Mi pedido debía llegar el lunes y todavía no ha llegado."),
    ("en", "Return of a tent", "I would like to return a tent that I have not opened."),
    ("de", "Rechnung fehlt", "Guten Tag, mir fehlt die Rechnung zu meiner letzten Bestellung."),
    ("en", "Gift voucher", "How long is a gift voucher good for?"),
    ("fr", "Changer l’adresse de livraison", "Puis-je changer l’adresse tant que le colis n’est pas parti ?"),
    ("es", "Talla de la mochila", "¿Qué talla de mochila necesito para 1,62 m?"),
    ("en", "Payment was declined", "My card was declined twice although it works elsewhere."),
    ("de", "Ersatzteil für Kocher", "Gibt es den Brenner des Kochers auch einzeln?"),
];

/// First names of customers; nobody is meant.
const NAMES: [&str; 8] = ["Robin", "Camille", "Alex", "Sascha", "Andrea", "Noa", "Kim", "Jules"];

/// Loads all of them.
pub(super) async fn load(ctx: &Ctx, console: &Actor) -> Result<()> {
    let (snapshot, now) = (ctx.roster().await?, ctx.now());
    let categories: Vec<i64> = categories::all(ctx.store.read()).await?.iter().map(|category| category.id).collect();
    let roster = &snapshot.prepared.roster;
    let mut past = Vec::new();
    for days in (1..=DAYS).rev() {
        let day = (now - TimeDelta::days(days)).date_naive();
        let is_weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        for number in 0..if is_weekend { A_DAY / 3 } else { A_DAY } {
            let turn = days * 17 + number * 5;
            let Some(department) = pick(&snapshot.catalogue.departments, turn) else { continue };
            let channel = Channel::ALL.into_iter().filter(|channel| snapshot.catalogue.channels_of(department).contains(*channel));
            let Some(channel) = pick(&channel.collect::<Vec<_>>(), number).copied() else { continue };
            let members = roster.places_in(Some(department.id)).filter_map(|place| roster.people().get(place));
            let members: Vec<_> = members.filter(|person| person.account.activated && !person.account.suspended).collect();
            let Some(person) = pick(&members, turn + number) else { continue };
            let minute = TimeDelta::minutes(8 * 60 + number * 43 % (10 * 60)) + TimeDelta::seconds(turn * 7 % 60);
            let came = day.and_time(NaiveTime::MIN).and_utc() + minute;
            past.push(closed(&Told { turn, channel, department: department.id, operator: person.id, came, categories: &categories }));
        }
    }
    ctx.store.write(async |tx| write(tx, &past).await).await?;
    let sent = [("chat", 0), ("ticket", 1), ("call", 2), ("chat", 3), ("ticket", 4), ("chat", 5), ("ticket", 6), ("call", 7), ("chat", 8)];
    for (place, (channel, turn)) in sent.into_iter().enumerate() {
        let department = pick(&snapshot.catalogue.departments, turn).map(|department| department.facts.slug.clone());
        // A department that does not work the channel is left out.
        let works = department.as_deref().and_then(|slug| snapshot.catalogue.department_by_slug(slug));
        let works = works.zip(Channel::parse(channel)).is_some_and(|(one, channel)| snapshot.catalogue.channels_of(one).contains(channel));
        let (language, subject, body) = ASKED.get(place % ASKED.len()).copied().unwrap_or_default();
        if works {
            let customer = NAMES.get(place % NAMES.len()).copied().unwrap_or_default();
            let raw = RawQuery {
                channel: channel.to_owned(),
                department,
                language: Some(language.to_owned()),
                name: Some(customer.to_owned()),
                email: Some(format!("{}@customer.example", customer.to_lowercase())),
                subject: subject.to_owned(),
                body: body.to_owned(),
                ..RawQuery::default()
            };
            let posted = post(ctx, console, raw).await?;
            // Somebody said a word already, so that nobody goes away for want of one.
            if posted.query.operator_id.is_some() {
                act(ctx, console, posted.query.id, Side::Operator).await?;
            }
        }
    }
    to_the_absent(ctx, console).await
}

/// Mails to people who are away: their deputies have them, the customers an automatic reply, but for the newsletter.
async fn to_the_absent(ctx: &Ctx, console: &Actor) -> Result<()> {
    let (snapshot, now) = (ctx.roster().await?, ctx.now());
    let away =
        snapshot.prepared.roster.people().iter().filter(|person| person.absence_at(now).is_some_and(|absence| absence.deputy.is_some()));
    for (place, person) in away.take(3).enumerate() {
        let Some(operator) = operators::find(ctx.store.read(), person.id).await? else { continue };
        let (language, subject, body) = ASKED.get(place * 2 + 1).copied().unwrap_or_default();
        let customer = NAMES.get(place).copied().unwrap_or_default().to_lowercase();
        let list = (place == 1).then(|| ("List-Id".to_owned(), "<news.customer.example>".to_owned()));
        let headers = [("To".to_owned(), operator.email)].into_iter().chain(list).collect();
        let raw = RawQuery {
            source: Source::Mail,
            channel: "ticket".to_owned(),
            operator_id: Some(person.id),
            language: Some(language.to_owned()),
            name: Some(customer.clone()),
            email: Some(format!("{customer}@customer.example")),
            subject: subject.to_owned(),
            body: body.to_owned(),
            mail: Some(RawMail { message_id: Some(format!("<demo-{place}@customer.example>")), headers: Some(headers) }),
            ..RawQuery::default()
        };
        post(ctx, console, raw).await?;
    }
    Ok(())
}

fn pick<T>(all: &[T], turn: i64) -> Option<&T> {
    let place = turn.unsigned_abs() % u64::try_from(all.len()).ok().filter(|len| *len > 0)?;
    all.get(usize::try_from(place).ok()?)
}

/// A query of the past.
struct Told<'a> {
    turn: i64,
    channel: Channel,
    department: i64,
    operator: i64,
    came: DateTime<Utc>,
    categories: &'a [i64],
}

fn closed(told: &Told<'_>) -> Query {
    let (language, subject, body) = pick(&ASKED, told.turn).copied().unwrap_or_default();
    let customer = pick(&NAMES, told.turn * 3).copied().unwrap_or_default();
    let taken = told.came + TimeDelta::seconds(20 + told.turn % 160);
    let over = taken + TimeDelta::minutes(4 + told.turn % 35);
    let classified = told.turn % 3 == 0 && !told.categories.is_empty();
    let email = format!("{}.{}@customer.example", customer.to_lowercase(), told.turn);
    Query {
        id: 0,
        source: "api".to_owned(),
        channel: told.channel.as_str().to_owned(),
        department_id: Some(told.department),
        addressed_id: None,
        operator_id: Some(told.operator),
        site_id: None,
        language: Some(language.to_owned()),
        language_from: Some("given".to_owned()),
        requester_name: Some(customer.to_owned()),
        sender_key: Some(email.clone()),
        requester_email: Some(email),
        requester_phone: None,
        subject: subject.to_owned(),
        body: body.to_owned(),
        automatic: false,
        is_mail: false,
        message_id: None,
        mail_headers: None,
        external_id: None,
        conversation: None,
        state: "closed".to_owned(),
        mode: "live".to_owned(),
        received_at: Millis(told.came),
        created_at: Millis(told.came),
        active_at: Millis(over),
        unanswered_since: None,
        assigned_at: Some(Millis(taken)),
        closed_at: Some(Millis(over)),
        waiting_since: Millis(told.came),
        route_at: None,
        classify: classified || told.turn % 11 == 0,
        category_id: pick(told.categories, told.turn).copied().filter(|_| classified),
        classification_note: None,
        classified_at: classified.then_some(Millis(over + TimeDelta::minutes(1))),
        transferred_from: "[]".to_owned(),
        trace: "{}".to_owned(),
        version: 1,
    }
}

async fn write(tx: &Tx, past: &[Query]) -> Result<()> {
    let mut last: HashMap<i64, DateTime<Utc>> = HashMap::new();
    for query in past {
        let (Some(operator), Some(taken), Some(over)) = (query.operator_id, query.assigned_at, query.closed_at) else { continue };
        let (mut batch, id) = (Batch::default(), queries::next_id(tx).await?);
        queries::insert(&mut batch, &Query { id, ..query.clone() });
        let received = Note { department_id: query.department_id, ..Note::new(EventKind::Received) };
        queries::note(&mut batch, id, vec![received], "", query.created_at.0);
        queries::note(&mut batch, id, vec![Note::of(EventKind::Assigned, operator)], "", taken.0);
        queries::begin_dialog(&mut batch, id, operator, taken.0);
        queries::end_dialog(&mut batch, id, over.0);
        queries::note(&mut batch, id, vec![Note::of(EventKind::Closed, operator)], "", over.0);
        batch.run(tx).await?;
        last.insert(operator, over.0);
    }
    let mut batch = Batch::default();
    for (operator, at) in last {
        work::touch(&mut batch, &[operator], Change::Closed, at);
    }
    Ok(batch.run(tx).await?)
}
