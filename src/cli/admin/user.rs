//! `sesam admin user`: find users, see one, help them.

use std::fmt::Write as _;
use std::time::Duration;

use clap::{ArgGroup, Args, Subcommand};
use jiff::{SignedDuration, Timestamp};

use super::{
    act::{self, Care},
    bulk::{self, Names},
    connect::{Connected, connect, failed},
    enrol::{self, EnrolArgs},
    people::{self, ListArgs, state},
    shapes,
};
use crate::{
    admin::{action::Action, model::Uses},
    cli::{
        context::Context,
        exit::{Done, Exit, Failure},
        table::{self, Style},
        time::{ago, parse_span, parse_time},
    },
    output,
};

/// Find users, see one, help them
#[derive(Subcommand)]
pub enum UserCommand {
    /// List users; words and filters narrow: state:locked factor:otp name:al fails:>3
    #[command(visible_alias = "ls")]
    List(ListArgs),
    /// Show one user with the authenticators
    Show {
        /// The user's name
        name: String,
    },
    /// Take every authenticator away; the next sign-in leads to binding
    Reset(ChangeArgs),
    /// Take one authenticator away
    Unbind {
        /// The user's name
        name: String,
        /// The authenticator: its number from `user show`, or its id
        binding: String,
        #[command(flatten)]
        care: Care,
    },
    /// Bind an authenticator on behalf of a user; its QR code is shown here
    #[command(visible_alias = "enroll")]
    Enrol(EnrolArgs),
    /// Make a begun authenticator good for signing in, with a code of it
    Confirm {
        /// The user's name
        name: String,
        /// The binding's id, as enrol said it
        binding: String,
        /// A code of the authenticator; asked for without it
        #[arg(long, value_name = "CODE")]
        code: Option<String>,
        #[command(flatten)]
        care: Care,
    },
    /// Ask for no second step for a while
    Bypass(BypassArgs),
    /// End a lock and clear failed tries
    Unlock(ChangeArgs),
    /// Issue a passcode for one use, shown once
    Passcode {
        /// The user's name
        name: String,
        /// For how long it is good, a day at most
        #[arg(long = "for", value_name = "SPAN", value_parser = parse_span, default_value = "8h")]
        span: Duration,
        #[command(flatten)]
        care: Care,
    },
    /// Let users sign in again
    Enable(ChangeArgs),
    /// Let users sign in nowhere
    Disable(ChangeArgs),
}

/// A change of one or more users.
#[derive(Args)]
pub struct ChangeArgs {
    #[command(flatten)]
    pub names: Names,
    #[command(flatten)]
    pub care: Care,
}

/// A bypass of one or more users.
#[derive(Args)]
#[command(group(ArgGroup::new("span").required(true).args(["for_", "until", "end"])))]
pub struct BypassArgs {
    #[command(flatten)]
    pub names: Names,
    /// For how long: 4h, 2d
    #[arg(id = "for_", long = "for", value_name = "SPAN", value_parser = parse_span)]
    pub span: Option<Duration>,
    /// Until when: 18:00, 2026-11-20T18:00:00Z
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// End it
    #[arg(long)]
    pub end: bool,
    #[command(flatten)]
    pub care: Care,
}

/// Runs the command.
pub(super) fn run(cx: &Context, named: Option<&str>, command: &UserCommand) -> Done {
    let server = connect(cx, named)?;
    match command {
        UserCommand::List(args) => people::list(cx, &server, args),
        UserCommand::Confirm { name, binding, code, care } => {
            enrol::confirm(cx, &server, (name, binding, code.as_deref()), care)
        }
        UserCommand::Show { name } => show(cx, &server, name),
        UserCommand::Unbind { name, binding, care } => {
            let action = Action::Unbind { user: name.clone(), binding: binding.clone() };
            act::one(cx, &server, (&action, care))
        }
        UserCommand::Enrol(args) => enrol::enrol(cx, &server, args),
        UserCommand::Passcode { name, span, care } => {
            act::one(cx, &server, (&Action::Passcode { user: name.clone(), span: *span }, care))
        }
        UserCommand::Bypass(args) => {
            let until = until(cx, args)?;
            bulk::each(cx, &server, (&args.names, &args.care), |user| Action::Bypass { user, until })
        }
        UserCommand::Reset(args) => {
            bulk::each(cx, &server, (&args.names, &args.care), |user| Action::Reset { user })
        }
        UserCommand::Unlock(args) => {
            bulk::each(cx, &server, (&args.names, &args.care), |user| Action::Unlock { user })
        }
        UserCommand::Enable(args) => {
            bulk::each(cx, &server, (&args.names, &args.care), |user| Action::Enable { user, on: true })
        }
        UserCommand::Disable(args) => {
            bulk::each(cx, &server, (&args.names, &args.care), |user| Action::Enable { user, on: false })
        }
    }
}

fn until(cx: &Context, args: &BypassArgs) -> Result<Option<Timestamp>, Failure> {
    if let Some(span) = args.span {
        let span = SignedDuration::try_from(span).map_err(|_| Failure::usage("the span is too long"))?;
        let until = cx.now().checked_add(span).map_err(|_| Failure::usage("the span is too long"))?;
        return Ok(Some(until));
    }
    let Some(text) = &args.until else { return Ok(None) };
    let seconds = parse_time(text, cx.now()).map_err(Failure::usage)?;
    let until = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    until.map(Some).ok_or_else(|| Failure::usage("the time is too far away"))
}

fn show(cx: &Context, server: &Connected, name: &str) -> Done {
    let person = server.provider.user(name).map_err(failed)?;
    if cx.as_json() {
        cx.print_json(&shapes::user(&server.name, &person))?;
        return Ok(Exit::Done);
    }
    let now = cx.now();
    let never = match server.provider.uses() {
        Uses::Nowhere => ("not known", "last use not known"),
        Uses::Everywhere | Uses::OfOne => ("never", "never used"),
    };
    let mut lines = vec![
        ("user", person.name.clone()),
        ("name", person.display.clone().unwrap_or_default()),
        ("email", person.email.clone().unwrap_or_default()),
        ("state", state(&person)),
        ("last ok", person.last_success.map_or(never.0.into(), |time| ago(time, now))),
        ("fails", person.failures.to_string()),
        ("also", person.factors.join(", ")),
        ("sessions", person.sessions.map_or(String::new(), |count| count.to_string())),
    ];
    lines.retain(|(_, text)| !text.is_empty());
    let mut text = table::labelled(&lines);
    if person.bindings.is_empty() {
        text.push_str("no authenticator\n");
    }
    for (nth, binding) in (1..).zip(&person.bindings) {
        let used = binding.used.map_or(never.1.into(), |time| format!("used {}", ago(time, now)));
        let state = if binding.state == "active" { String::new() } else { format!("  {}", binding.state) };
        let kind = binding.kind.to_uppercase();
        let line = format!("#{nth}  {kind}  {}  {}  {used}{state}", binding.label, binding.parameters);
        let _ = writeln!(text, "{}", crate::text::safe(&line));
    }
    output::data(&text)?;
    Ok(Exit::Done)
}

/// Aligned for people, TABs for pipes.
pub(super) fn style() -> Style {
    Style::here()
}
