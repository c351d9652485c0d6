//! Categories of closed queries: the managed list, by pages and by calls (QU-6).

use serde_json::{Value, json};

use crate::support::TestApp;

#[actix_web::test]
async fn categories_are_added_ordered_renamed_and_deleted_on_pages() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let page = owner.open("/categories").await;
    assert!(page.main().contains("No categories yet"), "{}", page.main());
    for name in ["Delivery", "Payment"] {
        let page = owner.open("/categories/new").await.fill("Name", name).fill("French", &format!("{name} FR"));
        page.submit("Add category").await.expect(200);
    }
    let page = owner.post("/categories", &[("name", "DELIVERY")]).await.expect(422);
    assert!(page.faults().concat().contains("name already"), "{:?}", page.faults());
    let page = owner.open("/categories").await.submit("Move Payment up").await.expect(200);
    let names = page.select("tbody tr .od-row-link");
    assert_eq!(names, ["Payment", "Delivery"]);
    let page = owner.open("/categories").await.follow("Edit Delivery").await;
    assert_eq!(page.value("French"), "Delivery FR");
    let there = page.path().to_owned();
    page.fill("Name", "Parcels").submit("Save changes").await.expect(200);
    let stale = owner.post(&there, &[("name", "Old"), ("version", "1")]).await.expect(409);
    assert!(stale.main().contains("Parcels") && stale.main().contains("Old"), "{}", stale.main());
    let page = owner.open(&format!("{there}/deletion")).await;
    assert!(page.main().contains("No query was classified"), "{}", page.main());
    page.submit("Delete category").await.expect(200);
    owner.open(&there).await.expect(404);
    app.operator("supervisor").await.open("/categories").await.expect(200);
    app.operator("agent").await.open("/categories").await.expect(403);
}

#[tokio::test]
async fn categories_are_written_and_read_by_calls() {
    let app = TestApp::spawn().await;
    let api = app.api_key(&["queries:write"]).await;
    let made = api.post("/categories", &json!({"name": "Delivery", "name_texts": {"fr": "Livraison"}})).await;
    assert!(made.header("location").starts_with("/api/v1/categories/"));
    let made = made.expect(201);
    assert_eq!((&made["name_texts"], &made["position"]), (&json!({"fr": "Livraison"}), &json!(1)));
    let other = api.post("/categories", &json!({"name": "Payment"})).await.expect(201);
    let there = format!("/categories/{}", other["id"]);
    assert_eq!(api.patch(&there, &json!({"position": 1})).await.expect(200)["position"], 1);
    assert_eq!(api.patch(&there, &json!({"name": "delivery"})).await.errors(), [("name".to_owned(), "taken".to_owned())]);
    let unknown = api.patch(&there, &json!({"name_texts": {"de": "Zahlung"}})).await;
    assert_eq!(unknown.errors(), [("name_texts.de".to_owned(), "unknown_choice".to_owned())]);
    let names: Vec<Value> =
        api.get("/categories").await.expect(200)["items"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["Delivery", "Payment"]);
    assert_eq!(api.delete(&there).await.status, 204);
    assert_eq!(api.get(&there).await.status, 404);
    assert_eq!(app.api_key(&["queries:read"]).await.delete("/categories/1").await.status, 403);
}
