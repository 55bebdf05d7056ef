//! The goals of the server, S1 to S6, at the real program over real sockets: `cargo bench --bench server -- s1 s2 …`,
//! without words all of them. Nothing here passes or fails: it prints figures. `alike` compares how long strangers wait.

#![expect(clippy::print_stdout, reason = "a bench prints")]

#[allow(dead_code, clippy::unwrap_used, clippy::panic, reason = "shared with the tests")]
#[path = "../tests/it/server/databases.rs"]
mod databases;
#[allow(dead_code, reason = "shared with the tests")]
#[path = "../tests/it/server/http.rs"]
mod http;
#[path = "server/large.rs"]
mod large;
#[path = "server/peer.rs"]
mod peer;
#[allow(dead_code, reason = "shared with the tests")]
#[path = "../tests/it/server/people.rs"]
mod people;
#[allow(dead_code, clippy::panic, reason = "shared with the tests")]
#[path = "../tests/it/server/process.rs"]
mod process;

use std::{
    net::SocketAddr,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use databases::Database;
use http::{Answer, Client};
use people::{PASSWORD, body, code, settle, strangers};
use process::{Sesamd, Site};
use sesam::{
    clock::{Clock, SystemClock},
    server::seal::password::{self, PasswordHash},
};

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let all: [(&str, fn()); 7] = [
        ("s1", s1),
        ("s2", s2),
        ("s3", s3),
        ("s4", large::s4),
        ("s6", s6),
        ("peer", peer::peer),
        ("alike", alike),
    ];
    let _ = rustls::crypto::ring::default_provider().install_default();
    for (name, bench) in all {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            bench();
        }
    }
}

/// Milliseconds, in order.
struct Times(Vec<f64>);

impl Times {
    fn new(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        Self(times)
    }

