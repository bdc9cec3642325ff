//! `cargo xtask tidy`: the repository's own rules, those that no compiler checks. Each file here holds a few of them as
//! pure functions from the tracked files to the violations.

mod code;
mod documents;
mod files;
mod layers;
mod licences;
mod migrations;
mod rust_files;
mod spdx;

use crate::{Outcome, run};
use std::{
    fmt, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The tracked files.
pub(crate) struct Repository {
    files: Vec<Tracked>,
}

struct Tracked {
    /// From the top of the checkout, with `/` between the folders.
    path: String,
    bytes: u64,
    /// Nothing when the file is no text.
    text: Option<String>,
}

/// A rule broken at a place.
#[derive(Debug, PartialEq)]
struct Violation {
    path: String,
    line: usize,
    what: String,
}

pub(crate) fn run(root: &Path) -> Outcome {
    let repository = Repository::read(root)?;
    for warning in rust_files::long(&repository) {
        println!("warning: {warning}");
    }
    let rules: [fn(&Repository) -> Vec<Violation>; 6] =
        [layers::check, rust_files::check, files::check, migrations::check, documents::check, layers::check_dependencies];
    let mut violations: Vec<Violation> = rules.iter().flat_map(|rule| rule(&repository)).collect();
    violations.extend(licences::check(&repository)?);
    for violation in &violations {
        println!("{violation}");
    }
    if violations.is_empty() { Ok(()) } else { Err(format!("{} of the repository's rules broken", violations.len())) }
}

impl Repository {
    pub(crate) fn read(root: &Path) -> Result<Self, String> {
        let mut files = Vec::new();
        for path in tracked(root) {
            // A file deleted but not yet committed is still listed.
            let Ok(content) = fs::read(root.join(&path)) else { continue };
            files.push(Tracked { path, bytes: content.len() as u64, text: String::from_utf8(content).ok() });
        }
        if files.is_empty() { Err(format!("no files found under {}", root.display())) } else { Ok(Self { files }) }
    }

    /// Path and text of every file of Rust.
    pub(crate) fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts().filter(|(path, _)| path.ends_with(".rs"))
    }

    fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().filter_map(|file| Some((file.path.as_str(), file.text.as_deref()?)))
    }

    fn text(&self, path: &str) -> Option<&str> {
        self.texts().find(|(its, _)| *its == path).map(|(_, text)| text)
    }

    /// The folders directly under `crates/`.
    fn crates(&self) -> Vec<&str> {
        self.files.iter().filter_map(|file| file.path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")).collect()
    }

    #[cfg(test)]
    fn of(files: &[(&str, &str)]) -> Self {
        let tracked =
            |(path, text): &(&str, &str)| Tracked { path: (*path).to_owned(), bytes: text.len() as u64, text: Some((*text).to_owned()) };
        Self { files: files.iter().map(tracked).collect() }
    }
}

impl Violation {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// What git knows or would add; without git, every file outside `target`, `node_modules` and hidden state.
fn tracked(root: &Path) -> Vec<String> {
    let mut git = Command::new("git");
    git.current_dir(root).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listed: Vec<String> = run::answer(git).unwrap_or_default().split_terminator('\0').map(str::to_owned).collect();
    if !listed.is_empty() {
        return listed;
    }
    let mut found = Vec::new();
    walk(root, root, &mut found);
    found
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && ![".git", "target", "node_modules"].contains(&name.as_str()) {
            walk(root, &path, found);
        } else if path.is_file()
            && let Ok(path) = path.strip_prefix(root)
        {
            found.push(path.to_string_lossy().into_owned());
        }
    }
}
