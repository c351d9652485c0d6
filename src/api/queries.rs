//! Queries over JSON: they come, are accepted, declined, sent on, closed and classified (QU-1, QU-2, QU-6), each with why it went where
//! it did (QU-7).

use actix_web::http::Method;
use actix_web::web::{Data, Path};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use utoipa::ToSchema;

use super::answer::Created;
use super::departments::ChannelName;
use super::endpoint::{Endpoint, one_of, text, whole};
use super::idempotency::Running;
use super::request::{Caller, Json, Query, cursor};
use super::{answer, problem};
use crate::actions::Ctx;
use crate::actions::availability::ToldCheck;
use crate::actions::queries::{
    self as deeds, Answered, Destination, Keep, Posted, RawMail, RawQuery, Shown, Side, Source, Teller, Trace, TraceLook, TransferredFrom,
};
use crate::actions::roster::Snapshot;
use crate::domain::api_key::Scope;
use crate::domain::auto_reply::Reason;
use crate::domain::availability::Check;
use crate::domain::channel::Channel;
use crate::domain::named::known;
use crate::domain::query::{State, reference};
use crate::domain::routing::rings_for;
use crate::domain::time_zone;
use crate::error::{AppError, Result};
use crate::i18n::Dates;
use crate::store::Batch;
use crate::store::catalogue::Catalogue;
use crate::store::categories;
use crate::store::queries::{self as rows, Filter, Query as Row, Sight};

/// Who asks.
#[derive(Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = Requester)]
struct Requester {
    /// Name.
    #[schema(max_length = 100)]
    name: Option<String>,
    /// Address; automatic replies go there.
    #[schema(max_length = 254)]
    email: Option<String>,
    /// Telephone number.
    #[schema(max_length = 40)]
    phone: Option<String>,
}

/// What is known of a mail. A query with it came by e-mail; without headers it gets no automatic reply.
#[derive(Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct Mail {
    /// With its angle brackets.
    #[schema(max_length = 998, example = "<1@example.com>")]
    message_id: Option<String>,
    /// Name and value of every field, in order.
    #[schema(value_type = Option<Vec<Vec<String>>>, max_items = 500)]
    headers: Option<Vec<(String, String)>>,
}

/// A query as it comes. A department or an operator is needed, unless the site offers one department only.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct NewQuery {
    /// On which channel.
    #[schema(value_type = ChannelName, required = true)]
    channel: String,
    /// Slug.
    #[schema(max_length = 40)]
    department: Option<String>,
    /// The operator it is for; whoever is away is stood in for.
    operator_id: Option<i64>,
    /// Slug of the site on which it was made; tells the language where that is not given.
    #[schema(max_length = 40)]
    site: Option<String>,
    /// Address of the page on which it was made.
    #[schema(max_length = 2000)]
    url: Option<String>,
    /// BCP 47 tag.
    #[schema(max_length = 35)]
    language: Option<String>,
    /// The header of the visitor's browser.
    #[schema(max_length = 1000)]
    accept_language: Option<String>,
    /// ISO 3166-1, two letters.
    #[schema(max_length = 10)]
    country: Option<String>,
    /// Who asks.
    requester: Requester,
    /// One line.
    #[schema(max_length = 200)]
    subject: String,
    /// Several lines.
    #[schema(max_length = 20000, pattern = "^[^\\u0000-\\u0008\\u000b-\\u001f]*$")]
    body: String,
    /// Whether a machine wrote it: then no machine answers.
    automatic: bool,
    /// What is known of the mail, where it came by e-mail.
    mail: Option<Mail>,
    /// The id that the calling program gives it; queries of the same one belong together.
    #[schema(max_length = 200)]
    external_id: Option<String>,
}

/// The language of a query.
#[derive(Serialize, ToSchema)]
#[schema(as = QueryLanguage)]
struct Language {
    /// BCP 47 tag.
    tag: String,
    /// What told it.
    #[schema(example = "browser")]
    from: String,
}

