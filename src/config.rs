//! The one typed configuration: read once at start from flags, environment and secret files.
//! It never reaches into the running program and holds no organisation settings; those live in the database.
//! It calls nothing of ours.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use ipnet::IpNet;
use url::Url;

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines: one JSON object a line, instants in UTC.
    Json,
}

/// What may be set by flag or environment (CONTRACT.md, Settings).
#[derive(Clone, Debug, Args)]
pub struct Raw {
    /// Address to bind; port 0 binds any and prints it
    #[arg(long, env = "ONDUTY_LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub listen: String,
    /// Public address, used in every link in a mail [default: http:// and the address bound]
    #[arg(long, env = "ONDUTY_BASE_URL", global = true)]
    pub base_url: Option<String>,
    /// Folder of the SQLite file, the key and the mail folder
    #[arg(long, env = "ONDUTY_DATA_DIR", default_value = "data", global = true)]
    pub data_dir: PathBuf,
    /// sqlite:... or postgres://... [default: SQLite in the data folder]
    #[arg(long, env = "ONDUTY_DATABASE_URL", global = true, hide_env_values = true)]
    pub database_url: Option<String>,
    /// smtp:// or smtps://, with user and password [default: none, every mail is a file in the data folder]
    #[arg(long, env = "ONDUTY_SMTP_URL", global = true, hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// Sender of every mail
    #[arg(long, env = "ONDUTY_MAIL_FROM", default_value = "Onduty <onduty@localhost>", global = true)]
    pub mail_from: String,
    /// Signs cookies; the same on all nodes [default: made at first start]
    #[arg(long, env = "ONDUTY_SECRET_KEY", global = true, hide_env_values = true)]
    pub secret_key: Option<String>,
    /// File with the secret key
    #[arg(long, env = "ONDUTY_SECRET_KEY_FILE", global = true)]
    pub secret_key_file: Option<PathBuf>,
    /// On an empty database, create this owner at start
    #[arg(long, env = "ONDUTY_OWNER_EMAIL", global = true)]
    pub owner_email: Option<String>,
    /// Password of that owner
    #[arg(long, env = "ONDUTY_OWNER_PASSWORD", global = true, hide_env_values = true)]
    pub owner_password: Option<String>,
    /// File with the password of that owner
    #[arg(long, env = "ONDUTY_OWNER_PASSWORD_FILE", global = true)]
    pub owner_password_file: Option<PathBuf>,
    /// Networks whose X-Forwarded-For and -Proto count, separated by commas
    #[arg(long, env = "ONDUTY_TRUSTED_PROXIES", value_delimiter = ',', global = true)]
    pub trusted_proxies: Vec<String>,
    /// API calls a minute and key, with bursts of a tenth; 0 turns the limit off
    #[arg(long, env = "ONDUTY_API_RATE", default_value = "6000", global = true)]
    pub api_rate: String,
    /// Address for GET /metrics [default: none]
    #[arg(long, env = "ONDUTY_METRICS_LISTEN", global = true)]
    pub metrics_listen: Option<String>,
    /// Log filter, for example info or onduty=debug
    #[arg(long, env = "ONDUTY_LOG", default_value = "info", global = true)]
    pub log: String,
    /// text or json
    #[arg(long, env = "ONDUTY_LOG_FORMAT", value_enum, default_value = "text", global = true)]
    pub log_format: LogFormat,
}

impl Raw {
    /// The settings in force as lines `NAME=value`, secrets masked; also where they make no sense.
    pub fn lines(&self) -> Vec<String> {
        let none = || "(not set)".to_owned();
        let secret = |text: &Option<String>| text.as_ref().map_or_else(none, |_| "(set)".into());
        let path = |path: &Option<PathBuf>| path.as_ref().map_or_else(none, |path| path.display().to_string());
        let plain = |text: &Option<String>| text.clone().unwrap_or_else(none);
        let database = self.database_url.clone().unwrap_or_else(|| sqlite_in(&self.data_dir));
        let values = [
            ("LISTEN", self.listen.clone()),
            ("BASE_URL", plain(&self.base_url)),
            ("DATA_DIR", self.data_dir.display().to_string()),
            ("DATABASE_URL", masked(&database)),
            ("SMTP_URL", self.smtp_url.as_deref().map_or_else(none, masked)),
            ("MAIL_FROM", self.mail_from.clone()),
            ("SECRET_KEY", secret(&self.secret_key)),
            ("SECRET_KEY_FILE", path(&self.secret_key_file)),
            ("OWNER_EMAIL", plain(&self.owner_email)),
            ("OWNER_PASSWORD", secret(&self.owner_password)),
            ("OWNER_PASSWORD_FILE", path(&self.owner_password_file)),
            ("TRUSTED_PROXIES", self.trusted_proxies.join(",")),
            ("API_RATE", self.api_rate.clone()),
            ("METRICS_LISTEN", plain(&self.metrics_listen)),
            ("LOG", self.log.clone()),
            ("LOG_FORMAT", if self.log_format == LogFormat::Json { "json" } else { "text" }.into()),
        ];
        values.into_iter().map(|(name, value)| format!("ONDUTY_{name}={value}")).collect()
    }
}

