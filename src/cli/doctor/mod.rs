//! `sesam doctor`: names what is wrong, what follows from it, and the command that cures it.
//!
//! Each thing that is looked at has a file of its own with one function that returns findings.

mod clipboard;
mod clock;
mod finding;
mod keyring;
mod server;
mod terminal;
mod vault;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use self::finding::{Finding, State};
use super::{
    context::Context,
    exit::{Done, Exit},
};
use crate::output;

/// Find and explain faults
#[derive(Args)]
#[command(
    after_help = "Examples:\n  sesam doctor\n  sesam doctor clipboard terminal\n  sesam doctor clock    (asks a time server)\n  sesam doctor server --server mfa    (asks that server)"
)]
pub struct DoctorArgs {
    /// What to look at; without it, everything that needs no network
    #[arg(value_enum)]
    pub topics: Vec<Topic>,
    /// The time server for clock
    #[arg(long, value_name = "HOST", default_value = "pool.ntp.org")]
    pub time_server: String,
    /// The MFA server for server (default: the one that is meant)
    #[arg(short, long, value_name = "NAME")]
    pub server: Option<String>,
}

/// What doctor can look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Topic {
    /// Which way a copied code takes, and why.
    Clipboard,
    /// The clock of this machine against a time server.
    Clock,
    /// The keyrings of the kernel and of the system.
    Keyring,
    /// The way to an MFA server: address, certificate, token, rights, clocks.
    Server,
    /// The terminal, and what sesam makes of it.
    Terminal,
    /// The vault, its identity and its backups.
    Vault,
}

const WITHOUT_NETWORK: [Topic; 4] = [Topic::Vault, Topic::Keyring, Topic::Clipboard, Topic::Terminal];

/// Runs the command: exit 0 when all is in order, 1 when something is not.
pub fn run(cx: &Context, args: &DoctorArgs) -> Done {
    let topics = if args.topics.is_empty() { WITHOUT_NETWORK.to_vec() } else { args.topics.clone() };
    let mut findings = Vec::new();
    for topic in topics {
        findings.extend(match topic {
            Topic::Vault => vault::look(cx),
            Topic::Keyring => keyring::look(cx),
            Topic::Clipboard => clipboard::look(cx, !args.topics.is_empty()),
            Topic::Terminal => terminal::look(cx),
            Topic::Server => server::look(cx, args.server.as_deref()),
            Topic::Clock => clock::look(cx, &args.time_server),
        });
    }
    if cx.as_json() {
        let rows: Vec<Value> = findings.iter().map(Finding::json).collect();
        cx.print_json(&json!({"schema": "sesam.doctor/1", "findings": rows}))?;
    } else {
        output::data(&findings.iter().map(Finding::text).collect::<String>())?;
    }
    let all_good = findings.iter().all(|finding| finding.state == State::Good);
    Ok(if all_good { Exit::Done } else { Exit::Failed })
}
