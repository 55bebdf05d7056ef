//! The question at a console without terminal modes and signals: key by key.

use std::io::{self, ErrorKind};

use ratatui::crossterm::{
    event::{Event, KeyCode, KeyEventKind, KeyModifiers, read},
    terminal::{disable_raw_mode, enable_raw_mode},
};
use zeroize::Zeroizing;

use super::LONGEST;

/// Asks at the console.
///
/// # Errors
/// [`ErrorKind::Interrupted`] after Ctrl-C, and whatever the system says where there is no console.
pub fn secret(question: &str) -> io::Result<Zeroizing<String>> {
    enable_raw_mode()?;
    crate::output::ask(question);
    let typed = line();
    let spoken = disable_raw_mode();
    crate::output::say("");
    spoken.and(typed)
}

fn line() -> io::Result<Zeroizing<String>> {
    let mut typed = Zeroizing::new(String::with_capacity(LONGEST)); // it never grows, so no copy stays behind
    loop {
        let Event::Key(key) = read()? else { continue };
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            _ if key.kind == KeyEventKind::Release => {}
            KeyCode::Char('c') if control => return Err(ErrorKind::Interrupted.into()),
            KeyCode::Enter => return Ok(typed),
            KeyCode::Backspace => drop(typed.pop()),
            KeyCode::Char(c) if !control && typed.len() + c.len_utf8() <= LONGEST => typed.push(c),
            _ => {}
        }
    }
}

/// Signals are not watched here.
pub fn leave_signals() {}