/// The settings in force, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address to bind.
    pub listen: SocketAddr,
    /// Public address where one was given; without, it follows the bound port.
    pub base_url: Option<Url>,
    /// Folder of everything that is kept in files.
    pub data_dir: PathBuf,
    /// Address of the database.
    pub database_url: String,
    /// Mail server; none writes mails into the data folder.
    pub smtp_url: Option<String>,
    /// Sender of every mail, `Name <address>`.
    pub mail_from: String,
    /// The given secret; none keeps one in the data folder.
    pub secret_key: Option<String>,
    /// Owner to create on an empty database: address and password.
    pub owner: Option<(String, String)>,
    /// Networks of trusted proxies.
    pub trusted_proxies: Vec<IpNet>,
    /// API calls a minute and key; 0 is no limit.
    pub api_rate: u32,
    /// Address of the metrics listener.
    pub metrics_listen: Option<SocketAddr>,
    /// Log filter.
    pub log: String,
    /// Log format.
    pub log_format: LogFormat,
}

/// Variables that begin with `ONDUTY_` and mean something; any other is a typing error (O4).
const KNOWN: &[&str] = &[
    "ONDUTY_LISTEN",
    "ONDUTY_BASE_URL",
    "ONDUTY_DATA_DIR",
    "ONDUTY_DATABASE_URL",
    "ONDUTY_SMTP_URL",
    "ONDUTY_MAIL_FROM",
    "ONDUTY_SECRET_KEY",
    "ONDUTY_SECRET_KEY_FILE",
    "ONDUTY_OWNER_EMAIL",
    "ONDUTY_OWNER_PASSWORD",
    "ONDUTY_OWNER_PASSWORD_FILE",
    "ONDUTY_TRUSTED_PROXIES",
    "ONDUTY_API_RATE",
    "ONDUTY_METRICS_LISTEN",
    "ONDUTY_LOG",
    "ONDUTY_LOG_FORMAT",
];

impl Config {
    /// Checks the raw settings; every fault is a line of its own, so that all are mended at once.
    pub fn check(raw: &Raw, variables: impl Iterator<Item = String>) -> Result<Config, Vec<String>> {
        let mut faults = Vec::new();
        for name in variables.filter(|name| name.starts_with("ONDUTY_") && !KNOWN.contains(&name.as_str())) {
            faults.push(format!("{name} is not a setting of Onduty"));
        }
        let listen = parse(&raw.listen, "ONDUTY_LISTEN", "an address and port such as 127.0.0.1:8080", &mut faults);
        let base_url = raw.base_url.as_ref().and_then(|text| base_url(text, &mut faults));
        if let Some(url) = &raw.smtp_url
            && !Url::parse(url).is_ok_and(|u| matches!(u.scheme(), "smtp" | "smtps") && u.host_str().is_some())
        {
            faults.push("ONDUTY_SMTP_URL must be smtp:// or smtps:// with a host".into());
        }
        let database_url = raw.database_url.clone().unwrap_or_else(|| sqlite_in(&raw.data_dir));
        if !["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| database_url.starts_with(scheme)) {
            faults.push("ONDUTY_DATABASE_URL must begin with sqlite: or postgres://".into());
        }
        let secret_key = one_of(&raw.secret_key, &raw.secret_key_file, "ONDUTY_SECRET_KEY", &mut faults);
        if secret_key.as_ref().is_some_and(|key| key.len() < 32) {
            faults.push("ONDUTY_SECRET_KEY must have at least 32 characters".into());
        }
        let password = one_of(&raw.owner_password, &raw.owner_password_file, "ONDUTY_OWNER_PASSWORD", &mut faults);
        let owner = match (raw.owner_email.clone(), password) {
            (Some(email), Some(password)) => Some((email, password)),
            (None, None) => None,
            _ => {
                faults.push("ONDUTY_OWNER_EMAIL and ONDUTY_OWNER_PASSWORD go together".into());
                None
            }
        };
        let mut trusted_proxies = Vec::new();
        for text in raw.trusted_proxies.iter().map(|t| t.trim()).filter(|t| !t.is_empty()) {
            let network = text.parse::<IpNet>().or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from));
            match network {
                Ok(network) => trusted_proxies.push(network),
                Err(_) => faults.push(format!("ONDUTY_TRUSTED_PROXIES: {text} is not a network such as 10.0.0.0/8")),
            }
        }
        let api_rate = parse(&raw.api_rate, "ONDUTY_API_RATE", "a whole number", &mut faults);
        let metrics_listen =
            raw.metrics_listen.as_ref().and_then(|text| parse(text, "ONDUTY_METRICS_LISTEN", "an address and port", &mut faults));
        match (listen, api_rate) {
            (Some(listen), Some(api_rate)) if faults.is_empty() => Ok(Config {
                listen,
                base_url,
                data_dir: raw.data_dir.clone(),
                database_url,
                smtp_url: raw.smtp_url.clone(),
                mail_from: raw.mail_from.clone(),
                secret_key,
                owner,
                trusted_proxies,
                api_rate,
                metrics_listen,
                log: raw.log.clone(),
                log_format: raw.log_format,
            }),
            _ => Err(faults),
        }
    }
}

