//! Bringing accounts in: sources are read, a plan is made of all of them, the plan is carried out as one step.
//!
//! | file | what lives there |
//! |---|---|
//! | `batch` | what the sources of one import gave, with the places of all entries |
//! | `look` | a first look at sources, before anybody is asked for anything |
//! | `read` | sources in: files, and bytes that somebody has already |
//! | `prepared` | the plan against a vault, its choices, its carrying out |
//! | `store` | the directories of pass and gopass, and the programs that decrypt them |
//! | `shred` | taking the file of an export away |
//!
//! The command line and the wizard use the same: they ask and print, each in its way. Formats are `formats`'
//! business, what is new or the same is `vault::intake`'s.

mod batch;
mod look;
mod prepared;
mod read;
mod shred;
mod store;

pub use batch::{At, Batch, Source, Unread};
pub use look::{Look, look};
pub use prepared::{Prepared, Row};
pub use read::{Asker, Content, Supply, content_of, decode, read};
pub use shred::{is_readable_by_others, shred};
