//! Where a webhook may lead. Whoever may write the settings must not be able to reach what only this machine reaches:
//! itself, its network, the metadata of its cloud. Checked at start and again for each call, with the very address
//! that is connected to.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs},
    time::Duration,
};

use ureq::{
    Error,
    config::Config,
    http::Uri,
    unversioned::{
        resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver},
        transport::NextTimeout,
    },
};

/// Looks names up, and hands out no address that is not allowed.
#[derive(Debug)]
pub struct Guard {
    allow: Vec<IpAddr>,
    system: DefaultResolver,
}

/// What stands where the host does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// An address.
    Address(IpAddr),
    /// A name.
    Name(String),
}

impl Guard {
    /// With the private addresses that are meant.
    pub fn new(allow: Vec<IpAddr>) -> Self {
        Self { allow, system: DefaultResolver::default() }
    }

    /// Whether an address may be connected to.
    pub fn allows(&self, address: IpAddr) -> bool {
        self.allow.contains(&address) || is_public(address)
    }

    /// Checks an address of the settings before anything is sent there. A name that cannot be looked up now may be
    /// one tomorrow: each call looks again.
    pub fn check(&self, uri: &Uri) -> Result<(), &'static str> {
        let host = Host::parse(uri.host().unwrap_or_default())?;
        let found: Vec<IpAddr> = match host {
            Host::Address(address) => vec![address],
            Host::Name(name) => {
                let found = (name, uri.port_u16().unwrap_or(443)).to_socket_addrs();
                found.map(|found| found.map(|one| one.ip()).collect()).unwrap_or_default()
            }
        };
        if found.into_iter().all(|address| self.allows(address)) { Ok(()) } else { Err(PRIVATE) }
    }
}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        Host::parse(uri.host().unwrap_or_default()).map_err(|_| Error::HostNotFound)?;
        let found = self.system.resolve(uri, config, timeout)?;
        // One private address among public ones is a trick: none of them is used.
        if found.iter().map(SocketAddr::ip).all(|address| self.allows(address)) {
            Ok(found)
        } else {
            Err(Error::HostNotFound)
        }
    }
}

impl Host {
    /// Reads a host as it stands in an address. A number that is no four numbers with dots is none: systems read
    /// `127.1`, `0x7f000001` and `2130706433` as this machine.
    pub fn parse(host: &str) -> Result<Self, &'static str> {
        if let Some(inside) = host.strip_prefix('[') {
            let address = inside.strip_suffix(']').and_then(|text| text.parse::<Ipv6Addr>().ok());
            return address.map(|address| Self::Address(address.into())).ok_or(NO_HOST);
        }
        if let Ok(address) = host.parse::<Ipv4Addr>() {
            return Ok(Self::Address(address.into()));
        }
        if host.ends_with('.') {
            return Err("names a host that ends in a dot: take the dot away");
        }
        let label = |label: &str| {
            !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        };
        if !host.split('.').all(label) {
            return Err(NO_HOST);
        }
        let last = host.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        if last.starts_with("0x") || last.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("writes an address as a number: four numbers with dots are one");
        }
        let name = host.to_ascii_lowercase();
        if name.ends_with(".localhost") { Err(PRIVATE) } else { Ok(Self::Name(name)) }
    }
}

/// Whether an address is one of the public Internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b)) // behind the provider's translation
        || (a, b, c) == (192, 0, 0)
        || (a == 198 && (b == 18 || b == 19)))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let bits = address.to_bits();
    let v4 = |shift: u32| is_public_v4(Ipv4Addr::from_bits((bits >> shift & 0xffff_ffff) as u32));
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => v4(0), // what a translator leads to
        [0x2002, ..] => v4(80),
        [0x2001, 0, ..] => false,
        // The rest of what is not handed out: loopback, mapped, compatible, local, link, site, multicast.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// How long a name may take to be looked up at start.
