//! Absences (AB-1 to AB-4).

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::endpoint::{Endpoint, text, whole};
use super::request::{Caller, Json, Query, cursor, given};
use super::{ROOT, answer};
use crate::actions::{Ctx, absences, rights};
use crate::domain::absence::{RawAbsence, RawText};
use crate::domain::api_key::Scope;
use crate::domain::field::{Fault, FieldErrors};
use crate::domain::schedule::{date, start_of};
use crate::error::{AppError, Result};
use crate::store;
use crate::store::absences::{AbsenceRow, Filter};

/// Characters of an instant at most.
const INSTANT: usize = 40;

/// A time away of an operator: whole days, or part of a day.
#[derive(Serialize, ToSchema)]
struct Absence {
    /// Its id.
    id: i64,
    /// Who is away.
    operator_id: i64,
    /// First day in the operator's time zone; `null` for part of a day.
    #[schema(format = Date)]
    starts_on: Option<String>,
    /// Last day, included; `null` for part of a day.
    #[schema(format = Date)]
    ends_on: Option<String>,
    /// First instant of a part of a day; `null` for whole days.
    #[schema(format = DateTime)]
    starts_at: Option<String>,
    /// First instant after it; `null` for whole days.
    #[schema(format = DateTime)]
    ends_at: Option<String>,
    /// `holiday`, `sick`, `leave` or `other`; customers never learn it.
    #[schema(example = "holiday")]
    kind: &'static str,
    /// Whether queries are answered automatically.
    auto_reply: bool,
    /// `every_query`, `daily` or `once`.
    #[schema(example = "every_query")]
    reply_frequency: &'static str,
    /// Who stands in.
    deputy_id: Option<i64>,
    /// Texts of the automatic reply by language tag; where none serves, the operator's stand, then the organisation's.
    texts: BTreeMap<String, AbsenceText>,
    /// For colleagues.
    note: Option<String>,
}

/// An automatic reply in one language. In both parts may stand `{$operator}`, `{$firstDayBack}`, `{$deputy}`, `{$department}`, `{$reference}` and `{$organisation}`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AbsenceText {
    /// One line.
    #[schema(max_length = 200)]
    subject: String,
    /// Several lines.
    #[schema(max_length = 2000)]
    body: String,
}

/// What is to change; what is absent stays. Days or instants, never both; `null` for those that are not meant.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AbsencePatch {
    /// Who is away; it never changes.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 1)]
    operator_id: Option<i64>,
    /// First day in the operator's time zone.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = Date, required = false)]
    starts_on: Option<Option<String>>,
    /// Last day, included.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = Date, required = false)]
    ends_on: Option<Option<String>>,
    /// First instant, for part of a day.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = DateTime, required = false)]
    starts_at: Option<Option<String>>,
    /// First instant after it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = DateTime, required = false)]
    ends_at: Option<Option<String>>,
    /// `holiday`, `sick`, `leave` or `other`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, pattern = "^(holiday|sick|leave|other)$")]
    kind: Option<String>,
    /// Whether queries are answered automatically; a new absence does.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    auto_reply: Option<bool>,
    /// `every_query`, `daily` (a sender once a day) or `once` (a sender once in the absence).
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, pattern = "^(every_query|daily|once)$")]
    reply_frequency: Option<String>,
    /// Who stands in, an active operator; `null` nobody.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, required = false, minimum = 1)]
    deputy_id: Option<Option<i64>>,
    /// All texts from now on, by language tag.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = BTreeMap<String, AbsenceText>, required = false)]
    texts: Option<BTreeMap<String, AbsenceText>>,
    /// For colleagues; `null` none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, required = false, max_length = 1000)]
    note: Option<Option<String>>,
}

/// An absence to be planned.
#[derive(Deserialize)]
#[serde(transparent)]
struct AbsenceNew(AbsencePatch);

impl PartialSchema for AbsenceNew {
    fn schema() -> RefOr<Schema> {
        let mut schema = AbsencePatch::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.description = Some("An absence to be planned: days or instants, never both.".to_owned());
            object.required = vec!["operator_id".to_owned()];
        }
        schema
    }
}

impl ToSchema for AbsenceNew {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        AbsencePatch::schemas(schemas);
    }
}

/// The calls on absences.
pub fn endpoints() -> Vec<Endpoint> {
    let (read, write) = (Scope::AbsencesRead, Scope::AbsencesWrite);
    let until = "Only those that begin before it: an instant, or a day of the organisation's zone, included.";
    vec![
        Endpoint::new(Method::GET, "/absences", read, |route| route.to(list))
            .says("List absences", "By id.")
            .asks("operator", "Id of an operator; without it everybody's.", whole(1, i64::MAX))
            .asks("from", "Only those that are not over then: an instant, or a day of the organisation's zone.", text(INSTANT))
            .asks("to", until, text(INSTANT))
            .lists::<Absence>(),
        Endpoint::new(Method::POST, "/absences", write, |route| route.to(create))
            .says("Plan an absence", "Overlaps with another one of the operator are refused; the deputy is mailed.")
            .takes::<AbsenceNew>()
            .creates::<Absence>(),
        Endpoint::new(Method::GET, "/absences/{id}", read, |route| route.to(show)).says("Get an absence", "").gives::<Absence>(),
        Endpoint::new(Method::PATCH, "/absences/{id}", write, |route| route.to(change))
            .says("Change an absence", "Days become instants where both instants are given, and the other way round. The deputy is mailed.")
            .takes::<AbsencePatch>()
            .gives::<Absence>(),
        Endpoint::new(Method::DELETE, "/absences/{id}", write, |route| route.to(delete)).says("Delete an absence", "The deputy is mailed."),
    ]
}

