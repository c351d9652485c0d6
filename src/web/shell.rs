//! What surrounds every page: navigation by right, breadcrumbs, flash message, theme, texts.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::assets;
use super::flash::Flash;
use super::visit::Visit;
use crate::actions::Ctx;
use crate::domain::auto_reply::MOST_HOURLY;
use crate::domain::permission::Permission;
use crate::domain::status::Color;
use crate::error::{AppError, Result};
use crate::i18n::{Dates, Texts};
use crate::store::statuses::Status;

/// Marks an answer that is a page already, whatever its status.
#[derive(Clone, Copy)]
pub struct Rendered;

/// The frame of a page.
pub struct Shell<'a> {
    /// The reader.
    pub visit: &'a Visit,
    /// Texts in the reader's language.
    pub t: Texts,
    /// Dates in the reader's language and zone.
    pub dates: Dates,
    /// Title of the page, its only h1.
    pub title: String,
    /// The way here: text and address.
    pub crumbs: Vec<(String, String)>,
    /// What the reader wears, where that is known better than it was when the request began.
    pub worn: Option<i64>,
}

/// A link of the navigation.
pub struct Link {
    /// Its text.
    pub text: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Name of its icon.
    pub icon: &'static str,
    /// Whether the reader is there.
    pub is_here: bool,
}

/// A group of the navigation: key of its title, and its links with text key, address, icon and permission.
type Group = (&'static str, &'static [(&'static str, &'static str, &'static str, Permission)]);

/// The navigation; a link stands here only once its page works.
const NAVIGATION: &[Group] = &[
    ("nav-now", &[("nav-on-duty", "/", "activity", Permission::PanelUse)]),
    (
        "nav-people",
        &[
            ("nav-operators", "/operators", "users", Permission::OperatorsView),
            ("nav-departments", "/departments", "building-community", Permission::DepartmentsView),
            ("nav-roles", "/roles", "shield-lock", Permission::RolesView),
            ("nav-languages", "/languages", "language", Permission::LanguagesView),
        ],
    ),
    (
        "nav-availability",
        &[
            ("nav-panel", "/panel", "headset", Permission::PanelUse),
            ("nav-statuses", "/statuses", "circle-dot", Permission::StatusesView),
            ("nav-schedules", "/schedules", "clock", Permission::SchedulesView),
            ("absences-title", "/absences", "calendar-off", Permission::AbsencesView),
        ],
    ),
    (
        "nav-routing",
        &[
            ("nav-queries", "/queries", "inbox", Permission::OwnQueriesView),
            ("categories-title", "/categories", "tags", Permission::QueriesView),
            ("nav-sites", "/sites", "world", Permission::SitesView),
            ("nav-explain", "/explain", "list-check", Permission::OperatorsView),
        ],
    ),
    (
        "nav-insight",
        &[
            ("nav-reports", "/reports", "chart-bar", Permission::ReportsView),
            ("nav-auto-replies", "/auto-replies", "mail-forward", Permission::QueriesView),
        ],
    ),
    (
        "nav-settings",
        &[
            ("nav-organisation", "/settings", "settings", Permission::SettingsView),
            ("nav-templates", "/templates", "template", Permission::TemplatesView),
            ("nav-mail", "/mail", "mail", Permission::MailView),
            ("nav-api-keys", "/api-keys", "key", Permission::ApiKeysView),
            ("nav-audit", "/audit", "history", Permission::AuditView),
        ],
    ),
];

impl<'a> Shell<'a> {
    /// The frame of a page with this title.
    pub fn new(visit: &'a Visit, title: impl Into<String>) -> Shell<'a> {
        Shell { visit, t: visit.t, dates: visit.dates, title: title.into(), crumbs: Vec::new(), worn: None }
    }

    /// With a step of the way here.
    #[must_use]
    pub fn crumb(mut self, text: impl Into<String>, href: impl Into<String>) -> Shell<'a> {
        self.crumbs.push((text.into(), href.into()));
        self
    }

    /// Whoever may see all queries may see those of their departments.
    fn may_open(&self, permission: Permission) -> bool {
        self.visit.may(permission) || permission == Permission::OwnQueriesView && self.visit.may(Permission::QueriesView)
    }

    /// The navigation this reader may use; groups without a link are left out.
    pub fn navigation(&self) -> Vec<(&'static str, Vec<Link>)> {
        let groups = NAVIGATION.iter().map(|(title, links)| {
            let mine = links.iter().filter(|(.., permission)| self.may_open(*permission));
            let links = mine.map(|(text, href, icon, _)| Link {
                text: self.t.get(text),
                href,
                icon,
                is_here: self.visit.path == *href || self.visit.path.starts_with(&format!("{href}/")),
            });
            (self.t.get(title), links.collect::<Vec<_>>())
        });
        groups.filter(|(_, links)| !links.is_empty()).collect()
    }

    /// The signed-in operator, for the avatar menu.
    pub fn me(&self) -> Option<Avatar<'_>> {
        self.visit.viewer.as_ref().map(|viewer| {
            let seen = &viewer.seen;
            Avatar::new(seen.operator_id, &seen.name, seen.photo_id.as_deref(), seen.preset.as_deref())
        })
    }

    /// The status of the signed-in operator, for the switch; none for who may not work from the panel.
    pub fn my_status(&self) -> Option<Badge> {
        let viewer = self.visit.viewer.as_ref().filter(|_| self.visit.may(Permission::PanelUse))?;
        let catalogue = &self.visit.catalogue;
        let id = self.worn.or(viewer.seen.status_id).unwrap_or(catalogue.organisation.named_statuses().offline);
        catalogue.status(id).map(|status| Badge::of(status, self.t))
    }

    /// The alarm while automatic replies rest, for those who may see mails (R3).
    pub fn alarm(&self) -> Option<String> {
        let is_paused = self.visit.viewer.as_ref().is_some_and(|viewer| viewer.seen.replies_paused);
        (is_paused && self.visit.may(Permission::MailView)).then(|| self.t.count("auto-replies-paused", u64::from(MOST_HOURLY)))
    }

    /// Every status to choose from, in their order.
    pub fn statuses(&self) -> Vec<Badge> {
        self.visit.catalogue.statuses.iter().map(|status| Badge::of(status, self.t)).collect()
    }

    /// `light`, `dark` or `system`, as the design's scripts and styles name them.
    pub fn theme(&self) -> &'static str {
        theme(&self.visit.theme)
    }

    /// Name of the role of the signed-in operator.
    pub fn my_role(&self) -> String {
        let role = self.visit.viewer.as_ref().and_then(|viewer| self.visit.catalogue.role(viewer.seen.role_id));
        role.map(|role| role_name(self.t, role)).unwrap_or_default()
    }

    /// Whether the reader holds the permission of this name.
    pub fn may(&self, permission: &str) -> bool {
        Permission::parse(permission).is_some_and(|permission| self.visit.may(permission))
    }

    /// The address of a static file.
    pub fn asset(&self, name: &str) -> &'static str {
        assets::address(name)
    }

    /// The message left by the page before.
    pub fn flash(&self) -> Option<&Flash> {
        self.visit.flash.as_ref()
    }
}

