//! A change of a server: said beforehand, confirmed as carefully as it deserves, sent once, read back.
//!
//! | file | what lives there |
//! |---|---|
//! | [`care`] | the reason, the typed name, the two buttons |
//! | [`single`] | one change |
//! | [`bulk`] | the same change of several users |
//! | [`sending`] | planning, sending, reading back, and the words for what came of it |
//! | [`once`] | a passcode, shown once |

pub mod bulk;
pub mod care;
pub mod once;
pub mod sending;
pub mod single;
