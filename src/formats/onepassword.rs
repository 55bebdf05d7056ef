//! 1Password's `.1pux`: a zip archive whose `export.data` is JSON. An item may have several codes; archived ones come in.

use jiff::Timestamp;

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Source, Spot,
    json::{Fields, Json},
    login::Login,
    zipped::{Zipped, is_zip},
};
use crate::otp::Extras;

/// See the file.
pub const FORMAT: Format = Format {
    name: "1password",
    aliases: &["1pux"],
    words: "1Password (.1pux)",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let has = |name: &str| memchr::memmem::find(source.bytes, name.as_bytes()).is_some();
    if is_zip(source.bytes) && has("export.attributes") && has(DATA) { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let mut zipped = Zipped::open(source.bytes)?;
    let data = zipped.names().into_iter().find(|(_, name)| name == DATA);
    let (index, _) = data.ok_or_else(|| FormatError::damaged(FORMAT.name, "it has no export.data"))?;
    let json = Json::inside(&zipped.read(index, FORMAT.name, ask)?, FORMAT.name)?;
    let mut decoded = Decoded::new(FORMAT.name);
    let vaults =
        Fields::of(&json).items("accounts").iter().flat_map(|account| Fields::of(account).items("vaults"));
    let mut number = 0;
    for vault in vaults.map(Fields::of) {
        for item in vault.items("items").iter().map(Fields::of) {
            number += 1;
            let item = if item.value("item").is_some() { item.inner("item") } else { item };
            for totp in codes(item) {
                let login = login(item, vault.inner("attrs").text("name"), totp);
                decoded.push(Spot::Entry(number), login.record())?;
            }
        }
    }
    Ok(decoded)
}

/// Every field of every section that holds a code.
fn codes(item: Fields<'_>) -> impl Iterator<Item = &str> {
    let sections = item.inner("details").items("sections").iter().map(Fields::of);
    let fields = sections.flat_map(|section| section.items("fields")).map(Fields::of);
    fields.map(|field| field.inner("value").text("totp")).filter(|totp| !totp.trim().is_empty())
}

fn login<'a>(item: Fields<'a>, vault: &str, totp: &'a str) -> Login<'a> {
    let (overview, details) = (item.inner("overview"), item.inner("details"));
    let mut fields = details.items("loginFields").iter().map(Fields::of);
    let username = fields.find(|field| field.text("designation") == "username");
    let vault = Some(vault.to_owned()).filter(|name| !name.is_empty());
    let created = item.whole("createdAt").and_then(|seconds| i64::try_from(seconds).ok());
    Login {
        totp,
        title: overview.text("title"),
        username: username.map_or("", |field| field.text("value")),
        extras: Extras {
            tags: vault.into_iter().chain(overview.texts("tags")).collect(),
            note: details.text("notesPlain").to_owned(),
            favourite: item.whole("favIndex").is_some_and(|place| place > 0),
            trashed: matches!(item.text("state"), "trashed" | "deleted") || item.flag("trashed"),
            ..Extras::default()
        },
        created: created.and_then(|seconds| Timestamp::from_second(seconds).ok()),
    }
}

const DATA: &str = "export.data";
