//! What lies in the database: the chain of the audit, rows that somebody changed, and nothing that is secret.

use std::sync::Arc;

use sesam::{
    otp::Secret,
    server::{
        domain::{attempt::Verdict, audit::Reason, factor::Factor, name::UserName},
        seal::password::{self, PasswordHash},
        store::{Store, StoreError, make::SetPassword, read},
    },
};

use super::{
    actors::SECRET,
    databases::{Database, HandClock, keys, run},
    scene::{code, holds, scene, settle, show},
};

#[test]
fn the_audit_is_read_in_pages_that_neither_repeat_nor_skip() {
    for database in Database::all() {
        run(async {
            let clock = HandClock::new();
            let stores = database.open(&clock).await;
            settle(&stores[0]).await;
            for nth in 0..25 {
                clock.wait(nth % 2);
                show(&stores[usize::try_from(nth).unwrap() % stores.len()], Factor::Passcode, "123").await;
            }
            let (mut seen, mut cursor) = (Vec::new(), None);
            loop {
                let page = read::audit(stores[0].pool(), cursor.as_ref(), 7).await.unwrap();
                let Some(last) = page.last() else { break };
                cursor = Some(read::Cursor { at: last.at, replica: last.replica.clone(), seq: last.seq });
                seen.extend(page.into_iter().map(|row| (row.at, row.replica, row.seq)));
            }
            assert_eq!(seen.len(), 27, "{}", database.name);
            assert!(seen.windows(2).all(|two| two[0] > two[1]));
        });
    }
}

#[test]
fn every_change_behind_the_servers_back_is_found() {
    let changes = [
        ("edited", "UPDATE audit SET outcome = 'success' WHERE seq = 5"),
        ("moved in time", "UPDATE audit SET at = at + 1 WHERE seq = 5"),
        ("emptied", "UPDATE audit SET address = NULL WHERE seq = 5"),
        ("deleted", "DELETE FROM audit WHERE seq = 5"),
        ("cut off", "DELETE FROM audit WHERE seq > 7"),
        ("all gone", "DELETE FROM audit"),
        ("head gone", "DELETE FROM audit_heads"),
        ("head moved", "DELETE FROM audit WHERE seq > 7; UPDATE audit_heads SET seq = 7"),
        ("given to another", "UPDATE audit SET replica = 'x'"),
        (
            "swapped",
            "UPDATE audit SET seq = 100 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = 6; \
            UPDATE audit SET seq = 6 WHERE seq = 100",
        ),
        (
            "inserted",
            "INSERT INTO audit SELECT replica, 11, at, event, outcome, reason, factor, application, \
            user_id, user_name, actor, address, country, request, detail, prev, hash FROM audit WHERE seq = 5",
        ),
    ];
    for (what, sql) in changes {
        run(async {
            let database = Database::sqlite();
            let clock = HandClock::new();
            let stores = database.open(&clock).await;
            settle(&stores[0]).await;
            for _ in 0..8 {
                show(&stores[0], Factor::Passcode, "123").await;
            }
            holds(&stores).await;
            database.tamper(sql).await.unwrap();
            assert!(stores[0].verify().await.unwrap().is_err(), "{what}");
        });
    }
}

#[test]
fn a_restart_goes_on_with_the_chain_and_a_used_code_stays_used() {
    for database in Database::all() {
        run(async {
            let clock = HandClock::new();
            let (store, writer) = Store::open(database.settings(0, &clock)).await.unwrap();
            settle(&store).await;
            assert_eq!(show(&store, Factor::Otp, &code(&clock)).await, Verdict::Accepted(Factor::Otp));
            drop(store);
            writer.await.unwrap();
            let (store, _) = Store::open(database.settings(0, &clock)).await.unwrap();
            let again = show(&store, Factor::Otp, &code(&clock)).await;
            assert_eq!(again, Verdict::Refused(Reason::ReplayedCode), "{}", database.name);
            assert_eq!(store.verify().await.unwrap().unwrap()[0].1.seq, 4);
        });
    }
}

#[test]
fn a_newer_schema_and_another_key_file_are_refused_with_a_sentence() {
    for database in Database::all() {
        run(async {
            let clock = HandClock::new();
            database.open(&clock).await;
            let mut other = database.settings(0, &clock);
            other.keys = Arc::new(keys(8));
            let error = Store::open(other).await.unwrap_err();
            assert!(matches!(error, StoreError::OtherKey { .. }), "{error}");
            database.tamper("UPDATE meta SET value = '99' WHERE name = 'schema'").await.unwrap();
            let error = Store::open(database.settings(0, &clock)).await.unwrap_err();
            let sentence = "the database has schema 99, this sesamd knows 1: use the newer sesamd";
            assert_eq!(error.to_string(), sentence, "{}", database.name);
        });
    }
}

#[test]
fn no_file_of_the_database_holds_a_seed_or_a_password() {
    run(async {
        let database = Database::sqlite();
        let clock = HandClock::new();
        let stores = database.open(&clock).await;
        settle(&stores[0]).await;
        let password = PasswordHash::new("correct horse", [7; 16]);
        let work = SetPassword { user: "u1".into(), password, scene: scene() };
        stores[0].submit(work).await.unwrap();
        let login = read::login(stores[0].pool(), &UserName::parse("HUGO").unwrap()).await.unwrap().unwrap();
        assert!(password::verify(login.password.as_ref(), "correct horse"));
        let secret = Secret::new(SECRET.to_vec()).unwrap();
        let hidden = [
            SECRET.to_vec(),
            secret.to_base32().as_bytes().to_vec(),
            data_encoding::HEXLOWER.encode(SECRET).into_bytes(),
            data_encoding::HEXUPPER.encode(SECRET).into_bytes(),
            data_encoding::BASE64.encode(SECRET).into_bytes(),
            b"correct horse".to_vec(),
        ];
        let mut files = 0;
        for entry in std::fs::read_dir(&database.dir).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            files += 1;
            for text in &hidden {
                assert!(
                    !bytes.windows(text.len()).any(|window| window == text.as_slice()),
                    "{}",
                    path.display()
                );
            }
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                let mode = path.metadata().unwrap().permissions().mode() & 0o777;
                assert_eq!(mode, 0o600, "{}", path.display());
            }
        }
        assert!(files >= 2, "the journal is there, too");
    });
}
