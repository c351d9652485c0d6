//! What operators are told of by mail of their own choice (NO-1, HR-6).

// An event without a row is one of which its operator is never told.
pub const SCRIPT: &str = r"
CREATE TABLE operator_notices (
    operator_id BIGINT NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    event TEXT NOT NULL CHECK (event IN ('shift_starts', 'shift_ends', 'query_assigned', 'requester_replied', 'query_in_department',
        'deputy_named')),
    chosen TEXT NOT NULL CHECK (chosen IN ('away', 'always')),
    PRIMARY KEY (operator_id, event)
);
";
