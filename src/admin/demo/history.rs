//! Rows of the demo's audit: four weeks that end now, and two a second that come while the clock runs. Made from numbers
//! alone, so they are the same every time.

use jiff::Timestamp;

use super::row::Row;
use crate::admin::model::Outcome;

/// Four weeks of rows, the oldest first; the last three minutes are those of the pictures.
pub(super) fn four_weeks(now: Timestamp, names: &[String]) -> Vec<Row> {
    let end = now.as_second() - QUIET;
    let begin = (now.as_second() - 28 * DAY).div_euclid(HOUR) * HOUR + HOUR;
    let mut rows = Vec::with_capacity(9000);
    let mut hour = begin;
    while hour < end {
        an_hour(&mut rows, (hour, attack_of(now)), names);
        hour += HOUR;
    }
    rows.retain(|row| row.time.as_second() < end);
    rows.extend(alans_day(now));
    rows.sort_by_key(|row| row.time);
    rows.extend(PICTURED.iter().map(|(ago, row)| pictured(at(now.as_second() - ago, 0), *row)));
    rows
}

/// The row of this number that comes while the clock runs, and its time.
pub(super) fn live(born: Timestamp, number: u64, names: &[String]) -> Row {
    let roll = mix(&[77, number]);
    let milliseconds = i64::try_from(number * 500 + roll % 400).unwrap_or(i64::MAX / 2) + 400;
    let time =
        Timestamp::from_millisecond(born.as_millisecond().saturating_add(milliseconds)).unwrap_or(born);
    match roll % 23 {
        0 | 1 => {
            Row::refused(time, "wrong_code").of(name(names, roll >> 8), app(roll >> 16), &address(roll >> 24))
        }
        2 => unknown(time, roll >> 8),
        3 => Row::refused(time, "replayed_code").of(name(names, roll >> 8), "vpn", &address(roll >> 24)),
        _ => accepted(time, roll, names),
    }
}

/// The hour of the attack: the last 14 o'clock that is over.
fn attack_of(now: Timestamp) -> i64 {
    let seconds = now.as_second();
    let today = seconds.div_euclid(DAY) * DAY + 14 * HOUR;
    if today + HOUR <= seconds { today } else { today - DAY }
}

fn an_hour(rows: &mut Vec<Row>, (hour, attack): (i64, i64), names: &[String]) {
    let (day, of_day) = (hour.div_euclid(DAY), hour.rem_euclid(DAY) / HOUR);
    // 1970 began on a Thursday; Monday is 0.
    let weekend = (day + 3).rem_euclid(7) > 4;
    let place = usize::try_from(of_day).unwrap_or(0);
    let scale = |weight: u64| if weekend { weight / 5 } else { weight };
    let roll = |kind: u64, nth: u64| mix(&[kind, hour.unsigned_abs(), nth]);
    let many = |weight: u64, kind, more: u64| scale(weight) + roll(kind, 0) % (1 + more);
    for nth in 0..many(ACCEPTED[place], 1, scale(ACCEPTED[place]) / 3) {
        let roll = roll(2, nth);
        rows.push(accepted(at(hour, roll), roll >> 12, names));
    }
    for nth in 0..many(REFUSED[place], 3, scale(REFUSED[place]) / 2 + 2 * REFUSED[place].min(1)) {
        let roll = roll(4, nth);
        // Each time somebody else: nobody but those of the pictures stands out.
        let whose = rows.len() as u64 * 7 + 3;
        rows.push(refused(at(hour, roll), (roll >> 12, whose), names));
    }
    for nth in 0..if hour == attack { 38 } else { 0 } {
        rows.push(unknown(at(hour, 600 + nth * 23 + roll(5, nth) % 9), roll(5, nth)));
    }
}

fn accepted(time: Timestamp, roll: u64, names: &[String]) -> Row {
    let what = ["TOTP #1", "TOTP #1", "TOTP #1", "push", "TOTP #1", "HOTP #1"][pick(roll >> 3, 6)];
    Row::new(time, what).of(name(names, roll), app(roll >> 20), &address(roll >> 28))
}

fn refused(time: Timestamp, (roll, whose): (u64, u64), names: &[String]) -> Row {
    let reason = match roll % 10 {
        0..6 => "wrong_code",
        6 | 7 => return unknown(time, roll >> 8),
        8 => "replayed_code",
        _ => "expired_code",
    };
    Row::refused(time, reason).of(name(names, whose), app(roll >> 20), &address(roll >> 28))
}

/// Somebody from outside who tries names.
fn unknown(time: Timestamp, roll: u64) -> Row {
    let what = format!("unknown user: {}", TRIED[pick(roll, TRIED.len())]);
    let (application, from) = (Some("wiki".to_owned()), Some("185.220.101.4".to_owned()));
    Row { application, what, from, ..Row::refused(time, "unknown_user") }
}

