//! The ten users of the pictures, and Emmy Noether, who is locked like alan.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::user::{Bound, User};
use crate::otp::{Otp, Secret};

/// Name, what people call them, authenticators, minutes since the last success, wrong codes, applications.
type Part = (&'static str, &'static str, &'static [Device], Option<i64>, u32, &'static [&'static str]);
/// Kind, label, days since it was bound.
type Device = (&'static str, &'static str, i64);

const PHONE: Device = ("totp", "FreeOTP", 200);
const PARTS: [Part; 10] = [
    ("ada", "Ada Lovelace", &[PHONE, ("push", "Pixel 8", 90)], Some(2), 0, &["vpn", "wiki"]),
    (
        "alan",
        "Alan Turing",
        &[("totp", "FreeOTP \"Pixel 9\"", 382), ("hotp", "hw token 0041-7781", 1040)],
        Some(99),
        5,
        &["vpn", "ssh-bastion", "wiki"],
    ),
    (
        "barbara",
        "Barbara Liskov",
        &[("fido2", "YubiKey 5C", 512), PHONE],
        Some(201),
        1,
        &["vpn", "wiki", "payroll"],
    ),
    ("dennis", "Dennis Ritchie", &[], None, 0, &["vpn"]),
    ("edsger", "Edsger Dijkstra", &[("totp", "Aegis", 61)], Some(1), 0, &["vpn", "wiki"]),
    ("frances", "Frances Allen", &[PHONE], Some(1500), 0, &["vpn", "wiki"]),
    ("grace", "Grace Hopper", &[("hotp", "hw token 0041-7790", 700)], Some(3), 2, &["vpn", "wiki"]),
    ("hugo", "Hugo H.", &[("totp", "sesam", 33)], Some(1), 0, &["vpn", "ssh-bastion", "wiki"]),
    ("ken", "Ken Thompson", &[("totp", "Aegis", 900)], Some(111 * 1440), 0, &["vpn", "wiki"]),
    ("radia", "Radia Perlman", &[PHONE, ("push", "iPhone", 75)], Some(2), 0, &["vpn", "ssh-bastion", "wiki"]),
];

/// The ten, as they stand at a time.
pub(super) fn cast(now: Timestamp) -> Vec<User> {
    let mut cast: Vec<User> = PARTS.iter().map(|part| user(part, now)).collect();
    for user in &mut cast {
        match user.name.as_str() {
            "alan" => {
                user.locked_until = Some(minutes(now, 23));
                user.groups = vec!["ops", "vpn"];
                user.sessions = vec!["vpn".into(), "wiki".into()];
                user.bindings[1].parameters = "counter 812".into();
            }
            "edsger" => user.bypass_until = Some(minutes(now, 199)),
            "hugo" => (user.groups, user.recovery_codes) = (vec!["ops"], 8),
            "ken" => user.disabled = true,
            _ => {}
        }
    }
    cast
}

/// The same plain user with what is known of them.
pub(super) fn plain(name: &str, display: &str, now: Timestamp) -> User {
    let email = Some(format!("{name}@corp.example"));
    let (id, display) = (format!("u-{name}"), Some(display.to_owned()));
    let applications = vec!["vpn".to_owned(), "wiki".to_owned()];
    let bindings = vec![device((name, 1), &PHONE, now)];
    User { id, name: name.to_owned(), display, email, applications, bindings, version: 1, ..User::default() }
}

/// A time so many minutes ahead, or behind where the number is negative.
pub(super) fn minutes(now: Timestamp, minutes: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(now)
}

/// The secret of an authenticator: made from the names, so that it is the same every time.
pub(super) fn otp(user: &str, number: usize) -> Otp {
    let hash = Sha256::digest(format!("sesam demo server {user} {number}"));
    Otp::totp(Secret::new(hash[..20].to_vec()).expect("20 bytes are a secret"))
}

fn user(part: &Part, now: Timestamp) -> User {
    let (name, display, devices, seen, failures, applications) = *part;
    let bindings: Vec<Bound> =
        (1..).zip(devices).map(|(number, one)| device((name, number), one, now)).collect();
    let last_success = seen.map(|seen| minutes(now, -seen));
    let mut user = User { failures, last_success, bindings, ..plain(name, display, now) };
    user.groups = vec!["vpn"];
    user.applications = applications.iter().map(|one| (*one).to_owned()).collect();
    if let Some(first) = user.bindings.first_mut() {
        first.used = last_success;
    }
    user
}

fn device((user, number): (&str, usize), (kind, label, days): &Device, now: Timestamp) -> Bound {
    let id = format!("b-{user}-{number}");
    let mut bound = Bound::new((id, kind), label, minutes(now, -days * 1440));
    bound.otp = Some(otp(user, number)).filter(|_| *kind == "totp");
    bound
}
