//! Pages of operators: the list, the sections of one operator, and the deeds done to them.
//! The sections serve other people's operators and, below /profile, one's own alike; nothing here decides a rule.
//! It may call actions, the store (reads), domain, i18n and the parts of web around it.

mod absences;
mod advanced;
mod applications;
mod bulk;
mod create;
mod deeds;
mod deletion;
mod departments;
mod export;
mod history;
mod hours;
mod import;
mod languages;
mod list;
pub(super) mod notifications;
mod performance;
mod profile;
mod report;
mod signatures;
pub(super) mod sounds;
pub(super) mod subject;

use actix_web::Resource;
use actix_web::web::{self, Data, ServiceConfig};
use serde::Deserialize;

use crate::domain::operator_import::MOST_BYTES;
use crate::web::form::FileLimit;

/// A form of a single button: its token is all it says.
#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

/// The sections that exist by now (OP-9), mounted below `/operators/{id}` and `/profile`.
pub(super) fn sections(config: &mut ServiceConfig, base: &str) {
    let at = |path: &str| -> Resource { web::resource(format!("{base}{path}")) };
    config
        .service(at("").get(profile::show).post(profile::save))
        .service(at("/languages").get(languages::show).post(languages::save))
        .service(at("/departments").get(departments::show).post(departments::save))
        .service(at("/departments/options").post(departments::save_options))
        .service(at("/signatures").get(signatures::show).post(signatures::save))
        .service(at("/signatures/departments").post(signatures::save_own))
        .service(at("/signatures/html").get(signatures::html))
        .service(at("/hours").get(hours::show).post(hours::save))
        .service(at("/hours/override").post(hours::allow))
        .service(at("/hours/override/deletion").post(hours::end))
        .service(at("/absences/hand-over").post(absences::hand_over))
        .service(at("/absences").get(absences::show))
        .service(at("/absences/texts").get(absences::show_texts).post(absences::save_texts))
        .service(at("/absences/texts/preview").post(absences::preview_texts))
        .service(at("/advanced").get(advanced::show).post(advanced::save))
        .service(at("/notifications").get(notifications::show).post(notifications::save))
        .service(at("/sounds").get(sounds::show).post(sounds::save))
        .service(at("/performance").get(performance::show))
        .service(at("/performance/status-time.csv").get(performance::export))
        .service(at("/applications").get(applications::show))
        .service(at("/sessions/deletion").post(applications::end_all))
        .service(at("/sessions/{session}/deletion").post(applications::end_one))
        .service(at("/history").get(history::show));
}

/// The addresses of operators.
pub(super) fn routes(config: &mut ServiceConfig) {
    const ONE: &str = "/operators/{id:\\d{1,18}}";
    let at = |path: &str| -> Resource { web::resource(format!("{ONE}{path}")) };
    config
        .app_data(Data::new(list::Counts::default()))
        .service(web::resource("/operators").get(list::show).post(create::create))
        .service(web::resource("/operators/new").get(create::show))
        .service(web::resource("/operators/export.csv").get(export::export))
        .service(web::resource("/operators/bulk").post(bulk::choose))
        .service(web::resource("/operators/bulk/{run}").get(bulk::show).post(bulk::confirm))
        .service(web::resource("/operators/bulk/{run}/report.csv").get(bulk::download))
        .service(web::resource("/operators/import").app_data(FileLimit(MOST_BYTES)).get(import::show).post(import::start))
        .service(web::resource("/operators/import/example.csv").get(import::example))
        .service(web::resource("/operators/import/{run}").get(import::run).post(import::confirm))
        .service(web::resource("/operators/import/{run}/report.csv").get(import::download))
        .service(at("/status").post(deeds::switch_status))
        .service(at("/suspension").post(deeds::suspend))
        .service(at("/reactivation").post(deeds::reactivate))
        .service(at("/invitation").post(deeds::invite_again))
        .service(at("/invitation/revocation").post(deeds::revoke))
        .service(at("/invitation/link").post(deeds::copy_link))
        .service(at("/deletion").get(deletion::show).post(deletion::delete))
        .service(at("/restoration").post(deletion::restore));
    sections(config, ONE);
}
