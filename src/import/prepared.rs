//! The plan of an import against a vault: its choices, and its carrying out as one step.

use super::batch::Batch;
use crate::{
    formats::{Bad, Spot},
    vault::{
        Account, Document, Outcome, Vault, VaultError,
        document::Head,
        intake::{Applied, Choice, Plan, plan},
    },
};

/// An import that waits for its answer. Nothing is written yet.
pub struct Prepared {
    /// What was read.
    pub batch: Batch,
    /// What would be done with it.
    pub plan: Plan,
    /// The accounts of the vault that the plan was made on.
    pub existing: Vec<Account>,
    /// The version of the vault that those are of.
    head: Option<Head>,
}

/// One row of a preview: an entry that can be taken in, or one that cannot. Finding it takes the same time in a list
/// of any length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// The number of the source, and the place among its bad entries.
    Bad(usize, usize),
    /// The place in the plan.
    Planned(usize),
}

impl Prepared {
    /// Makes the plan on what the vault holds now.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn new(mut batch: Batch, vault: &Vault) -> Result<Self, VaultError> {
        let opened = vault.read()?;
        let existing = opened.document()?.read_accounts()?;
        let plan = plan(&existing, batch.take_incoming());
        Ok(Self { batch, plan, existing, head: Some(opened.head.clone()) })
    }

    /// An import of nothing.
    pub fn empty() -> Self {
        Self { batch: Batch::default(), plan: Plan::default(), existing: Vec::new(), head: None }
    }

    /// Carries the plan out; every account gets `tags` too. If the vault changed meanwhile, the plan is made anew on
    /// what is there now, with the same choices.
    ///
    /// # Errors
    /// When the vault cannot be saved; then it is as it was.
    pub fn carry_out(&mut self, vault: &Vault, tags: &[String]) -> Result<Applied, VaultError> {
        vault.change(|document, now| {
            if self.head.as_ref() != Some(&document.head) {
                self.make_anew(document)?;
            }
            let applied = self.plan.apply(&self.existing, document, (tags, now))?;
            if applied.reverse.is_empty() {
                return Ok(Outcome::Same(applied));
            }
            document.record(&format!("import {}", self.batch.title()), applied.reverse.clone(), now);
            Ok(Outcome::Changed(applied))
        })
    }

    fn make_anew(&mut self, document: &Document<'_>) -> Result<(), VaultError> {
        self.existing = document.read_accounts()?;
        let choices: Vec<Choice> = self.plan.entries.iter().map(|entry| entry.choice).collect();
        self.plan = plan(&self.existing, std::mem::take(&mut self.plan).into_incoming());
        for (entry, choice) in self.plan.entries.iter_mut().zip(choices) {
            entry.choice = choice;
        }
        self.head = Some(document.head.clone());
        Ok(())
    }

    /// All entries in the order of their sources.
    pub fn rows(&self) -> Vec<Row> {
        let good =
            self.batch.numbered().enumerate().map(|(at, (source, spot))| ((source, spot), Row::Planned(at)));
        let bad = self.batch.sources.iter().enumerate().flat_map(|(number, source)| {
            let bad = source.decoded.iter().flat_map(|decoded| &decoded.bad).enumerate();
            bad.map(move |(at, bad)| ((number, bad.at), Row::Bad(number, at)))
        });
        let mut rows: Vec<_> = good.chain(bad).collect();
        rows.sort_by_key(|((source, spot), _)| (*source, line_or_number(*spot)));
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// The bad entry of a row, if it is one of [`Row::Bad`].
    pub fn bad(&self, row: Row) -> Option<&Bad> {
        let Row::Bad(source, at) = row else { return None };
        self.batch.sources.get(source)?.decoded.as_ref().ok()?.bad.get(at)
    }
}

fn line_or_number(spot: Spot) -> usize {
    match spot {
        Spot::Code(number) | Spot::Entry(number) | Spot::Line(number) => number,
    }
}
