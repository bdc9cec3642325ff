//! Backup of an embedded database: through SQLite itself, never by copying the file under a running program. And what
//! a copy needs once it is put back.

use crate::{Database, StoreError, Tx, database::Pools};

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

    /// Makes a copy that was put back a database of its own: no index of the one it was copied from is taken for its own,
    /// and its change log does not wait for transaction numbers that only the other server has reached.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settle_after_restore(&self) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        run!(&mut tx, execute, {
            sqlite: "UPDATE database_identity SET id = lower(hex(randomblob(16)))",
            postgres: "UPDATE database_identity SET id = replace(gen_random_uuid()::text, '-', '')",
        })?;
        if let Tx::Postgres(tx) = &mut tx {
            // 3 is the first number of an ordinary transaction: every server has passed it.
            sqlx::query("UPDATE change_log SET txid = '3'").execute(&mut **tx).await?;
        }
        crate::sealing::settle_after_restore(&mut tx).await?;
        tx.commit().await
    }
}
