//! Countries in the audit, from a database that is made here.

use std::{io::Write, net::IpAddr};

use serde_json::json;
use sesam::server::countries::Countries;

use super::{
    calls::{House, PASSWORD},
    databases::{Database, run},
    settings::refused,
};

/// A database in the form MMDB that knows one network: 203.0.113.0/24 is New Zealand's.
fn database(code: &str) -> Vec<u8> {
    let (network, bits) = (u32::from_be_bytes([203, 0, 113, 0]), 24_u32);
    let mut made = Vec::new();
    for level in 0..bits {
        // What is found lies behind the tree and 16 bytes; nothing is found at the number of nodes itself.
        let next = if level + 1 == bits { bits + 16 } else { level + 1 };
        let is_one = network >> (31 - level) & 1 == 1;
        for record in if is_one { [bits, next] } else { [next, bits] } {
            made.extend_from_slice(&record.to_be_bytes()[1..]);
        }
    }
    made.extend([0; 16]);
    made.extend([vec![0xe1], text("country"), vec![0xe1], text("iso_code"), text(code)].concat());
    made.extend(b"\xab\xcd\xefMaxMind.com");
    made.push(0xe9);
    let number = |value: u8| vec![0xa1, value];
    for (name, value) in [
        ("node_count", vec![0xc1, u8::try_from(bits).unwrap()]),
        ("record_size", number(24)),
        ("ip_version", number(4)),
        ("database_type", text("Country")),
        ("languages", vec![0x00, 0x04]),
        ("binary_format_major_version", number(2)),
        ("binary_format_minor_version", number(0)),
        ("build_epoch", vec![0x01, 0x02, 1]),
        ("description", vec![0xe0]),
    ] {
        made.extend([text(name), value].concat());
    }
    made
}

/// A text of fewer than 29 bytes, or of fewer than 285.
fn text(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).unwrap();
    let head = if length < 29 { vec![0x40 + length] } else { vec![0x40 + 29, length - 29] };
    [head, text.as_bytes().to_vec()].concat()
}

#[test]
fn an_address_has_the_country_that_the_database_says() {
    let countries = Countries::read(database("NZ")).unwrap();
    let of = |address: &str| countries.of(address.parse::<IpAddr>().unwrap()).map(|one| one.to_string());
    assert_eq!(of("203.0.113.9").as_deref(), Some("NZ"));
    assert_eq!(of("::ffff:203.0.113.9").as_deref(), Some("NZ"));
    for address in ["203.0.114.1", "127.0.0.1", "::1", "2001:db8::1", "0.0.0.0", "255.255.255.255"] {
        assert_eq!(of(address), None, "{address}");
    }
    for strange in ["NZL", "nz", "", "\u{e9}"] {
        let countries = Countries::read(database(strange)).unwrap();
        assert_eq!(countries.of("203.0.113.9".parse().unwrap()), None, "{strange:?}");
    }
}

#[test]
fn a_damaged_database_is_refused_or_knows_nothing() {
    let whole = database("NZ");
    assert!(Countries::read(vec![]).is_none());
    assert!(Countries::read(b"no database".to_vec()).is_none());
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 0xff;
        for bytes in [damaged, whole[..at].to_vec()] {
            if let Some(countries) = Countries::read(bytes) {
                let _ = countries.of("203.0.113.9".parse().unwrap());
            }
        }
    }
}

#[test]
fn the_audit_notes_the_country_of_who_asked() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("countries.mmdb");
    std::fs::File::create(&path).unwrap().write_all(&database("NZ")).unwrap();
    for place in Database::all() {
        run(async {
            let house = House::open(&place, &format!("[audit]\ncountries = \"{}\"\n", path.display())).await;
            house.settle(&[]).await;
            for (address, country) in
                [(Some("203.0.113.9"), Some("NZ")), (Some("192.0.2.1"), None), (None, None)]
            {
                let mut wish = json!({"application": "vpn", "user": "juniper", "password": "wrong"});
                assert_ne!(wish["password"], PASSWORD);
                if let Some(address) = address {
                    wish["address"] = address.into();
                }
                assert_eq!(house.post("/v1/sign-ins", wish).await.status, 401);
                let row = house.audit().await.pop().unwrap();
                assert_eq!(row.fields[9].as_deref(), country, "{address:?} {}", place.name);
            }
        });
    }
}

#[test]
fn a_database_that_is_none_ends_the_start() {
    // The settings end with [audit].
    let none = "audit.countries is no database of countries: one in the form MMDB is";
    refused("countries = \"sesamd.key\"\n", none);
}
