//! An administrator's own sign-in from the screens of the real program, to a real sesamd: the token out of the vault, the
//! code out of the vault or typed.

use sesam::clock::{Clock, SystemClock};

use super::tmux::{Start, Tmux, USUAL};
use crate::{
    admin::credentials::{PASSWORD, ada},
    cli::sesam::{Home, installed, skipped},
    server::process::Site,
};

/// A home with a vault whose server `mfa` lets ada in, her password in the vault.
fn home(url: &str, more: &[&str]) -> Home {
    let home = Home::with_vault();
    let add = ["admin", "server", "add", "mfa", "--url", url, "--kind", "test", "--user", "ada"];
    let kept = ["--token-stdin", "--token", "vault"];
    home.run_with(&[&add[..], &kept, more].concat(), PASSWORD).ok();
    home
}

/// The servers, with the vault open.
fn servers<'a>(home: &'a Home, name: &str) -> Option<Tmux<'a>> {
    let tmux = Tmux::vault(home, name, &[])?;
    tmux.keys(&["A"]);
    tmux.sees("Enter asks");
    tmux.keys(&["Enter"]);
    Some(tmux)
}

#[test]
fn the_vault_gives_token_and_code_and_says_so() {
    if !installed("tmux") {
        return skipped("tmux is not installed");
    }
    let site = Site::new(None, "");
    let server = site.serve(0);
    let (_, uri) = ada(&site, server.address);
    let home = home(&format!("http://{}", server.address), &["--otp", "ada"]);
    home.run_with(&["add", "--uri", "-"], &uri).ok();
    let Some(tmux) = servers(&home, "own-vault") else { return };
    let picture = tmux.sees("as admin:ada");
    assert!(picture.contains("both factors of mfa lie together"), "{picture}");
    drop(tmux);

    let locked = Start { name: "own-locked", arguments: "admin", variables: &[], size: USUAL };
    home.run(&["lock"]).ok();
    let Some(tmux) = Tmux::start(&home, &locked) else { return };
    tmux.sees("Enter asks");
    tmux.keys(&["Enter"]);
    tmux.sees("it lies in the vault, which is not open");
}

#[test]
fn a_code_is_typed_until_the_server_takes_it() {
    if !installed("tmux") {
        return skipped("tmux is not installed");
    }
    let site = Site::new(None, "");
    let server = site.serve(0);
    let (otp, _) = ada(&site, server.address);
    let home = home(&format!("http://{}", server.address), &[]);
    let Some(tmux) = servers(&home, "own-typed") else { return };
    tmux.sees("Code for ada on mfa (TEST):");
    let code = otp.code(u64::try_from(SystemClock.now().as_second()).unwrap()).unwrap();
    let wrong = if code.as_str() == "000000" { "000001" } else { "000000" };
    tmux.types(wrong);
    tmux.keys(&["Enter"]);
    tmux.sees("That code was refused");
    tmux.types(code.as_str());
    tmux.keys(&["Enter"]);
    tmux.sees("as admin:ada");
    tmux.keys(&["C-c"]);
    assert_eq!(tmux.ends(), 130);
}
