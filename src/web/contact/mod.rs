//! The public page of a site: its departments with their hours, and the form by which visitors write or ask to be called (HR-7, QU-1, QU-4).
//! Nobody signs in here, no cookie is set, and what stands on it is for everybody.

mod form;
mod page;

use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, ServiceConfig};

use super::errors;

/// The addresses of the page, apart from those of operators: they know no session.
pub fn routes(config: &mut ServiceConfig) {
    let resource = |path: &str| web::resource(path.to_owned()).wrap(from_fn(errors::door)).wrap(Compress::default());
    config.service(resource("/contact/{site}").get(page::show).post(form::send));
    config.service(resource("/contact/{site}/received").get(form::received));
}
