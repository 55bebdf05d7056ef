//! Making a catalog: one pass over the lines of each account.

use std::collections::HashMap;

use super::{
    index::Index,
    laid_out::{Catalog, Row, RowKind, Tag},
};
use crate::vault::{lines::Fields, opened::Opened};

/// More tags than this are not told apart: no list of tabs shows them.
const MOST_TAGS: usize = 1 << 15;

/// The tags as they are met.
#[derive(Default)]
struct Tags {
    seen: HashMap<String, u16>,
    all: Vec<Tag>,
    of_rows: Vec<u16>,
}

impl Catalog {
    /// Lays out what a vault holds.
    pub fn new(opened: Opened) -> Self {
        let (mut rows, mut tags, mut index) = (Vec::new(), Tags::default(), Index::default());
        for (begin, fields) in opened.account_places() {
            let mut row =
                Row { begin: place(begin), end: place(begin + fields.as_str().len()), ..Row::default() };
            row.first_tag = place(tags.of_rows.len());
            read(fields, &mut row, &mut tags, &mut index);
            rows.push(row);
        }
        index.shrink();
        rows.shrink_to_fit();
        let (tags, tags_of) = tags.by_use();
        Self { opened, rows, tags, tags_of, index }
    }
}

/// A vault is never as large as four gigabytes.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn read(fields: Fields<'_>, row: &mut Row, tags: &mut Tags, index: &mut Index) {
    let (mut issuer, mut account, mut note, mut own_tags) = Default::default();
    row.kind = RowKind::Unknown;
    for (key, raw) in fields.lines() {
        match key {
            "issuer" => issuer = fields_text(key, raw),
            "account" => account = fields_text(key, raw),
            "note" => note = fields_text(key, raw),
            "type" => row.kind = kind(raw),
            "favourite" => row.favourite = raw == "true",
            "tags" => own_tags = Fields::list(key, raw).unwrap_or_default(),
            _ => {}
        }
    }
    for tag in &own_tags {
        row.tags += u16::from(tags.note(tag));
    }
    index.push([&issuer, &account, &own_tags.join(" "), &note]);
}

fn fields_text<'a>(key: &str, raw: &'a str) -> std::borrow::Cow<'a, str> {
    Fields::value_text(key, raw).unwrap_or_default()
}

fn kind(raw: &str) -> RowKind {
    match raw {
        "\"hotp\"" => RowKind::Hotp,
        "\"totp\"" | "\"steam\"" | "\"motp\"" | "\"yandex\"" => RowKind::Timed,
        _ => RowKind::Unknown,
    }
}

impl Tags {
    /// Notes a tag of the present row; false where there are too many to tell apart.
    fn note(&mut self, name: &str) -> bool {
        let at = match self.seen.get(name) {
            Some(at) => *at,
            None if self.all.len() < MOST_TAGS => {
                let at = u16::try_from(self.all.len()).unwrap_or(u16::MAX);
                self.seen.insert(name.to_owned(), at);
                self.all.push(Tag { name: name.to_owned(), count: 0 });
                at
            }
            None => return false,
        };
        self.all[usize::from(at)].count += 1;
        self.of_rows.push(at);
        true
    }

    /// The tags, most used first, and those of the rows by their new places.
    fn by_use(mut self) -> (Vec<Tag>, Vec<u16>) {
        let mut order: Vec<u16> = (0..self.all.len()).filter_map(|at| u16::try_from(at).ok()).collect();
        order.sort_by(|a, b| self.all[usize::from(*b)].count.cmp(&self.all[usize::from(*a)].count));
        let mut new_places = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            new_places[usize::from(*old)] = u16::try_from(new).unwrap_or(u16::MAX);
        }
        for tag in &mut self.of_rows {
            *tag = new_places[usize::from(*tag)];
        }
        self.of_rows.shrink_to_fit();
        (order.into_iter().map(|at| self.all[usize::from(at)].clone()).collect(), self.of_rows)
    }
}
