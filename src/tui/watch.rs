//! What happens without a key: the vault that closes by itself, and the vault that others change.

use jiff::SignedDuration;

use super::{context::Context, message::Message, notice::sentence, session::Stamp};
use crate::{config::print_duration, vault::catalog::Catalog};

/// What was known of the file before it was last read, and whether it is being read: a change that comes while it is
/// read makes it another one.
pub struct Watch {
    stamp: Option<Stamp>,
    reading: bool,
    /// Whether it could not be read.
    lost: bool,
    /// What was known of the key when the vault could be read last.
    key: Option<Stamp>,
}

impl Watch {
    /// Knows the file as it was when it was read, or as it is now.
    pub fn new(cx: &Context) -> Self {
        let read = cx.session.as_ref().and_then(|session| session.stamp);
        let stamp = read.or_else(|| stamp(cx));
        Self { stamp, reading: false, lost: false, key: Stamp::of(&cx.place.identity()) }
    }

    /// Why the vault has to close now, if it has to.
    pub fn must_lock(&self, cx: &Context, is_locked: bool) -> Option<String> {
        if self.lost && !is_locked && Stamp::of(&cx.place.identity()) != self.key {
            return Some("Locked because the vault has another key now.".to_owned());
        }
        let after = cx.config.lock.after.filter(|_| !is_locked && !cx.mode.demo)?;
        let due = cx.now().duration_since(cx.last_key) >= SignedDuration::try_from(after).ok()?;
        due.then(|| format!("Locked after {} without a key press.", spelled(after)))
    }

    /// The seconds until the vault closes by itself.
    pub fn locks_in(&self, cx: &Context) -> Option<u64> {
        seconds_to_lock(cx).map(|left| left.max(1))
    }

    /// Reads the accounts again when the file is no longer the one that was read.
    pub fn look_at_the_vault(&mut self, cx: &mut Context) {
        let now = stamp(cx);
        // What is being saved here is read again by whoever saves it.
        if self.reading || cx.jobs.running() > 0 || now == self.stamp {
            return;
        }
        if let Some(session) = &cx.session
            && !session.vault.is_in_memory()
        {
            (self.stamp, self.reading) = (now, true);
            cx.jobs.reload(&session.vault);
        }
    }

    /// Takes in what concerns the accounts as a whole; the message for the screens, if it is news to them.
    pub fn take(&mut self, message: Message, cx: &mut Context) -> Option<Message> {
        match message {
            Message::Loaded(catalog) => {
                let by_others = std::mem::take(&mut self.reading) && cx.jobs.running() == 0;
                self.loaded(*catalog, by_others, cx)
            }
            Message::NotLoaded(error) => {
                (self.reading, self.lost) = (false, true);
                cx.fail(format!("{} What is shown is what was read last.", sentence(&error)));
                None
            }
            Message::Told(words) => {
                if let Some(words) = words {
                    cx.warn(words);
                }
                None
            }
            Message::Opened(..) => {
                *self = Self::new(cx);
                Some(message)
            }
            other => Some(other),
        }
    }

    fn loaded(&mut self, catalog: Catalog, by_others: bool, cx: &mut Context) -> Option<Message> {
        let Some(session) = &mut cx.session else { return None };
        let (old, new) = (session.catalog.head().generation, catalog.head().generation);
        if new < old && !session.vault.is_in_memory() {
            return None; // a late answer
        }
        let (before, after) = (session.catalog.len(), catalog.len());
        session.catalog = catalog;
        cx.desk.forget_computed();
        self.key = Stamp::of(&cx.place.identity());
        let found_again = std::mem::take(&mut self.lost);
        if by_others && (new > old || found_again) {
            cx.say(format!("The vault was changed by another sesam{}.", counted(before, after)));
        }
        // The screens find the accounts in the session.
        Some(Message::Reloaded)
    }
}

/// The seconds until the vault closes by itself; `None` when it never does.
pub fn seconds_to_lock(cx: &Context) -> Option<u64> {
    let after = cx.config.lock.after.filter(|_| cx.session.is_some() || cx.link().is_some())?;
    let idle = cx.now().duration_since(cx.last_key).as_secs();
    Some(after.as_secs().saturating_sub(u64::try_from(idle).unwrap_or(0)))
}

fn counted(before: usize, after: usize) -> String {
    let accounts =
        |number: usize| if number == 1 { "1 account".to_owned() } else { format!("{number} accounts") };
    match after.cmp(&before) {
        std::cmp::Ordering::Less => format!(": {} fewer", accounts(before - after)),
        std::cmp::Ordering::Equal => String::new(),
        std::cmp::Ordering::Greater => format!(": {} more", accounts(after - before)),
    }
}

fn spelled(after: std::time::Duration) -> String {
    match after.as_secs() {
        seconds if seconds >= 60 && seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        seconds if seconds < 120 => format!("{seconds} s"),
        _ => print_duration(after),
    }
}

fn stamp(cx: &Context) -> Option<Stamp> {
    Stamp::of(&cx.place.vault())
}
