use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tempfile::TempDir;

use super::*;
use crate::actions::rights::ManageOperators;
use crate::actions::{ActorKind, Origin, Parts};
use crate::clock::SettableClock;
use crate::domain::operator::OperatorState;
use crate::domain::permission::BuiltIn;
use crate::security::keys::SecretKey;
use crate::security::passwords::Verdict;
use crate::security::photo::Photo;
use crate::security::random::SystemRandom;
use crate::store::audit::Filter as AuditFilter;
use crate::store::photos::Size;
use crate::store::sessions::{self, NewSession};
use crate::store::{Tx, accounts, deliveries, operators, photos};

pub(crate) struct House {
    pub(crate) ctx: Ctx,
    clock: Arc<SettableClock>,
    _folder: TempDir,
}

fn start() -> DateTime<Utc> {
    "2031-03-03T09:00:00Z".parse().unwrap()
}

impl House {
    pub(crate) async fn new() -> House {
        let (store, folder) = crate::store::operators::tests::store().await;
        let clock = Arc::new(SettableClock::new(start()));
        let ctx = Ctx::new(Parts {
            store,
            clock: clock.clone(),
            random: Arc::new(SystemRandom),
            keys: SecretKey::from_text("a secret of the tests, long enough").unwrap(),
            base_url: "http://127.0.0.1:8080".parse().unwrap(),
            mail_from: "Onduty <onduty@example.org>".parse().unwrap(),
            api_rate: 0,
        });
        House { ctx, clock, _folder: folder }
    }

    /// An active operator of a built-in role, who acts.
    async fn person(&self, role: BuiltIn, email: &str) -> Actor {
        let new = NewOperator { initial_password: Some("kettle orchard nine".to_owned()), ..invited("Test Person", email, role) };
        let id = create(&self.ctx, Actor::console().may().unwrap(), new).await.unwrap();
        self.acting(id, role)
    }

    fn acting(&self, id: i64, role: BuiltIn) -> Actor {
        let kind = ActorKind::Operator { id, session_id: "session".to_owned(), confirmed_at: self.ctx.now() };
        Actor { kind, name: "Test Person".to_owned(), permissions: role.permissions(), origin: Origin::default() }
    }

    async fn signed_in(&self, id: i64) {
        let new = NewSession {
            key_hash: format!("hash{id}"),
            id: format!("session{id}"),
            operator_id: id,
            ends_at: start() + chrono::TimeDelta::hours(12),
            address: String::new(),
            agent: String::new(),
        };
        self.ctx.store.write(async |tx: &Tx| sessions::open(tx, new.clone(), start()).await).await.unwrap();
    }

    async fn is_signed_in(&self, id: i64) -> bool {
        sessions::exists(self.ctx.store.read(), &format!("hash{id}")).await.unwrap()
    }

    async fn operator(&self, id: i64) -> Operator {
        operators::find(self.ctx.store.read(), id).await.unwrap().unwrap()
    }

    /// The actions noted about an operator, the newest first.
    async fn noted(&self, id: i64) -> Vec<String> {
        let filter = AuditFilter { object_kind: Some("operator".to_owned()), object_id: Some(id.to_string()), ..AuditFilter::default() };
        let entries = crate::store::audit::page(self.ctx.store.read(), &filter, 0, 50).await.unwrap();
        entries.into_iter().map(|entry| entry.action).collect()
    }

    /// Kinds and addresses of the mails, by kind.
    async fn mails(&self) -> Vec<(String, String)> {
        let mut listed = deliveries::page(self.ctx.store.read(), &deliveries::Filter::default(), 0, 50).await.unwrap();
        listed.sort_by(|a, b| a.kind.cmp(&b.kind));
        listed.into_iter().map(|mail| (mail.kind, mail.to_address)).collect()
    }
}

fn right(actor: &Actor) -> ManageOperators<'_> {
    actor.may().unwrap()
}

fn invited(name: &str, email: &str, role: BuiltIn) -> NewOperator {
    NewOperator { profile: required(name, email, role.slug()), ..NewOperator::default() }
}

fn required(name: &str, email: &str, role: &str) -> Profile {
    Profile { name: Some(name.to_owned()), email: Some(email.to_owned()), role: Some(role.to_owned()), ..Profile::default() }
}

