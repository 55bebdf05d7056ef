//! What a server wants of the person while it is opened: a code that is typed, a token of the vault.

use std::sync::{Arc, Mutex};

use sesam::{
    admin::{
        Provider,
        connect::{Door, Own, Profile},
        error::AdminError,
    },
    tui::{Start, admin::own::Hands},
};

use super::{
    admin_door::{Desk, with},
    screen::Screen,
};

/// The code that opens.
const RIGHT: &str = "287082";

/// A door that asks for a token of the vault, or for a code until it is right.
struct Asks {
    own: Arc<Hands>,
    behind: Arc<dyn Door>,
    codes: Arc<Mutex<Vec<Option<String>>>>,
    wants_token: bool,
}

impl Door for Asks {
    fn open(&self, profile: &Profile) -> Result<Arc<dyn Provider>, AdminError> {
        let server = profile.name.clone();
        if self.wants_token {
            self.own.token(&server).map_err(|why| AdminError::NoToken { server, why })?;
            return self.behind.open(profile);
        }
        let mut again = false;
        loop {
            let code = self.own.code(profile, again).unwrap();
            let text = code.map(|code| code.as_str().to_owned());
            self.codes.lock().unwrap().push(text.clone());
            match text.as_deref() {
                None => return Err(AdminError::SignIn { server, why: "no code was given".to_owned() }),
                Some(RIGHT) => return self.behind.open(profile),
                Some(_) => again = true,
            }
        }
    }
}

type Typed = Arc<Mutex<Vec<Option<String>>>>;

/// A start whose server `mfa` wants this; what was typed for it.
fn asking(wants_token: bool) -> (impl FnOnce(&mut Start), Typed) {
    let codes = Typed::default();
    let typed = Arc::clone(&codes);
    let change = move |start: &mut Start| {
        with(&Desk::new())(start);
        let own = Arc::new(Hands::new(start.clock.clone(), 0));
        start.own = Some(Arc::clone(&own));
        start.door = Arc::new(Asks { own, behind: start.door.clone(), codes, wants_token });
        let servers = &mut start.config.admin.servers;
        servers.remove("lab");
        let server = servers.get_mut("mfa").unwrap();
        server.user = (!wants_token).then(|| "ada".to_owned());
    };
    (change, typed)
}

/// The box for the code, at a size.
fn code_box(size: (u16, u16)) -> (Screen, Typed) {
    let (change, typed) = asking(false);
    let mut screen = Screen::with(size.0, size.1, change);
    screen.keys("A <enter>");
    (screen, typed)
}

#[test]
fn a_code_is_asked_for_again_when_it_was_refused() {
    let (mut screen, typed) = code_box((80, 24));
    screen.until("Code for ada on mfa (PROD):").keys("<enter>").says("Type the digits first");
    assert_eq!(typed.lock().unwrap().len(), 0, "nothing is sent that nobody typed");
    screen.types("q1a2x3456").says("123456").keys("<enter>").until("was refused").is_silent_about("123456");
    screen.paste("no digits").says("nothing was pasted").paste("287 082").says("287082").keys("<enter>");
    screen.until("Alan Turing").is_silent_about("287082");
    assert_eq!(*typed.lock().unwrap(), [Some("123456".to_owned()), Some(RIGHT.to_owned())]);
}

#[test]
fn esc_and_ctrl_c_give_up() {
    let (mut screen, typed) = code_box((80, 24));
    screen.until("Code for ada").types("28").keys("<esc>").until("no code was given");
    screen.is_silent_about("Code for ada").says("mfa");
    screen.keys("<esc> <enter>").until("Code for ada").is_silent_about("28");
    screen.keys("<ctrl-c>").says("No longer waiting for mfa").is_silent_about("Code for ada");
    screen.answer();
    assert_eq!(*typed.lock().unwrap(), [None, None]);
    screen.keys("<enter>").until("Code for ada").types(RIGHT).keys("<enter>").until("Alan Turing");
}

#[test]
fn the_list_of_servers_asks_nobody_for_a_code() {
    let (change, typed) = asking(false);
    let mut screen = Screen::with(80, 24, change);
    screen.keys("A").says("Enter asks").keys("<f5>").says("Enter asks").is_silent_about("Code for ada");
    assert!(typed.lock().unwrap().is_empty());
}

#[test]
fn a_vault_that_is_locked_meanwhile_takes_the_box_along() {
    let (mut screen, typed) = code_box((80, 24));
    screen.until("Code for ada");
    screen.app.lock("Locked by you.");
    screen.answer().is_silent_about("Code for ada");
    assert_eq!(*typed.lock().unwrap(), [None]);
}

#[test]
fn small_windows_show_the_field() {
    for size in [(140, 40), (60, 15), (30, 4), (20, 2)] {
        let (mut screen, _) = code_box(size);
        screen.until(if size.1 > 8 { "Code for ada" } else { "▏" }).types(RIGHT).says(RIGHT);
        screen.keys("<enter>").until("ada").is_silent_about(RIGHT);
    }
}

#[test]
fn a_token_comes_from_the_open_vault_alone() {
    let (change, _) = asking(true);
    let mut screen = Screen::with(80, 24, change);
    screen.keys("A").until("no token").says("the vault has none for mfa");
    let dir = tempfile::tempdir().unwrap();
    let (change, _) = asking(true);
    let mut screen = Screen::first_run_with(dir.path(), (80, 24), |start| {
        change(start);
        start.mode.admin = true;
    });
    screen.until("no token").says("it lies in the vault, which is not open").is_silent_about("--token-stdin");
}