/// Whether whoever is away answers by itself.
#[derive(Serialize, ToSchema)]
struct AutoReply {
    /// Whether a reply goes out.
    sent: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "not_absent")]
    withheld: Option<&'static str>,
    /// What the channel may show instead, where there is no address for a mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<ReplyText>,
}

/// An automatic reply, filled in.
#[derive(Serialize, ToSchema)]
#[schema(as = AutoReplyText)]
struct ReplyText {
    /// BCP 47 tag.
    language: String,
    /// One line.
    subject: String,
    /// Several lines.
    body: String,
}

/// An absence that the query went past.
#[derive(Serialize, ToSchema)]
#[schema(as = QueryTransferredFrom)]
struct Past {
    /// Who is away.
    operator_id: i64,
    /// Their absence.
    absence_id: i64,
}

/// A check of an operator who was looked at.
#[derive(Serialize, ToSchema)]
#[schema(as = TraceCheck)]
struct CheckView {
    /// Which one.
    check: &'static str,
    /// Whether it passed.
    passed: bool,
    /// What decided; `null` where that was not kept: it is for the first ones who could, and for the reason of the others.
    fact: Option<String>,
    /// Who or what set that.
    set_by: Option<String>,
    /// Path of the page where it is changed.
    change_at: Option<String>,
}

/// A look at an operator.
#[derive(Serialize, ToSchema)]
#[schema(as = TraceLook)]
struct Look<'a> {
    /// The operator.
    operator_id: i64,
    /// The name customers see; `null` for somebody who is gone.
    display_name: Option<&'a str>,
    /// How they came to be looked at.
    #[schema(example = "department")]
    via: &'a str,
    /// Slug of the department as whose member.
    department: Option<&'a str>,
    /// The absence for which they stand in.
    absence_id: Option<i64>,
    /// Whether every check passed.
    receives: bool,
    /// Place in the order; `null` for who was not to be asked.
    rank: Option<usize>,
    /// When they are asked again who declined, let it pass or gave it away a moment ago; `null` for all others.
    #[schema(format = DateTime)]
    asked_again_at: Option<String>,
    /// The first check that failed.
    reason: Option<&'static str>,
    /// The first instant at which this might have turned out differently.
    #[schema(format = DateTime)]
    next_change: Option<String>,
    /// Every check in its order.
    #[schema(value_type = Vec<CheckView>)]
    checks: Checks<'a>,
}

/// The checks of a look, told as they are written: many were looked at, and each has all of them.
struct Checks<'a>(&'a Teller<'a>, &'a TraceLook);

impl Serialize for Checks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.checks(self.1).map(check_view))
    }
}

/// What a query was about.
#[derive(Serialize, ToSchema)]
struct Classification {
    /// Id of the category; `null` where that was deleted.
    category_id: Option<i64>,
    /// What its operator noted.
    note: Option<String>,
}

/// A query.
#[derive(Serialize, ToSchema)]
#[schema(as = Query)]
struct View<'a> {
    /// Its id.
    id: i64,
    /// What people call it by.
    #[schema(example = "Q-42")]
    reference: String,
    /// On which channel.
    #[schema(value_type = ChannelName)]
    channel: String,
    /// Slug of the department.
    department: Option<&'a str>,
    /// Slug of the site.
    site: Option<&'a str>,
    /// Where it stands.
    #[schema(example = "waiting")]
    state: String,
    /// What the requester met: `live`, `message` or `closed`.
    #[schema(example = "live")]
    mode: String,
    /// Who has it, or had it when it was closed.
    operator_id: Option<i64>,
    /// To whom it was sent, if to one.
    addressed_operator_id: Option<i64>,
    /// For whom it rings.
    offered_to: Vec<i64>,
    /// In which language.
    language: Option<Language>,
    /// Who asks.
    requester: Requester,
    /// One line.
    subject: String,
    /// Several lines.
    body: String,
    /// Whether a machine wrote it.
    automatic: bool,
    /// The id that the calling program gave it.
    external_id: Option<String>,
    /// Absences it went past.
    transferred_from: Vec<Past>,
    /// What became of the automatic reply; told where the query comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    auto_reply: Option<AutoReply>,
    /// When it came.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was received, by its own facts.
    #[schema(format = DateTime)]
    received_at: String,
    /// When its operator got it.
    #[schema(format = DateTime)]
    assigned_at: Option<String>,
    /// The last activity.
    #[schema(format = DateTime)]
    active_at: String,
    /// When it was closed.
    #[schema(format = DateTime)]
    closed_at: Option<String>,
    /// What it was about, once that was told.
    classification: Option<Classification>,
    /// Who was looked at when it went where it is, in order; while nobody has it, who is looked at now.
    #[schema(value_type = Vec<Look<'static>>)]
    trace: Box<RawValue>,
}

