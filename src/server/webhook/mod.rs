//! The webhook: every row of this replica's chain is posted as a line of JSON, signed, in order, at least once.
//!
//! | file | what lives there |
//! |---|---|
//! | [`target`] | where nothing is sent: this machine and the networks behind it |
//! | [`mod@line`] | a row as a line, and the signature under many |
//! | [`follow`] | reads what is new, posts it, remembers how far it came |

pub mod follow;
pub mod line;
pub mod target;
