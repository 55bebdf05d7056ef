//! A crash in the midst of a reset: whenever sesam is killed, the user has an authenticator or must bind one, never neither.

use std::{
    process::{Child, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sesam::clock::{Clock, SystemClock};

use super::{
    HELP_DESK,
    pages::End,
    site::{Site, Someone},
};
use crate::{
    admin::proxy::{Proxy, Turn},
    cli::sesam::{Home, write},
};

/// A reset by the real program, killed once its `nth` request has reached the server. Whether it was.
fn killed_after(site: &Site, user: &Someone<'_>, nth: usize) -> bool {
    let child: Arc<Mutex<Option<Child>>> = Arc::default();
    let (count, own) = (AtomicUsize::new(0), Arc::clone(&child));
    let upstream = site.base.trim_start_matches("http://").parse().unwrap();
    let proxy = Proxy::open(Some(upstream), move |_| {
        let at = count.fetch_add(1, Ordering::SeqCst) + 1;
        match at.cmp(&nth) {
            std::cmp::Ordering::Less => Turn::Pass,
            // The server hears it; nobody is there any more who hears the answer.
            std::cmp::Ordering::Equal => {
                let own = Arc::clone(&own);
                Turn::After(Box::new(move || own.lock().unwrap().as_mut().unwrap().kill().unwrap()))
            }
            std::cmp::Ordering::Greater => Turn::Cut(0),
        }
    });
    let home = Home::new();
    write(&home.path("secret"), HELP_DESK.1);
    let place = format!("file:{}", home.path("secret").display());
    let words =
        ["admin", "server", "add", "kc", "--provider", "keycloak", "--url", &proxy.url(), "--kind", "test"];
    let more = ["--realm", "corp", "--client-id", HELP_DESK.0, "--token", &place];
    home.bare(&[&words[..], &more].concat()).ok();
    let reset = ["admin", "user", "reset", &user.name, "--confirm", &user.name, "--reason", "lost"];
    let mut command = home.command(&reset);
    let mut held = child.lock().unwrap();
    *held = Some(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    drop(held);
    loop {
        let ended = child.lock().unwrap().as_mut().unwrap().try_wait().unwrap();
        if let Some(status) = ended {
            assert!(status.success() || proxy.seen().len() >= nth, "{status}");
            return !status.success();
        }
        SystemClock.pause(Duration::from_millis(20));
    }
}

#[test]
fn whenever_it_is_killed_a_second_factor_is_left_or_demanded() {
    let Some(site) = Site::new() else { return };
    let (mut asked, mut led) = (0, 0);
    for nth in 1.. {
        let user = site.user("corp", true);
        let was_killed = killed_after(&site, &user, nth);
        assert!(user.bindings() > 0 || user.must_bind(), "killed after request {nth}");
        match user.sign_in(None) {
            End::CodeAsked => asked += 1,
            End::SetUpAsked => led += 1,
            other => panic!("killed after request {nth}: {other:?}"),
        }
        if !was_killed {
            break;
        }
        assert!(nth < 80, "a reset has an end");
    }
    assert!(asked > 5 && led > 3, "some were killed before and some after: {asked}, {led}");
}
