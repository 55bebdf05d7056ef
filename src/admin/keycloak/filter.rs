//! What somebody types to find users: which half of it the server does, and which is done here.

use std::fmt::Write;

use crate::{
    admin::{
        address::encoded,
        model::Person,
        words::{Word, range, words},
    },
    text::fold,
};

/// What is looked for.
#[derive(Debug, Default)]
pub(super) struct Filter {
    /// As they were typed: the server takes the beginnings of words.
    words: Vec<String>,
    names: Vec<String>,
    states: Vec<String>,
    factors: Vec<String>,
    fails: Option<(i64, i64)>,
}

impl Filter {
    /// Reads what was typed; a sentence where it is no filter.
    pub(super) fn read(query: &str) -> Result<Self, String> {
        let mut own = Self::default();
        for word in words(query) {
            match word {
                Word::Free(word) => own.words.push(word),
                Word::Key(key, value) => own.add((&key, &value))?,
            }
        }
        Ok(own)
    }

    fn add(&mut self, (key, value): (&str, &str)) -> Result<(), String> {
        let values = value.split(',').map(|value| fold(value.trim()).into_owned());
        let known = |values: &[String], all: &[&str]| {
            let odd = values.iter().find(|value| !all.contains(&value.as_str()));
            odd.map_or(Ok(()), |odd| Err(format!("no {key} is called \"{odd}\": {}", all.join(", "))))
        };
        match key {
            "name" | "user" => self.names.extend(values),
            "state" => {
                self.states.extend(values);
                known(&self.states, &STATES)?;
            }
            "factor" => {
                self.factors.extend(values);
                known(&self.factors, &FACTORS)?;
            }
            "fails" => {
                let fails = range(value, |text| text.parse().ok());
                self.fails = Some(fails.ok_or_else(|| format!("fails:{value} is no range"))?);
            }
            _ => return Err(format!("it knows no key \"{key}\": name, state, factor and fails")),
        }
        Ok(())
    }

    /// The part of an address that the server narrows by.
    pub(super) fn address(&self) -> String {
        let mut text = self.words.clone();
        if let [name] = self.names.as_slice() {
            text.push(name.clone());
        }
        let mut address = String::new();
        if !text.is_empty() {
            let _ = write!(address, "&search={}", encoded(&text.join(" ")));
        }
        if self.states == ["disabled"] {
            address.push_str("&enabled=false");
        }
        address
    }

    /// Whether something is left that only this side can tell.
    pub(super) fn is_partly_ours(&self) -> bool {
        let is_plain_state = self.states.is_empty();
        !is_plain_state || !self.factors.is_empty() || self.fails.is_some() || self.names.len() > 1
    }

    /// Whether only those with a bypass are looked for: they are listed otherwise.
    pub(super) fn is_for_bypass(&self) -> bool {
        self.states == ["bypass"]
    }

    /// Whether a user of the server's answer is one of them.
    pub(super) fn takes(&self, person: &Person) -> bool {
        let name = fold(&person.name);
        let is_bound = !person.bindings.is_empty();
        let has = |factor: &String| match factor.as_str() {
            "none" => !is_bound,
            _ => is_bound,
        };
        (self.names.is_empty() || self.names.iter().any(|own| name.starts_with(own.as_str())))
            && (self.states.is_empty() || self.states.iter().any(|state| state == person.state.word()))
            && (self.factors.is_empty() || self.factors.iter().any(has))
            && self.fails.is_none_or(|(from, to)| (from..=to).contains(&i64::from(person.failures)))
    }

    /// The same for a user whom no search of the server found: words begin a name or a part of it.
    pub(super) fn takes_alone(&self, person: &Person) -> bool {
        let own = [Some(&person.name), person.display.as_ref(), person.email.as_ref()];
        let own: Vec<_> = own.into_iter().flatten().map(|text| fold(text)).collect();
        let begins = |word: &String| {
            let word = fold(word);
            own.iter().any(|text| text.split_whitespace().any(|part| part.starts_with(&*word)))
        };
        self.words.iter().all(begins) && self.takes(person)
    }
}

const STATES: [&str; 5] = ["ok", "locked", "unbound", "bypass", "disabled"];
const FACTORS: [&str; 2] = ["otp", "none"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_gets_its_half_and_the_rest_is_ours() {
        for (query, address, is_ours) in [
            ("", "", false),
            ("bob builder", "&search=bob%20builder", false),
            ("name:Bo", "&search=bo", false),
            ("state:locked ali", "&search=ali", true),
            ("state:disabled", "&enabled=false", true),
            ("factor:none", "", true),
            ("fails:>3", "", true),
        ] {
            let filter = Filter::read(query).unwrap();
            assert_eq!((filter.address().as_str(), filter.is_partly_ours()), (address, is_ours), "{query}");
        }
        for (query, words) in [
            ("colour:red", "no key \"colour\""),
            ("state:odd", "no state is called \"odd\""),
            ("factor:sms", "no factor is called \"sms\""),
            ("fails:x", "no range"),
        ] {
            let fault = Filter::read(query).unwrap_err();
            assert!(fault.contains(words), "{fault}");
        }
    }
}
