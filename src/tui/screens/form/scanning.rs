//! Filling the form from the QR code on a picture.

use std::path::{Path, PathBuf};

use super::Form;
use crate::{
    import::{Supply, read},
    otp::Link,
    tui::{
        context::Context,
        message::{Handed, Message},
        screen::Step,
        screens::files::Files,
    },
};

impl Form {
    /// Asks for the picture.
    pub(super) fn choose_picture() -> Step {
        Step::Push(Box::new(Files::new("Read a QR picture", Path::new("."), false)))
    }

    /// Reads the chosen one, on a thread of its own.
    pub(super) fn scan(&mut self, chosen: &[PathBuf], cx: &mut Context) {
        let Some(path) = chosen.first().cloned() else { return };
        self.scanning = Some(cx.jobs.ask(move |number| Message::Scanned(number, Handed::new(link_on(path)))));
    }

    /// Takes what was on it.
    pub(super) fn scanned(&mut self, scanned: &Handed<Result<Link, String>>, cx: &mut Context) {
        self.scanning = None;
        match scanned.take() {
            Some(Ok(link)) => self.fill(&link, cx),
            Some(Err(words)) => cx.fail(words),
            None => {}
        }
    }
}

/// The one account on a picture, or the sentence that says why there is none to take.
fn link_on(path: PathBuf) -> Result<Link, String> {
    let mut batch = read(&[Supply::File(path)], None, &[]);
    if let Some((name, error)) = batch.unread().next() {
        let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
        return Err(format!("{name}: {error}{hint}."));
    }
    let mut incoming = batch.take_incoming();
    match incoming.len() {
        1 => Ok(incoming.remove(0).link),
        0 => {
            let bad = batch.bad();
            let why = bad.first().map_or("it holds no account", |(_, bad)| bad.reason.as_str());
            Err(format!("Nothing to add there: {why}."))
        }
        count => Err(format!("There are {count} accounts on it; Esc, then i imports all of them.")),
    }
}
