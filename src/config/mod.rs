//! The settings: `config.toml`, its keys, where each value comes from, and changing one.
//!
//! One table ([`KEYS`], [`SERVER_KEYS`]) feeds the checks, the commented default file, `config set` and the
//! listing. Facts of the world (text of files, environment, flags) come in by [`Sources`]; only
//! [`read_files`] reads any. What a setting means is up to the room that obeys it; themes and the names of
//! actions are known elsewhere.

mod choices;
mod default_file;
mod defaults;
mod draft;
mod duration;
mod edit;
mod entry;
mod error;
mod files;
mod keys;
mod kind;
mod load;
mod load_servers;
mod loaded;
mod nearest;
mod origin;
mod refuse;
mod server;
mod settings;
mod toml_text;
mod url;
mod value;
mod warning;

pub use choices::*;
pub use default_file::default_file;
pub use duration::{parse_duration, print_duration};
pub use edit::{set, unset};
pub use error::ConfigError;
pub use files::{FileText, Locations, read_files};
pub use keys::{Env, KEYS, Key, SERVER_KEYS};
pub use kind::{Kind, Unit};
pub use load::{Sources, load};
pub use loaded::{Loaded, Shown};
pub use nearest::Nearest;
pub use origin::{Origin, Place};
pub use server::{Server, ServerKind, TokenSource};
pub use settings::*;
pub use url::{UrlFault, is_this_machine};
pub use value::Value;
pub use warning::Warning;
