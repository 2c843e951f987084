//! Networks that whoever runs the server names: an address (`10.20.0.9`), a network (`10.20.0.0/16`), or `loopback` for the
//! machine itself.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

const LOOPBACK: &str = "loopback";

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks {
    named: Arc<Vec<(IpAddr, u8)>>,
}

impl Networks {
    /// # Errors
    /// The text that names none.
    pub fn named<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut named = Vec::new();
        for text in texts {
            if text == LOOPBACK {
                named.extend([(Ipv4Addr::LOCALHOST.into(), 8), (Ipv6Addr::LOCALHOST.into(), 128)]);
            } else {
                named.push(network(text).ok_or_else(|| text.to_owned())?);
            }
        }
        Ok(Self { named: Arc::new(named) })
    }

    pub fn holds(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.named.iter().any(|(network, bits)| match (network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(*bits)).unwrap_or(0);
                network.to_bits() & mask == address.to_bits() & mask
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(*bits)).unwrap_or(0);
                network.to_bits() & mask == address.to_bits() & mask
            }
            _ => false,
        })
    }
}

fn network(text: &str) -> Option<(IpAddr, u8)> {
    let (address, bits) = text.split_once('/').unwrap_or((text, ""));
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = if bits.is_empty() { most } else { bits.parse().ok().filter(|bits| *bits <= most)? };
    Some((address, bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_networks_and_the_machine_itself_can_be_named() {
        let named = Networks::named(["10.0.0.2", "10.20.0.0/16", "2001:db8::/32", "loopback"]).unwrap();
        for inside in ["10.0.0.2", "10.20.7.1", "::ffff:10.20.7.1", "2001:db8:1::1", "127.0.0.9", "::1"] {
            assert!(named.holds(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["10.0.0.3", "10.21.0.1", "2001:db9::1", "192.0.2.1"] {
            assert!(!named.holds(outside.parse().unwrap()), "{outside}");
        }
        for wrong in ["", "local", "10.0.0.0/33", "10.0.0/8", "loopback/8"] {
            assert_eq!(Networks::named([wrong]), Err(wrong.to_owned()));
        }
    }
}
