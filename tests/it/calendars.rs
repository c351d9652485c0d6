//! Holiday calendars from outside: imported after a look, switched off by the day, imported again, refused where they are no good (HR-3).

use chrono::{Days, NaiveDate};
use serde_json::json;

use crate::support::{Browser, Page, TestApp};

/// A calendar of all-day events: identity, day and name.
fn file(events: &[(&str, NaiveDate, &str)]) -> String {
    let mut text = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:Feast days\r\n");
    for (uid, day, name) in events {
        let day = day.format("%Y%m%d");
        text += &format!("BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART;VALUE=DATE:{day}\r\nSUMMARY:{name}\r\nEND:VEVENT\r\n");
    }
    text + "END:VCALENDAR\r\n"
}

async fn look(browser: &Browser, at: &str, bytes: &[u8]) -> Page {
    browser.open(at).await.attach("Calendar file (.ics)", "days.ics", "text/calendar", bytes).submit("Look at the days").await
}

#[actix_web::test]
async fn a_calendar_is_looked_at_imported_and_closes_its_days() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let today = app.now().date_naive();
    let page = owner.open("/schedules/new").await.fill("Name", "Office").submit("24/7").await;
    let office = page.submit("Add schedule").await.expect(200);
    let outlook = async || owner.open(office.path()).await.select(".od-outlook").concat();
    assert!(outlook().await.contains("Within"));

    let page =
        look(&owner, "/calendars/new", file(&[("a", today, "Fête, à <b>midi</b>"), ("b", today + Days::new(9), "Late")]).as_bytes()).await;
    let page = page.expect(200);
    assert_eq!(page.select("tbody tr").len(), 2, "{}", page.main());
    assert!(outlook().await.contains("Within"), "a look changes nothing");
    let page = page.submit("Import 2 entries").await.expect(200);
    assert_eq!((page.h1(), page.select(".od-switch").len()), ("Feast days".to_owned(), 2));
    assert!(outlook().await.contains("“Fête, à <b>midi</b>” of the organisation"), "{}", outlook().await);

    // An exception that somebody typed for the same day comes first, and the calendar is never mixed into its form.
    let holidays = owner.open("/schedules/holidays").await;
    assert_eq!(holidays.value("Name of exception 1"), "");
    assert!(holidays.select("#calendars .od-row-link").contains(&"Feast days".to_owned()));
    let holidays = holidays.fill("Name of exception 1", "Open after all").fill("First day of exception 1", &today.to_string());
    holidays.fill("Hours of exception 1", "00:00-24:00").submit("Save changes").await.expect(200);
    assert!(outlook().await.contains("“Open after all”"), "{}", outlook().await);
    let api = app.api_key(&["schedules:read", "schedules:write"]).await;
    let all = api.get("/holidays").await.expect(200);
    assert_eq!(all["exceptions"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        all["calendars"][0]["entries"][1],
        json!({"name": "Late", "from": today + Days::new(9), "to": today + Days::new(9), "enabled": true})
    );
    let changed = api.put("/holidays", &json!({"exceptions": []})).await.expect(200);
    assert_eq!((changed["exceptions"].clone(), changed["calendars"][0]["name"].clone()), (json!([]), json!("Feast days")));
    assert!(outlook().await.contains("of the organisation"), "the calendar decides again");
    let refused = api.put("/holidays", &json!({"exceptions": [{"name": "A", "from": "x", "to": "x"}]})).await;
    assert_eq!(refused.errors()[0], ("exceptions[0].from".to_owned(), "date".to_owned()));

    // Deletion asks first.
    let page = owner.open(page.path()).await.follow("Delete calendar").await;
    assert!(page.main().contains("2 entries close their days no longer"), "{}", page.main());
    let page = page.submit("Delete calendar").await.expect(200);
    assert_eq!(page.path(), "/schedules/holidays");
    assert!(outlook().await.contains("Within"));
    let log = owner.open("/audit?object=calendar").await;
    assert!(log.main().contains("Holiday calendar imported") && log.main().contains("Holiday calendar deleted"), "{}", log.main());
}

