//! Whose sections a page shows, and what the reader may change there (OP-7, Z1, Z2).

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use chrono::{DateTime, Utc};

use crate::actions::Ctx;
use crate::actions::availability::{Standing, cause_text, channel_name, check_name, standing};
use crate::actions::operators::own_permission;
use crate::actions::rights::ViewOperators;
use crate::domain::availability::Check;
use crate::domain::language::{LanguageTag, name_in};
use crate::domain::operator::{OperatorState, missing_job_positions};
use crate::domain::permission::{Permission, PermissionSet};
use crate::domain::role;
use crate::domain::status::Worn;
use crate::error::{AppError, Result};
use crate::i18n::Texts;
use crate::store::catalogue::Catalogue;
use crate::store::operators::{self, Operator};
use crate::web::shell::{Avatar, Badge, Shell, role_name};
use crate::web::visit::{Reader, Visit};

/// The operator of a page, found and cleared for the reader: below `/profile` oneself, else the one in the address.
pub struct Subject {
    /// The operator as stored.
    pub operator: Operator,
    /// Whether it is the reader.
    pub is_own: bool,
    /// `/profile` or `/operators/12`.
    pub base: String,
    /// The operator's state at the instant of the request (OP-5).
    pub state: OperatorState,
    /// Whether the reader may do deeds to the operator: not to oneself, and not to somebody above (OP-6, Z5).
    pub may_manage: bool,
    /// Whether the operator stands above the reader, who then changes nothing of them (Z5).
    pub is_above: bool,
    /// Whether the reader may see where the operator is signed in (A7).
    pub may_see_devices: bool,
    /// Whether the reader may see the history of changes.
    pub may_see_history: bool,
    /// Whether the reader may see what was worn and when.
    pub may_see_performance: bool,
    /// Whether the reader may see when the operator is away.
    pub may_see_absences: bool,
    /// The status worn at the instant of the request (ST-4).
    pub worn: Worn,
    /// Whether the reader may switch it as somebody else's.
    pub may_switch: bool,
    /// What they can receive now, channel by channel, and why not (QU-7).
    pub standing: Vec<Standing>,
    now: DateTime<Utc>,
    rights: PermissionSet,
    catalogue: Arc<Catalogue>,
}

/// A section of the page of an operator (OP-9).
pub struct Tab {
    /// Its title.
    pub text: &'static str,
    /// Its address.
    pub href: String,
    /// Whether it is the one shown.
    pub is_here: bool,
}

impl FromRequest for Subject {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Subject>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let reader = Reader::from_request(request, payload).into_inner();
        let ctx = request.app_data::<Data<Ctx>>().cloned();
        let id = request.match_info().get("id").map(str::to_owned);
        Box::pin(async move {
            let ctx = ctx.ok_or_else(|| AppError::unexpected("no context"))?;
            Subject::of(&ctx, &reader?, id.as_deref()).await
        })
    }
}

impl Subject {
    async fn of(ctx: &Ctx, reader: &Reader, id: Option<&str>) -> Result<Subject> {
        let viewer = reader.viewer()?;
        let own = viewer.seen.operator_id;
        let (id, base) = match id {
            None => (own, "/profile".to_owned()),
            Some(id) => {
                viewer.actor.may::<ViewOperators>()?;
                (id.parse().map_err(|_| AppError::NotFound)?, format!("/operators/{id}"))
            }
        };
        let operator = operators::find(ctx.store.read(), id).await?.ok_or(AppError::NotFound)?;
        let rights = viewer.actor.permissions;
        let is_own = id == own;
        let theirs = reader.catalogue.role(operator.role_id).map_or_else(PermissionSet::all, |role| role.permissions);
        let is_above = role::is_above(&theirs, &rights);
        let may_manage = !is_own && rights.contains(Permission::OperatorsManage) && !is_above;
        let now = ctx.now();
        Ok(Subject {
            state: operator.state(now),
            may_see_devices: is_own || rights.contains(Permission::OperatorsManage),
            may_see_history: is_own || rights.contains(Permission::AuditView),
            may_see_performance: is_own || rights.contains(Permission::ReportsView),
            may_see_absences: is_own || rights.contains(Permission::AbsencesView),
            worn: reader.catalogue.worn(&operator, now),
            standing: standing(ctx, id, reader.t, reader.zone).await?,
            may_switch: !is_own && rights.contains(Permission::OperatorStatusManage),
            catalogue: reader.catalogue.clone(),
            operator,
            is_own,
            base,
            may_manage,
            is_above,
            now,
            rights,
        })
    }

    /// Whether the reader may change a field, named as in CONTRACT.md: one's own field by field (OP-7).
    pub fn may(&self, field: &str) -> bool {
        let own = || own_permission(field).is_some_and(|needed| self.rights.contains(needed));
        self.may_manage || self.is_own && (self.rights.contains(Permission::OperatorsManage) || own())
    }

    /// Whether any of the fields may be changed.
    pub fn may_any(&self, fields: &[&str]) -> bool {
        fields.iter().any(|field| self.may(field))
    }

    /// The frame of a section.
    pub fn shell<'a>(&self, visit: &'a Visit, section: &'static str) -> Shell<'a> {
        let t = visit.t;
        if self.base == "/profile" {
            let shell = Shell::new(visit, t.get(section));
            return if section == PROFILE {
                Shell::new(visit, t.get("shell-profile"))
            } else {
                shell.crumb(t.get("shell-profile"), "/profile")
            };
        }
        let list = |shell: Shell<'a>| shell.crumb(t.get("nav-operators"), "/operators");
        if section == PROFILE {
            return list(Shell::new(visit, self.operator.name.clone()));
        }
        list(Shell::new(visit, t.get(section))).crumb(self.operator.name.clone(), self.base.clone())
    }

