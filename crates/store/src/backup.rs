//! Backup of an embedded database: through SQLite itself, never by copying the file under a running program.

use crate::{Database, StoreError, database::Pools};

impl Database {
    /// Writes a whole, consistent copy to a new file. SQLite only.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when the target exists or the database is PostgreSQL.
    pub async fn vacuum_into(&self, target: &str) -> Result<(), StoreError> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => {
                if std::path::Path::new(target).exists() {
                    return Err(StoreError::Unusable(format!("{target} exists already: name a new file")));
                }
                sqlx::query("VACUUM INTO $1").bind(target).execute(writer).await?;
                Ok(())
            }
            Pools::Postgres(_) => Err(StoreError::Unusable("PostgreSQL is backed up with pg_dump".to_owned())),
        }
    }
}
