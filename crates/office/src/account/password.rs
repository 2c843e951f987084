//! Passwords: Argon2id with the parameters kept beside the hash, so that they can be raised later.

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};

use crate::error::{Fault, NotPossible, OfficeError, Result};

/// OWASP's second configuration: 19 MiB, two passes.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
pub const PASSWORD_CHARS_MIN: usize = 8;
const PASSWORD_BYTES_MAX: usize = 1024;

/// Whether it may be one.
pub fn check(password: &str) -> Result<()> {
    if password.chars().count() < PASSWORD_CHARS_MIN || password.len() > PASSWORD_BYTES_MAX {
        return Err(NotPossible::WeakPassword.into());
    }
    Ok(())
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
        check(password)?;
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

    #[test]
    fn a_short_password_is_not_taken() {
        assert!(matches!(
            HashedPassword::make("短密码", [0; 16]),
            Err(OfficeError::NotPossible(NotPossible::WeakPassword))
        ));
    }
}
