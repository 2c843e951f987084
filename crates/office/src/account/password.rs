//! Passwords: Argon2id with the parameters kept beside the hash, so that they can be raised later.

use argon2::{Algorithm, Argon2, Params, Version};
use catalogue::Zone;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use crate::account::Standing;
use crate::error::{Fault, NotPossible, OfficeError, Result};

/// OWASP's second configuration: 19 MiB, two passes.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
pub const PASSWORD_CHARS_MIN: usize = 8;
/// Staff open what is other people's.
pub const STAFF_PASSWORD_CHARS_MIN: usize = 10;
const PASSWORD_BYTES_MAX: usize = 1024;

/// What is tried first by whoever guesses; where it comes from stands beside it.
static COMMON: &str = include_str!("common_passwords.txt");

/// Whose password it is to be, and what else would be guessed at once.
#[derive(Clone, Copy, Debug)]
pub struct Chooser<'a> {
    pub login: &'a str,
    pub standing: Standing,
    pub zone: &'a Zone,
}

impl Chooser<'_> {
    /// Whether it may be one.
    pub fn check(&self, password: &str) -> Result<()> {
        let (least, short) = match self.standing {
            Standing::Applicant => (PASSWORD_CHARS_MIN, NotPossible::WeakPassword),
            _ => (STAFF_PASSWORD_CHARS_MIN, NotPossible::WeakStaffPassword),
        };
        if password.chars().count() < least {
            return Err(short.into());
        }
        if password.len() > PASSWORD_BYTES_MAX {
            return Err(NotPossible::PasswordTooLong.into());
        }
        if self.is_guessed(password) { Err(NotPossible::CommonPassword.into()) } else { Ok(()) }
    }

    /// Found in no time: a common one, one's own login, the zone, each also with digits or signs behind it; digits alone.
    fn is_guessed(&self, password: &str) -> bool {
        let plain: String = password.nfkc().collect::<String>().to_lowercase();
        let core = plain.trim_end_matches(|c: char| !c.is_alphabetic());
        let letters = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
        let name = &self.zone.name;
        let whole = [self.login, self.zone.id.as_str(), &name.zh, &name.en];
        let words = whole.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
        let known = whole.iter().copied().chain(words).map(|text| letters(&text.to_lowercase()));
        let known: Vec<String> = known.filter(|text| !text.is_empty()).collect();
        let common = |text: &str| COMMON.lines().any(|line| line == text);
        core.is_empty()
            || common(&plain)
            || common(core)
            || known.iter().any(|known| *known == letters(core) || *known == letters(&plain))
            || plain.chars().all(|c| plain.starts_with(c))
    }
}

/// What the vault keeps instead of a password.
#[derive(Clone, Serialize, Deserialize)]
pub struct HashedPassword {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: [u8; 16],
    hash: [u8; 32],
}

impl HashedPassword {
    pub fn make(password: &str, salt: [u8; 16]) -> Result<Self> {
        if password.len() > PASSWORD_BYTES_MAX {
            return Err(NotPossible::WeakPassword.into());
        }
        let mut made = Self { memory_kib: MEMORY_KIB, passes: PASSES, lanes: LANES, salt, hash: [0; 32] };
        made.hash = made.stretch(password)?;
        Ok(made)
    }

    pub fn matches(&self, password: &str) -> Result<bool> {
        if password.len() > PASSWORD_BYTES_MAX {
            return Ok(false);
        }
        let given = self.stretch(password)?;
        // Every byte is looked at, so that the time tells nothing.
        Ok(given.iter().zip(&self.hash).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0)
    }

    fn stretch(&self, password: &str) -> Result<[u8; 32]> {
        let broken =
            |error: argon2::Error| OfficeError::Fault(Fault::Broken(format!("password hashing: {error}")));
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).map_err(broken)?;
        let mut hash = [0; 32];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(password.as_bytes(), &self.salt, &mut hash)
            .map_err(broken)?;
        Ok(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_itself_and_nothing_else() {
        let hashed = HashedPassword::make("correct horse", [7; 16]).unwrap();
        assert!(hashed.matches("correct horse").unwrap());
        assert!(!hashed.matches("correct horsf").unwrap());
        assert!(!hashed.matches("").unwrap());
        assert!(!hashed.matches(&"x".repeat(5000)).unwrap());
    }
}