/// What alan and noether did today, before they were locked.
fn alans_day(now: Timestamp) -> Vec<Row> {
    let ago = |minutes: i64| at(now.as_second() - minutes * 60, 0);
    let mut rows = vec![
        Row::new(ago(329), "TOTP #1").of("alan", "wiki", "10.8.0.14"),
        Row::new(ago(99), "TOTP #1").of("alan", "ssh-bastion", "10.8.0.14"),
    ];
    let wrong = |minutes, name, from| Row::refused(ago(minutes), "wrong_code").of(name, "vpn", from);
    rows.extend([98, 98, 98, 97, 97].map(|minutes| wrong(minutes, "alan", "10.8.0.14")));
    rows.extend([114, 114, 113, 113, 112].map(|minutes| wrong(minutes, "noether", "10.8.0.40")));
    let lock = |minutes, name: &str| Row {
        user: Some(name.to_owned()),
        outcome: Outcome::Warn,
        by: Some("system".to_owned()),
        ..Row::new(ago(minutes), "locked after 5 wrong codes")
    };
    rows.extend([lock(97, "alan"), lock(112, "noether")]);
    rows
}

/// Outcome, user, application, what, address; a reason for what was refused.
type Pictured = (Outcome, &'static str, &'static str, &'static str, &'static str);

fn pictured(time: Timestamp, (outcome, user, application, what, from): Pictured) -> Row {
    let row = match what {
        "wrong code" => Row::refused(time, "wrong_code"),
        "replayed code" => Row::refused(time, "replayed_code"),
        what if outcome == Outcome::Fail => {
            Row { what: what.to_owned(), ..Row::refused(time, "unknown_user") }
        }
        what => Row { outcome, ..Row::new(time, what) },
    };
    let row = row.of(user, application, from);
    match user {
        "" => Row { user: None, ..row },
        "noether" => Row { by: Some("admin@ops".to_owned()), application: None, ..row },
        _ => row,
    }
}

const PICTURED: [(i64, Pictured); 11] = {
    use Outcome::{Fail, Ok, Warn};
    [
        (171, (Ok, "grace", "vpn", "HOTP #1", "10.8.0.17")),
        (170, (Fail, "grace", "vpn", "replayed code", "10.8.0.17")),
        (139, (Ok, "radia", "ssh-bastion", "push", "10.8.0.31")),
        (128, (Ok, "ada", "vpn", "TOTP #1", "10.8.0.9")),
        (86, (Ok, "noether", "", "passcode issued", "10.8.0.2")),
        (65, (Warn, "edsger", "vpn", "bypass used", "10.8.0.22")),
        (38, (Fail, "", "wiki", "unknown user: admin", "185.220.101.4")),
        (37, (Fail, "", "wiki", "unknown user: root", "185.220.101.4")),
        (19, (Ok, "ada", "vpn", "push", "10.8.0.9")),
        (12, (Ok, "hugo", "ssh-bastion", "TOTP #1", "10.8.0.3")),
        (3, (Fail, "alan", "vpn", "wrong code", "10.8.0.14")),
    ]
};

/// A time within an hour.
fn at(hour: i64, roll: u64) -> Timestamp {
    let within = i64::try_from(roll % 3600).unwrap_or(0);
    Timestamp::from_second(hour + within).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn name(names: &[String], roll: u64) -> &str {
    names.get(pick(roll, names.len())).map_or("ada", String::as_str)
}

fn app(roll: u64) -> &'static str {
    ["vpn", "vpn", "vpn", "wiki", "wiki", "ssh-bastion", "payroll"][pick(roll, 7)]
}

fn address(roll: u64) -> String {
    format!("10.8.{}.{}", roll % 4, 2 + (roll >> 4) % 250)
}

fn pick(roll: u64, count: usize) -> usize {
    usize::try_from(roll % (count.max(1) as u64)).unwrap_or(0)
}

/// Numbers that look like chance.
fn mix(parts: &[u64]) -> u64 {
    let step = |state: u64, part: &u64| {
        let mut mixed = (state ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    parts.iter().fold(0, step)
}

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// So many seconds before now the made rows end, and the pictured ones begin.
const QUIET: i64 = 200;
/// How many are accepted and refused in each hour of a working day, at least.
const ACCEPTED: [u64; 24] =
    [1, 0, 0, 0, 0, 1, 4, 14, 30, 34, 26, 22, 18, 22, 24, 22, 18, 14, 8, 5, 4, 3, 2, 2];
const REFUSED: [u64; 24] = [0, 0, 0, 0, 0, 0, 1, 1, 3, 3, 2, 2, 1, 2, 3, 2, 1, 1, 1, 0, 0, 0, 0, 0];
const TRIED: [&str; 8] = ["root", "admin", "administrator", "test", "oracle", "backup", "guest", "postgres"];
