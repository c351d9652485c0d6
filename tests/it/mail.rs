//! The Mail page from outside: what it shows, and to whom it shows a live link.

use onduty::store::outbox::{self, NewMail};

use crate::support::TestApp;

/// Queues a mail about an operator and returns its address.
async fn queue(app: &TestApp, id: &str, operator_id: i64, has_token: bool) -> String {
    let mail = NewMail {
        reply: None,
        id: id.to_owned(),
        kind: if has_token { "invitation" } else { "password_changed" },
        dedup_key: id.to_owned(),
        operator_id: Some(operator_id),
        token_id: None,
        to_address: "ana@example.org".into(),
        to_name: "Ana Ruiz".into(),
        subject: format!("Subject {id}"),
        text_body: "Choose a password:\nhttps://onduty.example/invitation/secret".into(),
        html_body: String::new(),
        language: "en".into(),
        has_token,
        message_id: format!("{id}@example.org"),
    };
    app.ctx.store.write(async |tx| outbox::enqueue(tx, mail.clone(), app.now()).await).await.unwrap();
    format!("/mail/{id}")
}

#[actix_web::test]
async fn a_live_link_is_shown_to_who_may_invite_the_operator_and_to_nobody_else() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let agent = app.new_operator("Ana Ruiz", "ana@example.org", "agent").await;
    let of_agent = queue(&app, "a1", agent, true).await;
    let of_owner = queue(&app, "a2", owner.me(), true).await;
    let admin = app.operator("admin").await;
    owner
        .open("/roles/new")
        .await
        .fill("Name", "Post")
        .submit("Add role")
        .await
        .check("View: Sent mail")
        .submit("Save changes")
        .await
        .expect(200);
    let post = app.operator("post").await;
    for (reader, there, may) in
        [(&owner, &of_agent, true), (&admin, &of_agent, true), (&admin, &of_owner, false), (&post, &of_agent, false)]
    {
        let page = reader.open(there).await.expect(200);
        assert_eq!(page.body.contains("invitation/secret"), may, "{there}: {}", page.main());
    }
    let plain = queue(&app, "a3", owner.me(), false).await;
    assert!(post.open(&plain).await.body.contains("invitation/secret"));
}

#[actix_web::test]
async fn mails_are_filtered_by_state_and_kind() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    queue(&app, "b1", owner.me(), true).await;
    queue(&app, "b2", owner.me(), false).await;
    assert_eq!(owner.open("/mail").await.select("tbody tr").len(), 2);
    assert_eq!(owner.open("/mail?kind=invitation&state=queued").await.select("tbody tr").len(), 1);
    assert!(owner.open("/mail?state=sent").await.select("tbody tr").is_empty());
    assert_eq!(owner.open(&format!("/mail?operator={}", owner.me())).await.select("tbody tr").len(), 2);
}

#[actix_web::test]
async fn a_waiting_mail_is_called_back_and_sent_after_all() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let there = queue(&app, "c1", owner.me(), false).await;
    let page = owner.open(&there).await.submit("Cancel sending").await.expect(200);
    assert!(page.main().contains("Cancelled") && page.main().contains("Somebody cancelled it"), "{}", page.main());
    owner.post(&format!("{there}/cancellation"), &[]).await.expect(409);
    page.submit("Send now").await.expect(200);
    app.deliver().await;
    assert_eq!(app.mailbox.only("ana@example.org").subject, "Subject c1");
    let page = owner.open(&there).await;
    assert_eq!(page.select(".od-head .od-badge"), ["Sent"]);
    owner.post(&format!("{there}/retry"), &[]).await.expect(409);
}
