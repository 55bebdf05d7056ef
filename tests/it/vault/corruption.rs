//! Bytes that are not what was written: never taken for a vault, never a panic, and always a way back.

use sesam::vault::{
    VaultError,
    unlock::{IdentityFile, put_in_force},
};

use super::home::{Home, change, day, issuers, passphrase, totp};

/// One byte, changed in each of four ways.
fn spoiled(byte: u8) -> impl Iterator<Item = u8> {
    [byte ^ 1, byte ^ 0x80, 0, 0xff].into_iter().filter(move |other| *other != byte)
}

/// Two saves: the second has the first one's accounts as a backup.
fn home() -> Home {
    let home = Home::with(&[totp("Kept")]);
    change(&home.vault, |document| drop(document.add(&[totp("Newer")])));
    home
}

/// What reading says and advises about the bytes as they lie on the disk.
fn reading_says(home: &Home, bytes: &[u8]) -> String {
    home.lay(bytes);
    let Err(error) = home.vault.read() else { panic!("a spoiled vault was taken for a good one") };
    assert!(!error.to_string().contains("passphrase"), "{error}");
    let advice = error.hint().unwrap_or_default();
    assert!(advice.contains("is good") && advice.contains("sesam vault restore"), "{error}: {advice}");
    error.to_string()
}

#[test]
fn no_changed_byte_of_a_vault_is_accepted() {
    let home = home();
    let mut bytes = home.bytes();
    let mut tried = 0;
    for at in 0..bytes.len() {
        let whole = bytes[at];
        for byte in spoiled(whole) {
            bytes[at] = byte;
            assert!(home.vault.open_bytes(&bytes).is_err(), "byte {at} as {byte:#04x}");
            tried += 1;
        }
        bytes[at] = whole;
    }
    assert!(home.vault.open_bytes(&bytes).is_ok() && tried > 3 * bytes.len());
}

#[test]
fn no_part_of_a_vault_is_accepted() {
    let home = home();
    let bytes = home.bytes();
    for length in 0..bytes.len() {
        assert!(home.vault.open_bytes(&bytes[..length]).is_err(), "the first {length} bytes");
    }
    for more in [&b"\0"[..], b"\n", &bytes, &vec![0; 70_000]] {
        assert!(home.vault.open_bytes(&[&bytes, more].concat()).is_err(), "{} bytes more", more.len());
    }
}

#[test]
fn reading_a_spoiled_vault_names_the_good_copy() {
    let home = home();
    let bytes = home.bytes();
    for at in (0..bytes.len()).step_by(89).chain(0..40) {
        for byte in spoiled(bytes[at]) {
            let mut spoiled = bytes.clone();
            spoiled[at] = byte;
            reading_says(&home, &spoiled);
        }
    }
    for length in (0..bytes.len()).step_by(311) {
        reading_says(&home, &bytes[..length]);
    }
    assert!(reading_says(&home, b"").ends_with("it is empty"));
    assert!(reading_says(&home, &vec![0; bytes.len()]).contains("only zeros"));
    reading_says(&home, &[bytes.as_slice(), b"x"].concat());
}

