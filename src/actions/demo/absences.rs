//! Absences of the demonstration: three weeks of past ones, running ones with a chain of deputies, planned ones; and the categories.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, TimeDelta};

use super::{PEOPLE, email};
use crate::actions::{Actor, Ctx, absences, categories};
use crate::domain::absence::{RawAbsence, RawText};
use crate::domain::category::RawCategory;
use crate::error::Result;
use crate::store::operators as stored;

/// Mailbox, first and last day counted from today, kind, mailbox of the deputy, note.
type Away = (&'static str, i64, i64, &'static str, &'static str, &'static str);

/// Lucien is away with Fatoumata as deputy, who is away with Minh Châu as hers: who is there takes what is sent to either.
const AWAY: &[Away] = &[
    ("jonas.feldmann", -20, -16, "holiday", "declan.shaw", ""),
    ("tomasz.gruszecki", -18, -17, "sick", "", ""),
    ("amelie.toussaint", -13, -9, "leave", "yara.haddadin", "Training in Lyon"),
    ("gareth.pryce", -12, -12, "other", "", "Trade fair"),
    ("sakura.fujimori", -8, -4, "holiday", "chiamaka.okonjo", ""),
    ("marisol.quintanar", -5, -5, "sick", "", ""),
    ("lucien.desrosiers", -2, 5, "holiday", "fatoumata.diallo", "Walking in the Alps, no telephone"),
    ("fatoumata.diallo", -1, 2, "leave", "minh.chau", ""),
    ("soren.lindgaard", 0, 1, "sick", "ottoline.hargreave", ""),
    ("pablo.iriarte", -6, 3, "holiday", "", ""),
    ("leire.etxaniz", 4, 11, "holiday", "wilhelmina.oster", ""),
    ("wilhelmina.oster", 6, 9, "holiday", "leire.etxaniz", ""),
    ("solene.aubertin", 8, 12, "leave", "bernat.colomer", ""),
    ("annelie.brueckner", 12, 23, "holiday", "oluwaseun.adebanjo", "Back before the new year"),
    ("mateo.zubizarreta", 15, 19, "holiday", "ximena.barragan", ""),
    ("yara.haddadin", 20, 34, "holiday", "amelie.toussaint", ""),
];

/// Who is away for an afternoon.
const AFTERNOON: &str = "priya.venkatarao";

/// Names of categories in the language of the organisation, in French, Spanish and German.
const CATEGORIES: [[&str; 4]; 6] = [
    ["Delivery", "Livraison", "Entrega", "Lieferung"],
    ["Returns", "Retours", "Devoluciones", "Rückgabe"],
    ["Sizes", "Tailles", "Tallas", "Größen"],
    ["Payment", "Paiement", "Pago", "Zahlung"],
    ["Repairs", "Réparations", "Reparaciones", "Reparatur"],
    ["Something else", "Autre chose", "Otra cosa", "Anderes"],
];

/// Loads all of it.
pub(super) async fn load(ctx: &Ctx, console: &Actor) -> Result<()> {
    for [name, others @ ..] in CATEGORIES {
        let texts = ["fr", "es", "de"].into_iter().zip(others).map(|(tag, text)| (tag.to_owned(), text.to_owned()));
        let raw = RawCategory { name: Some(name.to_owned()), name_texts: Some(texts.collect()) };
        categories::create(ctx, console.may()?, &raw).await?;
    }
    let all = stored::after(ctx.store.read(), &stored::Filter::default(), ctx.now(), 0, 200).await?;
    let id = |mailbox: &str| {
        let address = PEOPLE.iter().find(|person| person.mailbox == mailbox).map(email)?;
        all.iter().find(|operator| operator.email == address).map(|operator| operator.id)
    };
    let today = ctx.now().date_naive();
    for (mailbox, from, to, kind, deputy, note) in AWAY {
        let Some(operator_id) = id(mailbox) else { continue };
        let raw = RawAbsence {
            starts_on: Some(day(today, *from)),
            ends_on: Some(day(today, *to)),
            kind: Some((*kind).to_owned()),
            reply_frequency: Some(if *kind == "holiday" { "daily" } else { "every_query" }.to_owned()),
            deputy_id: id(deputy).map(|id| id.to_string()),
            note: Some((*note).to_owned()),
            texts: (*mailbox == "lucien.desrosiers").then(own_texts),
            ..RawAbsence::default()
        };
        absences::create(ctx, console, operator_id, &raw).await?;
    }
    if let Some(operator_id) = id(AFTERNOON) {
        let at = |hours: i64| Some((ctx.now() + TimeDelta::days(1) + TimeDelta::hours(hours)).to_rfc3339());
        let raw = RawAbsence { starts_at: at(2), ends_at: at(5), kind: Some("other".to_owned()), ..RawAbsence::default() };
        absences::create(ctx, console, operator_id, &raw).await?;
    }
    if let Some(operator_id) = id("solene.aubertin") {
        absences::set_reply_texts(ctx, console, operator_id, None, &default_texts()).await?;
    }
    Ok(())
}

fn day(today: NaiveDate, days: i64) -> String {
    let whole = Days::new(days.unsigned_abs());
    let day = if days < 0 { today.checked_sub_days(whole) } else { today.checked_add_days(whole) };
    day.unwrap_or(today).to_string()
}

fn texts(all: &[(&str, &str, &str)]) -> BTreeMap<String, RawText> {
    let text = |(tag, subject, body): &(&str, &str, &str)| {
        ((*tag).to_owned(), RawText { subject: (*subject).to_owned(), body: (*body).to_owned() })
    };
    all.iter().map(text).collect()
}

/// Of one absence.
fn own_texts() -> BTreeMap<String, RawText> {
    texts(&[
        (
            "en",
            "{$operator} is in the mountains",
            "Hello,\n\nI am walking in the Alps and back on {$firstDayBack}. {$deputy} looks after your message {$reference} meanwhile.\n\n{$operator}",
        ),
        (
            "fr",
            "{$operator} est en montagne",
            "Bonjour,\n\nJe marche dans les Alpes et serai de retour le {$firstDayBack}. {$deputy} s’occupe de votre message {$reference} d’ici là.\n\n{$operator}",
        ),
    ])
}

/// Of an operator, for every absence.
fn default_texts() -> BTreeMap<String, RawText> {
    texts(&[(
        "fr",
        "{$operator} est absente jusqu’au {$firstDayBack}",
        "Bonjour,\n\nMerci pour votre message {$reference}. Le service {$department} s’en occupe.\n\n{$operator}, {$organisation}",
    )])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_away_twice_at_once_and_a_deputy_stands_in_for_a_deputy() {
        let mut seen: BTreeMap<&str, Vec<(i64, i64)>> = BTreeMap::new();
        for (mailbox, from, to, _, deputy, _) in AWAY {
            assert!(from <= to && mailbox != deputy, "{mailbox}");
            assert!(PEOPLE.iter().any(|person| person.mailbox == *mailbox), "{mailbox}");
            assert!(deputy.is_empty() || PEOPLE.iter().any(|person| person.mailbox == *deputy), "{deputy}");
            let all = seen.entry(mailbox).or_default();
            assert!(all.iter().all(|(first, last)| to < first || last < from), "{mailbox} is away twice");
            all.push((*from, *to));
        }
        let running = |mailbox: &str| AWAY.iter().find(|(who, from, to, ..)| *who == mailbox && *from <= 0 && 0 <= *to);
        let first = running("lucien.desrosiers").unwrap();
        let second = running(first.4).unwrap();
        assert!(running(second.4).is_none(), "the last deputy is there");
    }
}
