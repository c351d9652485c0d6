//! The list of operators: search, filters, order, pages (OP-1).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::HttpResponse;
use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use super::subject::{language_name, state_text};
use crate::actions::Ctx;
use crate::actions::rights::ViewOperators;
use crate::domain::operator::OperatorState;
use crate::domain::permission::Permission;
use crate::error::{AppError, Result};
use crate::store::operators::{self, Filter, Placed, Row, Search, Sort};
use crate::web::listing::{Address, Chip, PER_PAGE, Pages};
use crate::web::shell::{self, Avatar, Badge, Shell, role_name};
use crate::web::visit::{Reader, Visit};

/// The address of the list as asked for; whatever it does not know is named on the page, never an error.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    role: String,
    language: String,
    department: String,
    /// Id of a status.
    status: String,
    state: String,
    /// `1` for those who are away now.
    absent: String,
    sort: String,
    page: Option<String>,
}

#[derive(Template)]
#[template(path = "operators/list.html")]
struct ListPage<'a> {
    shell: Shell<'a>,
    rows: Vec<Line<'a>>,
    pages: Pages,
    address: Address,
    chips: Vec<Chip>,
    /// Values in the address that name nothing, so that nobody is found.
    unknown: Vec<String>,
    roles: Vec<(String, String)>,
    languages: Vec<(String, String)>,
    departments: Vec<(String, String)>,
    statuses: Vec<(String, String)>,
    states: Vec<(String, String)>,
    /// Whether somebody is away; empty for who may not see that.
    absences: Vec<(String, String)>,
    may_add: bool,
    /// Whether there are departments in which the reader may put people.
    may_place: bool,
    export: String,
}

/// A row as it is shown.
struct Line<'a> {
    row: &'a Row,
    avatar: Avatar<'a>,
    /// The e-mail in two parts, between which a narrow column breaks it.
    mailbox: &'a str,
    domain: &'a str,
    role: &'a str,
    languages: Vec<&'a str>,
    /// Names of the departments, by name.
    departments: Vec<&'a str>,
    /// The status worn.
    badge: Option<&'a Badge>,
    state: OperatorState,
    state_text: &'static str,
    may_edit: bool,
}

