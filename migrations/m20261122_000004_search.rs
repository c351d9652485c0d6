//! Each operator's words in order, so that one of them can be looked for operator by operator (OP-1).

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run_script(manager, SCRIPT).await
    }
}

const SCRIPT: &str = r"
CREATE INDEX operator_words_of ON operator_words (operator_id, word);
DROP INDEX operator_words_operator;
";
