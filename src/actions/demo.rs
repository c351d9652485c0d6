//! The demonstration organisation: everything in it is invented, and it is the same every time.

mod absences;
mod departments;
mod hours;
mod queries;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use chrono_tz::Tz;

use super::audit::{self, Changes, Object};
use super::languages::{self, NewLanguage};
use super::operators::{NewOperator, Profile, create};
use super::roles::{self, NewRole};
use super::{Actor, Ctx, settings, sites};
use crate::domain::operator::{OperatorState, Theme};
use crate::domain::schedule::Shift;
use crate::domain::settings::{OrganisationSettings, RawSettings};
use crate::domain::site::{RawRule, RawSite};
use crate::domain::status::Cause;
use crate::error::{AppError, Result};
use crate::security::random::uuid_v7;
use crate::store::catalogue::Catalogue;
use crate::store::deliveries::{self, Outcome};
use crate::store::operators::{self, Operator};
use crate::store::status_log::{self, Hand};
use crate::store::versions::{self, Counter};
use crate::store::{Tx, accounts, courses};

/// The password of everybody in the demonstration who may sign in.
const PASSWORD: &str = "lantern over calm water";
const DOMAIN: &str = "bright-harbour.example";

/// Fills an empty database with an organisation of 40 operators; returns role, e-mail and password of one a role who may sign in.
///
/// # Errors
/// `Conflict("not-empty")` where there has ever been an operator.
pub async fn load(ctx: &Ctx) -> Result<Vec<(String, String, String)>> {
    if !accounts::is_empty(ctx.store.read()).await? {
        return Err(AppError::Conflict("not-empty"));
    }
    let console = Actor::console();
    let organisation = OrganisationSettings {
        organisation_name: "Bright Harbour Outfitters".to_owned(),
        time_zone: Tz::Europe__Paris,
        ..OrganisationSettings::default()
    };
    settings::change(ctx, console.may()?, None, &RawSettings::from(&organisation)).await?;
    languages::create(ctx, console.may()?, NewLanguage { tag: "de".to_owned(), ..NewLanguage::default() }).await?;
    for (name, copied, more) in [("Night shift lead", "supervisor", "mail.view"), ("Text editor", "agent", "templates.manage")] {
        let new = NewRole { name: name.to_owned(), copy_from: Some(copied.to_owned()), permissions: vec![more.to_owned()] };
        roles::create(ctx, console.may()?, new).await?;
    }
    let catalogue = ctx.present_catalogue().await?;
    add_members(ctx, &console, &catalogue).await?;
    for person in PEOPLE.iter().filter(|person| person.standing == Standing::Failed) {
        create(ctx, console.may()?, invited(person)).await?;
    }
    fail_what_is_queued(ctx).await?;
    for person in PEOPLE.iter().filter(|person| person.standing == Standing::Invited) {
        create(ctx, console.may()?, invited(person)).await?;
    }
    departments::load(ctx, &console).await?;
    hours::load(ctx, &console).await?;
    add_sites(ctx, &console).await?;
    put_on_statuses(ctx).await?;
    absences::load(ctx, &console).await?;
    queries::load(ctx, &console).await?;
    let mut shown = Vec::new();
    for role in &catalogue.roles {
        if let Some(person) = PEOPLE.iter().find(|person| person.role == role.slug && person.standing == Standing::Active) {
            shown.push((role.name.clone(), email(person), PASSWORD.to_owned()));
        }
    }
    Ok(shown)
}

/// What visitors of the help pages read while nobody receives.
const HELP_MESSAGES: [(&str, &str); 4] = [
    ("en", "Look through the help pages meanwhile; we answer your message on the next working day."),
    ("fr", "Parcourez les pages d’aide en attendant ; nous répondons à votre message le prochain jour ouvré."),
    ("es", "Mientras tanto consulte las páginas de ayuda; respondemos a su mensaje el siguiente día laborable."),
    ("de", "Sehen Sie inzwischen die Hilfeseiten durch; wir antworten am nächsten Werktag auf Ihre Nachricht."),
];

