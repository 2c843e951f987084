//! From where and with what somebody signs in: as much of it as is needed, and no more.

use std::net::IpAddr;

use store::Digest;

use crate::networks::Networks;

/// A browser from which somebody signed in before: a secret that only the browser has. It opens nothing; attempts from it
/// are counted by themselves, so that strangers who guess cannot keep its owner out.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceToken(pub String);

impl std::fmt::Debug for DeviceToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeviceToken")
    }
}

impl DeviceToken {
    pub(crate) fn digest(&self) -> String {
        Digest::of(self.0.as_bytes()).to_string()
    }
}

/// Where somebody signs in. Addresses stay out of logs.
#[derive(Clone, Default)]
pub struct Visit {
    pub address: Option<IpAddr>,
    /// What the browser calls itself.
    pub agent: String,
    pub device: Option<DeviceToken>,
}

impl std::fmt::Debug for Visit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Visit")
    }
}

impl Visit {
    /// The peer, or whom a proxy names that is believed: the last entry that is not itself such a proxy. What stands before
    /// it anybody could have written. A peer that was not named is believed nothing, on this machine neither: whoever may open
    /// a connection here is not yet a proxy.
    pub fn origin_behind<'a>(
        peer: Option<IpAddr>,
        forwarded: impl Iterator<Item = &'a str>,
        proxies: &Networks,
    ) -> Option<IpAddr> {
        let believed = |address: &IpAddr| proxies.holds(*address);
        peer.filter(believed).map_or(peer, |proxy| {
            let named: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
            let mut from = proxy;
            for text in named.iter().rev() {
                let Ok(address) = text.parse::<IpAddr>() else { break };
                from = address.to_canonical();
                if !believed(&from) {
                    break;
                }
            }
            Some(from)
        })
    }

    /// What attempts are counted by: an address, or the whole network that one IPv6 customer has.
    pub fn origin(&self) -> String {
        match self.address.map(|address| address.to_canonical()) {
            None => String::new(),
            Some(IpAddr::V4(address)) => address.to_string(),
            Some(IpAddr::V6(address)) => {
                let s = address.segments();
                format!("{:x}:{:x}:{:x}:{:x}", s[0], s[1], s[2], s[3])
            }
        }
    }

    /// As it is shown and kept: the owner recognises the network, nobody finds the house.
    pub(crate) fn coarse(&self) -> String {
        match self.address.map(|address| address.to_canonical()) {
            None => String::new(),
            Some(IpAddr::V4(address)) => {
                let [a, b, ..] = address.octets();
                format!("{a}.{b}.*.*")
            }
            Some(IpAddr::V6(address)) => {
                let s = address.segments();
                format!("{:x}:{:x}:*", s[0], s[1])
            }
        }
    }

    /// Browser and system, where they are known ones.
    pub(crate) fn machine(&self) -> String {
        // The first that fits: most browsers also claim to be others.
        const BROWSERS: [(&str, &str); 9] = [
            ("MicroMessenger/", "WeChat"),
            ("AlipayClient/", "Alipay"),
            ("Edg/", "Edge"),
            ("OPR/", "Opera"),
            ("QQBrowser/", "QQ Browser"),
            ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"),
            ("Version/", "Safari"),
            ("curl/", "curl"),
        ];
        const SYSTEMS: [(&str, &str); 7] = [
            ("OpenHarmony", "OpenHarmony"),
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Windows", "Windows"),
            ("Mac OS X", "macOS"),
            ("Linux", "Linux"),
        ];
        let first = |known: &[(&str, &'static str)]| {
            known.iter().find(|(mark, _)| self.agent.contains(mark)).map(|(_, name)| *name)
        };
        [first(&BROWSERS), first(&SYSTEMS)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(address: &str, agent: &str) -> Visit {
        Visit { address: Some(address.parse().unwrap()), agent: agent.into(), device: None }
    }

    #[test]
    fn what_is_kept_of_an_address_does_not_lead_to_a_house() {
        assert_eq!(visit("203.0.113.77", "").coarse(), "203.0.*.*");
        assert_eq!(visit("::ffff:203.0.113.77", "").coarse(), "203.0.*.*");
        assert_eq!(visit("2001:db8:1:2:3:4:5:6", "").coarse(), "2001:db8:*");
        assert_eq!(Visit::default().coarse(), "");
    }

    #[test]
    fn one_customer_is_one_origin() {
        assert_eq!(visit("2001:db8:1:2:3:4:5:6", "").origin(), visit("2001:db8:1:2::1", "").origin());
        assert_ne!(visit("2001:db8:1:2::1", "").origin(), visit("2001:db8:1:3::1", "").origin());
        assert_ne!(visit("203.0.113.1", "").origin(), visit("203.0.113.2", "").origin());
    }

    #[test]
    fn machines_are_named_as_their_owners_call_them() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0";
        assert_eq!(visit("::1", edge).machine(), "Edge · Windows");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1";
        assert_eq!(visit("::1", phone).machine(), "Safari · iPhone");
        assert_eq!(visit("::1", "").machine(), "");
    }
}
