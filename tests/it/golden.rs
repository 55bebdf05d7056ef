//! A vault of each released version: every later one opens it, finds everything, and goes on writing it.

use std::{fs, path::Path, process::Command};

const PASSPHRASE: &str = "golden passphrase of sesam 0.1.0\n";

/// A home with a copy of the vault that the version wrote.
fn home(version: &str) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(version);
    let vault = home.path().join("vault");
    fs::create_dir(&vault).unwrap();
    for name in ["vault.age", "identity.age"] {
        fs::copy(golden.join(name), vault.join(name)).unwrap();
    }
    home
}

fn sesam(home: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sesam"));
    command.args(["--vault", home.join("vault").to_str().unwrap(), "--passphrase-fd", "0"]).args(arguments);
    command.env_clear().env("HOME", home);
    let mut child = command
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), PASSPHRASE.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_vault_of_0_1_0_holds_everything_that_was_put_in() {
    let home = home("0.1.0");
    let list: serde_json::Value =
        serde_json::from_str(&sesam(home.path(), &["list", "--json", "--sort", "manual"])).unwrap();
    let row = |account: &serde_json::Value| {
        let text = |key: &str| account[key].as_str().unwrap_or_default().to_owned();
        format!(
            "{}|{}|{}|{}|{}|{}|{}",
            text("issuer"),
            text("account"),
            text("type"),
            text("algorithm"),
            account["digits"],
            account["period"],
            account["tags"]
        )
    };
    let rows: Vec<String> = list.as_array().unwrap().iter().map(row).collect();
    assert_eq!(
        rows,
        [
            "RFC|test|totp|SHA1|8|30|[\"work\",\"git\"]",
            "Counter|me|hotp|SHA1|6|null|[]",
            "Other|sha512|totp|SHA512|6|60|[]",
            "mOTP|me|motp|SHA1|6|10|[]",
            "Yandex|me|yandex|SHA256|8|30|[]",
            "株式会社|taro\"\\|totp|SHA1|6|30|[]",
        ]
    );
    let first = &list[0];
    assert_eq!((&first["favourite"], &first["note"]), (&true.into(), &"shelf 3".into()));
    assert_eq!(list[1]["counter"], 6, "one code was shown");
}

#[test]
fn its_codes_are_right_and_its_history_is_there() {
    let home = home("0.1.0");
    let code = |arguments: &[&str]| sesam(home.path(), arguments).trim().to_owned();
    assert_eq!(code(&["code", "RFC", "--at", "59"]), "94287082");
    assert_eq!(code(&["code", "mOTP", "--at", "165892298"]), "e7d8b6");
    assert_eq!(code(&["code", "Yandex", "--at", "1581064020"]), "oactmacq");
    assert_eq!(code(&["code", "Counter"]), "287922", "RFC 4226, counter 6");
    assert!(sesam(home.path(), &["trash", "list"]).contains("Steam"));
    sesam(home.path(), &["undo"]);
    assert!(sesam(home.path(), &["list"]).contains("Steam"), "the last deletion is taken back");
    sesam(home.path(), &["edit", "RFC", "--note", "written by a later version"]);
    sesam(home.path(), &["vault", "verify"]);
}