#[test]
fn the_chunks_of_a_large_vault_have_their_order() {
    let home = Home::new();
    let accounts: Vec<_> = (0..900).map(|at| totp(&format!("Issuer {at}"))).collect();
    change(&home.vault, |document| drop(document.add(&accounts)));
    let bytes = home.bytes();
    let header = bytes.windows(5).position(|window| window == b"\n--- ").unwrap() + 1;
    let nonce = header + bytes[header..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let chunk = |number: usize| nonce + 16 + number * ((64 << 10) + 16);
    assert!(bytes.len() > chunk(2), "{} bytes", bytes.len());
    let (first, second) = (&bytes[chunk(0)..chunk(1)], &bytes[chunk(1)..chunk(2)]);
    let (before, after) = (&bytes[..chunk(0)], &bytes[chunk(2)..]);
    for spoiled in [
        [before, second, first, after],
        [before, first, first, after],
        [before, first, after, &[]],
        [before, after, &[], &[]],
    ] {
        assert!(home.vault.open_bytes(&spoiled.concat()).is_err());
    }
    assert!(home.vault.open_bytes(&[before, first, second].concat()).is_err(), "cut off between chunks");
    assert!(home.vault.open_bytes(&[before, first, second, after].concat()).is_ok());
}

#[test]
fn restoring_brings_the_last_good_generation_back() {
    let home = home();
    let bytes = home.bytes();
    for spoiled in [&b""[..], &[0; 4096], &bytes[..bytes.len() - 1], b"MZ"] {
        home.lay(spoiled);
        let restored = home.vault.restore_newest().unwrap();
        assert_eq!(restored.accounts, 1);
        assert_eq!(issuers(&home.vault), ["Kept"]);
        assert_eq!(home.vault.read().unwrap().head.writer, concat!("sesam ", env!("CARGO_PKG_VERSION")));
    }
    std::fs::remove_file(home.vault.place.vault()).unwrap();
    home.vault.restore_newest().unwrap();
    assert_eq!(issuers(&home.vault), ["Kept"], "the file was gone");
}

#[test]
fn a_spoiled_backup_is_passed_over() {
    let home = home();
    change(&home.on(1), |document| drop(document.add(&[totp("Newest")])));
    let newest = &sesam::vault::backups::list(&home.vault.place)[0];
    super::home::lay(&newest.path, b"age-encryption.org/v1\n");
    home.lay(b"");
    home.vault.restore_newest().unwrap();
    assert_eq!(issuers(&home.vault), ["Kept"]);
}

#[test]
fn what_restoring_replaces_is_kept_under_another_name() {
    let home = home();
    home.lay(b"half a vault");
    home.vault.restore_newest().unwrap();
    let kept = std::fs::read_dir(home.vault.place.backups()).unwrap();
    let kept = kept.map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    assert!(kept.into_iter().any(|bytes| bytes == b"half a vault"));
}

#[test]
fn no_changed_byte_of_an_identity_opens() {
    let home = home();
    let place = &home.vault.place;
    let mut bytes = std::fs::read(place.identity()).unwrap();
    let whole = bytes.clone();
    let opens = |bytes: &[u8]| {
        let file = IdentityFile::from_bytes(place.identity(), bytes.to_vec());
        file.map_err(|what| VaultError::IdentityDamaged { what, advice: String::new() })
            .and_then(|file| file.open(&passphrase(), place))
    };
    for at in 0..bytes.len() {
        for byte in spoiled(whole[at]) {
            bytes[at] = byte;
            let Err(error) = opens(&bytes) else { panic!("byte {at} as {byte:#04x} was accepted") };
            let told = matches!(error, VaultError::WrongPassphrase | VaultError::IdentityDamaged { .. });
            assert!(told, "byte {at}: {error}");
        }
        bytes[at] = whole[at];
    }
    for length in 0..whole.len() {
        assert!(opens(&whole[..length]).is_err(), "the first {length} bytes");
    }
    assert!(opens(&[whole.as_slice(), b"\n"].concat()).is_err());
    assert!(opens(&whole).is_ok());
}

#[test]
fn reading_a_spoiled_identity_names_its_copy() {
    let home = home();
    let place = &home.vault.place;
    for spoiled in [&b""[..], &[0; 300], b"AGE-SECRET-KEY-1", b"age-encryption.org/v1\n-> X25519 a\n"] {
        super::home::lay(&place.identity(), spoiled);
        let Err(error) = IdentityFile::read(place) else { panic!("{spoiled:?} was accepted") };
        assert!(error.hint().unwrap().contains("sesam vault restore"), "{error}");
    }
    std::fs::remove_file(place.identity()).unwrap();
    assert!(IdentityFile::read(place).is_err_and(|error| error.to_string().contains("missing")));
}

#[test]
fn an_identity_comes_back_from_its_copy() {
    let home = home();
    let place = &home.vault.place;
    super::home::lay(&place.identity(), b"");
    let copy = std::fs::read(place.identity_copy()).unwrap();
    let file = IdentityFile::from_bytes(place.identity_copy(), copy).unwrap();
    file.open(&passphrase(), place).unwrap();
    put_in_force(place, file.bytes()).unwrap();
    assert_eq!(issuers(&home.reopened(day(0))), ["Kept", "Newer"]);
}
