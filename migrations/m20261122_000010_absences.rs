//! Absences with their deputies and the texts of their automatic replies (AB-1 to AB-5).

// Whole days keep their dates, and the instants these mean in the operator's zone, which follow that zone; parts of days keep instants
// alone. Texts of an operator stand where an absence has none.
pub const SCRIPT: &str = r"
CREATE TABLE absences (
    id {id},
    operator_id BIGINT NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    starts_on {key},
    ends_on {key},
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('holiday', 'sick', 'leave', 'other')),
    auto_reply BOOLEAN NOT NULL,
    reply_frequency TEXT NOT NULL CHECK (reply_frequency IN ('every_query', 'daily', 'once')),
    deputy_id BIGINT REFERENCES operators (id) ON DELETE SET NULL CHECK (deputy_id <> operator_id),
    note TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    CHECK (starts_at < ends_at),
    CHECK ((starts_on IS NULL) = (ends_on IS NULL)),
    CHECK (starts_on <= ends_on)
);
CREATE INDEX absences_operator ON absences (operator_id, starts_at);
CREATE INDEX absences_ends ON absences (ends_at, operator_id);
CREATE INDEX absences_deputy ON absences (deputy_id, ends_at) WHERE deputy_id IS NOT NULL;

CREATE TABLE absence_texts (
    absence_id BIGINT NOT NULL REFERENCES absences (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (absence_id, tag)
);

CREATE TABLE operator_reply_texts (
    operator_id BIGINT NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (operator_id, tag)
);
";
