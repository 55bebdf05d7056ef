//! Files that open but are not this vault's latest: forged, rolled back, another vault's, a later version's.

use sesam::{
    crypt::{hex, random},
    vault::{Notice, Outcome, Vault, VaultError},
};

use super::home::{Home, change, issuers, totp};

fn read_error(home: &Home) -> VaultError {
    home.vault.read().map(|_| ()).unwrap_err()
}

/// A change must be refused like a reading, and must leave the file alone.
#[track_caller]
fn refused(home: &Home, bytes: &[u8], is_right: impl Fn(&VaultError) -> bool) -> VaultError {
    home.lay(bytes);
    let kept_before = sesam::vault::backups::list(&home.vault.place);
    let error = home.vault.change(|_, _| Ok(Outcome::Changed(()))).unwrap_err();
    assert!(is_right(&error), "a change said: {error}");
    let error = read_error(home);
    assert!(is_right(&error), "reading said: {error}");
    assert_eq!(home.bytes(), bytes, "the file was rewritten");
    assert_eq!(sesam::vault::backups::list(&home.vault.place), kept_before, "a backup was made of it");
    error
}

fn is_forged(error: &VaultError) -> bool {
    matches!(error, VaultError::Forged { .. })
}

/// The plain text without its seal line.
fn body(home: &Home) -> String {
    home.plain().split_once('\n').unwrap().1.to_owned()
}

#[test]
fn a_seal_that_holds_is_accepted() {
    let home = Home::with(&[totp("Acme")]);
    home.lay(&home.sealed(&body(&home)));
    assert_eq!(issuers(&home.vault), ["Acme"]);
}

#[test]
fn who_knows_the_recipient_alone_cannot_forge_a_vault() {
    let home = Home::with(&[totp("Acme")]);
    let (plain, body) = (home.plain(), body(&home));
    let other = Home::new();
    let foreign_seal = other.vault.identity().decrypt_bytes(&other.sealed(&body)).unwrap();
    let forgeries = [
        String::new(),
        "hello".to_owned(),
        body.clone(),
        format!("mac = \"{}\"\n{body}", "0".repeat(64)),
        format!("mac = \"{}\"\n{body}", hex(&random::<32>())),
        format!("mac = \"\"\n{body}"),
        format!("MAC{}", &plain[3..]),
        String::from_utf8(foreign_seal.to_vec()).unwrap(),
        plain.replacen("Acme", "Evil", 1),
        plain.replacen("GEZDGNBV", "AAAAAAAA", 1),
        plain.replacen("generation = 2", "generation = 9", 1),
        plain.replacen("vault_id = \"", "vault_id = \"0", 1),
        plain.replacen("....", "...\n", 1),
        plain.to_uppercase(),
        format!("{plain}\n"),
        plain[..plain.len() - 1].to_owned(),
    ];
    for forgery in forgeries {
        assert_ne!(forgery, plain);
        let error = refused(&home, &home.encrypted(&forgery), is_forged);
        assert!(error.hint().unwrap().contains("sesam vault restore"), "{error}");
    }
}

#[test]
fn an_older_generation_put_back_is_noticed() {
    let home = Home::with(&[totp("Acme")]);
    let old = home.bytes();
    change(&home.vault, |document| drop(document.add(&[totp("Newer")])));
    let error =
        refused(&home, &old, |error| matches!(error, VaultError::RolledBack { found: 2, seen: 3, .. }));
    assert!(error.to_string().contains("generation 2"), "{error}");
    home.vault.restore_newest().unwrap();
    assert_eq!(issuers(&home.vault), ["Acme"], "taking it on purpose makes it a new generation");
}

#[test]
fn a_generation_that_was_only_read_is_remembered_too() {
    let home = Home::with(&[totp("Acme")]);
    let old = home.bytes();
    let elsewhere = super::home::world(home.desk().join("other-state"), super::home::day(0));
    let other_machine =
        sesam::vault::Vault::new(home.vault.place.clone(), home.vault.identities().to_vec(), elsewhere);
    change(&other_machine, |document| drop(document.add(&[totp("Newer")])));
    home.vault.read().unwrap();
    refused(&home, &old, |error| matches!(error, VaultError::RolledBack { .. }));
}

