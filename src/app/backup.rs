//! A consistent copy of the database while it is in use, and the way back (F10, D-6). Photos are in the database.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::Failure;
use crate::config::Config;
use crate::store::copies::{self, Copy, examine};
use crate::store::migrate::Schema;
use crate::store::{Engine, Store};

/// Writes a copy to `file`, replacing what is there once the copy is whole and checked.
pub async fn backup(config: &Config, file: &Path) -> Result<String, Failure> {
    let database = database(config, "pg_dump")?;
    if !database.is_file() {
        return Err(Failure::Other(format!("there is no database at {}", database.display())));
    }
    let draft = beside(file, "partial");
    // SQLite writes into a file that is there and empty: made by us, it is nobody else's to read.
    private(&draft).map_err(io_at(&draft))?;
    let made = copy(config, &draft).await;
    let placed = made.and_then(|copy| place(&draft, file, |from, to| fs::rename(from, to)).map(|()| copy));
    if placed.is_err() {
        let _ = fs::remove_file(&draft);
    }
    Ok(told(file, &placed?, "Saved to"))
}

async fn copy(config: &Config, draft: &Path) -> Result<Copy, Failure> {
    let name = draft.to_str().ok_or_else(|| Failure::Other("the name of the file is not text".into()))?;
    let store = Store::open(&config.database_url).await?;
    let copied = store.copy_to(name).await;
    store.close().await;
    copied?;
    Ok(examine(draft).await?)
}

/// Puts a copy in place of a database that is not there yet.
pub async fn restore(config: &Config, file: &Path) -> Result<String, Failure> {
    let database = database(config, "pg_restore")?;
    for left in ["", "-wal", "-shm", "-journal"] {
        let mut name = database.clone().into_os_string();
        name.push(left);
        if Path::new(&name).exists() {
            return Err(Failure::Other(format!("{} exists; restore needs an empty data folder", Path::new(&name).display())));
        }
    }
    if let Some(folder) = database.parent() {
        fs::create_dir_all(folder).map_err(io_at(folder))?;
    }
    let draft = beside(&database, "restoring");
    let restored = take_over(file, &draft, &database).await;
    let _ = fs::remove_file(&draft);
    Ok(told(&database, &restored?, "Restored to"))
}

async fn take_over(file: &Path, draft: &Path, database: &Path) -> Result<Copy, Failure> {
    private(draft).map_err(io_at(draft))?;
    fs::copy(file, draft).map_err(io_at(file))?;
    // What is examined is what will be used, not the file it came from.
    let copy = examine(draft).await?;
    match copy.schema {
        Schema::Newer => return Err(Failure::Other("this copy was made by a newer version of Onduty".into())),
        Schema::Behind(_) if copy.operators == 0 => {
            return Err(Failure::Other(format!("{} is no copy of an Onduty database", file.display())));
        }
        Schema::Behind(_) | Schema::Current => {}
    }
    // A link refuses to replace a database that was made meanwhile; renaming would not.
    place(draft, database, |from, to| fs::hard_link(from, to))?;
    Ok(copy)
}

fn database(config: &Config, instead: &str) -> Result<PathBuf, Failure> {
    match Engine::of(&config.database_url) {
        Some(Engine::Sqlite) => copies::file_of(&config.database_url).ok_or_else(|| Failure::Other("the database is not a file".into())),
        _ => Err(Failure::Other(format!("this command is for SQLite; for PostgreSQL use {instead}"))),
    }
}

/// The draft is on the disk before it gets its name, and its name is on the disk before anybody is told.
fn place(draft: &Path, file: &Path, put: impl Fn(&Path, &Path) -> io::Result<()>) -> Result<(), Failure> {
    let placed = File::open(draft).and_then(|file| file.sync_all()).and_then(|()| put(draft, file));
    placed.map_err(io_at(file))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(io_at(folder))
}

fn private(file: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}

fn beside(file: &Path, what: &str) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!(".{name}.{}.{what}", std::process::id()))
}

fn io_at(path: &Path) -> impl Fn(io::Error) -> Failure + '_ {
    |error| Failure::Io(path.display().to_string(), error)
}

fn told(file: &Path, copy: &Copy, what: &str) -> String {
    let kib = fs::metadata(file).map(|meta| meta.len().div_ceil(1024)).unwrap_or_default();
    format!("{what} {}: {kib} KiB, {} operator(s), checked.", file.display(), copy.operators)
}