/// The shop and the help pages of the organisation; the shop offers every department, the help pages the first ones.
async fn add_sites(ctx: &Ctx, console: &Actor) -> Result<()> {
    let catalogue = ctx.present_catalogue().await?;
    let offered: Vec<String> = catalogue.departments.iter().map(|department| department.facts.slug.clone()).collect();
    let texts = |all: &[&str]| Some(all.iter().map(|text| (*text).to_owned()).collect());
    let pairs = |all: &[(&str, &str)]| Some(all.iter().map(|(country, tag)| ((*country).to_owned(), (*tag).to_owned())).collect());
    let rules = |kind: &str, all: &[(&str, &str)]| {
        let rule = |(value, tag): &(&str, &str)| RawRule { kind: kind.to_owned(), value: (*value).to_owned(), language: (*tag).to_owned() };
        Some(all.iter().map(rule).collect())
    };
    let shop = RawSite {
        name: Some("Online shop".to_owned()),
        hosts: texts(&["shop.bright-harbour.example", "*.shop.bright-harbour.example"]),
        departments: Some(offered.clone()),
        url_rules: rules("path", &[("/fr", "fr"), ("/es", "es"), ("/de", "de")]),
        countries: pairs(&[("AT", "de"), ("BE", "fr"), ("DE", "de"), ("ES", "es"), ("FR", "fr"), ("MX", "es")]),
        fixed: Some("en".to_owned()),
        ..RawSite::default()
    };
    let help = RawSite {
        name: Some("Help pages".to_owned()),
        hosts: texts(&["help.bright-harbour.example"]),
        departments: Some(offered.into_iter().take(3).collect()),
        language_order: texts(&["browser", "url"]),
        url_rules: rules("query", &[("lang=fr", "fr"), ("lang=es", "es"), ("lang=de", "de")]),
        message_texts: Some(HELP_MESSAGES.iter().map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned())).collect()),
        ..RawSite::default()
    };
    for site in [&shop, &help] {
        sites::create(ctx, console.may()?, site).await?;
    }
    Ok(())
}

/// Places in the order of the shipped statuses, worn in turn: most people are online, some busy, on break, invisible or offline.
const WORN: [usize; 10] = [0, 0, 1, 0, 2, 0, 4, 0, 3, 0];

/// What somebody did during a shift: on with its start, once busy, once on a break, off with its end.
fn worked(catalogue: &Catalogue, shift: &Shift<'_>, place: i64) -> Vec<(i64, DateTime<Utc>, Cause)> {
    let named = catalogue.organisation.named_statuses();
    let status = |place: usize| catalogue.statuses.get(place).map_or(named.online, |status| status.id);
    let late = TimeDelta::minutes((i64::from(shift.day.ordinal()) * 13 + place * 17) % 37);
    let (busy, rest) = (shift.start + (shift.end - shift.start) / 4 + late, shift.start + (shift.end - shift.start) / 2 + late);
    let between = [
        (status(1), busy, Cause::Own),
        (named.online, busy + TimeDelta::minutes(20), Cause::Own),
        (status(2), rest, Cause::Own),
        (named.online, rest + TimeDelta::minutes(25), Cause::Own),
    ];
    let is_long = shift.end - shift.start >= TimeDelta::hours(4);
    let between = between.into_iter().filter(|_| is_long);
    let (on, off) = ((named.online, shift.start, Cause::Schedule), (named.offline, shift.end, Cause::Schedule));
    std::iter::once(on).chain(between).chain([off]).collect()
}