fn view(row: &AbsenceRow) -> Absence {
    let absence = &row.absence;
    let day = |day: chrono::NaiveDate| day.to_string();
    let at = |at: DateTime<Utc>| absence.span.days.is_none().then(|| answer::instant(at));
    let text = |text: &crate::domain::absence::Text| AbsenceText { subject: text.subject.clone(), body: text.body.clone() };
    Absence {
        id: row.id,
        operator_id: row.operator_id,
        starts_on: absence.span.days.map(|days| day(days.0)),
        ends_on: absence.span.days.map(|days| day(days.1)),
        starts_at: at(absence.span.from),
        ends_at: at(absence.span.until),
        kind: absence.kind.as_str(),
        auto_reply: absence.auto_reply,
        reply_frequency: absence.frequency.as_str(),
        deputy_id: absence.deputy_id,
        texts: absence.texts.iter().map(|(tag, one)| (tag.clone(), text(one))).collect(),
        note: absence.note.clone(),
    }
}

impl AbsencePatch {
    fn raw(self) -> RawAbsence {
        let text = |field: Option<Option<String>>| field.map(Option::unwrap_or_default);
        let texts = self.texts.map(|texts| {
            texts.into_iter().map(|(tag, text)| (tag, RawText { subject: text.subject, body: text.body })).collect::<BTreeMap<_, _>>()
        });
        RawAbsence {
            starts_on: text(self.starts_on),
            ends_on: text(self.ends_on),
            starts_at: text(self.starts_at),
            ends_at: text(self.ends_at),
            kind: self.kind,
            auto_reply: self.auto_reply,
            reply_frequency: self.reply_frequency,
            deputy_id: self.deputy_id.map(|id| id.map(|id| id.to_string()).unwrap_or_default()),
            texts,
            note: text(self.note),
        }
    }
}

async fn find(ctx: &Ctx, id: i64) -> Result<AbsenceRow> {
    store::absences::find(ctx.store.read(), id).await?.ok_or(AppError::NotFound)
}

async fn list(ctx: Data<Ctx>, caller: Caller, query: Query) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewAbsences>()?;
    let (limit, after) = query.page::<i64>()?;
    let zone = caller.catalogue.organisation.time_zone.parse().unwrap_or_default();
    let mut errors = FieldErrors::default();
    let mut instant = |name: &str| query.get(name).and_then(|raw| errors.take(name, bound(raw, zone, name == "to")));
    let (from, to) = (instant("from"), instant("to"));
    let operator = query.get("operator").and_then(|raw| errors.take("operator", raw.parse().map_err(|_| Fault::new("not_a_number"))));
    let filter = errors.into_result(Filter { operator, from, to })?;
    let wanted = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut rows = store::absences::after(ctx.store.read(), filter, after.unwrap_or(0), wanted).await?;
    let is_more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| is_more).map(|last| cursor(last.id));
    answer::page(rows.iter().map(view).collect(), next)
}

/// An instant, or the beginning of a day, or its end.
fn bound(raw: &str, zone: Tz, is_end: bool) -> Result<DateTime<Utc>, Fault> {
    let day = || date(raw).ok().and_then(|day| start_of(zone, if is_end { day.succ_opt()? } else { day }));
    let instant = DateTime::parse_from_rfc3339(raw.trim()).ok().map(|at| at.to_utc());
    instant.or_else(day).ok_or_else(|| Fault::new("instant"))
}

async fn create(ctx: Data<Ctx>, caller: Caller, Json(AbsenceNew(new)): Json<AbsenceNew>) -> Result<HttpResponse> {
    let operator_id = new.operator_id.ok_or_else(|| AppError::field("operator_id", "required"))?;
    let id = absences::create(&ctx, &caller.actor, operator_id, &new.raw()).await?;
    answer::created(format!("{ROOT}/absences/{id}"), &view(&find(&ctx, id).await?))
}

async fn show(request: HttpRequest, ctx: Data<Ctx>, caller: Caller, id: Path<i64>) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewAbsences>()?;
    answer::one(&request, &view(&find(&ctx, *id).await?))
}

async fn change(
    request: HttpRequest,
    ctx: Data<Ctx>,
    caller: Caller,
    id: Path<i64>,
    Json(patch): Json<AbsencePatch>,
) -> Result<HttpResponse, actix_web::Error> {
    let before = find(&ctx, *id).await?;
    let version = answer::if_match(&request, &view(&before))?.then_some(before.version);
    if patch.operator_id.is_some_and(|operator_id| operator_id != before.operator_id) {
        return Err(AppError::field("operator_id", "unknown_choice").into());
    }
    absences::change(&ctx, &caller.actor, *id, version, &patch.raw()).await?;
    Ok(answer::one(&request, &view(&find(&ctx, *id).await?))?)
}

async fn delete(request: HttpRequest, ctx: Data<Ctx>, caller: Caller, id: Path<i64>) -> Result<HttpResponse, actix_web::Error> {
    let before = find(&ctx, *id).await?;
    let version = answer::if_match(&request, &view(&before))?.then_some(before.version);
    absences::delete(&ctx, &caller.actor, *id, version).await?;
    Ok(answer::nothing())
}
