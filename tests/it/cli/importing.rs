//! `import`: what it says, what it does with duplicates, where it asks, and everything that is no export.

use std::{
    fs::{self, File},
    path::Path,
    process::Command,
};

use super::{
    sesam::{Home, Ran, SECRET, run, write},
    terminal::{in_a_terminal, line},
};

/// Another key than [`SECRET`].
const OTHER: &str = "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU";
/// The passphrase of the encrypted files of our own.
const FOREIGN: &str = "käse 7";

/// A file of another app, by the path that a shell in the home can use.
fn file(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/formats/files").join(name).display().to_string()
}

/// A home with `GitHub:hugo` (tag work), `GitLab:hugo` and `Old router`, and in it `links`: `GitHub:hugo` with another
/// secret, one that is new, and one that is bad.
fn home() -> Home {
    let home = Home::with_accounts();
    let links = [
        format!("otpauth://totp/GitHub:hugo?secret={OTHER}&issuer=GitHub"),
        format!("otpauth://totp/New:one?secret={OTHER}&issuer=New&digits=8"),
        String::new(),
        "otpauth://totp/Bad:admin?secret=1188&issuer=Bad".to_owned(),
    ];
    write(&home.path("links"), links.join("\n"));
    home
}

fn import(home: &Home, arguments: &[&str]) -> Ran {
    home.run(&[&["import"], arguments].concat())
}

/// What ended with one bad entry.
#[track_caller]
fn partly(ran: Ran) -> String {
    assert_eq!(ran.code, 9, "{ran:?}");
    ran.stderr
}

