//! The digits now.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::Digits;

/// One code: digits, or for Steam and Yandex letters.
///
/// Its memory is cleared, `Debug` shows nothing of it, and it is compared in constant time.
#[derive(Clone)]
pub struct Code(Zeroizing<String>);

impl Code {
    /// The characters, without any grouping.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The last `digits` decimal digits of a truncated HMAC (RFC 4226, section 5.3), filled up with zeros:
    /// ten digits hold all 31 bits.
    pub(super) fn from_number(number: u32, digits: Digits) -> Self {
        let number = u64::from(number) % 10_u64.pow(u32::from(digits.count()));
        Self::new(format!("{number:0width$}", width = usize::from(digits.count())))
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Code {}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}

/// A code in groups that can be read at a glance: `492 039`, `9428 7082`. Letters stay together.
pub fn grouped(code: &str, group: u8) -> String {
    let size = usize::from(group);
    if size == 0 || code.len() <= size + 1 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return code.to_owned();
    }
    let size = if code.len() == 8 && size == 3 { 4 } else { size };
    let mut rest = code;
    let mut groups = Vec::new();
    // No digit stands alone at the end.
    while rest.len() > size + 1 {
        let (head, tail) = rest.split_at(size);
        groups.push(head);
        rest = tail;
    }
    groups.push(rest);
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_grouped_to_be_read() {
        for (code, shown) in [
            ("492039", "492 039"),
            ("94287082", "9428 7082"),
            ("1234567", "123 4567"),
            ("0000000007", "000 000 0007"),
            ("12345", "123 45"),
            ("K7QBX", "K7QBX"),
        ] {
            assert_eq!(grouped(code, 3), shown);
        }
        assert_eq!(grouped("492039", 0), "492039");
        assert_eq!(grouped("492039", 2), "49 20 39");
    }

    #[test]
    fn keeps_leading_zeros() {
        let text = |number, digits| Code::from_number(number, Digits::new(digits).unwrap()).0;
        assert_eq!(text(12, 6).as_str(), "000012");
        assert_eq!(text(1_284_755_224, 6).as_str(), "755224");
        assert_eq!(text(0x7fff_ffff, 10).as_str(), "2147483647");
        assert_eq!(text(7, 10).as_str(), "0000000007");
    }
}