/// A row of the list.
#[derive(Serialize, ToSchema)]
struct QueryItem {
    /// Its id.
    id: i64,
    /// What people call it by.
    reference: String,
    /// On which channel.
    #[schema(value_type = ChannelName)]
    channel: &'static str,
    /// Slug of the department.
    department: Option<String>,
    /// Who has it.
    operator_id: Option<i64>,
    /// BCP 47 tag.
    language: Option<String>,
    /// One line.
    subject: String,
    /// Where it stands.
    state: &'static str,
    /// When it came.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was closed.
    #[schema(format = DateTime)]
    closed_at: Option<String>,
}

/// Who acts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct By {
    /// The operator.
    operator_id: i64,
}

/// Who said something.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Activity {
    /// `requester` or `operator`.
    #[schema(example = "requester")]
    by: String,
}

/// Where a query is sent on to: an operator or a department.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct Transfer {
    /// The operator.
    operator_id: Option<i64>,
    /// Slug of the department.
    #[schema(max_length = 40)]
    department: Option<String>,
    /// Words for whoever gets it.
    #[schema(max_length = 1000)]
    note: Option<String>,
}

/// Names a category.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
enum Category {
    /// By its id.
    Id(i64),
    /// By its name in the organisation's language.
    Name(String),
}

/// What a query was about.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ClassificationPut {
    /// The category, by id or by name.
    category: Category,
    /// Several lines.
    #[serde(default)]
    #[schema(max_length = 1000, pattern = "^[^\\u0000-\\u0008\\u000b-\\u001f]*$")]
    note: Option<String>,
}

/// The calls on queries.
pub fn endpoints() -> Vec<Endpoint> {
    let (read, write) = (Scope::QueriesRead, Scope::QueriesWrite);
    let channels = Channel::ALL.map(Channel::as_str);
    let states = State::ALL.map(State::as_str);
    vec![
        Endpoint::new(Method::POST, "/queries", write, |route| route.to(create))
            .says(
                "Submit a query",
                "It is stored, and goes at once to whoever may take it: assigned, offered, or waiting for somebody. `trace` says why.",
            )
            .takes::<NewQuery>()
            .creates::<View>(),
        Endpoint::new(Method::GET, "/queries", read, |route| route.to(list))
            .says("List queries", "The newest first.")
            .asks("state", "Where they stand.", one_of(states))
            .asks("channel", "On which channel.", one_of(channels))
            .asks("department", "Slug of a department.", text(40))
            .asks("operator", "Id of the operator who has or had them.", whole(1, i64::MAX))
            .lists::<QueryItem>(),
        Endpoint::new(Method::GET, "/queries/{id}", read, |route| route.to(show)).says("Get a query", "").gives::<View>(),
        Endpoint::new(Method::POST, "/queries/{id}/acceptance", write, |route| route.to(accept))
            .says("Accept a query", "Of many who accept at once one wins; the others are refused with `already_taken`.")
            .takes::<By>()
            .gives::<View>(),
        Endpoint::new(Method::POST, "/queries/{id}/decline", write, |route| route.to(decline))
            .says("Decline a query that is offered", "It goes on to the next; whoever declined is asked again after some minutes if it still waits.")
            .takes::<By>()
            .gives::<View>(),
        Endpoint::new(Method::POST, "/queries/{id}/activity", write, |route| route.to(act))
            .says(
                "Tell that something was said",
                "A chat that nobody says anything in frees its slot after a while and takes it again with this.",
            )
            .takes::<Activity>()
            .gives::<View>(),
        Endpoint::new(Method::POST, "/queries/{id}/transfer", write, |route| route.to(transfer))
            .says(
                "Send a query on",
                "It goes the way it would go had it just come there. For an operator of other departments it comes to a department of theirs.",
            )
            .takes::<Transfer>()
            .gives::<View>(),
        Endpoint::new(Method::POST, "/queries/{id}/closure", write, |route| route.to(close))
            .says("Close a query", "One that is closed stays as it is.")
            .gives::<View>(),
        Endpoint::new(Method::PUT, "/queries/{id}/classification", write, |route| route.to(classify))
            .says("Classify a closed query", "")
            .takes::<ClassificationPut>()
            .gives::<View>(),
    ]
}

