//! Admin mode of the real program in a real terminal, against a sesamd that runs with its sample and against the demo:
//! items 40, 43 to 46 and 48.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use super::tmux::{Start, Tmux, USUAL};
use crate::cli::sesam::{Home, installed, skipped, write};

/// A sesamd with sample users, and a home whose settings lead to it.
pub(super) struct Dev {
    child: Child,
    pub(super) home: Home,
    /// Where it listens.
    pub(super) url: String,
    key: String,
}

impl Dev {
    /// Starts one; `None`, and a word about it, where there is no tmux to look at it.
    pub(super) fn start() -> Option<Self> {
        if !installed("tmux") {
            skipped("tmux is not installed");
            return None;
        }
        let home = Home::new();
        let mut child = Command::new("sh")
            .args(["-c", &format!("exec '{}' serve --dev 2>&1", env!("CARGO_BIN_EXE_sesamd"))])
            .env_clear()
            .envs(home.environment())
            .stdout(Stdio::piped())
            .spawn()
            .expect("sesamd starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its words")).lines();
        let line = lines.by_ref().map_while(Result::ok).find(|line| line.contains("admin server add"));
        let line = line.expect("the line to type");
        // What it says further must find a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let word = |begins: &str| {
            let found = line.split_whitespace().find(|word| word.starts_with(begins));
            found.expect("the line has it").to_owned()
        };
        let (url, token) = (word("http://"), word("file:"));
        let key = std::fs::read_to_string(token.trim_start_matches("file:")).expect("the token");
        let settings =
            format!("[admin.servers.mfa]\nurl = \"{url}\"\nkind = \"prod\"\ntoken = \"{token}\"\n");
        write(&home.path("config/sesam/config.toml"), settings);
        Some(Self { child, home, url, key })
    }

    /// The program in admin mode, at the users.
    fn users<'a>(&'a self, name: &'a str, arguments: &'a str) -> Option<Tmux<'a>> {
        let tmux = Tmux::start(&self.home, &Start { name, arguments, variables: &[], size: USUAL })?;
        tmux.sees("ok ");
        tmux.keys(&["Enter"]);
        tmux.sees("locked ×");
        Some(tmux)
    }

    /// Everything in the audit about alan.
    fn audit(&self) -> String {
        self.home.bare(&["admin", "audit", "list", "user:alan", "--json"]).ok()
    }
}

/// Waits until alan's row is the selected one.
#[track_caller]
fn selects_alan(tmux: &Tmux<'_>) {
    tmux.shows("alan selected", |picture| {
        picture.lines().any(|line| line.trim_start().starts_with('▌') && line.contains("alan"))
    });
}

