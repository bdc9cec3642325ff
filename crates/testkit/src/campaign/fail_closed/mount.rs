//! A small disk in memory, which can be filled and made read-only.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    process::Command,
};

/// A tmpfs of its own; unmounted with this value.
#[derive(Debug)]
pub(super) struct Disk {
    folder: tempfile::TempDir,
}

impl Disk {
    /// One of so many megabytes.
    pub(super) fn new(megabytes: u32) -> Self {
        let folder = tempfile::Builder::new().prefix("beacon-disk-").tempdir().expect("a temporary folder");
        let disk = Self { folder };
        disk.mount(&["-t", "tmpfs", "-o", &format!("size={megabytes}m,mode=0755"), "tmpfs"]);
        disk
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Takes away every free byte.
    pub(super) fn fill(&self) {
        let mut file = File::options().create(true).append(true).open(self.filler()).expect("a file");
        for size in [64 * 1024, 4 * 1024, 1] {
            let some = vec![0; size];
            loop {
                match file.write_all(&some) {
                    Ok(()) => {}
                    Err(error) if error.kind() == ErrorKind::StorageFull => break,
                    Err(error) => panic!("the disk cannot be filled: {error}"),
                }
            }
        }
    }

    /// Gives them back.
    pub(super) fn empty(&self) {
        fs::remove_file(self.filler()).expect("what filled the disk is removed");
    }

    /// Lets nothing be written, or again everything. Nothing may hold a file on it open.
    pub(super) fn read_only(&self, on: bool) {
        self.mount(&["-o", if on { "remount,ro" } else { "remount,rw" }]);
    }

    fn filler(&self) -> PathBuf {
        self.folder.path().join("filler")
    }

    fn mount(&self, arguments: &[&str]) {
        let output = Command::new("mount").args(arguments).arg(self.folder.path()).output().expect("mount can be run");
        assert!(
            output.status.success(),
            "a small disk is needed to fill, and it cannot be mounted: run this as root, in a container with CAP_SYS_ADMIN \
             (docker run --privileged): mount {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.folder.path()).status();
    }
}
