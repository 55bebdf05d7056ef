//! Real files of real apps, where they lie beside the project: every entry, its names, its key and its parameters.

use std::{fs, path::Path};

use serde_json::Value;
use sesam::{
    formats::{Decoded, Given, SourcePassphrase, decode},
    otp::{Kind, Otp, Secret},
};

use crate::cli::sesam::shared;

#[test]
fn real_files_come_in_whole() {
    let Some(manifest) = shared("corpus/manifest.json") else { return };
    let root = manifest.parent().unwrap();
    let text = fs::read_to_string(&manifest).unwrap();
    let manifest: Value = serde_json::from_str(&text).unwrap();
    let (mut read, mut faults) = (0, Vec::new());
    for file in manifest["files"].as_array().unwrap() {
        let format = file["format"].as_str().unwrap();
        read += 1;
        if let Err(fault) = check(root, file) {
            faults.push(format!("{} ({format}): {fault}", file["file"]));
        }
    }
    println!("{read} files, {} of them read in another way than expected", faults.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(read > 10);
}

fn check(root: &Path, file: &Value) -> Result<(), String> {
    let bytes = fs::read(root.join(file["file"].as_str().unwrap())).unwrap();
    let passphrases = file["password"].as_str().map(SourcePassphrase::new);
    let decoded = decode(&bytes, None, &mut Given(passphrases.into_iter().collect()));
    let must_fail =
        file["must_fail_or_be_empty"].as_str() == Some("True") || file["must_fail_or_be_empty"] == true;
    let decoded = match decoded {
        Err(_) if must_fail => return Ok(()),
        Err(error) => return Err(error.to_string()),
        Ok(decoded) if must_fail => {
            return if decoded.entries.is_empty() { Ok(()) } else { Err("it was read".into()) };
        }
        Ok(decoded) => decoded,
    };
    let expected = file["expected_entries"].as_array().unwrap();
    let faults: Vec<String> = expected.iter().filter_map(|entry| missing(&decoded, entry)).collect();
    if decoded.entries.len() + decoded.bad.len() != expected.len() || !faults.is_empty() {
        return Err(format!(
            "{} entries and {} bad of {}: {} {:?}",
            decoded.entries.len(),
            decoded.bad.len(),
            expected.len(),
            faults.join("; "),
            decoded.bad
        ));
    }
    Ok(())
}

/// What is wrong with one entry; a bad one must bear its names.
fn missing(decoded: &Decoded, entry: &Value) -> Option<String> {
    let text = |key: &str| entry[key].as_str().unwrap_or_default();
    let (issuer, name) = (text("issuer"), text("name"));
    let named = |own: (&str, &str)| {
        own == (issuer, name)
            || issuer.is_empty() && (name.ends_with(own.1) || own.0 == name)
            || name.is_empty() && (issuer.is_empty() || own.0 == issuer)
    };
    let same_code = |otp: &Otp| {
        let key = Secret::from_base32(text("secret")).ok();
        let hex = Secret::from_hex(text("secret")).ok();
        let counter = match &otp.kind {
            Kind::Hotp { counter } => entry["counter"].as_u64().is_none_or(|own| own == counter.value()),
            _ => true,
        };
        let period = match &otp.kind {
            Kind::Totp { period } => {
                entry["period"].as_u64().is_none_or(|own| own == u64::from(period.seconds()))
            }
            _ => true,
        };
        let fixed = !matches!(otp.kind, Kind::Totp { .. } | Kind::Hotp { .. });
        let digits = fixed || entry["digits"].as_u64().is_none_or(|own| own == u64::from(otp.digits.count()));
        (Some(&otp.secret) == key.as_ref() || Some(&otp.secret) == hex.as_ref())
            && counter
            && period
            && digits
    };
    let links: Vec<_> = decoded.entries.iter().map(|entry| &entry.record.link).collect();
    let found = links.iter().any(|link| named((&link.issuer, &link.account)) && same_code(&link.otp));
    let bad = decoded.bad.iter().any(|bad| named((&bad.issuer, &bad.account)));
    let others: Vec<_> =
        links.iter().filter(|link| same_code(&link.otp)).map(|link| (&link.issuer, &link.account)).collect();
    (!found && !bad).then(|| format!("{issuer}:{name} {} is not there, but {others:?}", text("type")))
}
