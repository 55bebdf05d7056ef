//! Many processes at once on one vault: nothing that was acknowledged is lost, and nobody raises a false alarm.

use std::{
    collections::HashSet,
    process::{Child, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, ScopedJoinHandle},
    time::{Duration, Instant},
};

use sesam::{
    clock::{Clock, SystemClock},
    keyring::{KernelKeyring, SecretStore},
};

use super::sesam::{Home, Ran, full, skipped};

/// Writers, and the accounts that each of them adds.
fn size() -> (usize, usize) {
    if full() { (16, 50) } else { (8, 6) }
}

#[test]
fn every_account_of_every_writer_is_there() {
    let home = Home::with_vault();
    if !unlock(&home) {
        return;
    }
    let (writers, each) = size();
    let (before, begin) = (home.generation(), Instant::now());
    let (done, reads) = (AtomicBool::new(false), AtomicUsize::new(0));
    let mut waits: Vec<Duration> = thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let ran = home.bare(&["list", "--fields", "name"]);
                    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "a reader beside the writers");
                    reads.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let add = |writer: usize| {
            let home = &home;
            move || {
                (0..each).map(|at| timed(|| add(home, &format!("W{writer}:{at}")).ok())).collect::<Vec<_>>()
            }
        };
        let threads: Vec<_> = (0..writers).map(|writer| scope.spawn(add(writer))).collect();
        let ended: Vec<_> = threads.into_iter().map(ScopedJoinHandle::join).collect();
        done.store(true, Ordering::Relaxed); // also when one of them failed: the readers wait for it
        ended.into_iter().flat_map(|waits| waits.expect("every add is done")).collect()
    });
    waits.sort();
    let wanted: HashSet<String> = names(writers, each);
    let there: HashSet<String> = home.names().into_iter().collect();
    assert_eq!(there, wanted);
    assert_eq!(home.generation(), before + (writers * each) as u64, "one generation for each add");
    home.run(&["vault", "verify"]).ok();
    println!(
        "{writers} x {each} adds in {:.1?}, {} reads beside them; one add takes {:.0?} in the middle, {:.0?} at 99 %, {:.0?} at most",
        begin.elapsed(),
        reads.load(Ordering::Relaxed),
        waits[waits.len() / 2],
        waits[waits.len() * 99 / 100],
        waits[waits.len() - 1],
    );
}

/// The victims are chosen by the lock file: whoever holds the vault is killed in the midst of a save.
#[test]
fn a_killed_writer_loses_nothing_that_was_acknowledged() {
    let home = Home::with_vault();
    if !unlock(&home) {
        return;
    }
    let (writers, each) = size();
    let running: Vec<Mutex<Option<Child>>> = (0..writers).map(|_| Mutex::new(None)).collect();
    let (done, killed) = (AtomicBool::new(false), AtomicUsize::new(0));
    let acknowledged: HashSet<String> = thread::scope(|scope| {
        let (home, running, done, killed) = (&home, &running, &done, &killed);
        scope.spawn(move || {
            let mut turn = 0;
            while !done.load(Ordering::Relaxed) {
                turn += 1;
                SystemClock.pause(Duration::from_millis(if full() { 200 } else { 30 }));
                kill_holder(home, running, turn);
            }
        });
        let adds = |writer: usize| {
            move || {
                let add =
                    |at: &usize| add_killable(home, (&running[writer], killed), &format!("W{writer}:{at}"));
                (0..each).filter(add).map(|at| format!("W{writer}:{at}")).collect::<Vec<_>>()
            }
        };
        let threads: Vec<_> = (0..writers).map(|writer| scope.spawn(adds(writer))).collect();
        let ended: Vec<_> = threads.into_iter().map(ScopedJoinHandle::join).collect();
        done.store(true, Ordering::Relaxed);
        ended.into_iter().flat_map(|added| added.expect("no writer fails")).collect()
    });
    let killed = killed.load(Ordering::Relaxed);
    let there: HashSet<String> = home.names().into_iter().collect();
    let lost: Vec<&String> = acknowledged.difference(&there).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert!(there.is_subset(&names(writers, each)));
    assert!(killed > 0, "nobody was killed");
    home.run(&["vault", "verify"]).ok();
    home.run(&["add", "After", "--generate"]).ok();
    let left: Vec<_> =
        std::fs::read_dir(home.vault_dir()).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("tmp")), "{left:?}");
    println!(
        "{killed} of {} writers killed, {} acknowledged, {} there",
        writers * each,
        acknowledged.len(),
        there.len()
    );
}

