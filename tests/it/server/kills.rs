//! Ends that nobody chose: sesamd killed under load, PostgreSQL stopped under load. What was answered is written down,
//! and no code opens twice.

use std::{
    collections::HashSet,
    net::SocketAddr,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use sesam::clock::{Clock as _, SystemClock};

use super::{
    crowds::{addresses, sites},
    http::Client,
    people::{body, code},
    process::{Sesamd, Site},
};
use crate::cli::sesam::{full, until};

/// What clients heard: ids of requests that were answered, and codes that were accepted.
#[derive(Default)]
struct Heard {
    requests: Mutex<HashSet<String>>,
    accepted: Mutex<Vec<(usize, String)>>,
    unavailable: AtomicUsize,
    slowest: Mutex<f64>,
    over: AtomicBool,
}

impl Heard {
    /// Shows codes of one user after the other, until it is over. Connections that break are made anew.
    fn shout(&self, servers: &[SocketAddr], (key, next): (&str, &AtomicUsize)) {
        let mut client = None;
        while !self.over.load(Ordering::Relaxed) {
            let nth = next.fetch_add(1, Ordering::Relaxed);
            let user = nth / 3 % USERS;
            client = client.or_else(|| Client::connect(servers[nth % servers.len()]).ok());
            let Some(open) = client.as_mut() else {
                SystemClock.pause(Duration::from_millis(5));
                continue;
            };
            let (start, shown) = (SystemClock.now(), code(user));
            match open.post("/v1/verify", key, &body(&format!("user{user}"), &shown)) {
                Ok(answer) => self.note(&answer, (user, shown), start),
                Err(_) => client = None,
            }
        }
    }

    fn note(&self, answer: &super::http::Answer, shown: (usize, String), start: jiff::Timestamp) {
        let took = SystemClock.now().duration_since(start).as_secs_f64();
        let mut slowest = self.slowest.lock().unwrap();
        *slowest = slowest.max(took);
        match answer.status {
            200 => self.accepted.lock().unwrap().push(shown),
            401 => {}
            503 => {
                self.unavailable.fetch_add(1, Ordering::Relaxed);
                return;
            }
            other => panic!("{other}: {}", answer.body),
        }
        self.requests.lock().unwrap().insert(answer.request().to_owned());
    }

    /// Every answered request has its row, no code was accepted twice, every chain holds.
    fn judge(&self, site: &Site) {
        let rows = site.rows("SELECT request FROM audit WHERE request IS NOT NULL", vec![]);
        let written: HashSet<String> = rows.iter().map(|row| row.text(0).unwrap()).collect();
        let heard = self.requests.lock().unwrap();
        let lost: Vec<_> = heard.iter().filter(|id| !written.contains(*id)).collect();
        assert!(lost.is_empty(), "{} of {} answers have no row", lost.len(), heard.len());
        let accepted = self.accepted.lock().unwrap();
        let different: HashSet<_> = accepted.iter().collect();
        assert_eq!(different.len(), accepted.len(), "a code was accepted twice");
        assert!(!accepted.is_empty() && heard.len() > accepted.len());
        assert!(site.verified());
        println!("{} answers, {} accepted", heard.len(), accepted.len());
    }
}

/// So many users; each code is shown three times.
const USERS: usize = 2000;

#[test]
fn what_was_answered_before_a_kill_is_written_and_stays_used() {
    let kills = if full() { 50 } else { 5 };
    for (database, site, mut servers, key) in sites(USERS) {
        let mut starts = Vec::new();
        let heard = Heard::default();
        let next = AtomicUsize::new(0);
        for kill in 0..kills {
            heard.over.store(false, Ordering::Relaxed);
            let before = heard.requests.lock().unwrap().len();
            let servers_at = addresses(&servers);
            std::thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| heard.shout(&servers_at, (&key, &next)));
                }
                until("answers", || heard.requests.lock().unwrap().len() > before + 20 + kill % 7);
                servers.iter_mut().for_each(Sesamd::kill);
                heard.over.store(true, Ordering::Relaxed);
            });
            let start = SystemClock.now();
            servers = (0..database.replicas).map(|replica| site.serve(replica)).collect();
            ready(&servers);
            starts.push(SystemClock.now().duration_since(start).as_millis());
            again(&heard, &servers, &key);
        }
        heard.judge(&site);
        starts.sort_unstable();
        println!(
            "{}: start to ready {} ms in the middle, {:?} at most",
            database.name,
            starts[kills / 2],
            starts.last()
        );
    }
}

/// The codes that were accepted last are shown again: none opens.
fn again(heard: &Heard, servers: &[Sesamd], key: &str) {
    let accepted: Vec<_> = heard.accepted.lock().unwrap().iter().rev().take(16).cloned().collect();
    let mut client = Client::connect(servers[0].address).unwrap();
    for (user, code) in accepted {
        let answer = client.post("/v1/verify", key, &body(&format!("user{user}"), &code)).unwrap();
        assert_eq!(answer.status, 401, "{code} of user{user} opened again");
    }
}

fn ready(servers: &[Sesamd]) {
    for server in servers {
        let answer = Client::connect(server.address).and_then(|mut client| client.get("/readyz", ""));
        assert_eq!(answer.unwrap().status, 200);
    }
}

#[test]
fn a_database_that_crashes_is_said_and_is_there_again_without_a_restart() {
    for (database, site, servers, key) in sites(USERS) {
        if database.url.is_none() {
            continue;
        }
        let (heard, next, servers_at) = (Heard::default(), AtomicUsize::new(0), addresses(&servers));
        let crashes = if full() { 10 } else { 2 };
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| heard.shout(&servers_at, (&key, &next)));
            }
            for _ in 0..crashes {
                let answered = heard.requests.lock().unwrap().len() + 30;
                until("answers", || heard.requests.lock().unwrap().len() > answered);
                database.turn(false);
                let refused = heard.unavailable.load(Ordering::Relaxed) + 5;
                until("a 503", || heard.unavailable.load(Ordering::Relaxed) > refused);
                database.turn(true);
                until("being ready", || {
                    let ask =
                        |at: &SocketAddr| Client::connect(*at).and_then(|mut one| one.get("/readyz", ""));
                    servers_at.iter().all(|at| ask(at).is_ok_and(|answer| answer.status == 200))
                });
            }
            heard.over.store(true, Ordering::Relaxed);
        });
        heard.judge(&site);
        let slowest = *heard.slowest.lock().unwrap();
        println!(
            "{} times a 503, the slowest answer after {slowest} s",
            heard.unavailable.load(Ordering::Relaxed)
        );
        assert!(slowest < 15.0, "{slowest} s");
        assert!(!servers[0].log().contains("panic"), "{}", servers[0].log());
    }
}
