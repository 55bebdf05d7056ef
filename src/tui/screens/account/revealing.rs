//! Making one code readable for a while.

use jiff::SignedDuration;

use crate::{tui::context::Context, vault::AccountId};

/// Makes the code of an account readable for a while.
pub fn reveal(id: AccountId, cx: &mut Context) {
    let span = SignedDuration::try_from(cx.config.codes.reveal_seconds).unwrap_or_default();
    cx.desk.reveal(id, cx.clock.now() + span);
}
