//! What tests do to a database that the program never does: ask it for its settings, break a table and mend it. A
//! release build has none of this.

use crate::{Database, StoreError, database::Pools};
use sqlx::{AssertSqlSafe, Row};

/// Runs any SQL outside a transaction, on a connection that may write. Gives the first column of what comes back.
///
/// # Errors
/// When the database refuses it.
pub async fn sql(database: &Database, text: &str) -> Result<Vec<String>, StoreError> {
    let text = sqlx::raw_sql(AssertSqlSafe(text.to_owned()));
    Ok(match &database.pools {
        Pools::Sqlite { writer, .. } => {
            let rows = text.fetch_all(writer).await?;
            rows.iter().map(|row| row.try_get_unchecked(0)).collect::<Result<_, _>>()?
        }
        Pools::Postgres(pool) => {
            let rows = text.fetch_all(pool).await?;
            rows.iter().map(|row| row.try_get_unchecked(0)).collect::<Result<_, _>>()?
        }
    })
}
