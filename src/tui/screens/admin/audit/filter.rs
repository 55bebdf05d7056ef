//! The filter of the audit: a field, what Tab completes in it, what it means, and its parts as chips.

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    admin::{
        model::AuditFilter,
        narrow::{Narrow, when},
        words::{Word, parts, span},
    },
    tui::{key::Key, widgets::field::Field},
};

/// The longest filter, in characters.
const LIMIT: usize = 256;
/// So many earlier filters are remembered.
const MOST: usize = 20;
const KEYS: [&str; 8] = ["user:", "app:", "result:", "from:", "what:", "by:", "since:", "until:"];
const RESULTS: [&str; 4] = ["fail", "warn", "ok", "fail,warn"];
const TIMES: [&str; 6] = ["1h", "2h", "today", "24h", "7d", "28d"];

/// The filter.
pub(super) struct Filter {
    pub(super) field: Field,
    /// Whether keys go into the field.
    pub(super) focused: bool,
    /// What nobody understood of it.
    pub(super) fault: Option<String>,
    /// From when and until when, where another tab said so.
    pub(super) range: (Option<Timestamp>, Option<Timestamp>),
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
            range: (None, None),
            earlier: vec![],
            recalled: None,
            turning: None,
        }
    }
}

impl Filter {
    pub(super) fn text(&self) -> String {
        self.field.text().trim().to_owned()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text().is_empty() && self.range == (None, None)
    }

    pub(super) fn clear(&mut self) {
        self.remember();
        self.field.clear();
        (self.fault, self.range) = (None, (None, None));
    }

    /// Shows what another tab asked for.
    pub(super) fn set(&mut self, filter: &AuditFilter) {
        self.field.set(&filter.query);
        (self.fault, self.range) = (None, (filter.since, filter.until));
    }

    /// Takes a key for the field; false where it is none.
    pub(super) fn key(&mut self, key: Key) -> bool {
        let taken = self.field.key(key);
        if taken {
            (self.recalled, self.turning) = (None, None);
        }
        taken
    }

    /// Keeps the filter for `↑`.
    pub(super) fn remember(&mut self) {
        let text = self.text();
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

    /// Completes the last word: the next thing that begins so. `names` are values that are on the screen.
    pub(super) fn complete(&mut self, names: &dyn Fn(&str) -> Vec<String>) -> bool {
        let text = self.field.text().to_string();
        let from = text.rfind([' ', ',', ':']).map_or(0, |at| at + 1);
        let begins = || (text[..from].to_owned(), text[from..].to_owned(), 0);
        let (head, begun, at) =
            self.turning.take().map_or_else(begins, |(head, begun, at)| (head, begun, at + 1));
        let fits: Vec<String> =
            candidates(&head, names).into_iter().filter(|word| word.starts_with(&begun)).collect();
        let Some(word) = fits.get(at % fits.len().max(1)) else { return false };
        self.field.set(&format!("{head}{word}"));
        self.turning = Some((head, begun, at));
        true
    }

    /// What the server is asked for. Times are read here, by the clock on this wall.
    pub(super) fn wanted(&self, now: Timestamp, zone: &TimeZone) -> Result<AuditFilter, String> {
        let mut wanted = AuditFilter { since: self.range.0, until: self.range.1, ..AuditFilter::default() };
        let text = self.text();
        let mut rest = vec![];
        for part in parts(&text) {
            match Word::of(part) {
                Word::Key(key, value) if key == "since" => wanted.since = Some(when(&value, now, zone)?),
                Word::Key(key, value) if key == "until" => wanted.until = Some(when(&value, now, zone)?),
                _ => rest.push(part),
            }
        }
        wanted.query = rest.join(" ");
        Ok(wanted)
    }

    /// The same for events that are here already.
    pub(super) fn narrow(&self, now: Timestamp, zone: &TimeZone) -> Result<Narrow, String> {
        Ok(Narrow::read(&self.text(), now, zone)?.between(self.range.0, self.range.1))
    }

    /// Its parts in short: `[last 2 h]  [all apps]  [fail+warn]`; `shown` writes a time.
    pub(super) fn chips(&self, shown: &dyn Fn(Timestamp) -> String) -> String {
        if self.is_empty() {
            return "[all]".to_owned();
        }
        if self.fault.is_some() {
            return "not applied: the list is the one of before".to_owned();
        }
        let mut chips: Vec<String> = vec![];
        match self.range {
            (Some(since), Some(until)) => chips.push(format!("{} - {}", shown(since), shown(until))),
            (Some(since), None) => chips.push(format!("since {}", shown(since))),
            (None, Some(until)) => chips.push(format!("until {}", shown(until))),
            (None, None) => {}
        }
        let text = self.text();
        let words: Vec<Word> = parts(&text).into_iter().map(Word::of).collect();
        let has_app = words.iter().any(|word| matches!(word, Word::Key(key, _) if key == "app"));
        for word in words {
            chips.push(match word {
                Word::Key(key, value) if key == "since" && span(&value).is_some() => {
                    let (number, unit) = value.split_at(value.len() - 1);
                    format!("last {number} {unit}")
                }
                Word::Key(key, value) if key == "since" || key == "until" => format!("{key} {value}"),
                Word::Key(_, value) => value.replace(',', "+"),
                Word::Free(word) => word,
            });
        }
        if !has_app {
            chips.push("all apps".to_owned());
        }
        chips.iter().map(|chip| format!("[{chip}]")).collect::<Vec<_>>().join("  ")
    }
}

/// What can stand behind this.
fn candidates(head: &str, names: &dyn Fn(&str) -> Vec<String>) -> Vec<String> {
    let listed = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let word = head.rsplit(' ').next().unwrap_or_default();
    match word.split(':').next().unwrap_or_default() {
        "" => listed(&KEYS),
        "result" => listed(&RESULTS),
        "since" | "until" => listed(&TIMES),
        key => names(key),
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
    fn tab_completes_keys_and_values_and_names_on_the_screen() {
        let names =
            |key: &str| if key == "user" { vec!["ada".to_owned(), "alan".to_owned()] } else { vec![] };
        let mut own = filter("re");
        assert!(own.complete(&names));
        assert_eq!(own.text(), "result:");
        own.turning = None;
        for expected in ["result:fail", "result:warn"] {
            assert!(own.complete(&names) && own.text() == expected, "{}", own.text());
        }
        let mut own = filter("result:fail user:al");
        assert!(own.complete(&names) && own.text() == "result:fail user:alan");
        assert!(!filter("app:x").complete(&names));
    }

    #[test]
    fn times_are_read_here_and_the_rest_is_sent_as_it_was_typed() {
        let now = Timestamp::from_second(1_700_000_022).unwrap();
        let own = filter("result:fail,warn since:2h user:\"Ada, L\"");
        let wanted = own.wanted(now, &TimeZone::UTC).unwrap();
        assert_eq!(wanted.query, "result:fail,warn user:\"Ada, L\"");
        assert_eq!(wanted.since, Some(Timestamp::from_second(1_699_992_822).unwrap()));
        assert!(filter("since:soon").wanted(now, &TimeZone::UTC).is_err());
        let chips = |text: &str| filter(text).chips(&|time| time.to_string());
        assert_eq!(chips("result:fail,warn since:2h"), "[fail+warn]  [last 2 h]  [all apps]");
        assert_eq!((chips(""), chips("app:vpn alan")), ("[all]".to_owned(), "[vpn]  [alan]".to_owned()));
    }
}
