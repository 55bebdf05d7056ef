//! `sesam admin user`: find users, see one, help them.

use std::fmt::Write as _;
use std::time::Duration;

use clap::{ArgGroup, Args, Subcommand};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{
    act::{self, Care},
    bulk::{self, Names},
    connect::{Connected, connect, failed},
    shapes,
};
use crate::{
    admin::{
        action::Action,
        model::{Person, State},
    },
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
    Enrol {
        /// The user's name
        name: String,
        /// For which application
        #[arg(long, value_name = "ID")]
        app: String,
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

/// Which users.
#[derive(Args)]
pub struct ListArgs {
    /// Words and filters
    #[arg(value_name = "FILTER")]
    pub filter: Vec<String>,
    /// Only those in this state: ok, locked, bypass, unbound, disabled
    #[arg(long, value_name = "STATE")]
    pub state: Option<String>,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub limit: usize,
    /// All of them, page by page
    #[arg(long, conflicts_with = "limit")]
    pub page_all: bool,
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
        UserCommand::List(args) => list(cx, &server, args),
        UserCommand::Show { name } => show(cx, &server, name),
        UserCommand::Unbind { name, binding, care } => {
            let action = Action::Unbind { user: name.clone(), binding: binding.clone() };
            act::one(cx, &server, (&action, care))
        }
        UserCommand::Enrol { name, app, care } => {
            let action = Action::Enrol { user: name.clone(), application: app.clone() };
            act::one(cx, &server, (&action, care))
        }
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

fn list(cx: &Context, server: &Connected, args: &ListArgs) -> Done {
    let mut query = args.filter.join(" ");
    if let Some(state) = &args.state {
        let _ = write!(query, " state:{state}");
    }
    let (mut people, mut cursor): (Vec<Person>, Option<String>) = (vec![], None);
    loop {
        let page = server.provider.users(query.trim(), cursor.as_deref()).map_err(failed)?;
        people.extend(page.items);
        cursor = page.next;
        if cursor.is_none() || (!args.page_all && people.len() >= args.limit) {
            break;
        }
    }
    if !args.page_all && people.len() > args.limit {
        people.truncate(args.limit);
        cursor = Some(String::new());
    }
    if cx.as_json() {
        let rows: Vec<Value> = people.iter().map(|person| shapes::user(&server.name, person)).collect();
        cx.print_json_list(rows)?;
    } else {
        let now = cx.now();
        let rows: Vec<Vec<String>> = people.iter().map(|person| row(person, now)).collect();
        output::data(&table::draw(&HEADS, &rows, style()))?;
    }
    if cursor.is_some() {
        cx.say(&format!("{} shown, there are more: --page-all", people.len()));
    }
    Ok(if people.is_empty() { Exit::NotFound } else { Exit::Done })
}

fn show(cx: &Context, server: &Connected, name: &str) -> Done {
    let person = server.provider.user(name).map_err(failed)?;
    if cx.as_json() {
        cx.print_json(&shapes::user(&server.name, &person))?;
        return Ok(Exit::Done);
    }
    let now = cx.now();
    let mut lines = vec![
        ("user", person.name.clone()),
        ("name", person.display.clone().unwrap_or_default()),
        ("email", person.email.clone().unwrap_or_default()),
        ("state", state(&person)),
        ("last ok", person.last_success.map_or("never".into(), |time| ago(time, now))),
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
        let used = binding.used.map_or("never used".into(), |time| format!("used {}", ago(time, now)));
        let state = if binding.state == "active" { String::new() } else { format!("  {}", binding.state) };
        let kind = binding.kind.to_uppercase();
        let line = format!("#{nth}  {kind}  {}  {}  {used}{state}", binding.label, binding.parameters);
        let _ = writeln!(text, "{}", crate::text::safe(&line));
    }
    output::data(&text)?;
    Ok(Exit::Done)
}

fn row(person: &Person, now: Timestamp) -> Vec<String> {
    let kinds: std::collections::BTreeSet<String> =
        person.bindings.iter().map(|one| one.kind.to_uppercase()).collect();
    let kinds: Vec<String> = kinds.into_iter().collect();
    vec![
        person.name.clone(),
        person.display.clone().unwrap_or_default(),
        if kinds.is_empty() { "(none)".to_owned() } else { kinds.join(" ") },
        state(person),
        person.last_success.map_or("never".into(), |time| ago(time, now)),
        person.failures.to_string(),
    ]
}

fn state(person: &Person) -> String {
    let until = match person.state {
        State::Locked => person.locked_until,
        State::Bypass => person.bypass_until,
        _ => None,
    };
    match until {
        Some(until) => format!("{} until {until:.0}", person.state.word()),
        None => person.state.word().to_owned(),
    }
}

/// Aligned for people, TABs for pipes.
pub(super) fn style() -> Style {
    if output::stdout_is_terminal() { Style::Terminal { bold: false } } else { Style::Tabs }
}

const HEADS: [&str; 6] = ["USER", "NAME", "FACTORS", "STATE", "LAST OK", "FAILS"];
