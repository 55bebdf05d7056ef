//! The parameters after the `?`: names in any case, of a repeated one the first counts.

use zeroize::Zeroizing;

use super::percent::{self, Plus};

/// The decoded parameters in their order. Values are cleared from memory, as one of them is the secret.
pub(super) struct Query {
    parameters: Vec<(String, Zeroizing<String>)>,
    /// Whether bytes that are no UTF-8 were replaced.
    pub(super) lossy: bool,
}

impl Query {
    pub(super) fn parse(text: &str) -> Self {
        let mut query = Self { parameters: Vec::new(), lossy: false };
        for part in text.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let name = percent::decode(name, Plus::Space).text.to_ascii_lowercase();
            let value = percent::decode(value, Plus::Space);
            query.lossy |= value.lossy;
            query.parameters.push((name, value.text));
        }
        query
    }

    /// The first value of a parameter; its name in lower case.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Every value of a parameter; its name in lower case.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.parameters.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Whether a parameter stands there with two different values.
    pub(super) fn contradicts(&self, name: &str) -> bool {
        let first = self.first(name);
        self.all(name).any(|value| Some(value) != first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_a_name_in_any_case_counts() {
        let query = Query::parse("&SECRET=a%3Db&secret=c&issuer=A+B&flag&=x&issuer=A+B");
        assert_eq!(query.first("secret"), Some("a=b"));
        assert_eq!(query.all("secret").collect::<Vec<_>>(), ["a=b", "c"]);
        assert_eq!(
            (query.first("issuer"), query.first("flag"), query.first("no")),
            (Some("A B"), Some(""), None)
        );
        assert!(query.contradicts("secret") && !query.contradicts("issuer") && !query.contradicts("no"));
    }
}
