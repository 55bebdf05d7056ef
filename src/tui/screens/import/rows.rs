//! What a row of the preview says: the state of an entry in a word, its names, what becomes of it and why.

use crate::{
    formats::{Bad, Spot},
    import::{Prepared, Row},
    otp::{Kind, Otp},
    vault::intake::{OnDuplicate, Planned, State, Twin},
};

/// One row in words.
#[derive(Default)]
pub(super) struct Words {
    /// The state: `new`, `differs` …
    pub(super) state: &'static str,
    /// The issuer.
    pub(super) issuer: String,
    /// The account name.
    pub(super) account: String,
    /// What it is, and what becomes of it.
    pub(super) what: String,
    /// Whether it comes in; `None` where it cannot.
    pub(super) ticked: Option<bool>,
}

/// A row in words.
pub(super) fn words(row: Row, prepared: &Prepared) -> Words {
    match row {
        Row::Planned(at) => planned(&prepared.plan.entries[at]),
        Row::Bad(..) => prepared.bad(row).map_or_else(Words::default, bad),
    }
}

fn bad(bad: &Bad) -> Words {
    let what = format!("{}: {}", bad.reason, spot(bad.at));
    Words { state: "bad", issuer: bad.issuer.clone(), account: bad.account.clone(), what, ticked: None }
}

/// The place of an entry in its source.
pub(super) fn spot(spot: Spot) -> String {
    match spot {
        Spot::Code(number) => format!("QR code {number}"),
        Spot::Line(number) => format!("line {number}"),
        Spot::Entry(number) => format!("entry {number}"),
    }
}

fn planned(planned: &Planned) -> Words {
    let link = &planned.incoming.link;
    let notes = || link.notes.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    let (state, what) = match &planned.state {
        State::New if link.notes.is_empty() => ("new", kind(&link.otp)),
        State::New => ("new", format!("{}; {}", kind(&link.otp), notes())),
        State::Repaired => ("repair", notes()),
        State::Same(Twin::Account(_)) => ("same", "already here, identical".to_owned()),
        State::Same(Twin::Incoming(_)) => ("same", "came before in this import".to_owned()),
        State::Trashed => ("trash", "in the other app's trash".to_owned()),
        State::Differs { fields, .. } => {
            let verb = if fields.len() == 1 { "differs" } else { "differ" };
            ("differs", format!("{} {verb}: {}", fields.join(", "), choice(planned.choice.on_duplicate)))
        }
    };
    let ticked = planned.can_come_in().then(|| comes_in(planned));
    Words { state, issuer: link.issuer.clone(), account: link.account.clone(), what, ticked }
}

/// Whether something is done with it.
pub(super) fn comes_in(planned: &Planned) -> bool {
    let skips =
        matches!(planned.state, State::Differs { .. }) && planned.choice.on_duplicate == OnDuplicate::Skip;
    planned.can_come_in() && !planned.choice.left_out && !skips
}

fn choice(choice: OnDuplicate) -> &'static str {
    match choice {
        OnDuplicate::KeepBoth => "keep both",
        OnDuplicate::Replace => "replace",
        OnDuplicate::Skip => "skip",
    }
}

/// `TOTP 6/30`.
fn kind(otp: &Otp) -> String {
    let digits = otp.digits.count();
    let algorithm = match otp.algorithm.as_str() {
        "SHA1" => String::new(),
        other => format!(" {other}"),
    };
    match &otp.kind {
        Kind::Totp { period } => format!("TOTP {digits}/{}{algorithm}", period.seconds()),
        Kind::Hotp { counter } => format!("HOTP {digits}, counter {}{algorithm}", counter.value()),
        Kind::Steam => "Steam 5/30".to_owned(),
        Kind::Motp { .. } => format!("mOTP {digits}/10"),
        Kind::Yandex { .. } => "Yandex 8/30".to_owned(),
    }
}
