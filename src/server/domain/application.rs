//! Applications: what people sign in to. Which factors are on, the user agreement, and what switching a factor off costs.

use std::time::Duration;

use super::{
    audit::{Event, EventKind},
    factor::{Factor, Factors},
};

/// One application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The factors that it asks for: any one of them is enough; none, and the password is.
    pub factors: Factors,
    /// How many texts there were to agree to: a number is never given twice, also not after a time without a text.
    pub agreements: u32,
    /// What its users must have agreed to.
    pub agreement: Option<Agreement>,
    /// How long a browser is remembered that did the second step.
    pub remember: Option<Duration>,
}

/// The id of the console: the application that administrators sign in to. It always asks for a code of an
/// authenticator, and for nothing else.
pub const CONSOLE: &str = "sesamd";

/// A text that users agree to, once for each version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Grows with every change of the text.
    pub version: u32,
    /// The text.
    pub text: String,
}

/// A wish to switch a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switch {
    /// Which one.
    pub factor: Factor,
    /// To what.
    pub on: bool,
    /// The number of bindings that go, repeated by who saw it.
    pub bindings: Option<u64>,
}

/// Why a factor is not switched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SwitchRefused {
    /// So many bindings would go, and the wish did not name that number.
    #[error("{0} bindings would be removed and cannot be brought back: repeat the request with that number")]
    BindingsGo(u64),
    /// Recovery codes and passcodes are no switches.
    #[error("only otp, email and sms are switched on and off")]
    NoSwitch,
}

/// What a switch does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switched {
    /// What is written down; nothing, when nothing changed.
    pub events: Vec<Event>,
    /// Whether every app binding of this application goes, the unconfirmed ones with them. Hardware tokens stay.
    pub bindings_go: bool,
}

impl Application {
    /// Switches a factor. `confirmed` is how many confirmed app bindings there are now: hardware tokens and unconfirmed
    /// ones do not count.
    pub fn switch(&mut self, wish: Switch, confirmed: u64) -> Result<Switched, SwitchRefused> {
        if !Factor::SWITCHABLE.contains(&wish.factor) {
            return Err(SwitchRefused::NoSwitch);
        }
        if self.factors.has(wish.factor) == wish.on {
            return Ok(Switched { events: vec![], bindings_go: false });
        }
        let bindings_go = wish.factor == Factor::Otp && !wish.on;
        if bindings_go && confirmed > 0 && wish.bindings != Some(confirmed) {
            return Err(SwitchRefused::BindingsGo(confirmed));
        }
        self.factors = self.factors.with(wish.factor, wish.on);
        let kind = if wish.on { EventKind::FactorOn } else { EventKind::FactorOff };
        let mut event = Event::success(kind).at(&self.id).by(wish.factor);
        if bindings_go {
            event = event.saying(format!("{confirmed} bindings removed"));
        }
        Ok(Switched { events: vec![event], bindings_go })
    }

    /// Gives the agreement another text. The same text is no change; no text ends the agreement.
    pub fn agree_on(&mut self, text: Option<&str>) {
        if self.agreement.as_ref().map(|old| old.text.as_str()) == text {
            return;
        }
        self.agreement = text.map(|text| {
            self.agreements = self.agreements.saturating_add(1);
            Agreement { version: self.agreements, text: text.to_owned() }
        });
    }

    /// Whether a user who agreed to `accepted` must agree again.
    pub fn must_agree(&self, accepted: Option<u32>) -> bool {
        self.agreement.as_ref().is_some_and(|agreement| accepted != Some(agreement.version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn application(factors: &[Factor]) -> Application {
        Application {
            id: "vpn".into(),
            name: "VPN".into(),
            factors: factors.iter().copied().collect(),
            agreements: 0,
            agreement: None,
            remember: None,
        }
    }

    fn off(bindings: Option<u64>) -> Switch {
        Switch { factor: Factor::Otp, on: false, bindings }
    }

    #[test]
    fn turning_otp_off_first_answers_how_many_bindings_go_and_needs_that_number_repeated() {
        let mut vpn = application(&[Factor::Otp]);
        for bindings in [None, Some(0), Some(6), Some(8)] {
            assert_eq!(vpn.switch(off(bindings), 7), Err(SwitchRefused::BindingsGo(7)));
            assert!(vpn.factors.has(Factor::Otp));
        }
        let done = vpn.switch(off(Some(7)), 7).unwrap();
        assert!(done.bindings_go && vpn.factors.is_empty());
        assert_eq!(done.events[0].kind.name(), "Application factor off");
        assert_eq!(done.events[0].detail.as_deref(), Some("7 bindings removed"));
    }

    #[test]
    fn where_nobody_is_bound_no_number_is_needed() {
        let mut vpn = application(&[Factor::Otp]);
        assert!(vpn.switch(off(None), 0).unwrap().bindings_go, "unconfirmed ones go all the same");
        let on = Switch { factor: Factor::Otp, on: true, bindings: None };
        let done = vpn.switch(on, 0).unwrap();
        assert_eq!((done.bindings_go, done.events[0].kind.name()), (false, "Application factor on"));
        assert_eq!(vpn.switch(on, 0).unwrap().events, [], "what is on stays on, unaudited");
    }

    #[test]
    fn other_factors_go_without_bindings_and_paper_is_no_switch() {
        let mut vpn = application(&[Factor::Otp, Factor::Email]);
        let email = Switch { factor: Factor::Email, on: false, bindings: None };
        assert!(!vpn.switch(email, 7).unwrap().bindings_go);
        let recovery = Switch { factor: Factor::Recovery, on: true, bindings: None };
        assert_eq!(vpn.switch(recovery, 7), Err(SwitchRefused::NoSwitch));
    }

    #[test]
    fn an_agreement_is_accepted_once_and_again_after_each_change() {
        let mut vpn = application(&[]);
        assert!(!vpn.must_agree(None));
        vpn.agree_on(Some("Be kind."));
        assert!(vpn.must_agree(None) && !vpn.must_agree(Some(1)));
        vpn.agree_on(Some("Be kind."));
        assert!(!vpn.must_agree(Some(1)));
        vpn.agree_on(Some("Be very kind."));
        assert!(vpn.must_agree(Some(1)) && !vpn.must_agree(Some(2)));
        vpn.agree_on(None);
        assert!(!vpn.must_agree(None));
        vpn.agree_on(Some("Be kind."));
        assert!(vpn.must_agree(Some(1)) && vpn.must_agree(Some(2)));
    }
}
