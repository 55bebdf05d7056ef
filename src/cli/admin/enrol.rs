//! `sesam admin user enrol`: an authenticator on behalf of a user, shown once, and good after a code of it.

use clap::Args;
use serde_json::json;

use super::{
    act::{self, Care},
    connect::{Connected, failed},
};
use crate::{
    admin::{
        action::{Action, Begun, Enrolled},
        capability::Capability,
    },
    cli::{
        context::Context,
        exit::{Done, Exit, Failure},
    },
    output,
    qr::Qr,
};

/// For whom, for what, and how it is shown.
#[derive(Args)]
pub struct EnrolArgs {
    /// The user's name
    pub name: String,
    /// For which application; needed where a binding is for one alone
    #[arg(long, value_name = "ID")]
    pub app: Option<String>,
    /// Show a QR code, in a pipe too
    #[arg(long, conflicts_with_all = ["uri", "mail"])]
    pub qr: bool,
    /// Print the link instead of a QR code
    #[arg(long, conflicts_with = "mail")]
    pub uri: bool,
    /// Send it by e-mail, where the server does
    #[arg(long)]
    pub mail: bool,
    #[command(flatten)]
    pub care: Care,
}

/// Begins, shows, and asks for a code where somebody is there.
pub(super) fn enrol(cx: &Context, server: &Connected, args: &EnrolArgs) -> Done {
    if args.mail {
        let sentence = format!("{} sends no authenticator by e-mail", server.name);
        return Err(Failure::new(Exit::Refused, "unsupported", sentence)
            .hint("after a reset the user binds one at the next sign-in: sesam admin user reset NAME"));
    }
    let is_good = matches!(server.provider.capabilities().enrol, Capability::Emulated(_));
    if args.app.is_none() && !is_good {
        return Err(
            Failure::usage("an authenticator is for one application here").hint("name it with --app ID")
        );
    }
    let application = args.app.clone().unwrap_or_default();
    let action = Action::Enrol { user: args.name.clone(), application };
    let Some((plan, reason, done)) = act::applied(cx, server, (&action, &args.care))? else {
        return Ok(Exit::Done);
    };
    let Some(enrolled) = &done.enrolled else { return Err(Failure::failed("the server showed nothing")) };
    if cx.as_json() {
        let (binding, uri) = (&enrolled.binding, enrolled.uri.as_str());
        cx.print_json(&json!({"schema": "sesam.enrolled/1", "binding": binding, "uri": uri}))?;
        return Ok(Exit::Done);
    }
    let sentence = &done.sentence;
    if is_good {
        cx.say(&format!("{sentence}. Whoever sees this can make the codes."));
        return show(args, enrolled).map(|()| Exit::Done);
    }
    cx.say(&format!(
        "{sentence}. Whoever sees this can make the codes; it opens nothing before one was shown."
    ));
    show(args, enrolled)?;
    let user = plan.action.user().unwrap_or(&args.name);
    if cx.can_ask() && output::stdin_is_terminal() {
        let code = cx.ask_line("Code of the authenticator (empty: later):", "--no-input")?;
        if !code.is_empty() {
            return confirmed(cx, server, (user, &enrolled.binding, &code), &reason);
        }
    }
    cx.say(&format!("Confirm it with: sesam admin user confirm {user} {}", enrolled.binding));
    Ok(Exit::Done)
}

/// Confirms one that was begun before.
pub(super) fn confirm(
    cx: &Context,
    server: &Connected,
    (user, binding, code): (&str, &str, Option<&str>),
    care: &Care,
) -> Done {
    if care.dry_run {
        cx.say(&format!("binding {binding} of {user} would be good for signing in"));
        return Ok(Exit::Done);
    }
    server.writable(cx)?;
    let code = match code {
        Some(code) => code.to_owned(),
        None => cx.ask_line("Code of the authenticator:", "--code CODE")?,
    };
    let action = Action::Enrol { user: user.to_owned(), application: String::new() };
    let reason = act::reason(cx, (server, &action), care)?;
    confirmed(cx, server, (user, binding, &code), &reason)
}

fn confirmed(
    cx: &Context,
    server: &Connected,
    (user, binding, code): (&str, &str, &str),
    reason: &str,
) -> Done {
    let done = server.provider.confirm(Begun { user, binding, code }, reason).map_err(failed)?;
    if cx.as_json() {
        cx.print_json(&json!({
            "schema": "sesam.change/1", "server": server.name, "action": "confirm", "user": user, "result": "done",
        }))?;
    }
    cx.say(&done.sentence);
    Ok(Exit::Done)
}

fn show(args: &EnrolArgs, enrolled: &Enrolled) -> Result<(), Failure> {
    let picture = !args.uri && (args.qr || output::stdout_is_terminal());
    match Qr::encode_small(&enrolled.uri) {
        Ok(qr) if picture => Ok(output::data(&qr.terminal(false))?),
        _ => Ok(output::data(&format!("{}\n", enrolled.uri.as_str()))?),
    }
}
