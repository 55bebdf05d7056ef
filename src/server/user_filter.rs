//! What users are looked for by, as somebody types it: words, and `state: factor: name: fails:` filters. Pure.

use super::store::people::words_of;
use crate::server::domain::name::fold;

/// What users are looked for by. All of it must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Beginnings of words of the name, of what people call the user, and of the address.
    pub words: Vec<String>,
    /// The beginning of the name, by one rule of spelling.
    pub name: Option<String>,
    /// What to know first.
    pub states: Vec<State>,
    /// Which factors there are.
    pub factors: Vec<Has>,
    /// Wrong codes in a row: at least, at most.
    pub fails: Option<(u32, u32)>,
}

/// A state to look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// May not sign in.
    Disabled,
    /// No code is judged now.
    Locked,
    /// No second step is asked for.
    Bypass,
    /// Has no authenticator, or must bind one anew.
    Unbound,
    /// None of these.
    Ok,
}

/// A factor that a user has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Has {
    /// An authenticator of any kind.
    Otp,
    /// A hardware token.
    Token,
    /// An address for codes.
    Email,
    /// A number for codes.
    Sms,
    /// Recovery codes.
    Recovery,
    /// None.
    None,
}

/// Why a text is no filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FilterError {
    /// No filter has this name.
    #[error("there is no filter of this name: state, factor, name and fails are known")]
    Name,
    /// The value is none.
    #[error("{0}")]
    Value(&'static str),
    /// More than anybody types.
    #[error("the search is longer than {MAX_CHARACTERS} characters")]
    TooLong,
}

impl UserFilter {
    /// Reads what somebody typed.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        if text.chars().count() > MAX_CHARACTERS {
            return Err(FilterError::TooLong);
        }
        let mut filter = Self::default();
        for part in parts(text) {
            match part.split_once(':') {
                None => filter.words.extend(words_of(&part)),
                Some((name, value)) => filter.add(&name.to_ascii_lowercase(), value)?,
            }
        }
        filter.words.truncate(MAX_WORDS);
        Ok(filter)
    }

    fn add(&mut self, name: &str, value: &str) -> Result<(), FilterError> {
        match name {
            "state" => {
                for word in value.split(',') {
                    self.states.push(state(word).ok_or(FilterError::Value(STATES))?);
                }
            }
            "factor" => {
                for word in value.split(',') {
                    self.factors.push(factor(word).ok_or(FilterError::Value(FACTORS))?);
                }
            }
            "name" | "user" => self.name = Some(fold(value.trim())),
            "fails" => self.fails = Some(fails(value).ok_or(FilterError::Value(FAILS))?),
            _ => return Err(FilterError::Name),
        }
        Ok(())
    }
}

/// Divided by blanks; what stands between quotation marks is one part.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for character in text.chars() {
        match character {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => parts.push(String::new()),
            c => parts.last_mut().expect("there is a part").push(c),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn state(word: &str) -> Option<State> {
    Some(match word.to_ascii_lowercase().as_str() {
        "disabled" => State::Disabled,
        "locked" => State::Locked,
        "bypass" => State::Bypass,
        "unbound" => State::Unbound,
        "ok" => State::Ok,
        _ => return None,
    })
}

fn factor(word: &str) -> Option<Has> {
    Some(match word.to_ascii_lowercase().as_str() {
        "otp" | "totp" | "hotp" => Has::Otp,
        "token" | "hw" => Has::Token,
        "email" | "mail" => Has::Email,
        "sms" => Has::Sms,
        "recovery" => Has::Recovery,
        "none" => Has::None,
        _ => return None,
    })
}

/// `3`, `>3`, `>=3`, `<3`, `<=3`, `1-5`.
fn fails(text: &str) -> Option<(u32, u32)> {
    let number = |text: &str| text.trim().parse::<u32>().ok();
    if let Some(rest) = text.strip_prefix(">=") {
        Some((number(rest)?, u32::MAX))
    } else if let Some(rest) = text.strip_prefix("<=") {
        Some((0, number(rest)?))
    } else if let Some(rest) = text.strip_prefix('>') {
        Some((number(rest)?.checked_add(1)?, u32::MAX))
    } else if let Some(rest) = text.strip_prefix('<') {
        Some((0, number(rest)?.checked_sub(1)?))
    } else if let Some((from, to)) = text.split_once('-') {
        Some((number(from)?, number(to)?))
    } else {
        number(text).map(|exact| (exact, exact))
    }
}

const MAX_CHARACTERS: usize = 256;
const MAX_WORDS: usize = 8;
const STATES: &str = "state: takes ok, locked, bypass, unbound and disabled";
const FACTORS: &str = "factor: takes otp, token, email, sms, recovery and none";
const FAILS: &str = "fails: takes a number, >3, >=3, <3, <=3 or 1-5";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_filters_are_read_as_they_are_typed() {
        let filter =
            UserFilter::parse("Tur state:locked,bypass FAILS:>3 factor:otp  name:\"Al an\"").unwrap();
        assert_eq!((filter.words, filter.name.as_deref()), (vec!["tur".to_owned()], Some("al an")));
        assert_eq!(filter.states, [State::Locked, State::Bypass]);
        assert_eq!((filter.factors, filter.fails), (vec![Has::Otp], Some((4, u32::MAX))));
        assert_eq!(UserFilter::parse("").unwrap(), UserFilter::default());
        assert_eq!(UserFilter::parse("alan@corp.example").unwrap().words, ["alan", "corp", "example"]);
    }

    #[test]
    fn numbers_of_failures_are_ranges() {
        let fails =
            |text: &str| UserFilter::parse(&format!("fails:{text}")).map(|filter| filter.fails.unwrap());
        assert_eq!((fails("3"), fails(">=3"), fails("<3")), (Ok((3, 3)), Ok((3, u32::MAX)), Ok((0, 2))));
        assert_eq!((fails("<=3"), fails("1-5")), (Ok((0, 3)), Ok((1, 5))));
        for text in ["", "x", "-1", ">", "<0", "99999999999"] {
            assert_eq!(fails(text), Err(FilterError::Value(FAILS)), "{text}");
        }
    }

    #[test]
    fn what_is_no_filter_says_what_there_is() {
        assert_eq!(UserFilter::parse("colour:red"), Err(FilterError::Name));
        assert_eq!(UserFilter::parse("state:odd"), Err(FilterError::Value(STATES)));
        assert_eq!(UserFilter::parse("factor:odd"), Err(FilterError::Value(FACTORS)));
        assert_eq!(UserFilter::parse(&"x ".repeat(200)), Err(FilterError::TooLong));
    }
}
