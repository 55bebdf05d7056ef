//! `KeePassXC`'s table (CSV): only logins with a one-time code are entries.

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Source, Spot,
    csv::{self, Table},
    login::Login,
};
use crate::otp::Extras;

/// See the file.
pub const FORMAT: Format = Format {
    name: "keepassxc",
    aliases: &["keepassxc-csv"],
    words: "KeePassXC's CSV",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    if csv::has_columns(source, &["group", "title", "username", "totp"]) { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, _: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let table = Table::parse(source.text().unwrap_or_default(), FORMAT.name)?;
    let mut decoded = Decoded::new(FORMAT.name);
    for (line, row) in &table.rows {
        let field = |name| table.field(row, name);
        if field("totp").trim().is_empty() {
            continue;
        }
        let login = Login {
            totp: field("totp"),
            title: field("title"),
            username: field("username"),
            extras: Extras {
                tags: group(field("group")),
                note: field("notes").to_owned(),
                ..Extras::default()
            },
            created: field("created").parse().ok(),
        };
        decoded.push(Spot::Line(*line), login.record())?;
    }
    Ok(decoded)
}

/// The group without the root, in which everything lies.
fn group(path: &str) -> Vec<String> {
    let (_, group) = path.split_once('/').unwrap_or_default();
    Some(group.to_owned()).filter(|group| !group.is_empty()).into_iter().collect()
}
