//! Identities from outside: an account is linked to whom an issuer vouches for, by the security administrator or by a claim
//! that was agreed on. What the provider said is checked before it comes here.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use store::{Batch, Change, Conflict, Digest};

use crate::account::visit::Visit;
use crate::account::wire::AccountEvent;
use crate::account::{AccountId, AccountRow, Duty, SignedIn, Standing, Viewer};
use crate::bounds::Making;
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;

/// While somebody is at the provider.
const AWAY_MINUTES: i64 = 10;
/// So long a code for linking is good.
const OFFER_HOURS: i64 = 72;
const AWAY: &str = "identity-away";
const OFFERS: &str = "identity-offer";
/// By the digest of issuer and subject: whose account it is.
const LINKS: &str = "identity";
/// No letters or digits that look alike.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const CODE_CHARS: usize = 10;

/// What the browser keeps while its owner is at the provider.
#[derive(Clone, PartialEq, Eq)]
pub struct IdentityToken(pub String);

impl std::fmt::Debug for IdentityToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IdentityToken")
    }
}

/// Whom an issuer vouches for.
#[derive(Clone, Serialize, Deserialize)]
pub struct Vouched {
    pub issuer: String,
    pub subject: String,
    /// A login here, by the claim that was agreed on.
    #[serde(default, skip_serializing)]
    pub login: Option<String>,
}

/// Who somebody is stays out of logs.
impl std::fmt::Debug for Vouched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vouched").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// What an identity leads to.
#[derive(Clone, Debug)]
pub enum ByIdentity {
    SignedIn(SignedIn),
    /// It is linked to no account yet: the code is for the security administrator.
    Unlinked {
        code: String,
    },
}

fn key(issuer: &str, subject: &str) -> String {
    Digest::of(format!("{issuer}\n{subject}").as_bytes()).to_string()
}

/// Bound to the browser, so that nobody can be sent back as somebody else.
fn away_key(token: &IdentityToken, state: &str) -> String {
    Digest::of(format!("{}\n{state}", token.0).as_bytes()).to_string()
}

fn own_space(account: AccountId) -> String {
    format!("identities/{account}")
}

impl Office {
    /// Counts a beginning, before the provider is asked for anything.
    pub fn may_leave_for_provider(&self) -> Result<()> {
        self.purse_of_address(Making::SignIns).take(1).map(drop)
    }

    /// Keeps what the provider's answer is held against, and gives the browser what leads to it.
    /// A browser that is away already keeps what it has: each of its pages comes back with a `state` of its own.
    pub async fn send_to_provider(
        &self,
        pending: Vec<u8>,
        state: &str,
        token: Option<IdentityToken>,
    ) -> Result<IdentityToken> {
        let token = token.unwrap_or_else(|| IdentityToken(self.new_secret::<32>()));
        let put = Change::KvPut {
            space: AWAY.into(),
            key: away_key(&token, state),
            bytes: pending,
            expires_at: Some(self.now() + SignedDuration::from_mins(AWAY_MINUTES)),
        };
        self.store().commit(Batch::new(self.now()).change(put)).await?;
        Ok(token)
    }

    /// What was kept for this browser and `state`, once. One that is not known takes nothing away from the others.
    pub async fn back_from_provider(&self, token: &IdentityToken, state: &str) -> Result<Vec<u8>> {
        let key = away_key(token, state);
        let kept = self.store().kv_get(AWAY, &key, self.now()).await?.ok_or(NotPossible::SignInOver)?;
        let remove = Change::KvRemove { space: AWAY.into(), key };
        self.store().commit(Batch::new(self.now()).change(remove)).await?;
        Ok(kept)
    }

    /// Signs in whom an issuer vouches for. The second factor of this zone is asked for as after a password.
    pub async fn sign_in_by_identity(&self, vouched: &Vouched, visit: &Visit) -> Result<ByIdentity> {
        let key = key(&vouched.issuer, &vouched.subject);
        let linked = self.store().kv_get(LINKS, &key, self.now()).await?;
        let linked = linked.and_then(|bytes| uuid::Uuid::from_slice(&bytes).ok()).map(AccountId);
        let account = match linked {
            Some(account) => account,
            None => match self.claimed_account(vouched).await? {
                Some(account) => {
                    self.link(account, vouched, account).await?;
                    account
                }
                None => return Ok(ByIdentity::Unlinked { code: self.offer(vouched).await? }),
            },
        };
        let row = self.account_row(account).await?.filter(|row| row.open);
        let row = row.ok_or(NotPossible::WrongPassword)?;
        let (signed_in, batch) = self.next_step(row, false, visit).await?;
        self.store().commit(batch).await?;
        Ok(ByIdentity::SignedIn(signed_in))
    }

