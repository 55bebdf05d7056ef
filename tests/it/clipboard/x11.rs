//! The native clipboard on a real X server: there, marked, gone after its term, and never somebody else's.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt, time::Duration};

use sesam::clipboard::{
    Clears, Clipboard, Copies, Method, Multiplexer, Native, Settings, Surroundings, Terminal, Way,
};

use super::{display::Display, keepers};
use crate::cli::sesam::{Home, installed, program, run, skipped, until, write};

/// A home whose copies are cleared after `seconds`.
fn home(seconds: u64) -> Home {
    let home = Home::with_accounts();
    let settings = format!("[vault]\nwork_factor = 15\n[copy]\nclear_after = {seconds}\n");
    write(&home.path("config/sesam/config.toml"), settings);
    home
}

/// The clipboard as a screen uses it, on this display: its keeper is started by a script that sets the variable.
fn clipboard(home: &Home, display: &Display, seconds: u64) -> Clipboard {
    let script = home.path("sesam-on-display");
    write(&script, format!("#!/bin/sh\nDISPLAY={} exec '{}' \"$@\"\n", display.name(), program()));
    fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).unwrap();
    let settings = Settings {
        method: Method::Auto,
        command: Vec::new(),
        clear_after: Some(Duration::from_secs(seconds)),
        clear_osc52: false,
    };
    let surroundings = Surroundings {
        ssh: false,
        native: Some(Native::X11),
        multiplexer: Multiplexer::None,
        terminal: Terminal::None,
        takes_osc52: None,
    };
    Clipboard::new(settings, surroundings).kept_by(script)
}

#[test]
fn a_code_is_there_for_its_term_marked_as_not_for_a_history() {
    let Some(display) = Display::open() else { return };
    let home = home(3);
    let ran = display.run(&home, &["copy", "--min-left", "8", "github"]);
    assert!(ran.stderr.starts_with("✓ Copied GitHub code, valid "), "{}", ran.stderr);
    assert!(ran.stderr.ends_with(" s, clipboard is cleared in 3 s\n"), "{}", ran.stderr);
    assert_eq!(ran.fails(0).lines().count(), 1, "nothing on stdout, one line on stderr");
    let code = display.content(None).expect("it outlives the command");
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code:?}");
    assert_eq!(display.content(Some("x-kde-passwordManagerHint")).as_deref(), Some("secret"));
    let targets = display.content(Some("TARGETS")).expect("targets");
    assert!(!targets.contains("SAVE_TARGETS"), "no clipboard manager is asked to save it: {targets}");
    until("the clipboard to be empty", || display.content(None).is_none());
    until("the keeper to end", || keepers::with_term(3).is_empty());
}

#[test]
fn what_somebody_else_copied_in_between_stays() {
    let Some(display) = Display::open() else { return };
    let home = home(2);
    display.run(&home, &["copy", "github"]).fails(0);
    display.somebody_copies("a text of theirs");
    until("the keeper to end", || keepers::with_term(2).is_empty());
    assert_eq!(display.content(None).as_deref(), Some("a text of theirs"));
}