fn role(slug: &str) -> Profile {
    Profile { role: Some(slug.to_owned()), ..Profile::default() }
}

fn named(name: &str) -> Profile {
    Profile { name: Some(name.to_owned()), ..Profile::default() }
}

fn faults<T: std::fmt::Debug>(result: Result<T>) -> Vec<(String, &'static str)> {
    match result {
        Err(AppError::Invalid(errors)) => errors.0.into_iter().map(|error| (error.field, error.code)).collect(),
        other => panic!("not invalid: {other:?}"),
    }
}

fn is_refused<T>(result: Result<T>, right: &str) -> bool {
    matches!(result, Err(AppError::Forbidden(missing)) if missing == right)
}

#[tokio::test]
async fn three_fields_suffice_and_the_invitation_is_mailed() {
    let house = House::new().await;
    let admin = house.person(BuiltIn::Admin, "admin@example.org").await;
    let id = create(&house.ctx, right(&admin), invited(" Zoe\u{308} Martin ", "Zoe@Example.org", BuiltIn::Agent)).await.unwrap();
    let operator = house.operator(id).await;
    assert_eq!((operator.name.as_str(), operator.email.as_str(), operator.role_slug.as_str()), ("Zoë Martin", "Zoe@example.org", "agent"));
    assert_eq!((operator.priority, operator.theme.as_str(), operator.presence_required), (50, "system", true));
    assert_eq!(operator.state(house.ctx.now()), OperatorState::Invited);
    house.clock.advance(Duration::from_secs(168 * 3600));
    assert_eq!(operator.state(house.ctx.now()), OperatorState::Expired);
    assert_eq!(house.mails().await, [("invitation".to_owned(), "Zoe@example.org".to_owned())]);
    assert_eq!(house.noted(id).await, ["operator.created"]);
}

#[tokio::test]
async fn an_initial_password_makes_the_account_active_and_must_be_changed() {
    let house = House::new().await;
    let admin = house.person(BuiltIn::Admin, "admin@example.org").await;
    let new = |password: &str, again: Option<&str>| NewOperator {
        initial_password: Some(password.to_owned()),
        initial_password_confirmation: again.map(str::to_owned),
        ..invited("Zoe Martin", "zoe@example.org", BuiltIn::Agent)
    };
    let refused = create(&house.ctx, right(&admin), new("kettle orchard nine", Some("kettle orchard ten"))).await;
    assert_eq!(faults(refused), [("initial_password_confirmation".to_owned(), "password_mismatch")]);
    let refused = create(&house.ctx, right(&admin), new("martin martin 1", None)).await;
    assert_eq!(faults(refused), [("initial_password".to_owned(), "password_context")]);
    let id = create(&house.ctx, right(&admin), new("kettle orchard nine", Some("kettle orchard nine"))).await.unwrap();
    let operator = house.operator(id).await;
    assert_eq!(operator.state(house.ctx.now()), OperatorState::Active);
    assert!(operator.must_change_password);
    let account = accounts::find(house.ctx.store.read(), id).await.unwrap().unwrap();
    let verdict = house.ctx.passwords.verify("kettle orchard nine", &account.password_hash.unwrap()).await.unwrap();
    assert_eq!(verdict, Verdict::Match { rehash: false });
    assert!(house.mails().await.is_empty());
}

