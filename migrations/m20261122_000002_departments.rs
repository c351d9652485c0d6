//! Departments with their channels, and who works in them (DE-1 to DE-7).

pub const SCRIPT: &str = r"
ALTER TABLE organisation ADD COLUMN channels TEXT NOT NULL DEFAULT 'ticket,chat,call';
ALTER TABLE organisation ADD COLUMN max_operators_per_department BIGINT NOT NULL DEFAULT 25
    CHECK (max_operators_per_department BETWEEN 1 AND 1000);

ALTER TABLE operators ADD COLUMN signature TEXT;
ALTER TABLE operators ADD COLUMN signature_html TEXT;

CREATE TABLE departments (
    id {id},
    slug {key} NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key {key} NOT NULL UNIQUE,
    description TEXT,
    email TEXT,
    phone TEXT,
    schedule_id BIGINT,
    max_operators BIGINT CHECK (max_operators BETWEEN 1 AND 1000),
    minimum_cover BIGINT NOT NULL CHECK (minimum_cover BETWEEN 0 AND 1000),
    language_policy TEXT NOT NULL CHECK (language_policy IN ('strict', 'prefer', 'ignore')),
    prefer_seconds BIGINT NOT NULL CHECK (prefer_seconds BETWEEN 1 AND 86400),
    fallback_id BIGINT REFERENCES departments (id) CHECK (fallback_id <> id),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX departments_fallback ON departments (fallback_id) WHERE fallback_id IS NOT NULL;

CREATE TABLE department_names (
    department_id BIGINT NOT NULL REFERENCES departments (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (department_id, tag)
);

CREATE TABLE department_channels (
    department_id BIGINT NOT NULL REFERENCES departments (id) ON DELETE CASCADE,
    channel TEXT NOT NULL CHECK (channel IN ('ticket', 'chat', 'call')),
    in_use BOOLEAN NOT NULL,
    routing TEXT NOT NULL CHECK (routing IN ('ring_all', 'max_utilization', 'average_utilization', 'round_robin', 'longest_idle')),
    offer_seconds BIGINT NOT NULL CHECK (offer_seconds BETWEEN 0 AND 3600),
    PRIMARY KEY (department_id, channel)
);

CREATE TABLE members (
    department_id BIGINT NOT NULL REFERENCES departments (id) ON DELETE CASCADE,
    operator_id BIGINT NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    ticket_allowed BOOLEAN NOT NULL,
    ticket_active BOOLEAN NOT NULL,
    chat_allowed BOOLEAN NOT NULL,
    chat_active BOOLEAN NOT NULL,
    call_allowed BOOLEAN NOT NULL,
    call_active BOOLEAN NOT NULL,
    signature TEXT,
    PRIMARY KEY (department_id, operator_id),
    CHECK (ticket_allowed OR NOT ticket_active),
    CHECK (chat_allowed OR NOT chat_active),
    CHECK (call_allowed OR NOT call_active)
);
CREATE INDEX members_operator ON members (operator_id, department_id);
";
