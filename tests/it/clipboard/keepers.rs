//! The processes that hold a clipboard, seen from outside. A test tells its own by their term.

use std::{fs, path::PathBuf};

/// The keepers with this term in seconds: their directories in /proc.
pub(super) fn with_term(seconds: u64) -> Vec<PathBuf> {
    let wanted = format!("\0keep-clipboard\0{}\0", seconds * 1_000);
    let processes = fs::read_dir("/proc").expect("/proc").flatten().map(|entry| entry.path());
    let ours = |process: &PathBuf| {
        fs::read(process.join("cmdline")).is_ok_and(|line| String::from_utf8_lossy(&line).ends_with(&wanted))
    };
    processes.filter(ours).collect()
}