/// Everybody who may sign in has worked their shifts of three weeks, and has switched their status within the last hours of the present
/// one; outside of it they went offline at its end.
async fn put_on_statuses(ctx: &Ctx) -> Result<()> {
    let (catalogue, now) = (ctx.present_catalogue().await?, ctx.now());
    let all = operators::after(ctx.store.read(), &operators::Filter::default(), now, 0, 100).await?;
    let facts = courses::read(ctx.store.read(), &all, now).await?;
    let active = all.iter().filter(|operator| operator.state(now) == OperatorState::Active);
    ctx.store
        .write(async |tx: &Tx| {
            for (place, operator) in (1_i64..).zip(active.clone()) {
                let here = catalogue.written(operator);
                let chosen = usize::try_from(place).ok().and_then(|place| WORN.get(place % WORN.len()));
                let Some(status) = chosen.and_then(|place| catalogue.statuses.get(*place)) else { continue };
                let since = now - TimeDelta::minutes(7 + 23 * place % 240);
                let hours = facts.course(&catalogue, operator).hours;
                let within = hours.is_within(now);
                let named = catalogue.organisation.named_statuses();
                let mut shifts = hours.shifts_between(now - TimeDelta::days(21), now);
                let last = shifts.pop();
                let mut switches: Vec<(i64, DateTime<Utc>, Cause)> =
                    shifts.iter().flat_map(|shift| worked(&catalogue, shift, place)).filter(|(_, since, _)| *since > here.since).collect();
                switches.extend(match (within.now, last) {
                    (true, Some(shift)) if since < shift.start => vec![(named.online, shift.start, Cause::Schedule)],
                    (true, Some(shift)) => vec![(named.online, shift.start, Cause::Schedule), (status.id, since, Cause::Own)],
                    (false, Some(shift)) => vec![(named.online, shift.start, Cause::Schedule), (named.offline, shift.end, Cause::Schedule)],
                    (_, None) => vec![(status.id, since, Cause::Own)],
                });
                let mut here = here;
                for (to, since, cause) in switches {
                    let (hand, set_by) = match cause {
                        Cause::Own => (Hand { kind: "operator", id: Some(operator.id), name: operator.name.clone() }, &*operator.name),
                        _ => (Hand { kind: "system", id: None, name: String::new() }, ""),
                    };
                    let Some(next) = here.switched(to, None, since, cause, set_by) else { continue };
                    let name = catalogue.status(to).map(|status| status.facts.name.clone()).unwrap_or_default();
                    status_log::wear(tx, operator.id, here.status_id, &next, &name, &hand).await?;
                    here = next;
                }
            }
            Ok(())
        })
        .await
}

/// Those who have a password, or once had an invitation: written at once, with one hash for all.
async fn add_members(ctx: &Ctx, console: &Actor, catalogue: &Catalogue) -> Result<()> {
    let hash = ctx.passwords.hash(PASSWORD).await.map_err(AppError::unexpected)?;
    let members = (1..).zip(PEOPLE).filter(|(_, person)| !matches!(person.standing, Standing::Invited | Standing::Failed));
    let members: Vec<Operator> = members.map(|(place, person)| member(ctx, catalogue, place, person)).collect();
    ctx.store
        .write(async |tx: &Tx| {
            if !accounts::is_empty(tx).await? {
                return Err(AppError::Conflict("not-empty"));
            }
            for member in &members {
                let id = operators::insert(tx, member, member.activated_at.map(|_| hash.as_str())).await?;
                let mut changes = Changes::default();
                changes.set("name", &member.name);
                changes.set("email", &member.email);
                changes.set("role", &member.role_slug);
                audit::record(ctx, tx, console, "operator.created", Object::new("operator", id, &member.name), changes).await?;
            }
            Ok(versions::touch(tx, Counter::Operators).await?)
        })
        .await
}

