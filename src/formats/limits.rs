//! How much of a file is read.

/// The largest file that is read, in bytes: 32 MiB.
pub const MAX_FILE_BYTES: usize = 32 << 20;
/// The most entries of one file, good and bad.
pub const MAX_ENTRIES: usize = 50_000;
