//! Rows for people and for pipes: aligned with a head on a terminal, TAB-separated without one elsewhere.

use std::fmt::Write as _;

use crate::{
    output,
    text::{pad, safe, safe_cut, width},
};

/// The widest that a column of names is drawn.
const WIDEST: usize = 40;

/// How rows are separated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Aligned columns under a head.
    Terminal {
        /// Whether the head is bold.
        bold: bool,
    },
    /// TABs, and a newline after each row.
    Tabs,
    /// TABs, and a NUL byte after each row.
    Nul,
}

impl Style {
    /// Aligned for people, TABs for pipes.
    pub fn here() -> Self {
        if output::stdout_is_terminal() { Self::Terminal { bold: false } } else { Self::Tabs }
    }
}

/// Draws rows under their heads. Every cell is made safe here.
pub fn draw(heads: &[&str], rows: &[Vec<String>], style: Style) -> String {
    match style {
        Style::Terminal { bold } => aligned(heads, rows, bold),
        Style::Tabs => separated(rows, '\n'),
        Style::Nul => separated(rows, '\0'),
    }
}

/// Draws one thing's properties, a line each under a common indent. Every text is made safe here.
pub fn labelled(lines: &[(&str, String)]) -> String {
    let indent = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0) + 2;
    lines.iter().fold(String::new(), |mut out, (name, text)| {
        let _ = writeln!(out, "{name:<indent$}{}", safe(text));
        out
    })
}

fn separated(rows: &[Vec<String>], end: char) -> String {
    let line = |row: &Vec<String>| {
        let cells: Vec<_> = row.iter().map(|cell| safe(cell)).collect();
        format!("{}{end}", cells.join("\t"))
    };
    rows.iter().map(line).collect()
}

fn aligned(heads: &[&str], rows: &[Vec<String>], bold: bool) -> String {
    let cut: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| safe_cut(cell, WIDEST)).collect()).collect();
    let widths: Vec<usize> = heads
        .iter()
        .enumerate()
        .map(|(at, head)| cut.iter().map(|row| width(&row[at])).chain([head.len()]).max().unwrap_or(0))
        .collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let padded: Vec<String> = cells.zip(&widths).map(|(cell, width)| pad(cell, *width)).collect();
        padded.join("  ").trim_end().to_owned()
    };
    let head = line(&mut heads.iter().copied());
    let mut out = if bold { format!("\x1b[1m{head}\x1b[0m\n") } else { format!("{head}\n") };
    for row in &cut {
        out.push_str(&line(&mut row.iter().map(String::as_str)));
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_display_width() {
        let rows = vec![
            vec!["株式会社".to_owned(), "taro".to_owned()],
            vec!["Git\x1b[2J".to_owned(), "hugo".to_owned()],
        ];
        let text = draw(&["ISSUER", "ACCOUNT"], &rows, Style::Terminal { bold: false });
        assert_eq!(text, "ISSUER      ACCOUNT\n株式会社    taro\nGit\\x1b[2J  hugo\n");
        assert_eq!(draw(&["A", "B"], &rows, Style::Tabs), "株式会社\ttaro\nGit\\x1b[2J\thugo\n");
    }
}
