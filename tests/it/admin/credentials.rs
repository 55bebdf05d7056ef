//! Where tokens lie, and an administrator's own sign-in: with a password and a second factor instead of an API key.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use sesam::{
    admin::connect::{Door, Own, PersonalDoor, Profile, RealDoor},
    clock::{Clock, SystemClock},
    config::{Server, TokenSource},
    otp::{Otp, parse_link},
};
use zeroize::Zeroizing;

use super::proxy::{Proxy, Turn, answer, json as says};
use crate::{
    cli::{
        hostile::safe,
        sesam::{Home, write},
    },
    server::{http::Client, process::Site},
};

pub(crate) const PASSWORD: &str = "correct horse";

/// A user `ada` who is an owner with an authenticator for the console, made over HTTP; the link of it.
pub(crate) fn ada(site: &Site, address: std::net::SocketAddr) -> (Otp, String) {
    let key = site.api_key("boss", "owner");
    let mut client = Client::connect(address).unwrap();
    let mut ask = |method: &str, path: &str, body: &Value| {
        let answer = client.ask((method, &format!("/v1/admin{path}")), &key, &body.to_string()).unwrap();
        assert!(answer.status < 300, "{answer:?}");
        if answer.body.is_empty() { Value::Null } else { answer.json() }
    };
    let made = ask("POST", "/users", &json!({"name": "ada", "password": PASSWORD, "reason": "x"}));
    let id = made["id"].as_str().unwrap().to_owned();
    ask("PUT", &format!("/administrators/{id}"), &json!({"role": "owner", "reason": "x"}));
    let wish = json!({"application": "sesamd", "reason": "x"});
    let begun = ask("POST", &format!("/users/{id}/bindings"), &wish);
    let uri = begun["uri"].as_str().unwrap().to_owned();
    let otp = parse_link(&uri).unwrap().otp;
    // The step before: that of now is left for the sign-in.
    let seconds = u64::try_from(SystemClock.now().as_second()).unwrap() - 30;
    let code = otp.code(seconds).unwrap().as_str().to_owned();
    let path = format!("/users/{id}/bindings/{}/confirm", begun["binding"].as_str().unwrap());
    ask("POST", &path, &json!({"code": code, "reason": "x"}));
    (otp, uri)
}

#[test]
fn an_administrator_signs_in_with_what_lies_in_the_vault() {
    let site = Site::new(None, "");
    let server = site.serve(0);
    let (_, uri) = ada(&site, server.address);
    let url = format!("http://{}", server.address);
    let home = Home::with_vault();
    home.run_with(&["add", "--uri", "-"], &uri).ok();
    let add = ["admin", "server", "add", "mfa", "--url", &url, "--kind", "test", "--user", "ada"];
    let kept = ["--token-stdin", "--token", "vault", "--otp", "ada"];
    let added = home.run_with(&[&add[..], &kept].concat(), PASSWORD);
    assert!(added.code == 0 && added.stderr.contains("needs no telephone"), "{added:?}");
    let seen = home.run(&["admin", "server", "test"]);
    safe(&seen);
    assert!(seen.stdout.contains("admin:ada") && seen.stdout.contains("owner"), "{seen:?}");
    for file in ["config/sesam/config.toml", "data/sesam/tokens.age"] {
        let bytes = fs::read(home.path(file)).unwrap();
        assert!(!bytes.windows(PASSWORD.len()).any(|part| part == PASSWORD.as_bytes()), "{file}");
    }
    assert!(home.bare(&["admin", "server", "test"]).fails(4).contains("locked"));
    home.run_with(&["admin", "server", "edit", "mfa", "--token-stdin"], "wrong horse").ok();
    let said = home.run(&["admin", "user", "list"]).fails(4);
    assert!(said.contains("the name or the password is wrong") && said.lines().count() <= 2, "{said}");
}