/// The codes of one moment, by name.
fn codes(home: &Home) -> Vec<String> {
    let printed = home.run(&["list", "--codes", "--at", "59", "--fields", "name,code"]).ok();
    let mut lines: Vec<String> = printed.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

#[test]
fn the_plan_has_the_shape_that_programs_rely_on() {
    let home = home();
    let before = fs::read(home.vault()).unwrap();
    let ran = import(&home, &["--dry-run", "--json", "links"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (9, ""));
    let plan: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let expected = serde_json::json!({
        "schema": "sesam.import/1", "source": "uri", "found": 3, "new": 1, "repaired": 0, "same": 0, "differs": 1,
        "trashed": 0, "bad": 1, "losses": [],
        "entries": [
            {"state": "differs", "issuer": "GitHub", "account": "hugo", "reason": "other secret; both are kept", "line": 1},
            {"state": "new", "issuer": "New", "account": "one", "reason": "", "line": 2},
            {"state": "bad", "issuer": "Bad", "account": "admin",
             "reason": "secret is not base32: \"1\" at place 1", "line": 4},
        ],
    });
    assert_eq!(plan, expected);
    let ran = import(&home, &["--dry-run", "--json", "links", &file("aegis.json")]);
    let plan: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let entries = plan["entries"].as_array().unwrap();
    assert_eq!((&plan["found"], entries.len(), &plan["source"]), (&10.into(), 10, &"several".into()));
    assert!(entries.iter().all(|entry| entry["file"].is_string()), "{plan}");
    assert_eq!((&entries[2]["file"], &entries[2]["entry"]), (&file("aegis.json").into(), &1.into()));
    assert_eq!(plan["losses"][0]["field"], "icon");
    assert_eq!(fs::read(home.vault()).unwrap(), before, "a dry run writes nothing");
}

#[test]
fn a_dry_run_names_every_entry_and_its_place() {
    let home = home();
    let ran = import(&home, &["--dry-run", "links"]);
    assert_eq!(
        ran.stdout,
        "line 1: differs: GitHub:hugo (other secret; both are kept)\nline 2: new: New:one\n"
    );
    let said = partly(ran);
    assert!(said.starts_with("line 4: bad: Bad:admin: secret is not base32"), "{said}");
    assert!(said.contains("1 new") && said.ends_with("Nothing was written.\n"), "{said}");
}

#[test]
fn a_bad_entry_stops_no_other_and_the_same_again_writes_nothing() {
    let home = home();
    let said = partly(import(&home, &["links"]));
    assert!(said.contains("Added 2; sesam undo takes it back."), "{said}");
    assert_eq!(home.names(), ["GitHub:hugo", "GitHub:hugo", "GitLab:hugo", "New:one", "Old router"]);
    let before = fs::read(home.vault()).unwrap();
    let said = partly(import(&home, &["links"]));
    assert!(said.contains("0 new, 0 repaired, 2 same") && said.contains("Nothing to add."), "{said}");
    assert_eq!(fs::read(home.vault()).unwrap(), before);
    home.run(&["undo"]).ok();
    assert_eq!(home.names(), ["GitHub:hugo", "GitLab:hugo", "Old router"]);
}

#[test]
fn one_that_differs_is_left_out_or_replaces_or_comes_beside() {
    let both = ["GitHub:hugo\t287082", "GitHub:hugo\t"];
    for (how, count) in [("skip", 1), ("replace", 1), ("keep-both", 2)] {
        let home = home();
        let before = codes(&home);
        partly(import(&home, &["--on-duplicate", how, "links"]));
        let after = codes(&home);
        let here: Vec<&String> = after.iter().filter(|line| line.starts_with(both[1])).collect();
        assert_eq!(here.len(), count, "{how}: {after:?}");
        let old = here.iter().any(|line| line.as_str() == both[0]);
        assert_eq!(old, how != "replace", "{how}: {after:?}");
        home.run(&["undo"]).ok();
        assert_eq!(codes(&home), before, "{how}");
    }
    let home = home();
    assert!(import(&home, &["--on-duplicate", "merge", "links"]).fails(2).contains("keep-both"));
}

#[test]
fn a_person_is_asked_about_each_that_differs() {
    for (answer, count) in [("s", 3 + 1), ("r", 3 + 1), ("k", 3 + 2)] {
        let home = home();
        let arguments = "--passphrase-file passphrase import --on-duplicate ask links";
        let shown = in_a_terminal(&line(&home, &[], arguments), &home.path(""), &format!("?\r{answer}\r"));
        assert!(shown.contains("GitHub:hugo is here with other values: secret"), "{shown}");
        assert_eq!(shown.matches("(s)kip, (r)eplace or (k)eep both?").count(), 2, "asked again: {shown}");
        assert_eq!(home.names().len(), count, "{answer}: {shown}");
    }
    let home = home();
    let mut command = Command::new("setsid");
    command.args([&super::sesam::program(), "--passphrase-file", "passphrase", "import", "links"]);
    command.args(["--on-duplicate", "ask"]).env_clear().envs(home.environment()).current_dir(home.path(""));
    assert!(run(&mut command, "").fails(2).contains("hint: choose skip, replace or keep-both"));
}

#[test]
fn tags_come_to_all_that_come_in_and_to_no_other() {
    let home = home();
    partly(import(&home, &["--tag", "phone,old", "--tag", "2024", "links"]));
    let list = home.run(&["list", "--json"]).json();
    let tags = |name: &str| {
        let rows = list.as_array().unwrap().iter().filter(|row| row["issuer"] == name);
        rows.map(|row| row["tags"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(tags("New"), [r#"["phone","old","2024"]"#]);
    assert!(tags("GitHub").contains(&r#"["work"]"#.to_owned()), "{list}");
    assert_eq!(tags("GitLab"), ["[]"]);
}

#[test]
fn the_passphrase_of_a_file_is_asked_for_or_given() {
    let home = Home::with_vault();
    write(&home.path("foreign"), format!("{FOREIGN}\n"));
    write(&home.path("wrong"), "wrong\n");
    let sealed = file("aegis-encrypted.json");
    let shell = line(&home, &[], &format!("--passphrase-file passphrase import --dry-run '{sealed}'"));
    let shown = in_a_terminal(&shell, &home.path(""), &format!("no\r{FOREIGN}\r"));
    assert!(shown.contains(&format!("Passphrase of {sealed}:")) && shown.contains("5 new"), "{shown}");
    assert!(!shown.contains(FOREIGN), "{shown}");
    let both = ["--source-passphrase-file", "wrong", "--source-passphrase-file", "foreign"];
    let ran = import(&home, &[&["--dry-run", sealed.as_str()], &both[..]].concat());
    assert!(ran.stdout.contains("new: Acme:alice"), "each is tried: {ran:?}");
    let shell = line(
        &home,
        &[],
        &format!("--passphrase-file passphrase import '{sealed}' --source-passphrase-fd 7 7<foreign"),
    );
    let shown = in_a_terminal(&shell, &home.path(""), "");
    assert!(shown.contains("Added 5;"), "{shown}");
    let piped = home.run_with(&["import", &sealed, "--source-passphrase-file", "-"], &format!("{FOREIGN}\n"));
    assert!(partly(piped).contains("5 same"));
}

#[test]
fn several_files_are_one_step_and_one_undo() {
    let home = Home::with_accounts();
    let before = codes(&home);
    write(&home.path("foreign"), FOREIGN);
    write(&home.path("none"), "dear diary");
    let files = [&file("2fas.2fas"), &file("aegis-encrypted.json"), &file("qr-clear.webp"), "none"];
    let ran = import(&home, &[&files[..], &["--source-passphrase-file", "foreign"]].concat());
    let said = partly(ran);
    assert!(said.contains("sesam: none: the file is a text of no format"), "{said}");
    assert!(home.names().len() > 8, "{:?}", home.names());
    assert!(home.run(&["undo"]).stderr.contains("import several"));
    assert_eq!(codes(&home), before);
}

#[test]
fn what_is_no_export_is_one_sentence_and_a_hint() {
    let home = Home::with_accounts();
    let before = fs::read(home.vault()).unwrap();
    fs::create_dir(home.path("dir")).unwrap();
    assert!(Command::new("mkfifo").arg(home.path("pipe")).status().unwrap().success());
    File::create(home.path("big")).unwrap().set_len(1 << 30).unwrap();
    write(&home.path("empty"), "");
    let light = image::GrayImage::from_pixel(64, 64, image::Luma([255]));
    light.save(home.path("light.png")).unwrap();
    write(&home.path("wrong"), "wrong");
    let bound = r#"{"encrypted":true,"passwordProtected":false,"encKeyValidation_DO_NOT_EDIT":"2.a|b|c","folders":[],"items":[]}"#;
    write(&home.path("bound"), bound);
    let newer = fs::read_to_string(file("aegis.json")).unwrap().replace("\"version\": 3", "\"version\": 9");
    write(&home.path("newer"), newer);
    let (sealed, database) = (file("aegis-encrypted.json"), file("keepass3.kdbx"));
    let wrong = ["--source-passphrase-file", "wrong"];
    let cases: &[(&[&str], i32, &str, &str)] = &[
        (&["dir"], 1, "dir: it is a directory, and no store of pass or gopass", "name a file"),
        (&["pipe"], 1, "pipe: it is a named pipe, not a file", "sesam import - < PATH"),
        (&["/dev/zero"], 1, "/dev/zero: it is a device, not a file", "sesam import - < PATH"),
        (&["big"], 1, "big: the file is larger than 32 MiB", "split it"),
        (&["empty"], 1, "empty: the file is empty", "export it again"),
        (&["light.png"], 1, "light.png: no QR code was found on the picture", "crop it"),
        (&["nowhere"], 1, "nowhere: could not read it: no such file", ""),
        (&["bound"], 1, "bound: the file is encrypted for one account of the app", "export it again"),
        (&["newer"], 1, "newer: the aegis file has the schema \"9\"", "later version"),
        (&[&sealed, wrong[0], wrong[1]], 4, "that passphrase did not open the file", "not that of the vault"),
        (&[&database, wrong[0], wrong[1]], 4, "alone did not open the database", "key file"),
        (&["--no-input", &sealed], 4, "no passphrase was given", "--source-passphrase-file"),
        (&["--from", "nonsense", "empty"], 2, "there is no format \"nonsense\"", "--formats"),
        (&["--source-passphrase-fd", "99", "empty"], 1, "could not read descriptor 99", ""),
    ];
    for (arguments, code, words, hint) in cases {
        let said = import(&home, arguments).fails(*code);
        assert!(said.contains(words) && said.contains(hint), "{arguments:?}: {said}");
        let sentences = said.lines().filter(|line| line.starts_with("sesam: ")).count();
        assert_eq!((sentences, said.lines().count() <= 2), (1, true), "{arguments:?}: {said}");
    }
    assert_eq!(fs::read(home.vault()).unwrap(), before);
    let pipe = home.run_with(&["import", "-"], &format!("otpauth://totp/P:p?secret={SECRET}"));
    assert!(pipe.stderr.contains("1 found"), "{pipe:?}");
}