async fn create(request: HttpRequest, ctx: Data<Ctx>, caller: Caller, Json(new): Json<NewQuery>) -> Result<HttpResponse> {
    let raw = RawQuery {
        source: Source::Api,
        channel: new.channel,
        department: new.department,
        operator_id: new.operator_id,
        site: new.site,
        url: new.url,
        language: new.language,
        text_language: None,
        accept_language: new.accept_language,
        country: new.country,
        name: new.requester.name,
        email: new.requester.email,
        phone: new.requester.phone,
        subject: new.subject,
        body: new.body,
        automatic: new.automatic,
        mail: new.mail.map(|mail| RawMail { message_id: mail.message_id, headers: mail.headers }),
        external_id: new.external_id,
    };
    let tell = |snapshot: &Snapshot, posted: &Posted| {
        let Posted { query, offered_to, trace, auto_reply } = posted;
        let told = match auto_reply.clone() {
            Answered::Sent => AutoReply { sent: true, withheld: None, text: None },
            Answered::Withheld(_, reason) => AutoReply { sent: false, withheld: Some(reason.as_str()), text: None },
            Answered::ToShow(Shown { language, subject, body }) => {
                let text = Some(ReplyText { language, subject, body });
                AutoReply { sent: false, withheld: Some(Reason::NoAddress.as_str()), text }
            }
        };
        let looks = looks(trace, snapshot, &teller(query, &request, &ctx, snapshot))?;
        let view = View { auto_reply: Some(told), ..view(query, offered_to.clone(), looks, snapshot) };
        Created::new(format!("/api/v1/queries/{}", query.id), &view)
    };
    let running = request.extensions().get::<Running>().cloned();
    let keep = |told: &Result<Created>, batch: &mut Batch| {
        if let (Some(running), Ok(answer)) = (&running, told) {
            running.keep(batch, answer);
        }
    };
    let (_, answer) = deeds::post_telling(&ctx, &caller.actor, raw, tell, running.as_ref().map(|_| &keep as Keep<'_, _>)).await?;
    let answer = answer?;
    if let Some(running) = running {
        running.kept();
    }
    Ok(answer.answer())
}

async fn list(ctx: Data<Ctx>, caller: Caller, query: Query) -> Result<HttpResponse> {
    let catalogue = &caller.catalogue;
    let get = |name: &str| query.get(name).filter(|value| !value.is_empty()).map(str::to_owned);
    let unknown = |field: &str| AppError::field(field, "unknown_choice");
    let department = match get("department") {
        Some(slug) => Some(catalogue.department_by_slug(&slug).ok_or_else(|| unknown("department"))?.id),
        None => None,
    };
    let state = get("state").map(|name| State::parse(&name).ok_or_else(|| unknown("state"))).transpose()?;
    let channel = get("channel").map(|name| Channel::parse(&name).ok_or_else(|| unknown("channel"))).transpose()?;
    let operator = get("operator").map(|id| id.parse().map_err(|_| unknown("operator"))).transpose()?;
    let filter = Filter { sight: Sight::All, states: state.into_iter().collect(), channel, department, operator, ..Filter::default() };
    let (limit, before) = query.page::<i64>()?;
    let filter = Filter { before, ..filter };
    let mut found = rows::page(ctx.store.read(), &filter, 0, limit as u64 + 1).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| cursor(last.id));
    answer::page(found.into_iter().map(|item| listed(item, catalogue)).collect::<Vec<QueryItem>>(), next)
}

fn listed(item: rows::Item, catalogue: &Catalogue) -> QueryItem {
    QueryItem {
        id: item.id,
        reference: reference(item.id),
        channel: item.channel.as_str(),
        department: slug(catalogue, item.department_id).map(str::to_owned),
        operator_id: item.operator_id,
        language: item.language,
        subject: item.subject,
        state: item.state.as_str(),
        created_at: answer::instant(item.created_at),
        closed_at: item.closed_at.map(answer::instant),
    }
}

async fn show(request: HttpRequest, ctx: Data<Ctx>, id: Path<i64>) -> Result<HttpResponse> {
    one(&request, &ctx, *id).await
}

async fn accept(request: HttpRequest, ctx: Data<Ctx>, caller: Caller, id: Path<i64>, Json(by): Json<By>) -> Result<HttpResponse> {
    deeds::accept(&ctx, &caller.actor, *id, by.operator_id).await?;
    one(&request, &ctx, *id).await
}

async fn decline(request: HttpRequest, ctx: Data<Ctx>, caller: Caller, id: Path<i64>, Json(by): Json<By>) -> Result<HttpResponse> {
    deeds::decline(&ctx, &caller.actor, *id, by.operator_id).await?;
    one(&request, &ctx, *id).await
}

async fn act(request: HttpRequest, ctx: Data<Ctx>, caller: Caller, id: Path<i64>, Json(activity): Json<Activity>) -> Result<HttpResponse> {
    let by = known(&activity.by, Side::parse).map_err(|fault| AppError::field("by", fault.code))?;
    deeds::act(&ctx, &caller.actor, *id, by).await?;
    one(&request, &ctx, *id).await
}

async fn transfer(request: HttpRequest, ctx: Data<Ctx>, caller: Caller, id: Path<i64>, Json(to): Json<Transfer>) -> Result<HttpResponse> {
    let destination = match (to.operator_id, &to.department) {
        (Some(operator), None) => Destination::Operator(operator),
        (None, Some(slug)) => {
            let department = caller.catalogue.department_by_slug(slug).ok_or_else(|| AppError::field("department", "unknown_choice"))?;
            Destination::Department(department.id)
        }
        (None, None) => return Err(AppError::field("operator_id", "required")),
        (Some(_), Some(_)) => return Err(AppError::field("department", "one_destination")),
    };
    deeds::transfer(&ctx, &caller.actor, *id, destination, to.note.as_deref()).await?;
    one(&request, &ctx, *id).await
}

async fn close(request: HttpRequest, ctx: Data<Ctx>, caller: Caller, id: Path<i64>) -> Result<HttpResponse> {
    deeds::close(&ctx, &caller.actor, *id).await?;
    one(&request, &ctx, *id).await
}

async fn classify(
    request: HttpRequest,
    ctx: Data<Ctx>,
    caller: Caller,
    id: Path<i64>,
    Json(put): Json<ClassificationPut>,
) -> Result<HttpResponse> {
    let category = match put.category {
        Category::Id(id) => Some(id),
        Category::Name(name) => categories::by_name(ctx.store.read(), &name).await?,
    };
    let category = category.ok_or_else(|| AppError::field("category", "unknown_choice"))?;
    deeds::classify(&ctx, &caller.actor, *id, category, put.note.as_deref().unwrap_or_default()).await?;
    one(&request, &ctx, *id).await
}

/// A query as it stands.
async fn one(request: &HttpRequest, ctx: &Ctx, id: i64) -> Result<HttpResponse> {
    let query = rows::find(ctx.store.read(), id).await?.ok_or(AppError::NotFound)?;
    let offers = rows::offers(ctx.store.read(), id).await?;
    let snapshot = ctx.roster().await?;
    let trace = Trace::present(&query, &offers, &snapshot, ctx.now());
    let trace = looks(&trace, &snapshot, &teller(&query, request, ctx, &snapshot))?;
    answer::one(request, &view(&query, rings_for(&offers), trace, &snapshot))
}

/// The language a program asks for, with instants in the organisation's zone.
fn teller<'a>(query: &Row, request: &HttpRequest, ctx: &Ctx, snapshot: &'a Snapshot) -> Teller<'a> {
    let t = problem::texts(request.headers());
    let zone = time_zone::parse(&snapshot.catalogue.organisation.time_zone).unwrap_or_default();
    Teller::new(query, t, Dates::new(t.locale(), zone, ctx.now()), &snapshot.catalogue)
}

