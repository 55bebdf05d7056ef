//! The words of line mode, one line each.

use super::step::Next;
use crate::{cli::exit::Failure, output};

pub(super) fn codes() -> Result<Next, Failure> {
    say(&[
        "words            search accounts",
        "list             all accounts",
        "N, copy N        copy the code of number N",
        "code N           print it",
        "read N           digit by digit",
        "show N           what is known of it",
        "add              add an account",
        "edit N OPTIONS   change it, as in sesam edit",
        "delete N         into the trash; undo brings it back",
        "undo             take the last change back",
        "admin            MFA servers",
        "lock, unlock     close and open the vault",
        "quit             end",
        "Every other command of sesam is a word here too, such as import FILE or doctor.",
    ])
}

pub(super) fn admin() -> Result<Next, Failure> {
    say(&[
        "words            search users: alan, state:locked",
        "list             all users",
        "N, read N        one user",
        "unlock N         end a lock",
        "passcode N 8h    a code for one use",
        "bypass N 4h      no second step for a while; bypass N end ends it",
        "reset N          take every authenticator away",
        "unbind N 1       take one away",
        "enrol N APP      bind one",
        "enable N, disable N",
        "apps, app set APP OPTIONS",
        "audit FILTER, audit follow, stats",
        "servers, use NAME",
        "back             codes",
        "quit             end",
    ])
}

fn say(lines: &[&str]) -> Result<Next, Failure> {
    output::data(&format!("{}\n", lines.join("\n")))?;
    Ok(Next::Stay)
}
