//! `unlock --remember`, `lock --forget`: a real GNOME keyring on a bus of its own, in a home of its own, and everything
//! that a keyring can be instead: locked, empty, gone, mute.

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::net::UnixListener,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::{
    sesam::{Home, PASSPHRASE, Ran, installed, run, skipped, write},
    terminal::{in_a_terminal, line},
};

const PROGRAMS: [&str; 3] = ["dbus-run-session", "dbus-send", "gnome-keyring-daemon"];
const SERVICE: &str = "/org/freedesktop/secrets";

/// Unlocks the login keyring, as signing in does; tells the address of the bus; ends with its stdin.
const SIGNED_IN: &str =
    "printf 'a password\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
echo \"$DBUS_SESSION_BUS_ADDRESS\"; exec cat";

/// A session of a desktop, and the home in which it runs.
struct Desktop {
    home: Home,
    bus: String,
    session: Child,
}

impl Desktop {
    /// A home with accounts whose owner has signed in; `None` where the programs are missing.
    fn new() -> Option<Self> {
        if let Some(missing) = PROGRAMS.into_iter().find(|program| !installed(program)) {
            skipped(&format!("{missing} is not installed"));
            return None;
        }
        let home = Home::with_accounts();
        fs::create_dir(home.path("run")).expect("a directory of ours");
        let mut command = Command::new("dbus-run-session");
        command.args(["--", "sh", "-c", SIGNED_IN]).env_clear().envs(home.environment());
        command.env("XDG_RUNTIME_DIR", home.path("run")).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut session = command.stderr(Stdio::null()).spawn().expect("dbus-run-session starts");
        let mut bus = String::new();
        let told = BufReader::new(session.stdout.as_mut().expect("it was piped")).read_line(&mut bus);
        assert!(told.is_ok_and(|bytes| bytes > 0), "the session tells its bus");
        Some(Self { home, bus: bus.trim().to_owned(), session })
    }

    /// The same, and the vault is remembered.
    fn remembering() -> Option<Self> {
        let desktop = Self::new()?;
        desktop.run(&["unlock", "--remember"]).ok();
        Some(desktop)
    }

    /// Runs in the session without a passphrase.
    fn bare(&self, arguments: &[&str]) -> Ran {
        self.at(&self.bus, arguments)
    }

    /// Runs in the session with the passphrase at hand.
    fn run(&self, arguments: &[&str]) -> Ran {
        self.bare(&[&["--passphrase-file", "passphrase"], arguments].concat())
    }

    /// Runs with another bus and without a passphrase.
    fn at(&self, bus: &str, arguments: &[&str]) -> Ran {
        run(self.home.command(arguments).env("DBUS_SESSION_BUS_ADDRESS", bus), "")
    }

    /// Calls the keyring as any other program can, and gives back the answer.
    fn ask(&self, object: &str, method: &str, arguments: &[&str]) -> String {
        let mut command = Command::new("dbus-send");
        command.args(["--session", "--print-reply", "--dest=org.freedesktop.secrets", object, method]);
        run(command.args(arguments).env("DBUS_SESSION_BUS_ADDRESS", &self.bus), "").ok()
    }

    /// The keys of vaults in the keyring.
    fn items(&self) -> Vec<String> {
        let login = format!("{SERVICE}/collection/login");
        let property = ["string:org.freedesktop.Secret.Collection", "string:Items"];
        let told = self.ask(&login, "org.freedesktop.DBus.Properties.Get", &property);
        let paths = told.split('"').filter(|part| part.starts_with(SERVICE)).map(str::to_owned);
        paths.collect()
    }

    /// Locks the keyring, as a screen saver may.
    fn lock(&self) {
        let login = format!("array:objpath:{SERVICE}/collection/login");
        self.ask(SERVICE, "org.freedesktop.Secret.Service.Lock", &[&login]);
    }
}

