//! Two states of one account become one, field by field: the newer change wins, the larger HOTP counter wins, and
//! where it cannot be told which code is right both are kept.
//!
//! Whether the account is in force, in the trash or gone is `merge`'s business.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{
    account::{DECIDES, KEYS, MAKES_CODES, push_line},
    lines::{Fields, quoted, table_of_times},
};
use crate::crypt::sha256_hex;

type Times = BTreeMap<String, Timestamp>;

/// Two states of one account as one.
pub(super) struct Joined {
    /// The account.
    pub(super) block: Zeroizing<String>,
    /// Where it cannot be told which code is right: the other one, under an id of its own.
    pub(super) twin: Option<(String, Zeroizing<String>)>,
}

/// The fields of both.
pub(super) fn join(one: Fields<'_>, other: Fields<'_>) -> Joined {
    let one_times = one.times("changed").unwrap_or_default();
    let other_times = other.times("changed").unwrap_or_default();
    if !unsure((one, &one_times), (other, &other_times)) {
        return Joined { block: joined((one, &one_times), (other, &other_times)), twin: None };
    }
    let (first, second) = if *otp_text(one) >= *otp_text(other) { (one, other) } else { (other, one) };
    Joined { block: joined((first, &one_times), (first, &other_times)), twin: Some(twin(second)) }
}

/// Whether a join would guess what makes the codes: two changes of one key at the same time, or a secret of one
/// version with parameters that the other one set for its own secret.
fn unsure((one, one_times): (Fields<'_>, &Times), (other, other_times): (Fields<'_>, &Times)) -> bool {
    let differing: Vec<&str> = MAKES_CODES.into_iter().filter(|key| one.raw(key) != other.raw(key)).collect();
    let newer: Vec<Ordering> =
        differing.iter().map(|key| one_times.get(*key).cmp(&other_times.get(*key))).collect();
    let mixed = newer.iter().any(|order| *order != newer[0]);
    newer.contains(&Ordering::Equal) || (mixed && differing.iter().any(|key| DECIDES.contains(key)))
}

fn joined(
    (one, one_times): (Fields<'_>, &Times),
    (other, other_times): (Fields<'_>, &Times),
) -> Zeroizing<String> {
    let mut block = Zeroizing::new(String::new());
    let own: BTreeSet<&str> = one.lines().chain(other.lines()).map(|(key, _)| key).collect();
    let known = KEYS.iter().copied().filter(|key| own.contains(key));
    let more = own
        .iter()
        .copied()
        .filter(|key| !KEYS.contains(key) && !["changed", "deleted", "after"].contains(key));
    for key in known.chain(more) {
        let sides = (one.raw(key), other.raw(key));
        if let Some(raw) = newer(key, sides, (one_times.get(key), other_times.get(key))) {
            push_line(&mut block, key, raw);
        }
    }
    let mut times = one_times.clone();
    for (key, time) in other_times {
        times.entry(key.clone()).and_modify(|own| *own = (*own).max(*time)).or_insert(*time);
    }
    if !times.is_empty() {
        push_line(&mut block, "changed", &table_of_times(&times));
    }
    block
}

fn newer<'a>(
    key: &str,
    (one, other): (Option<&'a str>, Option<&'a str>),
    (one_time, other_time): (Option<&Timestamp>, Option<&Timestamp>),
) -> Option<&'a str> {
    if one == other {
        return one;
    }
    let number = |raw: Option<&str>| raw.and_then(|raw| raw.parse::<i64>().ok());
    match key {
        "counter" if number(one) >= number(other) => one,
        "counter" => other,
        "created" => one.min(other),
        _ if one_time > other_time => one,
        _ if one_time < other_time => other,
        _ => one.max(other),
    }
}

fn otp_text(fields: Fields<'_>) -> Zeroizing<String> {
    let parts: Vec<&str> = MAKES_CODES.iter().map(|key| fields.raw(key).unwrap_or("")).collect();
    Zeroizing::new(parts.join("\n"))
}

/// The same account under another id, which depends on what makes its codes alone: merging again finds it there.
fn twin(fields: Fields<'_>) -> (String, Zeroizing<String>) {
    let old = fields.raw("id").unwrap_or_default().trim_matches('"').to_owned();
    let hash = sha256_hex(format!("{old}\n{}", *otp_text(fields)).as_bytes());
    let random = u128::from_str_radix(&hash[..32], 16).unwrap_or_default();
    let birth = ulid::Ulid::from_string(&old).map_or(0, |id| id.timestamp_ms());
    let id = ulid::Ulid::from_parts(birth, random).to_string();
    let mut block = Zeroizing::new(String::new());
    push_line(&mut block, "id", &quoted(&id));
    let rest = fields.lines().filter(|(key, _)| !["id", "deleted", "after"].contains(key));
    rest.for_each(|(key, raw)| push_line(&mut block, key, raw));
    (id, block)
}
