//! Starting other programs.

use crate::{Outcome, root};
use std::{
    env,
    ffi::OsStr,
    os::unix::process::CommandExt,
    process::{Command, Stdio},
};

/// `cargo` with these arguments, at the top of the checkout.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = program("cargo");
    cargo.args(arguments).current_dir(root());
    cargo
}

/// A program that may start cargo. Without what cargo told this one of its own package: build scripts that look at it, as
/// that of ring, would run again, and all that stands on them be built again, whenever cargo was last started by hand.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut program = Command::new(name);
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            program.env_remove(name);
        }
    }
    program
}

/// Runs it to its end with nothing to read; an error when it fails.
pub(crate) fn to_end(mut command: Command) -> Outcome {
    let line = words(&command);
    match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{line}` failed ({status})")),
        Err(error) => Err(format!("cannot run `{line}`: {error}")),
    }
}

/// Becomes that program: its signals and its exit code are its own. Returns only when it cannot be started.
pub(crate) fn become_it(mut command: Command) -> Outcome {
    let line = words(&command);
    Err(format!("cannot run `{line}`: {}", command.exec()))
}

/// What it prints, when it succeeds.
pub(crate) fn answer(mut command: Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The commit that is checked out, for figures to name.
pub(crate) fn commit() -> String {
    let mut git = program("git");
    git.args(["rev-parse", "--short=10", "HEAD"]).current_dir(root());
    answer(git).unwrap_or_default().trim().to_owned()
}

fn words(command: &Command) -> String {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
