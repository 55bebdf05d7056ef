//! What password managers export: a login that may hold a one-time code as a link or as a bare secret.

use jiff::Timestamp;

use super::{
    Record,
    parts::{self, Parts},
    record::NamedReason,
};
use crate::otp::{Extras, otpauth::looks_like_link, parse_link};

/// A login with a one-time code.
pub(super) struct Login<'a> {
    /// A link, or a bare secret in base32.
    pub(super) totp: &'a str,
    /// The title of the login.
    pub(super) title: &'a str,
    /// The user's name there.
    pub(super) username: &'a str,
    /// What the manager keeps beside it.
    pub(super) extras: Extras,
    /// When it was made.
    pub(super) created: Option<Timestamp>,
}

impl Login<'_> {
    /// The account. What its link does not name is named by the login.
    pub(super) fn record(self) -> Result<Record, NamedReason> {
        let names = (self.title.to_owned(), self.username.to_owned());
        let mut record = if looks_like_link(self.totp) {
            let mut link = parse_link(self.totp).map_err(|error| NamedReason::new(names.clone(), error))?;
            let nameless = self.totp.trim_start().get(..6).is_some_and(|s| s.eq_ignore_ascii_case("steam:"));
            if link.issuer.is_empty() || nameless && !names.0.is_empty() {
                link.issuer = names.0;
            }
            if link.account.is_empty() {
                link.account = names.1;
            }
            let tags = [self.extras.tags, link.extras.tags].concat();
            link.extras = Extras { tags, icon: link.extras.icon, ..self.extras };
            Record::from(link)
        } else {
            let parts = parts::base32(self.totp).map(|secret| Parts::new("totp", secret));
            parts::record(names, parts, self.extras)?
        };
        record.created = self.created;
        Ok(record)
    }
}
