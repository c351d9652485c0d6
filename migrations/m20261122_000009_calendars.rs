//! Holiday calendars from files, of the organisation or of a schedule, and the days they close (HR-3).

// An entry is known by its event and the day for which the file plans it, so that one that was switched off stays off when the file is
// read again. A calendar without a schedule is the organisation's.
pub const SCRIPT: &str = r"
CREATE TABLE calendars (
    id {id},
    schedule_id BIGINT REFERENCES schedules (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    imported_at BIGINT NOT NULL,
    imported_by TEXT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX calendars_schedule ON calendars (schedule_id);

CREATE TABLE calendar_entries (
    id {id},
    calendar_id BIGINT NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
    uid {key} NOT NULL,
    planned_day {key} NOT NULL,
    name TEXT NOT NULL,
    first_day {key} NOT NULL,
    last_day {key} NOT NULL,
    enabled BOOLEAN NOT NULL,
    UNIQUE (calendar_id, uid, planned_day),
    CHECK (first_day <= last_day)
);
";
