//! What is wrong with a whole file.

/// A file that cannot be read, or not to its end. Rows given before it stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct FileError {
    /// A short fixed word for programs, as `missing_column` or `damaged_gzip`.
    pub code: &'static str,
    /// What is wrong and what to do about it, for people. Holds no personal value.
    pub detail: String,
}

impl FileError {
    pub(crate) fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    pub(crate) fn empty(wanted: &str) -> Self {
        Self::new("empty_file", format!("the file is empty: it must hold {wanted}"))
    }
}

/// Marks an [`std::io::Error`] that gzip's decoder gave.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct GzipDamage(pub(crate) std::io::Error);

impl FileError {
    /// Writing failed.
    pub(crate) fn not_written(error: impl std::fmt::Display) -> Self {
        Self::new("not_written", format!("the file could not be written ({error}): check the disk"))
    }

    /// Reading failed.
    pub(crate) fn unreadable(error: std::io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<GzipDamage>()) {
            Some(GzipDamage(inner)) if inner.kind() == std::io::ErrorKind::UnexpectedEof => Self::new(
                "truncated_gzip",
                "the gzip file ends too early: it was cut short. The rows before that were read; fetch the file again and repeat the import, \
                 which adds nothing twice",
            ),
            Some(GzipDamage(inner)) => Self::new(
                "damaged_gzip",
                format!(
                    "the gzip file is damaged ({inner}). The rows before that were read; fetch the file again and repeat the import, which \
                     adds nothing twice"
                ),
            ),
            None => Self::new("unreadable", format!("the file could not be read further ({error}): check the disk or the connection")),
        }
    }
}
