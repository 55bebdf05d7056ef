//! Why a command failed: a sentence, a hint, an exit code. And the first step of most of them: opening the server.

use std::sync::Arc;

use crate::{
    clock::SystemClock,
    server::{
        config::{Config, ConfigError},
        run::{Opened, RunError, open},
        store::StoreError,
    },
};

/// Why a command failed, and with which exit code.
pub(super) struct Failure {
    /// What happened, without a full stop.
    pub(super) sentence: String,
    /// What to do.
    pub(super) hint: Option<&'static str>,
    /// The exit code.
    pub(super) code: u8,
}

/// Opens what the settings name.
pub(super) async fn opened(path: &std::path::Path) -> Result<Opened, Failure> {
    let config = Config::read(path).map_err(RunError::from)?;
    Ok(open(config, Arc::new(SystemClock)).await?)
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        let (hint, code) = match &error {
            RunError::Config(ConfigError::Read { .. }) => {
                (Some("sesamd init writes settings; --config names another file"), 1)
            }
            RunError::Config(_) => (None, 2),
            RunError::Keys(_) => (Some("the key file is made once, by sesamd init"), 4),
            RunError::Store(StoreError::OtherKey { .. }) => (None, 4),
            RunError::Store(StoreError::Newer { .. }) => (Some("nothing was changed"), 5),
            _ => (None, 1),
        };
        Self { sentence: error.to_string(), hint, code }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        RunError::from(error).into()
    }
}
