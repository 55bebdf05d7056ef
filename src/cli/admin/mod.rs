//! `sesam admin`: the help desk's commands. What a server can do is `admin`'s; here is what is typed and printed.

mod act;
mod app;
mod audit;
mod bulk;
mod bypass;
mod chart;
pub(super) mod connect;
mod enrol;
mod factor;
mod hands;
mod people;
mod profile;
pub(super) mod server;
mod shapes;
mod user;

use clap::{Args, Subcommand};

pub(super) use connect::door;

use super::{context::Context, exit::Done};

/// The help desk: users, applications and the audit of an MFA server
#[derive(Args)]
#[command(
    after_help = "Examples:\n  sesam admin server add mfa --url https://mfa.example.com --token-stdin\n  sesam admin user list \
                  state:locked\n  sesam admin user show alan\n  sesam admin user reset alan --reason 'lost phone' --dry-run\n  \
                  sesam admin audit follow result:fail --jsonl"
)]
pub struct AdminArgs {
    /// Which server (default: the setting `admin.default_server`, or the only one)
    #[arg(short, long, global = true, value_name = "NAME")]
    pub server: Option<String>,
    /// What to do
    #[command(subcommand)]
    pub command: Option<AdminCommand>,
}

/// What an administrator does.
#[derive(Subcommand)]
#[expect(
    missing_docs,
    reason = "a doc here would take the place of the help that stands beside the arguments"
)]
pub enum AdminCommand {
    #[command(subcommand, visible_alias = "ctx")]
    Server(server::ServerCommand),
    #[command(subcommand)]
    User(user::UserCommand),
    #[command(subcommand)]
    App(app::AppCommand),
    #[command(subcommand)]
    Bypass(bypass::BypassCommand),
    #[command(subcommand)]
    Factor(factor::FactorCommand),
    #[command(subcommand)]
    Audit(audit::AuditCommand),
}

/// Runs the command.
pub fn run(cx: &Context, args: &AdminArgs) -> Done {
    let named = args.server.as_deref();
    let Some(command) = &args.command else { return super::plain::admin(cx) };
    match command {
        AdminCommand::Server(command) => server::run(cx, command),
        AdminCommand::User(command) => user::run(cx, named, command),
        AdminCommand::App(command) => app::run(cx, named, command),
        AdminCommand::Bypass(command) => bypass::run(cx, named, command),
        AdminCommand::Factor(command) => factor::run(cx, named, command),
        AdminCommand::Audit(command) => audit::run(cx, named, command),
    }
}