/// A code that counts is shown to one process alone.
#[test]
fn no_counter_is_shown_twice() {
    let home = Home::with_accounts();
    if !unlock(&home) {
        return;
    }
    let (processes, each) = if full() { (8, 25) } else { (4, 5) };
    let codes: Vec<u64> = thread::scope(|scope| {
        let take = || (0..each).map(|_| counter(&home)).collect::<Vec<u64>>();
        let threads: Vec<_> = (0..processes).map(|_| scope.spawn(take)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("every code is made")).collect()
    });
    let mut sorted = codes;
    sorted.sort_unstable();
    assert_eq!(sorted, (5..5 + processes * each).collect::<Vec<u64>>());
}

fn counter(home: &Home) -> u64 {
    home.bare(&["code", "router", "--json"]).json()["counter"].as_u64().expect("a number")
}

/// Opens the vault for all the processes that follow, so that none of them spends its time with scrypt.
fn unlock(home: &Home) -> bool {
    if let Err(error) = KernelKeyring.check() {
        skipped(&error.to_string());
        return false;
    }
    home.run(&["unlock", "--for", "1h"]).ok();
    true
}

/// On a busy machine the turn of one may not come within five seconds: it is told so, and tries again, as a script would.
fn add(home: &Home, name: &str) -> Ran {
    loop {
        let ran = home.bare(&["add", name, "--generate"]);
        if ran.code == 0 || !ran.stderr.contains("has held the vault for") {
            return ran;
        }
    }
}

/// Adds an account; false when the process was killed meanwhile.
fn add_killable(home: &Home, (place, killed): (&Mutex<Option<Child>>, &AtomicUsize), name: &str) -> bool {
    let mut command = home.command(&["add", name, "--generate"]);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    *place.lock().expect("no thread panics with it") = Some(child.expect("the program starts"));
    loop {
        let mut running = place.lock().expect("no thread panics with it");
        let ended = running.as_mut().expect("it was put there").try_wait().expect("a child of ours");
        if ended.is_some() {
            let ran =
                Ran::from(running.take().expect("it was put there").wait_with_output().expect("it ended"));
            assert!(ran.code == 0 || ran.code == 137, "{ran:?}");
            killed.fetch_add(usize::from(ran.code == 137), Ordering::Relaxed);
            return ran.code == 0;
        }
        drop(running);
        SystemClock.pause(Duration::from_millis(1));
    }
}

/// Kills the process that signed the lock, or any one where that has ended.
fn kill_holder(home: &Home, running: &[Mutex<Option<Child>>], turn: usize) {
    let signed = std::fs::read_to_string(home.vault_dir().join("vault.lock")).unwrap_or_default();
    let holder: u32 = signed.split(' ').next().and_then(|pid| pid.parse().ok()).unwrap_or(0);
    let kill = |any: bool| {
        let mut order = running.iter().cycle().skip(turn % running.len()).take(running.len());
        order.any(|place| match place.lock().expect("no thread panics with it").as_mut() {
            Some(child) if any || child.id() == holder => child.kill().is_ok(),
            _ => false,
        })
    };
    let _ = kill(false) || kill(true);
}

fn names(writers: usize, each: usize) -> HashSet<String> {
    (0..writers).flat_map(|writer| (0..each).map(move |at| format!("W{writer}:{at}"))).collect()
}

fn timed<T>(act: impl FnOnce() -> T) -> Duration {
    let begin = Instant::now();
    act();
    begin.elapsed()
}