/// `GET /operators`: one statement for the page and one for the number, which is held while the operators stand.
pub async fn show(ctx: Data<Ctx>, reader: Reader, counts: Data<Counts>, asked: Query<Asked>) -> Result<HttpResponse> {
    let viewer = reader.viewer()?;
    viewer.actor.may::<ViewOperators>()?;
    let t = reader.t;
    let mut unknown = Vec::new();
    let filter = filter(&reader, &asked, &mut unknown);
    let address = address(&asked);
    let now = ctx.now();
    let (rows, pages) = if unknown.is_empty() {
        let (count, search) = counts.of(&ctx, viewer.seen.operators_version, &filter).await?;
        let pages = Pages::new(address.clone(), Pages::asked(asked.page.as_deref()), count, PER_PAGE);
        let rows = match count {
            0 => Vec::new(),
            _ => operators::page(ctx.store.read(), &filter, &search, now, pages.offset(), PER_PAGE).await?,
        };
        (rows, pages)
    } else {
        (Vec::new(), Pages::new(address.clone(), 1, 0, PER_PAGE))
    };
    let manages = reader.may(Permission::OperatorsManage);
    let roles: HashMap<i64, (String, bool)> = reader
        .catalogue
        .roles
        .iter()
        .map(|role| {
            let may_edit = manages && role.permissions.is_subset(&viewer.actor.permissions);
            (role.id, (role_name(t, role), may_edit))
        })
        .collect();
    let names: HashMap<&str, String> =
        reader.catalogue.languages.iter().map(|language| (language.tag.as_str(), language_name(t, &language.tag))).collect();
    let offline = reader.catalogue.organisation.named_statuses().offline;
    let badges: HashMap<i64, Badge> = reader.catalogue.statuses.iter().map(|status| (status.id, Badge::of(status, t))).collect();
    let lines = rows.iter().map(|row| {
        let (role, may_edit) = roles.get(&row.role_id).map_or(("", false), |(name, may_edit)| (name.as_str(), *may_edit));
        let state = row.state(now);
        let (mailbox, domain) = row.email.split_at(row.email.find('@').unwrap_or(row.email.len()));
        Line {
            mailbox,
            domain,
            avatar: Avatar::new(row.id, &row.name, row.photo_id.as_deref(), row.preset.as_deref()),
            role,
            languages: row.languages.iter().map(|tag| names.get(tag.as_str()).unwrap_or(tag).as_str()).collect(),
            departments: departments_of(&reader, &row.departments),
            badge: badges.get(&row.status_id.unwrap_or(offline)),
            state,
            state_text: state_text(t, state),
            may_edit: may_edit || row.id == viewer.seen.operator_id,
            row,
        }
    });
    let page = ListPage {
        shell: Shell::new(&reader, t.get("nav-operators")),
        rows: lines.collect(),
        chips: chips(&reader, &address, &filter),
        pages,
        export: address.elsewhere("/operators/export.csv"),
        address,
        unknown,
        roles: reader.catalogue.roles.iter().map(|role| (role.slug.clone(), role_name(t, role))).collect(),
        languages: reader.catalogue.enabled_languages().map(|language| (language.tag.clone(), language_name(t, &language.tag))).collect(),
        departments: reader.departments().collect(),
        statuses: reader
            .catalogue
            .statuses
            .iter()
            .map(|status| (status.id.to_string(), status.name_in(t.locale().tag()).to_owned()))
            .collect(),
        states: OperatorState::ALL.into_iter().map(|state| (state.as_str().to_owned(), state_text(t, state).to_owned())).collect(),
        absences: if reader.may(Permission::AbsencesView) {
            vec![("1".to_owned(), t.get("operators-absent-now").to_owned())]
        } else {
            Vec::new()
        },
        may_add: manages,
        may_place: reader.may(Permission::DepartmentMembersManage) && !reader.catalogue.departments.is_empty(),
    };
    shell::ok(&ctx, &reader, &page)
}

/// The names of departments by their joined ids, in the order of the catalogue.
fn departments_of<'a>(visit: &'a Visit, ids: &str) -> Vec<&'a str> {
    let ids: Vec<i64> = ids.split(',').filter_map(|id| id.parse().ok()).collect();
    let mine = visit.catalogue.departments.iter().filter(|department| ids.contains(&department.id));
    mine.map(|department| department.name_in(visit.t.locale().tag())).collect()
}

/// The address that asks for this, without what names no order.
pub(super) fn address(asked: &Asked) -> Address {
    let params = [
        ("q", asked.q.trim().to_owned()),
        ("role", asked.role.clone()),
        ("language", asked.language.clone()),
        ("department", asked.department.clone()),
        ("status", asked.status.clone()),
        ("state", asked.state.clone()),
        ("absent", asked.absent.clone()),
        ("sort", Sort::parse(&asked.sort).unwrap_or_default().as_str().to_owned()),
    ];
    Address::new("/operators", params).ordered_by(Sort::Name.as_str())
}

/// What the address asks for; none where it asks for something that is not there, so that nobody is found.
pub(super) fn known_filter(visit: &Visit, asked: &Asked) -> Option<Filter> {
    let mut unknown = Vec::new();
    let filter = filter(visit, asked, &mut unknown);
    unknown.is_empty().then_some(filter)
}

