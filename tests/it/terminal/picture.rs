//! Reading a picture: rows, codes, columns.

use unicode_width::UnicodeWidthStr;

/// The first row that names this.
#[track_caller]
pub(super) fn row<'a>(picture: &'a str, name: &str) -> &'a str {
    let found = picture.lines().find(|line| line.contains(name));
    found.unwrap_or_else(|| unreachable!("no row of {name} in\n{picture}"))
}

/// How many rows end with a time that is left, or with a counter.
pub(super) fn rows(picture: &str) -> usize {
    let ends_with_a_number = |line: &&str| {
        let line = line.trim_end().trim_end_matches('!');
        line.ends_with(|last: char| last.is_ascii_digit()) && line.contains("  ")
    };
    picture.lines().skip(1).filter(ends_with_a_number).count()
}

/// Every code of six digits that can be read, as it is shown: `492 039`.
pub(super) fn codes(picture: &str) -> Vec<String> {
    picture.lines().flat_map(codes_of_line).collect()
}

fn codes_of_line(line: &str) -> Vec<String> {
    let chars: Vec<char> = line.chars().collect();
    let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let is_code = |from: usize| {
        (from == 0 || !digit(from - 1))
            && (from..from + 3).all(digit)
            && chars.get(from + 3) == Some(&' ')
            && (from + 4..from + 7).all(digit)
            && !digit(from + 7)
    };
    (0..chars.len())
        .filter(|from| is_code(*from))
        .map(|from| chars[from..from + 7].iter().collect())
        .collect()
}

/// The first code of a row.
#[track_caller]
pub(super) fn code(picture: &str, name: &str) -> String {
    let row = row(picture, name);
    codes(row).into_iter().next().unwrap_or_else(|| unreachable!("no code in {row}"))
}

/// The column at which a text begins, counted as a terminal does.
#[track_caller]
pub(super) fn column(line: &str, text: &str) -> usize {
    let at = line.find(text).unwrap_or_else(|| unreachable!("no {text} in {line}"));
    line[..at].width()
}

/// The number of columns that a line takes.
pub(super) fn columns(line: &str) -> usize {
    line.width()
}

#[test]
fn codes_are_found_and_nothing_else_is() {
    assert_eq!(codes("GitHub 492 039 → 871 004 18"), ["492 039", "871 004"]);
    assert_eq!(codes("4213 5448 ••• •••  1234 567 90"), [""; 0]);
    assert_eq!(rows("x\nGitHub  492 039 18\nVPN  3!\nOld  counter  7\nhello 2 you\n"), 3);
}