    /// The sections that exist for this reader, of which `here` is shown.
    pub fn tabs(&self, t: &Texts, here: &str) -> Vec<Tab> {
        let all = [
            (PROFILE, "", true),
            ("operators-languages", "/languages", true),
            ("operators-departments", "/departments", true),
            ("operators-signatures", "/signatures", true),
            ("schedules-office-hours", "/hours", true),
            ("absences-title", "/absences", self.may_see_absences),
            ("operators-advanced", "/advanced", true),
            ("operators-notifications", "/notifications", true),
            ("operators-sounds", "/sounds", true),
            ("reports-performance", "/performance", self.may_see_performance),
            ("operators-applications", "/applications", self.may_see_devices),
            ("operators-history", "/history", self.may_see_history),
        ];
        let shown = all.into_iter().filter(|(.., is_shown)| *is_shown);
        shown.map(|(key, path, _)| Tab { text: t.get(key), href: format!("{}{path}", self.base), is_here: key == here }).collect()
    }

    /// The picture.
    pub fn avatar(&self) -> Avatar<'_> {
        let operator = &self.operator;
        Avatar::new(operator.id, &operator.name, operator.photo_id.as_deref(), operator.preset.as_deref())
    }

    /// Name of the role.
    pub fn role(&self, t: &Texts) -> String {
        self.catalogue.role(self.operator.role_id).map(|role| role_name(*t, role)).unwrap_or_default()
    }

    /// The status worn, for the reader.
    pub fn badge(&self, t: &Texts) -> Option<Badge> {
        self.catalogue.status(self.worn.status_id).map(|status| Badge::of(status, *t))
    }

    /// Why it is worn, in words.
    pub fn cause(&self, t: &Texts) -> &'static str {
        cause_text(*t, self.worn.cause)
    }

    /// What they can receive now.
    pub fn reach(&self, t: &Texts) -> Vec<Reach> {
        reach(*t, &self.standing)
    }

    /// Where the reader finds it explained.
    pub fn explained_at(&self) -> String {
        format!("/explain?operator={}", self.operator.id)
    }

    /// For how long somebody else's status may be switched: minutes, none first, and words.
    pub fn times(&self, t: &Texts) -> Vec<(String, String)> {
        let always = (String::new(), t.get("operators-status-for-ever").to_owned());
        let short = [15_i64, 30].map(|minutes| (minutes.to_string(), t.count("operators-status-minutes", minutes)));
        let long = [1_i64, 2, 4, 8].map(|hours| ((60 * hours).to_string(), t.count("operators-status-hours", hours)));
        std::iter::once(always).chain(short).chain(long).collect()
    }

    /// The state in words.
    pub fn state_text(&self, t: &Texts) -> &'static str {
        state_text(*t, self.state)
    }

    /// The job position in the reader's language, else in the organisation's, else any.
    pub fn job_position(&self, t: &Texts) -> Option<&str> {
        let default = self.catalogue.organisation.default_language.as_str();
        let positions = &self.operator.job_positions;
        let told = |tag: &str| self.operator.job_position(tag);
        told(t.locale().tag()).or_else(|| told(default)).or_else(|| positions.first().map(|(_, text)| text.as_str()))
    }

    /// The assistance languages without a job position, named for the reader (OP-4).
    pub fn untranslated(&self, t: &Texts) -> Vec<String> {
        let languages: Vec<&str> = self.operator.languages.iter().map(String::as_str).collect();
        let told: Vec<&str> = self.operator.job_positions.iter().map(|(tag, _)| tag.as_str()).collect();
        missing_job_positions(&languages, &told).into_iter().map(|tag| language_name(*t, tag)).collect()
    }

    /// Whether an invitation may still be used.
    pub fn has_invitation(&self) -> bool {
        self.operator.activated_at.is_none() && self.operator.invitation_expires_at.is_some_and(|end| end > self.now)
    }

    /// Whether nobody has signed in with this account yet and it is not suspended, so that it may be invited.
    pub fn may_be_invited(&self) -> bool {
        self.operator.activated_at.is_none() && self.operator.suspended_at.is_none()
    }
}

/// A channel, whether it is received, in words why not, and until when that is known to stand.
pub type Reach = (&'static str, bool, String, Option<DateTime<Utc>>);

/// What somebody can receive, in words.
pub fn reach(t: Texts, standing: &[Standing]) -> Vec<Reach> {
    let of = |standing: &Standing| {
        let reason = standing.reason.as_ref();
        let why = reason.map(|reason| t.with("explain-reason", &[("check", check_name(t, reason.check)), ("fact", &reason.fact)]));
        // Until when an absence lasts stands in its fact.
        let until = reason.map_or(standing.verdict.next_change, |reason| reason.until.filter(|_| reason.check != Check::Absence));
        (channel_name(t, standing.channel), standing.verdict.receives(), why.unwrap_or_default(), until)
    };
    standing.iter().map(of).collect()
}

/// The key of the first section's title.
pub const PROFILE: &str = "operators-profile";

/// A state in words.
pub fn state_text(t: Texts, state: OperatorState) -> &'static str {
    t.get(match state {
        OperatorState::Invited => "operators-state-invited",
        OperatorState::Expired => "operators-state-expired",
        OperatorState::DeliveryFailed => "operators-state-delivery-failed",
        OperatorState::Active => "operators-state-active",
        OperatorState::Suspended => "operators-state-suspended",
    })
}

/// The name of a language for the reader; an unknown tag stands for itself.
pub fn language_name(t: Texts, tag: &str) -> String {
    LanguageTag::parse(tag).map_or_else(|_| tag.to_owned(), |parsed| name_in(&parsed, t.locale().tag()))
}