#[test]
fn a_token_in_the_vault_survives_new_keys_and_goes_with_its_server() {
    let site = Site::new(None, "");
    let server = site.serve(0);
    let key = site.api_key("boss", "owner");
    let url = format!("http://{}", server.address);
    let home = Home::with_vault();
    let add = ["admin", "server", "add", "mfa", "--url", &url, "--token-stdin", "--token", "vault"];
    home.run_with(&add, &key).ok();
    home.run(&["admin", "server", "test"]).ok();
    home.run(&["vault", "rekey", "-y"]).ok();
    home.run(&["admin", "server", "test"]).ok();
    let tokens = home.path("data/sesam/tokens.age");
    let whole = fs::read(&tokens).unwrap();
    let mut bad = whole.clone();
    *bad.last_mut().unwrap() ^= 1;
    write(&tokens, &bad);
    assert!(home.run(&["admin", "server", "test"]).fails(10).contains("tokens.age"));
    write(&tokens, &whole);
    home.run(&["admin", "server", "rm", "mfa", "-y"]).ok();
    let again = [&add[..4], &["--url", &url, "--token", "vault"]].concat();
    home.run(&again).ok();
    assert!(home.run(&["admin", "server", "test"]).fails(4).contains("the vault has none for mfa"));
    let nowhere =
        home.run_with(&["admin", "server", "edit", "mfa", "--token", "file:/x", "--token-stdin"], "t");
    assert!(nowhere.fails(2).contains("--token-stdin"));
}

/// Where a code is asked for and nobody is there.
#[test]
fn without_anybody_to_type_the_code_the_sign_in_ends() {
    let site = Site::new(None, "");
    let server = site.serve(0);
    ada(&site, server.address);
    let home = Home::new();
    write(&home.path("password"), PASSWORD);
    let place = format!("file:{}", home.path("password").display());
    let url = format!("http://{}", server.address);
    home.bare(&["admin", "server", "add", "mfa", "--url", &url, "--user", "ada", "--token", &place]).ok();
    let said = home.bare(&["admin", "server", "test"]).fails(4);
    assert!(said.contains("nobody is there to type it"), "{said}");
}

/// Types the same code each time.
struct Typist(AtomicUsize);

impl Own for Typist {
    fn token(&self, _: &str) -> Result<Zeroizing<String>, String> {
        Ok(Zeroizing::new(PASSWORD.to_owned()))
    }

    fn code(&self, _: &Profile, again: bool) -> Result<Option<Zeroizing<String>>, String> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok((!again).then(|| Zeroizing::new("123456".to_owned())))
    }
}

#[test]
fn a_session_that_ended_is_begun_anew_once_for_all_threads_and_no_change_is_repeated() {
    let (sessions, refuse) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(1)));
    let (count, old) = (Arc::clone(&sessions), Arc::clone(&refuse));
    let view = json!({"id": "i", "stage": "second_step", "factors": ["otp"], "session": null, "proof": null});
    let seen_ = json!({"users": 1, "locked": 0, "bypassed": 0, "disabled": 0, "version": "1",
        "time": "2026-01-01T00:00:00Z", "actor": "admin:ada", "role": "owner"});
    let proxy = Proxy::open(None, move |seen| {
        let live = seen.head.contains(&format!("Bearer session{}", count.load(Ordering::SeqCst)));
        Turn::Say(match seen.path.as_str() {
            "/v1/sign-ins" => answer("201 Created", "application/json", &view.to_string()),
            "/v1/sign-ins/i/verify" => {
                let nth = count.fetch_add(1, Ordering::SeqCst) + 1;
                says(&json!({"id": "i", "stage": "done", "session": format!("session{nth}"), "proof": "otp"}))
            }
            _ if live && old.load(Ordering::SeqCst) != count.load(Ordering::SeqCst) => says(&seen_),
            _ => answer("401 Unauthorized", "application/problem+json", "{}"),
        })
    });
    let server =
        Server { url: proxy.url(), user: Some("ada".into()), token: TokenSource::Vault, ..Server::default() };
    let timeout = Duration::from_secs(30);
    let profile = Profile { name: "mfa".into(), server, read_only: true, timeout };
    let own = Arc::new(Typist(AtomicUsize::new(0)));
    let way = RealDoor { credentials: None, attended: false };
    let provider = PersonalDoor { way, own: Arc::clone(&own) as Arc<dyn Own> }.open(&profile).unwrap();
    assert_eq!(proxy.seen().len(), 0, "nothing is connected before it is needed");
    // The first session is refused at once: the second one is taken, also by a profile that changes nothing.
    provider.overview().unwrap();
    assert_eq!(sessions.load(Ordering::SeqCst), 2);
    refuse.store(2, Ordering::SeqCst);
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| provider.overview().unwrap());
        }
    });
    assert_eq!((sessions.load(Ordering::SeqCst), own.0.load(Ordering::SeqCst)), (3, 3));
}
