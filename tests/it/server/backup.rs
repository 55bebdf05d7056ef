//! Backups and what comes back with them, by the program itself and in the store.

use std::{
    path::Path,
    process::{Command, Output},
};

use sesam::server::{
    domain::{attempt::Verdict, audit::Reason, factor::Factor},
    store::{Store, backup::Epoch},
};

use super::{
    databases::{Database, HandClock, run},
    scene::{code, holds, scene, settle, show},
};

fn sesamd(dir: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sesamd"));
    command.current_dir(dir).args(arguments).output().unwrap()
}

#[track_caller]
fn done(dir: &Path, arguments: &[&str]) -> String {
    let output = sesamd(dir, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn refused(dir: &Path, arguments: &[&str], (code, sentence): (i32, &str)) {
    let output = sesamd(dir, arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    assert!(said.contains(sentence), "{arguments:?}: {said}");
}

#[test]
fn a_backup_is_whole_and_comes_back_only_where_nothing_is() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    done(dir, &["init"]);
    done(dir, &["backup", "one.db"]);
    refused(dir, &["backup", "one.db"], (1, "cannot be made"));
    let before = done(dir, &["audit", "heads"]);
    done(dir, &["admin", "key", "--name", "ci", "--role", "viewer"]);
    let after = done(dir, &["audit", "heads"]);
    assert_eq!(done(dir, &["audit", "verify", "--head", before.trim()]), after.replace(':', " "));
    refused(dir, &["restore", "one.db"], (1, "is there already"));
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(dir.join(format!("sesamd.db{end}")));
    }
    done(dir, &["restore", "one.db"]);
    done(dir, &["audit", "verify", "--head", before.trim()]);
    refused(dir, &["audit", "verify", "--head", after.trim()], (10, "the audit does not hold"));
    refused(dir, &["audit", "verify", "--head", "main"], (2, "REPLICA:SEQ:HASH"));
    #[cfg(unix)]
    for name in ["one.db", "sesamd.db"] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(dir.join(name).metadata().unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
    let left: Vec<_> = std::fs::read_dir(dir).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("restoring")), "{left:?}");
    std::fs::copy(dir.join("sesamd.toml"), dir.join("bad.db")).unwrap();
    let _ = std::fs::remove_file(dir.join("sesamd.db"));
    for end in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(dir.join(format!("sesamd.db{end}")));
    }
    refused(dir, &["restore", "bad.db"], (1, "not a database"));
    assert!(!dir.join("sesamd.db").exists());
}

#[test]
fn the_program_finds_a_tampered_row_with_exit_code_10() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    done(dir, &["init"]);
    for name in ["a", "b", "c", "d"] {
        done(dir, &["admin", "key", "--name", name, "--role", "viewer"]);
    }
    done(dir, &["backup", "whole.db"]);
    for sql in [
        "UPDATE audit SET detail = 'x' WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 2",
        "DELETE FROM audit WHERE seq = (SELECT MAX(seq) FROM audit)",
        "DELETE FROM audit WHERE seq = 1",
        "UPDATE audit SET seq = 100 WHERE seq = 1; UPDATE audit SET seq = 1 WHERE seq = 2; \
            UPDATE audit SET seq = 2 WHERE seq = 100",
        "INSERT INTO audit SELECT replica, 0, at, event, outcome, reason, factor, application, user_id, user_name, \
            actor, address, country, request, detail, prev, hash FROM audit WHERE seq = 2",
        "DELETE FROM audit_heads",
    ] {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(dir.join(format!("sesamd.db{end}")));
        }
        std::fs::copy(dir.join("whole.db"), dir.join("sesamd.db")).unwrap();
        done(dir, &["audit", "verify"]);
        let place = format!("sqlite:{}", dir.join("sesamd.db").display());
        let place = sesam::server::store::database::Place::parse(&place).unwrap();
        run(async {
            let mut connection = place.connect(std::time::Duration::from_mins(1)).await.unwrap();
            connection.run(sql).await.unwrap();
            connection.close().await.unwrap();
        });
        refused(dir, &["audit", "verify"], (10, "the audit does not hold"));
    }
}

#[test]
fn no_code_of_before_counts_in_a_database_that_was_put_back() {
    for database in Database::all() {
        run(async {
            let clock = HandClock::new();
            let store = Store::open(database.settings(0, &clock)).await.unwrap().0;
            settle(&store).await;
            // As if the backup had been made before any of these codes was used.
            let newest = code(&clock);
            let rearmed = store.submit(Epoch { scene: scene() }).await.unwrap();
            assert_eq!((rearmed.recovery_codes, rearmed.counting), (0, 0), "{}", database.name);
            let replayed = Verdict::Refused(Reason::ReplayedCode);
            assert_eq!(show(&store, Factor::Otp, &newest).await, replayed);
            clock.wait(60);
            assert_eq!(show(&store, Factor::Otp, &code(&clock)).await, Verdict::Accepted(Factor::Otp));
            holds(std::slice::from_ref(&store)).await;
        });
    }
}
