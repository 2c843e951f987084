//! What people whom nobody knows may make: so much from one address, for one telephone, and for one account, since anybody can
//! open accounts. A share is taken before the work, and given back where nothing came of it. Nodes count for themselves.

mod meter;
mod origin;
mod settings;
mod words;

use std::future::Future;

use store::Digest;

use crate::case::By;
use crate::error::{OfficeError, Result};
use crate::office::Office;

pub(crate) use meter::{Meter, Share};
pub use origin::coming_from;
pub(crate) use origin::origin;
pub use settings::{Bounds, BoundsFault, Making};
pub(crate) use words::crowded;

/// By what somebody is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountedBy {
    Address,
    Account,
    Telephone,
}

/// More was asked for than strangers are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enough {
    pub making: Making,
    pub by: CountedBy,
    /// How much there is in an hour or a day.
    pub most: u64,
    /// Until there is some again.
    pub minutes: i64,
}

/// What one payer has of one kind.
#[derive(Debug)]
pub(crate) struct Purse {
    office: Office,
    making: Making,
    payer: Option<Payer>,
}

struct Payer {
    by: CountedBy,
    name: String,
    times: u64,
}

/// Addresses stay out of logs.
impl std::fmt::Debug for Payer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Payer").field("by", &self.by).finish_non_exhaustive()
    }
}

impl Office {
    /// Bounds other than the usual ones. Without effect on what was counted already.
    pub fn set_bounds(&self, bounds: Bounds) {
        self.inner.meter.set_bounds(bounds);
    }

    /// Does `work` as one of those that somebody may do. Where nothing comes of it, nothing is counted.
    pub(crate) async fn within_bounds<T>(
        &self,
        making: Making,
        by: By<'_>,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        self.shared(self.purse(making, by).take(1)?, work).await
    }

    /// As [`Office::within_bounds`], by the address alone, whoever it is.
    pub(crate) async fn within_bounds_of_address<T>(
        &self,
        making: Making,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        self.shared(self.purse_of_address(making).take(1)?, work).await
    }

    /// As [`Office::within_bounds`], by a telephone, of which only a digest is held.
    pub(crate) async fn within_bounds_of_phone<T>(
        &self,
        making: Making,
        by: By<'_>,
        phone: &str,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        // Clerks book with the hall's own number.
        let payer = (!digits.is_empty() && !is_staff(by)).then(|| {
            let name = Digest::of(digits.as_bytes()).to_string();
            Payer { by: CountedBy::Telephone, name, times: 1 }
        });
        self.shared(Purse { office: self.clone(), making, payer }.take(1)?, work).await
    }

    pub(crate) async fn shared<T>(
        &self,
        share: Option<Share>,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let done = work.await;
        // Whoever goes away in the middle has had it: what was begun may still take effect.
        if done.is_err() {
            self.inner.meter.give_back(share, self.now());
        }
        done
    }

    /// From what whoever acts is given. Officers, and the office itself, are counted nowhere.
    pub(crate) fn purse(&self, making: Making, by: By<'_>) -> Purse {
        let payer = match by {
            _ if is_staff(by) => None,
            By::Viewer(viewer) | By::Agent(viewer) => {
                Some(Payer { by: CountedBy::Account, name: viewer.id.to_string(), times: 1 })
            }
            By::Guest(_) | By::System => self.address(),
        };
        Purse { office: self.clone(), making, payer }
    }

    pub(crate) fn purse_of_address(&self, making: Making) -> Purse {
        Purse { office: self.clone(), making, payer: self.address() }
    }

    /// Strangers may fill a disk up to here; the rest is for the journal.
    pub(crate) async fn needs_room(&self, by: By<'_>) -> Result<()> {
        if is_staff(by) {
            return Ok(());
        }
        match self.store().room().await? {
            Some(bytes) if bytes < self.inner.meter.bounds().room_bytes_min => Err(OfficeError::Crowded),
            _ => Ok(()),
        }
    }

    /// Whether whoever acts is where the hall can see them: staff, its own machines and its own network.
    pub(crate) fn is_in_the_hall(&self, by: By<'_>) -> bool {
        is_staff(by) || origin().is_none_or(|from| self.inner.meter.bounds().is_shared(&from))
    }

    /// How many people an address stands for.
    pub(crate) fn times_of(&self, address: &str) -> u64 {
        self.inner.meter.bounds().times(address)
    }

    fn address(&self) -> Option<Payer> {
        let name = origin()?;
        let times = self.inner.meter.bounds().times(&name);
        Some(Payer { by: CountedBy::Address, name, times })
    }
}

impl Purse {
    pub(crate) fn take(&self, amount: u64) -> Result<Option<Share>> {
        let Some(payer) = &self.payer else { return Ok(None) };
        let meter = &self.office.inner.meter;
        let most = meter.bounds().most(self.making).saturating_mul(payer.times);
        let taken = meter.take(self.making, &payer.name, amount, most, self.office.now());
        taken.map(Some).map_err(|seconds| {
            let minutes = ((seconds + 59) / 60).max(1);
            OfficeError::Enough(Enough { making: self.making, by: payer.by, most, minutes })
        })
    }
}

fn is_staff(by: By<'_>) -> bool {
    matches!(by, By::Viewer(viewer) | By::Agent(viewer) if !viewer.is_applicant())
}
