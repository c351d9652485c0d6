//! Without a mail server every mail stays on this machine, and the Mail page is where it is read (MA-2).

use chrono::TimeDelta;
use onduty::mail::transport::{Folder, Transport};

use crate::support::{Browser, PASSWORD, Page, TestApp};

#[tokio::test]
async fn an_invitation_in_the_folder_is_read_in_the_mail_page_until_it_is_used() {
    let app = TestApp::spawn().await;
    let folder = tempfile::tempdir().expect("a folder");
    let through = || Transport::Folder(Folder::new(folder.path().to_owned()));
    let owner = app.owner().await;
    let new = owner.open("/operators/new").await.fill("Full name", "Ana Agent").fill("E-mail", "ana@example.org").pick("Role", "Agent");
    new.submit("Add operator").await.expect(200);
    assert!(app.tick_through(app.now(), through()).await.is_empty());
    let mail = only_mail(&owner).await;
    let link = mail.attributes("pre a", "href").into_iter().find(|link| link.contains("/invitation/")).expect("the link of the invitation");
    let link = link.strip_prefix(&app.url).expect("a link of this installation");
    let choose = app.browser().open(link).await.fill("New password", PASSWORD).fill("Password once more", PASSWORD);
    choose.submit("Set password").await.expect(200);
    assert!(app.tick_through(app.now() + TimeDelta::minutes(61), through()).await.is_empty());
    let swept = only_mail(&owner).await;
    assert!(!swept.body.contains("/invitation/"), "a used link is wiped");
    assert_eq!(swept.select("pre").len(), 0);
}

#[tokio::test]
async fn an_invitation_that_left_is_not_kept() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let new = owner.open("/operators/new").await.fill("Full name", "Ana Agent").fill("E-mail", "ana@example.org").pick("Role", "Agent");
    new.submit("Add operator").await.expect(200);
    app.tick(app.now()).await;
    assert!(app.mailbox.only("ana@example.org").link().starts_with("/invitation/"));
    assert!(!only_mail(&owner).await.body.contains("/invitation/"));
}

async fn only_mail(browser: &Browser) -> Page {
    let list = browser.open("/mail").await.expect(200);
    let links = list.links().into_iter().filter(|link| link.starts_with("/mail/")).collect::<Vec<_>>();
    assert_eq!(links.len(), 1, "{links:?}");
    browser.open(&links[0]).await.expect(200)
}