#[tokio::test]
async fn everything_wrong_is_told_at_once_and_nothing_is_kept() {
    let house = House::new().await;
    let admin = house.person(BuiltIn::Admin, "admin@example.org").await;
    let profile = Profile {
        alias: Some("a\u{202E}b".to_owned()),
        phone: Some("call me".to_owned()),
        time_zone: Some("Europe/Atlantis".to_owned()),
        locale: Some("de".to_owned()),
        theme: Some("pink".to_owned()),
        languages: Some(vec!["tlh".to_owned()]),
        job_position: Some(BTreeMap::from([("en".to_owned(), "x".repeat(101))])),
        max_chat_load: Some(Some(101)),
        priority: Some(0),
        idle_minutes: Some(Some(0)),
        preset: Some("../../logo".to_owned()),
        ..Profile::default()
    };
    let found = faults(create(&house.ctx, right(&admin), NewOperator { profile, ..NewOperator::default() }).await);
    let expected = [
        ("name", "required"),
        ("alias", "bidi_character"),
        ("email", "required"),
        ("role", "required"),
        ("job_position", "too_long"),
        ("phone", "phone"),
        ("time_zone", "time_zone"),
        ("locale", "unknown_choice"),
        ("theme", "unknown_choice"),
        ("languages", "unknown_choice"),
        ("max_chat_load", "out_of_range"),
        ("priority", "out_of_range"),
        ("idle_minutes", "out_of_range"),
        ("preset", "unknown_choice"),
    ];
    assert_eq!(found, expected.map(|(field, code)| (field.to_owned(), code)));
    assert_eq!(operators::after(house.ctx.store.read(), &operators::Filter::default(), house.ctx.now(), 0, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_address_in_other_case_is_taken() {
    let house = House::new().await;
    let admin = house.person(BuiltIn::Admin, "admin@example.org").await;
    let again = create(&house.ctx, right(&admin), invited("Other", "ADMIN@example.org", BuiltIn::Agent)).await;
    assert_eq!(faults(again), [("email".to_owned(), "email_taken")]);
    let same = Profile { notification_email: Some("ZOE@example.org".to_owned()), ..required("Zoe", "zoe@example.org", "agent") };
    let refused = create(&house.ctx, right(&admin), NewOperator { profile: same, ..NewOperator::default() }).await;
    assert_eq!(faults(refused), [("notification_email".to_owned(), "same_email")]);
    assert!(house.mails().await.is_empty(), "the mail goes with its transaction");
}

#[tokio::test]
async fn the_same_form_sent_twice_adds_one_operator() {
    let house = House::new().await;
    let admin = house.person(BuiltIn::Admin, "admin@example.org").await;
    let form = || NewOperator { submission_id: Some("form-1".to_owned()), ..invited("Zoe", "zoe@example.org", BuiltIn::Agent) };
    let (first, second) = tokio::join!(create(&house.ctx, right(&admin), form()), create(&house.ctx, right(&admin), form()));
    let id = first.unwrap();
    assert_eq!(second.unwrap(), id);
    assert_eq!(create(&house.ctx, right(&admin), form()).await.unwrap(), id);
    assert_eq!(house.mails().await.len(), 1);
}

#[tokio::test]
async fn nobody_gives_a_role_above_their_own_or_touches_somebody_above() {
    let house = House::new().await;
    let owner = house.person(BuiltIn::Owner, "owner@example.org").await;
    let admin = house.person(BuiltIn::Admin, "admin@example.org").await;
    let owner_id = owner.operator_id().unwrap();
    let new = create(&house.ctx, right(&admin), invited("Zoe", "zoe@example.org", BuiltIn::Owner)).await;
    assert!(is_refused(new, "owners.manage"));
    let own = admin.operator_id().unwrap();
    assert!(is_refused(change(&house.ctx, &admin, own, None, role("owner")).await, "owners.manage"));
    assert!(is_refused(change(&house.ctx, &admin, owner_id, None, named("Hacked")).await, "owners.manage"));
    assert!(is_refused(suspend(&house.ctx, right(&admin), owner_id).await, "owners.manage"));
    assert!(is_refused(delete(&house.ctx, right(&admin), owner_id, None, None).await, "owners.manage"));
    assert!(is_refused(set_photo(&house.ctx, &admin, owner_id, None).await, "owners.manage"));
    assert_eq!(house.operator(owner_id).await.version, 1);
    assert!(create(&house.ctx, right(&owner), invited("Zoe", "zoe@example.org", BuiltIn::Owner)).await.is_ok());
}

#[tokio::test]
async fn an_agent_changes_their_own_fields_and_no_others() {
    let house = House::new().await;
    let agent = house.person(BuiltIn::Agent, "agent@example.org").await;
    let other = house.person(BuiltIn::Agent, "other@example.org").await;
    let own = agent.operator_id().unwrap();
    let mine = Profile { alias: Some("Ada".to_owned()), languages: Some(vec!["fr".to_owned(), "en".to_owned()]), ..named("Ada Moss") };
    change(&house.ctx, &agent, own, Some(1), mine).await.unwrap();
    let operator = house.operator(own).await;
    assert_eq!((operator.name.as_str(), operator.alias.as_deref(), operator.version), ("Ada Moss", Some("Ada"), 2));
    assert_eq!(operator.languages, ["fr", "en"]);
    for (profile, missing) in [
        (role("admin"), "self.role"),
        (Profile { email: Some("new@example.org".to_owned()), ..Profile::default() }, "self.email"),
        (Profile { priority: Some(1), ..Profile::default() }, "self.priority"),
        (Profile { max_chat_load: Some(Some(9)), ..Profile::default() }, "self.capacity"),
        (Profile { to_solve_only: Some(true), ..Profile::default() }, "operators.manage"),
        (Profile { presence_required: Some(false), ..named("With another") }, "operators.manage"),
    ] {
        assert!(is_refused(change(&house.ctx, &agent, own, None, profile.clone()).await, missing), "{profile:?}");
    }
    assert!(is_refused(change(&house.ctx, &agent, other.operator_id().unwrap(), None, named("x")).await, "operators.manage"));
    let unchanged = Profile { priority: Some(50), ..role("agent") };
    change(&house.ctx, &agent, own, None, unchanged).await.unwrap();
    assert_eq!(house.operator(own).await.version, 2, "what does not differ needs no right and writes nothing");
}

#[tokio::test]
async fn a_stale_form_changes_nothing() {
    let house = House::new().await;
    let admin = house.person(BuiltIn::Admin, "admin@example.org").await;
    let id = house.person(BuiltIn::Agent, "zoe@example.org").await.operator_id().unwrap();
    change(&house.ctx, &admin, id, Some(1), named("First")).await.unwrap();
    let late = change(&house.ctx, &admin, id, Some(1), named("Second")).await;
    assert!(matches!(late, Err(AppError::Stale)), "{late:?}");
    assert_eq!(house.operator(id).await.name, "First");
    let gone = change(&house.ctx, &admin, 4711, None, named("x")).await;
    assert!(matches!(gone, Err(AppError::NotFound)), "{gone:?}");
}

#[tokio::test]
async fn a_change_is_noted_with_what_was_and_what_is() {
    let house = House::new().await;
    let admin = house.person(BuiltIn::Admin, "admin@example.org").await;
    let id = house.person(BuiltIn::Agent, "zoe@example.org").await.operator_id().unwrap();
    let profile =
        Profile { phone: Some("112".to_owned()), job_position: Some(BTreeMap::from([("en".into(), "Lead".into())])), ..named("Zoe") };
    change(&house.ctx, &admin, id, None, profile).await.unwrap();
    let filter = AuditFilter { action: Some("operator.changed".to_owned()), ..AuditFilter::default() };
    let entry = crate::store::audit::page(house.ctx.store.read(), &filter, 0, 1).await.unwrap().remove(0);
    let json = |text: Option<String>| serde_json::from_str::<serde_json::Value>(&text.unwrap()).unwrap();
    assert_eq!(json(entry.before), serde_json::json!({"name": "Test Person", "job_position": {}, "phone": null}));
    assert_eq!(json(entry.after), serde_json::json!({"name": "Zoe", "job_position": {"en": "Lead"}, "phone": "112"}));
    assert_eq!((entry.object_name.as_str(), entry.actor_id), ("Zoe", admin.operator_id()));
}

#[tokio::test]
async fn another_role_ends_the_sessions_at_once() {
    let house = House::new().await;
    let admin = house.person(BuiltIn::Admin, "admin@example.org").await;
    let id = house.person(BuiltIn::Agent, "zoe@example.org").await.operator_id().unwrap();
    house.signed_in(id).await;
    change(&house.ctx, &admin, id, None, named("Zoe")).await.unwrap();
    assert!(house.is_signed_in(id).await, "another name does not");
    change(&house.ctx, &admin, id, None, role("supervisor")).await.unwrap();
    assert!(!house.is_signed_in(id).await);
    assert_eq!(house.operator(id).await.role_slug, "supervisor");
}

#[tokio::test]
async fn another_address_needs_a_fresh_password_voids_links_and_tells_the_old_one() {
    let house = House::new().await;
    let owner = house.person(BuiltIn::Owner, "owner@example.org").await;
    let own = owner.operator_id().unwrap();
    let to = |email: &str| Profile { email: Some(email.to_owned()), ..Profile::default() };
    house.clock.advance(Duration::from_secs(301));
    let late = change(&house.ctx, &owner, own, None, to("new@example.org")).await;
    assert!(matches!(late, Err(AppError::Unconfirmed)), "{late:?}");
    let fresh = house.acting(own, BuiltIn::Owner);
    change(&house.ctx, &fresh, own, None, to("new@example.org")).await.unwrap();
    assert_eq!(house.mails().await, [("email_changed".to_owned(), "owner@example.org".to_owned())]);
    let (db, filter) = (house.ctx.store.read(), operators::Filter { q: "new".into(), ..Default::default() });
    let search = operators::Search::of(db, &filter).await.unwrap();
    let found = operators::page(db, &filter, &search, start(), 0, 9).await;
    assert_eq!(found.unwrap().len(), 1, "the search knows the new address");

    let invitee = create(&house.ctx, right(&fresh), invited("Zoe", "wrong@example.org", BuiltIn::Agent)).await.unwrap();
    change(&house.ctx, &fresh, invitee, None, to("right@example.org")).await.unwrap();
    assert_eq!(house.operator(invitee).await.state(house.ctx.now()), OperatorState::Expired);
    let told: Vec<String> = house.mails().await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(told, ["email_changed", "invitation"], "a stranger's address is told nothing");
}

#[tokio::test]
async fn suspending_ends_sessions_and_invitations_and_can_be_undone() {
    let house = House::new().await;
    let admin = house.person(BuiltIn::Admin, "admin@example.org").await;
    let id = house.person(BuiltIn::Agent, "zoe@example.org").await.operator_id().unwrap();
    house.signed_in(id).await;
    suspend(&house.ctx, right(&admin), id).await.unwrap();
    suspend(&house.ctx, right(&admin), id).await.unwrap();
    assert!(!house.is_signed_in(id).await);
    assert_eq!(house.operator(id).await.state(house.ctx.now()), OperatorState::Suspended);
    reactivate(&house.ctx, right(&admin), id).await.unwrap();
    assert_eq!(house.operator(id).await.state(house.ctx.now()), OperatorState::Active);
    assert_eq!(house.noted(id).await, ["operator.reactivated", "operator.suspended", "operator.created"]);
    let invitee = create(&house.ctx, right(&admin), invited("Max", "max@example.org", BuiltIn::Agent)).await.unwrap();
    suspend(&house.ctx, right(&admin), invitee).await.unwrap();
    assert_eq!(house.operator(invitee).await.invitation_expires_at, None);
}

#[tokio::test]
async fn nobody_suspends_or_deletes_themselves() {
    let house = House::new().await;
    let owner = house.person(BuiltIn::Owner, "owner@example.org").await;
    let own = owner.operator_id().unwrap();
    for result in [suspend(&house.ctx, right(&owner), own).await, delete(&house.ctx, right(&owner), own, None, None).await] {
        assert!(matches!(result, Err(AppError::Conflict("oneself"))), "{result:?}");
    }
}

#[tokio::test]
async fn the_last_active_owner_stays_one() {
    let house = House::new().await;
    let owner = house.person(BuiltIn::Owner, "owner@example.org").await;
    let own = owner.operator_id().unwrap();
    create(&house.ctx, right(&owner), invited("Invited owner", "second@example.org", BuiltIn::Owner)).await.unwrap();
    let console = Actor::console();
    for result in [
        change(&house.ctx, &owner, own, None, role("admin")).await,
        suspend(&house.ctx, right(&console), own).await,
        delete(&house.ctx, right(&console), own, None, None).await,
    ] {
        assert!(matches!(result, Err(AppError::Conflict("last-owner"))), "{result:?}");
    }
    assert!(lowers_oneself(&house.ctx, &owner, own, "admin").await.unwrap());
    assert!(!lowers_oneself(&house.ctx, &owner, own, "owner").await.unwrap());
    house.person(BuiltIn::Owner, "third@example.org").await;
    change(&house.ctx, &owner, own, None, role("admin")).await.unwrap();
    assert_eq!(house.operator(own).await.role_slug, "admin");
}

#[tokio::test]
async fn of_two_owners_who_remove_each_other_at_once_one_stays() {
    for _ in 0..5 {
        let house = House::new().await;
        let one = house.person(BuiltIn::Owner, "one@example.org").await;
        let two = house.person(BuiltIn::Owner, "two@example.org").await;
        let (first, second) = tokio::join!(
            suspend(&house.ctx, right(&one), two.operator_id().unwrap()),
            delete(&house.ctx, right(&two), one.operator_id().unwrap(), None, None),
        );
        assert_eq!([first.is_ok(), second.is_ok()].iter().filter(|done| **done).count(), 1, "{first:?} {second:?}");
        let left = house.ctx.store.write(async |tx: &Tx| operators::active_owners(tx).await).await.unwrap();
        assert_eq!(left.len(), 1);
    }
}

#[tokio::test]
async fn a_deleted_operator_may_be_restored_for_thirty_days_unless_the_address_is_taken() {
    let house = House::new().await;
    let admin = house.person(BuiltIn::Admin, "admin@example.org").await;
    let id = house.person(BuiltIn::Agent, "zoe@example.org").await.operator_id().unwrap();
    delete(&house.ctx, right(&admin), id, None, None).await.unwrap();
    assert_eq!(operators::find(house.ctx.store.read(), id).await.unwrap(), None);
    restore(&house.ctx, right(&admin), id).await.unwrap();
    assert_eq!(house.operator(id).await.state(house.ctx.now()), OperatorState::Active);
    assert_eq!(house.noted(id).await, ["operator.restored", "operator.deleted", "operator.created"]);

    delete(&house.ctx, right(&admin), id, None, None).await.unwrap();
    let other = create(&house.ctx, right(&admin), invited("Other Zoe", "zoe@example.org", BuiltIn::Agent)).await.unwrap();
    let taken = restore(&house.ctx, right(&admin), id).await;
    assert!(matches!(taken, Err(AppError::Conflict("email-taken"))), "{taken:?}");
    delete(&house.ctx, right(&admin), other, None, None).await.unwrap();
    house.clock.advance(Duration::from_secs(30 * 86_400));
    let late = restore(&house.ctx, right(&admin), id).await;
    assert!(matches!(late, Err(AppError::NotFound)), "{late:?}");
}

#[tokio::test]
async fn a_photo_takes_the_place_of_a_preset_and_the_other_way_round() {
    let house = House::new().await;
    let agent = house.person(BuiltIn::Agent, "agent@example.org").await;
    let own = agent.operator_id().unwrap();
    let choose = |preset: &str| Profile { preset: Some(preset.to_owned()), ..Profile::default() };
    change(&house.ctx, &agent, own, None, choose("owl")).await.unwrap();
    let photo = Photo { large: vec![1, 2, 3], small: vec![4], mime: "image/jpeg" };
    set_photo(&house.ctx, &agent, own, Some(photo.clone())).await.unwrap();
    let operator = house.operator(own).await;
    let first = operator.photo_id.unwrap();
    assert_eq!(operator.preset, None);
    let kept = photos::find(house.ctx.store.read(), &first, Size::Small).await.unwrap();
    assert_eq!(kept, Some(("image/jpeg".to_owned(), vec![4])));
    set_photo(&house.ctx, &agent, own, Some(photo)).await.unwrap();
    assert_eq!(photos::find(house.ctx.store.read(), &first, Size::Large).await.unwrap(), None, "the former one is gone");
    change(&house.ctx, &agent, own, None, choose("fox")).await.unwrap();
    let operator = house.operator(own).await;
    assert_eq!((operator.photo_id, operator.preset.as_deref()), (None, Some("fox")));
    set_photo(&house.ctx, &agent, own, None).await.unwrap();
    let other = house.person(BuiltIn::Agent, "other@example.org").await;
    assert!(is_refused(set_photo(&house.ctx, &other, own, None).await, "operators.manage"));
}

#[test]
fn every_preset_is_a_picture_that_is_shipped() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("static/presets");
    let files = std::fs::read_dir(folder).unwrap().filter_map(|file| file.unwrap().file_name().into_string().ok());
    let mut shipped: Vec<String> = files.filter_map(|name| Some(name.strip_suffix(".svg")?.to_owned())).collect();
    shipped.sort();
    assert_eq!(shipped, PRESETS);
}