#[actix_web::test]
async fn what_is_switched_off_stays_off_when_the_file_comes_again() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let day = |days: u64| app.now().date_naive() + Days::new(days);
    let page = owner.open("/schedules/new").await.fill("Name", "Office").submit("Add schedule").await.expect(200);
    let there = page.path().to_owned();
    let first = file(&[("a", day(0), "First"), ("b", day(5), "Second"), ("c", day(7), "Third"), ("d", day(7), "On the same day")]);
    let page = look(&owner, &format!("/calendars/new?schedule_id={}", there.rsplit('/').next().unwrap()), first.as_bytes()).await;
    let page = page.submit("Import 4 entries").await.expect(200);
    let (calendar, switch) = (page.path().to_owned(), |page: &Page, name: &str| -> String {
        page.select(".od-switch span").into_iter().find(|text| text.ends_with(name)).expect("a switch")
    });
    let label = switch(&page, "Second");
    let stale = owner.open(&calendar).await;
    let page = page.uncheck(&label).submit("Save changes").await.expect(200);
    assert!(page.main().contains("1 entry is switched off"), "{}", page.main());
    let both = stale.fill("Name", "Other").submit("Save changes").await.expect(409);
    assert!(both.main().contains("Other"), "{}", both.main());

    let again = file(&[("b", day(6), "Second, moved"), ("b", day(5), "Second"), ("c", day(7), "Third"), ("e", day(8), "New")]);
    let page = look(&owner, &format!("{calendar}/import"), again.as_bytes()).await.expect(200);
    let told = page.main();
    for words in ["2 entries are new", "2 entries go", "1 entry stays switched off"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let page = page.submit("Import 4 entries").await.expect(200);
    let flash = page.flash();
    assert!(flash.contains("new: 2, gone: 2, still switched off: 1"), "{flash}");
    assert_eq!(page.attributes(".od-switch input[checked]", "value").len(), 3);
    let list = owner.open(&there).await;
    assert!(list.select("#calendars td").concat().contains("1 off"), "{}", list.main());
    assert_eq!(list.value("Name of exception 1"), "");
    // A schedule that goes takes its calendars along.
    owner.open(&there).await.follow("Delete schedule").await.submit("Delete schedule").await.expect(200);
    assert_eq!(owner.open(&calendar).await.status(), 404);
}

#[actix_web::test]
async fn what_is_no_good_is_refused_at_its_field_and_changes_nothing() {
    let app = TestApp::spawn().await;
    let owner = app.owner().await;
    let today = app.now().date_naive();
    let rule = |rule: &str| file(&[("a", today, "Odd")]).replace("SUMMARY", &format!("RRULE:{rule}\r\nSUMMARY")).into_bytes();
    let latin: Vec<u8> = file(&[("a", today, "D~a")]).bytes().map(|byte| if byte == b'~' { 0xED } else { byte }).collect();
    let large = [file(&[("a", today, "A")]).into_bytes(), vec![b'\n'; 600 * 1024]].concat();
    for (bytes, words) in [
        (b"name,email\n".to_vec(), "This is no calendar"),
        (latin, "not in UTF-8"),
        (large, "larger than 512 KiB"),
        (rule("FREQ=SECONDLY"), "“Odd” repeats more than once a day"),
        (rule("FREQ=DAILY"), "closes more than 1000 times"),
        (rule("FREQ=NEVER"), "recurrence of “Odd” cannot be read"),
        (file(&[("a", today, "A")]).replace("DTSTART;VALUE=DATE:2", "DTSTART:x").into_bytes(), "on line 6 cannot be read"),
        (file(&[("a", today - Days::new(4000), "A")]).into_bytes(), "closes no day"),
    ] {
        let page = look(&owner, "/calendars/new", &bytes).await.expect(422);
        assert!(page.fault_at("Calendar file (.ics)").contains(words), "{words}: {}", page.main());
    }
    let page = owner.open("/calendars/new").await.submit("Look at the days").await.expect(422);
    assert!(page.fault_at("Calendar file (.ics)").contains("Choose an .ics file"));
    let page = owner.open("/calendars/new").await.fill("Name", &"x".repeat(81));
    let bytes = file(&[("a", today, "A")]);
    let page = page.attach("Calendar file (.ics)", "a.ics", "text/calendar", bytes.as_bytes()).submit("Look at the days").await;
    assert!(!page.expect(422).fault_at("Name").is_empty());
    let huge = look(&owner, "/calendars/new", &vec![b'x'; 10 * 1024 * 1024]).await;
    assert!([413, 422].contains(&huge.status()) && !huge.h1().is_empty(), "{}", huge.status());
    assert!(owner.open("/schedules/holidays").await.main().contains("None was imported yet"));
    for there in ["/calendars/4711", "/calendars/4711/import", "/calendars/4711/deletion", "/calendars/new?schedule_id=4711"] {
        assert_eq!(owner.open(there).await.status(), 404, "{there}");
    }
    let agent = app.operator("agent").await;
    assert_eq!(agent.open("/calendars/new").await.status(), 403);
}
