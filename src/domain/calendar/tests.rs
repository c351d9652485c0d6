use chrono::NaiveDate;
use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn window() -> Window {
    Window::around(day("2026-06-15"))
}

/// A calendar of these lines, each event between `+` and the next.
fn file(lines: &[&str]) -> String {
    let mut text = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
    let mut is_open = false;
    for line in lines {
        if *line == "+" {
            text += if is_open { "END:VEVENT\r\nBEGIN:VEVENT\r\n" } else { "BEGIN:VEVENT\r\n" };
            is_open = true;
        } else {
            text += &format!("{line}\r\n");
        }
    }
    text + if is_open { "END:VEVENT\r\nEND:VCALENDAR\r\n" } else { "END:VCALENDAR\r\n" }
}

fn taken(lines: &[&str], zone: Tz) -> Result<Vec<String>, Fault> {
    let found = read(file(lines).as_bytes(), zone, window(), "Closed")?;
    Ok(found.entries.iter().map(|entry| format!("{} {}..{}", entry.name, entry.from, entry.to)).collect())
}

fn closed(lines: &[&str]) -> Vec<String> {
    taken(lines, Tz::Europe__Madrid).unwrap()
}

fn refused(lines: &[&str]) -> &'static str {
    taken(lines, Tz::Europe__Madrid).unwrap_err().code
}

#[test]
fn days_of_events_are_closed_to_the_last_that_they_touch() {
    for (lines, expected) in [
        (&["DTSTART;VALUE=DATE:20261225"][..], "2026-12-25..2026-12-25"),
        (&["DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227"], "2026-12-24..2026-12-26"),
        (&["DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261224"], "2026-12-24..2026-12-24"),
        (&["DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261220"], "2026-12-24..2026-12-24"),
        (&["DTSTART;VALUE=DATE:20261224", "DURATION:P2D"], "2026-12-24..2026-12-25"),
        (&["DTSTART;VALUE=DATE:20261224", "DURATION:P1W"], "2026-12-24..2026-12-30"),
        // The days on which the clocks change are days like others.
        (&["DTSTART;VALUE=DATE:20260329", "DTEND;VALUE=DATE:20260330"], "2026-03-29..2026-03-29"),
        (&["DTSTART;VALUE=DATE:20261025", "DTEND;VALUE=DATE:20261026"], "2026-10-25..2026-10-25"),
        (&["DTSTART;TZID=Europe/Madrid:20261225T090000", "DTEND;TZID=Europe/Madrid:20261225T170000"], "2026-12-25..2026-12-25"),
        (&["DTSTART:20261225T230000Z", "DTEND:20261226T230000Z"], "2026-12-26..2026-12-26"),
        (&["DTSTART:20261225T220000Z", "DTEND:20261225T230001Z"], "2026-12-25..2026-12-26"),
        (&["DTSTART;TZID=America/New_York:20261225T180000", "DURATION:PT4H"], "2026-12-26..2026-12-26"),
        (&["DTSTART;TZID=/example.org/20050809/Europe/Madrid:20261225T000000", "DURATION:P1D"], "2026-12-25..2026-12-25"),
        (&["DTSTART;TZID=Nowhere:20261225T000000", "DURATION:P1DT12H"], "2026-12-25..2026-12-26"),
        (&["DTSTART:20261225T120000"], "2026-12-25..2026-12-25"),
        // In the gap of the spring night, and without an end of years.
        (&["DTSTART;TZID=Europe/Madrid:20260329T023000", "DURATION:PT1H"], "2026-03-29..2026-03-29"),
        (&["DTSTART;VALUE=DATE:20290601", "DTEND;VALUE=DATE:99991231"], "2029-06-01..2029-06-17"),
    ] {
        let lines = [&["+", "UID:1", "SUMMARY:Feast"][..], lines].concat();
        assert_eq!(closed(&lines), [format!("Feast {expected}")], "{lines:?}");
    }
}

