//! What somebody chooses in the preview, and what the row of status says of it.

use super::rows::comes_in;
use crate::{
    import::{Prepared, Row},
    vault::intake::{Effect, OnDuplicate, State},
};

/// Takes an entry in, or leaves it out. False where there is nothing to choose.
pub(super) fn tick(row: Row, prepared: &mut Prepared) -> bool {
    let Row::Planned(at) = row else { return false };
    let planned = &mut prepared.plan.entries[at];
    if !planned.can_come_in() {
        return false;
    }
    planned.choice.left_out = comes_in(planned);
    if !planned.choice.left_out && planned.choice.on_duplicate == OnDuplicate::Skip {
        planned.choice.on_duplicate = OnDuplicate::KeepBoth;
    }
    true
}

/// Takes all in that are not here yet, or leaves all of them out where all were taken in.
pub(super) fn tick_all_new(prepared: &mut Prepared) {
    let is_new = |state: &State| matches!(state, State::New | State::Repaired);
    let entries = &mut prepared.plan.entries;
    let all = entries.iter().filter(|entry| is_new(&entry.state)).all(comes_in);
    for entry in entries.iter_mut().filter(|entry| is_new(&entry.state)) {
        entry.choice.left_out = all;
    }
}

/// The next thing to do with one that differs. False where it does not.
pub(super) fn switch_duplicate(row: Row, prepared: &mut Prepared) -> bool {
    let Row::Planned(at) = row else { return false };
    let planned = &mut prepared.plan.entries[at];
    if !matches!(planned.state, State::Differs { .. }) {
        return false;
    }
    planned.choice.left_out = false;
    planned.choice.on_duplicate = match planned.choice.on_duplicate {
        OnDuplicate::KeepBoth => OnDuplicate::Replace,
        OnDuplicate::Replace => OnDuplicate::Skip,
        OnDuplicate::Skip => OnDuplicate::KeepBoth,
    };
    true
}

/// How many accounts would be added, and how many replaced.
pub(super) fn effects(prepared: &Prepared) -> (usize, usize) {
    let effects = prepared.plan.effects();
    let added = effects.iter().filter(|effect| **effect == Effect::Added).count();
    let replaced = effects.iter().filter(|effect| matches!(effect, Effect::Replaces(_))).count();
    (added, replaced)
}

/// `6 will be added, 1 replaced`.
pub(super) fn outlook(prepared: &Prepared) -> String {
    match effects(prepared) {
        (added, 0) => format!("{added} will be added"),
        (added, replaced) => format!("{added} will be added, {replaced} replaced"),
    }
}
