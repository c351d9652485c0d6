//! Who waits for a word is asked about chats alone (ST-6): no other query is written into that index.

pub const SCRIPT: &str = r"
DROP INDEX queries_unanswered;
CREATE INDEX queries_unanswered ON queries (unanswered_since, operator_id)
    WHERE state = 'assigned' AND channel = 'chat' AND unanswered_since IS NOT NULL;
";
