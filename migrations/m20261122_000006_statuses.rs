//! Statuses, which one each operator wears, and the log of every change (ST-1, ST-2, ST-8).
//!
//! The new columns may be null, since nodes of the version before still add operators: these wear the default offline status.

pub const SCRIPT: &str = r"
CREATE TABLE statuses (
    id {id},
    name TEXT NOT NULL,
    name_key {key} NOT NULL UNIQUE,
    color TEXT NOT NULL CHECK (length(color) = 7),
    can_receive BOOLEAN NOT NULL,
    count_after_close BOOLEAN NOT NULL,
    position BIGINT NOT NULL,
    max_minutes BIGINT CHECK (max_minutes BETWEEN 1 AND 10080),
    return_status_id BIGINT REFERENCES statuses (id),
    version BIGINT NOT NULL,
    CHECK (NOT (can_receive AND count_after_close)),
    CHECK (return_status_id <> id)
);

CREATE TABLE status_names (
    status_id BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (status_id, tag)
);

INSERT INTO statuses (name, name_key, color, can_receive, count_after_close, position, version) VALUES
    ('Online', 'online', '#2fb344', TRUE, FALSE, 1, 1),
    ('Busy', 'busy', '#d63939', FALSE, TRUE, 2, 1),
    ('On break', 'on break', '#f59f00', FALSE, TRUE, 3, 1),
    ('Invisible', 'invisible', '#ae3ec9', FALSE, FALSE, 4, 1),
    ('Offline', 'offline', '#667382', FALSE, FALSE, 5, 1);

INSERT INTO status_names (status_id, tag, text) SELECT id, 'fr', CASE name_key
    WHEN 'online' THEN 'En ligne' WHEN 'busy' THEN 'Occupé' WHEN 'on break' THEN 'En pause' WHEN 'offline' THEN 'Hors ligne'
    ELSE 'Invisible' END FROM statuses;
INSERT INTO status_names (status_id, tag, text) SELECT id, 'es', CASE name_key
    WHEN 'online' THEN 'En línea' WHEN 'busy' THEN 'Ocupado' WHEN 'on break' THEN 'En pausa' WHEN 'offline' THEN 'Desconectado'
    ELSE 'Invisible' END FROM statuses;

ALTER TABLE organisation ADD COLUMN default_online_status_id BIGINT REFERENCES statuses (id);
ALTER TABLE organisation ADD COLUMN default_offline_status_id BIGINT REFERENCES statuses (id);
ALTER TABLE organisation ADD COLUMN auto_offline_status_id BIGINT REFERENCES statuses (id);
ALTER TABLE organisation ADD COLUMN presence_window_minutes BIGINT NOT NULL DEFAULT 10
    CHECK (presence_window_minutes BETWEEN 1 AND 1440);

ALTER TABLE operators ADD COLUMN status_id BIGINT REFERENCES statuses (id);
ALTER TABLE operators ADD COLUMN status_since BIGINT;
ALTER TABLE operators ADD COLUMN status_until BIGINT;
ALTER TABLE operators ADD COLUMN status_return_id BIGINT REFERENCES statuses (id);
ALTER TABLE operators ADD COLUMN status_cause TEXT;
ALTER TABLE operators ADD COLUMN status_set_by TEXT;

CREATE TABLE status_log (
    id {id},
    operator_id BIGINT NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    from_id BIGINT,
    to_id BIGINT NOT NULL,
    to_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    cause TEXT NOT NULL CHECK (cause IN ('start', 'self', 'supervisor', 'api', 'schedule', 'no_session', 'no_answer', 'idle',
        'max_duration', 'return', 'replacement')),
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('operator', 'api_key', 'console', 'system')),
    actor_id BIGINT,
    actor_name TEXT NOT NULL
);
CREATE INDEX status_log_operator ON status_log (operator_id, at, id);

UPDATE organisation SET
    default_online_status_id = (SELECT id FROM statuses WHERE name_key = 'online'),
    default_offline_status_id = (SELECT id FROM statuses WHERE name_key = 'offline'),
    auto_offline_status_id = (SELECT id FROM statuses WHERE name_key = 'offline');
INSERT INTO status_log (operator_id, to_id, to_name, at, cause, actor_kind, actor_name)
    SELECT o.id, s.id, s.name, o.created_at, 'start', 'system', '' FROM operators o JOIN statuses s ON s.name_key = 'offline';
UPDATE operators SET status_id = (SELECT id FROM statuses WHERE name_key = 'offline'), status_since = created_at,
    status_cause = 'start', status_set_by = '';

CREATE INDEX operators_status ON operators (status_id, name_key, id);
CREATE INDEX operators_status_until ON operators (status_until) WHERE status_until IS NOT NULL;
CREATE INDEX operators_without_status ON operators (id) WHERE status_id IS NULL;
";
