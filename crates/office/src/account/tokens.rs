//! Tokens by which programs act for an account: with some of its rights, for some time. The secret is shown once and kept
//! as a digest; what ends the account's sessions ends its tokens too.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Batch, Change, Digest};
use uuid::Uuid;

use crate::account::wire::AccountEvent;
use crate::account::{AccountId, Viewer};
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;

/// A token lasts at most so long; then somebody has to want it again.
pub const TOKEN_DAYS_MAX: i64 = 365;
const TOKENS_MAX: usize = 50;
const NAME_CHARS_MAX: usize = 80;
/// It is written down that a token was used at most so often.
const USED_MINUTES: i64 = 60;
/// By which people and scanners of leaked secrets recognise one.
const MARK: &str = "yct_";

/// What a token may be used for. It never lends more than its account may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// Read cases, worklists, files and results.
    #[serde(rename = "cases:read")]
    ReadCases,
    /// Act on cases.
    #[serde(rename = "cases:act")]
    ActOnCases,
    /// Begin applications, fill them in and hand them in.
    #[serde(rename = "drafts")]
    Drafts,
    /// Take numbers, book appointments, work at a window.
    #[serde(rename = "halls")]
    Halls,
    #[serde(rename = "figures:read")]
    ReadFigures,
    /// Keep accounts.
    #[serde(rename = "accounts")]
    Accounts,
    /// Say where webhooks go.
    #[serde(rename = "webhooks")]
    Webhooks,
    /// Check packs and make them current.
    #[serde(rename = "packs")]
    Packs,
    /// Say what becomes of records, and read the trail.
    #[serde(rename = "records")]
    Records,
}

impl Scope {
    pub const ALL: [Self; 9] = [
        Self::ReadCases,
        Self::ActOnCases,
        Self::Drafts,
        Self::Halls,
        Self::ReadFigures,
        Self::Accounts,
        Self::Webhooks,
        Self::Packs,
        Self::Records,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::ReadCases => "cases:read",
            Self::ActOnCases => "cases:act",
            Self::Drafts => "drafts",
            Self::Halls => "halls",
            Self::ReadFigures => "figures:read",
            Self::Accounts => "accounts",
            Self::Webhooks => "webhooks",
            Self::Packs => "packs",
            Self::Records => "records",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.code() == code)
    }
}

/// The whole token, as only its bearer has it.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiToken(pub String);

impl std::fmt::Debug for ApiToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ApiToken")
    }
}

impl ApiToken {
    /// Where it is kept. Anything that cannot be a token has no place.
    fn place(&self) -> Option<(AccountId, String)> {
        let (account, secret) = self.0.strip_prefix(MARK)?.split_once('_')?;
        let account = AccountId(Uuid::try_parse(account).ok()?);
        Some((account, Digest::of(secret.as_bytes()).to_string()))
    }
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is for, in its owner's words.
    pub name: String,
    pub scopes: Vec<Scope>,
    pub days: i64,
}

/// One of somebody's tokens, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnToken {
    /// Names it, opens nothing.
    pub id: String,
    pub name: String,
    pub scopes: Vec<Scope>,
    pub made_at: Timestamp,
    pub expires_at: Timestamp,
    /// To within an hour; none while it was never used.
    pub used_at: Option<Timestamp>,
}

/// Who a token acts for, and with which rights.
#[derive(Clone, Debug)]
pub struct Bearer {
    pub viewer: Viewer,
    pub scopes: Vec<Scope>,
}

/// Never changed once it is written, so that nothing brings it back after it was taken back.
#[derive(Serialize, Deserialize)]
struct Kept {
    name: String,
    scopes: Vec<Scope>,
    made_at: Timestamp,
    expires_at: Timestamp,
    /// [`crate::AccountRow::endings`] when it was made: another number, and it has ended.
    endings: i64,
}

fn space(account: AccountId) -> String {
    format!("api-token/{account}")
}

fn used_space(account: AccountId) -> String {
    format!("api-token-used/{account}")
}

