//! Line mode: what somebody hears who types words and numbers.

use super::{
    hostile::safe,
    sesam::{Home, Ran, run},
};

/// Types lines at a home with accounts; the passphrase is given.
fn typed(home: &Home, lines: &str) -> Ran {
    let file = home.passphrase_file().display().to_string();
    let mut command = home.command(&["--screen-reader", "--passphrase-file", &file]);
    let ran = run(&mut command, lines);
    safe(&ran);
    ran
}

#[test]
fn words_search_numbers_copy_and_codes_are_read_digit_by_digit() {
    let home = Home::with_accounts();
    home.run(&["config", "set", "copy.method", "command"]).ok();
    home.run(&["config", "set", "copy.command", "[\"sh\", \"-c\", \"cat > copied\"]"]).ok();
    let heard = typed(&home, "hugo git\n1\nread 1\ncode 2\nquit\n");
    assert_eq!((heard.code, heard.stderr.as_str()), (0, ""), "{heard:?}");
    let lines: Vec<&str> = heard.stdout.lines().collect();
    assert_eq!(lines[0], "3 accounts. Search, number, or help:");
    assert_eq!(&lines[1..3], ["1 GitHub, hugo", "2 GitLab, hugo"]);
    assert!(lines[4].starts_with("Copied. ") && lines[4].ends_with(" left."), "{lines:?}");
    let digits = lines[6].split_once(". ").expect("a pause").0.replace([' ', ','], "");
    assert!(digits.len() == 6 && lines[6].contains(", "), "{lines:?}");
    assert!(lines[8].starts_with(|first: char| first.is_ascii_digit()), "{lines:?}");
    assert_eq!(std::fs::read_to_string(home.path("copied")).expect("a code").len(), 6);
    assert!(!heard.stdout.contains('\u{1b}'), "nothing is drawn");
}

#[test]
fn accounts_are_changed_deleted_and_brought_back() {
    let home = Home::with_accounts();
    let heard = typed(&home, "old\nedit 1 --note spare\ndelete 1\nlist\nundo\nold\nshow 1\n");
    assert_eq!(heard.code, 0, "{heard:?}");
    assert!(heard.stdout.contains("2 accounts. ") && heard.stdout.contains("spare"), "{heard:?}");
    assert_eq!(home.names().len(), 3);
}

#[test]
fn a_fault_is_said_and_the_question_comes_again() {
    let home = Home::with_accounts();
    let heard = typed(&home, "zzz\n7\nedit\nlock\nlist\nunlock\nlist\nhelp\n\nadmin\n");
    assert_eq!(heard.code, 0, "{heard:?}");
    for words in ["Nothing matches zzz.", "Locked. unlock, or quit:", "3 Old router", "read N"] {
        assert!(heard.stdout.contains(words), "{words}: {heard:?}");
    }
    for words in ["there is no number 7", "the vault is locked", "no server is set up"] {
        assert!(heard.stderr.contains(words), "{words}: {heard:?}");
    }
}
