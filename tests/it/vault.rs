//! The vault from the outside: files on a real disk, a clock that stands where the test put it.

mod corruption;
mod documents;
mod edits;
#[cfg(unix)]
mod files;
mod forgery;
mod home;
mod merge;
mod merge_histories;
mod text;
mod undo;
