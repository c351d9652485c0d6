//! The static folder: content-hashed addresses, a year of caching, copies compressed ahead of time.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use actix_web::dev::{HttpServiceFactory, Service};
use actix_web::http::header;
use actix_web::web;
use rustc_hash::FxHashMap;

static ADDRESSES: OnceLock<FxHashMap<String, String>> = OnceLock::new();

/// Reads every file below `folder` and remembers its address; called once at start.
pub fn read(folder: &Path) -> std::io::Result<()> {
    let mut addresses = FxHashMap::default();
    let mut open = vec![folder.to_owned()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(name) = path.strip_prefix(folder) {
                let hash = crate::security::digest::sha256_hex(&std::fs::read(&path)?);
                let name = name.to_string_lossy().replace('\\', "/");
                let address = format!("/static/{name}?v={}", hash.get(..12).unwrap_or_default());
                addresses.insert(name, address);
            }
        }
    }
    // A second application in the same process (tests) finds the same files.
    let _ = ADDRESSES.set(addresses);
    Ok(())
}

/// The address of a file of the static folder, such as `css/app.css`.
pub fn address(name: &str) -> &'static str {
    ADDRESSES.get().and_then(|all| all.get(name)).map_or("/static/missing", String::as_str)
}

/// The preset pictures (OP-3): the slugs of `presets/*.svg`, in order.
pub fn presets() -> &'static [String] {
    static PRESETS: OnceLock<Vec<String>> = OnceLock::new();
    PRESETS.get_or_init(|| {
        let names = ADDRESSES.get().into_iter().flat_map(FxHashMap::keys);
        let mut slugs: Vec<String> =
            names.filter_map(|name| Some(name.strip_prefix("presets/")?.strip_suffix(".svg")?.to_owned())).collect();
        slugs.sort();
        slugs
    })
}

/// Serves the folder.
pub fn service(folder: PathBuf) -> impl HttpServiceFactory {
    web::scope("/static")
        .wrap_fn(|req, service| {
            let is_addressed = req.query_string().starts_with("v=");
            let answer = service.call(req);
            async move {
                let mut answer = answer.await?;
                let caching = if is_addressed { "public, max-age=31536000, immutable" } else { "no-cache" };
                let headers = answer.headers_mut();
                headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static(caching));
                headers.insert(header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff"));
                Ok(answer)
            }
        })
        .service(actix_files::Files::new("", folder).try_compressed().use_etag(true))
}
