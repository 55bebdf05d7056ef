//! The database of Stratum, once Authenticator Pro, when it has no password.

use std::collections::HashMap;

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Record, Source, Spot,
    parts::{self, Parts},
    record::NamedReason,
    sqlite::{Database, Row, has_words},
    stratum::{OWN_PICTURE, algorithm, kind},
};
use crate::otp::{Extras, LinkError};

/// See the file.
pub const FORMAT: Format = Format {
    name: "stratum-db",
    aliases: &[],
    words: "Stratum's database from a rooted phone, without a password",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    if has_words(source.bytes, &["authenticator", "issuer", "secret", "ranking"]) {
        Fit::Sure
    } else {
        Fit::No
    }
}

fn decode(source: &Source<'_>, _: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let database = Database::open(source.bytes, FORMAT.name)?;
    let tags = tags(&database)?;
    let mut decoded = Decoded::new(FORMAT.name);
    let columns =
        &["type", "icon", "issuer", "username", "secret", "pin", "algorithm", "digits", "period", "counter"];
    database.rows("authenticator", columns, &mut |number, row| {
        let read = read(row, &tags);
        if let (Ok(record), true) = (&read, row.text("icon").starts_with(OWN_PICTURE)) {
            decoded.losses.push(record.loss("icon", parts::NO_PICTURE));
        }
        decoded.push(Spot::Entry(number), read)
    })?;
    Ok(decoded)
}

/// The categories of each account, which is known by its secret.
fn tags(database: &Database) -> Result<HashMap<String, Vec<String>>, FormatError> {
    let (mut names, mut tags) = (HashMap::new(), HashMap::<String, Vec<String>>::new());
    let categories = database.rows("category", &["id", "name"], &mut |_, row| {
        names.insert(row.text("id").to_owned(), row.text("name").to_owned());
        Ok(())
    });
    let pairs =
        database.rows("authenticatorcategory", &["categoryid", "authenticatorsecret"], &mut |_, row| {
            if let Some(name) = names.get(row.text("categoryid")) {
                tags.entry(row.text("authenticatorsecret").to_owned()).or_default().push(name.clone());
            }
            Ok(())
        });
    match categories.and(pairs) {
        Ok(()) | Err(FormatError::Unknown(_)) => Ok(tags), // none
        Err(error) => Err(error),
    }
}

fn read(row: &Row, tags: &HashMap<String, Vec<String>>) -> Result<Record, NamedReason> {
    let icon = row.some("icon").filter(|icon| !icon.starts_with(OWN_PICTURE));
    let extras = Extras {
        tags: tags.get(row.text("secret")).cloned().unwrap_or_default(),
        icon: icon.unwrap_or_default(),
        ..Extras::default()
    };
    parts::record((row.text("issuer").to_owned(), row.text("username").to_owned()), code(row), extras)
}

fn code(row: &Row) -> Result<Parts<'static>, LinkError> {
    let number = |name| row.whole(name).and_then(|number| u64::try_from(number).ok());
    let (kind, secret) = kind(number("type"), row.text("secret"))?;
    Ok(Parts {
        algorithm: Some(algorithm(number("algorithm"))?.to_owned()),
        digits: row.some("digits"),
        period: row.some("period"),
        counter: row.some("counter"),
        pin: row.some("pin"),
        ..Parts::new(kind, secret)
    })
}
