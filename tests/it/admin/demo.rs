//! The demo's data are those of the pictures, its rules those of a real server, its time the clock's.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use sesam::{
    admin::{
        Provider,
        action::{Action, Level},
        connect::{Door as _, Profile},
        demo::{DemoDoor, servers},
        error::AdminError,
        model::{AuditFilter, Outcome, State},
    },
    clock::Clock,
};

/// A clock that a test moves.
struct Hands(Mutex<Timestamp>);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    fn pause(&self, _: Duration) {}
}

impl Hands {
    fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(Timestamp::from_second(1_700_000_022).unwrap())))
    }

    fn wait(&self, milliseconds: i64) {
        *self.0.lock().unwrap() += SignedDuration::from_millis(milliseconds);
    }
}

fn profile(name: &str) -> Profile {
    let server = servers()[name].clone();
    Profile { name: name.to_owned(), read_only: server.read_only, server, timeout: Duration::from_secs(10) }
}

fn prod(clock: &Arc<Hands>) -> Arc<dyn Provider> {
    DemoDoor::new(clock.clone()).open(&profile("mfa-prod")).unwrap()
}

fn query(text: &str) -> AuditFilter {
    AuditFilter { query: text.to_owned(), ..AuditFilter::default() }
}

fn all_users(own: &dyn Provider, query: &str) -> Vec<String> {
    let (mut names, mut cursor) = (vec![], None);
    loop {
        let page = own.users(query, cursor.as_deref()).unwrap();
        names.extend(page.items.into_iter().map(|user| user.name));
        cursor = page.next;
        if cursor.is_none() {
            return names;
        }
    }
}

#[test]
fn the_users_are_those_of_the_pictures() {
    let own = prod(&Hands::new());
    let names = all_users(&*own, "");
    let ten = ["ada", "alan", "barbara", "dennis", "edsger", "frances", "grace", "hugo", "ken", "radia"];
    assert_eq!((names.len(), &names[..10]), (1204, &ten.map(String::from)[..]));
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), 1204, "each name is there once");
    let seen = own.overview().unwrap();
    assert_eq!((seen.users, seen.locked, seen.bypassed), (Some(1204), Some(3), Some(1)));
    assert_eq!(seen.actor, "admin@ops");
    let state = |name: &str| own.user(name).unwrap().state;
    let states = [
        ("alan", State::Locked),
        ("dennis", State::Unbound),
        ("edsger", State::Bypass),
        ("ken", State::Disabled),
    ];
    for (name, expected) in states {
        assert_eq!(state(name), expected, "{name}");
    }
    let alan = own.user("ALAN").unwrap();
    assert_eq!((alan.failures, alan.bindings.len(), alan.sessions), (5, 2, Some(2)));
    let counts: Vec<Option<u64>> = own.applications().unwrap().iter().map(|app| app.users).collect();
    assert_eq!(counts, [1140, 212, 1198, 41, 0].map(Some));
}

#[test]
fn users_are_narrowed_by_every_key_and_an_unknown_one_is_named() {
    let own = prod(&Hands::new());
    let found = |query: &str| all_users(&*own, query);
    assert_eq!(found("state:locked fails:>3"), ["alan", "noether"]);
    assert_eq!(found("turing"), ["alan"]);
    assert_eq!(found("name:AL group:ops"), ["alan"]);
    assert_eq!(found("user:ada app:vpn factor:push last:<7d"), ["ada"]);
    assert_eq!(found("last:never group:vpn"), ["dennis"]);
    assert_eq!((found("app:ssh-bastion").len(), found("factor:sms").len()), (212, 38));
    for (query, words) in [
        ("colour:red", "\"colour\""),
        ("state:odd", "there are ok"),
        ("fails:x", "write 3"),
        ("last:7y", "<7d"),
    ] {
        let refused = own.users(query, None);
        assert!(
            matches!(&refused, Err(AdminError::Refused { why, .. }) if why.contains(words)),
            "{refused:?}"
        );
    }
}

