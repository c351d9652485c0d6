//! The session store behind actix-session: rows for people who are signed in, the cookie itself for others.
//!
//! A visitor's state (a nonce for forms, where to return to) travels in the signed cookie, so that opening the
//! sign-in page writes nothing. A signed-in session is a row that only [`crate::actions`] make; this store
//! finds it, and can never make it anew: a session that was ended stays ended (A6, F12).

use std::collections::HashMap;
use std::sync::Arc;

use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time::Duration;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::actions::Ctx;
use crate::security::digest::TokenHash;
use crate::store::sessions;

/// State entry: the key of a session row, given at sign-in.
pub const KEY: &str = "key";
/// State entry: what [`sessions::seen`] read, made at load and never kept.
pub const SEEN: &str = "seen";
/// State entry: the token of this session's forms, made at load and never kept.
pub const CSRF: &str = "csrf";
/// State entry of a visitor: from which the token of their forms is made.
pub const NONCE: &str = "nonce";

/// State entry: why the session could not be read, made at load and never kept.
pub const FAULT: &str = "fault";

/// Begins the key of a visitor's cookie; tokens of rows have no dot.
const VISITOR: &str = "v.";

type State = HashMap<String, String>;

/// The store; one for all workers.
#[derive(Clone)]
pub struct Sessions(pub Arc<Ctx>);

/// The token that proves a form comes from a page of this session (F-1).
pub fn csrf(ctx: &Ctx, secret: &str) -> String {
    ctx.keys.mac("csrf", secret.as_bytes())
}

impl Sessions {
    async fn load_row(&self, key: &str) -> anyhow::Result<Option<State>> {
        let ctx = &self.0;
        let (hash, now) = (TokenHash::of(key), ctx.now());
        let Some(seen) = sessions::seen(ctx.store.read(), hash.as_str(), now).await? else {
            return Ok(None);
        };
        let state = [(SEEN, serde_json::to_string(&seen)?), (CSRF, serde_json::to_string(&csrf(ctx, key))?)];
        Ok(Some(state.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()))
    }

    fn load_visitor(&self, packed: &str) -> Option<State> {
        let bytes = URL_SAFE_NO_PAD.decode(packed).ok()?;
        let mut state: State = serde_json::from_slice(&bytes).ok()?;
        if let Some(nonce) = state.get(NONCE) {
            // Values of a session are JSON; the token is made from the text itself.
            let nonce: String = serde_json::from_str(nonce).ok()?;
            let token = serde_json::to_string(&csrf(&self.0, &nonce)).ok()?;
            state.insert(CSRF.to_owned(), token);
        }
        Some(state)
    }

    fn pack(mut state: State) -> anyhow::Result<SessionKey> {
        state.remove(CSRF);
        let packed = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&state)?);
        SessionKey::try_from(format!("{VISITOR}{packed}")).map_err(anyhow::Error::from)
    }
}

impl SessionStore for Sessions {
    async fn load(&self, key: &SessionKey) -> Result<Option<State>, LoadError> {
        match key.as_ref().strip_prefix(VISITOR) {
            Some(packed) => Ok(self.load_visitor(packed)),
            // As an error it would end up as a bare 500; as an entry it becomes the page that says what is the matter (D-5).
            None => self.load_row(key.as_ref()).await.or_else(|error| {
                let fault = serde_json::to_string(&error.to_string()).map_err(|error| LoadError::Other(error.into()))?;
                Ok(Some(HashMap::from([(FAULT.to_owned(), fault)])))
            }),
        }
    }

    async fn save(&self, state: State, _ttl: &Duration) -> Result<SessionKey, SaveError> {
        match state.get(KEY).map(|key| serde_json::from_str::<String>(key)) {
            Some(key) => {
                let key = key.map_err(|error| SaveError::Serialization(error.into()))?;
                SessionKey::try_from(key).map_err(|error| SaveError::Other(error.into()))
            }
            None => Self::pack(state).map_err(SaveError::Serialization),
        }
    }

    async fn update(&self, key: SessionKey, state: State, _ttl: &Duration) -> Result<SessionKey, UpdateError> {
        if key.as_ref().starts_with(VISITOR) {
            return Self::pack(state).map_err(UpdateError::Serialization);
        }
        // A row holds no state of its own, so there is nothing to write; and never is one made anew.
        let hash = TokenHash::of(key.as_ref());
        match sessions::exists(self.0.store.read(), hash.as_str()).await {
            Ok(true) => Ok(key),
            Ok(false) => Err(UpdateError::Other(anyhow::anyhow!("the session has ended"))),
            Err(error) => Err(UpdateError::Other(error.into())),
        }
    }

    async fn update_ttl(&self, _key: &SessionKey, _ttl: &Duration) -> anyhow::Result<()> {
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> anyhow::Result<()> {
        if !key.as_ref().starts_with(VISITOR) {
            let hash = TokenHash::of(key.as_ref());
            self.0.store.write(async |tx| sessions::end(tx, hash.as_str()).await).await?;
        }
        Ok(())
    }
}

/// The middleware with the cookie of A5.
pub fn middleware(sessions: &Sessions) -> actix_session::SessionMiddleware<Sessions> {
    let ctx = &sessions.0;
    let key = actix_web::cookie::Key::from(&ctx.keys.derive::<64>("session cookie"));
    let name = if ctx.is_https() { "__Host-onduty" } else { "onduty_session" };
    actix_session::SessionMiddleware::builder(sessions.clone(), key)
        .cookie_name(name.to_owned())
        .cookie_secure(ctx.is_https())
        .cookie_http_only(true)
        .cookie_same_site(actix_web::cookie::SameSite::Lax)
        .cookie_content_security(actix_session::config::CookieContentSecurity::Signed)
        .build()
}
