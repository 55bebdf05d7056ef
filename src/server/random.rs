//! Randomness for the server: the one place that asks the system for it. Everything else is handed bytes.

/// Where random bytes come from.
pub type Random = fn(&mut [u8]);

/// The system's generator.
pub fn system(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("a system without randomness can serve nobody");
}

/// So many bytes.
pub fn bytes<const N: usize>(random: Random) -> [u8; N] {
    let mut bytes = [0; N];
    random(&mut bytes);
    bytes
}

/// A new id: 26 characters that sort by time.
pub fn id(random: Random, milliseconds: i64) -> String {
    let time = u64::try_from(milliseconds).unwrap_or(0);
    ulid::Ulid::from_parts(time, u128::from_be_bytes(bytes(random))).to_string()
}