impl Drop for Desktop {
    /// Without stdin the session ends, and the keyring with it.
    fn drop(&mut self) {
        drop(self.session.stdin.take());
        let _ = self.session.wait();
    }
}

#[test]
fn remembered_the_vault_opens_without_a_passphrase_until_it_is_forgotten() {
    let Some(desktop) = Desktop::new() else { return };
    desktop.bare(&["unlocked"]).fails(4);
    let said = desktop.run(&["unlock", "--remember"]);
    assert!(said.stderr.contains("lock --forget"), "{said:?}");
    desktop.bare(&["unlocked"]).ok();
    assert_eq!(desktop.bare(&["code", "--at", "59", "github"]).ok(), "287082\n");
    desktop.bare(&["edit", "github", "--note", "x"]).ok();
    assert_eq!(desktop.bare(&["vault", "info", "--json"]).json()["remembered"], true);

    let said = desktop.bare(&["lock"]);
    assert!(said.stderr.contains("still opens the vault"), "{said:?}");
    desktop.bare(&["unlocked"]).ok();
    let said = desktop.bare(&["lock", "--forget", "--json"]).json();
    assert_eq!((&said["forgotten"], &said["remembered"]), (&true.into(), &false.into()));
    desktop.bare(&["unlocked"]).fails(4);
    assert!(desktop.items().is_empty());
    desktop.bare(&["lock", "--forget"]).ok();
    assert_eq!(desktop.run(&["vault", "info", "--json"]).json()["remembered"], false);
}

/// What another program of the same user can see without reading the secret.
#[test]
fn the_item_names_no_account_and_no_path() {
    let Some(desktop) = Desktop::remembering() else { return };
    let items = desktop.items();
    assert_eq!(items.len(), 1);
    let properties = "string:org.freedesktop.Secret.Item";
    let told = desktop.ask(&items[0], "org.freedesktop.DBus.Properties.GetAll", &[properties]);
    assert!(told.contains("\"sesam: key of a vault\"") && told.contains("\"sesam\""), "{told}");
    for private in ["GitHub", "hugo", "AGE-SECRET", &desktop.home.path("").display().to_string()] {
        assert!(!told.contains(private), "{private} in {told}");
    }
    let mark = fs::read_to_string(desktop.home.path("state/sesam/remembered.toml")).expect("a mark");
    assert!(!mark.contains("AGE-SECRET"), "{mark}");
}

/// A token of a server is no key of a vault, and says so to who looks into the keyring.
#[test]
fn the_token_of_a_server_is_labelled_as_what_it_is_and_goes_with_its_server() {
    let Some(desktop) = Desktop::new() else { return };
    let words = ["admin", "server", "add", "mfa", "--url", "http://127.0.0.1:9", "--token-stdin"];
    let mut add = desktop.home.command(&words);
    run(add.env("DBUS_SESSION_BUS_ADDRESS", &desktop.bus), "token-of-ours\n").ok();
    let items = desktop.items();
    let properties = "string:org.freedesktop.Secret.Item";
    let told = desktop.ask(&items[0], "org.freedesktop.DBus.Properties.GetAll", &[properties]);
    assert!(told.contains("\"sesam: token of an MFA server\"") && !told.contains("token-of-ours"), "{told}");
    assert!(desktop.bare(&["admin", "server", "test"]).fails(7).contains("nobody listens"), "it was found");
    desktop.bare(&["admin", "server", "rm", "mfa", "-y"]).ok();
    assert!(desktop.items().is_empty());
}

#[test]
fn both_keyrings_can_be_wanted_at_once() {
    let Some(desktop) = Desktop::new() else { return };
    let said = desktop.run(&["unlock", "--remember", "--json"]).json();
    assert_eq!((&said["seconds"], &said["remembered"]), (&serde_json::Value::Null, &true.into()));
    let said = desktop.run(&["unlock", "--remember", "--for", "10m"]);
    if said.code == 1 && said.stderr.contains("kernel") {
        return skipped("there is no kernel keyring");
    }
    said.ok();
    let other = desktop.at("unix:path=/nowhere", &["unlocked"]);
    assert_eq!(other.code, 0, "the kernel's opens it");
}

