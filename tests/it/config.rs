//! The configuration from the outside: what a text of settings does, and what changing one leaves alone.

mod edit;
mod files;
mod load;
mod refused;
mod servers;

use sesam::config::{ConfigError, FileText, Loaded, Sources, load};

/// Loads one file, `config.toml`.
fn load_text(text: &str) -> Result<Loaded, ConfigError> {
    load(&Sources { files: &[FileText::new("config.toml", text)], ..Sources::none() })
}

/// The warnings of one file, as they are printed.
fn warnings(text: &str) -> Vec<String> {
    load_text(text).expect("only warnings").warnings.iter().map(ToString::to_string).collect()
}
