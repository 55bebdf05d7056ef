//! The rows of the form: where the keys can be, and which of them a type of code has.

use crate::otp::{Counter, Kind, Otp, Period, Pin};

/// One place that takes keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row {
    Issuer,
    Account,
    Secret,
    Tags,
    Note,
    Type,
    Digits,
    Period,
    Counter,
    Algorithm,
    Pin,
    Buttons,
}

/// The types of code by their names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Type {
    #[default]
    Totp,
    Hotp,
    Steam,
    Motp,
    Yandex,
}

impl Row {
    /// The word before it.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Issuer => "Issuer",
            Self::Account => "Account",
            Self::Secret => "Secret",
            Self::Tags => "Tags",
            Self::Note => "Note",
            Self::Type => "Type",
            Self::Digits => "Digits",
            Self::Period => "Period",
            Self::Counter => "Counter",
            Self::Algorithm => "Algorithm",
            Self::Pin => "PIN",
            Self::Buttons => "",
        }
    }
}

impl Type {
    /// All of them, in the order of the picture.
    pub(super) const ALL: [Self; 5] = [Self::Totp, Self::Hotp, Self::Steam, Self::Motp, Self::Yandex];

    /// The type of a one-time password.
    pub(super) fn of(otp: &Otp) -> Self {
        match otp.kind {
            Kind::Totp { .. } => Self::Totp,
            Kind::Hotp { .. } => Self::Hotp,
            Kind::Steam => Self::Steam,
            Kind::Motp { .. } => Self::Motp,
            Kind::Yandex { .. } => Self::Yandex,
        }
    }

    /// The name on the screen.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Totp => "TOTP",
            Self::Hotp => "HOTP",
            Self::Steam => "Steam",
            Self::Motp => "mOTP",
            Self::Yandex => "Yandex",
        }
    }

    /// The kind without a PIN, with the usual numbers.
    pub(super) fn usual(self) -> Kind {
        self.kind(Period::default(), Counter::default(), None)
    }

    /// The kind with what it needs of these.
    pub(super) fn kind(self, period: Period, counter: Counter, pin: Option<Pin>) -> Kind {
        match self {
            Self::Totp => Kind::Totp { period },
            Self::Hotp => Kind::Hotp { counter },
            Self::Steam => Kind::Steam,
            Self::Motp => Kind::Motp { pin },
            Self::Yandex => Kind::Yandex { pin },
        }
    }

    /// What can be set besides the names and the secret.
    pub(super) fn own_rows(self) -> &'static [Row] {
        match self {
            Self::Totp => &[Row::Digits, Row::Period, Row::Algorithm],
            Self::Hotp => &[Row::Digits, Row::Counter, Row::Algorithm],
            Self::Steam => &[],
            Self::Motp => &[Row::Digits, Row::Pin],
            Self::Yandex => &[Row::Pin],
        }
    }

    /// Whether this type has the row.
    pub(super) fn has(self, row: Row) -> bool {
        self.own_rows().contains(&row)
    }

    /// Every row from the top.
    pub(super) fn rows(self) -> Vec<Row> {
        let first = [Row::Issuer, Row::Account, Row::Secret, Row::Tags, Row::Note, Row::Type];
        first.iter().chain(self.own_rows()).copied().chain([Row::Buttons]).collect()
    }
}