    /// The open account of an officer with the login that was claimed. Whoever administers is linked by hand.
    async fn claimed_account(&self, vouched: &Vouched) -> Result<Option<AccountId>> {
        let Some(login) = &vouched.login else { return Ok(None) };
        let Some(account) = self.account_by_login(login).await? else {
            return Ok(None);
        };
        let fits = |row: &AccountRow| row.open && row.standing == Standing::Officer;
        let taken = !self.identities(account).await?.is_empty();
        Ok(self.account_row(account).await?.filter(|row| fits(row) && !taken).map(|row| row.id))
    }

    async fn offer(&self, vouched: &Vouched) -> Result<String> {
        let mut random = [0; CODE_CHARS];
        self.inner.surroundings.entropy.fill(&mut random);
        let code: String = random.iter().map(|byte| char::from(LETTERS[usize::from(*byte % 32)])).collect();
        let put = Change::KvPut {
            space: OFFERS.into(),
            key: Digest::of(code.as_bytes()).to_string(),
            bytes: serde_json::to_vec(vouched)?,
            expires_at: Some(self.now() + SignedDuration::from_hours(OFFER_HOURS)),
        };
        self.store().commit(Batch::new(self.now()).change(put)).await?;
        Ok(format!("{}-{}", &code[..CODE_CHARS / 2], &code[CODE_CHARS / 2..]))
    }

    /// Links the identity that was shown this code to somebody's account.
    pub async fn link_identity(&self, account: AccountId, code: &str, by: &Viewer) -> Result<()> {
        let row = self.someone_else(account, Duty::Security, by).await?;
        if !row.open {
            return Err(OfficeError::Denied);
        }
        let code: String =
            code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
        let offer = Digest::of(code.as_bytes()).to_string();
        let kept = self.store().kv_get(OFFERS, &offer, self.now()).await?.ok_or(NotPossible::LinkCode)?;
        self.link(account, &serde_json::from_slice(&kept)?, by.id).await?;
        let used = Change::KvRemove { space: OFFERS.into(), key: offer };
        self.store().commit(Batch::new(self.now()).change(used)).await?;
        Ok(())
    }

    async fn link(&self, account: AccountId, vouched: &Vouched, by: AccountId) -> Result<()> {
        let event = AccountEvent::IdentityLinked { issuer: vouched.issuer.clone() };
        let key = key(&vouched.issuer, &vouched.subject);
        let batch = self
            .account_change(account, &event, by)
            .await?
            .change(Change::KvClaim {
                space: LINKS.into(),
                key: key.clone(),
                bytes: account.0.as_bytes().to_vec(),
                expires_at: None,
            })
            .change(Change::KvPut {
                space: own_space(account),
                key,
                bytes: vouched.issuer.clone().into_bytes(),
                expires_at: None,
            });
        match self.store().commit(batch).await {
            Err(error) if matches!(error.conflict(), Some(Conflict::Taken { .. })) => {
                Err(NotPossible::IdentityTaken.into())
            }
            other => Ok(other.map(drop)?),
        }
    }

    /// Issuers that vouch for the owner of this account.
    pub async fn identities(&self, account: AccountId) -> Result<Vec<String>> {
        let kept = self.store().kv_list(&own_space(account), "", self.now()).await?;
        Ok(kept.into_iter().map(|(_, issuer)| String::from_utf8_lossy(&issuer).into_owned()).collect())
    }

    /// Nobody outside is believed to be the owner of this account any more. Sessions end.
    pub async fn unlink_identities(&self, account: AccountId, by: &Viewer) -> Result<()> {
        self.someone_else(account, Duty::Security, by).await?;
        for (key, issuer) in self.store().kv_list(&own_space(account), "", self.now()).await? {
            let event = AccountEvent::IdentityUnlinked { issuer: String::from_utf8_lossy(&issuer).into() };
            let mut batch = self.account_change(account, &event, by.id).await?;
            batch.changes.extend(unlinked(account, key));
            self.store().commit(batch).await?;
        }
        Ok(())
    }

    /// What has to go with an account that is forgotten.
    pub(crate) async fn links_of(&self, account: AccountId) -> Result<Vec<Change>> {
        let kept = self.store().kv_list(&own_space(account), "", self.now()).await?;
        Ok(kept.into_iter().flat_map(|(key, _)| unlinked(account, key)).collect())
    }
}

fn unlinked(account: AccountId, key: String) -> [Change; 2] {
    [
        Change::KvRemove { space: LINKS.into(), key: key.clone() },
        Change::KvRemove { space: own_space(account), key },
    ]
}
