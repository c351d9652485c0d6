//! What the program does by itself, on the engine under test: mails leave once, old things go, and health says how it stands.

use chrono::TimeDelta;
use onduty::actions::operators::{self, NewOperator, Profile};
use onduty::actions::rights::{ManageMail, ManageOperators};
use onduty::actions::{Actor, mail_deliveries};
use onduty::domain::delivery::State;
use onduty::domain::operator::OperatorState;
use onduty::error::AppError;
use onduty::mail::transport::{SendError, SendErrorKind};
use onduty::store::deliveries::{self, Filter, Listed, Mail};
use onduty::store::entities::operator;
use onduty::store::{audit, operators as stored, sweep};
use sea_orm::EntityTrait;
use serde_json::Value;

use crate::support::TestApp;

async fn invite(app: &TestApp, email: &str) -> i64 {
    let profile = Profile { name: Some("Zoë Quist".into()), email: Some(email.into()), role: Some("agent".into()), ..Profile::default() };
    let actor = Actor::console();
    let right = actor.may::<ManageOperators>().unwrap();
    operators::create(&app.ctx, right, NewOperator { profile, ..NewOperator::default() }).await.unwrap()
}

async fn state(app: &TestApp, id: i64) -> OperatorState {
    stored::find(app.ctx.store.read(), id).await.unwrap().unwrap().state(app.now())
}

async fn listed(app: &TestApp, id: i64) -> Vec<Listed> {
    let filter = Filter { operator_id: Some(id), ..Filter::default() };
    assert_eq!(
        deliveries::count(app.ctx.store.read(), &filter).await.unwrap(),
        deliveries::page(app.ctx.store.read(), &filter, 0, 50).await.unwrap().len() as u64
    );
    deliveries::page(app.ctx.store.read(), &filter, 0, 50).await.unwrap()
}

async fn mail(app: &TestApp, id: i64) -> Mail {
    let newest = listed(app, id).await.remove(0);
    deliveries::find(app.ctx.store.read(), &newest.id).await.unwrap().unwrap()
}

fn refused() -> SendError {
    SendError::new(SendErrorKind::Permanent, Some(550), "5.1.1 no such mailbox")
}

async fn ready(app: &TestApp) -> (u16, Value) {
    let answer = reqwest::get(format!("{}/health/ready", app.url)).await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn an_invitation_leaves_once_and_its_link_leaves_the_database() {
    let app = TestApp::spawn().await;
    let id = invite(&app, "zoe@example.org").await;
    app.deliver().await;
    app.tick(app.now() + TimeDelta::hours(1)).await;
    let sent = app.mailbox.only("zoe@example.org");
    let mail = mail(&app, id).await;
    assert_eq!((mail.state.as_str(), mail.text_body.as_str(), mail.html_body.as_str()), ("sent", "", ""));
    assert_eq!(sent.header("message-id"), Some(format!("<{}>", mail.message_id).as_str()));
    assert_eq!(sent.header("auto-submitted"), Some("auto-generated"));
    assert_eq!(state(&app, id).await, OperatorState::Invited);
}

#[tokio::test]
async fn a_second_node_sends_nothing_twice() {
    let (one, two) = TestApp::pair().await;
    for number in 0..25 {
        invite(&one, &format!("zoe{number}@example.org")).await;
    }
    two.ctx.mail_bell.notify_one();
    let (left, also_left) = tokio::join!(one.tick_leaving(one.now()), two.tick_leaving(two.now()));
    one.deliver().await;
    two.deliver().await;
    let mut all: Vec<String> = [one.mailbox.all(), two.mailbox.all()].concat().into_iter().map(|mail| mail.to).collect();
    all.sort();
    all.dedup();
    let sent = one.mailbox.all().len() + two.mailbox.all().len();
    assert_eq!((sent, all.len()), (25, 25), "left over after the first round: {} and {}", left.len(), also_left.len());
}

#[tokio::test]
async fn two_workers_of_the_outbox_share_it_without_overlap() {
    let (one, two) = TestApp::pair().await;
    for number in 0..20 {
        invite(&one, &format!("zoe{number}@example.org")).await;
    }
    let claim = async |app: &TestApp, lease: &str| {
        let now = app.now();
        app.ctx.store.write(async |tx| deliveries::claim(tx, now, lease, 7).await).await.unwrap()
    };
    let (a, b, c) = tokio::join!(claim(&one, "a"), claim(&two, "b"), claim(&one, "c"));
    let mut ids: Vec<String> = [a, b, c].concat().into_iter().map(|mail| mail.id).collect();
    assert_eq!(ids.len(), 20);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 20, "no mail is in two hands");
}

#[tokio::test]
async fn an_address_that_does_not_exist_shows_at_the_operator_and_the_mail_cannot_be_sent_again() {
    let app = TestApp::spawn().await;
    let id = invite(&app, "nobody@example.org").await;
    app.mailbox.0.fail_next(refused());
    app.deliver().await;
    assert_eq!(state(&app, id).await, OperatorState::DeliveryFailed);
    let failed = mail(&app, id).await;
    assert_eq!((failed.state.as_str(), failed.last_error.as_deref()), ("failed", Some("5.1.1 no such mailbox")));
    let actor = Actor::console();
    let again = mail_deliveries::retry(&app.ctx, actor.may::<ManageMail>().unwrap(), &failed.id).await;
    assert!(matches!(again, Err(AppError::Conflict("mail-wiped"))), "{again:?}");
}

