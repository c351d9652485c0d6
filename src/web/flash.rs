//! A message for the next page, in a signed cookie that lives for one redirect.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::actions::Ctx;
use crate::i18n::Texts;

const NAME: &str = "onduty_flash";

/// What kind of message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tone {
    /// It is done.
    Success,
    /// It is done, but look at this.
    Warning,
    /// It could not be done.
    Danger,
}

/// A message: the key of its text with arguments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// Its colour and icon.
    pub tone: Tone,
    key: String,
    args: Vec<(String, String)>,
}

impl Flash {
    /// Something is done.
    pub fn success(key: &str) -> Flash {
        Flash { tone: Tone::Success, key: key.to_owned(), args: Vec::new() }
    }

    /// Something is done, or was refused, and needs a look.
    pub fn warning(key: &str) -> Flash {
        Flash { tone: Tone::Warning, ..Flash::success(key) }
    }

    /// Something could not be done.
    pub fn danger(key: &str) -> Flash {
        Flash { tone: Tone::Danger, ..Flash::success(key) }
    }

    /// With something the text mentions.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Flash {
        self.args.push((name.to_owned(), value.to_string()));
        self
    }

    /// The text in the reader's language.
    pub fn text(&self, t: &Texts) -> String {
        t.owned(&self.key, &self.args)
    }

    /// The class of its colour.
    pub fn class(&self) -> &'static str {
        match self.tone {
            Tone::Success => "success",
            Tone::Warning => "warning",
            Tone::Danger => "danger",
        }
    }

    /// The cookie that carries it.
    pub fn cookie(&self, ctx: &Ctx) -> Cookie<'static> {
        let packed = URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default());
        let seal = ctx.keys.mac("flash", packed.as_bytes());
        cookie(ctx, format!("{packed}.{seal}"), Duration::minutes(5))
    }

    /// The message a request brings, if its seal is ours.
    pub fn of(ctx: &Ctx, request: &HttpRequest) -> Option<Flash> {
        let cookie = request.cookie(NAME)?;
        let (packed, seal) = cookie.value().split_once('.')?;
        if !ctx.keys.verify("flash", packed.as_bytes(), seal) {
            return None;
        }
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(packed).ok()?).ok()
    }

    /// The cookie that takes a shown message away.
    pub fn removal(ctx: &Ctx) -> Cookie<'static> {
        cookie(ctx, String::new(), Duration::ZERO)
    }
}

fn cookie(ctx: &Ctx, value: String, age: Duration) -> Cookie<'static> {
    Cookie::build(NAME, value).path("/").http_only(true).secure(ctx.is_https()).same_site(SameSite::Lax).max_age(age).finish()
}