#[test]
fn what_repeats_is_counted_out_within_the_window() {
    let yearly = closed(&["+", "SUMMARY:Christmas", "DTSTART;VALUE=DATE:19991225", "RRULE:FREQ=YEARLY"]);
    assert_eq!(yearly, ["2025", "2026", "2027", "2028"].map(|year| format!("Christmas {year}-12-25..{year}-12-25")));
    let thanksgiving = closed(&["+", "SUMMARY:T", "DTSTART;VALUE=DATE:20231123", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"]);
    assert_eq!(thanksgiving, ["2025-11-27", "2026-11-26", "2027-11-25", "2028-11-23"].map(|day| format!("T {day}..{day}")));
    let last = closed(&["+", "SUMMARY:L", "DTSTART;VALUE=DATE:20260130", "RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=3"]);
    assert_eq!(last, ["2026-01-30", "2026-02-27", "2026-03-27"].map(|day| format!("L {day}..{day}")));
    for (until, days) in [("20260703", 3), ("20260702T220000Z", 3), ("20260702T210000Z", 2), ("20250101", 1)] {
        let rule = format!("RRULE:FREQ=DAILY;UNTIL={until}");
        let found = closed(&["+", "SUMMARY:U", "DTSTART;TZID=Europe/Madrid:20260701T000000", "DURATION:P1D", &rule]);
        assert_eq!(found.len(), days, "{until}");
    }
    let leap = closed(&["+", "SUMMARY:Leap", "DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY"]);
    assert_eq!(leap, ["Leap 2028-02-29..2028-02-29"]);
    // Evenings of New York are early mornings of Madrid, but not while only one of them has changed its clocks.
    let nights =
        closed(&["+", "SUMMARY:N", "DTSTART;TZID=America/New_York:20260307T180000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3;BYHOUR=18"]);
    assert_eq!(nights, ["N 2026-03-08..2026-03-08", "N 2026-03-09..2026-03-09"], "at 0:00 and 23:00 of the 8th, at 23:00 of the 9th");
}

#[test]
fn exceptions_moves_and_cancellations_are_kept_to() {
    let lines = [
        "+",
        "UID:1",
        "SUMMARY:Fair",
        "DTSTART;VALUE=DATE:20260701",
        "RRULE:FREQ=WEEKLY;COUNT=5",
        "EXDATE;VALUE=DATE:20260708,20260722",
        "RDATE;VALUE=DATE:20260731",
        "+",
        "UID:1",
        "SUMMARY:Fair, moved",
        "RECURRENCE-ID;VALUE=DATE:20260715",
        "DTSTART;VALUE=DATE:20260716",
        "+",
        "UID:1",
        "RECURRENCE-ID;VALUE=DATE:20260729",
        "STATUS:CANCELLED",
        "DTSTART;VALUE=DATE:20260729",
        "+",
        "UID:2",
        "SUMMARY:Off",
        "STATUS:cancelled",
        "DTSTART;VALUE=DATE:20260801",
    ];
    assert_eq!(closed(&lines), ["Fair 2026-07-01..2026-07-01", "Fair, moved 2026-07-16..2026-07-16", "Fair 2026-07-31..2026-07-31"]);
    let read = read(file(&lines).as_bytes(), Tz::UTC, window(), "").unwrap();
    assert_eq!(read.entries[1].planned, day("2026-07-15"), "what moved is known by the day it was planned for");
    let timed = closed(&[
        "+",
        "UID:1",
        "SUMMARY:M",
        "DTSTART;TZID=Europe/Madrid:20260701T090000",
        "RRULE:FREQ=DAILY;COUNT=4",
        "EXDATE:20260702T070000Z",
        "EXDATE;VALUE=DATE:20260703",
    ]);
    assert_eq!(timed, ["M 2026-07-01..2026-07-01", "M 2026-07-04..2026-07-04"]);
}

#[test]
fn what_never_ends_or_repeats_by_the_second_is_refused_at_once() {
    let rule = |start: &str, rule: &str| {
        let (start, rule) = (format!("DTSTART;VALUE=DATE:{start}"), format!("RRULE:{rule}"));
        refused(&["+", "SUMMARY:X", &start, &rule])
    };
    assert_eq!(rule("20260101", "FREQ=SECONDLY"), "calendar_often");
    assert_eq!(rule("20260101", "FREQ=HOURLY;INTERVAL=24"), "calendar_often");
    assert_eq!(rule("20260101", "FREQ=DAILY"), "calendar_entries");
    assert_eq!(rule("00010101", "FREQ=DAILY"), "calendar_endless");
    for broken in ["", "FREQ=SOMETIMES", "FREQ=DAILY;INTERVAL=0", "FREQ=YEARLY;BYMONTHDAY=-32768", "FREQ=YEARLY;BYDAY=é", "FREQ"] {
        assert_eq!(rule("20260101", broken), "calendar_rule", "{broken}");
    }
    // The 30th of February never comes; many of them cost no more than a few.
    let mut lines = Vec::new();
    for _ in 0..200 {
        lines.extend(["+", "DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"]);
    }
    assert_eq!(refused(&lines), "calendar_endless");
}

#[test]
fn names_are_one_clean_line_and_long_ones_are_cut() {
    let long = format!("SUMMARY:{}", "é".repeat(200));
    for (summary, expected) in [
        ("ATTENDEE;CN=\"odd;:x;ROLE\u{1}=:mailto\r\nSUMMARY:Saint-Jean\\, fête\\nnationale", "Saint-Jean, fête nationale".to_owned()),
        ("SUMMARY;LANGUAGE=es:Año Nuevo", "Año Nuevo".to_owned()),
        ("SUMMARY:a\u{202E}b\tc", "ab c".to_owned()),
        ("SUMMARY: ", "Closed".to_owned()),
        (&long, "é".repeat(80)),
    ] {
        assert_eq!(closed(&["+", summary, "DTSTART:20260701"]), [format!("{expected} 2026-07-01..2026-07-01")]);
    }
}

#[test]
fn lines_are_put_together_however_they_are_folded_and_ended() {
    let text = "\u{FEFF}BEGIN:VCALENDAR\nX-WR-CALNAME:Fe\n asts\n\nBEGIN:VTIMEZONE\nBEGIN:STANDARD\nDTSTART:19700101T000000\nEND:STANDARD\nEND:VTIMEZONE\n\
        BEGIN:VEVENT\nDTST\n\tART:2026\r\n 0701\nSUMMARY:Ete\nBEGIN:VALARM\nTRIGGER:-PT15M\nEND:VALARM\nend:vevent\nEND:VCALENDAR";
    let found = read(text.as_bytes(), Tz::UTC, window(), "").unwrap();
    assert_eq!((found.name.as_deref(), found.entries.len()), (Some("Feasts"), 1));
    // A letter of two bytes that is folded in its middle.
    let mut bytes = file(&["+", "SUMMARY:FXte", "DTSTART:20260701"]).into_bytes();
    let at = bytes.iter().position(|byte| *byte == b'X').unwrap();
    bytes.splice(at..=at, [0xC3, b'\r', b'\n', b' ', 0xAA]);
    assert_eq!(read(&bytes, Tz::UTC, window(), "").unwrap().entries[0].name, "Fête");
}

#[test]
fn what_is_no_calendar_or_a_broken_one_is_told_apart() {
    let fault = |bytes: &[u8]| read(bytes, Tz::UTC, window(), "").unwrap_err();
    for nothing in [&b""[..], b"name,email\nAna,ana@example.org\n", b"<html>: no</html>", b"BEGIN:VCARD\nEND:VCARD\n", b"\x89PNG"] {
        let code = fault(nothing).code;
        assert!(["calendar_unknown", "calendar_encoding"].contains(&code), "{code}");
    }
    let latin = file(&["+", "SUMMARY:Navidad", "DTSTART:20261225"]).replace("Navidad", "D\u{0}as").replace('\u{0}', "\u{1}").into_bytes();
    let latin: Vec<u8> = latin.into_iter().map(|byte| if byte == 1 { 0xED } else { byte }).collect();
    assert_eq!(fault(&latin).code, "calendar_encoding");
    let utf16: Vec<u8> = file(&[]).encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(fault(&utf16).code, "calendar_unknown");
    assert_eq!(fault(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260701\n").code, "calendar_unfinished");
    assert_eq!(fault(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n"), Fault::with("calendar_line", "line", 3));
    assert_eq!(fault(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART 20260701\r\n"), Fault::with("calendar_line", "line", 3));
    assert_eq!(fault("BEGIN:VCALENDAR\n".repeat(100_000).as_bytes()).code, "calendar_line");
    for start in
        ["DTSTART:20261301", "DTSTART:tomorrow", "DTSTART:2026-07-01", "DTEND:20260701", "DTSTART:20260701T250000", "DTSTART:2026070é"]
    {
        assert_eq!(refused(&["+", start]), "calendar_date", "{start}");
    }
    assert_eq!(refused(&[]), "calendar_nothing");
    assert_eq!(refused(&["+", "DTSTART:20150101", "+", "DTSTART:20400101"]), "calendar_nothing");
    assert_eq!(refused(&["+"].repeat(MOST_EVENTS + 1)), "calendar_events");
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, Tz::UTC, window(), "");
        let event = [b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260701\n".to_vec(), bytes, b"\nEND:VEVENT\nEND:VCALENDAR".to_vec()].concat();
        let _ = read(&event, Tz::UTC, window(), "");
    }

    #[test]
    fn any_properties_are_read_without_harm_and_stay_in_the_window(
        start in "[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9])(T[0-2][0-9][0-5][0-9]00Z?)?",
        zone in "(;TZID=(Europe/Lisbon|Pacific/Apia|America/New_York|x))?",
        other in "(DTEND|DURATION|EXDATE|RDATE|RECURRENCE-ID|SUMMARY):[0-9TZPDWHM,]{0,16}",
        rule in "FREQ=(YEARLY|MONTHLY|WEEKLY|DAILY)(;COUNT=[1-9]{1,3})?(;INTERVAL=[1-9])?(;BYDAY=[+-]?[0-5]?(MO|SU)(,2TU)?)?\
            (;BYMONTHDAY=-?[0-9]{1,2})?(;BYMONTH=[0-9]{1,2})?(;BYSETPOS=-?[0-9]{1,3})?(;BYWEEKNO=-?[0-9]{1,2})?(;BYYEARDAY=-?[0-9]{1,3})?(;UNTIL=20[0-9]{2}0101)?",
    ) {
        let text = file(&["+", &format!("DTSTART{zone}:{start}"), &other, &format!("RRULE:{rule}")]);
        if let Ok(found) = read(text.as_bytes(), Tz::Europe__Madrid, window(), "x") {
            prop_assert!(found.entries.iter().all(|entry| window().from <= entry.from && entry.from <= entry.to && entry.to <= window().to));
        }
    }
}
