//! Whose certificate is trusted: an authority's, one that is pinned, and no other.

use serde_json::json;
use sesam::admin::certificate::{Certificate, Fingerprint};

use super::{
    certificates::{Authority, Identity},
    faults::home,
    proxy::{Proxy, Turn, json as says},
};

/// A server that says who asked.
fn serve(own: &Identity, key: &Identity) -> Proxy {
    let seen = json!({"users": 1, "locked": 0, "bypassed": 0, "disabled": 0, "version": "1",
        "time": "2026-01-01T00:00:00Z", "actor": "key:boss", "role": "owner"});
    Proxy::secure(own.server(key), move |_| Turn::Say(says(&seen)))
}

const TEST: [&str; 3] = ["admin", "server", "test"];

#[test]
fn an_authority_vouches_for_names_and_times() {
    let (Some(authority), Some(other)) = (Authority::new(), Authority::new()) else { return };
    let ca = authority.pem().display().to_string();
    let trusting = ["--ca-file", ca.as_str()];
    let good = authority.sign("IP:127.0.0.1", 2049);
    let proxy = serve(&good, &good);
    home(&proxy.url(), "t", &trusting).bare(&TEST).ok();
    let unknown = other.sign("IP:127.0.0.1", 2049);
    let alone = authority.alone("alone");
    for (own, words) in [
        (authority.sign("IP:127.0.0.1", 2021), "it ended on 2021-01-01"),
        (authority.sign("DNS:elsewhere.example", 2049), "not for 127.0.0.1"),
        (unknown, "nobody trusted signed it, but \"tests\""),
        (alone, "it signed itself"),
    ] {
        let proxy = serve(&own, &own);
        let home = home(&proxy.url(), "t", &trusting);
        let said = home.bare(&TEST).fails(7);
        let print = Fingerprint::of(&own.der()).to_string();
        assert!(said.contains(words) && said.contains(&print), "{words}: {said}");
        let reset = ["admin", "user", "unlock", "alan", "--reason", "x", "-y"];
        assert!(!home.bare(&reset).fails(7).contains("not known"), "nothing was sent");
        assert_eq!(proxy.seen().len(), 0, "{words}: no token went out");
    }
    let missing = home(&proxy.url(), "t", &["--ca-file", "/nonexistent/ca.pem"]);
    assert!(missing.bare(&TEST).fails(7).contains("/nonexistent/ca.pem"));
}

#[test]
fn a_pin_trusts_one_certificate_whoever_signed_it() {
    let Some(authority) = Authority::new() else { return };
    let (alone, twin) = (authority.alone("alone"), authority.alone("twin"));
    let (own, wrong) = (Fingerprint::of(&alone.der()), Fingerprint::of(&twin.der()));
    let proxy = serve(&alone, &alone);
    let pinned = home(&proxy.url(), "t", &["--pin", &own.to_string()]);
    pinned.bare(&TEST).ok();
    let mistaken = home(&proxy.url(), "t", &["--pin", &wrong.to_string()]);
    let said = mistaken.bare(&TEST).fails(7);
    assert!(said.contains(&own.to_string()) && said.contains(&wrong.to_string()), "{said}");
    // An old one, for another name, with a pin: it is the one that is meant.
    let old = authority.sign("DNS:elsewhere.example", 2021);
    let pin = Fingerprint::of(&old.der()).to_string().to_uppercase();
    home(&serve(&old, &old).url(), "t", &["--pin", &pin]).bare(&TEST).ok();
    // The certificate of another one, without its key.
    let thief = serve(&alone, &twin);
    let fooled = home(&thief.url(), "t", &["--pin", &own.to_string()]);
    assert!(fooled.bare(&TEST).fails(7).contains("TLS failed"));
    assert_eq!(thief.seen().len(), 0, "no token went out");
    let bad = pinned.bare(&["admin", "server", "edit", "mfa", "--pin", "sha1:00"]);
    assert!(bad.fails(2).contains("sha256"));
}

#[test]
fn a_server_that_signed_itself_is_told_with_the_way_to_pin_it() {
    let Some(authority) = Authority::new() else { return };
    let alone = authority.alone("alone");
    let proxy = serve(&alone, &alone);
    let place = "file:/nonexistent/token";
    let home = crate::cli::sesam::Home::new();
    let added = home.bare(&["admin", "server", "add", "mfa", "--url", &proxy.url(), "--token", place]);
    assert_eq!(added.code, 0, "{added:?}");
    let print = Fingerprint::of(&alone.der()).to_string();
    assert!(added.stderr.contains(&format!("sesam admin server edit mfa --pin {print}")), "{added:?}");
    assert_eq!(proxy.seen().len(), 0, "nothing was asked");
}

#[test]
fn a_certificate_is_read_as_openssl_wrote_it() {
    let Some(authority) = Authority::new() else { return };
    let own = authority.sign("IP:127.0.0.1", 2049);
    let read = Certificate::read(&own.der());
    assert_eq!((read.subject.as_str(), read.issuer.as_str()), ("IP-127-0-0-1-2049", "tests"));
    assert_eq!(read.until.unwrap().to_string(), "2049-01-01T00:00:00Z");
    assert!(!read.is_own() && Certificate::read(&authority.alone("a").der()).is_own());
}
