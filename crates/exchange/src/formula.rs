//! Cells that a spreadsheet would take for a formula: written with an apostrophe before them, read back without it.

use std::borrow::Cow;

fn is_guarded(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
}

/// The text as it is written.
pub(crate) fn guard(text: &str) -> Cow<'_, str> {
    if is_guarded(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text as it was before [`guard`]; text that needed no guard stays as it is.
pub(crate) fn unguard(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_guarded(rest) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back() {
        for (text, written) in [
            ("=1+1", "'=1+1"),
            ("'=1+1", "''=1+1"),
            ("+44 1632 960001", "'+44 1632 960001"),
            ("-", "'-"),
            ("@home", "'@home"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("'tis", "'tis"),
            ("O'Hara", "O'Hara"),
            ("", ""),
            ("'", "'"),
        ] {
            assert_eq!(guard(text), written);
            assert_eq!(unguard(written), text);
        }
    }
}
