//! The cases: any one-time password at any time, from a seed.

use sesam::otp::{Algorithm, Counter, Digits, Kind, Otp, Period, Pin, Secret};

/// One thing to compute: for HOTP the counter is in the kind, and the time is not used.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) otp: Otp,
    pub(super) time: u64,
}

impl Case {
    pub(super) fn code(&self) -> String {
        self.otp.code(self.time).expect("every case has its PIN and a long enough secret").as_str().to_owned()
    }

    /// `kind algorithm digits period secret-in-hex moving pin`, as `tests/second/otp.py` reads it.
    pub(super) fn line(&self) -> String {
        let (kind, digits) = (self.otp.type_name(), self.otp.digits);
        let (algorithm, secret) = (self.otp.algorithm, hex(&self.otp.secret));
        let period = self.otp.period().map_or(0, Period::seconds);
        let (moving, pin) = match &self.otp.kind {
            Kind::Hotp { counter } => (counter.value(), "-"),
            Kind::Motp { pin: Some(pin) } | Kind::Yandex { pin: Some(pin) } => (self.time, pin.expose()),
            _ => (self.time, "-"),
        };
        format!("{kind} {algorithm} {digits} {period} {secret} {moving} {pin}")
    }

    /// The same so many steps later.
    pub(super) fn ahead(&self, steps: u64) -> Self {
        let mut later = self.clone();
        match &mut later.otp.kind {
            Kind::Hotp { counter } => {
                *counter = Counter::new(counter.value() + steps).expect("cases leave room");
            }
            Kind::Totp { period } => later.time += steps * u64::from(period.seconds()),
            _ => unreachable!("oathtool knows no other kind"),
        }
        later
    }
}

/// splitmix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// Anywhere from 0 to the last, and one time in eight at an end.
    fn up_to(&mut self, last: u64) -> u64 {
        match self.within(0, 15) {
            0 => 0,
            1 => last,
            _ => self.within(0, last),
        }
    }

    fn within(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    pub(super) fn cases(&mut self, count: usize) -> Vec<Case> {
        (0..count).map(|_| self.case()).collect()
    }

    /// Four in ten are TOTP, three HOTP, one each Steam, mOTP and Yandex.
    fn case(&mut self) -> Case {
        match self.within(0, 9) {
            0..=3 => self.totp((5, 10)),
            4..=6 => self.hotp((5, 10)),
            7 => Case { otp: Otp::new(Kind::Steam, self.secret(1)), time: self.time() },
            8 => {
                let otp = Otp::new(Kind::Motp { pin: Some(self.pin()) }, self.secret(1));
                Case { otp: Otp { digits: self.digits((5, 10)), ..otp }, time: self.time() }
            }
            _ => Case {
                otp: Otp::new(Kind::Yandex { pin: Some(self.pin()) }, self.secret(16)),
                time: self.time(),
            },
        }
    }

    /// What `oathtool` can: 6 to 8 digits, HOTP with SHA1 alone, and room for the window.
    pub(super) fn oathtool_case(&mut self, window: u64) -> Case {
        if self.within(0, 1) == 0 {
            let mut case = self.totp((6, 8));
            let last = YEAR_9999 - window * u64::from(case.otp.period().map_or(0, Period::seconds));
            case.time = case.time.min(last);
            return case;
        }
        let mut case = self.hotp((6, 8));
        let counter = Counter::new(self.up_to(LAST_COUNTER - window)).expect("it is below the last");
        case.otp = Otp { kind: Kind::Hotp { counter }, algorithm: Algorithm::Sha1, ..case.otp };
        case
    }

    fn totp(&mut self, digits: (u64, u64)) -> Case {
        let seconds = u32::try_from(self.within(1, 86_400)).expect("a day has fewer seconds");
        let period = Period::new(seconds).expect("it is a second to a day");
        let otp = Otp::new(Kind::Totp { period }, self.secret(1));
        Case {
            otp: Otp { algorithm: self.algorithm(), digits: self.digits(digits), ..otp },
            time: self.time(),
        }
    }

    fn hotp(&mut self, digits: (u64, u64)) -> Case {
        let counter = Counter::new(self.up_to(LAST_COUNTER)).expect("it is at most the last");
        let otp = Otp::new(Kind::Hotp { counter }, self.secret(1));
        Case { otp: Otp { algorithm: self.algorithm(), digits: self.digits(digits), ..otp }, time: 0 }
    }

    fn time(&mut self) -> u64 {
        self.up_to(YEAR_9999)
    }

    fn secret(&mut self, shortest: u64) -> Secret {
        let bytes = (0..self.within(shortest, 128)).map(|_| self.next().to_be_bytes()[0]).collect();
        Secret::new(bytes).expect("it has 1 to 128 bytes")
    }

    fn algorithm(&mut self) -> Algorithm {
        [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512][(self.next() % 3) as usize]
    }

    fn digits(&mut self, (low, high): (u64, u64)) -> Digits {
        let count = u8::try_from(self.within(low, high)).expect("it is at most 10");
        Digits::new(count).expect("it is 5 to 10")
    }

    fn pin(&mut self) -> Pin {
        let digits: String =
            (0..self.within(1, 16)).map(|_| char::from(b'0' + (self.next() % 10) as u8)).collect();
        Pin::new(&digits).expect("it has 1 to 16 digits")
    }
}

pub(super) fn hex(secret: &Secret) -> String {
    data_encoding::HEXLOWER.encode(secret.expose())
}

const YEAR_9999: u64 = 253_402_300_799;
const LAST_COUNTER: u64 = u64::MAX >> 1;