/// What the address asks for; values that name nothing are gathered, since nobody can match them.
fn filter(visit: &Visit, asked: &Asked, unknown: &mut Vec<String>) -> Filter {
    let mut known = |value: &str, is_known: bool| {
        if !value.is_empty() && !is_known {
            unknown.push(value.to_owned());
        }
    };
    let role = visit.catalogue.role_by_slug(&asked.role).map(|role| role.id);
    let state = OperatorState::parse(&asked.state);
    let languages = operators::serving(&visit.catalogue, &asked.language);
    let department = visit.catalogue.department_by_slug(&asked.department).map(|department| department.id);
    known(&asked.role, role.is_some());
    let status = asked.status.parse().ok().and_then(|id| visit.catalogue.status(id)).map(|status| status.id);
    known(&asked.status, status.is_some());
    known(&asked.department, department.is_some());
    known(&asked.state, state.is_some());
    known(&asked.language, !languages.is_empty());
    let absent = asked.absent == "1" && visit.may(Permission::AbsencesView);
    known(&asked.absent, absent);
    Filter {
        q: asked.q.chars().take(crate::domain::limits::SEARCH).collect(),
        role,
        languages: (!asked.language.is_empty()).then_some(languages),
        status,
        state,
        placed: department.map(Placed::In),
        absent,
        sort: Sort::parse(&asked.sort).unwrap_or_default(),
        reader_language: visit.t.locale().tag().to_owned(),
        ..Filter::default()
    }
}

fn chips(visit: &Visit, address: &Address, filter: &Filter) -> Vec<Chip> {
    let t = visit.t;
    let chip = |name: &'static str, label: &str, value: Option<String>| {
        let value = value.unwrap_or_else(|| address.get(name).to_owned());
        (!value.is_empty()).then(|| Chip { label: t.get(label), value, off: address.without(name) })
    };
    let role = filter.role.and_then(|id| visit.catalogue.role(id)).map(|role| role_name(t, role));
    let language = Some(address.get("language")).filter(|tag| !tag.is_empty()).map(|tag| language_name(t, tag));
    let status = filter.status.and_then(|id| visit.catalogue.status(id)).map(|status| status.name_in(t.locale().tag()).to_owned());
    let state = filter.state.map(|state| state_text(t, state).to_owned());
    let department = visit.catalogue.department_by_slug(address.get("department"));
    let department = department.map(|department| department.name_in(t.locale().tag()).to_owned());
    let all = [
        chip("q", "list-search-words", None),
        chip("role", "operators-role", role),
        chip("language", "operators-language", language),
        chip("department", "departments-department", department),
        chip("status", "operators-status", status),
        chip("state", "operators-state", state),
        chip("absent", "operators-absent", filter.absent.then(|| t.get("operators-absent-now").to_owned())),
    ];
    all.into_iter().flatten().collect()
}

/// Numbers of operators by filter, and the way to find them, held in memory for as long as the operators stand (wall 4).
#[derive(Debug, Default)]
pub struct Counts(Mutex<HashMap<Asking, Found>>);

/// The version of the operators, and what the filter asks for.
type Asking = (i64, String);
/// How many there are, and how to find them.
type Found = (u64, Arc<Search>);

/// So many numbers are held at most; a new version makes the old ones useless anyway.
const MOST_COUNTS: usize = 256;

impl Counts {
    async fn of(&self, ctx: &Ctx, version: i64, filter: &Filter) -> Result<Found, AppError> {
        // Invitations run out and absences begin without any change, so numbers that depend on them are asked for each time.
        let is_steady = !filter.absent && !matches!(filter.state, Some(OperatorState::Invited | OperatorState::Expired));
        let Filter { q, role, languages, status, state, placed, absent, .. } = filter;
        let asked = format!("{q}\n{role:?}\n{languages:?}\n{status:?}\n{state:?}\n{placed:?}\n{absent}");
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&(version, asked.clone())).cloned();
        let db = ctx.store.read();
        let search = match held {
            Some(held) if is_steady => return Ok(held),
            Some((_, search)) => search,
            None => Arc::new(Search::of(db, filter).await?),
        };
        let count = operators::count(db, filter, &search, ctx.now()).await?;
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST_COUNTS {
            all.clear();
        }
        all.insert((version, asked), (count, search.clone()));
        Ok((count, search))
    }
}
