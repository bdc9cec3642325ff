//! Passwords: Argon2id, off the threads that answer requests, a few at a time.

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash};
use model::entropy;
use secrecy::{ExposeSecret, SecretString};
use service::ServiceError;
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;

/// The shortest password, in characters.
pub const SHORTEST: usize = 12;
/// The longest.
pub const LONGEST: usize = 256;
/// How many are hashed at a time: each takes 19 MiB.
const AT_A_TIME: usize = 4;
/// How long one waits for one's turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// The OWASP's second choice of parameters: 19 MiB, two passes, one lane.
fn argon2() -> Result<Argon2<'static>, ServiceError> {
    let params = Params::new(19_456, 2, 1, None).map_err(failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Makes and checks hashes of passwords.
#[derive(Debug, Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    /// A hash of nothing anybody types, checked where there is no account, so that it takes as long.
    nobody: Arc<SecretString>,
}

impl Passwords {
    /// Ready to hash.
    ///
    /// # Errors
    /// When hashing does not work at all.
    pub fn new() -> Result<Self, ServiceError> {
        let nobody = hash_now(generate().expose_secret())?;
        Ok(Self { turns: Arc::new(Semaphore::new(AT_A_TIME)), nobody: Arc::new(nobody) })
    }

    /// The hash of a new password.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when too many wait already.
    pub async fn hash(&self, password: SecretString) -> Result<SecretString, ServiceError> {
        self.in_turn(move || hash_now(password.expose_secret())).await?
    }

    /// Whether a password is the one hashed; without a hash it takes as long and is not.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when too many wait already.
    pub async fn check(&self, password: SecretString, hash: Option<SecretString>) -> Result<bool, ServiceError> {
        let (known, hash) = (hash.is_some(), hash.unwrap_or_else(|| (*self.nobody).clone()));
        self.in_turn(move || {
            let parsed = PasswordHash::new(hash.expose_secret()).map_err(failed)?;
            Ok(argon2()?.verify_password(password.expose_secret().as_bytes(), &parsed).is_ok() && known)
        })
        .await?
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, ServiceError> {
        let turn = tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(ServiceError::Unavailable("too many sign in at this moment: try again shortly".to_owned()));
        };
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        Ok(done.await?)
    }
}

fn hash_now(password: &str) -> Result<SecretString, ServiceError> {
    let salt = entropy::bytes::<16>();
    let hash: PasswordHash = argon2()?.hash_password_with_salt(password.as_bytes(), &salt).map_err(failed)?;
    Ok(hash.to_string().into())
}

fn failed(error: impl std::fmt::Display) -> ServiceError {
    tracing::error!(error = %error, "a password could not be hashed");
    ServiceError::Unavailable("a password could not be hashed".to_owned())
}

/// Whether a new password will do.
///
/// # Errors
/// [`ServiceError::Invalid`] with what is wrong.
pub fn fit(pointer: &str, password: &SecretString) -> Result<(), ServiceError> {
    let password = password.expose_secret();
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(ServiceError::invalid(pointer, "too_short", format!("must be at least {SHORTEST} characters")));
    }
    if length > LONGEST {
        return Err(ServiceError::invalid(pointer, "too_long", format!("must be at most {LONGEST} characters")));
    }
    let mut letters: Vec<char> = password.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    if letters.len() < 5 {
        return Err(ServiceError::invalid(pointer, "too_plain", "must be made of more than four different characters"));
    }
    Ok(())
}

/// A password of 100 random bits that can be read out over the telephone.
pub fn generate() -> SecretString {
    // No letter or digit that is taken for another, and 32 of them, so that each is equally likely.
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let random = entropy::bytes::<20>();
    let letters: String = random.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect();
    letters.as_bytes().chunks(5).map(|part| String::from_utf8_lossy(part).into_owned()).collect::<Vec<_>>().join("-").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_long_and_plain_passwords_are_refused() {
        for (password, fine) in [("elevenchars", false), ("aaaaaaaaaaaaaaaa", false), ("twelve chars", true), (&"ab3d!".repeat(60), false)]
        {
            assert_eq!(fit("/password", &password.into()).is_ok(), fine, "{password}");
        }
        assert!(fit("/password", &generate()).is_ok());
        assert_ne!(generate().expose_secret(), generate().expose_secret());
        assert_eq!(format!("{:?}", SecretString::from("correct horse")), "SecretBox<str>([REDACTED])");
    }

    #[test]
    fn a_hash_says_how_it_was_made_and_fits_its_password_alone() {
        let hash = hash_now("correct horse battery").unwrap();
        let hash = hash.expose_secret();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let parsed = PasswordHash::new(hash).unwrap();
        assert!(argon2().unwrap().verify_password(b"correct horse battery", &parsed).is_ok());
        assert!(argon2().unwrap().verify_password(b"correct horse batterz", &parsed).is_err());
    }
}
