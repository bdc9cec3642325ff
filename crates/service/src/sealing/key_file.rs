//! The signing key on disk: PKCS#8 PEM, readable by its owner alone.

use crate::ServiceError;
use ledger::SigningKey;
use model::entropy;
use std::{
    fs::{File, OpenOptions},
    io::{ErrorKind, Read, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

fn refuse(message: impl Into<String>) -> ServiceError {
    ServiceError::Unavailable(message.into())
}

/// The remedy where the key is gone.
pub(crate) fn missing(path: &Path) -> String {
    format!(
        "the signing key of the audit ledger, {}, is not there, and this database has been sealed with it: put it back from its own backup \
         (or name it in BEACON_KEY_FILE); if it is lost, `beacon audit key replace` begins with a new one, which every verification will tell",
        path.display()
    )
}

/// The remedy where the key is another one.
pub(crate) fn another(path: &Path) -> String {
    format!(
        "{} is not the signing key this database is sealed with: name the right one in BEACON_KEY_FILE (every node has the same; after \
         `beacon audit key rotate NEWFILE` it is NEWFILE); if it is lost, `beacon audit key replace` begins with a new one",
        path.display()
    )
}

/// Reads the key; none where there is no file.
///
/// # Errors
/// [`ServiceError::Unavailable`] when others may read it, or it is none.
pub(crate) fn read(path: &Path) -> Result<Option<SigningKey>, ServiceError> {
    let cannot = |error: std::io::Error| refuse(format!("the signing key {} cannot be read ({error}): change its owner", path.display()));
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(cannot(error)),
    };
    // Asked of the file that is open: its name may meanwhile be another's.
    let mode = file.metadata().map_err(cannot)?.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(refuse(format!(
            "the signing key {0} has mode {mode:04o}: others may read it. Run `chmod 600 {0}`; if somebody may have copied it, rotate it \
             (`beacon audit key rotate NEWFILE`)",
            path.display()
        )));
    }
    let mut text = String::new();
    (&mut file).take(10_000).read_to_string(&mut text).map_err(cannot)?;
    let key = SigningKey::from_pem(&text);
    key.map(Some).ok_or_else(|| refuse(format!("{} holds no signing key (an Ed25519 key in PKCS#8, as PEM)", path.display())))
}

/// Makes a key in a file that is not there yet.
///
/// # Errors
/// [`ServiceError::Unavailable`] when it cannot be written.
pub(crate) fn make(path: &Path) -> Result<SigningKey, ServiceError> {
    let key = SigningKey::from_seed(entropy::bytes()).ok_or_else(|| refuse("no signing key could be made"))?;
    let written = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(key.to_pem().as_bytes())?;
        file.sync_all()?;
        // The name must last as long as what is signed.
        match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            Some(folder) => File::open(folder)?.sync_all(),
            None => File::open(".")?.sync_all(),
        }
    };
    match written() {
        Ok(()) => Ok(key),
        Err(error) => Err(refuse(format!(
            "the signing key {} cannot be written ({error}): set BEACON_KEY_FILE to a place outside the database's folder and its backups",
            path.display()
        ))),
    }
}