#[test]
fn a_memory_that_somebody_edited_raises_no_false_alarm() {
    let home = Home::with(&[totp("Acme")]);
    let memory = sesam::vault::seen::file(&home.state_dir());
    let text = std::fs::read_to_string(&memory).unwrap().replace("generation = 2", "generation = 900");
    super::home::lay(&memory, text.as_bytes());
    assert_eq!(issuers(&home.vault), ["Acme"]);
    super::home::lay(&memory, b"\0\0\0");
    assert_eq!(issuers(&home.vault), ["Acme"]);
}

#[test]
fn the_file_of_another_vault_is_noticed() {
    let home = Home::with(&[totp("Acme")]);
    let other = Home::with(&[totp("Other")]);
    let body = body(&home);
    refused(
        &home,
        &other.bytes(),
        |error| matches!(error, VaultError::Damaged { what, .. } if what.contains("another identity")),
    );
    let id = &body.split("vault_id = \"").nth(1).unwrap()[..32];
    let same_identity = home.sealed(&body.replace(id, &hex(&random::<16>())));
    refused(&home, &same_identity, |error| matches!(error, VaultError::WrongVault { .. }));
}

#[test]
fn two_accounts_of_one_id_are_refused() {
    let home = Home::with(&[totp("Acme")]);
    let body = body(&home);
    let start = body.find("[[accounts]]").unwrap();
    let end = body.rfind("\n#").unwrap();
    let doubled = format!("{}{}{}", &body[..end], &body[start..end], &body[end..]);
    home.lay(&home.sealed(&doubled));
    let error = home.vault.change(|_, _| Ok(Outcome::Changed(()))).unwrap_err();
    assert!(error.to_string().contains("same id"), "{error}");
}

#[test]
fn a_newer_schema_is_refused_with_the_name_of_its_writer() {
    let home = Home::with(&[totp("Acme")]);
    let newer = body(&home).replacen("schema = 1", "schema = 2", 1);
    let newer = newer.replacen(concat!("sesam ", env!("CARGO_PKG_VERSION")), "sesam 9.4.2", 1);
    let error = refused(&home, &home.sealed(&newer), |error| matches!(error, VaultError::Newer { .. }));
    assert!(error.to_string().contains("written by sesam 9.4.2"), "{error}");
    assert!(error.to_string().contains("Nothing was changed"), "{error}");
    assert!(home.vault.restore_file(&home.vault.place.vault()).is_err());
}

#[test]
fn a_file_of_a_later_age_is_not_called_damaged() {
    let home = Home::with(&[totp("Acme")]);
    refused(&home, b"age-encryption.org/v2\n-> X", |error| matches!(error, VaultError::Newer { .. }));
}

const LATER_HEAD: &str = "theme = \"dark\"\n";
const LATER_KEYS: &str = "colour = \"blue\"\nlimits = { a = 1, b = [1.5, true] }\n";
const LATER_TABLES: &str = "\n[[folders]]\nname = \"Work\"\n\n[settings]\nlock = 5\n";

/// What a later version may have added survives.
#[test]
fn what_a_later_version_added_survives() {
    let home = Home::with(&[totp("Acme"), totp("Other")]);
    let body = body(&home);
    let body = body.replacen("writer = ", &format!("{LATER_HEAD}writer = "), 1);
    let body = body.replacen("created = ", &format!("{LATER_KEYS}created = "), 1);
    let end = body.rfind("\n#").unwrap();
    home.lay(&home.sealed(&format!("{}{LATER_TABLES}{}", &body[..end], &body[end..])));
    let survives = |when: &str| {
        let plain = home.plain();
        let added = LATER_HEAD.lines().chain(LATER_KEYS.lines()).chain(LATER_TABLES.lines());
        added.for_each(|line| assert!(plain.contains(line), "{line:?} is gone after {when}:\n{plain}"));
        let table: toml::Table = plain.parse().unwrap();
        assert_eq!(table["theme"].as_str(), Some("dark"), "after {when}");
        assert_eq!(table["settings"]["lock"].as_integer(), Some(5), "after {when}");
        let holders = ["accounts", "trash"].iter().filter_map(|room| table.get(*room)?.as_array()).flatten();
        assert_eq!(holders.filter(|one| one.get("colour").is_some()).count(), 1, "after {when}");
    };
    survives("writing it there");
    change(&home.vault, |document| drop(document.add(&[totp("Third")])));
    survives("add");
    change(&home.vault, |document| {
        let id = document.read_accounts().unwrap().remove(0).id;
        let now = super::home::day(1);
        let reverse = super::text::edited(document, &id, now, |account| account.note = "hello".into());
        document.record("edit", reverse, super::home::day(1));
    });
    survives("edit");
    change(&home.vault, |document| assert!(document.undo(super::home::day(1)).is_some()));
    survives("undo");
    change(&home.vault, |document| {
        let id = document.read_accounts().unwrap().remove(0).id;
        let reverse = document.trash(&[id], super::home::day(1));
        document.record("delete", reverse, super::home::day(1));
    });
    survives("delete");
    change(&home.vault, |document| assert!(document.undo(super::home::day(1)).is_some()));
    survives("the undo of delete");
}

