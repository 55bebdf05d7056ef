//! What the person at the screens gives for a server: a token of the open vault, and the codes of their own second
//! factor, out of the vault or typed. Threads ask here and wait; the screens answer.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        mpsc::{Receiver, Sender, TryRecvError, channel},
    },
};

use zeroize::Zeroizing;

use super::wanted::{self, Code, Wanted};
use crate::{
    admin::{
        codes::Codes,
        connect::{self, Own, Profile},
        error::CLOSED,
        keycloak::device::Visit,
    },
    clock::Clock,
    text::{safe, safe_cut},
    tui::message::{Event, Handed, Message},
    vault::{Account, Vault, query::Query, tokens::Tokens},
};

/// The way to the person.
pub struct Hands {
    clock: Arc<dyn Clock>,
    offset: i64,
    screens: OnceLock<Sender<Event>>,
    /// The codes that the vault made, by the names of servers.
    made: Mutex<HashMap<String, Arc<Codes>>>,
}

impl Hands {
    /// Makes codes by this clock, corrected by so many seconds.
    pub fn new(clock: Arc<dyn Clock>, offset: i64) -> Self {
        Self { clock, offset, screens: OnceLock::new(), made: Mutex::default() }
    }

    /// From here on the screens hear what is wanted.
    pub fn listen(&self, screens: Sender<Event>) {
        let _ = self.screens.set(screens);
    }

    fn tell(&self, message: Message) {
        if let Some(screens) = self.screens.get() {
            let _ = screens.send(Event::Job(message));
        }
    }

    /// Waits for what is wanted; nothing where it is refused.
    fn waits<T>(&self, wanted: Wanted, answer: &Receiver<T>) -> Option<T> {
        self.tell(Message::Wanted(Handed::new(wanted)));
        answer.recv().ok()
    }

    fn vault(&self) -> Option<Arc<Vault>> {
        let (reply, answer) = channel();
        self.waits(Wanted::Vault(reply), &answer)
    }

    /// A code of the account that the profile names, with a word about it the first time.
    fn made(&self, server: &str, query: &str, again: bool) -> Result<Option<Zeroizing<String>>, String> {
        let vault = self.vault().ok_or(format!("the code comes from the vault, {CLOSED}"))?;
        let account = account(&vault, query)?;
        drop(vault);
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = !made.contains_key(server);
        let fresh = || Arc::new(Codes::new(Arc::clone(&self.clock), self.offset));
        let codes = Arc::clone(made.entry(server.to_owned()).or_insert_with(fresh));
        drop(made);
        let name = safe_cut(&account.name(), 24);
        if is_first {
            let words = format!("The code comes from {name}: both factors of {} lie together.", safe(server));
            self.tell(Message::Told(Some(words)));
        }
        let waits = |seconds| {
            self.tell(Message::Told(Some(format!("Waiting {seconds} s for the next code of {name}."))));
        };
        codes.next(&account.otp, again, &waits)
    }
}

impl Own for Hands {
    fn token(&self, server: &str) -> Result<Zeroizing<String>, String> {
        let vault = self.vault().ok_or(format!("it lies in the vault, {CLOSED}"))?;
        let tokens = Tokens::read(&vault).map_err(|error| error.to_string())?;
        tokens.of(server).cloned().ok_or_else(|| format!("the vault has none for {server}"))
    }

    fn code(&self, profile: &Profile, again: bool) -> Result<Option<Zeroizing<String>>, String> {
        let server = profile.name.clone();
        if let Some(query) = profile.server.otp.as_deref().filter(|query| !query.is_empty()) {
            return self.made(&server, query, again);
        }
        let user = profile.server.user.clone().unwrap_or_default();
        let (reply, answer) = channel();
        Ok(self.waits(Wanted::Code(Code { server, user, again, reply }), &answer))
    }

    /// The box is there as long as somebody wants to; closing it gives up.
    fn visit(&self, profile: &Profile, visit: &Visit) -> Result<connect::Wanted, String> {
        let (held, closed) = channel();
        let wanted = wanted::Visit { server: profile.name.clone(), place: visit.clone(), held };
        self.tell(Message::Wanted(Handed::new(Wanted::Visit(wanted))));
        let closed = Mutex::new(closed);
        Ok(Box::new(move || {
            let closed = closed.lock().unwrap_or_else(PoisonError::into_inner);
            closed.try_recv() != Err(TryRecvError::Disconnected)
        }))
    }
}

/// The one account that a query means.
fn account(vault: &Vault, query: &str) -> Result<Account, String> {
    let found = vault.find(&Query::new(query)).map_err(|error| error.to_string())?;
    let account = match found.fields().as_slice() {
        [one] => Account::read(*one).map_err(|error| error.to_string())?,
        [] => return Err(format!("no account of the vault matches \"{query}\"")),
        several => return Err(format!("{} accounts of the vault match \"{query}\"", several.len())),
    };
    if account.otp.window(0).is_none() {
        return Err(format!("{} counts, and codes for a sign-in are made by time", account.name()));
    }
    Ok(account)
}
