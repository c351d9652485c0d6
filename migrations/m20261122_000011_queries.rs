//! Queries with their offers and what befell them, categories, what operators have at hand, and the ledger of automatic replies
//! (QU-1 to QU-6, AB-5, AB-6).

// A query is about the facts: who asked, what is wanted, where it stands. `route_at` is the instant at which somebody has to look at
// one that nobody has yet. `conversation` is the same for queries that go on with one another. A dialog is the time for which an operator
// has a query. `work` tells for each operator when a query was last assigned and when one was last closed; `touched` is the version of
// the work with which theirs last changed. A reply that was sent is unique for an absence, a sender and a query; what was withheld is in the ledger, too.
pub const SCRIPT: &str = r"
ALTER TABLE organisation ADD COLUMN chat_inactivity_minutes BIGINT NOT NULL DEFAULT 15 CHECK (chat_inactivity_minutes BETWEEN 1 AND 1440);
ALTER TABLE organisation ADD COLUMN email_reply_interval_days BIGINT NOT NULL DEFAULT 1 CHECK (email_reply_interval_days BETWEEN 0 AND 30);
ALTER TABLE sites ADD COLUMN message_texts TEXT;
ALTER TABLE sites ADD COLUMN message_mode BOOLEAN NOT NULL DEFAULT TRUE;
INSERT INTO versions (name, n) VALUES ('work', 1);

