//! The short way of `sesam code NAME`: a script gets its code without the tree of all commands being built.
//!
//! It serves exactly what it knows and leaves everything else, errors in usage too, to the long way.

use std::{ffi::OsString, path::PathBuf};

use super::{
    code::{self, CodeArgs},
    context::Context,
    exit::Ended,
    global::Global,
};

/// Runs `sesam [--vault PATH] code WORDS…`; `None` when anything else was typed.
pub fn code(arguments: &[OsString]) -> Option<Ended> {
    if std::env::var_os("SESAM_COMPLETE").is_some() {
        return None;
    }
    let (global, args) = parse(arguments.get(1..)?)?;
    let as_json = global.json;
    let done = Context::new(global).and_then(|cx| {
        let done = code::run(&cx, &args);
        cx.say_notices();
        done
    });
    Some(done.map_err(|failure| {
        failure.print(as_json);
        failure.exit
    }))
}

fn parse(arguments: &[OsString]) -> Option<(Global, CodeArgs)> {
    let (mut global, mut args, mut command) = (Global::default(), CodeArgs::default(), false);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.to_str()? {
            "--vault" | "-V" => global.vault = Some(PathBuf::from(words.next()?)),
            "--passphrase-file" => global.passphrase_file = Some(PathBuf::from(words.next()?)),
            "--json" => global.json = true,
            "--no-config" => global.no_config = true,
            "--no-input" => global.no_input = true,
            "--demo" => global.demo = true,
            "code" | "otp" | "totp" if !command => command = true,
            word if command && !word.starts_with('-') => args.query.push(word.to_owned()),
            _ => return None,
        }
    }
    (command && !args.query.is_empty()).then_some((global, args))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    use crate::cli::args::{Cli, Command};

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    /// Whatever the short way takes means the same on the long way.
    #[test]
    fn both_ways_understand_the_same() {
        for line in [
            "code git hub",
            "--vault /v code x",
            "otp --json x",
            "--no-input -V v totp --demo a b",
            "code --passphrase-file p x --no-config",
        ] {
            let (global, args) = parse(&words(line)).expect(line);
            let long = Cli::try_parse_from(words(&format!("sesam {line}"))).expect(line);
            let Some(Command::Code(long_args)) = long.command else { panic!("{line}") };
            assert_eq!(args.query, long_args.query);
            assert_eq!(format!("{global:?}"), format!("{:?}", long.global));
        }
    }

    #[test]
    fn everything_else_is_left_alone() {
        for line in ["code", "list", "code -c x", "code --help", "code x --at 59", "--version", "code -- x"] {
            assert!(parse(&words(line)).is_none(), "{line}");
        }
    }
}
