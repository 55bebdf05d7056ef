//! Steps that can be taken back and done again, kept inside the vault so that they survive a restart.
//!
//! A step holds what its next toggle does: while it stands, what undoes it; once undone, what does it again.

use jiff::{Timestamp, ToSpan};
use zeroize::Zeroizing;

use super::{
    account::{AccountId, push_line},
    change::{FieldsSet, Reverse},
    document::{Block, Document},
    lines::{BadValue, Fields, quoted, quoted_list, value_of},
};
use crate::clock::milliseconds;

/// How many steps are kept.
const STEPS: usize = 200;
/// How long a step is kept, in days: as long as the trash.
const DAYS: i64 = 30;

/// One step of the journal.
pub struct Step {
    /// When it was done; its ULID.
    pub id: AccountId,
    /// What was done, in words: `delete GitHub:hugo`.
    pub what: String,
    /// Whether it is taken back at present.
    pub undone: bool,
    toggle: Reverse,
}

impl Document<'_> {
    /// Writes a change into the journal. Steps that were taken back before it can no longer be done again.
    pub fn record(&mut self, what: &str, toggle: Reverse, now: Timestamp) {
        if toggle.is_empty() {
            return;
        }
        self.journal.retain(|block| !matches!(block.fields().flag("undone"), Ok(true)));
        let step = Step { id: AccountId::new(now), what: what.to_owned(), undone: false, toggle };
        self.journal.push(Block::Written(step.block(now)));
        self.trim_journal(now);
    }

    /// Takes the last standing step back. `None` when there is none.
    pub fn undo(&mut self, now: Timestamp) -> Option<String> {
        loop {
            let at = self.last_standing()?;
            if let Some(what) = self.toggle(at, now) {
                return Some(what);
            }
        }
    }

    /// Does again what was taken back last. `None` when there is nothing.
    pub fn redo(&mut self, now: Timestamp) -> Option<String> {
        loop {
            let at = self.last_standing().map_or(0, |at| at + 1);
            if at >= self.journal.len() {
                return None;
            }
            if let Some(what) = self.toggle(at, now) {
                return Some(what);
            }
        }
    }

    fn last_standing(&self) -> Option<usize> {
        self.journal.iter().rposition(|block| matches!(block.fields().flag("undone"), Ok(false)))
    }

    /// `None` when the step changes nothing any more, because its accounts are gone for good; it is gone then too.
    fn toggle(&mut self, at: usize, now: Timestamp) -> Option<String> {
        let step = Step::read(self.journal[at].fields()).ok();
        let toggled = step.and_then(|mut step| {
            step.toggle = self.apply(&step.toggle, now);
            step.undone = !step.undone;
            (!step.toggle.is_empty()).then_some(step)
        });
        let Some(step) = toggled else {
            self.journal.remove(at);
            return None;
        };
        self.journal[at] = Block::Written(step.block(now));
        Some(step.what)
    }

    /// Drops steps that are too old or too many.
    pub fn trim_journal(&mut self, now: Timestamp) {
        let limit = now.checked_sub((DAYS * 24).hours()).unwrap_or(Timestamp::MIN);
        self.journal.retain(|block| matches!(block.fields().time("at"), Ok(Some(at)) if at >= limit));
        let surplus = self.journal.len().saturating_sub(STEPS);
        self.journal.drain(..surplus);
    }
}

impl Step {
    /// Reads a block.
    pub fn read(fields: Fields<'_>) -> Result<Self, BadValue> {
        let ids = |key| -> Result<Vec<AccountId>, BadValue> {
            Ok(fields.texts(key)?.iter().map(|id| AccountId::from_text(id)).collect())
        };
        let set = fields.raw("set").map(read_set).transpose()?.unwrap_or_default();
        Ok(Self {
            id: AccountId::from_text(&fields.text_or_empty("id")?),
            what: fields.text_or_empty("what")?.into_owned(),
            undone: fields.flag("undone")?,
            toggle: Reverse { trash: ids("trash")?, restore: ids("restore")?, set },
        })
    }

    fn block(&self, now: Timestamp) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::new());
        push_line(&mut text, "id", &quoted(self.id.as_str()));
        push_line(&mut text, "what", &quoted(&self.what));
        push_line(&mut text, "at", &milliseconds(now).to_string());
        if self.undone {
            push_line(&mut text, "undone", "true");
        }
        for (key, ids) in [("trash", &self.toggle.trash), ("restore", &self.toggle.restore)] {
            if !ids.is_empty() {
                push_line(&mut text, key, &quoted_list(ids.iter().map(AccountId::as_str)));
            }
        }
        if !self.toggle.set.is_empty() {
            push_line(&mut text, "set", &written_set(&self.toggle.set));
        }
        text
    }
}

/// `[{ id = "…", put = { issuer = "GitHub" }, drop = ["note"] }, …]`
fn written_set(set: &[(AccountId, FieldsSet)]) -> Zeroizing<String> {
    let item = |(id, fields): &(AccountId, FieldsSet)| {
        let put: Vec<String> =
            fields.iter().filter_map(|(key, raw)| raw.as_ref().map(|raw| format!("{key} = {raw}"))).collect();
        let drop = quoted_list(fields.iter().filter(|(_, raw)| raw.is_none()).map(|(key, _)| key));
        format!("{{ id = {}, put = {{ {} }}, drop = {drop} }}", quoted(id.as_str()), put.join(", "))
    };
    Zeroizing::new(format!("[{}]", set.iter().map(item).collect::<Vec<_>>().join(", ")))
}

fn read_set(raw: &str) -> Result<Vec<(AccountId, FieldsSet)>, BadValue> {
    let bad = || BadValue { key: "set".into(), expected: "a list of changes" };
    let toml::Value::Array(items) = value_of("set", raw)? else { return Err(bad()) };
    items.iter().map(|item| read_change(item).ok_or_else(bad)).collect()
}

fn read_change(item: &toml::Value) -> Option<(AccountId, FieldsSet)> {
    let put =
        item.get("put")?.as_table()?.iter().map(|(key, value)| Some((key.clone(), Some(raw_of(value)?))));
    let drop = item.get("drop")?.as_array()?.iter().map(|key| Some((key.as_str()?.to_owned(), None)));
    Some((AccountId::from_text(item.get("id")?.as_str()?), put.chain(drop).collect::<Option<_>>()?))
}

/// A value in the canonical shape of `lines`.
fn raw_of(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(quoted(text)),
        toml::Value::Array(items) => {
            items.iter().map(toml::Value::as_str).collect::<Option<Vec<_>>>().map(quoted_list)
        }
        toml::Value::Integer(_) | toml::Value::Boolean(_) | toml::Value::Datetime(_) => {
            Some(value.to_string())
        }
        toml::Value::Float(_) | toml::Value::Table(_) => None,
    }
}