CREATE TABLE categories (
    id {id},
    name TEXT NOT NULL,
    name_key {key} NOT NULL UNIQUE,
    position BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE category_names (
    category_id BIGINT NOT NULL REFERENCES categories (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (category_id, tag)
);

CREATE TABLE queries (
    id {id},
    source TEXT NOT NULL CHECK (source IN ('api', 'contact', 'mail')),
    channel TEXT NOT NULL CHECK (channel IN ('ticket', 'chat', 'call')),
    department_id BIGINT REFERENCES departments (id) ON DELETE SET NULL,
    addressed_id BIGINT REFERENCES operators (id) ON DELETE SET NULL,
    operator_id BIGINT REFERENCES operators (id) ON DELETE SET NULL,
    site_id BIGINT REFERENCES sites (id) ON DELETE SET NULL,
    language TEXT,
    language_from TEXT CHECK (language_from IN ('url', 'browser', 'country', 'fixed', 'given')),
    requester_name TEXT,
    requester_email TEXT,
    requester_phone TEXT,
    sender_key {key},
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    automatic BOOLEAN NOT NULL,
    is_mail BOOLEAN NOT NULL,
    message_id {key},
    mail_headers TEXT,
    external_id {key},
    conversation {key},
    state TEXT NOT NULL CHECK (state IN ('waiting', 'offered', 'assigned', 'closed')),
    mode TEXT NOT NULL CHECK (mode IN ('live', 'message', 'closed')),
    received_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    active_at BIGINT NOT NULL,
    unanswered_since BIGINT,
    assigned_at BIGINT,
    closed_at BIGINT,
    waiting_since BIGINT NOT NULL,
    route_at BIGINT,
    classify BOOLEAN NOT NULL,
    category_id BIGINT REFERENCES categories (id) ON DELETE SET NULL,
    classification_note TEXT,
    classified_at BIGINT,
    transferred_from TEXT NOT NULL,
    trace TEXT NOT NULL,
    version BIGINT NOT NULL,
    CHECK (state <> 'assigned' OR operator_id IS NOT NULL),
    CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
CREATE INDEX queries_route ON queries (route_at) WHERE route_at IS NOT NULL;
CREATE INDEX queries_open ON queries (id) WHERE state IN ('waiting', 'offered');
CREATE INDEX queries_at_hand ON queries (operator_id, channel, active_at) WHERE state = 'assigned';
CREATE INDEX queries_unanswered ON queries (unanswered_since, operator_id) WHERE state = 'assigned' AND unanswered_since IS NOT NULL;
CREATE INDEX queries_unclassified ON queries (operator_id, id) WHERE state = 'closed' AND classify AND classified_at IS NULL;
CREATE INDEX queries_created ON queries (created_at);
CREATE INDEX queries_department ON queries (department_id, id);
CREATE INDEX queries_operator ON queries (operator_id, id);
CREATE INDEX queries_addressed ON queries (addressed_id, id) WHERE addressed_id IS NOT NULL;
CREATE INDEX queries_assigned ON queries (id) WHERE state = 'assigned';
CREATE INDEX queries_sender ON queries (sender_key, id) WHERE sender_key IS NOT NULL;
CREATE INDEX queries_message ON queries (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX queries_conversation ON queries (conversation) WHERE conversation IS NOT NULL;
CREATE INDEX queries_external ON queries (external_id) WHERE external_id IS NOT NULL;

CREATE TABLE query_offers (
    id {id},
    query_id BIGINT NOT NULL REFERENCES queries (id) ON DELETE CASCADE,
    operator_id BIGINT NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    offered_at BIGINT NOT NULL,
    expires_at BIGINT,
    ended_at BIGINT,
    outcome TEXT CHECK (outcome IN ('accepted', 'declined', 'timed_out', 'withdrawn')),
    CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
CREATE UNIQUE INDEX query_offers_open ON query_offers (query_id, operator_id) WHERE ended_at IS NULL;
CREATE INDEX query_offers_query ON query_offers (query_id, id);
CREATE INDEX query_offers_operator ON query_offers (operator_id, offered_at);
CREATE INDEX query_offers_ringing ON query_offers (operator_id) WHERE ended_at IS NULL;

CREATE TABLE query_events (
    id {id},
    query_id BIGINT NOT NULL REFERENCES queries (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('received', 'waiting', 'offered', 'accepted', 'assigned', 'declined', 'timed_out', 'transferred',
        'handed_over', 'returned', 'closed', 'reopened', 'classified', 'replied', 'not_replied')),
    operator_id BIGINT REFERENCES operators (id) ON DELETE SET NULL,
    department_id BIGINT REFERENCES departments (id) ON DELETE SET NULL,
    actor_name TEXT NOT NULL,
    note TEXT
);
CREATE INDEX query_events_query ON query_events (query_id, id);

CREATE TABLE dialogs (
    id {id},
    query_id BIGINT NOT NULL REFERENCES queries (id) ON DELETE CASCADE,
    operator_id BIGINT NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    began_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX dialogs_open ON dialogs (query_id) WHERE ended_at IS NULL;
CREATE INDEX dialogs_operator ON dialogs (operator_id, ended_at);
CREATE INDEX dialogs_query ON dialogs (query_id);

CREATE TABLE work (
    operator_id BIGINT PRIMARY KEY REFERENCES operators (id) ON DELETE CASCADE,
    assigned_at BIGINT,
    closed_at BIGINT,
    touched BIGINT NOT NULL
);
CREATE INDEX work_touched ON work (touched);

CREATE TABLE operator_sounds (
    operator_id BIGINT NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    event TEXT NOT NULL CHECK (event IN ('offered', 'assigned', 'replied')),
    sound TEXT NOT NULL,
    PRIMARY KEY (operator_id, event)
);

CREATE TABLE auto_replies (
    id {id},
    query_id BIGINT REFERENCES queries (id) ON DELETE SET NULL,
    absence_id BIGINT REFERENCES absences (id) ON DELETE SET NULL,
    operator_id BIGINT REFERENCES operators (id) ON DELETE SET NULL,
    sender_key {key},
    at BIGINT NOT NULL,
    sent BOOLEAN NOT NULL,
    reason TEXT,
    rule TEXT,
    trigger_message_id {key},
    mail_id TEXT,
    CHECK (sent = (reason IS NULL))
);
CREATE UNIQUE INDEX auto_replies_sent ON auto_replies (absence_id, sender_key, query_id) WHERE sent;
CREATE UNIQUE INDEX auto_replies_message ON auto_replies (operator_id, trigger_message_id) WHERE sent AND trigger_message_id IS NOT NULL;
CREATE INDEX auto_replies_at ON auto_replies (at, id);
CREATE INDEX auto_replies_sender ON auto_replies (sender_key, at) WHERE sent;
CREATE INDEX auto_replies_query ON auto_replies (query_id);
CREATE INDEX auto_replies_hour ON auto_replies (at) WHERE sent;
CREATE INDEX auto_replies_operator ON auto_replies (operator_id, at, id);

CREATE TABLE suppressed_addresses (
    address_key {key} PRIMARY KEY,
    at BIGINT NOT NULL,
    reason TEXT NOT NULL
);

ALTER TABLE mail_messages ADD COLUMN reply TEXT;

CREATE UNIQUE INDEX queries_taken ON queries (external_id) WHERE source <> 'api';
CREATE INDEX auto_replies_trigger ON auto_replies (trigger_message_id, operator_id) WHERE trigger_message_id IS NOT NULL;
CREATE INDEX auto_replies_mail ON auto_replies (mail_id) WHERE mail_id IS NOT NULL;
CREATE INDEX operators_notification_email ON operators (LOWER(notification_email)) WHERE notification_email IS NOT NULL;
INSERT INTO versions (name, n) VALUES ('auto_replies', 1);

CREATE TABLE contact_messages (
    id {id},
    network TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX contact_messages_network ON contact_messages (network, at);
CREATE INDEX contact_messages_at ON contact_messages (at);
";
