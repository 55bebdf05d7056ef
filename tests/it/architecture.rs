//! The rules of the house, held against its sources: which room may use which, no circles, sizes, and the things
//! that have only one place. Every rule is shown here to be able to fail.

mod circles;
mod house;
mod places;
mod sheet;
mod sizes;

use std::path::Path;

use sheet::Sheet;

/// Everything that is wrong, one sentence each, with file and line.
fn offences(sheets: &[Sheet]) -> Vec<String> {
    let checks = [house::offences, circles::offences, sizes::offences, places::offences];
    checks.iter().flat_map(|check| check(sheets)).collect()
}

#[test]
fn the_sources_keep_the_rules_of_the_house() {
    let sheets = sheet::read_tree(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(sheets.len() > 50, "only {} files were found", sheets.len());
    let offences = offences(&sheets);
    assert!(offences.is_empty(), "\n{}\n", offences.join("\n"));
}

/// The offences of a little house of one or two files.
fn judge(files: &[(&str, &str)]) -> Vec<String> {
    offences(&sheet::read_texts(
        files.iter().map(|(path, text)| ((*path).to_owned(), format!("//! x\n{text}"))),
    ))
}

#[track_caller]
fn refused(files: &[(&str, &str)], sentence: &str) {
    assert_eq!(judge(files), [sentence]);
}

#[track_caller]
fn accepted(files: &[(&str, &str)]) {
    assert_eq!(judge(files), [""; 0]);
}

#[test]
fn arrows_go_down() {
    accepted(&[("vault/store.rs", "use crate::{crypt::Identity, otp::{self, Otp}};")]);
    accepted(&[("tokens/pskc.rs", "use crate::otp::Otp;")]);
    accepted(&[("tui/app.rs", "use crate::vault::Vault; fn f() -> crate::formats::Format { todo() }")]);
    accepted(&[("main.rs", "fn main() { sesam::cli::run() }"), ("bin/sesamd.rs", "use sesam::server::run;")]);
}

#[test]
fn no_arrow_goes_up() {
    refused(
        &[("vault/store.rs", "use crate::{\n    otp::Otp,\n    tui::App,\n};")],
        "src/vault/store.rs:4: vault (floor 2) may not use tui (floor 3): crate::tui::App",
    );
    refused(
        &[("crypt.rs", "fn f() { crate::vault::open() }")],
        "src/crypt.rs:2: crypt (floor 1) may not use vault (floor 2): crate::vault::open",
    );
}

#[test]
fn no_arrow_goes_sideways() {
    refused(
        &[("text/mod.rs", "type T = crate::otp::Otp;")],
        "src/text/mod.rs:2: text (floor 1) may not use otp (floor 1): crate::otp::Otp",
    );
    refused(
        &[("formats/uri.rs", "use crate::vault::Account;")],
        "src/formats/uri.rs:2: formats (floor 2) may not use vault (floor 2): crate::vault::Account",
    );
    refused(
        &[("cli/run.rs", "use crate::server::routes;")],
        "src/cli/run.rs:2: cli (floor 4) may not use server (floor 2): crate::server::routes",
    );
}

#[test]
fn an_arrow_is_seen_in_every_disguise() {
    let sentence = "src/qr.rs:2: qr (floor 1) may not use vault (floor 2): crate::vault::X";
    refused(&[("qr.rs", "use super::vault::X;")], sentence);
    refused(&[("qr.rs", "fn f() { write!(out, \"{}\", crate::vault::X) }")], sentence);
    refused(&[("qr.rs", "mod inner { fn f() -> super::super::vault::X { g() } }")], sentence);
    refused(
        &[("attic/mod.rs", "")],
        "src/attic/mod.rs:1: attic is no room of the house: name it in DESIGN and in tests/it/architecture/house.rs",
    );
}

#[test]
fn words_and_tests_are_no_arrows() {
    accepted(&[(
        "qr.rs",
        "// crate::vault::X\n/// See [`crate::vault::X`].\nconst A: &str = \"crate::vault::X\";",
    )]);
    accepted(&[("qr.rs", "#[cfg(test)]\nmod tests { use crate::otp::Otp; }")]);
    accepted(&[("qr/mod.rs", "#[cfg(test)]\nmod tests;"), ("qr/tests.rs", "use crate::otp::Otp;")]);
}

#[test]
fn two_files_that_need_each_other_are_a_circle() {
    refused(
        &[("otp/a.rs", "use super::b::B;"), ("otp/b.rs", "fn f() { crate::otp::a::A }")],
        "src/otp/a.rs:2: an import circle: otp/a.rs -> otp/b.rs -> otp/a.rs",
    );
    refused(
        &[("otp/mod.rs", "mod a;\nstruct M;\nfn f() { a::g() }"), ("otp/a.rs", "use super::M;")],
        "src/otp/mod.rs:4: an import circle: otp/mod.rs -> otp/a.rs -> otp/mod.rs",
    );
    refused(
        &[("otp/mod.rs", "mod a;\npub use a::A;\nstruct M(A);"), ("otp/a.rs", "struct A(super::M);")],
        "src/otp/mod.rs:4: an import circle: otp/mod.rs -> otp/a.rs -> otp/mod.rs",
    );
}

#[test]
fn a_room_may_show_what_its_files_hold() {
    let room = "mod a;\nmod b;\npub use a::A;\npub use b::B;";
    accepted(&[("otp/mod.rs", room), ("otp/a.rs", "struct A;"), ("otp/b.rs", "use super::A;")]);
    refused(
        &[("otp/mod.rs", room), ("otp/a.rs", "use super::B;"), ("otp/b.rs", "use super::A;")],
        "src/otp/a.rs:2: an import circle: otp/a.rs -> otp/b.rs -> otp/a.rs",
    );
}

#[test]
fn files_and_functions_stay_small() {
    let lines = |count: usize| "\n".repeat(count);
    accepted(&[("otp/a.rs", &lines(399))]);
    refused(&[("otp/a.rs", &lines(400))], "src/otp/a.rs:1: 401 lines; 400 are the limit");
    accepted(&[("otp/a.rs", &format!("#[cfg(test)]\nmod tests {{{}}}", lines(500)))]);
    accepted(&[("otp/a.rs", &format!("fn f() {{{}}}", lines(59)))]);
    refused(
        &[("otp/a.rs", &format!("impl A {{\n    fn f() {{{}    }}\n}}", lines(60)))],
        "src/otp/a.rs:3: f has 61 lines; 60 are the limit",
    );
}

#[test]
fn a_file_says_what_lives_in_it() {
    let silent = sheet::read_texts([("otp/a.rs".to_owned(), "struct A;\n".to_owned())]);
    assert_eq!(offences(&silent), ["src/otp/a.rs:1: it does not begin with //! and what lives there"]);
}

#[test]
fn what_has_one_place_stays_there() {
    accepted(&[("crypt/mod.rs", "use age::Encryptor;"), ("output.rs", "fn f() { println!() }")]);
    accepted(&[("clock.rs", "fn f() { jiff::Timestamp::now() }")]);
    accepted(&[("formats/mod.rs", "mod age;\nfn f() { age::encode() }")]);
    refused(
        &[("vault/a.rs", "fn f() { age::Encryptor::new() }")],
        "src/vault/a.rs:2: the crate age lives in src/crypt alone: age::Encryptor::new",
    );
    accepted(&[("server/store/a.rs", "use sqlx::Row;")]);
    refused(
        &[("server/routes/a.rs", "fn f() { sqlx::query() }")],
        "src/server/routes/a.rs:2: the crate sqlx lives in src/server/store alone: sqlx::query",
    );
    refused(&[("vault/a.rs", "use age;")], "src/vault/a.rs:2: the crate age lives in src/crypt alone: age");
    refused(&[("cli/a.rs", "fn f() { eprintln!() }")], "src/cli/a.rs:2: only src/output prints: eprintln!");
    refused(
        &[("cli/a.rs", "fn f() { select!(a => println!()) }")],
        "src/cli/a.rs:2: only src/output prints: println!",
    );
    let sentence = "src/cli/a.rs:2: only src/clock.rs asks for the time: Timestamp::now";
    refused(&[("cli/a.rs", "fn f() { jiff::Timestamp::now() }")], sentence);
    refused(&[("cli/a.rs", "#[cfg(test)] mod tests { fn f() { g(Timestamp::now) } }")], sentence);
    refused(&[("cli/a.rs", "fn f() { format!(\"{}\", Timestamp::now()) }")], sentence);
}
