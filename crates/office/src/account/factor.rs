//! The second factor of the zone's staff: a code that an authenticator shows, or one of ten codes kept for the day when the
//! telephone is lost. The secret lies in the vault; events only say that there is one, since when and by whom it was taken away.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use store::{Batch, Change, Conflict, Digest};

use crate::account::Allowance;
use crate::account::totp::{SECRET_BYTES, Secret};
use crate::account::wire::AccountEvent;
use crate::account::{AccountId, AccountRow, Duty, Standing, Viewer};
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;

const PENDING_MINUTES: i64 = 30;
/// A used code is remembered for longer than it could be given.
const USED_MINUTES: i64 = 5;
const WRONG_CODES_MAX: usize = 6;
pub const RECOVERY_CODES: usize = 10;
const RECOVERY_CHARS: usize = 10;
/// No letters or digits that look alike.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Who must have a second factor. Who has one is asked for it in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecondFactor {
    #[default]
    Off,
    /// Officers and administrators.
    Officers,
}

impl SecondFactor {
    pub fn is_demanded_of(self, standing: Standing) -> bool {
        self == Self::Officers && standing != Standing::Applicant
    }
}

/// What an authenticator has to be told, once.
#[derive(Clone)]
pub struct Enrolment {
    /// For typing.
    pub key: String,
    /// For the picture.
    pub address: String,
}

/// A secret stays out of logs.
impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Enrolment")
    }
}

/// What the vault keeps.
#[derive(Serialize, Deserialize)]
struct Kept {
    secret: [u8; SECRET_BYTES],
    salt: [u8; 16],
    /// Digests of the recovery codes.
    recovery: Vec<String>,
}

impl Kept {
    fn digest(&self, code: &str) -> String {
        digest(&self.salt, code)
    }
}

fn digest(salt: &[u8; 16], code: &str) -> String {
    let plain: String =
        code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    Digest::of(&[&salt[..], plain.as_bytes()].concat()).to_string()
}

fn used_space(account: AccountId) -> String {
    format!("factor-used/{account}")
}

fn vault_key(account: AccountId) -> String {
    format!("{account}/second-factor")
}

impl Office {
    /// What the authenticator of this account is to be told. Asking again gives the same until it is confirmed.
    pub async fn begin_factor(&self, account: AccountId) -> Result<Enrolment> {
        let row = self.staff_row(account).await?;
        if row.second_factor {
            return Err(NotPossible::FactorThere.into());
        }
        let now = self.now();
        let secret = match self.pending_secret(account).await? {
            Some(secret) => secret,
            None => {
                let mut secret = [0; SECRET_BYTES];
                self.inner.surroundings.entropy.fill(&mut secret);
                let put = Change::KvPut {
                    space: "factor-pending".into(),
                    key: account.to_string(),
                    bytes: secret.to_vec(),
                    expires_at: Some(now + SignedDuration::from_mins(PENDING_MINUTES)),
                };
                self.store().commit(Batch::new(now).change(put)).await?;
                Secret(secret)
            }
        };
        let edition = self.edition();
        let issuer = percent(&edition.zone().name.zh);
        let address = format!(
            "otpauth://totp/{issuer}:{}?secret={}&issuer={issuer}",
            percent(&row.login),
            secret.base32()
        );
        Ok(Enrolment { key: secret.base32(), address })
    }

