//! The runner and the delivery of mails on a real database file, with a clock that is moved by hand.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::deliver_mail::hand_over;
use super::runner::turn;
use super::*;
use crate::actions::Parts;
use crate::clock::{Clock, SettableClock};
use crate::domain::delivery::Reason;
use crate::mail::transport::{Mailbox, SendError, SendErrorKind};
use crate::security::keys::SecretKey;
use crate::security::random::SeededRandom;
use crate::store::deliveries::{self, Outcome};
use crate::store::probe::{exec, text};
use crate::store::{Store, jobs, migrate};

/// One node: its own connections and randomness, the clock and the file shared.
struct Node {
    ctx: Ctx,
    mailbox: Mailbox,
    transport: Transport,
}

struct House {
    clock: Arc<SettableClock>,
    dir: TempDir,
}

impl House {
    fn new() -> House {
        let clock = Arc::new(SettableClock::new("2031-03-03T09:00:00Z".parse().unwrap()));
        House { clock, dir: tempfile::tempdir().unwrap() }
    }

    async fn node(&self, seed: u64) -> Node {
        let url = format!("sqlite:{}", self.dir.path().join("onduty.sqlite").display());
        let store = Store::open(&url).await.unwrap();
        migrate::migrate(&store, &url, &self.dir.path().join("migrate.lock")).await.unwrap();
        let ctx = Ctx::new(Parts {
            store,
            clock: self.clock.clone(),
            random: Arc::new(SeededRandom::new(seed)),
            keys: SecretKey::from_text(&"k".repeat(40)).unwrap(),
            base_url: "http://localhost".parse().unwrap(),
            mail_from: "Onduty <onduty@example.org>".parse().unwrap(),
            api_rate: 0,
        });
        let mailbox = Mailbox::default();
        Node { ctx, transport: Transport::Memory(mailbox.clone()), mailbox }
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

impl Node {
    /// An invited operator with their link, and the mail that carries it.
    async fn invite(&self, id: i64) -> String {
        let now = self.ctx.now().timestamp_millis();
        let end = now + 7 * 86_400_000;
        let mail = format!("mail-{id:03}");
        let script = format!(
            "INSERT INTO operators (id, name, name_key, email, email_key, role_id, created_at, updated_at, version, invitation_expires_at) \
               VALUES ({id}, 'Ana {id}', 'ana {id}', 'ana{id}@example.org', 'ana{id}@example.org', 4, {now}, {now}, 1, {end});
             INSERT INTO one_time_tokens (id, hash, purpose, operator_id, email_key, created_at, expires_at) \
               VALUES ({id}, 'h{id}', 'invitation', {id}, 'ana{id}@example.org', {now}, {end});
             INSERT INTO mail_messages (id, kind, dedup_key, operator_id, token_id, to_address, to_name, subject, text_body, html_body, \
               language, has_token, state, available_at, message_id, created_at) \
               VALUES ('{mail}', 'invitation', 'd{id}', {id}, {id}, 'ana{id}@example.org', 'Ana', 'Welcome', 'https://x/secret', '<p>secret</p>', \
               'en', TRUE, 'queued', {now}, '{mail}@example.org', {now})"
        );
        for statement in script.split(";\n") {
            exec(&self.ctx.store, statement).await;
        }
        mail
    }

    async fn mail(&self, id: &str) -> deliveries::Mail {
        deliveries::find(self.ctx.store.read(), id).await.unwrap().unwrap()
    }

    async fn tick(&self) -> usize {
        run_due(&self.ctx, &self.transport, self.ctx.now()).await.unwrap()
    }

    async fn job(&self, name: &str) -> jobs::JobRow {
        jobs::all(self.ctx.store.read()).await.unwrap().into_iter().find(|row| row.name == name).unwrap()
    }

    async fn take(&self, holder: &str) -> Option<jobs::Lease> {
        let now = self.ctx.now();
        self.ctx.store.write(async |tx| jobs::take(tx, "sweep", holder, now, now + TimeDelta::hours(1), now).await).await.unwrap()
    }

    async fn finish(&self, lease: &jobs::Lease, next_at: DateTime<Utc>) -> bool {
        let run = jobs::Run { at: self.ctx.now(), ms: 1, result: "ok".into(), next_at };
        self.ctx.store.write(async |tx| jobs::finish(tx, lease, &run).await).await.unwrap()
    }
}

fn down(kind: SendErrorKind) -> SendError {
    SendError::new(kind, None, "nobody there")
}

#[tokio::test]
async fn of_two_runners_one_takes_the_job_and_only_once() {
    let house = House::new();
    let (one, two) = (house.node(1).await, house.node(2).await);
    register(&one.ctx).await.unwrap();
    let (first, second) = tokio::join!(one.take("one"), two.take("two"));
    assert_eq!(usize::from(first.is_some()) + usize::from(second.is_some()), 1);
    let lease = first.or(second).unwrap();
    assert!(one.finish(&lease, house.now() + TimeDelta::hours(1)).await);
    assert_eq!(two.take("two").await, None, "it is not due any more");
    assert!(!two.finish(&lease, house.now()).await, "a slot is finished once");
}

#[tokio::test]
async fn a_lease_that_is_renewed_holds_and_one_that_is_not_goes_to_the_next() {
    let house = House::new();
    let (one, two) = (house.node(1).await, house.node(2).await);
    register(&one.ctx).await.unwrap();
    let lease = one.take("one").await.unwrap();
    house.advance(10);
    assert!(one.ctx.store.write(async |tx| jobs::renew(tx, &lease, house.now()).await).await.unwrap());
    house.advance(10);
    assert_eq!(two.take("two").await, None);
    house.advance(6);
    let taken = two.take("two").await.unwrap();
    assert!(taken.fence > lease.fence);
    assert!(!one.ctx.store.write(async |tx| jobs::renew(tx, &lease, house.now()).await).await.unwrap());
    assert!(!one.finish(&lease, house.now()).await, "the late one writes nothing");
    assert!(two.finish(&taken, house.now() + TimeDelta::hours(1)).await);
}

#[tokio::test]
async fn a_slow_job_keeps_its_lease_until_somebody_else_has_it() {
    let house = House::new();
    let node = house.node(1).await;
    let slow = Job { name: "slow", every: TimeDelta::hours(1), what: |_| std::future::pending().boxed_local(), rung: None, rests: None };
    node.ctx.store.write(async |tx| jobs::register(tx, "slow", house.now()).await).await.unwrap();
    let stop = CancellationToken::new();
    let work = Work { ctx: &node.ctx, transport: &node.transport, stop: &stop };
    let until = async || node.job("slow").await.lease_until.unwrap().0;
    let watch = async {
        while node.job("slow").await.lease_until.is_none() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let first = until().await;
        house.advance(4);
        while until().await == first {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(until().await, house.now() + jobs::LEASE, "renewed");
        exec(&node.ctx.store, "UPDATE jobs SET lease_fence = lease_fence + 1, lease_holder = 'other' WHERE name = 'slow'").await;
    };
    let (ran, ()) = tokio::join!(runner::once(&slow, work, "me", false, house.now()), watch);
    assert!(ran.unwrap());
    let row = node.job("slow").await;
    assert_eq!(
        (row.lease_holder.as_deref(), row.last_at, row.last_result),
        (Some("other"), None, None),
        "it was dropped and wrote nothing"
    );
}

#[tokio::test]
async fn missed_runs_collapse_and_each_leaves_its_trace() {
    let house = House::new();
    let node = house.node(1).await;
    assert_eq!(node.tick().await, TIMETABLE.len());
    assert_eq!(node.tick().await, 0);
    house.advance(5 * 3600 + 7);
    assert_eq!(node.tick().await, TIMETABLE.len());
    assert_eq!(node.tick().await, 0);
    let sweep = node.job("sweep").await;
    assert_eq!(sweep.next_at.0, "2031-03-03T15:00:00Z".parse::<DateTime<Utc>>().unwrap());
    assert_eq!((sweep.last_at.map(|at| at.0), sweep.last_result.as_deref()), (Some(house.now()), Some("ok: 0 swept")));
    assert_eq!((sweep.lease_holder, sweep.lease_until), (None, None));
}

#[tokio::test]
async fn a_clock_set_back_by_a_year_stops_no_job() {
    let house = House::new();
    let node = house.node(1).await;
    node.tick().await;
    house.clock.set(house.now() - TimeDelta::days(365));
    assert_eq!(node.tick().await, TIMETABLE.len());
    assert_eq!(node.job("sweep").await.next_at.0, house.now() + TimeDelta::hours(1));
}

#[tokio::test]
async fn a_job_that_fails_or_panics_is_noted_and_the_others_run() {
    let house = House::new();
    let node = house.node(1).await;
    exec(&node.ctx.store, "DROP TABLE submissions").await;
    assert_eq!(node.tick().await, TIMETABLE.len());
    assert!(node.job("sweep").await.last_result.unwrap().starts_with("error: "));
    assert!(node.job("deliver_mail").await.last_result.unwrap().starts_with("ok: "));
    assert!(node.job("sweep").await.next_at.0 > house.now());
}

#[tokio::test]
async fn the_runner_delivers_at_the_bell_and_stops_when_told() {
    let house = House::new();
    let node = house.node(1).await;
    let stop = CancellationToken::new();
    let script = async {
        while jobs::all(node.ctx.store.read()).await.unwrap().len() < TIMETABLE.len() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        node.invite(1).await;
        node.ctx.mail_bell.notify_one();
        while node.mailbox.mails().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        stop.cancel();
    };
    tokio::join!(run(&node.ctx, &node.transport, &stop), script);
    assert_eq!(node.mail("mail-001").await.state, "sent");
    assert_eq!(node.job("deliver_mail").await.lease_until, None, "the lease was given back");
}

#[tokio::test]
async fn a_mail_is_sent_once_and_its_link_leaves_the_database() {
    let house = House::new();
    let (one, two) = (house.node(1).await, house.node(2).await);
    let id = one.invite(1).await;
    exec(&one.ctx.store, "UPDATE operators SET invitation_error = '550 before'").await;
    let (_, _) = tokio::join!(one.tick(), two.tick());
    let sent = [one.mailbox.mails(), two.mailbox.mails()].concat();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].message_id, "<mail-001@example.org>");
    assert_eq!(sent[0].envelope_to, "ana1@example.org");
    let mail = one.mail(&id).await;
    assert_eq!((mail.state.as_str(), mail.attempts, mail.lease_token), ("sent", 1, None));
    assert_eq!((mail.text_body.as_str(), mail.html_body.as_str(), mail.answer.as_deref()), ("", "", Some("kept in memory")));
    assert_eq!(mail.sent_at.map(|at| at.0), Some(house.now()));
    assert_eq!(text(&one.ctx.store, "SELECT COALESCE(invitation_error, 'none') FROM operators WHERE id = 1").await, "none");
}

#[tokio::test]
async fn a_refusal_for_now_is_tried_again_at_the_right_instants_and_ends() {
    let house = House::new();
    let node = house.node(1).await;
    let id = node.invite(1).await;
    let start = house.now();
    let mut waits = Vec::new();
    loop {
        node.mailbox.fail_next(SendError::new(SendErrorKind::Transient, Some(451), "come back later"));
        node.tick().await;
        let mail = node.mail(&id).await;
        assert_eq!(mail.last_error.as_deref(), Some("come back later"));
        if mail.state != "queued" {
            assert_eq!((mail.state.as_str(), mail.attempts, mail.text_body.as_str()), ("failed", 12, ""));
            break;
        }
        let wait = (mail.available_at.0 - house.now()).num_seconds();
        waits.push(wait);
        house.clock.set(mail.available_at.0 - TimeDelta::milliseconds(1));
        node.tick().await;
        assert_eq!(node.mail(&id).await.attempts, mail.attempts, "not before its instant");
        house.clock.set(mail.available_at.0 + TimeDelta::seconds(5));
    }
    for (wait, wanted) in waits.iter().zip([30, 120, 600, 1800, 3600, 7200, 7200, 7200, 7200, 7200, 7200]) {
        assert!((wanted * 8 / 10 - 1..=wanted * 12 / 10).contains(wait), "{wait} is not about {wanted}");
    }
    assert!(house.now() - start < TimeDelta::hours(24));
    assert_eq!(text(&node.ctx.store, "SELECT invitation_error FROM operators WHERE id = 1").await, "come back later");
    assert!(node.mailbox.mails().is_empty());
}

#[tokio::test]
async fn a_refusal_for_good_shows_at_the_operator_at_once() {
    let house = House::new();
    let node = house.node(1).await;
    let id = node.invite(1).await;
    let before = text(&node.ctx.store, "SELECT CAST(n AS TEXT) FROM versions WHERE name = 'operators'").await;
    node.mailbox.fail_next(SendError::new(SendErrorKind::Permanent, Some(550), &"no such user ".repeat(40)));
    node.tick().await;
    assert_eq!(node.mail(&id).await.state, "failed");
    let told = text(&node.ctx.store, "SELECT invitation_error FROM operators WHERE id = 1").await;
    assert!(told.starts_with("no such user") && told.chars().count() == 300, "{told}");
    assert_ne!(text(&node.ctx.store, "SELECT CAST(n AS TEXT) FROM versions WHERE name = 'operators'").await, before);
}

#[tokio::test]
async fn a_revoked_invitation_is_never_mailed_nor_one_to_somebody_suspended() {
    let house = House::new();
    let node = house.node(1).await;
    for (id, script) in [
        (1, "UPDATE one_time_tokens SET voided_at = 1 WHERE id = 1"),
        (2, "UPDATE one_time_tokens SET used_at = 1 WHERE id = 2"),
        (3, "UPDATE one_time_tokens SET expires_at = 1 WHERE id = 3"),
        (4, "UPDATE operators SET suspended_at = 1 WHERE id = 4"),
        (5, "UPDATE operators SET deleted_at = 1 WHERE id = 5"),
    ] {
        node.invite(id).await;
        exec(&node.ctx.store, script).await;
    }
    node.tick().await;
    assert!(node.mailbox.mails().is_empty());
    for (id, reason) in
        [(1, Reason::LinkGone), (2, Reason::LinkGone), (3, Reason::LinkGone), (4, Reason::OperatorGone), (5, Reason::OperatorGone)]
    {
        let mail = node.mail(&format!("mail-{id:03}")).await;
        assert_eq!((mail.state.as_str(), mail.last_error, mail.text_body.as_str()), ("cancelled", Some(reason.kept()), ""));
    }
    assert_eq!(text(&node.ctx.store, "SELECT CAST(COUNT(*) AS TEXT) FROM operators WHERE invitation_error IS NOT NULL").await, "0");
}

#[tokio::test]
async fn a_panic_in_one_mail_fails_that_one_alone() {
    let house = House::new();
    let node = house.node(1).await;
    for id in 1..=3 {
        node.invite(id).await;
    }
    let sent = Cell::new(0);
    let send = async |mail: &crate::mail::message::BuiltMail| {
        assert!(mail.envelope_to != "ana2@example.org", "a poisoned mail");
        sent.set(sent.get() + 1);
        Ok("250".to_owned().into())
    };
    let words = hand_over(&node.ctx, send, || false).await.unwrap();
    assert_eq!(words, "2 sent, 0 to try again, 1 failed, 0 cancelled");
    let poisoned = node.mail("mail-002").await;
    assert_eq!((poisoned.state.as_str(), poisoned.last_error), ("failed", Some(Reason::Stumbled.kept())));
    assert_eq!(sent.get(), 2);
}

#[tokio::test]
async fn a_name_no_mail_can_carry_fails_its_mail_alone() {
    let house = House::new();
    let node = house.node(1).await;
    let (bad, good) = (node.invite(1).await, node.invite(2).await);
    exec(&node.ctx.store, "UPDATE mail_messages SET to_name = 'A' || char(10) || 'Bcc: x@y.z' WHERE id = 'mail-001'").await;
    node.tick().await;
    assert_eq!((node.mail(&bad).await.state.as_str(), node.mail(&good).await.state.as_str()), ("failed", "sent"));
}

#[tokio::test]
async fn the_lease_of_a_killed_worker_is_taken_over_and_the_dead_one_changes_nothing() {
    let house = House::new();
    let (dead, alive) = (house.node(1).await, house.node(2).await);
    let id = dead.invite(1).await;
    let held = dead.ctx.store.write(async |tx| deliveries::claim(tx, house.now(), "dead", 10).await).await.unwrap();
    assert_eq!(held.len(), 1);
    alive.tick().await;
    house.advance(119);
    alive.tick().await;
    assert!(alive.mailbox.mails().is_empty(), "a lease holds for two minutes");
    house.advance(5);
    alive.tick().await;
    assert_eq!(alive.mailbox.mails()[0].message_id, "<mail-001@example.org>", "the same id at each try");
    let late = Outcome::Failed("too late".into());
    let wrote = dead.ctx.store.write(async |tx| deliveries::finish(tx, &held[0], "dead", &late, house.now()).await).await.unwrap();
    let mail = alive.mail(&id).await;
    assert_eq!((wrote, mail.state.as_str(), mail.attempts), (false, "sent", 2));
}

#[tokio::test]
async fn a_mail_that_kills_its_workers_comes_to_an_end() {
    let house = House::new();
    let node = house.node(1).await;
    let id = node.invite(1).await;
    exec(&node.ctx.store, "UPDATE mail_messages SET attempts = 12, state = 'sending', lease_token = 'dead', lease_until = 1").await;
    node.tick().await;
    let mail = node.mail(&id).await;
    assert_eq!((mail.state.as_str(), mail.last_error), ("failed", Some(Reason::Interrupted.kept())));
}

#[tokio::test]
async fn sending_rests_while_the_server_is_away_and_one_mail_tries_the_road() {
    let house = House::new();
    let node = house.node(1).await;
    for id in 1..=12 {
        node.invite(id).await;
    }
    for _ in 0..12 {
        node.mailbox.fail_next(down(SendErrorKind::Connect));
    }
    node.tick().await;
    let breaker = deliveries::breaker(node.ctx.store.read()).await.unwrap();
    assert_eq!((breaker.connect_failures, breaker.paused_until), (5, Some(house.now() + TimeDelta::seconds(30))));
    house.advance(29);
    node.tick().await;
    assert_eq!(node.mail("mail-012").await.attempts, 0, "nothing is tried while it rests");
    house.advance(5);
    node.tick().await;
    let breaker = deliveries::breaker(node.ctx.store.read()).await.unwrap();
    assert_eq!((breaker.connect_failures, breaker.paused_until), (6, Some(house.now() + TimeDelta::seconds(60))));
    house.advance(61);
    node.tick().await;
    house.advance(300);
    let _ = (node.mailbox.take(), node.tick().await);
    house.advance(3600);
    node.tick().await;
    let breaker = deliveries::breaker(node.ctx.store.read()).await.unwrap();
    assert_eq!((breaker.connect_failures, breaker.paused_until), (0, None));
    assert_eq!(deliveries::figures(node.ctx.store.read()).await.unwrap().waiting, 0, "all got through in the end");
}

#[tokio::test]
async fn a_link_that_would_be_over_at_the_next_try_is_not_waited_for() {
    let house = House::new();
    let node = house.node(1).await;
    let id = node.invite(1).await;
    let soon = (house.now() + TimeDelta::seconds(20)).timestamp_millis();
    exec(&node.ctx.store, &format!("UPDATE one_time_tokens SET expires_at = {soon}")).await;
    node.mailbox.fail_next(down(SendErrorKind::Transient));
    node.tick().await;
    assert_eq!(node.mail(&id).await.state, "failed");
}

#[tokio::test]
async fn stop_between_two_batches_leaves_the_rest_queued() {
    let house = House::new();
    let node = house.node(1).await;
    for id in 1..=15 {
        node.invite(id).await;
    }
    let stop = CancellationToken::new();
    let work = Work { ctx: &node.ctx, transport: &node.transport, stop: &stop };
    let once = hand_over(
        work.ctx,
        async |mail| {
            stop.cancel();
            work.transport.send(mail).await.map(Into::into)
        },
        || stop.is_cancelled(),
    );
    assert_eq!(once.boxed_local().await.unwrap(), "10 sent, 0 to try again, 0 failed, 0 cancelled");
    assert_eq!(deliveries::figures(node.ctx.store.read()).await.unwrap().waiting, 5);
}

#[tokio::test]
async fn old_things_are_swept_and_young_ones_stay() {
    let house = House::new();
    let node = house.node(1).await;
    node.invite(1).await;
    node.invite(2).await;
    exec(&node.ctx.store, "UPDATE operators SET deleted_at = 1 WHERE id = 2").await;
    let at = |age: TimeDelta| (house.now() - age).timestamp_millis();
    for (table, columns, limit) in [
        ("sign_in_failures (account, network, at)", "'a', 'n', ", TimeDelta::hours(1)),
        ("submissions (location, id, created_at)", "'/x', hex(randomblob(8)), ", TimeDelta::hours(24)),
        (
            "photos (id, operator_id, mime, large, small, created_at)",
            "hex(randomblob(8)), 1, 'image/webp', x'00', x'00', ",
            TimeDelta::hours(1),
        ),
        ("one_time_tokens (hash, purpose, created_at, expires_at)", "hex(randomblob(8)), 'reset', 0, ", TimeDelta::days(30)),
    ] {
        for age in [limit + TimeDelta::seconds(1), limit - TimeDelta::seconds(1)] {
            exec(&node.ctx.store, &format!("INSERT INTO {table} VALUES ({columns} {})", at(age))).await;
        }
    }
    exec(&node.ctx.store, &format!("UPDATE mail_messages SET state = 'sent', created_at = {}", at(TimeDelta::days(91)))).await;
    node.tick().await;
    assert_eq!(node.job("sweep").await.last_result.as_deref(), Some("ok: 8 swept"));
    for (table, left) in
        [("sign_in_failures", "1"), ("submissions", "1"), ("photos", "1"), ("one_time_tokens", "2"), ("mail_messages", "0")]
    {
        assert_eq!(text(&node.ctx.store, &format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}")).await, left, "{table}");
    }
}

#[tokio::test]
async fn nobody_running_the_jobs_is_noticed() {
    let house = House::new();
    let node = house.node(1).await;
    node.tick().await;
    assert!(late(&node.ctx).await.unwrap().is_empty());
    house.advance(200);
    assert_eq!(late(&node.ctx).await.unwrap(), ["deliver_mail", "follow_statuses", "route_queries", "runs", "tell_hours"]);
}

#[tokio::test]
async fn an_idle_node_writes_once_a_minute_and_is_never_late() {
    let house = House::new();
    let node = house.node(1).await;
    node.tick().await;
    let stop = CancellationToken::new();
    let work = Work { ctx: &node.ctx, transport: &node.transport, stop: &stop };
    let job = TIMETABLE.iter().find(|job| job.name == "deliver_mail").unwrap();
    let turns = async |seconds: u64| {
        for _ in 0..seconds / 5 {
            house.advance(5);
            turn(job, work, "node", false).await.unwrap();
            assert!(!late(&node.ctx).await.unwrap().contains(&"deliver_mail".to_owned()));
        }
        node.job("deliver_mail").await.lease_fence
    };
    let before = node.job("deliver_mail").await.lease_fence;
    assert_eq!(turns(60).await, before, "nothing to do and lately alive: only reading");
    assert_eq!(turns(600).await - before, 10, "a sign of life a minute");
    let mail = node.invite(7).await;
    turns(5).await;
    assert_eq!(node.mail(&mail).await.state, "sent", "what is due does not wait for the sign of life");
    house.advance(121 + 60);
    assert_eq!(
        late(&node.ctx).await.unwrap(),
        ["deliver_mail", "follow_statuses", "route_queries", "runs", "tell_hours"],
        "nobody runs it any more"
    );
}
