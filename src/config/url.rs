//! Whether the address of a server may be used. Nothing is connected or resolved here.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// What is wrong with the address of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlFault {
    /// It carries a user name or a password.
    Credentials,
    /// It has no host, or characters that no address has.
    Malformed,
    /// It is neither https nor http: a file, for instance.
    Scheme,
    /// It is http to another machine: codes and tokens would travel in clear.
    Unencrypted,
}

impl fmt::Display for UrlFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Credentials => "carries a user name or password",
            Self::Malformed => "is no address",
            Self::Scheme => "is not an https address",
            Self::Unencrypted => "is http and not this machine",
        })
    }
}

/// Returns what is wrong with `address`, if anything is.
pub(super) fn fault(address: &str) -> Option<UrlFault> {
    let Some((scheme, rest)) = address.split_once(':') else {
        return Some(UrlFault::Scheme);
    };
    let encrypted = scheme.eq_ignore_ascii_case("https");
    if !encrypted && !scheme.eq_ignore_ascii_case("http") {
        return Some(UrlFault::Scheme);
    }
    let Some(rest) = rest.strip_prefix("//").filter(|rest| rest.chars().all(is_of_an_address)) else {
        return Some(UrlFault::Malformed);
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Some(UrlFault::Credentials);
    }
    match host(authority) {
        None => Some(UrlFault::Malformed),
        Some(host) if !encrypted && !is_local(host) => Some(UrlFault::Unencrypted),
        Some(_) => None,
    }
}

/// Whether an address leads to this machine, so that nothing travels.
pub fn is_this_machine(address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    !authority.contains('@') && host(authority).is_some_and(is_local)
}

/// A backslash is read as a slash by some and not by others: such an address names two hosts.
fn is_of_an_address(character: char) -> bool {
    !character.is_whitespace() && !character.is_control() && character != '\\'
}

/// The host without its port; an IPv6 address keeps its brackets.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let sound_host =
        !host.is_empty() && (!host.contains(':') || host.starts_with('[') && host.ends_with(']'));
    let sound_port = port.is_none_or(|port| port.parse::<u16>().is_ok());
    (sound_host && sound_port).then_some(host)
}

fn is_local(host: &str) -> bool {
    let inner = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        || inner.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_and_this_machine_pass() {
        for address in [
            "https://mfa.corp.example",
            "HTTPS://mfa.corp.example:8443/base?x#y",
            "https://[2001:db8::1]:443/",
            "http://localhost:8080",
            "http://127.0.0.1/",
            "http://127.9.9.9",
            "http://[::1]:8080/",
        ] {
            assert_eq!(fault(address), None, "{address}");
        }
    }

    #[test]
    fn all_else_is_told_apart() {
        for (address, wrong) in [
            ("", UrlFault::Scheme),
            ("mfa.corp.example", UrlFault::Scheme),
            ("file:///etc/passwd", UrlFault::Scheme),
            ("ftp://h", UrlFault::Scheme),
            (" https://h", UrlFault::Scheme),
            ("https:h", UrlFault::Malformed),
            ("https://", UrlFault::Malformed),
            ("https:///path", UrlFault::Malformed),
            ("https://h:port", UrlFault::Malformed),
            ("https://h h", UrlFault::Malformed),
            ("https://good.example\\@evil.example", UrlFault::Malformed),
            ("https://user:pass@h", UrlFault::Credentials),
            ("http://localhost@evil.example", UrlFault::Credentials),
            ("http://mfa.corp.example", UrlFault::Unencrypted),
            ("http://127.0.0.1.evil.example", UrlFault::Unencrypted),
            ("http://localhost.evil.example", UrlFault::Unencrypted),
        ] {
            assert_eq!(fault(address), Some(wrong), "{address}");
        }
    }
}
