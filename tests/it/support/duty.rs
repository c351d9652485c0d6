//! Operators who are on duty, as most tests about receiving need them.

use serde_json::json;

use super::{Api, TestApp};

/// An operator who is active, online, needs no panel and works in a department. The key needs `operators:write`,
/// `departments:write` and `statuses:read`.
pub async fn on_duty(app: &TestApp, api: &Api, name: &str, department: &str) -> i64 {
    let id = app.new_operator(name, &format!("{}@example.com", name.to_lowercase()), "agent").await;
    api.patch(&format!("/operators/{id}"), &json!({"presence_required": false})).await.expect(200);
    put_on(api, id, "Online").await;
    api.put(&format!("/departments/{department}/members/{id}"), &json!({})).await.expect(200);
    id
}

/// Switches an operator's status by its name.
pub async fn put_on(api: &Api, id: i64, status: &str) {
    let all = api.get("/statuses").await.expect(200);
    let status = all["items"].as_array().unwrap().iter().find(|one| one["name"] == status).unwrap()["id"].clone();
    api.put(&format!("/operators/{id}/status"), &json!({"status_id": status})).await.expect(200);
}
