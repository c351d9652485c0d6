//! Long work that is asked for on a page: bulk deeds and imports, with their input, progress and report (OP-8).
//!
//! All of it is in the database, so that any node goes on where another one stopped and shows how far it is.

pub const SCRIPT: &str = r"
CREATE TABLE runs (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('bulk', 'import')),
    state TEXT NOT NULL CHECK (state IN ('preparing', 'asked', 'running', 'done', 'failed')),
    operator_id BIGINT NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    request_id TEXT NOT NULL,
    options TEXT NOT NULL,
    total BIGINT NOT NULL,
    done BIGINT NOT NULL,
    note TEXT,
    digest TEXT,
    attempts BIGINT NOT NULL,
    fence BIGINT NOT NULL,
    lease_until BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX runs_due ON runs (created_at) WHERE state IN ('preparing', 'running');
CREATE INDEX runs_created ON runs (created_at);
CREATE INDEX runs_operator ON runs (operator_id);

CREATE TABLE run_files (
    run_id TEXT NOT NULL PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
    content {blob} NOT NULL
);

CREATE TABLE run_rows (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    line BIGINT NOT NULL,
    operator_id BIGINT,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('waiting', 'done', 'create', 'change', 'same', 'refused')),
    detail TEXT NOT NULL,
    PRIMARY KEY (run_id, line)
);
CREATE INDEX run_rows_outcome ON run_rows (run_id, outcome, line);
";
