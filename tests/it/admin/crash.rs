//! A reset that is killed between any two of its requests, at a privacyIDEA that really runs: who had an authenticator
//! still has one, or is led to binding, or was said beforehand to be locked out.

use std::{
    process::{Child, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use jiff::SignedDuration;
use serde_json::json;
use sesam::{
    admin::action::Action,
    clock::{Clock, SystemClock},
    otp::Otp,
};

use super::{
    faults::home,
    foreign::Foreign,
    idea::{Idea, PASSWORD},
    proxy::{Proxy, Turn},
};
use crate::cli::sesam::Home;

/// What is killed: the proxy does it when so many requests have passed.
struct Victim {
    child: Mutex<Option<Child>>,
    passed: AtomicUsize,
    /// Which request is the last one, from 0; what becomes of it.
    last: AtomicUsize,
    arrives: bool,
}

impl Victim {
    fn kill(&self) {
        loop {
            if let Some(child) = self.child.lock().unwrap().as_mut() {
                child.kill().unwrap();
                return;
            }
            SystemClock.pause(Duration::from_millis(1));
        }
    }
}

/// A user with three authenticators. The one that opens nothing has the last serial, where the server lists it last.
struct User {
    name: String,
    good: [(String, Otp); 2],
}

fn furnished(idea: &Idea, realm: &str) -> User {
    let name = idea.fresh();
    let whose = (name.as_str(), realm);
    let token = |letter: &str| {
        let serial = format!("{letter}{name}{realm}");
        let otp = idea.token(whose, Some(&serial));
        (serial, otp)
    };
    let good = [token("A"), token("B")];
    let (off, _) = token("C");
    idea.done(&format!("/token/disable/{off}"), &json!({}));
    User { name, good }
}

/// Runs a reset that is killed at a request. Gives whether it came to its end before.
fn killed(home: &Home, victim: &Victim, user: &str, at: usize) -> bool {
    victim.passed.store(0, Ordering::SeqCst);
    victim.last.store(at, Ordering::SeqCst);
    let words = ["admin", "user", "reset", user, "--confirm", user, "--reason", "lost phone"];
    let mut command = home.command(&words);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    *victim.child.lock().unwrap() = Some(child);
    loop {
        let ended = victim.child.lock().unwrap().as_mut().unwrap().try_wait().unwrap();
        if let Some(status) = ended {
            *victim.child.lock().unwrap() = None;
            return status.success();
        }
        SystemClock.pause(Duration::from_millis(2));
    }
}

impl Victim {
    /// What becomes of the next request.
    fn turn(self: &Arc<Self>) -> Turn {
        let nth = self.passed.fetch_add(1, Ordering::SeqCst);
        if nth < self.last.load(Ordering::SeqCst) {
            return Turn::Pass;
        }
        if self.arrives {
            let own = Arc::clone(self);
            return Turn::Then(Box::new(move || own.kill()));
        }
        self.kill();
        Turn::Say(vec![])
    }
}

/// In a realm, killed before a request arrives or after, at each request from one on. Gives the one from which on
/// something was gone.
fn at_every_request(
    idea: &Arc<Idea>,
    (realm, leads): (&str, bool),
    (arrives, first): (bool, usize),
) -> usize {
    let (child, passed, last) = (Mutex::new(None), AtomicUsize::new(0), AtomicUsize::new(0));
    let victim = Arc::new(Victim { child, passed, last, arrives });
    let judge = Arc::clone(&victim);
    let upstream = idea.url.trim_start_matches("http://").parse().expect("an address and a port");
    let proxy = Proxy::open(Some(upstream), move |_| judge.turn());
    let more = ["--provider", "privacyidea", "--user", "admin", "--realm", realm];
    let home = home(&proxy.url(), "adminpw", &more);
    home.bare(&["config", "set", "admin.timeout", "60s"]).ok();
    let desk = idea.provider((&idea.url, realm, "admin"));
    let (mut user, mut seen, mut gone) = (furnished(idea, realm), [0; 4], 0);
    for at in first..first + 60 {
        let plan = desk.plan(&Action::Reset { user: user.name.clone() }).unwrap();
        assert_eq!(plan.warning.unwrap().contains("is locked out"), !leads);
        let whole = killed(&home, &victim, &user.name, at);
        let left = idea.serials(&user.name, realm);
        seen[left.len()] += 1;
        holds(idea, (&user, realm, leads), &left);
        if whole {
            assert_eq!(left.len(), 0);
            assert!(seen.iter().all(|count| *count > 0), "each state was seen: {seen:?}");
            return gone;
        }
        if left.len() < 3 {
            user = furnished(idea, realm);
        } else {
            gone = at + 1;
        }
    }
    unreachable!("the reset never came to its end")
}

/// Whoever has an authenticator left gets in with it; where none is left, with binding, or as the plan said.
fn holds(idea: &Idea, (user, realm, leads): (&User, &str, bool), left: &[String]) {
    let whose = (user.name.as_str(), realm);
    match user.good.iter().find(|(serial, _)| left.contains(serial)) {
        Some(_) if left.len() == 3 => {}
        Some((_, otp)) => {
            let pass = format!("{PASSWORD}{}", idea.code(otp));
            assert_eq!(idea.check(whose, &pass), "done", "{left:?}");
        }
        None => {
            assert_eq!(left, [""; 0], "what opens nothing does not stand in the way of binding");
            assert_eq!(idea.check(whose, PASSWORD), if leads { "binding" } else { "refused" });
        }
    }
}

#[test]
fn a_reset_that_dies_anywhere_leaves_an_authenticator_or_leads_to_binding() {
    let Some(idea) = Idea::here() else { return };
    let first = at_every_request(&idea, (&idea.led, true), (false, 0));
    at_every_request(&idea, (&idea.led, true), (true, first.saturating_sub(2)));
}

#[test]
fn where_nothing_leads_to_binding_the_plan_says_so_before_a_reset_that_dies() {
    let Some(idea) = Idea::here() else { return };
    at_every_request(&idea, (&idea.unled, false), (true, FIRST));
}

#[test]
fn a_bypass_that_is_over_does_not_stand_in_the_way_of_binding() {
    let Some(idea) = Idea::here() else { return };
    let (name, realm) = (idea.fresh(), idea.led.as_str());
    let over = json!({"type": "spass", "user": name, "realm": realm, "validity_period_end": "2020-01-01T00:00+0000"});
    idea.done("/token/init", &over);
    assert_eq!(idea.check((&name, realm), PASSWORD), "refused", "it would without a reset");
    let desk = idea.desk();
    let plan = desk.plan(&Action::Reset { user: name.clone() }).unwrap();
    assert!(plan.effects.iter().any(|line| line == "delete 1 spass token whose time is over"), "{plan:?}");
    desk.apply(&plan, "ticket 4711").unwrap();
    let until = Some(SystemClock.now() + SignedDuration::from_hours(1));
    let plan = desk.plan(&Action::Bypass { user: name.clone(), until }).unwrap();
    assert!(plan.warning.is_some_and(|words| words.contains("leads to binding all the same")));
    assert_eq!(idea.check((&name, realm), PASSWORD), "binding");
}

/// No change is among so many requests of the beginning: a sign-in and questions.
const FIRST: usize = 6;