#[test]
fn a_locked_keyring_is_told_and_the_passphrase_opens_the_vault() {
    let Some(desktop) = Desktop::remembering() else { return };
    desktop.lock();
    desktop.bare(&["unlocked"]).fails(4);
    let said = desktop.bare(&["code", "github"]).fails(4);
    assert!(said.contains("the system keyring is locked; the passphrase opens it"), "{said}");
    let ran = desktop.run(&["code", "--at", "59", "github"]);
    assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
    assert_eq!(ran.ok(), "287082\n");
    let error = desktop.run(&["unlock", "--remember", "--json"]).error(1);
    assert_eq!(error["kind"], "keyring");
    let said = desktop.bare(&["lock", "--forget"]).fails(1);
    assert!(said.contains("still in the system keyring: the system keyring is locked"), "{said}");
    assert_eq!(desktop.items().len(), 1);
}

#[test]
fn an_item_that_was_deleted_by_hand_is_told_with_both_ways_on() {
    let Some(desktop) = Desktop::remembering() else { return };
    desktop.ask(&desktop.items()[0], "org.freedesktop.Secret.Item.Delete", &[]);
    let ran = desktop.run(&["code", "--at", "59", "github"]);
    assert!(ran.stderr.contains("unlock --remember") && ran.stderr.contains("lock --forget"), "{ran:?}");
    assert_eq!(ran.ok(), "287082\n");
    desktop.bare(&["unlocked"]).fails(4);
    let report = desktop.bare(&["doctor", "keyring"]);
    assert!(report.code == 1 && report.stdout.contains("no key of this vault any more"), "{report:?}");
    desktop.bare(&["lock", "--forget"]).ok();
    assert_eq!(desktop.run(&["code", "github"]).stderr, "");
}

#[test]
fn a_new_passphrase_and_a_new_identity_leave_no_old_copy() {
    let Some(desktop) = Desktop::remembering() else { return };
    write(&desktop.home.path("new"), "another one, longer than the first");
    let said = desktop.run(&["vault", "passwd", "--new-passphrase-file", "new"]);
    assert!(said.stderr.contains("brought up to date"), "{said:?}");
    assert_eq!(desktop.items().len(), 1);
    desktop.bare(&["code", "github"]).ok();
    fs::copy(desktop.home.path("new"), desktop.home.path("passphrase")).expect("a copy");
    desktop.run(&["vault", "rekey", "--yes"]).ok();
    assert_eq!(desktop.items().len(), 1);
    assert_eq!(desktop.bare(&["code", "github"]).stderr, "");
    desktop.bare(&["lock", "--forget"]).ok();
    assert!(desktop.items().is_empty());
}

/// Another machine has changed the passphrase, and a synced folder brings the new identity.
#[test]
fn a_copy_of_an_identity_that_changed_elsewhere_is_removed() {
    let Some(desktop) = Desktop::remembering() else { return };
    write(&desktop.home.path("new"), "another one, longer than the first");
    let elsewhere = desktop.home.path("state-elsewhere");
    let mut passwd = desktop.home.command(&["vault", "passwd", "--passphrase-file", "passphrase"]);
    run(passwd.args(["--new-passphrase-file", "new"]).env("XDG_STATE_HOME", elsewhere), "").ok();
    desktop.bare(&["code", "github"]).fails(4);
    assert_eq!(desktop.items().len(), 1);
    let ran = desktop.bare(&["code", "github", "--passphrase-file", "new"]);
    assert!(ran.stderr.contains("was removed"), "{ran:?}");
    assert!(desktop.items().is_empty());
    assert_eq!(desktop.bare(&["code", "github", "--passphrase-file", "new"]).stderr, "");
}

