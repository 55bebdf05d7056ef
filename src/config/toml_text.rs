//! A TOML text and its lines: parsing, and where an offset is. What the keys mean is not here.

use std::path::Path;

use toml::Spanned;
use toml::de::DeTable;

use super::error::ConfigError;
use super::origin::Place;

/// A text that finds its lines.
pub(super) struct Lines<'a> {
    path: &'a Path,
    text: &'a str,
    /// The offset at which each line begins.
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(path: &'a Path, text: &'a str) -> Self {
        let after_breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { path, text, starts: std::iter::once(0).chain(after_breaks).collect() }
    }

    pub(super) fn parse(&self) -> Result<Spanned<DeTable<'a>>, ConfigError> {
        DeTable::parse(self.text)
            .map_err(|error| self.syntax(error.span().map_or(0, |span| span.start), error.message()))
    }

    pub(super) fn place(&self, offset: usize) -> Place {
        Place { path: self.path.to_owned(), line: self.line(offset) }
    }

    pub(super) fn syntax(&self, offset: usize, reason: &str) -> ConfigError {
        let start = self.starts[self.line(offset) - 1];
        let before = self.text.get(start..offset).unwrap_or_default();
        let column = before.chars().count() + 1;
        ConfigError::Syntax { place: self.place(offset), column, reason: reason.to_owned() }
    }

    /// Counted from 1.
    fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }
}
