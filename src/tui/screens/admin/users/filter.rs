//! The filter of users: a field, what Tab completes in it, earlier filters.

use zeroize::Zeroizing;

use crate::tui::{
    context::Context,
    key::Key,
    widgets::field::{Field, Took},
};

/// The longest filter, in characters.
const LIMIT: usize = 256;
/// So many earlier filters are remembered.
const MOST: usize = 20;
/// What can stand before a colon.
const KEYS: [&str; 4] = ["state:", "factor:", "name:", "fails:"];
const STATES: [&str; 5] = ["ok", "locked", "bypass", "unbound", "disabled"];
const FACTORS: [&str; 6] = ["otp", "token", "email", "sms", "recovery", "none"];
const FAILS: [&str; 3] = [">0", ">3", ">5"];

/// The filter.
pub(super) struct Filter {
    pub(super) field: Field,
    /// Whether keys go into the field.
    pub(super) focused: bool,
    /// What the server did not understand of it.
    pub(super) fault: Option<String>,
    earlier: Vec<String>,
    recalled: Option<usize>,
    /// What Tab turned through last: the text before the word, what of it was typed, which one is shown.
    turning: Option<(String, String, usize)>,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            field: Field::new(LIMIT),
            focused: false,
            fault: None,
            earlier: Vec::new(),
            recalled: None,
            turning: None,
        }
    }
}

impl Filter {
    pub(super) fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(self.field.text().trim().to_owned())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// What somebody may have meant who typed a state alone.
    pub(super) fn state_hint(&self) -> String {
        let text = self.text();
        let state = STATES.iter().find(|state| state.eq_ignore_ascii_case(&text));
        state.map_or_else(String::new, |state| format!(" state:{state} finds by state."))
    }

    pub(super) fn clear(&mut self) {
        self.remember();
        self.field.clear();
        self.fault = None;
    }

    /// Takes a key for the field; false where it is none.
    pub(super) fn key(&mut self, key: Key) -> bool {
        let taken = self.field.key(key);
        if taken {
            (self.recalled, self.turning) = (None, None);
        }
        taken
    }

    pub(super) fn paste(&mut self, text: &str, cx: &mut Context) -> bool {
        if let Took::TooLong(limit) = self.field.insert(text) {
            cx.warn(format!("That is longer than {limit} characters; nothing was pasted."));
            return false;
        }
        true
    }

    /// Keeps the filter for `↑`.
    pub(super) fn remember(&mut self) {
        let text = self.text().to_string();
        self.recalled = None;
        if text.is_empty() {
            return;
        }
        self.earlier.retain(|earlier| *earlier != text);
        self.earlier.push(text);
        if self.earlier.len() > MOST {
            self.earlier.remove(0);
        }
    }

    /// An earlier filter, or a later one; false where there is none.
    pub(super) fn recall(&mut self, back: bool) -> bool {
        let last = self.earlier.len();
        let now = self.recalled.unwrap_or(last);
        let to = if back { now.checked_sub(1) } else { Some(now + 1).filter(|to| *to <= last) };
        let Some(to) = to else { return false };
        self.field.set(self.earlier.get(to).map_or("", String::as_str));
        self.recalled = Some(to);
        true
    }

    /// Completes the last word: the next thing that begins so. False where nothing does.
    pub(super) fn complete(&mut self) -> bool {
        let text = self.field.text().to_string();
        let from = text.rfind([' ', ',', ':']).map_or(0, |at| at + 1);
        let begins = || (text[..from].to_owned(), text[from..].to_owned(), 0);
        let (head, begun, at) =
            self.turning.take().map_or_else(begins, |(head, begun, at)| (head, begun, at + 1));
        let fits: Vec<&str> =
            candidates(&head).iter().copied().filter(|word| word.starts_with(&begun)).collect();
        let Some(word) = fits.get(at % fits.len().max(1)) else { return false };
        self.field.set(&format!("{head}{word}"));
        self.turning = Some((head, begun, at));
        true
    }
}

/// What can stand behind this.
fn candidates(head: &str) -> &'static [&'static str] {
    let word = head.rsplit(' ').next().unwrap_or_default();
    match word.split(':').next().unwrap_or_default() {
        "state" => &STATES,
        "factor" => &FACTORS,
        "fails" => &FAILS,
        "" => &KEYS,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(text: &str) -> Filter {
        let mut filter = Filter::default();
        filter.field.set(text);
        filter
    }

    #[test]
    fn tab_completes_keys_then_values_and_turns_through_them() {
        let mut own = filter("alan st");
        assert!(own.complete());
        assert_eq!(own.text().as_str(), "alan state:");
        own.turning = None;
        for expected in ["state:ok", "state:locked", "state:bypass"] {
            assert!(own.complete());
            assert_eq!(own.text().as_str(), format!("alan {expected}"));
        }
        let mut second = filter("state:locked,un");
        assert!(second.complete());
        assert_eq!(second.text().as_str(), "state:locked,unbound");
        assert!(!filter("nothing:x").complete());
        assert!(!filter("zzz").complete());
    }

    #[test]
    fn earlier_filters_come_back_and_go_again() {
        let mut own = filter("state:locked");
        own.clear();
        own.field.set("fails:>3");
        own.remember();
        own.field.clear();
        assert!(own.recall(true) && own.text().as_str() == "fails:>3");
        assert!(own.recall(true) && own.text().as_str() == "state:locked");
        assert!(!own.recall(true));
        assert!(own.recall(false) && own.recall(false) && own.is_empty());
    }
}
