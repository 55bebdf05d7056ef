//! Pictures that other programs drew: qrencode 4.1.1 made the codes, Pillow 13.0.0 what became of them.
//!
//! `google-1.png` and `google-2.png` are parts 1 and 2 of the export in `google.txt`. On `qr-page.jpg` three codes lie
//! light on dark, turned and blurred, one of them a web address. `qr-clear.webp` is black on nothing, `qr-frames.gif`
//! has a code on the first of its frames.

use std::{fs, path::PathBuf};

use sesam::{
    formats::{Decoded, Given, Record, Spot, decode, name_missing_parts},
    otp::{Kind, Secret},
};

fn opened(name: &str) -> Decoded {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let bytes = fs::read(root.join("tests/it/formats/files").join(name)).unwrap();
    decode(&bytes, None, &mut Given::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn names(decoded: &Decoded) -> Vec<(&str, &str)> {
    let links = decoded.entries.iter().map(|entry| &entry.record.link);
    links.map(|link| (link.issuer.as_str(), link.account.as_str())).collect()
}

fn is_alice(record: &Record) {
    let otp = &record.link.otp;
    let found = (otp.algorithm.as_str(), otp.digits.count(), otp.period().unwrap().seconds());
    assert_eq!(found, ("SHA256", 8, 60));
    assert_eq!(otp.secret, Secret::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap());
}

#[test]
fn every_code_of_a_page_comes_in_reading_order() {
    let page = opened("qr-page.jpg");
    assert_eq!((page.format, names(&page)), ("picture", vec![("Acme", "alice"), ("Bank", "bob")]));
    let places: Vec<Spot> = page.entries.iter().map(|entry| entry.at).collect();
    assert_eq!(places, [Spot::Code(1), Spot::Code(3)]);
    is_alice(&page.entries[0].record);
    assert!(matches!(&page.entries[1].record.link.otp.kind, Kind::Hotp { counter } if counter.value() == 7));
    let bad: Vec<_> = page.bad.iter().map(|bad| (bad.at, bad.reason.as_str())).collect();
    assert_eq!(bad, [(Spot::Code(2), "is a web address, no account")]);
}

#[test]
fn black_on_nothing_and_the_first_frame() {
    is_alice(&opened("qr-clear.webp").entries[0].record);
    assert_eq!(names(&opened("qr-frames.gif")), [("Bank", "bob")]);
}

#[test]
fn parts_of_an_export_on_several_pictures_find_each_other() {
    let (mut first, mut second, mut text) =
        (opened("google-1.png"), opened("google-2.png"), opened("google-part.txt"));
    assert!(names(&first).contains(&("Acme", "alice")));
    name_missing_parts(&mut [&mut first, &mut second]);
    assert!(first.bad.is_empty(), "{:?}", first.bad);
    let missing = second.bad.last().unwrap();
    assert!(missing.reason.starts_with("part 3 of 3"), "{}", missing.reason);
    assert_eq!(missing.at, Spot::Code(1));

    let mut second = opened("google-2.png");
    let before = second.bad.len();
    name_missing_parts(&mut [&mut second, &mut text]);
    assert_eq!((second.bad.len(), text.bad.len()), (before, 0));
}
