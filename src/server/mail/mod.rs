//! Letters: what they say, and how they go.
//!
//! | file | what lives there |
//! |---|---|
//! | [`texts`] | what they say |

pub mod texts;
