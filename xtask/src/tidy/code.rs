//! Rust source without its comments and without what stands in its strings, so that a rule sees code only.

/// The same lines, with comments left out and the contents of literals emptied.
pub(super) fn only(source: &str) -> String {
    let mut rest = source;
    let mut code = String::with_capacity(source.len());
    while let Some(first) = rest.chars().next() {
        let (kept, length) = piece(rest, first, code.chars().next_back());
        code.push_str(kept);
        // Line numbers stay right.
        code.extend(rest[kept.len().min(length)..length].matches('\n'));
        rest = &rest[length..];
    }
    code
}

/// The next piece of source: what of it is kept, and how many bytes it takes.
fn piece(rest: &str, first: char, before: Option<char>) -> (&str, usize) {
    let to = |end: Option<usize>| end.unwrap_or(rest.len());
    if rest.starts_with("//") {
        return ("", to(rest.find('\n')));
    }
    if rest.starts_with("/*") {
        return ("", to(rest.find("*/").map(|at| at + 2)));
    }
    if first == '"' {
        return ("\"", 1 + quoted(&rest[1..], '"'));
    }
    let in_word = before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    if !in_word && let Some(hashes) = raw_string(rest) {
        let open = rest.find('"').unwrap_or(0) + 1;
        let close = format!("\"{}", "#".repeat(hashes));
        return ("\"", to(rest[open..].find(&close).map(|at| open + at + close.len())));
    }
    if first == '\'' && is_character(rest) {
        return ("'", 1 + quoted(&rest[1..], '\''));
    }
    (&rest[..first.len_utf8()], first.len_utf8())
}

/// How far to, and with, the closing quote.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The number of hashes of the raw string that begins here.
fn raw_string(text: &str) -> Option<usize> {
    let after = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

/// A character literal rather than a lifetime.
fn is_character(text: &str) -> bool {
    let mut letters = text.chars().skip(1);
    letters.next() == Some('\\') || letters.next() == Some('\'')
}

#[cfg(test)]
mod tests {
    use super::only;

    #[test]
    fn comments_and_literals_go_and_lines_stay() {
        assert_eq!(only("a // b\nc /* d\n e */ f\n"), "a \nc \n f\n");
        assert_eq!(only(r#"g("x\"y // z", '"', '\'', b"k")"#), r#"g(", ', ', b")"#);
        assert_eq!(only("h(r#\"one \"two\"\nthree\"#, 'life)"), "h(\"\n, 'life)");
        assert_eq!(only("for x in \"é\" { 'a: loop {} }"), "for x in \" { 'a: loop {} }");
    }
}