#[tokio::test]
async fn a_mail_is_called_back_and_the_deed_is_in_the_log() {
    let app = TestApp::spawn().await;
    let id = invite(&app, "zoe@example.org").await;
    let waiting = mail(&app, id).await;
    let actor = Actor::console();
    mail_deliveries::cancel(&app.ctx, actor.may::<ManageMail>().unwrap(), &waiting.id).await.unwrap();
    app.deliver().await;
    assert!(app.mailbox.all().is_empty());
    let cancelled = mail(&app, id).await;
    assert_eq!((cancelled.state.as_str(), cancelled.text_body.as_str()), ("cancelled", ""));
    let twice = mail_deliveries::cancel(&app.ctx, actor.may::<ManageMail>().unwrap(), &waiting.id).await;
    assert!(matches!(twice, Err(AppError::Conflict("mail-under-way"))), "{twice:?}");
    let filter = audit::Filter { action: Some("mail.cancelled".into()), ..audit::Filter::default() };
    let entries = audit::page(app.ctx.store.read(), &filter, 0, 10).await.unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!((entries[0].object_id.as_str(), entries[0].after.as_deref()), (waiting.id.as_str(), Some(r#"{"state":"cancelled"}"#)));
    let unknown = mail_deliveries::cancel(&app.ctx, actor.may::<ManageMail>().unwrap(), "nothing").await;
    assert!(matches!(unknown, Err(AppError::NotFound)), "{unknown:?}");
}

#[tokio::test]
async fn a_mail_that_waits_is_tried_at_once_when_somebody_asks() {
    let app = TestApp::spawn().await;
    let id = invite(&app, "zoe@example.org").await;
    app.mailbox.0.fail_next(SendError::new(SendErrorKind::Transient, Some(451), "later"));
    app.ctx.mail_bell.notify_one();
    assert_eq!(app.tick_leaving(app.now()).await.len(), 1);
    let waiting = mail(&app, id).await;
    assert!(waiting.available_at.0 > app.now());
    let actor = Actor::console();
    mail_deliveries::retry(&app.ctx, actor.may::<ManageMail>().unwrap(), &waiting.id).await.unwrap();
    app.deliver().await;
    assert_eq!(mail(&app, id).await.state, State::Sent.as_str());
    let sent = mail_deliveries::retry(&app.ctx, actor.may::<ManageMail>().unwrap(), &waiting.id).await;
    assert!(matches!(sent, Err(AppError::Conflict("mail-under-way"))), "{sent:?}");
}

#[tokio::test]
async fn health_tells_what_is_not_ready() {
    let app = TestApp::spawn().await;
    app.tick(app.now()).await;
    let (status, parts) = ready(&app).await;
    assert_eq!(status, 200, "{parts}");
    assert_eq!(parts, serde_json::json!({"server": "ok", "database": "ok", "migrations": "ok", "jobs": "ok", "mail": "ok"}));

    app.pass(TimeDelta::minutes(3));
    let (status, parts) = ready(&app).await;
    assert_eq!((status, parts["jobs"].as_str()), (503, Some("late")));
    assert_eq!(reqwest::get(format!("{}/health/live", app.url)).await.unwrap().status(), 200);

    for number in 0..5 {
        invite(&app, &format!("zoe{number}@example.org")).await;
        app.mailbox.0.fail_next(SendError::new(SendErrorKind::Connect, None, "nobody there"));
    }
    assert_eq!(app.tick_leaving(app.now()).await.len(), 5);
    let (status, parts) = ready(&app).await;
    assert_eq!((status, parts["jobs"].as_str(), parts["mail"].as_str()), (200, Some("ok"), Some("degraded")));

    app.ctx.store.write(async |tx| onduty::store::jobs::register(tx, "x", app.now()).await).await.unwrap();
    app.ctx.store.clone().close().await;
    let (status, parts) = ready(&app).await;
    assert_eq!((status, parts["database"].as_str()), (503, Some("unavailable")));
}

#[tokio::test]
async fn old_things_go_by_themselves() {
    let app = TestApp::spawn().await;
    app.operator("agent").await;
    let id = invite(&app, "zoe@example.org").await;
    app.deliver().await;
    operators::delete(&app.ctx, Actor::console().may::<ManageOperators>().unwrap(), id, None, None).await.unwrap();
    app.tick(app.now() + TimeDelta::days(29)).await;
    assert!(operator::Entity::find_by_id(id).one(app.ctx.store.read()).await.unwrap().is_some(), "30 days to restore");
    app.tick(app.now() + TimeDelta::days(2)).await;
    assert!(operator::Entity::find_by_id(id).one(app.ctx.store.read()).await.unwrap().is_none());
    assert_eq!(deliveries::count(app.ctx.store.read(), &Filter::default()).await.unwrap(), 1, "the mail is told of longer");
    app.tick(app.now() + TimeDelta::days(60)).await;
    assert_eq!(deliveries::count(app.ctx.store.read(), &Filter::default()).await.unwrap(), 0);
    assert_eq!(sweep::sweep(&app.ctx.store, app.now()).await.unwrap(), 0, "nothing is left to sweep");
}