impl Dev {
    /// The same as the server itself says it.
    fn raw_audit(&self) -> String {
        let url = format!("{}/v1/admin/audit?q=user%3Aalan&limit=3", self.url);
        let asked = ureq::get(url).header("authorization", format!("Bearer {}", self.key)).call();
        asked.expect("an answer").body_mut().read_to_string().expect("a text")
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn items_43_to_45_alan_lost_his_phone() {
    let Some(dev) = Dev::start() else { return };
    let Some(tmux) = dev.users("reset", "admin") else { return };
    let picture = tmux.sees("as key:dev");
    let first = picture.lines().next().unwrap_or_default();
    assert!(first.contains("Admin › mfa › Users") && first.contains("PROD"), "{first}");
    tmux.keys(&["j"]);
    selects_alan(&tmux);
    tmux.keys(&["x"]);
    tmux.sees("alan must enrol again");
    tmux.keys(&["r"]);
    tmux.sees("cannot sign in until enrolled");
    tmux.types("lost phone");
    tmux.keys(&["Tab"]);
    tmux.types("ala");
    tmux.keys(&["Enter"]);
    tmux.sees("Reset (type alan first)");
    tmux.pastes("alan");
    tmux.sees("type it");
    assert!(!dev.audit().contains("Binding reset"), "nothing was sent");
    tmux.types("n");
    tmux.sees("[ Reset ]");
    tmux.keys(&["Tab", "Tab", "Enter"]);
    tmux.sees("alan: unbound ▲");
    let audit = dev.raw_audit();
    assert!(audit.contains("Binding reset") && audit.contains("lost phone"), "{audit}");
    assert!(audit.contains("key:dev"), "{audit}");
    tmux.keys(&["C-c"]);
    assert_eq!(tmux.ends(), 130);
}

#[test]
fn item_46_read_only_sends_no_change() {
    let Some(dev) = Dev::start() else { return };
    let before = dev.audit();
    let Some(tmux) = dev.users("readonly", "--read-only admin") else { return };
    tmux.sees("READ ONLY   PROD");
    tmux.keys(&["j", "x", "r"]);
    tmux.sees("Read only");
    tmux.keys(&["Escape"]);
    tmux.misses("Reset, bypass");
    assert_eq!(dev.audit(), before);
    tmux.keys(&["q", "q"]);
    assert_eq!(tmux.ends(), 0);
}

#[test]
fn item_48_filters_are_asked_of_the_server() {
    let Some(dev) = Dev::start() else { return };
    let Some(tmux) = dev.users("filter", "admin") else { return };
    tmux.keys(&["/"]);
    tmux.types("user:nobody");
    let picture = tmux.sees(" 0 of 10");
    assert!(picture.contains("USER") && picture.contains("Nobody fits"), "{picture}");
    tmux.keys(&["C-u"]);
    tmux.sees("10 of 10");
    tmux.types("bad:key");
    let picture = tmux.sees("there is no filter of this name");
    assert!(picture.contains("USER") && picture.contains("alan"), "{picture}");
    tmux.keys(&["Escape"]);
    tmux.misses("bad:key");
}

#[test]
fn item_40_ctrl_c_quits_from_every_place_of_admin_mode() {
    let Some(dev) = Dev::start() else { return };
    let places: [(&str, &[&str], &str); 4] = [
        ("users", &[], "Enter open"),
        ("filter", &["/"], "Enter keep"),
        ("user", &["Enter"], "x actions"),
        ("menu", &["x"], "Actions: "),
    ];
    for (name, keys, there) in places {
        let name = format!("admin-{name}");
        let Some(tmux) = dev.users(&name, "admin") else { return };
        if !keys.is_empty() {
            tmux.keys(keys);
        }
        tmux.sees(there);
        tmux.keys(&["C-c"]);
        assert_eq!(tmux.ends(), 130, "{name}");
    }
}

#[test]
fn windows_of_all_sizes_show_users() {
    let Some(dev) = Dev::start() else { return };
    let Some(tmux) = dev.users("sizes", "admin") else { return };
    tmux.keys(&["j"]);
    selects_alan(&tmux);
    tmux.resize((140, 40));
    tmux.sees("OTP bindings");
    tmux.resize((60, 15));
    tmux.sees("mfa › Users");
    tmux.resize((30, 4));
    selects_alan(&tmux);
    tmux.resize((20, 2));
    tmux.sees("alan locked ×");
    tmux.resize((80, 24));
    selects_alan(&tmux);
}

#[test]
fn without_a_terminal_it_says_what_to_type() {
    let home = Home::new();
    let said = home.bare(&["admin"]).fails(2);
    assert!(said.contains("sesam admin --help"), "{said}");
}

#[test]
fn items_43_and_44_in_the_demo() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo(&home, "admin") else { return };
    tmux.keys(&["A"]);
    tmux.sees("Admin › Servers");
    tmux.keys(&["Enter"]);
    let picture = tmux.sees("locked ×");
    let first = picture.lines().next().unwrap_or_default();
    assert!(first.contains("mfa-prod") && first.contains("PROD") && first.contains("as "), "{first}");
    tmux.keys(&["j"]);
    selects_alan(&tmux);
    tmux.keys(&["x", "r"]);
    tmux.sees("Type the user name");
    tmux.types("lost phone");
    tmux.keys(&["Tab"]);
    tmux.types("ala");
    tmux.keys(&["Enter"]);
    tmux.sees("Reset (type alan first)");
    tmux.types("n");
    tmux.keys(&["Tab", "Tab", "Enter"]);
    tmux.sees("alan: unbound");
    tmux.keys(&["A"]);
    tmux.sees("GitHub");
}
