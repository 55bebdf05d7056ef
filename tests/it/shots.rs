//! The screens as text, held against the files in `tests/shots` and against README. They are drawn from the demo, whose
//! clock stands still. `SESAM_TEST_WRITE=1 cargo test --test it shots` writes the files anew: look at the difference.

use std::{fs, path::PathBuf};

use sesam::tui::shots::{names, shot};

const SIZES: [(u16, u16); 4] = [(140, 40), (80, 24), (60, 15), (40, 10)];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_screens_are_what_they_were() {
    let dir = root().join("tests/shots");
    let mut changed = Vec::new();
    for (name, (columns, rows)) in names().flat_map(|name| SIZES.map(|size| (name, size))) {
        let now = shot(name, columns, rows).expect("a screen of this name");
        let path = dir.join(format!("{name}-{columns}x{rows}.txt"));
        if std::env::var_os("SESAM_TEST_WRITE").is_some() {
            fs::create_dir_all(&dir).expect("a directory of ours");
            super::cli::sesam::write(&path, &now);
        } else if fs::read_to_string(&path).unwrap_or_default() != now {
            changed.push(format!("{name} at {columns}x{rows}:\n{now}"));
        }
    }
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[test]
fn no_line_is_wider_than_the_window_and_no_picture_higher() {
    for (name, (columns, rows)) in names().flat_map(|name| SIZES.map(|size| (name, size))) {
        let now = shot(name, columns, rows).expect("a screen of this name");
        assert_eq!(now.lines().count(), usize::from(rows), "{name}");
        for line in now.lines() {
            assert!(sesam::text::width(line) <= usize::from(columns), "{name}: {line}");
        }
    }
}

#[test]
fn every_size_can_be_drawn() {
    for name in names() {
        for (columns, rows) in
            [(1, 1), (2, 40), (20, 2), (24, 4), (23, 3), (30, 4), (49, 11), (50, 12), (79, 19), (300, 80)]
        {
            assert!(shot(name, columns, rows).is_some(), "{name} at {columns}x{rows}");
        }
    }
}

/// A block of README between `<!-- screen codes 80x24 -->` and the end of its code block.
#[test]
fn readme_shows_the_screens_of_today() {
    let readme = fs::read_to_string(root().join("README.md")).expect("README");
    let mut found = 0;
    for part in readme.split("<!-- screen ").skip(1) {
        let (head, rest) = part.split_once(" -->\n```text\n").expect("a code block behind the mark");
        let (name, size) = head.split_once(' ').expect("name and size");
        let (columns, rows) = size.split_once('x').expect("columns and rows");
        let number = |text: &str| text.parse().expect("a number");
        let now = shot(name, number(columns), number(rows)).expect("a screen of this name");
        let (shown, _) = rest.split_once("```").expect("the end of the block");
        assert_eq!(shown, now, "sesam screens {name} --size {size} prints what belongs into README");
        found += 1;
    }
    assert!(found > 1, "README shows screens");
}
