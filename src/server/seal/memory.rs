//! Memory for Argon2 between two passwords. To be handed 19 MiB anew by the system takes a good part of the time of a
//! hash; so what was used is kept for the next one, until nobody has asked for a while.

use std::sync::{Mutex, PoisonError};

use argon2::Block;

/// What nobody uses now: never more than were used at once.
static SPARE: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// Works with so many blocks.
pub(super) fn with<T>(blocks: usize, work: impl FnOnce(&mut [Block]) -> T) -> T {
    let mut memory = spare(Vec::pop).unwrap_or_default();
    if memory.len() < blocks {
        memory.resize(blocks, Block::new());
    }
    let done = work(&mut memory[..blocks]);
    // A dear hash from elsewhere is no reason to keep more than the usual ones need.
    if blocks <= USUAL {
        spare(|spare| spare.push(memory));
    }
    done
}

/// Gives everything back to the system.
pub fn rest() {
    drop(spare(std::mem::take));
}

fn spare<T>(look: impl FnOnce(&mut Vec<Vec<Block>>) -> T) -> T {
    look(&mut SPARE.lock().unwrap_or_else(PoisonError::into_inner))
}

/// 19 MiB in blocks of 1 KiB.
const USUAL: usize = 19 * 1024;