fn view<'a>(query: &Row, offered_to: Vec<i64>, trace: Box<RawValue>, snapshot: &'a Snapshot) -> View<'a> {
    let catalogue = &snapshot.catalogue;
    let past = TransferredFrom::read(&query.transferred_from).into_iter();
    // Programs know no other word for what came with the query itself.
    let from = query.language_from.clone().unwrap_or_else(|| "given".to_owned());
    View {
        id: query.id,
        reference: reference(query.id),
        channel: query.channel.clone(),
        department: slug(catalogue, query.department_id),
        site: query.site_id.and_then(|id| catalogue.site(id)).map(|row| row.site.slug.as_str()),
        state: query.state.clone(),
        mode: query.mode.clone(),
        operator_id: query.operator_id,
        addressed_operator_id: query.addressed_id,
        offered_to,
        language: query.language.clone().map(|tag| Language { tag, from }),
        requester: Requester {
            name: query.requester_name.clone(),
            email: query.requester_email.clone(),
            phone: query.requester_phone.clone(),
        },
        subject: query.subject.clone(),
        body: query.body.clone(),
        automatic: query.automatic,
        external_id: query.external_id.clone(),
        transferred_from: past.map(|past| Past { operator_id: past.operator_id, absence_id: past.absence_id }).collect(),
        auto_reply: None,
        created_at: answer::instant(query.created_at.0),
        received_at: answer::instant(query.received_at.0),
        assigned_at: query.assigned_at.map(|at| answer::instant(at.0)),
        active_at: answer::instant(query.active_at.0),
        closed_at: query.closed_at.map(|at| answer::instant(at.0)),
        classification: query
            .classified_at
            .map(|_| Classification { category_id: query.category_id, note: query.classification_note.clone() }),
        trace,
    }
}

