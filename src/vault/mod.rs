//! Accounts at rest: an age file of TOML, its backups, its undo, its trash.
//!
//! | file | what lives there |
//! |---|---|
//! | [`account`], [`lines`], [`document`], [`opened`] | the plain text: one account, one line, the whole |
//! | [`change`], `edit`, [`journal`], [`merge`], `join`, [`query`] | what can be done to it, without a file and without a clock |
//! | [`catalog`] | the accounts laid out for looking at: rows, order, search |
//! | [`intake`], `known` | the plan of an import: new, same, differs |
//! | [`sheet`] | the identity on paper, and back |
//! | [`scan`] | the accounts that a query means, found while the vault streams by |
//! | [`place`], `header`, [`entries`], [`disk`], [`lock`], [`save`], [`backups`], [`seen`] | the files, and how they change safely |
//! | [`kept`], [`marks`] | copies of the identity in keyrings, and which vaults have one |
//! | [`unlock`], [`create`], [`rekey`], [`restore`], [`store`], [`notice`] | an identity, and the vault that it opens |
//! | [`strength`] | how strong a passphrase is, and a proposal of one |
//! | [`tokens`] | tokens of MFA servers, encrypted beside the accounts |
//! | [`usage`], [`advice`], [`demo`] | use counts, words for somebody in trouble, built-in accounts |
//!
//! Where a passphrase is asked for, and what is printed, is `cli`'s and `tui`'s business.

pub mod account;
pub mod advice;
pub mod backups;
pub mod catalog;
pub mod change;
pub mod create;
pub mod demo;
pub mod disk;
pub mod document;
mod edit;
pub mod entries;
pub mod error;
mod header;
pub mod intake;
mod join;
pub mod journal;
pub mod kept;
mod known;
pub mod lines;
pub mod lock;
pub mod marks;
pub mod merge;
pub mod notice;
pub mod opened;
pub mod place;
pub mod query;
pub mod rekey;
pub mod restore;
pub mod save;
pub mod scan;
pub mod seen;
pub mod sheet;
pub mod store;
pub mod strength;
pub mod tokens;
pub mod unlock;
pub mod usage;

pub use account::{Account, AccountId};
pub use document::Document;
pub use error::VaultError;
pub use notice::{Notice, Notices};
pub use opened::Opened;
pub use place::Place;
pub use store::{Outcome, Vault, World};
