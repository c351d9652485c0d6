//! The house keeps its shape: who may import whom, how long a file may be, what templates may hold.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms it may import (ARCHITECTURE, "Who may import whom").
const TABLE: &[(&str, &[&str])] = &[
    ("config", &[]),
    ("clock", &[]),
    ("domain", &[]),
    ("i18n", &["domain"]),
    ("security", &["domain"]),
    ("mail", &["domain", "i18n"]),
    ("store", &["domain"]),
    ("error", &["domain", "store"]),
    ("actions", &["clock", "domain", "error", "i18n", "mail", "security", "store"]),
    ("web", &["actions", "clock", "domain", "error", "i18n", "security", "store"]),
    ("api", &["actions", "clock", "domain", "error", "i18n", "security", "store"]),
    // Leases need tokens, and tokens come from security.
    ("jobs", &["actions", "clock", "domain", "error", "mail", "security", "store"]),
    ("app", &["actions", "api", "clock", "config", "domain", "error", "i18n", "jobs", "mail", "security", "store", "web", "cli"]),
    ("cli", &["app", "config"]),
];

/// Foreign crates and the rooms that may know them.
const FOREIGN: &[(&str, &[&str])] = &[
    ("sea_orm", &["store"]),
    ("sea_orm_migration", &["store"]),
    ("sqlx", &["store"]),
    ("migrations", &["store"]),
    ("actix_web", &["web", "api", "app"]),
    ("actix_session", &["web"]),
    ("actix_multipart", &["web"]),
    ("actix_files", &["web"]),
    ("askama", &["web", "mail"]),
    ("lettre", &["mail"]),
    ("mail_parser", &["mail"]),
    ("argon2", &["security"]),
    ("image", &["security"]),
    ("fluent_templates", &["i18n"]),
    ("clap", &["cli", "config"]),
    ("icalendar", &["domain"]),
    ("rrule", &["domain"]),
    ("whatlang", &["domain"]),
];

/// Lines a file may have; beyond the first figure it is told, beyond the second refused.
const LONG: usize = 600;
const TOO_LONG: usize = 700;

/// Names that say nothing.
const EMPTY_NAMES: &[&str] = &["utils", "util", "helpers", "helper", "common", "manager", "service", "misc"];