#[test]
fn a_vault_that_moved_stays_remembered_and_two_vaults_do_not_meet() {
    let Some(desktop) = Desktop::remembering() else { return };
    let (data, moved) = (desktop.home.vault_dir(), desktop.home.path("moved"));
    fs::rename(&data, &moved).expect("a directory of ours");
    assert_eq!(desktop.bare(&["code", "github", "--vault", "moved"]).stderr, "");
    desktop.run(&["vault", "create"]).ok();
    desktop.bare(&["list"]).fails(4);
    desktop.run(&["unlock", "--remember"]).ok();
    assert_eq!(desktop.items().len(), 2);
    assert_eq!(desktop.bare(&["list"]).ok(), "");
    desktop.bare(&["lock", "--forget"]).ok();
    desktop.bare(&["list"]).fails(4);
    desktop.bare(&["code", "github", "--vault", "moved"]).ok();
}

#[test]
fn what_does_not_fit_the_vault_is_not_used() {
    let Some(desktop) = Desktop::remembering() else { return };
    let mark = desktop.home.path("state/sesam/remembered.toml");
    let foreign = fs::read_to_string(&mark).expect("a mark");
    fs::rename(desktop.home.vault_dir(), desktop.home.path("first")).expect("a directory of ours");
    desktop.run(&["vault", "create"]).ok();
    fs::copy(desktop.home.path("first/identity.age"), desktop.home.vault_dir().join("identity.age"))
        .expect("a copy");
    write(&mark, foreign);
    let said = desktop.bare(&["list"]).fails(4);
    assert!(said.contains("does not open this vault"), "{said}");
}

#[test]
fn the_settings_say_always_or_never() {
    let Some(desktop) = Desktop::new() else { return };
    let config = desktop.home.path("config/sesam/config.toml");
    write(&config, "[vault]\nwork_factor = 15\n[lock]\nremember = \"always\"\n");
    desktop.run(&["list", "--read-only"]).ok();
    desktop.bare(&["list"]).fails(4);
    desktop.run(&["list"]).ok();
    desktop.bare(&["list"]).ok();
    write(&config, "[vault]\nwork_factor = 15\n[lock]\nremember = \"never\"\n");
    assert_eq!(desktop.bare(&["list"]).fails(4).lines().count(), 2, "as if nothing were there");
    let said = desktop.run(&["unlock", "--remember"]).fails(8);
    assert!(said.contains("lock.remember is never"), "{said}");
    desktop.bare(&["lock", "--forget"]).ok();
    assert!(desktop.items().is_empty());
    desktop.run(&["unlock", "--remember", "--read-only"]).fails(8);
}

/// Seven days on, by the mark: a person at a terminal is asked, may go on without, and a script notices nothing.
#[test]
fn the_passphrase_is_asked_for_now_and_then_so_that_it_is_not_forgotten() {
    let Some(desktop) = Desktop::remembering() else { return };
    let mark = desktop.home.path("state/sesam/remembered.toml");
    let fresh = fs::read_to_string(&mark).expect("a mark");
    let (begin, rest) = fresh.split_once("ask_after = \"").expect("a date");
    let due = format!("{begin}ask_after = \"2020{}", &rest[4..]);
    let command = line(&desktop.home, &[("DBUS_SESSION_BUS_ADDRESS", &desktop.bus)], "code --at 59 github");
    let show = |typed: &str| in_a_terminal(&command, &desktop.home.path(""), typed);
    assert!(!show("").contains("Passphrase"), "it is too early");

    for (typed, words) in [("\r", ""), ("a wrong one\r", "Nobody can reset it"), (PASSPHRASE, "That is it.")]
    {
        write(&mark, &due);
        assert_eq!(desktop.bare(&["code", "github"]).stderr, "", "a script goes on");
        let shown = show(&format!("{}\r", typed.trim_end()));
        assert!(shown.contains("Passphrase (Enter to go on without):") && shown.contains(words), "{shown}");
        assert!(shown.contains("287082"), "{shown}");
        assert!(!show("").contains("Passphrase"), "not twice a day");
    }
}

