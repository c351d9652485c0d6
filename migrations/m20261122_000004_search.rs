//! Each operator's words in order, so that one of them can be looked for operator by operator (OP-1).

pub const SCRIPT: &str = r"
CREATE INDEX operator_words_of ON operator_words (operator_id, word);
DROP INDEX operator_words_operator;
";
