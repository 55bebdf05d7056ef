//! A sign-in with a browser: the page with the link stays until somebody was there, or gives up.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sesam::{
    admin::{
        Provider,
        connect::{Door, Own, Profile},
        error::AdminError,
        keycloak::device::Visit,
    },
    clock::{Clock, SystemClock},
    tui::{Start, admin::own::Hands},
};
use zeroize::Zeroizing;

use super::{
    admin_door::{Desk, with},
    screen::Screen,
};

/// A door that shows a link and waits until somebody was there.
struct Link {
    own: Arc<Hands>,
    behind: Arc<dyn Door>,
    was_there: Arc<AtomicBool>,
}

impl Door for Link {
    fn open(&self, profile: &Profile) -> Result<Arc<dyn Provider>, AdminError> {
        let text = |text: &str| Zeroizing::new(text.to_owned());
        let visit = Visit {
            address: "https://sso.corp.example/realms/corp/device".to_owned(),
            code: text("ABCD-EFGH"),
            link: text("https://sso.corp.example/realms/corp/device?user_code=ABCD-EFGH"),
        };
        let wanted = self.own.visit(profile, &visit).unwrap();
        while wanted() {
            if self.was_there.load(Ordering::SeqCst) {
                return self.behind.open(profile);
            }
            SystemClock.pause(Duration::from_millis(2));
        }
        let why = "nobody wanted it any more".to_owned();
        Err(AdminError::SignIn { server: profile.name.clone(), why })
    }
}

fn page((columns, rows): (u16, u16)) -> (Screen, Arc<AtomicBool>) {
    let was_there = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&was_there);
    let mut screen = Screen::with(columns, rows, |start: &mut Start| {
        with(&Desk::new())(start);
        let own = Arc::new(Hands::new(start.clock.clone(), 0));
        start.own = Some(Arc::clone(&own));
        start.door = Arc::new(Link { own, behind: start.door.clone(), was_there: seen });
        start.config.admin.servers.remove("lab");
        start.config.admin.servers.get_mut("mfa").unwrap().token = sesam::config::TokenSource::Device;
    });
    screen.keys("A").says("Enter asks").keys("<enter>");
    (screen, was_there)
}

#[test]
fn the_link_is_shown_until_somebody_was_there() {
    for size in [(80, 24), (140, 40), (60, 15)] {
        let (mut screen, was_there) = page(size);
        screen.until("ABCD-EFGH").says("give up").says("/device");
        was_there.store(true, Ordering::SeqCst);
        screen.until("Alan Turing").is_silent_about("ABCD-EFGH");
    }
}

#[test]
fn esc_gives_up_and_so_does_a_lock() {
    let (mut screen, _) = page((80, 24));
    screen.until("ABCD-EFGH").keys("<esc>").until("nobody wanted it any more").is_silent_about("ABCD-EFGH");
    let (mut screen, _) = page((80, 24));
    screen.until("ABCD-EFGH");
    screen.app.lock("Locked by you.");
    screen.answer().is_silent_about("ABCD-EFGH");
}
