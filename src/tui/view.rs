//! What the person last chose to see: which codes are shown, the order, the tab. Kept between two starts, without
//! ceremony: it may be lost.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{
    config::{CodesSettings, Show, Sort},
    vault::disk,
};

const FILE: &str = "view.toml";

/// The choices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Which codes are readable.
    pub show: Show,
    /// The order.
    pub sort: Sort,
    /// The other way round.
    pub reversed: bool,
    /// The tab: a tag, `★`, or nothing for all.
    pub tab: String,
    kept: Option<PathBuf>,
}

/// As it stands in the file.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    show: String,
    sort: String,
    reversed: bool,
    tab: String,
}

impl View {
    /// What was kept in this directory, under what the settings ask for; without a directory nothing is kept.
    pub fn read(codes: &CodesSettings, state_dir: Option<&Path>) -> Self {
        let kept = state_dir.map(|dir| dir.join(FILE));
        let old = kept.as_deref().and_then(read).unwrap_or_default();
        // A setting that was changed counts more than what was last chosen; the usual one less.
        let show = Some(codes.show).filter(|show| *show != Show::All).or_else(|| Show::from_word(&old.show));
        let sort = Some(codes.sort).filter(|sort| *sort != Sort::Used).or_else(|| Sort::from_word(&old.sort));
        let (show, sort) = (show.unwrap_or(codes.show), sort.unwrap_or(codes.sort));
        Self { show, sort, reversed: old.reversed, tab: old.tab, kept }
    }

    /// From here on nothing is kept: this is the demo.
    pub fn forget(&mut self) {
        self.kept = None;
        self.tab.clear();
    }

    /// Keeps it for the next start. A failure is not worth a word.
    pub fn keep(&self) {
        let Some(path) = &self.kept else { return };
        let kept = Kept {
            show: self.show.word().to_owned(),
            sort: self.sort.word().to_owned(),
            reversed: self.reversed,
            tab: self.tab.clone(),
        };
        let (Ok(text), Some(dir)) = (toml::to_string(&kept), path.parent()) else { return };
        let temporary = dir.join(format!(".view.{}.tmp", std::process::id()));
        if disk::private_dir(dir).is_err()
            || disk::replace_lightly(path, &temporary, text.as_bytes()).is_err()
        {
            let _ = disk::remove_if_there(&temporary);
        }
    }
}

fn read(path: &Path) -> Option<Kept> {
    let bytes = disk::read_if_there(path, 1 << 16).ok().flatten()?;
    toml::from_str(std::str::from_utf8(&bytes).ok()?).ok()
}
