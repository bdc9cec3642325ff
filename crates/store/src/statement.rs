//! One statement, two databases. `run!` expands a statement for both and registers its text, so that one test can
//! prepare every statement of the program on both schemas.

/// A statement as both databases get it.
#[derive(Debug)]
pub struct Statement {
    /// File and line.
    pub at: &'static str,
    /// The text for SQLite.
    pub sqlite: &'static str,
    /// The text for PostgreSQL.
    pub postgres: &'static str,
}
inventory::collect!(Statement);

impl Statement {
    /// Every statement linked into the program.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        inventory::iter::<Self>.into_iter()
    }
}

/// Rows in runs of 2, 4, 8 … up to `most`: so few lengths that every statement put together for one is prepared once
/// and found again, whatever number of requests share a transaction.
pub(crate) fn batches<T>(rows: &[T], most: usize) -> impl Iterator<Item = &[T]> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        let length = if rest.is_empty() { return None } else { 1 << rest.len().min(most).ilog2() };
        let (batch, after) = rest.split_at(length);
        rest = after;
        Some(batch)
    })
}

/// Ids filled up to a length of 2, 4, 8 … by repeating the last, for the same reason: in a list for IN that is harmless.
pub(crate) fn filled<T: Clone>(ids: &[T]) -> Vec<T> {
    let mut filled = ids.to_vec();
    if let Some(last) = ids.last() {
        filled.resize(ids.len().next_power_of_two(), last.clone());
    }
    filled
}

/// SQL that differs between the two databases stands side by side; a plain literal is shared.
macro_rules! sql {
    (Sqlite, { sqlite: $lite:literal, postgres: $pg:literal $(,)? }) => {
        $lite
    };
    (Postgres, { sqlite: $lite:literal, postgres: $pg:literal $(,)? }) => {
        $pg
    };
    ($_db:ident, $sql:literal) => {
        $sql
    };
}

macro_rules! register {
    ($sql:tt) => {
        inventory::submit! { $crate::Statement {
            at: concat!(file!(), ":", line!()),
            sqlite: sql!(Sqlite, $sql),
            postgres: sql!(Postgres, $sql),
        } }
    };
}

/// Runs one statement in a transaction: `run!(tx, fetch_one, Row, "SQL", a, b)` or `run!(tx, execute, "SQL", a)`.
macro_rules! run {
    ($tx:expr, execute, $sql:tt $(, $arg:expr)* $(,)?) => {{
        register!($sql);
        match $tx {
            $crate::Tx::Sqlite(c) => sqlx::query::<sqlx::Sqlite>(sql!(Sqlite, $sql))
                $(.bind($arg))*.execute(&mut **c).await.map(|done| done.rows_affected()),
            $crate::Tx::Postgres(c) => sqlx::query::<sqlx::Postgres>(sql!(Postgres, $sql))
                $(.bind($arg))*.execute(&mut **c).await.map(|done| done.rows_affected()),
        }
    }};
    ($tx:expr, $fetch:ident, $row:ty, $sql:tt $(, $arg:expr)* $(,)?) => {{
        register!($sql);
        match $tx {
            $crate::Tx::Sqlite(c) => sqlx::query_as::<sqlx::Sqlite, $row>(sql!(Sqlite, $sql))
                $(.bind($arg))*.$fetch(&mut **c).await,
            $crate::Tx::Postgres(c) => sqlx::query_as::<sqlx::Postgres, $row>(sql!(Postgres, $sql))
                $(.bind($arg))*.$fetch(&mut **c).await,
        }
    }};
}

/// Inserts rows in batches of few lengths, `insert!(tx, Row, rows, most, |q, batch| { … })`, and gives what the statements
/// return. While the database works on one batch the next is put together.
macro_rules! insert {
    ($tx:expr, $row:ty, $rows:expr, $most:expr, |$q:ident, $batch:ident| $body:block) => {
        match $tx {
            $crate::Tx::Sqlite(c) => insert!(sqlx::Sqlite, c, $row, $rows, $most, |$q, $batch| $body),
            $crate::Tx::Postgres(c) => insert!(sqlx::Postgres, c, $row, $rows, $most, |$q, $batch| $body),
        }
    };
    ($db:ty, $c:ident, $row:ty, $rows:expr, $most:expr, |$q:ident, $batch:ident| $body:block) => {{
        let mut waiting = $crate::statement::batches($rows, $most);
        let mut next = || {
            waiting.next().map(|$batch| {
                let mut $q = sqlx::QueryBuilder::<$db>::default();
                $body;
                $q
            })
        };
        let mut returned: Vec<$row> = Vec::new();
        let mut now = next();
        loop {
            let Some(mut query) = now else { break Ok(returned) };
            let running = query.build_query_as::<$row>().fetch_all(&mut **$c);
            let (done, prepared) = tokio::join!(biased; running, async { next() });
            match done {
                Ok(rows) => returned.extend(rows),
                Err(error) => break Err(error),
            }
            now = prepared;
        }
    }};
}

/// Binds what stands between the brackets of an IN: `list!(q, id in &ids => *id)`.
macro_rules! list {
    ($q:ident, $value:ident in $values:expr => $bound:expr) => {{
        let mut list = $q.separated(", ");
        for $value in $values {
            list.push_bind($bound);
        }
    }};
}

/// Runs a statement put together at run time: `build!(tx, fetch_all, Row, |q| { … })` with `q` a query builder of
/// whichever database is in use; `build!(tx, execute, |q| { … })` gives the number of rows.
macro_rules! build {
    ($tx:expr, execute, |$q:ident| $body:block) => {
        match $tx {
            $crate::Tx::Sqlite(c) => {
                let mut $q = sqlx::QueryBuilder::<sqlx::Sqlite>::default();
                $body;
                $q.build().execute(&mut **c).await.map(|done| done.rows_affected())
            }
            $crate::Tx::Postgres(c) => {
                let mut $q = sqlx::QueryBuilder::<sqlx::Postgres>::default();
                $body;
                $q.build().execute(&mut **c).await.map(|done| done.rows_affected())
            }
        }
    };
    ($tx:expr, $fetch:ident, $row:ty, |$q:ident| $body:block) => {
        match $tx {
            $crate::Tx::Sqlite(c) => {
                let mut $q = sqlx::QueryBuilder::<sqlx::Sqlite>::default();
                $body;
                $q.build_query_as::<$row>().$fetch(&mut **c).await
            }
            $crate::Tx::Postgres(c) => {
                let mut $q = sqlx::QueryBuilder::<sqlx::Postgres>::default();
                $body;
                $q.build_query_as::<$row>().$fetch(&mut **c).await
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_hold_every_row_once_in_few_lengths() {
        let rows: Vec<u32> = (0..1_357).collect();
        let lengths: Vec<usize> = batches(&rows, 500).map(<[u32]>::len).collect();
        assert_eq!(lengths, [256, 256, 256, 256, 256, 64, 8, 4, 1]);
        assert_eq!(batches(&rows, 500).flatten().copied().collect::<Vec<_>>(), rows);
        assert_eq!(filled(&[1, 2, 3]), [1, 2, 3, 3]);
    }
}
