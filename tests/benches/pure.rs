//! What is computed on every page or every mail, without a database: how long each takes.
#![allow(missing_docs, reason = "the macros of criterion make undocumented functions")]

use criterion::{Criterion, criterion_group, criterion_main};
use onduty::domain::language::{self, LanguageTag};
use onduty::domain::text;
use onduty::i18n::{Locale, Texts};
use std::hint::black_box;

fn texts(bench: &mut Criterion) {
    let t = Texts::of(Locale::Fr);
    bench.bench_function("a text without arguments", |b| b.iter(|| t.get(black_box("shell-sign-out"))));
    bench.bench_function("a text with a number", |b| b.iter(|| t.count(black_box("form-errors"), 3_u64)));
}

fn words(bench: &mut Criterion) {
    let name = "Maximiliane-Wilhelmine García y Čapková";
    bench.bench_function("folding a name", |b| b.iter(|| text::fold(black_box(name))));
    bench.bench_function("the words of an operator", |b| b.iter(|| text::words(black_box(&[name, "m.garcia@example.org"]))));
}

fn languages(bench: &mut Criterion) {
    let offered: Vec<LanguageTag> = ["en", "fr", "es"].into_iter().filter_map(|tag| LanguageTag::parse(tag).ok()).collect();
    let asked = "de-CH,de;q=0.9,es-MX;q=0.8,en;q=0.5";
    bench.bench_function("the language a browser asks for", |b| b.iter(|| language::lookup(black_box(asked), &offered)));
}

criterion_group!(pure, texts, words, languages);
criterion_main!(pure);
