//! Reading the files themselves.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use sesam::config::{ConfigError, FileText, Locations, read_files};

#[test]
fn missing_files_are_passed_over_but_a_named_one_is_not() {
    let place = tempfile::tempdir().expect("a directory");
    let missing = Some(place.path().join("none.toml"));
    let locations = Locations { system: missing.clone(), user: missing.clone(), named: None };
    assert_eq!(read_files(&locations).expect("nothing there"), vec![]);
    let error = read_files(&Locations { named: missing, ..Locations::default() }).expect_err("it was named");
    assert!(matches!(error, ConfigError::Unreadable { .. }), "{error}");
}

#[test]
fn files_come_in_the_order_of_their_weight() {
    let place = tempfile::tempdir().expect("a directory");
    let path = |name: &str| Some(written(place.path(), name, name.as_bytes()));
    let locations = Locations { named: path("n"), user: path("u"), system: path("s") };
    let texts: Vec<String> =
        read_files(&locations).expect("all there").into_iter().map(|file| file.text).collect();
    assert_eq!(texts, ["s", "u", "n"]);
    let shown = format!("{:?}", FileText::new("config.toml", "token = \"hush\""));
    assert!(!shown.contains("hush"), "{shown}");
}

#[test]
fn what_is_no_text_or_too_large_is_refused() {
    let place = tempfile::tempdir().expect("a directory");
    let read = |bytes: &[u8]| {
        let user = Some(written(place.path(), "c.toml", bytes));
        read_files(&Locations { user, ..Locations::default() }).expect_err("refused")
    };
    let error = read(b"[ui]\nx\xff");
    assert!(error.to_string().ends_with("c.toml:2, column 2: not UTF-8"), "{error}");
    assert!(matches!(read(&vec![b'#'; 300_000]), ConfigError::TooLarge { .. }));
}

#[cfg(unix)]
#[test]
fn a_file_that_others_may_write_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let place = tempfile::tempdir().expect("a directory");
    let path = written(place.path(), "c.toml", b"");
    for (mode, refused) in [(0o600, false), (0o644, false), (0o664, true), (0o602, true)] {
        std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).expect("ours");
        let read = read_files(&Locations { user: Some(path.clone()), ..Locations::default() });
        assert_eq!(matches!(read, Err(ConfigError::Exposed { .. })), refused, "{mode:o}");
    }
}

fn written(place: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = place.join(name);
    File::create(&path).and_then(|mut file| file.write_all(bytes)).expect("written");
    path
}