#[test]
fn rooms_import_only_what_the_table_allows() {
    let mut wrong = Vec::new();
    for (file, room, code) in rooms() {
        let allowed = table(&room);
        for other in rooms_named(&code).into_iter().filter(|other| *other != room && !allowed.contains(&other.as_str())) {
            wrong.push(format!("{} imports {other}", file.display()));
        }
        if climbs_out(&file, &code) {
            wrong.push(format!("{} reaches another room by super::", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_room_has_a_line_in_the_table() {
    let known: BTreeSet<&str> = TABLE.iter().map(|(room, _)| *room).collect();
    let found: BTreeSet<String> = rooms().into_iter().map(|(_, room, _)| room).collect();
    let strange: Vec<&String> = found.iter().filter(|room| !known.contains(room.as_str())).collect();
    assert!(strange.is_empty(), "{strange:?}");
}

#[test]
fn no_rooms_import_one_another_in_a_circle() {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (_, room, code) in rooms() {
        let others = rooms_named(&code).into_iter().filter(|other| *other != room).collect::<Vec<_>>();
        edges.entry(room).or_default().extend(others);
    }
    // The command line calls the app, and the app prints lines through it.
    edges.entry("app".into()).or_default().remove("cli");
    while !edges.is_empty() {
        let ground = edges.iter().find(|(_, others)| others.iter().all(|other| !edges.contains_key(other)));
        let Some(ground) = ground.map(|(room, _)| room.clone()) else { panic!("a circle among {edges:#?}") };
        edges.remove(&ground);
    }
}

#[test]
fn foreign_crates_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for (file, room, code) in rooms() {
        for (name, allowed) in FOREIGN.iter().filter(|(_, allowed)| !allowed.contains(&room.as_str())) {
            if has_path(&code, name) {
                wrong.push(format!("{} names {name}, which belongs to {allowed:?}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_stay_short_enough_to_read() {
    let mut wrong = Vec::new();
    for file in files("src", "rs").into_iter().chain(files("tests", "rs")).chain(files("migrations", "rs")) {
        let lines = read(&file).lines().count();
        if lines > LONG {
            wrong.push((lines, file));
        }
    }
    let refused: Vec<_> = wrong.iter().filter(|(lines, _)| *lines > TOO_LONG).collect();
    assert!(refused.is_empty(), "make them folders of verbs: {refused:?}");
    if !wrong.is_empty() {
        println!("longer than {LONG} lines: {wrong:?}");
    }
}

#[test]
fn every_file_says_what_it_is() {
    let dumb: Vec<PathBuf> =
        files("src", "rs").into_iter().filter(|file| !file.ends_with("tests.rs") && !read(file).starts_with("//! ")).collect();
    assert!(dumb.is_empty(), "{dumb:?}");
}

#[test]
fn names_say_something() {
    let wrong: Vec<PathBuf> = files("src", "rs").into_iter().filter(|file| EMPTY_NAMES.contains(&stem(file).as_str())).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn no_code_is_unfinished_or_prints_or_panics_on_a_closed_pipe() {
    let mut wrong = Vec::new();
    for (file, _, code) in rooms() {
        for word in ["todo!", "unimplemented!", "dbg!", "println!", "eprintln!", "print!", "unsafe {"] {
            if code.match_indices(word).any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')) {
                wrong.push(format!("{}: {word}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn templates_escape_everything() {
    let mut wrong = Vec::new();
    for file in files("templates", "html") {
        let text = read(&file);
        for word in ["|safe", "| safe", "|escape(", "|e(", "autoescape", "{% filter"] {
            if text.contains(word) {
                wrong.push(format!("{}: {word}", file.display()));
            }
        }
    }
    for (file, _, code) in rooms() {
        for word in ["escape = \"none\"", "filters::safe", "askama::filters::Safe", "MaybeSafe"] {
            if code.contains(word) {
                wrong.push(format!("{}: {word}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn templates_hold_no_inline_script_or_style() {
    let mut wrong = Vec::new();
    for file in pages() {
        let text = without_code(&read(&file));
        for tag in tags(&text) {
            let inner = tag.to_lowercase();
            let is_script = inner.starts_with("<script") && !inner.contains(" src=");
            let handles = attribute_names(&inner).any(|name| name.starts_with("on") || name == "style");
            if is_script || inner.starts_with("<style") || handles || inner.contains("javascript:") {
                wrong.push(format!("{}: {tag}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pages_speak_only_through_the_texts() {
    /// Names that are the same in every language.
    const NAMES: &[&str] = &["Onduty", "Ctrl K", "Esc", "Enter"];
    let mut wrong = Vec::new();
    for file in pages() {
        let text = without_samples(without_code(&read(&file)));
        let mut words: Vec<String> = between_tags(&text);
        for tag in tags(&text) {
            for name in ["alt", "title", "placeholder", "aria-label"] {
                let value = tag.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split_once('"'));
                words.extend(value.map(|(value, _)| value.trim().to_owned()));
            }
        }
        // What macros of attributes leave between two tags is no text.
        words.retain(|word| word.chars().any(char::is_alphabetic) && !word.contains("=\"") && !is_entity(word));
        words.retain(|word| !NAMES.contains(&word.trim_matches(['·', ' '])));
        wrong.extend(words.into_iter().map(|word| format!("{}: {word}", file.display())));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_text_that_is_asked_for_exists() {
    let known = keys();
    let mut wrong = Vec::new();
    let asking = files("templates", "html").into_iter().chain(files("src", "rs")).filter(|file| !file.ends_with("i18n/mod.rs"));
    for file in asking {
        let text = if file.extension().is_some_and(|end| end == "rs") { code(&file) } else { read(&file) };
        for call in ["t.get(\"", "t.count(\"", "t.owned(\"", "t.with(\""] {
            let asked = text.split(call).skip(1).filter_map(|rest| rest.split_once('"').map(|(key, _)| key));
            wrong.extend(asked.filter(|key| !known.contains(*key)).map(|key| format!("{}: {key}", file.display())));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_text_exists_in_every_language() {
    let of = |language: &str| keys_of(&format!("src/i18n/locales/{language}"));
    let english = of("en");
    for language in ["fr", "es"] {
        let other = of(language);
        let missing: Vec<_> = english.difference(&other).collect();
        let surplus: Vec<_> = other.difference(&english).collect();
        assert!(missing.is_empty() && surplus.is_empty(), "{language} lacks {missing:?} and has {surplus:?} for nothing");
    }
}

/// Every file of a room with its code: comments and tests are left out, also tests in a file of their own.
fn rooms() -> Vec<(PathBuf, String, String)> {
    let inside = files("src", "rs")
        .into_iter()
        .filter(|file| !file.ends_with("src/lib.rs") && !file.ends_with("src/main.rs") && !file.ends_with("tests.rs"));
    inside.map(|file| (file.clone(), room(&file), code(&file))).collect()
}

fn room(file: &Path) -> String {
    let first = file.components().nth(1).map(|part| part.as_os_str().to_string_lossy().into_owned());
    first.unwrap_or_default().trim_end_matches(".rs").to_owned()
}

fn table(room: &str) -> &'static [&'static str] {
    TABLE.iter().find(|(name, _)| *name == room).map_or(&[], |(_, allowed)| allowed)
}

/// Rooms named by `crate::room` or inside `use crate::{room, ...}`.
fn rooms_named(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(list) => {
                let mut depth = 1;
                let mut part = String::new();
                for c in list.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 1 => break,
                        '}' => depth -= 1,
                        ',' if depth == 1 => {
                            found.insert(first_word(&part));
                            part.clear();
                        }
                        _ => part.push(c),
                    }
                }
                found.insert(first_word(&part));
            }
            None => {
                found.insert(first_word(rest));
            }
        }
    }
    found.retain(|name| TABLE.iter().any(|(room, _)| room == name));
    found
}

fn first_word(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Whether a chain of `super::` leads above the file's own room.
fn climbs_out(file: &Path, code: &str) -> bool {
    let parts = file.components().count() - 1;
    let depth = if file.ends_with("mod.rs") { parts - 1 } else { parts };
    code.contains(&"super::".repeat(depth))
}

/// Whether the code names the crate in a path.
fn has_path(code: &str, name: &str) -> bool {
    let path = format!("{name}::");
    code.match_indices(&path).any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
}

/// A Rust file without comments, and without its tests, which stand last.
fn code(file: &Path) -> String {
    let text = read(file);
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let lines = text.lines().map(|line| match line.trim_start() {
        comment if comment.starts_with("//") => "",
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Templates of pages; mails are read outside, where other rules hold.
fn pages() -> impl Iterator<Item = PathBuf> {
    files("templates", "html").into_iter().filter(|file| !file.starts_with("templates/mail"))
}

/// A template with every tag of its language taken out.
fn without_code(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(start) = rest.find('{') {
        let end = match rest.as_bytes().get(start + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => "#}",
            _ => {
                out.push_str(&rest[..=start]);
                rest = &rest[start + 1..];
                continue;
            }
        };
        out.push_str(&rest[..start]);
        rest = rest[start..].split_once(end).map_or("", |(_, after)| after);
    }
    out + rest
}

/// A template without what programs write, which is the same in every language.
fn without_samples(text: String) -> String {
    let parts = text.split("<code").map(|part| part.split_once("</code>").map_or(part, |(_, after)| after));
    parts.collect::<Vec<_>>().join("<code>")
}

fn tags(text: &str) -> Vec<&str> {
    let starts = text.match_indices('<').map(|(at, _)| &text[at..]);
    starts.filter_map(|rest| rest.find('>').map(|end| &rest[..=end])).collect()
}

fn attribute_names(tag: &str) -> impl Iterator<Item = &str> {
    tag.split_whitespace().skip(1).filter_map(|part| part.split_once('=').map(|(name, _)| name))
}

fn between_tags(text: &str) -> Vec<String> {
    let parts = text.split('>').map(|part| part.split('<').next().unwrap_or_default().trim().to_owned());
    parts.filter(|part| !part.is_empty()).collect()
}

/// `&nbsp;`, `&mdash;` and the like.
fn is_entity(word: &str) -> bool {
    word.split_whitespace().all(|part| part.starts_with('&') && part.ends_with(';') || !part.chars().any(char::is_alphabetic))
}

fn keys() -> BTreeSet<String> {
    keys_of("src/i18n/locales/en")
}

fn keys_of(folder: &str) -> BTreeSet<String> {
    let lines = files(folder, "ftl").into_iter().flat_map(|file| read(&file).lines().map(str::to_owned).collect::<Vec<_>>());
    let heads = lines.filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()));
    heads.filter_map(|line| line.split_once('=').map(|(key, _)| key.trim().to_owned())).collect()
}

fn files(folder: &str, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for entry in entries.map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() && !entry.ends_with("node_modules") {
            found.extend(files(&entry.to_string_lossy(), end));
        } else if entry.extension().is_some_and(|found| found == end) {
            found.push(entry);
        }
    }
    found.sort();
    found
}

fn stem(file: &Path) -> String {
    file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
