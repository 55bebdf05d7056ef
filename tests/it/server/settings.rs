//! Settings that cannot be used end `sesamd serve` before it listens: exit code 2 and one sentence.

use std::{path::Path, process::Command};

/// A directory with settings, a key and a database.
pub(super) fn made(settings: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let made = sesamd(dir.path(), "init");
    assert_eq!(made.0, 0, "{}", made.1);
    let path = dir.path().join("sesamd.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text.replace("# listen = \"127.0.0.1:8480\"", "listen = \"127.0.0.1:0\"");
    let mut file = std::fs::File::create(&path).unwrap();
    std::io::Write::write_all(&mut file, format!("{text}\n{settings}").as_bytes()).unwrap();
    dir
}

/// Runs sesamd to its end: its exit code, and what it said.
fn sesamd(dir: &Path, command: &str) -> (i32, String) {
    let mut run = Command::new(env!("CARGO_BIN_EXE_sesamd"));
    run.arg("--config").arg(dir.join("sesamd.toml")).arg(command).env_clear();
    let output = run.output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// `sesamd serve` ends at once, and says this.
#[track_caller]
pub(super) fn refused(settings: &str, sentence: &str) {
    let dir = made(settings);
    assert_eq!(sesamd(dir.path(), "serve"), (2, format!("\u{d7} {sentence}.\n")));
}

#[test]
fn a_mail_server_that_cannot_be_meant_is_refused() {
    let mail = |smtp: &str| format!("[mail]\nsmtp = \"{smtp}\"\nfrom = \"MFA <mfa@example.com>\"\n");
    let plain = "mail.smtp is plain, and that stays on loopback: use smtps:// or smtp+starttls://";
    refused(&mail("smtp://mail.example.com:25"), plain);
    refused(&mail("mail.example.com"), "mail.smtp does not begin with smtps://, smtp+starttls:// or smtp://");
    let lonely = "mail.password_file is missing: mail.smtp names a user";
    refused(&mail("smtps://mfa@example.com@mail.example.com"), lonely);
}

#[test]
fn an_sms_gateway_that_cannot_be_meant_is_refused() {
    let sms = "[sms]\nurl = \"http://sms.example.com/\"\nbody = '{\"to\": \"{to}\", \"text\": \"{text}\"}'\n";
    refused(sms, "sms.url is no https:// address: nothing is sent where others can read it");
}
