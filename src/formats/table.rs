//! Tables of no app in particular, and of password managers that name their columns plainly: 1Password, `LastPass`,
//! Dashlane, a spreadsheet. A column holds the link or the secret, others what belongs to it.

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Record, Source, Spot,
    csv::{self, Row, Table},
    login::Login,
    parts::{self, Parts},
    record::NamedReason,
};
use crate::otp::{Extras, LinkError, looks_like_link};

/// See the file.
pub const FORMAT: Format = Format {
    name: "csv",
    aliases: &["1password-csv", "lastpass-csv", "dashlane"],
    words: "a table with columns such as issuer, account, secret or otpauth: 1Password, LastPass, Dashlane, a spreadsheet",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let columns = csv::columns(source);
    let has =
        |names: &[&str]| columns.iter().any(|column| names.iter().any(|name| csv::is_named(column, name)));
    if has(CODE) && (has(ISSUER) || has(ACCOUNT) || has(&["name"])) { Fit::Perhaps } else { Fit::No }
}

fn decode(source: &Source<'_>, _: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let table = Table::parse(source.text().unwrap_or_default(), FORMAT.name)?;
    let mut decoded = Decoded::new(FORMAT.name);
    for (line, row) in &table.rows {
        if !table.any(row, CODE).trim().is_empty() {
            decoded.push(Spot::Line(*line), read(&table, row))?;
        }
    }
    Ok(decoded)
}

fn read(table: &Table, row: &Row) -> Result<Record, NamedReason> {
    let field = |names: &[&str]| table.any(row, names).trim();
    let (mut issuer, mut account) = (field(ISSUER), field(ACCOUNT));
    match field(&["name"]) {
        name if account.is_empty() => account = name,
        name if issuer.is_empty() => issuer = name,
        _ => {}
    }
    let extras = extras(&field);
    let totp = field(CODE);
    if looks_like_link(totp) {
        let created = field(&["created"]).parse().ok();
        return Login { totp, title: issuer, username: account, extras, created }.record();
    }
    let mut record = parts::record(parts::names(issuer, account), code(&field, totp), extras)?;
    record.created = field(&["created"]).parse().ok();
    Ok(record)
}

fn code<'r>(field: &dyn Fn(&[&str]) -> &'r str, secret: &str) -> Result<Parts<'r>, LinkError> {
    let some = |names: &[&str]| Some(field(names).to_owned()).filter(|text| !text.is_empty());
    let kind = match field(&["type", "kind", "otptype", "tokentype"]) {
        "" => "totp",
        kind => kind,
    };
    Ok(Parts {
        algorithm: some(&["algorithm", "algo", "hash"]),
        digits: some(&["digits", "length"]),
        period: some(&["period", "interval", "step", "timestep"]),
        counter: some(&["counter"]),
        pin: some(&["pin"]),
        ..Parts::new(kind, parts::base32(secret)?)
    })
}

fn extras<'r>(field: &dyn Fn(&[&str]) -> &'r str) -> Extras {
    let tags = field(&["tags", "tag", "groups", "group", "grouping", "folder", "category"]);
    Extras {
        tags: tags
            .split([';', ','])
            .map(str::trim)
            .filter(|tag| !tag.is_empty())
            .map(str::to_owned)
            .collect(),
        note: field(&["note", "notes", "extra", "comment"]).to_owned(),
        favourite: matches!(
            field(&["favorite", "favourite", "fav", "pinned"]),
            "1" | "true" | "TRUE" | "yes"
        ),
        icon: field(&["icon"]).to_owned(),
        ..Extras::default()
    }
}

const ACCOUNT: &[&str] = &["account", "accountname", "username", "user", "login", "label", "email"];
const CODE: &[&str] = &[
    "otpauth",
    "otpauthuri",
    "otpauthurl",
    "totp",
    "otp",
    "onetimepassword",
    "otpurl",
    "otpuri",
    "otpsecret",
    "totpsecret",
    "secret",
    "secretkey",
    "seed",
    "uri",
];
const ISSUER: &[&str] = &["issuer", "service", "provider", "title", "site", "website"];
