//! Queries for people (QU-1, QU-2, QU-6, QU-7, RO-3): the list, the life of one with why it went where it did, and what is done with it.
//! The panel sends its deeds here, too.

mod deeds;
mod list;
mod show;

use actix_web::web::{self, ServiceConfig};
use chrono::{DateTime, Utc};

use super::departments::channel_name;
use super::operators::subject::language_name;
use super::visit::{Reader, Visit};
use crate::actions::Ctx;
use crate::domain::permission::Permission;
use crate::domain::query::{State, reference};
use crate::error::{AppError, Result};
use crate::i18n::Texts;
use crate::store::queries::{Item, Sight};
use crate::store::{Db, categories, members};

/// The addresses of queries.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/queries").get(list::show))
        .service(web::resource("/queries/{id}").get(show::show))
        .service(web::resource("/queries/{id}/acceptance").post(deeds::accept))
        .service(web::resource("/queries/{id}/decline").post(deeds::decline))
        .service(web::resource("/queries/{id}/assignment").post(deeds::assign))
        .service(web::resource("/queries/{id}/transfer").post(deeds::transfer))
        .service(web::resource("/queries/{id}/activity").post(deeds::act))
        .service(web::resource("/queries/{id}/closure").post(deeds::close))
        .service(web::resource("/queries/{id}/reopening").post(deeds::reopen))
        .service(web::resource("/queries/{id}/classification").post(deeds::classify));
}

/// Departments of the reader, which tell what they may see (RO-3).
async fn departments_of(ctx: &Ctx, reader: &Reader) -> Result<Vec<i64>> {
    let me = reader.viewer()?.seen.operator_id;
    Ok(members::of_operator(ctx.store.read(), me).await?.iter().map(|membership| membership.department_id).collect())
}

/// Whose queries the reader may see (RO-3).
async fn sight(ctx: &Ctx, reader: &Reader) -> Result<Sight> {
    if reader.may(Permission::QueriesView) {
        return Ok(Sight::All);
    }
    if !reader.may(Permission::OwnQueriesView) {
        return Err(AppError::Forbidden(Permission::OwnQueriesView.as_str()));
    }
    Ok(Sight::Departments(departments_of(ctx, reader).await?, reader.viewer()?.seen.operator_id))
}

/// A query in a list or on the panel.
pub struct Card {
    /// The query.
    pub id: i64,
    /// What people call it by.
    pub reference: String,
    /// Its subject, or words in its place.
    pub subject: String,
    /// Who asks.
    pub requester: Option<String>,
    /// The channel's name.
    pub channel: &'static str,
    /// The channel's icon.
    pub icon: &'static str,
    /// The department's name.
    pub department: Option<String>,
    /// The language's name.
    pub language: Option<String>,
    /// Who has it.
    pub operator: Option<(i64, String)>,
    /// Where it stands.
    pub state: State,
    /// That in words.
    pub state_text: &'static str,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// Since when it stands there.
    pub since: DateTime<Utc>,
    /// Names of those for whom it rings.
    pub rings_for: Vec<String>,
    /// Since when the requester waits for a word.
    pub unanswered_since: Option<DateTime<Utc>>,
    /// Until when it rings.
    pub expires_at: Option<DateTime<Utc>>,
    /// The requester's number, on the panel.
    pub phone: Option<String>,
    /// How the message begins, on the panel.
    pub body: String,
    /// Who sent it on last, and their words, on the panel.
    pub note: Option<(String, String)>,
}

impl Card {
    /// A query as the reader reads it.
    pub fn of(item: Item, visit: &Visit) -> Card {
        let t = visit.t;
        let department = item.department_id.and_then(|id| visit.catalogue.department(id));
        Card {
            id: item.id,
            reference: reference(item.id),
            subject: subject(t, &item.subject),
            requester: item.requester,
            channel: channel_name(t, item.channel),
            icon: icon(item.channel.as_str()),
            department: department.map(|department| department.name_in(t.locale().tag()).to_owned()),
            language: item.language.map(|tag| language_name(t, &tag)),
            operator: item.operator_id.zip(item.operator_name),
            state: item.state,
            state_text: state_text(t, item.state),
            created_at: item.created_at,
            since: item.since,
            rings_for: item.rings_for,
            unanswered_since: item.unanswered_since.filter(|_| item.state == State::Assigned),
            expires_at: item.expires_at,
            phone: item.phone,
            body: item.body,
            note: item.note,
        }
    }

    /// For whom it rings: two names, and how many more.
    pub fn rings_for_few(&self) -> String {
        let (few, more) = self.rings_for.split_at(self.rings_for.len().min(2));
        if more.is_empty() { few.join(", ") } else { format!("{} +{}", few.join(", "), more.len()) }
    }
}

/// Categories to choose from, by id and name (QU-6).
pub async fn categories(db: &impl Db, visit: &Visit) -> Result<Vec<(String, String)>> {
    let tag = visit.t.locale().tag();
    let all = categories::all(db).await?;
    Ok(all.iter().map(|category| (category.id.to_string(), category.name_in(tag).to_owned())).collect())
}

/// The address that dials a number as people type it (RFC 3966).
pub fn dialled(phone: &str) -> String {
    let digits = |part: &str| part.chars().filter(|letter| letter.is_ascii_digit() || *letter == '+').collect::<String>();
    match phone.split_once(char::is_alphabetic) {
        Some((number, extension)) => format!("tel:{};ext={}", digits(number), digits(extension)),
        None => format!("tel:{}", digits(phone)),
    }
}

/// A subject, or words where there is none.
fn subject(t: Texts, subject: &str) -> String {
    if subject.is_empty() { t.get("queries-no-subject").to_owned() } else { subject.to_owned() }
}

/// Where a query stands, in words.
fn state_text(t: Texts, state: State) -> &'static str {
    t.get(match state {
        State::Waiting => "queries-state-waiting",
        State::Offered => "queries-state-offered",
        State::Assigned => "queries-state-assigned",
        State::Closed => "queries-state-closed",
    })
}

fn icon(channel: &str) -> &'static str {
    match channel {
        "chat" => "messages",
        "call" => "phone",
        _ => "ticket",
    }
}

#[cfg(test)]
mod tests {
    use super::dialled;

    #[test]
    fn a_number_is_dialled_however_it_was_typed() {
        for (typed, address) in
            [("+34 (600) 123-456", "tel:+34600123456"), ("600.123.456", "tel:600123456"), ("0304 123 ext. 12", "tel:0304123;ext=12")]
        {
            assert_eq!(dialled(typed), address);
        }
    }
}
