//! `sesam askpass`: answers prompts of ssh and sudo that ask for a code, and no others.

use clap::Args;

use super::{
    code::{self, CodeArgs},
    context::Context,
    exit::{Done, Failure},
    locations,
};
use crate::text::fold;

/// Words by which a prompt asks for a one-time code.
const ASKS: [&str; 12] = [
    "verification code",
    "one-time",
    "one time",
    "otp",
    "passcode",
    "authenticator",
    "2fa",
    "mfa",
    "token",
    "second factor",
    "two-factor",
    "code:",
];

/// Answer a prompt that asks for a code (`SSH_ASKPASS`)
#[derive(Args)]
#[command(
    after_help = "Example:\n  SSH_ASKPASS=sesam-askpass SSH_ASKPASS_REQUIRE=force SESAM_ASKPASS_ACCOUNT=bastion ssh \
                        bastion\n\nsesam-askpass is a link to sesam. The account is named in SESAM_ASKPASS_ACCOUNT."
)]
pub struct AskpassArgs {
    /// The prompt
    #[arg(value_name = "PROMPT")]
    pub prompt: Option<String>,
}

/// Runs the command.
pub fn run(cx: &Context, args: &AskpassArgs) -> Done {
    let account = locations::variable("SESAM_ASKPASS_ACCOUNT").ok_or_else(|| {
        Failure::usage("no account is named").hint("set SESAM_ASKPASS_ACCOUNT to a name as for sesam code")
    })?;
    if let Some(prompt) = &args.prompt
        && !asks_for_code(prompt)
    {
        return Err(Failure::failed(format!("this prompt does not ask for a one-time code: {prompt}")));
    }
    code::run(cx, &CodeArgs { query: vec![account], ..CodeArgs::default() })
}

fn asks_for_code(prompt: &str) -> bool {
    let prompt = fold(prompt);
    let asks = ASKS.iter().any(|word| prompt.contains(word));
    asks && !prompt.contains("passphrase") && !prompt.contains("yes/no")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_questions_for_codes_are_answered() {
        for prompt in
            ["(hugo@bastion) Verification code: ", "One-time password (OATH) for `hugo': ", "Duo passcode: "]
        {
            assert!(asks_for_code(prompt), "{prompt}");
        }
        for prompt in [
            "hugo@bastion's password: ",
            "Enter passphrase for key '/home/hugo/.ssh/token': ",
            "Are you sure you want to continue connecting (yes/no/[fingerprint])? ",
        ] {
            assert!(!asks_for_code(prompt), "{prompt}");
        }
    }
}