#[test]
fn the_keeper_stands_alone_and_shows_nothing() {
    const TERM: u64 = 3_599;
    let Some(display) = Display::open() else { return };
    let home = home(TERM);
    let shell = format!("exec 9>&1; exec '{}' --passphrase-file passphrase copy github", program());
    let mut command = std::process::Command::new("sh");
    command.args(["-c", &shell]).env_clear().envs(home.environment()).current_dir(home.path(""));
    command.env("DISPLAY", display.name()).env("SECRET_OF_THE_SHELL", "hunter2");
    run(&mut command, "").fails(0); // returns: nobody holds what the shell had open, or this would wait an hour
    let code = display.content(None).expect("it holds");
    let [keeper] = &keepers::with_term(TERM)[..] else { panic!("one keeper") };
    let of =
        |name: &str| fs::read(keeper.join(name)).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(!of("cmdline").unwrap().contains(&code));
    let stat = of("stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let pid = keeper.file_name().unwrap().to_str().unwrap();
    assert_eq!((fields[3], fields[4]), (pid, "0"), "a session of its own, without a terminal");
    match of("environ") {
        Ok(environ) => {
            assert!(!environ.contains(&code) && !environ.contains("hunter2"), "{environ}");
            assert!(environ.contains("DISPLAY="), "{environ}");
            let open: Vec<_> = fs::read_dir(keeper.join("fd")).unwrap().flatten().collect();
            assert_eq!(open.len(), 4, "two pipes, /dev/null and the display: {open:?}");
        }
        Err(_) => skipped("only root sees the environment of a process that allows no debugger"),
    }
    display.somebody_copies("enough");
    until("the keeper to end", || keepers::with_term(TERM).is_empty());
}

#[test]
fn the_owner_clears_early_and_only_its_own() {
    let Some(display) = Display::open() else { return };
    let home = Home::new();
    let mut clipboard = clipboard(&home, &display, 3_598);
    let mut terminal = Vec::new();
    let copied = clipboard.copy("492039", &mut terminal).unwrap();
    assert_eq!((copied.way, copied.clears), (Way::Native, Clears::Itself(Duration::from_secs(3_598))));
    assert_eq!(display.content(None).as_deref(), Some("492039"));
    clipboard.clear(&mut terminal);
    assert_eq!(display.content(None), None, "gone when clear returns");
    clipboard.copy("871004", &mut terminal).unwrap();
    display.somebody_copies("a text of theirs");
    clipboard.clear(&mut terminal);
    assert_eq!(display.content(None).as_deref(), Some("a text of theirs"));
    assert!(terminal.is_empty(), "a native clipboard needs no terminal");
    until("the keepers to end", || keepers::with_term(3_598).is_empty());
}

#[test]
fn a_second_copy_takes_the_place_of_the_first() {
    let Some(display) = Display::open() else { return };
    let home = Home::new();
    let mut clipboard = clipboard(&home, &display, 3_597);
    let mut terminal = Vec::new();
    clipboard.copy("492039", &mut terminal).unwrap();
    clipboard.copy("871004", &mut terminal).unwrap();
    assert_eq!(display.content(None).as_deref(), Some("871004"));
    until("the first keeper to end", || keepers::with_term(3_597).len() == 1);
    drop(clipboard);
    assert_eq!(display.content(None).as_deref(), Some("871004"), "dropped, it is left to its term");
    display.somebody_copies("enough");
    until("the keeper to end", || keepers::with_term(3_597).is_empty());
}

/// The port of a listener that says nothing, as the number of a display.
#[test]
fn a_display_that_never_answers_is_not_waited_for() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let display = format!("127.0.0.1:{}", silent.local_addr().unwrap().port() - 6_000);
    let home = home(3_596);
    let mut command = home.command(&["copy", "github", "--passphrase-file"]);
    let ran = run(command.arg(home.passphrase_file()).env("DISPLAY", display), "");
    let said = ran.fails(1);
    assert!(said.contains("the display does not take it: it does not answer"), "{said}");
    until("the keeper to end", || keepers::with_term(3_596).is_empty());
}

#[test]
fn doctor_tries_the_display_and_copies_nothing() {
    let Some(display) = Display::open() else { return };
    let home = home(30);
    display.somebody_copies("a text of theirs");
    let said = display.run(&home, &["doctor", "clipboard"]).ok();
    assert!(said.contains("codes go to the clipboard of this machine (X11)"), "{said}");
    assert_eq!(display.content(None).as_deref(), Some("a text of theirs"));
}

#[test]
fn a_program_of_the_user_takes_it_too() {
    let Some(display) = Display::open() else { return };
    if !installed("xsel") {
        return skipped("xsel is not installed");
    }
    let home = home(30);
    let settings = "[copy]\nmethod = \"command\"\ncommand = [\"xsel\", \"-ib\"]\n";
    write(&home.path("config/sesam/config.toml"), settings);
    let said = display.run(&home, &["copy", "--min-left", "8", "github"]).fails(0);
    assert!(said.starts_with("✓ Gave GitHub code to xsel, valid "), "{said}");
    assert!(!said.contains("cleared"), "that is not promised: {said}");
    until("xsel to hold it", || display.content(None).is_some_and(|text| text.len() == 6));
}
