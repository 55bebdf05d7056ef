//! What privacyIDEA can do, how, or why not.

use crate::admin::capability::{Capabilities, Capability};

/// What it can do, and what it has not.
pub const CAPABILITIES: Capabilities = Capabilities {
    bypass: Capability::Emulated("a spass token that expires; its end is kept in minutes"),
    enable: Capability::No("users belong to the directory behind privacyIDEA: disable them there"),
    factors: Capability::No(
        "policies say which tokens an application takes, told apart by its address: see Policies in its portal",
    ),
    follow: Capability::Emulated("its logs are asked again every 2 s; each question is a row of its audit"),
    statistics: Capability::Emulated("the newest events are counted here, up to 10,000"),
    enrol: Capability::Emulated("the token is good at once, without a code that confirms it"),
    ..Capabilities::ALL
};
