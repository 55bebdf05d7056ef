//! The wizard: accounts out of another app's file, a picture or a pasted text, in three steps.
//!
//! | file | what lives there |
//! |---|---|
//! | `source`, `source_picture` | step 1: where the accounts come from, and the passphrase of an encrypted file |
//! | `detected` | what the sources seem to be, in words |
//! | `supply` | a typed or pasted text as files and bytes |
//! | `preview`, `rows`, `choices`, `table` | step 2: every entry with its state, what is chosen, the picture of it |
//! | `compare` | the codes of now, to hold against the other app |
//! | `done` | step 3: what was done, and what is left to do |
//! | `unreadable`, `shredding` | the entries that could not be read; taking the source away |
//!
//! The plan and its carrying out are [`import`](crate::import)'s; the command line shows the same.

mod choices;
mod compare;
mod detected;
mod done;
mod preview;
mod rows;
mod shredding;
mod source;
mod source_picture;
mod supply;
mod table;
mod unreadable;

pub use source::Source;
