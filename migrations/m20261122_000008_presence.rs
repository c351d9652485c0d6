//! Presence, automatic switches, hours that somebody allowed, and what tells nodes which operators changed (ST-5, ST-7, HR-4, QU-5).

// A row of presence is a stretch of heartbeats of one client, none further from the next than the window: the last beat tells who is
// there now, and the rows together tell who was there at any instant. The one row of `watch` tells until when boundaries are written
// down, and since when heartbeats can be counted on. `touched` is the operators' version with which an operator last changed;
// `everyone` the one with which something changed that is not one operator's.
pub const SCRIPT: &str = r"
CREATE TABLE presence (
    id {id},
    operator_id BIGINT NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('panel', 'api')),
    client {key} NOT NULL,
    began_at BIGINT NOT NULL,
    beat_at BIGINT NOT NULL,
    ended_at BIGINT,
    CHECK (began_at <= beat_at)
);
CREATE INDEX presence_operator ON presence (operator_id, beat_at);
CREATE INDEX presence_beat ON presence (beat_at, operator_id);

CREATE TABLE watch (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    followed_at BIGINT NOT NULL,
    resumed_at BIGINT NOT NULL
);
INSERT INTO watch (id, followed_at, resumed_at) VALUES (1, 0, 0);
INSERT INTO versions (name, n) VALUES ('everyone', 1);

ALTER TABLE operators ADD COLUMN touched BIGINT NOT NULL DEFAULT 0;
ALTER TABLE operators ADD COLUMN active_at BIGINT;
ALTER TABLE operators ADD COLUMN hours_from BIGINT;
ALTER TABLE operators ADD COLUMN hours_until BIGINT;
ALTER TABLE operators ADD COLUMN hours_allowed_by TEXT;
CREATE INDEX operators_touched ON operators (touched);

ALTER TABLE statuses ADD COLUMN invisible BOOLEAN NOT NULL DEFAULT FALSE CHECK (NOT (can_receive AND invisible));
UPDATE statuses SET invisible = TRUE WHERE name_key = 'invisible' AND NOT can_receive;

ALTER TABLE organisation ADD COLUMN invisible_help_seconds BIGINT NOT NULL DEFAULT 60 CHECK (invisible_help_seconds BETWEEN 0 AND 86400);
ALTER TABLE organisation ADD COLUMN message_mode_enabled BOOLEAN NOT NULL DEFAULT TRUE;
";
