//! What is computed on every page or every mail, without a database: how long each takes.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "the macros of criterion make undocumented functions, and a benchmark may stop at the first surprise"
)]

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use criterion::{Criterion, criterion_group, criterion_main};
use onduty::domain::availability::{Case, Load, Membership, Person, Place, Prepared, Question, Roster, StatusFacts, World};
use onduty::domain::channel::{Channel, Channels};
use onduty::domain::department::{LanguagePolicy, Routing};
use onduty::domain::language::{self, LanguageTag};
use onduty::domain::membership::Switches;
use onduty::domain::operator::AccountFacts;
use onduty::domain::schedule::{RawSchedule, Schedule};
use onduty::domain::status::{Named, Watch, Worn};
use onduty::domain::text;
use onduty::i18n::{Locale, Texts};

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

/// Ten thousand operators in four hundred departments of twenty-five, half of them on one of four schedules.
fn people() -> (World, Vec<Person>) {
    let week = |from: &str, to: &str| {
        let days = ["mon", "tue", "wed", "thu", "fri"].map(|day| (day.to_owned(), vec![(from.to_owned(), to.to_owned())]));
        let raw = RawSchedule { name: Some("Week".into()), weekly: Some(days.into_iter().collect()), ..RawSchedule::default() };
        Schedule::new(chrono_tz::Europe::Madrid).with(&raw).expect("a week")
    };
    let schedules = (1..).zip([week("08:00", "16:00"), week("09:00", "17:00"), week("12:00", "20:00"), week("22:00", "06:00")]).collect();
    let place = Place {
        channels: Channels::all(),
        schedule_id: None,
        language_policy: LanguagePolicy::Strict,
        prefer: TimeDelta::zero(),
        routing: [Routing::MaxUtilization; 3],
        offered_for: [TimeDelta::zero(); 3],
        fallback: None,
    };
    let world = World {
        channels: Channels::all(),
        departments: (0..400).map(|id| (id, place.clone())).collect(),
        schedules,
        holidays: Vec::new(),
        statuses: HashMap::from([(1, StatusFacts { can_receive: true, ..StatusFacts::default() }), (2, StatusFacts::default())]),
        named: Named { online: 1, offline: 2, auto_offline: None },
        window: TimeDelta::minutes(10),
        watch: Watch { followed_at: noon(), resumed_at: DateTime::UNIX_EPOCH },
        help_after: TimeDelta::seconds(60),
        takes_messages: true,
        chat_inactivity: TimeDelta::minutes(15),
    };
    let tags: Vec<LanguageTag> = ["en", "fr", "es"].into_iter().filter_map(|tag| LanguageTag::parse(tag).ok()).collect();
    let person = |id: i64| Person {
        id,
        name: format!("Operator {id}"),
        alias: None,
        account: AccountFacts { activated: true, ..AccountFacts::default() },
        languages: tags.iter().take(1 + (id % 3) as usize).cloned().collect(),
        memberships: vec![Membership { department: id % 400, switches: Switches::on(Channels::all()) }],
        schedule_id: (id % 2 == 0).then_some(1 + id / 2 % 4),
        own_schedule: None,
        exceptions: Vec::new(),
        allowed_hours: None,
        absences: Vec::new(),
        worn: Worn::first(1 + id % 5 / 4, noon() - TimeDelta::hours(1)),
        presence_required: true,
        last_beat: Some(noon() - TimeDelta::seconds(id % 30)),
        idle: None,
        answers_within: None,
        active_at: None,
        do_not_disturb: id % 7 == 0,
        helps_when_invisible: false,
        priority: 1 + id % 9,
        max_chat_load: Some(3),
        load: Load::default(),
    };
    (world, (1..=10_000).map(person).collect())
}

/// A Monday.
fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_449_200, 0).unwrap_or_default()
}

fn availability(bench: &mut Criterion) {
    let (world, all) = people();
    let wanted = LanguageTag::parse("fr").expect("a tag");
    let question = Question { channel: Some(Channel::Chat), language: Some(&wanted), ..Question::default() };
    let in_one = Question { department: Some(24), ..question };
    let person = all[4_024].clone();
    let case = Case { world: &world, person: &person, question: in_one, at: noon(), now: noon() };
    bench.bench_function("one operator, every check with its fact", |b| b.iter(|| black_box(&case).findings().len()));
    let roster = Arc::new(Roster::new(Arc::new(world.clone()), all.iter().cloned()));
    let prepared = Prepared::new(roster.clone(), noon());
    bench.bench_function("one operator, prepared", |b| b.iter(|| prepared.verdict(black_box(4_023), in_one)));
    bench.bench_function("ranked in a department of 25, of 10,000", |b| b.iter(|| prepared.ranked(black_box(in_one)).len()));
    bench.bench_function("ranked among 10,000", |b| b.iter(|| prepared.ranked(black_box(question)).len()));
    bench.bench_function("ten thousand flags looked at (the floor)", |b| {
        let flags = vec![1_u8; 10_000];
        b.iter(|| black_box(&flags).iter().filter(|flag| **flag & 2 != 0).count());
    });
    bench.bench_function("one operator's change in a roster of 10,000", |b| {
        b.iter(|| prepared.with(world.watch, &[person.id], vec![person.clone()], noon()));
    });
    bench.bench_function("a roster of 10,000 from the start", |b| b.iter(|| Prepared::new(roster.clone(), noon())));
}

criterion_group!(pure, texts, words, languages, availability);
criterion_main!(pure);