fn parse<T: std::str::FromStr>(text: &str, name: &str, wanted: &str, faults: &mut Vec<String>) -> Option<T> {
    let parsed = text.trim().parse().ok();
    if parsed.is_none() {
        faults.push(format!("{name} must be {wanted}, not {text}"));
    }
    parsed
}

fn base_url(text: &str, faults: &mut Vec<String>) -> Option<Url> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.host_str().is_some() && url.path() == "/" && url.query().is_none() => {
            Some(url)
        }
        _ => {
            faults.push(format!("ONDUTY_BASE_URL must be http:// or https:// with a host and no path, not {text}"));
            None
        }
    }
}

fn sqlite_in(folder: &std::path::Path) -> String {
    format!("sqlite:{}", folder.join("onduty.sqlite").display())
}

fn one_of(value: &Option<String>, file: &Option<PathBuf>, name: &str, faults: &mut Vec<String>) -> Option<String> {
    match (value, file) {
        (Some(_), Some(_)) => {
            faults.push(format!("set {name} or {name}_FILE, not both"));
            None
        }
        (Some(value), None) => Some(value.clone()),
        (None, Some(file)) => match std::fs::read_to_string(file) {
            Ok(text) => Some(text.trim_end_matches(['\r', '\n']).to_owned()),
            Err(error) => {
                faults.push(format!("{name}_FILE: {}: {error}", file.display()));
                None
            }
        },
        (None, None) => None,
    }
}

/// An address without its password.
fn masked(address: &str) -> String {
    match Url::parse(address) {
        Ok(mut url) if url.password().is_some() => match url.set_password(Some("***")) {
            Ok(()) => url.to_string(),
            Err(()) => "(set)".into(),
        },
        Ok(url) if url.has_authority() => address.to_owned(),
        // No address as it should be, but perhaps a password in it.
        _ if address.contains('@') => "(set)".into(),
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        raw: Raw,
    }

    fn check(arguments: &[&str]) -> Result<Config, Vec<String>> {
        let line = Line::parse_from([&["onduty"], arguments].concat());
        Config::check(&line.raw, ["PATH".to_owned()].into_iter())
    }

    #[test]
    fn the_defaults_are_valid() {
        let config = check(&[]).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.database_url, "sqlite:data/onduty.sqlite");
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let faults = check(&[
            "--listen",
            "nowhere",
            "--base-url",
            "ftp://x",
            "--smtp-url",
            "x",
            "--trusted-proxies",
            "10.0.0.0/99",
            "--api-rate",
            "-",
        ]);
        assert_eq!(faults.unwrap_err().len(), 5);
    }

    #[test]
    fn an_unknown_variable_is_refused() {
        let line = Line::parse_from(["onduty"]);
        let faults = Config::check(&line.raw, ["ONDUTY_LISTENN".to_owned()].into_iter()).unwrap_err();
        assert!(faults[0].contains("ONDUTY_LISTENN"));
    }

    #[test]
    fn passwords_are_masked_even_in_an_address_that_is_none() {
        for arguments in [
            ["--database-url", "postgres://a:geheim@h/d", "--smtp-url", "smtp://u:geheim@h"],
            ["--database-url", "//a:geheim@h/d", "--smtp-url", "u:geheim@h"],
            ["--secret-key", "geheim", "--owner-password", "geheim"],
        ] {
            let line = Line::parse_from([&["onduty"], &arguments[..]].concat());
            let shown = line.raw.lines().join("\n");
            assert!(!shown.contains("geheim"), "{shown}");
        }
    }
}