#[test]
fn the_audit_begins_with_the_pictured_events_and_is_the_same_every_time() {
    let own = prod(&Hands::new());
    let page = own.audit(&query("result:fail,warn since:2h"), None).unwrap();
    let whats: Vec<&str> = page.items.iter().take(5).map(|event| event.what.as_str()).collect();
    let pictured =
        ["wrong code", "unknown user: root", "unknown user: admin", "bypass used", "replayed code"];
    assert_eq!(whats, pictured);
    assert_eq!(own.audit(&query("user:nobody"), None).unwrap().items, []);
    let again = prod(&Hands::new()).audit(&AuditFilter::default(), None).unwrap();
    assert_eq!(own.audit(&AuditFilter::default(), None).unwrap(), again);
    let (mut ids, mut cursor) = (vec![], None);
    for _ in 0..5 {
        let page = own.audit(&query("from:10.8."), cursor.as_deref()).unwrap();
        ids.extend(page.items.iter().map(|event| event.id.parse::<u64>().unwrap()));
        cursor = page.next;
    }
    assert!(ids.len() == 500 && ids.is_sorted_by(|one, next| one > next), "no event twice, none left out");
    for (text, words) in
        [("bad:key", "\"bad\""), ("since:tomorrow", "is no time"), ("result:odd", "ok, warn and fail")]
    {
        let refused = own.audit(&query(text), None);
        assert!(
            matches!(&refused, Err(AdminError::Refused { why, .. }) if why.contains(words)),
            "{refused:?}"
        );
    }
}

#[test]
fn four_weeks_of_events_show_an_attack() {
    let own = prod(&Hands::new());
    let by_hour = own.statistics(&query("result:fail"), "weekday_hour").unwrap();
    let busiest = by_hour.rows.iter().max_by_key(|row| row.total).unwrap();
    assert!(busiest.key == "2 14" && busiest.total > 40, "{busiest:?}");
    let days = own.statistics(&AuditFilter::default(), "day").unwrap();
    assert!(days.rows.len() == 28 || days.rows.len() == 29, "{}", days.rows.len());
    assert_eq!(days.total, days.rows.iter().map(|row| row.total).sum::<u64>());
    let sources = own.statistics(&query("result:fail"), "source").unwrap();
    assert_eq!(sources.rows[0].key, "185.220.101.4");
    let users = own.statistics(&query("result:fail"), "user").unwrap();
    let named: Vec<&str> =
        users.rows.iter().map(|row| row.key.as_str()).filter(|key| !key.is_empty()).collect();
    assert_eq!(&named[..2], ["alan", "noether"]);
    let east = AuditFilter { ahead_minutes: 60, ..query("result:fail") };
    let east = own.statistics(&east, "weekday_hour").unwrap();
    assert_eq!(east.rows.iter().max_by_key(|row| row.total).unwrap().key, "2 15", "an hour ahead of UTC");
}

#[test]
fn two_events_a_second_come_while_the_clock_runs_and_none_while_it_stands() {
    let clock = Hands::new();
    let own = prod(&clock);
    let before = own.audit(&AuditFilter::default(), None).unwrap().items[0].id.clone();
    assert_eq!(own.audit(&AuditFilter::default(), None).unwrap().items[0].id, before);
    clock.wait(18_900);
    let mut heard = vec![];
    let last = own.follow(&AuditFilter::default(), Some(&before), &mut |event| match event {
        Some(event) => {
            heard.push(event);
            true
        }
        None => false,
    });
    assert_eq!((heard.len(), last.unwrap()), (37, heard.last().map(|event| event.id.clone())));
    assert!(heard.iter().all(|event| event.time <= clock.now()));
}

#[test]
fn a_change_is_written_down_with_its_reason_and_once() {
    let clock = Hands::new();
    let own = prod(&clock);
    let plan = own.plan(&Action::Reset { user: "alan".into() }).unwrap();
    let expected = [
        "delete binding #1 TOTP FreeOTP \"Pixel 9\"",
        "delete binding #2 HOTP hw token 0041-7781",
        "end 2 open sessions (vpn, wiki)",
        "lead to binding at the next sign-in",
        "leave the lock: until 2023-11-14T22:36:42Z no code opens, unless unlocked",
        "be written to the audit log",
    ];
    assert_eq!(plan.effects, expected);
    own.apply(&plan, "lost phone, ticket 4711").unwrap();
    assert!(matches!(own.apply(&plan, "again"), Err(AdminError::Changed(_))));
    let page = own.audit(&query("user:alan by:admin@ops"), None).unwrap();
    let event = &page.items[0];
    assert_eq!((page.items.len(), event.by.as_deref(), event.outcome), (1, Some("admin@ops"), Outcome::Ok));
    assert_eq!(event.what, "reset, 2 bindings: lost phone, ticket 4711");
    assert_eq!(event.raw["detail"], "lost phone, ticket 4711");
    let seen = own.user("alan").unwrap();
    assert_eq!((seen.state, seen.bindings.len(), seen.sessions), (State::Unbound, 0, Some(0)));
}