pub const LOOK: Duration = Duration::from_secs(5);
const NO_HOST: &str = "names no host";
const PRIVATE: &str =
    "leads to this machine or a private network: name the address in webhook.allow if that is meant";

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(url: &str, allow: &[&str]) -> Result<(), &'static str> {
        let guard = Guard::new(allow.iter().map(|one| one.parse().unwrap()).collect());
        guard.check(&crate::server::https::parse(url)?)
    }

    #[test]
    fn this_machine_and_private_networks_are_refused_in_every_spelling() {
        for host in [
            "127.0.0.1",
            "127.1.2.3",
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:8.8.8.8]",
            "[::127.0.0.1]",
            "[fe80::1]",
            "[fec0::1]",
            "[fc00::1]",
            "[fd12:3456::1]",
            "[ff02::1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b::a00:1]",
            "[64:ff9b:1::1]",
            "[2002:7f00:1::]",
            "[2002:a00:1::]",
            "[2001::1]",
            "[100::1]",
            "[0:0:0:0:0:0:0:1]",
            "localhost",
            "LOCALHOST",
            "localhost.",
            "a.localhost",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "127.1",
            "127.0.1",
            "0177.0.0.1",
            "127.0.0.1.",
            "017700000001",
            "1.2.3.4.5",
            "example.com.",
            "[fe80::1%25eth0]",
            "exa%6dple.com",
            "-",
        ] {
            if host != "-" {
                assert!(judge(&format!("https://{host}/"), &[]).is_err(), "{host}");
                assert!(judge(&format!("https://{host}:8443/x"), &[]).is_err(), "{host}");
            }
            assert!(judge(&format!("http://{host}/"), &["127.0.0.1"]).is_err(), "{host}");
        }
    }

    #[test]
    fn the_addresses_that_were_tried_on_others_are_refused_over_https_too() {
        for url in [
            "http://169.254.169.254/latest/",
            "http://2130706433/",
            "http://localhost.:80/",
            "https://user@127.0.0.1/",
        ] {
            assert!(judge(url, &[]).is_err(), "{url}");
            assert!(judge(&url.replace("http://", "https://"), &[]).is_err(), "{url}");
        }
    }

    #[test]
    fn public_addresses_pass_and_private_ones_that_are_named() {
        for (url, allow) in [
            ("https://192.0.2.1/x", &[][..]),
            ("https://8.8.8.8:8443/", &[]),
            ("https://[2001:db8::1]/", &[]),
            ("https://[2a00:1450::1]/", &[]),
            ("https://[64:ff9b::808:808]/", &[]),
            ("https://172.32.0.1/", &[]),
            ("https://10.1.2.3/", &["10.1.2.3"]),
            ("https://127.0.0.1:8443/", &["127.0.0.1"]),
            ("https://[::1]/", &["::1"]),
            ("https://no-such-host.invalid/", &[]),
        ] {
            assert_eq!(judge(url, allow), Ok(()), "{url}");
        }
        assert!(judge("https://10.1.2.4/", &["10.1.2.3"]).is_err());
        assert!(judge("https://[::ffff:10.1.2.3]/", &["10.1.2.3"]).is_err());
    }

    #[test]
    fn what_a_name_leads_to_is_looked_at_for_each_call() {
        let resolve = |url: &str, allow: &[&str]| {
            let guard = Guard::new(allow.iter().map(|one| one.parse().unwrap()).collect());
            guard.resolve(&url.parse().unwrap(), &Config::default(), NextTimeout::default())
        };
        assert!(resolve("https://localhost/", &[]).is_err());
        assert!(resolve("https://127.0.0.1/", &[]).is_err());
        assert!(resolve("https://localhost./", &["127.0.0.1", "::1"]).is_err());
        let found = resolve("https://127.0.0.1:8443/", &["127.0.0.1"]).unwrap();
        assert_eq!(found.iter().collect::<Vec<_>>(), [&"127.0.0.1:8443".parse().unwrap()]);
    }
}
