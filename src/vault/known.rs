//! Finding accounts by names and codes, each in one step, and saying in which fields two of them differ.

use std::collections::HashMap;

use crate::otp::{Kind, Link, Otp, Period, Pin};

/// Issuer and account name.
type Names<'a> = (&'a str, &'a str);

/// Accounts by what they are compared by. Of several that are alike the first is found.
#[derive(Default)]
pub(super) struct Known<'a> {
    identical: Identical<'a>,
    same: HashMap<(Names<'a>, Codes<'a>), (usize, Moving<'a>)>,
    owned: HashMap<(Names<'a>, &'a [u8]), usize>,
    named: HashMap<Names<'a>, usize>,
    secrets: HashMap<&'a [u8], usize>,
}

/// Accounts that are the same in every way. Of several the first is found.
#[derive(Default)]
pub(super) struct Identical<'a>(HashMap<(Names<'a>, Codes<'a>, Moving<'a>), usize>);

impl<'a> Identical<'a> {
    /// Learns one at this place; the place of an earlier one that is the same in every way.
    pub(super) fn learn(&mut self, at: usize, names: Names<'a>, otp: &'a Otp) -> Option<usize> {
        let first = *self.0.entry((names, Codes::of(otp), Moving::of(otp))).or_insert(at);
        (first != at).then_some(first)
    }

    fn find(&self, names: Names<'a>, otp: &'a Otp) -> Option<usize> {
        self.0.get(&(names, Codes::of(otp), Moving::of(otp))).copied()
    }
}

/// What makes codes, but for counter and PIN.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Codes<'a> {
    type_name: &'static str,
    secret: &'a [u8],
    algorithm: &'static str,
    digits: u8,
    period: Option<u32>,
}

/// The counter and the PIN: the one moves on in use, the other is in no link.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Moving<'a> {
    counter: Option<u64>,
    pin: Option<&'a str>,
}

impl<'a> Known<'a> {
    pub(super) fn of(accounts: impl Iterator<Item = (&'a str, &'a str, &'a Otp)>) -> Self {
        let mut known = Self::default();
        for (at, (issuer, account, otp)) in accounts.enumerate() {
            known.learn(at, (issuer, account), otp);
        }
        known
    }

    fn learn(&mut self, at: usize, names: Names<'a>, otp: &'a Otp) {
        let (codes, moving) = (Codes::of(otp), Moving::of(otp));
        self.identical.learn(at, names, otp);
        let furthest = self.same.entry((names, codes)).or_insert((at, moving));
        if furthest.1.counter < moving.counter {
            *furthest = (at, moving);
        }
        self.owned.entry((names, codes.secret)).or_insert(at);
        self.named.entry(names).or_insert(at);
        self.secrets.entry(codes.secret).or_insert(at);
    }

    /// One that makes the same codes under the same names, and knows no less: its counter has moved on perhaps, and
    /// a PIN that the other one lacks is no difference.
    pub(super) fn same(&self, names: Names<'a>, otp: &'a Otp) -> Option<usize> {
        let moving = Moving::of(otp);
        let alike = || self.same.get(&(names, Codes::of(otp)));
        let no_less =
            |(_, here): &&(usize, Moving<'_>)| moving.pin.is_none() && here.counter >= moving.counter;
        self.identical.find(names, otp).or_else(|| alike().filter(no_less).map(|(at, _)| *at))
    }

    /// One with the same names and secret, else with the same names, else with the same secret.
    pub(super) fn like(&self, names: Names<'a>, otp: &'a Otp) -> Option<usize> {
        let secret = otp.secret.expose();
        let owned = self.owned.get(&(names, secret));
        owned.or_else(|| self.named.get(&names)).or_else(|| self.secrets.get(secret)).copied()
    }
}

/// The keys of the fields in which an incoming account differs from one that is here.
pub(super) fn differing((issuer, account, here): (&str, &str, &Otp), link: &Link) -> Vec<&'static str> {
    let (ours, theirs) = (Codes::of(here), Codes::of(&link.otp));
    let (moving, their_moving) = (Moving::of(here), Moving::of(&link.otp));
    let differs = [
        (issuer != link.issuer, "issuer"),
        (account != link.account, "account"),
        (ours.type_name != theirs.type_name, "type"),
        (here.secret != link.otp.secret, "secret"),
        (ours.algorithm != theirs.algorithm, "algorithm"),
        (ours.digits != theirs.digits, "digits"),
        (ours.period != theirs.period, "period"),
        (moving.counter != their_moving.counter, "counter"),
        (their_moving.pin.is_some() && moving.pin != their_moving.pin, "pin"),
    ];
    differs.into_iter().filter(|(differs, _)| *differs).map(|(_, key)| key).collect()
}

impl<'a> Codes<'a> {
    fn of(otp: &'a Otp) -> Self {
        Self {
            type_name: otp.type_name(),
            secret: otp.secret.expose(),
            algorithm: otp.algorithm.as_str(),
            digits: otp.digits.count(),
            period: otp.period().map(Period::seconds),
        }
    }
}

impl<'a> Moving<'a> {
    fn of(otp: &'a Otp) -> Self {
        let (counter, pin) = match &otp.kind {
            Kind::Hotp { counter } => (Some(counter.value()), None),
            Kind::Motp { pin } | Kind::Yandex { pin } => (None, pin.as_ref().map(Pin::expose)),
            Kind::Totp { .. } | Kind::Steam => (None, None),
        };
        Self { counter, pin }
    }
}
