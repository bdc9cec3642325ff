//! The machine's processes, as far as killing a whole server needs them.

use std::fs;

/// The processes that `parent` started.
pub(super) fn children(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter(|&pid| stat(pid).is_some_and(|(_, of)| of == parent)).collect()
}

/// Whether it still runs: one that has ended and only waits to be collected does not.
pub(super) fn alive(pid: u32) -> bool {
    stat(pid).is_some_and(|(state, _)| state != "Z" && state != "X")
}

/// State and parent. The program's name before them stands in brackets and may hold anything.
fn stat(pid: u32) -> Option<(String, u32)> {
    let line = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = line.rsplit_once(')')?.1.split_whitespace();
    Some((fields.next()?.to_owned(), fields.next()?.parse().ok()?))
}
