//! Operators, roles, languages, sessions, one-time links, mail, audit, API keys and jobs.
//!
//! Instants are unix milliseconds in UTC in a BIGINT: one form that sorts and compares alike on both
//! engines. Sort and lookup keys are folded by the application, so no engine's collation matters.

pub const SCRIPT: &str = r"
CREATE TABLE versions (
    name TEXT NOT NULL PRIMARY KEY,
    n BIGINT NOT NULL
);
INSERT INTO versions (name, n) VALUES ('catalogue', 1), ('operators', 1);

CREATE TABLE organisation (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    organisation_name TEXT NOT NULL,
    default_language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    invitation_hours BIGINT NOT NULL CHECK (invitation_hours BETWEEN 1 AND 720),
    session_idle_minutes BIGINT NOT NULL CHECK (session_idle_minutes BETWEEN 5 AND 1440),
    session_hours BIGINT NOT NULL CHECK (session_hours BETWEEN 1 AND 72),
    password_min BIGINT NOT NULL CHECK (password_min BETWEEN 8 AND 64),
    version BIGINT NOT NULL
);
INSERT INTO organisation VALUES (1, 'Onduty', 'en', 'UTC', 168, 120, 12, 12, 1);

CREATE TABLE languages (
    tag TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    native_name TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    position BIGINT NOT NULL,
    version BIGINT NOT NULL
);
INSERT INTO languages (tag, name, native_name, enabled, position, version) VALUES
    ('en', 'English', 'English', TRUE, 1, 1),
    ('fr', 'French', 'français', TRUE, 2, 1),
    ('es', 'Spanish', 'español', TRUE, 3, 1);

CREATE TABLE roles (
    id {id},
    slug {key} NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key {key} NOT NULL UNIQUE,
    built_in BOOLEAN NOT NULL,
    version BIGINT NOT NULL
);
INSERT INTO roles (slug, name, name_key, built_in, version) VALUES
    ('owner', 'Owner', 'owner', TRUE, 1),
    ('admin', 'Admin', 'admin', TRUE, 1),
    ('supervisor', 'Supervisor', 'supervisor', TRUE, 1),
    ('agent', 'Agent', 'agent', TRUE, 1);

CREATE TABLE role_permissions (
    role_id BIGINT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    permission TEXT NOT NULL,
    PRIMARY KEY (role_id, permission)
);