/// The picture of a person: uploaded photo, preset, or initial on a colour (OP-3).
pub struct Avatar<'a> {
    /// Full name.
    pub name: &'a str,
    /// Address of the picture, where there is one.
    pub picture: Option<String>,
    /// Initial.
    pub initial: String,
    /// Which of the 16 colours.
    pub hue: u8,
}

impl<'a> Avatar<'a> {
    /// The picture of an operator.
    pub fn new(id: i64, name: &'a str, photo_id: Option<&str>, preset: Option<&str>) -> Avatar<'a> {
        let picture = match (photo_id, preset) {
            (Some(photo), _) => Some(format!("/photos/{photo}/small")),
            (None, Some(preset)) => Some(assets::address(&format!("presets/{preset}.svg")).to_owned()),
            (None, None) => None,
        };
        Avatar { name, picture, initial: crate::domain::operator::initial(name), hue: crate::domain::operator::hue(id) }
    }
}

/// A status as it is shown: its name on its colour.
#[derive(Clone, Debug)]
pub struct Badge {
    /// Its id; 0 before it is written.
    pub id: i64,
    /// Its name in the reader's language.
    pub name: String,
    /// `#rrggbb`.
    pub color: String,
    /// Whether letters on it are dark.
    pub has_dark_ink: bool,
}

impl Badge {
    /// A name on a colour.
    pub fn new(id: i64, name: &str, color: Color) -> Badge {
        Badge { id, name: name.to_owned(), color: color.to_string(), has_dark_ink: color.wants_dark_ink() }
    }

    /// A status, named for a reader.
    pub fn of(status: &Status, t: Texts) -> Badge {
        Badge::new(status.id, status.name_in(t.locale().tag()), status.facts.color)
    }
}

/// The theme of a reader as the design names it: `light`, `dark` or `system`.
pub fn theme(chosen: &str) -> &'static str {
    match chosen {
        "bright" => "light",
        "dark" => "dark",
        _ => "system",
    }
}

/// The name of a role: the built-in ones are named in the reader's language.
pub fn role_name(t: Texts, role: &crate::store::catalogue::Role) -> String {
    if role.built_in { t.get(&format!("role-{}", role.slug)).to_owned() } else { role.name.clone() }
}

/// A page with this status; a message it has shown is taken away.
pub fn html(ctx: &Ctx, status: StatusCode, visit: Option<&Visit>, page: &impl Template) -> Result<HttpResponse> {
    let body = page.render().map_err(AppError::unexpected)?;
    let mut answer = HttpResponse::build(status);
    if visit.is_some_and(|visit| visit.flash.is_some()) {
        answer.cookie(Flash::removal(ctx));
    }
    let mut answer = answer.content_type("text/html; charset=utf-8").body(body);
    answer.extensions_mut().insert(Rendered);
    Ok(answer)
}

/// A page that answers a request well.
pub fn ok(ctx: &Ctx, visit: &Visit, page: &impl Template) -> Result<HttpResponse> {
    html(ctx, StatusCode::OK, Some(visit), page)
}

/// The same page again with what is wrong (F-2).
pub fn invalid(ctx: &Ctx, visit: &Visit, page: &impl Template) -> Result<HttpResponse> {
    html(ctx, StatusCode::UNPROCESSABLE_ENTITY, Some(visit), page)
}