fn member(ctx: &Ctx, catalogue: &Catalogue, place: i64, person: &Person) -> Operator {
    let now = ctx.now();
    let ago = |hours: i64| Some(now - TimeDelta::hours(hours));
    let is_active = person.standing != Standing::Expired;
    Operator {
        name: person.name.to_owned(),
        alias: some(person.alias),
        email: email(person),
        role_id: catalogue.role_by_slug(person.role).map_or(0, |role| role.id),
        role_slug: person.role.to_owned(),
        phone: some(person.phone),
        time_zone: some(person.time_zone),
        locale: person.languages.split(' ').find(|tag| ["en", "fr", "es"].contains(tag)).map(str::to_owned),
        theme: (if place % 4 == 1 { Theme::Dark } else { Theme::System }).as_str().to_owned(),
        preset: some(person.preset),
        max_chat_load: (place % 4 != 0).then_some(2 + place % 3),
        priority: 10 * (1 + place % 9),
        // Nobody sits before the panels of these people, so most answer from a telephone on the desk: else all would go offline at once.
        presence_required: place % 10 == 7,
        help_when_invisible: place % 8 == 3,
        no_answer_minutes: (place % 5 == 0).then_some(3),
        idle_minutes: (place % 12 == 0).then_some(20),
        classify_after: place % 3 == 0,
        do_not_disturb: place % 13 == 5,
        to_solve_only: place % 11 == 9,
        activated_at: ago(24 * (300 - 7 * place)).filter(|_| is_active),
        suspended_at: ago(24 * 9).filter(|_| person.standing == Standing::Suspended),
        invitation_expires_at: ago(24 * 3).filter(|_| !is_active),
        last_sign_in_at: ago(place * place % 53).filter(|_| is_active),
        created_at: now - TimeDelta::hours(24 * (301 - 7 * place)),
        languages: person.languages.split(' ').map(str::to_owned).collect(),
        job_positions: job_positions(person),
        ..Operator::default()
    }
}

fn invited(person: &Person) -> NewOperator {
    let profile = Profile {
        name: Some(person.name.to_owned()),
        email: Some(email(person)),
        role: Some(person.role.to_owned()),
        languages: Some(person.languages.split(' ').map(str::to_owned).collect()),
        job_position: Some(job_positions(person).into_iter().collect()),
        preset: Some(person.preset.to_owned()),
        ..Profile::default()
    };
    NewOperator { profile, ..NewOperator::default() }
}

/// The mails queued so far are ones that no server takes.
async fn fail_what_is_queued(ctx: &Ctx) -> Result<()> {
    let lease = uuid_v7(ctx.now(), &*ctx.random).map_err(AppError::unexpected)?.to_string();
    let refused = Outcome::Failed("550 5.1.1 There is no such mailbox here".to_owned());
    ctx.store
        .write(async |tx: &Tx| {
            for mail in deliveries::claim(tx, ctx.now(), &lease, 10).await? {
                deliveries::finish(tx, &mail, &lease, &refused, ctx.now()).await?;
            }
            Ok(())
        })
        .await
}