/// The same vault on another machine.
fn elsewhere(home: &Home) -> Vault {
    let mut vault = home.on(0);
    vault.world.state_dir = home.desk().join("elsewhere");
    vault
}

/// Two machines write the same generation apart, and the synced folder keeps the other one's.
#[test]
fn a_version_of_the_same_generation_that_another_machine_wrote_is_told() {
    let home = Home::with(&[totp("Acme")]);
    let start = home.bytes();
    change(&home.vault, |document| drop(document.add(&[totp("Mine")])));
    assert_eq!(home.vault.notices().take(), [], "what this machine wrote is no news");
    let mine = home.bytes();
    let elsewhere = elsewhere(&home);
    home.lay(&start);
    change(&elsewhere, |document| drop(document.add(&[totp("Theirs")])));
    assert_eq!(elsewhere.notices().take(), []);

    let heard = home.vault.notices().clone();
    change(&home.vault, |document| drop(document.add(&[totp("More")])));
    assert_eq!(heard.take(), [Notice::Forked]);
    assert!(Notice::Forked.to_string().contains("sesam vault merge FILE"));
    change(&home.vault, |_| ());
    assert_eq!(heard.take(), [], "it is told once");

    let copy = home.desk().join("vault (conflicted copy).age");
    super::home::lay(&copy, &mine);
    home.vault.merge_file(&copy).unwrap();
    let mut all = issuers(&home.vault);
    all.sort();
    assert_eq!(all, ["Acme", "Mine", "More", "Theirs"]);
}

/// A later version of another machine is the usual case of a synced folder.
#[test]
fn a_later_version_that_another_machine_wrote_is_not_told() {
    let home = Home::with(&[totp("Acme")]);
    let elsewhere = elsewhere(&home);
    change(&elsewhere, |document| drop(document.add(&[totp("Theirs")])));
    home.vault.read().unwrap();
    change(&home.vault, |_| ());
    assert_eq!(home.vault.notices().take(), []);
}

/// The schema is looked at before the seal, so the name of the writer may be anybody's text.
#[test]
fn a_later_writer_is_named_only_where_that_is_a_name() {
    let home = Home::with(&[totp("Acme")]);
    let body = body(&home).replacen("schema = 1", "schema = 7", 1);
    let line = body.lines().find(|line| line.starts_with("writer = ")).unwrap();
    let named = |writer: &str| {
        let body = body.replacen(line, &format!("writer = {}", sesam::vault::lines::quoted(writer)), 1);
        home.lay(&home.encrypted(&format!("mac = \"{}\"\n{body}", "0".repeat(64))));
        let VaultError::Newer { by } = read_error(&home) else { panic!("{writer:?} is not newer") };
        by
    };
    for name in ["sesam 9.1.0-rc_1", &"x".repeat(64)] {
        assert_eq!(named(name), name);
    }
    let others =
        ["", " ", "sesam 9\u{1b}[2J", "sesam 9; run curl x | sh", "s\u{e9}sam 9", "a\nb", &"x".repeat(65)];
    for text in others {
        assert_eq!(named(text), "a later version (schema 7)", "{text:?}");
    }
}
