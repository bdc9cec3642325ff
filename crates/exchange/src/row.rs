//! One row of a file as it was read.

use model::Problem;

/// One row of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Row<T> {
    /// A sound row.
    Ok {
        /// Its number: 1 for the first row of data; in JSON Lines the line's number.
        row: u64,
        /// What it holds.
        value: T,
    },
    /// A row that is not wanted, as other crime types in police files or a row given twice.
    Skip {
        /// Its number.
        row: u64,
    },
    /// A row that cannot be taken, with everything that is wrong with it.
    Reject {
        /// Its number.
        row: u64,
        /// What is wrong, one entry per field; one at least.
        problems: Vec<Reject>,
    },
}

/// Makes a reader an iterator: what its `read` gives, until the end of the file or what ends it, which it notes in `ended`.
macro_rules! rows_of {
    ($reader:ident, $value:ty) => {
        impl<R: std::io::Read> Iterator for $reader<R> {
            type Item = Result<$crate::Row<$value>, $crate::FileError>;

            fn next(&mut self) -> Option<Self::Item> {
                if self.ended {
                    return None;
                }
                let row = self.read().transpose();
                self.ended = !matches!(row, Some(Ok(_)));
                row
            }
        }
    };
}
pub(crate) use rows_of;

/// One thing wrong with one row: a line of the rejects file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// The number of the row.
    pub row: u64,
    /// The column, or the JSON pointer of the field; `(row)` when it is the row as a whole.
    pub field: String,
    /// A short fixed word for programs.
    pub code: &'static str,
    /// What is wrong and what to write instead, for people. Never repeats the value: it may be personal.
    pub reason: String,
}

impl Reject {
    /// The field of a problem of the whole row.
    pub const WHOLE_ROW: &str = "(row)";

    pub(crate) fn new(row: u64, field: impl Into<String>, code: &'static str, reason: impl Into<String>) -> Self {
        Self { row, field: field.into(), code, reason: reason.into() }
    }

    pub(crate) fn whole(row: u64, code: &'static str, reason: impl Into<String>) -> Self {
        Self::new(row, Self::WHOLE_ROW, code, reason)
    }

    /// The problems that settling a row's value found. `column` names the column a JSON pointer came from; the pointer
    /// itself will do for JSON Lines (`str::to_owned`).
    pub fn of_problems(row: u64, problems: &[Problem], column: impl Fn(&str) -> String) -> Vec<Self> {
        let named = |pointer: &str| if pointer.is_empty() { Self::WHOLE_ROW.to_owned() } else { column(pointer) };
        problems.iter().map(|problem| Self::new(row, named(&problem.pointer), problem.code, problem.detail.clone())).collect()
    }
}

impl<T> Row<T> {
    /// The number of the row.
    pub fn number(&self) -> u64 {
        match self {
            Self::Ok { row, .. } | Self::Skip { row } | Self::Reject { row, .. } => *row,
        }
    }

    pub(crate) fn reject(problem: Reject) -> Self {
        Self::Reject { row: problem.row, problems: vec![problem] }
    }
}
