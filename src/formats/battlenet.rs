//! Battle.net: the preferences of Blizzard's Android apps, the new one (`com.blizzard.messenger`) and the old
//! authenticator (`com.blizzard.bma`). Both mask their texts with the same bytes.

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Source, Spot,
    markup::{is_xml_with, preferences},
    parts::{self, Parts},
    unlock::{Plain, hex},
};
use crate::otp::{Extras, LinkError, Secret};

/// See the file.
pub const FORMAT: Format = Format {
    name: "battlenet",
    aliases: &["battle.net", "blizzard"],
    words: "Battle.net (com.blizzard.messenger.authenticator_preferences.xml)",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let fits = |key| source.text().is_some_and(|text| is_xml_with(text, &["<map>", key]));
    if fits(SECRET) || fits(OLD) { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, _: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let text = source.text().unwrap_or_default();
    let value = |key: &str| preferences(text).find(|(name, _)| *name == key).map(|(_, value)| value);
    let damaged = || FormatError::damaged(FORMAT.name, "its secret was cut off or changed");
    let (secret, serial) = if let Some(secret) = value(SECRET) {
        let serial = value(SERIAL).and_then(|serial| unmasked(&serial)).unwrap_or_default();
        (unmasked(&secret).ok_or_else(damaged)?, serial)
    } else {
        let both = value(OLD).and_then(|both| unmasked(&both)).ok_or_else(damaged)?;
        let (secret, serial) = both.split_at_checked(OLD_SECRET).ok_or_else(damaged)?;
        (Plain::new(secret.to_vec()), Plain::new(serial.to_vec()))
    };
    let names = ("Battle.net".to_owned(), String::from_utf8_lossy(&serial).into_owned());
    let mut decoded = Decoded::new(FORMAT.name);
    decoded.push(Spot::Entry(1), parts::record(names, code(&secret), Extras::default()))?;
    Ok(decoded)
}

/// What is masked is the key as hex.
fn code(secret: &[u8]) -> Result<Parts<'static>, LinkError> {
    let text = String::from_utf8_lossy(secret);
    Ok(Parts { digits: Some("8".to_owned()), ..Parts::new("totp", Secret::from_hex(&text)?) })
}

fn unmasked(text: &str) -> Option<Plain> {
    let masked = hex(text.trim()).filter(|bytes| bytes.len() <= MASK.len())?;
    Some(Plain::new(masked.iter().zip(MASK).map(|(byte, mask)| byte ^ mask).collect()))
}

const SECRET: &str = "com.blizzard.messenger.AUTHENTICATOR_DEVICE_SECRET";
const SERIAL: &str = "com.blizzard.messenger.AUTHENTICATOR_SERIAL";
/// Secret and serial number in one.
const OLD: &str = "com.blizzard.bma.AUTH_STORE.HASH";
/// The digits of 20 bytes.
const OLD_SECRET: usize = 40;
/// The same in every app of every phone.
const MASK: [u8; 57] = [
    0x39, 0x8e, 0x27, 0xfc, 0x50, 0x27, 0x6a, 0x65, 0x60, 0x65, 0xb0, 0xe5, 0x25, 0xf4, 0xc0, 0x6c, 0x04,
    0xc6, 0x10, 0x75, 0x28, 0x6b, 0x8e, 0x7a, 0xed, 0xa5, 0x9d, 0xa9, 0x81, 0x3b, 0x5d, 0xd6, 0xc8, 0x0d,
    0x2f, 0xb3, 0x80, 0x68, 0x77, 0x3f, 0xa5, 0x9b, 0xa4, 0x7c, 0x17, 0xca, 0x6c, 0x64, 0x79, 0x01, 0x5c,
    0x1d, 0x5b, 0x8b, 0x8f, 0x6b, 0x9a,
];