/// What was looked at, as it is answered.
fn looks(trace: &Trace, snapshot: &Snapshot, teller: &Teller<'_>) -> Result<Box<RawValue>> {
    let looks: Vec<Look<'_>> = trace.looks.iter().map(|look| looked(look, snapshot, teller)).collect();
    to_raw_value(&looks).map_err(AppError::unexpected)
}

fn looked<'a>(look: &'a TraceLook, snapshot: &'a Snapshot, teller: &'a Teller<'a>) -> Look<'a> {
    Look {
        operator_id: look.operator,
        display_name: snapshot.prepared.roster.person(look.operator).map(|person| person.display_name()),
        via: &look.via,
        department: slug(&snapshot.catalogue, look.department),
        absence_id: look.absence,
        receives: look.receives(),
        rank: look.rank,
        asked_again_at: look.rest().map(|rest| answer::instant(rest.until)),
        reason: look.reason().map(Check::as_str),
        next_change: look.changes_at().map(answer::instant),
        checks: Checks(teller, look),
    }
}

fn check_view((check, passed, told): (Check, bool, Option<ToldCheck>)) -> CheckView {
    let (fact, set_by, change_at) = told.map_or((None, None, None), |told| (Some(told.fact), Some(told.set_by), Some(told.change_at)));
    CheckView { check: check.as_str(), passed, fact, set_by, change_at }
}

fn slug(catalogue: &Catalogue, id: Option<i64>) -> Option<&str> {
    id.and_then(|id| catalogue.department(id)).map(|department| department.facts.slug.as_str())
}
