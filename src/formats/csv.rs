//! Tables as apps write them (RFC 4180): quoted fields, rows of any length, wiped when dropped.

use zeroize::Zeroize;

use super::{FormatError, Source};

/// A table with the names of its columns.
pub(super) struct Table {
    columns: Vec<String>,
    /// The rows below the names, each with its first line in the file.
    pub(super) rows: Vec<(usize, Row)>,
}

/// The fields of one row.
pub(super) struct Row {
    fields: Vec<String>,
    /// Whether a quote in it never closes.
    is_open: bool,
}

impl Table {
    /// Reads a whole text of the named format.
    ///
    /// # Errors
    /// [`FormatError::TooManyEntries`] when it has more rows or fields than a table of accounts;
    /// [`FormatError::Damaged`] when a quote never closes: all that follows went into it.
    pub(super) fn parse(text: &str, format: &'static str) -> Result<Self, FormatError> {
        let mut reader = Reader { rest: text, line: 1, is_open: false, fields: 0 };
        let names = reader.next().map_or_else(Vec::new, |(_, row)| {
            row.fields.iter().map(|name| name.trim().to_ascii_lowercase()).collect()
        });
        let rows: Vec<_> = reader.by_ref().take(MAX_ROWS + 1).collect();
        if rows.len() > MAX_ROWS || reader.fields > MAX_FIELDS {
            return Err(FormatError::TooManyEntries);
        }
        if let Some((line, _)) = rows.iter().find(|(_, row)| row.is_open) {
            return Err(FormatError::damaged(
                format,
                format!("a quote that opens in line {line} never closes"),
            ));
        }
        Ok(Self { columns: names, rows })
    }

    /// The field of a row under a name; empty where there is none.
    pub(super) fn field<'r>(&self, row: &'r Row, name: &str) -> &'r str {
        let place = self.columns.iter().position(|column| column == name);
        place.and_then(|place| row.fields.get(place)).map_or("", String::as_str)
    }

    /// The first field of a row under one of these names in which something stands; see [`is_named`].
    pub(super) fn any<'r>(&self, row: &'r Row, names: &[&str]) -> &'r str {
        let columns = || self.columns.iter().zip(&row.fields);
        let fields = names.iter().flat_map(|name| columns().filter(|(column, _)| is_named(column, name)));
        fields.map(|(_, field)| field.as_str()).find(|field| !field.trim().is_empty()).unwrap_or_default()
    }
}

/// The names in the first line, if it can be one of names.
pub(super) fn columns(source: &Source<'_>) -> Vec<String> {
    let first = source.text().and_then(|text| text.lines().next()).filter(|first| first.len() <= MAX_HEADER);
    let names = first.into_iter().flat_map(|first| first.split(','));
    names.map(|name| name.trim_matches(['"', ' ']).to_ascii_lowercase()).collect()
}

/// Whether a text is a table whose first line has all these columns.
pub(super) fn has_columns(source: &Source<'_>, names: &[&str]) -> bool {
    let columns = columns(source);
    names.iter().all(|name| columns.iter().any(|column| column == name))
}

/// Whether a column is called so, whatever stands between the letters of its name.
pub(super) fn is_named(column: &str, name: &str) -> bool {
    column.bytes().filter(u8::is_ascii_alphanumeric).eq(name.bytes())
}

impl Drop for Row {
    fn drop(&mut self) {
        self.fields.zeroize();
    }
}

struct Reader<'t> {
    rest: &'t str,
    line: usize,
    is_open: bool,
    /// How many there were so far.
    fields: usize,
}

impl Iterator for Reader<'_> {
    type Item = (usize, Row);

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(rest) = self.rest.strip_prefix('\n').or_else(|| self.rest.strip_prefix("\r\n")) {
            (self.rest, self.line) = (rest, self.line + 1);
        }
        if self.rest.is_empty() || self.fields > MAX_FIELDS {
            return None;
        }
        let (start, mut fields) = (self.line, Vec::new());
        loop {
            fields.push(self.field());
            self.fields += 1;
            match self.rest.strip_prefix(',') {
                Some(rest) if self.fields <= MAX_FIELDS => self.rest = rest,
                _ => break,
            }
        }
        Some((start, Row { fields, is_open: self.is_open }))
    }
}

impl Reader<'_> {
    /// One field, up to the comma or the end of the line behind it.
    fn field(&mut self) -> String {
        let mut field = String::new();
        while let Some(quoted) = self.rest.strip_prefix('"') {
            let end = quoted.find('"').unwrap_or(quoted.len());
            self.is_open |= end == quoted.len();
            field.push_str(&quoted[..end]);
            self.line += quoted[..end].matches('\n').count();
            self.rest = quoted.get(end + 1..).unwrap_or_default();
            if self.rest.starts_with('"') {
                field.push('"');
            }
        }
        let end = self.rest.find([',', '\n', '\r']).unwrap_or(self.rest.len());
        field.push_str(&self.rest[..end]);
        self.rest = &self.rest[end..];
        if self.rest.starts_with('\r') && !self.rest.starts_with("\r\n") {
            self.rest = &self.rest[1..];
        }
        field
    }
}

const MAX_FIELDS: usize = 2_000_000;
const MAX_HEADER: usize = 1000;
/// Password managers have rows without a code too.
const MAX_ROWS: usize = 200_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_commas_lines_and_quotes() {
        let table =
            Table::parse("Name,\"login_totp\"\r\n\"a, \"\"b\"\"\nc\",x\n\nshort\nlong,1,2,3", "csv").unwrap();
        let rows: Vec<_> = table
            .rows
            .iter()
            .map(|(line, row)| (*line, table.field(row, "name"), table.field(row, "login_totp")))
            .collect();
        assert_eq!(rows, [(2, "a, \"b\"\nc", "x"), (5, "short", ""), (6, "long", "1")]);
        for hostile in ["\"", "\"\"\"", "a\rb", "\r", ",", "a,\"b", "\"a\"b\"c\",d"] {
            let _ = Table::parse(hostile, "csv");
        }
        for wide in
            ["a\n".repeat(MAX_ROWS + 2), ",".repeat(MAX_FIELDS + 2), format!("a\n{}", ",".repeat(MAX_FIELDS))]
        {
            assert!(Table::parse(&wide, "csv").is_err());
        }
    }
}
