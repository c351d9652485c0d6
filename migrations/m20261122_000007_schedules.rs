//! Office hours: schedules, shared or of one operator, and the exceptions of all three levels (HR-1, HR-3).

// A week is written and read as a whole and never searched, so it is one text. A schedule is shared by name, or an operator's own.
// An exception belongs to a schedule, to an operator, or to neither: then to the organisation.
pub const SCRIPT: &str = r"
CREATE TABLE schedules (
    id {id},
    name TEXT NOT NULL,
    name_key {key} UNIQUE,
    operator_id BIGINT UNIQUE REFERENCES operators (id) ON DELETE CASCADE,
    time_zone TEXT NOT NULL,
    weekly TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    CHECK ((operator_id IS NULL) = (name_key IS NOT NULL))
);

CREATE TABLE schedule_exceptions (
    id {id},
    schedule_id BIGINT REFERENCES schedules (id) ON DELETE CASCADE,
    operator_id BIGINT REFERENCES operators (id) ON DELETE CASCADE,
    first_day {key} NOT NULL,
    last_day {key} NOT NULL,
    name TEXT NOT NULL,
    intervals TEXT NOT NULL,
    CHECK (schedule_id IS NULL OR operator_id IS NULL),
    CHECK (first_day <= last_day)
);
CREATE INDEX schedule_exceptions_schedule ON schedule_exceptions (schedule_id);
CREATE INDEX schedule_exceptions_operator ON schedule_exceptions (operator_id);

ALTER TABLE operators ADD COLUMN schedule_id BIGINT REFERENCES schedules (id);
CREATE INDEX operators_schedule ON operators (schedule_id) WHERE schedule_id IS NOT NULL;
CREATE INDEX departments_schedule ON departments (schedule_id) WHERE schedule_id IS NOT NULL;
";