    /// Takes the factor into use when the authenticator shows the right code, and gives the recovery codes, this once.
    pub async fn confirm_factor(&self, account: AccountId, code: &str) -> Result<Vec<String>> {
        if self.staff_row(account).await?.second_factor {
            return Err(NotPossible::FactorThere.into());
        }
        let now = self.now();
        let secret = self.pending_secret(account).await?.ok_or(NotPossible::WrongCode)?;
        let attempt =
            self.attempt(&[Allowance::new("factor", &account.to_string(), WRONG_CODES_MAX)]).await?;
        let step = secret.step_of(code, now).ok_or(NotPossible::WrongCode)?;
        let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| self.recovery_code()).collect();
        let salt = self.new_salt();
        let recovery = codes.iter().map(|code| digest(&salt, code)).collect();
        let kept = Kept { secret: secret.0, salt, recovery };
        let mut batch = self.account_change(account, &AccountEvent::SecondFactorSet, account).await?;
        batch.changes.push(self.vault_put(
            &vault_key(account),
            &account.to_string(),
            serde_json::to_vec(&kept)?,
        ));
        batch.changes.push(used(account, &format!("step/{step}"), Some(now)));
        batch.changes.push(Change::KvRemove { space: "factor-pending".into(), key: account.to_string() });
        batch.changes.extend(attempt.forgive());
        self.store().commit(batch).await.map_err(taken_is_wrong)?;
        Ok(codes)
    }

    /// True when the code is right; it is not taken a second time.
    pub(crate) async fn show_factor(&self, account: AccountId, code: &str) -> Result<()> {
        let now = self.now();
        let attempt =
            self.attempt(&[Allowance::new("factor", &account.to_string(), WRONG_CODES_MAX)]).await?;
        let bytes = self.vault(&vault_key(account)).await?.ok_or(NotPossible::WrongCode)?;
        let kept: Kept = serde_json::from_slice(&bytes)?;
        let mut batch = match Secret(kept.secret).step_of(code, now) {
            Some(step) => Batch::new(now).change(used(account, &format!("step/{step}"), Some(now))),
            None => {
                let digest = kept.digest(code);
                if !kept.recovery.contains(&digest) {
                    return Err(NotPossible::WrongCode.into());
                }
                let batch = self.account_change(account, &AccountEvent::RecoveryCodeUsed, account).await?;
                batch.change(used(account, &format!("recovery/{digest}"), None))
            }
        };
        batch.changes.extend(attempt.forgive());
        self.store().commit(batch).await.map_err(taken_is_wrong)?;
        Ok(())
    }

    /// Whether the account shows a second factor.
    pub async fn has_factor(&self, account: AccountId) -> Result<bool> {
        Ok(self.account_row(account).await?.is_some_and(|row| row.second_factor))
    }

    /// How many recovery codes were not used yet.
    pub async fn recovery_codes_left(&self, account: AccountId) -> Result<usize> {
        let Some(bytes) = self.vault(&vault_key(account)).await? else { return Ok(0) };
        let kept: Kept = serde_json::from_slice(&bytes)?;
        let used = self.store().kv_list(&used_space(account), "recovery/", self.now()).await?.len();
        Ok(kept.recovery.len().saturating_sub(used))
    }

    /// Takes one's own factor away, with a code that it shows: for whoever has a new telephone.
    pub async fn drop_factor(&self, by: &Viewer, code: &str) -> Result<()> {
        self.staff_row(by.id).await?;
        self.show_factor(by.id, code).await?;
        self.take_factor(by.id, &by.id.to_string()).await
    }

    /// Takes somebody's factor away whose telephone is lost. Sessions end with it, and the account keeps the trace.
    pub async fn reset_factor(&self, account: AccountId, by: &Viewer) -> Result<()> {
        self.someone_else(account, Duty::Security, by).await?;
        self.take_factor(account, &by.id.to_string()).await
    }

    pub(crate) async fn take_factor(&self, account: AccountId, by: &str) -> Result<()> {
        if !self.staff_row(account).await?.second_factor {
            return Ok(());
        }
        let space = used_space(account);
        let gone = self.store().kv_list(&space, "recovery/", self.now()).await?;
        let mut batch = self
            .account_change_by(account, &AccountEvent::SecondFactorRemoved, by)
            .await?
            .change(Change::VaultErase { key: vault_key(account) });
        batch.changes.extend(gone.into_iter().map(|(key, _)| Change::KvRemove { space: space.clone(), key }));
        self.store().commit(batch).await?;
        Ok(())
    }

    async fn staff_row(&self, account: AccountId) -> Result<AccountRow> {
        let row = self.account_row(account).await?.filter(|row| row.open).ok_or(OfficeError::NotFound)?;
        if row.standing == Standing::Applicant { Err(OfficeError::Denied) } else { Ok(row) }
    }

    async fn pending_secret(&self, account: AccountId) -> Result<Option<Secret>> {
        let kept = self.store().kv_get("factor-pending", &account.to_string(), self.now()).await?;
        Ok(kept.and_then(|bytes| bytes.try_into().ok()).map(Secret))
    }

    fn recovery_code(&self) -> String {
        let mut random = [0; RECOVERY_CHARS];
        self.inner.surroundings.entropy.fill(&mut random);
        let code: String = random.iter().map(|byte| char::from(LETTERS[usize::from(*byte % 32)])).collect();
        let (front, back) = code.split_at(RECOVERY_CHARS / 2);
        format!("{front}-{back}")
    }
}

/// Nobody gives this code again. Codes of time are forgotten once they could not be given any more.
fn used(account: AccountId, what: &str, given_at: Option<jiff::Timestamp>) -> Change {
    Change::KvClaim {
        space: used_space(account),
        key: what.into(),
        bytes: vec![1],
        expires_at: given_at.map(|at| at + SignedDuration::from_mins(USED_MINUTES)),
    }
}

fn taken_is_wrong(error: store::StoreError) -> OfficeError {
    match error.conflict() {
        Some(Conflict::Taken { .. }) => NotPossible::WrongCode.into(),
        _ => error.into(),
    }
}

fn percent(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}
