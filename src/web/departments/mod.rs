//! Pages of departments: the list, the sections of one department, and the matrix of who works in which.
//! Nothing here decides a rule; every change is one deed.
//! It may call actions, the store (reads), domain, i18n and the parts of web around it.

mod create;
mod deletion;
mod details;
mod list;
mod matrix;
mod members;
mod priority;
pub(super) mod switches;

use actix_web::Resource;
use actix_web::web::{self, ServiceConfig};

use super::shell::Shell;
use super::visit::Visit;
pub use crate::actions::availability::channel_name;
use crate::domain::channel::Channel;
use crate::domain::department::{LanguagePolicy, Routing};
use crate::error::{AppError, Result};
use crate::i18n::Texts;
use crate::store::departments::Department;

/// The addresses of departments.
pub(super) fn routes(config: &mut ServiceConfig) {
    let at = |path: &str| -> Resource { web::resource(format!("/departments/{{id:\\d{{1,18}}}}{path}")) };
    config
        .service(web::resource("/departments").get(list::show).post(create::create))
        .service(web::resource("/departments/new").get(create::show))
        .service(web::resource("/departments/matrix").get(matrix::show).post(matrix::change))
        .service(at("").get(details::show).post(details::save))
        .service(at("/members").get(members::show).post(members::save))
        .service(at("/members/addition").post(members::add))
        .service(at("/priority").get(priority::show).post(priority::save))
        .service(at("/deletion").get(deletion::show).post(deletion::delete));
}

/// A section of a department's page.
struct Tab {
    text: &'static str,
    href: String,
    is_here: bool,
}

const DETAILS: &str = "departments-details";
const MEMBERS: &str = "departments-members";
const PRIORITY: &str = "departments-priority";

fn tabs(t: Texts, id: i64, here: &str) -> Vec<Tab> {
    let all = [(DETAILS, ""), (MEMBERS, "/members"), (PRIORITY, "/priority")];
    all.into_iter().map(|(key, path)| Tab { text: t.get(key), href: format!("/departments/{id}{path}"), is_here: key == here }).collect()
}

/// The department of a page.
fn find(visit: &Visit, id: i64) -> Result<&Department> {
    visit.catalogue.department(id).ok_or(AppError::NotFound)
}

/// The frame of a section; the department is named in the reader's language.
fn shell<'a>(visit: &'a Visit, department: &Department, section: &'static str) -> Shell<'a> {
    let name = department.name_in(visit.t.locale().tag()).to_owned();
    let list = |shell: Shell<'a>| shell.crumb(visit.t.get("nav-departments"), "/departments");
    if section == DETAILS {
        return list(Shell::new(visit, name));
    }
    list(Shell::new(visit, visit.t.get(section))).crumb(name, format!("/departments/{}", department.id))
}

/// The icon of a channel.
pub fn channel_icon(channel: Channel) -> &'static str {
    match channel {
        Channel::Ticket => "ticket",
        Channel::Chat => "message",
        Channel::Call => "phone",
    }
}

fn routing_name(t: Texts, routing: Routing) -> &'static str {
    t.get(match routing {
        Routing::RingAll => "departments-ring-all",
        Routing::MaxUtilization => "departments-max-utilization",
        Routing::AverageUtilization => "departments-average-utilization",
        Routing::RoundRobin => "departments-round-robin",
        Routing::LongestIdle => "departments-longest-idle",
    })
}

fn policy_name(t: Texts, policy: LanguagePolicy) -> &'static str {
    t.get(match policy {
        LanguagePolicy::Strict => "departments-strict",
        LanguagePolicy::Prefer => "departments-prefer",
        LanguagePolicy::Ignore => "departments-ignore",
    })
}
