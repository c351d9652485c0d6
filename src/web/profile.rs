//! One's own profile: the sections of an operator below another address (OP-7).

use actix_web::web::ServiceConfig;

use super::operators;

/// The addresses of one's own sections; `/profile/password` belongs to signing in.
pub(super) fn routes(config: &mut ServiceConfig) {
    operators::sections(config, "/profile");
}