CREATE TABLE operators (
    id {id},
    name TEXT NOT NULL,
    name_key {key} NOT NULL,
    alias TEXT,
    email TEXT NOT NULL,
    email_key {key} NOT NULL,
    notification_email TEXT,
    role_id BIGINT NOT NULL REFERENCES roles (id),
    phone TEXT,
    time_zone TEXT,
    locale TEXT CHECK (locale IN ('en', 'fr', 'es')),
    theme TEXT NOT NULL DEFAULT 'system' CHECK (theme IN ('system', 'bright', 'dark')),
    photo_id TEXT,
    preset TEXT,
    max_chat_load BIGINT CHECK (max_chat_load BETWEEN 0 AND 100),
    priority BIGINT NOT NULL DEFAULT 50 CHECK (priority BETWEEN 1 AND 999),
    presence_required BOOLEAN NOT NULL DEFAULT TRUE,
    help_when_invisible BOOLEAN NOT NULL DEFAULT FALSE,
    no_answer_minutes BIGINT CHECK (no_answer_minutes BETWEEN 1 AND 1440),
    idle_minutes BIGINT CHECK (idle_minutes BETWEEN 1 AND 1440),
    classify_after BOOLEAN NOT NULL DEFAULT FALSE,
    do_not_disturb BOOLEAN NOT NULL DEFAULT FALSE,
    may_change_departments BOOLEAN NOT NULL DEFAULT FALSE,
    to_solve_only BOOLEAN NOT NULL DEFAULT FALSE,
    password_hash TEXT,
    password_changed_at BIGINT,
    must_change_password BOOLEAN NOT NULL DEFAULT FALSE,
    activated_at BIGINT,
    suspended_at BIGINT,
    invitation_expires_at BIGINT,
    invitation_error TEXT,
    last_sign_in_at BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX operators_email ON operators (email_key) WHERE deleted_at IS NULL;
CREATE INDEX operators_name ON operators (name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX operators_role ON operators (role_id, name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX operators_last_sign_in ON operators (last_sign_in_at, id) WHERE deleted_at IS NULL;
CREATE INDEX operators_created ON operators (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX operators_suspended ON operators (suspended_at) WHERE suspended_at IS NOT NULL;
CREATE INDEX operators_pending ON operators (invitation_expires_at) WHERE activated_at IS NULL AND deleted_at IS NULL;
CREATE INDEX operators_deleted ON operators (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE operator_words (
    word {key} NOT NULL,
    operator_id BIGINT NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    PRIMARY KEY (word, operator_id)
);
CREATE INDEX operator_words_operator ON operator_words (operator_id);

CREATE TABLE operator_languages (
    operator_id BIGINT NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    tag TEXT NOT NULL REFERENCES languages (tag),
    position BIGINT NOT NULL,
    PRIMARY KEY (operator_id, tag)
);
CREATE INDEX operator_languages_tag ON operator_languages (tag, operator_id);

CREATE TABLE job_positions (
    operator_id BIGINT NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (operator_id, tag)
);

CREATE TABLE photos (
    id TEXT NOT NULL PRIMARY KEY,
    operator_id BIGINT NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    mime TEXT NOT NULL,
    large {blob} NOT NULL,
    small {blob} NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX photos_operator ON photos (operator_id);

CREATE TABLE one_time_tokens (
    id {id},
    hash TEXT NOT NULL UNIQUE,
    purpose TEXT NOT NULL CHECK (purpose IN ('setup', 'invitation', 'reset')),
    operator_id BIGINT REFERENCES operators (id) ON DELETE CASCADE,
    email_key TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    voided_at BIGINT
);
CREATE INDEX one_time_tokens_operator ON one_time_tokens (operator_id, purpose, created_at);
CREATE INDEX one_time_tokens_expiry ON one_time_tokens (expires_at);

CREATE TABLE sessions (
    key_hash TEXT NOT NULL PRIMARY KEY,
    id {key} NOT NULL UNIQUE,
    operator_id BIGINT NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL
);
CREATE INDEX sessions_operator ON sessions (operator_id, last_seen_at);
CREATE INDEX sessions_end ON sessions (ends_at);

CREATE TABLE devices (
    operator_id BIGINT NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    PRIMARY KEY (operator_id, hash)
);

CREATE TABLE sign_in_failures (
    id {id},
    account TEXT NOT NULL,
    network TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX sign_in_failures_account ON sign_in_failures (account, at);
CREATE INDEX sign_in_failures_network ON sign_in_failures (network, at);
CREATE INDEX sign_in_failures_at ON sign_in_failures (at);

CREATE TABLE submissions (
    id TEXT NOT NULL PRIMARY KEY,
    location TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX submissions_created ON submissions (created_at);

CREATE TABLE mail_templates (
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (kind, language)
);

CREATE TABLE mail_messages (
    id TEXT NOT NULL PRIMARY KEY,
    kind {key} NOT NULL,
    dedup_key TEXT NOT NULL UNIQUE,
    operator_id BIGINT REFERENCES operators (id) ON DELETE SET NULL,
    token_id BIGINT REFERENCES one_time_tokens (id) ON DELETE SET NULL,
    to_address TEXT NOT NULL,
    to_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    text_body TEXT NOT NULL,
    html_body TEXT NOT NULL,
    language TEXT NOT NULL,
    has_token BOOLEAN NOT NULL,
    state {key} NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'cancelled')),
    attempts BIGINT NOT NULL DEFAULT 0,
    available_at BIGINT NOT NULL,
    lease_token TEXT,
    lease_until BIGINT,
    last_error TEXT,
    answer TEXT,
    message_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX mail_messages_due ON mail_messages (available_at) WHERE state IN ('queued', 'sending');
CREATE INDEX mail_messages_state ON mail_messages (state, id);
CREATE INDEX mail_messages_kind ON mail_messages (kind, id);
CREATE INDEX mail_messages_operator ON mail_messages (operator_id, id);
CREATE INDEX mail_messages_created ON mail_messages (created_at);

CREATE TABLE mail_breaker (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    connect_failures BIGINT NOT NULL,
    paused_until BIGINT
);
INSERT INTO mail_breaker (id, connect_failures) VALUES (1, 0);

CREATE TABLE audit_entries (
    id {id},
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('operator', 'api_key', 'console', 'system')),
    actor_id BIGINT,
    actor_name TEXT NOT NULL,
    action {key} NOT NULL,
    object_kind {key} NOT NULL,
    object_id {key} NOT NULL,
    object_name TEXT NOT NULL,
    before TEXT,
    after TEXT,
    address TEXT NOT NULL,
    request_id TEXT NOT NULL
);
CREATE INDEX audit_entries_at ON audit_entries (at, id);
CREATE INDEX audit_entries_object ON audit_entries (object_kind, object_id, at, id);
CREATE INDEX audit_entries_actor ON audit_entries (actor_kind, actor_id, at, id);
CREATE INDEX audit_entries_action ON audit_entries (action, at, id);

CREATE TABLE api_keys (
    id {id},
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    revoked_at BIGINT,
    calls_left BIGINT NOT NULL DEFAULT 0,
    calls_at BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE idempotency_keys (
    api_key_id BIGINT NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status BIGINT,
    headers TEXT,
    body TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (api_key_id, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

CREATE TABLE jobs (
    name TEXT NOT NULL PRIMARY KEY,
    next_at BIGINT NOT NULL,
    lease_holder TEXT,
    lease_fence BIGINT NOT NULL DEFAULT 0,
    lease_until BIGINT,
    last_at BIGINT,
    last_ms BIGINT,
    last_result TEXT
);
";