#[test]
fn a_factor_that_goes_says_whom_it_keeps_out() {
    let own = prod(&Hands::new());
    let off = |factor: &str| Action::Factor { application: "wiki".into(), factor: factor.into(), on: false };
    let plan = own.plan(&off("sms")).unwrap();
    assert!(plan.effects[0].contains("38 of 1198 users"), "{plan:?}");
    assert_eq!((plan.level, plan.confirm.as_str()), (Level::Typed, "wiki"));
    assert_eq!(own.plan(&off("push")).unwrap().level, Level::Asked, "they all have another one");
    own.apply(&plan, "moving").unwrap();
    assert!(matches!(own.apply(&plan, "moving"), Err(AdminError::Changed(_))));
}

#[test]
fn a_read_only_server_is_asked_for_nothing_but_reads() {
    let clock = Hands::new();
    let door = DemoDoor::new(clock);
    let own = door.demo(&Profile { read_only: true, ..profile("mfa-prod") }).unwrap();
    let plan = own.plan(&Action::Unlock { user: "alan".into() }).unwrap();
    assert_eq!(own.apply(&plan, "x"), Err(AdminError::ReadOnly("mfa-prod".into())));
    own.audit(&AuditFilter::default(), None).unwrap();
    let asked = own.requests();
    assert!(asked.len() == 2 && asked.iter().all(|request| request.starts_with("GET ")), "{asked:?}");
    assert_eq!(own.user("alan").unwrap().state, State::Locked);
    let writing = door.demo(&profile("mfa-prod")).unwrap();
    writing.apply(&plan, "x").unwrap();
    assert_eq!(own.user("alan").unwrap().state, State::Ok, "it is the same server");
    assert!(own.requests().iter().any(|request| request.starts_with("POST ")));
}

#[test]
fn the_lab_refuses_and_other_servers_are_their_own() {
    let door = DemoDoor::new(Hands::new());
    let refused = door.open(&profile("lab")).map(drop);
    assert!(matches!(&refused, Err(AdminError::Refused { why, .. }) if why.contains("http")), "{refused:?}");
    let test = door.open(&profile("mfa-test")).unwrap();
    assert_eq!(test.overview().unwrap().users, Some(37));
    let recovery = door.open(&profile("mfa-dr")).unwrap();
    let plan = recovery.plan(&Action::Unlock { user: "alan".into() }).unwrap();
    assert!(matches!(recovery.apply(&plan, "x"), Err(AdminError::ReadOnly(_))));
}

#[test]
fn the_command_line_asks_the_demo_and_no_file_is_touched() {
    let home = crate::cli::sesam::Home::new();
    let before = std::fs::read_dir(home.path("")).unwrap().count();
    let locked = home.bare(&["--demo", "admin", "user", "list", "state:locked"]).ok();
    assert_eq!(
        locked.lines().map(|line| line.split('\t').next().unwrap()).collect::<Vec<_>>(),
        ["alan", "noether", "wilkes"]
    );
    let events = home.bare(&["--demo", "admin", "audit", "list", "user:alan", "result:fail"]).ok();
    assert!(events.lines().next().unwrap().contains("wrong code"), "{events}");
    let plan = home.bare(&["--demo", "admin", "user", "reset", "alan", "--dry-run"]).ok();
    assert!(plan.contains("delete binding #1 TOTP"), "{plan}");
    home.bare(&["--demo", "admin", "-s", "mfa-dr", "user", "unlock", "alan", "--reason", "x", "-y"]).fails(8);
    let kept = home.bare(&["--demo", "admin", "server", "rm", "lab", "-y"]).fails(2);
    assert!(kept.contains("--demo touches no file"), "{kept}");
    assert_eq!(std::fs::read_dir(home.path("")).unwrap().count(), before);
}