#[test]
fn doctor_tells_how_the_keyring_is() {
    let Some(desktop) = Desktop::new() else { return };
    let report = |ran: Ran| ran.stdout;
    assert!(report(desktop.bare(&["doctor", "keyring"])).contains("the system keyring is open"));
    desktop.run(&["unlock", "--remember"]).ok();
    let open = report(desktop.bare(&["doctor", "keyring", "--json"]));
    assert!(open.contains("this vault is remembered"), "{open}");
    desktop.lock();
    let locked = desktop.bare(&["doctor", "keyring"]);
    assert!(locked.code == 1 && locked.stdout.contains("the system keyring is locked"), "{locked:?}");
}

#[test]
fn without_a_keyring_nothing_is_lost_and_one_sentence_says_so() {
    let home = Home::with_accounts();
    let said = home.run(&["unlock", "--remember"]).fails(1);
    assert!(said.contains("not remembered: there is no system keyring here"), "{said}");
    assert!(said.contains("hint: over SSH"), "{said}");
    let report = home.bare(&["doctor", "keyring"]);
    assert!(report.stdout.contains("there is no system keyring here"), "{report:?}");
    home.bare(&["lock", "--forget"]).ok();
    home.run(&["code", "github"]).ok();
    assert!(!home.path("state/sesam/remembered.toml").exists());
}

#[test]
fn a_keyring_that_is_gone_is_told_and_the_passphrase_opens_the_vault() {
    let Some(desktop) = Desktop::remembering() else { return };
    let bus = "unix:path=/nowhere/at/all";
    let said = desktop.at(bus, &["code", "github"]).fails(4);
    assert!(said.contains("there is no system keyring here"), "{said}");
    desktop.at(bus, &["code", "github", "--passphrase-file", "passphrase"]).ok();
    let said = desktop.at(bus, &["lock", "--forget"]).fails(1);
    assert!(said.contains("still in the system keyring"), "{said}");
    desktop.bare(&["code", "github"]).ok();
}

#[test]
fn a_keyring_that_does_not_answer_is_waited_for_a_moment_alone() {
    let Some(desktop) = Desktop::remembering() else { return };
    let socket = desktop.home.path("mute");
    let _mute = UnixListener::bind(&socket).expect("a socket of ours"); // connections wait in its queue
    let bus = format!("unix:path={}", socket.display());
    let begin = Instant::now();
    let said = desktop.at(&bus, &["code", "github"]).fails(4);
    assert!(said.contains("did not answer within 2 s"), "{said}");
    desktop.at(&bus, &["code", "github", "--passphrase-file", "passphrase"]).ok();
    desktop.at(&bus, &["unlocked"]).fails(4);
    desktop.at(&bus, &["unlock", "--remember", "--passphrase-file", "passphrase"]).fails(1);
    desktop.at(&bus, &["lock", "--forget"]).fails(1);
    assert!(begin.elapsed() < Duration::from_mins(1), "{:?}", begin.elapsed());
    desktop.bare(&["code", "github"]).ok();
}

/// Who never chose the keyring never waits for it.
#[test]
fn nobody_asks_a_keyring_that_was_not_chosen() {
    let home = Home::with_accounts();
    let socket = home.path("bus");
    let bus = UnixListener::bind(&socket).expect("a socket of ours");
    bus.set_nonblocking(true).expect("a socket of ours");
    let address = format!("unix:path={}", socket.display());
    for arguments in
        [&["code", "github"][..], &["list"], &["unlock"], &["unlocked"], &["lock"], &["vault", "info"]]
    {
        let all = [&["--passphrase-file", "passphrase"], arguments].concat();
        run(home.command(&all).env("DBUS_SESSION_BUS_ADDRESS", &address), "");
        assert!(bus.accept().is_err(), "{arguments:?} asked");
    }
}