    /// The time that so many percent stay below.
    fn at(&self, percent: usize) -> f64 {
        self.0[(self.0.len() * percent / 100).min(self.0.len() - 1)]
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = SystemClock.now();
    let done = work();
    (SystemClock.now().duration_since(start).as_secs_f64() * 1000.0, done)
}

/// So many users, each with a right code once, over 64 connections.
fn judged(servers: &[SocketAddr], key: &str, users: usize) {
    let (next, times) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let accepted = AtomicUsize::new(0);
    let (total, ()) = timed(|| {
        std::thread::scope(|scope| {
            for nth in 0..64 {
                let (next, times, accepted) = (&next, &times, &accepted);
                scope.spawn(move || {
                    let mut client = Client::connect(servers[nth % servers.len()]).expect("a connection");
                    let mut own = Vec::new();
                    loop {
                        let user = next.fetch_add(1, Ordering::Relaxed);
                        if user >= users {
                            break;
                        }
                        let text = body(&format!("user{user}"), &code(user));
                        let (took, answer) = timed(|| client.post("/v1/verify", key, &text));
                        own.push(took);
                        let right = answer.expect("an answer").status == 200;
                        accepted.fetch_add(usize::from(right), Ordering::Relaxed);
                    }
                    times.lock().expect("nobody panics").extend(own);
                });
            }
        });
    });
    let times = Times::new(times.into_inner().expect("nobody panics"));
    let rate = f64::from(u32::try_from(users).expect("not so many")) / total * 1000.0;
    println!(
        "  {users} codes, {} accepted: {rate:.0} a second, p50 {:.1} ms, p99 {:.1} ms",
        accepted.into_inner(),
        times.at(50),
        times.at(99)
    );
}

fn s1() {
    println!("S1 S5: judged codes on SQLite, 64 connections");
    let site = Site::new(None, "");
    let key = settle(&site, USERS);
    let server = site.serve(0);
    println!("  {} KiB resident when idle", server.memory().0);
    judged(&[server.address], &key, USERS);
    println!("  {} KiB resident at most", server.memory().1);
}

fn s2() {
    println!("S2: judged codes on PostgreSQL, two replicas, 64 connections");
    let all = Database::all();
    let Some(database) = all.iter().find(|database| database.url.is_some()) else { return };
    let site = Site::new(database.url.as_deref(), "");
    let key = settle(&site, USERS / 2);
    let servers: Vec<Sesamd> = (0..2).map(|replica| site.serve(replica)).collect();
    let at: Vec<SocketAddr> = servers.iter().map(|server| server.address).collect();
    judged(&at, &key, USERS / 2);
    println!("  {} KiB resident at most", servers[0].memory().1);
}

fn s3() {
    println!("S3: sign-ins with a password against Argon2id alone, in turns, {AT_ONCE} connections");
    let site = Site::new(None, "");
    settle(&site, TURNS * EACH);
    let server = site.serve(0);
    let hash = PasswordHash::new(PASSWORD, [1; 16]);
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let (mut alone, mut whole, mut single) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..TURNS {
        single.push(timed(|| password::verify(Some(&hash), PASSWORD)).0);
        alone.push(shared_out(processors, |_| assert!(password::verify(Some(&hash), PASSWORD))));
        let clients: Vec<_> = (0..AT_ONCE)
            .map(|_| Mutex::new(Client::connect(server.address).expect("a connection")))
            .collect();
        whole.push(shared_out(AT_ONCE, |nth| {
            let mut client = clients[nth % AT_ONCE].lock().expect("nobody panics");
            let user = format!("user{}", round * EACH + nth);
            let text =
                serde_json::json!({ "application": "vpn", "user": user, "password": PASSWORD }).to_string();
            let answer = client.post("/v1/sign-ins", "", &text).expect("an answer");
            assert_eq!(answer.status, 201, "{}", answer.body);
        }));
    }
    let [alone, whole, single] = [alone, whole, single].map(|times| Times::new(times).at(50));
    println!(
        "  {EACH} of them: {alone:.0} ms alone, {whole:.0} ms with all: x {:.3}; one alone {single:.1} ms",
        whole / alone
    );
}

/// How long so many threads take for [`EACH`] pieces of work, each thread its share.
fn shared_out(threads: usize, work: impl Fn(usize) + Sync) -> f64 {
    let share = |first: usize| (first..EACH).step_by(threads).for_each(&work);
    let scope = || {
        std::thread::scope(|scope| {
            for first in 0..threads {
                scope.spawn(move || share(first));
            }
        });
    };
    timed(scope).0
}

fn s6() {
    println!("S6: start to ready on SQLite, with an audit of some length");
    let site = Site::new(None, "");
    settle(&site, 1000);
    let mut starts = Vec::new();
    for _ in 0..21 {
        let (took, server) = timed(|| {
            let server = site.serve(0);
            let ready = Client::connect(server.address).and_then(|mut client| client.get("/readyz", ""));
            assert_eq!(ready.expect("an answer").status, 200);
            server
        });
        starts.push(took);
        drop(server);
    }
    let starts = Times::new(starts);
    println!("  {:.0} ms in the middle, {:.0} ms at most", starts.at(50), starts.at(100));
}

/// Unknown, wrong, locked, disabled and without a second factor, in turns.
fn alike() {
    println!("Show 4: how long strangers wait, medians in ms, and how far from a known user's wrong code");
    let site = Site::new(None, "");
    let key = settle(&site, 4 + ROUNDS);
    site.inside(async |service| strangers(service).await);
    let server = site.serve(0);
    let mut client = Client::connect(server.address).expect("a connection");
    for (door, rounds) in [("sign-ins", 61), ("verify with password", 61), ("verify, code alone", ROUNDS)] {
        let mut times = vec![Vec::new(); KINDS.len()];
        for round in 0..rounds {
            for at in 0..KINDS.len() {
                // Each kind begins a round in its turn: none always comes behind the same other.
                let at = (at + round) % KINDS.len();
                let user = if at == 0 { format!("user{}", 4 + round) } else { KINDS[at].to_owned() };
                let (took, answer) = timed(|| ask(&mut client, door, (&user, &key)));
                assert_eq!(answer.status, 401, "{door} {user} {}", answer.body);
                times[at].push(took);
            }
        }
        let middle: Vec<f64> = times.into_iter().map(|times| Times::new(times).at(50)).collect();
        let words = ["wrong", "unknown", "locked", "disabled", "unbound"];
        let said = words
            .iter()
            .zip(&middle)
            .map(|(word, time)| format!("{word} {time:.3} ({:+.1} %)", (time / middle[0] - 1.0) * 100.0));
        println!("  {door}: {}", said.collect::<Vec<_>>().join(", "));
    }
}

fn ask(client: &mut Client, door: &str, (user, key): (&str, &str)) -> Answer {
    let begin = serde_json::json!({ "application": "vpn", "user": user, "password": "wrong horse" });
    let whole = serde_json::json!({ "application": "vpn", "user": user, "code": "wrong horse000000" });
    let answer = match door {
        "sign-ins" => client.post("/v1/sign-ins", "", &begin.to_string()),
        "verify, code alone" => client.post("/v1/verify", key, &body(user, "000000")),
        _ => client.post("/v1/verify", "", &whole.to_string()),
    };
    answer.expect("an answer")
}

const USERS: usize = 30_000;
/// Sign-ins of a turn of S3, turns, and connections.
const EACH: usize = 96;
const TURNS: usize = 7;
const AT_ONCE: usize = 8;
const ROUNDS: usize = 1500;
/// A known user with a wrong code, nobody, and those whom [`strangers`] makes.
const KINDS: [&str; 5] = ["", "nobody", "user1", "user2", "user3"];
