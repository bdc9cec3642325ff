//! Licence expressions as packages state them.

/// Whether the terms of `expression` can be met with licences that are allowed. `/` is an old way to write OR.
pub(super) fn allowed(expression: &str, licences: &[&str]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    either(&mut words, licences) == Some(true) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn either(words: &mut Words<'_>, licences: &[&str]) -> Option<bool> {
    let mut fine = both(words, licences)?;
    while words.next_if_eq(&"OR").is_some() {
        fine |= both(words, licences)?;
    }
    Some(fine)
}

fn both(words: &mut Words<'_>, licences: &[&str]) -> Option<bool> {
    let mut fine = one(words, licences)?;
    while words.next_if_eq(&"AND").is_some() {
        fine &= one(words, licences)?;
    }
    Some(fine)
}

fn one(words: &mut Words<'_>, licences: &[&str]) -> Option<bool> {
    let word = words.next()?;
    if word == "(" {
        let fine = either(words, licences);
        return words.next_if_eq(&")").and(fine);
    }
    if words.next_if_eq(&"WITH").is_some() {
        let whole = format!("{word} WITH {}", words.next()?);
        return Some(licences.contains(&whole.as_str()));
    }
    Some(licences.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn expressions() {
        let licences = ["MIT", "Unicode-3.0"];
        for fine in ["MIT", "Apache-2.0/MIT", "GPL-3.0 OR MIT", "(MIT OR Apache-2.0) AND Unicode-3.0", "A AND B OR MIT"] {
            assert!(allowed(fine, &licences), "{fine}");
        }
        for not in ["", "GPL-3.0", "MIT AND GPL-3.0", "MIT WITH x", "(MIT", "MIT MIT", "MIT OR", "A AND (B OR MIT)"] {
            assert!(!allowed(not, &licences), "{not}");
        }
        assert!(allowed("Apache-2.0 WITH LLVM-exception", &["Apache-2.0 WITH LLVM-exception"]));
    }
}
