//! Reading a link: its names and its extras. What its parameters mean for the codes is in `read.rs`.

use super::{
    Extras, Link, LinkError, LinkNote, MAX_LINK_BYTES, MAX_NAME_CHARS, code_display, label,
    link_type::{LinkType, Scheme, bare, split_scheme, split_type},
    percent::{self, Plus},
    query::Query,
    read::{Reader, STEAM},
};
use crate::otp::{Kind, Otp, Secret};

/// Reads a link as real apps write it.
///
/// Scheme, type and parameter names may have any case. A bare `#` is a character like any other, as real
/// account names have it. Of a repeated parameter the first counts. The issuer is the parameter, else the
/// prefix of the label; a prefix that differs from the parameter stays in the account name. A plus is a space
/// in the query and a plus in the label. Unknown parameters are ignored; no address in a link is fetched.
///
/// # Errors
///
/// [`LinkError`]. A value out of range is one, and a second secret that differs: a guess would show wrong
/// codes.
///
/// ```
/// let link = sesam::otp::parse_link("otpauth://totp/Acme:alice?secret=GEZDGNBVGY3TQOJQ&digits=8")?;
/// assert_eq!((link.issuer.as_str(), link.account.as_str()), ("Acme", "alice"));
/// assert_eq!(link.otp.digits.count(), 8);
/// # Ok::<(), sesam::otp::LinkError>(())
/// ```
pub fn parse_link(text: &str) -> Result<Link, LinkError> {
    let text = bare(text);
    let (scheme, rest) = split_scheme(text)?;
    if text.len() > MAX_LINK_BYTES {
        return Err(LinkError::TooLong);
    }
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    match scheme {
        Scheme::Motp => labelled(LinkType::MotpHex, path, query),
        Scheme::Otpauth => split_type(path).and_then(|(link_type, label)| labelled(link_type, label, query)),
        Scheme::Steam => nameless_steam(path),
    }
}

/// Issuer and account name of a link that may be wrong otherwise, to name it in a report; empty where the link
/// does not say.
///
/// A `=` in the label means that a `?` was lost: then the label may hold the secret, and nothing is named.
pub fn link_names(text: &str) -> (String, String) {
    let label = match split_scheme(bare(text)) {
        Ok((Scheme::Motp, rest)) => rest,
        Ok((Scheme::Otpauth, rest)) => rest.split_once('/').map_or("", |(_, label)| label),
        _ => "",
    };
    let Some((label, query)) = label.split_once('?').filter(|(label, _)| !label.contains('=')) else {
        return Default::default();
    };
    let label = percent::decode(label, Plus::Itself).text;
    let (issuer, account) = label::split(&label, Query::parse(query).first("issuer"));
    if label.contains('=') { Default::default() } else { (issuer, account) }
}

fn labelled(link_type: LinkType, label: &str, query: &str) -> Result<Link, LinkError> {
    let label = percent::decode(label, Plus::Itself);
    let query = Query::parse(query);
    let (issuer, account) = label::split(&label.text, query.first("issuer"));
    check_lengths(&issuer, &account)?;

    let mut reader = Reader { link_type, issuer: &issuer, query: &query, notes: Vec::new() };
    let otp = reader.otp()?;
    let mut notes = reader.notes;
    if label.lossy || query.lossy {
        notes.push(LinkNote::InvalidUtf8);
    }
    notes.extend(SINGLE.into_iter().filter(|name| query.contradicts(name)).map(LinkNote::Repeated));
    notes.extend(otp.weaknesses().into_iter().map(LinkNote::Weak));
    let extras = extras(&query, &mut notes);
    Ok(Link { issuer, account, otp, extras, notes })
}

/// `steam://SECRET` (Bitwarden, Proton).
fn nameless_steam(path: &str) -> Result<Link, LinkError> {
    let text = percent::decode(path, Plus::Itself).text;
    let otp = Otp::new(Kind::Steam, Secret::from_base32(&text)?);
    let mut notes: Vec<LinkNote> = otp.weaknesses().into_iter().map(LinkNote::Weak).collect();
    if !Secret::is_canonical_base32(&text) {
        notes.push(LinkNote::SecretNotCanonical);
    }
    Ok(Link { issuer: STEAM.to_owned(), account: String::new(), otp, extras: Extras::default(), notes })
}

fn check_lengths(issuer: &str, account: &str) -> Result<(), LinkError> {
    if issuer.chars().count() > MAX_NAME_CHARS {
        Err(LinkError::IssuerTooLong)
    } else if account.chars().count() > MAX_NAME_CHARS {
        Err(LinkError::AccountTooLong)
    } else {
        Ok(())
    }
}

fn extras(query: &Query, notes: &mut Vec<LinkNote>) -> Extras {
    let mut extras = Extras {
        tags: query.all("tags").filter(|tag| !tag.is_empty()).map(str::to_owned).collect(),
        icon: query.first("icon").or(query.first("image")).unwrap_or_default().to_owned(),
        code_display: query.first("codedisplay").map(str::to_owned),
        ..Extras::default()
    };
    if !code_display::fill(&mut extras) {
        notes.push(LinkNote::CodeDisplayUnreadable);
    }
    extras
}

/// Parameters that mean one thing: a second, different value is worth a word.
const SINGLE: [&str; 5] = ["issuer", "algorithm", "digits", "period", "counter"];