impl Office {
    /// Makes a token for one's own account. It is shown this once.
    pub async fn make_token(&self, new: NewToken, viewer: &Viewer) -> Result<(ApiToken, OwnToken)> {
        let NewToken { name, mut scopes, days } = new;
        let name = identifier::name(&name, NAME_CHARS_MAX).map_err(|_| NotPossible::TokenIncomplete)?;
        scopes.sort();
        scopes.dedup();
        if scopes.is_empty() || !(1..=TOKEN_DAYS_MAX).contains(&days) {
            return Err(NotPossible::TokenIncomplete.into());
        }
        if self.tokens(viewer).await?.len() >= TOKENS_MAX {
            return Err(NotPossible::TokensMany.into());
        }
        let row = self.account_row(viewer.id).await?.filter(|row| row.open).ok_or(OfficeError::Denied)?;
        let now = self.now();
        let expires_at = now + SignedDuration::from_hours(24 * days);
        let token = ApiToken(format!("{MARK}{}_{}", viewer.id.0.simple(), self.new_secret::<32>()));
        let (account, id) = token.place().expect("a token that was made just now has a place");
        let kept = Kept {
            name: name.clone(),
            scopes: scopes.clone(),
            made_at: now,
            expires_at,
            endings: row.endings,
        };
        let event = AccountEvent::TokenMade {
            token: id.clone(),
            scopes: scopes.iter().map(|scope| scope.code().to_owned()).collect(),
        };
        let batch = self.account_change(account, &event, viewer.id).await?.change(Change::KvPut {
            space: space(account),
            key: id.clone(),
            bytes: serde_json::to_vec(&kept)?,
            expires_at: Some(expires_at),
        });
        self.store().commit(batch).await?;
        Ok((token, OwnToken { id, name, scopes, made_at: now, expires_at, used_at: None }))
    }

    /// One's own tokens that still open something, the newest first.
    pub async fn tokens(&self, viewer: &Viewer) -> Result<Vec<OwnToken>> {
        let now = self.now();
        let Some(row) = self.account_row(viewer.id).await? else { return Ok(Vec::new()) };
        let mut used: HashMap<String, Vec<u8>> =
            self.store().kv_list(&used_space(viewer.id), "", now).await?.into_iter().collect();
        let mut tokens = Vec::new();
        for (id, bytes) in self.store().kv_list(&space(viewer.id), "", now).await? {
            let kept: Kept = serde_json::from_slice(&bytes)?;
            if kept.endings != row.endings {
                continue;
            }
            let used_at = used.remove(&id).and_then(|bytes| instant(&bytes));
            let Kept { name, scopes, made_at, expires_at, .. } = kept;
            tokens.push(OwnToken { id, name, scopes, made_at, expires_at, used_at });
        }
        tokens.sort_by_key(|token| std::cmp::Reverse(token.made_at));
        Ok(tokens)
    }

    /// Takes one of one's own tokens back. It opens nothing from now on.
    pub async fn revoke_token(&self, id: &str, viewer: &Viewer) -> Result<()> {
        if self.store().kv_get(&space(viewer.id), id, self.now()).await?.is_none() {
            return Err(OfficeError::NotFound);
        }
        let event = AccountEvent::TokenRevoked { token: id.to_owned() };
        let mut batch = self.account_change(viewer.id, &event, viewer.id).await?;
        for space in [space(viewer.id), used_space(viewer.id)] {
            batch = batch.change(Change::KvRemove { space, key: id.to_owned() });
        }
        self.store().commit(batch).await?;
        Ok(())
    }

    /// Whom a token acts for, if it still opens anything.
    pub async fn bearer(&self, token: &ApiToken) -> Result<Option<Bearer>> {
        let Some((account, id)) = token.place() else { return Ok(None) };
        let now = self.now();
        let Some(bytes) = self.store().kv_get(&space(account), &id, now).await? else { return Ok(None) };
        let kept: Kept = serde_json::from_slice(&bytes)?;
        let row = self.account_row(account).await?;
        let Some(row) = row.filter(|row| row.endings == kept.endings) else { return Ok(None) };
        let lately = now - SignedDuration::from_mins(USED_MINUTES);
        if self.used_at(account, &id).await?.is_none_or(|at| at <= lately) {
            let used = Change::KvPut {
                space: used_space(account),
                key: id,
                bytes: now.to_string().into_bytes(),
                expires_at: Some(kept.expires_at),
            };
            self.store().commit(Batch::new(now).change(used)).await?;
        }
        Ok(self.viewer_of(row).await?.map(|viewer| Bearer { viewer, scopes: kept.scopes }))
    }

    /// The account with this login, for whoever has the machine in hand.
    pub async fn viewer_with_login(&self, login: &str) -> Result<Viewer> {
        let id = self.account_by_login(login).await?.ok_or(OfficeError::NotFound)?;
        self.viewer(id).await?.ok_or(OfficeError::NotFound)
    }

    async fn used_at(&self, account: AccountId, id: &str) -> Result<Option<Timestamp>> {
        let bytes = self.store().kv_get(&used_space(account), id, self.now()).await?;
        Ok(bytes.and_then(|bytes| instant(&bytes)))
    }
}

fn instant(bytes: &[u8]) -> Option<Timestamp> {
    std::str::from_utf8(bytes).ok()?.parse().ok()
}
