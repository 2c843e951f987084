//! How much is given, and to whom more.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::account::Visit;

/// Addresses that many people share (the hall's own network, its machines, a counter) have so many times as much.
const SHARED_TIMES: u64 = 20;
const MEGABYTE: u64 = 1024 * 1024;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Making {
    /// Numbers in halls, from phones, from machines and by programs.
    Numbers,
    /// Those among them that count for the queue although the hall has not seen who holds them.
    NumbersUnseen,
    Bookings,
    /// Bookings with the same telephone.
    BookingsOfPhone,
    /// Reports about the administration itself.
    Reports,
    Drafts,
    /// Bytes of files.
    Uploads,
    Accounts,
    /// Beginnings of a sign-in at a provider outside.
    SignIns,
    /// Looks at the page that tells whether a document is genuine.
    Checks,
}

/// What [`Bounds::set`] does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundsFault(pub String);

/// What strangers are given. Each amount is there at once and comes back evenly within its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    most: [u64; Making::ALL.len()],
    shared: BTreeSet<String>,
    /// Under so much free room strangers' files and new drafts are refused.
    pub room_bytes_min: u64,
}

impl Making {
    pub const ALL: [Self; 10] = [
        Self::Numbers,
        Self::NumbersUnseen,
        Self::Bookings,
        Self::BookingsOfPhone,
        Self::Reports,
        Self::Drafts,
        Self::Uploads,
        Self::Accounts,
        Self::SignIns,
        Self::Checks,
    ];

    /// As it is written in the settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Numbers => "numbers",
            Self::NumbersUnseen => "numbers-unseen",
            Self::Bookings => "bookings",
            Self::BookingsOfPhone => "bookings-of-phone",
            Self::Reports => "reports",
            Self::Drafts => "drafts",
            Self::Uploads => "upload-mb",
            Self::Accounts => "accounts",
            Self::SignIns => "sign-ins",
            Self::Checks => "checks",
        }
    }

    /// Wide enough for an office or a family of companies behind one address.
    const fn usual(self) -> u64 {
        match self {
            Self::Numbers | Self::Drafts => 200,
            Self::Bookings | Self::Reports => 40,
            Self::BookingsOfPhone => 6,
            // A family, or two colleagues; more would be a queue of people who are nowhere.
            Self::NumbersUnseen => 8,
            Self::Uploads => 2048 * MEGABYTE,
            Self::Accounts => 60,
            Self::SignIns | Self::Checks => 120,
        }
    }

    /// Within which the whole amount comes back.
    pub(crate) const fn seconds(self) -> u64 {
        match self {
            Self::SignIns | Self::Checks => 60 * 60,
            _ => 24 * 60 * 60,
        }
    }

    pub(crate) const fn is_hourly(self) -> bool {
        self.seconds() == 60 * 60
    }

    const fn unit(self) -> u64 {
        match self {
            Self::Uploads => MEGABYTE,
            _ => 1,
        }
    }

    /// As people read an amount.
    pub(crate) const fn shown(self, amount: u64) -> u64 {
        amount / self.unit()
    }
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            most: Making::ALL.map(Making::usual),
            shared: BTreeSet::new(),
            room_bytes_min: 1024 * MEGABYTE,
        }
    }
}

impl Bounds {
    /// Reads `drafts=400`; `room-mb=500` is the room on the disk that is left to the journal.
    ///
    /// # Errors
    /// A name that is none, or an amount that is no positive number.
    pub fn set(&mut self, text: &str) -> Result<(), BoundsFault> {
        let fault = || BoundsFault(text.to_owned());
        let (name, amount) = text.split_once('=').ok_or_else(fault)?;
        let amount: u64 = amount.trim().parse().ok().filter(|amount| *amount > 0).ok_or_else(fault)?;
        if name.trim() == "room-mb" {
            self.room_bytes_min = amount.saturating_mul(MEGABYTE);
            return Ok(());
        }
        let place = Making::ALL.iter().position(|making| making.name() == name.trim()).ok_or_else(fault)?;
        self.most[place] = amount.saturating_mul(Making::ALL[place].unit());
        Ok(())
    }

    /// Many people come from there.
    pub fn share(&mut self, address: IpAddr) {
        self.shared.insert(Visit { address: Some(address), ..Visit::default() }.origin());
    }

    /// What can be set, with what it is.
    pub fn amounts(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        Making::ALL.into_iter().map(|making| (making.name(), making.shown(self.most(making))))
    }

    pub(crate) fn most(&self, making: Making) -> u64 {
        let place = Making::ALL.iter().position(|each| *each == making);
        place.map_or(0, |place| self.most[place])
    }

    pub(crate) fn is_shared(&self, origin: &str) -> bool {
        self.shared.contains(origin)
    }

    pub(crate) fn times(&self, origin: &str) -> u64 {
        if self.is_shared(origin) { SHARED_TIMES } else { 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_set_by_its_name_and_nothing_else_is_taken() {
        let mut bounds = Bounds::default();
        bounds.set("drafts=7").unwrap();
        bounds.set("upload-mb=3").unwrap();
        bounds.set("room-mb=5").unwrap();
        assert_eq!(bounds.most(Making::Drafts), 7);
        assert_eq!(bounds.most(Making::Uploads), 3 * MEGABYTE);
        assert_eq!(bounds.room_bytes_min, 5 * MEGABYTE);
        assert_eq!(bounds.most(Making::Numbers), Making::Numbers.usual());
        for wrong in ["drafts", "drafts=", "drafts=0", "drafts=-1", "draft=1", "=1", ""] {
            assert_eq!(bounds.set(wrong), Err(BoundsFault(wrong.into())));
        }
    }

    #[test]
    fn an_address_that_many_share_has_more() {
        let mut bounds = Bounds::default();
        bounds.share("2001:db8:1:2::9".parse().unwrap());
        assert_eq!(bounds.times("2001:db8:1:2"), SHARED_TIMES);
        assert_eq!(bounds.times("198.51.100.1"), 1);
    }
}
