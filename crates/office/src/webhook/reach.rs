//! Where messages may go: not into the internal network, unless whoever runs the server says so. A name is looked at after
//! it was resolved, and the connection goes to the address that was looked at.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use crate::networks::Networks;

/// Internal networks that were allowed.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    allowed: Networks,
}

impl Reach {
    /// # Errors
    /// The text that is no address and no network.
    pub fn allowing<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        Ok(Self { allowed: Networks::named(texts)? })
    }

    pub fn allows(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || self.is_named(address)
    }

    fn is_named(&self, address: IpAddr) -> bool {
        self.allowed.holds(address)
    }

    /// Whether an address of a destination can be used at all; where its name leads is looked at when something is sent.
    pub fn takes(&self, url: &str) -> bool {
        let Ok(uri) = url.parse::<Uri>() else { return false };
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return false };
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() || authority.as_str().contains('@') {
            return false;
        }
        let literal = host.parse::<IpAddr>().ok();
        match scheme {
            "https" => literal.is_none_or(|address| self.allows(address)),
            // Without encryption only inside, where it was allowed.
            "http" => literal.is_some_and(|address| self.is_named(address.to_canonical())),
            _ => false,
        }
    }
}

impl Reach {
    /// Whether a name has an address that is not allowed, as far as it is known now. Waits for the names' server.
    pub(super) fn leads_inside(&self, url: &str) -> bool {
        use std::net::ToSocketAddrs as _;
        let Ok(uri) = url.parse::<Uri>() else { return true };
        let Some(host) = uri.host() else { return true };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let found = (host, uri.port_u16().unwrap_or(443)).to_socket_addrs();
        found.is_ok_and(|mut found| found.any(|address| !self.allows(address.ip())))
    }
}

impl Resolver for Reach {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        let mut allowed = self.empty();
        for address in found.iter().filter(|address| self.allows(address.ip())) {
            allowed.push(*address);
        }
        // One internal address among public ones is a trap too.
        if allowed.is_empty() || allowed.len() != found.len() {
            return Err(ureq::Error::Other("the address leads into the internal network".into()));
        }
        Ok(allowed)
    }
}

/// An address of the internet at large.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || a == 100 && (64..128).contains(&b)
        || a == 192 && b == 0 && c == 0
        || a == 198 && (18..20).contains(&b);
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let s = address.segments();
    // Addresses that carry an IPv4 address: translated (64:ff9b::/96), 6to4, Teredo and compatible ones.
    let carries_v4 =
        s[0] == 0x64 && s[1] == 0xff9b || s[0] == 0x2002 || s[0] == 0x2001 && s[1] == 0 || s[..6] == [0; 6];
    // Global unicast is 2000::/3; of it 2001:db8::/32 and 3fff::/20 are for documents.
    let global = s[0] & 0xe000 == 0x2000;
    let documents = s[0] == 0x2001 && s[1] == 0xdb8 || s[0] == 0x3fff && s[1] & 0xf000 == 0;
    global && !documents && !carries_v4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn internal_addresses_are_refused_however_they_are_written() {
        let reach = Reach::default();
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::1",
            "2001:0:1::1",
            "2001:db8::1",
        ] {
            assert!(!reach.allows(ip(inside)), "{inside}");
        }
        for outside in ["8.8.8.8", "203.0.114.1", "2606:4700::1111", "172.32.0.1", "100.128.0.1"] {
            assert!(reach.allows(ip(outside)), "{outside}");
        }
    }

    #[test]
    fn odd_spellings_and_names_of_this_machine_lead_inside() {
        let reach = Reach::default();
        for url in [
            "https://localhost/",
            "https://127.1/",
            "https://2130706433/",
            "https://0177.0.0.1/",
            "https://0x7f.1/x",
        ] {
            assert!(reach.takes(url) && reach.leads_inside(url), "{url}");
        }
        assert!(!Reach::allowing(["127.0.0.1"]).unwrap().leads_inside("https://127.1/"));
    }

    #[test]
    fn what_is_named_is_allowed_and_nothing_beside_it() {
        let reach = Reach::allowing(["10.20.0.0/16", "127.0.0.1", "fd00::/8"]).unwrap();
        for (address, allowed) in [
            ("10.20.255.1", true),
            ("10.21.0.1", false),
            ("127.0.0.1", true),
            ("127.0.0.2", false),
            ("fd12::1", true),
        ] {
            assert_eq!(reach.allows(ip(address)), allowed, "{address}");
        }
        assert_eq!(Reach::allowing(["10.0.0.0/33"]).unwrap_err(), "10.0.0.0/33");
        assert!(Reach::allowing(["0.0.0.0/0"]).unwrap().allows(ip("10.0.0.1")));
    }

    #[test]
    fn an_address_is_https_unless_it_lies_in_an_allowed_network() {
        let reach = Reach::allowing(["127.0.0.1"]).unwrap();
        for url in
            ["https://example.com/hook", "https://8.8.8.8/", "http://127.0.0.1:9/x", "https://127.0.0.1/"]
        {
            assert!(reach.takes(url), "{url}");
        }
        for url in [
            "http://example.com/",
            "https://10.0.0.1/",
            "https://[::1]/",
            "https://user:x@example.com/",
            "ftp://example.com",
            "example.com",
            "",
            "https://",
            "http://127.0.0.2/",
        ] {
            assert!(!reach.takes(url), "{url}");
        }
    }
}