fn email(person: &Person) -> String {
    format!("{}@{DOMAIN}", person.mailbox)
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// The position in every language the person assists in; one is forgotten, as it happens (OP-4).
fn job_positions(person: &Person) -> Vec<(String, String)> {
    let told = POSITIONS.iter().filter(|(position, ..)| *position == person.position);
    let spoken = told.filter(|(_, tag, _)| person.languages.split(' ').any(|spoken| spoken == *tag));
    let kept = spoken.filter(|(_, tag, _)| !(person.mailbox == FORGETFUL && *tag == "de"));
    let mut texts: Vec<(String, String)> = kept.map(|(_, tag, text)| ((*tag).to_owned(), (*text).to_owned())).collect();
    texts.sort();
    texts
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Active,
    Suspended,
    Expired,
    Invited,
    Failed,
}

struct Person {
    name: &'static str,
    alias: &'static str,
    mailbox: &'static str,
    role: &'static str,
    position: &'static str,
    languages: &'static str,
    phone: &'static str,
    time_zone: &'static str,
    preset: &'static str,
    standing: Standing,
}

const FORGETFUL: &str = "jonas.feldmann";

const POSITIONS: &[(&str, &str, &str)] = &[
    ("lead", "en", "Head of customer care"),
    ("lead", "fr", "Responsable du service client"),
    ("lead", "es", "Responsable de atención al cliente"),
    ("lead", "de", "Leitung Kundenbetreuung"),
    ("team", "en", "Team lead"),
    ("team", "fr", "Chef d’équipe"),
    ("team", "es", "Jefatura de equipo"),
    ("team", "de", "Teamleitung"),
    ("orders", "en", "Orders and returns"),
    ("orders", "fr", "Commandes et retours"),
    ("orders", "es", "Pedidos y devoluciones"),
    ("orders", "de", "Bestellungen und Rückgaben"),
    ("sizes", "en", "Sizes and fitting"),
    ("sizes", "fr", "Tailles et essayage"),
    ("sizes", "es", "Tallas y ajuste"),
    ("sizes", "de", "Größen und Passform"),
    ("repairs", "en", "Repairs and care"),
    ("repairs", "fr", "Réparations et entretien"),
    ("repairs", "es", "Reparaciones y cuidado"),
    ("repairs", "de", "Reparatur und Pflege"),
];

/// One row a person: name, alias, mailbox, role, position, languages, telephone, zone, preset picture.
const fn person(row: [&'static str; 9], standing: Standing) -> Person {
    let [name, alias, mailbox, role, position, languages, phone, time_zone, preset] = row;
    Person { name, alias, mailbox, role, position, languages, phone, time_zone, preset, standing }
}

#[rustfmt::skip]
const PEOPLE: &[Person] = &[
    person(["Élodie Marchetti", "", "elodie.marchetti", "owner", "lead", "fr en", "+33 1 99 00 12 01", "Europe/Paris", "fox"], Standing::Active),
    person(["Gareth Pryce-Nolan", "Gareth", "gareth.pryce", "owner", "lead", "en", "+44 20 7946 0102", "Europe/London", ""], Standing::Active),
    person(["Inés Valcárcel Roldán", "", "ines.valcarcel", "admin", "lead", "es en fr", "+34 910 555 103", "Europe/Madrid", "owl"], Standing::Active),
    person(["Haruto Minagawa", "Haru", "haruto.minagawa", "admin", "team", "en", "", "Asia/Tokyo", "penguin"], Standing::Active),
    person(["Annelie Brückner", "", "annelie.brueckner", "supervisor", "team", "de en", "+49 30 23125 105", "Europe/Paris", "bun"], Standing::Active),
    person(["Thierry Lavandier", "", "thierry.lavandier", "supervisor", "team", "fr", "+33 1 99 00 12 06", "", ""], Standing::Active),
    person(["Marisol Quintanar", "Marisol", "marisol.quintanar", "supervisor", "team", "es en", "+1 303 555 0107", "America/Mexico_City", "cactus"], Standing::Active),
    person(["Oluwaseun Adebanjo", "Seun", "oluwaseun.adebanjo", "supervisor", "team", "en fr", "", "Europe/London", "bear"], Standing::Active),
    person(["Katarzyna Wroniecka", "Kasia", "katarzyna.wroniecka", "night-shift-lead", "team", "en de", "", "Europe/Paris", "cat"], Standing::Active),
    person(["Rangi Te Koruru", "Rangi", "rangi.tekoruru", "night-shift-lead", "team", "en", "", "", "whale"], Standing::Active),
    person(["Solène Aubertin", "", "solene.aubertin", "text-editor", "orders", "fr en", "+33 1 99 00 12 11", "Europe/Paris", "leaf"], Standing::Active),
    person(["Bernat Colomer Puig", "", "bernat.colomer", "text-editor", "orders", "es fr", "+34 910 555 112", "Europe/Madrid", ""], Standing::Active),
    person(["Priya Venkatarao", "Priya", "priya.venkatarao", "agent", "orders", "en", "+44 20 7946 0113", "Europe/London", "sunflower"], Standing::Active),
    person(["Jonas Feldmann", "", "jonas.feldmann", "agent", "orders", "en de", "+49 30 23125 114", "", "frog"], Standing::Active),
    person(["Amélie Toussaint", "Amélie", "amelie.toussaint", "agent", "sizes", "fr", "", "Europe/Paris", "rabbit"], Standing::Active),
    person(["Leire Etxaniz", "", "leire.etxaniz", "agent", "repairs", "es fr en", "+34 910 555 116", "Europe/Madrid", ""], Standing::Active),
    person(["Declan Moriarty-Shaw", "Dec", "declan.shaw", "agent", "orders", "en", "+44 20 7946 0117", "Europe/London", "mushroom"], Standing::Active),
    person(["Yara Haddadin", "Yara", "yara.haddadin", "agent", "sizes", "en fr", "", "Europe/Paris", "curls"], Standing::Active),
    person(["Mateo Zubizarreta", "", "mateo.zubizarreta", "agent", "orders", "es", "+1 303 555 0119", "America/Mexico_City", ""], Standing::Active),
    person(["Wilhelmina Oster", "Mina", "wilhelmina.oster", "agent", "repairs", "de", "+49 30 23125 120", "", "bee"], Standing::Active),
    person(["Tomasz Gruszecki", "", "tomasz.gruszecki", "agent", "repairs", "en de", "", "Europe/Paris", "panda"], Standing::Active),
    person(["Chiamaka Okonjo", "Chi", "chiamaka.okonjo", "agent", "sizes", "en", "+44 20 7946 0122", "Europe/London", ""], Standing::Active),
    person(["Lucien Desrosiers", "", "lucien.desrosiers", "agent", "orders", "fr en", "", "Europe/Paris", "owl"], Standing::Active),
    person(["Sakura Fujimori", "Sakura", "sakura.fujimori", "agent", "sizes", "en", "", "Asia/Tokyo", "cat"], Standing::Active),
    person(["Ximena Barragán", "Xime", "ximena.barragan", "agent", "orders", "es en", "+1 303 555 0125", "America/Mexico_City", "cactus"], Standing::Active),
    person(["Søren Lindgaard", "", "soren.lindgaard", "agent", "repairs", "en de", "", "", ""], Standing::Active),
    person(["Fatoumata Diallo", "Fatou", "fatoumata.diallo", "agent", "orders", "fr", "+33 1 99 00 12 27", "Europe/Paris", "sunflower"], Standing::Active),
    person(["Pablo Iriarte Salinas", "", "pablo.iriarte", "agent", "sizes", "es", "+34 910 555 128", "Europe/Madrid", "bear"], Standing::Active),
    person(["Nguyễn Minh Châu", "Châu", "minh.chau", "agent", "orders", "en fr", "", "Europe/Paris", "leaf"], Standing::Active),
    person(["Ottoline Hargreave", "", "ottoline.hargreave", "agent", "repairs", "en", "+44 20 7946 0130", "Europe/London", "fox"], Standing::Active),
    person(["Emre Karasoy", "Emre", "emre.karasoy", "agent", "sizes", "de en", "+49 30 23125 131", "", ""], Standing::Active),
    person(["Clémence Rabeau", "", "clemence.rabeau", "agent", "orders", "fr es", "", "Europe/Paris", "bun"], Standing::Suspended),
    person(["Victor Ainsleigh", "", "victor.ainsleigh", "agent", "sizes", "en", "", "Europe/London", ""], Standing::Suspended),
    person(["Noor van der Hulst", "", "noor.vanderhulst", "agent", "orders", "en de", "", "", "frog"], Standing::Expired),
    person(["Lorenz Achterberg", "", "lorenz.achterberg", "agent", "repairs", "de", "", "", ""], Standing::Failed),
    person(["Maëlys Cordonnier", "", "maelys.cordonnier", "agent", "sizes", "fr", "", "", "rabbit"], Standing::Invited),
    person(["Alejandra Montoro", "", "alejandra.montoro", "agent", "orders", "es", "", "", "bee"], Standing::Invited),
    person(["Samuel Brightwater", "", "samuel.brightwater", "agent", "repairs", "en", "", "", ""], Standing::Invited),
    person(["Greta Sonnleitner", "", "greta.sonnleitner", "supervisor", "team", "de en", "", "", "penguin"], Standing::Invited),
    person(["Idris Benhaddou", "", "idris.benhaddou", "agent", "orders", "fr en", "", "", "whale"], Standing::Invited),
];

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::actions::operators::tests::House;
    use crate::domain::operator::missing_job_positions;
    use crate::security::passwords::Verdict;

    #[tokio::test]
    async fn the_demonstration_shows_every_state_and_all_it_names_may_sign_in() {
        let house = House::new().await;
        let ctx = &house.ctx;
        let shown = load(ctx).await.unwrap();
        let all = operators::after(ctx.store.read(), &operators::Filter::default(), ctx.now(), 0, 100).await.unwrap();
        let mut states = BTreeMap::new();
        for operator in &all {
            *states.entry(operator.state(ctx.now()).as_str()).or_insert(0) += 1;
        }
        assert_eq!(states, BTreeMap::from([("active", 31), ("delivery_failed", 1), ("expired", 1), ("invited", 5), ("suspended", 2)]));
        assert_eq!(all.iter().filter_map(|operator| operator.time_zone.as_deref()).collect::<BTreeSet<_>>().len(), 5);
        assert!(all.iter().all(|operator| operator.created_at <= ctx.now() && operator.activated_at <= Some(ctx.now())));
        let lacking = all.iter().filter(|operator| {
            let languages: Vec<&str> = operator.languages.iter().map(String::as_str).collect();
            let told: Vec<&str> = operator.job_positions.iter().map(|(tag, _)| tag.as_str()).collect();
            !missing_job_positions(&languages, &told).is_empty()
        });
        assert_eq!(lacking.count(), 1);

        let roles: Vec<&str> = shown.iter().map(|(role, ..)| role.as_str()).collect();
        assert_eq!(roles, ["Owner", "Admin", "Supervisor", "Agent", "Night shift lead", "Text editor"]);
        for (_, email, password) in &shown {
            let account = accounts::by_email(ctx.store.read(), email).await.unwrap().unwrap();
            let verdict = ctx.passwords.verify(password, &account.password_hash.unwrap()).await.unwrap();
            assert_eq!(verdict, Verdict::Match { rehash: false }, "{email}");
        }
    }

    #[tokio::test]
    async fn only_an_empty_database_is_filled() {
        let house = House::new().await;
        load(&house.ctx).await.unwrap();
        let again = load(&house.ctx).await;
        assert!(matches!(again, Err(AppError::Conflict("not-empty"))), "{again:?}");
        assert_eq!(
            operators::after(house.ctx.store.read(), &operators::Filter::default(), house.ctx.now(), 0, 100).await.unwrap().len(),
            PEOPLE.len()
        );
    }

    #[test]
    fn pictures_positions_and_passwords_are_ones_the_program_takes() {
        for person in PEOPLE {
            assert!(person.preset.is_empty() || crate::actions::operators::PRESETS.contains(&person.preset), "{}", person.name);
            assert!(!job_positions(person).is_empty(), "{}", person.name);
            assert_eq!(crate::domain::text::phone(person.phone), Ok(some(person.phone)));
            let context = [person.name, person.alias, person.mailbox, "Bright Harbour Outfitters"];
            assert_eq!(crate::domain::password::check(PASSWORD, 12, &context), Ok(()));
        }
        assert_eq!(PEOPLE.len(), 40);
    }
}
